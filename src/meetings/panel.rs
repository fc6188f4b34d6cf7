//! What other pages show of meetings.

use serde::Serialize;

use super::store;
use crate::calendar::show as day;
use crate::cases::Case;
use crate::ctx::Ctx;
use crate::failure::Failure;
use crate::ids::YoungPersonId;
use crate::lists;
use crate::web::view::Entry;

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

/// The meetings at which a young person's voice was supported, for the timeline of the record.
pub fn timeline(ctx: &mut Ctx<'_>, id: &YoungPersonId) -> Result<Vec<Entry>, Failure> {
    let types = lists::store::entries(ctx, lists::MEETING_TYPES)?;
    Ok(store::of_young_person(ctx, id)?
        .into_iter()
        .map(|meeting| Entry {
            on: meeting.held_on,
            kind: "meeting",
            title: lists::label(&types, &meeting.kind),
            meta: meeting.attendance.words().to_owned(),
            note: None,
            own_words: None,
            href: Some(format!("/referrals/{}", meeting.referral)),
        })
        .collect())
}
