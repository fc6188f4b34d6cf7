//! The pages of complaints, one file a deed.

mod edit;
mod file;
mod list;
mod receive;
mod show;
mod step;

pub use edit::{edit, edit_sent};
pub use file::file;
pub use list::list;
pub use receive::{new, receive, receive_sent};
pub use show::show;
pub use step::{step, step_sent, take_back};

use serde::Serialize;

use super::clocks::{self, Clock, Count};
use super::{Complaint, Done, Outcome, Procedure, rules};
use crate::calendar::{in_england, show as day};
use crate::ctx::Ctx;
use crate::failure::Failure;
use crate::holidays::{self, Closure};
use crate::settings::Complaints;
use crate::web::view::Fact;

/// The longest answer to a question of one line.
const LONGEST_LINE: usize = 200;

/// Text, or nothing where there is none.
fn said(text: String) -> Option<String> {
    Some(text).filter(|text| !text.is_empty())
}

/// The procedures that can be chosen, with a word on each.
fn procedures() -> impl Iterator<Item = (&'static str, String, &'static str)> {
    Procedure::ALL.iter().map(|procedure| {
        let hint = match procedure {
            Procedure::ChildrenAct => {
                "About help, care or decisions by children's social care. It has three stages with clocks set by law"
            }
            Procedure::Corporate => "About any other service of the council",
            Procedure::Nhs => "About a doctor, a hospital or mental health care",
            Procedure::School => "About a school or college",
            Procedure::Other => "About anybody else",
        };
        (
            procedure.code(),
            format!("Formal: {}", crate::text::lower_first(procedure.words())),
            hint,
        )
    })
}

/// A clock with how its date was reached.
#[derive(Serialize)]
struct ClockView {
    what: &'static str,
    limit: String,
    starts: String,
    due: String,
    words: String,
    urgency: &'static str,
    rules: bool,
    explanation: Vec<String>,
}

impl ClockView {
    fn of(clock: &Clock, complaint: &Complaint, closures: &[Closure]) -> Self {
        Self {
            what: clock.kind.words(),
            limit: match clock.extended_from {
                Some(_) => format!("{} working days, extended", clock.days),
                None => format!("{} working days", clock.days),
            },
            starts: clock.start.map_or_else(|| "Not yet".to_owned(), day),
            due: clock.due_on().map_or_else(|| "No date".to_owned(), day),
            words: clock.words(),
            urgency: clock.urgency(),
            rules: clock.rules,
            explanation: clocks::explanation(clock, complaint, closures),
        }
    }
}

/// Every clock of a complaint, explained.
fn clock_views(
    ctx: &mut Ctx<'_>,
    complaint: &Complaint,
    settings: &Complaints,
) -> Result<Vec<ClockView>, Failure> {
    let holidays = holidays::store::calendar(ctx)?;
    let closures = holidays::store::closures(ctx)?;
    let count = Count {
        holidays: &holidays,
        settings,
        today: ctx.today,
    };
    Ok(clocks::clocks(complaint, &count)
        .iter()
        .map(|clock| ClockView::of(clock, complaint, &closures))
        .collect())
}

/// A step as it is read.
#[derive(Serialize)]
struct StepView {
    what: &'static str,
    on: String,
    outcome: Option<&'static str>,
    who: Option<String>,
    note: Option<String>,
    told: bool,
    recorded: String,
    href: String,
}

impl StepView {
    fn of(done: &Done, complaint: &Complaint) -> Self {
        let recorded_on = in_england(done.created_at).date();
        Self {
            what: done.step.words(),
            on: day(done.on),
            outcome: done.outcome.map(Outcome::words),
            who: done.who.clone(),
            note: done.note.clone(),
            told: rules::is_extension(done.step),
            recorded: format!("{}, {}", done.recorded_by, day(recorded_on)),
            href: format!("/complaints/{}/steps/{}", complaint.id, done.step.code()),
        }
    }

    /// In order of time, and of the procedure within a day.
    fn all(complaint: &Complaint) -> Vec<Self> {
        let mut steps: Vec<&Done> = complaint.steps.iter().collect();
        steps.sort_by_key(|done| (done.on, done.step));
        steps
            .into_iter()
            .map(|done| Self::of(done, complaint))
            .collect()
    }
}

/// What is told of a complaint, as facts.
fn facts(complaint: &Complaint) -> Vec<Fact> {
    let details = &complaint.details;
    let mut facts = vec![
        Fact::new("Received", day(complaint.received_on)),
        Fact::new("Kind", complaint.kind_words()),
    ];
    if let Some(stage) = &complaint.stage {
        facts.push(Fact::new("Stage it moved in with", stage));
    }
    if let Some(matter) = details.matter_on {
        facts.push(Fact::new("It happened", day(matter)));
    }
    if let Some(who) = &details.complained_about {
        facts.push(Fact::new("About", who));
    }
    if let Some(advocate) = details.advocate {
        facts.push(Fact::new("Advocate", if advocate { "Yes" } else { "No" }));
    }
    if let Some(on) = complaint.responded_on {
        facts.push(Fact::new("Last answer", day(on)));
    }
    if let Some(outcome) = complaint.outcome {
        facts.push(Fact::new("Outcome", outcome.words()));
    }
    if let Some(on) = complaint.closed_on {
        facts.push(Fact::new("Over since", day(on)));
    }
    facts
}
