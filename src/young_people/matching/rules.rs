//! How name, birthday, gender, carers and family are weighed into certain, possible or new.
//!
//! Each thing that is the same speaks for one person, each that differs against, by the points
//! below. They are of the order that linkage of health and care records has found: a birthday tells
//! more than a first name, a first name more than a family name (which brothers and sisters share),
//! and what differs tells more the more seldom it is written wrong. [`POSSIBLE`] is what a first
//! name and a birthday that are the same make together when the family name is another one: the
//! least on which it is worth asking somebody.
//!
//! Certain is not a number. It asks that nothing differs at all and that a relative, or the
//! telephone number or e-mail address of a carer, is the same too: two children of one name can be
//! born on one day, their carers can be of one name, and twins differ in a first name alone.

use chrono::{Datelike, Days, Months, NaiveDate};

use super::names::{NameFit, fit, is_unsaid};
use super::{CarerFacts, Certainty, Facts};
use crate::text::{letters_and_digits, name_key};

/// From here on two may be one.
pub const POSSIBLE: i32 = 12;

/// How well two birthdays fit, the weakest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum BirthFit {
    /// More than twelve years apart: parent and child, not a slip.
    Generations,
    Differs,
    NotKnown,
    /// One of day, month and year is another.
    OnePart,
    /// One digit is another, or two neighbours changed places.
    Digits,
    /// Day and month changed places.
    Swapped,
    Same,
}

impl BirthFit {
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Generations | Self::Differs => "Different",
            Self::NotKnown => "Not said",
            Self::OnePart => "One part is different",
            Self::Digits => "One slip apart",
            Self::Swapped => "Day and month swapped",
            Self::Same => "Same",
        }
    }
}

/// What two people on record, or one who comes in and one on record, have in common.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Compared {
    pub first_name: NameFit,
    pub last_name: NameFit,
    /// First and last name changed places, or words of one stand in the other.
    pub other_way_round: bool,
    /// One goes by the name that the other has.
    pub by_known_as: bool,
    pub birth: BirthFit,
    /// None where one of them says nothing.
    pub same_gender: Option<bool>,
    pub carer: CarerFit,
    /// They live or confer with the same people.
    pub family: bool,
}

/// What two have in common of those who look after them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum CarerFit {
    NothingShared,
    Name,
    /// The same telephone number or e-mail address.
    Contact,
}

impl Compared {
    /// The points for and against.
    #[must_use]
    pub fn points(&self) -> i32 {
        let names = points_of_names(self.first_name, self.last_name);
        let birth = match self.birth {
            BirthFit::Same => 8,
            BirthFit::Swapped => 6,
            BirthFit::Digits => 5,
            BirthFit::OnePart => 2,
            BirthFit::NotKnown => 0,
            BirthFit::Differs => -10,
            BirthFit::Generations => -24,
        };
        let gender = match self.same_gender {
            Some(true) => 1,
            Some(false) => -3,
            None => 0,
        };
        let carer = match self.carer {
            CarerFit::Contact => 4,
            CarerFit::Name => 3,
            CarerFit::NothingShared => 0,
        };
        let family = if self.family { 4 } else { 0 };
        names + birth + gender + carer + family
    }

    #[must_use]
    pub fn certainty(&self) -> Certainty {
        let certain = self.first_name == NameFit::Same
            && self.last_name == NameFit::Same
            && self.birth == BirthFit::Same
            && self.same_gender != Some(false)
            && (self.family || self.carer == CarerFit::Contact);
        if certain {
            Certainty::Certain
        } else if self.points() >= POSSIBLE {
            Certainty::Possible
        } else {
            Certainty::New
        }
    }
}

fn points_of_names(first: NameFit, last: NameFit) -> i32 {
    let first = match first {
        NameFit::Same => 8,
        NameFit::Part | NameFit::Sounds | NameFit::Spelt => 6,
        NameFit::Short => 5,
        NameFit::Initial => 2,
        NameFit::Unsaid => 0,
        // Brothers, sisters and twins differ in nothing else.
        NameFit::Differs => -12,
    };
    let last = match last {
        NameFit::Same => 6,
        NameFit::Part | NameFit::Sounds | NameFit::Spelt => 5,
        NameFit::Short => 3,
        NameFit::Initial => 1,
        NameFit::Unsaid => 0,
        // A marriage, a new family.
        NameFit::Differs => -4,
    };
    first + last
}

