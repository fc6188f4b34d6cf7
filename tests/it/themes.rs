//! Themes, outcomes, case studies and the lists a council keeps, by the actions that the pages use.

use heard::access::{Actor, Permission, Role};
use heard::audit;
use heard::calendar::Period;
use heard::case_studies::check::Kind;
use heard::case_studies::{self, Consent, ConsentBy, Purpose, State, Text};
use heard::cases::outcomes::{self, Noted, SaidBy};
use heard::db::Db;
use heard::failure::Failure;
use heard::history;
use heard::ids::{CaseId, CaseStudyId, OutcomeId, ThemeId};
use heard::lists::{self, rules::Direction};
use heard::themes::actions::{Deed, add_case, begin, take_out, visible, work};
use heard::themes::{self, Ask, Telling, TheirAnswer};
use heard::young_people::relations::{self, Kind as RelationKind, Said, Who};

use crate::helpers::given::{case, officer, senior, supported, user};
use crate::helpers::{PROGRAM, day, each_database};

const FEW: i64 = 1;

fn refusal<T: std::fmt::Debug>(answer: Result<T, Failure>) -> String {
    match answer {
        Err(failure @ (Failure::Refused(_) | Failure::Invalid(_))) => failure.to_string(),
        other => panic!("{other:?}"),
    }
}

fn is_noted(db: &Db, action: &str) -> bool {
    let lines = db.read(&PROGRAM, |ctx| audit::lines(ctx, None, i64::MAX, 100));
    lines.unwrap().iter().any(|line| line.action == action)
}

// Themes

fn theme(db: &Db, by: &Actor) -> ThemeId {
    db.write(by, |ctx| {
        begin(ctx, "Savings", "Nobody tells us what is saved.")
    })
    .unwrap()
}

fn version(db: &Db, id: &ThemeId) -> i32 {
    found(db, id).version
}

fn found(db: &Db, id: &ThemeId) -> themes::Theme {
    db.read(&PROGRAM, |ctx| themes::store::find(ctx, id))
        .unwrap()
        .unwrap()
}

fn step(db: &Db, by: &Actor, id: &ThemeId, deed: Deed) -> Result<(), Failure> {
    let version = version(db, id);
    db.write(by, |ctx| work(ctx, id, version, deed))
}

fn ask() -> Deed {
    Deed::Ask(Ask {
        words: "Tell every young person once a year.".to_owned(),
        whom: "Head of service".to_owned(),
        on: day("2022-04-04"),
    })
}

fn members(db: &Db, id: &ThemeId) -> Vec<themes::Member> {
    db.read(&PROGRAM, |ctx| themes::store::members(ctx, id))
        .unwrap()
}

#[test]
fn a_theme_goes_from_gathering_to_told() {
    each_database(|db| {
        let olive = officer(db, "Olive");
        let id = theme(db, &olive);
        let answer = Deed::Answer(TheirAnswer {
            words: "A letter each April.".to_owned(),
            on: day("2022-04-04"),
        });
        assert!(refusal(step(db, &olive, &id, answer.clone())).contains("Ask the council first"));
        step(db, &olive, &id, ask()).unwrap();
        step(db, &olive, &id, answer).unwrap();
        let tell = |on| {
            Deed::Tell(Telling {
                you_said: "Tell us".to_owned(),
                we_did: "A letter".to_owned(),
                on: day(on),
            })
        };
        assert!(refusal(step(db, &olive, &id, tell("2022-04-05"))).contains("in the past"));
        step(db, &olive, &id, tell("2022-04-04")).unwrap();
        assert_eq!(found(db, &id).state(), themes::State::Told);
        assert!(is_noted(db, "theme_told"));
        let changes = db
            .read(&PROGRAM, |ctx| {
                history::store::of_common(ctx, themes::actions::HISTORY, id.as_str())
            })
            .unwrap();
        assert!(changes.iter().any(|line| line.field == "we_did"));
    });
}

#[test]
fn the_second_editor_of_a_theme_learns_of_the_first() {
    each_database(|db| {
        let olive = officer(db, "Olive");
        let id = theme(db, &olive);
        step(db, &olive, &id, ask()).unwrap();
        let late = db.write(&olive, |ctx| work(ctx, &id, 1, ask()));
        assert!(matches!(late, Err(Failure::ChangedMeanwhile)));
    });
}

