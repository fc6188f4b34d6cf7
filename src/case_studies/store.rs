//! How case studies are kept, and what is on record to check them against.

use chrono::{NaiveDate, NaiveDateTime};
use diesel::prelude::*;

use super::{CaseStudy, Consent, ConsentBy, Look, Publication, Purpose, State, Text, Withdrawal};
use crate::calendar::Period;
use crate::ctx::Ctx;
use crate::db::schema::{
    allocations, case_studies, case_study_looks, cases, conference_children, referrals, users,
    young_people, young_person_refs,
};
use crate::failure::{Failure, Fault};
use crate::ids::{CaseId, CaseStudyId, ConferenceId, LookId, ReferralId, YoungPersonId};
use crate::referrals::{LegalStatus, Stream};

type ConsentRow = (
    Option<ConsentBy>,
    Option<String>,
    Option<Purpose>,
    Option<NaiveDate>,
    Option<NaiveDate>,
);

#[derive(Queryable)]
struct Row {
    id: CaseStudyId,
    case_id: CaseId,
    young_person_id: YoungPersonId,
    text: (String, String, String, String, String, String),
    state: State,
    consent: ConsentRow,
    checked_on: Option<NaiveDate>,
    published_on: Option<NaiveDate>,
    published_text: Option<String>,
    withdrawn_on: Option<NaiveDate>,
    withdrawn_why: Option<String>,
    version: i32,
}

macro_rules! columns {
    () => {
        (
            case_studies::id,
            case_studies::case_id,
            case_studies::young_person_id,
            (
                case_studies::title,
                case_studies::initials,
                case_studies::age_band,
                case_studies::worries,
                case_studies::worked_well,
                case_studies::outcome,
            ),
            case_studies::state,
            (
                case_studies::consent_by,
                case_studies::consent_how,
                case_studies::consent_for,
                case_studies::consent_on,
                case_studies::consent_withdrawn_on,
            ),
            case_studies::checked_on,
            case_studies::published_on,
            case_studies::published_text,
            case_studies::withdrawn_on,
            case_studies::withdrawn_why,
            case_studies::version,
        )
    };
}

fn whole(row: Row) -> Result<CaseStudy, Failure> {
    let (title, initials, age, worries, worked_well, outcome) = row.text;
    let (by, how, purpose, on, withdrawn_on) = row.consent;
    let consent = match (by, purpose, on) {
        (Some(by), Some(purpose), Some(on)) => Some(Consent {
            by,
            how: how.unwrap_or_default(),
            purpose,
            on,
            withdrawn_on,
        }),
        _ => None,
    };
    let publication = match (row.published_on, row.published_text) {
        (Some(on), Some(text)) => Some(Publication {
            on,
            text: serde_json::from_str(&text)
                .map_err(|cause| Fault::because("a published case study cannot be read", &cause))?,
        }),
        _ => None,
    };
    Ok(CaseStudy {
        id: row.id,
        case: row.case_id,
        young_person: row.young_person_id,
        text: Text {
            title,
            initials,
            age,
            worries,
            worked_well,
            outcome,
        },
        state: row.state,
        consent,
        checked_on: row.checked_on,
        publication,
        withdrawal: row.withdrawn_on.map(|on| Withdrawal {
            on,
            why: row.withdrawn_why.unwrap_or_default(),
        }),
        version: row.version,
    })
}

pub fn find(ctx: &mut Ctx<'_>, id: &CaseStudyId) -> Result<Option<CaseStudy>, Failure> {
    let row: Option<Row> = case_studies::table
        .filter(case_studies::id.eq(id))
        .select(columns!())
        .first(ctx.conn)
        .optional()?;
    row.map(whole).transpose()
}

/// The case studies of a young person, the latest first.
pub fn of_young_person(ctx: &mut Ctx<'_>, id: &YoungPersonId) -> Result<Vec<CaseStudy>, Failure> {
    let rows: Vec<Row> = case_studies::table
        .filter(case_studies::young_person_id.eq(id))
        .order((case_studies::created_at.desc(), case_studies::id))
        .select(columns!())
        .load(ctx.conn)?;
    rows.into_iter().map(whole).collect()
}

