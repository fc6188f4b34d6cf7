//! The arithmetic of the figures: whole numbers all the way, rounded half up once, at the end.

use serde::{Serialize, Serializer};

/// An exact fraction. It is rounded when it is shown, each time from the fraction itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fraction {
    over: i64,
    under: i64,
}

impl Fraction {
    /// None where there is nothing to divide by: no average of nobody.
    #[must_use]
    pub fn new(over: i64, under: i64) -> Option<Self> {
        (under > 0).then_some(Self { over, under })
    }

    /// To the nearest whole number; a half goes up.
    #[must_use]
    pub fn whole(self) -> i64 {
        self.rounded(1)
    }

    /// In tenths, to the nearest; half a tenth goes up.
    #[must_use]
    pub fn tenths(self) -> i64 {
        self.rounded(10)
    }

    fn rounded(self, parts: i64) -> i64 {
        (2 * parts * self.over + self.under).div_euclid(2 * self.under)
    }
}

/// In data: a number with one decimal.
impl Serialize for Fraction {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let tenths = i32::try_from(self.tenths()).unwrap_or(i32::MAX);
        serializer.serialize_f64(f64::from(tenths) / 10.0)
    }
}

/// A count as a percentage of its base; none of an empty base.
#[must_use]
pub fn percent(count: i64, base: i64) -> Option<i64> {
    Fraction::new(100 * count, base).map(Fraction::whole)
}

/// The mean of whole numbers, each worth `1 / unit`: days as weeks have the unit 7.
#[must_use]
pub fn mean(numbers: &[i64], unit: i64) -> Option<Fraction> {
    let n = i64::try_from(numbers.len()).unwrap_or(i64::MAX);
    Fraction::new(numbers.iter().sum(), n.saturating_mul(unit))
}

/// The middle one, or halfway between the middle two.
#[must_use]
pub fn median(numbers: &[i64], unit: i64) -> Option<Fraction> {
    let mut sorted = numbers.to_vec();
    sorted.sort_unstable();
    let upper = *sorted.get(sorted.len() / 2)?;
    let lower = *sorted.get((sorted.len() - 1) / 2)?;
    Fraction::new(lower + upper, 2 * unit)
}

/// The first or third quartile: the number a quarter, or three quarters, of the way from the least
/// to the greatest, between two of them in proportion where it falls there.
#[must_use]
pub fn quartile(numbers: &[i64], quarter: i64, unit: i64) -> Option<Fraction> {
    let mut sorted = numbers.to_vec();
    sorted.sort_unstable();
    let steps = i64::try_from(sorted.len()).ok()?.checked_sub(1)? * quarter;
    let at = usize::try_from(steps / 4).ok()?;
    let lower = *sorted.get(at)?;
    let upper = sorted.get(at + 1).copied().unwrap_or(lower);
    Fraction::new(4 * lower + (upper - lower) * (steps % 4), 4 * unit)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn tenths(fraction: Option<Fraction>) -> Option<i64> {
        fraction.map(Fraction::tenths)
    }

    #[test]
    fn a_half_goes_up() {
        assert_eq!(percent(1, 8), Some(13)); // 12.5
        assert_eq!(percent(3, 8), Some(38)); // 37.5
        assert_eq!(percent(1, 200), Some(1)); // 0.5
        assert_eq!(percent(1, 201), Some(0));
    }

    #[test]
    fn the_percentages_that_the_report_printed_otherwise() {
        assert_eq!(percent(2, 83), Some(2)); // printed as 3
        assert_eq!(percent(55, 72), Some(76)); // printed as 77
        assert_eq!(percent(6, 72), Some(8)); // printed as 9
    }

    #[test]
    fn nothing_is_no_percentage_of_nothing() {
        assert_eq!(percent(0, 0), None);
        assert_eq!(mean(&[], 7), None);
        assert_eq!(median(&[], 7), None);
    }

    #[test]
    fn the_median_lies_in_the_middle() {
        assert_eq!(tenths(median(&[70, 7, 14], 7)), Some(20));
        assert_eq!(tenths(median(&[21, 7, 70, 14], 7)), Some(25));
        assert_eq!(tenths(median(&[5], 7)), Some(7)); // 0.714
    }

    #[test]
    fn the_quartiles_lie_a_quarter_from_the_ends() {
        let of = |numbers: &[i64], quarter| tenths(quartile(numbers, quarter, 1));
        assert_eq!(of(&[1, 2, 3, 4, 5], 1), Some(20));
        assert_eq!(of(&[5, 4, 3, 2, 1], 3), Some(40));
        assert_eq!(of(&[10, 20], 1), Some(125));
        assert_eq!(of(&[10, 20, 30, 40], 3), Some(325));
        assert_eq!((of(&[7], 1), of(&[7], 3)), (Some(70), Some(70)));
        assert_eq!(of(&[], 1), None);
    }

    #[test]
    fn whole_weeks_are_rounded_from_the_fraction_and_not_from_tenths() {
        // 17.45 is 17.5 in tenths, and would be 18 from there.
        let weeks = mean(&[1745], 100).unwrap();
        assert_eq!((weeks.tenths(), weeks.whole()), (175, 17));
        assert_eq!(serde_json::to_string(&weeks).unwrap(), "17.5");
        assert_eq!(serde_json::to_string(&mean(&[16], 1)).unwrap(), "16.0");
    }

    /// The slow, obvious way: go up from nought while the next percentage is still nearer, or as
    /// near.
    fn percent_by_steps(count: i64, base: i64) -> i64 {
        let mut percent = 0;
        // The next one is as near when count lies halfway or further: count * 100 / base >= p + 0.5
        while count * 200 >= base * (2 * percent + 1) {
            percent += 1;
        }
        percent
    }

    proptest! {
        #[test]
        fn percent_agrees_with_going_up_in_steps(base in 1i64..2_000, part in 0i64..2_000) {
            let count = part % (base + 1);
            prop_assert_eq!(percent(count, base), Some(percent_by_steps(count, base)));
        }

        #[test]
        fn the_median_has_as_many_below_as_above(numbers in proptest::collection::vec(0i64..900, 1..40)) {
            let doubled = median(&numbers, 1).map(|m| m.rounded(2)).unwrap();
            let below = numbers.iter().filter(|n| 2 * **n < doubled).count();
            let above = numbers.iter().filter(|n| 2 * **n > doubled).count();
            prop_assert!(2 * below <= numbers.len() && 2 * above <= numbers.len());
        }
    }
}
