//! Makes conference schedules damaged in the ways that real ones are, for the tests that say no file can harm the
//! service: a good schedule by contracts.md section 2, with one to three kinds of damage done to it.
//!
//! The same seed always gives the same file, so a failing test needs only name its seed.

/// What was done, in words, and the file.
pub fn damaged(seed: u64) -> (String, Vec<u8>) {
    let mut dice = Dice(seed);
    let mut damages: Vec<Damage> = Vec::new();
    for _ in 0..=dice.below(3) {
        let damage = dice.pick(&DAMAGES);
        if !damages.contains(&damage) {
            damages.push(damage);
        }
    }
    // First what a person or system does to the table, then what happens to the file's text, then to its bytes.
    damages.sort();
    let mut sheet = good_sheet();
    for damage in &damages {
        damage.to_table(&mut sheet, &mut dice);
    }
    let mut text = sheet.to_text();
    for damage in &damages {
        damage.to_text(&mut text, &mut dice);
    }
    let mut bytes = text.into_bytes();
    for damage in &damages {
        damage.to_bytes(&mut bytes, &mut dice);
    }
    let words: Vec<String> = damages.iter().map(|d| format!("{d:?}")).collect();
    (words.join(", "), bytes)
}

/// In the order in which they are done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Damage {
    // to the table
    MissingHeader,
    DoubledHeader,
    RenamedHeader,
    HeaderOnly,
    NoHeader,
    HeaderRepeated,
    SwappedColumns,
    ExtraColumns,
    ShortRow,
    HugeField,
    Formula,
    SpreadsheetError,
    RightToLeftMarks,
    ImpossibleDate,
    UnknownWord,
    EmptyField,
    DuplicatedRows,
    // to the text
    OpenQuote,
    StrayQuotes,
    MixedLineEndings,
    OtherDelimiterMidFile,
    BlankLines,
    // to the bytes
    Latin1,
    Utf16,
    Utf16WithoutMark,
    BrokenUtf8,
    ControlCharacters,
    Nuls,
    Cut,
    FlippedBytes,
    ExcelBytes,
    Empty,
}

use Damage::*;

const DAMAGES: [Damage; 32] = [
    MissingHeader,
    DoubledHeader,
    RenamedHeader,
    HeaderOnly,
    NoHeader,
    HeaderRepeated,
    SwappedColumns,
    ExtraColumns,
    ShortRow,
    HugeField,
    Formula,
    SpreadsheetError,
    RightToLeftMarks,
    ImpossibleDate,
    UnknownWord,
    EmptyField,
    DuplicatedRows,
    OpenQuote,
    StrayQuotes,
    MixedLineEndings,
    OtherDelimiterMidFile,
    BlankLines,
    Latin1,
    Utf16,
    Utf16WithoutMark,
    BrokenUtf8,
    ControlCharacters,
    Nuls,
    Cut,
    FlippedBytes,
    ExcelBytes,
    Empty,
];

