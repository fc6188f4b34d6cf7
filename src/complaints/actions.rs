//! What is done about complaints: recording one, the steps of its procedure, mending what was
//! recorded, and taking in those that a moved-in spreadsheet holds.

use chrono::NaiveDate;
use serde_json::json;

use super::rules::{self, Refusal};
use super::{Complaint, Details, Done, Kind, MovedIn, Outcome, Procedure, Step, store};
use crate::access::Permission;
use crate::audit::Event;
use crate::calendar::show;
use crate::cases;
use crate::ctx::Ctx;
use crate::failure::{Failure, FieldError};
use crate::history::Changes;
use crate::ids::{CaseId, ComplaintId, ComplaintStepId, YoungPersonId};
use crate::referrals;
use crate::young_people;
use crate::young_people::actions::Opened;

/// What the past of a complaint is kept under: `/history/complaint/…`.
pub const HISTORY: &str = "complaint";

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        match refusal.field() {
            Some(field) => Self::Invalid(vec![FieldError::new(field, refusal.to_string())]),
            None => Self::Refused(refusal.to_string()),
        }
    }
}

fn all(problems: Vec<Refusal>) -> Result<(), Failure> {
    if problems.is_empty() {
        return Ok(());
    }
    let error = |it: Refusal| FieldError::new(it.field().unwrap_or_default(), it.to_string());
    Err(Failure::Invalid(problems.into_iter().map(error).collect()))
}

/// A complaint that whoever acts may know, with its young person, and its case where it has one.
pub struct Known {
    pub complaint: Complaint,
    pub person: Opened,
    pub case: Option<CaseId>,
}

/// Opens a complaint: whoever may know the case it belongs to may know it.
pub fn open(ctx: &mut Ctx<'_>, id: &ComplaintId, permission: Permission) -> Result<Known, Failure> {
    let complaint = store::find(ctx, id)?.ok_or(Failure::NotFound)?;
    let case = cases::store::by_referral(ctx, &complaint.referral)?.map(|case| case.id);
    let person = match &case {
        Some(case) => cases::actions::open(ctx, case, permission)?.1,
        None => referrals::actions::open(ctx, &complaint.referral, permission)?.1,
    };
    Ok(Known {
        complaint,
        person,
        case,
    })
}

/// The complaint to change, held until the end, if it is still the version that was on the page.
fn to_change(
    ctx: &mut Ctx<'_>,
    id: &ComplaintId,
    version: i32,
) -> Result<(Complaint, YoungPersonId), Failure> {
    let known = open(ctx, id, Permission::WorkRecord)?;
    let young_person = known.person.person().id.clone();
    young_people::store::hold(ctx, &young_person)?;
    let complaint = store::find(ctx, id)?.ok_or(Failure::NotFound)?;
    if complaint.version != version {
        return Err(Failure::ChangedMeanwhile);
    }
    Ok((complaint, young_person))
}

/// A complaint as somebody records it.
#[derive(Debug, Clone)]
pub struct New {
    /// The procedure of a formal one; none for an informal one.
    pub follows: Option<Procedure>,
    pub received_on: NaiveDate,
    pub details: Details,
}

/// Records a complaint in a case.
pub fn record(ctx: &mut Ctx<'_>, case: &CaseId, new: &New) -> Result<ComplaintId, Failure> {
    let (case, _) = cases::actions::open(ctx, case, Permission::WorkRecord)?;
    if case.open_spell().is_none() {
        return Err(Failure::refused(
            "This case is closed. Reopen it to record a complaint.",
        ));
    }
    all(rules::check_details(
        new.received_on,
        &new.details,
        ctx.today,
    ))?;
    let complaint = Complaint {
        id: ComplaintId::random(),
        referral: case.referral,
        kind: new.follows.map_or(Kind::Informal, |_| Kind::Formal),
        procedure: new.follows,
        stage: None,
        received_on: new.received_on,
        details: new.details.clone(),
        responded_on: None,
        outcome: None,
        closed_on: None,
        version: 1,
        steps: Vec::new(),
    };
    store::insert(ctx, &complaint)?;
    ctx.record(
        Event::new("complaint_recorded", "complaint", &complaint.id)
            .about(&case.young_person)
            .with(json!({
                "received_on": complaint.received_on,
                "kind": complaint.kind,
                "procedure": complaint.procedure,
            })),
    );
    Ok(complaint.id)
}

