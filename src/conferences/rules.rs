//! What scheduling systems call the kinds and states of a conference, and which children one
//! refers.

use chrono::NaiveDate;

use super::{Kind, Status};
use crate::calendar::age_on;
use crate::lists::ReferralPolicy;

/// The kind that a scheduling system's words mean. Words in brackets and the like are read too:
/// "Child Protection (Initial child protection conference)".
#[must_use]
pub fn kind_from(text: &str) -> Option<Kind> {
    let text = text.to_lowercase();
    let words: Vec<&str> = text
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .collect();
    let has = |word: &str| words.contains(&word);
    let receiving = has("receiving")
        || has("transfer")
        || has("transferred")
        || has("tricpc")
        || has("ticpc")
        || (has("move") && has("in"));
    let review = has("review") || has("rcpc") || has("rcpcc");
    let initial = has("initial") || has("icpc") || has("icpcc");
    match (receiving, review, initial) {
        // "Transfer in initial conference" is a receiving-in conference.
        (true, false, _) => Some(Kind::ReceivingIn),
        (false, true, false) => Some(Kind::Review),
        (false, false, true) => Some(Kind::Initial),
        _ => None,
    }
}

#[must_use]
pub fn status_from(text: &str) -> Option<Status> {
    match text.to_lowercase().trim() {
        "" | "scheduled" | "booked" | "planned" | "arranged" | "confirmed" => {
            Some(Status::Scheduled)
        }
        "moved" | "rescheduled" | "rearranged" | "postponed" | "re-arranged" => Some(Status::Moved),
        "cancelled" | "canceled" | "stood down" => Some(Status::Cancelled),
        "held" | "completed" | "complete" | "took place" => Some(Status::Held),
        _ => None,
    }
}

/// What the automatic referral rule says of one child on one conference (domain.md section 3).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// At or over the threshold on the day of the conference, and under the upper age.
    Refers,
    /// Under the threshold on that day, or not yet born.
    TooYoung,
    /// At or over the upper age on that day.
    TooOld,
    /// Conferences of this kind refer nobody.
    OtherKind,
    /// The conference will not be held.
    Cancelled,
}

/// The rule: a scheduled conference of a referring kind refers every child who will be at or over
/// the threshold, and under 18, on the day of the conference.
#[must_use]
pub fn verdict(
    policy: Option<&ReferralPolicy>,
    kind: Kind,
    status: Status,
    date_of_birth: Option<NaiveDate>,
    held_on: NaiveDate,
) -> Verdict {
    let Some(policy) = policy.filter(|policy| {
        policy
            .conference_kinds
            .iter()
            .any(|code| code == kind.code())
    }) else {
        return Verdict::OtherKind;
    };
    if status == Status::Cancelled {
        return Verdict::Cancelled;
    }
    match date_of_birth.map(|born| age_on(born, held_on)) {
        None => Verdict::TooYoung,
        Some(age) if age < policy.threshold_age => Verdict::TooYoung,
        Some(age) if age >= policy.upper_age => Verdict::TooOld,
        Some(_) => Verdict::Refers,
    }
}

/// How a conference stands once scheduling says it anew, and what scheduling had said where
/// somebody here marked it. A mark stays while scheduling says what it said before; what it says
/// anew corrects the mark.
#[must_use]
pub fn status_after(
    marked: Status,
    said_before: Option<Status>,
    says: Status,
) -> (Status, Option<Status>) {
    match said_before {
        Some(before) if before == says => (marked, said_before),
        _ => (says, None),
    }
}

/// Why a conference is not marked. Each is the sentence the user reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    NotYet,
    MarkedSo,
}

impl std::fmt::Display for Refusal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::NotYet => "A conference is marked as held on its day or after it",
            Self::MarkedSo => "The conference stands so already",
        })
    }
}

