//! Whom a row that waits is about: the rows, those on record who may be meant, and the decision.
//! The import went on without them; what is decided is finished by the same taking of a row.

use chrono::NaiveDate;
use serde_json::json;

use super::actions::{settle, taker, with_notified_on};
use super::reading::RawRow;
use super::store::{self, KeptRow};
use super::{IdentityDecision, Kind, RowResult, conferences, history, placements, undo};
use crate::access::{Decision, Permission, Relationship, decide};
use crate::audit::Event;
use crate::ctx::Ctx;
use crate::db::{AdvisoryLock, one_at_a_time};
use crate::failure::{Failure, FieldError};
use crate::ids::{ImportRowId, YoungPersonId};
use crate::settings;
use crate::young_people::matching::actions::alike_by_reference;
use crate::young_people::matching::rules::check_later;
use crate::young_people::matching::{Alike, Facts};
use crate::young_people::{self, Described, SourceRef};

/// A row that waits, with those on record who may be meant, the likeliest first.
pub struct Waiting {
    pub row: KeptRow,
    pub described: Described,
    pub facts: Facts,
    pub alike: Vec<Alike>,
}

/// What somebody says of a row that waits.
#[derive(Debug, Clone)]
pub enum Answer {
    /// It is about this person.
    Same(YoungPersonId),
    /// It is about somebody who is not on record yet.
    Different,
    /// It cannot be said yet: ask again on this day.
    Later { until: NaiveDate, note: String },
}

/// How many rows wait that are not set aside to a later day.
pub fn due(ctx: &mut Ctx<'_>) -> Result<i64, Failure> {
    let today = ctx.today;
    let rows = store::waiting(ctx)?
        .into_iter()
        .filter(|row| row.later_on.is_none_or(|on| on <= today));
    Ok(i64::try_from(rows.count()).unwrap_or(i64::MAX))
}

fn may_settle(ctx: &Ctx<'_>) -> Result<(), Failure> {
    match decide(ctx.actor, Permission::SeeImports, Relationship::General) {
        Decision::Allowed => Ok(()),
        Decision::Denied => Err(Failure::NotFound),
    }
}

/// A row that waits, to be looked at. None if it waits no more.
pub fn open(
    ctx: &mut Ctx<'_>,
    settings: &settings::Import,
    id: &ImportRowId,
) -> Result<Option<Waiting>, Failure> {
    may_settle(ctx)?;
    let found = store::waiting(ctx)?.into_iter().find(|row| row.id == *id);
    found.map(|row| with_alike(ctx, settings, row)).transpose()
}

/// A row with those who may be meant.
pub fn with_alike(
    ctx: &mut Ctx<'_>,
    settings: &settings::Import,
    row: KeptRow,
) -> Result<Waiting, Failure> {
    let unreadable = || Failure::refused("This row can no longer be read: send its file again.");
    let (described, facts) = match row.kind {
        Kind::Conferences => {
            let read = conferences::read(&row.raw, ctx.today).map_err(|_| unreadable())?;
            let facts = conferences::Taker::new(ctx, settings)?.facts(ctx, &read)?;
            (read.described, facts)
        }
        Kind::History => {
            let described = history::described(&row.raw).ok_or_else(unreadable)?;
            let facts = Facts::from(&described);
            (described, facts)
        }
        Kind::Placements => {
            let described = placements::described(&row.raw).ok_or_else(unreadable)?;
            let facts = Facts::from(&described);
            (described, facts)
        }
        // A row of it names nobody, and never waits.
        Kind::LegalStatus => return Err(unreadable()),
    };
    let (alike, _) = alike_by_reference(ctx, &facts, &settings.child_source)?;
    Ok(Waiting {
        row,
        described,
        facts,
        alike,
    })
}

/// Settles whom a row that waits is about, and puts it on record with every other row that waits
/// for the same child; or sets them aside.
pub fn settle_identity(
    ctx: &mut Ctx<'_>,
    settings: &settings::Import,
    id: &ImportRowId,
    answer: &Answer,
) -> Result<(), Failure> {
    may_settle(ctx)?;
    one_at_a_time(ctx, AdvisoryLock::Import)?;
    let waiting = open(ctx, settings, id)?.ok_or(Failure::ChangedMeanwhile)?;
    let child_ref = waiting
        .row
        .raw
        .get("child_ref")
        .cloned()
        .unwrap_or_default();
    let mut same_child = store::waiting(ctx)?;
    same_child.retain(|row| row.raw.get("child_ref") == Some(&child_ref));
    let source = SourceRef {
        source: settings.child_source.clone(),
        reference: child_ref,
    };
    // What is decided belongs to the import of the row, and so does what the row then does.
    undo::store::under_way(ctx, Some(&waiting.row.batch))?;
    let decision = match answer {
        Answer::Same(likely) => {
            if !waiting.alike.iter().any(|it| it.person.id == *likely) {
                return Err(Failure::ChangedMeanwhile);
            }
            young_people::store::hold(ctx, likely)?;
            young_people::actions::link(ctx, likely, &source)?;
            IdentityDecision::Same
        }
        Answer::Different => {
            young_people::actions::add(ctx, &waiting.described, Some(&source))?;
            IdentityDecision::Different
        }
        Answer::Later { until, note } => {
            check_later(*until, ctx.today)
                .map_err(|reason| Failure::Invalid(vec![FieldError::new("later_on", reason)]))?;
            let ids: Vec<ImportRowId> = same_child.iter().map(|row| row.id.clone()).collect();
            undo::store::nothing_under_way(ctx)?;
            store::set_later(ctx, &ids, *until, note)?;
            ctx.record(
                Event::new("import_row_set_aside", "import_row", id)
                    .with(json!({ "until": until })),
            );
            return Ok(());
        }
    };
    for row in &same_child {
        undo::store::under_way(ctx, Some(&row.batch))?;
        take_waiting(ctx, settings, row)?;
        if !store::set_decided(ctx, &row.id, decision)? {
            return Err(Failure::ChangedMeanwhile);
        }
        ctx.record(
            Event::new("import_row_decided", "import_row", &row.id)
                .with(json!({ "decision": decision })),
        );
    }
    undo::store::nothing_under_way(ctx)
}

fn take_waiting(
    ctx: &mut Ctx<'_>,
    settings: &settings::Import,
    row: &KeptRow,
) -> Result<(), Failure> {
    // The day the row came in is the day its referral counts as received, not the day of the
    // decision.
    let raw = RawRow {
        number: u32::try_from(row.number).unwrap_or_default(),
        line: 0,
        values: with_notified_on(row, ctx.today),
        fault: None,
    };
    let mut taker = taker(ctx, row.kind, settings)?;
    let settled = settle(taker.take(ctx, &row.file, &raw))?;
    taker.keep_held(ctx, &row.batch)?;
    match settled.result {
        RowResult::Rejected => Err(Failure::refused(
            settled
                .problems
                .into_iter()
                .map(|(column, reason)| format!("{column} {reason}"))
                .collect::<Vec<_>>()
                .join("; "),
        )),
        RowResult::Review => Err(Failure::ChangedMeanwhile),
        RowResult::Created | RowResult::Updated | RowResult::Unchanged => Ok(()),
    }
}
