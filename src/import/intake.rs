//! One file of one kind, by whichever door it came: the command line, the watched folder, or the
//! interface for other programs.

use super::actions::{Progress, Run, in_one_unit, take_conferences};
use super::reading::{Columns, Table, read_table};
use super::{Kind, Report, conferences, legal_status, placements};
use crate::access::Actor;
use crate::ctx::Ctx;
use crate::db::Db;
use crate::failure::Failure;
use crate::settings;

/// The kinds that are one file each.
pub const KINDS: [Kind; 3] = [Kind::Conferences, Kind::Placements, Kind::LegalStatus];

/// What may stand in the header of a file of this kind.
pub fn columns(kind: Kind, settings: &settings::Import) -> Columns {
    match kind {
        Kind::Conferences => conferences::columns(settings),
        Kind::Placements => placements::columns(settings),
        Kind::LegalStatus => legal_status::columns(settings),
        Kind::History => Columns::new(&[]),
    }
}

/// Reads a file as the table that it should be.
pub fn read(
    kind: Kind,
    settings: &settings::Import,
    name: &str,
    bytes: &[u8],
) -> Result<Table, Failure> {
    read_table(bytes, &columns(kind, settings))
        .map_err(|unreadable| Failure::refused(format!("{name} cannot be read. {unreadable}")))
}

/// Takes the rows of a table in, within a piece of work that has begun.
pub(super) fn take(
    ctx: &mut Ctx<'_>,
    kind: Kind,
    settings: &settings::Import,
    name: &str,
    table: &Table,
    run: Run,
    progress: Progress<'_>,
) -> Result<Report, Failure> {
    match kind {
        Kind::Conferences => take_conferences(ctx, settings, name, table, run, progress),
        Kind::Placements => placements::take_list(ctx, settings, name, table, run, progress),
        Kind::LegalStatus => legal_status::take_list(ctx, settings, name, table, run, progress),
        Kind::History => Err(Failure::refused(
            "A moved-in spreadsheet is several files: it comes in by the command line.",
        )),
    }
}

/// What a file is called, and what it says.
#[derive(Debug, Clone, Copy)]
pub struct File<'f> {
    pub name: &'f str,
    pub bytes: &'f [u8],
}

/// Imports one file.
pub fn import_file(
    db: &Db,
    actor: &Actor,
    settings: &settings::Import,
    kind: Kind,
    file: File<'_>,
    run: Run,
    progress: Progress<'_>,
) -> Result<Report, Failure> {
    let table = read(kind, settings, file.name, file.bytes)?;
    in_one_unit(db, actor, run, |ctx| {
        take(ctx, kind, settings, file.name, &table, run, progress)
    })
}
