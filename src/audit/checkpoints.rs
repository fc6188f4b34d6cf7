//! The last line of the access record, noted now and then outside the database, so that somebody
//! who can rewrite the database cannot rewrite what was noted.

use std::fs::OpenOptions;
use std::io::Write;
use std::path::{Path, PathBuf};

use super::store::head;
use crate::ctx::Ctx;
use crate::failure::{Failure, Fault};

fn file(data_dir: &Path) -> PathBuf {
    data_dir.join("audit-checkpoints.log")
}

fn fault(cause: &std::io::Error) -> Fault {
    Fault::because("the checkpoints of the access record cannot be kept", cause)
}

/// Notes the last line, if it is not the one noted last.
pub fn note(ctx: &mut Ctx<'_>, data_dir: &Path) -> Result<(), Failure> {
    let head = head(ctx.conn)?;
    let noted = read(data_dir)?;
    if head.seq == 0 || noted.last().is_some_and(|(seq, _)| *seq >= head.seq) {
        return Ok(());
    }
    let mut out = OpenOptions::new()
        .create(true)
        .append(true)
        .open(file(data_dir))
        .map_err(|cause| fault(&cause))?;
    writeln!(out, "{} {} {}", head.seq, head.hash, ctx.now).map_err(|cause| fault(&cause))?;
    Ok(())
}

/// What was noted, as (line, hash).
pub fn read(data_dir: &Path) -> Result<Vec<(i64, String)>, Fault> {
    match std::fs::read_to_string(file(data_dir)) {
        Ok(text) => Ok(text
            .lines()
            .filter_map(|line| {
                let mut parts = line.split(' ');
                let seq = parts.next()?.parse().ok()?;
                Some((seq, parts.next()?.to_owned()))
            })
            .collect()),
        Err(cause) if cause.kind() == std::io::ErrorKind::NotFound => Ok(Vec::new()),
        Err(cause) => Err(fault(&cause)),
    }
}

/// Puts the notes aside: they belong to the database that was replaced.
pub fn put_aside(data_dir: &Path, suffix: &str) -> Result<(), Fault> {
    let old = file(data_dir);
    if old.exists() {
        std::fs::rename(&old, old.with_extension(format!("log.{suffix}")))
            .map_err(|cause| fault(&cause))?;
    }
    Ok(())
}
