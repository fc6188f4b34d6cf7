//! Cuts a file's text into rows and values, by the rules that spreadsheets follow when they write CSV (RFC 4180).
//!
//! Ours and not the csv crate's, for three things that crate does not tell: that a quote mark was never closed, that
//! text went on after one was, and the line of a row when lines end in a lone carriage return. Each would lose rows,
//! and so children, without a word. The csv crate is the witness in the tests.

use std::borrow::Cow;

use super::Unreadable;
use super::decode::line_after;

pub(super) const DELIMITERS: [u8; 3] = [b',', b';', b'\t'];

pub(super) fn name_of(delimiter: u8) -> &'static str {
    match delimiter {
        b';' => "semicolons",
        b'\t' => "tabs",
        b'|' => "vertical bars",
        _ => "commas",
    }
}

pub(super) fn singular_name_of(delimiter: u8) -> &'static str {
    match delimiter {
        b';' => "semicolon",
        b'\t' => "tab",
        _ => "comma",
    }
}

/// One row as it stands in the file.
#[derive(Debug, Default)]
pub(super) struct Record<'a> {
    /// The line on which it starts.
    pub line: u64,
    /// Its first fields, as many as the splitter was asked to keep.
    pub fields: Vec<Cow<'a, str>>,
    /// How many fields it has in all.
    pub count: usize,
    /// Whether one of those not kept says something.
    pub has_text_beyond: bool,
    /// A quoted value of this row runs over several lines.
    pub runs_over_lines: bool,
    /// Text follows a closing quote mark: nobody can say where the fields of this line end.
    pub has_stray_quote: bool,
}

impl Record<'_> {
    pub fn is_blank(&self) -> bool {
        !self.has_text_beyond && self.fields.iter().all(|field| field.trim().is_empty())
    }

    pub fn count_if_split_by(&self, delimiter: u8) -> usize {
        let delimiters: usize = self
            .fields
            .iter()
            .map(|field| field.bytes().filter(|byte| *byte == delimiter).count())
            .sum();
        delimiters + 1
    }
}

/// Walks through a text, a row at a time.
#[derive(Clone, Debug)]
pub(super) struct Splitter<'a> {
    rest: &'a str,
    line: u64,
    delimiter: u8,
    keep: usize,
}

impl<'a> Splitter<'a> {
    pub fn new(text: &'a str, delimiter: u8, keep: usize) -> Self {
        Self {
            rest: text,
            line: 1,
            delimiter,
            keep,
        }
    }

    /// The same place, for rows of which `keep` fields are wanted.
    pub fn keeping(self, keep: usize) -> Self {
        Self { keep, ..self }
    }

