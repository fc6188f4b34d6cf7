//! The pages of themes: the list, one theme with its numbers, its steps, and the cases under it.

mod cases;
mod steps;

use serde::Serialize;
use serde_json::json;

pub use cases::{add, add_sent, of_case, of_case_sent, take_out};
pub use steps::{edit, edit_sent, reopen, step, step_sent};

use super::rules::{self, Shown, Step};
use super::{Member, State, Theme, actions};
use crate::access::{Permission, Relationship, decide};
use crate::calendar::{in_england, show as day};
use crate::ctx::Ctx;
use crate::failure::Failure;
use crate::history;
use crate::ids::{ThemeCaseId, ThemeId};
use crate::text::NAME_LENGTH;
use crate::web::{Answer, Form, PageOptions, Path, Submitted, Web, known, view};

// The list

#[derive(Serialize)]
struct Line {
    href: String,
    title: String,
    cases: String,
    state: &'static str,
    colour: &'static str,
    begun: String,
}

fn colour(state: State) -> &'static str {
    match state {
        State::Gathering => "blue",
        State::Asked => "yellow",
        State::Answered => "orange",
        State::Told => "green",
        State::Closed => "grey",
    }
}

/// A number of cases, as whoever reads may see it.
fn cases_words(number: i64, exact: bool, smallest: i64) -> String {
    if exact || number == 0 || number >= smallest {
        view::count(number, "case", "cases")
    } else {
        format!("{} cases", Shown::FewerThan(smallest).words())
    }
}

fn may_work(ctx: &Ctx<'_>) -> bool {
    decide(ctx.actor, Permission::WorkThemes, Relationship::General).allowed()
}

pub async fn list(web: Web) -> Answer {
    let asked = web.query().clone();
    let smallest = web.app.settings.report.smallest_number;
    let shown = web
        .read(move |ctx| {
            let states = State::ALL.iter().map(|state| (state.code(), state.words()));
            let mut form = Form::new().choice("state", states).fill(&asked);
            let state = form.chosen_optional("state", State::from_code);
            let exact = actions::sees_cases(ctx);
            let lines: Vec<Line> = actions::all(ctx)?
                .into_iter()
                .filter(|(theme, _)| match state {
                    Some(state) => theme.state() == state,
                    None => theme.closing.is_none(),
                })
                .map(|(theme, size)| Line {
                    href: format!("/themes/{}", theme.id),
                    state: theme.state().words(),
                    colour: colour(theme.state()),
                    cases: cases_words(size, exact, smallest),
                    begun: day(theme.begun_on),
                    title: theme.title,
                })
                .collect();
            Ok(json!({
                "form": form,
                "lines": lines,
                "may_work": may_work(ctx),
                "sees_cases": exact,
            }))
        })
        .await?;
    web.page("themes/list", PageOptions::titled("Themes").wide(), shown)
}

// Beginning one

pub(super) fn describe_form() -> Form {
    Form::new().field("title").field("they_say")
}

pub(super) fn read_description(form: &mut Form) -> Option<(String, String)> {
    form.text("title", NAME_LENGTH);
    let title = form.required("title", "Enter what the theme is called");
    let they_say = form.required("they_say", "Enter what young people say");
    title.zip(they_say).filter(|_| form.ok())
}

fn begin_page(web: &Web, form: &Form) -> Answer {
    let options = PageOptions::titled("Begin a theme")
        .back("/themes", "Themes")
        .with_form(form);
    web.page("themes/begin", options, json!({ "form": form }))
}

pub async fn begin(web: Web) -> Answer {
    let form = web.resume(describe_form()).await?;
    begin_page(&web, &form)
}

pub async fn begin_sent(web: Web, sent: Submitted) -> Answer {
    let mut form = describe_form().fill(&sent);
    if let Some((title, they_say)) = read_description(&mut form) {
        let done = web
            .write_once(&form, move |ctx| {
                let id = actions::begin(ctx, &title, &they_say)?;
                Ok(format!("/themes/{id}"))
            })
            .await;
        match done {
            Ok(location) => {
                return web.see(&location, "The theme has begun: add the cases behind it");
            }
            Err(failure) => form.explain(failure)?,
        }
    }
    begin_page(&web, &form)
}

// One theme

#[derive(Serialize)]
struct ThemeView {
    id: ThemeId,
    title: String,
    they_say: String,
    state: &'static str,
    colour: &'static str,
    ask: Option<Said>,
    answer: Option<Said>,
    telling: Option<TellingView>,
    closing: Option<Said>,
    total: String,
    tables: Vec<TableView>,
    too_few: bool,
    inexact: bool,
    sees_cases: bool,
    members: Vec<MemberView>,
    may_work: bool,
    open: bool,
    steps: Vec<StepView>,
    reopen_form: Option<Form>,
    changes: Vec<ChangeView>,
}

/// Words with their day, and whom they were put to.
#[derive(Serialize)]
struct Said {
    words: Option<String>,
    whom: Option<String>,
    day: String,
}

#[derive(Serialize)]
struct TellingView {
    you_said: String,
    we_did: String,
    day: String,
}

#[derive(Serialize)]
struct TableView {
    title: &'static str,
    rows: Vec<RowView>,
}

#[derive(Serialize)]
struct RowView {
    words: String,
    number: String,
}

#[derive(Serialize)]
struct MemberView {
    id: ThemeCaseId,
    href: String,
    person: String,
    age_words: String,
    stream: &'static str,
    state: &'static str,
    said: String,
    added: String,
}

