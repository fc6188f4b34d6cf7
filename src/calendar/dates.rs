//! Reads the dates and times that people type and other systems send, and writes dates as people say them.
//!
//! Forms, files and the command line share these readers, so that a date is never good in one place and bad in
//! another. Day and month are never guessed: numbers go day first unless a four-digit year leads, and a year of two
//! digits is refused, because a child born in "12" and a great-grandmother born in "12" are both possible.

use std::fmt;
use std::ops::RangeInclusive;

use chrono::{Datelike, NaiveDate, NaiveTime};

/// Nobody in a case file was born before the first or will be met after the last; a year outside is a slip.
const YEARS: RangeInclusive<i32> = 1900..=2100;

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

const SEPARATORS: [char; 5] = ['-', '/', '.', ' ', ','];

const HOW_TO_WRITE_A_DATE: &str = "write it as 2022-01-03 or 03/01/2022";
const HOW_TO_WRITE_A_TIME: &str = "write it as 14:30 or 2:30pm";

/// Reads a date, or says in a sentence why this is none.
///
/// 2022-01-03, 03/01/2022, 3.1.2022, 3 Jan 2022, 1st February 2022; a midnight behind it, as exports add, is dropped.
pub fn parse_date(text: &str) -> Result<NaiveDate, String> {
    let text = tidy(text);
    if text.is_empty() {
        return Err("no date is given".to_owned());
    }
    read_date(&text).map_err(|why| format!("{} is not a date: {why}", shorten(&text)))
}

/// Reads a time of day: 14:30, 9:05, 14:30:00, 14.30, 9am, 2:30 pm, 12 noon.
pub fn parse_time(text: &str) -> Result<NaiveTime, String> {
    let text = tidy(text);
    if text.is_empty() {
        return Err("no time is given".to_owned());
    }
    read_time(&text).map_err(|why| format!("{} is not a time of day: {why}", shorten(&text)))
}

/// Why the three boxes of a form are not a date, and which of them to mark.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PartsError {
    /// Follows the field's name: "Date of birth" + "must include a month".
    pub message: String,
    pub day: bool,
    pub month: bool,
    pub year: bool,
}

impl fmt::Display for PartsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for PartsError {}

/// Reads a date from a form's three boxes. Words and ordinals will do: "1st", "jan".
pub fn parse_three(day: &str, month: &str, year: &str) -> Result<NaiveDate, PartsError> {
    let [day, month, year] = [day, month, year].map(tidy);
    let at_fault = |message: String, [day, month, year]: [bool; 3]| PartsError {
        message,
        day,
        month,
        year,
    };

    let missing = [day.is_empty(), month.is_empty(), year.is_empty()];
    let names: Vec<&str> = ["day", "month", "year"]
        .into_iter()
        .zip(missing)
        .filter_map(|(name, is_missing)| is_missing.then_some(name))
        .collect();
    if let Some((last, others)) = names.split_last() {
        let list = match others {
            [] => (*last).to_owned(),
            _ => format!("{} and {last}", others.join(", ")),
        };
        return Err(at_fault(format!("must include a {list}"), missing));
    }

    let day = day_number(&day).filter(|day| (1..=31).contains(day));
    let month = month_number(&month).filter(|month| (1..=12).contains(month));
    let four_digits = year_number(&year);
    let year = four_digits.filter(|year| YEARS.contains(year));
    match (day, month, year) {
        (Some(day), Some(month), Some(year)) => NaiveDate::from_ymd_opt(year, month, day)
            .ok_or_else(|| {
                let why = month_length(month, year);
                at_fault(format!("must be a real date: {why}"), [true, false, false])
            }),
        _ => {
            let wrong = [day.is_none(), month.is_none(), year.is_none()];
            let message = match wrong {
                [true, false, false] => "must have a day from 1 to 31".to_owned(),
                [false, true, false] => "must have a month from 1 to 12, or its name".to_owned(),
                [false, false, true] if four_digits.is_none() => {
                    "must have a year of four digits, such as 2022".to_owned()
                }
                [false, false, true] => format!("must have {}", the_years()),
                _ => "must be a real date".to_owned(),
            };
            Err(at_fault(message, wrong))
        }
    }
}

