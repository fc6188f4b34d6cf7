//! Other programs: how they come in by a token, what they may send, and that what they send twice
//! is done once.

use std::collections::BTreeSet;

use actix_web::http::header::{self, HeaderName};
use actix_web::http::{Method as Verb, StatusCode};
use actix_web::test::TestRequest;
use chrono::NaiveDate;
use heard::access::{Actor, Permission, Role, Scope, decide};
use heard::db::Db;
use heard::ids::{ServiceAccountId, ServiceTokenId};
use heard::import::api::document::document;
use heard::routes::{self, Access, Method};
use heard::staff::services::actions;
use serde_json::{Value, json};

use super::web_guard::{Browser, Page, Site};
use crate::helpers::schedule::{file, row};
use crate::helpers::{Place, each_place};

const TODAY: &str = "2022-04-04T09:00:00Z";

fn administrator(site: &Site) -> Actor {
    Actor::User {
        id: site.users[&Role::Administrator].clone(),
        name: "Administrator".to_owned(),
        role: Role::Administrator,
        session: heard::ids::SessionId::random(),
    }
}

/// A token of a new account, good to the end of April 2022.
pub fn token(site: &Site, name: &str, scopes: &[Scope]) -> (ServiceTokenId, String) {
    let last: NaiveDate = "2022-04-30".parse().unwrap();
    let id = ServiceTokenId::random();
    let mut text = String::new();
    site.app
        .db
        .write(&administrator(site), |ctx| {
            let account: ServiceAccountId = actions::add(ctx, name, scopes)?;
            text = site.app.keys.service_token(&account, &id, ctx.now, last)?;
            actions::give_token(ctx, &account, &id, &actions::hash(&text), last, 366)
        })
        .unwrap();
    (id, text)
}

pub fn scheduling(site: &Site) -> String {
    let scopes = [Scope::ConferencesWrite, Scope::ImportsRead];
    token(site, "Scheduling", &scopes).1
}

fn asked(verb: Verb, path: &str, token: &str) -> TestRequest {
    TestRequest::with_uri(path)
        .method(verb)
        .insert_header((header::AUTHORIZATION, format!("Bearer {token}")))
}

fn rows(child_ref: &str) -> Value {
    json!([{
        "conference_ref": "CPC-1", "conference_type": "initial",
        "conference_date": "2022-04-20", "child_ref": child_ref,
        "first_name": "Amina", "last_name": "Cole", "date_of_birth": "2009-05-10",
    }])
}

fn sending(token: &str, body: &Value) -> TestRequest {
    asked(Verb::POST, "/api/v1/conferences", token).set_json(body)
}

fn keyed(token: &str, body: &Value, key: &str) -> TestRequest {
    let name = HeaderName::from_static("idempotency-key");
    sending(token, body).insert_header((name, key))
}

fn json_of(page: &Page) -> Value {
    serde_json::from_str(&page.text()).unwrap()
}

fn is_problem(page: &Page, status: StatusCode) {
    assert_eq!(page.status, status, "{}", page.text());
    let kind = page.headers.get(header::CONTENT_TYPE).unwrap();
    assert_eq!(kind, "application/problem+json");
    let said = json_of(page);
    assert_eq!(said["status"], status.as_u16());
    assert!(said["detail"].as_str().unwrap().ends_with('.'), "{said}");
}

/// How many children are on record.
fn children(db: &Db) -> i64 {
    let counts = db.read(&crate::helpers::PROGRAM, |ctx| {
        heard::db::table_counts(ctx.conn).map_err(Into::into)
    });
    let counts = counts.unwrap();
    let people = counts.iter().find(|(table, _)| table == "young_people");
    people.unwrap().1
}

/// Runs a test on a service with each kind of database.
fn on_each_site(test: impl AsyncFn(&Site)) {
    each_place(|place: &Place| {
        let folder = crate::helpers::databases::folder();
        let site = Site::on(place.address().clone(), folder, TODAY);
        actix_web::rt::System::new().block_on(test(&site));
    });
}

