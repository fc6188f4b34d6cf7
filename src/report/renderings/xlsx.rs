//! The report as an Excel workbook: one sheet a table with numbers that can be calculated with and
//! a chart of Excel's own, a sheet that says what it is, and one with the definitions.

use chrono::{Datelike, Timelike};
use rust_xlsxwriter::{
    Chart, ChartDataLabel, ChartFont, ChartFormat, ChartPatternFill, ChartPatternFillType,
    ChartSolidFill, ChartType, DocProperties, ExcelDateTime, Format, FormatAlign, FormatBorder,
    Workbook, Worksheet, XlsxError,
};

use crate::failure::Fault;
use crate::report::document::{Document, Table};
use crate::report::figures::count::Number;

pub fn to_xlsx(document: &Document) -> Result<Vec<u8>, Fault> {
    written(document)
        .map_err(|cause| Fault::because("the report cannot be written as Excel", &cause))
}

const TEAL: &str = "0D4A52";
const WORDS_WIDTH: f64 = 62.0;
const DEFINITION_WIDTH: f64 = 70.0;
const ABOUT_WIDTH: f64 = 90.0;
const NUMBER_WIDTH: f64 = 14.0;
/// Where the header of a table stands; what is above it says what the table counts.
const HEADER_ROW: u32 = 4;
const A4: u8 = 9;

struct Formats {
    title: Format,
    quiet: Format,
    words: Format,
    header: Format,
    header_number: Format,
    count: Format,
    percent: Format,
    decimal: Format,
}

impl Formats {
    fn new() -> Self {
        let words = Format::new().set_text_wrap().set_align(FormatAlign::Top);
        let header = Format::new()
            .set_bold()
            .set_text_wrap()
            .set_border_bottom(FormatBorder::Medium)
            .set_border_bottom_color(TEAL);
        let number = |code: &str| {
            Format::new()
                .set_num_format(code)
                .set_align(FormatAlign::Top)
        };
        Self {
            title: Format::new().set_bold().set_font_size(14),
            quiet: Format::new().set_font_color("475052"),
            words,
            header_number: header.clone().set_align(FormatAlign::Right),
            header,
            count: number("0"),
            percent: number("0\"%\""),
            decimal: number("0.0"),
        }
    }
}

fn written(document: &Document) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    let formats = Formats::new();
    let mut properties = DocProperties::new()
        .set_title(heading(document))
        .set_author(&document.made_by)
        .set_company(&document.service);
    if let Some(at) = made_at(document) {
        properties = properties.set_creation_datetime(&at);
    }
    book.set_properties(&properties);
    about(book.add_worksheet(), document, &formats)?;
    for (place, table) in document.tables().enumerate() {
        let name = sheet_name(place + 1, &table.heading);
        sheet(book.add_worksheet(), &name, table, document, &formats)?;
    }
    definitions(book.add_worksheet(), document, &formats)?;
    book.save_to_buffer()
}

fn heading(document: &Document) -> String {
    format!("{}, {}", document.title, document.periods.join(" and "))
}

fn made_at(document: &Document) -> Option<ExcelDateTime> {
    let at = document.made_at;
    let small = |number: u32| u8::try_from(number).ok();
    ExcelDateTime::from_ymd(
        u16::try_from(at.year()).ok()?,
        small(at.month())?,
        small(at.day())?,
    )
    .ok()?
    .and_hms(
        u16::try_from(at.hour()).ok()?,
        small(at.minute())?,
        at.second(),
    )
    .ok()
}

/// Excel takes 31 letters and none of `[]:*?/\`; the number keeps names apart.
fn sheet_name(number: usize, heading: &str) -> String {
    const MOST: usize = 31;
    let mut name = number.to_string();
    let plain = heading.replace(['[', ']', ':', '*', '?', '/', '\\'], " ");
    for word in plain.split_whitespace() {
        // Excel counts as Windows does.
        if name.encode_utf16().count() + 1 + word.encode_utf16().count() > MOST {
            break;
        }
        name.push(' ');
        name.push_str(word);
    }
    let name = name.trim_end_matches([',', '\'']);
    name.to_owned()
}

fn printed(sheet: &mut Worksheet, document: &Document) {
    // In the words at the edge of a page "&" begins a command.
    let service = document.service.replace('&', "&&");
    sheet
        .set_paper_size(A4)
        .set_print_fit_to_pages(1, 0)
        .set_header(format!("&L{service}&R{}", document.title))
        .set_footer(format!(
            "&L{}&RPage &P of &N",
            document.periods.join(" and ")
        ));
}

