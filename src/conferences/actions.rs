//! What is done about conferences: taking in what scheduling says of a child on one.

use serde_json::json;

use super::{ConferenceChild, Place, Status, store};
use crate::audit::Event;
use crate::ctx::Ctx;
use crate::failure::Failure;
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
