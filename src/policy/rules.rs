//! What a policy would have done: the rule that refers, asked of conferences as they are on record.

use std::collections::{BTreeMap, HashMap};

use super::{AgeLine, Effect, Referred};
use crate::calendar::age_on;
use crate::conferences::rules::{Seat, Verdict, verdict_among};
use crate::conferences::{Seated, Status};
use crate::ids::{ConferenceId, YoungPersonId};
use crate::lists::ReferralPolicy;

/// What is found out about one child.
struct Child<'s> {
    /// The conference that counts for their age.
    seat: &'s Seat,
    /// By the first policy and by the second: None where no conference refers them.
    before: Option<Verdict>,
    after: Option<Verdict>,
}

impl Child<'_> {
    fn referred(&self) -> bool {
        self.before.is_some() || self.after.is_some()
    }
}

/// Of two conferences that refer a child, the one that refers them by their own age says how.
fn first_of(found: Option<Verdict>, verdict: Verdict) -> Option<Verdict> {
    match found {
        Some(Verdict::Refers) => found,
        _ if verdict.refers() => Some(verdict),
        _ => found,
    }
}

/// Compares what two sets of policies say of everybody on these conferences.
#[must_use]
pub fn effect(seated: &[Seated], before: &[ReferralPolicy], after: &[ReferralPolicy]) -> Effect {
    let mut conferences: HashMap<&ConferenceId, Vec<&Seated>> = HashMap::new();
    for it in seated {
        conferences.entry(&it.conference).or_default().push(it);
    }
    let mut in_order: Vec<&Seated> = seated
        .iter()
        .filter(|it| it.seat.status != Status::Cancelled)
        .collect();
    in_order.sort_by_key(|it| it.seat.held_on);
    let mut children: BTreeMap<&YoungPersonId, Child<'_>> = BTreeMap::new();
    for it in in_order {
        let says = |policies: &[ReferralPolicy]| {
            let there = conferences.get(&it.conference).into_iter().flatten();
            let others = there.filter(|other| other.young_person != it.young_person);
            verdict_among(policies, &it.seat, others.map(|other| &other.seat))
        };
        let (by_before, by_after) = (says(before), says(after));
        let child = children.entry(&it.young_person).or_insert(Child {
            seat: &it.seat,
            before: None,
            after: None,
        });
        if !child.referred() && (by_before.refers() || by_after.refers()) {
            child.seat = &it.seat;
        }
        child.before = first_of(child.before, by_before);
        child.after = first_of(child.after, by_after);
    }
    summed(children.values())
}

fn summed<'c, 's: 'c>(children: impl Iterator<Item = &'c Child<'s>>) -> Effect {
    let mut effect = Effect::default();
    let mut ages: BTreeMap<Option<i32>, AgeLine> = BTreeMap::new();
    let count = |referred: &mut Referred, verdict: Option<Verdict>| {
        referred.children += usize::from(verdict.is_some());
        referred.with_older += usize::from(verdict == Some(Verdict::WithOlder));
    };
    for child in children {
        effect.children += 1;
        count(&mut effect.before, child.before);
        count(&mut effect.after, child.after);
        effect.more += usize::from(child.after.is_some() && child.before.is_none());
        effect.fewer += usize::from(child.before.is_some() && child.after.is_none());
        let seat = child.seat;
        let age = seat.date_of_birth.map(|born| age_on(born, seat.held_on));
        let line = ages.entry(age).or_insert(AgeLine {
            age,
            children: 0,
            before: 0,
            after: 0,
        });
        line.children += 1;
        line.before += usize::from(child.before.is_some());
        line.after += usize::from(child.after.is_some());
    }
    effect.ages = ages.into_values().collect();
    effect
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::conferences::Kind;
    use chrono::NaiveDate;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn policy(threshold: i32, younger_with_older: bool) -> [ReferralPolicy; 1] {
        [ReferralPolicy {
            applies_from: day("1900-01-01"),
            threshold_age: threshold,
            upper_age: 18,
            younger_with_older,
            conference_kinds: vec!["initial".to_owned()],
        }]
    }

    fn on(conference: &ConferenceId, child: &YoungPersonId, born: &str, held: &str) -> Seated {
        Seated {
            conference: conference.clone(),
            young_person: child.clone(),
            child_ref: String::new(),
            seat: Seat {
                kind: Kind::Initial,
                status: Status::Scheduled,
                held_on: day(held),
                date_of_birth: Some(day(born)),
            },
        }
    }

    #[test]
    fn a_child_on_two_conferences_counts_once_and_by_the_one_that_refers_them() {
        let child = YoungPersonId::random();
        let seats = [
            on(&ConferenceId::random(), &child, "2011-03-01", "2022-01-10"),
            on(&ConferenceId::random(), &child, "2011-03-01", "2022-04-10"),
        ];
        let found = effect(&seats, &policy(11, false), &policy(12, false));
        assert_eq!((found.children, found.more, found.fewer), (1, 0, 1));
        let [line] = found.ages.try_into().unwrap();
        assert_eq!((line.age, line.before, line.after), (Some(11), 1, 0));
    }

    #[test]
    fn younger_ones_referred_with_the_older_are_told_apart() {
        let conference = ConferenceId::random();
        let seats = ["2009-01-01", "2015-01-01", "2018-01-01"]
            .map(|born| on(&conference, &YoungPersonId::random(), born, "2022-01-10"));
        let found = effect(&seats, &policy(11, false), &policy(11, true));
        assert_eq!((found.before.children, found.before.with_older), (1, 0));
        assert_eq!((found.after.children, found.after.with_older), (3, 2));
        assert_eq!((found.more, found.fewer), (2, 0));
    }

    #[test]
    fn a_cancelled_conference_counts_for_nothing() {
        let mut seat = on(
            &ConferenceId::random(),
            &YoungPersonId::random(),
            "2009-01-01",
            "2022-01-10",
        );
        seat.seat.status = Status::Cancelled;
        let found = effect(&[seat], &policy(11, false), &policy(9, false));
        assert_eq!(found, Effect::default());
    }
}
