//! Where everything is kept: one database, SQLite or PostgreSQL by its address, with one way to
//! write and one way to read.
//!
//! Writes go one after another on SQLite (`BEGIN IMMEDIATE` on a single connection): trials with
//! several writers lost between half and three quarters of their transactions to "database is
//! locked". PostgreSQL takes as many writers as its pool holds.

mod connect;
mod copy;
pub mod migrations;
pub mod schema;
pub mod trail;
#[macro_use]
mod words;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError, TryLockError};
use std::time::Duration;

use diesel::connection::{AnsiTransactionManager, SimpleConnection, TransactionManager};
use diesel::{Connection as _, PgConnection, SqliteConnection};

pub use connect::Address;
pub use copy::{contents_hash, copy_all, put_seal, table_counts, take_seal};

use crate::access::Actor;
use crate::audit::{self, Seal};
use crate::calendar::Clock;
use crate::ctx::Ctx;
use crate::failure::{Failure, Fault};
use connect::Opener;

/// One connection to whichever database the address names.
#[derive(diesel::MultiConnection)]
pub enum Link {
    Postgres(PgConnection),
    Sqlite(SqliteConnection),
}

/// Expands one body for each engine, for the statements that diesel cannot write once for both.
#[macro_export]
macro_rules! each_db {
    ($conn:expr, $c:ident => $body:expr) => {
        match $conn {
            $crate::db::Link::Postgres($c) => $body,
            $crate::db::Link::Sqlite($c) => $body,
        }
    };
}

type Pool = r2d2::Pool<Opener>;

enum Writer {
    /// SQLite: one connection, one writer at a time.
    Single(Mutex<Link>),
    /// PostgreSQL: the pool that readers use too.
    Pooled,
}

/// The open database.
#[derive(Clone)]
pub struct Db(Arc<Inner>);

struct Inner {
    address: Address,
    pool: Pool,
    writer: Writer,
    seal: Seal,
    clock: Clock,
}

impl Db {
    /// Opens the database at an address. It is not brought to this version here: see
    /// [`migrations::run`].
    pub fn open(address: &Address, seal: Seal, clock: Clock, readers: u32) -> Result<Self, Fault> {
        let writer = match address {
            Address::Sqlite(_) => {
                Writer::Single(Mutex::new(connect::open(address, connect::Use::Writing)?))
            }
            Address::Postgres(_) => Writer::Pooled,
        };
        let pool = r2d2::Pool::builder()
            .max_size(readers)
            .min_idle(Some(1))
            .test_on_check_out(matches!(address, Address::Postgres(_)))
            .connection_timeout(Duration::from_secs(10))
            .build(Opener::new(address.clone()))
            .map_err(|cause| Fault::because("the database cannot be opened", &cause))?;
        Ok(Self(Arc::new(Inner {
            address: address.clone(),
            pool,
            writer,
            seal,
            clock,
        })))
    }

    #[must_use]
    pub fn address(&self) -> &Address {
        &self.0.address
    }

    #[must_use]
    pub fn clock(&self) -> &Clock {
        &self.0.clock
    }

    #[must_use]
    pub fn seal(&self) -> &Seal {
        &self.0.seal
    }

