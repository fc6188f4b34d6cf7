//! Counting: each table from its facts, in one pass, and what is said beside the counts.

use std::collections::HashMap;

use serde::Serialize;
use serde::ser::{SerializeMap, Serializer};

use super::facts::{Facts, ReferralFact};
use super::numbers::{self, Fraction};
use super::registry::{Beside, Fact, Row, Table, Unit};
use super::rules::{self, Place, Terms};

/// A table of the report with its numbers.
#[derive(Debug, Clone, Serialize)]
pub struct Counted {
    pub id: &'static str,
    pub title: &'static str,
    pub unit: Unit,
    /// How many are in the base.
    pub base: i64,
    pub rows: Vec<CountedRow>,
    #[serde(flatten)]
    pub extra: Extra,
    /// Said where the rounded percentages do not add up.
    pub percentages_note: Option<&'static str>,
    pub definition: &'static str,
    pub base_words: &'static str,
    pub date_basis: &'static str,
}

#[derive(Debug, Clone, Serialize)]
pub struct CountedRow {
    pub id: String,
    pub label: String,
    pub count: i64,
    /// Of the base; nothing of an empty one.
    pub percent: Option<i64>,
}

const NOT_100: &str = "percentages may not total 100";

/// What a table says beside its counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Extra {
    None,
    Pending {
        n: i64,
    },
    Ages {
        /// Those whose date of birth is known.
        n: i64,
        youngest: Option<i64>,
        oldest: Option<i64>,
        mean: Option<Fraction>,
    },
    Durations {
        closed: i64,
        mean: Option<Fraction>,
        median: Option<Fraction>,
        still_open: i64,
        median_still_open: Option<Fraction>,
    },
}

/// A number beside the counts. In data a fraction has one decimal.
#[derive(Debug, Clone, Copy, Serialize)]
#[serde(untagged)]
pub enum Number {
    Whole(Option<i64>),
    Fraction(Option<Fraction>),
}

impl Extra {
    /// Each number with its name in data and in words.
    #[must_use]
    pub fn numbers(&self) -> Vec<(&'static str, &'static str, Number)> {
        use Number::{Fraction, Whole};
        match *self {
            Self::None => vec![],
            Self::Pending { n } => {
                vec![("pending_n", "Still waiting for an answer", Whole(Some(n)))]
            }
            Self::Ages {
                n,
                youngest,
                oldest,
                mean,
            } => vec![
                ("age_known_n", "Age known", Whole(Some(n))),
                ("youngest", "Youngest", Whole(youngest)),
                ("oldest", "Oldest", Whole(oldest)),
                ("mean_age", "Mean age", Fraction(mean)),
            ],
            Self::Durations {
                closed,
                mean,
                median,
                still_open,
                median_still_open,
            } => vec![
                ("closed_n", "Closed cases", Whole(Some(closed))),
                (
                    "mean_weeks_open",
                    "Mean weeks open, closed cases",
                    Fraction(mean),
                ),
                (
                    "median_weeks_open",
                    "Median weeks open, closed cases",
                    Fraction(median),
                ),
                (
                    "still_open_n",
                    "Cases still open that had opened by the end of the period",
                    Whole(Some(still_open)),
                ),
                (
                    "median_weeks_still_open",
                    "Median weeks open so far, cases still open",
                    Fraction(median_still_open),
                ),
            ],
        }
    }
}

impl Serialize for Extra {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let numbers = self.numbers();
        let mut map = serializer.serialize_map(Some(numbers.len()))?;
        for (id, _, number) in numbers {
            map.serialize_entry(id, &number)?;
        }
        map.end()
    }
}

/// Counts one table.
#[must_use]
pub fn count(table: &'static Table, facts: &Facts, terms: &Terms) -> Counted {
    let mut base = 0;
    let mut counts: HashMap<&str, i64> = HashMap::new();
    let mut beside = Gathered::default();
    for (fact, place) in table.placed(facts, terms) {
        base += 1;
        if let Place::Row(row) = place {
            *counts.entry(row).or_default() += 1;
        }
        if let Fact::Referral(referral) = fact {
            beside.take(table.beside, referral, terms);
        }
    }
    let rows = rows_shown(table.rows(terms), counts, base);
    Counted {
        id: table.id,
        title: table.title,
        unit: table.unit,
        base,
        percentages_note: note(&rows),
        rows,
        extra: beside.summed_up(table.beside),
        definition: table.definition,
        base_words: table.base,
        date_basis: table.date_basis,
    }
}

