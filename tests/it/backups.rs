//! Copies: made while the service runs, checked, and put back into either engine.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use diesel::connection::SimpleConnection;
use diesel::{QueryableByName, RunQueryDsl, sql_query, sql_types::Text};
use heard::db::{Address, Link, connect_once, table_counts};
use serde_json::Value;

use crate::helpers::databases::{empty_postgres, folder, url};
use crate::helpers::program::{Done, run};
use crate::helpers::schedule::{import, row};
use crate::helpers::{Place, each_place, load_seeds};

#[derive(QueryableByName)]
struct Line {
    #[diesel(sql_type = Text)]
    line: String,
}

fn lines(link: &mut Link, sql: &str) -> Vec<String> {
    let lines: Vec<Line> = heard::each_db!(link, c => sql_query(sql).load(c).unwrap());
    lines.into_iter().map(|row| row.line).collect()
}

/// Every row of every table of a copy.
pub fn contents(file: &Path) -> BTreeMap<String, Vec<String>> {
    let mut link = connect_once(&Address::Sqlite(file.to_owned())).unwrap();
    let tables = table_counts(&mut link).unwrap().into_iter();
    tables
        .map(|(table, _)| {
            let columns =
                format!("SELECT name AS line FROM pragma_table_info('{table}') ORDER BY name");
            let columns = lines(&mut link, &columns).join(", ");
            let rows = format!("SELECT json_array({columns}) AS line FROM {table} ORDER BY 1");
            (table, lines(&mut link, &rows))
        })
        .collect()
}

pub fn backup(place: &Place, name: &str) -> PathBuf {
    let file = place.folder.path().join(name);
    let done = place.heard(&["backup", file.to_str().unwrap()]);
    assert_eq!((done.code, done.err.as_str()), (0, ""));
    assert!(
        std::fs::read(&file)
            .unwrap()
            .starts_with(b"SQLite format 3\0")
    );
    file
}

/// An empty house: a folder with the same keys, and where its database will be.
pub fn restore(file: &Path, data_dir: &Path, database: Option<&str>) -> Done {
    run(data_dir, database, &["restore", file.to_str().unwrap()])
}

fn report(data_dir: &Path, database: Option<&str>) -> Value {
    let args = [
        "report",
        "annual",
        "--from",
        "2021-04-01",
        "--to",
        "2022-03-31",
    ];
    run(data_dir, database, &args).json()
}

fn assert_same_house(before: &Place, copy: &Path, data_dir: &Path, database: Option<&str>) {
    let again = data_dir.join("again.db");
    assert_eq!(run(data_dir, database, &["audit", "verify"]).code, 0);
    assert_eq!(
        run(data_dir, database, &["backup", again.to_str().unwrap()]).code,
        0
    );
    assert_eq!(contents(&again), contents(copy));
    let was = report(before.folder.path(), Some(&url(before.address())));
    assert_eq!(report(data_dir, database), was);
}

#[test]
fn a_copy_goes_back_into_either_engine_and_nothing_is_lost() {
    each_place(|place| {
        load_seeds(&place.db);
        import(
            &place.db,
            &[row("CPC-1", "K1").with("conference_time", "09:30")],
        );
        let copy = backup(place, "copy.db");
        let house = folder();
        let done = restore(&copy, house.path(), None);
        assert_eq!(done.code, 0, "{done:?}");
        assert_same_house(place, &copy, house.path(), None);
        if let Some((_made, address)) = empty_postgres() {
            let (house, address) = (folder(), url(&address));
            let done = restore(&copy, house.path(), Some(&address));
            assert_eq!(done.code, 0, "{done:?}");
            assert_same_house(place, &copy, house.path(), Some(&address));
        }
    });
}

#[test]
fn a_copy_made_while_somebody_writes_is_whole() {
    each_place(|place| {
        let rows: Vec<_> = (0..400)
            .map(|child| row("CPC-1", &format!("K{child}")))
            .collect();
        std::thread::scope(|scope| {
            let writer = scope.spawn(|| {
                rows.chunks(20)
                    .for_each(|rows| drop(import(&place.db, rows)))
            });
            let copies: Vec<_> = (0..3)
                .map(|number| backup(place, &format!("{number}.db")))
                .collect();
            writer.join().unwrap();
            for copy in copies {
                let children = contents(&copy)["conference_children"].len();
                assert_eq!(children % 20, 0, "half an import was copied");
                let house = folder();
                assert_eq!(restore(&copy, house.path(), None).code, 0);
            }
        });
    });
}

#[test]
fn a_backup_overwrites_nothing() {
    each_place(|place| {
        let copy = backup(place, "copy.db");
        let done = place.heard(&["backup", copy.to_str().unwrap()]);
        assert!(
            done.code == 1 && done.err.contains("never overwrites"),
            "{done:?}"
        );
    });
}

#[test]
fn a_database_in_use_is_not_restored_over() {
    each_place(|place| {
        import(&place.db, &[row("CPC-1", "K1")]);
        let copy = backup(place, "copy.db");
        let before = place.counts();
        let done = place.heard(&["restore", copy.to_str().unwrap()]);
        assert!(
            done.code == 1 && done.err.contains("has records in it"),
            "{done:?}"
        );
        assert_eq!(place.counts(), before);
    });
}

