//! What is done about a referral, one function a deed.

use chrono::NaiveDate;
use serde_json::json;

use super::rules::{self, Follow, Refusal};
use super::{
    Attempt, LegalStatus, Offer, Outcome, Received, Referral, Remit, Request, Resolution, Source,
    Stream, Withdrawal, store,
};
use crate::access::{Decision, Permission, Relationship, decide};
use crate::audit::Event;
use crate::calendar::show;
use crate::conferences::rules::{Seat, Verdict, verdict_among};
use crate::conferences::{self, ConferenceChild};
use crate::ctx::Ctx;
use crate::failure::{Failure, FieldError};
use crate::history::Changes;
use crate::ids::{ConferenceChildId, ReferralId, UserId, YoungPersonId};
use crate::lists::{self, ReferralPolicy, policy_on};
use crate::staff;
use crate::team::{self, Knowing};
use crate::young_people::actions::{Opened, open_record};
use crate::young_people::matching::Alike;
use crate::young_people::{self, Described};

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal.to_string())
    }
}

/// How whoever acts stands to a referral.
pub fn relationship(ctx: &mut Ctx<'_>, referral: &Referral) -> Result<Relationship, Failure> {
    team::actions::relationship(ctx, referral.officer.as_ref(), None)
}

/// A referral that whoever acts may know, with its young person.
pub fn open(
    ctx: &mut Ctx<'_>,
    id: &ReferralId,
    permission: Permission,
) -> Result<(Referral, Opened), Failure> {
    let referral = store::find(ctx, id)?.ok_or(Failure::NotFound)?;
    let mut relationship = relationship(ctx, &referral)?;
    if crate::young_people::store::reason_holds(ctx, &referral.young_person)? {
        relationship = Relationship::ReasonStated;
    }
    let person = open_record(
        ctx,
        &referral.young_person,
        permission,
        relationship,
        "referral",
    )?;
    Ok((referral, person))
}

/// The referral to change, held until the end, if it is still the version that was on the page.
fn to_change(
    ctx: &mut Ctx<'_>,
    id: &ReferralId,
    permission: Permission,
    version: i32,
) -> Result<Referral, Failure> {
    let referral = held(ctx, id, permission)?;
    if referral.version != version {
        return Err(Failure::ChangedMeanwhile);
    }
    Ok(referral)
}

/// A referral that whoever acts may know, held until the end with its young person.
fn held(ctx: &mut Ctx<'_>, id: &ReferralId, permission: Permission) -> Result<Referral, Failure> {
    let (referral, _) = open(ctx, id, permission)?;
    young_people::store::hold(ctx, &referral.young_person)?;
    store::find(ctx, id)?.ok_or(Failure::NotFound)
}

fn keep(ctx: &mut Ctx<'_>, referral: &Referral, event: Event) -> Result<(), Failure> {
    store::update(ctx, referral)?;
    ctx.record(event.about(&referral.young_person));
    Ok(())
}

/// Receives a request for the service.
pub fn receive(
    ctx: &mut Ctx<'_>,
    referral: &Referral,
    external: Option<&store::External<'_>>,
) -> Result<(), Failure> {
    store::insert(ctx, referral, external)?;
    ctx.record(
        Event::new("referral_received", "referral", &referral.id)
            .about(&referral.young_person)
            .with(json!({
                "stream": referral.request.stream,
                "source": referral.request.source,
                "received_on": referral.request.received_on,
                "outcome": referral.resolution.outcome,
            })),
    );
    Ok(())
}

/// Whom a referral is for.
#[derive(Debug, Clone)]
pub enum Whom {
    New(Described),
    OnRecord(YoungPersonId),
}

/// Those on record who may be the person described.
pub fn likely(ctx: &mut Ctx<'_>, described: &Described) -> Result<Vec<Alike>, Failure> {
    if decide(ctx.actor, Permission::WorkRecord, Relationship::General) == Decision::Denied {
        return Err(Failure::NotFound);
    }
    young_people::matching::actions::alike(ctx, &described.into())
}

