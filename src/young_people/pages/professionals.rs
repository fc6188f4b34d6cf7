//! The professionals around a young person.

use serde_json::Value;

use super::{Asked, Sheet, ask, email, optional, send, show, stretch, words};
use crate::ids::{ProfessionalId, YoungPersonId};
use crate::text::{NAME_LENGTH, Name};
use crate::web::{Answer, Failed, Form, Path, Submitted, Web, known};
use crate::young_people::actions::open_to_work;
use crate::young_people::professionals::{Role, Said, actions};

fn blank() -> Form {
    Form::new()
        .choice("role", words(Role::ALL, Role::code, Role::words))
        .field("name")
        .date("from_on")
        .date("to_on")
        .field("team")
        .field("phone")
        .field("email")
        .field("in_error")
}

fn read(form: &mut Form) -> Option<Said> {
    let role = form.chosen("role", Role::from_code, "Choose what they do");
    let name = form.parsed("name", "The name", Name::parse);
    let stretch = stretch(form);
    let team = optional(form, "team", NAME_LENGTH);
    let phone = optional(form, "phone", NAME_LENGTH);
    let email = email(form);
    Some(Said {
        role: role?,
        name: name?.to_string(),
        team,
        phone,
        email,
        stretch: stretch?,
        in_error: form.yes("in_error"),
    })
}

const ADD: Sheet = Sheet {
    template: "young_people/professional",
    title: "Add a professional",
    done: "The professional is on record",
};

async fn ask_new(web: &Web, id: &YoungPersonId) -> Result<Asked, Failed> {
    let id = id.clone();
    ask(web, move |ctx| {
        open_to_work(ctx, &id)?;
        let form = blank().set("from_on", ctx.today);
        Ok((id, form, Value::Null))
    })
    .await
}

fn new_of(id: &YoungPersonId) -> String {
    format!("/young-people/{id}/professionals/new")
}

pub async fn professional_new(web: Web, id: Path<String>) -> Answer {
    let id = known(YoungPersonId::parse(&id))?;
    let asked = ask_new(&web, &id).await?;
    show(&web, ADD, &new_of(&id), &asked).await
}

pub async fn professional_new_sent(web: Web, id: Path<String>, sent: Submitted) -> Answer {
    let id = known(YoungPersonId::parse(&id))?;
    let asked = ask_new(&web, &id).await?;
    let mut form = asked.form.clone().fill(&sent);
    let said = read(&mut form);
    let action = new_of(&id);
    send(&web, ADD, &action, &asked, form, said, move |ctx, said| {
        actions::add(ctx, &id, &said).map(drop)
    })
    .await
}

const CHANGE: Sheet = Sheet {
    template: "young_people/professional",
    title: "Change a professional",
    done: "The professional is changed",
};

async fn ask_change(web: &Web, id: &ProfessionalId) -> Result<Asked, Failed> {
    let id = id.clone();
    ask(web, move |ctx| {
        let (professional, person) = actions::to_change(ctx, &id)?;
        let said = professional.said;
        let form = blank()
            .hidden("version", professional.version)
            .set("role", said.role.code())
            .set("name", said.name)
            .set("from_on", said.stretch.from)
            .set("to_on", said.stretch.to)
            .set("team", said.team)
            .set("phone", said.phone)
            .set("email", said.email)
            .set("in_error", said.in_error);
        Ok((person.id, form, Value::Null))
    })
    .await
}

pub async fn professional(web: Web, id: Path<String>) -> Answer {
    let id = known(ProfessionalId::parse(&id))?;
    let asked = ask_change(&web, &id).await?;
    show(&web, CHANGE, &format!("/professionals/{id}"), &asked).await
}

pub async fn professional_sent(web: Web, id: Path<String>, sent: Submitted) -> Answer {
    let id = known(ProfessionalId::parse(&id))?;
    let asked = ask_change(&web, &id).await?;
    let mut form = asked.form.clone().fill(&sent);
    let said = read(&mut form);
    let version = form.version("version");
    let action = format!("/professionals/{id}");
    send(
        &web,
        CHANGE,
        &action,
        &asked,
        form,
        said,
        move |ctx, said| actions::change(ctx, &id, version, &said).map(drop),
    )
    .await
}
