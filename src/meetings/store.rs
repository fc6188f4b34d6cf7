//! How meetings are kept.

use chrono::NaiveDate;
use diesel::prelude::*;

use super::{Attendance, Meeting};
use crate::ctx::Ctx;
use crate::db::schema::meetings;
use crate::failure::Failure;
use crate::ids::{MeetingId, ReferralId};

pub fn of_referral(ctx: &mut Ctx<'_>, referral: &ReferralId) -> Result<Vec<Meeting>, Failure> {
    let rows: Vec<(MeetingId, ReferralId, NaiveDate, String, Attendance)> = meetings::table
        .filter(meetings::referral_id.eq(referral))
        .order((meetings::held_on.desc(), meetings::id))
        .select((
            meetings::id,
            meetings::referral_id,
            meetings::held_on,
            meetings::kind,
            meetings::attendance,
        ))
        .load(ctx.conn)?;
    Ok(rows
        .into_iter()
        .map(|(id, referral, held_on, kind, attendance)| Meeting {
            id,
            referral,
            held_on,
            kind,
            attendance,
        })
        .collect())
}

pub fn known(ctx: &mut Ctx<'_>, source: &str, reference: &str) -> Result<bool, Failure> {
    let found: Option<MeetingId> = meetings::table
        .filter(meetings::external_source.eq(source))
        .filter(meetings::external_ref.eq(reference))
        .select(meetings::id)
        .first(ctx.conn)
        .optional()?;
    Ok(found.is_some())
}

pub(super) fn insert(
    ctx: &mut Ctx<'_>,
    meeting: &Meeting,
    source: &str,
    reference: &str,
) -> Result<(), Failure> {
    diesel::insert_into(meetings::table)
        .values((
            meetings::id.eq(&meeting.id),
            meetings::referral_id.eq(&meeting.referral),
            meetings::held_on.eq(meeting.held_on),
            meetings::kind.eq(&meeting.kind),
            meetings::attendance.eq(meeting.attendance),
            meetings::external_source.eq(source),
            meetings::external_ref.eq(reference),
            meetings::created_at.eq(ctx.now),
        ))
        .execute(ctx.conn)?;
    Ok(())
}
