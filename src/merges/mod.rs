//! Two records that are one person, made one.
//!
//! A senior officer says that they are one person. Everything that stood with the one record then
//! stands with the other; nothing is deleted, the address of the merged record leads to the kept
//! one, and its names still find it. Which rows moved is kept, so that it can be undone: then every
//! row goes back exactly to where it was.
//!
//! What points at a young person is read from the database itself, so that nothing is forgotten
//! when something new is kept about them.

pub mod actions;
pub mod pages;
pub mod rules;
pub mod store;

use chrono::NaiveDateTime;

use crate::ids::{MergeId, YoungPersonId};

/// Two records that were made one.
#[derive(Debug, Clone)]
pub struct Merge {
    pub id: MergeId,
    pub kept: YoungPersonId,
    pub merged: YoungPersonId,
    pub note: String,
    pub merged_by: String,
    pub merged_at: NaiveDateTime,
    pub undone_at: Option<NaiveDateTime>,
}

/// A field in which the two records differ.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    pub field: String,
    pub kept: Option<String>,
    pub merged: Option<String>,
}

/// How many rows of one kind are moved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Moved {
    pub table: String,
    pub rows: i64,
}
