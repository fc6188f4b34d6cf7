//! What a young person is called and when they were born. It stands here, above the referrals,
//! because a corrected birthday changes which conferences refer.

use serde_json::json;

use crate::ctx::Ctx;
use crate::failure::Failure;
use crate::ids::YoungPersonId;
use crate::referrals;
use crate::text::{NAME_LENGTH, Name};
use crate::web::{Answer, Failed, Form, PageOptions, Path, Submitted, Web, known, view};
use crate::young_people::about::{self, NameAndBirth};
use crate::young_people::actions::open_to_work;
use crate::young_people::pages::{details_of, identity, optional};

const TITLE: &str = "Name and birth";

async fn ask(web: &Web, id: &YoungPersonId) -> Result<(view::Identity, Form), Failed> {
    let id = id.clone();
    Ok(web
        .read(move |ctx| {
            let person = open_to_work(ctx, &id)?;
            let about = about::store::of(ctx, &id)?;
            let form = Form::new()
                .field("first_name")
                .field("last_name")
                .field("known_as")
                .field("name_said")
                .field("pronouns")
                .date("date_of_birth")
                .date("expected_on")
                .hidden("version", person.version)
                .set("first_name", person.first_name)
                .set("last_name", person.last_name)
                .set("known_as", person.known_as)
                .set("name_said", about.name_said)
                .set("pronouns", about.pronouns)
                .set("date_of_birth", person.date_of_birth)
                .set("expected_on", about.expected_on);
            Ok((identity(ctx, &id, "details")?, form))
        })
        .await?)
}

fn page(web: &Web, id: &YoungPersonId, identity: &view::Identity, form: &Form) -> Answer {
    let options = PageOptions::titled(TITLE)
        .back(details_of(id), "Details")
        .with_form(form);
    let action = format!("/young-people/{id}/name");
    web.page(
        "young_people/name",
        options,
        json!({ "title": TITLE, "action": action, "identity": identity, "form": form }),
    )
}

pub async fn person(web: Web, id: Path<String>) -> Answer {
    let id = known(YoungPersonId::parse(&id))?;
    let (identity, form) = ask(&web, &id).await?;
    let form = web.resume(form).await?;
    page(&web, &id, &identity, &form)
}

pub async fn person_sent(web: Web, id: Path<String>, sent: Submitted) -> Answer {
    let id = known(YoungPersonId::parse(&id))?;
    let (identity, form) = ask(&web, &id).await?;
    let mut form = form.fill(&sent);
    if let (Some(said), true) = (read(&mut form), form.ok()) {
        let (young_person, version) = (id.clone(), form.version("version"));
        let done = web
            .write_once(&form, move |ctx| {
                change(ctx, &young_person, version, &said)?;
                Ok(details_of(&young_person))
            })
            .await;
        match done {
            Ok(location) => return web.see(&location, "Name and birth are on record"),
            Err(failure) => form.explain(failure)?,
        }
    }
    page(&web, &id, &identity, &form)
}

fn read(form: &mut Form) -> Option<NameAndBirth> {
    let first_name = form.parsed("first_name", "The first name", Name::parse);
    let last_name = form.parsed("last_name", "The last name", Name::parse);
    Some(NameAndBirth {
        known_as: optional(form, "known_as", NAME_LENGTH),
        name_said: optional(form, "name_said", NAME_LENGTH),
        pronouns: optional(form, "pronouns", NAME_LENGTH),
        date_of_birth: form.date_optional("date_of_birth", "The date of birth"),
        expected_on: form.date_optional("expected_on", "The expected day"),
        first_name: first_name?,
        last_name: last_name?,
    })
}

/// Changes name and birth; another birthday has every conference looked at again.
fn change(
    ctx: &mut Ctx<'_>,
    id: &YoungPersonId,
    version: i32,
    said: &NameAndBirth,
) -> Result<(), Failure> {
    let before = about::actions::change_name_and_birth(ctx, id, version, said)?;
    if before.date_of_birth != said.date_of_birth {
        referrals::actions::follow_birthday(ctx, id)?;
    }
    Ok(())
}
