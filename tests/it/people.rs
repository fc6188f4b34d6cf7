//! Who a young person is: legal status, homes, people around them, warnings, and the one address
//! that few may see.

use heard::access::{Actor, Permission, Relationship, Role};
use heard::audit;
use heard::db::Db;
use heard::failure::Failure;
use heard::history;
use heard::ids::{HomeId, YoungPersonId};
use heard::referrals::Outcome;
use heard::text::Name;
use heard::young_people::about::{self, Disability, Gender, NameAndBirth};
use heard::young_people::actions::open_record;
use heard::young_people::homes::{self, Place};
use heard::young_people::legal::{self, Basis, Flag, FlagWords, Start};
use heard::young_people::professionals;
use heard::young_people::relations::{self, Kind, Who};
use heard::young_people::{Stretch, panel, status, warnings};

use crate::helpers::given::{officer, outcomes, person, referred, senior, supported, user};
use crate::helpers::schedule::{import, row};
use crate::helpers::{PROGRAM, day, each_database, each_place};

fn refusal<T: std::fmt::Debug>(answer: Result<T, Failure>) -> String {
    match answer {
        Err(failure @ (Failure::Refused(_) | Failure::Invalid(_))) => failure.to_string(),
        other => panic!("{other:?}"),
    }
}

fn not_found<T: std::fmt::Debug>(answer: Result<T, Failure>) {
    assert!(matches!(answer, Err(Failure::NotFound)), "{answer:?}");
}

fn meanwhile<T: std::fmt::Debug>(answer: Result<T, Failure>) {
    assert!(
        matches!(answer, Err(Failure::ChangedMeanwhile)),
        "{answer:?}"
    );
}

/// A child of twelve on record, and an officer who does not hold their case.
fn child(db: &Db) -> (Actor, YoungPersonId) {
    referred(db, "K1");
    (officer(db, "Olive"), person(db, "K1").id)
}

fn since(from: &str) -> Stretch {
    Stretch {
        from: day(from),
        to: None,
    }
}

fn from(basis: Basis, from: &str) -> Start {
    Start {
        basis,
        from: day(from),
    }
}

fn events(db: &Db, id: &YoungPersonId) -> Vec<String> {
    let lines = db.read(&PROGRAM, |ctx| audit::lines(ctx, Some(id), i64::MAX, 50));
    lines.unwrap().into_iter().map(|line| line.action).collect()
}

fn changed(
    db: &Db,
    kind: &str,
    id: impl ToString,
) -> Vec<(String, Option<String>, Option<String>)> {
    let lines = db.read(&PROGRAM, |ctx| {
        history::store::of(ctx, kind, &id.to_string())
    });
    let lines = lines.unwrap().into_iter();
    lines.map(|it| (it.field, it.before, it.after)).collect()
}

fn start(
    db: &Db,
    by: &Actor,
    id: &YoungPersonId,
    version: i32,
    start: Start,
) -> Result<heard::ids::LegalStatusId, Failure> {
    db.write(by, |ctx| {
        legal::actions::start(ctx, id, version, start, None)
    })
}

fn words_on(db: &Db, id: &YoungPersonId, on: &str) -> Option<String> {
    db.read(&PROGRAM, |ctx| status::words_on(ctx, id, day(on)))
        .unwrap()
}

#[test]
fn the_legal_status_is_a_history_with_flags_beside_it() {
    each_database(|db| {
        let (olive, id) = child(db);
        start(
            db,
            &olive,
            &id,
            0,
            from(Basis::InterimCareOrder, "2022-01-10"),
        )
        .unwrap();
        start(db, &olive, &id, 1, from(Basis::CareOrder, "2022-03-01")).unwrap();
        let plan = FlagWords {
            flag: Flag::ChildProtectionPlan,
            stretch: since("2022-02-01"),
            note: None,
            in_error: false,
        };
        db.write(&olive, |ctx| legal::actions::set_flag(ctx, &id, &plan))
            .unwrap();
        let again = db.write(&olive, |ctx| legal::actions::set_flag(ctx, &id, &plan));
        assert!(refusal(again).contains("overlaps the same flag"));
        assert_eq!(words_on(db, &id, "2022-01-09"), None);
        assert_eq!(
            words_on(db, &id, "2022-01-10").unwrap(),
            "Interim care order (section 38)"
        );
        let now = words_on(db, &id, "2022-04-04").unwrap();
        assert_eq!(now, "Care order (section 31), child protection plan");
        assert!(events(db, &id).contains(&"legal_status_started".to_owned()));
    });
}

