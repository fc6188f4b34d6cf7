//! What is done about young people: opening their records, adding them, and taking in what another
//! system now says.

use std::collections::HashMap;

use serde_json::json;

use super::rules::Refusal;
use super::search::rules::{Fit, NameWord};
use super::search::store::Near;
use super::search::{self, Found, Why};
use super::{Described, SourceRef, YoungPerson, store, warnings};
use crate::access::{Decision, Permission, Relationship, decide};
use crate::audit::Event;
use crate::calendar::dates::parse_date;
use crate::calendar::show;
use crate::ctx::Ctx;
use crate::failure::{Failure, FieldError};
use crate::history::Changes;
use crate::ids::{UserId, YoungPersonId};
use crate::text::{letters_and_digits, name_words};

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        Self::Invalid(vec![FieldError::new(refusal.field(), refusal.to_string())])
    }
}

/// A young person that whoever acts may know: made by [`open_record`] alone, which decides and
/// notes the look.
#[derive(Debug, Clone)]
pub struct Opened(YoungPerson);

impl Opened {
    #[must_use]
    pub fn person(&self) -> &YoungPerson {
        &self.0
    }
}

/// Opens a record to look at or to work on. Looking is an event like changing.
pub fn open_record(
    ctx: &mut Ctx<'_>,
    id: &YoungPersonId,
    permission: Permission,
    relationship: Relationship,
    page: &'static str,
) -> Result<Opened, Failure> {
    // The address of a record that was merged leads to the one it was merged into.
    let id = &store::standing(ctx, id)?;
    let relationship = match store::closed_to_me(ctx)?.contains(id) {
        true => Relationship::Closed,
        false => relationship,
    };
    if decide(ctx.actor, permission, relationship) == Decision::Denied {
        return Err(Failure::NotFound);
    }
    let mut person = store::find(ctx, id)?.ok_or(Failure::NotFound)?;
    person.warnings = warnings::store::in_force(ctx, id)?;
    person.restricted = !store::closed_to(ctx, id)?.is_empty();
    if permission == Permission::SeeRecord {
        ctx.record(
            Event::new("looked_at", "young_person", id)
                .about(id)
                .with(json!({ "page": page, "as": relationship.code() })),
        );
    }
    Ok(Opened(person))
}

/// How whoever acts stands to a young person.
pub fn relationship(ctx: &mut Ctx<'_>, id: &YoungPersonId) -> Result<Relationship, Failure> {
    Ok(if store::reason_holds(ctx, id)? {
        Relationship::ReasonStated
    } else if store::is_mine(ctx, id)? {
        Relationship::Own
    } else if store::i_cover(ctx, id)? {
        Relationship::Cover
    } else {
        Relationship::Team
    })
}

/// Opens a record to be looked at, on a page that is about the young person and no case.
pub fn open_to_see(
    ctx: &mut Ctx<'_>,
    id: &YoungPersonId,
    page: &'static str,
) -> Result<Opened, Failure> {
    let relationship = relationship(ctx, id)?;
    open_record(ctx, id, Permission::SeeRecord, relationship, page)
}

/// Opens a record to be changed: may whoever acts do that at all?
pub fn open_to_work(ctx: &mut Ctx<'_>, id: &YoungPersonId) -> Result<YoungPerson, Failure> {
    let relationship = relationship(ctx, id)?;
    Ok(open_record(ctx, id, Permission::WorkRecord, relationship, "change")?.0)
}

/// Opens a record to change it now, and holds it to the end.
pub fn change_record(ctx: &mut Ctx<'_>, id: &YoungPersonId) -> Result<YoungPerson, Failure> {
    open_to_work(ctx, id)?;
    store::hold(ctx, id)?;
    open_to_work(ctx, id)
}

/// May this officer be given the work for this young person? Not where the record is closed to
/// them; why it is stays unsaid.
pub fn may_be_given_to(
    ctx: &mut Ctx<'_>,
    id: &YoungPersonId,
    officer: &UserId,
) -> Result<(), Failure> {
    if store::closed_to(ctx, id)?.contains(officer) {
        return Err(Failure::Invalid(vec![FieldError::new(
            "officer",
            "This cannot be given to that officer: choose another one, or ask the senior officer",
        )]));
    }
    Ok(())
}

pub fn add(
    ctx: &mut Ctx<'_>,
    described: &Described,
    source: Option<&SourceRef>,
) -> Result<YoungPersonId, Failure> {
    let id = YoungPersonId::random();
    store::insert(ctx, &id, described)?;
    if let Some(source) = source {
        store::insert_ref(ctx, &id, source)?;
    }
    ctx.record(Event::new("young_person_added", "young_person", &id).about(&id));
    Ok(id)
}

