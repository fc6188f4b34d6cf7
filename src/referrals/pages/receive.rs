//! A referral that somebody asks for: typed in, with whoever is on record already suggested, so
//! that nobody is on record twice.

use serde_json::json;

use crate::calendar::show as day;
use crate::ctx::Ctx;
use crate::failure::Failure;
use crate::ids::YoungPersonId;
use crate::lists;
use crate::referrals::actions::{self, Whom};
use crate::referrals::{LegalStatus, Received, Remit, Source, Stream};
use crate::text::{Name, lower_first};
use crate::web::{Answer, Failed, Form, PageOptions, Submitted, Web};
use crate::young_people::matching::Alike;
use crate::young_people::{Described, Details};

/// The choice that it is nobody who is on record.
const SOMEBODY_NEW: &str = "new";

fn form(ctx: &mut Ctx<'_>) -> Result<Form, Failure> {
    let today = ctx.today;
    let reasons = lists::store::entries(ctx, lists::REASONS)?
        .into_iter()
        .filter(|entry| entry.offered_on(today))
        .map(|entry| (entry.code, entry.label));
    let asked_by = Source::ALL
        .iter()
        .filter(|source| !actions::is_automatic(**source));
    Ok(Form::new()
        .field("first_name")
        .field("last_name")
        .date("date_of_birth")
        .choice(
            "stream",
            Stream::ALL.iter().map(|it| (it.code(), it.words())),
        )
        .choice("source", asked_by.map(|it| (it.code(), it.words())))
        .date("received_on")
        .choice("remit", Remit::ALL.iter().map(|it| (it.code(), it.words())))
        .choice("reason", reasons)
        .choice(
            "legal_status",
            LegalStatus::ALL.iter().map(|it| (it.code(), it.words())),
        )
        .set("received_on", today)
        .set("remit", Remit::InRemit.code()))
}

async fn blank(web: &Web) -> Result<Form, Failed> {
    Ok(web.read(form).await?)
}

fn page(web: &Web, form: &Form, ask_who: bool) -> Answer {
    let options = PageOptions::titled("Record a referral")
        .back("/referrals", "Referrals")
        .with_form(form);
    web.page(
        "referrals/receive",
        options,
        json!({ "form": form, "ask_who": ask_who }),
    )
}

pub async fn receive(web: Web) -> Answer {
    let form = web.resume(blank(&web).await?).await?;
    page(&web, &form, false)
}

pub async fn receive_sent(web: Web, sent: Submitted) -> Answer {
    let mut form = blank(&web).await?.fill(&sent);
    let Some((described, received)) = read(&mut form) else {
        return page(&web, &form, false);
    };
    // Somebody on record may be meant: then whoever types says who it is.
    let wanted = described.clone();
    let likely = web.read(move |ctx| actions::likely(ctx, &wanted)).await?;
    let ask_who = !likely.is_empty();
    let whom = if ask_who {
        form = form.choice("who", options(&likely)).fill(&sent);
        form.chosen(
            "who",
            |code| match code {
                SOMEBODY_NEW => Some(Whom::New(described.clone())),
                id => YoungPersonId::parse(id).map(Whom::OnRecord),
            },
            "Say whether it is somebody on record: nobody should be on record twice",
        )
    } else {
        Some(Whom::New(described))
    };
    if let (true, Some(whom)) = (form.ok(), whom) {
        let done = web
            .write_once(&form, move |ctx| {
                let referral = actions::receive_request(ctx, &whom, &received)?;
                Ok(format!("/referrals/{referral}"))
            })
            .await;
        match done {
            Ok(location) => return web.see(&location, "The referral is on record"),
            Err(failure) => form.explain(failure)?,
        }
    }
    page(&web, &form, ask_who)
}

fn options(likely: &[Alike]) -> Vec<(String, String)> {
    let mut options: Vec<_> = likely
        .iter()
        .map(|Alike { person, compared }| {
            let born = person.date_of_birth.map_or_else(
                || "date of birth not known".to_owned(),
                |born| format!("born {}", day(born)),
            );
            (
                person.id.to_string(),
                format!(
                    "{}, {born}: {}",
                    person.full_name(),
                    lower_first(compared.certainty().words())
                ),
            )
        })
        .collect();
    options.push((
        SOMEBODY_NEW.to_owned(),
        "None of them: somebody new".to_owned(),
    ));
    options
}

fn read(form: &mut Form) -> Option<(Described, Received)> {
    let first_name = form.parsed("first_name", "The first name", Name::parse);
    let last_name = form.parsed("last_name", "The last name", Name::parse);
    let date_of_birth = form.date_required("date_of_birth", "The date of birth");
    let stream = form.chosen("stream", Stream::from_code, "Choose what it is about");
    let source = form.chosen("source", Source::from_code, "Choose who asks");
    let received_on = form.date_required("received_on", "The day the referral was received");
    let remit = form.chosen(
        "remit",
        Remit::from_code,
        "Choose whether the service may help",
    );
    let reason = form.chosen_optional("reason", |code| Some(code.to_owned()));
    let legal_status = form.chosen_optional("legal_status", LegalStatus::from_code);
    if !form.ok() {
        return None;
    }
    let described = Described {
        first_name: first_name?,
        last_name: last_name?,
        date_of_birth,
        details: Details::default(),
        contact_warning: None,
    };
    let received = Received {
        stream: stream?,
        source: source?,
        received_on: received_on?,
        remit: remit?,
        legal_status,
        reason,
    };
    Some((described, received))
}
