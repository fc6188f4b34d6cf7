//! The pages of requests: what waits, one request with everything that was typed, taking it on, and
//! pointing it elsewhere.

use chrono::NaiveDate;
use serde::Serialize;
use serde_json::json;

use super::actions::{self, Likely};
use super::{AskedBy, CaredBy, Decision, Request, State, rules};
use crate::calendar::{Holidays, show as day};
use crate::ctx::Ctx;
use crate::failure::Failure;
use crate::holidays;
use crate::ids::{RequestId, YoungPersonId};
use crate::lists;
use crate::referrals::actions::{Whom, is_automatic};
use crate::referrals::{LegalStatus, Received, Remit, Source, Stream};
use crate::text::{NARRATIVE_LENGTH, Name};
use crate::web::view::{Countdown, Fact};
use crate::web::{Answer, Failed, Form, PageOptions, Path, Submitted, Web, known, view};
use crate::young_people::warnings::rules::next_review;
use crate::young_people::warnings::{self, Said};
use crate::young_people::{Described, Details, YoungPerson};

/// The choice that it is nobody who is on record.
const SOMEBODY_NEW: &str = "new";
/// A promise with this many days left is shown as near.
const NEAR: i64 = 1;

#[derive(Serialize)]
struct Line {
    href: String,
    name: String,
    age: Option<String>,
    who: &'static str,
    about: String,
    urgent: bool,
    /// Urgent, or waiting longer than promised.
    attention: bool,
    received: String,
    waited: Option<String>,
    due: Option<Countdown>,
    reference: String,
    again: Option<String>,
    on_record: Option<String>,
}

fn age_words(request: &Request, today: NaiveDate) -> Option<String> {
    match (request.asked.date_of_birth, request.asked.age) {
        (Some(born), _) => Some(view::age_words(Some(born), today)),
        (None, Some(age)) => Some(age.to_string()),
        (None, None) => None,
    }
}

/// "waits for 2 working days".
fn waited(request: &Request, holidays: &Holidays, today: NaiveDate) -> Option<String> {
    let days = holidays
        .working_days_between(request.received_on, today)
        .ok()?;
    Some(match days {
        0 => "Waits for less than a working day".to_owned(),
        days => format!(
            "Waits for {}",
            view::count(i64::from(days), "working day", "working days")
        ),
    })
}

fn suggestion(count: usize, one: &str, many: &str) -> Option<String> {
    let count = i64::try_from(count).unwrap_or(i64::MAX);
    (count > 0).then(|| view::count(count, one, many))
}

fn line(request: &Request, likely: &Likely, holidays: &Holidays, today: NaiveDate) -> Line {
    let waits = request.state == State::Waiting;
    let wants: Vec<_> = request
        .asked
        .wants
        .iter()
        .map(|want| want.words())
        .collect();
    Line {
        href: format!("/requests/{}", request.id),
        name: request.name(),
        age: age_words(request, today),
        who: request.asked.source.words(),
        about: wants.join("; "),
        urgent: request.urgent,
        attention: request.urgent || (waits && request.is_late(today)),
        received: day(request.received_on),
        waited: waited(request, holidays, today).filter(|_| waits),
        due: request
            .due_on
            .filter(|_| waits)
            .map(|due| Countdown::to(due, today, NEAR)),
        reference: request.reference.clone(),
        again: suggestion(
            likely.requests.len(),
            "other request that may be the same",
            "other requests that may be the same",
        ),
        on_record: suggestion(
            likely.on_record.len(),
            "person on record who may be the same",
            "people on record who may be the same",
        ),
    }
}

/// The requests in one state: those that wait, unless another is asked for.
pub async fn list(web: Web) -> Answer {
    let state = State::from_code(web.asked("state")).unwrap_or(State::Waiting);
    let lines = web
        .read(move |ctx| {
            let requests = actions::list(ctx, state)?;
            let holidays = holidays::store::calendar(ctx)?;
            let likely = match state {
                State::Waiting => actions::likely(ctx, &requests)?,
                _ => vec![Likely::default(); requests.len()],
            };
            let today = ctx.today;
            Ok(requests
                .iter()
                .zip(&likely)
                .map(|(request, likely)| line(request, likely, &holidays, today))
                .collect::<Vec<_>>())
        })
        .await?;
    let states: Vec<_> = State::ALL
        .iter()
        .map(|it| {
            json!({
                "href": format!("/requests?state={}", it.code()),
                "text": it.words(),
                "current": *it == state,
            })
        })
        .collect();
    web.page(
        "requests/list",
        PageOptions::titled("Requests from outside").wide(),
        json!({ "lines": lines, "states": states, "waiting": state == State::Waiting }),
    )
}

