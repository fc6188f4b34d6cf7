//! Conferences ahead of young people who have a case.

use chrono::Duration;
use serde::Serialize;

use super::Scope;
use crate::cases;
use crate::conferences;
use crate::ctx::Ctx;
use crate::failure::Failure;
use crate::ids::YoungPersonId;
use crate::web::view;

#[derive(Serialize)]
pub(super) struct Block {
    lines: Vec<Line>,
}

#[derive(Serialize)]
struct Line {
    person: String,
    href: String,
    what: &'static str,
    countdown: view::Countdown,
}

/// Four weeks ahead.
const AHEAD: Duration = Duration::days(28);

pub(super) fn block(ctx: &mut Ctx<'_>, scope: &Scope) -> Result<Block, Failure> {
    let today = ctx.today;
    let near = scope.settings.conference_near_days;
    let case_of = cases::store::young_people_of(ctx, &scope.mine.cases)?;
    let people: Vec<YoungPersonId> = case_of.keys().cloned().collect();
    let lines = conferences::store::ahead(ctx, &people, today, today + AHEAD)?
        .into_iter()
        .filter_map(|ahead| {
            let case = case_of.get(&ahead.young_person)?;
            Some(Line {
                person: format!("{} {}", ahead.first_name, ahead.last_name),
                href: format!("/cases/{case}"),
                what: ahead.kind.words(),
                countdown: view::Countdown::to(ahead.held_on, today, near),
            })
        })
        .collect();
    Ok(Block { lines })
}
