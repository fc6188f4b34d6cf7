//! What is done where conferences and referrals do not agree: finding the lines, settling one, and
//! opening it again.

use std::collections::{HashMap, HashSet};

use chrono::{Months, NaiveDate};
use serde_json::json;

use super::rules::{self, File, WhyGone, WhyMissing};
use super::store::{self, New, Scheduled};
use super::{Deed, Due, Gone, Kind, Lines, Missing, NotIn, Settled};
use crate::access::{Decision, Permission, Relationship, decide};
use crate::audit::Event;
use crate::conferences::rules::{Seat, verdict_among};
use crate::conferences::{self, Seated, Status};
use crate::ctx::Ctx;
use crate::failure::Failure;
use crate::ids::{BatchId, ConferenceChildId, ConferenceId, ReconciliationId, YoungPersonId};
use crate::lists::{self, PolicyVersion, ReferralPolicy, policies_known};
use crate::referrals::Outcome;
use crate::referrals::actions::{self as referrals, Ending};
use crate::young_people::actions::open_record;

/// How far back the lists look.
const BACK: Months = Months::new(12);

/// How far back rows that did not come in are told.
const ROWS_BACK: Months = Months::new(1);

fn must_see(ctx: &Ctx<'_>) -> Result<(), Failure> {
    match decide(ctx.actor, Permission::SeeCasework, Relationship::General) {
        Decision::Allowed => Ok(()),
        Decision::Denied => Err(Failure::NotFound),
    }
}

/// The first day that the lists look at.
#[must_use]
pub fn first_day(today: NaiveDate) -> NaiveDate {
    today - BACK
}

/// Rows of schedules that did not come in, by import.
pub fn not_in(ctx: &mut Ctx<'_>) -> Result<Vec<NotIn>, Failure> {
    must_see(ctx)?;
    let since = ctx.today - ROWS_BACK;
    store::not_in(ctx, since)
}

/// What was settled last.
pub fn settled(ctx: &mut Ctx<'_>, limit: i64) -> Result<Vec<Settled>, Failure> {
    must_see(ctx)?;
    store::settled(ctx, limit)
}

/// How many lines nobody settled.
pub fn count(ctx: &mut Ctx<'_>) -> Result<i64, Failure> {
    Ok(i64::try_from(lines(ctx)?.count()).unwrap_or(i64::MAX))
}

/// Every line that nobody settled.
pub fn lines(ctx: &mut Ctx<'_>) -> Result<Lines, Failure> {
    must_see(ctx)?;
    let versions = lists::store::policy_versions(ctx)?;
    let rule = Rule {
        now: policies_known(&versions, None),
        versions,
    };
    let from = first_day(ctx.today);
    let mut due = due(ctx, &rule, from)?;
    let mut gone = gone(ctx, &rule, from)?;
    let (mut missing, part) = missing(ctx, from)?;
    let children: Vec<ConferenceChildId> = due
        .iter()
        .map(|it| it.child.clone())
        .chain(missing.iter().map(|it| it.child.clone()))
        .collect();
    let of: Vec<_> = gone.iter().map(|it| it.referral.clone()).collect();
    let held = store::held(ctx, &children, &of)?;
    let left = |kind: Kind, facts: &str, about: &dyn Fn(&store::Held) -> bool| {
        held.iter()
            .any(|it| it.kind == kind && it.deed == Deed::Left && it.facts == facts && about(it))
    };
    due.retain(|it| {
        !left(Kind::NoReferral, &it.facts, &|held| {
            held.child.as_ref() == Some(&it.child)
        })
    });
    gone.retain(|it| {
        let facts = rules::facts_of_gone(it.seat.as_ref(), &it.why);
        !left(Kind::ConferenceGone, &facts, &|held| {
            held.referral.as_ref() == Some(&it.referral)
        })
    });
    missing.retain(|it| {
        let facts = rules::facts_of_missing(it.seat.held_on, &it.last);
        let about = |held: &store::Held| held.child.as_ref() == Some(&it.child);
        // Back again only where it was marked here because a file did not hold it.
        let was_marked = held.iter().any(|held| {
            held.kind == Kind::Missing
                && held.deed == Deed::Cancelled
                && about(held)
                && held.facts != facts
        });
        let stands = was_marked || !matches!(it.why, WhyMissing::Back { .. });
        stands && !left(Kind::Missing, &facts, &about)
    });
    Ok(Lines {
        due,
        gone,
        missing,
        part,
    })
}

/// The policies that hold, and all that were ever set.
struct Rule {
    now: Vec<ReferralPolicy>,
    versions: Vec<PolicyVersion>,
}

impl Rule {
    fn then(&self, moment: chrono::NaiveDateTime) -> Vec<ReferralPolicy> {
        policies_known(&self.versions, Some(moment))
    }

