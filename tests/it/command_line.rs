//! What is typed, and what the program answers: exit codes, and one JSON document on standard
//! output.

use serde_json::json;

use crate::helpers::databases::folder;
use crate::helpers::program::run;
use crate::helpers::schedule::{Row, file, row};
use crate::helpers::{Place, each_place, heard};

fn written(place: &Place, name: &str, rows: &[Row]) -> String {
    let path = place.folder.path().join(name);
    std::fs::write(&path, file(rows)).unwrap();
    path.to_str().unwrap().to_owned()
}

#[test]
fn an_import_prints_one_json_document_of_the_promised_shape() {
    each_place(|place| {
        let young = row("CPC-1", "K2").born("2015-01-01");
        let path = written(
            place,
            "s.csv",
            &[row("CPC-1", "K1"), young, row("CPC-1", "K3").on("?")],
        );
        let args = [
            "import",
            "conferences",
            &path,
            "--today",
            "2022-04-04",
            "--format",
            "json",
        ];
        let done = place.heard(&args).json();
        assert!(done["batch"].is_string());
        for (name, count) in [
            ("rows", 3),
            ("created", 2),
            ("updated", 0),
            ("unchanged", 0),
            ("rejected", 1),
            ("review", 0),
            ("referrals", 1),
            ("below_threshold", 1),
        ] {
            assert_eq!(done[name], json!(count), "{name}");
        }
        let problem = done["problems"][0].as_object().unwrap();
        assert_eq!(
            problem.keys().collect::<Vec<_>>(),
            ["column", "reason", "row"]
        );
        assert_eq!(
            (&problem["row"], &problem["column"]),
            (&json!(3), &json!("conference_date"))
        );
    });
}

#[test]
fn a_dry_run_keeps_nothing() {
    each_place(|place| {
        let path = written(place, "s.csv", &[row("CPC-1", "K1")]);
        let args = [
            "import",
            "conferences",
            &path,
            "--dry-run",
            "--today",
            "2022-04-04",
        ];
        let before = place.counts();
        let done = place.heard(&args);
        assert_eq!((done.code, place.counts()), (0, before));
        assert!(done.out.contains("nothing was kept"), "{}", done.out);
    });
}

#[test]
fn the_day_that_was_given_is_the_day_of_the_referral() {
    each_place(|place| {
        let path = written(place, "s.csv", &[row("CPC-1", "K1").on("2021-06-01")]);
        place.heard(&["import", "conferences", &path, "--today", "2021-05-04"]);
        let referral = crate::helpers::given::referral_of(&place.db, "K1");
        assert_eq!(referral.request.received_on.to_string(), "2021-05-04");
    });
}

#[test]
fn rejected_rows_are_no_failure_and_an_unreadable_file_is_one() {
    each_place(|place| {
        let rejected = written(place, "rejected.csv", &[row("", "")]);
        let done = place.heard(&["import", "conferences", &rejected]);
        assert_eq!((done.code, done.err.as_str()), (0, ""));
        let path = place.folder.path().join("broken.csv");
        std::fs::write(
            &path,
            [&file(&[row("C", "K")]), b"\"open".as_slice()].concat(),
        )
        .unwrap();
        for path in [path.to_str().unwrap(), "nowhere.csv"] {
            let done = place.heard(&["import", "conferences", path, "--format", "json"]);
            assert_eq!((done.code, done.out.as_str()), (1, ""), "{}", done.err);
            assert!(done.err.starts_with("heard: "), "{}", done.err);
        }
        assert_eq!(place.count("import_batches"), 1);
    });
}

#[test]
fn a_broken_file_is_refused_with_its_line() {
    each_place(|place| {
        let path = place.folder.path().join("broken.csv");
        std::fs::write(
            &path,
            [&file(&[row("C", "K")]), b"\"open".as_slice()].concat(),
        )
        .unwrap();
        let done = place.heard(&["import", "conferences", path.to_str().unwrap()]);
        assert!(
            done.err.contains("broken.csv cannot be read. Line 3:"),
            "{}",
            done.err
        );
    });
}

#[test]
fn wrong_usage_is_told_apart() {
    for args in [
        &["import"][..],
        &["import", "conferences"],
        &["sing"],
        &["doctor", "--today", "tomorrow"],
        &["doctor", "--database", "mysql://here"],
        &[
            "report",
            "annual",
            "--from",
            "2022-04-01",
            "--to",
            "2021-04-01",
        ],
        &[
            "user",
            "add",
            "--email",
            "a@b.example",
            "--name",
            "A",
            "--role",
            "king",
        ],
    ] {
        let done = heard(args);
        assert_eq!((done.code, done.out.as_str()), (2, ""), "{args:?}");
        assert!(!done.err.is_empty());
    }
}

#[test]
fn a_setting_that_nobody_knows_is_wrong_usage() {
    let folder = folder();
    let config = folder.path().join("heard.toml");
    std::fs::write(&config, "[server]\nadress = \"127.0.0.1:1\"\n").unwrap();
    let done = run(
        folder.path(),
        None,
        &["doctor", "--config", config.to_str().unwrap()],
    );
    assert_eq!(done.code, 2, "{done:?}");
    assert!(done.err.contains("adress"));
}

#[test]
fn the_report_is_one_json_document() {
    each_place(|place| {
        let args = [
            "report",
            "annual",
            "--from",
            "2021-04-01",
            "--to",
            "2022-03-31",
        ];
        let report = place.heard(&args).json();
        assert_eq!(
            report["period"],
            json!({"from": "2021-04-01", "to": "2022-03-31"})
        );
        assert_eq!(report["view"], "cohort");
        assert!(report["tables"].as_array().unwrap().len() >= 12);
    });
}

#[test]
fn the_seeds_come_in_by_the_command_line_and_the_figures_come_out() {
    each_place(|place| {
        let seeds = crate::helpers::given::seeds();
        let seeds = seeds.to_str().unwrap();
        let moved = place
            .heard(&["import", "history", seeds, "--format", "json"])
            .json();
        assert_eq!(moved["rows"], moved["created"]);
        let args = [
            "report",
            "annual",
            "--from",
            "2021-04-01",
            "--to",
            "2022-03-31",
        ];
        crate::annual_report::assert_equals_figures_file(&place.heard(&args).json());
    });
}
