//! What is done about staff: adding, finding, disabling, giving a new password.

use serde_json::json;

use super::{User, passwords, rules, store};
use crate::access::{Actor, Role};
use crate::audit::Event;
use crate::ctx::Ctx;
use crate::failure::{Failure, FieldError};
use crate::ids::{SessionId, UserId};
use crate::text::{EmailAddress, Name};

/// A member of staff to add. Without a password nobody can sign in as them.
pub struct NewUser<'a> {
    pub name: &'a Name,
    pub email: Option<&'a EmailAddress>,
    pub role: Role,
    /// The hash of the password: hashing is slow, so it is done before the work begins.
    pub password_hash: Option<&'a str>,
    pub change_password: bool,
}

pub fn add(ctx: &mut Ctx<'_>, new: &NewUser<'_>) -> Result<UserId, Failure> {
    if let Some(email) = new.email
        && store::by_email(ctx, email.as_str())?.is_some()
    {
        return Err(Failure::refused(format!(
            "There is an account for {email} already."
        )));
    }
    let id = UserId::random();
    store::insert(
        ctx,
        &store::NewRow {
            id: &id,
            email: new.email.map(EmailAddress::as_str),
            name: new.name.as_str(),
            role: new.role,
            password_hash: new.password_hash,
            change_password: new.change_password,
            created_at: ctx.now,
            version: 1,
        },
    )?;
    ctx.record(Event::new("user_added", "user", &id).with(json!({ "role": new.role })));
    Ok(id)
}

pub fn by_email(ctx: &mut Ctx<'_>, email: &EmailAddress) -> Result<User, Failure> {
    store::by_email(ctx, email.as_str())?
        .ok_or_else(|| Failure::refused(format!("There is no account for {email}.")))
}

/// Those who may carry referrals and cases now.
pub fn officers(ctx: &mut Ctx<'_>) -> Result<Vec<User>, Failure> {
    Ok(store::all(ctx)?
        .into_iter()
        .filter(|user| rules::carries_cases(user.role) && !user.disabled)
        .collect())
}

/// Officers as a form offers them: id and name.
pub fn officer_options(ctx: &mut Ctx<'_>) -> Result<Vec<(String, String)>, Failure> {
    Ok(officers(ctx)?
        .into_iter()
        .map(|user| (user.id.to_string(), user.name))
        .collect())
}

/// The officer of an id, if they may be given work.
pub fn officer(ctx: &mut Ctx<'_>, id: &UserId) -> Result<User, Failure> {
    store::find(ctx, id)?
        .filter(|user| rules::carries_cases(user.role) && !user.disabled)
        .ok_or_else(|| {
            Failure::Invalid(vec![FieldError::new(
                "officer",
                "Choose an officer from the list",
            )])
        })
}

/// Gives somebody a first or forgotten password, to be changed when they sign in with it.
pub fn reset_password(ctx: &mut Ctx<'_>, user: &UserId, hash: &str) -> Result<(), Failure> {
    store::set_password(ctx, user, hash, true)?;
    store::end_sessions(ctx, user, None)?;
    ctx.record(Event::new("password_reset", "user", user));
    Ok(())
}

/// Changes one's own password. Signings-in elsewhere end.
pub fn change_password(
    ctx: &mut Ctx<'_>,
    user: &UserId,
    session: &SessionId,
    hash: &str,
) -> Result<(), Failure> {
    store::set_password(ctx, user, hash, false)?;
    store::end_sessions(ctx, user, Some(session))?;
    ctx.record(Event::new("password_changed", "user", user));
    Ok(())
}

/// Closes an account, or opens it again. It bites at the next request.
pub fn set_disabled(ctx: &mut Ctx<'_>, user: &UserId, disabled: bool) -> Result<(), Failure> {
    if ctx.actor.user_id() == Some(user) {
        return Err(Failure::refused("You cannot disable your own account."));
    }
    store::set_disabled(ctx, user, disabled)?;
    store::end_sessions(ctx, user, None)?;
    let action = if disabled {
        "user_disabled"
    } else {
        "user_enabled"
    };
    ctx.record(Event::new(action, "user", user));
    Ok(())
}

/// The officer that a moved-in row names, by e-mail address or name; added without a login when
/// unknown.
pub fn officer_named(ctx: &mut Ctx<'_>, named: &str) -> Result<UserId, Failure> {
    let email = EmailAddress::parse(named).ok();
    let known = match &email {
        Some(email) => store::by_email(ctx, email.as_str())?.into_iter().collect(),
        None => {
            let mut namesakes = store::all(ctx)?;
            namesakes.retain(|user| user.name.to_lowercase() == named.to_lowercase());
            namesakes
        }
    };
    let wrong = |sentence: &str| Err(Failure::Invalid(vec![FieldError::new("officer", sentence)]));
    match known.as_slice() {
        [] => {}
        [user] if rules::carries_cases(user.role) => return Ok(user.id.clone()),
        [_] => return wrong("is somebody here who carries no cases"),
        _ => return wrong("is the name of several people here: give the e-mail address"),
    }
    let name = match &email {
        Some(email) => name_from(email),
        None => named.to_owned(),
    };
    let name = Name::parse(&name)
        .map_err(|reason| Failure::Invalid(vec![FieldError::new("officer", reason)]))?;
    add(
        ctx,
        &NewUser {
            name: &name,
            email: email.as_ref(),
            role: Role::Officer,
            password_hash: None,
            change_password: false,
        },
    )
}

/// "priya.nair@…" is Priya Nair until somebody says otherwise.
fn name_from(email: &EmailAddress) -> String {
    email
        .as_str()
        .split('@')
        .next()
        .unwrap_or_default()
        .split(['.', '_', '-'])
        .filter(|part| !part.is_empty())
        .map(|part| {
            let mut letters = part.chars();
            letters
                .next()
                .map(|first| first.to_uppercase().chain(letters).collect::<String>())
                .unwrap_or_default()
        })
        .collect::<Vec<_>>()
        .join(" ")
}

/// Adds an account with a password made here, or given; answers the password when it was made.
pub fn first_password(given: Option<String>, email: &EmailAddress) -> Result<String, Failure> {
    match given {
        None => Ok(passwords::generate()),
        Some(password) => {
            rules::check_password(&password, email.as_str()).map_err(Failure::Refused)?;
            Ok(password)
        }
    }
}

/// True for the one who acts.
#[must_use]
pub fn is_me(actor: &Actor, user: &UserId) -> bool {
    actor.user_id() == Some(user)
}
