//! Conferences as a diary: who is on them and why they are or are not referred, offering anyway,
//! and marking by hand what scheduling has not said.

use heard::access::Role;
use heard::conferences::Status;
use heard::db::Db;
use heard::failure::Failure;
use heard::ids::ConferenceChildId;
use heard::referrals::actions::mark_conference;
use heard::referrals::{Outcome, Source};

use crate::drafts::{each_site, given, with};
use crate::helpers::given::{outcomes, person, referral_of, referrals_of};
use crate::helpers::schedule::{Row, import, results, row};
use crate::helpers::{PROGRAM, each_database};

/// A brother of seven on the conference CPC-1.
fn small_brother() -> Row {
    row("CPC-1", "B1")
        .named("Bo", "Brook")
        .born("2014-06-01")
        .with("venue", "Town Hall")
}

fn child_on(db: &Db, child_ref: &str) -> ConferenceChildId {
    let id = person(db, child_ref).id;
    let on = |ctx: &mut heard::ctx::Ctx<'_>| heard::conferences::store::of_young_person(ctx, &id);
    db.read(&PROGRAM, on).unwrap().remove(0).id
}

fn stands(db: &Db, child_ref: &str) -> (Status, Option<Status>) {
    let id = child_on(db, child_ref);
    let child = db
        .read(&PROGRAM, |ctx| heard::conferences::store::find(ctx, &id))
        .unwrap()
        .unwrap();
    (child.place.status, child.said_status)
}

fn mark(db: &Db, child_ref: &str, status: Status) -> Result<(), Failure> {
    let id = child_on(db, child_ref);
    db.write(&PROGRAM, |ctx| mark_conference(ctx, &id, status))
}

#[test]
fn the_diary_shows_every_child_and_why_they_are_or_are_not_referred() {
    each_site(async |site, _| {
        let big = row("CPC-1", "K1")
            .named("Ada", "Brook")
            .with("venue", "Town Hall");
        let review = row("CPC-2", "K2").named("Cy", "Dale").kind("review");
        import(&site.app.db, &[big, small_brother(), review]);
        let mut browser = site.sign_in(Role::Officer).await;
        for address in ["/conferences", "/conferences?view=week&from=2022-04-18"] {
            let text = browser.open(site, address).await.text();
            for words in [
                "Wednesday 20 April 2022",
                "Ada Brook",
                "Nobody tried yet",
                "Bo Brook",
                "7 on the day",
                "Not referred: under 11",
                "Town Hall",
                "Cy Dale",
                "Not referred: conferences of this kind refer nobody",
            ] {
                assert!(text.contains(words), "{address}: {words}");
            }
        }
        let text = browser.open(site, "/conferences?view=week").await.text();
        assert!(!text.contains("Ada Brook") && text.contains("Nothing"));
    });
}

#[test]
fn a_child_under_the_threshold_is_offered_an_officer_when_a_parent_wishes_it() {
    each_site(async |site, _| {
        let db = &site.app.db;
        import(db, &[small_brother()]);
        let mut browser = site.sign_in(Role::Officer).await;
        let address = format!("/conferences/{}/offer", child_on(db, "B1"));
        let page = browser.open(site, &address).await;
        let fields = given(&page);
        // Nobody is said to wish it.
        let page = browser.send(site, &address, &with(&fields, &[])).await;
        assert!(page.text().contains("Choose who wishes it"));
        let wish = [
            ("source", "parent_or_carer"),
            ("received_on-day", "4"),
            ("received_on-month", "4"),
            ("received_on-year", "2022"),
        ];
        let page = browser.send(site, &address, &with(&fields, &wish)).await;
        let referral = referral_of(db, "B1");
        assert_eq!(page.location(), format!("/referrals/{}", referral.id));
        assert_eq!(referral.request.source, Source::ParentOrCarer);
        assert!(referral.conference_child.is_none());
        let text = browser.open(site, "/conferences").await.text();
        assert!(text.contains("Open the referral") && !text.contains("Offer anyway"));
        // The schedule that comes again leaves the wish alone.
        let again = import(db, &[small_brother().with("venue", "Library")]);
        assert_eq!(results(&again), [0, 1, 0, 0, 0]);
        assert_eq!(outcomes(db, "B1"), [Outcome::Pending]);
    });
}

#[test]
fn a_conference_that_did_not_take_place_withdraws_until_scheduling_says_something_new() {
    each_database(|db| {
        let both = [row("CPC-1", "K1"), row("CPC-1", "K2")];
        import(db, &both);
        mark(db, "K1", Status::Cancelled).unwrap();
        for child in ["K1", "K2"] {
            let marked = (Status::Cancelled, Some(Status::Scheduled));
            assert_eq!(stands(db, child), marked);
            assert_eq!(outcomes(db, child), [Outcome::Withdrawn]);
        }
        // Another hall is nothing new about whether it takes place.
        import(db, &both.clone().map(|it| it.with("venue", "Library")));
        assert_eq!(stands(db, "K1").0, Status::Cancelled);
        // Another day with the word "moved" is.
        let moved = |it: Row| it.on("2022-05-04").status("moved");
        import(db, &both.map(moved));
        assert_eq!(stands(db, "K1"), (Status::Moved, None));
        assert_eq!(outcomes(db, "K1"), [Outcome::Pending]);
    });
}

#[test]
fn a_mark_is_taken_away_by_hand() {
    each_database(|db| {
        import(db, &[row("CPC-1", "K1")]);
        mark(db, "K1", Status::Cancelled).unwrap();
        mark(db, "K1", Status::Scheduled).unwrap();
        assert_eq!(stands(db, "K1"), (Status::Scheduled, None));
        assert_eq!(outcomes(db, "K1"), [Outcome::Pending]);
    });
}

#[test]
fn a_conference_is_marked_as_held_on_its_day_at_the_earliest() {
    each_database(|db| {
        import(
            db,
            &[row("CPC-1", "K1").on("2022-04-04"), row("CPC-2", "K2")],
        );
        mark(db, "K1", Status::Held).unwrap();
        assert_eq!(stands(db, "K1"), (Status::Held, Some(Status::Scheduled)));
        assert_eq!(referrals_of(db, "K1").len(), 1);
        let early = mark(db, "K2", Status::Held);
        assert!(matches!(early, Err(Failure::Refused(_))), "{early:?}");
    });
}

#[test]
fn a_closed_record_is_in_no_diary() {
    each_site(async |site, _| {
        let db = &site.app.db;
        import(
            db,
            &[row("CPC-1", "K1").named("Ada", "Brook"), small_brother()],
        );
        let mut browser = site.sign_in(Role::Officer).await;
        let closing = heard::restrictions::Closing {
            user: site.users[&Role::Officer].clone(),
            kind: heard::restrictions::Kind::Relative,
            reason: "A nephew.".to_owned(),
        };
        let samira = heard::access::Actor::User {
            id: site.users[&Role::SeniorOfficer].clone(),
            name: "Samira".to_owned(),
            role: Role::SeniorOfficer,
            session: heard::ids::SessionId::random(),
        };
        let child = person(db, "B1").id;
        db.write(&samira, |ctx| {
            heard::restrictions::actions::close(ctx, &child, &closing, 90)
        })
        .unwrap();
        let text = browser.open(site, "/conferences").await.text();
        assert!(text.contains("Ada Brook") && !text.contains("Bo Brook"));
        let address = format!("/conferences/{}/mark", child_on(db, "B1"));
        assert_eq!(browser.open(site, &address).await.status.as_u16(), 404);
    });
}
