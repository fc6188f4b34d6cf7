//! Contacts: a call, a visit, a letter, a message, with whoever it was, about one young person or
//! several. What the officer notes and what the young person said in their own words are two
//! things, kept for each of them.
//!
//! A contact is never deleted: one that should not be there is marked as recorded in error, with
//! the reason, and from then on is in no list and no count. Attempts before a case is accepted
//! belong to its referral.

pub mod actions;
pub mod pages;
pub mod panel;
pub mod rules;
pub mod store;

use chrono::NaiveDate;

use crate::ids::{CaseId, ContactId, YoungPersonId};
use crate::referrals::Method;

crate::words! {
    /// With whom it was.
    pub enum WithWhom {
        YoungPerson = "young_person", "Child or young person";
        ParentOrCarer = "parent_or_carer", "Parent or carer";
        Family = "family", "Somebody else in the family";
        SocialWorker = "social_worker", "Social worker";
        PersonalAdviser = "personal_adviser", "Personal adviser";
        ReviewingOfficer = "reviewing_officer", "Reviewing officer or chair";
        Home = "home", "Staff of their home";
        School = "school", "School or college";
        Solicitor = "solicitor", "Solicitor or court";
        OtherProfessional = "other_professional", "Another professional";
        Other = "other", "Somebody else";
    }
}

/// A contact as the record has it.
#[derive(Debug, Clone)]
pub struct Contact {
    pub id: ContactId,
    pub told: Told,
    pub people: Vec<Person>,
    /// Why it should not be there.
    pub error_reason: Option<String>,
    pub recorded_by: String,
    /// It is also about somebody whose record is closed to whoever asks: they are left out here,
    /// and with them the note about all.
    pub partly_closed: bool,
    pub version: i32,
}

/// What is told of a contact.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    pub method: Method,
    /// Made, or only attempted.
    pub made: bool,
    pub made_on: NaiveDate,
    pub with_whom: WithWhom,
    pub with_name: Option<String>,
    pub minutes: Option<i32>,
    /// The officer's note about all of it.
    pub note: Option<String>,
}

/// One young person that it was about.
#[derive(Debug, Clone)]
pub struct Person {
    pub case: CaseId,
    pub young_person: YoungPersonId,
    pub name: String,
    pub words: Words,
}

/// What was written about one of them, and what they said themselves.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Words {
    pub note: Option<String>,
    pub own: Option<String>,
}

/// A contact as somebody logs it.
#[derive(Debug, Clone)]
pub struct NewContact {
    pub told: Told,
    pub people: Vec<(CaseId, Words)>,
    /// A letter is sent although somebody's record has a warning: it was read.
    pub letter_confirmed: bool,
    pub follow_up: Option<FollowUp>,
}

#[derive(Debug, Clone)]
pub struct FollowUp {
    pub on: NaiveDate,
    pub what: String,
}

impl Told {
    /// "Phone call, social worker", or that it was only tried.
    #[must_use]
    pub fn title(&self) -> String {
        let words = format!(
            "{} with {}",
            self.method.words(),
            lower_first(self.with_whom.words())
        );
        if self.made {
            words
        } else {
            format!("{words}: not reached")
        }
    }
}

fn lower_first(words: &str) -> String {
    let mut letters = words.chars();
    let first = letters.next().map(|first| first.to_lowercase());
    first.into_iter().flatten().chain(letters).collect()
}
