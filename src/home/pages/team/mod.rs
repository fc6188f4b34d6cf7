//! The team board: what nobody has, what waits for first contact, how much each officer carries,
//! who is away, and which cases are quiet. One block a file, with a partial of templates/home/team/;
//! officers read it, the senior officer also allocates from it.

mod away;
mod caseloads;
mod unallocated;
mod waiting;

use chrono::Duration;
use serde::Serialize;

use super::quiet::Quiet;
use crate::access::{Permission, Relationship, decide};
use crate::cases;
use crate::complaints::line::{self, LineView};
use crate::ctx::Ctx;
use crate::failure::Failure;
use crate::ids::{ReferralId, UserId};
use crate::referrals;
use crate::settings;
use crate::team::{self, panel};
use crate::web::{Answer, Form, PageOptions, Submitted, Web};

/// Each block, in the order of the page.
#[derive(Serialize)]
pub struct TeamView {
    may_allocate: bool,
    unallocated: unallocated::Block,
    waiting: waiting::Block,
    caseloads: caseloads::Block,
    away: away::Block,
    clocks: Vec<LineView>,
    quiet: Quiet,
    form: Form,
}

/// The board. It asks as many questions of the database for a hundred cases as for one: a test
/// counts them.
pub fn board(
    ctx: &mut Ctx<'_>,
    settings: settings::Work,
    complaints: &settings::Complaints,
    sent: Option<Form>,
) -> Result<TeamView, Failure> {
    let near = settings.conference_near_days;
    let usual = settings.cases_per_full_time;
    let may_allocate = decide(ctx.actor, Permission::Allocate, Relationship::General).allowed();
    let loads = team::actions::loads(ctx)?;
    let absences = team::store::absences_from(ctx, ctx.today)?;
    let names = team::actions::names(ctx)?;
    let (unallocated, form) = unallocated::block(ctx, near, usual, sent)?;
    let since = ctx.today - Duration::days(settings.stale_days);
    let open = line::open(ctx, None, None, complaints)?;
    let quiet = cases::store::untouched_since(ctx, since, None)?;
    Ok(TeamView {
        may_allocate,
        unallocated,
        waiting: waiting::block(ctx, near)?,
        caseloads: caseloads::block(&loads, usual),
        away: away::block(&absences, &names, ctx.today),
        clocks: line::breaking_this_week(&open, ctx.today),
        quiet: Quiet::of(quiet, ctx.today, settings.stale_days, None),
        form,
    })
}

async fn show(web: &Web, sent: Option<Form>) -> Answer {
    let mut options = PageOptions::titled("Team").wide();
    if let Some(form) = &sent {
        options = options.with_form(form);
    }
    let settings = web.app.settings.work;
    let complaints = web.app.settings.complaints.clone();
    let board = web
        .read(move |ctx| board(ctx, settings, &complaints, sent))
        .await?;
    web.page("home/team", options, board)
}

pub async fn team(web: Web) -> Answer {
    show(&web, None).await
}

/// Gives the ticked referrals to one officer.
pub async fn team_sent(web: Web, sent: Submitted) -> Answer {
    let usual = web.app.settings.work.cases_per_full_time;
    let mut form = web
        .read(move |ctx| unallocated::form(ctx, usual))
        .await?
        .fill(&sent);
    let referrals = form.chosen_all("referral", ReferralId::parse);
    if referrals.is_empty() {
        form.add_error("referral", "Tick at least one referral");
    }
    let officer = form.chosen("officer", UserId::parse, "Choose an officer");
    let knowing = panel::answered(&mut form);
    if let (true, Some(officer)) = (form.ok(), officer) {
        let done = web
            .write_once(&form, move |ctx| {
                referrals::actions::give_several(ctx, &referrals, &officer, &knowing)?;
                Ok("/team".to_owned())
            })
            .await;
        match done {
            Ok(location) => return web.see(&location, "The referrals have their officer"),
            Err(failure) => form.explain(failure)?,
        }
    }
    show(&web, Some(form)).await
}
