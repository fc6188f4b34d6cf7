//! How meetings are kept, and what is still to come, from the meetings and from the schedule of
//! conferences.

use chrono::NaiveDate;
use diesel::prelude::*;

use super::{
    Attendance, Attended, Meeting, MovedIn, Said, Spoke, State, Views, What, type_of_conference,
};
use crate::conferences::{self, Status};
use crate::ctx::Ctx;
use crate::db::schema::{
    allocations, calendar_feeds, case_spells, cases, conference_children, meeting_attendances,
    meetings, record_restrictions, referrals, users, young_people,
};
use crate::failure::Failure;
use crate::ids::{
    AttendanceId, CaseId, ConferenceChildId, ConferenceId, MeetingId, ReferralId, UserId,
    YoungPersonId,
};

#[derive(Queryable)]
struct Row {
    id: MeetingId,
    kind: String,
    state: State,
    held_on: NaiveDate,
    starts_at: Option<String>,
    place: Option<String>,
    online: bool,
    not_held_reason: Option<String>,
    version: i32,
}

macro_rules! columns {
    () => {
        (
            meetings::id,
            meetings::kind,
            meetings::state,
            meetings::held_on,
            meetings::starts_at,
            meetings::place,
            meetings::online,
            meetings::not_held_reason,
            meetings::version,
        )
    };
}

#[derive(Queryable)]
struct AttendedRow {
    id: AttendanceId,
    referral_id: ReferralId,
    young_person_id: YoungPersonId,
    conference_child_id: Option<ConferenceChildId>,
    attendance: Option<Attendance>,
    spoke: Option<Spoke>,
    views: String,
    online: bool,
    seen_before_on: Option<NaiveDate>,
    explained_on: Option<NaiveDate>,
    not_there_reason: Option<String>,
    own_words: Option<String>,
    note: Option<String>,
}

macro_rules! attended_columns {
    () => {
        (
            meeting_attendances::id,
            meeting_attendances::referral_id,
            referrals::young_person_id,
            meeting_attendances::conference_child_id,
            meeting_attendances::attendance,
            meeting_attendances::spoke,
            meeting_attendances::views,
            meeting_attendances::online,
            meeting_attendances::seen_before_on,
            meeting_attendances::explained_on,
            meeting_attendances::not_there_reason,
            meeting_attendances::own_words,
            meeting_attendances::note,
        )
    };
}

impl From<AttendedRow> for Attended {
    fn from(row: AttendedRow) -> Self {
        Self {
            id: row.id,
            referral: row.referral_id,
            young_person: row.young_person_id,
            conference_child: row.conference_child_id,
            said: row.attendance.map(|attendance| Said {
                attendance,
                spoke: row.spoke,
                views: row.views.split(';').filter_map(Views::from_code).collect(),
                online: row.online,
                seen_before_on: row.seen_before_on,
                explained_on: row.explained_on,
                not_there_reason: row.not_there_reason,
                own_words: row.own_words,
                note: row.note,
            }),
        }
    }
}

fn whole(row: Row, attended: Vec<Attended>) -> Meeting {
    Meeting {
        id: row.id,
        what: What {
            kind: row.kind,
            on: row.held_on,
            starts_at: row.starts_at,
            place: row.place,
            online: row.online,
        },
        state: row.state,
        not_held_reason: row.not_held_reason,
        attended,
        version: row.version,
    }
}

pub fn find(ctx: &mut Ctx<'_>, id: &MeetingId) -> Result<Option<Meeting>, Failure> {
    let row: Option<Row> = meetings::table
        .filter(meetings::id.eq(id))
        .select(columns!())
        .first(ctx.conn)
        .optional()?;
    let Some(row) = row else {
        return Ok(None);
    };
    let attended: Vec<AttendedRow> = meeting_attendances::table
        .inner_join(referrals::table)
        .filter(meeting_attendances::meeting_id.eq(id))
        .order((meeting_attendances::created_at, meeting_attendances::id))
        .select(attended_columns!())
        .load(ctx.conn)?;
    let attended = attended.into_iter().map(Attended::from).collect();
    Ok(Some(whole(row, attended)))
}

