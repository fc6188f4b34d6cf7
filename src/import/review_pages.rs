//! The review queue: rows that wait for somebody to say whom they are about, and records that look
//! alike, each side by side with what matches and what differs.

use chrono::NaiveDate;
use serde::Serialize;
use serde_json::json;

use super::review::{self, Waiting};
use super::store::{self, KeptRow};
use crate::access::{Permission, Relationship};
use crate::calendar::show as day;
use crate::ctx::Ctx;
use crate::failure::Failure;
use crate::ids::{ImportRowId, LikenessId, YoungPersonId};
use crate::text::{NARRATIVE_LENGTH, lower_first};
use crate::web::{Answer, Failed, Form, PageOptions, Path, Submitted, Web, known};
use crate::young_people::matching::rules::{CarerFit, Compared, compare};
use crate::young_people::matching::{CarerFacts, Certainty, Facts, Likeness, actions};
use crate::young_people::{self, YoungPerson};

const DIFFERENT: &str = "different";
const LATER: &str = "later";
const SAME: &str = "same";

// The list

#[derive(Serialize)]
struct LineView {
    href: String,
    who: String,
    what: String,
    since: String,
    certain: bool,
    sure: &'static str,
    later: Option<String>,
}

#[derive(Default, Serialize)]
struct QueueView {
    rows: Vec<LineView>,
    likenesses: Vec<LineView>,
    set_aside: Vec<LineView>,
    /// Rows that wait beyond those shown.
    more: i64,
}

/// The most rows that are shown at once.
const SHOWN: usize = 100;

pub async fn list(web: Web) -> Answer {
    let settings = web.app.settings.import.clone();
    let view = web
        .read(move |ctx| {
            let mut view = QueueView::default();
            let today = ctx.today;
            let waiting = store::waiting(ctx)?;
            view.more = i64::try_from(waiting.len().saturating_sub(SHOWN)).unwrap_or(i64::MAX);
            for row in waiting.into_iter().take(SHOWN) {
                let waits = row.later_on.is_some_and(|on| on > today);
                let line = row_line(ctx, &settings, &row)?;
                if waits {
                    view.set_aside.push(line);
                } else {
                    view.rows.push(line);
                }
            }
            let alike = young_people::matching::store::unsettled(ctx)?;
            for likeness in alike.into_iter().take(SHOWN) {
                let waits = likeness.later_on.is_some_and(|on| on > today);
                let line = likeness_line(ctx, &likeness)?;
                if waits {
                    view.set_aside.push(line);
                } else {
                    view.likenesses.push(line);
                }
            }
            Ok(view)
        })
        .await?;
    let options = PageOptions::titled("Who is this?")
        .back("/imports", "Imports")
        .wide();
    web.page("imports/review", options, view)
}

fn set_aside(on: Option<NaiveDate>, note: Option<&str>) -> Option<String> {
    Some(format!(
        "Set aside until {}: {}",
        day(on?),
        note.unwrap_or_default()
    ))
}

fn row_line(
    ctx: &mut Ctx<'_>,
    settings: &crate::settings::Import,
    row: &KeptRow,
) -> Result<LineView, Failure> {
    let said = |column: &str| row.raw.get(column).map_or("", String::as_str);
    // Only the certainty is shown here: the page of the row shows who is meant.
    let waiting = review::with_alike(ctx, settings, row.clone())?;
    let sure = waiting
        .alike
        .first()
        .map_or(Certainty::New, |it| it.compared.certainty());
    Ok(LineView {
        href: format!("/imports/review/{}", row.id),
        who: format!("{} {}", said("first_name"), said("last_name")),
        what: format!("{}, row {}", row.kind.words(), row.number),
        since: day(row.imported_on),
        certain: sure == Certainty::Certain,
        sure: match sure {
            Certainty::New => "Nobody on record any more",
            _ => sure.words(),
        },
        later: set_aside(row.later_on, row.later_note.as_deref()),
    })
}

fn likeness_line(ctx: &mut Ctx<'_>, likeness: &Likeness) -> Result<LineView, Failure> {
    let both = [likeness.newer.clone(), likeness.older.clone()];
    let people = young_people::store::by_ids(ctx, &both)?;
    let names: Vec<String> = people.iter().map(YoungPerson::full_name).collect();
    Ok(LineView {
        href: format!("/imports/likenesses/{}", likeness.id),
        who: names.join(" and "),
        what: "Two records".to_owned(),
        since: day(likeness.found_on),
        certain: likeness.certainty == Certainty::Certain,
        sure: likeness.certainty.words(),
        later: set_aside(likeness.later_on, likeness.later_note.as_deref()),
    })
}

