//! What other pages show of requests: the timeline of a record, and how many wait.

use serde::Serialize;

use super::{AskedBy, State, actions, store};
use crate::ctx::Ctx;
use crate::failure::Failure;
use crate::ids::YoungPersonId;
use crate::web::view::{Entry, count};

/// How a young person, or somebody for them, asked: in their own words.
pub fn timeline(ctx: &mut Ctx<'_>, young_person: &YoungPersonId) -> Result<Vec<Entry>, Failure> {
    Ok(store::of_young_person(ctx, young_person)?
        .into_iter()
        .map(|request| {
            let themselves = request.asked.asked_by == AskedBy::YoungPerson;
            let (note, own_words) = match themselves {
                true => (None, request.asked.words),
                false => (request.asked.words, None),
            };
            Entry {
                on: request.received_on,
                kind: "request",
                title: match themselves {
                    true => "Asked for an officer themselves".to_owned(),
                    false => "Somebody asked for an officer for them".to_owned(),
                },
                meta: request.asked.source.words().to_owned(),
                note,
                own_words,
                href: Some(format!("/requests/{}", request.id)),
            }
        })
        .collect())
}

/// What waits to be read, for whoever reads it.
#[derive(Serialize)]
pub struct Waiting {
    words: String,
    urgent: Option<String>,
    late: Option<String>,
}

/// None where nothing waits.
pub fn waiting(ctx: &mut Ctx<'_>) -> Result<Option<Waiting>, Failure> {
    let requests = actions::list(ctx, State::Waiting)?;
    let number = |count: usize| i64::try_from(count).unwrap_or(i64::MAX);
    let today = ctx.today;
    let urgent = requests.iter().filter(|request| request.urgent).count();
    let late = requests
        .iter()
        .filter(|request| request.is_late(today))
        .count();
    Ok((!requests.is_empty()).then(|| Waiting {
        words: count(
            number(requests.len()),
            "request for an officer",
            "requests for an officer",
        ),
        urgent: (urgent > 0).then(|| format!("{urgent} urgent")),
        late: (late > 0).then(|| format!("{late} waiting longer than we promise")),
    }))
}
