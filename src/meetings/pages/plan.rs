//! Planning a meeting, changing the plan, and saying that it did not take place.

use serde::Serialize;

use super::{kinds, read_what, set_what, what_fields};
use crate::access::Permission;
use crate::cases;
use crate::failure::Failure;
use crate::ids::{CaseId, MeetingId, ReferralId};
use crate::meetings::{State, actions, panel, rules, store};
use crate::text::NARRATIVE_LENGTH;
use crate::web::{Answer, Failed, Form, PageOptions, Path, Submitted, Web, known, view};
use crate::young_people::identity_bar;

#[derive(Clone)]
struct Planning {
    form: Form,
    title: &'static str,
    action: String,
    back: (String, &'static str),
    button: &'static str,
    identity: view::Identity,
    /// Whether somebody besides the one young person may be on it.
    several: bool,
    more: bool,
}

#[derive(Serialize)]
struct PlanView<'a> {
    form: &'a Form,
    title: &'static str,
    action: &'a str,
    button: &'static str,
    identity: &'a view::Identity,
    several: bool,
}

fn plan_page(web: &Web, planning: &Planning, form: &Form) -> Answer {
    let options = PageOptions::titled(planning.title)
        .back(planning.back.0.as_str(), planning.back.1)
        .with_form(form);
    let view = PlanView {
        form,
        title: planning.title,
        action: &planning.action,
        button: planning.button,
        identity: &planning.identity,
        several: planning.several && planning.more,
    };
    web.page("meetings/plan", options, view)
}

async fn planning(web: &Web, id: &CaseId) -> Result<Planning, Failed> {
    let id = id.clone();
    let planning = web
        .read(move |ctx| {
            let (case, opened) = cases::actions::open(ctx, &id, Permission::SeeRecord)?;
            if case.open_spell().is_none() {
                return Err(rules::Refusal::CaseClosed.into());
            }
            let person = opened.person();
            let relatives = store::brothers_and_sisters(ctx, &person.id)?;
            let mut who = vec![(case.referral.to_string(), person.full_name())];
            who.extend(relatives.iter().map(|it| {
                (
                    it.referral.to_string(),
                    format!("{} {}", it.first_name, it.last_name),
                )
            }));
            let several = who.len() > 1;
            let form = what_fields(Form::new(), kinds(ctx, None)?)
                .choice("who", who)
                .set_all("who", [case.referral.to_string()]);
            Ok(Planning {
                form,
                title: "Plan a meeting",
                action: format!("/cases/{id}/meetings/plan"),
                back: (format!("/cases/{id}"), "Case"),
                button: "Plan the meeting",
                identity: identity_bar(person, ctx.today, "Case open"),
                several,
                more: true,
            })
        })
        .await?;
    Ok(planning)
}

pub async fn plan(web: Web, id: Path<String>) -> Answer {
    let id = known(CaseId::parse(&id))?;
    let planning = planning(&web, &id).await?;
    let form = web.resume(planning.form.clone()).await?;
    plan_page(&web, &planning, &form)
}

pub async fn plan_sent(web: Web, id: Path<String>, sent: Submitted) -> Answer {
    let id = known(CaseId::parse(&id))?;
    let planning = planning(&web, &id).await?;
    let mut form = planning.form.clone();
    // Where there is nobody else to choose, nobody is asked.
    let only = (!planning.several).then(|| form.chosen_all("who", ReferralId::parse));
    form = form.fill(&sent);
    let what = read_what(&mut form);
    let who = only.unwrap_or_else(|| form.chosen_all("who", ReferralId::parse));
    if who.is_empty() {
        form.add_error("who", rules::Refusal::Nobody.to_string());
    }
    if let (true, Some(what)) = (form.ok(), what) {
        let done = web
            .write_once(&form, move |ctx| {
                actions::plan(ctx, &what, &who)?;
                Ok(format!("/cases/{id}"))
            })
            .await;
        match done {
            Ok(location) => return web.see(&location, "The meeting is planned"),
            Err(failure) => form.explain(failure)?,
        }
    }
    plan_page(&web, &planning, &form)
}

