//! Excel workbooks as scheduling teams send them: read into the very rows that a CSV file gives.

use heard::failure::Failure;
use heard::import::Report;
use heard::import::actions::{ImportFile, Run};
use rust_xlsxwriter::{Format, Workbook, Worksheet};

use crate::helpers::given::{import_files, referral_of};
use crate::helpers::schedule::{Row, columns, import, import_bytes, results, row, text};
use crate::helpers::{day, each_database, each_place, on_sqlite};

/// A day as a spreadsheet keeps it.
fn serial(date: chrono::NaiveDate) -> i32 {
    (date - day("1899-12-30")).num_days().try_into().unwrap()
}

/// A schedule on a sheet, from the given row down, days as numbers that look like days.
fn fill(sheet: &mut Worksheet, top: u32, rows: &[Row]) {
    let as_day = Format::new().set_num_format("dd/mm/yyyy");
    let table = text(rows, &columns(rows), b',');
    for (number, line) in (top..).zip(table.lines()) {
        for (column, value) in (0..).zip(line.split(',')) {
            match value.parse::<chrono::NaiveDate>() {
                Ok(date) => sheet.write_with_format(number, column, serial(date), &as_day),
                Err(_) => sheet.write(number, column, value),
            }
            .unwrap();
        }
    }
}

fn workbook(fill: impl FnOnce(&mut Workbook)) -> Vec<u8> {
    let mut book = Workbook::new();
    fill(&mut book);
    book.save_to_buffer().unwrap()
}

fn rows() -> Vec<Row> {
    vec![row("CPC-1", "K1"), row("CPC-1", "K2").born("2015-01-01")]
}

