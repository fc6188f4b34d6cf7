//! What came and went in a period, and what was open at its end.

use super::super::rules::flow as rules;
use super::super::rules::offers::WEEKS;
use super::super::rules::{NOT_RECORDED, OTHER, Terms};
use super::annual::HELD;
use super::offers::bands;
use super::{Beside, Placing, Row, Table, Unit};
use crate::contacts::WithWhom;
use crate::issues;
use crate::lists::Entry;
use crate::meetings::Spoke;
use crate::referrals::{Method, Stream};

const WITHIN: &str = "the days on which it was open: on some day of the period";
const CLOSED: &str = "the day it was closed";
const MADE: &str = "the day of the contact";
const AT_END: &str = "the last day of the period";

/// The same tables for each stream, one after the other.
macro_rules! flow_of {
    ($prefix:literal, $words:literal, $stream:expr) => {
        [
            Table {
                id: concat!($prefix, ".flow.referrals"),
                title: concat!($words, ": referrals that waited for an answer"),
                definition: "Referrals that waited at the start of the period and those received in it, less those answered in it, are those that wait at its end. A referral is answered when it is accepted or not, withdrawn, or out of remit.",
                unit: Unit::Referrals,
                base: "referrals that waited on some day of the period, or came in it",
                date_basis: WITHIN,
                stream: $stream,
                rows: |_| came_and_left(["Waiting at the start", "Received", "", "Answered", "Waiting at the end"]),
                placing: Placing::Waiting(rules::waiting),
                beside: Beside::Nothing,
                shares: false,
            },
            Table {
                id: concat!($prefix, ".flow.cases"),
                title: concat!($words, ": cases opened and closed"),
                definition: "Cases open at the start of the period, opened and reopened in it, less those closed in it, are those open at its end. A case that was closed and reopened within the period counts once for each stretch.",
                unit: Unit::Cases,
                base: "stretches in which a case was open on some day of the period",
                date_basis: WITHIN,
                stream: $stream,
                rows: |_| came_and_left(["Open at the start", "Opened", "Reopened", "Closed", "Open at the end"]),
                placing: Placing::Cases(rules::cases),
                beside: Beside::Nothing,
                shares: false,
            },
            Table {
                id: concat!($prefix, ".flow.closing_reasons"),
                title: concat!($words, ": why cases were closed"),
                definition: "Cases closed in the period, by the reason given. A case that was closed twice in it counts twice.",
                unit: Unit::Cases,
                base: "all closings of cases in the period",
                date_basis: CLOSED,
                stream: $stream,
                rows: |terms| listed(&terms.closure_reasons),
                placing: Placing::Cases(rules::closing_reason),
                beside: Beside::Weeks,
                shares: true,
            },
            Table {
                id: concat!($prefix, ".flow.issues"),
                title: concat!($words, ": issues opened and closed"),
                definition: "Issues open at the start of the period, opened and reopened in it, less those closed in it, are those open at its end. An issue that was closed and reopened within the period counts once for each stretch.",
                unit: Unit::Issues,
                base: "stretches in which an issue was open on some day of the period",
                date_basis: WITHIN,
                stream: $stream,
                rows: |_| came_and_left(["Open at the start", "Opened", "Reopened", "Closed", "Open at the end"]),
                placing: Placing::Issues(rules::issues),
                beside: Beside::Nothing,
                shares: false,
            },
            Table {
                id: concat!($prefix, ".flow.issue_results"),
                title: concat!($words, ": what came of the issues that were closed"),
                definition: "Issues closed in the period, by the result against what the young person wanted.",
                unit: Unit::Issues,
                base: "all closings of issues in the period",
                date_basis: CLOSED,
                stream: $stream,
                rows: issue_results,
                placing: Placing::Issues(rules::issue_result),
                beside: Beside::Weeks,
                shares: true,
            },
            Table {
                id: concat!($prefix, ".flow.issue_topics"),
                title: concat!($words, ": what the issues were about"),
                definition: "Issues that were open on some day of the period, by topic. An issue with several topics counts under each, so that the shares may add up to more than 100.",
                unit: Unit::Issues,
                base: "stretches in which an issue was open on some day of the period",
                date_basis: WITHIN,
                stream: $stream,
                rows: |terms| listed(&terms.topics),
                placing: Placing::Issues(rules::issue_topics),
                beside: Beside::Nothing,
                shares: true,
            },
            Table {
                id: concat!($prefix, ".flow.contacts"),
                title: concat!($words, ": contacts, by how they were made"),
                definition: "Contacts made in the period and those that were only attempted. A contact about several young people counts once for each; what was recorded in error does not count.",
                unit: Unit::Contacts,
                base: "all contacts of the period, made or attempted, one for each young person whom they were about",
                date_basis: MADE,
                stream: $stream,
                rows: methods,
                placing: Placing::Contacts(rules::contact_method),
                beside: Beside::Nothing,
                shares: true,
            },
            Table {
                id: concat!($prefix, ".flow.contacts_with"),
                title: concat!($words, ": contacts, by whom they were with"),
                definition: "Contacts made in the period, by whom they were with. Attempts do not count.",
                unit: Unit::Contacts,
                base: "all contacts made in the period, one for each young person whom they were about",
                date_basis: MADE,
                stream: $stream,
                rows: with_whom,
                placing: Placing::Contacts(rules::contact_with),
                beside: Beside::Nothing,
                shares: true,
            },
            Table {
                id: concat!($prefix, ".flow.meetings_spoke"),
                title: concat!($words, ": who spoke at the meetings supported"),
                definition: "Meetings held in the period, by who spoke for the young person.",
                unit: Unit::Meetings,
                base: "all meetings supported in the period",
                date_basis: HELD,
                stream: $stream,
                rows: spoke,
                placing: Placing::Meetings(rules::spoke),
                beside: Beside::Nothing,
                shares: true,
            },
        ]
    };
}

