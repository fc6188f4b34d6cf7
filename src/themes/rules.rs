//! What may happen to a theme, and what may be shown of its numbers.

use std::collections::BTreeMap;
use std::fmt;

use chrono::NaiveDate;

use super::{Member, State, Theme};
use crate::calendar::{age_on, show};
use crate::referrals::{SECURE_ORDER, Stream};

crate::words! {
    /// What can be done with a theme as a whole.
    pub enum Step {
        Ask = "ask", "Ask the council";
        Answer = "answer", "Write down the answer";
        Tell = "tell", "Tell the young people";
        Close = "close", "Close the theme";
        Reopen = "reopen", "Open the theme again";
    }
}

/// Why something about a theme is refused. Each is the sentence the user reads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    NotNow(State),
    InTheFuture(&'static str),
    Before(&'static str, &'static str, NaiveDate),
    NeedsNote,
    InAlready,
    NotIn,
    Closed,
}

impl Refusal {
    /// The field of the form that it is about.
    #[must_use]
    pub fn field(&self) -> Option<&'static str> {
        match self {
            Self::InTheFuture(field) | Self::Before(field, ..) => Some(field),
            Self::NeedsNote => Some("closing_note"),
            Self::NotNow(_) | Self::InAlready | Self::NotIn | Self::Closed => None,
        }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotNow(state) => f.write_str(match state {
                State::Gathering => "Nobody has been asked yet. Ask the council first.",
                State::Asked => "The council has been asked. Write down its answer next.",
                State::Answered => "There is an answer. Tell the young people next.",
                State::Told => "The young people were told. The theme can be closed.",
                State::Closed => "This theme is closed. Open it again first.",
            }),
            Self::InTheFuture(_) => f.write_str("The date must be today or in the past"),
            Self::Before(_, what, day) => {
                write!(f, "The date must be on or after {}, {what}", show(*day))
            }
            Self::NeedsNote => {
                f.write_str("Young people were not told. Say why the theme closes without it")
            }
            Self::InAlready => f.write_str("This case is under this theme already."),
            Self::NotIn => f.write_str("This case is not under this theme any more."),
            Self::Closed => {
                f.write_str("This theme is closed. Open it again before you add a case.")
            }
        }
    }
}

/// How a theme stands after a step, or why the step cannot be now.
///
/// The council may be asked anew, answer anew, and young people told anew, while a theme is open:
/// each writes over what the step before said, and the history keeps it. `before_closing` is how it
/// stood, or would stand, were it not closed.
pub fn after(state: State, step: Step, before_closing: State) -> Result<State, Refusal> {
    use State as S;
    match (step, state) {
        (Step::Reopen, S::Closed) => Ok(before_closing),
        (Step::Ask, S::Gathering | S::Asked) => Ok(S::Asked),
        (Step::Answer, S::Asked | S::Answered) => Ok(S::Answered),
        (Step::Tell, S::Answered | S::Told) => Ok(S::Told),
        (Step::Close, S::Gathering | S::Asked | S::Answered | S::Told) => Ok(S::Closed),
        (_, state) => Err(Refusal::NotNow(state)),
    }
}

/// May this step be taken with a theme now?
pub fn may(theme: &Theme, step: Step) -> Result<State, Refusal> {
    let open = Theme {
        closing: None,
        ..theme.clone()
    };
    after(theme.state(), step, open.state())
}

/// The days of a theme follow each other, and none lies ahead. The error names the field.
pub fn check_days(theme: &Theme, today: NaiveDate) -> Result<(), Refusal> {
    let days = [
        (
            "asked_on",
            "the day the council was asked",
            theme.ask.as_ref().map(|it| it.on),
        ),
        (
            "answered_on",
            "the day of the answer",
            theme.answer.as_ref().map(|it| it.on),
        ),
        (
            "told_on",
            "the day the young people were told",
            theme.telling.as_ref().map(|it| it.on),
        ),
        (
            "closed_on",
            "the day the theme closed",
            theme.closing.as_ref().map(|it| it.on),
        ),
    ];
    let mut last: Option<(&'static str, NaiveDate)> = None;
    for (field, what, day) in days {
        let Some(day) = day else { continue };
        if day > today {
            return Err(Refusal::InTheFuture(field));
        }
        if let Some((what, last)) = last.filter(|(_, last)| day < *last) {
            return Err(Refusal::Before(field, what, last));
        }
        last = Some((what, day));
    }
    Ok(())
}

/// A theme that closes before the young people were told says why.
pub fn check_closing(theme: &Theme) -> Result<(), Refusal> {
    let silent = theme
        .closing
        .as_ref()
        .is_some_and(|closing| closing.note.is_none());
    if silent && theme.telling.is_none() {
        return Err(Refusal::NeedsNote);
    }
    Ok(())
}

/// A number as it may be shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shown {
    Number(i64),
    FewerThan(i64),
    /// Not small itself, or not said whether: it would give a small one away.
    Hidden,
}

