//! The watched folder, with real processes of the program: whole files come in once, whoever
//! watches and whoever is killed.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::helpers::databases::{folder, url};
use crate::helpers::program::command;
use crate::helpers::schedule::{file, row};
use crate::helpers::{Place, each_place, on_sqlite};

/// As long as a slow machine needs.
pub const PATIENCE: Duration = Duration::from_secs(90);

/// A folder that processes of the program watch.
pub struct Watched<'p> {
    pub place: &'p Place,
    folder: tempfile::TempDir,
    running: Vec<Child>,
    /// Where the last one that was started listens.
    pub address: String,
}

impl<'p> Watched<'p> {
    pub fn new(place: &'p Place) -> Self {
        Self {
            place,
            folder: folder(),
            running: Vec::new(),
            address: String::new(),
        }
    }

    fn path(&self) -> PathBuf {
        self.folder.path().join("in")
    }

    pub fn start(&mut self) {
        fs::create_dir_all(self.path()).unwrap();
        let mut program = command(
            self.place.folder.path(),
            Some(&url(self.place.address())),
            &["serve", "--today", "2022-04-04"],
        );
        program
            .env("HEARD_SERVER__ADDRESS", "127.0.0.1:0")
            .env("HEARD_SERVER__PUBLIC_URL", "http://heard.test")
            .env("HEARD_INTAKE__FOLDER", self.path())
            .env("HEARD_INTAKE__LOOK_EVERY_SECONDS", "1")
            .env("HEARD_IMPORT__LARGEST_FILE_MB", "1")
            .env("HEARD_API__SLOWEST_BODY_SECONDS", "2")
            .stdout(Stdio::piped())
            .stderr(Stdio::null());
        let mut child = program.spawn().unwrap();
        // It has migrated and listens.
        let out = child.stdout.take().unwrap();
        let mut lines = BufReader::new(out).lines().map(Result::unwrap);
        let address = lines.find_map(|line| {
            let address = line.strip_prefix("Heard is at http://");
            address.map(str::to_owned)
        });
        self.address = address.unwrap();
        self.running.push(child);
    }

    pub fn kill(&mut self) {
        for mut child in self.running.drain(..) {
            child.kill().unwrap();
            child.wait().unwrap();
        }
    }

    pub fn drop_in(&self, name: &str, bytes: &[u8]) {
        let path = self.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }

    pub fn wait_until(&self, what: &str, holds: impl Fn(&Self) -> bool) {
        let began = Instant::now();
        while !holds(self) {
            assert!(began.elapsed() < PATIENCE, "{what}: {:?}", self.names("."));
            std::thread::sleep(Duration::from_millis(100));
        }
    }

    fn names(&self, folder: &str) -> Vec<String> {
        names(&self.path().join(folder))
    }

    /// The receipts of a file by that name, those of `done/` or of `refused/`.
    pub fn receipts(&self, folder: &str, name: &str) -> Vec<Value> {
        let ending = format!("{name}.receipt.json");
        let all = self.names(folder).into_iter();
        all.filter(|it| it.ends_with(&ending))
            .map(|it| {
                let path = self.path().join(folder).join(it);
                // Readable beside it, and the file itself.
                let text = fs::read_to_string(&path).unwrap();
                assert!(path.with_extension("txt").exists());
                serde_json::from_str(&text).unwrap()
            })
            .collect()
    }

    /// How many files of that name lie there, receipts left out.
    pub fn lie(&self, folder: &str, name: &str) -> usize {
        let all = self.names(folder);
        all.iter().filter(|it| it.ends_with(name)).count()
    }
}

impl Drop for Watched<'_> {
    fn drop(&mut self) {
        self.kill();
    }
}

fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).into_iter().flatten();
    let mut names: Vec<String> = entries
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

fn schedule(rows: usize) -> Vec<u8> {
    let rows: Vec<_> = (0..rows)
        .map(|number| {
            let born = format!(
                "{}-{:02}-{:02}",
                2005 + number % 9,
                1 + number / 9 % 12,
                1 + number / 108 % 28
            );
            row(&format!("CPC-{}", number / 3), &format!("K{number}")).born(&born)
        })
        .collect();
    file(&rows)
}