/// The date as people say it: 3 January 2022.
pub fn show(date: NaiveDate) -> String {
    format!(
        "{} {} {}",
        date.day(),
        month_name(date.month()),
        date.year()
    )
}

fn read_date(text: &str) -> Result<NaiveDate, String> {
    let text = without_midnight(text)?;
    let parts: Vec<&str> = text
        .split(SEPARATORS)
        .filter(|part| !part.is_empty())
        .collect();
    let (day, month, year) = match *parts.as_slice() {
        [only] if is_digits(only) && only.len() == 5 => {
            return Err(
                "it is a spreadsheet's number for a day; format that column as a date".to_owned(),
            );
        }
        [year, month, day] if year.len() == 4 && is_digits(year) => (day, month, year),
        [day, month, year] => (day, month, year),
        _ => return Err(HOW_TO_WRITE_A_DATE.to_owned()),
    };
    // "3 Jan. 2022" has three separators and one meaning; "3//1/2022" is a slip with who knows what left out.
    let is_numeric = parts.iter().all(|part| is_digits(part));
    let is_framed = text.starts_with(SEPARATORS) || text.ends_with(SEPARATORS);
    if is_framed || (is_numeric && text.matches(SEPARATORS).count() != 2) {
        return Err(HOW_TO_WRITE_A_DATE.to_owned());
    }

    let (Some(day), Some(month)) = (day_number(day), month_number(month)) else {
        return Err(HOW_TO_WRITE_A_DATE.to_owned());
    };
    let year = match year_number(year) {
        Some(year) => year,
        None if is_digits(year) && year.len() == 2 => {
            return Err("write the year with four digits".to_owned());
        }
        None => return Err(HOW_TO_WRITE_A_DATE.to_owned()),
    };
    if !YEARS.contains(&year) {
        return Err(format!("it must have {}", the_years()));
    }
    if !(1..=12).contains(&month) {
        return Err(match NaiveDate::from_ymd_opt(year, day, month) {
            Some(_) => format!(
                "there is no month {month}; the day goes first, as {month:02}/{day:02}/{year}"
            ),
            None => format!("there is no month {month}"),
        });
    }
    NaiveDate::from_ymd_opt(year, month, day).ok_or_else(|| match day {
        0 => "there is no day 0".to_owned(),
        _ => month_length(month, year),
    })
}

/// Systems that keep dates as instants export a midnight behind each. Any other time is refused, not cut off: in
/// another time zone it may belong to the next day.
fn without_midnight(text: &str) -> Result<&str, String> {
    let Some((date, time)) = text.rsplit_once([' ', 'T', 't']) else {
        return Ok(text);
    };
    if !time.contains(':') {
        return Ok(text);
    }
    let time = time.trim_end_matches(['Z', 'z']);
    let is_midnight = (5..=18).contains(&time.len())
        && time.starts_with("00:00")
        && time.chars().all(|c| matches!(c, '0' | ':' | '.'));
    if is_midnight {
        Ok(date.trim_end())
    } else {
        Err("it has a time of day behind it; give the date alone".to_owned())
    }
}