/// Weighs two against each other. The day decides whether somebody born can be who was "Unborn".
#[must_use]
pub fn compare(one: &Facts, other: &Facts, today: NaiveDate) -> Compared {
    let names = compare_names(one, other, today);
    Compared {
        first_name: names.first,
        last_name: names.last,
        other_way_round: names.other_way_round,
        by_known_as: names.by_known_as,
        birth: birth_fit(one.date_of_birth, other.date_of_birth),
        same_gender: one.gender.zip(other.gender).map(|(a, b)| a == b),
        carer: carer_fit(&one.carers, &other.carers),
        family: one.family.intersection(&other.family).next().is_some(),
    }
}

/// Can they be one, by name and birthday alone, if everything else speaks for it? What cannot is
/// not looked at further.
#[must_use]
pub fn worth_a_look(one: &Facts, other: &Facts, today: NaiveDate) -> bool {
    let best = Compared {
        carer: CarerFit::Contact,
        family: true,
        ..compare(one, other, today)
    };
    best.certainty() != Certainty::New
}

struct Names {
    first: NameFit,
    last: NameFit,
    other_way_round: bool,
    by_known_as: bool,
}

fn compare_names(one: &Facts, other: &Facts, today: NaiveDate) -> Names {
    let mut first = fit(&one.first_name, &other.first_name);
    let last = fit(&one.last_name, &other.last_name);
    if first == NameFit::Unsaid && !may_be_the_unborn(one, other, today) {
        first = NameFit::Differs;
    }
    let mut best = Names {
        first,
        last,
        other_way_round: false,
        by_known_as: false,
    };
    let mut better = |names: Names| {
        if points_of_names(names.first, names.last) > points_of_names(best.first, best.last) {
            best = names;
        }
    };
    let known = |facts: &Facts| facts.known_as.clone().filter(|name| !is_unsaid(name));
    for (a, b) in [
        (known(one), Some(other.first_name.clone())),
        (Some(one.first_name.clone()), known(other)),
        (known(one), known(other)),
    ] {
        if let (Some(a), Some(b)) = (a, b) {
            let by_known_as = fit(&a, &b);
            // What somebody goes by is not their name: it alone makes nothing certain.
            better(Names {
                first: by_known_as.min(NameFit::Part),
                last,
                other_way_round: false,
                by_known_as: true,
            });
        }
    }
    let swapped = (
        fit(&one.first_name, &other.last_name),
        fit(&one.last_name, &other.first_name),
    );
    if swapped.0 > NameFit::Initial && swapped.1 > NameFit::Initial {
        better(Names {
            first: swapped.0,
            last: swapped.1,
            other_way_round: true,
            by_known_as: false,
        });
    }
    // Three names, cut elsewhere into first and last.
    let whole = |facts: &Facts| format!("{} {}", facts.first_name, facts.last_name);
    if !is_unsaid(&one.first_name) && !is_unsaid(&other.first_name) {
        let together = fit(&whole(one), &whole(other));
        if together >= NameFit::Sounds {
            better(Names {
                first: together,
                last: together,
                other_way_round: true,
                by_known_as: false,
            });
        }
    }
    best
}

/// Somebody without a name yet is not yet born, or was born within the last year and a half.
fn may_be_the_unborn(one: &Facts, other: &Facts, today: NaiveDate) -> bool {
    [one, other].iter().all(|facts| {
        facts
            .date_of_birth
            .is_none_or(|born| born + Months::new(18) >= today)
    })
}

/// How well two birthdays fit.
#[must_use]
pub fn birth_fit(one: Option<NaiveDate>, other: Option<NaiveDate>) -> BirthFit {
    let (Some(a), Some(b)) = (one, other) else {
        return BirthFit::NotKnown;
    };
    if a == b {
        return BirthFit::Same;
    }
    if a.year() == b.year() && a.day() == b.month() && a.month() == b.day() {
        return BirthFit::Swapped;
    }
    let same = [
        a.year() == b.year(),
        a.month() == b.month(),
        a.day() == b.day(),
    ];
    if same.iter().filter(|same| **same).count() == 2 {
        let written = |day: NaiveDate| day.format("%Y%m%d").to_string();
        if strsim::osa_distance(&written(a), &written(b)) == 1 {
            return BirthFit::Digits;
        }
        if a.year().abs_diff(b.year()) <= 2 {
            return BirthFit::OnePart;
        }
    }
    match a.year().abs_diff(b.year()) > 12 {
        true => BirthFit::Generations,
        false => BirthFit::Differs,
    }
}

