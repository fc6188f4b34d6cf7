//! An import is one unit of work: while nobody has worked on what it made, it is undone as a batch,
//! and nothing of it is left. Otherwise what stands in the way is named, and nothing is changed.

use std::collections::BTreeMap;

use diesel::RunQueryDsl;
use heard::access::{Actor, Role, Scope};
use heard::db::Db;
use heard::db::trail::{self, WITHOUT};
use heard::failure::Failure;
use heard::ids::{BatchId, ServiceAccountId};
use heard::import::actions::{ImportFile, Incoming, Run, import, mend, usual_source};
use heard::import::review::{Answer, open, settle_identity};
use heard::import::store::{batch, rejected, waiting};
use heard::import::undo::Plan;
use heard::import::undo::actions::{places, plan, undo};
use heard::import::{Kind, Report};
use heard::referrals::actions::{give_to, log_attempt};
use heard::referrals::{Attempt, Method, WithWhom};
use heard::restrictions::{self, Closing};
use heard::text::Name;
use heard::young_people::about::{self, NameAndBirth};
use heard::young_people::actions::{add, link, state_reason};
use heard::young_people::{Described, Details, SourceRef};

use crate::backups::{backup, contents, restore};
use crate::drafts::{each_site, given, with};
use crate::helpers::databases::{empty_postgres, folder, url};
use crate::helpers::given::{
    accept, id_of, import_settings, officer, person, referral_of, referrals_of, seed_files, senior,
    user,
};
use crate::helpers::program::run;
use crate::helpers::schedule::{self, Row, file, results, row};
use crate::helpers::{PROGRAM, Place, day, each_place};

#[derive(diesel::QueryableByName)]
struct Line {
    #[diesel(sql_type = diesel::sql_types::Text)]
    line: String,
}

/// Every row of every table, but for what tells of imports and of who did what.
fn everything(place: &Place) -> BTreeMap<String, Vec<String>> {
    let aside = [
        "audit_events",
        "audit_head",
        "import_batches",
        "import_rows",
        "import_trail",
        "schedule_files",
        "schedule_holds",
    ];
    let mut link = place.link();
    let tables = trail::tables(&mut link).unwrap();
    let mut all = BTreeMap::new();
    for (name, table) in tables {
        if aside.contains(&name.as_str()) {
            continue;
        }
        let query = format!(
            "SELECT {} AS line FROM {} t",
            table.image_of(&link, "t"),
            trail::quoted(&name)
        );
        let lines: Vec<Line> =
            heard::each_db!(&mut link, c => diesel::sql_query(query).load(c).unwrap());
        let mut lines: Vec<String> = lines.into_iter().map(|row| row.line).collect();
        lines.sort();
        all.insert(name, lines);
    }
    assert!(all.len() > 40, "{:?}", all.keys());
    all
}

fn text(name: &str, text: &str) -> ImportFile {
    ImportFile {
        name: name.to_owned(),
        bytes: text.as_bytes().to_vec(),
    }
}

fn bring(db: &Db, kind: Kind, files: &[ImportFile]) -> Report {
    let settings = import_settings();
    let incoming = Incoming {
        kind,
        source: usual_source(kind, &settings),
        name: "list.csv",
        files,
    };
    import(db, &PROGRAM, &settings, &incoming, Run::Keep, &|_, _| {}).unwrap()
}

fn take_back(db: &Db, by: &Actor, batch: &BatchId) -> Result<Plan, Failure> {
    db.write(by, |ctx| undo(ctx, batch, "It was last year's file."))
}

fn planned(db: &Db, by: &Actor, batch: &BatchId) -> Plan {
    db.read(by, |ctx| plan(ctx, batch)).unwrap()
}

