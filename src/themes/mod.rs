//! Themes: what many cases have in common, put to the council as an ask, and answered to young
//! people as "you said, we did" (domain.md section 7).
//!
//! How a theme stands follows from its days: gathered until it is asked, asked until it is
//! answered, answered until the young people are told. What a theme says is anonymous, since
//! managers read it; the cases behind it are casework, and managers see their numbers only.

pub mod actions;
pub mod pages;
pub mod panel;
pub mod rules;
pub mod store;

use chrono::NaiveDate;

use crate::ids::{CaseId, ThemeCaseId, ThemeId, YoungPersonId};
use crate::referrals::{LegalStatus, Stream};

crate::words! {
    /// How a theme stands.
    pub enum State {
        Gathering = "gathering", "Gathering what young people say";
        Asked = "asked", "Asked, waiting for an answer";
        Answered = "answered", "Answered, young people are still to be told";
        Told = "told", "Young people were told";
        Closed = "closed", "Closed";
    }
}

/// A theme as the record has it.
#[derive(Debug, Clone)]
pub struct Theme {
    pub id: ThemeId,
    pub title: String,
    /// What young people say, in nobody's name.
    pub they_say: String,
    pub ask: Option<Ask>,
    pub answer: Option<TheirAnswer>,
    pub telling: Option<Telling>,
    pub closing: Option<Closing>,
    pub begun_on: NaiveDate,
    pub version: i32,
}

/// What the council is asked, and who is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ask {
    pub words: String,
    /// Name or role of whoever decides.
    pub whom: String,
    pub on: NaiveDate,
}

/// What the council answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TheirAnswer {
    pub words: String,
    pub on: NaiveDate,
}

/// What young people are told, and when they were.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Telling {
    pub you_said: String,
    pub we_did: String,
    pub on: NaiveDate,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Closing {
    pub on: NaiveDate,
    /// Why, where young people were not told.
    pub note: Option<String>,
}

impl Theme {
    #[must_use]
    pub fn state(&self) -> State {
        if self.closing.is_some() {
            State::Closed
        } else if self.telling.is_some() {
            State::Told
        } else if self.answer.is_some() {
            State::Answered
        } else if self.ask.is_some() {
            State::Asked
        } else {
            State::Gathering
        }
    }
}

/// One case under a theme, with what is counted of it.
#[derive(Debug, Clone)]
pub struct Member {
    pub id: ThemeCaseId,
    pub case: CaseId,
    pub young_person: YoungPersonId,
    pub first_name: String,
    pub last_name: String,
    pub date_of_birth: Option<NaiveDate>,
    pub stream: Stream,
    /// On the day the referral was received, as the report counts it.
    pub received_on: NaiveDate,
    pub legal_status: Option<LegalStatus>,
    pub secure_order: bool,
    pub open: bool,
    /// What was said, or why the case belongs here.
    pub said: String,
    pub added_on: NaiveDate,
}
