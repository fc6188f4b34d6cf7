//! The sender: takes what is due, one e-mail after the other, and hands it to the mail server.

use std::time::Duration as Patience;

use chrono::Duration;
use lettre::message::header::ContentType;
use lettre::message::{Mailbox, Message};
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Tls, TlsParameters};
use lettre::{SmtpTransport, Transport};
use secrecy::ExposeSecret;
use serde_json::json;

use super::rules::{self, Next, Trouble};
use super::store::{self, Claimed};
use crate::access::Actor;
use crate::audit::Event;
use crate::db::Db;
use crate::failure::Failure;
use crate::settings::{Mail, MailSecurity};

const MAIL: Actor = Actor::System("mail");
/// The server has this long for each of its answers.
const PATIENCE: Patience = Patience::from_secs(20);

/// Sends what is due. Answers how many e-mails were sent.
pub fn send_waiting(db: &Db, settings: &Mail) -> Result<usize, Failure> {
    if !settings.is_on() {
        return Ok(0);
    }
    let server = server(settings);
    let mut sent = 0;
    while let Some(email) = db.write(&MAIL, store::claim)? {
        let outcome = server
            .as_ref()
            .map_err(Clone::clone)
            .and_then(|server| send(server, settings, &email));
        match outcome {
            Ok(()) => sent += 1,
            Err(ref trouble) => {
                tracing::warn!(email = %email.id, %trouble, "an e-mail was not sent");
            }
        }
        db.write(&MAIL, |ctx| match &outcome {
            Ok(()) => {
                ctx.record(Event::new("email_sent", "email", &email.id));
                store::sent(ctx, &email.id)
            }
            Err(trouble) => {
                let tried = u32::try_from(email.attempts)
                    .unwrap_or(u32::MAX)
                    .saturating_add(1);
                let first = Duration::seconds(i64::from(settings.first_wait_seconds));
                let next = match rules::next(tried, settings.attempts, first, trouble) {
                    Next::TryAfter(wait) => Some(ctx.now + wait),
                    Next::GiveUp => None,
                };
                if next.is_none() {
                    ctx.record(
                        Event::new("email_given_up", "email", &email.id)
                            .with(json!({ "attempts": tried })),
                    );
                }
                store::failed(ctx, &email.id, next, &trouble.to_string())
            }
        })?;
    }
    Ok(sent)
}

fn server(settings: &Mail) -> Result<SmtpTransport, Trouble> {
    let tls = || {
        TlsParameters::new(settings.host.clone())
            .map_err(|_| Trouble::Unusable("The name of the mail server"))
    };
    let security = match settings.security {
        MailSecurity::None => Tls::None,
        MailSecurity::StartTls => Tls::Required(tls()?),
        MailSecurity::Tls => Tls::Wrapper(tls()?),
    };
    let mut server = SmtpTransport::builder_dangerous(&settings.host)
        .port(settings.port)
        .tls(security)
        .timeout(Some(PATIENCE));
    if !settings.user.is_empty() {
        server = server.credentials(Credentials::new(
            settings.user.clone(),
            settings.password.expose_secret().to_owned(),
        ));
    }
    Ok(server.build())
}

fn send(server: &SmtpTransport, settings: &Mail, email: &Claimed) -> Result<(), Trouble> {
    let mailbox = |text: &str, what| text.parse::<Mailbox>().map_err(|_| Trouble::Unusable(what));
    // Words only: a body of bytes would not be guarded against lines that begin with a full stop
    // (RUSTSEC-2026-0561).
    let from = mailbox(&settings.from, "The address that e-mails come from")?;
    // The same whenever it is tried: what comes twice can be seen to be one.
    let name = format!("<{}@{}>", email.id, from.email.domain());
    let message = Message::builder()
        .from(from)
        .message_id(Some(name))
        .to(mailbox(&email.recipient, "The address")?)
        .subject(&email.subject)
        .header(ContentType::TEXT_PLAIN)
        .body(email.body.clone())
        .map_err(|_| Trouble::Unusable("The e-mail"))?;
    server.send(&message).map(drop).map_err(|error| {
        if let Some(code) = error.status() {
            Trouble::Refused {
                code: code.into(),
                for_good: error.is_permanent(),
            }
        } else if error.is_tls() {
            Trouble::NotEncrypted
        } else if error.is_timeout() || is_unreachable(&error) {
            Trouble::Unreachable
        } else {
            Trouble::Broken
        }
    })
}

fn is_unreachable(error: &lettre::transport::smtp::Error) -> bool {
    use std::error::Error;
    let cause = error
        .source()
        .and_then(|cause| cause.downcast_ref::<std::io::Error>());
    cause.is_some_and(|cause| {
        !matches!(
            cause.kind(),
            std::io::ErrorKind::UnexpectedEof | std::io::ErrorKind::ConnectionReset
        )
    })
}
