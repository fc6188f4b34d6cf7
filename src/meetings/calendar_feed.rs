//! An officer's diary for their calendar program, as iCalendar (RFC 5545), at a secret address.
//!
//! It leaves the service, so nobody's name is in it: the type of meeting, a reference that leads
//! nowhere without signing in, the time, and a link. Places are left out too: they are free text,
//! and may be somebody's home or school.

use chrono::{Days, Duration, NaiveDateTime, NaiveTime};
use icalendar::{Calendar, Component, Event, EventLike, Property};
use sha2::{Digest, Sha256};

use super::store::{Coming, Which};
use crate::calendar::from_england;
use crate::lists::{Entry, label};

/// How far back and ahead the feed goes, in days.
pub const BEHIND: Days = Days::new(28);
pub const AHEAD: Days = Days::new(366);

/// Nobody says how long a meeting takes: it is shown as an hour.
const AN_HOUR: Duration = Duration::hours(1);

/// What is kept of a secret address. Looking a secret up is one hash and one look into an index,
/// whether it is right or wrong.
#[must_use]
pub fn hash(secret: &str) -> String {
    hex::encode(Sha256::digest(secret.as_bytes()))
}

/// The letters by which a meeting is told from another without a name.
fn reference(coming: &Coming) -> String {
    uid(coming).chars().take(6).collect()
}

fn uid(coming: &Coming) -> String {
    match &coming.which {
        Which::Meeting(id) => id.to_string(),
        // Brothers and sisters may be on different days of one conference.
        Which::Conference(id) => format!("{id}-{}", coming.on),
    }
}

/// The whole feed as text: lines end with CR LF and are folded at 75 octets.
#[must_use]
pub fn text(
    coming: &[Coming],
    types: &[Entry],
    service: &str,
    public_url: &str,
    now: NaiveDateTime,
) -> String {
    let mut calendar = Calendar::empty();
    calendar.append_property(Property::new("VERSION", "2.0"));
    calendar.append_property(Property::new("PRODID", "-//Heard//Diary//EN"));
    calendar.append_property(Property::new("CALSCALE", "GREGORIAN"));
    calendar.append_property(Property::new("METHOD", "PUBLISH"));
    calendar.append_property(Property::new("X-WR-CALNAME", service));
    for entry in coming {
        calendar.push(event(entry, types, public_url, now));
    }
    calendar.to_string()
}

