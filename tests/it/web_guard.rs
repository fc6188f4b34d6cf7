//! Who comes in, who does not, and what they are shown.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test that cannot go on stops"
)]

use std::collections::BTreeMap;
use std::fmt::Write;
use std::sync::Arc;

use actix_web::cookie::Cookie;
use actix_web::http::header::{self, HeaderMap};
use actix_web::http::{Method as Verb, StatusCode};
use actix_web::test::{TestRequest, call_service, init_service, read_body};
use actix_web::web::{Bytes, Data};
use heard::access::{Actor, Permission, Role};
use heard::app::{App, configure};
use heard::audit::Seal;
use heard::calendar::Clock;
use heard::db::{Address, Db, migrations};
use heard::ids::{SessionId, UserId};
use heard::routes::{self, Access, Method};
use heard::settings::Settings;
use heard::staff::{actions, passwords};
use heard::text::{EmailAddress, Name};
use heard::web::guard::may_come_in;
use secrecy::SecretBox;

pub const PASSWORD: &str = "kettle marble fern";
const NINE: &str = "2022-01-03T09:00:00Z";

/// A service with one user of each role, on its own database, at a fixed time.
pub struct Site {
    pub app: Data<App>,
    pub users: Arc<BTreeMap<Role, UserId>>,
    address: Address,
    folder: Arc<tempfile::TempDir>,
}

fn app(address: &Address, folder: &tempfile::TempDir, now: &str, encrypted: bool) -> Data<App> {
    let mut settings = Settings::load(None, folder.path()).unwrap();
    settings.server.public_url =
        if encrypted { "https" } else { "http" }.to_owned() + "://heard.test";
    app_of(address, now, settings)
}

fn app_of(address: &Address, now: &str, settings: Settings) -> Data<App> {
    let clock = Clock::Fixed(now.parse().unwrap());
    let db = Db::open(address, Seal::new(b"audit"), clock, 2).unwrap();
    let key = SecretBox::new(Box::new(vec![7; 32]));
    Data::new(App::new(settings, db, key, true).unwrap())
}

impl Site {
    pub fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let address = Address::Sqlite(folder.path().join("heard.db"));
        migrations::run(&address).unwrap();
        Self::on(address, folder, NINE)
    }

    /// On a migrated database that is there already.
    pub fn on(address: Address, folder: tempfile::TempDir, now: &str) -> Self {
        let app = app(&address, &folder, now, false);
        let hash = passwords::hash(PASSWORD).unwrap();
        let add = |role: Role| {
            app.db.write(&Actor::System("test"), |ctx| {
                actions::add(
                    ctx,
                    &actions::NewUser {
                        name: &Name::parse(role.words()).unwrap(),
                        email: Some(&EmailAddress::parse(&email(role)).unwrap()),
                        role,
                        password_hash: Some(&hash),
                        change_password: false,
                    },
                )
            })
        };
        let users = Role::ALL
            .iter()
            .map(|role| (*role, add(*role).unwrap()))
            .collect();
        Self {
            app,
            users: Arc::new(users),
            address,
            folder: Arc::new(folder),
        }
    }

    /// The same service at another time.
    pub fn at(&self, now: &str) -> Self {
        Self {
            app: app(&self.address, &self.folder, now, false),
            users: Arc::clone(&self.users),
            address: self.address.clone(),
            folder: Arc::clone(&self.folder),
        }
    }

    /// The same service with other settings.
    pub fn with_settings(&self, change: impl FnOnce(&mut Settings)) -> Self {
        let mut settings = self.app.settings.clone();
        change(&mut settings);
        let now = self.app.db.clock().now().to_rfc3339();
        Self {
            app: app_of(&self.address, &now, settings),
            users: Arc::clone(&self.users),
            address: self.address.clone(),
            folder: Arc::clone(&self.folder),
        }
    }

    fn encrypted(&self) -> Self {
        Self {
            app: app(&self.address, &self.folder, NINE, true),
            users: Arc::clone(&self.users),
            address: self.address.clone(),
            folder: Arc::clone(&self.folder),
        }
    }

    pub async fn ask(&self, request: TestRequest) -> Page {
        let service =
            init_service(actix_web::App::new().configure(configure(self.app.clone()))).await;
        let response = call_service(&service, request.to_request()).await;
        Page {
            status: response.status(),
            headers: response.headers().clone(),
            cookies: response
                .response()
                .cookies()
                .map(Cookie::into_owned)
                .collect(),
            body: read_body(response).await,
        }
    }

    pub async fn sign_in(&self, role: Role) -> Browser {
        let mut browser = Browser::default();
        let page = browser.sign_in(self, &email(role), PASSWORD).await;
        assert_eq!(page.status, StatusCode::SEE_OTHER, "{}", page.text());
        browser
    }

    fn last_event(&self) -> String {
        let lines = self
            .app
            .db
            .read(&Actor::Nobody, |ctx| {
                heard::audit::lines(ctx, None, i64::MAX, 1)
            })
            .unwrap();
        lines[0].action.clone()
    }
}

