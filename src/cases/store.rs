//! How cases are kept.

use std::collections::HashMap;

use chrono::NaiveDate;
use diesel::dsl::max;
use diesel::prelude::*;

use super::{Allocation, Case, Closing, Spell};
use crate::ctx::Ctx;
use crate::db::schema::{
    allocations, case_spells, cases, contact_people, contacts, issue_spells, issues,
    meeting_attendances, meetings, referral_attempts, users, young_people,
};
use crate::failure::Failure;
use crate::ids::{AllocationId, CaseId, IssueId, ReferralId, SpellId, UserId, YoungPersonId};
use crate::referrals::Stream;
use crate::young_people::store::closed_to_me;

#[derive(Queryable)]
struct Row {
    id: CaseId,
    referral_id: ReferralId,
    young_person_id: YoungPersonId,
    stream: Stream,
    version: i32,
}

macro_rules! columns {
    () => {
        (
            cases::id,
            cases::referral_id,
            cases::young_person_id,
            cases::stream,
            cases::version,
        )
    };
}

/// The cases with their spells and officers: three queries, however many there are.
fn whole(ctx: &mut Ctx<'_>, rows: Vec<Row>) -> Result<Vec<Case>, Failure> {
    let ids: Vec<CaseId> = rows.iter().map(|row| row.id.clone()).collect();
    let mut spells = spells_of(ctx, &ids)?;
    let mut allocations = allocations_of(ctx, &ids)?;
    Ok(rows
        .into_iter()
        .map(|row| Case {
            spells: spells.remove(&row.id).unwrap_or_default(),
            allocations: allocations.remove(&row.id).unwrap_or_default(),
            id: row.id,
            referral: row.referral_id,
            young_person: row.young_person_id,
            stream: row.stream,
            version: row.version,
        })
        .collect())
}

pub fn find(ctx: &mut Ctx<'_>, id: &CaseId) -> Result<Option<Case>, Failure> {
    let row: Option<Row> = cases::table
        .filter(cases::id.eq(id))
        .select(columns!())
        .first(ctx.conn)
        .optional()?;
    Ok(whole(ctx, row.into_iter().collect())?.into_iter().next())
}

pub fn by_referral(ctx: &mut Ctx<'_>, id: &ReferralId) -> Result<Option<Case>, Failure> {
    let row: Option<Row> = cases::table
        .filter(cases::referral_id.eq(id))
        .select(columns!())
        .first(ctx.conn)
        .optional()?;
    Ok(whole(ctx, row.into_iter().collect())?.into_iter().next())
}

pub fn of_young_person(ctx: &mut Ctx<'_>, id: &YoungPersonId) -> Result<Vec<Case>, Failure> {
    let rows: Vec<Row> = cases::table
        .filter(cases::young_person_id.eq(id))
        .order(cases::created_at.desc())
        .select(columns!())
        .load(ctx.conn)?;
    whole(ctx, rows)
}

/// The day of the last meeting supported under a referral.
pub fn last_meeting(
    ctx: &mut Ctx<'_>,
    referral: &ReferralId,
) -> Result<Option<NaiveDate>, Failure> {
    Ok(meetings::table
        .inner_join(meeting_attendances::table)
        .filter(meeting_attendances::referral_id.eq(referral))
        .filter(meeting_attendances::attendance.is_not_null())
        .order(meetings::held_on.desc())
        .select(meetings::held_on)
        .first(ctx.conn)
        .optional()?)
}

/// The issues of a case that are still open: each with what the young person wants.
pub fn open_issues(ctx: &mut Ctx<'_>, id: &CaseId) -> Result<Vec<(IssueId, String)>, Failure> {
    Ok(issues::table
        .inner_join(issue_spells::table)
        .filter(issues::case_id.eq(id))
        .filter(issue_spells::closed_on.is_null())
        .order((issues::created_at, issues::id))
        .select((issues::id, issues::wish))
        .load(ctx.conn)?)
}

