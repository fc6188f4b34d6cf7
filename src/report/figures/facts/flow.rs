//! What was open within a period, from when to when: referrals that wait for an answer, cases, issues;
//! and the contacts made in it.

use std::collections::HashMap;

use chrono::NaiveDate;
use diesel::dsl::count_star;
use diesel::prelude::*;

use super::Whose;
use crate::calendar::Period;
use crate::contacts::WithWhom;
use crate::ctx::Ctx;
use crate::db::schema::{
    case_spells, cases, contact_people, contacts, issue_spells, issue_topics, issues as kept,
    referrals,
};
use crate::failure::Failure;
use crate::ids::{CaseId, IssueId, ReferralId, SpellId, UserId};
use crate::issues;
use crate::referrals::{Method, Outcome, Remit, Stream};

/// A stretch of time in which something was open, whole or in part within the period.
#[derive(Debug, Clone)]
pub struct Stretch {
    /// Of what it belongs to.
    pub referral: ReferralId,
    pub stream: Stream,
    pub opened_on: NaiveDate,
    pub closed_on: Option<NaiveDate>,
    /// The first day of the first stretch of the same thing.
    pub first_opened_on: NaiveDate,
    /// It was open before, and closed.
    pub again: bool,
}

/// A referral from the day it came to the day it was answered.
#[derive(Debug, Clone)]
pub struct WaitingFact {
    pub stretch: Stretch,
    pub outcome: Outcome,
}

/// A stretch of a case.
#[derive(Debug, Clone)]
pub struct CaseFact {
    pub stretch: Stretch,
    pub reason: Option<String>,
}

/// A stretch of an issue.
#[derive(Debug, Clone)]
pub struct IssueFact {
    pub stretch: Stretch,
    pub result: Option<issues::Outcome>,
    pub topics: Vec<String>,
}

/// A contact, once for each young person whom it was about.
#[derive(Debug, Clone)]
pub struct ContactFact {
    pub referral: ReferralId,
    pub stream: Stream,
    pub method: Method,
    pub made: bool,
    pub made_on: NaiveDate,
    pub with_whom: WithWhom,
}

fn in_order<T>(mut facts: Vec<T>, stretch: impl Fn(&T) -> &Stretch) -> Vec<T> {
    facts.sort_by(|a, b| {
        let (a, b) = (stretch(a), stretch(b));
        (a.opened_on, &a.referral).cmp(&(b.opened_on, &b.referral))
    });
    facts
}

#[derive(Queryable)]
struct WaitingRow {
    referral: ReferralId,
    stream: Stream,
    received_on: NaiveDate,
    remit: Option<Remit>,
    outcome: Outcome,
    outcome_on: Option<NaiveDate>,
    officer: Option<UserId>,
}

impl WaitingRow {
    /// The day of the answer. What moved in answered and without that day was answered when it came.
    fn answered_on(&self) -> Option<NaiveDate> {
        let waits = self.outcome == Outcome::Pending && self.remit != Some(Remit::OutOfRemit);
        (!waits).then(|| {
            self.outcome_on
                .map_or(self.received_on, |day| day.max(self.received_on))
        })
    }
}

pub(super) fn waiting(
    ctx: &mut Ctx<'_>,
    period: &Period,
    whose: &Whose,
) -> Result<Vec<WaitingFact>, Failure> {
    let rows: Vec<WaitingRow> = referrals::table
        .filter(referrals::received_on.le(period.to))
        .filter(
            referrals::outcome
                .eq(Outcome::Pending)
                .or(referrals::received_on.ge(period.from))
                .or(referrals::outcome_on
                    .is_not_null()
                    .and(referrals::outcome_on.assume_not_null().ge(period.from))),
        )
        .select((
            referrals::id,
            referrals::stream,
            referrals::received_on,
            referrals::remit,
            referrals::outcome,
            referrals::outcome_on,
            referrals::officer_id,
        ))
        .load(ctx.conn)?;
    let facts = rows
        .into_iter()
        .filter(|row| whose.counts(&row.referral, row.outcome, row.officer.as_ref()))
        .map(|row| WaitingFact {
            stretch: Stretch {
                closed_on: row.answered_on(),
                referral: row.referral,
                stream: row.stream,
                opened_on: row.received_on,
                first_opened_on: row.received_on,
                again: false,
            },
            outcome: row.outcome,
        })
        .filter(|fact| fact.stretch.touches(period))
        .collect();
    Ok(in_order(facts, |fact| &fact.stretch))
}

