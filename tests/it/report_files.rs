//! The year's report as files: each is opened with another program than the one that wrote it, and
//! the numbers in it are those of the report.

use std::io::{Cursor, Read};

use calamine::{Data, Reader, Xlsx};
use docx_rs::{DocumentChild, TableCellContent, TableChild, TableRowChild, read_docx};
use heard::access::Role;
use heard::audit;
use heard::calendar::Period;
use heard::db::Db;
use heard::report::annual::{AnnualReport, Scope, annual};
use heard::report::document::{Document, Made, no_links};
use heard::report::figures::count::Number;
use heard::report::renderings::{to_docx, to_html, to_xlsx};

use crate::helpers::{PROGRAM, day, each_database, each_place, load_seeds};
use crate::web_guard::Site;

const YEAR: &str = "from=2021-04-01&to=2022-03-31";

fn report(db: &Db, period: Period) -> AnnualReport {
    db.read(&PROGRAM, |ctx| annual(ctx, &period, &Scope::All, 13))
        .unwrap()
}

fn made() -> Made<'static> {
    Made {
        service: "Children's Rights & Participation",
        by: "Samira",
        only: None,
        at: day("2022-05-01").and_hms_opt(9, 0, 0).unwrap(),
    }
}

fn document(report: &AnnualReport) -> Document {
    Document::new(report, None, &made(), &no_links)
}

/// The invented year.
fn year(db: &Db) -> AnnualReport {
    load_seeds(db);
    report(db, Period::financial_year(2021))
}

/// A reason that a council may well add, and one that a spreadsheet would run.
const AWKWARD: [&str; 3] = [
    "=HYPERLINK(\"http://a\")",
    "<b>Pets</b> & \"birds\"",
    "名前 🐶",
];

fn awkward(mut report: AnnualReport) -> AnnualReport {
    let reasons = &mut report.tables[6].rows;
    for (row, label) in reasons.iter_mut().zip(AWKWARD) {
        row.label = label.to_owned();
    }
    report
}

#[test]
fn the_workbook_holds_every_number_as_a_number() {
    each_database(|db: &Db| {
        let document = document(&awkward(year(db)));
        let mut book: Xlsx<_> = Xlsx::new(Cursor::new(to_xlsx(&document).unwrap())).unwrap();
        let sheets = book.sheet_names();
        assert_eq!(sheets.len(), document.tables().count() + 2);
        assert_eq!(
            (sheets[0].as_str(), sheets[sheets.len() - 1].as_str()),
            ("About", "Definitions")
        );
        for (table, name) in document.tables().zip(&sheets[1..]) {
            let range = book.worksheet_range(name).unwrap();
            assert_eq!(
                range.get_value((0, 0)),
                Some(&Data::String(table.title.to_owned()))
            );
            let numbers = table.rows.iter().map(|row| {
                let cell = &row.cells[0];
                (row.label.clone(), cell.count, cell.percent)
            });
            for (line, (label, count, percent)) in (5..).zip(numbers) {
                let value = |column| range.get_value((line, column)).cloned();
                assert_eq!(value(0), Some(Data::String(label)), "{name}");
                assert_eq!(value(1), Some(number(count)), "{name}");
                assert_eq!(
                    value(2).unwrap_or(Data::Empty),
                    percent.map_or(Data::Empty, number),
                    "{name}"
                );
            }
            // A text that looks like a formula is none.
            assert!(book.worksheet_formula(name).unwrap().is_empty(), "{name}");
            for beside in &table.beside {
                let mut lines = range.rows();
                let line = lines.find(|line| line[0] == Data::String(beside.label.to_owned()));
                let told = match beside.numbers[0] {
                    Number::Whole(number) => number.map(|it| it.to_string()),
                    Number::Fraction(number) => number.map(|it| {
                        serde_json::to_string(&it)
                            .unwrap()
                            .trim_end_matches(".0")
                            .to_owned()
                    }),
                };
                assert_eq!(
                    line.unwrap()[1].to_string(),
                    told.unwrap_or_default(),
                    "{}",
                    beside.label
                );
            }
        }
        let definitions = book.worksheet_range("Definitions").unwrap();
        assert_eq!(definitions.height(), document.tables().count() + 1);
    });
}

