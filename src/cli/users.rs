//! `heard user`: who may sign in.

use std::io::BufRead;

use clap::Subcommand;

use super::{ACTOR, House, Stop, say};
use crate::access::Role;
use crate::failure::Failure;
use crate::staff::actions::{self, NewUser};
use crate::staff::{passwords, store};
use crate::text::{EmailAddress, Name};

#[derive(Subcommand)]
pub enum User {
    /// Add an account; its first password is printed
    Add {
        #[arg(long)]
        email: String,
        #[arg(long)]
        name: String,
        /// officer, senior_officer, participation_officer, manager, administrator or auditor
        #[arg(long)]
        role: String,
        /// Read the first password from standard input
        #[arg(long)]
        password_stdin: bool,
    },
    /// List the accounts
    List,
    /// Close an account: its owner is signed out at once
    Disable { email: String },
    /// Open a closed account again
    Enable { email: String },
    /// Give a new password, printed, to be changed at the first signing in
    Reset {
        email: String,
        /// Read the new password from standard input
        #[arg(long)]
        password_stdin: bool,
    },
}

fn email(text: &str) -> Result<EmailAddress, Stop> {
    EmailAddress::parse(text).map_err(|reason| Stop::Usage(format!("{text} {reason}")))
}

fn given_password(from_stdin: bool) -> Result<Option<String>, Stop> {
    if !from_stdin {
        return Ok(None);
    }
    let mut line = String::new();
    std::io::stdin().lock().read_line(&mut line)?;
    Ok(Some(line.trim_end_matches(['\r', '\n']).to_owned()))
}

pub(super) fn run(house: &House, user: &User) -> Result<(), Stop> {
    match user {
        User::Add {
            email: address,
            name,
            role,
            password_stdin,
        } => {
            let address = email(address)?;
            let name = Name::parse(name).map_err(|why| Stop::Usage(format!("--name {why}")))?;
            let role = Role::from_code(role).ok_or_else(|| {
                let known: Vec<&str> = Role::ALL.iter().map(|role| role.code()).collect();
                Stop::Usage(format!("--role is one of: {}", known.join(", ")))
            })?;
            let given = given_password(*password_stdin)?;
            let printed = given.is_none();
            let password = actions::first_password(given, &address)?;
            let hash = passwords::hash(&password)?;
            house.open()?.write(&ACTOR, |ctx| {
                actions::add(
                    ctx,
                    &NewUser {
                        name: &name,
                        email: Some(&address),
                        role,
                        password_hash: Some(&hash),
                        change_password: printed,
                    },
                )
            })?;
            say(&format!("Added {address} as {}.", role.words()))?;
            tell_password(printed, &password)
        }
        User::List => {
            let users = house.open()?.read(&ACTOR, store::all)?;
            if users.is_empty() {
                return say("There is no account yet: heard user add makes the first.");
            }
            for user in users {
                let state = match (user.disabled, user.can_sign_in) {
                    (true, _) => "disabled",
                    (false, true) => "can sign in",
                    (false, false) => "no login",
                };
                let address = user.email.as_deref().unwrap_or("-");
                say(&format!(
                    "{}\t{address}\t{}\t{state}",
                    user.name,
                    user.role.code()
                ))?;
            }
            Ok(())
        }
        User::Disable { email: address } => set_disabled(house, address, true),
        User::Enable { email: address } => set_disabled(house, address, false),
        User::Reset {
            email: address,
            password_stdin,
        } => {
            let address = email(address)?;
            let given = given_password(*password_stdin)?;
            let printed = given.is_none();
            let password = actions::first_password(given, &address)?;
            let hash = passwords::hash(&password)?;
            house.open()?.write(&ACTOR, |ctx| {
                let user = actions::by_email(ctx, &address)?;
                actions::reset_password(ctx, &user.id, &hash)
            })?;
            say(&format!(
                "{address} has a new password, to be changed at the first signing in."
            ))?;
            tell_password(printed, &password)
        }
    }
}

fn tell_password(printed: bool, password: &str) -> Result<(), Stop> {
    if printed {
        say(&format!("Password: {password}"))?;
        say("It is shown this once and must be changed at the first signing in.")?;
    }
    Ok(())
}

fn set_disabled(house: &House, address: &str, disabled: bool) -> Result<(), Stop> {
    let address = email(address)?;
    house.open()?.write(&ACTOR, |ctx| -> Result<(), Failure> {
        let user = actions::by_email(ctx, &address)?;
        actions::set_disabled(ctx, &user.id, disabled)
    })?;
    say(&format!(
        "{address} is now {}.",
        if disabled { "disabled" } else { "enabled" }
    ))
}
