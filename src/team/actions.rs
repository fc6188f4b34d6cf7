//! What is done about the team: hours, absences and their cover, opposed wishes; and what is asked
//! before an officer is given anything.

use std::collections::HashMap;

use chrono::NaiveDate;
use serde_json::json;

use super::rules::{self, Refusal};
use super::{Absence, Conflict, Hours, HoursFrom, Knowing, Load, Mine, store};
use crate::access::{Decision, Permission, Relationship, decide};
use crate::audit::Event;
use crate::calendar::show;
use crate::conferences;
use crate::ctx::Ctx;
use crate::failure::{Failure, FieldError};
use crate::ids::{AbsenceId, CaseId, OpposedWishId, UserId, YoungPersonId};
use crate::staff;
use crate::young_people;
use crate::young_people::actions::open_record;

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        Self::Invalid(vec![FieldError::new(refusal.field(), refusal.to_string())])
    }
}

/// May whoever acts give work to others? Whoever may not finds nothing.
pub fn may_allocate(ctx: &Ctx<'_>) -> Result<UserId, Failure> {
    if decide(ctx.actor, Permission::Allocate, Relationship::General) == Decision::Denied {
        return Err(Failure::NotFound);
    }
    ctx.actor.user_id().cloned().ok_or(Failure::NotFound)
}

/// What everybody on the staff is called.
pub fn names(ctx: &mut Ctx<'_>) -> Result<HashMap<UserId, String>, Failure> {
    Ok(staff::store::all(ctx)?
        .into_iter()
        .map(|user| (user.id, user.name))
        .collect())
}

// What each carries

/// The hours that hold for an officer on a day.
fn hours_on(all: &[HoursFrom], officer: &UserId, day: NaiveDate) -> Hours {
    all.iter()
        .rev()
        .find(|set| set.officer == *officer && set.from <= day)
        .map_or(Hours::FULL_TIME, |set| set.hours)
}

/// What each officer carries now, by name. Somebody who has left and still holds work is among
/// them: nothing is lost from sight.
pub fn loads(ctx: &mut Ctx<'_>) -> Result<Vec<Load>, Failure> {
    let today = ctx.today;
    let hours = store::hours(ctx)?;
    let away = store::away_today(ctx)?;
    let open = store::open_cases(ctx)?;
    let waiting = store::waiting_referrals(ctx)?;
    let count = |counts: &HashMap<UserId, i64>, id: &UserId| counts.get(id).copied().unwrap_or(0);
    Ok(staff::store::all(ctx)?
        .into_iter()
        .map(|user| {
            let carries = staff::rules::carries_cases(user.role) && !user.disabled;
            let load = Load {
                hours: hours_on(&hours, &user.id, today),
                open_cases: count(&open, &user.id),
                waiting: count(&waiting, &user.id),
                away_until: away
                    .iter()
                    .find(|absence| absence.officer == user.id)
                    .map(|absence| absence.to),
                officer_name: user.name,
                officer: user.id,
            };
            (carries, load)
        })
        .filter(|(carries, load)| *carries || load.open_cases > 0 || load.waiting > 0)
        .map(|(_, load)| load)
        .collect())
}

/// "Marcus Adeyemi: 31 open cases of 32 (0.8 full time)".
#[must_use]
pub fn load_words(load: &Load, per_full_time: i64) -> String {
    let cases = match load.open_cases {
        1 => "1 open case".to_owned(),
        cases => format!("{cases} open cases"),
    };
    let away = load
        .away_until
        .map_or_else(String::new, |until| format!(", away until {}", show(until)));
    format!(
        "{}: {cases} of {} ({}){away}",
        load.officer_name,
        rules::capacity(load.hours, per_full_time),
        rules::full_time_words(load.hours.percent),
    )
}

/// Officers as a form offers them that gives work: each with what they carry already.
pub fn officer_options(
    ctx: &mut Ctx<'_>,
    per_full_time: i64,
) -> Result<Vec<(String, String)>, Failure> {
    let may: Vec<UserId> = staff::actions::officers(ctx)?
        .into_iter()
        .map(|user| user.id)
        .collect();
    Ok(loads(ctx)?
        .into_iter()
        .filter(|load| may.contains(&load.officer))
        .map(|load| (load.officer.to_string(), load_words(&load, per_full_time)))
        .collect())
}

