//! The access record: whoever changes it from outside is found out, and a look that cannot be
//! recorded is not given.

use heard::access::{Actor, Permission};
use heard::audit::{Event, Verdict, checkpoints, verify};
use heard::cases;
use heard::failure::Failure;

use crate::helpers::given::{officer, supported};
use crate::helpers::{PROGRAM, Place, each_place};

/// Ten lines, unprotected.
fn with_ten_lines(place: &Place) {
    for number in 0..10 {
        place
            .db
            .write(&PROGRAM, |ctx| {
                ctx.record(Event::new("tested", "test", number));
                Ok(())
            })
            .unwrap();
    }
}

fn unprotected(place: &Place) {
    let drop = |trigger| match place.is_sqlite() {
        true => format!("DROP TRIGGER {trigger}"),
        false => format!("DROP TRIGGER IF EXISTS {trigger} ON audit_events"),
    };
    for trigger in [
        "audit_events_are_not_changed",
        "audit_events_are_not_removed",
    ] {
        place.execute(&drop(trigger));
    }
}

/// What `heard audit verify` finds after this was done to ten lines.
fn after(place: &Place, sql: &str) -> String {
    with_ten_lines(place);
    unprotected(place);
    place.execute(sql);
    let done = place.heard(&["audit", "verify"]);
    assert_eq!((done.code, done.out.as_str()), (1, ""), "{done:?}");
    done.err
}

fn found(sql: &str, said: &str) {
    each_place(|place| {
        let told = after(place, sql);
        assert!(told.contains(said), "{told}");
    });
}

#[test]
fn lines_cannot_be_changed_or_removed_by_the_service() {
    each_place(|place| {
        with_ten_lines(place);
        for sql in [
            "UPDATE audit_events SET actor = 'me'",
            "DELETE FROM audit_events",
        ] {
            let mut link = place.link();
            let refusal = diesel::connection::SimpleConnection::batch_execute(&mut link, sql);
            assert!(refusal.unwrap_err().to_string().contains("append only"));
        }
    });
}

#[test]
fn a_whole_record_is_whole() {
    each_place(|place| {
        with_ten_lines(place);
        let done = place.heard(&["audit", "verify"]);
        assert_eq!(
            (done.code, done.out.trim()),
            (0, "The access record is whole: 10 lines.")
        );
    });
}

#[test]
fn a_changed_line_is_named() {
    for column in [
        "actor",
        "actor_role",
        "action",
        "subject_kind",
        "subject_id",
        "details",
    ] {
        let sql = format!("UPDATE audit_events SET {column} = 'other' WHERE seq = 4");
        found(&sql, "Line 4 of the access record was changed.");
    }
    found(
        "UPDATE audit_events SET young_person_id = 'other' WHERE seq = 10",
        "Line 10 of the access record was changed.",
    );
    found(
        "UPDATE audit_events SET happened_at = '2022-04-04 09:00:01' WHERE seq = 1",
        "Line 1 of the access record was changed.",
    );
}

#[test]
fn a_removed_line_is_named_be_it_first_middle_or_last() {
    let remove = |line| format!("DELETE FROM audit_events WHERE seq = {line}");
    found(&remove(1), "Line 1 of the access record was removed.");
    found(&remove(5), "Line 5 of the access record was removed.");
    found(&remove(10), "10 lines were written: line 10 was removed.");
}

#[test]
fn an_inserted_line_is_named() {
    found(
        "UPDATE audit_events SET seq = seq + 100 WHERE seq > 5;
         UPDATE audit_events SET seq = seq - 99 WHERE seq > 100;
         INSERT INTO audit_events SELECT 6, happened_at, actor, actor_role, 'made_up', subject_kind,
            subject_id, young_person_id, details, hash, 'made up' FROM audit_events WHERE seq = 5",
        "Line 6 of the access record was",
    );
}

