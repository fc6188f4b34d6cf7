//! What happens in the demonstration these days: the stories of seeds/today, played by the deeds
//! that officers do. A story is one piece of work, and is played once.

use chrono::{Days, NaiveDate};
use rust_embed::RustEmbed;
use serde::Deserialize;

use super::super::{ACTOR, House, Stop};
use super::days;
use super::deeds::{self, Deed};
use super::outside::{self, FromOutside};
use crate::access::Actor;
use crate::cases::{self, Closing};
use crate::ctx::Ctx;
use crate::db::Db;
use crate::failure::{Failure, Fault};
use crate::ids::{ReferralId, SessionId, YoungPersonId};
use crate::import::Kind;
use crate::import::actions::{ImportFile, Incoming, Run, import, usual_source};
use crate::young_people::{self, SourceRef};
use crate::{referrals, staff, themes};

/// The last day of the seeds' year, and the last day of the year after it.
const PAST: (NaiveDate, NaiveDate) = (
    NaiveDate::from_ymd_opt(2022, 3, 31).unwrap(),
    NaiveDate::from_ymd_opt(2023, 3, 31).unwrap(),
);

/// Who does what only a senior officer may.
const SENIOR: &str = "priya.nair@heard.example";

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

/// Whose story it is, as far as it is told.
#[derive(Clone)]
pub(super) struct Told {
    pub(super) person: YoungPersonId,
    pub(super) referral: ReferralId,
}

/// The stories, and what the senior officer does about several of them in the end.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Stories {
    stories: Vec<Story>,
    /// Who asks from outside, and waits for an answer.
    outside: Vec<FromOutside>,
    senior: Vec<Deed>,
}

pub(super) fn play(house: &House, db: &Db) -> Result<(), Stop> {
    let today = db.clock().today();
    db.write(&ACTOR, settle_the_past)?;
    let settings = &house.settings.import;
    let schedule = file("schedule.csv", today)?;
    let name = "schedule of these weeks";
    let files = [ImportFile {
        name: name.to_owned(),
        bytes: schedule.into_bytes(),
    }];
    let incoming = Incoming {
        kind: Kind::Conferences,
        source: usual_source(Kind::Conferences, settings),
        name,
        files: &files,
    };
    let report = import(db, &ACTOR, settings, &incoming, Run::Keep, &|_, _| {})?;
    if report.rejected > 0 || report.review > 0 {
        return Err(Stop::Failed(format!(
            "The schedule of the demonstration did not come in whole: {:?}",
            report.problems
        )));
    }
    let stories: Stories =
        serde_json::from_str(&file("stories.json", today)?).map_err(|cause| {
            Fault::because("the stories of the demonstration cannot be read", &cause)
        })?;
    for story in stories.stories {
        let who = db.read(&ACTOR, |ctx| officer(ctx, &story.officer))?;
        db.write(&who, |ctx| tell(ctx, &story, &settings.child_source))?;
    }
    let promise = house.settings.asking.answer_working_days;
    db.write(&Actor::Nobody, |ctx| {
        for (number, from) in stories.outside.iter().enumerate() {
            outside::play(ctx, number, from, promise)?;
        }
        Ok(())
    })?;
    let senior = db.read(&ACTOR, |ctx| officer(ctx, SENIOR))?;
    db.write(&senior, |ctx| {
        // Where there is a theme, this was played already.
        if !themes::actions::all(ctx)?.is_empty() {
            return Ok(());
        }
        for deed in &stories.senior {
            deeds::play_for_all(ctx, deed, &settings.child_source)?;
        }
        Ok(())
    })?;
    Ok(())
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

pub(super) fn officer(ctx: &mut Ctx<'_>, email: &str) -> Result<Actor, Failure> {
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
                person: person.id,
                referral: referral.id.clone(),
            })
        }
    };
    for deed in &story.deeds {
        told = Some(deeds::play(ctx, told, deed, &source)?);
    }
    Ok(())
}
