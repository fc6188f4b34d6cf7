//! The cases under a theme: adding from the theme, adding from the case, taking out.

use serde_json::json;

use crate::access::Permission;
use crate::cases::{self, store::Filter};
use crate::ctx::Ctx;
use crate::failure::Failure;
use crate::ids::{CaseId, ThemeCaseId, ThemeId};
use crate::text::NARRATIVE_LENGTH;
use crate::themes::{Theme, actions, store};
use crate::web::forms::Opt;
use crate::web::{Answer, Form, PageOptions, Path, Submitted, Web, known, view};
use crate::young_people::{self, identity_bar};

/// More open cases than anybody holds.
const OWN_CASES: i64 = 500;

// From the theme

fn add_form(ctx: &mut Ctx<'_>, theme: &Theme) -> Result<Form, Failure> {
    let closed = young_people::store::closed_to_me(ctx)?;
    let filter = Filter {
        open: Some(true),
        officer: ctx.actor.user_id().cloned(),
        limit: OWN_CASES,
        ..Filter::default()
    };
    let (mut lines, _) = cases::store::list(ctx, &filter)?;
    let inside: Vec<CaseId> = store::members(ctx, &theme.id)?
        .into_iter()
        .map(|member| member.case)
        .collect();
    lines.retain(|line| !closed.contains(&line.young_person) && !inside.contains(&line.id));
    lines.sort_by(|a, b| (&a.last_name, &a.first_name).cmp(&(&b.last_name, &b.first_name)));
    let today = ctx.today;
    let options = lines.into_iter().map(|line| {
        let born = view::age_words(line.date_of_birth, today);
        Opt::from((
            line.id.to_string(),
            format!("{} {}", line.first_name, line.last_name),
            format!("{born}. {}", line.stream.words()),
        ))
    });
    Ok(Form::new().choice("cases", options).field("said"))
}

async fn adding(web: &Web, id: &ThemeId) -> Result<(Theme, Form), Failure> {
    let id = id.clone();
    web.read(move |ctx| {
        let theme = actions::open(ctx, &id, Permission::WorkThemes)?;
        let form = add_form(ctx, &theme)?;
        Ok((theme, form))
    })
    .await
}

fn add_page(web: &Web, theme: &Theme, form: &Form) -> Answer {
    let options = PageOptions::titled("Add cases to a theme")
        .back(format!("/themes/{}", theme.id), "Theme")
        .with_form(form);
    web.page(
        "themes/add",
        options,
        json!({ "form": form, "id": theme.id, "title": theme.title }),
    )
}

pub async fn add(web: Web, id: Path<String>) -> Answer {
    let id = known(ThemeId::parse(&id))?;
    let (theme, form) = adding(&web, &id).await?;
    let form = web.resume(form).await?;
    add_page(&web, &theme, &form)
}

pub async fn add_sent(web: Web, id: Path<String>, sent: Submitted) -> Answer {
    let id = known(ThemeId::parse(&id))?;
    let (theme, form) = adding(&web, &id).await?;
    let mut form = form.fill(&sent);
    let chosen = form.chosen_all("cases", CaseId::parse);
    if chosen.is_empty() {
        form.add_error("cases", "Choose at least one case");
    }
    let said = form.text("said", NARRATIVE_LENGTH);
    if form.ok() {
        let done = web
            .write_once(&form, move |ctx| {
                for case in &chosen {
                    actions::add_case(ctx, &id, case, &said)?;
                }
                Ok(format!("/themes/{id}"))
            })
            .await;
        match done {
            Ok(location) => return web.see(&location, "The cases are under the theme"),
            Err(failure) => form.explain(failure)?,
        }
    }
    add_page(&web, &theme, &form)
}

pub async fn take_out(web: Web, path: Path<(String, String)>) -> Answer {
    let id = known(ThemeId::parse(&path.0))?;
    let member = known(ThemeCaseId::parse(&path.1))?;
    let location = format!("/themes/{id}");
    web.write(move |ctx| actions::take_out(ctx, &id, &member))
        .await?;
    web.see(&location, "The case is no longer under the theme")
}

// From the case

async fn of_case_form(web: &Web, id: &CaseId) -> Result<(Form, view::Identity), Failure> {
    let id = id.clone();
    web.read(move |ctx| {
        let (case, opened) = cases::actions::open(ctx, &id, Permission::SeeRecord)?;
        let inside: Vec<ThemeId> = store::of_young_person(ctx, &case.young_person)?
            .into_iter()
            .filter(|it| it.case == case.id && it.taken_out_on.is_none())
            .map(|it| it.theme)
            .collect();
        let themes = actions::all(ctx)?
            .into_iter()
            .map(|(theme, _)| theme)
            .filter(|theme| theme.closing.is_none() && !inside.contains(&theme.id))
            .map(|theme| (theme.id.to_string(), theme.title, theme.they_say));
        let form = Form::new().choice("theme", themes).field("said");
        Ok((form, identity_bar(opened.person(), ctx.today, "Case")))
    })
    .await
}

fn of_case_page(web: &Web, id: &CaseId, identity: &view::Identity, form: &Form) -> Answer {
    let options = PageOptions::titled("Put this case under a theme")
        .back(format!("/cases/{id}"), "Case")
        .with_form(form);
    web.page(
        "themes/of_case_form",
        options,
        json!({ "form": form, "id": id, "identity": identity }),
    )
}

pub async fn of_case(web: Web, id: Path<String>) -> Answer {
    let id = known(CaseId::parse(&id))?;
    let (form, identity) = of_case_form(&web, &id).await?;
    let form = web.resume(form).await?;
    of_case_page(&web, &id, &identity, &form)
}

pub async fn of_case_sent(web: Web, id: Path<String>, sent: Submitted) -> Answer {
    let id = known(CaseId::parse(&id))?;
    let (form, identity) = of_case_form(&web, &id).await?;
    let mut form = form.fill(&sent);
    let theme = form.chosen("theme", ThemeId::parse, "Choose a theme");
    let said = form.text("said", NARRATIVE_LENGTH);
    if let (true, Some(theme)) = (form.ok(), theme) {
        let case = id.clone();
        let done = web
            .write_once(&form, move |ctx| {
                actions::add_case(ctx, &theme, &case, &said)?;
                Ok(format!("/cases/{case}"))
            })
            .await;
        match done {
            Ok(location) => return web.see(&location, "The case is under the theme"),
            Err(failure) => form.explain(failure)?,
        }
    }
    of_case_page(&web, &id, &identity, &form)
}
