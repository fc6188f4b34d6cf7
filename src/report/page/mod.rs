//! The annual report and the lists behind it as pages show them: every number in words, every
//! count with the address of its rows.

mod apart;

use std::fmt::Display;

use chrono::{Datelike, Days, Months, NaiveDate};
use serde::{Deserialize, Serialize};

use super::annual::{AnnualReport, Behind, ROWS_A_PAGE};
use super::document::{Document, Made, counted_words};
use super::figures::breakdown::Dimension;
use super::figures::registry::{Unit, View};
use super::renderings::Format;
use crate::calendar::dates::{PartsError, parse_date, parse_three};
use crate::calendar::{Period, show};

pub use apart::ApartPage;

const ROWS: &str = "/reports/annual/rows";

/// The names of the views in addresses.
const VIEWS: [(View, &str); 4] = [
    (View::Annual, "annual"),
    (View::Offers, "offers"),
    (View::Flow, "flow"),
    (View::AsAt, "open"),
];

/// The view that an address names.
#[must_use]
pub fn view_named(name: &str) -> Option<View> {
    VIEWS
        .iter()
        .find(|(_, known)| *known == name)
        .map(|(view, _)| *view)
}

#[must_use]
pub fn name_of(view: View) -> &'static str {
    VIEWS
        .iter()
        .find(|(known, _)| *known == view)
        .map_or("", |(_, name)| name)
}

/// Where a view is.
#[must_use]
pub fn path_of(view: View) -> String {
    format!("/reports/{}", name_of(view))
}

/// What an address says where another year stands beside the period.
pub const BESIDE: &str = "beside";
pub const YEAR_BEFORE: &str = "year-before";

/// The report as a page.
#[derive(Debug, Clone, Serialize)]
pub struct ReportPage {
    pub title: &'static str,
    /// Where its form asks.
    pub action: String,
    pub period: String,
    /// True where the figures are of one officer's own work.
    pub own: bool,
    pub form: PeriodForm,
    /// The other tables of the same period.
    pub views: Vec<Preset>,
    pub presets: Vec<Preset>,
    /// The same tables told apart.
    pub apart: Vec<Preset>,
    pub exports: Vec<Preset>,
    pub tiles: Vec<Tile>,
    /// The link to the same page with the year before beside it, or without.
    pub beside: Option<Preset>,
    /// None where the period could not be read.
    pub document: Option<Document>,
}

/// The period as its form shows it, with what was typed.
#[derive(Debug, Clone, Default, Serialize)]
pub struct PeriodForm {
    pub from: DateField,
    pub to: DateField,
    pub errors: Vec<Problem>,
}

/// One line of the summary of what is wrong.
#[derive(Debug, Clone, Serialize)]
pub struct Problem {
    pub href: String,
    pub text: String,
}

#[derive(Debug, Clone, Default, Serialize)]
pub struct DateField {
    pub name: &'static str,
    pub day: String,
    pub month: String,
    pub year: String,
    pub error: Option<String>,
    pub day_error: bool,
    pub month_error: bool,
    pub year_error: bool,
}

/// A link with its words.
#[derive(Debug, Clone, Serialize)]
pub struct Preset {
    pub text: String,
    pub href: String,
    pub current: bool,
}

/// One number of the summary.
#[derive(Debug, Clone, Serialize)]
pub struct Tile {
    pub number: i64,
    pub words: String,
    /// None where there is nothing to list.
    pub href: Option<String>,
}

/// The period as it stands in an address: whole dates in a link, three fields each in the form.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "kebab-case", default)]
pub struct PeriodQuery {
    pub from: Option<String>,
    pub to: Option<String>,
    pub from_day: String,
    pub from_month: String,
    pub from_year: String,
    pub to_day: String,
    pub to_month: String,
    pub to_year: String,
}