pub fn email(role: Role) -> String {
    format!("{}@heard.test", role.code())
}

pub struct Page {
    pub status: StatusCode,
    pub headers: HeaderMap,
    cookies: Vec<Cookie<'static>>,
    body: Bytes,
}

impl Page {
    pub fn text(&self) -> String {
        // A workbook is no text, and is looked through all the same.
        String::from_utf8_lossy(&self.body).replace("&#x3D;", "=")
    }

    pub fn bytes(&self) -> Vec<u8> {
        self.body.to_vec()
    }

    /// The headers, in order of the alphabet.
    fn said(&self) -> BTreeMap<String, String> {
        self.headers
            .iter()
            .map(|(name, value)| (name.to_string(), format!("{value:?}")))
            .collect()
    }

    pub fn location(&self) -> &str {
        self.headers
            .get(header::LOCATION)
            .map_or("", |location| location.to_str().unwrap())
    }

    pub fn hidden(&self, name: &str) -> String {
        let text = self.text();
        let start = format!(r#"name="{name}" value=""#);
        let (_, rest) = text
            .split_once(&start)
            .unwrap_or_else(|| panic!("no {name} in {text}"));
        rest.split_once('"').unwrap().0.to_owned()
    }
}

/// What stands between the parts of a form with a file.
pub const MARK: &str = "----parts";

/// A form with a file, as browsers send it.
pub fn with_file(fields: &[(&str, &str)], name: &str, bytes: &[u8]) -> Vec<u8> {
    let mut body = Vec::new();
    for (field, value) in fields {
        let part = format!(
            "--{MARK}\r\nContent-Disposition: form-data; name=\"{field}\"\r\n\r\n{value}\r\n"
        );
        body.extend(part.into_bytes());
    }
    let head = format!(
        "--{MARK}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\nContent-Type: text/csv\r\n\r\n"
    );
    body.extend(head.into_bytes());
    body.extend_from_slice(bytes);
    body.extend(format!("\r\n--{MARK}--\r\n").into_bytes());
    body
}

/// Somebody's browser: it keeps cookies, and says where its forms come from.
#[derive(Default, Clone)]
pub struct Browser {
    cookies: BTreeMap<String, Cookie<'static>>,
}

impl Browser {
    pub fn request(&self, verb: Verb, path: &str) -> TestRequest {
        let request = TestRequest::with_uri(path)
            .method(verb)
            .insert_header((header::HOST, "heard.test"));
        self.cookies
            .values()
            .fold(request, |request, cookie| request.cookie(cookie.clone()))
    }

    pub fn form(&self, path: &str, fields: &[(&str, &str)]) -> TestRequest {
        self.request(Verb::POST, path)
            .insert_header((header::ORIGIN, "http://heard.test"))
            .set_form(fields)
    }

    fn keep(&mut self, page: &Page) {
        for cookie in &page.cookies {
            if cookie.value().is_empty() {
                self.cookies.remove(cookie.name());
            } else {
                self.cookies
                    .insert(cookie.name().to_owned(), cookie.clone());
            }
        }
    }