fn number(number: i64) -> Data {
    Data::Float(f64::from(i32::try_from(number).unwrap()))
}

#[test]
fn each_sheet_has_a_chart_of_excels_own_a_frozen_header_and_is_set_for_a4() {
    each_database(|db: &Db| {
        let document = document(&year(db));
        let file = to_xlsx(&document).unwrap();
        let charts = parts(&file)
            .iter()
            .filter(|name| name.starts_with("xl/charts/chart"))
            .count();
        let drawn = document
            .tables()
            .filter(|table| !table.charts.is_empty() && !table.rows.is_empty());
        assert_eq!(charts, drawn.count());
        let sheet = part(&file, "xl/worksheets/sheet2.xml");
        for wanted in ["state=\"frozen\"", "paperSize=\"9\"", "fitToHeight=\"0\""] {
            assert!(sheet.contains(wanted), "{wanted}");
        }
        assert!(part(&file, "xl/workbook.xml").contains("_xlnm.Print_Titles"));
    });
}

#[test]
fn the_word_file_holds_the_tables_of_the_report() {
    each_database(|db: &Db| {
        let document = document(&awkward(year(db)));
        let file = to_docx(&document).unwrap();
        let found = tables_of(&file);
        let wanted: Vec<Vec<Vec<String>>> = document
            .tables()
            .filter(|table| !table.rows.is_empty())
            .map(|table| {
                let header = ["Row", "Count", "Percent"].map(str::to_owned).to_vec();
                let rows = table.rows.iter().map(|row| {
                    let cell = &row.cells[0];
                    vec![
                        row.label.clone(),
                        cell.count.to_string(),
                        cell.percent_words.clone(),
                    ]
                });
                std::iter::once(header).chain(rows).collect()
            })
            .collect();
        assert_eq!(found, wanted);
    });
}

#[test]
fn the_word_file_can_be_read_by_those_who_do_not_see_it() {
    each_database(|db: &Db| {
        let document = document(&year(db));
        let file = to_docx(&document).unwrap();
        let text = part(&file, "word/document.xml").replace("&#x27;", "'");
        let tables = document
            .tables()
            .filter(|table| !table.rows.is_empty())
            .count();
        let charts: Vec<_> = document.tables().flat_map(|table| &table.charts).collect();
        assert_eq!(text.matches("<w:tblHeader/>").count(), tables);
        assert_eq!(text.matches("<w:drawing>").count(), charts.len());
        assert!(!text.contains("descr=\"\""));
        for (number, chart) in (1..).zip(charts) {
            let described = text.contains(&chart.description);
            assert!(described, "{}", chart.description);
            let picture = bytes_of(&file, &format!("word/media/chart{number}.png"));
            assert!(picture.starts_with(b"\x89PNG") && picture.len() > 2_000);
        }
        for style in ["Title", "Heading1", "Heading2", "TOC1", "TOC2"] {
            assert!(
                text.contains(&format!("<w:pStyle w:val=\"{style}\"/>")),
                "{style}"
            );
        }
        assert!(text.contains("TOC \\o"));
        assert!(part(&file, "word/styles.xml").contains("w:lang w:val=\"en-GB\""));
        assert!(part(&file, "word/footer.xml").contains(" PAGE "));
        assert!(part(&file, "docProps/core.xml").contains("<dc:title>Annual report, 1 April 2021"));
    });
}

