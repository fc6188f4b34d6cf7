//! The legal status: a basis starts, a row is corrected, a flag is set, changed or ended.

use chrono::NaiveDate;
use serde_json::{Value, json};

use super::{Asked, Sheet, ask, optional, send, show, stretch, words};
use crate::calendar::show as day;
use crate::ids::{FlagId, LegalStatusId, YoungPersonId};
use crate::text::NARRATIVE_LENGTH;
use crate::web::{Answer, Failed, Form, Path, Submitted, Web, known};
use crate::young_people::actions::open_to_work;
use crate::young_people::legal::{Basis, Flag, FlagWords, Start, actions, rules, store};

fn blank() -> Form {
    let bases = Basis::ALL.iter().map(|basis| {
        let words = match basis.ssda903() {
            Some(code) => format!("{} - {code}", basis.words()),
            None => basis.words().to_owned(),
        };
        (basis.code(), words)
    });
    Form::new().choice("basis", bases).date("from_on")
}

fn read(form: &mut Form) -> Option<Start> {
    let basis = form.chosen("basis", Basis::from_code, "Choose the legal status");
    let from = form.date_required("from_on", "The day it starts");
    Some(Start {
        basis: basis?,
        from: from?,
    })
}

const START: Sheet = Sheet {
    template: "young_people/legal_status",
    title: "A legal status starts",
    done: "The legal status is on record",
};

async fn ask_start(web: &Web, id: &YoungPersonId) -> Result<Asked, Failed> {
    let id = id.clone();
    ask(web, move |ctx| {
        open_to_work(ctx, &id)?;
        let history = store::history(ctx, &id)?;
        let form = blank()
            .field("note")
            .hidden("version", actions::version_of(&history))
            .on_record()
            .set("from_on", ctx.today);
        let now = rules::on(&history, ctx.today);
        let more = json!({
            "now": now.map(|row| format!("{}, since {}", row.basis.words(), day(row.from))),
        });
        Ok((id, form, more))
    })
    .await
}

fn start_of(id: &YoungPersonId) -> String {
    format!("/young-people/{id}/legal-status/new")
}

pub async fn start(web: Web, id: Path<String>) -> Answer {
    let id = known(YoungPersonId::parse(&id))?;
    let asked = ask_start(&web, &id).await?;
    show(&web, START, &start_of(&id), &asked).await
}

pub async fn start_sent(web: Web, id: Path<String>, sent: Submitted) -> Answer {
    let id = known(YoungPersonId::parse(&id))?;
    let asked = ask_start(&web, &id).await?;
    let mut form = asked.form.clone().fill(&sent);
    let said = read(&mut form);
    let note = optional(&mut form, "note", NARRATIVE_LENGTH);
    let version = form.version("version");
    let action = start_of(&id);
    send(
        &web,
        START,
        &action,
        &asked,
        form,
        said,
        move |ctx, said| actions::start(ctx, &id, version, said, note.as_deref()).map(drop),
    )
    .await
}

const CORRECT: Sheet = Sheet {
    template: "young_people/legal_status_correction",
    title: "Correct a legal status",
    done: "The legal status is corrected, and what was there can still be read",
};

async fn ask_correct(web: &Web, id: &LegalStatusId) -> Result<Asked, Failed> {
    let id = id.clone();
    ask(web, move |ctx| {
        let (row, person) = actions::to_correct(ctx, &id)?;
        let form = blank()
            .field("never")
            .field("reason")
            .set("basis", row.basis.code())
            .set("from_on", row.from);
        let said = format!("{}, from {}", row.basis.words(), day(row.from));
        Ok((person.id, form, json!({ "said": said })))
    })
    .await
}

pub async fn correct(web: Web, id: Path<String>) -> Answer {
    let id = known(LegalStatusId::parse(&id))?;
    let asked = ask_correct(&web, &id).await?;
    show(&web, CORRECT, &format!("/legal-statuses/{id}"), &asked).await
}