/// Notes that another system knows this person by a reference.
pub fn link(ctx: &mut Ctx<'_>, id: &YoungPersonId, source: &SourceRef) -> Result<(), Failure> {
    store::insert_ref(ctx, id, source)?;
    ctx.record(
        Event::new("young_person_linked", "young_person", id)
            .about(id)
            .with(json!({ "source": source.source })),
    );
    Ok(())
}

/// Takes in what another system now says. What it leaves blank stays as it was: silence is not a
/// correction. Answers whether anything changed.
pub fn describe_again(
    ctx: &mut Ctx<'_>,
    person: &YoungPerson,
    described: &Described,
) -> Result<bool, Failure> {
    let mut next = described.clone();
    next.date_of_birth = next.date_of_birth.or(person.date_of_birth);
    for (new, old) in [
        (&mut next.details.gender, &person.details.gender),
        (&mut next.details.ethnicity, &person.details.ethnicity),
        (&mut next.details.language, &person.details.language),
        (
            &mut next.details.communication_needs,
            &person.details.communication_needs,
        ),
        (&mut next.contact_warning, &person.contact_warning),
    ] {
        if new.is_none() {
            new.clone_from(old);
        }
    }
    let changes = compared(person, &next);
    if changes.is_empty() {
        return Ok(false);
    }
    store::update(ctx, person, &next)?;
    changes.keep(ctx, HISTORY, &person.id, &person.id)?;
    ctx.record(
        Event::new("young_person_changed", "young_person", &person.id)
            .about(&person.id)
            .with(json!({ "fields": changes.fields() })),
    );
    Ok(true)
}

/// The kind under which the history of what is said of a young person is kept.
pub const HISTORY: &str = "young_person";

/// What a new description changes.
pub(super) fn compared(person: &YoungPerson, next: &Described) -> Changes {
    let (old, new) = (&person.details, &next.details);
    let mut changes = Changes::new();
    for (field, before, after) in [
        ("gender", &old.gender, &new.gender),
        ("ethnicity", &old.ethnicity, &new.ethnicity),
        ("language", &old.language, &new.language),
        (
            "communication_needs",
            &old.communication_needs,
            &new.communication_needs,
        ),
        (
            "contact_warning",
            &person.contact_warning,
            &next.contact_warning,
        ),
    ] {
        changes.compare(field, before.as_ref(), after.as_ref());
    }
    changes.compare(
        "first_name",
        Some(&person.first_name),
        Some(&next.first_name),
    );
    changes.compare("last_name", Some(&person.last_name), Some(&next.last_name));
    let days = (person.date_of_birth.map(show), next.date_of_birth.map(show));
    changes.compare("date_of_birth", days.0, days.1);
    changes
}

/// How long a stated reason opens a record.
const REASON_HOLDS: chrono::Duration = chrono::Duration::hours(8);

/// A manager says why they need to see one named record. It is logged, and the senior officer
/// sees it.
pub fn state_reason(ctx: &mut Ctx<'_>, id: &YoungPersonId, reason: &str) -> Result<(), Failure> {
    if decide(ctx.actor, Permission::StateReason, Relationship::General) == Decision::Denied {
        return Err(Failure::NotFound);
    }
    store::find(ctx, id)?.ok_or(Failure::NotFound)?;
    if store::closed_to_me(ctx)?.contains(id) {
        return Err(Failure::NotFound);
    }
    let me = ctx.actor.user_id().cloned().ok_or(Failure::NotFound)?;
    store::insert_reason(ctx, id, &me, reason, ctx.now + REASON_HOLDS)?;
    ctx.record(Event::new("reason_stated", "young_person", id).about(id));
    Ok(())
}

/// The most people that a search answers.
pub const FOUND: usize = 100;

/// How many candidates are looked at before they are ranked.
const CANDIDATES: i64 = 120;

/// Finds people by the words of a name in any order, by a reference, or by a date of birth, the
/// best first. That somebody searched is on record; what for is not.
pub fn find(ctx: &mut Ctx<'_>, text: &str) -> Result<Vec<Found>, Failure> {
    if decide(ctx.actor, Permission::SeeCasework, Relationship::General) == Decision::Denied {
        return Err(Failure::NotFound);
    }
    let mut found = found(ctx, text.trim())?;
    found.truncate(FOUND);
    ctx.record(Event::new("searched", "young_people", "-").with(json!({ "found": found.len() })));
    Ok(found)
}

/// The same, as ids.
pub fn search(ctx: &mut Ctx<'_>, text: &str) -> Result<Vec<YoungPersonId>, Failure> {
    Ok(find(ctx, text)?
        .into_iter()
        .map(|found| found.person.id)
        .collect())
}

