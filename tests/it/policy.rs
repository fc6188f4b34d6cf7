//! Who is referred: policies with their days, younger brothers and sisters with the older, and what
//! a policy would have done before it is set.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use heard::access::{Actor, Role};
use heard::db::Db;
use heard::failure::Failure;
use heard::lists::actions::{policies, set_policy};
use heard::lists::{ReferralPolicy, policies_known, policy_on};
use heard::policy::actions::{last_year, preview};
use heard::referrals::{Outcome, Source, Withdrawal};
use proptest::prelude::*;

use crate::drafts::{each_site, given, with};
use crate::helpers::given::{accept, officer, outcomes, referral_of, referrals_of, senior};
use crate::helpers::schedule::{Row, import, results, row};
use crate::helpers::{PROGRAM, Place, day, each_database, on_sqlite};

pub fn policy(from: &str, threshold: i32, younger_with_older: bool) -> ReferralPolicy {
    ReferralPolicy {
        applies_from: day(from),
        threshold_age: threshold,
        upper_age: 18,
        younger_with_older,
        conference_kinds: vec!["initial".to_owned(), "receiving_in".to_owned()],
    }
}

/// Sets a policy as a senior officer who has seen all that were set before.
pub fn set(db: &Db, actor: &Actor, next: &ReferralPolicy) -> Result<(), Failure> {
    db.write(actor, |ctx| {
        let seen = i32::try_from(policies(ctx)?.len()).unwrap();
        set_policy(ctx, next, "Agreed with the board", seen)
    })
}

/// From now on the younger ones go with the older.
fn younger_with_older(db: &Db) {
    set(db, &senior(db), &policy("2022-01-01", 11, true)).unwrap();
}

/// A child of five on the conference of the others.
fn younger(child_ref: &str) -> Row {
    row("CPC-1", child_ref).born("2016-06-01")
}

#[test]
fn a_new_database_refers_from_eleven_for_every_day_and_no_younger_ones() {
    each_database(|db| {
        let all = db.read(&PROGRAM, policies).unwrap();
        let [only] = policies_known(&all, None).try_into().unwrap();
        for on in ["1950-01-01", "2022-04-04", "2090-12-31"] {
            let holds = policy_on(std::slice::from_ref(&only), day(on)).unwrap();
            assert_eq!((holds.threshold_age, holds.upper_age), (11, 18));
            assert_eq!(holds.conference_kinds, ["initial", "receiving_in"]);
            assert!(!holds.younger_with_older);
        }
        let report = import(db, &[row("CPC-1", "K1"), younger("K2")]);
        assert_eq!((report.referrals, report.below_threshold), (1, 1));
    });
}

#[test]
fn younger_ones_are_referred_with_the_older_whichever_row_comes_first() {
    each_database(|db| {
        younger_with_older(db);
        let report = import(
            db,
            &[
                younger("Y1"),
                row("CPC-1", "K1"),
                younger("Y2"),
                younger("U1").born(""),
            ],
        );
        assert_eq!(results(&report), [4, 0, 0, 0, 0]);
        // Only the unborn child is too young for a referral.
        assert_eq!((report.referrals, report.below_threshold), (3, 1));
        for child in ["Y1", "Y2"] {
            let source = referral_of(db, child).request.source;
            assert_eq!(source, Source::AutomaticInitialConference);
        }
        assert!(referrals_of(db, "U1").is_empty());
        // Younger ones alone are not.
        let report = import(db, &[row("CPC-2", "Y3").born("2016-06-01")]);
        assert_eq!((report.referrals, report.below_threshold), (0, 1));
    });
}

#[test]
fn a_younger_one_is_referred_when_the_older_has_an_open_case() {
    each_database(|db| {
        younger_with_older(db);
        let olive = officer(db, "Olive");
        import(db, &[row("CPC-0", "K1").on("2022-04-06")]);
        accept(db, &olive, "K1", "2022-04-04").unwrap();
        let report = import(db, &[younger("Y1"), row("CPC-1", "K1")]);
        assert_eq!(report.referrals, 1);
        assert_eq!(outcomes(db, "Y1"), [Outcome::Pending]);
        assert_eq!(referrals_of(db, "K1").len(), 1);
    });
}

#[test]
fn a_younger_one_goes_when_the_older_goes_and_comes_back_with_them() {
    each_database(|db| {
        younger_with_older(db);
        import(db, &[younger("Y1"), row("CPC-1", "K1")]);
        import(db, &[row("CPC-1", "K1").status("cancelled")]);
        let gone = referral_of(db, "Y1").resolution;
        assert_eq!(gone.outcome, Outcome::Withdrawn);
        assert_eq!(gone.withdrawal, Some(Withdrawal::NoOlder));
        import(db, &[row("CPC-1", "K1").status("scheduled")]);
        assert_eq!(outcomes(db, "Y1"), [Outcome::Pending]);
        // Another birthday of the older one is looked at too.
        import(db, &[row("CPC-1", "K1").born("2012-05-10")]);
        assert_eq!(outcomes(db, "Y1"), [Outcome::Withdrawn]);
        assert_eq!(outcomes(db, "K1"), [Outcome::Withdrawn]);
    });
}

