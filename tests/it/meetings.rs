//! Meetings, from the plan to who was there, by the actions that the pages use.

use std::collections::BTreeMap;

use diesel::connection::SimpleConnection;
use heard::access::{Actor, Permission, Role};
use heard::calendar::Period;
use heard::db::{Address, Db, connect_once, migrations, table_counts};
use heard::failure::Failure;
use heard::history;
use heard::ids::{CaseId, ConferenceChildId, MeetingId, ReferralId};
use heard::meetings::actions::{self, Child};
use heard::meetings::store::{self, Coming, Which};
use heard::meetings::{Attendance, Heard, Meeting, Said, State, Step, Views, What, rules};
use heard::report::annual::{Scope, annual};
use heard::team;

use crate::helpers::databases::{empty_postgres, folder};
use crate::helpers::given::{accept, case, id_of, officer, person, senior, supported, user};
use crate::helpers::schedule::{import, row};
use crate::helpers::{PROGRAM, Place, day, each_database, each_place};
use crate::schemas::migration_texts;

fn refusal<T: std::fmt::Debug>(answer: Result<T, Failure>) -> String {
    match answer {
        Err(failure @ (Failure::Refused(_) | Failure::Invalid(_))) => failure.to_string(),
        other => panic!("{other:?}"),
    }
}

/// The cases of a brother and a sister, on the conference CPC-1 of 20 April 2022.
fn siblings(db: &Db, officer: &Actor) -> [CaseId; 2] {
    import(db, &[row("CPC-1", "K1"), row("CPC-1", "K2")]);
    ["K1", "K2"].map(|child| accept(db, officer, child, "2022-04-04").unwrap())
}

fn referral(db: &Db, id: &CaseId) -> ReferralId {
    case(db, id).referral
}

fn what(on: &str) -> What {
    What {
        kind: "core_group".to_owned(),
        on: day(on),
        starts_at: Some("10:30".to_owned()),
        place: Some("Town Hall".to_owned()),
        online: false,
    }
}

fn said(heard: Heard) -> Said {
    Said {
        attendance: heard.attendance(),
        spoke: Some(heard.spoke()),
        views: vec![Views::Letter],
        online: false,
        seen_before_on: None,
        explained_on: None,
        not_there_reason: (!heard.attendance().child_was_there()).then(|| "At school".to_owned()),
        own_words: Some("I want to stay with Nan".to_owned()),
        note: None,
    }
}

fn child(referral: &ReferralId, heard: Heard) -> Child {
    Child {
        referral: referral.clone(),
        conference_child: None,
        said: said(heard),
    }
}

fn plan(db: &Db, by: &Actor, on: &str, who: &[ReferralId]) -> Result<MeetingId, Failure> {
    db.write(by, |ctx| actions::plan(ctx, &what(on), who))
}

fn record(db: &Db, by: &Actor, on: &str, children: &[Child]) -> Result<MeetingId, Failure> {
    db.write(by, |ctx| actions::record_held(ctx, &what(on), children))
}

fn hold(db: &Db, by: &Actor, id: &MeetingId, children: &[Child]) -> Result<(), Failure> {
    let version = meeting(db, id).version;
    db.write(by, |ctx| {
        actions::hold(ctx, id, version, &what("2022-04-04"), children)
    })
}

fn meeting(db: &Db, id: &MeetingId) -> Meeting {
    db.read(&PROGRAM, |ctx| store::find(ctx, id))
        .unwrap()
        .unwrap()
}

/// How often each kind of attendance is counted from April 2022 on.
fn counted(db: &Db) -> BTreeMap<String, i64> {
    let year = Period::financial_year(2022);
    let report = db
        .read(&PROGRAM, |ctx| annual(ctx, &year, &Scope::All, 13))
        .unwrap();
    let mut tables = report.tables.iter();
    let table = tables
        .find(|table| table.id == "cp.meetings.attendance")
        .unwrap();
    let counts = table.rows.iter().filter(|row| row.count > 0);
    counts.map(|row| (row.id.clone(), row.count)).collect()
}

