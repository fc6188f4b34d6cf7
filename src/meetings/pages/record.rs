//! Recording who was at a meeting: one page for one child or young person, or for brothers and
//! sisters together, each with their own attendance.

use serde::Serialize;
use serde_json::Value;

use super::{kinds, read_what, said, set_what, what_fields};
use crate::access::Permission;
use crate::cases;
use crate::conferences;
use crate::ctx::Ctx;
use crate::failure::Failure;
use crate::ids::{CaseId, ConferenceChildId, MeetingId, ReferralId};
use crate::meetings::actions::Child;
use crate::meetings::{Heard, Said, State, Views, What, actions, rules, store, type_of_conference};
use crate::text::NARRATIVE_LENGTH;
use crate::web::{Answer, Failed, Form, PageOptions, Path, Submitted, Web, known, view};
use crate::young_people::identity_bar;

/// The answer for somebody who is offered and was not part of the meeting.
const LEFT_OUT: (&str, &str) = ("left_out", "This meeting was not about them");

/// Somebody whom the form asks about.
#[derive(Clone)]
struct Offered {
    referral: ReferralId,
    person: String,
    conference_child: Option<ConferenceChildId>,
    /// Whether they may be left out.
    optional: bool,
}

/// What the page works with.
struct Recording {
    form: Form,
    offered: Vec<Offered>,
    title: &'static str,
    action: String,
    back: (String, &'static str),
    identity: view::Identity,
}

#[derive(Serialize)]
struct RecordView<'a> {
    form: &'a Form,
    title: &'static str,
    action: &'a str,
    identity: &'a view::Identity,
    children: Vec<ChildView>,
}

/// The questions about one young person, as the components read them.
#[derive(Serialize)]
struct ChildView {
    person: String,
    heard_label: String,
    heard: Value,
    absent: Value,
    views: Value,
    words: Value,
    online: Value,
    seen: Value,
    explained: Value,
    note: Value,
    /// Whether something is typed or wrong below the fold.
    more: bool,
}

fn named(what: &str, referral: &ReferralId) -> String {
    format!("{what}-{referral}")
}

/// Adds the questions about somebody, with what is on record already.
fn child_fields(form: Form, child: &Offered, on_record: Option<&Said>, preset_out: bool) -> Form {
    let id = &child.referral;
    let answers = Heard::ALL
        .iter()
        .map(|heard| (heard.code(), heard.words()))
        .chain(child.optional.then_some(LEFT_OUT));
    let ways = Views::ALL.iter().map(|how| (how.code(), how.words()));
    let form = form
        .choice(named("heard", id), answers)
        .field(named("absent", id))
        .choice(named("views", id), ways)
        .field(named("words", id))
        .field(named("online", id))
        .date(named("seen", id))
        .date(named("explained", id))
        .field(named("note", id));
    let Some(said) = on_record else {
        let preset = preset_out.then_some(LEFT_OUT.0);
        return form.set(&named("heard", id), preset);
    };
    let heard = Heard::of(said.attendance, said.spoke).map(Heard::code);
    form.set(&named("heard", id), heard)
        .set(&named("absent", id), said.not_there_reason.clone())
        .set_all(&named("views", id), said.views.iter().map(|how| how.code()))
        .set(&named("words", id), said.own_words.clone())
        .set(&named("online", id), said.online)
        .set(&named("seen", id), said.seen_before_on)
        .set(&named("explained", id), said.explained_on)
        .set(&named("note", id), said.note.clone())
}

