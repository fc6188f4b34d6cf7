//! The pages of referrals: the list, one referral, the offer and its facts, and the answers that
//! are not a yes.

use serde::Serialize;
use serde_json::json;

use super::line::{LineView, colour};
use super::store::{Filter, Sort, State};
use super::{
    Answer as Own, Method, Offer, Outcome, ParentPermission, Referral, Stream, WithWhom, actions,
    store,
};
use crate::access::{Permission, Role};
use crate::calendar::{age_on, show as day};
use crate::conferences::{self, ConferenceChild, Status};
use crate::ctx::Ctx;
use crate::failure::Failure;
use crate::ids::{AttemptId, ReferralId, UserId, YoungPersonId};
use crate::lists;
use crate::staff;
use crate::text::NARRATIVE_LENGTH;
use crate::web::{Answer, Failed, Form, PageOptions, Path, Submitted, Web, known, view};
use crate::young_people::{self, identity_bar};

const A_PAGE: i64 = 50;

// The list

#[derive(Serialize)]
struct ListView {
    form: Form,
    lines: Vec<LineView>,
    total_words: String,
    chips: view::Chips,
    pages: Option<view::Pagination>,
    searched: bool,
}

fn list_form(ctx: &mut Ctx<'_>) -> Result<Form, Failure> {
    let officers = staff::store::all(ctx)?
        .into_iter()
        .filter(|user| staff::rules::carries_cases(user.role))
        .map(|user| (user.id.to_string(), user.name));
    let mut everyone = vec![("me".to_owned(), "My own".to_owned())];
    everyone.extend(officers);
    Ok(Form::new()
        .choice(
            "state",
            State::ALL.iter().map(|state| (state.code(), state.words())),
        )
        .choice(
            "stream",
            Stream::ALL
                .iter()
                .map(|stream| (stream.code(), stream.words())),
        )
        .choice("officer", everyone)
        .choice(
            "sort",
            Sort::ALL.iter().map(|sort| (sort.code(), sort.words())),
        )
        .field("q"))
}

pub async fn list(web: Web) -> Answer {
    show_list(&web, web.query().clone(), None).await
}

/// The same list, narrowed by a name that must not stand in an address.
pub async fn search(web: Web, sent: Submitted) -> Answer {
    let text = sent.first("q").trim().to_owned();
    show_list(&web, sent, Some(text).filter(|text| !text.is_empty())).await
}

async fn show_list(web: &Web, asked: Submitted, text: Option<String>) -> Answer {
    let near = web.app.settings.work.conference_near_days;
    let searched = text.is_some();
    let list = web
        .read(move |ctx| {
            let mut form = list_form(ctx)?.fill(&asked);
            let state = form.chosen_optional("state", State::from_code);
            let sort = form.chosen_optional("sort", Sort::from_code);
            let stream = form.chosen_optional("stream", Stream::from_code);
            let officer = form.chosen_optional("officer", |code| Some(code.to_owned()));
            let page: i64 = asked.first("page").parse().unwrap_or(1).max(1);
            let default_state = if searched { State::All } else { State::Waiting };
            let people = match &text {
                Some(text) => Some(young_people::actions::search(ctx, text)?),
                None => None,
            };
            let filter = Filter {
                state: state.unwrap_or(default_state),
                stream,
                officer: match officer.as_deref() {
                    Some("me") => ctx.actor.user_id().cloned(),
                    Some(id) => UserId::parse(id),
                    None => None,
                },
                people,
                sort: sort.unwrap_or(Sort::Conference),
                limit: A_PAGE,
                offset: (page - 1) * A_PAGE,
            };
            let (lines, total) = store::list(ctx, &filter)?;
            let form = form
                .set("state", filter.state.code())
                .set("sort", filter.sort.code());
            let mut chips = view::Chips::new("/referrals");
            for (name, words) in [
                ("state", state.map(State::words)),
                ("stream", stream.map(Stream::words)),
                ("officer", officer.as_ref().map(|_| "One officer's")),
            ] {
                if let Some(words) = words {
                    chips.add(&asked, name, words);
                }
            }
            Ok(ListView {
                lines: LineView::lines(ctx, lines, near)?,
                total_words: view::count(total, "referral", "referrals"),
                pages: view::Pagination::of("/referrals", &asked, page, total, A_PAGE)
                    .filter(|_| !searched),
                form,
                chips,
                searched,
            })
        })
        .await?;
    web.page(
        "referrals/list",
        PageOptions::titled("Referrals").wide(),
        list,
    )
}