    /// Goes on by so many bytes and returns them. The bytes asked for always end beside an ASCII character, or at
    /// the end of the text.
    fn take(&mut self, bytes: usize) -> &'a str {
        let (taken, rest) = self.rest.split_at_checked(bytes).unwrap_or((self.rest, ""));
        self.rest = rest;
        taken
    }

    fn next_byte(&self) -> Option<u8> {
        self.rest.as_bytes().first().copied()
    }

    fn take_line_ending(&mut self) {
        let bytes = match self.rest.as_bytes() {
            [b'\r', b'\n', ..] => 2,
            [] => return,
            _ => 1,
        };
        self.take(bytes);
        self.line += 1;
    }

    fn plain_field(&mut self) -> &'a str {
        let mut end = 0;
        for &byte in self.rest.as_bytes() {
            if byte == self.delimiter || byte == b'\n' || byte == b'\r' {
                break;
            }
            end += 1;
        }
        self.take(end)
    }

    /// Reads a field that begins with a quote mark; `Ok(None)` when text follows its end on the same line.
    fn quoted_field(&mut self) -> Result<Option<Cow<'a, str>>, Unreadable> {
        let opened_on = self.line;
        self.take(1);
        let inside = self.rest;
        let mut length = 0;
        let mut is_doubled = false;
        loop {
            let Some(before) = self.rest.find('"') else {
                return Err(Unreadable::at(
                    opened_on,
                    "The quote mark that opens a value here is never closed.",
                ));
            };
            self.take(before + 1);
            length += before;
            if self.next_byte() != Some(b'"') {
                break;
            }
            self.take(1);
            length += 2;
            is_doubled = true;
        }
        let value = inside.get(..length).unwrap_or_default();
        self.line += line_after(value.as_bytes()) - 1;

        // Some programs put spaces between the closing quote mark and the delimiter.
        while self.next_byte() == Some(b' ') {
            self.take(1);
        }
        let is_closed = match self.next_byte() {
            None | Some(b'\r' | b'\n') => true,
            Some(byte) => byte == self.delimiter,
        };
        if !is_closed && self.line == opened_on {
            return Ok(None);
        }
        if !is_closed {
            return Err(Unreadable::at(
                opened_on,
                format!(
                    "The quote mark that opens a value here is not closed on its line, and line {} holds another: one \
                     of them is missing or too many.",
                    self.line
                ),
            ));
        }
        let mut value = Cow::Borrowed(value);
        if is_doubled {
            value = Cow::Owned(value.replace("\"\"", "\""));
        }
        if value.contains('\r') {
            value = Cow::Owned(value.replace("\r\n", "\n").replace('\r', "\n"));
        }
        Ok(Some(value))
    }

    fn record(&mut self) -> Result<Record<'a>, Unreadable> {
        let start = self.clone();
        let mut record = Record {
            line: self.line,
            fields: Vec::with_capacity(self.keep.min(64)),
            ..Record::default()
        };
        loop {
            let field = if self.next_byte() == Some(b'"') {
                match self.quoted_field()? {
                    Some(field) => field,
                    None if self.line == start.line => {
                        *self = start;
                        return Ok(self.stray_quote());
                    }
                    None => {
                        return Err(Unreadable::at(
                            self.line,
                            "A value goes on after its closing quote mark here, in a row that began on an earlier \
                             line: a quote mark is missing or too many.",
                        ));
                    }
                }
            } else {
                Cow::Borrowed(self.plain_field())
            };
            record.count += 1;
            if record.fields.len() < self.keep {
                record.fields.push(field);
            } else if !field.trim().is_empty() {
                record.has_text_beyond = true;
            }
            if self.next_byte() != Some(self.delimiter) {
                record.runs_over_lines = self.line != record.line;
                self.take_line_ending();
                return Ok(record);
            }
            self.take(1);
        }
    }

    /// Takes the line whole, as one field: the rows below it stay what they are.
    fn stray_quote(&mut self) -> Record<'a> {
        let line = self.line;
        let end = self.rest.find(['\r', '\n']).unwrap_or(self.rest.len());
        let text = self.take(end);
        self.take_line_ending();
        Record {
            line,
            fields: vec![Cow::Borrowed(text)],
            count: 1,
            has_stray_quote: true,
            ..Record::default()
        }
    }
}

impl<'a> Iterator for Splitter<'a> {
    type Item = Result<Record<'a>, Unreadable>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.rest.is_empty() {
            return None;
        }
        let record = self.record();
        if record.is_err() {
            // Beyond an open quote mark nothing means anything.
            self.rest = "";
        }
        Some(record)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn split(text: &str) -> Vec<Vec<String>> {
        Splitter::new(text, b',', 10)
            .flatten()
            .map(|record| record.fields.into_iter().map(Cow::into_owned).collect())
            .collect()
    }

    #[test]
    fn a_delimiter_at_the_end_begins_an_empty_field() {
        assert_eq!(split("a,\n"), [["a", ""]]);
        assert_eq!(split("a,"), [["a", ""]]);
        assert_eq!(split(",a"), [["", "a"]]);
    }

    #[test]
    fn a_quote_mark_inside_a_plain_value_is_text() {
        assert_eq!(
            split("Mary \"Molly\",5\" pipe"),
            [["Mary \"Molly\"", "5\" pipe"]]
        );
    }

    #[test]
    fn spaces_behind_a_closing_quote_mark_do_not_matter() {
        assert_eq!(split("\"a\" ,\"b\" "), [["a", "b"]]);
        assert_eq!(split("\"\",\"\"\"\""), [["", "\""]]);
    }

    #[test]
    fn fields_beyond_those_wanted_are_counted_but_not_kept() {
        let record = Splitter::new("a,b,c,", b',', 1)
            .flatten()
            .next()
            .unwrap_or_default();
        assert_eq!((record.fields.len(), record.count), (1, 4));
        assert!(record.has_text_beyond);
    }

    #[test]
    fn text_after_a_quoted_value_of_several_lines_refuses_the_rest() {
        let refusal = Splitter::new("\"a\nb\",\"c\" d\ne\n", b',', 9).next();
        assert!(refusal.is_some_and(|r| r.is_err_and(|e| e.line == Some(2))));
        assert_eq!(split("\"a\nb\",\"c\" d\ne\n").len(), 0);
    }
}