// Side by side

/// One thing compared: what is said on either side, and how it fits.
#[derive(Serialize)]
struct Pair {
    what: &'static str,
    left: String,
    right: String,
    fits: String,
    same: bool,
    differs: bool,
}

#[derive(Serialize)]
struct SideView {
    caption: String,
    heading: String,
    href: String,
    sure: &'static str,
    pairs: Vec<Pair>,
}

fn pair(what: &'static str, left: &str, right: &str, fits: &str) -> Pair {
    let silent = left.is_empty() || right.is_empty();
    let fits = if silent { "Not said on both" } else { fits };
    Pair {
        what,
        left: left.to_owned(),
        right: right.to_owned(),
        same: fits == "Same",
        differs: fits == "Different",
        fits: fits.to_owned(),
    }
}

fn carers(carers: &[CarerFacts]) -> String {
    let mut said: Vec<String> = carers
        .iter()
        .map(|carer| {
            [&carer.name, &carer.phone, &carer.email]
                .into_iter()
                .flatten()
                .cloned()
                .collect::<Vec<_>>()
                .join(", ")
        })
        .filter(|carer| !carer.is_empty())
        .collect();
    said.sort();
    said.dedup();
    said.join("; ")
}

fn pairs(
    ctx: &mut Ctx<'_>,
    left: &Facts,
    right: &Facts,
    compared: &Compared,
) -> Result<Vec<Pair>, Failure> {
    let text = |value: &Option<String>| value.clone().unwrap_or_default();
    let born = |facts: &Facts| facts.date_of_birth.map(day).unwrap_or_default();
    let gender = |facts: &Facts| facts.gender.map(|it| it.words()).unwrap_or_default();
    let round = |fits: &'static str| match compared.other_way_round {
        true => format!("{fits}, but first and last name are the other way round"),
        false if compared.by_known_as => format!("{fits}, by the name they go by"),
        false => fits.to_owned(),
    };
    let same_or = |same: bool| if same { "Same" } else { "Different" };
    let mut pairs = vec![
        pair(
            "First name",
            &left.first_name,
            &right.first_name,
            &round(compared.first_name.words()),
        ),
        pair(
            "Last name",
            &left.last_name,
            &right.last_name,
            compared.last_name.words(),
        ),
    ];
    if left.known_as.is_some() || right.known_as.is_some() {
        let (a, b) = (text(&left.known_as), text(&right.known_as));
        let fits = young_people::matching::names::fit(&a, &b).words();
        pairs.push(pair("Known as", &a, &b, fits));
    }
    pairs.push(pair(
        "Date of birth",
        &born(left),
        &born(right),
        compared.birth.words(),
    ));
    pairs.push(pair(
        "Gender",
        gender(left),
        gender(right),
        same_or(compared.same_gender == Some(true)),
    ));
    pairs.push(pair(
        "Who cares for them",
        &carers(&left.carers),
        &carers(&right.carers),
        match compared.carer {
            CarerFit::Contact => "Same",
            CarerFit::Name => "The same name",
            CarerFit::NothingShared => "Different",
        },
    ));
    let (a, b) = (names_of(ctx, left)?, names_of(ctx, right)?);
    let family = if compared.family {
        "Some are the same"
    } else {
        "Different"
    };
    pairs.push(pair("On a conference or at home with", &a, &b, family));
    Ok(pairs)
}

/// The family by name, without those whose record is closed to whoever asks.
fn names_of(ctx: &mut Ctx<'_>, facts: &Facts) -> Result<String, Failure> {
    let closed = young_people::store::closed_to_me(ctx)?;
    let mut ids: Vec<YoungPersonId> = facts.family.iter().cloned().collect();
    ids.retain(|id| !closed.contains(id));
    let people = young_people::store::by_ids(ctx, &ids)?;
    let names: Vec<String> = people.iter().map(YoungPerson::full_name).collect();
    Ok(names.join(", "))
}

/// A record that is looked at to compare it, with those around them.
fn looked_at(ctx: &mut Ctx<'_>, id: &YoungPersonId) -> Result<(YoungPerson, Facts), Failure> {
    let opened = young_people::actions::open_record(
        ctx,
        id,
        Permission::SeeRecord,
        Relationship::Team,
        "review",
    )?;
    let person = opened.person().clone();
    let around = actions::with_people_around(ctx, std::slice::from_ref(&person))?;
    let facts = around.get(&person.id).cloned();
    Ok((person.clone(), facts.unwrap_or_else(|| Facts::of(&person))))
}

