//! How the trail of an import is read, and followed backwards.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use diesel::deserialize::QueryableByName;
use diesel::prelude::*;
use diesel::result::{DatabaseErrorKind, Error as DieselError};
use diesel::sql_query;
use diesel::sql_types::{BigInt, Nullable, Text};
use serde_json::{Map, Value};

use super::rules::{self, Refusal};
use super::{Count, InTheWay, PutBack, Work};
use crate::ctx::Ctx;
use crate::db::Link;
use crate::db::schema::{drafts, import_batches, import_trail, import_under_way, young_people};
use crate::db::trail::{Table, leaves, quoted, tables};
use crate::each_db;
use crate::failure::{Failure, Fault};
use crate::ids::{BatchId, YoungPersonId};

crate::words! {
    /// What a line of the trail says was done to a row.
    pub enum Deed {
        Made = "made", "Made";
        Changed = "changed", "Changed";
        Removed = "removed", "Removed";
        /// Not by the import: it hung on what the import made, and was taken along.
        Along = "along", "Taken along";
    }
}

/// From here on, what is done leaves a trail of this import; with none, an import is being taken
/// back, and that is nobody's work.
pub fn under_way(ctx: &mut Ctx<'_>, batch: Option<&BatchId>) -> Result<(), Failure> {
    nothing_under_way(ctx)?;
    diesel::insert_into(import_under_way::table)
        .values((
            import_under_way::id.eq(1),
            import_under_way::batch_id.eq(batch),
        ))
        .execute(ctx.conn)?;
    Ok(())
}

pub fn nothing_under_way(ctx: &mut Ctx<'_>) -> Result<(), Failure> {
    diesel::delete(import_under_way::table).execute(ctx.conn)?;
    Ok(())
}

/// Holds the trail of an import until the transaction ends: whoever works on its rows meanwhile
/// waits, or is seen. SQLite has one writer.
pub fn hold(ctx: &mut Ctx<'_>, batch: &BatchId) -> Result<(), Failure> {
    if let Link::Postgres(conn) = ctx.conn {
        import_trail::table
            .filter(import_trail::batch_id.eq(batch))
            .select(import_trail::seq)
            .for_update()
            .load::<i64>(conn)?;
    }
    Ok(())
}

/// What the database tells of its tables, for reading trails.
pub struct Shape(BTreeMap<String, Table>);

/// How many things in the way are looked for in each place.
const AT_MOST: usize = 200;

/// How many rows that are put back are shown.
const SHOWN: i64 = 100;

/// How many references are followed to learn whose record a row belongs to.
const FAR: u8 = 4;

#[derive(QueryableByName)]
struct CountRow {
    #[diesel(sql_type = Text)]
    table_name: String,
    #[diesel(sql_type = BigInt)]
    rows: i64,
}

#[derive(QueryableByName)]
struct AboutRow {
    #[diesel(sql_type = Text)]
    row_key: String,
    #[diesel(sql_type = Nullable<Text>)]
    about: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    batch: Option<String>,
}

#[derive(QueryableByName)]
struct BackRow {
    #[diesel(sql_type = Text)]
    before_text: String,
    #[diesel(sql_type = Nullable<Text>)]
    now_text: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    about: Option<String>,
}

impl Shape {
    pub fn read(ctx: &mut Ctx<'_>) -> Result<Self, Failure> {
        Ok(Self(tables(ctx.conn)?))
    }

    fn table(&self, name: &str) -> Result<&Table, Failure> {
        let table = self.0.get(name);
        Ok(table.ok_or_else(|| Fault::new(format!("there is no table {name} any more")))?)
    }

    /// Whose record a row belongs to, as a value in a statement: said by the row itself, or by what
    /// it points at. Nothing for what is nobody's.
    fn whose(&self, table: &Table, row: &str, far: u8) -> Option<String> {
        match table.name.as_str() {
            "young_people" => return Some(format!("{row}.id")),
            "users" | "import_rows" => return None,
            // Those who are at a meeting point at it.
            "meetings" => {
                return Some(format!(
                    "(SELECT r.young_person_id FROM meeting_attendances a \
                     JOIN referrals r ON r.id = a.referral_id WHERE a.meeting_id = {row}.id LIMIT 1)"
                ));
            }
            _ if table.has("young_person_id") => return Some(format!("{row}.young_person_id")),
            _ => {}
        }
        let far = far.checked_sub(1)?;
        table.points_at.iter().find_map(|(column, other)| {
            let parent = self.0.get(other)?;
            let key = parent.key.first()?;
            let alias = format!("up{far}");
            let whose = self.whose(parent, &alias, far)?;
            Some(format!(
                "(SELECT {whose} FROM {} {alias} WHERE {alias}.{} = {row}.{})",
                quoted(other),
                quoted(key),
                quoted(column)
            ))
        })
    }

