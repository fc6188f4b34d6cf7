//! The figures of a period, whichever are asked for: the annual report, the offers, what came and
//! went, what is open; and the rows behind each of them.

use std::collections::{HashMap, HashSet};

use chrono::NaiveDate;
use serde::Serialize;
use serde_json::json;

use super::figures::breakdown::{self, Apart, Dimension};
use super::figures::count::{Counted, count};
use super::figures::facts::background::Background;
use super::figures::facts::{self, Facts, Shown};
use super::figures::registry::{Fact, Table, View};
use super::figures::rules::{AgeBand, Terms, closed_by};
use crate::access::{Permission, Relationship, decide};
use crate::audit::Event;
use crate::calendar::{self, Period, age_on};
use crate::ctx::Ctx;
use crate::failure::Failure;
use crate::ids::ReferralId;
use crate::lists::{self, Entry};
use crate::referrals::{Outcome, Remit};
use crate::young_people;

pub use super::figures::facts::Scope;

/// The report as data: the shape that other programs read (`--format json`).
#[derive(Debug, Clone, Serialize)]
pub struct AnnualReport {
    pub period: Period,
    /// What its tables follow.
    pub view: View,
    pub tables: Vec<Counted>,
}

/// Counts the report of a period.
pub fn annual(
    ctx: &mut Ctx<'_>,
    period: &Period,
    scope: &Scope,
    age_band: i32,
) -> Result<AnnualReport, Failure> {
    figures(ctx, View::Annual, period, scope, age_band)
}

/// Counts the tables of a view over a period.
pub fn figures(
    ctx: &mut Ctx<'_>,
    view: View,
    period: &Period,
    scope: &Scope,
    age_band: i32,
) -> Result<AnnualReport, Failure> {
    let terms = terms(ctx, period, age_band)?;
    let facts = facts::load(ctx, period, scope, view)?;
    Ok(AnnualReport {
        period: *period,
        view,
        tables: view
            .tables()
            .iter()
            .map(|table| count(table, &facts, &terms))
            .collect(),
    })
}

/// A view with each of its tables told apart.
#[derive(Debug, Clone, Serialize)]
pub struct Breakdown {
    pub period: Period,
    pub view: View,
    pub by: Dimension,
    pub tables: Vec<Apart>,
}

/// Counts the tables of a view over a period, each told apart.
pub fn told_apart(
    ctx: &mut Ctx<'_>,
    view: View,
    by: Dimension,
    period: &Period,
    scope: &Scope,
    age_band: i32,
) -> Result<Breakdown, Failure> {
    let terms = terms(ctx, period, age_band)?;
    let facts = facts::load(ctx, period, scope, view)?;
    let backgrounds = backgrounds(ctx, view.tables(), &facts, &terms)?;
    let tables = view.tables().iter();
    Ok(Breakdown {
        period: *period,
        view,
        by,
        tables: tables
            .map(|table| breakdown::told_apart(table, by, &facts, &backgrounds, &terms))
            .collect(),
    })
}

/// What is known of every referral that some tables count.
fn backgrounds(
    ctx: &mut Ctx<'_>,
    tables: &[Table],
    facts: &Facts,
    terms: &Terms,
) -> Result<HashMap<ReferralId, Background>, Failure> {
    let mut ids = HashSet::new();
    let mut counted = Vec::new();
    for table in tables {
        counted.extend(table.placed(facts, terms).map(|(fact, _)| fact));
    }
    ids.extend(counted.iter().map(Fact::referral));
    facts::background::load(ctx, &ids)
}

fn terms(ctx: &mut Ctx<'_>, period: &Period, age_band: i32) -> Result<Terms, Failure> {
    Ok(Terms {
        period: *period,
        band: AgeBand::at(age_band),
        reasons: lists::store::entries(ctx, lists::REASONS)?,
        meeting_types: lists::store::entries(ctx, lists::MEETING_TYPES)?,
        closure_reasons: lists::store::entries(ctx, lists::CLOSURE_REASONS)?,
        topics: lists::store::entries(ctx, lists::ISSUE_TOPICS)?,
    })
}

