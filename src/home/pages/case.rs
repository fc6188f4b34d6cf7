//! One case: everything done in it, from its opening to its closing.

use serde::Serialize;

use crate::access::{Permission, Role};
use crate::calendar::{show as day, weeks_between};
use crate::case_studies;
use crate::cases::{self, Case};
use crate::complaints;
use crate::contacts;
use crate::ctx::Ctx;
use crate::documents;
use crate::failure::Failure;
use crate::ids::CaseId;
use crate::issues;
use crate::lists;
use crate::meetings;
use crate::settings::Complaints;
use crate::tasks;
use crate::team;
use crate::themes;
use crate::web::{Answer, PageOptions, Path, Web, known, view};
use crate::young_people::{self, identity_bar};

#[derive(Serialize)]
struct ShowView {
    id: CaseId,
    identity: view::Identity,
    record_href: String,
    referral_href: String,
    open: bool,
    may_work: bool,
    may_allocate: bool,
    facts: Vec<view::Fact>,
    spells: Vec<SpellView>,
    officers: Vec<OfficerView>,
    team: team::panel::Panel,
    issues: issues::panel::Panel,
    contacts: contacts::panel::Panel,
    tasks: tasks::panel::Panel,
    meetings: meetings::panel::Panel,
    complaints: complaints::panel::Panel,
    outcomes: cases::outcomes::panel::Panel,
    themes: themes::panel::Panel,
    case_study: case_studies::panel::Panel,
    documents: documents::panel::Panel,
}

#[derive(Serialize)]
struct SpellView {
    opened: String,
    opening_note: Option<String>,
    closed: Option<String>,
    reason: Option<String>,
    closing_note: Option<String>,
}

#[derive(Serialize)]
struct OfficerView {
    officer: String,
    from: String,
    to: String,
}

pub async fn case(web: Web, id: Path<String>) -> Answer {
    let id = known(CaseId::parse(&id))?;
    let clocks = web.app.settings.complaints.clone();
    let shown = web.read(move |ctx| show_view(ctx, &id, &clocks)).await?;
    web.page(
        "home/case",
        PageOptions::titled("Case").back("/cases", "Cases").wide(),
        shown,
    )
}

fn show_view(ctx: &mut Ctx<'_>, id: &CaseId, clocks: &Complaints) -> Result<ShowView, Failure> {
    let (case, opened) = cases::actions::open(ctx, id, Permission::SeeRecord)?;
    let person = opened.person();
    let today = ctx.today;
    let reasons = lists::store::entries(ctx, lists::CLOSURE_REASONS)?;
    let is_open = case.open_spell().is_some();
    let state = if is_open { "Case open" } else { "Case closed" };
    let role = ctx.actor.role();
    let may_work = matches!(role, Some(Role::Officer | Role::SeniorOfficer));
    Ok(ShowView {
        identity: identity_bar(
            person,
            today,
            &young_people::status::beside(ctx, &case.young_person, state)?,
        ),
        record_href: format!("/young-people/{}", person.id),
        referral_href: format!("/referrals/{}", case.referral),
        open: is_open,
        may_work,
        may_allocate: is_open && role == Some(Role::SeniorOfficer),
        facts: facts(&case, today),
        spells: case
            .spells
            .iter()
            .map(|spell| {
                let closing = spell.closing.as_ref();
                SpellView {
                    opened: day(spell.opened_on),
                    opening_note: spell.opening_note.clone(),
                    closed: closing.map(|closing| day(closing.on)),
                    reason: closing
                        .and_then(|closing| closing.reason.as_deref())
                        .map(|code| lists::label(&reasons, code)),
                    closing_note: closing.and_then(|closing| closing.note.clone()),
                }
            })
            .collect(),
        officers: case
            .allocations
            .iter()
            .rev()
            .map(|held| OfficerView {
                officer: held.officer_name.clone(),
                from: day(held.from),
                to: held.to.map_or_else(|| "now".to_owned(), day),
            })
            .collect(),
        team: team::panel::of_case(
            ctx,
            &case.id,
            &case.young_person,
            case.officer().map(|held| &held.officer),
        )?,
        issues: issues::panel::of_case(ctx, &case)?,
        contacts: contacts::panel::of_case(ctx, &case)?,
        tasks: tasks::panel::of_case(ctx, &case)?,
        meetings: meetings::panel::of_case(ctx, &case)?,
        complaints: complaints::panel::of_case(ctx, &case, clocks)?,
        outcomes: cases::outcomes::panel::of_case(ctx, &case)?,
        themes: themes::panel::of_case(ctx, &case)?,
        case_study: case_studies::panel::of_case(ctx, &case)?,
        documents: documents::panel::of_case(ctx, &case)?,
        id: case.id,
    })
}

fn facts(case: &Case, today: chrono::NaiveDate) -> Vec<view::Fact> {
    let mut facts = vec![view::Fact::new("Stream", case.stream.words())];
    if let Some(opened) = case.opened_on() {
        facts.push(view::Fact::new("Opened", day(opened)));
        let until = match (case.open_spell(), case.last_closing()) {
            (None, Some(closing)) => {
                facts.push(view::Fact::new("Closed", day(closing.on)));
                closing.on
            }
            _ => today,
        };
        facts.push(view::Fact::new(
            "Weeks",
            format!("{:.1}", weeks_between(opened, until)),
        ));
    }
    let officer = case
        .officer()
        .map_or("Nobody", |held| held.officer_name.as_str());
    facts.push(view::Fact::new("Officer", officer));
    facts
}
