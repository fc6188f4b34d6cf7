//! `heard report`: figures as files.

use std::path::PathBuf;

use chrono::NaiveDate;
use clap::{Subcommand, ValueEnum};

use super::{ACTOR, House, Stop, say};
use crate::calendar::Period;
use crate::report::annual::{Scope, annual};
use crate::report::renderings::{to_csv, to_html, to_json};

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

pub(super) fn run(house: &House, report: &Report) -> Result<(), Stop> {
    let Report::Annual {
        from,
        to,
        format,
        out,
    } = report;
    let period = Period::new(*from, *to).map_err(Stop::Usage)?;
    let settings = &house.settings;
    let annual = house.open()?.read(&ACTOR, |ctx| {
        annual(ctx, &period, &Scope::All, settings.report.age_band)
    })?;
    let text = match format {
        Rendering::Json => to_json(&annual)?,
        Rendering::Csv => to_csv(&annual)?,
        Rendering::Html => to_html(&annual, &settings.service.name)?,
    };
    match out {
        Some(file) => std::fs::write(file, text).map_err(|cause| {
            Stop::Failed(format!("{} cannot be written: {cause}.", file.display()))
        }),
        None => say(text.trim_end_matches('\n')),
    }
}
