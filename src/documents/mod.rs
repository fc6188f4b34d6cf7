//! Documents to give to a young person: a letter that says who their officer is, the sheet with
//! their views for a conference, and the letter at the end.
//!
//! Young people told the Children's Commissioner (Advocacy standards, 2025 draft, standard 3) that
//! they want to know in plain words what an advocate keeps secret and when they cannot. The texts
//! are the council's own: a senior officer changes them, each version is kept, and what was given
//! is kept word for word.

pub mod actions;
pub mod pages;
pub mod panel;
pub mod rules;
pub mod store;
mod word;

use chrono::{NaiveDate, NaiveDateTime};
use serde::Serialize;

use crate::ids::{CaseId, DocumentId, YoungPersonId};

crate::words! {
    /// Which document.
    pub enum Kind {
        Introduction = "introduction", "Letter: who I am and what I do";
        Views = "views", "My views for a conference";
        Closing = "closing", "Letter at the end";
        /// On the pages for asking from outside.
        NotOurs = "not_ours", "Asking page: what we cannot take, and who can";
        TooYoung = "too_young", "Asking page: for somebody very young";
        TooOld = "too_old", "Asking page: for somebody too old for us";
        OtherArea = "other_area", "Asking page: for somebody of another area";
    }
}

impl Kind {
    /// The text that the service starts with.
    #[must_use]
    pub fn first_text(self) -> &'static str {
        match self {
            Self::Introduction => include_str!("texts/introduction.txt"),
            Self::Views => include_str!("texts/views.txt"),
            Self::Closing => include_str!("texts/closing.txt"),
            Self::NotOurs => include_str!("texts/not_ours.txt"),
            Self::TooYoung => include_str!("texts/too_young.txt"),
            Self::TooOld => include_str!("texts/too_old.txt"),
            Self::OtherArea => include_str!("texts/other_area.txt"),
        }
    }

    /// Whether it is made for one young person and given to them. The others stand on public pages.
    #[must_use]
    pub fn is_given(self) -> bool {
        matches!(self, Self::Introduction | Self::Views | Self::Closing)
    }
}

crate::words! {
    /// What a text may leave open. It stands there in square brackets: [known as].
    pub enum Gap {
        KnownAs = "known as", "What they are called";
        Officer = "officer", "The officer's name";
        Service = "service", "The service";
        Today = "today", "The day";
        ConferenceDay = "conference day", "The day of the conference";
        HowToReachMe = "how to reach me", "How to reach the officer";
        TheirWords = "their words", "What they said, in their own words";
        GoingWell = "what is going well", "What is going well, in their own words";
        Worries = "what worries me", "What worries them, in their own words";
        Wishes = "what I want", "What they want to happen, in their own words";
        WhatWeDid = "what we did", "What was done";
    }
}

impl Gap {
    /// The name of its field in a form.
    #[must_use]
    pub fn field(self) -> String {
        self.code().to_lowercase().replace(' ', "_")
    }

    /// Whether it wants sentences, or a word or two.
    #[must_use]
    pub fn is_long(self) -> bool {
        matches!(
            self,
            Self::HowToReachMe
                | Self::TheirWords
                | Self::GoingWell
                | Self::Worries
                | Self::Wishes
                | Self::WhatWeDid
        )
    }

    /// Left blank, it is a space on the paper, to be written by hand.
    #[must_use]
    pub fn may_be_blank(self) -> bool {
        matches!(
            self,
            Self::TheirWords | Self::GoingWell | Self::Worries | Self::Wishes
        )
    }

    /// What the preview says, of an invented young person.
    #[must_use]
    pub fn sample(self) -> &'static str {
        match self {
            Self::KnownAs => "Robin",
            Self::Officer => "Alex Field",
            Self::Service => "the Children's Rights Service",
            Self::Today => "3 March 2026",
            Self::ConferenceDay => "17 March 2026",
            Self::HowToReachMe => "Ring or text 01632 960 001, or ask any grown-up to ring me.",
            Self::TheirWords => "I want to stay at my school.",
            Self::GoingWell => "My football team.",
            Self::Worries => "Not knowing where I will live.",
            Self::Wishes => "To see my brother every week.",
            Self::WhatWeDid => "We told the meeting that you want to stay at your school.",
        }
    }
}

/// A piece of a document, as it is printed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Block {
    Heading {
        text: String,
    },
    Paragraph {
        text: String,
    },
    /// Room to write by hand.
    Space,
}

/// One version of a text.
#[derive(Debug, Clone)]
pub struct Text {
    pub version: i32,
    pub body: String,
    /// Nobody for the text that the service starts with.
    pub saved: Option<(String, NaiveDateTime)>,
}

/// A document as it was given.
#[derive(Debug, Clone)]
pub struct Document {
    pub id: DocumentId,
    pub young_person: YoungPersonId,
    pub case: CaseId,
    pub kind: Kind,
    pub body: String,
    pub made_by: String,
    pub made_on: NaiveDate,
}