/// What was answered about somebody; none where they were left out, or something is wrong.
fn read_child(form: &mut Form, child: &Offered) -> Option<Child> {
    let id = &child.referral;
    let heard = form.chosen(
        &named("heard", id),
        |code| match Heard::from_code(code) {
            Some(heard) => Some(Some(heard)),
            None => (code == LEFT_OUT.0).then_some(None),
        },
        &format!("Choose how {} was heard", child.person),
    );
    let views = form.chosen_all(&named("views", id), Views::from_code);
    let absent = form.text(&named("absent", id), NARRATIVE_LENGTH);
    let words = form.text(&named("words", id), NARRATIVE_LENGTH);
    let note = form.text(&named("note", id), NARRATIVE_LENGTH);
    let seen = form.date_optional(&named("seen", id), "The day you saw them before");
    let explained =
        form.date_optional(&named("explained", id), "The day you explained the outcome");
    let online = form.yes(&named("online", id));
    let heard = heard??;
    Some(Child {
        referral: id.clone(),
        conference_child: child.conference_child.clone(),
        said: Said {
            attendance: heard.attendance(),
            spoke: Some(heard.spoke()),
            views,
            online,
            seen_before_on: seen,
            explained_on: explained,
            // A reason for being away says nothing of somebody who was there.
            not_there_reason: said(absent).filter(|_| !heard.attendance().child_was_there()),
            own_words: said(words),
            note: said(note),
        },
    })
}

fn child_view(shown: &Value, child: &Offered) -> ChildView {
    let field = |what: &str| {
        let name = named(what, &child.referral);
        shown.get(&name).cloned().unwrap_or(Value::Null)
    };
    let says = |value: &Value| {
        ["value", "day", "error"].iter().any(|key| {
            let text = value.get(*key).and_then(Value::as_str);
            text.is_some_and(|text| !text.is_empty())
        })
    };
    let below = ["online", "seen", "explained", "note"].map(field);
    let more = below.iter().any(says);
    let [online, seen, explained, note] = below;
    ChildView {
        heard_label: format!("How was {} heard?", child.person),
        person: child.person.clone(),
        heard: field("heard"),
        absent: field("absent"),
        views: field("views"),
        words: field("words"),
        online,
        seen,
        explained,
        note,
        more,
    }
}

fn page(web: &Web, recording: &Recording, form: &Form) -> Answer {
    let options = PageOptions::titled(recording.title)
        .back(recording.back.0.as_str(), recording.back.1)
        .with_form(form);
    let shown = serde_json::to_value(form)
        .map_err(|_| Failed::fault("the form of a meeting cannot be shown"))?;
    let view = RecordView {
        form,
        title: recording.title,
        action: &recording.action,
        identity: &recording.identity,
        children: recording
            .offered
            .iter()
            .map(|child| child_view(&shown, child))
            .collect(),
    };
    web.page("meetings/record", options, view)
}

/// Reads the whole form: the meeting, and those who were part of it.
fn read(form: &mut Form, offered: &[Offered]) -> Option<(What, Vec<Child>)> {
    let what = read_what(form);
    let children: Vec<Child> = offered
        .iter()
        .filter_map(|child| read_child(form, child))
        .collect();
    if form.ok() && children.is_empty() {
        form.add_refusal(rules::Refusal::Nobody.to_string());
    }
    what.filter(|_| form.ok()).map(|what| (what, children))
}

// One that was not planned here

async fn new_recording(web: &Web, id: &CaseId) -> Result<Recording, Failed> {
    let id = id.clone();
    let recording = web
        .read(move |ctx| {
            let (case, opened) = cases::actions::open(ctx, &id, Permission::SeeRecord)?;
            if case.open_spell().is_none() {
                return Err(rules::Refusal::CaseClosed.into());
            }
            let person = opened.person();
            let first = Offered {
                referral: case.referral.clone(),
                person: person.full_name(),
                conference_child: None,
                optional: false,
            };
            let relatives = store::brothers_and_sisters(ctx, &person.id)?;
            let mut form = what_fields(Form::new(), kinds(ctx, None)?).set("held_on", ctx.today);
            form = child_fields(form, &first, None, false);
            let mut offered = vec![first];
            for relative in relatives {
                let child = optional(relative);
                form = child_fields(form, &child, None, true);
                offered.push(child);
            }
            Ok(Recording {
                form,
                offered,
                title: "Record a meeting",
                action: format!("/cases/{id}/meetings/record"),
                back: (format!("/cases/{id}"), "Case"),
                identity: identity_bar(person, ctx.today, "Case open"),
            })
        })
        .await?;
    Ok(recording)
}

