//! For the administrator: e-mails that wait or were given up, and why. Neither whom they are for
//! nor what they say is shown.

use serde::Serialize;
use serde_json::json;

use super::{State, store};
use crate::audit::Event;
use crate::failure::Failure;
use crate::ids::EmailId;
use crate::web::{Answer, Form, PageOptions, Path, Submitted, Web, known, view};

#[derive(Serialize)]
struct LineView {
    id: EmailId,
    what: &'static str,
    state: &'static str,
    colour: &'static str,
    given_up: bool,
    written: String,
    next: Option<String>,
    attempts: String,
    trouble: Option<String>,
    form: Form,
}

pub async fn list(web: Web) -> Answer {
    let lines = web
        .read(|ctx| {
            let now = ctx.now;
            Ok(store::unsent(ctx)?
                .into_iter()
                .map(|line| LineView {
                    what: line.kind.words(),
                    state: line.state.words(),
                    colour: match line.state {
                        State::GivenUp => "red",
                        State::Waiting | State::Sent => "grey",
                    },
                    given_up: line.state == State::GivenUp,
                    written: view::moment_words(line.written_at, now),
                    next: (line.state == State::Waiting)
                        .then(|| view::moment_words(line.next_try_at, now)),
                    attempts: view::count(i64::from(line.attempts), "try", "tries"),
                    trouble: line.trouble,
                    form: Form::new(),
                    id: line.id,
                })
                .collect::<Vec<_>>())
        })
        .await?;
    let mail = &web.app.settings.mail;
    web.page(
        "mail/list",
        PageOptions::titled("E-mails not sent"),
        json!({ "lines": lines, "is_on": mail.is_on(), "host": mail.host }),
    )
}

pub async fn again(web: Web, id: Path<String>, sent: Submitted) -> Answer {
    let id = known(EmailId::parse(&id))?;
    let form = Form::new().fill(&sent);
    let location = web
        .write_once(&form, move |ctx| {
            if !store::again(ctx, &id)? {
                return Err(Failure::NotFound);
            }
            ctx.record(Event::new("email_tried_again", "email", &id));
            Ok("/mail".to_owned())
        })
        .await?;
    web.see(&location, "The e-mail is on its way again")
}