    /// Everybody on these conferences, where any policy asks who else is there.
    fn others(
        &self,
        ctx: &mut Ctx<'_>,
        conferences: impl Iterator<Item = ConferenceId>,
    ) -> Result<HashMap<ConferenceId, Vec<Seated>>, Failure> {
        let mut found: HashMap<ConferenceId, Vec<Seated>> = HashMap::new();
        if self.versions.iter().any(|it| it.policy.younger_with_older) {
            let ids: HashSet<ConferenceId> = conferences.collect();
            let ids: Vec<ConferenceId> = ids.into_iter().collect();
            for it in conferences::store::seated_on(ctx, &ids)? {
                found.entry(it.conference.clone()).or_default().push(it);
            }
        }
        Ok(found)
    }
}

fn seats_beside(
    others: &HashMap<ConferenceId, Vec<Seated>>,
    conference: &ConferenceId,
    but: &YoungPersonId,
) -> Vec<Seat> {
    let there = others.get(conference).into_iter().flatten();
    there
        .filter(|it| it.young_person != *but)
        .map(|it| it.seat)
        .collect()
}

fn due(ctx: &mut Ctx<'_>, rule: &Rule, from: NaiveDate) -> Result<Vec<Due>, Failure> {
    let all = store::unreferred(ctx, from)?;
    let others = rule.others(ctx, all.iter().map(|it| it.conference.clone()))?;
    let mut found = Vec::new();
    for it in all {
        let beside = seats_beside(&others, &it.conference, &it.who.id);
        let now = verdict_among(&rule.now, &it.seat, &beside);
        if now.refers() {
            found.push((it, beside, now));
        }
    }
    let people: Vec<YoungPersonId> = found.iter().map(|(it, ..)| it.who.id.clone()).collect();
    let earlier = store::earlier(ctx, &people)?;
    let spells = store::spells(ctx, &people)?;
    let mut due = Vec::new();
    for (it, beside, now) in found {
        let earlier = earlier.get(&it.who.id).map_or(&[][..], Vec::as_slice);
        let spells = spells.get(&it.who.id).map_or(&[][..], Vec::as_slice);
        if rules::is_looked_after(it.came_at, earlier, spells) {
            continue;
        }
        let then = verdict_among(&rule.then(it.came_at), &it.seat, &beside);
        let why = rules::why_not(it.came_at, it.withdrawn, earlier, spells, then);
        due.push(Due {
            child: it.child,
            who: it.who,
            facts: rules::facts_of_due(&it.seat, now),
            seat: it.seat,
            why,
        });
    }
    Ok(due)
}

fn gone(ctx: &mut Ctx<'_>, rule: &Rule, from: NaiveDate) -> Result<Vec<Gone>, Failure> {
    let all = store::waiting(ctx, from)?;
    let conferences = all.iter().filter_map(|it| it.on.as_ref());
    let others = rule.others(ctx, conferences.map(|(conference, _)| conference.clone()))?;
    let mut gone = Vec::new();
    for it in all {
        let says = it.on.as_ref().map(|(conference, seat)| {
            let beside = seats_beside(&others, conference, &it.who.id);
            let by = |policies: &[ReferralPolicy]| verdict_among(policies, seat, &beside);
            (by(&rule.now), by(&rule.then(it.made_at)))
        });
        if let Some(why) = rules::why_gone(it.question.as_deref(), says) {
            gone.push(Gone {
                referral: it.referral,
                version: it.version,
                who: it.who,
                received_on: it.received_on,
                seat: it.on.map(|(_, seat)| seat),
                asks: it.question.is_some(),
                why,
            });
        }
    }
    Ok(gone)
}

/// The rows that the newest file does not hold, those that came back, and the newest file
/// where it was taken for a part of the schedule.
fn missing(ctx: &mut Ctx<'_>, from: NaiveDate) -> Result<(Vec<Missing>, Option<File>), Failure> {
    let all = store::scheduled(ctx, from)?;
    let last: HashSet<BatchId> = all.iter().map(|it| it.last.clone()).collect();
    let last: Vec<BatchId> = last.into_iter().collect();
    let files = store::files(ctx, from, &last)?;
    let by_id: HashMap<&BatchId, &File> = files.iter().map(|it| (&it.batch, it)).collect();
    let lacks: Vec<Option<&File>> = all
        .iter()
        .map(|it| {
            let last = by_id.get(&it.last)?;
            rules::missing_from(&files, last, it.seat.held_on)
                .filter(|_| rules::is_to_come(it.seat.status))
        })
        .collect();
    let named: HashSet<&ConferenceId> = all
        .iter()
        .zip(&lacks)
        .filter(|(_, lacks)| lacks.is_none())
        .map(|(it, _)| &it.conference)
        .collect();
    let words = |file: &File| rules::file_words(&file.name, file.imported_on);
    let mut missing = Vec::new();
    for (it, newest) in all.iter().zip(&lacks) {
        let Some(last) = by_id.get(&it.last) else {
            continue;
        };
        let why = match newest {
            Some(newest) => {
                let (last, newest) = (words(last), words(newest));
                if named.contains(&it.conference) {
                    WhyMissing::Child { last, newest }
                } else {
                    WhyMissing::Conference { last, newest }
                }
            }
            None if it.seat.status == Status::Cancelled => WhyMissing::Back {
                newest: words(last),
            },
            None => continue,
        };
        missing.push(missing_line(it, why));
    }
    let newest = files.iter().rfind(|it| it.last_day >= ctx.today);
    let part = newest.filter(|it| !it.is_whole()).cloned();
    Ok((missing, part))
}

