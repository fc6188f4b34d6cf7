//! How meetings are kept.

use chrono::NaiveDate;
use diesel::prelude::*;

use super::{Attendance, Meeting};
use crate::ctx::Ctx;
use crate::db::schema::{meetings, referrals};
use crate::failure::Failure;
use crate::ids::{MeetingId, ReferralId, YoungPersonId};

pub fn of_referral(ctx: &mut Ctx<'_>, referral: &ReferralId) -> Result<Vec<Meeting>, Failure> {
    let rows: Vec<Columns> = meetings::table
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
    Ok(rows.into_iter().map(meeting).collect())
}

type Columns = (MeetingId, ReferralId, NaiveDate, String, Attendance);

fn meeting((id, referral, held_on, kind, attendance): Columns) -> Meeting {
    Meeting {
        id,
        referral,
        held_on,
        kind,
        attendance,
    }
}

pub fn of_young_person(ctx: &mut Ctx<'_>, id: &YoungPersonId) -> Result<Vec<Meeting>, Failure> {
    let rows: Vec<Columns> = meetings::table
        .inner_join(referrals::table)
        .filter(referrals::young_person_id.eq(id))
        .order((meetings::held_on.desc(), meetings::id))
        .select((
            meetings::id,
            meetings::referral_id,
            meetings::held_on,
            meetings::kind,
            meetings::attendance,
        ))
        .load(ctx.conn)?;
    Ok(rows.into_iter().map(meeting).collect())
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
