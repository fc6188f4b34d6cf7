//! The pages of documents: the texts that a senior officer keeps, making a document for a young
//! person, and the sheet as it is printed.

use std::collections::BTreeMap;

use actix_web::HttpResponse;
use actix_web::http::header;
use serde::Serialize;
use serde_json::json;

use super::{Block, Gap, Kind, Text, actions, rules, store, word};
use crate::access::Permission;
use crate::calendar::show as day;
use crate::cases;
use crate::conferences;
use crate::ctx::Ctx;
use crate::failure::Failure;
use crate::ids::{CaseId, DocumentId};
use crate::text::NARRATIVE_LENGTH;
use crate::web::{Answer, Failed, Form, PageOptions, Path, Submitted, Web, known, view};
use crate::young_people::identity_bar;

// The texts

#[derive(Serialize)]
struct KindView {
    code: &'static str,
    words: &'static str,
    saved: Option<String>,
}

pub async fn texts(web: Web) -> Answer {
    let kinds = web
        .read(|ctx| {
            let now = ctx.now;
            Kind::ALL
                .iter()
                .map(|kind| {
                    Ok(KindView {
                        code: kind.code(),
                        words: kind.words(),
                        saved: saved_words(&store::text(ctx, *kind)?, now),
                    })
                })
                .collect::<Result<Vec<_>, Failure>>()
        })
        .await?;
    web.page(
        "documents/texts",
        PageOptions::titled("Letters, sheets and public pages").back("/", "My work"),
        json!({ "kinds": kinds }),
    )
}

fn saved_words(text: &Text, now: chrono::NaiveDateTime) -> Option<String> {
    let (by, at) = text.saved.as_ref()?;
    Some(format!("Changed by {by} {}", view::moment_words(*at, now)))
}

async fn text_form(web: &Web, kind: Kind) -> Result<Form, Failed> {
    let text = web.read(move |ctx| store::text(ctx, kind)).await?;
    Ok(Form::new()
        .field("body")
        .hidden("version", text.version)
        .set("body", text.body))
}

#[derive(Serialize)]
struct GapView {
    code: &'static str,
    words: &'static str,
}

/// The page with the text, and how it reads for an invented young person.
fn text_page(web: &Web, kind: Kind, form: &Form, body: &str) -> Answer {
    let options = PageOptions::titled(kind.words())
        .back("/documents/texts", "Letters and sheets")
        .with_form(form);
    let gaps: Vec<_> = Gap::ALL
        .iter()
        .map(|gap| GapView {
            code: gap.code(),
            words: gap.words(),
        })
        .collect();
    web.page(
        "documents/text",
        options,
        json!({
            "form": form,
            "code": kind.code(),
            "gaps": gaps,
            "preview": rules::preview(body).unwrap_or_default(),
        }),
    )
}

pub async fn text(web: Web, kind: Path<String>) -> Answer {
    let kind = known(Kind::from_code(&kind))?;
    let mut form = web.resume(text_form(&web, kind).await?).await?;
    let body = form.text("body", NARRATIVE_LENGTH);
    text_page(&web, kind, &form, &body)
}

pub async fn text_sent(web: Web, kind: Path<String>, sent: Submitted) -> Answer {
    let kind = known(Kind::from_code(&kind))?;
    let mut form = text_form(&web, kind).await?.fill(&sent);
    let body = form.text("body", NARRATIVE_LENGTH);
    if let Err(refusal) = rules::check(kind, &body) {
        form.add_error("body", refusal.to_string());
    }
    if form.ok() && sent.first("deed") != "preview" {
        let (version, body) = (form.version("version"), body.clone());
        let done = web
            .write_once(&form, move |ctx| {
                actions::change_text(ctx, kind, version, &body)?;
                Ok(format!("/documents/texts/{}", kind.code()))
            })
            .await;
        match done {
            Ok(location) => return web.see(&location, "The text is kept, and used from now on"),
            Err(failure) => form.explain(failure)?,
        }
    }
    text_page(&web, kind, &form, &body)
}

#[derive(Serialize)]
struct VersionView {
    version: i32,
    words: String,
    blocks: Vec<Block>,
    /// What the button of an older version sends.
    form: Option<Form>,
}

