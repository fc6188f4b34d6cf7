//! A manager's stated reason to open one named record.

use serde_json::json;

use crate::failure::Failure;
use crate::ids::ReferralId;
use crate::referrals::store;
use crate::web::{Answer, Form, PageOptions, Path, Submitted, Web, known};
use crate::young_people;

fn reason_form() -> Form {
    Form::new().field("reason")
}

fn reason_page(web: &Web, id: &ReferralId, form: &Form) -> Answer {
    let options = PageOptions::titled("Why do you need to see this record?")
        .back("/reports/annual", "Figures")
        .with_form(form);
    web.page(
        "referrals/reason",
        options,
        json!({ "form": form, "id": id }),
    )
}

pub async fn reason(web: Web, id: Path<String>) -> Answer {
    let id = known(ReferralId::parse(&id))?;
    let form = web.resume(reason_form()).await?;
    reason_page(&web, &id, &form)
}

pub async fn reason_sent(web: Web, id: Path<String>, sent: Submitted) -> Answer {
    let id = known(ReferralId::parse(&id))?;
    let mut form = reason_form().fill(&sent);
    let reason = form.required("reason", "Say why you need to see this record");
    if reason
        .as_ref()
        .is_some_and(|reason| reason.chars().count() < 10)
    {
        form.add_error(
            "reason",
            "Say it in a sentence: the senior officer will read it",
        );
    }
    if let (true, Some(reason)) = (form.ok(), reason) {
        let referral = id.clone();
        let done = web
            .write_once(&form, move |ctx| {
                let found = store::find(ctx, &referral)?.ok_or(Failure::NotFound)?;
                young_people::actions::state_reason(ctx, &found.young_person, &reason)?;
                Ok(format!("/referrals/{referral}"))
            })
            .await;
        match done {
            Ok(location) => return web.see(&location, "Your reason is on record"),
            Err(failure) => form.explain(failure)?,
        }
    }
    reason_page(&web, &id, &form)
}