fn optional(relative: store::Relative) -> Offered {
    Offered {
        person: format!("{} {}", relative.first_name, relative.last_name),
        referral: relative.referral,
        conference_child: None,
        optional: true,
    }
}

pub async fn record(web: Web, id: Path<String>) -> Answer {
    let id = known(CaseId::parse(&id))?;
    let recording = new_recording(&web, &id).await?;
    let form = web.resume(recording.form.clone()).await?;
    page(&web, &recording, &form)
}

pub async fn record_sent(web: Web, id: Path<String>, sent: Submitted) -> Answer {
    let id = known(CaseId::parse(&id))?;
    let recording = new_recording(&web, &id).await?;
    keep_new(&web, &id, &recording, &sent).await
}

async fn keep_new(web: &Web, id: &CaseId, recording: &Recording, sent: &Submitted) -> Answer {
    let mut form = recording.form.clone().fill(sent);
    if let Some((what, children)) = read(&mut form, &recording.offered) {
        let location = format!("/cases/{id}");
        let done = web
            .write_once(&form, move |ctx| {
                actions::record_held(ctx, &what, &children)?;
                Ok(location)
            })
            .await;
        match done {
            Ok(location) => return web.see(&location, "The meeting is on record"),
            Err(failure) => form.explain(failure)?,
        }
    }
    page(web, recording, &form)
}

// A conference of the schedule

async fn conference_recording(
    web: &Web,
    id: &CaseId,
    child: &ConferenceChildId,
) -> Result<Recording, Failed> {
    let (id, child) = (id.clone(), child.clone());
    let recording = web
        .read(move |ctx| conference_read(ctx, &id, &child))
        .await?;
    Ok(recording)
}

fn conference_read(
    ctx: &mut Ctx<'_>,
    id: &CaseId,
    child: &ConferenceChildId,
) -> Result<Recording, Failure> {
    let (case, opened) = cases::actions::open(ctx, id, Permission::SeeRecord)?;
    let person = opened.person();
    let scheduled = conferences::store::find(ctx, child)?
        .filter(|it| it.young_person == person.id)
        .ok_or(Failure::NotFound)?;
    if case.open_spell().is_none() {
        return Err(rules::Refusal::CaseClosed.into());
    }
    if scheduled.place.status == conferences::Status::Cancelled {
        return Err(rules::Refusal::CancelledConference.into());
    }
    if store::conference_recorded(ctx, child)? {
        return Err(rules::Refusal::RecordedAlready.into());
    }
    let mut offered = vec![Offered {
        referral: case.referral.clone(),
        person: person.full_name(),
        conference_child: Some(child.clone()),
        optional: false,
    }];
    let beside = store::on_conference(ctx, &scheduled.conference, scheduled.place.held_on)?;
    offered.extend(
        beside
            .into_iter()
            .filter(|(_, relative)| relative.young_person != person.id)
            .map(|(row, relative)| Offered {
                conference_child: Some(row),
                ..optional(relative)
            }),
    );
    let what = What {
        kind: type_of_conference(scheduled.place.kind).to_owned(),
        on: scheduled.place.held_on,
        starts_at: scheduled.place.starts_at.clone(),
        place: scheduled.place.venue.clone(),
        online: false,
    };
    let mut form = set_what(
        what_fields(Form::new(), kinds(ctx, Some(&what.kind))?),
        &what,
    );
    for child in &offered {
        form = child_fields(form, child, None, false);
    }
    Ok(Recording {
        form,
        offered,
        title: "Record a conference",
        action: format!("/cases/{id}/conferences/{child}"),
        back: (format!("/cases/{id}"), "Case"),
        identity: identity_bar(person, ctx.today, "Case open"),
    })
}

