//! The pages of cases: the list, accepting a referral, handing a case over, closing and reopening.

use serde::Serialize;
use serde_json::json;

use super::actions::Acceptance;
use super::line::LineView;
use super::outcomes::{self, SaidBy};
use super::store::Filter;
use super::{Case, Closing, actions, store};
use crate::access::Permission;
use crate::ctx::Ctx;
use crate::failure::Failure;
use crate::ids::{CaseId, ReferralId, UserId};
use crate::lists;
use crate::referrals::{self, Answer as Own, Offer, ParentPermission, Referral, Stream};
use crate::staff;
use crate::team::{self, panel};
use crate::text::NARRATIVE_LENGTH;
use crate::web::{Answer, Failed, Form, PageOptions, Path, Submitted, Web, known, view};
use crate::young_people::identity_bar;

const A_PAGE: i64 = 50;

// The list

#[derive(Serialize)]
struct ListView {
    form: Form,
    lines: Vec<LineView>,
    total_words: String,
    chips: view::Chips,
    pages: Option<view::Pagination>,
}

const STATES: [(&str, &str); 3] = [
    ("open", "Open"),
    ("closed", "Closed"),
    ("all", "Open and closed"),
];

pub async fn list(web: Web) -> Answer {
    let asked = web.query().clone();
    let list = web
        .read(move |ctx| {
            let mut everyone = vec![("me".to_owned(), "My own".to_owned())];
            everyone.extend(staff::actions::officer_options(ctx)?);
            let mut form = Form::new()
                .choice("state", STATES)
                .choice(
                    "stream",
                    Stream::ALL
                        .iter()
                        .map(|stream| (stream.code(), stream.words())),
                )
                .choice("officer", everyone)
                .fill(&asked);
            let state = form.chosen_optional("state", |code| Some(code.to_owned()));
            let stream = form.chosen_optional("stream", Stream::from_code);
            let officer = form.chosen_optional("officer", |code| Some(code.to_owned()));
            let page: i64 = asked.first("page").parse().unwrap_or(1).clamp(1, 100_000);
            let filter = Filter {
                open: match state.as_deref() {
                    Some("all") => None,
                    Some("closed") => Some(false),
                    _ => Some(true),
                },
                stream,
                officer: officer.as_deref().and_then(UserId::parse),
                cases: match officer.as_deref() {
                    Some("me") => Some(team::actions::mine(ctx)?.cases),
                    _ => None,
                },
                people: None,
                limit: A_PAGE,
                offset: (page - 1) * A_PAGE,
            };
            let (lines, total) = store::list(ctx, &filter)?;
            let mut chips = view::Chips::new("/cases");
            let state_words = state
                .as_ref()
                .and_then(|state| STATES.iter().find(|(code, _)| code == state))
                .map(|(_, words)| *words);
            for (name, words) in [
                ("state", state_words),
                ("stream", stream.map(Stream::words)),
                ("officer", officer.as_ref().map(|_| "One officer's")),
            ] {
                if let Some(words) = words {
                    chips.add(&asked, name, words);
                }
            }
            let today = ctx.today;
            Ok(ListView {
                form: form.set("state", state.unwrap_or_else(|| "open".to_owned())),
                lines: lines
                    .into_iter()
                    .map(|line| LineView::of(line, today))
                    .collect(),
                total_words: view::count(total, "case", "cases"),
                pages: view::Pagination::of("/cases", &asked, page, total, A_PAGE),
                chips,
            })
        })
        .await?;
    web.page("cases/list", PageOptions::titled("Cases").wide(), list)
}

// Accepting a referral

fn accept_form(ctx: &mut Ctx<'_>, referral: &Referral, usual: i64) -> Result<Form, Failure> {
    let form = panel::ask(Form::new())
        .date("opened_on")
        .choice("officer", team::actions::officer_options(ctx, usual)?)
        .choice(
            "said",
            [
                (
                    "young_person",
                    "The child or young person said yes themselves",
                ),
                (
                    "parent",
                    "A parent or carer gave permission; the young person is still to be asked",
                ),
            ],
        )
        .date("said_on")
        .hidden("version", referral.version);
    let officer = referral
        .officer
        .as_ref()
        .or_else(|| ctx.actor.user_id())
        .map(ToString::to_string);
    Ok(form
        .on_record()
        .set("opened_on", ctx.today)
        .set("said_on", ctx.today)
        .set("officer", officer))
}

