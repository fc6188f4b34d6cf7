//! The facts of a period, as the figures need them: read in a few flat queries, the same text for
//! both engines. The only place of the report that asks the database.

pub mod background;
mod flow;
mod offers;

use std::collections::{HashMap, HashSet};

use chrono::NaiveDate;
use diesel::prelude::*;

use crate::calendar::{Period, age_on};
use crate::ctx::Ctx;
use crate::db::schema::{
    allocations, case_spells, cases, meeting_attendances, meetings, referrals, users, young_people,
};
use crate::failure::Failure;
use crate::ids::{AttendanceId, ReferralId, UserId, YoungPersonId};
use crate::meetings::{Attendance, Spoke, State};
use crate::referrals::{LegalStatus, Outcome, Remit, Source, Stream};

use super::registry::View;

pub use flow::{CaseFact, ContactFact, IssueFact, Stretch, WaitingFact};
pub use offers::OfferFact;

/// Whose work is counted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Scope {
    All,
    /// One officer's own: the cases they hold now or held last, and the offers they make.
    Officer(UserId),
}

/// Everything that is counted over a period, in order of its day.
#[derive(Debug, Clone, Default)]
pub struct Facts {
    pub referrals: Vec<ReferralFact>,
    pub meetings: Vec<MeetingFact>,
    pub offers: Vec<OfferFact>,
    pub waiting: Vec<WaitingFact>,
    pub cases: Vec<CaseFact>,
    pub issues: Vec<IssueFact>,
    pub contacts: Vec<ContactFact>,
}

/// A referral received in the period.
#[derive(Debug, Clone)]
pub struct ReferralFact {
    pub id: ReferralId,
    pub young_person: YoungPersonId,
    pub stream: Stream,
    pub source: Source,
    pub received_on: NaiveDate,
    pub date_of_birth: Option<NaiveDate>,
    pub remit: Option<Remit>,
    pub legal_status: Option<LegalStatus>,
    pub secure_order: bool,
    pub reason: Option<String>,
    pub outcome: Outcome,
    /// The spells of its case, if it was accepted.
    pub spells: Vec<Spell>,
    /// The first of this child's that was accepted, in this stream and period: a child who comes
    /// twice is counted once, here.
    pub first_accepted: bool,
}

/// One stretch in which a case was open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Spell {
    pub opened_on: NaiveDate,
    pub closed_on: Option<NaiveDate>,
}

/// A meeting held in the period, whenever its referral came: once for each young person whom it
/// supported, as the report counts it. What is planned or did not take place is no fact.
#[derive(Debug, Clone)]
pub struct MeetingFact {
    pub id: AttendanceId,
    pub referral: ReferralId,
    /// The stream of its referral.
    pub stream: Stream,
    pub kind: String,
    pub attendance: Attendance,
    pub spoke: Option<Spoke>,
    pub held_on: NaiveDate,
}

impl ReferralFact {
    /// Whole years on the day the referral was received.
    #[must_use]
    pub fn age(&self) -> Option<i32> {
        self.date_of_birth
            .map(|born| age_on(born, self.received_on))
    }
}

#[derive(Queryable)]
struct ReferralRow {
    id: ReferralId,
    young_person: YoungPersonId,
    stream: Stream,
    source: Source,
    received_on: NaiveDate,
    date_of_birth: Option<NaiveDate>,
    remit: Option<Remit>,
    legal_status: Option<LegalStatus>,
    secure_order: bool,
    reason: Option<String>,
    outcome: Outcome,
    officer: Option<UserId>,
}

#[derive(Queryable)]
struct MeetingRow {
    id: AttendanceId,
    referral: ReferralId,
    stream: Stream,
    kind: String,
    attendance: Attendance,
    spoke: Option<Spoke>,
    held_on: NaiveDate,
    outcome: Outcome,
    officer: Option<UserId>,
}

/// Reads the facts of a period that the tables of a view count.
pub fn load(
    ctx: &mut Ctx<'_>,
    period: &Period,
    scope: &Scope,
    view: View,
) -> Result<Facts, Failure> {
    let whose = Whose::find(ctx, scope)?;
    let mut facts = Facts::default();
    match view {
        View::Annual => {
            facts.referrals = referrals(ctx, period, &whose)?;
            facts.meetings = meetings(ctx, period, &whose)?;
        }
        View::Offers => {
            facts.referrals = referrals(ctx, period, &whose)?;
            facts.offers = offers::load(ctx, period, &whose)?;
        }
        View::Flow => {
            facts.waiting = flow::waiting(ctx, period, &whose)?;
            facts.cases = flow::cases(ctx, period, &whose)?;
            facts.issues = flow::issues(ctx, period, &whose)?;
            facts.contacts = flow::contacts(ctx, period, &whose)?;
            facts.meetings = meetings(ctx, period, &whose)?;
        }
        View::AsAt => {
            facts.waiting = flow::waiting(ctx, period, &whose)?;
            facts.cases = flow::cases(ctx, period, &whose)?;
            facts.issues = flow::issues(ctx, period, &whose)?;
        }
    }
    Ok(facts)
}

