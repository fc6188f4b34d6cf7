//! How imports are kept: the batch, what became of each row, and the rows that still need
//! somebody.

use chrono::{NaiveDate, NaiveDateTime};
use diesel::prelude::*;

use super::actions::Prepared;
use super::{IdentityDecision, Kind, Problem, Report, RowResult};
use crate::ctx::Ctx;
use crate::db::schema::{import_batches, import_rows, schedule_files, users};
use crate::each_db;
use crate::failure::Failure;
use crate::history::Change;
use crate::ids::{BatchId, ImportRowId, YoungPersonId};
use crate::young_people::store::closed_to_me;

/// One row of one import, to be kept.
#[derive(Debug, Clone, Insertable)]
#[diesel(table_name = import_rows)]
pub(super) struct NewRow {
    pub id: ImportRowId,
    pub batch_id: BatchId,
    pub file: String,
    pub row_number: i32,
    pub result: RowResult,
    pub problems: Option<String>,
    pub raw: Option<String>,
    pub subject_id: Option<String>,
    pub likely_id: Option<YoungPersonId>,
    pub young_person_id: Option<YoungPersonId>,
    pub changes: Option<String>,
}

pub(super) fn insert_batch(
    ctx: &mut Ctx<'_>,
    id: &BatchId,
    prepared: &Prepared,
    report: &Report,
) -> Result<(), Failure> {
    let count = |number: u32| i32::try_from(number).unwrap_or(i32::MAX);
    diesel::insert_into(import_batches::table)
        .values((
            import_batches::id.eq(id),
            import_batches::kind.eq(prepared.kind),
            import_batches::source.eq(&prepared.source),
            import_batches::file_name.eq(&prepared.name),
            import_batches::actor.eq(ctx.actor.label()),
            import_batches::imported_on.eq(ctx.today),
            import_batches::imported_at.eq(ctx.now),
            import_batches::row_count.eq(count(report.rows)),
            import_batches::created.eq(count(report.created)),
            import_batches::updated.eq(count(report.updated)),
            import_batches::unchanged.eq(count(report.unchanged)),
            import_batches::rejected.eq(count(report.rejected)),
            import_batches::review.eq(count(report.review)),
            import_batches::referrals.eq(count(report.referrals)),
            import_batches::below_threshold.eq(count(report.below_threshold)),
            import_batches::no_longer_listed.eq(report.no_longer_listed.map(count)),
            import_batches::has_trail.eq(true),
        ))
        .execute(ctx.conn)?;
    Ok(())
}

/// What a schedule spans, and how much of what was on record for those days it holds.
pub(super) struct Span {
    pub first_day: NaiveDate,
    pub last_day: NaiveDate,
    pub known: usize,
    pub named: usize,
}

pub(super) fn insert_span(ctx: &mut Ctx<'_>, batch: &BatchId, span: &Span) -> Result<(), Failure> {
    let count = |number: usize| i32::try_from(number).unwrap_or(i32::MAX);
    diesel::insert_into(schedule_files::table)
        .values((
            schedule_files::batch_id.eq(batch),
            schedule_files::first_day.eq(span.first_day),
            schedule_files::last_day.eq(span.last_day),
            schedule_files::known.eq(count(span.known)),
            schedule_files::named.eq(count(span.named)),
        ))
        .execute(ctx.conn)?;
    Ok(())
}

pub(super) fn insert_rows(ctx: &mut Ctx<'_>, rows: &[NewRow]) -> Result<(), Failure> {
    for chunk in rows.chunks(500) {
        each_db!(ctx.conn, c => diesel::insert_into(import_rows::table).values(chunk).execute(c)?);
    }
    Ok(())
}

/// Rows that wait under the same key are overtaken by the one that came now.
pub(super) fn supersede(ctx: &mut Ctx<'_>, keys: &[String]) -> Result<(), Failure> {
    for chunk in keys.chunks(500) {
        diesel::update(
            import_rows::table
                .filter(import_rows::result.eq(RowResult::Review))
                .filter(import_rows::decision.is_null())
                .filter(import_rows::subject_id.eq_any(chunk)),
        )
        .set((
            import_rows::decision.eq(IdentityDecision::Superseded),
            import_rows::decided_at.eq(ctx.now),
        ))
        .execute(ctx.conn)?;
    }
    Ok(())
}

