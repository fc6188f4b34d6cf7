//! What is done about professionals: somebody begins, something about them changes.

use serde_json::json;

use super::rules::{self, Refusal};
use super::{Professional, Said, store};
use crate::audit::Event;
use crate::calendar::show;
use crate::ctx::Ctx;
use crate::failure::{Failure, FieldError};
use crate::history::Changes;
use crate::ids::{ProfessionalId, YoungPersonId};
use crate::young_people::actions::{change_record, open_to_work};
use crate::young_people::rules::check_stretch;
use crate::young_people::{Stretch, YoungPerson};

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        Self::Invalid(vec![FieldError::new(refusal.field(), refusal.to_string())])
    }
}

/// Somebody begins. The time of whoever had the same part ends on that day.
pub fn add(
    ctx: &mut Ctx<'_>,
    young_person: &YoungPersonId,
    said: &Said,
) -> Result<ProfessionalId, Failure> {
    change_record(ctx, young_person)?;
    // A social worker may have begun before the birth.
    check_stretch(said.stretch, None, ctx.today)?;
    end_the_one_before(ctx, young_person, None, said)?;
    let id = ProfessionalId::random();
    store::insert(ctx, &id, young_person, said)?;
    ctx.record(
        Event::new("professional_added", "professional", &id)
            .about(young_person)
            .with(json!({ "role": said.role, "from": said.stretch.from, "to": said.stretch.to })),
    );
    Ok(id)
}

fn end_the_one_before(
    ctx: &mut Ctx<'_>,
    young_person: &YoungPersonId,
    id: Option<&ProfessionalId>,
    said: &Said,
) -> Result<(), Failure> {
    let people = store::of(ctx, young_person)?;
    let Some(before) = rules::ended_by(&people, id, said)? else {
        return Ok(());
    };
    let mut ended = before.said.clone();
    ended.stretch = Stretch {
        to: Some(said.stretch.from),
        ..ended.stretch
    };
    keep(ctx, before, before.version, &ended)
}

/// A professional with their young person, to be changed.
pub fn to_change(
    ctx: &mut Ctx<'_>,
    id: &ProfessionalId,
) -> Result<(Professional, YoungPerson), Failure> {
    let professional = store::find(ctx, id)?.ok_or(Failure::NotFound)?;
    let person = open_to_work(ctx, &professional.young_person)?;
    Ok((professional, person))
}

pub fn change(
    ctx: &mut Ctx<'_>,
    id: &ProfessionalId,
    version: i32,
    said: &Said,
) -> Result<YoungPersonId, Failure> {
    let young_person = to_change(ctx, id)?.0.young_person;
    change_record(ctx, &young_person)?;
    let professional = store::find(ctx, id)?.ok_or(Failure::NotFound)?;
    check_stretch(said.stretch, None, ctx.today)?;
    end_the_one_before(ctx, &young_person, Some(id), said)?;
    keep(ctx, &professional, version, said)?;
    Ok(young_person)
}

fn keep(
    ctx: &mut Ctx<'_>,
    professional: &Professional,
    version: i32,
    said: &Said,
) -> Result<(), Failure> {
    let (id, about) = (&professional.id, &professional.young_person);
    let (old, new) = (&professional.said, said);
    let yes = |it: bool| it.then_some("Yes");
    let mut changes = Changes::new();
    changes.compare("role", Some(old.role.words()), Some(new.role.words()));
    changes.compare("name", Some(&old.name), Some(&new.name));
    changes.compare("team", old.team.as_ref(), new.team.as_ref());
    changes.compare("phone", old.phone.as_ref(), new.phone.as_ref());
    changes.compare("email", old.email.as_ref(), new.email.as_ref());
    changes.compare(
        "from",
        Some(show(old.stretch.from)),
        Some(show(new.stretch.from)),
    );
    changes.compare("to", old.stretch.to.map(show), new.stretch.to.map(show));
    changes.compare("recorded_in_error", yes(old.in_error), yes(new.in_error));
    store::update(ctx, id, version, said)?;
    changes.keep(ctx, "professional", id, about)?;
    ctx.record(
        Event::new("professional_changed", "professional", id)
            .about(about)
            .with(json!({ "fields": changes.fields(), "from": new.stretch.from, "to": new.stretch.to })),
    );
    Ok(())
}
