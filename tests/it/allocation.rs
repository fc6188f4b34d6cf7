//! Who carries what: hours and numbers, absences and cover, handing over, opposed wishes, and the
//! pages that show it all in as many queries for sixty cases as for three.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use diesel::Connection;
use diesel::connection::{Instrumentation, InstrumentationEvent};
use heard::access::{Actor, Permission, Role};
use heard::cases;
use heard::ctx::Ctx;
use heard::db::Db;
use heard::failure::Failure;
use heard::handover::{Handover, actions::hand_over};
use heard::home::pages::{board, work};
use heard::ids::{AbsenceId, CaseId, ReferralId, UserId};
use heard::meetings;
use heard::referrals::store::{Filter, State};
use heard::referrals::{self, line::LineView};
use heard::settings::{Complaints, Settings, Work};
use heard::team::{self, Absence, Hours, Knowing};
use heard::young_people;

use crate::helpers::given::{
    accept, case, id_of, officer, person, referral_of, referred, senior, supported, user,
};
use crate::helpers::schedule::{import, row};
use crate::helpers::{PROGRAM, Place, day, each_database, each_place};

fn refusal<T: std::fmt::Debug>(answer: Result<T, Failure>) -> String {
    match answer {
        Err(failure @ (Failure::Refused(_) | Failure::Invalid(_))) => failure.to_string(),
        other => panic!("{other:?}"),
    }
}

fn settings() -> Work {
    let folder = std::path::Path::new("data");
    Settings::load(None, folder).unwrap().work
}

fn complaints() -> Complaints {
    let folder = std::path::Path::new("data");
    Settings::load(None, folder).unwrap().complaints
}

fn knowing(why: &str) -> Knowing {
    Knowing {
        known: true,
        why: why.to_owned(),
    }
}

fn options(db: &Db) -> Vec<String> {
    let options = db
        .read(&PROGRAM, |ctx| team::actions::officer_options(ctx, 40))
        .unwrap();
    options.into_iter().map(|(_, words)| words).collect()
}

// Hours and numbers

#[test]
fn an_officer_is_offered_with_what_they_carry_and_can_carry() {
    each_place(|place| {
        let db = &place.db;
        let (olive, samira) = (officer(db, "Olive"), senior(db));
        supported(db, &olive, "K1");
        let set = |from: &str, percent, capacity| {
            let hours = Hours { percent, capacity };
            db.write(&samira, |ctx| {
                team::actions::set_hours(ctx, &id_of(&olive), day(from), hours)
            })
        };
        set("2022-04-04", 80, None).unwrap();
        set("2022-06-01", 50, Some(12)).unwrap();
        let now = "Olive: 1 open case of 32 (0.8 full time)";
        assert_eq!(options(db), [now, "Samira: 0 open cases of 40 (full time)"]);
        let later = "Olive: 1 open case of 12 (0.5 full time)";
        assert_eq!(options(&place.on("2022-06-01"))[0], later);
        assert!(refusal(set("2022-04-04", 80, Some(0))).contains("from 1 to 200"));
        let hours = Hours::FULL_TIME;
        let by_officer = db.write(&olive, |ctx| {
            team::actions::set_hours(ctx, &id_of(&olive), day("2022-04-04"), hours)
        });
        assert!(matches!(by_officer, Err(Failure::NotFound)));
    });
}

// Absences and cover

fn away(who: &Actor, from: &str, to: &str, cover: Option<&Actor>) -> Absence {
    Absence {
        id: AbsenceId::random(),
        officer: id_of(who),
        from: day(from),
        to: day(to),
        covered_by: cover.map(id_of),
        exceptions: Vec::new(),
        version: 1,
    }
}

fn record(db: &Db, by: &Actor, absence: &Absence) -> Result<(), Failure> {
    db.write(by, |ctx| {
        team::actions::record_absence(ctx, absence, &Knowing::default())
    })
}

fn mine(db: &Db, who: &Actor) -> Vec<CaseId> {
    let mut cases = db.read(who, team::actions::mine).unwrap().cases;
    cases.sort();
    cases
}

