//! What other pages show of case studies.

use serde::Serialize;

use super::store;
use crate::access::{Permission, Relationship, decide};
use crate::calendar::show as day;
use crate::cases::Case;
use crate::ctx::Ctx;
use crate::failure::Failure;
use crate::ids::YoungPersonId;
use crate::web::view::Entry;

/// The case studies of a case, as its page shows them.
#[derive(Serialize)]
pub struct Panel {
    studies: Vec<StudyView>,
    write_href: Option<String>,
}

#[derive(Serialize)]
struct StudyView {
    href: String,
    title: String,
    state: &'static str,
}

pub fn of_case(ctx: &mut Ctx<'_>, case: &Case) -> Result<Panel, Failure> {
    let studies = store::of_young_person(ctx, &case.young_person)?
        .into_iter()
        .filter(|study| study.case == case.id)
        .map(|study| StudyView {
            href: format!("/case-studies/{}", study.id),
            title: study.text.title,
            state: study.state.words(),
        })
        .collect();
    let may_work = decide(ctx.actor, Permission::WorkRecord, Relationship::Team).allowed();
    Ok(Panel {
        studies,
        write_href: may_work.then(|| format!("/cases/{}/case-study", case.id)),
    })
}

/// Consents to case studies and their publication, on the timeline of a record.
pub fn timeline(ctx: &mut Ctx<'_>, young_person: &YoungPersonId) -> Result<Vec<Entry>, Failure> {
    let mut entries = Vec::new();
    for study in store::of_young_person(ctx, young_person)? {
        let entry = |on, meta: String| Entry {
            on,
            kind: "case_study",
            title: study.text.title.clone(),
            meta,
            note: None,
            own_words: None,
            href: Some(format!("/case-studies/{}", study.id)),
        };
        if let Some(consent) = &study.consent {
            let by = consent.by.words();
            entries.push(entry(consent.on, format!("Case study, consent: {by}")));
        }
        if let Some(publication) = &study.publication {
            let meta = match &study.withdrawal {
                Some(out) => format!("Case study published, withdrawn on {}", day(out.on)),
                None => "Case study published".to_owned(),
            };
            entries.push(entry(publication.on, meta));
        }
    }
    Ok(entries)
}
