//! How issues are kept.

use std::collections::HashMap;

use chrono::NaiveDate;
use diesel::prelude::*;

use super::{Asked, Closing, Flow, How, Issue, Matter, Outcome, Spell};
use crate::calendar::Period;
use crate::ctx::Ctx;
use crate::db::schema::{cases, issue_spells, issue_topics, issues};
use crate::failure::Failure;
use crate::ids::{CaseId, IssueId, IssueSpellId, YoungPersonId};
use crate::referrals::Stream;

#[derive(Queryable)]
struct Row {
    id: IssueId,
    case_id: CaseId,
    young_person_id: YoungPersonId,
    wish: String,
    basis: Option<String>,
    asked_name: Option<String>,
    asked_role: Option<String>,
    asked_on: Option<NaiveDate>,
    answered_on: Option<NaiveDate>,
    space: Option<String>,
    voice: Option<String>,
    audience_name: Option<String>,
    audience_on: Option<NaiveDate>,
    influence: Option<String>,
    version: i32,
}

macro_rules! columns {
    () => {
        (
            issues::id,
            issues::case_id,
            issues::young_person_id,
            issues::wish,
            issues::basis,
            issues::asked_name,
            issues::asked_role,
            issues::asked_on,
            issues::answered_on,
            issues::space,
            issues::voice,
            issues::audience_name,
            issues::audience_on,
            issues::influence,
            issues::version,
        )
    };
}

fn whole(ctx: &mut Ctx<'_>, rows: Vec<Row>) -> Result<Vec<Issue>, Failure> {
    type SpellColumns = (
        IssueId,
        i32,
        NaiveDate,
        Option<String>,
        Option<NaiveDate>,
        Option<Outcome>,
        Option<How>,
        Option<String>,
    );
    let ids: Vec<&IssueId> = rows.iter().map(|row| &row.id).collect();
    let spells: Vec<SpellColumns> = issue_spells::table
        .filter(issue_spells::issue_id.eq_any(ids.clone()))
        .order((issue_spells::issue_id, issue_spells::number))
        .select((
            issue_spells::issue_id,
            issue_spells::number,
            issue_spells::opened_on,
            issue_spells::opening_note,
            issue_spells::closed_on,
            issue_spells::result,
            issue_spells::how,
            issue_spells::closing_note,
        ))
        .load(ctx.conn)?;
    let topics: Vec<(IssueId, String)> = issue_topics::table
        .filter(issue_topics::issue_id.eq_any(ids))
        .order((issue_topics::issue_id, issue_topics::topic))
        .select((issue_topics::issue_id, issue_topics::topic))
        .load(ctx.conn)?;
    let mut spells_of: HashMap<IssueId, Vec<Spell>> = HashMap::new();
    for (issue, number, opened_on, opening_note, closed_on, outcome, how, note) in spells {
        spells_of.entry(issue).or_default().push(Spell {
            number,
            opened_on,
            opening_note,
            closing: closed_on.zip(outcome).map(|(on, outcome)| Closing {
                on,
                outcome,
                how,
                note,
            }),
        });
    }
    let mut topics_of: HashMap<IssueId, Vec<String>> = HashMap::new();
    for (issue, topic) in topics {
        topics_of.entry(issue).or_default().push(topic);
    }
    Ok(rows
        .into_iter()
        .map(|row| Issue {
            matter: Matter {
                topics: topics_of.remove(&row.id).unwrap_or_default(),
                wish: row.wish,
                basis: row.basis,
            },
            asked: Asked {
                name: row.asked_name,
                role: row.asked_role,
                asked_on: row.asked_on,
                answered_on: row.answered_on,
                space: row.space,
                voice: row.voice,
                audience_name: row.audience_name,
                audience_on: row.audience_on,
                influence: row.influence,
            },
            spells: spells_of.remove(&row.id).unwrap_or_default(),
            id: row.id,
            case: row.case_id,
            young_person: row.young_person_id,
            version: row.version,
        })
        .collect())
}

pub fn find(ctx: &mut Ctx<'_>, id: &IssueId) -> Result<Option<Issue>, Failure> {
    let rows: Vec<Row> = issues::table
        .filter(issues::id.eq(id))
        .select(columns!())
        .load(ctx.conn)?;
    Ok(whole(ctx, rows)?.into_iter().next())
}