#[test]
fn whole_files_come_in_once_with_a_receipt_and_unfinished_ones_are_left() {
    each_place(|place| {
        let mut watched = Watched::new(place);
        watched.start();
        watched.start();
        watched.drop_in("conferences-monday.csv", &schedule(3));
        watched.drop_in("conferences/second.csv", &file(&[row("CPC-9", "X1")]));
        watched.drop_in("conferences-later.csv.part", &schedule(5));
        watched.drop_in("conferences/.hidden.csv", &schedule(5));
        watched.drop_in("letter.csv", b"Dear all");
        watched.drop_in("conferences-broken.csv", b"a,b\n1,2\n");
        watched.drop_in("conferences-long.csv", &vec![b'x'; 1024 * 1024 + 1]);
        let target = watched.path().join("conferences-later.csv.part");
        std::os::unix::fs::symlink(target, watched.path().join("conferences-link.csv")).unwrap();
        watched.wait_until("two are in", |it| {
            it.lie("done", "monday.csv") + it.lie("done", "second.csv") == 2
        });
        watched.wait_until("four are refused", |it| {
            let names = ["letter.csv", "broken.csv", "long.csv", "link.csv"];
            names.iter().all(|name| it.lie("refused", name) == 1)
        });
        let receipt = &watched.receipts("done", "monday.csv")[0];
        assert_eq!(receipt["report"]["created"], 3, "{receipt}");
        assert_eq!(place.count("young_people"), 4);
        assert_eq!(place.count("import_batches"), 2);
        for (name, word) in [
            ("letter.csv", "kind of file"),
            ("broken.csv", "cannot be read"),
            ("long.csv", "larger than 1 MB"),
            ("link.csv", "link"),
        ] {
            let receipt = &watched.receipts("refused", name)[0];
            assert!(
                receipt["says"].as_str().unwrap().contains(word),
                "{receipt}"
            );
            assert_eq!(receipt["done"], false);
        }
        assert!(watched.names("taken").is_empty());
        assert_eq!(
            watched
                .names(".")
                .iter()
                .filter(|it| it.ends_with(".part"))
                .count(),
            1
        );
        assert!(place.access_record().is_whole());
    });
}

#[test]
fn a_file_that_comes_again_is_recognised_unless_another_came_between() {
    on_sqlite(|place| {
        let mut watched = Watched::new(place);
        watched.start();
        let (monday, tuesday) = (
            file(&[row("CPC-1", "K1")]),
            file(&[row("CPC-1", "K1").on("2022-04-27")]),
        );
        let bring = |watched: &Watched<'_>, name: &str, bytes: &[u8]| {
            watched.drop_in(name, bytes);
            watched.wait_until(name, |it| it.lie("done", name) == 1);
            watched.receipts("done", name).remove(0)
        };
        bring(&watched, "conferences-1.csv", &monday);
        let again = bring(&watched, "conferences-2.csv", &monday);
        assert!(
            again["says"]
                .as_str()
                .unwrap()
                .contains("nothing has come since"),
            "{again}"
        );
        assert!(
            again["says"]
                .as_str()
                .unwrap()
                .contains("conferences-1.csv")
        );
        assert_eq!(again["report"], Value::Null);
        assert_eq!(place.count("import_batches"), 1);
        bring(&watched, "conferences-3.csv", &tuesday);
        // The conference moved back: the first file is right again, and is taken in.
        let back = bring(&watched, "conferences-4.csv", &monday);
        assert_eq!(back["report"]["updated"], 1, "{back}");
        assert_eq!(place.count("import_batches"), 3);
    });
}

#[test]
fn a_file_whose_import_was_undone_never_came() {
    on_sqlite(|place| {
        let mut watched = Watched::new(place);
        watched.start();
        let bytes = file(&[row("CPC-1", "K1")]);
        let bring = |watched: &Watched<'_>, name: &str| {
            watched.drop_in(name, &bytes);
            watched.wait_until(name, |it| it.lie("done", name) == 1);
            watched.receipts("done", name).remove(0)
        };
        let first = bring(&watched, "conferences-1.csv");
        let batch = first["report"]["batch"].as_str().unwrap();
        let undone = place.heard(&["import", "undo", batch, "--today", "2022-04-04"]);
        assert_eq!(undone.code, 0, "{undone:?}");
        let again = bring(&watched, "conferences-2.csv");
        assert_eq!(again["report"]["created"], 1, "{again}");
        assert_eq!(again["came_first"], Value::Null);
    });
}

#[test]
fn a_program_killed_in_the_middle_leaves_the_file_to_be_taken_again_without_doubling() {
    each_place(|place| {
        let mut watched = Watched::new(place);
        let bytes = schedule(1_500);
        watched.start();
        watched.drop_in("conferences-night.csv", &bytes);
        // Killed again and again, at ever later moments, until one run is let through.
        for after in [0, 150, 400, 900] {
            watched.wait_until("it is taken", |it| {
                !it.names("taken").is_empty() || it.lie("done", "night.csv") == 1
            });
            std::thread::sleep(Duration::from_millis(after));
            watched.kill();
            watched.start();
        }
        watched.start();
        watched.wait_until("it is in", |it| it.lie("done", "night.csv") == 1);
        let receipts = watched.receipts("done", "night.csv");
        assert_eq!(receipts.len(), 1);
        assert_eq!(
            receipts[0]["report"]["created"], 1_500,
            "{}",
            receipts[0]["says"]
        );
        assert_eq!(place.count("young_people"), 1_500);
        assert_eq!(place.count("import_batches"), 1);
        assert!(watched.names("taken").is_empty());
        let done = watched.path().join("done");
        let whole = watched
            .names("done")
            .into_iter()
            .find(|name| name.ends_with("night.csv"))
            .unwrap();
        assert_eq!(fs::read(done.join(whole)).unwrap(), bytes);
    });
}
