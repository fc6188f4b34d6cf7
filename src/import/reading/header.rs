//! Finds in a file's first row which column is which: our names in any order and case, or a council's own names for
//! them.

use std::collections::{BTreeMap, BTreeSet};

use super::Unreadable;
use super::split::{DELIMITERS, Record, Splitter};
use super::values::clean;

/// More columns than any export has; it only bounds the work.
pub(super) const MOST_COLUMNS: usize = 1_000;

/// From this many columns on, a line of text that holds as many delimiters as a row is a row.
const ENOUGH_TO_KNOW_A_ROW: usize = 5;

/// How like a column's name a header must be to ask whether it was meant. 1 is the same.
const LIKE_ENOUGH: f64 = 0.85;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Required {
    Yes,
    No,
}

/// What stands in a column, which matters where a spreadsheet keeps days and times as numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Value {
    Text,
    Date,
    Time,
}

/// A column that a kind of file may have.
#[derive(Clone, Copy, Debug)]
pub struct Known {
    pub name: &'static str,
    pub required: Required,
    pub value: Value,
    /// For whoever fills it in.
    pub about: &'static str,
}

impl Known {
    pub const fn needed(name: &'static str, value: Value, about: &'static str) -> Self {
        Self {
            name,
            required: Required::Yes,
            value,
            about,
        }
    }

    pub const fn optional(name: &'static str, value: Value, about: &'static str) -> Self {
        Self {
            name,
            required: Required::No,
            value,
            about,
        }
    }
}

/// The columns that a kind of file may have.
#[derive(Clone, Debug)]
pub struct Columns {
    known: &'static [Known],
    /// Normalised name in a header to the place in `known`.
    places: BTreeMap<String, usize>,
}

impl Columns {
    pub fn new(known: &'static [Known]) -> Self {
        let places = (0..)
            .zip(known)
            .map(|(place, known)| (normalised(known.name), place))
            .collect();
        Self { known, places }
    }

    /// Other systems' header names, each with ours. Our own names go on meaning themselves, and an alias for a
    /// column that this kind of file does not have does nothing.
    pub fn with_aliases(mut self, aliases: BTreeMap<String, String>) -> Self {
        for (theirs, ours) in aliases {
            if let Some(place) = self.place(&ours) {
                self.places.entry(normalised(&theirs)).or_insert(place);
            }
        }
        self
    }

    /// Our name for a column, however it is written.
    pub(super) fn named(&self, header: &str) -> Option<&str> {
        self.known(header).map(|known| known.name)
    }

    fn place(&self, header: &str) -> Option<usize> {
        self.places.get(&normalised(header)).copied()
    }

    /// Which of the columns a header means.
    pub fn known(&self, header: &str) -> Option<&'static Known> {
        self.known.get(self.place(header)?)
    }

    /// Whether a header has every column that must be there.
    pub(super) fn are_all_needed_in<'t>(&self, headers: impl Iterator<Item = &'t str>) -> bool {
        let present: BTreeSet<_> = headers
            .filter_map(|header| self.known(header))
            .map(|known| known.name)
            .collect();
        self.known
            .iter()
            .all(|known| known.required == Required::No || present.contains(known.name))
    }

    /// How many of the columns a row of text names, each counted once.
    fn count_named<'t>(&self, fields: impl Iterator<Item = &'t str>) -> usize {
        let places: BTreeSet<_> = fields.filter_map(|field| self.place(field)).collect();
        places.len()
    }
}

/// Titles may stand above the header, this many rows of them at most.
const MOST_TITLES: usize = 30;

/// How much a row looks like a header.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Look {
    /// How many columns it names.
    pub named: usize,
    /// How many of its values are not blank.
    pub filled: usize,
}

impl Look {
    pub fn of<'t>(columns: &Columns, fields: impl Iterator<Item = &'t str> + Clone) -> Self {
        Self {
            named: columns.count_named(fields.clone()),
            filled: fields.filter(|field| !clean(field).is_empty()).count(),
        }
    }

    /// Whether this row is the header, and the one above it a title: it names more columns, or
    /// nobody knows any name and a title fills one box or two.
    fn is_better_than(self, above: Self) -> bool {
        (self.named >= 2 && self.named > above.named)
            || (above.named == 0 && above.filled < 3 && self.filled >= 3)
    }
}

/// Which of the first rows is the header.
pub(super) fn header_among<R>(rows: impl Iterator<Item = (R, Look)>) -> Option<(R, Look)> {
    rows.take(MOST_TITLES).reduce(|best, next| {
        if next.1.is_better_than(best.1) {
            next
        } else {
            best
        }
    })
}