#[test]
fn a_receipt_says_that_its_import_was_undone_and_the_file_comes_in_anew() {
    on_each_site(async |site| {
        let token = scheduling(site);
        let sent = site.ask(keyed(&token, &rows("K1"), "monday")).await;
        let receipt = sent.location().to_owned();
        let before = json_of(&site.ask(asked(Verb::GET, &receipt, &token)).await);
        assert_eq!(before.get("undone_at"), None);
        let id = heard::ids::BatchId::parse(before["batch"].as_str().unwrap()).unwrap();
        let senior = Actor::User {
            id: site.users[&Role::SeniorOfficer].clone(),
            name: "Samira".to_owned(),
            role: Role::SeniorOfficer,
            session: heard::ids::SessionId::random(),
        };
        let undone = site.app.db.write(&senior, |ctx| {
            heard::import::undo::actions::undo(ctx, &id, "Wrong file")
        });
        undone.unwrap();
        let after = json_of(&site.ask(asked(Verb::GET, &receipt, &token)).await);
        assert_eq!(after["undone_at"], "2022-04-04T09:00:00");
        assert_eq!(children(&site.app.db), 0);
        let again = site.ask(keyed(&token, &rows("K1"), "tuesday")).await;
        assert_eq!(json_of(&again)["created"], 1);
    });
}

#[test]
fn a_schedule_sent_by_a_program_is_the_schedule_brought_by_a_person() {
    on_each_site(async |site| {
        let token = scheduling(site);
        let page = site.ask(sending(&token, &rows("K1"))).await;
        assert_eq!(page.status, StatusCode::CREATED, "{}", page.text());
        let said = json_of(&page);
        assert_eq!(
            (&said["created"], &said["referrals"]),
            (&json!(1), &json!(1))
        );

        // The same rows as the file itself, and as another program writes names.
        let csv = file(&[row("CPC-1", "K1").named("Amina", "Cole")]);
        let request = asked(Verb::POST, "/api/v1/conferences", &token)
            .insert_header((header::CONTENT_TYPE, "text/csv; charset=utf-8"))
            .set_payload(csv);
        assert_eq!(json_of(&site.ask(request).await)["unchanged"], 1);

        // Its receipt, at the address that was answered.
        let receipt = asked(Verb::GET, page.location(), &token);
        let receipt = json_of(&site.ask(receipt).await);
        for name in [
            "batch",
            "rows",
            "created",
            "referrals",
            "problems",
            "results",
        ] {
            assert_eq!(receipt[name], said[name], "{name}");
        }
        // Nobody else's, and no other.
        let scopes = [Scope::ImportsRead];
        let (_, other) = self::token(site, "Another", &scopes);
        for (path, token) in [
            (page.location(), &other),
            ("/api/v1/imports/1", &token),
            ("/api/v1/nothing", &token),
        ] {
            is_problem(
                &site.ask(asked(Verb::GET, path, token)).await,
                StatusCode::NOT_FOUND,
            );
        }
    });
}

#[test]
fn a_dry_run_keeps_nothing_and_a_misspelt_one_is_no_real_one() {
    on_each_site(async |site| {
        let token = scheduling(site);
        let ask = async |query: &str| {
            let path = format!("/api/v1/conferences?{query}");
            site.ask(asked(Verb::POST, &path, &token).set_json(rows("K1")))
                .await
        };
        let page = ask("dry_run=true").await;
        assert_eq!(page.status, StatusCode::OK);
        let said = json_of(&page);
        assert_eq!(
            (&said["created"], &said["batch"]),
            (&json!(1), &Value::Null)
        );
        for wrong in ["dryrun=true", "dry_run=yes"] {
            is_problem(&ask(wrong).await, StatusCode::UNPROCESSABLE_ENTITY);
        }
        assert_eq!(children(&site.app.db), 0);
    });
}