fn both(path: &Path<(String, String)>) -> Result<(CaseId, ConferenceChildId), Failed> {
    Ok((
        known(CaseId::parse(&path.0))?,
        known(ConferenceChildId::parse(&path.1))?,
    ))
}

pub async fn conference(web: Web, path: Path<(String, String)>) -> Answer {
    let (id, child) = both(&path)?;
    let recording = conference_recording(&web, &id, &child).await?;
    let form = web.resume(recording.form.clone()).await?;
    page(&web, &recording, &form)
}

pub async fn conference_sent(web: Web, path: Path<(String, String)>, sent: Submitted) -> Answer {
    let (id, child) = both(&path)?;
    let recording = conference_recording(&web, &id, &child).await?;
    keep_new(&web, &id, &recording, &sent).await
}

// A planned one, or a correction

async fn recording_again(web: &Web, id: &MeetingId) -> Result<Recording, Failed> {
    let id = id.clone();
    let recording = web.read(move |ctx| recording_read(ctx, &id)).await?;
    Ok(recording)
}

fn recording_read(ctx: &mut Ctx<'_>, id: &MeetingId) -> Result<Recording, Failure> {
    let (meeting, seen) = actions::open(ctx, id, Permission::SeeRecord)?;
    if meeting.state == State::NotHeld {
        return Err(rules::Refusal::NotNow {
            state: meeting.state,
        }
        .into());
    }
    let held = meeting.state == State::Held;
    let first = seen.first().ok_or(Failure::NotFound)?;
    let person = first.person.person();
    let mut form = what_fields(Form::new(), kinds(ctx, Some(&meeting.what.kind))?)
        .hidden("version", meeting.version);
    form = set_what(form, &meeting.what);
    let mut offered = Vec::new();
    for one in &seen {
        let child = Offered {
            referral: one.referral.id.clone(),
            person: one.person.person().full_name(),
            conference_child: one.attended.conference_child.clone(),
            optional: seen.len() > 1,
        };
        form = child_fields(form, &child, one.attended.said.as_ref(), false);
        offered.push(child);
    }
    for relative in store::brothers_and_sisters(ctx, &person.id)? {
        // Also those who are on it with another of their cases are not asked about twice.
        let there = seen
            .iter()
            .any(|one| one.attended.young_person == relative.young_person);
        if there {
            continue;
        }
        let child = optional(relative);
        form = child_fields(form, &child, None, true);
        offered.push(child);
    }
    Ok(Recording {
        form,
        offered,
        title: if held {
            "Correct the record of a meeting"
        } else {
            "Record who was there"
        },
        action: format!("/meetings/{id}/record"),
        back: (format!("/meetings/{id}"), "Meeting"),
        identity: identity_bar(person, ctx.today, meeting.state.words()),
    })
}

pub async fn record_again(web: Web, id: Path<String>) -> Answer {
    let id = known(MeetingId::parse(&id))?;
    let recording = recording_again(&web, &id).await?;
    let form = web.resume(recording.form.clone()).await?;
    page(&web, &recording, &form)
}

pub async fn record_again_sent(web: Web, id: Path<String>, sent: Submitted) -> Answer {
    let id = known(MeetingId::parse(&id))?;
    let recording = recording_again(&web, &id).await?;
    let mut form = recording.form.clone().fill(&sent);
    if let Some((what, children)) = read(&mut form, &recording.offered) {
        let version = form.version("version");
        let done = web
            .write_once(&form, move |ctx| {
                actions::hold(ctx, &id, version, &what, &children)?;
                Ok(format!("/meetings/{id}"))
            })
            .await;
        match done {
            Ok(location) => return web.see(&location, "The meeting is on record"),
            Err(failure) => form.explain(failure)?,
        }
    }
    page(&web, &recording, &form)
}