/// "Child-Ref", " CHILD REF" and "child_ref" are one name.
fn normalised(name: &str) -> String {
    let name = clean(name).to_lowercase();
    name.split(|c: char| c.is_whitespace() || c == '-' || c == '_')
        .filter(|word| !word.is_empty())
        .collect::<Vec<_>>()
        .join("_")
}

/// One column of the file.
#[derive(Debug)]
struct Column {
    /// As it stands in the file, cleaned.
    header: String,
    /// Our name for it, if it is one of ours.
    name: Option<String>,
}

/// The header row, understood.
#[derive(Debug)]
pub(super) struct Header {
    pub delimiter: u8,
    columns: Vec<Column>,
    /// How many rows of the text stand above the first row of data.
    rows_above: usize,
}

impl Header {
    pub fn find(text: &str, columns: &Columns) -> Result<Self, Unreadable> {
        let (header, line) = Self::guess(text, columns)?;
        header.refuse_doubled(line)?;
        header.refuse_missing(line, columns)?;
        Ok(header)
    }

    /// The row that is most like a header, whatever it lacks, and its line.
    pub fn guess(text: &str, columns: &Columns) -> Result<(Self, u64), Unreadable> {
        // A file's delimiter is the one by which its header makes most sense.
        let mut best: Option<Candidate<'_>> = None;
        let mut refusal = None;
        for delimiter in DELIMITERS {
            match Candidate::read(text, delimiter, columns) {
                Ok(candidate) => {
                    if best
                        .as_ref()
                        .is_none_or(|best| candidate.merit() > best.merit())
                    {
                        best = Some(candidate);
                    }
                }
                Err(why) => refusal = Some(why),
            }
        }
        let Candidate {
            delimiter,
            rows_above,
            record,
            ..
        } = match (best, refusal) {
            // A quote mark gone wrong can look fine by a delimiter that the file does not use.
            (Some(best), Some(refusal)) if best.known == 0 => return Err(refusal),
            (Some(best), _) => best,
            (None, refusal) => return Err(refusal.unwrap_or_else(no_header)),
        };
        let line = record.line;
        if record.has_stray_quote {
            return Err(Unreadable::at(
                line,
                "A column's name goes on after its closing quote mark: a quote mark is missing or too many.",
            ));
        }
        if record.has_text_beyond {
            return Err(Unreadable::at(
                line,
                format!(
                    "The first row has more than {MOST_COLUMNS} columns: this is another kind of file."
                ),
            ));
        }
        let header = Self::understood(&record, delimiter, rows_above, columns);
        Ok((header, line))
    }

    fn understood(
        record: &Record<'_>,
        delimiter: u8,
        rows_above: usize,
        columns: &Columns,
    ) -> Self {
        let mut found: Vec<Column> = record
            .fields
            .iter()
            .map(|field| Column {
                header: clean(field),
                name: columns.known(field).map(|known| known.name.to_owned()),
            })
            .collect();
        // Spreadsheets leave nameless columns at the right end; in a row, text there is text too much.
        while found.last().is_some_and(|column| column.header.is_empty()) {
            found.pop();
        }
        Self {
            delimiter,
            columns: found,
            rows_above,
        }
    }

    fn refuse_doubled(&self, line: u64) -> Result<(), Unreadable> {
        let mut seen: BTreeMap<&str, &str> = BTreeMap::new();
        for column in &self.columns {
            let Some(name) = &column.name else { continue };
            let Some(other) = seen.insert(name, &column.header) else {
                continue;
            };
            return Err(Unreadable::at(
                line,
                if normalised(other) == normalised(&column.header) {
                    format!("The column {name} is there twice: remove one of the two.")
                } else {
                    format!(
                        "The columns \"{}\" and \"{}\" both mean {name}: remove one of the two.",
                        shorten(other),
                        shorten(&column.header)
                    )
                },
            ));
        }
        Ok(())
    }

