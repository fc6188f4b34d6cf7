//! When a record may be closed to somebody, and who may open it again.
//!
//! Somebody must always be left who knows the record and can open it again, so nobody can close a
//! record to everyone but themselves, or hide one from the whole service (the service's own rule).

use std::fmt;

use chrono::{Days, NaiveDate};

use super::Kind;
use crate::access::Role;

/// Why not, in the sentence that the senior officer reads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    NoRecordsAnyway,
    AlreadyClosed(String),
    HoldsWork { name: String, what: &'static str },
    NoSeniorLeft,
    NobodyElseLeft,
    NamesYou,
    AlreadyOpen,
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoRecordsAnyway => {
                f.write_str("Choose somebody whose role lets them see records: nobody else can see this one")
            }
            Self::AlreadyClosed(name) => write!(f, "This record is closed to {name} already"),
            Self::HoldsWork { name, what } => write!(
                f,
                "{name} holds {what} of this young person: hand it over to another officer first"
            ),
            Self::NoSeniorLeft => f.write_str(
                "No other senior officer could see this record or open it again: add a second senior officer first",
            ),
            Self::NobodyElseLeft => f.write_str(
                "Nobody but you could see this record: for a conflict, leave it open to another officer or senior officer",
            ),
            Self::NamesYou => {
                f.write_str("This names you: another senior officer has to decide about it.")
            }
            Self::AlreadyOpen => f.write_str("The record is open to them again already."),
        }
    }
}

/// Somebody who works here, as far as it matters.
#[derive(Debug, Clone)]
pub struct Colleague {
    pub role: Role,
    /// The one to whom the record is to be closed.
    pub named: bool,
    /// The one who closes it.
    pub me: bool,
    /// The record is closed to them already.
    pub closed: bool,
}

/// Whose role lets them see records at all, at least for a reason.
#[must_use]
pub fn sees_records(role: Role) -> bool {
    matches!(role, Role::Officer | Role::SeniorOfficer | Role::Manager)
}

/// May the record be closed, among these colleagues who can sign in?
pub fn may_close(kind: Kind, colleagues: &[Colleague]) -> Result<(), Refusal> {
    let left = || colleagues.iter().filter(|it| !it.named && !it.closed);
    if !left().any(|it| it.role == Role::SeniorOfficer) {
        return Err(Refusal::NoSeniorLeft);
    }
    // A relative must not see it even where that leaves one person.
    let works = |role| matches!(role, Role::Officer | Role::SeniorOfficer);
    if kind != Kind::Relative && !left().any(|it| !it.me && works(it.role)) {
        return Err(Refusal::NobodyElseLeft);
    }
    Ok(())
}

/// May whoever acts decide whether it stays closed?
pub fn may_review(names_me: bool, ended: bool) -> Result<(), Refusal> {
    if names_me {
        return Err(Refusal::NamesYou);
    }
    if ended {
        return Err(Refusal::AlreadyOpen);
    }
    Ok(())
}

/// The day on which somebody looks at it again.
#[must_use]
pub fn review_on(from: NaiveDate, days: u32) -> NaiveDate {
    from.checked_add_days(Days::new(u64::from(days)))
        .unwrap_or(from)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn who(role: Role) -> Colleague {
        Colleague {
            role,
            named: false,
            me: false,
            closed: false,
        }
    }

    fn named(role: Role) -> Colleague {
        Colleague {
            named: true,
            ..who(role)
        }
    }

    fn me(role: Role) -> Colleague {
        Colleague {
            me: true,
            ..who(role)
        }
    }

    #[test]
    fn a_senior_officer_is_always_left_who_can_open_it_again() {
        let alone = Colleague {
            named: true,
            ..me(Role::SeniorOfficer)
        };
        let all = [alone.clone(), who(Role::Officer)];
        assert_eq!(may_close(Kind::Relative, &all), Err(Refusal::NoSeniorLeft));
        let all = [alone, who(Role::SeniorOfficer)];
        assert_eq!(may_close(Kind::Relative, &all), Ok(()));
    }

    #[test]
    fn nobody_closes_a_record_to_all_but_themselves() {
        let all = [me(Role::SeniorOfficer), named(Role::Officer)];
        assert_eq!(
            may_close(Kind::Conflict, &all),
            Err(Refusal::NobodyElseLeft)
        );
        assert_eq!(may_close(Kind::Relative, &all), Ok(()));
        let all = [
            me(Role::SeniorOfficer),
            named(Role::Officer),
            who(Role::Officer),
        ];
        assert_eq!(may_close(Kind::Conflict, &all), Ok(()));
    }

    #[test]
    fn nobody_decides_about_what_names_themselves() {
        assert_eq!(may_review(true, false), Err(Refusal::NamesYou));
        assert_eq!(may_review(false, true), Err(Refusal::AlreadyOpen));
        assert_eq!(may_review(false, false), Ok(()));
    }

    #[test]
    fn it_is_looked_at_again_after_ninety_days() {
        let day = |text: &str| text.parse().unwrap();
        assert_eq!(review_on(day("2022-04-04"), 90), day("2022-07-03"));
    }
}
