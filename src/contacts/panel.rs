//! What other pages show of contacts.

use serde::Serialize;

use super::{Contact, store};
use crate::access::Role;
use crate::calendar::show as day;
use crate::cases::Case;
use crate::ctx::Ctx;
use crate::failure::Failure;
use crate::ids::{CaseId, YoungPersonId};
use crate::web::{Form, view};

/// How many contacts the page of a case shows.
const SHOWN: i64 = 3;

/// The latest contacts of a case, as its page shows them.
#[derive(Serialize)]
pub struct Panel {
    case: CaseId,
    may_log: bool,
    contacts: Vec<Line>,
    total_words: String,
}

/// One contact, in words.
#[derive(Serialize)]
pub(super) struct Line {
    href: String,
    title: String,
    meta: String,
    attempted: bool,
    note: Option<String>,
    people: Vec<PersonView>,
    /// For "Again, today"; none where that cannot be.
    again_form: Option<Form>,
    again_action: String,
}

#[derive(Serialize)]
pub(super) struct PersonView {
    person: String,
    href: String,
    note: Option<String>,
    own_words: Option<String>,
}

impl Line {
    pub(super) fn of(contact: &Contact, may_repeat: bool) -> Self {
        Self {
            href: format!("/contacts/{}", contact.id),
            title: contact.told.title(),
            meta: meta(contact),
            attempted: !contact.told.made,
            note: contact.told.note.clone(),
            people: contact
                .people
                .iter()
                .map(|person| PersonView {
                    person: person.name.clone(),
                    href: format!("/cases/{}", person.case),
                    note: person.words.note.clone(),
                    own_words: person.words.own.clone(),
                })
                .collect(),
            again_form: (may_repeat && !contact.partly_closed && contact.error_reason.is_none())
                .then(Form::new),
            again_action: format!("/contacts/{}/again", contact.id),
        }
    }
}

/// "3 January 2022, 20 minutes, Ms Khan, recorded by Olive".
fn meta(contact: &Contact) -> String {
    let told = &contact.told;
    let mut parts = vec![day(told.made_on)];
    if let Some(minutes) = told.minutes {
        parts.push(view::count(i64::from(minutes), "minute", "minutes"));
    }
    parts.extend(told.with_name.clone());
    parts.push(format!("recorded by {}", contact.recorded_by));
    parts.join(", ")
}

pub(super) fn may_work(ctx: &Ctx<'_>) -> bool {
    matches!(ctx.actor.role(), Some(Role::Officer | Role::SeniorOfficer))
}

pub fn of_case(ctx: &mut Ctx<'_>, case: &Case) -> Result<Panel, Failure> {
    let (contacts, total) = store::of_case(ctx, &case.id, false, SHOWN, 0)?;
    let may_log = case.open_spell().is_some() && may_work(ctx);
    Ok(Panel {
        case: case.id.clone(),
        may_log,
        contacts: contacts
            .iter()
            .map(|contact| Line::of(contact, may_log))
            .collect(),
        total_words: view::count(total, "contact", "contacts"),
    })
}

/// What was said and done with a young person, over all their cases.
pub fn timeline(ctx: &mut Ctx<'_>, id: &YoungPersonId) -> Result<Vec<view::Entry>, Failure> {
    Ok(store::of_young_person(ctx, id)?
        .into_iter()
        .map(|contact| {
            let others = contact.people.len().saturating_sub(1);
            let mut meta = meta(&contact);
            if others > 0 {
                let others = i64::try_from(others).unwrap_or(i64::MAX);
                meta = format!(
                    "{meta}; also about {}",
                    view::count(others, "other", "others")
                );
            }
            let theirs = contact
                .people
                .iter()
                .filter(|person| person.young_person == *id);
            let notes = contact.told.note.iter().chain(
                theirs
                    .clone()
                    .filter_map(|person| person.words.note.as_ref()),
            );
            let own = theirs.filter_map(|person| person.words.own.as_ref());
            view::Entry {
                on: contact.told.made_on,
                kind: "contact",
                title: contact.told.title(),
                meta,
                note: joined(notes),
                own_words: joined(own),
                href: Some(format!("/contacts/{}", contact.id)),
            }
        })
        .collect())
}

fn joined<'w>(words: impl Iterator<Item = &'w String>) -> Option<String> {
    let words: Vec<&str> = words.map(String::as_str).collect();
    (!words.is_empty()).then(|| words.join("\n\n"))
}
