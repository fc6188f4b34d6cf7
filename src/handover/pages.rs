//! The page on which a caseload is handed over: a day, who gets everything, and who gets this or
//! that instead.

use serde::Serialize;
use serde_json::{Value, json};

use super::Handover;
use super::actions::{Caseload, caseload, hand_over};
use crate::calendar::show as day;
use crate::ids::UserId;
use crate::team::{self, Answering, Held, panel};
use crate::web::{Answer, Failed, Form, PageOptions, Path, Submitted, Web, known};

struct Page {
    load: Caseload,
    form: Form,
}

#[derive(Serialize)]
struct Row {
    person: String,
    select: Value,
}

fn case_field(held: &Held) -> String {
    format!("case-{}", held.case)
}

fn referral_field(waits: &Answering) -> String {
    format!("referral-{}", waits.referral)
}

async fn page_of(web: &Web, id: &UserId) -> Result<Page, Failed> {
    let (id, usual) = (id.clone(), web.app.settings.work.cases_per_full_time);
    Ok(web
        .read(move |ctx| {
            let load = caseload(ctx, &id)?;
            let others: Vec<(String, String)> = team::actions::officer_options(ctx, usual)?
                .into_iter()
                .filter(|(officer, _)| *officer != id.to_string())
                .collect();
            let names = team::actions::names(ctx)?;
            let short: Vec<(String, String)> = others
                .iter()
                .filter_map(|(officer, _)| {
                    let name = names.get(&UserId::parse(officer)?)?;
                    Some((officer.clone(), name.clone()))
                })
                .collect();
            let mut form = Form::new().choice("rest_to", others).date("on");
            for field in load
                .cases
                .iter()
                .map(case_field)
                .chain(load.referrals.iter().map(referral_field))
            {
                form = form.choice(field, short.clone());
            }
            Ok(Page {
                load,
                form: panel::ask(form).set("on", ctx.today),
            })
        })
        .await?)
}

fn show(web: &Web, id: &UserId, page: &Page, form: &Form) -> Answer {
    let options = PageOptions::titled("Hand over a caseload")
        .back("/team/officers", "Officers")
        .with_form(form);
    let shown = serde_json::to_value(form).unwrap_or_default();
    let row = |field: String, person: String| Row {
        person,
        select: shown.get(field).cloned().unwrap_or_default(),
    };
    let load = &page.load;
    let cases: Vec<Row> = load
        .cases
        .iter()
        .map(|held| {
            let opened = day(held.opened_on);
            row(
                case_field(held),
                format!("{}, open since {opened}", held.person),
            )
        })
        .collect();
    let referrals: Vec<Row> = load
        .referrals
        .iter()
        .map(|waits| {
            let received = day(waits.received_on);
            row(
                referral_field(waits),
                format!("{}, received {received}", waits.person),
            )
        })
        .collect();
    web.page(
        "handover/handover",
        options,
        json!({
            "id": id, "officer": load.officer_name, "cases": cases, "referrals": referrals,
            "unseen": load.unseen, "form": form,
        }),
    )
}

pub async fn handover(web: Web, id: Path<String>) -> Answer {
    let id = known(UserId::parse(&id))?;
    let page = page_of(&web, &id).await?;
    let form = web.resume(page.form.clone()).await?;
    show(&web, &id, &page, &form)
}

pub async fn handover_sent(web: Web, id: Path<String>, sent: Submitted) -> Answer {
    let id = known(UserId::parse(&id))?;
    let page = page_of(&web, &id).await?;
    let mut form = page.form.clone().fill(&sent);
    let on = form.date_required("on", "The day of the handover");
    let rest_to = form.chosen_optional("rest_to", UserId::parse);
    let knowing = panel::answered(&mut form);
    let cases = page
        .load
        .cases
        .iter()
        .filter_map(|held| {
            let to = form.chosen_optional(&case_field(held), UserId::parse)?;
            Some((held.case.clone(), to))
        })
        .collect();
    let referrals = page
        .load
        .referrals
        .iter()
        .filter_map(|waits| {
            let to = form.chosen_optional(&referral_field(waits), UserId::parse)?;
            Some((waits.referral.clone(), to))
        })
        .collect();
    if let (true, Some(on)) = (form.ok(), on) {
        let handover = Handover {
            from: id.clone(),
            on,
            rest_to,
            cases,
            referrals,
        };
        let done = web
            .write_once(&form, move |ctx| {
                hand_over(ctx, &handover, &knowing)?;
                Ok("/team".to_owned())
            })
            .await;
        match done {
            Ok(location) => return web.see(&location, "The caseload is handed over"),
            Err(failure) => form.explain(failure)?,
        }
    }
    show(&web, &id, &page, &form)
}
