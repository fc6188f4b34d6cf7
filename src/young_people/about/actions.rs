//! What is done about who a young person is: three short forms, one history.

use serde_json::json;

use super::rules::{self, Refusal};
use super::{About, Background, Communication, NameAndBirth, store};
use crate::audit::Event;
use crate::calendar::show;
use crate::ctx::Ctx;
use crate::failure::{Failure, FieldError};
use crate::ids::YoungPersonId;
use crate::text::Name;
use crate::young_people::actions::{HISTORY, change_record, compared};
use crate::young_people::{Described, YoungPerson};

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        Self::Invalid(vec![FieldError::new(refusal.field(), refusal.to_string())])
    }
}

/// The record as it is, to change something of it.
fn as_it_is(person: &YoungPerson) -> Result<Described, Failure> {
    let name = |text: &str| {
        Name::parse(text).map_err(|why| Failure::refused(format!("The name on record {why}")))
    };
    Ok(Described {
        first_name: name(&person.first_name)?,
        last_name: name(&person.last_name)?,
        date_of_birth: person.date_of_birth,
        details: person.details.clone(),
        contact_warning: person.contact_warning.clone(),
    })
}

/// Changes name and birth. Answers the person as they were, so that what hangs on a birthday can be
/// looked at again.
pub fn change_name_and_birth(
    ctx: &mut Ctx<'_>,
    id: &YoungPersonId,
    version: i32,
    said: &NameAndBirth,
) -> Result<YoungPerson, Failure> {
    let person = change_record(ctx, id)?;
    rules::check_birth(said.date_of_birth, said.expected_on, ctx.today)?;
    let next = Described {
        first_name: said.first_name.clone(),
        last_name: said.last_name.clone(),
        date_of_birth: said.date_of_birth,
        ..as_it_is(&person)?
    };
    let about = About {
        pronouns: said.pronouns.clone(),
        name_said: said.name_said.clone(),
        expected_on: said.expected_on,
        ..store::of(ctx, id)?
    };
    keep(ctx, &person, version, said.known_as.clone(), &next, &about)?;
    Ok(person)
}

pub fn change_background(
    ctx: &mut Ctx<'_>,
    id: &YoungPersonId,
    version: i32,
    said: &Background,
) -> Result<(), Failure> {
    let person = change_record(ctx, id)?;
    let mut next = as_it_is(&person)?;
    next.details.gender.clone_from(&said.gender);
    next.details.ethnicity.clone_from(&said.ethnicity);
    let about = About {
        gender: said.gender_code,
        ethnicity: said.ethnicity_code,
        ..store::of(ctx, id)?
    };
    keep(
        ctx,
        &person,
        version,
        person.known_as.clone(),
        &next,
        &about,
    )
}

pub fn change_communication(
    ctx: &mut Ctx<'_>,
    id: &YoungPersonId,
    version: i32,
    said: &Communication,
) -> Result<(), Failure> {
    let person = change_record(ctx, id)?;
    rules::check_disabilities(&said.disabilities)?;
    let mut next = as_it_is(&person)?;
    next.details.language.clone_from(&said.language);
    next.details.communication_needs.clone_from(&said.needs);
    let about = About {
        interpreter: said.interpreter,
        disabilities: said.disabilities.clone(),
        ..store::of(ctx, id)?
    };
    keep(
        ctx,
        &person,
        version,
        person.known_as.clone(),
        &next,
        &about,
    )
}

/// The warning that the schedule gave no longer stands on the record; the history keeps it.
pub(in crate::young_people) fn drop_imported_warning(
    ctx: &mut Ctx<'_>,
    person: &YoungPerson,
) -> Result<(), Failure> {
    let next = Described {
        contact_warning: None,
        ..as_it_is(person)?
    };
    let about = store::of(ctx, &person.id)?;
    keep(
        ctx,
        person,
        person.version,
        person.known_as.clone(),
        &next,
        &about,
    )
}

fn keep(
    ctx: &mut Ctx<'_>,
    person: &YoungPerson,
    version: i32,
    known_as: Option<String>,
    next: &Described,
    about: &About,
) -> Result<(), Failure> {
    if person.version != version {
        return Err(Failure::ChangedMeanwhile);
    }
    let before = store::of(ctx, &person.id)?;
    let mut changes = compared(person, next);
    let disabilities = |about: &About| {
        let words: Vec<_> = about.disabilities.iter().map(|it| it.words()).collect();
        words.join(", ")
    };
    let yes = |it: bool| if it { "Yes" } else { "No" };
    changes.compare("known_as", person.known_as.as_ref(), known_as.as_ref());
    changes.compare(
        "pronouns",
        before.pronouns.as_ref(),
        about.pronouns.as_ref(),
    );
    changes.compare(
        "name_said",
        before.name_said.as_ref(),
        about.name_said.as_ref(),
    );
    changes.compare(
        "expected_on",
        before.expected_on.map(show),
        about.expected_on.map(show),
    );
    changes.compare(
        "gender_code",
        before.gender.map(|it| it.words()),
        about.gender.map(|it| it.words()),
    );
    changes.compare(
        "ethnicity_code",
        before.ethnicity.map(|it| it.words()),
        about.ethnicity.map(|it| it.words()),
    );
    changes.compare(
        "interpreter",
        before.interpreter.map(yes),
        about.interpreter.map(yes),
    );
    changes.compare(
        "disabilities",
        Some(disabilities(&before)),
        Some(disabilities(about)),
    );
    let renamed = YoungPerson {
        known_as,
        ..person.clone()
    };
    store::update(ctx, &renamed, next, about)?;
    changes.keep(ctx, HISTORY, &person.id, &person.id)?;
    ctx.record(
        Event::new("young_person_changed", "young_person", &person.id)
            .about(&person.id)
            .with(json!({ "fields": changes.fields() })),
    );
    Ok(())
}