/// Imports, undoes, and imports again: nothing is left between, and the second time is the first.
fn comes_and_goes(place: &Place, kind: Kind, files: &[ImportFile], expected: [u32; 5]) {
    let (db, samira) = (&place.db, senior(&place.db));
    let before = everything(place);
    let first = bring(db, kind, files);
    assert_eq!(results(&first), expected, "{:?}", first.problems);
    assert_ne!(everything(place), before);
    let batch = first.batch.clone().unwrap();
    let done = planned(db, &samira, &batch);
    assert_eq!(done.in_the_way, []);
    take_back(db, &samira, &batch).unwrap();
    let after = everything(place);
    for (table, rows) in &before {
        assert_eq!(rows, &after[table], "{table}");
    }
    assert!(place.access_record().is_whole());
    let again = bring(db, kind, files);
    let without_id = |report: &Report| Report {
        batch: None,
        ..report.clone()
    };
    assert_eq!(without_id(&again), without_id(&first));
    take_back(db, &samira, &again.batch.unwrap()).unwrap();
    assert_eq!(everything(place), before);
}

fn conferences(rows: &[Row]) -> Vec<ImportFile> {
    vec![ImportFile {
        name: "schedule.csv".to_owned(),
        bytes: file(rows),
    }]
}

#[test]
fn nothing_is_left_of_a_schedule_that_is_undone() {
    each_place(|place| {
        schedule::import(
            &place.db,
            &[
                row("CPC-1", "K1"),
                row("CPC-2", "K2").born("2015-01-01"),
                row("CPC-3", "K3"),
            ],
        );
        let rows = [
            // New; with another name and a conference that another child is on.
            row("CPC-9", "K9").with("gender", "Female"),
            row("CPC-1", "K8"),
            // Old enough after all, cancelled, moved to another day under another name.
            row("CPC-2", "K2").born("2010-01-01"),
            row("CPC-3", "K3").status("cancelled"),
            row("CPC-1", "K1").on("2022-05-02").named("Amina", "Khan"),
            row("CPC-1", "K0").kind("party"),
        ];
        comes_and_goes(
            place,
            Kind::Conferences,
            &conferences(&rows),
            [2, 3, 0, 1, 0],
        );
    });
}

#[test]
fn nothing_is_left_of_a_moved_in_spreadsheet_that_is_undone() {
    each_place(|place| {
        comes_and_goes(
            place,
            Kind::History,
            &seed_files(),
            results(&rehearsed(&place.db)),
        );
    });
}

fn rehearsed(db: &Db) -> Report {
    let settings = import_settings();
    let incoming = Incoming {
        kind: Kind::History,
        source: usual_source(Kind::History, &settings),
        name: "seeds",
        files: &seed_files(),
    };
    import(
        db,
        &PROGRAM,
        &settings,
        &incoming,
        Run::Rehearse,
        &|_, _| {},
    )
    .unwrap()
}

const REFERRALS: &str = "referral_ref,child_ref,first_name,last_name,date_of_birth,stream,source,received_on,legal_status,reason,decision,outcome,opened_on,closed_on,officer\n";

#[test]
fn a_correction_of_what_was_moved_in_is_put_back() {
    each_place(|place| {
        let first = "R1,K1,Amina,Khan,2008-05-10,care,self,2021-06-01,care_order,placement,in_remit,accepted,2021-06-08,2021-09-01,Olive Mercer\n";
        let referrals = |row: &str| vec![text("referrals.csv", &format!("{REFERRALS}{row}"))];
        bring(&place.db, Kind::History, &referrals(first));
        let other = first
            .replace("Olive Mercer", "Samir Aziz")
            .replace("2021-09-01", "2021-10-01")
            .replace("Khan", "Khann");
        comes_and_goes(place, Kind::History, &referrals(&other), [0, 1, 0, 0, 0]);
    });
}

const PLACEMENTS: &str =
    "child_ref,first_name,last_name,date_of_birth,home,provider,kind,postcode,county,from,to\n";

