//! The report as one HTML file that needs nothing beside it: to keep, to print, to send.

use handlebars::Handlebars;
use serde::Serialize;

use crate::failure::Fault;
use crate::report::annual::AnnualReport;
use crate::report::page::{Links, TableView, tables};

const TEMPLATE: &str = include_str!("../../../templates/reports/annual_file.hbs");

#[derive(Serialize)]
struct File<'a> {
    service: &'a str,
    period: String,
    tables: Vec<TableView>,
}

/// `service` is what the service is called in its settings.
pub fn to_html(report: &AnnualReport, service: &str) -> Result<String, Fault> {
    let file = File {
        service,
        period: report.period.to_string(),
        tables: tables(report, Links::None),
    };
    let mut templates = Handlebars::new();
    templates.set_strict_mode(true);
    templates
        .render_template(TEMPLATE, &file)
        .map_err(|cause| Fault::because("the report cannot be written as HTML", &cause))
}
