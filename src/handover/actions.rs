//! What is done when a caseload is handed over.

use serde_json::json;

use super::{Handover, rules};
use crate::audit::Event;
use crate::cases;
use crate::ctx::Ctx;
use crate::failure::{Failure, FieldError};
use crate::ids::{UserId, YoungPersonId};
use crate::referrals;
use crate::staff;
use crate::tasks;
use crate::team::{self, Answering, Held, Knowing};
use crate::young_people;

/// What an officer holds, as far as whoever acts may know it, and how many records they may not.
pub struct Caseload {
    pub officer_name: String,
    pub cases: Vec<Held>,
    pub referrals: Vec<Answering>,
    pub unseen: usize,
}

pub fn caseload(ctx: &mut Ctx<'_>, officer: &UserId) -> Result<Caseload, Failure> {
    team::actions::may_allocate(ctx)?;
    let user = staff::store::find(ctx, officer)?.ok_or(Failure::NotFound)?;
    let closed = young_people::store::closed_to_me(ctx)?;
    let mut cases = team::store::held_by(ctx, std::slice::from_ref(officer))?;
    let mut referrals = team::store::answered_by(ctx, officer)?;
    let all = cases.len() + referrals.len();
    cases.retain(|held| !closed.contains(&held.young_person));
    referrals.retain(|waits| !closed.contains(&waits.young_person));
    Ok(Caseload {
        officer_name: user.name,
        unseen: all - cases.len() - referrals.len(),
        cases,
        referrals,
    })
}

/// Hands everything over, each case from the day on. What came to the officer since the page was
/// opened goes with the rest; what left them stays where it is.
pub fn hand_over(ctx: &mut Ctx<'_>, handover: &Handover, knowing: &Knowing) -> Result<(), Failure> {
    let load = caseload(ctx, &handover.from)?;
    let mut wrong: Vec<FieldError> = Vec::new();
    let mut giving: Vec<(YoungPersonId, UserId)> = Vec::new();
    let mut cases_to = Vec::new();
    let mut referrals_to = Vec::new();
    let rest_to = handover.rest_to.as_ref();
    for held in &load.cases {
        match rules::receiver(&held.case, &handover.cases, rest_to, &handover.from) {
            Ok(to) => {
                giving.push((held.young_person.clone(), to.clone()));
                cases_to.push((held, to));
            }
            Err(refusal) => wrong.push(FieldError::new(
                format!("case-{}", held.case),
                format!("{}: {refusal}", held.person),
            )),
        }
    }
    for waits in &load.referrals {
        match rules::receiver(
            &waits.referral,
            &handover.referrals,
            rest_to,
            &handover.from,
        ) {
            Ok(to) => {
                giving.push((waits.young_person.clone(), to.clone()));
                referrals_to.push((waits, to));
            }
            Err(refusal) => wrong.push(FieldError::new(
                format!("referral-{}", waits.referral),
                format!("{}: {refusal}", waits.person),
            )),
        }
    }
    // A task goes where its case goes; what is about another case goes with the rest.
    let mut tasks_to = Vec::new();
    for task in tasks::store::open_for(ctx, &handover.from)? {
        let with_its_case = cases_to
            .iter()
            .find(|(held, _)| task.about.iter().any(|about| about.case == held.case))
            .map(|(_, to)| *to);
        match with_its_case.or(rest_to) {
            Some(to) if *to != handover.from => tasks_to.push((task, to.clone())),
            _ => wrong.push(FieldError::new(
                "rest_to",
                format!("Choose who gets everything: the task “{}” stays", task.what),
            )),
        }
    }
    // In one order always, so that two who do this at once never wait for each other.
    let mut people: Vec<&YoungPersonId> = giving.iter().map(|(person, _)| person).collect();
    people.sort();
    people.dedup();
    for person in people {
        young_people::store::hold(ctx, person)?;
    }
    let today = ctx.today;
    for (held, to) in &cases_to {
        let case = cases::store::find(ctx, &held.case)?.ok_or(Failure::NotFound)?;
        if let Err(refusal) = cases::rules::may_allocate(&case, to, handover.on, today) {
            wrong.push(FieldError::new(
                format!("case-{}", held.case),
                format!("{}: {refusal}", held.person),
            ));
        }
    }
    if !wrong.is_empty() {
        return Err(Failure::Invalid(wrong));
    }
    team::actions::may_hold(ctx, &giving, Some(&handover.from), knowing)?;
    for (held, to) in &cases_to {
        cases::actions::allocate(ctx, &held.case, held.version, to, handover.on)?;
    }
    for (waits, to) in &referrals_to {
        referrals::actions::give_to(ctx, &waits.referral, waits.version, to)?;
    }
    for (task, to) in &tasks_to {
        let (what, due_on) = (task.what.as_str(), task.due_on);
        tasks::actions::change(ctx, &task.id, task.version, what, due_on, to)?;
    }
    ctx.record(
        Event::new("caseload_handed_over", "user", &handover.from).with(json!({
            "on": handover.on,
            "cases": cases_to.len(),
            "referrals": referrals_to.len(),
            "tasks": tasks_to.len(),
        })),
    );
    Ok(())
}
