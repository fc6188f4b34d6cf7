//! How referrals are kept.

use chrono::NaiveDate;
use diesel::prelude::*;

use super::{
    Answer, Attempt, LegalStatus, Method, Offer, Outcome, ParentPermission, Referral, Remit,
    Request, Resolution, Source, Stream, WithWhom, Withdrawal,
};
use crate::ctx::Ctx;
use crate::db::schema::{
    case_spells, cases, conference_children, referral_attempts, referrals, users, young_people,
};
use crate::failure::Failure;
use crate::ids::{AttemptId, CaseId, ConferenceChildId, ReferralId, UserId, YoungPersonId};
use crate::young_people::search::store::keep_reference;
use crate::young_people::store::closed_to_me;

#[derive(Queryable)]
struct Row {
    id: ReferralId,
    young_person_id: YoungPersonId,
    stream: Stream,
    source: Source,
    conference_child_id: Option<ConferenceChildId>,
    received_on: NaiveDate,
    remit: Option<Remit>,
    legal_status: Option<LegalStatus>,
    secure_order: bool,
    reason: Option<String>,
    topics: String,
    outcome: Outcome,
    outcome_on: Option<NaiveDate>,
    outcome_note: Option<String>,
    withdrawal: Option<Withdrawal>,
    decision_needed: Option<String>,
    officer_id: Option<UserId>,
    parent_contacted_on: Option<NaiveDate>,
    permission: Option<ParentPermission>,
    permission_on: Option<NaiveDate>,
    young_person_asked_on: Option<NaiveDate>,
    answer: Option<Answer>,
    answer_on: Option<NaiveDate>,
    version: i32,
}

macro_rules! columns {
    () => {
        (
            referrals::id,
            referrals::young_person_id,
            referrals::stream,
            referrals::source,
            referrals::conference_child_id,
            referrals::received_on,
            referrals::remit,
            referrals::legal_status,
            referrals::secure_order,
            referrals::reason,
            referrals::topics,
            referrals::outcome,
            referrals::outcome_on,
            referrals::outcome_note,
            referrals::withdrawal,
            referrals::decision_needed,
            referrals::officer_id,
            referrals::parent_contacted_on,
            referrals::permission,
            referrals::permission_on,
            referrals::young_person_asked_on,
            referrals::answer,
            referrals::answer_on,
            referrals::version,
        )
    };
}

impl From<Row> for Referral {
    fn from(row: Row) -> Self {
        Self {
            id: row.id,
            young_person: row.young_person_id,
            request: Request {
                stream: row.stream,
                source: row.source,
                received_on: row.received_on,
                remit: row.remit,
                legal_status: row.legal_status,
                secure_order: row.secure_order,
                reason: row.reason,
                topics: topics_from(&row.topics),
            },
            conference_child: row.conference_child_id,
            resolution: Resolution {
                outcome: row.outcome,
                on: row.outcome_on,
                note: row.outcome_note,
                withdrawal: row.withdrawal,
            },
            decision_needed: row.decision_needed,
            officer: row.officer_id,
            offer: Offer {
                parent_contacted_on: row.parent_contacted_on,
                permission: row.permission.zip(row.permission_on),
                young_person_asked_on: row.young_person_asked_on,
                answer: row.answer.zip(row.answer_on),
            },
            version: row.version,
        }
    }
}

fn topics_from(text: &str) -> Vec<String> {
    text.split(';')
        .map(str::trim)
        .filter(|topic| !topic.is_empty())
        .map(ToOwned::to_owned)
        .collect()
}

pub fn find(ctx: &mut Ctx<'_>, id: &ReferralId) -> Result<Option<Referral>, Failure> {
    let row: Option<Row> = referrals::table
        .filter(referrals::id.eq(id))
        .select(columns!())
        .first(ctx.conn)
        .optional()?;
    Ok(row.map(Referral::from))
}