/// May somebody mark a conference so?
pub fn check_mark(
    stands: Status,
    mark: Status,
    held_on: NaiveDate,
    today: NaiveDate,
) -> Result<(), Refusal> {
    if mark == stands {
        Err(Refusal::MarkedSo)
    } else if mark == Status::Held && held_on > today {
        Err(Refusal::NotYet)
    } else {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lists::policy_on;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn policy() -> ReferralPolicy {
        ReferralPolicy {
            applies_from: day("1900-01-01"),
            threshold_age: 11,
            upper_age: 18,
            conference_kinds: vec!["initial".into(), "receiving_in".into()],
        }
    }

    fn of(born: &str, held_on: &str) -> Verdict {
        verdict(
            Some(&policy()),
            Kind::Initial,
            Status::Scheduled,
            Some(day(born)),
            day(held_on),
        )
    }

    #[test]
    fn the_kind_is_found_in_the_words_of_other_systems() {
        for (text, kind) in [
            ("ICPC", Kind::Initial),
            ("initial", Kind::Initial),
            (
                "Child Protection (Initial child protection conference)",
                Kind::Initial,
            ),
            ("RCPC", Kind::Review),
            ("Review Conference", Kind::Review),
            ("Transfer in conference", Kind::ReceivingIn),
            ("Transfer-In", Kind::ReceivingIn),
            ("RECEIVING_IN", Kind::ReceivingIn),
            ("Receiving in (initial)", Kind::ReceivingIn),
        ] {
            assert_eq!(kind_from(text), Some(kind), "{text}");
        }
        assert_eq!(kind_from("core group"), None);
        assert_eq!(kind_from(""), None);
    }

    #[test]
    fn a_birthday_on_the_day_of_the_conference_counts() {
        assert_eq!(of("2010-12-01", "2021-12-01"), Verdict::Refers);
        assert_eq!(of("2010-12-02", "2021-12-01"), Verdict::TooYoung);
    }

    #[test]
    fn a_leap_day_child_is_of_age_on_the_first_of_march() {
        assert_eq!(of("2008-02-29", "2019-02-28"), Verdict::TooYoung);
        assert_eq!(of("2008-02-29", "2019-03-01"), Verdict::Refers);
    }

    #[test]
    fn nobody_is_referred_from_their_eighteenth_birthday() {
        assert_eq!(of("2003-12-02", "2021-12-01"), Verdict::Refers);
        assert_eq!(of("2003-12-01", "2021-12-01"), Verdict::TooOld);
    }

    #[test]
    fn an_unborn_child_is_too_young() {
        let verdict = verdict(
            Some(&policy()),
            Kind::Initial,
            Status::Scheduled,
            None,
            day("2021-12-01"),
        );
        assert_eq!(verdict, Verdict::TooYoung);
    }

    #[test]
    fn a_review_or_a_cancelled_conference_refers_nobody() {
        let on = |kind, status| {
            verdict(
                Some(&policy()),
                kind,
                status,
                Some(day("2008-01-01")),
                day("2021-12-01"),
            )
        };
        assert_eq!(on(Kind::Review, Status::Scheduled), Verdict::OtherKind);
        assert_eq!(on(Kind::Initial, Status::Cancelled), Verdict::Cancelled);
        assert_eq!(on(Kind::ReceivingIn, Status::Held), Verdict::Refers);
    }

    #[test]
    fn the_policy_is_that_of_the_day_of_the_conference() {
        let mut later = policy();
        later.applies_from = day("2022-04-01");
        later.threshold_age = 9;
        let both = [policy(), later];
        let on = |held: &str| policy_on(&both, day(held)).map(|policy| policy.threshold_age);
        assert_eq!(on("2022-03-31"), Some(11));
        assert_eq!(on("2022-04-01"), Some(9));
    }

    #[test]
    fn a_mark_stays_until_scheduling_says_something_new() {
        use Status::{Cancelled, Held, Scheduled};
        let after = |says| status_after(Held, Some(Scheduled), says);
        assert_eq!(after(Scheduled), (Held, Some(Scheduled)));
        assert_eq!(after(Cancelled), (Cancelled, None));
        assert_eq!(after(Held), (Held, None));
        assert_eq!(status_after(Scheduled, None, Held), (Held, None));
    }

    #[test]
    fn a_conference_is_held_on_its_day_at_the_earliest() {
        let (today, tomorrow) = (day("2022-04-04"), day("2022-04-05"));
        let mark = |mark, on| check_mark(Status::Scheduled, mark, on, today);
        assert_eq!(mark(Status::Held, today), Ok(()));
        assert_eq!(mark(Status::Held, tomorrow), Err(Refusal::NotYet));
        assert_eq!(mark(Status::Cancelled, tomorrow), Ok(()));
        assert_eq!(mark(Status::Scheduled, today), Err(Refusal::MarkedSo));
    }
}
