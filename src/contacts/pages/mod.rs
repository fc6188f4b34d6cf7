//! The pages of contacts: logging one, reading one, changing one, and all those of a case.

mod change;
mod log;
mod show;

pub use change::{edit, edit_sent, in_error, in_error_sent};
pub use log::{choose, log, log_sent};
pub use show::{again, of_case, show};

use serde::Serialize;
use serde_json::Value;

use super::{Told, WithWhom};
use crate::cases::Case;
use crate::ids::CaseId;
use crate::referrals::Method;
use crate::text::{NAME_LENGTH, NARRATIVE_LENGTH};
use crate::web::{Failed, Form, view};
use crate::young_people::actions::Opened;
use crate::young_people::identity_bar;

/// The box for a note about one of the young people.
fn note_field(case: &CaseId) -> String {
    format!("note-{case}")
}

/// The box for what one of them said.
fn words_field(case: &CaseId) -> String {
    format!("words-{case}")
}

/// What every form of a contact asks.
fn told_form() -> Form {
    Form::new()
        .choice(
            "method",
            Method::ALL.iter().map(|it| (it.code(), it.words())),
        )
        .field("attempted")
        .choice(
            "with_whom",
            WithWhom::ALL.iter().map(|it| (it.code(), it.words())),
        )
        .field("with_name")
        .date("made_on")
        .field("minutes")
        .field("note")
        .field("letter_confirmed")
}

/// Reads what every form of a contact asks; none when something is wrong.
fn read_told(form: &mut Form) -> Option<Told> {
    let method = form.chosen("method", Method::from_code, "Choose how it was");
    let with_whom = form.chosen("with_whom", WithWhom::from_code, "Choose with whom it was");
    let made_on = form.date_required("made_on", "The day of the contact");
    let with_name = form.text("with_name", NAME_LENGTH);
    let minutes = form.text("minutes", NAME_LENGTH);
    let minutes = match minutes.as_str() {
        "" => None,
        typed => match typed.parse() {
            Ok(minutes) => Some(minutes),
            Err(_) => {
                form.add_error("minutes", super::rules::Refusal::Minutes.to_string());
                None
            }
        },
    };
    let note = form.text("note", NARRATIVE_LENGTH);
    Some(Told {
        method: method?,
        made: !form.yes("attempted"),
        made_on: made_on?,
        with_whom: with_whom?,
        with_name: said(with_name),
        minutes,
        note: said(note),
    })
}

fn said(text: String) -> Option<String> {
    Some(text).filter(|text| !text.is_empty())
}

/// The bars at the top of a form: everybody it is about, with their warnings.
fn identities(people: &[(Case, Opened)], today: chrono::NaiveDate) -> Vec<view::Identity> {
    people
        .iter()
        .map(|(case, opened)| {
            let state = match case.open_spell() {
                Some(_) => "Case open",
                None => "Case closed",
            };
            identity_bar(opened.person(), today, state)
        })
        .collect()
}

/// Has anybody of them a warning?
fn warned(identities: &[view::Identity]) -> bool {
    identities.iter().any(|it| !it.warnings.is_empty())
}

/// The two boxes for one of those it is about.
#[derive(Serialize)]
struct Boxes {
    words: Value,
    words_label: String,
    note: Value,
    note_label: String,
}

/// The boxes of a form that have a name of their own for each young person.
fn boxes<'p>(
    form: &Form,
    people: impl Iterator<Item = (&'p CaseId, &'p str)>,
) -> Result<Vec<Boxes>, Failed> {
    let fields = serde_json::to_value(form)
        .map_err(|_| Failed::fault("the form of a contact cannot be shown"))?;
    let field = |name: &str| fields.get(name).cloned().unwrap_or_default();
    Ok(people
        .map(|(case, name)| Boxes {
            words: field(&words_field(case)),
            words_label: format!("What {name} said, in their own words"),
            note: field(&note_field(case)),
            note_label: format!("Your note about {name}"),
        })
        .collect())
}
