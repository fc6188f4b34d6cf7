//! How lists and policy are kept.

use chrono::{NaiveDate, NaiveDateTime};
use diesel::prelude::*;

use super::{Entry, Kept, PolicyVersion, ReferralPolicy, policies_known};
use crate::ctx::Ctx;
use crate::db::schema::{list_entries, referral_policies, users};
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

/// Every policy that was ever set, in the order of their days and versions.
pub fn policy_versions(ctx: &mut Ctx<'_>) -> Result<Vec<PolicyVersion>, Failure> {
    type Columns = (
        NaiveDate,
        i32,
        i32,
        i32,
        bool,
        String,
        String,
        Option<String>,
        NaiveDateTime,
    );
    let rows: Vec<Columns> = referral_policies::table
        .left_join(users::table)
        .order((referral_policies::applies_from, referral_policies::version))
        .select((
            referral_policies::applies_from,
            referral_policies::version,
            referral_policies::threshold_age,
            referral_policies::upper_age,
            referral_policies::younger_with_older,
            referral_policies::conference_kinds,
            referral_policies::reason,
            users::name.nullable(),
            referral_policies::set_at,
        ))
        .load(ctx.conn)?;
    Ok(rows
        .into_iter()
        .map(
            |(applies_from, version, threshold, upper, younger, kinds, reason, set_by, set_at)| {
                PolicyVersion {
                    policy: ReferralPolicy {
                        applies_from,
                        threshold_age: threshold,
                        upper_age: upper,
                        younger_with_older: younger,
                        conference_kinds: kinds.split(';').map(ToOwned::to_owned).collect(),
                    },
                    version,
                    reason,
                    set_by,
                    set_at,
                }
            },
        )
        .collect())
}

/// The policies that hold, each from its day on.
pub fn policies(ctx: &mut Ctx<'_>) -> Result<Vec<ReferralPolicy>, Failure> {
    Ok(policies_known(&policy_versions(ctx)?, None))
}

pub(super) fn insert_policy(
    ctx: &mut Ctx<'_>,
    policy: &ReferralPolicy,
    version: i32,
    reason: &str,
) -> Result<(), Failure> {
    diesel::insert_into(referral_policies::table)
        .values((
            referral_policies::applies_from.eq(policy.applies_from),
            referral_policies::version.eq(version),
            referral_policies::threshold_age.eq(policy.threshold_age),
            referral_policies::upper_age.eq(policy.upper_age),
            referral_policies::younger_with_older.eq(policy.younger_with_older),
            referral_policies::conference_kinds.eq(policy.conference_kinds.join(";")),
            referral_policies::reason.eq(reason),
            referral_policies::set_by.eq(ctx.actor.user_id()),
            referral_policies::set_at.eq(ctx.now),
        ))
        .execute(ctx.conn)?;
    Ok(())
}
