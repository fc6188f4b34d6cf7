//! What other pages show of documents.

use serde::Serialize;

use super::{Document, store};
use crate::calendar::show as day;
use crate::cases::Case;
use crate::ctx::Ctx;
use crate::failure::Failure;
use crate::ids::{CaseId, YoungPersonId};
use crate::web::view::Entry;

/// What was given in a case, as its page shows it.
#[derive(Serialize)]
pub struct Panel {
    case: CaseId,
    may_make: bool,
    documents: Vec<DocumentView>,
}

#[derive(Serialize)]
struct DocumentView {
    href: String,
    what: &'static str,
    day: String,
    by: String,
}

pub fn of_case(ctx: &mut Ctx<'_>, case: &Case) -> Result<Panel, Failure> {
    use crate::access::Role::{Officer, SeniorOfficer};
    let documents = store::of_case(ctx, &case.id)?
        .into_iter()
        .map(|document| DocumentView {
            href: href(&document),
            what: document.kind.words(),
            day: day(document.made_on),
            by: document.made_by,
        })
        .collect();
    Ok(Panel {
        case: case.id.clone(),
        may_make: matches!(ctx.actor.role(), Some(Officer | SeniorOfficer)),
        documents,
    })
}

/// What was given to a young person, for the timeline of their record.
pub fn timeline(ctx: &mut Ctx<'_>, young_person: &YoungPersonId) -> Result<Vec<Entry>, Failure> {
    Ok(store::of_young_person(ctx, young_person)?
        .into_iter()
        .map(|document| Entry {
            on: document.made_on,
            kind: "document",
            title: format!("Given: {}", document.kind.words()),
            href: Some(href(&document)),
            meta: document.made_by,
            note: None,
            own_words: None,
        })
        .collect())
}

fn href(document: &Document) -> String {
    format!("/documents/{}", document.id)
}
