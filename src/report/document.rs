//! The annual report as a document: every word and number that the page, the printed copy, Word,
//! PDF and Excel show, written down once, so that none of them can say something else.

use chrono::{Datelike, NaiveDateTime};
use serde::Serialize;

use super::annual::AnnualReport;
use super::charts::{Drawing, charts};
use super::figures::count::{Counted, CountedRow, Extra, Number, Spread};
use super::figures::numbers::{Fraction, percent};
use super::figures::registry::{Unit, View};
use crate::calendar::{Period, in_england, show};
use crate::referrals::Stream;

/// The report in words, ready to be set in any form.
#[derive(Debug, Clone, Serialize)]
pub struct Document {
    pub title: &'static str,
    /// What the service is called.
    pub service: String,
    /// The period, and the one that stands beside it where there is one.
    pub periods: Vec<String>,
    /// The same, short enough for the head of a column: "2021 to 2022" of a financial year.
    pub columns: Vec<String>,
    /// Whom it is for.
    pub standing: &'static str,
    /// What it holds, who made it, when and with what filters.
    pub about: Vec<About>,
    /// What holds for every table.
    pub notes: Vec<&'static str>,
    pub sections: Vec<Section>,
    /// The instant it was made, in UTC.
    #[serde(skip)]
    pub made_at: NaiveDateTime,
    pub made_by: String,
}

#[derive(Debug, Clone, Serialize)]
pub struct About {
    pub name: &'static str,
    pub words: String,
}

/// The tables of one kind of work.
#[derive(Debug, Clone, Serialize)]
pub struct Section {
    pub title: String,
    pub anchor: String,
    pub tables: Vec<Table>,
}

#[derive(Debug, Clone, Serialize)]
pub struct Table {
    pub id: &'static str,
    /// The id, fit for the id of an element.
    pub anchor: String,
    pub title: &'static str,
    /// The title as it stands under the heading of its section.
    pub heading: String,
    pub definition: &'static str,
    pub date_basis: &'static str,
    pub base_words: &'static str,
    pub unit: &'static str,
    /// "Of 254 referrals: referrals received in the period."
    pub of_what: String,
    /// One for each period.
    pub bases: Vec<Base>,
    pub rows: Vec<Row>,
    /// Said where the rounded percentages do not add up.
    pub percentages_note: bool,
    /// What is said beside the counts, a sentence each.
    pub sentences: Vec<String>,
    /// The same as numbers, for whoever calculates with them.
    pub beside: Vec<BesideCounts>,
    pub charts: Vec<Drawing>,
    /// One for each period.
    #[serde(skip)]
    pub extras: Vec<Extra>,
}

#[derive(Debug, Clone, Serialize)]
pub struct Base {
    pub count: i64,
    /// "254 referrals".
    pub words: String,
    pub href: Option<String>,
}

#[derive(Debug, Clone, Serialize)]
pub struct Row {
    pub id: String,
    pub label: String,
    /// One for each period.
    pub cells: Vec<Cell>,
}

#[derive(Debug, Clone, Serialize)]
pub struct Cell {
    pub count: i64,
    pub percent: Option<i64>,
    /// "94%", or a dash.
    pub percent_words: String,
    pub href: Option<String>,
}

/// A number beside the counts, one for each period.
#[derive(Debug, Clone, Serialize)]
pub struct BesideCounts {
    pub label: &'static str,
    pub numbers: Vec<Number>,
}

/// Who makes a document, of what, and when.
pub struct Made<'m> {
    pub service: &'m str,
    pub by: &'m str,
    /// Whose work alone is counted; none where all of it is.
    pub only: Option<&'m str>,
    /// In UTC.
    pub at: NaiveDateTime,
}

/// The address of the rows behind a count: of a table, and of a row in it.
pub type Link<'l> = &'l dyn Fn(&Period, &str, Option<&str>) -> Option<String>;

/// In a file nothing leads back to the records.
#[must_use]
pub fn no_links(_: &Period, _: &str, _: Option<&str>) -> Option<String> {
    None
}