pub async fn correct_sent(web: Web, id: Path<String>, sent: Submitted) -> Answer {
    let id = known(LegalStatusId::parse(&id))?;
    let asked = ask_correct(&web, &id).await?;
    let mut form = asked.form.clone().fill(&sent);
    let right = match form.yes("never") {
        true => Some(None),
        false => read(&mut form).map(Some),
    };
    let reason = form.required("reason", "Enter what was wrong");
    let action = format!("/legal-statuses/{id}");
    let said = right.zip(reason);
    send(
        &web,
        CORRECT,
        &action,
        &asked,
        form,
        said,
        move |ctx, (right, reason)| actions::correct(ctx, &id, right, &reason).map(drop),
    )
    .await
}

const FLAG: Sheet = Sheet {
    template: "young_people/flag",
    title: "Add a flag",
    done: "The flag is on record",
};

fn flag_blank() -> Form {
    Form::new()
        .choice("flag", words(Flag::ALL, Flag::code, Flag::words))
        .date("from_on")
        .date("to_on")
        .field("note")
        .field("in_error")
}

fn flag_read(form: &mut Form) -> Option<FlagWords> {
    let flag = form.chosen("flag", Flag::from_code, "Choose which");
    let stretch = stretch(form);
    let note = optional(form, "note", NARRATIVE_LENGTH);
    Some(FlagWords {
        flag: flag?,
        stretch: stretch?,
        note,
        in_error: form.yes("in_error"),
    })
}

async fn ask_flag(web: &Web, id: &YoungPersonId) -> Result<Asked, Failed> {
    let id = id.clone();
    ask(web, move |ctx| {
        open_to_work(ctx, &id)?;
        let today: NaiveDate = ctx.today;
        Ok((id, flag_blank().set("from_on", today), Value::Null))
    })
    .await
}

fn flag_of(id: &YoungPersonId) -> String {
    format!("/young-people/{id}/flags/new")
}

pub async fn flag_new(web: Web, id: Path<String>) -> Answer {
    let id = known(YoungPersonId::parse(&id))?;
    let asked = ask_flag(&web, &id).await?;
    show(&web, FLAG, &flag_of(&id), &asked).await
}

pub async fn flag_new_sent(web: Web, id: Path<String>, sent: Submitted) -> Answer {
    let id = known(YoungPersonId::parse(&id))?;
    let asked = ask_flag(&web, &id).await?;
    let mut form = asked.form.clone().fill(&sent);
    let said = flag_read(&mut form);
    let action = flag_of(&id);
    send(&web, FLAG, &action, &asked, form, said, move |ctx, said| {
        actions::set_flag(ctx, &id, &said).map(drop)
    })
    .await
}

const CHANGE_FLAG: Sheet = Sheet {
    template: "young_people/flag",
    title: "Change or end a flag",
    done: "The flag is changed",
};

async fn ask_flag_change(web: &Web, id: &FlagId) -> Result<Asked, Failed> {
    let id = id.clone();
    ask(web, move |ctx| {
        let (flag, person) = actions::flag_to_change(ctx, &id)?;
        let what = flag.what;
        let form = flag_blank()
            .hidden("version", flag.version)
            .set("flag", what.flag.code())
            .set("from_on", what.stretch.from)
            .set("to_on", what.stretch.to)
            .set("note", what.note)
            .set("in_error", what.in_error);
        Ok((person.id, form, Value::Null))
    })
    .await
}

pub async fn flag(web: Web, id: Path<String>) -> Answer {
    let id = known(FlagId::parse(&id))?;
    let asked = ask_flag_change(&web, &id).await?;
    show(&web, CHANGE_FLAG, &format!("/flags/{id}"), &asked).await
}

pub async fn flag_sent(web: Web, id: Path<String>, sent: Submitted) -> Answer {
    let id = known(FlagId::parse(&id))?;
    let asked = ask_flag_change(&web, &id).await?;
    let mut form = asked.form.clone().fill(&sent);
    let said = flag_read(&mut form);
    let version = form.version("version");
    let action = format!("/flags/{id}");
    send(
        &web,
        CHANGE_FLAG,
        &action,
        &asked,
        form,
        said,
        move |ctx, said| actions::change_flag(ctx, &id, version, &said).map(drop),
    )
    .await
}