#[test]
fn nothing_is_left_of_a_placement_list_that_is_undone() {
    each_place(|place| {
        let list = |rows: &str| vec![text("list.csv", &format!("{PLACEMENTS}{rows}"))];
        bring(
            &place.db,
            Kind::Placements,
            &list("K1,Amina,Cole,2009-05-10,Rose House,Bright Homes,K2,le1 1aa,out,2022-01-10,\n"),
        );
        let rows = "K1,Amina,Cole,2009-05-10,Rose House,Bright Homes,K2,le1 1aa,out,2022-01-10,2022-03-01\n\
                    K1,Amina,Cole,2009-05-10,Elm Lodge,Bright Homes,K2,le1 1aa,out,2022-03-01,\n\
                    K2,Ben,Shaw,2010-05-10,Elm Lodge,Bright Homes,K2,le1 1aa,in,2022-03-01,\n";
        comes_and_goes(place, Kind::Placements, &list(rows), [2, 1, 0, 0, 0]);
    });
}

#[test]
fn nothing_is_left_of_a_legal_status_list_that_is_undone() {
    each_place(|place| {
        let list = |rows: &str| vec![text("list.csv", &format!("child_ref,code,from,to\n{rows}"))];
        schedule::import(&place.db, &[row("CPC-1", "K1"), row("CPC-2", "K2")]);
        bring(
            &place.db,
            Kind::LegalStatus,
            &list("K1,V2,2022-01-10,2022-02-01\nK2,secure accommodation,2022-01-10,\n"),
        );
        let rows =
            "K1,C2,2022-02-01,\nK2,C2,2022-01-10,\nK2,secure accommodation,2022-01-10,2022-03-01\n";
        comes_and_goes(place, Kind::LegalStatus, &list(rows), [1, 2, 0, 0, 0]);
    });
}

#[test]
fn every_table_leaves_a_trail_or_says_why_not() {
    each_place(|place| {
        let mut link = place.link();
        let tables = trail::tables(&mut link).unwrap();
        for (table, why) in WITHOUT {
            assert!(tables.contains_key(*table) && !why.is_empty(), "{table}");
        }
        for table in tables.values() {
            assert!(!table.key.is_empty(), "{} has no key", table.name);
        }
    });
}

/// Brings one child in on a schedule.
fn one_child(db: &Db, conference: &str, child: &str) -> BatchId {
    let report = schedule::import(db, &[row(conference, child)]);
    assert_eq!(report.created, 1);
    report.batch.unwrap()
}

/// What stands in the way, line by line.
fn in_the_way(db: &Db, by: &Actor, batch: &BatchId) -> Vec<String> {
    let told = db.read(by, |ctx| {
        let plan = plan(ctx, batch)?;
        places(ctx, &plan)
    });
    let (places, _) = told.unwrap();
    let line = |place: &heard::import::undo::actions::Place| {
        let what = place.what.iter();
        what.map(|what| format!("{}: {what}", place.name))
            .collect::<Vec<_>>()
    };
    places.iter().flat_map(line).collect()
}

/// It is named, and nothing is changed.
fn stands_in_the_way(place: &Place, by: &Actor, batch: &BatchId, expected: &[&str]) {
    let lines = in_the_way(&place.db, by, batch);
    for words in expected {
        assert!(
            lines.iter().any(|it| it.contains(words)),
            "{words}: {lines:?}"
        );
    }
    assert!(!lines.is_empty());
    let before = everything(place);
    match take_back(&place.db, by, batch) {
        Err(Failure::Refused(sentence)) => {
            assert!(sentence.contains("Nothing was changed"), "{sentence}");
        }
        other => panic!("{other:?}"),
    }
    assert_eq!(everything(place), before);
}

fn tried(db: &Db, by: &Actor, child: &str) {
    let attempt = Attempt {
        id: heard::ids::AttemptId::random(),
        made_on: day("2022-04-04"),
        method: Method::Call,
        with_whom: WithWhom::ParentOrCarer,
        reached: false,
        note: String::new(),
        made_by: String::new(),
    };
    let referral = referral_of(db, child);
    db.write(by, |ctx| log_attempt(ctx, &referral.id, &attempt))
        .unwrap();
}

