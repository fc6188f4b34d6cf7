//! What tells a form that somebody filled in from one that a machine sends: the time it took.

/// How long a form was open, held against the settings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Taken {
    TooQuick,
    WellTimed,
    /// Or it says no time that we wrote.
    TooOld,
}

/// The seconds are those since the form was made; none where the form says no time of ours.
#[must_use]
pub fn taken(seconds: Option<i64>, quickest_seconds: u32, form_hours: u32) -> Taken {
    let oldest = i64::from(form_hours) * 60 * 60;
    match seconds {
        Some(seconds) if (0..i64::from(quickest_seconds)).contains(&seconds) => Taken::TooQuick,
        Some(seconds) if (0..=oldest).contains(&seconds) => Taken::WellTimed,
        _ => Taken::TooOld,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_is_neither_sent_at_once_nor_kept_for_days() {
        let of = |seconds| taken(Some(seconds), 4, 12);
        assert_eq!(of(3), Taken::TooQuick);
        assert_eq!(of(4), Taken::WellTimed);
        assert_eq!(of(12 * 60 * 60), Taken::WellTimed);
        assert_eq!(of(12 * 60 * 60 + 1), Taken::TooOld);
        assert_eq!(of(-1), Taken::TooOld);
        assert_eq!(taken(None, 4, 12), Taken::TooOld);
    }
}
