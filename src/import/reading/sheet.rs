//! Makes of an Excel workbook the same text that a CSV file would hold, one line a row, so that one reader reads both:
//! days and times that are kept as numbers become what a person would write, and merged cells are named.

use std::collections::BTreeMap;
use std::io::Cursor;
use std::panic::{AssertUnwindSafe, catch_unwind};

use calamine::{
    DataRef, Dimensions, ExcelDateTime, ExcelDateTimeType, Reader, SheetVisible, Xlsx,
    open_workbook_from_rs,
};
use chrono::{NaiveDateTime, TimeDelta, Timelike};

use super::header::{Columns, Look, MOST_COLUMNS, Value, header_among};
use super::{MOST_ROWS, Unreadable};

/// What a workbook may unfold to: fifty times what a year of a large council needs.
const MOST_UNFOLDED: u64 = 512 * 1024 * 1024;
const MOST_TEXT: usize = 128 * 1024 * 1024;

/// A sheet as text.
pub(super) struct Sheet {
    /// Line n is row n of the sheet.
    pub text: String,
    /// What is wrong with a line as a line of a sheet, and with which of its columns.
    pub faults: BTreeMap<u64, (usize, String)>,
    /// The place in the sheet of the first column of the text.
    pub first_column: u32,
}

pub(super) fn is_workbook(bytes: &[u8]) -> bool {
    bytes.starts_with(b"PK\x03\x04")
}

/// "B7" for the second column and the seventh row, both counted from 0.
pub(super) fn cell_name(row: u32, column: u32) -> String {
    format!("{}{}", column_name(column), u64::from(row) + 1)
}

pub(super) fn column_name(column: u32) -> String {
    let mut letters = Vec::new();
    let mut left = u64::from(column) + 1;
    while left > 0 {
        let letter = u8::try_from((left - 1) % 26).unwrap_or_default();
        letters.push(char::from(b'A' + letter));
        left = (left - 1) / 26;
    }
    letters.iter().rev().collect()
}

/// The names of the sheets that can be seen, in their order.
pub(super) fn names(bytes: &[u8]) -> Result<Vec<String>, Unreadable> {
    guarded(|| Ok(visible(&open(bytes)?)))
}

/// The sheet that holds the table, as text: the one of that name, or the one whose header names
/// most of the columns.
pub(super) fn text_of(
    bytes: &[u8],
    columns: &Columns,
    wanted: Option<&str>,
) -> Result<Sheet, Unreadable> {
    guarded(|| {
        let mut book = open(bytes)?;
        let is_1904 = book.has_1904_epoch();
        let mut best: Option<Found> = None;
        let mut whole: Vec<String> = Vec::new();
        for name in visible(&book) {
            if wanted.is_some_and(|wanted| wanted != name) {
                continue;
            }
            let Some(found) = Found::in_sheet(&mut book, &name, columns)? else {
                continue;
            };
            if columns.are_all_needed_in(found.header_texts()) {
                whole.push(name);
            }
            if best
                .as_ref()
                .is_none_or(|best| found.merit() > best.merit())
            {
                best = Some(found);
            }
        }
        if let [first, second, ..] = whole.as_slice() {
            return Err(Unreadable::whole(format!(
                "The sheets \"{first}\" and \"{second}\" both hold such a table: send each as a file of its own."
            )));
        }
        best.ok_or_else(|| Unreadable::whole("The workbook is empty."))?
            .as_text(columns, is_1904)
    })
}

type Book<'b> = Xlsx<Cursor<&'b [u8]>>;

fn open(bytes: &[u8]) -> Result<Book<'_>, Unreadable> {
    match unfolded_size(bytes) {
        Some(size) if size <= MOST_UNFOLDED => {}
        Some(_) => {
            return Err(Unreadable::whole(
                "The workbook unfolds to more than any schedule holds: save it as CSV first.",
            ));
        }
        None => return Err(damaged()),
    }
    open_workbook_from_rs::<Xlsx<_>, _>(Cursor::new(bytes)).map_err(|_| damaged())
}

fn visible(book: &Book<'_>) -> Vec<String> {
    let sheets = book.sheets_metadata().iter();
    sheets
        .filter(|sheet| sheet.visible == SheetVisible::Visible)
        .map(|sheet| sheet.name.clone())
        .collect()
}

fn damaged() -> Unreadable {
    Unreadable::whole(
        "This is no Excel workbook that can be read: it is damaged, locked with a password, or of an old kind. Open it in a spreadsheet and save it again as .xlsx, or as CSV.",
    )
}

/// A damaged workbook must not end more than its own reading.
fn guarded<T>(work: impl FnOnce() -> Result<T, Unreadable>) -> Result<T, Unreadable> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|_| Err(damaged()))
}

