//! What may happen to a referral, and the sentence that says why not.
//!
//! Source: domain.md section 3 (child protection) and 4 (children in care and care leavers), after
//! the practice that the annual report of 2021-22 describes.

use std::fmt;

use chrono::NaiveDate;

use super::{Answer, Offer, Outcome, Received, Referral, Remit, Source, Stream, Withdrawal};
use crate::calendar::{age_on, show};
use crate::conferences::{Kind, rules::Verdict};
use crate::text::lower_first;

/// Why something about a referral is refused. Each is the sentence the user reads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    AlreadyDecided(Outcome),
    OutOfRemit,
    BeforeReceived {
        what: &'static str,
        received_on: NaiveDate,
    },
    InTheFuture {
        what: &'static str,
    },
    NobodySaidYes,
    YoungPersonSaidNo,
    NobodyTried,
    NotAnEnding,
    PermissionBeforeContact,
    AnswerBeforeAsking,
    NothingToKeep,
    OpensBeforeYes(NaiveDate),
    AlreadyOpen,
    BornLater,
    TooOld,
    CareNeedsReason,
    CareNeedsLegalStatus,
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::AlreadyDecided(outcome) => write!(
                f,
                "This referral has its answer already: {}.",
                lower_first(outcome.words())
            ),
            Self::OutOfRemit => {
                f.write_str("This referral is outside the remit of the service, so no offer is made.")
            }
            Self::BeforeReceived { what, received_on } => write!(
                f,
                "{what} must be on or after {}, the day the referral was received",
                show(*received_on)
            ),
            Self::InTheFuture { what } => write!(f, "{what} must be today or in the past"),
            Self::NobodySaidYes => f.write_str(
                "Record who said yes first: the young person's own answer, or a parent's permission.",
            ),
            Self::YoungPersonSaidNo => f.write_str(
                "The young person said no themselves. The service is voluntary: ask them again before accepting.",
            ),
            Self::NobodyTried => f.write_str(
                "Log at least one attempt to reach somebody before recording that nobody answered.",
            ),
            Self::NotAnEnding => f.write_str("Choose why the referral was not taken up."),
            Self::PermissionBeforeContact => f.write_str(
                "Enter the day the parent or carer was contacted: permission cannot come before it",
            ),
            Self::AnswerBeforeAsking => f.write_str(
                "Enter the day the young person was asked: their answer cannot come before it",
            ),
            Self::OpensBeforeYes(said) => write!(
                f,
                "The case cannot open before {}, the day somebody said yes",
                show(*said)
            ),
            Self::AlreadyOpen => f.write_str(
                "This young person has an open referral or case in this stream already: record it there.",
            ),
            Self::BornLater => f.write_str("The date of birth must be before the referral was received"),
            Self::TooOld => f.write_str("The service helps young people up to the age of 25"),
            Self::CareNeedsReason => f.write_str("Choose the main reason for the referral"),
            Self::CareNeedsLegalStatus => {
                f.write_str("Choose the legal status on the day the referral was received")
            }
            Self::NothingToKeep => f.write_str("Nothing is waiting to be decided about this referral."),
        }
    }
}

/// Only a referral that still waits can be answered.
pub fn must_be_open(referral: &Referral) -> Result<(), Refusal> {
    if referral.request.remit == Some(Remit::OutOfRemit) {
        return Err(Refusal::OutOfRemit);
    }
    match referral.resolution.outcome {
        Outcome::Pending => Ok(()),
        decided => Err(Refusal::AlreadyDecided(decided)),
    }
}