pub(super) fn set_decided(
    ctx: &mut Ctx<'_>,
    id: &ImportRowId,
    decision: IdentityDecision,
) -> Result<bool, Failure> {
    let changed = diesel::update(
        import_rows::table
            .filter(import_rows::id.eq(id))
            .filter(import_rows::decision.is_null()),
    )
    .set((
        import_rows::decision.eq(decision),
        import_rows::decided_at.eq(ctx.now),
    ))
    .execute(ctx.conn)?;
    Ok(changed == 1)
}

pub(super) fn set_later(
    ctx: &mut Ctx<'_>,
    ids: &[ImportRowId],
    until: NaiveDate,
    note: &str,
) -> Result<(), Failure> {
    diesel::update(
        import_rows::table
            .filter(import_rows::id.eq_any(ids))
            .filter(import_rows::decision.is_null()),
    )
    .set((
        import_rows::later_on.eq(until),
        import_rows::later_note.eq(note),
    ))
    .execute(ctx.conn)?;
    Ok(())
}

/// One import, as a list shows it.
#[derive(Debug, Clone)]
pub struct Batch {
    pub id: BatchId,
    pub kind: Kind,
    pub file_name: String,
    pub imported_on: NaiveDate,
    pub imported_at: NaiveDateTime,
    pub rows: i32,
    pub created: i32,
    pub updated: i32,
    pub unchanged: i32,
    pub rejected: i32,
    pub review: i32,
    pub referrals: i32,
    pub below_threshold: i32,
    /// What came out otherwise than its preview said.
    pub since_preview: Option<String>,
    pub no_longer_listed: Option<i32>,
    pub undone: Option<Undone>,
}

/// That an import was undone, by whom, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Undone {
    pub at: NaiveDateTime,
    pub by: String,
    pub reason: String,
}

#[derive(Queryable)]
struct BatchRow {
    id: BatchId,
    kind: Kind,
    file_name: String,
    imported_on: NaiveDate,
    imported_at: NaiveDateTime,
    rows: i32,
    created: i32,
    updated: i32,
    unchanged: i32,
    rejected: i32,
    review: i32,
    referrals: i32,
    below_threshold: i32,
    since_preview: Option<String>,
    no_longer_listed: Option<i32>,
    undone_at: Option<NaiveDateTime>,
    undone_by: Option<String>,
    undo_reason: Option<String>,
    undone_by_name: Option<String>,
}

impl From<BatchRow> for Batch {
    fn from(row: BatchRow) -> Self {
        let by = row.undone_by_name.or(row.undone_by).unwrap_or_default();
        let reason = row.undo_reason.unwrap_or_default();
        Self {
            id: row.id,
            kind: row.kind,
            file_name: row.file_name,
            imported_on: row.imported_on,
            imported_at: row.imported_at,
            rows: row.rows,
            created: row.created,
            updated: row.updated,
            unchanged: row.unchanged,
            rejected: row.rejected,
            review: row.review,
            referrals: row.referrals,
            below_threshold: row.below_threshold,
            since_preview: row.since_preview,
            no_longer_listed: row.no_longer_listed,
            undone: row.undone_at.map(|at| Undone { at, by, reason }),
        }
    }
}

macro_rules! batch_columns {
    () => {
        (
            import_batches::id,
            import_batches::kind,
            import_batches::file_name,
            import_batches::imported_on,
            import_batches::imported_at,
            import_batches::row_count,
            import_batches::created,
            import_batches::updated,
            import_batches::unchanged,
            import_batches::rejected,
            import_batches::review,
            import_batches::referrals,
            import_batches::below_threshold,
            import_batches::since_preview,
            import_batches::no_longer_listed,
            import_batches::undone_at,
            import_batches::undone_by,
            import_batches::undo_reason,
            users::name.nullable(),
        )
    };
}

/// Who undid an import, where it was a member of staff.
macro_rules! with_who {
    () => {
        import_batches::table
            .left_join(users::table.on(users::id.nullable().eq(import_batches::undone_by)))
    };
}

pub fn batches(ctx: &mut Ctx<'_>, limit: i64) -> Result<Vec<Batch>, Failure> {
    let rows: Vec<BatchRow> = with_who!()
        .order((import_batches::imported_at.desc(), import_batches::id))
        .limit(limit)
        .select(batch_columns!())
        .load(ctx.conn)?;
    Ok(rows.into_iter().map(Batch::from).collect())
}

pub fn batch(ctx: &mut Ctx<'_>, id: &BatchId) -> Result<Option<Batch>, Failure> {
    let row: Option<BatchRow> = with_who!()
        .filter(import_batches::id.eq(id))
        .select(batch_columns!())
        .first(ctx.conn)
        .optional()?;
    Ok(row.map(Batch::from))
}

