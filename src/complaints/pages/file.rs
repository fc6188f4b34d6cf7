//! The file for the Ombudsman: all of one complaint in order, to print. It holds no address and no
//! way to reach anybody.

use serde::Serialize;

use super::{ClockView, StepView, clock_views, facts};
use crate::access::Permission;
use crate::audit::Event;
use crate::calendar::{in_england, show as day};
use crate::complaints::{actions, rules};
use crate::ctx::Ctx;
use crate::failure::Failure;
use crate::history;
use crate::ids::ComplaintId;
use crate::settings::Complaints;
use crate::web::{Answer, PageOptions, Path, Web, known, view};

#[derive(Serialize)]
struct FileView {
    person: String,
    born: Option<String>,
    reference: String,
    state: &'static str,
    received: String,
    about: Option<String>,
    learning: Option<String>,
    late: Option<String>,
    facts: Vec<view::Fact>,
    clocks: Vec<ClockView>,
    steps: Vec<StepView>,
    changes: Vec<ChangeView>,
    printed_by: String,
    printed_at: String,
}

#[derive(Serialize)]
struct ChangeView {
    at: String,
    by: String,
    field: String,
    before: Option<String>,
    after: Option<String>,
}

pub async fn file(web: Web, id: Path<String>) -> Answer {
    let id = known(ComplaintId::parse(&id))?;
    let settings = web.app.settings.complaints.clone();
    let back = format!("/complaints/{id}");
    let shown = web.read(move |ctx| file_view(ctx, &id, &settings)).await?;
    web.page(
        "complaints/file",
        PageOptions::titled("Complaint file").back(back, "Complaint"),
        shown,
    )
}

fn file_view(
    ctx: &mut Ctx<'_>,
    id: &ComplaintId,
    settings: &Complaints,
) -> Result<FileView, Failure> {
    let opened = actions::open(ctx, id, Permission::SeeRecord)?;
    let (complaint, person) = (&opened.complaint, opened.person.person());
    // It is made to leave the service: that is more than a look.
    ctx.record(Event::new("complaint_file_made", "complaint", id).about(&person.id));
    let at = |instant| in_england(instant).format("%-d %B %Y, %H:%M").to_string();
    let changes = history::store::of(ctx, actions::HISTORY, id.as_str())?
        .into_iter()
        .rev()
        .map(|line| ChangeView {
            at: at(line.at),
            by: line.by,
            field: line.field.replace('_', " "),
            before: line.before,
            after: line.after,
        })
        .collect();
    Ok(FileView {
        person: person.full_name(),
        born: person.date_of_birth.map(day),
        reference: id
            .as_str()
            .chars()
            .take(8)
            .collect::<String>()
            .to_uppercase(),
        state: rules::state(complaint).words(),
        received: day(complaint.received_on),
        about: complaint.details.about.clone(),
        learning: complaint.details.learning.clone(),
        late: rules::late_warning(complaint),
        facts: facts(complaint),
        clocks: clock_views(ctx, complaint, settings)?,
        steps: StepView::all(complaint),
        changes,
        printed_by: match ctx.actor {
            crate::access::Actor::User { name, .. } => name.clone(),
            _ => "Heard".to_owned(),
        },
        printed_at: at(ctx.now),
    })
}
