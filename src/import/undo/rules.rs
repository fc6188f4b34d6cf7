//! When an import can be undone, and what its figures are called.

use std::fmt;

use super::{Count, Work};
use crate::merges;

/// Why not, in the sentence that the senior officer reads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    AlreadyUndone,
    NoTrail,
    /// So many things stand in the way.
    InTheWay(usize),
    /// Something came while it was being done.
    Meanwhile,
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::AlreadyUndone => f.write_str("This import has been undone already."),
            Self::NoTrail => f.write_str(
                "This import came in before imports could be undone: mend what is wrong on the records themselves.",
            ),
            Self::InTheWay(1) => f.write_str(
                "This import cannot be undone now: one thing stands in the way. Nothing was changed.",
            ),
            Self::InTheWay(count) => write!(
                f,
                "This import cannot be undone now: {count} things stand in the way. Nothing was changed."
            ),
            Self::Meanwhile => f.write_str(
                "Somebody worked on what this import made at this very moment. Nothing was changed: look again at what stands in the way.",
            ),
        }
    }
}

/// What somebody reads about, in the order in which it is told: the table, one of it, many of it.
/// The other tables hold what belongs to these.
const TOLD: &[(&str, &str, &str)] = &[
    (
        "young_people",
        "child or young person",
        "children and young people",
    ),
    ("conferences", "conference", "conferences"),
    (
        "conference_children",
        "child on a conference",
        "children on conferences",
    ),
    ("referrals", "referral", "referrals"),
    ("cases", "case", "cases"),
    ("meetings", "meeting", "meetings"),
    ("complaints", "complaint", "complaints"),
    ("young_person_homes", "home", "homes"),
    ("legal_statuses", "legal status", "legal statuses"),
    (
        "legal_flags",
        "flag beside a legal status",
        "flags beside a legal status",
    ),
    (
        "users",
        "officer without a login",
        "officers without a login",
    ),
];

/// What else may stand in the way.
const OTHERS: &[(&str, &str, &str)] = &[
    (
        "referral_attempts",
        "attempt to make contact",
        "attempts to make contact",
    ),
    ("contact_people", "contact", "contacts"),
    ("task_people", "task", "tasks"),
    (
        "case_spells",
        "time in which a case is open",
        "times in which a case is open",
    ),
    (
        "allocations",
        "allocation to an officer",
        "allocations to an officer",
    ),
    (
        "meeting_attendances",
        "place at a meeting",
        "places at a meeting",
    ),
    (
        "complaint_steps",
        "step of a complaint",
        "steps of a complaint",
    ),
    ("likenesses", "settled likeness", "settled likenesses"),
    (
        "field_history",
        "change of the record",
        "changes of the record",
    ),
    (
        "record_restrictions",
        "closing of the record to somebody",
        "closings of the record to somebody",
    ),
    (
        "record_merges",
        "merge with another record",
        "merges with other records",
    ),
    (
        "young_person_refs",
        "reference of another system",
        "references of other systems",
    ),
    ("home_addresses", "address", "addresses"),
    ("documents_given", "letter or sheet", "letters and sheets"),
];

/// What one row of a table is called, and several.
#[must_use]
pub fn words(table: &str) -> (String, String) {
    let mut known = TOLD.iter().chain(OTHERS);
    match known.find(|(name, ..)| *name == table) {
        Some((_, one, many)) => ((*one).to_owned(), (*many).to_owned()),
        None => {
            let many = table.trim_start_matches("young_person_").replace('_', " ");
            (format!("entry of {many}"), many)
        }
    }
}

/// "2 referrals".
#[must_use]
pub fn in_words(count: &Count) -> String {
    let (one, many) = words(&count.table);
    match count.rows {
        1 => format!("1 {one}"),
        rows => format!("{rows} {many}"),
    }
}

/// The counts that are told, in their order.
#[must_use]
pub fn told(counts: &[Count]) -> Vec<&Count> {
    TOLD.iter()
        .filter_map(|(table, ..)| counts.iter().find(|it| it.table == *table))
        .filter(|count| count.rows > 0)
        .collect()
}

/// Whether the old and new values of a table's rows are shown one by one.
#[must_use]
pub fn is_told(table: &str) -> bool {
    TOLD.iter().any(|(name, ..)| *name == table) || table == "case_spells"
}

/// Whether a field says something to people: not the counts and marks by which the program keeps
/// order.
#[must_use]
pub fn is_for_people(field: &str) -> bool {
    let own = ["version", "fingerprint", "name_key", "id"];
    !own.contains(&field) && !field.ends_with("_id") && !field.ends_with("_at")
}

/// What a field is called beside its values: "Language", "Referral: outcome".
#[must_use]
pub fn field_in_words(table: &str, field: &str) -> String {
    if table == "young_people" {
        return merges::rules::field_words(field);
    }
    let (what, _) = words(table);
    let field = field.replace('_', " ");
    format!("{}: {field}", merges::rules::field_words(&what))
}

/// What somebody did, as it stands in the list of what is in the way.
#[must_use]
pub fn work_in_words(work: &Work, rows: usize) -> String {
    match work {
        Work::Draft => "Somebody is writing on one of its pages".to_owned(),
        Work::Changed(table) if table == "young_people" => "The record was changed".to_owned(),
        Work::Changed(table) => {
            let (one, many) = words(table);
            match rows {
                1 => format!("Worked on since: 1 {one}"),
                rows => format!("Worked on since: {rows} {many}"),
            }
        }
        Work::Added(table) => {
            let rows = i64::try_from(rows).unwrap_or(i64::MAX);
            let count = Count {
                table: table.clone(),
                rows,
            };
            format!("Recorded since: {}", in_words(&count))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn count(table: &str, rows: i64) -> Count {
        Count {
            table: table.to_owned(),
            rows,
        }
    }

    #[test]
    fn what_would_go_is_told_in_the_order_of_the_work() {
        let counts = [
            count("referrals", 2),
            count("young_person_refs", 1),
            count("young_people", 1),
            count("cases", 0),
        ];
        let words: Vec<String> = told(&counts).into_iter().map(in_words).collect();
        assert_eq!(words, ["1 child or young person", "2 referrals"]);
    }

    #[test]
    fn work_that_stands_in_the_way_is_said_in_words() {
        let added = Work::Added("referral_attempts".to_owned());
        assert_eq!(
            work_in_words(&added, 2),
            "Recorded since: 2 attempts to make contact"
        );
        let changed = Work::Changed("referrals".to_owned());
        assert_eq!(work_in_words(&changed, 1), "Worked on since: 1 referral");
    }

    #[test]
    fn a_value_that_is_put_back_is_called_by_its_thing_and_its_field() {
        assert_eq!(
            field_in_words("young_people", "date_of_birth"),
            "Date of birth"
        );
        assert_eq!(field_in_words("referrals", "outcome"), "Referral: outcome");
    }

    #[test]
    fn a_field_that_keeps_order_is_not_shown() {
        assert!(is_for_people("date_of_birth"));
        assert!(!is_for_people("version") && !is_for_people("created_at"));
    }
}
