//! `heard import`: conference schedules, moved-in spreadsheets, and the lists of who lives where and
//! on what legal basis.

use std::io::IsTerminal;
use std::path::PathBuf;

use clap::{Args, Subcommand};
use indicatif::{ProgressBar, ProgressStyle};

use super::{ACTOR, Format, House, Stop, say};
use crate::audit::checkpoints;
use crate::failure::Failure;
use crate::ids::BatchId;
use crate::import::actions::{ImportFile, Incoming, Run, history_files, import, usual_source};
use crate::import::{Kind, Report, RowResult, undo};

#[derive(Subcommand)]
pub enum Import {
    /// A conference schedule, CSV or XLSX: one row per child per conference
    Conferences {
        file: PathBuf,
        #[command(flatten)]
        how: How,
    },
    /// A list of who lives where: one row for each stay
    Placements {
        file: PathBuf,
        #[command(flatten)]
        how: How,
    },
    /// A list of who is looked after on what legal basis
    LegalStatus {
        file: PathBuf,
        #[command(flatten)]
        how: How,
    },
    /// A team's spreadsheet as a folder of CSV files
    History {
        dir: PathBuf,
        #[command(flatten)]
        how: How,
    },
    /// Undo an import while nobody has worked on what it made; otherwise say what stands in the way
    Undo {
        /// The batch, as the import told it
        batch: String,
        /// Why, for the list of imports
        #[arg(long, default_value = "Undone on the command line")]
        reason: String,
        /// Say what would go and what would be put back, and undo nothing
        #[arg(long)]
        dry_run: bool,
    },
}