fn looked_as(db: &Db, who: &Actor, case: &CaseId) -> String {
    db.read(who, |ctx| {
        cases::actions::open(ctx, case, Permission::SeeRecord).map(drop)
    })
    .unwrap();
    let lines = db
        .read(&PROGRAM, |ctx| heard::audit::lines(ctx, None, i64::MAX, 1))
        .unwrap();
    lines[0].details.to_string()
}

#[test]
fn whoever_covers_sees_the_cases_as_their_own_until_the_last_day() {
    each_place(|place| {
        let db = &place.db;
        let [olive, omar] = ["Olive", "Omar"].map(|name| officer(db, name));
        let samira = senior(db);
        let case = supported(db, &olive, "K1");
        referred(db, "K2");
        let referral = referral_of(db, "K2");
        db.write(&olive, |ctx| {
            referrals::actions::give_to(ctx, &referral.id, referral.version, &id_of(&olive))
        })
        .unwrap();
        record(
            db,
            &samira,
            &away(&olive, "2022-04-05", "2022-04-08", Some(&omar)),
        )
        .unwrap();
        assert!(mine(db, &omar).is_empty());
        for within in ["2022-04-05", "2022-04-08"] {
            let then = place.on(within);
            assert_eq!(mine(&then, &omar), std::slice::from_ref(&case));
            let mine = then.read(&omar, team::actions::mine).unwrap();
            assert_eq!(mine.officers, [id_of(&omar), id_of(&olive)]);
            assert!(looked_as(&then, &omar, &case).contains("\"cover\""));
            assert!(looked_as(&then, &olive, &case).contains("\"own\""));
            assert!(looked_as(&then, &samira, &case).contains("\"team\""));
        }
        let after = place.on("2022-04-09");
        assert!(mine(&after, &omar).is_empty());
        assert!(looked_as(&after, &omar, &case).contains("\"team\""));
        assert_eq!(mine(&after, &olive), [case]);
    });
}

#[test]
fn some_cases_are_covered_by_somebody_else() {
    each_database(|db| {
        let [olive, omar, tomasz] = ["Olive", "Omar", "Tomasz"].map(|name| officer(db, name));
        let (one, other) = (supported(db, &olive, "K1"), supported(db, &olive, "K2"));
        let mut absence = away(&olive, "2022-04-04", "2022-04-08", Some(&omar));
        absence.exceptions.push((other.clone(), id_of(&tomasz)));
        record(db, &senior(db), &absence).unwrap();
        assert_eq!(mine(db, &omar), [one]);
        assert_eq!(mine(db, &tomasz), [other]);
        // Whoever visits must know a confidential address.
        let sees = |who: &Actor, child: &str| {
            let id = person(db, child).id;
            db.read(who, |ctx| {
                young_people::homes::actions::may_see_address(ctx, &id)
            })
            .unwrap()
        };
        assert!(sees(&omar, "K1") && !sees(&omar, "K2"));
        assert!(!sees(&tomasz, "K1") && sees(&tomasz, "K2"));
        assert!(sees(&olive, "K1") && sees(&olive, "K2"));
    });
}

#[test]
fn an_absence_is_changed_and_taken_back_by_a_senior_officer_who_saw_its_latest_state() {
    each_database(|db| {
        let [olive, omar] = ["Olive", "Omar"].map(|name| officer(db, name));
        let samira = senior(db);
        let case = supported(db, &olive, "K1");
        let absence = away(&olive, "2022-04-04", "2022-04-08", None);
        assert!(matches!(
            record(db, &olive, &absence),
            Err(Failure::NotFound)
        ));
        record(db, &samira, &absence).unwrap();
        let again = away(&olive, "2022-04-08", "2022-04-12", None);
        assert!(refusal(record(db, &samira, &again)).contains("on record already"));
        assert!(mine(db, &omar).is_empty());
        let with_cover = Absence {
            covered_by: Some(id_of(&omar)),
            ..absence.clone()
        };
        let change = || {
            db.write(&samira, |ctx| {
                team::actions::change_absence(ctx, &with_cover, &Knowing::default())
            })
        };
        change().unwrap();
        assert_eq!(mine(db, &omar), [case]);
        assert!(matches!(change(), Err(Failure::ChangedMeanwhile)));
        db.write(&samira, |ctx| {
            team::actions::cancel_absence(ctx, &absence.id, 2)
        })
        .unwrap();
        assert!(mine(db, &omar).is_empty());
        let gone = db.read(&samira, |ctx| team::actions::absence(ctx, &absence.id));
        assert!(matches!(gone, Err(Failure::NotFound)));
    });
}

