//! What is done with a file: an import in one unit of work, its rehearsal, and the decision about
//! a row that waits.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde_json::json;

use super::reading::{RawRow, Table, read_table};
use super::store::{self, KeptRow, NewRow};
use super::{IdentityDecision, Kind, Problem, Report, RowResult, conferences, history, placements};
use crate::access::{Actor, Decision, Permission, Relationship, decide};
use crate::audit::Event;
use crate::ctx::Ctx;
use crate::db::{AdvisoryLock, Db, one_at_a_time, savepoint};
use crate::failure::Failure;
use crate::ids::{BatchId, ImportRowId, YoungPersonId};
use crate::settings;
use crate::young_people::{self, YoungPerson};

/// Keep what the import does, or only say what it would do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Run {
    Keep,
    Rehearse,
}

/// Told how many rows are done, of how many.
pub type Progress<'p> = &'p dyn Fn(u64, u64);

/// What became of one row, before it is counted.
pub(super) struct Settled {
    pub(super) result: RowResult,
    problems: Vec<(String, String)>,
    likely: Option<YoungPersonId>,
    key: Option<String>,
}

impl Settled {
    pub(super) fn done(result: RowResult) -> Self {
        Self {
            result,
            problems: Vec::new(),
            likely: None,
            key: None,
        }
    }

    pub(super) fn rejected(problems: Vec<(String, String)>) -> Self {
        Self {
            result: RowResult::Rejected,
            problems,
            likely: None,
            key: None,
        }
    }

    pub(super) fn waits(likely: &YoungPerson, key: String) -> Self {
        Self {
            result: RowResult::Review,
            problems: Vec::new(),
            likely: Some(likely.id.clone()),
            key: Some(key),
        }
    }
}

/// A failure that is the row's own: what cannot be right, or a rule that says no.
pub(super) fn settle(outcome: Result<Settled, Failure>) -> Result<Settled, Failure> {
    match outcome {
        Err(Failure::Invalid(errors)) => Ok(Settled::rejected(
            errors
                .into_iter()
                .map(|error| (error.field, error.message))
                .collect(),
        )),
        Err(Failure::Refused(sentence)) => Ok(Settled::rejected(vec![(String::new(), sentence)])),
        other => other,
    }
}

/// An import being made: its rows, and what became of them.
pub(super) struct Batch {
    id: BatchId,
    kind: Kind,
    pub(super) report: Report,
    rows: Vec<NewRow>,
    waiting: Vec<String>,
}

impl Batch {
    pub(super) fn new(kind: Kind) -> Self {
        Self {
            id: BatchId::random(),
            kind,
            report: Report::default(),
            rows: Vec::new(),
            waiting: Vec::new(),
        }
    }

    pub(super) fn note(&mut self, file: Option<&str>, raw: &RawRow, settled: Settled) {
        self.report.count(file, raw.number, settled.result);
        let problems: Vec<Problem> = settled
            .problems
            .into_iter()
            .map(|(column, reason)| Problem {
                file: file.map(ToOwned::to_owned),
                row: raw.number,
                column,
                reason,
            })
            .collect();
        let needed = matches!(settled.result, RowResult::Rejected | RowResult::Review);
        self.rows.push(NewRow {
            id: ImportRowId::random(),
            batch_id: self.id.clone(),
            file: file.unwrap_or_default().to_owned(),
            row_number: i32::try_from(raw.number).unwrap_or(i32::MAX),
            result: settled.result,
            problems: (!problems.is_empty())
                .then(|| store::to_row_values(&problems))
                .flatten(),
            raw: needed
                .then(|| serde_json::to_string(&raw.values).ok())
                .flatten(),
            subject_id: settled.key.clone(),
            likely_id: settled.likely,
        });
        self.waiting.extend(settled.key);
        self.report.problems.extend(problems);
    }

