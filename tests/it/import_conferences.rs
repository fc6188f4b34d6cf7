//! The conference schedule: what comes of a row, whom it refers, and that the same file twice
//! changes nothing.

use std::slice::from_ref;

use heard::failure::Failure;
use heard::import::actions::Run;
use heard::import::{Report, RowResult};
use heard::referrals::{Outcome, Source, Withdrawal};

use crate::helpers::given::{accept, officer, outcomes, person, referral_of, referrals_of};
use crate::helpers::schedule::{
    Row, columns, file, import, import_bytes, rehearse, results, row, text,
};
use crate::helpers::{day, each_database, each_place};

/// A family of three, a child moved in, a review, and a row that cannot be.
fn schedule() -> Vec<Row> {
    vec![
        row("CPC-1", "K1").with("venue", "Café, upstairs"),
        row("CPC-1", "K2").born("2015-01-01"),
        row("CPC-1", "K3").without("date_of_birth"),
        row("CPC-2", "K4").kind("Transfer in conference"),
        row("CPC-3", "K5").kind("RCPC"),
        row("CPC-4", "K6").on("2022-02-30"),
    ]
}

fn counts(report: &Report) -> (u32, u32) {
    (report.referrals, report.below_threshold)
}

#[test]
fn every_row_is_counted_once_and_a_refused_one_stops_no_other() {
    each_database(|db| {
        let report = import(db, &schedule());
        assert_eq!(results(&report), [5, 0, 0, 1, 0]);
        assert_eq!(counts(&report), (2, 2));
        let [problem] = report.problems.try_into().unwrap();
        assert_eq!(
            (problem.row, problem.column.as_str()),
            (6, "conference_date")
        );
    });
}

#[test]
fn the_same_file_twice_changes_nothing() {
    each_place(|place| {
        let good = schedule();
        let (_, good) = good.split_last().unwrap();
        import(&place.db, good);
        let before = place.counts();
        let again = import(&place.db, good);
        assert_eq!(results(&again), [0, 0, 5, 0, 0]);
        assert_eq!(counts(&again), (0, 2));
        for (table, count) in place.counts() {
            let kept_of_each_import = [
                "import_batches",
                "import_rows",
                "schedule_files",
                "audit_events",
            ];
            let same = before.contains(&(table.clone(), count));
            assert!(
                same || kept_of_each_import.contains(&table.as_str()),
                "{table}"
            );
        }
    });
}

#[test]
fn part_of_a_file_changes_nothing_and_withdraws_nobody() {
    each_database(|db| {
        import(db, &schedule());
        let part = import(db, &[row("CPC-2", "K4").kind("Transfer in conference")]);
        assert_eq!(results(&part), [0, 0, 1, 0, 0]);
        assert_eq!(outcomes(db, "K1"), [Outcome::Pending]);
    });
}

#[test]
fn the_same_rows_in_another_dress_change_nothing() {
    each_database(|db| {
        let good = &schedule()[..5];
        import(db, good);
        let mut reordered = columns(good);
        reordered.reverse();
        let plain = text(good, &columns(good), b',');
        let shouted = plain.replacen("conference_ref", "CONFERENCE REF", 1);
        let utf16: Vec<u8> = plain.encode_utf16().flat_map(u16::to_le_bytes).collect();
        for (dress, bytes) in [
            (
                "columns reordered",
                text(good, &reordered, b',').into_bytes(),
            ),
            ("semicolons", text(good, &reordered, b';').into_bytes()),
            ("tabs", text(good, &columns(good), b'\t').into_bytes()),
            (
                "byte order mark",
                [b"\xef\xbb\xbf", plain.as_bytes()].concat(),
            ),
            ("line ends", plain.replace('\n', "\r\n").into_bytes()),
            (
                "Windows-1252",
                encoding_rs::WINDOWS_1252.encode(&plain).0.to_vec(),
            ),
            ("UTF-16", [b"\xff\xfe", utf16.as_slice()].concat()),
            ("capitals in the header", shouted.into_bytes()),
        ] {
            let again = import_bytes(db, &bytes, Run::Keep).unwrap();
            assert_eq!(results(&again), [0, 0, 5, 0, 0], "{dress}");
        }
    });
}

#[test]
fn the_same_day_written_otherwise_is_no_change() {
    each_database(|db| {
        import(db, &[row("CPC-1", "K1")]);
        let again = import(db, &[row("CPC-1", "K1").on("20/04/2022").kind("ICPC")]);
        assert_eq!(results(&again), [0, 0, 1, 0, 0]);
    });
}

