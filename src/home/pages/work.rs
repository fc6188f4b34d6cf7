//! My work: what is to be done this morning.

use chrono::Duration;
use serde::Serialize;
use serde_json::json;

use crate::access::Role;
use crate::calendar::{in_england, show as day};
use crate::cases;
use crate::ctx::Ctx;
use crate::failure::Failure;
use crate::import;
use crate::referrals::store::{Filter, State};
use crate::referrals::{self, line::LineView};
use crate::restrictions;
use crate::web::{Answer, PageOptions, Web, view};
use crate::young_people;

#[derive(Serialize)]
struct WorkView {
    greeting: String,
    senior: Option<SeniorView>,
    mine: Vec<LineView>,
    mine_total: String,
    untaken: Vec<LineView>,
    untaken_total: String,
    cases: Vec<cases::line::LineView>,
    cases_total: String,
}

#[derive(Serialize)]
struct SeniorView {
    tiles: Vec<Tile>,
    caseloads: Vec<Caseload>,
    reasons: Vec<ReasonView>,
}

#[derive(Serialize)]
struct Tile {
    number: i64,
    words: &'static str,
    href: &'static str,
    attention: bool,
}

#[derive(Serialize)]
struct Caseload {
    officer: String,
    cases: i64,
}

#[derive(Serialize)]
struct ReasonView {
    who: String,
    person: String,
    href: String,
    reason: String,
    at: String,
}

const SHOWN: i64 = 10;

pub async fn home(web: Web) -> Answer {
    match web.actor().role() {
        Some(Role::Officer | Role::SeniorOfficer) => {}
        Some(Role::Manager) => return web.go("/reports/annual"),
        Some(Role::Administrator) => return web.go("/users"),
        Some(Role::Auditor) => return web.go("/access-record"),
        Some(Role::ParticipationOfficer) | None => {
            return web.page("home/nothing", "My work", json!({}));
        }
    }
    let near = web.app.settings.work.conference_near_days;
    let work = web.read(move |ctx| work(ctx, near)).await?;
    web.page("home/work", PageOptions::titled("My work").wide(), work)
}

fn work(ctx: &mut Ctx<'_>, near: i64) -> Result<WorkView, Failure> {
    let me = ctx.actor.user_id().cloned();
    let short = |state| Filter {
        limit: SHOWN,
        ..Filter::of(state)
    };
    let (mine, mine_total) = referrals::store::list(
        ctx,
        &Filter {
            officer: me.clone(),
            ..short(State::Waiting)
        },
    )?;
    let (untaken, untaken_total) = referrals::store::list(ctx, &short(State::Untaken))?;
    let (cases, cases_total) = cases::store::list(
        ctx,
        &cases::store::Filter {
            open: Some(true),
            officer: me,
            limit: SHOWN,
            ..cases::store::Filter::default()
        },
    )?;
    let today = ctx.today;
    let senior = match ctx.actor.role() {
        Some(Role::SeniorOfficer) => Some(senior(ctx, untaken_total)?),
        _ => None,
    };
    Ok(WorkView {
        greeting: day(today),
        senior,
        mine: LineView::lines(ctx, mine, near)?,
        mine_total: view::count(mine_total, "referral", "referrals"),
        untaken: LineView::lines(ctx, untaken, near)?,
        untaken_total: view::count(untaken_total, "referral", "referrals"),
        cases: cases
            .into_iter()
            .map(|line| cases::line::LineView::of(line, today))
            .collect(),
        cases_total: view::count(cases_total, "open case", "open cases"),
    })
}

fn senior(ctx: &mut Ctx<'_>, untaken: i64) -> Result<SeniorView, Failure> {
    let count = |ctx: &mut Ctx<'_>, state| {
        Ok::<_, Failure>(
            referrals::store::list(
                ctx,
                &Filter {
                    limit: 1,
                    ..Filter::of(state)
                },
            )?
            .1,
        )
    };
    let waiting = count(ctx, State::Waiting)?;
    let in_doubt = count(ctx, State::InDoubt)?;
    let rows = i64::try_from(import::store::waiting(ctx)?.len()).unwrap_or(i64::MAX);
    let reviews = restrictions::store::count_due(ctx)?;
    let since = ctx.now - Duration::days(14);
    Ok(SeniorView {
        tiles: vec![
            Tile {
                number: untaken,
                words: "referrals nobody has taken",
                href: "/referrals?state=untaken",
                attention: untaken > 0,
            },
            Tile {
                number: waiting,
                words: "referrals waiting for an answer",
                href: "/referrals?state=waiting",
                attention: false,
            },
            Tile {
                number: in_doubt,
                words: "referrals where a decision is needed",
                href: "/referrals?state=in_doubt",
                attention: in_doubt > 0,
            },
            Tile {
                number: rows,
                words: "imported rows that wait",
                href: "/imports/review",
                attention: rows > 0,
            },
            Tile {
                number: reviews,
                words: "closed records due for review",
                href: "/restrictions",
                attention: reviews > 0,
            },
        ],
        caseloads: cases::store::caseloads(ctx)?
            .into_iter()
            .map(|(officer, cases)| Caseload { officer, cases })
            .collect(),
        reasons: young_people::store::reasons_since(ctx, since)?
            .into_iter()
            .map(|stated| ReasonView {
                who: stated.who,
                person: format!("{} {}", stated.first_name, stated.last_name),
                href: format!("/young-people/{}", stated.young_person),
                reason: stated.reason,
                at: in_england(stated.stated_at)
                    .format("%-d %B %Y, %H:%M")
                    .to_string(),
            })
            .collect(),
    })
}
