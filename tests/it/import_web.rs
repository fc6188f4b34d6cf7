//! A file that comes in through the web: what it would do, what it did, and what did not come in.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use actix_web::http::{Method as Verb, StatusCode, header};
use heard::access::{Actor, Role};
use heard::audit;
use heard::db::Db;
use heard::failure::Failure;
use heard::ids::{BatchId, UploadId};
use heard::import::actions::{ImportFile, mend};
use heard::import::store::{self, KeptRow};
use heard::import::uploads::actions::{
    Standing, confirm, open, receive, run, standing, sweep, throw_away,
};
use heard::import::uploads::{self, Running, State, Upload};
use heard::import::{Kind, RowResult, names};
use heard::restrictions::{self, Closing};

use crate::helpers::given::{import_settings, officer, person, referrals_of, senior};
use crate::helpers::schedule::{Row, columns, file, import, row, text};
use crate::helpers::{Place, each_database, each_place, on_sqlite};
use crate::web_guard::{Browser, MARK, Page, Site, with_file};

fn sent_in(db: &Db, by: &Actor, bytes: Vec<u8>) -> UploadId {
    let files = [ImportFile {
        name: "April.csv".to_owned(),
        bytes,
    }];
    db.write(by, |ctx| {
        receive(ctx, Kind::Conferences, "scheduling", &files)
    })
    .unwrap()
}

/// Works on a file as the service does.
fn work(db: &Db, by: &Actor, id: &UploadId) -> Upload {
    let running = Arc::new(Running::default());
    run(db, by, &import_settings(), &running.begin(id).unwrap());
    db.read(by, |ctx| open(ctx, id)).unwrap()
}

fn previewed(db: &Db, by: &Actor, rows: &[Row]) -> Upload {
    let id = sent_in(db, by, file(rows));
    work(db, by, &id)
}

fn kept(db: &Db, by: &Actor, id: &UploadId) -> BatchId {
    db.write(by, |ctx| confirm(ctx, id)).unwrap();
    work(db, by, id).batch.unwrap()
}

fn batch(db: &Db, id: &BatchId) -> store::Batch {
    db.read(&crate::helpers::PROGRAM, |ctx| store::batch(ctx, id))
        .unwrap()
        .unwrap()
}

fn refused(db: &Db, by: &Actor, batch: &BatchId) -> Vec<KeptRow> {
    db.read(by, |ctx| store::rejected(ctx, batch)).unwrap()
}

/// What every table holds, without the files that wait and the access record.
fn on_record(place: &Place) -> Vec<(String, i64)> {
    let aside = ["import_uploads", "import_upload_files", "audit_events"];
    let mut counts = place.counts();
    counts.retain(|(table, _)| !aside.contains(&table.as_str()));
    counts
}

#[test]
fn a_preview_says_what_the_import_does_and_keeps_nothing_until_somebody_says_so() {
    each_place(|place| {
        let (db, samira) = (&place.db, senior(&place.db));
        import(db, &[row("CPC-1", "K1")]);
        let before = on_record(place);
        let rows = [
            row("CPC-1", "K1").with("venue", "Town hall"),
            row("CPC-2", "K2"),
            row("CPC-3", "K3").kind("party"),
        ];
        let upload = previewed(db, &samira, &rows);
        let said = upload.preview.unwrap();
        assert_eq!((upload.state, on_record(place)), (State::Ready, before));
        assert_eq!((said.created, said.updated, said.rejected), (1, 1, 1));
        let [changed] = &said.changes[..] else {
            panic!("{:?}", said.changes)
        };
        let fields = &changed.fields;
        assert_eq!(changed.about, person(db, "K1").id.to_string());
        assert_eq!((fields.len(), fields[0].field.as_str()), (1, "venue"));
        assert_eq!(fields[0].before, None);
        assert_eq!(fields[0].after.as_deref(), Some("Town hall"));

        let batch = batch(db, &kept(db, &samira, &upload.id));
        assert_eq!((batch.created, batch.updated, batch.rejected), (1, 1, 1));
        assert_eq!(batch.since_preview, None);
        assert_eq!(referrals_of(db, "K2").len(), 1);
        assert_eq!(
            place.count("import_upload_files"),
            0,
            "it is not needed twice"
        );
    });
}