#[test]
fn nobody_covers_who_carries_no_cases_or_is_away() {
    each_database(|db| {
        let [olive, omar] = ["Olive", "Omar"].map(|name| officer(db, name));
        let samira = senior(db);
        let maya = user(db, Role::Manager, "Maya");
        let by = |cover| {
            let absence = away(&olive, "2022-04-04", "2022-04-08", Some(cover));
            refusal(record(db, &samira, &absence))
        };
        assert!(by(&maya).contains("Choose an officer"));
        assert!(by(&olive).contains("somebody else"));
        record(db, &samira, &away(&omar, "2022-04-08", "2022-04-20", None)).unwrap();
        assert!(by(&omar).contains("8 April 2022"));
    });
}

// Handing over

fn everything(from: &Actor, to: Option<&Actor>) -> Handover {
    Handover {
        from: id_of(from),
        on: day("2022-04-04"),
        rest_to: to.map(id_of),
        cases: Vec::new(),
        referrals: Vec::new(),
    }
}

fn hand(db: &Db, by: &Actor, handover: &Handover) -> Result<(), Failure> {
    db.write(by, |ctx| hand_over(ctx, handover, &Knowing::default()))
}

fn holders(db: &Db, id: &CaseId) -> Vec<(String, Option<String>)> {
    let allocations = case(db, id).allocations;
    allocations
        .into_iter()
        .map(|it| (it.officer_name, it.to.map(|to| to.to_string())))
        .collect()
}

#[test]
fn a_whole_caseload_changes_hands_and_nothing_is_lost() {
    each_database(|db| {
        let [olive, omar, tomasz] = ["Olive", "Omar", "Tomasz"].map(|name| officer(db, name));
        let samira = senior(db);
        let (one, other) = (supported(db, &olive, "K1"), supported(db, &olive, "K2"));
        referred(db, "K3");
        let referral = referral_of(db, "K3");
        db.write(&olive, |ctx| {
            referrals::actions::give_to(ctx, &referral.id, referral.version, &id_of(&olive))
        })
        .unwrap();
        let handover = Handover {
            cases: vec![(other.clone(), id_of(&tomasz))],
            ..everything(&olive, Some(&omar))
        };
        assert!(matches!(
            hand(db, &olive, &handover),
            Err(Failure::NotFound)
        ));
        hand(db, &samira, &handover).unwrap();
        let ended = ("Olive".to_owned(), Some("2022-04-04".to_owned()));
        assert_eq!(
            holders(db, &one),
            [ended.clone(), ("Omar".to_owned(), None)]
        );
        assert_eq!(holders(db, &other), [ended, ("Tomasz".to_owned(), None)]);
        assert_eq!(referral_of(db, "K3").officer, Some(id_of(&omar)));
        assert!(mine(db, &olive).is_empty());
        let lines = db
            .read(&PROGRAM, |ctx| heard::audit::lines(ctx, None, i64::MAX, 9))
            .unwrap();
        assert!(lines.iter().any(|it| it.action == "caseload_handed_over"));
        // Once more: there is nothing left to hand over, and nothing happens.
        hand(db, &samira, &handover).unwrap();
        assert_eq!(holders(db, &one).len(), 2);
    });
}

#[test]
fn what_came_meanwhile_goes_with_the_rest_or_is_named() {
    each_database(|db| {
        let [olive, omar] = ["Olive", "Omar"].map(|name| officer(db, name));
        let samira = senior(db);
        let one = supported(db, &olive, "K1");
        let meanwhile = supported(db, &olive, "K2");
        let name = person(db, "K2").full_name();
        let named = Handover {
            cases: vec![(one.clone(), id_of(&omar))],
            ..everything(&olive, None)
        };
        let told = refusal(hand(db, &samira, &named));
        assert!(
            told.contains(&format!("{name}: choose who gets it")),
            "{told}"
        );
        assert_eq!(holders(db, &one).len(), 1, "all of it, or nothing");
        hand(db, &samira, &everything(&olive, Some(&omar))).unwrap();
        assert_eq!(holders(db, &meanwhile).len(), 2);
    });
}

