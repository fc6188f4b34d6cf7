//! How young people are kept.

use chrono::{NaiveDate, NaiveDateTime};
use diesel::prelude::*;

use super::search::store::{keep_reference, rekey};
use super::{Described, Details, SourceRef, YoungPerson};
use crate::ctx::Ctx;
use crate::db::Link;
use crate::db::schema::{
    absence_covers, absences, allocations, cases, record_restrictions, referrals, stated_reasons,
    users, young_people, young_person_refs,
};
use crate::failure::Failure;
use crate::ids::{AbsenceId, CaseId, StatedReasonId, UserId, YoungPersonId};
use crate::text::name_key;

#[derive(Queryable)]
struct Row {
    id: YoungPersonId,
    first_name: String,
    last_name: String,
    known_as: Option<String>,
    date_of_birth: Option<NaiveDate>,
    gender: Option<String>,
    ethnicity: Option<String>,
    language: Option<String>,
    communication_needs: Option<String>,
    contact_warning: Option<String>,
    version: i32,
}

impl From<Row> for YoungPerson {
    fn from(row: Row) -> Self {
        Self {
            id: row.id,
            first_name: row.first_name,
            last_name: row.last_name,
            known_as: row.known_as,
            date_of_birth: row.date_of_birth,
            details: Details {
                gender: row.gender,
                ethnicity: row.ethnicity,
                language: row.language,
                communication_needs: row.communication_needs,
            },
            contact_warning: row.contact_warning,
            warnings: Vec::new(),
            restricted: false,
            version: row.version,
        }
    }
}

type Columns = (
    young_people::id,
    young_people::first_name,
    young_people::last_name,
    young_people::known_as,
    young_people::date_of_birth,
    young_people::gender,
    young_people::ethnicity,
    young_people::language,
    young_people::communication_needs,
    young_people::contact_warning,
    young_people::version,
);

const COLUMNS: Columns = (
    young_people::id,
    young_people::first_name,
    young_people::last_name,
    young_people::known_as,
    young_people::date_of_birth,
    young_people::gender,
    young_people::ethnicity,
    young_people::language,
    young_people::communication_needs,
    young_people::contact_warning,
    young_people::version,
);

pub fn find(ctx: &mut Ctx<'_>, id: &YoungPersonId) -> Result<Option<YoungPerson>, Failure> {
    let row: Option<Row> = young_people::table
        .filter(young_people::id.eq(id))
        .select(COLUMNS)
        .first(ctx.conn)
        .optional()?;
    Ok(row.map(YoungPerson::from))
}

pub fn by_ref(ctx: &mut Ctx<'_>, source: &SourceRef) -> Result<Option<YoungPerson>, Failure> {
    let row: Option<Row> = young_people::table
        .inner_join(
            young_person_refs::table.on(young_person_refs::young_person_id.eq(young_people::id)),
        )
        .filter(young_person_refs::source.eq(&source.source))
        .filter(young_person_refs::source_ref.eq(&source.reference))
        .select(COLUMNS)
        .first(ctx.conn)
        .optional()?;
    Ok(row.map(YoungPerson::from))
}

/// The record that an id stands for now: that of the record it was merged into, if it was.
pub fn standing(ctx: &mut Ctx<'_>, id: &YoungPersonId) -> Result<YoungPersonId, Failure> {
    let mut id = id.clone();
    // Each merge leads on to another record, and never back.
    while let Some(next) = young_people::table
        .filter(young_people::id.eq(&id))
        .select(young_people::merged_into)
        .first::<Option<YoungPersonId>>(ctx.conn)
        .optional()?
        .flatten()
    {
        id = next;
    }
    Ok(id)
}

/// Of these records, those that were merged, each with the one it stands for now.
pub fn merged_of(
    ctx: &mut Ctx<'_>,
    ids: &[YoungPersonId],
) -> Result<Vec<(YoungPersonId, YoungPersonId)>, Failure> {
    let merged: Vec<YoungPersonId> = young_people::table
        .filter(young_people::id.eq_any(ids))
        .filter(young_people::merged_into.is_not_null())
        .select(young_people::id)
        .load(ctx.conn)?;
    merged
        .into_iter()
        .map(|id| standing(ctx, &id).map(|stands_for| (id, stands_for)))
        .collect()
}