/// The meetings of some referrals, the latest first: each with the one attendance that is theirs.
pub fn of_referrals(ctx: &mut Ctx<'_>, ids: &[ReferralId]) -> Result<Vec<Meeting>, Failure> {
    let rows: Vec<(Row, AttendedRow)> = meeting_attendances::table
        .inner_join(meetings::table)
        .inner_join(referrals::table)
        .filter(meeting_attendances::referral_id.eq_any(ids))
        .order((meetings::held_on.desc(), meeting_attendances::id))
        .select((columns!(), attended_columns!()))
        .load(ctx.conn)?;
    Ok(rows
        .into_iter()
        .map(|(row, attended)| whole(row, vec![attended.into()]))
        .collect())
}

pub fn known(ctx: &mut Ctx<'_>, source: &str, reference: &str) -> Result<bool, Failure> {
    let found: Option<AttendanceId> = meeting_attendances::table
        .filter(meeting_attendances::external_source.eq(source))
        .filter(meeting_attendances::external_ref.eq(reference))
        .select(meeting_attendances::id)
        .first(ctx.conn)
        .optional()?;
    Ok(found.is_some())
}

/// Whether somebody recorded this child's attendance at this conference.
pub fn conference_recorded(ctx: &mut Ctx<'_>, id: &ConferenceChildId) -> Result<bool, Failure> {
    let found: Option<AttendanceId> = meeting_attendances::table
        .filter(meeting_attendances::conference_child_id.eq(id))
        .select(meeting_attendances::id)
        .first(ctx.conn)
        .optional()?;
    Ok(found.is_some())
}

/// Of a young person's conferences, those at which somebody recorded their attendance.
pub fn recorded_conferences(
    ctx: &mut Ctx<'_>,
    id: &YoungPersonId,
) -> Result<Vec<ConferenceChildId>, Failure> {
    let found: Vec<Option<ConferenceChildId>> = meeting_attendances::table
        .inner_join(conference_children::table)
        .filter(conference_children::young_person_id.eq(id))
        .select(meeting_attendances::conference_child_id)
        .load(ctx.conn)?;
    Ok(found.into_iter().flatten().collect())
}

pub(super) fn move_in(
    ctx: &mut Ctx<'_>,
    id: &MeetingId,
    moved_in: &MovedIn,
    source: &str,
    reference: &str,
) -> Result<(), Failure> {
    let meeting = Meeting {
        id: id.clone(),
        what: What {
            kind: moved_in.kind.clone(),
            on: moved_in.held_on,
            starts_at: None,
            place: None,
            online: false,
        },
        state: State::Held,
        not_held_reason: None,
        attended: Vec::new(),
        version: 1,
    };
    insert(ctx, &meeting)?;
    diesel::insert_into(meeting_attendances::table)
        .values((
            meeting_attendances::id.eq(AttendanceId::random()),
            meeting_attendances::meeting_id.eq(id),
            meeting_attendances::referral_id.eq(&moved_in.referral),
            meeting_attendances::attendance.eq(moved_in.attendance),
            meeting_attendances::views.eq(""),
            meeting_attendances::online.eq(false),
            meeting_attendances::external_source.eq(source),
            meeting_attendances::external_ref.eq(reference),
            meeting_attendances::created_at.eq(ctx.now),
        ))
        .execute(ctx.conn)?;
    Ok(())
}

/// Keeps a new meeting, without anybody on it yet.
pub(super) fn insert(ctx: &mut Ctx<'_>, meeting: &Meeting) -> Result<(), Failure> {
    diesel::insert_into(meetings::table)
        .values((
            meetings::id.eq(&meeting.id),
            meetings::kind.eq(&meeting.what.kind),
            meetings::state.eq(meeting.state),
            meetings::held_on.eq(meeting.what.on),
            meetings::starts_at.eq(&meeting.what.starts_at),
            meetings::place.eq(&meeting.what.place),
            meetings::online.eq(meeting.what.online),
            meetings::created_at.eq(ctx.now),
            meetings::version.eq(meeting.version),
        ))
        .execute(ctx.conn)?;
    Ok(())
}

