//! How what was decided is kept, and what is read to find where conferences and referrals do not
//! agree. Each question is asked once, however many lines there are.

use std::collections::{BTreeMap, HashMap, HashSet};

use chrono::{NaiveDate, NaiveDateTime};
use diesel::prelude::*;

use super::rules::{Earlier, File, Spell};
use super::{Deed, Kind, NotIn, Settled, Who};
use crate::conferences::rules::Seat;
use crate::conferences::{self, Status};
use crate::ctx::Ctx;
use crate::db::schema::{
    case_spells, cases, conference_children, conferences as meetings, import_batches, import_rows,
    reconciliations, referrals, schedule_files, schedule_holds, users, young_people,
};
use crate::failure::Failure;
use crate::ids::{
    BatchId, ConferenceChildId, ConferenceId, ReconciliationId, ReferralId, YoungPersonId,
};
use crate::referrals::{Outcome, Remit, Source, Stream, Withdrawal};
use crate::young_people::store::closed_to_me;

/// What the codes of an import are called in its tables.
const CONFERENCES: &str = "conferences";
const REJECTED: &str = "rejected";
const REVIEW: &str = "review";

type WhoColumns = (YoungPersonId, String, String, Option<NaiveDate>);

fn who((id, first, last, date_of_birth): WhoColumns) -> Who {
    Who {
        id,
        name: format!("{first} {last}"),
        date_of_birth,
    }
}

macro_rules! who_columns {
    () => {
        (
            young_people::id,
            young_people::first_name,
            young_people::last_name,
            young_people::date_of_birth,
        )
    };
}

type SeatColumns = (conferences::Kind, Status, NaiveDate);

fn seat((kind, status, held_on): SeatColumns, date_of_birth: Option<NaiveDate>) -> Seat {
    Seat {
        kind,
        status,
        held_on,
        date_of_birth,
    }
}

macro_rules! seat_columns {
    () => {
        (
            conference_children::kind,
            conference_children::status,
            conference_children::held_on,
        )
    };
}

/// A child on a conference to whom no referral of it stands.
pub struct Unreferred {
    pub child: ConferenceChildId,
    pub conference: ConferenceId,
    pub who: Who,
    pub seat: Seat,
    pub came_at: NaiveDateTime,
    /// Why the referral that it had was withdrawn by itself.
    pub withdrawn: Option<Withdrawal>,
}

/// The children on conferences from a day on, cancelled ones left out, who have no referral by it
/// that anybody answered.
pub fn unreferred(ctx: &mut Ctx<'_>, from: NaiveDate) -> Result<Vec<Unreferred>, Failure> {
    type Columns = (
        ConferenceChildId,
        ConferenceId,
        WhoColumns,
        SeatColumns,
        NaiveDateTime,
        Option<Withdrawal>,
    );
    let closed = closed_to_me(ctx)?;
    let rows: Vec<Columns> = conference_children::table
        .inner_join(young_people::table)
        .left_join(
            referrals::table
                .on(referrals::conference_child_id.eq(conference_children::id.nullable())),
        )
        .filter(conference_children::held_on.ge(from))
        .filter(conference_children::status.ne(Status::Cancelled))
        .filter(conference_children::young_person_id.ne_all(closed))
        .filter(
            referrals::id.nullable().is_null().or(referrals::outcome
                .eq(Outcome::Withdrawn)
                .and(referrals::withdrawal.is_not_null())
                .assume_not_null()),
        )
        .order((conference_children::held_on, conference_children::id))
        .select((
            conference_children::id,
            conference_children::conference_id,
            who_columns!(),
            seat_columns!(),
            conference_children::created_at,
            referrals::withdrawal.nullable(),
        ))
        .load(ctx.conn)?;
    Ok(rows
        .into_iter()
        .map(|(child, conference, person, place, came_at, withdrawn)| {
            let who = who(person);
            Unreferred {
                child,
                conference,
                seat: seat(place, who.date_of_birth),
                who,
                came_at,
                withdrawn,
            }
        })
        .collect())
}

