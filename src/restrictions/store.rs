//! How it is kept to whom a record is closed, and what each review came to.

use chrono::NaiveDate;
use diesel::prelude::*;

use super::{Closing, Decision, Kind, Restriction};
use crate::ctx::Ctx;
use crate::db::schema::{
    allocations, cases, record_restrictions, referrals, restriction_reviews, users, young_people,
};
use crate::failure::Failure;
use crate::ids::{CaseId, ReferralId, RestrictionId, RestrictionReviewId, UserId, YoungPersonId};
use crate::referrals::{Outcome, Remit};
use crate::young_people::store::closed_to_me;

type Columns = (
    RestrictionId,
    YoungPersonId,
    UserId,
    String,
    Kind,
    String,
    String,
    NaiveDate,
    NaiveDate,
    Option<NaiveDate>,
    i32,
);

fn restriction(row: Columns) -> Restriction {
    let (
        id,
        young_person,
        user,
        user_name,
        kind,
        reason,
        set_by_name,
        set_on,
        review_on,
        ended_on,
        version,
    ) = row;
    Restriction {
        id,
        young_person,
        user,
        user_name,
        kind,
        reason,
        set_by_name,
        set_on,
        review_on,
        ended_on,
        version,
    }
}

/// Restrictions, each with its two members of staff.
macro_rules! restrictions {
    ($setters:ident) => {
        record_restrictions::table
            .inner_join(users::table.on(users::id.eq(record_restrictions::user_id)))
            .inner_join($setters.on($setters.field(users::id).eq(record_restrictions::set_by)))
    };
}

macro_rules! columns {
    ($setters:ident) => {
        (
            record_restrictions::id,
            record_restrictions::young_person_id,
            record_restrictions::user_id,
            users::name,
            record_restrictions::kind,
            record_restrictions::reason,
            $setters.field(users::name),
            record_restrictions::set_on,
            record_restrictions::review_on,
            record_restrictions::ended_on,
            record_restrictions::version,
        )
    };
}

pub fn find(ctx: &mut Ctx<'_>, id: &RestrictionId) -> Result<Option<Restriction>, Failure> {
    let setters = diesel::alias!(users as setters);
    let row: Option<Columns> = restrictions!(setters)
        .filter(record_restrictions::id.eq(id))
        .select(columns!(setters))
        .first(ctx.conn)
        .optional()?;
    Ok(row.map(restriction))
}

/// Everybody a record is or was closed to, those it is closed to now first.
pub fn of_young_person(ctx: &mut Ctx<'_>, id: &YoungPersonId) -> Result<Vec<Restriction>, Failure> {
    let setters = diesel::alias!(users as setters);
    let rows: Vec<Columns> = restrictions!(setters)
        .filter(record_restrictions::young_person_id.eq(id))
        .order((
            record_restrictions::ended_on.is_not_null(),
            record_restrictions::set_on.desc(),
            record_restrictions::id,
        ))
        .select(columns!(setters))
        .load(ctx.conn)?;
    Ok(rows.into_iter().map(restriction).collect())
}

/// Those in force, or those that ended; due for review first. What is closed to whoever acts is
/// left out, as everywhere. With the names of the young people, and how many there are.
pub fn list(
    ctx: &mut Ctx<'_>,
    ended: bool,
    limit: i64,
    offset: i64,
) -> Result<(Vec<(Restriction, String)>, i64), Failure> {
    let closed = closed_to_me(ctx)?;
    let total: i64 = record_restrictions::table
        .filter(record_restrictions::ended_on.is_not_null().eq(ended))
        .filter(record_restrictions::young_person_id.ne_all(&closed))
        .count()
        .get_result(ctx.conn)?;
    let setters = diesel::alias!(users as setters);
    let rows: Vec<(Columns, String, String)> = restrictions!(setters)
        .inner_join(
            young_people::table.on(young_people::id.eq(record_restrictions::young_person_id)),
        )
        .filter(record_restrictions::ended_on.is_not_null().eq(ended))
        .filter(record_restrictions::young_person_id.ne_all(&closed))
        .order((record_restrictions::review_on, record_restrictions::id))
        .limit(limit)
        .offset(offset)
        .select((
            columns!(setters),
            young_people::first_name,
            young_people::last_name,
        ))
        .load(ctx.conn)?;
    let lines = rows
        .into_iter()
        .map(|(row, first, last)| (restriction(row), format!("{first} {last}")))
        .collect();
    Ok((lines, total))
}

