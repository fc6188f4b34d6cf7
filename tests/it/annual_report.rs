//! The year's report: the printed figures of 2021-22 come out of the seeds, and behind each of
//! them are as many rows as it says.

use heard::access::{Actor, Role};
use heard::calendar::Period;
use heard::db::Db;
use heard::ids::{SessionId, UserId};
use heard::report::annual::{AnnualReport, Figure, Scope, annual, rows_behind};
use heard::report::document::{Document, Made, no_links};
use heard::report::renderings;
use serde_json::Value;

use crate::helpers::{day, each_database, load_seeds};

const AGE_BAND: i32 = 13;
const PROGRAM: Actor = Actor::System("test");

fn report(db: &Db, period: Period) -> AnnualReport {
    db.read(&PROGRAM, |ctx| annual(ctx, &period, &Scope::All, AGE_BAND))
        .unwrap()
}

fn as_json(report: &AnnualReport) -> Value {
    serde_json::from_str(&renderings::to_json(report).unwrap()).unwrap()
}

#[test]
fn the_printed_figures_of_2021_22_come_out() {
    each_database(|db: &Db| {
        load_seeds(db);
        assert_equals_figures_file(&as_json(&report(db, Period::financial_year(2021))));
    });
}

#[test]
fn behind_every_figure_are_as_many_rows_as_it_says() {
    each_database(|db: &Db| {
        load_seeds(db);
        for period in [
            Period::financial_year(2021),
            quarter(),
            Period::financial_year(2020),
        ] {
            for table in report(db, period).tables {
                assert_eq!(rows(db, period, table.id, None), table.base, "{}", table.id);
                for row in &table.rows {
                    let behind = rows(db, period, table.id, Some(&row.id));
                    assert_eq!(behind, row.count, "{} {}", table.id, row.id);
                }
            }
        }
    });
}

#[test]
fn a_period_without_referrals_has_no_percentages() {
    each_database(|db: &Db| {
        load_seeds(db);
        for table in report(db, Period::financial_year(1999)).tables {
            assert_eq!(table.base, 0);
            assert!(
                table
                    .rows
                    .iter()
                    .all(|row| row.count == 0 && row.percent.is_none())
            );
        }
    });
}

#[test]
fn a_manager_sees_how_many_and_not_who() {
    each_database(|db: &Db| {
        load_seeds(db);
        let period = Period::financial_year(2021);
        let manager = Actor::User {
            id: UserId::random(),
            name: "Manager".to_owned(),
            role: Role::Manager,
            session: SessionId::random(),
        };
        let behind = db
            .read(&manager, |ctx| {
                rows_behind(
                    ctx,
                    &period,
                    &Scope::All,
                    AGE_BAND,
                    whole("care.supported.age"),
                )
            })
            .unwrap();
        assert_eq!((behind.total, behind.rows.len()), (77, 77));
        assert!(behind.rows.iter().all(|row| row.name.is_none()));
    });
}

#[test]
fn a_table_nobody_knows_is_not_found() {
    each_database(|db: &Db| {
        let period = Period::financial_year(2021);
        for (table, row) in [("cp.nothing", None), ("cp.cases.state", Some("ajar"))] {
            let figure = Figure {
                table,
                row,
                part: None,
                page: 1,
            };
            let answer = db.read(&PROGRAM, |ctx| {
                rows_behind(ctx, &period, &Scope::All, AGE_BAND, figure)
            });
            assert!(matches!(answer, Err(heard::failure::Failure::NotFound)));
        }
    });
}

#[test]
fn the_files_hold_what_the_report_holds() {
    each_database(|db: &Db| {
        load_seeds(db);
        let report = report(db, Period::financial_year(2021));
        let csv = renderings::to_csv(&report).unwrap();
        let made = Made {
            service: "Children's Rights Service",
            by: "Samira",
            only: None,
            at: day("2022-05-01").and_hms_opt(9, 0, 0).unwrap(),
        };
        let document = Document::new(&report, None, &made, &no_links);
        let html = renderings::to_html(&document).unwrap();
        for table in &report.tables {
            assert!(html.contains(&format!("id=\"{}\"", table.id.replace('.', "-"))));
            let lines = csv
                .lines()
                .filter(|line| line.starts_with(&format!("{},", table.id)));
            assert_eq!(
                lines.count(),
                table.rows.len() + table.extra.numbers().len()
            );
        }
    });
}

fn whole(table: &str) -> Figure<'_> {
    Figure {
        table,
        row: None,
        part: None,
        page: 1,
    }
}

fn rows(db: &Db, period: Period, table: &str, row: Option<&str>) -> i64 {
    let figure = Figure {
        table,
        row,
        part: None,
        page: 1,
    };
    let behind = db
        .read(&PROGRAM, |ctx| {
            rows_behind(ctx, &period, &Scope::All, AGE_BAND, figure)
        })
        .unwrap();
    assert_eq!(behind.rows.len(), behind.total);
    i64::try_from(behind.total).unwrap()
}

