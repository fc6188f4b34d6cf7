//! What whoever acts is still writing, with whom each page is about.

use std::collections::BTreeMap;

use serde::Serialize;

use super::store;
use crate::ctx::Ctx;
use crate::failure::Failure;
use crate::ids::YoungPersonId;
use crate::web::drafts::store::mine;
use crate::web::view::moment_words;
use crate::young_people;

/// One half-written page.
#[derive(Debug, Clone, Serialize)]
pub struct DraftView {
    pub href: String,
    /// The title of the page, and whom it is about.
    pub what: String,
    /// "at 14:02"
    pub saved: String,
}

/// The latest first. What is about a record closed to whoever acts is left out. The number of
/// queries is the same for one draft and for a hundred.
pub fn of_me(ctx: &mut Ctx<'_>) -> Result<Vec<DraftView>, Failure> {
    let lines = mine(ctx)?;
    let ids: Vec<String> = lines.iter().flat_map(|line| ids_of(&line.page)).collect();
    let whose = store::whose(ctx, &ids)?;
    let closed = young_people::store::closed_to_me(ctx)?;
    let people: Vec<YoungPersonId> = whose.iter().map(|(_, person)| person.clone()).collect();
    let names: BTreeMap<_, _> = young_people::store::by_ids(ctx, &people)?
        .into_iter()
        .map(|person| (person.id.clone(), person.full_name()))
        .collect();
    let now = ctx.now;
    Ok(lines
        .into_iter()
        .filter_map(|line| {
            let about: Vec<_> = ids_of(&line.page)
                .flat_map(|id| whose.iter().filter(move |(known, _)| *known == id))
                .map(|(_, person)| person)
                .collect();
            if about.iter().any(|person| closed.contains(*person)) {
                return None;
            }
            let name = about.first().and_then(|person| names.get(*person));
            Some(DraftView {
                what: match name {
                    Some(name) => format!("{}, {name}", line.title),
                    None => line.title,
                },
                saved: moment_words(line.saved_at, now),
                href: line.page,
            })
        })
        .collect())
}

/// The ids in an address.
fn ids_of(page: &str) -> impl Iterator<Item = String> + '_ {
    page.split('/')
        .filter(|part| YoungPersonId::parse(part).is_some())
        .map(ToOwned::to_owned)
}
