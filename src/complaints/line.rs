//! One complaint as a line of a list, with the clock that ends next: on the list of complaints, on
//! everybody's own page, on the board of the team.

use chrono::{Days, NaiveDate};
use serde::Serialize;

use super::clocks::{self, Clock, Count};
use super::store::{self, Filter, Listed};
use super::{Kind, Outcome, rules};
use crate::calendar::{end_of_week, show as day};
use crate::ctx::Ctx;
use crate::failure::Failure;
use crate::holidays;
use crate::ids::CaseId;
use crate::settings::Complaints;
use crate::young_people::store::closed_to_me;

/// More open complaints than any service has.
const MANY: i64 = 5_000;

/// One line of a list of complaints, in words.
#[derive(Debug, Clone, Serialize)]
pub struct LineView {
    pub href: String,
    pub person: String,
    pub kind: String,
    pub state: &'static str,
    pub received: String,
    pub outcome: &'static str,
    pub officer: String,
    /// The clock that ends next.
    pub clock: Option<ClockLine>,
    #[serde(skip)]
    due_on: Option<NaiveDate>,
    #[serde(skip)]
    received_on: NaiveDate,
}

/// A clock on a line: what is due, when, and how it stands.
#[derive(Debug, Clone, Serialize)]
pub struct ClockLine {
    pub what: &'static str,
    pub due: String,
    pub words: String,
    /// "red", "amber" or nothing; the words say the same.
    pub urgency: &'static str,
}

impl From<&Clock> for ClockLine {
    fn from(clock: &Clock) -> Self {
        Self {
            what: clock.kind.words(),
            due: clock.due_on().map_or_else(String::new, day),
            words: clock.words(),
            urgency: clock.urgency(),
        }
    }
}

impl LineView {
    fn of(listed: Listed, count: &Count<'_>) -> Self {
        let complaint = &listed.complaint;
        let clocks = clocks::clocks(complaint, count);
        let next = clocks::next(&clocks);
        Self {
            href: format!("/complaints/{}", complaint.id),
            person: format!("{} {}", listed.first_name, listed.last_name),
            kind: complaint.kind_words(),
            state: rules::state(complaint).words(),
            received: day(complaint.received_on),
            outcome: complaint.outcome.map_or("", Outcome::words),
            officer: listed.officer_name.unwrap_or_else(|| "Nobody".to_owned()),
            clock: next.map(ClockLine::from),
            // A date that nobody can count comes after those that are known, before none at all.
            due_on: next.map(|clock| clock.due_on().unwrap_or(NaiveDate::MAX)),
            received_on: complaint.received_on,
        }
    }

    /// Is it overdue, or due by a day?
    #[must_use]
    pub fn breaks_by(&self, last: NaiveDate) -> bool {
        self.due_on.is_some_and(|due| due <= last)
    }
}

/// The lines of a list in its own order, and how many there are on all its pages.
pub fn lines(
    ctx: &mut Ctx<'_>,
    filter: &Filter,
    settings: &Complaints,
) -> Result<(Vec<LineView>, i64), Failure> {
    let holidays = holidays::store::calendar(ctx)?;
    let (listed, total) = store::list(ctx, filter)?;
    let count = Count {
        holidays: &holidays,
        settings,
        today: ctx.today,
    };
    let lines = listed
        .into_iter()
        .map(|listed| LineView::of(listed, &count))
        .collect();
    Ok((lines, total))
}

/// The open complaints of these cases, or of the whole team, the clock that ends first at the top.
/// The number of queries does not grow with the number of complaints.
pub fn open(
    ctx: &mut Ctx<'_>,
    cases: Option<Vec<CaseId>>,
    kind: Option<Kind>,
    settings: &Complaints,
) -> Result<Vec<LineView>, Failure> {
    let filter = Filter {
        open: Some(true),
        kind,
        cases,
        closed_to_me: closed_to_me(ctx)?,
        limit: MANY,
        offset: 0,
    };
    let (mut lines, _) = lines(ctx, &filter, settings)?;
    // Without a clock they come last, the oldest first.
    lines.sort_by_key(|line| (line.due_on.is_none(), line.due_on, line.received_on));
    Ok(lines)
}

/// The last day of the working week that runs, or of the next one on a Saturday or Sunday.
#[must_use]
pub fn week_ends(today: NaiveDate) -> NaiveDate {
    end_of_week(today.checked_add_days(Days::new(2)).unwrap_or(today))
}

/// What is overdue or will break by the end of this week, of lines in the order of their clocks.
#[must_use]
pub fn breaking_this_week(lines: &[LineView], today: NaiveDate) -> Vec<LineView> {
    let sunday = week_ends(today);
    lines
        .iter()
        .filter(|line| line.breaks_by(sunday))
        .cloned()
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn at_the_weekend_the_week_is_the_one_that_comes() {
        let ends = |today: &str| week_ends(today.parse().unwrap()).to_string();
        assert_eq!(ends("2022-04-04"), "2022-04-10");
        assert_eq!(ends("2022-04-08"), "2022-04-10");
        assert_eq!(ends("2022-04-09"), "2022-04-17");
        assert_eq!(ends("2022-04-10"), "2022-04-17");
    }
}
