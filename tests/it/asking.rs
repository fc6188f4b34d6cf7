//! Somebody asks for an officer from outside, and an officer reads it: what is kept, what is shown
//! to whom, and what stays on nobody's browser.

use actix_web::http::{Method as Verb, StatusCode, header};
use heard::access::{Actor, Role};
use heard::audit;
use heard::db::Db;
use heard::documents;
use heard::failure::Failure;
use heard::home::pages::work;
use heard::ids::{RequestId, SessionId, UserId, YoungPersonId};
use heard::referrals::actions::Whom;
use heard::referrals::{self, LegalStatus, Received, Remit, Source, Stream};
use heard::requests::actions::{self, Promise, TakenOn};
use heard::requests::{Area, Asked, AskedBy, Never, Request, Sending, State, Want, Way, panel};
use heard::settings::Settings;
use heard::young_people::{self, warnings};

use crate::drafts::each_site;
use crate::helpers::given::{day, officer, person, referral_of, referred, senior, user};
use crate::helpers::{PROGRAM, each_database, each_place};
use crate::web_guard::{Browser, Page, Site};

const ME: &str = "/ask/me";
/// A minute after the pages of a site were opened, and a day.
const LATER: &str = "2022-04-04T09:01:00Z";
const MUCH_LATER: &str = "2022-04-05T09:01:00Z";

fn typed() -> Vec<(&'static str, &'static str)> {
    vec![
        ("first_name", "Zee"),
        ("age", "12"),
        ("wants", "meeting"),
        (
            "words",
            "I want to say where I live.\nThe meeting is on Friday.",
        ),
        ("ways", "message"),
        ("phone", "07700 900123"),
        ("times", "After school"),
        ("never", "leave_message"),
        ("area", "here"),
    ]
}

/// The fields that the page gives its form.
fn given(page: &Page) -> Vec<(&'static str, String)> {
    let mut given: Vec<_> = ["form_token", "made"]
        .map(|name| (name, page.hidden(name)))
        .to_vec();
    if page.text().contains(r#"name="pointed""#) {
        given.push(("pointed", page.hidden("pointed")));
    }
    given
}

async fn send(site: &Site, browser: &mut Browser, page: &Page, typed: &[(&str, &str)]) -> Page {
    let given = given(page);
    let mut fields: Vec<(&str, &str)> = given
        .iter()
        .map(|(name, value)| (*name, value.as_str()))
        .collect();
    fields.extend(typed);
    browser.send(site, ME, &fields).await
}

fn waiting(db: &Db) -> Vec<Request> {
    let reader = Actor::User {
        id: UserId::random(),
        name: "Reader".to_owned(),
        role: Role::Officer,
        session: SessionId::random(),
    };
    db.read(&reader, |ctx| actions::list(ctx, State::Waiting))
        .unwrap()
}

fn asked(name: &str) -> Asked {
    Asked {
        asked_by: AskedBy::YoungPerson,
        source: Source::SelfReferral,
        first_name: name.to_owned(),
        last_name: None,
        age: Some(12),
        date_of_birth: None,
        wants: vec![Want::Meeting],
        words: Some("I want to say where I live.".to_owned()),
        ways: vec![Way::Message],
        phone: Some(format!("07700 900123 {name}")),
        email: None,
        email_safe: false,
        through: None,
        times: Some("After school".to_owned()),
        never: vec![Never::LeaveMessage, Never::Letters],
        area: Area::Here,
        lives: None,
        cared_by: None,
        asker: None,
        organisation: None,
        told: None,
        needed_by: None,
    }
}

/// Somebody asked, from outside.
fn came_in(db: &Db, asked: &Asked) -> Request {
    let key = RequestId::random().to_string();
    let sending = Sending {
        token: key.clone(),
        key,
    };
    let promise = Promise {
        working_days: 3,
        mail_leads_to: None,
    };
    let reference = db
        .write(&Actor::Nobody, |ctx| {
            actions::ask(ctx, asked, &sending, &promise)
        })
        .unwrap();
    db.read(&PROGRAM, |ctx| {
        heard::requests::store::by_reference(ctx, &reference)
    })
    .unwrap()
    .unwrap()
}

fn received(on: &str) -> Received {
    Received {
        stream: Stream::Care,
        source: Source::SelfReferral,
        received_on: day(on),
        remit: Remit::InRemit,
        legal_status: Some(LegalStatus::S20),
        reason: Some("meetings_support".to_owned()),
    }
}

