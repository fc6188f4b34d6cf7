//! Referrals that an officer has and about which nobody has been reached or tried, by days to the
//! conference.

use serde::Serialize;

use crate::ctx::Ctx;
use crate::failure::Failure;
use crate::referrals::line::LineView;
use crate::referrals::store::{self, Filter, State};
use crate::web::view;

#[derive(Serialize)]
pub(super) struct Block {
    lines: Vec<LineView>,
    total_words: String,
    more: bool,
}

const SHOWN: i64 = 15;

pub(super) fn block(ctx: &mut Ctx<'_>, near: i64) -> Result<Block, Failure> {
    let filter = Filter {
        limit: SHOWN,
        ..Filter::of(State::Uncontacted)
    };
    let (lines, total) = store::list(ctx, &filter)?;
    Ok(Block {
        lines: LineView::lines(ctx, lines, near)?,
        total_words: view::count(total, "referral", "referrals"),
        more: total > SHOWN,
    })
}