fn quarter() -> Period {
    Period::new("2021-07-01".parse().unwrap(), "2021-09-30".parse().unwrap()).unwrap()
}

/// The printed report: table, base, its rows in order with count and percentage. Percentages are
/// rounded half up; where the report printed others, to come to 100, it adjusted them by hand.
type Printed = (&'static str, i64, &'static [(&'static str, i64, i64)]);

const PRINTED: &[Printed] = &[
    (
        "cp.referrals.source",
        254,
        &[
            ("automatic_initial_conference", 240, 94),
            ("automatic_receiving_in_conference", 4, 2),
            ("social_worker", 10, 4),
        ],
    ),
    (
        "cp.referrals.outcome",
        254,
        &[("accepted", 85, 33), ("not_accepted", 169, 67)],
    ),
    (
        "cp.supported.age",
        85,
        &[("13_and_over", 53, 62), ("under_13", 32, 38)],
    ),
    (
        "cp.cases.state",
        85,
        &[("closed", 36, 42), ("open", 49, 58)],
    ),
    (
        "care.referrals.remit",
        88,
        &[("in_remit", 83, 94), ("out_of_remit", 5, 6)],
    ),
    (
        "care.referrals.legal_status",
        83,
        &[
            ("care_leaver", 16, 19),
            ("s20", 21, 25),
            ("interim_care_order", 4, 5),
            ("care_order", 39, 47),
            ("secure_order", 2, 2),
            ("placement_order", 1, 1),
        ],
    ),
    (
        "care.referrals.reason",
        83,
        &[
            ("meetings_support", 3, 4),
            ("informal_complaint", 4, 5),
            ("formal_complaint", 7, 8),
            ("rights_and_entitlements", 10, 12),
            ("legal_advice", 1, 1),
            ("court_support", 3, 4),
            ("secure_accommodation", 2, 2),
            ("access_to_records", 1, 1),
            ("change_of_social_worker", 1, 1),
            ("education", 1, 1),
            ("own_child", 6, 7),
            ("contact", 6, 7),
            ("placement", 14, 17),
            ("housing", 5, 6),
            ("other", 19, 23),
        ],
    ),
    (
        "care.referrals.progress",
        83,
        &[("supported", 77, 93), ("not_progressed", 6, 7)],
    ),
    ("care.supported.age", 77, &[]),
    (
        "care.meetings.attendance",
        72,
        &[
            ("officer_for_child", 16, 22),
            ("child_with_officer", 55, 76),
            ("child_alone", 1, 1),
        ],
    ),
    (
        "care.meetings.type",
        72,
        &[
            ("review_of_arrangements", 29, 40),
            ("placement_stability", 5, 7),
            ("secure_review", 2, 3),
            ("legal", 3, 4),
            ("own_child", 17, 24),
            ("education", 1, 1),
            ("professionals", 8, 11),
            ("post_placement", 1, 1),
            ("other", 6, 8),
        ],
    ),
    (
        "care.cases.state",
        77,
        &[("closed", 39, 51), ("open", 38, 49)],
    ),
];

/// What stands beside the counts, in whole weeks and years as the report prints it.
const PRINTED_BESIDE: &[(&str, &str, f64)] = &[
    ("cp.cases.state", "closed_n", 36.0),
    ("cp.cases.state", "mean_weeks_open", 18.0),
    ("care.supported.age", "youngest", 7.0),
    ("care.supported.age", "oldest", 22.0),
    ("care.supported.age", "mean_age", 16.0),
    ("care.cases.state", "closed_n", 39.0),
    ("care.cases.state", "mean_weeks_open", 15.0),
];

pub fn assert_equals_figures_file(report: &Value) {
    let table = |id: &str| {
        let tables = report["tables"].as_array().unwrap();
        tables.iter().find(|table| table["id"] == id).unwrap()
    };
    for (id, base, printed) in PRINTED {
        let table = table(id);
        assert_eq!(table["base"], *base, "{id}");
        let rows: Vec<_> = table["rows"]
            .as_array()
            .unwrap()
            .iter()
            .map(|row| {
                let number = |name: &str| row[name].as_i64().unwrap();
                (
                    row["id"].as_str().unwrap(),
                    number("count"),
                    number("percent"),
                )
            })
            .collect();
        assert_eq!(rows, *printed, "{id}");
        let adds_up = printed.is_empty() || printed.iter().map(|row| row.2).sum::<i64>() == 100;
        assert_eq!(table["percentages_note"].is_null(), adds_up, "{id}");
    }
    for (id, name, printed) in PRINTED_BESIDE {
        let found = table(id)[name].as_f64().unwrap();
        assert!((found - printed).abs() <= 0.5, "{id} {name}: {found}");
    }
}
