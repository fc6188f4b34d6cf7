//! How the names of columns are kept.

use diesel::prelude::*;

use super::ColumnName;
use crate::ctx::Ctx;
use crate::db::schema::import_column_names as names;
use crate::failure::Failure;
use crate::ids::ColumnNameId;
use crate::import::Kind;
use crate::import::actions::Names;

type Columns = (ColumnNameId, Kind, String, String, String, i32);

fn read((id, kind, source, header, column, version): Columns) -> ColumnName {
    ColumnName {
        id,
        kind,
        source,
        header,
        column,
        version,
    }
}

pub fn all(ctx: &mut Ctx<'_>) -> Result<Vec<ColumnName>, Failure> {
    let rows: Vec<Columns> = names::table
        .order((names::kind, names::source, names::header))
        .load(ctx.conn)?;
    Ok(rows.into_iter().map(read).collect())
}

/// The names of one source, each with ours.
pub fn of(ctx: &mut Ctx<'_>, kind: Kind, source: &str) -> Result<Names, Failure> {
    let rows: Vec<(String, String)> = names::table
        .filter(names::kind.eq(kind))
        .filter(names::source.eq(source))
        .select((names::header, names::column_name))
        .load(ctx.conn)?;
    Ok(rows.into_iter().collect())
}

pub fn find(ctx: &mut Ctx<'_>, id: &ColumnNameId) -> Result<Option<ColumnName>, Failure> {
    let row: Option<Columns> = names::table
        .filter(names::id.eq(id))
        .first(ctx.conn)
        .optional()?;
    Ok(row.map(read))
}

pub(super) fn find_header(
    ctx: &mut Ctx<'_>,
    kind: Kind,
    source: &str,
    header: &str,
) -> Result<Option<ColumnName>, Failure> {
    let row: Option<Columns> = names::table
        .filter(names::kind.eq(kind))
        .filter(names::source.eq(source))
        .filter(names::header.eq(header))
        .first(ctx.conn)
        .optional()?;
    Ok(row.map(read))
}

pub(super) fn insert(ctx: &mut Ctx<'_>, name: &ColumnName) -> Result<(), Failure> {
    diesel::insert_into(names::table)
        .values((
            names::id.eq(&name.id),
            names::kind.eq(name.kind),
            names::source.eq(&name.source),
            names::header.eq(&name.header),
            names::column_name.eq(&name.column),
            names::version.eq(name.version),
        ))
        .execute(ctx.conn)?;
    Ok(())
}

/// Changes a name that still has this version; false where somebody else was quicker.
pub(super) fn update(ctx: &mut Ctx<'_>, name: &ColumnName, column: &str) -> Result<bool, Failure> {
    let changed = diesel::update(
        names::table
            .filter(names::id.eq(&name.id))
            .filter(names::version.eq(name.version)),
    )
    .set((
        names::column_name.eq(column),
        names::version.eq(name.version + 1),
    ))
    .execute(ctx.conn)?;
    Ok(changed == 1)
}
