//! How the answers that were given to other programs are kept.

use chrono::NaiveDateTime;
use diesel::prelude::*;
use diesel::sql_types::{Bool, Text};

use super::{Once, Receipt};
use crate::ctx::Ctx;
use crate::db::Link;
use crate::db::schema::{api_answers, import_batches, import_rows};
use crate::failure::Failure;
use crate::ids::BatchId;
use crate::import::{Kind, Problem, RowLine, RowResult};

#[derive(QueryableByName)]
struct Held {
    #[diesel(sql_type = Bool)]
    held: bool,
}

/// Holds a key of this account until the transaction ends; false where another instance of the
/// program holds it. SQLite has one writer.
pub(super) fn hold(ctx: &mut Ctx<'_>, key: &str) -> Result<bool, Failure> {
    let what = format!("{} {key}", ctx.actor.label());
    if let Link::Postgres(conn) = ctx.conn {
        let held: Held =
            diesel::sql_query("SELECT pg_try_advisory_xact_lock(hashtextextended($1, 1)) AS held")
                .bind::<Text, _>(what)
                .get_result(conn)?;
        return Ok(held.held);
    }
    Ok(true)
}

#[derive(Queryable)]
pub(super) struct Kept {
    pub request: String,
    pub batch: BatchId,
    pub answer: String,
}

pub(super) fn answered(ctx: &mut Ctx<'_>, key: &str) -> Result<Option<Kept>, Failure> {
    Ok(api_answers::table
        .filter(api_answers::account_id.eq(ctx.actor.label()))
        .filter(api_answers::idempotency_key.eq(key))
        .select((
            api_answers::request_hash,
            api_answers::batch_id,
            api_answers::answer,
        ))
        .first(ctx.conn)
        .optional()?)
}

pub(super) fn keep(
    ctx: &mut Ctx<'_>,
    once: &Once,
    batch: &BatchId,
    answer: &str,
) -> Result<(), Failure> {
    diesel::insert_into(api_answers::table)
        .values((
            api_answers::account_id.eq(ctx.actor.label()),
            api_answers::idempotency_key.eq(&once.key),
            api_answers::request_hash.eq(&once.request),
            api_answers::batch_id.eq(batch),
            api_answers::answer.eq(answer),
            api_answers::answered_at.eq(ctx.now),
        ))
        .execute(ctx.conn)?;
    Ok(())
}

pub(super) fn forget(ctx: &mut Ctx<'_>, before: NaiveDateTime) -> Result<(), Failure> {
    diesel::delete(api_answers::table.filter(api_answers::answered_at.lt(before)))
        .execute(ctx.conn)?;
    Ok(())
}

#[derive(Queryable)]
struct BatchRow {
    kind: Kind,
    imported_at: NaiveDateTime,
    rows: i32,
    created: i32,
    updated: i32,
    unchanged: i32,
    rejected: i32,
    review: i32,
    referrals: i32,
    below_threshold: i32,
    no_longer_listed: Option<i32>,
    undone_at: Option<NaiveDateTime>,
}

/// What became of a file that whoever acts sent.
pub(super) fn receipt(ctx: &mut Ctx<'_>, id: &BatchId) -> Result<Option<Receipt>, Failure> {
    let batch: Option<BatchRow> = import_batches::table
        .filter(import_batches::id.eq(id))
        .filter(import_batches::actor.eq(ctx.actor.label()))
        .select((
            import_batches::kind,
            import_batches::imported_at,
            import_batches::row_count,
            import_batches::created,
            import_batches::updated,
            import_batches::unchanged,
            import_batches::rejected,
            import_batches::review,
            import_batches::referrals,
            import_batches::below_threshold,
            import_batches::no_longer_listed,
            import_batches::undone_at,
        ))
        .first(ctx.conn)
        .optional()?;
    let Some(batch) = batch else {
        return Ok(None);
    };
    let rows: Vec<(i32, RowResult, Option<String>)> = import_rows::table
        .filter(import_rows::batch_id.eq(id))
        .order(import_rows::row_number)
        .select((
            import_rows::row_number,
            import_rows::result,
            import_rows::problems,
        ))
        .load(ctx.conn)?;
    let number = |number: i32| u32::try_from(number).unwrap_or_default();
    let mut problems = Vec::new();
    for (row, _, kept) in &rows {
        let kept = kept.as_deref().unwrap_or_default();
        let pairs: Vec<(String, String)> = serde_json::from_str(kept).unwrap_or_default();
        problems.extend(pairs.into_iter().map(|(column, reason)| Problem {
            file: None,
            row: number(*row),
            column,
            reason,
        }));
    }
    Ok(Some(Receipt {
        batch: id.clone(),
        kind: batch.kind,
        imported_at: batch.imported_at,
        rows: batch.rows,
        created: batch.created,
        updated: batch.updated,
        unchanged: batch.unchanged,
        rejected: batch.rejected,
        review: batch.review,
        referrals: batch.referrals,
        below_threshold: batch.below_threshold,
        no_longer_listed: batch.no_longer_listed,
        undone_at: batch.undone_at,
        problems,
        results: rows
            .into_iter()
            .map(|(row, result, _)| RowLine {
                file: None,
                row: number(row),
                result,
            })
            .collect(),
    }))
}