/// Receives a request that somebody made: not by a conference, but by asking.
pub fn receive_request(
    ctx: &mut Ctx<'_>,
    whom: &Whom,
    received: &Received,
) -> Result<ReferralId, Failure> {
    if decide(ctx.actor, Permission::WorkRecord, Relationship::General) == Decision::Denied {
        return Err(Failure::NotFound);
    }
    let (young_person, born) = match whom {
        Whom::New(described) => (
            young_people::actions::add(ctx, described, None)?,
            described.date_of_birth,
        ),
        Whom::OnRecord(id) => {
            let id = &young_people::store::standing(ctx, id)?;
            if young_people::store::closed_to_me(ctx)?.contains(id) {
                return Err(Failure::NotFound);
            }
            young_people::store::hold(ctx, id)?;
            let person = young_people::store::find(ctx, id)?.ok_or(Failure::NotFound)?;
            (person.id, person.date_of_birth)
        }
    };
    let problems = rules::check_request(received, born, ctx.today);
    if !problems.is_empty() {
        return Err(Failure::Invalid(
            problems
                .into_iter()
                .map(|(field, refusal)| FieldError::new(field, refusal.to_string()))
                .collect(),
        ));
    }
    if received.remit == Remit::InRemit && store::has_open(ctx, &young_person, received.stream)? {
        return Err(Refusal::AlreadyOpen.into());
    }
    let referral = Referral {
        id: ReferralId::random(),
        young_person,
        request: Request {
            stream: received.stream,
            source: received.source,
            received_on: received.received_on,
            remit: Some(received.remit),
            legal_status: received.legal_status,
            secure_order: false,
            reason: received.reason.clone(),
            topics: Vec::new(),
        },
        conference_child: None,
        resolution: Resolution::pending(),
        decision_needed: None,
        officer: None,
        offer: Offer::default(),
        version: 1,
    };
    receive(ctx, &referral, None)?;
    Ok(referral.id)
}

/// Follows a conference: refers a child of age, or re-evaluates the referral it made before. Where
/// younger ones are referred with the older, a row of one child may change what is right for the
/// others, so the conference is looked at as a whole. Answers how many referrals were made.
pub fn follow_conference(
    ctx: &mut Ctx<'_>,
    child: &ConferenceChild,
    date_of_birth: Option<NaiveDate>,
    policies: &[ReferralPolicy],
) -> Result<u32, Failure> {
    if !policies.iter().any(|policy| policy.younger_with_older) {
        return follow_child(ctx, child, date_of_birth, policies, &[]).map(u32::from);
    }
    let mut all = conferences::store::others_on(ctx, &child.conference, &child.young_person)?;
    all.push((child.clone(), date_of_birth));
    let mut referred = 0;
    for (one, born) in &all {
        let theirs = policy_on(policies, one.place.held_on);
        if one.id == child.id || theirs.is_some_and(|policy| policy.younger_with_older) {
            let others: Vec<Seat> = all
                .iter()
                .filter(|(other, _)| other.young_person != one.young_person)
                .map(|(other, born)| Seat::of(&other.place, *born))
                .collect();
            referred += u32::from(follow_child(ctx, one, *born, policies, &others)?);
        }
    }
    Ok(referred)
}

/// Follows a conference for one child on it. True where a referral was made.
fn follow_child(
    ctx: &mut Ctx<'_>,
    child: &ConferenceChild,
    date_of_birth: Option<NaiveDate>,
    policies: &[ReferralPolicy],
    others: &[Seat],
) -> Result<bool, Failure> {
    young_people::store::hold(ctx, &child.young_person)?;
    let place = &child.place;
    let verdict = verdict_among(policies, &Seat::of(place, date_of_birth), others);
    match store::by_conference_child(ctx, &child.id)? {
        None if verdict.refers() => {
            if store::has_open(ctx, &child.young_person, Stream::ChildProtection)? {
                return Ok(false);
            }
            let referral = automatic(child, place.notified_on.unwrap_or(ctx.today));
            receive(ctx, &referral, None)?;
            Ok(true)
        }
        None => Ok(false),
        Some(referral) => {
            re_evaluate(ctx, referral, child, verdict, policies, date_of_birth)?;
            Ok(false)
        }
    }
}

