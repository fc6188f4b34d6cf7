//! The figures as pages: the annual report and its neighbours over any period, told apart, the rows
//! behind a figure, copies to keep.

use actix_web::HttpResponse;
use actix_web::http::{StatusCode, header};
use actix_web::web::Path;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::annual::{AnnualReport, Figure, Scope, figures, rows_behind, told_apart};
use super::document::{Document, Made, no_links};
use super::figures::breakdown::Dimension;
use super::figures::registry::View;
use super::page::{
    ApartPage, BESIDE, PeriodQuery, ReportPage, RowsPage, YEAR_BEFORE, name_of, path_of, view_named,
};
use super::renderings::Format;
use crate::access::{Actor, Role};
use crate::audit::Event;
use crate::calendar::Period;
use crate::ctx::Ctx;
use crate::failure::Failure;
use crate::web::{Answer, Failed, PageOptions, Web, known};

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

fn period(web: &Web) -> Result<Period, Failed> {
    asked::<PeriodQuery>(web)?
        .read(web.today())
        .map_err(|_| Failed::NotFound)
}

pub async fn report(web: Web, view: Path<String>) -> Answer {
    let view = known(view_named(&view))?;
    if web.app.demo && web.query().pairs().next().is_none() {
        // The invented year is the one that there is something to see of.
        let year = Period::financial_year(2021);
        let path = path_of(view);
        return web.go(&format!("{path}?from={}&to={}", year.from, year.to));
    }
    let title = || PageOptions::titled(view.words()).wide();
    let scope = scope(web.actor());
    let today = web.today();
    let period = match asked::<PeriodQuery>(&web)?.read(today) {
        Ok(period) => period,
        Err(form) => {
            let own = scope != Scope::All;
            let page = ReportPage::to_mend(view, *form, own, today);
            let options = title()
                .status(StatusCode::UNPROCESSABLE_ENTITY)
                .with_errors();
            return web.page("reports/annual", options, page);
        }
    };
    let wanted = Wanted {
        view,
        period,
        scope,
        age_band: web.app.settings.report.age_band,
        beside: beside(&web),
    };
    let service = web.app.settings.service.name.clone();
    let page = web
        .read(move |ctx| {
            let (report, other) = wanted.count(ctx)?;
            let made = wanted.made(ctx, &service);
            Ok(ReportPage::new(&report, other.as_ref(), &made, today))
        })
        .await?;
    web.page("reports/annual", title(), page)
}

/// What is to be counted: a period, of whose work, and whether the year before stands beside it.
struct Wanted {
    view: View,
    period: Period,
    scope: Scope,
    age_band: i32,
    beside: bool,
}

impl Wanted {
    fn count(&self, ctx: &mut Ctx<'_>) -> Result<(AnnualReport, Option<AnnualReport>), Failure> {
        let mut of = |period: &Period| figures(ctx, self.view, period, &self.scope, self.age_band);
        let report = of(&self.period)?;
        let other = self.beside.then(|| of(&self.period.a_year_before()));
        Ok((report, other.transpose()?))
    }

    fn made<'m>(&self, ctx: &Ctx<'m>, service: &'m str) -> Made<'m> {
        let by = match ctx.actor {
            Actor::User { name, .. } => name.as_str(),
            _ => service,
        };
        Made {
            service,
            by,
            only: (self.scope != Scope::All).then_some(by),
            at: ctx.now,
        }
    }
}

fn beside(web: &Web) -> bool {
    web.asked(BESIDE) == YEAR_BEFORE
}

/// The tables of a view, each told apart by one thing that is known of the referral.
pub async fn apart(web: Web, of: Path<(String, String)>) -> Answer {
    let (view, by) = of.into_inner();
    let view = known(view_named(&view))?;
    let by = known(Dimension::from_code(&by))?;
    let (scope, period) = (scope(web.actor()), period(&web)?);
    let own = scope != Scope::All;
    let age_band = web.app.settings.report.age_band;
    let found = web
        .read(move |ctx| told_apart(ctx, view, by, &period, &scope, age_band))
        .await?;
    let page = ApartPage::new(&found, own);
    let options = PageOptions::titled(format!(
        "{}, by {}",
        view.words(),
        by.words().to_lowercase()
    ))
    .wide()
    .back(page.whole.clone(), view.words());
    web.page("reports/apart", options, page)
}

pub async fn rows(web: Web) -> Answer {
    let (scope, period) = (scope(web.actor()), period(&web)?);
    let age_band = web.app.settings.report.age_band;
    let text = |name: &str| web.asked(name).to_owned();
    let (table, row, part) = (text("table"), text("row"), text("part"));
    let by = match web.asked("by") {
        "" => None,
        code => Some(known(Dimension::from_code(code))?),
    };
    let page = web.asked("page").parse().unwrap_or(1);
    let behind = web
        .read(move |ctx| {
            let row = Some(row.as_str()).filter(|row| !row.is_empty());
            let figure = Figure {
                table: &table,
                row,
                part: by.map(|by| (by, part.as_str())),
                page,
            };
            rows_behind(ctx, &period, &scope, age_band, figure)
        })
        .await?;
    let rows = RowsPage::new(&behind);
    let options = PageOptions::titled("The rows behind a figure")
        .wide()
        .back(rows.back.clone(), rows.back_words);
    web.page("reports/rows", options, rows)
}

/// A copy to keep. The access record notes who took it, of what and in which form.
pub async fn export(web: Web, view: Path<String>) -> Answer {
    let view = known(view_named(&view))?;
    let (scope, period) = (scope(web.actor()), period(&web)?);
    let format = known(Format::named(web.asked("format")))?;
    let wanted = Wanted {
        view,
        period,
        scope,
        age_band: web.app.settings.report.age_band,
        beside: format.is_document() && beside(&web),
    };
    let service = web.app.settings.service.name.clone();
    let bytes = web
        .read(move |ctx| {
            let (report, other) = wanted.count(ctx)?;
            let made = wanted.made(ctx, &service);
            let document = Document::new(&report, other.as_ref(), &made, &no_links);
            let bytes = format.write(&report, &document)?;
            ctx.record(Event::new("exported", "report", name_of(view)).with(json!({
                "format": format.extension(),
                "from": period.from,
                "to": period.to,
                "own_work": wanted.scope != Scope::All,
                "year_before": wanted.beside,
            })));
            Ok(bytes)
        })
        .await?;
    let extension = format.extension();
    let what = match view {
        View::Annual => "annual-report",
        _ => name_of(view),
    };
    let name = format!("{what}-{}-to-{}.{extension}", period.from, period.to);
    Ok(HttpResponse::Ok()
        .content_type(format.content_type())
        .insert_header((
            header::CONTENT_DISPOSITION,
            format!("attachment; filename=\"{name}\""),
        ))
        .body(bytes))
}
