//! Reads the tables that other systems send as CSV files or Excel workbooks: says which rows can be used and, in plain
//! words, what is wrong with the rest.
//!
//! A file goes through four rooms: `decode` makes text of its bytes (`sheet` does, of a workbook's), `split` cuts the text into rows and values,
//! `header` finds which column is which, `values` looks at each value. What makes the whole file doubtful (damaged
//! bytes, a quote mark never closed, a missing column) refuses it whole, as [`Unreadable`]; what spoils one row is
//! that row's [`RowFault`] and the others go on. What a value means is for the mapping that comes after.
//!
//! Numbers: row 1 is the first below the header. Blank rows, be they empty lines or nothing but delimiters, are no
//! rows: they are neither kept nor counted, so the last row's number is the number of rows. Each row also keeps the
//! line of the file where it starts; there every line counts, as in a text editor.

mod decode;
#[cfg(test)]
mod fuzz;
mod header;
mod records;
mod sheet;
mod split;
mod values;

use std::collections::BTreeMap;
use std::fmt;

pub use header::{Columns, Known, Required, Value};
pub use records::{Record as SentRow, read_records};
pub use values::guarded;

use header::Header;
use split::Record;

/// A team's year is hundreds of rows. This only keeps a wrong file from filling the memory.
const MOST_ROWS: usize = 250_000;

/// A file that could be read as the table it should be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Table {
    pub rows: Vec<RawRow>,
    /// The known columns that the file has, by our names, in the file's order.
    pub columns: Vec<String>,
    /// The columns that nobody here knows, as the file names them; their values were not looked at.
    pub ignored_columns: Vec<String>,
    /// In a workbook, the letters of each known column; in other files nothing.
    letters: BTreeMap<String, String>,
}

impl Table {
    /// The cell of a workbook where a row has a column; none in other files.
    #[must_use]
    pub fn cell(&self, row: &RawRow, column: &str) -> Option<String> {
        let letters = self.letters.get(column)?;
        Some(format!("{letters}{}", row.line))
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RawRow {
    /// 1 for the first row below the header.
    pub number: u32,
    /// The line of the file where the row starts.
    pub line: u64,
    /// By our column names, cleaned. A blank value is here as ""; a column that the file lacks is not here. In a row
    /// with a fault this is what could be read, for mending: never to be imported.
    pub values: BTreeMap<String, String>,
    pub fault: Option<RowFault>,
}

/// Why one row can't be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RowFault {
    /// Our name of the column, or "" when the row as a whole is at fault.
    pub column: String,
    pub reason: String,
}

/// Why a whole file can't be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unreadable {
    pub line: Option<u64>,
    /// A whole sentence, without the line.
    pub reason: String,
}

impl Unreadable {
    fn whole(reason: impl Into<String>) -> Self {
        Self {
            line: None,
            reason: reason.into(),
        }
    }

    fn at(line: u64, reason: impl Into<String>) -> Self {
        Self {
            line: Some(line),
            reason: reason.into(),
        }
    }
}

impl fmt::Display for Unreadable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            Some(line) => write!(f, "Line {line}: {}", self.reason),
            None => f.write_str(&self.reason),
        }
    }
}

impl std::error::Error for Unreadable {}

/// Reads a file of which `columns` says what may stand in its header. Of a workbook it is the sheet of that name, or
/// else the one that holds such a table.
pub fn read_table(
    bytes: &[u8],
    columns: &Columns,
    sheet: Option<&str>,
) -> Result<Table, Unreadable> {
    if !sheet::is_workbook(bytes) {
        return read_text(&decode::text_of(bytes)?, columns);
    }
    let sheet = sheet::text_of(bytes, columns, sheet)?;
    let mut table = read_text(&sheet.text, columns)?;
    let header = Header::find(&sheet.text, columns)?;
    let names: Vec<Option<&str>> = header.names().collect();
    table.letters = (sheet.first_column..)
        .zip(&names)
        .filter_map(|(column, name)| Some(((*name)?.to_owned(), sheet::column_name(column))))
        .collect();
    for row in &mut table.rows {
        if let Some((place, reason)) = sheet.faults.get(&row.line) {
            let column = names.get(*place).copied().flatten();
            row.fault = Some(RowFault {
                column: column.unwrap_or_default().to_owned(),
                reason: reason.clone(),
            });
        }
    }
    Ok(table)
}

