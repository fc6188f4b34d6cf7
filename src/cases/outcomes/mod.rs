//! Outcomes: what changed for the young person, by the tags of a list that the council keeps
//! (domain.md section 7). Noted along the way and at closing, each with its day and with who says
//! so: what a young person says of themselves is not the same as what a professional thinks.

pub mod actions;
pub mod pages;
pub mod panel;
pub mod rules;
pub mod store;

use chrono::NaiveDate;

use crate::ids::{CaseId, OutcomeId, YoungPersonId};

crate::words! {
    /// Who says that it changed.
    pub enum SaidBy {
        YoungPerson = "young_person", "The young person";
        Officer = "officer", "The officer";
        ParentOrCarer = "parent_or_carer", "A parent or carer";
        Professional = "professional", "Another professional";
    }
}

/// An outcome as the record has it.
#[derive(Debug, Clone)]
pub struct Outcome {
    pub id: OutcomeId,
    pub case: CaseId,
    pub young_person: YoungPersonId,
    pub noted: Noted,
    /// The day it was taken back as a mistake.
    pub removed_on: Option<NaiveDate>,
    pub version: i32,
}

/// What somebody notes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Noted {
    /// A code of the list of outcomes.
    pub tag: String,
    pub seen_on: NaiveDate,
    pub said_by: SaidBy,
    pub note: Option<String>,
}
