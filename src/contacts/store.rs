//! How contacts are kept.

use std::collections::HashMap;

use chrono::NaiveDate;
use diesel::dsl::max;
use diesel::prelude::*;

use super::{Contact, Person, Told, WithWhom, Words};
use crate::conferences;
use crate::ctx::Ctx;
use crate::db::schema::{case_spells, cases, contact_people, contacts, users, young_people};
use crate::failure::Failure;
use crate::ids::{CaseId, ContactId, YoungPersonId};
use crate::referrals::Method;
use crate::young_people::store::closed_to_me;

#[derive(Queryable)]
struct Row {
    id: ContactId,
    method: Method,
    made: bool,
    made_on: NaiveDate,
    with_whom: WithWhom,
    with_name: Option<String>,
    minutes: Option<i32>,
    note: Option<String>,
    error_reason: Option<String>,
    recorded_by: String,
    version: i32,
}

macro_rules! columns {
    () => {
        (
            contacts::id,
            contacts::method,
            contacts::made,
            contacts::made_on,
            contacts::with_whom,
            contacts::with_name,
            contacts::minutes,
            contacts::note,
            contacts::error_reason,
            users::name,
            contacts::version,
        )
    };
}

/// The contacts with those they were about. Whose record is closed to whoever asks is left out,
/// and the note about all with them.
fn whole(ctx: &mut Ctx<'_>, rows: Vec<Row>) -> Result<Vec<Contact>, Failure> {
    type Columns = (
        ContactId,
        CaseId,
        YoungPersonId,
        String,
        String,
        Option<String>,
        Option<String>,
    );
    let closed = closed_to_me(ctx)?;
    let ids: Vec<&ContactId> = rows.iter().map(|row| &row.id).collect();
    let people: Vec<Columns> = contact_people::table
        .inner_join(young_people::table)
        .filter(contact_people::contact_id.eq_any(ids))
        .order((
            young_people::first_name,
            young_people::last_name,
            contact_people::case_id,
        ))
        .select((
            contact_people::contact_id,
            contact_people::case_id,
            contact_people::young_person_id,
            young_people::first_name,
            young_people::last_name,
            contact_people::note,
            contact_people::own_words,
        ))
        .load(ctx.conn)?;
    let mut about: HashMap<ContactId, Vec<Person>> = HashMap::new();
    for (contact, case, young_person, first, last, note, own) in people {
        about.entry(contact).or_default().push(Person {
            case,
            young_person,
            name: format!("{first} {last}"),
            words: Words { note, own },
        });
    }
    Ok(rows
        .into_iter()
        .map(|row| {
            let mut people = about.remove(&row.id).unwrap_or_default();
            let all = people.len();
            people.retain(|person| !closed.contains(&person.young_person));
            let partly_closed = people.len() < all;
            Contact {
                id: row.id,
                told: Told {
                    method: row.method,
                    made: row.made,
                    made_on: row.made_on,
                    with_whom: row.with_whom,
                    with_name: row.with_name.filter(|_| !partly_closed),
                    minutes: row.minutes,
                    note: row.note.filter(|_| !partly_closed),
                },
                people,
                error_reason: row.error_reason,
                recorded_by: row.recorded_by,
                partly_closed,
                version: row.version,
            }
        })
        .collect())
}

pub fn find(ctx: &mut Ctx<'_>, id: &ContactId) -> Result<Option<Contact>, Failure> {
    let rows: Vec<Row> = contacts::table
        .inner_join(users::table)
        .filter(contacts::id.eq(id))
        .select(columns!())
        .load(ctx.conn)?;
    Ok(whole(ctx, rows)?.into_iter().next())
}

/// Some contacts of a case, the latest first, and how many it has. `in_error` asks for those that
/// were recorded in error instead, which are in no other list and no count.
pub fn of_case(
    ctx: &mut Ctx<'_>,
    case: &CaseId,
    in_error: bool,
    limit: i64,
    offset: i64,
) -> Result<(Vec<Contact>, i64), Failure> {
    macro_rules! narrowed {
        ($query:expr) => {{
            let query = $query
                .filter(
                    contacts::id.eq_any(
                        contact_people::table
                            .filter(contact_people::case_id.eq(case))
                            .select(contact_people::contact_id),
                    ),
                )
                .into_boxed();
            if in_error {
                query.filter(contacts::error_reason.is_not_null())
            } else {
                query.filter(contacts::error_reason.is_null())
            }
        }};
    }
    let total: i64 = narrowed!(contacts::table.count()).get_result(ctx.conn)?;
    let rows: Vec<Row> = narrowed!(contacts::table.inner_join(users::table).select(columns!()))
        .order((
            contacts::made_on.desc(),
            contacts::created_at.desc(),
            contacts::id,
        ))
        .limit(limit)
        .offset(offset)
        .load(ctx.conn)?;
    Ok((whole(ctx, rows)?, total))
}

/// Every contact about a young person, over all their cases, the latest first.
pub fn of_young_person(ctx: &mut Ctx<'_>, id: &YoungPersonId) -> Result<Vec<Contact>, Failure> {
    let rows: Vec<Row> = contacts::table
        .inner_join(users::table)
        .filter(
            contacts::id.eq_any(
                contact_people::table
                    .filter(contact_people::young_person_id.eq(id))
                    .select(contact_people::contact_id),
            ),
        )
        .filter(contacts::error_reason.is_null())
        .order((
            contacts::made_on.desc(),
            contacts::created_at.desc(),
            contacts::id,
        ))
        .select(columns!())
        .load(ctx.conn)?;
    whole(ctx, rows)
}

