//! When two records can be made one, and when that can be undone.
//!
//! Both are refused where the record would say two things at once: two open cases of one stream,
//! or work that was done since and could belong to either.

use std::fmt;

use super::Moved;

/// Why not, in the sentence that the senior officer reads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    SameRecord,
    BothOpen(&'static str),
    ClosedToWhoeverHolds(String),
    NotedAsTwo(String),
    SameTwice(String),
    AlreadyUndone,
    MergedOn,
    MergedSince,
    WorkSince(Vec<Moved>),
    ChangedSince(String),
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::SameRecord => {
                f.write_str("These are the same record already: choose another one.")
            }
            Self::BothOpen(stream) => write!(
                f,
                "Both records have an open referral or case ({stream}): close or settle one of them first, then merge."
            ),
            Self::ClosedToWhoeverHolds(name) => write!(
                f,
                "{name} holds work of one of the records, and one of them is closed to {name}: hand the work over to another officer first."
            ),
            Self::NotedAsTwo(table) => write!(
                f,
                "The two are on record as two people who belong together ({table}): take that off the record first."
            ),
            Self::SameTwice(table) => write!(
                f,
                "Both records hold the same thing ({table}): take it off one of them first."
            ),
            Self::AlreadyUndone => f.write_str("This merge has been undone already."),
            Self::MergedOn => f.write_str(
                "The record that was kept has itself been merged into another since: undo that first.",
            ),
            Self::MergedSince => f.write_str(
                "Another record has been merged into this one since: undo that first.",
            ),
            Self::WorkSince(moved) => {
                let list: Vec<String> = moved.iter().map(in_words).collect();
                write!(
                    f,
                    "Since the merge this was recorded, and could belong to either of the two: {}. It cannot be undone any more.",
                    list.join(", ")
                )
            }
            Self::ChangedSince(field) => write!(
                f,
                "The {field} was changed since the merge: put back what it said on that day, then undo."
            ),
        }
    }
}

/// "2 referrals".
#[must_use]
pub fn in_words(moved: &Moved) -> String {
    let (one, many) = words(&moved.table);
    match moved.rows {
        1 => format!("1 {one}"),
        rows => format!("{rows} {many}"),
    }
}

/// What the rows of a table are called. A table that is not here is called by its name.
fn words(table: &str) -> (String, String) {
    let known = match table {
        "referrals" => ("referral", "referrals"),
        "cases" => ("case", "cases"),
        "conference_children" => ("conference", "conferences"),
        "young_person_refs" => ("reference of another system", "references of other systems"),
        "field_history" => ("change that was kept", "changes that were kept"),
        "record_restrictions" => (
            "member of staff it is or was closed to",
            "members of staff it is or was closed to",
        ),
        "stated_reasons" => (
            "reason that a manager stated",
            "reasons that managers stated",
        ),
        "import_rows" => ("imported row", "imported rows"),
        _ => {
            let many = table.trim_start_matches("young_person_").replace('_', " ");
            return (format!("entry of {many}"), many);
        }
    };
    (known.0.to_owned(), known.1.to_owned())
}

/// What a field is called on the page.
#[must_use]
pub fn field_words(field: &str) -> String {
    let mut letters = field.trim_end_matches("_on").chars();
    let first: String = letters
        .next()
        .into_iter()
        .flat_map(char::to_uppercase)
        .collect();
    format!("{first}{}", letters.as_str()).replace('_', " ")
}

/// Whose value is kept when nobody says otherwise: that of the kept record, unless it says
/// nothing.
#[must_use]
pub fn takes_merged(kept: Option<&str>, merged: Option<&str>) -> bool {
    let said = |value: Option<&str>| value.is_some_and(|value| !value.trim().is_empty());
    !said(kept) && said(merged)
}

/// The columns in which rows may come since a merge without making it ambiguous whose they are:
/// they say who looked, or wait for somebody's decision.
#[must_use]
pub fn belongs_to_either(table: &str) -> bool {
    matches!(table, "stated_reasons" | "import_rows")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_taken_over_only_where_nothing_is_said() {
        assert!(takes_merged(None, Some("Polish")));
        assert!(takes_merged(Some(" "), Some("Polish")));
        assert!(!takes_merged(Some("English"), Some("Polish")));
        assert!(!takes_merged(None, None));
    }

    #[test]
    fn what_stands_in_the_way_is_named() {
        let moved = |table: &str, rows| Moved {
            table: table.to_owned(),
            rows,
        };
        let refusal = Refusal::WorkSince(vec![
            moved("referrals", 1),
            moved("young_person_warnings", 2),
        ]);
        assert!(refusal.to_string().contains("1 referral, 2 warnings."));
    }

    #[test]
    fn a_field_is_called_by_its_name() {
        assert_eq!(field_words("date_of_birth"), "Date of birth");
        assert_eq!(field_words("expected_on"), "Expected");
    }
}
