//! Which forms were sent already, so that pressing the button twice does the work once.

use diesel::prelude::*;
use diesel::sql_types::Text;

use crate::ctx::Ctx;
use crate::db::Link;
use crate::db::schema::form_submissions;
use crate::failure::Failure;

/// Where the work of this form ended, if it was done already. Until the transaction ends nobody
/// else gets an answer for the same form.
pub(super) fn sent(ctx: &mut Ctx<'_>, token: &str) -> Result<Option<String>, Failure> {
    if let Link::Postgres(conn) = ctx.conn {
        diesel::sql_query("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))")
            .bind::<Text, _>(token)
            .execute(conn)?;
    }
    let found: Option<(String, String)> = form_submissions::table
        .filter(form_submissions::token.eq(token))
        .select((form_submissions::user_id, form_submissions::location))
        .first(ctx.conn)
        .optional()?;
    match (found, ctx.actor.user_id()) {
        (None, _) => Ok(None),
        (Some((by, location)), Some(user)) if by == user.as_str() => Ok(Some(location)),
        (Some(_), _) => Err(Failure::NotFound),
    }
}

pub(super) fn keep(ctx: &mut Ctx<'_>, token: &str, location: &str) -> Result<(), Failure> {
    let Some(user) = ctx.actor.user_id() else {
        return Ok(());
    };
    diesel::insert_into(form_submissions::table)
        .values((
            form_submissions::token.eq(token),
            form_submissions::user_id.eq(user.as_str()),
            form_submissions::location.eq(location),
            form_submissions::sent_at.eq(ctx.now),
        ))
        .execute(ctx.conn)?;
    Ok(())
}