impl PeriodQuery {
    /// The period that is asked for: the last whole financial year, if none is. What cannot be
    /// read comes back as the form, with everything that was typed.
    pub fn read(&self, today: NaiveDate) -> Result<Period, Box<PeriodForm>> {
        let usual = last_financial_year(today);
        let whole = [self.from.as_deref(), self.to.as_deref()];
        let [from_parts, to_parts] = [
            [&self.from_day, &self.from_month, &self.from_year],
            [&self.to_day, &self.to_month, &self.to_year],
        ];
        let nothing_typed = [from_parts, to_parts]
            .iter()
            .all(|parts| parts.iter().all(|part| part.trim().is_empty()));
        if nothing_typed && whole == [None, None] {
            return Ok(usual);
        }
        let [whole_from, whole_to] = whole;
        let from = read_day(whole_from, from_parts);
        let to = read_day(whole_to, to_parts);
        let why = match (&from, &to) {
            (Ok(from), Ok(to)) => match Period::new(*from, *to) {
                Ok(period) => return Ok(period),
                Err(sentence) => Some(sentence),
            },
            _ => None,
        };
        let mut form = PeriodForm {
            from: DateField::typed("from", from_parts, from.as_ref()),
            to: DateField::typed("to", to_parts, to.as_ref()),
            errors: vec![],
        };
        form.from.fail("From", from.err());
        form.to.fail("To", to.err());
        if let Some(sentence) = why {
            form.to.error = Some(sentence);
        }
        form.errors = [&form.from, &form.to]
            .into_iter()
            .filter_map(DateField::problem)
            .collect();
        Err(Box::new(form))
    }
}

fn read_day(
    whole: Option<&str>,
    [day, month, year]: [&String; 3],
) -> Result<NaiveDate, PartsError> {
    match whole {
        Some(text) => parse_date(text).map_err(|why| PartsError {
            message: format!("cannot be read: {why}"),
            day: true,
            month: true,
            year: true,
        }),
        None => parse_three(day, month, year),
    }
}

impl DateField {
    fn of(name: &'static str, date: NaiveDate) -> Self {
        Self {
            name,
            day: date.day().to_string(),
            month: date.month().to_string(),
            year: date.year().to_string(),
            ..Self::default()
        }
    }

    fn typed(
        name: &'static str,
        [day, month, year]: [&String; 3],
        read: Result<&NaiveDate, &PartsError>,
    ) -> Self {
        match read {
            Ok(date) => Self::of(name, *date),
            Err(_) => Self {
                name,
                day: day.clone(),
                month: month.clone(),
                year: year.clone(),
                ..Self::default()
            },
        }
    }

    fn fail(&mut self, label: &str, error: Option<PartsError>) {
        if let Some(error) = error {
            self.error = Some(format!("{label} {}", error.message));
            self.day_error = error.day;
            self.month_error = error.month;
            self.year_error = error.year;
        }
    }

    fn problem(&self) -> Option<Problem> {
        let part = match (self.day_error, self.month_error, self.year_error) {
            (false, true, _) => "month",
            (false, false, true) => "year",
            _ => "day",
        };
        self.error.as_ref().map(|text| Problem {
            href: format!("#{}-{part}", self.name),
            text: text.clone(),
        })
    }
}

impl ReportPage {
    #[must_use]
    pub fn new(
        report: &AnnualReport,
        beside: Option<&AnnualReport>,
        made: &Made<'_>,
        today: NaiveDate,
    ) -> Self {
        let (view, period) = (report.view, report.period);
        let path = path_of(view);
        let with = beside.map(|_| (BESIDE, YEAR_BEFORE));
        let (words, toggled) = match with {
            None => (
                "Show the year before beside it",
                Some((BESIDE, YEAR_BEFORE)),
            ),
            Some(_) => ("Show this period alone", None),
        };
        Self {
            title: view.words(),
            views: views(view, &period),
            apart: Dimension::ALL
                .iter()
                .map(|by| Preset {
                    text: by.words().to_owned(),
                    href: apart_href(view, *by, &period),
                    current: false,
                })
                .collect(),
            action: path.clone(),
            period: period.to_string(),
            own: made.only.is_some(),
            form: PeriodForm {
                from: DateField::of("from", period.from),
                to: DateField::of("to", period.to),
                errors: vec![],
            },
            presets: presets(&path, period, today),
            exports: Format::OFFERED
                .iter()
                .map(|format| {
                    let mut more = vec![("format", format.extension())];
                    // Those are for programs, and hold one period.
                    more.extend(with.filter(|_| format.is_document()));
                    Preset {
                        text: format.words().to_owned(),
                        href: address(&format!("{path}/export"), &period, &more),
                        current: false,
                    }
                })
                .collect(),
            tiles: tiles(report),
            beside: Some(Preset {
                text: words.to_owned(),
                href: address(&path, &period, toggled.as_slice()),
                current: false,
            }),
            document: Some(Document::new(report, beside, made, &to_rows)),
        }
    }

