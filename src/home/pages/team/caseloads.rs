//! How much each officer carries beside what they can carry, as numbers and as a bar.

use serde::Serialize;

use crate::calendar::show as day;
use crate::team::{Load, rules};

#[derive(Serialize)]
pub(super) struct Block {
    rows: Vec<Row>,
}

#[derive(Serialize)]
struct Row {
    officer: String,
    works: String,
    cases_href: String,
    referrals_href: String,
    open_cases: i64,
    capacity: i64,
    /// "2 over", "room for 5", "full".
    room: String,
    waiting: i64,
    away: Option<String>,
    bar: Bar,
}

/// Lengths in hundredths of the longest bar: what is carried within the capacity, what is carried
/// beyond it, and where the capacity ends.
#[derive(Debug, Serialize, PartialEq, Eq)]
struct Bar {
    within: i64,
    beyond_from: i64,
    beyond: i64,
    capacity: i64,
}

impl Bar {
    fn of(cases: i64, capacity: i64, longest: i64) -> Self {
        let part = |number: i64| number.saturating_mul(100) / longest.max(1);
        let within = part(cases.min(capacity));
        Self {
            within,
            beyond_from: within,
            beyond: part(cases) - within,
            capacity: part(capacity),
        }
    }
}

pub(super) fn block(loads: &[Load], usual: i64) -> Block {
    let longest = loads
        .iter()
        .map(|load| load.open_cases.max(rules::capacity(load.hours, usual)))
        .max()
        .unwrap_or_default();
    let rows = loads
        .iter()
        .map(|load| {
            let capacity = rules::capacity(load.hours, usual);
            Row {
                officer: load.officer_name.clone(),
                works: rules::full_time_words(load.hours.percent),
                cases_href: format!("/cases?officer={}", load.officer),
                referrals_href: format!("/referrals?state=waiting&officer={}", load.officer),
                open_cases: load.open_cases,
                capacity,
                room: room(load.open_cases, capacity),
                waiting: load.waiting,
                away: load.away_until.map(day),
                bar: Bar::of(load.open_cases, capacity, longest),
            }
        })
        .collect();
    Block { rows }
}

fn room(cases: i64, capacity: i64) -> String {
    match capacity - cases {
        0 => "Full".to_owned(),
        room if room < 0 => format!("{} over", -room),
        room => format!("Room for {room}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bar_of_an_officer_with_too_much_goes_beyond_their_capacity() {
        let bar = |within, beyond_from, beyond, capacity| Bar {
            within,
            beyond_from,
            beyond,
            capacity,
        };
        assert_eq!(Bar::of(20, 40, 50), bar(40, 40, 0, 80));
        assert_eq!(Bar::of(50, 40, 50), bar(80, 80, 20, 80));
        assert_eq!(Bar::of(0, 0, 0), bar(0, 0, 0, 0));
        assert_eq!(room(42, 40), "2 over");
        assert_eq!(room(40, 40), "Full");
    }
}
