//! Moving in: a team's spreadsheet as CSV files.

use heard::db::Db;
use heard::import::actions::{ImportFile, Incoming, Run, import};
use heard::import::{Kind, Problem, Report};

use crate::helpers::given::{
    case, id_of, import_files, import_files_as, officer, person, referral_of, seed_files, senior,
};
use crate::helpers::schedule::results;
use crate::helpers::{PROGRAM, day, each_database, each_place, load_seeds};

const REFERRALS: &str = "referral_ref,child_ref,first_name,last_name,date_of_birth,stream,source,received_on,legal_status,reason,decision,outcome,opened_on,closed_on,officer\n";
const ACCEPTED: &str = "R1,K1,Amina,Khan,2008-05-10,care,self,2021-06-01,care_order,placement,in_remit,accepted,2021-06-08,2021-09-01,Olive Mercer";

fn file(name: &str, text: impl Into<String>) -> ImportFile {
    ImportFile {
        name: name.to_owned(),
        bytes: text.into().into_bytes(),
    }
}

fn referrals(rows: &[&str]) -> ImportFile {
    file("referrals.csv", format!("{REFERRALS}{}\n", rows.join("\n")))
}

fn move_in(db: &Db, rows: &[&str]) -> Report {
    import_files(db, &[referrals(rows)]).unwrap()
}

/// The columns found wrong in the accepted row, after this exchange in it.
fn wrong_after(db: &Db, old: &str, new: &str) -> Vec<String> {
    assert!(ACCEPTED.contains(old));
    let report = move_in(db, &[&ACCEPTED.replacen(old, new, 1)]);
    assert_eq!(results(&report), [0, 0, 0, 1, 0], "{old} for {new}");
    let column = |problem: Problem| {
        assert_eq!(
            (problem.file.as_deref(), problem.row),
            (Some("referrals.csv"), 1)
        );
        problem.column
    };
    report.problems.into_iter().map(column).collect()
}

#[test]
fn the_seeds_come_in_once() {
    each_place(|place| {
        load_seeds(&place.db);
        let before = place.counts();
        let again = import_files(&place.db, &seed_files()).unwrap();
        assert_eq!((again.unchanged, again.referrals), (again.rows, 0));
        for table in [
            "referrals",
            "cases",
            "meetings",
            "complaints",
            "users",
            "young_people",
        ] {
            assert!(
                before.contains(&(table.to_owned(), place.count(table))),
                "{table}"
            );
        }
    });
}

#[test]
fn a_dry_run_of_the_seeds_says_the_same_and_keeps_nothing() {
    each_place(|place| {
        let before = place.counts();
        let dry = import_files_as(&place.db, &seed_files(), Run::Rehearse).unwrap();
        assert_eq!((&dry.batch, place.counts()), (&None, before));
        let run = import_files(&place.db, &seed_files()).unwrap();
        assert_eq!(dry, Report { batch: None, ..run });
    });
}

#[test]
fn a_row_becomes_a_referral_with_its_case_and_officer() {
    each_database(|db| {
        assert_eq!(results(&move_in(db, &[ACCEPTED])), [1, 0, 0, 0, 0]);
        let case = case_of(db, "K1");
        assert_eq!(case.opened_on(), Some(day("2021-06-08")));
        assert_eq!(case.last_closing().unwrap().on, day("2021-09-01"));
        assert_eq!(case.allocations[0].officer_name, "Olive Mercer");
    });
}

fn case_of(db: &Db, child: &str) -> heard::cases::Case {
    let referral = referral_of(db, child).id;
    db.read(&PROGRAM, |ctx| {
        heard::cases::store::by_referral(ctx, &referral)
    })
    .unwrap()
    .unwrap()
}

#[test]
fn an_officer_nobody_knows_is_added_without_a_login_and_only_once() {
    each_database(|db| {
        let known = id_of(&officer(db, "Marcus"));
        let by_email = ACCEPTED
            .replace("R1", "R2")
            .replace("Olive Mercer", "Marcus@council.example");
        let again = ACCEPTED.replace("R1", "R3").replace("Olive", "OLIVE");
        move_in(db, &[ACCEPTED, &by_email, &again]);
        let users = db.read(&PROGRAM, heard::staff::store::all).unwrap();
        let olive = users
            .iter()
            .find(|user| user.name == "Olive Mercer")
            .unwrap();
        assert_eq!(
            (users.len(), olive.can_sign_in, &olive.email),
            (2, false, &None)
        );
        assert!(users.iter().any(|user| user.id == known));
    });
}

