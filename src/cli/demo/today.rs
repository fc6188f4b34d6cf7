//! What happens in the demonstration these days: the stories of seeds/today, played by the deeds
//! that officers do. A story is one piece of work, and is played once.

use chrono::{Days, NaiveDate};
use rust_embed::RustEmbed;
use serde::Deserialize;

use super::super::{ACTOR, House, Stop};
use super::days;
use crate::access::Actor;
use crate::cases::{self, Closing};
use crate::ctx::Ctx;
use crate::db::Db;
use crate::failure::{Failure, Fault};
use crate::ids::{AbsenceId, AttemptId, ReferralId, SessionId, UserId};
use crate::import::actions::{Run, import_conferences};
use crate::referrals::{
    self, Answer, Attempt, LegalStatus, Method, Offer, ParentPermission, Received, Remit, Source,
    Stream, WithWhom,
};
use crate::staff;
use crate::team::{self, Absence, Hours, Knowing};
use crate::text::Name;
use crate::young_people::{self, Described, Details, SourceRef};

/// The last day of the seeds' year, and the last day of the year after it.
const PAST: (NaiveDate, NaiveDate) = (
    NaiveDate::from_ymd_opt(2022, 3, 31).unwrap(),
    NaiveDate::from_ymd_opt(2023, 3, 31).unwrap(),
);

#[derive(RustEmbed)]
#[folder = "seeds/today"]
struct Files;

/// One young person's story, told by the officer who works with them.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Story {
    child: String,
    officer: String,
    deeds: Vec<Deed>,
}

/// One thing that was done, in the codes that forms use.
#[derive(Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
enum Deed {
    /// Somebody asks for an officer: the story of a child looked after begins so.
    Asked {
        on: NaiveDate,
        first_name: String,
        last_name: String,
        born: NaiveDate,
        gender: String,
        ethnicity: String,
        source: String,
        legal_status: String,
        reason: String,
    },
    Attempt {
        on: NaiveDate,
        how: String,
        with: String,
        reached: bool,
        note: String,
    },
    /// A parent allows it; the young person is still to be asked.
    Permission { on: NaiveDate },
    /// The young person says yes themselves, and the case opens.
    Accepted { on: NaiveDate },
}

/// Whose story it is, as far as it is told.
struct Told {
    referral: ReferralId,
}

pub(super) fn play(house: &House, db: &Db) -> Result<(), Stop> {
    let today = db.clock().today();
    db.write(&ACTOR, |ctx| settle_the_past(ctx))?;
    let settings = &house.settings.import;
    let schedule = file("schedule.csv", today)?;
    let bytes = schedule.as_bytes();
    let name = "schedule of these weeks";
    let report = import_conferences(db, &ACTOR, settings, name, bytes, Run::Keep, &|_, _| {})?;
    if report.rejected > 0 || report.review > 0 {
        return Err(Stop::Failed(format!(
            "The schedule of the demonstration did not come in whole: {:?}",
            report.problems
        )));
    }
    let stories: Vec<Story> =
        serde_json::from_str(&file("stories.json", today)?).map_err(|cause| {
            Fault::because("the stories of the demonstration cannot be read", &cause)
        })?;
    for story in stories {
        let who = db.read(&ACTOR, |ctx| officer(ctx, &story.officer))?;
        db.write(&who, |ctx| tell(ctx, &story, &settings.child_source))?;
    }
    let senior = db.read(&ACTOR, |ctx| officer(ctx, "priya.nair@heard.example"))?;
    db.write(&senior, |ctx| arrange_the_team(ctx, &settings.child_source))?;
    Ok(())
}

