//! What is done with a file that was sent in: keeping it, reading it, showing what it would do,
//! putting it on record, throwing it away.

use std::cell::Cell;
use std::sync::Arc;
use std::time::{Duration, Instant};

use serde_json::json;

use super::{Preview, Running, State, Upload, Work, store};
use crate::access::Actor;
use crate::audit::Event;
use crate::ctx::Ctx;
use crate::db::{Address, Db};
use crate::failure::Failure;
use crate::ids::{UploadId, YoungPersonId};
use crate::import::actions::{ImportFile, Incoming, Prepared, Run, must_bring_in, prepare, take};
use crate::import::store::set_since_preview;
use crate::import::{Kind, names};
use crate::settings;
use crate::young_people::store::closed_to_me;

/// After so long without a word from whoever works on a file, nobody does.
const SILENCE: chrono::Duration = chrono::Duration::seconds(30);
/// How often others are told how far the work is.
const A_BEAT: Duration = Duration::from_secs(1);

/// Takes files in. They wait on the server.
pub fn receive(
    ctx: &mut Ctx<'_>,
    kind: Kind,
    source: &str,
    files: &[ImportFile],
) -> Result<UploadId, Failure> {
    must_bring_in(ctx)?;
    let by = ctx.actor.user_id().cloned().ok_or(Failure::NotFound)?;
    let names: Vec<&str> = files.iter().map(|file| file.name.as_str()).collect();
    let id = UploadId::random();
    store::insert(ctx, &id, (kind, source, &names.join(", ")), &by, files)?;
    ctx.record(
        Event::new("import_file_received", "import_upload", &id).with(json!({ "kind": kind })),
    );
    Ok(id)
}

/// A file that was sent in.
pub fn open(ctx: &mut Ctx<'_>, id: &UploadId) -> Result<Upload, Failure> {
    must_bring_in(ctx)?;
    store::find(ctx, id)?.ok_or(Failure::NotFound)
}

/// Notes that whoever acts is shown what would change of these records, and leaves out those that
/// are closed to them.
pub fn look_at_changes(ctx: &mut Ctx<'_>, preview: &mut Preview) -> Result<(), Failure> {
    let closed = closed_to_me(ctx)?;
    let about = |text: &str| YoungPersonId::parse(text);
    preview
        .changes
        .retain(|changed| about(&changed.about).is_some_and(|id| !closed.contains(&id)));
    Ok(())
}

/// Notes the look at the changes of one page of a preview.
pub fn note_looks(ctx: &mut Ctx<'_>, shown: &[super::Changed]) {
    let mut ids: Vec<YoungPersonId> = shown
        .iter()
        .filter_map(|changed| YoungPersonId::parse(&changed.about))
        .collect();
    ids.sort();
    ids.dedup();
    for id in ids {
        ctx.record(
            Event::new("looked_at", "young_person", &id)
                .about(&id)
                .with(json!({ "page": "import_preview" })),
        );
    }
}

/// How a file stands, with the work of this program and of others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// Somebody works on it: rows done, of rows.
    Running(u64, u64),
    /// Whoever worked on it was stopped: nothing of it was kept.
    Stopped,
    Still,
}

pub fn standing(ctx: &Ctx<'_>, running: &Running, upload: &Upload) -> Standing {
    if let Some((done, total)) = running.of(&upload.id) {
        return Standing::Running(done, total);
    }
    if !matches!(upload.state, State::Reading | State::Keeping) {
        return Standing::Still;
    }
    // On SQLite there is no other program that could work on it.
    if !ctx.conn.is_sqlite() && ctx.now - upload.alive_at < SILENCE {
        let known = |number: i64| u64::try_from(number).unwrap_or_default();
        return Standing::Running(known(upload.done), known(upload.total));
    }
    Standing::Stopped
}

/// Says yes to what the preview showed. The work itself is [`run`]'s.
pub fn confirm(ctx: &mut Ctx<'_>, id: &UploadId) -> Result<(), Failure> {
    must_bring_in(ctx)?;
    if !store::step(ctx, id, &[State::Ready], State::Keeping, None)? {
        return Err(Failure::ChangedMeanwhile);
    }
    ctx.record(Event::new("import_confirmed", "import_upload", id));
    Ok(())
}

/// Has a file read once more, from the beginning.
pub fn read_again(ctx: &mut Ctx<'_>, id: &UploadId) -> Result<(), Failure> {
    must_bring_in(ctx)?;
    let from = [State::Reading, State::Ready, State::Keeping, State::Refused];
    if !store::step(ctx, id, &from, State::Reading, None)? {
        return Err(Failure::ChangedMeanwhile);
    }
    Ok(())
}

/// Throws a file away that is not on record.
pub fn throw_away(ctx: &mut Ctx<'_>, id: &UploadId) -> Result<(), Failure> {
    let upload = open(ctx, id)?;
    if upload.state == State::Kept {
        return Err(Failure::refused("This file is on record already."));
    }
    store::delete(ctx, std::slice::from_ref(id))?;
    ctx.record(Event::new("import_file_thrown_away", "import_upload", id));
    Ok(())
}