#[test]
fn a_corrected_status_stays_to_be_read_and_counts_no_longer() {
    each_database(|db| {
        let (olive, id) = child(db);
        let wrong = start(db, &olive, &id, 0, from(Basis::S20, "2022-01-10")).unwrap();
        let correct = |right| {
            db.write(&olive, |ctx| {
                legal::actions::correct(ctx, &wrong, right, "Misread the order")
            })
        };
        assert!(
            refusal(correct(Some(from(Basis::S20, "2022-01-10")))).contains("Change the status")
        );
        correct(Some(from(Basis::CareOrder, "2022-01-11"))).unwrap();
        meanwhile(correct(Some(from(Basis::Remand, "2022-01-12"))));
        assert_eq!(words_on(db, &id, "2022-01-10"), None);
        assert_eq!(
            words_on(db, &id, "2022-01-11").unwrap(),
            "Care order (section 31)"
        );
        let rows = db
            .read(&PROGRAM, |ctx| legal::store::history(ctx, &id))
            .unwrap();
        let correction = rows[0].correction.as_ref().unwrap();
        assert_eq!(
            (correction.by.as_str(), correction.reason.as_str()),
            ("Olive", "Misread the order")
        );
        assert_eq!(correction.replaced_by.as_ref(), Some(&rows[1].id));
        let never = db.write(&olive, |ctx| {
            legal::actions::correct(ctx, &rows[1].id, None, "It never was")
        });
        never.unwrap();
        assert_eq!(words_on(db, &id, "2022-04-04"), None);
    });
}

#[test]
fn the_second_of_two_who_start_a_status_is_told() {
    each_database(|db| {
        let (olive, id) = child(db);
        start(db, &olive, &id, 0, from(Basis::S20, "2022-01-10")).unwrap();
        meanwhile(start(
            db,
            &olive,
            &id,
            0,
            from(Basis::CareOrder, "2022-01-11"),
        ));
        let refused = start(db, &olive, &id, 1, from(Basis::CareOrder, "2022-04-05"));
        assert!(refusal(refused).contains("today or in the past"));
    });
}

#[test]
fn a_flag_ends_and_keeps_what_was_there() {
    each_database(|db| {
        let (olive, id) = child(db);
        let mut what = FlagWords {
            flag: Flag::UnaccompaniedAsylumSeeking,
            stretch: since("2022-02-01"),
            note: None,
            in_error: false,
        };
        let flag = db
            .write(&olive, |ctx| legal::actions::set_flag(ctx, &id, &what))
            .unwrap();
        what.stretch.to = Some(day("2022-03-01"));
        let change = |what: &FlagWords| {
            db.write(&olive, |ctx| {
                legal::actions::change_flag(ctx, &flag, 1, what)
            })
        };
        change(&what).unwrap();
        meanwhile(change(&what));
        assert_eq!(
            words_on(db, &id, "2022-03-01").unwrap(),
            "Unaccompanied asylum-seeking child"
        );
        assert_eq!(words_on(db, &id, "2022-03-02"), None);
        assert_eq!(
            changed(db, "flag", &flag),
            [("to".to_owned(), None, Some("1 March 2022".to_owned()))]
        );
    });
}

fn home(kind: homes::Kind, from: &str, confidential: bool) -> homes::Said {
    homes::Said {
        kind,
        confidential,
        out_of_county: false,
        stretch: since(from),
        in_error: false,
    }
}

fn at(address: &str) -> Place {
    Place {
        provider: None,
        address: Some(address.to_owned()),
    }
}

#[test]
fn moving_ends_the_home_before() {
    each_database(|db| {
        let (olive, id) = child(db);
        let live = |said: homes::Said, place: &Place| {
            db.write(&olive, |ctx| homes::actions::add(ctx, &id, &said, place))
        };
        live(
            home(homes::Kind::Parents, "2020-01-01", false),
            &at("1 Mill Lane"),
        )
        .unwrap();
        live(
            home(homes::Kind::FosterCarers, "2022-03-01", false),
            &at("2 High Street"),
        )
        .unwrap();
        let late = live(
            home(homes::Kind::Hospital, "2021-01-01", false),
            &Place::default(),
        );
        assert!(refusal(late).contains("Enter the last day"));
        let homes = db.read(&PROGRAM, |ctx| homes::store::of(ctx, &id)).unwrap();
        let ends: Vec<_> = homes.iter().map(|it| it.said.stretch.to).collect();
        assert_eq!(ends, [None, Some(day("2022-03-01"))]);
        assert_eq!(homes[0].place, Some(at("2 High Street")));
    });
}

