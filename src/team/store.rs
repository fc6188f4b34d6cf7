//! How the team is kept, and the numbers of what each carries.

use std::collections::HashMap;

use chrono::NaiveDate;
use diesel::prelude::*;

use super::{Absence, Answering, Conflict, Covering, Held, Hours, HoursFrom, Mine, Opposed};
use crate::ctx::Ctx;
use crate::db::schema::{
    absence_covers, absences, allocations, case_spells, cases, officer_hours, opposed_wish_people,
    opposed_wish_reasons, opposed_wishes, record_restrictions, referrals, users, young_people,
};
use crate::failure::Failure;
use crate::ids::{
    AbsenceId, CaseId, HoursId, OpposedReasonId, OpposedWishId, ReferralId, UserId, YoungPersonId,
};

// Hours and numbers

/// All hours ever set, the earliest first.
pub fn hours(ctx: &mut Ctx<'_>) -> Result<Vec<HoursFrom>, Failure> {
    let rows: Vec<(UserId, NaiveDate, i32, Option<i32>)> = officer_hours::table
        .order((officer_hours::from_on, officer_hours::created_at))
        .select((
            officer_hours::officer_id,
            officer_hours::from_on,
            officer_hours::percent,
            officer_hours::capacity,
        ))
        .load(ctx.conn)?;
    Ok(rows
        .into_iter()
        .map(|(officer, from, percent, capacity)| HoursFrom {
            officer,
            from,
            hours: Hours { percent, capacity },
        })
        .collect())
}

pub(super) fn insert_hours(
    ctx: &mut Ctx<'_>,
    officer: &UserId,
    from: NaiveDate,
    hours: Hours,
    by: &UserId,
) -> Result<(), Failure> {
    diesel::insert_into(officer_hours::table)
        .values((
            officer_hours::id.eq(HoursId::random()),
            officer_hours::officer_id.eq(officer),
            officer_hours::from_on.eq(from),
            officer_hours::percent.eq(hours.percent),
            officer_hours::capacity.eq(hours.capacity),
            officer_hours::set_by.eq(by),
            officer_hours::created_at.eq(ctx.now),
        ))
        .execute(ctx.conn)?;
    Ok(())
}

/// How many open cases each officer holds.
pub fn open_cases(ctx: &mut Ctx<'_>) -> Result<HashMap<UserId, i64>, Failure> {
    let rows: Vec<(UserId, i64)> = allocations::table
        .filter(allocations::to_on.is_null())
        .group_by(allocations::officer_id)
        .select((
            allocations::officer_id,
            diesel::dsl::count(allocations::case_id),
        ))
        .load(ctx.conn)?;
    Ok(rows.into_iter().collect())
}

const PENDING: &str = "pending";
const OUT_OF_REMIT: &str = "out_of_remit";

/// How many referrals each officer answers.
pub fn waiting_referrals(ctx: &mut Ctx<'_>) -> Result<HashMap<UserId, i64>, Failure> {
    let rows: Vec<(Option<UserId>, i64)> = referrals::table
        .filter(referrals::outcome.eq(PENDING))
        .filter(
            referrals::remit
                .is_null()
                .or(referrals::remit.ne(OUT_OF_REMIT)),
        )
        .filter(referrals::officer_id.is_not_null())
        .group_by(referrals::officer_id)
        .select((referrals::officer_id, diesel::dsl::count(referrals::id)))
        .load(ctx.conn)?;
    Ok(rows
        .into_iter()
        .filter_map(|(officer, count)| officer.map(|officer| (officer, count)))
        .collect())
}

/// The open cases that officers hold, by the young person's name.
pub fn held_by(ctx: &mut Ctx<'_>, officers: &[UserId]) -> Result<Vec<Held>, Failure> {
    type Columns = (
        CaseId,
        UserId,
        YoungPersonId,
        String,
        String,
        NaiveDate,
        i32,
    );
    let rows: Vec<Columns> = allocations::table
        .inner_join(cases::table.inner_join(young_people::table))
        .inner_join(case_spells::table.on(case_spells::case_id.eq(allocations::case_id)))
        .filter(allocations::to_on.is_null())
        .filter(case_spells::closed_on.is_null())
        .filter(allocations::officer_id.eq_any(officers))
        .order((young_people::last_name, young_people::first_name, cases::id))
        .select((
            cases::id,
            allocations::officer_id,
            young_people::id,
            young_people::first_name,
            young_people::last_name,
            case_spells::opened_on,
            cases::version,
        ))
        .load(ctx.conn)?;
    Ok(rows
        .into_iter()
        .map(
            |(case, officer, young_person, first, last, opened_on, version)| Held {
                case,
                officer,
                young_person,
                person: format!("{first} {last}"),
                opened_on,
                version,
            },
        )
        .collect())
}

