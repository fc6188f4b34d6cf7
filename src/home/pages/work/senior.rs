//! What the senior officer sees besides: numbers that want attention, and managers who opened a
//! record.

use chrono::Duration;
use serde::Serialize;

use crate::calendar::in_england;
use crate::ctx::Ctx;
use crate::failure::Failure;
use crate::import;
use crate::reconciliation;
use crate::referrals::store::{self, Filter, State};
use crate::restrictions;
use crate::young_people;

#[derive(Serialize)]
pub(super) struct Tiles {
    tiles: Vec<Tile>,
}

#[derive(Serialize)]
struct Tile {
    number: i64,
    words: &'static str,
    href: &'static str,
    attention: bool,
}

#[derive(Serialize)]
pub(super) struct Reasons {
    reasons: Vec<ReasonView>,
}

#[derive(Serialize)]
struct ReasonView {
    who: String,
    person: String,
    href: String,
    reason: String,
    at: String,
}

fn count(ctx: &mut Ctx<'_>, state: State) -> Result<i64, Failure> {
    let filter = Filter {
        limit: 1,
        ..Filter::of(state)
    };
    Ok(store::list(ctx, &filter)?.1)
}

pub(super) fn tiles(ctx: &mut Ctx<'_>, untaken: i64) -> Result<Tiles, Failure> {
    let waiting = count(ctx, State::Waiting)?;
    let uncontacted = count(ctx, State::Uncontacted)?;
    let in_doubt = count(ctx, State::InDoubt)?;
    let rows = import::review::due(ctx)?;
    let to_reconcile = reconciliation::actions::count(ctx)?;
    let reviews = restrictions::store::count_due(ctx)?;
    let tile = |number, words, href, attention| Tile {
        number,
        words,
        href,
        attention,
    };
    Ok(Tiles {
        tiles: vec![
            tile(untaken, "referrals nobody has taken", "/team", untaken > 0),
            tile(
                uncontacted,
                "referrals waiting for first contact",
                "/referrals?state=uncontacted",
                uncontacted > 0,
            ),
            tile(
                waiting,
                "referrals waiting for an answer",
                "/referrals?state=waiting",
                false,
            ),
            tile(
                in_doubt,
                "referrals where a decision is needed",
                "/referrals?state=in_doubt",
                in_doubt > 0,
            ),
            tile(
                to_reconcile,
                "conferences and referrals to reconcile",
                "/reconcile",
                to_reconcile > 0,
            ),
            tile(rows, "imported rows that wait", "/imports/review", rows > 0),
            tile(
                reviews,
                "closed records due for review",
                "/restrictions",
                reviews > 0,
            ),
        ],
    })
}

pub(super) fn reasons(ctx: &mut Ctx<'_>) -> Result<Option<Reasons>, Failure> {
    let since = ctx.now - Duration::days(14);
    let reasons: Vec<ReasonView> = young_people::store::reasons_since(ctx, since)?
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
        .collect();
    Ok((!reasons.is_empty()).then_some(Reasons { reasons }))
}
