//! The pages on which somebody says what the columns of another system's files stand for.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use serde_json::json;

use super::{ColumnName, actions, store};
use crate::calendar::in_england;
use crate::ctx::Ctx;
use crate::failure::Failure;
use crate::history;
use crate::ids::{ColumnNameId, UploadId};
use crate::import::actions::{TableFile, columns as columns_of, tables};
use crate::import::reading::{Known, Required, Seen, look};
use crate::import::{Kind, guide, uploads};
use crate::settings;
use crate::web::{Answer, Form, PageOptions, Path, Submitted, Web, known};

/// The choice to leave a column alone.
const NOT_READ: (&str, &str) = ("-", "Not read");

/// The columns of one table of a file, to be named.
struct Asked {
    title: String,
    known: &'static [Known],
    seen: Vec<Seen>,
}

fn known_columns(kind: Kind, table: &str) -> &'static [Known] {
    let tables = guide::tables();
    let of_kind: Vec<_> = tables.iter().filter(|it| it.kind == kind).collect();
    let table = table.to_lowercase();
    of_kind
        .iter()
        .find(|it| table.contains(it.name.trim_end_matches('s')))
        .or(of_kind.first())
        .map_or(&[], |it| it.columns)
}

fn asked(
    ctx: &mut Ctx<'_>,
    settings: &settings::Import,
    id: &UploadId,
) -> Result<(uploads::Upload, Vec<Asked>), Failure> {
    let upload = uploads::actions::open(ctx, id)?;
    let files = uploads::store::files_of(ctx, id)?;
    let remembered = store::of(ctx, upload.kind, &upload.source)?;
    let mut all = Vec::new();
    for TableFile { name, file, sheet } in tables(upload.kind, &files)? {
        let columns = columns_of(upload.kind, &name, settings, &remembered);
        let seen = look(&file.bytes, &columns, sheet.as_deref())
            .map_err(|why| Failure::refused(format!("{name} cannot be read. {why}")))?;
        all.push(Asked {
            known: known_columns(upload.kind, &name),
            title: name,
            seen,
        });
    }
    Ok((upload, all))
}

/// Our own names mean themselves.
fn is_ours(asked: &Asked, seen: &Seen) -> bool {
    let plain = |text: &str| text.to_lowercase().replace(['-', ' '], "_");
    asked
        .known
        .iter()
        .any(|known| known.name == plain(seen.header.trim()))
}

fn field(table: usize, column: usize) -> String {
    format!("column-{table}-{column}")
}

fn names_form(all: &[Asked]) -> Form {
    let mut form = Form::new();
    for (table, asked) in all.iter().enumerate() {
        for (column, seen) in asked.seen.iter().enumerate() {
            if is_ours(asked, seen) || seen.header.is_empty() {
                continue;
            }
            let name = field(table, column);
            let options = std::iter::once(NOT_READ)
                .chain(asked.known.iter().map(|known| (known.name, known.name)));
            form = form
                .choice(name.clone(), options)
                .set(&name, seen.name.as_deref().unwrap_or(NOT_READ.0));
        }
    }
    form
}

#[derive(Serialize)]
struct TableView {
    title: String,
    columns: Vec<ColumnView>,
}

#[derive(Serialize)]
struct ColumnView {
    header: String,
    samples: String,
    /// The field that asks; none where the name is ours and means itself.
    field: Option<serde_json::Value>,
}

fn columns_page(web: &Web, id: &UploadId, name: &str, all: &[Asked], form: &Form) -> Answer {
    let shown = serde_json::to_value(form).unwrap_or_default();
    let views: Vec<TableView> = all
        .iter()
        .enumerate()
        .map(|(table, asked)| TableView {
            title: asked.title.clone(),
            columns: asked
                .seen
                .iter()
                .enumerate()
                .map(|(column, seen)| ColumnView {
                    header: match seen.header.as_str() {
                        "" => format!("Column {} (without a name)", column + 1),
                        header => header.to_owned(),
                    },
                    samples: seen.samples.join(" · "),
                    field: shown.get(field(table, column)).cloned(),
                })
                .collect(),
        })
        .collect();
    web.page(
        "imports/columns",
        PageOptions::titled("What the columns stand for")
            .back(format!("/imports/files/{id}"), name)
            .wide()
            .with_form(form),
        json!({ "form": form, "id": id, "tables": views }),
    )
}

pub async fn columns(web: Web, id: Path<String>) -> Answer {
    let id = known(UploadId::parse(&id))?;
    let (wanted, settings) = (id.clone(), web.app.settings.import.clone());
    let (upload, all) = web.read(move |ctx| asked(ctx, &settings, &wanted)).await?;
    let form = web.resume(names_form(&all)).await?;
    columns_page(&web, &id, &upload.name, &all, &form)
}

pub async fn columns_sent(web: Web, id: Path<String>, sent: Submitted) -> Answer {
    let id = known(UploadId::parse(&id))?;
    let (wanted, settings) = (id.clone(), web.app.settings.import.clone());
    let (upload, all) = web.read(move |ctx| asked(ctx, &settings, &wanted)).await?;
    let mut form = names_form(&all).fill(&sent);
    let said = read_names(&mut form, &all);
    if form.ok() {
        let (kind, source, wanted) = (upload.kind, upload.source.clone(), id.clone());
        let done = web
            .write_once(&form, move |ctx| {
                actions::remember(ctx, kind, &source, &said)?;
                uploads::actions::read_again(ctx, &wanted)?;
                Ok(format!("/imports/files/{wanted}"))
            })
            .await;
        match done {
            Ok(location) => {
                uploads::pages::start(&web, &location);
                return web.go(&location);
            }
            Err(failure) => form.explain(failure)?,
        }
    }
    columns_page(&web, &id, &upload.name, &all, &form)
}

