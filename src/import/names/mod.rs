//! What other systems call the columns: remembered by the source of their files, and used by
//! every door.

pub mod actions;
pub mod pages;
pub mod store;

use super::Kind;
use crate::ids::ColumnNameId;

/// A name of a column that is remembered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ColumnName {
    pub id: ColumnNameId,
    pub kind: Kind,
    pub source: String,
    /// What their files call it.
    pub header: String,
    /// What we call it.
    pub column: String,
    pub version: i32,
}
