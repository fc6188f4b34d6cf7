//! E-mails: each is a row that is written in the same transaction as the work it tells of, and sent
//! afterwards, so that nobody waits for a mail server and nothing is told that was not done.
//!
//! An e-mail holds a reference and a link to nothing sensitive, never a name and never what
//! somebody wrote. A row is claimed by one instance of the program before it is sent. An instance
//! that ends between the sending and the noting of it sends the same e-mail once more.

pub mod messages;
pub mod pages;
mod rules;
mod sender;
pub mod store;

use chrono::NaiveDateTime;

pub use rules::Trouble;
pub use sender::send_waiting;

use crate::audit::Event;
use crate::ctx::Ctx;
use crate::failure::Failure;
use crate::ids::EmailId;

crate::words! {
    /// Which message.
    pub enum Kind {
        RequestReceived = "request_received", "We have your message";
    }
}

crate::words! {
    /// How it stands.
    pub enum State {
        Waiting = "waiting", "Waiting to be sent";
        Sent = "sent", "Sent";
        GivenUp = "given_up", "Given up";
    }
}

/// The words of a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Letter {
    pub kind: Kind,
    pub subject: String,
    pub body: String,
}

/// An e-mail that waits or was given up, as a list shows it: without its address and its words.
#[derive(Debug, Clone)]
pub struct Line {
    pub id: EmailId,
    pub kind: Kind,
    pub state: State,
    pub attempts: i32,
    pub written_at: NaiveDateTime,
    pub next_try_at: NaiveDateTime,
    pub trouble: Option<String>,
}

/// Puts a letter on its way, as part of the work it tells of.
pub fn write(ctx: &mut Ctx<'_>, to: &str, letter: &Letter) -> Result<(), Failure> {
    let id = EmailId::random();
    store::insert(ctx, &id, to, letter)?;
    ctx.record(
        Event::new("email_written", "email", &id).with(serde_json::json!({ "kind": letter.kind })),
    );
    Ok(())
}
