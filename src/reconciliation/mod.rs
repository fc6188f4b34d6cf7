//! Where conferences and referrals do not agree: a list that anyone in casework can open, each line
//! with its reason and one click to settle it (domain.md section 3).
//!
//! Three questions: which children of age on a conference have no referral; which automatic
//! referrals have lost their conference; which conferences of an earlier file does the newest one
//! not hold any more. What somebody settles stays settled while the facts stay what they were.

pub mod actions;
pub mod pages;
pub mod rules;
pub mod store;

use chrono::{NaiveDate, NaiveDateTime};

use crate::conferences::rules::Seat;
use crate::ids::{
    BatchId, ConferenceChildId, ConferenceId, ReconciliationId, ReferralId, YoungPersonId,
};
use rules::{WhyGone, WhyMissing, WhyNot};

crate::words! {
    /// Which of the three lists.
    pub enum Kind {
        NoReferral = "no_referral", "Of age, and no referral";
        ConferenceGone = "conference_gone", "A referral whose conference is gone";
        Missing = "missing", "Not in the newest file";
    }
}

crate::words! {
    /// How a line was settled.
    pub enum Deed {
        Referred = "referred", "Referred";
        Withdrawn = "withdrawn", "The referral was withdrawn";
        Cancelled = "cancelled", "Marked as not taking place";
        TakesPlace = "takes_place", "Marked as taking place again";
        Left = "left", "Left as it is";
    }
}

/// The young person of a line.
#[derive(Debug, Clone)]
pub struct Who {
    pub id: YoungPersonId,
    pub name: String,
    pub date_of_birth: Option<NaiveDate>,
}

/// A child of age on a conference, without a referral.
#[derive(Debug, Clone)]
pub struct Due {
    pub child: ConferenceChildId,
    pub who: Who,
    pub seat: Seat,
    pub why: WhyNot,
    /// While they stay, what was settled stays.
    pub facts: String,
}

/// An automatic referral that waits, without the conference that made it.
#[derive(Debug, Clone)]
pub struct Gone {
    pub referral: ReferralId,
    pub version: i32,
    pub who: Who,
    pub received_on: NaiveDate,
    pub seat: Option<Seat>,
    /// Whether it waits for the word of an officer.
    pub asks: bool,
    pub why: WhyGone,
}

/// A child on a conference whom an earlier file held, and the newest does not.
#[derive(Debug, Clone)]
pub struct Missing {
    pub child: ConferenceChildId,
    pub conference: ConferenceId,
    pub who: Who,
    pub seat: Seat,
    /// The import that held it last.
    pub last: BatchId,
    pub why: WhyMissing,
}

/// The lines of the three lists that nobody settled.
#[derive(Debug, Clone, Default)]
pub struct Lines {
    pub due: Vec<Due>,
    pub gone: Vec<Gone>,
    pub missing: Vec<Missing>,
    /// The newest file, where it was taken for a part of the schedule, with nothing said to be
    /// missing from it.
    pub part: Option<rules::File>,
}

impl Lines {
    #[must_use]
    pub fn count(&self) -> usize {
        self.due.len() + self.gone.len() + self.missing.len()
    }
}

/// What somebody decided.
#[derive(Debug, Clone)]
pub struct Settled {
    pub id: ReconciliationId,
    pub kind: Kind,
    pub young_person: YoungPersonId,
    pub name: String,
    /// Why the line stood there.
    pub why: String,
    pub deed: Deed,
    pub reason: Option<String>,
    pub by: String,
    pub at: NaiveDateTime,
}

/// Rows of conference schedules that did not come in, by their import.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotIn {
    pub batch: BatchId,
    pub file: String,
    pub imported_on: NaiveDate,
    pub refused: usize,
    pub waiting: usize,
}