/// What the parts of the workbook say they unfold to, from the list at the end of the archive.
fn unfolded_size(bytes: &[u8]) -> Option<u64> {
    let number = |at: usize, length: usize| -> Option<u64> {
        let digits = bytes.get(at..at.checked_add(length)?)?;
        Some(
            digits
                .iter()
                .rev()
                .fold(0, |sum, digit| sum * 256 + u64::from(*digit)),
        )
    };
    let from = bytes.len().saturating_sub(66_000);
    let end = from
        + bytes
            .get(from..)?
            .windows(4)
            .rposition(|four| four == b"PK\x05\x06")?;
    let parts = number(end + 10, 2)?;
    let mut at = usize::try_from(number(end + 16, 4)?).ok()?;
    let mut size = 0;
    for _ in 0..parts {
        if !bytes.get(at..)?.starts_with(b"PK\x01\x02") {
            return None;
        }
        size += number(at + 24, 4)?;
        let names = number(at + 28, 2)? + number(at + 30, 2)? + number(at + 32, 2)?;
        at += 46 + usize::try_from(names).ok()?;
    }
    Some(size)
}

enum Cell {
    Text(String),
    Number(f64),
    When(ExcelDateTime),
}

impl Cell {
    fn read(value: DataRef<'_>) -> Option<Self> {
        Some(match value {
            DataRef::Empty => return None,
            DataRef::String(text) => Self::Text(text),
            DataRef::SharedString(text) => Self::Text(text.to_owned()),
            DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => {
                Self::Text(text.replace('T', " "))
            }
            DataRef::Bool(truth) => Self::Text(if truth { "TRUE" } else { "FALSE" }.to_owned()),
            DataRef::Error(error) => Self::Text(error.to_string()),
            DataRef::Int(number) => Self::Text(number.to_string()),
            DataRef::Float(number) => Self::Number(number),
            DataRef::DateTime(when) => Self::When(when),
        })
    }

    fn is_blank(&self) -> bool {
        matches!(self, Self::Text(text) if text.trim().is_empty())
    }

    /// As a person would write it in a column of this kind.
    fn written(&self, value: Value, is_1904: bool) -> String {
        match self {
            Self::Text(text) => text.replace(['\r', '\n'], " "),
            Self::Number(number) => match (value, day_of(*number, is_1904)) {
                (Value::Text, _) | (_, None) => number.to_string(),
                (value, Some(moment)) => shown(moment, value, *number),
            },
            Self::When(when) => match when.as_datetime() {
                Some(moment) => shown(moment, value, when.as_f64()),
                None => when.as_f64().to_string(),
            },
        }
    }
}

fn day_of(number: f64, is_1904: bool) -> Option<NaiveDateTime> {
    let is_a_day = (0.0..2_958_466.0).contains(&number);
    is_a_day
        .then(|| ExcelDateTime::new(number, ExcelDateTimeType::DateTime, is_1904).as_datetime())
        .flatten()
}

fn shown(moment: NaiveDateTime, value: Value, number: f64) -> String {
    // Half past two is kept as a fraction of a day, a hair before or behind it.
    let moment = moment
        .checked_add_signed(TimeDelta::milliseconds(500))
        .unwrap_or(moment);
    let is_midnight = moment.num_seconds_from_midnight() == 0;
    let format = match value {
        Value::Time => "%H:%M",
        Value::Date => "%Y-%m-%d",
        Value::Text if number < 1.0 => "%H:%M",
        Value::Text if is_midnight => "%Y-%m-%d",
        Value::Text => "%Y-%m-%d %H:%M",
    };
    moment.format(format).to_string()
}

/// What one sheet holds, and the row of it that looks like a header.
struct Found {
    rows: BTreeMap<u32, BTreeMap<u32, Cell>>,
    merged: Vec<Dimensions>,
    header: u32,
    look: Look,
}

impl Found {
    fn in_sheet(
        book: &mut Book<'_>,
        name: &str,
        columns: &Columns,
    ) -> Result<Option<Self>, Unreadable> {
        let merged = book.merge_cells_by_sheet_name(name).unwrap_or_default();
        let mut rows: BTreeMap<u32, BTreeMap<u32, Cell>> = BTreeMap::new();
        let mut size = 0;
        let mut cells = book.worksheet_cells_reader(name).map_err(|_| damaged())?;
        while let Some(cell) = cells.next_cell().map_err(|_| damaged())? {
            let (row, column) = cell.get_position();
            let Some(cell) = Cell::read(cell.get_value().clone()) else {
                continue;
            };
            if cell.is_blank() {
                continue;
            }
            if let Cell::Text(text) = &cell {
                size += text.len();
            }
            let most = u32::try_from(MOST_COLUMNS).unwrap_or(u32::MAX);
            if column >= most || size > MOST_TEXT {
                return Err(Unreadable::whole(format!(
                    "The sheet \"{name}\" holds more than any schedule: column {} is in use. Delete what is no part of the table, or save the table as CSV.",
                    column_name(column)
                )));
            }
            if usize::try_from(row).is_ok_and(|row| row > MOST_ROWS + 1_000) {
                return Err(Unreadable::whole(format!(
                    "The sheet \"{name}\" has more than {MOST_ROWS} rows: split it into several files."
                )));
            }
            rows.entry(row).or_default().insert(column, cell);
        }
        let looks = rows.iter().map(|(number, row)| {
            let texts = row.values().map(|cell| match cell {
                Cell::Text(text) => text.as_str(),
                // A number is no name.
                Cell::Number(_) | Cell::When(_) => "0",
            });
            (*number, Look::of(columns, texts))
        });
        Ok(header_among(looks).map(|(header, look)| Self {
            rows,
            merged,
            header,
            look,
        }))
    }

