//! How well a word that was typed fits a word of a name, and who comes first.

use rphonetic::DoubleMetaphone;

use super::Part;

/// The most words of a search that are looked at; more are not needed to find one person.
pub const WORDS: usize = 5;

/// The shortest word whose sound says anything, and whose slips of the pen are looked for.
const LONG_ENOUGH: usize = 3;

/// How a word of a name sounds: two ways where there are two. Letters must be plain ones.
#[must_use]
pub fn sounds(word: &str) -> (Option<String>, Option<String>) {
    if word.len() < LONG_ENOUGH || !word.chars().all(|c| c.is_ascii_lowercase()) {
        return (None, None);
    }
    let heard = DoubleMetaphone::new(Some(6)).double_metaphone(word);
    let said = |text: String| Some(text).filter(|text| !text.is_empty());
    let (first, other) = (said(heard.primary()), said(heard.alternate()));
    let other = other.filter(|other| Some(other) != first.as_ref());
    (first, other)
}

/// How a typed word fits a word of a name, the weakest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Fit {
    Not,
    /// Spelt nearly so.
    Spelt,
    /// Sounds like it.
    Sounds,
    /// Begins so.
    Begins,
    Exact,
}

#[must_use]
pub fn fit(typed: &str, word: &str) -> Fit {
    fit_heard(typed, &sounds(typed), word, &sounds(word))
}

/// How a word sounds, two ways where there are two.
type Heard = (Option<String>, Option<String>);

fn fit_heard(typed: &str, a: &Heard, word: &str, b: &Heard) -> Fit {
    if typed == word {
        return Fit::Exact;
    }
    if word.starts_with(typed) {
        return Fit::Begins;
    }
    let alike = [&a.0, &a.1]
        .into_iter()
        .flatten()
        .any(|one| b.0.as_ref() == Some(one) || b.1.as_ref() == Some(one));
    if alike {
        return Fit::Sounds;
    }
    if is_slip(typed, word) {
        return Fit::Spelt;
    }
    Fit::Not
}

/// One letter wrong, missing, too many or swapped with its neighbour; two in a long word.
#[must_use]
pub fn is_slip(typed: &str, word: &str) -> bool {
    let allowed = match typed.len() {
        0..LONG_ENOUGH => return false,
        LONG_ENOUGH..8 => 1,
        _ => 2,
    };
    typed.len().abs_diff(word.len()) <= allowed && strsim::osa_distance(typed, word) <= allowed
}

/// Why somebody was found, in the words that stand beside their name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Why {
    /// The name as it was typed.
    Name,
    KnownAs,
    /// A name of the record that was merged into this one.
    MergedName,
    Begins,
    Sounds,
    Spelt,
    Reference(String),
    Born,
}

impl Why {
    #[must_use]
    pub fn words(&self) -> String {
        match self {
            Self::Name => String::new(),
            Self::KnownAs => "known as".to_owned(),
            Self::MergedName => "a name of a record that was merged into this one".to_owned(),
            Self::Begins => "begins with".to_owned(),
            Self::Sounds => "sounds like".to_owned(),
            Self::Spelt => "spelt nearly so".to_owned(),
            Self::Reference(reference) => format!("reference {reference}"),
            Self::Born => "date of birth".to_owned(),
        }
    }
}

/// A word that somebody can be found by.
#[derive(Debug, Clone)]
pub struct NameWord {
    pub word: String,
    /// How it sounds, as [`sounds`] hears it.
    pub heard: (Option<String>, Option<String>),
    pub part: Part,
    /// Of a record that was merged into theirs.
    pub merged: bool,
}