/// Sets how much of a full week an officer works, from a day on.
pub fn set_hours(
    ctx: &mut Ctx<'_>,
    officer: &UserId,
    from: NaiveDate,
    hours: Hours,
) -> Result<(), Failure> {
    let me = may_allocate(ctx)?;
    let officer = staff::actions::officer(ctx, officer)?;
    if hours.capacity.is_some_and(|own| !(1..=200).contains(&own)) {
        return Err(Refusal::Capacity.into());
    }
    store::insert_hours(ctx, &officer.id, from, hours, &me)?;
    ctx.record(Event::new("hours_set", "user", &officer.id).with(json!({
        "from": from,
        "percent": hours.percent,
        "capacity": hours.capacity,
    })));
    Ok(())
}

// Absences and cover

/// What whoever acts has to see to today.
pub fn mine(ctx: &mut Ctx<'_>) -> Result<Mine, Failure> {
    let me = ctx.actor.user_id().cloned().ok_or(Failure::NotFound)?;
    store::mine(ctx, &me)
}

/// How whoever acts stands to a piece of work that an officer holds: theirs, covered by them, or
/// the team's.
pub fn relationship(
    ctx: &mut Ctx<'_>,
    holder: Option<&UserId>,
    case: Option<&CaseId>,
) -> Result<Relationship, Failure> {
    let (Some(holder), Some(me)) = (holder, ctx.actor.user_id()) else {
        return Ok(Relationship::Team);
    };
    if holder == me {
        return Ok(Relationship::Own);
    }
    let covered = cover_of(ctx, holder, case)?;
    Ok(match covered {
        Some((cover, _)) if Some(&cover) == ctx.actor.user_id() => Relationship::Cover,
        _ => Relationship::Team,
    })
}

/// Who covers a piece of work of this officer today, and until when.
pub fn cover_of(
    ctx: &mut Ctx<'_>,
    holder: &UserId,
    case: Option<&CaseId>,
) -> Result<Option<(UserId, NaiveDate)>, Failure> {
    let away = store::away_today(ctx)?;
    Ok(away
        .into_iter()
        .find(|absence| absence.officer == *holder)
        .and_then(|absence| {
            let cover = match case {
                Some(case) => absence.cover_of(case),
                None => absence.covered_by.as_ref(),
            };
            cover.cloned().map(|cover| (cover, absence.to))
        }))
}

/// The absence that is not over, for a senior officer to change.
pub fn absence(ctx: &mut Ctx<'_>, id: &AbsenceId) -> Result<Absence, Failure> {
    may_allocate(ctx)?;
    let today = ctx.today;
    store::absences_from(ctx, today)?
        .into_iter()
        .find(|absence| absence.id == *id)
        .ok_or(Failure::NotFound)
}

/// Puts an absence on record, with who covers.
pub fn record_absence(
    ctx: &mut Ctx<'_>,
    absence: &Absence,
    knowing: &Knowing,
) -> Result<(), Failure> {
    let me = may_allocate(ctx)?;
    check(ctx, absence, knowing)?;
    store::insert_absence(ctx, absence, &me)?;
    note(ctx, "absence_recorded", absence);
    Ok(())
}

/// Changes the dates of an absence or who covers.
pub fn change_absence(
    ctx: &mut Ctx<'_>,
    absence: &Absence,
    knowing: &Knowing,
) -> Result<(), Failure> {
    may_allocate(ctx)?;
    check(ctx, absence, knowing)?;
    store::update_absence(ctx, absence)?;
    note(ctx, "absence_changed", absence);
    Ok(())
}

/// Takes back an absence that is not to be: the officer is here.
pub fn cancel_absence(ctx: &mut Ctx<'_>, id: &AbsenceId, version: i32) -> Result<(), Failure> {
    let absence = absence(ctx, id)?;
    store::cancel_absence(ctx, id, version)?;
    note(ctx, "absence_cancelled", &absence);
    Ok(())
}