/// Keeps what may change about a meeting as a whole, if nobody else changed it meanwhile.
pub(super) fn update(ctx: &mut Ctx<'_>, meeting: &Meeting) -> Result<(), Failure> {
    let changed = diesel::update(
        meetings::table
            .filter(meetings::id.eq(&meeting.id))
            .filter(meetings::version.eq(meeting.version)),
    )
    .set((
        meetings::kind.eq(&meeting.what.kind),
        meetings::state.eq(meeting.state),
        meetings::held_on.eq(meeting.what.on),
        meetings::starts_at.eq(&meeting.what.starts_at),
        meetings::place.eq(&meeting.what.place),
        meetings::online.eq(meeting.what.online),
        meetings::not_held_reason.eq(&meeting.not_held_reason),
        meetings::version.eq(meeting.version + 1),
    ))
    .execute(ctx.conn)?;
    if changed == 0 {
        return Err(Failure::ChangedMeanwhile);
    }
    Ok(())
}

fn codes(views: &[Views]) -> String {
    let codes: Vec<&str> = views.iter().map(|how| how.code()).collect();
    codes.join(";")
}

pub(super) fn insert_attended(
    ctx: &mut Ctx<'_>,
    meeting: &MeetingId,
    attended: &Attended,
) -> Result<(), Failure> {
    let said = attended.said.as_ref();
    diesel::insert_into(meeting_attendances::table)
        .values((
            meeting_attendances::id.eq(&attended.id),
            meeting_attendances::meeting_id.eq(meeting),
            meeting_attendances::referral_id.eq(&attended.referral),
            meeting_attendances::conference_child_id.eq(&attended.conference_child),
            meeting_attendances::attendance.eq(said.map(|said| said.attendance)),
            meeting_attendances::spoke.eq(said.and_then(|said| said.spoke)),
            meeting_attendances::views.eq(said.map_or_else(String::new, |said| codes(&said.views))),
            meeting_attendances::online.eq(said.is_some_and(|said| said.online)),
            meeting_attendances::seen_before_on.eq(said.and_then(|said| said.seen_before_on)),
            meeting_attendances::explained_on.eq(said.and_then(|said| said.explained_on)),
            meeting_attendances::not_there_reason
                .eq(said.and_then(|said| said.not_there_reason.as_deref())),
            meeting_attendances::own_words.eq(said.and_then(|said| said.own_words.as_deref())),
            meeting_attendances::note.eq(said.and_then(|said| said.note.as_deref())),
            meeting_attendances::created_at.eq(ctx.now),
        ))
        .execute(ctx.conn)?;
    Ok(())
}

pub(super) fn set_said(ctx: &mut Ctx<'_>, id: &AttendanceId, said: &Said) -> Result<(), Failure> {
    diesel::update(meeting_attendances::table.filter(meeting_attendances::id.eq(id)))
        .set((
            meeting_attendances::attendance.eq(said.attendance),
            meeting_attendances::spoke.eq(said.spoke),
            meeting_attendances::views.eq(codes(&said.views)),
            meeting_attendances::online.eq(said.online),
            meeting_attendances::seen_before_on.eq(said.seen_before_on),
            meeting_attendances::explained_on.eq(said.explained_on),
            meeting_attendances::not_there_reason.eq(&said.not_there_reason),
            meeting_attendances::own_words.eq(&said.own_words),
            meeting_attendances::note.eq(&said.note),
        ))
        .execute(ctx.conn)?;
    Ok(())
}

pub(super) fn remove_attended(ctx: &mut Ctx<'_>, id: &AttendanceId) -> Result<(), Failure> {
    diesel::delete(meeting_attendances::table.filter(meeting_attendances::id.eq(id)))
        .execute(ctx.conn)?;
    Ok(())
}

/// Somebody with an open case who may be at the same meeting.
#[derive(Debug, Clone, Queryable)]
pub struct Relative {
    pub young_person: YoungPersonId,
    pub first_name: String,
    pub last_name: String,
    pub referral: ReferralId,
}

