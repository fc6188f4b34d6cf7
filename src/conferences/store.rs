//! How conferences and the children on them are kept.

use chrono::NaiveDate;
use diesel::prelude::*;
use diesel::upsert::excluded;

use super::rules::Seat;
use super::{Carer, ConferenceChild, Kind, Place, Seated, Status};
use crate::ctx::Ctx;
use crate::db::schema::{
    conference_children, conferences, import_batches, schedule_holds, young_people,
};
use crate::each_db;
use crate::failure::Failure;
use crate::ids::{BatchId, ConferenceChildId, ConferenceId, YoungPersonId};
use crate::young_people::store::closed_to_me;

/// SQLite takes some thirty thousand values in a question.
const AT_ONCE: usize = 10_000;

#[derive(Queryable)]
struct Row {
    id: ConferenceChildId,
    conference_id: ConferenceId,
    young_person_id: YoungPersonId,
    kind: Kind,
    held_on: NaiveDate,
    starts_at: Option<String>,
    venue: Option<String>,
    chair: Option<String>,
    status: Status,
    strategy_discussion_on: Option<NaiveDate>,
    notified_on: Option<NaiveDate>,
    carer_name: Option<String>,
    carer_relationship: Option<String>,
    carer_phone: Option<String>,
    carer_email: Option<String>,
    social_worker_name: Option<String>,
    social_worker_email: Option<String>,
    team: Option<String>,
    transferring_authority: Option<String>,
    contact_warning: Option<String>,
    fingerprint: String,
    said_status: Option<Status>,
    version: i32,
}

impl From<Row> for ConferenceChild {
    fn from(row: Row) -> Self {
        Self {
            id: row.id,
            conference: row.conference_id,
            young_person: row.young_person_id,
            place: Place {
                kind: row.kind,
                held_on: row.held_on,
                starts_at: row.starts_at,
                venue: row.venue,
                chair: row.chair,
                status: row.status,
                strategy_discussion_on: row.strategy_discussion_on,
                notified_on: row.notified_on,
                carer: Carer {
                    name: row.carer_name,
                    relationship: row.carer_relationship,
                    phone: row.carer_phone,
                    email: row.carer_email,
                },
                social_worker_name: row.social_worker_name,
                social_worker_email: row.social_worker_email,
                team: row.team,
                transferring_authority: row.transferring_authority,
                contact_warning: row.contact_warning,
            },
            fingerprint: row.fingerprint,
            said_status: row.said_status,
            version: row.version,
        }
    }
}

macro_rules! columns {
    () => {
        (
            conference_children::id,
            conference_children::conference_id,
            conference_children::young_person_id,
            conference_children::kind,
            conference_children::held_on,
            conference_children::starts_at,
            conference_children::venue,
            conference_children::chair,
            conference_children::status,
            conference_children::strategy_discussion_on,
            conference_children::notified_on,
            conference_children::carer_name,
            conference_children::carer_relationship,
            conference_children::carer_phone,
            conference_children::carer_email,
            conference_children::social_worker_name,
            conference_children::social_worker_email,
            conference_children::team,
            conference_children::transferring_authority,
            conference_children::contact_warning,
            conference_children::fingerprint,
            conference_children::said_status,
            conference_children::version,
        )
    };
}

pub fn find(ctx: &mut Ctx<'_>, id: &ConferenceChildId) -> Result<Option<ConferenceChild>, Failure> {
    let row: Option<Row> = conference_children::table
        .filter(conference_children::id.eq(id))
        .select(columns!())
        .first(ctx.conn)
        .optional()?;
    Ok(row.map(ConferenceChild::from))
}

/// The row of a child on a conference, by the references of the systems they came from.
pub fn by_refs(
    ctx: &mut Ctx<'_>,
    source: &str,
    conference_ref: &str,
    child_ref: &str,
) -> Result<Option<ConferenceChild>, Failure> {
    let row: Option<Row> = conference_children::table
        .inner_join(conferences::table)
        .filter(conferences::source.eq(source))
        .filter(conferences::source_ref.eq(conference_ref))
        .filter(conference_children::child_ref.eq(child_ref))
        .select(columns!())
        .first(ctx.conn)
        .optional()?;
    Ok(row.map(ConferenceChild::from))
}

