//! Whom the service can help, what is urgent, which requests may be about one person, and what an
//! officer must know before making contact.

use std::fmt;

use chrono::NaiveDate;

use super::{Area, Asked, AskedBy, Never, Request, State, Want, Way};
use crate::calendar::{age_on, show};
use crate::text::{letters_and_digits, name_key};
use crate::young_people::matching::rules::compare;
use crate::young_people::matching::{Certainty, Facts};

/// Why something about a request is refused. Each is the sentence the user reads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    NotWaiting(State),
    Waiting,
    TakenStays,
    NoPlace,
    NoReason,
}

impl Refusal {
    /// The field of the form that it is about.
    #[must_use]
    pub fn field(&self) -> Option<&'static str> {
        match self {
            Self::NoPlace => Some("place"),
            Self::NoReason => Some("why"),
            Self::NotWaiting(_) | Self::Waiting | Self::TakenStays => None,
        }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotWaiting(state) => {
                write!(
                    f,
                    "This request is settled already: {}. Look at it again.",
                    state.words().to_lowercase()
                )
            }
            Self::Waiting => f.write_str("This request is on the list already."),
            Self::TakenStays => f.write_str(
                "This request was taken on, and its referral goes on. Withdraw the referral instead.",
            ),
            Self::NoPlace => f.write_str("Enter where you pointed them"),
            Self::NoReason => f.write_str("Enter why"),
        }
    }
}

/// Only what waits can be settled.
pub fn may_settle(state: State) -> Result<(), Refusal> {
    match state {
        State::Waiting => Ok(()),
        other => Err(Refusal::NotWaiting(other)),
    }
}

/// What was settled by mistake comes back. What was taken on has become a referral.
pub fn may_put_back(state: State) -> Result<(), Refusal> {
    match state {
        State::Elsewhere | State::Spam => Ok(()),
        State::Waiting => Err(Refusal::Waiting),
        State::Taken => Err(Refusal::TakenStays),
    }
}

/// Somebody whom the service may not be the right one for, and why.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pointed {
    Young,
    TooOld,
    OtherArea,
}

impl Pointed {
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Young => "young",
            Self::TooOld => "too_old",
            Self::OtherArea => "other_area",
        }
    }
}

/// Whether to point whoever asks to another place first. An adult who asks for a small child is the
/// adult that a small child is asked to find.
#[must_use]
pub fn pointed(asked: &Asked, youngest: i32, oldest: i32, today: NaiveDate) -> Option<Pointed> {
    let age = asked
        .date_of_birth
        .map(|born| age_on(born, today))
        .or(asked.age);
    match age {
        Some(age) if age > oldest => Some(Pointed::TooOld),
        Some(age) if age < youngest && asked.asked_by == AskedBy::YoungPerson => {
            Some(Pointed::Young)
        }
        _ => (asked.area == Area::Elsewhere).then_some(Pointed::OtherArea),
    }
}

/// Somebody who does not feel safe, or who needs help before an answer is due, cannot wait.
#[must_use]
pub fn is_urgent(asked: &Asked, due_on: Option<NaiveDate>) -> bool {
    let before_the_answer = match (asked.needed_by, due_on) {
        (Some(needed), Some(due)) => needed <= due,
        (needed, None) => needed.is_some(),
        (None, _) => false,
    };
    asked.wants.contains(&Want::NotSafe) || before_the_answer
}

/// What a way to reach somebody needs, where it was left out: the field and the sentence.
#[must_use]
pub fn missing_for(asked: &Asked) -> Vec<(&'static str, &'static str)> {
    let mut missing = Vec::new();
    let chose = |ways: &[Way]| asked.ways.iter().any(|way| ways.contains(way));
    if chose(&[Way::Call, Way::Message]) && asked.phone.is_none() {
        missing.push(("phone", "Enter your phone number"));
    }
    if chose(&[Way::Email]) && asked.email.is_none() {
        missing.push(("email", "Enter your e-mail address"));
    }
    if chose(&[Way::School, Way::Through]) && asked.through.is_none() {
        missing.push(("through", "Tell us which school, or who"));
    }
    missing
}

fn facts(request: &Request, last_name: &str) -> Facts {
    Facts {
        first_name: request.asked.first_name.clone(),
        last_name: last_name.to_owned(),
        date_of_birth: request.asked.date_of_birth,
        ..Facts::default()
    }
}

/// May this be somebody who is on record? Only where a whole name was given.
#[must_use]
pub fn may_be(request: &Request, other: &Facts, today: NaiveDate) -> bool {
    let last = request.asked.last_name.as_deref();
    last.is_some_and(|last| {
        compare(&facts(request, last), other, today).certainty() != Certainty::New
    })
}

