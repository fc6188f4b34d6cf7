//! Keeping a draft from the page on which it is written, and throwing one away.

use actix_web::HttpResponse;
use actix_web::http::header::HeaderName;
use chrono::SecondsFormat;

use super::{Kept, SAVED_AT, keep, others};
use crate::failure::Failure;
use crate::web::{Answer, Submitted, Web, guard, known};

const SESSION_ENDS: HeaderName = HeaderName::from_static("session-ends");

/// What a script sends while somebody types. The answer says in its head when it was saved, and in
/// its body, for the page to show, who else is writing there, or why it was not saved.
pub async fn save(web: Web, sent: Submitted) -> Answer {
    let session = known(web.visitor.session.clone())?;
    let mut answer = HttpResponse::Ok();
    answer.content_type("text/plain; charset=utf-8");
    let ends = session.ends_at.and_utc();
    answer.insert_header((
        SESSION_ENDS,
        ends.to_rfc3339_opts(SecondsFormat::Secs, true),
    ));
    match keep(&web.app, &session.user.id, &sent).await {
        Ok(Some(Kept { page, time })) => {
            let others = web.read(move |ctx| others(ctx, &page)).await?;
            answer.insert_header((SAVED_AT, time));
            Ok(answer.body(others.join(" ")))
        }
        Ok(None) => Ok(answer.finish()),
        Err(Failure::Refused(sentence)) => Ok(answer.body(sentence)),
        Err(failure) => Err(failure.into()),
    }
}

/// Throws a draft away, and goes back to its page or to the list of drafts.
pub async fn throw_away(web: Web, sent: Submitted) -> Answer {
    let page = sent.first("page").to_owned();
    let next = known(guard::local(sent.first("next")))?.to_owned();
    web.write(move |ctx| super::store::throw_away(ctx, &page))
        .await?;
    web.see(&next, "What you had written was thrown away")
}
