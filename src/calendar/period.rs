//! A period that figures are counted over: from a first day to a last day, both in it.

use std::fmt;

use chrono::{Datelike, Days, Months, NaiveDate};

use super::show;

/// From a first day to a last day, both counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
pub struct Period {
    pub from: NaiveDate,
    pub to: NaiveDate,
}

impl Period {
    /// A period whose days are in order.
    pub fn new(from: NaiveDate, to: NaiveDate) -> Result<Self, String> {
        if from > to {
            return Err(format!(
                "The period ends on {} before it begins on {}.",
                show(to),
                show(from)
            ));
        }
        Ok(Self { from, to })
    }

    #[must_use]
    pub fn contains(&self, day: NaiveDate) -> bool {
        self.from <= day && day <= self.to
    }

    /// The financial year, April to March, that a day lies in.
    #[must_use]
    pub fn financial_year_of(day: NaiveDate) -> Self {
        let start = if day.month() >= 4 {
            day.year()
        } else {
            day.year() - 1
        };
        Self::financial_year(start)
    }

    /// The financial year that begins in April of a year.
    #[must_use]
    pub fn financial_year(start: i32) -> Self {
        let first =
            |year, month, day| NaiveDate::from_ymd_opt(year, month, day).unwrap_or(NaiveDate::MIN);
        Self {
            from: first(start, 4, 1),
            to: first(start + 1, 3, 31),
        }
    }

    /// The same days a year before; a period that ends with a month ends with it there too.
    #[must_use]
    pub fn a_year_before(&self) -> Self {
        let year = Months::new(12);
        let day_after = self.to.checked_add_days(Days::new(1));
        let to = day_after
            .and_then(|day| day.checked_sub_months(year))
            .and_then(|day| day.checked_sub_days(Days::new(1)));
        Self {
            from: self.from.checked_sub_months(year).unwrap_or(self.from),
            to: to.unwrap_or(self.to),
        }
    }
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} to {}", show(self.from), show(self.to))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_year_turns_on_the_first_of_april() {
        let in_march = Period::financial_year_of("2022-03-31".parse().unwrap());
        let in_april = Period::financial_year_of("2022-04-01".parse().unwrap());
        assert_eq!(in_march, Period::financial_year(2021));
        assert_eq!(in_april, Period::financial_year(2022));
    }

    #[test]
    fn a_year_before_keeps_the_end_of_a_month() {
        let year = Period::financial_year(2021);
        assert_eq!(year.a_year_before(), Period::financial_year(2020));
        let february = |from: &str, to: &str| Period {
            from: from.parse().unwrap(),
            to: to.parse().unwrap(),
        };
        assert_eq!(
            february("2025-02-01", "2025-02-28").a_year_before(),
            february("2024-02-01", "2024-02-29")
        );
        assert_eq!(
            february("2024-02-01", "2024-02-29").a_year_before(),
            february("2023-02-01", "2023-02-28")
        );
    }

    #[test]
    fn a_period_does_not_end_before_it_begins() {
        assert!(Period::new("2022-01-02".parse().unwrap(), "2022-01-01".parse().unwrap()).is_err());
    }
}
