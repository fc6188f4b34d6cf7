//! How the words that people are found by are kept, and asked.

use std::collections::HashMap;

use chrono::NaiveDate;
use diesel::prelude::*;

use super::Part;
use super::rules::{NameWord, sounds};
use crate::ctx::Ctx;
use crate::db::Link;
use crate::db::schema::{name_keys, reference_keys, referrals, young_people, young_person_refs};
use crate::each_db;
use crate::failure::Failure;
use crate::ids::YoungPersonId;
use crate::text::{letters_and_digits, name_words};

/// How many people are keyed at once where many were on record before there were keys.
const AT_ONCE: i64 = 1_000;

#[derive(Insertable)]
#[diesel(table_name = name_keys)]
struct NameKey {
    young_person_id: YoungPersonId,
    kind: Part,
    word: String,
    sound: Option<String>,
    other_sound: Option<String>,
    date_of_birth: Option<NaiveDate>,
    /// By which those who share the word are in order.
    name: String,
}

#[derive(Insertable)]
#[diesel(table_name = reference_keys)]
struct ReferenceKey {
    reference: String,
    young_person_id: YoungPersonId,
}

type Names = (
    YoungPersonId,
    String,
    String,
    Option<String>,
    Option<NaiveDate>,
);

/// Writes somebody's words anew: after every change of a name, in its transaction.
pub(in crate::young_people) fn rekey(ctx: &mut Ctx<'_>, id: &YoungPersonId) -> Result<(), Failure> {
    diesel::delete(name_keys::table.filter(name_keys::young_person_id.eq(id))).execute(ctx.conn)?;
    let named: Names = young_people::table
        .filter(young_people::id.eq(id))
        .select((
            young_people::id,
            young_people::first_name,
            young_people::last_name,
            young_people::known_as,
            young_people::date_of_birth,
        ))
        .first(ctx.conn)?;
    insert_names(ctx, &[named])
}

fn insert_names(ctx: &mut Ctx<'_>, people: &[Names]) -> Result<(), Failure> {
    let mut keys: Vec<NameKey> = Vec::new();
    for (id, first_name, last_name, known_as, born) in people {
        let name = format!("{last_name} {first_name}");
        let parts = [
            (Part::FullName, name_words(&[first_name, last_name])),
            (
                Part::KnownAs,
                name_words(&[known_as.as_deref().unwrap_or_default()]),
            ),
        ];
        let before = keys.len();
        for (kind, mut words) in parts {
            words.sort();
            words.dedup();
            keys.extend(
                words
                    .into_iter()
                    .map(|word| key(id, kind, word, *born, &name)),
            );
        }
        // A name without a letter: nobody finds it by a word, and nobody is keyed twice.
        if keys.len() == before {
            keys.push(key(id, Part::FullName, String::new(), *born, &name));
        }
    }
    for chunk in keys.chunks(500) {
        each_db!(ctx.conn, c => diesel::insert_into(name_keys::table).values(chunk).execute(c)?);
    }
    Ok(())
}

fn key(
    id: &YoungPersonId,
    kind: Part,
    word: String,
    born: Option<NaiveDate>,
    name: &str,
) -> NameKey {
    let (sound, other_sound) = sounds(&word);
    NameKey {
        young_person_id: id.clone(),
        kind,
        word,
        sound,
        other_sound,
        date_of_birth: born,
        name: name.to_owned(),
    }
}

/// Keeps a reference that somebody, or one of their referrals, is known by elsewhere.
pub(crate) fn keep_reference(
    ctx: &mut Ctx<'_>,
    id: &YoungPersonId,
    reference: &str,
) -> Result<(), Failure> {
    insert_references(ctx, vec![(id.clone(), reference.to_owned())])
}

fn insert_references(
    ctx: &mut Ctx<'_>,
    references: Vec<(YoungPersonId, String)>,
) -> Result<(), Failure> {
    let keys: Vec<ReferenceKey> = references
        .into_iter()
        .map(|(young_person_id, reference)| ReferenceKey {
            reference: letters_and_digits(&reference),
            young_person_id,
        })
        .filter(|key| !key.reference.is_empty())
        .collect();
    for key in keys {
        each_db!(ctx.conn, c => diesel::insert_into(reference_keys::table)
            .values(key)
            .on_conflict_do_nothing()
            .execute(c)?);
    }
    Ok(())
}

pub(in crate::young_people) fn all_have_keys(ctx: &mut Ctx<'_>) -> Result<bool, Failure> {
    use diesel::dsl::{exists, not};
    let without: Option<YoungPersonId> = young_people::table
        .filter(not(exists(
            name_keys::table.filter(name_keys::young_person_id.eq(young_people::id)),
        )))
        .select(young_people::id)
        .first(ctx.conn)
        .optional()?;
    Ok(without.is_none())
}

