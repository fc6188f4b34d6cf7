//! Records that are closed to members of staff: what closes them, who opens them again, and that
//! nothing shows them to whom they are closed.

use heard::access::{Actor, Role};
use heard::audit;
use heard::cases::actions::allocate;
use heard::db::Db;
use heard::failure::Failure;
use heard::ids::{RestrictionId, YoungPersonId};
use heard::referrals::actions::{Whom, give_to, receive_request};
use heard::referrals::{LegalStatus, Received, Remit, Source, Stream};
use heard::restrictions::{self, Closing, Decision, Kind, Restriction};
use heard::routes::{self, Access, Method};
use heard::staff::actions::reset_password;
use heard::text::Name;
use heard::web::guard::may_come_in;
use heard::young_people::actions::{open_record, state_reason};
use heard::young_people::{Described, Details};

use crate::helpers::given::{
    accept, case, id_of, officer, person, referral_of, referred, senior, supported, user,
};
use crate::helpers::schedule::{import, row};
use crate::helpers::{PROGRAM, day, each_database, each_place};
use crate::web_guard::{Browser, Site};

const DAYS: u32 = 90;

fn refusal<T: std::fmt::Debug>(answer: Result<T, Failure>) -> String {
    match answer {
        Err(failure @ (Failure::Refused(_) | Failure::Invalid(_))) => failure.to_string(),
        other => panic!("{other:?}"),
    }
}

/// Somebody who can sign in, and so counts as being there.
fn there(db: &Db, actor: Actor) -> Actor {
    db.write(&PROGRAM, |ctx| reset_password(ctx, &id_of(&actor), "hash"))
        .unwrap();
    actor
}

fn close_to(
    db: &Db,
    by: &Actor,
    child: &YoungPersonId,
    to: &Actor,
    kind: Kind,
) -> Result<RestrictionId, Failure> {
    let closing = Closing {
        user: id_of(to),
        kind,
        reason: "Said so when they started.".to_owned(),
    };
    db.write(by, |ctx| {
        restrictions::actions::close(ctx, child, &closing, DAYS)
    })
}

fn review(db: &Db, by: &Actor, id: &RestrictionId, decision: Decision) -> Result<(), Failure> {
    let version = kept(db, id).version;
    db.write(by, |ctx| {
        restrictions::actions::review(ctx, id, version, decision, "Looked at it.", DAYS)
    })
}

fn kept(db: &Db, id: &RestrictionId) -> Restriction {
    db.read(&PROGRAM, |ctx| restrictions::store::find(ctx, id))
        .unwrap()
        .unwrap()
}

fn can_open(db: &Db, actor: &Actor, child: &YoungPersonId) -> bool {
    let opened = db.read(actor, |ctx| {
        open_record(
            ctx,
            child,
            heard::access::Permission::SeeRecord,
            heard::access::Relationship::Team,
            "test",
        )
    });
    match opened {
        Ok(_) => true,
        Err(Failure::NotFound) => false,
        Err(other) => panic!("{other:?}"),
    }
}

#[test]
fn a_record_is_closed_to_a_relative_and_open_to_the_others() {
    each_database(|db| {
        let (olive, samira) = (officer(db, "Olive"), there(db, senior(db)));
        referred(db, "K1");
        let child = person(db, "K1").id;
        let id = close_to(db, &samira, &child, &olive, Kind::Relative).unwrap();
        assert!(!can_open(db, &olive, &child));
        assert!(can_open(db, &samira, &child));
        assert_eq!(kept(db, &id).review_on, day("2022-07-03"));
        let lines = db
            .read(&PROGRAM, |ctx| {
                audit::lines_about(ctx, std::slice::from_ref(&child), 50)
            })
            .unwrap();
        assert!(lines.iter().any(|line| line.action == "record_closed"));
        assert!(lines.iter().all(|line| !line.details.contains("started")));
    });
}

