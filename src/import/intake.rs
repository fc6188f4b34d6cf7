//! A file that no person stands beside: the watched folder takes it, or another program sends it.

use super::actions::{self, Names, Prepared, Progress, Run};
use super::reading::{Columns, Known, Table, read_table};
use super::{Kind, Report, conferences, legal_status, placements};
use crate::ctx::Ctx;
use crate::failure::Failure;
use crate::settings;

/// The kinds that are one file each.
pub const KINDS: [Kind; 3] = [Kind::Conferences, Kind::Placements, Kind::LegalStatus];

/// The columns of such a file.
#[must_use]
pub fn known(kind: Kind) -> &'static [Known] {
    match kind {
        Kind::Conferences => conferences::COLUMNS,
        Kind::Placements => placements::COLUMNS,
        Kind::LegalStatus => legal_status::COLUMNS,
        Kind::History => &[],
    }
}

/// What may stand in the header of a file of this kind. Nobody is asked what an unknown name means:
/// those of the settings and those that somebody said before are known.
#[must_use]
pub fn columns(kind: Kind, settings: &settings::Import, remembered: &Names) -> Columns {
    actions::columns(kind, "", settings, remembered)
}

/// Reads a file as the table that it should be.
pub fn read(columns: &Columns, name: &str, bytes: &[u8]) -> Result<Table, Failure> {
    read_table(bytes, columns, None)
        .map_err(|unreadable| Failure::refused(format!("{name} cannot be read. {unreadable}")))
}

/// Takes the rows of a table in, within a piece of work that has begun.
pub(super) fn take(
    ctx: &mut Ctx<'_>,
    kind: Kind,
    settings: &settings::Import,
    name: &str,
    table: Table,
    run: Run,
    progress: Progress<'_>,
) -> Result<Report, Failure> {
    let prepared = Prepared::of(kind, settings, name, table);
    actions::take(ctx, settings, &prepared, run, progress)
}
