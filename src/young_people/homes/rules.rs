//! What may be recorded of homes: one place at a time to go on living in.

use std::fmt;

use chrono::NaiveDate;

use super::{Home, Place, Said};
use crate::calendar::show;
use crate::ids::HomeId;
use crate::young_people::Stretch;

/// Why something about a home is refused. Each is the sentence the user reads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    LaterHome(NaiveDate),
    ConfidentialWithoutAddress,
    MayNotOpen,
}

impl Refusal {
    /// The field of the form that it is about.
    #[must_use]
    pub fn field(&self) -> &'static str {
        match self {
            Self::LaterHome(_) => "to_on",
            Self::ConfidentialWithoutAddress => "address",
            Self::MayNotOpen => "confidential",
        }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::LaterHome(from) => write!(
                f,
                "Enter the last day: another home is on record from {}",
                show(*from)
            ),
            Self::ConfidentialWithoutAddress => {
                f.write_str("Enter the address that is confidential")
            }
            Self::MayNotOpen => f.write_str(
                "Only a senior officer, or the officer of this young person, may make a confidential address open",
            ),
        }
    }
}

/// The home that ends when one starts that goes on: the one they live in until then.
pub fn ended_by<'h>(
    homes: &'h [Home],
    id: Option<&HomeId>,
    said: &Said,
) -> Result<Option<&'h Home>, Refusal> {
    if said.in_error || said.stretch.to.is_some() {
        return Ok(None);
    }
    let others = homes
        .iter()
        .filter(|home| Some(&home.id) != id && !home.said.in_error);
    let Some(present) = others.max_by_key(|home| home.said.stretch.from) else {
        return Ok(None);
    };
    let Stretch { from, to } = present.said.stretch;
    match to {
        _ if from > said.stretch.from => Err(Refusal::LaterHome(from)),
        None => Ok(Some(present)),
        Some(_) => Ok(None),
    }
}

/// A confidential home has an address to be kept confidential: typed now, or on record already.
pub fn check_place(said: &Said, typed: &Place, on_record: bool) -> Result<(), Refusal> {
    match said.confidential && typed.address.is_none() && !on_record {
        true => Err(Refusal::ConfidentialWithoutAddress),
        false => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::YoungPersonId;
    use crate::young_people::homes::Kind;

    fn home(from: &str, to: Option<&str>) -> Home {
        let day = |text: &str| text.parse().unwrap();
        Home {
            id: HomeId::random(),
            young_person: YoungPersonId::random(),
            said: Said {
                kind: Kind::FosterCarers,
                confidential: false,
                out_of_county: false,
                stretch: Stretch {
                    from: day(from),
                    to: to.map(day),
                },
                in_error: false,
            },
            place: None,
            version: 1,
        }
    }

    #[test]
    fn moving_ends_the_home_before() {
        let homes = [
            home("2020-01-01", Some("2021-01-01")),
            home("2021-01-01", None),
        ];
        let moved = home("2022-01-01", None).said;
        assert_eq!(ended_by(&homes, None, &moved), Ok(Some(&homes[1])));
        assert_eq!(ended_by(&homes[..1], None, &moved), Ok(None));
    }

    #[test]
    fn an_earlier_home_has_a_last_day() {
        let homes = [home("2021-01-01", None)];
        let open = home("2020-01-01", None).said;
        assert!(matches!(
            ended_by(&homes, None, &open),
            Err(Refusal::LaterHome(_))
        ));
        let ended = home("2020-01-01", Some("2020-12-31")).said;
        assert_eq!(ended_by(&homes, None, &ended), Ok(None));
    }

    #[test]
    fn a_confidential_home_has_an_address() {
        let mut said = home("2021-01-01", None).said;
        assert_eq!(check_place(&said, &Place::default(), false), Ok(()));
        said.confidential = true;
        let refused = Err(Refusal::ConfidentialWithoutAddress);
        assert_eq!(check_place(&said, &Place::default(), false), refused);
        assert_eq!(check_place(&said, &Place::default(), true), Ok(()));
    }
}
