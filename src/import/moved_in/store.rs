//! The referrals that came in from moved-in spreadsheets, to be counted.

use diesel::prelude::*;

use super::Referral;
use crate::ctx::Ctx;
use crate::db::schema::{case_spells, cases, referrals};
use crate::failure::Failure;
use crate::ids::{CaseId, YoungPersonId};
use crate::import::history::SOURCE;

pub(super) fn referrals(ctx: &mut Ctx<'_>) -> Result<Vec<Referral>, Failure> {
    let rows = referrals::table
        .filter(referrals::external_source.eq(SOURCE))
        .select((
            referrals::stream,
            referrals::source,
            referrals::received_on,
            referrals::remit,
            referrals::outcome,
        ))
        .load(ctx.conn)?;
    Ok(rows
        .into_iter()
        .map(|(stream, source, received_on, remit, outcome)| Referral {
            stream,
            source,
            received_on,
            remit,
            outcome,
        })
        .collect())
}

pub(super) fn people(ctx: &mut Ctx<'_>) -> Result<usize, Failure> {
    let people: Vec<YoungPersonId> = referrals::table
        .filter(referrals::external_source.eq(SOURCE))
        .select(referrals::young_person_id)
        .distinct()
        .load(ctx.conn)?;
    Ok(people.len())
}

pub(super) fn cases(ctx: &mut Ctx<'_>) -> Result<usize, Failure> {
    let cases: Vec<CaseId> = cases::table
        .inner_join(referrals::table)
        .filter(referrals::external_source.eq(SOURCE))
        .select(cases::id)
        .load(ctx.conn)?;
    Ok(cases.len())
}

/// Cases with a stretch of time that has not ended.
pub(super) fn open_cases(ctx: &mut Ctx<'_>) -> Result<usize, Failure> {
    let cases: Vec<CaseId> = cases::table
        .inner_join(referrals::table)
        .inner_join(case_spells::table)
        .filter(referrals::external_source.eq(SOURCE))
        .filter(case_spells::closed_on.is_null())
        .select(cases::id)
        .distinct()
        .load(ctx.conn)?;
    Ok(cases.len())
}