/// A request that somebody made. In the care stream, within the remit, the report counts its
/// reason and the legal status (contracts, section 3), so both are asked for; help ends at 25
/// (domain.md section 4).
#[must_use]
pub fn check_request(
    received: &Received,
    date_of_birth: Option<NaiveDate>,
    today: NaiveDate,
) -> Vec<(&'static str, Refusal)> {
    let mut problems = Vec::new();
    if received.received_on > today {
        let what = "The day the referral was received";
        problems.push(("received_on", Refusal::InTheFuture { what }));
    }
    if let Some(born) = date_of_birth {
        if born > received.received_on {
            problems.push(("date_of_birth", Refusal::BornLater));
        } else if received.remit == Remit::InRemit && age_on(born, received.received_on) > 25 {
            problems.push(("date_of_birth", Refusal::TooOld));
        }
    }
    if received.remit == Remit::InRemit && received.stream == Stream::Care {
        if received.reason.is_none() {
            problems.push(("reason", Refusal::CareNeedsReason));
        }
        if received.legal_status.is_none() {
            problems.push(("legal_status", Refusal::CareNeedsLegalStatus));
        }
    }
    problems
}

/// A day on which something was done about a referral.
pub fn check_day(
    what: &'static str,
    day: NaiveDate,
    received_on: NaiveDate,
    today: NaiveDate,
) -> Result<(), Refusal> {
    if day > today {
        return Err(Refusal::InTheFuture { what });
    }
    if day < received_on {
        return Err(Refusal::BeforeReceived { what, received_on });
    }
    Ok(())
}

/// The four facts belong together: permission follows contact, an answer follows the asking.
pub fn check_offer(
    offer: &Offer,
    received_on: NaiveDate,
    today: NaiveDate,
) -> Vec<(&'static str, Refusal)> {
    let mut problems = Vec::new();
    let mut check = |field, what, day: Option<NaiveDate>| {
        if let Some(Err(refusal)) = day.map(|day| check_day(what, day, received_on, today)) {
            problems.push((field, refusal));
        }
    };
    check(
        "parent_contacted_on",
        "The day the parent or carer was contacted",
        offer.parent_contacted_on,
    );
    check(
        "permission_on",
        "The day of the permission",
        offer.permission.map(|(_, on)| on),
    );
    check(
        "young_person_asked_on",
        "The day the young person was asked",
        offer.young_person_asked_on,
    );
    check(
        "answer_on",
        "The day of the answer",
        offer.answer.map(|(_, on)| on),
    );
    if let Some((_, on)) = offer.permission
        && offer
            .parent_contacted_on
            .is_none_or(|contacted| on < contacted)
    {
        problems.push(("parent_contacted_on", Refusal::PermissionBeforeContact));
    }
    if let Some((_, on)) = offer.answer
        && offer.young_person_asked_on.is_none_or(|asked| on < asked)
    {
        problems.push(("young_person_asked_on", Refusal::AnswerBeforeAsking));
    }
    problems
}

/// Somebody has to have said yes, and the young person must not have said no.
pub fn may_accept(referral: &Referral) -> Result<(), Refusal> {
    must_be_open(referral)?;
    match (referral.offer.answer, referral.offer.permission) {
        (Some((Answer::No, _)), _) => Err(Refusal::YoungPersonSaidNo),
        (Some((Answer::Yes, _)), _) => Ok(()),
        (None, Some((super::ParentPermission::Given, _))) => Ok(()),
        (None, _) => Err(Refusal::NobodySaidYes),
    }
}

/// A case opens on the day somebody said yes, or later.
pub fn check_opening(offer: &Offer, opened_on: NaiveDate) -> Result<(), Refusal> {
    let yes = match (offer.answer, offer.permission) {
        (Some((Answer::Yes, on)), Some((super::ParentPermission::Given, given))) => on.min(given),
        (Some((Answer::Yes, on)), _) => on,
        (_, Some((super::ParentPermission::Given, given))) => given,
        _ => return Ok(()),
    };
    if opened_on < yes {
        Err(Refusal::OpensBeforeYes(yes))
    } else {
        Ok(())
    }
}

