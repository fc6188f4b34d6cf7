//! From the answer to an offer to the closing of a case, by the actions that the pages use.

use heard::access::{Actor, Permission, Role};
use heard::cases::actions::{allocate, close, open, reopen};
use heard::cases::{Case, Closing};
use heard::db::Db;
use heard::failure::Failure;
use heard::ids::CaseId;
use heard::referrals::actions::{Ending, end, give_to, go_on, record_offer};
use heard::referrals::{self, Answer, Offer, Outcome, ParentPermission};
use heard::report::annual::{Scope, annual};
use heard::young_people::actions::state_reason;

use crate::helpers::given::{
    accept, case, id_of, officer, person, referral_of, referred, said_yes, senior, supported, user,
};
use crate::helpers::schedule::{import, row};
use crate::helpers::{PROGRAM, day, each_database, each_place};

fn refusal<T: std::fmt::Debug>(answer: Result<T, Failure>) -> String {
    match answer {
        Err(failure @ (Failure::Refused(_) | Failure::Invalid(_))) => failure.to_string(),
        other => panic!("{other:?}"),
    }
}

fn offer(db: &Db, officer: &Actor, child: &str, offer: &Offer) -> Result<(), Failure> {
    let referral = referral_of(db, child);
    db.write(officer, |ctx| {
        record_offer(ctx, &referral.id, referral.version, offer)
    })
}

fn end_with(db: &Db, officer: &Actor, child: &str, outcome: Outcome) -> Result<(), Failure> {
    let referral = referral_of(db, child);
    let ending = Ending {
        outcome,
        on: day("2022-04-04"),
        note: None,
    };
    db.write(officer, |ctx| {
        end(ctx, &referral.id, referral.version, &ending)
    })
}

fn close_on(db: &Db, officer: &Actor, id: &CaseId, on: &str) -> Result<(), Failure> {
    let closing = Closing {
        on: day(on),
        reason: Some("plan_ended".to_owned()),
        note: None,
    };
    let version = case(db, id).version;
    db.write(officer, |ctx| close(ctx, id, version, &closing))
}

fn reopen_on(db: &Db, officer: &Actor, id: &CaseId, on: &str) -> Result<(), Failure> {
    let (version, holder) = (case(db, id).version, id_of(officer));
    db.write(officer, |ctx| {
        reopen(ctx, id, version, day(on), &holder, None)
    })
}

fn hand_over(db: &Db, by: &Actor, id: &CaseId, to: &Actor, from: &str) -> Result<(), Failure> {
    let version = case(db, id).version;
    db.write(by, |ctx| allocate(ctx, id, version, &id_of(to), day(from)))
}

fn held_by(case: &Case) -> Vec<(&str, String, Option<String>)> {
    let of = |it: &heard::cases::Allocation| (it.from.to_string(), it.to.map(|to| to.to_string()));
    let allocations = case.allocations.iter();
    allocations
        .map(|it| (it.officer_name.as_str(), of(it).0, of(it).1))
        .collect()
}

#[test]
fn a_referral_is_accepted_only_after_somebody_said_yes() {
    each_database(|db| {
        let olive = officer(db, "Olive");
        let referral = referred(db, "K1");
        let acceptance = heard::cases::actions::Acceptance {
            opened_on: day("2022-04-04"),
            officer: id_of(&olive),
            offer: None,
        };
        let answer = db.write(&olive, |ctx| {
            heard::cases::actions::accept_referral(ctx, &referral.id, 1, &acceptance)
        });
        assert!(refusal(answer).contains("who said yes"));
    });
}

#[test]
fn a_young_person_who_said_no_is_not_accepted_on_a_parents_yes() {
    each_database(|db| {
        let olive = officer(db, "Olive");
        referred(db, "K1");
        let on = day("2022-04-04");
        let said = Offer {
            parent_contacted_on: Some(on),
            permission: Some((ParentPermission::Given, on)),
            young_person_asked_on: Some(on),
            answer: Some((Answer::No, on)),
        };
        offer(db, &olive, "K1", &said).unwrap();
        let referral = referral_of(db, "K1");
        let acceptance = heard::cases::actions::Acceptance {
            opened_on: on,
            officer: id_of(&olive),
            offer: None,
        };
        let answer = db.write(&olive, |ctx| {
            heard::cases::actions::accept_referral(ctx, &referral.id, referral.version, &acceptance)
        });
        assert!(refusal(answer).contains("said no themselves"));
    });
}