fn about(sheet: &mut Worksheet, document: &Document, formats: &Formats) -> Result<(), XlsxError> {
    sheet.set_name("About")?;
    printed(sheet, document);
    sheet.set_column_width(0, 14)?;
    sheet.set_column_width(1, ABOUT_WIDTH)?;
    sheet.write_string_with_format(0, 0, document.title, &formats.title)?;
    let mut row = 2;
    for about in &document.about {
        sheet.write_string_with_format(row, 0, about.name, &formats.words)?;
        sheet.write_string_with_format(row, 1, &about.words, &formats.words)?;
        high_enough(sheet, row, &about.words, ABOUT_WIDTH)?;
        row += 1;
    }
    for note in [document.standing].iter().chain(&document.notes) {
        row += 1;
        sheet.write_string_with_format(row, 1, *note, &formats.words)?;
        high_enough(sheet, row, note, ABOUT_WIDTH)?;
    }
    Ok(())
}

fn sheet(
    sheet: &mut Worksheet,
    name: &str,
    table: &Table,
    document: &Document,
    formats: &Formats,
) -> Result<(), XlsxError> {
    sheet.set_name(name)?;
    printed(sheet, document);
    sheet.set_column_width(0, WORDS_WIDTH)?;
    sheet.write_string_with_format(0, 0, table.title, &formats.title)?;
    sheet.write_string_with_format(1, 0, &table.of_what, &formats.quiet)?;
    sheet.write_string_with_format(
        2,
        0,
        format!("Counted by {}.", table.date_basis),
        &formats.quiet,
    )?;
    sheet.write_string_with_format(HEADER_ROW, 0, "Row", &formats.header)?;
    let longest = document.columns.iter().max_by_key(|words| words.len());
    if let Some(words) = longest.filter(|_| document.columns.len() > 1) {
        high_enough(
            sheet,
            HEADER_ROW,
            &format!("Percent, {words}"),
            NUMBER_WIDTH,
        )?;
    }
    for (column, period) in columns(document) {
        let [count, percent] = match document.columns.as_slice() {
            [_] => ["Count", "Percent"].map(str::to_owned),
            _ => ["Count", "Percent"].map(|what| format!("{what}, {period}")),
        };
        sheet.set_column_width(column, NUMBER_WIDTH)?;
        sheet.set_column_width(column + 1, NUMBER_WIDTH)?;
        sheet.write_string_with_format(HEADER_ROW, column, count, &formats.header_number)?;
        sheet.write_string_with_format(HEADER_ROW, column + 1, percent, &formats.header_number)?;
    }
    sheet.set_freeze_panes(HEADER_ROW + 1, 0)?;
    sheet.set_repeat_rows(HEADER_ROW, HEADER_ROW)?;

    let mut line = HEADER_ROW + 1;
    for row in &table.rows {
        sheet.write_string_with_format(line, 0, &row.label, &formats.words)?;
        high_enough(sheet, line, &row.label, WORDS_WIDTH)?;
        for ((column, _), cell) in columns(document).zip(&row.cells) {
            sheet.write_number_with_format(line, column, whole(cell.count), &formats.count)?;
            if let Some(percent) = cell.percent {
                sheet.write_number_with_format(
                    line,
                    column + 1,
                    whole(percent),
                    &formats.percent,
                )?;
            }
        }
        line += 1;
    }
    let last = line - 1;
    if table.percentages_note {
        sheet.write_string_with_format(
            line,
            0,
            "Percentages may not total 100.",
            &formats.quiet,
        )?;
        line += 1;
    }
    for beside in &table.beside {
        sheet.write_string_with_format(line, 0, beside.label, &formats.words)?;
        for ((column, _), number) in columns(document).zip(&beside.numbers) {
            match *number {
                Number::Whole(Some(number)) => {
                    sheet.write_number_with_format(line, column, whole(number), &formats.count)?;
                }
                Number::Fraction(Some(number)) => {
                    let number = whole(number.tenths()) / 10.0;
                    sheet.write_number_with_format(line, column, number, &formats.decimal)?;
                }
                Number::Whole(None) | Number::Fraction(None) => {}
            }
        }
        line += 1;
    }
    if !table.charts.is_empty() && !table.rows.is_empty() {
        let chart = chart(name, table, document, last)?;
        sheet.insert_chart(line + 1, 0, &chart)?;
    }
    Ok(())
}

/// The column where each period begins: its counts, and the percentages beside them.
fn columns(document: &Document) -> impl Iterator<Item = (u16, &String)> {
    (1..).step_by(2).zip(&document.columns)
}

