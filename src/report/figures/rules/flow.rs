//! How things came into a period and left it. For each kind of thing: open at the start, and what
//! opened and reopened, less what closed, is what is open at the end.

use super::super::facts::{CaseFact, ContactFact, IssueFact, MeetingFact, Stretch, WaitingFact};
use super::offers::{WEEKS, band};
use super::{NOT_RECORDED, Place, Terms};

pub const OPEN_AT_START: &str = "open_at_start";
pub const OPENED: &str = "opened";
pub const REOPENED: &str = "reopened";
pub const CLOSED: &str = "closed";
pub const OPEN_AT_END: &str = "open_at_end";
pub const ATTEMPTED: &str = "attempted";

/// Each stretch comes in once and leaves once: what is open at the end leaves as that.
fn came_and_left(stretch: &Stretch, terms: &Terms) -> Place<'static> {
    let period = &terms.period;
    if !stretch.touches(period) {
        return Place::Outside;
    }
    let came = if stretch.opened_on < period.from {
        OPEN_AT_START
    } else if stretch.again {
        REOPENED
    } else {
        OPENED
    };
    let left = match closed_within(stretch, terms) {
        true => CLOSED,
        false => OPEN_AT_END,
    };
    Place::Both(came, left)
}

fn closed_within(stretch: &Stretch, terms: &Terms) -> bool {
    let period = &terms.period;
    stretch
        .closed_on
        .is_some_and(|closed| closed >= period.from && closed <= period.to)
}

fn open_at_end(stretch: &Stretch, terms: &Terms) -> bool {
    let end = terms.period.to;
    stretch.opened_on <= end && stretch.closed_on.is_none_or(|closed| closed > end)
}

/// Days from the first opening to the closing, or, of what is open at the period's end, to there.
#[must_use]
pub fn days(stretch: &Stretch, terms: &Terms) -> i64 {
    let end = terms.period.to;
    let until = stretch.closed_on.filter(|closed| *closed <= end);
    (until.unwrap_or(end) - stretch.first_opened_on).num_days()
}

fn open_length<'f>(stretch: &Stretch, terms: &Terms) -> Place<'f> {
    match open_at_end(stretch, terms) {
        true => Place::Row(band(days(stretch, terms), &WEEKS)),
        false => Place::Outside,
    }
}

pub fn waiting<'f>(fact: &'f WaitingFact, terms: &'f Terms) -> Place<'f> {
    came_and_left(&fact.stretch, terms)
}

pub fn still_waiting<'f>(fact: &'f WaitingFact, terms: &'f Terms) -> Place<'f> {
    open_length(&fact.stretch, terms)
}

pub fn cases<'f>(fact: &'f CaseFact, terms: &'f Terms) -> Place<'f> {
    came_and_left(&fact.stretch, terms)
}

pub fn open_cases<'f>(fact: &'f CaseFact, terms: &'f Terms) -> Place<'f> {
    open_length(&fact.stretch, terms)
}

pub fn closing_reason<'f>(fact: &'f CaseFact, terms: &'f Terms) -> Place<'f> {
    match closed_within(&fact.stretch, terms) {
        true => Place::Row(fact.reason.as_deref().unwrap_or(NOT_RECORDED)),
        false => Place::Outside,
    }
}

pub fn issues<'f>(fact: &'f IssueFact, terms: &'f Terms) -> Place<'f> {
    came_and_left(&fact.stretch, terms)
}

pub fn open_issues<'f>(fact: &'f IssueFact, terms: &'f Terms) -> Place<'f> {
    open_length(&fact.stretch, terms)
}

pub fn issue_result<'f>(fact: &'f IssueFact, terms: &'f Terms) -> Place<'f> {
    match closed_within(&fact.stretch, terms) {
        true => Place::Row(fact.result.map_or(NOT_RECORDED, |result| result.code())),
        false => Place::Outside,
    }
}

