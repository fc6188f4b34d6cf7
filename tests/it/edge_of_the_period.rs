//! One day over the edge of the period: the figures that stand on that day change, and no others.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Days, NaiveDate};
use heard::calendar::Period;
use heard::db::Db;
use heard::import::actions::ImportFile;
use heard::report::annual::{Scope, annual};
use heard::report::renderings::to_json;
use serde_json::Value;

use crate::helpers::given::{import_files, seed_files};
use crate::helpers::{PROGRAM, each_database, each_place};

type Tables = BTreeMap<String, Value>;

fn tables(db: &Db, from: &str, to: &str) -> Tables {
    let period = Period::new(from.parse().unwrap(), to.parse().unwrap()).unwrap();
    let report = db
        .read(&PROGRAM, |ctx| annual(ctx, &period, &Scope::All, 13))
        .unwrap();
    let json: Value = serde_json::from_str(&to_json(&report).unwrap()).unwrap();
    let tables = json["tables"].as_array().unwrap().iter();
    tables
        .map(|table| (table["id"].as_str().unwrap().to_owned(), table.clone()))
        .collect()
}

fn changed(before: &Tables, after: &Tables) -> BTreeSet<String> {
    assert!(before.keys().eq(after.keys()));
    let differs = |(id, table): &(&String, &Value)| after[*id] != **table;
    before
        .iter()
        .filter(differs)
        .map(|(id, _)| id.clone())
        .collect()
}

/// A file with every date in it moved.
fn moved(file: &ImportFile, by: impl Fn(&str, NaiveDate) -> NaiveDate) -> ImportFile {
    let mut reader = csv::Reader::from_reader(file.bytes.as_slice());
    let header = reader.headers().unwrap().clone();
    let mut out = csv::Writer::from_writer(Vec::new());
    out.write_record(&header).unwrap();
    for row in reader.records() {
        let row = row.unwrap();
        out.write_record(header.iter().zip(&row).map(|(column, value)| {
            let date: Option<NaiveDate> = value.parse().ok();
            date.map_or(value.to_owned(), |date| by(column, date).to_string())
        }))
        .unwrap();
    }
    ImportFile {
        name: file.name.clone(),
        bytes: out.into_inner().unwrap(),
    }
}

fn seeds_moved(by: impl Fn(&str, NaiveDate) -> NaiveDate) -> Vec<ImportFile> {
    seed_files().iter().map(|file| moved(file, &by)).collect()
}

fn next_day(_: &str, date: NaiveDate) -> NaiveDate {
    date + Days::new(1)
}

/// The days on which somebody was received, or a meeting was held, in a stream.
fn days(file: &str, column: &str, stream: &str) -> Vec<String> {
    let files = seed_files();
    let rows = |name: &str| -> Vec<BTreeMap<String, String>> {
        let file = files.iter().find(|file| file.name == name).unwrap();
        let mut reader = csv::Reader::from_reader(file.bytes.as_slice());
        reader.deserialize().map(Result::unwrap).collect()
    };
    let of_stream: BTreeSet<String> = rows("referrals.csv")
        .into_iter()
        .filter(|row| row["stream"] == stream)
        .map(|row| row["referral_ref"].clone())
        .collect();
    rows(file)
        .into_iter()
        .filter(|row| of_stream.contains(&row["referral_ref"]))
        .map(|row| row[column].clone())
        .collect()
}

#[test]
fn moved_together_with_the_period_nothing_changes() {
    each_place(|place| {
        import_files(&place.db, &seed_files()).unwrap();
        let before = tables(&place.db, "2021-04-01", "2022-03-31");
        each_database(|other| {
            // A leap day lies in no child's way: everybody ages one day with the period.
            import_files(other, &seeds_moved(next_day)).unwrap();
            let after = tables(other, "2021-04-02", "2022-04-01");
            let counts = |tables: &Tables| {
                tables
                    .values()
                    .map(|table| (table["base"].clone(), table["rows"].clone()))
                    .collect::<Vec<_>>()
            };
            let but_ages = |tables: Tables| -> Tables {
                tables
                    .into_iter()
                    .filter(|(id, _)| !id.contains("age"))
                    .collect()
            };
            let (before, after) = (but_ages(before.clone()), but_ages(after));
            assert_eq!(counts(&before), counts(&after));
        });
    });
}

