//! How much an officer can carry, when an absence can be, and who may cover.

use std::fmt;

use chrono::NaiveDate;

use super::{Absence, Hours};
use crate::calendar::show;
use crate::ids::UserId;

/// Why something about the team is refused. Each is the sentence the user reads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    EndsBeforeItBegins,
    Over,
    AwayAlready(NaiveDate, NaiveDate),
    CoversThemselves,
    CoverIsAway(NaiveDate, NaiveDate),
    Capacity,
    SamePerson,
    OpposedAlready,
}

impl Refusal {
    /// The field of the form that it is about.
    #[must_use]
    pub fn field(&self) -> &'static str {
        match self {
            Self::EndsBeforeItBegins | Self::Over => "to",
            Self::AwayAlready(..) => "from",
            Self::CoversThemselves | Self::CoverIsAway(..) => "cover",
            Self::Capacity => "capacity",
            Self::SamePerson | Self::OpposedAlready => "other",
        }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::EndsBeforeItBegins => {
                f.write_str("The last day must be on or after the first day")
            }
            Self::Over => f.write_str(
                "The last day must be today or in the future: an absence that is over needs no cover",
            ),
            Self::AwayAlready(from, to) => write!(
                f,
                "An absence from {} to {} is on record already: change that one",
                show(*from),
                show(*to)
            ),
            Self::CoversThemselves => f.write_str("Choose somebody else than the officer who is away"),
            Self::CoverIsAway(from, to) => write!(
                f,
                "Choose another officer: this one is away from {} to {}",
                show(*from),
                show(*to)
            ),
            Self::Capacity => f.write_str("Enter a number of cases from 1 to 200, or leave it empty"),
            Self::SamePerson => f.write_str("Choose another child or young person"),
            Self::OpposedAlready => f.write_str("This is on record already"),
        }
    }
}

/// How many open cases somebody can carry: their own number, or the usual one in proportion.
#[must_use]
pub fn capacity(hours: Hours, per_full_time: i64) -> i64 {
    match hours.capacity {
        Some(own) => i64::from(own),
        None => {
            per_full_time
                .saturating_mul(i64::from(hours.percent))
                .saturating_add(50)
                / 100
        }
    }
}

/// "full time", "0.8 full time".
#[must_use]
pub fn full_time_words(percent: i32) -> String {
    match percent {
        100 => "full time".to_owned(),
        percent => format!("{} full time", decimal(percent)),
    }
}

