//! How lists and policy are kept.

use diesel::prelude::*;

use super::{Entry, Kept, ReferralPolicy};
use crate::ctx::Ctx;
use crate::db::schema::{list_entries, referral_policies};
use crate::failure::Failure;

/// The entries of one list in their order, retired ones included.
pub fn entries(ctx: &mut Ctx<'_>, list: &str) -> Result<Vec<Entry>, Failure> {
    let rows: Vec<(String, String, Option<chrono::NaiveDate>)> = list_entries::table
        .filter(list_entries::list.eq(list))
        .order((list_entries::position, list_entries::code))
        .select((
            list_entries::code,
            list_entries::label,
            list_entries::retired_on,
        ))
        .load(ctx.conn)?;
    Ok(rows
        .into_iter()
        .map(|(code, label, retired_on)| Entry {
            code,
            label,
            retired_on,
        })
        .collect())
}

/// The lists there are.
pub fn lists(ctx: &mut Ctx<'_>) -> Result<Vec<String>, Failure> {
    Ok(list_entries::table
        .select(list_entries::list)
        .distinct()
        .order(list_entries::list)
        .load(ctx.conn)?)
}

pub fn find(ctx: &mut Ctx<'_>, list: &str, code: &str) -> Result<Option<Kept>, Failure> {
    let row: Option<(String, String, Option<chrono::NaiveDate>, i32)> = list_entries::table
        .filter(list_entries::list.eq(list))
        .filter(list_entries::code.eq(code))
        .select((
            list_entries::code,
            list_entries::label,
            list_entries::retired_on,
            list_entries::version,
        ))
        .first(ctx.conn)
        .optional()?;
    Ok(row.map(|(code, label, retired_on, version)| Kept {
        entry: Entry {
            code,
            label,
            retired_on,
        },
        version,
    }))
}

pub(super) fn insert(
    ctx: &mut Ctx<'_>,
    list: &str,
    code: &str,
    label: &str,
) -> Result<(), Failure> {
    let last: Option<i32> = list_entries::table
        .filter(list_entries::list.eq(list))
        .select(diesel::dsl::max(list_entries::position))
        .first(ctx.conn)?;
    diesel::insert_into(list_entries::table)
        .values((
            list_entries::list.eq(list),
            list_entries::code.eq(code),
            list_entries::label.eq(label),
            list_entries::position.eq(last.unwrap_or(0) + 1),
            list_entries::version.eq(1),
        ))
        .execute(ctx.conn)?;
    Ok(())
}

pub(super) fn update(
    ctx: &mut Ctx<'_>,
    list: &str,
    entry: &Entry,
    version: i32,
) -> Result<(), Failure> {
    let changed = diesel::update(
        list_entries::table
            .filter(list_entries::list.eq(list))
            .filter(list_entries::code.eq(&entry.code))
            .filter(list_entries::version.eq(version)),
    )
    .set((
        list_entries::label.eq(&entry.label),
        list_entries::retired_on.eq(entry.retired_on),
        list_entries::version.eq(version + 1),
    ))
    .execute(ctx.conn)?;
    if changed == 0 {
        return Err(Failure::ChangedMeanwhile);
    }
    Ok(())
}

pub(super) fn set_order(ctx: &mut Ctx<'_>, list: &str, codes: &[String]) -> Result<(), Failure> {
    for (position, code) in (1i32..).zip(codes) {
        diesel::update(
            list_entries::table
                .filter(list_entries::list.eq(list))
                .filter(list_entries::code.eq(code)),
        )
        .set(list_entries::position.eq(position))
        .execute(ctx.conn)?;
    }
    Ok(())
}

pub fn policies(ctx: &mut Ctx<'_>) -> Result<Vec<ReferralPolicy>, Failure> {
    let rows: Vec<(chrono::NaiveDate, i32, i32, String)> = referral_policies::table
        .order(referral_policies::applies_from)
        .select((
            referral_policies::applies_from,
            referral_policies::threshold_age,
            referral_policies::upper_age,
            referral_policies::conference_kinds,
        ))
        .load(ctx.conn)?;
    Ok(rows
        .into_iter()
        .map(
            |(applies_from, threshold_age, upper_age, kinds)| ReferralPolicy {
                applies_from,
                threshold_age,
                upper_age,
                conference_kinds: kinds.split(';').map(ToOwned::to_owned).collect(),
            },
        )
        .collect())
}
