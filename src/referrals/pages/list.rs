//! The list of referrals: filtered, sorted, and searched by a name that stands in no address.

use serde::Serialize;

use crate::ctx::Ctx;
use crate::failure::Failure;
use crate::ids::UserId;
use crate::referrals::Stream;
use crate::referrals::line::LineView;
use crate::referrals::store::{self, Filter, Sort, State};
use crate::staff;
use crate::team;
use crate::web::{Answer, Form, PageOptions, Submitted, Web, view};
use crate::young_people;

const A_PAGE: i64 = 50;

#[derive(Serialize)]
struct ListView {
    form: Form,
    lines: Vec<LineView>,
    total_words: String,
    chips: view::Chips,
    pages: Option<view::Pagination>,
    searched: bool,
}

fn list_form(ctx: &mut Ctx<'_>) -> Result<Form, Failure> {
    let officers = staff::store::all(ctx)?
        .into_iter()
        .filter(|user| staff::rules::carries_cases(user.role))
        .map(|user| (user.id.to_string(), user.name));
    let mut everyone = vec![("me".to_owned(), "My own".to_owned())];
    everyone.extend(officers);
    Ok(Form::new()
        .choice(
            "state",
            State::ALL.iter().map(|state| (state.code(), state.words())),
        )
        .choice(
            "stream",
            Stream::ALL
                .iter()
                .map(|stream| (stream.code(), stream.words())),
        )
        .choice("officer", everyone)
        .choice(
            "sort",
            Sort::ALL.iter().map(|sort| (sort.code(), sort.words())),
        )
        .field("q"))
}

pub async fn list(web: Web) -> Answer {
    show_list(&web, web.query().clone(), None).await
}

/// The same list, narrowed by a name that must not stand in an address.
pub async fn search(web: Web, sent: Submitted) -> Answer {
    let text = sent.first("q").trim().to_owned();
    show_list(&web, sent, Some(text).filter(|text| !text.is_empty())).await
}

async fn show_list(web: &Web, asked: Submitted, text: Option<String>) -> Answer {
    let near = web.app.settings.work.conference_near_days;
    let searched = text.is_some();
    let list = web
        .read(move |ctx| {
            let mut form = list_form(ctx)?.fill(&asked);
            let state = form.chosen_optional("state", State::from_code);
            let sort = form.chosen_optional("sort", Sort::from_code);
            let stream = form.chosen_optional("stream", Stream::from_code);
            let officer = form.chosen_optional("officer", |code| Some(code.to_owned()));
            let page: i64 = asked.first("page").parse().unwrap_or(1).clamp(1, 100_000);
            let default_state = if searched { State::All } else { State::Waiting };
            let people = match &text {
                Some(text) => Some(young_people::actions::search(ctx, text)?),
                None => None,
            };
            let filter = Filter {
                state: state.unwrap_or(default_state),
                stream,
                officers: match officer.as_deref() {
                    Some("me") => team::actions::mine(ctx)?.officers,
                    Some(id) => UserId::parse(id).into_iter().collect(),
                    None => Vec::new(),
                },
                people,
                sort: sort.unwrap_or(Sort::Conference),
                limit: A_PAGE,
                offset: (page - 1) * A_PAGE,
            };
            let (lines, total) = store::list(ctx, &filter)?;
            let form = form
                .set("state", filter.state.code())
                .set("sort", filter.sort.code());
            let mut chips = view::Chips::new("/referrals");
            for (name, words) in [
                ("state", state.map(State::words)),
                ("stream", stream.map(Stream::words)),
                ("officer", officer.as_ref().map(|_| "One officer's")),
            ] {
                if let Some(words) = words {
                    chips.add(&asked, name, words);
                }
            }
            Ok(ListView {
                lines: LineView::lines(ctx, lines, near)?,
                total_words: view::count(total, "referral", "referrals"),
                pages: view::Pagination::of("/referrals", &asked, page, total, A_PAGE)
                    .filter(|_| !searched),
                form,
                chips,
                searched,
            })
        })
        .await?;
    web.page(
        "referrals/list",
        PageOptions::titled("Referrals").wide(),
        list,
    )
}
