//! The report as a PDF file, with tags for those who listen to it.

use super::picture;
use crate::failure::Fault;
use crate::report::document::Document;
use crate::typesetting;

const TEMPLATE: &str = include_str!("../../../templates/reports/annual.typ");

pub fn to_pdf(document: &Document) -> Result<Vec<u8>, Fault> {
    let fault = |cause: serde_json::Error| Fault::because("the report cannot be set", &cause);
    let report = serde_json::to_string(&document).map_err(fault)?;
    let mut files = vec![("report.json".to_owned(), report)];
    for drawing in document.tables().flat_map(|table| &table.charts) {
        files.push((format!("{}.svg", drawing.id), picture::to_svg(drawing)?));
    }
    typesetting::to_pdf(TEMPLATE, &files, document.made_at)
}
