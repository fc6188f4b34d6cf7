//! Whom an address is about.

use diesel::prelude::*;

use crate::ctx::Ctx;
use crate::db::schema::{
    case_studies, cases, complaints, contact_people, documents_given, issues, legal_flags,
    legal_statuses, meeting_attendances, referrals, task_people, young_people, young_person_homes,
    young_person_professionals, young_person_relations, young_person_warnings,
};
use crate::failure::Failure;
use crate::ids::YoungPersonId;

/// The young people behind the ids that stand in addresses, each with its id. A contact may be
/// about several.
pub(super) fn whose(
    ctx: &mut Ctx<'_>,
    ids: &[String],
) -> Result<Vec<(String, YoungPersonId)>, Failure> {
    let mut whose: Vec<(String, YoungPersonId)> = young_people::table
        .filter(young_people::id.eq_any(ids))
        .select((young_people::id, young_people::id))
        .load(ctx.conn)?;
    macro_rules! with {
        ($($table:ident . $id:ident),*) => {$(
            whose.extend(
                $table::table
                    .filter($table::$id.eq_any(ids))
                    .select(($table::$id, $table::young_person_id))
                    .load::<(String, YoungPersonId)>(ctx.conn)?,
            );
        )*};
    }
    with!(
        referrals.id,
        cases.id,
        contact_people.contact_id,
        issues.id,
        documents_given.id,
        legal_statuses.id,
        legal_flags.id,
        young_person_homes.id,
        young_person_professionals.id,
        young_person_relations.id,
        young_person_warnings.id,
        task_people.task_id,
        case_studies.id
    );
    whose.extend(
        complaints::table
            .inner_join(referrals::table)
            .filter(complaints::id.eq_any(ids))
            .select((complaints::id, referrals::young_person_id))
            .load::<(String, YoungPersonId)>(ctx.conn)?,
    );
    whose.extend(
        meeting_attendances::table
            .inner_join(referrals::table)
            .filter(meeting_attendances::meeting_id.eq_any(ids))
            .select((meeting_attendances::meeting_id, referrals::young_person_id))
            .load::<(String, YoungPersonId)>(ctx.conn)?,
    );
    Ok(whose)
}
