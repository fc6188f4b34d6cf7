//! Counting: each table from its facts, in one pass, and what is said beside the counts.

use std::collections::{HashMap, HashSet};

use serde::Serialize;
use serde::ser::{SerializeMap, Serializer};

use super::facts::{Facts, ReferralFact};
use super::numbers::{self, Fraction};
use super::registry::{Beside, Fact, Row, Table, Unit};
use super::rules::{self, Place, Terms};
use crate::ids::YoungPersonId;

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
    YoungPeople {
        n: i64,
    },
    Weeks(Spread),
    Days(Spread),
}

/// The middle, the quarters and the mean of some lengths of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Spread {
    pub n: i64,
    pub mean: Option<Fraction>,
    pub lower_quartile: Option<Fraction>,
    pub median: Option<Fraction>,
    pub upper_quartile: Option<Fraction>,
}

impl Spread {
    /// Of days, shown in units of so many.
    fn of(days: &[i64], unit: i64) -> Self {
        Self {
            n: length(days),
            mean: numbers::mean(days, unit),
            lower_quartile: numbers::quartile(days, 1, unit),
            median: numbers::median(days, unit),
            upper_quartile: numbers::quartile(days, 3, unit),
        }
    }
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
            Self::YoungPeople { n } => {
                vec![(
                    "young_people_n",
                    "Children and young people",
                    Whole(Some(n)),
                )]
            }
            Self::Weeks(spread) => vec![
                ("n", "Counted", Whole(Some(spread.n))),
                ("mean_weeks", "Mean weeks", Fraction(spread.mean)),
                (
                    "lower_quartile_weeks",
                    "A quarter lasted up to (weeks)",
                    Fraction(spread.lower_quartile),
                ),
                ("median_weeks", "Median weeks", Fraction(spread.median)),
                (
                    "upper_quartile_weeks",
                    "Three quarters lasted up to (weeks)",
                    Fraction(spread.upper_quartile),
                ),
            ],
            Self::Days(spread) => vec![
                ("n", "Counted", Whole(Some(spread.n))),
                ("mean_days", "Mean days", Fraction(spread.mean)),
                (
                    "lower_quartile_days",
                    "A quarter took up to (days)",
                    Fraction(spread.lower_quartile),
                ),
                ("median_days", "Median days", Fraction(spread.median)),
                (
                    "upper_quartile_days",
                    "Three quarters took up to (days)",
                    Fraction(spread.upper_quartile),
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
        let mut one = |row| *counts.entry(row).or_default() += 1;
        match place {
            Place::Outside | Place::Base => {}
            Place::Row(row) => one(row),
            Place::Both(came, left) => {
                one(came);
                one(left);
            }
            Place::Each(rows) => rows.iter().for_each(|row| one(row)),
        }
        beside.take(table.beside, &fact, terms);
    }
    let of = table.shares.then_some(base);
    let rows = rows_shown(table.rows(terms), counts, of);
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
pub(super) fn rows_shown(
    known: Vec<Row>,
    mut counts: HashMap<&str, i64>,
    base: Option<i64>,
) -> Vec<CountedRow> {
    let counted = |id: String, label: String, count: i64| CountedRow {
        percent: base.and_then(|base| numbers::percent(count, base)),
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
    days: Vec<i64>,
    young_people: HashSet<YoungPersonId>,
}

const DAYS_IN_A_WEEK: i64 = 7;

impl Gathered {
    fn take(&mut self, beside: Beside, fact: &Fact<'_>, terms: &Terms) {
        match beside {
            Beside::Weeks | Beside::Days => self.days.extend(fact.days(terms)),
            Beside::YoungPeople => self.young_people.extend(fact.young_person().cloned()),
            Beside::Nothing | Beside::Pending | Beside::Ages | Beside::Durations => {
                if let Fact::Referral(fact) = fact {
                    self.take_referral(beside, fact, terms);
                }
            }
        }
    }

    fn take_referral(&mut self, beside: Beside, fact: &ReferralFact, terms: &Terms) {
        match beside {
            Beside::Nothing | Beside::Weeks | Beside::Days | Beside::YoungPeople => {}
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
        match beside {
            Beside::Nothing => Extra::None,
            Beside::Pending => Extra::Pending { n: self.pending },
            Beside::Ages => Extra::Ages {
                n: length(&self.ages),
                youngest: self.ages.iter().min().copied(),
                oldest: self.ages.iter().max().copied(),
                mean: numbers::mean(&self.ages, 1),
            },
            Beside::Durations => Extra::Durations {
                closed: length(&self.days_open),
                mean: numbers::mean(&self.days_open, DAYS_IN_A_WEEK),
                median: numbers::median(&self.days_open, DAYS_IN_A_WEEK),
                still_open: length(&self.days_open_so_far),
                median_still_open: numbers::median(&self.days_open_so_far, DAYS_IN_A_WEEK),
            },
            Beside::YoungPeople => Extra::YoungPeople {
                n: i64::try_from(self.young_people.len()).unwrap_or(i64::MAX),
            },
            Beside::Weeks => Extra::Weeks(Spread::of(&self.days, DAYS_IN_A_WEEK)),
            Beside::Days => Extra::Days(Spread::of(&self.days, 1)),
        }
    }
}

fn length(numbers: &[i64]) -> i64 {
    i64::try_from(numbers.len()).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::super::registry::View;
    use super::*;
    use crate::calendar::Period;

    fn nothing_counted() -> Vec<Counted> {
        let terms = Terms::plain(Period::financial_year(1999), 13);
        View::ALL
            .iter()
            .flat_map(|view| view.tables())
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
        let rows = rows_shown(vec![], HashMap::from([("gone", 2)]), Some(2));
        let found: Vec<_> = rows
            .iter()
            .map(|row| (row.id.as_str(), row.count))
            .collect();
        assert_eq!(found, [("gone", 2)]);
    }
}