/// The sheets of a workbook by name; nothing for a file that is none.
pub fn sheets(bytes: &[u8]) -> Result<Vec<String>, Unreadable> {
    match sheet::is_workbook(bytes) {
        true => sheet::names(bytes),
        false => Ok(Vec::new()),
    }
}

/// A column of a file, as somebody must see it to say what it stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seen {
    pub header: String,
    /// Our name for it, if it is known.
    pub name: Option<String>,
    /// Its first values.
    pub samples: Vec<String>,
}

/// How many values show what a column holds.
const SAMPLES: usize = 3;

/// Looks at the columns of a file, whatever it lacks.
pub fn look(bytes: &[u8], columns: &Columns, sheet: Option<&str>) -> Result<Vec<Seen>, Unreadable> {
    let text = match sheet::is_workbook(bytes) {
        true => sheet::text_of(bytes, columns, sheet)?.text.into(),
        false => decode::text_of(bytes)?,
    };
    let (header, _) = Header::guess(&text, columns)?;
    let mut seen: Vec<Seen> = header
        .headers()
        .zip(header.names())
        .map(|(header, name)| Seen {
            header: header.to_owned(),
            name: name.map(str::to_owned),
            samples: Vec::new(),
        })
        .collect();
    for record in header.below(&text).flatten().take(50) {
        for (column, field) in seen.iter_mut().zip(&record.fields) {
            let (value, _) = values::read(field);
            if !value.is_empty()
                && column.samples.len() < SAMPLES
                && !column.samples.contains(&value)
            {
                column.samples.push(value.chars().take(60).collect());
            }
        }
    }
    Ok(seen)
}

fn read_text(text: &str, columns: &Columns) -> Result<Table, Unreadable> {
    let header = Header::find(text, columns)?;
    let mut rows = Vec::new();
    let mut number = 0;
    for record in header.below(text) {
        let record = record?;
        if record.is_blank() {
            continue;
        }
        if rows.len() == MOST_ROWS {
            return Err(Unreadable::at(
                record.line,
                format!("The file has more than {MOST_ROWS} rows: split it into several files."),
            ));
        }
        number += 1;
        rows.push(raw_row(number, &record, &header));
    }
    Ok(Table {
        rows,
        columns: header.known_columns(),
        ignored_columns: header.ignored_columns(),
        letters: BTreeMap::new(),
    })
}

fn raw_row(number: u32, record: &Record<'_>, header: &Header) -> RawRow {
    let mut fault = fault_of_the_row(record, header);
    let mut values = Vec::with_capacity(header.width());
    for (name, raw) in header.names().zip(&record.fields) {
        let Some(name) = name else { continue };
        let (value, complaint) = values::read(raw);
        // One reason a row is enough to mend it by; the first is the leftmost.
        if let (None, Some(reason)) = (&fault, complaint) {
            fault = Some(RowFault {
                column: name.to_owned(),
                reason,
            });
        }
        values.push((name.to_owned(), value));
    }
    RawRow {
        number,
        line: record.line,
        values: values.into_iter().collect(),
        fault,
    }
}

/// What is wrong with a row before any single value is looked at.
fn fault_of_the_row(record: &Record<'_>, header: &Header) -> Option<RowFault> {
    let of_the_row = |reason: String| {
        Some(RowFault {
            column: String::new(),
            reason,
        })
    };
    if record.has_stray_quote {
        return of_the_row(
            "a value goes on after its closing quote mark: inside quotes, a quote mark is written twice"
                .to_owned(),
        );
    }
    let (has, wants) = (record.count, header.width());
    if has < wants {
        // Bars divide no whole file that this reader takes, but say what happened to the row.
        let other = split::DELIMITERS
            .into_iter()
            .chain([b'|'])
            .filter(|other| *other != header.delimiter)
            .find(|other| record.count_if_split_by(*other) >= wants);
        return of_the_row(match other {
            Some(other) => format!(
                "this row is divided by {}, the header by {}",
                split::name_of(other),
                split::name_of(header.delimiter)
            ),
            None => format!(
                "this row has {} where the header has {wants}",
                count_of_fields(has)
            ),
        });
    }
    if record.has_text_beyond {
        return of_the_row(format!(
            "this row has {} where the header has {wants}: a value that holds a {} must stand in quotes",
            count_of_fields(has),
            split::singular_name_of(header.delimiter)
        ));
    }
    if header.is_repeated_by(record) {
        return of_the_row("this row repeats the header".to_owned());
    }
    header.swallowed_line(record).map(|name| RowFault {
        column: name.unwrap_or_default().to_owned(),
        reason:
            "this value runs over several lines and holds a whole row: a quote mark is missing or too many"
                .to_owned(),
    })
}

