//! When two records may be one person (only ever a suggestion: somebody decides), and from when to
//! when something about a young person may be.

use std::fmt;

use chrono::{Datelike, NaiveDate};

use super::Stretch;
use crate::calendar::show;
use crate::text::name_key;

/// Why a time cannot be. Each is the sentence the user reads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    StartsInTheFuture,
    StartsBeforeBirth(NaiveDate),
    EndsInTheFuture,
    EndsBeforeItStarts,
}

impl Refusal {
    /// The field of the form that it is about.
    #[must_use]
    pub fn field(&self) -> &'static str {
        match self {
            Self::StartsInTheFuture | Self::StartsBeforeBirth(_) => "from_on",
            Self::EndsInTheFuture | Self::EndsBeforeItStarts => "to_on",
        }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::StartsInTheFuture => f.write_str("The first day must be today or in the past"),
            Self::StartsBeforeBirth(born) => {
                write!(
                    f,
                    "The first day must be on or after {}, the day of birth",
                    show(*born)
                )
            }
            Self::EndsInTheFuture => {
                f.write_str("The last day must be today or in the past: leave it blank until then")
            }
            Self::EndsBeforeItStarts => f.write_str("The last day must be on or after the first"),
        }
    }
}

/// May something have been from this day to that?
pub fn check_stretch(
    stretch: Stretch,
    born: Option<NaiveDate>,
    today: NaiveDate,
) -> Result<(), Refusal> {
    if stretch.from > today {
        return Err(Refusal::StartsInTheFuture);
    }
    if let Some(born) = born.filter(|born| stretch.from < *born) {
        return Err(Refusal::StartsBeforeBirth(born));
    }
    match stretch.to {
        Some(to) if to < stretch.from => Err(Refusal::EndsBeforeItStarts),
        Some(to) if to > today => Err(Refusal::EndsInTheFuture),
        _ => Ok(()),
    }
}

/// What is compared.
#[derive(Debug, Clone)]
pub struct Likeness<'a> {
    pub first_name: &'a str,
    pub last_name: &'a str,
    pub date_of_birth: Option<NaiveDate>,
}

/// May these be the same person? The same name with a birthday that could be a slip of the pen,
/// or the same birthday with names that sound alike or are swapped.
#[must_use]
pub fn may_be_same(one: &Likeness<'_>, other: &Likeness<'_>) -> bool {
    let names = (
        name_key(&[one.first_name, one.last_name]),
        name_key(&[other.first_name, other.last_name]),
    );
    match (one.date_of_birth, other.date_of_birth) {
        (Some(a), Some(b)) if a == b => {
            strsim::jaro_winkler(&names.0, &names.1) >= 0.88
                || name_key(&[one.first_name]) == name_key(&[other.first_name])
                || name_key(&[one.last_name]) == name_key(&[other.last_name])
                    && initial(one.first_name) == initial(other.first_name)
        }
        (Some(a), Some(b)) => names.0 == names.1 && could_be_slip(a, b),
        // One of them is not known to be born: the name alone must do.
        _ => names.0 == names.1,
    }
}

fn initial(name: &str) -> Option<char> {
    name_key(&[name]).chars().next()
}

/// Day and month swapped, or one of the three parts different.
fn could_be_slip(a: NaiveDate, b: NaiveDate) -> bool {
    let swapped = a.year() == b.year() && a.day() == b.month() && a.month() == b.day();
    let same = [
        a.year() == b.year(),
        a.month() == b.month(),
        a.day() == b.day(),
    ];
    swapped || same.iter().filter(|same| **same).count() == 2
}

#[cfg(test)]
mod tests {
    use super::*;

    fn person<'a>(first: &'a str, last: &'a str, born: &str) -> Likeness<'a> {
        Likeness {
            first_name: first,
            last_name: last,
            date_of_birth: born.parse().ok(),
        }
    }

    #[test]
    fn the_same_birthday_and_a_name_that_sounds_alike_may_be_one_person() {
        let one = person("Zoë", "O'Neill", "2010-02-03");
        assert!(may_be_same(&one, &person("Zoe", "Oneil", "2010-02-03")));
        assert!(may_be_same(&one, &person("O'Neill", "Zoe", "2010-02-03")));
        assert!(!may_be_same(&one, &person("Mark", "Bell", "2010-02-03")));
    }

    #[test]
    fn the_same_name_with_day_and_month_swapped_may_be_one_person() {
        let one = person("Amina", "Khan", "2010-02-03");
        assert!(may_be_same(&one, &person("Amina", "Khan", "2010-03-02")));
        assert!(may_be_same(&one, &person("Amina", "Khan", "2010-02-08")));
        assert!(!may_be_same(&one, &person("Amina", "Khan", "2007-11-28")));
    }

    #[test]
    fn a_stretch_is_neither_before_birth_nor_in_the_future_and_ends_after_it_starts() {
        let day = |text: &str| text.parse().unwrap();
        let check = |from, to: Option<&str>| {
            let (from, to) = (day(from), to.map(day));
            check_stretch(
                Stretch { from, to },
                Some(day("2010-02-03")),
                day("2022-04-04"),
            )
        };
        assert_eq!(check("2022-04-05", None), Err(Refusal::StartsInTheFuture));
        assert!(matches!(
            check("2010-02-02", None),
            Err(Refusal::StartsBeforeBirth(_))
        ));
        assert_eq!(
            check("2022-04-01", Some("2022-03-31")),
            Err(Refusal::EndsBeforeItStarts)
        );
        assert_eq!(
            check("2022-04-01", Some("2022-04-05")),
            Err(Refusal::EndsInTheFuture)
        );
        assert_eq!(check("2010-02-03", Some("2010-02-03")), Ok(()));
    }

    #[test]
    fn brothers_and_sisters_are_not_one_person() {
        let one = person("Amina", "Khan", "2010-02-03");
        assert!(!may_be_same(&one, &person("Yusuf", "Khan", "2012-06-20")));
    }
}
