//! What a council keeps as lists and policy: reasons, meeting types, closing reasons, and which
//! conferences refer whom from which day.

pub mod actions;
pub mod pages;
pub mod rules;
pub mod store;

use std::collections::BTreeMap;

use chrono::{NaiveDate, NaiveDateTime};

pub const REASONS: &str = "reason";
pub const MEETING_TYPES: &str = "meeting_type";
pub const CLOSURE_REASONS: &str = "closure_reason";
pub const OUTCOMES: &str = "outcome";
pub const ISSUE_TOPICS: &str = "issue_topic";

/// One entry of a list. A retired one is offered no more; old records keep it.
#[derive(Debug, Clone)]
pub struct Entry {
    pub code: String,
    pub label: String,
    pub retired_on: Option<NaiveDate>,
}

impl Entry {
    #[must_use]
    pub fn offered_on(&self, day: NaiveDate) -> bool {
        self.retired_on.is_none_or(|retired| day < retired)
    }
}

/// An entry with the version of what is edited.
#[derive(Debug, Clone)]
pub struct Kept {
    pub entry: Entry,
    pub version: i32,
}

/// What a list is called.
#[must_use]
pub fn title(list: &str) -> String {
    match list {
        REASONS => "Reasons for a referral".to_owned(),
        MEETING_TYPES => "Types of meeting".to_owned(),
        CLOSURE_REASONS => "Why a case closes".to_owned(),
        OUTCOMES => "Outcomes".to_owned(),
        ISSUE_TOPICS => "Topics of issues".to_owned(),
        other => {
            let words = other.replace('_', " ");
            let mut letters = words.chars();
            let first = letters.next().map(char::to_uppercase);
            first.into_iter().flatten().chain(letters).collect()
        }
    }
}

/// The words of a code; the code itself where the list has it no more.
#[must_use]
pub fn label(entries: &[Entry], code: &str) -> String {
    entries
        .iter()
        .find(|entry| entry.code == code)
        .map_or_else(|| code.to_owned(), |entry| entry.label.clone())
}

/// The policy that rules conferences from a day on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReferralPolicy {
    pub applies_from: NaiveDate,
    pub threshold_age: i32,
    /// The age from which nobody is referred: 18.
    pub upper_age: i32,
    /// Whether younger brothers and sisters are referred with the older one.
    pub younger_with_older: bool,
    /// Codes of the kinds of conference that refer.
    pub conference_kinds: Vec<String>,
}

/// A policy as somebody set it. None is ever changed: whoever sets another from the same day adds
/// a version, and the latest holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PolicyVersion {
    pub policy: ReferralPolicy,
    pub version: i32,
    pub reason: String,
    /// Nobody set the one that a new database begins with.
    pub set_by: Option<String>,
    pub set_at: NaiveDateTime,
}

/// The policies that were set before a moment, or all: of each day the latest version.
#[must_use]
pub fn policies_known(
    versions: &[PolicyVersion],
    before: Option<NaiveDateTime>,
) -> Vec<ReferralPolicy> {
    let known = |it: &&PolicyVersion| before.is_none_or(|moment| it.set_at < moment);
    let mut latest: BTreeMap<NaiveDate, &PolicyVersion> = BTreeMap::new();
    for it in versions.iter().filter(known) {
        let held = latest.entry(it.policy.applies_from).or_insert(it);
        if held.version < it.version {
            *held = it;
        }
    }
    latest.into_values().map(|it| it.policy.clone()).collect()
}

/// The policy for a conference on a day: the latest that applies from that day or before.
#[must_use]
pub fn policy_on(policies: &[ReferralPolicy], day: NaiveDate) -> Option<&ReferralPolicy> {
    policies
        .iter()
        .filter(|policy| policy.applies_from <= day)
        .max_by_key(|policy| policy.applies_from)
}