/// The brothers and sisters of a young person who have an open case.
pub fn brothers_and_sisters(
    ctx: &mut Ctx<'_>,
    young_person: &YoungPersonId,
) -> Result<Vec<Relative>, Failure> {
    let family = conferences::actions::brothers_and_sisters(ctx, young_person)?;
    let mut found: Vec<Relative> = cases::table
        .inner_join(young_people::table)
        .inner_join(case_spells::table)
        .filter(case_spells::closed_on.is_null())
        .filter(cases::young_person_id.eq_any(family))
        .order((
            young_people::date_of_birth,
            young_people::first_name,
            young_people::id,
            // A child with cases in both streams goes to conferences in that of child protection.
            cases::stream,
        ))
        .select((
            young_people::id,
            young_people::first_name,
            young_people::last_name,
            cases::referral_id,
        ))
        .load(ctx.conn)?;
    found.reverse();
    found.dedup_by(|one, other| one.young_person == other.young_person);
    found.reverse();
    Ok(found)
}

/// What stands in a diary.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Which {
    Meeting(MeetingId),
    /// Of the schedule: nobody has recorded who was there.
    Conference(ConferenceId),
}

/// Somebody in an entry of a diary.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    pub young_person: YoungPersonId,
    pub name: String,
    pub case: CaseId,
    pub conference_child: Option<ConferenceChildId>,
}

/// One entry of a diary: a meeting, or a conference of the schedule, with all those on it whose
/// cases were asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Coming {
    pub which: Which,
    /// A code of the list of meeting types.
    pub kind: String,
    pub state: State,
    pub on: NaiveDate,
    pub starts_at: Option<String>,
    pub place: Option<String>,
    pub online: bool,
    pub people: Vec<Person>,
    /// The officer who holds the case of the first.
    pub officer: String,
}

impl Coming {
    /// Where it is found: its own page, or the case whose diary it stands in.
    #[must_use]
    pub fn href(&self) -> String {
        match (&self.which, self.people.first()) {
            (Which::Meeting(id), _) => format!("/meetings/{id}"),
            (Which::Conference(_), Some(person)) => format!("/cases/{}", person.case),
            (Which::Conference(_), None) => "/diary".to_owned(),
        }
    }

    /// Where who was there is recorded: of a meeting, its own page.
    #[must_use]
    pub fn record_href(&self) -> String {
        let child = self
            .people
            .first()
            .and_then(|person| Some((person, person.conference_child.as_ref()?)));
        match child {
            Some((person, child)) => format!("/cases/{}/conferences/{child}", person.case),
            None => self.href(),
        }
    }
}

/// Whom an entry is shown to: records closed to them stay out.
type Restricted = diesel::helper_types::Select<
    diesel::helper_types::Filter<
        diesel::helper_types::Filter<
            record_restrictions::table,
            diesel::helper_types::Eq<record_restrictions::user_id, UserId>,
        >,
        diesel::helper_types::IsNull<record_restrictions::ended_on>,
    >,
    record_restrictions::young_person_id,
>;

fn closed_to(viewer: &UserId) -> Restricted {
    record_restrictions::table
        .filter(record_restrictions::user_id.eq(viewer.clone()))
        .filter(record_restrictions::ended_on.is_null())
        .select(record_restrictions::young_person_id)
}

/// The meetings and conferences of these cases, or of the whole team, between two days, both counted,
/// in order of time. What did not take place is left out, and so is every record that is closed to
/// the viewer. Two queries, however many cases.
pub fn coming(
    ctx: &mut Ctx<'_>,
    of: Option<&[CaseId]>,
    viewer: &UserId,
    from: NaiveDate,
    to: NaiveDate,
) -> Result<Vec<Coming>, Failure> {
    let mut coming = meetings_between(ctx, of, viewer, from, to)?;
    coming.extend(conferences_between(ctx, of, viewer, from, to)?);
    coming.sort_by(|a, b| (a.on, &a.starts_at, &a.kind).cmp(&(b.on, &b.starts_at, &b.kind)));
    Ok(coming)
}

