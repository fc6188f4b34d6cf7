//! How homes are kept, and their addresses apart from them.

use std::collections::HashMap;

use chrono::{NaiveDate, NaiveDateTime};
use diesel::dsl::{case_when, max};
use diesel::prelude::*;

use super::{Home, Kind, Place, Recorded, Said};
use crate::ctx::Ctx;
use crate::db::schema::{
    home_addresses, listed_homes, service_accounts, users, young_person_homes,
};
use crate::failure::Failure;
use crate::ids::{AddressId, HomeId, YoungPersonId};
use crate::young_people::Stretch;

#[derive(Queryable)]
struct Row {
    id: HomeId,
    young_person: YoungPersonId,
    kind: Kind,
    confidential: bool,
    out_of_county: bool,
    from: NaiveDate,
    to: Option<NaiveDate>,
    in_error: bool,
    version: i32,
}

type Columns = (
    young_person_homes::id,
    young_person_homes::young_person_id,
    young_person_homes::kind,
    young_person_homes::confidential,
    young_person_homes::out_of_county,
    young_person_homes::from_on,
    young_person_homes::to_on,
    young_person_homes::in_error,
    young_person_homes::version,
);

const COLUMNS: Columns = (
    young_person_homes::id,
    young_person_homes::young_person_id,
    young_person_homes::kind,
    young_person_homes::confidential,
    young_person_homes::out_of_county,
    young_person_homes::from_on,
    young_person_homes::to_on,
    young_person_homes::in_error,
    young_person_homes::version,
);

/// Homes with their places; a confidential one has none.
fn placed(ctx: &mut Ctx<'_>, rows: Vec<Row>) -> Result<Vec<Home>, Failure> {
    let open: Vec<&HomeId> = rows
        .iter()
        .filter(|row| !row.confidential)
        .map(|row| &row.id)
        .collect();
    let addresses: Vec<(HomeId, Option<String>, Option<String>)> = home_addresses::table
        .filter(home_addresses::home_id.eq_any(open))
        .order(home_addresses::number)
        .select((
            home_addresses::home_id,
            home_addresses::provider,
            home_addresses::address,
        ))
        .load(ctx.conn)?;
    // The last one recorded stays.
    let mut places: HashMap<HomeId, Place> = addresses
        .into_iter()
        .map(|(home, provider, address)| (home, Place { provider, address }))
        .collect();
    Ok(rows
        .into_iter()
        .map(|row| Home {
            place: (!row.confidential).then(|| places.remove(&row.id).unwrap_or_default()),
            id: row.id,
            young_person: row.young_person,
            said: Said {
                kind: row.kind,
                confidential: row.confidential,
                out_of_county: row.out_of_county,
                stretch: Stretch {
                    from: row.from,
                    to: row.to,
                },
                in_error: row.in_error,
            },
            version: row.version,
        })
        .collect())
}

/// Where somebody lived, the latest first.
pub fn of(ctx: &mut Ctx<'_>, young_person: &YoungPersonId) -> Result<Vec<Home>, Failure> {
    let rows: Vec<Row> = young_person_homes::table
        .filter(young_person_homes::young_person_id.eq(young_person))
        .order((young_person_homes::from_on.desc(), young_person_homes::id))
        .select(COLUMNS)
        .load(ctx.conn)?;
    placed(ctx, rows)
}

/// The homes that came by a placement list, each with the day of the last one that named it.
pub fn listed(
    ctx: &mut Ctx<'_>,
    young_person: &YoungPersonId,
) -> Result<HashMap<HomeId, NaiveDate>, Failure> {
    let rows: Vec<(HomeId, NaiveDate)> = listed_homes::table
        .filter(listed_homes::young_person_id.eq(young_person))
        .select((listed_homes::home_id, listed_homes::listed_on))
        .load(ctx.conn)?;
    Ok(rows.into_iter().collect())
}

pub fn find(ctx: &mut Ctx<'_>, id: &HomeId) -> Result<Option<Home>, Failure> {
    let row: Option<Row> = young_person_homes::table
        .filter(young_person_homes::id.eq(id))
        .select(COLUMNS)
        .first(ctx.conn)
        .optional()?;
    Ok(placed(ctx, row.into_iter().collect())?.pop())
}