/// The referrals of these people in the child protection stream, within the remit.
pub fn earlier(
    ctx: &mut Ctx<'_>,
    people: &[YoungPersonId],
) -> Result<HashMap<YoungPersonId, Vec<Earlier>>, Failure> {
    type Columns = (
        YoungPersonId,
        NaiveDateTime,
        NaiveDate,
        Outcome,
        Option<NaiveDate>,
    );
    let rows: Vec<Columns> = referrals::table
        .filter(referrals::young_person_id.eq_any(people))
        .filter(referrals::stream.eq(Stream::ChildProtection))
        .filter(
            referrals::remit
                .is_null()
                .or(referrals::remit.ne(Remit::OutOfRemit)),
        )
        .select((
            referrals::young_person_id,
            referrals::created_at,
            referrals::received_on,
            referrals::outcome,
            referrals::outcome_on,
        ))
        .load(ctx.conn)?;
    let mut found: HashMap<YoungPersonId, Vec<Earlier>> = HashMap::new();
    for (person, made_at, received_on, outcome, outcome_on) in rows {
        found.entry(person).or_default().push(Earlier {
            made_at,
            received_on,
            outcome,
            outcome_on,
        });
    }
    Ok(found)
}

/// When these people had a case in the child protection stream.
pub fn spells(
    ctx: &mut Ctx<'_>,
    people: &[YoungPersonId],
) -> Result<HashMap<YoungPersonId, Vec<Spell>>, Failure> {
    let rows: Vec<(YoungPersonId, NaiveDate, Option<NaiveDate>)> = cases::table
        .inner_join(case_spells::table)
        .filter(cases::young_person_id.eq_any(people))
        .filter(cases::stream.eq(Stream::ChildProtection))
        .select((
            cases::young_person_id,
            case_spells::opened_on,
            case_spells::closed_on,
        ))
        .load(ctx.conn)?;
    let mut found: HashMap<YoungPersonId, Vec<Spell>> = HashMap::new();
    for (person, opened_on, closed_on) in rows {
        found.entry(person).or_default().push(Spell {
            opened_on,
            closed_on,
        });
    }
    Ok(found)
}

/// An automatic referral that waits, with the conference it belongs to.
pub struct Waiting {
    pub referral: ReferralId,
    pub version: i32,
    pub who: Who,
    pub received_on: NaiveDate,
    pub made_at: NaiveDateTime,
    pub question: Option<String>,
    pub on: Option<(ConferenceId, Seat)>,
}

/// The automatic referrals that wait: those received from a day on, and those with a question.
pub fn waiting(ctx: &mut Ctx<'_>, from: NaiveDate) -> Result<Vec<Waiting>, Failure> {
    type Columns = (
        (ReferralId, i32, NaiveDate, NaiveDateTime, Option<String>),
        WhoColumns,
        Option<ConferenceId>,
        Option<conferences::Kind>,
        Option<Status>,
        Option<NaiveDate>,
    );
    let closed = closed_to_me(ctx)?;
    let rows: Vec<Columns> = referrals::table
        .inner_join(young_people::table)
        .left_join(
            conference_children::table
                .on(referrals::conference_child_id.eq(conference_children::id.nullable())),
        )
        .filter(referrals::outcome.eq(Outcome::Pending))
        .filter(
            referrals::remit
                .is_null()
                .or(referrals::remit.ne(Remit::OutOfRemit)),
        )
        .filter(referrals::source.eq_any([
            Source::AutomaticInitialConference,
            Source::AutomaticReceivingInConference,
        ]))
        .filter(
            referrals::received_on
                .ge(from)
                .or(referrals::decision_needed.is_not_null()),
        )
        .filter(referrals::young_person_id.ne_all(closed))
        .order((referrals::received_on, referrals::id))
        .select((
            (
                referrals::id,
                referrals::version,
                referrals::received_on,
                referrals::created_at,
                referrals::decision_needed,
            ),
            who_columns!(),
            conference_children::conference_id.nullable(),
            conference_children::kind.nullable(),
            conference_children::status.nullable(),
            conference_children::held_on.nullable(),
        ))
        .load(ctx.conn)?;
    Ok(rows
        .into_iter()
        .map(|(referral, person, conference, kind, status, held_on)| {
            let (id, version, received_on, made_at, question) = referral;
            let who = who(person);
            let place = kind.zip(status).zip(held_on);
            let on = conference
                .zip(place)
                .map(|(conference, ((kind, status), held_on))| {
                    (conference, seat((kind, status, held_on), who.date_of_birth))
                });
            Waiting {
                referral: id,
                version,
                who,
                received_on,
                made_at,
                question,
                on,
            }
        })
        .collect())
}

