//! How the access record is kept.

use chrono::NaiveDateTime;
use diesel::connection::SimpleConnection;
use diesel::dsl::case_when;
use diesel::prelude::*;

use super::{Event, Seal};
use crate::ctx::Ctx;
use crate::db::Link;
use crate::db::schema::{audit_events, audit_head, service_accounts, users};
use crate::each_db;
use crate::failure::{Failure, Fault};
use crate::ids::YoungPersonId;

#[derive(Debug, Clone, Queryable, Insertable)]
#[diesel(table_name = audit_events)]
pub(super) struct Row {
    pub seq: i64,
    pub happened_at: NaiveDateTime,
    pub actor: String,
    pub actor_role: String,
    pub action: String,
    pub subject_kind: String,
    pub subject_id: String,
    pub young_person_id: Option<String>,
    pub details: String,
    pub previous_hash: String,
    pub hash: String,
}

impl Row {
    pub(super) fn hash_by(&self, seal: &Seal) -> String {
        seal.line(&[
            &self.previous_hash,
            &self.seq.to_string(),
            &self.happened_at.and_utc().timestamp_micros().to_string(),
            &self.actor,
            &self.actor_role,
            &self.action,
            &self.subject_kind,
            &self.subject_id,
            // Nobody and an empty id are two things.
            &self
                .young_person_id
                .as_ref()
                .map_or_else(|| "-".to_owned(), |id| format!("+{id}")),
            &self.details,
        ])
    }
}

#[derive(Queryable)]
pub(super) struct Head {
    pub seq: i64,
    pub hash: String,
    pub seal: String,
}

pub(super) fn head(conn: &mut Link) -> Result<Head, Failure> {
    Ok(audit_head::table
        .select((audit_head::seq, audit_head::hash, audit_head::seal))
        .first(conn)?)
}

pub(super) fn rows_after(conn: &mut Link, seq: i64, limit: i64) -> Result<Vec<Row>, Failure> {
    Ok(audit_events::table
        .filter(audit_events::seq.gt(seq))
        .order(audit_events::seq)
        .limit(limit)
        .load(conn)?)
}

/// The last line, held for this transaction, so that two instances never continue the same one.
fn lock_head(conn: &mut Link) -> Result<Head, Failure> {
    let columns = (audit_head::seq, audit_head::hash, audit_head::seal);
    Ok(match conn {
        Link::Postgres(c) => audit_head::table.select(columns).for_update().first(c)?,
        Link::Sqlite(c) => audit_head::table.select(columns).first(c)?,
    })
}

/// Writes the events at the end of the chain, in the open transaction.
pub fn append(ctx: &mut Ctx<'_>, seal: &Seal, events: Vec<Event>) -> Result<(), Failure> {
    if events.is_empty() {
        return Ok(());
    }
    let Head {
        mut seq, mut hash, ..
    } = lock_head(ctx.conn)?;
    let mut rows = Vec::with_capacity(events.len());
    for event in events {
        seq += 1;
        let mut row = Row {
            seq,
            happened_at: ctx.now,
            actor: ctx.actor.label().to_owned(),
            actor_role: ctx.actor.role_code().to_owned(),
            action: event.action.to_owned(),
            subject_kind: event.subject_kind.to_owned(),
            subject_id: event.subject_id,
            young_person_id: event.young_person.map(|id| id.to_string()),
            details: event.details.to_string(),
            previous_hash: hash,
            hash: String::new(),
        };
        row.hash = row.hash_by(seal);
        hash = row.hash.clone();
        rows.push(row);
    }
    for chunk in rows.chunks(500) {
        each_db!(ctx.conn, c => diesel::insert_into(audit_events::table).values(chunk).execute(c)?);
    }
    diesel::update(audit_head::table)
        .set((
            audit_head::seq.eq(seq),
            audit_head::hash.eq(&hash),
            audit_head::seal.eq(seal.head(seq, &hash)),
        ))
        .execute(ctx.conn)?;
    Ok(())
}

/// One line for a reader: when, who, what.
#[derive(Debug, Clone, Queryable)]
pub struct Line {
    pub seq: i64,
    pub happened_at: NaiveDateTime,
    pub actor: String,
    pub actor_role: String,
    pub action: String,
    pub subject_kind: String,
    pub subject_id: String,
    pub details: String,
    pub actor_name: Option<String>,
}

