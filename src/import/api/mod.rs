//! The interface for other programs: files come in by HTTP, once each, and a program reads what
//! became of its own.
//!
//! A request with an `Idempotency-Key` does its work once: what was answered is kept in the very
//! transaction that does the work, so that the same request sent again, to whichever instance of
//! the program, gets the same answer.

pub mod document;
pub mod pages;
mod store;

use std::collections::HashSet;
use std::sync::{Arc, Mutex, PoisonError};

use chrono::{Duration, NaiveDateTime};
use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;

use super::actions::{Names, Run};
use super::reading::{SentRow, Table, read_records};
use super::{Kind, Problem, Report, RowLine, intake};
use crate::access::{Actor, Decision, Permission, Relationship, decide};
use crate::ctx::Ctx;
use crate::db::{AdvisoryLock, Db, one_at_a_time};
use crate::failure::{Failure, Fault};
use crate::ids::BatchId;
use crate::settings;

/// What the file of a request is called among the imports.
const FILE_NAME: &str = "sent by a program";

/// What a program needs to send a file of this kind.
#[must_use]
pub fn permission(kind: Kind) -> Option<Permission> {
    match kind {
        Kind::Conferences => Some(Permission::SendConferences),
        Kind::Placements => Some(Permission::SendPlacements),
        Kind::LegalStatus => Some(Permission::SendLegalStatus),
        Kind::History => None,
    }
}

/// The keys under which this instance is at work now.
#[derive(Clone, Default)]
pub struct InFlight(Arc<Mutex<HashSet<(String, String)>>>);

/// As long as it lives, nobody else works under its key.
pub struct UnderWay {
    all: InFlight,
    key: (String, String),
}

impl InFlight {
    fn begin(&self, account: &str, key: &str) -> Option<UnderWay> {
        let key = (account.to_owned(), key.to_owned());
        let mut keys = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        keys.insert(key.clone()).then(|| UnderWay {
            all: self.clone(),
            key,
        })
    }
}

impl Drop for UnderWay {
    fn drop(&mut self) {
        let mut keys = self.all.0.lock().unwrap_or_else(PoisonError::into_inner);
        keys.remove(&self.key);
    }
}

/// A request that could be read.
pub struct Sent {
    pub kind: Kind,
    pub table: Table,
    pub run: Run,
    pub once: Option<Once>,
}

/// The key of a request, and what tells it from another request under the same key.
pub struct Once {
    pub key: String,
    pub request: String,
}

/// What is answered.
pub enum Answered {
    /// The work was done now; `batch` is none for a dry run.
    Done {
        batch: Option<BatchId>,
        answer: String,
    },
    /// It had been done before: this was answered then.
    Before { batch: BatchId, answer: String },
    /// The same request is at work in this moment.
    UnderWay,
    /// The key belongs to another request.
    OtherRequest,
}

/// Takes in what a program sent.
pub fn send(
    db: &Db,
    actor: &Actor,
    settings: &settings::Import,
    under_way: &InFlight,
    sent: &Sent,
) -> Result<Answered, Failure> {
    // A rehearsal keeps nothing, its answer neither.
    let once = sent.once.as_ref().filter(|_| sent.run == Run::Keep);
    let _under_way = match once.map(|once| under_way.begin(actor.label(), &once.key)) {
        Some(None) => return Ok(Answered::UnderWay),
        Some(begun) => begun,
        None => None,
    };
    let work = |ctx: &mut Ctx<'_>| {
        let allowed = permission(sent.kind).map(|it| decide(ctx.actor, it, Relationship::General));
        if allowed != Some(Decision::Allowed) {
            return Err(Failure::NotFound);
        }
        if let Some(once) = once {
            if !store::hold(ctx, &once.key)? {
                return Ok(Answered::UnderWay);
            }
            if let Some(kept) = store::answered(ctx, &once.key)? {
                return Ok(match kept.request == once.request {
                    true => Answered::Before {
                        batch: kept.batch,
                        answer: kept.answer,
                    },
                    false => Answered::OtherRequest,
                });
            }
        }
        one_at_a_time(ctx, AdvisoryLock::Import)?;
        let report = intake::take(
            ctx,
            sent.kind,
            settings,
            FILE_NAME,
            sent.table.clone(),
            sent.run,
            &|_, _| {},
        )?;
        let answer = to_text(&report)?;
        if let (Some(once), Some(batch)) = (once, &report.batch) {
            store::keep(ctx, once, batch, &answer)?;
        }
        Ok(Answered::Done {
            batch: report.batch,
            answer,
        })
    };
    match sent.run {
        Run::Keep => db.write(actor, work),
        Run::Rehearse => db.rehearse(actor, work),
    }
}