    fn refuse_missing(&self, line: u64, columns: &Columns) -> Result<(), Unreadable> {
        let present: BTreeSet<&str> = self
            .columns
            .iter()
            .filter_map(|c| c.name.as_deref())
            .collect();
        let missing: Vec<&str> = columns
            .known
            .iter()
            .filter(|known| known.required == Required::Yes && !present.contains(known.name))
            .map(|known| known.name)
            .collect();
        let Some((last, others)) = missing.split_last() else {
            return Ok(());
        };
        let mut reason = match others {
            [] => format!("The column {last} is missing."),
            _ => format!("The columns {} and {last} are missing.", others.join(", ")),
        };
        if present.is_empty() {
            reason.push_str(" The first row must hold the names of the columns.");
        }
        let mut unused: Vec<&str> = self
            .columns
            .iter()
            .filter(|column| column.name.is_none() && (3..=60).contains(&column.header.len()))
            .map(|column| column.header.as_str())
            .collect();
        for name in missing {
            let nearest = (0..)
                .zip(&unused)
                .map(|(place, header): (usize, _)| {
                    (strsim::jaro_winkler(name, &normalised(header)), place)
                })
                .filter(|(likeness, _)| *likeness >= LIKE_ENOUGH)
                .max_by(|(one, _), (other, _)| one.total_cmp(other));
            if let Some((_, place)) = nearest {
                let header = unused.remove(place);
                reason.push_str(&format!(" Is \"{header}\" meant as {name}?"));
            }
        }
        Err(Unreadable::at(line, reason))
    }

    /// The rows of data.
    pub fn below<'a>(
        &self,
        text: &'a str,
    ) -> impl Iterator<Item = Result<Record<'a>, Unreadable>> + use<'a> {
        let mut splitter = Splitter::new(text, self.delimiter, MOST_COLUMNS);
        for _ in 0..self.rows_above {
            splitter.next();
        }
        splitter.keeping(self.width())
    }

    pub fn width(&self) -> usize {
        self.columns.len()
    }

    /// Our names of the file's columns, in their order; `None` for one that is not ours.
    pub fn names(&self) -> impl Iterator<Item = Option<&str>> {
        self.columns.iter().map(|column| column.name.as_deref())
    }

    /// What stands in the header, as it stands there.
    pub fn headers(&self) -> impl Iterator<Item = &str> {
        self.columns.iter().map(|column| column.header.as_str())
    }

    pub fn known_columns(&self) -> Vec<String> {
        self.names().flatten().map(str::to_owned).collect()
    }

    pub fn ignored_columns(&self) -> Vec<String> {
        (1..)
            .zip(&self.columns)
            .filter(|(_, column)| column.name.is_none())
            .map(
                |(number, column): (usize, _)| match column.header.as_str() {
                    "" => format!("column {number} (without a name)"),
                    header => shorten(header),
                },
            )
            .collect()
    }

    /// Whether a row is the header once more, as when two files were put together.
    pub fn is_repeated_by(&self, record: &Record<'_>) -> bool {
        self.columns
            .iter()
            .zip(&record.fields)
            .all(|(column, field)| column.header.eq_ignore_ascii_case(field.trim()))
    }

    /// The column whose value holds a line that is a row of its own, which happens when a quote mark is lost in one
    /// row and another in a later one: all between would vanish.
    pub fn swallowed_line(&self, record: &Record<'_>) -> Option<Option<&str>> {
        if !record.runs_over_lines || self.width() < ENOUGH_TO_KNOW_A_ROW {
            return None;
        }
        let is_row = |line: &str| {
            line.bytes().filter(|byte| *byte == self.delimiter).count() + 1 >= self.width()
        };
        self.names()
            .zip(&record.fields)
            .find(|(_, field)| field.contains('\n') && field.lines().any(is_row))
            .map(|(name, _)| name)
    }
}

/// What the first row looks like by one of the delimiters.
struct Candidate<'a> {
    delimiter: u8,
    /// How many of its names are ours.
    known: usize,
    rows_above: usize,
    record: Record<'a>,
}

impl<'a> Candidate<'a> {
    fn read(text: &'a str, delimiter: u8, columns: &Columns) -> Result<Self, Unreadable> {
        let mut refusal = None;
        let rows = (1..)
            .zip(Splitter::new(text, delimiter, MOST_COLUMNS))
            .map_while(|(number, record): (usize, _)| match record {
                Ok(record) => Some((number, record)),
                Err(why) => {
                    refusal = Some(why);
                    None
                }
            })
            .filter(|(_, record)| !record.is_blank() && !is_excel_hint(record))
            .map(|row| {
                let look = Look::of(columns, row.1.fields.iter().map(AsRef::as_ref));
                (row, look)
            });
        // What is wrong further down is for whoever reads the rows.
        match (header_among(rows), refusal) {
            (Some(((rows_above, record), look)), _) => Ok(Self {
                delimiter,
                known: look.named,
                rows_above,
                record,
            }),
            (None, refusal) => Err(refusal.unwrap_or_else(no_header)),
        }
    }

    fn merit(&self) -> (usize, usize) {
        (self.known, self.record.count)
    }
}

fn no_header() -> Unreadable {
    Unreadable::whole(
        "The file has no header row: its first row must hold the names of the columns.",
    )
}

