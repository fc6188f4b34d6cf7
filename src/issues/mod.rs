//! Issues: one piece of advocacy inside a case. What the young person wants, in their words; who
//! was asked for it; what came of it. A case has many, and an issue may be open for years.
//!
//! How their voice was carried follows the Lundy model: space, voice, audience, influence. Where
//! somebody cannot say what they want in a matter the officer acts without their instruction, and
//! the basis for that is on record (domain.md section 7).

pub mod actions;
pub mod pages;
pub mod panel;
pub mod rules;
pub mod store;

use chrono::NaiveDate;

use crate::ids::{CaseId, IssueId, YoungPersonId};

crate::words! {
    /// What came of it, measured against the wish.
    pub enum Outcome {
        Met = "met", "Met: they got what they wanted";
        Partly = "partly", "Partly met";
        NotMet = "not_met", "Not met";
        Withdrawn = "withdrawn", "Withdrawn: they no longer wanted it";
    }
}

crate::words! {
    /// By which way it was settled.
    pub enum How {
        Informally = "informally", "Informally, by talking to someone";
        FormalComplaint = "formal_complaint", "By a formal complaint";
        Meeting = "meeting", "At a meeting";
        LegalAdvice = "legal_advice", "With legal advice";
    }
}

/// An issue as the record has it, with its spells in order of time.
#[derive(Debug, Clone)]
pub struct Issue {
    pub id: IssueId,
    pub case: CaseId,
    pub young_person: YoungPersonId,
    pub matter: Matter,
    pub asked: Asked,
    pub spells: Vec<Spell>,
    pub version: i32,
}

/// What it is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Matter {
    /// Codes of the list of topics.
    pub topics: Vec<String>,
    /// What the young person wants, in their words.
    pub wish: String,
    /// Why the officer acts without being told what to do; none where they are told.
    pub basis: Option<String>,
}

/// Who was asked, and how the young person's voice was carried there.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Asked {
    pub name: Option<String>,
    pub role: Option<String>,
    pub asked_on: Option<NaiveDate>,
    pub answered_on: Option<NaiveDate>,
    pub space: Option<String>,
    pub voice: Option<String>,
    pub audience_name: Option<String>,
    pub audience_on: Option<NaiveDate>,
    pub influence: Option<String>,
}

/// One stretch of time in which the issue was open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spell {
    /// 1 for the first; every reopening begins one more.
    pub number: i32,
    pub opened_on: NaiveDate,
    pub opening_note: Option<String>,
    pub closing: Option<Closing>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Closing {
    pub on: NaiveDate,
    pub outcome: Outcome,
    /// None for what was withdrawn without anything having been done.
    pub how: Option<How>,
    pub note: Option<String>,
}

impl Issue {
    /// The spell that is open now.
    #[must_use]
    pub fn open_spell(&self) -> Option<&Spell> {
        self.spells.iter().find(|spell| spell.closing.is_none())
    }

    #[must_use]
    pub fn opened_on(&self) -> Option<NaiveDate> {
        self.spells.first().map(|spell| spell.opened_on)
    }

    #[must_use]
    pub fn last_closing(&self) -> Option<&Closing> {
        self.spells
            .iter()
            .rev()
            .find_map(|spell| spell.closing.as_ref())
    }

    /// How it stands, in words.
    #[must_use]
    pub fn state(&self) -> &'static str {
        match (self.open_spell(), self.last_closing()) {
            (Some(_), _) if self.asked.answered_on.is_some() => "Answered",
            (Some(_), _) if self.asked.asked_on.is_some() => "Asked, waiting for an answer",
            (Some(_), _) => "Open",
            (None, Some(closing)) => match closing.outcome {
                Outcome::Met => "Met",
                Outcome::Partly => "Partly met",
                Outcome::NotMet => "Not met",
                Outcome::Withdrawn => "Withdrawn",
            },
            (None, None) => "Closed",
        }
    }

    #[must_use]
    pub fn colour(&self) -> &'static str {
        match (self.open_spell(), self.last_closing()) {
            (Some(_), _) => "blue",
            (None, Some(closing)) => match closing.outcome {
                Outcome::Met => "green",
                Outcome::Partly => "yellow",
                Outcome::NotMet => "red",
                Outcome::Withdrawn => "grey",
            },
            (None, None) => "grey",
        }
    }
}

/// How the issues that were open changed over a period: stock and flow.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Flow {
    /// Open at the end of the day before the period.
    pub open_at_start: i64,
    pub opened: i64,
    pub reopened: i64,
    pub closed: i64,
    /// Open at the end of the period's last day.
    pub open_at_end: i64,
}