/// How well all that was typed fits somebody: a number to sort by, higher first, and why. None
/// where a typed word fits nothing, unless the others fit well.
#[must_use]
pub fn rank(typed: &[String], words: &[NameWord]) -> Option<(f64, Why)> {
    let mut score = 0.0;
    let mut weakest = Fit::Exact;
    let (mut known_as, mut merged, mut missing) = (false, false, 0);
    for one in typed {
        let heard = sounds(one);
        let best = words
            .iter()
            .map(|word| {
                let near = strsim::jaro_winkler(one, &word.word);
                (fit_heard(one, &heard, &word.word, &word.heard), near, word)
            })
            .max_by(|a, b| {
                (a.0, !a.2.merged, a.2.part == Part::FullName)
                    .cmp(&(b.0, !b.2.merged, b.2.part == Part::FullName))
                    .then(a.1.total_cmp(&b.1))
            });
        let (fit, near, word) = best?;
        if fit == Fit::Not {
            missing += 1;
            // A first letter mistyped: the rest must fit, and this one nearly.
            if near < 0.75 {
                return None;
            }
        }
        weakest = weakest.min(fit.max(Fit::Spelt));
        known_as |= word.part == Part::KnownAs;
        merged |= word.merged;
        score += near + f64::from(place(fit));
    }
    if missing > 0 && missing == typed.len() {
        return None;
    }
    let why = match weakest {
        Fit::Not | Fit::Spelt => Why::Spelt,
        Fit::Sounds => Why::Sounds,
        _ if merged => Why::MergedName,
        _ if known_as => Why::KnownAs,
        Fit::Begins => Why::Begins,
        Fit::Exact => Why::Name,
    };
    Some((score, why))
}

fn place(fit: Fit) -> i32 {
    match fit {
        Fit::Not => -4,
        Fit::Spelt => 1,
        Fit::Sounds => 2,
        Fit::Begins => 3,
        Fit::Exact => 6,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(words: &[&str]) -> Vec<NameWord> {
        words
            .iter()
            .map(|word| NameWord {
                word: (*word).to_owned(),
                heard: sounds(word),
                part: Part::FullName,
                merged: false,
            })
            .collect()
    }

    fn why(typed: &[&str], words: &[&str]) -> Option<Why> {
        let typed: Vec<String> = typed.iter().map(|word| (*word).to_owned()).collect();
        rank(&typed, &named(words)).map(|(_, why)| why)
    }

    #[test]
    fn names_that_sound_alike_fit() {
        assert_eq!(fit("mohammed", "muhammad"), Fit::Sounds);
        assert_eq!(fit("smith", "smyth"), Fit::Sounds);
        assert_eq!(fit("catherine", "katharine"), Fit::Sounds);
        assert_eq!(fit("khan", "bell"), Fit::Not);
    }

    #[test]
    fn a_slip_of_the_pen_fits_and_another_name_does_not() {
        assert_eq!(fit("willaims", "williams"), Fit::Sounds);
        assert_eq!(fit("smitj", "smith"), Fit::Spelt);
        assert_eq!(fit("amina", "yusuf"), Fit::Not);
        assert!(!is_slip("al", "ali"));
    }

    #[test]
    fn words_fit_in_any_order_and_each_must() {
        assert_eq!(why(&["khan", "amina"], &["amina", "khan"]), Some(Why::Name));
        assert_eq!(
            why(&["kahn", "amin"], &["amina", "khan"]),
            Some(Why::Sounds)
        );
        assert_eq!(why(&["amina", "bell"], &["amina", "khan"]), None);
    }

    #[test]
    fn the_name_as_it_was_typed_comes_before_one_that_sounds_like_it() {
        let typed = ["smith".to_owned()];
        let place = |word: &str| rank(&typed, &named(&[word])).unwrap().0;
        assert!(place("smith") > place("smithson"));
        assert!(place("smithson") > place("smyth"));
    }

    #[test]
    fn a_name_in_any_letters_has_a_sound_once_it_is_written_in_ours() {
        for name in ["Zoë", "محمد", "Łukasz", "王芳", "Ṣọlá", "O’Neill"] {
            for word in crate::text::name_words(&[name]) {
                let _ = sounds(&word);
            }
        }
        let polish = crate::text::name_words(&["Łukasz"]);
        assert_eq!(sounds(&polish[0]), sounds("lukasz"));
    }
}
