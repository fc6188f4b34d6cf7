//! What is done about documents: changing a text, going back to an older one, making a document.

use std::collections::BTreeMap;

use serde_json::json;

use super::rules::{self, Refusal};
use super::{Document, Gap, Kind, store};
use crate::access::{Decision, Permission, Relationship, decide};
use crate::audit::Event;
use crate::cases;
use crate::ctx::Ctx;
use crate::failure::{Failure, FieldError};
use crate::ids::{CaseId, DocumentId};
use crate::young_people::actions::Opened;

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        Self::Invalid(vec![FieldError::new("body", refusal.to_string())])
    }
}

/// Keeps a new version of a text. The versions before it stay.
pub fn change_text(ctx: &mut Ctx<'_>, kind: Kind, version: i32, body: &str) -> Result<(), Failure> {
    if decide(ctx.actor, Permission::EditTexts, Relationship::General) == Decision::Denied {
        return Err(Failure::NotFound);
    }
    let by = ctx.actor.user_id().cloned().ok_or(Failure::NotFound)?;
    rules::check(kind, body)?;
    let present = store::text(ctx, kind)?;
    if present.version != version {
        return Err(Failure::ChangedMeanwhile);
    }
    if present.body.trim() == body.trim() {
        return Err(Failure::refused("This is what the text says already."));
    }
    store::insert_text(ctx, kind, version + 1, body, &by)?;
    ctx.record(
        Event::new("document_text_changed", "document_text", kind.code())
            .with(json!({ "version": version + 1 })),
    );
    Ok(())
}

/// Makes an older version the one that is used, as a new version: nothing is taken back.
pub fn go_back(ctx: &mut Ctx<'_>, kind: Kind, version: i32, to: i32) -> Result<(), Failure> {
    let older = store::versions(ctx, kind)?
        .into_iter()
        .find(|text| text.version == to)
        .ok_or(Failure::NotFound)?;
    change_text(ctx, kind, version, &older.body)
}

/// Makes a document for the young person of a case, and keeps it as it is given.
pub fn make(
    ctx: &mut Ctx<'_>,
    case: &CaseId,
    kind: Kind,
    values: &BTreeMap<Gap, String>,
) -> Result<DocumentId, Failure> {
    if !kind.is_given() {
        return Err(Failure::NotFound);
    }
    let (case, _) = cases::actions::open(ctx, case, Permission::WorkRecord)?;
    let text = store::text(ctx, kind)?;
    let missing: Vec<_> = rules::gaps(&text.body)?
        .into_iter()
        .filter(|gap| !gap.may_be_blank())
        .filter(|gap| values.get(gap).is_none_or(|value| value.trim().is_empty()))
        .map(|gap| FieldError::new(gap.field(), format!("Fill in: {}", lower(gap.words()))))
        .collect();
    if !missing.is_empty() {
        return Err(Failure::Invalid(missing));
    }
    let by = ctx.actor.user_id().cloned().ok_or(Failure::NotFound)?;
    let id = DocumentId::random();
    store::insert(
        ctx,
        &store::NewDocument {
            id: &id,
            young_person: &case.young_person,
            case: &case.id,
            kind,
            body: &rules::fill(&text.body, values)?,
            by: &by,
        },
    )?;
    ctx.record(
        Event::new("document_given", "document", &id)
            .about(&case.young_person)
            .with(json!({ "kind": kind, "version": text.version })),
    );
    Ok(id)
}

fn lower(words: &str) -> String {
    let mut letters = words.chars();
    let first = letters.next().map(|first| first.to_lowercase());
    first.into_iter().flatten().chain(letters).collect()
}

/// A document that whoever acts may know.
pub fn open(ctx: &mut Ctx<'_>, id: &DocumentId) -> Result<(Document, Opened), Failure> {
    let document = store::find(ctx, id)?.ok_or(Failure::NotFound)?;
    let (_, opened) = cases::actions::open(ctx, &document.case, Permission::SeeRecord)?;
    Ok((document, opened))
}
