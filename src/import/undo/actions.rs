//! Undoing an import: what it would do, and doing it.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use serde_json::json;

use super::rules::{Refusal, work_in_words};
use super::{InTheWay, Plan, store};
use crate::audit::Event;
use crate::calendar::in_england;
use crate::ctx::Ctx;
use crate::db::{AdvisoryLock, one_at_a_time};
use crate::failure::Failure;
use crate::ids::{BatchId, YoungPersonId};
use crate::import::actions::must_bring_in;
use crate::import::store::{Batch, batch};
use crate::young_people;

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal.to_string())
    }
}

/// What undoing an import would do, and what stands in the way.
pub fn plan(ctx: &mut Ctx<'_>, id: &BatchId) -> Result<Plan, Failure> {
    must_bring_in(ctx)?;
    let batch = batch(ctx, id)?.ok_or(Failure::NotFound)?;
    if batch.undone.is_some() {
        return Err(Refusal::AlreadyUndone.into());
    }
    if !store::has_trail(ctx, id)? {
        return Err(Refusal::NoTrail.into());
    }
    let shape = store::Shape::read(ctx)?;
    let mut back = store::changed(ctx, id)?;
    let closed = young_people::store::closed_to_me(ctx)?;
    let mut put_back = store::put_back(ctx, &shape, id, &mut back)?;
    put_back.retain(|row| {
        let about = row.about.as_ref();
        about.is_none_or(|about| !closed.contains(about))
    });
    let mut in_the_way = store::in_the_way(ctx, &shape, id)?;
    for it in &mut in_the_way {
        if matches!(it, InTheWay::Work { about: Some(about), .. } if closed.contains(about)) {
            *it = InTheWay::Unseen;
        }
    }
    in_the_way.sort();
    in_the_way.dedup();
    Ok(Plan {
        gone: store::made(ctx, id)?,
        back,
        put_back,
        in_the_way,
    })
}

/// Notes the looks at what would be put back.
pub fn note_looks(ctx: &mut Ctx<'_>, plan: &Plan) {
    let mut ids: Vec<&YoungPersonId> = plan
        .put_back
        .iter()
        .filter_map(|row| row.about.as_ref())
        .collect();
    ids.sort();
    ids.dedup();
    for id in ids {
        ctx.record(
            Event::new("looked_at", "young_person", id)
                .about(id)
                .with(json!({ "page": "import_undo" })),
        );
    }
}

// What stands in the way, for people

/// How many of those who are in the way are shown.
const SHOWN: usize = 50;

/// One record, or one import, with what stands in the way there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Place {
    pub name: String,
    pub href: Option<String>,
    pub what: Vec<String>,
}

/// What people are called here: by name, with the reference of another system.
fn names(
    ctx: &mut Ctx<'_>,
    ids: &BTreeSet<YoungPersonId>,
) -> Result<BTreeMap<YoungPersonId, String>, Failure> {
    let ids: Vec<YoungPersonId> = ids.iter().cloned().collect();
    let mut names = BTreeMap::new();
    for person in young_people::store::by_ids(ctx, &ids)? {
        let references = young_people::store::refs(ctx, &person.id)?;
        let name = match references.first() {
            Some(first) => format!("{}, reference {}", person.full_name(), first.reference),
            None => person.full_name(),
        };
        names.insert(person.id, name);
    }
    Ok(names)
}

/// What stands in the way, record by record, and how many more places there are.
pub fn places(ctx: &mut Ctx<'_>, plan: &Plan) -> Result<(Vec<Place>, usize), Failure> {
    let mut by_record: BTreeMap<Option<&YoungPersonId>, Vec<String>> = BTreeMap::new();
    let mut places = Vec::new();
    for it in &plan.in_the_way {
        match it {
            InTheWay::LaterImport(id) => {
                let later = batch(ctx, id)?.ok_or(Failure::NotFound)?;
                places.push(Place {
                    name: later.file_name.clone(),
                    href: Some(format!("/imports/{id}")),
                    what: vec![format!(
                        "A later import, of {}, changed the same records or added to them: undo it first",
                        moment(&later)
                    )],
                });
            }
            InTheWay::Unseen => places.push(Place {
                name: "Records that cannot be shown to you".to_owned(),
                href: None,
                what: vec!["Somebody worked on them since".to_owned()],
            }),
            InTheWay::Work { about, work, rows } => by_record
                .entry(about.as_ref())
                .or_default()
                .push(work_in_words(work, *rows)),
        }
    }
    let all = places.len() + by_record.len();
    let room = SHOWN.saturating_sub(places.len());
    let shown: Vec<_> = by_record.into_iter().take(room).collect();
    let ids = shown.iter().filter_map(|(id, _)| id.cloned()).collect();
    let mut names = names(ctx, &ids)?;
    for (id, what) in shown {
        places.push(Place {
            name: id
                .and_then(|id| names.remove(id))
                .unwrap_or_else(|| "What belongs to no one record".to_owned()),
            href: id.map(|id| format!("/young-people/{id}")),
            what,
        });
    }
    let more = all.saturating_sub(places.len());
    Ok((places, more))
}

/// When an import came in.
pub fn moment(batch: &Batch) -> String {
    in_england(batch.imported_at)
        .format("%-d %B %Y, %H:%M")
        .to_string()
}

// Doing it

/// Undoes an import: what it made goes, and what it changed is as it was.
pub fn undo(ctx: &mut Ctx<'_>, id: &BatchId, reason: &str) -> Result<Plan, Failure> {
    must_bring_in(ctx)?;
    one_at_a_time(ctx, AdvisoryLock::Import)?;
    store::hold(ctx, id)?;
    let plan = plan(ctx, id)?;
    if !plan.in_the_way.is_empty() {
        return Err(Refusal::InTheWay(plan.in_the_way.len()).into());
    }
    let shape = store::Shape::read(ctx)?;
    let whose = store::whose(ctx, &shape, id)?;
    store::under_way(ctx, None)?;
    store::keep_images(ctx, &shape, id)?;
    store::take_along(ctx, &shape, id)?;
    store::go_back(ctx, &shape, id)?;
    for person in store::changed_people(ctx, id)? {
        young_people::store::found_by_their_name(ctx, &person)?;
    }
    store::nothing_under_way(ctx)?;
    store::set_undone(ctx, id, reason)?;
    let rows = |counts: &[super::Count]| counts.iter().map(|it| it.rows).sum::<i64>();
    let details = json!({ "gone": rows(&plan.gone), "put_back": rows(&plan.back) });
    ctx.record(Event::new("import_undone", "import_batch", id).with(details));
    for person in &whose {
        ctx.record(Event::new("import_undone", "import_batch", id).about(person));
    }
    Ok(plan)
}
