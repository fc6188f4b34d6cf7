//! One step of a complaint: recording it, changing it, taking it back. One short form for all.

use serde::Serialize;

use super::said;
use crate::access::Permission;
use crate::complaints::actions::{self, Told};
use crate::complaints::{Complaint, Outcome, Step, rules};
use crate::failure::Failure;
use crate::ids::ComplaintId;
use crate::text::{NAME_LENGTH, NARRATIVE_LENGTH};
use crate::web::{Answer, Failed, Form, PageOptions, Path, Submitted, Web, known, view};
use crate::young_people::identity_bar;

#[derive(Serialize)]
struct StepPage {
    form: Form,
    identity: view::Identity,
    action: String,
    title: &'static str,
    hint: Option<&'static str>,
    day_label: &'static str,
    outcome: bool,
    who_label: Option<&'static str>,
    note_label: &'static str,
    /// The step is on record and may be taken back.
    may_take_back: bool,
    take_back: Form,
    button: &'static str,
}

fn form(complaint: &Complaint, step: Step, today: chrono::NaiveDate) -> Form {
    let form = Form::new()
        .date("on")
        .choice(
            "outcome",
            Outcome::ALL.iter().map(|it| (it.code(), it.words())),
        )
        .field("who")
        .field("note")
        .hidden("version", complaint.version);
    match complaint.done(step) {
        Some(done) => form
            .set("on", done.on)
            .set("outcome", done.outcome.map(Outcome::code))
            .set("who", done.who.clone())
            .set("note", done.note.clone()),
        // What ends a complaint is mostly what was answered last.
        None if step == Step::Ended => form
            .on_record()
            .set("on", today)
            .set("outcome", complaint.outcome.map(Outcome::code)),
        None => form.on_record().set("on", today),
    }
}

async fn page(web: &Web, id: &ComplaintId, step: Step) -> Result<StepPage, Failed> {
    let wanted = id.clone();
    let page = web
        .read(move |ctx| {
            let opened = actions::open(ctx, &wanted, Permission::WorkRecord)?;
            let complaint = &opened.complaint;
            let on_record = complaint.done(step).is_some();
            if !on_record {
                rules::may_take(complaint, step).map_err(Failure::from)?;
            }
            let extension = rules::is_extension(step);
            Ok(StepPage {
                form: form(complaint, step, ctx.today),
                identity: identity_bar(opened.person.person(), ctx.today, "Complaint"),
                action: format!("/complaints/{wanted}/steps/{}", step.code()),
                title: step.words(),
                hint: rules::step_hint(step),
                day_label: match extension {
                    true => "When was the young person told?",
                    false => "When?",
                },
                outcome: rules::has_outcome(step),
                who_label: match step {
                    Step::InvestigatorAppointed => Some("Who is the investigating officer?"),
                    Step::IndependentAppointed => Some("Who is the independent person?"),
                    Step::ApologyGiven => Some("Who apologised?"),
                    _ => None,
                },
                note_label: match extension {
                    true => "Why is more time needed?",
                    false => "Note",
                },
                may_take_back: on_record && rules::may_take_back(complaint, step).is_ok(),
                take_back: Form::new().hidden("version", complaint.version),
                button: match on_record {
                    true => "Save the change",
                    false => "Save",
                },
            })
        })
        .await?;
    Ok(page)
}

fn show(web: &Web, id: &ComplaintId, page: &StepPage) -> Answer {
    let options = PageOptions::titled(page.title)
        .back(format!("/complaints/{id}"), "Complaint")
        .with_form(&page.form);
    web.page("complaints/step", options, page)
}

fn read(path: Path<(String, String)>) -> Result<(ComplaintId, Step), Failed> {
    let (id, step) = path.into_inner();
    Ok((
        known(ComplaintId::parse(&id))?,
        known(Step::from_code(&step))?,
    ))
}

pub async fn step(web: Web, path: Path<(String, String)>) -> Answer {
    let (id, step) = read(path)?;
    let mut page = page(&web, &id, step).await?;
    page.form = web.resume(page.form).await?;
    show(&web, &id, &page)
}

pub async fn step_sent(web: Web, path: Path<(String, String)>, sent: Submitted) -> Answer {
    let (id, step) = read(path)?;
    // Sent twice: it is on record the second time, and the same answer is given.
    let mut page = page(&web, &id, step).await?;
    let mut form = page.form.fill(&sent);
    let label = match rules::is_extension(step) {
        true => "The day the young person was told",
        false => "The day",
    };
    let on = form.date_required("on", label);
    let outcome = form.chosen_optional("outcome", Outcome::from_code);
    let who = said(form.text("who", NAME_LENGTH));
    let note = said(form.text("note", NARRATIVE_LENGTH));
    for missing in rules::check_told(step, outcome, who.as_deref(), note.as_deref()) {
        form.add_error(missing.field().unwrap_or_default(), missing.to_string());
    }
    if let (true, Some(on)) = (form.ok(), on) {
        let told = Told {
            step,
            on,
            outcome,
            who,
            note,
        };
        let (of, version) = (id.clone(), form.version("version"));
        let done = web
            .write_once(&form, move |ctx| {
                actions::keep_step(ctx, &of, version, &told)?;
                Ok(format!("/complaints/{of}"))
            })
            .await;
        match done {
            Ok(location) => return web.see(&location, "The step is on record"),
            Err(failure) => form.explain(failure)?,
        }
    }
    page.form = form;
    show(&web, &id, &page)
}

pub async fn take_back(web: Web, path: Path<(String, String)>, sent: Submitted) -> Answer {
    let (id, step) = read(path)?;
    let form = Form::new().hidden("version", 0).fill(&sent);
    let version = form.version("version");
    let location = web
        .write_once(&form, move |ctx| {
            actions::take_back(ctx, &id, version, step)?;
            Ok(format!("/complaints/{id}"))
        })
        .await?;
    web.see(
        &location,
        "The step was taken back. What it said is in the history",
    )
}
