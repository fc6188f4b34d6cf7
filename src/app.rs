//! The web service as a whole, built from the settings. The program and its tests both build it
//! here.

use std::net::TcpListener;
use std::sync::Arc;
use std::time::Duration;

use actix_web::HttpServer;
use actix_web::middleware::from_fn;
use actix_web::web::{Data, PayloadConfig, ServiceConfig, scope};

use crate::db::Db;
use crate::failure::Fault;
use crate::import::api::{self, InFlight};
use crate::import::folder;
use crate::import::uploads::{self, Running};
use crate::mail;
use crate::routes;
use crate::secrets::Key;
use crate::settings::Settings;
use crate::web::guard::LARGEST_FORM;
use crate::web::keys::Keys;
use crate::web::limits::{Calls, Limits};
use crate::web::{Pages, aside, drafts, headers};

/// A browser has this long to send what it asks; a form may take longer (see the guard).
const SLOWEST_REQUEST: Duration = Duration::from_secs(5);
const A_DAY: Duration = Duration::from_secs(24 * 60 * 60);
/// At the end, requests under way have this long to finish.
const LAST_ORDERS: u64 = 15;

/// What every page has at hand.
pub struct App {
    pub settings: Settings,
    pub db: Db,
    pub pages: Pages,
    pub keys: Keys,
    pub limits: Limits,
    /// The files that this program puts on record at this moment.
    pub imports: Arc<Running>,
    pub calls: Calls,
    /// The requests of other programs that are being answered now.
    pub under_way: InFlight,
    /// True when every young person in the database is invented.
    pub demo: bool,
}

impl App {
    pub fn new(settings: Settings, db: Db, session_key: Key, demo: bool) -> Result<Self, Fault> {
        Ok(Self {
            pages: Pages::load()?,
            keys: Keys::new(&session_key),
            limits: Limits::new(&settings.sign_in, &settings.asking),
            imports: Arc::default(),
            calls: Calls::new(&settings.api),
            under_way: InFlight::default(),
            settings,
            db,
            demo,
        })
    }
}

/// Mounts every page of the table, and nothing else.
pub fn configure(app: Data<App>) -> impl FnOnce(&mut ServiceConfig) + Clone {
    move |config| {
        let pages = routes::resources()
            .into_iter()
            .fold(scope(""), |pages, resource| pages.service(resource))
            .default_service(routes::no_such_page());
        config
            .app_data(app)
            .app_data(PayloadConfig::new(LARGEST_FORM))
            .service(pages.wrap(from_fn(headers::add)));
    }
}

/// Forgets, at the start and then once a day, the drafts and the files that nobody goes on with, and
/// the answers that no program asks for again.
async fn sweep_daily(app: Data<App>) {
    loop {
        let (db, days) = (app.db.clone(), app.settings.work.keep_drafts_days);
        if let Err(failure) = aside(move || drafts::sweep(&db, days)).await {
            tracing::warn!(%failure, "old drafts were not swept");
        }
        let (db, days) = (app.db.clone(), app.settings.import.keep_files_days);
        if let Err(failure) = aside(move || uploads::actions::sweep(&db, days)).await {
            tracing::warn!(%failure, "old files were not swept");
        }
        let (db, days) = (app.db.clone(), app.settings.api.keep_answers_days);
        if let Err(failure) = aside(move || api::sweep(&db, days)).await {
            tracing::warn!(%failure, "old answers were not swept");
        }
        actix_web::rt::time::sleep(A_DAY).await;
    }
}

/// How often the e-mails that wait are looked for.
const MAIL_EVERY: Duration = Duration::from_secs(10);

/// Sends the e-mails that wait, while there is a mail server to send them to.
async fn send_mail(app: Data<App>) {
    loop {
        let (db, settings) = (app.db.clone(), app.settings.mail.clone());
        let sent = aside(move || mail::send_waiting(&db, &settings)).await;
        if let Err(failure) = sent {
            tracing::warn!(%failure, "e-mails were not looked for");
        }
        actix_web::rt::time::sleep(MAIL_EVERY).await;
    }
}

/// Looks into the watched folder again and again, if there is one.
async fn watch(app: Data<App>) {
    let settings = app.settings.intake.clone();
    if settings.folder.is_empty() {
        return;
    }
    let pause = Duration::from_secs(settings.look_every_seconds.max(1).into());
    let mut watcher = folder::Watcher::new(&settings.folder, app.settings.import.clone());
    loop {
        let db = app.db.clone();
        let looked = aside(move || {
            watcher.look(&db);
            Ok(watcher)
        })
        .await;
        match looked {
            Ok(again) => watcher = again,
            Err(failure) => {
                tracing::error!(%failure, "the watched folder is not looked into any more");
                return;
            }
        }
        actix_web::rt::time::sleep(pause).await;
    }
}

/// Answers requests until the program is told to stop.
pub async fn serve(app: Data<App>, listener: TcpListener) -> std::io::Result<()> {
    let workers = app.settings.server.workers.max(1);
    actix_web::rt::spawn(sweep_daily(app.clone()));
    if app.settings.mail.is_on() {
        actix_web::rt::spawn(send_mail(app.clone()));
    }
    actix_web::rt::spawn(watch(app.clone()));
    HttpServer::new(move || actix_web::App::new().configure(configure(app.clone())))
        .workers(workers)
        .client_request_timeout(SLOWEST_REQUEST)
        .client_disconnect_timeout(SLOWEST_REQUEST)
        .shutdown_timeout(LAST_ORDERS)
        .listen(listener)?
        .run()
        .await
}