pub async fn versions(web: Web, kind: Path<String>) -> Answer {
    let kind = known(Kind::from_code(&kind))?;
    let (texts, now) = web
        .read(move |ctx| Ok((store::versions(ctx, kind)?, ctx.now)))
        .await?;
    let newest = texts.first().map_or(0, |text| text.version);
    let lines: Vec<_> = texts
        .iter()
        .map(|text| VersionView {
            version: text.version,
            words: saved_words(text, now)
                .unwrap_or_else(|| "The text that the service started with".to_owned()),
            blocks: rules::preview(&text.body).unwrap_or_default(),
            form: (text.version != newest).then(|| {
                Form::new()
                    .hidden("version", newest)
                    .hidden("to", text.version)
            }),
        })
        .collect();
    web.page(
        "documents/versions",
        PageOptions::titled(format!("{}: versions", kind.words()))
            .back(format!("/documents/texts/{}", kind.code()), kind.words()),
        json!({ "versions": lines, "code": kind.code() }),
    )
}

pub async fn go_back(web: Web, kind: Path<String>, sent: Submitted) -> Answer {
    let kind = known(Kind::from_code(&kind))?;
    let form = Form::new().hidden("version", 0).hidden("to", 0).fill(&sent);
    let (version, to) = (form.version("version"), form.version("to"));
    let location = web
        .write_once(&form, move |ctx| {
            actions::go_back(ctx, kind, version, to)?;
            Ok(format!("/documents/texts/{}/versions", kind.code()))
        })
        .await?;
    web.see(&location, "The older text is used again")
}

// Making one for a young person

pub async fn choose(web: Web, id: Path<String>) -> Answer {
    let id = known(CaseId::parse(&id))?;
    let wanted = id.clone();
    let identity = web
        .read(move |ctx| {
            let (_, opened) = cases::actions::open(ctx, &wanted, Permission::SeeRecord)?;
            Ok(identity_bar(opened.person(), ctx.today, "Case"))
        })
        .await?;
    let kinds: Vec<_> = Kind::ALL
        .iter()
        .filter(|kind| kind.is_given())
        .map(|kind| json!({ "code": kind.code(), "words": kind.words() }))
        .collect();
    web.page(
        "documents/choose",
        PageOptions::titled("Something to give").back(format!("/cases/{id}"), "Case"),
        json!({ "id": id, "identity": identity, "kinds": kinds }),
    )
}

struct Making {
    form: Form,
    gaps: Vec<Gap>,
    identity: view::Identity,
}

async fn making(web: &Web, id: &CaseId, kind: Kind) -> Result<Making, Failed> {
    let (id, service) = (id.clone(), web.app.settings.service.name.clone());
    Ok(web
        .read(move |ctx| {
            let (case, opened) = cases::actions::open(ctx, &id, Permission::SeeRecord)?;
            let person = opened.person();
            if !kind.is_given() {
                return Err(Failure::NotFound);
            }
            let text = store::text(ctx, kind)?;
            let gaps = rules::gaps(&text.body)?;
            let officer = match case.officer() {
                Some(held) => held.officer_name.clone(),
                None => String::new(),
            };
            let known_as = person
                .known_as
                .clone()
                .unwrap_or_else(|| person.first_name.clone());
            let conference = next_conference(ctx, &case)?;
            let mut form = Form::new();
            for gap in &gaps {
                let preset = match gap {
                    Gap::KnownAs => Some(known_as.clone()),
                    Gap::Officer => Some(officer.clone()),
                    Gap::Service => Some(service.clone()),
                    Gap::Today => Some(day(ctx.today)),
                    Gap::ConferenceDay => conference.clone(),
                    _ => None,
                };
                form = form.field(gap.field()).set(&gap.field(), preset);
            }
            Ok(Making {
                form,
                gaps,
                identity: identity_bar(person, ctx.today, "Case"),
            })
        })
        .await?)
}