fn event(coming: &Coming, types: &[Entry], public_url: &str, now: NaiveDateTime) -> Event {
    let link = format!("{}{}", public_url.trim_end_matches('/'), coming.href());
    let summary = format!("{} ({})", label(types, &coming.kind), reference(coming));
    let mut event = Event::new();
    event
        .uid(&format!("{}@heard", uid(coming)))
        .timestamp(now.and_utc())
        .summary(&summary)
        .description(&link)
        .url(&link);
    let time = coming
        .starts_at
        .as_deref()
        .and_then(|text| NaiveTime::parse_from_str(text, "%H:%M").ok());
    match time {
        Some(time) => {
            let starts = from_england(coming.on.and_time(time));
            event.starts(starts).ends(starts + AN_HOUR);
        }
        None => {
            event.all_day(coming.on);
        }
    }
    event.done()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::{CaseId, ConferenceChildId, ConferenceId, MeetingId, YoungPersonId};
    use crate::meetings::State;
    use crate::meetings::store::Person;

    fn coming(which: Which, on: &str, starts_at: Option<&str>) -> Coming {
        Coming {
            which,
            kind: "initial_conference".to_owned(),
            state: State::Planned,
            on: on.parse().unwrap(),
            starts_at: starts_at.map(ToOwned::to_owned),
            place: Some("14 Elm Road, with Auntie Bea".to_owned()),
            online: false,
            people: vec![Person {
                young_person: YoungPersonId::random(),
                name: "Amina Khan".to_owned(),
                case: CaseId::random(),
                conference_child: Some(ConferenceChildId::random()),
            }],
            officer: "Olive Officer".to_owned(),
        }
    }

    fn feed(entries: &[Coming]) -> String {
        let types = [Entry {
            code: "initial_conference".to_owned(),
            // As long as a line may be, with letters of several octets.
            label: format!("Initial conference; {}", "ü".repeat(80)),
            retired_on: None,
        }];
        let now = "2022-04-04T09:00:00".parse().unwrap();
        text(entries, &types, "Heard", "https://heard.example/", now)
    }

    /// Reads a feed by the rules of RFC 5545, section 3.1, and nothing of ours: each line ends with
    /// CR LF, has 75 octets at most, and goes on in the next that begins with a space.
    fn lines(feed: &str) -> Vec<(String, String)> {
        let mut lines: Vec<String> = Vec::new();
        let body = feed.strip_suffix("\r\n").unwrap();
        for line in body.split("\r\n") {
            assert!(line.len() <= 75, "{} octets: {line}", line.len());
            assert!(!line.contains(['\r', '\n']) && !line.is_empty());
            match line.strip_prefix(' ') {
                Some(more) => lines.last_mut().unwrap().push_str(more),
                None => lines.push(line.to_owned()),
            }
        }
        lines
            .iter()
            .map(|line| line.split_once(':').unwrap())
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect()
    }

    fn values(feed: &str, name: &str) -> Vec<String> {
        let lines = lines(feed);
        let found = lines.into_iter().filter(|(it, _)| it == name);
        found.map(|(_, value)| value).collect()
    }

    #[test]
    fn the_feed_is_read_by_the_rules_of_the_format() {
        let which = Which::Meeting(MeetingId::random());
        let feed = feed(&[coming(which, "2022-07-05", Some("10:30"))]);
        let names: Vec<String> = lines(&feed).into_iter().map(|(name, _)| name).collect();
        assert_eq!(values(&feed, "BEGIN"), ["VCALENDAR", "VEVENT"]);
        assert_eq!(values(&feed, "END"), ["VEVENT", "VCALENDAR"]);
        assert_eq!(values(&feed, "VERSION"), ["2.0"]);
        for once in ["UID", "DTSTAMP", "DTSTART", "DTEND", "SUMMARY", "URL"] {
            assert_eq!(names.iter().filter(|name| *name == once).count(), 1);
        }
        // What is text has its semicolons escaped.
        let summary = values(&feed, "SUMMARY");
        assert!(
            summary[0].starts_with(r"Initial conference\; üü"),
            "{summary:?}"
        );
    }

    #[test]
    fn times_in_england_are_instants_and_a_day_without_a_time_is_a_whole_day() {
        let meeting = || Which::Meeting(MeetingId::random());
        let of = |on, at| feed(&[coming(meeting(), on, at)]);
        let summer = of("2022-07-05", Some("10:30"));
        assert_eq!(values(&summer, "DTSTART"), ["20220705T093000Z"]);
        assert_eq!(values(&summer, "DTEND"), ["20220705T103000Z"]);
        let winter = of("2022-01-05", Some("10:30"));
        assert_eq!(values(&winter, "DTSTART"), ["20220105T103000Z"]);
        let whole = of("2022-01-05", None);
        assert_eq!(values(&whole, "DTSTART;VALUE=DATE"), ["20220105"]);
    }

    #[test]
    fn no_name_and_no_place_leaves_with_the_feed() {
        let conference = Which::Conference(ConferenceId::random());
        let meeting = Which::Meeting(MeetingId::random());
        let feed = feed(&[
            coming(conference, "2022-07-05", Some("10:30")),
            coming(meeting, "2022-07-06", None),
        ]);
        let whole: String = lines(&feed)
            .into_iter()
            .map(|(name, value)| name + &value)
            .collect();
        for word in ["Amina", "Khan", "Elm", "Bea", "Olive"] {
            assert!(!whole.contains(word), "{word}");
        }
    }

    #[test]
    fn an_entry_keeps_its_identity_from_one_reading_to_the_next() {
        let which = Which::Conference(ConferenceId::random());
        let one = coming(which, "2022-07-05", None);
        assert_eq!(
            values(&feed(std::slice::from_ref(&one)), "UID"),
            values(&feed(&[one]), "UID")
        );
    }
}
