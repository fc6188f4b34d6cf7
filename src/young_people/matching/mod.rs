//! Who is this? Whether a child who comes in is somebody on record already.
//!
//! A reference decides first (contracts, section 2), before anything here is asked. Without one,
//! name, date of birth, gender, carers and family are weighed into certain, possible or new
//! (`rules`). It is always somebody who decides: this only says whom to look at. Names are compared
//! in `names`; whom to compare with is found by an index (`store`).

pub mod actions;
pub mod names;
pub mod rules;
pub mod store;

use std::collections::BTreeSet;

use chrono::NaiveDate;

use super::{Described, YoungPerson};
use crate::ids::{LikenessId, YoungPersonId};
use crate::young_people::about::{Gender, rules::gender_from_words};

crate::words! {
    /// How sure it is that two are one.
    pub enum Certainty {
        New = "new", "Somebody else";
        Possible = "possible", "May be the same person";
        Certain = "certain", "Almost certainly the same person";
    }
}

/// What is known of somebody that tells them from others.
#[derive(Debug, Clone, Default)]
pub struct Facts {
    pub first_name: String,
    pub last_name: String,
    pub known_as: Option<String>,
    pub date_of_birth: Option<NaiveDate>,
    pub gender: Option<Gender>,
    pub carers: Vec<CarerFacts>,
    /// Who lives or confers with them.
    pub family: BTreeSet<YoungPersonId>,
}

/// Somebody who looks after them, as far as it is known.
#[derive(Debug, Clone, Default)]
pub struct CarerFacts {
    pub name: Option<String>,
    pub phone: Option<String>,
    pub email: Option<String>,
}

impl Facts {
    #[must_use]
    pub fn of(person: &YoungPerson) -> Self {
        Self {
            first_name: person.first_name.clone(),
            last_name: person.last_name.clone(),
            known_as: person.known_as.clone(),
            date_of_birth: person.date_of_birth,
            gender: person.details.gender.as_deref().and_then(gender_from_words),
            ..Self::default()
        }
    }
}

impl From<&Described> for Facts {
    fn from(described: &Described) -> Self {
        Self {
            first_name: described.first_name.as_str().to_owned(),
            last_name: described.last_name.as_str().to_owned(),
            date_of_birth: described.date_of_birth,
            gender: described
                .details
                .gender
                .as_deref()
                .and_then(gender_from_words),
            ..Self::default()
        }
    }
}

/// Somebody on record who may be the one asked for.
#[derive(Debug, Clone)]
pub struct Alike {
    pub person: YoungPerson,
    pub compared: rules::Compared,
}

/// Two records that may be one person: a suggestion, which holds nothing up.
#[derive(Debug, Clone)]
pub struct Likeness {
    pub id: LikenessId,
    pub newer: YoungPersonId,
    pub older: YoungPersonId,
    pub certainty: Certainty,
    pub found_on: NaiveDate,
    pub later_on: Option<NaiveDate>,
    pub later_note: Option<String>,
    pub version: i32,
}
