//! What other pages show of referrals.

use super::{Answer, ParentPermission, Remit, outcome_words, store};
use crate::ctx::Ctx;
use crate::failure::Failure;
use crate::ids::YoungPersonId;
use crate::web::view::Entry;

/// What happened to a young person's referrals: each with its attempts, the facts of its offer and
/// what came of it.
pub fn timeline(ctx: &mut Ctx<'_>, id: &YoungPersonId) -> Result<Vec<Entry>, Failure> {
    let mut entries = Vec::new();
    for (referral, attempt) in store::attempts_of_young_person(ctx, id)? {
        let reached = if attempt.reached {
            "reached"
        } else {
            "not reached"
        };
        entries.push(Entry {
            on: attempt.made_on,
            kind: "attempt",
            title: format!(
                "{}, {}: {reached}",
                attempt.method.words(),
                attempt.with_whom.words().to_lowercase()
            ),
            meta: attempt.made_by,
            note: Some(attempt.note).filter(|note| !note.is_empty()),
            own_words: None,
            href: Some(format!("/referrals/{referral}")),
        });
    }
    for referral in store::of_young_person(ctx, id)? {
        let request = &referral.request;
        let stream = request.stream.words();
        let mut add = |on, title: String, note: Option<String>| {
            entries.push(Entry {
                on,
                kind: "referral",
                title,
                meta: stream.to_owned(),
                note,
                own_words: None,
                href: Some(format!("/referrals/{}", referral.id)),
            });
        };
        add(
            request.received_on,
            format!("Referred: {}", request.source.words()),
            None,
        );
        let offer = &referral.offer;
        if let Some(on) = offer.parent_contacted_on {
            add(on, "Parent or carer contacted".to_owned(), None);
        }
        if let Some((permission, on)) = offer.permission {
            let title = match permission {
                ParentPermission::Given => "Parent or carer gave permission",
                ParentPermission::Refused => "Parent or carer refused permission",
            };
            add(on, title.to_owned(), None);
        }
        if let Some(on) = offer.young_person_asked_on {
            add(on, "Young person asked".to_owned(), None);
        }
        if let Some((answer, on)) = offer.answer {
            let title = match answer {
                Answer::Yes => "The young person said yes",
                Answer::No => "The young person said no",
            };
            add(on, title.to_owned(), None);
        }
        if request.remit == Some(Remit::OutOfRemit) {
            add(
                request.received_on,
                Remit::OutOfRemit.words().to_owned(),
                None,
            );
        } else if let Some(on) = referral.resolution.on {
            add(
                on,
                outcome_words(referral.resolution.outcome, request.remit).to_owned(),
                referral.resolution.note.clone(),
            );
        }
        if let Some(question) = &referral.decision_needed {
            add(
                ctx.today,
                "A decision is needed".to_owned(),
                Some(question.clone()),
            );
        }
    }
    Ok(entries)
}
