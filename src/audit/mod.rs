//! The access record: what was changed and what was looked at, by whom and when. It is append
//! only, holds ids and never names, and each line is sealed to the one before it.

mod chain;
pub mod checkpoints;
mod store;
mod verify;

use serde_json::Value;

pub use chain::Seal;
pub use store::{Line, append, lines, lines_about, reseal};
pub use verify::{Verdict, verify};

use crate::ids::YoungPersonId;

/// One deed or one look.
#[derive(Debug, Clone)]
pub struct Event {
    pub action: &'static str,
    pub subject_kind: &'static str,
    pub subject_id: String,
    pub young_person: Option<YoungPersonId>,
    /// Codes, dates and names of fields; never what a person is called or what was written.
    pub details: Value,
}

impl Event {
    #[must_use]
    pub fn new(
        action: &'static str,
        subject_kind: &'static str,
        subject_id: impl std::fmt::Display,
    ) -> Self {
        Self {
            action,
            subject_kind,
            subject_id: subject_id.to_string(),
            young_person: None,
            details: Value::Null,
        }
    }

    #[must_use]
    pub fn about(mut self, young_person: &YoungPersonId) -> Self {
        self.young_person = Some(young_person.clone());
        self
    }

    #[must_use]
    pub fn with(mut self, details: Value) -> Self {
        self.details = details;
        self
    }
}