/// What somebody changes in what is told of a complaint.
#[derive(Debug, Clone)]
pub struct Edited {
    pub procedure: Option<Procedure>,
    pub received_on: NaiveDate,
    pub details: Details,
}

pub fn edit(
    ctx: &mut Ctx<'_>,
    id: &ComplaintId,
    version: i32,
    edited: &Edited,
) -> Result<(), Failure> {
    let (before, young_person) = to_change(ctx, id, version)?;
    let mut after = before.clone();
    if before.kind == Kind::Formal {
        after.procedure = edited.procedure;
    }
    after.received_on = edited.received_on;
    after.details = edited.details.clone();
    all(rules::check_details(
        after.received_on,
        &after.details,
        ctx.today,
    ))?;
    if let Err(refusal) = rules::check_days(&after, ctx.today) {
        return Err(Failure::Invalid(vec![FieldError::new(
            "received_on",
            format!("A step would lie before it. {refusal}"),
        )]));
    }
    let changes = differences(&before, &after);
    if changes.is_empty() {
        return Ok(());
    }
    store::update(ctx, &after)?;
    changes.keep(ctx, HISTORY, id, &young_person)?;
    ctx.record(
        Event::new("complaint_changed", "complaint", id)
            .about(&young_person)
            .with(json!({ "fields": changes.fields() })),
    );
    Ok(())
}

fn differences(before: &Complaint, after: &Complaint) -> Changes {
    let mut changes = Changes::new();
    let (old, new) = (&before.details, &after.details);
    let words = |procedure: Option<Procedure>| procedure.map(Procedure::words);
    changes.compare("procedure", words(before.procedure), words(after.procedure));
    changes.compare(
        "received_on",
        Some(show(before.received_on)),
        Some(show(after.received_on)),
    );
    changes.compare(
        "when_it_happened",
        old.matter_on.map(show),
        new.matter_on.map(show),
    );
    changes.compare("in_their_words", old.about.as_ref(), new.about.as_ref());
    changes.compare(
        "complained_about",
        old.complained_about.as_ref(),
        new.complained_about.as_ref(),
    );
    let yes_or_no = |advocate: Option<bool>| advocate.map(|yes| if yes { "Yes" } else { "No" });
    changes.compare(
        "an_advocate_helps",
        yes_or_no(old.advocate),
        yes_or_no(new.advocate),
    );
    changes.compare(
        "why_after_a_year",
        old.late_reason.as_ref(),
        new.late_reason.as_ref(),
    );
    changes.compare("learning", old.learning.as_ref(), new.learning.as_ref());
    changes
}

/// A step as somebody records it.
#[derive(Debug, Clone)]
pub struct Told {
    pub step: Step,
    pub on: NaiveDate,
    pub outcome: Option<Outcome>,
    pub who: Option<String>,
    pub note: Option<String>,
}

/// Records a step, or changes it where it is on record.
pub fn keep_step(
    ctx: &mut Ctx<'_>,
    id: &ComplaintId,
    version: i32,
    told: &Told,
) -> Result<(), Failure> {
    let (mut complaint, young_person) = to_change(ctx, id, version)?;
    all(rules::check_told(
        told.step,
        told.outcome,
        told.who.as_deref(),
        told.note.as_deref(),
    ))?;
    let outcome = told.outcome.filter(|_| rules::has_outcome(told.step));
    let before = complaint.done(told.step).cloned();
    let done = match &before {
        Some(before) => Done {
            on: told.on,
            outcome,
            who: told.who.clone(),
            note: told.note.clone(),
            ..before.clone()
        },
        None => {
            rules::may_take(&complaint, told.step)?;
            Done {
                id: ComplaintStepId::random(),
                step: told.step,
                on: told.on,
                outcome,
                who: told.who.clone(),
                note: told.note.clone(),
                recorded_by: ctx.actor.label().to_owned(),
                created_at: ctx.now,
            }
        }
    };
    complaint.steps.retain(|other| other.step != told.step);
    complaint.steps.push(done.clone());
    complaint.steps.sort_by_key(|done| done.step);
    rules::check_day(&complaint, told.step, ctx.today)?;
    settle(&mut complaint, told.step);
    let action = match &before {
        None => {
            store::insert_step(ctx, id, &done)?;
            "complaint_step_recorded"
        }
        Some(before) => {
            let mut changes = Changes::new();
            changes.compare(
                told.step.code(),
                Some(told_words(before)),
                Some(told_words(&done)),
            );
            if changes.is_empty() {
                return Ok(());
            }
            store::update_step(ctx, &done)?;
            changes.keep(ctx, HISTORY, id, &young_person)?;
            "complaint_step_changed"
        }
    };
    store::update(ctx, &complaint)?;
    ctx.record(
        Event::new(action, "complaint", id)
            .about(&young_person)
            .with(json!({ "step": told.step, "on": told.on, "outcome": outcome })),
    );
    Ok(())
}

