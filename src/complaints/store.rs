//! How complaints are kept.

use chrono::NaiveDate;
use diesel::prelude::*;

use super::{Complaint, Kind, Outcome, Procedure};
use crate::ctx::Ctx;
use crate::db::schema::{complaints, referrals};
use crate::failure::Failure;
use crate::ids::{ComplaintId, ReferralId, YoungPersonId};

type Columns = (
    ComplaintId,
    ReferralId,
    Kind,
    Option<Procedure>,
    Option<String>,
    NaiveDate,
    Option<NaiveDate>,
    Option<Outcome>,
);

const COLUMNS: (
    complaints::id,
    complaints::referral_id,
    complaints::kind,
    complaints::procedure,
    complaints::stage,
    complaints::received_on,
    complaints::responded_on,
    complaints::outcome,
) = (
    complaints::id,
    complaints::referral_id,
    complaints::kind,
    complaints::procedure,
    complaints::stage,
    complaints::received_on,
    complaints::responded_on,
    complaints::outcome,
);

fn complaint(row: Columns) -> Complaint {
    let (id, referral, kind, procedure, stage, received_on, responded_on, outcome) = row;
    Complaint {
        id,
        referral,
        kind,
        procedure,
        stage,
        received_on,
        responded_on,
        outcome,
    }
}

pub fn of_referral(ctx: &mut Ctx<'_>, referral: &ReferralId) -> Result<Vec<Complaint>, Failure> {
    let rows: Vec<Columns> = complaints::table
        .filter(complaints::referral_id.eq(referral))
        .order((complaints::received_on.desc(), complaints::id))
        .select(COLUMNS)
        .load(ctx.conn)?;
    Ok(rows.into_iter().map(complaint).collect())
}

pub fn of_young_person(ctx: &mut Ctx<'_>, id: &YoungPersonId) -> Result<Vec<Complaint>, Failure> {
    let rows: Vec<Columns> = complaints::table
        .inner_join(referrals::table)
        .filter(referrals::young_person_id.eq(id))
        .order((complaints::received_on.desc(), complaints::id))
        .select(COLUMNS)
        .load(ctx.conn)?;
    Ok(rows.into_iter().map(complaint).collect())
}

pub fn known(ctx: &mut Ctx<'_>, source: &str, reference: &str) -> Result<bool, Failure> {
    let found: Option<ComplaintId> = complaints::table
        .filter(complaints::external_source.eq(source))
        .filter(complaints::external_ref.eq(reference))
        .select(complaints::id)
        .first(ctx.conn)
        .optional()?;
    Ok(found.is_some())
}

pub(super) fn insert(
    ctx: &mut Ctx<'_>,
    complaint: &Complaint,
    source: &str,
    reference: &str,
) -> Result<(), Failure> {
    diesel::insert_into(complaints::table)
        .values((
            complaints::id.eq(&complaint.id),
            complaints::referral_id.eq(&complaint.referral),
            complaints::kind.eq(complaint.kind),
            complaints::procedure.eq(complaint.procedure),
            complaints::stage.eq(&complaint.stage),
            complaints::received_on.eq(complaint.received_on),
            complaints::responded_on.eq(complaint.responded_on),
            complaints::outcome.eq(complaint.outcome),
            complaints::external_source.eq(source),
            complaints::external_ref.eq(reference),
            complaints::created_at.eq(ctx.now),
        ))
        .execute(ctx.conn)?;
    Ok(())
}