pub fn by_conference_child(
    ctx: &mut Ctx<'_>,
    id: &ConferenceChildId,
) -> Result<Option<Referral>, Failure> {
    let row: Option<Row> = referrals::table
        .filter(referrals::conference_child_id.eq(id))
        .select(columns!())
        .first(ctx.conn)
        .optional()?;
    Ok(row.map(Referral::from))
}

/// A referral that came from elsewhere, with the fingerprint of the row it came as.
pub fn by_external_ref(
    ctx: &mut Ctx<'_>,
    source: &str,
    reference: &str,
) -> Result<Option<(Referral, Option<String>)>, Failure> {
    let found: Option<(ReferralId, Option<String>)> = referrals::table
        .filter(referrals::external_source.eq(source))
        .filter(referrals::external_ref.eq(reference))
        .select((referrals::id, referrals::fingerprint))
        .first(ctx.conn)
        .optional()?;
    match found {
        None => Ok(None),
        Some((id, fingerprint)) => Ok(find(ctx, &id)?.map(|referral| (referral, fingerprint))),
    }
}

pub fn external_ref(ctx: &mut Ctx<'_>, id: &ReferralId) -> Result<Option<String>, Failure> {
    Ok(referrals::table
        .filter(referrals::id.eq(id))
        .select(referrals::external_ref)
        .first(ctx.conn)?)
}

/// The case that followed, if one did.
pub fn case_of(ctx: &mut Ctx<'_>, id: &ReferralId) -> Result<Option<CaseId>, Failure> {
    Ok(cases::table
        .filter(cases::referral_id.eq(id))
        .select(cases::id)
        .first(ctx.conn)
        .optional()?)
}

pub fn of_young_person(ctx: &mut Ctx<'_>, id: &YoungPersonId) -> Result<Vec<Referral>, Failure> {
    let rows: Vec<Row> = referrals::table
        .filter(referrals::young_person_id.eq(id))
        .order((referrals::received_on.desc(), referrals::id))
        .select(columns!())
        .load(ctx.conn)?;
    Ok(rows.into_iter().map(Referral::from).collect())
}

/// The referrals that conferences made of these children, or that wait for these people in the
/// child protection stream.
pub fn of_conferences(
    ctx: &mut Ctx<'_>,
    children: &[ConferenceChildId],
    people: &[YoungPersonId],
) -> Result<Vec<Referral>, Failure> {
    let rows: Vec<Row> = referrals::table
        .filter(
            referrals::conference_child_id
                .eq_any(children)
                .or(referrals::young_person_id
                    .eq_any(people)
                    .and(referrals::stream.eq(Stream::ChildProtection))
                    .and(referrals::outcome.eq(Outcome::Pending))),
        )
        .order((referrals::received_on.desc(), referrals::id))
        .select(columns!())
        .load(ctx.conn)?;
    Ok(rows.into_iter().map(Referral::from).collect())
}

/// Of these people, those with a case that is open in this stream, with the case.
pub fn open_cases_of(
    ctx: &mut Ctx<'_>,
    people: &[YoungPersonId],
    stream: Stream,
) -> Result<std::collections::HashMap<YoungPersonId, CaseId>, Failure> {
    let rows: Vec<(YoungPersonId, CaseId)> = cases::table
        .inner_join(case_spells::table.on(case_spells::case_id.eq(cases::id)))
        .filter(cases::young_person_id.eq_any(people))
        .filter(cases::stream.eq(stream))
        .filter(case_spells::closed_on.is_null())
        .select((cases::young_person_id, cases::id))
        .load(ctx.conn)?;
    Ok(rows.into_iter().collect())
}

/// Has this young person a referral that waits, or a case that is open, in this stream?
pub fn has_open(
    ctx: &mut Ctx<'_>,
    young_person: &YoungPersonId,
    stream: Stream,
) -> Result<bool, Failure> {
    let waiting: Option<ReferralId> = referrals::table
        .filter(referrals::young_person_id.eq(young_person))
        .filter(referrals::stream.eq(stream))
        .filter(referrals::outcome.eq(Outcome::Pending))
        .filter(
            referrals::remit
                .is_null()
                .or(referrals::remit.ne(Remit::OutOfRemit)),
        )
        .select(referrals::id)
        .first(ctx.conn)
        .optional()?;
    Ok(waiting.is_some() || open_case_of(ctx, young_person, stream)?)
}

