//! One complaint: its clocks, what comes next, and what was done.

use serde::Serialize;

use super::{ClockView, StepView, clock_views, facts};
use crate::access::{Permission, Role};
use crate::calendar::show as day;
use crate::complaints::{Kind, actions, rules};
use crate::ctx::Ctx;
use crate::failure::Failure;
use crate::history;
use crate::ids::ComplaintId;
use crate::settings::Complaints;
use crate::web::{Answer, PageOptions, Path, Web, known, view};
use crate::young_people::identity_bar;

#[derive(Serialize)]
struct ShowView {
    id: ComplaintId,
    identity: view::Identity,
    kind: String,
    state: &'static str,
    open: bool,
    received: String,
    about: Option<String>,
    learning: Option<String>,
    warning: Option<String>,
    clocks: Vec<ClockView>,
    next: Option<NextView>,
    others: Vec<NextView>,
    formal_href: Option<String>,
    steps: Vec<StepView>,
    facts: Vec<view::Fact>,
    may_work: bool,
    case_href: Option<String>,
    record_href: String,
    history_href: Option<String>,
}

/// A step that may be taken now.
#[derive(Serialize)]
struct NextView {
    words: &'static str,
    hint: Option<&'static str>,
    href: String,
}

pub async fn show(web: Web, id: Path<String>) -> Answer {
    let id = known(ComplaintId::parse(&id))?;
    let settings = web.app.settings.complaints.clone();
    let back = match web.actor().role() {
        Some(Role::Manager) => ("/reports/annual", "Figures"),
        _ => ("/complaints", "Complaints"),
    };
    let shown = web.read(move |ctx| show_view(ctx, &id, &settings)).await?;
    web.page(
        "complaints/show",
        PageOptions::titled("Complaint").back(back.0, back.1).wide(),
        shown,
    )
}

fn show_view(
    ctx: &mut Ctx<'_>,
    id: &ComplaintId,
    settings: &Complaints,
) -> Result<ShowView, Failure> {
    let opened = actions::open(ctx, id, Permission::SeeRecord)?;
    let (complaint, person) = (&opened.complaint, opened.person.person());
    let may_work = matches!(ctx.actor.role(), Some(Role::Officer | Role::SeniorOfficer));
    let mut steps = rules::next_steps(complaint)
        .into_iter()
        .map(|step| NextView {
            words: step.words(),
            hint: rules::step_hint(step),
            href: format!("/complaints/{id}/steps/{}", step.code()),
        });
    let open = complaint.closed_on.is_none();
    // When it is over nothing is expected; what still can be done stands among the others.
    let next = if open { steps.next() } else { None };
    let others = steps.collect();
    let has_history = !history::store::of(ctx, actions::HISTORY, id.as_str())?.is_empty();
    Ok(ShowView {
        identity: identity_bar(person, ctx.today, rules::state(complaint).words()),
        kind: complaint.kind_words(),
        state: rules::state(complaint).words(),
        open,
        received: day(complaint.received_on),
        about: complaint.details.about.clone(),
        learning: complaint.details.learning.clone(),
        warning: rules::late_warning(complaint),
        clocks: clock_views(ctx, complaint, settings)?,
        next,
        others,
        formal_href: opened
            .case
            .as_ref()
            .filter(|_| complaint.kind == Kind::Informal && open)
            .map(|case| format!("/cases/{case}/complaint")),
        steps: StepView::all(complaint),
        facts: facts(complaint),
        may_work,
        case_href: opened.case.as_ref().map(|case| format!("/cases/{case}")),
        record_href: format!("/young-people/{}", person.id),
        history_href: has_history.then(|| format!("/history/{}/{id}", actions::HISTORY)),
        id: id.clone(),
    })
}
