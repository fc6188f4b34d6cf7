//! Recording a complaint in a case.

use serde_json::json;

use super::{LONGEST_LINE, procedures, said};
use crate::access::Permission;
use crate::cases;
use crate::complaints::actions::{self, New};
use crate::complaints::{Details, Procedure};
use crate::ids::CaseId;
use crate::web::{Answer, Form, PageOptions, Path, Submitted, Web, known};
use crate::young_people::identity_bar;

const INFORMAL: &str = "informal";

fn form(today: chrono::NaiveDate) -> Form {
    let informal = (
        INFORMAL,
        "Informal".to_owned(),
        "Settled by talking to somebody. It can still become a formal one",
    );
    Form::new()
        .choice("kind", std::iter::once(informal).chain(procedures()))
        .date("received_on")
        .field("about")
        .field("complained_about")
        .date("matter_on")
        .field("advocate")
        .set("received_on", today)
        .set("advocate", true)
}

/// `/complaints/new?case=…` leads to the form, which belongs to its case.
pub async fn new(web: Web) -> Answer {
    match CaseId::parse(web.asked("case")) {
        Some(case) => web.go(&format!("/cases/{case}/complaint")),
        // A complaint belongs to a case: choose it there.
        None => web.go("/cases?officer=me"),
    }
}

pub async fn receive(web: Web, case: Path<String>) -> Answer {
    let case = known(CaseId::parse(&case))?;
    let form = web.resume(form(web.today())).await?;
    show(&web, &case, form).await
}

async fn show(web: &Web, case: &CaseId, form: Form) -> Answer {
    let wanted = case.clone();
    let identity = web
        .read(move |ctx| {
            let (_, opened) = cases::actions::open(ctx, &wanted, Permission::SeeRecord)?;
            Ok(identity_bar(opened.person(), ctx.today, "Complaint"))
        })
        .await?;
    let options = PageOptions::titled("Record a complaint")
        .back(format!("/cases/{case}"), "Case")
        .with_form(&form);
    web.page(
        "complaints/receive",
        options,
        json!({ "form": form, "case": case, "identity": identity }),
    )
}

pub async fn receive_sent(web: Web, case: Path<String>, sent: Submitted) -> Answer {
    let case = known(CaseId::parse(&case))?;
    let mut form = form(web.today()).fill(&sent);
    let kind = form.chosen(
        "kind",
        |code| Some(code.to_owned()),
        "Choose what kind of complaint it is",
    );
    let received_on = form.date_required("received_on", "The day the complaint was received");
    let about = form.required(
        "about",
        "Write what it is about, as the young person says it",
    );
    let matter_on = form.date_optional("matter_on", "The day it happened");
    let complained_about = said(form.text("complained_about", LONGEST_LINE));
    let advocate = form.yes("advocate");
    if let (true, Some(kind), Some(received_on), Some(about)) =
        (form.ok(), kind, received_on, about)
    {
        let new = New {
            follows: Procedure::from_code(&kind),
            received_on,
            details: Details {
                matter_on,
                about: Some(about),
                complained_about,
                advocate: Some(advocate),
                ..Details::default()
            },
        };
        let of = case.clone();
        let done = web
            .write_once(&form, move |ctx| {
                let id = actions::record(ctx, &of, &new)?;
                Ok(format!("/complaints/{id}"))
            })
            .await;
        match done {
            Ok(location) => return web.see(&location, "The complaint is on record"),
            Err(failure) => form.explain(failure)?,
        }
    }
    show(&web, &case, form).await
}
