//! What is done with a file: an import in one unit of work, its rehearsal, and the mending of a row
//! that was refused.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde_json::json;

use super::history::Part;
use super::reading::{self, Columns, Known, RawRow, Table, read_table};
use super::store::{self, KeptRow, NewRow};
use super::{
    Kind, Problem, Report, RowChanges, RowResult, conferences, history, legal_status, names,
    placements, undo,
};
use crate::access::{Actor, Decision, Permission, Relationship, decide};
use crate::audit::Event;
use crate::ctx::Ctx;
use crate::db::{AdvisoryLock, Db, one_at_a_time, savepoint};
use crate::failure::{Failure, FieldError};
use crate::history::Change;
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
    pub(super) problems: Vec<(String, String)>,
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
struct Batch {
    id: BatchId,
    report: Report,
    rows: Vec<NewRow>,
    waiting: Vec<String>,
}

impl Batch {
    fn new() -> Self {
        Self {
            id: BatchId::random(),
            report: Report::default(),
            rows: Vec::new(),
            waiting: Vec::new(),
        }
    }

    /// `about`: whose record the row changed, or would have.
    fn note(
        &mut self,
        file: Option<&str>,
        raw: &RawRow,
        settled: Settled,
        about: Option<YoungPersonId>,
        changes: Vec<Change>,
    ) {
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
            young_person_id: about.clone(),
            changes: (settled.result == RowResult::Updated)
                .then(|| store::to_row_changes(&changes))
                .flatten(),
        });
        if let (RowResult::Updated, Some(about)) = (settled.result, about) {
            self.report.changes.push(RowChanges {
                file: file.map(ToOwned::to_owned),
                row: raw.number,
                about,
                changes,
            });
        }
        self.waiting.extend(settled.key);
        self.report.problems.extend(problems);
    }

    fn in_order_of_the_file(&mut self) {
        self.report.results.sort_by_key(|line| line.row);
        self.report.problems.sort_by_key(|problem| problem.row);
        self.report.changes.sort_by_key(|changed| changed.row);
    }

    /// Keeps the batch with its rows.
    fn keep(mut self, ctx: &mut Ctx<'_>, prepared: &Prepared, run: Run) -> Result<Report, Failure> {
        store::insert_batch(ctx, &self.id, prepared, &self.report)?;
        store::supersede(ctx, &self.waiting)?;
        undo::store::nothing_under_way(ctx)?;
        store::insert_rows(ctx, &self.rows)?;
        ctx.record(
            Event::new("imported", "import_batch", &self.id).with(json!({
                "kind": prepared.kind,
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

/// A file as it came, by whatever door.
#[derive(Debug, Clone)]
pub struct ImportFile {
    pub name: String,
    pub bytes: Vec<u8>,
}

/// What is to be imported.
pub struct Incoming<'f> {
    pub kind: Kind,
    /// Whose file it is.
    pub source: &'f str,
    /// What the import is called in the list: the name of the file, or of the folder.
    pub name: &'f str,
    pub files: &'f [ImportFile],
}

/// Whose files of a kind are, where nobody says otherwise.
#[must_use]
pub fn usual_source(kind: Kind, settings: &settings::Import) -> &str {
    match kind {
        Kind::Conferences => &settings.conference_source,
        Kind::History => history::SOURCE,
        Kind::Placements | Kind::LegalStatus => &settings.child_source,
    }
}

/// Files that could be read, with what was read in them: ready to be put on record.
pub struct Prepared {
    pub(super) kind: Kind,
    pub(super) source: String,
    pub(super) name: String,
    /// The name of each file, or of the sheet it was, with its rows.
    tables: Vec<(String, Table)>,
}

impl Prepared {
    /// A table that a door read by itself.
    pub(super) fn of(kind: Kind, settings: &settings::Import, name: &str, table: Table) -> Self {
        Self {
            kind,
            source: usual_source(kind, settings).to_owned(),
            name: name.to_owned(),
            tables: vec![(name.to_owned(), table)],
        }
    }

    fn total(&self) -> u64 {
        let rows: usize = self.tables.iter().map(|(_, table)| table.rows.len()).sum();
        u64::try_from(rows).unwrap_or(u64::MAX)
    }
}

/// Other systems' names of columns, each with ours.
pub type Names = BTreeMap<String, String>;

/// The columns of one table of a kind of file, with the names that other systems give them: those
/// that were remembered for its source, then those of the settings.
pub fn columns(
    kind: Kind,
    table: &str,
    settings: &settings::Import,
    remembered: &Names,
) -> Columns {
    let (known, theirs) = match kind {
        Kind::Conferences => (conferences::COLUMNS, &settings.conference_columns),
        Kind::History => (
            Part::named(table).unwrap_or(Part::Referrals).columns(),
            &settings.history_columns,
        ),
        Kind::Placements => (placements::COLUMNS, &settings.placement_columns),
        Kind::LegalStatus => (legal_status::COLUMNS, &settings.legal_status_columns),
    };
    let theirs = theirs
        .iter()
        .filter(|(header, _)| !remembered.contains_key(*header))
        .map(|(header, column)| (header.clone(), column.clone()));
    Columns::new(known)
        .with_aliases(remembered.clone())
        .with_aliases(theirs.collect())
}

/// A table among the files that came.
pub struct TableFile<'f> {
    /// The name under which its rows are told.
    pub name: String,
    pub file: &'f ImportFile,
    /// The sheet of a workbook that it is.
    pub sheet: Option<String>,
}

/// The tables among the files, by the name under which their rows are told, with the sheet of a
/// workbook that each is.
pub fn tables(kind: Kind, files: &[ImportFile]) -> Result<Vec<TableFile<'_>>, Failure> {
    let unreadable = |file: &ImportFile| {
        let name = file.name.clone();
        move |why: reading::Unreadable| Failure::refused(format!("{name} cannot be read. {why}"))
    };
    if kind != Kind::History {
        return Ok(files
            .iter()
            .map(|file| TableFile {
                name: file.name.clone(),
                file,
                sheet: None,
            })
            .collect());
    }
    let mut found: Vec<(Part, String, &ImportFile, Option<String>)> = Vec::new();
    for file in files {
        let sheets = reading::sheets(&file.bytes).map_err(unreadable(file))?;
        if sheets.is_empty() {
            let part = Part::named(&file.name).ok_or_else(|| {
                Failure::refused(format!(
                    "{}: a file of a moved-in spreadsheet is called referrals, meetings or complaints.",
                    file.name
                ))
            })?;
            found.push((part, file.name.clone(), file, None));
        }
        for sheet in sheets {
            if let Some(part) = Part::named(&sheet) {
                found.push((part, sheet.clone(), file, Some(sheet)));
            }
        }
    }
    // Meetings and complaints belong to referrals.
    found.sort_by_key(|(part, ..)| Part::ALL.iter().position(|it| it == part));
    for two in found.windows(2) {
        if let [(part, one, ..), (other, next, ..)] = two
            && part == other
        {
            return Err(Failure::refused(format!(
                "{one} and {next} both hold {}: put them together in one.",
                part.words().to_lowercase()
            )));
        }
    }
    if found.is_empty() {
        return Err(Failure::refused(
            "There is nothing to read: a sheet of a moved-in spreadsheet is called referrals, meetings or complaints.",
        ));
    }
    Ok(found
        .into_iter()
        .map(|(_, name, file, sheet)| TableFile { name, file, sheet })
        .collect())
}

/// Reads the files, or says why one cannot be read.
pub fn prepare(
    settings: &settings::Import,
    remembered: &Names,
    incoming: &Incoming<'_>,
) -> Result<Prepared, Failure> {
    let mut prepared = Vec::new();
    for TableFile { name, file, sheet } in tables(incoming.kind, incoming.files)? {
        let columns = columns(incoming.kind, &name, settings, remembered);
        let table = read_table(&file.bytes, &columns, sheet.as_deref())
            .map_err(|why| Failure::refused(format!("{name} cannot be read. {why}")))?;
        prepared.push((name, table));
    }
    Ok(Prepared {
        kind: incoming.kind,
        source: incoming.source.to_owned(),
        name: incoming.name.to_owned(),
        tables: prepared,
    })
}

/// Imports files: what every door does, the command line, the web, a folder, another program.
pub fn import(
    db: &Db,
    actor: &Actor,
    settings: &settings::Import,
    incoming: &Incoming<'_>,
    run: Run,
    progress: Progress<'_>,
) -> Result<Report, Failure> {
    let remembered = db.read(actor, |ctx| {
        names::store::of(ctx, incoming.kind, incoming.source)
    })?;
    let prepared = prepare(settings, &remembered, incoming)?;
    let work = |ctx: &mut Ctx<'_>| take(ctx, settings, &prepared, run, progress);
    match run {
        Run::Keep => db.write(actor, work),
        Run::Rehearse => db.rehearse(actor, work),
    }
}

/// Puts what was read on record, in the transaction that is open.
pub fn take(
    ctx: &mut Ctx<'_>,
    settings: &settings::Import,
    prepared: &Prepared,
    run: Run,
    progress: Progress<'_>,
) -> Result<Report, Failure> {
    one_at_a_time(ctx, AdvisoryLock::Import)?;
    let kind = prepared.kind;
    let total = prepared.total();
    let mut taker = taker(ctx, kind, settings)?;
    let mut batch = Batch::new();
    undo::store::under_way(ctx, Some(&batch.id))?;
    for (name, table) in &prepared.tables {
        let file = (kind == Kind::History).then_some(name.as_str());
        for raw in taker.in_order(&table.rows) {
            let before = ctx.events_len();
            ctx.take_changes();
            let mut settled = settle(taker.take(ctx, name, raw))?;
            let changes = ctx.take_changes();
            let about = match settled.result {
                RowResult::Created | RowResult::Updated => ctx.about_since(before),
                RowResult::Rejected => known_child(ctx, settings, &raw.values)?,
                RowResult::Unchanged | RowResult::Review => None,
            };
            for (column, reason) in &mut settled.problems {
                if let Some(cell) = table.cell(raw, column) {
                    reason.push_str(&format!(" (cell {cell})"));
                }
            }
            batch.note(file, raw, settled, about, changes);
            progress(u64::from(batch.report.rows), total);
        }
        let ignored = table.ignored_columns.iter().cloned();
        batch.report.ignored_columns.extend(ignored);
    }
    if kind != Kind::History {
        batch.in_order_of_the_file();
    }
    taker.count(ctx, &mut batch.report)?;
    let id = batch.id.clone();
    let report = batch.keep(ctx, prepared, run)?;
    taker.keep_span(ctx, &id, &prepared.source)?;
    Ok(report)
}

/// Whom a row that was refused names, if they are on record.
fn known_child(
    ctx: &mut Ctx<'_>,
    settings: &settings::Import,
    values: &BTreeMap<String, String>,
) -> Result<Option<YoungPersonId>, Failure> {
    let Some(reference) = values.get("child_ref").filter(|it| !it.trim().is_empty()) else {
        return Ok(None);
    };
    let source = young_people::SourceRef {
        source: settings.child_source.clone(),
        reference: reference.trim().to_owned(),
    };
    Ok(young_people::store::by_ref(ctx, &source)?.map(|person| person.id))
}

/// What puts the rows of one kind of file on record.
pub(super) trait Taker {
    /// The order in which rows are taken.
    fn in_order<'r>(&mut self, rows: &'r [RawRow]) -> Vec<&'r RawRow> {
        rows.iter().collect()
    }

    fn take(&mut self, ctx: &mut Ctx<'_>, file: &str, raw: &RawRow) -> Result<Settled, Failure>;

    /// Adds what is counted besides the rows.
    fn count(&self, ctx: &mut Ctx<'_>, report: &mut Report) -> Result<(), Failure>;

    /// Notes what the file as a whole holds of what was on record before it.
    fn keep_span(&self, _: &mut Ctx<'_>, _: &BatchId, _: &str) -> Result<(), Failure> {
        Ok(())
    }

    /// Notes the import of a row that was mended or decided after it.
    fn keep_held(&self, _: &mut Ctx<'_>, _: &BatchId) -> Result<(), Failure> {
        Ok(())
    }
}

pub(super) fn taker<'s>(
    ctx: &mut Ctx<'_>,
    kind: Kind,
    settings: &'s settings::Import,
) -> Result<Box<dyn Taker + 's>, Failure> {
    Ok(match kind {
        Kind::Conferences => Box::new(conferences::Taker::new(ctx, settings)?),
        Kind::History => Box::new(history::Taker::new(ctx, settings)?),
        Kind::Placements => Box::new(placements::Taker::new(ctx, settings)?),
        Kind::LegalStatus => Box::new(legal_status::Taker::new(ctx, settings)),
    })
}