#[test]
fn an_attempt_to_make_contact_stands_in_the_way() {
    each_place(|place| {
        let (db, samira) = (&place.db, senior(&place.db));
        let batch = one_child(db, "CPC-1", "K1");
        tried(db, &officer(db, "Olive"), "K1");
        let name = format!(
            "{}, reference K1: Recorded since: 1 attempt to make contact",
            person(db, "K1").full_name()
        );
        stands_in_the_way(place, &samira, &batch, &[&name]);
    });
}

#[test]
fn a_referral_that_somebody_took_stands_in_the_way() {
    each_place(|place| {
        let (db, samira) = (&place.db, senior(&place.db));
        let batch = one_child(db, "CPC-1", "K1");
        let (olive, referral) = (officer(db, "Olive"), referral_of(db, "K1"));
        db.write(&olive, |ctx| {
            give_to(ctx, &referral.id, referral.version, &id_of(&olive))
        })
        .unwrap();
        stands_in_the_way(place, &samira, &batch, &["Worked on since: 1 referral"]);
    });
}

#[test]
fn a_case_opened_by_hand_stands_in_the_way() {
    each_place(|place| {
        let (db, samira) = (&place.db, senior(&place.db));
        let batch = one_child(db, "CPC-1", "K1");
        accept(db, &officer(db, "Olive"), "K1", "2022-04-04").unwrap();
        let words = ["Worked on since: 1 referral", "Recorded since: 1 case"];
        stands_in_the_way(place, &samira, &batch, &words);
    });
}

#[test]
fn a_record_edited_by_hand_stands_in_the_way() {
    each_place(|place| {
        let (db, samira) = (&place.db, senior(&place.db));
        let batch = one_child(db, "CPC-1", "K1");
        let child = person(db, "K1");
        let said = NameAndBirth {
            first_name: Name::parse("Amina").unwrap(),
            last_name: Name::parse("Khan").unwrap(),
            known_as: None,
            pronouns: None,
            name_said: None,
            date_of_birth: child.date_of_birth,
            expected_on: None,
        };
        db.write(&officer(db, "Olive"), |ctx| {
            about::actions::change_name_and_birth(ctx, &child.id, child.version, &said)
        })
        .unwrap();
        let words = "Amina Khan, reference K1: The record was changed";
        stands_in_the_way(place, &samira, &batch, &[words]);
        // What a field said before is told with the change, not once more.
        assert_eq!(in_the_way(db, &samira, &batch), [words]);
    });
}

#[test]
fn something_half_written_stands_in_the_way() {
    each_place(|place| {
        let (db, samira) = (&place.db, senior(&place.db));
        let batch = one_child(db, "CPC-1", "K1");
        let referral = referral_of(db, "K1");
        let olive = id_of(&officer(db, "Olive"));
        place.execute(&format!(
            "INSERT INTO drafts (user_id, page, title, fields, saved_at) VALUES \
             ('{olive}', '/referrals/{}', 'Referral', 'note=x', '2022-04-04 09:00:00')",
            referral.id
        ));
        let words = "Somebody is writing on one of its pages";
        stands_in_the_way(place, &samira, &batch, &[words]);
    });
}

#[test]
fn the_newest_import_is_undone_first() {
    each_place(|place| {
        let (db, samira) = (&place.db, senior(&place.db));
        let before = everything(place);
        let first = one_child(db, "CPC-1", "K1");
        let between = everything(place);
        let later = schedule::import(db, &[row("CPC-1", "K1").with("venue", "Town hall")]);
        let later = later.batch.unwrap();
        stands_in_the_way(place, &samira, &first, &["schedule.csv: A later import"]);
        // Another child on the same conference rests on the first import too.
        let third = schedule::import(db, &[row("CPC-1", "K2")]).batch.unwrap();
        take_back(db, &samira, &later).unwrap();
        stands_in_the_way(place, &samira, &first, &["schedule.csv: A later import"]);
        take_back(db, &samira, &third).unwrap();
        assert_eq!(everything(place), between);
        take_back(db, &samira, &first).unwrap();
        assert_eq!(everything(place), before);
    });
}