fn found(ctx: &mut Ctx<'_>, text: &str) -> Result<Vec<Found>, Failure> {
    let closed = store::closed_to_me(ctx)?;
    let born = match parse_date(text) {
        Ok(born) => search::store::born_on(ctx, born, CANDIDATES)?,
        Err(_) => Vec::new(),
    };
    let typed: Vec<String> = name_words(&[text])
        .into_iter()
        .take(search::rules::WORDS)
        .collect();
    let named = by_name(ctx, &typed, &closed)?;
    // A reference mostly has a digit; letters alone are the beginning of one only where they are
    // nobody's name.
    let referred = match named.is_empty() || text.chars().any(|c| c.is_ascii_digit()) {
        true => search::store::by_reference(ctx, text, CANDIDATES)?,
        false => Vec::new(),
    };

    // What was found by a record that was merged is the record it was merged into.
    let all: Vec<YoungPersonId> = [&born, &referred, &named]
        .into_iter()
        .flatten()
        .cloned()
        .collect();
    if all.is_empty() {
        return Ok(Vec::new());
    }
    let merged: HashMap<YoungPersonId, YoungPersonId> =
        store::merged_of(ctx, &all)?.into_iter().collect();
    let stands = |id: &YoungPersonId| merged.get(id).unwrap_or(id).clone();
    let mut ids: Vec<YoungPersonId> = all.iter().map(stands).collect();
    ids.sort();
    ids.dedup();
    ids.retain(|id| !closed.contains(id));

    let mut words: HashMap<YoungPersonId, Vec<NameWord>> = HashMap::new();
    let wanted: Vec<YoungPersonId> = ids.iter().chain(merged.keys()).cloned().collect();
    for (id, word) in search::store::words_of(ctx, &wanted)? {
        words.entry(stands(&id)).or_default().push(NameWord {
            merged: merged.contains_key(&id),
            ..word
        });
    }
    let references = search::store::references_of(ctx, &ids)?;
    let mut ranked: Vec<(f64, Found)> = Vec::new();
    for person in store::by_ids(ctx, &ids)? {
        let theirs = references.get(&person.id).map_or(&[][..], Vec::as_slice);
        let by_name = words
            .get(&person.id)
            .filter(|_| !typed.is_empty())
            .and_then(|words| search::rules::rank(&typed, words));
        let (score, why) = if born.iter().any(|id| stands(id) == person.id) {
            (100.0, Why::Born)
        } else if let Some(place) = referred.iter().position(|id| stands(id) == person.id) {
            let asked = letters_and_digits(text);
            let named = theirs
                .iter()
                .find(|it| letters_and_digits(it).starts_with(&asked));
            let place = u32::try_from(place).unwrap_or(u32::MAX);
            (
                99.0 - f64::from(place) / 1_000.0,
                Why::Reference(named.map_or_else(|| text.to_owned(), Clone::clone)),
            )
        } else if let Some(by_name) = by_name {
            by_name
        } else {
            continue;
        };
        ranked.push((
            score,
            Found {
                reference: theirs.first().cloned(),
                person,
                why,
            },
        ));
    }
    // Those who fit equally well stay in the order of their names.
    ranked.sort_by(|(a, _), (b, _)| b.total_cmp(a));
    Ok(ranked.into_iter().map(|(_, found)| found).collect())
}

/// Candidates by name: first those with the very words, then with words that begin so or sound
/// so, then with words spelt nearly so. Each step is a look into an index, and the next is only
/// taken while there is room.
fn by_name(
    ctx: &mut Ctx<'_>,
    typed: &[String],
    closed: &[YoungPersonId],
) -> Result<Vec<YoungPersonId>, Failure> {
    let mut found: Vec<YoungPersonId> = Vec::new();
    if typed.is_empty() {
        return Ok(found);
    }
    for near in [Near::Exact, Near::Begins, Near::Sounds] {
        let near: Vec<Near> = typed.iter().cloned().map(near).collect();
        for id in search::store::with_words(ctx, &near, closed, CANDIDATES)? {
            if !found.contains(&id) {
                found.push(id);
            }
        }
        if found.len() >= FOUND {
            return Ok(found);
        }
    }
    if found.is_empty() {
        let mut near = Vec::new();
        for word in typed {
            let Some(letter) = word.chars().next() else {
                continue;
            };
            let words: Vec<String> = search::store::words_beginning(ctx, letter)?
                .into_iter()
                .filter(|known| search::rules::fit(word, known) > Fit::Not)
                .collect();
            // A word that is nobody's, however it is spelt: the others must do.
            if !words.is_empty() {
                near.push(Near::OneOf(words));
            }
        }
        if !near.is_empty() {
            found = search::store::with_words(ctx, &near, closed, CANDIDATES)?;
        }
    }
    Ok(found)
}

/// Can everybody on record be found by a search?
pub fn all_have_keys(ctx: &mut Ctx<'_>) -> Result<bool, Failure> {
    search::store::all_have_keys(ctx)
}

/// Gives some of those who came on record before there were search keys theirs. Answers whom it
/// came to, and none at the end.
pub fn key_some(
    ctx: &mut Ctx<'_>,
    after: Option<&YoungPersonId>,
) -> Result<Option<YoungPersonId>, Failure> {
    search::store::key_some(ctx, after)
}
