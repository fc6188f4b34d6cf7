//! Cleans a single value from a file and refuses those that no person wrote: formulas, spreadsheet errors, letters
//! lost on the way.
//!
//! The reasons never repeat the value: they are kept and shown where a child's particulars need not be.

/// Ten pages of text. A longer value is a file that lost its quote marks, or an attack.
const MOST_CHARACTERS: usize = 10_000;

/// What spreadsheets put where they could not work out a value, and databases where they have none.
const NOT_VALUES: [&str; 18] = [
    "#N/A",
    "#REF!",
    "#VALUE!",
    "#NAME?",
    "#DIV/0!",
    "#NULL!",
    "#NUM!",
    "#SPILL!",
    "#CALC!",
    "#FIELD!",
    "#BLOCKED!",
    "#CONNECT!",
    "#UNKNOWN!",
    "#BUSY!",
    "#GETTING_DATA",
    "#ERROR!",
    "(null)",
    "\\N",
];

/// The value cleaned, and what is wrong with it.
pub(super) fn read(raw: &str) -> (String, Option<String>) {
    let raw = unguarded(raw);
    if is_ordinary(raw) {
        return (raw.to_owned(), None);
    }
    let value = clean(raw);
    if value.len() > MOST_CHARACTERS {
        let count = value.chars().count();
        if count > MOST_CHARACTERS {
            // What is over is not worth keeping for anyone to mend.
            return (
                value.chars().take(MOST_CHARACTERS).collect(),
                Some(format!(
                    "this value is {count} characters long; the most is {MOST_CHARACTERS}"
                )),
            );
        }
    }
    let complaint = complaint(&value);
    (value, complaint)
}

/// Without the mark that our own lists of refused rows put before what a spreadsheet would run (see
/// [`guarded`]): a list that is sent again means what it meant.
fn unguarded(raw: &str) -> &str {
    match raw.strip_prefix('\'') {
        Some(rest) if begins_like_a_formula(rest) => rest,
        _ => raw,
    }
}

/// A value as a spreadsheet may open it without running it.
#[must_use]
pub fn guarded(value: &str) -> String {
    match begins_like_a_formula(value) {
        true => format!("'{value}"),
        false => value.to_owned(),
    }
}

fn begins_like_a_formula(value: &str) -> bool {
    value.starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠', '\t', '\r'])
}

/// Whether a value is so plain that no rule below could touch it. Most are, and a file has many.
fn is_ordinary(raw: &str) -> bool {
    let bytes = raw.as_bytes();
    let (Some(first), Some(last)) = (bytes.first(), bytes.last()) else {
        return true;
    };
    if !first.is_ascii_alphanumeric() || *last == b' ' || bytes.len() > 200 || raw == "NULL" {
        return false;
    }
    for byte in bytes {
        // Spaces to tildes, without the plus of a number cut short.
        if !matches!(byte, b' '..=b'*' | b','..=b'~') {
            return false;
        }
    }
    true
}

/// Drops the spaces around a value and the marks nobody sees.
pub(super) fn clean(raw: &str) -> String {
    if raw.is_ascii() {
        return raw.trim().to_owned();
    }
    let visible: String = raw.chars().filter(|c| !is_direction_mark(*c)).collect();
    visible
        .trim_matches(|c: char| c.is_whitespace() || is_zero_width(c))
        .to_owned()
}

/// Marks that turn the direction of writing. Copied along from web pages, they make two equal names differ and can
/// make one name look like another; the letters themselves know their direction.
fn is_direction_mark(c: char) -> bool {
    matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Inside a word these matter to some scripts, at its ends to none.
fn is_zero_width(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200d}' | '\u{2060}' | '\u{feff}')
}

fn complaint(value: &str) -> Option<String> {
    let control = value
        .bytes()
        .any(|byte| (byte < b' ' && byte != b'\t' && byte != b'\n') || byte == 0x7f);
    if control {
        return Some(
            "this value holds a control character, which no keyboard writes: type the value again"
                .to_owned(),
        );
    }
    let first = value.chars().next()?;
    if looks_like_a_formula(value) {
        return Some(format!(
            "this value starts with '{first}': it looks like a spreadsheet formula"
        ));
    }
    if value == "NULL" {
        return Some("this is NULL, which a database writes where it has nothing: leave it empty, or write Null if it is a name".to_owned());
    }
    if matches!(first, '#' | '(' | '\\') && NOT_VALUES.contains(&value) {
        return Some("this is a spreadsheet's or database's mark for a value that it does not have: put the value or leave it empty".to_owned());
    }
    if value.len() > 2 && value.chars().all(|c| c == '#') {
        return Some("this is a row of #, which a spreadsheet shows when a column is too narrow: widen it and save again".to_owned());
    }
    if is_number_cut_short(value) {
        return Some(
            "this is a long number that a spreadsheet has cut short: format that column as text and enter it again".to_owned(),
        );
    }
    if value.contains('\u{fffd}') {
        return Some("this value holds the mark '\u{fffd}' in place of a letter that was lost on the way: type the value again".to_owned());
    }
    None
}

