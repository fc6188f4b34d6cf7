//! What is done about meetings: planning one, recording who was there, that it did not take place,
//! correcting; taking in those that a moved-in spreadsheet holds; and the address of a calendar.

use chrono::NaiveDate;
use serde_json::json;

use super::rules::{self, About, Refusal};
use super::{Attended, Meeting, MovedIn, Said, State, Step, Views, What, store};
use crate::access::{Decision, Permission, Relationship, decide};
use crate::audit::Event;
use crate::cases;
use crate::conferences::{self, Status};
use crate::ctx::Ctx;
use crate::failure::{Failure, FieldError};
use crate::history::Changes;
use crate::ids::{AttendanceId, ConferenceChildId, MeetingId, ReferralId, UserId, YoungPersonId};
use crate::referrals::{self, Referral};
use crate::staff;
use crate::young_people;
use crate::young_people::actions::Opened;

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        let field = match refusal {
            Refusal::InTheFuture | Refusal::InThePast | Refusal::BeforeReferral(_) => "held_on",
            Refusal::Nobody => "who",
            Refusal::WhyNotHeld => "reason",
            _ => return Self::Refused(refusal.to_string()),
        };
        Self::Invalid(vec![FieldError::new(field, refusal.to_string())])
    }
}

/// One young person at a meeting, as somebody records it.
#[derive(Debug, Clone)]
pub struct Child {
    pub referral: ReferralId,
    /// The row of the schedule that brought them to a conference.
    pub conference_child: Option<ConferenceChildId>,
    pub said: Said,
}

/// Somebody on a meeting whom whoever acts may know.
pub struct Seen {
    pub attended: Attended,
    pub referral: Referral,
    pub person: Opened,
}

/// A meeting, with those on it whom whoever acts may know. The others look as if they were not on
/// it; where nobody is left, there is no such meeting.
pub fn open(
    ctx: &mut Ctx<'_>,
    id: &MeetingId,
    permission: Permission,
) -> Result<(Meeting, Vec<Seen>), Failure> {
    let meeting = store::find(ctx, id)?.ok_or(Failure::NotFound)?;
    let mut seen = Vec::new();
    for attended in &meeting.attended {
        match referrals::actions::open(ctx, &attended.referral, permission) {
            Ok((referral, person)) => seen.push(Seen {
                attended: attended.clone(),
                referral,
                person,
            }),
            Err(Failure::NotFound) => {}
            Err(other) => return Err(other),
        }
    }
    if seen.is_empty() {
        return Err(Failure::NotFound);
    }
    Ok((meeting, seen))
}

/// The meeting to change, if it is still the version that was on the page, with its state after
/// the step. Everybody on it is held until the end.
fn to_change(
    ctx: &mut Ctx<'_>,
    id: &MeetingId,
    version: i32,
    step: Step,
) -> Result<(Meeting, Vec<Seen>, State), Failure> {
    let (meeting, _) = open(ctx, id, Permission::WorkRecord)?;
    hold_all(
        ctx,
        meeting.attended.iter().map(|it| it.young_person.clone()),
    )?;
    let (meeting, seen) = open(ctx, id, Permission::WorkRecord)?;
    if meeting.version != version {
        return Err(Failure::ChangedMeanwhile);
    }
    let state = rules::after(meeting.state, step)?;
    Ok((meeting, seen, state))
}

/// Holds several young people, always in the same order: two who hold the same never wait for each
/// other.
fn hold_all(
    ctx: &mut Ctx<'_>,
    people: impl IntoIterator<Item = YoungPersonId>,
) -> Result<(), Failure> {
    let mut people: Vec<YoungPersonId> = people.into_iter().collect();
    people.sort();
    people.dedup();
    for person in &people {
        young_people::store::hold(ctx, person)?;
    }
    Ok(())
}

/// The referrals behind open cases, each young person held until the end.
fn open_cases(ctx: &mut Ctx<'_>, ids: &[ReferralId]) -> Result<Vec<Referral>, Failure> {
    let mut found: Vec<Referral> = Vec::new();
    for id in ids {
        if found.iter().any(|referral| referral.id == *id) {
            continue;
        }
        let (referral, _) = referrals::actions::open(ctx, id, Permission::WorkRecord)?;
        found.push(referral);
    }
    hold_all(ctx, found.iter().map(|it| it.young_person.clone()))?;
    for referral in &found {
        let case = cases::store::by_referral(ctx, &referral.id)?;
        if case.is_none_or(|case| case.open_spell().is_none()) {
            return Err(Refusal::CaseClosed.into());
        }
    }
    Ok(found)
}

