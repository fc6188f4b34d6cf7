//! The pages of imports: what came in, what was rejected and why, and the mending of it.

use actix_web::HttpResponse;
use actix_web::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use chrono::NaiveDateTime;
use serde::Serialize;
use serde_json::json;

use super::history::Part;
use super::reading::guarded;
use super::store::{Batch, KeptRow, RowFate};
use super::uploads::{self, Upload};
use super::{Kind, RowResult, actions, moved_in, review, store};
use crate::audit::Event;
use crate::calendar::in_england;
use crate::ctx::Ctx;
use crate::failure::{Failure, Fault};
use crate::ids::{BatchId, ImportRowId, YoungPersonId};
use crate::web::{Answer, Failed, Form, PageOptions, Path, Submitted, Web, known, view};
use crate::young_people;

#[derive(Serialize)]
struct BatchView {
    href: String,
    kind: &'static str,
    file: String,
    at: String,
    rows: i32,
    created: i32,
    updated: i32,
    unchanged: i32,
    rejected: i32,
    review: i32,
    referrals: i32,
    below_threshold: i32,
    since_preview: Option<String>,
    no_longer_listed: Option<String>,
    /// By whom and when, where it was undone.
    undone: Option<String>,
    undo_reason: Option<String>,
}

fn moment(at: NaiveDateTime) -> String {
    in_england(at).format("%-d %B %Y, %H:%M").to_string()
}

impl From<Batch> for BatchView {
    fn from(batch: Batch) -> Self {
        let undone = batch.undone.as_ref();
        Self {
            undone: undone.map(|it| format!("Undone by {}, {}.", it.by, moment(it.at))),
            undo_reason: undone.map(|it| it.reason.clone()),
            href: format!("/imports/{}", batch.id),
            kind: batch.kind.words(),
            file: batch.file_name,
            at: moment(batch.imported_at),
            rows: batch.rows,
            created: batch.created,
            updated: batch.updated,
            unchanged: batch.unchanged,
            rejected: batch.rejected,
            review: batch.review,
            referrals: batch.referrals,
            below_threshold: batch.below_threshold,
            since_preview: batch.since_preview,
            no_longer_listed: batch.no_longer_listed.map(|count| count.to_string()),
        }
    }
}

/// A file that was sent in and is not on record.
#[derive(Serialize)]
struct UploadView {
    href: String,
    file: String,
    at: String,
    state: &'static str,
}

impl From<Upload> for UploadView {
    fn from(upload: Upload) -> Self {
        Self {
            href: format!("/imports/files/{}", upload.id),
            file: upload.name,
            at: moment(upload.uploaded_at),
            state: upload.state.words(),
        }
    }
}

pub async fn list(web: Web) -> Answer {
    let (batches, waiting, uploads) = web
        .read(|ctx| {
            let uploads = uploads::store::waiting(ctx)?;
            Ok((store::batches(ctx, 100)?, review::due(ctx)?, uploads))
        })
        .await?;
    let batches: Vec<BatchView> = batches.into_iter().map(BatchView::from).collect();
    let uploads: Vec<UploadView> = uploads.into_iter().map(UploadView::from).collect();
    web.page(
        "imports/list",
        PageOptions::titled("Imports").wide(),
        json!({
            "batches": batches,
            "uploads": uploads,
            "waiting": waiting > 0,
            "waiting_words": view::count(waiting, "row waits", "rows wait"),
        }),
    )
}

#[derive(Serialize)]
struct RejectedView {
    href: Option<String>,
    file: String,
    number: i32,
    reasons: Vec<String>,
    mended: bool,
}

fn reasons(row: &KeptRow) -> Vec<String> {
    row.problems
        .iter()
        .map(|(column, reason)| format!("{column} {reason}").trim().to_owned())
        .collect()
}

impl From<KeptRow> for RejectedView {
    fn from(row: KeptRow) -> Self {
        Self {
            href: (!row.settled).then(|| format!("/imports/rows/{}", row.id)),
            reasons: reasons(&row),
            mended: row.settled,
            file: row.file,
            number: row.number,
        }
    }
}

/// A row of the list of all rows.
#[derive(Serialize)]
struct FateView {
    row: String,
    result: &'static str,
    mended: bool,
    record: Option<String>,
    changes: Vec<String>,
}

/// A field that a row changed: "Language: from English to Polish".
fn change_in_words(field: &str, before: Option<&str>, after: Option<&str>) -> String {
    let what = words_of(field);
    match (before, after) {
        (Some(before), Some(after)) => format!("{what}: from {before} to {after}"),
        (None, Some(after)) => format!("{what}: {after}, where nothing stood"),
        (Some(before), None) => format!("{what}: nothing, where {before} stood"),
        (None, None) => what,
    }
}

