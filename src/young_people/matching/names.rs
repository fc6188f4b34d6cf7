//! How alike two names are: spelt, heard, shortened, or written by the habits of another language.

use crate::text::{letters_and_digits, name_words};
use crate::young_people::search::rules::{is_slip, sounds};

/// How well one name fits another, the weakest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum NameFit {
    Differs,
    /// One of them is no name yet: "Unborn", "Baby".
    Unsaid,
    /// Only the first letter is there, and it is the same.
    Initial,
    /// Sam for Samuel, Liz for Elizabeth.
    Short,
    /// A slip of the pen apart.
    Spelt,
    /// It sounds the same, or is the same name written by another habit.
    Sounds,
    /// One is a part of the other: a second first name, a double name.
    Part,
    Same,
}

impl NameFit {
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Differs => "Different",
            Self::Unsaid => "Not named yet",
            Self::Initial => "The same first letter",
            Self::Short => "A short form of it",
            Self::Spelt => "Nearly the same spelling",
            Self::Sounds => "Sounds the same",
            Self::Part => "A part of it is the same",
            Self::Same => "Same",
        }
    }
}

/// What stands for a first name until there is one.
const NO_NAME_YET: [&str; 9] = [
    "unborn", "baby", "bump", "infant", "newborn", "unknown", "tbc", "tba", "unnamed",
];

/// Is this no name yet?
#[must_use]
pub fn is_unsaid(name: &str) -> bool {
    let words = name_words(&[name]);
    words
        .first()
        .is_none_or(|word| NO_NAME_YET.contains(&word.as_str()))
}

/// Small words of family names, which come and go.
const PARTICLES: [&str; 14] = [
    "al", "el", "ul", "bin", "ibn", "bint", "de", "da", "dos", "del", "van", "von", "der", "la",
];

/// English short forms, with the names they stand for.
const SHORT_FORMS: [&[&str]; 34] = [
    &["abigail", "abbie", "abby", "gail"],
    &["alexander", "alexandra", "alex", "sandy", "sasha", "lexi"],
    &["anthony", "tony"],
    &["benjamin", "ben", "benny"],
    &[
        "catherine",
        "katherine",
        "kate",
        "katie",
        "cathy",
        "kitty",
        "kat",
    ],
    &["charlotte", "charles", "charlie", "lottie", "chaz"],
    &[
        "christopher",
        "christine",
        "christina",
        "chris",
        "kit",
        "topher",
    ],
    &["daniel", "danielle", "dan", "danny", "dani"],
    &["david", "dave", "davey"],
    &["edward", "ed", "eddie", "ted", "teddy", "ned"],
    &["eleanor", "ellie", "nell", "nora", "elle"],
    &[
        "elizabeth",
        "liz",
        "lizzie",
        "beth",
        "betty",
        "eliza",
        "libby",
        "betsy",
    ],
    &["frederick", "fred", "freddie"],
    &["gabriella", "gabriel", "gabby", "gabe"],
    &["harold", "harry", "henry", "hal", "harrison"],
    &["isabella", "isabel", "isobel", "izzy", "bella"],
    &["jacob", "jake"],
    &["james", "jim", "jimmy", "jamie"],
    &["jessica", "jess", "jessie"],
    &["john", "jack", "johnny", "jonathan", "jon"],
    &["joseph", "joe", "joey"],
    &["joshua", "josh"],
    &["madeleine", "maddie", "maddy"],
    &["margaret", "maggie", "meg", "peggy", "daisy"],
    &["matthew", "matt", "matty"],
    &["michael", "mike", "mick", "mikey"],
    &["mohammed", "mo"],
    &["natasha", "tasha"],
    &["nicholas", "nicola", "nick", "nicky"],
    &["olivia", "liv", "livvy"],
    &["patricia", "patrick", "pat", "paddy", "trish"],
    &["richard", "rich", "rick", "dick", "ricky"],
    &["robert", "rob", "bob", "bobby", "robbie"],
    &["william", "will", "bill", "billy", "liam", "willy"],
];

/// How well two names fit. Each may be of several words.
#[must_use]
pub fn fit(one: &str, other: &str) -> NameFit {
    if is_unsaid(one) || is_unsaid(other) {
        return NameFit::Unsaid;
    }
    let (joined, others_joined) = (letters_and_digits(one), letters_and_digits(other));
    if joined == others_joined {
        return NameFit::Same;
    }
    let (words, others) = (telling_words(one), telling_words(other));
    if words == others {
        return NameFit::Same;
    }
    let together = fit_word(&joined, &others_joined);
    if words.len() == 1 && others.len() == 1 {
        return together.max(fit_list(&words, &others));
    }
    // "Mary Jane" and "Maryjane": a hyphen lost and a slip beside it.
    let together = match together {
        NameFit::Spelt | NameFit::Sounds | NameFit::Same => together,
        _ => NameFit::Differs,
    };
    together.max(fit_list(&words, &others))
}