#[derive(Serialize)]
struct ShowView {
    id: RequestId,
    who: String,
    state: &'static str,
    colour: &'static str,
    urgent: bool,
    waits: bool,
    may_put_back: bool,
    due: Option<Countdown>,
    waited: Option<String>,
    facts: Vec<Fact>,
    reach: Vec<Fact>,
    words: Option<String>,
    own: bool,
    not_safe: bool,
    on_record: Vec<OtherView>,
    requests: Vec<OtherView>,
    decisions: Vec<DecisionView>,
    back_form: Form,
}

#[derive(Serialize)]
struct OtherView {
    href: String,
    who: String,
    about: String,
}

#[derive(Serialize)]
struct DecisionView {
    what: &'static str,
    place: Option<String>,
    why: Option<String>,
    by: String,
    at: String,
    referral: Option<String>,
    person: Option<String>,
}

pub async fn show(web: Web, id: Path<String>) -> Answer {
    let id = known(RequestId::parse(&id))?;
    let shown = web.read(move |ctx| show_view(ctx, &id)).await?;
    web.page(
        "requests/show",
        PageOptions::titled("Request").back("/requests", "Requests from outside"),
        shown,
    )
}

fn colour(state: State) -> &'static str {
    match state {
        State::Waiting => "blue",
        State::Taken => "green",
        State::Elsewhere | State::Spam => "grey",
    }
}

fn show_view(ctx: &mut Ctx<'_>, id: &RequestId) -> Result<ShowView, Failure> {
    let (request, decisions) = actions::open(ctx, id)?;
    let likely = match request.state {
        State::Waiting => actions::likely(ctx, std::slice::from_ref(&request))?.pop(),
        _ => None,
    }
    .unwrap_or_default();
    let holidays = holidays::store::calendar(ctx)?;
    let (today, now) = (ctx.today, ctx.now);
    let waits = request.state == State::Waiting;
    Ok(ShowView {
        who: request.name(),
        state: request.state.words(),
        colour: colour(request.state),
        urgent: request.urgent,
        waits,
        may_put_back: rules::may_put_back(request.state).is_ok(),
        due: request
            .due_on
            .filter(|_| waits)
            .map(|due| Countdown::to(due, today, NEAR)),
        waited: waited(&request, &holidays, today).filter(|_| waits),
        facts: facts(&request, today),
        reach: reach(&request),
        words: request.asked.words.clone(),
        own: request.asked.asked_by == AskedBy::YoungPerson,
        not_safe: request.asked.wants.contains(&super::Want::NotSafe),
        on_record: likely.on_record.iter().map(person_view).collect(),
        requests: likely
            .requests
            .iter()
            .map(|other| OtherView {
                href: format!("/requests/{}", other.id),
                who: other.name(),
                about: format!("{}, {}", day(other.received_on), other.state.words()),
            })
            .collect(),
        decisions: decisions
            .into_iter()
            .map(|decision| decision_view(decision, now))
            .collect(),
        back_form: Form::new().hidden("version", request.version),
        id: request.id,
    })
}

fn person_view(person: &YoungPerson) -> OtherView {
    OtherView {
        href: format!("/young-people/{}", person.id),
        who: person.full_name(),
        about: born_words(person),
    }
}

fn born_words(person: &YoungPerson) -> String {
    person.date_of_birth.map_or_else(
        || "date of birth not known".to_owned(),
        |born| format!("born {}", day(born)),
    )
}

fn decision_view(decision: Decision, now: chrono::NaiveDateTime) -> DecisionView {
    DecisionView {
        what: decision.state.words(),
        place: decision.place,
        why: decision.why,
        by: decision.by,
        at: view::moment_words(decision.at, now),
        referral: decision.referral.map(|id| format!("/referrals/{id}")),
        person: decision
            .young_person
            .map(|id| format!("/young-people/{id}")),
    }
}

