//! The offers behind the referrals of a period: what became of them, and how soon somebody was
//! reached.

use std::collections::HashMap;

use chrono::NaiveDate;
use diesel::dsl::min;
use diesel::prelude::*;

use super::Whose;
use crate::calendar::Period;
use crate::contacts::WithWhom;
use crate::ctx::Ctx;
use crate::db::schema::{
    cases, conference_children, contact_people, contacts, referral_attempts, referrals,
};
use crate::failure::Failure;
use crate::ids::{ReferralId, UserId, YoungPersonId};
use crate::referrals::{Outcome, Remit, Stream};

/// The offer behind a referral received in the period.
#[derive(Debug, Clone)]
pub struct OfferFact {
    pub referral: ReferralId,
    pub young_person: YoungPersonId,
    pub stream: Stream,
    pub received_on: NaiveDate,
    pub remit: Option<Remit>,
    pub outcome: Outcome,
    /// The day on which the young person or their family was first reached.
    pub reached_on: Option<NaiveDate>,
    /// The day of the conference that the referral came from.
    pub conference_on: Option<NaiveDate>,
}

#[derive(Queryable)]
struct OfferRow {
    referral: ReferralId,
    young_person: YoungPersonId,
    stream: Stream,
    received_on: NaiveDate,
    remit: Option<Remit>,
    outcome: Outcome,
    officer: Option<UserId>,
    parent_contacted_on: Option<NaiveDate>,
    young_person_asked_on: Option<NaiveDate>,
    conference_on: Option<NaiveDate>,
}

/// The family, of those with whom a contact can be.
const FAMILY: [WithWhom; 3] = [
    WithWhom::YoungPerson,
    WithWhom::ParentOrCarer,
    WithWhom::Family,
];

pub(super) fn load(
    ctx: &mut Ctx<'_>,
    period: &Period,
    whose: &Whose,
) -> Result<Vec<OfferFact>, Failure> {
    let rows: Vec<OfferRow> = referrals::table
        .left_join(conference_children::table)
        .filter(referrals::received_on.between(period.from, period.to))
        .select((
            referrals::id,
            referrals::young_person_id,
            referrals::stream,
            referrals::received_on,
            referrals::remit,
            referrals::outcome,
            referrals::officer_id,
            referrals::parent_contacted_on,
            referrals::young_person_asked_on,
            conference_children::held_on.nullable(),
        ))
        .load(ctx.conn)?;
    let attempts = first_days(
        referral_attempts::table
            .inner_join(referrals::table)
            .filter(referrals::received_on.between(period.from, period.to))
            .filter(referral_attempts::reached.eq(true))
            .group_by(referral_attempts::referral_id)
            .select((
                referral_attempts::referral_id,
                min(referral_attempts::made_on),
            ))
            .load(ctx.conn)?,
    );
    let contacts = first_days(
        contact_people::table
            .inner_join(contacts::table)
            .inner_join(cases::table.inner_join(referrals::table))
            .filter(referrals::received_on.between(period.from, period.to))
            .filter(contacts::made.eq(true))
            .filter(contacts::error_reason.is_null())
            .filter(contacts::with_whom.eq_any(FAMILY))
            .group_by(cases::referral_id)
            .select((cases::referral_id, min(contacts::made_on)))
            .load(ctx.conn)?,
    );
    let mut facts: Vec<OfferFact> = rows
        .into_iter()
        .filter(|row| whose.counts(&row.referral, row.outcome, row.officer.as_ref()))
        .map(|row| {
            let days = [
                row.parent_contacted_on,
                row.young_person_asked_on,
                attempts.get(&row.referral).copied(),
                contacts.get(&row.referral).copied(),
            ];
            OfferFact {
                reached_on: days.into_iter().flatten().min(),
                referral: row.referral,
                young_person: row.young_person,
                stream: row.stream,
                received_on: row.received_on,
                remit: row.remit,
                outcome: row.outcome,
                conference_on: row.conference_on,
            }
        })
        .collect();
    facts.sort_by(|a, b| (a.received_on, &a.referral).cmp(&(b.received_on, &b.referral)));
    Ok(facts)
}

fn first_days(rows: Vec<(ReferralId, Option<NaiveDate>)>) -> HashMap<ReferralId, NaiveDate> {
    rows.into_iter()
        .filter_map(|(referral, day)| Some((referral, day?)))
        .collect()
}
