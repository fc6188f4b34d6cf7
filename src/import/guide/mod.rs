//! What each column of each kind of file means, for whoever prepares one: a page, and a workbook
//! to fill in. Both come from the definition that the reader itself goes by.

pub mod pages;
mod template;

use super::history::Part;
use super::reading::{Known, Required, Value};
use super::{Kind, conferences, legal_status, placements};

/// One table of a kind of file.
pub struct Table {
    pub kind: Kind,
    /// What its sheet is called, and in CSV its file.
    pub name: &'static str,
    pub title: &'static str,
    pub columns: &'static [Known],
}

/// Every table that can come in.
#[must_use]
pub fn tables() -> Vec<Table> {
    let mut tables = vec![Table {
        kind: Kind::Conferences,
        name: "conferences",
        title: "Conference schedule",
        columns: conferences::COLUMNS,
    }];
    tables.extend(
        [
            (Kind::Placements, placements::COLUMNS),
            (Kind::LegalStatus, legal_status::COLUMNS),
        ]
        .map(|(kind, columns)| Table {
            kind,
            name: kind.code(),
            title: kind.words(),
            columns,
        }),
    );
    tables.extend(Part::ALL.iter().map(|part| Table {
        kind: Kind::History,
        name: part.code(),
        title: part.words(),
        columns: part.columns(),
    }));
    tables
}

/// Whether a column must be there, and what it holds, in words.
fn needed(column: &Known) -> &'static str {
    match column.required {
        Required::Yes => "Yes",
        Required::No => "No",
    }
}

fn holds(column: &Known) -> &'static str {
    match column.value {
        Value::Text => "Text",
        Value::Date => "A day",
        Value::Time => "A time",
    }
}
