//! What came in with moved-in spreadsheets, as figures to check against the old spreadsheet.

pub mod store;

use std::collections::BTreeMap;

use chrono::{Datelike, NaiveDate};
use serde::Serialize;

use crate::ctx::Ctx;
use crate::failure::Failure;
use crate::referrals::{Outcome, Remit, Source, Stream};

/// The referrals that came in, counted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Figures {
    pub referrals: usize,
    pub people: usize,
    pub open_cases: usize,
    pub closed_cases: usize,
    pub tables: Vec<Count>,
}

/// The referrals by one of their sides.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Count {
    pub title: &'static str,
    pub rows: Vec<(String, usize)>,
}

/// What is counted of a referral.
pub struct Referral {
    pub stream: Stream,
    pub source: Source,
    pub received_on: NaiveDate,
    pub remit: Option<Remit>,
    pub outcome: Outcome,
}

/// The year from April to March that a day belongs to: "2021-22".
fn year(day: NaiveDate) -> String {
    let first = if day.month() >= 4 {
        day.year()
    } else {
        day.year() - 1
    };
    format!("{first}-{:02}", (first + 1).rem_euclid(100))
}

fn count(title: &'static str, words: impl Iterator<Item = String>) -> Count {
    let mut rows: BTreeMap<String, usize> = BTreeMap::new();
    for word in words {
        *rows.entry(word).or_default() += 1;
    }
    Count {
        title,
        rows: rows.into_iter().collect(),
    }
}

/// Counts everything that ever came in from a moved-in spreadsheet.
pub fn figures(ctx: &mut Ctx<'_>) -> Result<Figures, Failure> {
    let all = store::referrals(ctx)?;
    let (people, cases, open_cases) = (
        store::people(ctx)?,
        store::cases(ctx)?,
        store::open_cases(ctx)?,
    );
    let outcome = |it: &Referral| match it.remit {
        Some(Remit::OutOfRemit) => Remit::OutOfRemit.words().to_owned(),
        _ => it.outcome.words().to_owned(),
    };
    Ok(Figures {
        referrals: all.len(),
        people,
        open_cases,
        closed_cases: cases.saturating_sub(open_cases),
        tables: vec![
            count(
                "By stream",
                all.iter().map(|it| it.stream.words().to_owned()),
            ),
            count(
                "By year, April to March",
                all.iter().map(|it| year(it.received_on)),
            ),
            count(
                "By source",
                all.iter().map(|it| it.source.words().to_owned()),
            ),
            count("By outcome", all.iter().map(outcome)),
        ],
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_year_begins_in_april() {
        let of = |text: &str| year(text.parse().unwrap());
        assert_eq!(of("2022-03-31"), "2021-22");
        assert_eq!(of("2022-04-01"), "2022-23");
        assert_eq!(of("1999-12-31"), "1999-00");
    }
}
