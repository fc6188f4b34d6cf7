//! The pages of staff: signing in and out, one's own password, who has an account, and the access
//! record.

use serde::{Deserialize, Serialize};
use validator::Validate;

use super::{actions, passwords, rules, sessions, store};
use crate::access::Actor;
use crate::audit::{self, Event};
use crate::calendar;
use crate::failure::Failure;
use crate::ids::{SessionId, UserId};
use crate::web::{Answer, Failed, Form, PageOptions, Path, Submitted, Web, guard, known, limits};

const ACCESS_LINES: i64 = 100;

// Signing in

#[derive(Deserialize, Validate)]
struct SigningIn {
    #[validate(
        email(message = "Enter an e-mail address, like name@example.com"),
        length(max = 254, message = "Enter an e-mail address, like name@example.com")
    )]
    email: String,
    #[validate(length(min = 1, max = 200, message = "Enter your password"))]
    password: String,
}

fn sign_in_form(next: &str) -> Form {
    Form::new()
        .field("email")
        .field("password")
        .hidden("next", guard::local(next).unwrap_or("/"))
}

fn sign_in_page(web: &Web, form: &Form) -> Answer {
    web.page(
        "staff/sign_in",
        PageOptions::titled("Sign in").with_form(form),
        serde_json::json!({ "form": form }),
    )
}

pub async fn sign_in(web: Web) -> Answer {
    if web.visitor.session.is_some() {
        return web.go("/");
    }
    sign_in_page(&web, &sign_in_form(web.asked("next")))
}

pub async fn sign_in_sent(web: Web, sent: Submitted) -> Answer {
    let mut form = sign_in_form("/").fill(&sent);
    let Some(SigningIn { email, .. }) = form.check() else {
        return sign_in_page(&web, &form);
    };
    let email = email.to_lowercase();
    // As it was typed: a password may begin or end with a space.
    let password = sent.first("password").to_owned();

    if let Err(wait) = web.app.limits.take(&email, web.address()) {
        form.add_refusal(too_many(&wait));
        return web.later(sign_in_page(&web, &form)?, &wait);
    }
    let account = email.clone();
    let user = web
        .aside(move |db, actor| {
            let candidate = db.read(actor, |ctx| sessions::candidate(ctx, &account))?;
            let id = candidate.user.as_ref().map(|user| user.id.clone());
            let user = candidate.check(&password)?;
            if user.is_none() {
                db.write(actor, |ctx| {
                    sessions::note_refused(ctx, id.as_ref());
                    Ok(())
                })?;
            }
            Ok(user)
        })
        .await?;
    let Some(user) = user else {
        form.add_refusal("The e-mail address or the password is not right");
        return sign_in_page(&web, &form);
    };
    web.app.limits.give_back(&email, web.address());

    // From here on it is they who act: the access record says so.
    let actor = Actor::User {
        id: user.id.clone(),
        name: user.name.clone(),
        role: user.role,
        session: SessionId::random(),
    };
    let id = user.id.clone();
    let session = web
        .aside(move |db, _| db.write(&actor, |ctx| sessions::begin(ctx, &id)))
        .await?;
    let next = guard::local(form.hidden_value("next")).unwrap_or("/");
    web.sign_in(web.go(next)?, &user.id, &session)
}

fn too_many(wait: &limits::Wait) -> String {
    format!(
        "There were too many wrong passwords. Wait {}, then try again",
        wait.words()
    )
}

pub async fn sign_out(web: Web) -> Answer {
    if let Some(session) = web.visitor.session.clone() {
        web.write(move |ctx| sessions::end(ctx, &session)).await?;
    }
    web.sign_out(web.see("/sign-in", "You have signed out")?)
}

// One's own password

fn password_form() -> Form {
    Form::new().field("current").field("new").field("again")
}

fn password_page(web: &Web, form: &Form) -> Answer {
    let first = web
        .visitor
        .session
        .as_ref()
        .is_some_and(|session| session.user.change_password);
    web.page(
        "staff/password",
        PageOptions::titled("Change your password").with_form(form),
        serde_json::json!({ "form": form, "first": first, "shortest": rules::SHORTEST_PASSWORD }),
    )
}

pub async fn password(web: Web) -> Answer {
    password_page(&web, &password_form())
}

