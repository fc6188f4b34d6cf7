//! What somebody is still writing: kept on the server for each user and page, so that nothing
//! typed is lost. With scripts it is kept from the first key; without, whenever a form that was
//! sent did not do its work, also when the session had just run out. It goes when its form has done
//! its work, or when its writer throws it away.

mod pages;
pub mod store;

use actix_web::body::MessageBody;
use actix_web::dev::ServiceResponse;
use actix_web::http::StatusCode;
use actix_web::http::header::{HeaderName, HeaderValue};
use actix_web::web::Data;
use actix_web::{HttpMessage, HttpRequest};
use chrono::Duration;

pub use pages::{save, throw_away};

use super::forms::{Place, TOKEN};
use super::keys::Keys;
use super::{Submitted, aside, view};
use crate::access::Actor;
use crate::app::App;
use crate::audit::Event;
use crate::ctx::Ctx;
use crate::db::Db;
use crate::failure::Failure;
use crate::ids::UserId;

/// More than any form of ours holds when all its boxes are full of plain words.
const LARGEST: usize = 400_000;
/// How many half-written pages one user has at most.
const MOST: i64 = 200;
/// Whoever wrote on a page within this time is still writing there.
const STILL_WRITING: Duration = Duration::minutes(30);

/// Where scripts send what somebody types.
const PATH: &str = "/drafts";

const SAVED_AT: HeaderName = HeaderName::from_static("draft-saved-at");

/// Whose words a request brought. Not always somebody who is signed in.
#[derive(Clone)]
pub(super) struct Writer(pub UserId);

/// Where and when they were kept.
#[derive(Clone)]
pub(super) struct Kept {
    pub page: String,
    /// The time of day: "14:02".
    time: String,
}

/// The page that a form of this user stands on.
pub(super) fn place(keys: &Keys, user: &UserId, page: &str) -> Place {
    Place {
        page: page.to_owned(),
        seal: keys.seal("draft", &format!("{user} {page}")),
    }
}

/// Keeps what a form holds. None where there is nothing to keep: the form's page keeps no drafts,
/// nobody wrote anything, or the form has done its work already.
async fn keep(app: &Data<App>, user: &UserId, sent: &Submitted) -> Result<Option<Kept>, Failure> {
    let Some(Place { page, seal }) = Place::sent(sent) else {
        return Ok(None);
    };
    let sealed = format!("{user} {page}");
    let Some(fields) = sent
        .as_draft()
        .filter(|_| app.keys.is_seal("draft", &sealed, &seal))
    else {
        return Ok(None);
    };
    if fields.len() > LARGEST {
        return Err(Failure::refused("This is longer than a draft can be."));
    }
    let (db, user) = (app.db.clone(), user.clone());
    let title: String = sent.first("form_title").chars().take(200).collect();
    let token = sent.first(TOKEN).to_owned();
    aside(move || {
        db.write(&Actor::System("drafts"), |ctx| {
            let draft = store::NewDraft {
                user: &user,
                page: &page,
                title: &title,
                fields: &fields,
            };
            if !store::keep(ctx, &draft, &token, MOST)? {
                return Ok(None);
            }
            let time = crate::calendar::in_england(ctx.now).format("%H:%M");
            Ok(Some(Kept {
                page: page.clone(),
                time: time.to_string(),
            }))
        })
    })
    .await
}

/// Whether a request did its work: it ends in a redirect, or it was for keeping a draft.
pub(super) fn did_its_work(request: &HttpRequest, status: StatusCode) -> bool {
    status.is_redirection() || (status.is_success() && request.path() == PATH)
}

/// Keeps what was sent with a request that did not do its work. The answer notes where; if it
/// cannot be kept, the page shows the words themselves.
pub(super) async fn keep_what_failed(request: &HttpRequest) {
    let writer = request.extensions().get::<Writer>().cloned();
    let sent = request.extensions().get::<Submitted>().cloned();
    let app = request.app_data::<Data<App>>().cloned();
    let (Some(Writer(user)), Some(sent), Some(app)) = (writer, sent, app) else {
        return;
    };
    match keep(&app, &user, &sent).await {
        Ok(Some(kept)) => drop(request.extensions_mut().insert(kept)),
        Ok(None) => {}
        Err(failure) => tracing::warn!(%failure, "what a failed form held was not kept"),
    }
}

/// Tells the page's script that what it sent was kept, even where the answer is an error page.
pub(super) fn say_kept<B: MessageBody>(response: &mut ServiceResponse<B>) {
    let kept = response.request().extensions().get::<Kept>().cloned();
    if let Some(time) = kept.and_then(|kept| HeaderValue::from_str(&kept.time).ok()) {
        response.headers_mut().insert(SAVED_AT, time);
    }
}

/// A sentence for each other person who is writing on a page about the same thing. A page where
/// each begins something of their own has no id in its address.
pub(super) fn others(ctx: &mut Ctx<'_>, page: &str) -> Result<Vec<String>, Failure> {
    if !page.split('/').any(is_id) {
        return Ok(Vec::new());
    }
    let now = ctx.now;
    Ok(store::others(ctx, page, now - STILL_WRITING)?
        .into_iter()
        .map(|(name, saved_at)| {
            format!(
                "{name} is writing on this page too (draft saved {}).",
                view::moment_words(saved_at, now)
            )
        })
        .collect())
}

fn is_id(part: &str) -> bool {
    part.len() == 32 && part.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// Forgets drafts that nobody has written on for so many days, and forms that were sent as long
/// ago.
pub fn sweep(db: &Db, days: u32) -> Result<(), Failure> {
    db.write(&Actor::System("sweep"), |ctx| {
        let before = ctx.now - Duration::days(i64::from(days));
        let drafts = store::sweep(ctx, before)?;
        super::store::sweep(ctx, before)?;
        if drafts > 0 {
            ctx.record(
                Event::new("drafts_swept", "drafts", "-")
                    .with(serde_json::json!({ "drafts": drafts })),
            );
        }
        Ok(())
    })
}
