//! What is done about outcomes: noting one along the way, several at closing, mending one, taking
//! a mistake off the record.

use chrono::NaiveDate;
use serde_json::json;

use super::rules::{self, Refusal};
use super::{Noted, Outcome, SaidBy, store};
use crate::access::Permission;
use crate::audit::Event;
use crate::cases::{Case, actions as cases};
use crate::ctx::Ctx;
use crate::failure::{Failure, FieldError};
use crate::history::Changes;
use crate::ids::{CaseId, OutcomeId};
use crate::lists;
use crate::young_people;

/// What the history calls an outcome.
pub const HISTORY: &str = "outcome";

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        match refusal.field() {
            Some(field) => Self::Invalid(vec![FieldError::new(field, refusal.to_string())]),
            None => Self::Refused(refusal.to_string()),
        }
    }
}

/// The tags that can be chosen today, and the one that is kept already.
pub fn options(ctx: &mut Ctx<'_>, kept: Option<&str>) -> Result<Vec<(String, String)>, Failure> {
    let today = ctx.today;
    Ok(lists::store::entries(ctx, lists::OUTCOMES)?
        .into_iter()
        .filter(|entry| entry.offered_on(today) || kept == Some(entry.code.as_str()))
        .map(|entry| (entry.code, entry.label))
        .collect())
}

fn check(ctx: &mut Ctx<'_>, case: &Case, noted: &Noted, kept: Option<&str>) -> Result<(), Failure> {
    if options(ctx, kept)?.iter().all(|(tag, _)| *tag != noted.tag) {
        return Err(Refusal::NotOnTheList.into());
    }
    rules::check_day(case, noted.seen_on, ctx.today)?;
    Ok(())
}

/// Notes an outcome.
pub fn note(ctx: &mut Ctx<'_>, case: &CaseId, noted: &Noted) -> Result<OutcomeId, Failure> {
    let (case, _) = cases::open(ctx, case, Permission::WorkRecord)?;
    young_people::store::hold(ctx, &case.young_person)?;
    check(ctx, &case, noted, None)?;
    let id = OutcomeId::random();
    store::insert(ctx, &id, &case.id, &case.young_person, noted)?;
    ctx.record(
        Event::new("outcome_noted", "outcome", &id)
            .about(&case.young_person)
            .with(json!({ "case": case.id, "tag": noted.tag, "on": noted.seen_on, "said_by": noted.said_by })),
    );
    Ok(id)
}

/// Notes what was reached when a case closes: the same day and voice for all of them.
pub fn note_at_closing(
    ctx: &mut Ctx<'_>,
    case: &CaseId,
    tags: &[String],
    on: NaiveDate,
    said_by: SaidBy,
) -> Result<(), Failure> {
    for tag in tags {
        let noted = Noted {
            tag: tag.clone(),
            seen_on: on,
            said_by,
            note: None,
        };
        note(ctx, case, &noted)?;
    }
    Ok(())
}

/// An outcome of a case that whoever acts may know.
pub fn open(
    ctx: &mut Ctx<'_>,
    id: &OutcomeId,
    permission: Permission,
) -> Result<(Outcome, Case), Failure> {
    let outcome = store::find(ctx, id)?.ok_or(Failure::NotFound)?;
    let (case, _) = cases::open(ctx, &outcome.case, permission)?;
    Ok((outcome, case))
}

fn to_change(ctx: &mut Ctx<'_>, id: &OutcomeId, version: i32) -> Result<(Outcome, Case), Failure> {
    let (_, case) = open(ctx, id, Permission::WorkRecord)?;
    young_people::store::hold(ctx, &case.young_person)?;
    let outcome = store::find(ctx, id)?.ok_or(Failure::NotFound)?;
    if outcome.version != version {
        return Err(Failure::ChangedMeanwhile);
    }
    if outcome.removed_on.is_some() {
        return Err(Refusal::RemovedAlready.into());
    }
    Ok((outcome, case))
}

/// Mends an outcome. What it said is kept.
pub fn mend(ctx: &mut Ctx<'_>, id: &OutcomeId, version: i32, noted: &Noted) -> Result<(), Failure> {
    let (before, case) = to_change(ctx, id, version)?;
    check(ctx, &case, noted, Some(&before.noted.tag))?;
    let next = Outcome {
        noted: noted.clone(),
        ..before.clone()
    };
    keep(ctx, &before, &next, "outcome_changed")
}

/// Takes an outcome off the record that should never have been on it.
pub fn remove(ctx: &mut Ctx<'_>, id: &OutcomeId, version: i32) -> Result<(), Failure> {
    let (before, _) = to_change(ctx, id, version)?;
    let next = Outcome {
        removed_on: Some(ctx.today),
        ..before.clone()
    };
    keep(ctx, &before, &next, "outcome_removed")
}

fn keep(
    ctx: &mut Ctx<'_>,
    before: &Outcome,
    next: &Outcome,
    action: &'static str,
) -> Result<(), Failure> {
    let tags = lists::store::entries(ctx, lists::OUTCOMES)?;
    let (was, is) = (&before.noted, &next.noted);
    let label = |code: &str| Some(lists::label(&tags, code));
    let mut changes = Changes::new();
    changes.compare("outcome", label(&was.tag), label(&is.tag));
    changes.compare("day", Some(was.seen_on), Some(is.seen_on));
    changes.compare(
        "who_says_so",
        Some(was.said_by.words()),
        Some(is.said_by.words()),
    );
    changes.compare("note", was.note.as_deref(), is.note.as_deref());
    changes.compare("taken_off_the_record", before.removed_on, next.removed_on);
    if changes.is_empty() {
        return Ok(());
    }
    store::update(ctx, next)?;
    changes.keep(ctx, HISTORY, &next.id, &next.young_person)?;
    ctx.record(
        Event::new(action, "outcome", &next.id)
            .about(&next.young_person)
            .with(json!({ "case": next.case, "fields": changes.fields() })),
    );
    Ok(())
}