fn coming(db: &Db, officer: &Actor, viewer: &Actor) -> Vec<Coming> {
    db.read(viewer, |ctx| {
        let held = team::store::cases_held_by(ctx, &id_of(officer))?;
        store::coming(
            ctx,
            Some(&held),
            &id_of(viewer),
            day("2022-04-01"),
            day("2022-12-31"),
        )
    })
    .unwrap()
}

fn close_record_to(place: &Place, child: &str, who: &Actor) {
    let (child, who) = (person(&place.db, child).id, id_of(who));
    place.execute(&format!(
        "INSERT INTO record_restrictions (id, young_person_id, user_id, kind, reason, set_by, \
         set_on, review_on, created_at, version) VALUES ('r-{child}', '{child}', '{who}', 'other', \
         'A relative', '{who}', '2022-04-01', '2022-07-01', '2022-04-01 09:00:00', 1)"
    ));
}

#[test]
fn one_meeting_serves_brothers_and_sisters_each_with_their_own_attendance() {
    each_database(|db| {
        let olive = officer(db, "Olive");
        let [one, other] = siblings(db, &olive).map(|id| referral(db, &id));
        let id = plan(db, &olive, "2022-04-04", &[one.clone(), other.clone()]).unwrap();
        assert_eq!(meeting(db, &id).state, State::Planned);
        assert!(counted(db).is_empty(), "a plan counts nowhere");
        let children = [
            child(&one, Heard::WithOfficerSpoke),
            child(&other, Heard::OfficerForThem),
        ];
        hold(db, &olive, &id, &children).unwrap();
        let held = meeting(db, &id);
        assert_eq!((held.state, held.attended.len()), (State::Held, 2));
        assert_eq!(
            counted(db),
            BTreeMap::from([
                ("child_with_officer".to_owned(), 1),
                ("officer_for_child".to_owned(), 1)
            ])
        );
    });
}

#[test]
fn what_did_not_take_place_says_why_and_counts_nowhere() {
    each_database(|db| {
        let olive = officer(db, "Olive");
        let [one, _] = siblings(db, &olive).map(|id| referral(db, &id));
        let id = plan(db, &olive, "2022-04-05", std::slice::from_ref(&one)).unwrap();
        let miss = |reason: &str| db.write(&olive, |ctx| actions::miss(ctx, &id, 1, reason));
        assert!(refusal(miss(" ")).contains("Enter why"));
        miss("The chair was ill").unwrap();
        let missed = meeting(db, &id);
        assert_eq!(missed.not_held_reason.as_deref(), Some("The chair was ill"));
        assert!(counted(db).is_empty());
        assert!(
            coming(db, &olive, &olive)
                .iter()
                .all(|it| it.which != Which::Meeting(id.clone()))
        );
    });
}

/// Every state with every step, by the deeds themselves.
#[test]
fn from_each_state_the_deeds_do_what_the_steps_say() {
    each_database(|db| {
        let olive = officer(db, "Olive");
        let [one, _] = siblings(db, &olive).map(|id| referral(db, &id));
        let brought_to = |state: State| {
            let id = plan(db, &olive, "2022-04-04", std::slice::from_ref(&one)).unwrap();
            match state {
                State::Planned => {}
                State::Held => hold(db, &olive, &id, &[child(&one, Heard::AloneSpoke)]).unwrap(),
                State::NotHeld => db
                    .write(&olive, |ctx| actions::miss(ctx, &id, 1, "Cancelled"))
                    .unwrap(),
            }
            id
        };
        for state in State::ALL {
            for step in Step::ALL {
                let id = brought_to(*state);
                let version = meeting(db, &id).version;
                let done = db.write(&olive, |ctx| match step {
                    Step::Change | Step::PlanAgain => {
                        actions::change(ctx, &id, version, &what("2022-05-01"))
                    }
                    Step::Hold | Step::Correct => {
                        let children = [child(&one, Heard::WithOfficerSpoke)];
                        actions::hold(ctx, &id, version, &what("2022-04-04"), &children)
                    }
                    Step::Miss => actions::miss(ctx, &id, version, "Nobody came"),
                });
                // Two deeds each serve two steps: which one it is, the state says.
                let possible = match (state, step) {
                    (State::Planned, Step::PlanAgain) => Ok(State::Planned),
                    (State::NotHeld, Step::Change) => Ok(State::Planned),
                    (State::Planned, Step::Correct) | (State::Held, Step::Hold) => Ok(State::Held),
                    _ => rules::after(*state, *step),
                };
                match possible {
                    Ok(next) => {
                        done.unwrap();
                        assert_eq!(meeting(db, &id).state, next, "{state:?} {step:?}");
                    }
                    Err(why) => {
                        assert_eq!(refusal(done), why.to_string());
                        assert_eq!(meeting(db, &id).state, *state);
                    }
                }
            }
        }
    });
}

