//! Where conferences and referrals do not agree: what stands on the lists and why, settling it, and
//! when it comes back.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use diesel::connection::{Connection, Instrumentation, InstrumentationEvent};
use heard::access::{Actor, Role};
use heard::conferences::rules::Verdict;
use heard::db::Db;
use heard::failure::Failure;
use heard::ids::SessionId;
use heard::reconciliation::actions::{Line, count, lines, not_in, reopen, settle, settled};
use heard::reconciliation::rules::{WhyGone, WhyMissing, WhyNot};
use heard::reconciliation::{Deed, Kind, Lines};
use heard::referrals::actions::{Ending, end, log_attempt};
use heard::referrals::{Attempt, Method, Outcome, Source, WithWhom};
use heard::restrictions;

use crate::drafts::{each_site, given, with};
use crate::helpers::given::{
    day, officer, outcomes, person, referral_of, referrals_of, senior, user,
};
use crate::helpers::schedule::{Row, import, results, row};
use crate::helpers::{Place, each_database, each_place};
use crate::policy::{policy, set};

fn found(db: &Db, who: &Actor) -> Lines {
    db.read(who, lines).unwrap()
}

/// The first line of a list as somebody sees it: its id, and what it says.
fn first(all: &Lines, kind: Kind) -> (String, Line) {
    match kind {
        Kind::NoReferral => (all.due[0].child.to_string(), Line::Due(all.due[0].clone())),
        Kind::ConferenceGone => (
            all.gone[0].referral.to_string(),
            Line::Gone(all.gone[0].clone()),
        ),
        Kind::Missing => {
            let it = &all.missing[0];
            let together = heard::reconciliation::actions::together(all, it);
            let line = Line::Missing(together.into_iter().cloned().collect());
            (it.child.to_string(), line)
        }
    }
}

/// Settles the first line of a list.
fn do_first(db: &Db, who: &Actor, kind: Kind, deed: Deed) -> Result<(), Failure> {
    let (id, line) = first(&found(db, who), kind);
    let reason = (deed == Deed::Left).then_some("The chair says so");
    db.write(who, |ctx| {
        settle(ctx, kind, &id, &line.facts(), deed, reason)
    })
}

/// A child of nine on a conference, and a policy set afterwards that refers them.
fn due_by_a_later_policy(db: &Db, who: &Actor) {
    import(db, &[row("CPC-1", "K1").born("2012-05-10")]);
    set(db, who, &policy("2022-04-01", 9, false)).unwrap();
}

fn tried(db: &Db, who: &Actor, child_ref: &str) {
    let referral = referral_of(db, child_ref);
    let attempt = Attempt {
        id: heard::ids::AttemptId::random(),
        made_on: day("2022-04-04"),
        method: Method::Call,
        with_whom: WithWhom::ParentOrCarer,
        reached: true,
        note: String::new(),
        made_by: String::new(),
    };
    db.write(who, |ctx| log_attempt(ctx, &referral.id, &attempt))
        .unwrap();
}

/// Eight conferences, a child of twelve on each, two weeks apart at most.
fn schedule() -> Vec<Row> {
    (1..=8)
        .map(|number| {
            row(&format!("CPC-{number}"), &format!("K{number}")).on(&format!("2022-05-{number:02}"))
        })
        .collect()
}

fn without(rows: &[Row], conference_ref: &str) -> Vec<Row> {
    let others = rows
        .iter()
        .filter(|it| it.get("conference_ref") != conference_ref);
    others.cloned().collect()
}

#[test]
fn where_everything_agrees_the_lists_are_empty() {
    each_database(|db| {
        let olive = officer(db, "Olive");
        import(
            db,
            &[
                row("CPC-1", "K1"),
                row("CPC-1", "K2").born("2016-01-01"),
                row("CPC-2", "K3").kind("review"),
                row("CPC-3", "K4").status("cancelled"),
            ],
        );
        assert_eq!(found(db, &olive).count(), 0);
    });
}

