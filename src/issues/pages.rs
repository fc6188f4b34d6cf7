//! The pages of issues: one issue with its prompts, opening, changing, closing and reopening one.

use serde::Serialize;
use serde_json::json;

use super::panel::topics_words;
use super::{Asked, Closing, How, Issue, Matter, Outcome, actions};
use crate::access::{Permission, Role};
use crate::calendar::show as day;
use crate::cases;
use crate::ctx::Ctx;
use crate::failure::Failure;
use crate::history;
use crate::ids::{CaseId, IssueId};
use crate::lists;
use crate::text::{NAME_LENGTH, NARRATIVE_LENGTH};
use crate::web::{Answer, Failed, Form, PageOptions, Path, Submitted, Web, known, view};
use crate::young_people::identity_bar;

// One issue

#[derive(Serialize)]
struct ShowView {
    id: IssueId,
    identity: view::Identity,
    topics: String,
    state: &'static str,
    colour: &'static str,
    wish: String,
    basis: Option<String>,
    asked: Vec<view::Fact>,
    prompts: Vec<Prompt>,
    spells: Vec<SpellView>,
    is_open: bool,
    may_work: bool,
    may_reopen: bool,
    history_href: Option<String>,
}

/// One of the four of the Lundy model: what it asks, and what stands there.
#[derive(Serialize)]
struct Prompt {
    title: &'static str,
    question: &'static str,
    answer: Option<String>,
    own_words: bool,
    meta: Option<String>,
}

#[derive(Serialize)]
struct SpellView {
    opened: String,
    opening_note: Option<String>,
    closed: Option<String>,
    outcome: Option<&'static str>,
    how: Option<&'static str>,
    closing_note: Option<String>,
}

pub async fn show(web: Web, id: Path<String>) -> Answer {
    let id = known(IssueId::parse(&id))?;
    let (case, shown) = web.read(move |ctx| show_view(ctx, &id)).await?;
    web.page(
        "issues/show",
        PageOptions::titled("Issue")
            .back(format!("/cases/{case}"), "Case")
            .wide(),
        shown,
    )
}

fn show_view(ctx: &mut Ctx<'_>, id: &IssueId) -> Result<(CaseId, ShowView), Failure> {
    let (issue, case, opened) = actions::find(ctx, id, Permission::SeeRecord)?;
    let entries = lists::store::entries(ctx, lists::ISSUE_TOPICS)?;
    let changed = !history::store::of(ctx, "issue", id.as_str())?.is_empty();
    let case_open = case.open_spell().is_some();
    let may_work = matches!(ctx.actor.role(), Some(Role::Officer | Role::SeniorOfficer));
    let is_open = issue.open_spell().is_some();
    let shown = ShowView {
        identity: identity_bar(
            opened.person(),
            ctx.today,
            if case_open {
                "Case open"
            } else {
                "Case closed"
            },
        ),
        topics: topics_words(&entries, &issue),
        state: issue.state(),
        colour: issue.colour(),
        wish: issue.matter.wish.clone(),
        basis: issue.matter.basis.clone(),
        asked: asked_facts(&issue.asked),
        prompts: prompts(&issue.asked),
        spells: issue.spells.iter().rev().map(spell_view).collect(),
        is_open,
        may_work,
        may_reopen: may_work && !is_open && case_open,
        history_href: changed.then(|| format!("/history/issue/{id}")),
        id: issue.id,
    };
    Ok((case.id, shown))
}

fn asked_facts(asked: &Asked) -> Vec<view::Fact> {
    let not_yet = || "Not yet".to_owned();
    let who = match (&asked.name, &asked.role) {
        (Some(name), Some(role)) => format!("{name}, {role}"),
        (Some(who), None) | (None, Some(who)) => who.clone(),
        (None, None) => not_yet(),
    };
    vec![
        view::Fact::new("Who is asked", who),
        view::Fact::new("Asked", asked.asked_on.map_or_else(not_yet, day)),
        view::Fact::new("Answered", asked.answered_on.map_or_else(not_yet, day)),
    ]
}

const SPACE: &str = "Where and how could they form a view?";
const VOICE: &str = "What did they say, in their words?";
const AUDIENCE: &str = "Whom did it reach, and when?";
const INFLUENCE: &str = "What was decided, and how were they told?";

fn prompts(asked: &Asked) -> Vec<Prompt> {
    let prompt = |title, question, answer: &Option<String>| Prompt {
        title,
        question,
        answer: answer.clone(),
        own_words: false,
        meta: None,
    };
    vec![
        prompt("Space", SPACE, &asked.space),
        Prompt {
            own_words: true,
            ..prompt("Voice", VOICE, &asked.voice)
        },
        Prompt {
            meta: asked.audience_on.map(day),
            ..prompt("Audience", AUDIENCE, &asked.audience_name)
        },
        prompt("Influence", INFLUENCE, &asked.influence),
    ]
}

