//! `heard serve` and `heard demo`: running the web service.

use std::net::TcpListener;

use actix_web::web::Data;
use rust_embed::RustEmbed;
use tracing_subscriber::EnvFilter;

use super::{ACTOR, House, Stop, say};
use crate::access::Role;
use crate::app::{App, serve as answer};
use crate::audit::checkpoints;
use crate::db::{Db, migrations};
use crate::failure::Failure;
use crate::import::actions::{HistoryFile, Run, import_history};
use crate::secrets::{self, Which};
use crate::staff::actions::{self, NewUser};
use crate::staff::{passwords, store};
use crate::text::{EmailAddress, Name};

/// The invented year 2021-22, inside the program.
#[derive(RustEmbed)]
#[folder = "seeds/leicestershire-2021-22"]
struct Seeds;

/// What everybody's password is in a demonstration, and nowhere else.
const DEMO_PASSWORD: &str = "heard demonstration";

/// The mark of a database that `heard demo` made: its administrator.
const DEMO_MARK: &str = "administrator@demo.heard.example";

/// The officers are those of the seeds, so that they have cases to open.
const DEMO_LOGINS: [(Role, &str, &str); 6] = [
    (
        Role::Officer,
        "marcus.adeyemi@heard.example",
        "Marcus Adeyemi",
    ),
    (
        Role::SeniorOfficer,
        "priya.nair@heard.example",
        "Priya Nair",
    ),
    (
        Role::ParticipationOfficer,
        "participation@demo.heard.example",
        "Perry Lund",
    ),
    (Role::Manager, "manager@demo.heard.example", "Maya Brandt"),
    (Role::Administrator, DEMO_MARK, "Adam Forde"),
    (Role::Auditor, "auditor@demo.heard.example", "Audrey Kemp"),
];

pub(super) fn serve(house: &House) -> Result<(), Stop> {
    let db = if house.settings.server.migrate {
        house.open()?
    } else {
        house.open_as_it_is()?
    };
    let is_demo = db.read(&ACTOR, |ctx| Ok(store::by_email(ctx, DEMO_MARK)?.is_some()))?;
    if db.read(&ACTOR, store::count)? == 0 {
        say("There is no account yet. heard user add makes the first administrator.")?;
    }
    listen(house, db, is_demo)
}

fn listen(house: &House, db: Db, is_demo: bool) -> Result<(), Stop> {
    tracing_subscriber::fmt()
        .with_env_filter(
            EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("warn,heard=info")),
        )
        .with_writer(std::io::stderr)
        .init();
    let settings = &house.settings;
    let key = secrets::find_or_make(
        Which::Session,
        &settings.secrets.session_key,
        &settings.data_dir,
    )?;
    let address = &settings.server.address;
    let listener = TcpListener::bind(address)
        .map_err(|cause| Stop::Failed(format!("Cannot listen on {address}: {cause}.")))?;
    let place = listener.local_addr()?;
    let app = Data::new(App::new(settings.clone(), db.clone(), key, is_demo)?);
    say(&format!("Heard is at http://{place}"))?;
    let note = |db: &Db| db.read(&ACTOR, |ctx| checkpoints::note(ctx, &settings.data_dir));
    note(&db)?;
    actix_web::rt::System::new().block_on(answer(app, listener))?;
    note(&db)?;
    Ok(())
}

pub(super) fn demo(house: &House) -> Result<(), Stop> {
    migrations::run(&house.address)?;
    let db = house.open_as_it_is()?;
    let emails: Vec<Option<String>> = db
        .read(&ACTOR, store::all)?
        .into_iter()
        .map(|user| user.email)
        .collect();
    if !emails.iter().flatten().any(|email| email == DEMO_MARK) {
        let ours = |email: &Option<String>| {
            email
                .as_deref()
                .is_some_and(|email| email.ends_with("heard.example"))
        };
        if !emails.iter().all(ours) {
            return Err(Stop::Failed(
                "This database has accounts of its own: a demonstration needs an empty one. Name another with --database or --data-dir."
                    .to_owned(),
            ));
        }
        fill(house, &db)?;
    }
    say("Demonstration data: every young person is invented. Sign in as")?;
    for (role, email, _) in DEMO_LOGINS {
        say(&format!("  {email:<36}{}", role.words()))?;
    }
    say(&format!("each with the password: {DEMO_PASSWORD}"))?;
    listen(house, db, true)
}

/// The year comes in by the import that a council would use; nothing else makes its figures.
fn fill(house: &House, db: &Db) -> Result<(), Stop> {
    let files: Vec<HistoryFile> = ["referrals.csv", "meetings.csv", "complaints.csv"]
        .into_iter()
        .filter_map(|name| {
            Seeds::get(name).map(|file| HistoryFile {
                name: name.to_owned(),
                bytes: file.data.into_owned(),
            })
        })
        .collect();
    let hash = passwords::hash(DEMO_PASSWORD)?;
    // The officers first, so that the rows find them. The mark last: what is broken off before it
    // is made whole by the next start.
    let (mark, others): (Vec<_>, Vec<_>) = DEMO_LOGINS
        .into_iter()
        .partition(|(_, email, _)| *email == DEMO_MARK);
    add_logins(db, &others, &hash)?;
    let report = import_history(
        db,
        &ACTOR,
        &house.settings.import,
        "seeds of 2021-22",
        &files,
        Run::Keep,
        &|_, _| {},
    )?;
    if report.rejected > 0 || report.review > 0 {
        return Err(Stop::Failed("The seeds did not come in whole.".to_owned()));
    }
    add_logins(db, &mark, &hash)
}

fn add_logins(db: &Db, logins: &[(Role, &str, &str)], hash: &str) -> Result<(), Stop> {
    db.write(&ACTOR, |ctx| {
        for (role, email, name) in logins {
            if store::by_email(ctx, email)?.is_some() {
                continue;
            }
            let unusable = |why: String| Failure::refused(format!("{email} {why}"));
            actions::add(
                ctx,
                &NewUser {
                    name: &Name::parse(name).map_err(unusable)?,
                    email: Some(&EmailAddress::parse(email).map_err(unusable)?),
                    role: *role,
                    password_hash: Some(hash),
                    change_password: false,
                },
            )?;
        }
        Ok(())
    })?;
    Ok(())
}