#[test]
fn a_case_is_under_a_theme_once_and_can_be_taken_out() {
    each_database(|db| {
        let olive = officer(db, "Olive");
        let (id, case) = (theme(db, &olive), supported(db, &olive, "K1"));
        let add = || {
            db.write(&olive, |ctx| {
                add_case(ctx, &id, &case, "They asked me twice")
            })
        };
        add().unwrap();
        assert!(refusal(add()).contains("already"));
        let [member] = members(db, &id).try_into().unwrap();
        assert!(member.open);
        db.write(&olive, |ctx| take_out(ctx, &id, &member.id))
            .unwrap();
        assert!(members(db, &id).is_empty());
        let again = db.write(&olive, |ctx| take_out(ctx, &id, &member.id));
        assert!(refusal(again).contains("not under this theme"));
        let kept = db
            .read(&PROGRAM, |ctx| {
                themes::store::of_young_person(ctx, &member.young_person)
            })
            .unwrap();
        assert_eq!(kept[0].taken_out_on, Some(day("2022-04-04")));
        add().unwrap();
        assert!(is_noted(db, "theme_case_taken_out"));
    });
}

#[test]
fn managers_read_themes_and_numbers_and_see_no_case() {
    each_database(|db| {
        let olive = officer(db, "Olive");
        let maria = user(db, Role::Manager, "Maria");
        let (id, case) = (theme(db, &olive), supported(db, &olive, "K1"));
        db.write(&olive, |ctx| add_case(ctx, &id, &case, ""))
            .unwrap();
        let seen = |by: &Actor| {
            db.read(by, |ctx| {
                themes::actions::open(ctx, &id, Permission::SeeThemes)?;
                let all = themes::store::members(ctx, &id)?;
                Ok((all.len(), visible(ctx, all)?.len()))
            })
        };
        assert_eq!(seen(&olive).unwrap(), (1, 1));
        assert_eq!(seen(&maria).unwrap(), (1, 0));
        let auditor = user(db, Role::Auditor, "Ada");
        assert!(matches!(seen(&auditor), Err(Failure::NotFound)));
        let begun = db.write(&maria, |ctx| begin(ctx, "Mine", "Mine"));
        assert!(matches!(begun, Err(Failure::NotFound)));
    });
}

// Outcomes

fn noted(tag: &str, on: &str) -> Noted {
    Noted {
        tag: tag.to_owned(),
        seen_on: day(on),
        said_by: SaidBy::YoungPerson,
        note: None,
    }
}

fn note(db: &Db, by: &Actor, case: &CaseId, tag: &str, on: &str) -> Result<OutcomeId, Failure> {
    db.write(by, |ctx| {
        outcomes::actions::note(ctx, case, &noted(tag, on))
    })
}

fn tags(db: &Db, case: &CaseId) -> Vec<String> {
    let all = db.read(&PROGRAM, |ctx| outcomes::store::of_case(ctx, case));
    all.unwrap().into_iter().map(|it| it.noted.tag).collect()
}

#[test]
fn outcomes_are_noted_along_the_way_and_counted() {
    each_database(|db| {
        let olive = officer(db, "Olive");
        let case = supported(db, &olive, "K1");
        note(db, &olive, &case, "increased_voice", "2022-04-04").unwrap();
        let refused = |tag, on| refusal(note(db, &olive, &case, tag, on));
        assert!(refused("increased_voice", "2022-04-05").contains("in the past"));
        assert!(refused("increased_voice", "2022-04-03").contains("the case opened"));
        assert!(refused("happiness", "2022-04-04").contains("from the list"));
        let maria = user(db, Role::Manager, "Maria");
        let by_manager = note(db, &maria, &case, "increased_voice", "2022-04-04");
        assert!(matches!(by_manager, Err(Failure::NotFound)));
        let period = Period::financial_year(2022);
        let counts = db.read(&PROGRAM, |ctx| outcomes::store::counts(ctx, period, None));
        assert_eq!(counts.unwrap(), [("increased_voice".to_owned(), 1)]);
    });
}

