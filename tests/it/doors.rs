//! The four doors by which a schedule comes in, with real processes of the program: the result is
//! the same by each, and whoever is killed at whatever moment, a file is in whole and once, or not.

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use diesel::RunQueryDsl;
use heard::access::Role;
use heard::import::store::batches;
use heard::staff::{actions, passwords};
use heard::text::{EmailAddress, Name};
use serde_json::{Value, json};

use crate::helpers::schedule::{file, row};
use crate::helpers::{PROGRAM, Place, each_place, on_sqlite};
use crate::watched_folder::{PATIENCE, Watched};
use crate::web_guard::{MARK, PASSWORD, with_file};

/// One request over the wire, and all that comes back.
fn exchange(address: &str, head: &str, body: &[u8]) -> io::Result<String> {
    let mut stream = TcpStream::connect(address)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.write_all(head.as_bytes())?;
    stream.write_all(body)?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer)?;
    Ok(String::from_utf8_lossy(&answer).into_owned())
}

/// Sends a schedule as a program does, or only its beginning.
fn send(
    address: &str,
    token: &str,
    key: &str,
    bytes: &[u8],
    announced: usize,
) -> io::Result<String> {
    let head = format!(
        "POST /api/v1/conferences HTTP/1.1\r\nHost: heard.test\r\nConnection: close\r\n\
         Authorization: Bearer {token}\r\nIdempotency-Key: {key}\r\n\
         Content-Type: text/csv\r\nContent-Length: {announced}\r\n\r\n"
    );
    exchange(address, &head, bytes)
}