/// Every record that leads to this one, with the record itself.
pub fn with_merged(ctx: &mut Ctx<'_>, id: &YoungPersonId) -> Result<Vec<YoungPersonId>, Failure> {
    let (mut all, mut last) = (vec![id.clone()], vec![id.clone()]);
    while !last.is_empty() {
        last = young_people::table
            .filter(young_people::merged_into.eq_any(&last))
            .select(young_people::id)
            .load(ctx.conn)?;
        all.extend(last.iter().cloned());
    }
    Ok(all)
}

/// Marks a record as merged into another, or as standing for itself again.
pub(crate) fn set_merged_into(
    ctx: &mut Ctx<'_>,
    id: &YoungPersonId,
    into: Option<&YoungPersonId>,
) -> Result<(), Failure> {
    diesel::update(young_people::table.filter(young_people::id.eq(id)))
        .set((
            young_people::merged_into.eq(into),
            young_people::version.eq(young_people::version + 1),
        ))
        .execute(ctx.conn)?;
    Ok(())
}

/// Brings what a name is found by to what the name now is, after it was changed by other means
/// than [`update`].
pub(crate) fn renamed(ctx: &mut Ctx<'_>, id: &YoungPersonId) -> Result<(), Failure> {
    if let Some(person) = find(ctx, id)? {
        let key = name_key(&[
            &person.first_name,
            &person.last_name,
            person.known_as.as_deref().unwrap_or_default(),
        ]);
        diesel::update(young_people::table.filter(young_people::id.eq(id)))
            .set((
                young_people::name_key.eq(key),
                young_people::version.eq(young_people::version + 1),
            ))
            .execute(ctx.conn)?;
    }
    rekey(ctx, id)
}

/// Brings what a name is found by to what the name is again, where the whole record was put back.
pub(crate) fn found_by_their_name(ctx: &mut Ctx<'_>, id: &YoungPersonId) -> Result<(), Failure> {
    rekey(ctx, id)
}

/// Holds one young person until the transaction ends, so that two people (or a person and an
/// import) never decide about the same child at once. SQLite has one writer anyway.
pub fn hold(ctx: &mut Ctx<'_>, id: &YoungPersonId) -> Result<(), Failure> {
    if let Link::Postgres(conn) = ctx.conn {
        young_people::table
            .filter(young_people::id.eq(id))
            .select(young_people::id)
            .for_update()
            .first::<YoungPersonId>(conn)?;
    }
    Ok(())
}

/// These people, by name.
pub fn by_ids(ctx: &mut Ctx<'_>, ids: &[YoungPersonId]) -> Result<Vec<YoungPerson>, Failure> {
    let rows: Vec<Row> = young_people::table
        .filter(young_people::id.eq_any(ids))
        .order((
            young_people::last_name,
            young_people::first_name,
            young_people::id,
        ))
        .select(COLUMNS)
        .load(ctx.conn)?;
    Ok(rows.into_iter().map(YoungPerson::from).collect())
}

/// The references other systems know somebody by.
pub fn refs(ctx: &mut Ctx<'_>, id: &YoungPersonId) -> Result<Vec<SourceRef>, Failure> {
    let rows: Vec<(String, String)> = young_person_refs::table
        .filter(young_person_refs::young_person_id.eq(id))
        .order((young_person_refs::source, young_person_refs::source_ref))
        .select((young_person_refs::source, young_person_refs::source_ref))
        .load(ctx.conn)?;
    Ok(rows
        .into_iter()
        .map(|(source, reference)| SourceRef { source, reference })
        .collect())
}

fn key_of(described: &Described, known_as: Option<&str>) -> String {
    name_key(&[
        described.first_name.as_str(),
        described.last_name.as_str(),
        known_as.unwrap_or_default(),
    ])
}

pub(super) fn insert(
    ctx: &mut Ctx<'_>,
    id: &YoungPersonId,
    described: &Described,
) -> Result<(), Failure> {
    diesel::insert_into(young_people::table)
        .values((
            young_people::id.eq(id),
            young_people::first_name.eq(described.first_name.as_str()),
            young_people::last_name.eq(described.last_name.as_str()),
            young_people::name_key.eq(key_of(described, None)),
            young_people::date_of_birth.eq(described.date_of_birth),
            young_people::gender.eq(&described.details.gender),
            young_people::ethnicity.eq(&described.details.ethnicity),
            young_people::language.eq(&described.details.language),
            young_people::communication_needs.eq(&described.details.communication_needs),
            young_people::contact_warning.eq(&described.contact_warning),
            young_people::created_at.eq(ctx.now),
            young_people::version.eq(1),
        ))
        .execute(ctx.conn)?;
    rekey(ctx, id)
}