impl Shown {
    #[must_use]
    pub fn words(self) -> String {
        match self {
            Self::Number(number) => number.to_string(),
            Self::FewerThan(smallest) => format!("fewer than {smallest}"),
            Self::Hidden => "not shown".to_owned(),
        }
    }
}

/// The counts of one table, whose sum is known, as they may be shown to those who see figures and
/// no casework: none that may point to somebody, and none that can be worked out from the others
/// (domain.md section 9, rule 7). A nought points to nobody.
#[must_use]
pub fn suppressed(counts: &[i64], smallest: i64) -> Vec<Shown> {
    let is_small = |count: i64| 0 < count && count < smallest;
    let small = counts.iter().filter(|count| is_small(**count)).count();
    if small == 0 {
        return counts.iter().map(|count| Shown::Number(*count)).collect();
    }
    let sum: i64 = counts.iter().filter(|count| is_small(**count)).sum();
    let number = i64::try_from(small).unwrap_or(i64::MAX);
    // Each small one lies between 1 and the largest small number: at either end of what their sum
    // can be, every one of them is known.
    let known = small == 1 || sum == number || sum == number * (smallest - 1);
    if known {
        // To hide one more would tell, by which of them it was, what the small one can be.
        return counts.iter().map(|_| Shown::Hidden).collect();
    }
    counts
        .iter()
        .map(|count| match is_small(*count) {
            true => Shown::FewerThan(smallest),
            false => Shown::Number(*count),
        })
        .collect()
}

/// One breakdown of the cases under a theme.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    pub title: &'static str,
    pub rows: Vec<(String, i64)>,
}

/// The cases under a theme by stream, age, legal status and state: counts and nothing else. Age and
/// legal status are those of the day the referral was received, as in the annual report.
#[must_use]
pub fn tables(members: &[Member], band: i32) -> Vec<Table> {
    let of = |title, words: &dyn Fn(&Member) -> String| Table {
        title,
        rows: counted(members, words),
    };
    vec![
        of("Stream", &|member| member.stream.words().to_owned()),
        of("Age when referred", &|member| match member
            .date_of_birth
            .map(|born| age_on(born, member.received_on))
        {
            Some(age) if age >= band => format!("{band} and over"),
            Some(age) if age >= 0 => format!("Under {band}"),
            Some(_) => "Not born yet".to_owned(),
            None => "Not known".to_owned(),
        }),
        of("Legal status when referred", &|member| match (
            member.secure_order,
            member.legal_status,
            member.stream,
        ) {
            (true, ..) => SECURE_ORDER.1.to_owned(),
            (false, Some(status), _) => status.words().to_owned(),
            (false, None, Stream::ChildProtection) => "Child protection".to_owned(),
            (false, None, Stream::Care) => "Not recorded".to_owned(),
        }),
        of("Now", &|member| {
            if member.open { "Open" } else { "Closed" }.to_owned()
        }),
    ]
}

