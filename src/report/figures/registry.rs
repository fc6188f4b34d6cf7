//! The tables of the annual report, each once: its name, its definition in words, what it counts,
//! over which base and by which day, its rows, and the rule that places a fact in them.

use std::fmt::Write as _;

use super::facts::{Facts, MeetingFact, ReferralFact};
use super::rules::{self, AgeBand, CARE_MEETINGS, OTHER, Place, Terms};
use crate::calendar::Period;
use crate::lists::Entry;
use crate::meetings::Attendance;
use crate::referrals::{LegalStatus, Remit, SECURE_ORDER, Source, Stream};

crate::words! {
    /// What a table counts.
    pub enum Unit {
        Referrals = "referrals", "referrals";
        Children = "children", "children and young people";
        Cases = "cases", "cases";
        Meetings = "meetings", "meetings";
    }
}

/// One table of the report.
pub struct Table {
    pub id: &'static str,
    pub title: &'static str,
    pub definition: &'static str,
    pub unit: Unit,
    /// What the percentages are of.
    pub base: &'static str,
    /// Which day puts a fact into the period.
    pub date_basis: &'static str,
    pub stream: Stream,
    rows: fn(&Terms) -> Vec<Row>,
    placing: Placing,
    pub beside: Beside,
}

/// One row that a table may have.
#[derive(Debug, Clone)]
pub struct Row {
    pub id: String,
    pub label: String,
    /// Shown at 0 too.
    pub always: bool,
}

enum Placing {
    Referrals(for<'f> fn(&'f ReferralFact, &'f Terms) -> Place<'f>),
    Meetings(for<'f> fn(&'f MeetingFact, &'f Terms) -> Place<'f>),
}

/// What a table says beside its counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Beside {
    Nothing,
    /// How many still wait for an answer.
    Pending,
    Ages,
    Durations,
}

/// One thing that is counted.
#[derive(Debug, Clone, Copy)]
pub enum Fact<'f> {
    Referral(&'f ReferralFact),
    Meeting(&'f MeetingFact),
}

impl Table {
    #[must_use]
    pub fn find(id: &str) -> Option<&'static Self> {
        TABLES.iter().find(|table| table.id == id)
    }

    /// Every row it may have, in order.
    #[must_use]
    pub fn rows(&self, terms: &Terms) -> Vec<Row> {
        (self.rows)(terms)
    }

    /// The facts in its base, each with its place: what is counted, and what is listed behind the
    /// count.
    pub fn placed<'f>(
        &self,
        facts: &'f Facts,
        terms: &'f Terms,
    ) -> Box<dyn Iterator<Item = (Fact<'f>, Place<'f>)> + 'f> {
        let stream = self.stream;
        match self.placing {
            Placing::Referrals(place) => Box::new(
                facts
                    .referrals
                    .iter()
                    .filter(move |fact| fact.stream == stream)
                    .map(move |fact| (Fact::Referral(fact), place(fact, terms)))
                    .filter(|(_, place)| *place != Place::Outside),
            ),
            Placing::Meetings(place) => Box::new(
                facts
                    .meetings
                    .iter()
                    .filter(move |fact| fact.stream == stream)
                    .map(move |fact| (Fact::Meeting(fact), place(fact, terms)))
                    .filter(|(_, place)| *place != Place::Outside),
            ),
        }
    }
}

const RECEIVED: &str = "the day the referral was received";
const HELD: &str = "the day the meeting was held, whenever the referral came";

pub static TABLES: [Table; 14] = [
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

impl Row {
    fn always(id: &str, label: impl Into<String>) -> Self {
        Self {
            id: id.to_owned(),
            label: label.into(),
            always: true,
        }
    }

    fn if_found(id: &str, label: impl Into<String>) -> Self {
        Self {
            id: id.to_owned(),
            label: label.into(),
            always: false,
        }
    }
}

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

fn attendances(_: &Terms) -> Vec<Row> {
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
fn with_other(mut rows: Vec<Row>, list: &[Entry]) -> Vec<Row> {
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

/// The definitions as a page of the documentation.
#[must_use]
pub fn as_markdown(age_band: i32) -> String {
    let terms = Terms {
        // The rows do not depend on the period; any will do.
        period: Period::financial_year(2021),
        band: AgeBand::at(age_band),
        reasons: vec![],
        meeting_types: vec![],
    };
    let mut text = MARKDOWN_HEAD.to_owned();
    for table in &TABLES {
        // Writing to a String cannot fail.
        let _ = write!(
            text,
            "\n## {}\n\n`{}`\n\n{}\n\n- Unit: {}\n- Base: {}\n- Counted by {}\n",
            table.title,
            table.id,
            table.definition,
            table.unit.words(),
            table.base,
            table.date_basis,
        );
        if let Some(beside) = table.beside.in_words() {
            let _ = writeln!(text, "- Beside the counts: {beside}");
        }
        let rows = table.rows(&terms);
        if !rows.is_empty() {
            text.push_str("\n| row | words | shown |\n|---|---|---|\n");
        }
        for row in rows {
            let shown = if row.always { "always" } else { "where found" };
            let _ = writeln!(text, "| `{}` | {} | {shown} |", row.id, row.label);
        }
    }
    text
}

const MARKDOWN_HEAD: &str = "\
# Figures

What the annual report counts. This page is written from the definitions that the program counts \
by (`src/report/figures/registry.rs`; the rules are in `rules.rs` beside it): run \
`HEARD_WRITE_DOCS=1 cargo test figures::registry` after changing them.

- The report follows the referrals received in the period, and the meetings held in it.
- A percentage is the count divided by the base, rounded half up once from the exact fraction. \
Where the rounded ones do not add up to 100 the table says so; they are never adjusted. Of an \
empty base there is none.
- An age is in whole years on the day the referral was received.
- A duration is in days divided by 7: with one decimal in data, in whole weeks on the page, each \
rounded half up from the days themselves.
- The list behind a count is the facts that were counted, by the same rule.
- Reasons and child protection meeting types that a council adds to its lists get rows of their \
own, before \"other\".
";

impl Beside {
    fn in_words(self) -> Option<&'static str> {
        match self {
            Self::Nothing => None,
            Self::Pending => Some("`pending_n`, how many of the base still wait for an answer"),
            Self::Ages => Some(
                "`youngest`, `oldest`, `mean_age`, of the `age_known_n` whose date of birth is known",
            ),
            Self::Durations => Some(
                "`closed_n`, `mean_weeks_open`, `median_weeks_open` of the closed cases; \
                 `still_open_n`, `median_weeks_still_open` of those that are open and had opened by then",
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_documentation_says_what_the_program_counts() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/figures.md");
        let text = as_markdown(13);
        if std::env::var_os("HEARD_WRITE_DOCS").is_some() {
            std::fs::write(path, &text).unwrap();
        }
        let kept = std::fs::read_to_string(path).unwrap_or_default();
        assert_eq!(
            kept, text,
            "run this test with HEARD_WRITE_DOCS=1, and read what changed"
        );
    }

    #[test]
    fn a_table_is_there_once() {
        for table in &TABLES {
            assert_eq!(
                TABLES.iter().filter(|other| other.id == table.id).count(),
                1
            );
        }
    }

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