#[test]
fn who_is_due_by_a_policy_set_later_is_listed_with_that_reason_and_referred_with_a_click() {
    each_database(|db| {
        let samira = senior(db);
        due_by_a_later_policy(db, &samira);
        let all = found(db, &samira);
        let was = Verdict::TooYoung;
        assert_eq!(all.due[0].why, WhyNot::PolicyChanged { was });
        do_first(db, &samira, Kind::NoReferral, Deed::Referred).unwrap();
        let referral = referral_of(db, "K1");
        assert_eq!(referral.request.source, Source::AutomaticInitialConference);
        assert!(referral.conference_child.is_some());
        assert_eq!(found(db, &samira).count(), 0);
        let [it] = db
            .read(&samira, |ctx| settled(ctx, 10))
            .unwrap()
            .try_into()
            .unwrap();
        assert_eq!((it.deed, it.by.as_str()), (Deed::Referred, "Samira"));
        assert!(it.why.contains("The policy was changed later"));
    });
}

#[test]
fn a_child_whose_other_referral_ended_is_listed_and_one_who_was_offered_since_is_not() {
    each_place(|place| {
        let (db, next) = (&place.db, &place.on("2022-04-06"));
        let olive = officer(db, "Olive");
        import(db, &[row("CPC-1", "K1"), row("CPC-2", "K2")]);
        import(
            next,
            &[row("CPC-3", "K1").kind("receiving_in").on("2022-05-20")],
        );
        assert_eq!(found(next, &olive).count(), 0, "a referral is open");
        for child in ["K1", "K2"] {
            let referral = referral_of(next, child);
            let ending = Ending {
                outcome: Outcome::DeclinedByParent,
                on: day("2022-04-06"),
                note: None,
            };
            next.write(&olive, |ctx| {
                end(ctx, &referral.id, referral.version, &ending)
            })
            .unwrap();
        }
        let all = found(next, &olive);
        assert_eq!(
            all.count(),
            1,
            "who said no to this very conference is done"
        );
        let why = WhyNot::HadReferral {
            received_on: day("2022-04-04"),
            outcome: Outcome::DeclinedByParent,
        };
        assert_eq!(all.due[0].why, why);
        do_first(next, &olive, Kind::NoReferral, Deed::Referred).unwrap();
        let source = referrals_of(next, "K1")[0].request.source;
        assert_eq!(source, Source::AutomaticReceivingInConference);
    });
}

#[test]
fn younger_ones_are_due_with_the_older_by_a_policy_set_later() {
    each_database(|db| {
        let samira = senior(db);
        import(
            db,
            &[row("CPC-1", "K1"), row("CPC-1", "K2").born("2016-01-01")],
        );
        set(db, &samira, &policy("2022-04-01", 11, true)).unwrap();
        assert_eq!(found(db, &samira).due.len(), 1);
        do_first(db, &samira, Kind::NoReferral, Deed::Referred).unwrap();
        assert_eq!(outcomes(db, "K2"), [Outcome::Pending]);
    });
}

#[test]
fn a_conference_cancelled_after_contact_is_listed_until_an_officer_decides() {
    each_database(|db| {
        let olive = officer(db, "Olive");
        for (conference, child) in [("CPC-1", "K1"), ("CPC-2", "K2")] {
            import(db, &[row(conference, child)]);
            tried(db, &olive, child);
            import(db, &[row(conference, child).status("cancelled")]);
        }
        let all = found(db, &olive);
        assert_eq!((all.gone.len(), all.count()), (2, 2));
        assert!(matches!(&all.gone[0].why, WhyGone::Asks(why) if why.contains("was cancelled")));
        let child_of = |id: &heard::ids::ReferralId| {
            let first = referral_of(db, "K1").id == *id;
            if first { "K1" } else { "K2" }
        };
        let withdrawn = child_of(&all.gone[0].referral);
        let goes_on = child_of(&all.gone[1].referral);
        do_first(db, &olive, Kind::ConferenceGone, Deed::Withdrawn).unwrap();
        let resolution = referral_of(db, withdrawn).resolution;
        assert_eq!(resolution.outcome, Outcome::Withdrawn);
        assert!(resolution.note.unwrap().contains("was cancelled"));
        do_first(db, &olive, Kind::ConferenceGone, Deed::Left).unwrap();
        let referral = referral_of(db, goes_on);
        assert_eq!(referral.resolution.outcome, Outcome::Pending);
        assert_eq!(referral.decision_needed, None);
        assert_eq!(found(db, &olive).count(), 0);
    });
}