// One referral

#[derive(Serialize)]
struct ShowView {
    id: ReferralId,
    take_form: Form,
    go_on_form: Form,
    identity: view::Identity,
    record_href: String,
    warning: Option<String>,
    decision_needed: Option<String>,
    outcome: &'static str,
    colour: &'static str,
    outcome_on: Option<String>,
    outcome_note: Option<String>,
    why_withdrawn: Option<&'static str>,
    waits: bool,
    may_work: bool,
    may_allocate: bool,
    may_take: bool,
    case_href: Option<String>,
    facts: Vec<view::Fact>,
    conference: Option<ConferenceView>,
    siblings: Vec<SiblingView>,
    offer: Vec<OfferFact>,
    attempts: Vec<AttemptView>,
    form: Form,
}

#[derive(Serialize)]
struct ConferenceView {
    countdown: Option<view::Countdown>,
    facts: Vec<view::Fact>,
}

#[derive(Serialize)]
struct SiblingView {
    person: String,
    age_words: String,
    href: Option<String>,
    state: &'static str,
}

#[derive(Serialize)]
struct OfferFact {
    fact: &'static str,
    value: String,
    done: bool,
}

#[derive(Serialize)]
struct AttemptView {
    made_on: String,
    what: String,
    note: String,
    made_by: String,
    reached: bool,
}

fn attempt_form(today: chrono::NaiveDate) -> Form {
    Form::new()
        .date("made_on")
        .choice(
            "method",
            Method::ALL
                .iter()
                .map(|method| (method.code(), method.words())),
        )
        .choice(
            "with_whom",
            WithWhom::ALL.iter().map(|who| (who.code(), who.words())),
        )
        .field("reached")
        .field("note")
        .set("made_on", today)
}

pub async fn show(web: Web, id: Path<String>) -> Answer {
    let form = attempt_form(web.today());
    show_with(&web, known(ReferralId::parse(&id))?, form).await
}

async fn show_with(web: &Web, id: ReferralId, form: Form) -> Answer {
    let near = web.app.settings.work.conference_near_days;
    let options = PageOptions::titled("Referral")
        .back("/referrals", "Referrals")
        .wide()
        .with_form(&form);
    let shown = {
        let id = id.clone();
        web.read(move |ctx| show_view(ctx, &id, form, near)).await
    };
    match shown {
        Ok(shown) => web.page("referrals/show", options, shown),
        // A manager who came from a list of figures may say why they need to see the record.
        Err(Failure::NotFound) if web.actor().role() == Some(Role::Manager) => {
            web.go(&format!("/referrals/{id}/reason"))
        }
        Err(failure) => Err(failure.into()),
    }
}

fn show_view(
    ctx: &mut Ctx<'_>,
    id: &ReferralId,
    form: Form,
    near: i64,
) -> Result<ShowView, Failure> {
    let (referral, opened) = actions::open(ctx, id, Permission::SeeRecord)?;
    let person = opened.person();
    let conference = match &referral.conference_child {
        Some(child) => conferences::store::find(ctx, child)?,
        None => None,
    };
    let waits = referral.is_open();
    let role = ctx.actor.role();
    let may_work = matches!(role, Some(Role::Officer | Role::SeniorOfficer));
    // The person's own warning stands in the bar at the top; the conference may bring another.
    let warning = conference
        .as_ref()
        .and_then(|child| child.place.contact_warning.clone())
        .filter(|warning| Some(warning) != person.contact_warning.as_ref());
    let siblings = match &conference {
        Some(child) => siblings(ctx, child, &referral.young_person)?,
        None => Vec::new(),
    };
    let officer = match &referral.officer {
        Some(officer) => staff::store::find(ctx, officer)?.map(|user| user.name),
        None => None,
    };
    let case_href = store::case_of(ctx, id)?.map(|case| format!("/cases/{case}"));
    let attempts = store::attempts(ctx, id)?
        .into_iter()
        .map(|attempt| AttemptView {
            made_on: day(attempt.made_on),
            what: format!(
                "{}, {}",
                attempt.method.words(),
                attempt.with_whom.words().to_lowercase()
            ),
            note: attempt.note,
            made_by: attempt.made_by,
            reached: attempt.reached,
        })
        .collect();
    Ok(ShowView {
        take_form: Form::new().hidden("version", referral.version),
        go_on_form: Form::new().hidden("version", referral.version),
        identity: identity_bar(person, ctx.today, referral.words()),
        record_href: format!("/young-people/{}", person.id),
        warning,
        decision_needed: referral.decision_needed.clone(),
        outcome: referral.words(),
        colour: colour(referral.resolution.outcome, referral.request.remit),
        outcome_on: referral.resolution.on.map(day),
        outcome_note: referral.resolution.note.clone(),
        why_withdrawn: referral.resolution.withdrawal.map(super::Withdrawal::words),
        waits,
        may_work,
        may_allocate: waits && role == Some(Role::SeniorOfficer),
        may_take: waits && may_work && referral.officer.is_none(),
        case_href,
        facts: facts(ctx, &referral, officer)?,
        conference: conference.map(|child| conference_view(&child, ctx.today, near)),
        siblings,
        offer: offer_facts(&referral.offer),
        attempts,
        form,
        id: referral.id,
    })
}

