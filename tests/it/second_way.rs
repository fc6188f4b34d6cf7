//! Ages, thresholds and percentages of random schedules, against a slow and obvious second way.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Datelike, Days, NaiveDate};
use heard::calendar::Period;
use heard::report::annual::{AnnualReport, Scope, annual};
use proptest::prelude::*;

use crate::helpers::given::{accept, officer, referrals_of};
use crate::helpers::schedule::{Row, import, results, row};
use crate::helpers::{PROGRAM, Place, day};

/// A child on a conference, in small numbers.
#[derive(Debug, Clone)]
struct Dice {
    child: usize,
    kind: usize,
    status: usize,
    held: u64,
    notified: u64,
}

/// Children by birthday (none: not born yet), who says yes, and their conferences.
#[derive(Debug, Clone)]
struct Year {
    born: Vec<Option<NaiveDate>>,
    says_yes: Vec<bool>,
    rows: Vec<Dice>,
}

const CHILDREN: usize = 12;
const KINDS: [&str; 3] = ["initial", "receiving_in", "review"];
const STATUSES: [&str; 4] = ["scheduled", "moved", "cancelled", "held"];

fn years() -> impl Strategy<Value = Year> {
    // Births thick around the eleventh and the eighteenth birthday, leap days among them.
    let near =
        |year: i32| (0_u64..500).prop_map(move |days| Some(start_of(year) + Days::new(days)));
    let leap = prop_oneof![Just("2004-02-29"), Just("2008-02-29"), Just("2012-02-29")];
    let born = prop_oneof![
        4 => near(2010),
        3 => near(2003),
        2 => near(2008),
        1 => near(2019),
        1 => leap.prop_map(|text| Some(day(text))),
        1 => Just(None),
    ];
    let row = (0..CHILDREN, 0..3_usize, 0..4_usize, 0..400_u64, 0..380_u64).prop_map(
        |(child, kind, status, held, notified)| Dice {
            child,
            kind,
            status,
            held,
            notified,
        },
    );
    let says_yes = prop::collection::vec(any::<bool>(), CHILDREN);
    (
        prop::collection::vec(born, CHILDREN),
        says_yes,
        prop::collection::vec(row, 1..40),
    )
        .prop_map(|(born, says_yes, rows)| Year {
            born,
            says_yes,
            rows,
        })
}

fn start_of(year: i32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, 11, 1).unwrap()
}

fn held_on(dice: &Dice) -> NaiveDate {
    day("2021-10-01") + Days::new(dice.held)
}

fn notified_on(dice: &Dice) -> NaiveDate {
    day("2021-03-20") + Days::new(dice.notified)
}

fn name(child: usize) -> String {
    format!("K{child}")
}

fn rows(year: &Year) -> Vec<Row> {
    let numbered = year.rows.iter().enumerate();
    numbered
        .map(|(number, dice)| {
            let born = year.born[dice.child].map(|born| born.to_string());
            row(&format!("CPC-{number}"), &name(dice.child))
                .kind(KINDS[dice.kind])
                .status(STATUSES[dice.status])
                .on(&held_on(dice).to_string())
                .with("notified_on", &notified_on(dice).to_string())
                .born(born.as_deref().unwrap_or_default())
        })
        .collect()
}

/// Steps from birthday to birthday; a leap-day child has theirs on 1 March where there is none.
fn age(born: NaiveDate, on: NaiveDate) -> i32 {
    (1..)
        .take_while(|years| {
            let year = born.year() + years;
            let birthday = NaiveDate::from_ymd_opt(year, born.month(), born.day());
            birthday.unwrap_or_else(|| NaiveDate::from_ymd_opt(year, 3, 1).unwrap()) <= on
        })
        .last()
        .unwrap_or(0)
}

fn refers(year: &Year, dice: &Dice) -> bool {
    let of_age =
        year.born[dice.child].is_some_and(|born| (11..18).contains(&age(born, held_on(dice))));
    of_age && takes_place(dice)
}

fn takes_place(dice: &Dice) -> bool {
    KINDS[dice.kind] != "review" && STATUSES[dice.status] != "cancelled"
}

/// The first row of each child that refers them: no child is referred while a referral waits.
fn referred(year: &Year) -> BTreeMap<usize, &Dice> {
    let mut first = BTreeMap::new();
    for dice in year.rows.iter().filter(|dice| refers(year, dice)) {
        first.entry(dice.child).or_insert(dice);
    }
    first
}