    /// Does one piece of work that changes something: all of it, with its lines in the access
    /// record, or none of it.
    pub fn write<T>(
        &self,
        actor: &Actor,
        work: impl FnOnce(&mut Ctx<'_>) -> Result<T, Failure>,
    ) -> Result<T, Failure> {
        self.transact(actor, Ending::Keep, work)
    }

    /// Does one piece of work that may as well be left out, where nobody else is writing.
    pub fn write_if_free<T>(
        &self,
        actor: &Actor,
        work: impl FnOnce(&mut Ctx<'_>) -> Result<T, Failure>,
    ) -> Result<Option<T>, Failure> {
        match &self.0.writer {
            Writer::Single(conn) => {
                let mut conn = match conn.try_lock() {
                    Ok(conn) => conn,
                    Err(TryLockError::Poisoned(conn)) => conn.into_inner(),
                    Err(TryLockError::WouldBlock) => return Ok(None),
                };
                let begin = "BEGIN IMMEDIATE";
                self.transact_on(&mut conn, begin, actor, Ending::Keep, work)
            }
            Writer::Pooled => self.write(actor, work),
        }
        .map(Some)
    }

    /// Does the same work and rolls it back: a preview that cannot differ from the run.
    pub fn rehearse<T>(
        &self,
        actor: &Actor,
        work: impl FnOnce(&mut Ctx<'_>) -> Result<T, Failure>,
    ) -> Result<T, Failure> {
        self.transact(actor, Ending::RollBack, work)
    }

    /// Reads. What was looked at is written to the access record before the answer leaves; if it
    /// cannot be written, there is no answer.
    pub fn read<T>(
        &self,
        actor: &Actor,
        work: impl FnOnce(&mut Ctx<'_>) -> Result<T, Failure>,
    ) -> Result<T, Failure> {
        let (answer, seen) = {
            let mut conn = self.pooled()?;
            let mut ctx = Ctx::new(&mut conn, actor, &self.0.clock);
            ctx.conn.batch_execute(match self.0.address {
                Address::Sqlite(_) => "BEGIN DEFERRED",
                Address::Postgres(_) => "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
            })?;
            let answer = work(&mut ctx);
            let seen = ctx.take_events();
            conn.batch_execute("ROLLBACK")?;
            (answer?, seen)
        };
        if !seen.is_empty() {
            self.transact(actor, Ending::Keep, |ctx| {
                ctx.put_events(seen);
                Ok(())
            })
            .map_err(Failure::no_record_no_answer)?;
        }
        Ok(answer)
    }

    fn transact<T>(
        &self,
        actor: &Actor,
        ending: Ending,
        work: impl FnOnce(&mut Ctx<'_>) -> Result<T, Failure>,
    ) -> Result<T, Failure> {
        match &self.0.writer {
            Writer::Single(conn) => {
                let mut conn: MutexGuard<'_, Link> =
                    conn.lock().unwrap_or_else(PoisonError::into_inner);
                self.transact_on(&mut conn, "BEGIN IMMEDIATE", actor, ending, work)
            }
            Writer::Pooled => {
                let mut conn = self.pooled()?;
                self.transact_on(&mut conn, "BEGIN", actor, ending, work)
            }
        }
    }

    fn transact_on<T>(
        &self,
        conn: &mut Link,
        begin: &str,
        actor: &Actor,
        ending: Ending,
        work: impl FnOnce(&mut Ctx<'_>) -> Result<T, Failure>,
    ) -> Result<T, Failure> {
        // A panic in an earlier piece of work may have left its transaction open.
        if conn.in_transaction() {
            let _ = conn.roll_back();
        }
        conn.begin(begin)?;
        let mut ctx = Ctx::new(conn, actor, &self.0.clock);
        let outcome = work(&mut ctx).and_then(|value| {
            if matches!(ending, Ending::Keep) {
                let events = ctx.take_events();
                audit::append(&mut ctx, &self.0.seal, events)?;
            }
            Ok(value)
        });
        match (outcome, ending) {
            (Ok(value), Ending::Keep) => {
                conn.commit()?;
                Ok(value)
            }
            (outcome, _) => {
                conn.roll_back()?;
                outcome
            }
        }
    }

    fn pooled(&self) -> Result<r2d2::PooledConnection<Opener>, Failure> {
        self.0.pool.get().map_err(|_| Failure::Busy)
    }

    /// A consistent copy of the whole database as one SQLite file, while the service runs.
    pub fn copy_to_file(&self, path: &std::path::Path) -> Result<(), Fault> {
        let mut conn = connect_once(&self.0.address)?;
        copy::to_file(&mut conn, path)
    }
}

#[derive(Clone, Copy)]
enum Ending {
    Keep,
    RollBack,
}

/// Runs part of a piece of work so that it can fail alone: its changes go, the rest stays.
pub fn savepoint<T>(
    ctx: &mut Ctx<'_>,
    work: impl FnOnce(&mut Ctx<'_>) -> Result<T, Failure>,
) -> Result<T, Failure> {
    ctx.conn.save_point()?;
    let events_before = ctx.events_len();
    match work(ctx) {
        Ok(value) => {
            ctx.conn.commit()?;
            Ok(value)
        }
        Err(failure) => {
            ctx.conn.roll_back()?;
            ctx.forget_events_after(events_before);
            Err(failure)
        }
    }
}

/// Lets one import at a time through, over all instances of the program.
pub fn one_at_a_time(ctx: &mut Ctx<'_>, what: AdvisoryLock) -> Result<(), Failure> {
    if let Link::Postgres(conn) = ctx.conn {
        let key = match what {
            AdvisoryLock::Import => 4_801_001,
        };
        conn.batch_execute(&format!("SELECT pg_advisory_xact_lock({key})"))?;
    }
    Ok(())
}

#[derive(Clone, Copy)]
pub enum AdvisoryLock {
    Import,
}

/// Opens one connection outside the pools: for migrations, backups and the doctor.
pub fn connect_once(address: &Address) -> Result<Link, Fault> {
    connect::open(address, connect::Use::Writing)
}

/// `None` when the database answers and is sound, otherwise what is wrong with it.
pub fn integrity_problem(conn: &mut Link) -> Result<Option<String>, Fault> {
    connect::integrity_problem(conn)
}

impl Link {
    /// True for SQLite, for the few places where the engines differ in how they work.
    #[must_use]
    pub fn is_sqlite(&self) -> bool {
        matches!(self, Self::Sqlite(_))
    }

    /// Brings everything that stands in SQLite's log into the one file.
    pub fn fold_log(&mut self) -> Result<(), Fault> {
        if self.is_sqlite() {
            self.batch_execute("PRAGMA wal_checkpoint(TRUNCATE);")?;
        }
        Ok(())
    }

    fn in_transaction(&mut self) -> bool {
        let status = each_db!(self, c => AnsiTransactionManager::transaction_manager_status_mut(c));
        !matches!(status.transaction_depth(), Ok(None))
    }

    fn begin(&mut self, sql: &str) -> diesel::QueryResult<()> {
        each_db!(self, c => AnsiTransactionManager::begin_transaction_sql(c, sql))
    }

    fn save_point(&mut self) -> diesel::QueryResult<()> {
        each_db!(self, c => AnsiTransactionManager::begin_transaction(c))
    }

    /// Ends the innermost transaction or savepoint and keeps what it did.
    fn commit(&mut self) -> diesel::QueryResult<()> {
        each_db!(self, c => AnsiTransactionManager::commit_transaction(c))
    }

    /// Ends the innermost transaction or savepoint and undoes what it did.
    fn roll_back(&mut self) -> diesel::QueryResult<()> {
        each_db!(self, c => AnsiTransactionManager::rollback_transaction(c))
    }

    fn is_broken(&mut self) -> bool {
        each_db!(self, c => AnsiTransactionManager::is_broken_transaction_manager(c))
    }

    fn open_postgres(url: &str) -> Result<Self, diesel::ConnectionError> {
        PgConnection::establish(url).map(Self::Postgres)
    }

    fn open_sqlite(path: &str) -> Result<Self, diesel::ConnectionError> {
        SqliteConnection::establish(path).map(Self::Sqlite)
    }
}
