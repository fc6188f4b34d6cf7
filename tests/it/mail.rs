//! E-mails on their way: written with the work they tell of, sent once, tried again, given up. The
//! mail server here speaks the protocol over a connection and says no when it is told to.

use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

use actix_web::http::StatusCode;
use chrono::Duration;
use diesel::deserialize::QueryableByName;
use diesel::sql_types::Text;
use diesel::{RunQueryDsl, sql_query};
use heard::access::{Actor, Role};
use heard::db::Db;
use heard::ids::RequestId;
use heard::mail::{self, Letter, State, messages, send_waiting};
use heard::referrals::Source;
use heard::requests::actions::{Promise, ask};
use heard::requests::{Area, Asked, AskedBy, Sending, Want, Way};
use heard::settings::{Mail, MailSecurity, Settings};

use crate::drafts::each_site;
use crate::helpers::databases::{KEY, Place};
use crate::helpers::{PROGRAM, each_place, now_on};
use crate::web_guard::{Browser, Site};

/// What is still kept of an e-mail.
#[derive(QueryableByName)]
struct Kept {
    #[diesel(sql_type = Text)]
    words: String,
}

/// What the server says to the next e-mails, in their order; then yes.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Mood {
    ForNow,
    ForGood,
}

/// A mail server for one test.
struct Server {
    port: u16,
    taken: Arc<Mutex<Vec<String>>>,
    moods: Arc<Mutex<Vec<Mood>>>,
    /// All that was said to it, commands included.
    heard: Arc<Mutex<Vec<String>>>,
}

impl Server {
    fn start(moods: &[Mood]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let server = Self {
            port: listener.local_addr().unwrap().port(),
            taken: Arc::default(),
            moods: Arc::new(Mutex::new(moods.to_vec())),
            heard: Arc::default(),
        };
        let (taken, moods) = (Arc::clone(&server.taken), Arc::clone(&server.moods));
        let heard = Arc::clone(&server.heard);
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                serve(stream.unwrap(), &taken, &moods, &heard);
            }
        });
        server
    }

    fn taken(&self) -> Vec<String> {
        self.taken.lock().unwrap().clone()
    }

    fn settings(&self) -> Mail {
        let mut mail = Settings::load(None, "data".as_ref()).unwrap().mail;
        mail.host = "127.0.0.1".to_owned();
        mail.port = self.port;
        mail.security = MailSecurity::None;
        mail.from = "Children's Rights <noreply@council.example>".to_owned();
        mail
    }
}

fn serve(
    stream: TcpStream,
    taken: &Mutex<Vec<String>>,
    moods: &Mutex<Vec<Mood>>,
    heard: &Mutex<Vec<String>>,
) {
    stream.set_nodelay(true).unwrap();
    let mut out = stream.try_clone().unwrap();
    let mut say = |text: &str| {
        let _ = out.write_all(format!("{text}\r\n").as_bytes());
    };
    let mut lines = BufReader::new(stream).lines();
    say("220 double.example ESMTP");
    while let Some(Ok(line)) = lines.next() {
        heard.lock().unwrap().push(line.clone());
        let command = line.split(' ').next().unwrap().to_uppercase();
        match command.as_str() {
            "EHLO" => say("250-double.example\r\n250-8BITMIME\r\n250 AUTH PLAIN"),
            "AUTH" => say("235 2.7.0 yes"),
            "RCPT" => {
                let mut moods = moods.lock().unwrap();
                let mood = (!moods.is_empty()).then(|| moods.remove(0));
                match mood {
                    Some(Mood::ForNow) => say("451 4.3.0 <zee@home.example> try later"),
                    Some(Mood::ForGood) => say("550 5.1.1 <zee@home.example> nobody here"),
                    None => say("250 2.1.5 yes"),
                }
            }
            "DATA" => {
                say("354 go on");
                let mut message = String::new();
                for line in lines.by_ref().map_while(Result::ok) {
                    if line == "." {
                        break;
                    }
                    message += line.strip_prefix('.').unwrap_or(&line);
                    message.push('\n');
                }
                taken.lock().unwrap().push(message);
                say("250 2.0.0 taken");
            }
            "QUIT" => {
                say("221 bye");
                return;
            }
            _ => say("250 yes"),
        }
    }
}

fn letter() -> Letter {
    messages::received(
        "ABCD-EFGH",
        "2022-04-07".parse().ok(),
        "http://heard.test/ask",
    )
}

fn write(db: &Db, to: &str) {
    db.write(&PROGRAM, |ctx| mail::write(ctx, to, &letter()))
        .unwrap();
}

fn unsent(db: &Db) -> Vec<mail::Line> {
    db.read(&PROGRAM, mail::store::unsent).unwrap()
}