pub(super) fn faulty(raw: &RawRow) -> Option<Settled> {
    let fault = raw.fault.clone()?;
    Some(Settled::rejected(vec![(fault.column, fault.reason)]))
}

impl Taker for conferences::Taker<'_> {
    /// Cancellations last: a conference cancelled and booked anew under another reference keeps
    /// its referral, whichever of the two rows stands first.
    fn in_order<'r>(&mut self, rows: &'r [RawRow]) -> Vec<&'r RawRow> {
        let mut rows: Vec<&RawRow> = rows.iter().collect();
        rows.sort_by_key(|raw| conferences::is_cancelled(&raw.values));
        rows
    }

    fn take(&mut self, ctx: &mut Ctx<'_>, _: &str, raw: &RawRow) -> Result<Settled, Failure> {
        if let Some(settled) = faulty(raw) {
            self.hold_refused(ctx, &raw.values)?;
            return Ok(settled);
        }
        let row = match conferences::read(&raw.values, ctx.today) {
            Ok(row) => row,
            Err(problems) => {
                self.hold_refused(ctx, &raw.values)?;
                return Ok(Settled::rejected(problems));
            }
        };
        let taken = savepoint(ctx, |ctx| self.take(ctx, raw.number, &row));
        if let Err(Failure::Invalid(_) | Failure::Refused(_)) = &taken {
            self.hold_refused(ctx, &raw.values)?;
        }
        Ok(match taken? {
            conferences::Taken::Done(result) => Settled::done(result),
            conferences::Taken::Refused(column, reason) => {
                Settled::rejected(vec![(column, reason)])
            }
            conferences::Taken::Waits(likely) => {
                Settled::waits(&likely, conferences::waiting_key(&row))
            }
        })
    }

    fn count(&self, ctx: &mut Ctx<'_>, report: &mut Report) -> Result<(), Failure> {
        report.referrals = self.referrals;
        report.below_threshold = self.below_threshold(ctx)?;
        Ok(())
    }

    fn keep_span(&self, ctx: &mut Ctx<'_>, batch: &BatchId, source: &str) -> Result<(), Failure> {
        self.keep_span(ctx, batch, source)
    }

    fn keep_held(&self, ctx: &mut Ctx<'_>, batch: &BatchId) -> Result<(), Failure> {
        self.keep_held(ctx, batch)
    }
}

