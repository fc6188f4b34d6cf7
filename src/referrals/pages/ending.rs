//! The answers that are not a yes: who said no, or that nobody answered.

use super::form_page;
use crate::access::Permission;
use crate::ids::ReferralId;
use crate::referrals::{Outcome, actions, rules};
use crate::text::NARRATIVE_LENGTH;
use crate::web::{Answer, Form, Path, Submitted, Web, known};

const ENDINGS: [Outcome; 6] = [
    Outcome::DeclinedByYoungPerson,
    Outcome::DeclinedByParent,
    Outcome::DeclinedNotKnownIfTold,
    Outcome::NoResponse,
    Outcome::ChangedMind,
    Outcome::Withdrawn,
];

fn ending_form(today: chrono::NaiveDate, version: i32) -> Form {
    Form::new()
        .choice(
            "outcome",
            ENDINGS
                .iter()
                .map(|outcome| (outcome.code(), outcome.words())),
        )
        .date("on")
        .field("note")
        .hidden("version", version)
        .set("on", today)
}

pub async fn ending(web: Web, id: Path<String>) -> Answer {
    let id = known(ReferralId::parse(&id))?;
    let wanted = id.clone();
    let version = web
        .read(move |ctx| {
            let (referral, _) = actions::open(ctx, &wanted, Permission::WorkRecord)?;
            rules::must_be_open(&referral)?;
            Ok(referral.version)
        })
        .await?;
    let form = ending_form(web.today(), version);
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
    let mut form = ending_form(web.today(), 0).fill(&sent);
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