/// The children on a conference, by the reference of the system it came from.
pub fn children_by_ref(
    ctx: &mut Ctx<'_>,
    source: &str,
    conference_ref: &str,
) -> Result<Vec<YoungPersonId>, Failure> {
    Ok(conference_children::table
        .inner_join(conferences::table)
        .filter(conferences::source.eq(source))
        .filter(conferences::source_ref.eq(conference_ref))
        .select(conference_children::young_person_id)
        .load(ctx.conn)?)
}

/// Every conference a young person is on, the latest first.
pub fn of_young_person(
    ctx: &mut Ctx<'_>,
    id: &YoungPersonId,
) -> Result<Vec<ConferenceChild>, Failure> {
    let rows: Vec<Row> = conference_children::table
        .filter(conference_children::young_person_id.eq(id))
        .order((conference_children::held_on.desc(), conference_children::id))
        .select(columns!())
        .load(ctx.conn)?;
    Ok(rows.into_iter().map(ConferenceChild::from).collect())
}

/// A brother or sister: somebody else on the same conference.
#[derive(Debug, Clone, Queryable)]
pub struct Sibling {
    pub young_person: YoungPersonId,
    pub first_name: String,
    pub last_name: String,
    pub date_of_birth: Option<NaiveDate>,
    pub held_on: NaiveDate,
    pub status: Status,
}

pub fn siblings(
    ctx: &mut Ctx<'_>,
    conference: &ConferenceId,
    but: &YoungPersonId,
) -> Result<Vec<Sibling>, Failure> {
    let closed = closed_to_me(ctx)?;
    Ok(conference_children::table
        .inner_join(young_people::table)
        .filter(conference_children::conference_id.eq(conference))
        .filter(conference_children::young_person_id.ne(but))
        .filter(conference_children::young_person_id.ne_all(closed))
        .order((young_people::date_of_birth, young_people::first_name))
        .select((
            young_people::id,
            young_people::first_name,
            young_people::last_name,
            young_people::date_of_birth,
            conference_children::held_on,
            conference_children::status,
        ))
        .load(ctx.conn)?)
}

pub(super) fn conference_id(
    ctx: &mut Ctx<'_>,
    source: &str,
    conference_ref: &str,
) -> Result<ConferenceId, Failure> {
    let known: Option<ConferenceId> = conferences::table
        .filter(conferences::source.eq(source))
        .filter(conferences::source_ref.eq(conference_ref))
        .select(conferences::id)
        .first(ctx.conn)
        .optional()?;
    if let Some(id) = known {
        return Ok(id);
    }
    let id = ConferenceId::random();
    diesel::insert_into(conferences::table)
        .values((
            conferences::id.eq(&id),
            conferences::source.eq(source),
            conferences::source_ref.eq(conference_ref),
        ))
        .execute(ctx.conn)?;
    Ok(id)
}

#[derive(Insertable, AsChangeset)]
#[diesel(table_name = conference_children)]
#[diesel(treat_none_as_null = true)]
struct PlaceRow<'a> {
    kind: Kind,
    held_on: NaiveDate,
    starts_at: Option<&'a str>,
    venue: Option<&'a str>,
    chair: Option<&'a str>,
    status: Status,
    strategy_discussion_on: Option<NaiveDate>,
    notified_on: Option<NaiveDate>,
    carer_name: Option<&'a str>,
    carer_relationship: Option<&'a str>,
    carer_phone: Option<&'a str>,
    carer_email: Option<&'a str>,
    social_worker_name: Option<&'a str>,
    social_worker_email: Option<&'a str>,
    team: Option<&'a str>,
    transferring_authority: Option<&'a str>,
    contact_warning: Option<&'a str>,
    fingerprint: &'a str,
}

