//! How requests are kept.

use chrono::{NaiveDate, NaiveDateTime};
use diesel::prelude::*;

use super::{Area, Asked, AskedBy, CaredBy, Decision, Request, Sending, State, Told};
use crate::ctx::Ctx;
use crate::db::schema::{request_decisions, requests, users};
use crate::failure::Failure;
use crate::ids::{ReferralId, RequestDecisionId, RequestId, UserId, YoungPersonId};
use crate::referrals::Source;
use crate::web::hold;

#[derive(Queryable)]
struct Row {
    id: RequestId,
    reference: String,
    state: State,
    asked_by: AskedBy,
    source: Source,
    received_at: NaiveDateTime,
    received_on: NaiveDate,
    due_on: Option<NaiveDate>,
    urgent: bool,
    first_name: String,
    last_name: Option<String>,
    age: Option<i32>,
    date_of_birth: Option<NaiveDate>,
    wants: String,
    words: Option<String>,
    ways: String,
    phone: Option<String>,
    email: Option<String>,
    email_safe: bool,
    through: Option<String>,
    times: Option<String>,
    never: String,
    area: Area,
    lives: Option<String>,
    cared_by: Option<CaredBy>,
    asker: Option<String>,
    organisation: Option<String>,
    told: Option<Told>,
    needed_by: Option<NaiveDate>,
    _form_token: String,
    _sent_key: String,
    version: i32,
}

/// Codes in one column, with a semicolon between.
fn split<T>(codes: &str, read: impl Fn(&str) -> Option<T>) -> Vec<T> {
    codes.split(';').filter_map(read).collect()
}

fn joined<T: Copy>(all: &[T], code: impl Fn(T) -> &'static str) -> String {
    all.iter()
        .map(|one| code(*one))
        .collect::<Vec<_>>()
        .join(";")
}

impl From<Row> for Request {
    fn from(row: Row) -> Self {
        Self {
            id: row.id,
            reference: row.reference,
            state: row.state,
            received_at: row.received_at,
            received_on: row.received_on,
            due_on: row.due_on,
            urgent: row.urgent,
            version: row.version,
            asked: Asked {
                asked_by: row.asked_by,
                source: row.source,
                first_name: row.first_name,
                last_name: row.last_name,
                age: row.age,
                date_of_birth: row.date_of_birth,
                wants: split(&row.wants, super::Want::from_code),
                words: row.words,
                ways: split(&row.ways, super::Way::from_code),
                phone: row.phone,
                email: row.email,
                email_safe: row.email_safe,
                through: row.through,
                times: row.times,
                never: split(&row.never, super::Never::from_code),
                area: row.area,
                lives: row.lives,
                cared_by: row.cared_by,
                asker: row.asker,
                organisation: row.organisation,
                told: row.told,
                needed_by: row.needed_by,
            },
        }
    }
}

pub(super) fn insert(
    ctx: &mut Ctx<'_>,
    request: &Request,
    sending: &Sending,
) -> Result<(), Failure> {
    let asked = &request.asked;
    diesel::insert_into(requests::table)
        .values((
            (
                requests::id.eq(&request.id),
                requests::reference.eq(&request.reference),
                requests::state.eq(request.state),
                requests::asked_by.eq(asked.asked_by),
                requests::source.eq(asked.source),
                requests::received_at.eq(request.received_at),
                requests::received_on.eq(request.received_on),
                requests::due_on.eq(request.due_on),
                requests::urgent.eq(request.urgent),
                requests::first_name.eq(&asked.first_name),
                requests::last_name.eq(&asked.last_name),
                requests::age.eq(asked.age),
                requests::date_of_birth.eq(asked.date_of_birth),
                requests::wants.eq(joined(&asked.wants, super::Want::code)),
                requests::words.eq(&asked.words),
                requests::ways.eq(joined(&asked.ways, super::Way::code)),
            ),
            (
                requests::phone.eq(&asked.phone),
                requests::email.eq(&asked.email),
                requests::email_safe.eq(asked.email_safe),
                requests::through.eq(&asked.through),
                requests::times.eq(&asked.times),
                requests::never.eq(joined(&asked.never, super::Never::code)),
                requests::area.eq(asked.area),
                requests::lives.eq(&asked.lives),
                requests::cared_by.eq(asked.cared_by),
                requests::asker.eq(&asked.asker),
                requests::organisation.eq(&asked.organisation),
                requests::told.eq(asked.told),
                requests::needed_by.eq(asked.needed_by),
                requests::form_token.eq(&sending.token),
                requests::sent_key.eq(&sending.key),
                requests::version.eq(request.version),
            ),
        ))
        .execute(ctx.conn)?;
    Ok(())
}

pub fn find(ctx: &mut Ctx<'_>, id: &RequestId) -> Result<Option<Request>, Failure> {
    let row: Option<Row> = requests::table.find(id).first(ctx.conn).optional()?;
    Ok(row.map(Request::from))
}

/// The request that has a reference, as somebody reads it out.
pub fn by_reference(ctx: &mut Ctx<'_>, reference: &str) -> Result<Option<Request>, Failure> {
    let row: Option<Row> = requests::table
        .filter(requests::reference.eq(reference))
        .first(ctx.conn)
        .optional()?;
    Ok(row.map(Request::from))
}

