//! Contacts and the tasks that follow from them, by the actions that the pages use.

use heard::access::{Actor, Permission, Role};
use heard::cases::Closing;
use heard::contacts::actions::{again, change, log, mark_in_error, open};
use heard::contacts::{
    Contact, FollowUp, NewContact, Told, WithWhom, Words, panel, store as contacts,
};
use heard::db::Db;
use heard::failure::Failure;
use heard::ids::{CaseId, ContactId};
use heard::referrals::Method;
use heard::tasks::actions::{finish, make, take_up_again};
use heard::tasks::{NewTask, Task, store as tasks};

use crate::helpers::given::{case, id_of, officer, person, senior, supported, user};
use crate::helpers::{PROGRAM, Place, day, each_database, each_place};

fn told(method: Method, on: &str) -> Told {
    Told {
        method,
        made: true,
        made_on: day(on),
        with_whom: WithWhom::YoungPerson,
        with_name: None,
        minutes: Some(20),
        note: Some("Rang after school".to_owned()),
    }
}

fn words(note: &str, own: &str) -> Words {
    let said = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
    Words {
        note: said(note),
        own: said(own),
    }
}

fn about(cases: &[&CaseId], told: Told) -> NewContact {
    NewContact {
        told,
        people: cases
            .iter()
            .map(|case| ((*case).clone(), words("", "I want to stay at my school")))
            .collect(),
        letter_confirmed: false,
        follow_up: None,
    }
}

fn logged(db: &Db, who: &Actor, new: &NewContact) -> Result<ContactId, Failure> {
    db.write(who, |ctx| log(ctx, new))
}

fn call(db: &Db, who: &Actor, case: &CaseId, on: &str) -> Result<ContactId, Failure> {
    logged(db, who, &about(&[case], told(Method::Call, on)))
}

fn find(db: &Db, id: &ContactId) -> Contact {
    let found = db.read(&PROGRAM, |ctx| contacts::find(ctx, id));
    found.unwrap().unwrap()
}

fn total(db: &Db, case: &CaseId, in_error: bool) -> i64 {
    db.read(&PROGRAM, |ctx| {
        contacts::of_case(ctx, case, in_error, 10, 0)
    })
    .unwrap()
    .1
}

fn todo(db: &Db, who: &Actor) -> Vec<Task> {
    db.read(who, |ctx| tasks::open_for(ctx, &id_of(who)))
        .unwrap()
}

fn refusal<T: std::fmt::Debug>(answer: Result<T, Failure>) -> String {
    match answer {
        Err(failure @ (Failure::Refused(_) | Failure::Invalid(_))) => failure.to_string(),
        other => panic!("{other:?}"),
    }
}

fn close_case(db: &Db, who: &Actor, id: &CaseId, on: &str) -> Result<(), Failure> {
    let closing = Closing {
        on: day(on),
        reason: Some("plan_ended".to_owned()),
        note: None,
    };
    let version = case(db, id).version;
    db.write(who, |ctx| {
        heard::cases::actions::close(ctx, id, version, &closing)
    })
}

/// Closes a record to somebody, as the senior officer would.
fn close_record(place: &Place, child: &str, to: &Actor) {
    let (child, to) = (person(&place.db, child).id, id_of(to));
    place.execute(&format!(
        "INSERT INTO record_restrictions (id, young_person_id, user_id, kind, reason, set_by, \
         set_on, review_on, created_at, version) VALUES ('r', '{child}', '{to}', 'relative', '-', \
         '{to}', '2022-04-04', '2022-07-04', '2022-04-04 09:00:00', 1)"
    ));
}

#[test]
fn a_contact_about_brothers_and_sisters_keeps_the_words_of_each() {
    each_place(|place| {
        let db = &place.db;
        let olive = officer(db, "Olive");
        let (one, two) = (supported(db, &olive, "K1"), supported(db, &olive, "K2"));
        let near = db
            .read(&olive, |ctx| {
                contacts::brothers_and_sisters(ctx, &person(db, "K1").id)
            })
            .unwrap();
        assert_eq!(near.iter().map(|it| &it.case).collect::<Vec<_>>(), [&two]);
        let mut new = about(&[&one, &two], told(Method::Visit, "2022-04-04"));
        new.people = vec![
            (one.clone(), words("Quiet today", "I like it here")),
            (two.clone(), words("", "I want to go home")),
        ];
        let id = logged(db, &olive, &new).unwrap();
        let kept = find(db, &id);
        let of = |case: &CaseId| {
            let person = kept.people.iter().find(|it| it.case == *case).unwrap();
            person.words.clone()
        };
        assert_eq!(of(&one), words("Quiet today", "I like it here"));
        assert_eq!(of(&two), words("", "I want to go home"));
        assert_eq!((total(db, &one, false), total(db, &two, false)), (1, 1));
        // Each of the two has the deed in their access record, without a word of it.
        let lines = db
            .read(&PROGRAM, |ctx| heard::audit::lines(ctx, None, i64::MAX, 50))
            .unwrap();
        let logged = lines.iter().filter(|line| line.action == "contact_logged");
        assert_eq!(logged.count(), 2);
        assert!(!format!("{lines:?}").contains("like it here"));
    });
}

