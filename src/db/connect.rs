//! Opening the database: which engine an address names, and the settings each connection starts
//! with.

use std::fmt;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use diesel::connection::SimpleConnection;
use diesel::deserialize::QueryableByName;
use diesel::sql_types::Text;
use diesel::{RunQueryDsl, sql_query};

use super::Link;
use crate::failure::Fault;

/// Where the database is: `sqlite:PATH` or `postgres://...`.
#[derive(Clone, PartialEq, Eq)]
pub enum Address {
    Sqlite(PathBuf),
    Postgres(String),
}

impl FromStr for Address {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if let Some(path) = text.strip_prefix("sqlite:") {
            let path = path.strip_prefix("//").unwrap_or(path);
            if path.is_empty() || path.starts_with(":memory:") {
                return Err("sqlite: needs the path of a file after it".to_owned());
            }
            return Ok(Self::Sqlite(PathBuf::from(path)));
        }
        if text.starts_with("postgres://") || text.starts_with("postgresql://") {
            return Ok(Self::Postgres(text.to_owned()));
        }
        Err("a database address starts with sqlite: or postgres://".to_owned())
    }
}

/// Shown in messages and logs, so without the password.
impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sqlite(path) => write!(f, "sqlite:{}", path.display()),
            Self::Postgres(url) => {
                // What stands before the last @ or after a ? may hold a password.
                let place = url
                    .rsplit_once('@')
                    .map_or(url.as_str(), |(_, place)| place);
                let place = place.split('?').next().unwrap_or_default();
                let place = place.split_once("://").map_or(place, |(_, place)| place);
                write!(f, "postgres://{place}")
            }
        }
    }
}

impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Use {
    Reading,
    Writing,
}

pub(super) fn open(address: &Address, purpose: Use) -> Result<Link, Fault> {
    let fault = |cause: &dyn std::error::Error| {
        Fault::because(&format!("the database {address} cannot be opened"), cause)
    };
    match address {
        Address::Postgres(url) => {
            let mut conn = Link::open_postgres(url).map_err(|cause| fault(&cause))?;
            // A plan made while a table was empty is ruinous once an import has filled it.
            conn.batch_execute(
                "SET TIME ZONE 'UTC'; SET client_min_messages = warning; \
                 SET plan_cache_mode = force_custom_plan; \
                 SET lock_timeout = '30s'; SET idle_in_transaction_session_timeout = '10min';",
            )
            .map_err(|cause| fault(&cause))?;
            Ok(conn)
        }
        Address::Sqlite(path) => {
            for_its_owner_only(path).map_err(|cause| fault(&cause))?;
            let mut conn = Link::open_sqlite(&path_text(path)?).map_err(|cause| fault(&cause))?;
            conn.batch_execute(
                "PRAGMA busy_timeout = 30000; PRAGMA journal_mode = WAL; \
                 PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; \
                 PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON; \
                 PRAGMA journal_size_limit = 67108864; PRAGMA cache_size = -32000;",
            )
            .map_err(|cause| fault(&cause))?;
            if purpose == Use::Reading {
                conn.batch_execute("PRAGMA query_only = ON;")
                    .map_err(|cause| fault(&cause))?;
            }
            Ok(conn)
        }
    }
}

/// A new database file can be read by its owner alone; its log takes after it.
fn for_its_owner_only(path: &Path) -> std::io::Result<()> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    match options.open(path) {
        Err(cause) if cause.kind() != std::io::ErrorKind::AlreadyExists => Err(cause),
        _ => Ok(()),
    }
}

pub(super) fn path_text(path: &Path) -> Result<String, Fault> {
    path.to_str()
        .map(ToOwned::to_owned)
        .ok_or_else(|| Fault::new("the path of the database is not valid text"))
}

#[derive(QueryableByName)]
struct Line {
    #[diesel(sql_type = Text)]
    line: String,
}

pub(super) fn integrity_problem(conn: &mut Link) -> Result<Option<String>, Fault> {
    let lines: Vec<Line> = match conn {
        Link::Sqlite(c) => sql_query(
            "SELECT integrity_check AS line FROM pragma_integrity_check \
             UNION ALL SELECT 'row ' || coalesce(rowid, '?') || ' of ' || \"table\" || \
             ' points at a row of ' || parent || ' that is not there' \
             FROM pragma_foreign_key_check",
        )
        .load(c),
        Link::Postgres(c) => sql_query("SELECT 'ok' AS line").load(c),
    }
    .map_err(|cause| Fault::because("the database does not answer", &cause))?;
    Ok(lines
        .into_iter()
        .map(|line| line.line)
        .find(|line| line != "ok"))
}

/// Opens the pool's connections. diesel's own way would try PostgreSQL, swallow its error and
/// then open a SQLite file of that name.
pub(super) struct Opener {
    address: Address,
}

impl Opener {
    pub(super) fn new(address: Address) -> Self {
        Self { address }
    }
}

impl r2d2::ManageConnection for Opener {
    type Connection = Link;
    type Error = Fault;

    fn connect(&self) -> Result<Link, Fault> {
        open(&self.address, Use::Reading.on(&self.address))
    }

    fn is_valid(&self, conn: &mut Link) -> Result<(), Fault> {
        conn.batch_execute("SELECT 1")
            .map_err(|cause| Fault::because("the database does not answer", &cause))
    }

    fn has_broken(&self, conn: &mut Link) -> bool {
        std::thread::panicking() || conn.is_broken()
    }
}

impl Use {
    /// PostgreSQL's pool serves writers too.
    fn on(self, address: &Address) -> Self {
        match address {
            Address::Sqlite(_) => self,
            Address::Postgres(_) => Self::Writing,
        }
    }
}
