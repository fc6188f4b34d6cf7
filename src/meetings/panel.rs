//! What other pages show of meetings.

use serde::Serialize;

use super::store;
use crate::calendar::show as day;
use crate::cases::Case;
use crate::ctx::Ctx;
use crate::failure::Failure;
use crate::lists;

/// The meetings of a case, as its page shows them.
#[derive(Serialize)]
pub struct Panel {
    meetings: Vec<MeetingView>,
}

#[derive(Serialize)]
struct MeetingView {
    day: String,
    what: String,
    who: &'static str,
}

pub fn of_case(ctx: &mut Ctx<'_>, case: &Case) -> Result<Panel, Failure> {
    let types = lists::store::entries(ctx, lists::MEETING_TYPES)?;
    let meetings = store::of_referral(ctx, &case.referral)?
        .into_iter()
        .map(|meeting| MeetingView {
            day: day(meeting.held_on),
            what: lists::label(&types, &meeting.kind),
            who: meeting.attendance.words(),
        })
        .collect();
    Ok(Panel { meetings })
}
