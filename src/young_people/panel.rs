//! What other pages show of who a young person is.

use serde::Serialize;

use super::relations::rules::word;
use super::{homes, professionals, relations, status};
use crate::ctx::Ctx;
use crate::failure::Failure;
use crate::ids::YoungPersonId;
use crate::web::view::Fact;

/// The facts that an officer looks for first, and the way to the rest. A confidential address is
/// not among them.
#[derive(Serialize)]
pub struct Panel {
    details: String,
    facts: Vec<Fact>,
    linked: Vec<Linked>,
}

/// Another young person on record.
#[derive(Serialize)]
struct Linked {
    what: &'static str,
    who: String,
    href: String,
}

pub fn of(ctx: &mut Ctx<'_>, young_person: &YoungPersonId) -> Result<Panel, Failure> {
    let today = ctx.today;
    let mut facts = Vec::new();
    if let Some(words) = status::words_on(ctx, young_person, today)? {
        facts.push(Fact::new("Legal status", words));
    }
    let homes = homes::store::of(ctx, young_person)?;
    let now = |home: &&homes::Home| !home.said.in_error && home.said.stretch.covers(today);
    if let Some(home) = homes.iter().find(now) {
        let mut words = home.said.kind.words().to_owned();
        if let Some(provider) = home
            .place
            .as_ref()
            .and_then(|place| place.provider.as_ref())
        {
            words = format!("{words}, {provider}");
        }
        if home.said.out_of_county {
            words.push_str(", out of county");
        }
        if home.said.confidential {
            words.push_str(", address confidential");
        }
        facts.push(Fact::new("Lives", words));
    }
    for professional in professionals::store::of(ctx, young_person)? {
        let said = professional.said;
        if !said.in_error && said.stretch.covers(today) {
            facts.push(Fact::new(said.role.words(), said.in_words()));
        }
    }
    let relations = relations::store::of(ctx, young_person)?;
    let others = relations::store::others(ctx, young_person, &relations)?;
    let mut linked = Vec::new();
    for relation in relations.iter().filter(|it| !it.said.in_error) {
        let other = others
            .iter()
            .find(|(pair, _)| Some(pair) == relation.pair.as_ref());
        if let Some((_, other)) = other {
            linked.push(Linked {
                what: word(relation.said.kind, other.gender),
                who: other.name.clone(),
                href: format!("/young-people/{}", other.id),
            });
        } else if let (Some(name), true) =
            (&relation.said.name, relation.said.parental_responsibility)
        {
            let reach = relation.said.phone.iter().map(|phone| format!(", {phone}"));
            let words = format!("{name}{}", reach.collect::<String>());
            facts.push(Fact::new(relation.said.kind.words(), words));
        }
    }
    Ok(Panel {
        details: super::pages::details_of(young_person),
        facts,
        linked,
    })
}