fn spell_view(spell: &super::Spell) -> SpellView {
    let closing = spell.closing.as_ref();
    SpellView {
        opened: day(spell.opened_on),
        opening_note: spell.opening_note.clone(),
        closed: closing.map(|closing| day(closing.on)),
        outcome: closing.map(|closing| closing.outcome.words()),
        how: closing.and_then(|closing| closing.how).map(How::words),
        closing_note: closing.and_then(|closing| closing.note.clone()),
    }
}

// What it is about: opening one, and changing it

fn matter_form(ctx: &mut Ctx<'_>, kept: &[String]) -> Result<Form, Failure> {
    let today = ctx.today;
    let topics = lists::store::entries(ctx, lists::ISSUE_TOPICS)?
        .into_iter()
        .filter(|entry| entry.offered_on(today) || kept.contains(&entry.code))
        .map(|entry| (entry.code, entry.label));
    Ok(Form::new()
        .field("wish")
        .choice("topics", topics)
        .field("without_instruction")
        .field("basis")
        .date("opened_on"))
}

/// What the form says it is about; none when something is missing.
fn read_matter(form: &mut Form) -> Option<Matter> {
    let wish = form.required("wish", "Write down what they want");
    let topics = form.chosen_all("topics", |code| Some(code.to_owned()));
    if topics.is_empty() {
        form.add_error("topics", super::rules::Refusal::NoTopic.to_string());
    }
    let basis = form.text("basis", NARRATIVE_LENGTH);
    let without = form.yes("without_instruction");
    if !without && !basis.is_empty() {
        form.add_error(
            "basis",
            "Tick that you act without their instruction, or empty this box",
        );
    }
    Some(Matter {
        wish: wish?,
        topics,
        basis: without.then_some(basis),
    })
}

/// A page with one form, about one case.
async fn form_page(
    web: &Web,
    case: &CaseId,
    template: &str,
    options: PageOptions,
    id: &str,
    form: &Form,
) -> Answer {
    let wanted = case.clone();
    let identity = web
        .read(move |ctx| {
            let (_, opened) = cases::actions::open(ctx, &wanted, Permission::SeeRecord)?;
            Ok(identity_bar(opened.person(), ctx.today, "Case"))
        })
        .await?;
    web.page(
        template,
        options.with_form(form),
        json!({
            "form": form,
            "id": id,
            "identity": identity,
            "space": SPACE,
            "voice": VOICE,
            "audience": AUDIENCE,
            "influence": INFLUENCE,
        }),
    )
}

fn new_options(case: &CaseId) -> PageOptions {
    PageOptions::titled("Open an issue").back(format!("/cases/{case}"), "Case")
}

pub async fn new(web: Web, id: Path<String>) -> Answer {
    let id = known(CaseId::parse(&id))?;
    let form = web
        .read(|ctx| Ok(matter_form(ctx, &[])?.set("opened_on", ctx.today)))
        .await?;
    let form = web.resume(form).await?;
    form_page(
        &web,
        &id,
        "issues/new",
        new_options(&id),
        id.as_str(),
        &form,
    )
    .await
}

pub async fn new_sent(web: Web, id: Path<String>, sent: Submitted) -> Answer {
    let id = known(CaseId::parse(&id))?;
    let mut form = web.read(|ctx| matter_form(ctx, &[])).await?.fill(&sent);
    let matter = read_matter(&mut form);
    let on = form.date_required("opened_on", "The day the issue was opened");
    if let (true, Some(matter), Some(on)) = (form.ok(), matter, on) {
        let case = id.clone();
        let done = web
            .write_once(&form, move |ctx| {
                let issue = actions::open(ctx, &case, &matter, on)?;
                Ok(format!("/issues/{issue}"))
            })
            .await;
        match done {
            Ok(location) => return web.see(&location, "The issue is open"),
            Err(failure) => form.explain(failure)?,
        }
    }
    form_page(
        &web,
        &id,
        "issues/new",
        new_options(&id),
        id.as_str(),
        &form,
    )
    .await
}