fn facts(
    ctx: &mut Ctx<'_>,
    referral: &Referral,
    officer: Option<String>,
) -> Result<Vec<view::Fact>, Failure> {
    let request = &referral.request;
    let mut facts = vec![
        view::Fact::new("Received", day(request.received_on)),
        view::Fact::new("Stream", request.stream.words()),
        view::Fact::new("Asked for by", request.source.words()),
        view::Fact::new(
            "Officer",
            officer.unwrap_or_else(|| "Nobody yet".to_owned()),
        ),
    ];
    if let Some(reason) = &request.reason {
        let label = lists::store::entries(ctx, lists::REASONS)?
            .into_iter()
            .find(|entry| entry.code == *reason)
            .map_or_else(|| reason.clone(), |entry| entry.label);
        facts.push(view::Fact::new("Reason", label));
    }
    if request.secure_order {
        facts.push(view::Fact::new("Legal status", super::SECURE_ORDER.1));
    } else if let Some(status) = request.legal_status {
        facts.push(view::Fact::new("Legal status", status.words()));
    }
    if let Some(reference) = store::external_ref(ctx, &referral.id)? {
        facts.push(view::Fact::new("Reference", reference));
    }
    Ok(facts)
}

fn conference_view(child: &ConferenceChild, today: chrono::NaiveDate, near: i64) -> ConferenceView {
    let place = &child.place;
    let mut facts = vec![
        view::Fact::new("Kind", place.kind.words()),
        view::Fact::new(
            "Day",
            match &place.starts_at {
                Some(time) => format!("{} at {time}", day(place.held_on)),
                None => day(place.held_on),
            },
        ),
        view::Fact::new("State", place.status.words()),
    ];
    let carer = [
        &place.carer.name,
        &place.carer.relationship,
        &place.carer.phone,
        &place.carer.email,
    ]
    .into_iter()
    .flatten()
    .cloned()
    .collect::<Vec<_>>()
    .join(", ");
    let social_worker = [
        &place.social_worker_name,
        &place.team,
        &place.social_worker_email,
    ]
    .into_iter()
    .flatten()
    .cloned()
    .collect::<Vec<_>>()
    .join(", ");
    for (name, value) in [
        ("Where", place.venue.clone().unwrap_or_default()),
        ("Chair", place.chair.clone().unwrap_or_default()),
        ("Parent or carer", carer),
        ("Social worker", social_worker),
        (
            "Comes from",
            place.transferring_authority.clone().unwrap_or_default(),
        ),
    ] {
        if !value.is_empty() {
            facts.push(view::Fact::new(name, value));
        }
    }
    ConferenceView {
        countdown: (!matches!(place.status, Status::Cancelled | Status::Held))
            .then(|| view::Countdown::to(place.held_on, today, near)),
        facts,
    }
}

fn siblings(
    ctx: &mut Ctx<'_>,
    child: &ConferenceChild,
    me: &YoungPersonId,
) -> Result<Vec<SiblingView>, Failure> {
    let mut views = Vec::new();
    for sibling in conferences::store::siblings(ctx, &child.conference, me)? {
        let referral = store::of_young_person(ctx, &sibling.young_person)?
            .into_iter()
            .next();
        views.push(SiblingView {
            person: format!("{} {}", sibling.first_name, sibling.last_name),
            age_words: match sibling.date_of_birth {
                Some(born) => {
                    format!(
                        "{} on the day of the conference",
                        age_on(born, sibling.held_on).max(0)
                    )
                }
                None => "Not born yet".to_owned(),
            },
            state: referral.as_ref().map_or("No referral", Referral::words),
            href: referral.map(|referral| format!("/referrals/{}", referral.id)),
        });
    }
    Ok(views)
}