    fn whose_or_nobody(&self, table: &Table, row: &str) -> String {
        let whose = self.whose(table, row, FAR);
        whose.unwrap_or_else(|| "CAST(NULL AS TEXT)".to_owned())
    }
}

fn counts(ctx: &mut Ctx<'_>, batch: &BatchId, condition: &str) -> Result<Vec<Count>, Failure> {
    let query = format!(
        "SELECT table_name, count(DISTINCT row_key) AS rows FROM import_trail trail \
         WHERE batch_id = $1 AND {condition} GROUP BY table_name ORDER BY table_name"
    );
    let rows: Vec<CountRow> = each_db!(ctx.conn, c => sql_query(query)
        .bind::<Text, _>(batch.as_str())
        .load(c)?);
    Ok(rows
        .into_iter()
        .map(|row| Count {
            table: row.table_name,
            rows: row.rows,
        })
        .collect())
}

/// A row that the import changed and did not make itself.
const NOT_ITS_OWN: &str = "trail.deed IN ('changed', 'removed') AND NOT EXISTS (SELECT 1 \
    FROM import_trail own WHERE own.table_name = trail.table_name AND own.row_key = trail.row_key \
    AND own.batch_id = trail.batch_id AND own.deed = 'made')";

/// How many rows the import made, by table.
pub fn made(ctx: &mut Ctx<'_>, batch: &BatchId) -> Result<Vec<Count>, Failure> {
    counts(ctx, batch, "deed = 'made'")
}

/// How many rows it changed that were there before, by table.
pub fn changed(ctx: &mut Ctx<'_>, batch: &BatchId) -> Result<Vec<Count>, Failure> {
    counts(ctx, batch, NOT_ITS_OWN)
}

fn values(image: Option<&str>) -> Map<String, Value> {
    image
        .and_then(|text| serde_json::from_str(text).ok())
        .unwrap_or_default()
}

fn said(values: &Map<String, Value>, field: &str) -> Option<String> {
    match values.get(field) {
        None | Some(Value::Null) => None,
        Some(Value::String(text)) => Some(text.clone()),
        Some(other) => Some(other.to_string()),
    }
}

/// Some of the rows that would be put back, with what differs. Where they are all of a table, they
/// are its count too: rows in which nothing that people read differs do not count.
pub fn put_back(
    ctx: &mut Ctx<'_>,
    shape: &Shape,
    batch: &BatchId,
    changed: &mut [Count],
) -> Result<Vec<PutBack>, Failure> {
    let mut rows = Vec::new();
    for count in changed
        .iter_mut()
        .filter(|count| rules::is_told(&count.table))
    {
        let table = shape.table(&count.table)?;
        // The first line about a row says what stood there before the import.
        let query = format!(
            "SELECT trail.image AS before_text, {} AS now_text, {} AS about FROM import_trail trail \
             LEFT JOIN {} t ON {} WHERE trail.batch_id = $1 AND trail.table_name = '{}' \
             AND {NOT_ITS_OWN} AND NOT EXISTS (SELECT 1 FROM import_trail before \
             WHERE before.table_name = trail.table_name AND before.row_key = trail.row_key \
             AND before.batch_id = trail.batch_id AND before.seq < trail.seq) \
             ORDER BY trail.seq LIMIT {SHOWN}",
            table.image_of(ctx.conn, "t"),
            shape.whose_or_nobody(table, "t"),
            quoted(&table.name),
            table.matches(ctx.conn, "t", "trail"),
            table.name,
        );
        let found: Vec<BackRow> = each_db!(ctx.conn, c => sql_query(query)
            .bind::<Text, _>(batch.as_str())
            .load(c)?);
        let (all, before) = (count.rows < SHOWN, rows.len());
        for row in found {
            let (then, now) = (
                values(Some(&row.before_text)),
                values(row.now_text.as_deref()),
            );
            let fields: Vec<_> = table
                .columns
                .iter()
                .map(|(name, _)| name)
                .filter(|name| rules::is_for_people(name))
                .map(|name| (name.clone(), said(&now, name), said(&then, name)))
                .filter(|(_, now, then)| now != then)
                .collect();
            if !fields.is_empty() {
                rows.push(PutBack {
                    about: row.about.as_deref().and_then(YoungPersonId::parse),
                    table: table.name.clone(),
                    fields,
                });
            }
        }
        if all {
            count.rows = i64::try_from(rows.len() - before).unwrap_or(count.rows);
        }
    }
    Ok(rows)
}

