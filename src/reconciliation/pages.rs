//! The page where conferences and referrals are made to agree: three lists, each line with its
//! reason and what can be done about it, and what was settled before.

use serde::Serialize;
use serde_json::json;

use super::actions::{self, Line, together};
use super::rules::{self, WhyMissing};
use super::{Deed, Due, Gone, Kind, Lines, NotIn, Settled};
use crate::access::{Permission, Relationship, decide};
use crate::calendar::{age_on, in_england, show as day};
use crate::conferences::rules::Seat;
use crate::ids::ReconciliationId;
use crate::text::lower_first;
use crate::web::{Answer, Form, PageOptions, Path, Submitted, Web, known, view};

/// How many lines of a list are shown: the next ones come up when these are settled.
const SHOWN: usize = 100;
const SETTLED: i64 = 50;
const REASON_LENGTH: usize = 1_000;

#[derive(Serialize)]
struct ListView {
    title: &'static str,
    id: &'static str,
    what: &'static str,
    empty: &'static str,
    count: usize,
    more: Option<String>,
    lines: Vec<LineView>,
    notes: Vec<String>,
}

#[derive(Serialize)]
struct LineView {
    people: Vec<PersonView>,
    what: String,
    countdown: Option<view::Countdown>,
    why: String,
    /// What its buttons are about, for whoever does not see the line.
    about: String,
    address: String,
    form: Form,
    deeds: Vec<DeedView>,
    leave: &'static str,
    open: Option<String>,
}

#[derive(Serialize)]
struct PersonView {
    href: String,
    name: String,
    age: Option<String>,
}

#[derive(Serialize)]
struct DeedView {
    code: &'static str,
    text: &'static str,
}

#[derive(Serialize)]
struct SettledView {
    id: String,
    href: String,
    who: String,
    kind: &'static str,
    why: String,
    deed: &'static str,
    reason: Option<String>,
    when: String,
    form: Option<Form>,
}

#[derive(Serialize)]
struct NotInView {
    words: String,
    href: Option<String>,
}

fn deed(deed: Deed, text: &'static str) -> DeedView {
    DeedView {
        code: deed.code(),
        text,
    }
}

fn settling(line: &Line) -> Form {
    Form::new().hidden("facts", line.facts())
}

fn person(who: &super::Who, seat: Option<&Seat>) -> PersonView {
    PersonView {
        href: format!("/young-people/{}", who.id),
        name: who.name.clone(),
        age: seat
            .zip(who.date_of_birth)
            .map(|(seat, born)| format!("{} on the day", age_on(born, seat.held_on).max(0))),
    }
}

fn conference(seat: &Seat) -> String {
    format!(
        "{}, {}, {}",
        seat.kind.words(),
        day(seat.held_on),
        lower_first(seat.status.words())
    )
}

fn due_view(it: &Due, web: &Web) -> LineView {
    let near = web.app.settings.work.conference_near_days;
    LineView {
        people: vec![person(&it.who, Some(&it.seat))],
        what: conference(&it.seat),
        countdown: Some(view::Countdown::to(it.seat.held_on, web.today(), near)),
        why: it.why.to_string(),
        about: it.who.name.clone(),
        address: format!("/reconcile/{}/{}", Kind::NoReferral.code(), it.child),
        form: settling(&Line::Due(it.clone())),
        deeds: vec![deed(Deed::Referred, "Refer now")],
        leave: "Leave it, because …",
        open: None,
    }
}

fn gone_view(it: &Gone) -> LineView {
    let received = format!("Referral received on {}", day(it.received_on));
    LineView {
        people: vec![person(&it.who, it.seat.as_ref())],
        what: match &it.seat {
            None => received,
            Some(seat) => format!("{received}. {}", conference(seat)),
        },
        countdown: None,
        why: it.why.to_string(),
        about: it.who.name.clone(),
        address: format!("/reconcile/{}/{}", Kind::ConferenceGone.code(), it.referral),
        form: settling(&Line::Gone(it.clone())),
        deeds: vec![deed(Deed::Withdrawn, "Withdraw the referral")],
        leave: if it.asks {
            "The offer goes on, because …"
        } else {
            "Leave it, because …"
        },
        open: Some(format!("/referrals/{}", it.referral)),
    }
}

