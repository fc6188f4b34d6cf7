//! What other pages show of themes.

use serde::Serialize;

use super::store;
use crate::access::{Permission, Relationship, decide};
use crate::calendar::show as day;
use crate::cases::Case;
use crate::ctx::Ctx;
use crate::failure::Failure;
use crate::ids::YoungPersonId;
use crate::web::view::Entry;

/// The themes that a case is under, as its page shows them.
#[derive(Serialize)]
pub struct Panel {
    themes: Vec<ThemeView>,
    add_href: Option<String>,
}

#[derive(Serialize)]
struct ThemeView {
    href: String,
    title: String,
    said: String,
    added: String,
}

pub fn of_case(ctx: &mut Ctx<'_>, case: &Case) -> Result<Panel, Failure> {
    let themes = store::of_young_person(ctx, &case.young_person)?
        .into_iter()
        .filter(|belonging| belonging.case == case.id && belonging.taken_out_on.is_none())
        .map(|belonging| ThemeView {
            href: format!("/themes/{}", belonging.theme),
            title: belonging.title,
            said: belonging.said,
            added: day(belonging.added_on),
        })
        .collect();
    let may_work = decide(ctx.actor, Permission::WorkRecord, Relationship::Team).allowed();
    Ok(Panel {
        themes,
        add_href: may_work.then(|| format!("/cases/{}/theme", case.id)),
    })
}

/// When a case of a young person was put under a theme, on the timeline of their record.
pub fn timeline(ctx: &mut Ctx<'_>, young_person: &YoungPersonId) -> Result<Vec<Entry>, Failure> {
    Ok(store::of_young_person(ctx, young_person)?
        .into_iter()
        .map(|belonging| Entry {
            on: belonging.added_on,
            kind: "theme",
            title: belonging.title,
            meta: match belonging.taken_out_on {
                Some(out) => format!("Theme; taken out on {}", day(out)),
                None => "Theme".to_owned(),
            },
            note: Some(belonging.said).filter(|said| !said.is_empty()),
            own_words: None,
            href: Some(format!("/themes/{}", belonging.theme)),
        })
        .collect())
}