    pub async fn open(&mut self, site: &Site, path: &str) -> Page {
        let page = site.ask(self.request(Verb::GET, path)).await;
        self.keep(&page);
        page
    }

    pub async fn send(&mut self, site: &Site, path: &str, fields: &[(&str, &str)]) -> Page {
        let page = site.ask(self.form(path, fields)).await;
        self.keep(&page);
        page
    }

    pub async fn sign_in(&mut self, site: &Site, email: &str, password: &str) -> Page {
        let csrf = self.open(site, "/sign-in").await.hidden("csrf");
        self.send(
            site,
            "/sign-in",
            &[("csrf", &csrf), ("email", email), ("password", password)],
        )
        .await
    }

    /// The token that the forms of whoever is signed in hold.
    pub async fn csrf(&mut self, site: &Site) -> String {
        self.open(site, "/password").await.hidden("csrf")
    }

    pub fn with_session(&self, value: String) -> Self {
        let mut browser = self.clone();
        browser.cookies.insert(
            "heard_session".to_owned(),
            Cookie::new("heard_session", value),
        );
        browser
    }

    fn session(&self) -> String {
        self.cookies["heard_session"].value().to_owned()
    }
}

#[actix_web::test]
async fn somebody_signs_in_goes_where_they_wanted_and_signs_out() {
    let site = Site::new();
    let mut browser = Browser::default();
    let page = browser.open(&site, "/access-record?before=9").await;
    assert_eq!(
        page.location(),
        "/sign-in?next=%2Faccess-record%3Fbefore%3D9"
    );

    let location = page.location().to_owned();
    let page = browser.open(&site, &location).await;
    let (csrf, next) = (page.hidden("csrf"), page.hidden("next"));
    let page = browser
        .send(
            &site,
            "/sign-in",
            &[
                ("csrf", &csrf),
                ("next", &next),
                ("email", "Auditor@heard.test"),
                ("password", PASSWORD),
            ],
        )
        .await;
    assert_eq!(page.location(), "/access-record?before=9");
    let page = browser.open(&site, "/access-record").await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.text().contains("signed_in"), "{}", page.text());

    let left = browser.clone();
    let csrf = browser.csrf(&site).await;
    let page = browser.send(&site, "/sign-out", &[("csrf", &csrf)]).await;
    assert_eq!(page.location(), "/sign-in");
    assert!(!browser.cookies.contains_key("heard_session"));
    // The cookie that was left behind somewhere opens nothing.
    let page = site.ask(left.request(Verb::GET, "/access-record")).await;
    assert_eq!(page.status, StatusCode::SEE_OTHER);
}

#[actix_web::test]
async fn a_wrong_password_and_an_unknown_address_get_the_same_answer() {
    let site = Site::new();
    let mut answers = Vec::new();
    for email in ["officer@heard.test", "nobody@heard.test"] {
        let page = Browser::default()
            .sign_in(&site, email, "not the right one")
            .await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(site.last_event(), "sign_in_refused");
        let (csrf, token) = (page.hidden("csrf"), page.hidden("form_token"));
        answers.push(
            page.text()
                .replace(email, "")
                .replace(&csrf, "")
                .replace(&token, ""),
        );
    }
    assert_eq!(answers[0], answers[1]);
}

#[actix_web::test]
async fn nobody_is_sent_to_another_site_after_signing_in() {
    let site = Site::new();
    let mut browser = Browser::default();
    let page = browser.open(&site, "/sign-in?next=//evil.example").await;
    assert_eq!(page.hidden("next"), "/");
    let csrf = page.hidden("csrf");
    let page = browser
        .send(
            &site,
            "/sign-in",
            &[
                ("csrf", &csrf),
                ("next", "//evil.example"),
                ("email", &email(Role::Officer)),
                ("password", PASSWORD),
            ],
        )
        .await;
    assert_eq!(page.location(), "/");
}