#[derive(Serialize)]
struct StepView {
    href: String,
    text: &'static str,
    next: bool,
}

#[derive(Serialize)]
struct ChangeView {
    at: String,
    by: String,
    field: String,
    before: Option<String>,
    after: Option<String>,
}

pub async fn show(web: Web, id: Path<String>) -> Answer {
    let id = known(ThemeId::parse(&id))?;
    let report = web.app.settings.report.clone();
    let shown = web
        .read(move |ctx| theme_view(ctx, &id, report.age_band, report.smallest_number))
        .await?;
    let options = PageOptions::titled(shown.title.clone())
        .back("/themes", "Themes")
        .wide();
    web.page("themes/show", options, shown)
}

fn theme_view(
    ctx: &mut Ctx<'_>,
    id: &ThemeId,
    band: i32,
    smallest: i64,
) -> Result<ThemeView, Failure> {
    let theme = actions::open(ctx, id, Permission::SeeThemes)?;
    let members = super::store::members(ctx, id)?;
    let exact = actions::sees_cases(ctx);
    let may_work = may_work(ctx);
    let number = i64::try_from(members.len()).unwrap_or(i64::MAX);
    let too_few = !exact && 0 < number && number < smallest;
    let mut inexact = false;
    let tables = if too_few || number == 0 {
        Vec::new()
    } else {
        let tables = rules::tables(&members, band);
        tables
            .into_iter()
            .map(|table| table_view(table, exact, smallest, &mut inexact))
            .collect()
    };
    let members = actions::visible(ctx, members)?;
    let today = ctx.today;
    let changes = history::store::of_common(ctx, actions::HISTORY, id.as_str())?
        .into_iter()
        .map(|line| ChangeView {
            at: in_england(line.at).format("%-d %B %Y, %H:%M").to_string(),
            by: line.by,
            field: line.field.replace('_', " "),
            before: line.before,
            after: line.after,
        })
        .collect();
    let state = theme.state();
    Ok(ThemeView {
        state: state.words(),
        colour: colour(state),
        steps: if may_work {
            steps_of(&theme)
        } else {
            Vec::new()
        },
        reopen_form: (may_work && state == State::Closed)
            .then(|| Form::new().hidden("version", theme.version)),
        total: cases_words(number, exact, smallest),
        tables,
        too_few,
        inexact,
        sees_cases: exact,
        members: members
            .into_iter()
            .map(|member| member_view(member, today))
            .collect(),
        may_work,
        open: theme.closing.is_none(),
        changes,
        id: theme.id,
        title: theme.title,
        they_say: theme.they_say,
        ask: theme.ask.map(|ask| Said {
            words: Some(ask.words),
            whom: Some(ask.whom),
            day: day(ask.on),
        }),
        answer: theme.answer.map(|answer| Said {
            words: Some(answer.words),
            whom: None,
            day: day(answer.on),
        }),
        telling: theme.telling.map(|telling| TellingView {
            you_said: telling.you_said,
            we_did: telling.we_did,
            day: day(telling.on),
        }),
        closing: theme.closing.map(|closing| Said {
            words: closing.note,
            whom: None,
            day: day(closing.on),
        }),
    })
}

fn table_view(table: rules::Table, exact: bool, smallest: i64, inexact: &mut bool) -> TableView {
    let counts: Vec<i64> = table.rows.iter().map(|(_, count)| *count).collect();
    let shown = if exact {
        counts.into_iter().map(Shown::Number).collect()
    } else {
        rules::suppressed(&counts, smallest)
    };
    *inexact |= shown.iter().any(|it| !matches!(it, Shown::Number(_)));
    TableView {
        title: table.title,
        rows: table
            .rows
            .into_iter()
            .zip(shown)
            .map(|((words, _), shown)| RowView {
                words,
                number: shown.words(),
            })
            .collect(),
    }
}

fn member_view(member: Member, today: chrono::NaiveDate) -> MemberView {
    MemberView {
        href: format!("/cases/{}", member.case),
        person: format!("{} {}", member.first_name, member.last_name),
        age_words: view::age_words(member.date_of_birth, today),
        stream: member.stream.words(),
        state: if member.open { "Open" } else { "Closed" },
        added: day(member.added_on),
        id: member.id,
        said: member.said,
    }
}

/// The steps that can be taken now; the first of a state is the one that comes next, the others
/// mend what was said before.
fn steps_of(theme: &Theme) -> Vec<StepView> {
    let next = match theme.state() {
        State::Gathering => Some(Step::Ask),
        State::Asked => Some(Step::Answer),
        State::Answered => Some(Step::Tell),
        State::Told => Some(Step::Close),
        State::Closed => None,
    };
    let now = |step: &Step| *step != Step::Reopen && rules::may(theme, *step).is_ok();
    let mut steps: Vec<StepView> = Step::ALL
        .iter()
        .copied()
        .filter(now)
        .map(|step| StepView {
            href: format!("/themes/{}/{}", theme.id, step.code()),
            text: match step {
                Step::Ask if theme.ask.is_some() => "Mend what was asked",
                Step::Answer if theme.answer.is_some() => "Mend the answer",
                Step::Tell if theme.telling.is_some() => "Mend what they were told",
                step => step.words(),
            },
            next: Some(step) == next,
        })
        .collect();
    steps.sort_by_key(|step| !step.next);
    steps
}
