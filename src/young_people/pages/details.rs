//! Everything about who a young person is, on one page, each matter with its link to change it.

use std::collections::HashSet;

use chrono::NaiveDate;
use serde::Serialize;

use super::identity;
use crate::access::Role;
use crate::calendar::{in_england, show as day};
use crate::ctx::Ctx;
use crate::failure::Failure;
use crate::history;
use crate::ids::YoungPersonId;
use crate::web::{Answer, Form, PageOptions, Path, Web, known, view};
use crate::young_people::about::{self, About};
use crate::young_people::actions::{HISTORY, open_to_see};
use crate::young_people::homes::{self, Home};
use crate::young_people::legal::{self, LegalStatus};
use crate::young_people::professionals;
use crate::young_people::relations::{self, Relation, rules::word};
use crate::young_people::{Stretch, YoungPerson, warnings};

#[derive(Serialize)]
struct DetailsView {
    id: YoungPersonId,
    identity: view::Identity,
    may_work: bool,
    history: Option<String>,
    name: Vec<view::Fact>,
    background: Vec<view::Fact>,
    communication: Vec<view::Fact>,
    imported_warning: Option<String>,
    take_over: Form,
    warnings: Vec<Line>,
    past_warnings: Vec<Line>,
    statuses: Vec<StatusView>,
    corrected: Vec<CorrectedView>,
    flags: Vec<Line>,
    homes: Vec<HomeView>,
    relations: Vec<RelationView>,
    professionals: Vec<Line>,
    past_professionals: Vec<Line>,
}

/// A thing with its dates, as several lists of the page show it.
#[derive(Serialize)]
struct Line {
    what: String,
    when: String,
    note: Option<String>,
    in_error: bool,
    change: Option<String>,
    history: Option<String>,
}

#[derive(Serialize)]
struct StatusView {
    what: &'static str,
    code: Option<&'static str>,
    when: String,
    note: Option<String>,
    recorded: String,
    change: String,
}

#[derive(Serialize)]
struct CorrectedView {
    what: String,
    why: String,
    by: String,
}

#[derive(Serialize)]
struct HomeView {
    line: Line,
    provider: Option<String>,
    address: Option<String>,
    out_of_county: bool,
    confidential: bool,
    /// Where the button that shows a confidential address sends, for those who may press it.
    look: Option<String>,
}

#[derive(Serialize)]
struct RelationView {
    line: Line,
    /// The record of the other young person.
    href: Option<String>,
    who: String,
    reach: String,
    parental_responsibility: bool,
}

/// What was ever changed about this young person: the things that have a history to read.
struct Histories(HashSet<(String, String)>);

impl Histories {
    fn of(&self, kind: &str, id: impl ToString) -> Option<String> {
        let id = id.to_string();
        self.0
            .contains(&(kind.to_owned(), id.clone()))
            .then(|| format!("/history/{kind}/{id}"))
    }
}

pub async fn details(web: Web, id: Path<String>) -> Answer {
    let id = known(YoungPersonId::parse(&id))?;
    let back = format!("/young-people/{id}");
    let shown = web.read(move |ctx| details_view(ctx, &id)).await?;
    let options = PageOptions::titled("Details").back(back, "Record").wide();
    web.page("young_people/details", options, shown)
}

fn details_view(ctx: &mut Ctx<'_>, id: &YoungPersonId) -> Result<DetailsView, Failure> {
    let identity = identity(ctx, id, "details")?;
    let opened = open_to_see(ctx, id, "details")?;
    let person = opened.person();
    let may_work = matches!(ctx.actor.role(), Some(Role::Officer | Role::SeniorOfficer));
    let histories = Histories(history::store::subjects(ctx, id)?);
    let about = about::store::of(ctx, id)?;
    let legal = legal::store::history(ctx, id)?;
    let flags = legal::store::flags(ctx, id)?
        .into_iter()
        .map(|flag| Line {
            what: flag.what.flag.words().to_owned(),
            when: when(flag.what.stretch),
            note: flag.what.note,
            in_error: flag.what.in_error,
            change: may_work.then(|| format!("/flags/{}", flag.id)),
            history: histories.of("flag", &flag.id),
        })
        .collect();
    let (warnings, past_warnings) = warning_lines(ctx, id, may_work, &histories)?;
    let (professionals, past_professionals) = professional_lines(ctx, id, may_work, &histories)?;
    let may_look = homes::actions::may_see_address(ctx, id)?;
    let listed = homes::store::listed(ctx, id)?;
    let homes = homes::store::of(ctx, id)?
        .into_iter()
        .map(|home| {
            let listed = listed.get(&home.id).copied();
            home_view(home, listed, may_work, may_look, &histories)
        })
        .collect();
    Ok(DetailsView {
        name: name_facts(person, &about),
        background: background_facts(person, &about),
        communication: communication_facts(person, &about),
        imported_warning: person.contact_warning.clone(),
        take_over: Form::new(),
        statuses: status_views(&legal),
        corrected: corrected_views(&legal),
        relations: relation_views(ctx, id, may_work, &histories)?,
        history: histories.of(HISTORY, id),
        id: id.clone(),
        identity,
        may_work,
        warnings,
        past_warnings,
        flags,
        homes,
        professionals,
        past_professionals,
    })
}

