//! The pages of merging: finding the other record, seeing what will be, and undoing it.

use serde::Serialize;
use serde_json::json;

use super::{Difference, actions, rules, store};
use crate::access::{Permission, Relationship};
use crate::calendar::{dates::parse_date, in_england, show as day};
use crate::ctx::Ctx;
use crate::failure::Failure;
use crate::ids::{MergeId, YoungPersonId};
use crate::web::{Answer, Failed, Form, PageOptions, Path, Submitted, Web, known, view};
use crate::young_people::actions::open_record;
use crate::young_people::{self, YoungPerson, identity_bar};

// Which other record?

async fn find_page(web: &Web, id: &YoungPersonId, form: Form, searched: bool) -> Answer {
    let wanted = id.clone();
    let identity = web
        .read(move |ctx| {
            let opened = seen(ctx, &wanted)?;
            Ok(identity_bar(&opened, ctx.today, "The record that is kept"))
        })
        .await?;
    web.page(
        "merges/find",
        PageOptions::titled("Merge with another record")
            .back(format!("/young-people/{id}"), "Record")
            .with_form(&form),
        json!({ "form": form, "id": id, "identity": identity, "searched": searched }),
    )
}

/// A record as somebody looks at it who may merge.
fn seen(ctx: &mut Ctx<'_>, id: &YoungPersonId) -> Result<YoungPerson, Failure> {
    actions::open(ctx, id)?;
    let opened = open_record(ctx, id, Permission::SeeRecord, Relationship::Team, "merge")?;
    Ok(opened.person().clone())
}

fn find_form(others: Vec<(String, String, String)>) -> Form {
    Form::new().field("q").choice("other", others)
}

pub async fn find(web: Web, id: Path<String>) -> Answer {
    let id = known(YoungPersonId::parse(&id))?;
    find_page(&web, &id, find_form(Vec::new()), false).await
}

pub async fn find_sent(web: Web, id: Path<String>, sent: Submitted) -> Answer {
    let id = known(YoungPersonId::parse(&id))?;
    let (kept, text) = (id.clone(), sent.first("q").trim().to_owned());
    let others = web
        .read(move |ctx| {
            let kept = actions::open(ctx, &kept)?.person().id.clone();
            let today = ctx.today;
            Ok(young_people::actions::find(ctx, &text)?
                .into_iter()
                .filter(|found| found.person.id != kept)
                .take(20)
                .map(|found| {
                    let hint = [
                        Some(view::age_words(found.person.date_of_birth, today)),
                        found.reference.map(|it| format!("reference {it}")),
                    ];
                    (
                        found.person.id.to_string(),
                        found.person.full_name(),
                        hint.into_iter().flatten().collect::<Vec<_>>().join(", "),
                    )
                })
                .collect::<Vec<_>>())
        })
        .await?;
    let nobody = others.is_empty();
    let mut form = find_form(others).fill(&sent);
    form.required("q", "Type a name, a reference or a date of birth");
    if form.ok() && nobody {
        form.add_error("q", "Nobody else on record was found by that");
    }
    if form.ok() && sent.first("step") == "choose" {
        let other = form.chosen("other", YoungPersonId::parse, "Choose the other record");
        if let Some(other) = other {
            return web.go(&format!("/young-people/{id}/merge/{other}"));
        }
    }
    find_page(&web, &id, form, !nobody).await
}

// What will be

#[derive(Serialize)]
struct PreviewView {
    id: YoungPersonId,
    other: YoungPersonId,
    kept: view::Identity,
    merged: view::Identity,
    swap_href: String,
    differences: Vec<DifferenceView>,
    moves: Vec<String>,
    refused: Option<String>,
    two_references: Option<String>,
    form: Form,
}

#[derive(Serialize)]
struct DifferenceView {
    label: String,
    choice: serde_json::Value,
}

const KEPT: &str = "kept";
const MERGED: &str = "merged";

fn choice_name(field: &str) -> String {
    format!("field_{field}")
}

