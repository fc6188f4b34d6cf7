//! Tasks: what is to be done, by whom, by when and about whom. Most follow from a contact; some
//! are written down by hand. A task that is done says who did it and when, and can be undone.

pub mod actions;
pub mod pages;
pub mod panel;
pub mod rules;
pub mod store;

use chrono::NaiveDate;

use crate::ids::{CaseId, ContactId, TaskId, UserId, YoungPersonId};

/// What is to be done.
#[derive(Debug, Clone)]
pub struct Task {
    pub id: TaskId,
    pub officer: UserId,
    pub officer_name: String,
    pub what: String,
    pub due_on: NaiveDate,
    /// The contact that it follows from.
    pub contact: Option<ContactId>,
    pub about: Vec<About>,
    pub done: Option<Done>,
    pub version: i32,
}

/// Whom a task is about, and in which case.
#[derive(Debug, Clone)]
pub struct About {
    pub case: CaseId,
    pub young_person: YoungPersonId,
    pub name: String,
}

#[derive(Debug, Clone)]
pub struct Done {
    pub on: NaiveDate,
    pub by: String,
}

/// A task as somebody writes it down.
#[derive(Debug, Clone)]
pub struct NewTask {
    pub officer: UserId,
    pub what: String,
    pub due_on: NaiveDate,
    pub contact: Option<ContactId>,
    pub about: Vec<(CaseId, YoungPersonId)>,
}
