//! How the legal status and its flags are kept.

use chrono::{NaiveDate, NaiveDateTime};
use diesel::prelude::*;

use super::{Basis, Correction, Flag, FlagWords, Flagged, LegalStatus};
use crate::ctx::Ctx;
use crate::db::schema::{legal_flags, legal_statuses, service_accounts, users};
use crate::failure::Failure;
use crate::ids::{FlagId, LegalStatusId, YoungPersonId};
use crate::young_people::Stretch;

#[derive(Queryable)]
struct Row {
    id: LegalStatusId,
    young_person: YoungPersonId,
    basis: Basis,
    from: NaiveDate,
    note: Option<String>,
    recorded_by: String,
    recorded_at: NaiveDateTime,
    corrected_by: Option<String>,
    corrected_at: Option<NaiveDateTime>,
    correction: Option<String>,
    replaced_by: Option<LegalStatusId>,
}

/// Every row of a young person's legal history, those that were corrected too, by the day they
/// start. People who recorded are named.
pub fn history(
    ctx: &mut Ctx<'_>,
    young_person: &YoungPersonId,
) -> Result<Vec<LegalStatus>, Failure> {
    let rows: Vec<Row> = legal_statuses::table
        .filter(legal_statuses::young_person_id.eq(young_person))
        .order((legal_statuses::from_on, legal_statuses::recorded_at))
        .select((
            legal_statuses::id,
            legal_statuses::young_person_id,
            legal_statuses::basis,
            legal_statuses::from_on,
            legal_statuses::note,
            legal_statuses::recorded_by,
            legal_statuses::recorded_at,
            legal_statuses::corrected_by,
            legal_statuses::corrected_at,
            legal_statuses::correction,
            legal_statuses::replaced_by,
        ))
        .load(ctx.conn)?;
    let ids: Vec<&str> = rows
        .iter()
        .flat_map(|row| [Some(row.recorded_by.as_str()), row.corrected_by.as_deref()])
        .flatten()
        .collect();
    let mut names: Vec<(String, String)> = users::table
        .filter(users::id.eq_any(&ids))
        .select((users::id, users::name))
        .load(ctx.conn)?;
    let programs: Vec<(String, String)> = service_accounts::table
        .filter(service_accounts::id.eq_any(&ids))
        .select((service_accounts::id, service_accounts::name))
        .load(ctx.conn)?;
    names.extend(programs);
    let name = |id: String| {
        names
            .iter()
            .find(|(known, _)| *known == id)
            .map_or(id, |(_, name)| name.clone())
    };
    Ok(rows
        .into_iter()
        .map(|row| LegalStatus {
            id: row.id,
            young_person: row.young_person,
            basis: row.basis,
            from: row.from,
            note: row.note,
            recorded_by: name(row.recorded_by),
            recorded_at: row.recorded_at,
            correction: row.corrected_at.map(|at| Correction {
                by: row.corrected_by.map(&name).unwrap_or_default(),
                at,
                reason: row.correction.unwrap_or_default(),
                replaced_by: row.replaced_by,
            }),
        })
        .collect())
}

/// Whose row it is.
pub fn young_person_of(
    ctx: &mut Ctx<'_>,
    id: &LegalStatusId,
) -> Result<Option<YoungPersonId>, Failure> {
    Ok(legal_statuses::table
        .filter(legal_statuses::id.eq(id))
        .select(legal_statuses::young_person_id)
        .first(ctx.conn)
        .optional()?)
}

pub(super) fn insert(
    ctx: &mut Ctx<'_>,
    id: &LegalStatusId,
    young_person: &YoungPersonId,
    basis: Basis,
    from: NaiveDate,
    note: Option<&str>,
) -> Result<(), Failure> {
    diesel::insert_into(legal_statuses::table)
        .values((
            legal_statuses::id.eq(id),
            legal_statuses::young_person_id.eq(young_person),
            legal_statuses::basis.eq(basis),
            legal_statuses::from_on.eq(from),
            legal_statuses::note.eq(note),
            legal_statuses::recorded_by.eq(ctx.actor.label()),
            legal_statuses::recorded_at.eq(ctx.now),
        ))
        .execute(ctx.conn)?;
    Ok(())
}