fn counted(members: &[Member], words: &dyn Fn(&Member) -> String) -> Vec<(String, i64)> {
    let mut counts: BTreeMap<String, i64> = BTreeMap::new();
    for member in members {
        *counts.entry(words(member)).or_default() += 1;
    }
    counts.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::super::{Ask, Closing, Telling, TheirAnswer};
    use super::*;
    use crate::ids::ThemeId;
    use proptest::prelude::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn theme() -> Theme {
        Theme {
            id: ThemeId::random(),
            title: "Savings".to_owned(),
            they_say: "We do not know what is saved for us.".to_owned(),
            ask: None,
            answer: None,
            telling: None,
            closing: None,
            begun_on: day("2022-01-01"),
            version: 1,
        }
    }

    fn in_state(state: State) -> Theme {
        let mut theme = theme();
        if state >= State::Asked && state != State::Closed {
            theme.ask = Some(Ask {
                words: "Tell us".to_owned(),
                whom: "Head of service".to_owned(),
                on: day("2022-02-01"),
            });
        }
        if state >= State::Answered && state != State::Closed {
            theme.answer = Some(TheirAnswer {
                words: "Yes".to_owned(),
                on: day("2022-03-01"),
            });
        }
        if state == State::Told {
            theme.telling = Some(Telling {
                you_said: "Tell us".to_owned(),
                we_did: "A letter a year".to_owned(),
                on: day("2022-04-01"),
            });
        }
        if state == State::Closed {
            theme.closing = Some(Closing {
                on: day("2022-04-02"),
                note: None,
            });
        }
        theme
    }

    #[test]
    fn every_state_knows_which_steps_it_takes() {
        use State as S;
        let expected = [
            (
                S::Gathering,
                [Some(S::Asked), None, None, Some(S::Closed), None],
            ),
            (
                S::Asked,
                [
                    Some(S::Asked),
                    Some(S::Answered),
                    None,
                    Some(S::Closed),
                    None,
                ],
            ),
            (
                S::Answered,
                [
                    None,
                    Some(S::Answered),
                    Some(S::Told),
                    Some(S::Closed),
                    None,
                ],
            ),
            (S::Told, [None, None, Some(S::Told), Some(S::Closed), None]),
            (S::Closed, [None, None, None, None, Some(S::Gathering)]),
        ];
        assert_eq!(expected.len(), State::ALL.len());
        for (state, steps) in expected {
            let theme = in_state(state);
            assert_eq!(theme.state(), state);
            assert!(!state.words().is_empty());
            for (step, next) in Step::ALL.iter().zip(steps) {
                let answer = may(&theme, *step);
                assert_eq!(answer.clone().ok(), next, "{state:?} {step:?}");
                if let Err(refusal) = answer {
                    assert!(refusal.to_string().ends_with('.'), "{refusal}");
                }
            }
        }
    }

    #[test]
    fn a_theme_opens_again_where_it_stood() {
        for state in [State::Gathering, State::Asked, State::Answered, State::Told] {
            let mut theme = in_state(state);
            theme.closing = in_state(State::Closed).closing;
            assert_eq!(may(&theme, Step::Reopen), Ok(state));
        }
    }

    #[test]
    fn the_days_of_a_theme_follow_each_other() {
        let told = in_state(State::Told);
        assert_eq!(check_days(&told, day("2022-04-01")), Ok(()));
        assert_eq!(
            check_days(&told, day("2022-03-31")),
            Err(Refusal::InTheFuture("told_on"))
        );
        let mut early = told.clone();
        early.answer.as_mut().unwrap().on = day("2022-01-31");
        let refusal = check_days(&early, day("2022-04-01")).unwrap_err();
        assert_eq!(refusal.field(), Some("answered_on"));
        assert!(refusal.to_string().contains("1 February 2022"));
    }

    #[test]
    fn a_theme_that_closes_untold_says_why() {
        let mut theme = in_state(State::Closed);
        assert_eq!(check_closing(&theme), Err(Refusal::NeedsNote));
        theme.telling = in_state(State::Told).telling;
        assert_eq!(check_closing(&theme), Ok(()));
    }

    #[test]
    fn a_single_small_number_takes_the_others_with_it() {
        use Shown::{FewerThan, Hidden, Number};
        assert_eq!(suppressed(&[12, 0], 5), [Number(12), Number(0)]);
        assert_eq!(suppressed(&[12, 3], 5), [Hidden, Hidden]);
        assert_eq!(suppressed(&[12, 3, 7], 5), [Hidden; 3]);
        assert_eq!(suppressed(&[7, 7, 4], 5), [Hidden; 3]);
        assert_eq!(
            suppressed(&[12, 3, 2], 5),
            [Number(12), FewerThan(5), FewerThan(5)]
        );
    }

    /// The slow way: every table of as many rows with the same sum that would be shown the same.
    fn that_look_the_same(counts: &[i64], smallest: i64) -> Vec<Vec<i64>> {
        let sum: i64 = counts.iter().sum();
        let shown = suppressed(counts, smallest);
        let mut all: Vec<Vec<i64>> = vec![vec![]];
        for _ in counts {
            all = all
                .into_iter()
                .flat_map(|begun| (0..=sum).map(move |next| [begun.clone(), vec![next]].concat()))
                .filter(|table| table.iter().sum::<i64>() <= sum)
                .collect();
        }
        all.into_iter()
            .filter(|table| table.iter().sum::<i64>() == sum)
            .filter(|table| suppressed(table, smallest) == shown)
            .collect()
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(60))]
        #[test]
        fn no_small_number_can_be_worked_out(a in 0i64..14, b in 0i64..9, c in 0i64..9) {
            let counts = [a, b, c];
            // A whole of fewer than five is not broken down at all.
            prop_assume!(counts.iter().sum::<i64>() >= 5);
            let same = that_look_the_same(&counts, 5);
            for (place, count) in counts.iter().enumerate() {
                if 0 < *count && *count < 5 {
                    let mut values: Vec<i64> = same.iter().map(|table| table[place]).collect();
                    values.sort_unstable();
                    values.dedup();
                    prop_assert!(values.len() > 1, "{counts:?} gives {count} away");
                }
            }
        }
    }
}