#[test]
fn a_contact_is_made_while_the_case_is_open_and_not_tomorrow() {
    each_place(|place| {
        let olive = officer(&place.db, "Olive");
        let id = supported(&place.db, &olive, "K1");
        let later = place.on("2022-06-01");
        close_case(&later, &olive, &id, "2022-05-10").unwrap();
        for (on, sentence) in [
            ("2022-06-02", "today or in the past"),
            ("2022-04-03", "on or after 4 April 2022"),
            ("2022-05-11", "was closed on 10 May 2022"),
        ] {
            assert!(refusal(call(&later, &olive, &id, on)).contains(sentence));
        }
        call(&later, &olive, &id, "2022-05-10").unwrap();
    });
}

#[test]
fn a_case_does_not_close_before_its_last_contact() {
    each_place(|place| {
        let olive = officer(&place.db, "Olive");
        let id = supported(&place.db, &olive, "K1");
        let later = place.on("2022-06-01");
        let contact = call(&later, &olive, &id, "2022-05-10").unwrap();
        let early = close_case(&later, &olive, &id, "2022-05-09");
        assert!(refusal(early).contains("10 May 2022"));
        // What was recorded in error holds up nothing.
        later
            .write(&olive, |ctx| {
                mark_in_error(ctx, &contact, 1, "Another child")
            })
            .unwrap();
        close_case(&later, &olive, &id, "2022-05-09").unwrap();
    });
}

#[test]
fn a_letter_to_somebody_with_a_warning_is_confirmed() {
    each_place(|place| {
        let db = &place.db;
        let olive = officer(db, "Olive");
        let id = supported(db, &olive, "K1");
        let letter = about(&[&id], told(Method::Letter, "2022-04-04"));
        logged(db, &olive, &letter).unwrap();
        place.execute("UPDATE young_people SET contact_warning = 'Never send post'");
        assert!(refusal(logged(db, &olive, &letter)).contains("Read the warnings"));
        let confirmed = NewContact {
            letter_confirmed: true,
            ..letter
        };
        logged(db, &olive, &confirmed).unwrap();
        call(db, &olive, &id, "2022-04-04").unwrap();
    });
}

#[test]
fn a_follow_up_is_a_task_that_is_done_once_and_can_be_undone() {
    each_place(|place| {
        let db = &place.db;
        let (olive, marcus) = (officer(db, "Olive"), officer(db, "Marcus"));
        let (one, two) = (supported(db, &olive, "K1"), supported(db, &olive, "K2"));
        let mut new = about(&[&one, &two], told(Method::Call, "2022-04-04"));
        new.follow_up = Some(FollowUp {
            on: day("2022-04-03"),
            what: "Ring the school".to_owned(),
        });
        assert!(refusal(logged(db, &olive, &new)).contains("today or later"));
        assert_eq!(place.count("contacts"), 0, "all of it or nothing");
        new.follow_up.as_mut().unwrap().on = day("2022-04-11");
        let contact = logged(db, &olive, &new).unwrap();
        let [task] = todo(db, &olive).try_into().unwrap();
        assert_eq!((task.contact, task.about.len()), (Some(contact), 2));
        assert!(todo(db, &marcus).is_empty());
        let done = |version| db.write(&olive, |ctx| finish(ctx, &task.id, version));
        done(1).unwrap();
        assert!(matches!(done(1), Err(Failure::ChangedMeanwhile)));
        assert!(refusal(done(2)).contains("done already"));
        assert!(todo(db, &olive).is_empty());
        let kept = db.read(&olive, |ctx| tasks::find(ctx, &task.id)).unwrap();
        let by = kept.unwrap().done.unwrap();
        assert_eq!((by.on, by.by.as_str()), (day("2022-04-04"), "Olive"));
        let undo = |version| db.write(&olive, |ctx| take_up_again(ctx, &task.id, version));
        undo(2).unwrap();
        assert!(refusal(undo(3)).contains("still to be done"));
        assert_eq!(todo(db, &olive).len(), 1);
    });
}

