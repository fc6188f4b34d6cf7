//! Which legal basis holds on a day, and what may be recorded (domain.md section 4: one legal
//! basis at a time, flags beside it).

use std::fmt;

use chrono::NaiveDate;

use super::{Basis, Flag, FlagWords, Flagged, LegalStatus, Start};
use crate::calendar::show;
use crate::ids::{FlagId, LegalStatusId};

/// Why something about the legal status is refused. Each is the sentence the user reads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    InTheFuture,
    BeforeBirth(NaiveDate),
    SameDay(Basis),
    SameBasis(NaiveDate),
    Unchanged,
    FlagOverlaps(NaiveDate),
}

impl Refusal {
    /// The field of the form that it is about.
    #[must_use]
    pub fn field(&self) -> &'static str {
        match self {
            Self::InTheFuture | Self::BeforeBirth(_) | Self::SameDay(_) | Self::FlagOverlaps(_) => {
                "from_on"
            }
            Self::SameBasis(_) | Self::Unchanged => "basis",
        }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::InTheFuture => f.write_str("The day it starts must be today or in the past"),
            Self::BeforeBirth(born) => {
                write!(
                    f,
                    "The day it starts must be on or after {}, the day of birth",
                    show(*born)
                )
            }
            Self::SameDay(basis) => write!(
                f,
                "On that day \"{}\" starts already: correct that line instead",
                basis.words()
            ),
            Self::SameBasis(since) => {
                write!(
                    f,
                    "That is the legal status already, since {}",
                    show(*since)
                )
            }
            Self::Unchanged => {
                f.write_str("Change the status or the day, or say that it never was")
            }
            Self::FlagOverlaps(from) => write!(
                f,
                "This overlaps the same flag from {}: change that line instead",
                show(*from)
            ),
        }
    }
}

/// The rows that count, in order of time. Two records that turned out to be one person may bring
/// two rows of the same day: then the one recorded last counts on that day.
#[must_use]
pub fn standing(statuses: &[LegalStatus]) -> Vec<&LegalStatus> {
    let mut rows: Vec<_> = statuses
        .iter()
        .filter(|status| status.correction.is_none())
        .collect();
    rows.sort_by_key(|status| (status.from, status.recorded_at, &status.id));
    rows
}

/// The row that holds on a day.
#[must_use]
pub fn on(statuses: &[LegalStatus], day: NaiveDate) -> Option<&LegalStatus> {
    standing(statuses)
        .into_iter()
        .rev()
        .find(|status| status.from <= day)
}

/// Each row that counts with the day before the next one starts; none where it holds still.
#[must_use]
pub fn periods(statuses: &[LegalStatus]) -> Vec<(&LegalStatus, Option<NaiveDate>)> {
    let rows = standing(statuses);
    let next = rows.iter().skip(1).map(|next| next.from.pred_opt());
    rows.iter()
        .copied()
        .zip(next.chain([None]))
        // Nothing is left of the first of two on one day.
        .filter(|(row, until)| until.is_none_or(|until| until >= row.from))
        .collect()
}

/// May this basis start? Late news may come between what is on record: it then holds until the
/// next row.
pub fn may_start(
    statuses: &[LegalStatus],
    start: Start,
    born: Option<NaiveDate>,
    today: NaiveDate,
) -> Result<(), Refusal> {
    if start.from > today {
        return Err(Refusal::InTheFuture);
    }
    if let Some(born) = born.filter(|born| start.from < *born) {
        return Err(Refusal::BeforeBirth(born));
    }
    match on(statuses, start.from) {
        Some(same) if same.from == start.from => Err(Refusal::SameDay(same.basis)),
        Some(before) if before.basis == start.basis => Err(Refusal::SameBasis(before.from)),
        _ => Ok(()),
    }
}

