//! The four facts of the offer, each with its day.

use super::form_page;
use crate::access::Permission;
use crate::ids::ReferralId;
use crate::referrals::{Answer as Own, Offer, ParentPermission, Referral, actions};
use crate::web::{Answer, Failed, Form, Path, Submitted, Web, known};

fn offer_form(referral: &Referral) -> Form {
    let words = |permission: &ParentPermission| (permission.code(), permission.words());
    let offer = &referral.offer;
    Form::new()
        .date("parent_contacted_on")
        .choice("permission", ParentPermission::ALL.iter().map(words))
        .date("permission_on")
        .date("young_person_asked_on")
        .choice(
            "answer",
            Own::ALL
                .iter()
                .map(|answer| (answer.code(), answer.words())),
        )
        .date("answer_on")
        .hidden("version", referral.version)
        .set("parent_contacted_on", offer.parent_contacted_on)
        .set(
            "permission",
            offer.permission.map(|(permission, _)| permission.code()),
        )
        .set("permission_on", offer.permission.map(|(_, on)| on))
        .set("young_person_asked_on", offer.young_person_asked_on)
        .set("answer", offer.answer.map(|(answer, _)| answer.code()))
        .set("answer_on", offer.answer.map(|(_, on)| on))
}

async fn offer_form_for(web: &Web, id: &ReferralId) -> Result<Form, Failed> {
    let wanted = id.clone();
    Ok(web
        .read(move |ctx| {
            let (referral, _) = actions::open(ctx, &wanted, Permission::WorkRecord)?;
            Ok(offer_form(&referral))
        })
        .await?)
}

pub async fn offer(web: Web, id: Path<String>) -> Answer {
    let id = known(ReferralId::parse(&id))?;
    let form = web.resume(offer_form_for(&web, &id).await?).await?;
    form_page(&web, &id, "referrals/offer", "The offer", form).await
}

pub async fn offer_sent(web: Web, id: Path<String>, sent: Submitted) -> Answer {
    let id = known(ReferralId::parse(&id))?;
    let mut form = offer_form_for(&web, &id).await?.fill(&sent);
    let parent_contacted_on = form.date_optional(
        "parent_contacted_on",
        "The day the parent or carer was contacted",
    );
    let permission = form.chosen_optional("permission", ParentPermission::from_code);
    let permission_on = dated(
        &mut form,
        permission.is_some(),
        "permission_on",
        "The day of the permission",
    );
    let young_person_asked_on = form.date_optional(
        "young_person_asked_on",
        "The day the young person was asked",
    );
    let answer = form.chosen_optional("answer", Own::from_code);
    let answer_on = dated(
        &mut form,
        answer.is_some(),
        "answer_on",
        "The day of the answer",
    );
    if permission.is_none() && permission_on.is_some() {
        form.add_error(
            "permission",
            "Choose whether permission was given or refused",
        );
    }
    if answer.is_none() && answer_on.is_some() {
        form.add_error("answer", "Choose what the young person answered");
    }
    if form.ok() {
        let offer = Offer {
            parent_contacted_on,
            permission: permission.zip(permission_on),
            young_person_asked_on,
            answer: answer.zip(answer_on),
        };
        let (referral, version) = (id.clone(), form.version("version"));
        let done = web
            .write_once(&form, move |ctx| {
                actions::record_offer(ctx, &referral, version, &offer)?;
                Ok(format!("/referrals/{referral}"))
            })
            .await;
        match done {
            Ok(location) => return web.see(&location, "The offer is on record"),
            Err(failure) => form.explain(failure)?,
        }
    }
    form_page(&web, &id, "referrals/offer", "The offer", form).await
}

/// The day that belongs to an answer: asked for once there is an answer.
fn dated(form: &mut Form, answered: bool, name: &str, label: &str) -> Option<chrono::NaiveDate> {
    if answered {
        form.date_required(name, label)
    } else {
        form.date_optional(name, label)
    }
}
