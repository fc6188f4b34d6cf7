//! The page that explains the columns, and the workbook to fill in.

use actix_web::HttpResponse;
use actix_web::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use serde::Serialize;
use serde_json::json;

use super::{Table, holds, needed, tables, template};
use crate::import::Kind;
use crate::lists;
use crate::web::{Answer, PageOptions, Web};

#[derive(Serialize)]
struct TableView {
    id: &'static str,
    title: &'static str,
    columns: Vec<ColumnView>,
}

#[derive(Serialize)]
struct ColumnView {
    code: &'static str,
    needed: &'static str,
    holds: &'static str,
    about: &'static str,
}

impl From<Table> for TableView {
    fn from(table: Table) -> Self {
        let columns = table.columns.iter().map(|column| ColumnView {
            code: column.name,
            needed: needed(column),
            holds: holds(column),
            about: column.about,
        });
        Self {
            id: table.name,
            title: table.title,
            columns: columns.collect(),
        }
    }
}

#[derive(Serialize)]
struct ListView {
    title: &'static str,
    codes: Vec<CodeView>,
}

#[derive(Serialize)]
struct CodeView {
    code: String,
    words: String,
}

pub async fn guide(web: Web) -> Answer {
    let kept = web
        .read(|ctx| {
            let mut kept = Vec::new();
            for (title, list) in [
                ("Reasons and topics", lists::REASONS),
                ("Types of meeting", lists::MEETING_TYPES),
                ("Closing reasons", lists::CLOSURE_REASONS),
            ] {
                let entries = lists::store::entries(ctx, list)?;
                let codes = entries.into_iter().map(|entry| CodeView {
                    code: entry.code,
                    words: entry.label,
                });
                kept.push(ListView {
                    title,
                    codes: codes.collect(),
                });
            }
            Ok(kept)
        })
        .await?;
    let mut lists = vec![
        codes_of("Legal statuses", crate::referrals::LegalStatus::ALL, |it| {
            (it.code(), it.words())
        }),
        codes_of(
            "How they took part in a meeting",
            crate::meetings::Attendance::ALL,
            |it| (it.code(), it.words()),
        ),
        codes_of(
            "Procedures of complaints",
            crate::complaints::Procedure::ALL,
            |it| (it.code(), it.words()),
        ),
        codes_of(
            "Outcomes of complaints",
            crate::complaints::Outcome::ALL,
            |it| (it.code(), it.words()),
        ),
    ];
    lists.extend(kept);
    let tables: Vec<TableView> = tables().into_iter().map(TableView::from).collect();
    web.page(
        "imports/guide",
        PageOptions::titled("What the columns mean")
            .back("/imports", "Imports")
            .wide(),
        json!({ "tables": tables, "lists": lists }),
    )
}

fn codes_of<T: Copy>(
    title: &'static str,
    all: &[T],
    said: impl Fn(T) -> (&'static str, &'static str),
) -> ListView {
    let codes = all.iter().map(|one| {
        let (code, words) = said(*one);
        CodeView {
            code: code.to_owned(),
            words: words.to_owned(),
        }
    });
    ListView {
        title,
        codes: codes.collect(),
    }
}

const WORKBOOK: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

pub async fn template(_: Web) -> Answer {
    let moving_in: Vec<Table> = tables()
        .into_iter()
        .filter(|table| table.kind == Kind::History)
        .collect();
    let bytes = template::workbook(&moving_in)?;
    Ok(HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, WORKBOOK))
        .insert_header((
            CONTENT_DISPOSITION,
            "attachment; filename=\"moving-in.xlsx\"",
        ))
        .body(bytes))
}