#[actix_web::test]
async fn a_form_without_its_token_or_from_another_site_is_refused() {
    let site = Site::new();
    let mut browser = site.sign_in(Role::Administrator).await;
    let csrf = browser.csrf(&site).await;
    let path = format!("/users/{}/disable", site.users[&Role::Officer]);
    let form = |token: &str| {
        browser
            .request(Verb::POST, &path)
            .set_form([("csrf", token)])
    };
    let stranger = Browser::default()
        .open(&site, "/sign-in")
        .await
        .hidden("csrf");
    let refused = [
        form("").insert_header((header::ORIGIN, "http://heard.test")),
        form(&stranger).insert_header((header::ORIGIN, "http://heard.test")),
        form(&csrf).insert_header((header::ORIGIN, "http://evil.example")),
        form(&csrf).insert_header((header::ORIGIN, "null")),
        form(&csrf).insert_header((header::REFERER, "http://evil.example/heard.test")),
        form(&csrf),
    ];
    for request in refused {
        let page = site.ask(request).await;
        assert_eq!(page.status, StatusCode::FORBIDDEN);
        assert!(page.text().contains("nothing was saved"));
    }
    let page = site.ask(browser.request(Verb::GET, "/users")).await;
    assert!(!page.text().contains("Disabled"));

    let sent = form(&csrf).insert_header((header::REFERER, "http://heard.test/users"));
    assert_eq!(site.ask(sent).await.status, StatusCode::SEE_OTHER);
}

#[actix_web::test]
async fn a_form_that_is_too_long_is_not_read() {
    let site = Site::new();
    let mut browser = site.sign_in(Role::Officer).await;
    let csrf = browser.csrf(&site).await;
    let long = "x".repeat(1024 * 1024);
    let page = browser
        .send(&site, "/password", &[("csrf", &csrf), ("new", &long)])
        .await;
    assert_eq!(page.status, StatusCode::PAYLOAD_TOO_LARGE);
}

#[actix_web::test]
async fn a_session_cookie_that_we_did_not_write_opens_nothing() {
    let site = Site::new();
    let browser = site.sign_in(Role::Officer).await;
    let ours = browser.session();
    let (header, rest) = ours.split_once('.').unwrap();
    let (claims, _) = rest.split_once('.').unwrap();
    // {"alg":"none","typ":"JWT"}
    let none = "eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0";
    let someone_else = heard::web::keys::Keys::new(&SecretBox::new(Box::new(vec![8; 32])))
        .session_token(
            &site.users[&Role::Officer],
            &SessionId::random(),
            "2022-01-03T09:00:00".parse().unwrap(),
            chrono::Duration::hours(1),
        )
        .unwrap();
    let no_session = site
        .app
        .keys
        .session_token(
            &site.users[&Role::Officer],
            &SessionId::random(),
            "2022-01-03T09:00:00".parse().unwrap(),
            chrono::Duration::hours(1),
        )
        .unwrap();
    let tampered = [
        format!("{none}.{claims}."),
        format!("{none}.{rest}"),
        format!("{header}.{claims}."),
        format!("{header}.{claims}"),
        format!("{header}.{}.{}", claims.to_lowercase(), "AAAA"),
        someone_else,
        no_session,
        "nonsense".to_owned(),
    ];
    for value in tampered {
        let page = site
            .ask(browser.with_session(value.clone()).request(Verb::GET, "/"))
            .await;
        assert_eq!(page.status, StatusCode::SEE_OTHER, "{value}");
        assert_eq!(page.location(), "/sign-in");
    }
    let page = site.ask(browser.request(Verb::GET, "/")).await;
    assert_eq!(page.status, StatusCode::OK);
}

