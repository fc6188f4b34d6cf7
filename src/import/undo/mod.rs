//! Taking an import back: what would go, what would be put back, and what stands in the way.
//!
//! An import is one unit of work. While nobody has worked on what it made, it can be undone as a
//! batch: every row that it made goes, and every row that it changed says again what it said. What it
//! did is read from its trail, backwards (`db/trail.rs`). The import itself stays in the list with
//! its rows, and keeps what was taken back: docs/decisions/0011.

pub mod actions;
pub mod pages;
pub mod rules;
pub mod store;

use crate::ids::{BatchId, YoungPersonId};

/// How many rows of one table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Count {
    pub table: String,
    pub rows: i64,
}

/// A row that would say again what it said, with what differs: the field, what it says now, and what
/// it would say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PutBack {
    pub about: Option<YoungPersonId>,
    pub table: String,
    pub fields: Vec<(String, Option<String>, Option<String>)>,
}

/// What somebody did with what the import brought.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Work {
    /// A row that the import made or changed was changed, or removed, by somebody.
    Changed(String),
    /// Rows of this table came since, and hang on what the import made.
    Added(String),
    /// Somebody is writing on one of its pages.
    Draft,
}

/// What stands in the way of undoing an import.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum InTheWay {
    LaterImport(BatchId),
    Work {
        /// Whose record it is, where it is somebody's.
        about: Option<YoungPersonId>,
        work: Work,
        rows: usize,
    },
    /// About records that whoever asks may not know of.
    Unseen,
}

/// What undoing an import would do.
#[derive(Debug, Clone)]
pub struct Plan {
    pub gone: Vec<Count>,
    pub back: Vec<Count>,
    /// Some of the rows that would be put back.
    pub put_back: Vec<PutBack>,
    pub in_the_way: Vec<InTheWay>,
}