/// Refers a child of age whom their conference did not refer, as the conference would have.
pub fn refer_now(ctx: &mut Ctx<'_>, child: &ConferenceChildId) -> Result<ReferralId, Failure> {
    let (scheduled, opened) = open_conference(ctx, child, Permission::WorkRecord)?;
    let born = opened.person().date_of_birth;
    let policies = lists::store::policies(ctx)?;
    let on = conferences::store::others_on(ctx, &scheduled.conference, &scheduled.young_person)?;
    let others: Vec<Seat> = on
        .iter()
        .map(|(other, born)| Seat::of(&other.place, *born))
        .collect();
    follow_child(ctx, &scheduled, born, &policies, &others)?;
    store::by_conference_child(ctx, child)?
        .filter(Referral::is_open)
        .map(|referral| referral.id)
        .ok_or_else(|| Refusal::AlreadyOpen.into())
}

/// Marks how a conference came out for one child on it, and follows it.
pub fn mark_child(
    ctx: &mut Ctx<'_>,
    child: &ConferenceChildId,
    mark: conferences::Status,
) -> Result<(), Failure> {
    let (scheduled, opened) = open_conference(ctx, child, Permission::WorkRecord)?;
    let place = &scheduled.place;
    conferences::rules::check_mark(place.status, mark, place.held_on, ctx.today)
        .map_err(|refusal| Failure::refused(refusal.to_string()))?;
    let policies = lists::store::policies(ctx)?;
    let marked = conferences::actions::mark(ctx, &scheduled, mark)?;
    follow_conference(ctx, &marked, opened.person().date_of_birth, &policies)?;
    Ok(())
}

/// Marks a conference as held, as one that did not take place, or as scheduling says: for every
/// child on it that day, and for the referrals it made.
pub fn mark_conference(
    ctx: &mut Ctx<'_>,
    child: &ConferenceChildId,
    mark: conferences::Status,
) -> Result<(), Failure> {
    let (scheduled, _) = open_conference(ctx, child, Permission::WorkRecord)?;
    let place = &scheduled.place;
    conferences::rules::check_mark(place.status, mark, place.held_on, ctx.today)
        .map_err(|refusal| Failure::refused(refusal.to_string()))?;
    let policies = lists::store::policies(ctx)?;
    for child in conferences::store::children_of(ctx, &scheduled.conference, place.held_on)? {
        if child.place.status == mark {
            continue;
        }
        let child = conferences::actions::mark(ctx, &child, mark)?;
        let person =
            young_people::store::find(ctx, &child.young_person)?.ok_or(Failure::NotFound)?;
        follow_conference(ctx, &child, person.date_of_birth, &policies)?;
    }
    Ok(())
}

/// A child on a conference, with their record.
pub fn open_conference(
    ctx: &mut Ctx<'_>,
    child: &ConferenceChildId,
    permission: Permission,
) -> Result<(ConferenceChild, Opened), Failure> {
    let scheduled = conferences::store::find(ctx, child)?.ok_or(Failure::NotFound)?;
    let person = open_record(
        ctx,
        &scheduled.young_person,
        permission,
        Relationship::Team,
        "conference",
    )?;
    Ok((scheduled, person))
}

/// Looks again at every conference of a young person whose date of birth was corrected: another
/// birthday changes which of them refer.
pub fn follow_birthday(ctx: &mut Ctx<'_>, young_person: &YoungPersonId) -> Result<(), Failure> {
    let person = young_people::store::find(ctx, young_person)?.ok_or(Failure::NotFound)?;
    let policies = lists::store::policies(ctx)?;
    for child in conferences::store::of_young_person(ctx, young_person)? {
        follow_conference(ctx, &child, person.date_of_birth, &policies)?;
    }
    Ok(())
}

fn automatic(child: &ConferenceChild, received_on: NaiveDate) -> Referral {
    Referral {
        id: ReferralId::random(),
        young_person: child.young_person.clone(),
        request: Request {
            stream: Stream::ChildProtection,
            source: rules::automatic_source(child.place.kind),
            received_on,
            // Every child of age on a referring conference is within the remit.
            remit: Some(Remit::InRemit),
            legal_status: None,
            secure_order: false,
            reason: None,
            topics: Vec::new(),
        },
        conference_child: Some(child.id.clone()),
        resolution: Resolution::pending(),
        decision_needed: None,
        officer: None,
        offer: Offer::default(),
        version: 1,
    }
}