/// A row that was rejected or that waits, with the raw values it came with.
#[derive(Debug, Clone)]
pub struct KeptRow {
    pub id: ImportRowId,
    pub kind: Kind,
    pub file: String,
    pub number: i32,
    pub problems: Vec<(String, String)>,
    pub raw: std::collections::BTreeMap<String, String>,
    pub likely: Option<YoungPersonId>,
    pub imported_on: NaiveDate,
    /// Set aside until this day, and why.
    pub later_on: Option<NaiveDate>,
    pub later_note: Option<String>,
    /// True for a refused row that somebody mended.
    pub settled: bool,
    pub batch: BatchId,
    /// Whose record a refused row names, if they are on record.
    pub about: Option<YoungPersonId>,
}

type KeptColumns = (
    ImportRowId,
    Kind,
    String,
    i32,
    Option<String>,
    Option<String>,
    Option<YoungPersonId>,
    NaiveDate,
    Option<NaiveDate>,
    Option<String>,
    Option<NaiveDateTime>,
    BatchId,
    Option<YoungPersonId>,
);

macro_rules! kept_columns {
    () => {
        (
            import_rows::id,
            import_batches::kind,
            import_rows::file,
            import_rows::row_number,
            import_rows::problems,
            import_rows::raw,
            import_rows::likely_id,
            import_batches::imported_on,
            import_rows::later_on,
            import_rows::later_note,
            import_rows::settled_at,
            import_batches::id,
            import_rows::young_person_id,
        )
    };
}

fn kept(row: KeptColumns) -> KeptRow {
    let (
        id,
        kind,
        file,
        number,
        problems,
        raw,
        likely,
        imported_on,
        later_on,
        later_note,
        settled_at,
        batch,
        about,
    ) = row;
    let read = |text: Option<String>| text.unwrap_or_default();
    KeptRow {
        id,
        kind,
        file,
        number,
        problems: serde_json::from_str(&read(problems)).unwrap_or_default(),
        raw: serde_json::from_str(&read(raw)).unwrap_or_default(),
        likely,
        imported_on,
        later_on,
        later_note,
        settled: settled_at.is_some(),
        batch,
        about,
    }
}

/// The refused rows of an import, without those about a record that is closed to whoever asks.
pub fn rejected(ctx: &mut Ctx<'_>, batch: &BatchId) -> Result<Vec<KeptRow>, Failure> {
    let closed = closed_to_me(ctx)?;
    let rows: Vec<KeptColumns> = import_rows::table
        .inner_join(import_batches::table)
        .filter(import_rows::batch_id.eq(batch))
        .filter(import_rows::result.eq(RowResult::Rejected))
        .filter(
            import_rows::young_person_id
                .is_null()
                .or(import_rows::young_person_id
                    .assume_not_null()
                    .ne_all(closed)),
        )
        .order((import_rows::file, import_rows::row_number))
        .select(kept_columns!())
        .load(ctx.conn)?;
    Ok(rows.into_iter().map(kept).collect())
}

/// One refused row, of an import that stands.
pub fn refused_row(ctx: &mut Ctx<'_>, id: &ImportRowId) -> Result<Option<KeptRow>, Failure> {
    let closed = closed_to_me(ctx)?;
    let row: Option<KeptColumns> = import_rows::table
        .inner_join(import_batches::table)
        .filter(import_rows::id.eq(id))
        .filter(import_rows::result.eq(RowResult::Rejected))
        .filter(import_batches::undone_at.is_null())
        .filter(
            import_rows::young_person_id
                .is_null()
                .or(import_rows::young_person_id
                    .assume_not_null()
                    .ne_all(closed)),
        )
        .select(kept_columns!())
        .first(ctx.conn)
        .optional()?;
    Ok(row.map(kept))
}

/// What a mended row waits with, where somebody must say whom it is about.
pub(super) struct Waits {
    pub raw: String,
    pub key: Option<String>,
    pub likely: Option<YoungPersonId>,
}