#[actix_web::test]
async fn a_disabled_user_is_out_at_the_next_request() {
    let site = Site::new();
    let mut officer = site.sign_in(Role::Officer).await;
    let mut admin = site.sign_in(Role::Administrator).await;
    assert_eq!(officer.open(&site, "/").await.status, StatusCode::OK);
    let csrf = admin.csrf(&site).await;
    let path = format!("/users/{}/disable", site.users[&Role::Officer]);
    admin.send(&site, &path, &[("csrf", &csrf)]).await;
    assert_eq!(officer.open(&site, "/").await.location(), "/sign-in");
    let page = officer
        .sign_in(&site, &email(Role::Officer), PASSWORD)
        .await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[actix_web::test]
async fn a_session_ends_without_use_and_at_the_end_of_the_day() {
    let site = Site::new();
    let mut browser = site.sign_in(Role::Officer).await;
    let open = async |browser: &mut Browser, time: &str| {
        let site = site.at(&format!("2022-01-03T{time}Z"));
        browser.open(&site, "/").await.status
    };
    // Every use gives another half hour ...
    for hour in 9..19 {
        for minutes in ["00", "25", "50"] {
            assert_eq!(
                open(&mut browser, &format!("{hour:02}:{minutes}:00")).await,
                StatusCode::OK
            );
        }
    }
    // ... until ten hours after it began.
    assert_eq!(open(&mut browser, "18:59:59").await, StatusCode::OK);
    assert_eq!(open(&mut browser, "19:00:00").await, StatusCode::SEE_OTHER);

    let mut browser = site.sign_in(Role::Officer).await;
    assert_eq!(open(&mut browser, "09:29:59").await, StatusCode::OK);
    assert_eq!(open(&mut browser, "09:59:59").await, StatusCode::SEE_OTHER);
}

#[actix_web::test]
async fn a_form_sent_after_the_session_ended_says_so_and_leads_back_to_its_page() {
    let site = Site::new();
    let mut browser = site.sign_in(Role::Officer).await;
    let csrf = browser.csrf(&site).await;
    let late = site.at("2022-01-03T12:00:00Z");
    let send = |referer: &'static str| {
        browser
            .form("/password", &[("csrf", &csrf)])
            .insert_header((header::REFERER, referer))
    };
    let page = late.ask(send("http://heard.test/password")).await;
    assert_eq!(page.status, StatusCode::FORBIDDEN);
    assert!(page.text().contains("nothing was saved"));
    assert!(page.text().contains("/sign-in?next="));
    // A page that cannot be opened again is not gone back to.
    let page = late.ask(send("http://heard.test/users/1/disable")).await;
    assert!(!page.text().contains("next="));
    let page = late.ask(send("http://evil.example/password")).await;
    assert!(!page.text().contains("next="));
}

#[actix_web::test]
async fn a_forbidden_address_and_an_unknown_one_get_the_same_bytes() {
    let site = Site::new();
    let mut browser = site.sign_in(Role::Officer).await;
    let unknown = browser.open(&site, "/no-such-page").await;
    assert_eq!(unknown.status, StatusCode::NOT_FOUND);
    for path in ["/users", "/access-record", "/users/1/disable", "/%ff/.."] {
        let page = browser.open(&site, path).await;
        assert_eq!(page.status, StatusCode::NOT_FOUND, "{path}");
        assert_eq!(page.body, unknown.body, "{path}");
        assert_eq!(page.said(), unknown.said(), "{path}");
    }
    let csrf = browser.csrf(&site).await;
    for path in ["/no-such-page", "/users/1/disable", "/"] {
        let page = browser.send(&site, path, &[("csrf", &csrf)]).await;
        assert_eq!(
            (page.status, page.body),
            (unknown.status, unknown.body.clone()),
            "{path}"
        );
    }
}

#[actix_web::test]
async fn a_notice_is_shown_once_and_only_ours() {
    let site = Site::new();
    let mut browser = site.sign_in(Role::Administrator).await;
    let csrf = browser.csrf(&site).await;
    let path = format!("/users/{}/disable", site.users[&Role::Manager]);
    browser.send(&site, &path, &[("csrf", &csrf)]).await;
    let notice = "The account was disabled";
    // An error page on the way does not use it up.
    browser.open(&site, "/no-such-page").await;
    let page = browser.open(&site, "/users").await;
    assert!(page.text().contains(notice));
    assert!(!browser.open(&site, "/users").await.text().contains(notice));

    browser.cookies.insert(
        "heard_notice".to_owned(),
        Cookie::new("heard_notice", format!("{}.00", "41".repeat(5))),
    );
    assert!(!browser.open(&site, "/users").await.text().contains("AAAAA"));
}