/// Forgets files that wait for longer than so many days.
pub fn sweep(db: &Db, days: u32) -> Result<(), Failure> {
    db.write(&Actor::System("sweep"), |ctx| {
        let before = ctx.now - chrono::Duration::days(i64::from(days));
        let old = store::older_than(ctx, before)?;
        if !old.is_empty() {
            store::delete(ctx, &old)?;
            ctx.record(
                Event::new("import_files_swept", "import_uploads", "-")
                    .with(json!({ "files": old.len() })),
            );
        }
        Ok(())
    })
}

/// Works on a file beside everything else, whoever leaves meanwhile: reads it and finds out what
/// it would do, or puts it on record.
pub fn start(
    db: &Db,
    actor: &Actor,
    settings: &settings::Import,
    running: &Arc<Running>,
    id: &UploadId,
) {
    let Some(work) = running.begin(id) else {
        return;
    };
    let (db, actor, settings) = (db.clone(), actor.clone(), settings.clone());
    std::thread::spawn(move || run(&db, &actor, &settings, &work));
}

/// The same, waiting for its end.
pub fn run(db: &Db, actor: &Actor, settings: &settings::Import, work: &Work) {
    let id = &work.id;
    let Err(failure) = go_on(db, actor, settings, work) else {
        return;
    };
    let sentence = match &failure {
        Failure::Refused(sentence) => sentence.clone(),
        other => {
            tracing::error!(failure = %other, "an import broke off");
            "Something went wrong, and nothing of the file was kept. Have it read again; if that does not help, tell whoever looks after this service.".to_owned()
        }
    };
    let from = [State::Reading, State::Keeping];
    let told = db.write(actor, |ctx| {
        store::step(ctx, id, &from, State::Refused, Some(&sentence))
    });
    if let Err(failure) = told {
        tracing::error!(%failure, "that an import broke off could not be noted");
    }
}

fn go_on(db: &Db, actor: &Actor, settings: &settings::Import, work: &Work) -> Result<(), Failure> {
    let id = &work.id;
    let (upload, files, remembered) = db.read(actor, |ctx| {
        let upload = open(ctx, id)?;
        let files = store::files_of(ctx, id)?;
        let remembered = names::store::of(ctx, upload.kind, &upload.source)?;
        Ok((upload, files, remembered))
    })?;
    let incoming = Incoming {
        kind: upload.kind,
        source: &upload.source,
        name: &upload.name,
        files: &files,
    };
    let last = Cell::new(Instant::now());
    let progress = |done: u64, total: u64| {
        work.progress.tell(done, total);
        // On SQLite the import is the only writer, and this program the only one that looks.
        if matches!(db.address(), Address::Postgres(_)) && last.get().elapsed() > A_BEAT {
            last.set(Instant::now());
            let [done, total] = [done, total].map(|it| i64::try_from(it).unwrap_or(i64::MAX));
            let told = db.write(actor, |ctx| store::beat(ctx, id, done, total));
            if let Err(failure) = told {
                tracing::warn!(%failure, "how far an import is could not be noted");
            }
        }
    };
    match upload.state {
        State::Reading => {
            let prepared = prepare(settings, &remembered, &incoming)?;
            let report = db.rehearse(actor, |ctx| {
                take(ctx, settings, &prepared, Run::Rehearse, &progress)
            })?;
            let preview = Preview::from(&report);
            db.write(actor, |ctx| store::set_ready(ctx, id, &preview))
        }
        State::Keeping => {
            let prepared = prepare(settings, &remembered, &incoming)?;
            db.write(actor, |ctx| keep(ctx, settings, id, &prepared, &progress))
        }
        State::Ready | State::Kept | State::Refused => Ok(()),
    }
}

fn keep(
    ctx: &mut Ctx<'_>,
    settings: &settings::Import,
    id: &UploadId,
    prepared: &Prepared,
    progress: &dyn Fn(u64, u64),
) -> Result<(), Failure> {
    let report = take(ctx, settings, prepared, Run::Keep, progress)?;
    // Read again behind the lock of imports: another instance may have been quicker.
    let upload = open(ctx, id)?;
    let (State::Keeping, Some(batch)) = (upload.state, &report.batch) else {
        return Err(Failure::ChangedMeanwhile);
    };
    store::set_kept(ctx, id, batch)?;
    let otherwise = upload
        .preview
        .map(|said| said.otherwise(&Preview::from(&report)))
        .unwrap_or_default();
    if !otherwise.is_empty() {
        set_since_preview(ctx, batch, &since_preview(&otherwise))?;
    }
    Ok(())
}

/// The most rows that the sentence names.
const NAMED: usize = 20;

fn since_preview(rows: &[String]) -> String {
    let named: Vec<&str> = rows.iter().take(NAMED).map(String::as_str).collect();
    let more = match rows.len().saturating_sub(NAMED) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    let rows = if rows.len() == 1 { "row" } else { "rows" };
    format!(
        "Somebody changed records between the preview and the import, so {rows} {}{more} came out otherwise than the preview said. What stands here is what was done.",
        named.join(", ")
    )
}
