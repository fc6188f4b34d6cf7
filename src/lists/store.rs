//! How lists and policy are kept.

use diesel::prelude::*;

use super::{Entry, ReferralPolicy};
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