const PERCENT: &str = "A percentage is the count divided by the base, rounded once; a half goes up. \
     Rounded percentages may not total 100, and are never adjusted.";

const DURATION: &str = "A duration is in days divided by 7, in whole weeks, and is told with the \
     number of cases it is of.";

fn notes(view: View) -> Vec<&'static str> {
    match view {
        View::Annual => vec![
            "The report follows the referrals received in the period and the meetings held in it.",
            PERCENT,
            "An age is in whole years on the day the referral was received.",
            DURATION,
        ],
        View::Offers => vec![
            "These figures follow the referrals received in the period.",
            PERCENT,
            DURATION,
        ],
        View::Flow => vec![
            "What was open at the start of the period, and what opened or reopened in it, less \
             what closed in it, is what is open at its end. Those numbers are no shares of \
             anything, and have no percentages.",
            PERCENT,
            DURATION,
        ],
        View::AsAt => vec![
            "Something is open at the end of a day if it opened on that day or before, and did \
             not close on it or before.",
            PERCENT,
            DURATION,
        ],
    }
}

const INTERNAL: &str =
    "For internal use. Small numbers are shown as they are: do not publish it in this form.";

impl Document {
    /// The report of a period, and of another beside it where one is wanted.
    #[must_use]
    pub fn new(
        report: &AnnualReport,
        other: Option<&AnnualReport>,
        made: &Made<'_>,
        link: Link<'_>,
    ) -> Self {
        let reports: Vec<&AnnualReport> = [Some(report), other].into_iter().flatten().collect();
        let periods: Vec<String> = reports.iter().map(|it| it.period.to_string()).collect();
        let columns: Vec<String> = reports.iter().map(|it| short(&it.period)).collect();
        let mut tables: Vec<Table> = report
            .tables
            .iter()
            .map(|table| Table::new(table, &reports, link))
            .collect();
        // A flow is drawn from several tables.
        let drawn: Vec<Vec<Drawing>> = tables
            .iter()
            .map(|table| {
                let charts = charts(table, &tables, &columns);
                charts.iter().map(Drawing::from).collect()
            })
            .collect();
        for (table, charts) in tables.iter_mut().zip(drawn) {
            table.charts = charts;
        }
        Self {
            title: report.view.words(),
            service: made.service.to_owned(),
            about: about(&periods, made),
            periods,
            columns,
            standing: INTERNAL,
            notes: notes(report.view),
            sections: sections(tables),
            made_at: made.at,
            made_by: made.by.to_owned(),
        }
    }

    pub fn tables(&self) -> impl Iterator<Item = &Table> {
        self.sections.iter().flat_map(|section| &section.tables)
    }
}

fn short(period: &Period) -> String {
    let year = Period::financial_year(period.from.year());
    if *period == year {
        format!("{} to {}", year.from.year(), year.to.year())
    } else {
        period.to_string()
    }
}

fn about(periods: &[String], made: &Made<'_>) -> Vec<About> {
    let at = in_england(made.at);
    let mut about = vec![];
    let mut say = |name, words: String| about.push(About { name, words });
    say("Service", made.service.to_owned());
    for (name, period) in ["Period", "Beside it"].into_iter().zip(periods) {
        say(name, period.clone());
    }
    say(
        "Counted",
        match made.only {
            Some(name) => format!("the work of {name} alone"),
            None => "all of the service's work".to_owned(),
        },
    );
    say(
        "Made",
        format!(
            "by {} on {} at {}",
            made.by,
            show(at.date()),
            at.format("%H:%M")
        ),
    );
    about
}

/// The tables by the kind of work that their ids begin with, in the order in which they come.
fn sections(tables: Vec<Table>) -> Vec<Section> {
    let mut sections: Vec<Section> = vec![];
    for table in tables {
        let (anchor, title) = match table.id.split('.').next() {
            Some("cp") => ("child-protection", Stream::ChildProtection.words()),
            Some("care") => ("care", Stream::Care.words()),
            _ => ("service", "The service as a whole"),
        };
        match sections.iter_mut().find(|section| section.anchor == anchor) {
            Some(section) => section.tables.push(table),
            None => sections.push(Section {
                title: title.to_owned(),
                anchor: anchor.to_owned(),
                tables: vec![table],
            }),
        }
    }
    sections
}

