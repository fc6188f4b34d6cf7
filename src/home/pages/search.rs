//! The one box in the header.

use serde::Serialize;

use crate::ctx::Ctx;
use crate::failure::Failure;
use crate::referrals;
use crate::referrals::store::{Filter, Sort, State};
use crate::web::{Answer, PageOptions, Submitted, Web, view};
use crate::young_people;

#[derive(Serialize)]
struct FoundView {
    q: String,
    people: Vec<FoundPerson>,
    total_words: String,
}

#[derive(Serialize)]
struct FoundPerson {
    href: String,
    person: String,
    age_words: String,
    state: &'static str,
}

/// The one box in the header. What was searched for is sent, never in an address.
pub async fn search(web: Web, sent: Submitted) -> Answer {
    let q = sent.first("q").trim().to_owned();
    let text = q.clone();
    let people = web.read(move |ctx| found(ctx, &text)).await?;
    let total = i64::try_from(people.len()).unwrap_or(i64::MAX);
    let view = FoundView {
        q,
        people,
        total_words: view::count(total, "person", "people"),
    };
    web.page("home/search", PageOptions::titled("Search").wide(), view)
}

fn found(ctx: &mut Ctx<'_>, text: &str) -> Result<Vec<FoundPerson>, Failure> {
    if text.is_empty() {
        return Ok(Vec::new());
    }
    let ids = young_people::actions::search(ctx, text)?;
    let filter = Filter {
        people: Some(ids.clone()),
        sort: Sort::Newest,
        limit: 1_000,
        ..Filter::of(State::All)
    };
    let (lines, _) = referrals::store::list(ctx, &filter)?;
    let today = ctx.today;
    Ok(young_people::store::by_ids(ctx, &ids)?
        .into_iter()
        .map(|person| FoundPerson {
            state: lines
                .iter()
                .find(|line| line.young_person == person.id)
                .map_or("No referral", |line| {
                    referrals::outcome_words(line.outcome, line.remit)
                }),
            href: format!("/young-people/{}", person.id),
            person: person.full_name(),
            age_words: view::age_words(person.date_of_birth, today),
        })
        .collect())
}