fn referrals(
    ctx: &mut Ctx<'_>,
    period: &Period,
    whose: &Whose,
) -> Result<Vec<ReferralFact>, Failure> {
    let mut spells = spells(ctx, period)?;
    let mut referrals: Vec<ReferralFact> = referral_rows(ctx, period)?
        .into_iter()
        .filter(|row| whose.counts(&row.id, row.outcome, row.officer.as_ref()))
        .map(|row| ReferralFact {
            spells: spells.remove(&row.id).unwrap_or_default(),
            id: row.id,
            young_person: row.young_person,
            stream: row.stream,
            source: row.source,
            received_on: row.received_on,
            date_of_birth: row.date_of_birth,
            remit: row.remit,
            legal_status: row.legal_status,
            secure_order: row.secure_order,
            reason: row.reason,
            outcome: row.outcome,
            first_accepted: false,
        })
        .collect();
    // Sorted here, because the engines differ in how they compare text.
    referrals.sort_unstable_by(|a, b| (a.received_on, &a.id).cmp(&(b.received_on, &b.id)));
    mark_first_accepted(&mut referrals);
    Ok(referrals)
}

fn meetings(
    ctx: &mut Ctx<'_>,
    period: &Period,
    whose: &Whose,
) -> Result<Vec<MeetingFact>, Failure> {
    let mut meetings: Vec<MeetingFact> = meeting_rows(ctx, period)?
        .into_iter()
        .filter(|row| whose.counts(&row.referral, row.outcome, row.officer.as_ref()))
        .map(|row| MeetingFact {
            id: row.id,
            referral: row.referral,
            stream: row.stream,
            kind: row.kind,
            attendance: row.attendance,
            spoke: row.spoke,
            held_on: row.held_on,
        })
        .collect();
    meetings.sort_unstable_by(|a, b| (a.held_on, &a.id).cmp(&(b.held_on, &b.id)));
    Ok(meetings)
}

/// Marks each child's first accepted referral of each stream, in the order of the facts.
pub(in crate::report) fn mark_first_accepted(facts: &mut [ReferralFact]) {
    let mut seen = HashSet::new();
    for fact in facts {
        fact.first_accepted = fact.outcome == Outcome::Accepted
            && seen.insert((fact.stream, fact.young_person.clone()));
    }
}

fn referral_rows(ctx: &mut Ctx<'_>, period: &Period) -> Result<Vec<ReferralRow>, Failure> {
    Ok(referrals::table
        .inner_join(young_people::table)
        .filter(referrals::received_on.between(period.from, period.to))
        .select((
            referrals::id,
            referrals::young_person_id,
            referrals::stream,
            referrals::source,
            referrals::received_on,
            young_people::date_of_birth,
            referrals::remit,
            referrals::legal_status,
            referrals::secure_order,
            referrals::reason,
            referrals::outcome,
            referrals::officer_id,
        ))
        .load(ctx.conn)?)
}

fn spells(ctx: &mut Ctx<'_>, period: &Period) -> Result<HashMap<ReferralId, Vec<Spell>>, Failure> {
    let rows: Vec<(ReferralId, NaiveDate, Option<NaiveDate>)> = case_spells::table
        .inner_join(cases::table.inner_join(referrals::table))
        .filter(referrals::received_on.between(period.from, period.to))
        .select((
            cases::referral_id,
            case_spells::opened_on,
            case_spells::closed_on,
        ))
        .load(ctx.conn)?;
    let mut spells: HashMap<ReferralId, Vec<Spell>> = HashMap::with_capacity(rows.len());
    for (referral, opened_on, closed_on) in rows {
        spells.entry(referral).or_default().push(Spell {
            opened_on,
            closed_on,
        });
    }
    Ok(spells)
}