impl Damage {
    fn to_table(self, sheet: &mut Sheet, dice: &mut Dice) {
        let column = dice.below(sheet.header.len());
        let times = 1 + dice.below(4);
        match self {
            MissingHeader => sheet.remove_column(column),
            DoubledHeader => {
                let name = sheet.header.get(column).cloned().unwrap_or_default();
                sheet.add_column(&name, "again");
            }
            RenamedHeader => {
                let names = [
                    "Child Reference",
                    "dob",
                    "conference",
                    "=A1",
                    "",
                    "\u{200f}venue",
                    "prénom",
                ];
                if let Some(name) = sheet.header.get_mut(column) {
                    *name = dice.pick(&names).to_owned();
                }
            }
            HeaderOnly => sheet.rows.clear(),
            NoHeader => {
                // The first child is taken for the names of the columns.
                if let Some(first) = sheet.rows.first().cloned() {
                    sheet.header = first;
                    sheet.rows.remove(0);
                }
            }
            HeaderRepeated => {
                let place = dice.below(sheet.rows.len() + 1);
                sheet.rows.insert(place, sheet.header.clone());
            }
            SwappedColumns => {
                let other = dice.below(sheet.header.len());
                // The values without their names: a date lands among the names.
                for row in &mut sheet.rows {
                    if column < row.len() && other < row.len() {
                        row.swap(column, other);
                    }
                }
            }
            ExtraColumns => {
                let value = dice.pick(&["", "extra", "a,b", "1"]);
                for _ in 0..times {
                    sheet.add_column(dice.pick(&["notes", "", "Internal Code"]), value);
                }
                if let Some(row) = sheet.any_row(dice) {
                    row.push("beyond".to_owned());
                }
            }
            ShortRow => {
                if let Some(row) = sheet.any_row(dice) {
                    row.truncate(column);
                }
            }
            HugeField => sheet.spoil(1, dice, |_, _| "A very long story. ".repeat(5_300)),
            Formula => sheet.spoil(times, dice, |_, dice| {
                let formulas = [
                    "=1+1",
                    "=HYPERLINK(\"http://example.org\",\"here\")",
                    "+cmd|' /C calc'!A0",
                    "-2+3+cmd|' /C calc'!A0",
                    "@SUM(A1:A9)",
                    "\t=1+1",
                ];
                dice.pick(&formulas).to_owned()
            }),
            SpreadsheetError => sheet.spoil(times, dice, |_, dice| {
                dice.pick(&[
                    "#N/A",
                    "#REF!",
                    "#VALUE!",
                    "#NAME?",
                    "########",
                    "NULL",
                    "1.23457E+11",
                ])
                .to_owned()
            }),
            RightToLeftMarks => sheet.spoil(times, dice, |value, dice| {
                let mark = dice.pick(&['\u{200f}', '\u{202e}', '\u{2067}', '\u{200b}', '\u{feff}']);
                match dice.below(3) {
                    0 => format!("{mark}{value}"),
                    1 => format!("{value}{mark}"),
                    _ => value.chars().flat_map(|c| [mark, c]).collect(),
                }
            }),
            ImpossibleDate => {
                let place = sheet.header.iter().position(|name| name == "date_of_birth");
                let dates = [
                    "31/02/2012",
                    "2012-13-01",
                    "00/00/0000",
                    "01/02/12",
                    "1012-01-01",
                    "2999-01-01",
                    "40909",
                    "yesterday",
                    "12/25/2011",
                ];
                for _ in 0..times {
                    let date = dice.pick(&dates).to_owned();
                    let row = sheet.any_row(dice);
                    if let Some(value) = place.and_then(|place| row?.get_mut(place)) {
                        *value = date;
                    }
                }
            }
            UnknownWord => sheet.spoil(times, dice, |_, dice| {
                dice.pick(&[
                    "whatever",
                    "Robert'); DROP TABLE children;--",
                    "<script>alert(1)</script>",
                    "👶🏽",
                    "ﷺ",
                    "%00",
                    "../../etc/passwd",
                ])
                .to_owned()
            }),
            EmptyField => sheet.spoil(times, dice, |_, dice| {
                dice.pick(&["", " ", "\u{a0}", "\n"]).to_owned()
            }),
            DuplicatedRows => {
                for _ in 0..times {
                    if let Some(row) = sheet.any_row(dice).cloned() {
                        let place = dice.below(sheet.rows.len() + 1);
                        sheet.rows.insert(place, row);
                    }
                }
            }
            _ => {}
        }
    }

    fn to_text(self, text: &mut String, dice: &mut Dice) {
        if !(OpenQuote..=BlankLines).contains(&self) {
            return;
        }
        let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
        let line = dice.below(lines.len());
        match self {
            OpenQuote => {
                if let Some(line) = lines.get_mut(line) {
                    let comma = line.find(',').map_or(0, |comma| comma + 1);
                    line.insert(comma, '"');
                }
            }
            StrayQuotes => {
                for _ in 0..=dice.below(3) {
                    let line = dice.below(lines.len());
                    if let Some(line) = lines.get_mut(line) {
                        *line = line.replacen(
                            ',',
                            dice.pick(&["\",", ",\"\" ", ",\"x\"y,", ",\"\","]),
                            1,
                        );
                    }
                }
            }
            OtherDelimiterMidFile => {
                let other = dice.pick(&[";", "\t", "|"]);
                for line in lines.iter_mut().skip(line) {
                    *line = line.replace(',', other);
                }
            }
            BlankLines => {
                for _ in 0..=dice.below(6) {
                    let place = dice.below(lines.len() + 1);
                    lines.insert(
                        place,
                        dice.pick(&["", "  ", ",,,,,,", "\"\",\"\"", "\u{a0}"])
                            .to_owned(),
                    );
                }
            }
            MixedLineEndings => {
                *text = lines
                    .into_iter()
                    .map(|line| line + dice.pick(&["\n", "\r\n", "\r", "\n\n", "\r\r\n"]))
                    .collect();
                return;
            }
            _ => return,
        }
        *text = lines.into_iter().map(|line| line + "\r\n").collect();
    }

