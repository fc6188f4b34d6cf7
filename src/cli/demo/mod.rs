//! `heard demo`: an invented service to look around in. The year 2021-22 comes in by the import
//! that a council would use; what happens these days is played by the deeds that officers do.

mod days;
mod deeds;
mod outside;
mod today;

use rust_embed::RustEmbed;

use super::{ACTOR, House, Stop, say, service};
use crate::access::Role;
use crate::db::{Db, migrations};
use crate::failure::Failure;
use crate::import::Kind;
use crate::import::actions::{ImportFile, Incoming, Run, import, usual_source};
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

/// Whether `heard demo` made this database.
pub(super) fn is_demo(db: &Db) -> Result<bool, Failure> {
    db.read(&ACTOR, |ctx| Ok(store::by_email(ctx, DEMO_MARK)?.is_some()))
}

pub(super) fn run(house: &House) -> Result<(), Stop> {
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
    service::listen(house, db, true)
}

/// The year comes in by the import that a council would use; nothing else makes its figures.
fn fill(house: &House, db: &Db) -> Result<(), Stop> {
    let files: Vec<ImportFile> = ["referrals.csv", "meetings.csv", "complaints.csv"]
        .into_iter()
        .filter_map(|name| {
            Seeds::get(name).map(|file| ImportFile {
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
    let settings = &house.settings.import;
    let incoming = Incoming {
        kind: Kind::History,
        source: usual_source(Kind::History, settings),
        name: "seeds of 2021-22",
        files: &files,
    };
    let report = import(db, &ACTOR, settings, &incoming, Run::Keep, &|_, _| {})?;
    if report.rejected > 0 || report.review > 0 {
        return Err(Stop::Failed("The seeds did not come in whole.".to_owned()));
    }
    today::play(house, db)?;
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
