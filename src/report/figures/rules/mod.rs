//! Which row of a table a fact belongs to: one function a table, pure, and the only place where it
//! is said.

pub mod flow;
pub mod offers;

use chrono::NaiveDate;

use super::facts::{MeetingFact, ReferralFact, Spell};
use crate::calendar::Period;
use crate::lists::Entry;
use crate::referrals::{Outcome, Remit, SECURE_ORDER};

/// What the rules have to know beside the fact.
#[derive(Debug, Clone)]
pub struct Terms {
    pub period: Period,
    pub band: AgeBand,
    /// The council's own lists, retired entries with them: they name rows.
    pub reasons: Vec<Entry>,
    pub meeting_types: Vec<Entry>,
    pub closure_reasons: Vec<Entry>,
    pub topics: Vec<Entry>,
}

impl Terms {
    /// With nothing of a council's own.
    #[must_use]
    pub fn plain(period: Period, age_band: i32) -> Self {
        Self {
            period,
            band: AgeBand::at(age_band),
            reasons: vec![],
            meeting_types: vec![],
            closure_reasons: vec![],
            topics: vec![],
        }
    }
}

/// The two bands of the report: from an age on, and under it. Their ids follow the number.
#[derive(Debug, Clone)]
pub struct AgeBand {
    pub from: i32,
    pub over: String,
    pub under: String,
}

impl AgeBand {
    #[must_use]
    pub fn at(from: i32) -> Self {
        Self {
            from,
            over: format!("{from}_and_over"),
            under: format!("under_{from}"),
        }
    }
}

/// Where a fact belongs in a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place<'f> {
    /// The table does not count it.
    Outside,
    /// It is in the base of a table that has no rows.
    Base,
    Row(&'f str),
    /// How it came into the period and how it left it.
    Both(&'f str, &'f str),
    /// Every one of these: an issue can have several topics.
    Each(&'f [String]),
}

impl Place<'_> {
    #[must_use]
    pub fn is_in(&self, row: &str) -> bool {
        match self {
            Self::Outside | Self::Base => false,
            Self::Row(one) => *one == row,
            Self::Both(came, left) => *came == row || *left == row,
            Self::Each(rows) => rows.iter().any(|one| one == row),
        }
    }
}

pub const ACCEPTED: &str = "accepted";
pub const NOT_ACCEPTED: &str = "not_accepted";
pub const SUPPORTED: &str = "supported";
pub const NOT_PROGRESSED: &str = "not_progressed";
pub const CLOSED: &str = "closed";
pub const OPEN: &str = "open";
pub const OTHER: &str = "other";
/// What nobody has decided, known or written down yet. Shown only where it is found.
pub const NOT_DECIDED: &str = "not_decided";
pub const NOT_KNOWN: &str = "not_known";
pub const NOT_RECORDED: &str = "not_recorded";

/// The types of meeting that have a row of their own in care; every other counts as `other`.
pub const CARE_MEETINGS: [(&str, &str); 8] = [
    ("review_of_arrangements", "Review of arrangements"),
    ("placement_stability", "Placement stability meeting"),
    ("secure_review", "Secure accommodation review"),
    ("legal", "Legal meeting"),
    (
        "own_child",
        "Child protection, child in need or child in care meeting for their own child",
    ),
    ("education", "Education meeting"),
    ("professionals", "Professionals' meeting"),
    ("post_placement", "Post-placement meeting"),
];

pub fn source<'f>(fact: &'f ReferralFact, _: &'f Terms) -> Place<'f> {
    Place::Row(fact.source.code())
}

pub fn taken_up<'f>(fact: &'f ReferralFact, _: &'f Terms) -> Place<'f> {
    Place::Row(if accepted(fact) {
        ACCEPTED
    } else {
        NOT_ACCEPTED
    })
}

pub fn remit<'f>(fact: &'f ReferralFact, _: &'f Terms) -> Place<'f> {
    Place::Row(fact.remit.map_or(NOT_DECIDED, Remit::code))
}

pub fn legal_status<'f>(fact: &'f ReferralFact, _: &'f Terms) -> Place<'f> {
    in_remit(fact, |fact| match fact.legal_status {
        // Secure accommodation lies over another status, and is counted in its place.
        _ if fact.secure_order => SECURE_ORDER.0,
        Some(status) => status.code(),
        None => NOT_RECORDED,
    })
}