/// How a referral may end without being taken up.
pub fn may_end(referral: &Referral, outcome: Outcome, attempts: usize) -> Result<(), Refusal> {
    must_be_open(referral)?;
    match outcome {
        // Accepting opens a case: that is another deed.
        Outcome::Pending | Outcome::Accepted => Err(Refusal::NotAnEnding),
        Outcome::NoResponse if attempts == 0 => Err(Refusal::NobodyTried),
        _ => Ok(()),
    }
}

/// The facts that an answer itself tells, so that nobody is asked twice for the same day.
#[must_use]
pub fn offer_after(offer: &Offer, outcome: Outcome, on: NaiveDate) -> Offer {
    use super::ParentPermission::Refused;
    let mut next = offer.clone();
    match outcome {
        Outcome::DeclinedByYoungPerson | Outcome::ChangedMind => {
            next.young_person_asked_on = next.young_person_asked_on.or(Some(on));
            if outcome == Outcome::DeclinedByYoungPerson {
                next.answer = Some((Answer::No, on));
            }
        }
        Outcome::DeclinedByParent | Outcome::DeclinedNotKnownIfTold => {
            next.parent_contacted_on = next.parent_contacted_on.or(Some(on));
            next.permission = Some((Refused, on));
        }
        Outcome::Pending | Outcome::Accepted | Outcome::NoResponse | Outcome::Withdrawn => {}
    }
    next
}

/// What becomes of an automatic referral when its conference changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Follow {
    Nothing,
    /// It waits as before, and any doubt is settled.
    Stands,
    /// It had been withdrawn for a reason that is gone.
    Reinstate,
    Withdraw(Withdrawal),
    /// Somebody has been contacted: the officer decides.
    AskTheOfficer(Withdrawal),
}

/// A conference that moves re-evaluates the age; one that goes away before any contact withdraws
/// the referral, after contact the officer decides (domain.md section 3).
#[must_use]
pub fn follow(referral: &Referral, attempts: usize, verdict: Verdict) -> Follow {
    let withdrawal = match verdict {
        Verdict::Refers | Verdict::WithOlder => None,
        Verdict::NoOlder => Some(Withdrawal::NoOlder),
        Verdict::Cancelled => Some(Withdrawal::ConferenceCancelled),
        Verdict::TooYoung => Some(Withdrawal::TooYoung),
        Verdict::TooOld => Some(Withdrawal::TooOld),
        Verdict::OtherKind => Some(Withdrawal::OtherKind),
    };
    match (referral.resolution.outcome, withdrawal) {
        (Outcome::Pending, None) => Follow::Stands,
        (Outcome::Pending, Some(why)) if attempts == 0 && !referral.offer.begun() => {
            Follow::Withdraw(why)
        }
        (Outcome::Pending, Some(why)) => Follow::AskTheOfficer(why),
        (Outcome::Withdrawn, None) if referral.resolution.withdrawal.is_some() => Follow::Reinstate,
        _ => Follow::Nothing,
    }
}

/// The source of an automatic referral. What made it and what kind of conference it was are two
/// facts; the report calls receiving-in referrals automatic and counts them apart.
#[must_use]
pub fn automatic_source(kind: Kind) -> Source {
    match kind {
        Kind::ReceivingIn => Source::AutomaticReceivingInConference,
        Kind::Initial | Kind::Review => Source::AutomaticInitialConference,
    }
}

#[cfg(test)]
mod tests {
    use super::super::{ParentPermission, Request, Resolution};
    use super::*;
    use crate::ids::{ReferralId, YoungPersonId};

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn referral() -> Referral {
        Referral {
            id: ReferralId::random(),
            young_person: YoungPersonId::random(),
            request: Request {
                stream: Stream::ChildProtection,
                source: Source::AutomaticInitialConference,
                received_on: day("2022-01-10"),
                remit: Some(Remit::InRemit),
                legal_status: None,
                secure_order: false,
                reason: None,
                topics: Vec::new(),
            },
            conference_child: None,
            resolution: Resolution::pending(),
            decision_needed: None,
            officer: None,
            offer: Offer::default(),
            version: 1,
        }
    }

