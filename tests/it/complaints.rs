//! Complaints with their steps and clocks, and the calendars they count by, through the actions
//! that the pages use.

use heard::access::{Actor, Role};
use heard::calendar::{Holidays, read_bank_holidays};
use heard::complaints::actions::{self, Edited, New, Told};
use heard::complaints::clocks::{Count, clocks, next};
use heard::complaints::{Complaint, Details, Outcome, Procedure, State, Step, line, rules, store};
use heard::db::Db;
use heard::failure::Failure;
use heard::holidays::{self, Closure};
use heard::ids::{CaseId, ComplaintId};
use heard::settings::{Complaints, Settings};
use heard::team;

use crate::helpers::given::{id_of, load_seeds, officer, person, senior, supported, user};
use crate::helpers::{PROGRAM, day, each_database, each_place, on_sqlite};

const SEEDED: &str = include_str!("../../seeds/bank-holidays.json");

fn settings() -> Complaints {
    let settings = Settings::load(None, std::path::Path::new("data"));
    settings.unwrap().complaints
}

fn new(follows: Option<Procedure>, received_on: &str) -> New {
    New {
        follows,
        received_on: day(received_on),
        details: Details {
            about: Some("Nobody asked me before I was moved".to_owned()),
            ..Details::default()
        },
    }
}

fn record(db: &Db, by: &Actor, case: &CaseId, new: &New) -> Result<ComplaintId, Failure> {
    db.write(by, |ctx| actions::record(ctx, case, new))
}

fn statutory(db: &Db, by: &Actor, received_on: &str) -> ComplaintId {
    let case = supported(db, by, "K1");
    record(
        db,
        by,
        &case,
        &new(Some(Procedure::ChildrenAct), received_on),
    )
    .unwrap()
}

fn complaint(db: &Db, id: &ComplaintId) -> Complaint {
    db.read(&PROGRAM, |ctx| store::find(ctx, id))
        .unwrap()
        .unwrap()
}

/// A step with all that any step needs.
fn told(step: Step, on: &str) -> Told {
    Told {
        step,
        on: day(on),
        outcome: Some(Outcome::PartlyUpheld),
        who: rules::names_somebody(step).then(|| "Ines Okoro".to_owned()),
        note: Some("As agreed on the phone".to_owned()),
    }
}

fn keep(db: &Db, by: &Actor, id: &ComplaintId, told: &Told) -> Result<(), Failure> {
    let version = complaint(db, id).version;
    db.write(by, |ctx| actions::keep_step(ctx, id, version, told))
}

fn state(db: &Db, id: &ComplaintId) -> State {
    rules::state(&complaint(db, id))
}

fn refusal<T: std::fmt::Debug>(answer: Result<T, Failure>) -> String {
    match answer {
        Err(failure @ (Failure::Refused(_) | Failure::Invalid(_))) => failure.to_string(),
        other => panic!("{other:?}"),
    }
}

fn last_action(db: &Db) -> (String, String) {
    let lines = db.read(&PROGRAM, |ctx| heard::audit::lines(ctx, None, i64::MAX, 1));
    let line = lines.unwrap().remove(0);
    (line.action.clone(), format!("{line:?}"))
}

