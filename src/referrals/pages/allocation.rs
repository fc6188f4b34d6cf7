//! Who makes the offer: taken by an officer, or given by the senior officer.

use super::form_page;
use crate::access::Permission;
use crate::ctx::Ctx;
use crate::failure::Failure;
use crate::ids::{ReferralId, UserId};
use crate::referrals::{Referral, actions};
use crate::team::{self, panel};
use crate::web::{Answer, Failed, Form, Path, Submitted, Web, known};

const TAKE: (&str, &str) = ("referrals/take", "Take this referral");

/// The page of a referral takes it with one button; this is where a warning leads.
pub async fn take(web: Web, id: Path<String>) -> Answer {
    let id = known(ReferralId::parse(&id))?;
    let wanted = id.clone();
    let version = web
        .read(move |ctx| {
            Ok(actions::open(ctx, &wanted, Permission::WorkRecord)?
                .0
                .version)
        })
        .await?;
    let form = panel::ask(Form::new()).hidden("version", version);
    form_page(&web, &id, TAKE.0, TAKE.1, form).await
}

/// The officer takes it.
pub async fn take_sent(web: Web, id: Path<String>, sent: Submitted) -> Answer {
    let id = known(ReferralId::parse(&id))?;
    let mut form = panel::ask(Form::new()).hidden("version", 0).fill(&sent);
    let knowing = panel::answered(&mut form);
    let (me, version) = (
        known(web.actor().user_id().cloned())?,
        form.version("version"),
    );
    if form.ok() {
        let referral = id.clone();
        let done = web
            .write_once(&form, move |ctx| {
                actions::heed(ctx, &referral, Permission::WorkRecord, &me, &knowing)?;
                actions::give_to(ctx, &referral, version, &me)?;
                Ok(format!("/referrals/{referral}"))
            })
            .await;
        match done {
            Ok(location) => return web.see(&location, "This referral is now yours"),
            Err(failure @ Failure::Invalid(_)) => form.explain(failure)?,
            Err(failure) => return Err(failure.into()),
        }
    }
    form_page(&web, &id, TAKE.0, TAKE.1, form).await
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

fn allocate_form(ctx: &mut Ctx<'_>, referral: &Referral, usual: i64) -> Result<Form, Failure> {
    let officers = team::actions::officer_options(ctx, usual)?;
    Ok(panel::ask(Form::new().choice("officer", officers))
        .hidden("version", referral.version)
        .set(
            "officer",
            referral.officer.as_ref().map(ToString::to_string),
        ))
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
    let usual = web.app.settings.work.cases_per_full_time;
    Ok(web
        .read(move |ctx| {
            let (referral, _) = actions::open(ctx, &wanted, Permission::Allocate)?;
            allocate_form(ctx, &referral, usual)
        })
        .await?)
}

pub async fn allocate_sent(web: Web, id: Path<String>, sent: Submitted) -> Answer {
    let id = known(ReferralId::parse(&id))?;
    let mut form = allocate_form_for(&web, &id).await?.fill(&sent);
    let officer = form.chosen("officer", UserId::parse, "Choose an officer");
    let knowing = panel::answered(&mut form);
    if let (true, Some(officer)) = (form.ok(), officer) {
        let (referral, version) = (id.clone(), form.version("version"));
        let done = web
            .write_once(&form, move |ctx| {
                actions::heed(ctx, &referral, Permission::Allocate, &officer, &knowing)?;
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
