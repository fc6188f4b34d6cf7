//! The pages of the team, one file a deed: officers and their hours, absences with their cover,
//! opposed wishes.

mod away;
mod officers;
mod opposed;

pub use away::{absence, absence_sent, away, away_sent, cancel};
pub use officers::{hours, hours_sent, officers};
pub use opposed::{end_opposed, opposed, opposed_sent};

use super::actions;
use crate::ctx::Ctx;
use crate::failure::Failure;
use crate::ids::UserId;
use crate::staff::{self, User};

/// The officer that a page is about, for those who may give work.
fn officer(ctx: &mut Ctx<'_>, id: &UserId) -> Result<User, Failure> {
    actions::may_allocate(ctx)?;
    staff::store::find(ctx, id)?
        .filter(|user| staff::rules::carries_cases(user.role) && !user.disabled)
        .ok_or(Failure::NotFound)
}