#[test]
fn tasks_stand_by_the_day_they_are_due_and_only_the_senior_officer_gives_them_on() {
    each_database(|db| {
        let (olive, marcus) = (officer(db, "Olive"), officer(db, "Marcus"));
        let id = supported(db, &olive, "K1");
        let child = person(db, "K1").id;
        for (what, due_on) in [("Second", "2022-04-12"), ("First", "2022-04-05")] {
            let new = NewTask {
                officer: id_of(&olive),
                what: what.to_owned(),
                due_on: day(due_on),
                contact: None,
                about: vec![(id.clone(), child.clone())],
            };
            db.write(&olive, |ctx| make(ctx, &new)).unwrap();
        }
        let tasks = todo(db, &olive);
        let what: Vec<_> = tasks.iter().map(|task| task.what.as_str()).collect();
        assert_eq!(what, ["First", "Second"]);
        let give = |by: &Actor| {
            db.write(by, |ctx| {
                heard::tasks::actions::change(
                    ctx,
                    &tasks[0].id,
                    1,
                    "First",
                    day("2022-04-06"),
                    &id_of(&marcus),
                )
            })
        };
        assert!(matches!(give(&olive), Err(Failure::NotFound)));
        give(&senior(db)).unwrap();
        assert!(matches!(
            give(&senior_again(db)),
            Err(Failure::ChangedMeanwhile)
        ));
        assert_eq!(todo(db, &marcus).len(), 1);
        let history = db
            .read(&PROGRAM, |ctx| {
                heard::history::store::of(ctx, "task", tasks[0].id.as_str())
            })
            .unwrap();
        assert_eq!(history.len(), 2, "the day and the officer");
    });
}

fn senior_again(db: &Db) -> Actor {
    user(db, Role::SeniorOfficer, "Sonia")
}

#[test]
fn the_same_again_today_copies_no_words() {
    each_place(|place| {
        let olive = officer(&place.db, "Olive");
        let id = supported(&place.db, &olive, "K1");
        let first = call(&place.db, &olive, &id, "2022-04-04").unwrap();
        let later = place.on("2022-05-02");
        let next = later.write(&olive, |ctx| again(ctx, &first)).unwrap();
        let next = find(&later, &next);
        assert_eq!(next.told.made_on, day("2022-05-02"));
        assert_eq!(next.told.method, Method::Call);
        assert_eq!(next.told.with_whom, WithWhom::YoungPerson);
        assert_eq!((next.told.note, next.told.minutes), (None, None));
        assert_eq!(next.people.len(), 1);
        assert_eq!(next.people[0].words, Words::default());
        // Not for a case that was closed, nor of what was recorded in error.
        close_case(&later, &olive, &id, "2022-05-02").unwrap();
        let day_after = place.on("2022-05-03");
        let closed = day_after.write(&olive, |ctx| again(ctx, &first));
        assert!(refusal(closed).contains("not open today"));
        later
            .write(&olive, |ctx| mark_in_error(ctx, &first, 1, "Another child"))
            .unwrap();
        let in_error = later.write(&olive, |ctx| again(ctx, &first));
        assert!(refusal(in_error).contains("recorded in error"));
    });
}

#[test]
fn a_changed_contact_keeps_what_it_said_and_the_second_editor_is_told() {
    each_database(|db| {
        let olive = officer(db, "Olive");
        let id = supported(db, &olive, "K1");
        let contact = call(db, &olive, &id, "2022-04-04").unwrap();
        let edit = |version| {
            let told = Told {
                made: false,
                minutes: None,
                ..told(Method::Call, "2022-04-04")
            };
            let words = [(id.clone(), words("", "I want to move school"))];
            db.write(&olive, |ctx| {
                change(ctx, &contact, version, &told, &words, false)
            })
        };
        edit(1).unwrap();
        assert!(matches!(edit(1), Err(Failure::ChangedMeanwhile)));
        let history = db
            .read(&PROGRAM, |ctx| {
                heard::history::store::of(ctx, "contact", contact.as_str())
            })
            .unwrap();
        let mut said: Vec<_> = history
            .iter()
            .map(|line| (line.field.as_str(), line.before.as_deref()))
            .collect();
        said.sort_unstable();
        assert_eq!(
            said,
            [
                ("made_or_attempted", Some("made")),
                ("minutes", Some("20")),
                ("own_words", Some("I want to stay at my school")),
            ]
        );
        let kept = find(db, &contact);
        assert!(!kept.told.made);
        assert_eq!(
            kept.people[0].words.own.as_deref(),
            Some("I want to move school")
        );
    });
}