/// May two requests be about one young person? The same name, as far as it was given, or the same
/// phone number or e-mail address of two who ask for themselves.
#[must_use]
pub fn may_be_one(one: &Request, other: &Request, today: NaiveDate) -> bool {
    let by_name = match (&one.asked.last_name, &other.asked.last_name) {
        (Some(_), Some(last)) => may_be(one, &facts(other, last), today),
        _ => {
            name_key(&[&one.asked.first_name]) == name_key(&[&other.asked.first_name])
                && one.asked.age == other.asked.age
        }
    };
    let themselves =
        one.asked.asked_by == AskedBy::YoungPerson && other.asked.asked_by == AskedBy::YoungPerson;
    let same = |one: &Option<String>, other: &Option<String>| match (one, other) {
        (Some(one), Some(other)) => letters_and_digits(one) == letters_and_digits(other),
        _ => false,
    };
    let by_contact =
        same(&one.asked.phone, &other.asked.phone) || same(&one.asked.email, &other.asked.email);
    by_name || (themselves && by_contact)
}

/// The ways in which it is safe to reach the young person, as a warning says it.
#[must_use]
pub fn before_contact(request: &Request) -> String {
    let asked = &request.asked;
    let mut parts = vec![format!(
        "Said on {}, when {} asked (request {}).",
        show(request.received_on),
        match asked.asked_by {
            AskedBy::YoungPerson => "they",
            AskedBy::ParentOrCarer => "a parent or carer",
            AskedBy::Professional => "a professional",
        },
        request.reference
    )];
    let mut add = |what: &str, said: Option<String>| {
        if let Some(said) = said.filter(|said| !said.is_empty()) {
            parts.push(format!("{what}: {}.", said.trim_end_matches('.')));
        }
    };
    let ways: Vec<_> = asked.ways.iter().map(|way| way.words()).collect();
    let never: Vec<_> = asked.never.iter().map(|never| never.words()).collect();
    add("Safe ways", Some(ways.join("; ")));
    if asked.asked_by == AskedBy::YoungPerson {
        add("Phone", asked.phone.clone());
        add("E-mail", asked.email.clone());
    }
    add("Through", asked.through.clone());
    add("Times", asked.times.clone());
    add("What not to do", Some(never.join("; ")));
    parts.join("\n")
}

/// Whether there is a way in which it is not safe to reach them. An adult is asked just that.
#[must_use]
pub fn is_unsafe_in_some_ways(asked: &Asked) -> bool {
    let by_adult = asked.asked_by != AskedBy::YoungPerson;
    !asked.never.is_empty() || (by_adult && asked.times.is_some())
}

/// Whether they want no letters.
#[must_use]
pub fn wants_no_post(asked: &Asked) -> bool {
    asked.never.contains(&Never::Letters)
}

/// The letters of references: none that is taken for another when it is read out.
const LETTERS: &[u8] = b"ABCDEFGHJKMNPQRTUVWXYZ2346789";

/// A reference that can be read out over the phone, from what is random.
#[must_use]
pub fn reference(random: &[u8]) -> String {
    let letter = |byte: &u8| {
        let place = usize::from(*byte) % LETTERS.len();
        LETTERS.get(place).map_or('A', |letter| char::from(*letter))
    };
    let letters: Vec<char> = random.iter().take(8).map(letter).collect();
    let (first, second) = letters.split_at(letters.len().min(4));
    format!(
        "{}-{}",
        first.iter().collect::<String>(),
        second.iter().collect::<String>()
    )
}

#[cfg(test)]
pub(super) mod tests {
    use super::super::Told;
    use super::*;
    use crate::ids::RequestId;
    use crate::referrals::Source;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn asked() -> Asked {
        Asked {
            asked_by: AskedBy::YoungPerson,
            source: Source::SelfReferral,
            first_name: "Zee".to_owned(),
            last_name: None,
            age: Some(12),
            date_of_birth: None,
            wants: vec![Want::Meeting],
            words: None,
            ways: vec![Way::Message],
            phone: Some("07700 900123".to_owned()),
            email: None,
            email_safe: false,
            through: None,
            times: None,
            never: Vec::new(),
            area: Area::Here,
            lives: None,
            cared_by: None,
            asker: None,
            organisation: None,
            told: Some(Told::Agrees),
            needed_by: None,
        }
    }

    fn request(asked: Asked) -> Request {
        Request {
            id: RequestId::random(),
            reference: "ABCD-EFGH".to_owned(),
            state: State::Waiting,
            asked,
            received_at: "2022-04-04T09:00:00".parse().unwrap(),
            received_on: day("2022-04-04"),
            due_on: Some(day("2022-04-07")),
            urgent: false,
            version: 1,
        }
    }