#[test]
fn a_handover_says_by_name_what_blocks_it() {
    each_database(|db| {
        let [olive, omar] = ["Olive", "Omar"].map(|name| officer(db, name));
        let samira = senior(db);
        let one = supported(db, &olive, "K1");
        let name = person(db, "K1").full_name();
        for on in ["2022-04-03", "2022-04-05"] {
            let handover = Handover {
                on: day(on),
                ..everything(&olive, Some(&omar))
            };
            let told = refusal(hand(db, &samira, &handover));
            assert!(told.contains(&name) && told.contains("must be"), "{told}");
        }
        let to_themselves = hand(db, &samira, &everything(&olive, Some(&olive)));
        assert!(refusal(to_themselves).contains("somebody else"));
        assert_eq!(holders(db, &one), [("Olive".to_owned(), None)]);
    });
}

// Opposed wishes

/// Two sisters on one conference, each with a case: of Olive, and of Omar.
fn sisters(db: &Db, olive: &Actor, omar: &Actor) -> (CaseId, CaseId) {
    import(db, &[row("CPC-1", "K1"), row("CPC-1", "K2")]);
    let one = accept(db, olive, "K1", "2022-04-04").unwrap();
    let other = accept(db, omar, "K2", "2022-04-04").unwrap();
    (one, other)
}

fn oppose(db: &Db, by: &Actor) -> Result<(), Failure> {
    let (one, other) = (person(db, "K1").id, person(db, "K2").id);
    db.write(by, |ctx| {
        team::actions::oppose(
            ctx,
            &one,
            &other,
            "One wants to go home, the other to stay.",
        )
    })
}

fn heed(db: &Db, case: &CaseId, to: &Actor, knowing: &Knowing) -> Result<(), Failure> {
    let samira = Actor::User {
        id: id_of(to),
        name: String::new(),
        role: Role::SeniorOfficer,
        session: heard::ids::SessionId::random(),
    };
    db.write(&samira, |ctx| {
        cases::actions::heed(ctx, case, Permission::Allocate, &id_of(to), knowing)
    })
}

#[test]
fn whoever_gives_work_is_warned_before_one_officer_acts_for_opposed_sisters() {
    each_place(|place| {
        let db = &place.db;
        let [olive, omar] = ["Olive", "Omar"].map(|name| officer(db, name));
        let (one, _) = sisters(db, &olive, &omar);
        heed(db, &one, &omar, &Knowing::default()).unwrap();
        oppose(db, &olive).unwrap();
        assert!(refusal(oppose(db, &omar)).contains("on record already"));
        let told = refusal(heed(db, &one, &omar, &Knowing::default()));
        for name in [person(db, "K1"), person(db, "K2")].map(|it| it.full_name()) {
            assert!(told.contains(&name) && told.contains("Omar"), "{told}");
        }
        assert!(refusal(heed(db, &one, &omar, &knowing(""))).contains("Say why"));
        assert_eq!(place.count("opposed_wish_reasons"), 0);
        heed(
            db,
            &one,
            &omar,
            &knowing("Nobody else speaks their language."),
        )
        .unwrap();
        assert_eq!(place.count("opposed_wish_reasons"), 1);
        heed(db, &one, &officer(db, "Tomasz"), &Knowing::default()).unwrap();
    });
}

#[test]
fn wishes_that_are_no_longer_opposed_warn_nobody() {
    each_database(|db| {
        let [olive, omar] = ["Olive", "Omar"].map(|name| officer(db, name));
        let (one, _) = sisters(db, &olive, &omar);
        oppose(db, &olive).unwrap();
        let sister = person(db, "K1").id;
        let pair = db
            .read(&PROGRAM, |ctx| team::store::opposed_to(ctx, &sister))
            .unwrap()
            .remove(0);
        let end = || {
            db.write(&omar, |ctx| {
                team::actions::end_opposed(ctx, &sister, &pair.id, pair.version)
            })
        };
        end().unwrap();
        assert!(matches!(end(), Err(Failure::NotFound)));
        heed(db, &one, &omar, &Knowing::default()).unwrap();
    });
}

