//! The trail of an import: what it made, changed and removed, written by triggers on every table, so
//! that it can be taken back row by row.
//!
//! The triggers are made from the schema that the database tells of itself, after every step that
//! brought it to this version. Names of tables and columns are the database's own and are put in
//! quotes.

use std::collections::BTreeMap;

use diesel::connection::SimpleConnection;
use diesel::deserialize::QueryableByName;
use diesel::sql_types::{BigInt, Nullable, Text};
use diesel::{RunQueryDsl, sql_query};

use super::Link;
use crate::failure::Fault;

/// Tables that imports leave no trail in, and why.
pub const WITHOUT: &[(&str, &str)] = &[
    ("audit_events", "the access record is append only"),
    ("audit_head", "the access record is append only"),
    ("sessions", "signing in is no work on a record"),
    ("form_submissions", "which form was sent"),
    ("drafts", "asked for by their page"),
    ("calendar_feeds", "an address of an officer's own"),
    (
        "import_batches",
        "the import itself stays, and says that it was undone",
    ),
    ("import_trail", "this is the trail"),
    ("import_under_way", "this is what the trail goes by"),
    ("import_uploads", "the file as it was sent in"),
    ("import_upload_files", "the file as it was sent in"),
    (
        "import_column_names",
        "what columns mean is said by people, for all files",
    ),
    ("api_answers", "what a program was answered"),
    ("taken_files", "the file as it was found"),
    ("service_accounts", "who may send files"),
    ("service_tokens", "who may send files"),
    ("outbox", "what was sent cannot be taken back"),
    ("name_keys", "written anew from the names"),
    (
        "schedule_files",
        "what a file spoke of; one that was undone is left out where files are compared",
    ),
    ("schedule_holds", "which file named whom last, likewise"),
];

/// The one table whose rows are made by imports without being what they bring: only what an import
/// changes in the rows of another leaves a trail.
const ROWS: &str = "import_rows";

/// A table as the database tells of it.
#[derive(Debug, Clone, Default)]
pub struct Table {
    pub name: String,
    /// Every column with the kind of value.
    pub columns: Vec<(String, String)>,
    /// The columns of its key, in their order.
    pub key: Vec<String>,
    /// Columns that point at another table.
    pub points_at: Vec<(String, String)>,
}

/// A name in quotes.
#[must_use]
pub fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

impl Table {
    #[must_use]
    pub fn has(&self, column: &str) -> bool {
        self.columns.iter().any(|(name, _)| name == column)
    }

    fn kind(&self, column: &str) -> &str {
        let found = self.columns.iter().find(|(name, _)| name == column);
        found.map_or("text", |(_, kind)| kind)
    }

    /// The key of a row as the trail writes it. `row` is what the row is called in the statement.
    #[must_use]
    pub fn key_of(&self, conn: &Link, row: &str) -> String {
        let part = |column: &String| format!("CAST({row}.{} AS TEXT)", quoted(column));
        let parts: Vec<String> = self.key.iter().map(part).collect();
        match (parts.as_slice(), conn.is_sqlite()) {
            ([only], _) => only.clone(),
            (_, true) => format!("json_array({})", parts.join(", ")),
            (_, false) => format!("array_to_json(ARRAY[{}])::text", parts.join(", ")),
        }
    }

    /// A whole row as JSON.
    #[must_use]
    pub fn image_of(&self, conn: &Link, row: &str) -> String {
        if !conn.is_sqlite() {
            return format!("to_jsonb({row})::text");
        }
        let pairs: Vec<String> = self
            .columns
            .iter()
            .map(|(name, _)| format!("'{name}', {row}.{}", quoted(name)))
            .collect();
        format!("json_object({})", pairs.join(", "))
    }

    /// The columns of the key, each with its value as a line of the trail tells it.
    fn key_told(&self, conn: &Link, trail: &str) -> Vec<(String, String)> {
        let said = |place: usize| match (self.key.len(), conn.is_sqlite()) {
            (1, _) => format!("{trail}.row_key"),
            (_, true) => format!("json_extract({trail}.row_key, '$[{place}]')"),
            (_, false) => format!("({trail}.row_key::json ->> {place})"),
        };
        let told = |(place, column): (usize, &String)| {
            let value = match self.kind(column).to_lowercase().as_str() {
                "text" => said(place),
                kind => format!("CAST({} AS {kind})", said(place)),
            };
            (quoted(column), value)
        };
        self.key.iter().enumerate().map(told).collect()
    }

    /// Says of a row of this table that a line of the trail is about it. By the columns of the key,
    /// so that it is found by its index.
    #[must_use]
    pub fn matches(&self, conn: &Link, row: &str, trail: &str) -> String {
        let parts: Vec<String> = self
            .key_told(conn, trail)
            .into_iter()
            .map(|(column, value)| format!("{row}.{column} = {value}"))
            .collect();
        parts.join(" AND ")
    }