/// A row of the schedule with the import that held it last.
pub struct Scheduled {
    pub child: ConferenceChildId,
    pub conference: ConferenceId,
    pub who: Who,
    pub seat: Seat,
    pub said_status: Option<Status>,
    pub last: BatchId,
}

/// The rows that files brought of conferences from a day on: those to take place, and those that
/// somebody here marked.
pub fn scheduled(ctx: &mut Ctx<'_>, from: NaiveDate) -> Result<Vec<Scheduled>, Failure> {
    type Columns = (
        ConferenceChildId,
        ConferenceId,
        WhoColumns,
        SeatColumns,
        Option<Status>,
        BatchId,
    );
    let closed = closed_to_me(ctx)?;
    // What an import that was undone held is held by none, until the next file comes.
    let rows: Vec<Columns> = conference_children::table
        .inner_join(young_people::table)
        .inner_join(schedule_holds::table.inner_join(import_batches::table))
        .filter(import_batches::undone_at.is_null())
        .filter(conference_children::held_on.ge(from))
        .filter(
            conference_children::status
                .eq_any([Status::Scheduled, Status::Moved])
                .or(conference_children::status
                    .eq(Status::Cancelled)
                    .and(conference_children::said_status.is_not_null())),
        )
        .filter(conference_children::young_person_id.ne_all(closed))
        .order((
            conference_children::held_on,
            conference_children::conference_id,
            conference_children::id,
        ))
        .select((
            conference_children::id,
            conference_children::conference_id,
            who_columns!(),
            seat_columns!(),
            conference_children::said_status,
            schedule_holds::batch_id,
        ))
        .load(ctx.conn)?;
    Ok(rows
        .into_iter()
        .map(|(child, conference, person, place, said_status, last)| {
            let who = who(person);
            Scheduled {
                child,
                conference,
                seat: seat(place, who.date_of_birth),
                who,
                said_status,
                last,
            }
        })
        .collect())
}

/// The imports of schedules: those that speak of a day or of later ones, and these.
pub fn files(ctx: &mut Ctx<'_>, from: NaiveDate, these: &[BatchId]) -> Result<Vec<File>, Failure> {
    type Columns = (
        BatchId,
        String,
        String,
        NaiveDateTime,
        NaiveDate,
        Option<NaiveDate>,
        Option<NaiveDate>,
        Option<i32>,
        Option<i32>,
    );
    let rows: Vec<Columns> = import_batches::table
        .left_join(schedule_files::table)
        .filter(import_batches::undone_at.is_null())
        .filter(
            schedule_files::last_day
                .nullable()
                .ge(from)
                .assume_not_null()
                .or(import_batches::id.eq_any(these)),
        )
        .order((import_batches::imported_at, import_batches::id))
        .select((
            import_batches::id,
            import_batches::file_name,
            import_batches::source,
            import_batches::imported_at,
            import_batches::imported_on,
            schedule_files::first_day.nullable(),
            schedule_files::last_day.nullable(),
            schedule_files::known.nullable(),
            schedule_files::named.nullable(),
        ))
        .load(ctx.conn)?;
    Ok(rows
        .into_iter()
        .map(
            |(batch, name, source, imported_at, imported_on, first, last, known, named)| File {
                batch,
                name,
                source,
                imported_at,
                imported_on,
                // One without a span speaks of no day.
                first_day: first.unwrap_or(NaiveDate::MAX),
                last_day: last.unwrap_or(NaiveDate::MIN),
                known: known.unwrap_or_default(),
                named: named.unwrap_or_default(),
            },
        )
        .collect())
}

