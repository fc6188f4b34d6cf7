//! A record closed to a member of staff: because they are a relative, have a conflict of
//! interests, or act for a brother or sister who wants something else (domain.md section 10).
//!
//! To whom a record is closed it does not exist: no page, list or search shows it, and nothing
//! tells them why. A senior officer closes a record, looks at it again after a number of days, and
//! keeps it closed or opens it. What was decided each time stays on record.

pub mod actions;
pub mod pages;
pub mod rules;
pub mod store;

use chrono::NaiveDate;

use crate::ids::{RestrictionId, UserId, YoungPersonId};

crate::words! {
    /// Why a record is closed to somebody.
    pub enum Kind {
        Relative = "relative", "They are a relative";
        Conflict = "conflict", "They have a conflict of interests";
        OpposedBrotherOrSister = "opposed_brother_or_sister", "They act for a brother or sister who wants something else";
    }
}

crate::words! {
    /// What a review came to.
    pub enum Decision {
        Kept = "kept", "It stays closed to them";
        Ended = "ended", "It is open to them again";
    }
}

/// A record closed to somebody.
#[derive(Debug, Clone)]
pub struct Restriction {
    pub id: RestrictionId,
    pub young_person: YoungPersonId,
    pub user: UserId,
    pub user_name: String,
    pub kind: Kind,
    pub reason: String,
    pub set_by_name: String,
    pub set_on: NaiveDate,
    pub review_on: NaiveDate,
    pub ended_on: Option<NaiveDate>,
    pub version: i32,
}

/// A record that is to be closed to somebody.
#[derive(Debug, Clone)]
pub struct Closing {
    pub user: UserId,
    pub kind: Kind,
    pub reason: String,
}
