//! Both engines have the same tables, by the same steps.

use std::collections::{BTreeMap, BTreeSet};

use heard::lists;

use crate::helpers::databases::on_postgres;
use crate::helpers::given::root;
use crate::helpers::{PROGRAM, Place};

/// The steps of one engine: name and text.
pub fn migration_texts(engine: &str) -> BTreeMap<String, String> {
    let steps = std::fs::read_dir(root().join("migrations").join(engine)).unwrap();
    steps
        .map(|step| {
            let step = step.unwrap();
            let text = std::fs::read_to_string(step.path().join("up.sql")).unwrap();
            (step.file_name().into_string().unwrap(), text)
        })
        .collect()
}

#[test]
fn the_steps_have_the_same_names() {
    let names = |engine| migration_texts(engine).into_keys().collect::<Vec<_>>();
    assert_eq!(names("sqlite"), names("postgres"));
}

#[derive(diesel::QueryableByName)]
struct Line {
    #[diesel(sql_type = diesel::sql_types::Text)]
    line: String,
}

/// What a database says of itself, one line a fact.
fn told(link: &mut heard::db::Link, sql: &str) -> BTreeSet<String> {
    use diesel::RunQueryDsl;
    let lines: Vec<Line> = heard::each_db!(link, c => diesel::sql_query(sql).load(c).unwrap());
    lines.into_iter().map(|row| row.line).collect()
}

const SQLITE_COLUMNS: &str = "SELECT t.name || '.' || c.name || \
    CASE WHEN c.\"notnull\" THEN ' always' ELSE ' perhaps' END AS line \
    FROM sqlite_schema t, pragma_table_info(t.name) c WHERE t.type = 'table' AND t.name NOT LIKE '!_%' ESCAPE '!'";

const POSTGRES_COLUMNS: &str = "SELECT table_name || '.' || column_name || \
    CASE is_nullable WHEN 'NO' THEN ' always' ELSE ' perhaps' END AS line \
    FROM information_schema.columns WHERE table_schema = 'public' AND table_name NOT LIKE '!_%' ESCAPE '!'";

const SQLITE_KEYS: &str = "SELECT t.name || ' key ' || (SELECT group_concat(name, ', ') FROM \
        (SELECT name FROM pragma_table_info(t.name) WHERE pk > 0 ORDER BY pk)) AS line \
    FROM sqlite_schema t WHERE t.type = 'table' AND t.name NOT LIKE '!_%' ESCAPE '!' \
    UNION SELECT t.name || CASE i.origin WHEN 'u' THEN ' unique ' ELSE ' index ' || i.name || ' ' END || \
        (SELECT group_concat(name, ', ') FROM (SELECT name FROM pragma_index_info(i.name) ORDER BY seqno)) \
    FROM sqlite_schema t, pragma_index_list(t.name) i \
    WHERE t.type = 'table' AND i.origin <> 'pk' AND t.name NOT LIKE '!_%' ESCAPE '!' \
    UNION SELECT t.name || '.' || f.\"from\" || ' points at ' || f.\"table\" || '.' || f.\"to\" \
    FROM sqlite_schema t, pragma_foreign_key_list(t.name) f WHERE t.type = 'table'";

const POSTGRES_KEYS: &str = "SELECT t.relname || CASE WHEN i.indisprimary THEN ' key ' \
        WHEN i.indisunique THEN ' unique ' ELSE ' index ' || x.relname || ' ' END || \
        (SELECT string_agg(a.attname, ', ' ORDER BY k.place) FROM unnest(i.indkey) WITH ORDINALITY k (number, place) \
         JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = k.number) AS line \
    FROM pg_index i JOIN pg_class t ON t.oid = i.indrelid JOIN pg_class x ON x.oid = i.indexrelid \
    WHERE t.relnamespace = 'public'::regnamespace AND t.relname NOT LIKE '!_%' ESCAPE '!' \
    UNION SELECT t.relname || '.' || a.attname || ' points at ' || o.relname || '.' || b.attname \
    FROM pg_constraint c JOIN pg_class t ON t.oid = c.conrelid JOIN pg_class o ON o.oid = c.confrelid \
    JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = c.conkey[1] \
    JOIN pg_attribute b ON b.attrelid = o.oid AND b.attnum = c.confkey[1] WHERE c.contype = 'f'";

#[test]
fn both_engines_have_the_same_columns_keys_and_references() {
    let Some(postgres) = on_postgres() else {
        return;
    };
    let sqlite = Place::sqlite();
    for (one, other) in [
        (SQLITE_COLUMNS, POSTGRES_COLUMNS),
        (SQLITE_KEYS, POSTGRES_KEYS),
    ] {
        let one = told(&mut sqlite.link(), one);
        assert!(one.len() > 30, "{one:?}");
        assert_eq!(one, told(&mut postgres.link(), other));
    }
}

#[test]
fn both_engines_begin_with_the_same_rows() {
    let Some(postgres) = on_postgres() else {
        return;
    };
    let sqlite = Place::sqlite();
    assert_eq!(sqlite.counts(), postgres.counts());
    for list in [
        lists::REASONS,
        lists::MEETING_TYPES,
        lists::CLOSURE_REASONS,
        lists::ISSUE_TOPICS,
    ] {
        let entries = |place: &Place| {
            let read = place
                .db
                .read(&PROGRAM, |ctx| lists::store::entries(ctx, list));
            format!("{:?}", read.unwrap())
        };
        assert_eq!(entries(&sqlite), entries(&postgres));
    }
}

/// The columns that the queries know, as the databases tell theirs.
fn columns_of_the_queries() -> BTreeSet<String> {
    let text = std::fs::read_to_string(root().join("src/db/schema.rs")).unwrap();
    let (tables, _) = text.split_once("diesel::joinable!").unwrap();
    let mut columns = BTreeSet::new();
    let mut table = "";
    for line in tables.lines().map(str::trim) {
        if let Some((name, kind)) = line.split_once(" -> ") {
            let whether = if kind.starts_with("Nullable") {
                "perhaps"
            } else {
                "always"
            };
            columns.insert(format!("{table}.{name} {whether}"));
        } else if let Some((name, _)) = line.split_once(" (") {
            table = name;
        }
    }
    columns
}

#[test]
fn the_queries_know_the_columns_that_the_databases_have() {
    let known = columns_of_the_queries();
    assert_eq!(known, told(&mut Place::sqlite().link(), SQLITE_COLUMNS));
}