#[test]
fn an_import_that_changed_nothing_since_stands_in_nobodys_way() {
    each_place(|place| {
        let (db, samira) = (&place.db, senior(&place.db));
        let first = one_child(db, "CPC-1", "K1");
        let rows = [row("CPC-1", "K1"), row("CPC-2", "K1").kind("party")];
        let again = schedule::import(db, &rows);
        assert_eq!(results(&again), [0, 0, 1, 1, 0]);
        take_back(db, &samira, &first).unwrap();
        assert_eq!(place.count("young_people"), 0);
    });
}

#[test]
fn looks_their_reasons_and_likenesses_go_with_the_people() {
    each_place(|place| {
        let (db, samira) = (&place.db, senior(&place.db));
        let alike = |conference, child| {
            let row = row(conference, child).named("Amina", "Khan");
            schedule::import(db, &[row]).batch.unwrap()
        };
        let first = alike("CPC-1", "K1");
        let second = alike("CPC-2", "K2");
        assert_eq!(place.count("likenesses"), 1);
        let child = person(db, "K1").id;
        let maya = user(db, Role::Manager, "Maya");
        db.write(&maya, |ctx| {
            state_reason(ctx, &child, "A complaint about us")
        })
        .unwrap();
        take_back(db, &samira, &first).unwrap();
        assert_eq!(place.count("likenesses") + place.count("stated_reasons"), 0);
        // Nothing is destroyed: the import keeps what went.
        let mut trail = place.link();
        let kept: Vec<Line> = heard::each_db!(&mut trail, c => diesel::sql_query(
            "SELECT image AS line FROM import_trail WHERE image LIKE '%A complaint about us%' \
             OR (table_name = 'young_people' AND image LIKE '%Amina%')"
        ).load(c).unwrap());
        assert_eq!(kept.len(), 2);
        take_back(db, &samira, &second).unwrap();
        assert_eq!(place.count("young_people"), 0);
    });
}

#[test]
fn a_likeness_that_somebody_settled_and_a_reference_given_by_hand_stand_in_the_way() {
    each_place(|place| {
        let (db, samira) = (&place.db, senior(&place.db));
        let alike = |conference, child| {
            let row = row(conference, child).named("Amina", "Khan");
            schedule::import(db, &[row]).batch.unwrap()
        };
        let first = alike("CPC-1", "K1");
        let second = alike("CPC-2", "K2");
        place.execute("UPDATE likenesses SET settled_at = '2022-04-04 09:00:00', version = 2");
        stands_in_the_way(place, &samira, &first, &["A later import"]);
        stands_in_the_way(place, &samira, &second, &["1 settled likeness"]);
        let third = one_child(db, "CPC-3", "K3");
        let other = SourceRef {
            source: "housing".to_owned(),
            reference: "H3".to_owned(),
        };
        let child = person(db, "K3").id;
        db.write(&PROGRAM, |ctx| link(ctx, &child, &other)).unwrap();
        let words = "Recorded since: 1 reference of another system";
        stands_in_the_way(place, &samira, &third, &[words]);
    });
}

#[test]
fn what_is_closed_to_somebody_is_not_named_to_them() {
    each_place(|place| {
        let (db, samira) = (&place.db, senior(&place.db));
        let batch = one_child(db, "CPC-1", "K1");
        let child = person(db, "K1");
        let sam = user(db, Role::SeniorOfficer, "Sam");
        let closing = Closing {
            user: id_of(&samira),
            kind: restrictions::Kind::ALL[0],
            reason: "Related".to_owned(),
        };
        db.write(&sam, |ctx| {
            restrictions::actions::close(ctx, &child.id, &closing, 90)
        })
        .unwrap();
        assert_eq!(
            in_the_way(db, &samira, &batch),
            ["Records that cannot be shown to you: Somebody worked on them since"]
        );
        stands_in_the_way(place, &sam, &batch, &[&child.full_name()]);
    });
}

