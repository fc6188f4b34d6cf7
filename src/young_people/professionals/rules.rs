//! Whose time ends when somebody new begins: there is one social worker, one personal adviser and
//! one reviewing officer at a time.

use std::fmt;

use chrono::NaiveDate;

use super::{Professional, Role, Said};
use crate::calendar::show;
use crate::ids::ProfessionalId;

/// Why something about a professional is refused. Each is the sentence the user reads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    LaterOne(Role, NaiveDate),
}

impl Refusal {
    /// The field of the form that it is about.
    #[must_use]
    pub fn field(&self) -> &'static str {
        match self {
            Self::LaterOne(..) => "to_on",
        }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::LaterOne(role, from) => write!(
                f,
                "Enter the last day: there is another {} from {}",
                role.words().to_lowercase(),
                show(*from)
            ),
        }
    }
}

/// The one whose time ends when this one begins and goes on.
pub fn ended_by<'p>(
    people: &'p [Professional],
    id: Option<&ProfessionalId>,
    said: &Said,
) -> Result<Option<&'p Professional>, Refusal> {
    if said.in_error || said.role == Role::Other || said.stretch.to.is_some() {
        return Ok(None);
    }
    let others = people.iter().filter(|other| {
        Some(&other.id) != id && !other.said.in_error && other.said.role == said.role
    });
    match others.max_by_key(|other| other.said.stretch.from) {
        Some(other) if other.said.stretch.from > said.stretch.from => {
            Err(Refusal::LaterOne(said.role, other.said.stretch.from))
        }
        Some(other) if other.said.stretch.to.is_none() => Ok(Some(other)),
        _ => Ok(None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::YoungPersonId;
    use crate::young_people::Stretch;

    fn somebody(role: Role, from: &str) -> Professional {
        Professional {
            id: ProfessionalId::random(),
            young_person: YoungPersonId::random(),
            said: Said {
                role,
                name: "Owen".to_owned(),
                team: None,
                phone: None,
                email: None,
                stretch: Stretch {
                    from: from.parse().unwrap(),
                    to: None,
                },
                in_error: false,
            },
            version: 1,
        }
    }

    #[test]
    fn a_new_social_worker_ends_the_time_of_the_one_before() {
        let people = [
            somebody(Role::SocialWorker, "2021-01-01"),
            somebody(Role::ReviewingOfficer, "2021-01-01"),
        ];
        let new = somebody(Role::SocialWorker, "2022-01-01").said;
        assert_eq!(ended_by(&people, None, &new), Ok(Some(&people[0])));
        let late = somebody(Role::SocialWorker, "2020-01-01").said;
        assert!(ended_by(&people, None, &late).is_err());
    }

    #[test]
    fn there_may_be_many_other_professionals() {
        let people = [somebody(Role::Other, "2021-01-01")];
        let new = somebody(Role::Other, "2022-01-01").said;
        assert_eq!(ended_by(&people, None, &new), Ok(None));
    }
}
