//! The steps of a theme: describing, asking, answering, telling, closing, each a small form.

use serde_json::json;

use super::{describe_form, read_description};
use crate::access::Permission;
use crate::failure::Failure;
use crate::ids::ThemeId;
use crate::text::{NAME_LENGTH, NARRATIVE_LENGTH};
use crate::themes::actions::{self, Deed};
use crate::themes::rules::{self, Step};
use crate::themes::{Ask, Closing, Telling, TheirAnswer, Theme};
use crate::web::{Answer, Failed, Form, PageOptions, Path, Submitted, Web, known};

async fn theme(web: &Web, id: &ThemeId) -> Result<Theme, Failed> {
    let id = id.clone();
    Ok(web
        .read(move |ctx| actions::open(ctx, &id, Permission::WorkThemes))
        .await?)
}

async fn take(web: &Web, form: &Form, id: &ThemeId, deed: Deed) -> Result<String, Failure> {
    let (id, version) = (id.clone(), form.version("version"));
    web.write_once(form, move |ctx| {
        actions::work(ctx, &id, version, deed)?;
        Ok(format!("/themes/{id}"))
    })
    .await
}

// What young people say

fn edit_form(theme: &Theme) -> Form {
    describe_form()
        .hidden("version", theme.version)
        .set("title", theme.title.as_str())
        .set("they_say", theme.they_say.as_str())
}

fn edit_page(web: &Web, id: &ThemeId, form: &Form) -> Answer {
    let options = PageOptions::titled("Change what the theme says")
        .back(format!("/themes/{id}"), "Theme")
        .with_form(form);
    web.page("themes/edit", options, json!({ "form": form, "id": id }))
}

pub async fn edit(web: Web, id: Path<String>) -> Answer {
    let id = known(ThemeId::parse(&id))?;
    let theme = theme(&web, &id).await?;
    let form = web.resume(edit_form(&theme)).await?;
    edit_page(&web, &id, &form)
}

pub async fn edit_sent(web: Web, id: Path<String>, sent: Submitted) -> Answer {
    let id = known(ThemeId::parse(&id))?;
    let theme = theme(&web, &id).await?;
    let mut form = edit_form(&theme).fill(&sent);
    if let Some((title, they_say)) = read_description(&mut form) {
        match take(&web, &form, &id, Deed::Describe { title, they_say }).await {
            Ok(location) => return web.see(&location, "The theme is changed"),
            Err(failure) => form.explain(failure)?,
        }
    }
    edit_page(&web, &id, &form)
}

// The steps

fn step_form(theme: &Theme, step: Step, today: chrono::NaiveDate) -> Form {
    let form = Form::new().hidden("version", theme.version);
    match step {
        Step::Ask => {
            let ask = theme.ask.as_ref();
            let form = form
                .field("ask")
                .field("asked_whom")
                .date("asked_on")
                .set("asked_on", ask.map(|it| it.on))
                .set("asked_whom", ask.map(|it| it.whom.clone()))
                .set("ask", ask.map(|it| it.words.clone()))
                .on_record();
            match ask {
                Some(_) => form,
                None => form.set("asked_on", today),
            }
        }
        Step::Answer => {
            let answer = theme.answer.as_ref();
            let form = form
                .field("answer")
                .date("answered_on")
                .set("answered_on", answer.map(|it| it.on))
                .set("answer", answer.map(|it| it.words.clone()))
                .on_record();
            match answer {
                Some(_) => form,
                None => form.set("answered_on", today),
            }
        }
        Step::Tell => {
            let telling = theme.telling.as_ref();
            let form = form
                .field("you_said")
                .field("we_did")
                .date("told_on")
                .set("told_on", telling.map(|it| it.on))
                .set("you_said", telling.map(|it| it.you_said.clone()))
                .set("we_did", telling.map(|it| it.we_did.clone()))
                .on_record();
            match telling {
                Some(_) => form,
                None => form
                    .set("told_on", today)
                    .set("you_said", theme.they_say.clone())
                    .set("we_did", theme.answer.as_ref().map(|it| it.words.clone())),
            }
        }
        Step::Close | Step::Reopen => form
            .field("closing_note")
            .date("closed_on")
            .on_record()
            .set("closed_on", today),
    }
}