/// The referrals that an officer answers, by the young person's name.
pub fn answered_by(ctx: &mut Ctx<'_>, officer: &UserId) -> Result<Vec<Answering>, Failure> {
    type Columns = (ReferralId, YoungPersonId, String, String, NaiveDate, i32);
    let rows: Vec<Columns> = referrals::table
        .inner_join(young_people::table)
        .filter(referrals::outcome.eq(PENDING))
        .filter(
            referrals::remit
                .is_null()
                .or(referrals::remit.ne(OUT_OF_REMIT)),
        )
        .filter(referrals::officer_id.eq(officer))
        .order((
            young_people::last_name,
            young_people::first_name,
            referrals::id,
        ))
        .select((
            referrals::id,
            young_people::id,
            young_people::first_name,
            young_people::last_name,
            referrals::received_on,
            referrals::version,
        ))
        .load(ctx.conn)?;
    Ok(rows
        .into_iter()
        .map(
            |(referral, young_person, first, last, received_on, version)| Answering {
                referral,
                young_person,
                person: format!("{first} {last}"),
                received_on,
                version,
            },
        )
        .collect())
}

// Absences and cover

#[derive(Queryable)]
struct AbsenceRow {
    id: AbsenceId,
    officer_id: UserId,
    from_on: NaiveDate,
    to_on: NaiveDate,
    covered_by: Option<UserId>,
    version: i32,
}

/// The absences that are not over on a day, the earliest first.
pub fn absences_from(ctx: &mut Ctx<'_>, day: NaiveDate) -> Result<Vec<Absence>, Failure> {
    let rows: Vec<AbsenceRow> = absences::table
        .filter(absences::to_on.ge(day))
        .filter(absences::cancelled_at.is_null())
        .order((absences::from_on, absences::id))
        .select((
            absences::id,
            absences::officer_id,
            absences::from_on,
            absences::to_on,
            absences::covered_by,
            absences::version,
        ))
        .load(ctx.conn)?;
    let exceptions: Vec<(AbsenceId, CaseId, UserId)> = absence_covers::table
        .inner_join(absences::table)
        .filter(absences::to_on.ge(day))
        .filter(absences::cancelled_at.is_null())
        .select((
            absence_covers::absence_id,
            absence_covers::case_id,
            absence_covers::officer_id,
        ))
        .load(ctx.conn)?;
    let mut by_absence: HashMap<AbsenceId, Vec<(CaseId, UserId)>> = HashMap::new();
    for (absence, case, officer) in exceptions {
        by_absence.entry(absence).or_default().push((case, officer));
    }
    Ok(rows
        .into_iter()
        .map(|row| Absence {
            exceptions: by_absence.remove(&row.id).unwrap_or_default(),
            id: row.id,
            officer: row.officer_id,
            from: row.from_on,
            to: row.to_on,
            covered_by: row.covered_by,
            version: row.version,
        })
        .collect())
}

/// The absences that today is in.
pub fn away_today(ctx: &mut Ctx<'_>) -> Result<Vec<Absence>, Failure> {
    let today = ctx.today;
    let mut absences = absences_from(ctx, today)?;
    absences.retain(|absence| absence.from <= today);
    Ok(absences)
}

