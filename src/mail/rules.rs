//! When an e-mail is tried again, when it is given up, and the words for what went wrong. What a
//! mail server says is not repeated: it may hold the address of a child.

use std::fmt;

use chrono::Duration;

/// The longest wait between two tries.
const LONGEST_WAIT: Duration = Duration::hours(6);

/// Why an e-mail was not sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Trouble {
    /// The address cannot be one, or the settings cannot be used.
    Unusable(&'static str),
    Unreachable,
    NotEncrypted,
    /// The server said no: for now, or for good.
    Refused {
        code: u16,
        for_good: bool,
    },
    Broken,
}

impl Trouble {
    /// Trying again would not help.
    #[must_use]
    pub fn is_final(&self) -> bool {
        match self {
            Self::Unusable(_) => true,
            Self::Refused { for_good, .. } => *for_good,
            Self::Unreachable | Self::NotEncrypted | Self::Broken => false,
        }
    }
}

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unusable(what) => write!(f, "{what} cannot be used"),
            Self::Unreachable => f.write_str("The mail server cannot be reached"),
            Self::NotEncrypted => {
                f.write_str("The mail server does not encrypt the connection as the settings ask")
            }
            Self::Refused { code, for_good } => {
                let until = if *for_good { "for good" } else { "for now" };
                write!(f, "The mail server refused it {until} (code {code})")
            }
            Self::Broken => f.write_str("The mail server broke off"),
        }
    }
}

/// What happens after so many tries that failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Next {
    TryAfter(Duration),
    GiveUp,
}

/// Each wait is twice as long as the one before.
#[must_use]
pub fn next(attempts: u32, most: u32, first_wait: Duration, trouble: &Trouble) -> Next {
    if trouble.is_final() || attempts >= most {
        return Next::GiveUp;
    }
    let doubled = 1_i32.checked_shl(attempts.saturating_sub(1).min(20));
    let wait = doubled
        .and_then(|times| first_wait.checked_mul(times))
        .unwrap_or(LONGEST_WAIT);
    Next::TryAfter(wait.min(LONGEST_WAIT))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_wait_is_twice_as_long_until_it_is_given_up() {
        let minute = Duration::minutes(1);
        let after = |attempts| next(attempts, 12, minute, &Trouble::Unreachable);
        assert_eq!(after(1), Next::TryAfter(minute));
        assert_eq!(after(2), Next::TryAfter(minute * 2));
        assert_eq!(after(5), Next::TryAfter(minute * 16));
        assert_eq!(after(11), Next::TryAfter(LONGEST_WAIT));
        assert_eq!(after(12), Next::GiveUp);
    }

    #[test]
    fn what_is_refused_for_good_is_not_tried_again() {
        let refused = |for_good| Trouble::Refused {
            code: 550,
            for_good,
        };
        let after = |trouble| next(1, 8, Duration::minutes(1), &trouble);
        assert_eq!(after(refused(true)), Next::GiveUp);
        assert_ne!(after(refused(false)), Next::GiveUp);
        assert_eq!(after(Trouble::Unusable("The address")), Next::GiveUp);
    }
}