fn offer_facts(offer: &Offer) -> Vec<OfferFact> {
    let fact = |fact, value: Option<String>| OfferFact {
        fact,
        done: value.is_some(),
        value: value.unwrap_or_else(|| "Not yet".to_owned()),
    };
    vec![
        fact(
            "Parent or carer contacted",
            offer.parent_contacted_on.map(day),
        ),
        fact(
            "Parent's permission",
            offer
                .permission
                .map(|(permission, on)| format!("{}, {}", permission.words(), day(on))),
        ),
        fact("Young person asked", offer.young_person_asked_on.map(day)),
        fact(
            "Young person's own answer",
            offer
                .answer
                .map(|(answer, on)| format!("{}, {}", answer.words(), day(on))),
        ),
    ]
}

/// Logs an attempt, from the small form on the page of the referral.
pub async fn attempt(web: Web, id: Path<String>, sent: Submitted) -> Answer {
    let id = known(ReferralId::parse(&id))?;
    let mut form = attempt_form(web.today()).fill(&sent);
    let made_on = form.date_required("made_on", "The day of the attempt");
    let method = form.chosen("method", Method::from_code, "Choose how you tried");
    let with_whom = form.chosen("with_whom", WithWhom::from_code, "Choose whom you tried");
    let note = form.text("note", NARRATIVE_LENGTH);
    if let (true, Some(made_on), Some(method), Some(with_whom)) =
        (form.ok(), made_on, method, with_whom)
    {
        let attempt = super::Attempt {
            id: AttemptId::random(),
            made_on,
            method,
            with_whom,
            reached: form.yes("reached"),
            note,
            made_by: String::new(),
        };
        let referral = id.clone();
        let done = web
            .write_once(&form, move |ctx| {
                actions::log_attempt(ctx, &referral, &attempt)?;
                Ok(format!("/referrals/{referral}"))
            })
            .await;
        match done {
            Ok(location) => return web.see(&location, "The attempt is on record"),
            Err(failure) => form.explain(failure)?,
        }
    }
    show_with(&web, id, form).await
}

// The four facts of the offer

fn offer_form(referral: Option<&Referral>) -> Form {
    let words = |permission: &ParentPermission| (permission.code(), permission.words());
    let form = Form::new()
        .date("parent_contacted_on")
        .choice("permission", ParentPermission::ALL.iter().map(words))
        .date("permission_on")
        .date("young_person_asked_on")
        .choice(
            "answer",
            Own::ALL
                .iter()
                .map(|answer| (answer.code(), answer.words())),
        )
        .date("answer_on")
        .hidden("version", referral.map_or(0, |referral| referral.version));
    let Some(offer) = referral.map(|referral| &referral.offer) else {
        return form;
    };
    form.set("parent_contacted_on", offer.parent_contacted_on)
        .set(
            "permission",
            offer.permission.map(|(permission, _)| permission.code()),
        )
        .set("permission_on", offer.permission.map(|(_, on)| on))
        .set("young_person_asked_on", offer.young_person_asked_on)
        .set("answer", offer.answer.map(|(answer, _)| answer.code()))
        .set("answer_on", offer.answer.map(|(_, on)| on))
}

/// A page with one form about a referral: whose it is at the top, the form under it.
async fn form_page(web: &Web, id: &ReferralId, template: &str, title: &str, form: Form) -> Answer {
    let options = PageOptions::titled(title)
        .back(format!("/referrals/{id}"), "Referral")
        .with_form(&form);
    let wanted = id.clone();
    let identity = web.read(move |ctx| identity(ctx, &wanted)).await?;
    web.page(
        template,
        options,
        json!({ "form": form, "id": id, "identity": identity }),
    )
}

fn identity(ctx: &mut Ctx<'_>, id: &ReferralId) -> Result<view::Identity, Failure> {
    let (referral, opened) = actions::open(ctx, id, Permission::WorkRecord)?;
    Ok(identity_bar(opened.person(), ctx.today, referral.words()))
}

pub async fn offer(web: Web, id: Path<String>) -> Answer {
    let id = known(ReferralId::parse(&id))?;
    let wanted = id.clone();
    let form = web
        .read(move |ctx| {
            let (referral, _) = actions::open(ctx, &wanted, Permission::WorkRecord)?;
            Ok(offer_form(Some(&referral)))
        })
        .await?;
    form_page(&web, &id, "referrals/offer", "The offer", form).await
}

