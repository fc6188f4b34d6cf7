//! `heard backup`, `restore`, `doctor` and `audit verify`: keeping the service sound.

use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};
use clap::{Args, Subcommand};

use super::{ACTOR, House, Stop, say};
use crate::audit::{self, Seal, Verdict, checkpoints};
use crate::calendar::Clock;
use crate::ctx::Ctx;
use crate::db::{
    Address, Db, Link, connect_once, contents_hash, copy_all, integrity_problem, migrations,
    put_seal, table_counts, take_seal,
};
use crate::secrets::{self, Found, Which};

#[derive(Subcommand)]
pub enum Audit {
    /// Check every line of the access record against its seal
    Verify,
}

#[derive(Args)]
pub struct Restore {
    file: PathBuf,
    /// Replace a SQLite database that has records in it; the old one is kept beside it
    #[arg(long)]
    replace: bool,
}

/// Has the database lines in its access record? No, where there is no database yet.
pub(super) fn has_access_record(address: &Address) -> bool {
    if let Address::Sqlite(path) = address
        && !path.exists()
    {
        return false;
    }
    let Ok(mut conn) = connect_once(address) else {
        return false;
    };
    table_counts(&mut conn).is_ok_and(|counts| {
        counts
            .iter()
            .any(|(table, count)| table == "audit_events" && *count > 0)
    })
}

fn verdict_on(
    conn: &mut Link,
    seal: &Seal,
    noted: &[(i64, String)],
    clock: &Clock,
) -> Result<Verdict, Stop> {
    Ok(audit::verify(
        &mut Ctx::new(conn, &ACTOR, clock),
        seal,
        noted,
    )?)
}

pub(super) fn verify(house: &House) -> Result<(), Stop> {
    let db = house.open()?;
    let noted = checkpoints::read(&house.settings.data_dir)?;
    let verdict = db.read(&ACTOR, |ctx| audit::verify(ctx, db.seal(), &noted))?;
    if !verdict.is_whole() {
        return Err(Stop::Failed(verdict.to_string()));
    }
    db.read(&ACTOR, |ctx| {
        checkpoints::note(ctx, &house.settings.data_dir)
    })?;
    say(&verdict.to_string())
}

/// Checks a copy as a stranger would: opens it, asks the engine, walks the access record.
fn check_copy(path: &Path, seal: &Seal, clock: &Clock) -> Result<Vec<(String, i64)>, Stop> {
    let mut conn = connect_once(&Address::Sqlite(path.to_path_buf()))?;
    if let Some(problem) = integrity_problem(&mut conn)? {
        return Err(Stop::Failed(format!("The copy is damaged: {problem}.")));
    }
    let verdict = verdict_on(&mut conn, seal, &[], clock)?;
    if !verdict.is_whole() {
        return Err(Stop::Failed(format!(
            "{verdict} Either the copy was changed, or the audit key in the data directory is not the one that belongs to it."
        )));
    }
    Ok(table_counts(&mut conn)?)
}

/// Seals what a copy holds, so that a change to it is found when it is put back.
fn seal_copy(path: &Path, seal: &Seal) -> Result<(), Stop> {
    let mut conn = connect_once(&Address::Sqlite(path.to_path_buf()))?;
    let contents = contents_hash(&mut conn)?;
    put_seal(&mut conn, &seal.copy(&contents))?;
    Ok(conn.fold_log()?)
}

/// Holds a copy against its seal, and takes the seal out.
fn unseal_copy(path: &Path, seal: &Seal) -> Result<(), Stop> {
    let mut conn = connect_once(&Address::Sqlite(path.to_path_buf()))?;
    let found = take_seal(&mut conn)?;
    let expected = seal.copy(&contents_hash(&mut conn)?);
    match found {
        Some(found) if found == expected => Ok(()),
        Some(_) => Err(Stop::Failed(
            "What the copy holds is not what was backed up: it was changed, or the audit key in the data directory is not the one that belongs to it."
                .to_owned(),
        )),
        None => Err(Stop::Failed(
            "The copy carries no seal: it was changed, or heard backup did not make it.".to_owned(),
        )),
    }
}

fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    PathBuf::from(name)
}

fn remove_with_logs(path: &Path) {
    for suffix in ["", "-wal", "-shm", "-journal"] {
        // What is not there need not go.
        let _ = std::fs::remove_file(beside(path, suffix));
    }
}

