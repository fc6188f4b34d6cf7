//! How files that were sent in are kept until somebody says what is to become of them.

use chrono::NaiveDateTime;
use diesel::prelude::*;

use super::{Preview, State, Upload};
use crate::ctx::Ctx;
use crate::db::schema::{import_upload_files as files, import_uploads as uploads};
use crate::failure::{Failure, Fault};
use crate::ids::{BatchId, UploadId, UserId};
use crate::import::Kind;
use crate::import::actions::ImportFile;

pub(super) fn insert(
    ctx: &mut Ctx<'_>,
    id: &UploadId,
    (kind, source, name): (Kind, &str, &str),
    by: &UserId,
    sent: &[ImportFile],
) -> Result<(), Failure> {
    diesel::insert_into(uploads::table)
        .values((
            uploads::id.eq(id),
            uploads::kind.eq(kind),
            uploads::source.eq(source),
            uploads::name.eq(name),
            uploads::state.eq(State::Reading),
            uploads::rows_done.eq(0_i64),
            uploads::rows_total.eq(0_i64),
            uploads::uploaded_by.eq(by),
            uploads::uploaded_at.eq(ctx.now),
            uploads::alive_at.eq(ctx.now),
        ))
        .execute(ctx.conn)?;
    for (place, file) in (0_i32..).zip(sent) {
        diesel::insert_into(files::table)
            .values((
                files::upload_id.eq(id),
                files::place.eq(place),
                files::name.eq(&file.name),
                // Text travels through every kind of copy and backup.
                files::bytes_in_hex.eq(hex::encode(&file.bytes)),
            ))
            .execute(ctx.conn)?;
    }
    Ok(())
}

type Columns = (
    UploadId,
    Kind,
    String,
    String,
    State,
    Option<String>,
    Option<String>,
    Option<BatchId>,
    i64,
    i64,
    NaiveDateTime,
    NaiveDateTime,
);

macro_rules! columns {
    () => {
        (
            uploads::id,
            uploads::kind,
            uploads::source,
            uploads::name,
            uploads::state,
            uploads::reason,
            uploads::preview,
            uploads::batch_id,
            uploads::rows_done,
            uploads::rows_total,
            uploads::uploaded_at,
            uploads::alive_at,
        )
    };
}

fn read(row: Columns) -> Upload {
    let (id, kind, source, name, state, reason, preview, batch, done, total, uploaded_at, alive_at) =
        row;
    Upload {
        id,
        kind,
        source,
        name,
        state,
        reason,
        preview: preview.and_then(|text| serde_json::from_str(&text).ok()),
        batch,
        done,
        total,
        uploaded_at,
        alive_at,
    }
}

pub fn find(ctx: &mut Ctx<'_>, id: &UploadId) -> Result<Option<Upload>, Failure> {
    let row: Option<Columns> = uploads::table
        .filter(uploads::id.eq(id))
        .select(columns!())
        .first(ctx.conn)
        .optional()?;
    Ok(row.map(read))
}

/// The files that wait, the newest first.
pub fn waiting(ctx: &mut Ctx<'_>) -> Result<Vec<Upload>, Failure> {
    let rows: Vec<Columns> = uploads::table
        .filter(uploads::state.ne(State::Kept))
        .order(uploads::uploaded_at.desc())
        .select(columns!())
        .load(ctx.conn)?;
    Ok(rows.into_iter().map(read).collect())
}

pub fn files_of(ctx: &mut Ctx<'_>, id: &UploadId) -> Result<Vec<ImportFile>, Failure> {
    let rows: Vec<(String, String)> = files::table
        .filter(files::upload_id.eq(id))
        .order(files::place)
        .select((files::name, files::bytes_in_hex))
        .load(ctx.conn)?;
    rows.into_iter()
        .map(|(name, text)| {
            let bytes = hex::decode(text)
                .map_err(|cause| Fault::because("a kept file cannot be read", &cause))?;
            Ok(ImportFile { name, bytes })
        })
        .collect()
}

/// Moves a file from one state to another; false where it is in neither of those expected.
pub(super) fn step(
    ctx: &mut Ctx<'_>,
    id: &UploadId,
    from: &[State],
    to: State,
    reason: Option<&str>,
) -> Result<bool, Failure> {
    let changed = diesel::update(
        uploads::table
            .filter(uploads::id.eq(id))
            .filter(uploads::state.eq_any(from)),
    )
    .set((
        uploads::state.eq(to),
        uploads::reason.eq(reason),
        uploads::rows_done.eq(0_i64),
        uploads::alive_at.eq(ctx.now),
    ))
    .execute(ctx.conn)?;
    Ok(changed == 1)
}

pub(super) fn set_ready(
    ctx: &mut Ctx<'_>,
    id: &UploadId,
    preview: &Preview,
) -> Result<(), Failure> {
    let text = serde_json::to_string(preview)
        .map_err(|cause| Fault::because("a preview cannot be kept", &cause))?;
    diesel::update(
        uploads::table
            .filter(uploads::id.eq(id))
            .filter(uploads::state.eq(State::Reading)),
    )
    .set((
        uploads::state.eq(State::Ready),
        uploads::preview.eq(text),
        uploads::reason.eq(None::<String>),
    ))
    .execute(ctx.conn)?;
    Ok(())
}

/// The file is on record: what it held is not needed twice.
pub(super) fn set_kept(ctx: &mut Ctx<'_>, id: &UploadId, batch: &BatchId) -> Result<(), Failure> {
    diesel::update(uploads::table.filter(uploads::id.eq(id)))
        .set((
            uploads::state.eq(State::Kept),
            uploads::batch_id.eq(batch),
            uploads::preview.eq(None::<String>),
            uploads::reason.eq(None::<String>),
        ))
        .execute(ctx.conn)?;
    diesel::delete(files::table.filter(files::upload_id.eq(id))).execute(ctx.conn)?;
    Ok(())
}

/// Says how far the work is, for other instances of the program.
pub(super) fn beat(ctx: &mut Ctx<'_>, id: &UploadId, done: i64, total: i64) -> Result<(), Failure> {
    diesel::update(uploads::table.filter(uploads::id.eq(id)))
        .set((
            uploads::rows_done.eq(done),
            uploads::rows_total.eq(total),
            uploads::alive_at.eq(ctx.now),
        ))
        .execute(ctx.conn)?;
    Ok(())
}

pub(super) fn delete(ctx: &mut Ctx<'_>, ids: &[UploadId]) -> Result<(), Failure> {
    diesel::delete(files::table.filter(files::upload_id.eq_any(ids))).execute(ctx.conn)?;
    diesel::delete(uploads::table.filter(uploads::id.eq_any(ids))).execute(ctx.conn)?;
    Ok(())
}

pub(super) fn older_than(
    ctx: &mut Ctx<'_>,
    before: NaiveDateTime,
) -> Result<Vec<UploadId>, Failure> {
    Ok(uploads::table
        .filter(uploads::uploaded_at.lt(before))
        .select(uploads::id)
        .load(ctx.conn)?)
}
