//! The page on which an import is undone: what would go, what would be put back, what stands in the
//! way, and why it is done.

use serde::Serialize;
use serde_json::json;

use super::PutBack;
use super::actions::{self, moment, names, places};
use super::rules::{self, in_words, told};
use crate::ctx::Ctx;
use crate::failure::Failure;
use crate::ids::BatchId;
use crate::import::store::batch;
use crate::web::{Answer, Form, PageOptions, Path, Submitted, Web, known};

#[derive(Serialize)]
struct BackView {
    name: String,
    href: Option<String>,
    what: String,
    now: Option<String>,
    then: Option<String>,
}

fn backs(ctx: &mut Ctx<'_>, rows: &[PutBack]) -> Result<Vec<BackView>, Failure> {
    let ids = rows.iter().filter_map(|row| row.about.clone()).collect();
    let names = names(ctx, &ids)?;
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
                what: format!(
                    "{}: {}",
                    rules::words(&row.table).0,
                    field.replace('_', " ")
                ),
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
            let mut view = json!({
                "id": wanted,
                "file": of.file_name,
                "kind": of.kind.words(),
                "at": moment(&of),
                "form": shown,
            });
            let plan = match actions::plan(ctx, &wanted) {
                Ok(plan) => plan,
                Err(Failure::Refused(sentence)) => {
                    view["refused"] = json!(sentence);
                    return Ok(view);
                }
                Err(other) => return Err(other),
            };
            let (places, more) = places(ctx, &plan)?;
            view["places"] = json!(places);
            view["more"] = json!(more);
            if places.is_empty() {
                actions::note_looks(ctx, &plan);
                let words =
                    |counts| -> Vec<String> { told(counts).into_iter().map(in_words).collect() };
                view["gone"] = json!(words(&plan.gone));
                view["back"] = json!(words(&plan.back));
                view["values"] = json!(backs(ctx, &plan.put_back)?);
                view["free"] = json!(true);
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