#[test]
fn an_outcome_is_mended_with_its_history_and_taken_off_the_record() {
    each_database(|db| {
        let olive = officer(db, "Olive");
        let case = supported(db, &olive, "K1");
        let id = note(db, &olive, &case, "increased_voice", "2022-04-04").unwrap();
        let mend = |version| {
            db.write(&olive, |ctx| {
                let next = noted("social_skills", "2022-04-04");
                outcomes::actions::mend(ctx, &id, version, &next)
            })
        };
        mend(1).unwrap();
        assert!(matches!(mend(1), Err(Failure::ChangedMeanwhile)));
        assert_eq!(tags(db, &case), ["social_skills"]);
        let changes = db.read(&PROGRAM, |ctx| {
            history::store::of(ctx, outcomes::actions::HISTORY, id.as_str())
        });
        assert_eq!(
            changes.unwrap()[0].before.as_deref(),
            Some("Increased voice")
        );
        db.write(&olive, |ctx| outcomes::actions::remove(ctx, &id, 2))
            .unwrap();
        assert!(tags(db, &case).is_empty());
        let again = db.write(&olive, |ctx| outcomes::actions::remove(ctx, &id, 3));
        assert!(refusal(again).contains("already"));
    });
}

#[test]
fn outcomes_at_closing_are_kept_with_it_or_not_at_all() {
    each_database(|db| {
        let olive = officer(db, "Olive");
        let id = supported(db, &olive, "K1");
        let close = |tag: &str| {
            let closing = heard::cases::Closing {
                on: day("2022-04-04"),
                reason: Some("plan_ended".to_owned()),
                note: None,
            };
            let (tags, version) = ([tag.to_owned()], case(db, &id).version);
            db.write(&olive, |ctx| {
                heard::cases::actions::close(ctx, &id, version, &closing)?;
                let by = SaidBy::Officer;
                outcomes::actions::note_at_closing(ctx, &id, &tags, closing.on, by)
            })
        };
        refusal(close("happiness"));
        assert!(case(db, &id).open_spell().is_some());
        close("increased_safety").unwrap();
        assert!(case(db, &id).open_spell().is_none());
        assert_eq!(tags(db, &id), ["increased_safety"]);
    });
}

// Lists

fn labels(db: &Db, list: &str) -> Vec<String> {
    let entries = db.read(&PROGRAM, |ctx| lists::store::entries(ctx, list));
    entries.unwrap().into_iter().map(|it| it.label).collect()
}

#[test]
fn a_list_is_kept_by_the_senior_officer() {
    each_database(|db| {
        let samira = senior(db);
        let list = lists::OUTCOMES;
        let code = db
            .write(&samira, |ctx| {
                lists::actions::add(ctx, list, "A place at college")
            })
            .unwrap();
        assert_eq!(code, "a_place_at_college");
        let again = db.write(&samira, |ctx| {
            lists::actions::add(ctx, list, "a place at College")
        });
        assert!(refusal(again).contains("already"));
        let rename = |version| {
            db.write(&samira, |ctx| {
                lists::actions::rename(ctx, list, &code, version, "Learning")
            })
        };
        rename(1).unwrap();
        assert!(matches!(rename(1), Err(Failure::ChangedMeanwhile)));
        db.write(&samira, |ctx| {
            lists::actions::move_entry(ctx, list, &code, Direction::Up)
        })
        .unwrap();
        let now = labels(db, list);
        assert_eq!(now.len(), 10);
        assert_eq!(now[8], "Learning");
        let subject = lists::actions::subject(list, &code);
        let changes = db.read(&PROGRAM, |ctx| {
            history::store::of_common(ctx, lists::actions::HISTORY, &subject)
        });
        assert_eq!(
            changes.unwrap()[0].before.as_deref(),
            Some("A place at college")
        );
        let olive = officer(db, "Olive");
        let by_officer = db.write(&olive, |ctx| lists::actions::add(ctx, list, "Mine"));
        assert!(matches!(by_officer, Err(Failure::NotFound)));
        assert!(is_noted(db, "list_entry_renamed"));
    });
}

#[test]
fn a_retired_entry_is_offered_no_more_and_old_records_keep_it() {
    each_database(|db| {
        let (olive, samira) = (officer(db, "Olive"), senior(db));
        let case = supported(db, &olive, "K1");
        let id = note(db, &olive, &case, "social_skills", "2022-04-04").unwrap();
        let change = |back: bool| {
            db.write(&samira, |ctx| match back {
                false => lists::actions::retire(ctx, lists::OUTCOMES, "social_skills"),
                true => lists::actions::bring_back(ctx, lists::OUTCOMES, "social_skills"),
            })
        };
        change(false).unwrap();
        refusal(note(db, &olive, &case, "social_skills", "2022-04-04"));
        assert_eq!(tags(db, &case), ["social_skills"]);
        // What has it keeps it when something else about it is mended.
        let mut next = noted("social_skills", "2022-04-04");
        next.said_by = SaidBy::Officer;
        db.write(&olive, |ctx| outcomes::actions::mend(ctx, &id, 1, &next))
            .unwrap();
        change(true).unwrap();
        note(db, &olive, &case, "social_skills", "2022-04-04").unwrap();
    });
}

