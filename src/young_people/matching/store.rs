//! Whom to compare with, found by an index; and the likenesses that were found, as they are kept.

use std::collections::{BTreeSet, HashMap};

use chrono::NaiveDate;
use diesel::prelude::*;

use super::rules::birthdays_near;
use super::{CarerFacts, Certainty, Facts, Likeness};
use crate::ctx::Ctx;
use crate::db::schema::{
    conference_children, likenesses, name_keys, young_people, young_person_refs,
    young_person_relations,
};
use crate::failure::Failure;
use crate::ids::{LikenessId, YoungPersonId};
use crate::text::name_words;
use crate::young_people::relations::Kind;
use crate::young_people::search::rules::sounds;
use crate::young_people::store::closed_to_me;

/// The most that one look into an index answers.
const AT_MOST: i64 = 500;

/// The most who are looked at for their birthday alone. More share one only where it was made up,
/// as the first of January is: then a word of the name must fit too.
const BORN_THAT_DAY: i64 = 100;

/// Everybody worth comparing: those born on the day, those with a word of the name and a birthday
/// that could be the same by a slip, and the family. Each is a look into an index.
pub(super) fn candidates(
    ctx: &mut Ctx<'_>,
    asked: &Facts,
) -> Result<BTreeSet<YoungPersonId>, Failure> {
    let known_as = asked.known_as.as_deref().unwrap_or_default();
    let words = name_words(&[&asked.first_name, &asked.last_name, known_as]);
    let heard: Vec<String> = words
        .iter()
        .flat_map(|word| {
            let (first, other) = sounds(word);
            [first, other]
        })
        .flatten()
        .collect();
    let mut found: BTreeSet<YoungPersonId> = BTreeSet::new();
    match asked.date_of_birth {
        Some(born) => {
            found.extend(
                young_people::table
                    .filter(young_people::date_of_birth.eq(born))
                    .limit(BORN_THAT_DAY)
                    .select(young_people::id)
                    .load::<YoungPersonId>(ctx.conn)?,
            );
            let near = birthdays_near(born);
            found.extend(
                name_keys::table
                    .filter(name_keys::word.eq_any(&words))
                    .filter(name_keys::date_of_birth.eq_any(&near))
                    .limit(AT_MOST)
                    .select(name_keys::young_person_id)
                    .load::<YoungPersonId>(ctx.conn)?,
            );
            found.extend(
                name_keys::table
                    .filter(name_keys::sound.eq_any(&heard))
                    .filter(name_keys::date_of_birth.eq_any(&near))
                    .limit(AT_MOST)
                    .select(name_keys::young_person_id)
                    .load::<YoungPersonId>(ctx.conn)?,
            );
            found.extend(
                name_keys::table
                    .filter(name_keys::word.eq_any(&words))
                    .filter(name_keys::date_of_birth.is_null())
                    .limit(AT_MOST)
                    .select(name_keys::young_person_id)
                    .load::<YoungPersonId>(ctx.conn)?,
            );
        }
        // Whose birthday nobody knows is found by the whole name.
        None => {
            let mut of_all: Option<BTreeSet<YoungPersonId>> = None;
            for word in &words {
                let these: BTreeSet<YoungPersonId> = name_keys::table
                    .filter(name_keys::word.eq(word))
                    .select(name_keys::young_person_id)
                    .load(ctx.conn)?
                    .into_iter()
                    .collect();
                of_all = Some(match of_all {
                    Some(before) => before.intersection(&these).cloned().collect(),
                    None => these,
                });
            }
            found.extend(of_all.unwrap_or_default());
            found.extend(
                name_keys::table
                    .filter(name_keys::word.eq_any(&words))
                    .filter(name_keys::date_of_birth.is_null())
                    .limit(AT_MOST)
                    .select(name_keys::young_person_id)
                    .load::<YoungPersonId>(ctx.conn)?,
            );
        }
    }
    let of_the_family: Vec<YoungPersonId> = asked.family.iter().cloned().collect();
    for (_, relative) in relatives(ctx, &of_the_family)? {
        found.insert(relative);
    }
    Ok(found)
}