#[test]
fn a_referral_that_a_later_policy_would_not_make_is_listed_and_left_until_opened_again() {
    each_database(|db| {
        let (samira, olive) = (senior(db), officer(db, "Olive"));
        import(db, &[row("CPC-1", "K1")]);
        set(db, &samira, &policy("2022-04-01", 14, false)).unwrap();
        let all = found(db, &olive);
        let why = WhyGone::PolicyChanged(Verdict::TooYoung);
        assert_eq!(all.gone[0].why, why);
        do_first(db, &olive, Kind::ConferenceGone, Deed::Left).unwrap();
        assert_eq!(outcomes(db, "K1"), [Outcome::Pending]);
        assert_eq!(found(db, &olive).count(), 0);
        let [it] = db
            .read(&olive, |ctx| settled(ctx, 10))
            .unwrap()
            .try_into()
            .unwrap();
        assert_eq!(it.reason.as_deref(), Some("The chair says so"));
        // Only a senior officer opens it again.
        let by_olive = db.write(&olive, |ctx| reopen(ctx, &it.id));
        assert!(matches!(by_olive, Err(Failure::NotFound)), "{by_olive:?}");
        db.write(&samira, |ctx| reopen(ctx, &it.id)).unwrap();
        assert_eq!(found(db, &olive).gone.len(), 1);
    });
}

#[test]
fn a_conference_that_the_newest_file_does_not_hold_is_listed_and_a_correction_makes_nothing_missing()
 {
    each_place(|place| {
        let db = &place.db;
        let olive = officer(db, "Olive");
        let all = schedule();
        import(db, &all);
        // One row corrected: of the others it says nothing.
        let next = &place.on("2022-04-05");
        import(next, &[all[3].clone().with("venue", "Library")]);
        assert_eq!(found(next, &olive).count(), 0);
        let next = &place.on("2022-04-06");
        import(next, &without(&all, "CPC-5"));
        let lines = found(next, &olive);
        assert_eq!(lines.count(), 1);
        let missing = &lines.missing[0];
        assert_eq!(missing.who.id, person(next, "K5").id);
        let WhyMissing::Conference { last, newest } = &missing.why else {
            panic!("{:?}", missing.why);
        };
        assert_eq!(
            (last.as_str(), newest.as_str()),
            (
                "schedule.csv of 4 April 2022",
                "schedule.csv of 6 April 2022"
            )
        );
        // The first and the last day of a file are its bounds.
        let next = &place.on("2022-04-07");
        import(next, &without(&without(&all, "CPC-8"), "CPC-1"));
        assert_eq!(found(next, &olive).count(), 0, "it holds the fifth again");
    });
}

#[test]
fn a_file_that_lacks_much_is_taken_for_a_part_and_told() {
    each_place(|place| {
        let db = &place.db;
        let olive = officer(db, "Olive");
        let all = schedule();
        import(db, &all);
        let next = &place.on("2022-04-06");
        import(next, &[all[0].clone(), all[4].clone(), all[7].clone()]);
        let lines = found(next, &olive);
        assert_eq!(lines.count(), 0);
        let part = lines.part.unwrap();
        assert_eq!((part.named, part.known), (3, 8));
    });
}

#[test]
fn what_does_not_take_place_withdraws_and_is_told_when_a_file_holds_it_again() {
    each_place(|place| {
        let db = &place.db;
        let olive = officer(db, "Olive");
        let all = schedule();
        import(db, &all);
        let next = &place.on("2022-04-06");
        import(next, &without(&all, "CPC-5"));
        do_first(next, &olive, Kind::Missing, Deed::Cancelled).unwrap();
        assert_eq!(outcomes(next, "K5"), [Outcome::Withdrawn]);
        assert_eq!(found(next, &olive).count(), 0);
        // The very same row again says nothing new of its status, so somebody has to say it.
        let later = &place.on("2022-04-07");
        assert_eq!(results(&import(later, &all)), [0, 0, 8, 0, 0]);
        let lines = found(later, &olive);
        assert!(matches!(lines.missing[0].why, WhyMissing::Back { .. }));
        do_first(later, &olive, Kind::Missing, Deed::TakesPlace).unwrap();
        assert_eq!(outcomes(later, "K5"), [Outcome::Pending]);
        assert_eq!(found(later, &olive).count(), 0);
    });
}