/// Keys some of those who have no words yet, in order of their ids; answers the last, or none when
/// everybody has theirs.
pub(in crate::young_people) fn key_some(
    ctx: &mut Ctx<'_>,
    after: Option<&YoungPersonId>,
) -> Result<Option<YoungPersonId>, Failure> {
    use diesel::dsl::{exists, not};
    let after = after.map_or("", YoungPersonId::as_str).to_owned();
    let people: Vec<Names> = young_people::table
        .filter(young_people::id.gt(after))
        .filter(not(exists(
            name_keys::table.filter(name_keys::young_person_id.eq(young_people::id)),
        )))
        .order(young_people::id)
        .limit(AT_ONCE)
        .select((
            young_people::id,
            young_people::first_name,
            young_people::last_name,
            young_people::known_as,
            young_people::date_of_birth,
        ))
        .load(ctx.conn)?;
    insert_names(ctx, &people)?;
    let ids: Vec<&YoungPersonId> = people.iter().map(|(id, ..)| id).collect();
    let mut references: Vec<(YoungPersonId, String)> = young_person_refs::table
        .filter(young_person_refs::young_person_id.eq_any(ids.clone()))
        .select((
            young_person_refs::young_person_id,
            young_person_refs::source_ref,
        ))
        .load(ctx.conn)?;
    references.extend(
        referrals::table
            .filter(referrals::young_person_id.eq_any(ids))
            .filter(referrals::external_ref.is_not_null())
            .select((
                referrals::young_person_id,
                referrals::external_ref.assume_not_null(),
            ))
            .load::<(YoungPersonId, String)>(ctx.conn)?,
    );
    insert_references(ctx, references)?;
    Ok(people.into_iter().last().map(|(id, ..)| id))
}

/// How near a word of a name must be to one that was typed.
#[derive(Debug, Clone)]
pub(in crate::young_people) enum Near {
    Exact(String),
    /// The word itself, or it begins so.
    Begins(String),
    /// It begins so, or sounds like it.
    Sounds(String),
    /// One of these words.
    OneOf(Vec<String>),
}

/// A walk along one index of words, in the order of the names behind them.
enum Walk {
    Between(String, String),
    OneOf(Vec<String>),
    Sound(String),
    OtherSound(String),
}

impl Near {
    /// A long word is rarer than a short one.
    fn length(&self) -> usize {
        match self {
            Self::Exact(word) | Self::Begins(word) | Self::Sounds(word) => word.len(),
            Self::OneOf(words) => words.iter().map(String::len).max().unwrap_or(0),
        }
    }

    /// The words themselves, a range of words, and sounds: one of them must fit.
    fn terms(&self) -> (Vec<String>, (String, String), Vec<String>) {
        // Nothing lies between nothing and nothing.
        let nowhere = (String::new(), String::new());
        match self {
            Self::Exact(word) => (vec![word.clone()], nowhere, Vec::new()),
            Self::OneOf(words) => (words.clone(), nowhere, Vec::new()),
            Self::Begins(word) => (Vec::new(), range(word), Vec::new()),
            Self::Sounds(word) => {
                let (first, other) = sounds(word);
                let heard = [first, other].into_iter().flatten().collect();
                (Vec::new(), range(word), heard)
            }
        }
    }

    fn walks(&self) -> Vec<Walk> {
        let (words, (from, to), heard) = self.terms();
        let mut walks = Vec::new();
        if !words.is_empty() {
            walks.push(Walk::OneOf(words));
        }
        if !to.is_empty() {
            walks.push(Walk::Between(from, to));
        }
        for sound in heard {
            walks.push(Walk::Sound(sound.clone()));
            walks.push(Walk::OtherSound(sound));
        }
        walks
    }
}

/// Everything that begins with this lies between the two.
fn range(beginning: &str) -> (String, String) {
    // After every letter and digit.
    (beginning.to_owned(), format!("{beginning}~"))
}

/// Some of those with a word near each of those typed. `but` are left out.
///
/// The index of the longest word is walked, and each person met is asked for the other words, until
/// there are enough: however many share a name, no more of them are read.
pub(in crate::young_people) fn with_words(
    ctx: &mut Ctx<'_>,
    typed: &[Near],
    but: &[YoungPersonId],
    limit: i64,
) -> Result<Vec<YoungPersonId>, Failure> {
    let longest = typed
        .iter()
        .enumerate()
        .max_by_key(|(_, near)| near.length());
    let Some((at, longest)) = longest else {
        return Ok(Vec::new());
    };
    let others = typed.iter().enumerate().filter(|(other, _)| *other != at);
    let others: Vec<_> = others.map(|(_, near)| near.terms()).collect();
    let mut found = Vec::new();
    for walk in longest.walks() {
        for id in walked(ctx, &walk, &others, but, limit)? {
            if !found.contains(&id) {
                found.push(id);
            }
        }
    }
    Ok(found)
}

type Terms = (Vec<String>, (String, String), Vec<String>);

