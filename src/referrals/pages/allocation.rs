//! Who makes the offer: taken by an officer, or given by the senior officer.

use super::form_page;
use crate::access::Permission;
use crate::ctx::Ctx;
use crate::failure::Failure;
use crate::ids::{ReferralId, UserId};
use crate::referrals::{Referral, actions};
use crate::staff;
use crate::web::{Answer, Failed, Form, Path, Submitted, Web, known};

/// A small form on the page of the referral: the officer takes it.
pub async fn take(web: Web, id: Path<String>, sent: Submitted) -> Answer {
    let id = known(ReferralId::parse(&id))?;
    let form = Form::new().hidden("version", 0).fill(&sent);
    let (me, version) = (
        known(web.actor().user_id().cloned())?,
        form.version("version"),
    );
    let location = web
        .write_once(&form, move |ctx| {
            actions::give_to(ctx, &id, version, &me)?;
            Ok(format!("/referrals/{id}"))
        })
        .await?;
    web.see(&location, "This referral is now yours")
}

/// An officer decides that the offer goes on though its conference went away.
pub async fn go_on(web: Web, id: Path<String>, sent: Submitted) -> Answer {
    let id = known(ReferralId::parse(&id))?;
    let form = Form::new().hidden("version", 0).fill(&sent);
    let version = form.version("version");
    let location = web
        .write_once(&form, move |ctx| {
            actions::go_on(ctx, &id, version)?;
            Ok(format!("/referrals/{id}"))
        })
        .await?;
    web.see(&location, "The offer goes on")
}

fn allocate_form(ctx: &mut Ctx<'_>, referral: &Referral) -> Result<Form, Failure> {
    let officers = staff::actions::officer_options(ctx)?;
    Ok(Form::new()
        .choice("officer", officers)
        .hidden("version", referral.version)
        .set(
            "officer",
            referral.officer.as_ref().map(ToString::to_string),
        )
        .on_record())
}

pub async fn allocate(web: Web, id: Path<String>) -> Answer {
    let id = known(ReferralId::parse(&id))?;
    let form = web.resume(allocate_form_for(&web, &id).await?).await?;
    form_page(
        &web,
        &id,
        "referrals/allocate",
        "Give this referral to an officer",
        form,
    )
    .await
}

async fn allocate_form_for(web: &Web, id: &ReferralId) -> Result<Form, Failed> {
    let wanted = id.clone();
    Ok(web
        .read(move |ctx| {
            let (referral, _) = actions::open(ctx, &wanted, Permission::Allocate)?;
            allocate_form(ctx, &referral)
        })
        .await?)
}

pub async fn allocate_sent(web: Web, id: Path<String>, sent: Submitted) -> Answer {
    let id = known(ReferralId::parse(&id))?;
    let mut form = allocate_form_for(&web, &id).await?.fill(&sent);
    let officer = form.chosen("officer", UserId::parse, "Choose an officer");
    if let (true, Some(officer)) = (form.ok(), officer) {
        let (referral, version) = (id.clone(), form.version("version"));
        let done = web
            .write_once(&form, move |ctx| {
                actions::give_to(ctx, &referral, version, &officer)?;
                Ok(format!("/referrals/{referral}"))
            })
            .await;
        match done {
            Ok(location) => return web.see(&location, "The referral has its officer"),
            Err(failure) => form.explain(failure)?,
        }
    }
    form_page(
        &web,
        &id,
        "referrals/allocate",
        "Give this referral to an officer",
        form,
    )
    .await
}