/// Takes away what is closed to whoever looks, and notes the looks at the values that are shown.
fn look_at_changes(ctx: &mut Ctx<'_>, rows: &mut [RowFate]) -> Result<(), Failure> {
    let closed = young_people::store::closed_to_me(ctx)?;
    let mut seen: Vec<YoungPersonId> = Vec::new();
    for row in rows {
        row.about = row.about.take().filter(|about| !closed.contains(about));
        match &row.about {
            Some(about) if !row.changes.is_empty() => seen.push(about.clone()),
            // Whose they were cannot be said any more, so that nobody is asked whether they may.
            _ => row.changes.clear(),
        }
    }
    seen.sort();
    seen.dedup();
    for about in &seen {
        ctx.record(
            Event::new("looked_at", "young_person", about)
                .about(about)
                .with(json!({ "page": "import" })),
        );
    }
    Ok(())
}

/// A list of refused rows to be downloaded, one a table.
#[derive(Serialize)]
struct DownloadView {
    href: String,
    text: String,
}

/// Rows on a page.
const ROWS: i64 = 100;

pub async fn show(web: Web, id: Path<String>) -> Answer {
    let id = known(BatchId::parse(&id))?;
    let page: i64 = web.asked("page").parse().unwrap_or(1).max(1);
    let wanted = RowResult::from_code(web.asked("result"));
    let (batch, rejected, (rows, total), figures) = web
        .read(move |ctx| {
            let batch = store::batch(ctx, &id)?.ok_or(Failure::NotFound)?;
            let offset = (page - 1).saturating_mul(ROWS);
            let figures = match batch.kind {
                Kind::History => Some(moved_in::figures(ctx)?),
                Kind::Conferences | Kind::Placements | Kind::LegalStatus => None,
            };
            let (mut rows, total) = store::fates(ctx, &id, wanted, offset, ROWS)?;
            look_at_changes(ctx, &mut rows)?;
            Ok((batch, store::rejected(ctx, &id)?, (rows, total), figures))
        })
        .await?;
    let fates: Vec<FateView> = rows
        .into_iter()
        .map(|row| FateView {
            row: match row.file.as_str() {
                "" => row.number.to_string(),
                file => format!("{} of {file}", row.number),
            },
            result: row.result.words(),
            mended: row.settled_at.is_some(),
            record: row.about.map(|about| format!("/young-people/{about}")),
            changes: row
                .changes
                .iter()
                .map(|(field, before, after)| {
                    change_in_words(field, before.as_deref(), after.as_deref())
                })
                .collect(),
        })
        .collect();
    let here = format!("/imports/{}", batch.id);
    let results: Vec<_> = RowResult::ALL
        .iter()
        .map(|result| {
            json!({
                "href": format!("{here}?result={}#rows", result.code()),
                "text": result.words(),
                "current": wanted == Some(*result),
            })
        })
        .collect();
    // What did not come in with an import that was undone is not wanted any more.
    let stands = batch.undone.is_none();
    let mut files: Vec<&str> = rejected
        .iter()
        .filter(|row| stands && !row.settled)
        .map(|row| row.file.as_str())
        .collect();
    files.dedup();
    let downloads: Vec<DownloadView> = files
        .into_iter()
        .map(|file| {
            let query = serde_urlencoded::to_string([("file", file)]).unwrap_or_default();
            DownloadView {
                href: format!("{here}/rejected.csv?{query}"),
                text: match file {
                    "" => "Download the rejected rows".to_owned(),
                    file => format!("Download the rejected rows of {file}"),
                },
            }
        })
        .collect();
    let pages = view::Pagination::of(&here, web.query(), page, total, ROWS);
    let rejected: Vec<RejectedView> = rejected
        .into_iter()
        .map(|row| {
            let view = RejectedView::from(row);
            let href = view.href.filter(|_| stands);
            RejectedView { href, ..view }
        })
        .collect();
    web.page(
        "imports/show",
        PageOptions::titled("Import")
            .back("/imports", "Imports")
            .wide(),
        json!({
            "batch": BatchView::from(batch),
            "rejected": rejected,
            "downloads": downloads,
            "rows": fates,
            "results": results,
            "here": here,
            "stands": stands,
            "all": wanted.is_none(),
            "pages": pages,
            "figures": figures,
        }),
    )
}

// A refused row, mended

/// The longest value of a mended row.
const MEND_LENGTH: usize = 1_000;

fn mend_form(row: &KeptRow) -> Form {
    let columns = actions::columns_of(row).iter();
    columns.fold(Form::new(), |form, column| {
        let value = row.raw.get(column.name).cloned().unwrap_or_default();
        form.field(column.name).set(column.name, value)
    })
}

/// The form with what was wrong with the row, each sentence at its field.
fn with_reasons(mut form: Form, row: &KeptRow) -> Form {
    for (column, reason) in &row.problems {
        form.add_error(column, sentence(column, reason));
    }
    form
}

/// "Conference date is missing".
fn sentence(column: &str, reason: &str) -> String {
    let label = words_of(column);
    format!("{label} {reason}").trim().to_owned()
}

/// The name of a column as a label.
fn words_of(column: &str) -> String {
    let mut label = column.replace('_', " ");
    if let Some(first) = label.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    label
}

