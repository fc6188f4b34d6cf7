//! The diary of an officer: a week by its days, what comes after, and what waits to be recorded.

use chrono::{Datelike, Days, NaiveDate};
use serde::Serialize;

use crate::access::{Permission, Relationship, decide};
use crate::calendar::show as day;
use crate::ctx::Ctx;
use crate::failure::Failure;
use crate::ids::UserId;
use crate::lists::{self, Entry};
use crate::meetings::State;
use crate::meetings::store::{self, Coming};
use crate::staff;
use crate::team;
use crate::web::{Answer, Form, PageOptions, Submitted, Web};

/// How many weeks after the one that is shown are listed.
const WEEKS_AFTER: u64 = 3;
/// How far back a meeting may lie that nobody has recorded.
const UNRECORDED: Days = Days::new(60);

#[derive(Serialize)]
struct DiaryView {
    /// For those who may look into other officers' diaries.
    form: Option<Form>,
    from: String,
    whose: String,
    title: String,
    days: Vec<DayView>,
    later: Vec<DayView>,
    unrecorded: Vec<LineView>,
    previous_week: String,
    next_week: String,
    this_week: Option<String>,
    own: bool,
}

#[derive(Serialize)]
struct DayView {
    day: String,
    today: bool,
    lines: Vec<LineView>,
}

#[derive(Serialize)]
struct LineView {
    day: String,
    time: String,
    what: String,
    href: String,
    people: String,
    place: Option<String>,
    held: bool,
}

pub async fn diary(web: Web) -> Answer {
    let asked = web.query().clone();
    let view = web.read(move |ctx| diary_view(ctx, &asked)).await?;
    web.page("meetings/diary", PageOptions::titled("Diary").wide(), view)
}

fn diary_view(ctx: &mut Ctx<'_>, asked: &Submitted) -> Result<DiaryView, Failure> {
    let me = ctx.actor.user_id().cloned().ok_or(Failure::NotFound)?;
    let today = ctx.today;
    let monday = |on: NaiveDate| on - Days::new(u64::from(on.weekday().num_days_from_monday()));
    let from = asked
        .first("from")
        .parse()
        .ok()
        .filter(|on: &NaiveDate| (1900..=2100).contains(&on.year()));
    let from = monday(from.unwrap_or(today));
    let may_choose = decide(ctx.actor, Permission::Allocate, Relationship::General).allowed();
    let own = |ctx: &mut Ctx<'_>| Ok::<_, Failure>(Some(team::actions::mine(ctx)?.cases));
    let mut is_own = true;
    let (of, form) = if may_choose {
        let everyone = staff::actions::officers(ctx)?;
        let mut options = vec![("all".to_owned(), "Everybody".to_owned())];
        options.extend(
            everyone
                .iter()
                .map(|user| (user.id.to_string(), user.name.clone())),
        );
        let mut form = Form::new().choice("officer", options).fill(asked);
        let chosen = form.chosen_optional("officer", |code| Some(code.to_owned()));
        let officer = chosen.as_deref().and_then(UserId::parse);
        is_own = chosen.is_none() || officer.as_ref() == Some(&me);
        let of = match officer {
            _ if is_own => own(ctx)?,
            Some(officer) => Some(team::store::cases_held_by(ctx, &officer)?),
            None => None,
        };
        let form = match &chosen {
            None => form.set("officer", me.to_string()),
            Some(_) => form,
        };
        (of, Some(form))
    } else {
        (own(ctx)?, None)
    };
    let whose = match (&form, is_own) {
        (Some(_), false) => asked.first("officer").to_owned(),
        _ => String::new(),
    };
    let types = lists::store::entries(ctx, lists::MEETING_TYPES)?;
    let last = from + Days::new(6 + 7 * WEEKS_AFTER);
    let all = store::coming(ctx, of.as_deref(), &me, from, last)?;
    let unrecorded = store::coming(
        ctx,
        of.as_deref(),
        &me,
        today - UNRECORDED,
        today - Days::new(1),
    )?
    .iter()
    .filter(|it| it.state == State::Planned)
    .map(|it| LineView {
        href: it.record_href(),
        ..LineView::of(it, &types, !is_own)
    })
    .collect();
    let on = |day: NaiveDate| -> Vec<LineView> {
        let these = all.iter().filter(|it| it.on == day);
        these.map(|it| LineView::of(it, &types, !is_own)).collect()
    };
    let days_view = |date: NaiveDate| DayView {
        day: format!("{} {}", date.format("%A"), day(date)),
        today: date == today,
        lines: on(date),
    };
    let week = from.iter_days().take(7).map(days_view).collect();
    let later = from
        .iter_days()
        .skip(7)
        .take_while(|date| *date <= last)
        .map(days_view)
        .filter(|it| !it.lines.is_empty())
        .collect();
    let address = |from: NaiveDate| {
        let mut query = vec![("from", from.to_string())];
        if !whose.is_empty() {
            query.push(("officer", whose.clone()));
        }
        let query = serde_urlencoded::to_string(query).unwrap_or_default();
        format!("/diary?{query}")
    };
    Ok(DiaryView {
        form,
        from: from.to_string(),
        title: format!("Week of {}", day(from)),
        days: week,
        later,
        unrecorded,
        previous_week: address(from - Days::new(7)),
        next_week: address(from + Days::new(7)),
        this_week: (from != monday(today)).then(|| address(monday(today))),
        own: is_own,
        whose,
    })
}

impl LineView {
    fn of(coming: &Coming, types: &[Entry], with_officer: bool) -> Self {
        let names: Vec<&str> = coming.people.iter().map(|it| it.name.as_str()).collect();
        let mut people = names.join(", ");
        if with_officer {
            people = format!("{people} ({})", coming.officer);
        }
        let place = match (&coming.place, coming.online) {
            (Some(place), true) => Some(format!("{place}, online")),
            (None, true) => Some("Online".to_owned()),
            (place, false) => place.clone(),
        };
        Self {
            day: day(coming.on),
            time: coming
                .starts_at
                .clone()
                .unwrap_or_else(|| "No time yet".to_owned()),
            what: lists::label(types, &coming.kind),
            href: coming.href(),
            people,
            place,
            held: coming.state == State::Held,
        }
    }
}
