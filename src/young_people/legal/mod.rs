//! On what legal basis a child is looked after, as a dated history, and the flags beside it
//! (domain.md section 4, with the codes of the SSDA903 return).
//!
//! One basis holds at a time, from its day until the next one starts: so there is nothing to end
//! and nothing to overlap. A correction writes a new row and keeps the one that was wrong. Flags
//! lie beside the basis, each from a day to a day; secure accommodation is one of them, since it
//! lies over another status.

pub mod actions;
pub mod rules;
pub mod store;

use chrono::{NaiveDate, NaiveDateTime};

use super::Stretch;
use crate::ids::{FlagId, LegalStatusId, YoungPersonId};

crate::words! {
    /// The legal basis, or that they have left care. Sections are of the Children Act 1989 where
    /// no other law is named.
    pub enum Basis {
        S20 = "s20", "Accommodated (section 20)";
        ShortBreaks = "short_breaks", "Accommodated in short breaks (section 20)";
        InterimCareOrder = "interim_care_order", "Interim care order (section 38)";
        CareOrder = "care_order", "Care order (section 31)";
        PlacementOrder = "placement_order", "Placement order (section 21, Adoption and Children Act 2002)";
        Remand = "remand", "Remanded";
        Pace = "pace", "Accommodated under the Police and Criminal Evidence Act";
        YouthRehabilitation = "youth_rehabilitation", "Youth rehabilitation order";
        PoliceProtection = "police_protection", "Police protection";
        EmergencyProtection = "emergency_protection", "Emergency protection order";
        ChildAssessment = "child_assessment", "Child assessment order";
        FreeingOrder = "freeing_order", "Freeing order";
        CareLeaver = "care_leaver", "Care leaver";
        EligibleCareLeaver = "care_leaver_eligible", "Care leaver (eligible)";
        RelevantCareLeaver = "care_leaver_relevant", "Care leaver (relevant)";
        FormerRelevantCareLeaver = "care_leaver_former_relevant", "Care leaver (former relevant)";
        QualifyingCareLeaver = "care_leaver_qualifying", "Care leaver (qualifying)";
        None = "none", "No legal status";
    }
}

impl Basis {
    /// The code of the SSDA903 return, where it has one.
    #[must_use]
    pub fn ssda903(self) -> Option<&'static str> {
        match self {
            Self::S20 => Some("V2"),
            Self::ShortBreaks => Some("V3 or V4"),
            Self::InterimCareOrder => Some("C1"),
            Self::CareOrder => Some("C2"),
            Self::PlacementOrder => Some("E1"),
            Self::Remand => Some("J1"),
            Self::Pace => Some("J2"),
            Self::YouthRehabilitation => Some("J3"),
            Self::PoliceProtection => Some("L1"),
            Self::EmergencyProtection => Some("L2"),
            Self::ChildAssessment => Some("L3"),
            Self::FreeingOrder => Some("D1"),
            Self::CareLeaver
            | Self::EligibleCareLeaver
            | Self::RelevantCareLeaver
            | Self::FormerRelevantCareLeaver
            | Self::QualifyingCareLeaver
            | Self::None => None,
        }
    }
}

crate::words! {
    /// What lies beside the basis.
    pub enum Flag {
        ChildProtectionPlan = "child_protection_plan", "Child protection plan";
        ChildInNeedPlan = "child_in_need_plan", "Child in need plan";
        UnaccompaniedAsylumSeeking = "unaccompanied_asylum_seeking", "Unaccompanied asylum-seeking child";
        SecureAccommodation = "secure_accommodation", "Secure accommodation (section 25)";
        DeprivationOfLiberty = "deprivation_of_liberty", "Deprivation of liberty order";
    }
}

/// A row of the history: from this day on, this basis.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LegalStatus {
    pub id: LegalStatusId,
    pub young_person: YoungPersonId,
    pub basis: Basis,
    pub from: NaiveDate,
    pub note: Option<String>,
    /// The name of whoever recorded it, or what did.
    pub recorded_by: String,
    pub recorded_at: NaiveDateTime,
    pub correction: Option<Correction>,
}

/// Why a row no longer counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Correction {
    pub by: String,
    pub at: NaiveDateTime,
    pub reason: String,
    /// What stands in its place; nothing where it never was.
    pub replaced_by: Option<LegalStatusId>,
}

/// A basis with the day it starts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Start {
    pub basis: Basis,
    pub from: NaiveDate,
}

/// A flag from a day to a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Flagged {
    pub id: FlagId,
    pub young_person: YoungPersonId,
    pub what: FlagWords,
    pub version: i32,
}

/// What somebody says of a flag.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FlagWords {
    pub flag: Flag,
    pub stretch: Stretch,
    pub note: Option<String>,
    /// It never was: kept to be read, and counted nowhere.
    pub in_error: bool,
}
