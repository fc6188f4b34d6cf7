//! What other pages show of complaints.

use serde::Serialize;

use super::clocks::{self, Count};
use super::line::ClockLine;
use super::{Outcome, rules, store};
use crate::calendar::show as day;
use crate::cases::Case;
use crate::ctx::Ctx;
use crate::failure::Failure;
use crate::holidays;
use crate::ids::YoungPersonId;
use crate::settings::Complaints;
use crate::text::lower_first;
use crate::web::view;

/// The complaints of a case, as its page shows them.
#[derive(Serialize)]
pub struct Panel {
    complaints: Vec<ComplaintView>,
    /// Where another is recorded; none in a closed case.
    record_href: Option<String>,
}

#[derive(Serialize)]
struct ComplaintView {
    href: String,
    received: String,
    what: String,
    state: &'static str,
    outcome: &'static str,
    responded: Option<String>,
    clock: Option<ClockLine>,
}

pub fn of_case(ctx: &mut Ctx<'_>, case: &Case, settings: &Complaints) -> Result<Panel, Failure> {
    let holidays = holidays::store::calendar(ctx)?;
    let complaints = store::of_referral(ctx, &case.referral)?;
    let count = Count {
        holidays: &holidays,
        settings,
        today: ctx.today,
    };
    let complaints = complaints
        .into_iter()
        .map(|complaint| {
            let clocks = clocks::clocks(&complaint, &count);
            ComplaintView {
                href: format!("/complaints/{}", complaint.id),
                received: day(complaint.received_on),
                what: complaint.kind_words(),
                state: rules::state(&complaint).words(),
                outcome: complaint.outcome.map_or("", Outcome::words),
                responded: complaint.responded_on.map(day),
                clock: clocks::next(&clocks).map(ClockLine::from),
            }
        })
        .collect();
    Ok(Panel {
        complaints,
        record_href: case
            .open_spell()
            .map(|_| format!("/cases/{}/complaint", case.id)),
    })
}

/// What happened with the complaints of a young person, for the timeline of their record.
pub fn timeline(
    ctx: &mut Ctx<'_>,
    young_person: &YoungPersonId,
) -> Result<Vec<view::Entry>, Failure> {
    let mut entries = Vec::new();
    for complaint in store::of_young_person(ctx, young_person)? {
        let href = format!("/complaints/{}", complaint.id);
        entries.push(view::Entry {
            on: complaint.received_on,
            kind: "complaint",
            title: format!("{} received", complaint.kind_words()),
            meta: rules::state(&complaint).words().to_owned(),
            note: None,
            own_words: complaint.details.about.clone(),
            href: Some(href.clone()),
        });
        for done in complaint.steps {
            entries.push(view::Entry {
                on: done.on,
                kind: "complaint",
                title: format!("Complaint: {}", lower_first(done.step.words())),
                meta: [
                    done.outcome.map(|outcome| outcome.words().to_owned()),
                    done.who,
                ]
                .into_iter()
                .flatten()
                .collect::<Vec<_>>()
                .join(", "),
                note: done.note,
                own_words: None,
                href: Some(href.clone()),
            });
        }
    }
    Ok(entries)
}
