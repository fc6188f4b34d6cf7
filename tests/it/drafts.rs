//! Nothing typed is ever lost: half-written pages, sessions that run out, two editors of one thing.

use actix_web::http::{StatusCode, header};
use actix_web::rt::System;
use heard::access::{Actor, Role};
use heard::db::Db;
use heard::home::drafts::{DraftView, of_me};
use heard::ids::SessionId;
use heard::web::drafts::sweep;

use crate::helpers::databases::folder;
use crate::helpers::given::{person, referred};
use crate::helpers::{Place, each_place};
use crate::web_guard::{Browser, Page, Site};

const NEW: &str = "/referrals/new";
const WORDS: &str = "Nadia";

/// Runs the same test on a service on each kind of database. It is ten in the morning in England.
pub fn each_site(test: impl AsyncFn(&Site, &Place)) {
    each_place(|place| {
        let site = Site::on(place.address().clone(), folder(), "2022-04-04T09:00:00Z");
        System::new().block_on(test(&site, place));
    });
}

/// The fields of the form on a page that the page itself gave it.
pub fn given(page: &Page) -> Vec<(&'static str, String)> {
    ["csrf", "form_page", "form_seal", "form_title", "form_token"]
        .map(|name| (name, page.hidden(name)))
        .to_vec()
}

pub fn with<'a>(
    given: &'a [(&'static str, String)],
    typed: &[(&'a str, &'a str)],
) -> Vec<(&'a str, &'a str)> {
    let mut fields: Vec<(&str, &str)> = given
        .iter()
        .map(|(name, value)| (*name, value.as_str()))
        .collect();
    fields.extend(typed);
    fields
}

fn actor(site: &Site, role: Role) -> Actor {
    Actor::User {
        id: site.users[&role].clone(),
        name: role.words().to_owned(),
        role,
        session: SessionId::random(),
    }
}

fn drafts(db: &Db, site: &Site, role: Role) -> Vec<DraftView> {
    db.read(&actor(site, role), of_me).unwrap()
}

/// What a script sends while somebody types.
async fn type_on(browser: &mut Browser, site: &Site, path: &str, typed: &[(&str, &str)]) -> Page {
    let page = browser.open(site, path).await;
    let given = given(&page);
    browser.send(site, "/drafts", &with(&given, typed)).await
}

fn kept(page: &Page) -> bool {
    page.headers.contains_key("draft-saved-at")
}