/// Has this young person a case that is open in this stream?
pub fn open_case_of(
    ctx: &mut Ctx<'_>,
    young_person: &YoungPersonId,
    stream: Stream,
) -> Result<bool, Failure> {
    let open: Option<CaseId> = cases::table
        .inner_join(case_spells::table.on(case_spells::case_id.eq(cases::id)))
        .filter(cases::young_person_id.eq(young_person))
        .filter(cases::stream.eq(stream))
        .filter(case_spells::closed_on.is_null())
        .select(cases::id)
        .first(ctx.conn)
        .optional()?;
    Ok(open.is_some())
}

pub fn attempts(ctx: &mut Ctx<'_>, id: &ReferralId) -> Result<Vec<Attempt>, Failure> {
    type Columns = (AttemptId, NaiveDate, Method, WithWhom, bool, String, String);
    let rows: Vec<Columns> = referral_attempts::table
        .inner_join(users::table)
        .filter(referral_attempts::referral_id.eq(id))
        .order((
            referral_attempts::made_on.desc(),
            referral_attempts::created_at.desc(),
        ))
        .select((
            referral_attempts::id,
            referral_attempts::made_on,
            referral_attempts::method,
            referral_attempts::with_whom,
            referral_attempts::reached,
            referral_attempts::note,
            users::name,
        ))
        .load(ctx.conn)?;
    Ok(rows
        .into_iter()
        .map(
            |(id, made_on, method, with_whom, reached, note, made_by)| Attempt {
                id,
                made_on,
                method,
                with_whom,
                reached,
                note,
                made_by,
            },
        )
        .collect())
}

/// Every attempt about any referral of a young person, with the referral.
pub fn attempts_of_young_person(
    ctx: &mut Ctx<'_>,
    id: &YoungPersonId,
) -> Result<Vec<(ReferralId, Attempt)>, Failure> {
    type Columns = (
        ReferralId,
        AttemptId,
        NaiveDate,
        Method,
        WithWhom,
        bool,
        String,
        String,
    );
    let rows: Vec<Columns> = referral_attempts::table
        .inner_join(referrals::table)
        .inner_join(users::table.on(users::id.eq(referral_attempts::made_by)))
        .filter(referrals::young_person_id.eq(id))
        .order(referral_attempts::created_at.desc())
        .select((
            referral_attempts::referral_id,
            referral_attempts::id,
            referral_attempts::made_on,
            referral_attempts::method,
            referral_attempts::with_whom,
            referral_attempts::reached,
            referral_attempts::note,
            users::name,
        ))
        .load(ctx.conn)?;
    Ok(rows
        .into_iter()
        .map(
            |(referral, id, made_on, method, with_whom, reached, note, made_by)| {
                let attempt = Attempt {
                    id,
                    made_on,
                    method,
                    with_whom,
                    reached,
                    note,
                    made_by,
                };
                (referral, attempt)
            },
        )
        .collect())
}

pub fn count_attempts(ctx: &mut Ctx<'_>, id: &ReferralId) -> Result<usize, Failure> {
    let count: i64 = referral_attempts::table
        .filter(referral_attempts::referral_id.eq(id))
        .count()
        .get_result(ctx.conn)?;
    Ok(usize::try_from(count).unwrap_or_default())
}

/// Where a referral came from when it came from elsewhere.
#[derive(Debug, Clone)]
pub struct External<'a> {
    pub source: &'a str,
    pub reference: &'a str,
    pub fingerprint: &'a str,
}

