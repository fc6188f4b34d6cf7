//! Changing what is told of a complaint, and writing down what was learnt from it.

use serde_json::json;

use super::{LONGEST_LINE, procedures, said};
use crate::access::Permission;
use crate::complaints::actions::{self, Edited};
use crate::complaints::{Complaint, Details, Kind, Procedure};
use crate::ids::ComplaintId;
use crate::text::NARRATIVE_LENGTH;
use crate::web::forms::{YES_NO, yes_or_no};
use crate::web::{Answer, Failed, Form, PageOptions, Path, Submitted, Web, known, view};
use crate::young_people::identity_bar;

struct Page {
    form: Form,
    identity: view::Identity,
    formal: bool,
}

fn form(complaint: &Complaint) -> Form {
    let details = &complaint.details;
    let advocate = details.advocate.map(|yes| if yes { "yes" } else { "no" });
    Form::new()
        .choice("procedure", procedures())
        .date("received_on")
        .date("matter_on")
        .field("late_reason")
        .field("about")
        .field("complained_about")
        .choice("advocate", YES_NO)
        .field("learning")
        .hidden("version", complaint.version)
        .set("procedure", complaint.follows().map(Procedure::code))
        .set("received_on", complaint.received_on)
        .set("matter_on", details.matter_on)
        .set("late_reason", details.late_reason.clone())
        .set("about", details.about.clone())
        .set("complained_about", details.complained_about.clone())
        .set("advocate", advocate)
        .set("learning", details.learning.clone())
}

async fn page(web: &Web, id: &ComplaintId) -> Result<Page, Failed> {
    let wanted = id.clone();
    Ok(web
        .read(move |ctx| {
            let known = actions::open(ctx, &wanted, Permission::WorkRecord)?;
            Ok(Page {
                form: form(&known.complaint),
                identity: identity_bar(known.person.person(), ctx.today, "Complaint"),
                formal: known.complaint.kind == Kind::Formal,
            })
        })
        .await?)
}

fn show(web: &Web, id: &ComplaintId, page: Page) -> Answer {
    let options = PageOptions::titled("Change the complaint")
        .back(format!("/complaints/{id}"), "Complaint")
        .with_form(&page.form);
    web.page(
        "complaints/edit",
        options,
        json!({
            "form": page.form, "id": id, "identity": page.identity, "formal": page.formal,
        }),
    )
}

pub async fn edit(web: Web, id: Path<String>) -> Answer {
    let id = known(ComplaintId::parse(&id))?;
    let mut page = page(&web, &id).await?;
    page.form = web.resume(page.form).await?;
    show(&web, &id, page)
}

pub async fn edit_sent(web: Web, id: Path<String>, sent: Submitted) -> Answer {
    let id = known(ComplaintId::parse(&id))?;
    let mut page = page(&web, &id).await?;
    let mut form = page.form.fill(&sent);
    let procedure = form.chosen_optional("procedure", Procedure::from_code);
    let received_on = form.date_required("received_on", "The day the complaint was received");
    let details = Details {
        matter_on: form.date_optional("matter_on", "The day it happened"),
        late_reason: said(form.text("late_reason", NARRATIVE_LENGTH)),
        about: said(form.text("about", NARRATIVE_LENGTH)),
        complained_about: said(form.text("complained_about", LONGEST_LINE)),
        advocate: form.chosen_optional("advocate", yes_or_no),
        learning: said(form.text("learning", NARRATIVE_LENGTH)),
    };
    if let (true, Some(received_on)) = (form.ok(), received_on) {
        let edited = Edited {
            procedure,
            received_on,
            details,
        };
        let (of, version) = (id.clone(), form.version("version"));
        let done = web
            .write_once(&form, move |ctx| {
                actions::edit(ctx, &of, version, &edited)?;
                Ok(format!("/complaints/{of}"))
            })
            .await;
        match done {
            Ok(location) => return web.see(&location, "The complaint was changed"),
            Err(failure) => form.explain(failure)?,
        }
    }
    page.form = form;
    show(&web, &id, page)
}