fn re_evaluate(
    ctx: &mut Ctx<'_>,
    mut referral: Referral,
    child: &ConferenceChild,
    verdict: Verdict,
    policies: &[ReferralPolicy],
    date_of_birth: Option<NaiveDate>,
) -> Result<(), Failure> {
    let was = referral.clone();
    let attempts = store::count_attempts(ctx, &referral.id)?;
    // A corrected day of notification is taken over until somebody has worked from it.
    if let Some(notified) = child.place.notified_on
        && referral.resolution.outcome == Outcome::Pending
        && attempts == 0
        && !referral.offer.begun()
    {
        referral.request.received_on = notified;
    }
    let action = match rules::follow(&referral, attempts, verdict) {
        Follow::Nothing => "referral_corrected",
        Follow::Stands => {
            referral.decision_needed = None;
            referral.request.source = rules::automatic_source(child.place.kind);
            "referral_corrected"
        }
        Follow::Reinstate => {
            // Somebody may have referred the child again meanwhile.
            if !store::has_open(ctx, &referral.young_person, Stream::ChildProtection)? {
                referral.resolution = Resolution::pending();
                referral.request.source = rules::automatic_source(child.place.kind);
            }
            "referral_reinstated"
        }
        Follow::Withdraw(why) => match next_conference(ctx, child, date_of_birth, policies)? {
            Some(next) => {
                referral.request.source = rules::automatic_source(next.place.kind);
                referral.conference_child = Some(next.id);
                "referral_moved_to_other_conference"
            }
            None => {
                referral.resolution = Resolution {
                    outcome: Outcome::Withdrawn,
                    on: Some(ctx.today.max(referral.request.received_on)),
                    note: None,
                    withdrawal: Some(why),
                };
                "referral_withdrawn"
            }
        },
        Follow::AskTheOfficer(why) => {
            referral.decision_needed = Some(question(why, child.place.held_on));
            "referral_in_doubt"
        }
    };
    let said = |it: &Referral| {
        (
            it.request.clone(),
            it.resolution.clone(),
            it.decision_needed.clone(),
            it.conference_child.clone(),
        )
    };
    if said(&was) == said(&referral) {
        return Ok(());
    }
    let details =
        json!({ "outcome": referral.resolution.outcome, "why": referral.resolution.withdrawal });
    keep(
        ctx,
        &referral,
        Event::new(action, "referral", &referral.id).with(details),
    )?;
    compared(&was, &referral).keep(ctx, HISTORY, &referral.id, &referral.young_person)
}

/// The kind under which the history of what a file corrected in a referral is kept.
pub const HISTORY: &str = "referral";

/// What another version of a referral changes.
fn compared(old: &Referral, new: &Referral) -> Changes {
    let mut changes = Changes::new();
    let (was, is) = (&old.request, &new.request);
    changes.compare("stream", Some(was.stream.words()), Some(is.stream.words()));
    changes.compare("source", Some(was.source.words()), Some(is.source.words()));
    changes.compare("received_on", Some(was.received_on), Some(is.received_on));
    changes.compare(
        "decision",
        was.remit.map(Remit::words),
        is.remit.map(Remit::words),
    );
    changes.compare(
        "legal_status",
        was.legal_status.map(LegalStatus::words),
        is.legal_status.map(LegalStatus::words),
    );
    changes.compare("reason", was.reason.as_ref(), is.reason.as_ref());
    changes.compare(
        "topics",
        Some(was.topics.join("; ")),
        Some(is.topics.join("; ")),
    );
    let (was, is) = (&old.resolution, &new.resolution);
    changes.compare(
        "outcome",
        Some(was.outcome.words()),
        Some(is.outcome.words()),
    );
    changes.compare(
        "decision_needed",
        old.decision_needed.as_ref(),
        new.decision_needed.as_ref(),
    );
    changes
}

fn question(why: Withdrawal, held_on: NaiveDate) -> String {
    let what = match why {
        Withdrawal::ConferenceCancelled => {
            format!("The conference of {} was cancelled", show(held_on))
        }
        Withdrawal::TooYoung => format!(
            "On {}, the day of the conference now, the child is under the threshold age",
            show(held_on)
        ),
        Withdrawal::TooOld => {
            format!(
                "On {}, the day of the conference now, they are 18 or over",
                show(held_on)
            )
        }
        Withdrawal::NoOlder => {
            "The child is under the threshold age, and no older brother or sister is referred by the conference any more".to_owned()
        }
        Withdrawal::OtherKind => "The conference is now of a kind that refers nobody".to_owned(),
    };
    format!("{what}, after somebody had been contacted. Decide whether the offer goes on.")
}