/// "0.8", "0.85", "1".
#[must_use]
pub fn decimal(percent: i32) -> String {
    let (whole, rest) = (percent / 100, percent % 100);
    let text = format!("{whole}.{rest:02}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// Reads "0.8", ".85" or "1" as hundredths of full time.
pub fn read_full_time(text: &str) -> Result<i32, String> {
    let wrong = || "must be a number from 0.05 to 1, like 0.8".to_owned();
    let (whole, rest) = text.trim().split_once('.').unwrap_or((text.trim(), ""));
    let digits = |text: &str| text.chars().all(|c| c.is_ascii_digit());
    if !digits(whole) || !digits(rest) || rest.len() > 2 || (whole.is_empty() && rest.is_empty()) {
        return Err(wrong());
    }
    let whole: i32 = if whole.is_empty() {
        0
    } else {
        whole.parse().map_err(|_| wrong())?
    };
    let rest: i32 = format!("{rest:0<2}").parse().map_err(|_| wrong())?;
    let percent = whole.saturating_mul(100).saturating_add(rest);
    if (5..=100).contains(&percent) {
        Ok(percent)
    } else {
        Err(wrong())
    }
}

/// May somebody be put on record as away between these days? `others` are all other absences that
/// are not over, of anybody.
pub fn check_absence(
    absence: &Absence,
    others: &[Absence],
    today: NaiveDate,
) -> Result<(), Refusal> {
    if absence.to < absence.from {
        return Err(Refusal::EndsBeforeItBegins);
    }
    if absence.to < today {
        return Err(Refusal::Over);
    }
    let away = |officer: &UserId| {
        others.iter().find(|other| {
            other.id != absence.id
                && other.officer == *officer
                && other.from <= absence.to
                && absence.from <= other.to
        })
    };
    if let Some(other) = away(&absence.officer) {
        return Err(Refusal::AwayAlready(other.from, other.to));
    }
    let exceptions = absence.exceptions.iter().map(|(_, officer)| officer);
    for cover in absence.covered_by.iter().chain(exceptions) {
        if *cover == absence.officer {
            return Err(Refusal::CoversThemselves);
        }
        if let Some(other) = away(cover) {
            return Err(Refusal::CoverIsAway(other.from, other.to));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::{AbsenceId, CaseId};

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn away(officer: &UserId, from: &str, to: &str, cover: Option<&UserId>) -> Absence {
        Absence {
            id: AbsenceId::random(),
            officer: officer.clone(),
            from: day(from),
            to: day(to),
            covered_by: cover.cloned(),
            exceptions: Vec::new(),
            version: 1,
        }
    }

    #[test]
    fn capacity_is_in_proportion_to_the_hours_unless_somebody_has_a_number_of_their_own() {
        let hours = |percent, capacity| Hours { percent, capacity };
        assert_eq!(capacity(hours(100, None), 40), 40);
        assert_eq!(capacity(hours(80, None), 40), 32);
        assert_eq!(capacity(hours(55, None), 35), 19);
        assert_eq!(capacity(hours(80, Some(12)), 40), 12);
    }

    #[test]
    fn full_time_is_read_as_it_is_written() {
        for (text, percent) in [("1", 100), ("0.8", 80), (".85", 85), ("1.0", 100)] {
            assert_eq!(read_full_time(text), Ok(percent));
        }
        for wrong in ["", "0", "1.2", "0.855", "half", "-1", "."] {
            assert!(read_full_time(wrong).is_err(), "{wrong}");
        }
        for percent in 5..=100 {
            assert_eq!(read_full_time(&decimal(percent)), Ok(percent));
        }
    }

    #[test]
    fn an_absence_ends_after_it_begins_and_not_in_the_past() {
        let marcus = UserId::random();
        let check =
            |from, to| check_absence(&away(&marcus, from, to, None), &[], day("2022-05-10"));
        assert_eq!(
            check("2022-05-12", "2022-05-11"),
            Err(Refusal::EndsBeforeItBegins)
        );
        assert_eq!(check("2022-05-01", "2022-05-09"), Err(Refusal::Over));
        assert_eq!(check("2022-05-01", "2022-05-10"), Ok(()));
    }

    #[test]
    fn two_absences_of_one_officer_do_not_overlap() {
        let marcus = UserId::random();
        let first = [away(&marcus, "2022-05-10", "2022-05-20", None)];
        let check = |from, to| check_absence(&away(&marcus, from, to, None), &first, day(from));
        let already = Refusal::AwayAlready(day("2022-05-10"), day("2022-05-20"));
        assert_eq!(check("2022-05-20", "2022-05-25"), Err(already));
        assert_eq!(check("2022-05-21", "2022-05-25"), Ok(()));
    }

    #[test]
    fn nobody_covers_for_themselves_or_while_they_are_away() {
        let (marcus, ellen) = (UserId::random(), UserId::random());
        let others = [away(&ellen, "2022-05-12", "2022-05-13", None)];
        let check = |cover| {
            let absence = away(&marcus, "2022-05-10", "2022-05-20", Some(cover));
            check_absence(&absence, &others, day("2022-05-10"))
        };
        assert_eq!(check(&marcus), Err(Refusal::CoversThemselves));
        let ellen_is_away = Refusal::CoverIsAway(day("2022-05-12"), day("2022-05-13"));
        assert_eq!(check(&ellen), Err(ellen_is_away));
        assert_eq!(check(&UserId::random()), Ok(()));
    }

    #[test]
    fn a_case_with_a_cover_of_its_own_is_not_covered_by_the_other() {
        let (marcus, ellen, tomasz) = (UserId::random(), UserId::random(), UserId::random());
        let (case, other) = (CaseId::random(), CaseId::random());
        let mut absence = away(&marcus, "2022-05-10", "2022-05-20", Some(&ellen));
        absence.exceptions.push((case.clone(), tomasz.clone()));
        assert_eq!(absence.cover_of(&case), Some(&tomasz));
        assert_eq!(absence.cover_of(&other), Some(&ellen));
    }
}
