//! When two records may be one person. Only ever a suggestion: somebody decides.

use chrono::{Datelike, NaiveDate};

use crate::text::name_key;

/// What is compared.
#[derive(Debug, Clone)]
pub struct Likeness<'a> {
    pub first_name: &'a str,
    pub last_name: &'a str,
    pub date_of_birth: Option<NaiveDate>,
}

/// May these be the same person? The same name with a birthday that could be a slip of the pen,
/// or the same birthday with names that sound alike or are swapped.
#[must_use]
pub fn may_be_same(one: &Likeness<'_>, other: &Likeness<'_>) -> bool {
    let names = (
        name_key(&[one.first_name, one.last_name]),
        name_key(&[other.first_name, other.last_name]),
    );
    match (one.date_of_birth, other.date_of_birth) {
        (Some(a), Some(b)) if a == b => {
            strsim::jaro_winkler(&names.0, &names.1) >= 0.88
                || name_key(&[one.first_name]) == name_key(&[other.first_name])
                || name_key(&[one.last_name]) == name_key(&[other.last_name])
                    && initial(one.first_name) == initial(other.first_name)
        }
        (Some(a), Some(b)) => names.0 == names.1 && could_be_slip(a, b),
        // One of them is not known to be born: the name alone must do.
        _ => names.0 == names.1,
    }
}

fn initial(name: &str) -> Option<char> {
    name_key(&[name]).chars().next()
}

/// Day and month swapped, or one of the three parts different.
fn could_be_slip(a: NaiveDate, b: NaiveDate) -> bool {
    let swapped = a.year() == b.year() && a.day() == b.month() && a.month() == b.day();
    let same = [
        a.year() == b.year(),
        a.month() == b.month(),
        a.day() == b.day(),
    ];
    swapped || same.iter().filter(|same| **same).count() == 2
}

#[cfg(test)]
mod tests {
    use super::*;

    fn person<'a>(first: &'a str, last: &'a str, born: &str) -> Likeness<'a> {
        Likeness {
            first_name: first,
            last_name: last,
            date_of_birth: born.parse().ok(),
        }
    }

    #[test]
    fn the_same_birthday_and_a_name_that_sounds_alike_may_be_one_person() {
        let one = person("Zoë", "O'Neill", "2010-02-03");
        assert!(may_be_same(&one, &person("Zoe", "Oneil", "2010-02-03")));
        assert!(may_be_same(&one, &person("O'Neill", "Zoe", "2010-02-03")));
        assert!(!may_be_same(&one, &person("Mark", "Bell", "2010-02-03")));
    }

    #[test]
    fn the_same_name_with_day_and_month_swapped_may_be_one_person() {
        let one = person("Amina", "Khan", "2010-02-03");
        assert!(may_be_same(&one, &person("Amina", "Khan", "2010-03-02")));
        assert!(may_be_same(&one, &person("Amina", "Khan", "2010-02-08")));
        assert!(!may_be_same(&one, &person("Amina", "Khan", "2007-11-28")));
    }

    #[test]
    fn brothers_and_sisters_are_not_one_person() {
        let one = person("Amina", "Khan", "2010-02-03");
        assert!(!may_be_same(&one, &person("Yusuf", "Khan", "2012-06-20")));
    }
}
