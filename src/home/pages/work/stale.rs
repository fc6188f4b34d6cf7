//! Cases of whoever looks in which nobody did anything for a while.

use chrono::Duration;
use serde::Serialize;

use super::Scope;
use crate::access::Actor;
use crate::cases;
use crate::ctx::Ctx;
use crate::failure::Failure;
use crate::home::pages::quiet::Quiet;

#[derive(Serialize)]
pub(super) struct Block {
    cases: Quiet,
}

pub(super) fn block(ctx: &mut Ctx<'_>, scope: &Scope) -> Result<Block, Failure> {
    let days = scope.settings.stale_days;
    let since = ctx.today - Duration::days(days);
    let found = cases::store::untouched_since(ctx, since, Some(&scope.mine.cases))?;
    let me = match ctx.actor {
        Actor::User { name, .. } => Some(name.as_str()),
        Actor::Service { .. } | Actor::System(_) | Actor::Nobody => None,
    };
    Ok(Block {
        cases: Quiet::of(found, ctx.today, days, me),
    })
}