#[test]
fn a_handover_that_brings_opposed_sisters_together_is_warned_of() {
    each_database(|db| {
        let [olive, omar, tomasz] = ["Olive", "Omar", "Tomasz"].map(|name| officer(db, name));
        let samira = senior(db);
        import(db, &[row("CPC-1", "K1"), row("CPC-1", "K2")]);
        let one = accept(db, &olive, "K1", "2022-04-04").unwrap();
        accept(db, &olive, "K2", "2022-04-04").unwrap();
        oppose(db, &olive).unwrap();
        let together = everything(&olive, Some(&omar));
        assert!(refusal(hand(db, &samira, &together)).contains("opposed"));
        let apart = Handover {
            cases: vec![(one, id_of(&tomasz))],
            ..together
        };
        hand(db, &samira, &apart).unwrap();
    });
}

#[test]
fn a_record_that_is_closed_to_an_officer_is_not_given_to_them() {
    each_place(|place| {
        let db = &place.db;
        let [olive, omar] = ["Olive", "Omar"].map(|name| officer(db, name));
        let samira = senior(db);
        supported(db, &olive, "K1");
        place.execute(&format!(
            "INSERT INTO record_restrictions (id, young_person_id, user_id, kind, reason, set_by, \
             set_on, review_on, created_at, version) VALUES ('r', '{}', '{}', 'relative', '', '{}', \
             '2022-04-04', '2022-07-04', '2022-04-04 09:00:00', 1)",
            person(db, "K1").id,
            id_of(&omar),
            id_of(&samira),
        ));
        let told = refusal(hand(db, &samira, &everything(&olive, Some(&omar))));
        assert!(told.contains("closed to Omar"), "{told}");
    });
}

// Allocating from the board

#[test]
fn several_referrals_are_given_at_once_or_none_of_them() {
    each_database(|db| {
        let [olive, omar] = ["Olive", "Omar"].map(|name| officer(db, name));
        let samira = senior(db);
        import(db, &["K1", "K2", "K3"].map(|child| row("CPC-1", child)));
        let ids = |children: &[&str]| -> Vec<ReferralId> {
            let id = |child: &&str| referral_of(db, child).id;
            children.iter().map(id).collect()
        };
        let give = |by: &Actor, children: &[&str], to: &Actor| {
            let ids = ids(children);
            db.write(by, |ctx| {
                let (to, none) = (id_of(to), Knowing::default());
                referrals::actions::give_several(ctx, &ids, &to, &none)
            })
        };
        let has = |child: &str| referral_of(db, child).officer;
        assert!(matches!(
            give(&olive, &["K1"], &olive),
            Err(Failure::NotFound)
        ));
        give(&samira, &["K1"], &olive).unwrap();
        let told = refusal(give(&samira, &["K2", "K1", "K3"], &omar));
        assert!(told.contains(&person(db, "K1").full_name()), "{told}");
        assert_eq!((has("K2"), has("K3")), (None, None));
        give(&samira, &["K2", "K3"], &omar).unwrap();
        assert_eq!(has("K2"), Some(id_of(&omar)));
        assert_eq!(has("K1"), Some(id_of(&olive)));
    });
}

// What is quiet

#[test]
fn a_case_is_quiet_from_the_last_thing_that_anybody_did_in_it() {
    each_place(|place| {
        let olive = officer(&place.db, "Olive");
        let case = supported(&place.db, &olive, "K1");
        let quiet = |on: &str| {
            let db = place.on(on);
            let since = day(on) - chrono::Duration::days(14);
            let found = db
                .read(&olive, |ctx| {
                    cases::store::untouched_since(ctx, since, None)
                })
                .unwrap();
            found.into_iter().map(|it| it.id).collect::<Vec<_>>()
        };
        assert!(quiet("2022-04-17").is_empty());
        assert_eq!(quiet("2022-04-18"), [case]);
        place.execute(
            "INSERT INTO contacts (id, method, made, made_on, with_whom, recorded_by, created_at, \
             version) SELECT 'c', 'call', (1 = 1), '2022-04-10', 'young_person', min(id), \
             '2022-04-10 09:00:00', 1 FROM users; \
             INSERT INTO contact_people (contact_id, case_id, young_person_id) \
             SELECT 'c', id, young_person_id FROM cases",
        );
        assert!(quiet("2022-04-18").is_empty());
        assert_eq!(quiet("2022-04-24").len(), 1);
    });
}

