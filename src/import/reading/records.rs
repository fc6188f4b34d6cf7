//! Rows that another program sends as names and values, read by the same rules as the rows of a
//! file.

use std::collections::{BTreeMap, BTreeSet};

use super::header::Columns;
use super::{RawRow, RowFault, Table, Unreadable, values};

/// One row as it was sent: names of columns, however written, with their values.
pub type Record = Vec<(String, String)>;

/// Reads rows of which `columns` says what may stand in them. A column that a row leaves out is
/// blank there.
pub fn read_records(records: &[Record], columns: &Columns) -> Result<Table, Unreadable> {
    let mut found = BTreeSet::new();
    let mut ignored = BTreeSet::new();
    let mut rows = Vec::with_capacity(records.len());
    for (number, record) in (1..).zip(records) {
        let mut row = RawRow {
            number,
            line: number.into(),
            values: BTreeMap::new(),
            fault: None,
        };
        for (theirs, raw) in record {
            let Some(name) = columns.named(theirs) else {
                ignored.insert(theirs.clone());
                continue;
            };
            let (value, complaint) = values::read(raw);
            if let (None, Some(reason)) = (&row.fault, complaint) {
                row.fault = Some(RowFault {
                    column: name.to_owned(),
                    reason,
                });
            }
            if row.values.insert(name.to_owned(), value).is_some() {
                return Err(Unreadable::whole(format!(
                    "Row {number} has more than one {name}: it can have one."
                )));
            }
            found.insert(name.to_owned());
        }
        rows.push(row);
    }
    Ok(Table {
        rows,
        columns: found.into_iter().collect(),
        ignored_columns: ignored.into_iter().collect(),
        letters: BTreeMap::new(),
    })
}

#[cfg(test)]
mod tests {
    use super::super::{Known, Value};
    use super::*;

    fn read(record: &[(&str, &str)]) -> Result<Table, Unreadable> {
        const KNOWN: &[Known] = &[
            Known::needed("child_ref", Value::Text, ""),
            Known::optional("venue", Value::Text, ""),
        ];
        let columns = Columns::new(KNOWN);
        let record = record
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect();
        read_records(&[record], &columns)
    }

    #[test]
    fn names_are_read_as_in_a_header_and_unknown_ones_are_named() {
        let table = read(&[("Child Ref", " K1 "), ("colour", "red")]).unwrap();
        assert_eq!(table.rows[0].values["child_ref"], "K1");
        assert_eq!(table.ignored_columns, ["colour"]);
    }

    #[test]
    fn a_row_does_not_say_one_thing_twice() {
        let twice = read(&[("child_ref", "K1"), ("CHILD-REF", "K2")]);
        assert!(twice.unwrap_err().to_string().contains("child_ref"));
    }
}