fn merge_form(differences: &[Difference]) -> Form {
    differences
        .iter()
        .fold(Form::new().field("note"), |form, difference| {
            let (kept, merged) = (difference.kept.as_deref(), difference.merged.as_deref());
            let name = choice_name(&difference.field);
            let preset = match rules::takes_merged(kept, merged) {
                true => MERGED,
                false => KEPT,
            };
            form.choice(name.clone(), [(KEPT, said(kept)), (MERGED, said(merged))])
                .set(&name, preset)
        })
}

fn said(value: Option<&str>) -> String {
    let value = value.unwrap_or_default();
    match (value, parse_date(value)) {
        ("", _) => "Nothing is said".to_owned(),
        (_, Ok(date)) => day(date),
        (text, Err(_)) => text.to_owned(),
    }
}

type Compared = (YoungPerson, YoungPerson, Vec<Difference>, Option<String>);

/// Both records, in which fields they differ, and what to know if both carry a reference of one system.
fn compared(
    ctx: &mut Ctx<'_>,
    id: &YoungPersonId,
    other: &YoungPersonId,
) -> Result<Compared, Failure> {
    let (kept, merged) = (seen(ctx, id)?, seen(ctx, other)?);
    if kept.id == merged.id {
        return Err(rules::Refusal::SameRecord.into());
    }
    let differences = store::differences(ctx, &kept.id, &merged.id)?;
    let sources = young_people::store::refs(ctx, &kept.id)?;
    let twice = young_people::store::refs(ctx, &merged.id)?
        .into_iter()
        .find(|theirs| sources.iter().any(|ours| ours.source == theirs.source))
        .map(|theirs| {
            format!(
                "Both carry a reference of {}: an import takes two references of one system for two people. Merge them only if that system has one child twice.",
                theirs.source.replace('_', " ")
            )
        });
    Ok((kept, merged, differences, twice))
}

async fn form_of(web: &Web, id: &YoungPersonId, other: &YoungPersonId) -> Result<Form, Failed> {
    let (id, other) = (id.clone(), other.clone());
    let differences = web
        .read(move |ctx| Ok(compared(ctx, &id, &other)?.2))
        .await?;
    Ok(merge_form(&differences))
}

async fn preview_page(web: &Web, id: YoungPersonId, other: YoungPersonId, form: Form) -> Answer {
    let options = PageOptions::titled("Are these one person?")
        .back(format!("/young-people/{id}/merge"), "Choose another record")
        .wide()
        .with_form(&form);
    let (one, two) = (id.clone(), other.clone());
    let (kept, merged, differences, two_references, today) = web
        .read(move |ctx| {
            let (kept, merged, differences, twice) = compared(ctx, &one, &two)?;
            Ok((kept, merged, differences, twice, ctx.today))
        })
        .await?;
    // The very work, rolled back: what it says cannot differ from what will be.
    let (one, two) = (kept.id.clone(), merged.id.clone());
    let rehearsed = web
        .aside(move |db, actor| db.rehearse(actor, |ctx| actions::merge(ctx, &one, &two, &[], "")))
        .await;
    let (moves, refused) = match rehearsed {
        Ok(done) => (done.moved.iter().map(rules::in_words).collect(), None),
        Err(Failure::Refused(sentence)) => (Vec::new(), Some(sentence)),
        Err(other) => return Err(other.into()),
    };
    let shown = serde_json::to_value(&form).map_err(|_| Failed::NotFound)?;
    let view = PreviewView {
        kept: identity_bar(&kept, today, "This record is kept"),
        merged: identity_bar(&merged, today, "This record is merged into it"),
        swap_href: format!("/young-people/{other}/merge/{id}"),
        differences: differences
            .iter()
            .map(|difference| DifferenceView {
                label: rules::field_words(&difference.field),
                choice: shown
                    .get(choice_name(&difference.field))
                    .cloned()
                    .unwrap_or_default(),
            })
            .collect(),
        moves,
        refused,
        two_references,
        form,
        id,
        other,
    };
    web.page("merges/preview", options, view)
}

fn both(path: &(String, String)) -> Result<(YoungPersonId, YoungPersonId), Failed> {
    Ok((
        known(YoungPersonId::parse(&path.0))?,
        known(YoungPersonId::parse(&path.1))?,
    ))
}