#[test]
fn a_record_is_closed_once_and_by_a_senior_officer() {
    each_database(|db| {
        let (olive, marcus) = (officer(db, "Olive"), officer(db, "Marcus"));
        let samira = there(db, senior(db));
        referred(db, "K1");
        let child = person(db, "K1").id;
        let by_officer = close_to(db, &marcus, &child, &olive, Kind::Relative);
        assert!(matches!(by_officer, Err(Failure::NotFound)));
        close_to(db, &samira, &child, &olive, Kind::Relative).unwrap();
        let again = close_to(db, &samira, &child, &olive, Kind::Relative);
        assert!(refusal(again).contains("closed to Olive already"));
        let auditor = user(db, Role::Auditor, "Audrey");
        let to_auditor = close_to(db, &samira, &child, &auditor, Kind::Relative);
        assert!(refusal(to_auditor).contains("whose role"));
    });
}

#[test]
fn whoever_holds_the_work_hands_it_over_first() {
    each_database(|db| {
        let (olive, marcus) = (officer(db, "Olive"), officer(db, "Marcus"));
        let samira = there(db, senior(db));
        let id = supported(db, &olive, "K1");
        let child = person(db, "K1").id;
        let answer = close_to(db, &samira, &child, &olive, Kind::Relative);
        assert!(refusal(answer).contains("Olive holds an open case"));
        let hand_over = |to: &Actor| {
            let version = case(db, &id).version;
            db.write(&samira, |ctx| {
                allocate(ctx, &id, version, &id_of(to), day("2022-04-04"))
            })
        };
        hand_over(&marcus).unwrap();
        close_to(db, &samira, &child, &olive, Kind::Relative).unwrap();
        // And nobody gives it back to her.
        assert!(refusal(hand_over(&olive)).contains("choose another one"));
    });
}

#[test]
fn a_referral_that_waits_is_work_too() {
    each_database(|db| {
        let (olive, samira) = (officer(db, "Olive"), there(db, senior(db)));
        let id = referred(db, "K1").id;
        let give = || {
            let version = referral_of(db, "K1").version;
            db.write(&samira, |ctx| give_to(ctx, &id, version, &id_of(&olive)))
        };
        give().unwrap();
        let child = person(db, "K1").id;
        let answer = close_to(db, &samira, &child, &olive, Kind::Relative);
        assert!(refusal(answer).contains("referral that waits"));
    });
}

#[test]
fn a_senior_officer_is_always_left_and_nobody_closes_a_record_to_all_others() {
    each_database(|db| {
        let (olive, samira) = (there(db, officer(db, "Olive")), there(db, senior(db)));
        referred(db, "K1");
        let child = person(db, "K1").id;
        let to_self = close_to(db, &samira, &child, &samira, Kind::Relative);
        assert!(refusal(to_self).contains("second senior officer"));
        let to_all = close_to(db, &samira, &child, &olive, Kind::Conflict);
        assert!(refusal(to_all).contains("Nobody but you"));
        let second = there(db, user(db, Role::SeniorOfficer, "Selma"));
        let own = close_to(db, &samira, &child, &samira, Kind::Relative).unwrap();
        // Whom it names does not learn of it, and cannot lift it; the other one can.
        assert!(!can_open(db, &samira, &child));
        let lift = review(db, &samira, &own, Decision::Ended);
        assert!(matches!(lift, Err(Failure::NotFound)));
        review(db, &second, &own, Decision::Ended).unwrap();
        assert!(can_open(db, &samira, &child));
        assert!(refusal(review(db, &second, &own, Decision::Kept)).contains("already"));
    });
}

