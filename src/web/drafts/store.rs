//! How half-written pages are kept.

use chrono::{Duration, NaiveDateTime};
use diesel::prelude::*;

use crate::ctx::Ctx;
use crate::db::schema::{drafts, form_submissions, users};
use crate::failure::Failure;
use crate::ids::UserId;
use crate::web::Submitted;
use crate::web::store::hold;

/// Words that were on their way when their form did its work arrive within this time.
const LATE: Duration = Duration::minutes(1);

pub(super) struct NewDraft<'a> {
    pub user: &'a UserId,
    pub page: &'a str,
    pub title: &'a str,
    pub fields: &'a str,
}

fn hold_draft(ctx: &mut Ctx<'_>, user: &UserId, page: &str) -> Result<(), Failure> {
    hold(ctx, &format!("draft {user} {page}"))
}

/// What whoever acts has half written on a page, and when it was saved.
pub(in crate::web) fn find(
    ctx: &mut Ctx<'_>,
    page: &str,
) -> Result<Option<(Submitted, NaiveDateTime)>, Failure> {
    let Some(user) = ctx.actor.user_id() else {
        return Ok(None);
    };
    let found: Option<(String, NaiveDateTime)> = drafts::table
        .filter(drafts::user_id.eq(user))
        .filter(drafts::page.eq(page))
        .select((drafts::fields, drafts::saved_at))
        .first(ctx.conn)
        .optional()?;
    Ok(found.map(|(fields, saved_at)| (Submitted::parse(fields.as_bytes()), saved_at)))
}

/// Keeps a draft in the place of the one before. False when its form did its work a moment ago.
pub(super) fn keep(
    ctx: &mut Ctx<'_>,
    draft: &NewDraft<'_>,
    form_token: &str,
    most: i64,
) -> Result<bool, Failure> {
    hold_draft(ctx, draft.user, draft.page)?;
    let done: i64 = form_submissions::table
        .filter(form_submissions::token.eq(form_token))
        .filter(form_submissions::sent_at.gt(ctx.now - LATE))
        .count()
        .get_result(ctx.conn)?;
    if done > 0 {
        return Ok(false);
    }
    let same = drafts::table
        .filter(drafts::user_id.eq(draft.user))
        .filter(drafts::page.eq(draft.page));
    let updated = diesel::update(same)
        .set((
            drafts::title.eq(draft.title),
            drafts::fields.eq(draft.fields),
            drafts::saved_at.eq(ctx.now),
        ))
        .execute(ctx.conn)?;
    if updated > 0 {
        return Ok(true);
    }
    let all: i64 = drafts::table
        .filter(drafts::user_id.eq(draft.user))
        .count()
        .get_result(ctx.conn)?;
    if all >= most {
        return Err(Failure::refused(format!(
            "You have {most} drafts. Throw away those you do not need, so that new ones can be kept."
        )));
    }
    diesel::insert_into(drafts::table)
        .values((
            drafts::user_id.eq(draft.user),
            drafts::page.eq(draft.page),
            drafts::title.eq(draft.title),
            drafts::fields.eq(draft.fields),
            drafts::saved_at.eq(ctx.now),
        ))
        .execute(ctx.conn)?;
    Ok(true)
}

/// The form of a page has done its work: its draft goes, and words still on their way are late.
pub(in crate::web) fn done(ctx: &mut Ctx<'_>, page: &str, form_token: &str) -> Result<(), Failure> {
    let Some(user) = ctx.actor.user_id().cloned() else {
        return Ok(());
    };
    throw_away(ctx, page)?;
    let before = form_submissions::table
        .filter(form_submissions::token.eq(form_token))
        .filter(form_submissions::user_id.eq(&user));
    diesel::delete(before).execute(ctx.conn)?;
    diesel::insert_into(form_submissions::table)
        .values((
            form_submissions::token.eq(form_token),
            form_submissions::user_id.eq(&user),
            form_submissions::location.eq(page),
            form_submissions::sent_at.eq(ctx.now),
        ))
        .execute(ctx.conn)?;
    Ok(())
}

pub(in crate::web) fn throw_away(ctx: &mut Ctx<'_>, page: &str) -> Result<(), Failure> {
    let Some(user) = ctx.actor.user_id().cloned() else {
        return Ok(());
    };
    hold_draft(ctx, &user, page)?;
    let mine = drafts::table
        .filter(drafts::user_id.eq(&user))
        .filter(drafts::page.eq(page));
    diesel::delete(mine).execute(ctx.conn)?;
    Ok(())
}

/// Who else has written on a page since an instant: their name, and when last.
pub(super) fn others(
    ctx: &mut Ctx<'_>,
    page: &str,
    since: NaiveDateTime,
) -> Result<Vec<(String, NaiveDateTime)>, Failure> {
    let Some(me) = ctx.actor.user_id() else {
        return Ok(Vec::new());
    };
    Ok(drafts::table
        .inner_join(users::table)
        .filter(drafts::page.eq(page))
        .filter(drafts::user_id.ne(me))
        .filter(drafts::saved_at.ge(since))
        .order(users::name)
        .select((users::name, drafts::saved_at))
        .load(ctx.conn)?)
}

/// A half-written page in a list.
#[derive(Debug, Clone, Queryable)]
pub struct Line {
    pub page: String,
    pub title: String,
    pub saved_at: NaiveDateTime,
}

/// What whoever acts has half written, the latest first.
pub fn mine(ctx: &mut Ctx<'_>) -> Result<Vec<Line>, Failure> {
    let Some(me) = ctx.actor.user_id() else {
        return Ok(Vec::new());
    };
    Ok(drafts::table
        .filter(drafts::user_id.eq(me))
        .order((drafts::saved_at.desc(), drafts::page))
        .select((drafts::page, drafts::title, drafts::saved_at))
        .load(ctx.conn)?)
}

/// Forgets what nobody has written on since an instant. Answers how many drafts that was.
pub(super) fn sweep(ctx: &mut Ctx<'_>, before: NaiveDateTime) -> Result<usize, Failure> {
    let old = drafts::table.filter(drafts::saved_at.lt(before));
    Ok(diesel::delete(old).execute(ctx.conn)?)
}
