//! The record of one young person, over both streams and all cases.

use serde::Serialize;

use crate::access::{Permission, Relationship};
use crate::audit;
use crate::calendar::{in_england, show as day};
use crate::cases;
use crate::conferences;
use crate::ctx::Ctx;
use crate::failure::Failure;
use crate::ids::YoungPersonId;
use crate::referrals;
use crate::web::{Answer, PageOptions, Path, Web, known, view};
use crate::young_people::{self, actions::open_record, identity_bar};

#[derive(Serialize)]
struct RecordView {
    identity: view::Identity,
    facts: Vec<view::Fact>,
    about: young_people::panel::Panel,
    referrals: Vec<RecordLine>,
    cases: Vec<RecordLine>,
    conferences: Vec<RecordLine>,
    looks: Vec<Look>,
}

#[derive(Serialize)]
struct RecordLine {
    day: String,
    what: String,
    state: &'static str,
    href: Option<String>,
}

#[derive(Serialize)]
struct Look {
    at: String,
    who: String,
    what: String,
}

pub async fn record(web: Web, id: Path<String>) -> Answer {
    let id = known(YoungPersonId::parse(&id))?;
    let shown = web.read(move |ctx| record_view(ctx, &id)).await?;
    let title = PageOptions::titled("Young person").wide();
    web.page("home/record", title, shown)
}

fn record_view(ctx: &mut Ctx<'_>, id: &YoungPersonId) -> Result<RecordView, Failure> {
    let relationship = match young_people::store::reason_holds(ctx, id)? {
        true => Relationship::ReasonStated,
        false => Relationship::Team,
    };
    let opened = open_record(ctx, id, Permission::SeeRecord, relationship, "record")?;
    let person = opened.person();
    let cases = cases::store::of_young_person(ctx, id)?;
    let open = cases.iter().any(|case| case.open_spell().is_some());
    let details = &person.details;
    let mut facts = Vec::new();
    for (name, value) in [
        ("Gender", &details.gender),
        ("Ethnicity", &details.ethnicity),
        ("Language", &details.language),
        ("Communication", &details.communication_needs),
    ] {
        if let Some(value) = value {
            facts.push(view::Fact::new(name, value));
        }
    }
    for source in young_people::store::refs(ctx, id)? {
        facts.push(view::Fact::new("Reference", source.reference));
    }
    let referrals = referrals::store::of_young_person(ctx, id)?
        .into_iter()
        .map(|referral| RecordLine {
            day: day(referral.request.received_on),
            what: format!(
                "{}: {}",
                referral.request.stream.words(),
                referral.request.source.words()
            ),
            state: referral.words(),
            href: Some(format!("/referrals/{}", referral.id)),
        })
        .collect();
    let conferences = conferences::store::of_young_person(ctx, id)?
        .into_iter()
        .map(|child| RecordLine {
            day: day(child.place.held_on),
            what: child.place.kind.words().to_owned(),
            state: child.place.status.words(),
            href: None,
        })
        .collect();
    let looks = audit::lines(ctx, Some(id), i64::MAX, 30)?
        .into_iter()
        .map(|line| Look {
            at: in_england(line.happened_at)
                .format("%-d %B %Y, %H:%M")
                .to_string(),
            who: line.actor_name.unwrap_or(line.actor),
            what: line.action.replace('_', " "),
        })
        .collect();
    Ok(RecordView {
        identity: identity_bar(
            person,
            ctx.today,
            if open { "Case open" } else { "No open case" },
        ),
        facts,
        about: young_people::panel::of(ctx, id)?,
        referrals,
        cases: cases
            .into_iter()
            .map(|case| RecordLine {
                day: case.opened_on().map(day).unwrap_or_default(),
                what: case.stream.words().to_owned(),
                state: if case.open_spell().is_some() {
                    "Open"
                } else {
                    "Closed"
                },
                href: Some(format!("/cases/{}", case.id)),
            })
            .collect(),
        conferences,
        looks,
    })
}