/// May this row be corrected to that, or (without anything) struck out because it never was?
pub fn may_correct(
    statuses: &[LegalStatus],
    id: &LegalStatusId,
    right: Option<Start>,
    born: Option<NaiveDate>,
    today: NaiveDate,
) -> Result<(), Refusal> {
    let Some(right) = right else {
        return Ok(());
    };
    let wrong = statuses.iter().find(|status| status.id == *id);
    if wrong.is_some_and(|wrong| (wrong.basis, wrong.from) == (right.basis, right.from)) {
        return Err(Refusal::Unchanged);
    }
    let others: Vec<_> = statuses
        .iter()
        .filter(|status| status.id != *id)
        .cloned()
        .collect();
    may_start(&others, right, born, today)
}

/// The flags in force on a day, in the order of their list.
#[must_use]
pub fn flags_on(flags: &[Flagged], day: NaiveDate) -> Vec<Flag> {
    let in_force = |flag: &Flag| {
        flags
            .iter()
            .any(|it| it.what.flag == *flag && !it.what.in_error && it.what.stretch.covers(day))
    };
    Flag::ALL.iter().copied().filter(in_force).collect()
}

/// May a flag say this, beside the others? The same flag does not lie over itself.
pub fn may_flag(flags: &[Flagged], id: Option<&FlagId>, what: &FlagWords) -> Result<(), Refusal> {
    let meets = |other: &&Flagged| {
        Some(&other.id) != id
            && !other.what.in_error
            && other.what.flag == what.flag
            && other.what.stretch.meets(what.stretch)
    };
    match flags.iter().find(meets) {
        Some(other) if !what.in_error => Err(Refusal::FlagOverlaps(other.what.stretch.from)),
        _ => Ok(()),
    }
}