impl Table {
    fn new(table: &Counted, reports: &[&AnnualReport], link: Link<'_>) -> Self {
        let both: Vec<(&Period, Option<&Counted>)> = reports
            .iter()
            .map(|report| {
                let mut tables = report.tables.iter();
                (&report.period, tables.find(|other| other.id == table.id))
            })
            .collect();
        let counted = || both.iter().filter_map(|(_, table)| *table);
        let extras: Vec<Extra> = counted().map(|table| table.extra).collect();
        let bases: Vec<Base> = both
            .iter()
            .map(|(period, table_then)| {
                let count = table_then.map_or(0, |table| table.base);
                Base {
                    count,
                    words: counted_words(count, table.unit),
                    href: linked(count, link(period, table.id, None)),
                }
            })
            .collect();
        let told: Vec<&str> = bases.iter().map(|base| base.words.as_str()).collect();
        Self {
            of_what: format!("Of {}: {}.", told.join(" and "), table.base_words),
            id: table.id,
            anchor: table.id.replace('.', "-"),
            title: table.title,
            heading: heading(table.title),
            definition: table.definition,
            date_basis: table.date_basis,
            base_words: table.base_words,
            unit: table.unit.words(),
            bases,
            rows: rows_of(counted())
                .into_iter()
                .map(|(id, label)| Row {
                    cells: both
                        .iter()
                        .map(|(period, then)| cell(*then, &id, link(period, table.id, Some(&id))))
                        .collect(),
                    id,
                    label,
                })
                .collect(),
            percentages_note: counted().any(|table| table.percentages_note.is_some()),
            sentences: sentences(&both),
            beside: beside(&extras),
            charts: vec![],
            extras,
        }
    }
}

/// "Child protection: offers taken up" is "Offers taken up" where the section says the rest.
fn heading(title: &str) -> String {
    let told = [Stream::ChildProtection, Stream::Care].map(Stream::words);
    let short = told
        .iter()
        .find_map(|stream| title.strip_prefix(stream)?.strip_prefix(": "));
    let mut letters = short.unwrap_or(title).chars();
    let first = letters.next().map(char::to_uppercase);
    first.into_iter().flatten().chain(letters).collect()
}

/// The rows of all periods: those of the first in their order, then what only another has.
fn rows_of<'c>(tables: impl Iterator<Item = &'c Counted>) -> Vec<(String, String)> {
    let mut rows: Vec<(String, String)> = vec![];
    for row in tables.flat_map(|table| &table.rows) {
        if rows.iter().all(|(id, _)| *id != row.id) {
            rows.push((row.id.clone(), row.label.clone()));
        }
    }
    rows
}

/// A row that is not listed for a period was not found in it.
fn cell(table: Option<&Counted>, id: &str, href: Option<String>) -> Cell {
    let row: Option<&CountedRow> =
        table.and_then(|table| table.rows.iter().find(|row| row.id == id));
    let count = row.map_or(0, |row| row.count);
    let percent = match row {
        Some(row) => row.percent,
        None => percent(0, table.map_or(0, |table| table.base)),
    };
    Cell {
        count,
        percent,
        percent_words: percent.map_or_else(|| "–".to_owned(), |percent| format!("{percent}%")),
        href: linked(count, href),
    }
}

/// Behind nothing there are no rows.
fn linked(count: i64, href: Option<String>) -> Option<String> {
    href.filter(|_| count > 0)
}

fn beside(extras: &[Extra]) -> Vec<BesideCounts> {
    let labels = extras.first().map(Extra::numbers).unwrap_or_default();
    labels
        .into_iter()
        .map(|(id, label, _)| BesideCounts {
            label,
            numbers: extras
                .iter()
                .flat_map(Extra::numbers)
                .filter(|(other, ..)| *other == id)
                .map(|(.., number)| number)
                .collect(),
        })
        .collect()
}

