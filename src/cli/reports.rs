//! `heard report`: figures as files.

use std::path::PathBuf;

use chrono::NaiveDate;
use clap::{Subcommand, ValueEnum};

use super::{House, Stop};

#[derive(Subcommand)]
pub enum Report {
    /// The annual report of a period
    Annual {
        /// The first day of the period
        #[arg(long)]
        from: NaiveDate,
        /// The last day of the period
        #[arg(long)]
        to: NaiveDate,
        #[arg(long, value_enum, default_value_t = Rendering::Json)]
        format: Rendering,
        /// Write to a file instead of standard output
        #[arg(long)]
        out: Option<PathBuf>,
    },
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Rendering {
    Json,
    Csv,
    Html,
}

pub(super) fn run(_house: &House, _report: &Report) -> Result<(), Stop> {
    Err(Stop::Failed("not wired".to_owned()))
}