impl<'a> PlaceRow<'a> {
    fn new(place: &'a Place, fingerprint: &'a str) -> Self {
        Self {
            kind: place.kind,
            held_on: place.held_on,
            starts_at: place.starts_at.as_deref(),
            venue: place.venue.as_deref(),
            chair: place.chair.as_deref(),
            status: place.status,
            strategy_discussion_on: place.strategy_discussion_on,
            notified_on: place.notified_on,
            carer_name: place.carer.name.as_deref(),
            carer_relationship: place.carer.relationship.as_deref(),
            carer_phone: place.carer.phone.as_deref(),
            carer_email: place.carer.email.as_deref(),
            social_worker_name: place.social_worker_name.as_deref(),
            social_worker_email: place.social_worker_email.as_deref(),
            team: place.team.as_deref(),
            transferring_authority: place.transferring_authority.as_deref(),
            contact_warning: place.contact_warning.as_deref(),
            fingerprint,
        }
    }
}

pub(super) fn insert(
    ctx: &mut Ctx<'_>,
    child: &ConferenceChild,
    child_ref: &str,
) -> Result<(), Failure> {
    diesel::insert_into(conference_children::table)
        .values((
            conference_children::id.eq(&child.id),
            conference_children::conference_id.eq(&child.conference),
            conference_children::child_ref.eq(child_ref),
            conference_children::young_person_id.eq(&child.young_person),
            PlaceRow::new(&child.place, &child.fingerprint),
            conference_children::created_at.eq(ctx.now),
            conference_children::version.eq(child.version),
        ))
        .execute(ctx.conn)?;
    Ok(())
}

/// Keeps a child as they stand now, if nobody changed the row meanwhile.
pub(super) fn update(ctx: &mut Ctx<'_>, child: &ConferenceChild) -> Result<(), Failure> {
    let changed = diesel::update(
        conference_children::table
            .filter(conference_children::id.eq(&child.id))
            .filter(conference_children::version.eq(child.version)),
    )
    .set((
        PlaceRow::new(&child.place, &child.fingerprint),
        conference_children::said_status.eq(child.said_status),
        conference_children::version.eq(child.version + 1),
    ))
    .execute(ctx.conn)?;
    if changed == 0 {
        return Err(Failure::ChangedMeanwhile);
    }
    Ok(())
}

/// Notes the import that held these rows last. What is on record of the children stays as it is.
pub fn set_last_batch(
    ctx: &mut Ctx<'_>,
    children: &[ConferenceChildId],
    batch: &BatchId,
) -> Result<(), Failure> {
    for chunk in children.chunks(AT_ONCE) {
        each_db!(ctx.conn, c => diesel::insert_into(schedule_holds::table)
            .values(held_by(chunk, batch))
            .on_conflict(schedule_holds::conference_child_id)
            .do_update()
            .set(schedule_holds::batch_id.eq(excluded(schedule_holds::batch_id)))
            .execute(c)?);
    }
    Ok(())
}

/// Notes the import that held a row which came on record only afterwards. One that a later file
/// held stays that file's.
pub fn set_first_batch(
    ctx: &mut Ctx<'_>,
    children: &[ConferenceChildId],
    batch: &BatchId,
) -> Result<(), Failure> {
    each_db!(ctx.conn, c => diesel::insert_into(schedule_holds::table)
        .values(held_by(children, batch))
        .on_conflict_do_nothing()
        .execute(c)?);
    Ok(())
}

type Held<'h> = (
    diesel::dsl::Eq<schedule_holds::conference_child_id, &'h ConferenceChildId>,
    diesel::dsl::Eq<schedule_holds::batch_id, &'h BatchId>,
);

fn held_by<'h>(children: &'h [ConferenceChildId], batch: &'h BatchId) -> Vec<Held<'h>> {
    children
        .iter()
        .map(|child| {
            (
                schedule_holds::conference_child_id.eq(child),
                schedule_holds::batch_id.eq(batch),
            )
        })
        .collect()
}