/// The last day on which a contact or a step of an issue is on record in a case.
pub fn last_work(ctx: &mut Ctx<'_>, id: &CaseId) -> Result<Option<NaiveDate>, Failure> {
    let contact: Option<NaiveDate> = contact_people::table
        .inner_join(contacts::table)
        .filter(contact_people::case_id.eq(id))
        .filter(contacts::error_reason.is_null())
        .select(max(contacts::made_on))
        .first(ctx.conn)?;
    let spells = issue_spells::table
        .inner_join(issues::table)
        .filter(issues::case_id.eq(id));
    let steps: (Option<NaiveDate>, Option<NaiveDate>) = spells
        .select((max(issue_spells::opened_on), max(issue_spells::closed_on)))
        .first(ctx.conn)?;
    Ok([contact, steps.0, steps.1].into_iter().flatten().max())
}

fn spells_of(ctx: &mut Ctx<'_>, ids: &[CaseId]) -> Result<HashMap<CaseId, Vec<Spell>>, Failure> {
    type Columns = (
        CaseId,
        SpellId,
        NaiveDate,
        Option<String>,
        Option<NaiveDate>,
        Option<String>,
        Option<String>,
    );
    let rows: Vec<Columns> = case_spells::table
        .filter(case_spells::case_id.eq_any(ids))
        .order((case_spells::opened_on, case_spells::closed_on))
        .select((
            case_spells::case_id,
            case_spells::id,
            case_spells::opened_on,
            case_spells::opening_note,
            case_spells::closed_on,
            case_spells::closure_reason,
            case_spells::closing_note,
        ))
        .load(ctx.conn)?;
    let mut spells: HashMap<CaseId, Vec<Spell>> = HashMap::new();
    for (case, id, opened_on, opening_note, closed_on, reason, note) in rows {
        spells.entry(case).or_default().push(Spell {
            id,
            opened_on,
            opening_note,
            closing: closed_on.map(|on| Closing { on, reason, note }),
        });
    }
    // The engines differ in where they sort "not closed": the open spell is the last.
    for of_one in spells.values_mut() {
        of_one.sort_by_key(|spell| {
            (
                spell.opened_on,
                spell
                    .closing
                    .as_ref()
                    .map_or(NaiveDate::MAX, |closing| closing.on),
            )
        });
    }
    Ok(spells)
}

fn allocations_of(
    ctx: &mut Ctx<'_>,
    ids: &[CaseId],
) -> Result<HashMap<CaseId, Vec<Allocation>>, Failure> {
    type Columns = (
        CaseId,
        AllocationId,
        UserId,
        String,
        NaiveDate,
        Option<NaiveDate>,
    );
    let rows: Vec<Columns> = allocations::table
        .inner_join(users::table)
        .filter(allocations::case_id.eq_any(ids))
        .order((allocations::from_on, allocations::created_at))
        .select((
            allocations::case_id,
            allocations::id,
            allocations::officer_id,
            users::name,
            allocations::from_on,
            allocations::to_on,
        ))
        .load(ctx.conn)?;
    let mut held: HashMap<CaseId, Vec<Allocation>> = HashMap::new();
    for (case, id, officer, officer_name, from, to) in rows {
        held.entry(case).or_default().push(Allocation {
            id,
            officer,
            officer_name,
            from,
            to,
        });
    }
    Ok(held)
}

pub(super) fn insert(
    ctx: &mut Ctx<'_>,
    id: &CaseId,
    referral: &ReferralId,
    young_person: &YoungPersonId,
    stream: Stream,
) -> Result<(), Failure> {
    diesel::insert_into(cases::table)
        .values((
            cases::id.eq(id),
            cases::referral_id.eq(referral),
            cases::young_person_id.eq(young_person),
            cases::stream.eq(stream),
            cases::created_at.eq(ctx.now),
            cases::version.eq(1),
        ))
        .execute(ctx.conn)?;
    Ok(())
}

pub(super) fn insert_spell(ctx: &mut Ctx<'_>, case: &CaseId, spell: &Spell) -> Result<(), Failure> {
    diesel::insert_into(case_spells::table)
        .values((
            case_spells::id.eq(&spell.id),
            case_spells::case_id.eq(case),
            case_spells::opened_on.eq(spell.opened_on),
            case_spells::opening_note.eq(&spell.opening_note),
            case_spells::closed_on.eq(spell.closing.as_ref().map(|closing| closing.on)),
            case_spells::closure_reason.eq(spell
                .closing
                .as_ref()
                .and_then(|closing| closing.reason.clone())),
            case_spells::closing_note.eq(spell
                .closing
                .as_ref()
                .and_then(|closing| closing.note.clone())),
        ))
        .execute(ctx.conn)?;
    Ok(())
}

