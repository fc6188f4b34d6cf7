//! What may happen to a task, and the sentence that says why not.

use std::fmt;

use chrono::NaiveDate;

use super::Task;

/// Why something about a task is refused. Each is the sentence the user reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    InThePast,
    Done,
    NotDone,
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::InThePast => "The day must be today or later: a task lies ahead",
            Self::Done => "This task is done already.",
            Self::NotDone => "This task is still to be done.",
        })
    }
}

/// A task lies ahead, or is for today.
pub fn check_due(due_on: NaiveDate, today: NaiveDate) -> Result<(), Refusal> {
    if due_on < today {
        return Err(Refusal::InThePast);
    }
    Ok(())
}

pub fn may_finish(task: &Task) -> Result<(), Refusal> {
    match task.done {
        Some(_) => Err(Refusal::Done),
        None => Ok(()),
    }
}

pub fn may_take_up_again(task: &Task) -> Result<(), Refusal> {
    match task.done {
        Some(_) => Ok(()),
        None => Err(Refusal::NotDone),
    }
}

#[cfg(test)]
mod tests {
    use super::super::Done;
    use super::*;
    use crate::ids::{TaskId, UserId};

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn task(done: Option<Done>) -> Task {
        Task {
            id: TaskId::random(),
            officer: UserId::random(),
            officer_name: "An officer".to_owned(),
            what: "Ring the school".to_owned(),
            due_on: day("2022-04-11"),
            contact: None,
            about: Vec::new(),
            done,
            version: 1,
        }
    }

    #[test]
    fn a_task_lies_ahead_or_is_for_today() {
        let due = |on: &str| check_due(day(on), day("2022-04-04"));
        assert_eq!(due("2022-04-03"), Err(Refusal::InThePast));
        assert_eq!(due("2022-04-04"), Ok(()));
    }

    #[test]
    fn a_task_is_done_once_and_only_what_is_done_can_be_undone() {
        let open = task(None);
        assert_eq!(may_finish(&open), Ok(()));
        assert_eq!(may_take_up_again(&open), Err(Refusal::NotDone));
        let done = task(Some(Done {
            on: day("2022-04-05"),
            by: "An officer".to_owned(),
        }));
        assert_eq!(may_finish(&done), Err(Refusal::Done));
        assert_eq!(may_take_up_again(&done), Ok(()));
    }
}