/// Every case study but those about records closed to whoever acts, the latest first.
pub fn all(ctx: &mut Ctx<'_>, closed: &[YoungPersonId]) -> Result<Vec<CaseStudy>, Failure> {
    let rows: Vec<Row> = case_studies::table
        .filter(case_studies::young_person_id.ne_all(closed))
        .order((case_studies::created_at.desc(), case_studies::id))
        .select(columns!())
        .load(ctx.conn)?;
    rows.into_iter().map(whole).collect()
}

/// What the report prints: the texts as they were published in a period and not withdrawn since.
pub fn published(ctx: &mut Ctx<'_>, period: Period) -> Result<Vec<Publication>, Failure> {
    let rows: Vec<Row> = case_studies::table
        .filter(case_studies::state.eq(State::Published))
        .filter(case_studies::published_on.between(period.from, period.to))
        .order((case_studies::published_on, case_studies::id))
        .select(columns!())
        .load(ctx.conn)?;
    let mut publications = Vec::new();
    for row in rows {
        publications.extend(whole(row)?.publication);
    }
    Ok(publications)
}

pub(super) fn insert(
    ctx: &mut Ctx<'_>,
    id: &CaseStudyId,
    case: &CaseId,
    young_person: &YoungPersonId,
    text: &Text,
) -> Result<(), Failure> {
    diesel::insert_into(case_studies::table)
        .values((
            case_studies::id.eq(id),
            case_studies::case_id.eq(case),
            case_studies::young_person_id.eq(young_person),
            case_studies::title.eq(&text.title),
            case_studies::initials.eq(&text.initials),
            case_studies::age_band.eq(&text.age),
            case_studies::worries.eq(&text.worries),
            case_studies::worked_well.eq(&text.worked_well),
            case_studies::outcome.eq(&text.outcome),
            case_studies::state.eq(State::Draft),
            case_studies::written_by.eq(ctx.actor.label()),
            case_studies::created_at.eq(ctx.now),
            case_studies::version.eq(1),
        ))
        .execute(ctx.conn)?;
    Ok(())
}

pub(super) fn update(ctx: &mut Ctx<'_>, study: &CaseStudy) -> Result<(), Failure> {
    let consent = study.consent.as_ref();
    let publication = study.publication.as_ref();
    let published_text = publication
        .map(|publication| serde_json::to_string(&publication.text))
        .transpose()
        .map_err(|cause| Fault::because("a case study cannot be written down", &cause))?;
    let withdrawal = study.withdrawal.as_ref();
    let text = &study.text;
    let changed = diesel::update(
        case_studies::table
            .filter(case_studies::id.eq(&study.id))
            .filter(case_studies::version.eq(study.version)),
    )
    .set((
        case_studies::title.eq(&text.title),
        case_studies::initials.eq(&text.initials),
        case_studies::age_band.eq(&text.age),
        case_studies::worries.eq(&text.worries),
        case_studies::worked_well.eq(&text.worked_well),
        case_studies::outcome.eq(&text.outcome),
        case_studies::state.eq(study.state),
        case_studies::consent_by.eq(consent.map(|it| it.by)),
        case_studies::consent_how.eq(consent.map(|it| &it.how)),
        case_studies::consent_for.eq(consent.map(|it| it.purpose)),
        case_studies::consent_on.eq(consent.map(|it| it.on)),
        case_studies::consent_withdrawn_on.eq(consent.and_then(|it| it.withdrawn_on)),
        case_studies::checked_on.eq(study.checked_on),
        case_studies::published_on.eq(publication.map(|it| it.on)),
        case_studies::published_text.eq(published_text),
        case_studies::withdrawn_on.eq(withdrawal.map(|it| it.on)),
        case_studies::withdrawn_why.eq(withdrawal.map(|it| &it.why)),
        case_studies::version.eq(study.version + 1),
    ))
    .execute(ctx.conn)?;
    if changed == 0 {
        return Err(Failure::ChangedMeanwhile);
    }
    Ok(())
}

/// Notes who checked, or published: the access record has it too, and this is for the page.
pub(super) fn set_checked_by(ctx: &mut Ctx<'_>, id: &CaseStudyId) -> Result<(), Failure> {
    diesel::update(case_studies::table.filter(case_studies::id.eq(id)))
        .set(case_studies::checked_by.eq(ctx.actor.label()))
        .execute(ctx.conn)?;
    Ok(())
}