fn count_of_fields(count: usize) -> String {
    match count {
        1 => "1 field".to_owned(),
        _ => format!("{count} fields"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn columns() -> Columns {
        const KNOWN: &[Known] = &[
            Known::needed("child_ref", Value::Text, ""),
            Known::needed("first_name", Value::Text, ""),
            Known::optional("venue", Value::Text, ""),
        ];
        Columns::new(KNOWN)
    }

    fn read(text: &str) -> Result<Table, String> {
        read_table(text.as_bytes(), &columns(), None).map_err(|e| e.to_string())
    }

    fn rows(text: &str) -> Vec<RawRow> {
        read(text).map(|table| table.rows).unwrap_or_default()
    }

    /// The fault of the only row, as "column: reason".
    fn fault(text: &str) -> String {
        rows(text)
            .into_iter()
            .find_map(|row| row.fault)
            .map(|fault| format!("{}: {}", fault.column, fault.reason))
            .unwrap_or_default()
    }

    fn value(text: &str, column: &str) -> String {
        rows(text)
            .first()
            .and_then(|row| row.values.get(column).cloned())
            .unwrap_or_else(|| "nothing".to_owned())
    }

    #[test]
    fn a_blank_value_is_kept_and_a_column_the_file_lacks_is_not() {
        assert_eq!(value("child_ref,first_name\nC1,\n", "first_name"), "");
        assert_eq!(value("child_ref,first_name\nC1,\n", "venue"), "nothing");
    }

    #[test]
    fn blank_rows_are_neither_kept_nor_counted_but_lines_are() {
        let rows = rows("child_ref,first_name\r\n\r\nC1,Ann\r\n,,\r\n , \r\nC2,Bo\r\n\r\n");
        let seen: Vec<_> = rows.iter().map(|row| (row.number, row.line)).collect();
        assert_eq!(seen, [(1, 3), (2, 6)]);
    }

    #[test]
    fn every_line_ending_is_read_even_mixed() {
        for text in [
            "child_ref,first_name\nC1,Ann\nC2,Bo",
            "child_ref,first_name\rC1,Ann\rC2,Bo\r",
            "child_ref,first_name\r\nC1,Ann\nC2,Bo\r",
        ] {
            let seen: Vec<_> = rows(text)
                .iter()
                .map(|row| (row.number, row.line))
                .collect();
            assert_eq!(seen, [(1, 2), (2, 3)], "{text:?}");
        }
    }

    #[test]
    fn a_row_that_is_too_short_is_at_fault_and_the_others_go_on() {
        let text = "child_ref,first_name,venue\nC1\nC2,Bo,Hall\n";
        assert_eq!(fault(text), ": this row has 1 field where the header has 3");
        assert_eq!(rows(text).len(), 2);
    }

    #[test]
    fn a_row_with_text_beyond_the_header_is_at_fault() {
        assert_eq!(
            fault("child_ref,first_name\nC1,Ann,Hall"),
            ": this row has 3 fields where the header has 2: a value that holds a comma must stand in quotes"
        );
        assert_eq!(fault("child_ref,first_name\nC1,Ann,, ,"), "");
        assert_eq!(fault("child_ref,first_name,,\nC1,Ann"), "");
    }

    #[test]
    fn a_row_divided_otherwise_than_the_header_is_at_fault() {
        assert_eq!(
            fault("child_ref,first_name,venue\nC1;Ann;Hall"),
            ": this row is divided by semicolons, the header by commas"
        );
    }

    #[test]
    fn a_header_in_the_middle_is_no_child() {
        assert_eq!(
            fault("child_ref,first_name\nChild_Ref, First_Name"),
            ": this row repeats the header"
        );
    }

    #[test]
    fn a_quoted_value_may_hold_delimiters_quotes_and_lines() {
        let text = "child_ref,first_name\nC1,\"Ann \"\"Nan\"\",\r\nElizabeth\"\nC2,Bo\n";
        assert_eq!(value(text, "first_name"), "Ann \"Nan\",\nElizabeth");
        assert_eq!(
            rows(text).last().map(|row| (row.number, row.line)),
            Some((2, 4))
        );
    }

    #[test]
    fn a_quote_mark_left_open_refuses_the_file_and_names_the_line() {
        assert_eq!(
            read("child_ref,first_name\nC1,\"Ann\nC2,Bo\n"),
            Err("Line 2: The quote mark that opens a value here is never closed.".to_owned())
        );
    }

    #[test]
    fn a_quote_mark_closed_by_a_later_row_refuses_the_file() {
        assert_eq!(
            read("child_ref,first_name\nC1,\"Ann\nC2,\"Bo\"\n"),
            Err("Line 2: The quote mark that opens a value here is not closed on its line, and line 3 holds another: \
                 one of them is missing or too many.".to_owned())
        );
    }

    #[test]
    fn a_stray_quote_mark_on_one_line_is_the_fault_of_that_row() {
        let text = "child_ref,first_name\nC1,\"Ann\" Smith\nC2,Bo\n";
        assert!(fault(text).contains("a quote mark is written twice"));
        assert_eq!(rows(text).len(), 2);
    }

    #[test]
    fn a_value_that_swallowed_other_rows_is_a_fault() {
        let text = "child_ref,first_name,venue,a,b\nC1,Ann,\"Hall,,\nC2,Bo,Room,,\nC3,Cy,Den\",,\n";
        assert!(fault(text).starts_with("venue: this value runs over several lines"));
    }

    #[test]
    fn a_header_alone_is_a_table_without_rows() {
        assert_eq!(read("child_ref,first_name\n").map(|t| t.rows.len()), Ok(0));
    }

    #[test]
    fn too_many_rows_are_refused() {
        let text = format!("child_ref,first_name\n{}", "C,A\n".repeat(MOST_ROWS + 1));
        assert!(read(&text).is_err_and(|e| e.contains("more than 250000 rows")));
    }

    proptest! {
        #[test]
        fn no_bytes_make_the_reader_panic(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
            let _ = read_table(&bytes, &columns(), None);
            let below = [b"child_ref,first_name,venue\n".as_slice(), &bytes].concat();
            let _ = read_table(&below, &columns(), None);
        }

        #[test]
        fn no_mix_of_marks_makes_the_reader_panic(text in "[\",;\t\r\nCé=\u{200e}\u{a0}-]{0,80}") {
            let _ = read(&text);
            let _ = read(&format!("child_ref,first_name\n{text}"));
        }

        /// The csv crate is the witness: what it writes is read back, value for value.
        #[test]
        fn what_the_csv_crate_writes_reads_back(
            table in proptest::collection::vec(["[a-zé]", "[a-z \",;\n]{0,12}", "[A-Z\",]{0,5}"], 1..9),
            delimiter in proptest::sample::select(vec![b',', b';', b'\t']),
        ) {
            let fail = |e: csv::Error| TestCaseError::fail(e.to_string());
            let mut writer = csv::WriterBuilder::new().delimiter(delimiter).from_writer(Vec::new());
            writer.write_record(["child_ref", "first_name", "venue"]).map_err(fail)?;
            for row in &table {
                writer.write_record(row).map_err(fail)?;
            }
            let bytes = writer.into_inner().map_err(|e| TestCaseError::fail(e.to_string()))?;
            let read = read_table(&bytes, &columns(), None).map_err(|e| TestCaseError::fail(e.to_string()))?;
            let read: Vec<Vec<String>> =
                read.rows.into_iter().map(|row| row.values.into_values().collect()).collect();
            let written: Vec<Vec<String>> =
                table.iter().map(|row| row.iter().map(|value| value.trim().to_owned()).collect()).collect();
            prop_assert_eq!(read, written);
        }
    }
}
