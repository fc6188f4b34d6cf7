//! Conference schedules, written row by row.

use std::collections::BTreeMap;

use heard::db::Db;
use heard::failure::Failure;
use heard::import::Kind;
use heard::import::Report;
use heard::import::actions::{self, ImportFile, Incoming, Run};

use super::PROGRAM;
use super::given::import_settings;

/// One child on one conference: an initial one on 20 April 2022, of a child born on 10 May 2009.
#[derive(Clone)]
pub struct Row(BTreeMap<&'static str, String>);

pub fn row(conference_ref: &str, child_ref: &str) -> Row {
    // Names as unlike each other as the references are.
    let letters: String = child_ref
        .bytes()
        .map(|byte| char::from(b'a' + byte % 26))
        .collect();
    let row = Row(BTreeMap::new());
    row.with("conference_ref", conference_ref)
        .with("conference_type", "initial")
        .with("conference_date", "2022-04-20")
        .with("child_ref", child_ref)
        .with("first_name", &format!("F{letters}"))
        .with("last_name", &format!("L{letters}"))
        .with("date_of_birth", "2009-05-10")
}

impl Row {
    pub fn with(mut self, column: &'static str, value: &str) -> Self {
        self.0.insert(column, value.to_owned());
        self
    }

    pub fn without(mut self, column: &'static str) -> Self {
        self.0.remove(column);
        self
    }

    pub fn born(self, day: &str) -> Self {
        self.with("date_of_birth", day)
    }

    pub fn on(self, day: &str) -> Self {
        self.with("conference_date", day)
    }

    pub fn kind(self, kind: &str) -> Self {
        self.with("conference_type", kind)
    }

    pub fn status(self, status: &str) -> Self {
        self.with("status", status)
    }

    pub fn named(self, first: &str, last: &str) -> Self {
        self.with("first_name", first).with("last_name", last)
    }

    pub fn get(&self, column: &str) -> &str {
        self.0.get(column).map_or("", String::as_str)
    }
}

/// The columns that any of the rows has, in order of the alphabet.
pub fn columns(rows: &[Row]) -> Vec<&'static str> {
    let mut columns: Vec<_> = rows.iter().flat_map(|row| row.0.keys().copied()).collect();
    columns.sort_unstable();
    columns.dedup();
    columns
}

pub fn text(rows: &[Row], columns: &[&'static str], delimiter: u8) -> String {
    let mut out = csv::WriterBuilder::new()
        .delimiter(delimiter)
        .from_writer(Vec::new());
    out.write_record(columns).unwrap();
    for row in rows {
        out.write_record(columns.iter().map(|column| row.get(column)))
            .unwrap();
    }
    String::from_utf8(out.into_inner().unwrap()).unwrap()
}

pub fn file(rows: &[Row]) -> Vec<u8> {
    text(rows, &columns(rows), b',').into_bytes()
}

pub fn import(db: &Db, rows: &[Row]) -> Report {
    import_bytes(db, &file(rows), Run::Keep).unwrap()
}

pub fn rehearse(db: &Db, rows: &[Row]) -> Report {
    import_bytes(db, &file(rows), Run::Rehearse).unwrap()
}

pub fn import_bytes(db: &Db, bytes: &[u8], run: Run) -> Result<Report, Failure> {
    let settings = import_settings();
    let files = [ImportFile {
        name: "schedule.csv".to_owned(),
        bytes: bytes.to_owned(),
    }];
    let incoming = Incoming {
        kind: Kind::Conferences,
        source: "scheduling",
        name: "schedule.csv",
        files: &files,
    };
    actions::import(db, &PROGRAM, &settings, &incoming, run, &|_, _| {})
}

/// Created, updated, unchanged, rejected, review.
pub fn results(report: &Report) -> [u32; 5] {
    let Report {
        created,
        updated,
        unchanged,
        rejected,
        review,
        ..
    } = *report;
    let results = [created, updated, unchanged, rejected, review];
    assert_eq!(report.rows, results.iter().sum::<u32>());
    results
}