fn some(facts: &mut Vec<Fact>, term: &'static str, said: Option<String>) {
    if let Some(said) = said.filter(|said| !said.is_empty()) {
        facts.push(Fact::new(term, said));
    }
}

/// Who asks for whom, and when.
fn facts(request: &Request, today: NaiveDate) -> Vec<Fact> {
    let asked = &request.asked;
    let mut facts = vec![
        Fact::new("Reference", request.reference.clone()),
        Fact::new("Came in", day(request.received_on)),
    ];
    some(&mut facts, "Answer promised by", request.due_on.map(day));
    facts.push(Fact::new("Asked by", asked.source.words()));
    some(&mut facts, "Their name", asked.asker.clone());
    some(&mut facts, "They work for", asked.organisation.clone());
    some(&mut facts, "Age", age_words(request, today));
    let wants: Vec<_> = asked.wants.iter().map(|want| want.words()).collect();
    some(&mut facts, "What it is about", Some(wants.join("; ")));
    some(&mut facts, "Help is needed by", asked.needed_by.map(day));
    some(
        &mut facts,
        "Does the young person know?",
        asked.told.map(|told| told.words().to_owned()),
    );
    facts.push(Fact::new("Our area?", asked.area.words()));
    some(&mut facts, "Where they live", asked.lives.clone());
    some(
        &mut facts,
        "Who looks after them",
        asked.cared_by.map(|by| by.words().to_owned()),
    );
    facts
}

/// How they can be reached, and how not.
fn reach(request: &Request) -> Vec<Fact> {
    let asked = &request.asked;
    let themselves = asked.asked_by == AskedBy::YoungPerson;
    let mut facts = Vec::new();
    let ways: Vec<_> = asked.ways.iter().map(|way| way.words()).collect();
    some(&mut facts, "Safe ways", Some(ways.join("; ")));
    some(
        &mut facts,
        if themselves {
            "Phone"
        } else {
            "Phone of whoever asks"
        },
        asked.phone.clone(),
    );
    some(
        &mut facts,
        if themselves {
            "E-mail"
        } else {
            "E-mail of whoever asks"
        },
        asked.email.clone(),
    );
    some(&mut facts, "Through", asked.through.clone());
    some(&mut facts, "Times, and what to know", asked.times.clone());
    let never: Vec<_> = asked.never.iter().map(|never| never.words()).collect();
    some(&mut facts, "What not to do", Some(never.join("; ")));
    facts
}

// Taking it on

fn take_form(ctx: &mut Ctx<'_>, request: &Request) -> Result<Form, Failure> {
    let today = ctx.today;
    let reasons = lists::store::entries(ctx, lists::REASONS)?
        .into_iter()
        .filter(|entry| entry.offered_on(today))
        .map(|entry| (entry.code, entry.label));
    let asked_by = Source::ALL.iter().filter(|source| !is_automatic(**source));
    let asked = &request.asked;
    // Who is looked after by the council is in care; who lives with their family mostly is not.
    let stream = match asked.cared_by {
        Some(CaredBy::FosterCarers | CaredBy::ChildrensHome | CaredBy::Myself) => {
            Some(Stream::Care.code())
        }
        Some(CaredBy::Family | CaredBy::Other) | None => None,
    };
    Ok(Form::new()
        .field("first_name")
        .field("last_name")
        .date("date_of_birth")
        .choice(
            "stream",
            Stream::ALL.iter().map(|it| (it.code(), it.words())),
        )
        .choice("source", asked_by.map(|it| (it.code(), it.words())))
        .date("received_on")
        .choice("reason", reasons)
        .choice(
            "legal_status",
            LegalStatus::ALL.iter().map(|it| (it.code(), it.words())),
        )
        .field("before_contact")
        .hidden("version", request.version)
        .set("first_name", asked.first_name.clone())
        .set("last_name", asked.last_name.clone())
        .set("date_of_birth", asked.date_of_birth)
        .set("stream", stream)
        .set("source", asked.source.code())
        .set("received_on", request.received_on)
        .set("before_contact", rules::before_contact(request)))
}

struct Taking {
    request: Request,
    form: Form,
    facts: Vec<Fact>,
}

