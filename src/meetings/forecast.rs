//! When the next review is due: a suggestion, with how its day was reached.
//!
//! Child protection (domain.md section 3, after "Working Together to Safeguard Children"): the
//! first review conference within 3 months of the initial one, then at most 6 months apart. Care
//! (domain.md section 4; SI 2010/959, regulation 33): the first review of arrangements within 20
//! working days of becoming looked after, the second within 3 months of the actual first, then at
//! most 6 months apart. Months are calendar months, clamped to the month's end.

use chrono::NaiveDate;

use crate::calendar::{add_months, show};

const WORKING_TOGETHER: &str = "Working Together to Safeguard Children";
const REGULATION_33: &str = "SI 2010/959, regulation 33";

/// The last day for the next review.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Forecast {
    pub due: NaiveDate,
    /// How the day was reached.
    pub because: String,
    /// The law or guidance that says so.
    pub source: &'static str,
}

/// What a conference is to the rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Conference {
    /// The one from which the plan runs: initial, or receiving-in.
    First,
    Review,
}

/// The next review conference, from those that were held in any order.
#[must_use]
pub fn review_conference(held: &[(Conference, NaiveDate)]) -> Option<Forecast> {
    let (kind, last) = held.iter().copied().max_by_key(|(_, day)| *day)?;
    let (months, words, rule) = match kind {
        Conference::First => (
            3,
            "The first conference was",
            "the first review is due within",
        ),
        Conference::Review => (6, "The last review was", "reviews are at most"),
    };
    let apart = match kind {
        Conference::First => "",
        Conference::Review => " apart",
    };
    Some(Forecast {
        due: add_months(last, months),
        because: format!("{words} on {}; {rule} {months} months{apart}.", show(last)),
        source: WORKING_TOGETHER,
    })
}

/// Since when a child has been looked after without a break, from the days on which each legal
/// basis began, in order, and whether one is looked after under it. None for somebody who is not.
#[must_use]
pub fn looked_after_since(bases: &[(NaiveDate, bool)]) -> Option<NaiveDate> {
    bases
        .iter()
        .rev()
        .take_while(|(_, looked_after)| *looked_after)
        .last()
        .map(|(from, _)| *from)
}