/// The issues that were open on some day of the period, under each of their topics.
pub fn issue_topics<'f>(fact: &'f IssueFact, terms: &'f Terms) -> Place<'f> {
    if !fact.stretch.touches(&terms.period) {
        Place::Outside
    } else if fact.topics.is_empty() {
        Place::Row(NOT_RECORDED)
    } else {
        Place::Each(&fact.topics)
    }
}

pub fn contact_method<'f>(fact: &'f ContactFact, _: &'f Terms) -> Place<'f> {
    Place::Row(match fact.made {
        true => fact.method.code(),
        false => ATTEMPTED,
    })
}

pub fn contact_with<'f>(fact: &'f ContactFact, _: &'f Terms) -> Place<'f> {
    match fact.made {
        true => Place::Row(fact.with_whom.code()),
        false => Place::Outside,
    }
}

pub fn spoke<'f>(fact: &'f MeetingFact, _: &'f Terms) -> Place<'f> {
    Place::Row(fact.spoke.map_or(NOT_RECORDED, |spoke| spoke.code()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calendar::Period;
    use crate::ids::ReferralId;
    use crate::referrals::Stream;
    use chrono::{Days, NaiveDate};
    use proptest::prelude::*;

    fn start() -> NaiveDate {
        "2021-04-01".parse().unwrap()
    }

    fn stretch(opened: u64, closed: Option<u64>, again: bool) -> Stretch {
        let day = |days: u64| "2021-01-01".parse::<NaiveDate>().unwrap() + Days::new(days);
        Stretch {
            referral: ReferralId::random(),
            stream: Stream::Care,
            opened_on: day(opened),
            closed_on: closed.map(day),
            first_opened_on: day(opened),
            again,
        }
    }

    fn terms(days: u64) -> Terms {
        let period = Period::new(start(), start() + Days::new(days)).unwrap();
        Terms::plain(period, 13)
    }

    /// Open at the end of a day, said once more in other words.
    fn open_on(stretch: &Stretch, day: NaiveDate) -> bool {
        !(stretch.opened_on > day || stretch.closed_on.is_some_and(|closed| closed <= day))
    }

    #[test]
    fn what_closes_on_the_last_day_is_closed_and_what_opens_then_is_open() {
        // The period is the 90th day to the 100th.
        let terms = terms(10);
        let of = |opened, closed, again| came_and_left(&stretch(opened, closed, again), &terms);
        assert_eq!(of(5, Some(100), false), Place::Both(OPEN_AT_START, CLOSED));
        assert_eq!(
            of(5, Some(101), false),
            Place::Both(OPEN_AT_START, OPEN_AT_END)
        );
        assert_eq!(of(100, None, true), Place::Both(REOPENED, OPEN_AT_END));
        assert_eq!(of(90, Some(90), false), Place::Both(OPENED, CLOSED));
        assert_eq!(of(5, Some(89), false), Place::Outside);
        assert_eq!(of(101, None, false), Place::Outside);
    }

    proptest! {
        #[test]
        fn what_came_in_less_what_closed_is_what_is_open_at_the_end(
            spans in proptest::collection::vec((0u64..200, proptest::option::of(0u64..100), any::<bool>()), 0..40),
            days in 0u64..60,
        ) {
            let terms = terms(days);
            let stretches: Vec<Stretch> = spans
                .into_iter()
                .map(|(opened, lasts, again)| stretch(opened, lasts.map(|lasts| opened + lasts), again))
                .collect();
            let count = |row: &str| {
                stretches.iter().filter(|it| came_and_left(it, &terms).is_in(row)).count()
            };
            let came = count(OPEN_AT_START) + count(OPENED) + count(REOPENED);
            prop_assert_eq!(came - count(CLOSED), count(OPEN_AT_END));
            let before = terms.period.from.pred_opt().unwrap();
            let open = |day| stretches.iter().filter(|it| open_on(it, day)).count();
            prop_assert_eq!(count(OPEN_AT_START), open(before));
            prop_assert_eq!(count(OPEN_AT_END), open(terms.period.to));
        }
    }
}
