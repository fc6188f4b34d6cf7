//! One database a test. SQLite: a copy of one migrated file. PostgreSQL: a database made from a
//! migrated template, on the server that HEARD_TEST_POSTGRES names (see scripts/with-postgres).

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{LazyLock, Once};

use diesel::connection::SimpleConnection;
use diesel::deserialize::QueryableByName;
use diesel::sql_types::BigInt;
use diesel::{RunQueryDsl, sql_query};
use heard::audit::{Seal, Verdict, verify};
use heard::calendar::Clock;
use heard::db::{Address, Db, Link, connect_once, migrations, table_counts};
use heard::ids::UserId;
use sha2::{Digest, Sha256};
use tempfile::TempDir;

use super::{Done, PROGRAM, now_on, program};

/// The day that it is in the tests, a Monday.
pub const TODAY: &str = "2022-04-04";

/// Seals the access record of the tests.
pub const KEY: [u8; 32] = [7; 32];

/// A database of one test, with a folder for its keys.
pub struct Place {
    pub db: Db,
    pub folder: TempDir,
    _made: Option<MadeDatabase>,
}

impl Place {
    pub fn sqlite() -> Self {
        static MIGRATED: LazyLock<Vec<u8>> = LazyLock::new(migrated_file);
        let folder = folder();
        let file = folder.path().join("heard.db");
        std::fs::write(&file, MIGRATED.as_slice()).unwrap();
        Self {
            db: open(&Address::Sqlite(file), TODAY),
            folder,
            _made: None,
        }
    }

    fn postgres(server: &str) -> Self {
        let made = MadeDatabase::from_template(server);
        Self {
            db: open(&made.address(), TODAY),
            folder: folder(),
            _made: Some(made),
        }
    }

    pub fn address(&self) -> &Address {
        self.db.address()
    }

    pub fn is_sqlite(&self) -> bool {
        matches!(self.address(), Address::Sqlite(_))
    }

    /// The same database on another day.
    pub fn on(&self, day: &str) -> Db {
        open(self.address(), day)
    }

    pub fn link(&self) -> Link {
        connect_once(self.address()).unwrap()
    }

    pub fn counts(&self) -> Vec<(String, i64)> {
        table_counts(&mut self.link()).unwrap()
    }

    /// How many rows one table has.
    pub fn count(&self, table: &str) -> i64 {
        let counts = self.counts();
        counts.iter().find(|(name, _)| name == table).unwrap().1
    }

    pub fn execute(&self, sql: &str) {
        self.link().batch_execute(sql).unwrap();
    }

    pub fn access_record(&self) -> Verdict {
        let check = |db: &Db| db.read(&PROGRAM, |ctx| verify(ctx, db.seal(), &[]));
        check(&self.db).unwrap()
    }

    /// Runs the program on this database.
    pub fn heard(&self, args: &[&str]) -> Done {
        program::run(self.folder.path(), Some(&url(self.address())), args)
    }
}

/// Runs the same test on each kind of database.
pub fn each_database(test: impl Fn(&Db)) {
    each_place(|place| test(&place.db));
}

pub fn each_place(test: impl Fn(&Place)) {
    test(&Place::sqlite());
    if let Some(server) = postgres_server() {
        test(&Place::postgres(&server));
    }
}

/// For what can only be on SQLite, or takes too long twice.
pub fn on_sqlite(test: impl FnOnce(&Place)) {
    test(&Place::sqlite());
}

/// An empty database on the PostgreSQL server, without tables; none when there is no server.
pub fn empty_postgres() -> Option<(MadeDatabase, Address)> {
    let made = MadeDatabase::empty(&postgres_server()?);
    let address = made.address();
    Some((made, address))
}

pub fn on_postgres() -> Option<Place> {
    postgres_server().map(|server| Place::postgres(&server))
}

pub fn open(address: &Address, day: &str) -> Db {
    Db::open(address, Seal::new(&KEY), Clock::Fixed(now_on(day)), 4).unwrap()
}

/// An address as it is typed; its Display leaves the user of PostgreSQL out.
pub fn url(address: &Address) -> String {
    match address {
        Address::Sqlite(path) => format!("sqlite:{}", path.display()),
        Address::Postgres(url) => url.clone(),
    }
}