pub(super) fn set_published_by(ctx: &mut Ctx<'_>, id: &CaseStudyId) -> Result<(), Failure> {
    diesel::update(case_studies::table.filter(case_studies::id.eq(id)))
        .set(case_studies::published_by.eq(ctx.actor.label()))
        .execute(ctx.conn)?;
    Ok(())
}

/// What was let stand, the latest reason last.
pub fn looks(ctx: &mut Ctx<'_>, id: &CaseStudyId) -> Result<Vec<Look>, Failure> {
    let rows: Vec<(String, String, String, Option<String>, NaiveDateTime)> =
        case_study_looks::table
            .left_join(users::table.on(users::id.eq(case_study_looks::looked_by)))
            .filter(case_study_looks::case_study_id.eq(id))
            .order((case_study_looks::looked_at, case_study_looks::id))
            .select((
                case_study_looks::finding,
                case_study_looks::reason,
                case_study_looks::looked_by,
                users::name.nullable(),
                case_study_looks::looked_at,
            ))
            .load(ctx.conn)?;
    Ok(rows
        .into_iter()
        .map(|(finding, reason, by, name, _)| Look {
            finding,
            reason,
            by: name.unwrap_or(by),
        })
        .collect())
}

pub(super) fn insert_look(
    ctx: &mut Ctx<'_>,
    id: &CaseStudyId,
    finding: &str,
    reason: &str,
) -> Result<(), Failure> {
    diesel::insert_into(case_study_looks::table)
        .values((
            case_study_looks::id.eq(LookId::random()),
            case_study_looks::case_study_id.eq(id),
            case_study_looks::finding.eq(finding),
            case_study_looks::reason.eq(reason),
            case_study_looks::looked_by.eq(ctx.actor.label()),
            case_study_looks::looked_at.eq(ctx.now),
        ))
        .execute(ctx.conn)?;
    Ok(())
}

/// The people and places on record around a young person, from every conference and case.
#[derive(Debug, Clone, Default)]
pub struct Around {
    pub names: Vec<String>,
    pub places: Vec<String>,
    pub references: Vec<String>,
}

pub fn around(ctx: &mut Ctx<'_>, id: &YoungPersonId) -> Result<Around, Failure> {
    type Three = (Option<String>, Option<String>, Option<String>);
    let rows: Vec<(ConferenceId, String, Three, Three)> = conference_children::table
        .filter(conference_children::young_person_id.eq(id))
        .select((
            conference_children::conference_id,
            conference_children::child_ref,
            (
                conference_children::carer_name,
                conference_children::social_worker_name,
                conference_children::chair,
            ),
            (
                conference_children::venue,
                conference_children::team,
                conference_children::transferring_authority,
            ),
        ))
        .load(ctx.conn)?;
    let mut around = Around::default();
    let mut conferences = Vec::new();
    for (conference, child_ref, (carer, worker, chair), (venue, team, authority)) in rows {
        conferences.push(conference);
        around.references.push(child_ref);
        around
            .names
            .extend([carer, worker, chair].into_iter().flatten());
        around
            .places
            .extend([venue, team, authority].into_iter().flatten());
    }
    // Brothers and sisters are on the same conferences.
    let siblings: Vec<(String, String, Option<String>)> = young_people::table
        .inner_join(conference_children::table)
        .filter(conference_children::conference_id.eq_any(conferences))
        .filter(young_people::id.ne(id))
        .select((
            young_people::first_name,
            young_people::last_name,
            young_people::known_as,
        ))
        .load(ctx.conn)?;
    for (first, last, known_as) in siblings {
        around.names.extend([first, last]);
        around.names.extend(known_as);
    }
    let officers: Vec<String> = users::table
        .inner_join(allocations::table.inner_join(cases::table))
        .filter(cases::young_person_id.eq(id))
        .select(users::name)
        .distinct()
        .load(ctx.conn)?;
    around.names.extend(officers);
    let references: Vec<String> = young_person_refs::table
        .filter(young_person_refs::young_person_id.eq(id))
        .select(young_person_refs::source_ref)
        .load(ctx.conn)?;
    around.references.extend(references);
    let external: Vec<Option<String>> = referrals::table
        .filter(referrals::young_person_id.eq(id))
        .select(referrals::external_ref)
        .load(ctx.conn)?;
    around.references.extend(external.into_iter().flatten());
    on_the_record(ctx, id, &mut around)?;
    Ok(around)
}