/// The birthdays that could have been meant by this one: every one that fits better than
/// "different".
#[must_use]
pub fn birthdays_near(born: NaiveDate) -> Vec<NaiveDate> {
    let mut near = vec![born];
    let mut add = |year: i32, month: u32, day: u32| {
        if let Some(other) = NaiveDate::from_ymd_opt(year, month, day)
            && birth_fit(Some(born), Some(other)) >= BirthFit::OnePart
            && !near.contains(&other)
        {
            near.push(other);
        }
    };
    let (year, month, day) = (born.year(), born.month(), born.day());
    add(year, day, month);
    for other in 1..=31 {
        add(year, month, other);
    }
    for other in 1..=12 {
        add(year, other, day);
    }
    // Digits of the year, and the turn of the century.
    for other in year - 99..=year + 99 {
        add(other, month, day);
    }
    near
}

fn carer_fit(one: &[CarerFacts], other: &[CarerFacts]) -> CarerFit {
    let digits = |text: &Option<String>| {
        let digits: String = text
            .iter()
            .flat_map(|text| text.chars())
            .filter(char::is_ascii_digit)
            .collect();
        // The end of a number is the same with and without the code of the country.
        let digits: Vec<char> = digits.chars().rev().take(9).collect();
        Some(digits).filter(|digits| digits.len() >= 7)
    };
    let mail = |text: &Option<String>| text.as_ref().map(|text| text.trim().to_lowercase());
    let name = |text: &Option<String>| {
        let key = text.as_ref().map(|text| name_key(&[text]));
        key.filter(|key| key.contains(' ') && !letters_and_digits(key).is_empty())
    };
    let mut best = CarerFit::NothingShared;
    for a in one {
        for b in other {
            let shared = |x: bool, fit: CarerFit| if x { fit } else { CarerFit::NothingShared };
            let phone = digits(&a.phone).is_some() && digits(&a.phone) == digits(&b.phone);
            let address = mail(&a.email).is_some() && mail(&a.email) == mail(&b.email);
            let called = name(&a.name).is_some() && name(&a.name) == name(&b.name);
            best = best
                .max(shared(phone || address, CarerFit::Contact))
                .max(shared(called, CarerFit::Name));
        }
    }
    best
}

/// The longest that a decision is set aside.
const LONGEST_LATER: Days = Days::new(92);

