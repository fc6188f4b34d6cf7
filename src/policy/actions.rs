//! What a policy would have done, found out before it is set. Setting it is a deed of the lists.

use chrono::{Months, NaiveDate};

use super::{Effect, rules};
use crate::access::{Decision, Permission, Relationship, decide};
use crate::calendar::Period;
use crate::conferences;
use crate::ctx::Ctx;
use crate::failure::Failure;
use crate::lists::{self, ReferralPolicy, policies_known};

/// The last twelve months, up to today.
#[must_use]
pub fn last_year(today: NaiveDate) -> Period {
    Period {
        from: today - Months::new(12),
        to: today,
    }
}

fn must_keep_policy(ctx: &Ctx<'_>) -> Result<(), Failure> {
    match decide(ctx.actor, Permission::KeepPolicy, Relationship::General) {
        Decision::Allowed => Ok(()),
        Decision::Denied => Err(Failure::NotFound),
    }
}

/// The financial years with conferences that have begun, the latest first: ten at most.
pub fn years(ctx: &mut Ctx<'_>) -> Result<Vec<Period>, Failure> {
    must_keep_policy(ctx)?;
    let Some(first) = conferences::store::first_day(ctx)? else {
        return Ok(Vec::new());
    };
    let mut years = Vec::new();
    let mut year = Period::financial_year_of(ctx.today);
    while year.to >= first && years.len() < 10 {
        years.push(year);
        year = Period::financial_year_of(year.from - chrono::Days::new(1));
    }
    Ok(years)
}

/// What is shown before a policy is set.
pub struct Preview {
    /// What the policies in force say of the conferences of a period, and what this one would.
    pub effect: Effect,
    /// Children on conferences already on record, from the first day of the policy on, whom it
    /// newly makes due, and whom it does no longer refer. Nothing is done about them by itself.
    pub newly_due: usize,
    pub no_longer_due: usize,
}

/// What a policy would do: over a period, as if it had always held, and from its day on.
pub fn preview(
    ctx: &mut Ctx<'_>,
    next: &ReferralPolicy,
    period: Period,
) -> Result<Preview, Failure> {
    must_keep_policy(ctx)?;
    let versions = lists::actions::policies(ctx)?;
    let in_force = policies_known(&versions, None);
    let always = [ReferralPolicy {
        applies_from: NaiveDate::MIN,
        ..next.clone()
    }];
    let of_period = conferences::store::seated_between(ctx, period.from, period.to)?;
    // A schedule reaches two years ahead at most.
    let last = next.applies_from.max(ctx.today) + Months::new(36);
    let since = conferences::store::seated_between(ctx, next.applies_from, last)?;
    let mut then = in_force.clone();
    then.retain(|policy| policy.applies_from != next.applies_from);
    then.push(next.clone());
    let from_its_day = rules::effect(&since, &in_force, &then);
    Ok(Preview {
        effect: rules::effect(&of_period, &in_force, &always),
        newly_due: from_its_day.more,
        no_longer_due: from_its_day.fewer,
    })
}