/// The day of the next conference that stands.
fn next_conference(ctx: &mut Ctx<'_>, case: &cases::Case) -> Result<Option<String>, Failure> {
    let today = ctx.today;
    Ok(
        conferences::store::of_young_person(ctx, &case.young_person)?
            .into_iter()
            .filter(|child| child.place.status != conferences::Status::Cancelled)
            .map(|child| child.place.held_on)
            .filter(|held_on| *held_on >= today)
            .min()
            .map(day),
    )
}

#[derive(Serialize)]
struct FieldView {
    field: serde_json::Value,
    label: &'static str,
    hint: Option<&'static str>,
    long: bool,
}

fn making_page(
    web: &Web,
    id: &CaseId,
    kind: Kind,
    form: &Form,
    gaps: &[Gap],
    identity: &view::Identity,
) -> Answer {
    let shown = serde_json::to_value(form)
        .map_err(|cause| crate::failure::Fault::because("a form cannot be shown", &cause))?;
    let fields: Vec<_> = gaps
        .iter()
        .map(|gap| FieldView {
            field: shown.get(gap.field()).cloned().unwrap_or_default(),
            label: gap.words(),
            hint: gap
                .may_be_blank()
                .then_some("Left blank, there is room on the paper to write by hand"),
            long: gap.is_long(),
        })
        .collect();
    let options = PageOptions::titled(kind.words())
        .back(format!("/cases/{id}/documents"), "Something to give")
        .with_form(form);
    web.page(
        "documents/make",
        options,
        json!({
            "form": form,
            "fields": fields,
            "id": id,
            "code": kind.code(),
            "identity": identity,
        }),
    )
}

pub async fn make(web: Web, path: Path<(String, String)>) -> Answer {
    let (id, kind) = of(&path)?;
    let making = making(&web, &id, kind).await?;
    let form = web.resume(making.form).await?;
    making_page(&web, &id, kind, &form, &making.gaps, &making.identity)
}

fn of(path: &(String, String)) -> Result<(CaseId, Kind), Failed> {
    Ok((
        known(CaseId::parse(&path.0))?,
        known(Kind::from_code(&path.1))?,
    ))
}

pub async fn make_sent(web: Web, path: Path<(String, String)>, sent: Submitted) -> Answer {
    let (id, kind) = of(&path)?;
    let making = making(&web, &id, kind).await?;
    let mut form = making.form.fill(&sent);
    let values: BTreeMap<Gap, String> = making
        .gaps
        .iter()
        .map(|gap| (*gap, form.text(&gap.field(), NARRATIVE_LENGTH)))
        .collect();
    if form.ok() {
        let case = id.clone();
        let done = web
            .write_once(&form, move |ctx| {
                let made = actions::make(ctx, &case, kind, &values)?;
                Ok(format!("/documents/{made}"))
            })
            .await;
        match done {
            Ok(location) => return web.see(&location, "It is on record as it is given"),
            Err(failure) => form.explain(failure)?,
        }
    }
    making_page(&web, &id, kind, &form, &making.gaps, &making.identity)
}

// The sheet

pub async fn show(web: Web, id: Path<String>) -> Answer {
    let id = known(DocumentId::parse(&id))?;
    let document = web.read(move |ctx| Ok(actions::open(ctx, &id)?.0)).await?;
    web.page(
        "documents/show",
        PageOptions::titled(document.kind.words())
            .back(format!("/cases/{}", document.case), "Case"),
        json!({
            "id": document.id,
            "blocks": rules::blocks(&document.body),
            "made": format!("Given on {} by {}", day(document.made_on), document.made_by),
        }),
    )
}

/// The same as a Word file. Its name says what it is and not for whom.
pub async fn word_file(web: Web, id: Path<String>) -> Answer {
    let id = known(DocumentId::parse(&id))?;
    let document = web.read(move |ctx| Ok(actions::open(ctx, &id)?.0)).await?;
    let bytes = word::file(&rules::blocks(&document.body))?;
    let name = format!("{}-{}.docx", document.kind.code(), document.made_on);
    Ok(HttpResponse::Ok()
        .content_type("application/vnd.openxmlformats-officedocument.wordprocessingml.document")
        .insert_header((
            header::CONTENT_DISPOSITION,
            format!("attachment; filename=\"{name}\""),
        ))
        .body(bytes))
}
