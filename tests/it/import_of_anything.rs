//! No file harms the service: it is taken row by row, or refused whole.

use actix_web::http::{Method as Verb, StatusCode, header};
use actix_web::test::TestRequest;
use heard::access::Role;
use heard::db::integrity_problem;
use heard::failure::Failure;
use heard::import::actions::Run;
use heard::import::{Report, RowResult};

use crate::damaged_files::damaged;
use crate::helpers::databases::on_postgres;
use crate::helpers::schedule::{import_bytes, results};
use crate::helpers::{Place, on_sqlite};
use crate::import_web::{upload, when_done};
use crate::programs::scheduling;
use crate::web_guard::{Browser, Site, with_file};

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

/// How many damaged files come by the web and by the interface for programs:
/// `DAMAGED=10000 cargo test --test it damaged_files_by` takes half an hour.
fn how_many() -> u64 {
    std::env::var("DAMAGED").map_or(150, |many| many.parse().unwrap())
}

#[actix_web::test]
async fn damaged_files_by_the_interface_are_answered_with_a_report_or_a_sentence() {
    let site = Site::new();
    let token = scheduling(&site);
    let site = site.with_settings(|settings| settings.api.calls_at_once = u32::MAX);
    let (mut taken, mut refused) = (0, 0);
    for seed in 0..how_many() {
        let (damage, file) = damaged(seed);
        let what = format!("seed {seed}: {damage}");
        let request = TestRequest::with_uri("/api/v1/conferences")
            .method(Verb::POST)
            .insert_header((header::HOST, "heard.test"))
            .insert_header((header::AUTHORIZATION, format!("Bearer {token}")))
            .insert_header((header::CONTENT_TYPE, "text/csv"))
            .set_payload(file);
        let page = site.ask(request).await;
        let answer: serde_json::Value = serde_json::from_str(&page.text()).unwrap();
        if page.status.is_success() {
            taken += 1;
            let told = answer["rows"].as_u64().unwrap();
            let parts = ["created", "updated", "unchanged", "rejected", "review"];
            let sum: u64 = parts
                .map(|part| answer[part].as_u64().unwrap())
                .iter()
                .sum();
            assert_eq!(told, sum, "{what}");
        } else {
            refused += 1;
            assert!(page.status.is_client_error(), "{what}: {}", page.text());
            let sentence = answer["detail"].as_str().unwrap();
            assert!(sentence.ends_with(['.', '?']), "{what}: {sentence}");
        }
    }
    assert!(taken > 0 && refused > 0);
}

#[actix_web::test]
async fn damaged_files_by_the_web_are_previewed_or_refused_with_a_sentence() {
    let site = Site::new();
    let mut browser: Browser = site.sign_in(Role::SeniorOfficer).await;
    let mut previewed = 0;
    for seed in 0..how_many() {
        let (damage, file) = damaged(seed);
        let what = format!("seed {seed}: {damage}");
        let page = browser.open(&site, "/imports/new").await;
        let (csrf, form_token) = (page.hidden("csrf"), page.hidden("form_token"));
        let fields = [
            ("csrf", csrf.as_str()),
            ("form_token", &form_token),
            ("kind", "conferences"),
            ("source", "scheduling"),
        ];
        let body = with_file(&fields, "April.csv", &file);
        let page = upload(&site, &mut browser, "/imports/new", body).await;
        if page.status == StatusCode::UNPROCESSABLE_ENTITY {
            assert!(page.text().contains("There is a problem"), "{what}");
            continue;
        }
        assert_eq!(
            page.status,
            StatusCode::SEE_OTHER,
            "{what}: {}",
            page.text()
        );
        let place = page.location().to_owned();
        let page = when_done(&site, &mut browser, &place).await;
        assert_eq!(page.status, StatusCode::OK, "{what}: {}", page.text());
        // It says what would happen, or in a sentence why nothing can.
        if !page.text().contains("Nothing is kept yet") {
            continue;
        }
        previewed += 1;
        if seed % 2 == 0 {
            let (csrf, form_token) = (page.hidden("csrf"), page.hidden("form_token"));
            let fields = [("csrf", csrf.as_str()), ("form_token", &form_token)];
            let page = browser.send(&site, &place, &fields).await;
            assert_eq!(
                page.status,
                StatusCode::SEE_OTHER,
                "{what}: {}",
                page.text()
            );
            let page = when_done(&site, &mut browser, &place).await;
            assert!(!page.status.is_server_error(), "{what}: {}", page.text());
        }
    }
    assert!(previewed > 0);
}
