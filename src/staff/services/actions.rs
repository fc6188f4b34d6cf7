//! What is done about other programs: an account is added, a token is given and taken back, and a
//! program comes in by its token.

use chrono::{Duration, NaiveDate};
use serde_json::json;
use sha2::{Digest, Sha256};

use super::rules::{self, Refusal, State};
use super::{ServiceAccount, Token, store};
use crate::access::{Actor, Decision, Permission, Relationship, Scope, decide};
use crate::audit::Event;
use crate::ctx::Ctx;
use crate::failure::{Failure, FieldError};
use crate::ids::{ServiceAccountId, ServiceTokenId};

/// The last use of a token is noted to this much.
const TOUCH_EVERY: Duration = Duration::minutes(1);

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        Self::Invalid(vec![FieldError::new(refusal.field(), refusal.to_string())])
    }
}

fn may_keep(ctx: &Ctx<'_>) -> Result<(), Failure> {
    match decide(
        ctx.actor,
        Permission::KeepServiceAccounts,
        Relationship::General,
    ) {
        Decision::Allowed => Ok(()),
        Decision::Denied => Err(Failure::NotFound),
    }
}

/// Every account with its tokens.
pub fn all(ctx: &mut Ctx<'_>) -> Result<Vec<(ServiceAccount, Vec<Token>)>, Failure> {
    may_keep(ctx)?;
    let tokens = store::tokens(ctx)?;
    let of = |account: &ServiceAccount| {
        let theirs = tokens.iter().filter(|token| token.account == account.id);
        theirs.cloned().collect()
    };
    let accounts = store::all(ctx)?;
    Ok(accounts
        .into_iter()
        .map(|account| {
            let tokens = of(&account);
            (account, tokens)
        })
        .collect())
}

pub fn add(ctx: &mut Ctx<'_>, name: &str, scopes: &[Scope]) -> Result<ServiceAccountId, Failure> {
    may_keep(ctx)?;
    rules::check_scopes(scopes)?;
    let taken = |account: &ServiceAccount| account.name.to_lowercase() == name.to_lowercase();
    if store::all(ctx)?.iter().any(taken) {
        return Err(Refusal::NameTaken.into());
    }
    let account = ServiceAccount {
        id: ServiceAccountId::random(),
        name: name.to_owned(),
        scopes: scopes.to_vec(),
    };
    store::insert(ctx, &account)?;
    ctx.record(
        Event::new("service_account_added", "service_account", &account.id)
            .with(json!({ "scopes": account.scopes })),
    );
    Ok(account.id)
}

/// What is kept of a token.
#[must_use]
pub fn hash(token: &str) -> String {
    hex::encode(Sha256::digest(token.as_bytes()))
}

/// Gives an account a token, of which only the hash comes here.
pub fn give_token(
    ctx: &mut Ctx<'_>,
    account: &ServiceAccountId,
    id: &ServiceTokenId,
    hash: &str,
    expires_on: NaiveDate,
    longest_days: u32,
) -> Result<(), Failure> {
    may_keep(ctx)?;
    store::find(ctx, account)?.ok_or(Failure::NotFound)?;
    rules::check_last_day(expires_on, ctx.today, longest_days)?;
    store::insert_token(ctx, account, id, hash, expires_on)?;
    ctx.record(
        Event::new("service_token_given", "service_account", account)
            .with(json!({ "token": id, "expires_on": expires_on })),
    );
    Ok(())
}

/// Takes a token back: from the next request on it opens nothing.
pub fn revoke(ctx: &mut Ctx<'_>, id: &ServiceTokenId) -> Result<ServiceAccountId, Failure> {
    may_keep(ctx)?;
    let token = store::token(ctx, id)?.ok_or(Failure::NotFound)?;
    if store::revoke(ctx, id)? {
        ctx.record(
            Event::new("service_token_revoked", "service_account", &token.account)
                .with(json!({ "token": id })),
        );
    }
    Ok(token.account)
}

/// A program that came in, and whether its coming is to be noted.
pub struct ComeIn {
    pub actor: Actor,
    pub touch: bool,
}

/// Who comes in by this token, if it stands here and still holds.
pub fn come_in(
    ctx: &mut Ctx<'_>,
    id: &ServiceTokenId,
    hash: &str,
) -> Result<Option<ComeIn>, Failure> {
    let today = ctx.today;
    let holds = |token: &Token| token.hash == hash && rules::state(token, today) == State::Active;
    let Some(token) = store::token(ctx, id)?.filter(|token| holds(token)) else {
        return Ok(None);
    };
    let account = store::find(ctx, &token.account)?.ok_or(Failure::NotFound)?;
    Ok(Some(ComeIn {
        touch: token
            .last_used_at
            .is_none_or(|last| ctx.now - last >= TOUCH_EVERY),
        actor: Actor::Service {
            id: account.id,
            scopes: account.scopes,
        },
    }))
}

/// Notes that a token was used.
pub fn touch(ctx: &mut Ctx<'_>, id: &ServiceTokenId) -> Result<(), Failure> {
    store::touch(ctx, id)
}
