//! Changing what is told of a contact, and marking one that should not be there.

use serde::Serialize;
use serde_json::json;

use super::{
    Boxes, boxes, identities, note_field, read_told, said, told_form, warned, words_field,
};
use crate::access::Permission;
use crate::contacts::{Contact, Words, actions, rules};
use crate::ctx::Ctx;
use crate::failure::Failure;
use crate::ids::ContactId;
use crate::text::NARRATIVE_LENGTH;
use crate::web::{Answer, Form, PageOptions, Path, Submitted, Web, known, view};

struct Editing {
    contact: Contact,
    identities: Vec<view::Identity>,
    form: Form,
}

fn editing(ctx: &mut Ctx<'_>, id: &ContactId) -> Result<Editing, Failure> {
    // To change it one must be allowed to; that it is looked at is noted as well.
    actions::open(ctx, id, Permission::WorkRecord)?;
    let (contact, people) = actions::open(ctx, id, Permission::SeeRecord)?;
    rules::must_stand(&contact)?;
    let told = &contact.told;
    let mut form = told_form()
        .hidden("version", contact.version)
        .set("method", told.method.code())
        .set("attempted", !told.made)
        .set("with_whom", told.with_whom.code())
        .set("with_name", told.with_name.clone())
        .set("made_on", told.made_on)
        .set("minutes", told.minutes.map(|minutes| minutes.to_string()))
        .set("note", told.note.clone());
    for person in &contact.people {
        let (note, words) = (note_field(&person.case), words_field(&person.case));
        form = form
            .field(note.clone())
            .field(words.clone())
            .set(&note, person.words.note.clone())
            .set(&words, person.words.own.clone());
    }
    Ok(Editing {
        identities: identities(&people, ctx.today),
        contact,
        form,
    })
}

#[derive(Serialize)]
struct EditView<'a> {
    form: &'a Form,
    id: &'a ContactId,
    identities: &'a [view::Identity],
    warned: bool,
    people: Vec<Boxes>,
}

fn edit_page(web: &Web, editing: &Editing, form: &Form) -> Answer {
    let about = editing
        .contact
        .people
        .iter()
        .map(|it| (&it.case, it.name.as_str()));
    let people = boxes(form, about)?;
    let id = &editing.contact.id;
    web.page(
        "contacts/edit",
        PageOptions::titled("Change a contact")
            .back(format!("/contacts/{id}"), "Contact")
            .with_form(form),
        EditView {
            form,
            id,
            warned: warned(&editing.identities),
            identities: &editing.identities,
            people,
        },
    )
}

pub async fn edit(web: Web, id: Path<String>) -> Answer {
    let id = known(ContactId::parse(&id))?;
    let editing = web.read(move |ctx| editing(ctx, &id)).await?;
    let form = web.resume(editing.form.clone()).await?;
    edit_page(&web, &editing, &form)
}

pub async fn edit_sent(web: Web, id: Path<String>, sent: Submitted) -> Answer {
    let id = known(ContactId::parse(&id))?;
    let wanted = id.clone();
    let editing = web.read(move |ctx| editing(ctx, &wanted)).await?;
    let mut form = editing.form.clone().fill(&sent);
    let told = read_told(&mut form);
    let words: Vec<_> = editing
        .contact
        .people
        .iter()
        .map(|person| {
            let words = Words {
                note: said(form.text(&note_field(&person.case), NARRATIVE_LENGTH)),
                own: said(form.text(&words_field(&person.case), NARRATIVE_LENGTH)),
            };
            (person.case.clone(), words)
        })
        .collect();
    if let (true, Some(told)) = (form.ok(), told) {
        let version = form.version("version");
        let confirmed = form.yes("letter_confirmed");
        let done = web
            .write_once(&form, move |ctx| {
                actions::change(ctx, &id, version, &told, &words, confirmed)?;
                Ok(format!("/contacts/{id}"))
            })
            .await;
        match done {
            Ok(location) => return web.see(&location, "The contact is changed"),
            Err(failure) => form.explain(failure)?,
        }
    }
    edit_page(&web, &editing, &form)
}

fn error_form(contact: &Contact) -> Form {
    Form::new()
        .field("reason")
        .hidden("version", contact.version)
}

fn error_page(web: &Web, editing: &Editing, form: &Form) -> Answer {
    let id = &editing.contact.id;
    web.page(
        "contacts/in_error",
        PageOptions::titled("Recorded in error")
            .back(format!("/contacts/{id}"), "Contact")
            .with_form(form),
        json!({ "form": form, "id": id, "identities": editing.identities }),
    )
}

pub async fn in_error(web: Web, id: Path<String>) -> Answer {
    let id = known(ContactId::parse(&id))?;
    let editing = web.read(move |ctx| editing(ctx, &id)).await?;
    let form = web.resume(error_form(&editing.contact)).await?;
    error_page(&web, &editing, &form)
}

pub async fn in_error_sent(web: Web, id: Path<String>, sent: Submitted) -> Answer {
    let id = known(ContactId::parse(&id))?;
    let wanted = id.clone();
    let editing = web.read(move |ctx| editing(ctx, &wanted)).await?;
    let mut form = error_form(&editing.contact).fill(&sent);
    let reason = form.required("reason", "Say why it should not be there");
    if let (true, Some(reason)) = (form.ok(), reason) {
        let version = form.version("version");
        let done = web
            .write_once(&form, move |ctx| {
                actions::mark_in_error(ctx, &id, version, &reason)?;
                Ok(format!("/contacts/{id}"))
            })
            .await;
        match done {
            Ok(location) => {
                return web.see(&location, "The contact is marked as recorded in error");
            }
            Err(failure) => form.explain(failure)?,
        }
    }
    error_page(&web, &editing, &form)
}
