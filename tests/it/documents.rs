//! Letters and sheets to give: texts that a senior officer changes safely, and what was given.

use std::collections::BTreeMap;

use heard::access::{Actor, Role};
use heard::cases;
use heard::db::Db;
use heard::documents::actions::{change_text, go_back, make, open};
use heard::documents::{Gap, Kind, panel, rules, store};
use heard::failure::Failure;
use heard::ids::{CaseId, DocumentId};

use crate::helpers::given::{officer, person, senior, supported, user};
use crate::helpers::{PROGRAM, each_database, each_place};

fn text(db: &Db, kind: Kind) -> (i32, String) {
    let text = db.read(&PROGRAM, |ctx| store::text(ctx, kind)).unwrap();
    (text.version, text.body)
}

fn change(db: &Db, by: &Actor, version: i32, body: &str) -> Result<(), Failure> {
    db.write(by, |ctx| change_text(ctx, Kind::Closing, version, body))
}

fn values() -> BTreeMap<Gap, String> {
    Gap::ALL
        .iter()
        .map(|gap| (*gap, gap.sample().to_owned()))
        .collect()
}

fn give(db: &Db, by: &Actor, case: &CaseId, kind: Kind) -> Result<DocumentId, Failure> {
    db.write(by, |ctx| make(ctx, case, kind, &values()))
}

fn last_event(db: &Db) -> String {
    let lines = db.read(&PROGRAM, |ctx| heard::audit::lines(ctx, None, i64::MAX, 1));
    let line = lines.unwrap().remove(0);
    format!("{} {}", line.action, line.details)
}

#[test]
fn a_senior_officer_changes_a_text_and_every_version_stays() {
    each_database(|db| {
        let samira = senior(db);
        let before = text(db, Kind::Closing);
        assert_eq!(before, (1, Kind::Closing.first_text().to_owned()));
        change(db, &samira, 1, "# Goodbye [known as]").unwrap();
        assert_eq!(last_event(db), r#"document_text_changed {"version":2}"#);
        assert_eq!(
            text(db, Kind::Closing),
            (2, "# Goodbye [known as]".to_owned())
        );

        db.write(&samira, |ctx| go_back(ctx, Kind::Closing, 2, 1))
            .unwrap();
        assert_eq!(text(db, Kind::Closing), (3, before.1));
        let versions = db
            .read(&PROGRAM, |ctx| store::versions(ctx, Kind::Closing))
            .unwrap();
        assert_eq!(versions.len(), 3);
        assert_eq!(versions[0].saved.as_ref().unwrap().0, "Samira");
        assert_eq!(text(db, Kind::Views).0, 1, "the others stay as they are");
    });
}

#[test]
fn a_text_with_a_gap_that_nobody_can_fill_is_not_kept() {
    each_database(|db| {
        let samira = senior(db);
        let refused = change(db, &samira, 1, "Dear [social worker],").unwrap_err();
        assert!(
            refused
                .to_string()
                .contains("[social worker] is none of the words")
        );
        let same = change(db, &samira, 1, Kind::Closing.first_text()).unwrap_err();
        assert!(same.to_string().contains("says already"));
        assert_eq!(text(db, Kind::Closing).0, 1);
    });
}

#[test]
fn of_two_who_change_a_text_the_second_is_told() {
    each_database(|db| {
        let samira = senior(db);
        change(db, &samira, 1, "One").unwrap();
        let second = change(db, &samira, 1, "Two");
        assert!(matches!(second, Err(Failure::ChangedMeanwhile)));
    });
}

#[test]
fn only_a_senior_officer_changes_a_text() {
    each_database(|db| {
        for role in Role::ALL
            .iter()
            .filter(|role| **role != Role::SeniorOfficer)
        {
            let answer = change(db, &user(db, *role, role.code()), 1, "Mine");
            assert!(matches!(answer, Err(Failure::NotFound)), "{role:?}");
        }
    });
}

#[test]
fn what_was_given_stays_as_it_was_given() {
    each_database(|db| {
        let olive = officer(db, "Olive");
        let id = supported(db, &olive, "K1");
        let given = give(db, &olive, &id, Kind::Closing).unwrap();
        assert_eq!(
            last_event(db),
            r#"document_given {"kind":"closing","version":1}"#
        );
        change(db, &senior(db), 1, "Other words").unwrap();

        let (document, _) = db.read(&olive, |ctx| open(ctx, &given)).unwrap();
        assert!(document.body.starts_with("# Goodbye for now, Robin"));
        assert!(document.body.contains("I want to stay at my school."));
        assert_eq!(document.made_by, "Olive");
        let listed = db.read(&olive, |ctx| {
            let (case, _) = cases::actions::open(ctx, &id, heard::access::Permission::SeeRecord)?;
            let shown = serde_json::to_value(panel::of_case(ctx, &case)?).unwrap();
            Ok((shown, panel::timeline(ctx, &case.young_person)?))
        });
        let (shown, entries) = listed.unwrap();
        assert_eq!(shown["documents"][0]["what"], Kind::Closing.words());
        assert_eq!(entries[0].href, Some(format!("/documents/{given}")));
    });
}

#[test]
fn a_document_needs_its_facts_and_may_leave_room_for_their_words() {
    each_database(|db| {
        let olive = officer(db, "Olive");
        let id = supported(db, &olive, "K1");
        let mut some = values();
        some.insert(Gap::Wishes, " ".to_owned());
        some.remove(&Gap::ConferenceDay);
        let missing = db
            .write(&olive, |ctx| make(ctx, &id, Kind::Views, &some))
            .unwrap_err();
        assert!(
            missing
                .to_string()
                .contains("Fill in: the day of the conference"),
            "{missing}"
        );

        some.insert(Gap::ConferenceDay, "20 April 2022".to_owned());
        let made = db
            .write(&olive, |ctx| make(ctx, &id, Kind::Views, &some))
            .unwrap();
        let (document, _) = db.read(&olive, |ctx| open(ctx, &made)).unwrap();
        let blocks = rules::blocks(&document.body);
        assert!(blocks.contains(&heard::documents::Block::Space));
    });
}

#[test]
fn documents_are_for_those_who_may_know_the_record() {
    each_place(|place| {
        let db = &place.db;
        let olive = officer(db, "Olive");
        let id = supported(db, &olive, "K1");
        let given = give(db, &olive, &id, Kind::Introduction).unwrap();
        for role in [
            Role::Manager,
            Role::Administrator,
            Role::Auditor,
            Role::ParticipationOfficer,
        ] {
            let other = user(db, role, role.code());
            assert!(matches!(
                give(db, &other, &id, Kind::Views),
                Err(Failure::NotFound)
            ));
            let seen = db.read(&other, |ctx| open(ctx, &given));
            assert!(matches!(seen, Err(Failure::NotFound)), "{role:?}");
        }
        let me = olive.user_id().unwrap();
        place.execute(&format!(
            "INSERT INTO record_restrictions (id, young_person_id, user_id, kind, reason, set_by, \
             set_on, review_on, created_at, version) VALUES ('r', '{}', '{me}', 'restricted', '-', \
             '{me}', '2022-04-04', '2022-07-04', '2022-04-04 09:00:00', 1)",
            person(db, "K1").id,
        ));
        let seen = db.read(&olive, |ctx| open(ctx, &given));
        assert!(matches!(seen, Err(Failure::NotFound)));
    });
}