#[test]
fn what_is_still_going_ahead_stays_settled_until_a_file_changes_something() {
    each_place(|place| {
        let db = &place.db;
        let olive = officer(db, "Olive");
        let all = schedule();
        import(db, &all);
        let lacking = without(&all, "CPC-5");
        import(&place.on("2022-04-06"), &lacking);
        do_first(&place.on("2022-04-06"), &olive, Kind::Missing, Deed::Left).unwrap();
        // The next night lacks it too: nothing new.
        import(&place.on("2022-04-07"), &lacking);
        assert_eq!(found(&place.on("2022-04-07"), &olive).count(), 0);
        // It comes, and goes again.
        import(&place.on("2022-04-08"), &all);
        assert_eq!(found(&place.on("2022-04-08"), &olive).count(), 0);
        import(&place.on("2022-04-09"), &lacking);
        assert_eq!(found(&place.on("2022-04-09"), &olive).missing.len(), 1);
    });
}

#[test]
fn a_child_who_is_not_in_the_file_beside_others_who_are_is_taken_off_alone() {
    each_place(|place| {
        let db = &place.db;
        let olive = officer(db, "Olive");
        let mut all = schedule();
        all.push(row("CPC-5", "K9").on("2022-05-05"));
        import(db, &all);
        let next = &place.on("2022-04-06");
        all.pop();
        import(next, &all);
        let lines = found(next, &olive);
        assert!(matches!(lines.missing[0].why, WhyMissing::Child { .. }));
        do_first(next, &olive, Kind::Missing, Deed::Cancelled).unwrap();
        assert_eq!(outcomes(next, "K9"), [Outcome::Withdrawn]);
        assert_eq!(outcomes(next, "K5"), [Outcome::Pending]);
    });
}

#[test]
fn brothers_and_sisters_of_a_missing_conference_are_settled_with_one_click() {
    each_place(|place| {
        let db = &place.db;
        let olive = officer(db, "Olive");
        let mut all = schedule();
        all.push(row("CPC-5", "K9").on("2022-05-05"));
        import(db, &all);
        let next = &place.on("2022-04-06");
        import(next, &without(&all, "CPC-5"));
        assert_eq!(found(next, &olive).missing.len(), 2);
        do_first(next, &olive, Kind::Missing, Deed::Cancelled).unwrap();
        for child in ["K5", "K9"] {
            assert_eq!(outcomes(next, child), [Outcome::Withdrawn]);
        }
        assert_eq!(found(next, &olive).count(), 0);
    });
}

#[test]
fn a_row_that_was_refused_is_in_its_file_and_is_told_until_it_comes_in() {
    each_place(|place| {
        let db = &place.db;
        let olive = officer(db, "Olive");
        let all = schedule();
        import(db, &all);
        let next = &place.on("2022-04-06");
        let mut again = all.clone();
        again[4] = again[4].clone().with("carer_email", "nobody at home");
        again.push(row("CPC-9", "K9").on("not a day"));
        assert_eq!(results(&import(next, &again))[3], 2);
        assert_eq!(found(next, &olive).count(), 0);
        // The one that is on record by an earlier file is not said to be away.
        let [told] = next.read(&olive, not_in).unwrap().try_into().unwrap();
        assert_eq!((told.refused, told.waiting), (1, 0));
        import(
            &place.on("2022-04-07"),
            &[row("CPC-9", "K9").on("2022-05-09")],
        );
        assert!(
            place
                .on("2022-04-07")
                .read(&olive, not_in)
                .unwrap()
                .is_empty()
        );
    });
}

#[test]
fn a_line_that_changed_meanwhile_is_not_settled() {
    each_database(|db| {
        let samira = senior(db);
        due_by_a_later_policy(db, &samira);
        let (id, line) = first(&found(db, &samira), Kind::NoReferral);
        let twice = |_| {
            db.write(&samira, |ctx| {
                settle(
                    ctx,
                    Kind::NoReferral,
                    &id,
                    &line.facts(),
                    Deed::Referred,
                    None,
                )
            })
        };
        let [done, again] = [1, 2].map(twice);
        done.unwrap();
        assert!(matches!(again, Err(Failure::Refused(_))), "{again:?}");
        assert_eq!(referrals_of(db, "K1").len(), 1);
    });
}

