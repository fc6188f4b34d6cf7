//! Where a young person lives, as a dated history: what kind of home, whose, where, and whether it
//! is out of the county.
//!
//! An address may be confidential, because somebody must not find them. Then it is shown to few,
//! only when they press a button, and the look is in the access record; no list, print or export
//! reads it. Addresses are kept apart from homes for that reason ([`store::address_of`]).

pub mod actions;
pub mod rules;
pub mod store;

use chrono::NaiveDateTime;

use super::Stretch;
use crate::ids::{HomeId, YoungPersonId};

crate::words! {
    /// What kind of home.
    pub enum Kind {
        Parents = "parents", "With parents";
        FamilyOrFriends = "family_or_friends", "With family or friends";
        FosterCarers = "foster_carers", "With foster carers";
        AdoptiveFamily = "adoptive_family", "With an adoptive family";
        ChildrensHome = "childrens_home", "In a children's home";
        SupportedAccommodation = "supported_accommodation", "In supported accommodation";
        ResidentialSchool = "residential_school", "In a residential school";
        SecureHome = "secure_home", "In a secure children's home";
        Custody = "custody", "In custody";
        Hospital = "hospital", "In hospital";
        OwnHome = "own_home", "In their own home";
        Other = "other", "Somewhere else";
    }
}

/// A home as the record has it: without its address, if that is confidential.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Home {
    pub id: HomeId,
    pub young_person: YoungPersonId,
    pub said: Said,
    /// None where it is confidential.
    pub place: Option<Place>,
    pub version: i32,
}

/// What is said of a home besides its address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Said {
    pub kind: Kind,
    pub confidential: bool,
    pub out_of_county: bool,
    pub stretch: Stretch,
    /// It never was: kept to be read, and shown as such.
    pub in_error: bool,
}

/// Whose home it is, and where.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Place {
    pub provider: Option<String>,
    pub address: Option<String>,
}

impl Place {
    #[must_use]
    pub fn is_blank(&self) -> bool {
        *self == Self::default()
    }
}

/// An address as somebody recorded it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recorded {
    pub place: Place,
    pub by: String,
    pub at: NaiveDateTime,
}
