//! What to know before making contact: that somebody is unsafe to contact in some way, that no post
//! may be sent. A warning has a day of review, and who set it; it is ended, never deleted.

pub mod actions;
pub mod rules;
pub mod store;

use chrono::NaiveDate;

use crate::calendar::show;
use crate::ids::{WarningId, YoungPersonId};

crate::words! {
    pub enum Kind {
        UnsafeContact = "unsafe_contact", "Unsafe to contact in some ways";
        NeverSendPost = "never_send_post", "Never send post";
        Other = "other", "To know before making contact";
    }
}

/// A warning as the record has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Warning {
    pub id: WarningId,
    pub young_person: YoungPersonId,
    pub said: Said,
    /// The name of whoever set it.
    pub set_by: String,
    pub set_on: NaiveDate,
    pub ended: Option<Ended>,
    pub version: i32,
}

/// What a warning says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    pub kind: Kind,
    pub words: String,
    pub review_on: NaiveDate,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ended {
    pub on: NaiveDate,
    /// The name of whoever ended it.
    pub by: String,
    pub why: String,
}

impl Warning {
    /// As the bar at the top says it: a review that is overdue is said too.
    #[must_use]
    pub fn in_words(&self, today: NaiveDate) -> String {
        let review = match self.said.review_on < today {
            true => format!(" (to be reviewed since {})", show(self.said.review_on)),
            false => String::new(),
        };
        format!("{}: {}{review}", self.said.kind.words(), self.said.words)
    }
}
