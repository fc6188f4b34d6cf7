//! The page on which the administrator keeps the accounts of other programs: their names, what
//! they may do, and their tokens.

use chrono::Days;
use serde::Serialize;
use serde_json::json;

use super::rules::{self, NAME_LENGTH, State};
use super::{ServiceAccount, Token, actions};
use crate::access::Scope;
use crate::calendar::{in_england, show as day};
use crate::failure::Failure;
use crate::ids::{ServiceAccountId, ServiceTokenId};
use crate::text::collapse;
use crate::web::{Answer, Form, PageOptions, Path, Submitted, Web, known};

const PAGE: &str = "/service-accounts";

/// How long a token lasts if nobody says otherwise.
const USUAL_DAYS: Days = Days::new(180);

#[derive(Serialize)]
struct TokenView {
    /// Not `name`: a button in the row would take that for its own.
    called: String,
    revoke: Option<String>,
    made: String,
    last_day: String,
    last_used: String,
    state: &'static str,
    colour: &'static str,
}

#[derive(Serialize)]
struct AccountView {
    called: String,
    new_token: String,
    scopes: Vec<&'static str>,
    tokens: Vec<TokenView>,
}

fn account_view(
    (account, tokens): (ServiceAccount, Vec<Token>),
    today: chrono::NaiveDate,
) -> AccountView {
    let tokens = tokens.into_iter().map(|token| {
        let state = rules::state(&token, today);
        TokenView {
            called: format!(
                "the token of {} made {}",
                account.name,
                day(token.made_at.date())
            ),
            revoke: (state == State::Active).then(|| format!("{PAGE}/tokens/{}/revoke", token.id)),
            made: day(token.made_at.date()),
            last_day: day(token.expires_on),
            last_used: token.last_used_at.map_or_else(
                || "Never".to_owned(),
                |at| in_england(at).format("%-d %B %Y, %H:%M").to_string(),
            ),
            state: state.words(),
            colour: match state {
                State::Active => "green",
                State::Expired => "grey",
                State::Revoked => "red",
            },
        }
    });
    AccountView {
        tokens: tokens.collect(),
        new_token: format!("{PAGE}/{}/token", account.id),
        scopes: account.scopes.iter().map(|scope| scope.words()).collect(),
        called: account.name,
    }
}

fn form() -> Form {
    Form::new().field("name").choice(
        "scopes",
        Scope::ALL.iter().map(|it| (it.code(), it.words())),
    )
}

async fn list_page(web: &Web, form: &Form) -> Answer {
    let accounts: Vec<AccountView> = web
        .read(|ctx| {
            let today = ctx.today;
            let all = actions::all(ctx)?.into_iter();
            Ok(all.map(|one| account_view(one, today)).collect())
        })
        .await?;
    web.page(
        "staff/services/list",
        PageOptions::titled("Service accounts")
            .wide()
            .with_form(form),
        json!({ "accounts": accounts, "form": form }),
    )
}

pub async fn list(web: Web) -> Answer {
    let form = web.resume(form()).await?;
    list_page(&web, &form).await
}

pub async fn add(web: Web, sent: Submitted) -> Answer {
    let mut form = form().fill(&sent);
    form.text("name", NAME_LENGTH);
    let name = form.required("name", "Enter the name of the program");
    let scopes = form.chosen_all("scopes", Scope::from_code);
    if let Some(name) = name.filter(|_| form.ok()) {
        let done = web
            .write_once(&form, move |ctx| {
                let id = actions::add(ctx, &collapse(&name), &scopes)?;
                Ok(format!("{PAGE}/{id}/token"))
            })
            .await;
        match done {
            Ok(location) => return web.see(&location, "The account was added"),
            Err(failure) => form.explain(failure)?,
        }
    }
    list_page(&web, &form).await
}

// A token

async fn found(web: &Web, id: &str) -> Result<ServiceAccount, crate::web::Failed> {
    let id = known(ServiceAccountId::parse(id))?;
    let found = web
        .read(move |ctx| {
            let mut all = actions::all(ctx)?.into_iter().map(|(account, _)| account);
            all.find(|account| account.id == id)
                .ok_or(Failure::NotFound)
        })
        .await?;
    Ok(found)
}

fn token_form(web: &Web) -> Form {
    let usual = web.today().checked_add_days(USUAL_DAYS);
    Form::new().date("expires_on").set("expires_on", usual)
}

fn token_page(web: &Web, account: &ServiceAccount, form: &Form) -> Answer {
    web.page(
        "staff/services/token",
        PageOptions::titled("New token")
            .back(PAGE, "Service accounts")
            .with_form(form),
        json!({
            "form": form,
            "account": account.name,
            "action": format!("{PAGE}/{}/token", account.id),
            "scopes": account.scopes.iter().map(|scope| scope.words()).collect::<Vec<_>>(),
        }),
    )
}

pub async fn token(web: Web, id: Path<String>) -> Answer {
    let account = found(&web, &id).await?;
    let form = web.resume(token_form(&web)).await?;
    token_page(&web, &account, &form)
}

/// Makes a token and shows it, this once.
pub async fn token_sent(web: Web, id: Path<String>, sent: Submitted) -> Answer {
    let account = found(&web, &id).await?;
    let mut form = token_form(&web).fill(&sent);
    if let Some(last) = form.date_required("expires_on", "The last day") {
        let id = ServiceTokenId::random();
        let now = web.app.db.clock().now().naive_utc();
        let token = web.app.keys.service_token(&account.id, &id, now, last)?;
        let here = format!("{PAGE}?made={id}");
        let (location, hash) = (here.clone(), actions::hash(&token));
        let longest = web.app.settings.api.longest_token_days;
        let account_id = account.id.clone();
        let done = web
            .write_once(&form, move |ctx| {
                actions::give_token(ctx, &account_id, &id, &hash, last, longest)?;
                Ok(location)
            })
            .await;
        match done {
            Ok(location) if location == here => {
                return web.page(
                    "staff/services/given",
                    PageOptions::titled("The new token").back(PAGE, "Service accounts"),
                    json!({ "account": account.name, "token": token, "last_day": day(last) }),
                );
            }
            // The form was sent before: its token was shown then, and is not kept.
            Ok(_) => {
                return web.see(
                    PAGE,
                    "That token was shown already. If it was lost, revoke it and make another",
                );
            }
            Err(failure) => form.explain(failure)?,
        }
    }
    token_page(&web, &account, &form)
}

pub async fn revoke(web: Web, id: Path<String>) -> Answer {
    let id = known(ServiceTokenId::parse(&id))?;
    web.write(move |ctx| actions::revoke(ctx, &id)).await?;
    web.see(PAGE, "The token was revoked: it opens nothing any more")
}