pub(super) fn backup(house: &House, file: &Path) -> Result<(), Stop> {
    if file.exists() {
        return Err(Stop::Failed(format!(
            "There is a file {} already: a backup never overwrites one.",
            file.display()
        )));
    }
    let db = house.open()?;
    let draft = beside(file, ".partial");
    remove_with_logs(&draft);
    let made = db.copy_to_file(&draft).map_err(Stop::from).and_then(|()| {
        only_for_its_owner(&draft)?;
        let counts = check_copy(&draft, db.seal(), &house.clock)?;
        seal_copy(&draft, db.seal())?;
        Ok(counts)
    });
    let counts = match made {
        Ok(counts) => counts,
        Err(stop) => {
            remove_with_logs(&draft);
            return Err(stop);
        }
    };
    std::fs::File::open(&draft)?.sync_all()?;
    std::fs::rename(&draft, file)?;
    for suffix in ["-wal", "-shm"] {
        let _ = std::fs::remove_file(beside(&draft, suffix));
    }
    db.read(&ACTOR, |ctx| {
        checkpoints::note(ctx, &house.settings.data_dir)
    })?;
    let rows: i64 = counts.iter().map(|(_, count)| count).sum();
    say(&format!(
        "Backed up to {}: {rows} rows in {} tables. The copy was opened and is sound, and its access record is whole.",
        file.display(),
        counts.len()
    ))?;
    say(
        "Keep the audit key with it, in another place: without the key the access record of the copy cannot be checked.",
    )
}

#[cfg(unix)]
fn only_for_its_owner(path: &Path) -> Result<(), Stop> {
    use std::os::unix::fs::PermissionsExt;
    Ok(std::fs::set_permissions(
        path,
        std::fs::Permissions::from_mode(0o600),
    )?)
}

#[cfg(not(unix))]
fn only_for_its_owner(_: &Path) -> Result<(), Stop> {
    Ok(())
}

pub(super) fn restore(house: &House, restore: &Restore) -> Result<(), Stop> {
    let file = &restore.file;
    if !file.is_file() {
        return Err(Stop::Failed(format!(
            "There is no file {}.",
            file.display()
        )));
    }
    let in_use = in_use(&house.address)?;
    match &house.address {
        Address::Sqlite(_) if in_use && !restore.replace => {
            return Err(Stop::Failed(format!(
                "{} has records in it. With --replace it is put aside and the backup takes its place; stop the service first.",
                house.address
            )));
        }
        Address::Postgres(_) if in_use => {
            return Err(Stop::Failed(format!(
                "{} has records in it. Restore into an empty database, then point the service at that.",
                house.address
            )));
        }
        _ => {}
    }
    // Work on a copy: the backup itself is never changed.
    std::fs::create_dir_all(&house.settings.data_dir)?;
    let draft = house
        .settings
        .data_dir
        .join(format!("restore-{}.partial", std::process::id()));
    remove_with_logs(&draft);
    let outcome = restore_from(house, restore, &draft);
    remove_with_logs(&draft);
    outcome
}

/// Checks the copy against the key that it was sealed with, or seals it anew where that key is
/// lost: children's records are not lost for want of a key, but it is said and it is on record.
fn trust(house: &House, draft: &Path) -> Result<Seal, Stop> {
    let copy = Address::Sqlite(draft.to_path_buf());
    if let Some(seal) = house.known_seal()? {
        check_copy(draft, &seal, &house.clock)?;
        unseal_copy(draft, &seal)?;
        migrations::run(&copy)?;
        return Ok(seal);
    }
    let mut conn = connect_once(&copy)?;
    if let Some(problem) = integrity_problem(&mut conn)? {
        return Err(Stop::Failed(format!("The copy is damaged: {problem}.")));
    }
    take_seal(&mut conn)?;
    migrations::run(&copy)?;
    let seal = house.new_seal()?;
    drop(conn);
    let lines = Db::open(&copy, seal.clone(), house.clock.clone(), 1)?
        .write(&ACTOR, |ctx| audit::reseal(ctx, &seal))?;
    say(&format!(
        "The audit key of this backup is not in the data directory, so nobody can tell whether the copy was changed. \
         A new key was made and the {lines} lines of the access record were sealed with it; the record says so. \
         If the old key is found, restore again with it."
    ))?;
    Ok(seal)
}

