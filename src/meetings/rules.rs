//! What may happen to a meeting, and the sentence that says why not.
//!
//! Source: domain.md section 5, and the practice that the annual report of 2021-22 counts.

use std::fmt;

use chrono::NaiveDate;

use super::{Attendance, Said, State, Step, Views, What};
use crate::calendar::show;

/// Why something about a meeting is refused. Each is the sentence the user reads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    NotNow { state: State },
    CaseClosed,
    Nobody,
    RecordedAlready,
    CancelledConference,
    InTheFuture,
    InThePast,
    BeforeReferral(NaiveDate),
    ViewsNeeded,
    ViewsContradict,
    ViewsInPersonOfSomebodyAbsent,
    ReasonNeeded,
    SeenAfter,
    ExplainedBefore,
    ExplainedInTheFuture,
    WhyNotHeld,
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotNow {
                state: State::Planned,
            } => f.write_str("This meeting is planned. Record who was there, or that it did not take place."),
            Self::NotNow { state: State::Held } => {
                f.write_str("This meeting is on record as held. Correct its record instead.")
            }
            Self::NotNow {
                state: State::NotHeld,
            } => f.write_str("This meeting did not take place. Plan it again first."),
            Self::CaseClosed => f.write_str("A closed case takes no new meetings. Reopen the case first."),
            Self::Nobody => f.write_str("Choose at least one child or young person"),
            Self::RecordedAlready => {
                f.write_str("Who was there is on record already for this conference: correct it there.")
            }
            Self::CancelledConference => f.write_str(
                "The schedule says that this conference was cancelled, so nobody's attendance is recorded.",
            ),
            Self::InTheFuture => f.write_str(
                "The day of the meeting must be today or in the past: plan a meeting that is still to come",
            ),
            Self::InThePast => f.write_str(
                "The day of the meeting must be today or later: record a meeting that was held already",
            ),
            Self::BeforeReferral(received) => write!(
                f,
                "The day of the meeting must be on or after {}, the day the referral was received",
                show(*received)
            ),
            Self::ViewsNeeded => f.write_str(
                "Choose how their views were given, or that they gave none: nobody was there for them",
            ),
            Self::ViewsContradict => {
                f.write_str("Choose how their views were given, or that they gave none, not both")
            }
            Self::ViewsInPersonOfSomebodyAbsent => {
                f.write_str("They were not there, so choose another way than in person")
            }
            Self::ReasonNeeded => f.write_str("Enter why they were not there"),
            Self::SeenAfter => {
                f.write_str("The day you saw them before must be on or before the day of the meeting")
            }
            Self::ExplainedBefore => {
                f.write_str("The day you explained the outcome must be on or after the day of the meeting")
            }
            Self::ExplainedInTheFuture => {
                f.write_str("The day you explained the outcome must be today or in the past")
            }
            Self::WhyNotHeld => f.write_str("Enter why the meeting did not take place"),
        }
    }
}

/// What may be done about a meeting, as it stands.
#[must_use]
pub fn steps(state: State) -> &'static [Step] {
    match state {
        State::Planned => &[Step::Change, Step::Hold, Step::Miss],
        State::Held => &[Step::Correct],
        State::NotHeld => &[Step::PlanAgain],
    }
}

/// How a meeting stands after a step, or why the step cannot be taken.
pub fn after(state: State, step: Step) -> Result<State, Refusal> {
    if !steps(state).contains(&step) {
        return Err(Refusal::NotNow { state });
    }
    Ok(match step {
        Step::Change | Step::PlanAgain => State::Planned,
        Step::Hold | Step::Correct => State::Held,
        Step::Miss => State::NotHeld,
    })
}

/// The words for the reader of each state: what it means and what comes next.
#[must_use]
pub fn what_next(state: State) -> &'static str {
    match state {
        State::Planned => "When it has been held, record who was there.",
        State::Held => "It counts in the figures, once for each child or young person.",
        State::NotHeld => "It counts nowhere. Plan it again if there is a new day.",
    }
}

/// A meeting that is still to come.
pub fn check_plan(
    what: &What,
    received: impl IntoIterator<Item = NaiveDate>,
    today: NaiveDate,
) -> Result<(), Refusal> {
    if what.on < today {
        return Err(Refusal::InThePast);
    }
    not_before(what.on, received)
}

/// A meeting that was held.
pub fn check_held(
    what: &What,
    received: impl IntoIterator<Item = NaiveDate>,
    today: NaiveDate,
) -> Result<(), Refusal> {
    if what.on > today {
        return Err(Refusal::InTheFuture);
    }
    not_before(what.on, received)
}

fn not_before(on: NaiveDate, received: impl IntoIterator<Item = NaiveDate>) -> Result<(), Refusal> {
    match received.into_iter().find(|received| on < *received) {
        Some(received) => Err(Refusal::BeforeReferral(received)),
        None => Ok(()),
    }
}

/// Which answer about one young person a refusal is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum About {
    Views,
    Seen,
    Explained,
    Reason,
}

