//! The report as JSON: the shape that other programs rely on.

use crate::failure::Fault;
use crate::report::annual::AnnualReport;

pub fn to_json(report: &AnnualReport) -> Result<String, Fault> {
    serde_json::to_string_pretty(report)
        .map(|text| text + "\n")
        .map_err(|cause| Fault::because("the report cannot be written as JSON", &cause))
}