fn restore_from(house: &House, restore: &Restore, draft: &Path) -> Result<(), Stop> {
    std::fs::copy(&restore.file, draft)?;
    only_for_its_owner(draft)?;
    let copy = Address::Sqlite(draft.to_path_buf());
    let tables = connect_once(&copy).and_then(|mut conn| table_counts(&mut conn));
    if !tables.is_ok_and(|tables| tables.iter().any(|(table, _)| table == "audit_events")) {
        return Err(Stop::Failed(format!(
            "{} is not a backup of Heard, or it is damaged.",
            restore.file.display()
        )));
    }
    let seal = &trust(house, draft)?;
    let stamp = house.clock.now().format("%Y%m%d%H%M%S").to_string();
    match &house.address {
        Address::Sqlite(target) => {
            // Everything into the one file before it is moved.
            connect_once(&copy)?.fold_log()?;
            if target.exists() {
                for suffix in ["", "-wal", "-shm"] {
                    let old = beside(target, suffix);
                    if old.exists() {
                        std::fs::rename(&old, beside(target, &format!(".before-{stamp}{suffix}")))?;
                    }
                }
            } else if let Some(folder) = target.parent() {
                std::fs::create_dir_all(folder)?;
            }
            std::fs::copy(draft, target)?;
            only_for_its_owner(target)?;
            std::fs::File::open(target)?.sync_all()?;
        }
        Address::Postgres(_) => {
            migrations::run(&house.address)?;
            let mut from = connect_once(&copy)?;
            let mut to = connect_once(&house.address)?;
            copy_all(&mut from, &mut to)?;
        }
    }
    // What was noted of another database does not hold for this one.
    checkpoints::put_aside(&house.settings.data_dir, &stamp)?;
    let mut conn = connect_once(&house.address)?;
    let restored = table_counts(&mut conn)?;
    let verdict = verdict_on(&mut conn, seal, &[], &house.clock)?;
    let rows: i64 = restored.iter().map(|(_, count)| count).sum();
    let expected: i64 = table_counts(&mut connect_once(&copy)?)?
        .iter()
        .map(|(_, n)| n)
        .sum();
    if !verdict.is_whole() || rows != expected {
        return Err(Stop::Failed(format!(
            "The restored database is not what the backup holds: {rows} of {expected} rows. {verdict}"
        )));
    }
    say(&format!(
        "Restored {rows} rows into {}. {verdict}",
        house.address
    ))
}

/// Has anybody worked in this database?
fn in_use(address: &Address) -> Result<bool, Stop> {
    if let Address::Sqlite(path) = address
        && !path.exists()
    {
        return Ok(false);
    }
    let mut conn = connect_once(address)?;
    let counts = table_counts(&mut conn)?;
    Ok(counts.iter().any(|(table, count)| {
        *count > 0 && ["users", "young_people", "audit_events"].contains(&table.as_str())
    }))
}