#[test]
fn what_changed_since_the_preview_is_said() {
    each_database(|db| {
        let samira = senior(db);
        let upload = previewed(db, &samira, &[row("CPC-1", "K1"), row("CPC-2", "K2")]);
        import(db, &[row("CPC-2", "K2")]);
        let batch = batch(db, &kept(db, &samira, &upload.id));
        assert_eq!((batch.created, batch.unchanged), (1, 1));
        let sentence = batch.since_preview.unwrap();
        assert!(
            sentence.contains("so row 2 came out otherwise"),
            "{sentence}"
        );
    });
}

#[test]
fn a_file_is_confirmed_once_and_put_on_record_once() {
    each_place(|place| {
        let (db, samira) = (&place.db, senior(&place.db));
        let upload = previewed(db, &samira, &[row("CPC-1", "K1")]);
        kept(db, &samira, &upload.id);
        let again = db.write(&samira, |ctx| confirm(ctx, &upload.id));
        assert!(matches!(again, Err(Failure::ChangedMeanwhile)));
        work(db, &samira, &upload.id);
        assert_eq!(place.count("import_batches"), 1);
    });
}

#[test]
fn a_file_that_nobody_works_on_any_more_is_stopped_and_may_begin_again() {
    on_sqlite(|place| {
        let (db, samira) = (&place.db, senior(&place.db));
        let upload = previewed(db, &samira, &[row("CPC-1", "K1")]);
        db.write(&samira, |ctx| confirm(ctx, &upload.id)).unwrap();
        let running = Arc::new(Running::default());
        let of = |running: &Running| {
            db.read(&samira, |ctx| {
                let upload = open(ctx, &upload.id)?;
                Ok(standing(ctx, running, &upload))
            })
            .unwrap()
        };
        assert_eq!(of(&running), Standing::Stopped);
        let work_on_it = running.begin(&upload.id).unwrap();
        work_on_it.progress.tell(0, 1);
        assert_eq!(of(&running), Standing::Running(0, 1));
        run(db, &samira, &import_settings(), &work_on_it);
        drop(work_on_it);
        assert_eq!(of(&running), Standing::Still);
        assert_eq!(referrals_of(db, "K1").len(), 1);
    });
}

#[test]
fn a_file_is_thrown_away_by_hand_or_after_a_week() {
    each_place(|place| {
        let (db, samira) = (&place.db, senior(&place.db));
        let one = sent_in(db, &samira, file(&[row("CPC-1", "K1")]));
        sent_in(db, &samira, file(&[row("CPC-2", "K2")]));
        db.write(&samira, |ctx| throw_away(ctx, &one)).unwrap();
        assert_eq!(place.count("import_uploads"), 1);
        sweep(db, 7).unwrap();
        assert_eq!(place.count("import_uploads"), 1);
        sweep(&place.on("2022-04-12"), 7).unwrap();
        assert_eq!(place.count("import_uploads"), 0);
        assert_eq!(place.count("import_upload_files"), 0);
    });
}

#[test]
fn what_may_be_left_out_does_not_wait_for_an_import() {
    on_sqlite(|place| {
        let free = || place.db.write_if_free(&crate::helpers::PROGRAM, |_| Ok(()));
        assert_eq!(free().unwrap(), Some(()));
        let meanwhile = place.db.write(&crate::helpers::PROGRAM, |_| free());
        assert_eq!(meanwhile.unwrap(), None);
        assert_eq!(free().unwrap(), Some(()));
    });
}

#[test]
fn only_those_who_may_bring_files_in_do() {
    each_database(|db| {
        let (olive, samira) = (officer(db, "Olive"), senior(db));
        let upload = previewed(db, &samira, &[row("CPC-1", "K1")]);
        let denied = [
            db.write(&olive, |ctx| receive(ctx, Kind::Conferences, "x", &[]))
                .map(|_| ()),
            db.write(&olive, |ctx| confirm(ctx, &upload.id)),
            db.write(&olive, |ctx| throw_away(ctx, &upload.id)),
            db.read(&olive, |ctx| open(ctx, &upload.id)).map(|_| ()),
        ];
        for answer in denied {
            assert!(matches!(answer, Err(Failure::NotFound)), "{answer:?}");
        }
    });
}

// Names of columns

