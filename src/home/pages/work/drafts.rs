//! Pages that whoever looks has begun and not sent.

use serde::Serialize;

use crate::ctx::Ctx;
use crate::failure::Failure;
use crate::home::drafts::{DraftView, of_me};

#[derive(Serialize)]
pub(super) struct Block {
    drafts: Vec<DraftView>,
    more: bool,
}

const SHOWN: usize = 5;

pub(super) fn block(ctx: &mut Ctx<'_>) -> Result<Block, Failure> {
    let mut drafts = of_me(ctx)?;
    let more = drafts.len() > SHOWN;
    drafts.truncate(SHOWN);
    Ok(Block { drafts, more })
}
