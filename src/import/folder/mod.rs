//! The watched folder: files that a nightly job puts there come in by themselves.
//!
//! A file is taken when it has the same length and time of change at two looks. Taking is one
//! rename into `taken/`, which one instance of the program alone can do, and a row that claims it.
//! The row is finished in the very transaction that imports the file: a program killed at any
//! moment leaves either a file that is not in yet, to be taken again, or one that is, to be put
//! away. Last it goes to `done/` or `refused/`, with a receipt beside it.

mod store;

use std::collections::HashMap;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use chrono::NaiveDateTime;
use fs4::FileExt;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use self::store::Claim;
use super::actions::{Run, usual_source};
use super::{Kind, Report, intake, names};
use crate::access::Actor;
use crate::calendar::{in_england, show};
use crate::db::{AdvisoryLock, Db, one_at_a_time};
use crate::failure::Failure;
use crate::ids::TakenFileId;
use crate::settings;

const ACTOR: Actor = Actor::System("watched folder");

const TAKEN: &str = "taken";
const DONE: &str = "done";
const REFUSED: &str = "refused";

/// Names of files that somebody is still writing.
const UNFINISHED: [&str; 5] = [".part", ".tmp", ".filepart", ".crdownload", "~"];

/// So often a file is tried in which the program breaks off, before it is put aside.
const TRIES: i32 = 5;

/// What a file looks like from outside.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Look {
    length: u64,
    changed: Option<SystemTime>,
}

/// Looks into the folder again and again, and remembers what it saw the last time.
pub struct Watcher {
    folder: PathBuf,
    settings: settings::Import,
    seen: HashMap<PathBuf, Look>,
}

/// What became of a file.
#[derive(Debug, Serialize, Deserialize)]
struct Receipt {
    file: String,
    kind: Option<String>,
    taken_at: String,
    /// Whether it is in, now or from an earlier time.
    done: bool,
    /// In a sentence.
    says: String,
    /// When the same file came first.
    #[serde(skip_serializing_if = "Option::is_none")]
    came_first: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    report: Option<serde_json::Value>,
}

impl Watcher {
    #[must_use]
    pub fn new(folder: &str, settings: settings::Import) -> Self {
        Self {
            folder: PathBuf::from(folder),
            settings,
            seen: HashMap::new(),
        }
    }

    /// Looks once. What goes wrong is written to the log, and tried again at the next look.
    pub fn look(&mut self, db: &Db) {
        if let Err(cause) = self.look_once(db) {
            let folder = self.folder.display();
            tracing::warn!(%cause, %folder, "the watched folder could not be read");
        }
    }

    fn look_once(&mut self, db: &Db) -> io::Result<()> {
        for folder in [TAKEN, DONE, REFUSED] {
            fs::create_dir_all(self.folder.join(folder))?;
        }
        let mut seen = HashMap::new();
        for (path, kind) in self.candidates()? {
            // Another instance may have taken it in this moment.
            let Ok(data) = fs::symlink_metadata(&path) else {
                continue;
            };
            let look = Look {
                length: data.len(),
                changed: data.modified().ok(),
            };
            if self.seen.get(&path) == Some(&look) {
                self.take(&path, kind)?;
            } else {
                seen.insert(path, look);
            }
        }
        self.seen = seen;
        for path in files_in(&self.folder.join(TAKEN))? {
            self.work_on(db, &path);
        }
        Ok(())
    }

    /// The files that wait, each with its kind if its folder or its name says so, by name.
    fn candidates(&self) -> io::Result<Vec<(PathBuf, Option<Kind>)>> {
        let mut found: Vec<(PathBuf, Option<Kind>)> = Vec::new();
        for path in files_in(&self.folder)? {
            let kind = kind_by_name(&name_of(&path));
            found.push((path, kind));
        }
        for kind in intake::KINDS {
            let folder = self.folder.join(kind.code());
            if fs::symlink_metadata(&folder).is_ok_and(|data| data.is_dir()) {
                found.extend(
                    files_in(&folder)?
                        .into_iter()
                        .map(|path| (path, Some(kind))),
                );
            }
        }
        found.retain(|(path, _)| !is_unfinished(&name_of(path)));
        found.sort();
        Ok(found)
    }

    /// Only one instance can rename it.
    fn take(&self, path: &Path, kind: Option<Kind>) -> io::Result<()> {
        let kind = kind.map_or("unknown", Kind::code);
        let id = TakenFileId::random();
        let name = format!("{id}.{kind}.{}", name_of(path));
        match fs::rename(path, self.folder.join(TAKEN).join(name)) {
            Err(cause) if cause.kind() == io::ErrorKind::NotFound => Ok(()),
            done => done,
        }
    }

    /// Works on a file in `taken/`, unless somebody else does.
    fn work_on(&self, db: &Db, path: &Path) {
        let worked = Taken::of(path).map(|taken| self.finish(db, &taken));
        match worked {
            None | Some(Ok(())) => {}
            Some(Err(Failure::Busy)) => {}
            Some(Err(failure)) => {
                tracing::error!(%failure, "a file of the watched folder could not be worked on");
            }
        }
    }