#[test]
fn a_held_meeting_lies_between_the_referral_and_today() {
    each_database(|db| {
        let olive = officer(db, "Olive");
        let [one, _] = siblings(db, &olive).map(|id| referral(db, &id));
        let children = [child(&one, Heard::AloneSpoke)];
        let on = |on: &str| record(db, &olive, on, &children);
        assert!(refusal(on("2022-04-05")).contains("today or in the past"));
        assert!(refusal(on("2022-04-03")).contains("the day the referral was received"));
        let planned = plan(db, &olive, "2022-04-03", std::slice::from_ref(&one));
        assert!(refusal(planned).contains("today or later"));
        assert!(refusal(record(db, &olive, "2022-04-04", &[])).contains("at least one"));
        assert!(refusal(plan(db, &olive, "2022-04-04", &[])).contains("at least one"));
        on("2022-04-04").unwrap();
    });
}

#[test]
fn what_is_missing_is_told_at_the_child_whom_it_is_about() {
    each_database(|db| {
        let olive = officer(db, "Olive");
        let [one, other] = siblings(db, &olive).map(|id| referral(db, &id));
        let mut silent = child(&other, Heard::Neither);
        silent.said.views = vec![];
        silent.said.not_there_reason = None;
        let children = [child(&one, Heard::AloneSpoke), silent];
        let answer = record(db, &olive, "2022-04-04", &children);
        let Err(Failure::Invalid(errors)) = answer else {
            panic!("{answer:?}");
        };
        let fields: Vec<_> = errors.iter().map(|error| error.field.clone()).collect();
        assert_eq!(
            fields,
            [format!("views-{other}"), format!("absent-{other}")]
        );
        assert!(counted(db).is_empty(), "all of it or nothing");
    });
}

#[test]
fn a_closed_case_takes_no_new_meetings() {
    each_database(|db| {
        let olive = officer(db, "Olive");
        let id = supported(db, &olive, "K1");
        let one = referral(db, &id);
        let planned = plan(db, &olive, "2022-04-04", std::slice::from_ref(&one)).unwrap();
        let held = record(db, &olive, "2022-04-04", &[child(&one, Heard::AloneSpoke)]).unwrap();
        let closing = heard::cases::Closing {
            on: day("2022-04-04"),
            reason: None,
            note: None,
        };
        let version = case(db, &id).version;
        db.write(&olive, |ctx| {
            heard::cases::actions::close(ctx, &id, version, &closing)
        })
        .unwrap();
        let children = [child(&one, Heard::WithOfficerSpoke)];
        for answer in [
            plan(db, &olive, "2022-04-04", std::slice::from_ref(&one)).map(drop),
            record(db, &olive, "2022-04-04", &children).map(drop),
            hold(db, &olive, &planned, &children),
        ] {
            assert!(refusal(answer).contains("Reopen the case"));
        }
        // What is on record can still be put right.
        hold(db, &olive, &held, &children).unwrap();
    });
}

#[test]
fn a_case_does_not_close_before_a_held_meeting_but_a_planned_one_holds_up_nothing() {
    each_place(|place| {
        let db = &place.db;
        let olive = officer(db, "Olive");
        let id = supported(db, &olive, "K1");
        let one = referral(db, &id);
        plan(db, &olive, "2022-06-01", std::slice::from_ref(&one)).unwrap();
        let last = |db: &Db| db.read(&PROGRAM, |ctx| heard::cases::store::last_meeting(ctx, &one));
        assert_eq!(last(db).unwrap(), None);
        record(db, &olive, "2022-04-04", &[child(&one, Heard::AloneSpoke)]).unwrap();
        assert_eq!(last(db).unwrap(), Some(day("2022-04-04")));
    });
}

