//! The record of one young person: what happened, over both streams and all cases, the latest
//! first, and who has looked.

use chrono::NaiveDate;
use serde::Serialize;

use crate::access::{Permission, Relationship, decide};
use crate::audit;
use crate::calendar::{in_england, show as day};
use crate::case_studies;
use crate::cases::{self, Case};
use crate::complaints;
use crate::conferences;
use crate::contacts;
use crate::ctx::Ctx;
use crate::documents;
use crate::failure::Failure;
use crate::ids::YoungPersonId;
use crate::issues;
use crate::meetings;
use crate::merges;
use crate::referrals;
use crate::requests;
use crate::restrictions;
use crate::themes;
use crate::web::view::Entry;
use crate::web::{Answer, Form, PageOptions, Path, Submitted, Web, known, view};
use crate::young_people::{self, actions::open_record, identity_bar};

/// What the timeline is made of: each concept tells its own part.
type Teller = fn(&mut Ctx<'_>, &YoungPersonId) -> Result<Vec<Entry>, Failure>;
const TELLERS: &[Teller] = &[
    referrals::panel::timeline,
    conferences::panel::timeline,
    cases::panel::timeline,
    meetings::panel::timeline,
    complaints::panel::timeline,
    contacts::panel::timeline,
    issues::panel::timeline,
    cases::outcomes::panel::timeline,
    themes::panel::timeline,
    case_studies::panel::timeline,
    documents::panel::timeline,
    requests::panel::timeline,
];

/// What a kind of entry is called where the timeline is narrowed to it. A kind that is not here is
/// called by its code.
const KINDS: &[(&str, &str)] = &[
    ("referral", "Referrals"),
    ("attempt", "Attempts"),
    ("request", "How they asked"),
    ("conference", "Conferences"),
    ("case", "Opening and closing"),
    ("contact", "Contacts"),
    ("issue", "Issues"),
    ("meeting", "Meetings"),
    ("complaint", "Complaints"),
    ("outcome", "Outcomes"),
    ("theme", "Themes"),
    ("case_study", "Case studies"),
    ("document", "Documents"),
];

const A_PAGE: i64 = 50;
const LOOKS: i64 = 60;

#[derive(Serialize)]
struct RecordView {
    id: YoungPersonId,
    identity: view::Identity,
    facts: Vec<view::Fact>,
    about: young_people::panel::Panel,
    cases: Vec<CaseView>,
    form: Form,
    chips: view::Chips,
    total_words: String,
    entries: Vec<EntryView>,
    pages: Option<view::Pagination>,
    looks: Vec<Look>,
    senior: Option<SeniorView>,
}

#[derive(Serialize)]
struct CaseView {
    href: String,
    words: String,
}

#[derive(Serialize)]
struct EntryView {
    day: String,
    kind: String,
    entry: Entry,
    ahead: bool,
}

#[derive(Serialize)]
struct Look {
    at: String,
    who: String,
    what: String,
}

/// What only a senior officer does with a record.
#[derive(Serialize)]
struct SeniorView {
    closed_to: Vec<ClosedView>,
    merged: Vec<MergedView>,
}

#[derive(Serialize)]
struct ClosedView {
    href: String,
    who: String,
    review: String,
}

#[derive(Serialize)]
struct MergedView {
    href: String,
    at: String,
}

pub async fn record(web: Web, id: Path<String>) -> Answer {
    let id = known(YoungPersonId::parse(&id))?;
    let asked = web.query().clone();
    let wanted = id.clone();
    let shown = web
        .read(move |ctx| record_view(ctx, &wanted, &asked))
        .await?;
    if shown.id != id {
        // It was merged: one person has one address.
        return web.go(&format!("/young-people/{}", shown.id));
    }
    let title = PageOptions::titled("Young person").wide();
    web.page("home/record", title, shown)
}

fn record_view(
    ctx: &mut Ctx<'_>,
    id: &YoungPersonId,
    asked: &Submitted,
) -> Result<RecordView, Failure> {
    let id = young_people::store::standing(ctx, id)?;
    let relationship = match young_people::store::reason_holds(ctx, &id)? {
        true => Relationship::ReasonStated,
        false => Relationship::Team,
    };
    let opened = open_record(ctx, &id, Permission::SeeRecord, relationship, "record")?;
    let person = opened.person();
    let cases = cases::store::of_young_person(ctx, &id)?;
    let open = cases.iter().any(|case| case.open_spell().is_some());
    let state = if open { "Case open" } else { "No open case" };
    let details = &person.details;
    let mut facts = Vec::new();
    for (name, value) in [
        ("Gender", &details.gender),
        ("Ethnicity", &details.ethnicity),
        ("Language", &details.language),
        ("Communication", &details.communication_needs),
    ] {
        if let Some(value) = value {
            facts.push(view::Fact::new(name, value));
        }
    }
    for source in young_people::store::refs(ctx, &id)? {
        facts.push(view::Fact::new("Reference", source.reference));
    }
    let mut all: Vec<Entry> = Vec::new();
    for tell in TELLERS {
        all.extend(tell(ctx, &id)?);
    }
    // The latest first; what happened on one day stays as its concept tells it.
    all.sort_by_key(|entry| std::cmp::Reverse(entry.on));
    let path = format!("/young-people/{id}");
    let mut form = narrowing(&all, &cases).fill(asked);
    let kind = form.chosen_optional("kind", |code| Some(code.to_owned()));
    let of_case = form
        .chosen_optional("case", |code| Some(code.to_owned()))
        .and_then(|code| cases.iter().find(|case| case.id.as_str() == code));
    let mut chips = view::Chips::new(path.clone());
    if let Some(kind) = &kind {
        chips.add(asked, "kind", &kind_words(kind));
        all.retain(|entry| entry.kind == kind);
    }
    if let Some(case) = of_case {
        chips.add(asked, "case", &case_words(case));
        let others: Vec<&Case> = cases.iter().filter(|other| other.id != case.id).collect();
        all.retain(|entry| belongs_to(entry, case, &others));
    }
    let total = i64::try_from(all.len()).unwrap_or(i64::MAX);
    let page: i64 = asked.first("page").parse().unwrap_or(1).clamp(1, 100_000);
    let today = ctx.today;
    let skip = usize::try_from((page - 1) * A_PAGE).unwrap_or(usize::MAX);
    let entries = all
        .into_iter()
        .skip(skip)
        .take(usize::try_from(A_PAGE).unwrap_or(usize::MAX))
        .map(|entry| EntryView {
            day: day(entry.on),
            kind: kind_words(entry.kind),
            ahead: entry.on > today,
            entry,
        })
        .collect();
    Ok(RecordView {
        identity: identity_bar(
            person,
            today,
            &young_people::status::beside(ctx, &id, state)?,
        ),
        facts,
        about: young_people::panel::of(ctx, &id)?,
        cases: cases
            .iter()
            .map(|case| CaseView {
                href: format!("/cases/{}", case.id),
                words: case_words(case),
            })
            .collect(),
        form,
        chips,
        total_words: view::count(total, "entry", "entries"),
        pages: view::Pagination::of(&path, asked, page, total, A_PAGE),
        entries,
        looks: looks(ctx, &id)?,
        senior: senior(ctx, &id)?,
        id,
    })
}

/// By what the timeline can be narrowed: the kinds that are in it, and the cases.
fn narrowing(entries: &[Entry], cases: &[Case]) -> Form {
    let mut kinds: Vec<&str> = entries.iter().map(|entry| entry.kind).collect();
    let place = |kind: &str| KINDS.iter().position(|(code, _)| *code == kind);
    kinds.sort_by_key(|kind| (place(kind).unwrap_or(usize::MAX), *kind));
    kinds.dedup();
    Form::new()
        .choice(
            "kind",
            kinds
                .into_iter()
                .map(|kind| (kind.to_owned(), kind_words(kind))),
        )
        .choice(
            "case",
            cases
                .iter()
                .map(|case| (case.id.to_string(), case_words(case))),
        )
}

fn kind_words(kind: &str) -> String {
    KINDS
        .iter()
        .find(|(code, _)| *code == kind)
        .map_or_else(|| kind.replace('_', " "), |(_, words)| (*words).to_owned())
}

fn case_words(case: &Case) -> String {
    let opened = case.opened_on().map(day).unwrap_or_default();
    let state = match case.open_spell() {
        Some(_) => "open",
        None => "closed",
    };
    format!("{}, from {opened}, {state}", case.stream.words())
}

/// Is it of this case? What leads to a case or its referral is of that case; what leads to neither
/// is of the case that was open on the day.
fn belongs_to(entry: &Entry, case: &Case, others: &[&Case]) -> bool {
    let leads_to = |case: &Case| {
        entry.href.as_ref().is_some_and(|href| {
            href.starts_with(&format!("/cases/{}", case.id))
                || href.starts_with(&format!("/referrals/{}", case.referral))
        })
    };
    if leads_to(case) {
        return true;
    }
    let elsewhere = entry
        .href
        .as_ref()
        .is_some_and(|href| href.starts_with("/referrals/") || href.starts_with("/cases/"));
    !elsewhere && !others.iter().any(|other| leads_to(other)) && was_open(case, entry.on)
}

fn was_open(case: &Case, on: NaiveDate) -> bool {
    case.spells.iter().any(|spell| {
        spell.opened_on <= on
            && spell
                .closing
                .as_ref()
                .is_none_or(|closing| on <= closing.on)
    })
}

/// Who looked at the record and what was done to it, the latest first: what one person did several
/// times in a row is one line. The looks at a record that was merged into this one are among them.
fn looks(ctx: &mut Ctx<'_>, id: &YoungPersonId) -> Result<Vec<Look>, Failure> {
    let records = young_people::store::with_merged(ctx, id)?;
    let mut looks: Vec<(Look, u32)> = Vec::new();
    for line in audit::lines_about(ctx, &records, LOOKS)? {
        let who = line.actor_name.unwrap_or(line.actor);
        let what = line.action.replace('_', " ");
        match looks.last_mut() {
            Some((last, times)) if last.who == who && last.what == what => *times += 1,
            _ => looks.push((
                Look {
                    at: in_england(line.happened_at)
                        .format("%-d %B %Y, %H:%M")
                        .to_string(),
                    who,
                    what,
                },
                1,
            )),
        }
    }
    Ok(looks
        .into_iter()
        .map(|(look, times)| Look {
            what: match times {
                1 => look.what,
                times => format!("{}, {times} times", look.what),
            },
            ..look
        })
        .collect())
}

fn senior(ctx: &mut Ctx<'_>, id: &YoungPersonId) -> Result<Option<SeniorView>, Failure> {
    if !decide(ctx.actor, Permission::Restrict, Relationship::Team).allowed() {
        return Ok(None);
    }
    Ok(Some(SeniorView {
        closed_to: restrictions::store::of_young_person(ctx, id)?
            .into_iter()
            .filter(|it| it.ended_on.is_none())
            .map(|it| ClosedView {
                href: format!("/restrictions/{}", it.id),
                who: it.user_name,
                review: day(it.review_on),
            })
            .collect(),
        merged: merges::store::into(ctx, id)?
            .into_iter()
            .map(|it| MergedView {
                href: format!("/merges/{}", it.id),
                at: day(in_england(it.merged_at).date()),
            })
            .collect(),
    }))
}
