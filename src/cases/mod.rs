//! Cases: the support that follows an accepted referral. A case opens, may change hands, closes,
//! and may open again; each stretch of being open is a spell.

pub mod actions;
pub mod line;
pub mod outcomes;
pub mod pages;
pub mod panel;
pub mod rules;
pub mod store;

use chrono::NaiveDate;

use crate::ids::{AllocationId, CaseId, ReferralId, SpellId, UserId, YoungPersonId};
use crate::referrals::Stream;

/// A case with its spells and its officers, both in order of time.
#[derive(Debug, Clone)]
pub struct Case {
    pub id: CaseId,
    pub referral: ReferralId,
    pub young_person: YoungPersonId,
    pub stream: Stream,
    pub spells: Vec<Spell>,
    pub allocations: Vec<Allocation>,
    pub version: i32,
}

/// One stretch of time in which the case was open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spell {
    pub id: SpellId,
    pub opened_on: NaiveDate,
    pub opening_note: Option<String>,
    pub closing: Option<Closing>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Closing {
    pub on: NaiveDate,
    /// A code of the list of closing reasons.
    pub reason: Option<String>,
    pub note: Option<String>,
}

/// An officer's time with the case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Allocation {
    pub id: AllocationId,
    pub officer: UserId,
    pub officer_name: String,
    pub from: NaiveDate,
    pub to: Option<NaiveDate>,
}

impl Case {
    /// The spell that is open now.
    #[must_use]
    pub fn open_spell(&self) -> Option<&Spell> {
        self.spells.iter().find(|spell| spell.closing.is_none())
    }

    /// The officer who holds the case now.
    #[must_use]
    pub fn officer(&self) -> Option<&Allocation> {
        self.allocations
            .iter()
            .rev()
            .find(|allocation| allocation.to.is_none())
    }

    #[must_use]
    pub fn opened_on(&self) -> Option<NaiveDate> {
        self.spells.first().map(|spell| spell.opened_on)
    }

    /// The day of the last closing.
    #[must_use]
    pub fn last_closing(&self) -> Option<&Closing> {
        self.spells
            .iter()
            .rev()
            .find_map(|spell| spell.closing.as_ref())
    }
}