/// Amina is on record from a phone call, without the reference of social care.
fn amina(db: &Db) {
    let described = Described {
        first_name: Name::parse("Amina").unwrap(),
        last_name: Name::parse("Khan").unwrap(),
        date_of_birth: Some(day("2009-05-10")),
        details: Details::default(),
        contact_warning: None,
    };
    db.write(&PROGRAM, |ctx| add(ctx, &described, None))
        .unwrap();
}

#[test]
fn rows_that_were_decided_or_mended_go_with_their_import() {
    each_place(|place| {
        let (db, samira) = (&place.db, senior(&place.db));
        let settings = import_settings();
        amina(db);
        let before = everything(place);
        let rows = [
            row("CPC-1", "K1").named("Amina", "Kahn"),
            row("CPC-2", "K2").kind("party"),
        ];
        let report = schedule::import(db, &rows);
        assert_eq!(results(&report), [0, 0, 0, 1, 1]);
        let id = report.batch.unwrap();
        let [waits] = db.read(&PROGRAM, waiting).unwrap().try_into().unwrap();
        let it = db
            .read(&PROGRAM, |ctx| open(ctx, &settings, &waits.id))
            .unwrap();
        let same = Answer::Same(it.unwrap().alike[0].person.id.clone());
        db.write(&samira, |ctx| {
            settle_identity(ctx, &settings, &waits.id, &same)
        })
        .unwrap();
        let [bad] = db
            .read(&samira, |ctx| rejected(ctx, &id))
            .unwrap()
            .try_into()
            .unwrap();
        let mut values = bad.raw.clone();
        values.insert("conference_type".to_owned(), "initial".to_owned());
        db.write(&samira, |ctx| mend(ctx, &settings, &bad.id, values))
            .unwrap();
        assert_eq!(
            referrals_of(db, "K1").len() + referrals_of(db, "K2").len(),
            2
        );
        take_back(db, &samira, &id).unwrap();
        assert_eq!(everything(place), before);
    });
}

#[test]
fn rows_of_an_import_that_was_undone_wait_no_more_and_are_not_mended() {
    each_place(|place| {
        let (db, samira) = (&place.db, senior(&place.db));
        amina(db);
        let rows = [
            row("CPC-1", "K1").named("Amina", "Kahn"),
            row("CPC-2", "K2").kind("party"),
        ];
        let first = schedule::import(db, &rows).batch.unwrap();
        let second = schedule::import(db, &rows[..1]).batch.unwrap();
        let of = |db: &Db| -> Vec<BatchId> {
            let rows = db.read(&PROGRAM, waiting).unwrap();
            rows.into_iter().map(|row| row.batch).collect()
        };
        assert_eq!(of(db), std::slice::from_ref(&second));
        // The row that was overtaken waits again.
        take_back(db, &samira, &second).unwrap();
        assert_eq!(of(db), std::slice::from_ref(&first));
        take_back(db, &samira, &first).unwrap();
        assert_eq!(of(db), []);
        let [bad] = db
            .read(&samira, |ctx| rejected(ctx, &first))
            .unwrap()
            .try_into()
            .unwrap();
        let answer = db.write(&samira, |ctx| {
            mend(ctx, &import_settings(), &bad.id, bad.raw.clone())
        });
        assert!(matches!(answer, Err(Failure::NotFound)));
    });
}