fn when(stretch: Stretch) -> String {
    match stretch.to {
        Some(to) => format!("{} to {}", day(stretch.from), day(to)),
        None => format!("Since {}", day(stretch.from)),
    }
}

fn fact(name: &str, value: Option<impl Into<String>>) -> view::Fact {
    view::Fact::new(
        name,
        value.map_or_else(|| "Not recorded".to_owned(), Into::into),
    )
}

fn name_facts(person: &YoungPerson, about: &About) -> Vec<view::Fact> {
    let mut facts = vec![
        view::Fact::new("Name", person.full_name()),
        fact("Known as", person.known_as.clone()),
        fact("How to say it", about.name_said.clone()),
        fact("Pronouns", about.pronouns.clone()),
    ];
    facts.push(match (person.date_of_birth, about.expected_on) {
        (None, Some(expected)) => view::Fact::new("Expected", day(expected)),
        (born, _) => fact("Date of birth", born.map(day)),
    });
    facts
}

/// The code of the return, with their own words where they say something else.
fn with_words(code: Option<&'static str>, text: Option<&String>) -> Option<String> {
    let same = |code: &str, text: &str| code.eq_ignore_ascii_case(text);
    match (code, text) {
        (Some(code), Some(text)) if !same(code, text) => Some(format!("{text} ({code})")),
        (Some(code), _) => Some(code.to_owned()),
        (None, text) => text.cloned(),
    }
}

fn background_facts(person: &YoungPerson, about: &About) -> Vec<view::Fact> {
    use about::rules::{ethnicity_from_words, gender_from_words};
    let text = &person.details;
    let gender = about
        .gender
        .or_else(|| gender_from_words(text.gender.as_deref()?));
    let ethnicity = about
        .ethnicity
        .or_else(|| ethnicity_from_words(text.ethnicity.as_deref()?));
    vec![
        fact(
            "Gender",
            with_words(gender.map(|it| it.words()), text.gender.as_ref()),
        ),
        fact(
            "Ethnicity",
            with_words(ethnicity.map(|it| it.words()), text.ethnicity.as_ref()),
        ),
    ]
}

fn communication_facts(person: &YoungPerson, about: &About) -> Vec<view::Fact> {
    let interpreter = about.interpreter.map(|needed| match needed {
        true => "Needed",
        false => "Not needed",
    });
    let disabilities: Vec<_> = about.disabilities.iter().map(|it| it.words()).collect();
    let disabilities = Some(disabilities.join(", ")).filter(|words| !words.is_empty());
    vec![
        fact("Language", person.details.language.clone()),
        fact("Interpreter", interpreter),
        fact("Communication", person.details.communication_needs.clone()),
        fact("Disability", disabilities),
    ]
}

fn warning_lines(
    ctx: &mut Ctx<'_>,
    id: &YoungPersonId,
    may_work: bool,
    histories: &Histories,
) -> Result<(Vec<Line>, Vec<Line>), Failure> {
    let (mut now, mut past) = (Vec::new(), Vec::new());
    for warning in warnings::store::all(ctx, id)? {
        let what = format!("{}: {}", warning.said.kind.words(), warning.said.words);
        let set = format!("Set by {} on {}", warning.set_by, day(warning.set_on));
        let history = histories.of("warning", &warning.id);
        match warning.ended {
            None => now.push(Line {
                what,
                when: format!("{set}, to be reviewed on {}", day(warning.said.review_on)),
                note: None,
                in_error: false,
                change: may_work.then(|| format!("/warnings/{}", warning.id)),
                history,
            }),
            Some(ended) => past.push(Line {
                what,
                when: format!("{set}, ended by {} on {}", ended.by, day(ended.on)),
                note: Some(ended.why),
                in_error: false,
                change: None,
                history,
            }),
        }
    }
    Ok((now, past))
}

