//! How complaints and their steps are kept.

use std::collections::HashMap;

use chrono::{NaiveDate, NaiveDateTime};
use diesel::prelude::*;

use super::{Complaint, Details, Done, Kind, MovedIn, Outcome, Procedure, Step};
use crate::ctx::Ctx;
use crate::db::schema::{
    allocations, cases, complaint_steps, complaints, referrals, users, young_people,
};
use crate::failure::Failure;
use crate::ids::{CaseId, ComplaintId, ComplaintStepId, ReferralId, YoungPersonId};

#[derive(Queryable)]
struct Row {
    id: ComplaintId,
    referral: ReferralId,
    kind: Kind,
    procedure: Option<Procedure>,
    stage: Option<String>,
    received_on: NaiveDate,
    matter_on: Option<NaiveDate>,
    about: Option<String>,
    complained_about: Option<String>,
    advocate: Option<bool>,
    late_reason: Option<String>,
    learning: Option<String>,
    responded_on: Option<NaiveDate>,
    outcome: Option<Outcome>,
    closed_on: Option<NaiveDate>,
    version: i32,
}

macro_rules! columns {
    () => {
        (
            complaints::id,
            complaints::referral_id,
            complaints::kind,
            complaints::procedure,
            complaints::stage,
            complaints::received_on,
            complaints::matter_on,
            complaints::about,
            complaints::complained_about,
            complaints::advocate,
            complaints::late_reason,
            complaints::learning,
            complaints::responded_on,
            complaints::outcome,
            complaints::closed_on,
            complaints::version,
        )
    };
}

impl Row {
    fn with(self, steps: Vec<Done>) -> Complaint {
        Complaint {
            id: self.id,
            referral: self.referral,
            kind: self.kind,
            procedure: self.procedure,
            stage: self.stage,
            received_on: self.received_on,
            details: Details {
                matter_on: self.matter_on,
                about: self.about,
                complained_about: self.complained_about,
                advocate: self.advocate,
                late_reason: self.late_reason,
                learning: self.learning,
            },
            responded_on: self.responded_on,
            outcome: self.outcome,
            closed_on: self.closed_on,
            version: self.version,
            steps,
        }
    }
}

/// The complaints of these rows with all their steps, in one more query.
fn whole(ctx: &mut Ctx<'_>, rows: Vec<Row>) -> Result<Vec<Complaint>, Failure> {
    let ids: Vec<ComplaintId> = rows.iter().map(|row| row.id.clone()).collect();
    let mut steps = steps_of(ctx, &ids)?;
    Ok(rows
        .into_iter()
        .map(|row| {
            let steps = steps.remove(&row.id).unwrap_or_default();
            row.with(steps)
        })
        .collect())
}

/// The steps of several complaints, each in the order of the procedure.
fn steps_of(
    ctx: &mut Ctx<'_>,
    ids: &[ComplaintId],
) -> Result<HashMap<ComplaintId, Vec<Done>>, Failure> {
    type Columns = (
        ComplaintStepId,
        ComplaintId,
        Step,
        NaiveDate,
        Option<Outcome>,
        Option<String>,
        Option<String>,
        String,
        Option<String>,
        NaiveDateTime,
    );
    let rows: Vec<Columns> = complaint_steps::table
        .left_join(users::table.on(users::id.eq(complaint_steps::recorded_by)))
        .filter(complaint_steps::complaint_id.eq_any(ids))
        .select((
            complaint_steps::id,
            complaint_steps::complaint_id,
            complaint_steps::step,
            complaint_steps::done_on,
            complaint_steps::outcome,
            complaint_steps::who,
            complaint_steps::note,
            complaint_steps::recorded_by,
            users::name.nullable(),
            complaint_steps::created_at,
        ))
        .load(ctx.conn)?;
    let mut steps: HashMap<ComplaintId, Vec<Done>> = HashMap::new();
    for (id, complaint, step, on, outcome, who, note, by, name, created_at) in rows {
        steps.entry(complaint).or_default().push(Done {
            id,
            step,
            on,
            outcome,
            who,
            note,
            recorded_by: name.unwrap_or(by),
            created_at,
        });
    }
    for steps in steps.values_mut() {
        steps.sort_by_key(|done| done.step);
    }
    Ok(steps)
}

pub fn find(ctx: &mut Ctx<'_>, id: &ComplaintId) -> Result<Option<Complaint>, Failure> {
    let row: Option<Row> = complaints::table
        .filter(complaints::id.eq(id))
        .select(columns!())
        .first(ctx.conn)
        .optional()?;
    Ok(whole(ctx, row.into_iter().collect())?.pop())
}