#[test]
fn a_statutory_complaint_goes_through_every_stage_to_the_ombudsman() {
    each_database(|db| {
        let olive = officer(db, "Olive");
        let id = statutory(db, &olive, "2021-06-01");
        assert_eq!(state(db, &id), State::AtStage1);
        for (step, on, stands) in [
            (Step::Acknowledged, "2021-06-02", State::AtStage1),
            (Step::Stage1Extended, "2021-06-10", State::AtStage1),
            (Step::Stage1Response, "2021-06-25", State::AnsweredAtStage1),
            (Step::Stage2Requested, "2021-07-01", State::Stage2Asked),
            (Step::Stage2Acknowledged, "2021-07-02", State::Stage2Asked),
            (
                Step::InvestigatorAppointed,
                "2021-07-05",
                State::Stage2Asked,
            ),
            (
                Step::StatementAgreed,
                "2021-07-08",
                State::BeingInvestigated,
            ),
            (
                Step::IndependentAppointed,
                "2021-07-09",
                State::BeingInvestigated,
            ),
            (Step::Stage2Extended, "2021-07-28", State::BeingInvestigated),
            (
                Step::InvestigationCompleted,
                "2021-09-20",
                State::Stage2ToAnswer,
            ),
            (Step::Stage2Response, "2021-10-01", State::AnsweredAtStage2),
            (Step::Stage3Requested, "2021-10-11", State::PanelAwaited),
            (Step::PanelMet, "2021-11-15", State::FindingsAwaited),
            (Step::PanelFindings, "2021-11-19", State::Stage3ToAnswer),
            (
                Step::AuthorityResponse,
                "2021-12-20",
                State::AnsweredAtStage3,
            ),
            (Step::OmbudsmanReferred, "2022-01-10", State::WithOmbudsman),
            (Step::OmbudsmanDecision, "2022-03-15", State::Decided),
            (Step::ApologyGiven, "2022-03-21", State::Decided),
        ] {
            keep(db, &olive, &id, &told(step, on)).unwrap();
            assert_eq!(state(db, &id), stands, "{step:?}");
            let (action, line) = last_action(db);
            assert_eq!(action, "complaint_step_recorded");
            assert!(
                line.contains(step.code()) && !line.contains("phone"),
                "{line}"
            );
        }
        let decided = complaint(db, &id);
        assert_eq!(decided.closed_on, Some(day("2022-03-15")));
        assert_eq!(decided.responded_on, Some(day("2021-12-20")));
        assert_eq!(decided.outcome, Some(Outcome::PartlyUpheld));
        let ended = keep(db, &olive, &id, &told(Step::Ended, "2022-04-01"));
        assert!(refusal(ended).contains("has ended"));
    });
}

#[test]
fn a_step_out_of_its_order_or_without_what_it_needs_is_refused_and_leaves_nothing() {
    each_place(|place| {
        let db = &place.db;
        let olive = officer(db, "Olive");
        let id = statutory(db, &olive, "2022-03-01");
        let without = |change: fn(&mut Told), step| {
            let mut told = told(step, "2022-03-10");
            change(&mut told);
            told
        };
        for (told, sentence) in [
            (told(Step::PanelMet, "2022-03-10"), "cannot be recorded yet"),
            (told(Step::InformalAnswer, "2022-03-10"), "formal complaint"),
            (
                told(Step::Stage1Response, "2022-02-28"),
                "on or after 1 March 2022",
            ),
            (
                told(Step::Stage1Response, "2022-04-05"),
                "today or in the past",
            ),
            (
                without(|it| it.outcome = None, Step::Stage1Response),
                "Choose the outcome",
            ),
            (
                without(|it| it.note = None, Step::Stage1Extended),
                "why more time is needed",
            ),
        ] {
            assert!(
                refusal(keep(db, &olive, &id, &told)).contains(sentence),
                "{sentence}"
            );
        }
        assert_eq!(place.count("complaint_steps"), 0);
        assert_eq!(complaint(db, &id).version, 1);
    });
}

#[test]
fn the_second_of_two_who_record_a_step_is_told_and_only_one_is_kept() {
    each_place(|place| {
        let db = &place.db;
        let olive = officer(db, "Olive");
        let id = statutory(db, &olive, "2022-03-01");
        let answer = told(Step::Stage1Response, "2022-03-10");
        let both = [1, 1]
            .map(|version| db.write(&olive, |ctx| actions::keep_step(ctx, &id, version, &answer)));
        assert!(both[0].is_ok());
        assert!(matches!(both[1], Err(Failure::ChangedMeanwhile)));
        assert_eq!(place.count("complaint_steps"), 1);
    });
}

