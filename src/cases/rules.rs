//! What may happen to a case, and the sentence that says why not.

use std::fmt;

use chrono::NaiveDate;

use super::Case;
use crate::calendar::show;
use crate::ids::UserId;

/// Why something about a case is refused. Each is the sentence the user reads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    Closed,
    Open,
    OtherCaseOpen,
    InTheFuture,
    BeforeOpened(NaiveDate),
    BeforeClosed(NaiveDate),
    BeforeLastOfficer(NaiveDate),
    BeforeLastMeeting(NaiveDate),
    SameOfficer,
    OpenIssues(i64),
    BeforeLastWork(NaiveDate),
}

impl Refusal {
    /// The field of the form that it is about.
    #[must_use]
    pub fn field(&self) -> Option<&'static str> {
        match self {
            Self::Closed | Self::Open | Self::OtherCaseOpen | Self::OpenIssues(_) => None,
            Self::SameOfficer => Some("officer"),
            Self::InTheFuture
            | Self::BeforeOpened(_)
            | Self::BeforeClosed(_)
            | Self::BeforeLastOfficer(_)
            | Self::BeforeLastMeeting(_)
            | Self::BeforeLastWork(_) => Some("on"),
        }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Closed => f.write_str("This case is closed. Reopen it first."),
            Self::Open => f.write_str("This case is open already."),
            Self::OtherCaseOpen => f.write_str(
                "This young person has another open case in the same stream: record the support there.",
            ),
            Self::InTheFuture => f.write_str("The date must be today or in the past"),
            Self::BeforeOpened(opened) => {
                write!(f, "The date must be on or after {}, the day the case opened", show(*opened))
            }
            Self::BeforeClosed(closed) => {
                write!(f, "The date must be on or after {}, the day the case closed", show(*closed))
            }
            Self::BeforeLastOfficer(from) => write!(
                f,
                "The date must be on or after {}, the day the present officer took the case",
                show(*from)
            ),
            Self::BeforeLastMeeting(held) => write!(
                f,
                "A meeting was supported on {}, so the case cannot close before that day",
                show(*held)
            ),
            Self::SameOfficer => f.write_str("Choose another officer: this one has the case already"),
            Self::OpenIssues(1) => f.write_str("This case has 1 open issue. Close it with its result first."),
            Self::OpenIssues(open) => {
                write!(f, "This case has {open} open issues. Close each with its result first.")
            }
            Self::BeforeLastWork(last) => write!(
                f,
                "A contact or an issue of this case is on record for {}, so it cannot close before that day",
                show(*last)
            ),
        }
    }
}

pub fn may_close(
    case: &Case,
    on: NaiveDate,
    last_meeting: Option<NaiveDate>,
    today: NaiveDate,
) -> Result<(), Refusal> {
    let spell = case.open_spell().ok_or(Refusal::Closed)?;
    if on > today {
        return Err(Refusal::InTheFuture);
    }
    if on < spell.opened_on {
        return Err(Refusal::BeforeOpened(spell.opened_on));
    }
    if let Some(allocation) = case.officer().filter(|allocation| on < allocation.from) {
        return Err(Refusal::BeforeLastOfficer(allocation.from));
    }
    match last_meeting.filter(|held| on < *held) {
        Some(held) => Err(Refusal::BeforeLastMeeting(held)),
        None => Ok(()),
    }
}

/// A case closes when every issue in it has its result, and not before its last contact or the
/// last step of an issue.
pub fn nothing_left_open(
    open_issues: i64,
    last_work: Option<NaiveDate>,
    on: NaiveDate,
) -> Result<(), Refusal> {
    if open_issues > 0 {
        return Err(Refusal::OpenIssues(open_issues));
    }
    match last_work.filter(|last| on < *last) {
        Some(last) => Err(Refusal::BeforeLastWork(last)),
        None => Ok(()),
    }
}

pub fn may_reopen(
    case: &Case,
    on: NaiveDate,
    other_case_open: bool,
    today: NaiveDate,
) -> Result<(), Refusal> {
    if case.open_spell().is_some() {
        return Err(Refusal::Open);
    }
    if other_case_open {
        return Err(Refusal::OtherCaseOpen);
    }
    if on > today {
        return Err(Refusal::InTheFuture);
    }
    match case.last_closing().filter(|closing| on < closing.on) {
        Some(closing) => Err(Refusal::BeforeClosed(closing.on)),
        None => Ok(()),
    }
}