#[test]
fn a_review_keeps_it_closed_and_the_note_stays() {
    each_place(|place| {
        let (olive, samira) = (
            officer(&place.db, "Olive"),
            there(&place.db, senior(&place.db)),
        );
        referred(&place.db, "K1");
        let child = person(&place.db, "K1").id;
        let id = close_to(&place.db, &samira, &child, &olive, Kind::Relative).unwrap();
        let later = place.on("2022-07-03");
        let due = |db: &Db, actor: &Actor| db.read(actor, restrictions::store::count_due).unwrap();
        assert_eq!((due(&place.db, &samira), due(&later, &samira)), (0, 1));
        review(&later, &samira, &id, Decision::Kept).unwrap();
        assert_eq!(due(&later, &samira), 0);
        assert_eq!(kept(&later, &id).review_on, day("2022-10-01"));
        let second_editor = later.write(&samira, |ctx| {
            restrictions::actions::review(ctx, &id, 1, Decision::Ended, "Second.", DAYS)
        });
        assert!(matches!(second_editor, Err(Failure::ChangedMeanwhile)));
        review(&later, &samira, &id, Decision::Ended).unwrap();
        let reviews = later
            .read(&samira, |ctx| restrictions::store::reviews(ctx, &id))
            .unwrap();
        let decisions: Vec<_> = reviews.iter().map(|it| it.decision).collect();
        assert_eq!(decisions.len(), 2);
        assert!(decisions.contains(&Decision::Ended) && reviews[0].by == "Samira");
        assert!(can_open(&later, &olive, &child));
    });
}

/// Addresses of a page with every id in every place.
fn addresses(path: &str, ids: &[String]) -> Vec<String> {
    if path.contains("{name}") {
        return Vec::new();
    }
    let mut all = vec![path.to_owned()];
    for (part, values) in [
        ("{id}", ids.to_vec()),
        ("{other}", ids.to_vec()),
        (
            "{kind}",
            ["young_person", "referral", "case", "contact"]
                .map(str::to_owned)
                .to_vec(),
        ),
    ] {
        all = all
            .iter()
            .flat_map(|it| match it.contains(part) {
                true => values.iter().map(|id| it.replace(part, id)).collect(),
                false => vec![it.clone()],
            })
            .collect();
    }
    all
}

/// The words of every page that a role may open, by address.
async fn every_page(
    site: &Site,
    browser: &mut Browser,
    role: Role,
    ids: &[String],
) -> Vec<(String, String)> {
    let actor = Actor::User {
        id: site.users[&role].clone(),
        name: String::new(),
        role,
        session: heard::ids::SessionId::random(),
    };
    let mut pages = Vec::new();
    let mut paths = Vec::new();
    for route in routes::table() {
        let open = matches!(route.access, Access::Needs(it) if may_come_in(&actor, it));
        if open && route.method == Method::Get {
            paths.extend(addresses(route.path, ids));
        }
    }
    for list in ["/referrals", "/cases", "/restrictions"] {
        paths.extend(["all", "ended", "closed"].map(|state| format!("{list}?state={state}")));
    }
    let year = "from=2021-04-01&to=2022-03-31";
    let csv = format!("/reports/annual/export?{year}&format=csv");
    let json = browser
        .open(site, &format!("/reports/annual/export?{year}&format=json"))
        .await;
    let report: serde_json::Value = serde_json::from_str(&json.text()).unwrap();
    for table in report["tables"].as_array().unwrap() {
        let id = table["id"].as_str().unwrap();
        paths.push(format!("/reports/annual/rows?{year}&table={id}"));
    }
    paths.push(format!("/reports/annual?{year}"));
    paths.push(csv);
    for path in paths {
        let page = browser.open(site, &path).await;
        pages.push((path, page.text()));
    }
    let csrf = browser.csrf(site).await;
    for address in ["/search", "/referrals"] {
        for q in [
            "Zebedee",
            "Zebedy",
            "Quillfeather",
            "Xanthippe",
            "K1",
            "10 May 2009",
        ] {
            let page = browser
                .send(site, address, &[("csrf", &csrf), ("q", q)])
                .await;
            let said = page.text();
            // What was typed is on the page again.
            pages.push((format!("{address} {q}"), said.replace(q, "")));
        }
    }
    pages
}

