//! What may be done to a list, and the sentence that says why not.
//!
//! Nothing is ever removed from a list: records and the annual report keep their codes.

use std::fmt;

use chrono::{Datelike, Months, NaiveDate};

use super::{Entry, PolicyVersion, ReferralPolicy, policies_known, policy_on};

/// The longest label: it has to fit beside a radio button.
pub const LABEL_LENGTH: usize = 120;

/// The longest code that is made of a label.
const CODE_LENGTH: usize = 40;

/// Why something about a list is refused. Each is the sentence the user reads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    OnTheList,
    OnTheListRetired,
    NoLetters,
    RetiredAlready,
    NotRetired,
    LastOne,
    AtTheEnd,
    ThresholdOutOfRange,
    UpperAgeOutOfRange,
    UpperAgeUnderThreshold,
    NoKinds,
    TooLongAgo,
    TooFarAhead,
    HoldsAlready,
    OthersSetMeanwhile,
}

impl Refusal {
    /// The field of the form that it is about.
    #[must_use]
    pub fn field(&self) -> Option<&'static str> {
        match self {
            Self::OnTheList | Self::OnTheListRetired | Self::NoLetters => Some("label"),
            Self::ThresholdOutOfRange => Some("threshold_age"),
            Self::UpperAgeOutOfRange | Self::UpperAgeUnderThreshold => Some("upper_age"),
            Self::NoKinds => Some("kinds"),
            Self::TooLongAgo | Self::TooFarAhead => Some("applies_from"),
            Self::RetiredAlready
            | Self::NotRetired
            | Self::LastOne
            | Self::AtTheEnd
            | Self::HoldsAlready
            | Self::OthersSetMeanwhile => None,
        }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::OnTheList => "This list has these words already: use other words",
            Self::OnTheListRetired => {
                "This list has a retired entry with these words: bring that one back"
            }
            Self::NoLetters => "The words need at least one letter or number",
            Self::RetiredAlready => "This entry is retired already.",
            Self::NotRetired => "This entry is not retired.",
            Self::LastOne => {
                "This is the last entry that can be chosen. Add another before you retire it."
            }
            Self::AtTheEnd => "This entry is at the end of the list already.",
            Self::ThresholdOutOfRange => "The threshold is an age from 0 to 17",
            Self::UpperAgeOutOfRange => {
                "The upper age is 18 or less: these conferences are about children under 18"
            }
            Self::UpperAgeUnderThreshold => "The upper age must be higher than the threshold",
            Self::NoKinds => "Choose at least one kind of conference",
            Self::TooLongAgo => "The first day must be in the year 2000 or later",
            Self::TooFarAhead => "The first day must be within the next two years",
            Self::HoldsAlready => {
                "This is what holds from that day already, so there is nothing to set."
            }
            Self::OthersSetMeanwhile => {
                "Somebody else set a policy meanwhile. Look at the policies and at what yours would do, then send it again."
            }
        })
    }
}

/// May an entry of the list say this? `own` is the code of the entry that is renamed.
pub fn may_say(
    entries: &[Entry],
    own: Option<&str>,
    label: &str,
    today: NaiveDate,
) -> Result<(), Refusal> {
    if code_of(label).is_empty() {
        return Err(Refusal::NoLetters);
    }
    let same = entries
        .iter()
        .filter(|entry| Some(entry.code.as_str()) != own)
        .find(|entry| entry.label.to_lowercase() == label.to_lowercase());
    match same {
        None => Ok(()),
        Some(entry) if entry.offered_on(today) => Err(Refusal::OnTheList),
        Some(_) => Err(Refusal::OnTheListRetired),
    }
}

/// Conferences are about children, so nobody is referred by one from this age on (contracts,
/// section 2: no referral is made for anybody of 18 or over).
const OF_AGE: i32 = 18;

