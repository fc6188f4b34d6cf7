//! The command line: what an administrator types. Exit 0 done; 1 failed or refused, with the
//! reason on standard error; 2 wrong usage.

mod demo;
mod holidays;
mod imports;
mod reports;
mod service;
mod tokens;
mod upkeep;
mod users;

use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use chrono::NaiveDate;
use clap::{Args, Parser, Subcommand, ValueEnum};
use secrecy::ExposeSecret;

use crate::access::Actor;
use crate::audit::Seal;
use crate::calendar::Clock;
use crate::db::{Address, Db, migrations};
use crate::failure::{Failure, Fault};
use crate::secrets::{self, Found, Which};
use crate::settings::Settings;
use crate::young_people;

/// The command line acts as itself: whoever can run it can read the database anyway.
pub const ACTOR: Actor = Actor::System("command line");

/// Casework for Children's Rights Officers.
#[derive(Parser)]
#[command(name = "heard", version, about, max_term_width = 100)]
struct Line {
    #[command(flatten)]
    place: Place,
    #[command(subcommand)]
    command: Command,
}

/// Where things are.
#[derive(Args)]
struct Place {
    /// The database: sqlite:PATH or postgres://user:password@host/name
    #[arg(
        long,
        global = true,
        env = "HEARD_DATABASE_URL",
        hide_env_values = true
    )]
    database: Option<String>,
    /// Where the SQLite database and the keys are kept
    #[arg(long, global = true, env = "HEARD_DATA_DIR", default_value = "./data")]
    data_dir: PathBuf,
    /// A settings file over the defaults
    #[arg(long, global = true, env = "HEARD_CONFIG")]
    config: Option<PathBuf>,
    /// The day it is, for this command alone (YYYY-MM-DD)
    #[arg(long, global = true)]
    today: Option<NaiveDate>,
}

#[derive(Subcommand)]
enum Command {
    /// Run the web service
    Serve,
    /// Fill an empty database with the invented year 2021-22 and one login of each role, then serve
    Demo,
    /// Bring the database to this version
    Migrate,
    /// Bring records in
    #[command(subcommand)]
    Import(imports::Import),
    /// Merge a published file of bank holidays into those that are known
    Holidays { file: PathBuf },
    /// Write a report
    #[command(subcommand)]
    Report(reports::Report),
    /// Who may sign in
    #[command(subcommand)]
    User(users::User),
    /// Make a token for another program, and print it
    Token(tokens::Token),
    /// Copy the database to one file, while the service runs, and check the copy
    Backup { file: PathBuf },
    /// Put a copy back
    Restore(upkeep::Restore),
    /// Say what is wrong and what to do
    Doctor,
    /// The access record
    #[command(subcommand)]
    Audit(upkeep::Audit),
}

/// How a result is written.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    Text,
    Json,
}

/// Why a command did not do its work.
enum Stop {
    /// Wrong usage.
    Usage(String),
    /// The work failed or was refused.
    Failed(String),
}

impl From<Failure> for Stop {
    fn from(failure: Failure) -> Self {
        Self::Failed(failure.to_string())
    }
}

impl From<Fault> for Stop {
    fn from(fault: Fault) -> Self {
        Self::Failed(fault.to_string())
    }
}

impl From<std::io::Error> for Stop {
    fn from(error: std::io::Error) -> Self {
        Self::Failed(error.to_string())
    }
}

/// Runs the command line of this process.
#[must_use]
pub fn run() -> ExitCode {
    let line = Line::parse();
    match dispatch(&line) {
        Ok(()) => ExitCode::SUCCESS,
        Err(Stop::Usage(reason)) => complain(&reason, 2),
        Err(Stop::Failed(reason)) => complain(&reason, 1),
    }
}

fn complain(reason: &str, code: u8) -> ExitCode {
    let _ = writeln!(std::io::stderr(), "heard: {reason}");
    ExitCode::from(code)
}