fn read_time(text: &str) -> Result<NaiveTime, String> {
    let text = text.to_ascii_lowercase();
    if matches!(text.as_str(), "noon" | "midday" | "12 noon" | "12noon") {
        return NaiveTime::from_hms_opt(12, 0, 0).ok_or_else(|| HOW_TO_WRITE_A_TIME.to_owned());
    }
    let half = ["am", "a.m.", "a.m"]
        .into_iter()
        .map(|word| (word, Half::Morning))
        .chain(["pm", "p.m.", "p.m"].map(|word| (word, Half::Afternoon)))
        .find_map(|(word, half)| {
            text.strip_suffix(word)
                .map(|clock| (clock.trim_end(), half))
        });
    let (clock, half) = match half {
        Some((clock, half)) => (clock, Some(half)),
        None => (text.as_str(), None),
    };

    let parts: Vec<&str> = clock.split([':', '.']).collect();
    let (hour, minute, second) = match *parts.as_slice() {
        // A spreadsheet writes noon as 0.5 and six o'clock as 0.25.
        ["0", _] if clock.contains('.') => {
            return Err(
                "it is a spreadsheet's number for a time; format that column as a time".to_owned(),
            );
        }
        [hour] if half.is_some() => (hour, "00", "00"),
        [hour] if is_digits(hour) && hour.len() <= 2 => {
            return Err(format!(
                "say which half of the day, or {HOW_TO_WRITE_A_TIME}"
            ));
        }
        [hour, minute] => (hour, minute, "00"),
        [hour, minute, second] => (hour, minute, second),
        _ => return Err(HOW_TO_WRITE_A_TIME.to_owned()),
    };
    let two = |part: &str| number(part).filter(|_| part.len() == 2);
    let (Some(hour), Some(minute), Some(second)) = (
        number(hour).filter(|_| hour.len() <= 2),
        two(minute),
        two(second),
    ) else {
        return Err(HOW_TO_WRITE_A_TIME.to_owned());
    };
    let hour = match half {
        None => hour,
        Some(_) if !(1..=12).contains(&hour) => {
            return Err("with am or pm the hour goes from 1 to 12".to_owned());
        }
        Some(Half::Morning) => hour % 12,
        Some(Half::Afternoon) => hour % 12 + 12,
    };
    NaiveTime::from_hms_opt(hour, minute, second)
        .ok_or_else(|| "the last time of a day is 23:59".to_owned())
}

#[derive(Clone, Copy)]
enum Half {
    Morning,
    Afternoon,
}

fn day_number(text: &str) -> Option<u32> {
    let text = text.to_ascii_lowercase();
    let digits = ["st", "nd", "rd", "th"]
        .into_iter()
        .find_map(|ending| text.strip_suffix(ending))
        .unwrap_or(&text);
    number(digits).filter(|_| digits.len() <= 2)
}

fn month_number(text: &str) -> Option<u32> {
    if is_digits(text) {
        return number(text).filter(|_| text.len() <= 2);
    }
    let text = text.trim_end_matches('.').to_ascii_lowercase();
    let is_abbreviation = text.len() == 3 || text == "sept";
    (1..)
        .zip(MONTHS)
        .find(|(_, name)| {
            let name = name.to_ascii_lowercase();
            name == text || (is_abbreviation && name.starts_with(&text))
        })
        .map(|(number, _)| number)
}

fn year_number(text: &str) -> Option<i32> {
    if is_digits(text) && text.len() == 4 {
        text.parse().ok()
    } else {
        None
    }
}

fn number(text: &str) -> Option<u32> {
    // A plain parse would take "+3".
    if is_digits(text) {
        text.parse().ok()
    } else {
        None
    }
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

fn month_name(month: u32) -> &'static str {
    (1..)
        .zip(MONTHS)
        .find_map(|(number, name)| (number == month).then_some(name))
        .unwrap_or_default()
}

fn month_length(month: u32, year: i32) -> String {
    let days = (28..=31)
        .rev()
        .find(|day| NaiveDate::from_ymd_opt(year, month, *day).is_some())
        .unwrap_or_default();
    format!("{} {year} has {days} days", month_name(month))
}

fn the_years() -> String {
    format!("a year from {} to {}", YEARS.start(), YEARS.end())
}

/// Drops what nobody sees: spaces around (non-breaking ones too), zero-width characters and the marks that turn the
/// direction of writing, which spreadsheets and web pages leave behind when a date is copied.
fn tidy(text: &str) -> String {
    let visible: String = text
        .chars()
        .filter(|c| {
            !matches!(c, '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
                | '\u{2060}'..='\u{2069}' | '\u{feff}')
        })
        .map(|c| if c.is_whitespace() { ' ' } else { c })
        .collect();
    visible.trim().to_owned()
}

