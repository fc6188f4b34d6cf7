//! The one box in the header.

use std::collections::HashMap;

use serde::Serialize;

use crate::cases;
use crate::ctx::Ctx;
use crate::failure::Failure;
use crate::ids::YoungPersonId;
use crate::referrals;
use crate::web::{Answer, PageOptions, Submitted, Web, view};
use crate::young_people::{self, warnings};

#[derive(Serialize)]
struct FoundView {
    q: String,
    people: Vec<FoundPerson>,
    total_words: String,
    /// There may be more than are shown.
    more: bool,
}

#[derive(Serialize)]
struct FoundPerson {
    href: String,
    person: String,
    known_as: Option<String>,
    age_words: String,
    reference: Option<String>,
    state: &'static str,
    officer: Option<String>,
    why: String,
    warning: bool,
}

/// The one box in the header. What was searched for is sent, never in an address.
pub async fn search(web: Web, sent: Submitted) -> Answer {
    let q = sent.first("q").trim().to_owned();
    let text = q.clone();
    let people = web.read(move |ctx| found(ctx, &text)).await?;
    let total = i64::try_from(people.len()).unwrap_or(i64::MAX);
    let view = FoundView {
        q,
        more: people.len() >= young_people::actions::FOUND,
        people,
        total_words: view::count(total, "person", "people"),
    };
    web.page("home/search", PageOptions::titled("Search").wide(), view)
}

fn found(ctx: &mut Ctx<'_>, text: &str) -> Result<Vec<FoundPerson>, Failure> {
    if text.is_empty() {
        return Ok(Vec::new());
    }
    let people = young_people::actions::find(ctx, text)?;
    let ids: Vec<YoungPersonId> = people.iter().map(|it| it.person.id.clone()).collect();
    let standing = standing(ctx, &ids)?;
    let warned = warnings::store::warned(ctx, &ids)?;
    let today = ctx.today;
    Ok(people
        .into_iter()
        .map(|found| {
            let (state, officer) = standing
                .get(&found.person.id)
                .cloned()
                .unwrap_or(("No referral", None));
            FoundPerson {
                href: format!("/young-people/{}", found.person.id),
                person: found.person.full_name(),
                age_words: view::age_words(found.person.date_of_birth, today),
                reference: found.reference,
                state,
                officer,
                why: found.why.words(),
                warning: warned.contains(&found.person.id),
                known_as: found.person.known_as,
            }
        })
        .collect())
}

/// How each of them stands now and who has them: an open case before a referral.
fn standing(
    ctx: &mut Ctx<'_>,
    ids: &[YoungPersonId],
) -> Result<HashMap<YoungPersonId, (&'static str, Option<String>)>, Failure> {
    use referrals::store::{Filter, Sort, State};
    let mut standing = HashMap::new();
    let filter = cases::store::Filter {
        open: Some(true),
        people: Some(ids.to_vec()),
        limit: 1_000,
        ..cases::store::Filter::default()
    };
    for line in cases::store::list(ctx, &filter)?.0 {
        standing
            .entry(line.young_person)
            .or_insert(("Case open", line.officer_name));
    }
    let filter = Filter {
        people: Some(ids.to_vec()),
        sort: Sort::Newest,
        limit: 1_000,
        ..Filter::of(State::All)
    };
    for line in referrals::store::list(ctx, &filter)?.0 {
        let words = referrals::outcome_words(line.outcome, line.remit);
        let words = match line.outcome {
            referrals::Outcome::Accepted => "Case closed",
            _ => words,
        };
        standing
            .entry(line.young_person)
            .or_insert((words, line.officer_name));
    }
    Ok(standing)
}
