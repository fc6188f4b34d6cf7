//! Killed at any moment, an import has done all of its work or none.

use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use heard::db::Address;

use crate::helpers::Place;
use crate::helpers::databases::{on_postgres, url};
use crate::helpers::program::command;
use crate::helpers::schedule::{Row, file, row};

/// When the power goes.
enum Moment {
    After(Duration),
    /// Into the run, as a share of the time it takes.
    Share(f64),
    /// As soon as the log holds this many bytes: in the middle of the commit.
    Written(u64),
}

const FIRST: [&str; 20] = [
    "Amina", "Ben", "Chloe", "Dawid", "Ella", "Farid", "Grace", "Hugo", "Isla", "Jakub", "Keira",
    "Luca", "Maya", "Noah", "Orla", "Piotr", "Ruby", "Samir", "Tia", "Yusuf",
];
const LAST: [&str; 20] = [
    "Adeyemi", "Barton", "Clarke", "Dhillon", "Evans", "Farrow", "Gorski", "Hussain", "Ivanov",
    "Jones", "Khoury", "Lewis", "Murphy", "Nowak", "Okafor", "Patel", "Quill", "Roberts", "Sharma",
    "Turner",
];

/// Families of three on ten days, from unborn to eighteen.
fn schedule(rows: usize) -> Vec<u8> {
    let rows: Vec<Row> = (0..rows)
        .map(|number| {
            let day = format!("2022-04-{}", 20 + number % 10);
            let (year, month, of_month) = (
                2004 + number % 18,
                1 + number / 18 % 12,
                1 + number / 216 % 28,
            );
            let born = format!("{year}-{month:02}-{of_month:02}");
            row(&format!("CPC-{}", number / 3), &format!("K{number}"))
                .on(&day)
                .born(&born)
                .named(
                    FIRST[number * 7 % FIRST.len()],
                    LAST[number / 3 % LAST.len()],
                )
        })
        .collect();
    file(&rows)
}

/// One database, one file, and what the tables hold before and after.
struct Trial {
    place: Place,
    path: String,
    before: Vec<(String, i64)>,
    /// How long the run takes up to its commit, once that is known.
    whole: Duration,
}

impl Trial {
    fn new(place: Place, rows: usize, whole: Duration) -> Self {
        let path = place.folder.path().join("schedule.csv");
        std::fs::write(&path, schedule(rows)).unwrap();
        Self {
            before: place.counts(),
            path: path.to_str().unwrap().to_owned(),
            place,
            whole,
        }
    }

    fn args(&self) -> [&str; 5] {
        ["import", "conferences", &self.path, "--today", "2022-04-04"]
    }

    fn start(&self) -> Child {
        let folder = self.place.folder.path();
        command(folder, Some(&url(self.place.address())), &self.args())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap()
    }

    /// Kills a run at a moment; answers whether it had done its work.
    fn kill_at(&mut self, moment: &Moment) -> bool {
        let mut child = self.start();
        let began = Instant::now();
        while child.try_wait().unwrap().is_none() && !self.has_come(moment, began.elapsed()) {
            std::thread::sleep(Duration::from_micros(200));
        }
        if matches!(moment, Moment::Written(_)) {
            self.whole = began.elapsed();
        }
        child.kill().unwrap();
        child.wait().unwrap();
        let after = self.place.counts();
        if after == self.before {
            return false;
        }
        self.assert_all();
        true
    }

    fn has_come(&self, moment: &Moment, elapsed: Duration) -> bool {
        match moment {
            Moment::After(time) => elapsed >= *time,
            Moment::Share(share) => elapsed >= self.whole.mul_f64(*share),
            Moment::Written(bytes) => self.log_length() >= *bytes,
        }
    }

    fn log_length(&self) -> u64 {
        let Address::Sqlite(file) = self.place.address() else {
            return 0;
        };
        let log = file.with_extension("db-wal");
        std::fs::metadata(log).map_or(0, |log| log.len())
    }

    fn rows(&self) -> i64 {
        let text = std::fs::read_to_string(&self.path).unwrap();
        i64::try_from(text.lines().count() - 1).unwrap()
    }

    fn assert_all(&self) {
        for table in [
            "conference_children",
            "young_people",
            "young_person_refs",
            "import_rows",
        ] {
            assert_eq!(self.place.count(table), self.rows(), "{table}");
        }
        assert_eq!(self.place.count("import_batches"), 1);
        assert!(self.place.access_record().is_whole());
    }

    /// The file comes in whole, and again changes nothing.
    fn finish(&self) {
        let run = || {
            self.place
                .heard(&[self.args().as_slice(), &["--format", "json"]].concat())
                .json()
        };
        let (first, again) = (run(), run());
        assert_eq!(first["created"], self.rows());
        assert_eq!(
            (&again["unchanged"], &again["referrals"]),
            (&first["rows"], &0.into())
        );
        let verdict = self.place.heard(&["audit", "verify"]);
        assert_eq!(verdict.code, 0, "{verdict:?}");
    }
}

/// The log is emptied when the database is opened for the count, so it tells of one run only.
fn fold(place: &Place) {
    place.link().fold_log().unwrap();
}

fn lane(rows: usize, moments: &[Moment]) {
    let mut trial = Trial::new(Place::sqlite(), rows, Duration::ZERO);
    for moment in moments {
        fold(&trial.place);
        if trial.kill_at(moment) {
            trial = Trial::new(Place::sqlite(), rows, trial.whole);
        }
    }
    trial.finish();
}

#[test]
fn an_import_of_ten_thousand_rows_killed_at_fifty_moments_is_whole_or_absent() {
    const MB: u64 = 1024 * 1024;
    let early = |first: u64| {
        (0..22).map(move |step| Moment::After(Duration::from_millis(first + 100 * step)))
    };
    let odd = [
        Moment::Written(1),
        Moment::Share(0.25),
        Moment::Share(0.7),
        Moment::Written(6 * MB),
        Moment::Share(1.02),
    ];
    let even = [
        Moment::Written(2 * MB),
        Moment::Share(0.5),
        Moment::Share(0.95),
        Moment::Written(12 * MB),
        Moment::Written(18 * MB),
    ];
    let lanes = [
        early(50).chain(odd).collect::<Vec<_>>(),
        early(100).chain(even).collect(),
    ];
    std::thread::scope(|scope| {
        for moments in &lanes {
            scope.spawn(|| lane(10_000, moments));
        }
    });
}

#[test]
fn an_import_on_postgres_killed_at_five_moments_is_whole_or_absent() {
    let Some(place) = on_postgres() else { return };
    let mut trial = Trial::new(place, 2_000, Duration::from_secs(4));
    for share in [0.05, 0.3, 0.5, 0.8, 1.0] {
        if trial.kill_at(&Moment::Share(share)) {
            trial = Trial::new(on_postgres().unwrap(), 2_000, trial.whole);
        }
    }
    trial.finish();
}
