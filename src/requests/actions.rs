//! What is done about requests: somebody asks; an officer reads, takes on, points elsewhere.

use chrono::{Days, NaiveDate};
use serde_json::json;

use super::rules::{self, Refusal};
use super::{Asked, Decision, Request, Sending, State, store};
use crate::access::{Decision as Allowed, Permission, Relationship, decide};
use crate::audit::Event;
use crate::ctx::Ctx;
use crate::failure::{Failure, FieldError};
use crate::holidays;
use crate::ids::{ReferralId, RequestId, UserId, YoungPersonId};
use crate::mail;
use crate::referrals::actions::{Whom, receive_request};
use crate::referrals::{self, Received, Remit};
use crate::text::Name;
use crate::young_people::matching::Facts;
use crate::young_people::{self, Described, Details, YoungPerson, warnings};

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        match refusal.field() {
            Some(field) => Self::Invalid(vec![FieldError::new(field, refusal.to_string())]),
            None => Self::Refused(refusal.to_string()),
        }
    }
}

/// For how long back a request is held against others that may be about the same person.
const LOOK_BACK: Days = Days::new(90);
/// How many settled requests are listed.
const SETTLED: i64 = 100;

/// What the service promises whoever asks.
#[derive(Debug, Clone)]
pub struct Promise {
    pub working_days: u32,
    /// Where e-mails lead to, if they are sent at all.
    pub mail_leads_to: Option<String>,
}

/// Somebody asks. Answers their reference: the same one, however often the same form is sent.
pub fn ask(
    ctx: &mut Ctx<'_>,
    asked: &Asked,
    sending: &Sending,
    promise: &Promise,
) -> Result<String, Failure> {
    if let Some(reference) = store::reference_of(ctx, &sending.key)? {
        return Ok(reference);
    }
    let due_on = holidays::store::calendar(ctx)?
        .add_working_days(ctx.today, promise.working_days)
        .ok()
        .map(|reached| reached.due);
    let mut reference = new_reference();
    while store::by_reference(ctx, &reference)?.is_some() {
        reference = new_reference();
    }
    let request = Request {
        id: RequestId::random(),
        reference,
        state: State::Waiting,
        asked: asked.clone(),
        received_at: ctx.now,
        received_on: ctx.today,
        due_on,
        urgent: rules::is_urgent(asked, due_on),
        version: 1,
    };
    store::insert(ctx, &request, sending)?;
    ctx.record(
        Event::new("request_received", "request", &request.id)
            .with(json!({ "asked_by": asked.asked_by, "urgent": request.urgent })),
    );
    if let (Some(leads_to), Some(email), true) =
        (&promise.mail_leads_to, &asked.email, asked.email_safe)
    {
        let letter = mail::messages::received(&request.reference, due_on, leads_to);
        mail::write(ctx, email, &letter)?;
    }
    Ok(request.reference)
}

fn new_reference() -> String {
    rules::reference(uuid::Uuid::new_v4().as_bytes())
}

/// Whether something was sent already from the page as it was shown: then going back to it, or
/// sending it again, shows nobody what was typed.
pub fn was_sent(ctx: &mut Ctx<'_>, token: &str) -> Result<bool, Failure> {
    store::was_sent(ctx, token)
}

fn must_settle(ctx: &Ctx<'_>) -> Result<UserId, Failure> {
    if decide(ctx.actor, Permission::SettleRequests, Relationship::General) == Allowed::Denied {
        return Err(Failure::NotFound);
    }
    ctx.actor.user_id().cloned().ok_or(Failure::NotFound)
}

/// Whom whoever acts may not know of: their requests are nowhere for them either.
struct Closed {
    requests: Vec<RequestId>,
    people: Vec<YoungPerson>,
}

impl Closed {
    fn of(ctx: &mut Ctx<'_>) -> Result<Self, Failure> {
        let ids = young_people::store::closed_to_me(ctx)?;
        if ids.is_empty() {
            return Ok(Self {
                requests: Vec::new(),
                people: Vec::new(),
            });
        }
        let requests = store::whose(ctx)?
            .into_iter()
            .filter(|(_, person)| ids.contains(person))
            .map(|(request, _)| request)
            .collect();
        Ok(Self {
            requests,
            people: young_people::store::by_ids(ctx, &ids)?,
        })
    }