    #[test]
    fn nothing_is_accepted_before_somebody_said_yes() {
        let mut referral = referral();
        assert_eq!(may_accept(&referral), Err(Refusal::NobodySaidYes));
        referral.offer.permission = Some((ParentPermission::Given, day("2022-01-11")));
        assert_eq!(may_accept(&referral), Ok(()));
    }

    #[test]
    fn a_case_does_not_open_before_somebody_said_yes() {
        let offer = Offer {
            permission: Some((ParentPermission::Given, day("2022-01-11"))),
            answer: Some((Answer::Yes, day("2022-01-13"))),
            ..Offer::default()
        };
        assert!(check_opening(&offer, day("2022-01-10")).is_err());
        assert_eq!(check_opening(&offer, day("2022-01-11")), Ok(()));
    }

    #[test]
    fn a_no_of_their_own_outweighs_a_parents_permission() {
        let mut referral = referral();
        referral.offer.permission = Some((ParentPermission::Given, day("2022-01-11")));
        referral.offer.answer = Some((Answer::No, day("2022-01-12")));
        assert_eq!(may_accept(&referral), Err(Refusal::YoungPersonSaidNo));
    }

    #[test]
    fn no_response_needs_an_attempt() {
        assert_eq!(
            may_end(&referral(), Outcome::NoResponse, 0),
            Err(Refusal::NobodyTried)
        );
        assert_eq!(may_end(&referral(), Outcome::NoResponse, 1), Ok(()));
    }

    #[test]
    fn an_answered_referral_takes_no_second_answer() {
        let mut referral = referral();
        referral.resolution.outcome = Outcome::DeclinedByParent;
        assert!(may_end(&referral, Outcome::Withdrawn, 1).is_err());
        assert!(may_accept(&referral).is_err());
    }

    #[test]
    fn the_facts_of_the_offer_come_in_their_order() {
        let offer = Offer {
            answer: Some((Answer::Yes, day("2022-01-12"))),
            ..Offer::default()
        };
        let problems = check_offer(&offer, day("2022-01-10"), day("2022-01-20"));
        assert_eq!(
            problems,
            [("young_person_asked_on", Refusal::AnswerBeforeAsking)]
        );
    }

    #[test]
    fn no_fact_lies_before_the_referral_or_after_today() {
        let on = |text| Offer {
            parent_contacted_on: Some(day(text)),
            ..Offer::default()
        };
        let problems = |text| check_offer(&on(text), day("2022-01-10"), day("2022-01-20")).len();
        assert_eq!((problems("2022-01-09"), problems("2022-01-10")), (1, 0));
        assert_eq!((problems("2022-01-20"), problems("2022-01-21")), (0, 1));
    }

    #[test]
    fn a_cancelled_conference_withdraws_before_contact_and_asks_after_it() {
        let mut referral = referral();
        let gone = Withdrawal::ConferenceCancelled;
        assert_eq!(
            follow(&referral, 0, Verdict::Cancelled),
            Follow::Withdraw(gone)
        );
        assert_eq!(
            follow(&referral, 1, Verdict::Cancelled),
            Follow::AskTheOfficer(gone)
        );
        referral.offer.parent_contacted_on = Some(day("2022-01-11"));
        assert_eq!(
            follow(&referral, 0, Verdict::Cancelled),
            Follow::AskTheOfficer(gone)
        );
    }

