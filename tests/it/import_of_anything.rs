//! No file harms the service: it is taken row by row, or refused whole.

use heard::db::integrity_problem;
use heard::failure::Failure;
use heard::import::actions::Run;
use heard::import::{Report, RowResult};

use crate::damaged_files::damaged;
use crate::helpers::databases::on_postgres;
use crate::helpers::schedule::{import_bytes, results};
use crate::helpers::{Place, on_sqlite};

fn import_damaged(place: &Place, seeds: std::ops::Range<u64>) {
    let mut before = place.counts();
    let (mut taken, mut refused) = (0, 0);
    for seed in seeds {
        let (damage, file) = damaged(seed);
        let what = format!("seed {seed}: {damage}");
        match import_bytes(&place.db, &file, Run::Keep) {
            Ok(report) => {
                taken += 1;
                assert_adds_up(&report, &what);
                before = place.counts();
            }
            Err(Failure::Refused(reason)) => {
                refused += 1;
                assert!(reason.ends_with(['.', '?']), "{what}: {reason}");
                assert_eq!(place.counts(), before, "{what}");
            }
            Err(other) => panic!("{what}: {other}"),
        }
    }
    assert!(taken > 0 && refused > 0);
    assert_eq!(integrity_problem(&mut place.link()).unwrap(), None);
    assert!(place.access_record().is_whole());
}

fn assert_adds_up(report: &Report, what: &str) {
    results(report);
    let told: Vec<u32> = report.results.iter().map(|line| line.row).collect();
    assert!(told.into_iter().eq(1..=report.rows), "{what}");
    for line in &report.results {
        let reasons = report
            .problems
            .iter()
            .filter(|problem| problem.row == line.row);
        let rejected = line.result == RowResult::Rejected;
        assert_eq!(reasons.count() > 0, rejected, "{what}: row {}", line.row);
    }
}

#[test]
fn a_thousand_damaged_files_are_taken_row_by_row_or_refused_whole() {
    on_sqlite(|place| import_damaged(place, 0..1_000));
}

#[test]
fn a_hundred_damaged_files_on_postgres() {
    if let Some(place) = on_postgres() {
        import_damaged(&place, 0..100);
    }
}