/// Those born on the day who have a word of the name, as it is heard.
pub(super) fn born_that_day(
    ctx: &mut Ctx<'_>,
    asked: &Facts,
) -> Result<BTreeSet<YoungPersonId>, Failure> {
    let Some(born) = asked.date_of_birth else {
        return Ok(BTreeSet::new());
    };
    let words = name_words(&[&asked.first_name, &asked.last_name]);
    let heard: Vec<String> = words.iter().filter_map(|word| sounds(word).0).collect();
    let found: Vec<YoungPersonId> = name_keys::table
        .filter(name_keys::sound.eq_any(heard))
        .filter(name_keys::date_of_birth.eq(born))
        .limit(BORN_THAT_DAY)
        .select(name_keys::young_person_id)
        .load(ctx.conn)?;
    Ok(found.into_iter().collect())
}

/// Is anybody on record whom no reference of this source names?
pub(super) fn is_anybody_nameless(ctx: &mut Ctx<'_>, source: &str) -> Result<bool, Failure> {
    use diesel::dsl::{exists, not};
    let named = young_person_refs::table
        .filter(young_person_refs::young_person_id.eq(young_people::id))
        .filter(young_person_refs::source.eq(source));
    let nameless: Option<YoungPersonId> = young_people::table
        .filter(not(exists(named)))
        .select(young_people::id)
        .first(ctx.conn)
        .optional()?;
    Ok(nameless.is_some())
}

/// Who lives or confers with each of these people.
pub(super) fn relatives(
    ctx: &mut Ctx<'_>,
    ids: &[YoungPersonId],
) -> Result<Vec<(YoungPersonId, YoungPersonId)>, Failure> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let theirs = diesel::alias!(conference_children as their_row);
    let mut relatives: Vec<(YoungPersonId, YoungPersonId)> = conference_children::table
        .inner_join(
            theirs.on(theirs
                .field(conference_children::conference_id)
                .eq(conference_children::conference_id)),
        )
        .filter(
            theirs
                .field(conference_children::young_person_id)
                .eq_any(ids),
        )
        .filter(
            conference_children::young_person_id
                .ne(theirs.field(conference_children::young_person_id)),
        )
        .select((
            theirs.field(conference_children::young_person_id),
            conference_children::young_person_id,
        ))
        .distinct()
        .load(ctx.conn)?;
    let other = diesel::alias!(young_person_relations as other_side);
    relatives.extend(
        young_person_relations::table
            .inner_join(
                other.on(other
                    .field(young_person_relations::pair)
                    .eq(young_person_relations::pair)),
            )
            .filter(young_person_relations::young_person_id.eq_any(ids))
            .filter(young_person_relations::in_error.eq(false))
            .filter(young_person_relations::kind.ne_all([Kind::Friend, Kind::Other]))
            .filter(
                other
                    .field(young_person_relations::young_person_id)
                    .ne(young_person_relations::young_person_id),
            )
            .select((
                young_person_relations::young_person_id,
                other.field(young_person_relations::young_person_id),
            ))
            .load::<(YoungPersonId, YoungPersonId)>(ctx.conn)?,
    );
    Ok(relatives)
}

type Said = (
    YoungPersonId,
    Option<String>,
    Option<String>,
    Option<String>,
);

/// Who looks after each of these people, as conferences and relations have it.
pub(super) fn carers(
    ctx: &mut Ctx<'_>,
    ids: &[YoungPersonId],
) -> Result<HashMap<YoungPersonId, Vec<CarerFacts>>, Failure> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let mut rows: Vec<Said> = conference_children::table
        .filter(conference_children::young_person_id.eq_any(ids))
        .select((
            conference_children::young_person_id,
            conference_children::carer_name,
            conference_children::carer_phone,
            conference_children::carer_email,
        ))
        .distinct()
        .load(ctx.conn)?;
    rows.extend(
        young_person_relations::table
            .filter(young_person_relations::young_person_id.eq_any(ids))
            .filter(young_person_relations::in_error.eq(false))
            .filter(young_person_relations::kind.ne_all([Kind::Friend, Kind::Other]))
            .select((
                young_person_relations::young_person_id,
                young_person_relations::name,
                young_person_relations::phone,
                young_person_relations::email,
            ))
            .load::<Said>(ctx.conn)?,
    );
    let mut carers: HashMap<YoungPersonId, Vec<CarerFacts>> = HashMap::new();
    for (id, name, phone, email) in rows {
        let carer = CarerFacts { name, phone, email };
        carers.entry(id).or_default().push(carer);
    }
    Ok(carers)
}

