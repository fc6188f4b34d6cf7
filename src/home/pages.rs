//! My work, the search, and the record of one young person.

use chrono::Duration;
use serde::Serialize;
use serde_json::json;

use actix_web::HttpResponse;
use actix_web::web::Data;

use crate::access::{Actor, Permission, Relationship, Role};
use crate::app::App;
use crate::audit;
use crate::calendar::{in_england, show as day};
use crate::cases;
use crate::conferences;
use crate::ctx::Ctx;
use crate::failure::Failure;
use crate::ids::YoungPersonId;
use crate::import;
use crate::referrals::store::{Filter, Sort, State};
use crate::referrals::{self, line::LineView};
use crate::staff;
use crate::web::{Answer, PageOptions, Path, Submitted, Web, aside, known, view};
use crate::young_people::{self, actions::open_record, identity_bar};

/// For whatever watches over the service: "ok" when the database answers.
pub async fn health(app: Data<App>) -> Answer {
    let db = app.db.clone();
    aside(move || db.read(&Actor::Nobody, staff::store::count)).await?;
    Ok(HttpResponse::Ok().content_type("text/plain").body("ok"))
}

// My work

#[derive(Serialize)]
struct WorkView {
    greeting: String,
    senior: Option<SeniorView>,
    mine: Vec<LineView>,
    mine_total: String,
    untaken: Vec<LineView>,
    untaken_total: String,
    cases: Vec<cases::line::LineView>,
    cases_total: String,
}

#[derive(Serialize)]
struct SeniorView {
    tiles: Vec<Tile>,
    caseloads: Vec<Caseload>,
    reasons: Vec<ReasonView>,
}

#[derive(Serialize)]
struct Tile {
    number: i64,
    words: &'static str,
    href: &'static str,
    attention: bool,
}

#[derive(Serialize)]
struct Caseload {
    officer: String,
    cases: i64,
}

#[derive(Serialize)]
struct ReasonView {
    who: String,
    person: String,
    href: String,
    reason: String,
    at: String,
}

const SHOWN: i64 = 10;

pub async fn home(web: Web) -> Answer {
    match web.actor().role() {
        Some(Role::Officer | Role::SeniorOfficer) => {}
        Some(Role::Manager) => return web.go("/reports/annual"),
        Some(Role::Administrator) => return web.go("/users"),
        Some(Role::Auditor) => return web.go("/access-record"),
        Some(Role::ParticipationOfficer) | None => {
            return web.page("home/nothing", "My work", json!({}));
        }
    }
    let near = web.app.settings.work.conference_near_days;
    let work = web.read(move |ctx| work(ctx, near)).await?;
    web.page("home/work", PageOptions::titled("My work").wide(), work)
}

fn work(ctx: &mut Ctx<'_>, near: i64) -> Result<WorkView, Failure> {
    let me = ctx.actor.user_id().cloned();
    let short = |state| Filter {
        limit: SHOWN,
        ..Filter::of(state)
    };
    let (mine, mine_total) = referrals::store::list(
        ctx,
        &Filter {
            officer: me.clone(),
            ..short(State::Waiting)
        },
    )?;
    let (untaken, untaken_total) = referrals::store::list(ctx, &short(State::Untaken))?;
    let (cases, cases_total) = cases::store::list(
        ctx,
        &cases::store::Filter {
            open: Some(true),
            officer: me,
            limit: SHOWN,
            ..cases::store::Filter::default()
        },
    )?;
    let today = ctx.today;
    let senior = match ctx.actor.role() {
        Some(Role::SeniorOfficer) => Some(senior(ctx, untaken_total)?),
        _ => None,
    };
    Ok(WorkView {
        greeting: day(today),
        senior,
        mine: LineView::lines(ctx, mine, near)?,
        mine_total: view::count(mine_total, "referral", "referrals"),
        untaken: LineView::lines(ctx, untaken, near)?,
        untaken_total: view::count(untaken_total, "referral", "referrals"),
        cases: cases
            .into_iter()
            .map(|line| cases::line::LineView::of(line, today))
            .collect(),
        cases_total: view::count(cases_total, "open case", "open cases"),
    })
}

fn senior(ctx: &mut Ctx<'_>, untaken: i64) -> Result<SeniorView, Failure> {
    let count = |ctx: &mut Ctx<'_>, state| {
        Ok::<_, Failure>(
            referrals::store::list(
                ctx,
                &Filter {
                    limit: 1,
                    ..Filter::of(state)
                },
            )?
            .1,
        )
    };
    let waiting = count(ctx, State::Waiting)?;
    let in_doubt = count(ctx, State::InDoubt)?;
    let rows = i64::try_from(import::store::waiting(ctx)?.len()).unwrap_or(i64::MAX);
    let since = ctx.now - Duration::days(14);
    Ok(SeniorView {
        tiles: vec![
            Tile {
                number: untaken,
                words: "referrals nobody has taken",
                href: "/referrals?state=untaken",
                attention: untaken > 0,
            },
            Tile {
                number: waiting,
                words: "referrals waiting for an answer",
                href: "/referrals?state=waiting",
                attention: false,
            },
            Tile {
                number: in_doubt,
                words: "referrals where a decision is needed",
                href: "/referrals?state=in_doubt",
                attention: in_doubt > 0,
            },
            Tile {
                number: rows,
                words: "imported rows that wait",
                href: "/imports/review",
                attention: rows > 0,
            },
        ],
        caseloads: cases::store::caseloads(ctx)?
            .into_iter()
            .map(|(officer, cases)| Caseload { officer, cases })
            .collect(),
        reasons: young_people::store::reasons_since(ctx, since)?
            .into_iter()
            .map(|stated| ReasonView {
                who: stated.who,
                person: format!("{} {}", stated.first_name, stated.last_name),
                href: format!("/young-people/{}", stated.young_person),
                reason: stated.reason,
                at: in_england(stated.stated_at)
                    .format("%-d %B %Y, %H:%M")
                    .to_string(),
            })
            .collect(),
    })
}