/// The complaints under a referral, the newest first.
pub fn of_referral(ctx: &mut Ctx<'_>, referral: &ReferralId) -> Result<Vec<Complaint>, Failure> {
    let rows: Vec<Row> = complaints::table
        .filter(complaints::referral_id.eq(referral))
        .order((complaints::received_on.desc(), complaints::id))
        .select(columns!())
        .load(ctx.conn)?;
    whole(ctx, rows)
}

/// The complaints of a young person over all referrals, the newest first.
pub fn of_young_person(ctx: &mut Ctx<'_>, id: &YoungPersonId) -> Result<Vec<Complaint>, Failure> {
    let rows: Vec<Row> = complaints::table
        .inner_join(referrals::table)
        .filter(referrals::young_person_id.eq(id))
        .order((complaints::received_on.desc(), complaints::id))
        .select(columns!())
        .load(ctx.conn)?;
    whole(ctx, rows)
}

/// What a list of complaints asks for.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// Open ones, closed ones, or both.
    pub open: Option<bool>,
    pub kind: Option<Kind>,
    /// Of these cases, or of the whole team.
    pub cases: Option<Vec<CaseId>>,
    /// Records that are closed to whoever asks.
    pub closed_to_me: Vec<YoungPersonId>,
    pub limit: i64,
    pub offset: i64,
}

/// A complaint with whose it is and who holds the case.
#[derive(Debug, Clone)]
pub struct Listed {
    pub complaint: Complaint,
    pub young_person: YoungPersonId,
    pub first_name: String,
    pub last_name: String,
    pub officer_name: Option<String>,
}

/// The complaints of a list, the newest first, and how many there are on all its pages. However
/// many they are, four queries.
pub fn list(ctx: &mut Ctx<'_>, filter: &Filter) -> Result<(Vec<Listed>, i64), Failure> {
    macro_rules! narrowed {
        ($query:expr) => {{
            let mut query = $query
                .filter(referrals::young_person_id.ne_all(filter.closed_to_me.clone()))
                .into_boxed();
            match filter.open {
                Some(true) => query = query.filter(complaints::closed_on.is_null()),
                Some(false) => query = query.filter(complaints::closed_on.is_not_null()),
                None => {}
            }
            if let Some(kind) = filter.kind {
                query = query.filter(complaints::kind.eq(kind));
            }
            if let Some(of) = &filter.cases {
                let held = cases::table
                    .filter(cases::id.eq_any(of.clone()))
                    .select(cases::referral_id);
                query = query.filter(complaints::referral_id.eq_any(held));
            }
            query
        }};
    }
    let joined = complaints::table.inner_join(referrals::table.inner_join(young_people::table));
    let total: i64 = narrowed!(joined.count()).get_result(ctx.conn)?;
    let rows: Vec<(Row, YoungPersonId, String, String)> = narrowed!(joined.select((
        columns!(),
        young_people::id,
        young_people::first_name,
        young_people::last_name,
    )))
    .order((complaints::received_on.desc(), complaints::id))
    .limit(filter.limit)
    .offset(filter.offset)
    .load(ctx.conn)?;
    let mut whose = HashMap::new();
    let mut plain = Vec::new();
    for (row, person, first, last) in rows {
        whose.insert(row.id.clone(), (person, first, last));
        plain.push(row);
    }
    let complaints = whole(ctx, plain)?;
    let officers = officers_of(ctx, &complaints)?;
    let listed = complaints
        .into_iter()
        .filter_map(|complaint| {
            let (young_person, first_name, last_name) = whose.remove(&complaint.id)?;
            Some(Listed {
                officer_name: officers.get(&complaint.referral).cloned(),
                complaint,
                young_person,
                first_name,
                last_name,
            })
        })
        .collect();
    Ok((listed, total))
}