#[derive(Args)]
pub struct How {
    /// Say what the import would do, and keep nothing
    #[arg(long)]
    dry_run: bool,
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

pub(super) fn run(house: &House, what: &Import) -> Result<(), Stop> {
    let (path, how) = match what {
        Import::Conferences { file, how }
        | Import::Placements { file, how }
        | Import::LegalStatus { file, how } => (file, how),
        Import::Undo {
            batch,
            reason,
            dry_run,
        } => return take_back(house, batch, reason, *dry_run),
        Import::History { dir, how } => (dir, how),
    };
    let kept = if how.dry_run {
        Run::Rehearse
    } else {
        Run::Keep
    };
    let name = path
        .file_name()
        .unwrap_or(path.as_os_str())
        .to_string_lossy()
        .into_owned();
    let settings = &house.settings.import;
    // Read before the database is touched: a file that is not there changes nothing.
    let (kind, files) = match what {
        Import::Conferences { file, .. }
        | Import::Placements { file, .. }
        | Import::LegalStatus { file, .. } => {
            let kind = match what {
                Import::Placements { .. } => Kind::Placements,
                Import::LegalStatus { .. } => Kind::LegalStatus,
                Import::Conferences { .. } | Import::History { .. } | Import::Undo { .. } => {
                    Kind::Conferences
                }
            };
            let size = std::fs::metadata(file)
                .map_err(|cause| unreadable(file, &cause))?
                .len();
            if size > settings.largest_file_mb * 1024 * 1024 {
                return Err(Stop::Failed(format!(
                    "{name} is larger than {} MB.",
                    settings.largest_file_mb
                )));
            }
            let bytes = std::fs::read(file).map_err(|cause| unreadable(file, &cause))?;
            let name = name.clone();
            (kind, vec![ImportFile { name, bytes }])
        }
        Import::History { .. } | Import::Undo { .. } => (Kind::History, history_files(path)?),
    };
    let incoming = Incoming {
        kind,
        source: usual_source(kind, settings),
        name: &name,
        files: &files,
    };
    let db = house.open()?;
    let bar = bar();
    let progress = |done, total| show(&bar, done, total);
    let report = import(&db, &ACTOR, settings, &incoming, kept, &progress);
    bar.finish_and_clear();
    let report = report?;
    db.read(&ACTOR, |ctx| {
        checkpoints::note(ctx, &house.settings.data_dir)
    })?;
    match how.format {
        Format::Json => {
            let json = serde_json::to_string_pretty(&report)
                .map_err(|cause| Stop::Failed(cause.to_string()))?;
            say(&json)
        }
        Format::Text => tell(&report, how.dry_run),
    }
}

/// Undoes an import, or says what stands in the way.
fn take_back(house: &House, batch: &str, reason: &str, dry_run: bool) -> Result<(), Stop> {
    let id = BatchId::parse(batch)
        .ok_or_else(|| Stop::Usage(format!("{batch} is not the name of a batch.")))?;
    let db = house.open()?;
    let plan = db.read(&ACTOR, |ctx| {
        let plan = undo::actions::plan(ctx, &id)?;
        let places = undo::actions::places(ctx, &plan)?;
        Ok((plan, places))
    });
    let (plan, (places, more)) = match plan {
        Err(Failure::NotFound) => {
            return Err(Stop::Failed(format!("There is no import {batch}.")));
        }
        other => other?,
    };
    if !places.is_empty() {
        let mut lines = vec!["This import cannot be undone now. In the way:".to_owned()];
        for place in &places {
            lines.push(format!("{}: {}", place.name, place.what.join("; ")));
        }
        if more > 0 {
            lines.push(format!("and {more} more."));
        }
        return Err(Stop::Failed(lines.join("\n")));
    }
    for (words, counts) in [("Goes", &plan.gone), ("Put back", &plan.back)] {
        for count in undo::rules::told(counts) {
            say(&format!("{words}: {}", undo::rules::in_words(count)))?;
        }
    }
    if dry_run {
        return say("Dry run: nothing was undone.");
    }
    db.write(&ACTOR, |ctx| undo::actions::undo(ctx, &id, reason))?;
    db.read(&ACTOR, |ctx| {
        checkpoints::note(ctx, &house.settings.data_dir)
    })?;
    say("The import is undone.")
}

fn unreadable(path: &std::path::Path, cause: &std::io::Error) -> Stop {
    Stop::Failed(format!("{} cannot be read: {cause}.", path.display()))
}

/// A bar on a terminal, nothing elsewhere.
fn bar() -> ProgressBar {
    if !std::io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let style = ProgressStyle::with_template("{bar:40} {pos} of {len} rows, {eta} left")
        .unwrap_or_else(|_| ProgressStyle::default_bar());
    ProgressBar::new(0).with_style(style)
}

fn show(bar: &ProgressBar, done: u64, total: u64) {
    bar.set_length(total);
    bar.set_position(done);
}

fn tell(report: &Report, dry_run: bool) -> Result<(), Stop> {
    let would = if dry_run {
        " (dry run: nothing was kept)"
    } else {
        ""
    };
    say(&format!("{} rows{would}", report.rows))?;
    for (result, count) in [
        (RowResult::Created, report.created),
        (RowResult::Updated, report.updated),
        (RowResult::Unchanged, report.unchanged),
        (RowResult::Rejected, report.rejected),
        (RowResult::Review, report.review),
    ] {
        say(&format!("{count:>8}  {}", result.words()))?;
    }
    say(&format!("{:>8}  referrals made", report.referrals))?;
    if report.below_threshold > 0 {
        say(&format!(
            "{:>8}  children under the threshold age",
            report.below_threshold
        ))?;
    }
    if let Some(homes) = report.no_longer_listed {
        say(&format!(
            "{homes:>8}  homes not on this list any more: they go on"
        ))?;
    }
    for problem in &report.problems {
        let file = problem
            .file
            .as_deref()
            .map(|file| format!("{file}, "))
            .unwrap_or_default();
        let gap = if problem.column.is_empty() { "" } else { " " };
        say(&format!(
            "{file}row {}: {}{gap}{}",
            problem.row, problem.column, problem.reason
        ))?;
    }
    if report.rejected > 0 {
        say("Rejected rows changed nothing. Mend them in the file and send it again.")?;
    }
    if report.review > 0 {
        say(
            "Rows that wait need somebody to say whom they are about: see Imports in the service.",
        )?;
    }
    if !report.ignored_columns.is_empty() {
        say(&format!(
            "Columns not looked at: {}",
            report.ignored_columns.join(", ")
        ))?;
    }
    Ok(())
}