/// Is it on record already who said yes? Then nobody asks again.
fn said_already(offer: &Offer) -> bool {
    matches!(offer.answer, Some((Own::Yes, _)))
        || matches!(offer.permission, Some((ParentPermission::Given, _)))
}

struct Accepting {
    form: Form,
    referral: Referral,
    identity: view::Identity,
}

async fn accepting(web: &Web, id: &ReferralId) -> Result<Accepting, Failed> {
    let (id, usual) = (id.clone(), web.app.settings.work.cases_per_full_time);
    Ok(web
        .read(move |ctx| {
            let (referral, opened) = referrals::actions::open(ctx, &id, Permission::SeeRecord)?;
            Ok(Accepting {
                form: accept_form(ctx, &referral, usual)?,
                identity: identity_bar(opened.person(), ctx.today, "Referral"),
                referral,
            })
        })
        .await?)
}

fn accept_page(web: &Web, accepting: &Accepting, form: &Form) -> Answer {
    let id = &accepting.referral.id;
    let options = PageOptions::titled("Accept this referral")
        .back(format!("/referrals/{id}"), "Referral")
        .with_form(form);
    web.page(
        "cases/accept",
        options,
        json!({
            "form": form,
            "id": id,
            "identity": accepting.identity,
            "ask": !said_already(&accepting.referral.offer),
        }),
    )
}

pub async fn accept(web: Web, id: Path<String>) -> Answer {
    let id = known(ReferralId::parse(&id))?;
    let accepting = accepting(&web, &id).await?;
    referrals::rules::must_be_open(&accepting.referral).map_err(Failure::from)?;
    let form = web.resume(accepting.form.clone()).await?;
    accept_page(&web, &accepting, &form)
}

pub async fn accept_sent(web: Web, id: Path<String>, sent: Submitted) -> Answer {
    let id = known(ReferralId::parse(&id))?;
    let accepting = accepting(&web, &id).await?;
    let mut form = accepting.form.clone().fill(&sent);
    let knowing = panel::answered(&mut form);
    let opened_on = form.date_required("opened_on", "The day the case opens");
    let officer = form.chosen(
        "officer",
        UserId::parse,
        "Choose the officer who holds the case",
    );
    let offer = if said_already(&accepting.referral.offer) {
        None
    } else {
        let said = form.chosen(
            "said",
            |code| Some(code.to_owned()),
            "Choose who said yes: a referral is accepted on somebody's word",
        );
        let on = form.date_required("said_on", "The day they said so");
        said.zip(on)
            .map(|(said, on)| offer_with(&accepting.referral.offer, &said, on))
    };
    if let (true, Some(opened_on), Some(officer)) = (form.ok(), opened_on, officer) {
        let acceptance = Acceptance {
            opened_on,
            officer,
            offer,
        };
        let version = form.version("version");
        let done = web
            .write_once(&form, move |ctx| {
                let (may, holder) = (Permission::WorkRecord, &acceptance.officer);
                referrals::actions::heed(ctx, &id, may, holder, &knowing)?;
                let case = actions::accept_referral(ctx, &id, version, &acceptance)?;
                Ok(format!("/cases/{case}"))
            })
            .await;
        match done {
            Ok(location) => {
                return web.see(&location, "The referral is accepted and the case is open");
            }
            Err(failure) => form.explain(failure)?,
        }
    }
    accept_page(&web, &accepting, &form)
}

/// The facts of the offer with the yes that the form tells.
fn offer_with(offer: &Offer, said: &str, on: chrono::NaiveDate) -> Offer {
    let mut offer = offer.clone();
    if said == "young_person" {
        offer.young_person_asked_on = offer.young_person_asked_on.or(Some(on));
        offer.answer = Some((Own::Yes, on));
    } else {
        offer.parent_contacted_on = offer.parent_contacted_on.or(Some(on));
        offer.permission = Some((ParentPermission::Given, on));
    }
    offer
}

// Handing over, closing, reopening

