//! One meeting: what it is, how it stands, and what is on record of each young person on it.

use serde::Serialize;

use crate::access::{Permission, Role};
use crate::calendar::{age_on, show as day};
use crate::ctx::Ctx;
use crate::failure::Failure;
use crate::history;
use crate::ids::MeetingId;
use crate::lists;
use crate::meetings::actions::{self, Seen, views_words};
use crate::meetings::rules::what_next;
use crate::meetings::{Meeting, State, panel, participation};
use crate::web::{Answer, PageOptions, Path, Web, known, view};
use crate::young_people::identity_bar;

#[derive(Serialize)]
struct ShowView {
    id: MeetingId,
    identity: view::Identity,
    what: String,
    state: &'static str,
    colour: &'static str,
    next: &'static str,
    not_held_reason: Option<String>,
    facts: Vec<view::Fact>,
    people: Vec<PersonView>,
    planned: bool,
    held: bool,
    not_held: bool,
    may_work: bool,
}

#[derive(Serialize)]
struct PersonView {
    person: String,
    case_href: String,
    facts: Vec<view::Fact>,
    own_words: Option<String>,
    note: Option<String>,
    history_href: Option<String>,
}

pub async fn show(web: Web, id: Path<String>) -> Answer {
    let id = known(MeetingId::parse(&id))?;
    let (shown, back) = web
        .read(move |ctx| {
            let (meeting, seen) = actions::open(ctx, &id, Permission::SeeRecord)?;
            let first = seen.first().ok_or(Failure::NotFound)?;
            let back = panel::case_href(ctx, &first.referral.id)?;
            Ok((show_view(ctx, &meeting, &seen)?, back))
        })
        .await?;
    let options = PageOptions::titled("Meeting").back(back, "Case");
    web.page("meetings/show", options, shown)
}

fn show_view(ctx: &mut Ctx<'_>, meeting: &Meeting, seen: &[Seen]) -> Result<ShowView, Failure> {
    let types = lists::store::entries(ctx, lists::MEETING_TYPES)?;
    let first = seen.first().ok_or(Failure::NotFound)?;
    let what = &meeting.what;
    let mut facts = vec![view::Fact::new("Day", day(what.on))];
    for (term, value) in [("Time", &what.starts_at), ("Place", &what.place)] {
        if let Some(value) = value {
            facts.push(view::Fact::new(term, value));
        }
    }
    facts.push(view::Fact::new(
        "Held",
        if what.online { "Online" } else { "In person" },
    ));
    let people = seen
        .iter()
        .map(|one| person_view(ctx, meeting, one))
        .collect::<Result<_, _>>()?;
    Ok(ShowView {
        id: meeting.id.clone(),
        identity: identity_bar(first.person.person(), ctx.today, "Meeting"),
        what: lists::label(&types, &what.kind),
        state: meeting.state.words(),
        colour: match meeting.state {
            State::Planned => "yellow",
            State::Held => "green",
            State::NotHeld => "grey",
        },
        next: what_next(meeting.state),
        not_held_reason: meeting.not_held_reason.clone(),
        facts,
        people,
        planned: meeting.state == State::Planned,
        held: meeting.state == State::Held,
        not_held: meeting.state == State::NotHeld,
        may_work: matches!(ctx.actor.role(), Some(Role::Officer | Role::SeniorOfficer)),
    })
}

fn person_view(ctx: &mut Ctx<'_>, meeting: &Meeting, one: &Seen) -> Result<PersonView, Failure> {
    let person = one.person.person();
    let age = person
        .date_of_birth
        .map(|born| age_on(born, meeting.what.on));
    let mut facts = Vec::new();
    let said = one.attended.said.as_ref();
    if let Some(said) = said {
        facts.push(view::Fact::new("Attendance", said.attendance.words()));
        let mut tell = |term: &str, value: Option<String>| {
            if let Some(value) = value {
                facts.push(view::Fact::new(term, value));
            }
        };
        tell(
            "Who spoke",
            said.spoke.map(|spoke| spoke.words().to_owned()),
        );
        tell(
            "Views given",
            Some(views_words(&said.views)).filter(|words| !words.is_empty()),
        );
        tell("Took part", said.online.then(|| "Online".to_owned()));
        tell("Why not there", said.not_there_reason.clone());
        tell("Seen before", said.seen_before_on.map(day));
        tell("Outcome explained", said.explained_on.map(day));
        tell(
            "SSDA903 code",
            Some(participation::code(age, said).map_or_else(
                || "Not known: nobody recorded who spoke".to_owned(),
                participation::explained,
            )),
        );
    }
    let changed = !history::store::of(ctx, "meeting", one.attended.id.as_str())?.is_empty();
    Ok(PersonView {
        person: person.full_name(),
        case_href: panel::case_href(ctx, &one.referral.id)?,
        facts,
        own_words: said.and_then(|said| said.own_words.clone()),
        note: said.and_then(|said| said.note.clone()),
        history_href: changed.then(|| format!("/history/meeting/{}", one.attended.id)),
    })
}