pub async fn password_sent(web: Web, sent: Submitted) -> Answer {
    let session = known(web.visitor.session.clone())?;
    let email = session.user.email.clone().unwrap_or_default();
    let mut form = password_form().fill(&sent);
    let [current, new, again] = ["current", "new", "again"].map(|name| sent.first(name).to_owned());

    if current.is_empty() {
        form.add_error("current", "Enter the password you have now");
    }
    if let Err(sentence) = rules::check_password(&new, &email) {
        form.add_error("new", sentence);
    } else if new == current {
        form.add_error("new", "Choose a password other than the one you have now");
    }
    if new != again {
        form.add_error("again", "Enter the new password twice, the same both times");
    }
    if !form.ok() {
        return password_page(&web, &form);
    }
    if let Err(wait) = web.app.limits.take(&email, web.address()) {
        form.add_refusal(too_many(&wait));
        return web.later(password_page(&web, &form)?, &wait);
    }
    let account = email.clone();
    let changed = web
        .aside(move |db, actor| {
            let candidate = db.read(actor, |ctx| sessions::candidate(ctx, &account))?;
            if candidate.check(&current)?.is_none() {
                return Ok(false);
            }
            let hash = passwords::hash(&new)?;
            db.write(actor, |ctx| {
                actions::change_password(ctx, &session.user.id, &session.id, &hash)
            })?;
            Ok(true)
        })
        .await?;
    if !changed {
        form.add_error("current", "That is not the password you have now");
        return password_page(&web, &form);
    }
    web.app.limits.give_back(&email, web.address());
    web.see("/", "Your password was changed")
}

// Who has an account

#[derive(Serialize)]
struct UserLine {
    id: UserId,
    /// Not `name`: a button in the row would take that for its own.
    called: String,
    email: Option<String>,
    role_words: &'static str,
    state_words: &'static str,
    state_colour: &'static str,
    disabled: bool,
    is_me: bool,
}

pub async fn users(web: Web) -> Answer {
    let users = web.read(store::all).await?;
    let lines: Vec<_> = users
        .into_iter()
        .map(|user| {
            let (state_words, state_colour) = if user.disabled {
                ("Disabled", "red")
            } else if !user.can_sign_in {
                ("No password", "grey")
            } else if user.change_password {
                ("First password", "yellow")
            } else {
                ("Active", "green")
            };
            UserLine {
                is_me: actions::is_me(web.actor(), &user.id),
                role_words: user.role.words(),
                disabled: user.disabled,
                id: user.id,
                called: user.name,
                email: user.email,
                state_words,
                state_colour,
            }
        })
        .collect();
    web.page(
        "staff/users",
        PageOptions::titled("Users").wide(),
        serde_json::json!({ "users": lines }),
    )
}

pub async fn disable(web: Web, id: Path<String>) -> Answer {
    set_disabled(&web, &id, true).await?;
    web.see(
        "/users",
        "The account was disabled, and is signed out everywhere",
    )
}

pub async fn enable(web: Web, id: Path<String>) -> Answer {
    set_disabled(&web, &id, false).await?;
    web.see("/users", "The account can be used again")
}

async fn set_disabled(web: &Web, id: &str, disabled: bool) -> Result<(), Failed> {
    let id = known(UserId::parse(id))?;
    web.write(move |ctx| {
        store::find(ctx, &id)?.ok_or(Failure::NotFound)?;
        actions::set_disabled(ctx, &id, disabled)
    })
    .await?;
    Ok(())
}

// The access record

#[derive(Serialize)]
struct AccessLine {
    seq: i64,
    when: String,
    who: String,
    role: String,
    action: String,
    subject: String,
    details: Option<String>,
}

impl From<audit::Line> for AccessLine {
    fn from(line: audit::Line) -> Self {
        Self {
            seq: line.seq,
            when: calendar::in_england(line.happened_at)
                .format("%-d %b %Y, %H:%M:%S")
                .to_string(),
            who: line.actor_name.unwrap_or(line.actor),
            role: crate::access::Role::from_code(&line.actor_role)
                .map_or(line.actor_role, |role| role.words().to_owned()),
            action: line.action,
            subject: format!("{} {}", line.subject_kind, line.subject_id),
            details: Some(line.details).filter(|text| !matches!(text.as_str(), "null" | "{}")),
        }
    }
}

/// The newest lines, or those before one. The auditor's look is itself a line.
pub async fn access_record(web: Web) -> Answer {
    let before = web.asked("before").parse().unwrap_or(i64::MAX);
    let lines = web
        .read(move |ctx| {
            ctx.record(Event::new("access_record_read", "access_record", "all"));
            audit::lines(ctx, None, before, ACCESS_LINES)
        })
        .await?;
    let full = i64::try_from(lines.len()).is_ok_and(|count| count == ACCESS_LINES);
    let older = lines
        .last()
        .filter(|line| full && line.seq > 1)
        .map(|line| format!("/access-record?before={}", line.seq));
    let lines: Vec<AccessLine> = lines.into_iter().map(AccessLine::from).collect();
    web.page(
        "staff/access_record",
        PageOptions::titled("Access record").wide(),
        serde_json::json!({ "lines": lines, "older": older, "newest": before == i64::MAX }),
    )
}
