//! What other pages show of meetings.

use chrono::NaiveDate;
use serde::Serialize;

use super::forecast::{self, Conference, Forecast};
use super::rules::what_next;
use super::{Meeting, State, store, type_of_conference};
use crate::access::Role;
use crate::calendar::show as day;
use crate::cases::{self, Case};
use crate::conferences::{self, ConferenceChild, Kind, Status};
use crate::ctx::Ctx;
use crate::failure::Failure;
use crate::holidays;
use crate::ids::{ReferralId, YoungPersonId};
use crate::lists::{self, Entry};
use crate::referrals::{self, Stream};
use crate::web::view::{Countdown, Entry as TimelineEntry};
use crate::young_people::legal::{self, Basis};

/// A conference or a meeting this many days away or fewer is shown as near.
const NEAR: i64 = 5;

/// The meetings of a case, as its page shows them.
#[derive(Serialize)]
pub struct Panel {
    /// Where a meeting is planned and recorded; none where it cannot be.
    new: Option<NewLinks>,
    planned: Vec<PlannedView>,
    held: Vec<HeldView>,
    forecast: Option<ForecastView>,
}

#[derive(Serialize)]
struct NewLinks {
    plan: String,
    record: String,
}

#[derive(Serialize)]
struct PlannedView {
    when: String,
    what: String,
    href: Option<String>,
    /// What the link does.
    action: &'static str,
    countdown: Countdown,
}

#[derive(Serialize)]
struct HeldView {
    day: String,
    what: String,
    who: String,
    href: String,
}

#[derive(Serialize)]
struct ForecastView {
    day: String,
    because: String,
    source: &'static str,
    /// Whether a meeting of the kind is planned by then, in words.
    planned: String,
    countdown: Countdown,
}

pub fn of_case(ctx: &mut Ctx<'_>, case: &Case) -> Result<Panel, Failure> {
    let types = lists::store::entries(ctx, lists::MEETING_TYPES)?;
    let today = ctx.today;
    let meetings = store::of_referrals(ctx, std::slice::from_ref(&case.referral))?;
    let conferences = conferences::store::of_young_person(ctx, &case.young_person)?;
    let waiting = waiting_conferences(ctx, case, &conferences)?;
    let may_work = matches!(ctx.actor.role(), Some(Role::Officer | Role::SeniorOfficer));
    let is_open = case.open_spell().is_some();
    let forecast = if is_open {
        forecast(ctx, case, &conferences)?
    } else {
        None
    };
    let mut planned: Vec<(NaiveDate, PlannedView)> = meetings
        .iter()
        .filter(|meeting| meeting.state == State::Planned)
        .map(|meeting| {
            let on = meeting.what.on;
            let view = PlannedView {
                when: when(on, meeting.what.starts_at.as_deref()),
                what: lists::label(&types, &meeting.what.kind),
                href: Some(format!("/meetings/{}", meeting.id)),
                action: if on <= today {
                    "Record who was there"
                } else {
                    "Open"
                },
                countdown: Countdown::to(on, today, NEAR),
            };
            (on, view)
        })
        .chain(waiting.into_iter().map(|child| {
            let on = child.place.held_on;
            let view = PlannedView {
                when: when(on, child.place.starts_at.as_deref()),
                what: lists::label(&types, type_of_conference(child.place.kind)),
                href: (may_work && on <= today)
                    .then(|| format!("/cases/{}/conferences/{}", case.id, child.id)),
                action: "Record who was there",
                countdown: Countdown::to(on, today, NEAR),
            };
            (on, view)
        }))
        .collect();
    planned.sort_by_key(|(on, _)| *on);
    let soonest = forecast.as_ref().map(|(forecast, kinds)| {
        let by_then = meetings
            .iter()
            .filter(|it| it.state == State::Planned && kinds.contains(&it.what.kind.as_str()))
            .map(|it| it.what.on)
            .chain(
                conferences
                    .iter()
                    .filter(|it| {
                        it.place.status != Status::Cancelled
                            && kinds.contains(&type_of_conference(it.place.kind))
                    })
                    .map(|it| it.place.held_on),
            )
            .filter(|on| *on > today)
            .min();
        forecast_view(forecast, by_then, today)
    });
    Ok(Panel {
        new: (may_work && is_open).then(|| NewLinks {
            plan: format!("/cases/{}/meetings/plan", case.id),
            record: format!("/cases/{}/meetings/record", case.id),
        }),
        planned: planned.into_iter().map(|(_, view)| view).collect(),
        held: meetings
            .iter()
            .filter(|meeting| meeting.state != State::Planned)
            .map(|meeting| held_view(meeting, &types))
            .collect(),
        forecast: soonest,
    })
}

fn when(on: NaiveDate, at: Option<&str>) -> String {
    match at {
        Some(at) => format!("{}, {at}", day(on)),
        None => day(on),
    }
}

fn held_view(meeting: &Meeting, types: &[Entry]) -> HeldView {
    let said = meeting.attended.iter().find_map(|it| it.said.as_ref());
    HeldView {
        day: day(meeting.what.on),
        what: lists::label(types, &meeting.what.kind),
        who: said.map_or_else(
            || meeting.state.words().to_owned(),
            |said| said.attendance.words().to_owned(),
        ),
        href: format!("/meetings/{}", meeting.id),
    }
}