// Search

#[derive(Serialize)]
struct FoundView {
    q: String,
    people: Vec<FoundPerson>,
    total_words: String,
}

#[derive(Serialize)]
struct FoundPerson {
    href: String,
    person: String,
    age_words: String,
    state: &'static str,
}

/// The one box in the header. What was searched for is sent, never in an address.
pub async fn search(web: Web, sent: Submitted) -> Answer {
    let q = sent.first("q").trim().to_owned();
    let text = q.clone();
    let people = web.read(move |ctx| found(ctx, &text)).await?;
    let total = i64::try_from(people.len()).unwrap_or(i64::MAX);
    let view = FoundView {
        q,
        people,
        total_words: view::count(total, "person", "people"),
    };
    web.page("home/search", PageOptions::titled("Search").wide(), view)
}

fn found(ctx: &mut Ctx<'_>, text: &str) -> Result<Vec<FoundPerson>, Failure> {
    if text.is_empty() {
        return Ok(Vec::new());
    }
    let ids = young_people::actions::search(ctx, text)?;
    let filter = Filter {
        people: Some(ids.clone()),
        sort: Sort::Newest,
        limit: 1_000,
        ..Filter::of(State::All)
    };
    let (lines, _) = referrals::store::list(ctx, &filter)?;
    let today = ctx.today;
    Ok(young_people::store::by_ids(ctx, &ids)?
        .into_iter()
        .map(|person| FoundPerson {
            state: lines
                .iter()
                .find(|line| line.young_person == person.id)
                .map_or("No referral", |line| {
                    referrals::outcome_words(line.outcome, line.remit)
                }),
            href: format!("/young-people/{}", person.id),
            person: person.full_name(),
            age_words: view::age_words(person.date_of_birth, today),
        })
        .collect())
}

// One young person

#[derive(Serialize)]
struct RecordView {
    identity: view::Identity,
    facts: Vec<view::Fact>,
    referrals: Vec<RecordLine>,
    cases: Vec<RecordLine>,
    conferences: Vec<RecordLine>,
    looks: Vec<Look>,
}

#[derive(Serialize)]
struct RecordLine {
    day: String,
    what: String,
    state: &'static str,
    href: Option<String>,
}

#[derive(Serialize)]
struct Look {
    at: String,
    who: String,
    what: String,
}

pub async fn record(web: Web, id: Path<String>) -> Answer {
    let id = known(YoungPersonId::parse(&id))?;
    let shown = web.read(move |ctx| record_view(ctx, &id)).await?;
    let title = PageOptions::titled("Young person").wide();
    web.page("home/record", title, shown)
}

fn record_view(ctx: &mut Ctx<'_>, id: &YoungPersonId) -> Result<RecordView, Failure> {
    let relationship = match young_people::store::reason_holds(ctx, id)? {
        true => Relationship::ReasonStated,
        false => Relationship::Team,
    };
    let opened = open_record(ctx, id, Permission::SeeRecord, relationship, "record")?;
    let person = opened.person();
    let cases = cases::store::of_young_person(ctx, id)?;
    let open = cases.iter().any(|case| case.open_spell().is_some());
    let details = &person.details;
    let mut facts = Vec::new();
    for (name, value) in [
        ("Gender", &details.gender),
        ("Ethnicity", &details.ethnicity),
        ("Language", &details.language),
        ("Communication", &details.communication_needs),
    ] {
        if let Some(value) = value {
            facts.push(view::Fact::new(name, value));
        }
    }
    for source in young_people::store::refs(ctx, id)? {
        facts.push(view::Fact::new("Reference", source.reference));
    }
    let referrals = referrals::store::of_young_person(ctx, id)?
        .into_iter()
        .map(|referral| RecordLine {
            day: day(referral.request.received_on),
            what: format!(
                "{}: {}",
                referral.request.stream.words(),
                referral.request.source.words()
            ),
            state: referral.words(),
            href: Some(format!("/referrals/{}", referral.id)),
        })
        .collect();
    let conferences = conferences::store::of_young_person(ctx, id)?
        .into_iter()
        .map(|child| RecordLine {
            day: day(child.place.held_on),
            what: child.place.kind.words().to_owned(),
            state: child.place.status.words(),
            href: None,
        })
        .collect();
    let looks = audit::lines(ctx, Some(id), i64::MAX, 30)?
        .into_iter()
        .map(|line| Look {
            at: in_england(line.happened_at)
                .format("%-d %B %Y, %H:%M")
                .to_string(),
            who: line.actor_name.unwrap_or(line.actor),
            what: line.action.replace('_', " "),
        })
        .collect();
    Ok(RecordView {
        identity: identity_bar(
            person,
            ctx.today,
            if open { "Case open" } else { "No open case" },
        ),
        facts,
        referrals,
        cases: cases
            .into_iter()
            .map(|case| RecordLine {
                day: case.opened_on().map(day).unwrap_or_default(),
                what: case.stream.words().to_owned(),
                state: if case.open_spell().is_some() {
                    "Open"
                } else {
                    "Closed"
                },
                href: Some(format!("/cases/{}", case.id)),
            })
            .collect(),
        conferences,
        looks,
    })
}
