//! Copying a whole database: to one SQLite file while the service runs, and back into either
//! engine. Rows travel as JSON, which both engines read and write themselves, so that a copy made
//! from PostgreSQL restores into SQLite and the other way round.

use std::path::Path;

use diesel::connection::SimpleConnection;
use diesel::deserialize::QueryableByName;
use diesel::sql_types::{BigInt, Text};
use diesel::{RunQueryDsl, sql_query};
use sha2::{Digest, Sha256};

use super::connect::{self, Address};
use super::{Link, migrations};
use crate::each_db;
use crate::failure::Fault;

const ROWS_AT_ONCE: i64 = 1_000;

#[derive(QueryableByName)]
struct Name {
    #[diesel(sql_type = Text)]
    name: String,
}

#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    count: i64,
}

#[derive(QueryableByName)]
struct Column {
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = Text)]
    kind: String,
}

/// A consistent copy as one SQLite file, readable by its owner only.
pub(super) fn to_file(conn: &mut Link, path: &Path) -> Result<(), Fault> {
    let target = connect::path_text(path)?;
    if conn.is_sqlite() {
        if target.contains('\'') {
            return Err(Fault::new(
                "the path of the copy may not hold a quotation mark",
            ));
        }
        conn.batch_execute(&format!("VACUUM INTO '{target}'"))
            .map_err(|cause| Fault::because("the copy cannot be written", &cause))?;
        return Ok(());
    }
    let address = Address::Sqlite(path.to_path_buf());
    let mut copy = connect::open(&address, connect::Use::Writing)?;
    // One file, without a log beside it.
    copy.batch_execute("PRAGMA journal_mode = DELETE;")?;
    migrations::run_on(&mut copy)?;
    conn.batch_execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")?;
    let copied = copy_all(conn, &mut copy);
    conn.batch_execute("ROLLBACK")?;
    copied
}

/// The tables of the service, without those of the migrations.
fn tables(conn: &mut Link) -> Result<Vec<String>, Fault> {
    let names: Vec<Name> = match conn {
        Link::Sqlite(c) => sql_query(
            "SELECT name FROM sqlite_schema WHERE type = 'table' \
             AND name NOT LIKE 'sqlite!_%' ESCAPE '!' AND name NOT LIKE '!_!_%' ESCAPE '!' \
             ORDER BY name",
        )
        .load(c)?,
        Link::Postgres(c) => sql_query(
            "SELECT table_name::text AS name FROM information_schema.tables \
             WHERE table_schema = current_schema() AND table_type = 'BASE TABLE' \
             AND table_name NOT LIKE '!_!_%' ESCAPE '!' ORDER BY 1",
        )
        .load(c)?,
    };
    Ok(names.into_iter().map(|row| row.name).collect())
}

/// How many rows each table holds.
pub fn table_counts(conn: &mut Link) -> Result<Vec<(String, i64)>, Fault> {
    let mut counts = Vec::new();
    for table in tables(conn)? {
        let query = format!("SELECT count(*) AS count FROM {table}");
        let rows: Vec<Count> = each_db!(conn, c => sql_query(query).load(c)?);
        counts.push((table, rows.first().map_or(0, |row| row.count)));
    }
    Ok(counts)
}

/// A hash over every row of every table: two databases of one engine that hold the same have the
/// same.
pub fn contents_hash(conn: &mut Link) -> Result<String, Fault> {
    let mut hash = Sha256::new();
    for table in tables(conn)? {
        hash.update(&table);
        let columns = columns(conn, &table)?;
        let names: Vec<&str> = columns.iter().map(|column| column.name.as_str()).collect();
        let mut offset = 0;
        loop {
            let rows = read(conn, &table, &names, offset)?;
            if rows.is_empty() {
                break;
            }
            for row in rows {
                hash.update(b"\n");
                hash.update(&row.json);
            }
            offset += ROWS_AT_ONCE;
        }
    }
    Ok(hex::encode(hash.finalize()))
}

/// Puts the seal of a copy into it, in a table that is none of the service's.
pub fn put_seal(copy: &mut Link, seal: &str) -> Result<(), Fault> {
    copy.batch_execute("CREATE TABLE __seal (line TEXT NOT NULL) STRICT")?;
    let insert = sql_query("INSERT INTO __seal (line) SELECT value FROM json_each(?)");
    let array = format!("[\"{seal}\"]");
    each_db!(copy, c => insert.bind::<Text, _>(array).execute(c)?);
    Ok(())
}

/// Takes the seal out of a copy; none where there is none.
pub fn take_seal(copy: &mut Link) -> Result<Option<String>, Fault> {
    let select = "SELECT line AS name FROM __seal";
    let found: Result<Vec<Name>, _> = each_db!(copy, c => sql_query(select).load(c));
    let Ok(lines) = found else {
        return Ok(None);
    };
    copy.batch_execute("DROP TABLE __seal")?;
    Ok(lines.into_iter().next().map(|row| row.name))
}

