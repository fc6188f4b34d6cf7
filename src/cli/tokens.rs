//! `heard token`: a token for another program, by whoever runs the service.

use chrono::{Days, NaiveDate};
use clap::Args;

use super::{ACTOR, House, Stop, say};
use crate::access::Scope;
use crate::failure::Failure;
use crate::ids::ServiceTokenId;
use crate::secrets::{self, Which};
use crate::staff::services::{actions, store};
use crate::web::keys::Keys;

#[derive(Args)]
pub struct Token {
    /// The name of the program; an account of this name is made if there is none
    name: String,
    /// What a new account may do: conferences:write, placements:write, legal_status:write, imports:read
    #[arg(long = "scope", value_parser = scope)]
    scopes: Vec<Scope>,
    /// The last day on which the token can be used; without it, half a year from today
    #[arg(long)]
    last_day: Option<NaiveDate>,
}

fn scope(text: &str) -> Result<Scope, String> {
    Scope::from_code(text).ok_or_else(|| {
        let known: Vec<&str> = Scope::ALL.iter().map(|scope| scope.code()).collect();
        format!("is not one of: {}", known.join(", "))
    })
}

pub(super) fn run(house: &House, new: &Token) -> Result<(), Stop> {
    let settings = &house.settings;
    let db = house.open()?;
    let key = secrets::find_or_make(
        Which::Session,
        &settings.secrets.session_key,
        &settings.data_dir,
    )?;
    let keys = Keys::new(&key);
    let longest = settings.api.longest_token_days;
    let token = db.write(&ACTOR, |ctx| {
        let known = store::all(ctx)?
            .into_iter()
            .find(|account| account.name == new.name);
        let account = match known {
            Some(account) if new.scopes.is_empty() || new.scopes == account.scopes => account.id,
            Some(_) => {
                return Err(Failure::refused(
                    "There is an account of that name with other scopes, and they do not change: name another.",
                ));
            }
            None => actions::add(ctx, &new.name, &new.scopes)?,
        };
        let last_day = match new.last_day {
            Some(day) => day,
            None => ctx.today + Days::new(180),
        };
        let id = ServiceTokenId::random();
        let token = keys.service_token(&account, &id, ctx.now, last_day)?;
        actions::give_token(ctx, &account, &id, &actions::hash(&token), last_day, longest)?;
        Ok(token)
    })?;
    say(&token)
}
