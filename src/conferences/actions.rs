//! What is done about conferences: taking in what scheduling says of a child on one.

use serde_json::json;

use super::{ConferenceChild, Place, store};
use crate::audit::Event;
use crate::ctx::Ctx;
use crate::failure::Failure;
use crate::history::Changes;
use crate::ids::{ConferenceChildId, YoungPersonId};

/// Puts a child on a conference for the first time.
pub fn add_child(
    ctx: &mut Ctx<'_>,
    source: &str,
    conference_ref: &str,
    child_ref: &str,
    young_person: &YoungPersonId,
    place: &Place,
    fingerprint: &str,
) -> Result<ConferenceChild, Failure> {
    let child = ConferenceChild {
        id: ConferenceChildId::random(),
        conference: store::conference_id(ctx, source, conference_ref)?,
        young_person: young_person.clone(),
        place: place.clone(),
        fingerprint: fingerprint.to_owned(),
        version: 1,
    };
    store::insert(ctx, &child, child_ref)?;
    ctx.record(
        Event::new("conference_added", "conference_child", &child.id)
            .about(young_person)
            .with(json!({ "kind": place.kind, "held_on": place.held_on, "status": place.status })),
    );
    Ok(child)
}

/// Takes in a changed row: another day, another state, other people.
pub fn change_child(
    ctx: &mut Ctx<'_>,
    child: &ConferenceChild,
    place: &Place,
    fingerprint: &str,
) -> Result<ConferenceChild, Failure> {
    store::update(ctx, child, place, fingerprint)?;
    compared(&child.place, place).keep(ctx, HISTORY, &child.id, &child.young_person)?;
    ctx.record(
        Event::new("conference_changed", "conference_child", &child.id)
            .about(&child.young_person)
            .with(json!({
                "kind": place.kind,
                "held_on": place.held_on,
                "was_held_on": child.place.held_on,
                "status": place.status,
                "was": child.place.status,
            })),
    );
    Ok(ConferenceChild {
        place: place.clone(),
        fingerprint: fingerprint.to_owned(),
        version: child.version + 1,
        ..child.clone()
    })
}

/// The kind under which the history of what is said of a child on a conference is kept.
pub const HISTORY: &str = "conference_child";

fn compared(old: &Place, new: &Place) -> Changes {
    let mut changes = Changes::new();
    changes.compare("kind", Some(old.kind.words()), Some(new.kind.words()));
    changes.compare("held_on", Some(old.held_on), Some(new.held_on));
    changes.compare("status", Some(old.status.words()), Some(new.status.words()));
    for (field, before, after) in [
        (
            "strategy_discussion_on",
            old.strategy_discussion_on,
            new.strategy_discussion_on,
        ),
        ("notified_on", old.notified_on, new.notified_on),
    ] {
        changes.compare(field, before, after);
    }
    let (carer, next) = (&old.carer, &new.carer);
    for (field, before, after) in [
        ("starts_at", &old.starts_at, &new.starts_at),
        ("venue", &old.venue, &new.venue),
        ("chair", &old.chair, &new.chair),
        ("carer_name", &carer.name, &next.name),
        (
            "carer_relationship",
            &carer.relationship,
            &next.relationship,
        ),
        ("carer_phone", &carer.phone, &next.phone),
        ("carer_email", &carer.email, &next.email),
        (
            "social_worker_name",
            &old.social_worker_name,
            &new.social_worker_name,
        ),
        (
            "social_worker_email",
            &old.social_worker_email,
            &new.social_worker_email,
        ),
        ("team", &old.team, &new.team),
        (
            "transferring_authority",
            &old.transferring_authority,
            &new.transferring_authority,
        ),
        (
            "contact_warning",
            &old.contact_warning,
            &new.contact_warning,
        ),
    ] {
        changes.compare(field, before.as_ref(), after.as_ref());
    }
    changes
}
