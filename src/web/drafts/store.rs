//! How half-written pages are kept.

use diesel::prelude::*;

use crate::ctx::Ctx;
use crate::db::schema::drafts;
use crate::failure::Failure;
use crate::web::Submitted;

/// What whoever acts has half written on a page.
pub(in crate::web) fn find(ctx: &mut Ctx<'_>, page: &str) -> Result<Option<Submitted>, Failure> {
    let Some(user) = ctx.actor.user_id() else {
        return Ok(None);
    };
    let fields: Option<String> = drafts::table
        .filter(drafts::user_id.eq(user))
        .filter(drafts::page.eq(page))
        .select(drafts::fields)
        .first(ctx.conn)
        .optional()?;
    Ok(fields.map(|fields| Submitted::parse(fields.as_bytes())))
}
