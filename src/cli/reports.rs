//! `heard report`: figures as files.

use std::path::PathBuf;

use chrono::NaiveDate;
use clap::{Subcommand, ValueEnum};

use super::{ACTOR, House, Stop, say};
use crate::calendar::Period;
use crate::report::annual::{AnnualReport, Scope, figures};
use crate::report::figures::registry::View;
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
    /// What came and went in a period
    Figures {
        /// The first day of the period
        #[arg(long)]
        from: NaiveDate,
        /// The last day of the period
        #[arg(long)]
        to: NaiveDate,
        /// Which tables
        #[arg(long, value_enum, default_value_t = Tables::Flow)]
        view: Tables,
        #[arg(long, value_enum, default_value_t = Data::Json)]
        format: Data,
        /// Write to a file instead of standard output
        #[arg(long)]
        out: Option<PathBuf>,
    },
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Tables {
    /// The offers behind the referrals of the period, and how long support lasts
    Offers,
    /// What came and went
    Flow,
    /// What is open at the end of the period
    AsAt,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Data {
    Json,
    Csv,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Rendering {
    Json,
    Csv,
    Html,
}

pub(super) fn run(house: &House, report: &Report) -> Result<(), Stop> {
    let count = |view: View, from: &NaiveDate, to: &NaiveDate| -> Result<AnnualReport, Stop> {
        let period = Period::new(*from, *to).map_err(Stop::Usage)?;
        let age_band = house.settings.report.age_band;
        Ok(house.open()?.read(&ACTOR, |ctx| {
            figures(ctx, view, &period, &Scope::All, age_band)
        })?)
    };
    match report {
        Report::Annual {
            from,
            to,
            format,
            out,
        } => {
            let report = count(View::Annual, from, to)?;
            let text = match format {
                Rendering::Json => to_json(&report)?,
                Rendering::Csv => to_csv(&report)?,
                Rendering::Html => to_html(&report, &house.settings.service.name)?,
            };
            hand_over(&text, out.as_ref())
        }
        Report::Figures {
            from,
            to,
            view,
            format,
            out,
        } => {
            let view = match view {
                Tables::Offers => View::Offers,
                Tables::Flow => View::Flow,
                Tables::AsAt => View::AsAt,
            };
            let report = count(view, from, to)?;
            let text = match format {
                Data::Json => to_json(&report)?,
                Data::Csv => to_csv(&report)?,
            };
            hand_over(&text, out.as_ref())
        }
    }
}

fn hand_over(text: &str, out: Option<&PathBuf>) -> Result<(), Stop> {
    match out {
        Some(file) => std::fs::write(file, text).map_err(|cause| {
            Stop::Failed(format!("{} cannot be written: {cause}.", file.display()))
        }),
        None => say(text.trim_end_matches('\n')),
    }
}