#[test]
fn the_second_of_two_editors_is_told_and_what_stood_there_is_kept() {
    each_database(|db| {
        let olive = officer(db, "Olive");
        let [one, other] = siblings(db, &olive).map(|id| referral(db, &id));
        let id = record(
            db,
            &olive,
            "2022-04-04",
            &[
                child(&one, Heard::AloneSpoke),
                child(&other, Heard::AloneSpoke),
            ],
        )
        .unwrap();
        let mut changed = child(&one, Heard::WithOfficerSpoke);
        changed.said.own_words = Some("I want to go home".to_owned());
        let correct = || {
            let children = [changed.clone(), child(&other, Heard::AloneSpoke)];
            db.write(&olive, |ctx| {
                actions::hold(ctx, &id, 1, &what("2022-04-04"), &children)
            })
        };
        correct().unwrap();
        assert!(matches!(correct(), Err(Failure::ChangedMeanwhile)));
        let fields = |referral: &ReferralId| -> Vec<String> {
            let meeting = meeting(db, &id);
            let mut attended = meeting.attended.iter();
            let attended = attended.find(|it| it.referral == *referral).unwrap();
            let lines = db.read(&PROGRAM, |ctx| {
                history::store::of(ctx, "meeting", attended.id.as_str())
            });
            lines.unwrap().into_iter().map(|line| line.field).collect()
        };
        assert_eq!(fields(&one), ["attendance", "own_words"]);
        assert!(fields(&other).is_empty());
    });
}

#[test]
fn somebody_left_out_of_a_correction_counts_no_more() {
    each_database(|db| {
        let olive = officer(db, "Olive");
        let [one, other] = siblings(db, &olive).map(|id| referral(db, &id));
        let both = [
            child(&one, Heard::AloneSpoke),
            child(&other, Heard::AloneSpoke),
        ];
        let id = record(db, &olive, "2022-04-04", &both).unwrap();
        hold(db, &olive, &id, &both[..1]).unwrap();
        assert_eq!(counted(db), BTreeMap::from([("child_alone".to_owned(), 1)]));
        assert_eq!(meeting(db, &id).attended.len(), 1);
    });
}

#[test]
fn only_those_who_work_on_records_find_a_meeting() {
    each_database(|db| {
        let olive = officer(db, "Olive");
        let [one, _] = siblings(db, &olive).map(|id| referral(db, &id));
        let id = plan(db, &olive, "2022-04-04", std::slice::from_ref(&one)).unwrap();
        for role in [
            Role::Manager,
            Role::Administrator,
            Role::ParticipationOfficer,
        ] {
            let somebody = user(db, role, role.code());
            let look = db.read(&somebody, |ctx| {
                actions::open(ctx, &id, Permission::SeeRecord).map(drop)
            });
            assert!(matches!(look, Err(Failure::NotFound)));
            let children = [child(&one, Heard::AloneSpoke)];
            for answer in [
                plan(db, &somebody, "2022-04-04", std::slice::from_ref(&one)).map(drop),
                record(db, &somebody, "2022-04-04", &children).map(drop),
                hold(db, &somebody, &id, &children),
                db.write(&somebody, |ctx| actions::miss(ctx, &id, 1, "No")),
                db.write(&somebody, |ctx| {
                    actions::change(ctx, &id, 1, &what("2022-04-04"))
                }),
                db.write(&somebody, |ctx| actions::make_feed(ctx, "secret")),
            ] {
                assert!(matches!(answer, Err(Failure::NotFound)), "{answer:?}");
            }
        }
    });
}

