//! The pages of a file that is sent in: choosing it, what it would do, how far it is.

use serde::Serialize;
use serde_json::json;
use sha2::{Digest, Sha256};

use super::actions::{self, Standing};
use super::{Changed, State, Upload};
use crate::ids::UploadId;
use crate::import::Kind;
use crate::import::actions::{ImportFile, usual_source};
use crate::web::view::Pagination;
use crate::web::{Answer, Failed, Files, Form, PageOptions, Path, Submitted, Web, known};

/// The longest name of a source.
const SOURCE_LENGTH: usize = 60;

fn upload_form(web: &Web) -> Form {
    let kinds = [
        (
            Kind::Conferences.code(),
            Kind::Conferences.words(),
            "One row for each child on each conference",
        ),
        (
            Kind::History.code(),
            Kind::History.words(),
            "A team's own records: referrals, meetings, complaints",
        ),
        (
            Kind::Placements.code(),
            Kind::Placements.words(),
            "Who lives where: one row for each stay",
        ),
        (
            Kind::LegalStatus.code(),
            Kind::LegalStatus.words(),
            "On what legal basis a child is looked after, from a day to a day",
        ),
    ];
    Form::new()
        .choice("kind", kinds)
        .field("file")
        .field("source")
        .set("kind", Kind::Conferences.code())
        .set(
            "source",
            usual_source(Kind::Conferences, &web.app.settings.import),
        )
}

fn new_page(web: &Web, form: &Form) -> Answer {
    web.page(
        "imports/new",
        PageOptions::titled("Bring a file in")
            .back("/imports", "Imports")
            .with_form(form),
        json!({ "form": form, "largest": web.app.settings.import.largest_file_mb }),
    )
}

pub async fn new(web: Web) -> Answer {
    let form = upload_form(&web);
    new_page(&web, &form)
}

pub async fn new_sent(web: Web, sent: Submitted, files: Files) -> Answer {
    let mut form = upload_form(&web).fill(&sent);
    let kind = form.chosen("kind", Kind::from_code, "Choose what kind of file it is");
    let source = form.text("source", SOURCE_LENGTH);
    let files: Vec<ImportFile> = files
        .of("file")
        .into_iter()
        .map(|file| ImportFile {
            name: file.name,
            bytes: file.bytes,
        })
        .collect();
    if files.is_empty() {
        form.add_error("file", "Choose the file");
    }
    if kind != Some(Kind::History) && files.len() > 1 {
        form.add_error(
            "file",
            "Choose one file: each schedule or list comes in by itself",
        );
    }
    if files.iter().any(|file| file.bytes.is_empty()) {
        form.add_error("file", "The file is empty");
    }
    let (Some(kind), true) = (kind, form.ok()) else {
        return new_page(&web, &form);
    };
    let settings = &web.app.settings.import;
    let source = match (kind, source.as_str()) {
        (Kind::History, _) | (_, "") => usual_source(kind, settings).to_owned(),
        (Kind::Conferences | Kind::Placements | Kind::LegalStatus, _) => source,
    };
    // Going back and choosing a mended file of the same name is another deed.
    let form = form.set("file", fingerprint(&files));
    let location = web
        .write_once(&form, move |ctx| {
            let id = actions::receive(ctx, kind, &source, &files)?;
            Ok(address(&id))
        })
        .await?;
    start(&web, &location);
    web.go(&location)
}

fn fingerprint(files: &[ImportFile]) -> String {
    let mut hash = Sha256::new();
    for file in files {
        hash.update(file.name.len().to_be_bytes());
        hash.update(&file.name);
        hash.update(file.bytes.len().to_be_bytes());
        hash.update(&file.bytes);
    }
    hex::encode(hash.finalize())
}

fn address(id: &UploadId) -> String {
    format!("/imports/files/{id}")
}

/// Begins the work on the file of an address.
pub(in crate::import) fn start(web: &Web, location: &str) {
    if let Some(id) = location.rsplit('/').next().and_then(UploadId::parse) {
        actions::start(
            &web.app.db,
            web.actor(),
            &web.app.settings.import,
            &web.app.imports,
            &id,
        );
    }
}

/// Rows with changes on a page.
const ROWS: i64 = 50;

#[derive(Serialize)]
struct ChangedView<'c> {
    row: &'c str,
    href: String,
    fields: Vec<FieldView<'c>>,
}

#[derive(Serialize)]
struct FieldView<'c> {
    what: String,
    before: &'c str,
    after: &'c str,
}

fn changed_view(changed: &Changed) -> ChangedView<'_> {
    ChangedView {
        row: &changed.row,
        href: format!("/young-people/{}", changed.about),
        fields: changed
            .fields
            .iter()
            .map(|field| FieldView {
                what: field.field.replace('_', " "),
                before: field.before.as_deref().unwrap_or_default(),
                after: field.after.as_deref().unwrap_or_default(),
            })
            .collect(),
    }
}