#[test]
fn a_dry_run_says_what_the_run_does_and_keeps_nothing() {
    each_place(|place| {
        import(&place.db, &[row("CPC-1", "K1"), row("CPC-9", "K9")]);
        let mut next = schedule();
        next.push(row("CPC-9", "K9").status("cancelled"));
        let before = place.counts();
        let dry = rehearse(&place.db, &next);
        assert_eq!((&dry.batch, place.counts()), (&None, before));
        let run = import(&place.db, &next);
        assert_eq!(dry, Report { batch: None, ..run });
    });
}

#[test]
fn a_changed_row_updates_and_what_it_leaves_blank_stays() {
    each_database(|db| {
        import(
            db,
            &[row("CPC-1", "K1")
                .with("venue", "Hall")
                .with("gender", "female")],
        );
        let report = import(db, &[row("CPC-1", "K1").with("chair", "Gwen Mottram")]);
        assert_eq!(results(&report), [0, 1, 0, 0, 0]);
        let diary = diary_of(db, "K1");
        let place = &diary[0].place;
        assert_eq!(place.venue.as_deref(), Some("Hall"));
        assert_eq!(place.chair.as_deref(), Some("Gwen Mottram"));
        assert_eq!(person(db, "K1").details.gender.as_deref(), Some("female"));
    });
}

fn diary_of(db: &heard::db::Db, child: &str) -> Vec<heard::conferences::ConferenceChild> {
    let id = person(db, child).id;
    db.read(&crate::helpers::PROGRAM, |ctx| {
        heard::conferences::store::of_young_person(ctx, &id)
    })
    .unwrap()
}

#[test]
fn a_child_of_eleven_on_the_day_of_the_conference_is_referred() {
    each_database(|db| {
        let on_the_day = row("CPC-1", "K1").born("2011-04-20");
        let a_day_short = row("CPC-1", "K2").born("2011-04-21");
        assert_eq!(counts(&import(db, &[on_the_day, a_day_short])), (1, 1));
        let referral = referral_of(db, "K1");
        assert_eq!(referral.request.source, Source::AutomaticInitialConference);
        assert_eq!(referral.request.received_on, day("2022-04-04"));
    });
}

#[test]
fn nobody_is_referred_from_their_eighteenth_birthday() {
    each_database(|db| {
        let seventeen = row("CPC-1", "K1").born("2004-04-21");
        let eighteen = row("CPC-1", "K2").born("2004-04-20");
        assert_eq!(counts(&import(db, &[seventeen, eighteen])), (1, 0));
        assert!(referrals_of(db, "K2").is_empty());
    });
}

#[test]
fn a_leap_day_child_comes_of_age_on_the_first_of_march() {
    each_database(|db| {
        let leap = |conference, child| row(conference, child).born("2012-02-29");
        let before = leap("CPC-1", "K1").on("2023-02-28");
        let after = leap("CPC-2", "K2").on("2023-03-01");
        assert_eq!(counts(&import(db, &[before, after])), (1, 1));
        assert!(referrals_of(db, "K1").is_empty());
    });
}

#[test]
fn an_unborn_child_is_too_young_and_is_told_apart_once_born() {
    each_database(|db| {
        let unborn = row("CPC-1", "K1")
            .without("date_of_birth")
            .named("Baby", "Khan");
        let report = import(db, &[unborn, row("CPC-1", "K2")]);
        assert_eq!(
            (results(&report), counts(&report)),
            ([2, 0, 0, 0, 0], (1, 1))
        );
        let born = row("CPC-1", "K1").born("2022-04-01").named("Amina", "Khan");
        assert_eq!(results(&import(db, &[born])), [0, 1, 0, 0, 0]);
        assert_eq!(person(db, "K1").full_name(), "Amina Khan");
    });
}

#[test]
fn a_conference_moved_over_a_birthday_refers() {
    each_database(|db| {
        let child = row("CPC-1", "K1").born("2011-05-01");
        assert_eq!(counts(&import(db, from_ref(&child))), (0, 1));
        let moved = import(db, &[child.on("2022-05-01").status("moved")]);
        assert_eq!((results(&moved), counts(&moved)), ([0, 1, 0, 0, 0], (1, 0)));
    });
}

#[test]
fn a_conference_moved_back_before_a_birthday_withdraws() {
    each_database(|db| {
        let child = row("CPC-1", "K1").born("2011-05-01").on("2022-05-02");
        import(db, from_ref(&child));
        import(db, &[child.clone().on("2022-04-30")]);
        let gone = referral_of(db, "K1").resolution;
        assert_eq!(gone.withdrawal, Some(Withdrawal::TooYoung));
        import(db, &[child]);
        assert_eq!(outcomes(db, "K1"), [Outcome::Pending]);
    });
}