#[test]
fn a_corrected_row_updates_what_it_made() {
    each_database(|db| {
        move_in(db, &[ACCEPTED]);
        let corrected = ACCEPTED
            .replace("2021-06-08,2021-09-01", "2021-06-09,")
            .replace("Amina", "Aminah")
            .replace("Olive Mercer", "Marcus Adeyemi");
        assert_eq!(results(&move_in(db, &[&corrected])), [0, 1, 0, 0, 0]);
        let case = case_of(db, "K1");
        assert_eq!(case.open_spell().unwrap().opened_on, day("2021-06-09"));
        assert_eq!(case.officer().unwrap().officer_name, "Marcus Adeyemi");
        assert_eq!(person(db, "K1").first_name, "Aminah");
        assert_eq!(results(&move_in(db, &[&corrected])), [0, 0, 1, 0, 0]);
    });
}

#[test]
fn a_row_worked_on_since_is_not_changed_by_the_file() {
    each_database(|db| {
        let open = ACCEPTED.replace("2021-09-01", "");
        move_in(db, &[&open]);
        let case_id = case_of(db, "K1").id;
        let marcus = id_of(&officer(db, "Marcus"));
        db.write(&senior(db), |ctx| {
            heard::cases::actions::allocate(ctx, &case_id, 1, &marcus, day("2022-04-04"))
        })
        .unwrap();
        let report = move_in(db, &[ACCEPTED]);
        assert_eq!(results(&report), [0, 0, 0, 1, 0]);
        assert!(report.problems[0].reason.contains("worked on"));
        assert!(case(db, &case_id).open_spell().is_some());
        assert_eq!(results(&move_in(db, &[&open])), [0, 0, 1, 0, 0]);
    });
}

#[test]
fn days_that_cannot_follow_each_other_are_rejected() {
    each_database(|db| {
        for (old, new, column) in [
            ("2008-05-10", "2021-06-02", "received_on"),
            ("2021-06-08", "2021-05-31", "opened_on"),
            ("2021-09-01", "2021-06-07", "closed_on"),
            ("2021-06-01", "2021-06-31", "received_on"),
            ("2021-09-01", "2202-09-01", "closed_on"),
        ] {
            assert_eq!(wrong_after(db, old, new), [column], "{old} for {new}");
        }
    });
}

#[test]
fn each_day_may_be_the_day_of_the_one_before() {
    each_database(|db| {
        let one_day = ACCEPTED
            .replace("2021-06-08", "2021-06-01")
            .replace("2021-09-01", "2021-06-01");
        assert_eq!(results(&move_in(db, &[&one_day])), [1, 0, 0, 0, 0]);
    });
}

#[test]
fn what_a_row_needs_depends_on_its_stream_and_remit() {
    each_database(|db| {
        for (old, new, column) in [
            ("R1", "", "referral_ref"),
            ("K1", "", "child_ref"),
            ("Khan", "", "last_name"),
            ("2008-05-10", "", "date_of_birth"),
            (",care,", ",,", "stream"),
            ("self", "", "source"),
            ("self", "the mother", "source"),
            ("in_remit", "", "decision"),
            ("accepted,2021-06-08,2021-09-01", ",,", "outcome"),
            ("2021-06-08,2021-09-01", ",", "opened_on"),
            ("accepted", "no_response", "opened_on"),
            ("care_order", "", "legal_status"),
            ("placement", "", "reason"),
            ("placement", "boredom", "reason"),
        ] {
            assert!(
                wrong_after(db, old, new).contains(&column.to_owned()),
                "{old} for {new}"
            );
        }
    });
}

#[test]
fn outside_the_remit_and_in_child_protection_less_is_needed() {
    each_database(|db| {
        let out = "R1,K1,Amina,Khan,2008-05-10,care,self,2021-06-01,,,out_of_remit,,,,";
        let protection = "R2,K2,Zoë,Bell,2010-01-01,child_protection,social_worker,2021-06-01,,,in_remit,pending,,,";
        let secure = ACCEPTED
            .replace("R1,K1", "R3,K3")
            .replace("care_order", "secure_order");
        assert_eq!(
            results(&move_in(db, &[out, protection, &secure])),
            [3, 0, 0, 0, 0]
        );
        assert!(referral_of(db, "K3").request.secure_order);
    });
}

#[test]
fn the_same_reference_twice_in_a_file_is_refused_unless_it_is_the_same_row() {
    each_database(|db| {
        let other = ACCEPTED.replace("placement", "housing");
        let report = move_in(db, &[ACCEPTED, ACCEPTED, &other]);
        assert_eq!(results(&report), [1, 0, 1, 1, 0]);
    });
}