/// Takes back a step that was recorded by mistake. What it said is kept.
pub fn take_back(
    ctx: &mut Ctx<'_>,
    id: &ComplaintId,
    version: i32,
    step: Step,
) -> Result<(), Failure> {
    let (mut complaint, young_person) = to_change(ctx, id, version)?;
    rules::may_take_back(&complaint, step)?;
    let done = complaint.done(step).cloned().ok_or(Refusal::NotOnRecord)?;
    complaint.steps.retain(|other| other.step != step);
    settle(&mut complaint, step);
    let mut changes = Changes::new();
    changes.compare(step.code(), Some(told_words(&done)), None::<&str>);
    store::delete_step(ctx, &done.id)?;
    store::update(ctx, &complaint)?;
    changes.keep(ctx, HISTORY, id, &young_person)?;
    ctx.record(
        Event::new("complaint_step_taken_back", "complaint", id)
            .about(&young_person)
            .with(json!({ "step": step, "on": done.on })),
    );
    Ok(())
}

/// All that a step says, in a line of its history.
fn told_words(done: &Done) -> String {
    let parts = [
        Some(show(done.on)),
        done.outcome.map(|outcome| outcome.words().to_owned()),
        done.who.clone(),
        done.note.clone(),
    ];
    parts.into_iter().flatten().collect::<Vec<_>>().join("\n")
}

/// What the steps come to: the latest answer, the latest outcome, whether it is over.
fn settle(complaint: &mut Complaint, because_of: Step) {
    let latest = |wanted: fn(Step) -> bool| {
        let steps = complaint.steps.iter().rev();
        steps
            .filter(|done| wanted(done.step))
            .map(Clone::clone)
            .next()
    };
    let (answer, judged) = (latest(rules::is_answer), latest(rules::has_outcome));
    let closing = rules::closing(complaint);
    // An apology, say, leaves a complaint as open or as over as it was.
    if rules::leads_to(because_of).is_some() {
        complaint.responded_on = answer.map(|done| done.on);
        complaint.outcome = judged.and_then(|done| done.outcome);
        complaint.closed_on = closing;
    }
}

/// Takes a moved-in complaint in as it is. One that came with its answer is over.
pub fn move_in(
    ctx: &mut Ctx<'_>,
    complaint: &MovedIn,
    young_person: &YoungPersonId,
    source: &str,
    reference: &str,
) -> Result<(), Failure> {
    let closed_on = complaint
        .responded_on
        .or(complaint.outcome.map(|_| complaint.received_on));
    store::insert_moved_in(ctx, complaint, closed_on, source, reference)?;
    if let Some(on) = complaint.responded_on {
        let done = Done {
            id: ComplaintStepId::random(),
            step: rules::answer_of(complaint.kind, complaint.stage.as_deref()),
            on,
            outcome: complaint.outcome,
            who: None,
            note: None,
            recorded_by: ctx.actor.label().to_owned(),
            created_at: ctx.now,
        };
        store::insert_step(ctx, &complaint.id, &done)?;
    }
    ctx.record(
        Event::new("complaint_recorded", "complaint", &complaint.id)
            .about(young_person)
            .with(json!({ "received_on": complaint.received_on, "kind": complaint.kind })),
    );
    Ok(())
}
