//! From when to when something about a young person may be.

use std::fmt;

use chrono::NaiveDate;

use super::Stretch;
use crate::calendar::show;

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

#[cfg(test)]
mod tests {
    use super::*;

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
}
