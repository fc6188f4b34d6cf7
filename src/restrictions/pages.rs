//! The pages of closed records: the list with those due for review first, closing one, looking at
//! one again.

use serde::Serialize;
use serde_json::json;

use super::{Closing, Decision, Kind, actions, store};
use crate::access::{Permission, Relationship};
use crate::calendar::show as day;
use crate::ctx::Ctx;
use crate::failure::Failure;
use crate::ids::{RestrictionId, UserId, YoungPersonId};
use crate::web::{Answer, Failed, Form, PageOptions, Path, Submitted, Web, known, view};
use crate::young_people::actions::open_record;
use crate::young_people::identity_bar;

const A_PAGE: i64 = 50;

#[derive(Serialize)]
struct LineView {
    href: String,
    person: String,
    who: String,
    kind: &'static str,
    since: String,
    review: Option<view::Countdown>,
    ended: Option<String>,
}

pub async fn list(web: Web) -> Answer {
    let asked = web.query().clone();
    let ended = asked.first("state") == "ended";
    let page: i64 = asked.first("page").parse().unwrap_or(1).clamp(1, 100_000);
    let view = web
        .read(move |ctx| {
            let (lines, total) = store::list(ctx, ended, A_PAGE, (page - 1) * A_PAGE)?;
            let due = store::count_due(ctx)?;
            let today = ctx.today;
            let lines: Vec<LineView> = lines
                .into_iter()
                .map(|(restriction, person)| LineView {
                    href: format!("/restrictions/{}", restriction.id),
                    person,
                    who: restriction.user_name,
                    kind: restriction.kind.words(),
                    since: day(restriction.set_on),
                    review: restriction
                        .ended_on
                        .is_none()
                        .then(|| view::Countdown::to(restriction.review_on, today, 14)),
                    ended: restriction.ended_on.map(day),
                })
                .collect();
            Ok(json!({
                "lines": lines,
                "ended": ended,
                "total_words": view::count(total, "record closed to somebody", "records closed to somebody"),
                "due_words": (due > 0).then(|| view::count(due, "is due for review", "are due for review")),
                "pages": view::Pagination::of("/restrictions", &asked, page, total, A_PAGE),
            }))
        })
        .await?;
    web.page(
        "restrictions/list",
        PageOptions::titled("Closed records").wide(),
        view,
    )
}

// Closing a record to somebody

fn close_form(ctx: &mut Ctx<'_>) -> Result<Form, Failure> {
    let people = actions::colleagues(ctx)?
        .into_iter()
        .map(|user| (user.id.to_string(), user.name, user.role.words()));
    Ok(Form::new()
        .choice("who", people)
        .choice("kind", Kind::ALL.iter().map(|it| (it.code(), it.words())))
        .field("reason"))
}

async fn close_page(web: &Web, id: &YoungPersonId, form: Form) -> Answer {
    let wanted = id.clone();
    let identity = web
        .read(move |ctx| {
            let opened = open_record(
                ctx,
                &wanted,
                Permission::SeeRecord,
                Relationship::Team,
                "restriction",
            )?;
            Ok(identity_bar(opened.person(), ctx.today, ""))
        })
        .await?;
    let days = web.app.settings.work.restriction_review_days;
    web.page(
        "restrictions/close",
        PageOptions::titled("Close this record to somebody")
            .back(format!("/young-people/{id}"), "Record")
            .with_form(&form),
        json!({ "form": form, "id": id, "identity": identity, "days": days }),
    )
}

async fn blank(web: &Web, id: &YoungPersonId) -> Result<Form, Failed> {
    let wanted = id.clone();
    Ok(web
        .read(move |ctx| {
            open_record(
                ctx,
                &wanted,
                Permission::Restrict,
                Relationship::Team,
                "restriction",
            )?;
            close_form(ctx)
        })
        .await?)
}

pub async fn close(web: Web, id: Path<String>) -> Answer {
    let id = known(YoungPersonId::parse(&id))?;
    let form = web.resume(blank(&web, &id).await?).await?;
    close_page(&web, &id, form).await
}

