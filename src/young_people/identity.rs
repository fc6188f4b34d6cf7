//! The bar at the top of every page about one young person.

use chrono::NaiveDate;

use super::YoungPerson;
use crate::web::view::{Identity, age_words};

#[must_use]
pub fn identity_bar(person: &YoungPerson, today: NaiveDate, status_words: &str) -> Identity {
    let set_by_staff = person
        .warnings
        .iter()
        .map(|warning| warning.in_words(today));
    Identity {
        name: person.full_name(),
        known_as: person.known_as.clone(),
        age_words: age_words(person.date_of_birth, today),
        status_words: status_words.to_owned(),
        warnings: set_by_staff.chain(person.contact_warning.clone()).collect(),
        restricted: person.restricted,
    }
}
