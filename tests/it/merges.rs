//! Two records of one person become one, and two again.

use std::collections::BTreeMap;

use diesel::RunQueryDsl;
use heard::access::Actor;
use heard::cases::Closing;
use heard::cases::actions::close;
use heard::db::Db;
use heard::failure::Failure;
use heard::ids::{MergeId, YoungPersonId};
use heard::merges::actions::{Done, merge, undo};
use heard::merges::store::{STAYS, all_pointers, pointers};
use heard::team::actions::oppose;
use heard::young_people::actions::find;
use heard::young_people::relations::{self, Kind, Said, Who};

use crate::helpers::given::{
    accept, case, officer, person, referral_of, referrals_of, referred, root, senior, supported,
};
use crate::helpers::schedule::{import, row};
use crate::helpers::{PROGRAM, Place, day, each_database, each_place};

fn refusal<T: std::fmt::Debug>(answer: Result<T, Failure>) -> String {
    match answer {
        Err(Failure::Refused(sentence)) => sentence,
        other => panic!("{other:?}"),
    }
}

fn make_one(
    db: &Db,
    by: &Actor,
    kept: &YoungPersonId,
    merged: &YoungPersonId,
    take_over: &[&str],
) -> Result<Done, Failure> {
    let fields: Vec<String> = take_over.iter().map(|it| (*it).to_owned()).collect();
    db.write(by, |ctx| {
        merge(ctx, kept, merged, &fields, "Their social worker says so.")
    })
}

fn make_two(db: &Db, by: &Actor, id: &MergeId) -> Result<YoungPersonId, Failure> {
    db.write(by, |ctx| undo(ctx, id, "They are cousins."))
}

/// A child with a closed case, and another with a referral that waits.
fn two_children(db: &Db) -> (YoungPersonId, YoungPersonId) {
    let olive = officer(db, "Olive");
    let first = supported(db, &olive, "K1");
    let closing = Closing {
        on: day("2022-04-04"),
        reason: None,
        note: None,
    };
    let version = case(db, &first).version;
    db.write(&olive, |ctx| close(ctx, &first, version, &closing))
        .unwrap();
    import(
        db,
        &[row("CPC-7", "K2").named("Zoe", "Quill").born("2009-10-05")],
    );
    (person(db, "K1").id, person(db, "K2").id)
}

#[derive(diesel::QueryableByName)]
struct Line {
    #[diesel(sql_type = diesel::sql_types::Text)]
    line: String,
}

/// Which row of every table points at whom, and what every young person's record says.
fn everything(place: &Place) -> BTreeMap<String, Vec<String>> {
    let columns = place.db.read(&PROGRAM, all_pointers).unwrap();
    let mut all = BTreeMap::new();
    let mut ask = |name: String, sql: String| {
        let mut link = place.link();
        let mut lines: Vec<String> =
            heard::each_db!(&mut link, c => diesel::sql_query(sql).load::<Line>(c).unwrap())
                .into_iter()
                .map(|row| row.line)
                .collect();
        lines.sort();
        all.insert(name, lines);
    };
    for (table, column) in columns {
        if ["audit_events", "record_merges"].contains(&table.as_str()) {
            continue;
        }
        let whole = match place.is_sqlite() {
            // A row in which every other column is seen too.
            true => format!("SELECT coalesce({column}, '-') || ' ' || rowid AS line FROM {table}"),
            false => format!("SELECT t::text AS line FROM {table} t"),
        };
        // The version of a record counts what was done to it, and goes on. Words that a name is
        // found by are written anew with the name.
        if !["young_people", "name_keys"].contains(&table.as_str()) {
            ask(format!("{table}.{column}"), whole);
        }
    }
    ask(
        "young_people".to_owned(),
        "SELECT id || first_name || last_name || name_key || coalesce(known_as, '-') \
         || coalesce(CAST(date_of_birth AS TEXT), '-') || coalesce(gender, '-') \
         || coalesce(merged_into, '-') AS line FROM young_people"
            .to_owned(),
    );
    ask(
        "name_keys".to_owned(),
        "SELECT young_person_id || kind || word AS line FROM name_keys".to_owned(),
    );
    all
}

/// How many rows point at a record, by column, leaving out those that stay.
fn pointing_at(place: &Place, id: &YoungPersonId) -> i64 {
    let columns = place.db.read(&PROGRAM, pointers).unwrap();
    columns
        .iter()
        .map(|it| {
            let sql = format!(
                "SELECT 'x' AS line FROM {} WHERE {} = '{id}'",
                it.table, it.column
            );
            let mut link = place.link();
            let rows: Vec<Line> =
                heard::each_db!(&mut link, c => diesel::sql_query(sql).load(c).unwrap());
            i64::try_from(rows.len()).unwrap()
        })
        .sum()
}

