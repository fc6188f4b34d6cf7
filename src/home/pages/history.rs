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
    let lines = history::store::of(ctx, kind, id)?;
    let about = lines
        .first()
        .map(|line| line.young_person.clone())
        .ok_or(Failure::NotFound)?;
    let relationship = match young_people::store::reason_holds(ctx, &about)? {
        true => Relationship::ReasonStated,
        false => Relationship::Team,
    };
    let opened = open_record(ctx, &about, Permission::SeeRecord, relationship, "history")?;
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
