//! The pages of tasks: the list, writing one down, changing it, and the buttons that say it is
//! done or take it up again.

use serde::Serialize;
use serde_json::json;

use super::panel::Line;
use super::store::Filter;
use super::{NewTask, Task, actions, store};
use crate::access::{Permission, Role};
use crate::cases;
use crate::ctx::Ctx;
use crate::failure::Failure;
use crate::ids::{CaseId, TaskId, UserId};
use crate::staff;
use crate::team;
use crate::web::{Answer, Form, PageOptions, Path, Submitted, Web, known, view};
use crate::young_people::identity_bar;

const A_PAGE: i64 = 50;

// The list

#[derive(Serialize)]
struct ListView {
    form: Form,
    senior: bool,
    tasks: Vec<Line>,
    total_words: String,
    chips: view::Chips,
    pages: Option<view::Pagination>,
}

const STATES: [(&str, &str); 2] = [("open", "To do"), ("done", "Done")];

pub async fn list(web: Web) -> Answer {
    let asked = web.query().clone();
    let list = web.read(move |ctx| list_view(ctx, &asked)).await?;
    web.page("tasks/list", PageOptions::titled("Tasks").wide(), list)
}

/// An officer sees their own; the senior officer anybody's.
fn list_view(ctx: &mut Ctx<'_>, asked: &Submitted) -> Result<ListView, Failure> {
    let senior = ctx.actor.role() == Some(Role::SeniorOfficer);
    let mut everyone = vec![("all".to_owned(), "Everybody's".to_owned())];
    everyone.extend(staff::actions::officer_options(ctx)?);
    let mut form = Form::new()
        .choice("state", STATES)
        .choice("officer", everyone)
        .fill(asked);
    let done = form.chosen_optional("state", |code| Some(code == "done")) == Some(true);
    let chosen = form
        .chosen_optional("officer", |code| Some(code.to_owned()))
        .filter(|_| senior);
    let page: i64 = asked.first("page").parse().unwrap_or(1).clamp(1, 100_000);
    let filter = Filter {
        officers: match chosen.as_deref() {
            Some("all") => Vec::new(),
            Some(id) => UserId::parse(id).into_iter().collect(),
            None => team::actions::mine(ctx)?.officers,
        },
        done: Some(done),
        limit: A_PAGE,
        offset: (page - 1) * A_PAGE,
        ..Filter::default()
    };
    let (tasks, total) = store::list(ctx, &filter)?;
    let mut chips = view::Chips::new("/tasks");
    if done {
        chips.add(asked, "state", "Done");
    }
    match chosen.as_deref() {
        Some("all") => chips.add(asked, "officer", "Everybody's"),
        Some(_) => chips.add(asked, "officer", "One officer's"),
        None => {}
    }
    let today = ctx.today;
    Ok(ListView {
        form,
        senior,
        tasks: tasks
            .iter()
            .map(|task| Line::of(task, "tasks", today))
            .collect(),
        total_words: view::count(total, "task", "tasks"),
        pages: view::Pagination::of("/tasks", asked, page, total, A_PAGE),
        chips,
    })
}

// Writing one down

fn new_form(ctx: &mut Ctx<'_>) -> Result<Form, Failure> {
    Ok(Form::new()
        .field("what")
        .date("due_on")
        .choice("officer", staff::actions::officer_options(ctx)?)
        .set("officer", ctx.actor.user_id().map(ToString::to_string)))
}

async fn new_page(web: &Web, id: &CaseId, form: &Form) -> Answer {
    let wanted = id.clone();
    let identity = web
        .read(move |ctx| {
            let (_, opened) = cases::actions::open(ctx, &wanted, Permission::SeeRecord)?;
            Ok(identity_bar(opened.person(), ctx.today, "Case"))
        })
        .await?;
    let options = PageOptions::titled("Write down a task")
        .back(format!("/cases/{id}"), "Case")
        .with_form(form);
    web.page(
        "tasks/new",
        options,
        json!({ "form": form, "id": id, "identity": identity }),
    )
}

pub async fn new(web: Web, id: Path<String>) -> Answer {
    let id = known(CaseId::parse(&id))?;
    let form = web.read(new_form).await?;
    let form = web.resume(form).await?;
    new_page(&web, &id, &form).await
}

