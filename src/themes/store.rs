//! How themes are kept.

use chrono::NaiveDate;
use diesel::prelude::*;

use super::{Ask, Closing, Member, Telling, TheirAnswer, Theme};
use crate::ctx::Ctx;
use crate::db::schema::{case_spells, cases, referrals, theme_cases, themes, young_people};
use crate::failure::Failure;
use crate::ids::{CaseId, ThemeCaseId, ThemeId, YoungPersonId};
use crate::referrals::{LegalStatus, Stream};

#[derive(Queryable)]
struct Row {
    id: ThemeId,
    title: String,
    they_say: String,
    ask: Option<String>,
    asked_whom: Option<String>,
    asked_on: Option<NaiveDate>,
    answer: Option<String>,
    answered_on: Option<NaiveDate>,
    you_said: Option<String>,
    we_did: Option<String>,
    told_on: Option<NaiveDate>,
    closed_on: Option<NaiveDate>,
    closing_note: Option<String>,
    begun_on: NaiveDate,
    version: i32,
}

impl From<Row> for Theme {
    fn from(row: Row) -> Self {
        Self {
            id: row.id,
            title: row.title,
            they_say: row.they_say,
            ask: row.asked_on.map(|on| Ask {
                words: row.ask.unwrap_or_default(),
                whom: row.asked_whom.unwrap_or_default(),
                on,
            }),
            answer: row.answered_on.map(|on| TheirAnswer {
                words: row.answer.unwrap_or_default(),
                on,
            }),
            telling: row.told_on.map(|on| Telling {
                you_said: row.you_said.unwrap_or_default(),
                we_did: row.we_did.unwrap_or_default(),
                on,
            }),
            closing: row.closed_on.map(|on| Closing {
                on,
                note: row.closing_note,
            }),
            begun_on: row.begun_on,
            version: row.version,
        }
    }
}

macro_rules! columns {
    () => {
        (
            themes::id,
            themes::title,
            themes::they_say,
            themes::ask,
            themes::asked_whom,
            themes::asked_on,
            themes::answer,
            themes::answered_on,
            themes::you_said,
            themes::we_did,
            themes::told_on,
            themes::closed_on,
            themes::closing_note,
            themes::begun_on,
            themes::version,
        )
    };
}

pub fn find(ctx: &mut Ctx<'_>, id: &ThemeId) -> Result<Option<Theme>, Failure> {
    let row: Option<Row> = themes::table
        .filter(themes::id.eq(id))
        .select(columns!())
        .first(ctx.conn)
        .optional()?;
    Ok(row.map(Theme::from))
}

/// Every theme, the latest first. A council has dozens, not thousands.
pub fn all(ctx: &mut Ctx<'_>) -> Result<Vec<Theme>, Failure> {
    let rows: Vec<Row> = themes::table
        .order((themes::begun_on.desc(), themes::title, themes::id))
        .select(columns!())
        .load(ctx.conn)?;
    Ok(rows.into_iter().map(Theme::from).collect())
}

/// How many cases are under each theme.
pub fn sizes(ctx: &mut Ctx<'_>) -> Result<Vec<(ThemeId, i64)>, Failure> {
    Ok(theme_cases::table
        .filter(theme_cases::taken_out_on.is_null())
        .group_by(theme_cases::theme_id)
        .select((theme_cases::theme_id, diesel::dsl::count(theme_cases::id)))
        .load(ctx.conn)?)
}

/// The cases under a theme, records closed to whoever acts among them: for counting.
pub fn members(ctx: &mut Ctx<'_>, theme: &ThemeId) -> Result<Vec<Member>, Failure> {
    type Columns = (
        ThemeCaseId,
        CaseId,
        YoungPersonId,
        (String, String, Option<NaiveDate>),
        Stream,
        (NaiveDate, Option<LegalStatus>, bool),
        String,
        NaiveDate,
    );
    let rows: Vec<Columns> = theme_cases::table
        .inner_join(cases::table.inner_join(referrals::table))
        .inner_join(young_people::table)
        .filter(theme_cases::theme_id.eq(theme))
        .filter(theme_cases::taken_out_on.is_null())
        .order((
            theme_cases::added_on.desc(),
            young_people::last_name,
            young_people::first_name,
            theme_cases::id,
        ))
        .select((
            theme_cases::id,
            theme_cases::case_id,
            theme_cases::young_person_id,
            (
                young_people::first_name,
                young_people::last_name,
                young_people::date_of_birth,
            ),
            cases::stream,
            (
                referrals::received_on,
                referrals::legal_status,
                referrals::secure_order,
            ),
            theme_cases::said,
            theme_cases::added_on,
        ))
        .load(ctx.conn)?;
    let open: Vec<CaseId> = case_spells::table
        .inner_join(theme_cases::table.on(theme_cases::case_id.eq(case_spells::case_id)))
        .filter(theme_cases::theme_id.eq(theme))
        .filter(case_spells::closed_on.is_null())
        .select(case_spells::case_id)
        .load(ctx.conn)?;
    Ok(rows
        .into_iter()
        .map(
            |(id, case, young_person, person, stream, referral, said, added_on)| Member {
                open: open.contains(&case),
                id,
                case,
                young_person,
                first_name: person.0,
                last_name: person.1,
                date_of_birth: person.2,
                stream,
                received_on: referral.0,
                legal_status: referral.1,
                secure_order: referral.2,
                said,
                added_on,
            },
        )
        .collect())
}