/// Who holds the cases of these complaints now.
fn officers_of(
    ctx: &mut Ctx<'_>,
    complaints: &[Complaint],
) -> Result<HashMap<ReferralId, String>, Failure> {
    let referrals: Vec<ReferralId> = complaints.iter().map(|it| it.referral.clone()).collect();
    let rows: Vec<(ReferralId, String)> = cases::table
        .inner_join(allocations::table.on(allocations::case_id.eq(cases::id)))
        .inner_join(users::table.on(users::id.eq(allocations::officer_id)))
        .filter(cases::referral_id.eq_any(referrals))
        .filter(allocations::to_on.is_null())
        .order(allocations::created_at)
        .select((cases::referral_id, users::name))
        .load(ctx.conn)?;
    Ok(rows.into_iter().collect())
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

pub(super) fn insert_moved_in(
    ctx: &mut Ctx<'_>,
    complaint: &MovedIn,
    closed_on: Option<NaiveDate>,
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
            complaints::closed_on.eq(closed_on),
            complaints::external_source.eq(source),
            complaints::external_ref.eq(reference),
            complaints::created_at.eq(ctx.now),
            complaints::version.eq(1),
        ))
        .execute(ctx.conn)?;
    Ok(())
}

pub(super) fn insert(ctx: &mut Ctx<'_>, complaint: &Complaint) -> Result<(), Failure> {
    let details = &complaint.details;
    diesel::insert_into(complaints::table)
        .values((
            complaints::id.eq(&complaint.id),
            complaints::referral_id.eq(&complaint.referral),
            complaints::kind.eq(complaint.kind),
            complaints::procedure.eq(complaint.procedure),
            complaints::received_on.eq(complaint.received_on),
            complaints::matter_on.eq(details.matter_on),
            complaints::about.eq(&details.about),
            complaints::complained_about.eq(&details.complained_about),
            complaints::advocate.eq(details.advocate),
            complaints::late_reason.eq(&details.late_reason),
            complaints::learning.eq(&details.learning),
            complaints::created_at.eq(ctx.now),
            complaints::version.eq(1),
        ))
        .execute(ctx.conn)?;
    Ok(())
}

/// Keeps what is told of a complaint and what its steps come to, if nobody else changed it.
pub(super) fn update(ctx: &mut Ctx<'_>, complaint: &Complaint) -> Result<(), Failure> {
    let details = &complaint.details;
    let changed = diesel::update(
        complaints::table
            .filter(complaints::id.eq(&complaint.id))
            .filter(complaints::version.eq(complaint.version)),
    )
    .set((
        complaints::procedure.eq(complaint.procedure),
        complaints::received_on.eq(complaint.received_on),
        complaints::matter_on.eq(details.matter_on),
        complaints::about.eq(&details.about),
        complaints::complained_about.eq(&details.complained_about),
        complaints::advocate.eq(details.advocate),
        complaints::late_reason.eq(&details.late_reason),
        complaints::learning.eq(&details.learning),
        complaints::responded_on.eq(complaint.responded_on),
        complaints::outcome.eq(complaint.outcome),
        complaints::closed_on.eq(complaint.closed_on),
        complaints::version.eq(complaint.version + 1),
    ))
    .execute(ctx.conn)?;
    if changed == 0 {
        return Err(Failure::ChangedMeanwhile);
    }
    Ok(())
}

pub(super) fn insert_step(
    ctx: &mut Ctx<'_>,
    complaint: &ComplaintId,
    done: &Done,
) -> Result<(), Failure> {
    diesel::insert_into(complaint_steps::table)
        .values((
            complaint_steps::id.eq(&done.id),
            complaint_steps::complaint_id.eq(complaint),
            complaint_steps::step.eq(done.step),
            complaint_steps::done_on.eq(done.on),
            complaint_steps::outcome.eq(done.outcome),
            complaint_steps::who.eq(&done.who),
            complaint_steps::note.eq(&done.note),
            complaint_steps::recorded_by.eq(&done.recorded_by),
            complaint_steps::created_at.eq(done.created_at),
        ))
        .execute(ctx.conn)?;
    Ok(())
}

/// The complaint's own version guards its steps.
pub(super) fn update_step(ctx: &mut Ctx<'_>, done: &Done) -> Result<(), Failure> {
    diesel::update(complaint_steps::table.filter(complaint_steps::id.eq(&done.id)))
        .set((
            complaint_steps::done_on.eq(done.on),
            complaint_steps::outcome.eq(done.outcome),
            complaint_steps::who.eq(&done.who),
            complaint_steps::note.eq(&done.note),
        ))
        .execute(ctx.conn)?;
    Ok(())
}

pub(super) fn delete_step(ctx: &mut Ctx<'_>, id: &ComplaintStepId) -> Result<(), Failure> {
    diesel::delete(complaint_steps::table.filter(complaint_steps::id.eq(id))).execute(ctx.conn)?;
    Ok(())
}