#[test]
fn a_closed_record_is_on_no_meeting_and_in_no_diary_of_whoever_it_is_closed_to() {
    each_place(|place| {
        let db = &place.db;
        let (olive, marcus) = (officer(db, "Olive"), officer(db, "Marcus"));
        let [one, other] = siblings(db, &olive).map(|id| referral(db, &id));
        let both = [one.clone(), other.clone()];
        let id = plan(db, &olive, "2022-04-04", &both).unwrap();
        close_record_to(place, "K2", &marcus);
        let open = |who: &Actor| {
            db.read(who, |ctx| {
                let (_, seen) = actions::open(ctx, &id, Permission::SeeRecord)?;
                Ok(seen.len())
            })
        };
        assert_eq!(open(&olive).unwrap(), 2);
        assert_eq!(open(&marcus).unwrap(), 1);
        let names = |viewer: &Actor| -> Vec<usize> {
            let coming = coming(db, &olive, viewer);
            coming.iter().map(|it| it.people.len()).collect()
        };
        // The meeting, and the conference of the schedule.
        assert_eq!(names(&olive), [2, 2]);
        assert_eq!(names(&marcus), [1, 1]);
        // What he records of the one leaves the other as it was.
        hold(db, &marcus, &id, &[child(&one, Heard::AloneSpoke)]).unwrap();
        let said: Vec<bool> = meeting(db, &id)
            .attended
            .iter()
            .map(|it| it.said.is_some())
            .collect();
        assert_eq!(said.len(), 2);
        assert_eq!(said.iter().filter(|said| **said).count(), 1);
        close_record_to(place, "K1", &marcus);
        assert!(matches!(open(&marcus), Err(Failure::NotFound)));
        assert!(coming(db, &olive, &marcus).is_empty());
    });
}

fn conference_child(db: &Db, child: &str) -> ConferenceChildId {
    let id = person(db, child).id;
    let found = db.read(&PROGRAM, |ctx| {
        heard::conferences::store::of_young_person(ctx, &id)
    });
    found.unwrap().first().unwrap().id.clone()
}

#[test]
fn a_conference_of_the_schedule_is_planned_until_somebody_records_who_was_there() {
    each_place(|place| {
        let olive = officer(&place.db, "Olive");
        let [one, other] = siblings(&place.db, &olive).map(|id| referral(&place.db, &id));
        let days = |db: &Db| -> Vec<(String, usize)> {
            let coming = coming(db, &olive, &olive);
            let told = coming.iter().map(|it| (it.on.to_string(), it.people.len()));
            told.collect()
        };
        assert_eq!(days(&place.db), [("2022-04-20".to_owned(), 2)]);
        // It follows the schedule by itself: for each child as the schedule says.
        import(
            &place.db,
            &[row("CPC-1", "K1").on("2022-04-22").status("moved")],
        );
        assert_eq!(
            days(&place.db),
            [("2022-04-20".to_owned(), 1), ("2022-04-22".to_owned(), 1)]
        );
        import(&place.db, &[row("CPC-1", "K2").status("cancelled")]);
        assert_eq!(days(&place.db), [("2022-04-22".to_owned(), 1)]);

        let later = place.on("2022-04-25");
        let at_conference = |referral: &ReferralId, name: &str| Child {
            conference_child: Some(conference_child(&later, name)),
            ..child(referral, Heard::WithOfficerSpoke)
        };
        let cancelled = [at_conference(&other, "K2")];
        assert!(refusal(record(&later, &olive, "2022-04-22", &cancelled)).contains("cancelled"));
        let children = [at_conference(&one, "K1")];
        record(&later, &olive, "2022-04-22", &children).unwrap();
        assert!(
            refusal(record(&later, &olive, "2022-04-22", &children)).contains("on record already")
        );
        let coming = coming(&later, &olive, &olive);
        assert!(
            coming
                .iter()
                .all(|it| matches!(it.which, Which::Meeting(_)))
        );
        // One child's conference is not another's.
        let [k3] = [supported_late(&later, &olive)];
        let stolen = [at_conference(&k3, "K1")];
        let answer = record(&later, &olive, "2022-04-25", &stolen);
        assert!(matches!(answer, Err(Failure::NotFound)), "{answer:?}");
    });
}

