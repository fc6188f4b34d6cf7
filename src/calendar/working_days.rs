//! Working days as the law counts them: not a Saturday, a Sunday, Christmas Day, Boxing Day, Good
//! Friday or a bank holiday in England (domain.md section 6). Every date that is reached can say
//! how; a date beyond the years whose bank holidays are known is not guessed.

use std::collections::BTreeMap;
use std::fmt;

use chrono::{Datelike, Days, Months, NaiveDate, Weekday};
use serde::Deserialize;

use super::show;

/// Every year has these many bank holidays at least. A year with fewer is not known as a whole:
/// one day that was announced early does not make it so.
const WHOLE_YEAR: usize = 8;

/// A bank holiday: its day and its name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Holiday {
    pub on: NaiveDate,
    pub title: String,
}

/// The bank holidays that are known.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Holidays {
    days: BTreeMap<NaiveDate, String>,
}

/// How a date was reached.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reached {
    /// The day of the event. It is day 0.
    pub start: NaiveDate,
    pub days: u32,
    pub due: NaiveDate,
    /// The bank holidays on the way that were not counted. Those on a Saturday or Sunday are not
    /// among them: that day would not have counted anyway.
    pub skipped: Vec<Holiday>,
}

/// The count needs a year whose bank holidays are not known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BeyondTheCalendar {
    pub year: i32,
    /// The last year that is known, if any is.
    pub last_known: Option<i32>,
}

impl fmt::Display for BeyondTheCalendar {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "The bank holidays of {} are not known here, so no date is given.",
            self.year
        )?;
        match self.last_known {
            Some(last) => write!(f, " The calendar goes to the end of {last}."),
            None => f.write_str(" The calendar is empty."),
        }
    }
}

impl fmt::Display for Reached {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} working {} after {}, which is day 0, is {}. Saturdays and Sundays are not counted",
            self.days,
            if self.days == 1 { "day" } else { "days" },
            show(self.start),
            show(self.due),
        )?;
        for (place, holiday) in self.skipped.iter().enumerate() {
            let before = match place {
                0 => ", nor ",
                _ if place + 1 == self.skipped.len() => " and ",
                _ => ", ",
            };
            write!(f, "{before}{} ({})", holiday.title, show(holiday.on))?;
        }
        f.write_str(if self.skipped.is_empty() {
            ". No bank holiday lies between."
        } else {
            "."
        })
    }
}

impl FromIterator<Holiday> for Holidays {
    fn from_iter<I: IntoIterator<Item = Holiday>>(days: I) -> Self {
        Self {
            days: days.into_iter().map(|day| (day.on, day.title)).collect(),
        }
    }
}

impl Holidays {
    /// In order of time.
    pub fn iter(&self) -> impl Iterator<Item = (NaiveDate, &str)> {
        self.days.iter().map(|(on, title)| (*on, title.as_str()))
    }

    #[must_use]
    pub fn title_of(&self, day: NaiveDate) -> Option<&str> {
        self.days.get(&day).map(String::as_str)
    }

    /// Are all bank holidays of this year known?
    #[must_use]
    pub fn knows(&self, year: i32) -> bool {
        let of_the_year = self.days.keys().filter(|day| day.year() == year);
        of_the_year.count() >= WHOLE_YEAR
    }

    /// The years that are known, in order.
    #[must_use]
    pub fn known_years(&self) -> Vec<i32> {
        let mut years: Vec<i32> = self.days.keys().map(Datelike::year).collect();
        years.dedup();
        years.retain(|year| self.knows(*year));
        years
    }

    fn must_know(&self, day: NaiveDate) -> Result<(), BeyondTheCalendar> {
        if self.knows(day.year()) {
            return Ok(());
        }
        Err(self.beyond(day.year()))
    }

    fn beyond(&self, year: i32) -> BeyondTheCalendar {
        BeyondTheCalendar {
            year,
            last_known: self.known_years().last().copied(),
        }
    }

    fn counts(&self, day: NaiveDate) -> bool {
        !is_weekend(day) && !self.days.contains_key(&day)
    }

    pub fn is_working_day(&self, day: NaiveDate) -> Result<bool, BeyondTheCalendar> {
        self.must_know(day)?;
        Ok(self.counts(day))
    }

    /// The day that lies this many working days after an event. The event's day is day 0.
    pub fn add_working_days(
        &self,
        start: NaiveDate,
        days: u32,
    ) -> Result<Reached, BeyondTheCalendar> {
        self.must_know(start)?;
        let mut due = start;
        let mut counted = 0;
        let mut skipped = Vec::new();
        while counted < days {
            due = due.succ_opt().ok_or_else(|| self.beyond(start.year()))?;
            if due.ordinal() == 1 {
                self.must_know(due)?;
            }
            if self.counts(due) {
                counted += 1;
            } else if let (false, Some(title)) = (is_weekend(due), self.days.get(&due)) {
                skipped.push(Holiday {
                    on: due,
                    title: title.clone(),
                });
            }
        }
        Ok(Reached {
            start,
            days,
            due,
            skipped,
        })
    }

