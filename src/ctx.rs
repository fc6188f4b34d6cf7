//! What every piece of work is handed: who acts, when, and the open transaction.

use chrono::{NaiveDate, NaiveDateTime};

use crate::access::Actor;
use crate::audit::Event;
use crate::calendar::{self, Clock};
use crate::db::Link;

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
}

impl<'c> Ctx<'c> {
    pub fn new(conn: &'c mut Link, actor: &'c Actor, clock: &Clock) -> Self {
        Self {
            conn,
            actor,
            now: calendar::to_the_microsecond(clock.now()),
            today: clock.today(),
            events: Vec::new(),
        }
    }

    /// Notes what was done or looked at.
    pub fn record(&mut self, event: Event) {
        self.events.push(event);
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
