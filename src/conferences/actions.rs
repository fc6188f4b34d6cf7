//! What is done about conferences: taking in what scheduling says of a child on one.

use serde_json::json;

use super::{ConferenceChild, Place, Status, store};
use crate::audit::Event;
use crate::ctx::Ctx;
use crate::failure::Failure;
use crate::history::Changes;
use crate::ids::{ConferenceChildId, YoungPersonId};
use crate::young_people::{self, relations};

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
        said_status: None,
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
    said_status: Option<Status>,
    fingerprint: &str,
) -> Result<ConferenceChild, Failure> {
    keep(
        ctx,
        "conference_changed",
        child,
        ConferenceChild {
            place: place.clone(),
            fingerprint: fingerprint.to_owned(),
            said_status,
            ..child.clone()
        },
    )
}

/// Marks how a conference came out, for one child on it: scheduling has not said it yet.
pub fn mark(
    ctx: &mut Ctx<'_>,
    child: &ConferenceChild,
    mark: Status,
) -> Result<ConferenceChild, Failure> {
    let mut next = child.clone();
    next.said_status = child.said_status.or(Some(child.place.status));
    next.place.status = mark;
    // As scheduling says: then nothing is marked.
    next.said_status = next.said_status.filter(|said| *said != mark);
    keep(ctx, "conference_marked", child, next)
}

fn keep(
    ctx: &mut Ctx<'_>,
    what: &'static str,
    was: &ConferenceChild,
    next: ConferenceChild,
) -> Result<ConferenceChild, Failure> {
    store::update(ctx, &next)?;
    let place = &next.place;
    compared(&was.place, place).keep(ctx, HISTORY, &was.id, &was.young_person)?;
    ctx.record(
        Event::new(what, "conference_child", &next.id)
            .about(&next.young_person)
            .with(json!({
                "kind": place.kind,
                "held_on": place.held_on,
                "was_held_on": was.place.held_on,
                "status": place.status,
                "was": was.place.status,
            })),
    );
    Ok(ConferenceChild {
        version: next.version + 1,
        ..next
    })
}

/// The brothers and sisters of a young person whose records are open to whoever acts: those who
/// were ever on a conference with them, and those whom their record names as such.
pub fn brothers_and_sisters(
    ctx: &mut Ctx<'_>,
    id: &YoungPersonId,
) -> Result<Vec<YoungPersonId>, Failure> {
    let closed = young_people::store::closed_to_me(ctx)?;
    let mut found = store::conferred_with(ctx, id)?;
    found.retain(|other| !closed.contains(other));
    found.extend(relations::store::brothers_and_sisters(ctx, id)?);
    Ok(found)
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