/// The case of one line under a theme, while it is under it.
pub fn member_case(
    ctx: &mut Ctx<'_>,
    theme: &ThemeId,
    id: &ThemeCaseId,
) -> Result<Option<CaseId>, Failure> {
    Ok(theme_cases::table
        .filter(theme_cases::id.eq(id))
        .filter(theme_cases::theme_id.eq(theme))
        .filter(theme_cases::taken_out_on.is_null())
        .select(theme_cases::case_id)
        .first(ctx.conn)
        .optional()?)
}

/// Is this case under this theme now?
pub fn holds(ctx: &mut Ctx<'_>, theme: &ThemeId, case: &CaseId) -> Result<bool, Failure> {
    let found: Option<ThemeCaseId> = theme_cases::table
        .filter(theme_cases::theme_id.eq(theme))
        .filter(theme_cases::case_id.eq(case))
        .filter(theme_cases::taken_out_on.is_null())
        .select(theme_cases::id)
        .first(ctx.conn)
        .optional()?;
    Ok(found.is_some())
}

/// A theme that a case is under, or was.
#[derive(Debug, Clone, Queryable)]
pub struct Belonging {
    pub theme: ThemeId,
    pub title: String,
    pub case: CaseId,
    pub said: String,
    pub added_on: NaiveDate,
    pub taken_out_on: Option<NaiveDate>,
}

/// The themes of a young person over all their cases, the latest first.
pub fn of_young_person(
    ctx: &mut Ctx<'_>,
    young_person: &YoungPersonId,
) -> Result<Vec<Belonging>, Failure> {
    Ok(theme_cases::table
        .inner_join(themes::table)
        .filter(theme_cases::young_person_id.eq(young_person))
        .order((theme_cases::added_on.desc(), theme_cases::id))
        .select((
            themes::id,
            themes::title,
            theme_cases::case_id,
            theme_cases::said,
            theme_cases::added_on,
            theme_cases::taken_out_on,
        ))
        .load(ctx.conn)?)
}

pub(super) fn insert(ctx: &mut Ctx<'_>, theme: &Theme) -> Result<(), Failure> {
    diesel::insert_into(themes::table)
        .values((
            themes::id.eq(&theme.id),
            themes::title.eq(&theme.title),
            themes::they_say.eq(&theme.they_say),
            themes::begun_by.eq(ctx.actor.label()),
            themes::begun_on.eq(theme.begun_on),
            themes::created_at.eq(ctx.now),
            themes::version.eq(theme.version),
        ))
        .execute(ctx.conn)?;
    Ok(())
}

pub(super) fn update(ctx: &mut Ctx<'_>, theme: &Theme) -> Result<(), Failure> {
    let (ask, answer) = (theme.ask.as_ref(), theme.answer.as_ref());
    let (telling, closing) = (theme.telling.as_ref(), theme.closing.as_ref());
    let changed = diesel::update(
        themes::table
            .filter(themes::id.eq(&theme.id))
            .filter(themes::version.eq(theme.version)),
    )
    .set((
        themes::title.eq(&theme.title),
        themes::they_say.eq(&theme.they_say),
        themes::ask.eq(ask.map(|it| &it.words)),
        themes::asked_whom.eq(ask.map(|it| &it.whom)),
        themes::asked_on.eq(ask.map(|it| it.on)),
        themes::answer.eq(answer.map(|it| &it.words)),
        themes::answered_on.eq(answer.map(|it| it.on)),
        themes::you_said.eq(telling.map(|it| &it.you_said)),
        themes::we_did.eq(telling.map(|it| &it.we_did)),
        themes::told_on.eq(telling.map(|it| it.on)),
        themes::closed_on.eq(closing.map(|it| it.on)),
        themes::closing_note.eq(closing.and_then(|it| it.note.as_ref())),
        themes::version.eq(theme.version + 1),
    ))
    .execute(ctx.conn)?;
    if changed == 0 {
        return Err(Failure::ChangedMeanwhile);
    }
    Ok(())
}

pub(super) fn insert_member(
    ctx: &mut Ctx<'_>,
    theme: &ThemeId,
    case: &CaseId,
    young_person: &YoungPersonId,
    said: &str,
) -> Result<ThemeCaseId, Failure> {
    let id = ThemeCaseId::random();
    diesel::insert_into(theme_cases::table)
        .values((
            theme_cases::id.eq(&id),
            theme_cases::theme_id.eq(theme),
            theme_cases::case_id.eq(case),
            theme_cases::young_person_id.eq(young_person),
            theme_cases::said.eq(said),
            theme_cases::added_by.eq(ctx.actor.label()),
            theme_cases::added_on.eq(ctx.today),
            theme_cases::created_at.eq(ctx.now),
        ))
        .execute(ctx.conn)?;
    Ok(id)
}

pub(super) fn take_out(ctx: &mut Ctx<'_>, id: &ThemeCaseId) -> Result<(), Failure> {
    diesel::update(theme_cases::table.filter(theme_cases::id.eq(id)))
        .set((
            theme_cases::taken_out_on.eq(ctx.today),
            theme_cases::taken_out_by.eq(ctx.actor.label()),
        ))
        .execute(ctx.conn)?;
    Ok(())
}