#[test]
fn accepting_opens_a_case_with_its_officer() {
    each_database(|db| {
        let olive = officer(db, "Olive");
        let case = case(db, &supported(db, &olive, "K1"));
        assert_eq!(case.opened_on(), Some(day("2022-04-04")));
        assert_eq!(held_by(&case), [("Olive", "2022-04-04".to_owned(), None)]);
        let referral = referral_of(db, "K1");
        assert_eq!(referral.resolution.outcome, Outcome::Accepted);
        assert_eq!(referral.offer.answer, said_yes("2022-04-04").answer);
    });
}

#[test]
fn a_case_opens_between_the_referral_and_today() {
    each_database(|db| {
        let olive = officer(db, "Olive");
        referred(db, "K1");
        for outside in ["2022-04-03", "2022-04-05"] {
            refusal(accept(db, &olive, "K1", outside));
        }
        assert_eq!(referral_of(db, "K1").resolution.outcome, Outcome::Pending);
    });
}

#[test]
fn only_those_who_carry_cases_can_be_given_one() {
    each_database(|db| {
        let olive = officer(db, "Olive");
        let referral = referred(db, "K1");
        for role in [Role::Manager, Role::Auditor, Role::Administrator] {
            let acceptance = heard::cases::actions::Acceptance {
                opened_on: day("2022-04-04"),
                officer: id_of(&user(db, role, role.code())),
                offer: Some(said_yes("2022-04-04")),
            };
            let answer = db.write(&olive, |ctx| {
                heard::cases::actions::accept_referral(ctx, &referral.id, 1, &acceptance)
            });
            assert!(refusal(answer).contains("Choose an officer"));
        }
    });
}

#[test]
fn nobody_answered_needs_an_attempt() {
    each_database(|db| {
        let olive = officer(db, "Olive");
        referred(db, "K1");
        let answer = end_with(db, &olive, "K1", Outcome::NoResponse);
        assert!(refusal(answer).contains("at least one attempt"));
    });
}

#[test]
fn a_refusal_keeps_who_declined() {
    each_database(|db| {
        let olive = officer(db, "Olive");
        referred(db, "K1");
        end_with(db, &olive, "K1", Outcome::DeclinedNotKnownIfTold).unwrap();
        let referral = referral_of(db, "K1");
        let refused = (ParentPermission::Refused, day("2022-04-04"));
        assert_eq!(referral.offer.permission, Some(refused));
        assert_eq!(referral.offer.answer, None);
        let again = end_with(db, &olive, "K1", Outcome::DeclinedByYoungPerson);
        assert!(refusal(again).contains("has its answer already"));
    });
}

#[test]
fn the_four_facts_follow_each_other() {
    each_database(|db| {
        let olive = officer(db, "Olive");
        referred(db, "K1");
        let on = day("2022-04-04");
        let before_contact = Offer {
            permission: Some((ParentPermission::Given, on)),
            ..Offer::default()
        };
        assert!(refusal(offer(db, &olive, "K1", &before_contact)).contains("cannot come before"));
        offer(db, &olive, "K1", &said_yes("2022-04-04")).unwrap();
    });
}

#[test]
fn a_child_whose_support_ended_is_referred_again() {
    each_database(|db| {
        let olive = officer(db, "Olive");
        let case = supported(db, &olive, "K1");
        close_on(db, &olive, &case, "2022-04-04").unwrap();
        let report = import(db, &[row("CPC-2", "K1").on("2022-06-01")]);
        assert_eq!(report.referrals, 1);
        let again = accept(db, &olive, "K1", "2022-04-04").unwrap();
        assert_ne!(again, case);
    });
}

