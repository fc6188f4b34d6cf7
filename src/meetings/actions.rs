//! What is done about meetings: taking in those that a moved-in spreadsheet holds.

use serde_json::json;

use super::{Meeting, store};
use crate::audit::Event;
use crate::ctx::Ctx;
use crate::failure::Failure;
use crate::ids::YoungPersonId;

pub fn move_in(
    ctx: &mut Ctx<'_>,
    meeting: &Meeting,
    young_person: &YoungPersonId,
    source: &str,
    reference: &str,
) -> Result<(), Failure> {
    store::insert(ctx, meeting, source, reference)?;
    ctx.record(
        Event::new("meeting_recorded", "meeting", &meeting.id)
            .about(young_person)
            .with(json!({ "held_on": meeting.held_on, "kind": meeting.kind })),
    );
    Ok(())
}
