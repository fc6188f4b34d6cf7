//! When a warning is looked at again, and the sentence that says why not.

use std::fmt;

use chrono::NaiveDate;

use super::Warning;

/// Why something about a warning is refused. Each is the sentence the user reads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    ReviewNotAhead,
    ReviewTooFar,
    Ended,
    TakenOver,
}

impl Refusal {
    /// The field of the form that it is about.
    #[must_use]
    pub fn field(&self) -> Option<&'static str> {
        match self {
            Self::ReviewNotAhead | Self::ReviewTooFar => Some("review_on"),
            Self::Ended | Self::TakenOver => None,
        }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::ReviewNotAhead => "The day of the review must be after today",
            Self::ReviewTooFar => "The day of the review must be within a year from today",
            Self::Ended => "This warning has ended. Set a new one.",
            Self::TakenOver => {
                "No warning of the conference schedule stands here any more: somebody took it over."
            }
        })
    }
}

/// The day of review that a form suggests.
#[must_use]
pub fn next_review(today: NaiveDate) -> NaiveDate {
    today + chrono::Duration::days(90)
}

/// A warning that nobody looks at again stops being read: its review lies ahead, and within a year.
pub fn check_review(review_on: NaiveDate, today: NaiveDate) -> Result<(), Refusal> {
    if review_on <= today {
        return Err(Refusal::ReviewNotAhead);
    }
    if review_on > today + chrono::Duration::days(366) {
        return Err(Refusal::ReviewTooFar);
    }
    Ok(())
}

pub fn must_be_in_force(warning: &Warning) -> Result<(), Refusal> {
    match warning.ended {
        Some(_) => Err(Refusal::Ended),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_review_lies_ahead_and_within_a_year() {
        let today: NaiveDate = "2022-04-04".parse().unwrap();
        let after = |days| check_review(today + chrono::Duration::days(days), today);
        assert_eq!(after(0), Err(Refusal::ReviewNotAhead));
        assert_eq!(after(367), Err(Refusal::ReviewTooFar));
        assert_eq!(after(1).and(after(366)), Ok(()));
        assert_eq!(check_review(next_review(today), today), Ok(()));
    }
}