/// Something that was settled and not opened again, by what it is about.
pub struct Held {
    pub kind: Kind,
    pub child: Option<ConferenceChildId>,
    pub referral: Option<ReferralId>,
    pub facts: String,
    pub deed: Deed,
}

pub fn held(
    ctx: &mut Ctx<'_>,
    children: &[ConferenceChildId],
    of: &[ReferralId],
) -> Result<Vec<Held>, Failure> {
    type Columns = (
        Kind,
        Option<ConferenceChildId>,
        Option<ReferralId>,
        String,
        Deed,
    );
    let rows: Vec<Columns> = reconciliations::table
        .filter(reconciliations::reopened_at.is_null())
        .filter(
            reconciliations::conference_child_id
                .eq_any(children)
                .or(reconciliations::referral_id.eq_any(of)),
        )
        .select((
            reconciliations::kind,
            reconciliations::conference_child_id,
            reconciliations::referral_id,
            reconciliations::facts,
            reconciliations::deed,
        ))
        .load(ctx.conn)?;
    Ok(rows
        .into_iter()
        .map(|(kind, child, referral, facts, deed)| Held {
            kind,
            child,
            referral,
            facts,
            deed,
        })
        .collect())
}

/// What somebody decides, to be kept.
pub struct New<'n> {
    pub id: &'n ReconciliationId,
    pub kind: Kind,
    pub young_person: &'n YoungPersonId,
    pub child: Option<&'n ConferenceChildId>,
    pub referral: Option<&'n ReferralId>,
    pub why: &'n str,
    pub facts: &'n str,
    pub deed: Deed,
    pub reason: Option<&'n str>,
}

pub(super) fn insert(ctx: &mut Ctx<'_>, new: &New<'_>) -> Result<(), Failure> {
    let by = ctx.actor.user_id().cloned().ok_or(Failure::NotFound)?;
    diesel::insert_into(reconciliations::table)
        .values((
            reconciliations::id.eq(new.id),
            reconciliations::kind.eq(new.kind),
            reconciliations::young_person_id.eq(new.young_person),
            reconciliations::conference_child_id.eq(new.child),
            reconciliations::referral_id.eq(new.referral),
            reconciliations::why.eq(new.why),
            reconciliations::facts.eq(new.facts),
            reconciliations::deed.eq(new.deed),
            reconciliations::reason.eq(new.reason),
            reconciliations::settled_by.eq(by),
            reconciliations::settled_at.eq(ctx.now),
        ))
        .execute(ctx.conn)?;
    Ok(())
}

macro_rules! settled {
    ($query:expr, $ctx:expr) => {{
        type Columns = (
            ReconciliationId,
            Kind,
            WhoColumns,
            String,
            Deed,
            Option<String>,
            String,
            NaiveDateTime,
        );
        let rows: Vec<Columns> = $query
            .select((
                reconciliations::id,
                reconciliations::kind,
                who_columns!(),
                reconciliations::why,
                reconciliations::deed,
                reconciliations::reason,
                users::name,
                reconciliations::settled_at,
            ))
            .load($ctx.conn)?;
        rows.into_iter()
            .map(|(id, kind, person, why, deed, reason, by, at)| {
                let who = who(person);
                Settled {
                    id,
                    kind,
                    young_person: who.id,
                    name: who.name,
                    why,
                    deed,
                    reason,
                    by,
                    at,
                }
            })
            .collect::<Vec<Settled>>()
    }};
}

/// What was settled last and not opened again.
pub fn settled(ctx: &mut Ctx<'_>, limit: i64) -> Result<Vec<Settled>, Failure> {
    let closed = closed_to_me(ctx)?;
    Ok(settled!(
        reconciliations::table
            .inner_join(young_people::table)
            .inner_join(users::table)
            .filter(reconciliations::reopened_at.is_null())
            .filter(reconciliations::young_person_id.ne_all(closed))
            .order((reconciliations::settled_at.desc(), reconciliations::id))
            .limit(limit),
        ctx
    ))
}