/// The rows that earlier imports of a source held of conferences that are to take place in these
/// days.
pub fn to_come_from(
    ctx: &mut Ctx<'_>,
    source: &str,
    from: NaiveDate,
    to: NaiveDate,
) -> Result<Vec<ConferenceChildId>, Failure> {
    Ok(conference_children::table
        .inner_join(schedule_holds::table.inner_join(import_batches::table))
        .filter(import_batches::undone_at.is_null())
        .filter(import_batches::source.eq(source))
        .filter(conference_children::held_on.between(from, to))
        .filter(conference_children::status.eq_any([Status::Scheduled, Status::Moved]))
        .select(conference_children::id)
        .load(ctx.conn)?)
}

/// Every child on a conference on its day, whoever may know them.
pub fn children_of(
    ctx: &mut Ctx<'_>,
    conference: &ConferenceId,
    on: NaiveDate,
) -> Result<Vec<ConferenceChild>, Failure> {
    let rows: Vec<Row> = conference_children::table
        .filter(conference_children::conference_id.eq(conference))
        .filter(conference_children::held_on.eq(on))
        .order(conference_children::id)
        .select(columns!())
        .load(ctx.conn)?;
    Ok(rows.into_iter().map(ConferenceChild::from).collect())
}

/// The others on a conference, with what the rule asks about each, whoever may know them.
pub fn others_on(
    ctx: &mut Ctx<'_>,
    conference: &ConferenceId,
    but: &YoungPersonId,
) -> Result<Vec<(ConferenceChild, Option<NaiveDate>)>, Failure> {
    let rows: Vec<(Row, Option<NaiveDate>)> = conference_children::table
        .inner_join(young_people::table)
        .filter(conference_children::conference_id.eq(conference))
        .filter(conference_children::young_person_id.ne(but))
        .order(conference_children::id)
        .select((columns!(), young_people::date_of_birth))
        .load(ctx.conn)?;
    Ok(rows
        .into_iter()
        .map(|(row, born)| (row.into(), born))
        .collect())
}

type SeatedColumns = (
    ConferenceId,
    YoungPersonId,
    String,
    Kind,
    Status,
    NaiveDate,
    Option<NaiveDate>,
);

macro_rules! seated_columns {
    () => {
        (
            conference_children::conference_id,
            conference_children::young_person_id,
            conference_children::child_ref,
            conference_children::kind,
            conference_children::status,
            conference_children::held_on,
            young_people::date_of_birth,
        )
    };
}

fn seated(rows: Vec<SeatedColumns>) -> Vec<Seated> {
    rows.into_iter()
        .map(
            |(conference, young_person, child_ref, kind, status, held_on, date_of_birth)| Seated {
                conference,
                young_person,
                child_ref,
                seat: Seat {
                    kind,
                    status,
                    held_on,
                    date_of_birth,
                },
            },
        )
        .collect()
}

/// Everybody on these conferences, whoever may know them: the rule counts them all.
pub fn seated_on(ctx: &mut Ctx<'_>, conferences: &[ConferenceId]) -> Result<Vec<Seated>, Failure> {
    let mut found = Vec::new();
    for chunk in conferences.chunks(AT_ONCE) {
        found.extend(seated(
            conference_children::table
                .inner_join(young_people::table)
                .filter(conference_children::conference_id.eq_any(chunk))
                .select(seated_columns!())
                .load(ctx.conn)?,
        ));
    }
    Ok(found)
}

/// Everybody on the conferences of these days.
pub fn seated_between(
    ctx: &mut Ctx<'_>,
    from: NaiveDate,
    to: NaiveDate,
) -> Result<Vec<Seated>, Failure> {
    Ok(seated(
        conference_children::table
            .inner_join(young_people::table)
            .filter(conference_children::held_on.between(from, to))
            .select(seated_columns!())
            .load(ctx.conn)?,
    ))
}

