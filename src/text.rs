//! Text that was read once and is right from then on: names, e-mail addresses, notes. And the key
//! by which two spellings of a name are found to be the same.

use std::fmt;

use serde::Serialize;

/// The longest name, and the longest note, that is kept.
pub const NAME_LENGTH: usize = 200;
pub const NARRATIVE_LENGTH: usize = 20_000;

/// What a person is called: any characters, no line breaks, not empty.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Name(String);

impl Name {
    pub fn parse(text: &str) -> Result<Self, String> {
        let text = collapse(text);
        if text.is_empty() {
            return Err("is missing".to_owned());
        }
        if text.chars().count() > NAME_LENGTH {
            return Err(format!("is longer than {NAME_LENGTH} characters"));
        }
        Ok(Self(text))
    }

    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// An e-mail address, in lower case: what somebody signs in with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct EmailAddress(String);

impl EmailAddress {
    pub fn parse(text: &str) -> Result<Self, String> {
        use validator::ValidateEmail;
        let text = text.trim().to_lowercase();
        if text.validate_email() && text.len() <= 254 {
            Ok(Self(text))
        } else {
            Err("is not an e-mail address, like name@example.com".to_owned())
        }
    }

    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for EmailAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// One line of free text: spaces made single, ends trimmed.
#[must_use]
pub fn collapse(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A sentence's beginning as it stands inside another sentence.
#[must_use]
pub fn lower_first(text: &str) -> String {
    let mut letters = text.chars();
    letters
        .next()
        .map(|first| first.to_lowercase().chain(letters).collect())
        .unwrap_or_default()
}

/// The words of names as they are compared: letters without accents, case or punctuation.
#[must_use]
pub fn name_words(names: &[&str]) -> Vec<String> {
    names
        .iter()
        .flat_map(|name| name.split(|c: char| c.is_whitespace() || c == '-' || c == ','))
        .map(letters_and_digits)
        .filter(|word| !word.is_empty())
        .collect()
}

/// A reference or a word without accents, case, spaces or punctuation.
#[must_use]
pub fn letters_and_digits(text: &str) -> String {
    deunicode::deunicode(text)
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .map(|c| c.to_ascii_lowercase())
        .collect()
}

/// The key of a name: its words in order of the alphabet, so that "O'Neill, Zoë" and "zoe oneill"
/// have the same.
#[must_use]
pub fn name_key(names: &[&str]) -> String {
    let mut words = name_words(names);
    words.sort();
    words.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_has_one_key_however_it_is_written() {
        assert_eq!(name_key(&["Zoë", "O'Neill"]), name_key(&["ONEILL, zoe"]));
        assert_eq!(
            name_key(&["Mary-Jane", "Smith"]),
            name_key(&["Smith", "Mary Jane"])
        );
    }

    #[test]
    fn a_name_keeps_its_letters_and_loses_its_spare_spaces() {
        assert_eq!(Name::parse("  Zoë   Anne ").unwrap().as_str(), "Zoë Anne");
        assert!(Name::parse(" \t ").is_err());
    }

    #[test]
    fn an_address_is_kept_in_lower_case() {
        assert_eq!(
            EmailAddress::parse(" A@B.example ").unwrap().as_str(),
            "a@b.example"
        );
        assert!(EmailAddress::parse("a at b").is_err());
    }
}
