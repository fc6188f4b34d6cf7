//! What is done about warnings: setting one, changing it at its review, ending it.

use chrono::NaiveDate;
use serde_json::json;

use super::rules::{self, Refusal};
use super::{Kind, Said, Warning, store};
use crate::audit::Event;
use crate::calendar::show;
use crate::ctx::Ctx;
use crate::failure::{Failure, FieldError};
use crate::history::Changes;
use crate::ids::{WarningId, YoungPersonId};
use crate::young_people::actions::{change_record, open_to_work};
use crate::young_people::{YoungPerson, about};

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        match refusal.field() {
            Some(field) => Self::Invalid(vec![FieldError::new(field, refusal.to_string())]),
            None => Self::Refused(refusal.to_string()),
        }
    }
}

pub fn set(
    ctx: &mut Ctx<'_>,
    young_person: &YoungPersonId,
    said: &Said,
) -> Result<WarningId, Failure> {
    change_record(ctx, young_person)?;
    rules::check_review(said.review_on, ctx.today)?;
    let id = WarningId::random();
    store::insert(ctx, &id, young_person, said)?;
    ctx.record(
        Event::new("warning_set", "warning", &id)
            .about(young_person)
            .with(json!({ "kind": said.kind, "review_on": said.review_on })),
    );
    Ok(id)
}

/// Makes the warning of the conference schedule one of ours, so that it is reviewed and can end.
/// Answers the day of review. When the schedule says it again in other words, both stand.
pub fn take_over(ctx: &mut Ctx<'_>, young_person: &YoungPersonId) -> Result<NaiveDate, Failure> {
    let person = change_record(ctx, young_person)?;
    let words = person.contact_warning.clone().ok_or(Refusal::TakenOver)?;
    about::actions::drop_imported_warning(ctx, &person)?;
    let review_on = rules::next_review(ctx.today);
    let said = Said {
        kind: Kind::UnsafeContact,
        words,
        review_on,
    };
    set(ctx, young_person, &said)?;
    Ok(review_on)
}

/// A warning with its young person, to be changed.
pub fn to_change(ctx: &mut Ctx<'_>, id: &WarningId) -> Result<(Warning, YoungPerson), Failure> {
    let warning = store::find(ctx, id)?.ok_or(Failure::NotFound)?;
    let person = open_to_work(ctx, &warning.young_person)?;
    rules::must_be_in_force(&warning)?;
    Ok((warning, person))
}

/// The warning was reviewed and goes on, perhaps in other words.
pub fn change(
    ctx: &mut Ctx<'_>,
    id: &WarningId,
    version: i32,
    said: &Said,
) -> Result<YoungPersonId, Failure> {
    let (warning, person) = to_change(ctx, id)?;
    rules::check_review(said.review_on, ctx.today)?;
    let before = &warning.said;
    let mut changes = Changes::new();
    changes.compare("kind", Some(before.kind.words()), Some(said.kind.words()));
    changes.compare("words", Some(&before.words), Some(&said.words));
    changes.compare(
        "review_on",
        Some(show(before.review_on)),
        Some(show(said.review_on)),
    );
    store::update(ctx, id, version, said)?;
    changes.keep(ctx, "warning", id, &person.id)?;
    ctx.record(
        Event::new("warning_changed", "warning", id)
            .about(&person.id)
            .with(json!({ "fields": changes.fields(), "review_on": said.review_on })),
    );
    Ok(person.id)
}

/// The warning no longer holds. It stays to be read.
pub fn end(
    ctx: &mut Ctx<'_>,
    id: &WarningId,
    version: i32,
    why: &str,
) -> Result<YoungPersonId, Failure> {
    let (_, person) = to_change(ctx, id)?;
    store::end(ctx, id, version, why)?;
    ctx.record(Event::new("warning_ended", "warning", id).about(&person.id));
    Ok(person.id)
}
