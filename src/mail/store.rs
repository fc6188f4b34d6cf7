//! How e-mails on their way are kept. One that was sent keeps neither its address nor its words.

use chrono::{Duration, NaiveDateTime};
use diesel::prelude::*;

use super::{Kind, Letter, Line, State};
use crate::ctx::Ctx;
use crate::db::schema::outbox;
use crate::failure::Failure;
use crate::ids::EmailId;

/// Whoever claims an e-mail has this long to send it; then another instance may.
const CLAIM: Duration = Duration::minutes(5);

pub(super) fn insert(
    ctx: &mut Ctx<'_>,
    id: &EmailId,
    to: &str,
    letter: &Letter,
) -> Result<(), Failure> {
    diesel::insert_into(outbox::table)
        .values((
            outbox::id.eq(id),
            outbox::kind.eq(letter.kind),
            outbox::recipient.eq(to),
            outbox::subject.eq(&letter.subject),
            outbox::body.eq(&letter.body),
            outbox::state.eq(State::Waiting),
            outbox::attempts.eq(0),
            outbox::created_at.eq(ctx.now),
            outbox::next_try_at.eq(ctx.now),
        ))
        .execute(ctx.conn)?;
    Ok(())
}

/// An e-mail to be sent.
#[derive(Debug, Queryable)]
pub struct Claimed {
    pub id: EmailId,
    pub recipient: String,
    pub subject: String,
    pub body: String,
    /// How often it was tried before.
    pub attempts: i32,
}

/// The next e-mail that is due, claimed so that no other instance sends it too. The claim alone
/// decides: of two instances that saw the same row, one changes it.
pub fn claim(ctx: &mut Ctx<'_>) -> Result<Option<Claimed>, Failure> {
    let now = ctx.now;
    let is_free = || {
        outbox::state
            .eq(State::Waiting)
            .and(outbox::next_try_at.le(now))
            .and(
                outbox::claimed_until
                    .is_null()
                    .or(outbox::claimed_until.assume_not_null().le(now)),
            )
    };
    let due: Vec<Claimed> = outbox::table
        .filter(is_free())
        .order((outbox::next_try_at, outbox::id))
        .limit(20)
        .select((
            outbox::id,
            outbox::recipient,
            outbox::subject,
            outbox::body,
            outbox::attempts,
        ))
        .load(ctx.conn)?;
    for email in due {
        let claimed = diesel::update(
            outbox::table
                .filter(outbox::id.eq(&email.id))
                .filter(is_free()),
        )
        .set(outbox::claimed_until.eq(now + CLAIM))
        .execute(ctx.conn)?;
        if claimed > 0 {
            return Ok(Some(email));
        }
    }
    Ok(None)
}

pub(super) fn sent(ctx: &mut Ctx<'_>, id: &EmailId) -> Result<(), Failure> {
    diesel::update(outbox::table.filter(outbox::id.eq(id)))
        .set((
            outbox::state.eq(State::Sent),
            outbox::attempts.eq(outbox::attempts + 1),
            outbox::recipient.eq(""),
            outbox::subject.eq(""),
            outbox::body.eq(""),
            outbox::claimed_until.eq(None::<NaiveDateTime>),
            outbox::ended_at.eq(ctx.now),
            outbox::trouble.eq(None::<String>),
        ))
        .execute(ctx.conn)?;
    Ok(())
}

/// It failed: it is tried again at an instant, or given up.
pub(super) fn failed(
    ctx: &mut Ctx<'_>,
    id: &EmailId,
    next: Option<NaiveDateTime>,
    trouble: &str,
) -> Result<(), Failure> {
    let now = ctx.now;
    diesel::update(outbox::table.filter(outbox::id.eq(id)))
        .set((
            outbox::state.eq(match next {
                Some(_) => State::Waiting,
                None => State::GivenUp,
            }),
            outbox::attempts.eq(outbox::attempts + 1),
            outbox::next_try_at.eq(next.unwrap_or(now)),
            outbox::claimed_until.eq(None::<NaiveDateTime>),
            outbox::ended_at.eq(match next {
                Some(_) => None,
                None => Some(now),
            }),
            outbox::trouble.eq(trouble),
        ))
        .execute(ctx.conn)?;
    Ok(())
}

/// Puts an e-mail that was given up on its way again. False where there is no such.
pub(super) fn again(ctx: &mut Ctx<'_>, id: &EmailId) -> Result<bool, Failure> {
    let given_up = outbox::table
        .filter(outbox::id.eq(id))
        .filter(outbox::state.eq(State::GivenUp));
    let changed = diesel::update(given_up)
        .set((
            outbox::state.eq(State::Waiting),
            outbox::attempts.eq(0),
            outbox::next_try_at.eq(ctx.now),
            outbox::ended_at.eq(None::<NaiveDateTime>),
        ))
        .execute(ctx.conn)?;
    Ok(changed > 0)
}

#[derive(Queryable)]
struct Row {
    id: EmailId,
    kind: Kind,
    state: State,
    attempts: i32,
    written_at: NaiveDateTime,
    next_try_at: NaiveDateTime,
    trouble: Option<String>,
}

/// What was given up, and what waits: the latest first.
pub fn unsent(ctx: &mut Ctx<'_>) -> Result<Vec<Line>, Failure> {
    let rows: Vec<Row> = outbox::table
        .filter(outbox::state.ne(State::Sent))
        .order((outbox::state, outbox::created_at.desc(), outbox::id))
        .limit(200)
        .select((
            outbox::id,
            outbox::kind,
            outbox::state,
            outbox::attempts,
            outbox::created_at,
            outbox::next_try_at,
            outbox::trouble,
        ))
        .load(ctx.conn)?;
    Ok(rows
        .into_iter()
        .map(|row| Line {
            id: row.id,
            kind: row.kind,
            state: row.state,
            attempts: row.attempts,
            written_at: row.written_at,
            next_try_at: row.next_try_at,
            trouble: row.trouble,
        })
        .collect())
}
