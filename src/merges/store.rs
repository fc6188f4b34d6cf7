//! How merges are kept, and how the rows of every table are moved from one record to the other.
//!
//! Which columns point at a young person is read from the database: those that reference
//! `young_people`, and those called `young_person_id`. Names of tables and columns come from the
//! database's own schema and are put in quotes; values are bound.

use chrono::NaiveDateTime;
use diesel::deserialize::QueryableByName;
use diesel::prelude::*;
use diesel::result::{DatabaseErrorKind, Error as DieselError};
use diesel::sql_query;
use diesel::sql_types::{BigInt, Bool, Nullable, Text};

use super::rules::Refusal;
use super::{Difference, Merge, Moved};
use crate::ctx::Ctx;
use crate::db::Link;
use crate::db::schema::{allocations, cases, merge_values, record_merges, referrals, users};
use crate::each_db;
use crate::failure::{Failure, Fault};
use crate::ids::{MergeId, UserId, YoungPersonId};
use crate::referrals::{Outcome, Remit};

/// What points at a young person and stays where it is.
pub const STAYS: &[(&str, &str, &str)] = &[
    (
        "audit_events",
        "young_person_id",
        "the access record is append only; the page of the kept record shows the looks at both",
    ),
    (
        "young_people",
        "merged_into",
        "this is what makes one record lead to the other",
    ),
    ("record_merges", "kept_id", "this says what was merged"),
    ("record_merges", "merged_id", "this says what was merged"),
    (
        "name_keys",
        "young_person_id",
        "the names of the merged record still find it, and it leads to the kept one",
    ),
    (
        "reference_keys",
        "young_person_id",
        "the references of the merged record still find it",
    ),
    (
        "likenesses",
        "newer_id",
        "this says which two looked alike: made one, it is settled",
    ),
    (
        "likenesses",
        "older_id",
        "this says which two looked alike: made one, it is settled",
    ),
];

/// What belongs to the record itself and is not compared.
const OWN: [&str; 5] = ["id", "name_key", "created_at", "version", "merged_into"];

/// A column that points at a young person, with the key of its table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pointer {
    pub table: String,
    pub column: String,
    key: Vec<String>,
}

#[derive(QueryableByName)]
struct PlaceRow {
    #[diesel(sql_type = Text)]
    table_name: String,
    #[diesel(sql_type = Text)]
    column_name: String,
}

const SQLITE_POINTERS: &str = "SELECT t.name AS table_name, c.name AS column_name \
    FROM sqlite_schema t, pragma_table_info(t.name) c \
    WHERE t.type = 'table' AND (c.name = 'young_person_id' OR EXISTS \
        (SELECT 1 FROM pragma_foreign_key_list(t.name) f \
         WHERE f.\"from\" = c.name AND f.\"table\" = 'young_people')) \
    ORDER BY t.name, c.name";

const POSTGRES_POINTERS: &str = "SELECT t.relname::text AS table_name, a.attname::text AS column_name \
    FROM pg_class t JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum > 0 AND NOT a.attisdropped \
    WHERE t.relnamespace = current_schema()::regnamespace AND t.relkind = 'r' \
    AND (a.attname = 'young_person_id' OR EXISTS (SELECT 1 FROM pg_constraint f \
        WHERE f.contype = 'f' AND f.conrelid = t.oid AND a.attnum = ANY (f.conkey) \
        AND f.confrelid = 'young_people'::regclass)) \
    ORDER BY 1, 2";

fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// Every column that points at a young person, whatever becomes of it.
pub fn all_pointers(ctx: &mut Ctx<'_>) -> Result<Vec<(String, String)>, Failure> {
    let rows: Vec<PlaceRow> = match ctx.conn {
        Link::Sqlite(c) => sql_query(SQLITE_POINTERS).load(c)?,
        Link::Postgres(c) => sql_query(POSTGRES_POINTERS).load(c)?,
    };
    Ok(rows
        .into_iter()
        .map(|row| (row.table_name, row.column_name))
        .collect())
}

/// The columns that a merge brings from one record to the other.
pub fn pointers(ctx: &mut Ctx<'_>) -> Result<Vec<Pointer>, Failure> {
    let mut pointers = Vec::new();
    for (table, column) in all_pointers(ctx)? {
        let stays = STAYS
            .iter()
            .any(|(other, of, _)| *other == table && *of == column);
        if !stays {
            let key = key_of(ctx, &table)?;
            pointers.push(Pointer { table, column, key });
        }
    }
    Ok(pointers)
}

