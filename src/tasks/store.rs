//! How tasks are kept.

use std::collections::HashMap;

use chrono::NaiveDate;
use diesel::prelude::*;

use super::{About, Done, NewTask, Task};
use crate::ctx::Ctx;
use crate::db::schema::{task_people, tasks, users, young_people};
use crate::failure::Failure;
use crate::ids::{CaseId, ContactId, TaskId, UserId, YoungPersonId};
use crate::young_people::store::closed_to_me;

/// More tasks than anybody has at once.
const ALL: i64 = 1_000;

/// Which tasks a list asks for.
#[derive(Debug, Clone)]
pub struct Filter {
    pub id: Option<TaskId>,
    /// Only those of these officers; empty: anybody's.
    pub officers: Vec<UserId>,
    pub case: Option<CaseId>,
    pub contact: Option<ContactId>,
    /// Those that are done, or those that are still to be done.
    pub done: Option<bool>,
    pub limit: i64,
    pub offset: i64,
}

impl Default for Filter {
    fn default() -> Self {
        Self {
            id: None,
            officers: Vec::new(),
            case: None,
            contact: None,
            done: None,
            limit: ALL,
            offset: 0,
        }
    }
}

#[derive(Queryable)]
struct Row {
    id: TaskId,
    officer_id: UserId,
    officer_name: String,
    what: String,
    due_on: NaiveDate,
    contact_id: Option<ContactId>,
    done_on: Option<NaiveDate>,
    done_by: Option<UserId>,
    version: i32,
}

/// The tasks that fit, and how many there are on all pages of the list: what is to be done by the
/// day it is due, what is done from the latest on. A task about somebody whose record is closed to
/// whoever asks is not there.
pub fn list(ctx: &mut Ctx<'_>, filter: &Filter) -> Result<(Vec<Task>, i64), Failure> {
    let closed = closed_to_me(ctx)?;
    macro_rules! narrowed {
        ($query:expr) => {{
            let mut query = $query
                .filter(
                    tasks::id.ne_all(
                        task_people::table
                            .filter(task_people::young_person_id.eq_any(closed.clone()))
                            .select(task_people::task_id),
                    ),
                )
                .into_boxed();
            if let Some(id) = &filter.id {
                query = query.filter(tasks::id.eq(id.clone()));
            }
            if !filter.officers.is_empty() {
                query = query.filter(tasks::officer_id.eq_any(filter.officers.clone()));
            }
            if let Some(contact) = &filter.contact {
                query = query.filter(tasks::contact_id.eq(contact.clone()));
            }
            if let Some(case) = &filter.case {
                query = query.filter(
                    tasks::id.eq_any(
                        task_people::table
                            .filter(task_people::case_id.eq(case.clone()))
                            .select(task_people::task_id),
                    ),
                );
            }
            match filter.done {
                Some(true) => query.filter(tasks::done_on.is_not_null()),
                Some(false) => query.filter(tasks::done_on.is_null()),
                None => query,
            }
        }};
    }
    let joined = tasks::table.inner_join(users::table.on(users::id.eq(tasks::officer_id)));
    let total: i64 = narrowed!(joined.count()).get_result(ctx.conn)?;
    let query = narrowed!(joined.select((
        tasks::id,
        tasks::officer_id,
        users::name,
        tasks::what,
        tasks::due_on,
        tasks::contact_id,
        tasks::done_on,
        tasks::done_by,
        tasks::version,
    )));
    let query = match filter.done {
        Some(true) => query.order((tasks::done_on.desc(), tasks::id)),
        _ => query.order((tasks::due_on.asc(), tasks::id)),
    };
    let rows: Vec<Row> = query
        .limit(filter.limit)
        .offset(filter.offset)
        .load(ctx.conn)?;
    Ok((whole(ctx, rows)?, total))
}

