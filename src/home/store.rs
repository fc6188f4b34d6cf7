//! Whom an address is about.

use std::collections::HashMap;

use diesel::prelude::*;

use crate::ctx::Ctx;
use crate::db::schema::{cases, documents_given, referrals, young_people};
use crate::failure::Failure;
use crate::ids::YoungPersonId;

/// The young person behind each id that stands in an address.
pub(super) fn whose(
    ctx: &mut Ctx<'_>,
    ids: &[String],
) -> Result<HashMap<String, YoungPersonId>, Failure> {
    let mut whose: HashMap<String, YoungPersonId> = young_people::table
        .filter(young_people::id.eq_any(ids))
        .select((young_people::id, young_people::id))
        .load::<(String, YoungPersonId)>(ctx.conn)?
        .into_iter()
        .collect();
    macro_rules! with {
        ($($table:ident),*) => {$(
            whose.extend(
                $table::table
                    .filter($table::id.eq_any(ids))
                    .select(($table::id, $table::young_person_id))
                    .load::<(String, YoungPersonId)>(ctx.conn)?,
            );
        )*};
    }
    with!(referrals, cases, documents_given);
    Ok(whose)
}