/// The issues of a case in the order in which they were written down.
pub fn of_case(ctx: &mut Ctx<'_>, case: &CaseId) -> Result<Vec<Issue>, Failure> {
    let rows: Vec<Row> = issues::table
        .filter(issues::case_id.eq(case))
        .order((issues::created_at, issues::id))
        .select(columns!())
        .load(ctx.conn)?;
    whole(ctx, rows)
}

/// The issues of a young person, over all their cases.
pub fn of_young_person(ctx: &mut Ctx<'_>, id: &YoungPersonId) -> Result<Vec<Issue>, Failure> {
    let rows: Vec<Row> = issues::table
        .filter(issues::young_person_id.eq(id))
        .order((issues::created_at, issues::id))
        .select(columns!())
        .load(ctx.conn)?;
    whole(ctx, rows)
}

// Stock and flow. A day counts as it is at its end: what closes on a day is not open as at it.

macro_rules! spells_of {
    ($stream:expr) => {{
        let query = issue_spells::table
            .inner_join(issues::table.inner_join(cases::table))
            .count()
            .into_boxed();
        match $stream {
            Some(stream) => query.filter(cases::stream.eq(stream)),
            None => query,
        }
    }};
}

/// How many issues were opened for the first time in a period.
pub fn opened_in(
    ctx: &mut Ctx<'_>,
    period: &Period,
    stream: Option<Stream>,
) -> Result<i64, Failure> {
    Ok(spells_of!(stream)
        .filter(issue_spells::number.eq(1))
        .filter(issue_spells::opened_on.between(period.from, period.to))
        .get_result(ctx.conn)?)
}

/// How many times an issue was opened again in a period.
pub fn reopened_in(
    ctx: &mut Ctx<'_>,
    period: &Period,
    stream: Option<Stream>,
) -> Result<i64, Failure> {
    Ok(spells_of!(stream)
        .filter(issue_spells::number.gt(1))
        .filter(issue_spells::opened_on.between(period.from, period.to))
        .get_result(ctx.conn)?)
}

/// How many times an issue was closed in a period.
pub fn closed_in(
    ctx: &mut Ctx<'_>,
    period: &Period,
    stream: Option<Stream>,
) -> Result<i64, Failure> {
    Ok(spells_of!(stream)
        .filter(issue_spells::closed_on.between(period.from, period.to))
        .get_result(ctx.conn)?)
}

/// How many issues are open at the end of a day.
pub fn open_as_at(
    ctx: &mut Ctx<'_>,
    day: NaiveDate,
    stream: Option<Stream>,
) -> Result<i64, Failure> {
    Ok(spells_of!(stream)
        .filter(issue_spells::opened_on.le(day))
        .filter(
            issue_spells::closed_on
                .is_null()
                .or(issue_spells::closed_on.gt(day)),
        )
        .get_result(ctx.conn)?)
}

/// Stock and flow of a period, each number from its own count.
pub fn flow(ctx: &mut Ctx<'_>, period: &Period, stream: Option<Stream>) -> Result<Flow, Failure> {
    let day_before = period.from.pred_opt().unwrap_or(period.from);
    Ok(Flow {
        open_at_start: open_as_at(ctx, day_before, stream)?,
        opened: opened_in(ctx, period, stream)?,
        reopened: reopened_in(ctx, period, stream)?,
        closed: closed_in(ctx, period, stream)?,
        open_at_end: open_as_at(ctx, period.to, stream)?,
    })
}

// Writing

pub(super) fn insert(ctx: &mut Ctx<'_>, issue: &Issue) -> Result<(), Failure> {
    let by = ctx.actor.user_id().cloned().ok_or(Failure::NotFound)?;
    diesel::insert_into(issues::table)
        .values((
            issues::id.eq(&issue.id),
            issues::case_id.eq(&issue.case),
            issues::young_person_id.eq(&issue.young_person),
            matter_columns(&issue.matter),
            asked_columns(&issue.asked),
            issues::opened_by.eq(by),
            issues::created_at.eq(ctx.now),
            issues::version.eq(issue.version),
        ))
        .execute(ctx.conn)?;
    insert_topics(ctx, issue)?;
    for spell in &issue.spells {
        insert_spell(ctx, &issue.id, spell)?;
    }
    Ok(())
}

