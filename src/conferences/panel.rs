//! What other pages show of conferences.

use super::store;
use crate::ctx::Ctx;
use crate::failure::Failure;
use crate::ids::YoungPersonId;
use crate::web::view::Entry;

/// The conferences that a young person is or was on.
pub fn timeline(ctx: &mut Ctx<'_>, id: &YoungPersonId) -> Result<Vec<Entry>, Failure> {
    Ok(store::of_young_person(ctx, id)?
        .into_iter()
        .map(|child| Entry {
            on: child.place.held_on,
            kind: "conference",
            title: child.place.kind.words().to_owned(),
            meta: [
                Some(child.place.status.words().to_owned()),
                child.place.venue,
            ]
            .into_iter()
            .flatten()
            .collect::<Vec<_>>()
            .join(", "),
            note: None,
            own_words: None,
            href: None,
        })
        .collect())
}
