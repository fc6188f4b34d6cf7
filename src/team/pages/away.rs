//! An officer is away: from when to when, who covers, and cases that somebody else covers.

use serde::Serialize;
use serde_json::{Value, json};

use super::officer;
use crate::calendar::show as day;
use crate::ctx::Ctx;
use crate::failure::Failure;
use crate::ids::{AbsenceId, CaseId, UserId};
use crate::team::{Absence, Held, actions, panel, store};
use crate::web::{Answer, Failed, Form, PageOptions, Path, Submitted, Web, known};
use crate::young_people;

/// What the page is made from.
struct Page {
    officer: UserId,
    officer_name: String,
    held: Vec<Held>,
    /// Cover of cases whose records are closed to whoever looks: it stays as it is.
    unseen: Vec<(CaseId, UserId)>,
    form: Form,
}

#[derive(Serialize)]
struct Row {
    person: String,
    select: Value,
}

fn field(held: &Held) -> String {
    format!("cover-{}", held.case)
}

fn page_of(
    ctx: &mut Ctx<'_>,
    id: &UserId,
    absence: Option<&Absence>,
    usual: i64,
) -> Result<Page, Failure> {
    let away = officer(ctx, id)?;
    let mut held = store::held_by(ctx, std::slice::from_ref(id))?;
    let closed = young_people::store::closed_to_me(ctx)?;
    held.retain(|held| !closed.contains(&held.young_person));
    let others: Vec<(String, String)> = actions::officer_options(ctx, usual)?
        .into_iter()
        .filter(|(officer, _)| *officer != id.to_string())
        .collect();
    let names = actions::names(ctx)?;
    let short: Vec<(String, String)> = others
        .iter()
        .filter_map(|(officer, _)| {
            let name = names.get(&UserId::parse(officer)?)?;
            Some((officer.clone(), name.clone()))
        })
        .collect();
    let mut form = Form::new().date("from").date("to").choice("cover", others);
    for case in &held {
        form = form.choice(field(case), short.clone());
    }
    form = panel::ask(form).hidden("version", absence.map_or(0, |absence| absence.version));
    form = match absence {
        None => form.set("from", ctx.today),
        Some(absence) => {
            let mut form = form.set("from", absence.from).set("to", absence.to).set(
                "cover",
                absence.covered_by.as_ref().map(ToString::to_string),
            );
            for (case, cover) in &absence.exceptions {
                if let Some(held) = held.iter().find(|held| held.case == *case) {
                    form = form.set(&field(held), cover.to_string());
                }
            }
            form
        }
    };
    let unseen = absence
        .iter()
        .flat_map(|absence| absence.exceptions.iter())
        .filter(|(case, _)| !held.iter().any(|held| held.case == *case))
        .cloned()
        .collect();
    Ok(Page {
        officer: id.clone(),
        officer_name: away.name,
        unseen,
        held,
        form,
    })
}

fn show(web: &Web, page: &Page, form: &Form, absence: Option<&AbsenceId>) -> Answer {
    let title = if absence.is_some() {
        "Change an absence"
    } else {
        "An officer is away"
    };
    let options = PageOptions::titled(title)
        .back("/team", "Team")
        .with_form(form);
    let shown = serde_json::to_value(form).unwrap_or_default();
    let rows: Vec<Row> = page
        .held
        .iter()
        .map(|held| Row {
            person: format!("{}, open since {}", held.person, day(held.opened_on)),
            select: shown.get(field(held)).cloned().unwrap_or_default(),
        })
        .collect();
    let action = match absence {
        Some(id) => format!("/team/absences/{id}"),
        None => format!("/team/officers/{}/away", page.officer),
    };
    web.page(
        "team/away",
        options,
        json!({
            "title": title, "officer": page.officer_name, "rows": rows, "form": form,
            "action": action, "cancel": absence.map(|id| format!("/team/absences/{id}/cancel")),
            "cancel_form": Form::new().hidden("version", form.version("version")),
        }),
    )
}

