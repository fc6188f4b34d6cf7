//! What is done in the stories of the demonstration, in the codes that forms use. Each goes through
//! the same deed that a page would use, so that nothing is there that could not be.

use chrono::NaiveDate;
use serde::Deserialize;

use super::today::{Told, officer};
use crate::cases::{self, outcomes};
use crate::ctx::Ctx;
use crate::failure::Failure;
use crate::ids::{AbsenceId, AttemptId, CaseId, YoungPersonId};
use crate::referrals::{
    self, Answer, Attempt, LegalStatus, Method, Offer, ParentPermission, Received, Remit, Source,
    Stream, WithWhom,
};
use crate::text::Name;
use crate::young_people::{
    self, Described, Details, SourceRef, Stretch, homes, legal, relations, warnings,
};
use crate::{complaints, contacts, issues, meetings, restrictions, team, themes};

/// One thing that was done.
#[derive(Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub(super) enum Deed {
    /// Somebody asks for an officer: the story of a child looked after begins so.
    Asked(Asked),
    Attempt {
        on: NaiveDate,
        how: String,
        with: String,
        reached: bool,
        note: String,
    },
    /// A parent allows it; the young person is still to be asked.
    Permission {
        on: NaiveDate,
    },
    /// The young person says yes themselves, and the case opens.
    Accepted {
        on: NaiveDate,
    },
    Contact(Contact),
    Issue(Issue),
    Complaint(Complaint),
    MeetingPlanned {
        kind: String,
        on: NaiveDate,
        at: String,
        place: String,
    },
    MeetingHeld {
        kind: String,
        on: NaiveDate,
        heard: String,
        views: Vec<String>,
        #[serde(default)]
        explained_on: Option<NaiveDate>,
        #[serde(default)]
        not_there: Option<String>,
        #[serde(default)]
        own_words: Option<String>,
    },
    LegalStatus {
        from: NaiveDate,
        basis: String,
    },
    Flag {
        from: NaiveDate,
        flag: String,
    },
    Home {
        from: NaiveDate,
        kind: String,
        provider: String,
        address: String,
        out_of_county: bool,
        confidential: bool,
    },
    Warning {
        kind: String,
        words: String,
        review_on: NaiveDate,
    },
    Relation {
        kind: String,
        name: String,
        parental_responsibility: bool,
    },
    Outcome {
        on: NaiveDate,
        tag: String,
        said_by: String,
        note: String,
    },
    Closed {
        on: NaiveDate,
        reason: String,
        note: String,
    },
    /// What only a senior officer does, about young people by their references.
    Theme(Theme),
    Opposed {
        one: String,
        other: String,
        said: String,
    },
    RecordClosed {
        child: String,
        to: String,
        kind: String,
        reason: String,
    },
    Hours {
        officer: String,
        from: NaiveDate,
        percent: i32,
    },
    Absence {
        officer: String,
        from: NaiveDate,
        to: NaiveDate,
        covered_by: String,
    },
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Asked {
    on: NaiveDate,
    first_name: String,
    last_name: String,
    born: NaiveDate,
    gender: String,
    ethnicity: String,
    source: String,
    legal_status: String,
    reason: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Contact {
    on: NaiveDate,
    how: String,
    with: String,
    #[serde(default)]
    missed: bool,
    #[serde(default)]
    minutes: Option<i32>,
    note: String,
    #[serde(default)]
    own_words: Option<String>,
    /// Others it was about, by their references, each with their own words.
    #[serde(default)]
    also: Vec<(String, String)>,
    #[serde(default)]
    follow_up: Option<(NaiveDate, String)>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Issue {
    on: NaiveDate,
    topics: Vec<String>,
    wish: String,
    #[serde(default)]
    basis: Option<String>,
    /// Name, role and day of whoever was asked.
    #[serde(default)]
    asked: Option<(String, String, NaiveDate)>,
    #[serde(default)]
    voice: Option<String>,
    /// Day, result, how.
    #[serde(default)]
    closed: Option<(NaiveDate, String, String)>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Complaint {
    on: NaiveDate,
    #[serde(default)]
    procedure: Option<String>,
    about: String,
    against: String,
    #[serde(default)]
    steps: Vec<Step>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Step {
    step: String,
    on: NaiveDate,
    #[serde(default)]
    outcome: Option<String>,
    #[serde(default)]
    who: Option<String>,
    #[serde(default)]
    note: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Theme {
    title: String,
    they_say: String,
    cases: Vec<(String, String)>,
    /// What is asked, and of whom.
    #[serde(default)]
    ask: Option<(String, String)>,
    #[serde(default)]
    answer: Option<String>,
    #[serde(default)]
    told: Option<(String, String)>,
}

/// Plays a deed of one young person's story.
pub(super) fn play(
    ctx: &mut Ctx<'_>,
    told: Option<Told>,
    deed: &Deed,
    source: &SourceRef,
) -> Result<Told, Failure> {
    if let Deed::Asked(asked) = deed {
        return ask(ctx, asked, source);
    }
    let told = told.ok_or(Failure::NotFound)?;
    offer(ctx, &told, deed)?;
    case_work(ctx, &told, deed, source)?;
    about_them(ctx, &told.person, deed)?;
    Ok(told)
}

fn ask(ctx: &mut Ctx<'_>, asked: &Asked, source: &SourceRef) -> Result<Told, Failure> {
    let described = Described {
        first_name: Name::parse(&asked.first_name).map_err(Failure::refused)?,
        last_name: Name::parse(&asked.last_name).map_err(Failure::refused)?,
        date_of_birth: Some(asked.born),
        details: Details {
            gender: Some(asked.gender.clone()),
            ethnicity: Some(asked.ethnicity.clone()),
            ..Details::default()
        },
        contact_warning: None,
    };
    let person = young_people::actions::add(ctx, &described, Some(source))?;
    let received = Received {
        stream: Stream::Care,
        source: code(Source::from_code, &asked.source)?,
        received_on: asked.on,
        remit: Remit::InRemit,
        legal_status: Some(code(LegalStatus::from_code, &asked.legal_status)?),
        reason: Some(asked.reason.clone()),
    };
    let whom = referrals::actions::Whom::OnRecord(person.clone());
    let referral = referrals::actions::receive_request(ctx, &whom, &received)?;
    Ok(Told { person, referral })
}

/// From the referral to its answer.
fn offer(ctx: &mut Ctx<'_>, told: &Told, deed: &Deed) -> Result<(), Failure> {
    match deed {
        Deed::Attempt {
            on,
            how,
            with,
            reached,
            note,
        } => {
            let attempt = Attempt {
                id: AttemptId::random(),
                made_on: *on,
                method: code(Method::from_code, how)?,
                with_whom: code(WithWhom::from_code, with)?,
                reached: *reached,
                note: note.clone(),
                made_by: String::new(),
            };
            referrals::actions::log_attempt(ctx, &told.referral, &attempt)
        }
        Deed::Permission { on } => {
            let offer = Offer {
                parent_contacted_on: Some(*on),
                permission: Some((ParentPermission::Given, *on)),
                ..Offer::default()
            };
            let version = version(ctx, told)?;
            referrals::actions::record_offer(ctx, &told.referral, version, &offer)
        }
        Deed::Accepted { on } => {
            let acceptance = cases::actions::Acceptance {
                opened_on: *on,
                officer: ctx.actor.user_id().cloned().ok_or(Failure::NotFound)?,
                offer: Some(Offer {
                    young_person_asked_on: Some(*on),
                    answer: Some((Answer::Yes, *on)),
                    ..Offer::default()
                }),
            };
            let version = version(ctx, told)?;
            cases::actions::accept_referral(ctx, &told.referral, version, &acceptance)?;
            Ok(())
        }
        _ => Ok(()),
    }
}

/// What is done in the case.
fn case_work(
    ctx: &mut Ctx<'_>,
    told: &Told,
    deed: &Deed,
    source: &SourceRef,
) -> Result<(), Failure> {
    match deed {
        Deed::Contact(contact) => log(ctx, told, contact, source),
        Deed::Issue(issue) => advocate(ctx, told, issue),
        Deed::Complaint(complaint) => complain(ctx, told, complaint),
        Deed::MeetingPlanned {
            kind,
            on,
            at,
            place,
        } => {
            let what = meetings::What {
                kind: kind.clone(),
                on: *on,
                starts_at: Some(at.clone()),
                place: Some(place.clone()),
                online: false,
            };
            meetings::actions::plan(ctx, &what, std::slice::from_ref(&told.referral))?;
            Ok(())
        }
        Deed::MeetingHeld {
            kind,
            on,
            heard,
            views,
            explained_on,
            not_there,
            own_words,
        } => {
            let heard = code(meetings::Heard::from_code, heard)?;
            let views = views
                .iter()
                .map(|view| code(meetings::Views::from_code, view))
                .collect::<Result<_, _>>()?;
            let what = meetings::What {
                kind: kind.clone(),
                on: *on,
                starts_at: None,
                place: None,
                online: false,
            };
            let child = meetings::actions::Child {
                referral: told.referral.clone(),
                conference_child: None,
                said: meetings::Said {
                    attendance: heard.attendance(),
                    spoke: Some(heard.spoke()),
                    views,
                    online: false,
                    seen_before_on: None,
                    explained_on: *explained_on,
                    not_there_reason: not_there.clone(),
                    own_words: own_words.clone(),
                    note: None,
                },
            };
            meetings::actions::record_held(ctx, &what, &[child])?;
            Ok(())
        }
        Deed::Outcome {
            on,
            tag,
            said_by,
            note,
        } => {
            let case = case_of(ctx, told)?;
            let noted = outcomes::Noted {
                tag: tag.clone(),
                seen_on: *on,
                said_by: code(outcomes::SaidBy::from_code, said_by)?,
                note: Some(note.clone()),
            };
            outcomes::actions::note(ctx, &case, &noted)?;
            Ok(())
        }
        Deed::Closed { on, reason, note } => {
            let case = case_of(ctx, told)?;
            let version = cases::store::find(ctx, &case)?
                .ok_or(Failure::NotFound)?
                .version;
            let closing = cases::Closing {
                on: *on,
                reason: Some(reason.clone()),
                note: Some(note.clone()),
            };
            cases::actions::close(ctx, &case, version, &closing)
        }
        _ => Ok(()),
    }
}

fn log(
    ctx: &mut Ctx<'_>,
    told: &Told,
    contact: &Contact,
    source: &SourceRef,
) -> Result<(), Failure> {
    let words = |own: Option<&String>| contacts::Words {
        note: None,
        own: own.cloned(),
    };
    let mut people = vec![(case_of(ctx, told)?, words(contact.own_words.as_ref()))];
    for (child, own) in &contact.also {
        let other = by_reference(ctx, child, &source.source)?;
        people.push((case_of(ctx, &other)?, words(Some(own))));
    }
    let new = contacts::NewContact {
        told: contacts::Told {
            method: code(Method::from_code, &contact.how)?,
            made: !contact.missed,
            made_on: contact.on,
            with_whom: code(contacts::WithWhom::from_code, &contact.with)?,
            with_name: None,
            minutes: contact.minutes,
            note: Some(contact.note.clone()),
        },
        people,
        letter_confirmed: true,
        follow_up: contact
            .follow_up
            .clone()
            .map(|(on, what)| contacts::FollowUp { on, what }),
    };
    contacts::actions::log(ctx, &new)?;
    Ok(())
}

fn advocate(ctx: &mut Ctx<'_>, told: &Told, issue: &Issue) -> Result<(), Failure> {
    let case = case_of(ctx, told)?;
    let matter = issues::Matter {
        topics: issue.topics.clone(),
        wish: issue.wish.clone(),
        basis: issue.basis.clone(),
    };
    let id = issues::actions::open(ctx, &case, &matter, issue.on)?;
    if let Some((name, role, on)) = &issue.asked {
        let asked = issues::Asked {
            name: Some(name.clone()),
            role: Some(role.clone()),
            asked_on: Some(*on),
            voice: issue.voice.clone(),
            ..issues::Asked::default()
        };
        issues::actions::record_asking(ctx, &id, 1, &asked)?;
    }
    if let Some((on, outcome, how)) = &issue.closed {
        let version = issues::store::find(ctx, &id)?
            .ok_or(Failure::NotFound)?
            .version;
        let closing = issues::Closing {
            on: *on,
            outcome: code(issues::Outcome::from_code, outcome)?,
            how: Some(code(issues::How::from_code, how)?),
            note: None,
        };
        issues::actions::close(ctx, &id, version, &closing)?;
    }
    Ok(())
}

fn complain(ctx: &mut Ctx<'_>, told: &Told, complaint: &Complaint) -> Result<(), Failure> {
    let case = case_of(ctx, told)?;
    let new = complaints::actions::New {
        follows: complaint
            .procedure
            .as_ref()
            .map(|procedure| code(complaints::Procedure::from_code, procedure))
            .transpose()?,
        received_on: complaint.on,
        details: complaints::Details {
            about: Some(complaint.about.clone()),
            complained_about: Some(complaint.against.clone()),
            advocate: Some(true),
            ..complaints::Details::default()
        },
    };
    let id = complaints::actions::record(ctx, &case, &new)?;
    for step in &complaint.steps {
        let version = complaints::store::find(ctx, &id)?
            .ok_or(Failure::NotFound)?
            .version;
        let told = complaints::actions::Told {
            step: code(complaints::Step::from_code, &step.step)?,
            on: step.on,
            outcome: step
                .outcome
                .as_ref()
                .map(|outcome| code(complaints::Outcome::from_code, outcome))
                .transpose()?,
            who: step.who.clone(),
            note: step.note.clone(),
        };
        complaints::actions::keep_step(ctx, &id, version, &told)?;
    }
    Ok(())
}

/// What is known about the young person themselves.
fn about_them(ctx: &mut Ctx<'_>, person: &YoungPersonId, deed: &Deed) -> Result<(), Failure> {
    let since = |from: NaiveDate| Stretch { from, to: None };
    match deed {
        Deed::LegalStatus { from, basis } => {
            let start = legal::Start {
                basis: code(legal::Basis::from_code, basis)?,
                from: *from,
            };
            let version = legal::actions::version_of(&legal::store::history(ctx, person)?);
            legal::actions::start(ctx, person, version, start, None)?;
        }
        Deed::Flag { from, flag } => {
            let words = legal::FlagWords {
                flag: code(legal::Flag::from_code, flag)?,
                stretch: since(*from),
                note: None,
                in_error: false,
            };
            legal::actions::set_flag(ctx, person, &words)?;
        }
        Deed::Home {
            from,
            kind,
            provider,
            address,
            out_of_county,
            confidential,
        } => {
            let said = homes::Said {
                kind: code(homes::Kind::from_code, kind)?,
                confidential: *confidential,
                out_of_county: *out_of_county,
                stretch: since(*from),
                in_error: false,
            };
            let place = homes::Place {
                provider: Some(provider.clone()),
                address: Some(address.clone()),
            };
            homes::actions::add(ctx, person, &said, &place)?;
        }
        Deed::Warning {
            kind,
            words,
            review_on,
        } => {
            let said = warnings::Said {
                kind: code(warnings::Kind::from_code, kind)?,
                words: words.clone(),
                review_on: *review_on,
            };
            warnings::actions::set(ctx, person, &said)?;
        }
        Deed::Relation {
            kind,
            name,
            parental_responsibility,
        } => {
            let said = relations::Said {
                kind: code(relations::Kind::from_code, kind)?,
                name: Some(name.clone()),
                phone: None,
                email: None,
                parental_responsibility: *parental_responsibility,
                note: None,
                in_error: false,
            };
            let who = relations::Who::ByName(name.clone());
            relations::actions::add(ctx, person, &who, &said)?;
        }
        _ => {}
    }
    Ok(())
}

/// Plays what a senior officer does, about young people named by their references.
pub(super) fn play_for_all(ctx: &mut Ctx<'_>, deed: &Deed, source: &str) -> Result<(), Failure> {
    match deed {
        Deed::Theme(theme) => gather(ctx, theme, source),
        Deed::Opposed { one, other, said } => {
            let one = by_reference(ctx, one, source)?.person;
            let other = by_reference(ctx, other, source)?.person;
            team::actions::oppose(ctx, &one, &other, said)
        }
        Deed::RecordClosed {
            child,
            to,
            kind,
            reason,
        } => {
            let person = by_reference(ctx, child, source)?.person;
            let closing = restrictions::Closing {
                user: user(ctx, to)?,
                kind: code(restrictions::Kind::from_code, kind)?,
                reason: reason.clone(),
            };
            restrictions::actions::close(ctx, &person, &closing, 90)?;
            Ok(())
        }
        Deed::Hours {
            officer,
            from,
            percent,
        } => {
            let hours = team::Hours {
                percent: *percent,
                capacity: None,
            };
            let officer = user(ctx, officer)?;
            team::actions::set_hours(ctx, &officer, *from, hours)
        }
        Deed::Absence {
            officer,
            from,
            to,
            covered_by,
        } => {
            let absence = team::Absence {
                id: AbsenceId::random(),
                officer: user(ctx, officer)?,
                from: *from,
                to: *to,
                covered_by: Some(user(ctx, covered_by)?),
                exceptions: Vec::new(),
                version: 1,
            };
            let knowing = team::Knowing {
                known: true,
                why: "It is only for some days.".to_owned(),
            };
            team::actions::record_absence(ctx, &absence, &knowing)
        }
        _ => Err(Failure::refused(
            "the stories ask the senior officer for another's deed",
        )),
    }
}

fn gather(ctx: &mut Ctx<'_>, theme: &Theme, source: &str) -> Result<(), Failure> {
    use themes::actions::Deed as Step;
    let today = ctx.today;
    let id = themes::actions::begin(ctx, &theme.title, &theme.they_say)?;
    for (child, said) in &theme.cases {
        let told = by_reference(ctx, child, source)?;
        let case = case_of(ctx, &told)?;
        themes::actions::add_case(ctx, &id, &case, said)?;
    }
    let ask = theme.ask.as_ref().map(|(words, whom)| {
        Step::Ask(themes::Ask {
            words: words.clone(),
            whom: whom.clone(),
            on: today,
        })
    });
    let answer = theme.answer.as_ref().map(|words| {
        Step::Answer(themes::TheirAnswer {
            words: words.clone(),
            on: today,
        })
    });
    let told = theme.told.as_ref().map(|(you_said, we_did)| {
        Step::Tell(themes::Telling {
            you_said: you_said.clone(),
            we_did: we_did.clone(),
            on: today,
        })
    });
    for step in [ask, answer, told].into_iter().flatten() {
        let version = themes::store::find(ctx, &id)?
            .ok_or(Failure::NotFound)?
            .version;
        themes::actions::work(ctx, &id, version, step)?;
    }
    Ok(())
}

fn user(ctx: &mut Ctx<'_>, email: &str) -> Result<crate::ids::UserId, Failure> {
    let found = officer(ctx, email)?;
    found.user_id().cloned().ok_or(Failure::NotFound)
}

fn by_reference(ctx: &mut Ctx<'_>, child: &str, source: &str) -> Result<Told, Failure> {
    let source = SourceRef {
        source: source.to_owned(),
        reference: child.to_owned(),
    };
    let person = young_people::store::by_ref(ctx, &source)?.ok_or(Failure::NotFound)?;
    let referral = referrals::store::of_young_person(ctx, &person.id)?
        .into_iter()
        .next()
        .ok_or(Failure::NotFound)?;
    Ok(Told {
        person: person.id,
        referral: referral.id,
    })
}

fn case_of(ctx: &mut Ctx<'_>, told: &Told) -> Result<CaseId, Failure> {
    let case = cases::store::by_referral(ctx, &told.referral)?;
    case.map(|case| case.id).ok_or(Failure::NotFound)
}

fn version(ctx: &mut Ctx<'_>, told: &Told) -> Result<i32, Failure> {
    let referral = referrals::store::find(ctx, &told.referral)?.ok_or(Failure::NotFound)?;
    Ok(referral.version)
}

/// What a code means; one that no list has is a mistake in the stories.
pub(super) fn code<T>(read: impl Fn(&str) -> Option<T>, code: &str) -> Result<T, Failure> {
    read(code)
        .ok_or_else(|| Failure::refused(format!("the stories name {code}, which no list has")))
}