/// A page with one form about a case.
async fn form_page(
    web: &Web,
    id: &CaseId,
    template: &str,
    title: &'static str,
    form: Form,
) -> Answer {
    let options = PageOptions::titled(title)
        .back(format!("/cases/{id}"), "Case")
        .with_form(&form);
    let wanted = id.clone();
    let (identity, open_issues) = web
        .read(move |ctx| {
            let (case, opened) = actions::open(ctx, &wanted, Permission::SeeRecord)?;
            let state = if case.open_spell().is_some() {
                "Case open"
            } else {
                "Case closed"
            };
            let identity = identity_bar(opened.person(), ctx.today, state);
            Ok((identity, store::open_issues(ctx, &wanted)?))
        })
        .await?;
    let open_issues: Vec<_> = open_issues
        .into_iter()
        .map(|(issue, wish)| json!({ "href": format!("/issues/{issue}/close"), "wish": wish }))
        .collect();
    web.page(
        template,
        options,
        json!({ "form": form, "id": id, "identity": identity, "open_issues": open_issues }),
    )
}

async fn form_for(
    web: &Web,
    id: &CaseId,
    permission: Permission,
    build: impl FnOnce(&mut Ctx<'_>, &Case, i64) -> Result<Form, Failure> + Send + 'static,
) -> Result<Form, Failed> {
    let (id, usual) = (id.clone(), web.app.settings.work.cases_per_full_time);
    Ok(web
        .read(move |ctx| {
            let (case, _) = actions::open(ctx, &id, permission)?;
            build(ctx, &case, usual)
        })
        .await?)
}

fn allocate_form(ctx: &mut Ctx<'_>, case: &Case, usual: i64) -> Result<Form, Failure> {
    let present = case.officer().map(|held| held.officer.to_string());
    let others = team::actions::officer_options(ctx, usual)?
        .into_iter()
        .filter(|(id, _)| Some(id) != present.as_ref());
    Ok(panel::ask(Form::new())
        .choice("officer", others)
        .date("on")
        .hidden("version", case.version)
        .set("on", case.officer().map(|held| held.from))
        .set("officer", present)
        .on_record()
        .set("officer", "")
        .set("on", ctx.today))
}

const ALLOCATE: (&str, &str) = ("cases/allocate", "Give this case to another officer");

pub async fn allocate(web: Web, id: Path<String>) -> Answer {
    let id = known(CaseId::parse(&id))?;
    let form = form_for(&web, &id, Permission::Allocate, allocate_form).await?;
    let form = web.resume(form).await?;
    form_page(&web, &id, ALLOCATE.0, ALLOCATE.1, form).await
}

pub async fn allocate_sent(web: Web, id: Path<String>, sent: Submitted) -> Answer {
    let id = known(CaseId::parse(&id))?;
    let mut form = form_for(&web, &id, Permission::Allocate, allocate_form)
        .await?
        .fill(&sent);
    let officer = form.chosen("officer", UserId::parse, "Choose another officer");
    let knowing = panel::answered(&mut form);
    let on = form.date_required("on", "The day the officer takes the case");
    if let (true, Some(officer), Some(on)) = (form.ok(), officer, on) {
        let (case, version) = (id.clone(), form.version("version"));
        let done = web
            .write_once(&form, move |ctx| {
                actions::heed(ctx, &case, Permission::Allocate, &officer, &knowing)?;
                actions::allocate(ctx, &case, version, &officer, on)?;
                Ok(format!("/cases/{case}"))
            })
            .await;
        match done {
            Ok(location) => return web.see(&location, "The case has its new officer"),
            Err(failure) => form.explain(failure)?,
        }
    }
    form_page(&web, &id, ALLOCATE.0, ALLOCATE.1, form).await
}

fn close_form(ctx: &mut Ctx<'_>, case: &Case, _: i64) -> Result<Form, Failure> {
    let today = ctx.today;
    // On record only where somebody else has just closed it.
    let closed = match case.open_spell() {
        None => case.last_closing(),
        Some(_) => None,
    };
    let reasons = lists::store::entries(ctx, lists::CLOSURE_REASONS)?
        .into_iter()
        .filter(|entry| entry.offered_on(today))
        .map(|entry| (entry.code, entry.label));
    Ok(Form::new()
        .date("on")
        .choice("reason", reasons)
        .choice("outcomes", outcomes::actions::options(ctx, None)?)
        .choice("said_by", outcomes::pages::said_by_options())
        .field("note")
        .hidden("version", case.version)
        .set("on", closed.map(|closing| closing.on))
        .set("reason", closed.and_then(|closing| closing.reason.clone()))
        .set("note", closed.and_then(|closing| closing.note.clone()))
        .on_record()
        .set("on", today)
        .set("said_by", SaidBy::Officer.code())
        .set("reason", "")
        .set("note", ""))
}

const CLOSE: (&str, &str) = ("cases/close", "Close this case");

pub async fn close(web: Web, id: Path<String>) -> Answer {
    let id = known(CaseId::parse(&id))?;
    let form = form_for(&web, &id, Permission::WorkRecord, close_form).await?;
    let form = web.resume(form).await?;
    form_page(&web, &id, CLOSE.0, CLOSE.1, form).await
}

pub async fn close_sent(web: Web, id: Path<String>, sent: Submitted) -> Answer {
    let id = known(CaseId::parse(&id))?;
    let mut form = form_for(&web, &id, Permission::WorkRecord, close_form)
        .await?
        .fill(&sent);
    let on = form.date_required("on", "The day the case closes");
    let reason = form.chosen(
        "reason",
        |code| Some(code.to_owned()),
        "Choose why the case closes",
    );
    let reached = form.chosen_all("outcomes", |code| Some(code.to_owned()));
    let said_by = form
        .chosen_optional("said_by", SaidBy::from_code)
        .unwrap_or(SaidBy::Officer);
    let note = form.text("note", NARRATIVE_LENGTH);
    if let (true, Some(on), Some(reason)) = (form.ok(), on, reason) {
        let closing = Closing {
            on,
            reason: Some(reason),
            note: Some(note).filter(|note| !note.is_empty()),
        };
        let (case, version) = (id.clone(), form.version("version"));
        let done = web
            .write_once(&form, move |ctx| {
                actions::close(ctx, &case, version, &closing)?;
                let on = closing.on;
                outcomes::actions::note_at_closing(ctx, &case, &reached, on, said_by)?;
                Ok(format!("/cases/{case}"))
            })
            .await;
        match done {
            Ok(location) => return web.see(&location, "The case is closed"),
            Err(failure) => form.explain(failure)?,
        }
    }
    form_page(&web, &id, CLOSE.0, CLOSE.1, form).await
}

fn reopen_form(ctx: &mut Ctx<'_>, case: &Case, usual: i64) -> Result<Form, Failure> {
    let last = case.allocations.last().map(|held| held.officer.to_string());
    // On record only where somebody else has just reopened it.
    let reopened = case.open_spell();
    let holder = case.officer().map(|held| held.officer.to_string());
    Ok(panel::ask(Form::new())
        .date("on")
        .choice("officer", team::actions::officer_options(ctx, usual)?)
        .field("note")
        .hidden("version", case.version)
        .set("on", reopened.map(|spell| spell.opened_on))
        .set("officer", holder)
        .set(
            "note",
            reopened.and_then(|spell| spell.opening_note.clone()),
        )
        .on_record()
        .set("on", ctx.today)
        .set("officer", last)
        .set("note", ""))
}

const REOPEN: (&str, &str) = ("cases/reopen", "Reopen this case");

pub async fn reopen(web: Web, id: Path<String>) -> Answer {
    let id = known(CaseId::parse(&id))?;
    let form = form_for(&web, &id, Permission::WorkRecord, reopen_form).await?;
    let form = web.resume(form).await?;
    form_page(&web, &id, REOPEN.0, REOPEN.1, form).await
}

pub async fn reopen_sent(web: Web, id: Path<String>, sent: Submitted) -> Answer {
    let id = known(CaseId::parse(&id))?;
    let mut form = form_for(&web, &id, Permission::WorkRecord, reopen_form)
        .await?
        .fill(&sent);
    let on = form.date_required("on", "The day the case opens again");
    let knowing = panel::answered(&mut form);
    let officer = form.chosen(
        "officer",
        UserId::parse,
        "Choose the officer who holds the case",
    );
    let note = form.text("note", NARRATIVE_LENGTH);
    if let (true, Some(on), Some(officer)) = (form.ok(), on, officer) {
        let (case, version) = (id.clone(), form.version("version"));
        let note = Some(note).filter(|note| !note.is_empty());
        let done = web
            .write_once(&form, move |ctx| {
                actions::heed(ctx, &case, Permission::WorkRecord, &officer, &knowing)?;
                actions::reopen(ctx, &case, version, on, &officer, note)?;
                Ok(format!("/cases/{case}"))
            })
            .await;
        match done {
            Ok(location) => return web.see(&location, "The case is open again"),
            Err(failure) => form.explain(failure)?,
        }
    }
    form_page(&web, &id, REOPEN.0, REOPEN.1, form).await
}
