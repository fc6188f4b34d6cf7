//! How bank holidays and office closures are kept.

use chrono::NaiveDate;
use diesel::prelude::*;

use super::Closure;
use crate::calendar::{Holiday, Holidays};
use crate::ctx::Ctx;
use crate::db::schema::{bank_holidays, office_closures};
use crate::failure::Failure;

/// The calendar by which working days are counted.
pub fn calendar(ctx: &mut Ctx<'_>) -> Result<Holidays, Failure> {
    let rows: Vec<(NaiveDate, String)> = bank_holidays::table
        .order(bank_holidays::held_on)
        .select((bank_holidays::held_on, bank_holidays::title))
        .load(ctx.conn)?;
    Ok(rows
        .into_iter()
        .map(|(on, title)| Holiday { on, title })
        .collect())
}

pub(super) fn insert(ctx: &mut Ctx<'_>, holiday: &Holiday) -> Result<(), Failure> {
    diesel::insert_into(bank_holidays::table)
        .values((
            bank_holidays::held_on.eq(holiday.on),
            bank_holidays::title.eq(&holiday.title),
        ))
        .execute(ctx.conn)?;
    Ok(())
}

/// The days on which the office is closed, in order.
pub fn closures(ctx: &mut Ctx<'_>) -> Result<Vec<Closure>, Failure> {
    let rows: Vec<(NaiveDate, String)> = office_closures::table
        .order(office_closures::closed_on)
        .select((office_closures::closed_on, office_closures::reason))
        .load(ctx.conn)?;
    Ok(rows
        .into_iter()
        .map(|(on, reason)| Closure { on, reason })
        .collect())
}

pub(super) fn insert_closure(ctx: &mut Ctx<'_>, closure: &Closure) -> Result<(), Failure> {
    diesel::insert_into(office_closures::table)
        .values((
            office_closures::closed_on.eq(closure.on),
            office_closures::reason.eq(&closure.reason),
        ))
        .execute(ctx.conn)?;
    Ok(())
}

pub(super) fn delete_closure(ctx: &mut Ctx<'_>, on: NaiveDate) -> Result<bool, Failure> {
    let removed = diesel::delete(office_closures::table.filter(office_closures::closed_on.eq(on)))
        .execute(ctx.conn)?;
    Ok(removed > 0)
}
