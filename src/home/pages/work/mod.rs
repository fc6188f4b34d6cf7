//! My work: what is to be done this morning. The page is made of blocks in a fixed order, one file
//! each: a query, a view, and a partial of templates/home/work/. A new block is one line in
//! [`WorkView`], one in [`work`], and one in templates/home/work.hbs.

mod clocks;
mod conferences;
mod drafts;
mod meetings;
mod offers;
mod senior;
mod stale;
mod untaken;

use serde::Serialize;
use serde_json::json;

use crate::access::Role;
use crate::calendar::show as day;
use crate::ctx::Ctx;
use crate::failure::Failure;
use crate::requests;
use crate::settings;
use crate::tasks;
use crate::team::{self, Mine};
use crate::web::{Answer, PageOptions, Web, view};

/// Each block, in the order of the page.
#[derive(Serialize)]
pub struct WorkView {
    greeting: String,
    senior: Option<senior::Tiles>,
    covering: Vec<String>,
    requests: Option<requests::panel::Waiting>,
    offers: offers::Block,
    conferences: conferences::Block,
    meetings: meetings::Block,
    clocks: clocks::Block,
    tasks: tasks::panel::Panel,
    drafts: drafts::Block,
    stale: stale::Block,
    untaken: untaken::Block,
    cases_words: String,
    reasons: Option<senior::Reasons>,
}

/// How many lines a block shows; the rest is one click away.
const SHOWN: i64 = 10;

/// What every block is given: whose work it is, and the settings.
struct Scope {
    mine: Mine,
    settings: settings::Work,
}

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
    let settings = web.app.settings.work;
    let complaints = web.app.settings.complaints.clone();
    let work = web
        .read(move |ctx| work(ctx, settings, &complaints))
        .await?;
    web.page("home/work", PageOptions::titled("My work").wide(), work)
}

/// The page of whoever acts. It asks as many questions of the database for a hundred cases as for
/// one: a test counts them.
pub fn work(
    ctx: &mut Ctx<'_>,
    settings: settings::Work,
    complaints: &settings::Complaints,
) -> Result<WorkView, Failure> {
    let scope = Scope {
        mine: team::actions::mine(ctx)?,
        settings,
    };
    let is_senior = ctx.actor.role() == Some(Role::SeniorOfficer);
    let untaken = untaken::block(ctx, &scope)?;
    let held = i64::try_from(scope.mine.cases.len()).unwrap_or(i64::MAX);
    Ok(WorkView {
        greeting: day(ctx.today),
        senior: match is_senior {
            true => Some(senior::tiles(ctx, untaken.total)?),
            false => None,
        },
        covering: covering(ctx, &scope)?,
        requests: requests::panel::waiting(ctx)?,
        offers: offers::block(ctx, &scope)?,
        conferences: conferences::block(ctx, &scope)?,
        meetings: meetings::block(ctx, &scope)?,
        clocks: clocks::block(ctx, &scope, complaints)?,
        tasks: tasks::panel::of_officers(ctx, &scope.mine.officers, SHOWN)?,
        drafts: drafts::block(ctx)?,
        stale: stale::block(ctx, &scope)?,
        untaken,
        cases_words: view::count(held, "open case", "open cases"),
        reasons: match is_senior {
            true => senior::reasons(ctx)?,
            false => None,
        },
    })
}

/// "You cover for Marcus Adeyemi until 12 May 2022: 31 open cases".
fn covering(ctx: &mut Ctx<'_>, scope: &Scope) -> Result<Vec<String>, Failure> {
    if scope.mine.covering.is_empty() {
        return Ok(Vec::new());
    }
    let names = team::actions::names(ctx)?;
    Ok(scope
        .mine
        .covering
        .iter()
        .filter_map(|covering| {
            let name = names.get(&covering.officer)?;
            let cases = view::count(covering.cases, "open case", "open cases");
            Some(format!(
                "You cover for {name} until {}: {}",
                day(covering.until),
                cases.to_lowercase()
            ))
        })
        .collect())
}