/// The next review of arrangements of a child looked after since a day. The reviews that were held
/// come in any order; those from before that day belong to an earlier time in care. How working
/// days are counted is handed in; where the calendar does not reach, there is no forecast.
pub fn review_of_arrangements(
    looked_after_since: Option<NaiveDate>,
    held: &[NaiveDate],
    working_days_after: impl Fn(NaiveDate, u32) -> Option<NaiveDate>,
) -> Option<Forecast> {
    let counts = |day: &&NaiveDate| looked_after_since.is_none_or(|since| **day >= since);
    let number = held.iter().filter(counts).count();
    let last = held.iter().filter(counts).max().copied();
    let (due, because) = match (last, looked_after_since) {
        (None, None) => return None,
        (None, Some(since)) => (
            working_days_after(since, 20)?,
            format!(
                "Looked after since {}; the first review is due within 20 working days.",
                show(since)
            ),
        ),
        (Some(last), Some(_)) if number == 1 => (
            add_months(last, 3),
            format!(
                "The first review was on {}; the second is due within 3 months of it.",
                show(last)
            ),
        ),
        (Some(last), Some(_)) => (
            add_months(last, 6),
            format!(
                "The last review was on {}; reviews are at most 6 months apart.",
                show(last)
            ),
        ),
        (Some(last), None) => (
            add_months(last, 6),
            format!(
                "The last review on record was on {}; reviews are at most 6 months apart. If it was the very first, the next is due within 3 months.",
                show(last)
            ),
        ),
    };
    Some(Forecast {
        due,
        because,
        source: REGULATION_33,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calendar::{Holidays, read_bank_holidays};

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn twenty_eight_days(from: NaiveDate, days: u32) -> Option<NaiveDate> {
        assert_eq!(days, 20);
        Some(from + chrono::Duration::days(28))
    }

    fn care(since: Option<&str>, held: &[&str]) -> Option<NaiveDate> {
        let held: Vec<NaiveDate> = held.iter().map(|text| day(text)).collect();
        review_of_arrangements(since.map(day), &held, twenty_eight_days).map(|it| it.due)
    }

    #[test]
    fn the_first_review_conference_is_due_in_three_months_and_later_ones_in_six() {
        use Conference::{First, Review};
        let due = |held: &[_]| review_conference(held).map(|it| it.due);
        let first = (First, day("2022-04-20"));
        assert_eq!(due(&[]), None);
        assert_eq!(due(&[first]), Some(day("2022-07-20")));
        let review = (Review, day("2022-07-05"));
        assert_eq!(due(&[review, first]), Some(day("2023-01-05")));
        let again = (First, day("2023-02-01"));
        assert_eq!(due(&[again, review, first]), Some(day("2023-05-01")));
    }

    #[test]
    fn the_end_of_november_and_three_months_is_the_end_of_february() {
        let due = |on| {
            review_conference(&[(Conference::First, day(on))])
                .unwrap()
                .due
        };
        assert_eq!(due("2021-11-30"), day("2022-02-28"));
        assert_eq!(due("2023-11-30"), day("2024-02-29"));
    }

    #[test]
    fn the_first_review_of_arrangements_is_due_twenty_working_days_after_becoming_looked_after() {
        assert_eq!(care(Some("2022-01-10"), &[]), Some(day("2022-02-07")));
        // A review of an earlier time in care is not the first of this one.
        assert_eq!(
            care(Some("2022-01-10"), &["2020-01-01"]),
            Some(day("2022-02-07"))
        );
        assert_eq!(
            review_of_arrangements(Some(day("2022-01-10")), &[], |_, _| None),
            None
        );
    }

    #[test]
    fn a_change_of_the_legal_basis_is_no_new_beginning_and_a_break_is() {
        let days = |bases: &[(&str, bool)]| {
            let bases: Vec<_> = bases.iter().map(|(from, it)| (day(from), *it)).collect();
            looked_after_since(&bases)
        };
        let (first, second) = (("2021-01-10", true), ("2021-06-01", true));
        assert_eq!(days(&[]), None);
        assert_eq!(days(&[first, second]), Some(day("2021-01-10")));
        let home = ("2021-03-01", false);
        assert_eq!(days(&[first, home, second]), Some(day("2021-06-01")));
        assert_eq!(days(&[first, ("2022-01-01", false)]), None);
    }

    #[test]
    fn working_days_skip_the_holidays_of_england() {
        let text = include_str!("../../seeds/bank-holidays.json");
        let holidays: Holidays = read_bank_holidays(text).unwrap().into_iter().collect();
        let due = review_of_arrangements(Some(day("2021-12-13")), &[], |from, days| {
            let reached = holidays.add_working_days(from, days);
            reached.ok().map(|reached| reached.due)
        });
        // The test date of domain.md section 6.
        assert_eq!(due.unwrap().due, day("2022-01-13"));
    }

    #[test]
    fn the_second_follows_the_actual_first_in_three_months_and_the_others_in_six() {
        let since = Some("2022-01-10");
        assert_eq!(care(since, &["2022-02-01"]), Some(day("2022-05-01")));
        assert_eq!(
            care(since, &["2022-04-20", "2022-02-01"]),
            Some(day("2022-10-20"))
        );
    }

    #[test]
    fn where_it_is_not_known_since_when_the_forecast_says_so() {
        assert_eq!(care(None, &[]), None);
        let forecast =
            review_of_arrangements(None, &[day("2022-02-01")], twenty_eight_days).unwrap();
        assert_eq!(forecast.due, day("2022-08-01"));
        assert!(forecast.because.contains("If it was the very first"));
    }
}