fn received(referrals: &[Referral]) -> impl Iterator<Item = NaiveDate> + '_ {
    referrals.iter().map(|it| it.request.received_on)
}

/// Notes a deed for each young person that it is about.
fn record(ctx: &mut Ctx<'_>, action: &'static str, meeting: &Meeting, about: &[YoungPersonId]) {
    for young_person in about {
        ctx.record(
            Event::new(action, "meeting", &meeting.id)
                .about(young_person)
                .with(json!({ "held_on": meeting.what.on, "kind": meeting.what.kind })),
        );
    }
}

/// Plans a meeting for one young person, or for brothers and sisters together.
pub fn plan(ctx: &mut Ctx<'_>, what: &What, who: &[ReferralId]) -> Result<MeetingId, Failure> {
    if who.is_empty() {
        return Err(Refusal::Nobody.into());
    }
    let referrals = open_cases(ctx, who)?;
    rules::check_plan(what, received(&referrals), ctx.today)?;
    let meeting = new_meeting(what, State::Planned);
    store::insert(ctx, &meeting)?;
    for referral in &referrals {
        store::insert_attended(ctx, &meeting.id, &new_attended(referral, None, None))?;
    }
    let about: Vec<_> = referrals.into_iter().map(|it| it.young_person).collect();
    record(ctx, "meeting_planned", &meeting, &about);
    Ok(meeting.id)
}

fn new_meeting(what: &What, state: State) -> Meeting {
    Meeting {
        id: MeetingId::random(),
        what: what.clone(),
        state,
        not_held_reason: None,
        attended: Vec::new(),
        version: 1,
    }
}

fn new_attended(
    referral: &Referral,
    conference_child: Option<&ConferenceChildId>,
    said: Option<&Said>,
) -> Attended {
    Attended {
        id: AttendanceId::random(),
        referral: referral.id.clone(),
        young_person: referral.young_person.clone(),
        conference_child: conference_child.cloned(),
        said: said.cloned(),
    }
}

/// Changes the plan of a meeting, or plans one again that did not take place.
pub fn change(ctx: &mut Ctx<'_>, id: &MeetingId, version: i32, what: &What) -> Result<(), Failure> {
    let again = store::find(ctx, id)?.is_some_and(|it| it.state == State::NotHeld);
    let step = if again { Step::PlanAgain } else { Step::Change };
    let (meeting, seen, state) = to_change(ctx, id, version, step)?;
    let referrals: Vec<ReferralId> = seen.iter().map(|it| it.referral.id.clone()).collect();
    let referrals = open_cases(ctx, &referrals)?;
    rules::check_plan(what, received(&referrals), ctx.today)?;
    let next = Meeting {
        what: what.clone(),
        state,
        not_held_reason: None,
        ..meeting.clone()
    };
    keep(ctx, &meeting, &next, "meeting_changed")
}

/// Records that a meeting did not take place, and why.
pub fn miss(ctx: &mut Ctx<'_>, id: &MeetingId, version: i32, reason: &str) -> Result<(), Failure> {
    if reason.trim().is_empty() {
        return Err(Refusal::WhyNotHeld.into());
    }
    let (meeting, _, state) = to_change(ctx, id, version, Step::Miss)?;
    let next = Meeting {
        state,
        not_held_reason: Some(reason.to_owned()),
        ..meeting.clone()
    };
    keep(ctx, &meeting, &next, "meeting_not_held")
}

/// Keeps a changed meeting, with what stood there before for everybody on it.
fn keep(
    ctx: &mut Ctx<'_>,
    before: &Meeting,
    next: &Meeting,
    action: &'static str,
) -> Result<(), Failure> {
    store::update(ctx, next)?;
    let mut changes = Changes::new();
    compare_meeting(&mut changes, before, next);
    for attended in &before.attended {
        changes.keep(ctx, "meeting", &attended.id, &attended.young_person)?;
    }
    let about: Vec<_> = before
        .attended
        .iter()
        .map(|it| it.young_person.clone())
        .collect();
    record(ctx, action, next, &about);
    Ok(())
}

/// Records a meeting that was held and was not planned here, or a conference of the schedule.
pub fn record_held(
    ctx: &mut Ctx<'_>,
    what: &What,
    children: &[Child],
) -> Result<MeetingId, Failure> {
    if children.is_empty() {
        return Err(Refusal::Nobody.into());
    }
    let ids: Vec<ReferralId> = children.iter().map(|it| it.referral.clone()).collect();
    let referrals = open_cases(ctx, &ids)?;
    rules::check_held(what, received(&referrals), ctx.today)?;
    check_children(what, children, ctx.today)?;
    let meeting = new_meeting(what, State::Held);
    store::insert(ctx, &meeting)?;
    for child in children {
        add_child(ctx, &meeting, child, &referrals)?;
    }
    Ok(meeting.id)
}

