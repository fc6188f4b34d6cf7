//! Saying what a column of another system's files stands for.

use serde_json::json;

use super::{ColumnName, store};
use crate::audit::Event;
use crate::ctx::Ctx;
use crate::failure::Failure;
use crate::history::Changes;
use crate::ids::ColumnNameId;
use crate::import::Kind;
use crate::import::actions::must_bring_in;

/// What the history calls a name of a column.
pub const HISTORY: &str = "import_column_name";

/// What a name stands for when its column is not read.
pub const NOT_READ: &str = "";

/// Remembers what the columns of a source stand for.
pub fn remember(
    ctx: &mut Ctx<'_>,
    kind: Kind,
    source: &str,
    said: &[(String, String)],
) -> Result<(), Failure> {
    must_bring_in(ctx)?;
    for (header, column) in said {
        match store::find_header(ctx, kind, source, header)? {
            Some(known) => change_to(ctx, &known, column)?,
            None if column == NOT_READ => {}
            None => {
                let name = ColumnName {
                    id: ColumnNameId::random(),
                    kind,
                    source: source.to_owned(),
                    header: header.clone(),
                    column: column.clone(),
                    version: 1,
                };
                store::insert(ctx, &name)?;
                keep(ctx, &name, None, column)?;
            }
        }
    }
    Ok(())
}

/// Says that a name stands for another column.
pub fn change(
    ctx: &mut Ctx<'_>,
    id: &ColumnNameId,
    version: i32,
    column: &str,
) -> Result<(), Failure> {
    must_bring_in(ctx)?;
    let name = store::find(ctx, id)?.ok_or(Failure::NotFound)?;
    if name.version != version {
        return Err(Failure::ChangedMeanwhile);
    }
    change_to(ctx, &name, column)
}

fn change_to(ctx: &mut Ctx<'_>, name: &ColumnName, column: &str) -> Result<(), Failure> {
    if name.column == column {
        return Ok(());
    }
    if !store::update(ctx, name, column)? {
        return Err(Failure::ChangedMeanwhile);
    }
    keep(ctx, name, Some(&name.column), column)
}

fn keep(
    ctx: &mut Ctx<'_>,
    name: &ColumnName,
    before: Option<&String>,
    after: &str,
) -> Result<(), Failure> {
    let mut changes = Changes::new();
    changes.compare("column", before, Some(after));
    changes.keep_common(ctx, HISTORY, &name.id)?;
    ctx.record(
        Event::new("import_column_named", HISTORY, &name.id)
            .with(json!({ "kind": name.kind, "column": after })),
    );
    Ok(())
}