pub fn may_allocate(
    case: &Case,
    officer: &UserId,
    from: NaiveDate,
    today: NaiveDate,
) -> Result<(), Refusal> {
    let spell = case.open_spell().ok_or(Refusal::Closed)?;
    if from > today {
        return Err(Refusal::InTheFuture);
    }
    if from < spell.opened_on {
        return Err(Refusal::BeforeOpened(spell.opened_on));
    }
    match case.officer() {
        Some(present) if present.officer == *officer => Err(Refusal::SameOfficer),
        Some(present) if from < present.from => Err(Refusal::BeforeLastOfficer(present.from)),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Allocation, Closing, Spell};
    use super::*;
    use crate::ids::{AllocationId, CaseId, ReferralId, SpellId, YoungPersonId};
    use crate::referrals::Stream;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn case(opened: &str, closed: Option<&str>) -> Case {
        Case {
            id: CaseId::random(),
            referral: ReferralId::random(),
            young_person: YoungPersonId::random(),
            stream: Stream::Care,
            spells: vec![Spell {
                id: SpellId::random(),
                opened_on: day(opened),
                opening_note: None,
                closing: closed.map(|on| Closing {
                    on: day(on),
                    reason: None,
                    note: None,
                }),
            }],
            allocations: vec![Allocation {
                id: AllocationId::random(),
                officer: UserId::random(),
                officer_name: "An officer".to_owned(),
                from: day(opened),
                to: closed.map(day),
            }],
            version: 1,
        }
    }

    #[test]
    fn a_case_closes_between_its_opening_and_today() {
        let case = case("2022-01-10", None);
        let close = |on: &str| may_close(&case, day(on), None, day("2022-02-01"));
        assert_eq!(
            close("2022-01-09"),
            Err(Refusal::BeforeOpened(day("2022-01-10")))
        );
        assert_eq!(close("2022-02-02"), Err(Refusal::InTheFuture));
        assert_eq!(close("2022-01-10"), Ok(()));
    }

    #[test]
    fn a_case_does_not_close_before_its_last_meeting() {
        let case = case("2022-01-10", None);
        let refusal = may_close(
            &case,
            day("2022-01-15"),
            Some(day("2022-01-20")),
            day("2022-02-01"),
        );
        assert_eq!(refusal, Err(Refusal::BeforeLastMeeting(day("2022-01-20"))));
    }

    #[test]
    fn a_case_closes_when_no_issue_is_open_and_not_before_its_last_contact() {
        let last = Some(day("2022-01-20"));
        let close = |open, on: &str| nothing_left_open(open, last, day(on));
        assert_eq!(close(2, "2022-01-20"), Err(Refusal::OpenIssues(2)));
        assert_eq!(
            close(0, "2022-01-19"),
            Err(Refusal::BeforeLastWork(day("2022-01-20")))
        );
        assert_eq!(close(0, "2022-01-20"), Ok(()));
        assert_eq!(nothing_left_open(0, None, day("2022-01-10")), Ok(()));
    }

    #[test]
    fn only_a_closed_case_reopens_and_never_beside_another() {
        let closed = case("2022-01-10", Some("2022-01-20"));
        let reopen = |on: &str, other| may_reopen(&closed, day(on), other, day("2022-02-01"));
        assert_eq!(
            reopen("2022-01-19", false),
            Err(Refusal::BeforeClosed(day("2022-01-20")))
        );
        assert_eq!(reopen("2022-01-20", true), Err(Refusal::OtherCaseOpen));
        assert_eq!(reopen("2022-01-20", false), Ok(()));
        let open = case("2022-01-10", None);
        assert_eq!(
            may_reopen(&open, day("2022-01-20"), false, day("2022-02-01")),
            Err(Refusal::Open)
        );
    }

    #[test]
    fn a_closed_case_is_given_to_nobody() {
        let closed = case("2022-01-10", Some("2022-01-20"));
        let refusal = may_allocate(
            &closed,
            &UserId::random(),
            day("2022-01-21"),
            day("2022-02-01"),
        );
        assert_eq!(refusal, Err(Refusal::Closed));
    }

    #[test]
    fn a_case_is_not_given_to_the_officer_who_has_it() {
        let open = case("2022-01-10", None);
        let same = open.allocations.first().map(|a| a.officer.clone()).unwrap();
        let refusal = may_allocate(&open, &same, day("2022-01-21"), day("2022-02-01"));
        assert_eq!(refusal, Err(Refusal::SameOfficer));
    }

    #[test]
    fn an_open_and_a_closed_case_answer_every_step() {
        let (today, on) = (day("2022-02-01"), day("2022-01-25"));
        for closed in [None, Some("2022-01-20")] {
            let case = case("2022-01-10", closed);
            let open = closed.is_none();
            assert_eq!(may_close(&case, on, None, today).is_ok(), open);
            assert_eq!(may_reopen(&case, on, false, today).is_ok(), !open);
            assert_eq!(
                may_allocate(&case, &UserId::random(), on, today).is_ok(),
                open
            );
            assert_eq!(case.open_spell().is_some(), open);
            assert_eq!(case.officer().is_some(), open);
        }
    }
}