    pub(super) fn in_order_of_the_file(&mut self) {
        self.report.results.sort_by_key(|line| line.row);
        self.report.problems.sort_by_key(|problem| problem.row);
    }

    /// Keeps the batch with its rows.
    pub(super) fn keep(
        mut self,
        ctx: &mut Ctx<'_>,
        file_name: &str,
        run: Run,
    ) -> Result<Report, Failure> {
        store::insert_batch(ctx, &self.id, self.kind, file_name, &self.report)?;
        store::supersede(ctx, &self.waiting)?;
        store::insert_rows(ctx, &self.rows)?;
        ctx.record(
            Event::new("imported", "import_batch", &self.id).with(json!({
                "kind": self.kind,
                "rows": self.report.rows,
                "created": self.report.created,
                "updated": self.report.updated,
                "rejected": self.report.rejected,
                "review": self.report.review,
            })),
        );
        if run == Run::Keep {
            self.report.batch = Some(self.id);
        }
        Ok(self.report)
    }
}

fn read(bytes: &[u8], columns: &super::reading::Columns, file: &str) -> Result<Table, Failure> {
    read_table(bytes, columns)
        .map_err(|unreadable| Failure::refused(format!("{file} cannot be read. {unreadable}")))
}

pub(super) fn in_one_unit<T>(
    db: &Db,
    actor: &Actor,
    run: Run,
    work: impl FnOnce(&mut Ctx<'_>) -> Result<T, Failure>,
) -> Result<T, Failure> {
    let work = |ctx: &mut Ctx<'_>| {
        one_at_a_time(ctx, AdvisoryLock::Import)?;
        work(ctx)
    };
    match run {
        Run::Keep => db.write(actor, work),
        Run::Rehearse => db.rehearse(actor, work),
    }
}

/// Imports a conference schedule.
pub fn import_conferences(
    db: &Db,
    actor: &Actor,
    settings: &settings::Import,
    file_name: &str,
    bytes: &[u8],
    run: Run,
    progress: Progress<'_>,
) -> Result<Report, Failure> {
    let table = read(bytes, &conferences::columns(settings), file_name)?;
    in_one_unit(db, actor, run, |ctx| {
        take_conferences(ctx, settings, file_name, &table, run, progress)
    })
}

/// Takes the rows of a conference schedule in.
pub(super) fn take_conferences(
    ctx: &mut Ctx<'_>,
    settings: &settings::Import,
    file_name: &str,
    table: &Table,
    run: Run,
    progress: Progress<'_>,
) -> Result<Report, Failure> {
    let total = u64::try_from(table.rows.len()).unwrap_or_default();
    let mut taker = conferences::Taker::new(ctx, settings)?;
    let mut batch = Batch::new(Kind::Conferences);
    // Cancellations last: a conference cancelled and booked anew under another reference keeps
    // its referral, whichever of the two rows stands first.
    let mut rows: Vec<&RawRow> = table.rows.iter().collect();
    rows.sort_by_key(|raw| conferences::is_cancelled(&raw.values));
    for (done, raw) in (1..).zip(rows) {
        let settled = settle(take_schedule_row(ctx, &mut taker, raw))?;
        batch.note(None, raw, settled);
        progress(done, total);
    }
    batch.in_order_of_the_file();
    batch.report.referrals = taker.referrals;
    batch.report.below_threshold = taker.below_threshold();
    batch.report.ignored_columns = table.ignored_columns.clone();
    batch.keep(ctx, file_name, run)
}

fn take_schedule_row(
    ctx: &mut Ctx<'_>,
    taker: &mut conferences::Taker<'_>,
    raw: &RawRow,
) -> Result<Settled, Failure> {
    if let Some(fault) = &raw.fault {
        return Ok(Settled::rejected(vec![(
            fault.column.clone(),
            fault.reason.clone(),
        )]));
    }
    let row = match conferences::read(&raw.values, ctx.today) {
        Ok(row) => row,
        Err(problems) => return Ok(Settled::rejected(problems)),
    };
    Ok(
        match savepoint(ctx, |ctx| taker.take(ctx, raw.number, &row))? {
            conferences::Taken::Done(result) => Settled::done(result),
            conferences::Taken::Refused(column, reason) => {
                Settled::rejected(vec![(column, reason)])
            }
            conferences::Taken::Waits(likely) => {
                Settled::waits(&likely, conferences::waiting_key(&row))
            }
        },
    )
}