/// A folder for one test, with the key of its access record.
pub fn folder() -> TempDir {
    let folder = TempDir::new().unwrap();
    std::fs::write(folder.path().join("audit.key"), hex::encode(KEY)).unwrap();
    folder
}

fn migrated_file() -> Vec<u8> {
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("template.db");
    let address = Address::Sqlite(file.clone());
    migrations::run(&address).unwrap();
    connect_once(&address).unwrap().fold_log().unwrap();
    std::fs::read(file).unwrap()
}

/// The server to test on. Where everything must be tested its absence is an error; elsewhere it
/// is said once.
fn postgres_server() -> Option<String> {
    let server = std::env::var("HEARD_TEST_POSTGRES").ok();
    if server.is_none() {
        let must = ["CI", "HEARD_TEST_ALL"].map(|name| std::env::var_os(name).is_some());
        assert!(
            !must.contains(&true),
            "HEARD_TEST_POSTGRES names no server: run the tests with scripts/with-postgres"
        );
        static SAID: Once = Once::new();
        SAID.call_once(|| {
            eprintln!("PostgreSQL is left out: scripts/with-postgres cargo test brings it in.");
        });
    }
    server
}

/// A database on the server, dropped at the end of its test.
pub struct MadeDatabase {
    server: String,
    name: String,
}

impl MadeDatabase {
    fn from_template(server: &str) -> Self {
        static TEMPLATE: LazyLock<String> = LazyLock::new(template_name);
        let template = TEMPLATE.as_str();
        make_template(server, template);
        Self::made(server, &format!("TEMPLATE {template}"))
    }

    fn empty(server: &str) -> Self {
        Self::made(server, "TEMPLATE template0")
    }

    fn made(server: &str, how: &str) -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let name = format!("heard_test_{}_{number}", std::process::id());
        let sql = format!("CREATE DATABASE {name} {how}");
        connect(server).batch_execute(&sql).unwrap();
        Self {
            server: server.to_owned(),
            name,
        }
    }

    fn address(&self) -> Address {
        database_at(&self.server, &self.name)
    }
}

impl Drop for MadeDatabase {
    fn drop(&mut self) {
        let sql = format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.name);
        let _ = connect(&self.server).batch_execute(&sql);
    }
}

fn connect(server: &str) -> Link {
    connect_once(&Address::Postgres(server.to_owned())).unwrap()
}

fn database_at(server: &str, name: &str) -> Address {
    let (before, _) = server.rsplit_once('/').unwrap();
    Address::Postgres(format!("{before}/{name}"))
}

/// Named by what the migrations say, so that an older template is not taken for this one.
fn template_name() -> String {
    let mut hash = Sha256::new();
    for (name, text) in super::super::schemas::migration_texts("postgres") {
        hash.update(name);
        hash.update(text);
    }
    let hash = hex::encode(hash.finalize());
    format!("heard_template_{}", hash.get(..16).unwrap())
}

#[derive(QueryableByName)]
struct Found {
    #[diesel(sql_type = BigInt)]
    found: i64,
}

/// One of the tests that start together makes the template; the others wait for it.
fn make_template(server: &str, template: &str) {
    let mut conn = connect(server);
    let lock = |conn: &mut Link, what: &str| {
        let sql = format!("SELECT {what}(4801999)");
        conn.batch_execute(&sql).unwrap();
    };
    lock(&mut conn, "pg_advisory_lock");
    let query = format!("SELECT count(*) AS found FROM pg_database WHERE datname = '{template}'");
    let found: Vec<Found> = heard::each_db!(&mut conn, c => sql_query(&query).load(c).unwrap());
    if found.iter().all(|row| row.found == 0) {
        let draft = format!("{template}_draft");
        for sql in [
            format!("DROP DATABASE IF EXISTS {draft} WITH (FORCE)"),
            format!("CREATE DATABASE {draft} TEMPLATE template0"),
        ] {
            conn.batch_execute(&sql).unwrap();
        }
        migrations::run(&database_at(server, &draft)).unwrap();
        let rename = format!("ALTER DATABASE {draft} RENAME TO {template}");
        // The server may still be closing the connection that migrated.
        while conn.batch_execute(&rename).is_err() {
            std::thread::yield_now();
        }
    }
    lock(&mut conn, "pg_advisory_unlock");
}

/// An id that nobody has.
pub fn nobody() -> UserId {
    UserId::random()
}