/// Notes that a refused row was mended; false where somebody was quicker. Its text is not needed
/// any more, unless it waits.
pub(super) fn set_settled(
    ctx: &mut Ctx<'_>,
    id: &ImportRowId,
    about: Option<&YoungPersonId>,
    waits: Option<Waits>,
) -> Result<bool, Failure> {
    let open = import_rows::table
        .filter(import_rows::id.eq(id))
        .filter(import_rows::result.eq(RowResult::Rejected))
        .filter(import_rows::settled_at.is_null());
    let changed = match waits {
        None => diesel::update(open)
            .set((
                import_rows::settled_at.eq(ctx.now),
                import_rows::raw.eq(None::<String>),
                import_rows::young_person_id.eq(about),
            ))
            .execute(ctx.conn)?,
        Some(waits) => diesel::update(open)
            .set((
                import_rows::settled_at.eq(ctx.now),
                import_rows::result.eq(RowResult::Review),
                import_rows::raw.eq(waits.raw),
                import_rows::subject_id.eq(waits.key),
                import_rows::likely_id.eq(waits.likely),
            ))
            .execute(ctx.conn)?,
    };
    Ok(changed == 1)
}

/// What became of one row, as the list of an import shows it.
#[derive(Debug, Clone)]
pub struct RowFate {
    pub file: String,
    pub number: i32,
    pub result: RowResult,
    pub about: Option<YoungPersonId>,
    pub settled_at: Option<NaiveDateTime>,
    /// The fields that it changed, each with what it said and what it says.
    pub changes: Vec<(String, Option<String>, Option<String>)>,
}

/// The rows of an import in their order, some of them, and how many there are.
pub fn fates(
    ctx: &mut Ctx<'_>,
    batch: &BatchId,
    result: Option<RowResult>,
    offset: i64,
    limit: i64,
) -> Result<(Vec<RowFate>, i64), Failure> {
    let wanted = || {
        let rows = import_rows::table
            .filter(import_rows::batch_id.eq(batch))
            .into_boxed();
        match result {
            Some(result) => rows.filter(import_rows::result.eq(result)),
            None => rows,
        }
    };
    let count = wanted().count().get_result(ctx.conn)?;
    type Columns = (
        String,
        i32,
        RowResult,
        Option<YoungPersonId>,
        Option<NaiveDateTime>,
        Option<String>,
    );
    let rows: Vec<Columns> = wanted()
        .order((import_rows::file, import_rows::row_number))
        .select((
            import_rows::file,
            import_rows::row_number,
            import_rows::result,
            import_rows::young_person_id,
            import_rows::settled_at,
            import_rows::changes,
        ))
        .limit(limit)
        .offset(offset)
        .load(ctx.conn)?;
    let rows = rows
        .into_iter()
        .map(
            |(file, number, result, about, settled_at, changes)| RowFate {
                file,
                number,
                result,
                about,
                settled_at,
                changes: serde_json::from_str(&changes.unwrap_or_default()).unwrap_or_default(),
            },
        )
        .collect();
    Ok((rows, count))
}

/// Notes what came out otherwise than its preview said.
pub(super) fn set_since_preview(
    ctx: &mut Ctx<'_>,
    id: &BatchId,
    sentence: &str,
) -> Result<(), Failure> {
    diesel::update(import_batches::table.filter(import_batches::id.eq(id)))
        .set(import_batches::since_preview.eq(sentence))
        .execute(ctx.conn)?;
    Ok(())
}

/// Rows that wait for somebody to say whom they are about, oldest first. Those of an import that was
/// undone wait no more.
pub fn waiting(ctx: &mut Ctx<'_>) -> Result<Vec<KeptRow>, Failure> {
    let closed = closed_to_me(ctx)?;
    let rows: Vec<KeptColumns> = import_rows::table
        .inner_join(import_batches::table)
        .filter(import_rows::result.eq(RowResult::Review))
        .filter(import_rows::decision.is_null())
        .filter(import_batches::undone_at.is_null())
        .filter(
            import_rows::likely_id
                .is_null()
                .or(import_rows::likely_id.assume_not_null().ne_all(closed)),
        )
        .order((
            import_batches::imported_at,
            import_rows::file,
            import_rows::row_number,
        ))
        .select(kept_columns!())
        .load(ctx.conn)?;
    Ok(rows.into_iter().map(kept).collect())
}

pub(super) fn to_row_changes(changes: &[Change]) -> Option<String> {
    let told: Vec<_> = changes
        .iter()
        .map(|it| (it.field, it.before.as_deref(), it.after.as_deref()))
        .collect();
    serde_json::to_string(&told).ok()
}

pub(super) fn to_row_values(problem: &[Problem]) -> Option<String> {
    let pairs: Vec<(&str, &str)> = problem
        .iter()
        .map(|it| (it.column.as_str(), it.reason.as_str()))
        .collect();
    serde_json::to_string(&pairs).ok()
}
