//! What other pages show of tasks: one line each, with a button that says it is done.

use chrono::NaiveDate;
use serde::Serialize;

use super::store::Filter;
use super::{Task, store};
use crate::calendar::show as day;
use crate::cases::Case;
use crate::ctx::Ctx;
use crate::failure::Failure;
use crate::ids::{ContactId, UserId};
use crate::web::{Form, view};

/// From how many days before it a task counts as near.
const NEAR: i64 = 3;

/// One task, in words.
#[derive(Serialize)]
pub struct Line {
    what: String,
    about: Vec<Person>,
    officer: String,
    due: Option<view::Countdown>,
    /// "3 January 2022, Olive".
    done: Option<String>,
    contact_href: Option<String>,
    edit_href: String,
    action: String,
    form: Form,
}

#[derive(Serialize)]
struct Person {
    person: String,
    href: String,
}

impl Line {
    /// `from` names the page that the button leads back to: see [`super::pages::done`].
    #[must_use]
    pub fn of(task: &Task, from: &str, today: NaiveDate) -> Self {
        let step = if task.done.is_some() { "undo" } else { "done" };
        Self {
            what: task.what.clone(),
            about: task
                .about
                .iter()
                .map(|about| Person {
                    person: about.name.clone(),
                    href: format!("/cases/{}", about.case),
                })
                .collect(),
            officer: task.officer_name.clone(),
            due: task
                .done
                .is_none()
                .then(|| view::Countdown::to(task.due_on, today, NEAR)),
            done: task
                .done
                .as_ref()
                .map(|done| format!("{}, {}", day(done.on), done.by)),
            contact_href: task.contact.as_ref().map(|id| format!("/contacts/{id}")),
            edit_href: format!("/tasks/{}/edit", task.id),
            action: format!("/tasks/{}/{step}", task.id),
            form: Form::new()
                .hidden("version", task.version)
                .hidden("from", from),
        }
    }
}

/// Some tasks, and how many there are.
#[derive(Serialize)]
pub struct Panel {
    tasks: Vec<Line>,
    total: i64,
    total_words: String,
}

fn panel(ctx: &mut Ctx<'_>, filter: &Filter, from: &str) -> Result<Panel, Failure> {
    let (tasks, total) = store::list(ctx, filter)?;
    let today = ctx.today;
    Ok(Panel {
        tasks: tasks
            .iter()
            .map(|task| Line::of(task, from, today))
            .collect(),
        total,
        total_words: view::count(total, "task", "tasks"),
    })
}

/// What officers have to do, the soonest first: for My work, with those whom somebody covers.
pub fn of_officers(ctx: &mut Ctx<'_>, officers: &[UserId], limit: i64) -> Result<Panel, Failure> {
    let filter = Filter {
        officers: officers.to_vec(),
        done: Some(false),
        limit,
        ..Filter::default()
    };
    panel(ctx, &filter, "work")
}

/// What is to be done in a case.
pub fn of_case(ctx: &mut Ctx<'_>, case: &Case) -> Result<Panel, Failure> {
    let filter = Filter {
        case: Some(case.id.clone()),
        done: Some(false),
        ..Filter::default()
    };
    panel(ctx, &filter, case.id.as_str())
}

/// What followed from a contact, done or not.
pub fn of_contact(ctx: &mut Ctx<'_>, contact: &ContactId) -> Result<Panel, Failure> {
    let filter = Filter {
        contact: Some(contact.clone()),
        ..Filter::default()
    };
    panel(ctx, &filter, "tasks")
}