/// Records who was at a planned meeting, or corrects what was recorded. Whoever was on it and is
/// not among the children was not part of it after all.
pub fn hold(
    ctx: &mut Ctx<'_>,
    id: &MeetingId,
    version: i32,
    what: &What,
    children: &[Child],
) -> Result<(), Failure> {
    if children.is_empty() {
        return Err(Refusal::Nobody.into());
    }
    let planned = store::find(ctx, id)?.is_some_and(|it| it.state != State::Held);
    let step = if planned { Step::Hold } else { Step::Correct };
    let (meeting, seen, state) = to_change(ctx, id, version, step)?;
    let there = |referral: &ReferralId| seen.iter().find(|it| it.referral.id == *referral);
    // What was recorded is corrected even after the case closed; nobody is added to it then.
    let needs_open: Vec<ReferralId> = children
        .iter()
        .filter(|child| planned || there(&child.referral).is_none())
        .map(|child| child.referral.clone())
        .collect();
    let mut referrals = open_cases(ctx, &needs_open)?;
    for one in &seen {
        if !referrals.iter().any(|it| it.id == one.referral.id) {
            referrals.push(one.referral.clone());
        }
    }
    rules::check_held(what, received(&referrals), ctx.today)?;
    check_children(what, children, ctx.today)?;
    let next = Meeting {
        what: what.clone(),
        state,
        not_held_reason: None,
        ..meeting.clone()
    };
    store::update(ctx, &next)?;
    for attended in &meeting.attended {
        let mut changes = Changes::new();
        compare_meeting(&mut changes, &meeting, &next);
        let child = children.iter().find(|it| it.referral == attended.referral);
        let may_know = there(&attended.referral).is_some();
        if may_know && let Some(before) = &attended.said {
            compare_said(&mut changes, Some(before), child.map(|it| &it.said));
        }
        changes.keep(ctx, "meeting", &attended.id, &attended.young_person)?;
        match child {
            Some(child) => {
                store::set_said(ctx, &attended.id, &child.said)?;
                note_attendance(ctx, &next, &attended.young_person, &child.said);
            }
            None if may_know => {
                store::remove_attended(ctx, &attended.id)?;
                record(
                    ctx,
                    "meeting_attendance_removed",
                    &next,
                    std::slice::from_ref(&attended.young_person),
                );
            }
            None => {}
        }
    }
    for child in children {
        if there(&child.referral).is_none() {
            add_child(ctx, &next, child, &referrals)?;
        }
    }
    Ok(())
}

fn check_children(what: &What, children: &[Child], today: NaiveDate) -> Result<(), Failure> {
    let problems: Vec<FieldError> = children
        .iter()
        .flat_map(|child| {
            rules::check_said(&child.said, what.on, today)
                .into_iter()
                .map(|(about, refusal)| {
                    let field = match about {
                        About::Views => "views",
                        About::Seen => "seen",
                        About::Explained => "explained",
                        About::Reason => "absent",
                    };
                    FieldError::new(format!("{field}-{}", child.referral), refusal.to_string())
                })
        })
        .collect();
    if problems.is_empty() {
        Ok(())
    } else {
        Err(Failure::Invalid(problems))
    }
}

fn add_child(
    ctx: &mut Ctx<'_>,
    meeting: &Meeting,
    child: &Child,
    referrals: &[Referral],
) -> Result<(), Failure> {
    let referral = referrals
        .iter()
        .find(|it| it.id == child.referral)
        .ok_or(Failure::NotFound)?;
    if let Some(id) = &child.conference_child {
        let scheduled = conferences::store::find(ctx, id)?
            .filter(|it| it.young_person == referral.young_person)
            .ok_or(Failure::NotFound)?;
        if scheduled.place.status == Status::Cancelled {
            return Err(Refusal::CancelledConference.into());
        }
        if store::conference_recorded(ctx, id)? {
            return Err(Refusal::RecordedAlready.into());
        }
    }
    let attended = new_attended(referral, child.conference_child.as_ref(), Some(&child.said));
    store::insert_attended(ctx, &meeting.id, &attended)?;
    note_attendance(ctx, meeting, &referral.young_person, &child.said);
    Ok(())
}