#[test]
fn received_one_day_later_those_of_the_last_day_leave_and_those_before_the_first_come() {
    let leave = |stream| {
        days("referrals.csv", "received_on", stream)
            .iter()
            .filter(|day| *day == "2022-03-31")
            .count()
    };
    let come = |stream| {
        days("referrals.csv", "received_on", stream)
            .iter()
            .filter(|day| *day == "2021-03-31")
            .count()
    };
    each_place(|place| {
        import_files(&place.db, &seed_files()).unwrap();
        let before = tables(&place.db, "2021-04-01", "2022-03-31");
        each_database(|other| {
            import_files(other, &seeds_moved(next_day)).unwrap();
            let after = tables(other, "2021-04-01", "2022-03-31");
            for (table, stream) in [
                ("cp.referrals.source", "child_protection"),
                ("care.referrals.remit", "care"),
            ] {
                let base = |tables: &Tables| tables[table]["base"].as_u64().unwrap();
                let (left, came) = (leave(stream), come(stream));
                let expected =
                    base(&before) + u64::try_from(came).unwrap() - u64::try_from(left).unwrap();
                assert_eq!(base(&after), expected, "{table}");
            }
        });
    });
}

/// One referral of each stream, in the period by its last day.
fn last_day(received_on: &str, closed_on: &str, held_on: &str) -> Vec<ImportFile> {
    let header = "referral_ref,child_ref,first_name,last_name,date_of_birth,stream,source,received_on,legal_status,reason,decision,outcome,opened_on,closed_on\n";
    let row = |stream: &str, source: &str, child: &str| {
        format!(
            "R-{stream},{child},F{child},L{child},2009-03-31,{stream},{source},{received_on},s20,housing,in_remit,accepted,{received_on},{closed_on}\n"
        )
    };
    let meeting = |stream: &str| format!("R-{stream},{held_on},legal,child_alone\n");
    let file = |name: &str, text: String| ImportFile {
        name: name.to_owned(),
        bytes: text.into_bytes(),
    };
    vec![
        file(
            "referrals.csv",
            [
                header.to_owned(),
                row("care", "self", "Kay"),
                row("child_protection", "social_worker", "Ell"),
            ]
            .concat(),
        ),
        file(
            "meetings.csv",
            [
                "referral_ref,held_on,type,attendance\n".to_owned(),
                meeting("care"),
                meeting("child_protection"),
            ]
            .concat(),
        ),
    ]
}

/// What changes when the one set of files takes the place of the other.
fn changed_between(one: Vec<ImportFile>, other: Vec<ImportFile>) -> BTreeSet<String> {
    let report = |files: &[ImportFile]| {
        let place = crate::helpers::Place::sqlite();
        let report = import_files(&place.db, files).unwrap();
        assert_eq!(report.created, report.rows, "{:?}", report.problems);
        tables(&place.db, "2021-04-01", "2022-03-31")
    };
    changed(&report(&one), &report(&other))
}

fn ids(ends: &[&str]) -> BTreeSet<String> {
    ends.iter().map(|id| (*id).to_owned()).collect()
}

#[test]
fn received_a_day_after_the_period_every_figure_of_the_cohort_changes_and_no_meeting() {
    let inside = last_day("2022-03-31", "", "2022-04-01");
    let outside = last_day("2022-04-01", "", "2022-04-01");
    let changed = changed_between(inside, outside);
    assert_eq!(
        changed,
        ids(&[
            "cp.referrals.source",
            "cp.referrals.outcome",
            "cp.supported.age",
            "cp.cases.state",
            "care.referrals.remit",
            "care.referrals.legal_status",
            "care.referrals.reason",
            "care.referrals.progress",
            "care.supported.age",
            "care.cases.state",
        ])
    );
}

#[test]
fn received_a_day_before_the_period_every_figure_of_the_cohort_changes_and_no_meeting() {
    let inside = last_day("2021-04-01", "", "2021-04-01");
    let outside = last_day("2021-03-31", "", "2021-04-01");
    let changed = changed_between(inside, outside);
    assert_eq!(changed.len(), 10, "{changed:?}");
    assert!(changed.iter().all(|id| !id.contains("meetings")));
}

#[test]
fn held_a_day_over_either_edge_only_the_meetings_change() {
    for (inside, outside) in [("2022-03-31", "2022-04-01"), ("2021-04-01", "2021-03-31")] {
        let held = |day| last_day("2021-03-01", "", day);
        assert_eq!(
            changed_between(held(inside), held(outside)),
            ids(&[
                "cp.meetings.attendance",
                "cp.meetings.type",
                "care.meetings.attendance",
                "care.meetings.type"
            ])
        );
    }
}

#[test]
fn closed_a_day_after_the_period_only_the_state_of_cases_changes() {
    let closed = |day| last_day("2021-06-01", day, "2021-07-01");
    assert_eq!(
        changed_between(closed("2022-03-31"), closed("2022-04-01")),
        ids(&["cp.cases.state", "care.cases.state"])
    );
}

#[test]
fn received_on_the_thirteenth_birthday_counts_as_thirteen() {
    // Born on 31 March 2009: in both reports the referrals stand, and the band differs.
    let received = |day| last_day(day, "", "2022-04-01");
    let changed = changed_between(received("2022-03-30"), received("2022-03-31"));
    assert!(changed.contains("cp.supported.age"), "{changed:?}");
    assert!(!changed.contains("cp.referrals.source"));
}
