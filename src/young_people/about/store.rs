//! How what a young person says of themselves is kept: columns of their own row.

use chrono::NaiveDate;
use diesel::prelude::*;

use super::{About, Disability, Ethnicity, Gender};
use crate::ctx::Ctx;
use crate::db::schema::young_people;
use crate::failure::Failure;
use crate::ids::YoungPersonId;
use crate::young_people::{Described, YoungPerson};

#[derive(Queryable)]
struct Row {
    pronouns: Option<String>,
    name_said: Option<String>,
    expected_on: Option<NaiveDate>,
    gender: Option<Gender>,
    ethnicity: Option<Ethnicity>,
    interpreter: Option<bool>,
    disabilities: Option<String>,
}

pub fn of(ctx: &mut Ctx<'_>, young_person: &YoungPersonId) -> Result<About, Failure> {
    let row: Option<Row> = young_people::table
        .filter(young_people::id.eq(young_person))
        .select((
            young_people::pronouns,
            young_people::name_said,
            young_people::expected_on,
            young_people::gender_code,
            young_people::ethnicity_code,
            young_people::interpreter,
            young_people::disabilities,
        ))
        .first(ctx.conn)
        .optional()?;
    let row = row.ok_or(Failure::NotFound)?;
    let codes = row.disabilities.unwrap_or_default();
    Ok(About {
        pronouns: row.pronouns,
        name_said: row.name_said,
        expected_on: row.expected_on,
        gender: row.gender,
        ethnicity: row.ethnicity,
        interpreter: row.interpreter,
        disabilities: codes.split(';').filter_map(Disability::from_code).collect(),
    })
}

/// Keeps all of it in one step: `person` with their new known-as, the description, and the rest.
pub(super) fn update(
    ctx: &mut Ctx<'_>,
    person: &YoungPerson,
    described: &Described,
    about: &About,
) -> Result<(), Failure> {
    let codes: Vec<_> = about.disabilities.iter().map(|it| it.code()).collect();
    let codes = Some(codes.join(";")).filter(|codes| !codes.is_empty());
    diesel::update(young_people::table.filter(young_people::id.eq(&person.id)))
        .set((
            young_people::known_as.eq(&person.known_as),
            young_people::pronouns.eq(&about.pronouns),
            young_people::name_said.eq(&about.name_said),
            young_people::expected_on.eq(about.expected_on),
            young_people::gender_code.eq(about.gender),
            young_people::ethnicity_code.eq(about.ethnicity),
            young_people::interpreter.eq(about.interpreter),
            young_people::disabilities.eq(codes),
        ))
        .execute(ctx.conn)?;
    crate::young_people::store::update(ctx, person, described)
}
