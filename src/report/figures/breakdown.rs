//! Any table of figures told apart once more: by gender, by age, by officer and the like. What is
//! counted, and where, is the table's own rule; here it is only said to whom it belongs.

use std::collections::{BTreeMap, HashMap};

use serde::Serialize;

use super::count::rows_shown;
use super::facts::Facts;
use super::facts::background::Background;
use super::registry::{Table, Unit};
use super::rules::{NOT_KNOWN, NOT_RECORDED, Place, Terms};
use crate::conferences;
use crate::ids::ReferralId;
use crate::referrals::{LegalStatus, SECURE_ORDER, Source};
use crate::young_people::about::{Ethnicity, Gender};

crate::words! {
    /// By what the things that a table counts are told apart. All of it is as it was on the day the
    /// referral was received, but for the officer.
    pub enum Dimension {
        Source = "source", "Who made the referral";
        Conference = "conference", "Kind of conference";
        Reason = "reason", "Reason for referral";
        LegalStatus = "legal_status", "Legal status";
        Age = "age", "Age";
        Gender = "gender", "Gender";
        Ethnicity = "ethnicity", "Ethnicity";
        Disability = "disability", "Disability";
        Unaccompanied = "unaccompanied", "Unaccompanied asylum-seeking";
        OutOfCounty = "out_of_county", "Where they live";
        Officer = "officer", "Officer";
        Team = "team", "Social work team";
    }
}

/// Age in bands: from so many whole years on.
const AGES: [(i32, &str, &str); 6] = [
    (18, "18_and_over", "18 and over"),
    (16, "16_and_17", "16 and 17"),
    (13, "13_to_15", "13 to 15"),
    (11, "11_and_12", "11 and 12"),
    (5, "5_to_10", "5 to 10"),
    (i32::MIN, "under_5", "Under 5"),
];

/// One line of a breakdown: its id, its words, and its place among the others.
type Line = (String, String, usize);

const LAST: usize = usize::MAX;

impl Dimension {
    /// Where a referral belongs.
    #[must_use]
    pub fn line(self, of: &Background, terms: &Terms) -> Line {
        let none = || line(NOT_RECORDED, "Not recorded", LAST);
        match self {
            Self::Source => coded(Source::ALL, of.source, Source::code, Source::words),
            Self::Conference => of.conference.map_or_else(
                || line("none", "No conference", LAST),
                |kind| {
                    use conferences::Kind;
                    coded(Kind::ALL, kind, Kind::code, Kind::words)
                },
            ),
            Self::Reason => of.reason.as_ref().map_or_else(none, |code| {
                let at = terms.reasons.iter().position(|entry| entry.code == *code);
                let entry = at.and_then(|at| terms.reasons.get(at));
                let words = entry.map_or(code.as_str(), |entry| &entry.label);
                line(code, words, at.unwrap_or(LAST - 1))
            }),
            Self::LegalStatus if of.secure_order => {
                line(SECURE_ORDER.0, SECURE_ORDER.1, LegalStatus::ALL.len())
            }
            Self::LegalStatus => of.legal_status.map_or_else(none, |status| {
                coded(
                    LegalStatus::ALL,
                    status,
                    LegalStatus::code,
                    LegalStatus::words,
                )
            }),
            Self::Age => of.age.map_or_else(
                || line(NOT_KNOWN, "Date of birth not known", LAST),
                |age| {
                    let at = AGES.iter().position(|(from, ..)| age >= *from);
                    let (_, id, words) = at.and_then(|at| AGES.get(at)).unwrap_or(&(0, "", ""));
                    line(id, words, at.unwrap_or(LAST))
                },
            ),
            Self::Gender => of.gender.map_or_else(none, |gender| {
                coded(Gender::ALL, gender, Gender::code, Gender::words)
            }),
            Self::Ethnicity => of.ethnicity.map_or_else(none, |ethnicity| {
                coded(Ethnicity::ALL, ethnicity, Ethnicity::code, Ethnicity::words)
            }),
            Self::Disability => match of.disabled {
                Some(true) => line("disabled", "With a disability", 0),
                Some(false) => line("not_disabled", "No disability", 1),
                None => none(),
            },
            Self::Unaccompanied => match of.unaccompanied {
                true => line("unaccompanied", "Unaccompanied asylum-seeking", 0),
                false => line("others", "All others", 1),
            },
            Self::OutOfCounty => match of.out_of_county {
                Some(false) => line("in_county", "In the county", 0),
                Some(true) => line("out_of_county", "Out of the county", 1),
                None => none(),
            },
            Self::Officer => of.officer.as_ref().map_or_else(
                || line("nobody", "No officer yet", LAST),
                |(id, name)| line(id.as_str(), name, 0),
            ),
            Self::Team => of
                .team
                .as_ref()
                .map_or_else(none, |team| line(team, team, 0)),
        }
    }
}