    /// Says of the rows of this table that they are those which some lines of the trail are about.
    #[must_use]
    pub fn is_told_by(&self, conn: &Link, lines: &str) -> String {
        let (columns, values): (Vec<String>, Vec<String>) =
            self.key_told(conn, "trail").into_iter().unzip();
        format!(
            "({}) IN (SELECT {} FROM import_trail trail WHERE {lines})",
            columns.join(", "),
            values.join(", ")
        )
    }

    /// The values of a row that a line of the trail has the image of, column by column. Within an
    /// update, `row` is the row that stands there: a column that the image does not know yet stays.
    #[must_use]
    pub fn values_of_image(&self, row: Option<&str>) -> String {
        let value = |(name, _): &(String, String)| {
            let said = match name.ends_with("_at") {
                // An image that came from PostgreSQL has a T between day and time.
                true => format!("replace(trail.image ->> '{name}', 'T', ' ')"),
                false => format!("trail.image ->> '{name}'"),
            };
            match row {
                None => said,
                Some(row) => format!(
                    "CASE WHEN json_type(trail.image, '$.{name}') IS NULL THEN {row}.{} ELSE {said} END",
                    quoted(name)
                ),
            }
        };
        let values: Vec<String> = self.columns.iter().map(value).collect();
        values.join(", ")
    }

    /// Its columns, one after another.
    #[must_use]
    pub fn all_columns(&self, row: &str) -> String {
        let names: Vec<String> = self
            .columns
            .iter()
            .map(|(name, _)| format!("{row}{}", quoted(name)))
            .collect();
        names.join(", ")
    }
}

#[derive(QueryableByName)]
struct ColumnRow {
    #[diesel(sql_type = Text)]
    table_name: String,
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = Text)]
    kind: String,
    #[diesel(sql_type = BigInt)]
    key_place: i64,
    #[diesel(sql_type = Nullable<Text>)]
    points_at: Option<String>,
}

const SQLITE_COLUMNS: &str = "SELECT t.name AS table_name, c.name, c.type AS kind, c.pk AS key_place, \
    (SELECT f.\"table\" FROM pragma_foreign_key_list(t.name) f WHERE f.\"from\" = c.name LIMIT 1) AS points_at \
    FROM sqlite_schema t, pragma_table_info(t.name) c WHERE t.type = 'table' \
    AND t.name NOT LIKE 'sqlite!_%' ESCAPE '!' AND t.name NOT LIKE '!_!_%' ESCAPE '!' \
    ORDER BY t.name, c.cid";

const POSTGRES_COLUMNS: &str = "SELECT t.relname::text AS table_name, a.attname::text AS name, \
    format_type(a.atttypid, a.atttypmod)::text AS kind, \
    coalesce((SELECT array_position(i.indkey::int2[], a.attnum) + 1 FROM pg_index i \
        WHERE i.indrelid = t.oid AND i.indisprimary), 0)::bigint AS key_place, \
    (SELECT o.relname::text FROM pg_constraint f JOIN pg_class o ON o.oid = f.confrelid \
        WHERE f.contype = 'f' AND f.conrelid = t.oid AND f.conkey = ARRAY[a.attnum] LIMIT 1) AS points_at \
    FROM pg_class t JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum > 0 AND NOT a.attisdropped \
    WHERE t.relnamespace = current_schema()::regnamespace AND t.relkind = 'r' \
    AND t.relname NOT LIKE '!_!_%' ESCAPE '!' ORDER BY t.relname, a.attnum";

/// Every table by its name.
pub fn tables(conn: &mut Link) -> Result<BTreeMap<String, Table>, Fault> {
    let rows: Vec<ColumnRow> = match conn {
        Link::Sqlite(c) => sql_query(SQLITE_COLUMNS).load(c)?,
        Link::Postgres(c) => sql_query(POSTGRES_COLUMNS).load(c)?,
    };
    let mut tables: BTreeMap<String, Table> = BTreeMap::new();
    let mut keys: BTreeMap<String, Vec<(i64, String)>> = BTreeMap::new();
    for row in rows {
        let table = tables.entry(row.table_name.clone()).or_default();
        table.name.clone_from(&row.table_name);
        if let Some(other) = row.points_at {
            table.points_at.push((row.name.clone(), other));
        }
        if row.key_place > 0 {
            let key = keys.entry(row.table_name).or_default();
            key.push((row.key_place, row.name.clone()));
        }
        table.columns.push((row.name, row.kind));
    }
    for (name, mut key) in keys {
        key.sort();
        if let Some(table) = tables.get_mut(&name) {
            table.key = key.into_iter().map(|(_, column)| column).collect();
        }
    }
    Ok(tables)
}

