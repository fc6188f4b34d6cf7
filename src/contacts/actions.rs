//! What is done about contacts: logging one, the same again today, changing one, and marking one
//! that should not be there.

use serde_json::json;

use super::rules::{self, Refusal};
use super::{Contact, NewContact, Told, Words, store};
use crate::access::Permission;
use crate::audit::Event;
use crate::cases::{self, Case};
use crate::ctx::Ctx;
use crate::failure::{Failure, FieldError};
use crate::history::Changes;
use crate::ids::{CaseId, ContactId, YoungPersonId};
use crate::tasks::{self, NewTask};
use crate::young_people;
use crate::young_people::actions::Opened;

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        match refusal.field() {
            Some(field) => Self::Invalid(vec![FieldError::new(field, refusal.to_string())]),
            None => Self::Refused(refusal.to_string()),
        }
    }
}

fn all_of(problems: &[Refusal]) -> Result<(), Failure> {
    if problems.is_empty() {
        return Ok(());
    }
    let errors = problems
        .iter()
        .filter_map(|refusal| Some(FieldError::new(refusal.field()?, refusal.to_string())));
    Err(Failure::Invalid(errors.collect()))
}

/// A contact that whoever acts may know, with those it was about. Nobody sees what is about
/// somebody whose record is closed to them.
pub fn open(
    ctx: &mut Ctx<'_>,
    id: &ContactId,
    permission: Permission,
) -> Result<(Contact, Vec<(Case, Opened)>), Failure> {
    let contact = store::find(ctx, id)?.ok_or(Failure::NotFound)?;
    if contact.people.is_empty() || (contact.partly_closed && permission != Permission::SeeRecord) {
        return Err(Failure::NotFound);
    }
    let mut opened = Vec::new();
    for person in &contact.people {
        opened.push(cases::actions::open(ctx, &person.case, permission)?);
    }
    Ok((contact, opened))
}

/// These cases to work on, held until the end with their young people.
fn hold(ctx: &mut Ctx<'_>, ids: &[CaseId]) -> Result<(Vec<Case>, bool), Failure> {
    let mut people: Vec<YoungPersonId> = Vec::new();
    let mut warned = false;
    for id in ids {
        let (case, opened) = cases::actions::open(ctx, id, Permission::WorkRecord)?;
        warned |= opened.person().has_warning();
        people.push(case.young_person);
    }
    // Everybody holds several children in the same order, so that no two wait for each other.
    people.sort();
    people.dedup();
    for person in &people {
        young_people::store::hold(ctx, person)?;
    }
    let mut cases = Vec::new();
    for id in ids {
        cases.push(cases::store::find(ctx, id)?.ok_or(Failure::NotFound)?);
    }
    Ok((cases, warned))
}

fn record(ctx: &mut Ctx<'_>, action: &'static str, id: &ContactId, told: &Told, cases: &[Case]) {
    for case in cases {
        ctx.record(
            Event::new(action, "contact", id)
                .about(&case.young_person)
                .with(json!({
                    "case": case.id,
                    "method": told.method,
                    "made": told.made,
                    "made_on": told.made_on,
                    "with_whom": told.with_whom,
                })),
        );
    }
}

/// Logs a contact. A follow-up becomes a task of whoever logs it.
pub fn log(ctx: &mut Ctx<'_>, new: &NewContact) -> Result<ContactId, Failure> {
    let mut ids: Vec<CaseId> = new.people.iter().map(|(case, _)| case.clone()).collect();
    ids.sort();
    ids.dedup();
    let (cases, warned) = hold(ctx, &ids)?;
    all_of(&rules::check(
        &new.told,
        &cases,
        warned,
        new.letter_confirmed,
        ctx.today,
    ))?;
    let words = |case: &Case| {
        new.people
            .iter()
            .find(|(id, _)| *id == case.id)
            .map(|(_, words)| words.clone())
            .unwrap_or_default()
    };
    let people: Vec<_> = cases
        .iter()
        .map(|case| (case.id.clone(), case.young_person.clone(), words(case)))
        .collect();
    let id = ContactId::random();
    store::insert(ctx, &id, &new.told, &people)?;
    record(ctx, "contact_logged", &id, &new.told, &cases);
    if let Some(follow_up) = &new.follow_up {
        let task = NewTask {
            officer: ctx.actor.user_id().cloned().ok_or(Failure::NotFound)?,
            what: follow_up.what.clone(),
            due_on: follow_up.on,
            contact: Some(id.clone()),
            about: people
                .into_iter()
                .map(|(case, young_person, _)| (case, young_person))
                .collect(),
        };
        tasks::actions::make(ctx, &task).map_err(of_the_follow_up)?;
    }
    Ok(id)
}

