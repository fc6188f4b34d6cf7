//! What is done to find out who somebody is, and about two records that look alike.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use serde_json::json;

use super::rules::{check_later, compare, worth_a_look};
use super::{Alike, Certainty, Facts, Likeness, store};
use crate::access::{Decision, Permission, Relationship, decide};
use crate::audit::Event;
use crate::ctx::Ctx;
use crate::failure::{Failure, FieldError};
use crate::ids::{LikenessId, YoungPersonId};
use crate::young_people::{self, YoungPerson};

/// Everybody on record who may be the one asked for, the likeliest first. Whoever confers or lives
/// with them is somebody else.
pub fn alike(ctx: &mut Ctx<'_>, asked: &Facts) -> Result<Vec<Alike>, Failure> {
    let ids = store::candidates(ctx, asked)?;
    weighed(ctx, asked, ids)
}

fn weighed(
    ctx: &mut Ctx<'_>,
    asked: &Facts,
    mut ids: BTreeSet<YoungPersonId>,
) -> Result<Vec<Alike>, Failure> {
    let today = ctx.today;
    ids.retain(|id| !asked.family.contains(id));
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let ids = store::standing(ctx, &ids)?;
    let mut near: Vec<YoungPerson> = young_people::store::by_ids(ctx, &ids)?;
    near.retain(|person| worth_a_look(asked, &Facts::of(person), today));
    let facts = with_people_around(ctx, &near)?;
    let mut found: Vec<Alike> = near
        .into_iter()
        .filter_map(|person| {
            let compared = compare(asked, facts.get(&person.id)?, today);
            (compared.certainty() != Certainty::New).then_some(Alike { person, compared })
        })
        .collect();
    found.sort_by_key(|it| {
        let sure = (it.compared.certainty(), it.compared.points());
        (std::cmp::Reverse(sure), it.person.id.clone())
    });
    Ok(found)
}

/// The same, of those whom no reference of this source names, and of those whom one names.
pub fn alike_by_reference(
    ctx: &mut Ctx<'_>,
    asked: &Facts,
    source: &str,
) -> Result<(Vec<Alike>, Vec<Alike>), Failure> {
    let alike = alike(ctx, asked)?;
    let ids: Vec<YoungPersonId> = alike.iter().map(|it| it.person.id.clone()).collect();
    let known = match ids.is_empty() {
        true => BTreeSet::new(),
        false => store::known_by(ctx, source, &ids)?,
    };
    let (named, nameless) = alike
        .into_iter()
        .partition(|it| known.contains(&it.person.id));
    Ok((nameless, named))
}

/// Whom an import of one source compares its children with.
pub struct Matcher {
    source: String,
    /// Whether anybody is on record whom no reference of this source names. Whoever comes in by the
    /// import has one, so that it stays as it was at the start.
    nameless: bool,
}

impl Matcher {
    pub fn new(ctx: &mut Ctx<'_>, source: &str) -> Result<Self, Failure> {
        Ok(Self {
            nameless: store::is_anybody_nameless(ctx, source)?,
            source: source.to_owned(),
        })
    }

    /// Those who may be the child and hold the row up, and those who are only suggested. Where
    /// nobody can hold it up, whoever was born on the same day is looked at and nobody else: what
    /// is only a suggestion must not make a long file slow.
    pub fn alike(
        &self,
        ctx: &mut Ctx<'_>,
        asked: &Facts,
    ) -> Result<(Vec<Alike>, Vec<Alike>), Failure> {
        if self.nameless {
            return alike_by_reference(ctx, asked, &self.source);
        }
        let ids = store::born_that_day(ctx, asked)?;
        Ok((Vec::new(), weighed(ctx, asked, ids)?))
    }
}

/// What is known of these people, with those around them.
pub fn with_people_around(
    ctx: &mut Ctx<'_>,
    people: &[YoungPerson],
) -> Result<BTreeMap<YoungPersonId, Facts>, Failure> {
    let ids: Vec<YoungPersonId> = people.iter().map(|person| person.id.clone()).collect();
    let mut carers = store::carers(ctx, &ids)?;
    let mut facts: BTreeMap<YoungPersonId, Facts> = people
        .iter()
        .map(|person| {
            let carers = carers.remove(&person.id).unwrap_or_default();
            let known = Facts {
                carers,
                ..Facts::of(person)
            };
            (person.id.clone(), known)
        })
        .collect();
    for (id, relative) in store::relatives(ctx, &ids)? {
        if let Some(known) = facts.get_mut(&id) {
            known.family.insert(relative);
        }
    }
    Ok(facts)
}

/// The most suggestions about one person: whoever is like more people than this has a name that
/// many have.
const SUGGESTIONS: usize = 5;

/// Keeps that somebody who came on record now looks like these, the likeliest first: a suggestion.
pub fn suggest(ctx: &mut Ctx<'_>, newer: &YoungPersonId, alike: &[Alike]) -> Result<(), Failure> {
    for it in alike.iter().take(SUGGESTIONS) {
        let id = store::insert(ctx, newer, &it.person.id, it.compared.certainty())?;
        ctx.record(
            Event::new("likeness_found", "likeness", &id)
                .about(newer)
                .with(json!({ "other": it.person.id, "certainty": it.compared.certainty() })),
        );
    }
    Ok(())
}

fn to_settle(ctx: &mut Ctx<'_>, id: &LikenessId, version: i32) -> Result<Likeness, Failure> {
    if decide(ctx.actor, Permission::MergeRecords, Relationship::General) == Decision::Denied {
        return Err(Failure::NotFound);
    }
    let found = store::unsettled(ctx)?.into_iter().find(|it| it.id == *id);
    let likeness = found.ok_or(Failure::ChangedMeanwhile)?;
    if likeness.version != version {
        return Err(Failure::ChangedMeanwhile);
    }
    Ok(likeness)
}

fn record(ctx: &mut Ctx<'_>, what: &'static str, likeness: &Likeness) {
    for about in [&likeness.newer, &likeness.older] {
        ctx.record(Event::new(what, "likeness", &likeness.id).about(about));
    }
}

/// Two who look alike are two people.
pub fn are_two(ctx: &mut Ctx<'_>, id: &LikenessId, version: i32) -> Result<(), Failure> {
    let likeness = to_settle(ctx, id, version)?;
    store::set_different(ctx, &likeness)?;
    record(ctx, "likeness_refused", &likeness);
    Ok(())
}

/// Sets the question aside until a day.
pub fn ask_later(
    ctx: &mut Ctx<'_>,
    id: &LikenessId,
    version: i32,
    until: NaiveDate,
    note: &str,
) -> Result<(), Failure> {
    let likeness = to_settle(ctx, id, version)?;
    check_later(until, ctx.today)
        .map_err(|reason| Failure::Invalid(vec![FieldError::new("later_on", reason)]))?;
    store::set_later(ctx, &likeness, until, note)?;
    record(ctx, "likeness_set_aside", &likeness);
    Ok(())
}