#[test]
fn a_conference_that_moves_before_the_policy_began_refers_by_the_policy_of_its_new_day() {
    each_database(|db| {
        set(db, &senior(db), &policy("2022-04-15", 11, true)).unwrap();
        let moved = |on: &str| {
            let moved = |it: Row| it.on(on).status("moved");
            import(db, &[moved(younger("Y1")), moved(row("CPC-1", "K1"))]);
        };
        moved("2022-04-20");
        assert_eq!(outcomes(db, "Y1"), [Outcome::Pending]);
        moved("2022-04-14");
        assert_eq!(outcomes(db, "Y1"), [Outcome::Withdrawn]);
        assert_eq!(outcomes(db, "K1"), [Outcome::Pending]);
        moved("2022-04-15");
        assert_eq!(outcomes(db, "Y1"), [Outcome::Pending]);
    });
}

#[test]
fn setting_a_policy_refers_nobody_by_itself_and_keeps_what_was_set_before() {
    each_database(|db| {
        let samira = senior(db);
        import(db, &[row("CPC-1", "K1").born("2012-05-10")]);
        set(db, &samira, &policy("2022-04-01", 9, false)).unwrap();
        assert!(referrals_of(db, "K1").is_empty());
        set(db, &samira, &policy("2022-04-01", 8, false)).unwrap();
        let all = db.read(&PROGRAM, policies).unwrap();
        let thresholds: Vec<i32> = all.iter().map(|it| it.policy.threshold_age).collect();
        assert_eq!(thresholds, [11, 9, 8]);
        assert_eq!(all[2].set_by.as_deref(), Some("Samira"));
        assert_eq!(all[2].reason, "Agreed with the board");
        let holds = policies_known(&all, None);
        assert_eq!(
            policy_on(&holds, day("2022-04-20")).unwrap().threshold_age,
            8
        );
        assert_eq!(
            policy_on(&holds, day("2022-03-31")).unwrap().threshold_age,
            11
        );
    });
}

#[test]
fn only_a_senior_officer_who_saw_the_latest_sets_a_policy() {
    each_database(|db| {
        let olive = officer(db, "Olive");
        let next = policy("2022-05-01", 10, false);
        assert!(matches!(set(db, &olive, &next), Err(Failure::NotFound)));
        let samira = senior(db);
        set(db, &samira, &next).unwrap();
        let late = db.write(&samira, |ctx| {
            set_policy(ctx, &policy("2022-06-01", 9, false), "Late", 1)
        });
        assert!(matches!(late, Err(Failure::Refused(_))), "{late:?}");
    });
}

#[test]
fn a_preview_counts_what_the_policy_would_have_done_beside_what_holds() {
    each_database(|db| {
        let samira = senior(db);
        import(
            db,
            &[
                row("CPC-1", "K1").on("2022-02-01"),
                row("CPC-1", "K2").on("2022-02-01").born("2012-05-10"),
                row("CPC-1", "K3").on("2022-02-01").born("2016-05-10"),
                row("CPC-2", "K4").on("2022-02-01").kind("review"),
                // Before the twelve months, and cancelled.
                row("CPC-3", "K5").on("2021-04-03"),
                row("CPC-4", "K6").on("2022-02-01").status("cancelled"),
            ],
        );
        let find = |next: ReferralPolicy| {
            let read = |ctx: &mut heard::ctx::Ctx<'_>| preview(ctx, &next, last_year(ctx.today));
            db.read(&samira, read).unwrap()
        };
        let found = find(policy("2022-05-01", 9, false));
        let effect = &found.effect;
        assert_eq!((effect.children, effect.before.children), (4, 1));
        assert_eq!(
            (effect.after.children, effect.more, effect.fewer),
            (2, 1, 0)
        );
        let ages: Vec<_> = effect.ages.iter().map(|it| (it.age, it.after)).collect();
        assert_eq!(ages, [(Some(5), 0), (Some(9), 1), (Some(12), 1)]);
        // The policy begins after the conferences on record.
        assert_eq!((found.newly_due, found.no_longer_due), (0, 0));
        let found = find(policy("2022-02-01", 12, true));
        assert_eq!(found.effect.after.with_older, 2);
        assert_eq!((found.newly_due, found.no_longer_due), (2, 0));
    });
}

