//! Makes text of a file's bytes, or says why they are no text: an Excel workbook, a damaged file, a mix of encodings.
//!
//! Guessing wrong here spells a child's name wrong for years, so a doubtful file is refused.

use std::borrow::Cow;

use encoding_rs::{Encoding, UTF_16BE, UTF_16LE, WINDOWS_1252};

use super::Unreadable;

/// Hundreds of times a team's year.
const MOST_BYTES: usize = 64 * 1024 * 1024;

/// How files begin that people take for CSV because their names or icons say so.
const OTHER_KINDS: [(&[u8], &str); 7] = [
    (
        b"PK\x05\x06",
        "This is an empty zip archive, not a CSV file.",
    ),
    (
        b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1",
        "This is an Excel workbook of the old kind: save it as .xlsx or CSV first.",
    ),
    (
        b"%PDF",
        "This is a PDF document: export the table as CSV instead.",
    ),
    (
        b"{\\rtf",
        "This is a word processor's document: export the table as CSV instead.",
    ),
    (
        b"<!doctype",
        "This is a web page: open it in a spreadsheet and save it as CSV first.",
    ),
    (
        b"<html",
        "This is a web page: open it in a spreadsheet and save it as CSV first.",
    ),
    (
        b"<?xml",
        "This is an XML file: open it in a spreadsheet and save it as CSV first.",
    ),
];

pub(super) fn text_of(bytes: &[u8]) -> Result<Cow<'_, str>, Unreadable> {
    if bytes.len() > MOST_BYTES {
        return Err(Unreadable::whole(format!(
            "The file is larger than {} MB: split it into several files.",
            MOST_BYTES / 1024 / 1024
        )));
    }
    let other_kind = OTHER_KINDS.into_iter().find(|(start, _)| {
        bytes
            .get(..start.len())
            .is_some_and(|head| head.eq_ignore_ascii_case(start))
    });
    if let Some((_, reason)) = other_kind {
        return Err(Unreadable::whole(reason));
    }
    let text = decoded(bytes)?;
    if text.trim_matches(is_nothing).is_empty() {
        return Err(Unreadable::whole("The file is empty."));
    }
    refuse_damage(&text)?;
    Ok(text)
}

fn decoded(bytes: &[u8]) -> Result<Cow<'_, str>, Unreadable> {
    if let Some(rest) = bytes.strip_prefix(b"\xEF\xBB\xBF") {
        return std::str::from_utf8(rest)
            .map(Cow::Borrowed)
            .map_err(|e| {
                let line = line_after(rest.get(..e.valid_up_to()).unwrap_or_default());
                Unreadable::at(
                    line,
                    "The file says that it is UTF-8 text, but it is not so here: it is damaged or put together from \
                     several files.",
                )
            });
    }
    if let Some(rest) = bytes.strip_prefix(b"\xFF\xFE") {
        return utf_16(rest, UTF_16LE);
    }
    if let Some(rest) = bytes.strip_prefix(b"\xFE\xFF") {
        return utf_16(rest, UTF_16BE);
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => Ok(Cow::Borrowed(text)),
        Err(e) => windows_1252(bytes, e.valid_up_to()),
    }
}

/// Excel calls this "Unicode text".
fn utf_16(bytes: &[u8], encoding: &'static Encoding) -> Result<Cow<'static, str>, Unreadable> {
    encoding
        .decode_without_bom_handling_and_without_replacement(bytes)
        .map(|text| Cow::Owned(text.into_owned()))
        .ok_or_else(|| {
            Unreadable::whole(
                "The file says that it is UTF-16 text, but it is not so throughout: it is damaged. Save it again as \
                 CSV UTF-8.",
            )
        })
}

fn windows_1252(bytes: &[u8], first_not_utf_8: usize) -> Result<Cow<'_, str>, Unreadable> {
    if bytes
        .utf8_chunks()
        .any(|chunk| is_surely_utf_8(chunk.valid()))
    {
        let line = line_after(bytes.get(..first_not_utf_8).unwrap_or_default());
        return Err(Unreadable::at(
            line,
            "The file is UTF-8 text elsewhere, but not here: it is damaged or put together from several files.",
        ));
    }
    let (text, _) = WINDOWS_1252.decode_without_bom_handling(bytes);
    Ok(text)
}

/// Accented letters and curly quotes written as UTF-8 make pairs that no Windows-1252 text holds (Ã©, â€™), and other
/// scripts make long runs of them. One pair alone of another kind proves nothing: ZOË’S and Strauß’s hold one.
fn is_surely_utf_8(text: &str) -> bool {
    let mut follows_another = false;
    text.chars().any(|c| {
        let is_sure = matches!(c, '\u{80}'..='\u{17f}' | '\u{2010}'..='\u{203f}' | '\u{20ac}')
            || (follows_another && !c.is_ascii());
        follows_another = !c.is_ascii();
        is_sure
    })
}

