//! The officers: how much of a week they work, and how much they carry.

use serde::Serialize;
use serde_json::json;

use super::officer;
use crate::calendar::show as day;
use crate::ctx::Ctx;
use crate::ids::UserId;
use crate::team::{Hours, HoursFrom, Load, actions, rules, store};
use crate::web::{Answer, Failed, Form, PageOptions, Path, Submitted, Web, known};

#[derive(Serialize)]
struct OfficerView {
    officer: String,
    works: String,
    open_cases: i64,
    capacity: i64,
    waiting: i64,
    away: Option<String>,
    cases_href: String,
    here: bool,
    href: String,
}

pub async fn officers(web: Web) -> Answer {
    let usual = web.app.settings.work.cases_per_full_time;
    let officers = web
        .read(move |ctx| {
            actions::may_allocate(ctx)?;
            let here: Vec<UserId> = crate::staff::actions::officers(ctx)?
                .into_iter()
                .map(|user| user.id)
                .collect();
            Ok(actions::loads(ctx)?
                .into_iter()
                .map(|load| officer_view(&load, here.contains(&load.officer), usual))
                .collect::<Vec<_>>())
        })
        .await?;
    let options = PageOptions::titled("Officers").back("/team", "Team").wide();
    web.page(
        "team/officers",
        options,
        json!({ "officers": officers, "usual": usual }),
    )
}

fn officer_view(load: &Load, here: bool, usual: i64) -> OfficerView {
    OfficerView {
        works: rules::full_time_words(load.hours.percent),
        open_cases: load.open_cases,
        capacity: rules::capacity(load.hours, usual),
        waiting: load.waiting,
        away: load.away_until.map(day),
        cases_href: format!("/cases?officer={}", load.officer),
        href: format!("/team/officers/{}", load.officer),
        officer: load.officer_name.clone(),
        here,
    }
}

struct Page {
    officer_name: String,
    before: Vec<HoursFrom>,
    form: Form,
}

async fn page_of(web: &Web, id: &UserId) -> Result<Page, Failed> {
    let id = id.clone();
    Ok(web
        .read(move |ctx| {
            let officer = officer(ctx, &id)?;
            let mut before = store::hours(ctx)?;
            before.retain(|set| set.officer == id);
            let now = before.last().map_or(Hours::FULL_TIME, |set| set.hours);
            let form = Form::new()
                .field("full_time")
                .field("capacity")
                .date("from")
                .set("full_time", rules::decimal(now.percent))
                .set("capacity", now.capacity)
                .set("from", ctx.today);
            Ok(Page {
                officer_name: officer.name,
                before,
                form,
            })
        })
        .await?)
}

fn show(web: &Web, id: &UserId, page: &Page, form: &Form) -> Answer {
    let options = PageOptions::titled("How much an officer works")
        .back("/team/officers", "Officers")
        .with_form(form);
    let before: Vec<String> = page
        .before
        .iter()
        .rev()
        .map(|set| {
            let own = set
                .hours
                .capacity
                .map_or_else(String::new, |own| format!(", can carry {own} cases"));
            format!(
                "From {}: {}{own}",
                day(set.from),
                rules::full_time_words(set.hours.percent)
            )
        })
        .collect();
    let usual = web.app.settings.work.cases_per_full_time;
    web.page(
        "team/hours",
        options,
        json!({
            "id": id, "officer": page.officer_name, "before": before, "form": form,
            "hint": format!("Leave empty for the usual number: {usual} for full time, others in proportion."),
        }),
    )
}

pub async fn hours(web: Web, id: Path<String>) -> Answer {
    let id = known(UserId::parse(&id))?;
    let page = page_of(&web, &id).await?;
    let form = web.resume(page.form.clone()).await?;
    show(&web, &id, &page, &form)
}

pub async fn hours_sent(web: Web, id: Path<String>, sent: Submitted) -> Answer {
    let id = known(UserId::parse(&id))?;
    let page = page_of(&web, &id).await?;
    let mut form = page.form.clone().fill(&sent);
    let percent = form.parsed("full_time", "The part of full time", rules::read_full_time);
    let capacity = form.parsed("capacity", "The number of cases", read_capacity);
    let from = form.date_required("from", "The day it begins");
    if let (true, Some(percent), Some(capacity), Some(from)) = (form.ok(), percent, capacity, from)
    {
        let officer = id.clone();
        let done = web
            .write_once(&form, move |ctx: &mut Ctx<'_>| {
                let hours = Hours { percent, capacity };
                actions::set_hours(ctx, &officer, from, hours)?;
                Ok("/team/officers".to_owned())
            })
            .await;
        match done {
            Ok(location) => return web.see(&location, "The hours are on record"),
            Err(failure) => form.explain(failure)?,
        }
    }
    show(&web, &id, &page, &form)
}

fn read_capacity(text: &str) -> Result<Option<i32>, String> {
    match text {
        "" => Ok(None),
        text => text
            .parse()
            .map(Some)
            .map_err(|_| "must be a whole number, or empty".to_owned()),
    }
}
