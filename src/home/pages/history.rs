//! What the fields of one thing said before: every edit, the latest first.

use serde::Serialize;

use crate::access::{Permission, Relationship};
use crate::calendar::in_england;
use crate::ctx::Ctx;
use crate::failure::Failure;
use crate::history;
use crate::web::{Answer, PageOptions, Path, Web, view};
use crate::young_people::{self, actions::open_record, identity_bar};

#[derive(Serialize)]
struct HistoryView {
    identity: view::Identity,
    lines: Vec<LineView>,
}

#[derive(Serialize)]
struct LineView {
    field: String,
    before: Option<String>,
    after: Option<String>,
    by: String,
    at: String,
}

/// `/history/contact/…`: what is not on record has none, and no page.
pub async fn history(web: Web, path: Path<(String, String)>) -> Answer {
    let (kind, id) = path.into_inner();
    let shown = web.read(move |ctx| history_view(ctx, &kind, &id)).await?;
    web.page(
        "home/history",
        PageOptions::titled("What was changed").wide(),
        shown,
    )
}

fn history_view(ctx: &mut Ctx<'_>, kind: &str, id: &str) -> Result<HistoryView, Failure> {
    let mut lines = history::store::of(ctx, kind, id)?;
    // What was about several young people is read by whoever may know all of them.
    let mut people: Vec<_> = lines.iter().map(|line| line.young_person.clone()).collect();
    people.sort();
    people.dedup();
    let mut opened = None;
    for about in &people {
        let relationship = match young_people::store::reason_holds(ctx, about)? {
            true => Relationship::ReasonStated,
            false => Relationship::Team,
        };
        let record = open_record(ctx, about, Permission::SeeRecord, relationship, "history")?;
        opened.get_or_insert(record);
    }
    let opened = opened.ok_or(Failure::NotFound)?;
    // A change that was kept for each of them is told once.
    lines.dedup_by(|one, other| one.is_same_change(other));
    Ok(HistoryView {
        identity: identity_bar(opened.person(), ctx.today, "History"),
        lines: lines
            .into_iter()
            .map(|line| LineView {
                field: line.field.replace('_', " "),
                before: line.before,
                after: line.after,
                by: line.by,
                at: in_england(line.at).format("%-d %B %Y, %H:%M").to_string(),
            })
            .collect(),
    })
}
