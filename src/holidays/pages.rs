//! The pages of the two calendars: bank holidays with the file to merge, and office closures.

use chrono::Datelike;
use serde::Serialize;

use super::{Closure, actions, store};
use crate::access::Role;
use crate::calendar::{Holidays, dates::parse_date, show as day};
use crate::web::{Answer, Form, PageOptions, Submitted, Web};

/// The published file has some thirty thousand characters.
const LONGEST_FILE: usize = 500_000;
const LONGEST_REASON: usize = 200;

#[derive(Serialize)]
struct HolidaysView {
    form: Form,
    known: String,
    ends_soon: bool,
    years: Vec<YearView>,
}

#[derive(Serialize)]
struct YearView {
    year: i32,
    whole: bool,
    days: Vec<DayView>,
}

#[derive(Serialize)]
struct DayView {
    day: String,
    weekday: String,
    title: String,
}

fn file_form() -> Form {
    Form::new().field("file")
}

fn options(web: &Web, title: &str, form: &Form) -> PageOptions {
    let options = PageOptions::titled(title).with_form(form);
    match web.actor().role() {
        Some(Role::SeniorOfficer) => options.back("/complaints", "Complaints"),
        _ => options,
    }
}

pub async fn show(web: Web) -> Answer {
    let form = web.resume(file_form()).await?;
    show_with(&web, form).await
}

async fn show_with(web: &Web, form: Form) -> Answer {
    let calendar = web.read(store::calendar).await?;
    let options = options(web, "Bank holidays", &form);
    let view = HolidaysView {
        known: known_words(&calendar),
        ends_soon: !calendar.knows(web.today().year() + 1),
        years: years(&calendar),
        form,
    };
    web.page("holidays/show", options, view)
}

fn known_words(calendar: &Holidays) -> String {
    let years = calendar.known_years();
    match (years.first(), years.last()) {
        (Some(first), Some(last)) => format!(
            "The bank holidays of the years {first} to {last} are known. Dates that lie beyond are not guessed."
        ),
        _ => "No year is known, so no date can be counted.".to_owned(),
    }
}

/// The latest year first.
fn years(calendar: &Holidays) -> Vec<YearView> {
    let mut years: Vec<YearView> = Vec::new();
    for (on, title) in calendar.iter() {
        let holiday = DayView {
            day: day(on),
            weekday: on.format("%A").to_string(),
            title: title.to_owned(),
        };
        match years.last_mut() {
            Some(last) if last.year == on.year() => last.days.push(holiday),
            _ => years.push(YearView {
                year: on.year(),
                whole: calendar.knows(on.year()),
                days: vec![holiday],
            }),
        }
    }
    years.reverse();
    years
}

pub async fn merge(web: Web, sent: Submitted) -> Answer {
    let mut form = file_form().fill(&sent);
    let text = form.text("file", LONGEST_FILE);
    if text.is_empty() {
        form.add_error("file", "Paste the text of the file");
    }
    if form.ok() {
        let done = web
            .write_once(&form, move |ctx| {
                let merged = actions::merge(ctx, &text)?;
                Ok(match merged.missing_in_file.is_empty() {
                    true => "/holidays".to_owned(),
                    // The years are where somebody then looks.
                    false => "/holidays#years".to_owned(),
                })
            })
            .await;
        match done {
            Ok(location) if location.ends_with("#years") => {
                return web.see(
                    &location,
                    "The file was merged. Some days on record are not in it and stay: look whether a holiday was moved",
                );
            }
            Ok(location) => return web.see(&location, "The file was merged"),
            Err(crate::failure::Failure::Refused(sentence)) => form.add_error("file", sentence),
            Err(failure) => return Err(failure.into()),
        }
    }
    show_with(&web, form).await
}

// Office closures

#[derive(Serialize)]
struct ClosuresView {
    form: Form,
    closures: Vec<ClosureView>,
}

#[derive(Serialize)]
struct ClosureView {
    day: String,
    reason: String,
    form: Form,
}

fn closure_form() -> Form {
    Form::new().date("on").field("reason")
}

fn removal_form() -> Form {
    Form::new().hidden("day", "")
}

pub async fn closures(web: Web) -> Answer {
    let form = web.resume(closure_form()).await?;
    closures_with(&web, form).await
}

async fn closures_with(web: &Web, form: Form) -> Answer {
    let closures = web.read(store::closures).await?;
    let options = PageOptions::titled("Office closures")
        .back("/holidays", "Bank holidays")
        .with_form(&form);
    let view = ClosuresView {
        closures: closures
            .into_iter()
            .rev()
            .map(|closure| ClosureView {
                day: day(closure.on),
                reason: closure.reason,
                form: Form::new().hidden("day", closure.on),
            })
            .collect(),
        form,
    };
    web.page("holidays/closures", options, view)
}

pub async fn close(web: Web, sent: Submitted) -> Answer {
    let mut form = closure_form().fill(&sent);
    let on = form.date_required("on", "The day on which the office is closed");
    let reason = form.text("reason", LONGEST_REASON);
    if reason.is_empty() {
        form.add_error("reason", "Enter why the office is closed");
    }
    if let (true, Some(on)) = (form.ok(), on) {
        let closure = Closure { on, reason };
        let done = web
            .write_once(&form, move |ctx| {
                actions::close_office(ctx, &closure)?;
                Ok("/holidays/closures".to_owned())
            })
            .await;
        match done {
            Ok(location) => return web.see(&location, "The day is on the list"),
            Err(failure) => form.explain(failure)?,
        }
    }
    closures_with(&web, form).await
}

pub async fn reopen(web: Web, sent: Submitted) -> Answer {
    let form = removal_form().fill(&sent);
    let on = parse_date(form.hidden_value("day")).ok();
    let on = crate::web::known(on)?;
    let location = web
        .write_once(&form, move |ctx| {
            actions::open_office(ctx, on)?;
            Ok("/holidays/closures".to_owned())
        })
        .await?;
    web.see(&location, "The day is off the list")
}