#[test]
fn a_child_with_an_open_case_is_not_accepted_twice() {
    each_database(|db| {
        let olive = officer(db, "Olive");
        let first = supported(db, &olive, "K1");
        close_on(db, &olive, &first, "2022-04-04").unwrap();
        import(db, &[row("CPC-2", "K1").on("2022-06-01")]);
        // A referral waits, so the old case stays closed; with the new case open too.
        assert!(refusal(reopen_on(db, &olive, &first, "2022-04-04")).contains("another open case"));
        accept(db, &olive, "K1", "2022-04-04").unwrap();
        assert!(refusal(reopen_on(db, &olive, &first, "2022-04-04")).contains("another open case"));
    });
}

#[test]
fn an_officer_takes_a_referral_and_a_senior_officer_gives_it_on() {
    each_database(|db| {
        let (olive, marcus) = (officer(db, "Olive"), officer(db, "Marcus"));
        let id = referred(db, "K1").id;
        let give = |by: &Actor, to: &Actor| {
            let version = referral_of(db, "K1").version;
            db.write(by, |ctx| give_to(ctx, &id, version, &id_of(to)))
        };
        assert!(matches!(give(&olive, &marcus), Err(Failure::NotFound)));
        give(&olive, &olive).unwrap();
        assert!(refusal(give(&marcus, &marcus)).contains("Another officer has"));
        give(&senior(db), &marcus).unwrap();
        assert_eq!(referral_of(db, "K1").officer, Some(id_of(&marcus)));
    });
}

#[test]
fn an_offer_goes_on_when_its_officer_says_so() {
    each_database(|db| {
        let olive = officer(db, "Olive");
        referred(db, "K1");
        offer(db, &olive, "K1", &said_yes("2022-04-04")).unwrap();
        import(db, &[row("CPC-1", "K1").status("cancelled")]);
        let referral = referral_of(db, "K1");
        assert!(referral.decision_needed.is_some());
        let decide = |version| db.write(&olive, |ctx| go_on(ctx, &referral.id, version));
        decide(referral.version).unwrap();
        assert_eq!(referral_of(db, "K1").decision_needed, None);
        assert!(refusal(decide(referral.version + 1)).contains("Nothing is waiting"));
    });
}

#[test]
fn handing_over_keeps_who_held_the_case_before() {
    each_place(|place| {
        let olive = officer(&place.db, "Olive");
        let marcus = officer(&place.db, "Marcus");
        let id = supported(&place.db, &olive, "K1");
        let later = place.on("2022-05-02");
        hand_over(&later, &senior(&later), &id, &marcus, "2022-05-02").unwrap();
        let case = case(&later, &id);
        assert_eq!(
            held_by(&case),
            [
                (
                    "Olive",
                    "2022-04-04".to_owned(),
                    Some("2022-05-02".to_owned())
                ),
                ("Marcus", "2022-05-02".to_owned(), None),
            ]
        );
    });
}

#[test]
fn handing_over_is_for_senior_officers_and_goes_forward_in_time() {
    each_database(|db| {
        let (olive, marcus) = (officer(db, "Olive"), officer(db, "Marcus"));
        let id = supported(db, &olive, "K1");
        let by_officer = hand_over(db, &olive, &id, &marcus, "2022-04-04");
        assert!(matches!(by_officer, Err(Failure::NotFound)));
        let samira = senior(db);
        for (to, from) in [
            (&olive, "2022-04-04"),
            (&marcus, "2022-04-03"),
            (&marcus, "2022-04-05"),
        ] {
            refusal(hand_over(db, &samira, &id, to, from));
        }
    });
}

/// Closed and open in the report of the year from April 2022.
fn states(db: &Db) -> (i64, i64) {
    let year = heard::calendar::Period::financial_year(2022);
    let report = db
        .read(&PROGRAM, |ctx| annual(ctx, &year, &Scope::All, 13))
        .unwrap();
    let table = report
        .tables
        .iter()
        .find(|table| table.id == "cp.cases.state")
        .unwrap();
    let count = |id| table.rows.iter().find(|row| row.id == id).unwrap().count;
    (count("closed"), count("open"))
}