/// The day of the last contact made in each of these cases; a case without any is not in it. What
/// was only attempted is no contact.
pub fn last_made(
    ctx: &mut Ctx<'_>,
    cases: &[CaseId],
) -> Result<HashMap<CaseId, NaiveDate>, Failure> {
    let rows: Vec<(CaseId, Option<NaiveDate>)> = contact_people::table
        .inner_join(contacts::table)
        .filter(contact_people::case_id.eq_any(cases))
        .filter(contacts::made.eq(true))
        .filter(contacts::error_reason.is_null())
        .group_by(contact_people::case_id)
        .select((contact_people::case_id, max(contacts::made_on)))
        .load(ctx.conn)?;
    Ok(rows
        .into_iter()
        .filter_map(|(case, on)| Some((case, on?)))
        .collect())
}

/// Somebody whom a contact may be about, with their open case.
#[derive(Debug, Clone, Queryable)]
pub struct Candidate {
    pub case: CaseId,
    pub first_name: String,
    pub last_name: String,
}

/// The open cases of the brothers and sisters of a young person.
pub fn brothers_and_sisters(
    ctx: &mut Ctx<'_>,
    of: &YoungPersonId,
) -> Result<Vec<Candidate>, Failure> {
    let family = conferences::actions::brothers_and_sisters(ctx, of)?;
    Ok(cases::table
        .inner_join(young_people::table)
        .inner_join(case_spells::table.on(case_spells::case_id.eq(cases::id)))
        .filter(cases::young_person_id.eq_any(family))
        .filter(case_spells::closed_on.is_null())
        .order((young_people::first_name, cases::id))
        .select((cases::id, young_people::first_name, young_people::last_name))
        .load(ctx.conn)?)
}

pub(super) fn insert(
    ctx: &mut Ctx<'_>,
    id: &ContactId,
    told: &Told,
    people: &[(CaseId, YoungPersonId, Words)],
) -> Result<(), Failure> {
    let by = ctx.actor.user_id().cloned().ok_or(Failure::NotFound)?;
    diesel::insert_into(contacts::table)
        .values((
            contacts::id.eq(id),
            told_columns(told),
            contacts::recorded_by.eq(by),
            contacts::created_at.eq(ctx.now),
            contacts::version.eq(1),
        ))
        .execute(ctx.conn)?;
    for (case, young_person, words) in people {
        diesel::insert_into(contact_people::table)
            .values((
                contact_people::contact_id.eq(id),
                contact_people::case_id.eq(case),
                contact_people::young_person_id.eq(young_person),
                contact_people::note.eq(&words.note),
                contact_people::own_words.eq(&words.own),
            ))
            .execute(ctx.conn)?;
    }
    Ok(())
}

#[derive(Insertable, AsChangeset)]
#[diesel(table_name = contacts)]
#[diesel(treat_none_as_null = true)]
struct ToldRow<'a> {
    method: Method,
    made: bool,
    made_on: NaiveDate,
    with_whom: WithWhom,
    with_name: Option<&'a str>,
    minutes: Option<i32>,
    note: Option<&'a str>,
}

fn told_columns(told: &Told) -> ToldRow<'_> {
    ToldRow {
        method: told.method,
        made: told.made,
        made_on: told.made_on,
        with_whom: told.with_whom,
        with_name: told.with_name.as_deref(),
        minutes: told.minutes,
        note: told.note.as_deref(),
    }
}

pub(super) fn update(
    ctx: &mut Ctx<'_>,
    contact: &Contact,
    told: &Told,
    words: &[(CaseId, Words)],
) -> Result<(), Failure> {
    let changed = diesel::update(
        contacts::table
            .filter(contacts::id.eq(&contact.id))
            .filter(contacts::version.eq(contact.version)),
    )
    .set((
        told_columns(told),
        contacts::version.eq(contact.version + 1),
    ))
    .execute(ctx.conn)?;
    if changed == 0 {
        return Err(Failure::ChangedMeanwhile);
    }
    for (case, words) in words {
        diesel::update(
            contact_people::table
                .filter(contact_people::contact_id.eq(&contact.id))
                .filter(contact_people::case_id.eq(case)),
        )
        .set((
            contact_people::note.eq(&words.note),
            contact_people::own_words.eq(&words.own),
        ))
        .execute(ctx.conn)?;
    }
    Ok(())
}

pub(super) fn set_in_error(
    ctx: &mut Ctx<'_>,
    contact: &Contact,
    reason: &str,
) -> Result<(), Failure> {
    let changed = diesel::update(
        contacts::table
            .filter(contacts::id.eq(&contact.id))
            .filter(contacts::version.eq(contact.version)),
    )
    .set((
        contacts::error_reason.eq(reason),
        contacts::version.eq(contact.version + 1),
    ))
    .execute(ctx.conn)?;
    if changed == 0 {
        return Err(Failure::ChangedMeanwhile);
    }
    Ok(())
}
