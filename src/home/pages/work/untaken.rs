//! New referrals that nobody has taken, each with the button that takes it.

use serde::Serialize;

use super::{SHOWN, Scope};
use crate::ctx::Ctx;
use crate::failure::Failure;
use crate::referrals::line::LineView;
use crate::referrals::store::{self, Filter, State};
use crate::web::{Form, view};

#[derive(Serialize)]
pub(super) struct Block {
    lines: Vec<Line>,
    pub(super) total: i64,
    total_words: String,
}

#[derive(Serialize)]
struct Line {
    line: LineView,
    take: Form,
}

pub(super) fn block(ctx: &mut Ctx<'_>, scope: &Scope) -> Result<Block, Failure> {
    let filter = Filter {
        limit: SHOWN,
        ..Filter::of(State::Untaken)
    };
    let (lines, total) = store::list(ctx, &filter)?;
    let forms: Vec<Form> = lines
        .iter()
        .map(|line| Form::new().hidden("version", line.version))
        .collect();
    let lines = LineView::lines(ctx, lines, scope.settings.conference_near_days)?;
    Ok(Block {
        lines: lines
            .into_iter()
            .zip(forms)
            .map(|(line, take)| Line { line, take })
            .collect(),
        total,
        total_words: view::count(total, "referral", "referrals"),
    })
}