/// Everything recorded of the address of one home, the latest first, confidential or not: only for
/// who may know, and never without noting the look.
pub(super) fn address_of(ctx: &mut Ctx<'_>, id: &HomeId) -> Result<Vec<Recorded>, Failure> {
    type Columns = (
        Option<String>,
        Option<String>,
        String,
        NaiveDateTime,
        Option<String>,
    );
    let rows: Vec<Columns> = home_addresses::table
        .left_join(users::table.on(users::id.eq(home_addresses::recorded_by)))
        .left_join(service_accounts::table.on(service_accounts::id.eq(home_addresses::recorded_by)))
        .filter(home_addresses::home_id.eq(id))
        .order(home_addresses::number.desc())
        .select((
            home_addresses::provider,
            home_addresses::address,
            home_addresses::recorded_by,
            home_addresses::recorded_at,
            case_when(users::name.nullable().is_not_null(), users::name.nullable())
                .otherwise(service_accounts::name.nullable()),
        ))
        .load(ctx.conn)?;
    Ok(rows
        .into_iter()
        .map(|(provider, address, by, at, name)| Recorded {
            place: Place { provider, address },
            by: name.unwrap_or(by),
            at,
        })
        .collect())
}

pub(super) fn insert(
    ctx: &mut Ctx<'_>,
    id: &HomeId,
    young_person: &YoungPersonId,
    said: &Said,
) -> Result<(), Failure> {
    diesel::insert_into(young_person_homes::table)
        .values((
            young_person_homes::id.eq(id),
            young_person_homes::young_person_id.eq(young_person),
            young_person_homes::kind.eq(said.kind),
            young_person_homes::confidential.eq(said.confidential),
            young_person_homes::out_of_county.eq(said.out_of_county),
            young_person_homes::from_on.eq(said.stretch.from),
            young_person_homes::to_on.eq(said.stretch.to),
            young_person_homes::in_error.eq(said.in_error),
            young_person_homes::created_at.eq(ctx.now),
            young_person_homes::version.eq(1),
        ))
        .execute(ctx.conn)?;
    Ok(())
}

pub(super) fn insert_address(
    ctx: &mut Ctx<'_>,
    home: &HomeId,
    young_person: &YoungPersonId,
    place: &Place,
) -> Result<(), Failure> {
    let last: Option<i32> = home_addresses::table
        .filter(home_addresses::home_id.eq(home))
        .select(max(home_addresses::number))
        .first(ctx.conn)?;
    diesel::insert_into(home_addresses::table)
        .values((
            home_addresses::id.eq(AddressId::random()),
            home_addresses::young_person_id.eq(young_person),
            home_addresses::home_id.eq(home),
            home_addresses::number.eq(last.unwrap_or(0) + 1),
            home_addresses::provider.eq(&place.provider),
            home_addresses::address.eq(&place.address),
            home_addresses::recorded_by.eq(ctx.actor.label()),
            home_addresses::recorded_at.eq(ctx.now),
        ))
        .execute(ctx.conn)?;
    Ok(())
}

pub(super) fn update(
    ctx: &mut Ctx<'_>,
    id: &HomeId,
    version: i32,
    said: &Said,
) -> Result<(), Failure> {
    let changed = diesel::update(
        young_person_homes::table
            .filter(young_person_homes::id.eq(id))
            .filter(young_person_homes::version.eq(version)),
    )
    .set((
        young_person_homes::kind.eq(said.kind),
        young_person_homes::confidential.eq(said.confidential),
        young_person_homes::out_of_county.eq(said.out_of_county),
        young_person_homes::from_on.eq(said.stretch.from),
        young_person_homes::to_on.eq(said.stretch.to),
        young_person_homes::in_error.eq(said.in_error),
        young_person_homes::version.eq(version + 1),
    ))
    .execute(ctx.conn)?;
    if changed == 0 {
        return Err(Failure::ChangedMeanwhile);
    }
    Ok(())
}