/// One file of a moved-in spreadsheet.
pub struct HistoryFile {
    pub name: String,
    pub bytes: Vec<u8>,
}

/// The files of a moved-in spreadsheet found in a folder, in the order they are read.
pub fn history_files(dir: &std::path::Path) -> Result<Vec<HistoryFile>, Failure> {
    let mut files = Vec::new();
    for name in [history::REFERRALS, history::MEETINGS, history::COMPLAINTS] {
        match std::fs::read(dir.join(name)) {
            Ok(bytes) => files.push(HistoryFile {
                name: name.to_owned(),
                bytes,
            }),
            Err(cause) if cause.kind() == std::io::ErrorKind::NotFound => {
                if name == history::REFERRALS {
                    return Err(Failure::refused(format!(
                        "There is no {name} in {}.",
                        dir.display()
                    )));
                }
            }
            Err(cause) => {
                return Err(Failure::refused(format!("{name} cannot be read: {cause}.")));
            }
        }
    }
    Ok(files)
}

/// Imports a team's spreadsheet.
pub fn import_history(
    db: &Db,
    actor: &Actor,
    settings: &settings::Import,
    folder: &str,
    files: &[HistoryFile],
    run: Run,
    progress: Progress<'_>,
) -> Result<Report, Failure> {
    let mut tables = Vec::new();
    for file in files {
        let table = read(
            &file.bytes,
            &history::columns(&file.name, settings),
            &file.name,
        )?;
        tables.push((file.name.as_str(), table));
    }
    let total: usize = tables.iter().map(|(_, table)| table.rows.len()).sum();
    let total = u64::try_from(total).unwrap_or_default();
    in_one_unit(db, actor, run, |ctx| {
        let mut taker = history::Taker::new(ctx, settings)?;
        let mut batch = Batch::new(Kind::History);
        for (file, table) in &tables {
            for raw in &table.rows {
                let settled = settle(take_history_row(ctx, &mut taker, file, raw))?;
                batch.note(Some(file), raw, settled);
                progress(u64::from(batch.report.rows), total);
            }
            batch
                .report
                .ignored_columns
                .extend(table.ignored_columns.iter().cloned());
        }
        batch.report.referrals = taker.referrals;
        batch.keep(ctx, folder, run)
    })
}

fn take_history_row(
    ctx: &mut Ctx<'_>,
    taker: &mut history::Taker<'_>,
    file: &str,
    raw: &RawRow,
) -> Result<Settled, Failure> {
    if let Some(fault) = &raw.fault {
        return Ok(Settled::rejected(vec![(
            fault.column.clone(),
            fault.reason.clone(),
        )]));
    }
    Ok(
        match savepoint(ctx, |ctx| taker.take(ctx, file, raw.number, &raw.values))? {
            history::Taken::Done(result) => Settled::done(result),
            history::Taken::Refused(problems) => Settled::rejected(problems),
            history::Taken::Waits(likely) => {
                let key = raw.values.get("referral_ref").cloned().unwrap_or_default();
                Settled::waits(&likely, format!("history:{key}"))
            }
        },
    )
}