pub async fn preview(web: Web, path: Path<(String, String)>) -> Answer {
    let (id, other) = both(&path)?;
    let form = web.resume(form_of(&web, &id, &other).await?).await?;
    preview_page(&web, id, other, form).await
}

pub async fn merge(web: Web, path: Path<(String, String)>, sent: Submitted) -> Answer {
    let (id, other) = both(&path)?;
    let (one, two) = (id.clone(), other.clone());
    let compared = web.read(move |ctx| Ok(compared(ctx, &one, &two)?.2)).await;
    let differences = match compared {
        Ok(differences) => differences,
        // Sent a second time, after the work was done.
        Err(Failure::Refused(_)) => return web.go(&format!("/young-people/{id}")),
        Err(failure) => return Err(failure.into()),
    };
    let mut form = merge_form(&differences).fill(&sent);
    let mut take_over = Vec::new();
    for difference in &differences {
        let name = choice_name(&difference.field);
        let whose = form.chosen(
            &name,
            |code| [KEPT, MERGED].contains(&code).then(|| code.to_owned()),
            "Choose which of the two is right",
        );
        if whose.as_deref() == Some(MERGED) {
            take_over.push(difference.field.clone());
        }
    }
    let note = form.required("note", "Say how you know that they are one person");
    if let (true, Some(note)) = (form.ok(), note) {
        let (one, two) = (id.clone(), other.clone());
        let done = web
            .write_once(&form, move |ctx| {
                actions::merge(ctx, &one, &two, &take_over, &note)?;
                Ok(format!("/young-people/{one}"))
            })
            .await;
        match done {
            Ok(location) => return web.see(&location, "The two records are one now"),
            Err(failure) => form.explain(failure)?,
        }
    }
    preview_page(&web, id, other, form).await
}

// Undoing it

fn undo_form() -> Form {
    Form::new().field("note")
}

async fn show_page(web: &Web, id: &MergeId, form: Form) -> Answer {
    let wanted = id.clone();
    let shown = form.clone();
    let (view, back) = web
        .read(move |ctx| {
            let (merge, _) = actions::open_merge(ctx, &wanted)?;
            let person = seen(ctx, &merge.kept)?;
            let refused = match actions::may_undo(ctx, &merge) {
                Ok(()) => None,
                Err(Failure::Refused(sentence)) => Some(sentence),
                Err(other) => return Err(other),
            };
            let moves: Vec<String> = store::moved(ctx, &wanted)?
                .iter()
                .map(rules::in_words)
                .collect();
            let merged = young_people::store::find(ctx, &merge.merged)?.ok_or(Failure::NotFound)?;
            let at = |at| in_england(at).format("%-d %B %Y, %H:%M").to_string();
            let back = format!("/young-people/{}", person.id);
            let view = json!({
                "id": wanted,
                "identity": identity_bar(&person, ctx.today, ""),
                "merged_name": merged.full_name(),
                "by": merge.merged_by,
                "at": at(merge.merged_at),
                "note": merge.note,
                "undone": merge.undone_at.map(at),
                "moves": moves,
                "refused": refused,
                "form": shown,
            });
            Ok((view, back))
        })
        .await?;
    let options = PageOptions::titled("Merged records")
        .back(back, "Record")
        .with_form(&form);
    web.page("merges/show", options, view)
}

pub async fn show(web: Web, id: Path<String>) -> Answer {
    let id = known(MergeId::parse(&id))?;
    let form = web.resume(undo_form()).await?;
    show_page(&web, &id, form).await
}

pub async fn undo(web: Web, id: Path<String>, sent: Submitted) -> Answer {
    let id = known(MergeId::parse(&id))?;
    let mut form = undo_form().fill(&sent);
    if let Some(note) = form.required("note", "Say why they are two people after all") {
        let merge = id.clone();
        let done = web
            .write_once(&form, move |ctx| {
                let back = actions::undo(ctx, &merge, &note)?;
                Ok(format!("/young-people/{back}"))
            })
            .await;
        match done {
            Ok(location) => {
                return web.see(&location, "There are two records again, each as it was");
            }
            Err(failure) => form.explain(failure)?,
        }
    }
    show_page(&web, &id, form).await
}