/// The history, the latest first.
fn status_views(legal: &[LegalStatus]) -> Vec<StatusView> {
    legal::rules::periods(legal)
        .into_iter()
        .rev()
        .map(|(row, to)| StatusView {
            what: row.basis.words(),
            code: row.basis.ssda903(),
            when: when(Stretch { from: row.from, to }),
            note: row.note.clone(),
            recorded: format!(
                "{}, {}",
                row.recorded_by,
                day(in_england(row.recorded_at).date())
            ),
            change: format!("/legal-statuses/{}", row.id),
        })
        .collect()
}

fn corrected_views(legal: &[LegalStatus]) -> Vec<CorrectedView> {
    legal
        .iter()
        .rev()
        .filter_map(|row| {
            let correction = row.correction.as_ref()?;
            let right = legal
                .iter()
                .find(|other| Some(&other.id) == correction.replaced_by.as_ref());
            let right = right.map_or_else(
                || "it never was".to_owned(),
                |right| format!("\"{}\" from {}", right.basis.words(), day(right.from)),
            );
            Some(CorrectedView {
                what: format!(
                    "It said \"{}\" from {}. Right is: {right}.",
                    row.basis.words(),
                    day(row.from)
                ),
                why: correction.reason.clone(),
                by: format!(
                    "{}, {}",
                    correction.by,
                    day(in_england(correction.at).date())
                ),
            })
        })
        .collect()
}

fn home_view(
    home: Home,
    listed: Option<NaiveDate>,
    may_work: bool,
    may_look: bool,
    histories: &Histories,
) -> HomeView {
    let said = home.said;
    let place = home.place.unwrap_or_default();
    HomeView {
        line: Line {
            what: said.kind.words().to_owned(),
            when: when(said.stretch),
            note: listed.map(|on| format!("From the placement list, last of {}", day(on))),
            in_error: said.in_error,
            change: may_work.then(|| format!("/homes/{}", home.id)),
            history: histories.of("home", &home.id),
        },
        provider: place.provider,
        address: place.address,
        out_of_county: said.out_of_county,
        confidential: said.confidential,
        look: (said.confidential && may_look).then(|| format!("/homes/{}/address", home.id)),
    }
}

/// Those with parental responsibility first; what was recorded in error last.
fn relation_views(
    ctx: &mut Ctx<'_>,
    id: &YoungPersonId,
    may_work: bool,
    histories: &Histories,
) -> Result<Vec<RelationView>, Failure> {
    let all = relations::store::of(ctx, id)?;
    let others = relations::store::others(ctx, id, &all)?;
    let mut views: Vec<_> = all
        .into_iter()
        .filter_map(|relation| {
            let other = others
                .iter()
                .find(|(pair, _)| Some(pair) == relation.pair.as_ref())
                .map(|(_, other)| other);
            // Somebody whose record is closed to the reader is not there.
            if relation.pair.is_some() && other.is_none() {
                return None;
            }
            Some(relation_view(relation, other, may_work, histories))
        })
        .collect();
    views.sort_by_key(|view| (view.line.in_error, !view.parental_responsibility));
    Ok(views)
}

fn relation_view(
    relation: Relation,
    other: Option<&relations::Other>,
    may_work: bool,
    histories: &Histories,
) -> RelationView {
    let said = relation.said;
    let reach: Vec<_> = [said.phone, said.email].into_iter().flatten().collect();
    RelationView {
        who: match other {
            Some(other) => other.name.clone(),
            None => said.name.unwrap_or_default(),
        },
        href: other.map(|other| format!("/young-people/{}", other.id)),
        reach: reach.join(", "),
        parental_responsibility: said.parental_responsibility,
        line: Line {
            what: word(said.kind, other.and_then(|other| other.gender)).to_owned(),
            when: String::new(),
            note: said.note,
            in_error: said.in_error,
            change: may_work.then(|| format!("/relations/{}", relation.id)),
            history: histories.of("relation", &relation.id),
        },
    }
}

fn professional_lines(
    ctx: &mut Ctx<'_>,
    id: &YoungPersonId,
    may_work: bool,
    histories: &Histories,
) -> Result<(Vec<Line>, Vec<Line>), Failure> {
    let lines = professionals::store::of(ctx, id)?
        .into_iter()
        .map(|professional| {
            let said = professional.said;
            let line = Line {
                what: format!("{}: {}", said.role.words(), said.in_words()),
                when: when(said.stretch),
                note: None,
                in_error: said.in_error,
                change: may_work.then(|| format!("/professionals/{}", professional.id)),
                history: histories.of("professional", &professional.id),
            };
            (said.stretch.to.is_none() && !said.in_error, line)
        });
    let (now, past): (Vec<_>, Vec<_>) = lines.partition(|(goes_on, _)| *goes_on);
    let only = |lines: Vec<(bool, Line)>| lines.into_iter().map(|(_, line)| line).collect();
    Ok((only(now), only(past)))
}
