//! Logging a contact: one page, from a case or for several of the officer's young people at once.

use serde::Serialize;

use super::{
    Boxes, boxes, identities, note_field, read_told, said, told_form, warned, words_field,
};
use crate::access::Permission;
use crate::cases;
use crate::contacts::store::{Candidate, brothers_and_sisters};
use crate::contacts::{FollowUp, NewContact, Words, actions};
use crate::ctx::Ctx;
use crate::failure::Failure;
use crate::ids::CaseId;
use crate::team;
use crate::text::{NAME_LENGTH, NARRATIVE_LENGTH};
use crate::web::{Answer, Failed, Form, PageOptions, Path, Submitted, Web, known, view};
use crate::young_people;

/// More open cases than one officer holds.
const MANY: i64 = 500;

/// The open cases of whoever asks, by name.
fn my_cases(ctx: &mut Ctx<'_>) -> Result<Vec<Candidate>, Failure> {
    let filter = cases::store::Filter {
        open: Some(true),
        cases: Some(team::actions::mine(ctx)?.cases),
        limit: MANY,
        ..cases::store::Filter::default()
    };
    let closed = young_people::store::closed_to_me(ctx)?;
    let (lines, _) = cases::store::list(ctx, &filter)?;
    let mut mine: Vec<Candidate> = lines
        .into_iter()
        .filter(|line| !closed.contains(&line.young_person))
        .map(|line| Candidate {
            case: line.id,
            first_name: line.first_name,
            last_name: line.last_name,
        })
        .collect();
    mine.sort_by(|one, other| {
        (&one.first_name, &one.last_name, &one.case).cmp(&(
            &other.first_name,
            &other.last_name,
            &other.case,
        ))
    });
    Ok(mine)
}

fn option(candidate: &Candidate) -> (String, String) {
    let name = format!("{} {}", candidate.first_name, candidate.last_name);
    (candidate.case.to_string(), name)
}

// Whom it was about

#[derive(Serialize)]
struct ChooseView {
    form: Form,
    any: bool,
}

/// Chooses for whom a contact is logged, where no case says so already.
pub async fn choose(web: Web) -> Answer {
    let mut chosen: Vec<CaseId> = web.query().all("case").filter_map(CaseId::parse).collect();
    chosen.dedup();
    if let Some((first, others)) = chosen.split_first() {
        let with: Vec<String> = others.iter().map(|id| format!("with={id}")).collect();
        let query = match with.is_empty() {
            true => String::new(),
            false => format!("?{}", with.join("&")),
        };
        return web.go(&format!("/cases/{first}/contacts/new{query}"));
    }
    let asked = web.query().has("chosen");
    let view = web
        .read(move |ctx| {
            let mine = my_cases(ctx)?;
            let mut form = Form::new().choice("case", mine.iter().map(option));
            if asked {
                form.add_error("case", "Choose at least one child or young person");
            }
            Ok(ChooseView {
                any: !mine.is_empty(),
                form,
            })
        })
        .await?;
    let options = PageOptions::titled("Log a contact")
        .back("/", "My work")
        .with_form(&view.form);
    web.page("contacts/choose", options, view)
}

// The form

/// Everybody whom the contact may be about: the young person of the case and those on the same
/// conferences first, then the rest of the officer's open cases.
#[derive(Clone)]
struct Candidates {
    near: Vec<Candidate>,
    others: Vec<Candidate>,
}

impl Candidates {
    fn all(&self) -> impl Iterator<Item = &Candidate> {
        self.near.iter().chain(&self.others)
    }
}

fn candidates(ctx: &mut Ctx<'_>, id: &CaseId) -> Result<Candidates, Failure> {
    let (case, opened) = cases::actions::open(ctx, id, Permission::WorkRecord)?;
    let person = opened.person();
    let mut near = vec![Candidate {
        case: case.id.clone(),
        first_name: person.first_name.clone(),
        last_name: person.last_name.clone(),
    }];
    for candidate in brothers_and_sisters(ctx, &person.id)? {
        if near.iter().all(|known| known.case != candidate.case) {
            near.push(candidate);
        }
    }
    let mut others = my_cases(ctx)?;
    others.retain(|it| near.iter().all(|known| known.case != it.case));
    Ok(Candidates { near, others })
}

fn form_of(candidates: &Candidates, id: &CaseId, today: chrono::NaiveDate) -> Form {
    let mut form = told_form()
        .choice("people", candidates.near.iter().map(option))
        .choice("others", candidates.others.iter().map(option))
        .date("follow_up_on")
        .field("follow_up_what")
        .set("made_on", today)
        .set("people", id.to_string());
    for candidate in candidates.all() {
        form = form
            .field(note_field(&candidate.case))
            .field(words_field(&candidate.case));
    }
    form
}

fn chosen(form: &mut Form) -> Vec<CaseId> {
    let mut ids = form.chosen_all("people", CaseId::parse);
    ids.extend(form.chosen_all("others", CaseId::parse));
    ids
}