/// May a decision be set aside until this day?
pub fn check_later(until: NaiveDate, today: NaiveDate) -> Result<(), &'static str> {
    if until <= today {
        Err("The day on which it comes back must be after today")
    } else if until > today + LONGEST_LATER {
        Err("The day on which it comes back must be within three months")
    } else {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::YoungPersonId;

    fn facts(first: &str, last: &str, born: &str) -> Facts {
        Facts {
            first_name: first.to_owned(),
            last_name: last.to_owned(),
            date_of_birth: born.parse().ok(),
            ..Facts::default()
        }
    }

    fn certainty(one: &Facts, other: &Facts) -> Certainty {
        let today = "2022-04-04".parse().unwrap();
        let found = compare(one, other, today).certainty();
        assert_eq!(found, compare(other, one, today).certainty());
        found
    }

    fn with_carer(mut facts: Facts, phone: &str) -> Facts {
        facts.carers.push(CarerFacts {
            phone: Some(phone.to_owned()),
            ..CarerFacts::default()
        });
        facts
    }

    #[test]
    fn name_and_birthday_alone_are_possible_and_never_certain() {
        let one = facts("Amina", "Khan", "2010-02-03");
        assert_eq!(certainty(&one, &one), Certainty::Possible);
        let (one, other) = (
            with_carer(one.clone(), "0116 496 0001"),
            with_carer(facts("Khan", "AMINA", "2010-02-03"), "+441164960001"),
        );
        assert_eq!(certainty(&one, &other), Certainty::Certain);
    }

    #[test]
    fn what_differs_makes_nothing_certain() {
        let one = with_carer(facts("Amina", "Khan", "2010-02-03"), "0116 496 0001");
        for (first, last, born) in [
            ("Amena", "Khan", "2010-02-03"),
            ("Amina", "Kahn", "2010-02-03"),
            ("Amina", "Khan", "2010-03-02"),
            ("A", "Khan", "2010-02-03"),
        ] {
            let other = with_carer(facts(first, last, born), "0116 496 0001");
            assert_eq!(certainty(&one, &other), Certainty::Possible, "{first}");
        }
        let known_as = Facts {
            known_as: Some("Mina".to_owned()),
            ..one.clone()
        };
        let other = with_carer(facts("Mina", "Khan", "2010-02-03"), "0116 496 0001");
        assert_eq!(certainty(&known_as, &other), Certainty::Possible);
    }

    #[test]
    fn twins_brothers_and_sisters_are_not_one() {
        let one = with_carer(facts("Amina", "Khan", "2010-02-03"), "0116 496 0001");
        let twin = with_carer(facts("Yusuf", "Khan", "2010-02-03"), "0116 496 0001");
        assert_eq!(certainty(&one, &twin), Certainty::New);
        let mother = YoungPersonId::random();
        let mut older = with_carer(facts("Amira", "Khan", "2007-06-20"), "0116 496 0001");
        let mut younger = one;
        older.family.insert(mother.clone());
        younger.family.insert(mother);
        assert_eq!(certainty(&younger, &older), Certainty::New);
    }

    #[test]
    fn a_slip_in_the_birthday_is_possible_and_another_birthday_is_not() {
        let one = facts("Amina", "Khan", "2010-02-03");
        for born in [
            "2010-03-02",
            "2010-02-08",
            "2011-02-03",
            "2010-02-13",
            "2001-02-03",
        ] {
            let other = facts("Amina", "Khan", born);
            assert_eq!(certainty(&one, &other), Certainty::Possible, "{born}");
        }
        for born in ["2007-11-28", "1984-02-05"] {
            let other = facts("Amina", "Khan", born);
            assert_eq!(certainty(&one, &other), Certainty::New, "{born}");
        }
    }

    #[test]
    fn another_family_name_is_possible_with_the_same_birthday() {
        let one = facts("Amina", "Khan", "2010-02-03");
        let other = facts("Amina", "Rahman", "2010-02-03");
        assert_eq!(certainty(&one, &other), Certainty::Possible);
        let slip = facts("Amina", "Rahman", "2010-03-02");
        assert_eq!(certainty(&one, &slip), Certainty::New);
    }

    #[test]
    fn the_unborn_child_of_a_family_is_who_was_born_since_and_nobody_older() {
        let family = YoungPersonId::random();
        let in_family = |mut facts: Facts| {
            facts.family.insert(family.clone());
            with_carer(facts, "0116 496 0001")
        };
        let unborn = in_family(facts("Unborn", "Khan", ""));
        let born = in_family(facts("Amelia", "Khan", "2022-01-20"));
        let sister = in_family(facts("Amina", "Khan", "2010-02-03"));
        assert_eq!(certainty(&unborn, &born), Certainty::Possible);
        assert_eq!(certainty(&unborn, &sister), Certainty::New);
    }

    #[test]
    fn three_names_cut_elsewhere_are_the_same_name() {
        let one = facts("Abdi Hassan", "Mohamed", "2010-02-03");
        let other = facts("Abdi", "Hassan Mohamed", "2010-02-03");
        assert_eq!(certainty(&one, &other), Certainty::Possible);
    }

    #[test]
    fn every_birthday_that_fits_is_looked_for() {
        let born: NaiveDate = "2010-02-03".parse().unwrap();
        let near = birthdays_near(born);
        for other in NaiveDate::from_ymd_opt(1995, 1, 1)
            .unwrap()
            .iter_days()
            .take(9_000)
        {
            let fits = birth_fit(Some(born), Some(other)) >= BirthFit::OnePart;
            assert!(!fits || near.contains(&other), "{other}");
        }
        assert!(near.len() < 100, "{}", near.len());
    }

    #[test]
    fn a_decision_is_set_aside_for_three_months_at_most() {
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        assert!(check_later(day("2022-04-04"), day("2022-04-04")).is_err());
        assert!(check_later(day("2022-04-05"), day("2022-04-04")).is_ok());
        assert!(check_later(day("2022-09-05"), day("2022-04-04")).is_err());
    }
}