#[cfg(feature = "pdf")]
#[test]
fn the_pdf_is_tagged_and_has_a_title_and_a_language() {
    each_database(|db: &Db| {
        // PDF/UA-1 is checked as it is written: a file that breaks it is not made.
        let file = heard::report::renderings::to_pdf(&document(&awkward(year(db)))).unwrap();
        let text = String::from_utf8_lossy(&file);
        assert!(text.starts_with("%PDF-"));
        for wanted in [
            "<pdfuaid:part>1</pdfuaid:part>",
            "/MarkInfo",
            "/StructTreeRoot",
            "/Lang(en-GB)",
            "/DisplayDocTitle true",
            "Annual report, 1 April 2021 to 31 March 2022",
        ] {
            assert!(text.contains(wanted), "{wanted}");
        }
    });
}

#[test]
fn a_report_of_nothing_is_a_file_too() {
    each_database(|db: &Db| {
        let document = document(&report(db, Period::financial_year(1999)));
        assert!(document.tables().all(|table| table.charts.is_empty()));
        assert_eq!(tables_of(&to_docx(&document).unwrap()).len(), {
            document
                .tables()
                .filter(|table| !table.rows.is_empty())
                .count()
        });
        Xlsx::new(Cursor::new(to_xlsx(&document).unwrap())).unwrap();
        #[cfg(feature = "pdf")]
        heard::report::renderings::to_pdf(&document).unwrap();
    });
}

#[test]
fn the_year_before_stands_beside_in_every_form() {
    each_database(|db: &Db| {
        let (this, last) = (year(db), report(db, Period::financial_year(2020)));
        let document = Document::new(&this, Some(&last), &made(), &no_links);
        let told = "1 April 2020 to 31 March 2021";
        assert!(to_html(&document).unwrap().contains(told));
        let told = "2020 to 2021";
        let file = to_docx(&document).unwrap();
        assert!(tables_of(&file).iter().flatten().all(|row| row.len() == 5));
        let mut book: Xlsx<_> = Xlsx::new(Cursor::new(to_xlsx(&document).unwrap())).unwrap();
        let sheet = book.worksheet_range_at(1).unwrap().unwrap();
        assert_eq!(
            sheet.get_value((4, 3)),
            Some(&Data::String(format!("Count, {told}")))
        );
        #[cfg(feature = "pdf")]
        heard::report::renderings::to_pdf(&document).unwrap();
    });
}

#[test]
fn the_command_writes_each_form_to_a_file_or_to_standard_output() {
    each_place(|place| {
        let formats = if cfg!(feature = "pdf") {
            &["xlsx", "docx", "html", "pdf"][..]
        } else {
            &["xlsx", "docx", "html"]
        };
        let annual = [
            "report",
            "annual",
            "--from",
            "2021-04-01",
            "--to",
            "2022-03-31",
        ];
        for format in formats {
            let path = place.folder.path().join(format!("report.{format}"));
            let path = path.to_str().unwrap();
            let more = ["--format", format, "--year-before", "--out", path];
            let done = place.heard(&[&annual[..], &more].concat());
            assert_eq!(
                (done.code, done.out.as_str()),
                (0, ""),
                "{format}: {}",
                done.err
            );
            let begins = &std::fs::read(path).unwrap()[..4];
            let wanted: &[u8] = match *format {
                "pdf" => b"%PDF",
                "html" => b"<!DO",
                _ => b"PK\x03\x04",
            };
            assert_eq!(begins, wanted, "{format}");
        }
        let refused = [
            &["--format", "odt"][..],
            &["--format", "csv", "--year-before"],
        ];
        for more in refused {
            let done = place.heard(&[&annual[..], more].concat());
            assert_eq!((done.code, done.out.as_str()), (2, ""), "{more:?}");
        }
    });
}