pub fn find(ctx: &mut Ctx<'_>, id: &ReconciliationId) -> Result<Option<Settled>, Failure> {
    let found = settled!(
        reconciliations::table
            .inner_join(young_people::table)
            .inner_join(users::table)
            .filter(reconciliations::id.eq(id))
            .filter(reconciliations::reopened_at.is_null()),
        ctx
    );
    Ok(found.into_iter().next())
}

pub(super) fn reopen(ctx: &mut Ctx<'_>, id: &ReconciliationId) -> Result<(), Failure> {
    let by = ctx.actor.user_id().cloned().ok_or(Failure::NotFound)?;
    diesel::update(
        reconciliations::table
            .filter(reconciliations::id.eq(id))
            .filter(reconciliations::reopened_at.is_null()),
    )
    .set((
        reconciliations::reopened_by.eq(by),
        reconciliations::reopened_at.eq(ctx.now),
    ))
    .execute(ctx.conn)?;
    Ok(())
}

/// Rows of conference schedules since a day that nobody mended or decided. A refused row that a
/// later file brought in after all is left out.
pub fn not_in(ctx: &mut Ctx<'_>, since: NaiveDate) -> Result<Vec<NotIn>, Failure> {
    type Columns = (BatchId, String, NaiveDate, String, Option<String>);
    let closed = closed_to_me(ctx)?;
    let rows: Vec<Columns> = import_rows::table
        .inner_join(import_batches::table)
        .filter(import_batches::kind.eq(CONFERENCES))
        .filter(import_batches::imported_on.ge(since))
        .filter(
            import_rows::result
                .eq(REJECTED)
                .and(import_rows::settled_at.is_null())
                .or(import_rows::result
                    .eq(REVIEW)
                    .and(import_rows::decision.is_null())),
        )
        .filter(
            import_rows::young_person_id
                .is_null()
                .or(import_rows::young_person_id
                    .assume_not_null()
                    .ne_all(&closed)),
        )
        .filter(
            import_rows::likely_id
                .is_null()
                .or(import_rows::likely_id.assume_not_null().ne_all(&closed)),
        )
        .order((import_batches::imported_at.desc(), import_batches::id))
        .select((
            import_batches::id,
            import_batches::file_name,
            import_batches::imported_on,
            import_rows::result,
            import_rows::raw,
        ))
        .load(ctx.conn)?;
    let refs = |raw: &Option<String>| -> Option<(String, String)> {
        let values: BTreeMap<String, String> = serde_json::from_str(raw.as_deref()?).ok()?;
        let value = |name: &str| Some(values.get(name)?.trim().to_owned());
        Some((value("conference_ref")?, value("child_ref")?))
    };
    let named: Vec<String> = rows
        .iter()
        .filter_map(|(.., raw)| refs(raw).map(|(_, child)| child))
        .collect();
    let on_record: Vec<(String, String)> = conference_children::table
        .inner_join(meetings::table)
        .filter(conference_children::child_ref.eq_any(&named))
        .select((meetings::source_ref, conference_children::child_ref))
        .load(ctx.conn)?;
    let on_record: HashSet<(String, String)> = on_record.into_iter().collect();
    let mut found: Vec<NotIn> = Vec::new();
    for (batch, file, imported_on, result, raw) in rows {
        if refs(&raw).is_some_and(|it| on_record.contains(&it)) {
            continue;
        }
        let (refused, waiting) = match result.as_str() {
            REVIEW => (0, 1),
            _ => (1, 0),
        };
        match found.last_mut() {
            Some(last) if last.batch == batch => {
                last.refused += refused;
                last.waiting += waiting;
            }
            _ => found.push(NotIn {
                batch,
                file,
                imported_on,
                refused,
                waiting,
            }),
        }
    }
    Ok(found)
}
