//! How relations are kept: one row on each record they stand on.

use diesel::prelude::*;

use super::{Kind, Other, Relation, Said};
use crate::ctx::Ctx;
use crate::db::schema::{young_people, young_person_relations};
use crate::failure::Failure;
use crate::ids::{RelationId, YoungPersonId};
use crate::young_people::about::{Gender, rules::gender_from_words};

#[derive(Queryable)]
struct Row {
    id: RelationId,
    young_person: YoungPersonId,
    pair: Option<String>,
    kind: Kind,
    name: Option<String>,
    phone: Option<String>,
    email: Option<String>,
    parental_responsibility: bool,
    note: Option<String>,
    in_error: bool,
    version: i32,
}

impl From<Row> for Relation {
    fn from(row: Row) -> Self {
        Self {
            id: row.id,
            young_person: row.young_person,
            pair: row.pair,
            said: Said {
                kind: row.kind,
                name: row.name,
                phone: row.phone,
                email: row.email,
                parental_responsibility: row.parental_responsibility,
                note: row.note,
                in_error: row.in_error,
            },
            version: row.version,
        }
    }
}

type Columns = (
    young_person_relations::id,
    young_person_relations::young_person_id,
    young_person_relations::pair,
    young_person_relations::kind,
    young_person_relations::name,
    young_person_relations::phone,
    young_person_relations::email,
    young_person_relations::parental_responsibility,
    young_person_relations::note,
    young_person_relations::in_error,
    young_person_relations::version,
);

const COLUMNS: Columns = (
    young_person_relations::id,
    young_person_relations::young_person_id,
    young_person_relations::pair,
    young_person_relations::kind,
    young_person_relations::name,
    young_person_relations::phone,
    young_person_relations::email,
    young_person_relations::parental_responsibility,
    young_person_relations::note,
    young_person_relations::in_error,
    young_person_relations::version,
);

/// Everybody who is something to this young person, in the order of adding.
pub fn of(ctx: &mut Ctx<'_>, young_person: &YoungPersonId) -> Result<Vec<Relation>, Failure> {
    let rows: Vec<Row> = young_person_relations::table
        .filter(young_person_relations::young_person_id.eq(young_person))
        .order((
            young_person_relations::created_at,
            young_person_relations::id,
        ))
        .select(COLUMNS)
        .load(ctx.conn)?;
    Ok(rows.into_iter().map(Relation::from).collect())
}

pub fn find(ctx: &mut Ctx<'_>, id: &RelationId) -> Result<Option<Relation>, Failure> {
    let row: Option<Row> = young_person_relations::table
        .filter(young_person_relations::id.eq(id))
        .select(COLUMNS)
        .first(ctx.conn)
        .optional()?;
    Ok(row.map(Relation::from))
}

/// The row of the same pair on the other record.
pub(super) fn other_side(
    ctx: &mut Ctx<'_>,
    relation: &Relation,
) -> Result<Option<Relation>, Failure> {
    let Some(pair) = &relation.pair else {
        return Ok(None);
    };
    let row: Option<Row> = young_person_relations::table
        .filter(young_person_relations::pair.eq(pair))
        .filter(young_person_relations::id.ne(&relation.id))
        .select(COLUMNS)
        .first(ctx.conn)
        .optional()?;
    Ok(row.map(Relation::from))
}

/// The brothers and sisters on a young person's record who are on record themselves. Somebody whose
/// record is closed to whoever asks is not among them.
pub fn brothers_and_sisters(
    ctx: &mut Ctx<'_>,
    young_person: &YoungPersonId,
) -> Result<Vec<YoungPersonId>, Failure> {
    let mut family = of(ctx, young_person)?;
    family.retain(|it| !it.said.in_error && it.said.kind.is_brother_or_sister());
    let others = others(ctx, young_person, &family)?;
    Ok(others.into_iter().map(|(_, other)| other.id).collect())
}

/// The young people on the other side of these relations, by the pair they share. Somebody whose
/// record is closed to whoever asks is not among them.
pub fn others(
    ctx: &mut Ctx<'_>,
    young_person: &YoungPersonId,
    relations: &[Relation],
) -> Result<Vec<(String, Other)>, Failure> {
    type Columns = (
        Option<String>,
        YoungPersonId,
        String,
        String,
        Option<Gender>,
        Option<String>,
    );
    let closed = crate::young_people::store::closed_to_me(ctx)?;
    let pairs: Vec<&str> = relations
        .iter()
        .filter_map(|relation| relation.pair.as_deref())
        .collect();
    let rows: Vec<Columns> = young_person_relations::table
        .inner_join(young_people::table)
        .filter(young_person_relations::pair.eq_any(pairs))
        .filter(young_person_relations::young_person_id.ne(young_person))
        .filter(young_person_relations::young_person_id.ne_all(closed))
        .select((
            young_person_relations::pair,
            young_people::id,
            young_people::first_name,
            young_people::last_name,
            young_people::gender_code,
            young_people::gender,
        ))
        .load(ctx.conn)?;
    Ok(rows
        .into_iter()
        .filter_map(|(pair, id, first, last, code, gender)| {
            let other = Other {
                id,
                name: format!("{first} {last}"),
                gender: code.or_else(|| gender_from_words(gender.as_deref()?)),
            };
            Some((pair?, other))
        })
        .collect())
}

pub(super) fn insert(ctx: &mut Ctx<'_>, relation: &Relation) -> Result<(), Failure> {
    let said = &relation.said;
    diesel::insert_into(young_person_relations::table)
        .values((
            young_person_relations::id.eq(&relation.id),
            young_person_relations::young_person_id.eq(&relation.young_person),
            young_person_relations::pair.eq(&relation.pair),
            young_person_relations::kind.eq(said.kind),
            young_person_relations::name.eq(&said.name),
            young_person_relations::phone.eq(&said.phone),
            young_person_relations::email.eq(&said.email),
            young_person_relations::parental_responsibility.eq(said.parental_responsibility),
            young_person_relations::note.eq(&said.note),
            young_person_relations::in_error.eq(said.in_error),
            young_person_relations::created_at.eq(ctx.now),
            young_person_relations::version.eq(relation.version),
        ))
        .execute(ctx.conn)?;
    Ok(())
}

pub(super) fn update(
    ctx: &mut Ctx<'_>,
    id: &RelationId,
    version: i32,
    said: &Said,
) -> Result<(), Failure> {
    let changed = diesel::update(
        young_person_relations::table
            .filter(young_person_relations::id.eq(id))
            .filter(young_person_relations::version.eq(version)),
    )
    .set((
        young_person_relations::kind.eq(said.kind),
        young_person_relations::name.eq(&said.name),
        young_person_relations::phone.eq(&said.phone),
        young_person_relations::email.eq(&said.email),
        young_person_relations::parental_responsibility.eq(said.parental_responsibility),
        young_person_relations::note.eq(&said.note),
        young_person_relations::in_error.eq(said.in_error),
        young_person_relations::version.eq(version + 1),
    ))
    .execute(ctx.conn)?;
    if changed == 0 {
        return Err(Failure::ChangedMeanwhile);
    }
    Ok(())
}
