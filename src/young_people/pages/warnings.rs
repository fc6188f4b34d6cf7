//! What to know before making contact: setting a warning, reviewing it, ending it.

use serde_json::Value;

use super::{Asked, Sheet, ask, details_of, send, show, words};
use crate::ids::{WarningId, YoungPersonId};
use crate::text::NARRATIVE_LENGTH;
use crate::web::{Answer, Failed, Form, Path, Submitted, Web, known};
use crate::young_people::actions::open_to_work;
use crate::young_people::warnings::rules::next_review;
use crate::young_people::warnings::{Kind, Said, actions};

fn blank() -> Form {
    Form::new()
        .choice("kind", words(Kind::ALL, Kind::code, Kind::words))
        .field("words")
        .date("review_on")
}

fn read(form: &mut Form) -> Option<Said> {
    let kind = form.chosen("kind", Kind::from_code, "Choose what the warning is about");
    let words = form.required("words", "Enter what to do, or not to do");
    let review_on = form.date_required("review_on", "The day of the review");
    Some(Said {
        kind: kind?,
        words: words?,
        review_on: review_on?,
    })
}

const SET: Sheet = Sheet {
    template: "young_people/warning",
    title: "Set a warning",
    done: "The warning is set",
};

async fn ask_new(web: &Web, id: &YoungPersonId) -> Result<Asked, Failed> {
    let id = id.clone();
    ask(web, move |ctx| {
        open_to_work(ctx, &id)?;
        let form = blank().set("review_on", next_review(ctx.today));
        Ok((id, form, Value::Null))
    })
    .await
}

fn new_of(id: &YoungPersonId) -> String {
    format!("/young-people/{id}/warnings/new")
}

pub async fn warning_new(web: Web, id: Path<String>) -> Answer {
    let id = known(YoungPersonId::parse(&id))?;
    let asked = ask_new(&web, &id).await?;
    show(&web, SET, &new_of(&id), &asked).await
}

pub async fn warning_new_sent(web: Web, id: Path<String>, sent: Submitted) -> Answer {
    let id = known(YoungPersonId::parse(&id))?;
    let asked = ask_new(&web, &id).await?;
    let mut form = asked.form.clone().fill(&sent);
    let said = read(&mut form);
    let action = new_of(&id);
    send(&web, SET, &action, &asked, form, said, move |ctx, said| {
        actions::set(ctx, &id, &said).map(drop)
    })
    .await
}

const REVIEW: Sheet = Sheet {
    template: "young_people/warning_review",
    title: "Review a warning",
    done: "The warning is reviewed",
};

async fn ask_review(web: &Web, id: &WarningId) -> Result<Asked, Failed> {
    let id = id.clone();
    ask(web, move |ctx| {
        let (warning, person) = actions::to_change(ctx, &id)?;
        let form = blank()
            .field("ended")
            .field("why")
            .hidden("version", warning.version)
            .set("kind", warning.said.kind.code())
            .set("words", warning.said.words)
            .on_record()
            .set("review_on", next_review(ctx.today));
        Ok((person.id, form, Value::Null))
    })
    .await
}

pub async fn warning(web: Web, id: Path<String>) -> Answer {
    let id = known(WarningId::parse(&id))?;
    let asked = ask_review(&web, &id).await?;
    show(&web, REVIEW, &format!("/warnings/{id}"), &asked).await
}

/// What became of a warning at its review.
enum Reviewed {
    GoesOn(Said),
    Ended(String),
}

pub async fn warning_sent(web: Web, id: Path<String>, sent: Submitted) -> Answer {
    let id = known(WarningId::parse(&id))?;
    let asked = ask_review(&web, &id).await?;
    let mut form = asked.form.clone().fill(&sent);
    let reviewed = if form.yes("ended") {
        form.required("why", "Enter why the warning ends")
            .map(Reviewed::Ended)
    } else {
        read(&mut form).map(Reviewed::GoesOn)
    };
    let why = form.text("why", NARRATIVE_LENGTH);
    if !form.yes("ended") && !why.is_empty() {
        form.add_error("ended", "Tick this if the warning ends");
    }
    let version = form.version("version");
    let action = format!("/warnings/{id}");
    send(
        &web,
        REVIEW,
        &action,
        &asked,
        form,
        reviewed,
        move |ctx, reviewed| {
            match reviewed {
                Reviewed::GoesOn(said) => actions::change(ctx, &id, version, &said),
                Reviewed::Ended(why) => actions::end(ctx, &id, version, &why),
            }
            .map(drop)
        },
    )
    .await
}

/// The button beside the warning of the conference schedule.
pub async fn warning_taken_over(web: Web, id: Path<String>, sent: Submitted) -> Answer {
    let id = known(YoungPersonId::parse(&id))?;
    let form = Form::new().fill(&sent);
    let location = web
        .write_once(&form, move |ctx| {
            actions::take_over(ctx, &id)?;
            Ok(details_of(&id))
        })
        .await?;
    web.see(
        &location,
        "The warning is one of ours now, with a day of review",
    )
}