fn whole(ctx: &mut Ctx<'_>, rows: Vec<Row>) -> Result<Vec<Task>, Failure> {
    let ids: Vec<&TaskId> = rows.iter().map(|row| &row.id).collect();
    let people: Vec<(TaskId, CaseId, YoungPersonId, String, String)> = task_people::table
        .inner_join(young_people::table)
        .filter(task_people::task_id.eq_any(ids))
        .order((young_people::first_name, task_people::case_id))
        .select((
            task_people::task_id,
            task_people::case_id,
            task_people::young_person_id,
            young_people::first_name,
            young_people::last_name,
        ))
        .load(ctx.conn)?;
    let mut about: HashMap<TaskId, Vec<About>> = HashMap::new();
    for (task, case, young_person, first, last) in people {
        about.entry(task).or_default().push(About {
            case,
            young_person,
            name: format!("{first} {last}"),
        });
    }
    let doers: Vec<&UserId> = rows.iter().filter_map(|row| row.done_by.as_ref()).collect();
    let names: HashMap<UserId, String> = users::table
        .filter(users::id.eq_any(doers))
        .select((users::id, users::name))
        .load(ctx.conn)?
        .into_iter()
        .collect();
    Ok(rows
        .into_iter()
        .map(|row| Task {
            about: about.remove(&row.id).unwrap_or_default(),
            done: row.done_on.map(|on| Done {
                on,
                by: row
                    .done_by
                    .and_then(|by| names.get(&by).cloned())
                    .unwrap_or_default(),
            }),
            id: row.id,
            officer: row.officer_id,
            officer_name: row.officer_name,
            what: row.what,
            due_on: row.due_on,
            contact: row.contact_id,
            version: row.version,
        })
        .collect())
}

pub fn find(ctx: &mut Ctx<'_>, id: &TaskId) -> Result<Option<Task>, Failure> {
    let filter = Filter {
        id: Some(id.clone()),
        ..Filter::default()
    };
    Ok(list(ctx, &filter)?.0.into_iter().next())
}

/// What an officer has to do, the soonest first.
pub fn open_for(ctx: &mut Ctx<'_>, officer: &UserId) -> Result<Vec<Task>, Failure> {
    let filter = Filter {
        officers: vec![officer.clone()],
        done: Some(false),
        ..Filter::default()
    };
    Ok(list(ctx, &filter)?.0)
}

pub(super) fn insert(ctx: &mut Ctx<'_>, id: &TaskId, new: &NewTask) -> Result<(), Failure> {
    let by = ctx.actor.user_id().cloned().ok_or(Failure::NotFound)?;
    diesel::insert_into(tasks::table)
        .values((
            tasks::id.eq(id),
            tasks::officer_id.eq(&new.officer),
            tasks::what.eq(&new.what),
            tasks::due_on.eq(new.due_on),
            tasks::contact_id.eq(&new.contact),
            tasks::made_by.eq(by),
            tasks::created_at.eq(ctx.now),
            tasks::version.eq(1),
        ))
        .execute(ctx.conn)?;
    for (case, young_person) in &new.about {
        diesel::insert_into(task_people::table)
            .values((
                task_people::task_id.eq(id),
                task_people::case_id.eq(case),
                task_people::young_person_id.eq(young_person),
            ))
            .execute(ctx.conn)?;
    }
    Ok(())
}

/// What is to be done, by when and by whom, as it says now.
pub(super) fn update(
    ctx: &mut Ctx<'_>,
    task: &Task,
    what: &str,
    due_on: NaiveDate,
    officer: &UserId,
) -> Result<(), Failure> {
    let changed = diesel::update(
        tasks::table
            .filter(tasks::id.eq(&task.id))
            .filter(tasks::version.eq(task.version)),
    )
    .set((
        tasks::what.eq(what),
        tasks::due_on.eq(due_on),
        tasks::officer_id.eq(officer),
        tasks::version.eq(task.version + 1),
    ))
    .execute(ctx.conn)?;
    told_if_unchanged(changed)
}

/// Done today by whoever acts, or to be done again.
pub(super) fn set_done(ctx: &mut Ctx<'_>, task: &Task, done: bool) -> Result<(), Failure> {
    let by = ctx.actor.user_id().filter(|_| done);
    let changed = diesel::update(
        tasks::table
            .filter(tasks::id.eq(&task.id))
            .filter(tasks::version.eq(task.version)),
    )
    .set((
        tasks::done_on.eq(done.then_some(ctx.today)),
        tasks::done_by.eq(by),
        tasks::version.eq(task.version + 1),
    ))
    .execute(ctx.conn)?;
    told_if_unchanged(changed)
}

fn told_if_unchanged(changed: usize) -> Result<(), Failure> {
    if changed == 0 {
        return Err(Failure::ChangedMeanwhile);
    }
    Ok(())
}