/// The words of a name without those that come and go, in order of the alphabet.
fn telling_words(name: &str) -> Vec<String> {
    let mut words = name_words(&[name]);
    if words.iter().any(|word| !PARTICLES.contains(&word.as_str())) {
        words.retain(|word| !PARTICLES.contains(&word.as_str()));
    }
    words.sort();
    words
}

/// Every word of the shorter list must fit a word of the longer.
fn fit_list(one: &[String], other: &[String]) -> NameFit {
    let (short, long) = match one.len() <= other.len() {
        true => (one, other),
        false => (other, one),
    };
    let mut left: Vec<&String> = long.iter().collect();
    let mut weakest = NameFit::Same;
    for word in short {
        let best = left
            .iter()
            .enumerate()
            .map(|(place, other)| (fit_word(word, other), place))
            .max_by_key(|(fit, _)| *fit);
        let Some((fit, place)) = best else {
            return NameFit::Differs;
        };
        left.remove(place);
        weakest = weakest.min(fit);
    }
    match weakest {
        NameFit::Same if left.is_empty() => NameFit::Same,
        NameFit::Same => NameFit::Part,
        fit => fit,
    }
}

/// How alike two words must be besides sounding alike: Double Metaphone hears Maya in Emma's M.
const HEARD: f64 = 0.7;

fn fit_word(one: &str, other: &str) -> NameFit {
    if one == other {
        return NameFit::Same;
    }
    let (short, long) = match one.len() <= other.len() {
        true => (one, other),
        false => (other, one),
    };
    if short.len() == 1 {
        return match long.starts_with(short) {
            true => NameFit::Initial,
            false => NameFit::Differs,
        };
    }
    if sound_alike(one, other) {
        return NameFit::Sounds;
    }
    if is_near(short, long) {
        return NameFit::Spelt;
    }
    if short.len() >= 3 && long.starts_with(short)
        || SHORT_FORMS
            .iter()
            .any(|names| names.contains(&one) && names.contains(&other))
    {
        return NameFit::Short;
    }
    NameFit::Differs
}

/// A slip of the pen; in longer words two, or letters left out.
fn is_near(short: &str, long: &str) -> bool {
    short.len() >= 4 && is_slip(short, long)
        || short.len() >= 5 && strsim::jaro_winkler(short, long) >= 0.92
}

/// So short a word is its vowels, which Double Metaphone does not hear: Leo is not Lea. Another
/// spelling of it may share no letter in its place: Xu, Hsu.
const SHORT_WORD: usize = 3;

/// Below this no two spellings of one name are: most names are told apart by it at once.
const UNLIKE: f64 = 0.5;

fn sound_alike(one: &str, other: &str) -> bool {
    let is_short = one.len().min(other.len()) <= SHORT_WORD;
    if !is_short && strsim::jaro_winkler(one, other) < UNLIKE {
        return false;
    }
    for a in readings(one) {
        for b in readings(other) {
            if a == b {
                return true;
            }
            if is_short || strsim::jaro_winkler(&a, &b) < HEARD {
                continue;
            }
            let (heard, said) = (sounds(&a), sounds(&b));
            let alike = [&heard.0, &heard.1]
                .into_iter()
                .flatten()
                .any(|sound| said.0.as_ref() == Some(sound) || said.1.as_ref() == Some(sound));
            if alike {
                return true;
            }
        }
    }
    false
}

/// The ways a written word may be meant, each brought to one spelling: as it stands, as Somali
/// writes it (Xasan, Cali), as Pinyin or the older spelling of Chinese names does (Zhang, Hsu), and
/// with the J of Polish and Romanian.
fn readings(word: &str) -> Vec<String> {
    let mut readings = vec![folded(word), folded(&somali(word)), folded(&chinese(word))];
    if let Some(rest) = word.strip_prefix('j') {
        readings.push(folded(&format!("y{rest}")));
    }
    if let Some(rest) = word.strip_prefix('t')
        && rest.starts_with('u')
    {
        // Ț loses its tail: Țurcanu, Turcanu, Tzurcanu.
        readings.push(folded(&format!("z{rest}")));
    }
    readings.sort();
    readings.dedup();
    readings
}