pub(super) fn insert_ref(
    ctx: &mut Ctx<'_>,
    id: &YoungPersonId,
    source: &SourceRef,
) -> Result<(), Failure> {
    diesel::insert_into(young_person_refs::table)
        .values((
            young_person_refs::source.eq(&source.source),
            young_person_refs::source_ref.eq(&source.reference),
            young_person_refs::young_person_id.eq(id),
        ))
        .execute(ctx.conn)?;
    keep_reference(ctx, id, &source.reference)
}

pub(super) fn update(
    ctx: &mut Ctx<'_>,
    person: &YoungPerson,
    described: &Described,
) -> Result<(), Failure> {
    let changed = diesel::update(
        young_people::table
            .filter(young_people::id.eq(&person.id))
            .filter(young_people::version.eq(person.version)),
    )
    .set((
        young_people::first_name.eq(described.first_name.as_str()),
        young_people::last_name.eq(described.last_name.as_str()),
        young_people::name_key.eq(key_of(described, person.known_as.as_deref())),
        young_people::date_of_birth.eq(described.date_of_birth),
        young_people::gender.eq(&described.details.gender),
        young_people::ethnicity.eq(&described.details.ethnicity),
        young_people::language.eq(&described.details.language),
        young_people::communication_needs.eq(&described.details.communication_needs),
        young_people::contact_warning.eq(&described.contact_warning),
        young_people::version.eq(person.version + 1),
    ))
    .execute(ctx.conn)?;
    if changed == 0 {
        return Err(Failure::ChangedMeanwhile);
    }
    rekey(ctx, &person.id)
}

/// The records that are closed to whoever acts. Every list that shows young people leaves them
/// out: what you may not know looks like what is not there.
pub fn closed_to_me(ctx: &mut Ctx<'_>) -> Result<Vec<YoungPersonId>, Failure> {
    let Some(me) = ctx.actor.user_id() else {
        return Ok(Vec::new());
    };
    Ok(record_restrictions::table
        .filter(record_restrictions::user_id.eq(me))
        .filter(record_restrictions::ended_on.is_null())
        .select(record_restrictions::young_person_id)
        .load(ctx.conn)?)
}

/// Does whoever acts hold a case of this young person now, or a referral that waits?
pub fn is_mine(ctx: &mut Ctx<'_>, young_person: &YoungPersonId) -> Result<bool, Failure> {
    let Some(me) = ctx.actor.user_id() else {
        return Ok(false);
    };
    let held: Option<YoungPersonId> = allocations::table
        .inner_join(cases::table)
        .filter(cases::young_person_id.eq(young_person))
        .filter(allocations::officer_id.eq(me))
        .filter(allocations::to_on.is_null())
        .select(cases::young_person_id)
        .first(ctx.conn)
        .optional()?;
    let waits: Option<YoungPersonId> = referrals::table
        .filter(referrals::young_person_id.eq(young_person))
        .filter(referrals::officer_id.eq(me))
        .filter(referrals::outcome.eq("pending"))
        .select(referrals::young_person_id)
        .first(ctx.conn)
        .optional()?;
    Ok(held.or(waits).is_some())
}

