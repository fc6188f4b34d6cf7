//! Issues inside a case, by the actions that the pages use, and their stock and flow.

use chrono::{Days, NaiveDate};
use heard::access::{Actor, Permission, Role};
use heard::calendar::Period;
use heard::cases;
use heard::db::Db;
use heard::failure::Failure;
use heard::ids::{CaseId, IssueId};
use heard::issues::actions::{change, close, find, open, record_asking, reopen};
use heard::issues::{Asked, Closing, Flow, How, Issue, Matter, Outcome, panel, store as issues};
use heard::referrals::Stream;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

use crate::helpers::given::{case, officer, person, supported, user};
use crate::helpers::{PROGRAM, Place, day, each_database, each_place};

fn matter() -> Matter {
    Matter {
        topics: vec!["contact".to_owned(), "education".to_owned()],
        wish: "I want to see my brother on Sundays".to_owned(),
        basis: None,
    }
}

fn closing(on: &str, outcome: Outcome) -> Closing {
    Closing {
        on: day(on),
        outcome,
        how: Some(How::Informally),
        note: None,
    }
}

fn opened(db: &Db, who: &Actor, case: &CaseId, on: &str) -> Result<IssueId, Failure> {
    db.write(who, |ctx| open(ctx, case, &matter(), day(on)))
}

fn issue(db: &Db, id: &IssueId) -> Issue {
    let found = db.read(&PROGRAM, |ctx| issues::find(ctx, id));
    found.unwrap().unwrap()
}

fn close_on(db: &Db, who: &Actor, id: &IssueId, on: &str) -> Result<(), Failure> {
    let version = issue(db, id).version;
    db.write(who, |ctx| {
        close(ctx, id, version, &closing(on, Outcome::Partly))
    })
}

fn reopen_on(db: &Db, who: &Actor, id: &IssueId, on: &str) -> Result<(), Failure> {
    let version = issue(db, id).version;
    db.write(who, |ctx| reopen(ctx, id, version, day(on), None))
}

fn close_case(db: &Db, who: &Actor, id: &CaseId, on: &str) -> Result<(), Failure> {
    let closing = cases::Closing {
        on: day(on),
        reason: Some("issues_resolved".to_owned()),
        note: None,
    };
    let version = case(db, id).version;
    db.write(who, |ctx| cases::actions::close(ctx, id, version, &closing))
}

