//! Young people: anyone the service helps, from birth to 25.
//!
//! Somebody who came in from another system carries that system's reference. Two references of
//! one source are two people, however alike they look (contracts, section 2).
//!
//! What has a matter of its own has a folder of its own: who they say they are, the legal status,
//! where they live, the people around them, and what to know before making contact.

pub mod about;
pub mod actions;
pub mod homes;
mod identity;
pub mod legal;
pub mod matching;
pub mod pages;
pub mod panel;
pub mod professionals;
pub mod relations;
pub mod rules;
pub mod search;
pub mod status;
pub mod store;
pub mod warnings;

pub use identity::identity_bar;

use chrono::NaiveDate;

use crate::ids::YoungPersonId;
use crate::text::Name;
use warnings::Warning;

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
    /// The warning that came with the conference schedule.
    pub contact_warning: Option<String>,
    /// The warnings in force that staff set: read when the record is opened, not for lists.
    pub warnings: Vec<Warning>,
    /// Closed to somebody. Known only of a record that was opened.
    pub restricted: bool,
    pub version: i32,
}

impl YoungPerson {
    #[must_use]
    pub fn full_name(&self) -> String {
        format!("{} {}", self.first_name, self.last_name)
    }

    /// Is there anything to know before making contact?
    #[must_use]
    pub fn has_warning(&self) -> bool {
        self.contact_warning.is_some() || !self.warnings.is_empty()
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

/// From a day to a day, both counted; without the second it goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stretch {
    pub from: NaiveDate,
    pub to: Option<NaiveDate>,
}

impl Stretch {
    #[must_use]
    pub fn covers(self, day: NaiveDate) -> bool {
        self.from <= day && self.to.is_none_or(|to| day <= to)
    }

    /// Do the two have a day in common?
    #[must_use]
    pub fn meets(self, other: Self) -> bool {
        self.covers(other.from) || other.covers(self.from)
    }
}