/// Part-time officers, somebody away with cover, and twins who want opposite things.
fn arrange_the_team(ctx: &mut Ctx<'_>, source: &str) -> Result<(), Failure> {
    if !team::store::hours(ctx)?.is_empty() {
        return Ok(());
    }
    let (today, first) = (ctx.today, ctx.today - Days::new(90));
    let id_of = |ctx: &mut Ctx<'_>, email: &str| -> Result<UserId, Failure> {
        let user = staff::store::by_email(ctx, email)?.ok_or(Failure::NotFound)?;
        Ok(user.id)
    };
    for (email, percent) in [
        ("ellen.whitcombe@heard.example", 80),
        ("siobhan.keating@heard.example", 60),
        ("tomasz.wilk@heard.example", 60),
    ] {
        let officer = id_of(ctx, email)?;
        let hours = Hours {
            percent,
            capacity: None,
        };
        team::actions::set_hours(ctx, &officer, first, hours)?;
    }
    let absence = Absence {
        id: AbsenceId::random(),
        officer: id_of(ctx, "siobhan.keating@heard.example")?,
        from: today - Days::new(1),
        to: today + Days::new(6),
        covered_by: Some(id_of(ctx, "ellen.whitcombe@heard.example")?),
        exceptions: Vec::new(),
        version: 1,
    };
    team::actions::record_absence(ctx, &absence, &Knowing::default())?;
    let mut twins = Vec::new();
    for child in ["TODAY-10", "TODAY-11"] {
        let source = SourceRef {
            source: source.to_owned(),
            reference: child.to_owned(),
        };
        let person = young_people::store::by_ref(ctx, &source)?.ok_or(Failure::NotFound)?;
        twins.push(person.id);
    }
    let [one, other] = twins.as_slice() else {
        return Err(Failure::NotFound);
    };
    let said = "Zara wants to stay where she is. Sami wants to go home.";
    team::actions::oppose(ctx, one, other, said)
}

/// The cases of the year 2021-22 that were open at its end closed in the year after it.
fn settle_the_past(ctx: &mut Ctx<'_>) -> Result<(), Failure> {
    const REASONS: [&str; 4] = [
        "issues_resolved",
        "plan_ended",
        "young_person_stopped",
        "moved_away",
    ];
    let open = cases::store::Filter {
        open: Some(true),
        limit: 1_000,
        ..cases::store::Filter::default()
    };
    let (lines, _) = cases::store::list(ctx, &open)?;
    let (year_after, last) = (PAST.0 + Days::new(30), PAST.1);
    for ((line, reason), spread) in lines
        .iter()
        .zip(REASONS.iter().cycle())
        .zip((0..).step_by(3))
    {
        let case = cases::store::find(ctx, &line.id)?.ok_or(Failure::NotFound)?;
        let Some(opened) = case.opened_on().filter(|opened| *opened < last) else {
            continue;
        };
        let meeting = cases::store::last_meeting(ctx, &case.referral)?;
        let on = (year_after + Days::new(spread % 300))
            .max(opened + Days::new(30))
            .max(meeting.unwrap_or(opened));
        let closing = Closing {
            on,
            reason: Some((*reason).to_owned()),
            note: None,
        };
        cases::actions::close(ctx, &case.id, case.version, &closing)?;
    }
    Ok(())
}

fn file(name: &str, today: NaiveDate) -> Result<String, Fault> {
    let lost = || Fault::new(format!("seeds/today/{name} is not in the program"));
    let file = Files::get(name).ok_or_else(lost)?;
    let text = std::str::from_utf8(&file.data).map_err(|_| lost())?;
    Ok(days::written_out(text, today))
}

fn officer(ctx: &mut Ctx<'_>, email: &str) -> Result<Actor, Failure> {
    let user = staff::store::by_email(ctx, email)?.ok_or(Failure::NotFound)?;
    Ok(Actor::User {
        id: user.id,
        name: user.name,
        role: user.role,
        session: SessionId::random(),
    })
}