/// The conferences that the diary of an open case still waits for: held or to be held since the
/// case opened, and nobody has recorded who was there. The schedule moves and cancels them.
fn waiting_conferences(
    ctx: &mut Ctx<'_>,
    case: &Case,
    conferences: &[ConferenceChild],
) -> Result<Vec<ConferenceChild>, Failure> {
    let Some(spell) = case.open_spell() else {
        return Ok(Vec::new());
    };
    let recorded = store::recorded_conferences(ctx, &case.young_person)?;
    Ok(conferences
        .iter()
        .filter(|child| {
            child.place.status != Status::Cancelled
                && child.place.held_on >= spell.opened_on
                && !recorded.contains(&child.id)
        })
        .cloned()
        .collect())
}

/// The next review of an open case, with the types of meeting that it would be.
fn forecast(
    ctx: &mut Ctx<'_>,
    case: &Case,
    conferences: &[ConferenceChild],
) -> Result<Option<(Forecast, &'static [&'static str])>, Failure> {
    let today = ctx.today;
    let referrals: Vec<ReferralId> = referrals::store::of_young_person(ctx, &case.young_person)?
        .into_iter()
        .map(|referral| referral.id)
        .collect();
    let meetings = store::of_referrals(ctx, &referrals)?;
    let held = |kind: &str| -> Vec<NaiveDate> {
        meetings
            .iter()
            .filter(|it| it.state == State::Held && it.what.kind == kind)
            .map(|it| it.what.on)
            .collect()
    };
    Ok(match case.stream {
        Stream::ChildProtection => {
            let mut all: Vec<(Conference, NaiveDate)> = conferences
                .iter()
                // A schedule need not say that a conference was held: its day has passed.
                .filter(|it| it.place.status != Status::Cancelled && it.place.held_on <= today)
                .map(|it| match it.place.kind {
                    Kind::Initial | Kind::ReceivingIn => (Conference::First, it.place.held_on),
                    Kind::Review => (Conference::Review, it.place.held_on),
                })
                .collect();
            for (kind, conference) in [
                (Kind::Initial, Conference::First),
                (Kind::ReceivingIn, Conference::First),
                (Kind::Review, Conference::Review),
            ] {
                let days = held(type_of_conference(kind));
                all.extend(days.into_iter().map(|on| (conference, on)));
            }
            forecast::review_conference(&all).map(|it| (it, &["review_conference"][..]))
        }
        Stream::Care => {
            let bases: Vec<(NaiveDate, bool)> = legal::store::history(ctx, &case.young_person)?
                .into_iter()
                .filter(|row| row.correction.is_none() && row.from <= today)
                // Reviews of a series of short breaks follow another rule.
                .map(|row| {
                    let looked_after =
                        row.basis.ssda903().is_some() && row.basis != Basis::ShortBreaks;
                    (row.from, looked_after)
                })
                .collect();
            // Somebody who has left care has no reviews of arrangements.
            if bases.last().is_some_and(|(_, looked_after)| !looked_after) {
                return Ok(None);
            }
            let holidays = holidays::store::calendar(ctx)?;
            forecast::review_of_arrangements(
                forecast::looked_after_since(&bases),
                &held("review_of_arrangements"),
                |from, days| {
                    let reached = holidays.add_working_days(from, days);
                    reached.ok().map(|reached| reached.due)
                },
            )
            .map(|it| (it, &["review_of_arrangements"][..]))
        }
    })
}

fn forecast_view(
    forecast: &Forecast,
    planned: Option<NaiveDate>,
    today: NaiveDate,
) -> ForecastView {
    ForecastView {
        day: day(forecast.due),
        because: forecast.because.clone(),
        source: forecast.source,
        planned: match planned {
            Some(on) if on <= forecast.due => format!("One is planned in time, on {}.", day(on)),
            Some(on) => format!(
                "The next that is planned, on {}, is later than that.",
                day(on)
            ),
            None => "None is planned yet.".to_owned(),
        },
        countdown: Countdown::to(forecast.due, today, NEAR),
    }
}

/// What the timeline of a record shows of meetings: all that were planned, held or missed.
pub fn timeline(
    ctx: &mut Ctx<'_>,
    young_person: &YoungPersonId,
) -> Result<Vec<TimelineEntry>, Failure> {
    let types = lists::store::entries(ctx, lists::MEETING_TYPES)?;
    let referrals: Vec<ReferralId> = referrals::store::of_young_person(ctx, young_person)?
        .into_iter()
        .map(|referral| referral.id)
        .collect();
    Ok(store::of_referrals(ctx, &referrals)?
        .into_iter()
        .map(|meeting| {
            let said = meeting.attended.iter().find_map(|it| it.said.as_ref());
            TimelineEntry {
                on: meeting.what.on,
                kind: "meeting",
                title: lists::label(&types, &meeting.what.kind),
                meta: said.map_or_else(
                    || format!("{}. {}", meeting.state.words(), what_next(meeting.state)),
                    |said| said.attendance.words().to_owned(),
                ),
                note: said
                    .and_then(|said| said.note.clone())
                    .or_else(|| meeting.not_held_reason.clone()),
                own_words: said.and_then(|said| said.own_words.clone()),
                href: Some(format!("/meetings/{}", meeting.id)),
            }
        })
        .collect())
}

/// The case of a referral, as an address to go back to.
pub(super) fn case_href(ctx: &mut Ctx<'_>, referral: &ReferralId) -> Result<String, Failure> {
    Ok(match cases::store::by_referral(ctx, referral)? {
        Some(case) => format!("/cases/{}", case.id),
        None => format!("/referrals/{referral}"),
    })
}
