//! The offers and the support behind the annual report's figures: who said no, how soon somebody was
//! reached, how long support lasts.

use super::super::rules::offers::{self as rules, DAYS, WEEKS};
use super::annual::RECEIVED;
use super::{Beside, Placing, Row, Table, Unit};
use crate::referrals::{Outcome, Stream};

/// The same table for each stream, one after the other.
macro_rules! tables_of {
    ($prefix:literal, $words:literal, $stream:expr) => {
        [
            Table {
                id: concat!($prefix, ".offers.answer"),
                title: concat!($words, ": what became of the referrals"),
                definition: "Referrals received in the period by what became of them, and where the offer was not taken up, by who declined. Those that were not for this service are a row of their own, whatever else is on record about them.",
                unit: Unit::Referrals,
                base: "all referrals of the stream received in the period",
                date_basis: RECEIVED,
                stream: $stream,
                rows: answers,
                placing: Placing::Offers(rules::answer),
                beside: Beside::YoungPeople,
                shares: true,
            },
            Table {
                id: concat!($prefix, ".offers.first_contact"),
                title: concat!($words, ": days to the first contact"),
                definition: "Referrals received in the period, by the days from the day they came to the day on which the young person or somebody of their family was first reached: an attempt that reached them, a day written down in the offer, or a contact under the case. Attempts that reached nobody do not count.",
                unit: Unit::Referrals,
                base: "all referrals of the stream received in the period, without those out of remit",
                date_basis: RECEIVED,
                stream: $stream,
                rows: |_| bands(&DAYS, Some((rules::NOT_REACHED, "Nobody reached yet"))),
                placing: Placing::Offers(rules::first_contact),
                beside: Beside::Days,
                shares: true,
            },
            Table {
                id: concat!($prefix, ".offers.closed_length"),
                title: concat!($words, ": how long the closed cases lasted"),
                definition: "Cases that followed the referrals received in the period and were closed at its end, by the whole weeks from their first opening to their last closing.",
                unit: Unit::Cases,
                base: "the closed ones of the cases that followed a referral received in the period",
                date_basis: RECEIVED,
                stream: $stream,
                rows: |_| bands(&WEEKS, None),
                placing: Placing::Referrals(rules::closed_length),
                beside: Beside::Weeks,
                shares: true,
            },
            Table {
                id: concat!($prefix, ".offers.open_length"),
                title: concat!($words, ": how long the open cases have lasted"),
                definition: "Cases that followed the referrals received in the period and were open at its end, by the whole weeks from their first opening to there.",
                unit: Unit::Cases,
                base: "the open ones of the cases that followed a referral received in the period",
                date_basis: RECEIVED,
                stream: $stream,
                rows: |_| bands(&WEEKS, None),
                placing: Placing::Referrals(rules::open_length),
                beside: Beside::Weeks,
                shares: true,
            },
        ]
    };
}

const PROTECTION: [Table; 4] = tables_of!("cp", "Child protection", Stream::ChildProtection);
const CARE: [Table; 4] = tables_of!("care", "Children in care and care leavers", Stream::Care);

const BEFORE_CONFERENCE: Table = Table {
    id: "cp.offers.before_conference",
    title: "Child protection: reached before the conference",
    definition: "Referrals received in the period that came from a conference, by whether the young person or somebody of their family was first reached before the day of the conference, on it, or after it.",
    unit: Unit::Referrals,
    base: "all child protection referrals received in the period that came from a conference",
    date_basis: RECEIVED,
    stream: Stream::ChildProtection,
    rows: |_| {
        vec![
            Row::always(rules::BEFORE, "Before the conference"),
            Row::always(rules::ON_THE_DAY, "On the day of the conference"),
            Row::always(rules::AFTER, "After the conference"),
            Row::always(rules::NOT_REACHED, "Nobody reached yet"),
        ]
    },
    placing: Placing::Offers(rules::before_conference),
    beside: Beside::Nothing,
    shares: true,
};

pub(super) static TABLES: [Table; 9] = {
    let [a, b, c, d] = PROTECTION;
    let [e, f, g, h] = CARE;
    [a, b, BEFORE_CONFERENCE, c, d, e, f, g, h]
};

fn answers(_: &super::Terms) -> Vec<Row> {
    let mut rows: Vec<Row> = Outcome::ALL
        .iter()
        .map(|outcome| Row::always(outcome.code(), outcome.words()))
        .collect();
    rows.push(Row::always(
        rules::OUT_OF_REMIT,
        "Out of remit: pointed to somebody else",
    ));
    rows
}

/// A row for each band, and one for what is in none.
pub(super) fn bands(
    bands: &[(i64, &'static str, &'static str)],
    none: Option<(&str, &str)>,
) -> Vec<Row> {
    let rows = bands.iter().map(|(_, id, words)| (*id, *words));
    rows.chain(none)
        .map(|(id, words)| Row::always(id, words))
        .collect()
}