pub(super) fn set_spell(ctx: &mut Ctx<'_>, spell: &Spell) -> Result<(), Failure> {
    diesel::update(case_spells::table.filter(case_spells::id.eq(&spell.id)))
        .set((
            case_spells::opened_on.eq(spell.opened_on),
            case_spells::closed_on.eq(spell.closing.as_ref().map(|closing| closing.on)),
            case_spells::closure_reason.eq(spell
                .closing
                .as_ref()
                .and_then(|closing| closing.reason.clone())),
            case_spells::closing_note.eq(spell
                .closing
                .as_ref()
                .and_then(|closing| closing.note.clone())),
        ))
        .execute(ctx.conn)?;
    Ok(())
}

pub(super) fn insert_allocation(
    ctx: &mut Ctx<'_>,
    case: &CaseId,
    officer: &UserId,
    from: NaiveDate,
    to: Option<NaiveDate>,
) -> Result<(), Failure> {
    diesel::insert_into(allocations::table)
        .values((
            allocations::id.eq(AllocationId::random()),
            allocations::case_id.eq(case),
            allocations::officer_id.eq(officer),
            allocations::from_on.eq(from),
            allocations::to_on.eq(to),
            allocations::created_at.eq(ctx.now),
        ))
        .execute(ctx.conn)?;
    Ok(())
}

pub(super) fn end_allocations(
    ctx: &mut Ctx<'_>,
    case: &CaseId,
    on: NaiveDate,
) -> Result<(), Failure> {
    diesel::update(
        allocations::table
            .filter(allocations::case_id.eq(case))
            .filter(allocations::to_on.is_null()),
    )
    .set(allocations::to_on.eq(on))
    .execute(ctx.conn)?;
    Ok(())
}

/// Marks the case as changed, if nobody else changed it meanwhile.
pub(super) fn step_version(ctx: &mut Ctx<'_>, case: &Case) -> Result<(), Failure> {
    let changed = diesel::update(
        cases::table
            .filter(cases::id.eq(&case.id))
            .filter(cases::version.eq(case.version)),
    )
    .set(cases::version.eq(case.version + 1))
    .execute(ctx.conn)?;
    if changed == 0 {
        return Err(Failure::ChangedMeanwhile);
    }
    Ok(())
}

/// Rewrites who held a moved-in case, as its corrected row says.
pub(super) fn replace_allocations(
    ctx: &mut Ctx<'_>,
    case: &CaseId,
    officer: Option<&UserId>,
    spell: &Spell,
) -> Result<(), Failure> {
    diesel::delete(allocations::table.filter(allocations::case_id.eq(case))).execute(ctx.conn)?;
    if let Some(officer) = officer {
        let closed_on = spell.closing.as_ref().map(|closing| closing.on);
        insert_allocation(ctx, case, officer, spell.opened_on, closed_on)?;
    }
    Ok(())
}

/// What a list of cases asks for.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// Open ones, closed ones, or both.
    pub open: Option<bool>,
    pub stream: Option<Stream>,
    pub officer: Option<UserId>,
    /// Only these cases.
    pub cases: Option<Vec<CaseId>>,
    pub people: Option<Vec<YoungPersonId>>,
    pub limit: i64,
    pub offset: i64,
}

/// One line of a list of cases: its latest spell and whoever held it last.
#[derive(Debug, Clone, Queryable)]
pub struct Line {
    pub id: CaseId,
    pub young_person: YoungPersonId,
    pub first_name: String,
    pub last_name: String,
    pub date_of_birth: Option<NaiveDate>,
    pub stream: Stream,
    pub opened_on: NaiveDate,
    pub closed_on: Option<NaiveDate>,
    pub officer_name: Option<String>,
}

