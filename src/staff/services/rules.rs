//! What an account of another program may be, and when its token opens something.

use std::fmt;

use chrono::{Days, NaiveDate};

use super::Token;
use crate::access::Scope;

/// The longest name of an account.
pub const NAME_LENGTH: usize = 100;

/// Why an account or a token is refused. Each is the sentence the user reads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    NameTaken,
    NoScope,
    ExpiresInThePast,
    LastsTooLong(u32),
}

impl Refusal {
    /// The field of the form that it is about.
    #[must_use]
    pub fn field(&self) -> &'static str {
        match self {
            Self::NameTaken => "name",
            Self::NoScope => "scopes",
            Self::ExpiresInThePast | Self::LastsTooLong(_) => "expires_on",
        }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NameTaken => f.write_str("There is an account of that name already"),
            Self::NoScope => f.write_str("Choose at least one thing that the program may do"),
            Self::ExpiresInThePast => f.write_str("The last day must be today or later"),
            Self::LastsTooLong(days) => {
                write!(f, "The last day must be at most {days} days from today")
            }
        }
    }
}

crate::words! {
    /// How it stands with a token.
    pub enum State {
        Active = "active", "Active";
        Expired = "expired", "Expired";
        Revoked = "revoked", "Revoked";
    }
}

#[must_use]
pub fn state(token: &Token, today: NaiveDate) -> State {
    if token.revoked_at.is_some() {
        State::Revoked
    } else if token.expires_on < today {
        State::Expired
    } else {
        State::Active
    }
}

pub fn check_scopes(scopes: &[Scope]) -> Result<(), Refusal> {
    match scopes.is_empty() {
        true => Err(Refusal::NoScope),
        false => Ok(()),
    }
}

/// A token lasts at least today, and not for ever.
pub fn check_last_day(last: NaiveDate, today: NaiveDate, longest: u32) -> Result<(), Refusal> {
    if last < today {
        return Err(Refusal::ExpiresInThePast);
    }
    let latest = today.checked_add_days(Days::new(longest.into()));
    match latest.is_some_and(|latest| last > latest) {
        true => Err(Refusal::LastsTooLong(longest)),
        false => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::{ServiceAccountId, ServiceTokenId};

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn a_token_is_good_until_its_last_day_is_over_or_somebody_revokes_it() {
        let mut token = Token {
            id: ServiceTokenId::random(),
            account: ServiceAccountId::random(),
            hash: String::new(),
            made_at: "2022-01-03T09:00:00".parse().unwrap(),
            expires_on: day("2022-02-01"),
            revoked_at: None,
            last_used_at: None,
        };
        assert_eq!(state(&token, day("2022-02-01")), State::Active);
        assert_eq!(state(&token, day("2022-02-02")), State::Expired);
        token.revoked_at = Some(token.made_at);
        assert_eq!(state(&token, day("2022-01-03")), State::Revoked);
    }

    #[test]
    fn no_token_lasts_for_ever() {
        let check = |last| check_last_day(day(last), day("2022-01-03"), 366);
        assert_eq!(check("2022-01-03"), Ok(()));
        assert_eq!(check("2023-01-04"), Ok(()));
        assert_eq!(check("2023-01-05"), Err(Refusal::LastsTooLong(366)));
        assert_eq!(check("2022-01-02"), Err(Refusal::ExpiresInThePast));
    }
}
