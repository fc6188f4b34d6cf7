//! What other pages show of cases.

use super::store;
use crate::ctx::Ctx;
use crate::failure::Failure;
use crate::ids::YoungPersonId;
use crate::lists;
use crate::web::view::Entry;

/// How a young person's cases opened, changed hands, closed and opened again.
pub fn timeline(ctx: &mut Ctx<'_>, id: &YoungPersonId) -> Result<Vec<Entry>, Failure> {
    let reasons = lists::store::entries(ctx, lists::CLOSURE_REASONS)?;
    let mut entries = Vec::new();
    for case in store::of_young_person(ctx, id)? {
        let mut add = |on, title: String, note: Option<String>| {
            entries.push(Entry {
                on,
                kind: "case",
                title,
                meta: case.stream.words().to_owned(),
                note,
                own_words: None,
                href: Some(format!("/cases/{}", case.id)),
            });
        };
        for (place, spell) in case.spells.iter().enumerate() {
            let title = match place {
                0 => "Case opened",
                _ => "Case opened again",
            };
            add(
                spell.opened_on,
                title.to_owned(),
                spell.opening_note.clone(),
            );
            if let Some(closing) = &spell.closing {
                let why = closing
                    .reason
                    .as_deref()
                    .map(|code| format!(": {}", lists::label(&reasons, code)));
                add(
                    closing.on,
                    format!("Case closed{}", why.unwrap_or_default()),
                    closing.note.clone(),
                );
            }
        }
        for held in &case.allocations {
            add(
                held.from,
                format!("{} holds the case", held.officer_name),
                None,
            );
        }
    }
    Ok(entries)
}
