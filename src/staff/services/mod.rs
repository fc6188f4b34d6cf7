//! Service accounts: other programs that send files, and the tokens by which they come in.
//!
//! An account says what its tokens are good for, and that never changes: a program that is to do
//! more or less gets another account. A token is signed, so that a guess costs nothing to refuse,
//! and its id must stand here, so that it can be taken back. It is shown once; only its hash is
//! kept.

pub mod actions;
pub mod pages;
pub mod rules;
pub mod store;

use chrono::{NaiveDate, NaiveDateTime};

use crate::access::Scope;
use crate::ids::{ServiceAccountId, ServiceTokenId};

/// A program that sends files.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServiceAccount {
    pub id: ServiceAccountId,
    pub name: String,
    pub scopes: Vec<Scope>,
}

/// A token as it is kept: without the token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    pub id: ServiceTokenId,
    pub account: ServiceAccountId,
    pub hash: String,
    pub made_at: NaiveDateTime,
    /// The last day on which it opens anything.
    pub expires_on: NaiveDate,
    pub revoked_at: Option<NaiveDateTime>,
    pub last_used_at: Option<NaiveDateTime>,
}