#[test]
fn cancelled_before_anyone_was_contacted_withdraws_with_the_reason() {
    each_database(|db| {
        import(db, &[row("CPC-1", "K1")]);
        let report = import(db, &[row("CPC-1", "K1").status("cancelled")]);
        assert_eq!(
            (results(&report), counts(&report)),
            ([0, 1, 0, 0, 0], (0, 0))
        );
        let gone = referral_of(db, "K1").resolution;
        assert_eq!(gone.outcome, Outcome::Withdrawn);
        assert_eq!(gone.withdrawal, Some(Withdrawal::ConferenceCancelled));
        assert_eq!(gone.on, Some(day("2022-04-04")));
    });
}

#[test]
fn cancelled_after_contact_asks_the_officer() {
    each_database(|db| {
        import(db, &[row("CPC-1", "K1")]);
        tried(db, "K1");
        import(db, &[row("CPC-1", "K1").status("cancelled")]);
        let referral = referral_of(db, "K1");
        assert_eq!(referral.resolution.outcome, Outcome::Pending);
        assert!(referral.decision_needed.unwrap().contains("was cancelled"));
        import(db, &[row("CPC-1", "K1")]);
        assert_eq!(referral_of(db, "K1").decision_needed, None);
    });
}

/// An officer rang the parent, who did not answer.
fn tried(db: &heard::db::Db, child: &str) {
    use heard::referrals::{Attempt, Method, WithWhom, actions::log_attempt};
    let attempt = Attempt {
        id: heard::ids::AttemptId::random(),
        made_on: day("2022-04-04"),
        method: Method::Call,
        with_whom: WithWhom::ParentOrCarer,
        reached: false,
        note: String::new(),
        made_by: String::new(),
    };
    let referral = referral_of(db, child);
    db.write(&officer(db, "Olive"), |ctx| {
        log_attempt(ctx, &referral.id, &attempt)
    })
    .unwrap();
}

#[test]
fn a_cancelled_conference_scheduled_again_reinstates_its_referral() {
    each_database(|db| {
        import(db, &[row("CPC-1", "K1")]);
        import(db, &[row("CPC-1", "K1").status("cancelled")]);
        let report = import(db, &[row("CPC-1", "K1").on("2022-04-27")]);
        assert_eq!(results(&report), [0, 1, 0, 0, 0]);
        assert_eq!(outcomes(db, "K1"), [Outcome::Pending]);
    });
}

#[test]
fn a_referral_that_was_answered_is_left_alone_when_its_conference_goes() {
    each_database(|db| {
        import(db, &[row("CPC-1", "K1")]);
        accept(db, &officer(db, "Olive"), "K1", "2022-04-04").unwrap();
        import(db, &[row("CPC-1", "K1").status("cancelled")]);
        assert_eq!(outcomes(db, "K1"), [Outcome::Accepted]);
    });
}

#[test]
fn a_conference_booked_anew_under_another_reference_keeps_its_referral() {
    let gone = row("CPC-1", "K1").status("cancelled");
    let anew = row("CPC-2", "K1").on("2022-04-28");
    let in_one_file = [
        vec![anew.clone(), gone.clone()],
        vec![gone.clone(), anew.clone()],
    ];
    for rows in in_one_file {
        each_database(|db| {
            import(db, &[row("CPC-1", "K1")]);
            let report = import(db, &rows);
            assert_eq!(
                (results(&report), counts(&report)),
                ([1, 1, 0, 0, 0], (0, 0))
            );
            assert_eq!(outcomes(db, "K1"), [Outcome::Pending]);
        });
    }
    each_database(|db| {
        import(db, &[row("CPC-1", "K1")]);
        import(db, from_ref(&anew));
        import(db, from_ref(&gone));
        assert_eq!(outcomes(db, "K1"), [Outcome::Pending]);
    });
}

#[test]
fn a_conference_that_was_held_refers_too() {
    each_database(|db| {
        let held = row("CPC-1", "K1").on("2022-04-01").status("held");
        assert_eq!(counts(&import(db, &[held])), (1, 0));
    });
}

#[test]
fn a_receiving_in_conference_refers_as_such() {
    each_database(|db| {
        let moved_in = row("CPC-1", "K1").kind("receiving_in");
        import(db, &[moved_in.with("transferring_authority", "Rutland")]);
        let source = referral_of(db, "K1").request.source;
        assert_eq!(source, Source::AutomaticReceivingInConference);
    });
}