/// Of these people, those who carry a reference of this source.
pub(super) fn known_by(
    ctx: &mut Ctx<'_>,
    source: &str,
    ids: &[YoungPersonId],
) -> Result<BTreeSet<YoungPersonId>, Failure> {
    let known: Vec<YoungPersonId> = young_person_refs::table
        .filter(young_person_refs::source.eq(source))
        .filter(young_person_refs::young_person_id.eq_any(ids))
        .select(young_person_refs::young_person_id)
        .load(ctx.conn)?;
    Ok(known.into_iter().collect())
}

/// Of these people, those whose record leads to no other.
pub(super) fn standing(
    ctx: &mut Ctx<'_>,
    ids: &BTreeSet<YoungPersonId>,
) -> Result<Vec<YoungPersonId>, Failure> {
    let closed = closed_to_me(ctx)?;
    Ok(young_people::table
        .filter(young_people::id.eq_any(ids))
        .filter(young_people::merged_into.is_null())
        .filter(young_people::id.ne_all(closed))
        .select(young_people::id)
        .load(ctx.conn)?)
}

// Likenesses

pub(super) fn insert(
    ctx: &mut Ctx<'_>,
    newer: &YoungPersonId,
    older: &YoungPersonId,
    certainty: Certainty,
) -> Result<LikenessId, Failure> {
    let id = LikenessId::random();
    diesel::insert_into(likenesses::table)
        .values((
            likenesses::id.eq(&id),
            likenesses::newer_id.eq(newer),
            likenesses::older_id.eq(older),
            likenesses::certainty.eq(certainty),
            likenesses::found_on.eq(ctx.today),
            likenesses::version.eq(1),
        ))
        .execute(ctx.conn)?;
    Ok(id)
}

type Row = (
    LikenessId,
    YoungPersonId,
    YoungPersonId,
    Certainty,
    NaiveDate,
    Option<NaiveDate>,
    Option<String>,
    i32,
);

fn likeness(row: Row) -> Likeness {
    let (id, newer, older, certainty, found_on, later_on, later_note, version) = row;
    Likeness {
        id,
        newer,
        older,
        certainty,
        found_on,
        later_on,
        later_note,
        version,
    }
}

/// The likenesses that nobody has settled, of records that both stand and are open to whoever
/// asks: those that are surest first.
pub fn unsettled(ctx: &mut Ctx<'_>) -> Result<Vec<Likeness>, Failure> {
    let closed = closed_to_me(ctx)?;
    let merged = young_people::table
        .filter(young_people::merged_into.is_not_null())
        .select(young_people::id);
    let rows: Vec<Row> = likenesses::table
        .filter(likenesses::settled_at.is_null())
        .filter(likenesses::newer_id.ne_all(&closed))
        .filter(likenesses::older_id.ne_all(&closed))
        .filter(likenesses::newer_id.ne_all(merged))
        .filter(likenesses::older_id.ne_all(merged))
        .order((likenesses::certainty, likenesses::found_on, likenesses::id))
        .select((
            likenesses::id,
            likenesses::newer_id,
            likenesses::older_id,
            likenesses::certainty,
            likenesses::found_on,
            likenesses::later_on,
            likenesses::later_note,
            likenesses::version,
        ))
        .load(ctx.conn)?;
    Ok(rows.into_iter().map(likeness).collect())
}

pub(super) fn set_different(ctx: &mut Ctx<'_>, likeness: &Likeness) -> Result<(), Failure> {
    let me = ctx.actor.user_id().cloned();
    let changed = diesel::update(
        likenesses::table
            .filter(likenesses::id.eq(&likeness.id))
            .filter(likenesses::version.eq(likeness.version)),
    )
    .set((
        likenesses::settled_at.eq(ctx.now),
        likenesses::settled_by.eq(me),
        likenesses::version.eq(likeness.version + 1),
    ))
    .execute(ctx.conn)?;
    once(changed)
}

pub(super) fn set_later(
    ctx: &mut Ctx<'_>,
    likeness: &Likeness,
    until: NaiveDate,
    note: &str,
) -> Result<(), Failure> {
    let changed = diesel::update(
        likenesses::table
            .filter(likenesses::id.eq(&likeness.id))
            .filter(likenesses::version.eq(likeness.version)),
    )
    .set((
        likenesses::later_on.eq(until),
        likenesses::later_note.eq(note),
        likenesses::version.eq(likeness.version + 1),
    ))
    .execute(ctx.conn)?;
    once(changed)
}

fn once(changed: usize) -> Result<(), Failure> {
    match changed {
        1 => Ok(()),
        _ => Err(Failure::ChangedMeanwhile),
    }
}