pub(super) fn insert(
    ctx: &mut Ctx<'_>,
    referral: &Referral,
    external: Option<&External<'_>>,
) -> Result<(), Failure> {
    let (request, offer) = (&referral.request, &referral.offer);
    diesel::insert_into(referrals::table)
        .values((
            (
                referrals::id.eq(&referral.id),
                referrals::young_person_id.eq(&referral.young_person),
                referrals::stream.eq(request.stream),
                referrals::source.eq(request.source),
                referrals::conference_child_id.eq(&referral.conference_child),
                referrals::external_source.eq(external.map(|external| external.source)),
                referrals::external_ref.eq(external.map(|external| external.reference)),
                referrals::fingerprint.eq(external.map(|external| external.fingerprint)),
                referrals::received_on.eq(request.received_on),
                referrals::remit.eq(request.remit),
                referrals::legal_status.eq(request.legal_status),
                referrals::secure_order.eq(request.secure_order),
                referrals::reason.eq(&request.reason),
                referrals::topics.eq(request.topics.join(";")),
            ),
            (
                referrals::outcome.eq(referral.resolution.outcome),
                referrals::outcome_on.eq(referral.resolution.on),
                referrals::outcome_note.eq(&referral.resolution.note),
                referrals::withdrawal.eq(referral.resolution.withdrawal),
                referrals::officer_id.eq(&referral.officer),
                referrals::parent_contacted_on.eq(offer.parent_contacted_on),
                referrals::permission.eq(offer.permission.map(|(permission, _)| permission)),
                referrals::permission_on.eq(offer.permission.map(|(_, on)| on)),
                referrals::young_person_asked_on.eq(offer.young_person_asked_on),
                referrals::answer.eq(offer.answer.map(|(answer, _)| answer)),
                referrals::answer_on.eq(offer.answer.map(|(_, on)| on)),
                referrals::created_at.eq(ctx.now),
                referrals::version.eq(referral.version),
            ),
        ))
        .execute(ctx.conn)?;
    if let Some(external) = external {
        keep_reference(ctx, &referral.young_person, external.reference)?;
    }
    Ok(())
}

/// Keeps everything that may change about a referral, if nobody else changed it meanwhile.
pub(crate) fn update(ctx: &mut Ctx<'_>, referral: &Referral) -> Result<(), Failure> {
    let (request, offer) = (&referral.request, &referral.offer);
    let changed = diesel::update(
        referrals::table
            .filter(referrals::id.eq(&referral.id))
            .filter(referrals::version.eq(referral.version)),
    )
    .set((
        (
            referrals::stream.eq(request.stream),
            referrals::source.eq(request.source),
            referrals::conference_child_id.eq(&referral.conference_child),
            referrals::received_on.eq(request.received_on),
            referrals::remit.eq(request.remit),
            referrals::legal_status.eq(request.legal_status),
            referrals::secure_order.eq(request.secure_order),
            referrals::reason.eq(&request.reason),
            referrals::topics.eq(request.topics.join(";")),
            referrals::outcome.eq(referral.resolution.outcome),
            referrals::outcome_on.eq(referral.resolution.on),
            referrals::outcome_note.eq(&referral.resolution.note),
            referrals::withdrawal.eq(referral.resolution.withdrawal),
        ),
        (
            referrals::decision_needed.eq(&referral.decision_needed),
            referrals::officer_id.eq(&referral.officer),
            referrals::parent_contacted_on.eq(offer.parent_contacted_on),
            referrals::permission.eq(offer.permission.map(|(permission, _)| permission)),
            referrals::permission_on.eq(offer.permission.map(|(_, on)| on)),
            referrals::young_person_asked_on.eq(offer.young_person_asked_on),
            referrals::answer.eq(offer.answer.map(|(answer, _)| answer)),
            referrals::answer_on.eq(offer.answer.map(|(_, on)| on)),
            referrals::version.eq(referral.version + 1),
        ),
    ))
    .execute(ctx.conn)?;
    if changed == 0 {
        return Err(Failure::ChangedMeanwhile);
    }
    Ok(())
}

