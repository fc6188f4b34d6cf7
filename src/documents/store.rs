//! How texts and given documents are kept.

use chrono::{NaiveDate, NaiveDateTime};
use diesel::prelude::*;

use super::{Document, Kind, Text};
use crate::ctx::Ctx;
use crate::db::schema::{document_texts, documents_given, users};
use crate::failure::Failure;
use crate::ids::{CaseId, DocumentId, UserId, YoungPersonId};

/// Every version of a text, the newest first; the last is the one that the service starts with.
pub fn versions(ctx: &mut Ctx<'_>, kind: Kind) -> Result<Vec<Text>, Failure> {
    let rows: Vec<(i32, String, String, NaiveDateTime)> = document_texts::table
        .inner_join(users::table)
        .filter(document_texts::kind.eq(kind))
        .order(document_texts::version.desc())
        .select((
            document_texts::version,
            document_texts::body,
            users::name,
            document_texts::saved_at,
        ))
        .load(ctx.conn)?;
    let first = Text {
        version: 1,
        body: kind.first_text().to_owned(),
        saved: None,
    };
    let changed = rows.into_iter().map(|(version, body, by, at)| Text {
        version,
        body,
        saved: Some((by, at)),
    });
    Ok(changed.chain([first]).collect())
}

/// The text as it is used now.
pub fn text(ctx: &mut Ctx<'_>, kind: Kind) -> Result<Text, Failure> {
    versions(ctx, kind)?
        .into_iter()
        .next()
        .ok_or(Failure::NotFound)
}

pub(super) fn insert_text(
    ctx: &mut Ctx<'_>,
    kind: Kind,
    version: i32,
    body: &str,
    by: &UserId,
) -> Result<(), Failure> {
    diesel::insert_into(document_texts::table)
        .values((
            document_texts::kind.eq(kind),
            document_texts::version.eq(version),
            document_texts::body.eq(body),
            document_texts::saved_by.eq(by),
            document_texts::saved_at.eq(ctx.now),
        ))
        .execute(ctx.conn)?;
    Ok(())
}

pub(super) struct NewDocument<'a> {
    pub id: &'a DocumentId,
    pub young_person: &'a YoungPersonId,
    pub case: &'a CaseId,
    pub kind: Kind,
    pub body: &'a str,
    pub by: &'a UserId,
}

pub(super) fn insert(ctx: &mut Ctx<'_>, new: &NewDocument<'_>) -> Result<(), Failure> {
    diesel::insert_into(documents_given::table)
        .values((
            documents_given::id.eq(new.id),
            documents_given::young_person_id.eq(new.young_person),
            documents_given::case_id.eq(new.case),
            documents_given::kind.eq(new.kind),
            documents_given::body.eq(new.body),
            documents_given::made_by.eq(new.by),
            documents_given::made_on.eq(ctx.today),
            documents_given::made_at.eq(ctx.now),
        ))
        .execute(ctx.conn)?;
    Ok(())
}

#[derive(Queryable)]
struct Row {
    id: DocumentId,
    young_person: YoungPersonId,
    case: CaseId,
    kind: Kind,
    body: String,
    made_by: String,
    made_on: NaiveDate,
}

impl From<Row> for Document {
    fn from(row: Row) -> Self {
        Self {
            id: row.id,
            young_person: row.young_person,
            case: row.case,
            kind: row.kind,
            body: row.body,
            made_by: row.made_by,
            made_on: row.made_on,
        }
    }
}

const COLUMNS: (
    documents_given::id,
    documents_given::young_person_id,
    documents_given::case_id,
    documents_given::kind,
    documents_given::body,
    users::name,
    documents_given::made_on,
) = (
    documents_given::id,
    documents_given::young_person_id,
    documents_given::case_id,
    documents_given::kind,
    documents_given::body,
    users::name,
    documents_given::made_on,
);

pub fn find(ctx: &mut Ctx<'_>, id: &DocumentId) -> Result<Option<Document>, Failure> {
    let row: Option<Row> = documents_given::table
        .inner_join(users::table)
        .filter(documents_given::id.eq(id))
        .select(COLUMNS)
        .first(ctx.conn)
        .optional()?;
    Ok(row.map(Document::from))
}

/// What was given in a case, the latest first.
pub fn of_case(ctx: &mut Ctx<'_>, case: &CaseId) -> Result<Vec<Document>, Failure> {
    let rows: Vec<Row> = documents_given::table
        .inner_join(users::table)
        .filter(documents_given::case_id.eq(case))
        .order((documents_given::made_at.desc(), documents_given::id))
        .select(COLUMNS)
        .load(ctx.conn)?;
    Ok(rows.into_iter().map(Document::from).collect())
}

/// What was given to a young person, the latest first.
pub fn of_young_person(
    ctx: &mut Ctx<'_>,
    young_person: &YoungPersonId,
) -> Result<Vec<Document>, Failure> {
    let rows: Vec<Row> = documents_given::table
        .inner_join(users::table)
        .filter(documents_given::young_person_id.eq(young_person))
        .order((documents_given::made_at.desc(), documents_given::id))
        .select(COLUMNS)
        .load(ctx.conn)?;
    Ok(rows.into_iter().map(Document::from).collect())
}