fn line(id: &str, words: &str, place: usize) -> Line {
    (id.to_owned(), words.to_owned(), place)
}

/// A code in the order of its list.
fn coded<T: Copy + PartialEq>(
    all: &[T],
    one: T,
    code: impl Fn(T) -> &'static str,
    words: impl Fn(T) -> &'static str,
) -> Line {
    let place = all.iter().position(|it| *it == one).unwrap_or(LAST);
    line(code(one), words(one), place)
}

/// A table with a line for each part.
#[derive(Debug, Clone, Serialize)]
pub struct Apart {
    pub id: &'static str,
    pub title: &'static str,
    pub unit: Unit,
    pub by: Dimension,
    /// The rows of the table: here they stand side by side.
    pub columns: Vec<Column>,
    pub lines: Vec<ApartLine>,
}

#[derive(Debug, Clone, Serialize)]
pub struct Column {
    pub id: String,
    pub label: String,
}

#[derive(Debug, Clone, Serialize)]
pub struct ApartLine {
    pub id: String,
    pub label: String,
    /// How many of the table's base belong here.
    pub base: i64,
    /// One for each column.
    pub counts: Vec<i64>,
}

/// Counts a table once for each part.
#[must_use]
pub fn told_apart(
    table: &'static Table,
    by: Dimension,
    facts: &Facts,
    backgrounds: &HashMap<ReferralId, Background>,
    terms: &Terms,
) -> Apart {
    // In order of their places, then of their words.
    type Key = (usize, String, String);
    let mut parts: BTreeMap<Key, (i64, HashMap<&str, i64>)> = BTreeMap::new();
    let mut all: HashMap<&str, i64> = HashMap::new();
    for (fact, place) in table.placed(facts, terms) {
        let Some(background) = backgrounds.get(fact.referral()) else {
            continue;
        };
        let (id, words, at) = by.line(background, terms);
        let (base, counts) = parts.entry((at, words, id)).or_default();
        *base += 1;
        let mut one = |row| {
            *counts.entry(row).or_default() += 1;
            *all.entry(row).or_default() += 1;
        };
        match place {
            Place::Outside | Place::Base => {}
            Place::Row(row) => one(row),
            Place::Both(came, left) => {
                one(came);
                one(left);
            }
            Place::Each(rows) => rows.iter().for_each(|row| one(row)),
        }
    }
    let columns: Vec<Column> = rows_shown(table.rows(terms), all, None)
        .into_iter()
        .map(|row| Column {
            id: row.id,
            label: row.label,
        })
        .collect();
    let lines = parts
        .into_iter()
        .map(|((_, label, id), (base, counts))| ApartLine {
            counts: columns
                .iter()
                .map(|column| counts.get(column.id.as_str()).copied().unwrap_or_default())
                .collect(),
            id,
            label,
            base,
        })
        .collect();
    Apart {
        id: table.id,
        title: table.title,
        unit: table.unit,
        by,
        columns,
        lines,
    }
}
