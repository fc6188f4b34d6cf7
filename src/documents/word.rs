//! A document as a Word file, with headings and paragraphs that Word and a screen reader know as
//! such.

use std::io::Cursor;

use docx_rs::{Docx, LineSpacing, PageMargin, Paragraph, Run, RunFonts, Style, StyleType};

use super::Block;
use crate::failure::Fault;

const FONT: &str = "Arial";
/// In half points.
const BODY: usize = 28;
const HEADING: usize = 36;
/// In twentieths of a point: A4, and the space around the text.
const A4: (u32, u32) = (11_906, 16_838);
const MARGIN: i32 = 1_134;
/// Empty lines where somebody writes by hand.
const ROOM: usize = 6;

/// The bytes of the file.
pub(super) fn file(blocks: &[Block]) -> Result<Vec<u8>, Fault> {
    let margin = PageMargin::new()
        .top(MARGIN)
        .bottom(MARGIN)
        .left(MARGIN)
        .right(MARGIN);
    let heading = Style::new("Heading1", StyleType::Paragraph)
        .name("heading 1")
        .size(HEADING)
        .bold()
        .outline_lvl(0);
    let mut docx = Docx::new()
        .page_size(A4.0, A4.1)
        .page_margin(margin)
        .default_fonts(RunFonts::new().ascii(FONT).hi_ansi(FONT).cs(FONT))
        .default_size(BODY)
        .default_line_spacing(LineSpacing::new().after(200))
        .add_style(heading);
    for block in blocks {
        docx = match block {
            Block::Heading { text } => docx.add_paragraph(
                Paragraph::new()
                    .style("Heading1")
                    .keep_next(true)
                    .add_run(Run::new().add_text(text)),
            ),
            Block::Paragraph { text } => {
                docx.add_paragraph(Paragraph::new().add_run(Run::new().add_text(text)))
            }
            Block::Space => (0..ROOM).fold(docx, |docx, _| docx.add_paragraph(Paragraph::new())),
        };
    }
    let mut bytes = Cursor::new(Vec::new());
    docx.build()
        .pack(&mut bytes)
        .map_err(|cause| Fault::because("a Word file cannot be written", &cause))?;
    Ok(bytes.into_inner())
}