#[test]
fn a_review_and_a_cancelled_conference_refer_nobody_and_count_nobody_as_too_young() {
    each_database(|db| {
        let review = row("CPC-1", "K1").kind("review");
        let young = row("CPC-1", "K2").kind("review").born("2016-01-01");
        let cancelled = row("CPC-2", "K3").status("cancelled");
        let cancelled_young = row("CPC-2", "K4").status("cancelled").born("2016-01-01");
        let report = import(db, &[review, young, cancelled, cancelled_young]);
        assert_eq!(
            (results(&report), counts(&report)),
            ([4, 0, 0, 0, 0], (0, 0))
        );
    });
}

#[test]
fn a_child_too_young_on_two_conferences_of_a_file_counts_once() {
    each_database(|db| {
        let young = |conference| row(conference, "K1").born("2016-01-01");
        assert_eq!(
            counts(&import(db, &[young("CPC-1"), young("CPC-2")])),
            (0, 1)
        );
    });
}

#[test]
fn a_child_with_an_open_referral_gets_no_second_and_the_conference_is_in_the_diary() {
    each_database(|db| {
        import(db, &[row("CPC-1", "K1")]);
        let second = import(db, &[row("CPC-2", "K1").on("2022-05-04")]);
        assert_eq!(
            (results(&second), counts(&second)),
            ([1, 0, 0, 0, 0], (0, 0))
        );
        assert_eq!(outcomes(db, "K1"), [Outcome::Pending]);
        assert_eq!(diary_of(db, "K1").len(), 2);
    });
}

#[test]
fn a_child_with_an_open_case_gets_no_referral_and_the_conference_is_in_the_diary() {
    each_database(|db| {
        crate::helpers::given::supported(db, &officer(db, "Olive"), "K1");
        let second = import(db, &[row("CPC-2", "K1").on("2022-05-04")]);
        assert_eq!(counts(&second), (0, 0));
        assert_eq!(outcomes(db, "K1"), [Outcome::Accepted]);
        assert_eq!(diary_of(db, "K1").len(), 2);
    });
}

#[test]
fn a_case_in_care_does_not_stand_in_the_way_of_a_conference() {
    each_database(|db| {
        crate::helpers::load_seeds(db);
        let care = row("CPC-1", "LCS101968")
            .named("Jamie", "Lovett")
            .born("2008-01-27");
        assert_eq!(counts(&import(db, &[care])), (1, 0));
    });
}

#[test]
fn brothers_and_sisters_share_a_conference() {
    each_database(|db| {
        let family = [row("CPC-1", "K1"), row("CPC-1", "K2"), row("CPC-1", "K3")];
        import(db, &family);
        let diary = diary_of(db, "K1");
        let siblings = db.read(&crate::helpers::PROGRAM, |ctx| {
            heard::conferences::store::siblings(ctx, &diary[0].conference, &diary[0].young_person)
        });
        assert_eq!(siblings.unwrap().len(), 2);
    });
}

#[test]
fn the_same_row_twice_in_a_file_is_one_and_with_other_details_is_refused() {
    each_database(|db| {
        let one = row("CPC-1", "K1");
        let other = one.clone().on("2022-04-21");
        let report = import(db, &[one.clone(), one, other]);
        assert_eq!(
            (results(&report), counts(&report)),
            ([1, 0, 1, 1, 0], (1, 0))
        );
        assert!(report.problems[0].reason.contains("row 1"));
    });
}

#[test]
fn two_references_of_one_source_are_two_people_however_alike() {
    each_database(|db| {
        let twin = |child| row("CPC-1", child).named("Amina", "Khan");
        let report = import(db, &[twin("K1"), twin("K2")]);
        assert_eq!(
            (results(&report), counts(&report)),
            ([2, 0, 0, 0, 0], (2, 0))
        );
        assert_ne!(person(db, "K1").id, person(db, "K2").id);
    });
}

#[test]
fn the_day_of_notification_is_the_day_it_was_received() {
    each_database(|db| {
        import(db, &[row("CPC-1", "K1").with("notified_on", "2022-03-30")]);
        assert_eq!(referral_of(db, "K1").request.received_on, day("2022-03-30"));
        import(db, &[row("CPC-1", "K1").with("notified_on", "31/03/2022")]);
        assert_eq!(referral_of(db, "K1").request.received_on, day("2022-03-31"));
    });
}

#[test]
fn without_a_day_of_notification_the_first_import_is_the_day() {
    each_place(|place| {
        import(&place.db, &[row("CPC-1", "K1")]);
        import(
            &place.on("2022-04-11"),
            &[row("CPC-1", "K1").with("venue", "Hall")],
        );
        assert_eq!(
            referral_of(&place.db, "K1").request.received_on,
            day("2022-04-04")
        );
    });
}

