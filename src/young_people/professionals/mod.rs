//! The professionals around a young person, each from a day to a day: a new social worker ends the
//! time of the one before.

pub mod actions;
pub mod rules;
pub mod store;

use super::Stretch;
use crate::ids::{ProfessionalId, YoungPersonId};

crate::words! {
    pub enum Role {
        SocialWorker = "social_worker", "Social worker";
        PersonalAdviser = "personal_adviser", "Personal adviser";
        ReviewingOfficer = "reviewing_officer", "Independent reviewing officer";
        Other = "other", "Another professional";
    }
}

/// A professional as the record has them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Professional {
    pub id: ProfessionalId,
    pub young_person: YoungPersonId,
    pub said: Said,
    pub version: i32,
}

/// What is said of a professional.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    pub role: Role,
    pub name: String,
    pub team: Option<String>,
    pub phone: Option<String>,
    pub email: Option<String>,
    pub stretch: Stretch,
    /// It never was: kept to be read, and shown as such.
    pub in_error: bool,
}

impl Said {
    /// "Owen Baptiste, Locality team north, 01632 960114".
    #[must_use]
    pub fn in_words(&self) -> String {
        let parts = [&self.team, &self.phone, &self.email];
        let rest = parts.into_iter().flatten().map(String::as_str);
        let all: Vec<_> = std::iter::once(self.name.as_str()).chain(rest).collect();
        all.join(", ")
    }
}
