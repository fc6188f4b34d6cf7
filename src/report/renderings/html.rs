//! The report as one HTML file that needs nothing beside it: to keep, to print, to send.

use super::filled;
use crate::failure::Fault;
use crate::report::document::Document;

const TEMPLATE: &str = include_str!("../../../templates/reports/annual_file.hbs");

pub fn to_html(document: &Document) -> Result<String, Fault> {
    filled(TEMPLATE, document, "the report")
}
