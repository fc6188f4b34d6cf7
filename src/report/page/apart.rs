//! The tables of a view told apart, as pages show them.

use serde::Serialize;

use super::super::annual::Breakdown;
use super::super::figures::breakdown::{Apart, Dimension};
use super::{Preset, ROWS, address, apart_href, path_of};
use crate::calendar::Period;

/// The tables of a view told apart, as a page.
#[derive(Debug, Clone, Serialize)]
pub struct ApartPage {
    pub title: &'static str,
    pub by: &'static str,
    pub period: String,
    pub own: bool,
    pub whole: String,
    /// The other ways to tell them apart.
    pub others: Vec<Preset>,
    pub tables: Vec<ApartTable>,
}

#[derive(Debug, Clone, Serialize)]
pub struct ApartTable {
    pub anchor: String,
    pub title: &'static str,
    pub unit: &'static str,
    pub columns: Vec<String>,
    pub lines: Vec<ApartLine>,
}

#[derive(Debug, Clone, Serialize)]
pub struct ApartLine {
    pub label: String,
    /// In all, then one for each column.
    pub cells: Vec<ApartCell>,
}

#[derive(Debug, Clone, Serialize)]
pub struct ApartCell {
    pub count: i64,
    /// What is counted, for whoever hears the link alone.
    pub words: String,
    pub href: Option<String>,
}

impl ApartPage {
    #[must_use]
    pub fn new(found: &Breakdown, own: bool) -> Self {
        let (view, by, period) = (found.view, found.by, found.period);
        Self {
            title: view.words(),
            by: by.words(),
            period: period.to_string(),
            own,
            whole: address(&path_of(view), &period, &[]),
            others: Dimension::ALL
                .iter()
                .map(|other| Preset {
                    text: other.words().to_owned(),
                    href: apart_href(view, *other, &period),
                    current: *other == by,
                })
                .collect(),
            tables: found
                .tables
                .iter()
                .filter(|table| !table.lines.is_empty())
                .map(|table| apart_table(table, by, &period))
                .collect(),
        }
    }
}

fn apart_table(table: &Apart, by: Dimension, period: &Period) -> ApartTable {
    let cell = |part: &str, row: Option<&str>, count: i64, words: String| {
        let mut more = vec![("table", table.id), ("by", by.code()), ("part", part)];
        more.extend(row.map(|row| ("row", row)));
        ApartCell {
            count,
            words,
            href: (count > 0).then(|| address(ROWS, period, &more)),
        }
    };
    ApartTable {
        anchor: table.id.replace('.', "-"),
        title: table.title,
        unit: table.unit.words(),
        columns: table.columns.iter().map(|it| it.label.clone()).collect(),
        lines: table
            .lines
            .iter()
            .map(|line| {
                let all = cell(&line.id, None, line.base, format!("{}: in all", line.label));
                let rows = table.columns.iter().zip(&line.counts).map(|(row, count)| {
                    let words = format!("{}: {}", line.label, row.label);
                    cell(&line.id, Some(&row.id), *count, words)
                });
                ApartLine {
                    label: line.label.clone(),
                    cells: std::iter::once(all).chain(rows).collect(),
                }
            })
            .collect(),
    }
}
