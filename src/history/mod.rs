//! What a field said before it was changed: nobody's words are overwritten for good, and any
//! field's history can be read.
//!
//! A deed that edits compares what stood there with what is to stand there ([`Changes`]) and keeps
//! the differences ([`Changes::keep`]) in the transaction that makes the change.

pub mod store;

use chrono::NaiveDateTime;

use crate::ctx::Ctx;
use crate::failure::Failure;
use crate::ids::YoungPersonId;

/// One field with what it said and what it says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    pub field: &'static str,
    pub before: Option<String>,
    pub after: Option<String>,
}

/// What an edit changes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Changes(Vec<Change>);

impl Changes {
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Compares a field. What is blank is nothing.
    pub fn compare(
        &mut self,
        field: &'static str,
        before: Option<impl ToString>,
        after: Option<impl ToString>,
    ) {
        let said = |text: String| Some(text).filter(|text| !text.is_empty());
        let before = before.and_then(|value| said(value.to_string()));
        let after = after.and_then(|value| said(value.to_string()));
        if before != after {
            self.0.push(Change {
                field,
                before,
                after,
            });
        }
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The names of the fields that change, for the access record.
    #[must_use]
    pub fn fields(&self) -> Vec<&'static str> {
        self.0.iter().map(|change| change.field).collect()
    }

    /// Keeps what the fields said.
    pub fn keep(
        &self,
        ctx: &mut Ctx<'_>,
        subject_kind: &'static str,
        subject: impl ToString,
        about: &YoungPersonId,
    ) -> Result<(), Failure> {
        ctx.note_changes(&self.0);
        store::insert(ctx, subject_kind, &subject.to_string(), about, &self.0)
    }

    /// Keeps what the fields said of something that belongs to no young person.
    pub fn keep_common(
        &self,
        ctx: &mut Ctx<'_>,
        subject_kind: &'static str,
        subject: impl ToString,
    ) -> Result<(), Failure> {
        store::insert_common(ctx, subject_kind, &subject.to_string(), &self.0)
    }
}

/// One past change, as it is read.
#[derive(Debug, Clone)]
pub struct Line {
    pub young_person: YoungPersonId,
    pub field: String,
    pub before: Option<String>,
    pub after: Option<String>,
    /// The name of whoever changed it, or what did.
    pub by: String,
    pub at: NaiveDateTime,
}

/// One past change of something that belongs to no young person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CommonLine {
    pub field: String,
    pub before: Option<String>,
    pub after: Option<String>,
    pub by: String,
    pub at: NaiveDateTime,
}

impl Line {
    /// The same change, kept for another of the young people that it was about.
    #[must_use]
    pub fn is_same_change(&self, other: &Self) -> bool {
        (&self.field, &self.before, &self.after, self.at)
            == (&other.field, &other.before, &other.after, other.at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_differs_is_a_change_and_blank_is_nothing() {
        let mut changes = Changes::new();
        changes.compare("note", Some("Rang"), Some("Rang"));
        changes.compare("language", Some(""), None::<&str>);
        assert!(changes.is_empty());
        changes.compare("minutes", None::<i32>, Some(20));
        assert_eq!(changes.fields(), ["minutes"]);
    }
}
