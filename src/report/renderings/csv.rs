//! The report as one flat table for a spreadsheet: a line for each row of each table, and one for
//! each number beside the counts.

use std::error::Error;

use crate::failure::Fault;
use crate::report::annual::AnnualReport;
use crate::report::figures::count::{Counted, Number};

const HEADER: [&str; 11] = [
    "table", "title", "unit", "base", "row", "label", "count", "percent", "value", "from", "to",
];

pub fn to_csv(report: &AnnualReport) -> Result<String, Fault> {
    written(report).map_err(|cause| Fault::because("the report cannot be written as CSV", &*cause))
}

fn written(report: &AnnualReport) -> Result<String, Box<dyn Error>> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(HEADER)?;
    let (from, to) = (report.period.from.to_string(), report.period.to.to_string());
    for table in &report.tables {
        for numbers in lines(table)? {
            let line = named(table).into_iter().chain(numbers);
            writer.write_record(line.chain([from.clone(), to.clone()]))?;
        }
    }
    Ok(String::from_utf8(writer.into_inner()?)?)
}

/// What every line of a table begins with.
fn named(table: &Counted) -> [String; 4] {
    [
        guarded(table.id),
        guarded(table.title),
        table.unit.code().to_owned(),
        table.base.to_string(),
    ]
}

/// Row, label, count, percent, value.
fn lines(table: &Counted) -> Result<Vec<[String; 5]>, serde_json::Error> {
    let rows = table.rows.iter().map(|row| {
        Ok([
            guarded(&row.id),
            guarded(&row.label),
            row.count.to_string(),
            row.percent
                .map(|percent| percent.to_string())
                .unwrap_or_default(),
            String::new(),
        ])
    });
    let beside = table
        .extra
        .numbers()
        .into_iter()
        .map(|(id, label, number)| {
            let [count, percent] = [const { String::new() }; 2];
            Ok([guarded(id), guarded(label), count, percent, value(number)?])
        });
    rows.chain(beside).collect()
}

/// As in JSON, and empty where there is none.
fn value(number: Number) -> Result<String, serde_json::Error> {
    Ok(match serde_json::to_value(number)? {
        serde_json::Value::Null => String::new(),
        value => value.to_string(),
    })
}

/// A text that a spreadsheet would run as a formula is told to be text.
fn guarded(text: &str) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        format!("'{text}")
    } else {
        text.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_is_never_a_formula() {
        for cell in ["=1+1", "+1", "-1", "@SUM(A1)"] {
            assert_eq!(guarded(cell), format!("'{cell}"));
        }
        assert_eq!(guarded("Other - or not"), "Other - or not");
    }
}
