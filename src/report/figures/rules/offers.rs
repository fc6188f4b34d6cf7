//! Which row an offer belongs to: what became of it, how soon somebody was reached, how long the
//! support lasted.

use super::super::facts::{OfferFact, ReferralFact};
use super::{Place, Terms, closed_by, opened_by};
use crate::referrals::{Outcome, Remit};

/// In place of an answer, where the referral was not for this service.
pub const OUT_OF_REMIT: &str = "out_of_remit";
pub const NOT_REACHED: &str = "not_reached";
pub const BEFORE: &str = "before";
pub const ON_THE_DAY: &str = "on_the_day";
pub const AFTER: &str = "after";

/// Days to the first contact, in bands: up to so many days each, and what is longer.
pub const DAYS: [(i64, &str, &str); 4] = [
    (2, "up_to_2_days", "Within 2 days"),
    (5, "3_to_5_days", "3 to 5 days"),
    (10, "6_to_10_days", "6 to 10 days"),
    (i64::MAX, "11_days_and_more", "11 days and more"),
];

/// Whole weeks, in bands: up to so many days each, and what is longer.
pub const WEEKS: [(i64, &str, &str); 5] = [
    (4 * 7 - 1, "under_4_weeks", "Under 4 weeks"),
    (13 * 7 - 1, "4_to_12_weeks", "4 to 12 weeks"),
    (26 * 7 - 1, "13_to_25_weeks", "13 to 25 weeks"),
    (52 * 7 - 1, "26_to_51_weeks", "26 to 51 weeks"),
    (i64::MAX, "52_weeks_and_more", "52 weeks and more"),
];

#[must_use]
pub fn band(days: i64, bands: &[(i64, &'static str, &'static str)]) -> &'static str {
    bands
        .iter()
        .find(|(most, _, _)| days <= *most)
        .map_or("", |(_, id, _)| id)
}

pub fn answer<'f>(fact: &'f OfferFact, _: &'f Terms) -> Place<'f> {
    Place::Row(match fact.remit {
        Some(Remit::OutOfRemit) => OUT_OF_REMIT,
        _ => fact.outcome.code(),
    })
}

/// Days from the day it came to the first contact. Whoever was reached on the day before it was
/// written down was reached at once.
#[must_use]
pub fn days_to_contact(fact: &OfferFact) -> Option<i64> {
    fact.reached_on
        .map(|reached| (reached - fact.received_on).num_days().max(0))
}

pub fn first_contact<'f>(fact: &'f OfferFact, _: &'f Terms) -> Place<'f> {
    if fact.remit == Some(Remit::OutOfRemit) {
        return Place::Outside;
    }
    Place::Row(days_to_contact(fact).map_or(NOT_REACHED, |days| band(days, &DAYS)))
}

/// A child should be heard before the conference decides.
pub fn before_conference<'f>(fact: &'f OfferFact, _: &'f Terms) -> Place<'f> {
    let Some(conference) = fact.conference_on else {
        return Place::Outside;
    };
    Place::Row(match fact.reached_on {
        Some(reached) if reached < conference => BEFORE,
        Some(reached) if reached == conference => ON_THE_DAY,
        Some(_) => AFTER,
        None => NOT_REACHED,
    })
}

/// Days from the first opening to the last closing, of a case that is closed at the period's end.
#[must_use]
pub fn days_of_closed(fact: &ReferralFact, terms: &Terms) -> Option<i64> {
    let end = terms.period.to;
    let closed = closed_by(&fact.spells, end)?;
    Some((closed - opened_by(&fact.spells, end)?).num_days())
}

/// Days from the first opening to the period's end, of a case that is open then.
#[must_use]
pub fn days_of_open(fact: &ReferralFact, terms: &Terms) -> Option<i64> {
    let end = terms.period.to;
    if closed_by(&fact.spells, end).is_some() {
        return None;
    }
    Some((end - opened_by(&fact.spells, end)?).num_days())
}

pub fn closed_length<'f>(fact: &'f ReferralFact, terms: &'f Terms) -> Place<'f> {
    supported(fact, days_of_closed(fact, terms))
}

pub fn open_length<'f>(fact: &'f ReferralFact, terms: &'f Terms) -> Place<'f> {
    supported(fact, days_of_open(fact, terms))
}

fn supported(fact: &ReferralFact, days: Option<i64>) -> Place<'_> {
    match days {
        Some(days) if fact.outcome == Outcome::Accepted => Place::Row(band(days, &WEEKS)),
        _ => Place::Outside,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calendar::Period;
    use crate::ids::{ReferralId, YoungPersonId};
    use crate::referrals::Stream;

    fn offer(reached_on: Option<&str>) -> OfferFact {
        OfferFact {
            referral: ReferralId::random(),
            young_person: YoungPersonId::random(),
            stream: Stream::ChildProtection,
            received_on: "2021-06-01".parse().unwrap(),
            remit: Some(Remit::InRemit),
            outcome: Outcome::NoResponse,
            reached_on: reached_on.map(|day| day.parse().unwrap()),
            conference_on: Some("2021-06-10".parse().unwrap()),
        }
    }

    fn terms() -> Terms {
        Terms::plain(Period::financial_year(2021), 13)
    }

    #[test]
    fn the_first_contact_is_counted_from_the_day_the_referral_came() {
        for (reached, row) in [
            (Some("2021-05-30"), "up_to_2_days"),
            (Some("2021-06-03"), "up_to_2_days"),
            (Some("2021-06-04"), "3_to_5_days"),
            (Some("2021-06-12"), "11_days_and_more"),
            (None, NOT_REACHED),
        ] {
            assert_eq!(first_contact(&offer(reached), &terms()), Place::Row(row));
        }
    }

    #[test]
    fn a_contact_on_the_day_of_the_conference_is_not_before_it() {
        for (reached, row) in [
            (Some("2021-06-09"), BEFORE),
            (Some("2021-06-10"), ON_THE_DAY),
            (Some("2021-06-11"), AFTER),
            (None, NOT_REACHED),
        ] {
            assert_eq!(
                before_conference(&offer(reached), &terms()),
                Place::Row(row)
            );
        }
        let without = OfferFact {
            conference_on: None,
            ..offer(None)
        };
        assert_eq!(before_conference(&without, &terms()), Place::Outside);
    }

    #[test]
    fn a_band_begins_where_the_one_before_it_ends() {
        assert_eq!(band(27, &WEEKS), "under_4_weeks");
        assert_eq!(band(28, &WEEKS), "4_to_12_weeks");
        assert_eq!(band(363, &WEEKS), "26_to_51_weeks");
        assert_eq!(band(364, &WEEKS), "52_weeks_and_more");
    }
}