/// Columns with the kind of value the migrations give them.
fn columns(conn: &mut Link, table: &str) -> Result<Vec<Column>, Fault> {
    Ok(match conn {
        Link::Sqlite(c) => sql_query(format!(
            "SELECT name, type AS kind FROM pragma_table_info('{table}') ORDER BY cid"
        ))
        .load(c)?,
        Link::Postgres(c) => sql_query(format!(
            "SELECT column_name::text AS name, data_type::text AS kind \
             FROM information_schema.columns \
             WHERE table_schema = current_schema() AND table_name = '{table}' \
             ORDER BY ordinal_position"
        ))
        .load(c)?,
    })
}

/// Copies every row of one database into another of the same version, in one transaction of the
/// target. What the target's migrations put in is replaced.
pub fn copy_all(from: &mut Link, to: &mut Link) -> Result<(), Fault> {
    begin(to)?;
    match copy_tables(from, to) {
        Ok(()) => Ok(to.batch_execute("COMMIT")?),
        Err(fault) => {
            to.batch_execute("ROLLBACK")?;
            Err(fault)
        }
    }
}

/// References between tables are checked at the end: rows come in the order of the tables' names.
fn begin(to: &mut Link) -> Result<(), Fault> {
    match to {
        Link::Sqlite(c) => {
            c.batch_execute("BEGIN IMMEDIATE; PRAGMA defer_foreign_keys = ON;")?;
        }
        Link::Postgres(c) => c.batch_execute(
            "BEGIN; DO $$ DECLARE it record; BEGIN FOR it IN \
             SELECT conrelid::regclass AS t, conname AS n FROM pg_constraint \
             WHERE contype = 'f' AND connamespace = current_schema()::regnamespace LOOP \
             EXECUTE format('ALTER TABLE %s ALTER CONSTRAINT %I DEFERRABLE INITIALLY DEFERRED', it.t, it.n); \
             END LOOP; END $$;",
        )?,
    }
    Ok(())
}

fn copy_tables(from: &mut Link, to: &mut Link) -> Result<(), Fault> {
    for table in tables(to)? {
        to.batch_execute(&format!("DELETE FROM {table}"))?;
        let columns = columns(to, &table)?;
        let names: Vec<&str> = columns.iter().map(|column| column.name.as_str()).collect();
        let mut offset = 0;
        loop {
            let rows = read(from, &table, &names, offset)?;
            if rows.is_empty() {
                break;
            }
            offset += ROWS_AT_ONCE;
            write(to, &table, &columns, &rows)?;
        }
    }
    Ok(())
}

#[derive(QueryableByName)]
struct Json {
    #[diesel(sql_type = Text)]
    json: String,
}

fn read(from: &mut Link, table: &str, names: &[&str], offset: i64) -> Result<Vec<Json>, Fault> {
    let order = names.first().copied().unwrap_or("1");
    let all = names.join(", ");
    Ok(match from {
        Link::Sqlite(c) => {
            let pairs: Vec<String> = names
                .iter()
                .map(|name| format!("'{name}', {name}"))
                .collect();
            sql_query(format!(
                "SELECT json_object({}) AS json FROM {table} ORDER BY rowid \
                 LIMIT {ROWS_AT_ONCE} OFFSET {offset}",
                pairs.join(", ")
            ))
            .load(c)?
        }
        Link::Postgres(c) => sql_query(format!(
            "SELECT row_to_json(it)::text AS json FROM (SELECT {all} FROM {table} \
             ORDER BY {order}, ctid LIMIT {ROWS_AT_ONCE} OFFSET {offset}) it"
        ))
        .load(c)?,
    })
}

fn write(to: &mut Link, table: &str, columns: &[Column], rows: &[Json]) -> Result<(), Fault> {
    let all: Vec<&str> = columns.iter().map(|column| column.name.as_str()).collect();
    let all = all.join(", ");
    let lines: Vec<&str> = rows.iter().map(|row| row.json.as_str()).collect();
    let array = format!("[{}]", lines.join(","));
    match to {
        Link::Sqlite(c) => {
            let values: Vec<String> = columns
                .iter()
                .map(|column| match column.kind.as_str() {
                    // PostgreSQL writes an instant with a T between day and time.
                    "TEXT" if column.name.ends_with("_at") => {
                        format!("replace(value ->> '{}', 'T', ' ')", column.name)
                    }
                    _ => format!("value ->> '{}'", column.name),
                })
                .collect();
            sql_query(format!(
                "INSERT INTO {table} ({all}) SELECT {} FROM json_each(?)",
                values.join(", ")
            ))
            .bind::<Text, _>(array)
            .execute(c)?;
        }
        Link::Postgres(c) => {
            sql_query(format!(
                "INSERT INTO {table} ({all}) SELECT {all} \
                 FROM json_populate_recordset(NULL::{table}, $1::json)"
            ))
            .bind::<Text, _>(array)
            .execute(c)?;
        }
    }
    Ok(())
}