#[test]
fn what_was_recorded_in_error_can_be_read_and_is_counted_nowhere() {
    each_database(|db| {
        let olive = officer(db, "Olive");
        let id = supported(db, &olive, "K1");
        let contact = call(db, &olive, &id, "2022-04-04").unwrap();
        db.write(&olive, |ctx| {
            mark_in_error(ctx, &contact, 1, "It was about another child")
        })
        .unwrap();
        assert_eq!((total(db, &id, false), total(db, &id, true)), (0, 1));
        let kept = find(db, &contact);
        assert_eq!(
            kept.error_reason.as_deref(),
            Some("It was about another child")
        );
        let child = person(db, "K1").id;
        let (last, told) = db
            .read(&olive, |ctx| {
                let last = contacts::last_made(ctx, std::slice::from_ref(&id))?;
                Ok((last, panel::timeline(ctx, &child)?.len()))
            })
            .unwrap();
        assert!(last.is_empty());
        assert_eq!(told, 0);
        let again = db.write(&olive, |ctx| mark_in_error(ctx, &contact, 2, "Twice"));
        assert!(refusal(again).contains("recorded in error"));
    });
}

#[test]
fn the_last_contact_of_many_cases_is_the_latest_that_was_made() {
    each_place(|place| {
        let db = &place.db;
        let olive = officer(db, "Olive");
        let (one, two) = (supported(db, &olive, "K1"), supported(db, &olive, "K2"));
        let three = supported(db, &olive, "K3");
        let later = place.on("2022-06-01");
        for on in ["2022-05-02", "2022-04-10"] {
            call(&later, &olive, &one, on).unwrap();
        }
        let mut tried = about(&[&one, &three], told(Method::Call, "2022-05-20"));
        tried.told.made = false;
        logged(&later, &olive, &tried).unwrap();
        let last = later
            .read(&olive, |ctx| {
                contacts::last_made(ctx, &[one.clone(), two.clone(), three.clone()])
            })
            .unwrap();
        assert_eq!(last.get(&one), Some(&day("2022-05-02")));
        assert_eq!((last.get(&two), last.get(&three)), (None, None));
    });
}

#[test]
fn a_contact_about_a_closed_record_too_shows_nothing_of_it() {
    each_place(|place| {
        let db = &place.db;
        let (olive, marcus) = (officer(db, "Olive"), officer(db, "Marcus"));
        let (one, two) = (supported(db, &olive, "K1"), supported(db, &olive, "K2"));
        let mut new = about(&[&one, &two], told(Method::Visit, "2022-04-04"));
        new.follow_up = Some(FollowUp {
            on: day("2022-04-11"),
            what: "Visit both again".to_owned(),
        });
        let both = logged(db, &olive, &new).unwrap();
        let alone = call(db, &olive, &two, "2022-04-04").unwrap();
        close_record(place, "K2", &marcus);
        let (seen, _) = db
            .read(&marcus, |ctx| open(ctx, &both, Permission::SeeRecord))
            .unwrap();
        assert_eq!(
            seen.people.iter().map(|it| &it.case).collect::<Vec<_>>(),
            [&one]
        );
        assert_eq!(seen.told.note, None);
        let look = db.read(&marcus, |ctx| {
            open(ctx, &alone, Permission::SeeRecord).map(drop)
        });
        assert!(matches!(look, Err(Failure::NotFound)));
        let work = db.write(&marcus, |ctx| again(ctx, &both));
        assert!(matches!(work, Err(Failure::NotFound)));
        let [task] = todo(db, &olive).try_into().unwrap();
        let done = db.write(&marcus, |ctx| finish(ctx, &task.id, 1).map(drop));
        assert!(matches!(done, Err(Failure::NotFound)));
        let near = db
            .read(&marcus, |ctx| {
                contacts::brothers_and_sisters(ctx, &person(db, "K1").id)
            })
            .unwrap();
        assert!(near.is_empty());
    });
}

#[test]
fn those_without_the_role_log_nothing_and_read_nothing() {
    each_database(|db| {
        let olive = officer(db, "Olive");
        let id = supported(db, &olive, "K1");
        let contact = call(db, &olive, &id, "2022-04-04").unwrap();
        for role in [
            Role::ParticipationOfficer,
            Role::Manager,
            Role::Administrator,
            Role::Auditor,
        ] {
            let who = user(db, role, role.code());
            let read = db.read(&who, |ctx| {
                open(ctx, &contact, Permission::SeeRecord).map(drop)
            });
            assert!(matches!(read, Err(Failure::NotFound)), "{role:?}");
            let new = call(db, &who, &id, "2022-04-04");
            assert!(matches!(new, Err(Failure::NotFound)), "{role:?}");
            let error = db.write(&who, |ctx| mark_in_error(ctx, &contact, 1, "No"));
            assert!(matches!(error, Err(Failure::NotFound)), "{role:?}");
            let task = NewTask {
                officer: id_of(&olive),
                what: "Ring".to_owned(),
                due_on: day("2022-04-05"),
                contact: None,
                about: Vec::new(),
            };
            let made = db.write(&who, |ctx| make(ctx, &task));
            assert!(matches!(made, Err(Failure::NotFound)), "{role:?}");
        }
    });
}
