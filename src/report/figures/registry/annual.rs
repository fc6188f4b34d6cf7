//! The tables of the annual report: those that the service printed for 2021-22, whose ids and bases
//! others rely on (contracts.md, section 4).

use super::super::rules::{self, CARE_MEETINGS, OTHER, Terms};
use super::{Beside, Placing, Row, Table, Unit};
use crate::lists::Entry;
use crate::meetings::Attendance;
use crate::referrals::{LegalStatus, Remit, SECURE_ORDER, Source, Stream};

pub(super) const RECEIVED: &str = "the day the referral was received";
pub(super) const HELD: &str = "the day the meeting was held, whenever the referral came";

pub(super) static TABLES: [Table; 14] = [
    Table {
        id: "cp.referrals.source",
        title: "Child protection: referrals received, by source",
        definition: "Referrals of the child protection stream received in the period, by who or what made them.",
        unit: Unit::Referrals,
        base: "all child protection referrals received in the period",
        date_basis: RECEIVED,
        stream: Stream::ChildProtection,
        rows: sources,
        placing: Placing::Referrals(rules::source),
        beside: Beside::Nothing,
        shares: true,
    },
    Table {
        id: "cp.referrals.outcome",
        title: "Child protection: offers taken up",
        definition: "Child protection referrals received in the period that were accepted, and all the others: declined, unanswered, withdrawn, outside the remit, or still waiting for an answer.",
        unit: Unit::Referrals,
        base: "all child protection referrals received in the period",
        date_basis: RECEIVED,
        stream: Stream::ChildProtection,
        rows: |_| {
            vec![
                Row::always(
                    rules::ACCEPTED,
                    "Accepted support from a Children's Rights Officer",
                ),
                Row::always(rules::NOT_ACCEPTED, "Did not take up the offer"),
            ]
        },
        placing: Placing::Referrals(rules::taken_up),
        beside: Beside::Pending,
        shares: true,
    },
    Table {
        id: "cp.supported.age",
        title: "Child protection: age of those supported",
        definition: "Children with an accepted child protection referral received in the period, each child once, by age in whole years on the day the first accepted one was received. The bands are a setting.",
        unit: Unit::Children,
        base: "all children with an accepted child protection referral received in the period",
        date_basis: RECEIVED,
        stream: Stream::ChildProtection,
        rows: |terms| {
            vec![
                Row::always(&terms.band.over, format!("{} and over", terms.band.from)),
                Row::always(&terms.band.under, format!("Under {}", terms.band.from)),
                Row::if_found(rules::NOT_KNOWN, "Date of birth not known"),
            ]
        },
        placing: Placing::Referrals(rules::supported_by_age),
        beside: Beside::Ages,
        shares: true,
    },
    Table {
        id: "cp.cases.state",
        title: "Child protection: cases closed and still open at the end of the period",
        definition: CASES,
        unit: Unit::Cases,
        base: "all cases that followed a child protection referral received in the period",
        date_basis: RECEIVED,
        stream: Stream::ChildProtection,
        rows: case_states,
        placing: Placing::Referrals(rules::case_state),
        beside: Beside::Durations,
        shares: true,
    },
    Table {
        id: "cp.meetings.attendance",
        title: "Child protection: who attended the meetings supported",
        definition: "Meetings held in the period under a child protection referral, by who carried the young person's voice into them.",
        unit: Unit::Meetings,
        base: "all meetings supported in the period under a child protection referral",
        date_basis: HELD,
        stream: Stream::ChildProtection,
        rows: attendances,
        placing: Placing::Meetings(rules::attendance),
        beside: Beside::Nothing,
        shares: true,
    },
    Table {
        id: "cp.meetings.type",
        title: "Child protection: meetings supported, by type",
        definition: "Meetings held in the period under a child protection referral, by type.",
        unit: Unit::Meetings,
        base: "all meetings supported in the period under a child protection referral",
        date_basis: HELD,
        stream: Stream::ChildProtection,
        rows: |terms| {
            let rows = PROTECTION_MEETINGS.map(|(id, label)| Row::always(id, label));
            with_other(rows.to_vec(), &terms.meeting_types)
        },
        placing: Placing::Meetings(rules::meeting_type),
        beside: Beside::Nothing,
        shares: true,
    },
    Table {
        id: "care.referrals.remit",
        title: "Children in care and care leavers: referrals received",
        definition: "Referrals of the care stream received in the period, by whether they are within the remit of the service.",
        unit: Unit::Referrals,
        base: "all referrals of children in care and care leavers received in the period",
        date_basis: RECEIVED,
        stream: Stream::Care,
        rows: |_| {
            vec![
                Row::always(Remit::InRemit.code(), "Accepted by the service"),
                Row::always(Remit::OutOfRemit.code(), Remit::OutOfRemit.words()),
                Row::if_found(rules::NOT_DECIDED, "Not yet decided"),
            ]
        },
        placing: Placing::Referrals(rules::remit),
        beside: Beside::Nothing,
        shares: true,
    },
    Table {
        id: "care.referrals.legal_status",
        title: "Children in care and care leavers: legal status",
        definition: "Care referrals in remit received in the period, by the legal status at referral. A secure accommodation order is counted in place of the status under it.",
        unit: Unit::Referrals,
        base: IN_REMIT,
        date_basis: RECEIVED,
        stream: Stream::Care,
        rows: legal_statuses,
        placing: Placing::Referrals(rules::legal_status),
        beside: Beside::Nothing,
        shares: true,
    },
    Table {
        id: "care.referrals.reason",
        title: "Children in care and care leavers: reason for referral",
        definition: "Care referrals in remit received in the period, by their one main reason. A reason that the council has added has its own row.",
        unit: Unit::Referrals,
        base: IN_REMIT,
        date_basis: RECEIVED,
        stream: Stream::Care,
        rows: |terms| {
            let rows = REASONS.map(|(id, label)| Row::always(id, label));
            let mut rows = with_other(rows.to_vec(), &terms.reasons);
            rows.push(Row::if_found(rules::NOT_RECORDED, "Not recorded"));
            rows
        },
        placing: Placing::Referrals(rules::reason),
        beside: Beside::Nothing,
        shares: true,
    },
    Table {
        id: "care.referrals.progress",
        title: "Children in care and care leavers: referrals progressed",
        definition: "Care referrals in remit received in the period that were accepted, and all the others, those that still wait for an answer among them.",
        unit: Unit::Referrals,
        base: IN_REMIT,
        date_basis: RECEIVED,
        stream: Stream::Care,
        rows: |_| {
            vec![
                Row::always(rules::SUPPORTED, "Supported by a Children's Rights Officer"),
                Row::always(
                    rules::NOT_PROGRESSED,
                    "Not progressed: changed their mind or did not respond",
                ),
            ]
        },
        placing: Placing::Referrals(rules::progress),
        beside: Beside::Pending,
        shares: true,
    },
    Table {
        id: "care.supported.age",
        title: "Children in care and care leavers: age of those supported",
        definition: "Children and young people with an accepted care referral received in the period, each once; age in whole years on the day the first accepted one was received.",
        unit: Unit::Children,
        base: "all children and young people with an accepted care referral received in the period",
        date_basis: RECEIVED,
        stream: Stream::Care,
        rows: |_| vec![],
        placing: Placing::Referrals(rules::supported),
        beside: Beside::Ages,
        shares: true,
    },
    Table {
        id: "care.meetings.attendance",
        title: "Children in care and care leavers: who attended the meetings supported",
        definition: "Meetings held in the period under a care referral, by who carried the young person's voice into them.",
        unit: Unit::Meetings,
        base: "all meetings supported in the period under a care referral",
        date_basis: HELD,
        stream: Stream::Care,
        rows: attendances,
        placing: Placing::Meetings(rules::attendance),
        beside: Beside::Nothing,
        shares: true,
    },
    Table {
        id: "care.meetings.type",
        title: "Children in care and care leavers: meetings supported, by type",
        definition: "Meetings held in the period under a care referral, by type. Every type without a row of its own counts as other: care planning, best interests, complaint, strategy and core group meetings among them.",
        unit: Unit::Meetings,
        base: "all meetings supported in the period under a care referral",
        date_basis: HELD,
        stream: Stream::Care,
        rows: |_| {
            let rows = CARE_MEETINGS.map(|(id, label)| Row::always(id, label));
            with_other(rows.to_vec(), &[])
        },
        placing: Placing::Meetings(rules::care_meeting_type),
        beside: Beside::Nothing,
        shares: true,
    },
    Table {
        id: "care.cases.state",
        title: "Children in care and care leavers: cases closed and still open at the end of the period",
        definition: CASES,
        unit: Unit::Cases,
        base: "all cases that followed a care referral received in the period",
        date_basis: RECEIVED,
        stream: Stream::Care,
        rows: case_states,
        placing: Placing::Referrals(rules::case_state),
        beside: Beside::Durations,
        shares: true,
    },
];