fn key_of(ctx: &mut Ctx<'_>, table: &str) -> Result<Vec<String>, Failure> {
    let rows: Vec<PlaceRow> = match ctx.conn {
        Link::Sqlite(c) => sql_query(
            "SELECT $1 AS table_name, name AS column_name FROM pragma_table_info($1) \
             WHERE pk > 0 ORDER BY pk",
        )
        .bind::<Text, _>(table)
        .load(c)?,
        Link::Postgres(c) => sql_query(
            "SELECT t.relname::text AS table_name, a.attname::text AS column_name \
             FROM pg_index i JOIN pg_class t ON t.oid = i.indrelid \
             CROSS JOIN LATERAL unnest(i.indkey) WITH ORDINALITY k (number, place) \
             JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = k.number \
             WHERE i.indisprimary AND t.relname = $1 \
             AND t.relnamespace = current_schema()::regnamespace ORDER BY k.place",
        )
        .bind::<Text, _>(table)
        .load(c)?,
    };
    Ok(rows.into_iter().map(|row| row.column_name).collect())
}

impl Pointer {
    /// What tells one row of the table from another, as text: its key without the column that
    /// moves.
    fn row_key(&self, conn: &Link) -> String {
        let parts: Vec<String> = self
            .key
            .iter()
            .filter(|name| **name != self.column)
            .map(|name| format!("CAST({} AS TEXT)", quoted(name)))
            .collect();
        let between = match conn {
            Link::Sqlite(_) => " || char(31) || ",
            Link::Postgres(_) => " || chr(31) || ",
        };
        match parts.is_empty() {
            true => "''".to_owned(),
            false => parts.join(between),
        }
    }

    fn table(&self) -> String {
        quoted(&self.table)
    }

    fn column(&self) -> String {
        quoted(&self.column)
    }
}

#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    count: i64,
}

fn first_count(rows: Vec<Count>) -> i64 {
    rows.first().map_or(0, |row| row.count)
}

/// Notes which rows stand with each record, then brings those of the merged one to the kept one.
/// Answers how many of each kind moved.
pub(super) fn move_rows(
    ctx: &mut Ctx<'_>,
    id: &MergeId,
    kept: &YoungPersonId,
    merged: &YoungPersonId,
) -> Result<Vec<Moved>, Failure> {
    let mut moved: Vec<Moved> = Vec::new();
    for pointer in pointers(ctx)? {
        let (table, column) = (pointer.table(), pointer.column());
        let key = pointer.row_key(ctx.conn);
        for (whose, moves) in [(merged, true), (kept, false)] {
            let note = format!(
                "INSERT INTO merge_rows (merge_id, table_name, column_name, row_key, moved) \
                 SELECT $1, $2, $3, {key}, {moves} FROM {table} WHERE {column} = $4"
            );
            each_db!(ctx.conn, c => sql_query(note)
                .bind::<Text, _>(id.as_str())
                .bind::<Text, _>(&pointer.table)
                .bind::<Text, _>(&pointer.column)
                .bind::<Text, _>(whose.as_str())
                .execute(c)?);
        }
        let bring = format!("UPDATE {table} SET {column} = $1 WHERE {column} = $2");
        let rows = each_db!(ctx.conn, c => sql_query(bring)
            .bind::<Text, _>(kept.as_str())
            .bind::<Text, _>(merged.as_str())
            .execute(c))
        .map_err(|cause| match cause {
            DieselError::DatabaseError(DatabaseErrorKind::UniqueViolation, _) => {
                Refusal::SameTwice(pointer.table.replace('_', " ")).into()
            }
            other => Failure::from(other),
        })?;
        let rows = i64::try_from(rows).unwrap_or(i64::MAX);
        match moved.iter_mut().find(|it| it.table == pointer.table) {
            Some(before) => before.rows += rows,
            None if rows > 0 => moved.push(Moved {
                table: pointer.table,
                rows,
            }),
            None => {}
        }
    }
    Ok(moved)
}