async fn taking(web: &Web, id: &RequestId) -> Result<Taking, Failed> {
    let id = id.clone();
    Ok(web
        .read(move |ctx| {
            let request = actions::to_settle(ctx, &id)?;
            let mut facts = facts(&request, ctx.today);
            facts.extend(reach(&request));
            Ok(Taking {
                form: take_form(ctx, &request)?,
                request,
                facts,
            })
        })
        .await?)
}

fn take_page(web: &Web, taking: &Taking, form: &Form, ask_who: bool) -> Answer {
    let id = &taking.request.id;
    let options = PageOptions::titled("Take it on")
        .back(format!("/requests/{id}"), "Request")
        .with_form(form);
    let own = taking.request.asked.asked_by == AskedBy::YoungPerson;
    web.page(
        "requests/take",
        options,
        json!({
            "id": id,
            "form": form,
            "ask_who": ask_who,
            "facts": taking.facts,
            "words": taking.request.asked.words,
            "own": own,
        }),
    )
}

/// Those on record who may be meant, for the form to ask.
async fn who_it_may_be(web: &Web, described: Described) -> Result<Vec<YoungPerson>, Failed> {
    let alike = web
        .read(move |ctx| crate::referrals::actions::likely(ctx, &described))
        .await?;
    Ok(alike.into_iter().map(|it| it.person).collect())
}

fn who_options(likely: &[YoungPerson]) -> Vec<(String, String)> {
    let mut options: Vec<_> = likely
        .iter()
        .map(|person| {
            (
                person.id.to_string(),
                format!("{}, {}", person.full_name(), born_words(person)),
            )
        })
        .collect();
    options.push((
        SOMEBODY_NEW.to_owned(),
        "None of them: somebody new".to_owned(),
    ));
    options
}

pub async fn take(web: Web, id: Path<String>) -> Answer {
    let id = known(RequestId::parse(&id))?;
    let taking = taking(&web, &id).await?;
    let likely = match actions::described(&taking.request) {
        Some(described) => who_it_may_be(&web, described).await?,
        None => Vec::new(),
    };
    let ask_who = !likely.is_empty();
    let form = match ask_who {
        true => taking.form.clone().choice("who", who_options(&likely)),
        false => taking.form.clone(),
    };
    let form = web.resume(form).await?;
    take_page(&web, &taking, &form, ask_who)
}

pub async fn take_sent(web: Web, id: Path<String>, sent: Submitted) -> Answer {
    let id = known(RequestId::parse(&id))?;
    let taking = match taking(&web, &id).await {
        Ok(taking) => taking,
        // The same form twice: the first time took it on.
        Err(Failed::Refused(_)) => return web.go(&format!("/requests/{id}")),
        Err(failed) => return Err(failed),
    };
    let mut form = taking.form.clone().fill(&sent);
    let Some((described, received)) = read(&mut form) else {
        return take_page(&web, &taking, &form, false);
    };
    let likely = who_it_may_be(&web, described.clone()).await?;
    let ask_who = !likely.is_empty();
    let whom = if ask_who {
        form = form.choice("who", who_options(&likely)).fill(&sent);
        form.chosen(
            "who",
            |code| match code {
                SOMEBODY_NEW => Some(Whom::New(described.clone())),
                id => YoungPersonId::parse(id).map(Whom::OnRecord),
            },
            "Say whether it is somebody on record: nobody should be on record twice",
        )
    } else {
        Some(Whom::New(described))
    };
    if let (true, Some(whom)) = (form.ok(), whom) {
        let version = form.version("version");
        let said = said(&mut form, &taking.request, web.today());
        let done = web
            .write_once(&form, move |ctx| {
                let taken = actions::take_on(ctx, &id, version, &whom, &received, &said)?;
                Ok(format!("/referrals/{}", taken.referral))
            })
            .await;
        match done {
            Ok(location) => {
                return web.see(
                    &location,
                    "The request is taken on, and this is its referral",
                );
            }
            Err(failure) => form.explain(failure)?,
        }
    }
    take_page(&web, &taking, &form, ask_who)
}