/// Does whoever acts cover the work for this young person today, while its officer is away? Who
/// covers a single case goes before who covers all of an officer's work.
pub fn i_cover(ctx: &mut Ctx<'_>, young_person: &YoungPersonId) -> Result<bool, Failure> {
    let Some(me) = ctx.actor.user_id() else {
        return Ok(false);
    };
    let away: Vec<(AbsenceId, UserId, Option<UserId>)> = absences::table
        .filter(absences::cancelled_at.is_null())
        .filter(absences::from_on.le(ctx.today))
        .filter(absences::to_on.ge(ctx.today))
        .select((absences::id, absences::officer_id, absences::covered_by))
        .load(ctx.conn)?;
    if away.is_empty() {
        return Ok(false);
    }
    let held: Vec<(CaseId, UserId)> = allocations::table
        .inner_join(cases::table)
        .filter(cases::young_person_id.eq(young_person))
        .filter(allocations::to_on.is_null())
        .select((cases::id, allocations::officer_id))
        .load(ctx.conn)?;
    let waits: Vec<Option<UserId>> = referrals::table
        .filter(referrals::young_person_id.eq(young_person))
        .filter(referrals::outcome.eq("pending"))
        .select(referrals::officer_id)
        .load(ctx.conn)?;
    let single: Vec<(AbsenceId, CaseId, UserId)> = absence_covers::table
        .filter(absence_covers::case_id.eq_any(held.iter().map(|(case, _)| case)))
        .select((
            absence_covers::absence_id,
            absence_covers::case_id,
            absence_covers::officer_id,
        ))
        .load(ctx.conn)?;
    Ok(away.iter().any(|(absence, officer, all)| {
        let covers_all = all.as_ref() == Some(me);
        let of_case = held
            .iter()
            .filter(|(_, holder)| holder == officer)
            .any(|(case, _)| {
                let own = single
                    .iter()
                    .find(|(of, it, _)| of == absence && it == case);
                own.map_or(covers_all, |(_, _, cover)| cover == me)
            });
        of_case || covers_all && waits.iter().flatten().any(|holder| holder == officer)
    }))
}

/// Whom a record is closed to.
pub fn closed_to(ctx: &mut Ctx<'_>, id: &YoungPersonId) -> Result<Vec<UserId>, Failure> {
    Ok(record_restrictions::table
        .filter(record_restrictions::young_person_id.eq(id))
        .filter(record_restrictions::ended_on.is_null())
        .select(record_restrictions::user_id)
        .load(ctx.conn)?)
}

/// Has whoever acts stated a reason for this record that still holds?
pub fn reason_holds(ctx: &mut Ctx<'_>, young_person: &YoungPersonId) -> Result<bool, Failure> {
    let Some(me) = ctx.actor.user_id() else {
        return Ok(false);
    };
    let found: Option<StatedReasonId> = stated_reasons::table
        .filter(stated_reasons::young_person_id.eq(young_person))
        .filter(stated_reasons::user_id.eq(me))
        .filter(stated_reasons::ends_at.gt(ctx.now))
        .select(stated_reasons::id)
        .first(ctx.conn)
        .optional()?;
    Ok(found.is_some())
}

/// A manager's stated reason, as the senior officer reads it.
#[derive(Debug, Clone, Queryable)]
pub struct StatedReason {
    pub who: String,
    pub reason: String,
    pub stated_at: NaiveDateTime,
    pub young_person: YoungPersonId,
    pub first_name: String,
    pub last_name: String,
}

/// The reasons stated since an instant, newest first.
pub fn reasons_since(
    ctx: &mut Ctx<'_>,
    since: NaiveDateTime,
) -> Result<Vec<StatedReason>, Failure> {
    let closed = closed_to_me(ctx)?;
    Ok(stated_reasons::table
        .inner_join(users::table)
        .inner_join(young_people::table)
        .filter(stated_reasons::stated_at.ge(since))
        .filter(stated_reasons::young_person_id.ne_all(closed))
        .order(stated_reasons::stated_at.desc())
        .select((
            users::name,
            stated_reasons::reason,
            stated_reasons::stated_at,
            young_people::id,
            young_people::first_name,
            young_people::last_name,
        ))
        .load(ctx.conn)?)
}

pub(super) fn insert_reason(
    ctx: &mut Ctx<'_>,
    young_person: &YoungPersonId,
    user: &UserId,
    reason: &str,
    ends_at: NaiveDateTime,
) -> Result<(), Failure> {
    diesel::insert_into(stated_reasons::table)
        .values((
            stated_reasons::id.eq(StatedReasonId::random()),
            stated_reasons::user_id.eq(user),
            stated_reasons::young_person_id.eq(young_person),
            stated_reasons::reason.eq(reason),
            stated_reasons::stated_at.eq(ctx.now),
            stated_reasons::ends_at.eq(ends_at),
        ))
        .execute(ctx.conn)?;
    Ok(())
}