/// Brings every row back that moved.
pub(super) fn move_back(ctx: &mut Ctx<'_>, merge: &Merge) -> Result<(), Failure> {
    for pointer in pointers(ctx)? {
        let (table, column) = (pointer.table(), pointer.column());
        let key = pointer.row_key(ctx.conn);
        let back = format!(
            "UPDATE {table} SET {column} = $1 WHERE {column} = $2 AND {key} IN \
             (SELECT row_key FROM merge_rows WHERE merge_id = $3 AND table_name = $4 \
              AND column_name = $5 AND moved = true)"
        );
        each_db!(ctx.conn, c => sql_query(back)
            .bind::<Text, _>(merge.merged.as_str())
            .bind::<Text, _>(merge.kept.as_str())
            .bind::<Text, _>(merge.id.as_str())
            .bind::<Text, _>(&pointer.table)
            .bind::<Text, _>(&pointer.column)
            .execute(c)?);
    }
    Ok(())
}

/// What stands with the kept record and stood with neither on the day of the merge.
pub(super) fn rows_since(ctx: &mut Ctx<'_>, merge: &Merge) -> Result<Vec<Moved>, Failure> {
    let mut since: Vec<Moved> = Vec::new();
    for pointer in pointers(ctx)? {
        if super::rules::belongs_to_either(&pointer.table) {
            continue;
        }
        let (table, column) = (pointer.table(), pointer.column());
        let key = pointer.row_key(ctx.conn);
        let count = format!(
            "SELECT count(*) AS count FROM {table} WHERE {column} = $1 AND {key} NOT IN \
             (SELECT row_key FROM merge_rows WHERE merge_id = $2 AND table_name = $3 \
              AND column_name = $4)"
        );
        let rows: Vec<Count> = each_db!(ctx.conn, c => sql_query(count)
            .bind::<Text, _>(merge.kept.as_str())
            .bind::<Text, _>(merge.id.as_str())
            .bind::<Text, _>(&pointer.table)
            .bind::<Text, _>(&pointer.column)
            .load(c)?);
        let rows = first_count(rows);
        match since.iter_mut().find(|it| it.table == pointer.table) {
            Some(before) => before.rows += rows,
            None if rows > 0 => since.push(Moved {
                table: pointer.table,
                rows,
            }),
            None => {}
        }
    }
    Ok(since)
}

/// What says that the two records are two people, if anything does: a row that names both of them,
/// or two rows that one thing ties together. Brothers and sisters cannot be one person.
pub(super) fn names_both(
    ctx: &mut Ctx<'_>,
    kept: &YoungPersonId,
    merged: &YoungPersonId,
) -> Result<Option<String>, Failure> {
    let all = pointers(ctx)?;
    for one in &all {
        for other in &all {
            if one.table != other.table || one.column == other.column {
                continue;
            }
            let count = format!(
                "SELECT count(*) AS count FROM {} WHERE {} = $1 AND {} = $2",
                one.table(),
                one.column(),
                other.column()
            );
            if is_true_of(ctx, count, kept, merged)? {
                return Ok(Some(one.table.replace('_', " ")));
            }
        }
    }
    for (words, table, tie, only) in TIED {
        let count = format!(
            "SELECT count(*) AS count FROM {table} AS one JOIN {table} AS other \
             ON one.{tie} = other.{tie} \
             WHERE one.young_person_id = $1 AND other.young_person_id = $2{only}"
        );
        if is_true_of(ctx, count, kept, merged)? {
            return Ok(Some((*words).to_owned()));
        }
    }
    Ok(None)
}

/// Where two rows, one for each of two young people, are tied by a third thing: what it is called,
/// the table, the column that ties, and which rows count.
const TIED: &[(&str, &str, &str, &str)] = &[
    (
        "relations",
        "young_person_relations",
        "pair",
        " AND NOT one.in_error",
    ),
    (
        "opposed wishes",
        "opposed_wish_people",
        "opposed_wish_id",
        "",
    ),
];

fn is_true_of(
    ctx: &mut Ctx<'_>,
    count: String,
    kept: &YoungPersonId,
    merged: &YoungPersonId,
) -> Result<bool, Failure> {
    let rows: Vec<Count> = each_db!(ctx.conn, c => sql_query(count)
        .bind::<Text, _>(kept.as_str())
        .bind::<Text, _>(merged.as_str())
        .load(c)?);
    Ok(first_count(rows) > 0)
}

#[derive(QueryableByName)]
struct ColumnRow {
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = Text)]
    kind: String,
}

