//! A file that somebody sent in through the web: it waits on the server, shows what it would do,
//! and is put on record when they say so.

pub mod actions;
pub mod pages;
pub mod store;

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use chrono::NaiveDateTime;
use serde::{Deserialize, Serialize};

use super::{Kind, Report};
use crate::ids::{BatchId, UploadId};

crate::words! {
    /// How far a file has come.
    pub enum State {
        Reading = "reading", "Being read";
        Ready = "ready", "Waits for your word";
        Keeping = "keeping", "Being put on record";
        Kept = "kept", "On record";
        Refused = "refused", "Could not be read";
    }
}

/// A file that was sent in.
#[derive(Debug, Clone)]
pub struct Upload {
    pub id: UploadId,
    pub kind: Kind,
    pub source: String,
    pub name: String,
    pub state: State,
    /// Why it could not be read or kept.
    pub reason: Option<String>,
    pub preview: Option<Preview>,
    pub batch: Option<BatchId>,
    pub done: i64,
    pub total: i64,
    pub uploaded_at: NaiveDateTime,
    /// When whoever works on it last said so.
    pub alive_at: NaiveDateTime,
}

/// What a file would do: what its run did before it was rolled back.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Preview {
    pub rows: u32,
    pub created: u32,
    pub updated: u32,
    pub unchanged: u32,
    pub rejected: u32,
    pub review: u32,
    pub referrals: u32,
    pub below_threshold: u32,
    pub ignored_columns: Vec<String>,
    pub problems: Vec<Wrong>,
    pub changes: Vec<Changed>,
    /// What became of each row, in their order: the row and the code of its result.
    results: Vec<(String, String)>,
}

/// One thing that is wrong with one row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wrong {
    pub row: String,
    pub column: String,
    pub reason: String,
}

/// One row that changes what is on record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Changed {
    pub row: String,
    /// The id of the young person.
    pub about: String,
    pub fields: Vec<Field>,
}

/// One field with what it says on record and what the row says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Field {
    pub field: String,
    pub before: Option<String>,
    pub after: Option<String>,
}

/// "3", or "3 of meetings.csv".
fn row_words(file: Option<&str>, row: u32) -> String {
    match file {
        Some(file) => format!("{row} of {file}"),
        None => row.to_string(),
    }
}

impl From<&Report> for Preview {
    fn from(report: &Report) -> Self {
        Self {
            rows: report.rows,
            created: report.created,
            updated: report.updated,
            unchanged: report.unchanged,
            rejected: report.rejected,
            review: report.review,
            referrals: report.referrals,
            below_threshold: report.below_threshold,
            ignored_columns: report.ignored_columns.clone(),
            problems: report
                .problems
                .iter()
                .map(|problem| Wrong {
                    row: row_words(problem.file.as_deref(), problem.row),
                    column: problem.column.clone(),
                    reason: problem.reason.clone(),
                })
                .collect(),
            changes: report
                .changes
                .iter()
                .map(|changed| Changed {
                    row: row_words(changed.file.as_deref(), changed.row),
                    about: changed.about.to_string(),
                    fields: changed
                        .changes
                        .iter()
                        .map(|change| Field {
                            field: change.field.to_owned(),
                            before: change.before.clone(),
                            after: change.after.clone(),
                        })
                        .collect(),
                })
                .collect(),
            results: report
                .results
                .iter()
                .map(|line| {
                    let row = row_words(line.file.as_deref(), line.row);
                    (row, line.result.code().to_owned())
                })
                .collect(),
        }
    }
}

impl Preview {
    /// The rows that came out otherwise in the end than this preview said.
    #[must_use]
    pub fn otherwise(&self, in_the_end: &Self) -> Vec<String> {
        let changes = |preview: &Self| -> HashMap<String, Changed> {
            let changes = preview.changes.iter().cloned();
            changes.map(|it| (it.row.clone(), it)).collect()
        };
        let (before, after) = (changes(self), changes(in_the_end));
        self.results
            .iter()
            .zip(&in_the_end.results)
            .filter(|(said, came)| said != came || before.get(&said.0) != after.get(&said.0))
            .map(|(said, _)| said.0.clone())
            .collect()
    }
}

/// The files that this program works on at this moment, with how far it is.
#[derive(Default)]
pub struct Running(Mutex<HashMap<UploadId, Arc<Progress>>>);

#[derive(Default)]
pub struct Progress {
    done: AtomicU64,
    total: AtomicU64,
}

impl Progress {
    pub fn tell(&self, done: u64, total: u64) {
        self.done.store(done, Ordering::Relaxed);
        self.total.store(total, Ordering::Relaxed);
    }
}

impl Running {
    fn all(&self) -> MutexGuard<'_, HashMap<UploadId, Arc<Progress>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Begins to work on a file; none where that is done already.
    pub fn begin(self: &Arc<Self>, id: &UploadId) -> Option<Work> {
        let mut all = self.all();
        if all.contains_key(id) {
            return None;
        }
        let progress = Arc::new(Progress::default());
        all.insert(id.clone(), Arc::clone(&progress));
        Some(Work {
            running: Arc::clone(self),
            id: id.clone(),
            progress,
        })
    }

    /// How far the work on a file is: rows done, of rows.
    pub fn of(&self, id: &UploadId) -> Option<(u64, u64)> {
        let all = self.all();
        let progress = all.get(id)?;
        Some((
            progress.done.load(Ordering::Relaxed),
            progress.total.load(Ordering::Relaxed),
        ))
    }
}

/// The work on one file, until it is dropped, however it ends.
pub struct Work {
    running: Arc<Running>,
    pub id: UploadId,
    pub progress: Arc<Progress>,
}

impl Drop for Work {
    fn drop(&mut self) {
        self.running.all().remove(&self.id);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_worked_on_once_at_a_time_and_its_end_is_known() {
        let running = Arc::new(Running::default());
        let id = UploadId::random();
        let work = running.begin(&id).unwrap();
        assert!(running.begin(&id).is_none());
        work.progress.tell(3, 7);
        assert_eq!(running.of(&id), Some((3, 7)));
        drop(work);
        assert_eq!(running.of(&id), None);
        assert!(running.begin(&id).is_some());
    }

    #[test]
    fn only_rows_that_came_out_otherwise_are_named() {
        let of = |codes: [&str; 2]| Preview {
            results: (1..)
                .zip(codes)
                .map(|(row, code): (u32, _)| (row.to_string(), code.to_owned()))
                .collect(),
            ..Preview::default()
        };
        let said = of(["created", "updated"]);
        assert!(said.otherwise(&of(["created", "updated"])).is_empty());
        assert_eq!(said.otherwise(&of(["created", "unchanged"])), ["2"]);
    }
}