/// One thing the doctor looked at.
struct Finding {
    what: &'static str,
    problem: Option<(String, &'static str)>,
}

impl Finding {
    fn new(what: &'static str, problem: Option<String>, advice: &'static str) -> Self {
        Self {
            what,
            problem: problem.map(|problem| (problem, advice)),
        }
    }
}

pub(super) fn doctor(house: &House) -> Result<(), Stop> {
    let findings = examine(house);
    let mut wrong = 0;
    for finding in &findings {
        match &finding.problem {
            None => say(&format!("ok     {}", finding.what))?,
            Some((problem, advice)) => {
                wrong += 1;
                say(&format!(
                    "WRONG  {}: {problem}\n       {advice}",
                    finding.what
                ))?;
            }
        }
    }
    match wrong {
        0 => Ok(()),
        1 => Err(Stop::Failed("1 thing is wrong.".to_owned())),
        n => Err(Stop::Failed(format!("{n} things are wrong."))),
    }
}

const NEARLY_FULL: u64 = 500 * 1024 * 1024;

fn examine(house: &House) -> Vec<Finding> {
    let data_dir = &house.settings.data_dir;
    let now = house.clock.now();
    let mut findings = vec![
        Finding::new(
            "space on the disk",
            free_space(data_dir)
                .filter(|free| *free < NEARLY_FULL)
                .map(|free| {
                    format!(
                        "only {} MB are free at {}",
                        free / 1024 / 1024,
                        data_dir.display()
                    )
                }),
            "Make room: when the disk is full, nothing can be recorded and no record can be shown.",
        ),
        Finding::new(
            "the clock",
            (now.timestamp() < 1_735_689_600)
                .then(|| format!("it says {}", now.format("%d %B %Y"))),
            "Set the machine's clock: every date and deadline is counted from it.",
        ),
    ];
    for (what, which, given) in [
        (
            "the session key",
            Which::Session,
            &house.settings.secrets.session_key,
        ),
        (
            "the audit key",
            Which::Audit,
            &house.settings.secrets.audit_key,
        ),
    ] {
        let problem = match secrets::find(which, given, data_dir) {
            Ok(Found::Key(_)) => None,
            Ok(Found::Missing(file)) => Some(format!("{} is missing", file.display())),
            Err(fault) => Some(fault.to_string()),
        };
        let advice = match which {
            Which::Session => "The next start makes one; everybody signs in anew.",
            Which::Audit => {
                "Put it back from where it was kept. For a new database, the first start makes one."
            }
        };
        findings.push(Finding::new(what, problem, advice));
    }
    findings.extend(examine_database(house, now));
    findings
}

fn examine_database(house: &House, now: DateTime<Utc>) -> Vec<Finding> {
    const UNREACHABLE: &str = "Check --database or HEARD_DATABASE_URL, that the server runs, and that this user may sign in to it.";
    if let Address::Sqlite(path) = &house.address
        && !path.exists()
    {
        return vec![Finding::new(
            "the database",
            Some(format!("there is no file {}", path.display())),
            "heard serve or heard migrate makes it; if there was one, heard restore brings a backup back.",
        )];
    }
    let mut conn = match connect_once(&house.address) {
        Ok(conn) => conn,
        Err(fault) => {
            return vec![Finding::new(
                "the database",
                Some(fault.to_string()),
                UNREACHABLE,
            )];
        }
    };
    let problem = match integrity_problem(&mut conn) {
        Ok(problem) => problem,
        Err(fault) => Some(fault.to_string()),
    };
    let damaged = problem.is_some();
    let mut findings = vec![Finding::new(
        "the database",
        problem,
        "Stop the service, keep the file, and restore the last good backup with heard restore.",
    )];
    if damaged {
        return findings;
    }
    let pending = match migrations::pending(&mut conn) {
        Ok(steps) if steps.is_empty() => None,
        Ok(steps) => Some(format!(
            "{} steps are missing: {}",
            steps.len(),
            steps.join(", ")
        )),
        Err(fault) => Some(fault.to_string()),
    };
    let behind = pending.is_some();
    findings.push(Finding::new(
        "the version of the database",
        pending,
        "Take a backup, then heard migrate.",
    ));
    if behind {
        return findings;
    }
    findings.push(examine_access_record(house, &mut conn));
    findings.push(Finding::new(
        "the clock against the access record",
        last_event(&mut conn, &house.clock)
            .filter(|last| *last > now + chrono::Duration::minutes(5))
            .map(|last| format!("the last line was written at {last}, later than now ({now})")),
        "The machine's clock runs behind, or ran ahead: set it.",
    ));
    findings
}

fn examine_access_record(house: &House, conn: &mut Link) -> Finding {
    let seal = house.known_seal();
    let noted = checkpoints::read(&house.settings.data_dir);
    let problem = match (seal, noted) {
        (Ok(Some(seal)), Ok(noted)) => match verdict_on(conn, &seal, &noted, &house.clock) {
            Ok(verdict) if verdict.is_whole() => None,
            Ok(verdict) => Some(verdict.to_string()),
            Err(Stop::Usage(reason) | Stop::Failed(reason)) => Some(reason),
        },
        (Ok(None) | Err(_), _) => Some("it cannot be checked without the audit key".to_owned()),
        (_, Err(fault)) => Some(fault.to_string()),
    };
    Finding::new(
        "the access record",
        problem,
        "Somebody changed the database from outside, or the key is not the right one. Keep a copy and find out who.",
    )
}

fn last_event(conn: &mut Link, clock: &Clock) -> Option<DateTime<Utc>> {
    let mut ctx = Ctx::new(conn, &ACTOR, clock);
    let lines = audit::lines(&mut ctx, None, i64::MAX, 1).ok()?;
    lines.first().map(|line| line.happened_at.and_utc())
}

fn free_space(data_dir: &Path) -> Option<u64> {
    let place = if data_dir.exists() {
        data_dir
    } else {
        Path::new(".")
    };
    fs4::available_space(place).ok()
}