    /// It is theirs, or it may be.
    fn hides(&self, request: &Request, today: NaiveDate) -> bool {
        self.requests.contains(&request.id)
            || self
                .people
                .iter()
                .any(|person| rules::may_be(request, &Facts::of(person), today))
    }
}

/// The requests in one state that whoever acts may know: first, of those that wait, what is urgent
/// or waits longer than promised, then the newest.
pub fn list(ctx: &mut Ctx<'_>, state: State) -> Result<Vec<Request>, Failure> {
    must_settle(ctx)?;
    let closed = Closed::of(ctx)?;
    let most = match state {
        State::Waiting => i64::MAX,
        State::Taken | State::Elsewhere | State::Spam => SETTLED,
    };
    let mut requests = store::in_state(ctx, state, most)?;
    let today = ctx.today;
    requests.retain(|request| !closed.hides(request, today));
    if state == State::Waiting {
        requests.sort_by_key(|request| !(request.urgent || request.is_late(today)));
    }
    Ok(requests)
}

/// A request that whoever acts may know.
fn known(ctx: &mut Ctx<'_>, id: &RequestId) -> Result<Request, Failure> {
    must_settle(ctx)?;
    let request = store::find(ctx, id)?.ok_or(Failure::NotFound)?;
    match Closed::of(ctx)?.hides(&request, ctx.today) {
        true => Err(Failure::NotFound),
        false => Ok(request),
    }
}

/// Opens a request to read it. Looking is on record, like looking at a young person's record.
pub fn open(ctx: &mut Ctx<'_>, id: &RequestId) -> Result<(Request, Vec<Decision>), Failure> {
    let request = known(ctx, id)?;
    let decisions = store::decisions(ctx, id)?;
    let event = Event::new("request_looked_at", "request", id);
    let whose = decisions.iter().find_map(|it| it.young_person.as_ref());
    ctx.record(match whose {
        Some(young_person) => event.about(young_person),
        None => event,
    });
    Ok((request, decisions))
}

/// A request to settle, as it is now.
pub fn to_settle(ctx: &mut Ctx<'_>, id: &RequestId) -> Result<Request, Failure> {
    let request = known(ctx, id)?;
    rules::may_settle(request.state)?;
    Ok(request)
}

/// Who it may be that asked: those on record, and other requests of these weeks.
#[derive(Debug, Clone, Default)]
pub struct Likely {
    pub on_record: Vec<YoungPerson>,
    pub requests: Vec<Request>,
}

/// Who may have asked, for several requests at once.
pub fn likely(ctx: &mut Ctx<'_>, requests: &[Request]) -> Result<Vec<Likely>, Failure> {
    must_settle(ctx)?;
    let since = ctx.today.checked_sub_days(LOOK_BACK).unwrap_or(ctx.today);
    let closed = Closed::of(ctx)?;
    let mut lately = store::since(ctx, since)?;
    let today = ctx.today;
    lately.retain(|other| other.state != State::Spam && !closed.hides(other, today));
    requests
        .iter()
        .map(|request| {
            let on_record = match described(request) {
                Some(described) => referrals::actions::likely(ctx, &described)?
                    .into_iter()
                    .map(|alike| alike.person)
                    .collect(),
                None => Vec::new(),
            };
            let requests = lately
                .iter()
                .filter(|other| other.id != request.id && rules::may_be_one(request, other, today))
                .cloned()
                .collect();
            Ok(Likely {
                on_record,
                requests,
            })
        })
        .collect()
}

/// The young person as the request describes them; none where it does not say their whole name.
#[must_use]
pub fn described(request: &Request) -> Option<Described> {
    Some(Described {
        first_name: Name::parse(&request.asked.first_name).ok()?,
        last_name: Name::parse(request.asked.last_name.as_deref()?).ok()?,
        date_of_birth: request.asked.date_of_birth,
        details: Details::default(),
        contact_warning: None,
    })
}

/// What came of taking a request on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TakenOn {
    pub referral: ReferralId,
    /// The referral was open already: there is no second one.
    pub was_open: bool,
}