/// What was sent, as an absence.
fn read(page: &Page, form: &mut Form, id: AbsenceId) -> Option<Absence> {
    let from = form.date_required("from", "The first day away");
    let to = form.date_required("to", "The last day away");
    let covered_by = form.chosen_optional("cover", UserId::parse);
    let exceptions = page
        .held
        .iter()
        .filter_map(|held| {
            let cover = form.chosen_optional(&field(held), UserId::parse)?;
            (Some(&cover) != covered_by.as_ref()).then(|| (held.case.clone(), cover))
        })
        .chain(page.unseen.iter().cloned())
        .collect();
    Some(Absence {
        id,
        officer: page.officer.clone(),
        from: from?,
        to: to?,
        covered_by,
        exceptions,
        version: form.version("version"),
    })
}

async fn page_for(web: &Web, id: &UserId) -> Result<Page, Failed> {
    let (id, usual) = (id.clone(), web.app.settings.work.cases_per_full_time);
    Ok(web.read(move |ctx| page_of(ctx, &id, None, usual)).await?)
}

pub async fn away(web: Web, id: Path<String>) -> Answer {
    let page = page_for(&web, &known(UserId::parse(&id))?).await?;
    let form = web.resume(page.form.clone()).await?;
    show(&web, &page, &form, None)
}

pub async fn away_sent(web: Web, id: Path<String>, sent: Submitted) -> Answer {
    let page = page_for(&web, &known(UserId::parse(&id))?).await?;
    let mut form = page.form.clone().fill(&sent);
    let knowing = panel::answered(&mut form);
    let absence = read(&page, &mut form, AbsenceId::random());
    if let (true, Some(absence)) = (form.ok(), absence) {
        let absence = Absence {
            version: 1,
            ..absence
        };
        let done = web
            .write_once(&form, move |ctx| {
                actions::record_absence(ctx, &absence, &knowing)?;
                Ok("/team#away".to_owned())
            })
            .await;
        match done {
            Ok(location) => return web.see(&location, "The absence and its cover are on record"),
            Err(failure) => form.explain(failure)?,
        }
    }
    show(&web, &page, &form, None)
}

async fn page_of_absence(web: &Web, id: &AbsenceId) -> Result<Page, Failed> {
    let (id, usual) = (id.clone(), web.app.settings.work.cases_per_full_time);
    Ok(web
        .read(move |ctx| {
            let absence = actions::absence(ctx, &id)?;
            page_of(ctx, &absence.officer.clone(), Some(&absence), usual)
        })
        .await?)
}

pub async fn absence(web: Web, id: Path<String>) -> Answer {
    let id = known(AbsenceId::parse(&id))?;
    let page = page_of_absence(&web, &id).await?;
    let form = web.resume(page.form.clone()).await?;
    show(&web, &page, &form, Some(&id))
}

pub async fn absence_sent(web: Web, id: Path<String>, sent: Submitted) -> Answer {
    let id = known(AbsenceId::parse(&id))?;
    let page = page_of_absence(&web, &id).await?;
    let mut form = page.form.clone().fill(&sent);
    let knowing = panel::answered(&mut form);
    let absence = read(&page, &mut form, id.clone());
    if let (true, Some(absence)) = (form.ok(), absence) {
        let done = web
            .write_once(&form, move |ctx| {
                actions::change_absence(ctx, &absence, &knowing)?;
                Ok("/team#away".to_owned())
            })
            .await;
        match done {
            Ok(location) => return web.see(&location, "The absence is changed"),
            Err(failure) => form.explain(failure)?,
        }
    }
    show(&web, &page, &form, Some(&id))
}

/// A small form on the page of an absence: the officer is here after all.
pub async fn cancel(web: Web, id: Path<String>, sent: Submitted) -> Answer {
    let id = known(AbsenceId::parse(&id))?;
    let form = Form::new().hidden("version", 0).fill(&sent);
    let version = form.version("version");
    let location = web
        .write_once(&form, move |ctx| {
            actions::cancel_absence(ctx, &id, version)?;
            Ok("/team#away".to_owned())
        })
        .await?;
    web.see(&location, "The absence is taken back")
}
