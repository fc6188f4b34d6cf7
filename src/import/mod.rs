//! Bringing records in from elsewhere: conference schedules, moved-in spreadsheets, and the lists
//! of who lives where and on what legal basis.
//!
//! A file becomes numbered raw rows (`reading`), one mapping a kind of row makes facts of them by
//! the parsers that forms use, and the same actions that a person would use put them on record. A
//! dry run is that very run, rolled back. A row that cannot be right is rejected alone, with its
//! reason; a failure nobody foresaw undoes the whole import.

pub mod actions;
pub mod api;
mod conferences;
pub mod folder;
pub mod guide;
mod history;
pub mod intake;
mod legal_status;
mod mapping;
pub mod moved_in;
pub mod names;
pub mod pages;
mod placements;
pub mod reading;
pub mod review;
pub mod review_pages;
pub mod store;
pub mod undo;
pub mod uploads;

use serde::Serialize;
use utoipa::openapi::{ObjectBuilder, RefOr, Schema, Type};
use utoipa::{PartialSchema, ToSchema};

use crate::history::Change;
use crate::ids::{BatchId, YoungPersonId};

crate::words! {
    /// What kind of file it was.
    pub enum Kind {
        Conferences = "conferences", "Conference schedule";
        History = "history", "Moved-in spreadsheet";
        Placements = "placements", "Placement list";
        LegalStatus = "legal_status", "Legal status list";
    }
}

crate::words! {
    /// What became of a row.
    pub enum RowResult {
        Created = "created", "New";
        Updated = "updated", "Changed";
        Unchanged = "unchanged", "No change";
        Rejected = "rejected", "Rejected";
        Review = "review", "Waits for a decision";
    }
}

crate::words! {
    /// Who a row that waited turned out to be about.
    pub enum IdentityDecision {
        Same = "same", "The same person";
        Different = "different", "A different person";
        /// A later import holds the same row.
        Superseded = "superseded", "Sent again";
    }
}

impl PartialSchema for RowResult {
    fn schema() -> RefOr<Schema> {
        let codes = Self::ALL.iter().map(|result| result.code());
        ObjectBuilder::new()
            .schema_type(Type::String)
            .enum_values(Some(codes))
            .into()
    }
}

impl ToSchema for RowResult {}

/// What is wrong with one value of one row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Problem {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
    pub row: u32,
    pub column: String,
    pub reason: String,
}

/// What an import did, in the shape that other programs rely on (contracts, section 2).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct Report {
    /// None for a dry run: nothing was kept.
    #[schema(value_type = Option<String>)]
    pub batch: Option<BatchId>,
    pub rows: u32,
    pub created: u32,
    pub updated: u32,
    pub unchanged: u32,
    pub rejected: u32,
    pub review: u32,
    pub referrals: u32,
    pub below_threshold: u32,
    /// Homes that came by an earlier placement list, and whose children this one does not name any
    /// more. They go on: only a last day ends a home.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub no_longer_listed: Option<u32>,
    pub problems: Vec<Problem>,
    /// Columns that nobody here knows: they were not looked at.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub ignored_columns: Vec<String>,
    /// Row by row.
    pub results: Vec<RowLine>,
    /// What the fields of the changed rows said before.
    #[serde(skip)]
    pub changes: Vec<RowChanges>,
}

/// What one row changed of what was on record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowChanges {
    pub file: Option<String>,
    pub row: u32,
    pub about: YoungPersonId,
    pub changes: Vec<Change>,
}

/// What became of one row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct RowLine {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
    pub row: u32,
    #[schema(inline)]
    pub result: RowResult,
}

impl Report {
    fn count(&mut self, file: Option<&str>, row: u32, result: RowResult) {
        self.rows += 1;
        *match result {
            RowResult::Created => &mut self.created,
            RowResult::Updated => &mut self.updated,
            RowResult::Unchanged => &mut self.unchanged,
            RowResult::Rejected => &mut self.rejected,
            RowResult::Review => &mut self.review,
        } += 1;
        self.results.push(RowLine {
            file: file.map(ToOwned::to_owned),
            row,
            result,
        });
    }
}