fn note(ctx: &mut Ctx<'_>, action: &'static str, absence: &Absence) {
    ctx.record(Event::new(action, "absence", &absence.id).with(json!({
        "officer": absence.officer,
        "from": absence.from,
        "to": absence.to,
        "covered_by": absence.covered_by,
        "cases_apart": absence.exceptions.len(),
    })));
}

fn check(ctx: &mut Ctx<'_>, absence: &Absence, knowing: &Knowing) -> Result<(), Failure> {
    staff::actions::officer(ctx, &absence.officer)?;
    let covers = absence.exceptions.iter().map(|(_, officer)| officer);
    for cover in absence.covered_by.iter().chain(covers) {
        if staff::actions::officer(ctx, cover).is_err() {
            let wrong = FieldError::new("cover", "Choose an officer from the list");
            return Err(Failure::Invalid(vec![wrong]));
        }
    }
    let today = ctx.today;
    let others = store::absences_from(ctx, absence.from.min(today))?;
    rules::check_absence(absence, &others, today)?;
    let held = store::held_by(ctx, std::slice::from_ref(&absence.officer))?;
    let giving: Vec<(YoungPersonId, UserId)> = held
        .into_iter()
        .filter_map(|held| {
            let cover = absence.cover_of(&held.case)?.clone();
            Some((held.young_person, cover))
        })
        .collect();
    may_hold(ctx, &giving, None, knowing)
}

// Before an officer is given anything

/// Asks, before officers are given these young people: is a record closed to its officer (then
/// no), and would somebody hold two whose wishes are opposed (then only knowingly, and the reason
/// is kept)? `leaving` gives away what they have.
pub fn may_hold(
    ctx: &mut Ctx<'_>,
    giving: &[(YoungPersonId, UserId)],
    leaving: Option<&UserId>,
    knowing: &Knowing,
) -> Result<(), Failure> {
    if giving.is_empty() {
        return Ok(());
    }
    let closed = store::closed(ctx, giving)?;
    if !closed.is_empty() {
        let told = tell(ctx, &closed, |person, officer| {
            format!("The record of {person} is closed to {officer}: choose another officer")
        })?;
        return Err(Failure::Invalid(vec![FieldError::new("officer", told)]));
    }
    let conflicts = told_of(ctx, giving, leaving)?;
    if conflicts.is_empty() {
        return Ok(());
    }
    if knowing.known && !knowing.why.is_empty() {
        let me = ctx.actor.user_id().cloned().ok_or(Failure::NotFound)?;
        for conflict in &conflicts {
            store::insert_reason(ctx, conflict, &knowing.why, &me)?;
            ctx.record(
                Event::new("opposed_wishes_shared", "opposed_wishes", &conflict.wish)
                    .about(&conflict.people.0)
                    .with(json!({ "officer": conflict.officer, "other": conflict.people.1 })),
            );
        }
        return Ok(());
    }
    if knowing.known {
        let why = "Say why one officer is right for both";
        return Err(Failure::Invalid(vec![FieldError::new("opposed_why", why)]));
    }
    let sentence = warning(ctx, &conflicts)?;
    Err(Failure::Invalid(vec![FieldError::new(
        "opposed_known",
        sentence,
    )]))
}

/// The conflicts that whoever acts may know of.
fn told_of(
    ctx: &mut Ctx<'_>,
    giving: &[(YoungPersonId, UserId)],
    leaving: Option<&UserId>,
) -> Result<Vec<Conflict>, Failure> {
    let mut conflicts = store::conflicts(ctx, giving, leaving)?;
    if !conflicts.is_empty() {
        let closed = young_people::store::closed_to_me(ctx)?;
        conflicts.retain(|it| !closed.contains(&it.people.0) && !closed.contains(&it.people.1));
    }
    Ok(conflicts)
}

fn people_names(
    ctx: &mut Ctx<'_>,
    ids: &[YoungPersonId],
) -> Result<HashMap<YoungPersonId, String>, Failure> {
    Ok(young_people::store::by_ids(ctx, ids)?
        .into_iter()
        .map(|person| (person.id.clone(), person.full_name()))
        .collect())
}