/// What stood there, for the message; not a whole page of it, and nothing that would garble the screen.
fn shorten(text: &str) -> String {
    let mut shown: String = text.chars().take(30).filter(|c| !c.is_control()).collect();
    if text.chars().nth(30).is_some() {
        shown.push('…');
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn ymd(year: i32, month: u32, day: u32) -> Result<NaiveDate, String> {
        NaiveDate::from_ymd_opt(year, month, day).ok_or_else(|| "no such day".to_owned())
    }

    fn hm(hour: u32, minute: u32) -> Result<NaiveTime, String> {
        NaiveTime::from_hms_opt(hour, minute, 0).ok_or_else(|| "no such time".to_owned())
    }

    fn refusal(text: &str) -> String {
        parse_date(text).err().unwrap_or_default()
    }

    #[test]
    fn a_date_is_year_first_or_day_first() {
        for text in [
            "2022-01-03",
            "03/01/2022",
            "3/1/2022",
            "03-01-2022",
            "3.1.2022",
        ] {
            assert_eq!(parse_date(text), ymd(2022, 1, 3), "{text}");
        }
    }

    #[test]
    fn a_month_may_be_a_word() {
        for text in [
            "3 Jan 2022",
            "3rd January 2022",
            "03-JAN-2022",
            "3 Jan. 2022",
        ] {
            assert_eq!(parse_date(text), ymd(2022, 1, 3), "{text}");
        }
        assert_eq!(parse_date("1 Sept 2022"), ymd(2022, 9, 1));
        assert_eq!(parse_date("1st October 2022"), ymd(2022, 10, 1));
        assert!(parse_date("3 Ja 2022").is_err());
    }

    #[test]
    fn a_midnight_behind_a_date_is_dropped() {
        for text in [
            "2022-01-03T00:00:00",
            "2022-01-03 00:00:00.000",
            "03/01/2022 00:00",
            "2022-01-03T00:00:00Z",
        ] {
            assert_eq!(parse_date(text), ymd(2022, 1, 3), "{text}");
        }
    }

    #[test]
    fn any_other_time_behind_a_date_is_refused() {
        assert_eq!(
            refusal("2022-06-30T23:00:00Z"),
            "2022-06-30T23:00:00Z is not a date: it has a time of day behind it; give the date alone"
        );
        assert!(parse_date("03/01/2022 09:15").is_err());
    }

    #[test]
    fn invisible_characters_around_a_date_do_not_matter() {
        assert_eq!(
            parse_date("\u{200e}03\u{200f}/01/2022\u{a0} "),
            ymd(2022, 1, 3)
        );
        assert_eq!(parse_date("\u{feff}3\u{a0}Jan\u{a0}2022"), ymd(2022, 1, 3));
    }

    #[test]
    fn an_impossible_day_is_refused_with_the_length_of_its_month() {
        assert_eq!(
            refusal("31/02/2022"),
            "31/02/2022 is not a date: February 2022 has 28 days"
        );
        assert_eq!(parse_date("29/02/2024"), ymd(2024, 2, 29));
        assert_eq!(
            refusal("0/1/2022"),
            "0/1/2022 is not a date: there is no day 0"
        );
    }

    #[test]
    fn an_american_date_is_refused_with_advice() {
        assert_eq!(
            refusal("12/31/2021"),
            "12/31/2021 is not a date: there is no month 31; the day goes first, as 31/12/2021"
        );
        assert_eq!(
            refusal("99/99/2021"),
            "99/99/2021 is not a date: there is no month 99"
        );
    }

    #[test]
    fn a_year_of_two_digits_is_refused() {
        for text in ["03/01/22", "3-Jan-22"] {
            assert!(refusal(text).ends_with("write the year with four digits"));
        }
    }

    #[test]
    fn a_year_outside_1900_to_2100_is_refused() {
        for text in ["0022-01-03", "1899-12-31", "01/01/2101"] {
            assert!(refusal(text).ends_with("it must have a year from 1900 to 2100"));
        }
    }

    #[test]
    fn what_is_no_date_is_refused_with_how_to_write_one() {
        for text in [
            "soon",
            "20220103",
            "3//1/2022",
            "-3/1/2022",
            "3/1",
            "+3/1/2022",
        ] {
            assert!(refusal(text).ends_with(HOW_TO_WRITE_A_DATE), "{text}");
        }
        assert_eq!(refusal(" \u{a0}"), "no date is given");
        assert!(refusal("44564").contains("spreadsheet's number"));
    }

    #[test]
    fn a_time_may_be_written_as_people_write_it() {
        for text in [
            "14:30",
            "14:30:00",
            "14.30",
            "2:30pm",
            "2.30 p.m.",
            "2:30 PM",
        ] {
            assert_eq!(parse_time(text), hm(14, 30), "{text}");
        }
        assert_eq!(parse_time("9:05"), hm(9, 5));
        assert_eq!(parse_time("9am"), hm(9, 0));
        assert_eq!(parse_time("12am"), hm(0, 0));
        assert_eq!(parse_time("12 noon"), hm(12, 0));
    }

    #[test]
    fn an_impossible_time_is_refused_with_the_reason() {
        assert_eq!(
            parse_time("24:00"),
            Err("24:00 is not a time of day: the last time of a day is 23:59".to_owned())
        );
        for text in ["9", "14:30pm", "14:3", "0.25", "10:61", "", "am", "1:2:3:4"] {
            assert!(parse_time(text).is_err(), "{text}");
        }
    }

    #[test]
    fn three_boxes_take_words_and_ordinals() {
        assert_eq!(parse_three("1st", "jan", "2022").ok(), ymd(2022, 1, 1).ok());
        assert_eq!(
            parse_three(" 31", "January ", "2022").ok(),
            ymd(2022, 1, 31).ok()
        );
    }

    fn three(day: &str, month: &str, year: &str) -> (String, [bool; 3]) {
        match parse_three(day, month, year) {
            Ok(date) => (show(date), [false; 3]),
            Err(e) => (e.message, [e.day, e.month, e.year]),
        }
    }

    #[test]
    fn an_empty_box_is_named_and_marked() {
        let (message, marked) = three("3", "", "2022");
        assert_eq!(message, "must include a month");
        assert_eq!(marked, [false, true, false]);
        assert_eq!(three("3", "", "").0, "must include a month and year");
        assert_eq!(three("", "", " ").0, "must include a day, month and year");
    }

    #[test]
    fn the_wrong_box_is_marked() {
        let (message, marked) = three("31", "2", "2022");
        assert_eq!(message, "must be a real date: February 2022 has 28 days");
        assert_eq!(marked, [true, false, false]);
        assert_eq!(three("3", "13", "2022").1, [false, true, false]);
        assert_eq!(
            three("3", "1", "22").0,
            "must have a year of four digits, such as 2022"
        );
        assert_eq!(
            three("3", "1", "3022").0,
            "must have a year from 1900 to 2100"
        );
        assert_eq!(
            three("x", "y", "2022"),
            ("must be a real date".to_owned(), [true, true, false])
        );
    }

    proptest! {
        #[test]
        fn no_text_makes_the_readers_panic(text in ".*", date in "[0-9TtZ:./, -]{0,24}", word in "[0-9a-z. ]{0,9}") {
            for text in [&text, &date, &word] {
                let _ = (parse_date(text), parse_time(text), parse_three(text, &date, &word));
            }
        }

        #[test]
        fn every_date_shown_reads_back(days in 0_u64..73_000) {
            let first = ymd(1900, 1, 1).map_err(TestCaseError::fail)?;
            let date = first + chrono::Days::new(days);
            prop_assert_eq!(parse_date(&show(date)), Ok(date));
            prop_assert_eq!(parse_date(&date.to_string()), Ok(date));
        }
    }
}