#[test]
fn a_sqlite_database_in_use_is_put_aside_when_that_is_asked_for() {
    let place = Place::sqlite();
    import(&place.db, &[row("CPC-1", "K1")]);
    let copy = backup(&place, "copy.db");
    let house = folder();
    assert_eq!(restore(&copy, house.path(), None).code, 0);
    let args = ["restore", copy.to_str().unwrap(), "--replace"];
    assert_eq!(run(house.path(), None, &args).code, 0);
    let names = std::fs::read_dir(house.path()).unwrap();
    let aside = names.filter(|name| {
        let name = name.as_ref().unwrap().file_name();
        name.to_string_lossy().starts_with("heard.db.before-")
    });
    assert!(aside.count() >= 1);
}

/// Refused with these words, and nothing was restored.
fn refused(copy: &Path, said: &str) {
    let house = folder();
    let done = restore(copy, house.path(), None);
    assert!(done.code == 1 && done.err.contains(said), "{done:?}");
    assert!(!house.path().join("heard.db").exists());
}

#[test]
fn a_changed_copy_is_refused() {
    each_place(|place| {
        import(&place.db, &[row("CPC-1", "K1")]);
        for (number, change) in [
            "UPDATE young_people SET date_of_birth = '2009-05-11'",
            "UPDATE referrals SET outcome = 'withdrawn'",
            "DELETE FROM import_rows",
            "INSERT INTO users SELECT 'x', NULL, 'x', 'auditor', 'x', 0, NULL, created_at, 1 FROM young_people",
            "DROP TRIGGER audit_events_are_not_changed; UPDATE audit_events SET action = 'x' WHERE seq = 1",
        ]
        .into_iter()
        .enumerate()
        {
            let copy = backup(place, &format!("{number}.db"));
            let mut link = connect_once(&Address::Sqlite(copy.clone())).unwrap();
            link.batch_execute(change).unwrap();
            link.fold_log().unwrap();
            refused(&copy, "changed");
        }
    });
}

#[test]
fn a_damaged_copy_is_refused() {
    let place = Place::sqlite();
    load_seeds(&place.db);
    let copy = backup(&place, "copy.db");
    let mut bytes = std::fs::read(&copy).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle..middle + 4096].fill(0);
    std::fs::write(&copy, &bytes).unwrap();
    let house = folder();
    assert_eq!(restore(&copy, house.path(), None).code, 1);
    std::fs::write(&copy, &bytes[..middle]).unwrap();
    assert_eq!(restore(&copy, house.path(), None).code, 1);
    assert!(!house.path().join("heard.db").exists());
}

#[test]
fn what_is_no_backup_is_refused() {
    let folder = folder();
    let file = folder.path().join("other");
    for bytes in [b"".as_slice(), b"a letter to the council"] {
        std::fs::write(&file, bytes).unwrap();
        let done = restore(&file, folder.path(), None);
        assert_eq!(done.code, 1, "{done:?}");
    }
    assert_eq!(
        restore(&folder.path().join("nowhere"), folder.path(), None).code,
        1
    );
}

#[test]
fn with_another_key_than_its_own_a_copy_is_refused() {
    each_place(|place| {
        import(&place.db, &[row("CPC-1", "K1")]);
        let copy = backup(place, "copy.db");
        let house = folder();
        std::fs::write(house.path().join("audit.key"), "ab".repeat(32)).unwrap();
        assert_eq!(restore(&copy, house.path(), None).code, 1);
        assert!(!house.path().join("heard.db").exists());
    });
}

#[test]
fn a_copy_whose_key_is_lost_is_restored_sealed_anew_and_says_so() {
    each_place(|place| {
        import(&place.db, &[row("CPC-1", "K1")]);
        let copy = backup(place, "copy.db");
        let house = folder();
        let _ = std::fs::remove_file(house.path().join("audit.key"));
        let done = restore(&copy, house.path(), None);
        assert!(
            done.code == 0 && done.out.contains("nobody can tell"),
            "{done:?}"
        );
        let verdict = run(house.path(), None, &["audit", "verify"]);
        assert!(
            verdict.code == 0 && verdict.out.contains("whole"),
            "{verdict:?}"
        );
        let listed = run(house.path(), None, &["user", "list"]);
        assert_eq!(listed.code, 0, "{listed:?}");
    });
}

#[test]
fn an_older_copy_is_whole_although_the_checkpoints_ran_ahead() {
    each_place(|place| {
        import(&place.db, &[row("CPC-1", "K1")]);
        let copy = backup(place, "copy.db");
        import(&place.db, &[row("CPC-2", "K2")]);
        assert_eq!(place.heard(&["audit", "verify"]).code, 0);
        // The same house, its database lost.
        let made = (!place.is_sqlite()).then(|| empty_postgres().unwrap());
        let database = match &made {
            Some((_, address)) => url(address),
            None => format!("sqlite:{}", place.folder.path().join("new.db").display()),
        };
        let house = place.folder.path();
        assert_eq!(restore(&copy, house, Some(&database)).code, 0);
        let done = run(house, Some(&database), &["audit", "verify"]);
        assert_eq!(done.code, 0, "{done:?}");
    });
}