#[actix_web::test]
async fn too_many_wrong_passwords_lead_to_a_wait() {
    let site = Site::new();
    let email = email(Role::Officer);
    for _ in 0..5 {
        let page = Browser::default().sign_in(&site, &email, "wrong").await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    }
    for password in ["wrong", PASSWORD] {
        let page = Browser::default().sign_in(&site, &email, password).await;
        assert_eq!(page.status, StatusCode::TOO_MANY_REQUESTS);
        assert!(page.headers.contains_key(header::RETRY_AFTER));
        assert!(page.text().contains("Wait a minute"));
    }
    // Nobody else waits for it.
    site.sign_in(Role::Manager).await;
}

#[actix_web::test]
async fn whoever_has_a_password_from_somebody_else_chooses_one_first() {
    let site = Site::new();
    let hash = passwords::hash(PASSWORD).unwrap();
    let user = site.users[&Role::Officer].clone();
    let reset = site.app.db.write(&Actor::System("test"), |ctx| {
        actions::reset_password(ctx, &user, &hash)
    });
    reset.unwrap();
    let mut browser = site.sign_in(Role::Officer).await;
    let mut elsewhere = site.sign_in(Role::Officer).await;
    assert_eq!(browser.open(&site, "/").await.location(), "/password");
    assert_eq!(browser.open(&site, "/users").await.location(), "/password");

    let csrf = browser.csrf(&site).await;
    let change = |current: &'static str, new: &'static str, again: &'static str| {
        vec![
            ("csrf", csrf.clone()),
            ("current", current.to_owned()),
            ("new", new.to_owned()),
            ("again", again.to_owned()),
        ]
    };
    for (fields, sentence) in [
        (change(PASSWORD, "short", "short"), "at least 12 characters"),
        (change(PASSWORD, PASSWORD, PASSWORD), "other than the one"),
        (
            change(PASSWORD, "copper lantern tide", "copper"),
            "the same both times",
        ),
        (
            change("wrong", "copper lantern tide", "copper lantern tide"),
            "not the password you have now",
        ),
    ] {
        let fields: Vec<_> = fields.iter().map(|(k, v)| (*k, v.as_str())).collect();
        let page = browser.send(&site, "/password", &fields).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(page.text().contains(sentence), "{sentence}");
        assert!(
            !page.text().contains("copper"),
            "no password is shown again"
        );
    }
    let fields = change(PASSWORD, "copper lantern tide", "copper lantern tide");
    let fields: Vec<_> = fields.iter().map(|(k, v)| (*k, v.as_str())).collect();
    let page = browser.send(&site, "/password", &fields).await;
    assert_eq!(page.status, StatusCode::SEE_OTHER, "{}", page.text());
    let page = browser.open(&site, "/").await;
    assert!(page.text().contains("Your password was changed"));
    assert_eq!(elsewhere.open(&site, "/").await.location(), "/sign-in");
}

#[actix_web::test]
async fn every_page_refuses_those_who_are_not_signed_in() {
    let site = Site::new();
    for route in routes::table() {
        let path = route.path.replace("{id}", "1");
        // Other programs are told apart by tests/it/programs.rs.
        if matches!(route.access, Access::Token(_)) {
            continue;
        }
        let page = match route.method {
            Method::Get => Browser::default().open(&site, &path).await,
            Method::Post => Browser::default().send(&site, &path, &[]).await,
        };
        match (route.access, route.method) {
            (Access::Needs(_), Method::Get) => {
                assert!(page.location().starts_with("/sign-in"), "{path}");
            }
            (Access::Needs(_), Method::Post) => {
                assert_eq!(page.status, StatusCode::FORBIDDEN, "{path}");
                assert!(page.text().contains("You have been signed out"), "{path}");
            }
            // What everybody may open is a short list, and this is it.
            _ => assert!(
                [
                    "/health",
                    "/assets/{name}",
                    "/sign-in",
                    "/calendar/{secret}.ics",
                    "/api",
                    "/api/v1/openapi.json",
                ]
                .contains(&route.path)
                    || (route.access == Access::Stranger && route.path.starts_with("/ask")),
                "{path}"
            ),
        }
    }
    let page = Browser::default().open(&site, "/no-such-page").await;
    assert!(page.location().starts_with("/sign-in"));
}