/// The issue to work on, and its form.
async fn form_for(
    web: &Web,
    id: &IssueId,
    build: impl FnOnce(&mut Ctx<'_>, &Issue) -> Result<Form, Failure> + Send + 'static,
) -> Result<(Issue, Form), Failed> {
    let id = id.clone();
    Ok(web
        .read(move |ctx| {
            let (issue, _, _) = actions::find(ctx, &id, Permission::WorkRecord)?;
            let form = build(ctx, &issue)?.hidden("version", issue.version);
            Ok((issue, form))
        })
        .await?)
}

fn options_of(issue: &Issue, title: &'static str) -> PageOptions {
    PageOptions::titled(title).back(format!("/issues/{}", issue.id), "Issue")
}

async fn issue_page(
    web: &Web,
    issue: &Issue,
    template: &str,
    title: &'static str,
    form: &Form,
) -> Answer {
    let options = options_of(issue, title);
    form_page(web, &issue.case, template, options, issue.id.as_str(), form).await
}

fn edit_form(ctx: &mut Ctx<'_>, issue: &Issue) -> Result<Form, Failure> {
    let matter = &issue.matter;
    Ok(matter_form(ctx, &matter.topics)?
        .set("wish", matter.wish.clone())
        .set_all("topics", matter.topics.clone())
        .set("without_instruction", matter.basis.is_some())
        .set("basis", matter.basis.clone())
        .set("opened_on", issue.opened_on()))
}

const EDIT: (&str, &str) = ("issues/edit", "Change what it is about");

pub async fn edit(web: Web, id: Path<String>) -> Answer {
    let id = known(IssueId::parse(&id))?;
    let (issue, form) = form_for(&web, &id, edit_form).await?;
    let form = web.resume(form).await?;
    issue_page(&web, &issue, EDIT.0, EDIT.1, &form).await
}

pub async fn edit_sent(web: Web, id: Path<String>, sent: Submitted) -> Answer {
    let id = known(IssueId::parse(&id))?;
    let (issue, form) = form_for(&web, &id, edit_form).await?;
    let mut form = form.fill(&sent);
    let matter = read_matter(&mut form);
    let on = form.date_required("opened_on", "The day the issue was opened");
    if let (true, Some(matter), Some(on)) = (form.ok(), matter, on) {
        let version = form.version("version");
        let done = web
            .write_once(&form, move |ctx| {
                actions::change(ctx, &id, version, &matter, on)?;
                Ok(format!("/issues/{id}"))
            })
            .await;
        match done {
            Ok(location) => return web.see(&location, "The issue is changed"),
            Err(failure) => form.explain(failure)?,
        }
    }
    issue_page(&web, &issue, EDIT.0, EDIT.1, &form).await
}

// Who was asked, and the four prompts

fn asking_form(_: &mut Ctx<'_>, issue: &Issue) -> Result<Form, Failure> {
    let asked = &issue.asked;
    Ok(Form::new()
        .field("asked_name")
        .field("asked_role")
        .date("asked_on")
        .date("answered_on")
        .field("space")
        .field("voice")
        .field("audience_name")
        .date("audience_on")
        .field("influence")
        .set("asked_name", asked.name.clone())
        .set("asked_role", asked.role.clone())
        .set("asked_on", asked.asked_on)
        .set("answered_on", asked.answered_on)
        .set("space", asked.space.clone())
        .set("voice", asked.voice.clone())
        .set("audience_name", asked.audience_name.clone())
        .set("audience_on", asked.audience_on)
        .set("influence", asked.influence.clone()))
}

const ASKING: (&str, &str) = ("issues/asking", "Who is asked, and how they were heard");

pub async fn asking(web: Web, id: Path<String>) -> Answer {
    let id = known(IssueId::parse(&id))?;
    let (issue, form) = form_for(&web, &id, asking_form).await?;
    let form = web.resume(form).await?;
    issue_page(&web, &issue, ASKING.0, ASKING.1, &form).await
}

pub async fn asking_sent(web: Web, id: Path<String>, sent: Submitted) -> Answer {
    let id = known(IssueId::parse(&id))?;
    let (issue, form) = form_for(&web, &id, asking_form).await?;
    let mut form = form.fill(&sent);
    let mut text =
        |name, longest| Some(form.text(name, longest)).filter(|text: &String| !text.is_empty());
    let name = text("asked_name", NAME_LENGTH);
    let role = text("asked_role", NAME_LENGTH);
    let space = text("space", NARRATIVE_LENGTH);
    let voice = text("voice", NARRATIVE_LENGTH);
    let audience_name = text("audience_name", NAME_LENGTH);
    let influence = text("influence", NARRATIVE_LENGTH);
    let asked = Asked {
        name,
        role,
        space,
        voice,
        audience_name,
        influence,
        asked_on: form.date_optional("asked_on", "The day they were asked"),
        answered_on: form.date_optional("answered_on", "The day of the answer"),
        audience_on: form.date_optional("audience_on", "The day it reached them"),
    };
    if form.ok() {
        let version = form.version("version");
        let done = web
            .write_once(&form, move |ctx| {
                actions::record_asking(ctx, &id, version, &asked)?;
                Ok(format!("/issues/{id}"))
            })
            .await;
        match done {
            Ok(location) => return web.see(&location, "It is on record"),
            Err(failure) => form.explain(failure)?,
        }
    }
    issue_page(&web, &issue, ASKING.0, ASKING.1, &form).await
}

// Closing and reopening

fn close_form(ctx: &mut Ctx<'_>, _: &Issue) -> Result<Form, Failure> {
    Ok(Form::new()
        .choice(
            "result",
            Outcome::ALL.iter().map(|it| (it.code(), it.words())),
        )
        .choice("how", How::ALL.iter().map(|it| (it.code(), it.words())))
        .date("on")
        .field("note")
        .on_record()
        .set("on", ctx.today))
}

const CLOSE: (&str, &str) = ("issues/close", "Close this issue");

pub async fn close(web: Web, id: Path<String>) -> Answer {
    let id = known(IssueId::parse(&id))?;
    let (issue, form) = form_for(&web, &id, close_form).await?;
    let form = web.resume(form).await?;
    close_page(&web, &issue, &form).await
}

pub async fn close_sent(web: Web, id: Path<String>, sent: Submitted) -> Answer {
    let id = known(IssueId::parse(&id))?;
    let (issue, form) = form_for(&web, &id, close_form).await?;
    let mut form = form.fill(&sent);
    let outcome = form.chosen(
        "result",
        Outcome::from_code,
        "Choose what came of it, measured against what they wanted",
    );
    let how = form.chosen_optional("how", How::from_code);
    let on = form.date_required("on", "The day the issue was closed");
    let note = form.text("note", NARRATIVE_LENGTH);
    if let (true, Some(outcome), Some(on)) = (form.ok(), outcome, on) {
        let closing = Closing {
            on,
            outcome,
            how,
            note: Some(note).filter(|note| !note.is_empty()),
        };
        let version = form.version("version");
        let done = web
            .write_once(&form, move |ctx| {
                actions::close(ctx, &id, version, &closing)?;
                Ok(format!("/issues/{id}"))
            })
            .await;
        match done {
            Ok(location) => return web.see(&location, "The issue is closed"),
            Err(failure) => form.explain(failure)?,
        }
    }
    close_page(&web, &issue, &form).await
}

/// The closing form shows the wish: the result is measured against it.
async fn close_page(web: &Web, issue: &Issue, form: &Form) -> Answer {
    let wish = issue.matter.wish.clone();
    let case = issue.case.clone();
    let identity = web
        .read(move |ctx| {
            let (_, opened) = cases::actions::open(ctx, &case, Permission::SeeRecord)?;
            Ok(identity_bar(opened.person(), ctx.today, "Case"))
        })
        .await?;
    web.page(
        CLOSE.0,
        options_of(issue, CLOSE.1).with_form(form),
        json!({ "form": form, "id": issue.id, "identity": identity, "wish": wish }),
    )
}

fn reopen_form(ctx: &mut Ctx<'_>, _: &Issue) -> Result<Form, Failure> {
    Ok(Form::new()
        .date("on")
        .field("note")
        .on_record()
        .set("on", ctx.today))
}

const REOPEN: (&str, &str) = ("issues/reopen", "Reopen this issue");

pub async fn reopen(web: Web, id: Path<String>) -> Answer {
    let id = known(IssueId::parse(&id))?;
    let (issue, form) = form_for(&web, &id, reopen_form).await?;
    let form = web.resume(form).await?;
    issue_page(&web, &issue, REOPEN.0, REOPEN.1, &form).await
}

pub async fn reopen_sent(web: Web, id: Path<String>, sent: Submitted) -> Answer {
    let id = known(IssueId::parse(&id))?;
    let (issue, form) = form_for(&web, &id, reopen_form).await?;
    let mut form = form.fill(&sent);
    let on = form.date_required("on", "The day the issue opens again");
    let note = form.text("note", NARRATIVE_LENGTH);
    if let (true, Some(on)) = (form.ok(), on) {
        let note = Some(note).filter(|note| !note.is_empty());
        let version = form.version("version");
        let done = web
            .write_once(&form, move |ctx| {
                actions::reopen(ctx, &id, version, on, note)?;
                Ok(format!("/issues/{id}"))
            })
            .await;
        match done {
            Ok(location) => return web.see(&location, "The issue is open again"),
            Err(failure) => form.explain(failure)?,
        }
    }
    issue_page(&web, &issue, REOPEN.0, REOPEN.1, &form).await
}