    fn to_bytes(self, bytes: &mut Vec<u8>, dice: &mut Dice) {
        let times = 1 + dice.below(5);
        match self {
            // Letters that Latin-1 lacks become what old systems write for them.
            Latin1 => {
                *bytes = String::from_utf8_lossy(bytes)
                    .chars()
                    .map(|c| u8::try_from(u32::from(c)).unwrap_or(b'?'))
                    .collect();
            }
            Utf16 | Utf16WithoutMark => {
                let text = String::from_utf8_lossy(bytes).into_owned();
                let is_little = dice.below(2) == 0;
                let mark = (self == Utf16).then_some(0xFEFF);
                *bytes = mark
                    .into_iter()
                    .chain(text.encode_utf16())
                    .flat_map(|unit| {
                        if is_little {
                            unit.to_le_bytes()
                        } else {
                            unit.to_be_bytes()
                        }
                    })
                    .collect();
            }
            BrokenUtf8 => {
                let broken: [&[u8]; 5] =
                    [b"\xC3", b"\xE2\x82", b"\xFF", b"\xC0\xAF", b"\xED\xA0\x80"];
                for _ in 0..times {
                    let place = dice.below(bytes.len() + 1);
                    bytes.splice(place..place, dice.pick(&broken).iter().copied());
                }
            }
            ControlCharacters => {
                for _ in 0..times {
                    let place = dice.below(bytes.len() + 1);
                    bytes.insert(
                        place,
                        dice.pick(&[0x01, 0x07, 0x08, 0x0B, 0x0C, 0x1A, 0x1B, 0x7F, 0x81, 0x9D]),
                    );
                }
            }
            Nuls => {
                let place = dice.below(bytes.len() + 1);
                bytes.splice(place..place, vec![0; times * times]);
            }
            Cut => {
                let length = dice.below(bytes.len() + 1);
                bytes.truncate(length);
            }
            FlippedBytes => {
                for _ in 0..times {
                    let place = dice.below(bytes.len());
                    let flip = 1 << dice.below(8);
                    if let Some(byte) = bytes.get_mut(place) {
                        *byte ^= flip;
                    }
                }
            }
            ExcelBytes => {
                let starts: [&[u8]; 3] = [
                    b"PK\x03\x04\x14\x00\x06\x00\x08\x00\x00\x00!\x00",
                    b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1\x00\x00",
                    b"<html><body><table><tr><td>",
                ];
                bytes.splice(0..0, dice.pick(&starts).iter().copied());
            }
            Empty => {
                *bytes = dice
                    .pick(&[
                        b"".as_slice(),
                        b"\xEF\xBB\xBF",
                        b"\r\n\r\n",
                        b",,,\n",
                        b"sep=;\r\n",
                    ])
                    .to_vec();
            }
            _ => {}
        }
    }
}

/// Columns of names and values, before they are a file.
#[derive(Clone, Debug)]
struct Sheet {
    header: Vec<String>,
    rows: Vec<Vec<String>>,
}

impl Sheet {
    fn any_row(&mut self, dice: &mut Dice) -> Option<&mut Vec<String>> {
        let row = dice.below(self.rows.len());
        self.rows.get_mut(row)
    }

    /// Puts something else in place of some values.
    fn spoil(&mut self, times: usize, dice: &mut Dice, other: impl Fn(&str, &mut Dice) -> String) {
        for _ in 0..times {
            let column = dice.below(self.header.len());
            let row = dice.below(self.rows.len());
            if let Some(value) = self.rows.get_mut(row).and_then(|row| row.get_mut(column)) {
                *value = other(value, dice);
            }
        }
    }

    fn remove_column(&mut self, column: usize) {
        for row in std::iter::once(&mut self.header).chain(&mut self.rows) {
            if column < row.len() {
                row.remove(column);
            }
        }
    }

    fn add_column(&mut self, name: &str, value: &str) {
        self.header.push(name.to_owned());
        for row in &mut self.rows {
            row.push(value.to_owned());
        }
    }

    fn to_text(&self) -> String {
        std::iter::once(&self.header)
            .chain(&self.rows)
            .map(|row| {
                let row: Vec<String> = row.iter().map(|value| quoted(value)).collect();
                row.join(",") + "\r\n"
            })
            .collect()
    }
}

fn quoted(value: &str) -> String {
    if value
        .bytes()
        .any(|byte| matches!(byte, b'"' | b',' | b'\n' | b'\r'))
    {
        format!("\"{}\"", value.replace('"', "\"\""))
    } else {
        value.to_owned()
    }
}