fn walked(
    ctx: &mut Ctx<'_>,
    walk: &Walk,
    others: &[Terms],
    but: &[YoungPersonId],
    limit: i64,
) -> Result<Vec<YoungPersonId>, Failure> {
    use diesel::dsl::exists;
    let other = diesel::alias!(name_keys as others);
    // Boxed for each engine by itself: a query within a query cannot be boxed for both at once.
    macro_rules! asked {
        ($conn:expr, $engine:ty) => {{
            let mut query = name_keys::table
                .select(name_keys::young_person_id)
                .limit(limit)
                .into_boxed::<$engine>();
            query = match walk {
                Walk::OneOf(words) => query
                    .filter(name_keys::word.eq_any(words))
                    .order((name_keys::word, name_keys::name)),
                Walk::Between(from, to) => query
                    .filter(name_keys::word.ge(from).and(name_keys::word.lt(to)))
                    .order((name_keys::word, name_keys::name)),
                Walk::Sound(sound) => query
                    .filter(name_keys::sound.eq(sound))
                    .order(name_keys::name),
                Walk::OtherSound(sound) => query
                    .filter(name_keys::other_sound.eq(sound))
                    .order(name_keys::name),
            };
            if !but.is_empty() {
                query = query.filter(name_keys::young_person_id.ne_all(but));
            }
            for (words, (from, to), heard) in others {
                let theirs = other
                    .field(name_keys::young_person_id)
                    .eq(name_keys::young_person_id);
                let word = other.field(name_keys::word);
                let fits = word
                    .eq_any(words)
                    .or(word.ge(from).and(word.lt(to)))
                    .or(other.field(name_keys::sound).eq_any(heard))
                    .or(other.field(name_keys::other_sound).eq_any(heard));
                query = query.filter(exists(other.filter(theirs).filter(fits)));
            }
            query.load($conn)?
        }};
    }
    Ok(match ctx.conn {
        Link::Postgres(conn) => asked!(conn, diesel::pg::Pg),
        Link::Sqlite(conn) => asked!(conn, diesel::sqlite::Sqlite),
    })
}

/// Every word of anybody's name that begins with this letter.
pub(in crate::young_people) fn words_beginning(
    ctx: &mut Ctx<'_>,
    letter: char,
) -> Result<Vec<String>, Failure> {
    let (from, to) = range(&letter.to_string());
    Ok(name_keys::table
        .filter(name_keys::word.ge(from))
        .filter(name_keys::word.lt(to))
        .select(name_keys::word)
        .distinct()
        .load(ctx.conn)?)
}

/// Those who are known by a reference, or one that begins so; the shortest reference first.
pub(in crate::young_people) fn by_reference(
    ctx: &mut Ctx<'_>,
    text: &str,
    limit: i64,
) -> Result<Vec<YoungPersonId>, Failure> {
    let reference = letters_and_digits(text);
    if reference.is_empty() {
        return Ok(Vec::new());
    }
    let (from, to) = range(&reference);
    Ok(reference_keys::table
        .filter(reference_keys::reference.ge(from))
        .filter(reference_keys::reference.lt(to))
        .order((reference_keys::reference, reference_keys::young_person_id))
        .limit(limit)
        .select(reference_keys::young_person_id)
        .load(ctx.conn)?)
}

pub(in crate::young_people) fn born_on(
    ctx: &mut Ctx<'_>,
    born: NaiveDate,
    limit: i64,
) -> Result<Vec<YoungPersonId>, Failure> {
    Ok(young_people::table
        .filter(young_people::date_of_birth.eq(born))
        .order((
            young_people::last_name,
            young_people::first_name,
            young_people::id,
        ))
        .limit(limit)
        .select(young_people::id)
        .load(ctx.conn)?)
}

/// The words of these people, each with whose it is. What was merged is not known here.
pub(in crate::young_people) fn words_of(
    ctx: &mut Ctx<'_>,
    ids: &[YoungPersonId],
) -> Result<Vec<(YoungPersonId, NameWord)>, Failure> {
    type Columns = (YoungPersonId, Part, String, Option<String>, Option<String>);
    let rows: Vec<Columns> = name_keys::table
        .filter(name_keys::young_person_id.eq_any(ids))
        .select((
            name_keys::young_person_id,
            name_keys::kind,
            name_keys::word,
            name_keys::sound,
            name_keys::other_sound,
        ))
        .load(ctx.conn)?;
    Ok(rows
        .into_iter()
        .map(|(id, part, word, sound, other_sound)| {
            let word = NameWord {
                word,
                heard: (sound, other_sound),
                part,
                merged: false,
            };
            (id, word)
        })
        .collect())
}

/// A reference of each of these people, the first by its source.
pub(in crate::young_people) fn references_of(
    ctx: &mut Ctx<'_>,
    ids: &[YoungPersonId],
) -> Result<HashMap<YoungPersonId, Vec<String>>, Failure> {
    let rows: Vec<(YoungPersonId, String)> = young_person_refs::table
        .filter(young_person_refs::young_person_id.eq_any(ids))
        .order((young_person_refs::source, young_person_refs::source_ref))
        .select((
            young_person_refs::young_person_id,
            young_person_refs::source_ref,
        ))
        .load(ctx.conn)?;
    let mut references: HashMap<YoungPersonId, Vec<String>> = HashMap::new();
    for (id, reference) in rows {
        references.entry(id).or_default().push(reference);
    }
    Ok(references)
}
