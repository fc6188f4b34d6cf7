//! How past values are kept.

use std::collections::HashSet;

use chrono::NaiveDateTime;
use diesel::dsl::case_when;
use diesel::prelude::*;

use super::{Change, CommonLine, Line};
use crate::ctx::Ctx;
use crate::db::schema::{common_history, field_history, service_accounts, users};
use crate::failure::Failure;
use crate::ids::{ChangeId, YoungPersonId};

pub(super) fn insert(
    ctx: &mut Ctx<'_>,
    subject_kind: &str,
    subject: &str,
    about: &YoungPersonId,
    changes: &[Change],
) -> Result<(), Failure> {
    for change in changes {
        diesel::insert_into(field_history::table)
            .values((
                field_history::id.eq(ChangeId::random()),
                field_history::subject_kind.eq(subject_kind),
                field_history::subject_id.eq(subject),
                field_history::young_person_id.eq(about),
                field_history::field.eq(change.field),
                field_history::before_text.eq(&change.before),
                field_history::after_text.eq(&change.after),
                field_history::changed_by.eq(ctx.actor.label()),
                field_history::changed_at.eq(ctx.now),
            ))
            .execute(ctx.conn)?;
    }
    Ok(())
}

/// Everything that was changed about one thing, the latest first.
pub fn of(ctx: &mut Ctx<'_>, subject_kind: &str, subject: &str) -> Result<Vec<Line>, Failure> {
    type Columns = (
        YoungPersonId,
        String,
        Option<String>,
        Option<String>,
        String,
        NaiveDateTime,
        Option<String>,
    );
    let rows: Vec<Columns> = field_history::table
        .left_join(users::table.on(users::id.eq(field_history::changed_by)))
        .left_join(service_accounts::table.on(service_accounts::id.eq(field_history::changed_by)))
        .filter(field_history::subject_kind.eq(subject_kind))
        .filter(field_history::subject_id.eq(subject))
        .order((field_history::changed_at.desc(), field_history::field))
        .select((
            field_history::young_person_id,
            field_history::field,
            field_history::before_text,
            field_history::after_text,
            field_history::changed_by,
            field_history::changed_at,
            case_when(users::name.nullable().is_not_null(), users::name.nullable())
                .otherwise(service_accounts::name.nullable()),
        ))
        .load(ctx.conn)?;
    Ok(rows
        .into_iter()
        .map(|(young_person, field, before, after, by, at, name)| Line {
            young_person,
            field,
            before,
            after,
            by: name.unwrap_or(by),
            at,
        })
        .collect())
}

pub(super) fn insert_common(
    ctx: &mut Ctx<'_>,
    subject_kind: &str,
    subject: &str,
    changes: &[Change],
) -> Result<(), Failure> {
    for change in changes {
        diesel::insert_into(common_history::table)
            .values((
                common_history::id.eq(ChangeId::random()),
                common_history::subject_kind.eq(subject_kind),
                common_history::subject_id.eq(subject),
                common_history::field.eq(change.field),
                common_history::before_text.eq(&change.before),
                common_history::after_text.eq(&change.after),
                common_history::changed_by.eq(ctx.actor.label()),
                common_history::changed_at.eq(ctx.now),
            ))
            .execute(ctx.conn)?;
    }
    Ok(())
}

/// Everything that was changed about one thing that belongs to no young person, the latest first.
pub fn of_common(
    ctx: &mut Ctx<'_>,
    subject_kind: &str,
    subject: &str,
) -> Result<Vec<CommonLine>, Failure> {
    type Columns = (
        String,
        Option<String>,
        Option<String>,
        String,
        NaiveDateTime,
        Option<String>,
    );
    let rows: Vec<Columns> = common_history::table
        .left_join(users::table.on(users::id.eq(common_history::changed_by)))
        .filter(common_history::subject_kind.eq(subject_kind))
        .filter(common_history::subject_id.eq(subject))
        .order((common_history::changed_at.desc(), common_history::field))
        .select((
            common_history::field,
            common_history::before_text,
            common_history::after_text,
            common_history::changed_by,
            common_history::changed_at,
            users::name.nullable(),
        ))
        .load(ctx.conn)?;
    Ok(rows
        .into_iter()
        .map(|(field, before, after, by, at, name)| CommonLine {
            field,
            before,
            after,
            by: name.unwrap_or(by),
            at,
        })
        .collect())
}

/// The kind and the id of everything about a young person that was ever changed.
pub fn subjects(
    ctx: &mut Ctx<'_>,
    about: &YoungPersonId,
) -> Result<HashSet<(String, String)>, Failure> {
    let subjects: Vec<(String, String)> = field_history::table
        .filter(field_history::young_person_id.eq(about))
        .select((field_history::subject_kind, field_history::subject_id))
        .distinct()
        .load(ctx.conn)?;
    Ok(subjects.into_iter().collect())
}