/// What the rule says of a child on a conference, beside the others who are on record there.
fn verdict_on(
    ctx: &mut Ctx<'_>,
    child: &ConferenceChild,
    date_of_birth: Option<NaiveDate>,
    policies: &[ReferralPolicy],
) -> Result<Verdict, Failure> {
    let seat = Seat::of(&child.place, date_of_birth);
    let mut others = Vec::new();
    if seat.hangs_on_others(policies) {
        let on = conferences::store::others_on(ctx, &child.conference, &child.young_person)?;
        others.extend(on.iter().map(|(it, born)| Seat::of(&it.place, *born)));
    }
    Ok(verdict_among(policies, &seat, &others))
}

/// Another conference ahead that would refer this child and has made no referral: a booking that
/// was cancelled and made anew keeps its referral.
fn next_conference(
    ctx: &mut Ctx<'_>,
    gone: &ConferenceChild,
    date_of_birth: Option<NaiveDate>,
    policies: &[ReferralPolicy],
) -> Result<Option<ConferenceChild>, Failure> {
    let today = ctx.today;
    let mut others = conferences::store::of_young_person(ctx, &gone.young_person)?;
    others.retain(|other| other.id != gone.id && other.place.held_on >= today);
    others.sort_by_key(|other| other.place.held_on);
    for other in others {
        if verdict_on(ctx, &other, date_of_birth, policies)?.refers()
            && store::by_conference_child(ctx, &other.id)?.is_none()
        {
            return Ok(Some(other));
        }
    }
    Ok(None)
}

/// Logs an attempt to reach somebody about a referral.
pub fn log_attempt(ctx: &mut Ctx<'_>, id: &ReferralId, attempt: &Attempt) -> Result<(), Failure> {
    let referral = held(ctx, id, Permission::WorkRecord)?;
    rules::check_day(
        "The day of the attempt",
        attempt.made_on,
        referral.request.received_on,
        ctx.today,
    )
    .map_err(|refusal| Failure::Invalid(vec![FieldError::new("made_on", refusal.to_string())]))?;
    let by = ctx.actor.user_id().cloned().ok_or(Failure::NotFound)?;
    store::insert_attempt(ctx, id, attempt, &by)?;
    ctx.record(
        Event::new("attempt_logged", "referral", id)
            .about(&referral.young_person)
            .with(json!({
                "made_on": attempt.made_on,
                "method": attempt.method,
                "with_whom": attempt.with_whom,
                "reached": attempt.reached,
            })),
    );
    Ok(())
}

/// Records the four facts of the offer. They may be completed after the answer too.
pub fn record_offer(
    ctx: &mut Ctx<'_>,
    id: &ReferralId,
    version: i32,
    offer: &Offer,
) -> Result<(), Failure> {
    let mut referral = to_change(ctx, id, Permission::WorkRecord, version)?;
    if referral.request.remit == Some(Remit::OutOfRemit) {
        return Err(Refusal::OutOfRemit.into());
    }
    let problems = rules::check_offer(offer, referral.request.received_on, ctx.today);
    if !problems.is_empty() {
        return Err(Failure::Invalid(
            problems
                .into_iter()
                .map(|(field, refusal)| FieldError::new(field, refusal.to_string()))
                .collect(),
        ));
    }
    referral.offer = offer.clone();
    let details = json!({
        "parent_contacted_on": offer.parent_contacted_on,
        "permission": offer.permission,
        "young_person_asked_on": offer.young_person_asked_on,
        "answer": offer.answer,
    });
    keep(
        ctx,
        &referral,
        Event::new("offer_recorded", "referral", id).with(details),
    )
}

/// The answer that is not a yes: who said no, or that nobody answered.
pub struct Ending {
    pub outcome: Outcome,
    pub on: NaiveDate,
    pub note: Option<String>,
}

