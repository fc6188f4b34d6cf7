//! The review queue: side by side in words, the decision, setting aside, and the likenesses that
//! hold nothing up.

use heard::access::Role;
use heard::db::Db;
use heard::import::store::waiting;
use heard::young_people::actions::add;
use heard::young_people::matching::store::unsettled;
use heard::young_people::{Described, Details};

use crate::drafts::{each_site, given, with};
use crate::helpers::given::person;
use crate::helpers::schedule::{import, results, row};
use crate::helpers::{PROGRAM, day, each_database};
use crate::web_guard::{Browser, Page, Site};

/// Amina is on record from a phone call, without the reference of social care.
fn amina(db: &Db) {
    let described = Described {
        first_name: heard::text::Name::parse("Amina").unwrap(),
        last_name: heard::text::Name::parse("Khan").unwrap(),
        date_of_birth: Some(day("2009-05-10")),
        details: Details::default(),
        contact_warning: None,
    };
    db.write(&PROGRAM, |ctx| add(ctx, &described, None))
        .unwrap();
}

fn row_that_waits(db: &Db) -> String {
    let rows = db.read(&PROGRAM, waiting).unwrap();
    format!("/imports/review/{}", rows[0].id)
}

async fn send(browser: &mut Browser, site: &Site, to: &str, typed: &[(&str, &str)]) -> Page {
    let page = browser.open(site, to).await;
    browser.send(site, to, &with(&given(&page), typed)).await
}

const LATER: [(&str, &str); 5] = [
    ("who", "later"),
    ("later_on-day", "11"),
    ("later_on-month", "4"),
    ("later_on-year", "2022"),
    ("later_note", "Ask the social worker"),
];

#[test]
fn a_row_that_waits_is_shown_beside_the_record_in_words() {
    each_site(async |site, _| {
        let db = &site.app.db;
        amina(db);
        let report = import(
            db,
            &[
                row("CPC-1", "K1")
                    .named("Amina", "Kahn")
                    .born("2009-10-05")
                    .with("gender", "Female"),
                row("CPC-2", "K2"),
            ],
        );
        // The import goes on without it.
        assert_eq!(results(&report), [1, 0, 0, 0, 1]);
        let mut browser = site.sign_in(Role::SeniorOfficer).await;
        let list = browser.open(site, "/imports/review").await.text();
        assert!(list.contains("Amina Kahn") && list.contains("May be the same person"));
        let page = browser.open(site, &row_that_waits(db)).await.text();
        for words in [
            "Who is Amina Kahn?",
            "Sounds the same",
            "Day and month swapped",
            "Not said on both",
            "They are Amina Khan",
        ] {
            assert!(page.contains(words), "{words}");
        }
        let mut officer = site.sign_in(Role::Officer).await;
        let hidden = officer.open(site, &row_that_waits(db)).await;
        assert_eq!(hidden.status.as_u16(), 404);
    });
}

#[test]
fn a_row_set_aside_comes_back_with_its_note_and_is_finished_when_decided() {
    each_site(async |site, _| {
        let db = &site.app.db;
        amina(db);
        import(db, &[row("CPC-1", "K1").named("Amina", "Khan")]);
        let mut browser = site.sign_in(Role::SeniorOfficer).await;
        let address = row_that_waits(db);
        let page = send(&mut browser, site, &address, &LATER[..1]).await;
        assert!(page.text().contains("Say what is to be found out"));
        let page = send(&mut browser, site, &address, &LATER).await;
        assert_eq!(page.location(), "/imports/review");
        let list = browser.open(site, "/imports/review").await.text();
        assert!(list.contains("Set aside until 11 April 2022: Ask the social worker"));
        assert!(list.contains("No row waits for a decision."));

        let page = send(&mut browser, site, &address, &[("who", "different")]).await;
        assert_eq!(page.location(), "/imports/review");
        assert_eq!(person(db, "K1").first_name, "Amina");
        let list = browser.open(site, "/imports/review").await.text();
        assert!(!list.contains("Set aside"));
        // Whoever comes second is told.
        let fields = [("csrf", page_csrf(&mut browser, site).await)];
        let fields: Vec<(&str, &str)> = fields.iter().map(|(a, b)| (*a, b.as_str())).collect();
        let page = browser.send(site, &address, &fields).await;
        assert_eq!(page.location(), "/imports/review");
    });
}

async fn page_csrf(browser: &mut Browser, site: &Site) -> String {
    browser.csrf(site).await
}

#[test]
fn two_references_of_one_source_are_two_people_who_are_only_suggested() {
    each_database(|db| {
        import(db, &[row("CPC-1", "K1").named("Amina", "Khan")]);
        let report = import(db, &[row("CPC-9", "K9").named("Amina", "Kahn")]);
        assert_eq!(results(&report), [1, 0, 0, 0, 0]);
        let alike = db.read(&PROGRAM, unsettled).unwrap();
        assert_eq!(alike.len(), 1);
        assert_eq!(alike[0].newer, person(db, "K9").id);
        assert_eq!(alike[0].older, person(db, "K1").id);
        // On one conference they are two for certain: nothing is suggested.
        import(db, &[row("CPC-9", "K10").named("Amina", "Khan")]);
        let with_k9 = db.read(&PROGRAM, unsettled).unwrap();
        let k9 = person(db, "K9").id;
        assert_eq!(with_k9.iter().filter(|it| it.older == k9).count(), 0);
    });
}

#[test]
fn a_likeness_is_refused_set_aside_or_leads_to_a_merge() {
    each_site(async |site, _| {
        let db = &site.app.db;
        import(db, &[row("CPC-1", "K1").named("Amina", "Khan")]);
        import(db, &[row("CPC-9", "K9").named("Amina", "Kahn")]);
        let likeness = &db.read(&PROGRAM, unsettled).unwrap()[0];
        let address = format!("/imports/likenesses/{}", likeness.id);
        let mut browser = site.sign_in(Role::SeniorOfficer).await;
        let page = browser.open(site, &address).await.text();
        assert!(page.contains("Are these one person?") && page.contains("Sounds the same"));
        let page = send(&mut browser, site, &address, &LATER).await;
        assert_eq!(page.location(), "/imports/review");
        let list = browser.open(site, "/imports/review").await.text();
        assert!(list.contains("Set aside until 11 April 2022"));

        let page = browser.open(site, &address).await;
        let version = page.hidden("version");
        let fields = given(&page);
        let typed = [("version", version.as_str()), ("who", "same")];
        let page = browser.send(site, &address, &with(&fields, &typed)).await;
        let merge = format!("/young-people/{}/merge/{}", likeness.older, likeness.newer);
        assert_eq!(page.location(), merge);
        let typed = [("version", version.as_str()), ("who", "different")];
        let page = browser.send(site, &address, &with(&fields, &typed)).await;
        assert_eq!(page.location(), "/imports/review");
        assert!(db.read(&PROGRAM, unsettled).unwrap().is_empty());
    });
}