pub async fn offer_sent(web: Web, id: Path<String>, sent: Submitted) -> Answer {
    let id = known(ReferralId::parse(&id))?;
    let mut form = offer_form(None).fill(&sent);
    let parent_contacted_on = form.date_optional(
        "parent_contacted_on",
        "The day the parent or carer was contacted",
    );
    let permission = form.chosen_optional("permission", ParentPermission::from_code);
    let permission_on = dated(
        &mut form,
        permission.is_some(),
        "permission_on",
        "The day of the permission",
    );
    let young_person_asked_on = form.date_optional(
        "young_person_asked_on",
        "The day the young person was asked",
    );
    let answer = form.chosen_optional("answer", Own::from_code);
    let answer_on = dated(
        &mut form,
        answer.is_some(),
        "answer_on",
        "The day of the answer",
    );
    if permission.is_none() && permission_on.is_some() {
        form.add_error(
            "permission",
            "Choose whether permission was given or refused",
        );
    }
    if answer.is_none() && answer_on.is_some() {
        form.add_error("answer", "Choose what the young person answered");
    }
    if form.ok() {
        let offer = Offer {
            parent_contacted_on,
            permission: permission.zip(permission_on),
            young_person_asked_on,
            answer: answer.zip(answer_on),
        };
        let (referral, version) = (id.clone(), form.version("version"));
        let done = web
            .write_once(&form, move |ctx| {
                actions::record_offer(ctx, &referral, version, &offer)?;
                Ok(format!("/referrals/{referral}"))
            })
            .await;
        match done {
            Ok(location) => return web.see(&location, "The offer is on record"),
            Err(failure) => form.explain(failure)?,
        }
    }
    form_page(&web, &id, "referrals/offer", "The offer", form).await
}

/// The day that belongs to an answer: asked for once there is an answer.
fn dated(form: &mut Form, answered: bool, name: &str, label: &str) -> Option<chrono::NaiveDate> {
    if answered {
        form.date_required(name, label)
    } else {
        form.date_optional(name, label)
    }
}

// The answers that are not a yes

const ENDINGS: [Outcome; 6] = [
    Outcome::DeclinedByYoungPerson,
    Outcome::DeclinedByParent,
    Outcome::DeclinedNotKnownIfTold,
    Outcome::NoResponse,
    Outcome::ChangedMind,
    Outcome::Withdrawn,
];

fn ending_form(today: chrono::NaiveDate, version: i32) -> Form {
    Form::new()
        .choice(
            "outcome",
            ENDINGS
                .iter()
                .map(|outcome| (outcome.code(), outcome.words())),
        )
        .date("on")
        .field("note")
        .hidden("version", version)
        .set("on", today)
}

pub async fn ending(web: Web, id: Path<String>) -> Answer {
    let id = known(ReferralId::parse(&id))?;
    let wanted = id.clone();
    let version = web
        .read(move |ctx| {
            let (referral, _) = actions::open(ctx, &wanted, Permission::WorkRecord)?;
            super::rules::must_be_open(&referral)?;
            Ok(referral.version)
        })
        .await?;
    let form = ending_form(web.today(), version);
    form_page(
        &web,
        &id,
        "referrals/ending",
        "The offer was not taken up",
        form,
    )
    .await
}

pub async fn ending_sent(web: Web, id: Path<String>, sent: Submitted) -> Answer {
    let id = known(ReferralId::parse(&id))?;
    let mut form = ending_form(web.today(), 0).fill(&sent);
    let outcome = form.chosen(
        "outcome",
        Outcome::from_code,
        "Choose what came of the offer",
    );
    let on = form.date_required("on", "The day of the answer");
    let note = form.text("note", NARRATIVE_LENGTH);
    if let (true, Some(outcome), Some(on)) = (form.ok(), outcome, on) {
        let ending = actions::Ending {
            outcome,
            on,
            note: Some(note).filter(|note| !note.is_empty()),
        };
        let (referral, version) = (id.clone(), form.version("version"));
        let done = web
            .write_once(&form, move |ctx| {
                actions::end(ctx, &referral, version, &ending)?;
                Ok(format!("/referrals/{referral}"))
            })
            .await;
        match done {
            Ok(location) => return web.see(&location, "The answer is on record"),
            Err(failure) => form.explain(failure)?,
        }
    }
    form_page(
        &web,
        &id,
        "referrals/ending",
        "The offer was not taken up",
        form,
    )
    .await
}

// Who makes the offer