/// What an officer has to see to today: their own work, and what they cover. As many queries for
/// one case as for a hundred.
pub fn mine(ctx: &mut Ctx<'_>, me: &UserId) -> Result<Mine, Failure> {
    let away = away_today(ctx)?;
    let for_whom: Vec<&Absence> = away
        .iter()
        .filter(|absence| {
            absence.covered_by.as_ref() == Some(me)
                || absence.exceptions.iter().any(|(_, officer)| officer == me)
        })
        .collect();
    let mut officers: Vec<UserId> = vec![me.clone()];
    officers.extend(for_whom.iter().map(|absence| absence.officer.clone()));
    let held: Vec<(CaseId, UserId)> = allocations::table
        .filter(allocations::to_on.is_null())
        .filter(allocations::officer_id.eq_any(&officers))
        .select((allocations::case_id, allocations::officer_id))
        .load(ctx.conn)?;
    let mut covered: HashMap<UserId, i64> = HashMap::new();
    let mut cases = Vec::new();
    for (case, officer) in held {
        let absence = for_whom.iter().find(|absence| absence.officer == officer);
        if officer == *me {
            cases.push(case);
        } else if absence.and_then(|absence| absence.cover_of(&case)) == Some(me) {
            *covered.entry(officer).or_default() += 1;
            cases.push(case);
        }
    }
    let covering = for_whom
        .iter()
        .map(|absence| Covering {
            officer: absence.officer.clone(),
            until: absence.to,
            cases: covered.get(&absence.officer).copied().unwrap_or_default(),
        })
        .collect();
    let mut officers = vec![me.clone()];
    officers.extend(
        for_whom
            .iter()
            .filter(|absence| absence.covered_by.as_ref() == Some(me))
            .map(|absence| absence.officer.clone()),
    );
    Ok(Mine {
        officers,
        cases,
        covering,
    })
}

/// The cases that an officer holds now, whoever covers them.
pub fn cases_held_by(ctx: &mut Ctx<'_>, officer: &UserId) -> Result<Vec<CaseId>, Failure> {
    Ok(allocations::table
        .filter(allocations::to_on.is_null())
        .filter(allocations::officer_id.eq(officer))
        .select(allocations::case_id)
        .load(ctx.conn)?)
}

pub(super) fn insert_absence(
    ctx: &mut Ctx<'_>,
    absence: &Absence,
    by: &UserId,
) -> Result<(), Failure> {
    diesel::insert_into(absences::table)
        .values((
            absences::id.eq(&absence.id),
            absences::officer_id.eq(&absence.officer),
            absences::from_on.eq(absence.from),
            absences::to_on.eq(absence.to),
            absences::covered_by.eq(&absence.covered_by),
            absences::recorded_by.eq(by),
            absences::created_at.eq(ctx.now),
            absences::version.eq(absence.version),
        ))
        .execute(ctx.conn)?;
    insert_exceptions(ctx, absence)
}

fn insert_exceptions(ctx: &mut Ctx<'_>, absence: &Absence) -> Result<(), Failure> {
    for (case, officer) in &absence.exceptions {
        diesel::insert_into(absence_covers::table)
            .values((
                absence_covers::absence_id.eq(&absence.id),
                absence_covers::case_id.eq(case),
                absence_covers::officer_id.eq(officer),
            ))
            .execute(ctx.conn)?;
    }
    Ok(())
}

pub(super) fn update_absence(ctx: &mut Ctx<'_>, absence: &Absence) -> Result<(), Failure> {
    let changed = diesel::update(
        absences::table
            .filter(absences::id.eq(&absence.id))
            .filter(absences::version.eq(absence.version))
            .filter(absences::cancelled_at.is_null()),
    )
    .set((
        absences::from_on.eq(absence.from),
        absences::to_on.eq(absence.to),
        absences::covered_by.eq(&absence.covered_by),
        absences::version.eq(absence.version + 1),
    ))
    .execute(ctx.conn)?;
    if changed == 0 {
        return Err(Failure::ChangedMeanwhile);
    }
    diesel::delete(absence_covers::table.filter(absence_covers::absence_id.eq(&absence.id)))
        .execute(ctx.conn)?;
    insert_exceptions(ctx, absence)
}

pub(super) fn cancel_absence(
    ctx: &mut Ctx<'_>,
    id: &AbsenceId,
    version: i32,
) -> Result<(), Failure> {
    let changed = diesel::update(
        absences::table
            .filter(absences::id.eq(id))
            .filter(absences::version.eq(version))
            .filter(absences::cancelled_at.is_null()),
    )
    .set((
        absences::cancelled_at.eq(ctx.now),
        absences::version.eq(version + 1),
    ))
    .execute(ctx.conn)?;
    if changed == 0 {
        return Err(Failure::ChangedMeanwhile);
    }
    Ok(())
}

// Opposed wishes

