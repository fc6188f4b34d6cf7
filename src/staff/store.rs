//! How staff and their signings-in are kept.

use chrono::NaiveDateTime;
use diesel::prelude::*;

use super::User;
use crate::access::Role;
use crate::ctx::Ctx;
use crate::db::schema::{sessions, users};
use crate::failure::Failure;
use crate::ids::{SessionId, UserId};

#[derive(Queryable)]
struct Row {
    id: UserId,
    email: Option<String>,
    name: String,
    role: Role,
    password_hash: Option<String>,
    change_password: bool,
    disabled_at: Option<NaiveDateTime>,
}

const COLUMNS: (
    users::id,
    users::email,
    users::name,
    users::role,
    users::password_hash,
    users::change_password,
    users::disabled_at,
) = (
    users::id,
    users::email,
    users::name,
    users::role,
    users::password_hash,
    users::change_password,
    users::disabled_at,
);

impl From<Row> for User {
    fn from(row: Row) -> Self {
        Self {
            id: row.id,
            email: row.email,
            name: row.name,
            role: row.role,
            can_sign_in: row.password_hash.is_some() && row.disabled_at.is_none(),
            change_password: row.change_password,
            disabled: row.disabled_at.is_some(),
        }
    }
}

pub fn all(ctx: &mut Ctx<'_>) -> Result<Vec<User>, Failure> {
    let rows: Vec<Row> = users::table
        .order((users::name, users::id))
        .select(COLUMNS)
        .load(ctx.conn)?;
    Ok(rows.into_iter().map(User::from).collect())
}

pub fn find(ctx: &mut Ctx<'_>, id: &UserId) -> Result<Option<User>, Failure> {
    let row: Option<Row> = users::table
        .filter(users::id.eq(id))
        .select(COLUMNS)
        .first(ctx.conn)
        .optional()?;
    Ok(row.map(User::from))
}

pub fn by_email(ctx: &mut Ctx<'_>, email: &str) -> Result<Option<User>, Failure> {
    let row: Option<Row> = users::table
        .filter(users::email.eq(email))
        .select(COLUMNS)
        .first(ctx.conn)
        .optional()?;
    Ok(row.map(User::from))
}

pub fn count(ctx: &mut Ctx<'_>) -> Result<i64, Failure> {
    Ok(users::table.count().get_result(ctx.conn)?)
}

/// What is kept of somebody's password.
pub fn password_hash(ctx: &mut Ctx<'_>, id: &UserId) -> Result<Option<String>, Failure> {
    Ok(users::table
        .filter(users::id.eq(id))
        .select(users::password_hash)
        .first(ctx.conn)?)
}

#[derive(Insertable)]
#[diesel(table_name = users)]
pub(super) struct NewRow<'a> {
    pub id: &'a UserId,
    pub email: Option<&'a str>,
    pub name: &'a str,
    pub role: Role,
    pub password_hash: Option<&'a str>,
    pub change_password: bool,
    pub created_at: NaiveDateTime,
    pub version: i32,
}

pub(super) fn insert(ctx: &mut Ctx<'_>, row: &NewRow<'_>) -> Result<(), Failure> {
    diesel::insert_into(users::table)
        .values(row)
        .execute(ctx.conn)?;
    Ok(())
}

pub(super) fn set_password(
    ctx: &mut Ctx<'_>,
    id: &UserId,
    hash: &str,
    change_password: bool,
) -> Result<(), Failure> {
    diesel::update(users::table.filter(users::id.eq(id)))
        .set((
            users::password_hash.eq(hash),
            users::change_password.eq(change_password),
            users::version.eq(users::version + 1),
        ))
        .execute(ctx.conn)?;
    Ok(())
}

pub(super) fn set_disabled(ctx: &mut Ctx<'_>, id: &UserId, disabled: bool) -> Result<(), Failure> {
    diesel::update(users::table.filter(users::id.eq(id)))
        .set((
            users::disabled_at.eq(disabled.then_some(ctx.now)),
            users::version.eq(users::version + 1),
        ))
        .execute(ctx.conn)?;
    Ok(())
}

/// One signing-in as it is kept.
#[derive(Debug, Clone, Queryable)]
pub(super) struct SessionRow {
    pub id: SessionId,
    pub user_id: UserId,
    pub created_at: NaiveDateTime,
    pub last_seen_at: NaiveDateTime,
    pub ended_at: Option<NaiveDateTime>,
}

pub(super) fn session(ctx: &mut Ctx<'_>, id: &SessionId) -> Result<Option<SessionRow>, Failure> {
    Ok(sessions::table
        .filter(sessions::id.eq(id))
        .select((
            sessions::id,
            sessions::user_id,
            sessions::created_at,
            sessions::last_seen_at,
            sessions::ended_at,
        ))
        .first(ctx.conn)
        .optional()?)
}

pub(super) fn sessions_since(
    ctx: &mut Ctx<'_>,
    user: &UserId,
    since: NaiveDateTime,
) -> Result<Vec<SessionId>, Failure> {
    Ok(sessions::table
        .filter(sessions::user_id.eq(user))
        .filter(sessions::last_seen_at.ge(since))
        .order(sessions::created_at.desc())
        .limit(100)
        .select(sessions::id)
        .load(ctx.conn)?)
}

pub(super) fn insert_session(
    ctx: &mut Ctx<'_>,
    id: &SessionId,
    user: &UserId,
) -> Result<(), Failure> {
    diesel::insert_into(sessions::table)
        .values((
            sessions::id.eq(id),
            sessions::user_id.eq(user),
            sessions::created_at.eq(ctx.now),
            sessions::last_seen_at.eq(ctx.now),
        ))
        .execute(ctx.conn)?;
    Ok(())
}

pub(super) fn touch_session(ctx: &mut Ctx<'_>, id: &SessionId) -> Result<(), Failure> {
    diesel::update(sessions::table.filter(sessions::id.eq(id)))
        .set(sessions::last_seen_at.eq(ctx.now))
        .execute(ctx.conn)?;
    Ok(())
}

pub(super) fn end_session(ctx: &mut Ctx<'_>, id: &SessionId) -> Result<(), Failure> {
    diesel::update(sessions::table.filter(sessions::id.eq(id)))
        .set(sessions::ended_at.eq(ctx.now))
        .execute(ctx.conn)?;
    Ok(())
}

/// Ends every signing-in of one person, but for the one given.
pub(super) fn end_sessions(
    ctx: &mut Ctx<'_>,
    user: &UserId,
    but: Option<&SessionId>,
) -> Result<(), Failure> {
    let but = but.map_or("", SessionId::as_str).to_owned();
    diesel::update(
        sessions::table
            .filter(sessions::user_id.eq(user))
            .filter(sessions::id.ne(but))
            .filter(sessions::ended_at.is_null()),
    )
    .set(sessions::ended_at.eq(ctx.now))
    .execute(ctx.conn)?;
    Ok(())
}
