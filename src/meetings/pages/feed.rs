//! The secret address at which an officer's calendar program reads their diary.

use actix_web::HttpResponse;
use actix_web::web::Data;
use serde::Serialize;

use crate::access::Actor;
use crate::app::App;
use crate::calendar::{in_england, show as day};
use crate::failure::Failure;
use crate::ids::UserId;
use crate::lists;
use crate::meetings::{actions, calendar_feed, store};
use crate::team;
use crate::web::{Answer, Form, PageOptions, Path, Submitted, Web, aside};

#[derive(Serialize)]
struct FeedView {
    form: Form,
    end_form: Form,
    made: Option<String>,
    /// The address, on the one page that shows it.
    address: Option<String>,
}

async fn feed_page(web: &Web, address: Option<String>) -> Answer {
    let made = web
        .read(|ctx| {
            let me = ctx.actor.user_id().cloned().ok_or(Failure::NotFound)?;
            store::feed_made_at(ctx, &me)
        })
        .await?;
    let view = FeedView {
        form: Form::new().hidden("do", "make"),
        end_form: Form::new().hidden("do", "end"),
        made: made.map(|at| day(in_england(at).date())),
        address,
    };
    let options = PageOptions::titled("Your diary in your calendar").back("/diary", "Diary");
    web.page("meetings/feed", options, view)
}

pub async fn feed(web: Web) -> Answer {
    feed_page(&web, None).await
}

pub async fn feed_sent(web: Web, sent: Submitted) -> Answer {
    let form = Form::new().hidden("do", "").fill(&sent);
    let at = || "/diary/feed".to_owned();
    if form.hidden_value("do") == "end" {
        let location = web
            .write_once(&form, move |ctx| {
                actions::end_feed(ctx)?;
                Ok(at())
            })
            .await?;
        return web.see(&location, "The address shows nothing from now on");
    }
    // Made of the form and our key, so that the same form sent twice shows the same address, and
    // the address itself is kept nowhere.
    let me = web.actor().user_id().map_or("", UserId::as_str);
    let made_of = format!("{me} {}", form.hidden_value("form_token"));
    let secret = web.app.keys.seal("calendar feed", &made_of);
    let address = format!(
        "{}/calendar/{secret}.ics",
        web.app.settings.server.public_url.trim_end_matches('/')
    );
    web.write_once(&form, move |ctx| {
        actions::make_feed(ctx, &secret)?;
        Ok(at())
    })
    .await?;
    feed_page(&web, Some(address)).await
}

/// The feed itself. Whoever has the address reads it; every other address is the same "page not
/// found".
pub async fn calendar(app: Data<App>, secret: Path<String>) -> Answer {
    let (db, secret) = (app.db.clone(), secret.into_inner());
    let (service, url) = (
        app.settings.service.name.clone(),
        app.settings.server.public_url.clone(),
    );
    let text = aside(move || {
        db.read(&Actor::Nobody, |ctx| {
            let owner = actions::feed_owner(ctx, &secret)?;
            let types = lists::store::entries(ctx, lists::MEETING_TYPES)?;
            let (from, to) = (
                ctx.today - calendar_feed::BEHIND,
                ctx.today + calendar_feed::AHEAD,
            );
            // The owner's own restrictions hold here as on every page of theirs.
            let mine = team::store::mine(ctx, &owner)?;
            let coming = store::coming(ctx, Some(&mine.cases), &owner, from, to)?;
            Ok(calendar_feed::text(
                &coming, &types, &service, &url, ctx.now,
            ))
        })
    })
    .await?;
    Ok(HttpResponse::Ok()
        .content_type("text/calendar; charset=utf-8")
        .body(text))
}