pub fn end(
    ctx: &mut Ctx<'_>,
    id: &ReferralId,
    version: i32,
    ending: &Ending,
) -> Result<(), Failure> {
    let mut referral = to_change(ctx, id, Permission::WorkRecord, version)?;
    let attempts = store::count_attempts(ctx, id)?;
    rules::may_end(&referral, ending.outcome, attempts)?;
    rules::check_day(
        "The day of the answer",
        ending.on,
        referral.request.received_on,
        ctx.today,
    )
    .map_err(|refusal| Failure::Invalid(vec![FieldError::new("on", refusal.to_string())]))?;
    referral.offer = rules::offer_after(&referral.offer, ending.outcome, ending.on);
    referral.resolution = Resolution {
        outcome: ending.outcome,
        on: Some(ending.on),
        note: ending.note.clone(),
        withdrawal: None,
    };
    referral.decision_needed = None;
    let details = json!({ "outcome": ending.outcome, "on": ending.on });
    keep(
        ctx,
        &referral,
        Event::new("referral_ended", "referral", id).with(details),
    )
}

/// An officer decides that the offer goes on though its conference went away.
pub fn go_on(ctx: &mut Ctx<'_>, id: &ReferralId, version: i32) -> Result<(), Failure> {
    let mut referral = to_change(ctx, id, Permission::WorkRecord, version)?;
    if referral.decision_needed.take().is_none() {
        return Err(Refusal::NothingToKeep.into());
    }
    keep(
        ctx,
        &referral,
        Event::new("referral_goes_on", "referral", id),
    )
}

/// Gives the offer to an officer: to oneself, or, for a senior officer, to anybody who carries
/// cases.
pub fn give_to(
    ctx: &mut Ctx<'_>,
    id: &ReferralId,
    version: i32,
    officer: &UserId,
) -> Result<(), Failure> {
    let permission = if staff::actions::is_me(ctx.actor, officer) {
        Permission::WorkRecord
    } else {
        Permission::Allocate
    };
    let mut referral = to_change(ctx, id, permission, version)?;
    rules::must_be_open(&referral)?;
    let officer = staff::actions::officer(ctx, officer)?;
    if permission == Permission::WorkRecord
        && let Some(already) = &referral.officer
        && *already != officer.id
    {
        return Err(Failure::refused(
            "Another officer has this referral already. A senior officer can give it to you.",
        ));
    }
    young_people::actions::may_be_given_to(ctx, &referral.young_person, &officer.id)?;
    referral.officer = Some(officer.id.clone());
    let details = json!({ "officer": officer.id });
    keep(
        ctx,
        &referral,
        Event::new("referral_given", "referral", id).with(details),
    )
}

/// Before an officer is given a referral or its case: is the record closed to them, and would they
/// act for two whose wishes are opposed?
pub fn heed(
    ctx: &mut Ctx<'_>,
    id: &ReferralId,
    permission: Permission,
    officer: &UserId,
    knowing: &Knowing,
) -> Result<(), Failure> {
    let (referral, _) = open(ctx, id, permission)?;
    let giving = [(referral.young_person, officer.clone())];
    team::actions::may_hold(ctx, &giving, None, knowing)
}

/// Gives several referrals that nobody has taken to one officer: all of them, or none.
pub fn give_several(
    ctx: &mut Ctx<'_>,
    ids: &[ReferralId],
    officer: &UserId,
    knowing: &Knowing,
) -> Result<(), Failure> {
    // In one order always, so that two who do this at once never wait for each other.
    let mut ids = ids.to_vec();
    ids.sort();
    ids.dedup();
    let mut giving = Vec::new();
    let mut blocked = Vec::new();
    let mut found = Vec::new();
    for id in &ids {
        let (_, opened) = open(ctx, id, Permission::Allocate)?;
        let referral = held(ctx, id, Permission::Allocate)?;
        let name = opened.person().full_name();
        if !referral.is_open() {
            blocked.push(format!(
                "{name}: the referral no longer waits for an answer"
            ));
        } else if referral.officer.is_some() {
            blocked.push(format!("{name}: somebody has taken the referral meanwhile"));
        }
        giving.push((referral.young_person.clone(), officer.clone()));
        found.push(referral);
    }
    if !blocked.is_empty() {
        let told = |why| FieldError::new("referral", why);
        return Err(Failure::Invalid(blocked.into_iter().map(told).collect()));
    }
    team::actions::may_hold(ctx, &giving, None, knowing)?;
    for referral in found {
        give_to(ctx, &referral.id, referral.version, officer)?;
    }
    Ok(())
}