/// The reference that this very sending was given, if it came before. Until the end of the
/// transaction nobody else gets an answer for the same sending.
pub(super) fn reference_of(ctx: &mut Ctx<'_>, key: &str) -> Result<Option<String>, Failure> {
    hold(ctx, key)?;
    Ok(requests::table
        .filter(requests::sent_key.eq(key))
        .select(requests::reference)
        .first(ctx.conn)
        .optional()?)
}

/// Whether anything was sent from this page as it was shown.
pub(super) fn was_sent(ctx: &mut Ctx<'_>, token: &str) -> Result<bool, Failure> {
    let sent: i64 = requests::table
        .filter(requests::form_token.eq(token))
        .count()
        .get_result(ctx.conn)?;
    Ok(sent > 0)
}

/// Those in one state: the urgent ones first, and of them the newest.
pub(super) fn in_state(
    ctx: &mut Ctx<'_>,
    state: State,
    most: i64,
) -> Result<Vec<Request>, Failure> {
    let rows: Vec<Row> = requests::table
        .filter(requests::state.eq(state))
        .order((
            requests::urgent.desc(),
            requests::received_at.desc(),
            requests::id,
        ))
        .limit(most)
        .load(ctx.conn)?;
    Ok(rows.into_iter().map(Request::from).collect())
}

/// Those that came in on or after a day, whatever became of them, the newest first.
pub(super) fn since(ctx: &mut Ctx<'_>, day: NaiveDate) -> Result<Vec<Request>, Failure> {
    let rows: Vec<Row> = requests::table
        .filter(requests::received_on.ge(day))
        .order((requests::received_at.desc(), requests::id))
        .limit(1_000)
        .load(ctx.conn)?;
    Ok(rows.into_iter().map(Request::from).collect())
}

/// Sets how a request stands, if it is still the version that was on the page.
pub(super) fn set_state(
    ctx: &mut Ctx<'_>,
    id: &RequestId,
    version: i32,
    state: State,
) -> Result<(), Failure> {
    let same = requests::table
        .filter(requests::id.eq(id))
        .filter(requests::version.eq(version));
    let changed = diesel::update(same)
        .set((requests::state.eq(state), requests::version.eq(version + 1)))
        .execute(ctx.conn)?;
    if changed == 0 {
        return Err(Failure::ChangedMeanwhile);
    }
    Ok(())
}

pub(super) struct NewDecision<'a> {
    pub request: &'a RequestId,
    pub state: State,
    pub place: Option<&'a str>,
    pub why: Option<&'a str>,
    pub referral: Option<&'a ReferralId>,
    pub young_person: Option<&'a YoungPersonId>,
    pub by: &'a UserId,
}

pub(super) fn decide(ctx: &mut Ctx<'_>, new: &NewDecision<'_>) -> Result<(), Failure> {
    diesel::insert_into(request_decisions::table)
        .values((
            request_decisions::id.eq(RequestDecisionId::random()),
            request_decisions::request_id.eq(new.request),
            request_decisions::state.eq(new.state),
            request_decisions::place.eq(new.place),
            request_decisions::why.eq(new.why),
            request_decisions::referral_id.eq(new.referral),
            request_decisions::young_person_id.eq(new.young_person),
            request_decisions::decided_by.eq(new.by),
            request_decisions::decided_at.eq(ctx.now),
        ))
        .execute(ctx.conn)?;
    Ok(())
}

#[derive(Queryable)]
struct DecisionRow {
    state: State,
    place: Option<String>,
    why: Option<String>,
    referral: Option<ReferralId>,
    young_person: Option<YoungPersonId>,
    by: String,
    at: NaiveDateTime,
}

/// Every step of how a request stands, the latest first.
pub fn decisions(ctx: &mut Ctx<'_>, id: &RequestId) -> Result<Vec<Decision>, Failure> {
    let rows: Vec<DecisionRow> = request_decisions::table
        .inner_join(users::table)
        .filter(request_decisions::request_id.eq(id))
        .order((request_decisions::decided_at.desc(), request_decisions::id))
        .select((
            request_decisions::state,
            request_decisions::place,
            request_decisions::why,
            request_decisions::referral_id,
            request_decisions::young_person_id,
            users::name,
            request_decisions::decided_at,
        ))
        .load(ctx.conn)?;
    Ok(rows
        .into_iter()
        .map(|row| Decision {
            state: row.state,
            place: row.place,
            why: row.why,
            referral: row.referral,
            young_person: row.young_person,
            by: row.by,
            at: row.at,
        })
        .collect())
}

/// Whose record each of the requests taken on belongs to.
pub(super) fn whose(ctx: &mut Ctx<'_>) -> Result<Vec<(RequestId, YoungPersonId)>, Failure> {
    Ok(request_decisions::table
        .filter(request_decisions::young_person_id.is_not_null())
        .select((
            request_decisions::request_id,
            request_decisions::young_person_id.assume_not_null(),
        ))
        .load(ctx.conn)?)
}

/// The requests that were taken on for a young person, the latest first.
pub(super) fn of_young_person(
    ctx: &mut Ctx<'_>,
    young_person: &YoungPersonId,
) -> Result<Vec<Request>, Failure> {
    let ids: Vec<RequestId> = request_decisions::table
        .filter(request_decisions::young_person_id.eq(young_person))
        .select(request_decisions::request_id)
        .load(ctx.conn)?;
    let rows: Vec<Row> = requests::table
        .filter(requests::id.eq_any(ids))
        .order((requests::received_at.desc(), requests::id))
        .load(ctx.conn)?;
    Ok(rows.into_iter().map(Request::from).collect())
}