#[test]
fn a_file_with_unknown_columns_is_refused_until_somebody_says_what_they_stand_for() {
    each_database(|db| {
        let samira = senior(db);
        let rows = [row("CPC-1", "K1")];
        let theirs = text(&rows, &columns(&rows), b',').replacen("conference_ref", "Meeting ID", 1);
        let id = sent_in(db, &samira, theirs.clone().into_bytes());
        let upload = work(db, &samira, &id);
        assert_eq!(upload.state, State::Refused);
        assert!(upload.reason.unwrap().contains("conference_ref is missing"));
        let said = [("Meeting ID".to_owned(), "conference_ref".to_owned())];
        db.write(&samira, |ctx| {
            names::actions::remember(ctx, Kind::Conferences, "scheduling", &said)?;
            uploads::actions::read_again(ctx, &id)
        })
        .unwrap();
        assert_eq!(work(db, &samira, &id).state, State::Ready);
        // The same names hold at every door.
        let report = crate::helpers::schedule::import_bytes(
            db,
            theirs.as_bytes(),
            heard::import::actions::Run::Keep,
        );
        assert_eq!(report.unwrap().created, 1);
    });
}

#[test]
fn another_meaning_of_a_name_keeps_what_it_meant_before() {
    each_database(|db| {
        let samira = senior(db);
        let said = [("Where".to_owned(), "venue".to_owned())];
        db.write(&samira, |ctx| {
            names::actions::remember(ctx, Kind::Conferences, "scheduling", &said)
        })
        .unwrap();
        let [name] = db
            .read(&samira, names::store::all)
            .unwrap()
            .try_into()
            .unwrap();
        let change = |column: &str| {
            db.write(&samira, |ctx| {
                names::actions::change(ctx, &name.id, name.version, column)
            })
        };
        change("team").unwrap();
        assert!(matches!(change("chair"), Err(Failure::ChangedMeanwhile)));
        let lines = db
            .read(&samira, |ctx| {
                heard::history::store::of_common(ctx, names::actions::HISTORY, name.id.as_str())
            })
            .unwrap();
        let said: Vec<_> = lines.iter().map(|line| line.after.as_deref()).collect();
        assert!(said.contains(&Some("team")) && said.contains(&Some("venue")));
    });
}

// Refused rows

fn values(row: &KeptRow, column: &str, value: &str) -> BTreeMap<String, String> {
    let mut values = row.raw.clone();
    values.insert(column.to_owned(), value.to_owned());
    values
}

#[test]
fn a_refused_row_is_mended_by_the_same_rules_and_once() {
    each_database(|db| {
        let samira = senior(db);
        let rows = [row("CPC-1", "K1").kind("party"), row("CPC-2", "K2")];
        let upload = previewed(db, &samira, &rows);
        let batch = kept(db, &samira, &upload.id);
        let [bad] = refused(db, &samira, &batch).try_into().unwrap();
        let settings = import_settings();
        let mended = |value: &str| {
            let values = values(&bad, "conference_type", value);
            db.write(&samira, |ctx| mend(ctx, &settings, &bad.id, values))
        };
        let Err(Failure::Invalid(errors)) = mended("tea") else {
            panic!("a row that cannot be came in")
        };
        assert_eq!(errors[0].field, "conference_type");
        assert_eq!(mended("initial").unwrap(), RowResult::Created);
        assert_eq!(referrals_of(db, "K1").len(), 1);
        let [settled] = refused(db, &samira, &batch).try_into().unwrap();
        assert!(settled.settled && settled.raw.is_empty());
        assert!(matches!(mended("initial"), Err(Failure::Refused(_))));
        let lines = db.read(&samira, |ctx| audit::lines(ctx, None, i64::MAX, 50));
        let is_noted = |line: &audit::Line| line.action == "import_row_mended";
        assert!(lines.unwrap().iter().any(is_noted));
    });
}

#[test]
fn a_refused_row_about_a_closed_record_is_not_there() {
    each_database(|db| {
        let samira = senior(db);
        import(db, &[row("CPC-1", "K1")]);
        let upload = previewed(db, &samira, &[row("CPC-2", "K1").kind("party")]);
        let batch = kept(db, &samira, &upload.id);
        let [bad] = refused(db, &samira, &batch).try_into().unwrap();
        let other = crate::helpers::given::user(db, Role::SeniorOfficer, "Sam");
        let child = person(db, "K1").id;
        db.write(&other, |ctx| {
            restrictions::actions::close(
                ctx,
                &child,
                &Closing {
                    user: crate::helpers::given::id_of(&samira),
                    kind: restrictions::Kind::ALL[0],
                    reason: "Related".to_owned(),
                },
                90,
            )
        })
        .unwrap();
        assert!(refused(db, &samira, &batch).is_empty());
        let found = db.read(&samira, |ctx| store::refused_row(ctx, &bad.id));
        assert!(found.unwrap().is_none());
        assert_eq!(refused(db, &other, &batch).len(), 1);
    });
}