#[test]
fn what_was_typed_is_given_back_until_its_writer_throws_it_away() {
    each_site(async |site, _| {
        let mut browser = site.sign_in(Role::Officer).await;
        let page = type_on(&mut browser, site, NEW, &[("first_name", WORDS)]).await;
        assert_eq!(page.status, StatusCode::OK);
        assert_eq!(page.headers.get("draft-saved-at").unwrap(), "10:00");

        let page = browser.open(site, NEW).await;
        assert!(
            page.text()
                .contains("This is what you had written at 10:00")
        );
        assert!(page.text().contains(&format!(r#"value="{WORDS}""#)));
        let list = browser.open(site, "/drafts").await;
        assert!(list.text().contains("Go on with: Record a referral"));

        // Nobody else sees it.
        let mut other = site.sign_in(Role::SeniorOfficer).await;
        assert!(!other.open(site, NEW).await.text().contains(WORDS));

        let csrf = page.hidden("csrf");
        let fields = [("csrf", csrf.as_str()), ("page", NEW), ("next", NEW)];
        let page = browser.send(site, "/drafts/throw-away", &fields).await;
        assert_eq!(page.location(), NEW);
        assert!(!browser.open(site, NEW).await.text().contains(WORDS));
        assert!(drafts(&site.app.db, site, Role::Officer).is_empty());
    });
}

#[test]
fn a_form_that_could_not_do_its_work_is_kept_without_scripts() {
    each_site(async |site, _| {
        let mut browser = site.sign_in(Role::Officer).await;
        let page = browser.open(site, NEW).await;
        let fields = given(&page);
        let page = browser
            .send(site, NEW, &with(&fields, &[("first_name", WORDS)]))
            .await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(kept(&page));
        // The page shown again keeps on saying where it stands.
        assert_eq!(page.hidden("form_page"), NEW);
        assert!(browser.open(site, NEW).await.text().contains(WORDS));
    });
}

#[test]
fn a_draft_goes_when_its_form_has_done_its_work_and_late_words_do_not_bring_it_back() {
    each_site(async |site, place| {
        let referral = referred(&place.db, "K1");
        let mut browser = site.sign_in(Role::Officer).await;
        let path = format!("/referrals/{}", referral.id);
        let attempt = [
            ("made_on-day", "4"),
            ("made_on-month", "4"),
            ("made_on-year", "2022"),
            ("method", "call"),
            ("with_whom", "young_person"),
            ("note", "Rang twice"),
        ];
        type_on(&mut browser, site, &path, &attempt).await;
        let page = browser.open(site, &path).await;
        assert!(page.text().contains("Rang twice"));
        // The form stands on the page of the referral and is sent to another address.
        let fields = given(&page);
        let to = format!("{path}/attempts");
        let done = browser.send(site, &to, &with(&fields, &attempt)).await;
        assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text());
        assert!(drafts(&site.app.db, site, Role::Officer).is_empty());

        let late = browser
            .send(site, "/drafts", &with(&fields, &attempt))
            .await;
        assert!(!kept(&late));
        assert!(drafts(&site.app.db, site, Role::Officer).is_empty());
        // Sent twice, it makes one record.
        browser.send(site, &to, &with(&fields, &attempt)).await;
        assert_eq!(place.count("referral_attempts"), 1);
        // Whoever goes back later and writes more is not late.
        let later = site.at("2022-04-04T09:02:00Z");
        let page = browser
            .send(&later, "/drafts", &with(&fields, &attempt))
            .await;
        assert!(kept(&page));
    });
}

#[test]
fn words_of_a_session_that_ran_out_are_back_after_signing_in_again() {
    each_site(async |site, _| {
        let mut browser = site.sign_in(Role::Officer).await;
        let page = browser.open(site, NEW).await;
        let fields = given(&page);
        for (now, what) in [
            ("2022-04-04T10:00:00Z", "Over a phone call"),
            ("2022-04-07T20:00:00Z", "Over a long weekend"),
        ] {
            let late = site.at(now);
            let words = [("first_name", what)];
            let page = browser
                .clone()
                .send(&late, NEW, &with(&fields, &words))
                .await;
            assert_eq!(page.status, StatusCode::FORBIDDEN);
            assert!(kept(&page), "{what}");
            assert!(page.text().contains("/sign-in?next=%2Freferrals%2Fnew"));
            assert!(!page.text().contains(what), "it is kept, and not shown");
            // What is typed on goes the same way.
            assert!(kept(
                &browser
                    .clone()
                    .send(&late, "/drafts", &with(&fields, &words))
                    .await
            ));

            let mut other = late.sign_in(Role::SeniorOfficer).await;
            assert!(!other.open(&late, NEW).await.text().contains(what));
            let mut again = late.sign_in(Role::Officer).await;
            assert!(again.open(&late, NEW).await.text().contains(what));
        }
        // Too long ago, nobody knows who sits there now.
        let late = site.at("2022-04-20T09:00:00Z");
        let page = browser
            .send(&late, NEW, &with(&fields, &[("first_name", WORDS)]))
            .await;
        assert!(!kept(&page));
    });
}

#[test]
fn words_are_kept_for_nobody_whose_session_was_ended_or_invented() {
    each_site(async |site, _| {
        let late = site.at("2022-04-04T12:00:00Z");
        let words = [("first_name", "Some words to copy")];
        let mut browser = site.sign_in(Role::Officer).await;
        let page = browser.open(site, NEW).await;
        let fields = given(&page);
        let refused = async |browser: &Browser, why: &str| {
            let page = browser
                .clone()
                .send(&late, NEW, &with(&fields, &words))
                .await;
            assert_eq!(page.status, StatusCode::FORBIDDEN, "{why}");
            assert!(!kept(&page), "{why}");
            assert!(page.text().contains("Some words to copy"), "{why}");
            assert!(
                drafts(&site.app.db, site, Role::Officer).is_empty(),
                "{why}"
            );
        };
        refused(&Browser::default(), "no cookie").await;
        let keys = heard::web::keys::Keys::new(&secrecy::SecretBox::new(Box::new(vec![8; 32])));
        let invented = keys.session_token(
            &site.users[&Role::Officer],
            &SessionId::random(),
            "2022-04-04T09:00:00".parse().unwrap(),
            chrono::Duration::hours(1),
        );
        refused(
            &browser.with_session(invented.unwrap()),
            "not our signature",
        )
        .await;
        // Another site's page cannot put words into anybody's drafts.
        let elsewhere = browser
            .request(actix_web::http::Method::POST, NEW)
            .insert_header((header::ORIGIN, "http://evil.example"))
            .set_form(with(&fields, &words));
        assert!(!kept(&late.ask(elsewhere).await));
        // The token is of another session than the cookie.
        let stolen = site.sign_in(Role::Manager).await;
        refused(&stolen, "another user's cookie").await;

        let left = browser.clone();
        let csrf = browser.csrf(site).await;
        browser.send(site, "/sign-out", &[("csrf", &csrf)]).await;
        refused(&left, "signed out by choice").await;
    });
}

#[test]
fn words_for_a_disabled_account_are_not_kept() {
    each_site(async |site, _| {
        let mut browser = site.sign_in(Role::Officer).await;
        let page = browser.open(site, NEW).await;
        let fields = given(&page);
        let id = site.users[&Role::Officer].clone();
        let disabled = site.app.db.write(&Actor::System("test"), |ctx| {
            heard::staff::actions::set_disabled(ctx, &id, true)
        });
        disabled.unwrap();
        let page = browser
            .send(site, NEW, &with(&fields, &[("first_name", WORDS)]))
            .await;
        assert_eq!(page.status, StatusCode::FORBIDDEN);
        assert!(!kept(&page));
    });
}

#[test]
fn whoever_signed_in_again_in_another_window_loses_nothing() {
    each_site(async |site, _| {
        let mut browser = site.sign_in(Role::Officer).await;
        let page = browser.open(site, NEW).await;
        let fields = given(&page);
        let mut browser = site.sign_in(Role::Officer).await;
        let page = browser
            .send(site, NEW, &with(&fields, &[("first_name", WORDS)]))
            .await;
        assert_eq!(page.status, StatusCode::FORBIDDEN);
        assert!(kept(&page), "it is the same user");
        assert!(browser.open(site, NEW).await.text().contains(WORDS));

        let mut other = site.sign_in(Role::SeniorOfficer).await;
        let page = other
            .send(site, NEW, &with(&fields, &[("first_name", "Not hers")]))
            .await;
        assert!(!kept(&page), "these are the words of somebody else");
    });
}

#[test]
fn nobody_keeps_drafts_of_pages_that_were_not_shown_to_them() {
    each_site(async |site, place| {
        let referral = referred(&place.db, "K1");
        let path = format!("/referrals/{}/offer", referral.id);
        let mut browser = site.sign_in(Role::Officer).await;
        let page = browser.open(site, NEW).await;
        let mut fields = given(&page);
        fields[1].1.clone_from(&path);
        let page = browser
            .send(site, "/drafts", &with(&fields, &[("answer", "yes")]))
            .await;
        assert!(!kept(&page));
        assert!(drafts(&site.app.db, site, Role::Officer).is_empty());
    });
}

#[test]
fn passwords_are_in_no_draft() {
    each_site(async |site, place| {
        let mut browser = site.sign_in(Role::Officer).await;
        let csrf = browser.csrf(site).await;
        let fields = [
            ("csrf", csrf.as_str()),
            ("current", "wrong"),
            ("new", "a b c d e f g h"),
        ];
        browser.send(site, "/password", &fields).await;
        assert_eq!(place.count("drafts"), 0);
    });
}

#[test]
fn two_who_write_on_the_same_page_learn_of_it_and_see_both_texts() {
    each_site(async |site, place| {
        let referral = referred(&place.db, "K1");
        let path = format!("/referrals/{}/offer", referral.id);
        let child = |version| {
            [
                ("young_person_asked_on-day", "4"),
                ("young_person_asked_on-month", "apr"),
                ("young_person_asked_on-year", "2022"),
                ("version", version),
            ]
        };
        let parent = |version| {
            [
                ("parent_contacted_on-day", "4"),
                ("parent_contacted_on-month", "apr"),
                ("parent_contacted_on-year", "2022"),
                ("version", version),
            ]
        };
        let mut first = site.sign_in(Role::Officer).await;
        let mut second = site.sign_in(Role::SeniorOfficer).await;
        type_on(&mut first, site, &path, &child("1")).await;
        let told = type_on(&mut second, site, &path, &parent("1")).await;
        let officer = Role::Officer.words();
        assert!(
            told.text()
                .contains(&format!("{officer} is writing on this page too"))
        );
        let page = first.open(site, &path).await;
        assert!(
            page.text().contains("Senior Children"),
            "the first learns of it too"
        );

        let fields = given(&page);
        let done = first.send(site, &path, &with(&fields, &child("1"))).await;
        assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text());

        // The second had it open since before.
        let given_second = {
            let page = second.open(site, &path).await;
            assert!(
                page.text()
                    .contains("somebody else has changed what is on record")
            );
            given(&page)
        };
        let page = second
            .send(site, &path, &with(&given_second, &parent("1")))
            .await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
        let text = page.text();
        assert!(text.contains("Somebody else changed this while you were writing"));
        assert!(text.contains("On record now"), "{text}");
        assert!(text.contains(r#"<span class="heard-narrative">4 April 2022</span>"#));
        assert!(text.contains(r#"name="parent_contacted_on-month" type="text" value="apr""#));
        assert_eq!(page.hidden("version"), "2");

        // A second time is meant.
        let meant = with(&given_second, &parent("2"));
        let done = second.send(site, &path, &meant).await;
        assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text());
    });
}

#[test]
fn a_draft_about_a_record_closed_to_its_writer_is_not_shown() {
    each_site(async |site, place| {
        let referral = referred(&place.db, "K1");
        let path = format!("/referrals/{}", referral.id);
        let mut browser = site.sign_in(Role::Officer).await;
        type_on(&mut browser, site, &path, &[("note", "Two words")]).await;
        let found = drafts(&place.db, site, Role::Officer);
        assert!(found[0].what.starts_with("Referral, "), "{found:?}");

        place.execute(&format!(
            "INSERT INTO record_restrictions (id, young_person_id, user_id, kind, reason, set_by, \
             set_on, review_on, created_at, version) VALUES ('r', '{}', '{}', 'restricted', '-', \
             '{}', '2022-04-04', '2022-07-04', '2022-04-04 09:00:00', 1)",
            person(&place.db, "K1").id,
            site.users[&Role::Officer],
            site.users[&Role::SeniorOfficer],
        ));
        assert!(drafts(&place.db, site, Role::Officer).is_empty());
        let page = browser.open(site, &path).await;
        assert_eq!(page.status, StatusCode::NOT_FOUND);
    });
}

#[test]
fn drafts_that_nobody_goes_on_with_are_forgotten_and_so_are_sent_forms() {
    each_site(async |site, place| {
        let mut browser = site.sign_in(Role::Officer).await;
        type_on(&mut browser, site, NEW, &[("first_name", WORDS)]).await;
        place.execute(&format!(
            "INSERT INTO form_submissions (token, user_id, location, sent_at) \
             VALUES ('t', '{}', '/', '2022-04-04 09:00:00')",
            site.users[&Role::Officer]
        ));
        sweep(&place.on("2022-05-04"), 30).unwrap();
        assert_eq!(
            (place.count("drafts"), place.count("form_submissions")),
            (1, 1)
        );
        sweep(&place.on("2022-05-05"), 30).unwrap();
        assert_eq!(
            (place.count("drafts"), place.count("form_submissions")),
            (0, 0)
        );
    });
}

#[test]
fn drafts_are_limited_in_number_and_in_size() {
    each_site(async |site, place| {
        let mut browser = site.sign_in(Role::Officer).await;
        for number in 0..200 {
            place.execute(&format!(
                "INSERT INTO drafts (user_id, page, title, fields, saved_at) \
                 VALUES ('{}', '/{number}', 'A page', 'a=b', '2022-04-04 09:00:00')",
                site.users[&Role::Officer]
            ));
        }
        let page = type_on(&mut browser, site, NEW, &[("first_name", WORDS)]).await;
        assert!(!kept(&page));
        assert!(page.text().contains("You have 200 drafts"));
        place.execute("DELETE FROM drafts WHERE page = '/7'");
        let long = "x".repeat(500_000);
        let page = type_on(&mut browser, site, NEW, &[("first_name", &long)]).await;
        assert!(page.text().contains("longer than a draft can be"));
        let page = type_on(&mut browser, site, NEW, &[("first_name", WORDS)]).await;
        assert!(kept(&page));
    });
}