fn later_fields(form: Form) -> Form {
    form.date("later_on").field("later_note")
}

/// The day and the reason of a decision that is set aside.
fn later(form: &mut Form) -> Option<(NaiveDate, String)> {
    let until = form.date_required("later_on", "The day on which it comes back");
    let note = form.required("later_note", "Say what is to be found out");
    let long = form.text("later_note", NARRATIVE_LENGTH);
    Some((until?, note.map(|_| long)?)).filter(|_| form.ok())
}

// A row that waits

struct RowPage {
    form: Form,
    who: String,
    came: String,
    later: Option<String>,
    sides: Vec<SideView>,
}

async fn ask_row(web: &Web, id: &ImportRowId) -> Result<Option<RowPage>, Failed> {
    let settings = web.app.settings.import.clone();
    let id = id.clone();
    Ok(web
        .read(move |ctx| {
            review::open(ctx, &settings, &id)?
                .map(|waiting| row_page(ctx, waiting))
                .transpose()
        })
        .await?)
}

fn row_page(ctx: &mut Ctx<'_>, waiting: Waiting) -> Result<RowPage, Failure> {
    let Waiting {
        row, facts, alike, ..
    } = waiting;
    let mut sides = Vec::new();
    let mut options = Vec::new();
    for it in alike {
        let (person, theirs) = looked_at(ctx, &it.person.id)?;
        let sure = it.compared.certainty().words();
        options.push((
            person.id.to_string(),
            format!("They are {}", person.full_name()),
            sure.to_owned(),
        ));
        sides.push(SideView {
            caption: format!("The row beside the record of {}", person.full_name()),
            heading: person.full_name(),
            href: format!("/young-people/{}", person.id),
            sure,
            pairs: pairs(ctx, &facts, &theirs, &it.compared)?,
        });
    }
    options.push((
        DIFFERENT.to_owned(),
        "Somebody else".to_owned(),
        "They are put on record as a new young person".to_owned(),
    ));
    options.push((
        LATER.to_owned(),
        "It cannot be said yet".to_owned(),
        "The row waits, and comes back on the day below".to_owned(),
    ));
    Ok(RowPage {
        form: later_fields(Form::new().choice("who", options)),
        who: format!("{} {}", facts.first_name, facts.last_name),
        came: format!(
            "{} of {}, row {}",
            row.kind.words(),
            day(row.imported_on),
            row.number
        ),
        later: set_aside(row.later_on, row.later_note.as_deref()),
        sides,
    })
}

fn show_row(web: &Web, id: &ImportRowId, page: &RowPage, form: &Form) -> Answer {
    let options = PageOptions::titled("Who is this?")
        .back("/imports/review", "All that wait")
        .wide()
        .with_form(form);
    web.page(
        "imports/review_row",
        options,
        json!({
            "id": id, "form": form, "who": page.who, "came": page.came,
            "later": page.later, "sides": page.sides,
        }),
    )
}

pub async fn row(web: Web, id: Path<String>) -> Answer {
    let id = known(ImportRowId::parse(&id))?;
    let page = known(ask_row(&web, &id).await?)?;
    let form = web.resume(page.form.clone()).await?;
    show_row(&web, &id, &page, &form)
}

pub async fn row_sent(web: Web, id: Path<String>, sent: Submitted) -> Answer {
    let id = known(ImportRowId::parse(&id))?;
    // Somebody else was quicker.
    let Some(page) = ask_row(&web, &id).await? else {
        return web.see("/imports/review", "This row has been settled already");
    };
    let mut form = page.form.clone().fill(&sent);
    let chosen = form.chosen(
        "who",
        |code| Some(code.to_owned()),
        "Say who it is, or that it cannot be said yet",
    );
    let answer = match chosen.as_deref() {
        None => None,
        Some(DIFFERENT) => Some(review::Answer::Different),
        Some(LATER) => later(&mut form).map(|(until, note)| review::Answer::Later { until, note }),
        Some(person) => YoungPersonId::parse(person).map(review::Answer::Same),
    };
    if let (true, Some(answer)) = (form.ok(), answer) {
        let settings = web.app.settings.import.clone();
        let said = match &answer {
            review::Answer::Later { .. } => "The row is set aside",
            _ => "The row is on record",
        };
        let row = id.clone();
        let done = web
            .write_once(&form, move |ctx| {
                review::settle_identity(ctx, &settings, &row, &answer)?;
                Ok("/imports/review".to_owned())
            })
            .await;
        match done {
            Ok(location) => return web.see(&location, said),
            Err(failure) => form.explain(failure)?,
        }
    }
    show_row(&web, &id, &page, &form)
}