/// How many are due for review.
pub fn count_due(ctx: &mut Ctx<'_>) -> Result<i64, Failure> {
    let closed = closed_to_me(ctx)?;
    Ok(record_restrictions::table
        .filter(record_restrictions::ended_on.is_null())
        .filter(record_restrictions::review_on.le(ctx.today))
        .filter(record_restrictions::young_person_id.ne_all(closed))
        .count()
        .get_result(ctx.conn)?)
}

/// What somebody holds of a young person, in words; none if nothing.
pub fn work_held(
    ctx: &mut Ctx<'_>,
    young_person: &YoungPersonId,
    user: &UserId,
) -> Result<Option<&'static str>, Failure> {
    let case: Option<CaseId> = cases::table
        .inner_join(allocations::table)
        .filter(cases::young_person_id.eq(young_person))
        .filter(allocations::officer_id.eq(user))
        .filter(allocations::to_on.is_null())
        .select(cases::id)
        .first(ctx.conn)
        .optional()?;
    if case.is_some() {
        return Ok(Some("an open case"));
    }
    let referral: Option<ReferralId> = referrals::table
        .filter(referrals::young_person_id.eq(young_person))
        .filter(referrals::officer_id.eq(user))
        .filter(referrals::outcome.eq(Outcome::Pending))
        .filter(
            referrals::remit
                .is_null()
                .or(referrals::remit.ne(Remit::OutOfRemit)),
        )
        .select(referrals::id)
        .first(ctx.conn)
        .optional()?;
    Ok(referral.map(|_| "a referral that waits for an answer"))
}

pub(super) fn insert(
    ctx: &mut Ctx<'_>,
    id: &RestrictionId,
    young_person: &YoungPersonId,
    closing: &Closing,
    by: &UserId,
    review_on: NaiveDate,
) -> Result<(), Failure> {
    diesel::insert_into(record_restrictions::table)
        .values((
            record_restrictions::id.eq(id),
            record_restrictions::young_person_id.eq(young_person),
            record_restrictions::user_id.eq(&closing.user),
            record_restrictions::kind.eq(closing.kind),
            record_restrictions::reason.eq(&closing.reason),
            record_restrictions::set_by.eq(by),
            record_restrictions::set_on.eq(ctx.today),
            record_restrictions::review_on.eq(review_on),
            record_restrictions::created_at.eq(ctx.now),
            record_restrictions::version.eq(1),
        ))
        .execute(ctx.conn)?;
    Ok(())
}

/// Keeps what a review came to, if nobody else reviewed it meanwhile.
pub(super) fn review(
    ctx: &mut Ctx<'_>,
    restriction: &Restriction,
    by: &UserId,
    decision: Decision,
    note: &str,
    review_on: NaiveDate,
) -> Result<(), Failure> {
    let ended = decision == Decision::Ended;
    let changed = diesel::update(
        record_restrictions::table
            .filter(record_restrictions::id.eq(&restriction.id))
            .filter(record_restrictions::version.eq(restriction.version)),
    )
    .set((
        record_restrictions::review_on.eq(review_on),
        record_restrictions::ended_on.eq(ended.then_some(ctx.today)),
        record_restrictions::ended_by.eq(ended.then_some(by)),
        record_restrictions::ending_note.eq(ended.then_some(note)),
        record_restrictions::version.eq(restriction.version + 1),
    ))
    .execute(ctx.conn)?;
    if changed == 0 {
        return Err(Failure::ChangedMeanwhile);
    }
    diesel::insert_into(restriction_reviews::table)
        .values((
            restriction_reviews::id.eq(RestrictionReviewId::random()),
            restriction_reviews::restriction_id.eq(&restriction.id),
            restriction_reviews::reviewed_on.eq(ctx.today),
            restriction_reviews::reviewed_by.eq(by),
            restriction_reviews::decision.eq(decision),
            restriction_reviews::note.eq(note),
            restriction_reviews::created_at.eq(ctx.now),
        ))
        .execute(ctx.conn)?;
    Ok(())
}

/// One look again, as it is read.
#[derive(Debug, Clone, Queryable)]
pub struct Review {
    pub on: NaiveDate,
    pub by: String,
    pub decision: Decision,
    pub note: String,
}

/// Every look again at a restriction, the latest first.
pub fn reviews(ctx: &mut Ctx<'_>, id: &RestrictionId) -> Result<Vec<Review>, Failure> {
    Ok(restriction_reviews::table
        .inner_join(users::table)
        .filter(restriction_reviews::restriction_id.eq(id))
        .order(restriction_reviews::created_at.desc())
        .select((
            restriction_reviews::reviewed_on,
            users::name,
            restriction_reviews::decision,
            restriction_reviews::note,
        ))
        .load(ctx.conn)?)
}