/// The value of a hidden field. A page that breaks off is a program that was killed.
fn hidden(page: &str, name: &str) -> io::Result<String> {
    let start = format!(r#"name="{name}" value=""#);
    let value = page
        .split_once(&start)
        .and_then(|(_, rest)| rest.split_once('"'));
    let missing = || io::Error::other(format!("no {name} in {page}"));
    Ok(value.ok_or_else(missing)?.0.to_owned())
}

fn location(answer: &str) -> io::Result<String> {
    let mut lines = answer.lines().filter_map(|line| line.split_once(": "));
    let found = lines.find(|(name, _)| name.eq_ignore_ascii_case("location"));
    let missing = || io::Error::other(format!("no location in {answer}"));
    Ok(found.ok_or_else(missing)?.1.trim().to_owned())
}

fn token(place: &Place) -> String {
    let args = ["token", "Scheduling", "--scope", "conferences:write"];
    let done = place.heard(&args);
    assert_eq!(done.code, 0, "{done:?}");
    done.out.trim().to_owned()
}

fn add_senior(place: &Place) {
    let hash = passwords::hash(PASSWORD).unwrap();
    place
        .db
        .write(&PROGRAM, |ctx| {
            actions::add(
                ctx,
                &actions::NewUser {
                    name: &Name::parse("Samira Hale").unwrap(),
                    email: Some(&EmailAddress::parse("samira@heard.test").unwrap()),
                    role: Role::SeniorOfficer,
                    password_hash: Some(&hash),
                    change_password: false,
                },
            )
        })
        .unwrap();
}

/// Somebody's browser, over the wire.
struct Visitor {
    address: String,
    cookies: BTreeMap<String, String>,
}

impl Visitor {
    fn ask(
        &mut self,
        verb: &str,
        path: &str,
        content_type: &str,
        body: &[u8],
    ) -> io::Result<String> {
        let cookies: Vec<String> = self
            .cookies
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        let head = format!(
            "{verb} {path} HTTP/1.1\r\nHost: heard.test\r\nOrigin: http://heard.test\r\n\
             Connection: close\r\nCookie: {}\r\nContent-Type: {content_type}\r\n\
             Content-Length: {}\r\n\r\n",
            cookies.join("; "),
            body.len(),
        );
        let answer = exchange(&self.address, &head, body)?;
        for line in answer
            .lines()
            .take_while(|line| !line.trim_end().is_empty())
        {
            let Some((name, rest)) = line.split_once(": ") else {
                continue;
            };
            if name.eq_ignore_ascii_case("set-cookie") {
                let (name, value) = rest.split(';').next().unwrap().split_once('=').unwrap();
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
        Ok(answer)
    }

    fn open(&mut self, path: &str) -> io::Result<String> {
        self.ask("GET", path, "text/plain", b"")
    }

    fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> io::Result<String> {
        let fields: Vec<String> = fields
            .iter()
            .map(|(name, value)| {
                let value = value.replace(' ', "+").replace('@', "%40");
                format!("{name}={value}")
            })
            .collect();
        let body = fields.join("&");
        self.ask(
            "POST",
            path,
            "application/x-www-form-urlencoded",
            body.as_bytes(),
        )
    }

    fn sign_in(address: &str) -> io::Result<Self> {
        let mut visitor = Self {
            address: address.to_owned(),
            cookies: BTreeMap::new(),
        };
        let page = visitor.open("/sign-in")?;
        let csrf = hidden(&page, "csrf")?;
        let fields = [
            ("csrf", csrf.as_str()),
            ("email", "samira@heard.test"),
            ("password", PASSWORD),
        ];
        let answer = visitor.post("/sign-in", &fields)?;
        location(&answer)?;
        Ok(visitor)
    }

    /// Sends a file in, looks at its preview, says yes, and waits for the page of the import.
    fn bring(&mut self, name: &str, bytes: &[u8]) -> io::Result<String> {
        let page = self.open("/imports/new")?;
        let (csrf, form_token) = (hidden(&page, "csrf")?, hidden(&page, "form_token")?);
        let fields = [
            ("csrf", csrf.as_str()),
            ("form_token", &form_token),
            ("kind", "conferences"),
            ("source", "scheduling"),
        ];
        let kind = format!("multipart/form-data; boundary={MARK}");
        let body = with_file(&fields, name, bytes);
        let answer = self.ask("POST", "/imports/new", &kind, &body)?;
        let upload = location(&answer)?;
        let preview = self.when_done(&upload)?;
        let (csrf, form_token) = (hidden(&preview, "csrf")?, hidden(&preview, "form_token")?);
        self.post(&upload, &[("csrf", &csrf), ("form_token", &form_token)])?;
        location(&self.when_done(&upload)?)
    }

    fn when_done(&mut self, path: &str) -> io::Result<String> {
        let began = Instant::now();
        loop {
            let page = self.open(path)?;
            if !page.contains("data-heard-progress") {
                return Ok(page);
            }
            assert!(began.elapsed() < PATIENCE, "it never ends: {page}");
            std::thread::sleep(Duration::from_millis(50));
        }
    }
}

#[test]
fn by_all_four_doors_the_result_is_the_same() {
    let bytes = file(&[
        row("CPC-1", "K1"),
        row("CPC-1", "K2").born("2015-01-01"),
        row("CPC-2", "K3").on("?"),
        row("CPC-3", "K4").status("cancelled"),
    ]);
    let without_batch = |mut report: Value| {
        assert!(report["batch"].is_string(), "{report}");
        report["batch"] = Value::Null;
        report
    };
    each_place(|place| {
        let path = place.folder.path().join("schedule.csv");
        fs::write(&path, &bytes).unwrap();
        let args = ["import", "conferences", path.to_str().unwrap()];
        let args = [&args[..], &["--today", "2022-04-04", "--format", "json"]].concat();
        let typed = without_batch(place.heard(&args).json());
        assert_eq!(typed["created"], 3, "{typed}");

        on_sqlite(|place| {
            let mut watched = Watched::new(place);
            watched.start();
            watched.drop_in("conferences.csv", &bytes);
            watched.wait_until("it is in", |it| it.lie("done", "conferences.csv") == 1);
            let receipt = watched.receipts("done", "conferences.csv").remove(0);
            assert_eq!(without_batch(receipt["report"].clone()), typed);
        });
        on_sqlite(|place| {
            // The program's own keys are made where it starts.
            let mut watched = Watched::new(place);
            watched.start();
            let answer = send(&watched.address, &token(place), "1", &bytes, bytes.len()).unwrap();
            assert!(answer.starts_with("HTTP/1.1 201"), "{answer}");
            let (_, body) = answer.split_once("\r\n\r\n").unwrap();
            assert_eq!(without_batch(serde_json::from_str(body).unwrap()), typed);
        });
        on_sqlite(|place| {
            let mut watched = Watched::new(place);
            watched.start();
            add_senior(place);
            let mut visitor = Visitor::sign_in(&watched.address).unwrap();
            let page = visitor.bring("schedule.csv", &bytes).unwrap();
            assert!(page.starts_with("/imports/"), "{page}");
            let kept = place
                .db
                .read(&PROGRAM, |ctx| batches(ctx, 10))
                .unwrap()
                .remove(0);
            let found = json!({
                "rows": kept.rows, "created": kept.created, "updated": kept.updated,
                "unchanged": kept.unchanged, "rejected": kept.rejected, "review": kept.review,
                "referrals": kept.referrals, "below_threshold": kept.below_threshold,
            });
            for (what, number) in found.as_object().unwrap() {
                assert_eq!(number, &typed[what], "{what}");
            }
            let page = visitor.open(&page).unwrap();
            let reason = typed["problems"][0]["reason"].as_str().unwrap();
            assert!(page.contains(reason), "{reason} is not in {page}");
        });
    });
}

#[test]
fn a_request_that_takes_too_long_to_arrive_is_not_waited_for() {
    on_sqlite(|place| {
        let mut watched = Watched::new(place);
        watched.start();
        let bytes = night(1, 2);
        let announced = bytes.len() + 1;
        let answer = send(&watched.address, &token(place), "1", &bytes, announced).unwrap();
        assert!(answer.starts_with("HTTP/1.1 408"), "{answer}");
        assert!(answer.contains("took too long"), "{answer}");
        assert_eq!(place.count("young_people"), 0);
    });
}

// Killed at any moment

/// The file of one night: nobody and nothing in it was in another's.
fn night(number: usize, rows: usize) -> Vec<u8> {
    let rows: Vec<_> = (0..rows)
        .map(|child| {
            let born = format!(
                "{}-{:02}-{:02}",
                2005 + child % 9,
                1 + (child / 9 + number) % 12,
                1 + (child / 108 + number / 12) % 28
            );
            row(
                &format!("N{number}-{}", child / 3),
                &format!("N{number}K{child}"),
            )
            .born(&born)
        })
        .collect();
    file(&rows)
}

#[derive(diesel::QueryableByName)]
struct Counted {
    #[diesel(sql_type = diesel::sql_types::BigInt)]
    n: i64,
}

fn counted(place: &Place, sql: String) -> usize {
    let mut link = place.link();
    let found: Counted =
        heard::each_db!(&mut link, c => diesel::sql_query(sql).get_result(c).unwrap());
    usize::try_from(found.n).unwrap()
}

/// How many children of a night's file are on record.
fn came_in(place: &Place, number: usize) -> usize {
    counted(
        place,
        format!(
            "SELECT COUNT(*) AS n FROM conference_children c \
             JOIN conferences f ON f.id = c.conference_id WHERE f.source_ref LIKE 'N{number}-%'"
        ),
    )
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Door {
    Interface,
    Folder,
    Browser,
}

/// Brings a file in by a door. An error is a program that was killed.
fn bring(door: Door, address: &str, token: &str, name: &str, bytes: &[u8]) -> io::Result<()> {
    match door {
        // The file lies there already.
        Door::Folder => Ok(()),
        Door::Interface => send(address, token, name, bytes, bytes.len()).map(|_| ()),
        Door::Browser => Visitor::sign_in(address)?.bring(name, bytes).map(|_| ()),
    }
}

/// `KILLS=200 cargo test --test it by_every_door` takes half an hour.
#[test]
fn killed_at_any_moment_a_file_that_came_by_every_door_is_whole_or_absent() {
    const ROWS: usize = 300;
    let kills: usize = std::env::var("KILLS").map_or(9, |kills| kills.parse().unwrap());
    on_sqlite(|place| {
        let mut watched = Watched::new(place);
        watched.start();
        add_senior(place);
        let token = token(place);
        // How long it takes when nobody is killed.
        let began = Instant::now();
        bring(
            Door::Browser,
            &watched.address,
            &token,
            "0",
            &night(0, ROWS),
        )
        .unwrap();
        let whole = began.elapsed();
        assert_eq!(came_in(place, 0), ROWS);

        let doors = [Door::Interface, Door::Folder, Door::Browser];
        let mut whole_at_once = 0;
        for number in 1..=kills {
            let door = doors[number % 3];
            let (address, token, bytes) =
                (watched.address.clone(), token.clone(), night(number, ROWS));
            if door == Door::Folder {
                watched.drop_in(&format!("conferences-{number}.csv"), &bytes);
            }
            let work = std::thread::spawn(move || {
                bring(door, &address, &token, &number.to_string(), &bytes)
            });
            // Somewhere in the time it takes, each time elsewhere.
            let share = u32::try_from(number * 37 % 115).unwrap();
            std::thread::sleep(whole * share / 100);
            watched.kill();
            // Mostly an error: a program that was killed says nothing more.
            let _ = work.join().unwrap();
            let found = came_in(place, number);
            assert!(found == 0 || found == ROWS, "{door:?} {number}: {found}");
            whole_at_once += usize::from(found == ROWS);
            watched.start();
        }
        eprintln!("{kills} kills, {whole_at_once} after the end of the work");

        // Whoever sends it again has it in once; the folder's are taken again by themselves.
        for number in 1..=kills {
            let (door, name) = (doors[number % 3], number.to_string());
            match door {
                Door::Folder => watched.wait_until("the folder's file is in", |it| {
                    it.lie("done", &format!("-{number}.csv")) == 1
                }),
                Door::Interface => {
                    let again = || {
                        let bytes = night(number, ROWS);
                        send(&watched.address, &token, &name, &bytes, bytes.len()).unwrap()
                    };
                    let began = Instant::now();
                    // The killed one is still held to be at work, for a while.
                    while !again().starts_with("HTTP/1.1 20") {
                        assert!(began.elapsed() < PATIENCE, "{}", again());
                        std::thread::sleep(Duration::from_secs(1));
                    }
                }
                Door::Browser if came_in(place, number) == 0 => {
                    let bytes = night(number, ROWS);
                    bring(door, &watched.address, &token, &name, &bytes).unwrap();
                }
                Door::Browser => {}
            }
            assert_eq!(came_in(place, number), ROWS, "{door:?} {number}");
        }
        let all = i64::try_from((kills + 1) * ROWS).unwrap();
        assert_eq!(place.count("young_people"), all);
        assert_eq!(place.count("conference_children"), all);
        assert_eq!(place.count("import_rows"), all);
        let referred = counted(place, "SELECT COUNT(*) AS n FROM referrals".to_owned());
        let children = "SELECT COUNT(DISTINCT young_person_id) AS n FROM referrals".to_owned();
        assert_eq!(counted(place, children), referred);
        assert!(place.access_record().is_whole());
    });
}
