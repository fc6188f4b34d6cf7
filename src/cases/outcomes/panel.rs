//! What other pages show of outcomes.

use serde::Serialize;

use super::store;
use crate::access::{Permission, Relationship, decide};
use crate::calendar::show as day;
use crate::cases::Case;
use crate::ctx::Ctx;
use crate::failure::Failure;
use crate::ids::YoungPersonId;
use crate::lists;
use crate::web::view::Entry;

/// The outcomes of a case, as its page shows them.
#[derive(Serialize)]
pub struct Panel {
    outcomes: Vec<OutcomeView>,
    add_href: Option<String>,
}

#[derive(Serialize)]
struct OutcomeView {
    day: String,
    what: String,
    who: &'static str,
    note: Option<String>,
    href: Option<String>,
}

pub fn of_case(ctx: &mut Ctx<'_>, case: &Case) -> Result<Panel, Failure> {
    let may_work = decide(ctx.actor, Permission::WorkRecord, Relationship::Team).allowed();
    let tags = lists::store::entries(ctx, lists::OUTCOMES)?;
    let outcomes = store::of_case(ctx, &case.id)?
        .into_iter()
        .map(|outcome| OutcomeView {
            day: day(outcome.noted.seen_on),
            what: lists::label(&tags, &outcome.noted.tag),
            who: outcome.noted.said_by.words(),
            note: outcome.noted.note,
            href: may_work.then(|| format!("/outcomes/{}", outcome.id)),
        })
        .collect();
    Ok(Panel {
        outcomes,
        add_href: may_work.then(|| format!("/cases/{}/outcome", case.id)),
    })
}

/// The outcomes of a young person on the timeline of their record.
pub fn timeline(ctx: &mut Ctx<'_>, young_person: &YoungPersonId) -> Result<Vec<Entry>, Failure> {
    let tags = lists::store::entries(ctx, lists::OUTCOMES)?;
    Ok(store::of_young_person(ctx, young_person)?
        .into_iter()
        .map(|outcome| Entry {
            on: outcome.noted.seen_on,
            kind: "outcome",
            title: lists::label(&tags, &outcome.noted.tag),
            meta: format!("Outcome, says: {}", outcome.noted.said_by.words()),
            note: outcome.noted.note,
            own_words: None,
            href: Some(format!("/cases/{}", outcome.case)),
        })
        .collect())
}
