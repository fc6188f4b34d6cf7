//! Brothers and sisters who want opposite things: put on record, and ended.

use serde_json::json;

use crate::access::{Permission, Relationship};
use crate::ids::{OpposedWishId, YoungPersonId};
use crate::team::{actions, panel};
use crate::web::{Answer, Failed, Form, PageOptions, Path, Submitted, Web, known, view};
use crate::young_people::{actions::open_record, identity_bar};

struct Page {
    identity: view::Identity,
    opposed: panel::OpposedList,
    anybody: bool,
    form: Form,
}

async fn page_of(web: &Web, id: &YoungPersonId) -> Result<Page, Failed> {
    let id = id.clone();
    Ok(web
        .read(move |ctx| {
            let opened = open_record(
                ctx,
                &id,
                Permission::SeeRecord,
                Relationship::Team,
                "opposed_wishes",
            )?;
            let family: Vec<(String, String)> = actions::brothers_and_sisters(ctx, &id)?
                .into_iter()
                .map(|(id, name)| (id.to_string(), name))
                .collect();
            Ok(Page {
                identity: identity_bar(opened.person(), ctx.today, "Opposed wishes"),
                opposed: panel::opposed_list(ctx, &id)?,
                anybody: !family.is_empty(),
                form: Form::new().choice("other", family).field("note"),
            })
        })
        .await?)
}

fn show(web: &Web, id: &YoungPersonId, page: &Page, form: &Form) -> Answer {
    let options = PageOptions::titled("Opposed wishes")
        .back(format!("/young-people/{id}"), "Young person")
        .with_form(form);
    web.page(
        "team/opposed",
        options,
        json!({
            "id": id, "identity": page.identity, "list": page.opposed, "anybody": page.anybody,
            "form": form,
        }),
    )
}

pub async fn opposed(web: Web, id: Path<String>) -> Answer {
    let id = known(YoungPersonId::parse(&id))?;
    let page = page_of(&web, &id).await?;
    let form = web.resume(page.form.clone()).await?;
    show(&web, &id, &page, &form)
}

pub async fn opposed_sent(web: Web, id: Path<String>, sent: Submitted) -> Answer {
    let id = known(YoungPersonId::parse(&id))?;
    let page = page_of(&web, &id).await?;
    let mut form = page.form.clone().fill(&sent);
    let other = form.chosen(
        "other",
        YoungPersonId::parse,
        "Choose the brother or sister",
    );
    let note = form.required("note", "Say what each of them wants");
    if let (true, Some(other), Some(note)) = (form.ok(), other, note) {
        let one = id.clone();
        let done = web
            .write_once(&form, move |ctx| {
                actions::oppose(ctx, &one, &other, &note)?;
                Ok(format!("/young-people/{one}/opposed-wishes"))
            })
            .await;
        match done {
            Ok(location) => return web.see(&location, "The opposed wishes are on record"),
            Err(failure) => form.explain(failure)?,
        }
    }
    show(&web, &id, &page, &form)
}

/// A small form beside each: their wishes are no longer opposed.
pub async fn end_opposed(web: Web, path: Path<(String, String)>, sent: Submitted) -> Answer {
    let (person, wish) = path.into_inner();
    let person = known(YoungPersonId::parse(&person))?;
    let wish = known(OpposedWishId::parse(&wish))?;
    let form = Form::new().hidden("version", 0).fill(&sent);
    let version = form.version("version");
    let location = web
        .write_once(&form, move |ctx| {
            actions::end_opposed(ctx, &person, &wish, version)?;
            Ok(format!("/young-people/{person}/opposed-wishes"))
        })
        .await?;
    web.see(&location, "The opposed wishes are ended")
}
