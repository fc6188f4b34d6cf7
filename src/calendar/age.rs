//! How old somebody is on a day, and how many weeks lie between two days.

use chrono::{Datelike, NaiveDate};

/// Age in whole years on a day. Someone born on 29 February comes of age on 1 March in years
/// without one (domain.md section 6). Negative before birth.
#[must_use]
pub fn age_on(date_of_birth: NaiveDate, day: NaiveDate) -> i32 {
    let had_birthday = (day.month(), day.day()) >= (date_of_birth.month(), date_of_birth.day());
    day.year() - date_of_birth.year() - i32::from(!had_birthday)
}

/// Weeks from one day to another, as days / 7.
#[must_use]
pub fn weeks_between(from: NaiveDate, to: NaiveDate) -> f64 {
    let days = i32::try_from((to - from).num_days()).unwrap_or(i32::MAX);
    f64::from(days) / 7.0
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn a_birthday_counts_from_its_first_moment() {
        assert_eq!(age_on(day("2010-06-15"), day("2021-06-14")), 10);
        assert_eq!(age_on(day("2010-06-15"), day("2021-06-15")), 11);
    }

    #[test]
    fn born_on_leap_day_comes_of_age_on_the_first_of_march() {
        assert_eq!(age_on(day("2008-02-29"), day("2019-02-28")), 10);
        assert_eq!(age_on(day("2008-02-29"), day("2019-03-01")), 11);
        assert_eq!(age_on(day("2008-02-29"), day("2020-02-29")), 12);
    }

    #[test]
    fn an_unborn_child_has_an_age_below_nought() {
        assert!(age_on(day("2022-01-02"), day("2022-01-01")) < 0);
    }

    /// The slow, obvious way: step through the birthdays one after another.
    fn age_by_counting_birthdays(born: NaiveDate, day: NaiveDate) -> i32 {
        let mut age = 0;
        loop {
            let year = born.year() + age + 1;
            let birthday = NaiveDate::from_ymd_opt(year, born.month(), born.day())
                .or_else(|| NaiveDate::from_ymd_opt(year, 3, 1))
                .unwrap();
            if birthday > day {
                return age;
            }
            age += 1;
        }
    }

    proptest! {
        #[test]
        fn age_agrees_with_counting_birthdays(born in 0i64..14_000, later in 0i64..10_000) {
            let born = day("1988-01-01") + chrono::Duration::days(born);
            let on = born + chrono::Duration::days(later);
            prop_assert_eq!(age_on(born, on), age_by_counting_birthdays(born, on));
        }
    }
}