fn to_text(report: &Report) -> Result<String, Failure> {
    serde_json::to_string(report)
        .map_err(|cause| Fault::because("a report cannot be written", &cause).into())
}

/// Forgets what was answered long ago.
pub fn sweep(db: &Db, days: u32) -> Result<(), Failure> {
    db.write(&Actor::System("sweep"), |ctx| {
        store::forget(ctx, ctx.now - Duration::days(days.into()))
    })
}

/// What became of one's own file.
#[derive(Debug, Serialize, ToSchema)]
pub struct Receipt {
    #[schema(value_type = String)]
    pub batch: BatchId,
    /// What kind of file it was: `conferences`, for one.
    #[schema(value_type = String)]
    pub kind: Kind,
    /// In UTC.
    #[schema(value_type = String)]
    pub imported_at: NaiveDateTime,
    pub rows: i32,
    pub created: i32,
    pub updated: i32,
    pub unchanged: i32,
    pub rejected: i32,
    pub review: i32,
    pub referrals: i32,
    pub below_threshold: i32,
    /// As in the answer to a placement list.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub no_longer_listed: Option<i32>,
    /// In UTC, where somebody undid the import: what it made is gone, and what it changed is as it
    /// was. The same file sent again, under another key, comes in anew.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub undone_at: Option<NaiveDateTime>,
    pub problems: Vec<Problem>,
    /// Row by row.
    pub results: Vec<RowLine>,
}

/// The receipt of a file that whoever asks sent. There is none for anybody else's.
pub fn receipt(ctx: &mut Ctx<'_>, batch: &BatchId) -> Result<Receipt, Failure> {
    let allowed = decide(
        ctx.actor,
        Permission::ReadOwnReceipts,
        Relationship::General,
    );
    if allowed == Decision::Denied {
        return Err(Failure::NotFound);
    }
    store::receipt(ctx, batch)?.ok_or(Failure::NotFound)
}

/// Rows from a JSON array, or the sentence that says why it is none.
pub fn rows_from_json(
    kind: Kind,
    settings: &settings::Import,
    body: &[u8],
) -> Result<Table, String> {
    let sent: Vec<Map<String, Value>> = serde_json::from_slice(body)
        .map_err(|cause| format!("This is not a JSON array of objects, one a row: {cause}."))?;
    if sent.is_empty() {
        return Err("There is no row in this.".to_owned());
    }
    let columns = intake::columns(kind, settings, &Names::new());
    let ours = |name: &str| intake::known(kind).iter().any(|known| known.name == name);
    let mut records = Vec::with_capacity(sent.len());
    for (number, row) in (1..).zip(sent) {
        let mut record: SentRow = Vec::with_capacity(row.len());
        for (name, value) in row {
            let text = match value {
                Value::String(text) => text,
                Value::Null => String::new(),
                // What is not ours is not looked at.
                _ if !ours(&name) => String::new(),
                Value::Number(_) | Value::Bool(_) | Value::Array(_) | Value::Object(_) => {
                    return Err(format!("Row {number}: {name} must be text or null."));
                }
            };
            record.push((name, text));
        }
        records.push(record);
    }
    read_records(&records, &columns).map_err(|unreadable| unreadable.to_string())
}
