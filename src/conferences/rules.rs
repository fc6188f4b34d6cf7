//! What scheduling systems call the kinds and states of a conference, and which children one
//! refers.

use chrono::NaiveDate;

use super::{Kind, Place, Status};
use crate::calendar::age_on;
use crate::lists::{ReferralPolicy, policy_on};

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
    /// Under the threshold, and referred with a brother or sister who is not.
    WithOlder,
    /// Under the threshold on that day, or not yet born.
    TooYoung,
    /// Under the threshold, and nobody on the conference is of age with whom they would be
    /// referred.
    NoOlder,
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

impl Verdict {
    #[must_use]
    pub fn refers(self) -> bool {
        matches!(self, Self::Refers | Self::WithOlder)
    }

    /// Too young for an automatic referral.
    #[must_use]
    pub fn is_too_young(self) -> bool {
        matches!(self, Self::TooYoung | Self::NoOlder)
    }
}

/// What the rule asks about one child on one conference.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Seat {
    pub kind: Kind,
    pub status: Status,
    pub held_on: NaiveDate,
    pub date_of_birth: Option<NaiveDate>,
}

impl Seat {
    #[must_use]
    pub fn of(place: &Place, date_of_birth: Option<NaiveDate>) -> Self {
        Self {
            kind: place.kind,
            status: place.status,
            held_on: place.held_on,
            date_of_birth,
        }
    }

    /// The rule for this child alone.
    #[must_use]
    pub fn verdict(&self, policies: &[ReferralPolicy]) -> Verdict {
        let policy = policy_on(policies, self.held_on);
        verdict(
            policy,
            self.kind,
            self.status,
            self.date_of_birth,
            self.held_on,
        )
    }

    /// Whether the rule has to ask who else is on the conference.
    #[must_use]
    pub fn hangs_on_others(&self, policies: &[ReferralPolicy]) -> bool {
        self.date_of_birth.is_some()
            && policy_on(policies, self.held_on).is_some_and(|policy| policy.younger_with_older)
            && self.verdict(policies) == Verdict::TooYoung
    }
}

/// The rule with its exception for brothers and sisters, where the policy of the day has it: the
/// practice of 2018-19 was to refer the younger ones with the older. A child under the threshold is
/// referred when somebody else on the same conference (the same reference of scheduling) is of age
/// by the rule itself.
///
/// It asks what the rows say and not what came of the older one's referral: whoever is of age has
/// been referred by this conference or has an open case, and a "no" of theirs is not a "no" of the
/// younger ones. So the order of the rows in a file does not matter, and a conference that moves or
/// is cancelled is judged anew by the same question. A child who is not born yet has nothing to say
/// that an officer could hear, and waits for a later conference.
#[must_use]
pub fn verdict_among<'s>(
    policies: &[ReferralPolicy],
    child: &Seat,
    others: impl IntoIterator<Item = &'s Seat>,
) -> Verdict {
    if !child.hangs_on_others(policies) {
        return child.verdict(policies);
    }
    let of_age = |it: &Seat| it.verdict(policies) == Verdict::Refers;
    if others.into_iter().any(of_age) {
        Verdict::WithOlder
    } else {
        Verdict::NoOlder
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

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn policy() -> ReferralPolicy {
        ReferralPolicy {
            applies_from: day("1900-01-01"),
            threshold_age: 11,
            upper_age: 18,
            younger_with_older: false,
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

    fn seat(born: &str) -> Seat {
        Seat {
            kind: Kind::Initial,
            status: Status::Scheduled,
            held_on: day("2021-12-01"),
            date_of_birth: Some(day(born)),
        }
    }

    fn among(child: &Seat, others: &[Seat]) -> Verdict {
        let with_older = ReferralPolicy {
            younger_with_older: true,
            ..policy()
        };
        verdict_among(&[with_older], child, others)
    }

    #[test]
    fn a_younger_one_is_referred_with_a_brother_or_sister_of_age() {
        let (older, younger) = (seat("2009-01-01"), seat("2016-01-01"));
        assert_eq!(among(&younger, &[older]), Verdict::WithOlder);
        assert_eq!(among(&older, &[younger]), Verdict::Refers);
        assert_eq!(among(&younger, &[younger]), Verdict::NoOlder);
        let alone = verdict_among(&[policy()], &younger, &[older]);
        assert_eq!(alone, Verdict::TooYoung);
    }

    #[test]
    fn an_older_one_who_is_not_referred_by_the_conference_takes_nobody_along() {
        let younger = seat("2016-01-01");
        let grown_up = seat("2003-01-01");
        let cancelled = Seat {
            status: Status::Cancelled,
            ..seat("2009-01-01")
        };
        let review = Seat {
            kind: Kind::Review,
            ..seat("2009-01-01")
        };
        assert_eq!(
            among(&younger, &[grown_up, cancelled, review]),
            Verdict::NoOlder
        );
    }

    #[test]
    fn a_child_not_yet_born_goes_with_nobody() {
        let unborn = Seat {
            date_of_birth: None,
            ..seat("2016-01-01")
        };
        assert_eq!(among(&unborn, &[seat("2009-01-01")]), Verdict::TooYoung);
    }

    #[test]
    fn a_younger_one_whose_own_conference_is_cancelled_or_of_another_kind_stays() {
        let older = seat("2009-01-01");
        let cancelled = Seat {
            status: Status::Cancelled,
            ..seat("2016-01-01")
        };
        assert_eq!(among(&cancelled, &[older]), Verdict::Cancelled);
    }
}