#[test]
fn an_import_is_undone_once_by_those_who_bring_files_in_and_stays_listed() {
    each_place(|place| {
        let (db, samira) = (&place.db, senior(&place.db));
        let id = one_child(db, "CPC-1", "K1");
        let feed = Actor::Service {
            id: ServiceAccountId::random(),
            scopes: Scope::ALL.to_vec(),
        };
        for other in [
            officer(db, "Olive"),
            user(db, Role::Administrator, "Ada"),
            feed,
        ] {
            let answer = take_back(db, &other, &id);
            assert!(matches!(answer, Err(Failure::NotFound)), "{other:?}");
        }
        let child = person(db, "K1").id;
        take_back(db, &samira, &id).unwrap();
        let undone = db
            .read(&samira, |ctx| batch(ctx, &id))
            .unwrap()
            .unwrap()
            .undone
            .unwrap();
        assert_eq!(undone.by, "Samira");
        assert_eq!(undone.reason, "It was last year's file.");
        assert_eq!(place.count("import_rows"), 1);
        match take_back(db, &samira, &id) {
            Err(Failure::Refused(sentence)) => assert!(sentence.contains("undone already")),
            other => panic!("{other:?}"),
        }
        let lines = db
            .read(&samira, |ctx| {
                heard::audit::lines(ctx, Some(&child), i64::MAX, 50)
            })
            .unwrap();
        assert!(lines.iter().any(|line| line.action == "import_undone"));
    });
}

#[test]
fn an_import_from_before_there_was_a_trail_is_not_undone() {
    each_place(|place| {
        let (db, samira) = (&place.db, senior(&place.db));
        let id = one_child(db, "CPC-1", "K1");
        place.execute("UPDATE import_batches SET has_trail = false");
        match take_back(db, &samira, &id) {
            Err(Failure::Refused(sentence)) => assert!(sentence.contains("before imports could")),
            other => panic!("{other:?}"),
        }
        assert_eq!(place.count("young_people"), 1);
    });
}

#[test]
fn on_the_command_line_an_import_is_rehearsed_refused_by_name_and_undone() {
    each_place(|place| {
        let db = &place.db;
        let id = one_child(db, "CPC-1", "K1");
        let ask = |more: &[&str]| {
            let mut args = vec!["import", "undo", id.as_str(), "--today", "2022-04-04"];
            args.extend(more);
            place.heard(&args)
        };
        let rehearsed = ask(&["--dry-run"]);
        assert_eq!(rehearsed.code, 0, "{rehearsed:?}");
        assert!(rehearsed.out.contains("Goes: 1 child or young person"));
        assert!(rehearsed.out.contains("nothing was undone"));
        let olive = officer(db, "Olive");
        tried(db, &olive, "K1");
        let refused = ask(&[]);
        assert_eq!(refused.code, 1);
        assert!(
            refused.err.contains("1 attempt to make contact"),
            "{refused:?}"
        );
        place.execute("DELETE FROM referral_attempts");
        let done = ask(&["--reason", "Wrong file"]);
        assert_eq!(done.code, 0, "{done:?}");
        assert_eq!(place.count("young_people"), 0);
        assert!(ask(&[]).err.contains("undone already"));
        let unknown = place.heard(&["import", "undo", BatchId::random().as_str()]);
        assert_eq!(unknown.code, 1);
        assert_eq!(place.heard(&["import", "undo", "x y"]).code, 2);
        assert!(place.access_record().is_whole());
    });
}

#[test]
fn a_copy_that_was_put_back_into_either_engine_can_still_be_undone() {
    each_place(|place| {
        let db = &place.db;
        one_child(db, "CPC-1", "K1");
        let before = contents(&backup(place, "before.db"));
        let rows = [
            row("CPC-1", "K1").on("2022-05-02").named("Amina", "Khan"),
            row("CPC-2", "K2").with("conference_time", "09:30"),
        ];
        let id = schedule::import(db, &rows).batch.unwrap();
        let copy = backup(place, "after.db");
        let made = empty_postgres();
        let other = made.as_ref().map(|(_, address)| url(address));
        for database in [None, other.as_deref()]
            .into_iter()
            .take(1 + usize::from(made.is_some()))
        {
            let house = folder();
            assert_eq!(restore(&copy, house.path(), database).code, 0);
            let done = run(house.path(), database, &["import", "undo", id.as_str()]);
            assert_eq!(done.code, 0, "{done:?}");
            let again = house.path().join("again.db");
            let done = run(house.path(), database, &["backup", again.to_str().unwrap()]);
            assert_eq!(done.code, 0, "{done:?}");
            let after = contents(&again);
            for (table, rows) in &before {
                let aside = ["audit_", "import_", "schedule_"];
                if !aside.iter().any(|part| table.starts_with(part)) {
                    assert_eq!(rows, &after[table], "{table}");
                }
            }
        }
    });
}