fn take(db: &Db, by: &Actor, request: &Request, whom: &Whom) -> Result<TakenOn, Failure> {
    let said = warnings::Said {
        kind: warnings::Kind::UnsafeContact,
        words: heard::requests::rules::before_contact(request),
        review_on: day("2022-07-01"),
    };
    db.write(by, |ctx| {
        actions::take_on(
            ctx,
            &request.id,
            request.version,
            whom,
            &received("2022-04-04"),
            &[said],
        )
    })
}

fn somebody_new(first: &str, last: &str) -> Whom {
    Whom::New(young_people::Described {
        first_name: heard::text::Name::parse(first).unwrap(),
        last_name: heard::text::Name::parse(last).unwrap(),
        date_of_birth: Some(day("2010-01-05")),
        details: young_people::Details::default(),
        contact_warning: None,
    })
}

// From outside

#[test]
fn a_young_person_asks_on_one_page_and_is_told_a_reference_once() {
    each_site(async |site, _| {
        let mut browser = Browser::default();
        let page = browser.open(site, ME).await;
        assert_eq!(page.status, StatusCode::OK, "{}", page.text());
        let later = site.at(LATER);
        let sent = send(&later, &mut browser, &page, &typed()).await;
        assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.text());
        assert_eq!(sent.location(), "/ask/me/done");

        let [request] = waiting(&site.app.db).try_into().unwrap();
        assert_eq!(request.due_on, Some(day("2022-04-07")));
        assert_eq!(request.asked.words.as_deref(), Some(typed()[3].1));
        assert_eq!(request.asked.never, [Never::LeaveMessage]);
        let done = browser.open(&later, "/ask/me/done").await;
        assert!(done.text().contains(&request.reference));
        let again = browser.open(&later, "/ask/me/done").await;
        assert_eq!(again.status, StatusCode::OK);
        assert!(!again.text().contains(&request.reference));
    });
}

