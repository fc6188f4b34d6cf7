//! The referrals that whoever looks has to answer, soonest conference first.

use serde::Serialize;

use super::{SHOWN, Scope};
use crate::ctx::Ctx;
use crate::failure::Failure;
use crate::referrals::line::LineView;
use crate::referrals::store::{self, Filter, State};
use crate::web::view;

#[derive(Serialize)]
pub(super) struct Block {
    lines: Vec<LineView>,
    total_words: String,
}

pub(super) fn block(ctx: &mut Ctx<'_>, scope: &Scope) -> Result<Block, Failure> {
    let filter = Filter {
        officers: scope.mine.officers.clone(),
        limit: SHOWN,
        ..Filter::of(State::Waiting)
    };
    let (lines, total) = store::list(ctx, &filter)?;
    Ok(Block {
        lines: LineView::lines(ctx, lines, scope.settings.conference_near_days)?,
        total_words: view::count(total, "referral", "referrals"),
    })
}
