//! The report as files.

mod csv;
mod html;
mod json;

pub use csv::to_csv;
pub use html::to_html;
pub use json::to_json;