#[actix_web::test]
async fn a_calendar_opens_at_its_secret_address_and_every_other_is_the_same_page_not_found() {
    let site = Site::new();
    let mut browser = site.sign_in(Role::Officer).await;
    let form = browser.open(&site, "/diary/feed").await;
    let fields = ["csrf", "form_token", "do"].map(|name| (name, form.hidden(name)));
    let fields = fields
        .each_ref()
        .map(|(name, value)| (*name, value.as_str()));
    let mut addresses = Vec::new();
    for _ in 0..2 {
        let page = browser.send(&site, "/diary/feed", &fields).await;
        assert_eq!(page.status, StatusCode::OK, "{}", page.text());
        let text = page.text();
        let (_, rest) = text.split_once("http://heard.test").unwrap();
        addresses.push(rest.split('<').next().unwrap().trim().to_owned());
    }
    assert_eq!(addresses[0], addresses[1], "the same form is the same deed");
    // It is shown once.
    assert!(
        !browser
            .open(&site, "/diary/feed")
            .await
            .text()
            .contains(".ics")
    );

    let stranger = Browser::default();
    let ask = |path: String| site.ask(stranger.request(Verb::GET, &path));
    let feed = ask(addresses[0].clone()).await;
    assert_eq!(feed.status, StatusCode::OK);
    assert!(
        feed.headers
            .get(header::CONTENT_TYPE)
            .unwrap()
            .to_str()
            .unwrap()
            .starts_with("text/calendar")
    );
    assert!(feed.text().starts_with("BEGIN:VCALENDAR\r\n"));
    let one = ask(format!("/calendar/{}.ics", "0".repeat(64))).await;
    assert_eq!(one.status, StatusCode::NOT_FOUND);
    for wrong in ["/calendar/1.ics", "/calendar/%F0%9F%98%80.ics"] {
        let other = ask(wrong.to_owned()).await;
        assert_eq!(
            (other.status, &other.body),
            (one.status, &one.body),
            "{wrong}"
        );
        assert_eq!(other.said(), one.said());
        assert!(other.cookies.is_empty());
    }
}

#[actix_web::test]
async fn every_page_refuses_the_wrong_role() {
    let site = Site::new();
    for role in Role::ALL {
        let mut browser = site.sign_in(*role).await;
        for route in routes::table() {
            let Access::Needs(permission) = route.access else {
                continue;
            };
            let mut path = route.path.replace("{id}", "1");
            // Pages that are about one figure of one period have to be asked for it.
            if path == "/reports/annual/rows" {
                path += "?from=2021-04-01&to=2022-03-31&table=cp.referrals.source&format=csv";
            }
            let page = match route.method {
                Method::Get => browser.clone().open(&site, &path).await,
                Method::Post => browser.clone().send(&site, &path, &[]).await,
            };
            let open = may_come_in(&actor(*role), permission);
            if !open {
                assert_eq!(page.status, StatusCode::NOT_FOUND, "{role:?} {path}");
            } else if route.method == Method::Post {
                assert_eq!(page.status, StatusCode::FORBIDDEN, "{role:?} {path}");
            } else if !route.path.contains('{') {
                let shown = [StatusCode::OK, StatusCode::SEE_OTHER].contains(&page.status);
                assert!(shown, "{role:?} {path} {}", page.status);
            }
        }
        browser.open(&site, "/").await;
    }
}

fn actor(role: Role) -> Actor {
    Actor::User {
        id: UserId::random(),
        name: String::new(),
        role,
        session: SessionId::random(),
    }
}

