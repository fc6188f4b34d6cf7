//! Meetings and conferences of this week, and those of the last weeks whose attendance nobody
//! recorded yet.

use chrono::Duration;
use serde::Serialize;

use super::Scope;
use crate::calendar::{end_of_week, show as day};
use crate::ctx::Ctx;
use crate::failure::Failure;
use crate::lists;
use crate::meetings::{State, store};

#[derive(Serialize)]
pub(super) struct Block {
    lines: Vec<Line>,
}

#[derive(Serialize)]
struct Line {
    when: String,
    what: String,
    people: String,
    href: String,
    /// It is over, and who was there is still to be recorded.
    to_record: Option<String>,
}

/// So far back attendance is asked for.
const BACK: Duration = Duration::days(28);

pub(super) fn block(ctx: &mut Ctx<'_>, scope: &Scope) -> Result<Block, Failure> {
    let today = ctx.today;
    let Some(me) = ctx.actor.user_id().cloned() else {
        return Ok(Block { lines: Vec::new() });
    };
    let types = lists::store::entries(ctx, lists::MEETING_TYPES)?;
    let (from, to) = (today - BACK, end_of_week(today));
    let lines = store::coming(ctx, Some(&scope.mine.cases), &me, from, to)?
        .into_iter()
        .filter(|it| it.state == State::Planned)
        .map(|it| Line {
            when: match &it.starts_at {
                Some(time) => format!("{}, {time}", day(it.on)),
                None => day(it.on),
            },
            what: lists::label(&types, &it.kind),
            people: it
                .people
                .iter()
                .map(|person| person.name.as_str())
                .collect::<Vec<_>>()
                .join(", "),
            to_record: (it.on <= today).then(|| it.record_href()),
            href: it.href(),
        })
        .collect();
    Ok(Block { lines })
}
