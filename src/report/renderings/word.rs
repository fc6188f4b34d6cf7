//! The report as a Word file that can be edited: real headings and a table of contents, tables whose
//! header comes again on every page, charts as pictures with words for those who do not see them.

use std::io::{Cursor, Write};

use serde::Serialize;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::{filled, picture};
use crate::failure::Fault;
use crate::report::charts::Drawing;
use crate::report::document::{Document, Section, Table};

/// The parts that are the same in every file, by their place in it.
const FIXED: [(&str, &str); 4] = [
    (
        "[Content_Types].xml",
        include_str!("../../../templates/reports/word/content_types.xml"),
    ),
    (
        "_rels/.rels",
        include_str!("../../../templates/reports/word/package_rels.xml"),
    ),
    (
        "word/styles.xml",
        include_str!("../../../templates/reports/word/styles.xml"),
    ),
    (
        "word/settings.xml",
        include_str!("../../../templates/reports/word/settings.xml"),
    ),
];

/// The parts that are written from the report.
const FILLED: [(&str, &str); 4] = [
    (
        "docProps/core.xml",
        include_str!("../../../templates/reports/word/core.xml.hbs"),
    ),
    (
        "word/footer.xml",
        include_str!("../../../templates/reports/word/footer.xml.hbs"),
    ),
    (
        "word/document.xml",
        include_str!("../../../templates/reports/word/document.xml.hbs"),
    ),
    (
        "word/_rels/document.xml.rels",
        include_str!("../../../templates/reports/word/document_rels.xml.hbs"),
    ),
];

/// What Word counts in: 9525 to a pixel of 96 to the inch.
const PIXEL: i64 = 9525;
/// The width of the text on a page of A4, in twentieths of a point.
const TEXT_WIDTH: i64 = 9638;
const NUMBER_WIDTH: i64 = 1150;

#[derive(Serialize)]
struct View<'d> {
    document: &'d Document,
    title: &'d str,
    period: String,
    made_by: &'d str,
    made_at: String,
    contents: Vec<Entry<'d>>,
    columns: Vec<Column>,
    words_width: i64,
    number_width: i64,
    sections: Vec<SectionView<'d>>,
    /// All of them, once more, as the file lists its parts.
    pictures: Vec<PictureView<'d>>,
}

/// A line of the table of contents. Word writes the page numbers when it opens the file.
#[derive(Serialize)]
struct Entry<'d> {
    level: u8,
    words: &'d str,
    bookmark: String,
    first: bool,
    last: bool,
}

#[derive(Serialize)]
struct Column {
    words: String,
    width: i64,
    style: &'static str,
}

#[derive(Serialize)]
struct SectionView<'d> {
    title: &'d str,
    /// Tells its bookmark from others.
    number: usize,
    tables: Vec<TableView<'d>>,
}

#[derive(Serialize)]
struct TableView<'d> {
    table: &'d Table,
    number: usize,
    pictures: Vec<PictureView<'d>>,
}

#[derive(Clone, Serialize)]
struct PictureView<'d> {
    number: usize,
    title: &'d str,
    description: &'d str,
    width: i64,
    height: i64,
    #[serde(skip)]
    drawing: &'d Drawing,
}

pub fn to_docx(document: &Document) -> Result<Vec<u8>, Fault> {
    let view = View::new(document);
    let mut file = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text) in FIXED {
        put(&mut file, name, text.as_bytes())?;
    }
    for (name, template) in FILLED {
        put(&mut file, name, filled(template, &view, name)?.as_bytes())?;
    }
    for shown in &view.pictures {
        let name = format!("word/media/chart{}.png", shown.number);
        put(&mut file, &name, &picture::to_png(shown.drawing)?)?;
    }
    let whole = file.finish().map_err(|cause| fault(&cause))?;
    Ok(whole.into_inner())
}

fn put(file: &mut ZipWriter<Cursor<Vec<u8>>>, name: &str, bytes: &[u8]) -> Result<(), Fault> {
    // The same report is the same file, whenever it is written.
    let options = SimpleFileOptions::default().last_modified_time(zip::DateTime::default());
    file.start_file(name, options)
        .map_err(|cause| fault(&cause))?;
    file.write_all(bytes).map_err(|cause| fault(&cause))
}

fn fault(cause: &dyn std::error::Error) -> Fault {
    Fault::because("the report cannot be written for Word", cause)
}

impl<'d> View<'d> {
    fn new(document: &'d Document) -> Self {
        // Bookmarks and pictures are numbered through the file.
        let mut bookmarks = 0;
        let mut pictures = 0;
        let sections: Vec<_> = document
            .sections
            .iter()
            .map(|section| SectionView::new(section, &mut bookmarks, &mut pictures))
            .collect();
        let columns = columns(document);
        let all_pictures = |section: &SectionView<'d>| {
            let tables = section.tables.iter();
            tables
                .flat_map(|table| table.pictures.clone())
                .collect::<Vec<_>>()
        };
        Self {
            title: document.title,
            period: document.periods.join(" and "),
            made_by: &document.made_by,
            made_at: format!("{}Z", document.made_at.format("%Y-%m-%dT%H:%M:%S")),
            contents: contents(&sections),
            words_width: columns.first().map_or(TEXT_WIDTH, |column| column.width),
            number_width: NUMBER_WIDTH,
            columns,
            pictures: sections.iter().flat_map(all_pictures).collect(),
            sections,
            document,
        }
    }
}

impl<'d> SectionView<'d> {
    fn new(section: &'d Section, bookmarks: &mut usize, pictures: &mut usize) -> Self {
        let mut next = || {
            *bookmarks += 1;
            *bookmarks
        };
        let number = next();
        let tables = section.tables.iter().map(|table| TableView {
            table,
            number: next(),
            pictures: table
                .charts
                .iter()
                .map(|drawing| {
                    *pictures += 1;
                    PictureView {
                        number: *pictures,
                        title: &drawing.title,
                        description: &drawing.description,
                        width: picture::WIDTH * PIXEL,
                        height: drawing.height * PIXEL,
                        drawing,
                    }
                })
                .collect(),
        });
        Self {
            title: &section.title,
            number,
            tables: tables.collect(),
        }
    }
}

/// What the header of each table says, and how wide its columns are.
fn columns(document: &Document) -> Vec<Column> {
    let number = |words: String| Column {
        words,
        width: NUMBER_WIDTH,
        style: "NumberCell",
    };
    let mut columns = vec![];
    for period in &document.columns {
        for what in ["Count", "Percent"] {
            columns.push(number(match document.columns.as_slice() {
                [_] => what.to_owned(),
                _ => format!("{what}, {period}"),
            }));
        }
    }
    let taken: i64 = columns.iter().map(|column| column.width).sum();
    let words = Column {
        words: "Row".to_owned(),
        width: TEXT_WIDTH - taken,
        style: "Cell",
    };
    columns.insert(0, words);
    columns
}

fn contents<'d>(sections: &[SectionView<'d>]) -> Vec<Entry<'d>> {
    let entry = |level, words, number: usize| Entry {
        level,
        words,
        bookmark: format!("_Toc{number}"),
        first: false,
        last: false,
    };
    let mut entries: Vec<_> = sections
        .iter()
        .flat_map(|section| {
            let tables = section.tables.iter();
            let tables = tables.map(|table| entry(2, table.table.heading.as_str(), table.number));
            [entry(1, section.title, section.number)]
                .into_iter()
                .chain(tables)
        })
        .collect();
    if let Some(first) = entries.first_mut() {
        first.first = true;
    }
    if let Some(last) = entries.last_mut() {
        last.last = true;
    }
    entries
}