const SECRET: &str = "9 Hidden Row";

fn hidden(db: &Db, by: &Actor, id: &YoungPersonId) -> HomeId {
    let said = home(homes::Kind::FosterCarers, "2022-03-01", true);
    db.write(by, |ctx| homes::actions::add(ctx, id, &said, &at(SECRET)))
        .unwrap()
}

fn look(db: &Db, by: &Actor, home: &HomeId) -> Result<String, Failure> {
    let found = db.read(by, |ctx| homes::actions::look_at_address(ctx, home));
    found.map(|(_, _, recorded)| recorded[0].place.address.clone().unwrap())
}

#[test]
fn a_confidential_address_is_for_the_senior_officer_and_the_officer_of_the_case() {
    each_database(|db| {
        let olive = officer(db, "Olive");
        supported(db, &olive, "K1");
        let id = person(db, "K1").id;
        let home = hidden(db, &olive, &id);
        assert_eq!(look(db, &olive, &home).unwrap(), SECRET);
        assert_eq!(look(db, &senior(db), &home).unwrap(), SECRET);
        for (role, name) in [
            (Role::Officer, "Marcus"),
            (Role::Manager, "Maya"),
            (Role::Auditor, "Audrey"),
        ] {
            not_found(look(db, &user(db, role, name), &home));
        }
        let seen = events(db, &id);
        assert_eq!(
            seen.iter()
                .filter(|it| *it == "confidential_address_seen")
                .count(),
            2
        );
    });
}

#[test]
fn a_confidential_address_is_in_no_other_answer() {
    each_database(|db| {
        let olive = officer(db, "Olive");
        supported(db, &olive, "K1");
        let id = person(db, "K1").id;
        let home_id = hidden(db, &olive, &id);
        let open = home(homes::Kind::FosterCarers, "2022-03-01", false);
        let moved = home(homes::Kind::FosterCarers, "2022-03-02", true);
        let change = |by: &Actor, version, said: &homes::Said, place: &Place| {
            db.write(by, |ctx| {
                homes::actions::change(ctx, &home_id, version, said, place)
            })
        };
        change(&olive, 1, &moved, &at("10 Hidden Row")).unwrap();
        // Somebody who may not see it may not make it open either; who leaves it blank keeps it.
        let marcus = officer(db, "Marcus");
        assert!(
            refusal(change(&marcus, 2, &open, &Place::default()))
                .contains("may make a confidential address open")
        );
        change(&marcus, 2, &moved, &Place::default()).unwrap();
        assert_eq!(look(db, &olive, &home_id).unwrap(), "10 Hidden Row");
        let said = db
            .read(&olive, |ctx| {
                let homes = format!("{:?}", homes::store::of(ctx, &id)?);
                let panel = serde_json::to_string(&panel::of(ctx, &id)?).unwrap();
                let changes = format!("{:?}", history::store::of(ctx, "home", home_id.as_str())?);
                let lines = format!("{:?}", audit::lines(ctx, Some(&id), i64::MAX, 50)?);
                Ok([homes, panel, changes, lines].concat())
            })
            .unwrap();
        assert!(said.contains("FosterCarers") && said.contains("confidential"));
        assert!(!said.contains("Hidden Row"), "{said}");
    });
}

#[test]
fn a_confidential_home_needs_its_address() {
    each_database(|db| {
        let (olive, id) = child(db);
        let said = home(homes::Kind::FosterCarers, "2022-03-01", true);
        let added = db.write(&olive, |ctx| {
            homes::actions::add(ctx, &id, &said, &Place::default())
        });
        assert!(refusal(added).contains("Enter the address"));
    });
}

fn warned(words: &str, review_on: &str) -> warnings::Said {
    warnings::Said {
        kind: warnings::Kind::NeverSendPost,
        words: words.to_owned(),
        review_on: day(review_on),
    }
}

