//! Bringing a database to this version. Both engines have the same steps under the same names.

use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

use super::{Address, Link, connect_once, trail};
use crate::failure::Fault;

const SQLITE: EmbeddedMigrations = embed_migrations!("migrations/sqlite");
const POSTGRES: EmbeddedMigrations = embed_migrations!("migrations/postgres");

/// Brings the database at an address to this version; answers the names of the steps taken.
pub fn run(address: &Address) -> Result<Vec<String>, Fault> {
    if let Address::Sqlite(path) = address
        && let Some(folder) = path
            .parent()
            .filter(|folder| !folder.as_os_str().is_empty())
    {
        std::fs::create_dir_all(folder).map_err(|cause| {
            Fault::because(
                &format!("the folder {} cannot be made", folder.display()),
                &cause,
            )
        })?;
    }
    let mut conn = connect_once(address)?;
    run_on(&mut conn)
}

pub fn run_on(conn: &mut Link) -> Result<Vec<String>, Fault> {
    use diesel::connection::SimpleConnection;
    // Several instances may start at once: one of them migrates, the others wait for it.
    if let Link::Postgres(c) = conn {
        c.batch_execute("SELECT pg_advisory_lock(4801000)")?;
    }
    let done = with_trail(conn);
    if let Link::Postgres(c) = conn {
        c.batch_execute("SELECT pg_advisory_unlock(4801000)")?;
    }
    done
}

/// Columns may come or go: what an import leaves a trail of is said anew.
fn with_trail(conn: &mut Link) -> Result<Vec<String>, Fault> {
    if !pending(conn)?.is_empty() {
        trail::remove(conn)?;
    }
    let names = steps(conn)?;
    if !trail::is_installed(conn)? {
        trail::install(conn)?;
    }
    Ok(names)
}

fn steps(conn: &mut Link) -> Result<Vec<String>, Fault> {
    let done = match conn {
        Link::Postgres(c) => c
            .run_pending_migrations(POSTGRES)
            .map(|names| names.iter().map(ToString::to_string).collect()),
        Link::Sqlite(c) => c
            .run_pending_migrations(SQLITE)
            .map(|names| names.iter().map(ToString::to_string).collect()),
    };
    done.map_err(|cause| Fault::because("the database cannot be brought to this version", &*cause))
}

/// The steps that this version has and the database lacks.
pub fn pending(conn: &mut Link) -> Result<Vec<String>, Fault> {
    use diesel::migration::Migration;
    let names = match conn {
        Link::Postgres(c) => c
            .pending_migrations(POSTGRES)
            .map(|list| list.iter().map(|step| step.name().to_string()).collect()),
        Link::Sqlite(c) => c
            .pending_migrations(SQLITE)
            .map(|list| list.iter().map(|step| step.name().to_string()).collect()),
    };
    names.map_err(|cause| Fault::because("the steps of the database cannot be read", &*cause))
}
