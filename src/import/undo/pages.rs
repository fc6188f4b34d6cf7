//! The page on which an import is undone: what would go, what would be put back, what stands in the
//! way, and why it is done.

use std::collections::BTreeMap;

use serde::Serialize;

use super::PutBack;
use super::actions::{self, Place, moment, places};
use super::rules::{field_in_words, in_words, told};
use crate::ctx::Ctx;
use crate::failure::Failure;
use crate::ids::{BatchId, YoungPersonId};
use crate::import::store::batch;
use crate::web::{Answer, Form, PageOptions, Path, Submitted, Web, known};
use crate::young_people;

#[derive(Serialize)]
struct UndoView {
    id: BatchId,
    file: String,
    kind: &'static str,
    at: String,
    form: Form,
    /// Why it can never be undone.
    refused: Option<String>,
    places: Vec<Place>,
    /// How many more places there are than are shown.
    more: usize,
    /// Nothing stands in the way.
    free: bool,
    gone: Vec<String>,
    back: Vec<String>,
    values: Vec<BackView>,
}

#[derive(Serialize)]
struct BackView {
    name: String,
    href: Option<String>,
    what: String,
    now: Option<String>,
    then: Option<String>,
}

fn backs(ctx: &mut Ctx<'_>, rows: &[PutBack]) -> Result<Vec<BackView>, Failure> {
    let ids: Vec<YoungPersonId> = rows.iter().filter_map(|row| row.about.clone()).collect();
    let names: BTreeMap<YoungPersonId, String> = young_people::store::by_ids(ctx, &ids)?
        .into_iter()
        .map(|person| (person.id.clone(), person.full_name()))
        .collect();
    let mut views = Vec::new();
    for row in rows {
        let about = row.about.as_ref();
        for (field, now, then) in &row.fields {
            views.push(BackView {
                name: about
                    .and_then(|id| names.get(id))
                    .cloned()
                    .unwrap_or_default(),
                href: about.map(|id| format!("/young-people/{id}")),
                what: field_in_words(&row.table, field),
                now: now.clone(),
                then: then.clone(),
            });
        }
    }
    Ok(views)
}

fn undo_form() -> Form {
    Form::new().field("reason")
}

async fn undo_page(web: &Web, id: &BatchId, form: Form) -> Answer {
    let wanted = id.clone();
    let shown = form.clone();
    let view = web
        .read(move |ctx| {
            let of = batch(ctx, &wanted)?.ok_or(Failure::NotFound)?;
            let mut view = UndoView {
                id: wanted.clone(),
                at: moment(&of),
                file: of.file_name,
                kind: of.kind.words(),
                form: shown,
                refused: None,
                places: Vec::new(),
                more: 0,
                free: false,
                gone: Vec::new(),
                back: Vec::new(),
                values: Vec::new(),
            };
            let plan = match actions::plan(ctx, &wanted) {
                Ok(plan) => plan,
                Err(Failure::Refused(sentence)) => {
                    view.refused = Some(sentence);
                    return Ok(view);
                }
                Err(other) => return Err(other),
            };
            (view.places, view.more) = places(ctx, &plan)?;
            view.free = view.places.is_empty();
            if view.free {
                actions::note_looks(ctx, &plan);
                view.gone = told(&plan.gone).into_iter().map(in_words).collect();
                view.back = told(&plan.back).into_iter().map(in_words).collect();
                view.values = backs(ctx, &plan.put_back)?;
            }
            Ok(view)
        })
        .await?;
    let options = PageOptions::titled("Undo this import")
        .back(format!("/imports/{id}"), "Import")
        .with_form(&form);
    web.page("imports/undo", options, view)
}

pub async fn show(web: Web, id: Path<String>) -> Answer {
    let id = known(BatchId::parse(&id))?;
    let form = web.resume(undo_form()).await?;
    undo_page(&web, &id, form).await
}

pub async fn undo(web: Web, id: Path<String>, sent: Submitted) -> Answer {
    let id = known(BatchId::parse(&id))?;
    let mut form = undo_form().fill(&sent);
    if let Some(reason) = form.required("reason", "Say why this import is undone") {
        let batch = id.clone();
        let done = web
            .write_once(&form, move |ctx| {
                actions::undo(ctx, &batch, &reason)?;
                Ok(format!("/imports/{batch}"))
            })
            .await;
        match done {
            Ok(location) => return web.see(&location, "The import is undone"),
            Err(failure) => form.explain(failure)?,
        }
    }
    undo_page(&web, &id, form).await
}