/// The day of the first conference on record.
pub fn first_day(ctx: &mut Ctx<'_>) -> Result<Option<NaiveDate>, Failure> {
    Ok(conference_children::table
        .select(diesel::dsl::min(conference_children::held_on))
        .first(ctx.conn)?)
}

/// Everybody on a conference, by the reference of the system it came from.
pub fn seated_by_ref(
    ctx: &mut Ctx<'_>,
    source: &str,
    conference_ref: &str,
) -> Result<Vec<Seated>, Failure> {
    Ok(seated(
        conference_children::table
            .inner_join(conferences::table)
            .inner_join(young_people::table)
            .filter(conferences::source.eq(source))
            .filter(conferences::source_ref.eq(conference_ref))
            .select(seated_columns!())
            .load(ctx.conn)?,
    ))
}

/// A child on a conference, by name.
#[derive(Debug, Clone)]
pub struct Listed {
    pub child: ConferenceChild,
    pub name: String,
    pub date_of_birth: Option<NaiveDate>,
}

/// The children on the conferences of these days, by conference; the oldest first. Those whose
/// record is closed to whoever asks are not among them.
pub fn listed(ctx: &mut Ctx<'_>, from: NaiveDate, to: NaiveDate) -> Result<Vec<Listed>, Failure> {
    type Named = (Row, (String, String, Option<NaiveDate>));
    let closed = closed_to_me(ctx)?;
    let rows: Vec<Named> = conference_children::table
        .inner_join(young_people::table)
        .filter(conference_children::held_on.between(from, to))
        .filter(conference_children::young_person_id.ne_all(closed))
        .order((
            conference_children::held_on,
            conference_children::starts_at,
            conference_children::conference_id,
            young_people::date_of_birth,
            conference_children::id,
        ))
        .select((
            columns!(),
            (
                young_people::first_name,
                young_people::last_name,
                young_people::date_of_birth,
            ),
        ))
        .load(ctx.conn)?;
    Ok(rows
        .into_iter()
        .map(|(row, (first, last, date_of_birth))| Listed {
            child: row.into(),
            name: format!("{first} {last}"),
            date_of_birth,
        })
        .collect())
}

/// Those who were ever on a conference with a young person: their brothers and sisters.
pub(super) fn conferred_with(
    ctx: &mut Ctx<'_>,
    id: &YoungPersonId,
) -> Result<Vec<YoungPersonId>, Failure> {
    let this = diesel::alias!(conference_children as this_child);
    Ok(conference_children::table
        .inner_join(
            this.on(this
                .field(conference_children::conference_id)
                .eq(conference_children::conference_id)),
        )
        .filter(this.field(conference_children::young_person_id).eq(id))
        .filter(conference_children::young_person_id.ne(id))
        .select(conference_children::young_person_id)
        .distinct()
        .load(ctx.conn)?)
}

/// A conference ahead, as a line of somebody's work.
#[derive(Debug, Clone, Queryable)]
pub struct Ahead {
    pub young_person: YoungPersonId,
    pub first_name: String,
    pub last_name: String,
    pub kind: Kind,
    pub held_on: NaiveDate,
}

/// The conferences of these young people between two days, soonest first.
pub fn ahead(
    ctx: &mut Ctx<'_>,
    people: &[YoungPersonId],
    from: NaiveDate,
    to: NaiveDate,
) -> Result<Vec<Ahead>, Failure> {
    Ok(conference_children::table
        .inner_join(young_people::table)
        .filter(conference_children::young_person_id.eq_any(people))
        .filter(conference_children::held_on.between(from, to))
        .filter(conference_children::status.ne_all([Status::Cancelled, Status::Held]))
        .order((conference_children::held_on, conference_children::id))
        .select((
            conference_children::young_person_id,
            young_people::first_name,
            young_people::last_name,
            conference_children::kind,
            conference_children::held_on,
        ))
        .load(ctx.conn)?)
}