/// Marks a row as wrong. The first of two who correct it wins.
pub(super) fn mark_corrected(
    ctx: &mut Ctx<'_>,
    id: &LegalStatusId,
    reason: &str,
    replaced_by: Option<&LegalStatusId>,
) -> Result<(), Failure> {
    let changed = diesel::update(
        legal_statuses::table
            .filter(legal_statuses::id.eq(id))
            .filter(legal_statuses::corrected_at.is_null()),
    )
    .set((
        legal_statuses::corrected_by.eq(ctx.actor.label()),
        legal_statuses::corrected_at.eq(ctx.now),
        legal_statuses::correction.eq(reason),
        legal_statuses::replaced_by.eq(replaced_by),
    ))
    .execute(ctx.conn)?;
    if changed == 0 {
        return Err(Failure::ChangedMeanwhile);
    }
    Ok(())
}

#[derive(Queryable)]
struct FlagRow {
    id: FlagId,
    young_person: YoungPersonId,
    flag: Flag,
    from: NaiveDate,
    to: Option<NaiveDate>,
    note: Option<String>,
    in_error: bool,
    version: i32,
}

impl From<FlagRow> for Flagged {
    fn from(row: FlagRow) -> Self {
        Self {
            id: row.id,
            young_person: row.young_person,
            what: FlagWords {
                flag: row.flag,
                stretch: Stretch {
                    from: row.from,
                    to: row.to,
                },
                note: row.note,
                in_error: row.in_error,
            },
            version: row.version,
        }
    }
}

type FlagColumns = (
    legal_flags::id,
    legal_flags::young_person_id,
    legal_flags::flag,
    legal_flags::from_on,
    legal_flags::to_on,
    legal_flags::note,
    legal_flags::in_error,
    legal_flags::version,
);

const FLAG_COLUMNS: FlagColumns = (
    legal_flags::id,
    legal_flags::young_person_id,
    legal_flags::flag,
    legal_flags::from_on,
    legal_flags::to_on,
    legal_flags::note,
    legal_flags::in_error,
    legal_flags::version,
);

/// Every flag of a young person, the latest first.
pub fn flags(ctx: &mut Ctx<'_>, young_person: &YoungPersonId) -> Result<Vec<Flagged>, Failure> {
    let rows: Vec<FlagRow> = legal_flags::table
        .filter(legal_flags::young_person_id.eq(young_person))
        .order((legal_flags::from_on.desc(), legal_flags::id))
        .select(FLAG_COLUMNS)
        .load(ctx.conn)?;
    Ok(rows.into_iter().map(Flagged::from).collect())
}

pub fn flag(ctx: &mut Ctx<'_>, id: &FlagId) -> Result<Option<Flagged>, Failure> {
    let row: Option<FlagRow> = legal_flags::table
        .filter(legal_flags::id.eq(id))
        .select(FLAG_COLUMNS)
        .first(ctx.conn)
        .optional()?;
    Ok(row.map(Flagged::from))
}

pub(super) fn insert_flag(
    ctx: &mut Ctx<'_>,
    id: &FlagId,
    young_person: &YoungPersonId,
    what: &FlagWords,
) -> Result<(), Failure> {
    diesel::insert_into(legal_flags::table)
        .values((
            legal_flags::id.eq(id),
            legal_flags::young_person_id.eq(young_person),
            legal_flags::flag.eq(what.flag),
            legal_flags::from_on.eq(what.stretch.from),
            legal_flags::to_on.eq(what.stretch.to),
            legal_flags::note.eq(&what.note),
            legal_flags::in_error.eq(what.in_error),
            legal_flags::created_at.eq(ctx.now),
            legal_flags::version.eq(1),
        ))
        .execute(ctx.conn)?;
    Ok(())
}

pub(super) fn update_flag(
    ctx: &mut Ctx<'_>,
    id: &FlagId,
    version: i32,
    what: &FlagWords,
) -> Result<(), Failure> {
    let changed = diesel::update(
        legal_flags::table
            .filter(legal_flags::id.eq(id))
            .filter(legal_flags::version.eq(version)),
    )
    .set((
        legal_flags::flag.eq(what.flag),
        legal_flags::from_on.eq(what.stretch.from),
        legal_flags::to_on.eq(what.stretch.to),
        legal_flags::note.eq(&what.note),
        legal_flags::in_error.eq(what.in_error),
        legal_flags::version.eq(version + 1),
    ))
    .execute(ctx.conn)?;
    if changed == 0 {
        return Err(Failure::ChangedMeanwhile);
    }
    Ok(())
}
