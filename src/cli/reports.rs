//! `heard report`: figures as files.

use std::io::{ErrorKind, IsTerminal, Write};
use std::path::PathBuf;

use chrono::NaiveDate;
use clap::{Args, Subcommand, ValueEnum};

use super::{ACTOR, House, Stop};
use crate::calendar::Period;
use crate::report::annual::{Scope, figures};
use crate::report::document::{Document, Made, no_links};
use crate::report::figures::registry::View;
use crate::report::renderings::Format;

#[derive(Subcommand)]
pub enum Report {
    /// The annual report of a period
    Annual(Wanted),
    /// What came and went in a period
    Figures {
        /// Which tables
        #[arg(long, value_enum, default_value_t = Tables::Flow)]
        view: Tables,
        #[command(flatten)]
        wanted: Wanted,
    },
}

#[derive(Args)]
pub struct Wanted {
    /// The first day of the period
    #[arg(long)]
    from: NaiveDate,
    /// The last day of the period
    #[arg(long)]
    to: NaiveDate,
    /// json, csv, html, xlsx (Excel), docx (Word) or pdf
    #[arg(long, default_value = "json", value_parser = format)]
    format: Format,
    /// Put the year before beside it, in a format that people read
    #[arg(long)]
    year_before: bool,
    /// Write to a file instead of standard output
    #[arg(long)]
    out: Option<PathBuf>,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Tables {
    /// The offers behind the referrals of the period, and how long support lasts
    Offers,
    /// What came and went
    Flow,
    /// What is open at the end of the period
    Open,
}

fn format(name: &str) -> Result<Format, String> {
    Format::named(name).ok_or_else(|| {
        let known: Vec<&str> = Format::OFFERED.iter().map(|it| it.extension()).collect();
        format!("it can be one of {}", known.join(", "))
    })
}

pub(super) fn run(house: &House, report: &Report) -> Result<(), Stop> {
    let (view, wanted) = match report {
        Report::Annual(wanted) => (View::Annual, wanted),
        Report::Figures { view, wanted } => {
            let view = match view {
                Tables::Offers => View::Offers,
                Tables::Flow => View::Flow,
                Tables::Open => View::AsAt,
            };
            (view, wanted)
        }
    };
    let Wanted {
        from,
        to,
        format,
        year_before,
        out,
    } = wanted;
    let period = Period::new(*from, *to).map_err(Stop::Usage)?;
    if *year_before && !format.is_document() {
        return Err(Stop::Usage(
            "--year-before is for html, xlsx, docx and pdf: json and csv hold one period."
                .to_owned(),
        ));
    }
    if out.is_none() && !format.is_text() && std::io::stdout().is_terminal() {
        return Err(Stop::Usage(format!(
            "Say with --out where the {} file is to go: it is not for a terminal.",
            format.extension()
        )));
    }
    let settings = &house.settings;
    let bytes = house.open()?.read(&ACTOR, |ctx| {
        let mut count =
            |period: &Period| figures(ctx, view, period, &Scope::All, settings.report.age_band);
        let report = count(&period)?;
        let other = year_before
            .then(|| count(&period.a_year_before()))
            .transpose()?;
        let made = Made {
            service: &settings.service.name,
            by: &settings.service.name,
            only: None,
            at: ctx.now,
        };
        let document = Document::new(&report, other.as_ref(), &made, &no_links);
        Ok(format.write(&report, &document)?)
    })?;
    match out {
        Some(file) => std::fs::write(file, bytes).map_err(|cause| {
            Stop::Failed(format!("{} cannot be written: {cause}.", file.display()))
        }),
        None => say_bytes(&bytes),
    }
}

/// A file on standard output, to be led into another program.
fn say_bytes(bytes: &[u8]) -> Result<(), Stop> {
    let mut out = std::io::stdout();
    match out.write_all(bytes).and_then(|()| out.flush()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(error.into()),
        _ => Ok(()),
    }
}