fn missing_line(it: &Scheduled, why: WhyMissing) -> Missing {
    Missing {
        child: it.child.clone(),
        conference: it.conference.clone(),
        who: it.who.clone(),
        seat: it.seat,
        last: it.last.clone(),
        why,
    }
}

/// The lines of the third list that are settled together: the children of one conference with one
/// and the same reason.
#[must_use]
pub fn together<'l>(lines: &'l Lines, first: &Missing) -> Vec<&'l Missing> {
    lines
        .missing
        .iter()
        .filter(|it| {
            it.conference == first.conference
                && it.why == first.why
                && it.seat.held_on == first.seat.held_on
        })
        .collect()
}

/// One line of a list, with what settling it is about.
pub enum Line {
    Due(Due),
    Gone(Gone),
    Missing(Vec<Missing>),
}

impl Line {
    /// What the line says, so that nobody settles another than they saw.
    #[must_use]
    pub fn facts(&self) -> String {
        match self {
            Self::Due(it) => format!("{} {}", it.seat.held_on, it.why),
            Self::Gone(it) => format!("{} {}", it.version, it.why),
            Self::Missing(all) => {
                let facts = |it: &Missing| {
                    let facts = rules::facts_of_missing(it.seat.held_on, &it.last);
                    format!("{} {facts} {}", it.child, it.why)
                };
                all.iter().map(facts).collect::<Vec<_>>().join("; ")
            }
        }
    }

    /// Why it stands on the list.
    #[must_use]
    pub fn why(&self) -> String {
        match self {
            Self::Due(it) => it.why.to_string(),
            Self::Gone(it) => it.why.to_string(),
            Self::Missing(all) => all.first().map(|it| it.why.to_string()).unwrap_or_default(),
        }
    }

    /// Whom it is about.
    #[must_use]
    pub fn names(&self) -> String {
        match self {
            Self::Due(it) => it.who.name.clone(),
            Self::Gone(it) => it.who.name.clone(),
            Self::Missing(all) => {
                let names: Vec<&str> = all.iter().map(|it| it.who.name.as_str()).collect();
                names.join(", ")
            }
        }
    }
}

/// A line by the list it is on and the id of what it is about, if it still stands.
pub fn line(ctx: &mut Ctx<'_>, kind: Kind, id: &str) -> Result<Option<Line>, Failure> {
    let lines = lines(ctx)?;
    Ok(match kind {
        Kind::NoReferral => {
            let found = lines.due.into_iter().find(|it| it.child.as_str() == id);
            found.map(Line::Due)
        }
        Kind::ConferenceGone => {
            let found = lines.gone.into_iter().find(|it| it.referral.as_str() == id);
            found.map(Line::Gone)
        }
        Kind::Missing => {
            let found = lines.missing.iter().find(|it| it.child.as_str() == id);
            let all = found.map(|first| together(&lines, first));
            all.map(|all| Line::Missing(all.into_iter().cloned().collect()))
        }
    })
}

/// Settles a line as somebody saw it: does what is right, and keeps who, when and why.
pub fn settle(
    ctx: &mut Ctx<'_>,
    kind: Kind,
    id: &str,
    seen: &str,
    deed: Deed,
    reason: Option<&str>,
) -> Result<(), Failure> {
    if decide(ctx.actor, Permission::WorkRecord, Relationship::Team) == Decision::Denied {
        return Err(Failure::NotFound);
    }
    let line = line(ctx, kind, id)?.filter(|line| line.facts() == seen);
    let line = line.ok_or_else(|| {
        Failure::refused(
            "This line has changed meanwhile, or somebody else has settled it. Look at the lists again.",
        )
    })?;
    match &line {
        Line::Due(it) => settle_due(ctx, it, deed, reason),
        Line::Gone(it) => settle_gone(ctx, it, deed, reason),
        Line::Missing(all) => {
            for it in all {
                settle_missing(ctx, it, deed, reason)?;
            }
            Ok(())
        }
    }
}