    fn finish(&self, db: &Db, taken: &Taken<'_>) -> Result<(), Failure> {
        let data = fs::symlink_metadata(taken.path);
        let Ok(data) = data else { return Ok(()) };
        if data.is_symlink() {
            let says = "This is a link to another file. Put the file itself into the folder.";
            return self.put_away(taken, &taken.refused(db, says));
        }
        // Whoever works on it holds it; a program that was killed holds nothing.
        let Ok(file) = File::open(taken.path) else {
            return Ok(());
        };
        if FileExt::try_lock(&file).is_err() || !taken.path.exists() {
            return Ok(());
        }
        let most = self.settings.largest_file_mb;
        if data.len() > most * 1024 * 1024 {
            let says = format!("The file is larger than {most} MB. Split it into several files.");
            return self.put_away(taken, &taken.refused(db, &says));
        }
        let Some(kind) = taken.kind else {
            let kinds: Vec<&str> = intake::KINDS.iter().map(|kind| kind.code()).collect();
            let says = format!(
                "What kind of file this is cannot be told. Put it into a folder, or give it a name that begins with one of: {}.",
                kinds.join(", ")
            );
            return self.put_away(taken, &taken.refused(db, &says));
        };
        let bytes = fs::read(taken.path).map_err(unreadable)?;
        let receipt = self.import(db, taken, kind, &bytes)?;
        self.put_away(taken, &receipt)
    }

    fn import(
        &self,
        db: &Db,
        taken: &Taken<'_>,
        kind: Kind,
        bytes: &[u8],
    ) -> Result<Receipt, Failure> {
        let hash = hex::encode(Sha256::digest(bytes));
        let claim = db.write(&ACTOR, |ctx| {
            store::claim(ctx, &taken.id, &taken.name, kind, &hash)
        })?;
        if let Some(receipt) = claim.receipt.as_deref().and_then(read_receipt) {
            return Ok(receipt);
        }
        let done = if claim.attempts > TRIES {
            Err(Failure::refused(
                "The program broke off each time it read this file. Tell whoever looks after it.",
            ))
        } else {
            self.import_claimed(db, taken, kind, bytes, &hash, &claim)
        };
        match done {
            Ok(receipt) => Ok(receipt),
            Err(Failure::Refused(says)) => {
                let receipt = taken.receipt(claim.taken_at, false, says);
                db.write(&ACTOR, |ctx| {
                    store::finish(ctx, &taken.id, None, false, &write_receipt(&receipt))
                })?;
                Ok(receipt)
            }
            Err(Failure::Busy) => {
                // The file is not to blame.
                db.write(&ACTOR, |ctx| store::give_back(ctx, &taken.id))?;
                Err(Failure::Busy)
            }
            Err(failure) => Err(failure),
        }
    }

    fn import_claimed(
        &self,
        db: &Db,
        taken: &Taken<'_>,
        kind: Kind,
        bytes: &[u8],
        hash: &str,
        claim: &Claim,
    ) -> Result<Receipt, Failure> {
        let source = usual_source(kind, &self.settings);
        let remembered = db.read(&ACTOR, |ctx| names::store::of(ctx, kind, source))?;
        let columns = intake::columns(kind, &self.settings, &remembered);
        let table = intake::read(&columns, &taken.name, bytes)?;
        db.write(&ACTOR, |ctx| {
            one_at_a_time(ctx, AdvisoryLock::Import)?;
            // Somebody may have finished it while this one waited.
            if let Some(kept) = store::receipt(ctx, &taken.id)?.as_deref().and_then(read_receipt) {
                return Ok(kept);
            }
            let first = store::first_with(ctx, kind, hash)?;
            let mut receipt = taken.receipt(claim.taken_at, true, String::new());
            receipt.came_first = first.as_ref().map(|first| first.taken_at.to_string());
            if let Some(first) = &first {
                let when = moment(first.taken_at);
                if first.is_latest {
                    receipt.says = format!(
                        "The same file came on {when} as {}, and nothing has come since. Nothing was done again.",
                        first.name
                    );
                    let kept = write_receipt(&receipt);
                    store::finish(ctx, &taken.id, None, true, &kept)?;
                    return Ok(receipt);
                }
                receipt.says = format!(
                    "The same file came first on {when} as {}. Another one has come since, so it was taken in again.",
                    first.name
                );
            } else {
                receipt.says = "The file is in.".to_owned();
            }
            let report = intake::take(
                ctx,
                kind,
                &self.settings,
                &taken.name,
                table.clone(),
                Run::Keep,
                &|_, _| {},
            )?;
            receipt.says = format!("{} {}", receipt.says, in_words(&report));
            receipt.report = serde_json::to_value(&report).ok();
            let kept = write_receipt(&receipt);
            store::finish(ctx, &taken.id, report.batch.as_ref(), true, &kept)?;
            Ok(receipt)
        })
    }