pub fn reason<'f>(fact: &'f ReferralFact, _: &'f Terms) -> Place<'f> {
    in_remit(fact, |fact| fact.reason.as_deref().unwrap_or(NOT_RECORDED))
}

pub fn progress<'f>(fact: &'f ReferralFact, _: &'f Terms) -> Place<'f> {
    in_remit(fact, |fact| {
        if accepted(fact) {
            SUPPORTED
        } else {
            NOT_PROGRESSED
        }
    })
}

/// Each child supported, once.
pub fn supported<'f>(fact: &'f ReferralFact, _: &'f Terms) -> Place<'f> {
    if fact.first_accepted {
        Place::Base
    } else {
        Place::Outside
    }
}

/// Each child supported, once, in the band of their age then.
pub fn supported_by_age<'f>(fact: &'f ReferralFact, terms: &'f Terms) -> Place<'f> {
    if !fact.first_accepted {
        return Place::Outside;
    }
    Place::Row(match fact.age() {
        Some(age) if age >= terms.band.from => &terms.band.over,
        Some(_) => &terms.band.under,
        None => NOT_KNOWN,
    })
}

/// Each case that the referrals led to.
pub fn case_state<'f>(fact: &'f ReferralFact, terms: &'f Terms) -> Place<'f> {
    if !accepted(fact) {
        return Place::Outside;
    }
    Place::Row(match closed_by(&fact.spells, terms.period.to) {
        Some(_) => CLOSED,
        None => OPEN,
    })
}

pub fn attendance<'f>(fact: &'f MeetingFact, _: &'f Terms) -> Place<'f> {
    Place::Row(fact.attendance.code())
}

pub fn meeting_type<'f>(fact: &'f MeetingFact, _: &'f Terms) -> Place<'f> {
    Place::Row(&fact.kind)
}

pub fn care_meeting_type<'f>(fact: &'f MeetingFact, _: &'f Terms) -> Place<'f> {
    let own_row = CARE_MEETINGS.iter().any(|(kind, _)| *kind == fact.kind);
    Place::Row(if own_row { &fact.kind } else { OTHER })
}

/// Waiting for an answer, and not turned away.
#[must_use]
pub fn pending(fact: &ReferralFact) -> bool {
    fact.outcome == Outcome::Pending && fact.remit != Some(Remit::OutOfRemit)
}

/// When a case had opened, seen at the end of a day; nothing if it opens later.
#[must_use]
pub fn opened_by(spells: &[Spell], day: NaiveDate) -> Option<NaiveDate> {
    let first = spells.iter().map(|spell| spell.opened_on).min()?;
    (first <= day).then_some(first)
}

/// When a case was last closed, seen at the end of a day; nothing if it is open then, or opens
/// later. What happened after that day is not known on it.
#[must_use]
pub fn closed_by(spells: &[Spell], day: NaiveDate) -> Option<NaiveDate> {
    let mut last = None;
    for spell in spells.iter().filter(|spell| spell.opened_on <= day) {
        let closed = spell.closed_on.filter(|closed| *closed <= day)?;
        last = last.max(Some(closed));
    }
    last
}

fn accepted(fact: &ReferralFact) -> bool {
    fact.outcome == Outcome::Accepted
}

fn in_remit<'f>(
    fact: &'f ReferralFact,
    row: impl FnOnce(&'f ReferralFact) -> &'f str,
) -> Place<'f> {
    if fact.remit == Some(Remit::InRemit) {
        Place::Row(row(fact))
    } else {
        Place::Outside
    }
}

#[cfg(test)]
mod tests {
    use super::super::facts::mark_first_accepted;
    use super::*;
    use crate::ids::{ReferralId, YoungPersonId};
    use crate::referrals::{LegalStatus, Source, Stream};

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn spell(opened: &str, closed: Option<&str>) -> Spell {
        Spell {
            opened_on: day(opened),
            closed_on: closed.map(day),
        }
    }

    fn terms() -> Terms {
        Terms::plain(Period::financial_year(2021), 13)
    }

    fn accepted_referral() -> ReferralFact {
        ReferralFact {
            id: ReferralId::random(),
            young_person: YoungPersonId::random(),
            stream: Stream::Care,
            source: Source::SelfReferral,
            received_on: day("2021-06-15"),
            date_of_birth: Some(day("2008-06-15")),
            remit: Some(Remit::InRemit),
            legal_status: Some(LegalStatus::S20),
            secure_order: false,
            reason: Some("contact".to_owned()),
            outcome: Outcome::Accepted,
            spells: vec![spell("2021-06-20", None)],
            first_accepted: true,
        }
    }