/// The young people whose wishes are opposed to those of one, the latest first.
pub fn opposed_to(ctx: &mut Ctx<'_>, id: &YoungPersonId) -> Result<Vec<Opposed>, Failure> {
    let this = diesel::alias!(opposed_wish_people as this_person);
    type Columns = (
        OpposedWishId,
        YoungPersonId,
        String,
        String,
        String,
        String,
        NaiveDate,
        i32,
    );
    let rows: Vec<Columns> = opposed_wishes::table
        .inner_join(users::table)
        .inner_join(opposed_wish_people::table.inner_join(young_people::table))
        .inner_join(
            this.on(this
                .field(opposed_wish_people::opposed_wish_id)
                .eq(opposed_wishes::id)),
        )
        .filter(this.field(opposed_wish_people::young_person_id).eq(id))
        .filter(opposed_wish_people::young_person_id.ne(id))
        .filter(opposed_wishes::ended_on.is_null())
        .order((opposed_wishes::set_on.desc(), opposed_wishes::id))
        .select((
            opposed_wishes::id,
            young_people::id,
            young_people::first_name,
            young_people::last_name,
            opposed_wishes::note,
            users::name,
            opposed_wishes::set_on,
            opposed_wishes::version,
        ))
        .load(ctx.conn)?;
    Ok(rows
        .into_iter()
        .map(
            |(id, other, first, last, note, set_by, set_on, version)| Opposed {
                id,
                other,
                other_name: format!("{first} {last}"),
                note,
                set_by,
                set_on,
                version,
            },
        )
        .collect())
}

/// Officers who would hold two young people whose wishes are opposed, if they were given these.
/// What is about to leave `leaving` no longer counts as theirs.
pub fn conflicts(
    ctx: &mut Ctx<'_>,
    giving: &[(YoungPersonId, UserId)],
    leaving: Option<&UserId>,
) -> Result<Vec<Conflict>, Failure> {
    let people: Vec<&YoungPersonId> = giving.iter().map(|(person, _)| person).collect();
    let this = diesel::alias!(opposed_wish_people as this_person);
    let pairs: Vec<(OpposedWishId, YoungPersonId, YoungPersonId)> = opposed_wishes::table
        .inner_join(opposed_wish_people::table)
        .inner_join(
            this.on(this
                .field(opposed_wish_people::opposed_wish_id)
                .eq(opposed_wishes::id)),
        )
        .filter(
            this.field(opposed_wish_people::young_person_id)
                .eq_any(people),
        )
        .filter(
            opposed_wish_people::young_person_id
                .ne(this.field(opposed_wish_people::young_person_id)),
        )
        .filter(opposed_wishes::ended_on.is_null())
        .order((opposed_wishes::set_on, opposed_wishes::id))
        .select((
            opposed_wishes::id,
            this.field(opposed_wish_people::young_person_id),
            opposed_wish_people::young_person_id,
        ))
        .load(ctx.conn)?;
    if pairs.is_empty() {
        return Ok(Vec::new());
    }
    let others: Vec<&YoungPersonId> = pairs.iter().map(|(_, _, other)| other).collect();
    let mut with: Vec<(YoungPersonId, UserId)> = allocations::table
        .inner_join(cases::table)
        .filter(allocations::to_on.is_null())
        .filter(cases::young_person_id.eq_any(&others))
        .select((cases::young_person_id, allocations::officer_id))
        .load(ctx.conn)?;
    let waiting: Vec<(YoungPersonId, Option<UserId>)> = referrals::table
        .filter(referrals::outcome.eq(PENDING))
        .filter(referrals::officer_id.is_not_null())
        .filter(referrals::young_person_id.eq_any(&others))
        .select((referrals::young_person_id, referrals::officer_id))
        .load(ctx.conn)?;
    with.extend(
        waiting
            .into_iter()
            .filter_map(|(person, officer)| officer.map(|officer| (person, officer))),
    );
    with.retain(|(_, officer)| Some(officer) != leaving);
    with.extend(giving.iter().cloned());
    let mut found: Vec<Conflict> = Vec::new();
    for (wish, one, other) in pairs {
        for (_, officer) in giving.iter().filter(|(person, _)| *person == one) {
            let both = with
                .iter()
                .any(|(person, holder)| *person == other && holder == officer);
            let told = found
                .iter()
                .any(|conflict| conflict.wish == wish && conflict.officer == *officer);
            if both && !told {
                found.push(Conflict {
                    wish: wish.clone(),
                    officer: officer.clone(),
                    people: (one.clone(), other.clone()),
                });
            }
        }
    }
    Ok(found)
}