#[test]
fn lines_in_another_order_are_named() {
    found(
        "UPDATE audit_events SET seq = 99 WHERE seq = 3;
         UPDATE audit_events SET seq = 3 WHERE seq = 4;
         UPDATE audit_events SET seq = 4 WHERE seq = 99",
        "Line 3 of the access record was inserted or put out of order.",
    );
}

#[test]
fn a_head_set_back_without_the_key_is_found() {
    found(
        "DELETE FROM audit_events WHERE seq > 7;
         UPDATE audit_head SET seq = 7, hash = (SELECT hash FROM audit_events WHERE seq = 7)",
        "The seal of the last line was changed.",
    );
}

#[test]
fn a_record_cut_short_with_an_older_head_is_found_by_the_checkpoints() {
    each_place(|place| {
        with_ten_lines(place);
        place.execute("CREATE TABLE kept_head AS SELECT * FROM audit_head");
        with_ten_lines(place);
        assert_eq!(place.heard(&["audit", "verify"]).code, 0);
        unprotected(place);
        place.execute(
            "DELETE FROM audit_events WHERE seq > 10; DELETE FROM audit_head;
             INSERT INTO audit_head SELECT * FROM kept_head; DROP TABLE kept_head",
        );
        assert!(
            place.access_record().is_whole(),
            "the record alone cannot tell"
        );
        let noted = checkpoints::read(place.folder.path()).unwrap();
        let verdict = place
            .db
            .read(&PROGRAM, |ctx| verify(ctx, place.db.seal(), &noted));
        assert_eq!(verdict.unwrap(), Verdict::NotAsCheckpoint { seq: 20 });
        let done = place.heard(&["audit", "verify"]);
        assert!(done.err.contains("Line 20"), "{}", done.err);
    });
}

#[test]
fn with_another_key_no_line_fits() {
    each_place(|place| {
        with_ten_lines(place);
        std::fs::write(place.folder.path().join("audit.key"), "ab".repeat(32)).unwrap();
        assert_eq!(place.heard(&["audit", "verify"]).code, 1);
    });
}

#[test]
fn without_its_key_no_command_writes_to_a_record() {
    each_place(|place| {
        with_ten_lines(place);
        std::fs::remove_file(place.folder.path().join("audit.key")).unwrap();
        let done = place.heard(&["audit", "verify"]);
        assert!(
            done.code == 1 && done.err.contains("is missing"),
            "{done:?}"
        );
        assert!(!place.folder.path().join("audit.key").exists());
    });
}

fn look(place: &Place, officer: &Actor, case: &heard::ids::CaseId) -> Result<String, Failure> {
    place.db.read(officer, |ctx| {
        let (_, opened) = cases::actions::open(ctx, case, Permission::SeeRecord)?;
        Ok(opened.person().full_name())
    })
}

#[test]
fn a_look_is_recorded() {
    each_place(|place| {
        let olive = officer(&place.db, "Olive");
        let case = supported(&place.db, &olive, "K1");
        let before = place.count("audit_events");
        look(place, &olive, &case).unwrap();
        assert_eq!(place.count("audit_events"), before + 1);
    });
}

#[test]
fn a_look_that_cannot_be_recorded_is_not_given() {
    each_place(|place| {
        let olive = officer(&place.db, "Olive");
        let case = supported(&place.db, &olive, "K1");
        place.execute("DELETE FROM audit_head");
        assert!(matches!(look(place, &olive, &case), Err(Failure::Busy)));
    });
}

#[test]
fn a_deed_that_cannot_be_recorded_is_not_done() {
    each_place(|place| {
        place.execute("DELETE FROM audit_head");
        let rows = [crate::helpers::schedule::row("CPC-1", "K1")];
        let file = crate::helpers::schedule::file(&rows);
        let run = heard::import::actions::Run::Keep;
        crate::helpers::schedule::import_bytes(&place.db, &file, run).unwrap_err();
        assert_eq!(
            (place.count("young_people"), place.count("import_batches")),
            (0, 0)
        );
    });
}
