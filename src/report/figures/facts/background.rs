//! What is known of a referral and its young person on the day it was received: by it the figures
//! are told apart.

use std::collections::{HashMap, HashSet};

use chrono::NaiveDate;
use diesel::prelude::*;

use crate::calendar::age_on;
use crate::conferences;
use crate::ctx::Ctx;
use crate::db::schema::{
    allocations, cases, conference_children, legal_flags, referrals, users, young_people,
    young_person_homes, young_person_professionals,
};
use crate::failure::Failure;
use crate::ids::{ReferralId, UserId, YoungPersonId};
use crate::referrals::{LegalStatus, Source};
use crate::young_people::about::{Disability, Ethnicity, Gender};
use crate::young_people::legal::Flag;
use crate::young_people::professionals::Role;

/// One referral, as the breakdowns see it. None where nothing is on record.
#[derive(Debug, Clone)]
pub struct Background {
    pub source: Source,
    pub conference: Option<conferences::Kind>,
    pub legal_status: Option<LegalStatus>,
    pub secure_order: bool,
    pub reason: Option<String>,
    pub age: Option<i32>,
    pub gender: Option<Gender>,
    pub ethnicity: Option<Ethnicity>,
    pub disabled: Option<bool>,
    pub unaccompanied: bool,
    /// Whether they lived out of county on the day the referral was received.
    pub out_of_county: Option<bool>,
    /// Whoever the case was given to last; where there is none, whoever makes the offer.
    pub officer: Option<(UserId, String)>,
    /// The team of the social worker: as the schedule said, or as it is on record for that day.
    pub team: Option<String>,
}

/// How many referrals are looked up in one statement.
const AT_ONCE: usize = 500;

pub(in crate::report) fn load(
    ctx: &mut Ctx<'_>,
    ids: &HashSet<&ReferralId>,
) -> Result<HashMap<ReferralId, Background>, Failure> {
    let ids: Vec<&ReferralId> = ids.iter().copied().collect();
    let mut found = HashMap::with_capacity(ids.len());
    for some in ids.chunks(AT_ONCE) {
        load_some(ctx, some, &mut found)?;
    }
    Ok(found)
}

#[derive(Queryable)]
struct Row {
    id: ReferralId,
    young_person: YoungPersonId,
    source: Source,
    received_on: NaiveDate,
    legal_status: Option<LegalStatus>,
    secure_order: bool,
    reason: Option<String>,
    conference: Option<conferences::Kind>,
    team: Option<String>,
    date_of_birth: Option<NaiveDate>,
    gender: Option<Gender>,
    ethnicity: Option<Ethnicity>,
    disabilities: Option<String>,
    officer: Option<UserId>,
    officer_name: Option<String>,
}

/// Something that is so from a day on, perhaps to another.
struct Dated<T> {
    from_on: NaiveDate,
    to_on: Option<NaiveDate>,
    what: T,
}

type ByPerson<T> = HashMap<YoungPersonId, Vec<Dated<T>>>;

/// The latest that was so on a day.
fn on<'t, T>(all: &'t ByPerson<T>, whose: &YoungPersonId, day: NaiveDate) -> Option<&'t T> {
    let so = all
        .get(whose)?
        .iter()
        .filter(|it| it.from_on <= day && it.to_on.is_none_or(|to| to >= day));
    so.max_by_key(|it| it.from_on).map(|it| &it.what)
}

fn by_person<T>(rows: Vec<(YoungPersonId, NaiveDate, Option<NaiveDate>, T)>) -> ByPerson<T> {
    let mut all: ByPerson<T> = HashMap::new();
    for (whose, from_on, to_on, what) in rows {
        let dated = Dated {
            from_on,
            to_on,
            what,
        };
        all.entry(whose).or_default().push(dated);
    }
    all
}

