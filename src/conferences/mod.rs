//! Child protection conferences, as the scheduling system sends them: one row for each child on
//! each conference.
//!
//! Kinds (domain.md section 3): an initial conference (ICPC) is due within 15 working days of the
//! strategy discussion; reviews (RCPC) follow; a receiving-in conference is held for a child who
//! moves in from another authority. Day, status and people belong to the row of each child, since
//! that is how they arrive and how they are corrected.

pub mod actions;
pub mod panel;
pub mod rules;
pub mod store;

use chrono::NaiveDate;

use crate::ids::{ConferenceChildId, ConferenceId, YoungPersonId};

crate::words! {
    /// What kind of conference it is.
    pub enum Kind {
        Initial = "initial", "Initial child protection conference";
        Review = "review", "Review child protection conference";
        ReceivingIn = "receiving_in", "Receiving-in conference";
    }
}

crate::words! {
    /// How a conference stands.
    pub enum Status {
        Scheduled = "scheduled", "Scheduled";
        Moved = "moved", "Moved";
        Cancelled = "cancelled", "Cancelled";
        Held = "held", "Held";
    }
}

/// What is said of one child on one conference.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    pub kind: Kind,
    pub held_on: NaiveDate,
    /// HH:MM
    pub starts_at: Option<String>,
    pub venue: Option<String>,
    pub chair: Option<String>,
    pub status: Status,
    pub strategy_discussion_on: Option<NaiveDate>,
    pub notified_on: Option<NaiveDate>,
    pub carer: Carer,
    pub social_worker_name: Option<String>,
    pub social_worker_email: Option<String>,
    pub team: Option<String>,
    pub transferring_authority: Option<String>,
    pub contact_warning: Option<String>,
}

/// Who holds parental responsibility, as scheduling knows it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Carer {
    pub name: Option<String>,
    pub relationship: Option<String>,
    pub phone: Option<String>,
    pub email: Option<String>,
}

/// A child on a conference.
#[derive(Debug, Clone)]
pub struct ConferenceChild {
    pub id: ConferenceChildId,
    pub conference: ConferenceId,
    pub young_person: YoungPersonId,
    pub place: Place,
    /// Of the row as it last came: the same row again changes nothing.
    pub fingerprint: String,
    /// What scheduling said when somebody here marked how it stands.
    pub said_status: Option<Status>,
    pub version: i32,
}

/// A child on a conference as the rule that refers sees them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seated {
    pub conference: ConferenceId,
    pub young_person: YoungPersonId,
    pub child_ref: String,
    pub seat: rules::Seat,
}