#[test]
fn everything_that_points_at_a_young_person_is_moved_or_said_to_stay() {
    each_place(|place| {
        let all = place.db.read(&PROGRAM, all_pointers).unwrap();
        let moved = place.db.read(&PROGRAM, pointers).unwrap();
        assert_eq!(all.len(), moved.len() + STAYS.len());
        for (table, column, why) in STAYS {
            let known = all.contains(&((*table).to_owned(), (*column).to_owned()));
            assert!(known && !why.is_empty(), "{table}.{column}");
        }
        // No column says by its name that it points at a young person and is missed.
        let schema = std::fs::read_to_string(root().join("src/db/schema.rs")).unwrap();
        let mut table = "";
        for line in schema.lines().map(str::trim) {
            if let Some((name, _)) = line.split_once(" (") {
                table = name;
            }
            let Some((column, _)) = line.split_once(" -> ") else {
                continue;
            };
            if column.contains("young_person") && column.ends_with("id") || column == "likely_id" {
                let known = all.contains(&(table.to_owned(), column.to_owned()));
                assert!(known, "{table}.{column} is not seen by a merge");
            }
        }
    });
}

#[test]
fn everything_moves_and_everything_goes_back_to_where_it_was() {
    each_place(|place| {
        let (kept, merged) = two_children(&place.db);
        let samira = senior(&place.db);
        let before = everything(place);
        assert!(pointing_at(place, &merged) > 2);
        let done = make_one(
            &place.db,
            &samira,
            &kept,
            &merged,
            &["first_name", "date_of_birth"],
        )
        .unwrap();
        let moved: i64 = done.moved.iter().map(|it| it.rows).sum();
        assert_eq!(pointing_at(place, &merged), 0);
        assert!(moved > 2, "{:?}", done.moved);
        let one = person(&place.db, "K2");
        assert_eq!(one.id, kept, "the other reference leads to the kept record");
        assert_eq!(one.first_name, "Zoe");
        assert_eq!(one.date_of_birth, Some(day("2009-10-05")));
        assert_ne!(one.last_name, "Quill");
        assert_ne!(everything(place), before);

        assert_eq!(make_two(&place.db, &samira, &done.id).unwrap(), merged);
        assert_eq!(everything(place), before);
        let again = make_two(&place.db, &samira, &done.id);
        assert!(refusal(again).contains("undone already"));
        assert!(place.access_record().is_whole());
    });
}

#[test]
fn the_names_of_both_find_the_one_that_is_left() {
    each_database(|db| {
        let (kept, merged) = two_children(db);
        let samira = senior(db);
        make_one(db, &samira, &kept, &merged, &[]).unwrap();
        for text in ["Zoe Quill", "K2", "K1"] {
            let found = db.read(&samira, |ctx| find(ctx, text)).unwrap();
            let ids: Vec<_> = found.iter().map(|it| &it.person.id).collect();
            assert_eq!(ids, [&kept], "{text}");
        }
        // A row of either reference is about the one person.
        import(db, &[row("CPC-8", "K2").on("2022-08-01")]);
        assert!(referrals_of(db, "K1").len() >= 2);
    });
}

#[test]
fn two_open_cases_of_one_stream_are_settled_first() {
    each_database(|db| {
        let (olive, samira) = (officer(db, "Olive"), senior(db));
        supported(db, &olive, "K1");
        import(
            db,
            &[row("CPC-7", "K2").named("Zoe", "Quill").born("2009-10-05")],
        );
        accept(db, &olive, "K2", "2022-04-04").unwrap();
        let (one, two) = (person(db, "K1").id, person(db, "K2").id);
        let answer = make_one(db, &samira, &one, &two, &[]);
        assert!(refusal(answer).contains("close or settle one of them first"));
        assert_eq!(referral_of(db, "K2").young_person, two);
    });
}

#[test]
fn merging_is_for_senior_officers_and_of_two_records() {
    each_database(|db| {
        let (kept, merged) = two_children(db);
        let marcus = officer(db, "Marcus");
        let by_officer = make_one(db, &marcus, &kept, &merged, &[]);
        assert!(matches!(by_officer, Err(Failure::NotFound)));
        let samira = senior(db);
        let with_itself = make_one(db, &samira, &kept, &kept, &[]);
        assert!(refusal(with_itself).contains("same record"));
        make_one(db, &samira, &kept, &merged, &[]).unwrap();
        // The merged one stands for the kept one now.
        let again = make_one(db, &samira, &kept, &merged, &[]);
        assert!(refusal(again).contains("same record"));
    });
}