/// What to know before making contact, as warnings on the record.
fn said(form: &mut Form, request: &Request, today: NaiveDate) -> Vec<Said> {
    let words = form.text("before_contact", NARRATIVE_LENGTH);
    let review_on = next_review(today);
    let mut said = Vec::new();
    if !words.is_empty() {
        said.push(Said {
            kind: match rules::is_unsafe_in_some_ways(&request.asked) {
                true => warnings::Kind::UnsafeContact,
                false => warnings::Kind::Other,
            },
            words,
            review_on,
        });
    }
    if rules::wants_no_post(&request.asked) {
        said.push(Said {
            kind: warnings::Kind::NeverSendPost,
            words: format!(
                "They said so when they asked (request {})",
                request.reference
            ),
            review_on,
        });
    }
    said
}

fn read(form: &mut Form) -> Option<(Described, Received)> {
    let first_name = form.parsed("first_name", "The first name", Name::parse);
    let last_name = form.parsed("last_name", "The last name", Name::parse);
    let date_of_birth = form.date_optional("date_of_birth", "The date of birth");
    let stream = form.chosen("stream", Stream::from_code, "Choose what it is about");
    let source = form.chosen("source", Source::from_code, "Choose who asks");
    let received_on = form.date_required("received_on", "The day the request was received");
    let reason = form.chosen_optional("reason", |code| Some(code.to_owned()));
    let legal_status = form.chosen_optional("legal_status", LegalStatus::from_code);
    if !form.ok() {
        return None;
    }
    Some((
        Described {
            first_name: first_name?,
            last_name: last_name?,
            date_of_birth,
            details: Details::default(),
            contact_warning: None,
        },
        Received {
            stream: stream?,
            source: source?,
            received_on: received_on?,
            remit: Remit::InRemit,
            legal_status,
            reason,
        },
    ))
}

// Pointing elsewhere, spam, and back

fn settle_form(request: &Request) -> Form {
    Form::new()
        .choice(
            "state",
            [State::Elsewhere, State::Spam].map(|it| (it.code(), it.words())),
        )
        .field("place")
        .field("why")
        .hidden("version", request.version)
}

async fn to_settle(web: &Web, id: &RequestId) -> Result<Request, Failed> {
    let id = id.clone();
    Ok(web.read(move |ctx| actions::to_settle(ctx, &id)).await?)
}

fn settle_page(web: &Web, request: &Request, form: &Form) -> Answer {
    let options = PageOptions::titled("It is not for us")
        .back(format!("/requests/{}", request.id), "Request")
        .with_form(form);
    web.page(
        "requests/settle",
        options,
        json!({ "id": request.id, "who": request.name(), "form": form }),
    )
}

pub async fn settle(web: Web, id: Path<String>) -> Answer {
    let id = known(RequestId::parse(&id))?;
    let request = to_settle(&web, &id).await?;
    let form = web.resume(settle_form(&request)).await?;
    settle_page(&web, &request, &form)
}

pub async fn settle_sent(web: Web, id: Path<String>, sent: Submitted) -> Answer {
    let id = known(RequestId::parse(&id))?;
    let request = match to_settle(&web, &id).await {
        Ok(request) => request,
        // The same form twice: the first time settled it.
        Err(Failed::Refused(_)) => return web.go(&format!("/requests/{id}")),
        Err(failed) => return Err(failed),
    };
    let mut form = settle_form(&request).fill(&sent);
    let state = form.chosen("state", State::from_code, "Choose what it is");
    let place = form.text("place", NARRATIVE_LENGTH);
    let why = form.text("why", NARRATIVE_LENGTH);
    if let (true, Some(state)) = (form.ok(), state) {
        let version = form.version("version");
        let done = web
            .write_once(&form, move |ctx| {
                actions::settle(ctx, &id, version, state, &place, &why)?;
                Ok("/requests".to_owned())
            })
            .await;
        match done {
            Ok(location) => return web.see(&location, "The request is settled"),
            Err(failure) => form.explain(failure)?,
        }
    }
    settle_page(&web, &request, &form)
}

pub async fn back(web: Web, id: Path<String>, sent: Submitted) -> Answer {
    let id = known(RequestId::parse(&id))?;
    let form = Form::new().hidden("version", 0).fill(&sent);
    let version = form.version("version");
    let location = web
        .write_once(&form, move |ctx| {
            actions::put_back(ctx, &id, version)?;
            Ok(format!("/requests/{id}"))
        })
        .await?;
    web.see(&location, "The request is on the list again")
}