fn load_some(
    ctx: &mut Ctx<'_>,
    ids: &[&ReferralId],
    found: &mut HashMap<ReferralId, Background>,
) -> Result<(), Failure> {
    let rows: Vec<Row> = referrals::table
        .inner_join(young_people::table)
        .left_join(conference_children::table)
        .left_join(users::table)
        .filter(referrals::id.eq_any(ids.iter().copied()))
        .select((
            referrals::id,
            referrals::young_person_id,
            referrals::source,
            referrals::received_on,
            referrals::legal_status,
            referrals::secure_order,
            referrals::reason,
            conference_children::kind.nullable(),
            conference_children::team.nullable(),
            young_people::date_of_birth,
            young_people::gender_code,
            young_people::ethnicity_code,
            young_people::disabilities,
            users::id.nullable(),
            users::name.nullable(),
        ))
        .load(ctx.conn)?;
    let people: HashSet<&YoungPersonId> = rows.iter().map(|row| &row.young_person).collect();
    let people: Vec<&YoungPersonId> = people.into_iter().collect();
    let holders: HashMap<ReferralId, (UserId, String)> = allocations::table
        .inner_join(cases::table)
        .inner_join(users::table)
        .filter(cases::referral_id.eq_any(ids.iter().copied()))
        .order((allocations::from_on, allocations::created_at))
        .select((cases::referral_id, users::id, users::name))
        .load::<(ReferralId, UserId, String)>(ctx.conn)?
        .into_iter()
        .map(|(referral, officer, name)| (referral, (officer, name)))
        .collect();
    let unaccompanied = by_person::<bool>(
        legal_flags::table
            .filter(legal_flags::young_person_id.eq_any(people.iter().copied()))
            .filter(legal_flags::flag.eq(Flag::UnaccompaniedAsylumSeeking))
            .filter(legal_flags::in_error.eq(false))
            .select((
                legal_flags::young_person_id,
                legal_flags::from_on,
                legal_flags::to_on,
                legal_flags::in_error,
            ))
            .load(ctx.conn)?,
    );
    let homes = by_person::<bool>(
        young_person_homes::table
            .filter(young_person_homes::young_person_id.eq_any(people.iter().copied()))
            .filter(young_person_homes::in_error.eq(false))
            .select((
                young_person_homes::young_person_id,
                young_person_homes::from_on,
                young_person_homes::to_on,
                young_person_homes::out_of_county,
            ))
            .load(ctx.conn)?,
    );
    let teams = by_person(
        young_person_professionals::table
            .filter(young_person_professionals::young_person_id.eq_any(people.iter().copied()))
            .filter(young_person_professionals::role.eq(Role::SocialWorker))
            .filter(young_person_professionals::in_error.eq(false))
            .select((
                young_person_professionals::young_person_id,
                young_person_professionals::from_on,
                young_person_professionals::to_on,
                young_person_professionals::team,
            ))
            .load::<(YoungPersonId, NaiveDate, Option<NaiveDate>, Option<String>)>(ctx.conn)?,
    );
    for row in rows {
        let (whose, day) = (&row.young_person, row.received_on);
        let officer = holders.get(&row.id).cloned();
        let background = Background {
            unaccompanied: on(&unaccompanied, whose, day).is_some(),
            out_of_county: on(&homes, whose, day).copied(),
            team: row
                .team
                .filter(|team| !team.is_empty())
                .or_else(|| on(&teams, whose, day).cloned().flatten()),
            age: row.date_of_birth.map(|born| age_on(born, day)),
            disabled: row.disabilities.map(|codes| {
                codes
                    .split(';')
                    .filter_map(Disability::from_code)
                    .any(|it| it != Disability::NoDisability)
            }),
            officer: officer.or_else(|| row.officer.zip(row.officer_name)),
            source: row.source,
            conference: row.conference,
            legal_status: row.legal_status,
            secure_order: row.secure_order,
            reason: row.reason,
            gender: row.gender,
            ethnicity: row.ethnicity,
        };
        found.insert(row.id, background);
    }
    Ok(())
}