// What stands in the way

/// Rows that hang on a record without being work on it: who looked, what it is searched by, and
/// likenesses that nobody has said anything to. They go along with what the import made.
const ALONG: &[(&str, &str, &str)] = &[
    ("stated_reasons", "young_person_id", "true"),
    ("reference_keys", "young_person_id", "true"),
    ("likenesses", "newer_id", "hung.version = 1"),
    ("likenesses", "older_id", "hung.version = 1"),
];

/// Where past values are kept.
const HISTORY: &str = "field_history";

/// Things in the way, counted by whose record and what it is.
#[derive(Default)]
struct Found {
    imports: BTreeSet<BatchId>,
    work: BTreeMap<(Option<YoungPersonId>, Work), BTreeSet<String>>,
}

impl Found {
    fn add(&mut self, row: AboutRow, work: Work) {
        match row.batch.as_deref().and_then(BatchId::parse) {
            Some(batch) => {
                self.imports.insert(batch);
            }
            None => {
                let about = row.about.as_deref().and_then(YoungPersonId::parse);
                self.work
                    .entry((about, work))
                    .or_default()
                    .insert(row.row_key);
            }
        }
    }
}

/// Everything that stands in the way of undoing an import.
pub fn in_the_way(
    ctx: &mut Ctx<'_>,
    shape: &Shape,
    batch: &BatchId,
) -> Result<Vec<InTheWay>, Failure> {
    let mut found = Found::default();
    later_imports(ctx, batch, &mut found)?;
    worked_on(ctx, shape, batch, &mut found)?;
    hangs_on(ctx, shape, batch, &mut found)?;
    half_written(ctx, batch, &mut found)?;
    // What a change said before is told with the change.
    let told: BTreeSet<Option<YoungPersonId>> = found
        .work
        .keys()
        .filter(|(_, work)| *work != Work::Added(HISTORY.to_owned()))
        .map(|(about, _)| about.clone())
        .collect();
    found.work.retain(|(about, work), _| {
        *work != Work::Added(HISTORY.to_owned()) || !told.contains(about)
    });
    let imports = found.imports.into_iter().map(InTheWay::LaterImport);
    let work = found
        .work
        .into_iter()
        .map(|((about, work), rows)| InTheWay::Work {
            about,
            work,
            rows: rows.len(),
        });
    Ok(imports.chain(work).collect())
}

/// Imports that stand and that changed the same rows later.
fn later_imports(ctx: &mut Ctx<'_>, batch: &BatchId, found: &mut Found) -> Result<(), Failure> {
    let query = "SELECT DISTINCT later.batch_id AS row_key, later.batch_id AS batch, \
         CAST(NULL AS TEXT) AS about FROM import_trail trail \
         JOIN import_trail later ON later.table_name = trail.table_name \
         AND later.row_key = trail.row_key AND later.batch_id <> trail.batch_id \
         AND later.seq > trail.seq \
         JOIN import_batches b ON b.id = later.batch_id AND b.undone_at IS NULL \
         WHERE trail.batch_id = $1";
    let rows: Vec<AboutRow> = each_db!(ctx.conn, c => sql_query(query)
        .bind::<Text, _>(batch.as_str())
        .load(c)?);
    for row in rows {
        found.add(row, Work::Changed(String::new()));
    }
    Ok(())
}

