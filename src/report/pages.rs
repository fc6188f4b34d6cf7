//! The annual report as pages: the report of any period, the rows behind a figure, copies to keep.

use actix_web::HttpResponse;
use actix_web::http::{StatusCode, header};
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::annual::{Figure, Scope, annual, rows_behind};
use super::page::{PeriodQuery, REPORT, ReportPage, RowsPage};
use super::renderings;
use crate::access::{Actor, Role};
use crate::calendar::Period;
use crate::failure::Failure;
use crate::web::{Answer, Failed, PageOptions, Web};

/// Officers see the figures of their own work; the senior officer and managers all of them.
fn scope(actor: &Actor) -> Scope {
    match actor {
        Actor::User {
            id,
            role: Role::Officer,
            ..
        } => Scope::Officer(id.clone()),
        _ => Scope::All,
    }
}

/// The part of the address after its question mark, as a type.
fn asked<T: DeserializeOwned>(web: &Web) -> Result<T, Failed> {
    let pairs = web
        .query()
        .pairs()
        .map(|(name, value)| (name.to_owned(), Value::from(value)));
    serde_json::from_value(Value::Object(pairs.collect())).map_err(|_| Failed::NotFound)
}

fn title() -> PageOptions {
    PageOptions::titled("Annual report").wide()
}

fn period(web: &Web) -> Result<Period, Failed> {
    asked::<PeriodQuery>(web)?
        .read(web.today())
        .map_err(|_| Failed::NotFound)
}

pub async fn report(web: Web) -> Answer {
    if web.app.demo && web.asked("from").is_empty() {
        // The invented year is the one that there is something to see of.
        let year = Period::financial_year(2021);
        return web.go(&format!("{REPORT}?from={}&to={}", year.from, year.to));
    }
    let scope = scope(web.actor());
    let own = scope != Scope::All;
    let today = web.today();
    let period = match asked::<PeriodQuery>(&web)?.read(today) {
        Ok(period) => period,
        Err(form) => {
            let page = ReportPage::to_mend(*form, own, today);
            let options = title()
                .status(StatusCode::UNPROCESSABLE_ENTITY)
                .with_errors();
            return web.page("reports/annual", options, page);
        }
    };
    let age_band = web.app.settings.report.age_band;
    let report = web
        .read(move |ctx| annual(ctx, &period, &scope, age_band))
        .await?;
    web.page(
        "reports/annual",
        title(),
        ReportPage::new(&report, own, today),
    )
}

pub async fn rows(web: Web) -> Answer {
    let (scope, period) = (scope(web.actor()), period(&web)?);
    let age_band = web.app.settings.report.age_band;
    let text = |name: &str| web.asked(name).to_owned();
    let (table, row) = (text("table"), text("row"));
    let page = web.asked("page").parse().unwrap_or(1);
    let behind = web
        .read(move |ctx| {
            let row = Some(row.as_str()).filter(|row| !row.is_empty());
            let figure = Figure {
                table: &table,
                row,
                part: None,
                page,
            };
            rows_behind(ctx, &period, &scope, age_band, figure)
        })
        .await?;
    let rows = RowsPage::new(&behind);
    let options = PageOptions::titled("The rows behind a figure")
        .wide()
        .back(rows.back.clone(), "Annual report");
    web.page("reports/rows", options, rows)
}

pub async fn export(web: Web) -> Answer {
    let (scope, period) = (scope(web.actor()), period(&web)?);
    let settings = &web.app.settings;
    let age_band = settings.report.age_band;
    let report = web
        .read(move |ctx| annual(ctx, &period, &scope, age_band))
        .await?;
    let (kind, extension, text) = match web.asked("format") {
        "csv" => (
            "text/csv; charset=utf-8",
            "csv",
            renderings::to_csv(&report),
        ),
        "json" => ("application/json", "json", renderings::to_json(&report)),
        "html" => (
            "text/html; charset=utf-8",
            "html",
            renderings::to_html(&report, &settings.service.name),
        ),
        _ => return Err(Failed::NotFound),
    };
    let name = format!("annual-report-{}-to-{}.{extension}", period.from, period.to);
    Ok(HttpResponse::Ok()
        .content_type(kind)
        .insert_header((
            header::CONTENT_DISPOSITION,
            format!("attachment; filename=\"{name}\""),
        ))
        .body(text.map_err(Failure::from)?))
}
