//! Cases in which nobody did anything for a while, as lines of My work and of the team board.

use chrono::NaiveDate;
use serde::Serialize;

use crate::calendar::show as day;
use crate::cases::store::Touched;
use crate::web::view;

#[derive(Serialize)]
pub(super) struct Quiet {
    lines: Vec<Line>,
    total_words: String,
    days: i64,
    /// There are more than the lines show.
    more: bool,
}

#[derive(Serialize)]
struct Line {
    person: String,
    href: String,
    last: String,
    ago: String,
    officer: Option<String>,
}

/// How many are shown, the longest ago first.
const SHOWN: usize = 15;

impl Quiet {
    /// The lines; `me` is not named on what is theirs.
    pub(super) fn of(found: Vec<Touched>, today: NaiveDate, days: i64, me: Option<&str>) -> Self {
        let total = i64::try_from(found.len()).unwrap_or(i64::MAX);
        Self {
            total_words: view::count(total, "open case", "open cases"),
            more: found.len() > SHOWN,
            lines: found
                .into_iter()
                .take(SHOWN)
                .map(|case| Line {
                    person: format!("{} {}", case.first_name, case.last_name),
                    href: format!("/cases/{}", case.id),
                    last: day(case.last),
                    ago: view::count((today - case.last).num_days(), "day", "days"),
                    officer: Some(case.officer_name.unwrap_or_else(|| "Nobody".to_owned()))
                        .filter(|name| Some(name.as_str()) != me),
                })
                .collect(),
            days,
        }
    }
}