// Queries counted

struct Count(Arc<AtomicUsize>);

impl Instrumentation for Count {
    fn on_connection_event(&mut self, event: InstrumentationEvent<'_>) {
        if matches!(event, InstrumentationEvent::StartQuery { .. }) {
            self.0.fetch_add(1, Ordering::Relaxed);
        }
    }
}

/// How many questions a piece of work asks of the database.
fn queries<T>(
    db: &Db,
    who: &Actor,
    work: impl FnOnce(&mut Ctx<'_>) -> Result<T, Failure>,
) -> usize {
    let count = Arc::new(AtomicUsize::new(0));
    db.read(who, |ctx| {
        ctx.conn.set_instrumentation(Count(Arc::clone(&count)));
        let answer = work(ctx);
        ctx.conn.set_instrumentation(None::<Count>);
        answer
    })
    .unwrap();
    count.load(Ordering::Relaxed)
}

fn count_all(db: &Db, who: &Actor) -> [usize; 5] {
    let list = cases::store::Filter {
        open: Some(true),
        limit: 50,
        ..Default::default()
    };
    [
        queries(db, who, |ctx| work(ctx, settings(), &complaints())),
        queries(db, who, |ctx| board(ctx, settings(), &complaints(), None)),
        queries(db, who, |ctx| cases::store::list(ctx, &list)),
        queries(db, who, |ctx| {
            let (lines, _) = referrals::store::list(ctx, &Filter::of(State::Waiting))?;
            LineView::lines(ctx, lines, 5)
        }),
        queries(db, who, |ctx| {
            let (from, to) = (day("2022-04-01"), day("2022-12-31"));
            meetings::store::coming(ctx, None, &id_of(who), from, to)
        }),
    ]
}

#[test]
fn pages_ask_as_many_questions_for_sixty_cases_as_for_three() {
    each_place(|place| {
        let db = &place.db;
        let [olive, omar] = ["Olive", "Omar"].map(|name| officer(db, name));
        let samira = senior(db);
        // Olive covers for Omar, so that her page has all it can have.
        record(
            db,
            &samira,
            &away(&omar, "2022-04-04", "2022-12-31", Some(&olive)),
        )
        .unwrap();
        let rows = |from: usize, to: usize| -> Vec<_> {
            let child = |number| {
                let child = format!("K{number}");
                row(&format!("CPC-{number}"), &child)
            };
            (from..to).map(child).collect()
        };
        let fill = |from, to| {
            import(db, &rows(from, to));
            for number in from..to {
                let holder = if number % 2 == 0 { &olive } else { &omar };
                // One of three waits: with the officer, or with nobody.
                match number % 6 {
                    0..=3 => drop(accept(db, holder, &format!("K{number}"), "2022-04-04").unwrap()),
                    4 => {
                        let referral = referral_of(db, &format!("K{number}"));
                        let officer: UserId = id_of(&olive);
                        db.write(&olive, |ctx| {
                            referrals::actions::give_to(ctx, &referral.id, 1, &officer)
                        })
                        .unwrap();
                    }
                    _ => {}
                }
            }
        };
        fill(0, 6);
        let later = place.on("2022-04-19");
        let few = [&olive, &samira].map(|who| count_all(&later, who));
        fill(6, 90);
        let many = [&olive, &samira].map(|who| count_all(&later, who));
        assert_eq!(few, many);
        let [mine, ..] = few[0];
        assert!(mine > 5 && mine < 70, "{mine}");
        assert_eq!(count_cases(place), 60);
    });
}

fn count_cases(place: &Place) -> i64 {
    place.count("cases")
}