#[test]
fn a_policy_is_set_on_the_page_after_a_look_at_what_it_would_have_done() {
    each_site(async |site, _| {
        let db = &site.app.db;
        import(
            db,
            &[row("CPC-1", "K1").on("2022-02-01").born("2012-05-10")],
        );
        let mut browser = site.sign_in(Role::SeniorOfficer).await;
        let page = browser.open(site, "/policy/new").await;
        assert!(!page.text().contains("Set this policy"));
        let fields = given(&page);
        let mut typed = vec![
            ("applies_from-day", "1"),
            ("applies_from-month", "2"),
            ("applies_from-year", "2022"),
            ("threshold_age", "nine"),
            ("upper_age", "18"),
            ("kinds", "initial"),
            ("period", "last_year"),
            ("reason", "Agreed with the board"),
        ];
        let page = browser
            .send(site, "/policy/new", &with(&fields, &typed))
            .await;
        assert_eq!(page.status.as_u16(), 422);
        assert!(
            page.text()
                .contains("The threshold must be an age in years")
        );
        typed[3].1 = "9";
        let page = browser
            .send(site, "/policy/new", &with(&fields, &typed))
            .await;
        let text = page.text();
        for words in [
            "What it would have done",
            "1 child more than by the policy in force",
            "A day in the past",
            "1 child would be due",
            "Agreed with the board",
        ] {
            assert!(text.contains(words), "{words}: {text}");
        }
        let shown = page.hidden("shown");
        // What was not shown is not set.
        typed[3].1 = "8";
        typed.extend([("deed", "set"), ("shown", shown.as_str())]);
        let page = browser
            .send(site, "/policy/new", &with(&fields, &typed))
            .await;
        assert!(page.text().contains("This is not what you were shown"));
        typed[3].1 = "9";
        let page = browser
            .send(site, "/policy/new", &with(&fields, &typed))
            .await;
        assert_eq!(page.location(), "/policy");
        let text = browser.open(site, "/policy").await.text();
        for words in [
            "The policy is set",
            "Holds today",
            "who are 9 or over",
            "Why: Agreed with the board",
        ] {
            assert!(text.contains(words), "{words}");
        }
        assert!(referrals_of(db, "K1").is_empty());
    });
}

#[test]
fn everybody_reads_the_policy_and_only_a_senior_officer_sets_it() {
    each_site(async |site, _| {
        for role in [
            Role::Manager,
            Role::Officer,
            Role::Auditor,
            Role::SeniorOfficer,
        ] {
            let mut browser = site.sign_in(role).await;
            let text = browser.open(site, "/policy").await.text();
            assert!(text.contains("who are 11 or over"), "{role:?}");
            let senior = role == Role::SeniorOfficer;
            assert_eq!(text.contains("Set another policy"), senior, "{role:?}");
            let page = browser.open(site, "/policy/new").await;
            assert_eq!(page.status.as_u16() == 200, senior, "{role:?}");
        }
    });
}

// Families at random, against a slow and obvious count

/// A child of a family: birthday, how the conference of their row stands, on which of two days.
#[derive(Debug, Clone)]
struct Dice {
    born: Option<NaiveDate>,
    status: usize,
    kind: usize,
    late: bool,
}

const STATUSES: [&str; 4] = ["scheduled", "moved", "cancelled", "held"];
const KINDS: [&str; 3] = ["initial", "receiving_in", "review"];
/// The exception begins between the two.
const DAYS: [&str; 2] = ["2022-04-20", "2022-05-20"];

fn dice() -> impl Strategy<Value = Dice> {
    let born = prop_oneof![
        // Eleven, eighteen, and far from both.
        2 => (0_u64..90).prop_map(|days| Some(day("2011-03-25") + chrono::Days::new(days))),
        1 => (0_u64..90).prop_map(|days| Some(day("2004-03-25") + chrono::Days::new(days))),
        2 => Just(Some(day("2016-06-01"))),
        2 => Just(Some(day("2009-06-01"))),
        1 => Just(None),
    ];
    // Most conferences take place, and most refer.
    let status = prop_oneof![3 => 0_usize..2, 1 => 2_usize..4];
    let kind = prop_oneof![4 => 0_usize..2, 1 => Just(2_usize)];
    (born, status, kind, any::<bool>()).prop_map(|(born, status, kind, late)| Dice {
        born,
        status,
        kind,
        late,
    })
}

type Families = Vec<Vec<Dice>>;

fn families() -> impl Strategy<Value = (Families, Families, u64)> {
    let all = || prop::collection::vec(prop::collection::vec(dice(), 4), 4);
    (all(), all(), any::<u64>())
}

