//! How outcomes are kept.

use chrono::NaiveDate;
use diesel::prelude::*;

use super::{Noted, Outcome, SaidBy};
use crate::calendar::Period;
use crate::ctx::Ctx;
use crate::db::schema::{cases, outcomes};
use crate::failure::Failure;
use crate::ids::{CaseId, OutcomeId, YoungPersonId};
use crate::referrals::Stream;

#[derive(Queryable)]
struct Row {
    id: OutcomeId,
    case_id: CaseId,
    young_person_id: YoungPersonId,
    tag: String,
    seen_on: NaiveDate,
    said_by: SaidBy,
    note: Option<String>,
    removed_on: Option<NaiveDate>,
    version: i32,
}

impl From<Row> for Outcome {
    fn from(row: Row) -> Self {
        Self {
            id: row.id,
            case: row.case_id,
            young_person: row.young_person_id,
            noted: Noted {
                tag: row.tag,
                seen_on: row.seen_on,
                said_by: row.said_by,
                note: row.note,
            },
            removed_on: row.removed_on,
            version: row.version,
        }
    }
}

macro_rules! columns {
    () => {
        (
            outcomes::id,
            outcomes::case_id,
            outcomes::young_person_id,
            outcomes::tag,
            outcomes::seen_on,
            outcomes::said_by,
            outcomes::note,
            outcomes::removed_on,
            outcomes::version,
        )
    };
}

pub fn find(ctx: &mut Ctx<'_>, id: &OutcomeId) -> Result<Option<Outcome>, Failure> {
    let row: Option<Row> = outcomes::table
        .filter(outcomes::id.eq(id))
        .select(columns!())
        .first(ctx.conn)
        .optional()?;
    Ok(row.map(Outcome::from))
}

/// The outcomes of a case that stand, the latest first.
pub fn of_case(ctx: &mut Ctx<'_>, case: &CaseId) -> Result<Vec<Outcome>, Failure> {
    let rows: Vec<Row> = outcomes::table
        .filter(outcomes::case_id.eq(case))
        .filter(outcomes::removed_on.is_null())
        .order((
            outcomes::seen_on.desc(),
            outcomes::created_at.desc(),
            outcomes::id,
        ))
        .select(columns!())
        .load(ctx.conn)?;
    Ok(rows.into_iter().map(Outcome::from).collect())
}

/// The outcomes of a young person that stand, the latest first.
pub fn of_young_person(ctx: &mut Ctx<'_>, id: &YoungPersonId) -> Result<Vec<Outcome>, Failure> {
    let rows: Vec<Row> = outcomes::table
        .filter(outcomes::young_person_id.eq(id))
        .filter(outcomes::removed_on.is_null())
        .order((
            outcomes::seen_on.desc(),
            outcomes::created_at.desc(),
            outcomes::id,
        ))
        .select(columns!())
        .load(ctx.conn)?;
    Ok(rows.into_iter().map(Outcome::from).collect())
}

/// How often each tag was noted in a period, in a stream or in both.
pub fn counts(
    ctx: &mut Ctx<'_>,
    period: Period,
    stream: Option<Stream>,
) -> Result<Vec<(String, i64)>, Failure> {
    let mut query = outcomes::table
        .inner_join(cases::table)
        .filter(outcomes::removed_on.is_null())
        .filter(outcomes::seen_on.between(period.from, period.to))
        .group_by(outcomes::tag)
        .order(outcomes::tag)
        .select((outcomes::tag, diesel::dsl::count(outcomes::id)))
        .into_boxed();
    if let Some(stream) = stream {
        query = query.filter(cases::stream.eq(stream));
    }
    Ok(query.load(ctx.conn)?)
}

pub(super) fn insert(
    ctx: &mut Ctx<'_>,
    id: &OutcomeId,
    case: &CaseId,
    young_person: &YoungPersonId,
    noted: &Noted,
) -> Result<(), Failure> {
    diesel::insert_into(outcomes::table)
        .values((
            outcomes::id.eq(id),
            outcomes::case_id.eq(case),
            outcomes::young_person_id.eq(young_person),
            outcomes::tag.eq(&noted.tag),
            outcomes::seen_on.eq(noted.seen_on),
            outcomes::said_by.eq(noted.said_by),
            outcomes::note.eq(&noted.note),
            outcomes::added_by.eq(ctx.actor.label()),
            outcomes::created_at.eq(ctx.now),
            outcomes::version.eq(1),
        ))
        .execute(ctx.conn)?;
    Ok(())
}

pub(super) fn update(ctx: &mut Ctx<'_>, outcome: &Outcome) -> Result<(), Failure> {
    let changed = diesel::update(
        outcomes::table
            .filter(outcomes::id.eq(&outcome.id))
            .filter(outcomes::version.eq(outcome.version)),
    )
    .set((
        outcomes::tag.eq(&outcome.noted.tag),
        outcomes::seen_on.eq(outcome.noted.seen_on),
        outcomes::said_by.eq(outcome.noted.said_by),
        outcomes::note.eq(&outcome.noted.note),
        outcomes::removed_on.eq(outcome.removed_on),
        outcomes::version.eq(outcome.version + 1),
    ))
    .execute(ctx.conn)?;
    if changed == 0 {
        return Err(Failure::ChangedMeanwhile);
    }
    Ok(())
}