// The pages

pub async fn upload(site: &Site, browser: &mut Browser, path: &str, body: Vec<u8>) -> Page {
    let request = browser
        .request(Verb::POST, path)
        .insert_header((header::ORIGIN, "http://heard.test"))
        .insert_header((
            header::CONTENT_TYPE,
            format!("multipart/form-data; boundary={MARK}"),
        ))
        .set_payload(body);
    site.ask(request).await
}

/// Looks at the page of a file until nobody works on it.
pub async fn when_done(site: &Site, browser: &mut Browser, path: &str) -> Page {
    let begun = Instant::now();
    loop {
        let page = browser.open(site, path).await;
        if page.status != StatusCode::OK || !page.text().contains("data-heard-progress") {
            return page;
        }
        assert!(begun.elapsed() < Duration::from_secs(60), "it never ends");
        actix_web::rt::time::sleep(Duration::from_millis(20)).await;
    }
}

#[actix_web::test]
async fn a_file_goes_from_the_browser_to_the_record_and_what_was_refused_comes_back() {
    let site = Site::new();
    let mut browser = site.sign_in(Role::SeniorOfficer).await;
    let page = browser.open(&site, "/imports/new").await;
    let (csrf, token) = (page.hidden("csrf"), page.hidden("form_token"));
    let rows = [
        row("CPC-1", "K1").on("2022-01-20"),
        row("CPC-2", "K2")
            .on("2022-01-20")
            .kind("party")
            .with("carer_phone", "+44 1632 960123")
            .with("venue", "=1+1"),
    ];
    let fields = [
        ("csrf", csrf.as_str()),
        ("form_token", &token),
        ("kind", "conferences"),
        ("source", "scheduling"),
    ];
    let body = with_file(&fields, "April.csv", &file(&rows));
    let page = upload(&site, &mut browser, "/imports/new", body.clone()).await;
    assert_eq!(page.status, StatusCode::SEE_OTHER, "{}", page.text());
    let place = page.location().to_owned();
    // Sent twice, it is one.
    let page = upload(&site, &mut browser, "/imports/new", body).await;
    assert_eq!(page.location(), place);
    // A mended file under the same name is another.
    let other = with_file(&fields, "April.csv", &file(&rows[..1]));
    let page = upload(&site, &mut browser, "/imports/new", other).await;
    assert_ne!(page.location(), place);

    let page = when_done(&site, &mut browser, &place).await;
    assert!(
        page.text().contains("Nothing is kept yet"),
        "{}",
        page.text()
    );
    let fields = [
        ("csrf", page.hidden("csrf")),
        ("form_token", page.hidden("form_token")),
    ];
    let fields = fields
        .each_ref()
        .map(|(name, value)| (*name, value.as_str()));
    let page = browser.send(&site, &place, &fields).await;
    assert_eq!(page.location(), place);
    let page = when_done(&site, &mut browser, &place).await;
    assert_eq!(page.status, StatusCode::SEE_OTHER, "{}", page.text());
    let batch = page.location().to_owned();
    let page = browser.open(&site, &batch).await;
    assert!(page.text().contains("Rejected rows"), "{}", page.text());

    // The list of refused rows runs nothing in a spreadsheet, and comes back as it was.
    let page = browser
        .open(&site, &format!("{batch}/rejected.csv?file="))
        .await;
    let list = page.text();
    assert!(
        list.contains("'+44 1632 960123") && list.contains("'=1+1"),
        "{list}"
    );
    let report = crate::helpers::schedule::import_bytes(
        &site.app.db,
        list.as_bytes(),
        heard::import::actions::Run::Keep,
    )
    .unwrap();
    assert_eq!((report.rows, report.rejected), (1, 1));
    assert_eq!(report.ignored_columns, ["why it was rejected"]);
    let mended = list.replace("party", "initial").replace("'=1+1", "Hall");
    let report = crate::helpers::schedule::import_bytes(
        &site.app.db,
        mended.as_bytes(),
        heard::import::actions::Run::Keep,
    )
    .unwrap();
    assert_eq!(report.created, 1, "{:?}", report.problems);
}