/// What a record says of a person, by the names of the fields, with the kind of value.
fn fields(ctx: &mut Ctx<'_>) -> Result<Vec<(String, String)>, Failure> {
    let rows: Vec<ColumnRow> = match ctx.conn {
        Link::Sqlite(c) => sql_query(
            "SELECT name, type AS kind FROM pragma_table_info('young_people') ORDER BY cid",
        )
        .load(c)?,
        Link::Postgres(c) => sql_query(
            "SELECT column_name::text AS name, data_type::text AS kind \
             FROM information_schema.columns WHERE table_schema = current_schema() \
             AND table_name = 'young_people' ORDER BY ordinal_position",
        )
        .load(c)?,
    };
    Ok(rows
        .into_iter()
        .filter(|row| !OWN.contains(&row.name.as_str()))
        .map(|row| (row.name, row.kind))
        .collect())
}

#[derive(QueryableByName)]
struct Said {
    #[diesel(sql_type = Nullable<Text>)]
    said: Option<String>,
}

fn said(ctx: &mut Ctx<'_>, id: &YoungPersonId, field: &str) -> Result<Option<String>, Failure> {
    let query = format!(
        "SELECT CAST({} AS TEXT) AS said FROM young_people WHERE id = $1",
        quoted(field)
    );
    let rows: Vec<Said> =
        each_db!(ctx.conn, c => sql_query(query).bind::<Text, _>(id.as_str()).load(c)?);
    Ok(rows.into_iter().next().and_then(|row| row.said))
}

/// The fields in which two records differ.
pub fn differences(
    ctx: &mut Ctx<'_>,
    kept: &YoungPersonId,
    merged: &YoungPersonId,
) -> Result<Vec<Difference>, Failure> {
    let mut differences = Vec::new();
    for (field, _) in fields(ctx)? {
        let (one, other) = (said(ctx, kept, &field)?, said(ctx, merged, &field)?);
        if one != other {
            differences.push(Difference {
                field,
                kept: one,
                merged: other,
            });
        }
    }
    Ok(differences)
}

/// Lets the kept record say what the merged one said, and keeps what stood there.
pub(super) fn take_over(
    ctx: &mut Ctx<'_>,
    id: &MergeId,
    kept: &YoungPersonId,
    merged: &YoungPersonId,
    difference: &Difference,
) -> Result<(), Failure> {
    diesel::insert_into(merge_values::table)
        .values((
            merge_values::merge_id.eq(id),
            merge_values::field.eq(&difference.field),
            merge_values::before_text.eq(&difference.kept),
            merge_values::after_text.eq(&difference.merged),
        ))
        .execute(ctx.conn)?;
    let field = quoted(&difference.field);
    let take = format!(
        "UPDATE young_people SET {field} = (SELECT o.{field} FROM young_people o WHERE o.id = $1) \
         WHERE id = $2"
    );
    each_db!(ctx.conn, c => sql_query(take)
        .bind::<Text, _>(merged.as_str())
        .bind::<Text, _>(kept.as_str())
        .execute(c)?);
    Ok(())
}

type Values = Vec<(String, Option<String>, Option<String>)>;

fn values(ctx: &mut Ctx<'_>, id: &MergeId) -> Result<Values, Failure> {
    Ok(merge_values::table
        .filter(merge_values::merge_id.eq(id))
        .order(merge_values::field)
        .select((
            merge_values::field,
            merge_values::before_text,
            merge_values::after_text,
        ))
        .load(ctx.conn)?)
}

/// The first field that was taken over and says something else by now.
pub(super) fn changed_since(ctx: &mut Ctx<'_>, merge: &Merge) -> Result<Option<String>, Failure> {
    for (field, _, after) in values(ctx, &merge.id)? {
        if said(ctx, &merge.kept, &field)? != after {
            return Ok(Some(field));
        }
    }
    Ok(None)
}

/// Lets the kept record say again what it said.
pub(super) fn give_back(ctx: &mut Ctx<'_>, merge: &Merge) -> Result<(), Failure> {
    let kinds = fields(ctx)?;
    for (field, before, _) in values(ctx, &merge.id)? {
        let kind = kinds
            .iter()
            .find(|(name, _)| *name == field)
            .map(|(_, kind)| kind.clone())
            .ok_or_else(|| Fault::new(format!("young people have no field {field} any more")))?;
        let give = format!(
            "UPDATE young_people SET {} = CAST($1 AS {kind}) WHERE id = $2",
            quoted(&field)
        );
        each_db!(ctx.conn, c => sql_query(give)
            .bind::<Nullable<Text>, _>(&before)
            .bind::<Text, _>(merge.kept.as_str())
            .execute(c)?);
    }
    Ok(())
}