fn refusal(answer: Result<Report, Failure>) -> String {
    match answer {
        Err(Failure::Refused(sentence)) => sentence,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_workbook_and_a_csv_file_of_the_same_rows_are_one() {
    each_place(|place| {
        import(&place.db, &rows());
        let book = workbook(|book| fill(book.add_worksheet(), 0, &rows()));
        let again = import_bytes(&place.db, &book, Run::Keep).unwrap();
        assert_eq!(results(&again), [0, 0, 2, 0, 0], "{:?}", again.problems);
    });
}

#[test]
fn titles_above_the_header_are_no_rows_and_may_be_merged() {
    each_database(|db| {
        let book = workbook(|book| {
            let sheet = book.add_worksheet();
            let title = "Child protection conferences, April";
            sheet
                .merge_range(0, 0, 0, 5, title, &Format::new())
                .unwrap();
            sheet.write(1, 0, "Printed on").unwrap();
            sheet.write(1, 1, 44_650.5).unwrap();
            fill(sheet, 3, &rows());
        });
        let report = import_bytes(db, &book, Run::Keep).unwrap();
        assert_eq!(results(&report), [2, 0, 0, 0, 0]);
        assert_eq!(report.results.last().unwrap().row, 2);
    });
    on_sqlite(|place| {
        let table = text(&rows(), &columns(&rows()), b',');
        let titled = format!("Conferences of April\n\nPrinted,1 April\n{table}");
        let report = import_bytes(&place.db, titled.as_bytes(), Run::Keep).unwrap();
        assert_eq!(results(&report), [2, 0, 0, 0, 0]);
    });
}

#[test]
fn days_and_times_without_a_format_are_days_and_times_where_they_belong() {
    each_database(|db| {
        let book = workbook(|book| {
            let sheet = book.add_worksheet();
            fill(sheet, 0, &[row("CPC-1", "K1").with("conference_time", "x")]);
            let names = columns(&[row("CPC-1", "K1").with("conference_time", "x")]);
            for (column, name) in (0..).zip(&names) {
                match *name {
                    "conference_date" => drop(sheet.write(1, column, 44_671).unwrap()),
                    "conference_time" => drop(sheet.write(1, column, 14.5 / 24.0).unwrap()),
                    "child_ref" => drop(sheet.write(1, column, 10_042).unwrap()),
                    _ => {}
                }
            }
        });
        let report = import_bytes(db, &book, Run::Keep).unwrap();
        assert_eq!(results(&report), [1, 0, 0, 0, 0], "{:?}", report.problems);
        let referral = referral_of(db, "10042");
        let child = referral.conference_child.unwrap();
        let child = db
            .read(&crate::helpers::PROGRAM, |ctx| {
                heard::conferences::store::find(ctx, &child)
            })
            .unwrap()
            .unwrap();
        assert_eq!(child.place.held_on, day("2022-04-20"));
        assert_eq!(child.place.starts_at.as_deref(), Some("14:30"));
    });
}

#[test]
fn merged_cells_are_refused_by_the_name_of_the_cell_and_stop_no_other_row() {
    each_database(|db| {
        let book = workbook(|book| {
            let sheet = book.add_worksheet();
            let all = [row("CPC-1", "K1"), row("CPC-2", "K2"), row("CPC-2", "K3")];
            fill(sheet, 2, &all);
            let venue = columns(&all).len().try_into().unwrap();
            sheet.write(2, venue, "venue").unwrap();
            sheet
                .merge_range(4, venue, 5, venue, "Town hall", &Format::new())
                .unwrap();
        });
        let report = import_bytes(db, &book, Run::Keep).unwrap();
        assert_eq!(results(&report), [1, 0, 0, 2, 0]);
        let told: Vec<(u32, &str)> = report
            .problems
            .iter()
            .map(|problem| (problem.row, problem.column.as_str()))
            .collect();
        assert_eq!(told, [(2, "venue"), (3, "venue")]);
        let width = columns(&[row("CPC-1", "K1")]).len();
        let letter = char::from(b'A' + u8::try_from(width).unwrap());
        let reason = &report.problems[0].reason;
        assert!(
            reason.contains(&format!("the cell {letter}5 is merged")),
            "{reason}"
        );
    });
}

#[test]
fn what_is_wrong_with_a_value_is_told_with_its_cell() {
    each_database(|db| {
        let book = workbook(|book| {
            let bad = [row("CPC-1", "K1"), row("CPC-1", "K2").kind("party")];
            fill(book.add_worksheet(), 1, &bad);
        });
        let report = import_bytes(db, &book, Run::Keep).unwrap();
        let names = columns(&[row("CPC-1", "K1")]);
        let place = names
            .iter()
            .position(|it| *it == "conference_type")
            .unwrap();
        let letter = char::from(b'A' + u8::try_from(place).unwrap());
        let reason = &report.problems[0].reason;
        assert!(reason.ends_with(&format!("(cell {letter}4)")), "{reason}");
    });
}

#[test]
fn of_several_sheets_the_one_with_the_table_is_read_and_two_are_refused() {
    on_sqlite(|place| {
        let book = workbook(|book| {
            book.add_worksheet().write(0, 0, "Notes for Ann").unwrap();
            fill(book.add_worksheet(), 0, &rows());
            let hidden = book.add_worksheet().set_hidden(true);
            fill(hidden, 0, &[row("CPC-9", "K9")]);
        });
        let report = import_bytes(&place.db, &book, Run::Keep).unwrap();
        assert_eq!(results(&report), [2, 0, 0, 0, 0]);
        let both = workbook(|book| {
            fill(book.add_worksheet().set_name("April").unwrap(), 0, &rows());
            fill(book.add_worksheet().set_name("May").unwrap(), 0, &rows());
        });
        let sentence = refusal(import_bytes(&place.db, &both, Run::Keep));
        assert!(sentence.contains("\"April\" and \"May\""), "{sentence}");
    });
}

#[test]
fn a_damaged_workbook_is_refused_whole_wherever_it_is_damaged() {
    on_sqlite(|place| {
        let good = workbook(|book| fill(book.add_worksheet(), 0, &rows()));
        let before = place.counts();
        for cut in (4..good.len()).step_by(61) {
            refusal(import_bytes(&place.db, &good[..cut], Run::Keep));
        }
        assert_eq!(place.counts(), before);
        let mut taken = 0;
        for place_in_file in (0..good.len()).step_by(37) {
            let mut bytes = good.clone();
            bytes[place_in_file] ^= 0x55;
            match import_bytes(&place.db, &bytes, Run::Rehearse) {
                Ok(_) => taken += 1,
                Err(Failure::Refused(_)) => {}
                Err(other) => panic!("byte {place_in_file}: {other}"),
            }
        }
        assert!(taken > 0, "what does not matter stops nothing");
    });
}

#[test]
fn a_moved_in_spreadsheet_may_be_one_workbook() {
    each_database(|db| {
        let book = workbook(|book| {
            let sheet = book.add_worksheet().set_name("Meetings").unwrap();
            for (column, name) in (0..).zip(["referral_ref", "held_on", "type", "attendance"]) {
                sheet.write(0, column, name).unwrap();
            }
            let values = ["R1", "2021-07-01", "review", "attended"];
            for (column, value) in (0..).zip(values) {
                sheet.write(1, column, value).unwrap();
            }
            let sheet = book.add_worksheet().set_name("Referrals").unwrap();
            let text = [
                "referral_ref,child_ref,first_name,last_name,date_of_birth,stream,source,received_on,decision,outcome",
                "R1,K1,Amina,Khan,2008-05-10,child_protection,self,2021-06-01,in_remit,no_response",
            ];
            for (line, row) in (0..).zip(text) {
                for (column, value) in (0..).zip(row.split(',')) {
                    sheet.write(line, column, value).unwrap();
                }
            }
        });
        let file = ImportFile {
            name: "ours.xlsx".to_owned(),
            bytes: book,
        };
        let report = import_files(db, &[file]).unwrap();
        assert_eq!(report.rows, 2, "{:?}", report.problems);
        assert_eq!(report.results[0].file.as_deref(), Some("Referrals"));
        assert_eq!(referral_of(db, "K1").request.received_on, day("2021-06-01"));
    });
}