/// Marks a referral as accepted; the case that follows is opened with it.
pub fn accept(
    ctx: &mut Ctx<'_>,
    id: &ReferralId,
    version: i32,
    opened_on: NaiveDate,
    officer: &UserId,
    said: Option<Offer>,
) -> Result<Referral, Failure> {
    let mut referral = to_change(ctx, id, Permission::WorkRecord, version)?;
    if let Some(said) = said {
        // Its days are asked for in one box, so that is where what is wrong with them stands.
        let problems = rules::check_offer(&said, referral.request.received_on, ctx.today);
        if let Some((_, refusal)) = problems.into_iter().next() {
            return Err(Failure::Invalid(vec![FieldError::new(
                "said_on",
                refusal.to_string(),
            )]));
        }
        referral.offer = said;
    }
    rules::may_accept(&referral)?;
    if let Err(refusal) = rules::check_opening(&referral.offer, opened_on) {
        return Err(Failure::Invalid(vec![FieldError::new(
            "opened_on",
            refusal.to_string(),
        )]));
    }
    if store::open_case_of(ctx, &referral.young_person, referral.request.stream)? {
        return Err(Failure::refused(
            "This young person has an open case in the same stream: record the support there, and withdraw this referral.",
        ));
    }
    rules::check_day(
        "The day the case opens",
        opened_on,
        referral.request.received_on,
        ctx.today,
    )
    .map_err(|refusal| Failure::Invalid(vec![FieldError::new("opened_on", refusal.to_string())]))?;
    referral.resolution = Resolution {
        outcome: Outcome::Accepted,
        on: Some(opened_on),
        note: None,
        withdrawal: None,
    };
    referral.decision_needed = None;
    referral.officer = Some(officer.clone());
    let details = json!({ "opened_on": opened_on });
    let event = Event::new("referral_accepted", "referral", id).with(details);
    keep(ctx, &referral, event)?;
    referral.version += 1;
    Ok(referral)
}

/// A moved-in referral, as its row describes it.
pub struct MovedIn<'a> {
    pub young_person: &'a YoungPersonId,
    pub request: Request,
    pub outcome: Outcome,
    pub outcome_on: Option<NaiveDate>,
    pub officer: Option<UserId>,
}

/// Takes a moved-in referral in as it is: what was decided elsewhere is not decided again.
pub fn move_in(
    ctx: &mut Ctx<'_>,
    moved: &MovedIn<'_>,
    external: &store::External<'_>,
) -> Result<Referral, Failure> {
    let referral = Referral {
        id: ReferralId::random(),
        young_person: moved.young_person.clone(),
        request: moved.request.clone(),
        conference_child: None,
        resolution: Resolution {
            outcome: moved.outcome,
            on: moved.outcome_on,
            note: None,
            withdrawal: None,
        },
        decision_needed: None,
        officer: moved.officer.clone(),
        offer: Offer::default(),
        version: 1,
    };
    receive(ctx, &referral, Some(external))?;
    Ok(referral)
}

/// Brings a moved-in referral to what its changed row now says.
pub fn correct_moved_in(
    ctx: &mut Ctx<'_>,
    referral: &Referral,
    moved: &MovedIn<'_>,
) -> Result<Referral, Failure> {
    let mut corrected = referral.clone();
    corrected.request = moved.request.clone();
    corrected.resolution.outcome = moved.outcome;
    corrected.resolution.on = moved.outcome_on;
    corrected.officer.clone_from(&moved.officer);
    keep(
        ctx,
        &corrected,
        Event::new("referral_corrected", "referral", &referral.id),
    )?;
    compared(referral, &corrected).keep(ctx, HISTORY, &referral.id, &referral.young_person)?;
    corrected.version += 1;
    Ok(corrected)
}

/// Is it one of those that conferences make?
#[must_use]
pub fn is_automatic(source: Source) -> bool {
    matches!(
        source,
        Source::AutomaticInitialConference | Source::AutomaticReceivingInConference
    )
}