// Case studies

fn text(worries: &str) -> Text {
    Text {
        title: "Being heard".to_owned(),
        initials: "A".to_owned(),
        age: "11_to_12".to_owned(),
        worries: worries.to_owned(),
        worked_well: "They spoke first.".to_owned(),
        outcome: "They feel heard.".to_owned(),
    }
}

fn study(db: &Db, id: &CaseStudyId) -> case_studies::CaseStudy {
    db.read(&PROGRAM, |ctx| case_studies::store::find(ctx, id))
        .unwrap()
        .unwrap()
}

fn look(db: &Db, by: &Actor, id: &CaseStudyId) -> Result<bool, Failure> {
    let version = study(db, id).version;
    db.write(by, |ctx| {
        case_studies::actions::look_at(ctx, id, version, &[], FEW)
    })
}

fn consent(db: &Db, by: &Actor, id: &CaseStudyId, purpose: Purpose) -> Result<(), Failure> {
    let version = study(db, id).version;
    let consent = Consent {
        by: ConsentBy::YoungPerson,
        how: "They read it and said yes".to_owned(),
        purpose,
        on: day("2022-04-04"),
        withdrawn_on: None,
    };
    db.write(by, |ctx| {
        case_studies::actions::record_consent(ctx, id, version, &consent)
    })
}

fn publish(db: &Db, by: &Actor, id: &CaseStudyId) -> Result<(), Failure> {
    let version = study(db, id).version;
    db.write(by, |ctx| {
        case_studies::actions::publish(ctx, id, version, FEW)
    })
}

fn published(db: &Db) -> usize {
    let year = Period::financial_year(2022);
    let texts = db.read(&PROGRAM, |ctx| case_studies::store::published(ctx, year));
    texts.unwrap().len()
}

/// A case study that is written, with what its text says of the worries.
fn written(db: &Db, by: &Actor, worries: &str) -> CaseStudyId {
    let case = supported(db, by, "K1");
    db.write(by, |ctx| {
        case_studies::actions::write(ctx, &case, &text(worries))
    })
    .unwrap()
}

#[test]
fn a_case_study_with_a_name_in_it_is_not_published() {
    each_database(|db| {
        let (olive, samira) = (officer(db, "Olive"), senior(db));
        let first = "K1".bytes().map(|byte| char::from(b'a' + byte % 26));
        let name = format!("F{}", first.collect::<String>());
        let id = written(db, &olive, &format!("They call me {name} there."));
        let found = db
            .read(&olive, |ctx| {
                let opened = case_studies::actions::open(ctx, &id, Permission::SeeRecord)?;
                case_studies::actions::findings(ctx, &opened, FEW)
            })
            .unwrap();
        assert_eq!(
            (found[0].kind, found[0].words.as_str()),
            (Kind::Name, name.as_str())
        );
        assert!(!look(db, &olive, &id).unwrap());
        consent(db, &olive, &id, Purpose::AnnualReport).unwrap();
        assert!(refusal(publish(db, &samira, &id)).contains("Check"));
        let version = study(db, &id).version;
        db.write(&olive, |ctx| {
            case_studies::actions::edit(ctx, &id, version, &text("They were not asked."))
        })
        .unwrap();
        assert!(look(db, &olive, &id).unwrap());
        publish(db, &samira, &id).unwrap();
        assert_eq!(published(db), 1);
    });
}