fn rows(families: &Families, before: Option<&Families>) -> Vec<Row> {
    let mut rows = Vec::new();
    for (family, children) in families.iter().enumerate() {
        for (child, dice) in children.iter().enumerate() {
            // A birthday that is on record is not taken away by a blank.
            let earlier = before.and_then(|it| it[family][child].born);
            let born = dice.born.or(earlier);
            rows.push(
                row(&format!("CPC-{family}"), &format!("K{family}{child}"))
                    .born(&born.map(|born| born.to_string()).unwrap_or_default())
                    .on(DAYS[usize::from(dice.late)])
                    .kind(KINDS[dice.kind])
                    .status(STATUSES[dice.status]),
            );
        }
    }
    rows
}

/// Age by counting birthdays.
fn age(born: NaiveDate, on: NaiveDate) -> i32 {
    let had = (1..).take_while(|years| born + chrono::Months::new(12 * years) <= on);
    i32::try_from(had.count()).unwrap()
}

/// Who is referred, row by row and again for everybody beside it.
fn recount(rows: &[Row]) -> BTreeMap<String, bool> {
    let of_age = |it: &Row| {
        let born = it.get("date_of_birth").parse::<NaiveDate>().ok();
        let years = born.map(|born| age(born, day(it.get("conference_date"))));
        it.get("conference_type") != "review"
            && it.get("status") != "cancelled"
            && years.is_some_and(|years| (11..18).contains(&years))
    };
    let mut referred = BTreeMap::new();
    for it in rows {
        let mut due = of_age(it);
        let exception = it.get("conference_date") >= "2022-05-01";
        if !due && exception {
            let born = it.get("date_of_birth").parse::<NaiveDate>().ok();
            let young = born.is_some_and(|born| age(born, day(it.get("conference_date"))) < 11);
            let takes_place =
                it.get("conference_type") != "review" && it.get("status") != "cancelled";
            due = young
                && takes_place
                && rows.iter().any(|other| {
                    other.get("conference_ref") == it.get("conference_ref") && of_age(other)
                });
        }
        referred.insert(it.get("child_ref").to_owned(), due);
    }
    referred
}

fn waits(db: &Db, rows: &[Row]) -> BTreeMap<String, bool> {
    let waits = |child: &str| outcomes(db, child).contains(&Outcome::Pending);
    rows.iter()
        .map(|it| (it.get("child_ref").to_owned(), waits(it.get("child_ref"))))
        .collect()
}

/// In another order, the same for the same number.
fn shuffled(mut rows: Vec<Row>, seed: u64) -> Vec<Row> {
    let mut state = seed | 1;
    for last in (1..rows.len()).rev() {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        let place = usize::try_from(state >> 33).unwrap() % (last + 1);
        rows.swap(last, place);
    }
    rows
}

fn check_families(place: &Place, first: &Families, second: &Families, seed: u64) {
    let db = &place.db;
    set(db, &senior(db), &policy("2022-05-01", 11, true)).unwrap();
    let begin = shuffled(rows(first, None), seed);
    let report = import(db, &begin);
    let expected = recount(&begin);
    assert_eq!(waits(db, &begin), expected);
    let due = expected.values().filter(|due| **due).count();
    assert_eq!(usize::try_from(report.referrals).unwrap(), due);
    // Everything about everybody may change, in any order.
    let changed = shuffled(rows(second, Some(first)), seed.rotate_left(17));
    import(db, &changed);
    assert_eq!(waits(db, &changed), recount(&changed));
    assert!(place.access_record().is_whole());
}

#[test]
fn families_at_random_are_referred_as_a_slow_count_says_in_any_order() {
    let mut runner = proptest::test_runner::TestRunner::new_with_rng(
        ProptestConfig {
            cases: 40,
            failure_persistence: None,
            ..ProptestConfig::default()
        },
        proptest::test_runner::TestRng::deterministic_rng(
            proptest::test_runner::RngAlgorithm::ChaCha,
        ),
    );
    runner
        .run(&families(), |(first, second, seed)| {
            on_sqlite(|place| check_families(place, &first, &second, seed));
            Ok(())
        })
        .unwrap();
}

#[test]
fn a_family_on_each_engine_is_referred_as_a_slow_count_says() {
    crate::helpers::each_place(|place| {
        let child = |born: &str, status: usize, late: bool| Dice {
            born: (!born.is_empty()).then(|| day(born)),
            status,
            kind: 0,
            late,
        };
        let first = vec![vec![
            child("2016-06-01", 0, true),
            child("2009-06-01", 0, true),
            child("", 0, true),
            child("2017-06-01", 0, false),
        ]];
        let second = vec![vec![
            child("2016-06-01", 0, true),
            child("2009-06-01", 2, true),
            child("2011-05-01", 1, true),
            child("2017-06-01", 1, true),
        ]];
        check_families(place, &first, &second, 7);
    });
}