/// The rows that are always shown and those that were found, in the table's order. A code that is
/// on no list comes last, under itself: nothing that was counted may be missing.
fn rows_shown(known: Vec<Row>, mut counts: HashMap<&str, i64>, base: i64) -> Vec<CountedRow> {
    let counted = |id: String, label: String, count: i64| CountedRow {
        percent: numbers::percent(count, base),
        id,
        label,
        count,
    };
    let mut rows: Vec<CountedRow> = known
        .into_iter()
        .filter_map(|row| {
            let count = counts.remove(row.id.as_str());
            (row.always || count.is_some())
                .then(|| counted(row.id, row.label, count.unwrap_or_default()))
        })
        .collect();
    let mut unknown: Vec<_> = counts.into_iter().collect();
    unknown.sort_unstable();
    rows.extend(
        unknown
            .into_iter()
            .map(|(id, count)| counted(id.to_owned(), id.to_owned(), count)),
    );
    rows
}

fn note(rows: &[CountedRow]) -> Option<&'static str> {
    let percents: Vec<i64> = rows.iter().filter_map(|row| row.percent).collect();
    (!percents.is_empty() && percents.iter().sum::<i64>() != 100).then_some(NOT_100)
}

/// What the numbers beside the counts are made from.
#[derive(Default)]
struct Gathered {
    pending: i64,
    ages: Vec<i64>,
    days_open: Vec<i64>,
    days_open_so_far: Vec<i64>,
}

const DAYS_IN_A_WEEK: i64 = 7;

impl Gathered {
    fn take(&mut self, beside: Beside, fact: &ReferralFact, terms: &Terms) {
        match beside {
            Beside::Nothing => {}
            Beside::Pending => self.pending += i64::from(rules::pending(fact)),
            Beside::Ages => self.ages.extend(fact.age().map(i64::from)),
            Beside::Durations => {
                let end = terms.period.to;
                let Some(opened) = rules::opened_by(&fact.spells, end) else {
                    return;
                };
                match rules::closed_by(&fact.spells, end) {
                    Some(closed) => self.days_open.push((closed - opened).num_days()),
                    None => self.days_open_so_far.push((end - opened).num_days()),
                }
            }
        }
    }

    fn summed_up(self, beside: Beside) -> Extra {
        let how_many = |numbers: &[i64]| i64::try_from(numbers.len()).unwrap_or(i64::MAX);
        match beside {
            Beside::Nothing => Extra::None,
            Beside::Pending => Extra::Pending { n: self.pending },
            Beside::Ages => Extra::Ages {
                n: how_many(&self.ages),
                youngest: self.ages.iter().min().copied(),
                oldest: self.ages.iter().max().copied(),
                mean: numbers::mean(&self.ages, 1),
            },
            Beside::Durations => Extra::Durations {
                closed: how_many(&self.days_open),
                mean: numbers::mean(&self.days_open, DAYS_IN_A_WEEK),
                median: numbers::median(&self.days_open, DAYS_IN_A_WEEK),
                still_open: how_many(&self.days_open_so_far),
                median_still_open: numbers::median(&self.days_open_so_far, DAYS_IN_A_WEEK),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::registry::TABLES;
    use super::super::rules::AgeBand;
    use super::*;
    use crate::calendar::Period;

    fn nothing_counted() -> Vec<Counted> {
        let terms = Terms {
            period: Period::financial_year(1999),
            band: AgeBand::at(13),
            reasons: vec![],
            meeting_types: vec![],
        };
        TABLES
            .iter()
            .map(|table| count(table, &Facts::default(), &terms))
            .collect()
    }

    #[test]
    fn with_no_referral_every_count_is_nought_and_every_percentage_missing() {
        for table in nothing_counted() {
            assert_eq!(
                (table.base, table.percentages_note),
                (0, None),
                "{}",
                table.id
            );
            for row in &table.rows {
                assert_eq!(
                    (row.count, row.percent),
                    (0, None),
                    "{} {}",
                    table.id,
                    row.id
                );
            }
        }
    }

    #[test]
    fn an_average_of_nobody_is_null() {
        let tables = serde_json::to_value(nothing_counted()).unwrap();
        let state = tables
            .as_array()
            .unwrap()
            .iter()
            .find(|t| t["id"] == "cp.cases.state");
        let state = state.unwrap();
        assert_eq!(state["closed_n"], 0);
        assert!(state["mean_weeks_open"].is_null() && state["median_weeks_still_open"].is_null());
    }

    #[test]
    fn a_table_says_when_its_percentages_do_not_add_up() {
        let row = |count| CountedRow {
            id: String::new(),
            label: String::new(),
            count,
            percent: numbers::percent(count, 3),
        };
        assert_eq!(note(&[row(1), row(2)]), None);
        assert_eq!(note(&[row(1), row(1), row(1)]), Some(NOT_100));
    }

    #[test]
    fn a_code_on_no_list_is_still_counted() {
        let rows = rows_shown(vec![], HashMap::from([("gone", 2)]), 2);
        let found: Vec<_> = rows
            .iter()
            .map(|row| (row.id.as_str(), row.count))
            .collect();
        assert_eq!(found, [("gone", 2)]);
    }
}