#[test]
fn nothing_of_it_stays_on_the_browser_that_was_used() {
    each_site(async |site, _| {
        let mut browser = site.sign_in(Role::Officer).await;
        for path in [
            "/ask",
            ME,
            "/ask/parent",
            "/ask/professional",
            "/ask/me/done",
        ] {
            let page = browser.open(site, path).await;
            assert_eq!(page.status, StatusCode::OK, "{path}");
            assert!(!page.headers.contains_key(header::SET_COOKIE), "{path}");
            assert_eq!(page.headers.get(header::CACHE_CONTROL).unwrap(), "no-store");
            // Who is signed in on the same browser is not seen here, and neither is the service inside.
            let text = page.text();
            for inside in ["Sign out", "Signed in", "/sign-in", "Search"] {
                assert!(!text.contains(inside), "{path} {inside}");
            }
            let boxes =
                text.matches(r#"type="text""#).count() + text.matches(r#"type="tel""#).count();
            assert!(text.contains("Exit this page"), "{path}");
            assert!(boxes == 0 || text.contains(r#"autocomplete="off" novalidate"#));
            assert!(!text.contains("form_page"), "no draft is kept: {path}");
        }
        let page = Browser::default().open(site, ME).await;
        let later = site.at(LATER);
        let mut browser = Browser::default();
        let sent = send(&later, &mut browser, &page, &typed()).await;
        let cookies: Vec<_> = sent.headers.get_all(header::SET_COOKIE).collect();
        let [only] = cookies.try_into().unwrap();
        let only = only.to_str().unwrap();
        assert!(
            only.starts_with("heard_told=") && only.contains("Max-Age=60"),
            "{only}"
        );
        let done = browser.open(&later, sent.location()).await;
        let emptied = done.headers.get(header::SET_COOKIE).unwrap();
        assert!(emptied.to_str().unwrap().contains("Max-Age=0"));
    });
}

#[test]
fn what_is_missing_is_asked_for_and_nothing_typed_is_lost() {
    each_site(async |site, _| {
        let mut browser = Browser::default();
        let page = browser.open(site, ME).await;
        let later = site.at(LATER);
        let some = [
            ("first_name", "Zee"),
            ("age", "twelve"),
            ("words", "Please help."),
            ("ways", "call"),
            ("ways", "email"),
            ("email", "zee at home"),
        ];
        let page = send(&later, &mut browser, &page, &some).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
        let text = page.text();
        for sentence in [
            "Write your age as a number, like 12",
            "Enter your phone number",
            "This is not an e-mail address",
            "Tick where you live",
        ] {
            assert!(text.contains(sentence), "{sentence} in {text}");
        }
        for kept in ["Zee", "twelve", "Please help.", "zee at home"] {
            assert!(text.contains(kept), "{kept}");
        }
        assert!(waiting(&site.app.db).is_empty());
        let page = send(&later, &mut browser, &page, &typed()).await;
        assert_eq!(page.status, StatusCode::SEE_OTHER, "{}", page.text());
    });
}

#[test]
fn the_same_form_twice_is_one_request_and_other_words_are_another() {
    each_site(async |site, _| {
        let mut browser = Browser::default();
        let page = browser.open(site, ME).await;
        let later = site.at(LATER);
        for _ in 0..2 {
            let sent = send(&later, &mut browser, &page, &typed()).await;
            assert_eq!(sent.status, StatusCode::SEE_OTHER);
        }
        assert_eq!(waiting(&site.app.db).len(), 1);
        let mut more = typed();
        more[3].1 = "I forgot to say: it is my sister too.";
        let sent = send(&later, &mut browser, &page, &more).await;
        assert_eq!(sent.status, StatusCode::SEE_OTHER);
        assert_eq!(waiting(&site.app.db).len(), 2, "a second deed is not lost");
    });
}

#[test]
fn after_sending_nobody_is_shown_what_was_typed_by_going_back() {
    each_site(async |site, _| {
        let mut browser = Browser::default();
        let page = browser.open(site, ME).await;
        let later = site.at(LATER);
        // The browser remembers a sending that came back with a mistake.
        let mistaken = &typed()[..5];
        let shown = send(&later, &mut browser, &page, mistaken).await;
        assert!(shown.text().contains("I want to say where I live."));
        send(&later, &mut browser, &page, &typed()).await;
        let again = send(&later, &mut browser, &page, mistaken).await;
        assert_eq!(again.status, StatusCode::SEE_OTHER);
        assert_eq!(again.location(), "/ask/me/done");
        assert_eq!(waiting(&site.app.db).len(), 1);
    });
}

#[test]
fn a_form_that_a_machine_may_have_sent_is_asked_again_and_nothing_is_lost() {
    each_site(async |site, _| {
        let mut browser = Browser::default();
        let page = browser.open(site, ME).await;
        let later = site.at(LATER);

        let quick = send(site, &mut browser, &page, &typed()).await;
        assert!(quick.text().contains("That was very quick"));
        assert!(quick.text().contains("I want to say where I live."));

        let old = site.at(MUCH_LATER);
        let shown = send(&old, &mut browser, &page, &typed()).await;
        assert!(shown.text().contains("open for a long time"));
        // The page that comes back is new: after a moment it is taken.
        let soon = site.at("2022-04-05T09:02:00Z");
        let sent = send(&soon, &mut browser, &shown, &typed()).await;
        assert_eq!(sent.status, StatusCode::SEE_OTHER);

        let token = page.hidden("form_token");
        let seconds = page.hidden("made").split('.').next().unwrap().to_owned();
        let forged = format!("{seconds}.{}", "0".repeat(64));
        let mut fields = vec![
            ("form_token", "0b7c0b7c0b7c0b7c0b7c0b7c0b7c0b7c"),
            ("made", &forged),
        ];
        fields.extend(typed());
        let shown = browser.send(&later, ME, &fields).await;
        assert!(shown.text().contains("open for a long time"), "{token}");

        let fresh = browser.open(site, ME).await;
        let mut trapped = typed();
        trapped.push(("homepage", "https://spam.example"));
        let shown = send(&later, &mut browser, &fresh, &trapped).await;
        assert!(shown.text().contains("Something filled in a box"));
        assert!(!shown.text().contains("spam.example"));
        let sent = send(&later, &mut browser, &shown, &typed()).await;
        assert_eq!(sent.status, StatusCode::SEE_OTHER);
        assert_eq!(waiting(&site.app.db).len(), 2);
    });
}

#[test]
fn one_address_sends_so_often_and_then_waits_with_its_words_kept() {
    each_site(async |site, _| {
        let mut browser = Browser::default();
        let later = site.at(LATER);
        let most = later.app.settings.asking.sends_per_address;
        for _ in 0..most {
            let page = browser.open(site, ME).await;
            let sent = send(&later, &mut browser, &page, &typed()).await;
            assert_eq!(sent.status, StatusCode::SEE_OTHER);
        }
        let page = browser.open(site, ME).await;
        let shown = send(&later, &mut browser, &page, &typed()).await;
        assert_eq!(shown.status, StatusCode::TOO_MANY_REQUESTS);
        assert!(shown.headers.contains_key(header::RETRY_AFTER));
        assert!(
            shown
                .text()
                .contains("Nothing you wrote is lost. Wait 5 minutes")
        );
        assert!(shown.text().contains("I want to say where I live."));
        assert_eq!(waiting(&site.app.db).len(), usize::try_from(most).unwrap());
    });
}

#[test]
fn files_and_forms_from_other_sites_are_refused() {
    each_site(async |site, _| {
        let mut browser = Browser::default();
        let page = browser.open(site, ME).await;
        let later = site.at(LATER);
        let upload = browser
            .request(Verb::POST, ME)
            .insert_header((header::ORIGIN, "http://heard.test"))
            .insert_header((header::CONTENT_TYPE, "multipart/form-data; boundary=b"))
            .set_payload("--b\r\nContent-Disposition: form-data; name=\"f\"; filename=\"a\"\r\n\r\nx\r\n--b--\r\n");
        assert_eq!(
            later.ask(upload).await.status,
            StatusCode::UNSUPPORTED_MEDIA_TYPE
        );

        let given = given(&page);
        let mut fields: Vec<(&str, &str)> = given.iter().map(|(k, v)| (*k, v.as_str())).collect();
        fields.extend(typed());
        for origin in ["http://evil.example", "null"] {
            let forged = browser
                .request(Verb::POST, ME)
                .insert_header((header::ORIGIN, origin))
                .set_form(&fields);
            assert_eq!(later.ask(forged).await.status, StatusCode::FORBIDDEN);
        }
        assert!(waiting(&site.app.db).is_empty());
    });
}

#[test]
fn somebody_very_young_too_old_or_of_elsewhere_is_pointed_and_may_send_all_the_same() {
    each_site(async |site, _| {
        let later = site.at(LATER);
        for (field, value, words) in [
            ("age", "6", "A grown-up can ask with you"),
            ("age", "26", "Somebody else may be better for you"),
            ("area", "elsewhere", "Another council may be the right one"),
        ] {
            let mut browser = Browser::default();
            let mut fields = typed();
            fields
                .iter_mut()
                .find(|(name, _)| *name == field)
                .unwrap()
                .1 = value;
            let page = browser.open(site, ME).await;
            let before = waiting(&site.app.db).len();
            let shown = send(&later, &mut browser, &page, &fields).await;
            assert_eq!(shown.status, StatusCode::OK, "{value}");
            assert!(shown.text().contains(words), "{value}: {}", shown.text());
            assert!(shown.text().contains("What you wrote is still here."));
            assert!(shown.text().contains("I want to say where I live."));
            assert!(!shown.text().contains("There is a problem"));
            assert_eq!(waiting(&site.app.db).len(), before);
            let sent = send(&later, &mut browser, &shown, &fields).await;
            assert_eq!(sent.status, StatusCode::SEE_OTHER, "{value}");
            assert_eq!(waiting(&site.app.db).len(), before + 1);
        }
    });
}

#[test]
fn parents_and_professionals_ask_on_short_pages_and_get_a_reference() {
    each_site(async |site, _| {
        let later = site.at(LATER);
        let adult = [
            ("first_name", "Amina"),
            ("last_name", "Khan"),
            ("date_of_birth-day", "3"),
            ("date_of_birth-month", "2"),
            ("date_of_birth-year", "2010"),
            (
                "words",
                "She has a review next week and wants somebody with her.",
            ),
            ("needed_by-day", "6"),
            ("needed_by-month", "4"),
            ("needed_by-year", "2022"),
            ("told", "agrees"),
            ("area", "looked_after"),
            ("asker", "Jo Field"),
            ("email", "jo@school.example"),
        ];
        for (path, source) in [
            ("/ask/parent", Source::ParentOrCarer),
            ("/ask/professional", Source::PersonalAdviser),
        ] {
            let mut browser = Browser::default();
            let page = browser.open(site, path).await;
            assert!(page.text().contains("What we cannot take"));
            let given = given(&page);
            let mut fields: Vec<(&str, &str)> =
                given.iter().map(|(k, v)| (*k, v.as_str())).collect();
            fields.extend(adult);
            if source == Source::PersonalAdviser {
                let shown = browser.send(&later, path, &fields).await;
                assert!(shown.text().contains("Choose what you are"));
                fields.push(("source", "personal_adviser"));
            }
            let sent = browser.send(&later, path, &fields).await;
            assert_eq!(sent.location(), "/ask/done", "{}", sent.text());
            let all = waiting(&site.app.db);
            let request = all.iter().find(|it| it.asked.source == source).unwrap();
            assert!(request.urgent, "help is needed before the answer is due");
            assert_eq!(request.asked.date_of_birth, Some(day("2010-02-03")));
            let done = browser.open(&later, "/ask/done").await;
            assert!(done.text().contains(&request.reference));
        }
        let first = Browser::default().open(site, "/ask/professional").await;
        let given = given(&first);
        let fields: Vec<(&str, &str)> = given.iter().map(|(k, v)| (*k, v.as_str())).collect();
        let shown = Browser::default()
            .send(&later, "/ask/professional", &fields)
            .await;
        let text = shown.text();
        assert!(
            text.contains("Enter your phone number or your e-mail address"),
            "{text}"
        );
    });
}

#[test]
fn what_the_service_cannot_take_is_a_text_that_a_senior_officer_changes() {
    each_site(async |site, _| {
        let samira = senior(&site.app.db);
        let change = |body: &'static str| {
            site.app.db.write(&samira, |ctx| {
                documents::actions::change_text(ctx, documents::Kind::NotOurs, 1, body)
            })
        };
        let refused = change("Dear [known as]").unwrap_err();
        assert!(refused.to_string().contains("nobody is known there"));
        change("# Not here\nAsk [service] <b>first</b>").unwrap();
        let page = Browser::default().open(site, "/ask/parent").await;
        let text = page.text();
        assert!(text.contains("Not here"));
        assert!(
            text.contains("Ask Children&#x27;s Rights Service &lt;b&gt;first"),
            "{text}"
        );
        // Such a text is for no young person in particular.
        let mut browser = site.sign_in(Role::SeniorOfficer).await;
        let texts = browser.open(site, "/documents/texts").await;
        assert!(texts.text().contains("/documents/texts/not_ours"));
    });
}

// Inside

#[test]
fn the_urgent_ones_come_first_and_of_them_the_newest() {
    each_database(|db| {
        came_in(db, &asked("Ann"));
        let not_safe = Asked {
            wants: vec![Want::NotSafe],
            ..asked("Bo")
        };
        came_in(db, &not_safe);
        came_in(db, &asked("Cy"));
        let names: Vec<_> = waiting(db).iter().map(Request::name).collect();
        assert_eq!(names[0], "Bo");
        assert_eq!(names.len(), 3);
        let olive = officer(db, "Olive");
        let shown = db.read(&olive, panel::waiting).unwrap().unwrap();
        let shown = serde_json::to_value(shown).unwrap();
        assert_eq!(shown["words"], "3 requests for an officer");
        assert_eq!(shown["urgent"], "1 urgent");
        assert!(shown["late"].is_null());
    });
}

#[test]
fn my_work_says_what_waits_and_what_waits_longer_than_promised() {
    each_place(|place| {
        came_in(&place.db, &asked("Ann"));
        let olive = officer(&place.db, "Olive");
        let settings = Settings::load(None, place.folder.path()).unwrap();
        let late = place.on("2022-04-08");
        came_in(&late, &asked("Bo"));
        let names: Vec<_> = waiting(&late).iter().map(Request::name).collect();
        assert_eq!(
            names,
            ["Ann", "Bo"],
            "who waits too long comes before the newest"
        );
        let shown = late
            .read(&olive, |ctx| work(ctx, settings.work, &settings.complaints))
            .unwrap();
        let shown = serde_json::to_value(shown).unwrap();
        assert_eq!(
            shown["requests"]["late"],
            "1 waiting longer than we promise"
        );
    });
}

#[test]
fn the_same_person_asking_twice_and_somebody_on_record_are_suggested() {
    each_database(|db| {
        let referral = referred(db, "K1");
        let on_record = person(db, "K1");
        let first = came_in(db, &asked("Ann"));
        let again = Asked {
            first_name: "Annie".to_owned(),
            phone: first
                .asked
                .phone
                .as_ref()
                .map(|phone| phone.replace(' ', "-")),
            ..asked("Ann")
        };
        let again = came_in(db, &again);
        let by_name = Asked {
            first_name: on_record.first_name.clone(),
            last_name: Some(on_record.last_name.clone()),
            date_of_birth: on_record.date_of_birth,
            phone: None,
            ..asked("Ann")
        };
        let by_name = came_in(db, &by_name);
        let olive = officer(db, "Olive");
        let requests = [first.clone(), again.clone(), by_name];
        let likely = db
            .read(&olive, |ctx| actions::likely(ctx, &requests))
            .unwrap();
        assert_eq!(likely[0].requests[0].id, again.id);
        assert_eq!(likely[1].requests[0].id, first.id);
        assert!(likely[2].requests.is_empty());
        assert_eq!(likely[2].on_record[0].id, referral.young_person);
        assert!(likely[0].on_record.is_empty());
    });
}

#[test]
fn taking_on_makes_the_referral_the_warnings_and_keeps_their_own_words() {
    each_database(|db| {
        let request = came_in(db, &asked("Zee"));
        let olive = officer(db, "Olive");
        let taken = take(db, &olive, &request, &somebody_new("Zee", "Okafor")).unwrap();
        assert!(!taken.was_open);
        let referral = db
            .read(&PROGRAM, |ctx| referrals::store::find(ctx, &taken.referral))
            .unwrap()
            .unwrap();
        assert_eq!(referral.request.source, Source::SelfReferral);
        assert_eq!(referral.request.received_on, day("2022-04-04"));
        let id = referral.young_person;
        let (warned, entries) = db
            .read(&olive, |ctx| {
                Ok((
                    warnings::store::in_force(ctx, &id)?,
                    panel::timeline(ctx, &id)?,
                ))
            })
            .unwrap();
        assert_eq!(warned[0].said.kind, warnings::Kind::UnsafeContact);
        for part in ["07700 900123", "After school", "Never leave a message"] {
            assert!(warned[0].said.words.contains(part), "{:?}", warned[0].said);
        }
        assert_eq!(entries[0].own_words, request.asked.words);
        assert_eq!(entries[0].href, Some(format!("/requests/{}", request.id)));

        let (kept, decisions) = db
            .read(&olive, |ctx| actions::open(ctx, &request.id))
            .unwrap();
        assert_eq!(kept.state, State::Taken);
        assert_eq!(decisions[0].referral.as_ref(), Some(&taken.referral));
        assert!(waiting(db).is_empty());
        let lines = db
            .read(&PROGRAM, |ctx| {
                audit::lines_about(ctx, std::slice::from_ref(&id), 50)
            })
            .unwrap();
        let actions: Vec<_> = lines.iter().map(|line| line.action.as_str()).collect();
        for action in [
            "request_taken_on",
            "request_looked_at",
            "referral_received",
            "warning_set",
        ] {
            assert!(actions.contains(&action), "{action} in {actions:?}");
        }
        assert!(lines.iter().all(|line| !line.details.contains("Zee")));
    });
}

#[test]
fn a_request_of_somebody_with_an_open_referral_is_added_to_it() {
    each_database(|db| {
        let referral = referred(db, "K1");
        let request = came_in(db, &asked("Zee"));
        let olive = officer(db, "Olive");
        let received = Received {
            stream: Stream::ChildProtection,
            legal_status: None,
            reason: None,
            ..received("2022-04-04")
        };
        let whom = Whom::OnRecord(referral.young_person.clone());
        let taken = db
            .write(&olive, |ctx| {
                actions::take_on(ctx, &request.id, request.version, &whom, &received, &[])
            })
            .unwrap();
        assert_eq!(
            taken,
            TakenOn {
                referral: referral.id,
                was_open: true
            }
        );
        // There is still one: this finds the only one.
        referral_of(db, "K1");
    });
}

#[test]
fn of_two_who_settle_one_request_the_second_is_told() {
    each_database(|db| {
        let request = came_in(db, &asked("Zee"));
        let (olive, priya) = (officer(db, "Olive"), officer(db, "Priya"));
        take(db, &olive, &request, &somebody_new("Zee", "Okafor")).unwrap();
        let second = take(db, &priya, &request, &somebody_new("Zee", "Okafor")).unwrap_err();
        assert!(
            second.to_string().contains("settled already: taken on"),
            "{second}"
        );
        let back = db.write(&priya, |ctx| actions::put_back(ctx, &request.id, 2));
        assert!(
            back.unwrap_err()
                .to_string()
                .contains("Withdraw the referral")
        );
    });
}

#[test]
fn what_is_not_for_us_says_where_and_why_and_can_be_put_back() {
    each_database(|db| {
        let request = came_in(db, &asked("Zee"));
        let olive = officer(db, "Olive");
        let settle = |version, state, place: &'static str, why: &'static str| {
            db.write(&olive, |ctx| {
                actions::settle(ctx, &request.id, version, state, place, why)
            })
        };
        let refused = settle(1, State::Elsewhere, "", "Too old").unwrap_err();
        assert!(refused.to_string().contains("where you pointed them"));
        let refused = settle(1, State::Elsewhere, "Citizens Advice", "").unwrap_err();
        assert!(refused.to_string().contains("Enter why"));
        settle(1, State::Elsewhere, "Citizens Advice", "Is 31").unwrap();
        assert!(waiting(db).is_empty());
        let stale = settle(1, State::Spam, "", "");
        assert!(stale.is_err());
        db.write(&olive, |ctx| actions::put_back(ctx, &request.id, 2))
            .unwrap();
        assert_eq!(waiting(db).len(), 1);
        settle(3, State::Spam, "", "").unwrap();
        let (_, decisions) = db
            .read(&olive, |ctx| actions::open(ctx, &request.id))
            .unwrap();
        assert_eq!(decisions.len(), 3, "every step is kept");
    });
}

#[test]
fn requests_are_for_officers_and_not_for_those_to_whom_the_record_is_closed() {
    each_place(|place| {
        let db = &place.db;
        referred(db, "K1");
        let child = person(db, "K1");
        let theirs = Asked {
            first_name: child.first_name.clone(),
            last_name: Some(child.last_name.clone()),
            date_of_birth: child.date_of_birth,
            ..asked("-")
        };
        let theirs = came_in(db, &theirs);
        let other = came_in(db, &asked("Ann"));
        for role in [
            Role::Manager,
            Role::Administrator,
            Role::Auditor,
            Role::ParticipationOfficer,
        ] {
            let somebody = user(db, role, role.code());
            let list = db.read(&somebody, |ctx| actions::list(ctx, State::Waiting));
            assert!(matches!(list, Err(Failure::NotFound)), "{role:?}");
        }
        let aunt = officer(db, "Aunt");
        let me = aunt.user_id().unwrap();
        place.execute(&format!(
            "INSERT INTO record_restrictions (id, young_person_id, user_id, kind, reason, set_by, \
             set_on, review_on, created_at, version) VALUES ('r', '{}', '{me}', 'restricted', '-', \
             '{me}', '2022-04-04', '2022-07-04', '2022-04-04 09:00:00', 1)",
            child.id,
        ));
        let sees = |by: &Actor, state| -> Vec<RequestId> {
            let list = db.read(by, |ctx| actions::list(ctx, state)).unwrap();
            list.into_iter().map(|request| request.id).collect()
        };
        assert_eq!(sees(&aunt, State::Waiting), [other.id]);
        let opened = db.read(&aunt, |ctx| actions::open(ctx, &theirs.id));
        assert!(matches!(opened, Err(Failure::NotFound)));

        let olive = officer(db, "Olive");
        assert_eq!(sees(&olive, State::Waiting).len(), 2);
        take(db, &olive, &theirs, &Whom::OnRecord(child.id)).unwrap();
        assert_eq!(sees(&olive, State::Taken).len(), 1);
        assert!(sees(&aunt, State::Taken).is_empty());
    });
}

#[test]
fn an_officer_reads_and_takes_on_a_request_through_the_pages() {
    each_site(async |site, place| {
        let db = &site.app.db;
        let request = came_in(db, &asked("Zee"));
        let mut browser = site.sign_in(Role::Officer).await;
        let home = browser.open(site, "/").await;
        assert!(
            home.text().contains("1 request for an officer"),
            "{}",
            home.text()
        );
        let list = browser.open(site, "/requests").await;
        assert!(
            list.text().contains("Answer promised by 7 April 2022"),
            "{}",
            list.text()
        );
        let path = format!("/requests/{}", request.id);
        let shown = browser.open(site, &path).await;
        assert!(shown.text().contains("I want to say where I live."));
        let page = browser.open(site, &format!("{path}/take")).await;
        assert_eq!(page.status, StatusCode::OK, "{}", page.text());
        let (csrf, token, version) = (
            page.hidden("csrf"),
            page.hidden("form_token"),
            page.hidden("version"),
        );
        let mut fields = vec![
            ("csrf", csrf.as_str()),
            ("form_token", token.as_str()),
            ("version", version.as_str()),
            ("first_name", "Zee"),
            ("last_name", ""),
            ("stream", "child_protection"),
            ("source", "self"),
            ("received_on-day", "4"),
            ("received_on-month", "4"),
            ("received_on-year", "2022"),
            ("before_contact", "Text only, after school."),
        ];
        let refused = browser.send(site, &format!("{path}/take"), &fields).await;
        assert!(refused.text().contains("The last name is missing"));
        fields[4].1 = "Okafor";
        let done = browser.send(site, &format!("{path}/take"), &fields).await;
        assert!(
            done.location().starts_with("/referrals/"),
            "{}",
            done.text()
        );
        let referral = done.location().to_owned();
        let again = browser.send(site, &format!("{path}/take"), &fields).await;
        assert_eq!(again.location(), path, "the same form twice is one deed");
        assert_eq!(place.count("referrals"), 1);
        let shown = browser.open(site, &referral).await;
        assert!(shown.text().contains("Text only, after school."));
        assert!(
            shown.text().contains("Never send post"),
            "they want no letters"
        );
        let settled = browser.open(site, "/requests?state=taken").await;
        assert!(settled.text().contains(&path));
    });
}

// The words

/// How many syllables a word has, by its groups of vowels.
fn syllables(word: &str) -> usize {
    let word = word.to_lowercase();
    let vowel = |c: char| "aeiouy".contains(c);
    let mut groups = 0;
    let mut before = false;
    for c in word.chars() {
        if vowel(c) && !before {
            groups += 1;
        }
        before = vowel(c);
    }
    let silent = (word.ends_with('e') && !word.ends_with("le"))
        || (word.ends_with("ed") && !word.ends_with("ted") && !word.ends_with("ded"))
        || (word.ends_with("es")
            && !["ses", "xes", "zes", "hes", "ges"]
                .iter()
                .any(|it| word.ends_with(it)));
    (groups - usize::from(silent && groups > 1)).max(1)
}

/// The grade of a text by Flesch and Kincaid: an eleven-year-old is in the fifth or sixth grade.
fn grade(text: &str) -> f64 {
    let sentences = text
        .split(['.', '?', '!', ':'])
        .filter(|sentence| sentence.chars().any(char::is_alphabetic))
        .count();
    let words: Vec<&str> = text
        .split(|c: char| !c.is_alphanumeric() && c != '\'')
        .filter(|word| word.chars().any(char::is_alphabetic))
        .collect();
    let number = |count: usize| f64::from(u32::try_from(count).unwrap());
    let all: usize = words.iter().map(|word| syllables(word)).sum();
    0.39 * number(words.len()) / number(sentences) + 11.8 * number(all) / number(words.len())
        - 15.59
}

/// What is between the tags of a page, each element with what it says.
fn texts(page: &str, classes: &[&str]) -> String {
    let (_, main) = page.split_once("<main").unwrap();
    let main = main.split("</main>").next().unwrap();
    let mut out = Vec::new();
    for (place, _) in main.match_indices('<') {
        let element = &main[place + 1..];
        let Some((tag, inside)) = element.split_once('>') else {
            continue;
        };
        if !classes.iter().any(|class| tag.contains(class)) {
            continue;
        }
        let end = format!("</{}>", tag.split(' ').next().unwrap());
        let plain: String = inside
            .split(&end)
            .next()
            .unwrap()
            .split('<')
            .map(|part| part.split_once('>').map_or(part, |(_, text)| text))
            .collect();
        out.push(plain.replace("&#x27;", "'").trim().to_owned());
    }
    out.join(" ")
}

#[test]
fn the_count_of_syllables_and_the_grade_are_those_of_the_formula() {
    for (word, count) in [
        ("cat", 1),
        ("officer", 3),
        ("children's", 2),
        ("make", 1),
        ("little", 2),
        ("ticked", 1),
        ("wanted", 2),
        ("somebody", 4),
        ("safely", 3),
    ] {
        assert!(
            syllables(word).abs_diff(count) <= usize::from(word == "safely"),
            "{word}"
        );
    }
    assert!((grade("The cat sat on the mat.") - -1.45).abs() < 0.01);
    let hard = "Notwithstanding the aforementioned provisions, the responsible authority shall \
                consider representations submitted by or on behalf of accommodated individuals.";
    assert!(grade(hard) > 12.0);
}

#[test]
fn the_young_persons_pages_are_read_with_ease_at_eleven() {
    each_site(async |site, _| {
        // Sentences alone: labels without a full stop would make any page look easy.
        for path in [ME, "/ask/me/done"] {
            let page = Browser::default().open(site, path).await.text();
            let sentences = texts(&page, &["govuk-body", "govuk-hint"]);
            assert!(
                sentences.contains("We do not work at the weekend."),
                "{path}: {sentences}"
            );
            let found = grade(&sentences);
            eprintln!("{path}: Flesch-Kincaid grade {found:.1}");
            assert!(found <= 4.0, "{path} has grade {found:.1}: {sentences}");
        }
        for kind in [documents::Kind::TooYoung, documents::Kind::OtherArea] {
            let found = grade(&kind.first_text().replace('#', "").replace("\n\n", ". "));
            assert!(found <= 6.0, "{kind:?} has grade {found:.1}");
        }
    });
}

#[test]
fn the_requests_of_a_merged_record_follow_it() {
    each_database(|db| {
        let request = came_in(db, &asked("Zee"));
        let olive = officer(db, "Olive");
        let taken = take(db, &olive, &request, &somebody_new("Zee", "Okafor")).unwrap();
        let id = db
            .read(&PROGRAM, |ctx| referrals::store::find(ctx, &taken.referral))
            .unwrap()
            .unwrap()
            .young_person;
        referred(db, "K1");
        let kept: YoungPersonId = person(db, "K1").id;
        let samira = senior(db);
        db.write(&samira, |ctx| {
            heard::merges::actions::merge(ctx, &kept, &id, &[], "The same").map(drop)
        })
        .unwrap();
        let entries = db.read(&olive, |ctx| panel::timeline(ctx, &kept)).unwrap();
        assert_eq!(entries.len(), 1);
    });
}