/// Rows of the import that somebody changed or removed by hand.
fn worked_on(
    ctx: &mut Ctx<'_>,
    shape: &Shape,
    batch: &BatchId,
    found: &mut Found,
) -> Result<(), Failure> {
    for count in counts(ctx, batch, "trail.worked_on = true")? {
        let table = shape.table(&count.table)?;
        let query = format!(
            "SELECT DISTINCT trail.row_key, {} AS about, CAST(NULL AS TEXT) AS batch \
             FROM import_trail trail LEFT JOIN {} t ON {} \
             WHERE trail.batch_id = $1 AND trail.table_name = '{}' AND trail.worked_on = true \
             ORDER BY 1 LIMIT {AT_MOST}",
            shape.whose_or_nobody(table, "t"),
            quoted(&table.name),
            table.matches(ctx.conn, "t", "trail"),
            table.name,
        );
        let rows: Vec<AboutRow> = each_db!(ctx.conn, c => sql_query(query)
            .bind::<Text, _>(batch.as_str())
            .load(c)?);
        for row in rows {
            found.add(row, Work::Changed(table.name.clone()));
        }
    }
    Ok(())
}

/// Rows that came since and hang on what the import made: by a reference that the database knows of,
/// or by the name of the column alone.
fn hangs_on(
    ctx: &mut Ctx<'_>,
    shape: &Shape,
    batch: &BatchId,
    found: &mut Found,
) -> Result<(), Failure> {
    let made: BTreeSet<String> = made(ctx, batch)?.into_iter().map(|it| it.table).collect();
    for table in shape.0.values() {
        let aside = ["import_rows", "stated_reasons", "reference_keys"];
        if !leaves(&table.name) || aside.contains(&table.name.as_str()) {
            continue;
        }
        let only = match table.name == "likenesses" {
            true => "AND hung.version > 1",
            false => "",
        };
        let name = &table.name;
        let (key, whose) = (
            table.key_of(ctx.conn, "hung"),
            shape.whose_or_nobody(table, "hung"),
        );
        for (column, _) in &table.columns {
            let known = table.points_at.iter().find(|(from, _)| from == column);
            let at = match known {
                Some((_, other)) if made.contains(other) => {
                    format!("AND trail.table_name = '{other}'")
                }
                None if column.ends_with("_id") => String::new(),
                _ => continue,
            };
            let query = format!(
                "SELECT {key} AS row_key, {whose} AS about, \
                 (SELECT other.batch_id FROM import_trail other \
                 JOIN import_batches b ON b.id = other.batch_id AND b.undone_at IS NULL \
                 WHERE other.table_name = '{name}' AND other.row_key = {key} \
                 AND other.deed = 'made' LIMIT 1) AS batch \
                 FROM import_trail trail JOIN {} hung ON hung.{} = trail.row_key \
                 WHERE trail.batch_id = $1 AND trail.deed = 'made' {at} {only} AND NOT EXISTS \
                 (SELECT 1 FROM import_trail own WHERE own.table_name = '{name}' \
                 AND own.row_key = {key} AND own.batch_id = trail.batch_id) \
                 ORDER BY 1 LIMIT {AT_MOST}",
                quoted(name),
                quoted(column),
            );
            let rows: Vec<AboutRow> = each_db!(ctx.conn, c => sql_query(query)
                .bind::<Text, _>(batch.as_str())
                .load(c)?);
            for row in rows {
                found.add(row, Work::Added(name.clone()));
            }
        }
    }
    Ok(())
}

/// Pages of what the import made on which somebody has half written something.
fn half_written(ctx: &mut Ctx<'_>, batch: &BatchId, found: &mut Found) -> Result<(), Failure> {
    let pages: Vec<String> = drafts::table.select(drafts::page).load(ctx.conn)?;
    for page in pages {
        let parts: Vec<&str> = page.split(['/', '?', '=', '&']).collect();
        let about: Option<(String, String)> = import_trail::table
            .filter(import_trail::batch_id.eq(batch))
            .filter(import_trail::deed.eq(Deed::Made))
            .filter(import_trail::row_key.eq_any(parts))
            .select((import_trail::table_name, import_trail::row_key))
            .first(ctx.conn)
            .optional()?;
        if let Some((table, key)) = about {
            let row = AboutRow {
                about: (table == "young_people").then_some(key),
                row_key: page,
                batch: None,
            };
            found.add(row, Work::Draft);
        }
    }
    Ok(())
}

// Doing it