#[actix_web::test]
async fn a_copy_is_for_those_who_may_see_the_page_and_is_on_the_access_record() {
    let site = Site::new();
    let mut manager = site.sign_in(Role::Manager).await;
    let page = manager
        .open(&site, &format!("/reports/annual?{YEAR}&beside=year-before"))
        .await;
    for format in ["docx", "xlsx", "html", "csv", "json"] {
        let path = format!("/reports/annual/export?{YEAR}&format={format}");
        assert!(
            page.text().contains(&path.replace('&', "&amp;")),
            "{format}"
        );
        let copy = manager.open(&site, &path).await;
        assert_eq!(copy.status.as_u16(), 200, "{format}");
        let name = copy
            .headers
            .get("content-disposition")
            .unwrap()
            .to_str()
            .unwrap();
        assert_eq!(
            name,
            format!("attachment; filename=\"annual-report-2021-04-01-to-2022-03-31.{format}\"")
        );
    }
    let lines = site
        .app
        .db
        .read(&PROGRAM, |ctx| audit::lines(ctx, None, i64::MAX, 50))
        .unwrap();
    let exported: Vec<_> = lines
        .iter()
        .filter(|line| line.action == "exported")
        .collect();
    assert_eq!(exported.len(), 5);
    assert!(exported[4].details.contains("\"docx\"") && exported[4].details.contains("2021-04-01"));
    let unknown = format!("/reports/annual/export?{YEAR}&format=odt");
    assert_eq!(manager.open(&site, &unknown).await.status.as_u16(), 404);
    let mut auditor = site.sign_in(Role::Auditor).await;
    let path = format!("/reports/annual/export?{YEAR}&format=docx");
    assert_eq!(auditor.open(&site, &path).await.status.as_u16(), 404);
}

#[actix_web::test]
async fn the_page_draws_what_it_counts_and_can_show_the_year_before() {
    let site = Site::new();
    load_seeds(&site.app.db);
    let mut senior = site.sign_in(Role::SeniorOfficer).await;
    let page = senior
        .open(&site, &format!("/reports/annual?{YEAR}"))
        .await
        .text();
    assert!(page.contains("role=\"img\"") && page.contains("<desc"));
    assert!(!page.contains("style="));
    assert!(page.contains(
        "A flow. Referred: 254, of these: Did not take up the offer: 169. Accepted: 85."
    ));
    let both = senior
        .open(&site, &format!("/reports/annual?{YEAR}&beside=year-before"))
        .await
        .text();
    assert!(both.contains("Count, 2020 to 2021"));
}

fn parts(file: &[u8]) -> Vec<String> {
    let archive = zip::ZipArchive::new(Cursor::new(file)).unwrap();
    let names = archive.file_names();
    names.map(|name| name.unwrap().into_owned()).collect()
}

fn bytes_of(file: &[u8], name: &str) -> Vec<u8> {
    let mut archive = zip::ZipArchive::new(Cursor::new(file)).unwrap();
    let mut bytes = Vec::new();
    archive
        .by_name(name)
        .unwrap()
        .read_to_end(&mut bytes)
        .unwrap();
    bytes
}

fn part(file: &[u8], name: &str) -> String {
    String::from_utf8(bytes_of(file, name)).unwrap()
}

/// The words of every table of a Word file, as another reader finds them.
fn tables_of(file: &[u8]) -> Vec<Vec<Vec<String>>> {
    let cell_words = |cell: &TableRowChild| {
        let TableRowChild::TableCell(cell) = cell;
        let paragraphs = cell.children.iter().filter_map(|child| match child {
            TableCellContent::Paragraph(paragraph) => Some(paragraph.raw_text()),
            _ => None,
        });
        paragraphs.collect::<String>()
    };
    let document = read_docx(file).unwrap().document;
    let tables = document.children.iter().filter_map(|child| match child {
        DocumentChild::Table(table) => Some(table),
        _ => None,
    });
    tables
        .map(|table| {
            let rows = table
                .rows
                .iter()
                .map(|TableChild::TableRow(row)| row.cells.iter().map(cell_words).collect());
            rows.collect()
        })
        .collect()
}