/// The newest lines before one: all of them for the auditor, or those about one young person.
pub fn lines(
    ctx: &mut Ctx<'_>,
    about: Option<&YoungPersonId>,
    before: i64,
    limit: i64,
) -> Result<Vec<Line>, Failure> {
    newest(ctx, about.map(std::slice::from_ref), before, limit)
}

/// The newest lines about one young person, whose records these are.
pub fn lines_about(
    ctx: &mut Ctx<'_>,
    records: &[YoungPersonId],
    limit: i64,
) -> Result<Vec<Line>, Failure> {
    newest(ctx, Some(records), i64::MAX, limit)
}

fn newest(
    ctx: &mut Ctx<'_>,
    about: Option<&[YoungPersonId]>,
    before: i64,
    limit: i64,
) -> Result<Vec<Line>, Failure> {
    let mut query = audit_events::table
        .left_join(users::table.on(users::id.eq(audit_events::actor)))
        .left_join(service_accounts::table.on(service_accounts::id.eq(audit_events::actor)))
        .filter(audit_events::seq.lt(before))
        .order(audit_events::seq.desc())
        .limit(limit)
        .select((
            audit_events::seq,
            audit_events::happened_at,
            audit_events::actor,
            audit_events::actor_role,
            audit_events::action,
            audit_events::subject_kind,
            audit_events::subject_id,
            audit_events::details,
            case_when(users::name.nullable().is_not_null(), users::name.nullable())
                .otherwise(service_accounts::name.nullable()),
        ))
        .into_boxed();
    if let Some(records) = about {
        let ids = records.iter().map(|id| id.as_str().to_owned());
        query = query.filter(audit_events::young_person_id.eq_any(ids.collect::<Vec<_>>()));
    }
    Ok(query.load(ctx.conn)?)
}

/// Seals every line anew, for a copy whose key is lost: the lines stay what they are, but nobody
/// can tell any more whether they were changed before. That this was done is the next line.
pub fn reseal(ctx: &mut Ctx<'_>, seal: &Seal) -> Result<i64, Failure> {
    const TRIGGER: &str = "audit_events_are_not_changed";
    let guarded = trigger(ctx.conn, TRIGGER)?;
    ctx.conn.batch_execute(&format!("DROP TRIGGER {TRIGGER}"))?;
    let head_before = head(ctx.conn)?.hash;
    let (mut seq, mut hash) = (0, String::new());
    loop {
        let rows = rows_after(ctx.conn, seq, 2_000)?;
        if rows.is_empty() {
            break;
        }
        for mut row in rows {
            row.previous_hash = hash;
            row.hash = row.hash_by(seal);
            diesel::update(audit_events::table.filter(audit_events::seq.eq(row.seq)))
                .set((
                    audit_events::previous_hash.eq(&row.previous_hash),
                    audit_events::hash.eq(&row.hash),
                ))
                .execute(ctx.conn)?;
            (seq, hash) = (row.seq, row.hash);
        }
    }
    diesel::update(audit_head::table)
        .set((
            audit_head::seq.eq(seq),
            audit_head::hash.eq(&hash),
            audit_head::seal.eq(seal.head(seq, &hash)),
        ))
        .execute(ctx.conn)?;
    let event = Event::new("resealed_without_key", "audit_event", seq)
        .with(serde_json::json!({ "lines": seq, "last_hash_before": head_before }));
    ctx.conn.batch_execute(&guarded)?;
    ctx.record(event);
    Ok(seq)
}

#[derive(QueryableByName)]
struct Written {
    #[diesel(sql_type = diesel::sql_types::Text)]
    sql: String,
}

/// How a trigger of a SQLite file was written, to put it back as it was.
fn trigger(conn: &mut Link, name: &str) -> Result<String, Failure> {
    let query = diesel::sql_query(format!(
        "SELECT sql FROM sqlite_schema WHERE type = 'trigger' AND name = '{name}'"
    ));
    let found: Vec<Written> = each_db!(conn, c => query.load(c)?);
    found
        .into_iter()
        .next()
        .map(|trigger| trigger.sql)
        .ok_or_else(|| Fault::new("the access record of this copy is not guarded").into())
}
