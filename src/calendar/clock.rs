//! The clock. Everything that asks for the time asks here, so that a test or a catching-up import
//! can set the day.

use chrono::{DateTime, Duration, NaiveDate, NaiveDateTime, SubsecRound, TimeZone, Utc};
use chrono_tz::Europe::London;

/// Where the time comes from.
#[derive(Debug, Clone)]
pub enum Clock {
    /// The machine's own clock.
    System,
    /// The machine's own clock on a day that was given: for catching up. What is noted of the
    /// work still carries the true time.
    On(NaiveDate),
    /// One instant, for tests.
    Fixed(DateTime<Utc>),
}

impl Clock {
    #[must_use]
    pub fn now(&self) -> DateTime<Utc> {
        match self {
            Self::System | Self::On(_) => system_time(),
            Self::Fixed(instant) => *instant,
        }
    }

    #[must_use]
    pub fn today(&self) -> NaiveDate {
        match self {
            Self::On(day) => *day,
            Self::System | Self::Fixed(_) => day_in_england(self.now()),
        }
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "the one place that reads the machine's clock"
)]
fn system_time() -> DateTime<Utc> {
    Utc::now()
}

/// The civil day in England at an instant.
#[must_use]
pub fn day_in_england(instant: DateTime<Utc>) -> NaiveDate {
    instant.with_timezone(&London).date_naive()
}

/// The wall clock in England at an instant kept in UTC.
#[must_use]
pub fn in_england(instant: NaiveDateTime) -> NaiveDateTime {
    Utc.from_utc_datetime(&instant)
        .with_timezone(&London)
        .naive_local()
}

/// The instant of a wall clock in England. An hour that comes twice is the first of the two; an hour
/// that is skipped when the clocks go forward is taken an hour later, as people would.
#[must_use]
pub fn from_england(wall: NaiveDateTime) -> DateTime<Utc> {
    let at = |wall: NaiveDateTime| London.from_local_datetime(&wall).earliest();
    at(wall)
        .or_else(|| at(wall + Duration::hours(1)))
        .map_or_else(|| wall.and_utc(), |instant| instant.with_timezone(&Utc))
}

/// Instants are kept in microseconds, which is what both databases hold.
#[must_use]
pub fn to_the_microsecond(instant: DateTime<Utc>) -> NaiveDateTime {
    instant.naive_utc().trunc_subsecs(6)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_day_begins_at_midnight_in_england() {
        let late_in_june = "2022-06-30T23:30:00Z".parse().unwrap();
        assert_eq!(day_in_england(late_in_june), "2022-07-01".parse().unwrap());
    }

    #[test]
    fn the_wall_clock_in_england_is_an_instant_even_when_the_clocks_change() {
        let at = |wall: &str| from_england(wall.parse().unwrap()).to_rfc3339();
        assert_eq!(at("2022-01-10T10:00:00"), "2022-01-10T10:00:00+00:00");
        assert_eq!(at("2022-07-10T10:00:00"), "2022-07-10T09:00:00+00:00");
        // 27 March: from one o'clock to two there is no clock.
        assert_eq!(at("2022-03-27T01:30:00"), "2022-03-27T01:30:00+00:00");
        // 30 October: half past one comes twice.
        assert_eq!(at("2022-10-30T01:30:00"), "2022-10-30T00:30:00+00:00");
    }

    #[test]
    fn a_day_that_was_given_is_the_day_in_england() {
        for day in ["2022-01-01", "2022-07-01"] {
            let day = day.parse().unwrap();
            assert_eq!(Clock::On(day).today(), day);
        }
    }
}
