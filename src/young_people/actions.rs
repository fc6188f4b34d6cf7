//! What is done about young people: opening their records, adding them, and taking in what another
//! system now says.

use serde_json::json;

use super::rules::{Likeness, Refusal, may_be_same};
use super::{Described, SourceRef, YoungPerson, store, warnings};
use crate::access::{Decision, Permission, Relationship, decide};
use crate::audit::Event;
use crate::calendar::dates::parse_date;
use crate::calendar::show;
use crate::ctx::Ctx;
use crate::failure::{Failure, FieldError};
use crate::history::Changes;
use crate::ids::YoungPersonId;

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        Self::Invalid(vec![FieldError::new(refusal.field(), refusal.to_string())])
    }
}

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
    let mut person = store::find(ctx, id)?.ok_or(Failure::NotFound)?;
    person.warnings = warnings::store::in_force(ctx, id)?;
    if permission == Permission::SeeRecord {
        ctx.record(
            Event::new("looked_at", "young_person", id)
                .about(id)
                .with(json!({ "page": page, "as": relationship.code() })),
        );
    }
    Ok(Opened(person))
}

/// How whoever acts stands to a young person.
pub fn relationship(ctx: &mut Ctx<'_>, id: &YoungPersonId) -> Result<Relationship, Failure> {
    Ok(if store::reason_holds(ctx, id)? {
        Relationship::ReasonStated
    } else if store::is_mine(ctx, id)? {
        Relationship::Own
    } else {
        Relationship::Team
    })
}

/// Opens a record to be looked at, on a page that is about the young person and no case.
pub fn open_to_see(
    ctx: &mut Ctx<'_>,
    id: &YoungPersonId,
    page: &'static str,
) -> Result<Opened, Failure> {
    let relationship = relationship(ctx, id)?;
    open_record(ctx, id, Permission::SeeRecord, relationship, page)
}

/// Opens a record to be changed: may whoever acts do that at all?
pub fn open_to_work(ctx: &mut Ctx<'_>, id: &YoungPersonId) -> Result<YoungPerson, Failure> {
    let relationship = relationship(ctx, id)?;
    Ok(open_record(ctx, id, Permission::WorkRecord, relationship, "change")?.0)
}

/// Opens a record to change it now, and holds it to the end.
pub fn change_record(ctx: &mut Ctx<'_>, id: &YoungPersonId) -> Result<YoungPerson, Failure> {
    open_to_work(ctx, id)?;
    store::hold(ctx, id)?;
    open_to_work(ctx, id)
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
    next.date_of_birth = next.date_of_birth.or(person.date_of_birth);
    for (new, old) in [
        (&mut next.details.gender, &person.details.gender),
        (&mut next.details.ethnicity, &person.details.ethnicity),
        (&mut next.details.language, &person.details.language),
        (
            &mut next.details.communication_needs,
            &person.details.communication_needs,
        ),
        (&mut next.contact_warning, &person.contact_warning),
    ] {
        if new.is_none() {
            new.clone_from(old);
        }
    }
    let changes = compared(person, &next);
    if changes.is_empty() {
        return Ok(false);
    }
    store::update(ctx, person, &next)?;
    changes.keep(ctx, HISTORY, &person.id, &person.id)?;
    ctx.record(
        Event::new("young_person_changed", "young_person", &person.id)
            .about(&person.id)
            .with(json!({ "fields": changes.fields() })),
    );
    Ok(true)
}

/// The kind under which the history of what is said of a young person is kept.
pub const HISTORY: &str = "young_person";

/// What a new description changes.
pub(super) fn compared(person: &YoungPerson, next: &Described) -> Changes {
    let (old, new) = (&person.details, &next.details);
    let mut changes = Changes::new();
    for (field, before, after) in [
        ("gender", &old.gender, &new.gender),
        ("ethnicity", &old.ethnicity, &new.ethnicity),
        ("language", &old.language, &new.language),
        (
            "communication_needs",
            &old.communication_needs,
            &new.communication_needs,
        ),
        (
            "contact_warning",
            &person.contact_warning,
            &next.contact_warning,
        ),
    ] {
        changes.compare(field, before.as_ref(), after.as_ref());
    }
    changes.compare(
        "first_name",
        Some(&person.first_name),
        Some(&next.first_name),
    );
    changes.compare("last_name", Some(&person.last_name), Some(&next.last_name));
    let days = (person.date_of_birth.map(show), next.date_of_birth.map(show));
    changes.compare("date_of_birth", days.0, days.1);
    changes
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
