//! What may be said of a young person, and which code stands for words that came as text.

use std::fmt;

use chrono::{Duration, NaiveDate};

use super::{Disability, Ethnicity, Gender};
use crate::text::name_key;

/// Why something said of a young person is refused. Each is the sentence the user reads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    BornInTheFuture,
    BornAndExpected,
    ExpectedTooFar,
    NoneAndSome,
}

impl Refusal {
    /// The field of the form that it is about.
    #[must_use]
    pub fn field(&self) -> &'static str {
        match self {
            Self::BornInTheFuture => "date_of_birth",
            Self::BornAndExpected | Self::ExpectedTooFar => "expected_on",
            Self::NoneAndSome => "disabilities",
        }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::BornInTheFuture => {
                "The date of birth must be today or in the past: for an unborn child, enter the day the birth is expected"
            }
            Self::BornAndExpected => "Leave the expected day blank once the date of birth is known",
            Self::ExpectedTooFar => "The birth must be expected within ten months from today",
            Self::NoneAndSome => "Choose \"No disability\" alone, or those there are",
        })
    }
}

pub fn check_birth(
    born: Option<NaiveDate>,
    expected: Option<NaiveDate>,
    today: NaiveDate,
) -> Result<(), Refusal> {
    if born.is_some_and(|born| born > today) {
        return Err(Refusal::BornInTheFuture);
    }
    if born.is_some() && expected.is_some() {
        return Err(Refusal::BornAndExpected);
    }
    if expected.is_some_and(|expected| expected > today + Duration::days(305)) {
        return Err(Refusal::ExpectedTooFar);
    }
    Ok(())
}

pub fn check_disabilities(disabilities: &[Disability]) -> Result<(), Refusal> {
    match disabilities.len() > 1 && disabilities.contains(&Disability::NoDisability) {
        true => Err(Refusal::NoneAndSome),
        false => Ok(()),
    }
}

/// The code that stands for a gender that came as text, where the text leaves no doubt.
#[must_use]
pub fn gender_from_words(text: &str) -> Option<Gender> {
    match name_key(&[text]).as_str() {
        "female" | "f" | "girl" | "woman" => Some(Gender::Female),
        "male" | "m" | "boy" | "man" => Some(Gender::Male),
        _ => None,
    }
}

/// The code that stands for an ethnicity that came as text: the code itself, its words, or another
/// usual name for them.
#[must_use]
pub fn ethnicity_from_words(text: &str) -> Option<Ethnicity> {
    // "Gypsy/Roma", "Gypsy Roma" and "Roma, Gypsy" have one key.
    let key = |text: &str| name_key(&[&text.replace(['/', '&'], " ")]);
    let wanted = key(text);
    let known = Ethnicity::ALL
        .iter()
        .find(|it| key(it.words()) == wanted || key(it.code()) == wanted);
    known
        .copied()
        .or(match text.trim().to_lowercase().as_str() {
            "british" => Some(Ethnicity::WhiteBritish),
            "irish" => Some(Ethnicity::WhiteIrish),
            "irish traveller" => Some(Ethnicity::IrishTraveller),
            "gypsy or roma" | "roma" => Some(Ethnicity::GypsyRoma),
            "black caribbean" => Some(Ethnicity::Caribbean),
            "black african" => Some(Ethnicity::African),
            _ => None,
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_child_is_born_or_expected() {
        let day = |text: &str| Some(text.parse().unwrap());
        let check = |born, expected| check_birth(born, expected, day("2022-04-04").unwrap());
        assert_eq!(
            check(day("2022-04-05"), None),
            Err(Refusal::BornInTheFuture)
        );
        assert_eq!(
            check(day("2022-04-04"), day("2022-04-04")),
            Err(Refusal::BornAndExpected)
        );
        assert_eq!(check(None, day("2023-04-04")), Err(Refusal::ExpectedTooFar));
        assert_eq!(check(None, day("2022-11-01")), Ok(()));
        assert_eq!(check(None, None), Ok(()));
    }

    #[test]
    fn no_disability_stands_alone() {
        let both = [Disability::NoDisability, Disability::Vision];
        assert_eq!(check_disabilities(&both), Err(Refusal::NoneAndSome));
        assert_eq!(check_disabilities(&both[..1]), Ok(()));
        assert_eq!(check_disabilities(&both[1..]), Ok(()));
    }

    #[test]
    fn words_become_codes_where_they_leave_no_doubt() {
        for ethnicity in Ethnicity::ALL {
            assert_eq!(ethnicity_from_words(ethnicity.words()), Some(*ethnicity));
            assert_eq!(
                ethnicity_from_words(&ethnicity.code().to_lowercase()),
                Some(*ethnicity)
            );
        }
        assert_eq!(
            ethnicity_from_words("gypsy roma"),
            Some(Ethnicity::GypsyRoma)
        );
        assert_eq!(
            ethnicity_from_words("Black African"),
            Some(Ethnicity::African)
        );
        assert_eq!(ethnicity_from_words("Cornish"), None);
        assert_eq!(gender_from_words("F"), Some(Gender::Female));
        assert_eq!(gender_from_words("Non-binary"), None);
    }
}