fn bar(db: &Db, by: &Actor, id: &YoungPersonId) -> Vec<String> {
    let identity = db.read(by, |ctx| {
        let opened = open_record(ctx, id, Permission::SeeRecord, Relationship::Team, "test")?;
        Ok(heard::young_people::identity_bar(
            opened.person(),
            ctx.today,
            "",
        ))
    });
    identity.unwrap().warnings
}

#[test]
fn a_warning_stands_in_every_bar_until_it_ends_and_stays_to_be_read() {
    each_place(|place| {
        let db = &place.db;
        let (olive, id) = child(db);
        let set =
            |said: &warnings::Said| db.write(&olive, |ctx| warnings::actions::set(ctx, &id, said));
        assert!(refusal(set(&warned("Dad opens it", "2022-04-04"))).contains("after today"));
        let warning = set(&warned("Dad opens it", "2022-05-01")).unwrap();
        assert_eq!(bar(db, &olive, &id), ["Never send post: Dad opens it"]);
        let later = place.on("2022-05-02");
        assert_eq!(
            bar(&later, &olive, &id),
            ["Never send post: Dad opens it (to be reviewed since 1 May 2022)"]
        );
        let change = |version| {
            let said = warned("Dad and his brother open it", "2022-08-01");
            later.write(&olive, |ctx| {
                warnings::actions::change(ctx, &warning, version, &said)
            })
        };
        change(1).unwrap();
        meanwhile(change(1));
        assert_eq!(changed(db, "warning", &warning).len(), 2);
        let end = || {
            later.write(&olive, |ctx| {
                warnings::actions::end(ctx, &warning, 2, "He moved away")
            })
        };
        end().unwrap();
        assert!(refusal(end()).contains("has ended"));
        assert!(bar(&later, &olive, &id).is_empty());
        let all = db
            .read(&PROGRAM, |ctx| warnings::store::all(ctx, &id))
            .unwrap();
        let ended = all[0].ended.as_ref().unwrap();
        assert_eq!(
            (ended.by.as_str(), ended.why.as_str()),
            ("Olive", "He moved away")
        );
    });
}

#[test]
fn the_warning_of_the_schedule_stands_beside_those_of_staff() {
    each_database(|db| {
        import(
            db,
            &[row("CPC-1", "K1").with("contact_warning", "Do not ring after six")],
        );
        let (olive, id) = (officer(db, "Olive"), person(db, "K1").id);
        let said = warned("Dad opens it", "2022-05-01");
        db.write(&olive, |ctx| warnings::actions::set(ctx, &id, &said))
            .unwrap();
        assert_eq!(
            bar(db, &olive, &id),
            ["Never send post: Dad opens it", "Do not ring after six"]
        );
    });
}

#[test]
fn the_warning_of_the_schedule_is_taken_over_to_be_reviewed_and_ended() {
    each_database(|db| {
        import(
            db,
            &[row("CPC-1", "K1").with("contact_warning", "Do not ring after six")],
        );
        let (olive, id) = (officer(db, "Olive"), person(db, "K1").id);
        let take_over = || db.write(&olive, |ctx| warnings::actions::take_over(ctx, &id));
        let warned = || {
            db.read(&olive, |ctx| {
                warnings::store::warned(ctx, std::slice::from_ref(&id))
            })
            .unwrap()
        };
        assert!(warned().contains(&id));
        assert_eq!(take_over().unwrap(), day("2022-07-03"));
        assert_eq!(
            bar(db, &olive, &id),
            ["Unsafe to contact in some ways: Do not ring after six"]
        );
        assert!(warned().contains(&id));
        assert!(take_over().is_err());
        let warning = db
            .read(&olive, |ctx| warnings::store::in_force(ctx, &id))
            .unwrap()
            .remove(0);
        db.write(&olive, |ctx| {
            warnings::actions::end(ctx, &warning.id, 1, "Asked")
        })
        .unwrap();
        assert!(bar(db, &olive, &id).is_empty());
        assert!(warned().is_empty());
    });
}

fn relation(kind: Kind) -> relations::Said {
    relations::Said {
        kind,
        name: None,
        phone: None,
        email: None,
        parental_responsibility: false,
        note: None,
        in_error: false,
    }
}