pub async fn show(web: Web, id: Path<String>) -> Answer {
    let id = known(UploadId::parse(&id))?;
    let page: i64 = web.asked("page").parse().unwrap_or(1).max(1);
    let running = web.app.imports.clone();
    let wanted = id.clone();
    let (upload, standing, shown) = web
        .read(move |ctx| {
            let mut upload = actions::open(ctx, &wanted)?;
            let standing = actions::standing(ctx, &running, &upload);
            let mut shown = Vec::new();
            if let (State::Ready, Some(preview)) = (upload.state, upload.preview.as_mut()) {
                actions::look_at_changes(ctx, preview)?;
                let from = usize::try_from((page - 1).saturating_mul(ROWS)).unwrap_or(usize::MAX);
                let all = preview.changes.iter().skip(from);
                shown = all
                    .take(usize::try_from(ROWS).unwrap_or_default())
                    .cloned()
                    .collect();
                actions::note_looks(ctx, &shown);
            }
            Ok((upload, standing, shown))
        })
        .await?;
    if let (State::Kept, Some(batch)) = (upload.state, &upload.batch) {
        return web.go(&format!("/imports/{batch}"));
    }
    match (standing, upload.state) {
        (Standing::Running(done, total), state) => progress_page(&web, &upload, state, done, total),
        (Standing::Stopped, state) => {
            let sentence = match state {
                State::Keeping => {
                    "The program was stopped while it put this file on record. Nothing of the file was kept."
                }
                _ => {
                    "The program was stopped while it read this file. Nothing of the file was kept."
                }
            };
            refused_page(&web, &upload, sentence, false)
        }
        (Standing::Still, State::Ready) => preview_page(&web, &upload, &shown, page),
        (Standing::Still, _) => {
            let reason = upload.reason.clone().unwrap_or_default();
            refused_page(&web, &upload, &reason, true)
        }
    }
}

fn options(upload: &Upload) -> PageOptions {
    PageOptions::titled(upload.name.clone())
        .back("/imports", "Imports")
        .wide()
}

fn progress_page(web: &Web, upload: &Upload, state: State, done: u64, total: u64) -> Answer {
    web.page(
        "imports/progress",
        options(upload),
        json!({
            "name": upload.name,
            "keeping": state == State::Keeping,
            "known": total > 0,
            "done": done,
            "total": total,
            "here": address(&upload.id),
        }),
    )
}

fn refused_page(web: &Web, upload: &Upload, sentence: &str, may_map: bool) -> Answer {
    web.page(
        "imports/not_read",
        options(upload),
        json!({
            "name": upload.name,
            "sentence": sentence,
            "may_map": may_map,
            "here": address(&upload.id),
            "form": Form::new(),
        }),
    )
}

fn preview_page(web: &Web, upload: &Upload, shown: &[Changed], page: i64) -> Answer {
    let Some(preview) = &upload.preview else {
        return Err(Failed::fault("a file that is ready has no preview"));
    };
    let here = address(&upload.id);
    let total = i64::try_from(preview.changes.len()).unwrap_or(i64::MAX);
    let shown: Vec<ChangedView<'_>> = shown.iter().map(changed_view).collect();
    web.page(
        "imports/preview",
        options(upload),
        json!({
            "name": upload.name,
            "kind": upload.kind.words(),
            "here": here,
            "form": Form::new(),
            "preview": preview,
            "changes": shown,
            "ignored": preview.ignored_columns.join(", "),
            "pages": Pagination::of(&here, web.query(), page, total, ROWS),
            "nothing": preview.created + preview.updated + preview.review + preview.rejected == 0,
        }),
    )
}

pub async fn confirm(web: Web, id: Path<String>, sent: Submitted) -> Answer {
    let id = known(UploadId::parse(&id))?;
    let form = Form::new().fill(&sent);
    let location = web
        .write_once(&form, move |ctx| {
            actions::confirm(ctx, &id)?;
            Ok(address(&id))
        })
        .await?;
    start(&web, &location);
    web.go(&location)
}

pub async fn again(web: Web, id: Path<String>, sent: Submitted) -> Answer {
    let id = known(UploadId::parse(&id))?;
    let form = Form::new().fill(&sent);
    let location = web
        .write_once(&form, move |ctx| {
            actions::read_again(ctx, &id)?;
            Ok(address(&id))
        })
        .await?;
    start(&web, &location);
    web.go(&location)
}

pub async fn throw_away(web: Web, id: Path<String>, sent: Submitted) -> Answer {
    let id = known(UploadId::parse(&id))?;
    if web.app.imports.of(&id).is_some() {
        return Err(Failed::Refused(
            "This file is being worked on at this moment: wait until that has ended.".to_owned(),
        ));
    }
    let form = Form::new().fill(&sent);
    let location = web
        .write_once(&form, move |ctx| {
            actions::throw_away(ctx, &id)?;
            Ok("/imports".to_owned())
        })
        .await?;
    web.see(&location, "The file is thrown away. Nothing of it was kept")
}
