//! What is done about the two calendars: merging a file of bank holidays, closing the office.

use std::collections::BTreeSet;

use chrono::{Datelike, NaiveDate};
use serde_json::json;

use super::{Closure, Merged, store};
use crate::access::{Decision, Permission, Relationship, decide};
use crate::audit::Event;
use crate::calendar::{Holiday, read_bank_holidays, show};
use crate::ctx::Ctx;
use crate::failure::{Failure, FieldError};

fn may_keep(ctx: &Ctx<'_>) -> Result<(), Failure> {
    match decide(ctx.actor, Permission::KeepHolidays, Relationship::General) {
        Decision::Allowed => Ok(()),
        Decision::Denied => Err(Failure::NotFound),
    }
}

/// Takes over the days of a published file that are not known yet. Those that are known stay, also
/// where the file does not have them.
pub fn merge(ctx: &mut Ctx<'_>, text: &str) -> Result<Merged, Failure> {
    may_keep(ctx)?;
    let file = read_bank_holidays(text).map_err(Failure::Refused)?;
    let calendar = store::calendar(ctx)?;
    let mut added: Vec<Holiday> = Vec::new();
    for holiday in &file {
        let is_new = calendar.title_of(holiday.on).is_none()
            && added.iter().all(|other| other.on != holiday.on);
        if is_new {
            store::insert(ctx, holiday)?;
            added.push(holiday.clone());
        }
    }
    let in_file: BTreeSet<NaiveDate> = file.iter().map(|holiday| holiday.on).collect();
    let years: BTreeSet<i32> = in_file.iter().map(Datelike::year).collect();
    let missing_in_file = calendar
        .iter()
        .filter(|(on, _)| years.contains(&on.year()) && !in_file.contains(on))
        .map(|(on, title)| Holiday {
            on,
            title: title.to_owned(),
        })
        .collect();
    let merged = Merged {
        known: in_file.len() - added.len(),
        missing_in_file,
        last_known: store::calendar(ctx)?.known_years().last().copied(),
        added,
    };
    let days: Vec<NaiveDate> = merged.added.iter().map(|holiday| holiday.on).collect();
    ctx.record(
        Event::new("bank_holidays_merged", "calendar", "bank_holidays")
            .with(json!({ "added": days, "known": merged.known })),
    );
    Ok(merged)
}

/// Notes a day on which the office is closed. No statutory date moves by it.
pub fn close_office(ctx: &mut Ctx<'_>, closure: &Closure) -> Result<(), Failure> {
    may_keep(ctx)?;
    let known = store::closures(ctx)?;
    if known.iter().any(|other| other.on == closure.on) {
        return Err(Failure::Invalid(vec![FieldError::new(
            "on",
            format!("{} is on the list already", show(closure.on)),
        )]));
    }
    store::insert_closure(ctx, closure)?;
    ctx.record(
        Event::new("office_closure_added", "calendar", "office_closures")
            .with(json!({ "on": closure.on })),
    );
    Ok(())
}

/// Takes such a day off the list.
pub fn open_office(ctx: &mut Ctx<'_>, on: NaiveDate) -> Result<(), Failure> {
    may_keep(ctx)?;
    if store::delete_closure(ctx, on)? {
        ctx.record(
            Event::new("office_closure_removed", "calendar", "office_closures")
                .with(json!({ "on": on })),
        );
    }
    Ok(())
}