#[test]
fn a_deed_of_another_list_and_a_role_without_casework_settle_nothing() {
    each_database(|db| {
        let samira = senior(db);
        due_by_a_later_policy(db, &samira);
        let wrong = do_first(db, &samira, Kind::NoReferral, Deed::Withdrawn);
        assert!(matches!(wrong, Err(Failure::Refused(_))), "{wrong:?}");
        let mara = user(db, Role::Manager, "Mara");
        assert!(matches!(db.read(&mara, lines), Err(Failure::NotFound)));
        assert_eq!(found(db, &samira).due.len(), 1);
    });
}

fn close_to(place: &Place, closed: &Actor, by: &Actor, child_ref: &str) {
    let closing = restrictions::Closing {
        user: closed.user_id().unwrap().clone(),
        kind: restrictions::Kind::Relative,
        reason: "A nephew.".to_owned(),
    };
    let child = person(&place.db, child_ref).id;
    place
        .db
        .write(by, |ctx| {
            restrictions::actions::close(ctx, &child, &closing, 90)
        })
        .unwrap();
}

#[test]
fn a_closed_record_is_on_no_list_and_among_nothing_settled() {
    each_place(|place| {
        let db = &place.db;
        let (samira, olive) = (senior(db), officer(db, "Olive"));
        user(db, Role::SeniorOfficer, "Sven");
        due_by_a_later_policy(db, &samira);
        let mut all = schedule();
        all.retain(|it| it.get("child_ref") != "K1");
        import(db, &all);
        set(db, &samira, &policy("2022-04-01", 9, true)).unwrap();
        import(db, &[row("CPC-7", "T7").on("2022-05-07")]);
        tried(db, &olive, "T7");
        import(
            db,
            &[row("CPC-7", "T7").on("2022-05-07").status("cancelled")],
        );
        import(&place.on("2022-04-06"), &without(&all, "CPC-5"));
        let next = &place.on("2022-04-06");
        let before = found(next, &olive);
        assert_eq!(
            (before.due.len(), before.gone.len(), before.missing.len()),
            (1, 1, 1)
        );
        do_first(next, &olive, Kind::NoReferral, Deed::Left).unwrap();
        for child in ["K1", "T7", "K5"] {
            close_to(place, &olive, &samira, child);
        }
        assert_eq!(found(next, &olive).count(), 0);
        assert!(
            next.read(&olive, |ctx| settled(ctx, 10))
                .unwrap()
                .is_empty()
        );
        let (id, line) = first(&before, Kind::Missing);
        let blind = next.write(&olive, |ctx| {
            settle(
                ctx,
                Kind::Missing,
                &id,
                &line.facts(),
                Deed::Cancelled,
                None,
            )
        });
        assert!(blind.is_err());
        assert_eq!(found(next, &samira).count(), 2);
    });
}

#[test]
fn every_settling_is_in_the_access_record() {
    each_place(|place| {
        let db = &place.db;
        let samira = senior(db);
        due_by_a_later_policy(db, &samira);
        let before = place.count("audit_events");
        do_first(db, &samira, Kind::NoReferral, Deed::Left).unwrap();
        assert_eq!(place.count("audit_events"), before + 1);
        assert!(place.access_record().is_whole());
    });
}

// Queries counted

struct Count(Arc<AtomicUsize>);

impl Instrumentation for Count {
    fn on_connection_event(&mut self, event: InstrumentationEvent<'_>) {
        if matches!(event, InstrumentationEvent::StartQuery { .. }) {
            self.0.fetch_add(1, Ordering::Relaxed);
        }
    }
}

fn queries(db: &Db, who: &Actor) -> usize {
    let asked = Arc::new(AtomicUsize::new(0));
    db.read(who, |ctx| {
        ctx.conn.set_instrumentation(Count(Arc::clone(&asked)));
        let answer = (|| {
            lines(ctx)?;
            settled(ctx, 50)?;
            not_in(ctx)
        })();
        ctx.conn.set_instrumentation(None::<Count>);
        answer
    })
    .unwrap();
    asked.load(Ordering::Relaxed)
}

