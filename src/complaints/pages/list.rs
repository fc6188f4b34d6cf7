//! The list of complaints: open ones by their clocks, what will break this week at the top.

use serde::Serialize;

use crate::access::{Permission, Relationship, decide};
use crate::calendar::show as day;
use crate::complaints::Kind;
use crate::complaints::line::{self, LineView};
use crate::complaints::store::Filter;
use crate::ids::UserId;
use crate::staff;
use crate::team;
use crate::web::{Answer, Form, PageOptions, Web, view};
use crate::young_people::store::closed_to_me;

const A_PAGE: usize = 50;

const STATES: [(&str, &str); 3] = [
    ("open", "Open, soonest clock first"),
    ("closed", "Over, newest first"),
    ("all", "All, newest first"),
];

#[derive(Serialize)]
struct ListView {
    form: Form,
    week_ends: String,
    forecast: Option<Forecast>,
    lines: Vec<LineView>,
    total_words: String,
    chips: view::Chips,
    pages: Option<view::Pagination>,
    may_keep_holidays: bool,
}

#[derive(Serialize)]
struct Forecast {
    lines: Vec<LineView>,
}

pub async fn list(web: Web) -> Answer {
    let asked = web.query().clone();
    let settings = web.app.settings.complaints.clone();
    let may_keep_holidays =
        decide(web.actor(), Permission::KeepHolidays, Relationship::General).allowed();
    let list = web
        .read(move |ctx| {
            let mut everyone = vec![("me".to_owned(), "My own".to_owned())];
            everyone.extend(staff::actions::officer_options(ctx)?);
            let mut form = Form::new()
                .choice("state", STATES)
                .choice(
                    "kind",
                    Kind::ALL.iter().map(|kind| (kind.code(), kind.words())),
                )
                .choice("officer", everyone)
                .fill(&asked);
            let state = form.chosen_optional("state", |code| Some(code.to_owned()));
            let kind = form.chosen_optional("kind", Kind::from_code);
            let officer_code = form.chosen_optional("officer", |code| Some(code.to_owned()));
            let cases = match officer_code.as_deref() {
                Some("me") => Some(team::actions::mine(ctx)?.cases),
                Some(id) => match UserId::parse(id) {
                    Some(officer) => Some(team::store::cases_held_by(ctx, &officer)?),
                    None => None,
                },
                None => None,
            };
            let page: usize = asked.first("page").parse().unwrap_or(1).clamp(1, 100_000);
            let skipped = (page - 1) * A_PAGE;
            let number = |it: usize| i64::try_from(it).unwrap_or(i64::MAX);
            let (lines, total, forecast) = match state.as_deref() {
                Some(code @ ("closed" | "all")) => {
                    let filter = Filter {
                        open: (code == "closed").then_some(false),
                        kind,
                        cases,
                        closed_to_me: closed_to_me(ctx)?,
                        limit: number(A_PAGE),
                        offset: number(skipped),
                    };
                    let (lines, total) = line::lines(ctx, &filter, &settings)?;
                    (lines, total, None)
                }
                _ => {
                    let lines = line::open(ctx, cases, kind, &settings)?;
                    let forecast = Forecast {
                        lines: line::breaking_this_week(&lines, ctx.today),
                    };
                    let total = number(lines.len());
                    let lines = lines.into_iter().skip(skipped).take(A_PAGE).collect();
                    (lines, total, Some(forecast))
                }
            };
            let mut chips = view::Chips::new("/complaints");
            let state_words = state
                .as_ref()
                .and_then(|state| STATES.iter().find(|(code, _)| code == state))
                .map(|(_, words)| *words);
            for (name, words) in [
                ("state", state_words),
                ("kind", kind.map(Kind::words)),
                ("officer", officer_code.as_ref().map(|_| "One officer's")),
            ] {
                if let Some(words) = words {
                    chips.add(&asked, name, words);
                }
            }
            Ok(ListView {
                form: form.set("state", state.unwrap_or_else(|| "open".to_owned())),
                week_ends: day(line::week_ends(ctx.today)),
                forecast,
                lines,
                total_words: view::count(total, "complaint", "complaints"),
                pages: view::Pagination::of(
                    "/complaints",
                    &asked,
                    number(page),
                    total,
                    number(A_PAGE),
                ),
                chips,
                may_keep_holidays,
            })
        })
        .await?;
    web.page(
        "complaints/list",
        PageOptions::titled("Complaints").wide(),
        list,
    )
}
