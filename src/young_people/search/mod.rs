//! Finding a young person: by the words of their names in any order, however they are spelt, by a
//! reference or a date of birth.
//!
//! Every word of a name is kept with how it sounds (Double Metaphone), so that a search is a few
//! looks into an index however many people are on record. Candidates are ranked here.

pub mod rules;
pub(crate) mod store;

pub use rules::Why;

use super::YoungPerson;

crate::words! {
    /// What a kept word is a part of.
    pub enum Part {
        FullName = "name", "Name";
        KnownAs = "known_as", "Known as";
    }
}

/// Somebody who was found.
#[derive(Debug, Clone)]
pub struct Found {
    pub person: YoungPerson,
    /// A reference they are known by, if any.
    pub reference: Option<String>,
    pub why: Why,
}
