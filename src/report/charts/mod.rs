//! Which pictures stand beside which table of the report: bars for most, take-up as a flow from
//! referred to accepted, and how long cases were open.

mod draw;

pub use draw::Drawing;

use super::document::Table;
use super::figures::count::Extra;
use super::figures::numbers::Fraction;

/// A picture of numbers, before it is drawn.
#[derive(Debug, Clone)]
pub struct Chart {
    /// Fit for the id of an element, and once in the document.
    pub id: String,
    pub title: String,
    /// The periods that stand side by side: one, or two.
    pub series: Vec<String>,
    pub shape: Shape,
}

#[derive(Debug, Clone)]
pub enum Shape {
    Bars(Vec<Bar>),
    Flow(Vec<Step>),
}

/// One thing that is compared, with a value for each period.
#[derive(Debug, Clone)]
pub struct Bar {
    pub label: String,
    pub values: Vec<Value>,
}

#[derive(Debug, Clone)]
pub struct Value {
    /// How long the bar is, against the others of its chart.
    pub size: i64,
    /// What is written beside it.
    pub words: String,
}

/// How many came this far, and what became of those who went no further.
#[derive(Debug, Clone)]
pub struct Step {
    pub label: String,
    pub count: i64,
    pub left: Vec<String>,
}

/// One step of take-up: its words, its table, and its row there; the whole base where it has none.
type StepOf = (&'static str, &'static str, Option<&'static str>);

/// Take-up: beside which table the flow is drawn, and its steps.
const FLOWS: [(&str, &[StepOf]); 2] = [
    (
        "cp.referrals.outcome",
        &[
            ("Referred", "cp.referrals.source", None),
            ("Accepted", "cp.referrals.outcome", Some("accepted")),
        ],
    ),
    (
        "care.referrals.progress",
        &[
            ("Referred", "care.referrals.remit", None),
            ("Within the remit", "care.referrals.remit", Some("in_remit")),
            ("Supported", "care.referrals.progress", Some("supported")),
        ],
    ),
];

/// The charts of one table among all. Where nothing was counted there is nothing to draw.
#[must_use]
pub fn charts(table: &Table, all: &[Table], periods: &[String]) -> Vec<Chart> {
    if table.bases.iter().all(|base| base.count == 0) {
        return vec![];
    }
    let chart = |kind: &str, title: &str, shape: Shape| Chart {
        id: format!("chart-{}-{kind}", table.anchor),
        title: title.to_owned(),
        series: periods.to_vec(),
        shape,
    };
    let mut found = Vec::new();
    match take_up(table, all, periods.len()) {
        Some(shape) => found.push(chart("flow", "Take-up, from referral to support", shape)),
        None if table.rows.is_empty() => {}
        None => found.push(chart("bars", table.title, Shape::Bars(bars(table)))),
    }
    let weeks = durations(table);
    if weeks
        .iter()
        .any(|bar| bar.values.iter().any(|value| value.size > 0))
    {
        found.push(chart("weeks", "Weeks open", Shape::Bars(weeks)));
    }
    found
}

fn bars(table: &Table) -> Vec<Bar> {
    let rows = table.rows.iter().map(|row| Bar {
        label: row.label.clone(),
        values: row
            .cells
            .iter()
            .map(|cell| Value {
                size: cell.count,
                words: match cell.percent {
                    Some(percent) => format!("{} ({percent}%)", cell.count),
                    None => cell.count.to_string(),
                },
            })
            .collect(),
    });
    rows.collect()
}

/// The flow of a table that has one; for two periods its steps as pairs of bars.
fn take_up(table: &Table, all: &[Table], periods: usize) -> Option<Shape> {
    let (_, steps) = FLOWS.iter().find(|(beside, _)| *beside == table.id)?;
    let find = |id: &str| all.iter().find(|table| table.id == id);
    let counts_of = |(_, id, row): &StepOf| -> Option<Vec<i64>> {
        let table = find(id)?;
        Some(match row {
            None => table.bases.iter().map(|base| base.count).collect(),
            Some(id) => {
                let row = table.rows.iter().find(|row| row.id == *id)?;
                row.cells.iter().map(|cell| cell.count).collect()
            }
        })
    };
    let counts: Vec<Vec<i64>> = steps.iter().map(counts_of).collect::<Option<_>>()?;
    if periods > 1 {
        let bars = steps.iter().zip(counts).map(|((label, ..), counts)| Bar {
            label: (*label).to_owned(),
            values: counts
                .into_iter()
                .map(|size| Value {
                    size,
                    words: size.to_string(),
                })
                .collect(),
        });
        return Some(Shape::Bars(bars.collect()));
    }
    let steps: Vec<Step> = steps
        .iter()
        .enumerate()
        .zip(counts)
        .map(|((place, (label, ..)), counts)| Step {
            label: (*label).to_owned(),
            count: counts.first().copied().unwrap_or_default(),
            left: steps
                .get(place + 1)
                .map(|next| others(next, find(next.1)))
                .unwrap_or_default(),
        })
        .collect();
    Some(Shape::Flow(steps))
}

/// The other rows beside a step: what became of those who did not go on.
fn others((_, _, on): &StepOf, table: Option<&Table>) -> Vec<String> {
    let rows = table.map(|table| table.rows.as_slice()).unwrap_or_default();
    rows.iter()
        .filter(|row| Some(row.id.as_str()) != *on)
        .filter_map(|row| {
            let count = row.cells.first()?.count;
            (count > 0).then(|| format!("{}: {count}", row.label))
        })
        .collect()
}

/// How long cases were open, each with how many it is of.
fn durations(table: &Table) -> Vec<Bar> {
    let mut bars: [Bar; 3] = [
        "Closed cases, mean",
        "Closed cases, median",
        "Cases still open, median so far",
    ]
    .map(|label| Bar {
        label: label.to_owned(),
        values: vec![],
    });
    for extra in &table.extras {
        let Extra::Durations {
            closed,
            mean,
            median,
            still_open,
            median_still_open,
        } = *extra
        else {
            return vec![];
        };
        let durations = [
            (mean, closed),
            (median, closed),
            (median_still_open, still_open),
        ];
        for (bar, (weeks, of)) in bars.iter_mut().zip(durations) {
            bar.values.push(in_weeks(weeks, of));
        }
    }
    bars.into()
}

/// No duration without how many it is of.
fn in_weeks(weeks: Option<Fraction>, of: i64) -> Value {
    let cases = if of == 1 { "case" } else { "cases" };
    match weeks {
        None => Value {
            size: 0,
            words: "none".to_owned(),
        },
        Some(weeks) => Value {
            // Drawn from tenths, told in whole weeks.
            size: weeks.tenths(),
            words: format!("{} ({of} {cases})", weeks.whole()),
        },
    }
}
