//! What other pages show of issues.

use serde::Serialize;

use super::{Issue, store};
use crate::access::Role;
use crate::calendar::show as day;
use crate::cases::Case;
use crate::ctx::Ctx;
use crate::failure::Failure;
use crate::ids::{CaseId, YoungPersonId};
use crate::lists::{self, Entry};
use crate::web::view;

/// The issues of a case, as its page shows them: the open ones first.
#[derive(Serialize)]
pub struct Panel {
    case: CaseId,
    may_open: bool,
    issues: Vec<Line>,
}

#[derive(Serialize)]
struct Line {
    href: String,
    topics: String,
    wish: String,
    state: &'static str,
    colour: &'static str,
    /// The wish is not theirs: the officer acts without instruction.
    without_instruction: bool,
    meta: String,
}

/// "School or college, Family time".
pub(super) fn topics_words(entries: &[Entry], issue: &Issue) -> String {
    let words: Vec<String> = issue
        .matter
        .topics
        .iter()
        .map(|code| lists::label(entries, code))
        .collect();
    words.join(", ")
}

fn meta(issue: &Issue) -> String {
    let mut parts = Vec::new();
    if let Some(opened) = issue.opened_on() {
        parts.push(format!("opened {}", day(opened)));
    }
    let asked = &issue.asked;
    if let Some(on) = asked.asked_on {
        let who = asked.name.as_ref().or(asked.role.as_ref());
        let who = who.map_or_else(String::new, |who| format!("{who} "));
        parts.push(format!("{who}asked {}", day(on)));
    }
    if let Some(on) = asked.answered_on {
        parts.push(format!("answered {}", day(on)));
    }
    if let (None, Some(closing)) = (issue.open_spell(), issue.last_closing()) {
        parts.push(format!("closed {}", day(closing.on)));
    }
    parts.join(", ")
}

pub fn of_case(ctx: &mut Ctx<'_>, case: &Case) -> Result<Panel, Failure> {
    let entries = lists::store::entries(ctx, lists::ISSUE_TOPICS)?;
    let mut issues = store::of_case(ctx, &case.id)?;
    issues.sort_by_key(|issue| issue.open_spell().is_none());
    let works = matches!(ctx.actor.role(), Some(Role::Officer | Role::SeniorOfficer));
    Ok(Panel {
        case: case.id.clone(),
        may_open: works && case.open_spell().is_some(),
        issues: issues
            .iter()
            .map(|issue| Line {
                href: format!("/issues/{}", issue.id),
                topics: topics_words(&entries, issue),
                wish: issue.matter.wish.clone(),
                state: issue.state(),
                colour: issue.colour(),
                without_instruction: issue.matter.basis.is_some(),
                meta: meta(issue),
            })
            .collect(),
    })
}

/// When issues were opened, opened again and closed, over all cases of a young person.
pub fn timeline(ctx: &mut Ctx<'_>, id: &YoungPersonId) -> Result<Vec<view::Entry>, Failure> {
    let entries = lists::store::entries(ctx, lists::ISSUE_TOPICS)?;
    let mut told = Vec::new();
    for issue in store::of_young_person(ctx, id)? {
        let topics = topics_words(&entries, &issue);
        let instructed = issue.matter.basis.is_none();
        for spell in &issue.spells {
            let first = spell.number == 1;
            told.push(view::Entry {
                on: spell.opened_on,
                kind: "issue",
                title: format!(
                    "Issue {}: {topics}",
                    if first { "opened" } else { "reopened" }
                ),
                meta: String::new(),
                note: spell.opening_note.clone(),
                own_words: (first && instructed).then(|| issue.matter.wish.clone()),
                href: Some(format!("/issues/{}", issue.id)),
            });
            if let Some(closing) = &spell.closing {
                told.push(view::Entry {
                    on: closing.on,
                    kind: "issue",
                    title: format!("Issue closed: {topics}"),
                    meta: closing.outcome.words().to_owned(),
                    note: closing.note.clone(),
                    own_words: None,
                    href: Some(format!("/issues/{}", issue.id)),
                });
            }
        }
    }
    Ok(told)
}