/// Takes a request on: it becomes a referral, or belongs to the one that is open. What to know
/// before making contact becomes warnings.
pub fn take_on(
    ctx: &mut Ctx<'_>,
    id: &RequestId,
    version: i32,
    whom: &Whom,
    received: &Received,
    before_contact: &[warnings::Said],
) -> Result<TakenOn, Failure> {
    let by = must_settle(ctx)?;
    let request = to_settle(ctx, id)?;
    store::set_state(ctx, id, version, State::Taken)?;
    let open = match whom {
        Whom::OnRecord(person) => open_referral(ctx, person, received)?,
        Whom::New(_) => None,
    };
    let taken = match open {
        Some(referral) => TakenOn {
            referral,
            was_open: true,
        },
        None => TakenOn {
            referral: receive_request(ctx, whom, received)?,
            was_open: false,
        },
    };
    let referral = referrals::store::find(ctx, &taken.referral)?.ok_or(Failure::NotFound)?;
    for said in before_contact {
        warnings::actions::set(ctx, &referral.young_person, said)?;
    }
    store::decide(
        ctx,
        &store::NewDecision {
            request: id,
            state: State::Taken,
            place: None,
            why: None,
            referral: Some(&taken.referral),
            young_person: Some(&referral.young_person),
            by: &by,
        },
    )?;
    ctx.record(
        Event::new("request_taken_on", "request", id)
            .about(&referral.young_person)
            .with(json!({
                "referral": taken.referral,
                "was_open": taken.was_open,
                "asked_by": request.asked.asked_by,
            })),
    );
    Ok(taken)
}

/// The referral of this stream to which a request of somebody on record belongs: one that waits for
/// its answer, or whose case is open.
fn open_referral(
    ctx: &mut Ctx<'_>,
    person: &YoungPersonId,
    received: &Received,
) -> Result<Option<ReferralId>, Failure> {
    let person = young_people::store::standing(ctx, person)?;
    if young_people::store::closed_to_me(ctx)?.contains(&person) {
        return Err(Failure::NotFound);
    }
    if received.remit != Remit::InRemit
        || !referrals::store::has_open(ctx, &person, received.stream)?
    {
        return Ok(None);
    }
    let all = referrals::store::of_young_person(ctx, &person)?;
    let of_stream = || {
        all.iter()
            .filter(|referral| referral.request.stream == received.stream)
    };
    if let Some(waits) = of_stream().find(|referral| referral.is_open()) {
        return Ok(Some(waits.id.clone()));
    }
    // The latest whose case is open: has_open says that there is one.
    let accepted = of_stream().find(|it| it.resolution.outcome == referrals::Outcome::Accepted);
    Ok(accepted.map(|referral| referral.id.clone()))
}

/// Points a request elsewhere, with where and why, or calls it spam.
pub fn settle(
    ctx: &mut Ctx<'_>,
    id: &RequestId,
    version: i32,
    state: State,
    place: &str,
    why: &str,
) -> Result<(), Failure> {
    let by = must_settle(ctx)?;
    to_settle(ctx, id)?;
    match state {
        State::Elsewhere if place.is_empty() => return Err(Refusal::NoPlace.into()),
        State::Elsewhere if why.is_empty() => return Err(Refusal::NoReason.into()),
        State::Elsewhere | State::Spam => {}
        State::Waiting | State::Taken => return Err(Failure::NotFound),
    }
    note(ctx, id, version, state, place, why, &by)
}

/// Puts back on the list what was settled by mistake.
pub fn put_back(ctx: &mut Ctx<'_>, id: &RequestId, version: i32) -> Result<(), Failure> {
    let by = must_settle(ctx)?;
    let request = known(ctx, id)?;
    rules::may_put_back(request.state)?;
    note(ctx, id, version, State::Waiting, "", "", &by)
}

fn note(
    ctx: &mut Ctx<'_>,
    id: &RequestId,
    version: i32,
    state: State,
    place: &str,
    why: &str,
    by: &UserId,
) -> Result<(), Failure> {
    store::set_state(ctx, id, version, state)?;
    store::decide(
        ctx,
        &store::NewDecision {
            request: id,
            state,
            place: Some(place).filter(|place| !place.is_empty()),
            why: Some(why).filter(|why| !why.is_empty()),
            referral: None,
            young_person: None,
            by,
        },
    )?;
    ctx.record(Event::new("request_settled", "request", id).with(json!({ "state": state })));
    Ok(())
}