    #[test]
    fn closed_on_the_last_day_is_closed_and_on_the_next_day_is_open() {
        let last = day("2022-03-31");
        assert!(closed_by(&[spell("2022-01-01", Some("2022-03-31"))], last).is_some());
        assert_eq!(
            closed_by(&[spell("2022-01-01", Some("2022-04-01"))], last),
            None
        );
    }

    #[test]
    fn a_case_reopened_in_the_period_is_open_and_one_reopened_after_it_is_closed() {
        let last = day("2022-03-31");
        let first = spell("2021-05-01", Some("2021-09-01"));
        assert_eq!(closed_by(&[first, spell("2022-03-31", None)], last), None);
        assert_eq!(
            closed_by(&[first, spell("2022-04-01", None)], last),
            Some(day("2021-09-01"))
        );
    }

    #[test]
    fn a_case_closed_twice_was_closed_the_second_time() {
        let spells = [
            spell("2021-10-01", Some("2021-12-01")),
            spell("2021-05-01", Some("2021-09-01")),
        ];
        assert_eq!(
            closed_by(&spells, day("2022-03-31")),
            Some(day("2021-12-01"))
        );
        assert_eq!(
            opened_by(&spells, day("2022-03-31")),
            Some(day("2021-05-01"))
        );
    }

    #[test]
    fn a_case_opened_after_the_period_is_still_open_and_has_no_age_yet() {
        let spells = [spell("2022-04-02", Some("2022-05-01"))];
        assert_eq!(closed_by(&spells, day("2022-03-31")), None);
        assert_eq!(opened_by(&spells, day("2022-03-31")), None);
        let fact = ReferralFact {
            spells: spells.to_vec(),
            ..accepted_referral()
        };
        assert_eq!(case_state(&fact, &terms()), Place::Row(OPEN));
    }

    #[test]
    fn a_child_accepted_twice_is_one_child_at_the_first_age_and_two_cases() {
        let first = accepted_referral();
        let again = ReferralFact {
            id: ReferralId::random(),
            received_on: day("2021-12-01"),
            ..first.clone()
        };
        let mut facts = [first, again];
        mark_first_accepted(&mut facts);
        assert_eq!(
            facts.each_ref().map(|fact| fact.first_accepted),
            [true, false]
        );
        let terms = terms();
        for fact in &facts {
            assert_eq!(case_state(fact, &terms), Place::Row(OPEN));
        }
    }

    #[test]
    fn a_child_supported_in_both_streams_is_counted_in_each() {
        let care = accepted_referral();
        let protection = ReferralFact {
            stream: Stream::ChildProtection,
            ..care.clone()
        };
        let mut facts = [care, protection];
        mark_first_accepted(&mut facts);
        assert!(facts.iter().all(|fact| fact.first_accepted));
    }

    #[test]
    fn thirteen_today_is_thirteen_and_over() {
        let (fact, terms) = (accepted_referral(), terms());
        assert_eq!(supported_by_age(&fact, &terms), Place::Row("13_and_over"));
        let younger = ReferralFact {
            date_of_birth: Some(day("2008-06-16")),
            ..fact.clone()
        };
        assert_eq!(supported_by_age(&younger, &terms), Place::Row("under_13"));
        let unborn = ReferralFact {
            date_of_birth: None,
            ..fact
        };
        assert_eq!(supported_by_age(&unborn, &terms), Place::Row(NOT_KNOWN));
    }

    #[test]
    fn a_secure_order_is_counted_in_place_of_the_basis_under_it() {
        let fact = ReferralFact {
            secure_order: true,
            ..accepted_referral()
        };
        assert_eq!(legal_status(&fact, &terms()), Place::Row("secure_order"));
    }

    #[test]
    fn a_referral_whose_remit_is_not_decided_is_received_and_not_in_remit() {
        let fact = ReferralFact {
            remit: None,
            outcome: Outcome::Pending,
            ..accepted_referral()
        };
        let terms = terms();
        assert_eq!(remit(&fact, &terms), Place::Row(NOT_DECIDED));
        assert_eq!(reason(&fact, &terms), Place::Outside);
        assert_eq!(progress(&fact, &terms), Place::Outside);
        assert!(pending(&fact));
    }
}