/// Settles whom a row that waits is about, and puts it on record with every other row that waits
/// for the same child.
pub fn decide_identity(
    ctx: &mut Ctx<'_>,
    settings: &settings::Import,
    id: &ImportRowId,
    decision: IdentityDecision,
) -> Result<(), Failure> {
    if decide(ctx.actor, Permission::SeeImports, Relationship::General) == Decision::Denied {
        return Err(Failure::NotFound);
    }
    one_at_a_time(ctx, AdvisoryLock::Import)?;
    let waiting = store::waiting(ctx)?;
    let row = waiting
        .iter()
        .find(|row| row.id == *id)
        .ok_or(Failure::ChangedMeanwhile)?;
    let child_ref = row.raw.get("child_ref").cloned().unwrap_or_default();
    let source = young_people::SourceRef {
        source: settings.child_source.clone(),
        reference: child_ref.clone(),
    };
    match (decision, &row.likely) {
        (IdentityDecision::Same, Some(likely)) => {
            young_people::actions::link(ctx, likely, &source)?;
        }
        (IdentityDecision::Different, _) => {
            let described = described(row, ctx)?;
            young_people::actions::add(ctx, &described, Some(&source))?;
        }
        _ => return Err(Failure::NotFound),
    }
    let same_child = waiting
        .iter()
        .filter(|row| row.raw.get("child_ref") == Some(&child_ref));
    for row in same_child {
        take_waiting(ctx, settings, row)?;
        if !store::set_decided(ctx, &row.id, decision)? {
            return Err(Failure::ChangedMeanwhile);
        }
        ctx.record(
            Event::new("import_row_decided", "import_row", &row.id)
                .with(json!({ "decision": decision })),
        );
    }
    Ok(())
}

fn described(row: &KeptRow, ctx: &Ctx<'_>) -> Result<young_people::Described, Failure> {
    let unreadable = || Failure::refused("This row can no longer be read: send its file again.");
    match row.kind {
        Kind::Conferences => conferences::read(&row.raw, ctx.today)
            .map(|row| row.described)
            .map_err(|_| unreadable()),
        Kind::History => history::described(&row.raw).ok_or_else(unreadable),
        Kind::Placements => placements::described(&row.raw).ok_or_else(unreadable),
        // A row of it names nobody, and never waits.
        Kind::LegalStatus => Err(unreadable()),
    }
}

fn take_waiting(
    ctx: &mut Ctx<'_>,
    settings: &settings::Import,
    row: &KeptRow,
) -> Result<(), Failure> {
    // The day the row came in is the day its referral counts as received, not the day of the
    // decision.
    let raw = RawRow {
        number: u32::try_from(row.number).unwrap_or_default(),
        line: 0,
        values: with_notified_on(row, ctx.today),
        fault: None,
    };
    let settled = match row.kind {
        Kind::Conferences => {
            let mut taker = conferences::Taker::new(ctx, settings)?;
            settle(take_schedule_row(ctx, &mut taker, &raw))?
        }
        Kind::History => {
            let mut taker = history::Taker::new(ctx, settings)?;
            settle(take_history_row(ctx, &mut taker, &row.file, &raw))?
        }
        Kind::Placements => {
            let mut taker = placements::Taker::new(ctx, settings)?;
            settle(savepoint(ctx, |ctx| taker.take(ctx, &raw)))?
        }
        Kind::LegalStatus => return Err(Failure::NotFound),
    };
    match settled.result {
        RowResult::Rejected => Err(Failure::refused(
            settled
                .problems
                .into_iter()
                .map(|(column, reason)| format!("{column} {reason}"))
                .collect::<Vec<_>>()
                .join("; "),
        )),
        RowResult::Review => Err(Failure::ChangedMeanwhile),
        RowResult::Created | RowResult::Updated | RowResult::Unchanged => Ok(()),
    }
}

fn with_notified_on(row: &KeptRow, today: NaiveDate) -> BTreeMap<String, String> {
    let mut values = row.raw.clone();
    if row.kind == Kind::Conferences {
        let notified = values.entry("notified_on".to_owned()).or_default();
        if notified.trim().is_empty() {
            // An import may have been made with a later day's clock than this.
            *notified = row.imported_on.min(today).to_string();
        }
    }
    values
}
