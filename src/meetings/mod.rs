//! Meetings at which a young person's voice was supported, and who was there.
//!
//! Attendance has four kinds (domain.md section 5); they map to the participation codes of the
//! SSDA903 return.

pub mod actions;
pub mod panel;
pub mod store;

use chrono::NaiveDate;

use crate::ids::{MeetingId, ReferralId};

crate::words! {
    /// Who carried the young person's voice into the meeting.
    pub enum Attendance {
        OfficerForChild = "officer_for_child", "Officer on the young person's behalf";
        ChildWithOfficer = "child_with_officer", "Young person with their officer";
        ChildAlone = "child_alone", "Young person without their officer";
        Neither = "neither", "Neither; views sent in writing";
    }
}

/// A meeting supported.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Meeting {
    pub id: MeetingId,
    pub referral: ReferralId,
    pub held_on: NaiveDate,
    /// A code of the list of meeting types.
    pub kind: String,
    pub attendance: Attendance,
}
