//! What is asked of a password, and how long a signing-in lasts.
//!
//! Lengths follow NIST SP 800-63B and the National Cyber Security Centre's advice: length over
//! composition, no forced changes, known bad ones refused.

use chrono::{Duration, NaiveDateTime};

use crate::access::Role;

pub const SHORTEST_PASSWORD: usize = 12;
pub const LONGEST_PASSWORD: usize = 200;

/// Why a password will not do, if it will not.
pub fn check_password(password: &str, email: &str) -> Result<(), String> {
    let length = password.chars().count();
    if length < SHORTEST_PASSWORD {
        return Err(format!(
            "The password must have at least {SHORTEST_PASSWORD} characters: three random words make a good one."
        ));
    }
    if length > LONGEST_PASSWORD {
        return Err(format!(
            "The password must have at most {LONGEST_PASSWORD} characters."
        ));
    }
    let plain = password.to_lowercase();
    let account = email.split('@').next().unwrap_or_default();
    let repeated = plain
        .chars()
        .next()
        .is_some_and(|first| plain.chars().all(|c| c == first));
    let common = ["password", "123456", "qwerty", "letmein", "childrensrights"]
        .iter()
        .any(|common| plain.starts_with(common) && plain.len() < common.len() + 6);
    if repeated || common || (account.len() > 3 && plain.contains(account)) {
        return Err("That password is too easy to guess: choose another one.".to_owned());
    }
    Ok(())
}

/// How long a signing-in lasts without use, and altogether.
#[derive(Debug, Clone, Copy)]
pub struct SessionLimits {
    pub idle: Duration,
    pub absolute: Duration,
}

impl SessionLimits {
    /// When a signing-in ends if nothing more is done.
    #[must_use]
    pub fn ends_at(&self, began: NaiveDateTime, last_seen: NaiveDateTime) -> NaiveDateTime {
        (began + self.absolute).min(last_seen + self.idle)
    }
}

/// Who may carry referrals and cases.
#[must_use]
pub fn carries_cases(role: Role) -> bool {
    matches!(role, Role::Officer | Role::SeniorOfficer)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_short_or_obvious_password_is_refused() {
        assert!(check_password("short", "a@b.example").is_err());
        assert!(check_password("password12345", "a@b.example").is_err());
        assert!(check_password("aaaaaaaaaaaaaa", "a@b.example").is_err());
        assert!(check_password("priya-nair-2022", "priya-nair@b.example").is_err());
        assert!(check_password("kettle marble fern", "a@b.example").is_ok());
    }

    #[test]
    fn a_session_ends_at_the_earlier_of_its_two_limits() {
        let limits = SessionLimits {
            idle: Duration::minutes(30),
            absolute: Duration::hours(10),
        };
        let began = "2022-01-01T08:00:00".parse().unwrap();
        let noon = "2022-01-01T12:00:00".parse().unwrap();
        let late = "2022-01-01T17:50:00".parse().unwrap();
        assert_eq!(
            limits.ends_at(began, noon),
            "2022-01-01T12:30:00".parse().unwrap()
        );
        assert_eq!(
            limits.ends_at(began, late),
            "2022-01-01T18:00:00".parse().unwrap()
        );
    }
}