async fn changing(web: &Web, id: &MeetingId) -> Result<Planning, Failed> {
    let id = id.clone();
    let planning = web
        .read(move |ctx| {
            let (meeting, seen) = actions::open(ctx, &id, Permission::SeeRecord)?;
            let again = meeting.state == State::NotHeld;
            if meeting.state == State::Held {
                return Err(rules::Refusal::NotNow {
                    state: meeting.state,
                }
                .into());
            }
            let first = seen.first().ok_or(Failure::NotFound)?;
            let form = what_fields(Form::new(), kinds(ctx, Some(&meeting.what.kind))?)
                .hidden("version", meeting.version);
            Ok(Planning {
                form: set_what(form, &meeting.what),
                title: if again {
                    "Plan the meeting again"
                } else {
                    "Change the plan"
                },
                action: format!("/meetings/{id}/change"),
                back: (format!("/meetings/{id}"), "Meeting"),
                button: "Save the plan",
                identity: identity_bar(first.person.person(), ctx.today, meeting.state.words()),
                several: false,
                more: false,
            })
        })
        .await?;
    Ok(planning)
}

pub async fn change(web: Web, id: Path<String>) -> Answer {
    let id = known(MeetingId::parse(&id))?;
    let planning = changing(&web, &id).await?;
    let form = web.resume(planning.form.clone()).await?;
    plan_page(&web, &planning, &form)
}

pub async fn change_sent(web: Web, id: Path<String>, sent: Submitted) -> Answer {
    let id = known(MeetingId::parse(&id))?;
    let planning = changing(&web, &id).await?;
    let mut form = planning.form.clone().fill(&sent);
    let what = read_what(&mut form);
    if let (true, Some(what)) = (form.ok(), what) {
        let version = form.version("version");
        let done = web
            .write_once(&form, move |ctx| {
                actions::change(ctx, &id, version, &what)?;
                Ok(format!("/meetings/{id}"))
            })
            .await;
        match done {
            Ok(location) => return web.see(&location, "The plan is changed"),
            Err(failure) => form.explain(failure)?,
        }
    }
    plan_page(&web, &planning, &form)
}

// It did not take place

#[derive(Serialize)]
struct MissedView {
    form: Form,
    id: MeetingId,
    identity: view::Identity,
}

struct Missing {
    form: Form,
    identity: view::Identity,
}

async fn missing(web: &Web, id: &MeetingId) -> Result<Missing, Failed> {
    let id = id.clone();
    let missing = web
        .read(move |ctx| {
            let (meeting, seen) = actions::open(ctx, &id, Permission::SeeRecord)?;
            if meeting.state != State::Planned {
                return Err(rules::Refusal::NotNow {
                    state: meeting.state,
                }
                .into());
            }
            let first = seen.first().ok_or(Failure::NotFound)?;
            Ok(Missing {
                form: Form::new()
                    .field("reason")
                    .hidden("version", meeting.version),
                identity: identity_bar(first.person.person(), ctx.today, meeting.state.words()),
            })
        })
        .await?;
    Ok(missing)
}

fn missed_page(web: &Web, id: &MeetingId, missing: Missing, form: Form) -> Answer {
    let options = PageOptions::titled("The meeting did not take place")
        .back(format!("/meetings/{id}"), "Meeting")
        .with_form(&form);
    let view = MissedView {
        form,
        id: id.clone(),
        identity: missing.identity,
    };
    web.page("meetings/missed", options, view)
}

pub async fn missed(web: Web, id: Path<String>) -> Answer {
    let id = known(MeetingId::parse(&id))?;
    let missing = missing(&web, &id).await?;
    let form = web.resume(missing.form.clone()).await?;
    missed_page(&web, &id, missing, form)
}

pub async fn missed_sent(web: Web, id: Path<String>, sent: Submitted) -> Answer {
    let id = known(MeetingId::parse(&id))?;
    let missing = missing(&web, &id).await?;
    let mut form = missing.form.clone().fill(&sent);
    form.text("reason", NARRATIVE_LENGTH);
    let reason = form.required("reason", &rules::Refusal::WhyNotHeld.to_string());
    if let (true, Some(reason)) = (form.ok(), reason) {
        let (version, meeting) = (form.version("version"), id.clone());
        let done = web
            .write_once(&form, move |ctx| {
                actions::miss(ctx, &meeting, version, &reason)?;
                let (_, seen) = actions::open(ctx, &meeting, Permission::WorkRecord)?;
                let first = seen.first().ok_or(Failure::NotFound)?;
                panel::case_href(ctx, &first.referral.id)
            })
            .await;
        match done {
            Ok(location) => {
                return web.see(
                    &location,
                    "It is on record that the meeting did not take place",
                );
            }
            Err(failure) => form.explain(failure)?,
        }
    }
    missed_page(&web, &id, missing, form)
}