/// Whose records an import made or changed.
pub fn whose(
    ctx: &mut Ctx<'_>,
    shape: &Shape,
    batch: &BatchId,
) -> Result<BTreeSet<YoungPersonId>, Failure> {
    let mut all = BTreeSet::new();
    for count in counts(ctx, batch, "true")? {
        let table = shape.table(&count.table)?;
        let Some(whose) = shape.whose(table, "t", FAR) else {
            continue;
        };
        let query = format!(
            "SELECT DISTINCT '' AS row_key, {whose} AS about, CAST(NULL AS TEXT) AS batch \
             FROM import_trail trail JOIN {} t ON {} \
             WHERE trail.batch_id = $1 AND trail.table_name = '{}'",
            quoted(&table.name),
            table.matches(ctx.conn, "t", "trail"),
            table.name,
        );
        let rows: Vec<AboutRow> = each_db!(ctx.conn, c => sql_query(query)
            .bind::<Text, _>(batch.as_str())
            .load(c)?);
        all.extend(
            rows.iter()
                .filter_map(|row| row.about.as_deref().and_then(YoungPersonId::parse)),
        );
    }
    Ok(all)
}

/// Keeps in the trail what every row that goes says now: nothing is destroyed.
pub fn keep_images(ctx: &mut Ctx<'_>, shape: &Shape, batch: &BatchId) -> Result<(), Failure> {
    for count in made(ctx, batch)? {
        let table = shape.table(&count.table)?;
        let name = &table.name;
        let keep = format!(
            "UPDATE import_trail SET image = (SELECT {} FROM {} t WHERE {}) \
             WHERE batch_id = $1 AND table_name = '{name}' AND deed = 'made'",
            table.image_of(ctx.conn, "t"),
            quoted(name),
            table.matches(ctx.conn, "t", "import_trail"),
        );
        each_db!(ctx.conn, c => sql_query(keep)
            .bind::<Text, _>(batch.as_str())
            .execute(c)?);
    }
    Ok(())
}

/// The people that an import made.
const MADE_PEOPLE: &str = "SELECT trail.row_key FROM import_trail trail WHERE trail.batch_id = $1 \
    AND trail.table_name = 'young_people' AND trail.deed = 'made'";

/// Takes along what hangs on the people who go and is no work on them, and keeps it in the trail.
pub fn take_along(ctx: &mut Ctx<'_>, shape: &Shape, batch: &BatchId) -> Result<(), Failure> {
    for (name, column, which) in ALONG {
        let table = shape.table(name)?;
        let key = table.key_of(ctx.conn, "hung");
        let keep = format!(
            "INSERT INTO import_trail (seq, batch_id, table_name, row_key, deed, image, worked_on) \
             SELECT (SELECT max(seq) FROM import_trail) + row_number() OVER (), $1, '{name}', {key}, \
             'along', {}, false FROM {name} hung WHERE hung.{column} IN ({MADE_PEOPLE}) AND {which} \
             AND NOT EXISTS (SELECT 1 FROM import_trail own WHERE own.table_name = '{name}' \
             AND own.row_key = {key} AND own.batch_id = $1)",
            table.image_of(ctx.conn, "hung"),
        );
        let remove = format!(
            "DELETE FROM {name} WHERE {}",
            table.is_told_by(
                ctx.conn,
                &format!(
                    "trail.batch_id = $1 AND trail.table_name = '{name}' AND trail.deed = 'along'"
                )
            )
        );
        for step in [keep, remove] {
            each_db!(ctx.conn, c => sql_query(step)
                .bind::<Text, _>(batch.as_str())
                .execute(c)?);
        }
    }
    // Rows of imports stay, and the words by which somebody is found are no record.
    let forget = [
        format!(
            "UPDATE import_rows SET young_person_id = NULL WHERE young_person_id IN ({MADE_PEOPLE})"
        ),
        format!("UPDATE import_rows SET likely_id = NULL WHERE likely_id IN ({MADE_PEOPLE})"),
        format!("DELETE FROM name_keys WHERE young_person_id IN ({MADE_PEOPLE})"),
    ];
    for step in forget {
        each_db!(ctx.conn, c => sql_query(step)
            .bind::<Text, _>(batch.as_str())
            .execute(c)?);
    }
    Ok(())
}

/// How the lines about one table are followed backwards.
struct Backwards {
    /// What was made goes.
    remove: String,
    /// What was changed says again what it said.
    restore: String,
    /// What was removed stands there again.
    insert: String,
}

