//! The workbook to fill in: a sheet for each table of a moved-in spreadsheet, with the names of
//! its columns, and one that explains them.

use rust_xlsxwriter::{Format, FormatAlign, Workbook, XlsxError};

use super::{Table, holds, needed};
use crate::failure::Fault;
use crate::import::reading::{Required, Value};

pub fn workbook(tables: &[Table]) -> Result<Vec<u8>, Fault> {
    build(tables).map_err(|cause| Fault::because("the template cannot be made", &cause))
}

fn build(tables: &[Table]) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    let must = Format::new().set_bold();
    let may = Format::new();
    let day = Format::new().set_num_format("dd/mm/yyyy");
    let text = Format::new().set_num_format("@");
    let wrapped = Format::new().set_text_wrap().set_align(FormatAlign::Top);
    for table in tables {
        let sheet = book.add_worksheet().set_name(table.name)?;
        sheet.set_freeze_panes(1, 0)?;
        for (number, column) in (0_u16..).zip(table.columns) {
            let heading = match column.required {
                Required::Yes => &must,
                Required::No => &may,
            };
            let format = match column.value {
                Value::Date => &day,
                Value::Text | Value::Time => &text,
            };
            sheet.set_column_format(number, format)?;
            sheet.set_column_width(number, 18)?;
            sheet.write_with_format(0, number, column.name, heading)?;
        }
    }
    let sheet = book.add_worksheet().set_name("What the columns mean")?;
    for (number, (title, width)) in (0_u16..).zip([
        ("Sheet", 16),
        ("Column", 24),
        ("Needed", 9),
        ("Holds", 9),
        ("What it means", 90),
    ]) {
        sheet.set_column_width(number, width)?;
        sheet.write_with_format(0, number, title, &must)?;
    }
    let columns = tables
        .iter()
        .flat_map(|table| table.columns.iter().map(move |column| (table, column)));
    for (line, (table, column)) in (1_u32..).zip(columns) {
        sheet.write(line, 0, table.name)?;
        sheet.write(line, 1, column.name)?;
        sheet.write(line, 2, needed(column))?;
        sheet.write(line, 3, holds(column))?;
        sheet.write_with_format(line, 4, column.about, &wrapped)?;
    }
    book.save_to_buffer()
}
