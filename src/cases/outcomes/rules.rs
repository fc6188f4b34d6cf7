//! When an outcome can be, and the sentence that says why not.

use std::fmt;

use chrono::NaiveDate;

use crate::calendar::show;
use crate::cases::Case;

/// Why an outcome is refused. Each is the sentence the user reads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    NotOnTheList,
    InTheFuture,
    BeforeOpened(NaiveDate),
    RemovedAlready,
}

impl Refusal {
    /// The field of the form that it is about.
    #[must_use]
    pub fn field(&self) -> Option<&'static str> {
        match self {
            Self::NotOnTheList => Some("tag"),
            Self::InTheFuture | Self::BeforeOpened(_) => Some("seen_on"),
            Self::RemovedAlready => None,
        }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotOnTheList => f.write_str("Choose an outcome from the list"),
            Self::InTheFuture => f.write_str("The date must be today or in the past"),
            Self::BeforeOpened(opened) => write!(
                f,
                "The date must be on or after {}, the day the case opened",
                show(*opened)
            ),
            Self::RemovedAlready => f.write_str("This outcome was taken off the record already."),
        }
    }
}

/// Can something have changed on this day? After closing it can: that is when much shows.
pub fn check_day(case: &Case, on: NaiveDate, today: NaiveDate) -> Result<(), Refusal> {
    if on > today {
        return Err(Refusal::InTheFuture);
    }
    match case.opened_on().filter(|opened| on < *opened) {
        Some(opened) => Err(Refusal::BeforeOpened(opened)),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cases::Spell;
    use crate::ids::{CaseId, ReferralId, SpellId, YoungPersonId};
    use crate::referrals::Stream;

    #[test]
    fn an_outcome_lies_between_the_opening_of_the_case_and_today() {
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        let case = Case {
            id: CaseId::random(),
            referral: ReferralId::random(),
            young_person: YoungPersonId::random(),
            stream: Stream::Care,
            spells: vec![Spell {
                id: SpellId::random(),
                opened_on: day("2022-01-10"),
                opening_note: None,
                closing: None,
            }],
            allocations: vec![],
            version: 1,
        };
        let check = |on: &str| check_day(&case, day(on), day("2022-02-01"));
        assert_eq!(
            check("2022-01-09"),
            Err(Refusal::BeforeOpened(day("2022-01-10")))
        );
        assert_eq!(check("2022-01-10"), Ok(()));
        assert_eq!(check("2022-02-01"), Ok(()));
        assert_eq!(check("2022-02-02"), Err(Refusal::InTheFuture));
    }
}
