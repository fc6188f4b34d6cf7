//! The legal status of a young person on a day, in words for any page.

use chrono::NaiveDate;

use super::legal::{Basis, Flag, rules, store};
use crate::ctx::Ctx;
use crate::failure::Failure;
use crate::ids::YoungPersonId;

/// What holds on a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Status {
    pub basis: Option<Basis>,
    pub flags: Vec<Flag>,
}

pub fn on(
    ctx: &mut Ctx<'_>,
    young_person: &YoungPersonId,
    day: NaiveDate,
) -> Result<Status, Failure> {
    let history = store::history(ctx, young_person)?;
    let flags = store::flags(ctx, young_person)?;
    Ok(Status {
        basis: rules::on(&history, day).map(|row| row.basis),
        flags: rules::flags_on(&flags, day),
    })
}

/// "Care order (section 31), child protection plan"; nothing where nothing is on record.
pub fn words_on(
    ctx: &mut Ctx<'_>,
    young_person: &YoungPersonId,
    day: NaiveDate,
) -> Result<Option<String>, Failure> {
    let status = on(ctx, young_person, day)?;
    Ok(rules::in_words(status.basis, &status.flags))
}

/// How somebody stands today, for the bar at the top: their legal status, where one is on record,
/// before what the page is about.
pub fn beside(
    ctx: &mut Ctx<'_>,
    young_person: &YoungPersonId,
    state: &str,
) -> Result<String, Failure> {
    let today = ctx.today;
    Ok(match words_on(ctx, young_person, today)? {
        Some(status) => format!("{status}. {state}"),
        None => state.to_owned(),
    })
}