/// A count of this service is far below what a number of Excel holds exactly.
fn whole(number: i64) -> f64 {
    f64::from(i32::try_from(number).unwrap_or(i32::MAX))
}

/// Excel takes 255 letters for what somebody is told who does not see a chart.
fn cut(text: &str) -> String {
    const MOST: usize = 255;
    if text.encode_utf16().count() <= MOST {
        return text.to_owned();
    }
    let mut kept = String::new();
    for word in text.split_whitespace() {
        // Room for the last word, which says that there is more.
        if kept.encode_utf16().count() + word.encode_utf16().count() + 3 > MOST {
            break;
        }
        kept.push_str(word);
        kept.push(' ');
    }
    kept + "…"
}

/// As high as its words need: not every program works that out when it opens the file.
fn high_enough(sheet: &mut Worksheet, row: u32, words: &str, width: f64) -> Result<(), XlsxError> {
    const LINE: f64 = 15.0;
    let letters = u32::try_from(words.chars().count()).unwrap_or(u32::MAX);
    let lines = (f64::from(letters) / width).ceil().max(1.0);
    sheet.set_row_height(row, LINE * lines)?;
    Ok(())
}

/// Excel's own bars, drawn from the cells of the sheet.
fn chart(
    sheet: &str,
    table: &Table,
    document: &Document,
    last_row: u32,
) -> Result<Chart, XlsxError> {
    let first = HEADER_ROW + 1;
    let mut chart = Chart::new(ChartType::Bar);
    for ((column, period), place) in columns(document).zip(0..) {
        let mut fill = ChartFormat::new();
        if place == 0 {
            fill.set_solid_fill(ChartSolidFill::new().set_color(TEAL));
        } else {
            // Told apart without colour.
            fill.set_pattern_fill(
                ChartPatternFill::new()
                    .set_pattern(ChartPatternFillType::DiagonalStripesWideUpwards)
                    .set_foreground_color(TEAL)
                    .set_background_color("FFFFFF"),
            );
        }
        chart
            .add_series()
            .set_name(period)
            .set_categories((sheet, first, 0, last_row, 0))
            .set_values((sheet, first, column, last_row, column))
            .set_gap(40)
            .set_format(&mut fill)
            .set_data_label(ChartDataLabel::new().show_value());
    }
    chart
        .title()
        .set_name(table.title)
        .set_font(ChartFont::new().set_size(12));
    // The first row on top, as in the table; the values stand at the bars.
    chart.y_axis().set_reverse();
    chart.x_axis().set_major_gridlines(false).set_hidden(true);
    if document.columns.len() == 1 {
        chart.legend().set_hidden();
    }
    let bars = u32::try_from(table.rows.len() * document.columns.len()).unwrap_or(20);
    chart.set_width(660).set_height(120 + 28 * bars);
    if let Some(drawing) = table.charts.first() {
        chart.set_alt_text(cut(&drawing.description));
    }
    Ok(chart)
}

fn definitions(
    sheet: &mut Worksheet,
    document: &Document,
    formats: &Formats,
) -> Result<(), XlsxError> {
    sheet.set_name("Definitions")?;
    printed(sheet, document);
    sheet.set_landscape();
    let columns = [
        ("Table", 42.0),
        ("What it counts", DEFINITION_WIDTH),
        ("Percentages are of", 36.0),
        ("Unit", 16.0),
        ("Counted by", 36.0),
        ("Name in data", 28.0),
    ];
    for ((name, width), column) in columns.into_iter().zip(0..) {
        sheet.set_column_width(column, width)?;
        sheet.write_string_with_format(0, column, name, &formats.header)?;
    }
    sheet.set_freeze_panes(1, 0)?;
    sheet.set_repeat_rows(0, 0)?;
    for (table, row) in document.tables().zip(1..) {
        let told = [
            table.title,
            table.definition,
            table.base_words,
            table.unit,
            table.date_basis,
            table.id,
        ];
        for (words, column) in told.into_iter().zip(0..) {
            sheet.write_string_with_format(row, column, words, &formats.words)?;
        }
        high_enough(sheet, row, table.definition, DEFINITION_WIDTH)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sheet_has_a_name_that_excel_takes() {
        assert_eq!(sheet_name(2, "Offers taken up"), "2 Offers taken up");
        assert_eq!(
            sheet_name(4, "Cases closed and still open at the end of the period"),
            "4 Cases closed and still open"
        );
        assert_eq!(sheet_name(9, "What? [a/b]: *c*"), "9 What a b c");
        assert_eq!(sheet_name(9, &"x".repeat(40)), "9");
    }
}