fn missing_views(lines: &Lines, web: &Web) -> Vec<LineView> {
    let near = web.app.settings.work.conference_near_days;
    let mut views = Vec::new();
    for it in &lines.missing {
        let all = together(lines, it);
        // One line for the children of a conference, at the first of them.
        if all.first().is_some_and(|first| first.child != it.child) {
            continue;
        }
        let back = matches!(it.why, WhyMissing::Back { .. });
        let line = Line::Missing(all.iter().map(|it| (*it).clone()).collect());
        views.push(LineView {
            people: all
                .iter()
                .map(|it| person(&it.who, Some(&it.seat)))
                .collect(),
            what: conference(&it.seat),
            countdown: Some(view::Countdown::to(it.seat.held_on, web.today(), near)),
            why: it.why.to_string(),
            about: line.names(),
            address: format!("/reconcile/{}/{}", Kind::Missing.code(), it.child),
            form: settling(&line),
            deeds: vec![if back {
                deed(Deed::TakesPlace, "It takes place")
            } else {
                deed(Deed::Cancelled, "It does not take place")
            }],
            leave: if back {
                "It still does not take place, because …"
            } else {
                "It is still going ahead, because …"
            },
            open: None,
        });
    }
    views
}

fn list_view(
    kind: Kind,
    what: &'static str,
    empty: &'static str,
    mut lines: Vec<LineView>,
) -> ListView {
    let count = lines.len();
    let more = count.saturating_sub(SHOWN);
    lines.truncate(SHOWN);
    ListView {
        title: match kind {
            Kind::NoReferral => "Of age, and no referral",
            Kind::ConferenceGone => "Referrals whose conference is gone",
            Kind::Missing => "Conferences that the newest file does not hold",
        },
        id: kind.code(),
        what,
        empty,
        count,
        more: (more > 0).then(|| format!("{more} more come up when these are settled.")),
        lines,
        notes: Vec::new(),
    }
}

fn settled_view(it: Settled, may_reopen: bool) -> SettledView {
    SettledView {
        id: it.id.to_string(),
        href: format!("/young-people/{}", it.young_person),
        who: it.name,
        kind: it.kind.words(),
        why: it.why,
        deed: it.deed.words(),
        reason: it.reason,
        when: format!(
            "{}, {}",
            it.by,
            in_england(it.at).format("%-d %B %Y, %H:%M")
        ),
        form: (may_reopen && it.deed == Deed::Left).then(Form::new),
    }
}

fn not_in_view(it: &NotIn, may_open: bool) -> NotInView {
    let count = |number: usize, one, many| {
        view::count(i64::try_from(number).unwrap_or(i64::MAX), one, many)
    };
    let mut parts = Vec::new();
    if it.refused > 0 {
        parts.push(count(it.refused, "row was refused", "rows were refused"));
    }
    if it.waiting > 0 {
        parts.push(count(
            it.waiting,
            "row waits for a word on who it is about",
            "rows wait for a word on who they are about",
        ));
    }
    NotInView {
        words: format!(
            "{}: {}",
            rules::file_words(&it.file, it.imported_on),
            parts.join(", ")
        ),
        href: may_open.then(|| format!("/imports/{}", it.batch)),
    }
}

pub async fn show(web: Web) -> Answer {
    let (lines, settled, not_in) = web
        .read(|ctx| {
            Ok((
                actions::lines(ctx)?,
                actions::settled(ctx, SETTLED)?,
                actions::not_in(ctx)?,
            ))
        })
        .await?;
    let may = |permission| decide(web.actor(), permission, Relationship::General).allowed();
    let (may_reopen, may_open) = (may(Permission::Allocate), may(Permission::SeeImports));
    let due = lines.due.iter().map(|it| due_view(it, &web)).collect();
    let gone = lines.gone.iter().map(gone_view).collect();
    let mut missing = list_view(
        Kind::Missing,
        "Conferences to come that an earlier file held. Only a file that holds at least three in four of what was on record for its days is taken for the whole schedule of those days.",
        "No conference to come is missing.",
        missing_views(&lines, &web),
    );
    missing.notes = lines
        .part
        .iter()
        .map(|file| {
            format!(
                "{} holds {} of the {} children on record for its days, so it was taken for a part of the schedule, and nothing is said to be missing from it.",
                rules::file_words(&file.name, file.imported_on),
                file.named,
                file.known
            )
        })
        .collect();
    let lists = [
        list_view(
            Kind::NoReferral,
            "Children on conferences of the last twelve months and to come whom the policy of the day refers, and who have neither a referral nor a case.",
            "Every child of age on a conference has a referral or a case.",
            due,
        ),
        list_view(
            Kind::ConferenceGone,
            "Automatic referrals that wait for an answer, though no conference refers the child any more.",
            "Every automatic referral that waits has its conference.",
            gone,
        ),
        missing,
    ];
    let since = day(actions::first_day(web.today()));
    let settled: Vec<SettledView> = settled
        .into_iter()
        .map(|it| settled_view(it, may_reopen))
        .collect();
    let not_in: Vec<NotInView> = not_in.iter().map(|it| not_in_view(it, may_open)).collect();
    let options = PageOptions::titled("Reconcile").back("/conferences", "Conferences");
    web.page(
        "reconciliation/show",
        options,
        json!({ "lists": lists, "settled": settled, "not_in": not_in, "since": since }),
    )
}

