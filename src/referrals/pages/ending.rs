//! The answers that are not a yes: who said no, or that nobody answered.

use super::form_page;
use crate::access::Permission;
use crate::failure::Failure;
use crate::ids::ReferralId;
use crate::referrals::{Outcome, Referral, actions, rules};
use crate::text::NARRATIVE_LENGTH;
use crate::web::{Answer, Failed, Form, Path, Submitted, Web, known};

const ENDINGS: [Outcome; 6] = [
    Outcome::DeclinedByYoungPerson,
    Outcome::DeclinedByParent,
    Outcome::DeclinedNotKnownIfTold,
    Outcome::NoResponse,
    Outcome::ChangedMind,
    Outcome::Withdrawn,
];

/// The form over what is on record, where somebody else was quicker.
fn ending_form(today: chrono::NaiveDate, referral: &Referral) -> Form {
    let resolution = &referral.resolution;
    let ended = ENDINGS.contains(&resolution.outcome);
    Form::new()
        .choice(
            "outcome",
            ENDINGS
                .iter()
                .map(|outcome| (outcome.code(), outcome.words())),
        )
        .date("on")
        .field("note")
        .hidden("version", referral.version)
        .set("outcome", ended.then(|| resolution.outcome.code()))
        .set("on", resolution.on.filter(|_| ended))
        .set("note", resolution.note.clone().filter(|_| ended))
        .on_record()
        .set("on", today)
}

async fn referral(web: &Web, id: &ReferralId) -> Result<Referral, Failed> {
    let id = id.clone();
    Ok(web
        .read(move |ctx| Ok(actions::open(ctx, &id, Permission::WorkRecord)?.0))
        .await?)
}

pub async fn ending(web: Web, id: Path<String>) -> Answer {
    let id = known(ReferralId::parse(&id))?;
    let referral = referral(&web, &id).await?;
    rules::must_be_open(&referral).map_err(Failure::from)?;
    let form = web.resume(ending_form(web.today(), &referral)).await?;
    form_page(
        &web,
        &id,
        "referrals/ending",
        "The offer was not taken up",
        form,
    )
    .await
}

pub async fn ending_sent(web: Web, id: Path<String>, sent: Submitted) -> Answer {
    let id = known(ReferralId::parse(&id))?;
    let referral = referral(&web, &id).await?;
    let mut form = ending_form(web.today(), &referral).fill(&sent);
    let outcome = form.chosen(
        "outcome",
        Outcome::from_code,
        "Choose what came of the offer",
    );
    let on = form.date_required("on", "The day of the answer");
    let note = form.text("note", NARRATIVE_LENGTH);
    if let (true, Some(outcome), Some(on)) = (form.ok(), outcome, on) {
        let ending = actions::Ending {
            outcome,
            on,
            note: Some(note).filter(|note| !note.is_empty()),
        };
        let (referral, version) = (id.clone(), form.version("version"));
        let done = web
            .write_once(&form, move |ctx| {
                actions::end(ctx, &referral, version, &ending)?;
                Ok(format!("/referrals/{referral}"))
            })
            .await;
        match done {
            Ok(location) => return web.see(&location, "The answer is on record"),
            Err(failure) => form.explain(failure)?,
        }
    }
    form_page(
        &web,
        &id,
        "referrals/ending",
        "The offer was not taken up",
        form,
    )
    .await
}