    #[test]
    fn a_small_child_who_asks_alone_is_pointed_to_an_adult_and_an_adult_is_not() {
        let today = day("2022-04-04");
        let at = |age, asked_by| {
            let asked = Asked {
                age: Some(age),
                asked_by,
                ..asked()
            };
            pointed(&asked, 8, 25, today)
        };
        assert_eq!(at(7, AskedBy::YoungPerson), Some(Pointed::Young));
        assert_eq!(at(8, AskedBy::YoungPerson), None);
        assert_eq!(at(3, AskedBy::ParentOrCarer), None);
        assert_eq!(at(25, AskedBy::YoungPerson), None);
        assert_eq!(at(26, AskedBy::Professional), Some(Pointed::TooOld));
    }

    #[test]
    fn somebody_of_another_area_is_pointed_there_unless_our_council_looks_after_them() {
        let of = |area| pointed(&Asked { area, ..asked() }, 8, 25, day("2022-04-04"));
        assert_eq!(of(Area::Elsewhere), Some(Pointed::OtherArea));
        for ours in [Area::Here, Area::LookedAfter, Area::NotKnown] {
            assert_eq!(of(ours), None);
        }
    }

    #[test]
    fn not_feeling_safe_is_urgent_and_so_is_what_comes_before_the_answer() {
        let due = Some(day("2022-04-07"));
        assert!(!is_urgent(&asked(), due));
        let unsafe_ = Asked {
            wants: vec![Want::NotSafe],
            ..asked()
        };
        assert!(is_urgent(&unsafe_, due));
        let needed = |on: &str| Asked {
            needed_by: Some(day(on)),
            ..asked()
        };
        assert!(is_urgent(&needed("2022-04-07"), due));
        assert!(!is_urgent(&needed("2022-04-08"), due));
        assert!(is_urgent(&needed("2022-04-08"), None));
    }

    #[test]
    fn a_way_to_reach_them_needs_its_number_address_or_name() {
        let with = |ways: &[Way]| {
            let asked = Asked {
                ways: ways.to_vec(),
                phone: None,
                ..asked()
            };
            let fields = missing_for(&asked).into_iter().map(|(field, _)| field);
            fields.collect::<Vec<_>>()
        };
        assert_eq!(with(&[Way::Call, Way::Message]), ["phone"]);
        assert_eq!(with(&[Way::Email]), ["email"]);
        assert_eq!(with(&[Way::School]), ["through"]);
        assert!(missing_for(&asked()).is_empty());
    }

    #[test]
    fn the_same_phone_number_however_it_is_written_may_be_the_same_person() {
        let other = Asked {
            first_name: "Zara".to_owned(),
            phone: Some("07700-900 123".to_owned()),
            ..asked()
        };
        let (one, other) = (request(asked()), request(other));
        assert!(may_be_one(&one, &other, day("2022-04-04")));
        // A social worker has one phone for many children.
        let by_worker = |name: &str| {
            request(Asked {
                asked_by: AskedBy::Professional,
                first_name: name.to_owned(),
                ..asked()
            })
        };
        assert!(!may_be_one(
            &by_worker("Ann"),
            &by_worker("Bo"),
            day("2022-04-04")
        ));
        assert!(may_be_one(
            &by_worker("Ann"),
            &by_worker("Ann"),
            day("2022-04-04")
        ));
    }

    #[test]
    fn nobody_is_taken_for_somebody_on_record_by_a_first_name_alone() {
        let other = Facts {
            first_name: "Zee".to_owned(),
            last_name: "Okafor".to_owned(),
            ..Facts::default()
        };
        assert!(!may_be(&request(asked()), &other, day("2022-04-04")));
        let whole = Asked {
            last_name: Some("Okafor".to_owned()),
            ..asked()
        };
        assert!(may_be(&request(whole), &other, day("2022-04-04")));
    }

    #[test]
    fn what_an_officer_must_know_before_contact_is_said_whole() {
        let asked = Asked {
            times: Some("After school. Not on Fridays.".to_owned()),
            never: vec![Never::LeaveMessage, Never::Letters],
            ..asked()
        };
        assert!(is_unsafe_in_some_ways(&asked) && wants_no_post(&asked));
        let words = before_contact(&request(asked));
        for part in [
            "ABCD-EFGH",
            "Send me a text",
            "07700 900123",
            "After school. Not on Fridays.",
            "Never leave a message; Do not send letters",
        ] {
            assert!(words.contains(part), "{words}");
        }
    }

    #[test]
    fn what_was_taken_on_does_not_come_back_to_the_list() {
        assert_eq!(may_put_back(State::Spam), Ok(()));
        assert_eq!(may_put_back(State::Taken), Err(Refusal::TakenStays));
        assert_eq!(
            may_settle(State::Spam),
            Err(Refusal::NotWaiting(State::Spam))
        );
    }

    #[test]
    fn a_reference_can_be_read_out() {
        let reference = reference(&[0, 1, 2, 255, 28, 29, 30, 31, 99]);
        assert_eq!(reference.len(), 9);
        assert!(!reference.contains(['0', 'O', '1', 'I', 'L', '5', 'S']));
    }
}