fn not_here() -> Failure {
    Failure::refused("This line cannot be settled in this way.")
}

fn settle_due(
    ctx: &mut Ctx<'_>,
    it: &Due,
    deed: Deed,
    reason: Option<&str>,
) -> Result<(), Failure> {
    match deed {
        Deed::Referred => drop(referrals::refer_now(ctx, &it.child)?),
        Deed::Left => drop(referrals::open_conference(
            ctx,
            &it.child,
            Permission::WorkRecord,
        )?),
        Deed::Withdrawn | Deed::Cancelled | Deed::TakesPlace => return Err(not_here()),
    }
    keep(
        ctx,
        &New {
            id: &ReconciliationId::random(),
            kind: Kind::NoReferral,
            young_person: &it.who.id,
            child: Some(&it.child),
            referral: None,
            why: &it.why.to_string(),
            facts: &it.facts,
            deed,
            reason,
        },
    )
}

fn settle_gone(
    ctx: &mut Ctx<'_>,
    it: &Gone,
    deed: Deed,
    reason: Option<&str>,
) -> Result<(), Failure> {
    let why = it.why.to_string();
    match deed {
        Deed::Withdrawn => {
            let ending = Ending {
                outcome: Outcome::Withdrawn,
                on: ctx.today,
                note: Some(why.clone()),
            };
            referrals::end(ctx, &it.referral, it.version, &ending)?;
        }
        // The question at the referral is answered by it.
        Deed::Left if matches!(it.why, WhyGone::Asks(_)) => {
            referrals::go_on(ctx, &it.referral, it.version)?;
        }
        Deed::Left => drop(referrals::open(ctx, &it.referral, Permission::WorkRecord)?),
        Deed::Referred | Deed::Cancelled | Deed::TakesPlace => return Err(not_here()),
    }
    keep(
        ctx,
        &New {
            id: &ReconciliationId::random(),
            kind: Kind::ConferenceGone,
            young_person: &it.who.id,
            child: None,
            referral: Some(&it.referral),
            why: &why,
            facts: &rules::facts_of_gone(it.seat.as_ref(), &it.why),
            deed,
            reason,
        },
    )
}

fn settle_missing(
    ctx: &mut Ctx<'_>,
    it: &Missing,
    deed: Deed,
    reason: Option<&str>,
) -> Result<(), Failure> {
    let back = matches!(it.why, WhyMissing::Back { .. });
    match deed {
        Deed::Cancelled if !back => referrals::mark_child(ctx, &it.child, Status::Cancelled)?,
        Deed::TakesPlace if back => {
            let child = conferences::store::find(ctx, &it.child)?.ok_or(Failure::NotFound)?;
            let says = child.said_status.unwrap_or(Status::Scheduled);
            referrals::mark_child(ctx, &it.child, says)?;
        }
        Deed::Left => drop(referrals::open_conference(
            ctx,
            &it.child,
            Permission::WorkRecord,
        )?),
        Deed::Referred | Deed::Withdrawn | Deed::Cancelled | Deed::TakesPlace => {
            return Err(not_here());
        }
    }
    keep(
        ctx,
        &New {
            id: &ReconciliationId::random(),
            kind: Kind::Missing,
            young_person: &it.who.id,
            child: Some(&it.child),
            referral: None,
            why: &it.why.to_string(),
            facts: &rules::facts_of_missing(it.seat.held_on, &it.last),
            deed,
            reason,
        },
    )
}

fn keep(ctx: &mut Ctx<'_>, new: &New<'_>) -> Result<(), Failure> {
    store::insert(ctx, new)?;
    ctx.record(
        Event::new("reconciled", "reconciliation", new.id)
            .about(new.young_person)
            .with(json!({ "kind": new.kind, "deed": new.deed })),
    );
    Ok(())
}

/// Opens again what somebody left as it is: the line is back on its list.
pub fn reopen(ctx: &mut Ctx<'_>, id: &ReconciliationId) -> Result<(), Failure> {
    let settled = store::find(ctx, id)?.ok_or(Failure::NotFound)?;
    open_record(
        ctx,
        &settled.young_person,
        Permission::Allocate,
        Relationship::Team,
        "reconciliation",
    )?;
    if settled.deed != Deed::Left {
        return Err(Failure::refused(
            "Only what was left as it is can be opened again. What was done is undone where it was done.",
        ));
    }
    store::reopen(ctx, id)?;
    ctx.record(
        Event::new("reconciliation_reopened", "reconciliation", id).about(&settled.young_person),
    );
    Ok(())
}
