//! What is done about the legal status: a basis starts, a row is corrected, a flag is set, changed
//! or ended.

use serde_json::json;

use super::rules::{self, Refusal};
use super::{FlagWords, Flagged, LegalStatus, Start, store};
use crate::audit::Event;
use crate::calendar::show;
use crate::ctx::Ctx;
use crate::failure::{Failure, FieldError};
use crate::history::Changes;
use crate::ids::{FlagId, LegalStatusId, YoungPersonId};
use crate::young_people::YoungPerson;
use crate::young_people::actions::{change_record, open_to_work};
use crate::young_people::rules::check_stretch;

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        Self::Invalid(vec![FieldError::new(refusal.field(), refusal.to_string())])
    }
}

/// A basis starts on a day. `version` is how many rows the history had when the form was made.
pub fn start(
    ctx: &mut Ctx<'_>,
    young_person: &YoungPersonId,
    version: i32,
    start: Start,
    note: Option<&str>,
) -> Result<LegalStatusId, Failure> {
    let person = change_record(ctx, young_person)?;
    let history = store::history(ctx, young_person)?;
    if version_of(&history) != version {
        return Err(Failure::ChangedMeanwhile);
    }
    rules::may_start(&history, start, person.date_of_birth, ctx.today)?;
    let id = LegalStatusId::random();
    store::insert(ctx, &id, young_person, start.basis, start.from, note)?;
    ctx.record(
        Event::new("legal_status_started", "legal_status", &id)
            .about(young_person)
            .with(json!({ "basis": start.basis, "from": start.from })),
    );
    Ok(id)
}

/// Rows are only ever added: their number is the version of the history.
#[must_use]
pub fn version_of(history: &[LegalStatus]) -> i32 {
    i32::try_from(history.len()).unwrap_or(i32::MAX)
}

/// A row of the history, with its young person, to be corrected.
pub fn to_correct(
    ctx: &mut Ctx<'_>,
    id: &LegalStatusId,
) -> Result<(LegalStatus, YoungPerson), Failure> {
    let young_person = store::young_person_of(ctx, id)?.ok_or(Failure::NotFound)?;
    let person = open_to_work(ctx, &young_person)?;
    let row = store::history(ctx, &young_person)?
        .into_iter()
        .find(|row| row.id == *id)
        .ok_or(Failure::NotFound)?;
    Ok((row, person))
}

/// A row was wrong: this is right, or (without anything) it never was. What was there stays to be
/// read.
pub fn correct(
    ctx: &mut Ctx<'_>,
    id: &LegalStatusId,
    right: Option<Start>,
    reason: &str,
) -> Result<YoungPersonId, Failure> {
    let young_person = store::young_person_of(ctx, id)?.ok_or(Failure::NotFound)?;
    let person = change_record(ctx, &young_person)?;
    let history = store::history(ctx, &young_person)?;
    rules::may_correct(&history, id, right, person.date_of_birth, ctx.today)?;
    let replacement = right.map(|right| (LegalStatusId::random(), right));
    let note = history
        .iter()
        .find(|row| row.id == *id)
        .and_then(|row| row.note.as_deref());
    if let Some((new, right)) = &replacement {
        store::insert(ctx, new, &young_person, right.basis, right.from, note)?;
    }
    let new = replacement.as_ref().map(|(new, _)| new);
    store::mark_corrected(ctx, id, reason, new)?;
    ctx.record(
        Event::new("legal_status_corrected", "legal_status", id)
            .about(&young_person)
            .with(json!({
                "basis": right.map(|right| right.basis),
                "from": right.map(|right| right.from),
                "replaced_by": new,
            })),
    );
    Ok(young_person)
}

pub fn set_flag(
    ctx: &mut Ctx<'_>,
    young_person: &YoungPersonId,
    what: &FlagWords,
) -> Result<FlagId, Failure> {
    change_record(ctx, young_person)?;
    // A child who is not born yet may be on a plan.
    check_stretch(what.stretch, None, ctx.today)?;
    rules::may_flag(&store::flags(ctx, young_person)?, None, what)?;
    let id = FlagId::random();
    store::insert_flag(ctx, &id, young_person, what)?;
    ctx.record(
        Event::new("flag_set", "flag", &id)
            .about(young_person)
            .with(json!({ "flag": what.flag, "from": what.stretch.from, "to": what.stretch.to })),
    );
    Ok(id)
}

/// A flag with its young person, to be changed.
pub fn flag_to_change(ctx: &mut Ctx<'_>, id: &FlagId) -> Result<(Flagged, YoungPerson), Failure> {
    let flag = store::flag(ctx, id)?.ok_or(Failure::NotFound)?;
    let person = open_to_work(ctx, &flag.young_person)?;
    Ok((flag, person))
}

pub fn change_flag(
    ctx: &mut Ctx<'_>,
    id: &FlagId,
    version: i32,
    what: &FlagWords,
) -> Result<YoungPersonId, Failure> {
    let young_person = flag_to_change(ctx, id)?.0.young_person;
    change_record(ctx, &young_person)?;
    check_stretch(what.stretch, None, ctx.today)?;
    let flags = store::flags(ctx, &young_person)?;
    rules::may_flag(&flags, Some(id), what)?;
    let before = flags
        .into_iter()
        .find(|flag| flag.id == *id)
        .ok_or(Failure::NotFound)?
        .what;
    let mut changes = Changes::new();
    let (old, new) = (before.stretch, what.stretch);
    changes.compare("flag", Some(before.flag.words()), Some(what.flag.words()));
    changes.compare("from", Some(show(old.from)), Some(show(new.from)));
    changes.compare("to", old.to.map(show), new.to.map(show));
    changes.compare("note", before.note, what.note.as_ref());
    changes.compare(
        "recorded_in_error",
        before.in_error.then_some("Yes"),
        what.in_error.then_some("Yes"),
    );
    store::update_flag(ctx, id, version, what)?;
    changes.keep(ctx, "flag", id, &young_person)?;
    ctx.record(
        Event::new("flag_changed", "flag", id)
            .about(&young_person)
            .with(json!({ "fields": changes.fields(), "from": new.from, "to": new.to })),
    );
    Ok(young_person)
}
