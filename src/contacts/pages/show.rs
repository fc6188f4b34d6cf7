//! One contact, all those of a case, and the button for the same again.

use serde::Serialize;

use super::identities;
use crate::access::Permission;
use crate::cases;
use crate::contacts::panel::{Line, may_work};
use crate::contacts::{actions, store};
use crate::ctx::Ctx;
use crate::failure::Failure;
use crate::history;
use crate::ids::{CaseId, ContactId};
use crate::tasks;
use crate::web::{Answer, Form, PageOptions, Path, Submitted, Web, known, view};
use crate::young_people::identity_bar;

const A_PAGE: i64 = 50;

#[derive(Serialize)]
struct ShowView {
    id: ContactId,
    identities: Vec<view::Identity>,
    contact: Line,
    error_reason: Option<String>,
    may_change: bool,
    history_href: Option<String>,
    tasks: tasks::panel::Panel,
}

pub async fn show(web: Web, id: Path<String>) -> Answer {
    let id = known(ContactId::parse(&id))?;
    let (back, shown) = web.read(move |ctx| show_view(ctx, &id)).await?;
    web.page(
        "contacts/show",
        PageOptions::titled("Contact").back(back, "Case"),
        shown,
    )
}

fn show_view(ctx: &mut Ctx<'_>, id: &ContactId) -> Result<(String, ShowView), Failure> {
    let (contact, people) = actions::open(ctx, id, Permission::SeeRecord)?;
    let case = people
        .first()
        .map(|(case, _)| case.id.clone())
        .ok_or(Failure::NotFound)?;
    let may_work = may_work(ctx) && !contact.partly_closed;
    let all_open = people.iter().all(|(case, _)| case.open_spell().is_some());
    let changed = !history::store::of(ctx, "contact", id.as_str())?.is_empty();
    let shown = ShowView {
        identities: identities(&people, ctx.today),
        contact: Line::of(&contact, may_work && all_open),
        may_change: may_work && contact.error_reason.is_none(),
        history_href: (changed && !contact.partly_closed).then(|| format!("/history/contact/{id}")),
        tasks: tasks::panel::of_contact(ctx, id)?,
        error_reason: contact.error_reason,
        id: contact.id,
    };
    Ok((format!("/cases/{case}"), shown))
}

#[derive(Serialize)]
struct OfCaseView {
    id: CaseId,
    identity: view::Identity,
    may_log: bool,
    contacts: Vec<Line>,
    total_words: String,
    pages: Option<view::Pagination>,
    in_error: Vec<Line>,
}

/// Every contact of a case; what was recorded in error stands apart.
pub async fn of_case(web: Web, id: Path<String>) -> Answer {
    let id = known(CaseId::parse(&id))?;
    let asked = web.query().clone();
    let back = format!("/cases/{id}");
    let shown = web
        .read(move |ctx| {
            let (case, opened) = cases::actions::open(ctx, &id, Permission::SeeRecord)?;
            let page: i64 = asked.first("page").parse().unwrap_or(1).clamp(1, 100_000);
            let (contacts, total) = store::of_case(ctx, &id, false, A_PAGE, (page - 1) * A_PAGE)?;
            let (in_error, _) = store::of_case(ctx, &id, true, A_PAGE, 0)?;
            let is_open = case.open_spell().is_some();
            let may_log = is_open && may_work(ctx);
            let state = if is_open { "Case open" } else { "Case closed" };
            Ok(OfCaseView {
                identity: identity_bar(opened.person(), ctx.today, state),
                may_log,
                contacts: contacts.iter().map(|it| Line::of(it, may_log)).collect(),
                total_words: view::count(total, "contact", "contacts"),
                pages: view::Pagination::of(
                    &format!("/cases/{id}/contacts"),
                    &asked,
                    page,
                    total,
                    A_PAGE,
                ),
                in_error: in_error.iter().map(|it| Line::of(it, false)).collect(),
                id,
            })
        })
        .await?;
    web.page(
        "contacts/list",
        PageOptions::titled("Contacts").back(back, "Case"),
        shown,
    )
}

/// The same contact again, today.
pub async fn again(web: Web, id: Path<String>, sent: Submitted) -> Answer {
    let id = known(ContactId::parse(&id))?;
    let form = Form::new().fill(&sent);
    let location = web
        .write_once(&form, move |ctx| {
            let again = actions::again(ctx, &id)?;
            Ok(format!("/contacts/{again}"))
        })
        .await?;
    web.see(
        &location,
        "The same contact is on record for today. Change it to add what was said.",
    )
}