#[test]
fn a_changed_step_and_one_taken_back_keep_what_they_said() {
    each_database(|db| {
        let olive = officer(db, "Olive");
        let id = statutory(db, &olive, "2022-03-01");
        keep(db, &olive, &id, &told(Step::Stage1Response, "2022-03-10")).unwrap();
        keep(db, &olive, &id, &told(Step::Stage1Response, "2022-03-11")).unwrap();
        assert_eq!(complaint(db, &id).responded_on, Some(day("2022-03-11")));
        keep(db, &olive, &id, &told(Step::Stage2Requested, "2022-03-14")).unwrap();
        let take_back = |step| {
            let version = complaint(db, &id).version;
            db.write(&olive, |ctx| actions::take_back(ctx, &id, version, step))
        };
        assert!(
            refusal(take_back(Step::Stage1Response))
                .contains("Take back “Stage 2: asked for” first")
        );
        take_back(Step::Stage2Requested).unwrap();
        take_back(Step::Stage1Response).unwrap();
        let bare = complaint(db, &id);
        assert_eq!(
            (bare.steps.len(), bare.responded_on, bare.outcome),
            (0, None, None)
        );
        let past = db.read(&PROGRAM, |ctx| {
            heard::history::store::of(ctx, actions::HISTORY, id.as_str())
        });
        let past: Vec<_> = past
            .unwrap()
            .into_iter()
            .map(|it| it.before.unwrap())
            .collect();
        assert_eq!(past.len(), 3);
        assert!(
            past.iter()
                .any(|before| before.starts_with("10 March 2022\nPartly upheld"))
        );
    });
}

#[test]
fn what_is_told_of_a_complaint_can_be_changed_and_keeps_its_history() {
    each_database(|db| {
        let olive = officer(db, "Olive");
        let id = statutory(db, &olive, "2022-03-01");
        keep(db, &olive, &id, &told(Step::Acknowledged, "2022-03-02")).unwrap();
        let edit = |received_on: &str, matter_on: Option<&str>| {
            let before = complaint(db, &id);
            let edited = Edited {
                procedure: before.procedure,
                received_on: day(received_on),
                details: Details {
                    matter_on: matter_on.map(day),
                    learning: Some("Ask first".to_owned()),
                    ..before.details.clone()
                },
            };
            db.write(&olive, |ctx| {
                actions::edit(ctx, &id, before.version, &edited)
            })
        };
        assert!(refusal(edit("2022-03-03", None)).contains("step would lie before it"));
        assert!(refusal(edit("2022-03-01", Some("2022-03-02"))).contains("on or before the day"));
        // More than a year after: a warning, never a bar.
        edit("2022-03-01", Some("2020-12-24")).unwrap();
        assert!(rules::late_warning(&complaint(db, &id)).is_some());
        let (action, line) = last_action(db);
        assert_eq!(action, "complaint_changed");
        assert!(
            line.contains("learning") && !line.contains("Ask first"),
            "{line}"
        );
    });
}

#[test]
fn only_those_who_work_with_records_touch_a_complaint() {
    each_database(|db| {
        let olive = officer(db, "Olive");
        let case = supported(db, &olive, "K1");
        let id = record(db, &olive, &case, &new(None, "2022-04-01")).unwrap();
        for role in [
            Role::Manager,
            Role::ParticipationOfficer,
            Role::Administrator,
            Role::Auditor,
        ] {
            let other = user(db, role, role.code());
            let answers = [
                record(db, &other, &case, &new(None, "2022-04-01")).map(drop),
                keep(db, &other, &id, &told(Step::InformalAnswer, "2022-04-02")),
                db.write(&other, |ctx| {
                    actions::take_back(ctx, &id, 1, Step::Acknowledged)
                }),
            ];
            for answer in answers {
                assert!(
                    matches!(answer, Err(Failure::NotFound)),
                    "{role:?} {answer:?}"
                );
            }
        }
    });
}