fn meeting_rows(ctx: &mut Ctx<'_>, period: &Period) -> Result<Vec<MeetingRow>, Failure> {
    Ok(meeting_attendances::table
        .inner_join(meetings::table)
        .inner_join(referrals::table)
        .filter(meetings::held_on.between(period.from, period.to))
        .filter(meetings::state.eq(State::Held))
        .filter(meeting_attendances::attendance.is_not_null())
        .select((
            meeting_attendances::id,
            meeting_attendances::referral_id,
            referrals::stream,
            meetings::kind,
            meeting_attendances::attendance.assume_not_null(),
            meeting_attendances::spoke,
            meetings::held_on,
            referrals::outcome,
            referrals::officer_id,
        ))
        .load(ctx.conn)?)
}

/// Whose work a referral is: of the officer whom its case was given to last, or, where there is no
/// case, of the officer who makes the offer.
enum Whose {
    Everybodys,
    Officers {
        officer: UserId,
        holds: HashSet<ReferralId>,
    },
}

impl Whose {
    fn find(ctx: &mut Ctx<'_>, scope: &Scope) -> Result<Self, Failure> {
        let officer = match scope {
            Scope::All => return Ok(Self::Everybodys),
            Scope::Officer(officer) => officer.clone(),
        };
        let theirs = diesel::alias!(allocations as theirs);
        let ever_held = theirs
            .filter(theirs.field(allocations::officer_id).eq(&officer))
            .select(theirs.field(allocations::case_id));
        let given: Vec<(ReferralId, UserId)> = allocations::table
            .inner_join(cases::table)
            .filter(allocations::case_id.eq_any(ever_held))
            .order((allocations::from_on, allocations::created_at))
            .select((cases::referral_id, allocations::officer_id))
            .load(ctx.conn)?;
        let last: HashMap<ReferralId, UserId> = given.into_iter().collect();
        Ok(Self::Officers {
            holds: last
                .into_iter()
                .filter(|(_, holder)| *holder == officer)
                .map(|(referral, _)| referral)
                .collect(),
            officer,
        })
    }

    fn counts(&self, referral: &ReferralId, outcome: Outcome, offers: Option<&UserId>) -> bool {
        match self {
            Self::Everybodys => true,
            Self::Officers { holds, .. } if outcome == Outcome::Accepted => {
                holds.contains(referral)
            }
            Self::Officers { officer, .. } => offers == Some(officer),
        }
    }
}

/// What a list shows of a referral beside what is counted.
#[derive(Debug, Clone)]
pub struct Shown {
    pub young_person: YoungPersonId,
    pub reference: Option<String>,
    pub first_name: String,
    pub last_name: String,
    pub date_of_birth: Option<NaiveDate>,
    pub received_on: NaiveDate,
    pub officer: Option<String>,
}

/// Looks up what a list shows of these referrals: a page of them, since an engine takes only so
/// many values in one statement.
pub fn shown(
    ctx: &mut Ctx<'_>,
    ids: &[&ReferralId],
) -> Result<HashMap<ReferralId, Shown>, Failure> {
    type Columns = (
        ReferralId,
        YoungPersonId,
        Option<String>,
        String,
        String,
        Option<NaiveDate>,
        NaiveDate,
        Option<String>,
    );
    let mut found = HashMap::with_capacity(ids.len());
    let rows: Vec<Columns> = referrals::table
        .inner_join(young_people::table)
        .left_join(users::table)
        .filter(referrals::id.eq_any(ids.iter().copied()))
        .select((
            referrals::id,
            referrals::young_person_id,
            referrals::external_ref,
            young_people::first_name,
            young_people::last_name,
            young_people::date_of_birth,
            referrals::received_on,
            users::name.nullable(),
        ))
        .load(ctx.conn)?;
    for (id, young_person, reference, first_name, last_name, date_of_birth, received_on, officer) in
        rows
    {
        let shown = Shown {
            young_person,
            reference,
            first_name,
            last_name,
            date_of_birth,
            received_on,
            officer,
        };
        found.insert(id, shown);
    }
    // Whoever the case was given to last takes the place of whoever made the offer.
    let holders: Vec<(ReferralId, String)> = allocations::table
        .inner_join(cases::table)
        .inner_join(users::table)
        .filter(cases::referral_id.eq_any(ids.iter().copied()))
        .order((allocations::from_on, allocations::created_at))
        .select((cases::referral_id, users::name))
        .load(ctx.conn)?;
    for (id, officer) in holders {
        if let Some(shown) = found.get_mut(&id) {
            shown.officer = Some(officer);
        }
    }
    Ok(found)
}