/// The lines of a list, longest open first, and how many there are on all its pages.
pub fn list(ctx: &mut Ctx<'_>, filter: &Filter) -> Result<(Vec<Line>, i64), Failure> {
    use diesel::dsl::{exists, not};
    let closed = closed_to_me(ctx)?;
    let later = diesel::alias!(case_spells as later_spells);
    let next = diesel::alias!(allocations as later_allocations);
    macro_rules! narrowed {
        ($query:expr) => {{
            // The latest spell and the latest officer of each case, and no other.
            let mut query = $query
                .filter(not(exists(
                    later
                        .filter(later.field(case_spells::case_id).eq(cases::id))
                        .filter(
                            later
                                .field(case_spells::opened_on)
                                .gt(case_spells::opened_on)
                                // Opened on the same day: the open spell is the later one.
                                .or(later
                                    .field(case_spells::opened_on)
                                    .eq(case_spells::opened_on)
                                    .and(later.field(case_spells::id).ne(case_spells::id))
                                    .and(case_spells::closed_on.is_not_null())
                                    .and(
                                        later
                                            .field(case_spells::closed_on)
                                            .is_null()
                                            .or(later.field(case_spells::id).gt(case_spells::id)),
                                    )),
                        ),
                )))
                .into_boxed();
            if let Some(open) = filter.open {
                query = if open {
                    query.filter(case_spells::closed_on.is_null())
                } else {
                    query.filter(case_spells::closed_on.is_not_null())
                };
            }
            if let Some(stream) = filter.stream {
                query = query.filter(cases::stream.eq(stream));
            }
            if let Some(officer) = &filter.officer {
                query = query.filter(allocations::officer_id.eq(officer.clone()));
            }
            if let Some(ids) = &filter.cases {
                query = query.filter(cases::id.eq_any(ids.clone()));
            }
            if let Some(people) = &filter.people {
                query = query.filter(cases::young_person_id.eq_any(people.clone()));
            }
            if !closed.is_empty() {
                query = query.filter(cases::young_person_id.ne_all(closed.clone()));
            }
            query
        }};
    }
    let latest_officer = not(exists(
        next.filter(next.field(allocations::case_id).eq(cases::id))
            .filter(
                next.field(allocations::created_at)
                    .gt(allocations::created_at)
                    .or(next
                        .field(allocations::created_at)
                        .eq(allocations::created_at)
                        .and(next.field(allocations::id).gt(allocations::id))),
            ),
    ));
    let joined = cases::table
        .inner_join(case_spells::table.on(case_spells::case_id.eq(cases::id)))
        .inner_join(young_people::table)
        .left_join(allocations::table.on(allocations::case_id.eq(cases::id)))
        .left_join(users::table.on(users::id.eq(allocations::officer_id)))
        .filter(latest_officer);
    let total: i64 = narrowed!(joined.count()).get_result(ctx.conn)?;
    let query = narrowed!(joined.select((
        cases::id,
        cases::young_person_id,
        young_people::first_name,
        young_people::last_name,
        young_people::date_of_birth,
        cases::stream,
        case_spells::opened_on,
        case_spells::closed_on,
        users::name.nullable(),
    )));
    let rows = query
        .order((case_spells::opened_on, cases::id))
        .limit(filter.limit)
        .offset(filter.offset)
        .load(ctx.conn)?;
    Ok((rows, total))
}

/// An open case and the last day on which somebody did something in it.
#[derive(Debug, Clone)]
pub struct Touched {
    pub id: CaseId,
    pub first_name: String,
    pub last_name: String,
    pub officer_name: Option<String>,
    pub last: NaiveDate,
}

