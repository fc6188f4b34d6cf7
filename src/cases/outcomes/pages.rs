//! The pages of outcomes: noting one, mending one.

use serde_json::json;

use super::{Noted, SaidBy, actions};
use crate::access::Permission;
use crate::cases::actions as cases;
use crate::ctx::Ctx;
use crate::failure::Failure;
use crate::ids::{CaseId, OutcomeId};
use crate::text::NARRATIVE_LENGTH;
use crate::web::{Answer, Form, PageOptions, Path, Submitted, Web, known, view};
use crate::young_people::identity_bar;

/// The choice of who says so, as forms offer it.
pub fn said_by_options() -> impl Iterator<Item = (&'static str, &'static str)> {
    SaidBy::ALL
        .iter()
        .map(|said_by| (said_by.code(), said_by.words()))
}

fn form(ctx: &mut Ctx<'_>, kept: Option<&str>) -> Result<Form, Failure> {
    Ok(Form::new()
        .choice("tag", actions::options(ctx, kept)?)
        .choice("said_by", said_by_options())
        .date("seen_on")
        .field("note"))
}

fn read(form: &mut Form) -> Option<Noted> {
    let tag = form.chosen(
        "tag",
        |code| Some(code.to_owned()),
        "Choose what has changed",
    );
    let said_by = form.chosen("said_by", SaidBy::from_code, "Choose who says so");
    let seen_on = form.date_required("seen_on", "The day it was seen");
    let note = form.text("note", NARRATIVE_LENGTH);
    let noted = Noted {
        tag: tag?,
        said_by: said_by?,
        seen_on: seen_on?,
        note: Some(note).filter(|note| !note.is_empty()),
    };
    form.ok().then_some(noted)
}

fn note_page(web: &Web, id: &CaseId, identity: &view::Identity, form: &Form) -> Answer {
    let options = PageOptions::titled("Note an outcome")
        .back(format!("/cases/{id}"), "Case")
        .with_form(form);
    web.page(
        "outcomes/note",
        options,
        json!({ "form": form, "id": id, "identity": identity }),
    )
}

async fn noting(web: &Web, id: &CaseId) -> Result<(Form, view::Identity), Failure> {
    let id = id.clone();
    web.read(move |ctx| {
        let (_, opened) = cases::open(ctx, &id, Permission::SeeRecord)?;
        let form = form(ctx, None)?.set("seen_on", ctx.today);
        Ok((form, identity_bar(opened.person(), ctx.today, "Case")))
    })
    .await
}

pub async fn note(web: Web, id: Path<String>) -> Answer {
    let id = known(CaseId::parse(&id))?;
    let (form, identity) = noting(&web, &id).await?;
    let form = web.resume(form).await?;
    note_page(&web, &id, &identity, &form)
}

pub async fn note_sent(web: Web, id: Path<String>, sent: Submitted) -> Answer {
    let id = known(CaseId::parse(&id))?;
    let (form, identity) = noting(&web, &id).await?;
    let mut form = form.fill(&sent);
    if let Some(noted) = read(&mut form) {
        let case = id.clone();
        let done = web
            .write_once(&form, move |ctx| {
                actions::note(ctx, &case, &noted)?;
                Ok(format!("/cases/{case}"))
            })
            .await;
        match done {
            Ok(location) => return web.see(&location, "The outcome is on record"),
            Err(failure) => form.explain(failure)?,
        }
    }
    note_page(&web, &id, &identity, &form)
}

// Mending

struct Mending {
    form: Form,
    case: CaseId,
    identity: view::Identity,
    has_history: bool,
}

async fn mending(web: &Web, id: &OutcomeId) -> Result<Mending, Failure> {
    let id = id.clone();
    web.read(move |ctx| {
        let (outcome, case) = actions::open(ctx, &id, Permission::WorkRecord)?;
        let (_, opened) = cases::open(ctx, &case.id, Permission::SeeRecord)?;
        let noted = outcome.noted;
        let form = form(ctx, Some(&noted.tag))?
            .hidden("version", outcome.version)
            .set("seen_on", noted.seen_on)
            .set("said_by", noted.said_by.code())
            .set("tag", noted.tag)
            .set("note", noted.note);
        Ok(Mending {
            form,
            case: case.id,
            identity: identity_bar(opened.person(), ctx.today, "Case"),
            has_history: outcome.version > 1,
        })
    })
    .await
}

fn mend_page(web: &Web, id: &OutcomeId, mending: &Mending, form: &Form) -> Answer {
    let options = PageOptions::titled("Mend this outcome")
        .back(format!("/cases/{}", mending.case), "Case")
        .with_form(form);
    web.page(
        "outcomes/mend",
        options,
        json!({
            "form": form,
            "id": id,
            "identity": mending.identity,
            "has_history": mending.has_history,
        }),
    )
}

pub async fn mend(web: Web, id: Path<String>) -> Answer {
    let id = known(OutcomeId::parse(&id))?;
    let mending = mending(&web, &id).await?;
    let form = web.resume(mending.form.clone()).await?;
    mend_page(&web, &id, &mending, &form)
}

pub async fn mend_sent(web: Web, id: Path<String>, sent: Submitted) -> Answer {
    let id = known(OutcomeId::parse(&id))?;
    let mending = mending(&web, &id).await?;
    let mut form = mending.form.clone().fill(&sent);
    if let Some(noted) = read(&mut form) {
        let (outcome, version) = (id.clone(), form.version("version"));
        let location = format!("/cases/{}", mending.case);
        let done = web
            .write_once(&form, move |ctx| {
                actions::mend(ctx, &outcome, version, &noted)?;
                Ok(location)
            })
            .await;
        match done {
            Ok(location) => return web.see(&location, "The outcome is mended"),
            Err(failure) => form.explain(failure)?,
        }
    }
    mend_page(&web, &id, &mending, &form)
}

pub async fn remove(web: Web, id: Path<String>, sent: Submitted) -> Answer {
    let id = known(OutcomeId::parse(&id))?;
    let mending = mending(&web, &id).await?;
    let version = sent.first("version").parse().unwrap_or(0);
    web.write(move |ctx| actions::remove(ctx, &id, version))
        .await?;
    web.see(
        &format!("/cases/{}", mending.case),
        "The outcome is off the record; what it said is kept",
    )
}
