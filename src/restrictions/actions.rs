//! What is done about closed records: closing one to somebody, and looking at it again.

use serde_json::json;

use super::rules::{self, Colleague, Refusal};
use super::{Closing, Decision, Restriction, store};
use crate::access::{Permission, Relationship};
use crate::audit::Event;
use crate::ctx::Ctx;
use crate::failure::{Failure, FieldError};
use crate::ids::{RestrictionId, YoungPersonId};
use crate::staff::{self, User};
use crate::young_people;
use crate::young_people::actions::{Opened, open_record};

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        match &refusal {
            Refusal::NamesYou | Refusal::AlreadyOpen => Self::Refused(refusal.to_string()),
            _ => Self::Invalid(vec![FieldError::new("who", refusal.to_string())]),
        }
    }
}

/// Those to whom a record may be closed.
pub fn colleagues(ctx: &mut Ctx<'_>) -> Result<Vec<User>, Failure> {
    Ok(staff::store::all(ctx)?
        .into_iter()
        .filter(|user| rules::sees_records(user.role) && !user.disabled)
        .collect())
}

/// Closes a record to somebody, until a review opens it again.
pub fn close(
    ctx: &mut Ctx<'_>,
    id: &YoungPersonId,
    closing: &Closing,
    review_after: u32,
) -> Result<RestrictionId, Failure> {
    let opened = open_record(
        ctx,
        id,
        Permission::Restrict,
        Relationship::Team,
        "restriction",
    )?;
    let young_person = &opened.person().id;
    young_people::store::hold(ctx, young_person)?;
    let me = ctx.actor.user_id().cloned().ok_or(Failure::NotFound)?;
    let everybody = colleagues(ctx)?;
    let Some(named) = everybody.iter().find(|user| user.id == closing.user) else {
        return Err(Refusal::NoRecordsAnyway.into());
    };
    let closed_to = young_people::store::closed_to(ctx, young_person)?;
    if closed_to.contains(&named.id) {
        return Err(Refusal::AlreadyClosed(named.name.clone()).into());
    }
    if let Some(what) = store::work_held(ctx, young_person, &named.id)? {
        return Err(Refusal::HoldsWork {
            name: named.name.clone(),
            what,
        }
        .into());
    }
    let colleagues: Vec<Colleague> = everybody
        .iter()
        .filter(|user| user.can_sign_in || user.id == me)
        .map(|user| Colleague {
            role: user.role,
            named: user.id == named.id,
            me: user.id == me,
            closed: closed_to.contains(&user.id),
        })
        .collect();
    rules::may_close(closing.kind, &colleagues)?;
    let restriction = RestrictionId::random();
    let review_on = rules::review_on(ctx.today, review_after);
    store::insert(ctx, &restriction, young_person, closing, &me, review_on)?;
    ctx.record(
        Event::new("record_closed", "restriction", &restriction)
            .about(young_person)
            .with(json!({ "to": named.id, "kind": closing.kind, "review_on": review_on })),
    );
    Ok(restriction)
}

/// A restriction that whoever acts may decide about, with its young person. Whom it names does not
/// learn that it is there.
pub fn open(ctx: &mut Ctx<'_>, id: &RestrictionId) -> Result<(Restriction, Opened), Failure> {
    let restriction = store::find(ctx, id)?.ok_or(Failure::NotFound)?;
    let opened = open_record(
        ctx,
        &restriction.young_person,
        Permission::Restrict,
        Relationship::Team,
        "restriction",
    )?;
    Ok((restriction, opened))
}

/// Looks at a restriction again: it stays, or the record is open to them from now on.
pub fn review(
    ctx: &mut Ctx<'_>,
    id: &RestrictionId,
    version: i32,
    decision: Decision,
    note: &str,
    review_after: u32,
) -> Result<(), Failure> {
    let (restriction, _) = open(ctx, id)?;
    young_people::store::hold(ctx, &restriction.young_person)?;
    let restriction = store::find(ctx, id)?.ok_or(Failure::NotFound)?;
    if restriction.version != version {
        return Err(Failure::ChangedMeanwhile);
    }
    let me = ctx.actor.user_id().cloned().ok_or(Failure::NotFound)?;
    rules::may_review(restriction.user == me, restriction.ended_on.is_some())?;
    let review_on = match decision {
        Decision::Kept => rules::review_on(ctx.today, review_after),
        Decision::Ended => restriction.review_on,
    };
    store::review(ctx, &restriction, &me, decision, note, review_on)?;
    ctx.record(
        Event::new("restriction_reviewed", "restriction", id)
            .about(&restriction.young_person)
            .with(json!({
                "decision": decision,
                "of": restriction.user,
                "review_on": review_on,
            })),
    );
    Ok(())
}