/// What a button does: its word is in the address.
pub async fn settle(web: Web, path: Path<(String, String, String)>, sent: Submitted) -> Answer {
    let (kind, id, code) = path.into_inner();
    let kind = known(Kind::from_code(&kind))?;
    // Leaving a line as it is asks for a reason, on a page of its own.
    let deed = known(Deed::from_code(&code).filter(|deed| *deed != Deed::Left))?;
    let form = Form::new().hidden("facts", "").fill(&sent);
    let seen = form.hidden_value("facts").to_owned();
    let location = web
        .write_once(&form, move |ctx| {
            actions::settle(ctx, kind, &id, &seen, deed, None)?;
            Ok(format!("/reconcile#{}", kind.code()))
        })
        .await?;
    let notice = match deed {
        Deed::Referred => "The child is referred",
        Deed::Withdrawn => "The referral is withdrawn",
        Deed::Cancelled => "It is marked as not taking place",
        Deed::TakesPlace => "It is marked as taking place",
        Deed::Left => "It is left as it is",
    };
    web.see(&location, notice)
}

// Leaving a line as it is

fn leave_form(line: &Line) -> Form {
    Form::new().field("reason").hidden("facts", line.facts())
}

fn leave_page(web: &Web, kind: Kind, id: &str, line: &Line, form: &Form) -> Answer {
    let options = PageOptions::titled("Leave it as it is")
        .back("/reconcile", "Reconcile")
        .with_form(form);
    web.page(
        "reconciliation/leave",
        options,
        json!({
            "form": form,
            "address": format!("/reconcile/{}/{id}/leave", kind.code()),
            "names": line.names(),
            "list": kind.words(),
            "why": line.why(),
        }),
    )
}

async fn line_of(web: &Web, kind: Kind, id: &str) -> Result<Line, crate::web::Failed> {
    let id = id.to_owned();
    let line = web.read(move |ctx| actions::line(ctx, kind, &id)).await?;
    known(line)
}

pub async fn leave(web: Web, path: Path<(String, String)>) -> Answer {
    let (kind, id) = path.into_inner();
    let kind = known(Kind::from_code(&kind))?;
    let line = line_of(&web, kind, &id).await?;
    let form = web.resume(leave_form(&line)).await?;
    leave_page(&web, kind, &id, &line, &form)
}

pub async fn leave_sent(web: Web, path: Path<(String, String)>, sent: Submitted) -> Answer {
    let (kind, id) = path.into_inner();
    let kind = known(Kind::from_code(&kind))?;
    let mut form = Form::new().field("reason").hidden("facts", "").fill(&sent);
    form.text("reason", REASON_LENGTH);
    let reason = form.required("reason", "Enter why it stays as it is");
    if let (true, Some(reason)) = (form.ok(), reason) {
        let (of, seen) = (id.clone(), form.hidden_value("facts").to_owned());
        let done = web
            .write_once(&form, move |ctx| {
                actions::settle(ctx, kind, &of, &seen, Deed::Left, Some(&reason))?;
                Ok(format!("/reconcile#{}", kind.code()))
            })
            .await;
        match done {
            Ok(location) => return web.see(&location, "It is left as it is"),
            Err(failure) => form.explain(failure)?,
        }
    }
    let line = line_of(&web, kind, &id).await?;
    leave_page(&web, kind, &id, &line, &form)
}

pub async fn reopen(web: Web, id: Path<String>, sent: Submitted) -> Answer {
    let id = known(ReconciliationId::parse(&id))?;
    let form = Form::new().fill(&sent);
    let location = web
        .write_once(&form, move |ctx| {
            actions::reopen(ctx, &id)?;
            Ok("/reconcile".to_owned())
        })
        .await?;
    web.see(&location, "It is open again")
}