/// Writes what an issue says now, its spells apart, if nobody else changed it meanwhile.
pub(super) fn update(ctx: &mut Ctx<'_>, issue: &Issue) -> Result<(), Failure> {
    let changed = diesel::update(
        issues::table
            .filter(issues::id.eq(&issue.id))
            .filter(issues::version.eq(issue.version)),
    )
    .set((
        matter_columns(&issue.matter),
        asked_columns(&issue.asked),
        issues::version.eq(issue.version + 1),
    ))
    .execute(ctx.conn)?;
    if changed == 0 {
        return Err(Failure::ChangedMeanwhile);
    }
    diesel::delete(issue_topics::table.filter(issue_topics::issue_id.eq(&issue.id)))
        .execute(ctx.conn)?;
    insert_topics(ctx, issue)
}

fn insert_topics(ctx: &mut Ctx<'_>, issue: &Issue) -> Result<(), Failure> {
    for topic in &issue.matter.topics {
        diesel::insert_into(issue_topics::table)
            .values((
                issue_topics::issue_id.eq(&issue.id),
                issue_topics::topic.eq(topic),
            ))
            .execute(ctx.conn)?;
    }
    Ok(())
}

pub(super) fn insert_spell(
    ctx: &mut Ctx<'_>,
    issue: &IssueId,
    spell: &Spell,
) -> Result<(), Failure> {
    diesel::insert_into(issue_spells::table)
        .values((
            issue_spells::id.eq(IssueSpellId::random()),
            issue_spells::issue_id.eq(issue),
            issue_spells::number.eq(spell.number),
            spell_columns(spell),
        ))
        .execute(ctx.conn)?;
    Ok(())
}

pub(super) fn set_spell(ctx: &mut Ctx<'_>, issue: &IssueId, spell: &Spell) -> Result<(), Failure> {
    diesel::update(
        issue_spells::table
            .filter(issue_spells::issue_id.eq(issue))
            .filter(issue_spells::number.eq(spell.number)),
    )
    .set(spell_columns(spell))
    .execute(ctx.conn)?;
    Ok(())
}

#[derive(Insertable, AsChangeset)]
#[diesel(table_name = issues)]
struct MatterRow<'a> {
    wish: &'a str,
    instructed: bool,
    #[diesel(treat_none_as_null = true)]
    basis: Option<&'a str>,
}

fn matter_columns(matter: &Matter) -> MatterRow<'_> {
    MatterRow {
        wish: &matter.wish,
        instructed: matter.basis.is_none(),
        basis: matter.basis.as_deref(),
    }
}

#[derive(Insertable, AsChangeset)]
#[diesel(table_name = issues)]
#[diesel(treat_none_as_null = true)]
struct AskedRow<'a> {
    asked_name: Option<&'a str>,
    asked_role: Option<&'a str>,
    asked_on: Option<NaiveDate>,
    answered_on: Option<NaiveDate>,
    space: Option<&'a str>,
    voice: Option<&'a str>,
    audience_name: Option<&'a str>,
    audience_on: Option<NaiveDate>,
    influence: Option<&'a str>,
}

fn asked_columns(asked: &Asked) -> AskedRow<'_> {
    AskedRow {
        asked_name: asked.name.as_deref(),
        asked_role: asked.role.as_deref(),
        asked_on: asked.asked_on,
        answered_on: asked.answered_on,
        space: asked.space.as_deref(),
        voice: asked.voice.as_deref(),
        audience_name: asked.audience_name.as_deref(),
        audience_on: asked.audience_on,
        influence: asked.influence.as_deref(),
    }
}

#[derive(Insertable, AsChangeset)]
#[diesel(table_name = issue_spells)]
#[diesel(treat_none_as_null = true)]
struct SpellRow<'a> {
    opened_on: NaiveDate,
    opening_note: Option<&'a str>,
    closed_on: Option<NaiveDate>,
    result: Option<Outcome>,
    how: Option<How>,
    closing_note: Option<&'a str>,
}

fn spell_columns(spell: &Spell) -> SpellRow<'_> {
    let closing = spell.closing.as_ref();
    SpellRow {
        opened_on: spell.opened_on,
        opening_note: spell.opening_note.as_deref(),
        closed_on: closing.map(|closing| closing.on),
        result: closing.map(|closing| closing.outcome),
        how: closing.and_then(|closing| closing.how),
        closing_note: closing.and_then(|closing| closing.note.as_deref()),
    }
}