const IN_REMIT: &str = "all care referrals in remit received in the period";

const CASES: &str = "Cases that followed the referrals received in the period, a child's second case counted again. Closed: on the period's last day or before, and not open again at its end; otherwise still open. Weeks open: days from the first opening to the last closing, divided by 7; for those still open, to the period's last day.";

const PROTECTION_MEETINGS: [(&str, &str); 5] = [
    ("initial_conference", "Initial child protection conference"),
    ("review_conference", "Review child protection conference"),
    ("receiving_in_conference", "Receiving-in conference"),
    ("core_group", "Core group meeting"),
    ("child_in_need", "Child in need meeting"),
];

const REASONS: [(&str, &str); 14] = [
    ("meetings_support", "Support at meetings"),
    ("informal_complaint", "Informal complaint"),
    ("formal_complaint", "Formal complaint"),
    ("rights_and_entitlements", "Explain rights and entitlements"),
    ("legal_advice", "Access to independent legal advice"),
    ("court_support", "Court support"),
    ("secure_accommodation", "Secure accommodation"),
    ("access_to_records", "Access to records"),
    ("change_of_social_worker", "Change of social worker"),
    ("education", "Education support"),
    ("own_child", "Support regarding their own child"),
    ("contact", "Contact (family time)"),
    ("placement", "Placement"),
    ("housing", "Housing (18 and over)"),
];