#[test]
fn an_informal_complaint_is_answered_and_ends() {
    each_database(|db| {
        let olive = officer(db, "Olive");
        let case = supported(db, &olive, "K1");
        let id = record(db, &olive, &case, &new(None, "2022-04-01")).unwrap();
        let staged = keep(db, &olive, &id, &told(Step::Stage2Requested, "2022-04-02"));
        assert!(refusal(staged).contains("informal complaint"));
        keep(db, &olive, &id, &told(Step::InformalAnswer, "2022-04-02")).unwrap();
        keep(db, &olive, &id, &told(Step::Ended, "2022-04-04")).unwrap();
        assert_eq!(state(db, &id), State::Over);
        assert_eq!(complaint(db, &id).closed_on, Some(day("2022-04-04")));
    });
}

#[test]
fn open_complaints_are_listed_by_their_clocks_and_closed_records_left_out() {
    each_place(|place| {
        let db = &place.db;
        let olive = officer(db, "Olive");
        let case = supported(db, &olive, "K1");
        let formal = Some(Procedure::ChildrenAct);
        record(db, &olive, &case, &new(None, "2022-03-01")).unwrap();
        record(db, &olive, &case, &new(formal, "2022-04-01")).unwrap();
        record(db, &olive, &case, &new(formal, "2022-03-18")).unwrap();
        let over = record(db, &olive, &case, &new(formal, "2022-03-19")).unwrap();
        keep(db, &olive, &over, &told(Step::Ended, "2022-03-20")).unwrap();
        let open = |by: &Actor, of: Option<&Actor>| {
            db.read(by, |ctx| {
                let cases = match of {
                    Some(officer) => Some(team::store::cases_held_by(ctx, &id_of(officer))?),
                    None => None,
                };
                line::open(ctx, cases, None, &settings())
            })
            .unwrap()
        };
        let lines = open(&olive, Some(&olive));
        let words: Vec<_> = lines
            .iter()
            .map(|it| it.clock.as_ref().map(|clock| clock.words.clone()))
            .collect();
        assert_eq!(
            words,
            [
                Some("Overdue by 1 working day".to_owned()),
                Some("9 working days left".to_owned()),
                None
            ]
        );
        let breaking = line::breaking_this_week(&lines, day("2022-04-04"));
        assert_eq!(breaking.len(), 1);
        let other = officer(db, "Oscar");
        assert_eq!(open(&other, None).len(), 3);
        assert!(open(&olive, Some(&other)).is_empty());
        place.execute(&format!(
            "INSERT INTO record_restrictions (id, young_person_id, user_id, kind, reason, set_by, set_on, review_on, created_at, version) \
             VALUES ('r1', '{}', '{}', 'relative', 'An aunt', '{}', '2022-04-01', '2022-07-01', '2022-04-01 09:00:00', 1)",
            person(db, "K1").id, id_of(&other), id_of(&olive)
        ));
        assert!(open(&other, None).is_empty());
    });
}

#[test]
fn complaints_that_moved_in_are_over_with_their_answers_as_steps() {
    on_sqlite(|place| {
        load_seeds(&place.db);
        let open = place
            .db
            .read(&PROGRAM, |ctx| line::open(ctx, None, None, &settings()));
        assert!(open.unwrap().is_empty());
        let all = place.db.read(&PROGRAM, |ctx| {
            let filter = store::Filter {
                limit: 100,
                ..store::Filter::default()
            };
            store::list(ctx, &filter)
        });
        let (all, total) = all.unwrap();
        assert_eq!(total, 20);
        for listed in all {
            let complaint = listed.complaint;
            let [answer] = complaint.steps.as_slice() else {
                panic!("{complaint:?}");
            };
            assert_eq!(Some(answer.on), complaint.responded_on);
            assert_eq!(complaint.closed_on, complaint.responded_on);
        }
    });
}

// The calendars

fn calendar(db: &Db) -> Holidays {
    db.read(&PROGRAM, holidays::store::calendar).unwrap()
}

fn file(days: &[(&str, &str)]) -> String {
    let events: Vec<_> = days
        .iter()
        .map(|(date, title)| serde_json::json!({ "title": title, "date": date, "notes": "", "bunting": true }))
        .collect();
    serde_json::json!({ "england-and-wales": { "division": "england-and-wales", "events": events } }).to_string()
}

