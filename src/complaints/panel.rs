//! What other pages show of complaints.

use serde::Serialize;

use super::{Complaint, Outcome, store};
use crate::calendar::show as day;
use crate::cases::Case;
use crate::ctx::Ctx;
use crate::failure::Failure;
use crate::ids::YoungPersonId;
use crate::web::view::Entry;

/// The complaints of a case, as its page shows them.
#[derive(Serialize)]
pub struct Panel {
    complaints: Vec<ComplaintView>,
}

#[derive(Serialize)]
struct ComplaintView {
    received: String,
    what: String,
    responded: String,
    outcome: &'static str,
}

pub fn of_case(ctx: &mut Ctx<'_>, case: &Case) -> Result<Panel, Failure> {
    let complaints = store::of_referral(ctx, &case.referral)?
        .into_iter()
        .map(|complaint| ComplaintView {
            received: day(complaint.received_on),
            what: what(&complaint),
            responded: complaint
                .responded_on
                .map_or_else(|| "No answer yet".to_owned(), day),
            outcome: complaint.outcome.map_or("", Outcome::words),
        })
        .collect();
    Ok(Panel { complaints })
}

fn what(complaint: &Complaint) -> String {
    [
        Some(complaint.kind.words().to_owned()),
        complaint
            .procedure
            .map(|procedure| procedure.words().to_owned()),
        complaint
            .stage
            .as_ref()
            .map(|stage| format!("stage {stage}")),
    ]
    .into_iter()
    .flatten()
    .collect::<Vec<_>>()
    .join(", ")
}

/// A young person's complaints and their answers, for the timeline of the record.
pub fn timeline(ctx: &mut Ctx<'_>, id: &YoungPersonId) -> Result<Vec<Entry>, Failure> {
    let mut entries = Vec::new();
    for complaint in store::of_young_person(ctx, id)? {
        let mut add = |on, title: &str, meta: String| {
            entries.push(Entry {
                on,
                kind: "complaint",
                title: title.to_owned(),
                meta,
                note: None,
                own_words: None,
                href: Some(format!("/referrals/{}", complaint.referral)),
            });
        };
        add(
            complaint.received_on,
            "Complaint received",
            what(&complaint),
        );
        if let Some(on) = complaint.responded_on {
            let outcome = complaint.outcome.map_or("", Outcome::words);
            add(on, "Complaint answered", outcome.to_owned());
        }
    }
    Ok(entries)
}