fn read(form: &mut Form, step: Step) -> Option<Deed> {
    let deed = match step {
        Step::Ask => {
            let words = form.required("ask", "Enter what the council is asked");
            form.text("asked_whom", NAME_LENGTH);
            let whom = form.required("asked_whom", "Enter who is asked: a name or a role");
            let on = form.date_required("asked_on", "The day the council was asked");
            Deed::Ask(Ask {
                words: words?,
                whom: whom?,
                on: on?,
            })
        }
        Step::Answer => {
            let words = form.required("answer", "Enter what the council answered");
            let on = form.date_required("answered_on", "The day of the answer");
            Deed::Answer(TheirAnswer {
                words: words?,
                on: on?,
            })
        }
        Step::Tell => {
            let you_said = form.required("you_said", "Enter what young people said");
            let we_did = form.required("we_did", "Enter what was done, or why it was not");
            let on = form.date_required("told_on", "The day the young people were told");
            Deed::Tell(Telling {
                you_said: you_said?,
                we_did: we_did?,
                on: on?,
            })
        }
        Step::Close => {
            let note = form.text("closing_note", NARRATIVE_LENGTH);
            let on = form.date_required("closed_on", "The day the theme closes");
            Deed::Close(Closing {
                on: on?,
                note: Some(note).filter(|note| !note.is_empty()),
            })
        }
        Step::Reopen => Deed::Reopen,
    };
    form.ok().then_some(deed)
}

fn step_page(web: &Web, theme: &Theme, step: Step, form: &Form) -> Answer {
    let options = PageOptions::titled(step.words())
        .back(format!("/themes/{}", theme.id), "Theme")
        .with_form(form);
    let told = theme.telling.is_some();
    let view = json!({
        "form": form,
        "id": theme.id,
        "title": theme.title,
        "they_say": theme.they_say,
        "told": told,
    });
    let template = match step {
        Step::Ask => "themes/ask",
        Step::Answer => "themes/answer",
        Step::Tell => "themes/tell",
        Step::Close | Step::Reopen => "themes/close",
    };
    web.page(template, options, view)
}

/// The steps that have a form; opening again is one button.
fn with_form(code: &str) -> Result<Step, Failed> {
    known(Step::from_code(code).filter(|step| *step != Step::Reopen))
}

pub async fn step(web: Web, path: Path<(String, String)>) -> Answer {
    let id = known(ThemeId::parse(&path.0))?;
    let step = with_form(&path.1)?;
    let theme = theme(&web, &id).await?;
    rules::may(&theme, step).map_err(Failure::from)?;
    let form = web.resume(step_form(&theme, step, web.today())).await?;
    step_page(&web, &theme, step, &form)
}

pub async fn step_sent(web: Web, path: Path<(String, String)>, sent: Submitted) -> Answer {
    let id = known(ThemeId::parse(&path.0))?;
    let step = with_form(&path.1)?;
    let theme = theme(&web, &id).await?;
    let mut form = step_form(&theme, step, web.today()).fill(&sent);
    if let Some(deed) = read(&mut form, step) {
        match take(&web, &form, &id, deed).await {
            Ok(location) => {
                let notice = match step {
                    Step::Ask => "What was asked is on record",
                    Step::Answer => "The answer is on record",
                    Step::Tell => "What young people were told is on record",
                    Step::Close | Step::Reopen => "The theme is closed",
                };
                return web.see(&location, notice);
            }
            Err(failure) => form.explain(failure)?,
        }
    }
    step_page(&web, &theme, step, &form)
}

pub async fn reopen(web: Web, id: Path<String>, sent: Submitted) -> Answer {
    let id = known(ThemeId::parse(&id))?;
    let form = Form::new().hidden("version", 0).fill(&sent);
    let location = take(&web, &form, &id, Deed::Reopen).await?;
    web.see(&location, "The theme is open again")
}
