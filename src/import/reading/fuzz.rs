//! Files that nobody would send: good ones, spoilt at random for as long as there is time. Whatever
//! comes, the reader answers, answers the same again, and what it takes it takes whole.

use std::time::{Duration, Instant};

use rust_xlsxwriter::Workbook;

use super::*;
use crate::import::intake::{KINDS, known};

/// A small generator of numbers (splitmix64): a seed always gives the same files.
struct Dice(u64);

impl Dice {
    fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// From 0 to just below `limit`; 0 where there is none.
    fn below(&mut self, limit: usize) -> usize {
        usize::try_from(self.roll() % u64::try_from(limit.max(1)).unwrap()).unwrap()
    }
}

const GOOD: [&str; 5] = [
    "conference_ref,conference_type,conference_date,child_ref,first_name,last_name,date_of_birth\n\
     C1,initial,2022-04-20,K1,Amina,Khan,2009-05-10\nC1,ICPC,20/04/2022,K2,\"O'Neill, Zoe\",Smith,\n",
    "\u{feff}Child ref;First name;Last name;DOB;Conference ref;Conference type;Conference date\r\n\
     K1;Łukasz;Wójcik;01/02/2010;C9;review;1 May 2022\r\n;;;;;;\r\nK2;A;B;C;D;E;F\r\n",
    "child_ref\tcode\tfrom\tto\nK1\tC2\t2021-01-01\t\nK2\tV2\t01/03/2021\t2022-01-01\n",
    "Placements for April\n\nchild_ref,first_name,last_name,date_of_birth,home,provider,kind,postcode,from,to\n\
     K1,Ann,Bell,2008-01-01,\"The Elms\n(upper floor)\",Elm Ltd,K2,LE1 1AA,2021-01-01,\n",
    "referral_ref,child_ref,first_name,last_name,date_of_birth,stream,source,received_on,decision\n\
     R1,K1,\"Quote \"\"x\"\"\",Bell,2008-01-01,care,self,2021-05-05,in_remit\n",
];

const PIECES: [&[u8]; 24] = [
    b"\"",
    b"\"\"",
    b",",
    b";",
    b"\t",
    b"|",
    b"\r",
    b"\n",
    b"\r\n\r\n",
    b"\0",
    b"\xff",
    b"\xc3",
    b"\xef\xbb\xbf",
    b"\xfe\xff",
    b"=1+1",
    b"31/02/2009",
    b"99999999999999999999",
    b"-",
    b"first_name",
    b"child_ref,child_ref",
    b"\x1a",
    b"PK\x03\x04",
    b"\xe2\x80\xa8",
    b"''",
];

fn workbook(dice: &mut Dice) -> Vec<u8> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    let first = u32::try_from(dice.below(3)).unwrap();
    let text = GOOD[dice.below(GOOD.len())];
    for (line, row) in text.trim_start_matches('\u{feff}').lines().zip(first..) {
        for (value, column) in line.split([',', ';', '\t']).zip(0u16..) {
            let _ = match dice.below(8) {
                0 => sheet
                    .write_number(
                        row,
                        column,
                        f64::from(u32::try_from(dice.below(90_000)).unwrap()) / 2.0,
                    )
                    .map(|_| ()),
                1 => sheet.write_boolean(row, column, true).map(|_| ()),
                2 => sheet.write_formula(row, column, "=1/0").map(|_| ()),
                _ => sheet.write_string(row, column, value).map(|_| ()),
            };
        }
        if dice.below(9) == 0 {
            let _ = sheet.merge_range(row, 1, row + 1, 2, "both", &rust_xlsxwriter::Format::new());
        }
    }
    book.save_to_buffer().unwrap()
}

fn spoilt(dice: &mut Dice) -> Vec<u8> {
    let mut bytes = match dice.below(12) {
        0 => workbook(dice),
        _ => GOOD[dice.below(GOOD.len())].as_bytes().to_vec(),
    };
    for _ in 0..dice.below(12) {
        let at = dice.below(bytes.len() + 1);
        let end = (at + dice.below(40)).min(bytes.len());
        match dice.below(8) {
            0 if at < bytes.len() => bytes[at] ^= 1 << dice.below(8),
            1 => drop(bytes.drain(at..end)),
            2 => {
                let copy = bytes[at..end].to_vec();
                let to = dice.below(bytes.len() + 1);
                bytes.splice(to..to, copy);
            }
            3 => bytes.truncate(at),
            4 => {
                let other = GOOD[dice.below(GOOD.len())].as_bytes();
                bytes.splice(at..end, other[dice.below(other.len())..].iter().copied());
            }
            5 => {
                let long = vec![bytes.get(at).copied().unwrap_or(b'x'); dice.below(5_000)];
                bytes.splice(at..at, long);
            }
            _ => {
                let piece = PIECES[dice.below(PIECES.len())];
                bytes.splice(at..end.min(at + dice.below(3)), piece.iter().copied());
            }
        }
    }
    bytes
}

/// What was taken, written plainly and read again, is the same.
fn is_read_back(table: &Table, columns: &Columns) {
    let good: Vec<&RawRow> = table
        .rows
        .iter()
        .filter(|row| row.fault.is_none())
        .collect();
    if good.is_empty() {
        return;
    }
    let mut writer = csv::WriterBuilder::new()
        .quote_style(csv::QuoteStyle::Always)
        .from_writer(Vec::new());
    writer.write_record(&table.columns).unwrap();
    for row in &good {
        writer
            .write_record(table.columns.iter().map(|name| row.values[name].as_str()))
            .unwrap();
    }
    let bytes = writer.into_inner().unwrap();
    let again = read_table(&bytes, columns, None).unwrap();
    let values = |rows: &[&RawRow]| -> Vec<BTreeMap<String, String>> {
        rows.iter().map(|row| row.values.clone()).collect()
    };
    let again: Vec<&RawRow> = again.rows.iter().collect();
    assert_eq!(values(&good), values(&again));
}

/// `FUZZ_SECONDS=1800 cargo test --lib files_that_nobody_would_send` looks for half an hour.
#[test]
fn files_that_nobody_would_send_are_read_or_refused() {
    let seconds = std::env::var("FUZZ_SECONDS").map_or(1, |text| text.parse().unwrap());
    let first = std::env::var("FUZZ_SEED").map_or(1, |text| text.parse().unwrap());
    let (began, mut seed, mut taken) = (Instant::now(), first, 0);
    while began.elapsed() < Duration::from_secs(seconds) {
        let bytes = spoilt(&mut Dice(seed));
        for kind in KINDS {
            let columns = Columns::new(known(kind));
            let read = std::panic::catch_unwind(|| {
                let read = read_table(&bytes, &columns, None);
                let _ = look(&bytes, &columns, None);
                let _ = sheets(&bytes);
                if let Ok(table) = &read {
                    let numbers = table.rows.iter().map(|row| row.number);
                    assert!(numbers.eq(1..=u32::try_from(table.rows.len()).unwrap()));
                    assert!(table.rows.is_sorted_by_key(|row| row.line));
                    is_read_back(table, &columns);
                }
                assert_eq!(read, read_table(&bytes, &columns, None));
                read.is_ok()
            });
            match read {
                Ok(read) => taken += u64::from(read),
                Err(_) => panic!("FUZZ_SEED={seed}, {}: {bytes:?}", kind.code()),
            }
        }
        seed += 1;
    }
    eprintln!(
        "{} files, of which {taken} readings were taken",
        seed - first
    );
    assert!(taken > 0);
}