/// Notes the row that a moved-in referral stands at.
pub fn set_fingerprint(
    ctx: &mut Ctx<'_>,
    id: &ReferralId,
    fingerprint: &str,
) -> Result<(), Failure> {
    diesel::update(referrals::table.filter(referrals::id.eq(id)))
        .set(referrals::fingerprint.eq(fingerprint))
        .execute(ctx.conn)?;
    Ok(())
}

pub(super) fn insert_attempt(
    ctx: &mut Ctx<'_>,
    referral: &ReferralId,
    attempt: &Attempt,
    by: &UserId,
) -> Result<(), Failure> {
    diesel::insert_into(referral_attempts::table)
        .values((
            referral_attempts::id.eq(&attempt.id),
            referral_attempts::referral_id.eq(referral),
            referral_attempts::made_on.eq(attempt.made_on),
            referral_attempts::method.eq(attempt.method),
            referral_attempts::with_whom.eq(attempt.with_whom),
            referral_attempts::reached.eq(attempt.reached),
            referral_attempts::note.eq(&attempt.note),
            referral_attempts::made_by.eq(by),
            referral_attempts::created_at.eq(ctx.now),
        ))
        .execute(ctx.conn)?;
    Ok(())
}

crate::words! {
    /// Which referrals a list shows.
    pub enum State {
        Waiting = "waiting", "Waiting for an answer";
        Untaken = "untaken", "Nobody has taken";
        Uncontacted = "uncontacted", "Waiting for first contact";
        InDoubt = "in_doubt", "A decision is needed";
        Accepted = "accepted", "Accepted";
        NotTakenUp = "not_taken_up", "Not taken up";
        OutOfRemit = "out_of_remit", "Outside the remit";
        All = "all", "All referrals";
    }
}

crate::words! {
    /// In which order.
    pub enum Sort {
        Conference = "conference", "Conference, soonest first";
        Newest = "newest", "Received, newest first";
        Oldest = "oldest", "Received, oldest first";
        Name = "name", "Name";
    }
}

/// What a list of referrals asks for.
#[derive(Debug, Clone)]
pub struct Filter {
    pub state: State,
    pub stream: Option<Stream>,
    /// Only what these officers answer; empty: anybody's.
    pub officers: Vec<UserId>,
    /// Only these people's, after a search.
    pub people: Option<Vec<YoungPersonId>>,
    pub sort: Sort,
    pub limit: i64,
    pub offset: i64,
}

impl Filter {
    #[must_use]
    pub fn of(state: State) -> Self {
        Self {
            state,
            stream: None,
            officers: Vec::new(),
            people: None,
            sort: Sort::Conference,
            limit: 50,
            offset: 0,
        }
    }
}

/// One line of a list of referrals.
#[derive(Debug, Clone, Queryable)]
pub struct Line {
    pub id: ReferralId,
    pub young_person: YoungPersonId,
    pub first_name: String,
    pub last_name: String,
    pub date_of_birth: Option<NaiveDate>,
    pub stream: Stream,
    pub source: Source,
    pub received_on: NaiveDate,
    pub remit: Option<Remit>,
    pub outcome: Outcome,
    pub decision_needed: Option<String>,
    pub parent_contacted_on: Option<NaiveDate>,
    pub young_person_asked_on: Option<NaiveDate>,
    pub officer: Option<UserId>,
    pub officer_name: Option<String>,
    pub conference_on: Option<NaiveDate>,
    pub version: i32,
}