#[derive(Serialize)]
struct LogView {
    form: Form,
    id: CaseId,
    identities: Vec<view::Identity>,
    warned: bool,
    any_others: bool,
    others_open: bool,
    people: Vec<Boxes>,
}

async fn log_page(web: &Web, id: &CaseId, candidates: Candidates, mut form: Form) -> Answer {
    let ids = chosen(&mut form);
    let others_open = !form.chosen_all("others", CaseId::parse).is_empty();
    let options = PageOptions::titled("Log a contact")
        .back(format!("/cases/{id}"), "Case")
        .with_form(&form);
    let wanted = ids.clone();
    let identities = web
        .read(move |ctx| {
            let mut people = Vec::new();
            for id in &wanted {
                people.push(cases::actions::open(ctx, id, Permission::SeeRecord)?);
            }
            Ok(identities(&people, ctx.today))
        })
        .await?;
    let about = candidates
        .all()
        .filter(|it| ids.contains(&it.case))
        .map(|it| (&it.case, it.first_name.as_str()));
    let people = boxes(&form, about)?;
    web.page(
        "contacts/log",
        options,
        LogView {
            warned: warned(&identities),
            identities,
            any_others: !candidates.others.is_empty(),
            others_open,
            people,
            id: id.clone(),
            form,
        },
    )
}

async fn empty_form(web: &Web, id: &CaseId) -> Result<(Candidates, Form), Failed> {
    let wanted = id.clone();
    Ok(web
        .read(move |ctx| {
            let candidates = candidates(ctx, &wanted)?;
            let form = form_of(&candidates, &wanted, ctx.today);
            Ok((candidates, form))
        })
        .await?)
}

pub async fn log(web: Web, id: Path<String>) -> Answer {
    let id = known(CaseId::parse(&id))?;
    let (candidates, form) = empty_form(&web, &id).await?;
    let with: Vec<&str> = web.query().all("with").collect();
    let form = form
        .set_all("people", asked(&candidates.near, &with, Some(&id)))
        .set_all("others", asked(&candidates.others, &with, None));
    let form = web.resume(form).await?;
    log_page(&web, &id, candidates, form).await
}

/// Those of the candidates that the address names.
fn asked(candidates: &[Candidate], with: &[&str], first: Option<&CaseId>) -> Vec<String> {
    candidates
        .iter()
        .filter(|it| Some(&it.case) == first || with.contains(&it.case.as_str()))
        .map(|it| it.case.to_string())
        .collect()
}

pub async fn log_sent(web: Web, id: Path<String>, sent: Submitted) -> Answer {
    let id = known(CaseId::parse(&id))?;
    let (candidates, form) = empty_form(&web, &id).await?;
    let mut form = form.fill(&sent);
    // "Show their boxes": somebody else was ticked, and nothing is kept yet.
    if sent.has("show_boxes") {
        return log_page(&web, &id, candidates, form).await;
    }
    let told = read_told(&mut form);
    let ids = chosen(&mut form);
    let mut people = Vec::new();
    let mut unticked = Vec::new();
    for candidate in candidates.all() {
        let words = Words {
            note: said(form.text(&note_field(&candidate.case), NARRATIVE_LENGTH)),
            own: said(form.text(&words_field(&candidate.case), NARRATIVE_LENGTH)),
        };
        if ids.contains(&candidate.case) {
            people.push((candidate.case.clone(), words));
        } else if words != Words::default() {
            unticked.push(candidate.first_name.clone());
        }
    }
    if !unticked.is_empty() {
        form.add_error(
            "people",
            format!(
                "You wrote about {}: tick them too, or empty what is written",
                unticked.join(" and ")
            ),
        );
    }
    let follow_up = read_follow_up(&mut form);
    if let (true, Some(told), Ok(follow_up)) = (form.ok(), told, follow_up) {
        let has_task = follow_up.is_some();
        let new = NewContact {
            told,
            people,
            letter_confirmed: form.yes("letter_confirmed"),
            follow_up,
        };
        let case = id.clone();
        let done = web
            .write_once(&form, move |ctx| {
                actions::log(ctx, &new)?;
                Ok(format!("/cases/{case}#contacts"))
            })
            .await;
        match done {
            Ok(location) if has_task => {
                return web.see(&location, "The contact is on record, and its task is made");
            }
            Ok(location) => return web.see(&location, "The contact is on record"),
            Err(failure) => form.explain(failure)?,
        }
    }
    log_page(&web, &id, candidates, form).await
}

/// The follow-up, if one is asked for: a day and what for, both or neither.
fn read_follow_up(form: &mut Form) -> Result<Option<FollowUp>, ()> {
    let what = form.text("follow_up_what", NAME_LENGTH);
    let on = form.date_optional("follow_up_on", "The follow-up day");
    match (on, what.is_empty()) {
        (Some(on), false) => Ok(Some(FollowUp { on, what })),
        (Some(_), true) => {
            form.add_error(
                "follow_up_what",
                "Say what is to be done on the follow-up day",
            );
            Err(())
        }
        (None, false) => {
            form.add_error("follow_up_on", "Enter the day of the follow-up");
            Err(())
        }
        (None, true) => Ok(None),
    }
}