#[test]
fn a_new_database_knows_the_bank_holidays_of_the_seeds() {
    each_database(|db| {
        let seeded: Holidays = read_bank_holidays(SEEDED).unwrap().into_iter().collect();
        assert_eq!(calendar(db), seeded);
    });
}

#[test]
fn a_file_of_bank_holidays_is_merged_and_takes_nothing_away() {
    each_database(|db| {
        let senior = senior(db);
        let before = calendar(db).iter().count();
        let merge = |text: &str| db.write(&senior, |ctx| holidays::actions::merge(ctx, text));
        let merged = merge(&file(&[
            ("2028-12-25", "Christmas Day"),
            ("2029-01-01", "New Year’s Day"),
            ("2029-01-01", "New Year’s Day"),
        ]))
        .unwrap();
        assert_eq!(
            (merged.added.len(), merged.known, merged.last_known),
            (1, 1, Some(2028))
        );
        // The other seven of 2028 are not in this file, and stay.
        assert_eq!(merged.missing_in_file.len(), 7);
        assert_eq!(calendar(db).iter().count(), before + 1);
        assert_eq!(last_action(db).0, "bank_holidays_merged");
        assert!(refusal(merge("no file")).contains("cannot be read"));
        assert_eq!(calendar(db).iter().count(), before + 1);
        let olive = officer(db, "Olive");
        let answer = db.write(&olive, |ctx| holidays::actions::merge(ctx, SEEDED));
        assert!(matches!(answer, Err(Failure::NotFound)));
    });
}

#[test]
fn a_bank_holiday_moves_a_clock_and_an_office_closure_never_does() {
    each_database(|db| {
        let (olive, senior) = (officer(db, "Olive"), senior(db));
        let id = statutory(db, &olive, "2022-04-01");
        let due = || {
            let complaint = complaint(db, &id);
            let holidays = calendar(db);
            let count = Count {
                holidays: &holidays,
                settings: &settings(),
                today: day("2022-04-04"),
            };
            let clocks = clocks(&complaint, &count);
            next(&clocks).unwrap().due_on().unwrap().to_string()
        };
        assert_eq!(due(), "2022-04-19");
        let closure = Closure {
            on: day("2022-04-11"),
            reason: "Moving house".to_owned(),
        };
        let close = || {
            db.write(&senior, |ctx| {
                holidays::actions::close_office(ctx, &closure)
            })
        };
        close().unwrap();
        assert!(refusal(close()).contains("on the list already"));
        assert_eq!(due(), "2022-04-19");
        db.write(&senior, |ctx| {
            holidays::actions::merge(ctx, &file(&[("2022-04-11", "A day of mourning")]))
        })
        .unwrap();
        assert_eq!(due(), "2022-04-20");
        db.write(&senior, |ctx| {
            holidays::actions::open_office(ctx, closure.on)
        })
        .unwrap();
        assert!(
            db.read(&PROGRAM, holidays::store::closures)
                .unwrap()
                .is_empty()
        );
    });
}

#[test]
fn the_command_line_merges_a_file_and_says_what_it_did() {
    on_sqlite(|place| {
        let path = place.folder.path().join("holidays.json");
        std::fs::write(&path, file(&[("2029-01-01", "New Year’s Day")])).unwrap();
        let path = path.to_str().unwrap();
        let done = place.heard(&["holidays", path]);
        assert_eq!(done.code, 0, "{done:?}");
        assert!(
            done.out
                .contains("Bank holidays added: 1. Known already: 0."),
            "{done:?}"
        );
        assert!(
            place
                .heard(&["holidays", path])
                .out
                .contains("added: 0. Known already: 1.")
        );
        std::fs::write(path, "<html>").unwrap();
        let done = place.heard(&["holidays", path]);
        assert_eq!(done.code, 1);
        assert!(
            done.err
                .contains("cannot be read as a file of bank holidays"),
            "{done:?}"
        );
    });
}
