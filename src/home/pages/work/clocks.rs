//! The open complaints of whoever looks, the clock that ends first at the top.

use serde::Serialize;

use super::{SHOWN, Scope};
use crate::complaints::line::{self, LineView};
use crate::ctx::Ctx;
use crate::failure::Failure;
use crate::settings;

#[derive(Serialize)]
pub(super) struct Block {
    lines: Vec<LineView>,
}

pub(super) fn block(
    ctx: &mut Ctx<'_>,
    scope: &Scope,
    settings: &settings::Complaints,
) -> Result<Block, Failure> {
    let mut lines = line::open(ctx, Some(scope.mine.cases.clone()), None, settings)?;
    lines.truncate(usize::try_from(SHOWN).unwrap_or(usize::MAX));
    Ok(Block { lines })
}
