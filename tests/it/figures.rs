//! The figures against a slow and obvious second way: plain loops over small random services, and
//! behind every figure as many rows as it says.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Datelike, Days, NaiveDate};
use heard::calendar::Period;
use heard::report::annual::{AnnualReport, Figure, Scope, figures, rows_behind, told_apart};
use heard::report::figures::breakdown::Dimension;
use heard::report::figures::count::Extra;
use heard::report::figures::registry::View;
use serde_json::Value;

use crate::helpers::databases::on_postgres;
use crate::helpers::{PROGRAM, Place, day, each_place, load_seeds};

/// A small generator of numbers (splitmix64): a seed always gives the same service.
struct Dice(u64);

impl Dice {
    fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    fn below(&mut self, limit: u64) -> u64 {
        self.roll() % limit
    }

    fn often(&mut self, percent: u64) -> bool {
        self.below(100) < percent
    }

    fn one<T: Copy>(&mut self, of: &[T]) -> T {
        of[usize::try_from(self.below(u64::try_from(of.len()).unwrap())).unwrap()]
    }

    /// A day up to so many days after another.
    fn after(&mut self, day: NaiveDate, most: u64) -> NaiveDate {
        day + Days::new(self.below(most + 1))
    }
}

// A small service

/// From when to when something was open, and what it ended with.
type Span = (NaiveDate, Option<NaiveDate>, Option<&'static str>);

struct Issue {
    topics: BTreeSet<&'static str>,
    spans: Vec<Span>,
}

struct Contact {
    on: NaiveDate,
    method: &'static str,
    made: bool,
    with: &'static str,
    in_error: bool,
}

struct Meeting {
    on: NaiveDate,
    kind: &'static str,
    state: &'static str,
    attendance: Option<&'static str>,
    spoke: Option<&'static str>,
}

struct Referral {
    child: usize,
    care: bool,
    source: &'static str,
    received: NaiveDate,
    remit: Option<&'static str>,
    legal: Option<&'static str>,
    secure: bool,
    reason: Option<&'static str>,
    outcome: &'static str,
    outcome_on: Option<NaiveDate>,
    parent_contacted: Option<NaiveDate>,
    asked: Option<NaiveDate>,
    attempts: Vec<(NaiveDate, bool)>,
    conference: Option<NaiveDate>,
    spans: Vec<Span>,
    issues: Vec<Issue>,
    contacts: Vec<Contact>,
    meetings: Vec<Meeting>,
}

struct Service {
    born: Vec<Option<NaiveDate>>,
    referrals: Vec<Referral>,
}

const OUTCOMES: [&str; 8] = [
    "pending",
    "accepted",
    "declined_by_young_person",
    "declined_by_parent",
    "declined_not_known_if_told",
    "no_response",
    "changed_mind",
    "withdrawn",
];

fn spans(dice: &mut Dice, from: NaiveDate, ends: &[&'static str]) -> Vec<Span> {
    let mut spans = Vec::new();
    let mut opened = dice.after(from, 40);
    loop {
        let closed = dice.often(70).then(|| dice.after(opened, 120));
        let end = closed.and_then(|_| dice.often(90).then(|| dice.one(ends)));
        spans.push((opened, closed, end));
        match closed {
            Some(closed) if dice.often(30) => opened = dice.after(closed, 60),
            _ => return spans,
        }
    }
}

fn referral(dice: &mut Dice, children: usize) -> Referral {
    let care = dice.often(40);
    let received = dice.after(day("2021-01-01"), 500);
    let outcome = if dice.often(60) {
        "accepted"
    } else {
        dice.one(&OUTCOMES)
    };
    let maybe = |dice: &mut Dice, percent: u64, most: u64| {
        dice.often(percent).then(|| dice.after(received, most))
    };
    let accepted = outcome == "accepted";
    let spans = match accepted {
        true => spans(dice, received, &["completed", "moved_away", "other"]),
        false => vec![],
    };
    let issues = (0..if accepted { dice.below(3) } else { 0 })
        .map(|_| Issue {
            topics: (0..dice.below(3))
                .map(|_| dice.one(&["contact", "placement", "education", "money"]))
                .collect(),
            spans: self::spans(dice, received, &["met", "partly", "not_met", "withdrawn"]),
        })
        .collect();
    let contacts = (0..if accepted { dice.below(4) } else { 0 })
        .map(|_| Contact {
            on: dice.after(received, 60),
            method: dice.one(&["call", "visit", "video", "message", "email", "letter"]),
            made: dice.often(70),
            with: dice.one(&[
                "young_person",
                "parent_or_carer",
                "family",
                "social_worker",
                "home",
            ]),
            in_error: dice.often(10),
        })
        .collect();
    let meetings = (0..dice.below(3))
        .map(|_| Meeting {
            on: dice.after(received, 200),
            kind: dice.one(&[
                "initial_conference",
                "core_group",
                "legal",
                "strategy",
                "other",
            ]),
            state: dice.one(&["held", "held", "held", "planned", "not_held"]),
            attendance: dice.often(90).then(|| {
                dice.one(&[
                    "officer_for_child",
                    "child_with_officer",
                    "child_alone",
                    "neither",
                ])
            }),
            spoke: dice
                .often(60)
                .then(|| dice.one(&["young_person", "officer", "nobody"])),
        })
        .collect();
    Referral {
        child: usize::try_from(dice.below(u64::try_from(children).unwrap())).unwrap(),
        care,
        source: dice.one(&[
            "automatic_initial_conference",
            "social_worker",
            "self",
            "parent_or_carer",
        ]),
        received,
        remit: dice.one(&[
            Some("in_remit"),
            Some("in_remit"),
            Some("in_remit"),
            Some("out_of_remit"),
            None,
        ]),
        legal: dice.one(&[
            None,
            Some("s20"),
            Some("care_order"),
            Some("care_leaver"),
            Some("remand"),
        ]),
        secure: dice.often(5),
        reason: dice.one(&[None, Some("contact"), Some("housing"), Some("other")]),
        outcome,
        outcome_on: maybe(dice, 80, 40),
        parent_contacted: maybe(dice, 40, 20),
        asked: maybe(dice, 30, 20),
        attempts: (0..dice.below(3))
            .map(|_| (dice.after(received, 30), dice.often(50)))
            .collect(),
        conference: maybe(dice, 40, 15),
        spans,
        issues,
        contacts,
        meetings,
    }
}

fn service(seed: u64) -> Service {
    let dice = &mut Dice(seed);
    let children = 1 + usize::try_from(dice.below(6)).unwrap();
    let born = (0..children)
        .map(|_| dice.often(90).then(|| dice.after(day("2004-01-01"), 4_500)))
        .collect();
    let referrals = (0..dice.below(12))
        .map(|_| referral(dice, children))
        .collect();
    Service { born, referrals }
}

// Writing it down

fn sql(value: Option<impl std::fmt::Display>) -> String {
    value.map_or("NULL".to_owned(), |value| format!("'{value}'"))
}

const TABLES: [&str; 14] = [
    "contact_people",
    "contacts",
    "issue_topics",
    "issue_spells",
    "issues",
    "meeting_attendances",
    "meetings",
    "referral_attempts",
    "case_spells",
    "cases",
    "referrals",
    "conference_children",
    "conferences",
    "young_people",
];

fn write(place: &Place, service: &Service) {
    let mut lines: Vec<String> = TABLES
        .iter()
        .map(|table| format!("DELETE FROM {table}"))
        .collect();
    let now = "2022-12-31 09:00:00";
    for (child, born) in service.born.iter().enumerate() {
        lines.push(format!(
            "INSERT INTO young_people (id, first_name, last_name, name_key, date_of_birth, created_at, version) \
             VALUES ('Y{child}', 'A', 'B', 'a b', {}, '{now}', 1)",
            sql(*born)
        ));
    }
    for (number, it) in service.referrals.iter().enumerate() {
        let (id, child) = (format!("R{number:03}"), it.child);
        let stream = if it.care { "care" } else { "child_protection" };
        if let Some(held) = it.conference {
            lines.push(format!(
                "INSERT INTO conferences (id, source, source_ref) VALUES ('F{number}', 's', '{number}')"
            ));
            lines.push(format!(
                "INSERT INTO conference_children (id, conference_id, child_ref, young_person_id, kind, held_on, status, fingerprint, created_at, version) \
                 VALUES ('F{number}', 'F{number}', 'K', 'Y{child}', 'initial', '{held}', 'scheduled', '', '{now}', 1)"
            ));
        }
        lines.push(format!(
            "INSERT INTO referrals (id, young_person_id, stream, source, conference_child_id, received_on, remit, legal_status, \
             secure_order, reason, topics, outcome, outcome_on, parent_contacted_on, young_person_asked_on, created_at, version) \
             VALUES ('{id}', 'Y{child}', '{stream}', '{}', {}, '{}', {}, {}, {}, {}, '', '{}', {}, {}, {}, '{now}', 1)",
            it.source,
            sql(it.conference.map(|_| format!("F{number}"))),
            it.received,
            sql(it.remit),
            sql(it.legal),
            it.secure.to_string().to_uppercase(),
            sql(it.reason),
            it.outcome,
            sql(it.outcome_on),
            sql(it.parent_contacted),
            sql(it.asked),
        ));
        for (part, (on, reached)) in it.attempts.iter().enumerate() {
            lines.push(format!(
                "INSERT INTO referral_attempts (id, referral_id, made_on, method, with_whom, reached, note, made_by, created_at) \
                 VALUES ('{id}A{part}', '{id}', '{on}', 'call', 'parent_or_carer', {}, '', 'U', '{now}')",
                reached.to_string().to_uppercase()
            ));
        }
        if it.outcome == "accepted" {
            lines.push(format!(
                "INSERT INTO cases (id, referral_id, young_person_id, stream, created_at, version) \
                 VALUES ('{id}', '{id}', 'Y{child}', '{stream}', '{now}', 1)"
            ));
        }
        for (part, (opened, closed, end)) in it.spans.iter().enumerate() {
            lines.push(format!(
                "INSERT INTO case_spells (id, case_id, opened_on, closed_on, closure_reason) \
                 VALUES ('{id}S{part}', '{id}', '{opened}', {}, {})",
                sql(*closed),
                sql(*end)
            ));
        }
        for (part, issue) in it.issues.iter().enumerate() {
            let of = format!("{id}I{part}");
            lines.push(format!(
                "INSERT INTO issues (id, case_id, young_person_id, wish, instructed, opened_by, created_at, version) \
                 VALUES ('{of}', '{id}', 'Y{child}', 'w', TRUE, 'U', '{now}', 1)"
            ));
            for topic in &issue.topics {
                lines.push(format!(
                    "INSERT INTO issue_topics (issue_id, topic) VALUES ('{of}', '{topic}')"
                ));
            }
            for (number, (opened, closed, end)) in (1..).zip(&issue.spans) {
                lines.push(format!(
                    "INSERT INTO issue_spells (id, issue_id, number, opened_on, closed_on, result) \
                     VALUES ('{of}S{number}', '{of}', {number}, '{opened}', {}, {})",
                    sql(*closed),
                    sql(*end)
                ));
            }
        }
        for (part, contact) in it.contacts.iter().enumerate() {
            let of = format!("{id}C{part}");
            lines.push(format!(
                "INSERT INTO contacts (id, method, made, made_on, with_whom, error_reason, recorded_by, created_at, version) \
                 VALUES ('{of}', '{}', {}, '{}', '{}', {}, 'U', '{now}', 1)",
                contact.method,
                contact.made.to_string().to_uppercase(),
                contact.on,
                contact.with,
                sql(contact.in_error.then_some("twice")),
            ));
            lines.push(format!(
                "INSERT INTO contact_people (contact_id, case_id, young_person_id) VALUES ('{of}', '{id}', 'Y{child}')"
            ));
        }
        for (part, meeting) in it.meetings.iter().enumerate() {
            let of = format!("{id}M{part}");
            lines.push(format!(
                "INSERT INTO meetings (id, kind, state, held_on, online, created_at, version) \
                 VALUES ('{of}', '{}', '{}', '{}', FALSE, '{now}', 1)",
                meeting.kind, meeting.state, meeting.on
            ));
            lines.push(format!(
                "INSERT INTO meeting_attendances (id, meeting_id, referral_id, attendance, spoke, views, online, created_at) \
                 VALUES ('{of}', '{of}', '{id}', {}, {}, '', FALSE, '{now}')",
                sql(meeting.attendance),
                sql(meeting.spoke)
            ));
        }
    }
    place.execute(&format!("BEGIN; {}; COMMIT", lines.join("; ")));
}

// Counting it in loops

#[derive(Default)]
struct Counts {
    bases: BTreeMap<String, i64>,
    rows: BTreeMap<(String, String), i64>,
    /// The days that each table's lengths are of.
    days: BTreeMap<String, Vec<i64>>,
    people: BTreeMap<String, BTreeSet<usize>>,
}

impl Counts {
    fn add(&mut self, stream: &str, table: &str, rows: &[&str]) {
        let table = format!("{stream}.{table}");
        *self.bases.entry(table.clone()).or_default() += 1;
        for row in rows {
            *self
                .rows
                .entry((table.clone(), (*row).to_owned()))
                .or_default() += 1;
        }
    }

    fn lasted(&mut self, stream: &str, table: &str, days: i64) {
        self.days
            .entry(format!("{stream}.{table}"))
            .or_default()
            .push(days);
    }
}

fn age(born: NaiveDate, on: NaiveDate) -> i32 {
    let had_birthday = (on.month(), on.day()) >= (born.month(), born.day());
    on.year() - born.year() - i32::from(!had_birthday)
}

fn weeks(days: i64) -> &'static str {
    match days / 7 {
        0..=3 => "under_4_weeks",
        4..=12 => "4_to_12_weeks",
        13..=25 => "13_to_25_weeks",
        26..=51 => "26_to_51_weeks",
        _ => "52_weeks_and_more",
    }
}

fn days_between(from: NaiveDate, to: NaiveDate) -> i64 {
    (to - from).num_days()
}

/// For each span: how it came in and how it left, whether it is open at the end, and since when the
/// whole has been open.
fn came_and_went(
    counts: &mut Counts,
    stream: &str,
    flow: &str,
    open: &str,
    spans: &[Span],
    period: &Period,
) {
    for (number, (opened, closed, _)) in spans.iter().enumerate() {
        let ended = closed.filter(|closed| *closed <= period.to);
        if *opened > period.to || ended.is_some_and(|closed| closed < period.from) {
            continue;
        }
        let came = match (*opened < period.from, number) {
            (true, _) => "open_at_start",
            (false, 0) => "opened",
            (false, _) => "reopened",
        };
        let left = if ended.is_some() {
            "closed"
        } else {
            "open_at_end"
        };
        counts.add(stream, flow, &[came, left]);
        if ended.is_none() {
            let days = days_between(spans[0].0, period.to);
            counts.add(stream, open, &[weeks(days)]);
            counts.lasted(stream, open, days);
        }
    }
}

fn by_loops(service: &Service, period: &Period) -> Counts {
    let mut counts = Counts::default();
    let mut supported = BTreeSet::new();
    let mut in_order: Vec<&Referral> = service.referrals.iter().collect();
    in_order.sort_by_key(|it| it.received);
    for it in in_order {
        let stream = if it.care { "care" } else { "cp" };
        let accepted = it.outcome == "accepted";
        let out = it.remit == Some("out_of_remit");
        if period.contains(it.received) {
            received(&mut counts, it, stream, period);
            if accepted && supported.insert((it.care, it.child)) {
                let row = match service.born[it.child].map(|born| age(born, it.received)) {
                    Some(13..) => "13_and_over",
                    Some(_) => "under_13",
                    None => "not_known",
                };
                let rows = [row];
                let rows: &[&str] = if it.care { &[] } else { &rows };
                counts.add(stream, "supported.age", rows);
            }
        }
        for meeting in &it.meetings {
            let Some(attendance) = meeting.attendance else {
                continue;
            };
            if meeting.state != "held" || !period.contains(meeting.on) {
                continue;
            }
            counts.add(stream, "meetings.attendance", &[attendance]);
            let kind = match meeting.kind {
                "legal" => "legal",
                kind if !it.care => kind,
                _ => "other",
            };
            counts.add(stream, "meetings.type", &[kind]);
            let spoke = meeting.spoke.unwrap_or("not_recorded");
            counts.add(stream, "flow.meetings_spoke", &[spoke]);
        }
        let waits = it.outcome == "pending" && !out;
        let answered = (!waits).then(|| it.outcome_on.unwrap_or(it.received));
        let wait = [(it.received, answered, None)];
        came_and_went(
            &mut counts,
            stream,
            "flow.referrals",
            "open.referrals",
            &wait,
            period,
        );
        came_and_went(
            &mut counts,
            stream,
            "flow.cases",
            "open.cases",
            &it.spans,
            period,
        );
        for (_, closed, reason) in &it.spans {
            let Some(closed) = closed.filter(|closed| period.contains(*closed)) else {
                continue;
            };
            counts.add(
                stream,
                "flow.closing_reasons",
                &[reason.unwrap_or("not_recorded")],
            );
            counts.lasted(
                stream,
                "flow.closing_reasons",
                days_between(it.spans[0].0, closed),
            );
        }
        for issue in &it.issues {
            came_and_went(
                &mut counts,
                stream,
                "flow.issues",
                "open.issues",
                &issue.spans,
                period,
            );
            for (opened, closed, result) in &issue.spans {
                if *opened <= period.to && closed.is_none_or(|closed| closed >= period.from) {
                    let topics: Vec<&str> = issue.topics.iter().copied().collect();
                    let none = ["not_recorded"];
                    let rows = if topics.is_empty() {
                        &none[..]
                    } else {
                        &topics
                    };
                    counts.add(stream, "flow.issue_topics", rows);
                }
                let Some(closed) = closed.filter(|closed| period.contains(*closed)) else {
                    continue;
                };
                counts.add(
                    stream,
                    "flow.issue_results",
                    &[result.unwrap_or("not_recorded")],
                );
                counts.lasted(
                    stream,
                    "flow.issue_results",
                    days_between(issue.spans[0].0, closed),
                );
            }
        }
        for contact in it
            .contacts
            .iter()
            .filter(|it| !it.in_error && period.contains(it.on))
        {
            let row = if contact.made {
                contact.method
            } else {
                "attempted"
            };
            counts.add(stream, "flow.contacts", &[row]);
            if contact.made {
                counts.add(stream, "flow.contacts_with", &[contact.with]);
            }
        }
    }
    counts
}

/// What is counted by the day a referral came.
fn received(counts: &mut Counts, it: &Referral, stream: &str, period: &Period) {
    let accepted = it.outcome == "accepted";
    let in_remit = it.remit == Some("in_remit");
    let out = it.remit == Some("out_of_remit");
    if it.care {
        counts.add(
            stream,
            "referrals.remit",
            &[it.remit.unwrap_or("not_decided")],
        );
        if in_remit {
            let legal = if it.secure {
                Some("secure_order")
            } else {
                it.legal
            };
            counts.add(
                stream,
                "referrals.legal_status",
                &[legal.unwrap_or("not_recorded")],
            );
            counts.add(
                stream,
                "referrals.reason",
                &[it.reason.unwrap_or("not_recorded")],
            );
            let progress = if accepted {
                "supported"
            } else {
                "not_progressed"
            };
            counts.add(stream, "referrals.progress", &[progress]);
        }
    } else {
        counts.add(stream, "referrals.source", &[it.source]);
        let taken_up = if accepted { "accepted" } else { "not_accepted" };
        counts.add(stream, "referrals.outcome", &[taken_up]);
    }
    if accepted {
        let begun: Vec<&Span> = it.spans.iter().filter(|span| span.0 <= period.to).collect();
        let open = begun
            .iter()
            .any(|span| span.1.is_none_or(|closed| closed > period.to));
        let closed = !begun.is_empty() && !open;
        counts.add(
            stream,
            "cases.state",
            &[if closed { "closed" } else { "open" }],
        );
        if closed {
            let last = begun.iter().filter_map(|span| span.1).max().unwrap();
            let days = days_between(begun[0].0, last);
            counts.add(stream, "offers.closed_length", &[weeks(days)]);
            counts.lasted(stream, "offers.closed_length", days);
        } else if let Some(first) = begun.first() {
            let days = days_between(first.0, period.to);
            counts.add(stream, "offers.open_length", &[weeks(days)]);
            counts.lasted(stream, "offers.open_length", days);
        }
    }
    counts.add(
        stream,
        "offers.answer",
        &[if out { "out_of_remit" } else { it.outcome }],
    );
    counts
        .people
        .entry(format!("{stream}.offers.answer"))
        .or_default()
        .insert(it.child);
    let mut reached: Vec<NaiveDate> = Vec::new();
    reached.extend(it.parent_contacted);
    reached.extend(it.asked);
    reached.extend(
        it.attempts
            .iter()
            .filter(|(_, reached)| *reached)
            .map(|(on, _)| *on),
    );
    for contact in &it.contacts {
        let family = ["young_person", "parent_or_carer", "family"].contains(&contact.with);
        if contact.made && !contact.in_error && family {
            reached.push(contact.on);
        }
    }
    let reached = reached.into_iter().min();
    if !out {
        let days = reached.map(|reached| days_between(it.received, reached));
        let row = match days {
            None => "not_reached",
            Some(..=2) => "up_to_2_days",
            Some(3..=5) => "3_to_5_days",
            Some(6..=10) => "6_to_10_days",
            Some(_) => "11_days_and_more",
        };
        counts.add(stream, "offers.first_contact", &[row]);
        if let Some(days) = days {
            counts.lasted(stream, "offers.first_contact", days);
        }
    }
    if let (false, Some(conference)) = (it.care, it.conference) {
        let row = match reached {
            None => "not_reached",
            Some(on) if on < conference => "before",
            Some(on) if on == conference => "on_the_day",
            Some(_) => "after",
        };
        counts.add(stream, "offers.before_conference", &[row]);
    }
}

/// The middle of some days, doubled so that it is whole.
fn twice_the_median(days: &[i64]) -> i64 {
    let mut sorted = days.to_vec();
    sorted.sort_unstable();
    sorted[sorted.len() / 2] + sorted[(sorted.len() - 1) / 2]
}

fn agrees(report: &AnnualReport, counts: &Counts, what: &str) {
    for table in &report.tables {
        let what = format!("{what}: {}", table.id);
        let base = counts.bases.get(table.id).copied().unwrap_or(0);
        assert_eq!(table.base, base, "{what}");
        let expected: BTreeMap<&str, i64> = counts
            .rows
            .iter()
            .filter(|((id, _), _)| id == table.id)
            .map(|((_, row), count)| (row.as_str(), *count))
            .collect();
        let found: BTreeMap<&str, i64> = table
            .rows
            .iter()
            .filter(|row| row.count > 0)
            .map(|row| (row.id.as_str(), row.count))
            .collect();
        assert_eq!(found, expected, "{what}");
        let no_days = Vec::new();
        let days = counts.days.get(table.id).unwrap_or(&no_days);
        match table.extra {
            Extra::Weeks(spread) | Extra::Days(spread) => {
                assert_eq!(spread.n, i64::try_from(days.len()).unwrap(), "{what}");
                let unit = if matches!(table.extra, Extra::Weeks(_)) {
                    7
                } else {
                    1
                };
                // In tenths, half up.
                let median = spread.median.map(|it| it.tenths());
                let expected = (!days.is_empty())
                    .then(|| (10 * twice_the_median(days) + unit).div_euclid(2 * unit));
                assert_eq!(median, expected, "{what}");
            }
            Extra::YoungPeople { n } => {
                let people = counts.people.get(table.id).map_or(0, BTreeSet::len);
                assert_eq!(n, i64::try_from(people).unwrap(), "{what}");
            }
            _ => {}
        }
    }
}

fn compare(place: &Place, seeds: std::ops::Range<u64>) {
    // Whoever made the attempts and opened the issues.
    place.execute(
        "INSERT INTO users (id, name, role, change_password, created_at, version) \
         VALUES ('U', 'U', 'officer', FALSE, '2020-01-01 00:00:00', 1)",
    );
    for seed in seeds {
        let service = service(seed);
        write(place, &service);
        let dice = &mut Dice(seed ^ 0xABCD);
        let from = dice.after(day("2020-12-01"), 500);
        let period = Period::new(from, dice.after(from, 400)).unwrap();
        let counts = by_loops(&service, &period);
        for view in View::ALL {
            let report = place
                .db
                .read(&PROGRAM, |ctx| {
                    figures(ctx, *view, &period, &Scope::All, 13)
                })
                .unwrap();
            agrees(&report, &counts, &format!("seed {seed}, {period}"));
        }
    }
}

#[test]
fn a_thousand_small_services_are_counted_as_plain_loops_count_them() {
    std::thread::scope(|scope| {
        for part in 0..4 {
            scope.spawn(move || compare(&Place::sqlite(), 250 * part..250 * (part + 1)));
        }
    });
}

#[test]
fn fifty_small_services_on_postgres() {
    if let Some(place) = on_postgres() {
        compare(&place, 2_000..2_050);
    }
}

#[test]
fn behind_every_figure_of_every_view_are_as_many_rows_as_it_says() {
    each_place(|place| {
        load_seeds(&place.db);
        let period = Period::financial_year(2021);
        for view in View::ALL {
            let report = place
                .db
                .read(&PROGRAM, |ctx| {
                    figures(ctx, *view, &period, &Scope::All, 13)
                })
                .unwrap();
            for table in &report.tables {
                let rows = |row: Option<&str>| {
                    let figure = Figure {
                        table: table.id,
                        row,
                        part: None,
                        page: 1,
                    };
                    let behind = place
                        .db
                        .read(&PROGRAM, |ctx| {
                            rows_behind(ctx, &period, &Scope::All, 13, figure)
                        })
                        .unwrap();
                    assert_eq!(behind.rows.len(), behind.total.min(500));
                    i64::try_from(behind.total).unwrap()
                };
                assert_eq!(rows(None), table.base, "{}", table.id);
                for row in &table.rows {
                    assert_eq!(rows(Some(&row.id)), row.count, "{} {}", table.id, row.id);
                }
            }
        }
    });
}

#[test]
fn what_came_and_went_in_2021_22_comes_as_json() {
    each_place(|place| {
        load_seeds(&place.db);
        let period = ["--from", "2021-04-01", "--to", "2022-03-31"];
        let args = [&["report", "figures"], &period[..], &["--format", "json"]].concat();
        let report = place.heard(&args).json();
        assert_eq!(report["view"], "flow");
        let tables = report["tables"].as_array().unwrap();
        for id in [
            "cp.flow.cases",
            "care.flow.cases",
            "cp.flow.issues",
            "care.flow.referrals",
        ] {
            let table = tables.iter().find(|table| table["id"] == id).unwrap();
            let row = |id: &str| {
                let rows = table["rows"].as_array().unwrap();
                let row = rows.iter().find(|row| row["id"] == id);
                assert!(row.is_none_or(|row| row["percent"] == Value::Null));
                row.map_or(0, |row| row["count"].as_i64().unwrap())
            };
            assert_eq!(
                row("open_at_start") + row("opened") + row("reopened") - row("closed"),
                row("open_at_end"),
                "{table}"
            );
        }
    });
}

#[test]
fn told_apart_the_parts_are_the_whole_and_behind_each_are_its_rows() {
    each_place(|place| {
        load_seeds(&place.db);
        let period = Period::financial_year(2021);
        let read = |view: View, by: Dimension| {
            place
                .db
                .read(&PROGRAM, |ctx| {
                    Ok((
                        figures(ctx, view, &period, &Scope::All, 13)?,
                        told_apart(ctx, view, by, &period, &Scope::All, 13)?,
                    ))
                })
                .unwrap()
        };
        for view in View::ALL {
            for by in Dimension::ALL {
                let (whole, apart) = read(*view, *by);
                for (table, parts) in whole.tables.iter().zip(&apart.tables) {
                    assert_eq!(table.id, parts.id);
                    let bases: i64 = parts.lines.iter().map(|line| line.base).sum();
                    assert_eq!(bases, table.base, "{} by {}", table.id, by.code());
                    for (place, column) in parts.columns.iter().enumerate() {
                        let sum: i64 = parts.lines.iter().map(|line| line.counts[place]).sum();
                        let row = table.rows.iter().find(|row| row.id == column.id).unwrap();
                        assert_eq!(sum, row.count, "{} {} by {}", table.id, row.id, by.code());
                    }
                }
            }
        }
        for by in [Dimension::Source, Dimension::Age, Dimension::Officer] {
            let (_, apart) = read(View::Annual, by);
            for (table, line) in apart
                .tables
                .iter()
                .flat_map(|table| table.lines.iter().map(move |line| (table, line)))
            {
                let total = |row: Option<&str>| {
                    let figure = Figure {
                        table: table.id,
                        row,
                        part: Some((by, &line.id)),
                        page: 1,
                    };
                    let read = |ctx: &mut heard::ctx::Ctx<'_>| {
                        rows_behind(ctx, &period, &Scope::All, 13, figure)
                    };
                    let behind = place.db.read(&PROGRAM, read).unwrap();
                    assert_eq!(behind.part, Some(format!("{}: {}", by.words(), line.label)));
                    i64::try_from(behind.total).unwrap()
                };
                assert_eq!(total(None), line.base, "{} {}", table.id, line.id);
                for (column, count) in table.columns.iter().zip(&line.counts) {
                    if *count > 0 {
                        assert_eq!(total(Some(&column.id)), *count, "{} {}", table.id, line.id);
                    }
                }
            }
        }
    });
}
