//! Young people: anyone the service helps, from birth to 25.
//!
//! Somebody who came in from another system carries that system's reference. Two references of
//! one source are two people, however alike they look (contracts, section 2).

pub mod actions;
mod identity;
pub mod rules;
pub mod search;
pub mod store;

pub use identity::identity_bar;

use chrono::NaiveDate;

use crate::ids::YoungPersonId;
use crate::text::Name;

/// A young person as the record has them.
#[derive(Debug, Clone)]
pub struct YoungPerson {
    pub id: YoungPersonId,
    pub first_name: String,
    pub last_name: String,
    pub known_as: Option<String>,
    /// None for an unborn child.
    pub date_of_birth: Option<NaiveDate>,
    pub details: Details,
    pub contact_warning: Option<String>,
    /// Closed to somebody. Known only of a record that was opened.
    pub restricted: bool,
    pub version: i32,
}

impl YoungPerson {
    #[must_use]
    pub fn full_name(&self) -> String {
        format!("{} {}", self.first_name, self.last_name)
    }
}

/// What is said of a young person beside name and birth, in the words that came.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Details {
    pub gender: Option<String>,
    pub ethnicity: Option<String>,
    pub language: Option<String>,
    pub communication_needs: Option<String>,
}

/// A young person as somebody describes them for the first time, or again.
#[derive(Debug, Clone)]
pub struct Described {
    pub first_name: Name,
    pub last_name: Name,
    pub date_of_birth: Option<NaiveDate>,
    pub details: Details,
    pub contact_warning: Option<String>,
}

/// Whose reference it is: the system that gave it, and the reference.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct SourceRef {
    pub source: String,
    pub reference: String,
}