impl Stretch {
    /// Open on some day of the period, its closing day included.
    #[must_use]
    pub fn touches(&self, period: &Period) -> bool {
        self.opened_on <= period.to && self.closed_on.is_none_or(|closed| closed >= period.from)
    }
}

#[derive(Queryable)]
struct CaseRow {
    spell: SpellId,
    case: CaseId,
    opened_on: NaiveDate,
    closed_on: Option<NaiveDate>,
    reason: Option<String>,
    referral: ReferralId,
    stream: Stream,
    outcome: Outcome,
    officer: Option<UserId>,
}

pub(super) fn cases(
    ctx: &mut Ctx<'_>,
    period: &Period,
    whose: &Whose,
) -> Result<Vec<CaseFact>, Failure> {
    let rows: Vec<CaseRow> = case_spells::table
        .inner_join(cases::table.inner_join(referrals::table))
        .filter(case_spells::opened_on.le(period.to))
        .filter(
            case_spells::closed_on
                .is_null()
                .or(case_spells::closed_on.assume_not_null().ge(period.from)),
        )
        .select((
            case_spells::id,
            case_spells::case_id,
            case_spells::opened_on,
            case_spells::closed_on,
            case_spells::closure_reason,
            referrals::id,
            referrals::stream,
            referrals::outcome,
            referrals::officer_id,
        ))
        .load(ctx.conn)?;
    let firsts = first_spells(ctx)?;
    let facts = rows
        .into_iter()
        .filter(|row| whose.counts(&row.referral, row.outcome, row.officer.as_ref()))
        .map(|row| {
            // A case with one spell is not among them: that spell is its first.
            let first = firsts.get(&row.case);
            CaseFact {
                stretch: Stretch {
                    again: first.is_some_and(|(spell, _)| *spell != row.spell),
                    first_opened_on: first.map_or(row.opened_on, |(_, opened)| *opened),
                    referral: row.referral,
                    stream: row.stream,
                    opened_on: row.opened_on,
                    closed_on: row.closed_on,
                },
                reason: row.reason,
            }
        })
        .collect();
    Ok(in_order(facts, |fact| &fact.stretch))
}

/// The first spell of each case that has several, with its day.
fn first_spells(ctx: &mut Ctx<'_>) -> Result<HashMap<CaseId, (SpellId, NaiveDate)>, Failure> {
    let several = diesel::alias!(case_spells as several);
    let with_several = several
        .group_by(several.field(case_spells::case_id))
        .having(count_star().gt(1))
        .select(several.field(case_spells::case_id));
    let mut spells: Vec<(CaseId, SpellId, NaiveDate, Option<NaiveDate>)> = case_spells::table
        .filter(case_spells::case_id.eq_any(with_several))
        .select((
            case_spells::case_id,
            case_spells::id,
            case_spells::opened_on,
            case_spells::closed_on,
        ))
        .load(ctx.conn)?;
    // The latest first, so that the earliest is what stays. One that was closed comes before one
    // that began on the same day and goes on.
    spells.sort_by_key(|(_, _, opened, closed)| {
        std::cmp::Reverse((*opened, closed.unwrap_or(NaiveDate::MAX)))
    });
    Ok(spells
        .into_iter()
        .map(|(case, spell, opened, _)| (case, (spell, opened)))
        .collect())
}

#[derive(Queryable)]
struct IssueRow {
    issue: IssueId,
    number: i32,
    opened_on: NaiveDate,
    closed_on: Option<NaiveDate>,
    result: Option<issues::Outcome>,
    referral: ReferralId,
    stream: Stream,
    outcome: Outcome,
    officer: Option<UserId>,
}

