//! What is done about tasks: writing one down, changing it, doing it, taking it up again.

use chrono::NaiveDate;
use serde_json::json;

use super::rules::{self, Refusal};
use super::{NewTask, Task, store};
use crate::access::{Permission, Relationship, decide};
use crate::audit::Event;
use crate::cases;
use crate::ctx::Ctx;
use crate::failure::{Failure, FieldError};
use crate::history::Changes;
use crate::ids::{TaskId, UserId};
use crate::staff;

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::InThePast => {
                Self::Invalid(vec![FieldError::new("due_on", refusal.to_string())])
            }
            Refusal::Done | Refusal::NotDone => Self::Refused(refusal.to_string()),
        }
    }
}

/// A task that whoever acts may know: they may open every case it is about.
pub fn open(ctx: &mut Ctx<'_>, id: &TaskId, permission: Permission) -> Result<Task, Failure> {
    let task = store::find(ctx, id)?.ok_or(Failure::NotFound)?;
    if !decide(ctx.actor, permission, Relationship::Team).allowed() {
        return Err(Failure::NotFound);
    }
    for about in &task.about {
        cases::actions::open(ctx, &about.case, permission)?;
    }
    Ok(task)
}

fn to_change(ctx: &mut Ctx<'_>, id: &TaskId, version: i32) -> Result<Task, Failure> {
    let task = open(ctx, id, Permission::WorkRecord)?;
    if task.version != version {
        return Err(Failure::ChangedMeanwhile);
    }
    Ok(task)
}

/// One event for each young person it is about, or one about nobody.
fn note(ctx: &mut Ctx<'_>, task: &Task, event: &Event) {
    if task.about.is_empty() {
        ctx.record(event.clone());
    }
    for about in &task.about {
        ctx.record(event.clone().about(&about.young_person));
    }
}

/// Writes down what is to be done.
pub fn make(ctx: &mut Ctx<'_>, new: &NewTask) -> Result<TaskId, Failure> {
    if !decide(ctx.actor, Permission::WorkRecord, Relationship::Team).allowed() {
        return Err(Failure::NotFound);
    }
    for (case, _) in &new.about {
        cases::actions::open(ctx, case, Permission::WorkRecord)?;
    }
    staff::actions::officer(ctx, &new.officer)?;
    rules::check_due(new.due_on, ctx.today)?;
    let id = TaskId::random();
    store::insert(ctx, &id, new)?;
    let task = store::find(ctx, &id)?.ok_or(Failure::NotFound)?;
    let event = Event::new("task_made", "task", &id).with(json!({
        "due_on": new.due_on,
        "officer": new.officer,
        "contact": new.contact,
    }));
    note(ctx, &task, &event);
    Ok(id)
}

/// Changes what is to be done, or by when; a senior officer also by whom.
pub fn change(
    ctx: &mut Ctx<'_>,
    id: &TaskId,
    version: i32,
    what: &str,
    due_on: NaiveDate,
    officer: &UserId,
) -> Result<(), Failure> {
    let task = to_change(ctx, id, version)?;
    rules::may_finish(&task)?;
    if *officer != task.officer {
        if !decide(ctx.actor, Permission::Allocate, Relationship::Team).allowed() {
            return Err(Failure::NotFound);
        }
        staff::actions::officer(ctx, officer)?;
    }
    if due_on != task.due_on {
        rules::check_due(due_on, ctx.today)?;
    }
    let mut changes = Changes::new();
    changes.compare("what", Some(&task.what), Some(what));
    changes.compare("due_on", Some(task.due_on), Some(due_on));
    changes.compare("officer", Some(&task.officer), Some(officer));
    store::update(ctx, &task, what, due_on, officer)?;
    for about in &task.about {
        changes.keep(ctx, "task", id, &about.young_person)?;
    }
    let event = Event::new("task_changed", "task", id).with(json!({ "fields": changes.fields() }));
    note(ctx, &task, &event);
    Ok(())
}

pub fn finish(ctx: &mut Ctx<'_>, id: &TaskId, version: i32) -> Result<Task, Failure> {
    let task = to_change(ctx, id, version)?;
    rules::may_finish(&task)?;
    store::set_done(ctx, &task, true)?;
    note(ctx, &task, &Event::new("task_done", "task", id));
    Ok(task)
}

/// Takes a task up again that was marked as done.
pub fn take_up_again(ctx: &mut Ctx<'_>, id: &TaskId, version: i32) -> Result<Task, Failure> {
    let task = to_change(ctx, id, version)?;
    rules::may_take_up_again(&task)?;
    store::set_done(ctx, &task, false)?;
    note(ctx, &task, &Event::new("task_undone", "task", id));
    Ok(task)
}