/// Which figure is asked about, and which page of its list, from 1.
#[derive(Debug, Clone, Copy)]
pub struct Figure<'a> {
    pub table: &'a str,
    /// None for the whole base.
    pub row: Option<&'a str>,
    /// Only what belongs to this part, where the table is told apart.
    pub part: Option<(Dimension, &'a str)>,
    pub page: usize,
}

/// How many a page of a list holds: the longest list of an ordinary year fits on one.
pub const ROWS_A_PAGE: usize = 500;

/// The rows behind one figure.
#[derive(Clone)]
pub struct Behind {
    pub period: Period,
    pub view: View,
    pub by: Option<(Dimension, String)>,
    pub table: &'static Table,
    /// The row whose count it is: its id and words; none for the whole base.
    pub row: Option<(String, String)>,
    /// The part it was narrowed to, in words.
    pub part: Option<String>,
    /// How many there are in all: the count of the figure.
    pub total: usize,
    pub page: usize,
    /// Those of this page.
    pub rows: Vec<BehindRow>,
}

/// One thing that was counted.
#[derive(Debug, Clone)]
pub struct BehindRow {
    pub referral: ReferralId,
    pub reference: String,
    /// None for whoever may read the figures and not the records.
    pub name: Option<String>,
    /// The day it was counted by: received, or held.
    pub day: NaiveDate,
    /// On the day the referral was received.
    pub age: Option<i32>,
    /// What came of it, or what it was.
    pub what: String,
    pub officer: Option<String>,
}

/// Lists what a figure counts: a row of a table, or its whole base.
pub fn rows_behind(
    ctx: &mut Ctx<'_>,
    period: &Period,
    scope: &Scope,
    age_band: i32,
    figure: Figure<'_>,
) -> Result<Behind, Failure> {
    let (view, table) = Table::find(figure.table).ok_or(Failure::NotFound)?;
    let terms = terms(ctx, period, age_band)?;
    let facts = facts::load(ctx, period, scope, view)?;
    let mut counted = placed_in(table, figure.row, &facts, &terms);
    let part = match figure.part {
        Some((by, part)) => {
            let backgrounds = backgrounds(ctx, std::slice::from_ref(table), &facts, &terms)?;
            let mut words = None;
            counted.retain(|fact| {
                let line = backgrounds
                    .get(fact.referral())
                    .map(|of| by.line(of, &terms))
                    .filter(|(id, ..)| id == part);
                let belongs = line.is_some();
                words = words.take().or(line.map(|(_, words, _)| words));
                belongs
            });
            let words = words.ok_or(Failure::NotFound)?;
            Some(format!("{}: {words}", by.words()))
        }
        None => None,
    };
    let row = figure
        .row
        .map(|id| {
            let known = table.rows(&terms).into_iter().find(|row| row.id == id);
            match known {
                Some(row) => Ok((row.id, row.label)),
                // A code on no list has a row where it is found.
                None if !counted.is_empty() => Ok((id.to_owned(), id.to_owned())),
                None => Err(Failure::NotFound),
            }
        })
        .transpose()?;
    let page = figure.page.max(1);
    let on_page = counted
        .chunks(ROWS_A_PAGE)
        .nth(page - 1)
        .unwrap_or_default();
    let rows = listed(ctx, on_page, &terms)?;
    if rows.iter().any(|row| row.name.is_some()) {
        let row = row.as_ref().map(|(id, _)| id);
        ctx.record(
            Event::new("looked_at_rows", "figure", table.id).with(json!({
                "row": row, "by": figure.part.map(|(by, _)| by),
                "from": period.from, "to": period.to, "rows": rows.len(),
            })),
        );
    }
    Ok(Behind {
        period: *period,
        view,
        by: figure.part.map(|(by, part)| (by, part.to_owned())),
        table,
        row,
        part,
        total: counted.len(),
        page,
        rows,
    })
}

fn placed_in<'f>(
    table: &Table,
    row: Option<&str>,
    facts: &'f Facts,
    terms: &'f Terms,
) -> Vec<Fact<'f>> {
    table
        .placed(facts, terms)
        .filter(|(_, place)| row.is_none_or(|row| place.is_in(row)))
        .map(|(fact, _)| fact)
        .collect()
}