fn refusal<T: std::fmt::Debug>(answer: Result<T, Failure>) -> String {
    match answer {
        Err(failure @ (Failure::Refused(_) | Failure::Invalid(_))) => failure.to_string(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn an_issue_keeps_the_wish_whom_we_asked_and_how_they_were_heard() {
    each_place(|place| {
        let olive = officer(&place.db, "Olive");
        let id = supported(&place.db, &olive, "K1");
        let later = place.on("2022-06-01");
        let issue_id = opened(&later, &olive, &id, "2022-04-04").unwrap();
        let asked = Asked {
            name: Some("A manager".to_owned()),
            role: Some("Team manager".to_owned()),
            asked_on: Some(day("2022-04-10")),
            answered_on: Some(day("2022-05-01")),
            space: Some("On a walk, just the two of us".to_owned()),
            voice: Some("He is my best friend".to_owned()),
            audience_name: Some("The reviewing officer".to_owned()),
            audience_on: Some(day("2022-04-20")),
            influence: Some("Every second Sunday; I told her myself".to_owned()),
        };
        let write =
            |version| later.write(&olive, |ctx| record_asking(ctx, &issue_id, version, &asked));
        write(1).unwrap();
        assert!(matches!(write(1), Err(Failure::ChangedMeanwhile)));
        let kept = issue(&later, &issue_id);
        assert_eq!((&kept.asked, &kept.matter), (&asked, &matter()));
        assert_eq!(kept.state(), "Answered");
        assert!(refusal(close_on(&later, &olive, &issue_id, "2022-04-30")).contains("1 May 2022"));
        close_on(&later, &olive, &issue_id, "2022-05-01").unwrap();
        let kept = issue(&later, &issue_id);
        assert_eq!(kept.state(), "Partly met");
        assert_eq!(kept.last_closing().unwrap().how, Some(How::Informally));
        let child = person(&later, "K1").id;
        let told = later
            .read(&olive, |ctx| panel::timeline(ctx, &child))
            .unwrap();
        assert_eq!(told.len(), 2);
        assert_eq!(told[0].own_words.as_deref(), Some(matter().wish.as_str()));
    });
}

#[test]
fn what_an_issue_said_before_is_kept() {
    each_database(|db| {
        let olive = officer(db, "Olive");
        let id = supported(db, &olive, "K1");
        let issue_id = opened(db, &olive, &id, "2022-04-04").unwrap();
        let next = Matter {
            topics: vec!["contact".to_owned()],
            wish: "Every day".to_owned(),
            basis: Some("She is two: by what she shows".to_owned()),
        };
        let edit = |matter: &Matter, version, on: &str| {
            db.write(&olive, |ctx| {
                change(ctx, &issue_id, version, matter, day(on))
            })
        };
        edit(&next, 1, "2022-04-04").unwrap();
        assert!(matches!(
            edit(&next, 1, "2022-04-04"),
            Err(Failure::ChangedMeanwhile)
        ));
        assert!(refusal(edit(&next, 2, "2022-04-03")).contains("the day the case opened"));
        let without = Matter {
            basis: Some(String::new()),
            ..next
        };
        assert!(refusal(edit(&without, 2, "2022-04-04")).contains("without their instruction"));
        let history = db
            .read(&PROGRAM, |ctx| {
                heard::history::store::of(ctx, "issue", issue_id.as_str())
            })
            .unwrap();
        let mut fields: Vec<_> = history.iter().map(|line| line.field.as_str()).collect();
        fields.sort_unstable();
        assert_eq!(fields, ["basis", "topics", "what_they_want"]);
    });
}

#[test]
fn a_case_closes_when_each_of_its_issues_has_its_result() {
    each_place(|place| {
        let olive = officer(&place.db, "Olive");
        let id = supported(&place.db, &olive, "K1");
        let later = place.on("2022-06-01");
        let first = opened(&later, &olive, &id, "2022-04-04").unwrap();
        let second = opened(&later, &olive, &id, "2022-04-05").unwrap();
        let close_it = || close_case(&later, &olive, &id, "2022-05-20");
        assert!(refusal(close_it()).contains("2 open issues"));
        close_on(&later, &olive, &first, "2022-05-01").unwrap();
        assert!(refusal(close_it()).contains("1 open issue."));
        close_on(&later, &olive, &second, "2022-05-21").unwrap();
        assert!(refusal(close_it()).contains("cannot close before that day"));
        close_case(&later, &olive, &id, "2022-05-21").unwrap();
    });
}

/// Every step in every state: what may be done, and what is refused with a sentence.
#[test]
fn every_step_in_every_state_is_done_or_refused() {
    let steps = ["ask", "change", "close", "reopen"];
    for (state, allowed) in [
        ("open", vec!["ask", "change", "close"]),
        ("closed", vec!["ask", "change", "reopen"]),
        ("reopened", vec!["ask", "change", "close"]),
        ("case closed", vec!["ask", "change"]),
    ] {
        for step in steps {
            let place = Place::sqlite();
            let db = &place.db;
            let olive = officer(db, "Olive");
            let case = supported(db, &olive, "K1");
            let id = opened(db, &olive, &case, "2022-04-04").unwrap();
            let on = "2022-04-04";
            if state != "open" {
                close_on(db, &olive, &id, on).unwrap();
            }
            if state == "reopened" {
                reopen_on(db, &olive, &id, on).unwrap();
            }
            if state == "case closed" {
                close_case(db, &olive, &case, on).unwrap();
            }
            let version = issue(db, &id).version;
            let done = match step {
                "ask" => db.write(&olive, |ctx| {
                    record_asking(ctx, &id, version, &Asked::default())
                }),
                "change" => db.write(&olive, |ctx| change(ctx, &id, version, &matter(), day(on))),
                "close" => close_on(db, &olive, &id, on),
                _ => reopen_on(db, &olive, &id, on),
            };
            assert!(!issue(db, &id).state().is_empty());
            if allowed.contains(&step) {
                done.unwrap();
            } else {
                assert!(!refusal(done).is_empty(), "{state}, {step}");
            }
        }
    }
}

#[test]
fn an_issue_is_opened_in_an_open_case_only() {
    each_database(|db| {
        let olive = officer(db, "Olive");
        let id = supported(db, &olive, "K1");
        assert!(refusal(opened(db, &olive, &id, "2022-04-03")).contains("the day the case opened"));
        assert!(refusal(opened(db, &olive, &id, "2022-04-05")).contains("today or in the past"));
        close_case(db, &olive, &id, "2022-04-04").unwrap();
        assert!(refusal(opened(db, &olive, &id, "2022-04-04")).contains("Reopen the case"));
    });
}

#[test]
fn those_without_the_role_find_no_issue() {
    each_database(|db| {
        let olive = officer(db, "Olive");
        let case = supported(db, &olive, "K1");
        let id = opened(db, &olive, &case, "2022-04-04").unwrap();
        for role in [
            Role::ParticipationOfficer,
            Role::Manager,
            Role::Administrator,
            Role::Auditor,
        ] {
            let who = user(db, role, role.code());
            let read = db.read(&who, |ctx| find(ctx, &id, Permission::SeeRecord).map(drop));
            assert!(matches!(read, Err(Failure::NotFound)), "{role:?}");
            let new = opened(db, &who, &case, "2022-04-04");
            assert!(matches!(new, Err(Failure::NotFound)), "{role:?}");
            let closed = close_on(db, &who, &id, "2022-04-04");
            assert!(matches!(closed, Err(Failure::NotFound)), "{role:?}");
        }
    });
}

/// One issue's life: days until it is opened, then in turn days until it is closed and reopened.
type Life = Vec<u64>;

const FIRST: &str = "2022-04-04";
const LAST: u64 = 400;

/// The days of a life that lie in the year and a bit that is looked at.
fn days_of(life: &Life) -> Vec<NaiveDate> {
    let mut at = 0;
    life.iter()
        .map(|gap| {
            at += gap;
            at
        })
        .take_while(|at| *at <= LAST)
        .map(|at| day(FIRST) + Days::new(at))
        .collect()
}

/// The slow second way: walks through all days and looks at every issue on each.
fn recount(lives: &[Vec<NaiveDate>], period: &Period) -> Flow {
    let open_at_end_of = |life: &Vec<NaiveDate>, day: NaiveDate| {
        let steps = life.iter().filter(|step| **step <= day).count();
        steps % 2 == 1
    };
    let open_on = |day: NaiveDate| {
        let open = lives.iter().filter(|life| open_at_end_of(life, day));
        i64::try_from(open.count()).unwrap()
    };
    let mut flow = Flow {
        open_at_start: open_on(period.from.pred_opt().unwrap()),
        opened: 0,
        reopened: 0,
        closed: 0,
        open_at_end: open_on(period.to),
    };
    for life in lives {
        for (index, step) in life.iter().enumerate() {
            let mut day = period.from;
            while day <= period.to {
                if day == *step {
                    match index {
                        0 => flow.opened += 1,
                        index if index % 2 == 0 => flow.reopened += 1,
                        _ => flow.closed += 1,
                    }
                }
                day = day.succ_opt().unwrap();
            }
        }
    }
    flow
}

#[test]
fn what_was_open_and_came_less_what_went_is_what_is_open_for_any_period() {
    let place = Place::sqlite();
    let olive = officer(&place.db, "Olive");
    let id = supported(&place.db, &olive, "K1");
    let later = place.on("2023-12-31");
    let all = std::cell::RefCell::new(Vec::new());
    let life = prop::collection::vec(0_u64..120, 1..7);
    let period = (0_u64..LAST, 0_u64..LAST);
    let strategy = (
        prop::collection::vec(life, 1..4),
        prop::collection::vec(period, 8),
    );
    let mut runner = TestRunner::new(Config {
        cases: 24,
        failure_persistence: None,
        ..Config::default()
    });
    // Each turn adds issues to those of the turns before: the stock grows.
    let outcome = runner.run(&strategy, |(lives, periods)| {
        for life in lives.iter().map(days_of).filter(|life| !life.is_empty()) {
            later
                .write(&olive, |ctx| {
                    let issue = open(ctx, &id, &matter(), life[0])?;
                    for (index, on) in life.iter().enumerate().skip(1) {
                        let version = i32::try_from(index).unwrap();
                        if index % 2 == 1 {
                            let closing = closing(&on.to_string(), Outcome::Met);
                            close(ctx, &issue, version, &closing)?;
                        } else {
                            reopen(ctx, &issue, version, *on, None)?;
                        }
                    }
                    Ok(())
                })
                .unwrap();
            all.borrow_mut().push(life);
        }
        for (one, other) in periods {
            let (from, to) = (one.min(other), one.max(other));
            let period =
                Period::new(day(FIRST) + Days::new(from), day(FIRST) + Days::new(to)).unwrap();
            let (flow, of_stream, of_other) = later
                .read(&PROGRAM, |ctx| {
                    Ok((
                        issues::flow(ctx, &period, None)?,
                        issues::flow(ctx, &period, Some(Stream::ChildProtection))?,
                        issues::open_as_at(ctx, period.to, Some(Stream::Care))?,
                    ))
                })
                .unwrap();
            prop_assert_eq!(
                flow.open_at_start + flow.opened + flow.reopened - flow.closed,
                flow.open_at_end
            );
            prop_assert_eq!(flow, recount(&all.borrow(), &period));
            prop_assert_eq!(flow, of_stream);
            prop_assert_eq!(of_other, 0);
        }
        Ok(())
    });
    outcome.unwrap();
}

#[test]
fn stock_and_flow_are_the_same_on_each_database() {
    each_place(|place| {
        let olive = officer(&place.db, "Olive");
        let id = supported(&place.db, &olive, "K1");
        let later = place.on("2022-12-31");
        let one = opened(&later, &olive, &id, "2022-04-04").unwrap();
        opened(&later, &olive, &id, "2022-05-10").unwrap();
        close_on(&later, &olive, &one, "2022-05-20").unwrap();
        reopen_on(&later, &olive, &one, "2022-05-20").unwrap();
        close_on(&later, &olive, &one, "2022-06-01").unwrap();
        let period = Period::new(day("2022-05-01"), day("2022-05-31")).unwrap();
        let flow = later
            .read(&PROGRAM, |ctx| issues::flow(ctx, &period, None))
            .unwrap();
        let expected = Flow {
            open_at_start: 1,
            opened: 1,
            reopened: 1,
            closed: 1,
            open_at_end: 2,
        };
        assert_eq!(flow, expected);
    });
}
