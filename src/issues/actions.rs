//! What is done about issues: opening one, writing down who was asked and what they answered,
//! closing and reopening.

use chrono::NaiveDate;
use serde_json::json;

use super::rules::{self, Refusal};
use super::{Asked, Closing, Issue, Matter, Spell, store};
use crate::access::Permission;
use crate::audit::Event;
use crate::cases::{self, Case};
use crate::ctx::Ctx;
use crate::failure::{Failure, FieldError};
use crate::history::Changes;
use crate::ids::{CaseId, IssueId};
use crate::young_people;
use crate::young_people::actions::Opened;

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        match refusal.field() {
            Some(field) => Self::Invalid(vec![FieldError::new(field, refusal.to_string())]),
            None => Self::Refused(refusal.to_string()),
        }
    }
}

fn all_of(problems: &[Refusal]) -> Result<(), Failure> {
    if problems.is_empty() {
        return Ok(());
    }
    let errors = problems
        .iter()
        .filter_map(|refusal| Some(FieldError::new(refusal.field()?, refusal.to_string())));
    Err(Failure::Invalid(errors.collect()))
}

/// An issue that whoever acts may know, with its case and its young person.
pub fn find(
    ctx: &mut Ctx<'_>,
    id: &IssueId,
    permission: Permission,
) -> Result<(Issue, Case, Opened), Failure> {
    let issue = store::find(ctx, id)?.ok_or(Failure::NotFound)?;
    let (case, opened) = cases::actions::open(ctx, &issue.case, permission)?;
    Ok((issue, case, opened))
}

/// A case to work in, held until the end with its young person.
fn held(ctx: &mut Ctx<'_>, id: &CaseId) -> Result<Case, Failure> {
    let (case, _) = cases::actions::open(ctx, id, Permission::WorkRecord)?;
    young_people::store::hold(ctx, &case.young_person)?;
    cases::store::find(ctx, id)?.ok_or(Failure::NotFound)
}

fn to_change(ctx: &mut Ctx<'_>, id: &IssueId, version: i32) -> Result<(Issue, Case), Failure> {
    let issue = store::find(ctx, id)?.ok_or(Failure::NotFound)?;
    let case = held(ctx, &issue.case)?;
    let issue = store::find(ctx, id)?.ok_or(Failure::NotFound)?;
    if issue.version != version {
        return Err(Failure::ChangedMeanwhile);
    }
    Ok((issue, case))
}

/// The day since when the case is open.
fn open_since(case: &Case) -> Option<NaiveDate> {
    case.open_spell().map(|spell| spell.opened_on)
}

fn record(ctx: &mut Ctx<'_>, issue: &Issue, event: Event) {
    ctx.record(event.about(&issue.young_person));
}

/// Opens an issue in a case.
pub fn open(
    ctx: &mut Ctx<'_>,
    case: &CaseId,
    matter: &Matter,
    on: NaiveDate,
) -> Result<IssueId, Failure> {
    let case = held(ctx, case)?;
    all_of(&rules::check_matter(matter))?;
    rules::may_open(open_since(&case), on, ctx.today)?;
    let issue = Issue {
        id: IssueId::random(),
        case: case.id.clone(),
        young_person: case.young_person,
        matter: matter.clone(),
        asked: Asked::default(),
        spells: vec![Spell {
            number: 1,
            opened_on: on,
            opening_note: None,
            closing: None,
        }],
        version: 1,
    };
    store::insert(ctx, &issue)?;
    let event = Event::new("issue_opened", "issue", &issue.id).with(json!({
        "case": issue.case,
        "on": on,
        "topics": matter.topics,
        "instructed": matter.basis.is_none(),
    }));
    record(ctx, &issue, event);
    Ok(issue.id)
}

