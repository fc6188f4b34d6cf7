//! What a text may hold, how it is filled, and how it is cut into headings and paragraphs. Nothing
//! in it is ever run: a text is words, headings begin with #, and gaps stand in square brackets.

use std::collections::BTreeMap;
use std::fmt;

use super::{Block, Gap, Kind};
use crate::text::NARRATIVE_LENGTH;

/// Room to write by hand, in a filled text: no text can hold it, since square brackets are gaps.
const ROOM: &str = "[room to write]";

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    Empty,
    TooLong,
    UnknownGap(String),
    GapOnPublicPage(Gap),
    NotClosed(String),
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("Write what the document says"),
            Self::TooLong => write!(f, "Use {NARRATIVE_LENGTH} characters or fewer"),
            Self::UnknownGap(name) => write!(
                f,
                "[{name}] is none of the words that can be filled in. Take one from the list, or leave the brackets out"
            ),
            Self::GapOnPublicPage(gap) => write!(
                f,
                "[{}] cannot be filled in on a public page: nobody is known there. Only [service] can",
                gap.code()
            ),
            Self::NotClosed(begins) => write!(
                f,
                "A square bracket is opened and not closed at \"[{begins}\". Close it, or leave it out"
            ),
        }
    }
}

/// A text in pieces: words, and gaps between them.
enum Piece<'t> {
    Words(&'t str),
    Gap(Gap),
}

fn pieces(text: &str) -> Result<Vec<Piece<'_>>, Refusal> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while let Some((words, after)) = rest.split_once('[') {
        pieces.push(Piece::Words(words));
        let line = after.lines().next().unwrap_or_default();
        let (name, _) = line
            .split_once(']')
            .ok_or_else(|| Refusal::NotClosed(line.chars().take(20).collect()))?;
        let gap = Gap::ALL
            .iter()
            .find(|gap| gap.code().eq_ignore_ascii_case(name.trim()))
            .ok_or_else(|| Refusal::UnknownGap(name.to_owned()))?;
        pieces.push(Piece::Gap(*gap));
        rest = after.split_once(']').map_or("", |(_, rest)| rest);
    }
    pieces.push(Piece::Words(rest));
    Ok(pieces)
}

/// Whether a senior officer may keep a text.
pub fn check(kind: Kind, text: &str) -> Result<(), Refusal> {
    if text.trim().is_empty() {
        return Err(Refusal::Empty);
    }
    if text.chars().count() > NARRATIVE_LENGTH {
        return Err(Refusal::TooLong);
    }
    let unfit = |gap: &Gap| !kind.is_given() && *gap != Gap::Service;
    match gaps(text)?.into_iter().find(unfit) {
        Some(gap) => Err(Refusal::GapOnPublicPage(gap)),
        None => Ok(()),
    }
}

/// The gaps of a text, each once, in their order.
pub fn gaps(text: &str) -> Result<Vec<Gap>, Refusal> {
    let mut found = Vec::new();
    for piece in pieces(text)? {
        if let Piece::Gap(gap) = piece
            && !found.contains(&gap)
        {
            found.push(gap);
        }
    }
    Ok(found)
}

/// The text with its gaps filled. What is filled in is words, never a gap or a heading of its own.
pub fn fill(text: &str, values: &BTreeMap<Gap, String>) -> Result<String, Refusal> {
    Ok(pieces(text)?
        .into_iter()
        .map(|piece| match piece {
            Piece::Words(words) => words.to_owned(),
            Piece::Gap(gap) => match values.get(&gap).map(|value| value.trim()) {
                None | Some("") => ROOM.to_owned(),
                Some(value) => plain(value),
            },
        })
        .collect())
}

/// Words of somebody else's that cannot be taken for ours: a line of theirs is no heading, and
/// their brackets fill nothing.
fn plain(value: &str) -> String {
    value
        .lines()
        .map(|line| line.trim_start_matches(['#', ' ']).replace(['[', ']'], "|"))
        .collect::<Vec<_>>()
        .join("\n")
}

/// A filled text as headings and paragraphs. Each line is one.
#[must_use]
pub fn blocks(filled: &str) -> Vec<Block> {
    let mut blocks = Vec::new();
    for line in filled
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
    {
        if line == ROOM {
            blocks.push(Block::Space);
            continue;
        }
        let text = line.replace(ROOM, "______________");
        blocks.push(match text.strip_prefix('#') {
            Some(heading) => Block::Heading {
                text: heading.trim_start_matches(['#', ' ']).to_owned(),
            },
            None => Block::Paragraph { text },
        });
    }
    blocks
}

/// A text filled for an invented young person.
pub fn preview(text: &str) -> Result<Vec<Block>, Refusal> {
    let samples = Gap::ALL
        .iter()
        .map(|gap| (*gap, gap.sample().to_owned()))
        .collect();
    Ok(blocks(&fill(text, &samples)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Block {
        Block::Paragraph {
            text: text.to_owned(),
        }
    }

    fn filled(text: &str, known_as: &str) -> Vec<Block> {
        let values = BTreeMap::from([(Gap::KnownAs, known_as.to_owned())]);
        blocks(&fill(text, &values).unwrap())
    }

    #[test]
    fn the_texts_that_the_service_starts_with_can_be_kept() {
        for kind in Kind::ALL {
            check(*kind, kind.first_text()).unwrap();
            let blocks = preview(kind.first_text()).unwrap();
            assert!(blocks.len() > if kind.is_given() { 8 } else { 1 });
        }
    }

    #[test]
    fn a_gap_that_nobody_can_fill_is_refused_by_its_name() {
        let refused = check(Kind::Closing, "Dear [social worker],").unwrap_err();
        assert_eq!(refused, Refusal::UnknownGap("social worker".to_owned()));
        assert_eq!(
            check(Kind::Closing, "[known as"),
            Err(Refusal::NotClosed("known as".to_owned()))
        );
        assert_eq!(check(Kind::Closing, " \n"), Err(Refusal::Empty));
        assert!(check(Kind::Closing, "Dear [Known As],").is_ok());
    }

    #[test]
    fn a_public_page_knows_nobody_to_fill_in() {
        assert_eq!(
            check(Kind::NotOurs, "Dear [known as]"),
            Err(Refusal::GapOnPublicPage(Gap::KnownAs))
        );
        assert_eq!(check(Kind::NotOurs, "Ask [service]"), Ok(()));
    }

    #[test]
    fn headings_and_paragraphs_are_lines() {
        let heading = Block::Heading {
            text: "Hello Robin".to_owned(),
        };
        assert_eq!(
            filled("# Hello [known as]\n\nOne\nTwo", "Robin"),
            [heading, words("One"), words("Two")]
        );
    }

    #[test]
    fn what_is_filled_in_is_words_and_fills_nothing_itself() {
        assert_eq!(
            filled("[known as]", "# Robin\n[officer] <b>"),
            [words("Robin"), words("|officer| <b>")]
        );
    }

    #[test]
    fn what_is_left_blank_is_room_to_write() {
        assert_eq!(filled("[their words]", "Robin"), [Block::Space]);
        assert_eq!(
            filled("On [conference day]", "Robin"),
            [words("On ______________")]
        );
    }

    #[test]
    fn a_text_asks_for_each_gap_once() {
        let found = gaps("[known as] and [officer] and [known as]").unwrap();
        assert_eq!(found, [Gap::KnownAs, Gap::Officer]);
    }
}
