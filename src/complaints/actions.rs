//! What is done about complaints: taking in those that a moved-in spreadsheet holds.

use serde_json::json;

use super::{Complaint, store};
use crate::audit::Event;
use crate::ctx::Ctx;
use crate::failure::Failure;
use crate::ids::YoungPersonId;

pub fn move_in(
    ctx: &mut Ctx<'_>,
    complaint: &Complaint,
    young_person: &YoungPersonId,
    source: &str,
    reference: &str,
) -> Result<(), Failure> {
    store::insert(ctx, complaint, source, reference)?;
    ctx.record(
        Event::new("complaint_recorded", "complaint", &complaint.id)
            .about(young_person)
            .with(json!({ "received_on": complaint.received_on, "kind": complaint.kind })),
    );
    Ok(())
}