/// Open cases in which nobody did anything since before a day, the longest ago first: all of the
/// team, or these.
pub fn untouched_since(
    ctx: &mut Ctx<'_>,
    day: NaiveDate,
    among: Option<&[CaseId]>,
) -> Result<Vec<Touched>, Failure> {
    type Columns = (CaseId, String, String, NaiveDate, Option<String>);
    let closed = closed_to_me(ctx)?;
    let mut query = cases::table
        .inner_join(case_spells::table.on(case_spells::case_id.eq(cases::id)))
        .inner_join(young_people::table)
        .left_join(
            allocations::table.on(allocations::case_id
                .eq(cases::id)
                .and(allocations::to_on.is_null())),
        )
        .left_join(users::table.on(users::id.eq(allocations::officer_id)))
        .filter(case_spells::closed_on.is_null())
        .filter(cases::young_person_id.ne_all(closed))
        .select((
            cases::id,
            young_people::first_name,
            young_people::last_name,
            case_spells::opened_on,
            users::name.nullable(),
        ))
        .into_boxed();
    if let Some(among) = among {
        query = query.filter(cases::id.eq_any(among));
    }
    let rows: Vec<Columns> = query.load(ctx.conn)?;
    let touched = last_touch(ctx, among)?;
    let mut found: Vec<Touched> = rows
        .into_iter()
        .map(
            |(id, first_name, last_name, opened_on, officer_name)| Touched {
                last: touched
                    .get(&id)
                    .map_or(opened_on, |last| opened_on.max(*last)),
                id,
                first_name,
                last_name,
                officer_name,
            },
        )
        .filter(|case| case.last <= day)
        .collect();
    found.sort_by(|one, other| (one.last, &one.id).cmp(&(other.last, &other.id)));
    Ok(found)
}

/// The last day on which somebody did something in each open case, where anybody did: a contact, a
/// meeting supported, an attempt to reach somebody. One query for each kind of deed.
pub fn last_touch(
    ctx: &mut Ctx<'_>,
    among: Option<&[CaseId]>,
) -> Result<HashMap<CaseId, NaiveDate>, Failure> {
    let open = cases::table
        .inner_join(case_spells::table.on(case_spells::case_id.eq(cases::id)))
        .filter(case_spells::closed_on.is_null());
    let mut meetings = open
        .inner_join(
            meeting_attendances::table.on(meeting_attendances::referral_id.eq(cases::referral_id)),
        )
        .inner_join(meetings::table.on(meetings::id.eq(meeting_attendances::meeting_id)))
        .filter(meeting_attendances::attendance.is_not_null())
        .filter(meetings::held_on.le(ctx.today))
        .group_by(cases::id)
        .select((cases::id, max(meetings::held_on)))
        .into_boxed();
    let mut attempts = open
        .inner_join(
            referral_attempts::table.on(referral_attempts::referral_id.eq(cases::referral_id)),
        )
        .group_by(cases::id)
        .select((cases::id, max(referral_attempts::made_on)))
        .into_boxed();
    if let Some(among) = among {
        meetings = meetings.filter(cases::id.eq_any(among));
        attempts = attempts.filter(cases::id.eq_any(among));
    }
    let meetings: Vec<(CaseId, Option<NaiveDate>)> = meetings.load(ctx.conn)?;
    let attempts: Vec<(CaseId, Option<NaiveDate>)> = attempts.load(ctx.conn)?;
    let mut contacts = contact_people::table
        .inner_join(contacts::table)
        .inner_join(case_spells::table.on(case_spells::case_id.eq(contact_people::case_id)))
        .filter(case_spells::closed_on.is_null())
        .filter(contacts::error_reason.is_null())
        .filter(contacts::made_on.le(ctx.today))
        .group_by(contact_people::case_id)
        .select((contact_people::case_id, max(contacts::made_on)))
        .into_boxed();
    if let Some(among) = among {
        contacts = contacts.filter(contact_people::case_id.eq_any(among));
    }
    let contacts: Vec<(CaseId, Option<NaiveDate>)> = contacts.load(ctx.conn)?;
    let mut last: HashMap<CaseId, NaiveDate> = HashMap::new();
    for (case, day) in meetings.into_iter().chain(attempts).chain(contacts) {
        if let Some(day) = day {
            let known = last.entry(case).or_insert(day);
            *known = day.max(*known);
        }
    }
    Ok(last)
}

/// The young people of these cases, with the case of each.
pub fn young_people_of(
    ctx: &mut Ctx<'_>,
    ids: &[CaseId],
) -> Result<HashMap<YoungPersonId, CaseId>, Failure> {
    let closed = closed_to_me(ctx)?;
    let rows: Vec<(YoungPersonId, CaseId)> = cases::table
        .filter(cases::id.eq_any(ids))
        .filter(cases::young_person_id.ne_all(closed))
        .select((cases::young_person_id, cases::id))
        .load(ctx.conn)?;
    Ok(rows.into_iter().collect())
}