    #[test]
    fn the_care_stream_asks_for_a_reason_and_a_legal_status() {
        let received = |stream, remit| Received {
            stream,
            source: Source::SelfReferral,
            received_on: day("2022-01-10"),
            remit,
            legal_status: None,
            reason: None,
        };
        let count = |received: Received, born: &str| {
            check_request(&received, Some(day(born)), day("2022-01-20")).len()
        };
        assert_eq!(
            count(received(Stream::Care, Remit::InRemit), "2006-01-01"),
            2
        );
        assert_eq!(
            count(received(Stream::Care, Remit::OutOfRemit), "2006-01-01"),
            0
        );
        assert_eq!(
            count(
                received(Stream::ChildProtection, Remit::InRemit),
                "2006-01-01"
            ),
            0
        );
        assert_eq!(
            count(
                received(Stream::ChildProtection, Remit::InRemit),
                "1996-01-10"
            ),
            1
        );
        assert_eq!(
            count(
                received(Stream::ChildProtection, Remit::InRemit),
                "1996-01-11"
            ),
            0
        );
    }

    #[test]
    fn a_referral_withdrawn_by_a_person_stays_withdrawn() {
        let mut referral = referral();
        referral.resolution.outcome = Outcome::Withdrawn;
        assert_eq!(follow(&referral, 0, Verdict::Refers), Follow::Nothing);
        referral.resolution.withdrawal = Some(Withdrawal::ConferenceCancelled);
        assert_eq!(follow(&referral, 0, Verdict::Refers), Follow::Reinstate);
    }

    #[test]
    fn a_no_tells_that_they_were_asked() {
        let after = offer_after(
            &Offer::default(),
            Outcome::DeclinedByYoungPerson,
            day("2022-01-12"),
        );
        assert_eq!(after.young_person_asked_on, Some(day("2022-01-12")));
        let parent = offer_after(
            &Offer::default(),
            Outcome::DeclinedNotKnownIfTold,
            day("2022-01-12"),
        );
        assert_eq!(parent.young_person_asked_on, None);
    }

    /// A referral in one of its states, with a yes on record.
    fn standing(outcome: Outcome, remit: Option<Remit>) -> Referral {
        let mut it = referral();
        it.resolution.outcome = outcome;
        it.request.remit = remit;
        it.offer.permission = Some((ParentPermission::Given, day("2022-01-11")));
        it
    }

    #[test]
    fn every_state_has_words_and_answers_every_step() {
        let remits = [None, Some(Remit::InRemit), Some(Remit::OutOfRemit)];
        for (outcome, remit) in remits
            .iter()
            .flat_map(|remit| Outcome::ALL.iter().map(move |outcome| (*outcome, *remit)))
        {
            let referral = standing(outcome, remit);
            assert!(!referral.words().is_empty());
            let open = outcome == Outcome::Pending && remit != Some(Remit::OutOfRemit);
            assert_eq!(referral.is_open(), open);
            assert_eq!(may_accept(&referral).is_ok(), open, "{outcome:?} {remit:?}");
            for ending in Outcome::ALL {
                let ends = !matches!(ending, Outcome::Pending | Outcome::Accepted);
                let step = may_end(&referral, *ending, 1);
                assert_eq!(
                    step.is_ok(),
                    open && ends,
                    "{outcome:?} {remit:?} {ending:?}"
                );
                if let Err(refusal) = step {
                    assert!(refusal.to_string().ends_with('.'), "{refusal}");
                }
            }
        }
    }

    #[test]
    fn every_change_of_a_conference_is_followed_in_every_state() {
        use Verdict as V;
        for outcome in Outcome::ALL {
            for verdict in [
                V::Refers,
                V::TooYoung,
                V::TooOld,
                V::OtherKind,
                V::Cancelled,
            ] {
                let step = follow(&standing(*outcome, None), 1, verdict);
                // After contact nothing happens by itself, and what is settled stays settled.
                match (outcome, verdict) {
                    (Outcome::Pending, V::Refers) => assert_eq!(step, Follow::Stands),
                    (Outcome::Pending, _) => assert!(matches!(step, Follow::AskTheOfficer(_))),
                    _ => assert_eq!(step, Follow::Nothing, "{outcome:?} {verdict:?}"),
                }
            }
        }
    }
}
