//! What `heard doctor` finds, and what it says to do.

use crate::helpers::databases::folder;
use crate::helpers::program::{Done, run};
use crate::helpers::schedule::{import, row};
use crate::helpers::{Place, each_place};

fn assert_names(done: &Done, what: &str, advice: &str) {
    assert_eq!(done.code, 1, "{done:?}");
    let finding = done.out.split("WRONG  ").find(|it| it.starts_with(what));
    let finding = finding.unwrap_or_else(|| panic!("{what} is not among {}", done.out));
    assert!(finding.contains(advice), "{finding}");
}

fn in_use(place: &Place) {
    import(&place.db, &[row("CPC-1", "K1")]);
    std::fs::write(place.folder.path().join("session.key"), "cd".repeat(32)).unwrap();
}

#[test]
fn all_is_well() {
    each_place(|place| {
        in_use(place);
        let done = place.heard(&["doctor"]);
        assert_eq!((done.code, done.err.as_str()), (0, ""), "{}", done.out);
        assert!(
            done.out.lines().all(|line| line.starts_with("ok ")),
            "{}",
            done.out
        );
    });
}

#[test]
fn it_names_a_database_that_is_not_there_and_makes_none() {
    let folder = folder();
    let done = run(folder.path(), None, &["doctor"]);
    assert_names(&done, "the database", "there is no file");
    assert!(!folder.path().join("heard.db").exists());
}

#[test]
fn it_names_a_server_that_does_not_answer() {
    let folder = folder();
    let nowhere = Some("postgres://heard:secret-word@127.0.0.1:1/heard");
    let done = run(folder.path(), nowhere, &["doctor"]);
    assert_names(&done, "the database", "Check --database");
    assert!(!done.out.contains("secret-word"), "{}", done.out);
}

#[test]
fn it_names_the_steps_that_are_missing() {
    each_place(|place| {
        in_use(place);
        let last = "SELECT max(version) FROM __diesel_schema_migrations";
        place.execute(&format!(
            "DELETE FROM __diesel_schema_migrations WHERE version = ({last})"
        ));
        assert_names(
            &place.heard(&["doctor"]),
            "the version of the database",
            "heard migrate",
        );
    });
}

#[test]
fn it_names_a_broken_access_record() {
    each_place(|place| {
        in_use(place);
        place.execute("UPDATE audit_head SET seal = 'x'");
        assert_names(
            &place.heard(&["doctor"]),
            "the access record",
            "find out who",
        );
    });
}

#[test]
fn it_names_a_missing_key() {
    each_place(|place| {
        in_use(place);
        for (file, what) in [
            ("session.key", "the session key"),
            ("audit.key", "the audit key"),
        ] {
            std::fs::remove_file(place.folder.path().join(file)).unwrap();
            assert_names(&place.heard(&["doctor"]), what, "is missing");
            assert!(!place.folder.path().join(file).exists());
        }
    });
}

#[test]
fn it_names_a_damaged_file() {
    let folder = folder();
    std::fs::write(folder.path().join("heard.db"), vec![7; 8192]).unwrap();
    let done = run(folder.path(), None, &["doctor"]);
    assert_names(&done, "the database", "");
}