/// Excel writes and reads "sep=;" as a first line that names the delimiter.
fn is_excel_hint(record: &Record<'_>) -> bool {
    let first = record
        .fields
        .first()
        .map(|field| field.trim().to_ascii_lowercase());
    let is_hint = first.is_some_and(|first| {
        first
            .strip_prefix("sep=")
            .is_some_and(|rest| rest.chars().count() <= 1)
    });
    // Split by the very delimiter that it names, it has an empty second field.
    is_hint && record.count <= 2 && record.fields.iter().skip(1).all(|field| field.is_empty())
}

fn shorten(header: &str) -> String {
    let mut shown: String = header
        .chars()
        .take(60)
        .filter(|c| !c.is_control())
        .collect();
    if header.chars().nth(60).is_some() {
        shown.push('…');
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::super::read_table;
    use super::*;

    fn columns() -> Columns {
        const KNOWN: &[Known] = &[
            Known::needed("child_ref", Value::Text, ""),
            Known::needed("first_name", Value::Text, ""),
            Known::optional("venue", Value::Text, ""),
        ];
        Columns::new(KNOWN).with_aliases(BTreeMap::from([
            ("PersonID".to_owned(), "child_ref".to_owned()),
            ("first name".to_owned(), "venue".to_owned()),
            ("odd".to_owned(), "no_such_column".to_owned()),
        ]))
    }

    /// The columns found and those ignored, or the refusal.
    fn found(text: &str) -> String {
        match read_table(text.as_bytes(), &columns(), None) {
            Ok(table) => format!(
                "{} | {}",
                table.columns.join(" "),
                table.ignored_columns.join(" ")
            ),
            Err(e) => e.to_string(),
        }
    }

    #[test]
    fn names_may_come_in_any_order_and_spelling() {
        assert_eq!(
            found("FIRST-NAME,\u{feff} Child  Ref\u{200f}\n"),
            "first_name child_ref | "
        );
    }

    #[test]
    fn a_councils_own_names_are_understood() {
        assert_eq!(
            found("personid,First Name,odd\n"),
            "child_ref first_name | odd"
        );
    }

    #[test]
    fn the_delimiter_is_the_one_by_which_the_header_makes_sense() {
        assert_eq!(
            found("child_ref;first_name;a,b,c,d\n"),
            "child_ref first_name | a,b,c,d"
        );
        assert_eq!(found("child_ref\tfirst_name\n"), "child_ref first_name | ");
        assert_eq!(
            found("sep=;\r\nchild_ref;first_name\n"),
            "child_ref first_name | "
        );
        assert_eq!(
            found("\"sep=,\"\nchild_ref,first_name\n"),
            "child_ref first_name | "
        );
        assert_eq!(
            found("sep=,\n\nchild_ref,first_name\n"),
            "child_ref first_name | "
        );
    }

    #[test]
    fn missing_columns_are_all_named() {
        assert_eq!(
            found("a,b\n"),
            "Line 1: The columns child_ref and first_name are missing. The first row must hold the names of the columns."
        );
        assert_eq!(
            found("\nchild_ref,b\n"),
            "Line 2: The column first_name is missing."
        );
    }

    #[test]
    fn a_near_miss_is_suggested() {
        assert_eq!(
            found("Child Reference,first_name\n"),
            "Line 1: The column child_ref is missing. Is \"Child Reference\" meant as child_ref?"
        );
    }

    #[test]
    fn a_doubled_column_is_refused() {
        assert_eq!(
            found("child_ref,first_name,Child-Ref\n"),
            "Line 1: The column child_ref is there twice: remove one of the two."
        );
        assert_eq!(
            found("child_ref,first_name,PersonID\n"),
            "Line 1: The columns \"child_ref\" and \"PersonID\" both mean child_ref: remove one of the two."
        );
        assert_eq!(
            found("child_ref,first_name,x,x\n"),
            "child_ref first_name | x x"
        );
    }

    #[test]
    fn a_column_without_a_name_is_ignored() {
        assert_eq!(
            found(",child_ref,first_name,,\n1,C1,Ann\n"),
            "child_ref first_name | column 1 (without a name)"
        );
    }

    #[test]
    fn a_header_with_a_quote_mark_gone_wrong_is_refused() {
        assert!(
            found("\"child_ref\"x,first_name\n").starts_with("Line 1: A column's name goes on")
        );
        assert!(found("\"child_ref,first_name\nC1,Ann\n").contains("never closed"));
    }

    #[test]
    fn a_thousand_columns_are_too_many() {
        let header = "x,".repeat(1_000) + "y,child_ref,first_name\n";
        assert!(found(&header).contains("more than 1000 columns"));
    }
}