pub(super) fn issues(
    ctx: &mut Ctx<'_>,
    period: &Period,
    whose: &Whose,
) -> Result<Vec<IssueFact>, Failure> {
    let rows: Vec<IssueRow> = issue_spells::table
        .inner_join(kept::table.inner_join(cases::table.inner_join(referrals::table)))
        .filter(issue_spells::opened_on.le(period.to))
        .filter(
            issue_spells::closed_on
                .is_null()
                .or(issue_spells::closed_on.assume_not_null().ge(period.from)),
        )
        .select((
            issue_spells::issue_id,
            issue_spells::number,
            issue_spells::opened_on,
            issue_spells::closed_on,
            issue_spells::result,
            referrals::id,
            referrals::stream,
            referrals::outcome,
            referrals::officer_id,
        ))
        .load(ctx.conn)?;
    let again = diesel::alias!(issue_spells as again);
    let reopened = again
        .filter(again.field(issue_spells::number).gt(1))
        .select(again.field(issue_spells::issue_id));
    let firsts: HashMap<IssueId, NaiveDate> = issue_spells::table
        .filter(issue_spells::number.eq(1))
        .filter(issue_spells::issue_id.eq_any(reopened))
        .select((issue_spells::issue_id, issue_spells::opened_on))
        .load(ctx.conn)?
        .into_iter()
        .collect();
    let mut topics: HashMap<IssueId, Vec<String>> = HashMap::new();
    let within = diesel::alias!(issue_spells as within);
    let counted = within
        .filter(within.field(issue_spells::opened_on).le(period.to))
        .select(within.field(issue_spells::issue_id));
    for (issue, topic) in issue_topics::table
        .filter(issue_topics::issue_id.eq_any(counted))
        .order((issue_topics::issue_id, issue_topics::topic))
        .select((issue_topics::issue_id, issue_topics::topic))
        .load::<(IssueId, String)>(ctx.conn)?
    {
        topics.entry(issue).or_default().push(topic);
    }
    let facts = rows
        .into_iter()
        .filter(|row| whose.counts(&row.referral, row.outcome, row.officer.as_ref()))
        .map(|row| IssueFact {
            stretch: Stretch {
                referral: row.referral,
                stream: row.stream,
                opened_on: row.opened_on,
                closed_on: row.closed_on,
                first_opened_on: firsts.get(&row.issue).copied().unwrap_or(row.opened_on),
                again: row.number > 1,
            },
            result: row.result,
            topics: topics.get(&row.issue).cloned().unwrap_or_default(),
        })
        .collect();
    Ok(in_order(facts, |fact| &fact.stretch))
}

#[derive(Queryable)]
struct ContactRow {
    referral: ReferralId,
    stream: Stream,
    method: Method,
    made: bool,
    made_on: NaiveDate,
    with_whom: WithWhom,
    outcome: Outcome,
    officer: Option<UserId>,
}

/// What was recorded in error is no contact.
pub(super) fn contacts(
    ctx: &mut Ctx<'_>,
    period: &Period,
    whose: &Whose,
) -> Result<Vec<ContactFact>, Failure> {
    let rows: Vec<ContactRow> = contact_people::table
        .inner_join(contacts::table)
        .inner_join(cases::table.inner_join(referrals::table))
        .filter(contacts::made_on.between(period.from, period.to))
        .filter(contacts::error_reason.is_null())
        .select((
            referrals::id,
            referrals::stream,
            contacts::method,
            contacts::made,
            contacts::made_on,
            contacts::with_whom,
            referrals::outcome,
            referrals::officer_id,
        ))
        .load(ctx.conn)?;
    let mut facts: Vec<ContactFact> = rows
        .into_iter()
        .filter(|row| whose.counts(&row.referral, row.outcome, row.officer.as_ref()))
        .map(|row| ContactFact {
            referral: row.referral,
            stream: row.stream,
            method: row.method,
            made: row.made,
            made_on: row.made_on,
            with_whom: row.with_whom,
        })
        .collect();
    facts.sort_by(|a, b| (a.made_on, &a.referral).cmp(&(b.made_on, &b.referral)));
    Ok(facts)
}