/// Whether the rows of a table leave a trail.
#[must_use]
pub fn leaves(table: &str) -> bool {
    !WITHOUT.iter().any(|(without, _)| *without == table)
}

#[derive(QueryableByName)]
struct TriggerRow {
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = Text)]
    table_name: String,
}

fn triggers(conn: &mut Link) -> Result<Vec<TriggerRow>, Fault> {
    Ok(match conn {
        Link::Sqlite(c) => sql_query(
            "SELECT name, tbl_name AS table_name FROM sqlite_schema \
             WHERE type = 'trigger' AND name LIKE 'trail!_%' ESCAPE '!'",
        )
        .load(c)?,
        Link::Postgres(c) => sql_query(
            "SELECT g.tgname::text AS name, t.relname::text AS table_name \
             FROM pg_trigger g JOIN pg_class t ON t.oid = g.tgrelid \
             WHERE g.tgname = 'leaves_a_trail' AND t.relnamespace = current_schema()::regnamespace",
        )
        .load(c)?,
    })
}

pub(super) fn is_installed(conn: &mut Link) -> Result<bool, Fault> {
    Ok(!triggers(conn)?.is_empty())
}

/// Takes the triggers away: what a step of the database does to old rows is nobody's work.
pub(super) fn remove(conn: &mut Link) -> Result<(), Fault> {
    let is_sqlite = conn.is_sqlite();
    let text: String = triggers(conn)?
        .into_iter()
        .map(|trigger| match is_sqlite {
            true => format!("DROP TRIGGER {};", quoted(&trigger.name)),
            false => format!(
                "DROP TRIGGER {} ON {};",
                quoted(&trigger.name),
                quoted(&trigger.table_name)
            ),
        })
        .collect();
    // PostgreSQL refuses to do nothing.
    if !text.is_empty() {
        conn.batch_execute(&text)?;
    }
    Ok(())
}

/// Makes the triggers of every table, as its columns are now.
pub(super) fn install(conn: &mut Link) -> Result<(), Fault> {
    let mut text = String::new();
    for table in tables(conn)?.values().filter(|table| leaves(&table.name)) {
        if conn.is_sqlite() {
            sqlite_triggers(conn, table, &mut text);
        } else {
            postgres_trigger(table, &mut text);
        }
    }
    Ok(conn.batch_execute(&text)?)
}

fn postgres_trigger(table: &Table, text: &mut String) {
    let name = quoted(&table.name);
    let deeds = match table.name == ROWS {
        true => "UPDATE OR DELETE",
        false => "INSERT OR UPDATE OR DELETE",
    };
    let key: Vec<String> = table
        .key
        .iter()
        .map(|column| format!("'{column}'"))
        .collect();
    text.push_str(&format!(
        "CREATE TRIGGER leaves_a_trail AFTER {deeds} ON {name} \
         FOR EACH ROW EXECUTE FUNCTION keep_import_trail({});\n",
        key.join(", ")
    ));
}

fn sqlite_triggers(conn: &Link, table: &Table, text: &mut String) {
    let name = &table.name;
    let on = quoted(name);
    let (old, new) = (table.key_of(conn, "OLD"), table.key_of(conn, "NEW"));
    let image = table.image_of(conn, "OLD");
    // What became of its own rows stays with an import.
    let own = match name == ROWS {
        true => " AND batch_id <> OLD.batch_id",
        false => "",
    };
    let mut trigger = |what: &str, event: &str, body: String| {
        let trigger = quoted(&format!("trail_{what}_{name}"));
        text.push_str(&format!(
            "CREATE TRIGGER {trigger} AFTER {event} ON {on} BEGIN {body}; END;\n"
        ));
    };
    let line = |deed: &str, key: &str, image: &str| {
        format!(
            "INSERT INTO import_trail (batch_id, table_name, row_key, deed, image, worked_on) \
             SELECT batch_id, '{name}', {key}, '{deed}', {image}, 0 \
             FROM import_under_way WHERE batch_id IS NOT NULL{own}"
        )
    };
    let worked_on = format!(
        "UPDATE import_trail SET worked_on = 1 WHERE table_name = '{name}' AND row_key = {old} \
         AND worked_on = 0 AND NOT EXISTS (SELECT 1 FROM import_under_way)"
    );
    if name != ROWS {
        trigger("made", "INSERT", line("made", &new, "NULL"));
    }
    for (deed, event) in [("changed", "UPDATE"), ("removed", "DELETE")] {
        let body = format!("{}; {worked_on}", line(deed, &old, &image));
        trigger(deed, event, body);
    }
}
