//! The people who work here: officers and other users, and their signing in.
//!
//! An officer may be on record without being able to sign in: so it is for officers that a moved-in
//! spreadsheet names and nobody has given an account.

pub mod actions;
pub mod pages;
pub mod passwords;
pub mod rules;
pub mod services;
pub mod sessions;
pub mod store;

use crate::access::Role;
use crate::ids::UserId;

/// A member of staff.
#[derive(Debug, Clone)]
pub struct User {
    pub id: UserId,
    pub email: Option<String>,
    pub name: String,
    pub role: Role,
    pub can_sign_in: bool,
    pub change_password: bool,
    pub disabled: bool,
}