fn tell(ctx: &mut Ctx<'_>, story: &Story, source: &str) -> Result<(), Failure> {
    let source = SourceRef {
        source: source.to_owned(),
        reference: story.child.clone(),
    };
    let mut told = match young_people::store::by_ref(ctx, &source)? {
        None => None,
        Some(person) => {
            let referrals = referrals::store::of_young_person(ctx, &person.id)?;
            let [referral] = referrals.as_slice() else {
                return Err(Failure::refused(format!("{} has no referral", story.child)));
            };
            let begun = referral.officer.is_some()
                || !referral.is_open()
                || referrals::store::count_attempts(ctx, &referral.id)? > 0;
            if begun {
                return Ok(());
            }
            Some(Told {
                referral: referral.id.clone(),
            })
        }
    };
    for deed in &story.deeds {
        told = Some(one(ctx, told, deed, &source)?);
    }
    Ok(())
}

fn one(
    ctx: &mut Ctx<'_>,
    told: Option<Told>,
    deed: &Deed,
    source: &SourceRef,
) -> Result<Told, Failure> {
    if let Deed::Asked { .. } = deed {
        return asked(ctx, deed, source);
    }
    let told = told.ok_or(Failure::NotFound)?;
    match deed {
        Deed::Asked { .. } => {}
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
                method: code(Method::from_code(how), how)?,
                with_whom: code(WithWhom::from_code(with), with)?,
                reached: *reached,
                note: note.clone(),
                made_by: String::new(),
            };
            referrals::actions::log_attempt(ctx, &told.referral, &attempt)?;
        }
        Deed::Permission { on } => {
            let offer = Offer {
                parent_contacted_on: Some(*on),
                permission: Some((ParentPermission::Given, *on)),
                ..Offer::default()
            };
            let version = version(ctx, &told)?;
            referrals::actions::record_offer(ctx, &told.referral, version, &offer)?;
        }
        Deed::Accepted { on } => {
            let officer = ctx.actor.user_id().cloned().ok_or(Failure::NotFound)?;
            let acceptance = cases::actions::Acceptance {
                opened_on: *on,
                officer,
                offer: Some(Offer {
                    young_person_asked_on: Some(*on),
                    answer: Some((Answer::Yes, *on)),
                    ..Offer::default()
                }),
            };
            let version = version(ctx, &told)?;
            cases::actions::accept_referral(ctx, &told.referral, version, &acceptance)?;
        }
    }
    Ok(told)
}

fn asked(ctx: &mut Ctx<'_>, deed: &Deed, source: &SourceRef) -> Result<Told, Failure> {
    let Deed::Asked {
        on,
        first_name,
        last_name,
        born,
        gender,
        ethnicity,
        source: from,
        legal_status,
        reason,
    } = deed
    else {
        return Err(Failure::NotFound);
    };
    let described = Described {
        first_name: Name::parse(first_name).map_err(Failure::refused)?,
        last_name: Name::parse(last_name).map_err(Failure::refused)?,
        date_of_birth: Some(*born),
        details: Details {
            gender: Some(gender.clone()),
            ethnicity: Some(ethnicity.clone()),
            ..Details::default()
        },
        contact_warning: None,
    };
    let person = young_people::actions::add(ctx, &described, Some(source))?;
    let received = Received {
        stream: Stream::Care,
        source: code(Source::from_code(from), from)?,
        received_on: *on,
        remit: Remit::InRemit,
        legal_status: Some(code(LegalStatus::from_code(legal_status), legal_status)?),
        reason: Some(reason.clone()),
    };
    let whom = referrals::actions::Whom::OnRecord(person);
    let referral = referrals::actions::receive_request(ctx, &whom, &received)?;
    Ok(Told { referral })
}

fn version(ctx: &mut Ctx<'_>, told: &Told) -> Result<i32, Failure> {
    let referral = referrals::store::find(ctx, &told.referral)?.ok_or(Failure::NotFound)?;
    Ok(referral.version)
}

/// A code of the stories that no list has is a mistake in the stories.
fn code<T>(found: Option<T>, code: &str) -> Result<T, Failure> {
    found.ok_or_else(|| Failure::refused(format!("the stories name {code}, which no list has")))
}
