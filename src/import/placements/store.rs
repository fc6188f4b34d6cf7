//! Which homes came by a placement list.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use diesel::prelude::*;

use crate::ctx::Ctx;
use crate::db::schema::{listed_homes, young_person_homes};
use crate::failure::Failure;
use crate::ids::{HomeId, YoungPersonId};

/// A home that an earlier list named.
#[derive(Queryable)]
pub struct Listed {
    pub home: HomeId,
    pub young_person: YoungPersonId,
    pub fingerprint: String,
}

/// The home that lists name by this child and this first day.
pub fn find(
    ctx: &mut Ctx<'_>,
    child_ref: &str,
    from: NaiveDate,
) -> Result<Option<Listed>, Failure> {
    Ok(listed_homes::table
        .filter(listed_homes::child_ref.eq(child_ref))
        .filter(listed_homes::from_on.eq(from))
        .select((
            listed_homes::home_id,
            listed_homes::young_person_id,
            listed_homes::fingerprint,
        ))
        .first(ctx.conn)
        .optional()?)
}

pub fn insert(
    ctx: &mut Ctx<'_>,
    listed: &Listed,
    child_ref: &str,
    from: NaiveDate,
) -> Result<(), Failure> {
    diesel::insert_into(listed_homes::table)
        .values((
            listed_homes::home_id.eq(&listed.home),
            listed_homes::young_person_id.eq(&listed.young_person),
            listed_homes::child_ref.eq(child_ref),
            listed_homes::from_on.eq(from),
            listed_homes::fingerprint.eq(&listed.fingerprint),
            listed_homes::listed_on.eq(ctx.today),
        ))
        .execute(ctx.conn)?;
    Ok(())
}

/// Notes that today's list names the home too, and what it says.
pub fn listed_again(ctx: &mut Ctx<'_>, home: &HomeId, fingerprint: &str) -> Result<(), Failure> {
    diesel::update(listed_homes::table.filter(listed_homes::home_id.eq(home)))
        .set((
            listed_homes::fingerprint.eq(fingerprint),
            listed_homes::listed_on.eq(ctx.today),
        ))
        .execute(ctx.conn)?;
    Ok(())
}

/// How many homes that lists named go on, though this list does not name their children.
pub fn missing(ctx: &mut Ctx<'_>, named: &BTreeSet<String>) -> Result<u32, Failure> {
    let open: Vec<String> = listed_homes::table
        .inner_join(young_person_homes::table)
        .filter(young_person_homes::to_on.is_null())
        .filter(young_person_homes::in_error.eq(false))
        .select(listed_homes::child_ref)
        .load(ctx.conn)?;
    let missing = open.iter().filter(|child| !named.contains(*child)).count();
    Ok(u32::try_from(missing).unwrap_or(u32::MAX))
}
