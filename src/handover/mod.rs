//! Handover: everything that an officer holds goes to others on one day, when somebody leaves or
//! the team is arranged anew. All of it in one piece of work, or none.

pub mod actions;
pub mod pages;
pub mod rules;

use chrono::NaiveDate;

use crate::ids::{CaseId, ReferralId, UserId};

/// Who gets what, from which day.
#[derive(Debug, Clone)]
pub struct Handover {
    pub from: UserId,
    pub on: NaiveDate,
    /// Whoever gets everything that is not named below.
    pub rest_to: Option<UserId>,
    pub cases: Vec<(CaseId, UserId)>,
    pub referrals: Vec<(ReferralId, UserId)>,
}
