//! What is done about homes: moving in, correcting, and looking at a confidential address.

use serde_json::json;

use super::rules::{self, Refusal};
use super::{Home, Place, Recorded, Said, store};
use crate::access::{Decision, Permission, decide};
use crate::audit::Event;
use crate::calendar::show;
use crate::ctx::Ctx;
use crate::failure::{Failure, FieldError};
use crate::history::Changes;
use crate::ids::{HomeId, YoungPersonId};
use crate::young_people::actions::{change_record, open_record, open_to_work, relationship};
use crate::young_people::rules::check_stretch;
use crate::young_people::{Stretch, YoungPerson};

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        Self::Invalid(vec![FieldError::new(refusal.field(), refusal.to_string())])
    }
}

/// A young person lives somewhere. The home they lived in until then ends on that day.
pub fn add(
    ctx: &mut Ctx<'_>,
    young_person: &YoungPersonId,
    said: &Said,
    place: &Place,
) -> Result<HomeId, Failure> {
    let person = change_record(ctx, young_person)?;
    check_stretch(said.stretch, person.date_of_birth, ctx.today)?;
    rules::check_place(said, place, false)?;
    end_the_one_before(ctx, young_person, None, said)?;
    let id = HomeId::random();
    store::insert(ctx, &id, young_person, said)?;
    if !place.is_blank() {
        store::insert_address(ctx, &id, young_person, place)?;
    }
    ctx.record(
        Event::new("home_added", "home", &id)
            .about(young_person)
            .with(json!({
                "kind": said.kind, "from": said.stretch.from, "to": said.stretch.to,
                "out_of_county": said.out_of_county, "confidential": said.confidential,
            })),
    );
    Ok(id)
}

fn end_the_one_before(
    ctx: &mut Ctx<'_>,
    young_person: &YoungPersonId,
    id: Option<&HomeId>,
    said: &Said,
) -> Result<(), Failure> {
    let homes = store::of(ctx, young_person)?;
    let Some(before) = rules::ended_by(&homes, id, said)? else {
        return Ok(());
    };
    let ended = Said {
        stretch: Stretch {
            to: Some(said.stretch.from),
            ..before.said.stretch
        },
        ..before.said
    };
    keep(ctx, before, before.version, &ended, None)
}

/// A home with its young person, to be changed.
pub fn to_change(ctx: &mut Ctx<'_>, id: &HomeId) -> Result<(Home, YoungPerson), Failure> {
    let home = store::find(ctx, id)?.ok_or(Failure::NotFound)?;
    let person = open_to_work(ctx, &home.young_person)?;
    Ok((home, person))
}

/// What is blank of a confidential place stays as it was: its form does not show what is there.
pub fn change(
    ctx: &mut Ctx<'_>,
    id: &HomeId,
    version: i32,
    said: &Said,
    place: &Place,
) -> Result<YoungPersonId, Failure> {
    let young_person = to_change(ctx, id)?.0.young_person;
    let person = change_record(ctx, &young_person)?;
    let home = store::find(ctx, id)?.ok_or(Failure::NotFound)?;
    check_stretch(said.stretch, person.date_of_birth, ctx.today)?;
    if home.said.confidential && !said.confidential && !may_see_address(ctx, &young_person)? {
        return Err(Refusal::MayNotOpen.into());
    }
    let on_record = store::address_of(ctx, id)?.into_iter().next();
    let on_record = on_record.map(|recorded| recorded.place).unwrap_or_default();
    rules::check_place(said, place, on_record.address.is_some())?;
    end_the_one_before(ctx, &young_person, Some(id), said)?;
    let hidden = home.said.confidential;
    let or = |typed: &Option<String>, kept: &Option<String>| match hidden {
        true => typed.clone().or_else(|| kept.clone()),
        false => typed.clone(),
    };
    let next = Place {
        provider: or(&place.provider, &on_record.provider),
        address: or(&place.address, &on_record.address),
    };
    let moved = (next != on_record).then_some(&next);
    keep(ctx, &home, version, said, moved)?;
    Ok(young_person)
}

/// Keeps a change and what was there. Of an address the history says only that it changed: the
/// rows of addresses keep what they said, for who may read them.
fn keep(
    ctx: &mut Ctx<'_>,
    home: &Home,
    version: i32,
    said: &Said,
    place: Option<&Place>,
) -> Result<(), Failure> {
    let (old, new) = (&home.said, said);
    let yes = |it: bool| it.then_some("Yes");
    let mut changes = Changes::new();
    changes.compare("kind", Some(old.kind.words()), Some(new.kind.words()));
    changes.compare("confidential", yes(old.confidential), yes(new.confidential));
    changes.compare(
        "out_of_county",
        yes(old.out_of_county),
        yes(new.out_of_county),
    );
    changes.compare(
        "from",
        Some(show(old.stretch.from)),
        Some(show(new.stretch.from)),
    );
    changes.compare("to", old.stretch.to.map(show), new.stretch.to.map(show));
    changes.compare("recorded_in_error", yes(old.in_error), yes(new.in_error));
    if place.is_some() {
        changes.compare("address", Some("An earlier one"), Some("Another one"));
    }
    store::update(ctx, &home.id, version, said)?;
    if let Some(place) = place {
        store::insert_address(ctx, &home.id, &home.young_person, place)?;
    }
    changes.keep(ctx, "home", &home.id, &home.young_person)?;
    ctx.record(
        Event::new("home_changed", "home", &home.id)
            .about(&home.young_person)
            .with(json!({ "fields": changes.fields(), "from": new.stretch.from, "to": new.stretch.to })),
    );
    Ok(())
}

/// May whoever acts see a confidential address of this young person?
pub fn may_see_address(ctx: &mut Ctx<'_>, id: &YoungPersonId) -> Result<bool, Failure> {
    let relationship = relationship(ctx, id)?;
    Ok(decide(ctx.actor, Permission::SeeConfidentialAddress, relationship) == Decision::Allowed)
}

/// Looks at a confidential address, with what was recorded before it. The look is an event of its
/// own.
pub fn look_at_address(
    ctx: &mut Ctx<'_>,
    id: &HomeId,
) -> Result<(Home, YoungPerson, Vec<Recorded>), Failure> {
    let home = store::find(ctx, id)?.ok_or(Failure::NotFound)?;
    let relationship = relationship(ctx, &home.young_person)?;
    let opened = open_record(
        ctx,
        &home.young_person,
        Permission::SeeConfidentialAddress,
        relationship,
        "address",
    )?;
    let recorded = store::address_of(ctx, id)?;
    ctx.record(
        Event::new("confidential_address_seen", "home", id)
            .about(&home.young_person)
            .with(json!({ "as": relationship.code() })),
    );
    Ok((home, opened.person().clone(), recorded))
}

/// What was recorded of an address that is not confidential, the latest first.
pub fn earlier_addresses(ctx: &mut Ctx<'_>, home: &Home) -> Result<Vec<Recorded>, Failure> {
    match home.said.confidential {
        true => Ok(Vec::new()),
        false => store::address_of(ctx, &home.id),
    }
}
