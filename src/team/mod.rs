//! The team: who carries the work, how much of a week they work and how many cases they can carry,
//! who is away and who covers for them, and which young people should not share an officer.
//!
//! An absence ends by its own date: nobody has to remember to give the cases back. Brothers and
//! sisters with opposed wishes need two officers (domain.md section 10); where a team cannot give
//! them two, the reason is kept.

pub mod actions;
pub mod pages;
pub mod panel;
pub mod rules;
pub mod store;

use chrono::NaiveDate;

use crate::ids::{AbsenceId, CaseId, OpposedWishId, ReferralId, UserId, YoungPersonId};

/// How much of a full week somebody works, and how many cases they can carry if that is not the
/// usual number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hours {
    /// Of full time, in hundredths: 80 is 0.8.
    pub percent: i32,
    pub capacity: Option<i32>,
}

impl Hours {
    /// What holds for somebody of whom nothing else is on record.
    pub const FULL_TIME: Self = Self {
        percent: 100,
        capacity: None,
    };
}

/// Hours from a day on.
#[derive(Debug, Clone)]
pub struct HoursFrom {
    pub officer: UserId,
    pub from: NaiveDate,
    pub hours: Hours,
}

/// How much an officer carries now.
#[derive(Debug, Clone)]
pub struct Load {
    pub officer: UserId,
    pub officer_name: String,
    pub hours: Hours,
    pub open_cases: i64,
    /// Referrals that they answer.
    pub waiting: i64,
    /// The last day of an absence that has begun.
    pub away_until: Option<NaiveDate>,
}

/// An officer is away, from a first day to a last day, both counted.
#[derive(Debug, Clone)]
pub struct Absence {
    pub id: AbsenceId,
    pub officer: UserId,
    pub from: NaiveDate,
    pub to: NaiveDate,
    /// Who covers everything that nobody else was named for.
    pub covered_by: Option<UserId>,
    /// Cases that somebody else covers than the rest.
    pub exceptions: Vec<(CaseId, UserId)>,
    pub version: i32,
}

impl Absence {
    /// Who covers a case of the officer who is away.
    #[must_use]
    pub fn cover_of(&self, case: &CaseId) -> Option<&UserId> {
        self.exceptions
            .iter()
            .find(|(exception, _)| exception == case)
            .map(|(_, officer)| officer)
            .or(self.covered_by.as_ref())
    }
}

/// A case that an officer holds.
#[derive(Debug, Clone)]
pub struct Held {
    pub case: CaseId,
    pub officer: UserId,
    pub young_person: YoungPersonId,
    pub person: String,
    pub opened_on: NaiveDate,
    pub version: i32,
}

/// A referral that an officer answers.
#[derive(Debug, Clone)]
pub struct Answering {
    pub referral: ReferralId,
    pub young_person: YoungPersonId,
    pub person: String,
    pub received_on: NaiveDate,
    pub version: i32,
}

/// What somebody has to see to today: their own work, and what they cover.
#[derive(Debug, Clone)]
pub struct Mine {
    /// Themselves, and those whose whole work they cover: whose referrals they answer.
    pub officers: Vec<UserId>,
    pub cases: Vec<CaseId>,
    pub covering: Vec<Covering>,
}

/// Somebody is away, and these are covered for them.
#[derive(Debug, Clone)]
pub struct Covering {
    pub officer: UserId,
    pub until: NaiveDate,
    pub cases: i64,
}

/// Two young people whose wishes are opposed, seen from one of them.
#[derive(Debug, Clone)]
pub struct Opposed {
    pub id: OpposedWishId,
    pub other: YoungPersonId,
    pub other_name: String,
    pub note: String,
    pub set_by: String,
    pub set_on: NaiveDate,
    pub version: i32,
}

/// An officer who is about to hold two young people whose wishes are opposed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Conflict {
    pub wish: OpposedWishId,
    pub officer: UserId,
    pub people: (YoungPersonId, YoungPersonId),
}

/// What whoever gives work says of a warning: that they know, and why it is right all the same.
#[derive(Debug, Clone, Default)]
pub struct Knowing {
    pub known: bool,
    pub why: String,
}