fn too_young(year: &Year) -> BTreeSet<usize> {
    let young =
        |dice: &&Dice| year.born[dice.child].is_none_or(|born| age(born, held_on(dice)) < 11);
    let rows = year.rows.iter().filter(|dice| takes_place(dice));
    rows.filter(young).map(|dice| dice.child).collect()
}

/// Rounded half up, in whole numbers.
fn percent(count: usize, base: usize) -> Option<usize> {
    (base > 0).then(|| {
        (0..=100)
            .rev()
            .find(|p| (2 * p - usize::from(*p > 0)) * base <= 200 * count)
            .unwrap()
    })
}

fn table(report: &AnnualReport, id: &str, rows: &[&str]) -> Vec<(i64, Option<i64>)> {
    let table = report.tables.iter().find(|table| table.id == id).unwrap();
    let row = |id: &&str| table.rows.iter().find(|row| row.id == *id).unwrap();
    rows.iter()
        .map(row)
        .map(|row| (row.count, row.percent))
        .collect()
}

fn expected(counts: &[usize]) -> Vec<(i64, Option<i64>)> {
    let base = counts.iter().sum();
    let number = |it: usize| i64::try_from(it).unwrap();
    counts
        .iter()
        .map(|count| (number(*count), percent(*count, base).map(number)))
        .collect()
}

fn check(year: &Year) {
    let place = Place::sqlite();
    let report = import(&place.db, &rows(year));
    let all = u32::try_from(year.rows.len()).unwrap();
    assert_eq!(results(&report), [all, 0, 0, 0, 0], "{:?}", report.problems);
    let referred = referred(year);
    assert_eq!(usize::try_from(report.referrals).unwrap(), referred.len());
    assert_eq!(
        usize::try_from(report.below_threshold).unwrap(),
        too_young(year).len()
    );

    let olive = officer(&place.db, "Olive");
    for (child, dice) in &referred {
        let [referral] = referrals_of(&place.db, &name(*child)).try_into().unwrap();
        assert_eq!(referral.request.received_on, notified_on(dice));
        if year.says_yes[*child] {
            accept(&place.db, &olive, &name(*child), "2022-04-04").unwrap();
        }
    }

    let period = Period::financial_year(2021);
    let received = referred
        .into_iter()
        .filter(|(_, dice)| period.contains(notified_on(dice)));
    let received: Vec<_> = received.collect();
    let count = |which: &dyn Fn(usize, &Dice) -> bool| {
        received
            .iter()
            .filter(|(child, dice)| which(*child, dice))
            .count()
    };
    let yes = |child: usize| year.says_yes[child];
    let thirteen =
        |child: usize, dice: &Dice| age(year.born[child].unwrap(), notified_on(dice)) >= 13;
    let report = place
        .db
        .read(&PROGRAM, |ctx| annual(ctx, &period, &Scope::All, 13))
        .unwrap();
    assert_eq!(
        table(
            &report,
            "cp.referrals.source",
            &[
                "automatic_initial_conference",
                "automatic_receiving_in_conference"
            ]
        ),
        expected(&[
            count(&|_, dice| dice.kind == 0),
            count(&|_, dice| dice.kind == 1)
        ])
    );
    assert_eq!(
        table(
            &report,
            "cp.referrals.outcome",
            &["accepted", "not_accepted"]
        ),
        expected(&[
            count(&|child, _| yes(child)),
            count(&|child, _| !yes(child))
        ])
    );
    assert_eq!(
        table(&report, "cp.supported.age", &["13_and_over", "under_13"]),
        expected(&[
            count(&|child, dice| yes(child) && thirteen(child, dice)),
            count(&|child, dice| yes(child) && !thirteen(child, dice)),
        ])
    );
}

#[test]
fn half_a_percent_is_rounded_up() {
    assert_eq!(
        [percent(1, 200), percent(1, 8), percent(3, 8)],
        [Some(1), Some(13), Some(38)]
    );
    assert_eq!(
        [percent(0, 3), percent(1, 3), percent(3, 3)],
        [Some(0), Some(33), Some(100)]
    );
    assert_eq!(percent(0, 0), None);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_random_year_comes_out_as_the_second_way_says(year in years()) {
        check(&year);
    }
}
