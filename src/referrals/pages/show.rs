//! One referral: the offer so far, the conference, brothers and sisters, and the attempts.

use serde::Serialize;

use crate::access::{Permission, Role};
use crate::calendar::{age_on, show as day};
use crate::conferences::{self, ConferenceChild, Status};
use crate::ctx::Ctx;
use crate::failure::Failure;
use crate::ids::{AttemptId, ReferralId, YoungPersonId};
use crate::lists;
use crate::referrals::line::colour;
use crate::referrals::{
    Attempt, Method, Offer, Referral, SECURE_ORDER, WithWhom, Withdrawal, actions, store,
};
use crate::staff;
use crate::text::NARRATIVE_LENGTH;
use crate::web::{Answer, Form, PageOptions, Path, Submitted, Web, known, view};
use crate::young_people::identity_bar;

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
    href: String,
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
    let form = web.resume(attempt_form(web.today())).await?;
    show_with(&web, known(ReferralId::parse(&id))?, form).await
}

async fn show_with(web: &Web, id: ReferralId, form: Form) -> Answer {
    let near = web.app.settings.work.conference_near_days;
    // A manager has no list of referrals: they came from the figures.
    let back = match web.actor().role() {
        Some(Role::Manager) => ("/reports/annual", "Figures"),
        _ => ("/referrals", "Referrals"),
    };
    let options = PageOptions::titled("Referral")
        .back(back.0, back.1)
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
        why_withdrawn: referral.resolution.withdrawal.map(Withdrawal::words),
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
        facts.push(view::Fact::new("Legal status", SECURE_ORDER.1));
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
            href: referral.map_or_else(
                || format!("/young-people/{}", sibling.young_person),
                |referral| format!("/referrals/{}", referral.id),
            ),
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
        let attempt = Attempt {
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
