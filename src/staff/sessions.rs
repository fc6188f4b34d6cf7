//! One signing-in: begun with a password, checked at every request, ended by signing out, by
//! disabling the account, or by time.

use chrono::{Duration, NaiveDateTime};
use serde_json::json;

use super::rules::SessionLimits;
use super::{User, passwords, store};
use crate::access::Actor;
use crate::audit::Event;
use crate::ctx::Ctx;
use crate::failure::Failure;
use crate::ids::{SessionId, UserId};

/// A last-seen time is written again only when it is this old: reading pages should not write.
const TOUCH_AFTER: Duration = Duration::minutes(1);

/// A signing-in that holds.
#[derive(Debug, Clone)]
pub struct Session {
    pub id: SessionId,
    pub user: User,
    pub ends_at: NaiveDateTime,
    /// Whether the time of last use should be written again.
    pub touch: bool,
}

impl Session {
    #[must_use]
    pub fn actor(&self) -> Actor {
        Actor::User {
            id: self.user.id.clone(),
            name: self.user.name.clone(),
            role: self.user.role,
            session: self.id.clone(),
        }
    }
}

/// What is needed to check a password outside the database's one write path.
pub struct Candidate {
    pub user: Option<User>,
    hash: Option<String>,
}

pub fn candidate(ctx: &mut Ctx<'_>, email: &str) -> Result<Candidate, Failure> {
    let user = store::by_email(ctx, email)?;
    let hash = match &user {
        Some(user) if user.can_sign_in => store::password_hash(ctx, &user.id)?,
        _ => None,
    };
    Ok(Candidate { user, hash })
}

impl Candidate {
    /// The user, if the password is right.
    pub fn check(self, password: &str) -> Result<Option<User>, Failure> {
        let right = passwords::matches(password, self.hash.as_deref())?;
        Ok(self.user.filter(|_| right))
    }
}

pub fn begin(ctx: &mut Ctx<'_>, user: &UserId) -> Result<SessionId, Failure> {
    let id = SessionId::random();
    store::insert_session(ctx, &id, user)?;
    ctx.record(Event::new("signed_in", "user", user));
    Ok(id)
}

/// Notes a refused signing-in, without the password and without saying whose it might have been.
pub fn note_refused(ctx: &mut Ctx<'_>, user: Option<&UserId>) {
    let subject = user.map_or("unknown", UserId::as_str);
    ctx.record(Event::new("sign_in_refused", "user", subject).with(json!({})));
}

/// The signing-in behind an id, if it still holds.
pub fn current(
    ctx: &mut Ctx<'_>,
    id: &SessionId,
    limits: SessionLimits,
) -> Result<Option<Session>, Failure> {
    let Some(row) = store::session(ctx, id)? else {
        return Ok(None);
    };
    let ends_at = limits.ends_at(row.created_at, row.last_seen_at);
    if row.ended_at.is_some() || ends_at <= ctx.now {
        return Ok(None);
    }
    let Some(user) = store::find(ctx, &row.user_id)?.filter(|user| user.can_sign_in) else {
        return Ok(None);
    };
    Ok(Some(Session {
        id: row.id,
        user,
        ends_at: limits.ends_at(row.created_at, ctx.now),
        touch: ctx.now - row.last_seen_at >= TOUCH_AFTER,
    }))
}

/// Words that came after their session ran out are kept for this long: over a long weekend.
const WORDS_AFTER: Duration = Duration::days(4);

/// Whose a signing-in was that ran out by time alone, not long ago. Never one that was ended: by
/// signing out, by a changed password, by closing the account.
pub fn ran_out(
    ctx: &mut Ctx<'_>,
    id: &SessionId,
    user: &UserId,
) -> Result<Option<UserId>, Failure> {
    let row = store::session(ctx, id)?.filter(|row| {
        row.user_id == *user && row.ended_at.is_none() && ctx.now - row.last_seen_at <= WORDS_AFTER
    });
    if row.is_none() {
        return Ok(None);
    }
    Ok(store::find(ctx, user)?
        .filter(|user| user.can_sign_in)
        .map(|user| user.id))
}

/// The signings-in of somebody in the last days, whether they still hold or not.
pub fn recent(ctx: &mut Ctx<'_>, user: &UserId) -> Result<Vec<SessionId>, Failure> {
    store::sessions_since(ctx, user, ctx.now - WORDS_AFTER)
}

pub fn touch(ctx: &mut Ctx<'_>, id: &SessionId) -> Result<(), Failure> {
    store::touch_session(ctx, id)
}

pub fn end(ctx: &mut Ctx<'_>, session: &Session) -> Result<(), Failure> {
    store::end_session(ctx, &session.id)?;
    ctx.record(Event::new("signed_out", "user", &session.user.id));
    Ok(())
}