#[test]
fn what_cannot_be_is_refused_in_its_column() {
    each_database(|db| {
        for (column, value) in [
            ("conference_ref", ""),
            ("conference_type", "core group"),
            ("conference_date", "31/02/2022"),
            ("conference_date", "2032-01-01"),
            ("conference_time", "25:00"),
            ("status", "maybe"),
            ("child_ref", " "),
            ("last_name", ""),
            ("date_of_birth", "2022-04-05"),
            ("date_of_birth", "1022-04-05"),
            ("notified_on", "2022-04-05"),
            ("carer_email", "nobody"),
            ("venue", "=1+1"),
        ] {
            let report = import(db, &[row("CPC-1", "K1").with(column, value)]);
            assert_eq!(results(&report), [0, 0, 0, 1, 0], "{column} {value}");
            assert_eq!(report.problems[0].column, column);
        }
    });
}

#[test]
fn a_rejected_row_that_was_mended_comes_in() {
    each_database(|db| {
        let wrong = import(db, &[row("CPC-1", "K1").on("soon"), row("CPC-1", "K2")]);
        assert_eq!(results(&wrong), [1, 0, 0, 1, 0]);
        let mended = import(db, &[row("CPC-1", "K1"), row("CPC-1", "K2")]);
        assert_eq!(results(&mended), [1, 0, 1, 0, 0]);
    });
}

#[test]
fn a_file_that_is_no_schedule_is_refused_whole() {
    each_place(|place| {
        let before = place.counts();
        let open_quote = text(&schedule(), &columns(&schedule()), b',') + "\"CPC-5,";
        for (bytes, said) in [
            (open_quote.into_bytes(), "Line 8"),
            (b"name,colour\nred,blue\n".to_vec(), "conference_ref"),
            (Vec::new(), "empty"),
        ] {
            let refusal = import_bytes(&place.db, &bytes, Run::Keep).unwrap_err();
            assert!(matches!(refusal, Failure::Refused(_)));
            assert!(refusal.to_string().contains(said), "{refusal}");
        }
        assert_eq!(place.counts(), before);
    });
}

#[test]
fn the_rows_are_told_one_by_one_in_the_order_of_the_file() {
    each_database(|db| {
        let rows = schedule();
        let report = import_bytes(db, &file(&rows), Run::Keep).unwrap();
        let told: Vec<_> = report.results.iter().map(|line| line.row).collect();
        assert_eq!(told, [1, 2, 3, 4, 5, 6]);
        assert_eq!(report.results[5].result, RowResult::Rejected);
    });
}

#[test]
fn a_corrected_birthday_looks_again_at_every_conference_of_the_child() {
    each_database(|db| {
        import(db, &[row("CPC-1", "K1").born("2018-01-01")]);
        assert_eq!(outcomes(db, "K1"), []);
        // A review's row brings the right birthday: the initial conference refers after all.
        let review = row("CPC-2", "K1").kind("RCPC").born("2008-01-01");
        assert_eq!(import(db, &[review]).referrals, 1);
        assert_eq!(outcomes(db, "K1"), [Outcome::Pending]);
        let too_young = row("CPC-2", "K1").kind("RCPC").born("2017-01-01");
        import(db, &[too_young]);
        assert_eq!(outcomes(db, "K1"), [Outcome::Withdrawn]);
    });
}

#[test]
fn a_blank_birthday_does_not_make_a_child_too_young() {
    each_database(|db| {
        let born = row("CPC-1", "K1").born("2008-01-01");
        let blank = row("CPC-2", "K1").without("date_of_birth");
        let report = import(db, &[born, blank]);
        assert_eq!(counts(&report), (1, 0));
    });
}

#[test]
fn a_day_of_notification_is_not_corrected_once_somebody_worked_from_it() {
    each_database(|db| {
        let given = row("CPC-1", "K1").with("notified_on", "2022-03-28");
        import(db, from_ref(&given));
        accept(db, &officer(db, "Olive"), "K1", "2022-03-29").unwrap();
        let report = import(db, &[given.with("notified_on", "2022-04-01")]);
        assert_eq!(results(&report), [0, 1, 0, 0, 0]);
        assert_eq!(referral_of(db, "K1").request.received_on, day("2022-03-28"));
    });
}

#[test]
fn a_year_that_cannot_be_is_told() {
    each_database(|db| {
        let report = import(
            db,
            &[
                row("CPC-1", "K1").on("1926-04-20"),
                row("CPC-2", "K2").with("notified_on", "1921-04-01"),
            ],
        );
        assert_eq!(results(&report), [0, 0, 0, 2, 0]);
    });
}