fn listed(
    ctx: &mut Ctx<'_>,
    counted: &[Fact<'_>],
    terms: &Terms,
) -> Result<Vec<BehindRow>, Failure> {
    let with_names = decide(ctx.actor, Permission::SeeRecord, Relationship::Team).allowed();
    let mut ids: Vec<&ReferralId> = counted.iter().map(Fact::referral).collect();
    ids.sort_unstable();
    ids.dedup();
    let shown = facts::shown(ctx, &ids)?;
    let closed = young_people::store::closed_to_me(ctx)?;
    // What is closed to whoever reads is counted and not listed.
    let may_know = |fact: &&Fact<'_>| {
        let of = shown.get(fact.referral());
        of.is_none_or(|of| !closed.contains(&of.young_person))
    };
    counted
        .iter()
        .filter(may_know)
        .map(|fact| {
            let of = shown.get(fact.referral()).ok_or(Failure::NotFound)?;
            Ok(BehindRow {
                referral: fact.referral().clone(),
                reference: reference(fact.referral(), of),
                name: with_names.then(|| format!("{} {}", of.first_name, of.last_name)),
                day: fact.day(),
                age: of.date_of_birth.map(|born| age_on(born, of.received_on)),
                what: what(fact, terms),
                officer: of.officer.clone(),
            })
        })
        .collect()
}

/// The reference it came with, or the beginning of its id.
fn reference(id: &ReferralId, shown: &Shown) -> String {
    shown.reference.clone().unwrap_or_else(|| {
        id.as_str()
            .chars()
            .take(8)
            .collect::<String>()
            .to_uppercase()
    })
}

fn what(fact: &Fact<'_>, terms: &Terms) -> String {
    match fact {
        Fact::Meeting(fact) => {
            let kind = label(&terms.meeting_types, &fact.kind);
            format!("{kind}: {}", fact.attendance.words())
        }
        Fact::Referral(fact) if fact.remit == Some(Remit::OutOfRemit) => {
            Remit::OutOfRemit.words().to_owned()
        }
        Fact::Referral(fact) if fact.outcome == Outcome::Accepted => {
            match closed_by(&fact.spells, terms.period.to) {
                Some(closed) => format!("Accepted, closed on {}", calendar::show(closed)),
                None => "Accepted, open at the end of the period".to_owned(),
            }
        }
        Fact::Referral(fact) => fact.outcome.words().to_owned(),
        Fact::Offer(fact) => match fact.reached_on {
            Some(day) => format!(
                "{}; first reached on {}",
                fact.outcome.words(),
                calendar::show(day)
            ),
            None => format!("{}; nobody reached yet", fact.outcome.words()),
        },
        Fact::Waiting(fact) => match fact.stretch.closed_on {
            Some(day) => format!("{} on {}", fact.outcome.words(), calendar::show(day)),
            None => fact.outcome.words().to_owned(),
        },
        Fact::Case(fact) => match (fact.stretch.closed_on, &fact.reason) {
            (Some(day), Some(reason)) => format!(
                "Closed on {}: {}",
                calendar::show(day),
                label(&terms.closure_reasons, reason)
            ),
            (Some(day), None) => format!("Closed on {}", calendar::show(day)),
            (None, _) => "Open".to_owned(),
        },
        // What the young person wanted stays on their record.
        Fact::Issue(fact) => {
            let topics: Vec<&str> = fact
                .topics
                .iter()
                .map(|topic| label(&terms.topics, topic))
                .collect();
            let result = fact.result.map_or("Open", |result| result.words());
            format!("{}: {result}", topics.join(", "))
        }
        Fact::Contact(fact) => {
            let made = if fact.made { "" } else { ", attempted" };
            format!("{}{made}: {}", fact.method.words(), fact.with_whom.words())
        }
    }
}

/// The words of a council's list for a code.
fn label<'e>(list: &'e [Entry], code: &'e str) -> &'e str {
    list.iter()
        .find(|entry| entry.code == code)
        .map_or(code, |entry| &entry.label)
}
