//! What other pages show of the team: opposed wishes and cover beside a case, and the question
//! that a form asks before one officer holds both.

use serde::Serialize;

use super::{Knowing, actions, store};
use crate::calendar::show as day;
use crate::ctx::Ctx;
use crate::failure::Failure;
use crate::ids::{CaseId, OpposedWishId, UserId, YoungPersonId};
use crate::text::NARRATIVE_LENGTH;
use crate::web::Form;
use crate::young_people::store::closed_to_me;

/// Beside a case: who covers, and whose wishes are opposed.
#[derive(Serialize)]
pub struct Panel {
    cover: Option<String>,
    opposed: Vec<OpposedView>,
    href: String,
}

#[derive(Serialize)]
struct OpposedView {
    id: OpposedWishId,
    person: String,
    note: String,
    since: String,
    reasons: Vec<String>,
    form: Form,
}

fn opposed(ctx: &mut Ctx<'_>, person: &YoungPersonId) -> Result<Vec<OpposedView>, Failure> {
    let closed = closed_to_me(ctx)?;
    let mut opposed = store::opposed_to(ctx, person)?;
    opposed.retain(|it| !closed.contains(&it.other));
    if opposed.is_empty() {
        return Ok(Vec::new());
    }
    let ids: Vec<OpposedWishId> = opposed.iter().map(|it| it.id.clone()).collect();
    let reasons = store::reasons(ctx, &ids)?;
    Ok(opposed
        .into_iter()
        .map(|it| OpposedView {
            reasons: reasons
                .iter()
                .filter(|(wish, ..)| *wish == it.id)
                .map(|(_, officer, why, on)| {
                    format!("{officer} acts for both since {}: {why}", day(*on))
                })
                .collect(),
            person: it.other_name,
            note: it.note,
            since: format!("{}, {}", it.set_by, day(it.set_on)),
            form: Form::new().hidden("version", it.version),
            id: it.id,
        })
        .collect())
}

pub fn of_case(
    ctx: &mut Ctx<'_>,
    case: &CaseId,
    person: &YoungPersonId,
    holder: Option<&UserId>,
) -> Result<Panel, Failure> {
    let cover = match holder {
        Some(holder) => actions::cover_of(ctx, holder, Some(case))?,
        None => None,
    };
    let names = match cover {
        Some(_) => actions::names(ctx)?,
        None => std::collections::HashMap::new(),
    };
    Ok(Panel {
        cover: cover.and_then(|(cover, until)| {
            let name = names.get(&cover)?;
            Some(format!("{name} covers until {}", day(until)))
        }),
        opposed: opposed(ctx, person)?,
        href: format!("/young-people/{person}/opposed-wishes"),
    })
}

/// Only whose wishes are opposed.
#[derive(Serialize)]
pub(super) struct OpposedList {
    opposed: Vec<OpposedView>,
}

pub(super) fn opposed_list(
    ctx: &mut Ctx<'_>,
    person: &YoungPersonId,
) -> Result<OpposedList, Failure> {
    Ok(OpposedList {
        opposed: opposed(ctx, person)?,
    })
}

/// Adds the question to a form that gives work to somebody. It is shown once it matters: see the
/// component opposed.hbs.
#[must_use]
pub fn ask(form: Form) -> Form {
    form.field("opposed_known").field("opposed_why")
}

/// What was answered.
pub fn answered(form: &mut Form) -> Knowing {
    Knowing {
        known: form.yes("opposed_known"),
        why: form.text("opposed_why", NARRATIVE_LENGTH),
    }
}