// Two records that look alike

struct LikenessPage {
    form: Form,
    names: [String; 2],
    merge: String,
    side: SideView,
    later: Option<String>,
}

async fn ask_likeness(web: &Web, id: &LikenessId) -> Result<Option<LikenessPage>, Failed> {
    let id = id.clone();
    Ok(web
        .read(move |ctx| {
            let all = young_people::matching::store::unsettled(ctx)?;
            let found = all.into_iter().find(|it| it.id == id);
            found.map(|it| likeness_page(ctx, &it)).transpose()
        })
        .await?)
}

fn likeness_page(ctx: &mut Ctx<'_>, likeness: &Likeness) -> Result<LikenessPage, Failure> {
    let (older, left) = looked_at(ctx, &likeness.older)?;
    let (newer, right) = looked_at(ctx, &likeness.newer)?;
    let compared = compare(&left, &right, ctx.today);
    let form = Form::new()
        .choice(
            "who",
            [
                (
                    SAME,
                    "They are one person",
                    "Next you see what a merge of the two records would do",
                ),
                (DIFFERENT, "They are two people", "Nobody is asked again"),
                (
                    LATER,
                    "It cannot be said yet",
                    "It comes back on the day below",
                ),
            ],
        )
        .hidden("version", likeness.version);
    Ok(LikenessPage {
        form: later_fields(form),
        names: [older.full_name(), newer.full_name()],
        merge: format!("/young-people/{}/merge/{}", older.id, newer.id),
        later: set_aside(likeness.later_on, likeness.later_note.as_deref()),
        side: SideView {
            caption: "One record beside the other".to_owned(),
            heading: newer.full_name(),
            href: format!("/young-people/{}", newer.id),
            sure: compared.certainty().words(),
            pairs: pairs(ctx, &left, &right, &compared)?,
        },
    })
}

fn show_likeness(web: &Web, id: &LikenessId, page: &LikenessPage, form: &Form) -> Answer {
    let options = PageOptions::titled("Are these one person?")
        .back("/imports/review", "All that wait")
        .wide()
        .with_form(form);
    let [older, newer] = &page.names;
    web.page(
        "imports/review_likeness",
        options,
        json!({
            "id": id, "form": form, "older": older, "newer": newer,
            "sure": lower_first(page.side.sure), "side": page.side, "later": page.later,
        }),
    )
}

pub async fn likeness(web: Web, id: Path<String>) -> Answer {
    let id = known(LikenessId::parse(&id))?;
    let page = known(ask_likeness(&web, &id).await?)?;
    let form = web.resume(page.form.clone()).await?;
    show_likeness(&web, &id, &page, &form)
}

pub async fn likeness_sent(web: Web, id: Path<String>, sent: Submitted) -> Answer {
    let id = known(LikenessId::parse(&id))?;
    let Some(page) = ask_likeness(&web, &id).await? else {
        return web.see("/imports/review", "This has been settled already");
    };
    let mut form = page.form.clone().fill(&sent);
    let chosen = form.chosen(
        "who",
        |code| Some(code.to_owned()),
        "Say whether they are one person, or that it cannot be said yet",
    );
    let version = form.version("version");
    let until = match chosen.as_deref() {
        Some(SAME) => return web.go(&page.merge),
        Some(LATER) => later(&mut form),
        _ => None,
    };
    if form.ok() && chosen.is_some() {
        let said = match until {
            Some(_) => "It is set aside",
            None => "They are two people",
        };
        let likeness = id.clone();
        let done = web
            .write_once(&form, move |ctx| {
                match until {
                    Some((until, note)) => {
                        actions::ask_later(ctx, &likeness, version, until, &note)?;
                    }
                    None => actions::are_two(ctx, &likeness, version)?,
                }
                Ok("/imports/review".to_owned())
            })
            .await;
        match done {
            Ok(location) => return web.see(&location, said),
            Err(failure) => form.explain(failure)?,
        }
    }
    show_likeness(&web, &id, &page, &form)
}
