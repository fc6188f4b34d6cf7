//! A period that figures are counted over: from a first day to a last day, both in it.

use std::fmt;

use chrono::{Datelike, NaiveDate};

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
    fn a_period_does_not_end_before_it_begins() {
        assert!(Period::new("2022-01-02".parse().unwrap(), "2022-01-01".parse().unwrap()).is_err());
    }
}