#[derive(Serialize)]
struct MendField {
    field: serde_json::Value,
    label: String,
    hint: &'static str,
}

fn mend_page(web: &Web, row: &KeptRow, form: &Form, options: PageOptions) -> Answer {
    let shown = serde_json::to_value(form).unwrap_or_default();
    let fields: Vec<MendField> = actions::columns_of(row)
        .iter()
        .filter_map(|column| {
            Some(MendField {
                field: shown.get(column.name)?.clone(),
                label: words_of(column.name),
                hint: column.about,
            })
        })
        .collect();
    web.page(
        "imports/mend",
        options.back(format!("/imports/{}", row.batch), "Import"),
        json!({
            "form": form,
            "id": row.id,
            "number": row.number,
            "file": row.file,
            "fields": fields,
        }),
    )
}

async fn refused_row(web: &Web, id: &ImportRowId) -> Result<KeptRow, Failed> {
    let id = id.clone();
    let row = web
        .read(move |ctx| {
            let row = store::refused_row(ctx, &id)?.ok_or(Failure::NotFound)?;
            note_look(ctx, &row);
            Ok(row)
        })
        .await?;
    if row.settled {
        return Err(Failed::Refused("This row is mended already.".to_owned()));
    }
    Ok(row)
}

/// Notes the look at a refused row that names somebody on record.
fn note_look(ctx: &mut Ctx<'_>, row: &KeptRow) {
    if let Some(about) = &row.about {
        ctx.record(
            Event::new("looked_at", "young_person", about)
                .about(about)
                .with(json!({ "page": "refused_row" })),
        );
    }
}

pub async fn mend(web: Web, id: Path<String>) -> Answer {
    let id = known(ImportRowId::parse(&id))?;
    let row = refused_row(&web, &id).await?;
    let form = with_reasons(web.resume(mend_form(&row)).await?, &row);
    let options = PageOptions::titled(format!("Mend row {}", row.number));
    mend_page(&web, &row, &form, options)
}

pub async fn mend_sent(web: Web, id: Path<String>, sent: Submitted) -> Answer {
    let id = known(ImportRowId::parse(&id))?;
    let row = refused_row(&web, &id).await?;
    let mut form = mend_form(&row).fill(&sent);
    let values = actions::columns_of(&row)
        .iter()
        .map(|column| {
            let value = form.text(column.name, MEND_LENGTH);
            (column.name.to_owned(), value)
        })
        .collect();
    if form.ok() {
        let settings = web.app.settings.import.clone();
        let location = format!("/imports/{}", row.batch);
        let done = web
            .write_once(&form, move |ctx| {
                actions::mend(ctx, &settings, &id, values)?;
                Ok(location)
            })
            .await;
        match done {
            Ok(location) => return web.see(&location, "The row is mended"),
            Err(failure) => form.explain(failure)?,
        }
    }
    let options = PageOptions::titled(format!("Mend row {}", row.number)).with_form(&form);
    mend_page(&web, &row, &form, options)
}

// The refused rows, to be mended in a spreadsheet

/// The column that says why; the reader leaves it alone when the list is sent again.
const WHY: &str = "why it was rejected";

pub async fn download(web: Web, id: Path<String>) -> Answer {
    let id = known(BatchId::parse(&id))?;
    let file = web.asked("file").to_owned();
    let rows: Vec<KeptRow> = web
        .read(move |ctx| {
            store::batch(ctx, &id)?.ok_or(Failure::NotFound)?;
            let mut rows = store::rejected(ctx, &id)?;
            rows.retain(|row| !row.settled && row.file == file);
            for row in &rows {
                note_look(ctx, row);
            }
            ctx.record(
                Event::new("rejected_rows_downloaded", "import_batch", &id)
                    .with(json!({ "rows": rows.len() })),
            );
            Ok(rows)
        })
        .await?;
    let first = known(rows.first())?;
    let columns = actions::columns_of(first);
    let fault = |cause: csv::Error| Failed::Fault(Fault::because("rows cannot be written", &cause));
    let mut writer = csv::Writer::from_writer(Vec::from("\u{feff}"));
    let names = columns.iter().map(|column| column.name);
    writer
        .write_record(std::iter::once(WHY).chain(names))
        .map_err(fault)?;
    for row in &rows {
        let why = guarded(&reasons(row).join("; "));
        let value = |name: &str| guarded(row.raw.get(name).map_or("", String::as_str));
        let values = columns.iter().map(|column| value(column.name));
        writer
            .write_record(std::iter::once(why).chain(values))
            .map_err(fault)?;
    }
    let bytes = writer
        .into_inner()
        .map_err(|_| Failed::fault("rows cannot be written"))?;
    let name = match first.kind {
        Kind::History => Part::named(&first.file).unwrap_or(Part::Referrals).code(),
        kind => kind.code(),
    };
    Ok(HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, "text/csv; charset=utf-8"))
        .insert_header((
            CONTENT_DISPOSITION,
            format!("attachment; filename=\"{name}-rejected.csv\""),
        ))
        .body(bytes))
}
