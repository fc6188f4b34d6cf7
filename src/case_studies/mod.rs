//! Case studies: one case told so that others learn from it, without saying whose it is: the
//! worries, what worked well, the outcome (domain.md section 7).
//!
//! A case study is published with the consent of whoever it is about, after a check that names,
//! dates, schools, places and rare facts are gone. Consent can be withdrawn, and the case study is
//! then unpublished at once.

pub mod actions;
pub mod check;
pub mod pages;
pub mod panel;
pub mod rules;
pub mod store;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::ids::{CaseId, CaseStudyId, YoungPersonId};

crate::words! {
    /// How a case study stands.
    pub enum State {
        Draft = "draft", "Being written";
        Checked = "checked", "Checked, ready to publish";
        Published = "published", "Published";
        Withdrawn = "withdrawn", "Withdrawn";
    }
}

crate::words! {
    /// The age as a case study tells it: never to the year.
    pub enum AgeBand {
        Under11 = "under_11", "Under 11";
        From11 = "11_to_12", "11 or 12";
        From13 = "13_to_15", "13 to 15";
        From16 = "16_to_17", "16 or 17";
        From18 = "18_to_25", "18 to 25";
    }
}

impl AgeBand {
    #[must_use]
    pub fn of(age: i32) -> Self {
        match age {
            ..11 => Self::Under11,
            11..13 => Self::From11,
            13..16 => Self::From13,
            16..18 => Self::From16,
            18.. => Self::From18,
        }
    }
}

crate::words! {
    /// Who may say yes to a case study.
    pub enum ConsentBy {
        YoungPerson = "young_person", "The young person";
        ParentOrCarer = "parent_or_carer", "A parent or carer, and the young person knows";
    }
}

crate::words! {
    /// What a case study may be used for.
    pub enum Purpose {
        AnnualReport = "annual_report", "The annual report, which anybody may read";
        Training = "training", "Training inside the council only";
    }
}

/// A case study as the record has it.
#[derive(Debug, Clone)]
pub struct CaseStudy {
    pub id: CaseStudyId,
    pub case: CaseId,
    pub young_person: YoungPersonId,
    pub text: Text,
    pub state: State,
    pub consent: Option<Consent>,
    pub checked_on: Option<NaiveDate>,
    pub publication: Option<Publication>,
    pub withdrawal: Option<Withdrawal>,
    pub version: i32,
}

/// What a case study says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Text {
    pub title: String,
    /// What the young person is called in it; not their own initials.
    pub initials: String,
    /// A code of [`AgeBand`].
    pub age: String,
    pub worries: String,
    pub worked_well: String,
    pub outcome: String,
}

impl Text {
    #[must_use]
    pub fn age_words(&self) -> &'static str {
        AgeBand::from_code(&self.age).map_or("", AgeBand::words)
    }
}

/// Who said yes, when, how, and to what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Consent {
    pub by: ConsentBy,
    pub how: String,
    pub purpose: Purpose,
    pub on: NaiveDate,
    pub withdrawn_on: Option<NaiveDate>,
}

/// The text as it was on the day it was published.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Publication {
    pub on: NaiveDate,
    pub text: Text,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Withdrawal {
    pub on: NaiveDate,
    pub why: String,
}

/// Something that was found and let stand, with the reason.
#[derive(Debug, Clone)]
pub struct Look {
    /// The key of the finding.
    pub finding: String,
    pub reason: String,
    pub by: String,
}