/// "Care order (section 31), child protection plan"; nothing where nothing is on record.
#[must_use]
pub fn in_words(basis: Option<Basis>, flags: &[Flag]) -> Option<String> {
    let flags = flags.iter().map(|flag| flag.words());
    let words: Vec<_> = basis.map(Basis::words).into_iter().chain(flags).collect();
    let (first, rest) = words.split_first()?;
    Some(rest.iter().fold((*first).to_owned(), |mut all, words| {
        let mut letters = words.chars();
        all.push_str(", ");
        all.extend(letters.next().into_iter().flat_map(char::to_lowercase));
        all.push_str(letters.as_str());
        all
    }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::YoungPersonId;
    use crate::young_people::Stretch;
    use crate::young_people::legal::Correction;
    use proptest::prelude::*;

    fn day(number: i64) -> NaiveDate {
        let first: NaiveDate = "2022-01-01".parse().unwrap();
        first + chrono::Duration::days(number)
    }

    fn row(basis: Basis, from: i64, recorded: i64) -> LegalStatus {
        LegalStatus {
            id: LegalStatusId::random(),
            young_person: YoungPersonId::random(),
            basis,
            from: day(from),
            note: None,
            recorded_by: "Olive".to_owned(),
            recorded_at: day(recorded).and_hms_opt(9, 0, 0).unwrap(),
            correction: None,
        }
    }

    fn start(basis: Basis, from: i64) -> Start {
        Start {
            basis,
            from: day(from),
        }
    }

    fn flagged(flag: Flag, from: i64, to: Option<i64>) -> Flagged {
        Flagged {
            id: FlagId::random(),
            young_person: YoungPersonId::random(),
            what: FlagWords {
                flag,
                stretch: Stretch {
                    from: day(from),
                    to: to.map(day),
                },
                note: None,
                in_error: false,
            },
            version: 1,
        }
    }

    #[test]
    fn a_basis_holds_until_the_next_one_starts() {
        let rows = [row(Basis::S20, 0, 0), row(Basis::CareOrder, 10, 10)];
        assert_eq!(on(&rows, day(9)).unwrap().basis, Basis::S20);
        assert_eq!(on(&rows, day(10)).unwrap().basis, Basis::CareOrder);
        let ends: Vec<_> = periods(&rows).into_iter().map(|(_, to)| to).collect();
        assert_eq!(ends, [Some(day(9)), None]);
    }

    #[test]
    fn late_news_comes_between_and_ends_where_the_next_row_starts() {
        let mut rows = vec![row(Basis::CareOrder, 10, 0)];
        may_start(&rows, start(Basis::InterimCareOrder, 2), None, day(20)).unwrap();
        rows.push(row(Basis::InterimCareOrder, 2, 20));
        assert_eq!(on(&rows, day(9)).unwrap().basis, Basis::InterimCareOrder);
        assert_eq!(on(&rows, day(10)).unwrap().basis, Basis::CareOrder);
    }

    #[test]
    fn a_basis_starts_neither_twice_nor_in_the_future_nor_before_birth() {
        let rows = [row(Basis::S20, 3, 0)];
        let may = |basis, from| may_start(&rows, start(basis, from), Some(day(1)), day(9));
        assert_eq!(may(Basis::S20, 5), Err(Refusal::SameBasis(day(3))));
        assert_eq!(may(Basis::CareOrder, 3), Err(Refusal::SameDay(Basis::S20)));
        assert_eq!(may(Basis::CareOrder, 10), Err(Refusal::InTheFuture));
        assert_eq!(may(Basis::CareOrder, 0), Err(Refusal::BeforeBirth(day(1))));
        assert_eq!(may(Basis::CareOrder, 9), Ok(()));
    }

    #[test]
    fn a_correction_changes_something() {
        let rows = [row(Basis::S20, 3, 0)];
        let to = |right| may_correct(&rows, &rows[0].id, right, None, day(9));
        assert_eq!(to(Some(start(Basis::S20, 3))), Err(Refusal::Unchanged));
        assert_eq!(to(Some(start(Basis::S20, 4))), Ok(()));
        assert_eq!(to(None), Ok(()));
    }

    #[test]
    fn the_same_flag_does_not_lie_over_itself() {
        let flags = [flagged(Flag::ChildProtectionPlan, 0, Some(5))];
        let again = |from| {
            may_flag(
                &flags,
                None,
                &flagged(Flag::ChildProtectionPlan, from, None).what,
            )
        };
        assert_eq!(again(5), Err(Refusal::FlagOverlaps(day(0))));
        assert_eq!(again(6), Ok(()));
        let other = flagged(Flag::ChildInNeedPlan, 3, None).what;
        assert_eq!(may_flag(&flags, None, &other), Ok(()));
        assert_eq!(may_flag(&flags, Some(&flags[0].id), &flags[0].what), Ok(()));
    }

    #[test]
    fn the_words_are_one_sentence() {
        let flags = [Flag::ChildProtectionPlan, Flag::SecureAccommodation];
        let words = in_words(Some(Basis::CareOrder), &flags).unwrap();
        let wanted =
            "Care order (section 31), child protection plan, secure accommodation (section 25)";
        assert_eq!(words, wanted);
        assert_eq!(
            in_words(None, &flags[..1]).unwrap(),
            "Child protection plan"
        );
        assert_eq!(in_words(None, &[]), None);
    }

    /// What somebody may do to a history, in small numbers.
    #[derive(Debug, Clone)]
    enum Deed {
        Start { basis: usize, on: i64 },
        Correct { which: usize, basis: usize, on: i64 },
        Strike { which: usize },
        EndOfCare { on: i64 },
    }

    const DAYS: i64 = 40;

    fn deeds() -> impl Strategy<Value = Vec<Deed>> {
        let basis = 0..Basis::ALL.len();
        let deed = prop_oneof![
            3 => (basis.clone(), 0..DAYS).prop_map(|(basis, on)| Deed::Start { basis, on }),
            2 => (0..20usize, basis, 0..DAYS)
                .prop_map(|(which, basis, on)| Deed::Correct { which, basis, on }),
            1 => (0..20usize).prop_map(|which| Deed::Strike { which }),
            1 => (0..DAYS).prop_map(|on| Deed::EndOfCare { on }),
        ];
        prop::collection::vec(deed, 0..30)
    }

    /// The slow, obvious way: a calendar with a mark on each day on which something starts. The
    /// basis of a day is found by walking back to the last mark.
    struct Calendar {
        marks: Vec<Option<Basis>>,
    }

    impl Calendar {
        fn at(&mut self, day: i64) -> &mut Option<Basis> {
            &mut self.marks[usize::try_from(day).unwrap()]
        }

        fn painted(&self) -> Vec<Option<Basis>> {
            let mut colour = None;
            let marks = self.marks.iter();
            marks
                .map(|mark| {
                    colour = mark.or(colour);
                    colour
                })
                .collect()
        }
    }

    struct History {
        rows: Vec<LegalStatus>,
        calendar: Calendar,
    }

    impl History {
        fn of(deeds: &[Deed]) -> Self {
            let mut history = Self {
                rows: Vec::new(),
                calendar: Calendar {
                    marks: vec![None; usize::try_from(DAYS).unwrap()],
                },
            };
            for (at, deed) in deeds.iter().enumerate() {
                history.take(deed, i64::try_from(at).unwrap());
            }
            history
        }

        fn take(&mut self, deed: &Deed, at: i64) {
            match *deed {
                Deed::Start { basis, on } => self.start(Basis::ALL[basis], on, at),
                Deed::EndOfCare { on } => self.start(Basis::None, on, at),
                Deed::Strike { which } => self.correct(which, None, at),
                Deed::Correct { which, basis, on } => {
                    self.correct(which, Some((Basis::ALL[basis], on)), at);
                }
            }
        }

        fn start(&mut self, basis: Basis, on: i64, at: i64) {
            if may_start(&self.rows, start(basis, on), None, day(DAYS)).is_ok() {
                assert_eq!(*self.calendar.at(on), None, "two start on one day");
                *self.calendar.at(on) = Some(basis);
                self.rows.push(row(basis, on, at));
            }
        }

        fn correct(&mut self, which: usize, right: Option<(Basis, i64)>, at: i64) {
            let rows = standing(&self.rows);
            let Some(wrong) = rows
                .get(which % rows.len().max(1))
                .map(|row| (*row).clone())
            else {
                return;
            };
            let to = right.map(|(basis, on)| start(basis, on));
            if may_correct(&self.rows, &wrong.id, to, None, day(DAYS)).is_err() {
                return;
            }
            *self.calendar.at((wrong.from - day(0)).num_days()) = None;
            if let Some((basis, on)) = right {
                assert_eq!(*self.calendar.at(on), None, "two start on one day");
                *self.calendar.at(on) = Some(basis);
                self.rows.push(row(basis, on, at));
            }
            let kept = self.rows.iter_mut().find(|row| row.id == wrong.id).unwrap();
            kept.correction = Some(Correction {
                by: "Olive".to_owned(),
                at: kept.recorded_at,
                reason: "Wrong".to_owned(),
                replaced_by: None,
            });
        }
    }

    proptest! {
        #[test]
        fn on_every_day_one_basis_at_most_and_it_is_the_one_painted_day_by_day(deeds in deeds()) {
            let history = History::of(&deeds);
            let painted = history.calendar.painted();
            let periods = periods(&history.rows);
            for (number, painted) in painted.into_iter().enumerate() {
                let day = day(i64::try_from(number).unwrap());
                let covering: Vec<_> = periods
                    .iter()
                    .filter(|(row, to)| row.from <= day && to.is_none_or(|to| day <= to))
                    .map(|(row, _)| row.basis)
                    .collect();
                prop_assert!(covering.len() <= 1);
                prop_assert_eq!(covering.first().copied(), painted);
                prop_assert_eq!(on(&history.rows, day).map(|row| row.basis), painted);
            }
        }

        #[test]
        fn two_records_made_one_still_have_one_basis_a_day(one in deeds(), other in deeds()) {
            let mut rows = History::of(&one).rows;
            rows.extend(History::of(&other).rows);
            let periods = periods(&rows);
            for number in 0..DAYS {
                let covering = periods.iter().filter(|(row, to)| {
                    row.from <= day(number) && to.is_none_or(|to| day(number) <= to)
                });
                let covering: Vec<_> = covering.map(|(row, _)| row.basis).collect();
                prop_assert!(covering.len() <= 1);
                prop_assert_eq!(covering.first().copied(), on(&rows, day(number)).map(|row| row.basis));
            }
        }
    }
}