/// A case of somebody on another conference, opened on 25 April 2022.
fn supported_late(db: &Db, officer: &Actor) -> ReferralId {
    import(db, &[row("CPC-9", "K3").on("2022-05-20")]);
    let id = accept(db, officer, "K3", "2022-04-25").unwrap();
    referral(db, &id)
}

#[test]
fn brothers_and_sisters_with_open_cases_are_offered_together() {
    each_place(|place| {
        let db = &place.db;
        let olive = officer(db, "Olive");
        siblings(db, &olive);
        let offered = |who: &Actor| {
            let id = person(db, "K1").id;
            db.read(who, |ctx| store::brothers_and_sisters(ctx, &id))
                .unwrap()
                .into_iter()
                .map(|it| it.young_person)
                .collect::<Vec<_>>()
        };
        assert_eq!(offered(&olive), [person(db, "K2").id]);
        let marcus = officer(db, "Marcus");
        close_record_to(place, "K2", &marcus);
        assert!(offered(&marcus).is_empty());
    });
}

#[test]
fn every_deed_leaves_a_line_and_no_words_in_the_access_record() {
    each_place(|place| {
        let db = &place.db;
        let olive = officer(db, "Olive");
        let [one, _] = siblings(db, &olive).map(|id| referral(db, &id));
        let id = plan(db, &olive, "2022-04-04", std::slice::from_ref(&one)).unwrap();
        db.write(&olive, |ctx| actions::miss(ctx, &id, 1, "Chair ill"))
            .unwrap();
        db.write(&olive, |ctx| {
            actions::change(ctx, &id, 2, &what("2022-04-04"))
        })
        .unwrap();
        hold(db, &olive, &id, &[child(&one, Heard::AloneSpoke)]).unwrap();
        let child = person(db, "K1").id;
        let lines = db
            .read(&PROGRAM, |ctx| {
                heard::audit::lines(ctx, Some(&child), i64::MAX, 4)
            })
            .unwrap();
        let actions: Vec<_> = lines.iter().map(|line| line.action.as_str()).collect();
        assert_eq!(
            actions,
            [
                "meeting_recorded",
                "meeting_changed",
                "meeting_not_held",
                "meeting_planned"
            ]
        );
        let told: String = lines
            .iter()
            .map(|line| format!("{:?}", line.details))
            .collect();
        for words in ["Nan", "Chair", "Town Hall"] {
            assert!(!told.contains(words), "{told}");
        }
    });
}

#[test]
fn the_diary_asks_as_often_for_many_cases_as_for_one() {
    each_database(|db| {
        let (olive, samira) = (officer(db, "Olive"), senior(db));
        let [one, other] = siblings(db, &olive).map(|id| referral(db, &id));
        for _ in 0..3 {
            plan(db, &olive, "2022-04-05", &[one.clone(), other.clone()]).unwrap();
        }
        let entries = coming(db, &olive, &samira);
        assert_eq!(entries.len(), 4);
        assert!(
            entries
                .iter()
                .all(|it| it.officer == "Olive" && it.people.len() == 2)
        );
        assert!(entries.is_sorted_by_key(|it| it.on));
        assert!(coming(db, &samira, &olive).is_empty(), "another officer's");
    });
}

#[test]
fn an_address_for_the_calendar_opens_its_owners_diary_until_it_is_renewed_or_ended() {
    each_place(|place| {
        let db = &place.db;
        let olive = officer(db, "Olive");
        let make = |secret: &str| {
            db.write(&olive, |ctx| actions::make_feed(ctx, secret))
                .unwrap()
        };
        let owner = |secret: &str| db.read(&Actor::Nobody, |ctx| actions::feed_owner(ctx, secret));
        make("first");
        assert_eq!(owner("first").unwrap(), id_of(&olive));
        make("second");
        assert!(matches!(owner("first"), Err(Failure::NotFound)));
        assert_eq!(owner("second").unwrap(), id_of(&olive));
        place.execute("UPDATE users SET disabled_at = '2022-04-04 09:00:00'");
        assert!(matches!(owner("second"), Err(Failure::NotFound)));
        place.execute("UPDATE users SET disabled_at = NULL");
        db.write(&olive, actions::end_feed).unwrap();
        assert!(matches!(owner("second"), Err(Failure::NotFound)));
    });
}