#[test]
fn the_page_asks_as_much_for_few_lines_as_for_many() {
    each_place(|place| {
        let db = &place.db;
        let samira = senior(db);
        let children = |letter: &str, from: usize, to: usize, born: &str| -> Vec<Row> {
            (from..to)
                .map(|number| format!("{letter}{number}"))
                .map(|child| row(&format!("CPC-{child}"), &child).born(born))
                .collect()
        };
        // Due by a policy set later, and not any more.
        let import_some = |from: usize, to: usize| {
            import(db, &children("D", from, to, "2012-05-10"));
            import(db, &children("G", from, to, "2004-06-10"));
        };
        import_some(0, 2);
        let next = &place.on("2022-04-06");
        let mut younger = policy("2022-04-01", 9, true);
        younger.upper_age = 16;
        set(next, &samira, &younger).unwrap();
        let few = (found(db, &samira).count(), queries(db, &samira));
        // As if they had come in before the policy was set, too.
        place.execute("DELETE FROM referral_policies WHERE threshold_age = 9");
        import_some(2, 40);
        set(next, &samira, &younger).unwrap();
        let many = (found(db, &samira).count(), queries(db, &samira));
        assert_eq!((few.0, many.0), (4, 80));
        assert_eq!(few.1, many.1);
    });
}

// The pages

fn actor(site: &crate::web_guard::Site, role: Role) -> Actor {
    Actor::User {
        id: site.users[&role].clone(),
        name: role.words().to_owned(),
        role,
        session: SessionId::random(),
    }
}

#[test]
fn the_lists_are_settled_on_the_page_and_a_leaving_asks_for_a_reason() {
    each_site(async |site, _| {
        let db = &site.app.db;
        let samira = actor(site, Role::SeniorOfficer);
        import(
            db,
            &[
                row("CPC-1", "K1").named("Ada", "Brook").born("2012-05-10"),
                row("CPC-1", "K2").named("Bo", "Brook").born("2012-05-10"),
            ],
        );
        set(db, &samira, &policy("2022-04-01", 9, false)).unwrap();
        assert_eq!(db.read(&samira, count).unwrap(), 2);
        let mut browser = site.sign_in(Role::Officer).await;
        let text = browser.open(site, "/reconcile").await.text();
        for words in [
            "Of age, and no referral (2)",
            "Ada Brook",
            "Bo Brook",
            "9 on the day",
            "In 16 days",
            "The policy was changed later, and it refers nobody in retrospect",
            "Refer now",
            "No conference to come is missing",
        ] {
            assert!(text.contains(words), "{words}: {text}");
        }
        let all = found(db, &actor(site, Role::Officer));
        let address = |child: &str, deed: &str| {
            let id = person(db, child).id;
            let due = all.due.iter().find(|it| it.who.id == id).unwrap();
            format!("/reconcile/no_referral/{}/{deed}", due.child)
        };
        let facts = |child: &str| {
            let id = person(db, child).id;
            let due = all.due.iter().find(|it| it.who.id == id).unwrap();
            Line::Due(due.clone()).facts()
        };
        // Refer one,
        let csrf = browser.csrf(site).await;
        let seen = facts("K1");
        let fields = [
            ("csrf", csrf.as_str()),
            ("form_token", "5f2c1f6e0a3b4c5d8e7f9a0b1c2d3e4f"),
            ("facts", seen.as_str()),
        ];
        let page = browser
            .send(site, &address("K1", "referred"), &fields)
            .await;
        assert_eq!(page.location(), "/reconcile#no_referral");
        assert_eq!(outcomes(db, "K1"), [Outcome::Pending]);
        // leave the other.
        let leave = address("K2", "leave");
        let page = browser.open(site, &leave).await;
        let mut fields = given(&page);
        fields.push(("facts", page.hidden("facts")));
        let page = browser.send(site, &leave, &with(&fields, &[])).await;
        assert!(page.text().contains("Enter why it stays as it is"));
        let because = [("reason", "Her mother was asked in March")];
        let page = browser.send(site, &leave, &with(&fields, &because)).await;
        assert_eq!(page.location(), "/reconcile#no_referral");
        let text = browser.open(site, "/reconcile").await.text();
        assert!(text.contains("It is left as it is"));
        assert!(text.contains("Because: Her mother was asked in March"));
        assert!(text.contains("Every child of age on a conference has a referral or a case"));
        assert!(
            !text.contains("Open again"),
            "an officer does not open it again"
        );
        let mut browser = site.sign_in(Role::SeniorOfficer).await;
        let text = browser.open(site, "/reconcile").await.text();
        assert!(text.contains("Open again"), "{text}");
        let text = browser.open(site, "/").await.text();
        assert!(text.contains("conferences and referrals to reconcile"));
    });
}
