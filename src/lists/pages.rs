//! The pages of the lists: which there are, the entries of one, and one entry.

use serde::Serialize;
use serde_json::json;

use super::rules::{Direction, LABEL_LENGTH};
use super::{Entry, actions, title};
use crate::calendar::{in_england, show as day};
use crate::failure::Failure;
use crate::history;
use crate::text::collapse;
use crate::web::{Answer, Form, PageOptions, Path, Submitted, Web, view};

#[derive(Serialize)]
struct ListLine {
    href: String,
    title: String,
    offered: String,
    retired: i64,
}

pub async fn all(web: Web) -> Answer {
    let lists = web
        .read(|ctx| {
            let today = ctx.today;
            Ok(actions::all(ctx)?
                .into_iter()
                .map(|(list, entries)| {
                    let (offered, retired): (Vec<_>, Vec<_>) =
                        entries.iter().partition(|entry| entry.offered_on(today));
                    let number = |entries: &[&Entry]| i64::try_from(entries.len()).unwrap_or(0);
                    ListLine {
                        href: format!("/lists/{list}"),
                        title: title(&list),
                        offered: view::count(number(&offered), "entry", "entries"),
                        retired: number(&retired),
                    }
                })
                .collect::<Vec<_>>())
        })
        .await?;
    web.page("lists/all", "Lists", json!({ "lists": lists }))
}

// The entries of one list

#[derive(Serialize)]
struct EntryLine {
    href: String,
    words: String,
    retired: Option<String>,
    first: bool,
    last: bool,
}

fn add_form() -> Form {
    Form::new().field("label")
}

async fn list_page(web: &Web, list: &str, form: &Form) -> Answer {
    let wanted = list.to_owned();
    let entries = web
        .read(move |ctx| {
            let entries = actions::open(ctx, &wanted)?;
            let last = entries.len().saturating_sub(1);
            Ok(entries
                .into_iter()
                .enumerate()
                .map(|(place, entry)| EntryLine {
                    href: format!("/lists/{wanted}/{}", entry.code),
                    words: entry.label,
                    retired: entry.retired_on.map(day),
                    first: place == 0,
                    last: place == last,
                })
                .collect::<Vec<_>>())
        })
        .await?;
    let options = PageOptions::titled(title(list))
        .back("/lists", "Lists")
        .with_form(form);
    web.page(
        "lists/list",
        options,
        json!({ "form": form, "list": list, "title": title(list), "entries": entries }),
    )
}

pub async fn list(web: Web, list: Path<String>) -> Answer {
    let form = web.resume(add_form()).await?;
    list_page(&web, &list, &form).await
}

pub async fn add(web: Web, list: Path<String>, sent: Submitted) -> Answer {
    let mut form = add_form().fill(&sent);
    if let Some(label) = label_of(&mut form) {
        let wanted = list.clone();
        let done = web
            .write_once(&form, move |ctx| {
                actions::add(ctx, &wanted, &label)?;
                Ok(format!("/lists/{wanted}"))
            })
            .await;
        match done {
            Ok(location) => return web.see(&location, "The entry is on the list"),
            Err(failure) => form.explain(failure)?,
        }
    }
    list_page(&web, &list, &form).await
}

fn label_of(form: &mut Form) -> Option<String> {
    form.text("label", LABEL_LENGTH);
    let label = form.required("label", "Enter the words of the entry");
    label.filter(|_| form.ok()).map(|label| collapse(&label))
}

// One entry

#[derive(Serialize)]
struct ChangeView {
    at: String,
    by: String,
    before: String,
    after: String,
}

async fn entry_page(web: &Web, list: &str, code: &str, form: Option<&Form>) -> Answer {
    let (wanted, of) = (code.to_owned(), list.to_owned());
    let (kept, changes) = web
        .read(move |ctx| {
            let kept = actions::open_entry(ctx, &of, &wanted)?;
            let subject = actions::subject(&of, &wanted);
            let changes = history::store::of_common(ctx, actions::HISTORY, &subject)?;
            Ok((kept, changes))
        })
        .await?;
    let said = |field: &str, value: Option<String>| match (field, value) {
        ("retired_on", None) => "Not retired".to_owned(),
        ("retired_on", Some(on)) => format!("Retired on {}", on.parse().map_or(on, day)),
        (_, value) => value.unwrap_or_default(),
    };
    let changes: Vec<ChangeView> = changes
        .into_iter()
        .map(|line| ChangeView {
            at: in_england(line.at).format("%-d %B %Y, %H:%M").to_string(),
            by: line.by,
            before: said(&line.field, line.before),
            after: said(&line.field, line.after),
        })
        .collect();
    let form = match form {
        Some(form) => form.clone(),
        None => {
            let form = entry_form(kept.version).set("label", kept.entry.label.as_str());
            web.resume(form).await?
        }
    };
    let options = PageOptions::titled(kept.entry.label.clone())
        .back(format!("/lists/{list}"), title(list))
        .with_form(&form);
    web.page(
        "lists/entry",
        options,
        json!({
            "form": form,
            "list": list,
            "code": code,
            "words": kept.entry.label,
            "retired": kept.entry.retired_on.map(day),
            "changes": changes,
        }),
    )
}

fn entry_form(version: i32) -> Form {
    Form::new().field("label").hidden("version", version)
}

pub async fn entry(web: Web, path: Path<(String, String)>) -> Answer {
    entry_page(&web, &path.0, &path.1, None).await
}

pub async fn rename(web: Web, path: Path<(String, String)>, sent: Submitted) -> Answer {
    let (list, code) = path.into_inner();
    let mut form = entry_form(0).fill(&sent);
    if let Some(label) = label_of(&mut form) {
        let (list, code, version) = (list.clone(), code.clone(), form.version("version"));
        let done = web
            .write_once(&form, move |ctx| {
                actions::rename(ctx, &list, &code, version, &label)?;
                Ok(format!("/lists/{list}"))
            })
            .await;
        match done {
            Ok(location) => return web.see(&location, "The entry has its new words everywhere"),
            Err(failure) => form.explain(failure)?,
        }
    }
    entry_page(&web, &list, &code, Some(&form)).await
}

/// Retiring, bringing back, moving: one button each.
pub async fn change(web: Web, path: Path<(String, String, String)>) -> Answer {
    let (list, code, deed) = path.into_inner();
    let location = format!("/lists/{list}");
    let notice = match deed.as_str() {
        "retire" => "The entry is retired: records that have it keep it",
        "bring-back" => "The entry can be chosen again",
        _ => "The entry has moved",
    };
    web.write(move |ctx| match deed.as_str() {
        "retire" => actions::retire(ctx, &list, &code),
        "bring-back" => actions::bring_back(ctx, &list, &code),
        "up" => actions::move_entry(ctx, &list, &code, Direction::Up),
        "down" => actions::move_entry(ctx, &list, &code, Direction::Down),
        _ => Err(Failure::NotFound),
    })
    .await?;
    web.see(&location, notice)
}
