//! How the files of the watched folder are kept: claimed before they are read, finished with their
//! import.

use chrono::NaiveDateTime;
use diesel::prelude::*;

use crate::ctx::Ctx;
use crate::db::schema::{import_batches, taken_files};
use crate::failure::Failure;
use crate::ids::{BatchId, TakenFileId};
use crate::import::Kind;

/// What is known of a file that somebody works on.
#[derive(Queryable)]
pub struct Claim {
    pub taken_at: NaiveDateTime,
    pub attempts: i32,
    /// What was said of it, where all was done before the program broke off.
    pub receipt: Option<String>,
}

/// Notes that work on a file begins, for the first time or again.
pub fn claim(
    ctx: &mut Ctx<'_>,
    id: &TakenFileId,
    name: &str,
    kind: Kind,
    hash: &str,
) -> Result<Claim, Failure> {
    let again = diesel::update(taken_files::table.filter(taken_files::id.eq(id)))
        .set(taken_files::attempts.eq(taken_files::attempts + 1))
        .execute(ctx.conn)?;
    if again == 0 {
        diesel::insert_into(taken_files::table)
            .values((
                taken_files::id.eq(id),
                taken_files::file_name.eq(name),
                taken_files::kind.eq(kind),
                taken_files::content_hash.eq(hash),
                taken_files::taken_at.eq(ctx.now),
                taken_files::attempts.eq(1),
            ))
            .execute(ctx.conn)?;
    }
    Ok(taken_files::table
        .filter(taken_files::id.eq(id))
        .select((
            taken_files::taken_at,
            taken_files::attempts,
            taken_files::receipt,
        ))
        .first(ctx.conn)?)
}

/// A try that does not count.
pub fn give_back(ctx: &mut Ctx<'_>, id: &TakenFileId) -> Result<(), Failure> {
    diesel::update(taken_files::table.filter(taken_files::id.eq(id)))
        .set(taken_files::attempts.eq(taken_files::attempts - 1))
        .execute(ctx.conn)?;
    Ok(())
}

/// What was said of a file, if all was done.
pub fn receipt(ctx: &mut Ctx<'_>, id: &TakenFileId) -> Result<Option<String>, Failure> {
    Ok(taken_files::table
        .filter(taken_files::id.eq(id))
        .select(taken_files::receipt)
        .first(ctx.conn)?)
}

pub fn finish(
    ctx: &mut Ctx<'_>,
    id: &TakenFileId,
    batch: Option<&BatchId>,
    done: bool,
    receipt: &str,
) -> Result<(), Failure> {
    diesel::update(taken_files::table.filter(taken_files::id.eq(id)))
        .set((
            taken_files::batch_id.eq(batch),
            taken_files::done.eq(done),
            taken_files::receipt.eq(receipt),
        ))
        .execute(ctx.conn)?;
    Ok(())
}

/// The first time that the same file came in.
pub struct First {
    pub name: String,
    pub taken_at: NaiveDateTime,
    /// Nothing of its kind has come in since this very file, by whichever door.
    pub is_latest: bool,
}

/// An import that was undone never came.
pub fn first_with(ctx: &mut Ctx<'_>, kind: Kind, hash: &str) -> Result<Option<First>, Failure> {
    let came: Vec<(String, NaiveDateTime, Option<BatchId>)> = taken_files::table
        .filter(taken_files::content_hash.eq(hash))
        .filter(taken_files::kind.eq(kind))
        .inner_join(
            import_batches::table.on(import_batches::id.nullable().eq(taken_files::batch_id)),
        )
        .filter(import_batches::undone_at.is_null())
        .order((taken_files::taken_at, taken_files::id))
        .select((
            taken_files::file_name,
            taken_files::taken_at,
            taken_files::batch_id,
        ))
        .load(ctx.conn)?;
    let latest: Option<BatchId> = import_batches::table
        .filter(import_batches::kind.eq(kind))
        .filter(import_batches::undone_at.is_null())
        .order((
            import_batches::imported_at.desc(),
            import_batches::id.desc(),
        ))
        .select(import_batches::id)
        .first(ctx.conn)
        .optional()?;
    let is_latest = latest.is_some() && came.iter().any(|(_, _, batch)| *batch == latest);
    Ok(came.into_iter().next().map(|(name, taken_at, _)| First {
        name,
        taken_at,
        is_latest,
    }))
}