fn sources(_: &Terms) -> Vec<Row> {
    // The enum begins with the three that the report prints.
    Source::ALL
        .iter()
        .map(|source| match source {
            Source::AutomaticInitialConference => Row::always(
                source.code(),
                "Automatic: initial child protection conference, aged 11 to 18",
            ),
            Source::AutomaticReceivingInConference | Source::SocialWorker => {
                Row::always(source.code(), source.words())
            }
            _ => Row::if_found(source.code(), source.words()),
        })
        .collect()
}

/// The statuses of the printed report, then the others in the order of the return.
fn legal_statuses(_: &Terms) -> Vec<Row> {
    use LegalStatus as L;
    let printed = [L::CareLeaver, L::S20, L::InterimCareOrder, L::CareOrder];
    let (secure, secure_words) = SECURE_ORDER;
    let mut rows = printed
        .map(|status| Row::always(status.code(), status.words()))
        .to_vec();
    rows.push(Row::always(secure, secure_words));
    rows.push(Row::always(
        L::PlacementOrder.code(),
        L::PlacementOrder.words(),
    ));
    for status in L::ALL {
        if rows.iter().all(|row| row.id != status.code()) {
            rows.push(Row::if_found(status.code(), status.words()));
        }
    }
    rows.push(Row::if_found(rules::NOT_RECORDED, "Not recorded"));
    rows
}

pub(super) fn attendances(_: &Terms) -> Vec<Row> {
    Attendance::ALL
        .iter()
        .map(|attendance| match attendance {
            Attendance::Neither => Row::if_found(attendance.code(), attendance.words()),
            _ => Row::always(attendance.code(), attendance.words()),
        })
        .collect()
}

fn case_states(_: &Terms) -> Vec<Row> {
    vec![
        Row::always(rules::CLOSED, "Closed"),
        Row::always(rules::OPEN, "Still open"),
    ]
}

/// The printed rows in the words of the council's list, then what else it has, and "other" last.
pub(super) fn with_other(mut rows: Vec<Row>, list: &[Entry]) -> Vec<Row> {
    rows.push(Row::always(OTHER, "Other"));
    for row in &mut rows {
        if let Some(entry) = list.iter().find(|entry| entry.code == row.id) {
            row.label.clone_from(&entry.label);
        }
    }
    let other = rows.pop();
    for entry in list.iter().filter(|entry| entry.code != OTHER) {
        if rows.iter().all(|row| row.id != entry.code) {
            rows.push(Row::if_found(&entry.code, &entry.label));
        }
    }
    rows.extend(other);
    rows
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_council_adds_to_a_list_comes_before_other() {
        let entry = |code: &str| Entry {
            code: code.to_owned(),
            label: code.to_owned(),
            retired_on: None,
        };
        let rows = with_other(
            vec![Row::always("contact", "Contact")],
            &[entry("contact"), entry("other"), entry("pets")],
        );
        let ids: Vec<_> = rows
            .iter()
            .map(|row| (row.id.as_str(), row.always))
            .collect();
        assert_eq!(ids, [("contact", true), ("pets", false), ("other", true)]);
    }
}
