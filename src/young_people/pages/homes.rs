//! Where a young person lives, and the one page that shows a confidential address.

use serde_json::{Value, json};

use super::{Asked, Sheet, ask, details_of, optional, send, show, stretch, words};
use crate::calendar::{in_england, show as day};
use crate::ids::{HomeId, YoungPersonId};
use crate::text::{NAME_LENGTH, NARRATIVE_LENGTH};
use crate::web::{Answer, Failed, Form, PageOptions, Path, Submitted, Web, known};
use crate::young_people::actions::open_to_work;
use crate::young_people::homes::{Kind, Place, Recorded, Said, actions};
use crate::young_people::identity_bar;

fn blank() -> Form {
    Form::new()
        .choice("kind", words(Kind::ALL, Kind::code, Kind::words))
        .date("from_on")
        .date("to_on")
        .field("provider")
        .field("address")
        .field("confidential")
        .field("out_of_county")
        .field("in_error")
}

fn read(form: &mut Form) -> Option<(Said, Place)> {
    let kind = form.chosen("kind", Kind::from_code, "Choose what kind of home it is");
    let stretch = stretch(form);
    let place = Place {
        provider: optional(form, "provider", NAME_LENGTH),
        address: optional(form, "address", NARRATIVE_LENGTH),
    };
    let said = Said {
        kind: kind?,
        confidential: form.yes("confidential"),
        out_of_county: form.yes("out_of_county"),
        stretch: stretch?,
        in_error: form.yes("in_error"),
    };
    Some((said, place))
}

const MOVE: Sheet = Sheet {
    template: "young_people/home",
    title: "Add where they live",
    done: "Where they live is on record",
};

async fn ask_new(web: &Web, id: &YoungPersonId) -> Result<Asked, Failed> {
    let id = id.clone();
    ask(web, move |ctx| {
        open_to_work(ctx, &id)?;
        let form = blank().set("from_on", ctx.today);
        Ok((id, form, json!({ "earlier": [], "hidden": false })))
    })
    .await
}

fn new_of(id: &YoungPersonId) -> String {
    format!("/young-people/{id}/homes/new")
}

pub async fn home_new(web: Web, id: Path<String>) -> Answer {
    let id = known(YoungPersonId::parse(&id))?;
    let asked = ask_new(&web, &id).await?;
    show(&web, MOVE, &new_of(&id), &asked).await
}

pub async fn home_new_sent(web: Web, id: Path<String>, sent: Submitted) -> Answer {
    let id = known(YoungPersonId::parse(&id))?;
    let asked = ask_new(&web, &id).await?;
    let mut form = asked.form.clone().fill(&sent);
    let said = read(&mut form);
    let action = new_of(&id);
    send(
        &web,
        MOVE,
        &action,
        &asked,
        form,
        said,
        move |ctx, (said, place)| actions::add(ctx, &id, &said, &place).map(drop),
    )
    .await
}

const CHANGE: Sheet = Sheet {
    template: "young_people/home",
    title: "Change where they live",
    done: "Where they live is changed",
};

/// The form never holds a confidential address: what is left blank stays as it was.
async fn ask_change(web: &Web, id: &HomeId) -> Result<Asked, Failed> {
    let id = id.clone();
    ask(web, move |ctx| {
        let (home, person) = actions::to_change(ctx, &id)?;
        let earlier = actions::earlier_addresses(ctx, &home)?;
        let said = home.said;
        let place = home.place.unwrap_or_default();
        let form = blank()
            .hidden("version", home.version)
            .set("kind", said.kind.code())
            .set("from_on", said.stretch.from)
            .set("to_on", said.stretch.to)
            .set("provider", place.provider)
            .set("address", place.address)
            .set("confidential", said.confidential)
            .set("out_of_county", said.out_of_county)
            .set("in_error", said.in_error);
        let earlier: Vec<_> = earlier.iter().skip(1).map(recorded).collect();
        let more = json!({ "earlier": earlier, "hidden": said.confidential });
        Ok((person.id, form, more))
    })
    .await
}

fn recorded(recorded: &Recorded) -> Value {
    json!({
        "provider": recorded.place.provider,
        "address": recorded.place.address,
        "by": recorded.by,
        "on": day(in_england(recorded.at).date()),
    })
}

pub async fn home(web: Web, id: Path<String>) -> Answer {
    let id = known(HomeId::parse(&id))?;
    let asked = ask_change(&web, &id).await?;
    show(&web, CHANGE, &format!("/homes/{id}"), &asked).await
}

pub async fn home_sent(web: Web, id: Path<String>, sent: Submitted) -> Answer {
    let id = known(HomeId::parse(&id))?;
    let asked = ask_change(&web, &id).await?;
    let mut form = asked.form.clone().fill(&sent);
    let said = read(&mut form);
    let version = form.version("version");
    let action = format!("/homes/{id}");
    send(
        &web,
        CHANGE,
        &action,
        &asked,
        form,
        said,
        move |ctx, (said, place)| actions::change(ctx, &id, version, &said, &place).map(drop),
    )
    .await
}

/// The button was pressed: the address is shown, once, and the look is on record.
pub async fn address(web: Web, id: Path<String>) -> Answer {
    let id = known(HomeId::parse(&id))?;
    let (young_person, view) = web
        .read(move |ctx| {
            let (home, person, addresses) = actions::look_at_address(ctx, &id)?;
            let mut addresses = addresses.iter().map(recorded);
            let view = json!({
                "identity": identity_bar(&person, ctx.today, ""),
                "kind": home.said.kind.words(),
                "now": addresses.next(),
                "earlier": addresses.collect::<Vec<_>>(),
            });
            Ok((person.id, view))
        })
        .await?;
    let options =
        PageOptions::titled("Confidential address").back(details_of(&young_person), "Details");
    web.page("young_people/address", options, view)
}