/// The meetings of these cases between two days, in one query.
pub fn meetings_between(
    ctx: &mut Ctx<'_>,
    of: Option<&[CaseId]>,
    viewer: &UserId,
    from: NaiveDate,
    to: NaiveDate,
) -> Result<Vec<Coming>, Failure> {
    type Columns = (Row, YoungPersonId, String, String, CaseId, String);
    let query = meeting_attendances::table
        .inner_join(meetings::table)
        .inner_join(referrals::table.inner_join(young_people::table))
        .inner_join(cases::table.on(cases::referral_id.eq(meeting_attendances::referral_id)))
        .inner_join(allocations::table.on(allocations::case_id.eq(cases::id)))
        .inner_join(users::table.on(users::id.eq(allocations::officer_id)))
        .filter(allocations::to_on.is_null())
        .filter(meetings::held_on.between(from, to))
        .filter(meetings::state.ne(State::NotHeld))
        .filter(referrals::young_person_id.ne_all(closed_to(viewer)))
        .order((
            meetings::held_on,
            meetings::id,
            young_people::date_of_birth,
            young_people::id,
        ))
        .select((
            columns!(),
            young_people::id,
            young_people::first_name,
            young_people::last_name,
            cases::id,
            users::name,
        ))
        .into_boxed();
    let rows: Vec<Columns> = match of {
        Some(of) => query.filter(cases::id.eq_any(of)).load(ctx.conn)?,
        None => query.load(ctx.conn)?,
    };
    let mut coming: Vec<Coming> = Vec::new();
    for (row, young_person, first, last, case, officer) in rows {
        let which = Which::Meeting(row.id.clone());
        let person = Person {
            young_person,
            name: format!("{first} {last}"),
            case,
            conference_child: None,
        };
        add(
            &mut coming,
            Coming {
                which,
                kind: row.kind,
                state: row.state,
                on: row.held_on,
                starts_at: row.starts_at,
                place: row.place,
                online: row.online,
                people: vec![person],
                officer,
            },
        );
    }
    Ok(coming)
}

/// The conferences of the schedule for these cases while they are open, between two days, in one
/// query: those that were not cancelled, from the day the case opened, at which nobody recorded who was
/// there.
pub fn conferences_between(
    ctx: &mut Ctx<'_>,
    of: Option<&[CaseId]>,
    viewer: &UserId,
    from: NaiveDate,
    to: NaiveDate,
) -> Result<Vec<Coming>, Failure> {
    use diesel::dsl::{exists, not};
    type Columns = (
        (ConferenceChildId, ConferenceId),
        (conferences::Kind, NaiveDate, Option<String>, Option<String>),
        (YoungPersonId, String, String),
        (CaseId, String),
    );
    let recorded = meeting_attendances::table
        .filter(meeting_attendances::conference_child_id.eq(conference_children::id.nullable()));
    let query = conference_children::table
        .inner_join(young_people::table)
        .inner_join(
            cases::table.on(cases::young_person_id.eq(conference_children::young_person_id)),
        )
        .inner_join(case_spells::table.on(case_spells::case_id.eq(cases::id)))
        .inner_join(allocations::table.on(allocations::case_id.eq(cases::id)))
        .inner_join(users::table.on(users::id.eq(allocations::officer_id)))
        .filter(case_spells::closed_on.is_null())
        .filter(case_spells::opened_on.le(conference_children::held_on))
        .filter(allocations::to_on.is_null())
        .filter(conference_children::held_on.between(from, to))
        .filter(conference_children::status.ne(Status::Cancelled))
        .filter(not(exists(recorded)))
        .filter(conference_children::young_person_id.ne_all(closed_to(viewer)))
        .order((
            conference_children::held_on,
            conference_children::conference_id,
            young_people::date_of_birth,
            young_people::id,
            cases::stream.desc(),
        ))
        .select((
            (conference_children::id, conference_children::conference_id),
            (
                conference_children::kind,
                conference_children::held_on,
                conference_children::starts_at,
                conference_children::venue,
            ),
            (
                young_people::id,
                young_people::first_name,
                young_people::last_name,
            ),
            (cases::id, users::name),
        ))
        .into_boxed();
    let rows: Vec<Columns> = match of {
        Some(of) => query.filter(cases::id.eq_any(of)).load(ctx.conn)?,
        None => query.load(ctx.conn)?,
    };
    let mut coming: Vec<Coming> = Vec::new();
    for ((child, conference), (kind, on, starts_at, venue), (id, first, last), (case, officer)) in
        rows
    {
        let person = Person {
            young_person: id,
            name: format!("{first} {last}"),
            case,
            conference_child: Some(child),
        };
        add(
            &mut coming,
            Coming {
                which: Which::Conference(conference),
                kind: type_of_conference(kind).to_owned(),
                state: State::Planned,
                on,
                starts_at,
                place: venue,
                online: false,
                people: vec![person],
                officer,
            },
        );
    }
    Ok(coming)
}

