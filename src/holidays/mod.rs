//! Bank holidays, by which working days are counted, and the days on which the office is closed.
//! They are two calendars: an office closure never moves a statutory date (domain.md section 6).
//! Bank holidays are brought up to date by merging the file that the government publishes; nothing
//! that is known is taken away by it.

pub mod actions;
pub mod pages;
pub mod store;

use chrono::NaiveDate;

use crate::calendar::Holiday;

/// A day on which the office is closed though it is a working day, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Closure {
    pub on: NaiveDate,
    pub reason: String,
}

/// What came of merging a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Merged {
    pub added: Vec<Holiday>,
    /// How many days of the file were known already.
    pub known: usize,
    /// Days on record in the years of the file which the file does not have. They stay; somebody
    /// should look whether a holiday was moved.
    pub missing_in_file: Vec<Holiday>,
    /// The last year whose bank holidays are known now.
    pub last_known: Option<i32>,
}
