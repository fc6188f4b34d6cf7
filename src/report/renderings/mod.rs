//! The report as files: for programs as JSON and CSV, for people as a web page, Word, PDF and Excel.

mod csv;
mod html;
mod json;
#[cfg(feature = "pdf")]
mod pdf;
mod picture;
mod word;
mod xlsx;

use handlebars::Handlebars;
use serde::Serialize;

use super::annual::AnnualReport;
use super::document::Document;
use crate::failure::Fault;

pub use csv::to_csv;
pub use html::to_html;
pub use json::to_json;
#[cfg(feature = "pdf")]
pub use pdf::to_pdf;
pub use word::to_docx;
pub use xlsx::to_xlsx;

/// A form in which the report leaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    Json,
    Csv,
    Html,
    Xlsx,
    Docx,
    #[cfg(feature = "pdf")]
    Pdf,
}

impl Format {
    /// Those that the page offers, in its order.
    pub const OFFERED: &[Self] = &[
        Self::Docx,
        #[cfg(feature = "pdf")]
        Self::Pdf,
        Self::Xlsx,
        Self::Html,
        Self::Csv,
        Self::Json,
    ];

    /// The format that an address names.
    #[must_use]
    pub fn named(extension: &str) -> Option<Self> {
        Self::OFFERED
            .iter()
            .copied()
            .find(|format| format.extension() == extension)
    }

    #[must_use]
    pub fn extension(self) -> &'static str {
        match self {
            Self::Json => "json",
            Self::Csv => "csv",
            Self::Html => "html",
            Self::Xlsx => "xlsx",
            Self::Docx => "docx",
            #[cfg(feature = "pdf")]
            Self::Pdf => "pdf",
        }
    }

    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Json => "JSON",
            Self::Csv => "CSV",
            Self::Html => "Web page",
            Self::Xlsx => "Excel",
            Self::Docx => "Word",
            #[cfg(feature = "pdf")]
            Self::Pdf => "PDF",
        }
    }

    #[must_use]
    pub fn content_type(self) -> &'static str {
        match self {
            Self::Json => "application/json",
            Self::Csv => "text/csv; charset=utf-8",
            Self::Html => "text/html; charset=utf-8",
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            Self::Docx => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            #[cfg(feature = "pdf")]
            Self::Pdf => "application/pdf",
        }
    }

    /// Whether people read it: then it can hold another year beside the period.
    #[must_use]
    pub fn is_document(self) -> bool {
        !matches!(self, Self::Json | Self::Csv)
    }

    /// Whether it can be shown on a terminal.
    #[must_use]
    pub fn is_text(self) -> bool {
        matches!(self, Self::Json | Self::Csv | Self::Html)
    }

    /// The report in this form.
    pub fn write(self, report: &AnnualReport, document: &Document) -> Result<Vec<u8>, Fault> {
        match self {
            Self::Json => to_json(report).map(String::into_bytes),
            Self::Csv => to_csv(report).map(String::into_bytes),
            Self::Html => to_html(document).map(String::into_bytes),
            Self::Xlsx => to_xlsx(document),
            Self::Docx => to_docx(document),
            #[cfg(feature = "pdf")]
            Self::Pdf => to_pdf(document),
        }
    }
}

/// A template of a file with its values in it; what stands in it is made safe for XML as for HTML.
fn filled(template: &str, view: &impl Serialize, what: &str) -> Result<String, Fault> {
    const CHART: &str = include_str!("../../../templates/components/chart.hbs");
    let fault =
        |cause: &dyn std::error::Error| Fault::because(&format!("{what} cannot be written"), cause);
    let mut templates = Handlebars::new();
    templates.set_strict_mode(true);
    templates.set_prevent_indent(true);
    templates
        .register_partial("components/chart", CHART)
        .map_err(|cause| fault(&cause))?;
    let text = templates
        .render_template(template, view)
        .map_err(|cause| fault(&cause))?;
    // XML has no other control characters, not even hidden ones.
    let fits = |letter: &char| !letter.is_control() || matches!(letter, '\t' | '\n' | '\r');
    Ok(text.chars().filter(fits).collect())
}