    /// The working days after one day up to and with another; none when the second is not later.
    pub fn working_days_between(
        &self,
        after: NaiveDate,
        until: NaiveDate,
    ) -> Result<u32, BeyondTheCalendar> {
        for year in after.year()..=until.year() {
            if !self.knows(year) {
                return Err(self.beyond(year));
            }
        }
        let days = after.iter_days().skip(1).take_while(|day| *day <= until);
        let counted = days.filter(|day| self.counts(*day)).count();
        Ok(u32::try_from(counted).unwrap_or(u32::MAX))
    }
}

fn is_weekend(day: NaiveDate) -> bool {
    matches!(day.weekday(), Weekday::Sat | Weekday::Sun)
}

/// The same day some calendar months later, or the last day of a month that is too short for it.
#[must_use]
pub fn add_months(day: NaiveDate, months: u32) -> NaiveDate {
    day.checked_add_months(Months::new(months))
        .unwrap_or(NaiveDate::MAX)
}

/// The end of the week (a Sunday) that a day lies in.
#[must_use]
pub fn end_of_week(day: NaiveDate) -> NaiveDate {
    let left = 6 - day.weekday().num_days_from_monday();
    day.checked_add_days(Days::new(u64::from(left)))
        .unwrap_or(day)
}

/// The file of bank holidays that the government publishes, as far as it is read here.
#[derive(Deserialize)]
struct PublicFile {
    #[serde(rename = "england-and-wales")]
    england_and_wales: PublicDivision,
}

#[derive(Deserialize)]
struct PublicDivision {
    events: Vec<PublicEvent>,
}

#[derive(Deserialize)]
struct PublicEvent {
    title: String,
    date: String,
}

/// Reads a file of bank holidays in the shape in which the government publishes them. The sentence
/// says why one cannot be taken.
pub fn read_bank_holidays(text: &str) -> Result<Vec<Holiday>, String> {
    let text = text.trim_start_matches('\u{feff}').trim();
    if text.is_empty() {
        return Err("There is nothing in the file of bank holidays.".to_owned());
    }
    let file: PublicFile = serde_json::from_str(text).map_err(|cause| {
        format!(
            "This cannot be read as a file of bank holidays: {cause}. It must hold \"england-and-wales\" with its \"events\", each with a \"title\" and a \"date\"."
        )
    })?;
    let events = file.england_and_wales.events;
    if events.is_empty() {
        return Err("The file has no bank holiday for England and Wales.".to_owned());
    }
    events.into_iter().map(read_event).collect()
}

