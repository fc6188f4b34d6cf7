//! What every piece of work is handed: who acts, when, and the open transaction.

use chrono::{NaiveDate, NaiveDateTime};

use crate::access::Actor;
use crate::audit::Event;
use crate::calendar::{self, Clock};
use crate::db::Link;
use crate::history::Change;
use crate::ids::YoungPersonId;

/// The circumstances of one piece of work. Its events are written with it, in the same
/// transaction, at its end.
pub struct Ctx<'c> {
    pub conn: &'c mut Link,
    pub actor: &'c Actor,
    /// The instant, in UTC.
    pub now: NaiveDateTime,
    /// The civil day in England: what every statutory date is counted in.
    pub today: NaiveDate,
    events: Vec<Event>,
    changes: Vec<Change>,
}

impl<'c> Ctx<'c> {
    pub fn new(conn: &'c mut Link, actor: &'c Actor, clock: &Clock) -> Self {
        Self {
            conn,
            actor,
            now: calendar::to_the_microsecond(clock.now()),
            today: clock.today(),
            events: Vec::new(),
            changes: Vec::new(),
        }
    }

    /// Notes what was done or looked at.
    pub fn record(&mut self, event: Event) {
        self.events.push(event);
    }

    /// Notes what fields said, for whoever tells what a piece of work changes.
    pub(crate) fn note_changes(&mut self, changes: &[Change]) {
        self.changes.extend_from_slice(changes);
    }

    /// What fields said before, since this was last asked.
    pub fn take_changes(&mut self) -> Vec<Change> {
        std::mem::take(&mut self.changes)
    }

    /// Whom the events are about, from one of them on.
    pub(crate) fn about_since(&self, length: usize) -> Option<YoungPersonId> {
        let since = self.events.get(length..)?;
        since.iter().find_map(|event| event.young_person.clone())
    }

    pub(crate) fn take_events(&mut self) -> Vec<Event> {
        std::mem::take(&mut self.events)
    }

    pub(crate) fn put_events(&mut self, events: Vec<Event>) {
        self.events = events;
    }

    pub(crate) fn events_len(&self) -> usize {
        self.events.len()
    }

    pub(crate) fn forget_events_after(&mut self, length: usize) {
        self.events.truncate(length);
    }
}
