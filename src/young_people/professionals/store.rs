//! How professionals are kept.

use chrono::NaiveDate;
use diesel::prelude::*;

use super::{Professional, Role, Said};
use crate::ctx::Ctx;
use crate::db::schema::young_person_professionals;
use crate::failure::Failure;
use crate::ids::{ProfessionalId, YoungPersonId};
use crate::young_people::Stretch;

#[derive(Queryable)]
struct Row {
    id: ProfessionalId,
    young_person: YoungPersonId,
    role: Role,
    name: String,
    team: Option<String>,
    phone: Option<String>,
    email: Option<String>,
    from: NaiveDate,
    to: Option<NaiveDate>,
    in_error: bool,
    version: i32,
}

impl From<Row> for Professional {
    fn from(row: Row) -> Self {
        Self {
            id: row.id,
            young_person: row.young_person,
            said: Said {
                role: row.role,
                name: row.name,
                team: row.team,
                phone: row.phone,
                email: row.email,
                stretch: Stretch {
                    from: row.from,
                    to: row.to,
                },
                in_error: row.in_error,
            },
            version: row.version,
        }
    }
}

type Columns = (
    young_person_professionals::id,
    young_person_professionals::young_person_id,
    young_person_professionals::role,
    young_person_professionals::name,
    young_person_professionals::team,
    young_person_professionals::phone,
    young_person_professionals::email,
    young_person_professionals::from_on,
    young_person_professionals::to_on,
    young_person_professionals::in_error,
    young_person_professionals::version,
);

const COLUMNS: Columns = (
    young_person_professionals::id,
    young_person_professionals::young_person_id,
    young_person_professionals::role,
    young_person_professionals::name,
    young_person_professionals::team,
    young_person_professionals::phone,
    young_person_professionals::email,
    young_person_professionals::from_on,
    young_person_professionals::to_on,
    young_person_professionals::in_error,
    young_person_professionals::version,
);

/// Everybody there was: those whose time goes on first, each group with the latest first.
pub fn of(ctx: &mut Ctx<'_>, young_person: &YoungPersonId) -> Result<Vec<Professional>, Failure> {
    let rows: Vec<Row> = young_person_professionals::table
        .filter(young_person_professionals::young_person_id.eq(young_person))
        .order((
            young_person_professionals::to_on.is_not_null(),
            young_person_professionals::from_on.desc(),
            young_person_professionals::id,
        ))
        .select(COLUMNS)
        .load(ctx.conn)?;
    Ok(rows.into_iter().map(Professional::from).collect())
}

pub fn find(ctx: &mut Ctx<'_>, id: &ProfessionalId) -> Result<Option<Professional>, Failure> {
    let row: Option<Row> = young_person_professionals::table
        .filter(young_person_professionals::id.eq(id))
        .select(COLUMNS)
        .first(ctx.conn)
        .optional()?;
    Ok(row.map(Professional::from))
}

pub(super) fn insert(
    ctx: &mut Ctx<'_>,
    id: &ProfessionalId,
    young_person: &YoungPersonId,
    said: &Said,
) -> Result<(), Failure> {
    diesel::insert_into(young_person_professionals::table)
        .values((
            young_person_professionals::id.eq(id),
            young_person_professionals::young_person_id.eq(young_person),
            young_person_professionals::role.eq(said.role),
            young_person_professionals::name.eq(&said.name),
            young_person_professionals::team.eq(&said.team),
            young_person_professionals::phone.eq(&said.phone),
            young_person_professionals::email.eq(&said.email),
            young_person_professionals::from_on.eq(said.stretch.from),
            young_person_professionals::to_on.eq(said.stretch.to),
            young_person_professionals::in_error.eq(said.in_error),
            young_person_professionals::created_at.eq(ctx.now),
            young_person_professionals::version.eq(1),
        ))
        .execute(ctx.conn)?;
    Ok(())
}

pub(super) fn update(
    ctx: &mut Ctx<'_>,
    id: &ProfessionalId,
    version: i32,
    said: &Said,
) -> Result<(), Failure> {
    let changed = diesel::update(
        young_person_professionals::table
            .filter(young_person_professionals::id.eq(id))
            .filter(young_person_professionals::version.eq(version)),
    )
    .set((
        young_person_professionals::role.eq(said.role),
        young_person_professionals::name.eq(&said.name),
        young_person_professionals::team.eq(&said.team),
        young_person_professionals::phone.eq(&said.phone),
        young_person_professionals::email.eq(&said.email),
        young_person_professionals::from_on.eq(said.stretch.from),
        young_person_professionals::to_on.eq(said.stretch.to),
        young_person_professionals::in_error.eq(said.in_error),
        young_person_professionals::version.eq(version + 1),
    ))
    .execute(ctx.conn)?;
    if changed == 0 {
        return Err(Failure::ChangedMeanwhile);
    }
    Ok(())
}