pub(super) fn insert(
    ctx: &mut Ctx<'_>,
    id: &MergeId,
    kept: &YoungPersonId,
    merged: &YoungPersonId,
    note: &str,
    by: &UserId,
) -> Result<(), Failure> {
    diesel::insert_into(record_merges::table)
        .values((
            record_merges::id.eq(id),
            record_merges::kept_id.eq(kept),
            record_merges::merged_id.eq(merged),
            record_merges::note.eq(note),
            record_merges::merged_by.eq(by),
            record_merges::merged_at.eq(ctx.now),
        ))
        .execute(ctx.conn)?;
    Ok(())
}

pub(super) fn set_undone(
    ctx: &mut Ctx<'_>,
    merge: &Merge,
    by: &UserId,
    note: &str,
) -> Result<(), Failure> {
    diesel::update(record_merges::table.filter(record_merges::id.eq(&merge.id)))
        .set((
            record_merges::undone_by.eq(by),
            record_merges::undone_at.eq(ctx.now),
            record_merges::undo_note.eq(note),
        ))
        .execute(ctx.conn)?;
    Ok(())
}

type Columns = (
    MergeId,
    YoungPersonId,
    YoungPersonId,
    String,
    String,
    NaiveDateTime,
    Option<NaiveDateTime>,
);

macro_rules! columns {
    () => {
        (
            record_merges::id,
            record_merges::kept_id,
            record_merges::merged_id,
            record_merges::note,
            users::name,
            record_merges::merged_at,
            record_merges::undone_at,
        )
    };
}

fn merge(row: Columns) -> Merge {
    let (id, kept, merged, note, merged_by, merged_at, undone_at) = row;
    Merge {
        id,
        kept,
        merged,
        note,
        merged_by,
        merged_at,
        undone_at,
    }
}

pub fn find(ctx: &mut Ctx<'_>, id: &MergeId) -> Result<Option<Merge>, Failure> {
    let row: Option<Columns> = record_merges::table
        .inner_join(users::table)
        .filter(record_merges::id.eq(id))
        .select(columns!())
        .first(ctx.conn)
        .optional()?;
    Ok(row.map(merge))
}

/// The merges into a record that stand, the latest first.
pub fn into(ctx: &mut Ctx<'_>, kept: &YoungPersonId) -> Result<Vec<Merge>, Failure> {
    let rows: Vec<Columns> = record_merges::table
        .inner_join(users::table)
        .filter(record_merges::kept_id.eq(kept))
        .filter(record_merges::undone_at.is_null())
        .order((record_merges::merged_at.desc(), record_merges::id.desc()))
        .select(columns!())
        .load(ctx.conn)?;
    Ok(rows.into_iter().map(merge).collect())
}

/// How many rows of each kind a merge moved.
pub fn moved(ctx: &mut Ctx<'_>, id: &MergeId) -> Result<Vec<Moved>, Failure> {
    #[derive(QueryableByName)]
    struct Row {
        #[diesel(sql_type = Text)]
        table_name: String,
        #[diesel(sql_type = BigInt)]
        rows: i64,
    }
    let query = "SELECT table_name, count(*) AS rows FROM merge_rows \
                 WHERE merge_id = $1 AND moved = $2 GROUP BY table_name ORDER BY table_name";
    let rows: Vec<Row> = each_db!(ctx.conn, c => sql_query(query)
        .bind::<Text, _>(id.as_str())
        .bind::<Bool, _>(true)
        .load(c)?);
    Ok(rows
        .into_iter()
        .map(|row| Moved {
            table: row.table_name,
            rows: row.rows,
        })
        .collect())
}

/// Whoever holds an open case or a waiting referral of any of these records.
pub(super) fn holders(
    ctx: &mut Ctx<'_>,
    records: &[YoungPersonId],
) -> Result<Vec<(UserId, String)>, Failure> {
    let mut holders: Vec<(UserId, String)> = allocations::table
        .inner_join(cases::table)
        .inner_join(users::table)
        .filter(cases::young_person_id.eq_any(records))
        .filter(allocations::to_on.is_null())
        .select((users::id, users::name))
        .load(ctx.conn)?;
    holders.extend(
        referrals::table
            .inner_join(users::table)
            .filter(referrals::young_person_id.eq_any(records))
            .filter(referrals::outcome.eq(Outcome::Pending))
            .filter(
                referrals::remit
                    .is_null()
                    .or(referrals::remit.ne(Remit::OutOfRemit)),
            )
            .select((users::id, users::name))
            .load::<(UserId, String)>(ctx.conn)?,
    );
    Ok(holders)
}