/// The same database some minutes later.
fn after(place: &Place, minutes: i64) -> Db {
    let now = now_on("2022-04-04") + Duration::minutes(minutes);
    let clock = heard::calendar::Clock::Fixed(now);
    Db::open(place.address(), heard::audit::Seal::new(&KEY), clock, 2).unwrap()
}

#[test]
fn an_e_mail_is_sent_once_and_then_neither_its_address_nor_its_words_are_kept() {
    each_place(|place| {
        let server = Server::start(&[]);
        write(&place.db, "zee@home.example");
        let settings = server.settings();
        assert_eq!(send_waiting(&place.db, &settings).unwrap(), 1);
        assert_eq!(send_waiting(&place.db, &settings).unwrap(), 0);
        let [message] = server.taken().try_into().unwrap();
        for part in [
            "To: zee@home.example",
            "<noreply@council.example>",
            "Message-ID: <",
            "Subject: We have your message (ABCD-EFGH)",
            "by 7 April 2022",
        ] {
            assert!(message.contains(part), "{part} in {message}");
        }
        assert!(unsent(&place.db).is_empty());
        let query = "SELECT recipient || subject || body AS words FROM outbox";
        let kept: Vec<Kept> =
            heard::each_db!(&mut place.link(), c => sql_query(query).load(c).unwrap());
        assert_eq!(kept[0].words, "");
    });
}

#[test]
fn an_e_mail_that_the_server_does_not_take_now_is_tried_again_later() {
    each_place(|place| {
        let server = Server::start(&[Mood::ForNow, Mood::ForNow]);
        let settings = server.settings();
        write(&place.db, "zee@home.example");
        let tries = [(0, 0), (0, 0), (1, 0), (2, 0), (3, 1)];
        for (minutes, sent) in tries {
            let db = after(place, minutes);
            assert_eq!(send_waiting(&db, &settings).unwrap(), sent, "{minutes}");
            if sent == 0 {
                let [line] = unsent(&db).try_into().unwrap();
                assert_eq!(line.state, State::Waiting);
                let trouble = line.trouble.unwrap();
                assert_eq!(trouble, "The mail server refused it for now (code 451)");
            }
        }
        assert_eq!(server.taken().len(), 1);
    });
}

#[test]
fn an_e_mail_is_given_up_after_so_many_tries_or_when_refused_for_good() {
    each_place(|place| {
        let server = Server::start(&[Mood::ForGood]);
        write(&place.db, "zee@home.example");
        send_waiting(&place.db, &server.settings()).unwrap();
        let [line] = unsent(&place.db).try_into().unwrap();
        assert_eq!(line.state, State::GivenUp);
        assert_eq!(line.attempts, 1);
        // What the server said held the address of a child.
        assert!(!line.trouble.unwrap().contains("zee"));

        // Nobody listens where a server was.
        let gone = TcpListener::bind("127.0.0.1:0").unwrap();
        let mut settings = server.settings();
        settings.port = gone.local_addr().unwrap().port();
        settings.attempts = 2;
        drop(gone);
        write(&place.db, "ann@home.example");
        send_waiting(&place.db, &settings).unwrap();
        send_waiting(&after(place, 10), &settings).unwrap();
        let lines = unsent(&place.db);
        let unreachable = lines.iter().find(|line| line.attempts == 2).unwrap();
        assert_eq!(unreachable.state, State::GivenUp);
        assert_eq!(
            unreachable.trouble.as_deref(),
            Some("The mail server cannot be reached")
        );
        assert!(server.taken().is_empty());
    });
}

#[test]
fn nothing_is_said_in_the_clear_where_the_settings_ask_for_encryption() {
    each_place(|place| {
        let server = Server::start(&[]);
        let mut settings = server.settings();
        settings.security = MailSecurity::StartTls;
        settings.user = "heard".to_owned();
        write(&place.db, "zee@home.example");
        assert_eq!(send_waiting(&place.db, &settings).unwrap(), 0);
        assert!(server.taken().is_empty());
        let said = server.heard.lock().unwrap().join("\n");
        assert!(!said.contains("AUTH") && !said.contains("zee"), "{said}");
        assert_eq!(unsent(&place.db)[0].state, State::Waiting);
    });
}

#[test]
fn a_name_and_a_password_are_given_where_the_server_wants_them() {
    each_place(|place| {
        let server = Server::start(&[]);
        let mut settings = server.settings();
        settings.user = "heard".to_owned();
        settings.password = "kettle".into();
        write(&place.db, "zee@home.example");
        assert_eq!(send_waiting(&place.db, &settings).unwrap(), 1);
        let said = server.heard.lock().unwrap().join("\n");
        assert!(said.contains("AUTH PLAIN"), "{said}");
    });
}

