//! What is done about relations: somebody is added to a record, or to two, and what is said of
//! them changes on both.

use serde_json::json;

use super::rules::{self, Refusal, seen_from_the_other_side};
use super::{Other, Relation, Said, Who, store};
use crate::audit::Event;
use crate::ctx::Ctx;
use crate::failure::{Failure, FieldError};
use crate::history::Changes;
use crate::ids::{RelationId, YoungPersonId};
use crate::young_people::YoungPerson;
use crate::young_people::actions::{change_record, open_to_work, search};
use crate::young_people::store::{by_ids, closed_to_me};

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        Self::Invalid(vec![FieldError::new("who", refusal.to_string())])
    }
}

/// Those on record whom a name (or a reference, or a date of birth) may mean, besides the young
/// person themselves.
pub fn likely(
    ctx: &mut Ctx<'_>,
    young_person: &YoungPersonId,
    text: &str,
) -> Result<Vec<YoungPerson>, Failure> {
    open_to_work(ctx, young_person)?;
    let closed = closed_to_me(ctx)?;
    let mut found = search(ctx, text)?;
    found.retain(|id| id != young_person && !closed.contains(id));
    found.truncate(20);
    by_ids(ctx, &found)
}

/// Somebody is something to a young person. Between two on record it stands on both records.
pub fn add(
    ctx: &mut Ctx<'_>,
    young_person: &YoungPersonId,
    who: &Who,
    said: &Said,
) -> Result<RelationId, Failure> {
    match who {
        Who::OnRecord(other) => change_both(ctx, young_person, other)?,
        Who::ByName(_) => drop(change_record(ctx, young_person)?),
    }
    let relations = store::of(ctx, young_person)?;
    let standing: Vec<_> = relations
        .iter()
        .filter(|it| !it.said.in_error)
        .cloned()
        .collect();
    let linked: Vec<_> = store::others(ctx, young_person, &standing)?
        .into_iter()
        .map(|(_, other)| other.id)
        .collect();
    rules::may_add(young_person, who, &linked, &relations)?;
    let id = RelationId::random();
    let mut mine = Relation {
        id: id.clone(),
        young_person: young_person.clone(),
        pair: None,
        said: said.clone(),
        version: 1,
    };
    match who {
        Who::ByName(name) => {
            mine.said.name = Some(name.clone());
            store::insert(ctx, &mine)?;
        }
        Who::OnRecord(other) => {
            mine.pair = Some(RelationId::random().to_string());
            mine.said.name = None;
            store::insert(ctx, &mine)?;
            let theirs = Relation {
                id: RelationId::random(),
                young_person: other.clone(),
                pair: mine.pair.clone(),
                said: Said {
                    kind: seen_from_the_other_side(said.kind),
                    name: None,
                    phone: None,
                    email: None,
                    parental_responsibility: false,
                    note: None,
                    in_error: false,
                },
                version: 1,
            };
            store::insert(ctx, &theirs)?;
            added(ctx, &theirs);
        }
    }
    added(ctx, &mine);
    Ok(id)
}

/// Opens two records to change them. Everybody holds two children in the same order, so that no two
/// wait for each other.
fn change_both(
    ctx: &mut Ctx<'_>,
    one: &YoungPersonId,
    other: &YoungPersonId,
) -> Result<(), Failure> {
    for id in [one.min(other), one.max(other)] {
        change_record(ctx, id)?;
    }
    Ok(())
}

fn added(ctx: &mut Ctx<'_>, relation: &Relation) {
    ctx.record(
        Event::new("relation_added", "relation", &relation.id)
            .about(&relation.young_person)
            .with(json!({ "kind": relation.said.kind, "pair": relation.pair })),
    );
}

/// A relation with its young person, to be changed. One with somebody whose record is closed to
/// whoever acts is not there for them.
pub fn to_change(
    ctx: &mut Ctx<'_>,
    id: &RelationId,
) -> Result<(Relation, Option<Other>, YoungPerson), Failure> {
    let relation = store::find(ctx, id)?.ok_or(Failure::NotFound)?;
    let person = open_to_work(ctx, &relation.young_person)?;
    let other = store::others(ctx, &person.id, std::slice::from_ref(&relation))?.pop();
    if relation.pair.is_some() && other.is_none() {
        return Err(Failure::NotFound);
    }
    Ok((relation, other.map(|(_, other)| other), person))
}

/// Changes a relation, and the word on the other record with it.
pub fn change(
    ctx: &mut Ctx<'_>,
    id: &RelationId,
    version: i32,
    said: &Said,
) -> Result<YoungPersonId, Failure> {
    let (relation, other, person) = to_change(ctx, id)?;
    match &other {
        Some(other) => change_both(ctx, &person.id, &other.id)?,
        None => drop(change_record(ctx, &person.id)?),
    }
    keep(ctx, &relation, version, said)?;
    let same = (relation.said.kind, relation.said.in_error) == (said.kind, said.in_error);
    if let (false, Some(theirs)) = (same, store::other_side(ctx, &relation)?) {
        let next = Said {
            kind: seen_from_the_other_side(said.kind),
            in_error: said.in_error,
            ..theirs.said.clone()
        };
        keep(ctx, &theirs, theirs.version, &next)?;
    }
    Ok(person.id)
}

fn keep(ctx: &mut Ctx<'_>, relation: &Relation, version: i32, said: &Said) -> Result<(), Failure> {
    let (old, new) = (&relation.said, said);
    let yes = |it: bool| it.then_some("Yes");
    let mut changes = Changes::new();
    changes.compare("relation", Some(old.kind.words()), Some(new.kind.words()));
    changes.compare("name", old.name.as_ref(), new.name.as_ref());
    changes.compare("phone", old.phone.as_ref(), new.phone.as_ref());
    changes.compare("email", old.email.as_ref(), new.email.as_ref());
    changes.compare("note", old.note.as_ref(), new.note.as_ref());
    let responsible = (old.parental_responsibility, new.parental_responsibility);
    changes.compare(
        "parental_responsibility",
        yes(responsible.0),
        yes(responsible.1),
    );
    changes.compare("recorded_in_error", yes(old.in_error), yes(new.in_error));
    store::update(ctx, &relation.id, version, said)?;
    changes.keep(ctx, "relation", &relation.id, &relation.young_person)?;
    ctx.record(
        Event::new("relation_changed", "relation", &relation.id)
            .about(&relation.young_person)
            .with(json!({ "fields": changes.fields() })),
    );
    Ok(())
}