#[test]
fn brothers_and_sisters_are_not_made_one_person() {
    each_database(|db| {
        let samira = senior(db);
        let (kept, merged) = two_children(db);
        let said = Said {
            kind: Kind::BrotherOrSister,
            name: None,
            phone: None,
            email: None,
            parental_responsibility: false,
            note: None,
            in_error: false,
        };
        let who = Who::OnRecord(merged.clone());
        let relation = db
            .write(&samira, |ctx| {
                relations::actions::add(ctx, &kept, &who, &said)
            })
            .unwrap();
        let sentence = refusal(make_one(db, &samira, &kept, &merged, &[]));
        assert!(sentence.contains("(relations)"), "{sentence}");
        let never = Said {
            in_error: true,
            ..said
        };
        db.write(&samira, |ctx| {
            relations::actions::change(ctx, &relation, 1, &never)
        })
        .unwrap();
        db.write(&samira, |ctx| {
            oppose(ctx, &kept, &merged, "One wants to go home.")
        })
        .unwrap();
        let sentence = refusal(make_one(db, &samira, &kept, &merged, &[]));
        assert!(sentence.contains("(opposed wishes)"), "{sentence}");
    });
}

#[test]
fn work_that_came_since_stands_in_the_way_of_undoing() {
    each_database(|db| {
        let (kept, merged) = two_children(db);
        let samira = senior(db);
        let done = make_one(db, &samira, &kept, &merged, &[]).unwrap();
        // A conference that is booked for the one person now could be of either.
        import(db, &[row("CPC-9", "K2").on("2022-09-01")]);
        let answer = refusal(make_two(db, &samira, &done.id));
        assert!(answer.contains("1 conference"), "{answer}");
    });
}

#[test]
fn the_last_merge_is_undone_first() {
    each_place(|place| {
        let (kept, merged) = two_children(&place.db);
        import(
            &place.db,
            &[row("CPC-8", "K3")
                .kind("review")
                .named("Yan", "Orr")
                .born("2007-01-05")],
        );
        let third = person(&place.db, "K3").id;
        let samira = senior(&place.db);
        let first = make_one(&place.db, &samira, &kept, &merged, &[]).unwrap();
        let later = place.on("2022-04-05");
        let second = make_one(&later, &samira, &kept, &third, &[]).unwrap();
        let answer = make_two(&later, &samira, &first.id);
        assert!(refusal(answer).contains("undo that first"));
        make_two(&later, &samira, &second.id).unwrap();
        let on = make_one(&later, &samira, &third, &kept, &[]).unwrap();
        let answer = make_two(&later, &samira, &first.id);
        assert!(refusal(answer).contains("undo that first"));
        // Its address leads on through both.
        let stands = later.read(&PROGRAM, |ctx| {
            heard::young_people::store::standing(ctx, &merged)
        });
        assert_eq!(stands.unwrap(), third);
        make_two(&later, &samira, &on.id).unwrap();
        make_two(&later, &samira, &first.id).unwrap();
    });
}

#[test]
fn nobody_comes_to_hold_a_record_that_is_closed_to_them() {
    each_database(|db| {
        let olive = officer(db, "Olive");
        let samira = senior(db);
        db.write(&PROGRAM, |ctx| {
            heard::staff::actions::reset_password(
                ctx,
                &crate::helpers::given::id_of(&samira),
                "hash",
            )
        })
        .unwrap();
        supported(db, &olive, "K1");
        referred(db, "K2");
        let (one, two) = (person(db, "K1").id, person(db, "K2").id);
        db.write(&PROGRAM, |ctx| {
            let referral = heard::referrals::store::of_young_person(ctx, &two)?;
            heard::referrals::actions::end(
                ctx,
                &referral[0].id,
                referral[0].version,
                &heard::referrals::actions::Ending {
                    outcome: heard::referrals::Outcome::DeclinedByYoungPerson,
                    on: day("2022-04-04"),
                    note: None,
                },
            )
        })
        .unwrap();
        db.write(&samira, |ctx| {
            heard::restrictions::actions::close(
                ctx,
                &two,
                &heard::restrictions::Closing {
                    user: crate::helpers::given::id_of(&olive),
                    kind: heard::restrictions::Kind::Relative,
                    reason: "Her niece.".to_owned(),
                },
                90,
            )
        })
        .unwrap();
        let answer = make_one(db, &samira, &one, &two, &[]);
        assert!(refusal(answer).contains("closed to Olive"));
    });
}