/// Puts brothers and sisters on the same meeting into one entry. The schedule says the day of each
/// child apart: those on another day are another entry.
fn add(coming: &mut Vec<Coming>, entry: Coming) {
    let same = coming
        .iter_mut()
        .find(|other| other.which == entry.which && other.on == entry.on);
    match same {
        Some(other) => {
            for person in entry.people {
                // A child with cases in both streams is there once.
                if !other
                    .people
                    .iter()
                    .any(|there| there.young_person == person.young_person)
                {
                    other.people.push(person);
                }
            }
        }
        None => coming.push(entry),
    }
}

/// The children on a conference on a day with open cases, whoever holds them: the schedule's row
/// and the referral of each. Records closed to whoever acts are left out.
pub fn on_conference(
    ctx: &mut Ctx<'_>,
    conference: &ConferenceId,
    on: NaiveDate,
) -> Result<Vec<(ConferenceChildId, Relative)>, Failure> {
    use diesel::dsl::{exists, not};
    let closed = crate::young_people::store::closed_to_me(ctx)?;
    let recorded = meeting_attendances::table
        .filter(meeting_attendances::conference_child_id.eq(conference_children::id.nullable()));
    let mut found: Vec<(ConferenceChildId, Relative)> = conference_children::table
        .inner_join(young_people::table)
        .inner_join(
            cases::table.on(cases::young_person_id.eq(conference_children::young_person_id)),
        )
        .inner_join(case_spells::table.on(case_spells::case_id.eq(cases::id)))
        .filter(case_spells::closed_on.is_null())
        .filter(conference_children::conference_id.eq(conference))
        .filter(conference_children::held_on.eq(on))
        .filter(conference_children::status.ne(Status::Cancelled))
        .filter(not(exists(recorded)))
        .filter(conference_children::young_person_id.ne_all(closed))
        .order((
            young_people::date_of_birth,
            young_people::id,
            cases::stream.desc(),
        ))
        .select((
            conference_children::id,
            (
                young_people::id,
                young_people::first_name,
                young_people::last_name,
                cases::referral_id,
            ),
        ))
        .load(ctx.conn)?;
    found.dedup_by(|one, other| one.0 == other.0);
    Ok(found)
}

// The calendar feed

/// Whose diary a secret address shows.
pub fn feed_owner(ctx: &mut Ctx<'_>, secret_hash: &str) -> Result<Option<UserId>, Failure> {
    Ok(calendar_feeds::table
        .filter(calendar_feeds::secret_hash.eq(secret_hash))
        .select(calendar_feeds::user_id)
        .first(ctx.conn)
        .optional()?)
}

/// When the address of somebody's feed was made, if there is one.
pub fn feed_made_at(
    ctx: &mut Ctx<'_>,
    user: &UserId,
) -> Result<Option<chrono::NaiveDateTime>, Failure> {
    Ok(calendar_feeds::table
        .filter(calendar_feeds::user_id.eq(user))
        .select(calendar_feeds::made_at)
        .first(ctx.conn)
        .optional()?)
}

pub(super) fn end_feed(ctx: &mut Ctx<'_>, user: &UserId) -> Result<(), Failure> {
    diesel::delete(calendar_feeds::table.filter(calendar_feeds::user_id.eq(user)))
        .execute(ctx.conn)?;
    Ok(())
}

pub(super) fn insert_feed(
    ctx: &mut Ctx<'_>,
    user: &UserId,
    secret_hash: &str,
) -> Result<(), Failure> {
    diesel::insert_into(calendar_feeds::table)
        .values((
            calendar_feeds::user_id.eq(user),
            calendar_feeds::secret_hash.eq(secret_hash),
            calendar_feeds::made_at.eq(ctx.now),
        ))
        .execute(ctx.conn)?;
    Ok(())
}
