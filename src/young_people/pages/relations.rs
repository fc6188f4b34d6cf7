//! Brothers and sisters, parents and carers, and other people.

use serde_json::{Value, json};

use super::{Asked, Sheet, ask, email, optional, page, send, show, words};
use crate::calendar::show as day;
use crate::ids::{RelationId, YoungPersonId};
use crate::text::{NAME_LENGTH, NARRATIVE_LENGTH, Name};
use crate::web::{Answer, Failed, Form, Path, Submitted, Web, known};
use crate::young_people::YoungPerson;
use crate::young_people::actions::open_to_work;
use crate::young_people::relations::{Kind, Said, Who, actions};

/// The choice that it is nobody who is on record.
const BY_NAME: &str = "by_name";

fn blank() -> Form {
    Form::new()
        .field("name")
        .choice("kind", words(Kind::ALL, Kind::code, Kind::words))
        .field("parental_responsibility")
        .field("phone")
        .field("email")
        .field("note")
        .field("in_error")
}

fn read(form: &mut Form) -> Option<Said> {
    let kind = form.chosen(
        "kind",
        Kind::from_code,
        "Choose what they are to the young person",
    );
    let phone = optional(form, "phone", NAME_LENGTH);
    let email = email(form);
    let note = optional(form, "note", NARRATIVE_LENGTH);
    Some(Said {
        kind: kind?,
        name: None,
        phone,
        email,
        parental_responsibility: form.yes("parental_responsibility"),
        note,
        in_error: form.yes("in_error"),
    })
}

const ADD: Sheet = Sheet {
    template: "young_people/relation",
    title: "Add somebody",
    done: "They are on record",
};

async fn ask_new(web: &Web, id: &YoungPersonId) -> Result<Asked, Failed> {
    let id = id.clone();
    ask(web, move |ctx| {
        open_to_work(ctx, &id)?;
        Ok((id, blank(), json!({ "ask_who": false, "linked": null })))
    })
    .await
}

fn new_of(id: &YoungPersonId) -> String {
    format!("/young-people/{id}/relations/new")
}

pub async fn relation_new(web: Web, id: Path<String>) -> Answer {
    let id = known(YoungPersonId::parse(&id))?;
    let asked = ask_new(&web, &id).await?;
    show(&web, ADD, &new_of(&id), &asked).await
}

pub async fn relation_new_sent(web: Web, id: Path<String>, sent: Submitted) -> Answer {
    let id = known(YoungPersonId::parse(&id))?;
    let mut asked = ask_new(&web, &id).await?;
    let mut form = asked.form.clone().fill(&sent);
    let action = new_of(&id);
    let name = form.parsed("name", "The name", Name::parse);
    let said = read(&mut form);
    let (Some(name), true) = (name, form.ok()) else {
        return page(&web, ADD, &action, &asked, &form);
    };
    // Somebody on record may be meant: then whoever types says who it is.
    let (me, text) = (id.clone(), name.to_string());
    let likely = web
        .read(move |ctx| actions::likely(ctx, &me, &text))
        .await?;
    let by_name = Who::ByName(name.to_string());
    let who = if likely.is_empty() {
        Some(by_name)
    } else {
        asked.more = json!({ "ask_who": true, "linked": null });
        form = form.choice("who", options(&likely)).fill(&sent);
        form.chosen(
            "who",
            |code| match code {
                BY_NAME => Some(by_name.clone()),
                id => YoungPersonId::parse(id).map(Who::OnRecord),
            },
            "Say whether it is somebody on record: then it stands on both records",
        )
    };
    send(
        &web,
        ADD,
        &action,
        &asked,
        form,
        who.zip(said),
        move |ctx, (who, said)| actions::add(ctx, &id, &who, &said).map(drop),
    )
    .await
}

fn options(likely: &[YoungPerson]) -> Vec<(String, String)> {
    let mut options: Vec<_> = likely
        .iter()
        .map(|person| {
            let born = person.date_of_birth.map_or_else(
                || "date of birth not known".to_owned(),
                |born| format!("born {}", day(born)),
            );
            (
                person.id.to_string(),
                format!("{}, {born}", person.full_name()),
            )
        })
        .collect();
    options.push((
        BY_NAME.to_owned(),
        "Nobody on record: keep the name".to_owned(),
    ));
    options
}

const CHANGE: Sheet = Sheet {
    template: "young_people/relation",
    title: "Change what is said of somebody",
    done: "It is changed",
};

async fn ask_change(web: &Web, id: &RelationId) -> Result<Asked, Failed> {
    let id = id.clone();
    ask(web, move |ctx| {
        let (relation, other, person) = actions::to_change(ctx, &id)?;
        let said = relation.said;
        let form = blank()
            .hidden("version", relation.version)
            .set("name", said.name)
            .set("kind", said.kind.code())
            .set("parental_responsibility", said.parental_responsibility)
            .set("phone", said.phone)
            .set("email", said.email)
            .set("note", said.note)
            .set("in_error", said.in_error);
        let linked: Value = other.map(|other| other.name).into();
        let more = json!({ "ask_who": false, "linked": linked });
        Ok((person.id, form, more))
    })
    .await
}

pub async fn relation(web: Web, id: Path<String>) -> Answer {
    let id = known(RelationId::parse(&id))?;
    let asked = ask_change(&web, &id).await?;
    show(&web, CHANGE, &format!("/relations/{id}"), &asked).await
}

pub async fn relation_sent(web: Web, id: Path<String>, sent: Submitted) -> Answer {
    let id = known(RelationId::parse(&id))?;
    let asked = ask_change(&web, &id).await?;
    let mut form = asked.form.clone().fill(&sent);
    // The name of somebody on record stands on their own record.
    let linked = asked.more.get("linked").is_some_and(Value::is_string);
    let name = match linked {
        true => None,
        false => form.parsed("name", "The name", Name::parse),
    };
    let said = read(&mut form).map(|said| Said {
        name: name.map(|name| name.to_string()),
        ..said
    });
    let version = form.version("version");
    let action = format!("/relations/{id}");
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