/// On the form of a contact the day of the task is the follow-up day.
fn of_the_follow_up(failure: Failure) -> Failure {
    match failure {
        Failure::Invalid(errors) => Failure::Invalid(
            errors
                .into_iter()
                .map(|error| match error.field.as_str() {
                    "due_on" => FieldError::new("follow_up_on", error.message),
                    _ => error,
                })
                .collect(),
        ),
        other => other,
    }
}

/// The same contact again, today: the same kind, with the same people about the same people. No
/// words are copied: what was said today is not what was said then.
pub fn again(ctx: &mut Ctx<'_>, id: &ContactId) -> Result<ContactId, Failure> {
    let (past, _) = open(ctx, id, Permission::WorkRecord)?;
    let ids: Vec<CaseId> = past.people.iter().map(|it| it.case.clone()).collect();
    let (cases, _) = hold(ctx, &ids)?;
    rules::may_repeat(&past, &cases, ctx.today)?;
    log(
        ctx,
        &NewContact {
            told: Told {
                made_on: ctx.today,
                minutes: None,
                note: None,
                ..past.told
            },
            people: ids.into_iter().map(|id| (id, Words::default())).collect(),
            // Whoever wrote the letter before it read the warnings then.
            letter_confirmed: true,
            follow_up: None,
        },
    )
}

/// Changes what is told of a contact. What stood there is kept.
pub fn change(
    ctx: &mut Ctx<'_>,
    id: &ContactId,
    version: i32,
    told: &Told,
    words: &[(CaseId, Words)],
    letter_confirmed: bool,
) -> Result<(), Failure> {
    let (contact, _) = open(ctx, id, Permission::WorkRecord)?;
    if contact.version != version {
        return Err(Failure::ChangedMeanwhile);
    }
    rules::must_stand(&contact)?;
    let ids: Vec<CaseId> = contact.people.iter().map(|it| it.case.clone()).collect();
    let (cases, warned) = hold(ctx, &ids)?;
    let confirmed = letter_confirmed || contact.told.method == told.method;
    all_of(&rules::check(told, &cases, warned, confirmed, ctx.today))?;
    let general = compared(&contact.told, told);
    let mut fields = general.fields();
    store::update(ctx, &contact, told, words)?;
    for person in &contact.people {
        // A change of what is about all of them is kept for each of them.
        general.keep(ctx, "contact", id, &person.young_person)?;
        let Some((_, next)) = words.iter().find(|(case, _)| *case == person.case) else {
            continue;
        };
        let mut own = Changes::new();
        own.compare(
            "note_about_them",
            person.words.note.as_ref(),
            next.note.as_ref(),
        );
        own.compare("own_words", person.words.own.as_ref(), next.own.as_ref());
        own.keep(ctx, "contact", id, &person.young_person)?;
        fields.extend(own.fields());
    }
    for person in &contact.people {
        ctx.record(
            Event::new("contact_changed", "contact", id)
                .about(&person.young_person)
                .with(json!({ "fields": fields })),
        );
    }
    Ok(())
}

fn compared(before: &Told, after: &Told) -> Changes {
    let made = |told: &Told| Some(if told.made { "made" } else { "attempted" });
    let mut changes = Changes::new();
    changes.compare(
        "how",
        Some(before.method.words()),
        Some(after.method.words()),
    );
    changes.compare("made_or_attempted", made(before), made(after));
    changes.compare("day", Some(before.made_on), Some(after.made_on));
    changes.compare(
        "with_whom",
        Some(before.with_whom.words()),
        Some(after.with_whom.words()),
    );
    changes.compare("name", before.with_name.as_ref(), after.with_name.as_ref());
    changes.compare("minutes", before.minutes, after.minutes);
    changes.compare("note", before.note.as_ref(), after.note.as_ref());
    changes
}

/// Marks a contact that should not be there. It stays readable, with the reason.
pub fn mark_in_error(
    ctx: &mut Ctx<'_>,
    id: &ContactId,
    version: i32,
    reason: &str,
) -> Result<(), Failure> {
    let (contact, _) = open(ctx, id, Permission::WorkRecord)?;
    if contact.version != version {
        return Err(Failure::ChangedMeanwhile);
    }
    rules::must_stand(&contact)?;
    store::set_in_error(ctx, &contact, reason)?;
    let mut changes = Changes::new();
    changes.compare("recorded_in_error", None::<&str>, Some(reason));
    for person in &contact.people {
        changes.keep(ctx, "contact", id, &person.young_person)?;
        ctx.record(
            Event::new("contact_recorded_in_error", "contact", id).about(&person.young_person),
        );
    }
    Ok(())
}
