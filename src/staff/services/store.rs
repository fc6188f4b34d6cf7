//! How the accounts of other programs and their tokens are kept.

use chrono::{NaiveDate, NaiveDateTime};
use diesel::prelude::*;

use super::{ServiceAccount, Token};
use crate::access::Scope;
use crate::ctx::Ctx;
use crate::db::schema::{service_accounts, service_tokens};
use crate::failure::Failure;
use crate::ids::{ServiceAccountId, ServiceTokenId};

/// Between the scopes of an account as they are kept.
const BETWEEN: &str = " ";

type AccountRow = (ServiceAccountId, String, String);

fn account((id, name, scopes): AccountRow) -> ServiceAccount {
    ServiceAccount {
        id,
        name,
        scopes: scopes.split(BETWEEN).filter_map(Scope::from_code).collect(),
    }
}

/// Every account, by name.
pub fn all(ctx: &mut Ctx<'_>) -> Result<Vec<ServiceAccount>, Failure> {
    let rows: Vec<AccountRow> = service_accounts::table
        .order(service_accounts::name)
        .select((
            service_accounts::id,
            service_accounts::name,
            service_accounts::scopes,
        ))
        .load(ctx.conn)?;
    Ok(rows.into_iter().map(account).collect())
}

pub fn find(ctx: &mut Ctx<'_>, id: &ServiceAccountId) -> Result<Option<ServiceAccount>, Failure> {
    Ok(all(ctx)?.into_iter().find(|account| account.id == *id))
}

pub(super) fn insert(ctx: &mut Ctx<'_>, account: &ServiceAccount) -> Result<(), Failure> {
    let scopes: Vec<&str> = account.scopes.iter().map(|scope| scope.code()).collect();
    diesel::insert_into(service_accounts::table)
        .values((
            service_accounts::id.eq(&account.id),
            service_accounts::name.eq(&account.name),
            service_accounts::scopes.eq(scopes.join(BETWEEN)),
            service_accounts::created_by.eq(ctx.actor.label()),
            service_accounts::created_at.eq(ctx.now),
        ))
        .execute(ctx.conn)?;
    Ok(())
}

#[derive(Queryable)]
struct TokenRow {
    id: ServiceTokenId,
    account: ServiceAccountId,
    hash: String,
    made_at: NaiveDateTime,
    expires_on: NaiveDate,
    revoked_at: Option<NaiveDateTime>,
    last_used_at: Option<NaiveDateTime>,
}

impl From<TokenRow> for Token {
    fn from(row: TokenRow) -> Self {
        Self {
            id: row.id,
            account: row.account,
            hash: row.hash,
            made_at: row.made_at,
            expires_on: row.expires_on,
            revoked_at: row.revoked_at,
            last_used_at: row.last_used_at,
        }
    }
}

type TokenColumns = (
    service_tokens::id,
    service_tokens::account_id,
    service_tokens::token_hash,
    service_tokens::made_at,
    service_tokens::expires_on,
    service_tokens::revoked_at,
    service_tokens::last_used_at,
);

const TOKEN_COLUMNS: TokenColumns = (
    service_tokens::id,
    service_tokens::account_id,
    service_tokens::token_hash,
    service_tokens::made_at,
    service_tokens::expires_on,
    service_tokens::revoked_at,
    service_tokens::last_used_at,
);

/// The tokens of every account, the newest first.
pub fn tokens(ctx: &mut Ctx<'_>) -> Result<Vec<Token>, Failure> {
    let rows: Vec<TokenRow> = service_tokens::table
        .order((service_tokens::made_at.desc(), service_tokens::id))
        .select(TOKEN_COLUMNS)
        .load(ctx.conn)?;
    Ok(rows.into_iter().map(Token::from).collect())
}

pub fn token(ctx: &mut Ctx<'_>, id: &ServiceTokenId) -> Result<Option<Token>, Failure> {
    let row: Option<TokenRow> = service_tokens::table
        .filter(service_tokens::id.eq(id))
        .select(TOKEN_COLUMNS)
        .first(ctx.conn)
        .optional()?;
    Ok(row.map(Token::from))
}

pub(super) fn insert_token(
    ctx: &mut Ctx<'_>,
    account: &ServiceAccountId,
    id: &ServiceTokenId,
    hash: &str,
    expires_on: NaiveDate,
) -> Result<(), Failure> {
    diesel::insert_into(service_tokens::table)
        .values((
            service_tokens::id.eq(id),
            service_tokens::account_id.eq(account),
            service_tokens::token_hash.eq(hash),
            service_tokens::made_by.eq(ctx.actor.label()),
            service_tokens::made_at.eq(ctx.now),
            service_tokens::expires_on.eq(expires_on),
        ))
        .execute(ctx.conn)?;
    Ok(())
}

/// Answers whether it was still to be revoked.
pub(super) fn revoke(ctx: &mut Ctx<'_>, id: &ServiceTokenId) -> Result<bool, Failure> {
    let changed = diesel::update(
        service_tokens::table
            .filter(service_tokens::id.eq(id))
            .filter(service_tokens::revoked_at.is_null()),
    )
    .set((
        service_tokens::revoked_by.eq(ctx.actor.label()),
        service_tokens::revoked_at.eq(ctx.now),
    ))
    .execute(ctx.conn)?;
    Ok(changed == 1)
}

pub(super) fn touch(ctx: &mut Ctx<'_>, id: &ServiceTokenId) -> Result<(), Failure> {
    diesel::update(service_tokens::table.filter(service_tokens::id.eq(id)))
        .set(service_tokens::last_used_at.eq(ctx.now))
        .execute(ctx.conn)?;
    Ok(())
}