#[test]
fn a_row_that_was_refused_is_refused_again_when_it_stands_twice() {
    each_database(|db| {
        let nameless = ACCEPTED.replace("Olive Mercer", &"x".repeat(300));
        let report = move_in(db, &[&nameless, &nameless]);
        assert_eq!(results(&report), [0, 0, 0, 2, 0]);
    });
}

#[test]
fn a_referral_does_not_change_its_child() {
    each_database(|db| {
        move_in(
            db,
            &[ACCEPTED, &ACCEPTED.replace("R1,K1,Amina", "R2,K2,Zoë")],
        );
        let report = move_in(db, &[&ACCEPTED.replace("K1", "K2")]);
        assert_eq!(
            (results(&report), report.problems[0].column.as_str()),
            ([0, 0, 0, 1, 0], "child_ref")
        );
    });
}

#[test]
fn meetings_and_complaints_need_a_referral_that_came_in() {
    each_database(|db| {
        let meetings = "referral_ref,held_on,type,attendance\nR1,2021-07-01,legal,child_alone\nR9,2021-07-01,legal,child_alone\n";
        let complaints =
            "referral_ref,kind,received_on\nR9,formal,2021-07-01\nR1,informal,2021-07-01\n";
        let files = [
            referrals(&[ACCEPTED]),
            file("meetings.csv", meetings),
            file("complaints.csv", complaints),
        ];
        let report = import_files(db, &files).unwrap();
        assert_eq!(results(&report), [3, 0, 0, 2, 0]);
        let places: Vec<_> = report
            .problems
            .iter()
            .map(|it| (it.file.as_deref(), it.row))
            .collect();
        assert_eq!(
            places,
            [(Some("meetings.csv"), 2), (Some("complaints.csv"), 1)]
        );
        assert!(report.problems.iter().all(|it| it.column == "referral_ref"));
    });
}

#[test]
fn what_a_meeting_cannot_be_is_told() {
    each_database(|db| {
        move_in(db, &[ACCEPTED]);
        for (row, column) in [
            ("R1,2021-05-31,legal,child_alone", "held_on"),
            ("R1,2021-07-01,picnic,child_alone", "type"),
            ("R1,2021-07-01,legal,nobody", "attendance"),
        ] {
            let text = format!("referral_ref,held_on,type,attendance\n{row}\n");
            let report = import_files(db, &[file("meetings.csv", text)]).unwrap();
            assert_eq!(report.problems[0].column, column);
        }
    });
}

#[test]
fn two_like_meetings_are_two_and_the_same_file_again_adds_none() {
    each_database(|db| {
        let row = "R1,2021-07-01,legal,child_alone\n";
        let meetings = || {
            file(
                "meetings.csv",
                format!("referral_ref,held_on,type,attendance\n{row}{row}"),
            )
        };
        let report = import_files(db, &[referrals(&[ACCEPTED]), meetings()]).unwrap();
        assert_eq!(results(&report), [3, 0, 0, 0, 0]);
        let again = import_files(db, &[meetings()]).unwrap();
        assert_eq!(results(&again), [0, 0, 2, 0, 0]);
    });
}

#[test]
fn one_unreadable_file_refuses_them_all() {
    each_place(|place| {
        let before = place.counts();
        let files = [
            referrals(&[ACCEPTED]),
            file("meetings.csv", "colour\nred\n"),
        ];
        let refusal = import_files(&place.db, &files).unwrap_err().to_string();
        assert!(
            refusal.starts_with("meetings.csv cannot be read."),
            "{refusal}"
        );
        assert_eq!(place.counts(), before);
    });
}

#[test]
fn other_systems_header_names_are_a_matter_of_settings() {
    each_database(|db| {
        let mut settings = crate::helpers::given::import_settings();
        let theirs = ("Case No".to_owned(), "referral_ref".to_owned());
        settings.history_columns.insert(theirs.0, theirs.1);
        let text = format!("{REFERRALS}{ACCEPTED}\n").replacen("referral_ref", "Case No", 1);
        let incoming = Incoming {
            kind: Kind::History,
            source: "history",
            name: "folder",
            files: &[file("referrals.csv", text)],
        };
        let report = import(db, &PROGRAM, &settings, &incoming, Run::Keep, &|_, _| {});
        assert_eq!(results(&report.unwrap()), [1, 0, 0, 0, 0]);
    });
}