fn dispatch(line: &Line) -> Result<(), Stop> {
    let house = House::find(&line.place)?;
    match &line.command {
        Command::Serve => service::serve(&house),
        Command::Demo => demo::run(&house),
        Command::Migrate => {
            let done = migrations::run(&house.address)?;
            house.open()?;
            if done.is_empty() {
                return say("The database is at this version already.");
            }
            say(&format!("Brought to this version by: {}.", done.join(", ")))
        }
        Command::Import(import) => imports::run(&house, import),
        Command::Holidays { file } => holidays::run(&house, file),
        Command::Report(report) => reports::run(&house, report),
        Command::User(user) => users::run(&house, user),
        Command::Token(token) => tokens::run(&house, token),
        Command::Backup { file } => upkeep::backup(&house, file),
        Command::Restore(restore) => upkeep::restore(&house, restore),
        Command::Doctor => upkeep::doctor(&house),
        Command::Audit(upkeep::Audit::Verify) => upkeep::verify(&house),
    }
}

/// What every command starts from: settings, where the database is, which day it is.
struct House {
    settings: Settings,
    address: Address,
    clock: Clock,
}

impl House {
    fn find(place: &Place) -> Result<Self, Stop> {
        let settings = Settings::load(place.config.as_deref(), &place.data_dir)
            .map_err(|fault| Stop::Usage(fault.to_string()))?;
        let address = settings
            .address(place.database.as_deref())
            .map_err(Stop::Usage)?;
        let clock = place.today.map_or(Clock::System, Clock::On);
        Ok(Self {
            settings,
            address,
            clock,
        })
    }

    /// Opens the database at this version.
    fn open(&self) -> Result<Db, Stop> {
        migrations::run(&self.address)?;
        let db = self.open_as_it_is()?;
        key_everybody(&db)?;
        Ok(db)
    }

    fn open_as_it_is(&self) -> Result<Db, Stop> {
        let seal = self.seal()?;
        let connections = self.settings.database.connections;
        Ok(Db::open(
            &self.address,
            seal,
            self.clock.clone(),
            connections,
        )?)
    }

    /// The seal of the access record. A new key is made for a new record only: one beside an old
    /// record would break its chain.
    fn seal(&self) -> Result<Seal, Stop> {
        if let Some(seal) = self.known_seal()? {
            return Ok(seal);
        }
        if upkeep::has_access_record(&self.address) {
            return Err(Stop::Failed(format!(
                "The database has an access record, but its key is missing from {}. Put audit.key back from where it was kept.",
                self.settings.data_dir.display()
            )));
        }
        self.new_seal()
    }

    /// The seal of the key in the settings or the data directory, where there is one.
    fn known_seal(&self) -> Result<Option<Seal>, Stop> {
        let (given, data_dir) = (&self.settings.secrets.audit_key, &self.settings.data_dir);
        Ok(match secrets::find(Which::Audit, given, data_dir)? {
            Found::Key(key) => Some(Seal::new(key.expose_secret())),
            Found::Missing(_) => None,
        })
    }

    fn new_seal(&self) -> Result<Seal, Stop> {
        let (given, data_dir) = (&self.settings.secrets.audit_key, &self.settings.data_dir);
        let key = secrets::find_or_make(Which::Audit, given, data_dir)?;
        Ok(Seal::new(key.expose_secret()))
    }
}

/// Whoever came on record before the search had keys gets theirs.
fn key_everybody(db: &Db) -> Result<(), Stop> {
    if db.read(&ACTOR, young_people::actions::all_have_keys)? {
        return Ok(());
    }
    let mut last = None;
    loop {
        last = db.write(&ACTOR, |ctx| {
            young_people::actions::key_some(ctx, last.as_ref())
        })?;
        if last.is_none() {
            return Ok(());
        }
    }
}

/// Writes a line on standard output. A reader that went away is no failure.
fn say(text: &str) -> Result<(), Stop> {
    match writeln!(std::io::stdout(), "{text}") {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => Err(error.into()),
        _ => Ok(()),
    }
}
