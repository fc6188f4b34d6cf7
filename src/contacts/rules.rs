//! What may be logged as a contact, and the sentence that says why not.

use std::fmt;

use chrono::NaiveDate;

use super::{Contact, Told};
use crate::calendar::show;
use crate::cases::Case;
use crate::referrals::Method;

/// Nobody talks for longer than a day.
const LONGEST: i32 = 24 * 60;

/// Why something about a contact is refused. Each is the sentence the user reads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    InTheFuture,
    BeforeOpened(NaiveDate),
    AfterClosed(NaiveDate),
    Nobody,
    LetterNotConfirmed,
    Minutes,
    InError,
    ClosedCase,
}

impl Refusal {
    /// The field of the form that it is about.
    #[must_use]
    pub fn field(&self) -> Option<&'static str> {
        match self {
            Self::InTheFuture | Self::BeforeOpened(_) | Self::AfterClosed(_) => Some("made_on"),
            Self::Nobody => Some("people"),
            Self::LetterNotConfirmed => Some("letter_confirmed"),
            Self::Minutes => Some("minutes"),
            Self::InError | Self::ClosedCase => None,
        }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::InTheFuture => f.write_str("The day of the contact must be today or in the past"),
            Self::BeforeOpened(opened) => write!(
                f,
                "The day of the contact must be on or after {}, when the case opened",
                show(*opened)
            ),
            Self::AfterClosed(closed) => write!(
                f,
                "The case was closed on {}: choose a day when it was open, or reopen it first",
                show(*closed)
            ),
            Self::Nobody => f.write_str("Choose at least one child or young person"),
            Self::LetterNotConfirmed => f.write_str(
                "Read the warnings at the top. Confirm that a letter may be sent, or choose another way",
            ),
            Self::Minutes => f.write_str("Enter the minutes as a whole number from 1 to 1440"),
            Self::InError => {
                f.write_str("This contact was recorded in error. Log the right one as a new contact.")
            }
            Self::ClosedCase => f.write_str(
                "A case of this contact is not open today. Reopen it first, or log the contact anew.",
            ),
        }
    }
}

/// Was the case open on this day? The day it closed still counts.
pub fn open_on(case: &Case, day: NaiveDate) -> Result<(), Refusal> {
    let mut closed_before = None;
    for spell in &case.spells {
        if day < spell.opened_on {
            break;
        }
        match &spell.closing {
            Some(closing) if closing.on < day => closed_before = Some(closing.on),
            _ => return Ok(()),
        }
    }
    match closed_before {
        Some(closed) => Err(Refusal::AfterClosed(closed)),
        None => Err(Refusal::BeforeOpened(case.opened_on().unwrap_or(day))),
    }
}

/// What is wrong with a contact: nothing, or all of it. `warned` says that somebody it is about
/// has a warning on record.
#[must_use]
pub fn check(
    told: &Told,
    cases: &[Case],
    warned: bool,
    letter_confirmed: bool,
    today: NaiveDate,
) -> Vec<Refusal> {
    let mut problems = Vec::new();
    if told.made_on > today {
        problems.push(Refusal::InTheFuture);
    } else if let Some(refusal) = cases
        .iter()
        .find_map(|case| open_on(case, told.made_on).err())
    {
        problems.push(refusal);
    }
    if cases.is_empty() {
        problems.push(Refusal::Nobody);
    }
    if told.method == Method::Letter && warned && !letter_confirmed {
        problems.push(Refusal::LetterNotConfirmed);
    }
    if told
        .minutes
        .is_some_and(|minutes| !(1..=LONGEST).contains(&minutes))
    {
        problems.push(Refusal::Minutes);
    }
    problems
}

/// The same again, today.
pub fn may_repeat(contact: &Contact, cases: &[Case], today: NaiveDate) -> Result<(), Refusal> {
    must_stand(contact)?;
    if cases.iter().any(|case| open_on(case, today).is_err()) {
        return Err(Refusal::ClosedCase);
    }
    Ok(())
}

/// What was recorded in error is not worked on.
pub fn must_stand(contact: &Contact) -> Result<(), Refusal> {
    match contact.error_reason {
        Some(_) => Err(Refusal::InError),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cases::{Closing, Spell};
    use crate::contacts::WithWhom;
    use crate::ids::{CaseId, ReferralId, SpellId, YoungPersonId};
    use crate::referrals::Stream;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    /// A case that was open in these spells.
    fn case(spells: &[(&str, Option<&str>)]) -> Case {
        Case {
            id: CaseId::random(),
            referral: ReferralId::random(),
            young_person: YoungPersonId::random(),
            stream: Stream::Care,
            spells: spells
                .iter()
                .map(|(opened, closed)| Spell {
                    id: SpellId::random(),
                    opened_on: day(opened),
                    opening_note: None,
                    closing: closed.map(|on| Closing {
                        on: day(on),
                        reason: None,
                        note: None,
                    }),
                })
                .collect(),
            allocations: Vec::new(),
            version: 1,
        }
    }

    fn told(method: Method, made_on: &str) -> Told {
        Told {
            method,
            made: true,
            made_on: day(made_on),
            with_whom: WithWhom::YoungPerson,
            with_name: None,
            minutes: None,
            note: None,
        }
    }

    fn problems(told: &Told, warned: bool, confirmed: bool) -> Vec<Refusal> {
        let open = case(&[("2022-01-10", None)]);
        check(told, &[open], warned, confirmed, day("2022-02-01"))
    }

    #[test]
    fn a_contact_was_made_on_a_day_when_the_case_was_open() {
        let case = case(&[("2022-01-10", Some("2022-02-10")), ("2022-03-10", None)]);
        let on = |text: &str| open_on(&case, day(text));
        assert_eq!(
            on("2022-01-09"),
            Err(Refusal::BeforeOpened(day("2022-01-10")))
        );
        assert_eq!(on("2022-01-10"), Ok(()));
        assert_eq!(on("2022-02-10"), Ok(()));
        assert_eq!(
            on("2022-02-11"),
            Err(Refusal::AfterClosed(day("2022-02-10")))
        );
        assert_eq!(on("2022-03-10"), Ok(()));
    }

    #[test]
    fn a_contact_is_not_made_tomorrow() {
        let tomorrow = told(Method::Call, "2022-02-02");
        assert_eq!(problems(&tomorrow, false, false), [Refusal::InTheFuture]);
        assert_eq!(
            problems(&told(Method::Call, "2022-02-01"), false, false),
            []
        );
    }

    #[test]
    fn a_letter_to_somebody_with_a_warning_is_confirmed() {
        let letter = told(Method::Letter, "2022-02-01");
        assert_eq!(
            problems(&letter, true, false),
            [Refusal::LetterNotConfirmed]
        );
        assert_eq!(problems(&letter, true, true), []);
        assert_eq!(problems(&letter, false, false), []);
        assert_eq!(problems(&told(Method::Call, "2022-02-01"), true, false), []);
    }

    #[test]
    fn a_contact_is_about_somebody_and_lasts_a_day_at_most() {
        let mut long = told(Method::Visit, "2022-02-01");
        long.minutes = Some(1441);
        let refused = check(&long, &[], false, false, day("2022-02-01"));
        assert_eq!(refused, [Refusal::Nobody, Refusal::Minutes]);
    }
}