#[test]
fn a_case_closes_and_opens_again_and_the_report_says_so() {
    each_place(|place| {
        let olive = officer(&place.db, "Olive");
        let id = supported(&place.db, &olive, "K1");
        assert_eq!(states(&place.db), (0, 1));
        let later = place.on("2022-06-01");
        close_on(&later, &olive, &id, "2022-06-01").unwrap();
        assert_eq!(states(&place.db), (1, 0));
        reopen_on(&later, &olive, &id, "2022-06-01").unwrap();
        assert_eq!(states(&place.db), (0, 1));
        assert_eq!(case(&later, &id).spells.len(), 2);
    });
}

#[test]
fn a_closed_case_has_no_officer_and_does_not_close_again() {
    each_database(|db| {
        let olive = officer(db, "Olive");
        let id = supported(db, &olive, "K1");
        close_on(db, &olive, &id, "2022-04-04").unwrap();
        assert!(case(db, &id).officer().is_none());
        assert!(refusal(close_on(db, &olive, &id, "2022-04-04")).contains("is closed"));
        refusal(hand_over(
            db,
            &senior(db),
            &id,
            &officer(db, "Marcus"),
            "2022-04-04",
        ));
    });
}

#[test]
fn a_case_closes_between_its_opening_and_today_and_opens_again_after() {
    each_database(|db| {
        let olive = officer(db, "Olive");
        let id = supported(db, &olive, "K1");
        for outside in ["2022-04-03", "2022-04-05"] {
            refusal(close_on(db, &olive, &id, outside));
        }
        assert!(refusal(reopen_on(db, &olive, &id, "2022-04-04")).contains("open already"));
        close_on(db, &olive, &id, "2022-04-04").unwrap();
        refusal(reopen_on(db, &olive, &id, "2022-04-03"));
    });
}

#[test]
fn the_second_of_two_editors_is_told() {
    each_database(|db| {
        let olive = officer(db, "Olive");
        let referral = referred(db, "K1");
        let record = || {
            let said = said_yes("2022-04-04");
            db.write(&olive, |ctx| {
                record_offer(ctx, &referral.id, referral.version, &said)
            })
        };
        record().unwrap();
        assert!(matches!(record(), Err(Failure::ChangedMeanwhile)));
        let id = accept(db, &olive, "K1", "2022-04-04").unwrap();
        close_on(db, &olive, &id, "2022-04-04").unwrap();
        let late = db.write(&olive, |ctx| {
            reopen(ctx, &id, 1, day("2022-04-04"), &id_of(&olive), None)
        });
        assert!(matches!(late, Err(Failure::ChangedMeanwhile)));
    });
}

#[test]
fn a_manager_finds_no_record_until_a_reason_is_stated_and_then_for_a_day_at_most() {
    each_place(|place| {
        let db = &place.db;
        let id = supported(db, &officer(db, "Olive"), "K1");
        let maya = user(db, Role::Manager, "Maya");
        let look = |db: &Db| db.read(&maya, |ctx| open(ctx, &id, Permission::SeeRecord).map(drop));
        assert!(matches!(look(db), Err(Failure::NotFound)));
        let child = person(db, "K1").id;
        db.write(&maya, |ctx| {
            state_reason(ctx, &child, "A complaint about us")
        })
        .unwrap();
        look(db).unwrap();
        assert!(matches!(
            look(&place.on("2022-04-05")),
            Err(Failure::NotFound)
        ));
    });
}