/// What is said beside the counts; of two periods, each under its own name.
fn sentences(both: &[(&Period, Option<&Counted>)]) -> Vec<String> {
    let of = |table: &Option<&Counted>| table.map(|it| in_words(it.extra)).unwrap_or_default();
    match both {
        [(_, table)] => of(table),
        _ => both
            .iter()
            .flat_map(|(period, table)| {
                of(table)
                    .into_iter()
                    .map(move |sentence| format!("{}: {sentence}", short(period)))
            })
            .collect(),
    }
}

/// "1 referral", "254 referrals".
#[must_use]
pub fn counted_words(n: i64, unit: Unit) -> String {
    match (n, unit) {
        (1, Unit::Referrals) => "1 referral".to_owned(),
        (1, Unit::Children) => "1 child or young person".to_owned(),
        (1, Unit::Cases) => "1 case".to_owned(),
        (1, Unit::Meetings) => "1 meeting".to_owned(),
        (1, Unit::Issues) => "1 issue".to_owned(),
        (1, Unit::Contacts) => "1 contact".to_owned(),
        _ => format!("{n} {}", unit.words()),
    }
}

/// What is said beside the counts. No average without how many it is of; whole weeks and years.
fn in_words(extra: Extra) -> Vec<String> {
    let weeks = |weeks: Fraction| match weeks.whole() {
        1 => "1 week".to_owned(),
        n => format!("{n} weeks"),
    };
    match extra {
        Extra::None | Extra::Pending { n: 0 } => vec![],
        Extra::Pending { n } => vec![format!(
            "{} still waiting for an answer.",
            counted_words(n, Unit::Referrals)
        )],
        Extra::Ages {
            n,
            youngest: Some(youngest),
            oldest: Some(oldest),
            mean: Some(mean),
        } => vec![format!(
            "Aged {youngest} to {oldest}, mean age {}, {}.",
            mean.whole(),
            counted_words(n, Unit::Children)
        )],
        Extra::Ages { .. } => vec![],
        Extra::Durations {
            closed,
            mean,
            median,
            still_open,
            median_still_open,
        } => {
            let mut said = vec![match mean.zip(median) {
                Some((mean, median)) => format!(
                    "Closed cases were open for a mean of {} and a median of {}, {closed} closed {}.",
                    weeks(mean),
                    weeks(median),
                    if closed == 1 { "case" } else { "cases" },
                ),
                None => "No case was closed, so there is no duration.".to_owned(),
            }];
            said.extend(median_still_open.map(|median| {
                format!(
                    "Cases still open had been open for a median of {}, {}.",
                    weeks(median),
                    counted_words(still_open, Unit::Cases)
                )
            }));
            said
        }
        Extra::YoungPeople { n: 0 } => vec![],
        Extra::YoungPeople { n } => vec![format!("Of {}.", counted_words(n, Unit::Children))],
        Extra::Weeks(spread) => spread_in_words(spread, weeks),
        Extra::Days(spread) => spread_in_words(spread, |days| match days.whole() {
            1 => "1 day".to_owned(),
            n => format!("{n} days"),
        }),
    }
}

/// The middle and the quarters, and how many they are of.
fn spread_in_words(spread: Spread, long: impl Fn(Fraction) -> String) -> Vec<String> {
    let quarters = spread.lower_quartile.zip(spread.upper_quartile);
    match (spread.median, quarters, spread.mean) {
        (Some(median), Some((lower, upper)), Some(mean)) => vec![format!(
            "Median {}, half of them between {} and {}; mean {}; of {} counted.",
            long(median),
            long(lower),
            long(upper),
            long(mean),
            spread.n
        )],
        _ => vec![],
    }
}

#[cfg(test)]
mod tests {
    use super::super::figures::numbers::{mean, median};
    use super::*;