fn asked_for(db: &Db, by: &Actor, first: &str, last: &str) -> YoungPersonId {
    let described = Described {
        first_name: Name::parse(first).unwrap(),
        last_name: Name::parse(last).unwrap(),
        date_of_birth: Some(day("2008-02-01")),
        details: Details::default(),
        contact_warning: None,
    };
    let received = Received {
        stream: Stream::Care,
        source: Source::SelfReferral,
        received_on: day("2022-01-03"),
        remit: Remit::InRemit,
        legal_status: Some(LegalStatus::CareOrder),
        reason: Some("placement".to_owned()),
    };
    db.write(by, |ctx| {
        let id = receive_request(ctx, &Whom::New(described), &received)?;
        Ok(heard::referrals::store::find(ctx, &id)?
            .unwrap()
            .young_person)
    })
    .unwrap()
}

#[actix_web::test]
async fn no_page_shows_a_closed_record_to_whom_it_is_closed() {
    let site = Site::new();
    let db = &site.app.db;
    let (olive, samira) = (officer(db, "Olive"), there(db, senior(db)));
    import(
        db,
        &[
            row("CPC-1", "K1").named("Zebedee", "Quillfeather"),
            row("CPC-1", "K2").named("Yolanda", "Quillfeather"),
        ],
    );
    let zebedee = person(db, "K1").id;
    let first = referral_of(db, "K1").id;
    let his_case = accept(db, &olive, "K1", "2022-01-03").unwrap();
    let xanthippe = asked_for(db, &olive, "Xanthippe", "Vane");
    let report = import(
        db,
        &[row("CPC-2", "K9")
            .named("Xanthippe", "Vane")
            .born("2008-02-01")],
    );
    assert_eq!(report.review, 1, "a row waits for a decision about her");
    let manager = Actor::User {
        id: site.users[&Role::Manager].clone(),
        name: String::new(),
        role: Role::Manager,
        session: heard::ids::SessionId::random(),
    };
    db.write(&manager, |ctx| {
        state_reason(ctx, &zebedee, "A complaint has reached me.")
    })
    .unwrap();

    let hers = db
        .read(&PROGRAM, |ctx| {
            heard::referrals::store::of_young_person(ctx, &xanthippe)
        })
        .unwrap();
    let mut theirs: Vec<String> = vec![
        zebedee.to_string(),
        first.to_string(),
        his_case.to_string(),
        xanthippe.to_string(),
        hers[0].id.to_string(),
    ];
    let sister = [
        person(db, "K2").id.to_string(),
        referral_of(db, "K2").id.to_string(),
    ];
    let figures = format!(
        "/reports/annual/export?{}&format=csv",
        "from=2021-04-01&to=2022-03-31"
    );
    for role in [Role::Officer, Role::SeniorOfficer] {
        let mut browser = site.sign_in(role).await;
        let ids: Vec<String> = theirs.iter().chain(&sister).cloned().collect();
        let counted = browser.open(&site, &figures).await.text();
        let before = every_page(&site, &mut browser, role, &ids).await;
        let names = before
            .iter()
            .filter(|(_, text)| text.contains("Zebedee") || text.contains("Xanthippe"));
        assert!(
            names.count() > 10,
            "the walk sees them where they may be seen"
        );

        let named = Actor::User {
            id: site.users[&role].clone(),
            name: String::new(),
            role,
            session: heard::ids::SessionId::random(),
        };
        for child in [&zebedee, &xanthippe] {
            let id = close_to(db, &samira, child, &named, Kind::Relative).unwrap();
            theirs.push(id.to_string());
        }
        let ids: Vec<String> = theirs.iter().chain(&sister).cloned().collect();
        for (path, text) in every_page(&site, &mut browser, role, &ids).await {
            for secret in ["Zebedee", "Xanthippe"] {
                assert!(!text.contains(secret), "{role:?} {path} shows {secret}");
            }
            for id in &theirs {
                assert!(!text.contains(id), "{role:?} {path} shows an id");
            }
        }
        // The figures count everybody still.
        assert_eq!(counted, browser.open(&site, &figures).await.text());
    }
}