/// May this policy be set? Whoever sets it has seen so many versions.
#[must_use]
pub fn check_policy(
    versions: &[PolicyVersion],
    seen: i32,
    next: &ReferralPolicy,
    today: NaiveDate,
) -> Vec<Refusal> {
    let mut wrong = Vec::new();
    if !(0..OF_AGE).contains(&next.threshold_age) {
        wrong.push(Refusal::ThresholdOutOfRange);
    }
    if next.upper_age > OF_AGE {
        wrong.push(Refusal::UpperAgeOutOfRange);
    } else if next.upper_age <= next.threshold_age {
        wrong.push(Refusal::UpperAgeUnderThreshold);
    }
    if next.conference_kinds.is_empty() {
        wrong.push(Refusal::NoKinds);
    }
    if next.applies_from.year() < 2000 {
        wrong.push(Refusal::TooLongAgo);
    } else if next.applies_from > today + Months::new(24) {
        wrong.push(Refusal::TooFarAhead);
    }
    if !wrong.is_empty() {
        return wrong;
    }
    if i32::try_from(versions.len()) != Ok(seen) {
        wrong.push(Refusal::OthersSetMeanwhile);
    }
    let policies = policies_known(versions, None);
    if policy_on(&policies, next.applies_from).is_some_and(|holds| says_the_same(holds, next)) {
        wrong.push(Refusal::HoldsAlready);
    }
    wrong
}

fn says_the_same(one: &ReferralPolicy, other: &ReferralPolicy) -> bool {
    let said = |it: &ReferralPolicy| {
        let mut kinds = it.conference_kinds.clone();
        kinds.sort();
        (it.threshold_age, it.upper_age, it.younger_with_older, kinds)
    };
    said(one) == said(other)
}

/// The code that a new entry gets, once and for good.
#[must_use]
pub fn new_code(entries: &[Entry], label: &str) -> String {
    let code = code_of(label);
    let taken = |code: &str| entries.iter().any(|entry| entry.code == code);
    if !taken(&code) {
        return code;
    }
    (2..)
        .map(|number| format!("{code}_{number}"))
        .find(|code| !taken(code))
        .unwrap_or(code)
}

fn code_of(label: &str) -> String {
    let words: Vec<String> = deunicode::deunicode(label)
        .to_lowercase()
        .split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(ToOwned::to_owned)
        .collect();
    let code: String = words.join("_").chars().take(CODE_LENGTH).collect();
    code.trim_end_matches('_').to_owned()
}

pub fn may_retire(entries: &[Entry], entry: &Entry, today: NaiveDate) -> Result<(), Refusal> {
    if !entry.offered_on(today) {
        return Err(Refusal::RetiredAlready);
    }
    let others = entries
        .iter()
        .any(|other| other.code != entry.code && other.offered_on(today));
    if others {
        Ok(())
    } else {
        Err(Refusal::LastOne)
    }
}

pub fn may_bring_back(entry: &Entry) -> Result<(), Refusal> {
    if entry.retired_on.is_some() {
        Ok(())
    } else {
        Err(Refusal::NotRetired)
    }
}

/// Which way an entry moves in its list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    Up,
    Down,
}

