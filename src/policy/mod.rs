//! Which conferences refer whom, from which day: the policies to be read by everybody, and what
//! another one would have done before a senior officer sets it.
//!
//! The threshold has moved with the years ("over the age of ten" in 2018-19, 11 in 2021-22) and is
//! under review to go lower (domain.md section 3), so each policy holds from a day on and says why
//! it was set. What it would have done is asked of the conferences on record by the very rule that
//! refers: [`crate::conferences::rules::verdict_among`].

pub mod actions;
pub mod pages;
pub mod rules;

/// What two policies say of the same conferences. A child counts once, however many of the
/// conferences they are on.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Effect {
    /// Children on conferences that are not cancelled.
    pub children: usize,
    pub before: Referred,
    pub after: Referred,
    /// Referred by the second policy and not by the first.
    pub more: usize,
    /// Referred by the first policy and not by the second.
    pub fewer: usize,
    /// By age, the youngest first.
    pub ages: Vec<AgeLine>,
}

/// Whom a policy refers.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Referred {
    pub children: usize,
    /// Those among them who are referred only with an older brother or sister.
    pub with_older: usize,
}

/// The children of one age on the day of the conference that counts for them: the first that
/// refers them by either policy, or else the first they are on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AgeLine {
    /// None: not born yet, or the date of birth is not known.
    pub age: Option<i32>,
    pub children: usize,
    pub before: usize,
    pub after: usize,
}