    fn merit(&self) -> (usize, usize) {
        (self.look.named, self.look.filled)
    }

    fn header_row(&self) -> impl Iterator<Item = (u32, &Cell)> + Clone {
        let row = self.rows.get(&self.header).into_iter().flatten();
        row.map(|(column, cell)| (*column, cell))
    }

    fn header_texts(&self) -> impl Iterator<Item = &str> + Clone {
        self.header_row().filter_map(|(_, cell)| match cell {
            Cell::Text(text) => Some(text.as_str()),
            Cell::Number(_) | Cell::When(_) => None,
        })
    }

    fn as_text(&self, columns: &Columns, is_1904: bool) -> Result<Sheet, Unreadable> {
        let first_column = self.header_row().map(|(column, _)| column).min();
        let first_column = first_column.unwrap_or_default();
        let values: BTreeMap<u32, Value> = self
            .header_row()
            .filter_map(|(column, cell)| {
                let name = cell.written(Value::Text, is_1904);
                Some((column, columns.known(&name)?.value))
            })
            .collect();
        let mut faults = self.merged_below(first_column)?;
        let width = self.header_row().map(|(column, _)| column).max();
        let width = width.unwrap_or_default();
        let mut text = String::new();
        let mut line = 0;
        for (number, row) in self.rows.range(self.header..) {
            while line < *number {
                text.push('\n');
                line += 1;
            }
            let last = row.keys().max().copied().unwrap_or_default();
            if last > width {
                let reason = format!(
                    "the cell {} stands to the right of the last column that has a name: delete it, or name its column",
                    cell_name(*number, last)
                );
                faults.insert(u64::from(*number) + 1, (usize::MAX, reason));
            }
            // Every row is as wide as the header: a sheet has no short ones.
            for column in first_column..=last.max(width) {
                if column > first_column {
                    text.push(',');
                }
                let value = values.get(&column).copied().unwrap_or(Value::Text);
                if let Some(cell) = row.get(&column) {
                    text.push('"');
                    text.push_str(&cell.written(value, is_1904).replace('"', "\"\""));
                    text.push('"');
                }
            }
        }
        Ok(Sheet {
            text,
            faults,
            first_column,
        })
    }

    /// The merged cells of the table, by line. Titles above it may be merged as they like.
    fn merged_below(
        &self,
        first_column: u32,
    ) -> Result<BTreeMap<u64, (usize, String)>, Unreadable> {
        let mut merged = BTreeMap::new();
        for area in &self.merged {
            let ((top, left), (bottom, right)) = (area.start, area.end);
            if bottom < self.header || right < first_column {
                continue;
            }
            if top <= self.header {
                return Err(Unreadable::at(
                    u64::from(self.header) + 1,
                    format!(
                        "The cell {} is merged with others, so it is not plain what its columns are: split it and name each column.",
                        cell_name(top, left)
                    ),
                ));
            }
            let place = usize::try_from(left.saturating_sub(first_column)).unwrap_or_default();
            // Only rows that are there: an area may be said to reach to the end of the sheet.
            for (row, _) in self.rows.range(top..=bottom.max(top)) {
                let reason = format!(
                    "the cell {} is merged with others: split it, and give each row its own value",
                    cell_name(top, left)
                );
                merged.entry(u64::from(*row) + 1).or_insert((place, reason));
            }
        }
        Ok(merged)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_named_as_spreadsheets_name_them() {
        assert_eq!(cell_name(6, 1), "B7");
        assert_eq!(cell_name(0, 25), "Z1");
        assert_eq!(cell_name(9, 26), "AA10");
        assert_eq!(column_name(16_383), "XFD");
    }

    #[test]
    fn a_number_is_a_day_only_where_a_day_belongs() {
        let cell = Cell::Number(44_671.0);
        assert_eq!(cell.written(Value::Date, false), "2022-04-20");
        assert_eq!(cell.written(Value::Text, false), "44671");
        assert_eq!(
            Cell::Number(0.604_166_666).written(Value::Time, false),
            "14:30"
        );
        assert_eq!(Cell::Number(-3.0).written(Value::Date, false), "-3");
    }

    #[test]
    fn what_is_no_archive_unfolds_to_nothing_known() {
        assert_eq!(unfolded_size(b"PK\x03\x04 and so on"), None);
        assert!(names(b"PK\x03\x04 and so on").is_err());
    }
}