    /// The receipt first, then the file: a file that lies there has its receipt.
    fn put_away(&self, taken: &Taken<'_>, receipt: &Receipt) -> Result<(), Failure> {
        let folder = self.folder.join(if receipt.done { DONE } else { REFUSED });
        let name = format!("{}-{}", taken.short(), taken.name);
        for (ending, text) in [
            ("receipt.json", write_receipt(receipt)),
            ("receipt.txt", in_text(receipt)),
        ] {
            write_whole(&folder.join(format!("{name}.{ending}")), &text).map_err(unreadable)?;
        }
        fs::rename(taken.path, folder.join(name)).map_err(unreadable)
    }
}

fn unreadable(cause: io::Error) -> Failure {
    crate::failure::Fault::because("a file of the watched folder", &cause).into()
}

/// A file in `taken/`, whose name says what it was.
struct Taken<'p> {
    path: &'p Path,
    id: TakenFileId,
    kind: Option<Kind>,
    name: String,
}

impl<'p> Taken<'p> {
    fn of(path: &'p Path) -> Option<Self> {
        let whole = name_of(path);
        let mut parts = whole.splitn(3, '.');
        let (id, kind, name) = (parts.next()?, parts.next()?, parts.next()?);
        Some(Self {
            path,
            id: TakenFileId::parse(id)?,
            kind: Kind::from_code(kind),
            name: name.to_owned(),
        })
    }

    fn short(&self) -> String {
        self.id.as_str().chars().take(8).collect()
    }

    fn receipt(&self, taken_at: NaiveDateTime, done: bool, says: String) -> Receipt {
        Receipt {
            file: self.name.clone(),
            kind: self.kind.map(|kind| kind.code().to_owned()),
            taken_at: taken_at.to_string(),
            done,
            says,
            came_first: None,
            report: None,
        }
    }

    /// Refused without a look inside.
    fn refused(&self, db: &Db, says: &str) -> Receipt {
        self.receipt(db.clock().now().naive_utc(), false, says.to_owned())
    }
}

fn name_of(path: &Path) -> String {
    path.file_name()
        .map(|name| name.to_string_lossy().into_owned())
        .unwrap_or_default()
}

/// Files and links, no folders, no pipes.
fn files_in(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if entry
            .file_type()
            .is_ok_and(|it| it.is_file() || it.is_symlink())
        {
            found.push(entry.path());
        }
    }
    found.sort();
    Ok(found)
}

fn is_unfinished(name: &str) -> bool {
    let lower = name.to_lowercase();
    name.starts_with('.') || UNFINISHED.iter().any(|ending| lower.ends_with(ending))
}

/// `placements-2022-04.csv` is a placement list.
fn kind_by_name(name: &str) -> Option<Kind> {
    let name = name.to_lowercase().replace('-', "_");
    intake::KINDS
        .into_iter()
        .find(|kind| name.starts_with(kind.code()))
}

fn moment(at: NaiveDateTime) -> String {
    let at = in_england(at);
    format!("{} at {}", show(at.date()), at.format("%H:%M"))
}

fn write_receipt(receipt: &Receipt) -> String {
    serde_json::to_string_pretty(receipt).unwrap_or_default()
}

fn read_receipt(text: &str) -> Option<Receipt> {
    serde_json::from_str(text).ok()
}

fn in_words(report: &Report) -> String {
    format!(
        "Of {} rows {} are new, {} changed something, {} changed nothing, {} were rejected and {} wait for a decision.",
        report.rows,
        report.created,
        report.updated,
        report.unchanged,
        report.rejected,
        report.review
    )
}

fn in_text(receipt: &Receipt) -> String {
    let mut lines = vec![receipt.file.clone(), receipt.says.clone()];
    let problems = receipt
        .report
        .as_ref()
        .and_then(|report| report.get("problems")?.as_array());
    for problem in problems.into_iter().flatten() {
        let said = |name: &str| problem.get(name).and_then(|it| it.as_str());
        let row = problem.get("row").and_then(serde_json::Value::as_u64);
        lines.push(format!(
            "Row {}: {} {}",
            row.unwrap_or_default(),
            said("column").unwrap_or_default(),
            said("reason").unwrap_or_default()
        ));
    }
    lines.join("\n") + "\n"
}

/// Whoever reads it reads all of it.
fn write_whole(path: &Path, text: &str) -> io::Result<()> {
    let draft = path.with_extension("tmp");
    let mut file = File::create(&draft)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    fs::rename(draft, path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_still_being_written_is_left() {
        for name in [
            ".schedule.csv",
            "schedule.csv.part",
            "schedule.TMP",
            "schedule.csv~",
        ] {
            assert!(is_unfinished(name), "{name}");
        }
        assert!(!is_unfinished("conferences 2022-04-04.csv"));
    }

    #[test]
    fn a_name_says_what_kind_of_file_it_is() {
        assert_eq!(
            kind_by_name("Conferences_4_April.csv"),
            Some(Kind::Conferences)
        );
        assert_eq!(kind_by_name("april.csv"), None);
    }
}