/// What the record itself says: professionals, relations, and where they live or lived. What was
/// taken back as an error is looked for as well: it may be true of somebody.
fn on_the_record(
    ctx: &mut Ctx<'_>,
    id: &YoungPersonId,
    around: &mut Around,
) -> Result<(), Failure> {
    use crate::db::schema::{home_addresses, young_person_professionals, young_person_relations};
    let professionals: Vec<(String, Option<String>)> = young_person_professionals::table
        .filter(young_person_professionals::young_person_id.eq(id))
        .select((
            young_person_professionals::name,
            young_person_professionals::team,
        ))
        .load(ctx.conn)?;
    for (name, team) in professionals {
        around.names.push(name);
        around.places.extend(team);
    }
    let relations: Vec<(Option<String>, Option<String>)> = young_person_relations::table
        .filter(young_person_relations::young_person_id.eq(id))
        .select((young_person_relations::name, young_person_relations::pair))
        .load(ctx.conn)?;
    let (names, pairs): (Vec<_>, Vec<_>) = relations.into_iter().unzip();
    around.names.extend(names.into_iter().flatten());
    // A relation between two young people stands on both records, under one pair.
    let pairs: Vec<String> = pairs.into_iter().flatten().collect();
    let others: Vec<(String, String, Option<String>)> = young_people::table
        .inner_join(young_person_relations::table)
        .filter(young_person_relations::pair.eq_any(pairs))
        .filter(young_people::id.ne(id))
        .select((
            young_people::first_name,
            young_people::last_name,
            young_people::known_as,
        ))
        .load(ctx.conn)?;
    for (first, last, known_as) in others {
        around.names.extend([first, last]);
        around.names.extend(known_as);
    }
    let homes: Vec<(Option<String>, Option<String>)> = home_addresses::table
        .filter(home_addresses::young_person_id.eq(id))
        .select((home_addresses::provider, home_addresses::address))
        .load(ctx.conn)?;
    for (provider, address) in homes {
        around.places.extend(provider);
        // Each line of an address gives it away alone: the street, the town.
        let address = address.unwrap_or_default();
        let lines = address.split([',', '\n']).map(str::trim);
        around
            .places
            .extend(lines.filter(|line| is_worded(line)).map(ToOwned::to_owned));
    }
    Ok(())
}

/// A house number alone says nothing, and would be found everywhere.
fn is_worded(line: &str) -> bool {
    line.chars().filter(|c| c.is_alphabetic()).count() >= 3
}

/// One case with what makes it rare.
#[derive(Debug, Clone, Queryable)]
pub struct Trait {
    pub young_person: YoungPersonId,
    pub date_of_birth: Option<NaiveDate>,
    pub received_on: NaiveDate,
    pub legal_status: Option<LegalStatus>,
    pub gender: Option<String>,
}

/// Everybody who was supported in a stream, with what makes them rare.
pub fn traits(ctx: &mut Ctx<'_>, stream: Stream) -> Result<Vec<Trait>, Failure> {
    Ok(cases::table
        .inner_join(referrals::table)
        .inner_join(young_people::table)
        .filter(cases::stream.eq(stream))
        .select((
            young_people::id,
            young_people::date_of_birth,
            referrals::received_on,
            referrals::legal_status,
            young_people::gender,
        ))
        .load(ctx.conn)?)
}

/// What makes the young person of one case rare.
pub fn trait_of(
    ctx: &mut Ctx<'_>,
    young_person: &YoungPersonId,
    referral: &ReferralId,
) -> Result<Option<Trait>, Failure> {
    Ok(referrals::table
        .inner_join(young_people::table)
        .filter(referrals::id.eq(referral))
        .filter(young_people::id.eq(young_person))
        .select((
            young_people::id,
            young_people::date_of_birth,
            referrals::received_on,
            referrals::legal_status,
            young_people::gender,
        ))
        .first(ctx.conn)
        .optional()?)
}