    /// The page when the period could not be read: the form, and no figures.
    #[must_use]
    pub fn to_mend(view: View, form: PeriodForm, own: bool, today: NaiveDate) -> Self {
        let usual = last_financial_year(today);
        let path = path_of(view);
        Self {
            title: view.words(),
            views: vec![],
            apart: vec![],
            action: path.clone(),
            period: String::new(),
            own,
            form,
            presets: presets(&path, usual, today)
                .into_iter()
                .map(|preset| Preset {
                    current: false,
                    ..preset
                })
                .collect(),
            exports: vec![],
            tiles: vec![],
            beside: None,
            document: None,
        }
    }
}

/// The summary: for each stream what came, what was taken up, and the meetings.
fn tiles(report: &AnnualReport) -> Vec<Tile> {
    let base = |table: &str, words: &str| tile(report, table, None, words);
    let row = |table: &str, row: &str, words: &str| tile(report, table, Some(row), words);
    [
        base("cp.referrals.source", "child protection referrals received"),
        row(
            "cp.referrals.outcome",
            "accepted",
            "child protection offers taken up",
        ),
        base(
            "cp.meetings.attendance",
            "child protection meetings supported",
        ),
        base("care.referrals.remit", "care referrals received"),
        base(
            "care.supported.age",
            "children in care and care leavers supported",
        ),
        base("care.meetings.attendance", "meetings in care supported"),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn tile(report: &AnnualReport, table: &str, row: Option<&str>, words: &str) -> Option<Tile> {
    let table = report.tables.iter().find(|counted| counted.id == table)?;
    let (number, words) = match row {
        None => (table.base, words.to_owned()),
        Some(id) => {
            let row = table.rows.iter().find(|row| row.id == id)?;
            let words = match row.percent {
                Some(percent) => format!("{words} ({percent}%)"),
                None => words.to_owned(),
            };
            (row.count, words)
        }
    };
    Some(Tile {
        number,
        words,
        href: (number > 0).then(|| rows_href(&report.period, table.id, row)),
    })
}

fn to_rows(period: &Period, table: &str, row: Option<&str>) -> Option<String> {
    Some(rows_href(period, table, row))
}

/// The views of a period, the one that is shown marked.
fn views(shown: View, period: &Period) -> Vec<Preset> {
    View::ALL
        .iter()
        .map(|view| Preset {
            text: view.words().to_owned(),
            href: address(&path_of(*view), period, &[]),
            current: *view == shown,
        })
        .collect()
}

fn apart_href(view: View, by: Dimension, period: &Period) -> String {
    let path = format!("{}/by/{}", path_of(view), by.code());
    address(&path, period, &[])
}

fn rows_href(period: &Period, table: &str, row: Option<&str>) -> String {
    let mut more = vec![("table", table)];
    more.extend(row.map(|row| ("row", row)));
    address(ROWS, period, &more)
}

fn address(path: &str, period: &Period, more: &[(&str, &str)]) -> String {
    let (from, to) = (period.from.to_string(), period.to.to_string());
    let mut pairs = vec![("from", from.as_str()), ("to", to.as_str())];
    pairs.extend(more);
    // Pairs of text can always be written as a query.
    let query = serde_urlencoded::to_string(&pairs).unwrap_or_default();
    format!("{path}?{query}")
}

fn last_financial_year(today: NaiveDate) -> Period {
    Period::financial_year(Period::financial_year_of(today).from.year() - 1)
}

/// This and the last financial year, and the last four whole quarters.
fn presets(path: &str, shown: Period, today: NaiveDate) -> Vec<Preset> {
    let year = |which: &str, period: Period| {
        let words = format!("{which}, {} to {}", period.from.year(), period.to.year());
        (words, period)
    };
    let mut periods = vec![
        year("Last financial year", last_financial_year(today)),
        year("This financial year", Period::financial_year_of(today)),
    ];
    let mut quarter = quarter_of(today);
    for _ in 0..4 {
        let Some(yesterday) = quarter.from.checked_sub_days(Days::new(1)) else {
            break;
        };
        quarter = quarter_of(yesterday);
        periods.push((quarter_words(&quarter), quarter));
    }
    periods
        .into_iter()
        .map(|(text, period)| Preset {
            text,
            href: address(path, &period, &[]),
            current: period == shown,
        })
        .collect()
}

/// The quarter of a year that a day lies in; the financial year's quarters are the same.
fn quarter_of(day: NaiveDate) -> Period {
    let first_month = day.month0() / 3 * 3 + 1;
    let from = NaiveDate::from_ymd_opt(day.year(), first_month, 1).unwrap_or(day);
    let next = from.checked_add_months(Months::new(3));
    let to = next.and_then(|next| next.checked_sub_days(Days::new(1)));
    Period {
        from,
        to: to.unwrap_or(day),
    }
}

fn quarter_words(quarter: &Period) -> String {
    let month = |day: NaiveDate| show(day).split(' ').nth(1).unwrap_or_default().to_owned();
    format!(
        "{} to {} {}",
        month(quarter.from),
        month(quarter.to),
        quarter.to.year()
    )
}

/// The list behind a figure as a page.
#[derive(Debug, Clone, Serialize)]
pub struct RowsPage {
    pub title: &'static str,
    /// The row's words; none for the whole base.
    pub row: Option<String>,
    pub period: String,
    pub definition: &'static str,
    pub date_basis: &'static str,
    /// "85 referrals".
    pub total: String,
    /// Which of them are on this page, where they do not fit on one.
    pub part: Option<String>,
    pub previous: Option<String>,
    pub next: Option<String>,
    pub back: String,
    pub back_words: &'static str,
    /// The part it was narrowed to.
    pub narrowed: Option<String>,
    /// False for whoever may read the figures and not the records.
    pub with_names: bool,
    pub day_header: &'static str,
    pub what_header: &'static str,
    pub rows: Vec<RowLine>,
}

#[derive(Debug, Clone, Serialize)]
pub struct RowLine {
    pub reference: String,
    pub href: String,
    pub name: Option<String>,
    pub day: String,
    pub age: String,
    pub what: String,
    pub officer: String,
}

impl RowsPage {
    #[must_use]
    pub fn new(behind: &Behind) -> Self {
        let meetings = behind.table.unit == Unit::Meetings;
        let total = i64::try_from(behind.total).unwrap_or(i64::MAX);
        let first = (behind.page - 1).saturating_mul(ROWS_A_PAGE) + 1;
        // Not by how many are listed: some may be closed to whoever reads.
        let last = behind.total.min(behind.page.saturating_mul(ROWS_A_PAGE));
        let page_href = |page: usize| {
            let page = page.to_string();
            let mut more = vec![("table", behind.table.id)];
            more.extend(behind.row.as_ref().map(|(id, _)| ("row", id.as_str())));
            if let Some((by, part)) = &behind.by {
                more.extend([("by", by.code()), ("part", part)]);
            }
            more.push(("page", &page));
            address(ROWS, &behind.period, &more)
        };
        Self {
            title: behind.table.title,
            row: behind.row.as_ref().map(|(_, label)| label.clone()),
            period: behind.period.to_string(),
            definition: behind.table.definition,
            date_basis: behind.table.date_basis,
            total: counted_words(total, behind.table.unit),
            part: (behind.total > ROWS_A_PAGE).then(|| format!("{first} to {last}")),
            previous: (behind.page > 1).then(|| page_href(behind.page - 1)),
            next: (last < behind.total).then(|| page_href(behind.page + 1)),
            back: address(&path_of(behind.view), &behind.period, &[]),
            back_words: behind.view.words(),
            narrowed: behind.part.clone(),
            with_names: behind.rows.iter().any(|row| row.name.is_some()),
            day_header: if meetings { "Held on" } else { "Received on" },
            what_header: if meetings { "Meeting" } else { "Outcome" },
            rows: behind
                .rows
                .iter()
                .map(|row| RowLine {
                    reference: row.reference.clone(),
                    href: format!("/referrals/{}", row.referral),
                    name: row.name.clone(),
                    day: show(row.day),
                    age: or_dash(row.age),
                    what: row.what.clone(),
                    officer: or_dash(row.officer.as_ref()),
                })
                .collect(),
        }
    }
}

fn or_dash(value: Option<impl Display>) -> String {
    value.map_or_else(|| "–".to_owned(), |value| value.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn typed(from: [&str; 3], to: [&str; 3]) -> PeriodQuery {
        let [from_day, from_month, from_year] = from.map(ToOwned::to_owned);
        let [to_day, to_month, to_year] = to.map(ToOwned::to_owned);
        PeriodQuery {
            from: None,
            to: None,
            from_day,
            from_month,
            from_year,
            to_day,
            to_month,
            to_year,
        }
    }

    #[test]
    fn nothing_asked_is_the_last_whole_financial_year() {
        let period = PeriodQuery::default().read(day("2022-05-01")).unwrap();
        assert_eq!(period, Period::financial_year(2021));
    }

    #[test]
    fn a_period_is_read_from_a_link_and_from_the_form() {
        let link = PeriodQuery {
            from: Some("2021-04-01".to_owned()),
            to: Some("2022-03-31".to_owned()),
            ..PeriodQuery::default()
        };
        let form = typed(["1", "Apr", "2021"], ["31", "3", "2022"]);
        for query in [link, form] {
            assert_eq!(
                query.read(day("2030-01-01")).unwrap(),
                Period::financial_year(2021)
            );
        }
    }

    #[test]
    fn a_period_that_cannot_be_read_comes_back_as_typed_with_a_sentence() {
        let form = typed(["1", "", "2021"], ["31", "3", "2022"])
            .read(day("2022-05-01"))
            .unwrap_err();
        assert_eq!(
            (form.from.day.as_str(), form.from.year.as_str()),
            ("1", "2021")
        );
        assert_eq!(form.errors.len(), 1);
        assert_eq!(form.errors[0].href, "#from-month");
        let backwards = typed(["1", "4", "2022"], ["31", "3", "2022"]).read(day("2022-05-01"));
        assert!(
            backwards
                .unwrap_err()
                .to
                .error
                .unwrap()
                .contains("before it begins")
        );
    }

    #[test]
    fn the_presets_are_two_years_and_the_last_four_quarters() {
        let presets = presets(
            "/reports/annual",
            Period::financial_year(2021),
            day("2022-05-01"),
        );
        let words: Vec<_> = presets.iter().map(|preset| preset.text.as_str()).collect();
        assert_eq!(
            words,
            [
                "Last financial year, 2021 to 2022",
                "This financial year, 2022 to 2023",
                "January to March 2022",
                "October to December 2021",
                "July to September 2021",
                "April to June 2021",
            ]
        );
        assert_eq!(
            presets[2].href,
            "/reports/annual?from=2022-01-01&to=2022-03-31"
        );
        assert!(presets[0].current && !presets[1].current);
    }

    #[test]
    fn an_address_carries_any_code() {
        let href = rows_href(
            &Period::financial_year(2021),
            "care.referrals.reason",
            Some("a&b"),
        );
        assert!(
            href.ends_with("table=care.referrals.reason&row=a%26b"),
            "{href}"
        );
    }
}