pub(super) fn insert_opposed(
    ctx: &mut Ctx<'_>,
    id: &OpposedWishId,
    people: [&YoungPersonId; 2],
    note: &str,
    by: &UserId,
) -> Result<(), Failure> {
    diesel::insert_into(opposed_wishes::table)
        .values((
            opposed_wishes::id.eq(id),
            opposed_wishes::note.eq(note),
            opposed_wishes::set_by.eq(by),
            opposed_wishes::set_on.eq(ctx.today),
            opposed_wishes::version.eq(1),
        ))
        .execute(ctx.conn)?;
    for person in people {
        diesel::insert_into(opposed_wish_people::table)
            .values((
                opposed_wish_people::opposed_wish_id.eq(id),
                opposed_wish_people::young_person_id.eq(person),
            ))
            .execute(ctx.conn)?;
    }
    Ok(())
}

pub(super) fn end_opposed(
    ctx: &mut Ctx<'_>,
    id: &OpposedWishId,
    version: i32,
    by: &UserId,
) -> Result<(), Failure> {
    let changed = diesel::update(
        opposed_wishes::table
            .filter(opposed_wishes::id.eq(id))
            .filter(opposed_wishes::version.eq(version))
            .filter(opposed_wishes::ended_on.is_null()),
    )
    .set((
        opposed_wishes::ended_on.eq(ctx.today),
        opposed_wishes::ended_by.eq(by),
        opposed_wishes::version.eq(version + 1),
    ))
    .execute(ctx.conn)?;
    if changed == 0 {
        return Err(Failure::ChangedMeanwhile);
    }
    Ok(())
}

pub(super) fn insert_reason(
    ctx: &mut Ctx<'_>,
    conflict: &Conflict,
    reason: &str,
    by: &UserId,
) -> Result<(), Failure> {
    diesel::insert_into(opposed_wish_reasons::table)
        .values((
            opposed_wish_reasons::id.eq(OpposedReasonId::random()),
            opposed_wish_reasons::opposed_wish_id.eq(&conflict.wish),
            opposed_wish_reasons::officer_id.eq(&conflict.officer),
            opposed_wish_reasons::reason.eq(reason),
            opposed_wish_reasons::decided_by.eq(by),
            opposed_wish_reasons::decided_on.eq(ctx.today),
            opposed_wish_reasons::created_at.eq(ctx.now),
        ))
        .execute(ctx.conn)?;
    Ok(())
}

/// Why one officer holds both all the same: who, why, and from which day; the latest first.
pub fn reasons(
    ctx: &mut Ctx<'_>,
    wishes: &[OpposedWishId],
) -> Result<Vec<(OpposedWishId, String, String, NaiveDate)>, Failure> {
    Ok(opposed_wish_reasons::table
        .inner_join(users::table)
        .filter(opposed_wish_reasons::opposed_wish_id.eq_any(wishes))
        .order(opposed_wish_reasons::created_at.desc())
        .select((
            opposed_wish_reasons::opposed_wish_id,
            users::name,
            opposed_wish_reasons::reason,
            opposed_wish_reasons::decided_on,
        ))
        .load(ctx.conn)?)
}

/// Of these people and officers, those whose record is closed to the officer.
pub fn closed(
    ctx: &mut Ctx<'_>,
    giving: &[(YoungPersonId, UserId)],
) -> Result<Vec<(YoungPersonId, UserId)>, Failure> {
    let people: Vec<&YoungPersonId> = giving.iter().map(|(person, _)| person).collect();
    let closed: Vec<(YoungPersonId, UserId)> = record_restrictions::table
        .filter(record_restrictions::ended_on.is_null())
        .filter(record_restrictions::young_person_id.eq_any(people))
        .select((
            record_restrictions::young_person_id,
            record_restrictions::user_id,
        ))
        .load(ctx.conn)?;
    Ok(giving
        .iter()
        .filter(|pair| closed.contains(pair))
        .cloned()
        .collect())
}