/// The words of a record's relations to others on record.
fn linked(db: &Db, id: &YoungPersonId) -> String {
    let panel = db.read(&PROGRAM, |ctx| panel::of(ctx, id)).unwrap();
    serde_json::to_string(&serde_json::to_value(panel).unwrap()["linked"]).unwrap()
}

#[test]
fn a_sister_on_record_has_the_right_word_on_either_side() {
    each_database(|db| {
        import(
            db,
            &[
                row("CPC-1", "K1").with("gender", "female"),
                row("CPC-1", "K2").with("gender", "male"),
            ],
        );
        let olive = officer(db, "Olive");
        let (girl, boy) = (person(db, "K1").id, person(db, "K2").id);
        let add = |me: &YoungPersonId, other: &YoungPersonId| {
            let who = Who::OnRecord(other.clone());
            db.write(&olive, |ctx| {
                relations::actions::add(ctx, me, &who, &relation(Kind::BrotherOrSister))
            })
        };
        let id = add(&girl, &boy).unwrap();
        assert!(linked(db, &girl).contains(r#""what":"Brother""#));
        assert!(linked(db, &boy).contains(r#""what":"Sister""#));
        assert!(refusal(add(&boy, &girl)).contains("on the list already"));
        assert!(refusal(add(&boy, &boy)).contains("themselves"));
        let halves = relation(Kind::HalfBrotherOrSister);
        db.write(&olive, |ctx| {
            relations::actions::change(ctx, &id, 1, &halves)
        })
        .unwrap();
        assert!(linked(db, &boy).contains(r#""what":"Half-sister""#));
        let wrong = relations::Said {
            in_error: true,
            ..halves
        };
        db.write(&olive, |ctx| {
            relations::actions::change(ctx, &id, 2, &wrong)
        })
        .unwrap();
        assert_eq!(
            (linked(db, &girl), linked(db, &boy)),
            ("[]".to_owned(), "[]".to_owned())
        );
    });
}

#[test]
fn a_parent_is_kept_by_name_with_parental_responsibility() {
    each_database(|db| {
        let (olive, id) = child(db);
        let said = relations::Said {
            parental_responsibility: true,
            phone: Some("01632 960114".to_owned()),
            ..relation(Kind::Mother)
        };
        let add = || {
            let who = Who::ByName("Leanne Tarrant".to_owned());
            db.write(&olive, |ctx| relations::actions::add(ctx, &id, &who, &said))
        };
        add().unwrap();
        assert!(refusal(add()).contains("on the list already"));
        let panel = db.read(&olive, |ctx| panel::of(ctx, &id)).unwrap();
        let panel = serde_json::to_string(&panel).unwrap();
        assert!(panel.contains("Leanne Tarrant, 01632 960114"), "{panel}");
    });
}

#[test]
fn a_new_social_worker_ends_the_time_of_the_one_before() {
    each_database(|db| {
        let (olive, id) = child(db);
        let add = |name: &str, from: &str| {
            let said = professionals::Said {
                role: professionals::Role::SocialWorker,
                name: name.to_owned(),
                team: None,
                phone: None,
                email: None,
                stretch: since(from),
                in_error: false,
            };
            db.write(&olive, |ctx| professionals::actions::add(ctx, &id, &said))
        };
        let owen = add("Owen Baptiste", "2021-01-01").unwrap();
        add("Gwen Mottram", "2022-03-01").unwrap();
        let all = db
            .read(&PROGRAM, |ctx| professionals::store::of(ctx, &id))
            .unwrap();
        let names: Vec<_> = all
            .iter()
            .map(|it| (it.said.name.as_str(), it.said.stretch.to))
            .collect();
        assert_eq!(
            names,
            [
                ("Gwen Mottram", None),
                ("Owen Baptiste", Some(day("2022-03-01")))
            ]
        );
        let stale = db.write(&olive, |ctx| {
            professionals::actions::change(ctx, &owen, 1, &all[1].said)
        });
        meanwhile(stale);
    });
}

fn called(first: &str, born: &str) -> NameAndBirth {
    NameAndBirth {
        first_name: Name::parse(first).unwrap(),
        last_name: Name::parse("Khan").unwrap(),
        known_as: Some("Mina".to_owned()),
        pronouns: Some("she/her".to_owned()),
        name_said: None,
        date_of_birth: Some(day(born)),
        expected_on: None,
    }
}

#[test]
fn a_corrected_name_keeps_what_was_there_and_is_found_by_the_name_they_are_known_as() {
    each_database(|db| {
        let (olive, id) = child(db);
        let before = person(db, "K1");
        let change = || {
            let said = called("Aminah", "2010-01-03");
            db.write(&olive, |ctx| {
                about::actions::change_name_and_birth(ctx, &id, before.version, &said)
            })
        };
        change().unwrap();
        meanwhile(change());
        let fields = changed(db, "young_person", &id);
        let first = fields
            .iter()
            .find(|(field, ..)| field == "first_name")
            .unwrap();
        assert_eq!(first.1.as_ref(), Some(&before.first_name));
        let found = db.read(&olive, |ctx| {
            heard::young_people::actions::search(ctx, "khan mina")
        });
        assert_eq!(found.unwrap(), std::slice::from_ref(&id));
    });
}

#[test]
fn what_an_import_changes_can_be_read_in_the_history_too() {
    each_database(|db| {
        import(db, &[row("CPC-1", "K1").with("language", "English")]);
        import(db, &[row("CPC-1", "K1").with("language", "Polish")]);
        let fields = changed(db, "young_person", person(db, "K1").id);
        let said = |text: &str| Some(text.to_owned());
        assert_eq!(
            fields,
            [("language".to_owned(), said("English"), said("Polish"))]
        );
    });
}

#[test]
fn a_corrected_birthday_changes_which_conference_refers() {
    each_database(|db| {
        let (olive, id) = child(db);
        let version = person(db, "K1").version;
        let correct = |version, born: &str| {
            db.write(&olive, |ctx| {
                about::actions::change_name_and_birth(ctx, &id, version, &called("Amina", born))?;
                heard::referrals::actions::follow_birthday(ctx, &id)
            })
        };
        correct(version, "2018-01-03").unwrap();
        assert_eq!(outcomes(db, "K1"), [Outcome::Withdrawn]);
        correct(version + 1, "2010-01-03").unwrap();
        assert_eq!(outcomes(db, "K1"), [Outcome::Pending]);
    });
}

#[test]
fn codes_stand_beside_their_words() {
    each_database(|db| {
        let (olive, id) = child(db);
        let version = person(db, "K1").version;
        let said = about::Background {
            gender: Some("Non-binary".to_owned()),
            gender_code: Some(Gender::NotStated),
            ethnicity: None,
            ethnicity_code: Some(about::Ethnicity::GypsyRoma),
        };
        db.write(&olive, |ctx| {
            about::actions::change_background(ctx, &id, version, &said)
        })
        .unwrap();
        let mut talk = about::Communication {
            language: Some("English".to_owned()),
            interpreter: Some(false),
            needs: None,
            disabilities: vec![Disability::NoDisability, Disability::Autism],
        };
        let tell = |talk: &about::Communication| {
            db.write(&olive, |ctx| {
                about::actions::change_communication(ctx, &id, version + 1, talk)
            })
        };
        assert!(refusal(tell(&talk)).contains("No disability"));
        talk.disabilities = vec![Disability::Hearing, Disability::Autism];
        tell(&talk).unwrap();
        let about = db.read(&PROGRAM, |ctx| about::store::of(ctx, &id)).unwrap();
        assert_eq!(about.ethnicity, Some(about::Ethnicity::GypsyRoma));
        assert_eq!(
            (about.gender, about.interpreter),
            (Some(Gender::NotStated), Some(false))
        );
        assert_eq!(about.disabilities, talk.disabilities);
        assert_eq!(
            person(db, "K1").details.gender.as_deref(),
            Some("Non-binary")
        );
    });
}

#[test]
fn only_those_who_work_a_record_change_it() {
    each_database(|db| {
        let (olive, id) = child(db);
        start(db, &olive, &id, 0, from(Basis::S20, "2022-01-10")).unwrap();
        for role in [
            Role::Manager,
            Role::Auditor,
            Role::Administrator,
            Role::ParticipationOfficer,
        ] {
            let other = user(db, role, role.code());
            not_found(start(
                db,
                &other,
                &id,
                1,
                from(Basis::CareOrder, "2022-01-11"),
            ));
            let said = warned("x", "2022-05-01");
            not_found(db.write(&other, |ctx| warnings::actions::set(ctx, &id, &said)));
        }
    });
}
