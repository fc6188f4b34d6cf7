//! Gender and ethnicity; how to talk with them. (Name and birth have their page beside the
//! referrals that hang on a birthday.)

use serde_json::Value;

use super::{Asked, Sheet, ask, optional, send, show, words};
use crate::ids::YoungPersonId;
use crate::text::{NAME_LENGTH, NARRATIVE_LENGTH};
use crate::web::forms::{YES_NO, yes_or_no};
use crate::web::{Answer, Failed, Form, Path, Submitted, Web, known};
use crate::young_people::about::{
    self, Background, Communication, Disability, Ethnicity, Gender,
    rules::{ethnicity_from_words, gender_from_words},
};
use crate::young_people::actions::open_to_work;

const BACKGROUND: Sheet = Sheet {
    template: "young_people/background",
    title: "Gender and ethnicity",
    done: "Gender and ethnicity are on record",
};

async fn ask_background(web: &Web, id: &YoungPersonId) -> Result<Asked, Failed> {
    let id = id.clone();
    ask(web, move |ctx| {
        let person = open_to_work(ctx, &id)?;
        let about = about::store::of(ctx, &id)?;
        let text = &person.details;
        // What came as text has its code where the text leaves no doubt.
        let gender = about
            .gender
            .or_else(|| gender_from_words(text.gender.as_deref()?));
        let ethnicity = about
            .ethnicity
            .or_else(|| ethnicity_from_words(text.ethnicity.as_deref()?));
        let form = Form::new()
            .field("gender")
            .choice(
                "gender_code",
                words(Gender::ALL, Gender::code, Gender::words),
            )
            .choice(
                "ethnicity_code",
                words(Ethnicity::ALL, Ethnicity::code, Ethnicity::words),
            )
            .field("ethnicity")
            .hidden("version", person.version)
            .set("gender", text.gender.clone())
            .set("gender_code", gender.map(Gender::code))
            .set("ethnicity_code", ethnicity.map(Ethnicity::code))
            .set("ethnicity", text.ethnicity.clone());
        Ok((id, form, Value::Null))
    })
    .await
}

pub async fn background(web: Web, id: Path<String>) -> Answer {
    let id = known(YoungPersonId::parse(&id))?;
    let asked = ask_background(&web, &id).await?;
    show(&web, BACKGROUND, &background_of(&id), &asked).await
}

fn background_of(id: &YoungPersonId) -> String {
    format!("/young-people/{id}/background")
}

pub async fn background_sent(web: Web, id: Path<String>, sent: Submitted) -> Answer {
    let id = known(YoungPersonId::parse(&id))?;
    let asked = ask_background(&web, &id).await?;
    let mut form = asked.form.clone().fill(&sent);
    let said = Background {
        gender: optional(&mut form, "gender", NAME_LENGTH),
        gender_code: form.chosen_optional("gender_code", Gender::from_code),
        ethnicity: optional(&mut form, "ethnicity", NAME_LENGTH),
        ethnicity_code: form.chosen_optional("ethnicity_code", Ethnicity::from_code),
    };
    let version = form.version("version");
    let action = background_of(&id);
    send(
        &web,
        BACKGROUND,
        &action,
        &asked,
        form,
        Some(said),
        move |ctx, said| about::actions::change_background(ctx, &id, version, &said),
    )
    .await
}

const COMMUNICATION: Sheet = Sheet {
    template: "young_people/communication",
    title: "Language, communication and disability",
    done: "Language, communication and disability are on record",
};

async fn ask_communication(web: &Web, id: &YoungPersonId) -> Result<Asked, Failed> {
    let id = id.clone();
    ask(web, move |ctx| {
        let person = open_to_work(ctx, &id)?;
        let about = about::store::of(ctx, &id)?;
        let interpreter = about.interpreter.map(|it| if it { "yes" } else { "no" });
        let form = Form::new()
            .field("language")
            .choice("interpreter", YES_NO)
            .field("needs")
            .choice(
                "disabilities",
                words(Disability::ALL, Disability::code, Disability::words),
            )
            .hidden("version", person.version)
            .set("language", person.details.language.clone())
            .set("interpreter", interpreter)
            .set("needs", person.details.communication_needs.clone())
            .set_all(
                "disabilities",
                about.disabilities.iter().map(|it| it.code()),
            );
        Ok((id, form, Value::Null))
    })
    .await
}

fn communication_of(id: &YoungPersonId) -> String {
    format!("/young-people/{id}/communication")
}

pub async fn communication(web: Web, id: Path<String>) -> Answer {
    let id = known(YoungPersonId::parse(&id))?;
    let asked = ask_communication(&web, &id).await?;
    show(&web, COMMUNICATION, &communication_of(&id), &asked).await
}

pub async fn communication_sent(web: Web, id: Path<String>, sent: Submitted) -> Answer {
    let id = known(YoungPersonId::parse(&id))?;
    let asked = ask_communication(&web, &id).await?;
    let mut form = asked.form.clone().fill(&sent);
    let said = Communication {
        language: optional(&mut form, "language", NAME_LENGTH),
        interpreter: form.chosen_optional("interpreter", yes_or_no),
        needs: optional(&mut form, "needs", NARRATIVE_LENGTH),
        disabilities: form.chosen_all("disabilities", Disability::from_code),
    };
    let version = form.version("version");
    let action = communication_of(&id);
    send(
        &web,
        COMMUNICATION,
        &action,
        &asked,
        form,
        Some(said),
        move |ctx, said| about::actions::change_communication(ctx, &id, version, &said),
    )
    .await
}