/// Which role opens which page, for a person to read (`cargo test -- --nocapture`).
#[test]
fn the_table_of_roles_and_pages_can_be_printed() {
    let mut text = String::new();
    for route in routes::table() {
        let who = match route.access {
            Access::Needs(Permission::OwnAccount) => "everybody who is signed in".to_owned(),
            Access::Needs(permission) => Role::ALL
                .iter()
                .filter(|role| may_come_in(&actor(**role), permission))
                .map(|role| role.words())
                .collect::<Vec<_>>()
                .join(", "),
            Access::Token(permission) => format!("programs: {}", permission.words()),
            _ => "everybody".to_owned(),
        };
        writeln!(text, "{:?} {}: {who}", route.method, route.path).unwrap();
    }
    assert!(text.contains("Get /users: Administrator\n"), "{text}");
    eprintln!("{text}");
}

#[actix_web::test]
async fn every_answer_tells_the_browser_what_to_refuse() {
    let site = Site::new();
    let mut browser = Browser::default();
    for path in ["/sign-in", "/no-such-page", "/health"] {
        let page = browser.open(&site, path).await;
        let said = |name: &str| page.headers.get(name).unwrap().to_str().unwrap().to_owned();
        assert!(said("content-security-policy").starts_with("default-src 'none'"));
        assert!(!said("content-security-policy").contains("unsafe"));
        assert_eq!(said("cache-control"), "no-store");
        assert_eq!(said("x-content-type-options"), "nosniff");
        assert!(!page.headers.contains_key("strict-transport-security"));
    }
    let page = browser.open(&site, "/sign-in").await;
    let text = page.text();
    let (_, rest) = text.split_once(r#"rel="stylesheet" href=""#).unwrap();
    let style = rest.split_once('"').unwrap().0.to_owned();
    let page = browser.open(&site, &style).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.cookies.is_empty());
    assert_eq!(
        page.headers.get("cache-control").unwrap(),
        "public, max-age=31536000, immutable"
    );
    assert_eq!(
        browser.open(&site, "/assets/heard.css").await.status,
        StatusCode::NOT_FOUND
    );
    assert_eq!(browser.open(&site, "/health").await.text(), "ok");
}

#[actix_web::test]
async fn cookies_are_for_this_host_and_no_script_and_encrypted_where_pages_are() {
    let site = Site::new().encrypted();
    let page = Browser::default().open(&site, "/sign-in").await;
    assert!(page.headers.contains_key("strict-transport-security"));
    let cookie = page
        .headers
        .get(header::SET_COOKIE)
        .unwrap()
        .to_str()
        .unwrap();
    assert!(cookie.starts_with("__Host-heard_visitor="), "{cookie}");
    for part in ["HttpOnly", "Secure", "SameSite=Lax", "Path=/"] {
        assert!(cookie.contains(part), "{cookie}");
    }
}

/// Asks a listening service and reads until it closes the connection.
fn over_the_wire(address: std::net::SocketAddr, text: &str) -> String {
    use std::io::{Read, Write};
    let mut stream = std::net::TcpStream::connect(address).unwrap();
    stream.write_all(text.as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

#[actix_web::test]
async fn the_service_listens_and_closes_connections_that_dawdle() {
    let site = Site::new();
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    actix_web::rt::spawn(heard::app::serve(site.app.clone(), listener));
    let ask = async |text: &'static str| {
        actix_web::rt::task::spawn_blocking(move || over_the_wire(address, text))
            .await
            .unwrap()
    };
    let page = ask("GET /sign-in HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n").await;
    assert!(page.starts_with("HTTP/1.1 200"), "{page}");
    assert!(page.contains("</html>"));
    let head = ask("HEAD /sign-in HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n").await;
    assert!(head.starts_with("HTTP/1.1 200"), "{head}");
    assert!(!head.contains("<html"));
    // Headers that never end.
    let slow = ask("GET /sign-in HTTP/1.1\r\nHost: a\r\n").await;
    assert!(slow.starts_with("HTTP/1.1 408"), "{slow}");
}