/// What is said of one young person at a meeting on a day.
#[must_use]
pub fn check_said(said: &Said, on: NaiveDate, today: NaiveDate) -> Vec<(About, Refusal)> {
    let mut problems = Vec::new();
    let none_given = said.views.contains(&Views::NotGiven);
    if none_given && said.views.len() > 1 {
        problems.push((About::Views, Refusal::ViewsContradict));
    } else if said.attendance == Attendance::Neither && said.views.is_empty() {
        problems.push((About::Views, Refusal::ViewsNeeded));
    } else if said.attendance == Attendance::Neither && said.views.contains(&Views::InPerson) {
        problems.push((About::Views, Refusal::ViewsInPersonOfSomebodyAbsent));
    }
    let reason = said.not_there_reason.as_deref().unwrap_or_default();
    if !said.attendance.child_was_there() && reason.trim().is_empty() {
        problems.push((About::Reason, Refusal::ReasonNeeded));
    }
    if said.seen_before_on.is_some_and(|seen| seen > on) {
        problems.push((About::Seen, Refusal::SeenAfter));
    }
    match said.explained_on {
        Some(explained) if explained < on => {
            problems.push((About::Explained, Refusal::ExplainedBefore));
        }
        Some(explained) if explained > today => {
            problems.push((About::Explained, Refusal::ExplainedInTheFuture));
        }
        _ => {}
    }
    problems
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::meetings::{Heard, Spoke};

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn what(on: &str) -> What {
        What {
            kind: "core_group".to_owned(),
            on: day(on),
            starts_at: None,
            place: None,
            online: false,
        }
    }

    fn said(attendance: Attendance) -> Said {
        Said {
            attendance,
            spoke: Some(Spoke::Nobody),
            views: vec![Views::Letter],
            online: false,
            seen_before_on: None,
            explained_on: None,
            not_there_reason: Some("School".to_owned()),
            own_words: None,
            note: None,
        }
    }

    fn problems(said: &Said) -> Vec<(About, Refusal)> {
        check_said(said, day("2022-04-01"), day("2022-04-04"))
    }

    #[test]
    fn every_state_and_step_leads_somewhere_or_is_refused_with_what_to_do() {
        use {State as S, Step as T};
        let expected = |state, step| match (state, step) {
            (S::Planned, T::Change) | (S::NotHeld, T::PlanAgain) => Some(S::Planned),
            (S::Planned, T::Hold) | (S::Held, T::Correct) => Some(S::Held),
            (S::Planned, T::Miss) => Some(S::NotHeld),
            _ => None,
        };
        for state in S::ALL {
            assert!(!what_next(*state).is_empty());
            for step in T::ALL {
                let answer = after(*state, *step);
                assert_eq!(answer.as_ref().ok().copied(), expected(*state, *step));
                if let Err(refusal) = answer {
                    assert!(refusal.to_string().ends_with('.'), "{refusal}");
                }
            }
        }
    }

    #[test]
    fn a_held_meeting_is_not_in_the_future_and_a_planned_one_not_in_the_past() {
        let today = day("2022-04-04");
        assert_eq!(check_held(&what("2022-04-04"), [], today), Ok(()));
        assert_eq!(
            check_held(&what("2022-04-05"), [], today),
            Err(Refusal::InTheFuture)
        );
        assert_eq!(check_plan(&what("2022-04-04"), [], today), Ok(()));
        assert_eq!(
            check_plan(&what("2022-04-03"), [], today),
            Err(Refusal::InThePast)
        );
    }

    #[test]
    fn a_meeting_is_not_before_any_of_the_referrals() {
        let received = [day("2022-03-01"), day("2022-03-20")];
        let refused = check_held(&what("2022-03-10"), received, day("2022-04-04"));
        assert_eq!(refused, Err(Refusal::BeforeReferral(day("2022-03-20"))));
    }

    #[test]
    fn where_nobody_was_there_views_are_needed_or_that_there_were_none() {
        let mut said = said(Attendance::Neither);
        assert!(problems(&said).is_empty());
        said.views = vec![Views::NotGiven];
        assert!(problems(&said).is_empty());
        said.views = vec![];
        assert_eq!(problems(&said), [(About::Views, Refusal::ViewsNeeded)]);
        said.views = vec![Views::NotGiven, Views::Film];
        assert_eq!(problems(&said), [(About::Views, Refusal::ViewsContradict)]);
        said.views = vec![Views::InPerson];
        assert_eq!(problems(&said).len(), 1);
    }

    #[test]
    fn a_child_who_was_not_there_has_a_reason() {
        for heard in Heard::ALL {
            let mut said = said(heard.attendance());
            said.not_there_reason = Some(" ".to_owned());
            let there = heard.attendance().child_was_there();
            assert_eq!(problems(&said).is_empty(), there, "{heard:?}");
        }
    }

    #[test]
    fn they_are_seen_before_and_told_after() {
        let mut said = said(Attendance::ChildAlone);
        said.seen_before_on = Some(day("2022-04-02"));
        said.explained_on = Some(day("2022-03-31"));
        assert_eq!(
            problems(&said),
            [
                (About::Seen, Refusal::SeenAfter),
                (About::Explained, Refusal::ExplainedBefore)
            ]
        );
        said.seen_before_on = Some(day("2022-04-01"));
        said.explained_on = Some(day("2022-04-05"));
        assert_eq!(
            problems(&said),
            [(About::Explained, Refusal::ExplainedInTheFuture)]
        );
    }
}