pub async fn close_sent(web: Web, id: Path<String>, sent: Submitted) -> Answer {
    let id = known(YoungPersonId::parse(&id))?;
    let mut form = blank(&web, &id).await?.fill(&sent);
    let user = form.chosen("who", UserId::parse, "Choose to whom it is closed");
    let kind = form.chosen("kind", Kind::from_code, "Choose why");
    let reason = form.required(
        "reason",
        "Say why in a sentence, for whoever looks at it again",
    );
    if let (true, Some(user), Some(kind), Some(reason)) = (form.ok(), user, kind, reason) {
        let days = web.app.settings.work.restriction_review_days;
        let young_person = id.clone();
        let closing = Closing { user, kind, reason };
        let done = web
            .write_once(&form, move |ctx| {
                let restriction = actions::close(ctx, &young_person, &closing, days)?;
                Ok(format!("/restrictions/{restriction}"))
            })
            .await;
        match done {
            Ok(location) => return web.see(&location, "The record is closed to them from now on"),
            Err(failure) => form.explain(failure)?,
        }
    }
    close_page(&web, &id, form).await
}

// Looking at it again

#[derive(Serialize)]
struct ShowView {
    id: RestrictionId,
    identity: view::Identity,
    record_href: String,
    facts: Vec<view::Fact>,
    reason: String,
    open: bool,
    reviews: Vec<ReviewView>,
    form: Form,
}

#[derive(Serialize)]
struct ReviewView {
    day: String,
    decision: &'static str,
    by: String,
    note: String,
}

async fn blank_review(web: &Web, id: &RestrictionId) -> Result<Form, Failed> {
    let id = id.clone();
    Ok(web
        .read(move |ctx| Ok(review_form(actions::open(ctx, &id)?.0.version)))
        .await?)
}

fn review_form(version: i32) -> Form {
    Form::new()
        .choice(
            "decision",
            Decision::ALL.iter().map(|it| (it.code(), it.words())),
        )
        .field("note")
        .hidden("version", version)
}

async fn show_page(web: &Web, id: &RestrictionId, form: Form) -> Answer {
    let options = PageOptions::titled("Closed record")
        .back("/restrictions", "Closed records")
        .with_form(&form);
    let id = id.clone();
    let shown = web
        .read(move |ctx| {
            let (restriction, _) = actions::open(ctx, &id)?;
            let opened = open_record(
                ctx,
                &restriction.young_person,
                Permission::SeeRecord,
                Relationship::Team,
                "restriction",
            )?;
            let is_open = restriction.ended_on.is_none();
            let mut facts = vec![
                view::Fact::new("Closed to", restriction.user_name),
                view::Fact::new("Why", restriction.kind.words()),
                view::Fact::new(
                    "Closed by",
                    format!("{}, {}", restriction.set_by_name, day(restriction.set_on)),
                ),
            ];
            match restriction.ended_on {
                None => facts.push(view::Fact::new("Review due", day(restriction.review_on))),
                Some(ended) => facts.push(view::Fact::new("Open again since", day(ended))),
            }
            Ok(ShowView {
                identity: identity_bar(opened.person(), ctx.today, ""),
                record_href: format!("/young-people/{}", restriction.young_person),
                facts,
                reason: restriction.reason,
                open: is_open,
                reviews: store::reviews(ctx, &id)?
                    .into_iter()
                    .map(|review| ReviewView {
                        day: day(review.on),
                        decision: review.decision.words(),
                        by: review.by,
                        note: review.note,
                    })
                    .collect(),
                form,
                id,
            })
        })
        .await?;
    web.page("restrictions/show", options, shown)
}

pub async fn show(web: Web, id: Path<String>) -> Answer {
    let id = known(RestrictionId::parse(&id))?;
    let form = web.resume(blank_review(&web, &id).await?).await?;
    show_page(&web, &id, form).await
}

pub async fn review(web: Web, id: Path<String>, sent: Submitted) -> Answer {
    let id = known(RestrictionId::parse(&id))?;
    let mut form = blank_review(&web, &id).await?.fill(&sent);
    let decision = form.chosen(
        "decision",
        Decision::from_code,
        "Choose whether it stays closed",
    );
    let note = form.required("note", "Say why in a sentence");
    if let (true, Some(decision), Some(note)) = (form.ok(), decision, note) {
        let days = web.app.settings.work.restriction_review_days;
        let (restriction, version) = (id.clone(), form.version("version"));
        let done = web
            .write_once(&form, move |ctx| {
                actions::review(ctx, &restriction, version, decision, &note, days)?;
                Ok(format!("/restrictions/{restriction}"))
            })
            .await;
        match done {
            Ok(location) => return web.see(&location, "The review is on record"),
            Err(failure) => form.explain(failure)?,
        }
    }
    show_page(&web, &id, form).await
}