/// The lines of a list, and how many there are on all its pages.
pub fn list(ctx: &mut Ctx<'_>, filter: &Filter) -> Result<(Vec<Line>, i64), Failure> {
    let closed = closed_to_me(ctx)?;
    macro_rules! narrowed {
        ($query:expr) => {{
            let mut query = $query;
            let in_remit = || {
                referrals::remit
                    .is_null()
                    .or(referrals::remit.ne(Remit::OutOfRemit))
            };
            query = match filter.state {
                State::All => query,
                State::Waiting => query
                    .filter(referrals::outcome.eq(Outcome::Pending))
                    .filter(in_remit()),
                State::Untaken => query
                    .filter(referrals::outcome.eq(Outcome::Pending))
                    .filter(in_remit())
                    .filter(referrals::officer_id.is_null()),
                // Somebody has it, and has reached or tried nobody.
                State::Uncontacted => query
                    .filter(referrals::outcome.eq(Outcome::Pending))
                    .filter(in_remit())
                    .filter(referrals::officer_id.is_not_null())
                    .filter(referrals::parent_contacted_on.is_null())
                    .filter(referrals::young_person_asked_on.is_null())
                    .filter(diesel::dsl::not(diesel::dsl::exists(
                        referral_attempts::table
                            .filter(referral_attempts::referral_id.eq(referrals::id)),
                    ))),
                State::InDoubt => query.filter(referrals::decision_needed.is_not_null()),
                State::Accepted => query.filter(referrals::outcome.eq(Outcome::Accepted)),
                State::NotTakenUp => {
                    query.filter(referrals::outcome.ne_all([Outcome::Accepted, Outcome::Pending]))
                }
                State::OutOfRemit => query.filter(referrals::remit.eq(Remit::OutOfRemit)),
            };
            if let Some(stream) = filter.stream {
                query = query.filter(referrals::stream.eq(stream));
            }
            if !filter.officers.is_empty() {
                query = query.filter(referrals::officer_id.eq_any(&filter.officers));
            }
            if let Some(people) = &filter.people {
                query = query.filter(referrals::young_person_id.eq_any(people));
            }
            if !closed.is_empty() {
                query = query.filter(referrals::young_person_id.ne_all(&closed));
            }
            query
        }};
    }
    let total: i64 = narrowed!(referrals::table.count().into_boxed()).get_result(ctx.conn)?;
    let all = referrals::table
        .inner_join(young_people::table)
        .left_join(users::table)
        .left_join(conference_children::table)
        .select((
            referrals::id,
            referrals::young_person_id,
            young_people::first_name,
            young_people::last_name,
            young_people::date_of_birth,
            referrals::stream,
            referrals::source,
            referrals::received_on,
            referrals::remit,
            referrals::outcome,
            referrals::decision_needed,
            referrals::parent_contacted_on,
            referrals::young_person_asked_on,
            referrals::officer_id,
            users::name.nullable(),
            conference_children::held_on.nullable(),
            referrals::version,
        ))
        .into_boxed();
    let query = narrowed!(all);
    let held_on = conference_children::held_on;
    let query = match filter.sort {
        Sort::Conference => query.order((
            held_on.nullable().is_null(),
            held_on.nullable(),
            referrals::received_on,
            referrals::id,
        )),
        Sort::Newest => query.order((referrals::received_on.desc(), referrals::id)),
        Sort::Oldest => query.order((referrals::received_on, referrals::id)),
        Sort::Name => query.order((
            young_people::last_name,
            young_people::first_name,
            referrals::id,
        )),
    };
    Ok((
        query
            .limit(filter.limit)
            .offset(filter.offset)
            .load(ctx.conn)?,
        total,
    ))
}

/// Of these referrals, those about which somebody has been tried, with the last day.
pub fn last_attempts(
    ctx: &mut Ctx<'_>,
    ids: &[ReferralId],
) -> Result<std::collections::HashMap<ReferralId, NaiveDate>, Failure> {
    let rows: Vec<(ReferralId, Option<NaiveDate>)> = referral_attempts::table
        .filter(referral_attempts::referral_id.eq_any(ids))
        .group_by(referral_attempts::referral_id)
        .select((
            referral_attempts::referral_id,
            diesel::dsl::max(referral_attempts::made_on),
        ))
        .load(ctx.conn)?;
    Ok(rows
        .into_iter()
        .filter_map(|(id, day)| day.map(|day| (id, day)))
        .collect())
}