/// The codes of the list in their new order.
pub fn moved(entries: &[Entry], code: &str, direction: Direction) -> Result<Vec<String>, Refusal> {
    let mut codes: Vec<String> = entries.iter().map(|entry| entry.code.clone()).collect();
    let place = codes.iter().position(|it| it == code);
    let other = match direction {
        Direction::Up => place.and_then(|place| place.checked_sub(1)),
        Direction::Down => place.map(|place| place + 1),
    };
    match place.zip(other).filter(|(_, other)| *other < codes.len()) {
        Some((place, other)) => {
            codes.swap(place, other);
            Ok(codes)
        }
        None => Err(Refusal::AtTheEnd),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn list(entries: &[(&str, Option<&str>)]) -> Vec<Entry> {
        entries
            .iter()
            .map(|(label, retired)| Entry {
                code: code_of(label),
                label: (*label).to_owned(),
                retired_on: retired.map(day),
            })
            .collect()
    }

    #[test]
    fn a_code_is_made_of_the_words_and_taken_once() {
        let entries = list(&[("Café visits", None)]);
        assert_eq!(new_code(&entries, "Family time!"), "family_time");
        assert_eq!(new_code(&entries, "Cafe  visits"), "cafe_visits_2");
        assert!(new_code(&[], &"long words ".repeat(20)).len() <= CODE_LENGTH);
    }

    #[test]
    fn the_same_words_are_on_a_list_once_retired_or_not() {
        let entries = list(&[("Housing", None), ("Savings", Some("2022-01-01"))]);
        let say = |own, label| may_say(&entries, own, label, day("2022-02-01"));
        assert_eq!(say(None, "housing"), Err(Refusal::OnTheList));
        assert_eq!(say(None, "Savings"), Err(Refusal::OnTheListRetired));
        assert_eq!(say(Some("housing"), "HOUSING"), Ok(()));
        assert_eq!(say(None, "!?"), Err(Refusal::NoLetters));
    }

    #[test]
    fn the_last_entry_that_can_be_chosen_is_not_retired() {
        let entries = list(&[("Housing", None), ("Savings", Some("2022-01-01"))]);
        let retire = |place: usize| may_retire(&entries, &entries[place], day("2022-02-01"));
        assert_eq!(retire(0), Err(Refusal::LastOne));
        assert_eq!(retire(1), Err(Refusal::RetiredAlready));
        assert_eq!(may_bring_back(&entries[0]), Err(Refusal::NotRetired));
        assert_eq!(may_bring_back(&entries[1]), Ok(()));
    }

    #[test]
    fn an_entry_moves_past_its_neighbour_and_not_past_the_end() {
        let entries = list(&[("A", None), ("B", None), ("C", None)]);
        assert_eq!(
            moved(&entries, "b", Direction::Up).unwrap(),
            ["b", "a", "c"]
        );
        assert_eq!(
            moved(&entries, "b", Direction::Down).unwrap(),
            ["a", "c", "b"]
        );
        assert_eq!(moved(&entries, "a", Direction::Up), Err(Refusal::AtTheEnd));
        assert_eq!(
            moved(&entries, "c", Direction::Down),
            Err(Refusal::AtTheEnd)
        );
    }

    fn version(from: &str, threshold: i32, version: i32) -> PolicyVersion {
        PolicyVersion {
            policy: ReferralPolicy {
                applies_from: from.parse().unwrap(),
                threshold_age: threshold,
                upper_age: 18,
                younger_with_older: false,
                conference_kinds: vec!["initial".to_owned(), "receiving_in".to_owned()],
            },
            version,
            reason: String::new(),
            set_by: None,
            set_at: "2022-04-04T09:00:00".parse().unwrap(),
        }
    }

    fn check(versions: &[PolicyVersion], seen: i32, next: &ReferralPolicy) -> Vec<Refusal> {
        check_policy(versions, seen, next, "2022-04-04".parse().unwrap())
    }

    #[test]
    fn of_one_day_the_latest_version_holds_and_the_others_are_kept() {
        let all = [version("2022-04-01", 9, 2), version("2022-04-01", 10, 1)];
        let [holds] = policies_known(&all, None).try_into().unwrap();
        assert_eq!(holds.threshold_age, 9);
        let before = all.first().map(|it| it.set_at);
        assert!(policies_known(&all, before).is_empty());
    }

    #[test]
    fn a_policy_that_says_what_holds_already_is_not_set_again() {
        let all = [version("1900-01-01", 11, 1)];
        let mut next = version("2022-05-01", 11, 1).policy;
        assert_eq!(check(&all, 1, &next), [Refusal::HoldsAlready]);
        next.conference_kinds.reverse();
        assert_eq!(check(&all, 1, &next), [Refusal::HoldsAlready]);
        next.younger_with_older = true;
        assert_eq!(check(&all, 1, &next), []);
    }

    #[test]
    fn ages_kinds_and_days_have_their_bounds() {
        let all = [version("1900-01-01", 11, 1)];
        let mut next = version("1999-12-31", 18, 1).policy;
        next.conference_kinds.clear();
        next.upper_age = 19;
        assert_eq!(
            check(&all, 1, &next),
            [
                Refusal::ThresholdOutOfRange,
                Refusal::UpperAgeOutOfRange,
                Refusal::NoKinds,
                Refusal::TooLongAgo
            ]
        );
        let mut next = version("2024-04-05", 10, 1).policy;
        next.upper_age = 10;
        assert_eq!(
            check(&all, 1, &next),
            [Refusal::UpperAgeUnderThreshold, Refusal::TooFarAhead]
        );
    }

    #[test]
    fn whoever_did_not_see_the_latest_policy_looks_first() {
        let all = [version("1900-01-01", 11, 1), version("2022-05-01", 10, 1)];
        let next = version("2022-06-01", 9, 1).policy;
        assert_eq!(check(&all, 1, &next), [Refusal::OthersSetMeanwhile]);
        assert_eq!(check(&all, 2, &next), []);
    }
}