/// A database as it was before meetings had attendances, with three meetings in it.
fn old_database(address: &Address, engine: &str) {
    let mut link = connect_once(address).unwrap();
    link.batch_execute(
        "CREATE TABLE __diesel_schema_migrations (version VARCHAR(50) PRIMARY KEY NOT NULL, \
         run_on TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP);",
    )
    .unwrap();
    for (name, text) in migration_texts(engine) {
        if name.as_str() >= "2026-11-22-000014" {
            break;
        }
        link.batch_execute(&text).unwrap();
        let version = name.split('_').next().unwrap().replace('-', "");
        let sql = format!("INSERT INTO __diesel_schema_migrations (version) VALUES ('{version}')");
        link.batch_execute(&sql).unwrap();
    }
    let no = if engine == "sqlite" { "0" } else { "FALSE" };
    link.batch_execute(
        "INSERT INTO young_people (id, first_name, last_name, name_key, created_at, version) \
         VALUES ('y1', 'A', 'B', 'a b', '2022-01-01 09:00:00', 1);",
    )
    .unwrap();
    link.batch_execute(&format!(
        "INSERT INTO referrals (id, young_person_id, stream, source, received_on, secure_order, \
         topics, outcome, created_at, version) VALUES ('r1', 'y1', 'child_protection', 'self', \
         '2022-04-01', {no}, '', 'accepted', '2022-04-01 09:00:00', 1);"
    ))
    .unwrap();
    for (id, on, attendance, reference) in [
        ("m1", "2022-04-02", "child_alone", "'1'"),
        ("m2", "2022-04-03", "neither", "'2'"),
        ("m3", "2022-04-03", "neither", "NULL"),
    ] {
        link.batch_execute(&format!(
            "INSERT INTO meetings (id, referral_id, held_on, kind, attendance, external_source, \
             external_ref, created_at) VALUES ('{id}', 'r1', '{on}', 'core_group', \
             '{attendance}', 'history', {reference}, '2022-04-04 09:00:00');"
        ))
        .unwrap();
    }
}

#[test]
fn meetings_of_an_older_database_are_all_there_after_the_step() {
    let home = folder();
    let file = Address::Sqlite(home.path().join("old.db"));
    let server = empty_postgres();
    let mut places = vec![(&file, "sqlite")];
    places.extend(server.as_ref().map(|(_, address)| (address, "postgres")));
    for (address, engine) in places {
        old_database(address, engine);
        migrations::run(address).unwrap();
        let counts = table_counts(&mut connect_once(address).unwrap()).unwrap();
        for table in ["meetings", "meeting_attendances"] {
            assert!(counts.contains(&(table.to_owned(), 3)), "{counts:?}");
        }
        let db = crate::helpers::databases::open(address, "2022-04-04");
        let referral = |ctx: &mut heard::ctx::Ctx<'_>| {
            let all = heard::referrals::store::Filter::of(heard::referrals::store::State::All);
            let (found, _) = heard::referrals::store::list(ctx, &all)?;
            let ids: Vec<_> = found.into_iter().map(|it| it.id).collect();
            let known = store::known(ctx, "history", "2")?;
            Ok((store::of_referrals(ctx, &ids)?, known))
        };
        let (meetings, known) = db.read(&PROGRAM, referral).unwrap();
        assert!(known, "the same file again adds none");
        let told: Vec<_> = meetings
            .iter()
            .map(|it| (it.id.to_string(), it.what.on.to_string(), it.state))
            .collect();
        assert_eq!(told.len(), 3);
        assert!(told.contains(&("m1".to_owned(), "2022-04-02".to_owned(), State::Held)));
        let said = |it: &Meeting| it.attended[0].said.as_ref().unwrap().attendance;
        let neither = meetings.iter().filter(|it| said(it) == Attendance::Neither);
        assert_eq!(neither.count(), 2);
        assert_eq!(
            counted(&db),
            BTreeMap::from([("child_alone".to_owned(), 1), ("neither".to_owned(), 2)])
        );
    }
}
