//! What the senior officer does with the lists: adding, renaming, retiring, bringing back,
//! moving; and setting which conferences refer whom.

use serde_json::json;

use super::rules::{self, Direction, Refusal};
use super::{Entry, Kept, PolicyVersion, ReferralPolicy, store};
use crate::access::{Decision, Permission, Relationship, decide};
use crate::audit::Event;
use crate::ctx::Ctx;
use crate::db::{AdvisoryLock, one_at_a_time};
use crate::failure::{Failure, FieldError};
use crate::history::Changes;

/// What the history calls an entry of a list.
pub const HISTORY: &str = "list_entry";

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        match refusal.field() {
            Some(field) => Self::Invalid(vec![FieldError::new(field, refusal.to_string())]),
            None => Self::Refused(refusal.to_string()),
        }
    }
}

/// The name of an entry in histories and in the access record.
#[must_use]
pub fn subject(list: &str, code: &str) -> String {
    format!("{list}/{code}")
}

fn must_keep_lists(ctx: &Ctx<'_>) -> Result<(), Failure> {
    match decide(ctx.actor, Permission::KeepLists, Relationship::General) {
        Decision::Allowed => Ok(()),
        Decision::Denied => Err(Failure::NotFound),
    }
}

/// Every list with how many entries it offers and how many are retired.
pub fn all(ctx: &mut Ctx<'_>) -> Result<Vec<(String, Vec<Entry>)>, Failure> {
    must_keep_lists(ctx)?;
    let mut lists = Vec::new();
    for list in store::lists(ctx)? {
        let entries = store::entries(ctx, &list)?;
        lists.push((list, entries));
    }
    Ok(lists)
}

/// The entries of a list, which must be one.
pub fn open(ctx: &mut Ctx<'_>, list: &str) -> Result<Vec<Entry>, Failure> {
    must_keep_lists(ctx)?;
    let entries = store::entries(ctx, list)?;
    if entries.is_empty() {
        return Err(Failure::NotFound);
    }
    Ok(entries)
}

/// One entry of a list, to be changed.
pub fn open_entry(ctx: &mut Ctx<'_>, list: &str, code: &str) -> Result<Kept, Failure> {
    must_keep_lists(ctx)?;
    store::find(ctx, list, code)?.ok_or(Failure::NotFound)
}

/// Adds an entry at the end of a list. Answers its code.
pub fn add(ctx: &mut Ctx<'_>, list: &str, label: &str) -> Result<String, Failure> {
    let entries = open(ctx, list)?;
    rules::may_say(&entries, None, label, ctx.today)?;
    let code = rules::new_code(&entries, label);
    store::insert(ctx, list, &code, label)?;
    note(ctx, "list_entry_added", list, &code);
    Ok(code)
}

/// Renames an entry: its words change everywhere, its code nowhere.
pub fn rename(
    ctx: &mut Ctx<'_>,
    list: &str,
    code: &str,
    version: i32,
    label: &str,
) -> Result<(), Failure> {
    let kept = open_entry(ctx, list, code)?;
    if kept.version != version {
        return Err(Failure::ChangedMeanwhile);
    }
    let entries = store::entries(ctx, list)?;
    rules::may_say(&entries, Some(code), label, ctx.today)?;
    let next = Entry {
        label: label.to_owned(),
        ..kept.entry.clone()
    };
    change(ctx, list, &kept, &next, "list_entry_renamed")
}

/// Retires an entry from today on: no form offers it any more, old records keep it.
pub fn retire(ctx: &mut Ctx<'_>, list: &str, code: &str) -> Result<(), Failure> {
    let kept = open_entry(ctx, list, code)?;
    let entries = store::entries(ctx, list)?;
    rules::may_retire(&entries, &kept.entry, ctx.today)?;
    let next = Entry {
        retired_on: Some(ctx.today),
        ..kept.entry.clone()
    };
    change(ctx, list, &kept, &next, "list_entry_retired")
}

pub fn bring_back(ctx: &mut Ctx<'_>, list: &str, code: &str) -> Result<(), Failure> {
    let kept = open_entry(ctx, list, code)?;
    rules::may_bring_back(&kept.entry)?;
    let next = Entry {
        retired_on: None,
        ..kept.entry.clone()
    };
    change(ctx, list, &kept, &next, "list_entry_brought_back")
}

pub fn move_entry(
    ctx: &mut Ctx<'_>,
    list: &str,
    code: &str,
    direction: Direction,
) -> Result<(), Failure> {
    open_entry(ctx, list, code)?;
    let entries = store::entries(ctx, list)?;
    let order = rules::moved(&entries, code, direction)?;
    store::set_order(ctx, list, &order)?;
    note(ctx, "list_entry_moved", list, code);
    Ok(())
}

/// Every policy that was ever set.
pub fn policies(ctx: &mut Ctx<'_>) -> Result<Vec<PolicyVersion>, Failure> {
    match decide(ctx.actor, Permission::SeePolicy, Relationship::General) {
        Decision::Allowed => store::policy_versions(ctx),
        Decision::Denied => Err(Failure::NotFound),
    }
}

/// Sets which conferences refer whom from a day on. What was set before stays to be read, and
/// nobody is referred by it: that is for the rows that come, and for whoever reconciles.
pub fn set_policy(
    ctx: &mut Ctx<'_>,
    next: &ReferralPolicy,
    reason: &str,
    seen: i32,
) -> Result<(), Failure> {
    if decide(ctx.actor, Permission::KeepPolicy, Relationship::General) == Decision::Denied {
        return Err(Failure::NotFound);
    }
    one_at_a_time(ctx, AdvisoryLock::Import)?;
    let versions = store::policy_versions(ctx)?;
    let mut wrong = rules::check_policy(&versions, seen, next, ctx.today);
    if let Some(first) = wrong.first()
        && first.field().is_none()
    {
        return Err(wrong.swap_remove(0).into());
    }
    if !wrong.is_empty() {
        let told = |refusal: Refusal| {
            refusal
                .field()
                .map(|field| FieldError::new(field, refusal.to_string()))
        };
        return Err(Failure::Invalid(
            wrong.into_iter().filter_map(told).collect(),
        ));
    }
    let version = versions
        .iter()
        .filter(|it| it.policy.applies_from == next.applies_from)
        .map(|it| it.version)
        .max()
        .unwrap_or(0)
        + 1;
    store::insert_policy(ctx, next, version, reason)?;
    ctx.record(
        Event::new("policy_set", "referral_policy", next.applies_from).with(json!({
            "applies_from": next.applies_from,
            "version": version,
            "threshold_age": next.threshold_age,
            "upper_age": next.upper_age,
            "younger_with_older": next.younger_with_older,
            "conference_kinds": next.conference_kinds,
        })),
    );
    Ok(())
}

fn change(
    ctx: &mut Ctx<'_>,
    list: &str,
    kept: &Kept,
    next: &Entry,
    action: &'static str,
) -> Result<(), Failure> {
    let mut changes = Changes::new();
    changes.compare("words", Some(&kept.entry.label), Some(&next.label));
    changes.compare("retired_on", kept.entry.retired_on, next.retired_on);
    if changes.is_empty() {
        return Ok(());
    }
    store::update(ctx, list, next, kept.version)?;
    changes.keep_common(ctx, HISTORY, subject(list, &next.code))?;
    note(ctx, action, list, &next.code);
    Ok(())
}

fn note(ctx: &mut Ctx<'_>, action: &'static str, list: &str, code: &str) {
    let event = Event::new(action, "list_entry", subject(list, code));
    ctx.record(event.with(json!({ "list": list, "code": code })));
}