#[test]
fn the_page_says_what_goes_and_asks_why() {
    each_site(async |site, _| {
        let db = &site.app.db;
        schedule::import(db, &[row("CPC-1", "K1").with("language", "English")]);
        let rows = [
            row("CPC-1", "K1").with("language", "Polish"),
            row("CPC-2", "K2"),
        ];
        let id = schedule::import(db, &rows).batch.unwrap();
        let (batch, address) = (format!("/imports/{id}"), format!("/imports/{id}/undo"));
        let mut browser = site.sign_in(Role::SeniorOfficer).await;
        assert!(
            browser
                .open(site, &batch)
                .await
                .text()
                .contains("Undo this import")
        );
        let page = browser.open(site, &address).await;
        let text = page.text();
        for words in [
            "1 child or young person",
            "1 referral",
            "Language",
            "Polish",
            "English",
        ] {
            assert!(text.contains(words), "{words}: {text}");
        }
        let refused = browser
            .send(site, &address, &with(&given(&page), &[]))
            .await;
        assert!(refused.text().contains("Say why this import is undone"));
        let why = [("reason", "Another council's file")];
        let done = browser
            .send(site, &address, &with(&given(&page), &why))
            .await;
        assert_eq!(done.location(), batch);
        let shown = browser.open(site, &batch).await.text();
        assert!(shown.contains("This import was undone") && shown.contains("Undone by "));
        assert!(
            browser
                .open(site, "/imports")
                .await
                .text()
                .contains("Undone by ")
        );
        assert!(shown.contains("Another council&#x27;s file"));
        assert!(!shown.contains("/undo\""));
        let again = browser.open(site, &address).await.text();
        assert!(again.contains("undone already"));
        let mut officer = site.sign_in(Role::Officer).await;
        assert_eq!(officer.open(site, &address).await.status.as_u16(), 404);
    });
}

#[test]
fn the_page_of_an_import_says_row_by_row_what_changed_but_not_of_a_closed_record() {
    each_site(async |site, _| {
        let db = &site.app.db;
        let english = ["K1", "K2"].map(|child| row("CPC-1", child).with("language", "English"));
        schedule::import(db, &english);
        let rows = [
            row("CPC-1", "K1").with("language", "Polish"),
            row("CPC-1", "K2").with("language", "Somali"),
        ];
        let id = schedule::import(db, &rows).batch.unwrap();
        let address = format!("/imports/{id}");
        let mut browser = site.sign_in(Role::SeniorOfficer).await;
        let text = browser.open(site, &address).await.text();
        assert!(text.contains("Language: from English to Polish"));
        assert!(text.contains("Language: from English to Somali"));
        let child = person(db, "K2").id;
        let looks = db.read(&PROGRAM, |ctx| {
            heard::audit::lines(ctx, Some(&child), i64::MAX, 50)
        });
        assert!(looks.unwrap().iter().any(|line| line.action == "looked_at"));
        let closing = Closing {
            user: site.users[&Role::SeniorOfficer].clone(),
            kind: restrictions::Kind::ALL[0],
            reason: "Related".to_owned(),
        };
        let sam = user(db, Role::SeniorOfficer, "Sam");
        db.write(&sam, |ctx| {
            restrictions::actions::close(ctx, &child, &closing, 90)
        })
        .unwrap();
        let text = browser.open(site, &address).await.text();
        assert!(text.contains("Polish") && !text.contains("Somali"));
        // What an import changed is told after it was undone, too.
        let samira = senior(db);
        take_back(db, &samira, &id).unwrap();
        let text = browser.open(site, &address).await.text();
        assert!(text.contains("Language: from English to Polish"));
    });
}