fn tell(
    ctx: &mut Ctx<'_>,
    pairs: &[(YoungPersonId, UserId)],
    sentence: impl Fn(&str, &str) -> String,
) -> Result<String, Failure> {
    let ids: Vec<_> = pairs.iter().map(|(person, _)| person.clone()).collect();
    let people = people_names(ctx, &ids)?;
    let staff = names(ctx)?;
    let sentences: Vec<String> = pairs
        .iter()
        .map(|(person, officer)| {
            let name = people.get(person).map_or("a young person", String::as_str);
            let officer = staff.get(officer).map_or("this officer", String::as_str);
            sentence(name, officer)
        })
        .collect();
    Ok(sentences.join(". "))
}

fn warning(ctx: &mut Ctx<'_>, conflicts: &[Conflict]) -> Result<String, Failure> {
    let ids: Vec<_> = conflicts
        .iter()
        .flat_map(|it| [it.people.0.clone(), it.people.1.clone()])
        .collect();
    let people = people_names(ctx, &ids)?;
    let staff = names(ctx)?;
    let name = |id: &YoungPersonId| people.get(id).map_or("A young person", String::as_str);
    let sentences: Vec<String> = conflicts
        .iter()
        .map(|it| {
            format!(
                "The wishes of {} and {} are opposed, and {} would act for both.",
                name(&it.people.0),
                name(&it.people.1),
                staff.get(&it.officer).map_or("one officer", String::as_str)
            )
        })
        .collect();
    Ok(format!(
        "{} Choose another officer, or tick that you know and say why.",
        sentences.join(" ")
    ))
}

// Opposed wishes

/// The brothers and sisters of a young person by name.
pub fn brothers_and_sisters(
    ctx: &mut Ctx<'_>,
    id: &YoungPersonId,
) -> Result<Vec<(YoungPersonId, String)>, Failure> {
    let ids = conferences::actions::brothers_and_sisters(ctx, id)?;
    Ok(young_people::store::by_ids(ctx, &ids)?
        .into_iter()
        .map(|person| (person.id.clone(), person.full_name()))
        .collect())
}

/// Puts on record that a young person and a brother or sister want opposite things.
pub fn oppose(
    ctx: &mut Ctx<'_>,
    one: &YoungPersonId,
    other: &YoungPersonId,
    said: &str,
) -> Result<(), Failure> {
    open_record(
        ctx,
        one,
        Permission::WorkRecord,
        Relationship::Team,
        "opposed_wishes",
    )?;
    open_record(
        ctx,
        other,
        Permission::WorkRecord,
        Relationship::Team,
        "opposed_wishes",
    )?;
    let me = ctx.actor.user_id().cloned().ok_or(Failure::NotFound)?;
    if one == other {
        return Err(Refusal::SamePerson.into());
    }
    // In one order always, so that two who do this at once never wait for each other.
    for person in [one.min(other), one.max(other)] {
        young_people::store::hold(ctx, person)?;
    }
    let already = store::opposed_to(ctx, one)?;
    if already.iter().any(|it| it.other == *other) {
        return Err(Refusal::OpposedAlready.into());
    }
    let id = OpposedWishId::random();
    store::insert_opposed(ctx, &id, [one, other], said, &me)?;
    ctx.record(
        Event::new("opposed_wishes_noted", "opposed_wishes", &id)
            .about(one)
            .with(json!({ "other": other })),
    );
    Ok(())
}

/// Their wishes are no longer opposed.
pub fn end_opposed(
    ctx: &mut Ctx<'_>,
    one: &YoungPersonId,
    id: &OpposedWishId,
    version: i32,
) -> Result<(), Failure> {
    open_record(
        ctx,
        one,
        Permission::WorkRecord,
        Relationship::Team,
        "opposed_wishes",
    )?;
    let me = ctx.actor.user_id().cloned().ok_or(Failure::NotFound)?;
    let closed = young_people::store::closed_to_me(ctx)?;
    let pair = store::opposed_to(ctx, one)?
        .into_iter()
        .find(|it| it.id == *id && !closed.contains(&it.other))
        .ok_or(Failure::NotFound)?;
    store::end_opposed(ctx, id, version, &me)?;
    ctx.record(
        Event::new("opposed_wishes_ended", "opposed_wishes", id)
            .about(one)
            .with(json!({ "other": pair.other })),
    );
    Ok(())
}