pub async fn new_sent(web: Web, id: Path<String>, sent: Submitted) -> Answer {
    let id = known(CaseId::parse(&id))?;
    let mut form = web.read(new_form).await?.fill(&sent);
    let what = form.required("what", "Say what is to be done");
    let due_on = form.date_required("due_on", "The day it is to be done by");
    let officer = form.chosen("officer", UserId::parse, "Choose who is to do it");
    if let (true, Some(what), Some(due_on), Some(officer)) = (form.ok(), what, due_on, officer) {
        let case = id.clone();
        let done = web
            .write_once(&form, move |ctx| {
                let (case, opened) = cases::actions::open(ctx, &case, Permission::WorkRecord)?;
                let new = NewTask {
                    officer,
                    what,
                    due_on,
                    contact: None,
                    about: vec![(case.id.clone(), opened.person().id.clone())],
                };
                actions::make(ctx, &new)?;
                Ok(format!("/cases/{}", case.id))
            })
            .await;
        match done {
            Ok(location) => return web.see(&location, "The task is written down"),
            Err(failure) => form.explain(failure)?,
        }
    }
    new_page(&web, &id, &form).await
}

// Changing it

fn edit_form(ctx: &mut Ctx<'_>, id: &TaskId) -> Result<(Task, Form), Failure> {
    let task = actions::open(ctx, id, Permission::SeeRecord)?;
    let form = Form::new()
        .field("what")
        .date("due_on")
        .choice("officer", staff::actions::officer_options(ctx)?)
        .hidden("version", task.version)
        .set("what", task.what.clone())
        .set("due_on", task.due_on)
        .set("officer", task.officer.to_string());
    Ok((task, form))
}

fn edit_page(web: &Web, task: &Task, form: &Form) -> Answer {
    let options = PageOptions::titled("Change a task")
        .back("/tasks", "Tasks")
        .with_form(form);
    let about: Vec<&str> = task.about.iter().map(|about| about.name.as_str()).collect();
    web.page(
        "tasks/edit",
        options,
        json!({
            "form": form,
            "id": task.id,
            "about": about.join(", "),
            "senior": web.actor().role() == Some(Role::SeniorOfficer),
        }),
    )
}

pub async fn edit(web: Web, id: Path<String>) -> Answer {
    let id = known(TaskId::parse(&id))?;
    let (task, form) = web.read(move |ctx| edit_form(ctx, &id)).await?;
    let form = web.resume(form).await?;
    edit_page(&web, &task, &form)
}

pub async fn edit_sent(web: Web, id: Path<String>, sent: Submitted) -> Answer {
    let id = known(TaskId::parse(&id))?;
    let wanted = id.clone();
    let (task, form) = web.read(move |ctx| edit_form(ctx, &wanted)).await?;
    let mut form = form.fill(&sent);
    let what = form.required("what", "Say what is to be done");
    let due_on = form.date_required("due_on", "The day it is to be done by");
    // Only a senior officer is asked whose it is.
    let officer = form
        .chosen_optional("officer", UserId::parse)
        .unwrap_or_else(|| task.officer.clone());
    if let (true, Some(what), Some(due_on)) = (form.ok(), what, due_on) {
        let version = form.version("version");
        let done = web
            .write_once(&form, move |ctx| {
                actions::change(ctx, &id, version, &what, due_on, &officer)?;
                Ok("/tasks".to_owned())
            })
            .await;
        match done {
            Ok(location) => return web.see(&location, "The task is changed"),
            Err(failure) => form.explain(failure)?,
        }
    }
    edit_page(&web, &task, &form)
}

// Done, and not done after all

/// Where a button leads back to: My work, the list, or the case whose page it was on.
fn back_to(from: &str) -> String {
    match (from, CaseId::parse(from)) {
        (_, Some(case)) => format!("/cases/{case}"),
        ("work", None) => "/".to_owned(),
        _ => "/tasks".to_owned(),
    }
}

fn button(sent: &Submitted) -> (Form, i32, String) {
    let form = Form::new()
        .hidden("version", 0)
        .hidden("from", "tasks")
        .fill(sent);
    let back = back_to(form.hidden_value("from"));
    let version = form.version("version");
    (form, version, back)
}

pub async fn done(web: Web, id: Path<String>, sent: Submitted) -> Answer {
    let id = known(TaskId::parse(&id))?;
    let (form, version, back) = button(&sent);
    let location = web
        .write_once(&form, move |ctx| {
            actions::finish(ctx, &id, version)?;
            Ok(back)
        })
        .await?;
    web.see(
        &location,
        "The task is done. The list of tasks can undo it.",
    )
}

pub async fn undo(web: Web, id: Path<String>, sent: Submitted) -> Answer {
    let id = known(TaskId::parse(&id))?;
    let (form, version, back) = button(&sent);
    let location = web
        .write_once(&form, move |ctx| {
            actions::take_up_again(ctx, &id, version)?;
            Ok(back)
        })
        .await?;
    web.see(&location, "The task is to be done again")
}