impl Taker for history::Taker<'_> {
    fn take(&mut self, ctx: &mut Ctx<'_>, file: &str, raw: &RawRow) -> Result<Settled, Failure> {
        if let Some(settled) = faulty(raw) {
            return Ok(settled);
        }
        let part = Part::named(file).unwrap_or(Part::Referrals);
        Ok(
            match savepoint(ctx, |ctx| self.take(ctx, part, raw.number, &raw.values))? {
                history::Taken::Done(result) => Settled::done(result),
                history::Taken::Refused(problems) => Settled::rejected(problems),
                history::Taken::Waits(likely) => {
                    let key = raw.values.get("referral_ref").cloned().unwrap_or_default();
                    Settled::waits(&likely, format!("history:{key}"))
                }
            },
        )
    }

    fn count(&self, _: &mut Ctx<'_>, report: &mut Report) -> Result<(), Failure> {
        report.referrals = self.referrals;
        Ok(())
    }
}

/// The files of a moved-in spreadsheet found in a folder, in the order they are read.
pub fn history_files(dir: &std::path::Path) -> Result<Vec<ImportFile>, Failure> {
    let mut files = Vec::new();
    for part in Part::ALL {
        let name = format!("{}.csv", part.code());
        match std::fs::read(dir.join(&name)) {
            Ok(bytes) => files.push(ImportFile { name, bytes }),
            Err(cause) if cause.kind() == std::io::ErrorKind::NotFound => {
                if *part == Part::Referrals {
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

/// May whoever acts bring files in, and mend what did not come in?
pub fn must_bring_in(ctx: &Ctx<'_>) -> Result<(), Failure> {
    match decide(ctx.actor, Permission::BringIn, Relationship::General) {
        Decision::Allowed => Ok(()),
        Decision::Denied => Err(Failure::NotFound),
    }
}

/// The columns that a row of an import may have.
#[must_use]
pub fn columns_of(row: &KeptRow) -> &'static [Known] {
    match row.kind {
        Kind::Conferences => conferences::COLUMNS,
        Kind::History => Part::named(&row.file).unwrap_or(Part::Referrals).columns(),
        Kind::Placements => placements::COLUMNS,
        Kind::LegalStatus => legal_status::COLUMNS,
    }
}

/// Takes a row that was refused once more, with what somebody mended in it.
pub fn mend(
    ctx: &mut Ctx<'_>,
    settings: &settings::Import,
    id: &ImportRowId,
    values: BTreeMap<String, String>,
) -> Result<RowResult, Failure> {
    must_bring_in(ctx)?;
    one_at_a_time(ctx, AdvisoryLock::Import)?;
    let mut row = store::refused_row(ctx, id)?.ok_or(Failure::NotFound)?;
    if row.settled {
        return Err(Failure::refused("Somebody else mended this row already."));
    }
    row.raw = values;
    let raw = RawRow {
        number: u32::try_from(row.number).unwrap_or_default(),
        line: 0,
        // It came in on the day of its import, and not when somebody found the time to mend it.
        values: with_notified_on(&row, ctx.today),
        fault: None,
    };
    let before = ctx.events_len();
    let mut taker = taker(ctx, row.kind, settings)?;
    // What a mended row does belongs to its import.
    undo::store::under_way(ctx, Some(&row.batch))?;
    let settled = settle(taker.take(ctx, &row.file, &raw))?;
    if settled.result == RowResult::Rejected {
        return Err(Failure::Invalid(
            settled
                .problems
                .into_iter()
                .map(|(column, reason)| {
                    let label = column.replace('_', " ");
                    FieldError::new(column, format!("{label} {reason}").trim().to_owned())
                })
                .collect(),
        ));
    }
    taker.keep_held(ctx, &row.batch)?;
    let about = ctx.about_since(before);
    let waits = (settled.result == RowResult::Review).then(|| store::Waits {
        raw: serde_json::to_string(&raw.values).unwrap_or_default(),
        key: settled.key.clone(),
        likely: settled.likely.clone(),
    });
    store::supersede(ctx, settled.key.as_slice())?;
    if !store::set_settled(ctx, id, about.as_ref(), waits)? {
        return Err(Failure::refused("Somebody else mended this row already."));
    }
    undo::store::nothing_under_way(ctx)?;
    ctx.record(
        Event::new("import_row_mended", "import_row", id).with(json!({ "result": settled.result })),
    );
    Ok(settled.result)
}

pub(super) fn with_notified_on(row: &KeptRow, today: NaiveDate) -> BTreeMap<String, String> {
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