fn backwards(ctx: &Ctx<'_>, table: &Table) -> Backwards {
    let name = quoted(&table.name);
    let this = table.is_told_by(ctx.conn, "trail.seq = $1");
    let columns = table.all_columns("");
    let (values, again) = match ctx.conn {
        Link::Sqlite(_) => (
            format!(
                "SELECT {} FROM import_trail trail WHERE trail.seq = $1",
                table.values_of_image(Some("t"))
            ),
            format!(
                "SELECT {} FROM import_trail trail WHERE trail.seq = $1",
                table.values_of_image(None)
            ),
        ),
        Link::Postgres(_) => {
            let from = |row: &str| {
                format!(
                    "SELECT {} FROM import_trail trail, \
                     jsonb_populate_record({row}, trail.image::jsonb) image WHERE trail.seq = $1",
                    table.all_columns("image.")
                )
            };
            (from("t"), from(&format!("NULL::{name}")))
        }
    };
    Backwards {
        remove: format!("DELETE FROM {name} WHERE {this}"),
        restore: format!("UPDATE {name} AS t SET ({columns}) = ({values}) WHERE {this}"),
        insert: format!("INSERT INTO {name} ({columns}) {again}"),
    }
}

/// How many lines are read at once.
const LINES: i64 = 5_000;

/// Follows the trail backwards, the last line first: each step finds what the step before it left.
pub fn go_back(ctx: &mut Ctx<'_>, shape: &Shape, batch: &BatchId) -> Result<(), Failure> {
    let mut ways: HashMap<String, Backwards> = HashMap::new();
    let mut from = i64::MAX;
    loop {
        let lines: Vec<(i64, String, Deed)> = import_trail::table
            .filter(import_trail::batch_id.eq(batch))
            .filter(import_trail::deed.ne(Deed::Along))
            .filter(import_trail::seq.lt(from))
            .order(import_trail::seq.desc())
            .limit(LINES)
            .select((
                import_trail::seq,
                import_trail::table_name,
                import_trail::deed,
            ))
            .load(ctx.conn)?;
        let Some((last, ..)) = lines.last() else {
            return Ok(());
        };
        from = *last;
        for (seq, name, deed) in lines {
            if !ways.contains_key(&name) {
                let way = backwards(ctx, shape.table(&name)?);
                ways.insert(name.clone(), way);
            }
            let Some(way) = ways.get(&name) else {
                continue;
            };
            let step = match deed {
                Deed::Made => &way.remove,
                Deed::Changed => &way.restore,
                Deed::Removed => &way.insert,
                Deed::Along => continue,
            };
            each_db!(ctx.conn, c => sql_query(step).bind::<BigInt, _>(seq).execute(c))
                .map_err(in_between)?;
        }
    }
}

/// What points at a row that goes came a moment ago.
fn in_between(cause: DieselError) -> Failure {
    match cause {
        DieselError::DatabaseError(
            DatabaseErrorKind::ForeignKeyViolation | DatabaseErrorKind::UniqueViolation,
            _,
        ) => Failure::Refused(Refusal::Meanwhile.to_string()),
        other => other.into(),
    }
}

/// The people whom an import changed and did not make.
pub fn changed_people(ctx: &mut Ctx<'_>, batch: &BatchId) -> Result<Vec<YoungPersonId>, Failure> {
    Ok(import_trail::table
        .inner_join(young_people::table.on(young_people::id.eq(import_trail::row_key)))
        .filter(import_trail::batch_id.eq(batch))
        .filter(import_trail::table_name.eq("young_people"))
        .filter(import_trail::deed.eq(Deed::Changed))
        .select(young_people::id)
        .distinct()
        .load(ctx.conn)?)
}

pub fn set_undone(ctx: &mut Ctx<'_>, batch: &BatchId, reason: &str) -> Result<(), Failure> {
    diesel::update(import_batches::table.filter(import_batches::id.eq(batch)))
        .set((
            import_batches::undone_at.eq(ctx.now),
            import_batches::undone_by.eq(ctx.actor.label()),
            import_batches::undo_reason.eq(reason),
        ))
        .execute(ctx.conn)?;
    Ok(())
}

/// Whether an import left a trail.
pub fn has_trail(ctx: &mut Ctx<'_>, batch: &BatchId) -> Result<bool, Failure> {
    Ok(import_batches::table
        .filter(import_batches::id.eq(batch))
        .select(import_batches::has_trail)
        .first(ctx.conn)?)
}