#[test]
fn the_same_request_under_the_same_key_is_answered_again_and_done_once() {
    on_each_site(async |site| {
        let token = scheduling(site);
        let first = site.ask(keyed(&token, &rows("K1"), "night-1")).await;
        assert_eq!(first.status, StatusCode::CREATED, "{}", first.text());
        // Another instance of the program answers the same.
        for site in [site, &site.at(TODAY)] {
            let again = site.ask(keyed(&token, &rows("K1"), "night-1")).await;
            assert_eq!(again.status, StatusCode::CREATED);
            assert_eq!(again.text(), first.text());
            assert_eq!(again.location(), first.location());
            assert_eq!(again.headers.get("idempotent-replayed").unwrap(), "true");
        }
        let other = site.ask(keyed(&token, &rows("K2"), "night-1")).await;
        is_problem(&other, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(children(&site.app.db), 1);

        // Keys are each account's own, and a request that was refused leaves its key free.
        let (_, second) = self::token(site, "Second", &[Scope::ConferencesWrite]);
        let page = site.ask(keyed(&second, &rows("K1"), "night-1")).await;
        assert_eq!(json_of(&page)["unchanged"], 1);
        is_problem(
            &site.ask(keyed(&token, &json!({}), "night-2")).await,
            StatusCode::UNPROCESSABLE_ENTITY,
        );
        let page = site.ask(keyed(&token, &rows("K2"), "night-2")).await;
        assert_eq!(page.status, StatusCode::CREATED);
        let long = "k".repeat(201);
        for key in ["", "two words", &long] {
            let page = site.ask(keyed(&token, &rows("K1"), key)).await;
            is_problem(&page, StatusCode::UNPROCESSABLE_ENTITY);
        }
    });
}

#[test]
fn the_same_key_at_work_in_this_moment_asks_to_wait() {
    on_each_site(async |site| {
        let token = scheduling(site);
        let all: Vec<Value> = (0..400)
            .map(|number| rows(&format!("K{number}"))[0].clone())
            .collect();
        let all = json!(all);
        let both = || site.ask(keyed(&token, &all, "night"));
        let (one, other) = futures_of(both(), both()).await;
        let mut statuses = [one.status, other.status];
        statuses.sort();
        // Whoever came second had to wait, or came when all was done.
        let waited = statuses[1] == StatusCode::CONFLICT;
        assert_eq!(statuses[0], StatusCode::CREATED);
        assert!(waited || one.text() == other.text());
        assert_eq!(children(&site.app.db), 400);
        if waited {
            let page = if one.status == StatusCode::CONFLICT {
                one
            } else {
                other
            };
            is_problem(&page, StatusCode::CONFLICT);
            assert!(page.headers.contains_key(header::RETRY_AFTER));
        }
    });
}

async fn futures_of<T>(one: impl Future<Output = T>, other: impl Future<Output = T>) -> (T, T) {
    let (mut one, mut other) = (std::pin::pin!(one), std::pin::pin!(other));
    let (mut first, mut second) = (None, None);
    std::future::poll_fn(|context| {
        use std::task::Poll;
        if first.is_none()
            && let Poll::Ready(done) = one.as_mut().poll(context)
        {
            first = Some(done);
        }
        if second.is_none()
            && let Poll::Ready(done) = other.as_mut().poll(context)
        {
            second = Some(done);
        }
        match (first.is_some(), second.is_some()) {
            (true, true) => Poll::Ready(()),
            _ => Poll::Pending,
        }
    })
    .await;
    (first.unwrap(), second.unwrap())
}

#[actix_web::test]
async fn who_does_not_come_in_is_told_why_in_a_sentence() {
    let site = Site::new().at(TODAY);
    let token = scheduling(&site);
    let (_, reads) = self::token(&site, "Reads", &[Scope::ImportsRead]);
    let path = "/api/v1/conferences";
    let post = || {
        TestRequest::with_uri(path)
            .method(Verb::POST)
            .set_json(rows("K1"))
    };
    let with = |value: String| post().insert_header((header::AUTHORIZATION, value));
    let stranger = heard::web::keys::Keys::new(&secrecy::SecretBox::new(Box::new(vec![9; 32])));
    let now = site.app.db.clock().now().naive_utc();
    let last: NaiveDate = "2022-04-30".parse().unwrap();
    let (account, id) = (ServiceAccountId::random(), ServiceTokenId::random());
    let forged = stranger.service_token(&account, &id, now, last).unwrap();
    let unknown = site
        .app
        .keys
        .service_token(&account, &id, now, last)
        .unwrap();
    for request in [
        post(),
        with("Bearer".to_owned()),
        with(format!("Basic {token}")),
        with(format!("Bearer {forged}")),
        with(format!("Bearer {unknown}")),
        with(format!("Bearer {token}x")),
    ] {
        let page = site.ask(request).await;
        is_problem(&page, StatusCode::UNAUTHORIZED);
        assert!(page.headers.contains_key(header::WWW_AUTHENTICATE));
    }
    let page = site.ask(sending(&reads, &rows("K1"))).await;
    is_problem(&page, StatusCode::FORBIDDEN);
    // After its last day.
    let later = site.at("2022-05-01T09:00:00Z");
    let page = later.ask(sending(&token, &rows("K1"))).await;
    is_problem(&page, StatusCode::UNAUTHORIZED);
    assert_eq!(children(&site.app.db), 0);
}

#[actix_web::test]
async fn a_request_that_is_none_is_told_what_would_be() {
    let site = Site::new().at(TODAY);
    let token = scheduling(&site);
    let path = "/api/v1/conferences";
    let post = || asked(Verb::POST, path, &token);
    let page = site.ask(asked(Verb::GET, path, &token)).await;
    is_problem(&page, StatusCode::METHOD_NOT_ALLOWED);
    assert_eq!(page.headers.get(header::ALLOW).unwrap(), "POST");
    let page = site.ask(post().set_payload("x")).await;
    is_problem(&page, StatusCode::UNSUPPORTED_MEDIA_TYPE);
    let page = site
        .ask(
            post()
                .insert_header((header::ACCEPT, "text/html"))
                .set_json(rows("K1")),
        )
        .await;
    is_problem(&page, StatusCode::NOT_ACCEPTABLE);
    for body in [
        json!([]),
        json!({}),
        json!([1]),
        json!([{ "child_ref": 7 }]),
        json!([{ "child_ref": "a", "Child Ref": "b" }]),
    ] {
        let page = site.ask(post().set_json(&body)).await;
        is_problem(&page, StatusCode::UNPROCESSABLE_ENTITY);
    }
    let many = vec![json!({}); 10_001];
    let page = site.ask(post().set_json(many)).await;
    is_problem(&page, StatusCode::UNPROCESSABLE_ENTITY);
    let long = "x".repeat(17 * 1024 * 1024);
    let page = site
        .ask(
            post()
                .insert_header((header::CONTENT_TYPE, "text/csv"))
                .set_payload(long),
        )
        .await;
    is_problem(&page, StatusCode::PAYLOAD_TOO_LARGE);
    // A row that lacks something is that row's own fault.
    let mut mixed = rows("K1");
    mixed
        .as_array_mut()
        .unwrap()
        .push(json!({ "child_ref": "K2" }));
    let said = json_of(&site.ask(sending(&token, &mixed)).await);
    assert_eq!(
        (&said["created"], &said["rejected"]),
        (&json!(1), &json!(1))
    );
}

#[actix_web::test]
async fn an_account_that_asks_too_often_waits() {
    let site = Site::new().at(TODAY);
    let (_, token) = token(&site, "Reads", &[Scope::ImportsRead]);
    let ask = || site.ask(asked(Verb::GET, "/api/v1/imports/1", &token));
    for _ in 0..site.app.settings.api.calls_at_once {
        is_problem(&ask().await, StatusCode::NOT_FOUND);
    }
    let mut page = ask().await;
    // The tests may be slow, and a call comes back each second.
    for _ in 0..20 {
        if page.status != StatusCode::TOO_MANY_REQUESTS {
            page = ask().await;
        }
    }
    is_problem(&page, StatusCode::TOO_MANY_REQUESTS);
    assert!(page.headers.contains_key(header::RETRY_AFTER));
}

#[actix_web::test]
async fn a_token_opens_no_page_and_a_session_no_address_for_programs() {
    let site = Site::new().at(TODAY);
    let token = scheduling(&site);
    for route in routes::table() {
        let path = route.path.replace("{id}", "1").replace("{batch}", "1");
        let verb = match route.method {
            Method::Get => Verb::GET,
            Method::Post => Verb::POST,
        };
        match route.access {
            Access::Needs(_) => {
                let page = site.ask(asked(verb, &path, &token)).await;
                let shut = [StatusCode::SEE_OTHER, StatusCode::FORBIDDEN].contains(&page.status);
                assert!(shut, "{path} {}", page.status);
            }
            Access::Token(_) => {
                for role in Role::ALL {
                    let browser = site.sign_in(*role).await;
                    let page = site.ask(browser.request(verb.clone(), &path)).await;
                    is_problem(&page, StatusCode::UNAUTHORIZED);
                }
            }
            _ => {}
        }
    }
}

#[actix_web::test]
async fn the_administrator_makes_a_token_that_is_shown_once_and_takes_it_back() {
    let site = Site::new().at(TODAY);
    let mut admin = site.sign_in(Role::Administrator).await;
    let page = admin.open(&site, "/service-accounts").await;
    let hidden = |page: &Page| ["csrf", "form_token"].map(|name| (name, page.hidden(name)));
    let mut fields = hidden(&page).to_vec();
    fields.extend([
        ("name", "Scheduling".to_owned()),
        ("scopes", "conferences:write".to_owned()),
    ]);
    let page = send(&mut admin, &site, "/service-accounts", &fields).await;
    let path = page.location().to_owned();
    assert!(path.ends_with("/token"), "{}", page.text());

    let mut fields = hidden(&admin.open(&site, &path).await).to_vec();
    let date = ["30", "4", "2022"].map(str::to_owned);
    let names = ["expires_on-day", "expires_on-month", "expires_on-year"];
    fields.extend(names.into_iter().zip(date));
    let shown = send(&mut admin, &site, &path, &fields).await;
    assert_eq!(shown.status, StatusCode::OK, "{}", shown.text());
    let text = shown.text();
    let (_, rest) = text.split_once(r#"<code class="heard-token">"#).unwrap();
    let token = rest.split_once('<').unwrap().0.to_owned();
    // The form sent again makes no second token, and shows none.
    let again = send(&mut admin, &site, &path, &fields).await;
    assert_eq!(again.location(), "/service-accounts");

    let page = admin.open(&site, "/service-accounts").await;
    assert!(page.text().contains("Never") && !page.text().contains(&token));
    let sent = site.ask(sending(&token, &rows("K1"))).await;
    assert_eq!(sent.status, StatusCode::CREATED, "{}", sent.text());
    let page = admin.open(&site, "/service-accounts").await;
    assert!(!page.text().contains("Never"), "its last use is shown");

    let text = page.text();
    let (before, _) = text.split_once("/revoke").unwrap();
    let (_, revoke) = before.rsplit_once('"').unwrap();
    let csrf = page.hidden("csrf");
    let path = format!("{revoke}/revoke");
    admin.send(&site, &path, &[("csrf", &csrf)]).await;
    let page = admin.open(&site, "/service-accounts").await;
    assert!(page.text().contains("Revoked"));
    is_problem(
        &site.ask(sending(&token, &rows("K1"))).await,
        StatusCode::UNAUTHORIZED,
    );
}

async fn send(browser: &mut Browser, site: &Site, path: &str, fields: &[(&str, String)]) -> Page {
    let fields: Vec<(&str, &str)> = fields.iter().map(|(k, v)| (*k, v.as_str())).collect();
    browser.send(site, path, &fields).await
}

#[test]
fn a_program_may_do_what_its_scopes_say_and_sees_no_record() {
    use heard::access::Relationship;
    let may = |scope: Scope, permission: Permission| {
        let actor = Actor::Service {
            id: ServiceAccountId::random(),
            scopes: vec![scope],
        };
        decide(&actor, permission, Relationship::General).allowed()
    };
    let feed: Vec<_> = Permission::ALL
        .iter()
        .filter(|permission| may(Scope::ConferencesWrite, **permission))
        .collect();
    assert_eq!(feed, [&Permission::SendConferences]);
    for scope in Scope::ALL {
        for sees in [
            Permission::SeeRecord,
            Permission::SeeCasework,
            Permission::SeeImports,
        ] {
            assert!(!may(*scope, sees), "{scope:?}");
        }
    }
}

/// The description and the table of routes say the same.
#[test]
fn the_description_names_every_address_for_programs_and_no_other() {
    let document = serde_json::to_value(document()).unwrap();
    assert_eq!(document["openapi"], "3.1.0");
    let mut described = BTreeSet::new();
    for (path, methods) in document["paths"].as_object().unwrap() {
        for method in methods.as_object().unwrap().keys() {
            described.insert(format!("{method} {path}"));
        }
    }
    let table: BTreeSet<String> = routes::table()
        .iter()
        .filter(|route| route.path.starts_with("/api/v1/"))
        .map(|route| format!("{:?} {}", route.method, route.path).to_lowercase())
        .collect();
    assert_eq!(described, table);
    // Each says what its rows hold.
    let columns = &document["components"]["schemas"]["ConferenceRow"]["properties"];
    let columns = columns.as_object().unwrap();
    assert_eq!(columns.len(), 26);
    for (name, column) in columns {
        assert_ne!(column["description"], "", "{name}");
    }
}

#[actix_web::test]
async fn the_description_is_served_and_people_read_it_as_a_page() {
    let site = Site::new();
    let page = site
        .ask(TestRequest::with_uri("/api/v1/openapi.json"))
        .await;
    assert_eq!(page.status, StatusCode::OK);
    let served = json_of(&page);
    assert_eq!(served, serde_json::to_value(document()).unwrap());
    let page = site.ask(TestRequest::with_uri("/api")).await;
    assert_eq!(page.status, StatusCode::OK);
    let text = page.text();
    for path in served["paths"].as_object().unwrap().keys() {
        assert!(text.contains(path), "{path}");
    }
    assert!(text.contains("conference_ref") && text.contains("conferences:write"));
}