/// Changes what an issue is about, or the day it was opened.
pub fn change(
    ctx: &mut Ctx<'_>,
    id: &IssueId,
    version: i32,
    matter: &Matter,
    opened_on: NaiveDate,
) -> Result<(), Failure> {
    let (issue, case) = to_change(ctx, id, version)?;
    all_of(&rules::check_matter(matter))?;
    let first = issue.spells.first().ok_or(Failure::NotFound)?;
    if opened_on != first.opened_on {
        let since = case.opened_on().ok_or(Failure::NotFound)?;
        rules::may_move_opening(&issue, since, opened_on, ctx.today)?;
        let first = Spell {
            opened_on,
            ..first.clone()
        };
        store::set_spell(ctx, id, &first)?;
    }
    let before = &issue.matter;
    let topics = |matter: &Matter| Some(matter.topics.join(", "));
    let mut changes = Changes::new();
    changes.compare("topics", topics(before), topics(matter));
    changes.compare("what_they_want", Some(&before.wish), Some(&matter.wish));
    changes.compare("basis", before.basis.as_ref(), matter.basis.as_ref());
    changes.compare("opened", Some(first.opened_on), Some(opened_on));
    let next = Issue {
        matter: matter.clone(),
        ..issue.clone()
    };
    keep(ctx, &next, &changes)
}

/// Writes down who was asked, what they answered, and how the young person's voice got there.
pub fn record_asking(
    ctx: &mut Ctx<'_>,
    id: &IssueId,
    version: i32,
    asked: &Asked,
) -> Result<(), Failure> {
    let (issue, _) = to_change(ctx, id, version)?;
    let opened = issue.opened_on().ok_or(Failure::NotFound)?;
    let closed = issue
        .open_spell()
        .is_none()
        .then(|| issue.last_closing())
        .flatten()
        .map(|closing| closing.on);
    all_of(&rules::check_asked(asked, opened, closed, ctx.today))?;
    let before = &issue.asked;
    let mut changes = Changes::new();
    for (field, before, after) in [
        ("who_is_asked", &before.name, &asked.name),
        ("their_role", &before.role, &asked.role),
        ("space", &before.space, &asked.space),
        ("voice", &before.voice, &asked.voice),
        ("audience", &before.audience_name, &asked.audience_name),
        ("influence", &before.influence, &asked.influence),
    ] {
        changes.compare(field, before.as_ref(), after.as_ref());
    }
    for (field, before, after) in [
        ("asked_on", before.asked_on, asked.asked_on),
        ("answered_on", before.answered_on, asked.answered_on),
        ("heard_on", before.audience_on, asked.audience_on),
    ] {
        changes.compare(field, before, after);
    }
    let next = Issue {
        asked: asked.clone(),
        ..issue.clone()
    };
    keep(ctx, &next, &changes)
}

fn keep(ctx: &mut Ctx<'_>, next: &Issue, changes: &Changes) -> Result<(), Failure> {
    store::update(ctx, next)?;
    changes.keep(ctx, "issue", &next.id, &next.young_person)?;
    let event =
        Event::new("issue_changed", "issue", &next.id).with(json!({ "fields": changes.fields() }));
    record(ctx, next, event);
    Ok(())
}

/// Closes an issue with its result.
pub fn close(
    ctx: &mut Ctx<'_>,
    id: &IssueId,
    version: i32,
    closing: &Closing,
) -> Result<(), Failure> {
    let (issue, _) = to_change(ctx, id, version)?;
    rules::may_close(&issue, closing, ctx.today)?;
    let Some(spell) = issue.open_spell() else {
        return Err(Refusal::Closed.into());
    };
    let spell = Spell {
        closing: Some(closing.clone()),
        ..spell.clone()
    };
    store::set_spell(ctx, id, &spell)?;
    store::update(ctx, &issue)?;
    let event = Event::new("issue_closed", "issue", id).with(json!({
        "on": closing.on,
        "result": closing.outcome,
        "how": closing.how,
    }));
    record(ctx, &issue, event);
    Ok(())
}

/// Opens a closed issue again, as a new spell: what it came to before stays on record.
pub fn reopen(
    ctx: &mut Ctx<'_>,
    id: &IssueId,
    version: i32,
    on: NaiveDate,
    note: Option<String>,
) -> Result<(), Failure> {
    let (issue, case) = to_change(ctx, id, version)?;
    rules::may_reopen(&issue, open_since(&case), on, ctx.today)?;
    let last = issue.spells.iter().map(|spell| spell.number).max();
    let spell = Spell {
        number: last.unwrap_or(0) + 1,
        opened_on: on,
        opening_note: note,
        closing: None,
    };
    store::insert_spell(ctx, id, &spell)?;
    store::update(ctx, &issue)?;
    let event = Event::new("issue_reopened", "issue", id).with(json!({ "on": on }));
    record(ctx, &issue, event);
    Ok(())
}
