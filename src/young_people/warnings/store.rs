//! How warnings are kept.

use std::collections::HashSet;

use chrono::NaiveDate;
use diesel::prelude::*;

use super::{Ended, Kind, Said, Warning};
use crate::ctx::Ctx;
use crate::db::schema::{users, young_people, young_person_warnings};
use crate::failure::Failure;
use crate::ids::{WarningId, YoungPersonId};

#[derive(Queryable)]
struct Row {
    id: WarningId,
    young_person: YoungPersonId,
    kind: Kind,
    words: String,
    review_on: NaiveDate,
    set_by: String,
    set_on: NaiveDate,
    ended_on: Option<NaiveDate>,
    ended_by: Option<String>,
    ending_note: Option<String>,
    version: i32,
}

type Columns = (
    young_person_warnings::id,
    young_person_warnings::young_person_id,
    young_person_warnings::kind,
    young_person_warnings::words,
    young_person_warnings::review_on,
    young_person_warnings::set_by,
    young_person_warnings::set_on,
    young_person_warnings::ended_on,
    young_person_warnings::ended_by,
    young_person_warnings::ending_note,
    young_person_warnings::version,
);

const COLUMNS: Columns = (
    young_person_warnings::id,
    young_person_warnings::young_person_id,
    young_person_warnings::kind,
    young_person_warnings::words,
    young_person_warnings::review_on,
    young_person_warnings::set_by,
    young_person_warnings::set_on,
    young_person_warnings::ended_on,
    young_person_warnings::ended_by,
    young_person_warnings::ending_note,
    young_person_warnings::version,
);

fn named(ctx: &mut Ctx<'_>, rows: Vec<Row>) -> Result<Vec<Warning>, Failure> {
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let ids: Vec<&str> = rows
        .iter()
        .flat_map(|row| [Some(row.set_by.as_str()), row.ended_by.as_deref()])
        .flatten()
        .collect();
    let names: Vec<(String, String)> = users::table
        .filter(users::id.eq_any(ids))
        .select((users::id, users::name))
        .load(ctx.conn)?;
    let name = |id: String| {
        names
            .iter()
            .find(|(known, _)| *known == id)
            .map_or(id, |(_, name)| name.clone())
    };
    Ok(rows
        .into_iter()
        .map(|row| Warning {
            id: row.id,
            young_person: row.young_person,
            said: Said {
                kind: row.kind,
                words: row.words,
                review_on: row.review_on,
            },
            set_by: name(row.set_by),
            set_on: row.set_on,
            ended: row.ended_on.map(|on| Ended {
                on,
                by: row.ended_by.map(&name).unwrap_or_default(),
                why: row.ending_note.unwrap_or_default(),
            }),
            version: row.version,
        })
        .collect())
}

/// The warnings that hold, the latest first.
pub fn in_force(ctx: &mut Ctx<'_>, young_person: &YoungPersonId) -> Result<Vec<Warning>, Failure> {
    let rows: Vec<Row> = young_person_warnings::table
        .filter(young_person_warnings::young_person_id.eq(young_person))
        .filter(young_person_warnings::ended_on.is_null())
        .order((
            young_person_warnings::set_on.desc(),
            young_person_warnings::id,
        ))
        .select(COLUMNS)
        .load(ctx.conn)?;
    named(ctx, rows)
}

/// Of these young people, those whom a warning is about: one of ours that holds, or the schedule's.
pub fn warned(
    ctx: &mut Ctx<'_>,
    people: &[YoungPersonId],
) -> Result<HashSet<YoungPersonId>, Failure> {
    let ours: Vec<YoungPersonId> = young_person_warnings::table
        .filter(young_person_warnings::young_person_id.eq_any(people))
        .filter(young_person_warnings::ended_on.is_null())
        .select(young_person_warnings::young_person_id)
        .load(ctx.conn)?;
    let imported: Vec<YoungPersonId> = young_people::table
        .filter(young_people::id.eq_any(people))
        .filter(young_people::contact_warning.is_not_null())
        .select(young_people::id)
        .load(ctx.conn)?;
    Ok(ours.into_iter().chain(imported).collect())
}

/// All warnings there ever were: those that hold first, then those that ended.
pub fn all(ctx: &mut Ctx<'_>, young_person: &YoungPersonId) -> Result<Vec<Warning>, Failure> {
    let rows: Vec<Row> = young_person_warnings::table
        .filter(young_person_warnings::young_person_id.eq(young_person))
        .order((
            young_person_warnings::ended_on.is_not_null(),
            young_person_warnings::set_on.desc(),
            young_person_warnings::id,
        ))
        .select(COLUMNS)
        .load(ctx.conn)?;
    named(ctx, rows)
}

pub fn find(ctx: &mut Ctx<'_>, id: &WarningId) -> Result<Option<Warning>, Failure> {
    let row: Option<Row> = young_person_warnings::table
        .filter(young_person_warnings::id.eq(id))
        .select(COLUMNS)
        .first(ctx.conn)
        .optional()?;
    Ok(named(ctx, row.into_iter().collect())?.pop())
}

pub(super) fn insert(
    ctx: &mut Ctx<'_>,
    id: &WarningId,
    young_person: &YoungPersonId,
    said: &Said,
) -> Result<(), Failure> {
    diesel::insert_into(young_person_warnings::table)
        .values((
            young_person_warnings::id.eq(id),
            young_person_warnings::young_person_id.eq(young_person),
            young_person_warnings::kind.eq(said.kind),
            young_person_warnings::words.eq(&said.words),
            young_person_warnings::review_on.eq(said.review_on),
            young_person_warnings::set_by.eq(ctx.actor.label()),
            young_person_warnings::set_on.eq(ctx.today),
            young_person_warnings::created_at.eq(ctx.now),
            young_person_warnings::version.eq(1),
        ))
        .execute(ctx.conn)?;
    Ok(())
}

pub(super) fn update(
    ctx: &mut Ctx<'_>,
    id: &WarningId,
    version: i32,
    said: &Said,
) -> Result<(), Failure> {
    let changed = diesel::update(
        young_person_warnings::table
            .filter(young_person_warnings::id.eq(id))
            .filter(young_person_warnings::version.eq(version)),
    )
    .set((
        young_person_warnings::kind.eq(said.kind),
        young_person_warnings::words.eq(&said.words),
        young_person_warnings::review_on.eq(said.review_on),
        young_person_warnings::version.eq(version + 1),
    ))
    .execute(ctx.conn)?;
    if changed == 0 {
        return Err(Failure::ChangedMeanwhile);
    }
    Ok(())
}

pub(super) fn end(
    ctx: &mut Ctx<'_>,
    id: &WarningId,
    version: i32,
    why: &str,
) -> Result<(), Failure> {
    let changed = diesel::update(
        young_person_warnings::table
            .filter(young_person_warnings::id.eq(id))
            .filter(young_person_warnings::version.eq(version)),
    )
    .set((
        young_person_warnings::ended_on.eq(ctx.today),
        young_person_warnings::ended_by.eq(ctx.actor.label()),
        young_person_warnings::ending_note.eq(why),
        young_person_warnings::version.eq(version + 1),
    ))
    .execute(ctx.conn)?;
    if changed == 0 {
        return Err(Failure::ChangedMeanwhile);
    }
    Ok(())
}