fn refuse_damage(text: &str) -> Result<(), Unreadable> {
    // By bytes, because this looks at every one: the characters sought are 0 and, in UTF-8, C2 80 to C2 9F.
    let mut last = 0;
    for (place, &byte) in text.as_bytes().iter().enumerate() {
        let reason = if byte == 0 {
            "There is a NUL character here: the file is damaged or is not a text file."
        } else if last == 0xC2 && byte < 0xA0 {
            "There is a byte here that is no letter in Windows-1252 or UTF-8: the file is damaged or is not a text \
             file."
        } else {
            last = byte;
            continue;
        };
        let before = text.as_bytes().get(..place).unwrap_or_default();
        return Err(Unreadable::at(line_after(before), reason));
    }
    Ok(())
}

fn is_nothing(c: char) -> bool {
    c.is_whitespace() || c == '\u{feff}'
}

/// The number of the line on which the text goes on after `before`.
pub(super) fn line_after(before: &[u8]) -> u64 {
    let mut lines = 1;
    let mut last = 0;
    for &byte in before {
        // A carriage return and a line feed are one line ending; either alone is one too.
        if byte == b'\r' || (byte == b'\n' && last != b'\r') {
            lines += 1;
        }
        last = byte;
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(bytes: &[u8]) -> String {
        match text_of(bytes) {
            Ok(text) => text.into_owned(),
            Err(e) => e.to_string(),
        }
    }

    #[test]
    fn utf_8_is_read_with_and_without_its_mark() {
        assert_eq!(text("Zoë".as_bytes()), "Zoë");
        assert_eq!(text(b"\xEF\xBB\xBFZo\xC3\xAB"), "Zoë");
    }

    #[test]
    fn other_text_is_read_as_windows_1252() {
        assert_eq!(text(b"Zo\xEB \x80"), "Zoë €");
        assert_eq!(
            text(b"ZO\xCB\x92S, Strau\xDF\x92s, Ren\xE9"),
            "ZOË’S, Strauß’s, René"
        );
    }

    #[test]
    fn utf_16_is_read_by_its_mark() {
        assert_eq!(text(b"\xFF\xFEZ\0\xEB\0"), "Zë");
        assert_eq!(text(b"\xFE\xFF\0Z\0\xEB"), "Zë");
        assert!(text(b"\xFF\xFEZ\0\xEB").contains("it is damaged"));
    }

    #[test]
    fn a_file_of_two_encodings_is_refused() {
        assert!(
            text(b"a\nZo\xC3\xAB\nRen\xE9").starts_with("Line 3: The file is UTF-8 text elsewhere")
        );
        assert!(text("a\nИва́н \u{645}\u{62d}".as_bytes()).ends_with('\u{62d}'));
        assert!(text(b"\xD0\x98\xD0\xB2 Ren\xE9").starts_with("Line 1: The file is UTF-8"));
        assert!(text(b"\xEF\xBB\xBFRen\xE9").starts_with("Line 1: The file says that it is UTF-8"));
    }

    #[test]
    fn a_nul_is_refused_with_its_line() {
        assert_eq!(
            text(b"a\r\nb\rc\nd\0"),
            "Line 4: There is a NUL character here: the file is damaged or is not a text file."
        );
    }

    #[test]
    fn a_byte_that_windows_1252_does_not_have_is_refused_with_its_line() {
        for byte in [0x81, 0x8D, 0x8F, 0x90, 0x9D] {
            assert!(text(&[b'a', b'\n', byte, b'b']).starts_with("Line 2: There is a byte here"));
        }
        assert!(text("a\u{85}".as_bytes()).starts_with("Line 1: There is a byte here"));
    }

    #[test]
    fn workbooks_and_documents_are_refused_by_name() {
        assert!(text(b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1\0").contains("Excel workbook"));
        assert!(text(b"<HTML><table>").contains("web page"));
    }

    #[test]
    fn an_empty_file_is_refused() {
        for bytes in [b"".as_slice(), b"\xEF\xBB\xBF", b" \r\n\r\n", b"\xFF\xFE"] {
            assert_eq!(text(bytes), "The file is empty.");
        }
    }

    #[test]
    fn a_file_beyond_the_limit_is_refused() {
        assert!(text(&vec![b'a'; MOST_BYTES + 1]).contains("larger than 64 MB"));
    }
}
