//! One case as a line of a list: on the list of cases, and on everybody's own page.

use serde::Serialize;

use super::store;
use crate::calendar::show as day;
use crate::web::view;

/// One line of a list of cases, in words.
#[derive(Serialize)]
pub struct LineView {
    href: String,
    person: String,
    age_words: String,
    stream: &'static str,
    opened: String,
    closed: Option<String>,
    weeks: i64,
    officer: String,
}

impl LineView {
    #[must_use]
    pub fn of(line: store::Line, today: chrono::NaiveDate) -> Self {
        let until = line.closed_on.unwrap_or(today);
        Self {
            href: format!("/cases/{}", line.id),
            person: format!("{} {}", line.first_name, line.last_name),
            age_words: view::age_words(line.date_of_birth, today),
            stream: line.stream.words(),
            weeks: (until - line.opened_on).num_days().max(0) / 7,
            opened: day(line.opened_on),
            closed: line.closed_on.map(day),
            officer: line.officer_name.unwrap_or_else(|| "Nobody".to_owned()),
        }
    }
}