#[test]
fn a_reason_opens_one_record_to_one_manager_and_to_reading_only() {
    each_database(|db| {
        let olive = officer(db, "Olive");
        let (one, other) = (supported(db, &olive, "K1"), supported_too(db, &olive));
        let (maya, max) = (
            user(db, Role::Manager, "Maya"),
            user(db, Role::Manager, "Max"),
        );
        let child = person(db, "K1").id;
        db.write(&maya, |ctx| {
            state_reason(ctx, &child, "A complaint about us")
        })
        .unwrap();
        let look =
            |who: &Actor, case: &CaseId, what| db.read(who, |ctx| open(ctx, case, what).map(drop));
        look(&maya, &one, Permission::SeeRecord).unwrap();
        for (who, case, what) in [
            (&maya, &one, Permission::WorkRecord),
            (&maya, &other, Permission::SeeRecord),
            (&max, &one, Permission::SeeRecord),
        ] {
            assert!(matches!(look(who, case, what), Err(Failure::NotFound)));
        }
    });
}

fn supported_too(db: &Db, olive: &Actor) -> CaseId {
    import(db, &[row("CPC-7", "K7")]);
    accept(db, olive, "K7", "2022-04-04").unwrap()
}

#[test]
fn those_without_the_role_find_nothing_and_change_nothing() {
    each_database(|db| {
        let referral = referred(db, "K1");
        for role in [
            Role::ParticipationOfficer,
            Role::Manager,
            Role::Administrator,
            Role::Auditor,
        ] {
            let who = user(db, role, role.code());
            let see = db.read(&who, |ctx| {
                referrals::actions::open(ctx, &referral.id, Permission::SeeRecord).map(drop)
            });
            assert!(matches!(see, Err(Failure::NotFound)), "{role:?}");
            let changed = end_with(db, &who, "K1", Outcome::Withdrawn);
            assert!(matches!(changed, Err(Failure::NotFound)), "{role:?}");
        }
    });
}

#[test]
fn a_case_closed_and_reopened_on_one_day_stands_once_in_the_list() {
    each_database(|db| {
        let olive = officer(db, "Olive");
        let id = supported(db, &olive, "K1");
        let opened = case(db, &id).opened_on().unwrap().to_string();
        close_on(db, &olive, &id, &opened).unwrap();
        reopen_on(db, &olive, &id, &opened).unwrap();
        let count = |open| {
            let filter = heard::cases::store::Filter {
                open,
                limit: 10,
                ..Default::default()
            };
            let (lines, total) = db
                .read(&PROGRAM, |ctx| heard::cases::store::list(ctx, &filter))
                .unwrap();
            assert_eq!(i64::try_from(lines.len()).unwrap(), total);
            total
        };
        assert_eq!(
            (count(None), count(Some(true)), count(Some(false))),
            (1, 1, 0)
        );
    });
}

/// Two officers answer two requests for one child at the same moment: one case opens.
#[test]
fn two_requests_for_one_child_accepted_at_once_open_one_case() {
    each_place(|place| {
        let db = &place.db;
        let officers = [officer(db, "Olive"), officer(db, "Omar")];
        let people = ["K1", "K2", "K3", "K4", "K5", "K6"];
        for child in people {
            referred(db, child);
        }
        // A second request for each, as another door might have let it in.
        place.execute(
            "INSERT INTO referrals (id, young_person_id, stream, source, received_on, remit, \
             secure_order, topics, outcome, created_at, version) \
             SELECT replace(id, substr(id, 1, 1), 'z'), young_person_id, stream, 'social_worker', \
             received_on, remit, secure_order, topics, outcome, created_at, version FROM referrals",
        );
        for child in people {
            let referrals = crate::helpers::given::referrals_of(db, child);
            std::thread::scope(|scope| {
                for (referral, officer) in referrals.iter().zip(&officers) {
                    scope.spawn(move || {
                        let on = referral.request.received_on;
                        let acceptance = heard::cases::actions::Acceptance {
                            opened_on: on,
                            officer: id_of(officer),
                            offer: Some(said_yes(&on.to_string())),
                        };
                        let _ = db.write(officer, |ctx| {
                            heard::cases::actions::accept_referral(
                                ctx,
                                &referral.id,
                                referral.version,
                                &acceptance,
                            )
                        });
                    });
                }
            });
        }
        assert_eq!(place.count("cases"), 6);
    });
}
