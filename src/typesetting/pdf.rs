//! PDF files by typst: tagged, with a title and a language, and refused if they would break the rules
//! of PDF/UA-1, so that whoever listens to a file is told what others see.

use std::collections::HashMap;
use std::sync::LazyLock;

use chrono::{Datelike, NaiveDateTime, Timelike};
use typst::diag::{FileError, FileResult, SourceDiagnostic};
use typst::foundations::{Bytes, Datetime, Duration, Smart};
use typst::syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Library, LibraryExt, World};
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards, Timestamp};

use super::FONTS;
use crate::failure::Fault;

/// What is the same for every document.
struct Press {
    library: LazyHash<Library>,
    book: LazyHash<FontBook>,
    fonts: Vec<Font>,
}

static PRESS: LazyLock<Press> = LazyLock::new(|| {
    let fonts: Vec<Font> = FONTS
        .into_iter()
        .flat_map(|font| Font::iter(Bytes::new(font)))
        .collect();
    Press {
        library: LazyHash::new(Library::default()),
        book: LazyHash::new(FontBook::from_fonts(&fonts)),
        fonts,
    }
});

/// One document on the press: its template, and the files that the template reads. It sees nothing
/// else of the machine.
struct Sheet {
    main: Source,
    files: HashMap<FileId, Bytes>,
}

impl World for Sheet {
    fn library(&self) -> &LazyHash<Library> {
        &PRESS.library
    }

    fn book(&self) -> &LazyHash<FontBook> {
        &PRESS.book
    }

    fn main(&self) -> FileId {
        self.main.id()
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        if id == self.main.id() {
            Ok(self.main.clone())
        } else {
            Err(FileError::AccessDenied)
        }
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        self.files.get(&id).cloned().ok_or(FileError::AccessDenied)
    }

    fn font(&self, index: usize) -> Option<Font> {
        PRESS.fonts.get(index).cloned()
    }

    fn today(&self, _: Option<Duration>) -> Option<Datetime> {
        // The template is told its days.
        None
    }
}

/// Sets a template with the files that it reads, by their names, as PDF. `at` is in UTC.
pub fn to_pdf(
    template: &str,
    files: &[(String, String)],
    at: NaiveDateTime,
) -> Result<Vec<u8>, Fault> {
    let sheet = Sheet {
        main: Source::new(place("main.typ")?, template.to_owned()),
        files: files
            .iter()
            .map(|(name, text)| Ok((place(name)?, Bytes::from_string(printable(text)))))
            .collect::<Result<_, Fault>>()?,
    };
    let options = PdfOptions {
        timestamp: timestamp(at),
        creator: Smart::Custom(Some("Heard".to_owned())),
        standards: PdfStandards::new(&[PdfStandard::Ua_1])
            .map_err(|why| Fault::new(why.message().to_string()))?,
        ..PdfOptions::default()
    };
    let written = typst::compile::<PagedDocument>(&sheet)
        .output
        .and_then(|document| typst_pdf::pdf(&document, &options));
    // What was kept to set the next document faster; a server would keep it for ever.
    comemo::evict(2);
    written.map_err(|problems| refused(&problems))
}

fn place(name: &str) -> Result<FileId, Fault> {
    let path = VirtualPath::new(name)
        .map_err(|_| Fault::new(format!("{name} is not the name of a file to be set")))?;
    Ok(RootedPath::new(VirtualRoot::Project, path).intern())
}

/// The text with a question mark for each letter that the typeface does not have: PDF/UA refuses a
/// file in which a letter is an empty box.
fn printable(text: &str) -> String {
    let known = |letter: char| {
        let code = u32::from(letter);
        PRESS
            .fonts
            .iter()
            .all(|font| font.info().coverage.contains(code))
    };
    text.chars()
        .map(|letter| {
            if letter.is_ascii() || known(letter) {
                letter
            } else {
                '?'
            }
        })
        .collect()
}

fn timestamp(at: NaiveDateTime) -> Option<Timestamp> {
    let small = |number: u32| u8::try_from(number).ok();
    Datetime::from_ymd_hms(
        at.year(),
        small(at.month())?,
        small(at.day())?,
        small(at.hour())?,
        small(at.minute())?,
        small(at.second())?,
    )
    .map(Timestamp::new_utc)
}

fn refused(problems: &[SourceDiagnostic]) -> Fault {
    let told: Vec<String> = problems
        .iter()
        .map(|problem| problem.message.to_string())
        .collect();
    Fault::new(format!("a PDF cannot be set: {}", told.join("; ")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(template: &str, files: &[(String, String)]) -> Result<Vec<u8>, Fault> {
        to_pdf(template, files, "2022-05-01T10:30:00".parse().unwrap())
    }

    const TITLED: &str =
        "#set document(title: [Letter])\n#set text(lang: \"en\", font: \"Source Sans 3\")\n";

    #[test]
    fn a_file_is_tagged_and_the_same_each_time() {
        let one = set(&format!("{TITLED}= Hello"), &[]).unwrap();
        assert_eq!(one, set(&format!("{TITLED}= Hello"), &[]).unwrap());
        let text = String::from_utf8_lossy(&one);
        assert!(text.starts_with("%PDF-1.7"));
        for needed in ["/StructTreeRoot", "/MarkInfo", "pdfuaid:part"] {
            assert!(text.contains(needed), "{needed}");
        }
    }

    #[test]
    fn a_file_that_nobody_could_listen_to_is_refused() {
        // Without a title.
        assert!(set("Hello", &[]).is_err());
    }

    #[test]
    fn a_letter_that_the_typeface_lacks_does_not_stop_the_file() {
        let words = (
            "words.txt".to_owned(),
            "Zoë, Łukasz, Ωραία, 名前 🐶".to_owned(),
        );
        set(&format!("{TITLED}#read(\"words.txt\")"), &[words]).unwrap();
        assert_eq!(printable("Zoë, Łukasz 名前"), "Zoë, Łukasz ??");
    }

    #[test]
    fn a_template_reads_what_it_is_given_and_nothing_else() {
        for path in ["/etc/hostname", "other.txt"] {
            assert!(set(&format!("{TITLED}#read(\"{path}\")"), &[]).is_err());
        }
    }
}