#[actix_web::test]
async fn what_is_no_form_with_a_file_is_refused_and_no_other_page_takes_files() {
    let site = Site::new();
    let mut browser = site.sign_in(Role::SeniorOfficer).await;
    let csrf = browser.csrf(&site).await;
    let body = with_file(&[("csrf", &csrf), ("kind", "conferences")], "", b"");
    let page = upload(&site, &mut browser, "/imports/new", body.clone()).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.text().contains("Choose the file"));
    for cut in [3, 40, body.len() - 9] {
        let page = upload(&site, &mut browser, "/imports/new", body[..cut].to_vec()).await;
        assert_eq!(page.status, StatusCode::BAD_REQUEST);
    }
    let forged = with_file(&[("csrf", "x"), ("kind", "conferences")], "a.csv", b"a");
    let page = upload(&site, &mut browser, "/imports/new", forged).await;
    assert_eq!(page.status, StatusCode::FORBIDDEN);
    let page = upload(&site, &mut browser, "/sign-out", body).await;
    assert_eq!(page.status, StatusCode::UNSUPPORTED_MEDIA_TYPE);
    let mut olive = site.sign_in(Role::Officer).await;
    let csrf = olive.csrf(&site).await;
    let body = with_file(&[("csrf", &csrf), ("kind", "conferences")], "a.csv", b"a");
    let page = upload(&site, &mut olive, "/imports/new", body).await;
    assert_eq!(page.status, StatusCode::NOT_FOUND);
}

#[actix_web::test]
async fn the_template_is_read_as_a_moved_in_spreadsheet_and_the_guide_names_every_column() {
    let site = Site::new();
    let mut browser = site.sign_in(Role::SeniorOfficer).await;
    let page = browser.open(&site, "/imports/guide").await.text();
    for table in heard::import::guide::tables() {
        for column in table.columns {
            assert!(
                page.contains(column.name),
                "{} is not explained",
                column.name
            );
        }
    }
    let bytes = browser.open(&site, "/imports/template.xlsx").await.bytes();
    let template = ImportFile {
        name: "moving-in.xlsx".to_owned(),
        bytes,
    };
    let report = crate::helpers::given::import_files(&site.app.db, &[template]).unwrap();
    assert_eq!((report.rows, report.ignored_columns.len()), (0, 0));
}

#[test]
fn what_came_in_is_counted_to_be_checked_against_the_old_spreadsheet() {
    on_sqlite(|place| {
        crate::helpers::load_seeds(&place.db);
        let figures = place
            .db
            .read(&crate::helpers::PROGRAM, heard::import::moved_in::figures)
            .unwrap();
        let seeds = crate::helpers::given::seed_files();
        let text = String::from_utf8(seeds[0].bytes.clone()).unwrap();
        let mut reader = csv::Reader::from_reader(text.as_bytes());
        let header = reader.headers().unwrap().clone();
        let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
        let value = |row: &csv::StringRecord, name: &str| {
            let place = header.iter().position(|it| it == name).unwrap();
            row[place].to_owned()
        };
        let with =
            |name: &str, wanted: &str| rows.iter().filter(|row| value(row, name) == wanted).count();
        assert_eq!(figures.referrals, rows.len());
        let children: std::collections::BTreeSet<_> =
            rows.iter().map(|row| value(row, "child_ref")).collect();
        assert_eq!(figures.people, children.len());
        let opened = rows.len() - with("opened_on", "");
        let closed = rows.len() - with("closed_on", "");
        assert_eq!(figures.closed_cases, closed);
        assert_eq!(figures.open_cases, opened - closed);
        for (table, column) in [("By stream", "stream"), ("By source", "source")] {
            let counted = figures.tables.iter().find(|it| it.title == table).unwrap();
            let mut said: Vec<usize> = counted.rows.iter().map(|(_, count)| *count).collect();
            let codes: std::collections::BTreeSet<_> =
                rows.iter().map(|row| value(row, column)).collect();
            let mut told: Vec<usize> = codes.iter().map(|code| with(column, code)).collect();
            said.sort_unstable();
            told.sort_unstable();
            assert_eq!(said, told, "{table}");
        }
    });
}