macro_rules! open_of {
    ($prefix:literal, $words:literal, $stream:expr) => {
        [
            Table {
                id: concat!($prefix, ".open.referrals"),
                title: concat!($words, ": referrals waiting for an answer"),
                definition: "Referrals that waited for an answer at the end of the period, by the whole weeks since they came.",
                unit: Unit::Referrals,
                base: "all referrals that waited at the end of the period",
                date_basis: AT_END,
                stream: $stream,
                rows: |_| bands(&WEEKS, None),
                placing: Placing::Waiting(rules::still_waiting),
                beside: Beside::Days,
                shares: true,
            },
            Table {
                id: concat!($prefix, ".open.cases"),
                title: concat!($words, ": open cases"),
                definition: "Cases open at the end of the period, by the whole weeks since they were first opened.",
                unit: Unit::Cases,
                base: "all cases open at the end of the period",
                date_basis: AT_END,
                stream: $stream,
                rows: |_| bands(&WEEKS, None),
                placing: Placing::Cases(rules::open_cases),
                beside: Beside::Weeks,
                shares: true,
            },
            Table {
                id: concat!($prefix, ".open.issues"),
                title: concat!($words, ": open issues"),
                definition: "Issues open at the end of the period, by the whole weeks since they were first opened.",
                unit: Unit::Issues,
                base: "all issues open at the end of the period",
                date_basis: AT_END,
                stream: $stream,
                rows: |_| bands(&WEEKS, None),
                placing: Placing::Issues(rules::open_issues),
                beside: Beside::Weeks,
                shares: true,
            },
        ]
    };
}

const PROTECTION: [Table; 9] = flow_of!("cp", "Child protection", Stream::ChildProtection);
const CARE: [Table; 9] = flow_of!("care", "Children in care and care leavers", Stream::Care);
const PROTECTION_OPEN: [Table; 3] = open_of!("cp", "Child protection", Stream::ChildProtection);
const CARE_OPEN: [Table; 3] = open_of!("care", "Children in care and care leavers", Stream::Care);

pub(super) static FLOW: [Table; 18] = {
    let [a, b, c, d, e, f, g, h, i] = PROTECTION;
    let [j, k, l, m, n, o, p, q, r] = CARE;
    [a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r]
};

pub(super) static AS_AT: [Table; 6] = {
    let [a, b, c] = PROTECTION_OPEN;
    let [d, e, f] = CARE_OPEN;
    [a, b, c, d, e, f]
};

/// In the words of the thing that came and went; what cannot happen to it has none.
fn came_and_left(words: [&str; 5]) -> Vec<Row> {
    let ids = [
        rules::OPEN_AT_START,
        rules::OPENED,
        rules::REOPENED,
        rules::CLOSED,
        rules::OPEN_AT_END,
    ];
    ids.iter()
        .zip(words)
        .filter(|(_, words)| !words.is_empty())
        .map(|(id, words)| Row::always(id, words))
        .collect()
}

/// The rows of a list that a council keeps, "other" after the rest.
fn listed(list: &[Entry]) -> Vec<Row> {
    let row = |entry: &Entry| Row::if_found(&entry.code, &entry.label);
    let (other, rest): (Vec<&Entry>, Vec<&Entry>) =
        list.iter().partition(|entry| entry.code == OTHER);
    let mut rows: Vec<Row> = rest.into_iter().chain(other).map(row).collect();
    rows.push(Row::if_found(NOT_RECORDED, "Not recorded"));
    rows
}

fn issue_results(_: &Terms) -> Vec<Row> {
    let mut rows: Vec<Row> = issues::Outcome::ALL
        .iter()
        .map(|result| Row::always(result.code(), result.words()))
        .collect();
    rows.push(Row::if_found(NOT_RECORDED, "Not recorded"));
    rows
}

fn methods(_: &Terms) -> Vec<Row> {
    let mut rows: Vec<Row> = Method::ALL
        .iter()
        .map(|method| Row::always(method.code(), method.words()))
        .collect();
    rows.push(Row::always(
        rules::ATTEMPTED,
        "Attempted; nobody was reached",
    ));
    rows
}

fn with_whom(_: &Terms) -> Vec<Row> {
    WithWhom::ALL
        .iter()
        .map(|whom| Row::if_found(whom.code(), whom.words()))
        .collect()
}

fn spoke(_: &Terms) -> Vec<Row> {
    let mut rows: Vec<Row> = Spoke::ALL
        .iter()
        .map(|spoke| Row::always(spoke.code(), spoke.words()))
        .collect();
    rows.push(Row::if_found(NOT_RECORDED, "Not recorded"));
    rows
}