fn read_event(event: PublicEvent) -> Result<Holiday, String> {
    let title = crate::text::collapse(&event.title);
    if title.is_empty() || title.chars().count() > crate::text::NAME_LENGTH {
        return Err(format!(
            "The bank holiday of {} needs a name of at most {} characters.",
            event.date,
            crate::text::NAME_LENGTH
        ));
    }
    let on = super::dates::parse_date(&event.date)
        .map_err(|why| format!("{title}: {why}. Nothing was taken over."))?;
    Ok(Holiday { on, title })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const KNOWN: &str = include_str!("../../seeds/bank-holidays.json");

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn holidays() -> Holidays {
        read_bank_holidays(KNOWN).unwrap().into_iter().collect()
    }

    fn after(start: &str, days: u32) -> String {
        let reached = holidays().add_working_days(day(start), days).unwrap();
        reached.due.to_string()
    }

    #[test]
    fn the_dates_that_practice_is_tested_with_come_out() {
        for (start, days, due) in [
            ("2021-12-13", 10, "2021-12-29"),
            ("2021-12-13", 20, "2022-01-13"),
            ("2022-04-11", 10, "2022-04-27"),
            ("2022-03-01", 25, "2022-04-05"),
            ("2022-03-01", 65, "2022-06-07"),
            ("2022-09-01", 15, "2022-09-23"),
            ("2022-06-02", 15, "2022-06-24"),
            ("2026-12-14", 10, "2026-12-30"),
        ] {
            assert_eq!(after(start, days), due, "{start} + {days}");
        }
    }

    #[test]
    fn the_day_of_the_event_is_day_nought_whatever_day_it_is() {
        // Received on a Saturday, on a bank holiday, on a working day.
        assert_eq!(after("2022-04-30", 1), "2022-05-03");
        assert_eq!(after("2022-05-02", 1), "2022-05-03");
        assert_eq!(after("2022-05-03", 0), "2022-05-03");
    }

    #[test]
    fn a_date_says_how_it_was_reached() {
        let reached = holidays().add_working_days(day("2021-12-13"), 10).unwrap();
        assert_eq!(
            reached.to_string(),
            "10 working days after 13 December 2021, which is day 0, is 29 December 2021. \
             Saturdays and Sundays are not counted, nor Christmas Day (27 December 2021) and \
             Boxing Day (28 December 2021)."
        );
        let plain = holidays().add_working_days(day("2022-03-01"), 1).unwrap();
        assert!(plain.to_string().starts_with("1 working day after"));
        assert!(plain.to_string().ends_with("No bank holiday lies between."));
    }

    #[test]
    fn a_date_beyond_the_calendar_is_not_guessed() {
        let beyond = holidays().add_working_days(day("2028-12-20"), 10);
        let beyond = beyond.unwrap_err();
        assert_eq!((beyond.year, beyond.last_known), (2029, Some(2028)));
        assert!(beyond.to_string().contains("no date is given"));
        assert!(holidays().add_working_days(day("2018-06-01"), 1).is_err());
        assert!(
            Holidays::default()
                .is_working_day(day("2022-06-01"))
                .is_err()
        );
        // Still inside.
        assert_eq!(after("2028-12-20", 5), "2028-12-29");
    }

    #[test]
    fn one_day_announced_early_does_not_make_its_year_known() {
        let early = Holiday {
            on: day("2029-05-14"),
            title: "A celebration".to_owned(),
        };
        let all = read_bank_holidays(KNOWN)
            .unwrap()
            .into_iter()
            .chain([early]);
        let holidays: Holidays = all.collect();
        assert!(!holidays.knows(2029));
        assert_eq!(holidays.known_years(), (2019..=2028).collect::<Vec<_>>());
    }

    #[test]
    fn months_are_calendar_months_clamped_to_the_months_end() {
        assert_eq!(add_months(day("2022-11-30"), 3), day("2023-02-28"));
        assert_eq!(add_months(day("2023-11-30"), 3), day("2024-02-29"));
        assert_eq!(add_months(day("2022-01-15"), 6), day("2022-07-15"));
    }

    #[test]
    fn a_week_ends_on_its_sunday() {
        assert_eq!(end_of_week(day("2022-04-04")), day("2022-04-10"));
        assert_eq!(end_of_week(day("2022-04-10")), day("2022-04-10"));
    }

    #[test]
    fn a_file_that_cannot_be_read_is_refused_with_a_sentence() {
        for (text, sentence) in [
            ("", "There is nothing"),
            ("<html>", "cannot be read"),
            (r#"{"scotland": {"events": []}}"#, "england-and-wales"),
            (
                r#"{"england-and-wales": {"events": []}}"#,
                "no bank holiday",
            ),
            (
                r#"{"england-and-wales": {"events": [{"title": "May Day", "date": "2030-13-01"}]}}"#,
                "May Day: 2030-13-01 is not a date",
            ),
            (
                r#"{"england-and-wales": {"events": [{"title": " ", "date": "2030-01-01"}]}}"#,
                "needs a name",
            ),
        ] {
            let refused = read_bank_holidays(text).unwrap_err();
            assert!(refused.contains(sentence), "{refused}");
        }
    }

    /// The slow second way: the first later day up to which, counting each one anew from the
    /// published list, there are so many days on which offices work.
    fn slow_due(start: NaiveDate, days: usize) -> Option<NaiveDate> {
        let file: serde_json::Value = serde_json::from_str(KNOWN).unwrap();
        let published: Vec<String> = file["england-and-wales"]["events"]
            .as_array()
            .unwrap()
            .iter()
            .map(|event| event["date"].as_str().unwrap().to_owned())
            .collect();
        let works = |day: &NaiveDate| {
            let name = day.format("%a").to_string();
            name != "Sat" && name != "Sun" && !published.contains(&day.to_string())
        };
        let end = day("2028-12-31");
        (0..400)
            .map(|later| start + chrono::Duration::days(later))
            .take_while(|candidate| *candidate <= end)
            .find(|candidate| {
                let mut counted = 0;
                let mut walk = start;
                while walk < *candidate {
                    walk += chrono::Duration::days(1);
                    counted += usize::from(works(&walk));
                }
                counted == days
            })
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn working_days_agree_with_counting_them_anew(start in 0_i64..3652, days in 0_u32..70) {
            let start = day("2019-01-01") + chrono::Duration::days(start);
            let holidays = holidays();
            let reached = holidays.add_working_days(start, days);
            let slow = slow_due(start, usize::try_from(days).unwrap());
            prop_assert_eq!(reached.as_ref().ok().map(|it| it.due), slow);
            if let Ok(reached) = reached {
                let between = holidays.working_days_between(start, reached.due);
                prop_assert_eq!(between, Ok(days));
                let skipped = |day: NaiveDate| reached.skipped.iter().any(|it| it.on == day);
                prop_assert!(!skipped(reached.due));
                prop_assert!(reached.skipped.iter().all(|it| it.on > start && it.on < reached.due));
            }
        }
    }
}