fn note_attendance(
    ctx: &mut Ctx<'_>,
    meeting: &Meeting,
    young_person: &YoungPersonId,
    said: &Said,
) {
    ctx.record(
        Event::new("meeting_recorded", "meeting", &meeting.id)
            .about(young_person)
            .with(json!({
                "held_on": meeting.what.on,
                "kind": meeting.what.kind,
                "attendance": said.attendance,
            })),
    );
}

fn compare_meeting(changes: &mut Changes, before: &Meeting, next: &Meeting) {
    let (was, is) = (&before.what, &next.what);
    changes.compare(
        "state",
        Some(before.state.words()),
        Some(next.state.words()),
    );
    changes.compare("kind", Some(&was.kind), Some(&is.kind));
    changes.compare("day", Some(was.on), Some(is.on));
    changes.compare("time", was.starts_at.as_ref(), is.starts_at.as_ref());
    changes.compare("place", was.place.as_ref(), is.place.as_ref());
    changes.compare("online", Some(yes_no(was.online)), Some(yes_no(is.online)));
    changes.compare(
        "why_it_did_not_take_place",
        before.not_held_reason.as_ref(),
        next.not_held_reason.as_ref(),
    );
}

fn compare_said(changes: &mut Changes, before: Option<&Said>, after: Option<&Said>) {
    type Told = fn(&Said) -> Option<String>;
    let fields: [(&'static str, Told); 9] = [
        ("attendance", |it| Some(it.attendance.words().to_owned())),
        ("who_spoke", |it| it.spoke.map(|it| it.words().to_owned())),
        ("how_views_were_given", |it| Some(views_words(&it.views))),
        ("took_part_online", |it| Some(yes_no(it.online).to_owned())),
        ("seen_before", |it| {
            it.seen_before_on.map(|day| day.to_string())
        }),
        ("outcome_explained", |it| {
            it.explained_on.map(|day| day.to_string())
        }),
        ("why_not_there", |it| it.not_there_reason.clone()),
        ("own_words", |it| it.own_words.clone()),
        ("note", |it| it.note.clone()),
    ];
    for (field, told) in fields {
        changes.compare(field, before.and_then(told), after.and_then(told));
    }
}

fn yes_no(yes: bool) -> &'static str {
    if yes { "Yes" } else { "No" }
}

/// How views were given, as one line.
#[must_use]
pub fn views_words(views: &[Views]) -> String {
    let words: Vec<&str> = views.iter().map(|how| how.words()).collect();
    words.join("; ")
}

/// Takes in a meeting that a spreadsheet holds.
pub fn move_in(
    ctx: &mut Ctx<'_>,
    moved_in: &MovedIn,
    young_person: &YoungPersonId,
    source: &str,
    reference: &str,
) -> Result<(), Failure> {
    let id = MeetingId::random();
    store::move_in(ctx, &id, moved_in, source, reference)?;
    ctx.record(
        Event::new("meeting_recorded", "meeting", &id)
            .about(young_person)
            .with(json!({ "held_on": moved_in.held_on, "kind": moved_in.kind })),
    );
    Ok(())
}

// The calendar feed

fn may_have_a_feed(ctx: &Ctx<'_>) -> Result<UserId, Failure> {
    match decide(ctx.actor, Permission::SeeCasework, Relationship::General) {
        Decision::Allowed => ctx.actor.user_id().cloned().ok_or(Failure::NotFound),
        Decision::Denied => Err(Failure::NotFound),
    }
}

/// Makes the address of one's own calendar, or a new one in the place of the old, which ends.
pub fn make_feed(ctx: &mut Ctx<'_>, secret: &str) -> Result<(), Failure> {
    let me = may_have_a_feed(ctx)?;
    store::end_feed(ctx, &me)?;
    store::insert_feed(ctx, &me, &super::calendar_feed::hash(secret))?;
    ctx.record(Event::new("calendar_feed_made", "user", &me));
    Ok(())
}

/// Ends the address of one's own calendar.
pub fn end_feed(ctx: &mut Ctx<'_>) -> Result<(), Failure> {
    let me = may_have_a_feed(ctx)?;
    store::end_feed(ctx, &me)?;
    ctx.record(Event::new("calendar_feed_ended", "user", &me));
    Ok(())
}

/// The officer whose calendar a secret opens, if they still carry cases.
pub fn feed_owner(ctx: &mut Ctx<'_>, secret: &str) -> Result<UserId, Failure> {
    let owner = store::feed_owner(ctx, &super::calendar_feed::hash(secret))?;
    let owner = owner.ok_or(Failure::NotFound)?;
    Ok(staff::store::find(ctx, &owner)?
        .filter(|user| staff::rules::carries_cases(user.role) && !user.disabled)
        .ok_or(Failure::NotFound)?
        .id)
}