#[test]
fn a_relation_on_record_is_a_name_that_has_to_go() {
    each_database(|db| {
        let olive = officer(db, "Olive");
        let id = written(db, &olive, "Their aunt Perpetua came along.");
        let about = study(db, &id).young_person;
        let said = Said {
            kind: RelationKind::AuntOrUncle,
            name: None,
            phone: None,
            email: None,
            parental_responsibility: false,
            note: None,
            in_error: false,
        };
        let kinds = || {
            db.read(&olive, |ctx| {
                let opened = case_studies::actions::open(ctx, &id, Permission::SeeRecord)?;
                case_studies::actions::findings(ctx, &opened, FEW)
            })
            .unwrap()
            .into_iter()
            .map(|it| it.kind)
            .collect::<Vec<_>>()
        };
        assert_eq!(kinds(), [Kind::Capital]);
        let who = Who::ByName("Perpetua Quayle".to_owned());
        db.write(&olive, |ctx| {
            relations::actions::add(ctx, &about, &who, &said)
        })
        .unwrap();
        assert_eq!(kinds(), [Kind::Name]);
    });
}

#[test]
fn what_is_to_be_looked_at_needs_a_reason() {
    each_database(|db| {
        let olive = officer(db, "Olive");
        let id = written(db, &olive, "They moved to Oakham last year.");
        assert!(!look(db, &olive, &id).unwrap());
        let key = "capital:worries:oakham".to_owned();
        let reasons = |key: &str| [(key.to_owned(), "It is invented".to_owned())];
        let say = |reasons: [(String, String); 1]| {
            let version = study(db, &id).version;
            db.write(&olive, |ctx| {
                case_studies::actions::look_at(ctx, &id, version, &reasons, FEW)
            })
        };
        assert!(matches!(
            say(reasons("name:title:x")),
            Err(Failure::ChangedMeanwhile)
        ));
        assert!(say(reasons(&key)).unwrap());
        assert_eq!(study(db, &id).state, State::Checked);
    });
}

#[test]
fn a_case_study_is_published_by_a_senior_officer_with_consent() {
    each_database(|db| {
        let (olive, samira) = (officer(db, "Olive"), senior(db));
        let id = written(db, &olive, "They were not asked.");
        look(db, &olive, &id).unwrap();
        assert!(refusal(publish(db, &samira, &id)).contains("consent"));
        consent(db, &olive, &id, Purpose::Training).unwrap();
        assert!(refusal(publish(db, &samira, &id)).contains("training only"));
        consent(db, &olive, &id, Purpose::AnnualReport).unwrap();
        assert!(matches!(publish(db, &olive, &id), Err(Failure::NotFound)));
        publish(db, &samira, &id).unwrap();
        assert!(is_noted(db, "case_study_published"));
        let version = study(db, &id).version;
        let edited = db.write(&olive, |ctx| {
            case_studies::actions::edit(ctx, &id, version, &text("Other words."))
        });
        assert!(refusal(edited).contains("Withdraw it"));
    });
}

#[test]
fn withdrawing_the_consent_unpublishes_at_once() {
    each_database(|db| {
        let (olive, samira) = (officer(db, "Olive"), senior(db));
        let id = written(db, &olive, "They were not asked.");
        look(db, &olive, &id).unwrap();
        consent(db, &olive, &id, Purpose::AnnualReport).unwrap();
        publish(db, &samira, &id).unwrap();
        let withdraw = |on| {
            let version = study(db, &id).version;
            db.write(&olive, |ctx| {
                case_studies::actions::withdraw_consent(ctx, &id, version, day(on))
            })
        };
        assert!(refusal(withdraw("2022-04-03")).contains("the day of the consent"));
        assert_eq!(published(db), 1);
        withdraw("2022-04-04").unwrap();
        assert_eq!(published(db), 0);
        assert_eq!(study(db, &id).state, State::Withdrawn);
        assert!(refusal(withdraw("2022-04-04")).contains("no consent"));
    });
}

#[test]
fn a_withdrawn_case_study_stays_out_of_the_report() {
    each_database(|db| {
        let (olive, samira) = (officer(db, "Olive"), senior(db));
        let id = written(db, &olive, "They were not asked.");
        look(db, &olive, &id).unwrap();
        consent(db, &olive, &id, Purpose::AnnualReport).unwrap();
        publish(db, &samira, &id).unwrap();
        let withdraw = |why: &str| {
            let version = study(db, &id).version;
            db.write(&samira, |ctx| {
                case_studies::actions::withdraw(ctx, &id, version, why)
            })
        };
        assert!(refusal(withdraw("")).contains("Say why"));
        withdraw("Somebody knew them").unwrap();
        assert_eq!(published(db), 0);
        assert!(refusal(publish(db, &samira, &id)).contains("withdrawn"));
    });
}
