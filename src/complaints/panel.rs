//! What other pages show of complaints.

use serde::Serialize;

use super::{Outcome, store};
use crate::calendar::show as day;
use crate::cases::Case;
use crate::ctx::Ctx;
use crate::failure::Failure;

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
            what: [
                Some(complaint.kind.words().to_owned()),
                complaint
                    .procedure
                    .map(|procedure| procedure.words().to_owned()),
                complaint.stage.map(|stage| format!("stage {stage}")),
            ]
            .into_iter()
            .flatten()
            .collect::<Vec<_>>()
            .join(", "),
            responded: complaint
                .responded_on
                .map_or_else(|| "No answer yet".to_owned(), day),
            outcome: complaint.outcome.map_or("", Outcome::words),
        })
        .collect();
    Ok(Panel { complaints })
}