fn somali(word: &str) -> String {
    let letters: Vec<char> = word.chars().collect();
    let is_vowel = |letter: Option<&char>| letter.is_some_and(|it| "aeiou".contains(*it));
    let mut read = String::new();
    for (place, letter) in letters.iter().enumerate() {
        match letter {
            'c' if is_vowel(letters.get(place + 1))
                || place > 0 && is_vowel(letters.get(place - 1)) => {}
            'x' => read.push('h'),
            letter => read.push(*letter),
        }
    }
    read.replace("dh", "d")
}

fn chinese(word: &str) -> String {
    let (rest, first) = if let Some(rest) = word.strip_prefix("hs") {
        (rest, "x")
    } else if let Some(rest) = word.strip_prefix("zh") {
        (rest, "ch")
    } else if let Some(rest) = word.strip_prefix('q') {
        (rest, "ch")
    } else if let Some(rest) = word.strip_prefix('j') {
        (rest, "ch")
    } else {
        (word, "")
    };
    format!("{first}{}", rest.replace("ian", "ien"))
}

/// One spelling for letters that are written now so, now so.
fn folded(word: &str) -> String {
    let mut word = word.to_owned();
    for (from, to) in [
        ("sch", "sh"),
        ("sz", "sh"),
        ("cz", "ch"),
        ("tz", "z"),
        ("ts", "z"),
        ("ph", "f"),
        ("ck", "k"),
        ("kh", "k"),
        ("gh", "g"),
        ("ee", "i"),
        ("ie", "i"),
        ("ey", "i"),
        ("oo", "u"),
        ("ou", "u"),
        ("ow", "u"),
        ("aa", "a"),
        ("q", "k"),
        ("w", "v"),
        ("y", "i"),
    ] {
        word = word.replace(from, to);
    }
    let mut letters: Vec<char> = word.chars().collect();
    letters.dedup();
    if letters.len() > 3 && letters.last() == Some(&'h') {
        letters.pop();
    }
    letters.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_fit_by_sound_by_spelling_and_by_their_parts() {
        for (one, other, wanted) in [
            ("Zoë", "ZOE", NameFit::Same),
            ("Mary-Jane", "Mary Jane", NameFit::Same),
            ("Maryjane", "Mary-Jane", NameFit::Same),
            ("Smith Jones", "Jones-Smith", NameFit::Same),
            ("Mary Jane", "Jane", NameFit::Part),
            ("Al-Hassan", "Hassan", NameFit::Same),
            ("Catherine", "Katharine", NameFit::Sounds),
            ("Oliver", "Olvier", NameFit::Sounds),
            ("Thompson", "Thomson", NameFit::Sounds),
            ("Harding", "Harfing", NameFit::Spelt),
            ("Sam", "Samuel", NameFit::Short),
            ("Liz", "Elizabeth", NameFit::Short),
            ("J", "James", NameFit::Initial),
            ("Unborn", "Amelia", NameFit::Unsaid),
            ("Emma", "Maya", NameFit::Differs),
            ("Leo", "Lea", NameFit::Differs),
            ("Amina", "Yusuf", NameFit::Differs),
        ] {
            let found = fit(one, other);
            let alike = found == wanted
                || [found, wanted]
                    .iter()
                    .all(|it| matches!(it, NameFit::Spelt | NameFit::Sounds));
            assert!(alike, "{one}, {other}: {found:?}");
            assert_eq!(found, fit(other, one), "{one}, {other}");
        }
    }

    #[test]
    fn a_name_is_the_same_by_the_habits_of_another_language() {
        for (one, other) in [
            ("Muhammad", "Mohamed"),
            ("Maxamed", "Mohamed"),
            ("Cabdi", "Abdi"),
            ("Xasan", "Hassan"),
            ("Cali", "Ali"),
            ("Youssef", "Yusuf"),
            ("Hussein", "Husayn"),
            ("Aminah", "Amina"),
            ("Khadija", "Kadija"),
            ("Ștefan", "Stefan"),
            ("Wójcik", "Wojcik"),
            ("Szymański", "Shimanski"),
            ("Jakub", "Yakub"),
            ("Zhang", "Chang"),
            ("Xu", "Hsu"),
            ("Lee", "Li"),
            ("Qian", "Chien"),
            ("Țurcanu", "Tzurcanu"),
        ] {
            assert!(fit(one, other) >= NameFit::Spelt, "{one}, {other}");
        }
    }
}
