//! What is done about young people: adding them, and taking in what another system now says.

use serde_json::json;

use super::rules::{Likeness, may_be_same};
use super::{Described, SourceRef, YoungPerson, store};
use crate::access::{Decision, Permission, Relationship, decide};
use crate::audit::Event;
use crate::calendar::dates::parse_date;
use crate::ctx::Ctx;
use crate::failure::Failure;
use crate::ids::YoungPersonId;

/// A young person that whoever acts may know: made by [`open_record`] alone, which decides and
/// notes the look.
#[derive(Debug, Clone)]
pub struct Opened(YoungPerson);

impl Opened {
    #[must_use]
    pub fn person(&self) -> &YoungPerson {
        &self.0
    }
}

/// Opens a record to look at or to work on. Looking is an event like changing.
pub fn open_record(
    ctx: &mut Ctx<'_>,
    id: &YoungPersonId,
    permission: Permission,
    relationship: Relationship,
    page: &'static str,
) -> Result<Opened, Failure> {
    let relationship = match store::closed_to_me(ctx)?.contains(id) {
        true => Relationship::Closed,
        false => relationship,
    };
    if decide(ctx.actor, permission, relationship) == Decision::Denied {
        return Err(Failure::NotFound);
    }
    let person = store::find(ctx, id)?.ok_or(Failure::NotFound)?;
    if permission == Permission::SeeRecord {
        ctx.record(
            Event::new("looked_at", "young_person", id)
                .about(id)
                .with(json!({ "page": page, "as": relationship.code() })),
        );
    }
    Ok(Opened(person))
}

pub fn add(
    ctx: &mut Ctx<'_>,
    described: &Described,
    source: Option<&SourceRef>,
) -> Result<YoungPersonId, Failure> {
    let id = YoungPersonId::random();
    store::insert(ctx, &id, described)?;
    if let Some(source) = source {
        store::insert_ref(ctx, &id, source)?;
    }
    ctx.record(Event::new("young_person_added", "young_person", &id).about(&id));
    Ok(id)
}

/// Notes that another system knows this person by a reference.
pub fn link(ctx: &mut Ctx<'_>, id: &YoungPersonId, source: &SourceRef) -> Result<(), Failure> {
    store::insert_ref(ctx, id, source)?;
    ctx.record(
        Event::new("young_person_linked", "young_person", id)
            .about(id)
            .with(json!({ "source": source.source })),
    );
    Ok(())
}

/// Takes in what another system now says. What it leaves blank stays as it was: silence is not a
/// correction. Answers whether anything changed.
pub fn describe_again(
    ctx: &mut Ctx<'_>,
    person: &YoungPerson,
    described: &Described,
) -> Result<bool, Failure> {
    let mut next = described.clone();
    let mut changed = Vec::new();
    if next.first_name.as_str() != person.first_name || next.last_name.as_str() != person.last_name
    {
        changed.push("name");
    }
    next.date_of_birth = next.date_of_birth.or(person.date_of_birth);
    if next.date_of_birth != person.date_of_birth {
        changed.push("date_of_birth");
    }
    for (field, new, old) in [
        ("gender", &mut next.details.gender, &person.details.gender),
        (
            "ethnicity",
            &mut next.details.ethnicity,
            &person.details.ethnicity,
        ),
        (
            "language",
            &mut next.details.language,
            &person.details.language,
        ),
        (
            "communication_needs",
            &mut next.details.communication_needs,
            &person.details.communication_needs,
        ),
        (
            "contact_warning",
            &mut next.contact_warning,
            &person.contact_warning,
        ),
    ] {
        if new.is_none() {
            new.clone_from(old);
        } else if new != old {
            changed.push(field);
        }
    }
    if changed.is_empty() {
        return Ok(false);
    }
    store::update(ctx, person, &next)?;
    ctx.record(
        Event::new("young_person_changed", "young_person", &person.id)
            .about(&person.id)
            .with(json!({ "fields": changed })),
    );
    Ok(true)
}

/// The first on record without a reference of this source who may be the person described.
#[must_use]
pub fn likely_same<'p>(
    people: &'p [YoungPerson],
    described: &Described,
) -> Option<&'p YoungPerson> {
    people.iter().find(|person| is_like(person, described))
}

fn is_like(person: &YoungPerson, described: &Described) -> bool {
    may_be_same(
        &Likeness {
            first_name: described.first_name.as_str(),
            last_name: described.last_name.as_str(),
            date_of_birth: described.date_of_birth,
        },
        &Likeness {
            first_name: &person.first_name,
            last_name: &person.last_name,
            date_of_birth: person.date_of_birth,
        },
    )
}

/// How long a stated reason opens a record.
const REASON_HOLDS: chrono::Duration = chrono::Duration::hours(8);

/// A manager says why they need to see one named record. It is logged, and the senior officer
/// sees it.
pub fn state_reason(ctx: &mut Ctx<'_>, id: &YoungPersonId, reason: &str) -> Result<(), Failure> {
    if decide(ctx.actor, Permission::StateReason, Relationship::General) == Decision::Denied {
        return Err(Failure::NotFound);
    }
    store::find(ctx, id)?.ok_or(Failure::NotFound)?;
    let me = ctx.actor.user_id().cloned().ok_or(Failure::NotFound)?;
    store::insert_reason(ctx, id, &me, reason, ctx.now + REASON_HOLDS)?;
    ctx.record(Event::new("reason_stated", "young_person", id).about(id));
    Ok(())
}

/// The most people that a search answers.
const FOUND: i64 = 200;

/// Finds people by a name in any order, a reference, or a date of birth. That somebody searched is
/// on record; what for is not.
pub fn search(ctx: &mut Ctx<'_>, text: &str) -> Result<Vec<YoungPersonId>, Failure> {
    if decide(ctx.actor, Permission::SeeCasework, Relationship::General) == Decision::Denied {
        return Err(Failure::NotFound);
    }
    let born = parse_date(text).ok();
    let found = store::search(ctx, text, born, FOUND)?;
    ctx.record(Event::new("searched", "young_people", "-").with(json!({ "found": found.len() })));
    Ok(found)
}

/// Everybody on record who may be the person described, whatever references they carry.
pub fn all_likely(ctx: &mut Ctx<'_>, described: &Described) -> Result<Vec<YoungPerson>, Failure> {
    let near = store::near(ctx, described)?;
    Ok(near
        .into_iter()
        .filter(|person| is_like(person, described))
        .collect())
}