/// A small form on the page of the referral: the officer takes it.
pub async fn take(web: Web, id: Path<String>, sent: Submitted) -> Answer {
    let id = known(ReferralId::parse(&id))?;
    let form = Form::new().hidden("version", 0).fill(&sent);
    let (me, version) = (
        known(web.actor().user_id().cloned())?,
        form.version("version"),
    );
    let location = web
        .write_once(&form, move |ctx| {
            actions::give_to(ctx, &id, version, &me)?;
            Ok(format!("/referrals/{id}"))
        })
        .await?;
    web.see(&location, "This referral is now yours")
}

/// An officer decides that the offer goes on though its conference went away.
pub async fn go_on(web: Web, id: Path<String>, sent: Submitted) -> Answer {
    let id = known(ReferralId::parse(&id))?;
    let form = Form::new().hidden("version", 0).fill(&sent);
    let version = form.version("version");
    let location = web
        .write_once(&form, move |ctx| {
            actions::go_on(ctx, &id, version)?;
            Ok(format!("/referrals/{id}"))
        })
        .await?;
    web.see(&location, "The offer goes on")
}

fn allocate_form(ctx: &mut Ctx<'_>, referral: &Referral) -> Result<Form, Failure> {
    let officers = staff::actions::officer_options(ctx)?;
    Ok(Form::new()
        .choice("officer", officers)
        .hidden("version", referral.version)
        .set(
            "officer",
            referral.officer.as_ref().map(ToString::to_string),
        ))
}

pub async fn allocate(web: Web, id: Path<String>) -> Answer {
    let id = known(ReferralId::parse(&id))?;
    let form = allocate_form_for(&web, &id).await?;
    form_page(
        &web,
        &id,
        "referrals/allocate",
        "Give this referral to an officer",
        form,
    )
    .await
}

async fn allocate_form_for(web: &Web, id: &ReferralId) -> Result<Form, Failed> {
    let wanted = id.clone();
    Ok(web
        .read(move |ctx| {
            let (referral, _) = actions::open(ctx, &wanted, Permission::Allocate)?;
            allocate_form(ctx, &referral)
        })
        .await?)
}

pub async fn allocate_sent(web: Web, id: Path<String>, sent: Submitted) -> Answer {
    let id = known(ReferralId::parse(&id))?;
    let mut form = allocate_form_for(&web, &id).await?.fill(&sent);
    let officer = form.chosen("officer", UserId::parse, "Choose an officer");
    if let (true, Some(officer)) = (form.ok(), officer) {
        let (referral, version) = (id.clone(), form.version("version"));
        let done = web
            .write_once(&form, move |ctx| {
                actions::give_to(ctx, &referral, version, &officer)?;
                Ok(format!("/referrals/{referral}"))
            })
            .await;
        match done {
            Ok(location) => return web.see(&location, "The referral has its officer"),
            Err(failure) => form.explain(failure)?,
        }
    }
    form_page(
        &web,
        &id,
        "referrals/allocate",
        "Give this referral to an officer",
        form,
    )
    .await
}

// A manager's stated reason

fn reason_form() -> Form {
    Form::new().field("reason")
}

fn reason_page(web: &Web, id: &ReferralId, form: &Form) -> Answer {
    let options = PageOptions::titled("Why do you need to see this record?")
        .back("/reports/annual", "Figures")
        .with_form(form);
    web.page(
        "referrals/reason",
        options,
        json!({ "form": form, "id": id }),
    )
}

pub async fn reason(web: Web, id: Path<String>) -> Answer {
    reason_page(&web, &known(ReferralId::parse(&id))?, &reason_form())
}

pub async fn reason_sent(web: Web, id: Path<String>, sent: Submitted) -> Answer {
    let id = known(ReferralId::parse(&id))?;
    let mut form = reason_form().fill(&sent);
    let reason = form.required("reason", "Say why you need to see this record");
    if reason
        .as_ref()
        .is_some_and(|reason| reason.chars().count() < 10)
    {
        form.add_error(
            "reason",
            "Say it in a sentence: the senior officer will read it",
        );
    }
    if let (true, Some(reason)) = (form.ok(), reason) {
        let referral = id.clone();
        let done = web
            .write_once(&form, move |ctx| {
                let found = store::find(ctx, &referral)?.ok_or(Failure::NotFound)?;
                young_people::actions::state_reason(ctx, &found.young_person, &reason)?;
                Ok(format!("/referrals/{referral}"))
            })
            .await;
        match done {
            Ok(location) => return web.see(&location, "Your reason is on record"),
            Err(failure) => form.explain(failure)?,
        }
    }
    reason_page(&web, &id, &form)
}
