//! A row about somebody who may be on record already waits until somebody says who it is.

use heard::access::{Actor, Role};
use heard::db::Db;
use heard::failure::Failure;
use heard::ids::ImportRowId;
use heard::import::review::{Answer, open, settle_identity};
use heard::import::store::waiting;
use heard::young_people::{Described, Details, actions::add};

use crate::helpers::given::{import_settings, outcomes, person, referral_of, senior, user};
use crate::helpers::schedule::{Row, import, results, row};
use crate::helpers::{PROGRAM, day, each_database, each_place};

/// Amina is on record from a phone call, without the reference of social care.
fn amina(db: &Db) -> heard::ids::YoungPersonId {
    let described = Described {
        first_name: heard::text::Name::parse("Amina").unwrap(),
        last_name: heard::text::Name::parse("Khan").unwrap(),
        date_of_birth: Some(day("2009-05-10")),
        details: Details::default(),
        contact_warning: None,
    };
    db.write(&PROGRAM, |ctx| add(ctx, &described, None))
        .unwrap()
}

fn amina_row(conference: &str) -> Row {
    row(conference, "K1").named("Amina", "Kahn")
}

fn rows_that_wait(db: &Db) -> Vec<ImportRowId> {
    let rows = db.read(&PROGRAM, waiting).unwrap();
    rows.into_iter().map(|row| row.id).collect()
}

#[derive(Clone, Copy)]
enum Is {
    Same,
    Different,
}
use Is::{Different, Same};

/// What is said of a row: that they are the likeliest on record, or somebody else.
fn answer(db: &Db, row: &ImportRowId, is: Is) -> Answer {
    let settings = import_settings();
    let waiting = db.read(&PROGRAM, |ctx| open(ctx, &settings, row)).unwrap();
    match (is, waiting) {
        (Same, Some(waiting)) => Answer::Same(waiting.alike[0].person.id.clone()),
        _ => Answer::Different,
    }
}

fn decide_as(db: &Db, actor: &Actor, row: &ImportRowId, is: Is) -> Result<(), Failure> {
    let answer = answer(db, row, is);
    db.write(actor, |ctx| {
        settle_identity(ctx, &import_settings(), row, &answer)
    })
}

fn decide(db: &Db, row: &ImportRowId, is: Is) -> Result<(), Failure> {
    decide_as(db, &senior(db), row, is)
}

#[test]
fn a_likely_person_without_the_reference_makes_the_row_wait() {
    each_database(|db| {
        amina(db);
        let report = import(db, &[amina_row("CPC-1"), row("CPC-1", "K2")]);
        assert_eq!((results(&report), report.referrals), ([1, 0, 0, 0, 1], 1));
        assert_eq!(rows_that_wait(db).len(), 1);
    });
}

#[test]
fn the_same_person_gets_the_reference_and_the_referral_of_that_day() {
    each_place(|place| {
        let known = amina(&place.db);
        import(&place.db, &[amina_row("CPC-1")]);
        let later = place.on("2022-04-11");
        decide(&later, &rows_that_wait(&later)[0], Same).unwrap();
        assert_eq!(person(&later, "K1").id, known);
        let received_on = referral_of(&later, "K1").request.received_on;
        assert_eq!(received_on, day("2022-04-04"));
    });
}

#[test]
fn a_different_person_is_added() {
    each_database(|db| {
        let known = amina(db);
        import(db, &[amina_row("CPC-1")]);
        decide(db, &rows_that_wait(db)[0], Different).unwrap();
        assert_ne!(person(db, "K1").id, known);
        assert_eq!(outcomes(db, "K1").len(), 1);
    });
}

#[test]
fn one_decision_settles_every_row_of_the_child() {
    each_database(|db| {
        amina(db);
        let report = import(db, &[amina_row("CPC-1"), amina_row("CPC-2").kind("review")]);
        assert_eq!(results(&report), [0, 0, 0, 0, 2]);
        decide(db, &rows_that_wait(db)[1], Same).unwrap();
        assert!(rows_that_wait(db).is_empty());
    });
}

#[test]
fn a_row_sent_again_while_it_waits_waits_once() {
    each_database(|db| {
        amina(db);
        import(db, &[amina_row("CPC-1")]);
        let again = import(db, &[amina_row("CPC-1").with("venue", "Hall")]);
        assert_eq!(results(&again), [0, 0, 0, 0, 1]);
        assert_eq!(rows_that_wait(db).len(), 1);
    });
}

#[test]
fn the_file_sent_again_after_the_decision_changes_nothing() {
    for decision in [Same, Different] {
        each_database(|db| {
            amina(db);
            import(db, &[amina_row("CPC-1")]);
            decide(db, &rows_that_wait(db)[0], decision).unwrap();
            assert_eq!(results(&import(db, &[amina_row("CPC-1")])), [0, 0, 1, 0, 0]);
        });
    }
}

#[test]
fn a_row_is_decided_once_and_by_a_senior_officer() {
    each_database(|db| {
        amina(db);
        import(db, &[amina_row("CPC-1")]);
        let row = &rows_that_wait(db)[0];
        let manager = user(db, Role::Manager, "Maya");
        let by_manager = decide_as(db, &manager, row, Same);
        assert!(matches!(by_manager, Err(Failure::NotFound)));
        let senior = senior(db);
        decide_as(db, &senior, row, Same).unwrap();
        let again = decide_as(db, &senior, row, Different);
        assert!(matches!(again, Err(Failure::ChangedMeanwhile)));
    });
}