#[test]
fn two_instances_send_each_e_mail_once() {
    each_place(|place| {
        let server = Server::start(&[]);
        for number in 0..20 {
            write(&place.db, &format!("n{number}@home.example"));
        }
        let other = after(place, 0);
        let sent: usize = std::thread::scope(|scope| {
            let runs = [&place.db, &other].map(|db| {
                let settings = server.settings();
                scope.spawn(move || send_waiting(db, &settings).unwrap())
            });
            runs.into_iter().map(|run| run.join().unwrap()).sum()
        });
        assert_eq!(sent, 20);
        assert_eq!(server.taken().len(), 20);
    });
}

#[test]
fn without_a_mail_server_nothing_is_sent_and_no_page_promises_it() {
    each_site(async |site, _| {
        let off = &site.app.settings.mail;
        assert!(!off.is_on());
        assert_eq!(send_waiting(&site.app.db, off).unwrap(), 0);
        for path in ["/ask/me", "/ask/parent", "/ask/professional"] {
            let text = Browser::default().open(site, path).await.text();
            assert!(!text.contains("email_safe"), "{path}");
            assert!(!text.contains("short e-mail"), "{path}");
        }
        let on = with_mail(site);
        let text = Browser::default().open(&on, "/ask/me").await.text();
        assert!(text.contains("It is safe to send me an e-mail now"));
        let text = Browser::default().open(&on, "/ask/parent").await.text();
        assert!(text.contains("short e-mail"));
    });
}

fn with_mail(site: &Site) -> Site {
    site.with_settings(|settings| {
        settings.mail.host = "mail.example".to_owned();
    })
}

fn zee(email_safe: bool) -> Asked {
    Asked {
        asked_by: AskedBy::YoungPerson,
        source: Source::SelfReferral,
        first_name: "Zee".to_owned(),
        last_name: None,
        age: Some(12),
        date_of_birth: None,
        wants: vec![Want::Meeting],
        words: Some("My secret words".to_owned()),
        ways: vec![Way::Email],
        phone: None,
        email: Some("zee@home.example".to_owned()),
        email_safe,
        through: None,
        times: None,
        never: Vec::new(),
        area: Area::Here,
        lives: None,
        cared_by: None,
        asker: None,
        organisation: None,
        told: None,
        needed_by: None,
    }
}

#[test]
fn a_young_person_gets_an_e_mail_only_where_they_said_that_it_is_safe_and_it_says_nothing() {
    each_place(|place| {
        let server = Server::start(&[]);
        let settings = server.settings();
        let promise = Promise {
            working_days: 3,
            mail_leads_to: Some("https://heard.example/ask".to_owned()),
        };
        let send = |asked: &Asked| {
            let key = RequestId::random().to_string();
            let sending = Sending {
                token: key.clone(),
                key,
            };
            place
                .db
                .write(&Actor::Nobody, |ctx| ask(ctx, asked, &sending, &promise))
                .unwrap()
        };
        send(&zee(false));
        assert_eq!(send_waiting(&place.db, &settings).unwrap(), 0);
        let reference = send(&zee(true));
        assert_eq!(send_waiting(&place.db, &settings).unwrap(), 1);
        let [message] = server.taken().try_into().unwrap();
        assert!(message.contains(&reference));
        assert!(message.contains("https://heard.example/ask"));
        for inside in ["Zee", "secret", "meeting", "Officer", "Rights Service"] {
            assert!(!message.contains(inside), "{inside} in {message}");
        }
    });
}

#[test]
fn an_administrator_sees_what_was_given_up_and_why_and_tries_again() {
    each_site(async |site, _| {
        let server = Server::start(&[Mood::ForGood]);
        write(&site.app.db, "zee@home.example");
        send_waiting(&site.app.db, &server.settings()).unwrap();
        let mut browser = site.sign_in(Role::Administrator).await;
        let page = browser.open(site, "/mail").await;
        assert_eq!(page.status, StatusCode::OK);
        let text = page.text();
        assert!(text.contains("refused it for good (code 550)"), "{text}");
        assert!(!text.contains("zee") && !text.contains("ABCD-EFGH"));
        let line = &unsent(&site.app.db)[0];
        let (csrf, token) = (page.hidden("csrf"), page.hidden("form_token"));
        let sent = browser
            .send(
                site,
                &format!("/mail/{}/again", line.id),
                &[("csrf", &csrf), ("form_token", &token)],
            )
            .await;
        assert_eq!(sent.location(), "/mail");
        assert_eq!(send_waiting(&site.app.db, &server.settings()).unwrap(), 1);
        assert_eq!(server.taken().len(), 1);
        let mut officer = site.sign_in(Role::Officer).await;
        let page = officer.open(site, "/mail").await;
        assert_eq!(page.status, StatusCode::NOT_FOUND);
    });
}