/// Thirty children on fourteen conferences; some are brothers and sisters, one is unborn, two are too young.
fn good_sheet() -> Sheet {
    let header = "conference_ref,conference_type,conference_date,conference_time,venue,chair,status,child_ref,\
                  first_name,last_name,date_of_birth,gender,ethnicity,language,communication_needs,carer_name,\
                  carer_relationship,carer_phone,carer_email,social_worker_name,social_worker_email,team,\
                  transferring_authority,strategy_discussion_date,notified_on,contact_warning";
    let first_names = [
        "Amina",
        "Zoë",
        "Siân",
        "Łukasz",
        "Oluwaseun",
        "Mary-Ann",
        "Dara",
        "José",
        "Grace",
        "Tomos",
    ];
    let last_names = [
        "Okafor",
        "O'Neill",
        "Smith-Jones",
        "Nowak",
        "Ní Bhriain",
        "Patel",
        "de la Cruz",
    ];
    let kinds = [
        "initial",
        "review",
        "receiving_in",
        "ICPC",
        "Child Protection (Initial child protection conference)",
    ];
    let rows = (0..30)
        .map(|n: usize| {
            let conference = n / 2 - n / 15;
            let day = 1 + n % 28;
            let pick = |words: &[&str], place: usize| {
                words
                    .iter()
                    .cycle()
                    .nth(place)
                    .copied()
                    .unwrap_or_default()
                    .to_owned()
            };
            let kind = pick(&kinds, conference);
            let born = match n {
                7 => String::new(),
                11 | 12 => format!("2016-07-{day:02}"),
                _ if n.is_multiple_of(3) => format!("{day:02}/04/2009"),
                _ => format!("2008-11-{day:02}"),
            };
            vec![
                format!("CONF-{conference:04}"),
                kind.clone(),
                format!("2022-03-{:02}", 1 + conference),
                "10:30".to_owned(),
                "Room 2, County Hall".to_owned(),
                "P. Chair".to_owned(),
                pick(&["scheduled", "held", "scheduled", "cancelled"], conference),
                format!("CH{:05}", 10_000 + n),
                if n == 7 {
                    "Unborn".to_owned()
                } else {
                    pick(&first_names, n)
                },
                pick(&last_names, conference),
                born,
                pick(&["female", "male", ""], n),
                pick(&["White British", "Black African", ""], n),
                pick(&["English", "Polish"], conference),
                String::new(),
                format!("Carer {conference}"),
                pick(&["mother", "father", "grandparent"], conference),
                format!("+44 1632 960{conference:03}"),
                format!("carer{conference}@example.org"),
                "Sam Worker".to_owned(),
                "sam.worker@example.gov.uk".to_owned(),
                "Assessment \"North\"".to_owned(),
                if kind == "receiving_in" {
                    "Rutland".to_owned()
                } else {
                    String::new()
                },
                "2022-02-20".to_owned(),
                "2022-02-25".to_owned(),
                if n == 4 {
                    "Do not ring\nbefore noon".to_owned()
                } else {
                    String::new()
                },
            ]
        })
        .collect();
    Sheet {
        header: header.split(',').map(str::to_owned).collect(),
        rows,
    }
}

/// A small generator of numbers (splitmix64), our own so that no update of a crate changes the files.
struct Dice(u64);

impl Dice {
    fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// A number from 0 to just below `limit`; 0 when there is none.
    fn below(&mut self, limit: usize) -> usize {
        let limit = u64::try_from(limit).unwrap_or(u64::MAX).max(1);
        usize::try_from(self.roll() % limit).unwrap_or_default()
    }

    fn pick<T: Copy, const N: usize>(&mut self, things: &[T; N]) -> T {
        const { assert!(N > 0) };
        let place = self.below(N);
        let [first, ..] = things.as_slice() else {
            unreachable!("checked when compiled")
        };
        *things.get(place).unwrap_or(first)
    }
}

#[test]
fn a_seed_always_gives_the_same_file_and_a_thousand_cover_every_damage() {
    let mut seen = std::collections::BTreeSet::new();
    for seed in 0..1_000 {
        let (done, file) = damaged(seed);
        if seed < 100 {
            assert_eq!((done.clone(), file), damaged(seed));
        }
        seen.extend(done.split(", ").map(str::to_owned));
    }
    let all = DAMAGES.iter().map(|damage| format!("{damage:?}")).collect();
    assert_eq!(seen, all);
}