/// A spreadsheet that opens our own exports would run a formula. A phone number (+44 1632 960123), a lone dash and a
/// note begun with a dash (- none) are what people write; "+cmd" and "-A1" are not.
fn looks_like_a_formula(value: &str) -> bool {
    let mut characters = value.chars();
    let first = characters.next();
    let rest = characters.as_str();
    match first {
        // The wide forms work as the narrow ones in some spreadsheets.
        Some('=' | '@' | '＝' | '＠') => true,
        Some('+' | '-' | '＋' | '－') => {
            // The one formula that is dangerous after a digit or space too calls another program: 2+cmd|'/C x'!A1
            let calls_a_program = rest.contains('|') && rest.contains('!');
            let is_prose = match rest.trim_start_matches(['-', '+']).chars().next() {
                None => true,
                Some(next) => {
                    next.is_ascii_digit() || next.is_whitespace() || matches!(next, '(' | '.')
                }
            };
            calls_a_program || !is_prose
        }
        _ => false,
    }
}

/// 1.23457E+11: the reference or phone number that stood there is lost, and two children may now share it.
fn is_number_cut_short(value: &str) -> bool {
    let Some((number, power)) = value.split_once("E+") else {
        return false;
    };
    let is_digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let (whole, decimals) = number.split_once('.').unwrap_or((number, "0"));
    whole.len() == 1 && is_digits(whole) && is_digits(decimals) && is_digits(power)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn why(value: &str) -> String {
        read(value).1.unwrap_or_default()
    }

    #[test]
    fn spaces_and_invisible_marks_around_a_value_go() {
        assert_eq!(read("\u{a0} Zoë\u{200b} \u{feff}").0, "Zoë");
        assert_eq!(read("\u{202b}Ami\u{200f}na\u{202c}").0, "Amina");
        assert_eq!(read(" \t").0, "");
    }

    #[test]
    fn a_formula_is_refused() {
        assert_eq!(
            why("=SUM(A1)"),
            "this value starts with '=': it looks like a spreadsheet formula"
        );
        for value in [
            "@SUM(1)",
            "+cmd|' /C calc'!A0",
            "-A1",
            "+ cmd|'/C x'!A0",
            "-2+3+cmd|'/C x'!A0",
            "--A1",
        ] {
            assert!(why(value).contains("formula"), "{value}");
        }
    }

    #[test]
    fn phone_numbers_and_dashes_are_not_formulas() {
        for value in [
            "+44 1632 960123",
            "+(44) 1632 960123",
            "-",
            "--",
            "- none",
            "-1",
            "Smith-Jones",
            "a@b.uk",
        ] {
            assert_eq!(why(value), "", "{value}");
        }
    }

    #[test]
    fn a_spreadsheet_error_is_no_value() {
        for value in [
            "#N/A", "#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "NULL", "########",
        ] {
            assert_ne!(why(value), "", "{value}");
        }
        assert_eq!(why("Null"), "", "a surname");
        assert_eq!(why("#4 High Street"), "");
    }

    #[test]
    fn a_number_cut_short_is_refused() {
        assert!(why("1.23457E+11").contains("cut short"));
        assert!(why("4E+12").contains("cut short"));
        assert_eq!(why("1E"), "");
    }

    #[test]
    fn control_characters_are_refused_but_not_tabs_and_lines() {
        assert!(why("An\u{1b}n").contains("control character"));
        assert!(why("An\u{7f}n").contains("control character"));
        assert_eq!(why("12 High Street\n\tLeicester"), "");
    }

    #[test]
    fn a_letter_lost_on_the_way_is_refused() {
        assert!(why("Zo\u{fffd}").contains("lost on the way"));
        assert_eq!(why("Zoë"), "");
    }

    #[test]
    fn a_value_beyond_ten_thousand_characters_is_refused_and_cut() {
        let (value, complaint) = read(&"é".repeat(10_001));
        assert_eq!(value.chars().count(), 10_000);
        assert_eq!(
            complaint.as_deref(),
            Some("this value is 10001 characters long; the most is 10000")
        );
        assert_eq!(why(&"é".repeat(10_000)), "");
    }
}
