//! What may happen to an issue, and the sentence that says why not.
//!
//! The steps: an issue is opened in an open case; whoever decides is asked, and answers; it is
//! closed with its result; a closed one may be opened again. Days follow each other in this order.

use std::fmt;

use chrono::NaiveDate;

use super::{Asked, Closing, Issue, Matter, Outcome};
use crate::calendar::show;

/// Why something about an issue is refused. Each is the sentence the user reads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    CaseClosed,
    Closed,
    Open,
    NoTopic,
    NoBasis,
    InTheFuture(&'static str),
    BeforeCase(&'static str, NaiveDate),
    BeforeOpened(&'static str, NaiveDate),
    StepAfterClosed(&'static str, NaiveDate),
    BeforeAsked(NaiveDate),
    AnswerWithoutAsking,
    AfterAsked(NaiveDate),
    AfterClosed(NaiveDate),
    BeforeLastStep(NaiveDate),
    BeforeClosed(NaiveDate),
    NoHow,
}

impl Refusal {
    /// The field of the form that it is about.
    #[must_use]
    pub fn field(&self) -> Option<&'static str> {
        match self {
            Self::CaseClosed | Self::Closed | Self::Open => None,
            Self::NoTopic => Some("topics"),
            Self::NoBasis => Some("basis"),
            Self::InTheFuture(field)
            | Self::BeforeOpened(field, _)
            | Self::BeforeCase(field, _)
            | Self::StepAfterClosed(field, _) => Some(field),
            Self::AfterAsked(_) | Self::AfterClosed(_) => Some("opened_on"),
            Self::BeforeAsked(_) => Some("answered_on"),
            Self::AnswerWithoutAsking => Some("asked_on"),
            Self::BeforeLastStep(_) | Self::BeforeClosed(_) => Some("on"),
            Self::NoHow => Some("how"),
        }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::CaseClosed => {
                f.write_str("The case of this issue is closed. Reopen the case first.")
            }
            Self::Closed => f.write_str("This issue is closed. Reopen it first."),
            Self::Open => f.write_str("This issue is open already."),
            Self::NoTopic => f.write_str("Choose at least one topic"),
            Self::NoBasis => f.write_str("Say why you act without their instruction"),
            Self::InTheFuture(_) => f.write_str("The date must be today or in the past"),
            Self::BeforeCase(_, opened) => write!(
                f,
                "The date must be on or after {}, the day the case opened",
                show(*opened)
            ),
            Self::BeforeOpened(_, opened) => write!(
                f,
                "The date must be on or after {}, the day the issue was opened",
                show(*opened)
            ),
            Self::StepAfterClosed(_, closed) => write!(
                f,
                "The issue was closed on {}: choose a day before that, or reopen it first",
                show(*closed)
            ),
            Self::BeforeAsked(asked) => write!(
                f,
                "The answer must be on or after {}, the day they were asked",
                show(*asked)
            ),
            Self::AnswerWithoutAsking => {
                f.write_str("Enter the day they were asked: there is an answer")
            }
            Self::AfterAsked(asked) => write!(
                f,
                "The issue was worked on already on {}: the day it was opened must not be later",
                show(*asked)
            ),
            Self::AfterClosed(closed) => write!(
                f,
                "The issue was closed on {}: the day it was opened must not be later",
                show(*closed)
            ),
            Self::BeforeLastStep(last) => write!(
                f,
                "The date must be on or after {}, the last step of this issue",
                show(*last)
            ),
            Self::BeforeClosed(closed) => write!(
                f,
                "The date must be on or after {}, the day the issue was closed",
                show(*closed)
            ),
            Self::NoHow => f.write_str("Choose how it was settled"),
        }
    }
}

/// What an issue needs to be one.
#[must_use]
pub fn check_matter(matter: &Matter) -> Vec<Refusal> {
    let mut problems = Vec::new();
    if matter.topics.is_empty() {
        problems.push(Refusal::NoTopic);
    }
    if matter.basis.as_ref().is_some_and(|basis| basis.is_empty()) {
        problems.push(Refusal::NoBasis);
    }
    problems
}

/// An issue opens in an open case, on a day of it. `case_open_since` is the day on which the
/// case's present spell began; none when the case is closed.
pub fn may_open(
    case_open_since: Option<NaiveDate>,
    on: NaiveDate,
    today: NaiveDate,
) -> Result<(), Refusal> {
    let since = case_open_since.ok_or(Refusal::CaseClosed)?;
    if on > today {
        return Err(Refusal::InTheFuture("opened_on"));
    }
    if on < since {
        return Err(Refusal::BeforeCase("opened_on", since));
    }
    Ok(())
}

/// The day an issue was opened is put right: between the case's opening and the issue's first step.
pub fn may_move_opening(
    issue: &Issue,
    case_opened: NaiveDate,
    on: NaiveDate,
    today: NaiveDate,
) -> Result<(), Refusal> {
    may_open(Some(case_opened), on, today)?;
    let first_closing = issue
        .spells
        .first()
        .and_then(|spell| spell.closing.as_ref());
    if let Some(closing) = first_closing.filter(|closing| closing.on < on) {
        return Err(Refusal::AfterClosed(closing.on));
    }
    let steps = [
        issue.asked.asked_on,
        issue.asked.answered_on,
        issue.asked.audience_on,
    ];
    match steps.into_iter().flatten().min().filter(|step| *step < on) {
        Some(step) => Err(Refusal::AfterAsked(step)),
        None => Ok(()),
    }
}

/// The days of asking, answering and being heard: while the issue was open.
#[must_use]
pub fn check_asked(
    asked: &Asked,
    opened: NaiveDate,
    closed: Option<NaiveDate>,
    today: NaiveDate,
) -> Vec<Refusal> {
    let mut problems = Vec::new();
    for (field, on) in [
        ("asked_on", asked.asked_on),
        ("answered_on", asked.answered_on),
        ("audience_on", asked.audience_on),
    ] {
        match on {
            Some(on) if on > today => problems.push(Refusal::InTheFuture(field)),
            Some(on) if on < opened => problems.push(Refusal::BeforeOpened(field, opened)),
            Some(on) => {
                if let Some(closed) = closed.filter(|closed| *closed < on) {
                    problems.push(Refusal::StepAfterClosed(field, closed));
                }
            }
            None => {}
        }
    }
    match (asked.asked_on, asked.answered_on) {
        (None, Some(_)) => problems.push(Refusal::AnswerWithoutAsking),
        (Some(asked), Some(answered)) if answered < asked => {
            problems.push(Refusal::BeforeAsked(asked));
        }
        _ => {}
    }
    problems
}

/// An issue closes with its result, not before its last step.
pub fn may_close(issue: &Issue, closing: &Closing, today: NaiveDate) -> Result<(), Refusal> {
    let spell = issue.open_spell().ok_or(Refusal::Closed)?;
    if closing.on > today {
        return Err(Refusal::InTheFuture("on"));
    }
    let steps = [
        Some(spell.opened_on),
        issue.asked.asked_on,
        issue.asked.answered_on,
        issue.asked.audience_on,
    ];
    if let Some(last) = steps
        .into_iter()
        .flatten()
        .max()
        .filter(|last| closing.on < *last)
    {
        return Err(Refusal::BeforeLastStep(last));
    }
    if closing.how.is_none() && closing.outcome != Outcome::Withdrawn {
        return Err(Refusal::NoHow);
    }
    Ok(())
}

/// A closed issue opens again in an open case, not before it was closed.
pub fn may_reopen(
    issue: &Issue,
    case_open_since: Option<NaiveDate>,
    on: NaiveDate,
    today: NaiveDate,
) -> Result<(), Refusal> {
    if issue.open_spell().is_some() {
        return Err(Refusal::Open);
    }
    let since = case_open_since.ok_or(Refusal::CaseClosed)?;
    if on > today {
        return Err(Refusal::InTheFuture("on"));
    }
    if on < since {
        return Err(Refusal::BeforeCase("on", since));
    }
    match issue.last_closing().filter(|closing| on < closing.on) {
        Some(closing) => Err(Refusal::BeforeClosed(closing.on)),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::super::{How, Spell};
    use super::*;
    use crate::ids::{CaseId, IssueId, YoungPersonId};

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    const TODAY: &str = "2022-04-04";

    fn issue(asked_on: Option<&str>, closed: Option<&str>) -> Issue {
        Issue {
            id: IssueId::random(),
            case: CaseId::random(),
            young_person: YoungPersonId::random(),
            matter: Matter {
                topics: vec!["contact".to_owned()],
                wish: "See my brother on Sundays".to_owned(),
                basis: None,
            },
            asked: Asked {
                asked_on: asked_on.map(day),
                ..Asked::default()
            },
            spells: vec![Spell {
                number: 1,
                opened_on: day("2022-01-10"),
                opening_note: None,
                closing: closed.map(|on| closing(on, Outcome::Met)),
            }],
            version: 1,
        }
    }

    fn closing(on: &str, outcome: Outcome) -> Closing {
        Closing {
            on: day(on),
            outcome,
            how: Some(How::Informally),
            note: None,
        }
    }

    #[test]
    fn who_acts_without_instruction_says_on_what_basis() {
        let mut matter = issue(None, None).matter;
        assert_eq!(check_matter(&matter), []);
        matter.basis = Some(String::new());
        assert_eq!(check_matter(&matter), [Refusal::NoBasis]);
        matter.basis = Some("He is two years old".to_owned());
        matter.topics.clear();
        assert_eq!(check_matter(&matter), [Refusal::NoTopic]);
    }

    #[test]
    fn an_issue_opens_in_an_open_case_on_a_day_of_it() {
        let open = |since: Option<&str>, on: &str| may_open(since.map(day), day(on), day(TODAY));
        assert_eq!(open(None, "2022-02-01"), Err(Refusal::CaseClosed));
        assert_eq!(
            open(Some("2022-02-02"), "2022-02-01"),
            Err(Refusal::BeforeCase("opened_on", day("2022-02-02")))
        );
        assert_eq!(
            open(Some("2022-02-02"), "2022-04-05"),
            Err(Refusal::InTheFuture("opened_on"))
        );
        assert_eq!(open(Some("2022-02-02"), "2022-02-02"), Ok(()));
    }

    #[test]
    fn an_answer_follows_the_asking_and_both_the_opening() {
        let check = |asked: Option<&str>, answered: Option<&str>| {
            let asked = Asked {
                asked_on: asked.map(day),
                answered_on: answered.map(day),
                ..Asked::default()
            };
            check_asked(
                &asked,
                day("2022-01-10"),
                Some(day("2022-03-01")),
                day(TODAY),
            )
        };
        assert_eq!(check(Some("2022-01-10"), Some("2022-01-10")), []);
        assert_eq!(
            check(None, Some("2022-02-01")),
            [Refusal::AnswerWithoutAsking]
        );
        assert_eq!(
            check(Some("2022-02-01"), Some("2022-01-31")),
            [Refusal::BeforeAsked(day("2022-02-01"))]
        );
        assert_eq!(
            check(Some("2022-01-09"), None),
            [Refusal::BeforeOpened("asked_on", day("2022-01-10"))]
        );
        assert_eq!(
            check(Some("2022-04-05"), None),
            [Refusal::InTheFuture("asked_on")]
        );
        assert_eq!(
            check(Some("2022-03-02"), None),
            [Refusal::StepAfterClosed("asked_on", day("2022-03-01"))]
        );
    }

    #[test]
    fn an_issue_closes_once_after_its_last_step() {
        let asked = issue(Some("2022-02-01"), None);
        let close =
            |issue: &Issue, on: &str| may_close(issue, &closing(on, Outcome::Met), day(TODAY));
        assert_eq!(
            close(&asked, "2022-01-31"),
            Err(Refusal::BeforeLastStep(day("2022-02-01")))
        );
        assert_eq!(close(&asked, "2022-04-05"), Err(Refusal::InTheFuture("on")));
        assert_eq!(close(&asked, "2022-02-01"), Ok(()));
        let closed = issue(None, Some("2022-02-01"));
        assert_eq!(close(&closed, "2022-02-02"), Err(Refusal::Closed));
    }

    #[test]
    fn how_it_was_settled_is_told_unless_it_was_withdrawn() {
        let without = |outcome| {
            let closing = Closing {
                how: None,
                ..closing("2022-02-01", outcome)
            };
            may_close(&issue(None, None), &closing, day(TODAY))
        };
        assert_eq!(without(Outcome::NotMet), Err(Refusal::NoHow));
        assert_eq!(without(Outcome::Withdrawn), Ok(()));
    }

    #[test]
    fn only_a_closed_issue_of_an_open_case_opens_again() {
        let closed = issue(None, Some("2022-02-01"));
        let since = Some(day("2022-01-10"));
        let reopen = |issue: &Issue, since, on: &str| may_reopen(issue, since, day(on), day(TODAY));
        assert_eq!(
            reopen(&issue(None, None), since, "2022-02-02"),
            Err(Refusal::Open)
        );
        assert_eq!(
            reopen(&closed, None, "2022-02-02"),
            Err(Refusal::CaseClosed)
        );
        assert_eq!(
            reopen(&closed, since, "2022-01-31"),
            Err(Refusal::BeforeClosed(day("2022-02-01")))
        );
        assert_eq!(
            reopen(&closed, Some(day("2022-03-01")), "2022-02-28"),
            Err(Refusal::BeforeCase("on", day("2022-03-01")))
        );
        assert_eq!(reopen(&closed, since, "2022-02-01"), Ok(()));
    }

    #[test]
    fn the_day_of_the_opening_moves_no_later_than_the_first_step() {
        let asked = issue(Some("2022-02-01"), None);
        let to = |issue: &Issue, on: &str| {
            may_move_opening(issue, day("2022-01-05"), day(on), day(TODAY))
        };
        assert_eq!(to(&asked, "2022-01-05"), Ok(()));
        assert_eq!(
            to(&asked, "2022-02-02"),
            Err(Refusal::AfterAsked(day("2022-02-01")))
        );
        let closed = issue(None, Some("2022-02-01"));
        assert_eq!(
            to(&closed, "2022-02-02"),
            Err(Refusal::AfterClosed(day("2022-02-01")))
        );
    }
}
