//! What is done about two records that are one person: making them one, and undoing it.

use serde_json::json;

use super::rules::Refusal;
use super::{Merge, Moved, store};
use crate::access::{Permission, Relationship};
use crate::audit::Event;
use crate::ctx::Ctx;
use crate::failure::Failure;
use crate::ids::{MergeId, YoungPersonId};
use crate::referrals::{self, Stream};
use crate::young_people;
use crate::young_people::actions::{Opened, open_record};

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal.to_string())
    }
}

/// A record that whoever acts may merge.
pub fn open(ctx: &mut Ctx<'_>, id: &YoungPersonId) -> Result<Opened, Failure> {
    open_record(
        ctx,
        id,
        Permission::MergeRecords,
        Relationship::Team,
        "merge",
    )
}

/// What a merge did.
#[derive(Debug, Clone)]
pub struct Done {
    pub id: MergeId,
    pub moved: Vec<Moved>,
}

/// Makes two records one. In each of the fields named, the kept record takes over what the merged
/// one says.
pub fn merge(
    ctx: &mut Ctx<'_>,
    kept: &YoungPersonId,
    merged: &YoungPersonId,
    take_over: &[String],
    note: &str,
) -> Result<Done, Failure> {
    let kept = open(ctx, kept)?.person().id.clone();
    let merged = open(ctx, merged)?.person().id.clone();
    if kept == merged {
        return Err(Refusal::SameRecord.into());
    }
    // Both, and always in the same order: two merges the other way round wait for each other.
    let mut both = [&kept, &merged];
    both.sort();
    for id in both {
        young_people::store::hold(ctx, id)?;
    }
    may_merge(ctx, &kept, &merged)?;
    let me = ctx.actor.user_id().cloned().ok_or(Failure::NotFound)?;
    let id = MergeId::random();
    store::insert(ctx, &id, &kept, &merged, note, &me)?;
    let mut taken = Vec::new();
    for difference in store::differences(ctx, &kept, &merged)? {
        if take_over.contains(&difference.field) {
            store::take_over(ctx, &id, &kept, &merged, &difference)?;
            taken.push(difference.field);
        }
    }
    let moved = store::move_rows(ctx, &id, &kept, &merged)?;
    young_people::store::set_merged_into(ctx, &merged, Some(&kept))?;
    young_people::store::renamed(ctx, &kept)?;
    let rows: i64 = moved.iter().map(|it| it.rows).sum();
    let details = json!({ "kept": kept, "merged": merged, "rows": rows, "taken_over": taken });
    for about in [&kept, &merged] {
        ctx.record(
            Event::new("records_merged", "merge", &id)
                .about(about)
                .with(details.clone()),
        );
    }
    Ok(Done { id, moved })
}

fn may_merge(
    ctx: &mut Ctx<'_>,
    kept: &YoungPersonId,
    merged: &YoungPersonId,
) -> Result<(), Failure> {
    for stream in Stream::ALL {
        if referrals::store::has_open(ctx, kept, *stream)?
            && referrals::store::has_open(ctx, merged, *stream)?
        {
            return Err(Refusal::BothOpen(stream.words()).into());
        }
    }
    if let Some(table) = store::names_both(ctx, kept, merged)? {
        return Err(Refusal::NotedAsTwo(table).into());
    }
    let mut closed = young_people::store::closed_to(ctx, kept)?;
    closed.extend(young_people::store::closed_to(ctx, merged)?);
    let holders = store::holders(ctx, &[kept.clone(), merged.clone()])?;
    if let Some((_, name)) = holders.into_iter().find(|(user, _)| closed.contains(user)) {
        return Err(Refusal::ClosedToWhoeverHolds(name).into());
    }
    Ok(())
}

/// A merge that whoever acts may undo.
pub fn open_merge(ctx: &mut Ctx<'_>, id: &MergeId) -> Result<(Merge, Opened), Failure> {
    let merge = store::find(ctx, id)?.ok_or(Failure::NotFound)?;
    let opened = open(ctx, &merge.kept)?;
    Ok((merge, opened))
}

/// What stands in the way of undoing a merge.
pub fn may_undo(ctx: &mut Ctx<'_>, merge: &Merge) -> Result<(), Failure> {
    if merge.undone_at.is_some() {
        return Err(Refusal::AlreadyUndone.into());
    }
    if young_people::store::standing(ctx, &merge.kept)? != merge.kept {
        return Err(Refusal::MergedOn.into());
    }
    let last = store::into(ctx, &merge.kept)?;
    if last.first().is_some_and(|last| last.id != merge.id) {
        return Err(Refusal::MergedSince.into());
    }
    let since = store::rows_since(ctx, merge)?;
    if !since.is_empty() {
        return Err(Refusal::WorkSince(since).into());
    }
    if let Some(field) = store::changed_since(ctx, merge)? {
        return Err(Refusal::ChangedSince(field.replace('_', " ")).into());
    }
    Ok(())
}

/// Undoes a merge: every row goes back to where it was.
pub fn undo(ctx: &mut Ctx<'_>, id: &MergeId, note: &str) -> Result<YoungPersonId, Failure> {
    let (merge, _) = open_merge(ctx, id)?;
    let mut both = [&merge.kept, &merge.merged];
    both.sort();
    for record in both {
        young_people::store::hold(ctx, record)?;
    }
    let merge = store::find(ctx, id)?.ok_or(Failure::NotFound)?;
    may_undo(ctx, &merge)?;
    let me = ctx.actor.user_id().cloned().ok_or(Failure::NotFound)?;
    store::move_back(ctx, &merge)?;
    store::give_back(ctx, &merge)?;
    young_people::store::set_merged_into(ctx, &merge.merged, None)?;
    young_people::store::renamed(ctx, &merge.kept)?;
    store::set_undone(ctx, &merge, &me, note)?;
    for about in [&merge.kept, &merge.merged] {
        ctx.record(
            Event::new("merge_undone", "merge", id)
                .about(about)
                .with(json!({ "kept": merge.kept, "merged": merge.merged })),
        );
    }
    Ok(merge.merged.clone())
}