    fn table(rows: &[(&str, i64)]) -> Counted {
        let base = rows.iter().map(|row| row.1).sum();
        Counted {
            id: "care.referrals.reason",
            title: "Reasons",
            unit: Unit::Referrals,
            base,
            rows: rows
                .iter()
                .map(|(id, count)| CountedRow {
                    id: (*id).to_owned(),
                    label: (*id).to_owned(),
                    count: *count,
                    percent: percent(*count, base),
                })
                .collect(),
            extra: Extra::None,
            percentages_note: None,
            definition: "Why.",
            base_words: "referrals",
            date_basis: "the day",
        }
    }

    fn report(start: i32, tables: Vec<Counted>) -> AnnualReport {
        AnnualReport {
            period: Period::financial_year(start),
            view: View::Annual,
            tables,
        }
    }

    fn made() -> Made<'static> {
        Made {
            service: "Children's Rights Service",
            by: "Samira",
            only: None,
            at: "2022-05-01T10:30:00".parse().unwrap(),
        }
    }

    #[test]
    fn no_duration_is_told_without_how_many_it_is_of() {
        let days = [119, 133];
        let some = Extra::Durations {
            closed: 2,
            mean: mean(&days, 7),
            median: median(&days, 7),
            still_open: 0,
            median_still_open: None,
        };
        assert_eq!(
            in_words(some),
            [
                "Closed cases were open for a mean of 18 weeks and a median of 18 weeks, 2 closed cases."
            ]
        );
        let none = Extra::Durations {
            closed: 0,
            mean: None,
            median: None,
            still_open: 0,
            median_still_open: None,
        };
        assert_eq!(
            in_words(none),
            ["No case was closed, so there is no duration."]
        );
    }

    #[test]
    fn a_table_does_not_say_its_section_twice() {
        assert_eq!(
            heading("Child protection: offers taken up"),
            "Offers taken up"
        );
        assert_eq!(
            heading("Themes: what came of them"),
            "Themes: what came of them"
        );
    }

    #[test]
    fn two_years_stand_side_by_side_by_what_their_rows_are() {
        let this = report(2021, vec![table(&[("contact", 1), ("housing", 3)])]);
        let last = report(2020, vec![table(&[("housing", 2), ("pets", 2)])]);
        let document = Document::new(&this, Some(&last), &made(), &no_links);
        let table = document.tables().next().unwrap();
        let cells: Vec<_> = table
            .rows
            .iter()
            .map(|row| {
                let cells: Vec<_> = row.cells.iter().map(|it| (it.count, it.percent)).collect();
                (row.id.as_str(), cells)
            })
            .collect();
        assert_eq!(
            cells,
            [
                ("contact", vec![(1, Some(25)), (0, Some(0))]),
                ("housing", vec![(3, Some(75)), (2, Some(50))]),
                ("pets", vec![(0, Some(0)), (2, Some(50))]),
            ]
        );
    }

    #[test]
    fn a_document_says_who_made_it_when_and_of_what() {
        let only = Made {
            only: Some("Olive"),
            ..made()
        };
        let document = Document::new(&report(2021, vec![]), None, &only, &no_links);
        let about: Vec<_> = document.about.iter().map(|it| it.words.as_str()).collect();
        assert_eq!(
            about,
            [
                "Children's Rights Service",
                "1 April 2021 to 31 March 2022",
                "the work of Olive alone",
                // British Summer Time.
                "by Samira on 1 May 2022 at 11:30",
            ]
        );
    }

    #[test]
    fn where_nothing_was_counted_nothing_is_drawn_or_linked() {
        let to = |_: &Period, table: &str, _: Option<&str>| Some(table.to_owned());
        let empty = report(2021, vec![table(&[("contact", 0)])]);
        let document = Document::new(&empty, None, &made(), &to);
        let table = document.tables().next().unwrap();
        assert!(table.charts.is_empty() && table.bases[0].href.is_none());
        assert!(table.rows[0].cells[0].href.is_none());
        assert_eq!(table.rows[0].cells[0].percent_words, "–");
    }
}