/// What somebody said of each column, and what is wrong with it.
fn read_names(form: &mut Form, all: &[Asked]) -> Vec<(String, String)> {
    let mut said = Vec::new();
    for (table, asked) in all.iter().enumerate() {
        let mut present: BTreeMap<String, String> = asked
            .seen
            .iter()
            .filter(|seen| is_ours(asked, seen))
            .filter_map(|seen| Some((seen.name.clone()?, seen.header.clone())))
            .collect();
        for (column, seen) in asked.seen.iter().enumerate() {
            if is_ours(asked, seen) || seen.header.is_empty() {
                continue;
            }
            let name = field(table, column);
            let chosen = form.chosen_optional(&name, |code| Some(code.to_owned()));
            let ours = chosen.filter(|code| code != NOT_READ.0).unwrap_or_default();
            if !ours.is_empty()
                && let Some(other) = present.insert(ours.clone(), seen.header.clone())
            {
                form.add_error(
                    &name,
                    format!("\"{other}\" and \"{}\" cannot both be {ours}", seen.header),
                );
            }
            said.push((seen.header.clone(), ours));
        }
        let present: BTreeSet<&str> = present.keys().map(String::as_str).collect();
        let missing: Vec<&str> = asked
            .known
            .iter()
            .filter(|known| known.required == Required::Yes && !present.contains(known.name))
            .map(|known| known.name)
            .collect();
        if !missing.is_empty() {
            form.add_refusal(format!(
                "No column of {} stands for: {}",
                asked.title,
                missing.join(", ")
            ));
        }
    }
    said
}

// What is remembered

#[derive(Serialize)]
struct NameView {
    href: String,
    kind: &'static str,
    source: String,
    header: String,
    stands_for: String,
}

impl From<ColumnName> for NameView {
    fn from(name: ColumnName) -> Self {
        Self {
            href: format!("/imports/columns/{}", name.id),
            kind: name.kind.words(),
            source: name.source,
            header: name.header,
            stands_for: match name.column.as_str() {
                actions::NOT_READ => NOT_READ.1.to_owned(),
                column => column.to_owned(),
            },
        }
    }
}

pub async fn list(web: Web) -> Answer {
    let names = web.read(store::all).await?;
    let names: Vec<NameView> = names.into_iter().map(NameView::from).collect();
    web.page(
        "imports/names",
        PageOptions::titled("Names of columns")
            .back("/imports", "Imports")
            .wide(),
        json!({ "names": names }),
    )
}

#[derive(Serialize)]
struct ChangeView {
    at: String,
    by: String,
    before: String,
    after: String,
}

fn name_form(name: &ColumnName) -> Form {
    let columns: BTreeSet<&str> = guide::tables()
        .iter()
        .filter(|table| table.kind == name.kind)
        .flat_map(|table| table.columns.iter().map(|column| column.name))
        .collect();
    let options =
        std::iter::once(NOT_READ).chain(columns.into_iter().map(|column| (column, column)));
    let stands = match name.column.as_str() {
        actions::NOT_READ => NOT_READ.0,
        column => column,
    };
    Form::new()
        .choice("column", options)
        .hidden("version", name.version)
        .set("column", stands)
        .on_record()
}

async fn name_page(web: &Web, name: ColumnName, form: &Form) -> Answer {
    let id = name.id.clone();
    let lines = web
        .read(move |ctx| history::store::of_common(ctx, actions::HISTORY, id.as_str()))
        .await?;
    let said = |text: Option<String>| text.unwrap_or_else(|| NOT_READ.1.to_owned());
    let changes: Vec<ChangeView> = lines
        .into_iter()
        .map(|line| ChangeView {
            at: in_england(line.at).format("%-d %B %Y, %H:%M").to_string(),
            by: line.by,
            before: said(line.before),
            after: said(line.after),
        })
        .collect();
    web.page(
        "imports/name",
        PageOptions::titled(name.header.clone())
            .back("/imports/columns", "Names of columns")
            .with_form(form),
        json!({
            "form": form,
            "id": name.id,
            "header": name.header,
            "source": name.source,
            "kind": name.kind.words(),
            "changes": changes,
        }),
    )
}

async fn found(web: &Web, id: &ColumnNameId) -> Result<ColumnName, Failure> {
    let id = id.clone();
    web.read(move |ctx| store::find(ctx, &id)?.ok_or(Failure::NotFound))
        .await
}

pub async fn name(web: Web, id: Path<String>) -> Answer {
    let id = known(ColumnNameId::parse(&id))?;
    let name = found(&web, &id).await?;
    let form = web.resume(name_form(&name)).await?;
    name_page(&web, name, &form).await
}

pub async fn name_sent(web: Web, id: Path<String>, sent: Submitted) -> Answer {
    let id = known(ColumnNameId::parse(&id))?;
    let name = found(&web, &id).await?;
    let mut form = name_form(&name).fill(&sent);
    let read = |code: &str| Some(code.to_owned());
    if let Some(column) = form.chosen("column", read, "Choose what it stands for") {
        let column = match column.as_str() {
            "-" => actions::NOT_READ.to_owned(),
            _ => column,
        };
        let version = form.version("version");
        let done = web
            .write_once(&form, move |ctx| {
                actions::change(ctx, &id, version, &column)?;
                Ok("/imports/columns".to_owned())
            })
            .await;
        match done {
            Ok(location) => return web.see(&location, "The name stands for that column now"),
            Err(failure) => form.explain(failure)?,
        }
    }
    name_page(&web, name, &form).await
}
