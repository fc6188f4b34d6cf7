//! From the text of a row to facts: each value read by the parser a form would use, every problem
//! of the row collected.

use std::collections::BTreeMap;

use chrono::{Datelike, NaiveDate};
use sha2::{Digest, Sha256};

use crate::calendar::dates::{parse_date, parse_time};
use crate::text::{EmailAddress, Name, collapse};

/// The longest text of one value.
const LONGEST: usize = 1_000;

/// One row being read.
pub struct Reader<'r> {
    values: &'r BTreeMap<String, String>,
    pub problems: Vec<(String, String)>,
}

impl<'r> Reader<'r> {
    pub fn new(values: &'r BTreeMap<String, String>) -> Self {
        Self {
            values,
            problems: Vec::new(),
        }
    }

    pub fn problem(&mut self, column: &str, reason: impl Into<String>) {
        self.problems.push((column.to_owned(), reason.into()));
    }

    /// The value of a column; blank and missing are the same.
    pub fn get(&self, column: &str) -> Option<&'r str> {
        self.values
            .get(column)
            .map(|text| text.trim())
            .filter(|text| !text.is_empty())
    }

    pub fn text(&mut self, column: &str) -> Option<String> {
        let text = collapse(self.get(column)?);
        if text.chars().count() > LONGEST {
            self.problem(column, format!("is longer than {LONGEST} characters"));
            return None;
        }
        Some(text)
    }

    pub fn required(&mut self, column: &str) -> Option<String> {
        let text = self.text(column);
        if text.is_none() && self.get(column).is_none() {
            self.problem(column, "is missing");
        }
        text
    }

    pub fn name(&mut self, column: &str) -> Option<Name> {
        match Name::parse(self.get(column).unwrap_or_default()) {
            Ok(name) => Some(name),
            Err(reason) => {
                self.problem(column, reason);
                None
            }
        }
    }

    pub fn date(&mut self, column: &str) -> Option<NaiveDate> {
        match parse_date(self.get(column)?) {
            Ok(date) => Some(date),
            Err(reason) => {
                self.problem(column, reason);
                None
            }
        }
    }

    pub fn required_date(&mut self, column: &str) -> Option<NaiveDate> {
        if self.get(column).is_none() {
            self.problem(column, "is missing");
            return None;
        }
        self.date(column)
    }

    /// HH:MM
    pub fn time(&mut self, column: &str) -> Option<String> {
        match parse_time(self.get(column)?) {
            Ok(time) => Some(time.format("%H:%M").to_string()),
            Err(reason) => {
                self.problem(column, reason);
                None
            }
        }
    }

    pub fn email(&mut self, column: &str) -> Option<String> {
        match EmailAddress::parse(self.get(column)?) {
            Ok(email) => Some(email.to_string()),
            Err(reason) => {
                self.problem(column, reason);
                None
            }
        }
    }

    /// A code of a closed list. Spaces, hyphens and capitals make no difference.
    pub fn code<T>(
        &mut self,
        column: &str,
        from_code: impl Fn(&str) -> Option<T>,
        known: &[&str],
    ) -> Option<T> {
        let text = self.get(column)?;
        let found = from_code(&as_code(text));
        if found.is_none() {
            self.problem(column, not_one_of(known));
        }
        found
    }

    pub fn required_code<T>(
        &mut self,
        column: &str,
        from_code: impl Fn(&str) -> Option<T>,
        known: &[&str],
    ) -> Option<T> {
        if self.get(column).is_none() {
            self.problem(column, "is missing");
            return None;
        }
        self.code(column, from_code, known)
    }
}

/// "Social Worker" and "social-worker" are `social_worker`.
pub fn as_code(text: &str) -> String {
    let words: Vec<String> = text
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect();
    words.join("_")
}

pub fn not_one_of(known: &[&str]) -> String {
    format!("is not one of: {}", known.join(", "))
}

/// The fingerprint of what a row says, however its columns were ordered.
pub fn fingerprint(values: &BTreeMap<String, String>) -> String {
    let mut hash = Sha256::new();
    for (column, value) in values.iter().filter(|(_, value)| !value.trim().is_empty()) {
        hash.update(column.as_bytes());
        hash.update([0x1f]);
        hash.update(value.trim().as_bytes());
        hash.update([0x1e]);
    }
    hex::encode(hash.finalize())
}

/// A birthday that can be: not after the day the row is read, not more than a long life ago.
pub fn check_birth(reader: &mut Reader<'_>, born: Option<NaiveDate>, today: NaiveDate) {
    match born {
        Some(born) if born > today => reader.problem(
            "date_of_birth",
            "is in the future: leave it blank for a child who is not born yet",
        ),
        Some(born) if today.year() - born.year() > 110 => {
            reader.problem("date_of_birth", "is more than 110 years ago");
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
        pairs
            .iter()
            .map(|(column, value)| ((*column).to_owned(), (*value).to_owned()))
            .collect()
    }

    #[test]
    fn a_blank_value_leaves_no_mark_in_the_fingerprint() {
        let one = row(&[("a", "1"), ("b", "")]);
        assert_eq!(fingerprint(&one), fingerprint(&row(&[("a", " 1 ")])));
        assert_ne!(fingerprint(&one), fingerprint(&row(&[("b", "1")])));
    }

    #[test]
    fn every_problem_of_a_row_is_told() {
        let values = row(&[("when", "31/02/2022"), ("who", "")]);
        let mut reader = Reader::new(&values);
        reader.required_date("when");
        reader.name("who");
        assert_eq!(reader.problems.len(), 2);
    }

    #[test]
    fn a_code_is_read_however_it_is_written() {
        assert_eq!(as_code(" Social-Worker "), "social_worker");
    }
}
