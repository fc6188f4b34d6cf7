//! What is done about cases: opening one with an accepted referral, giving it to another officer,
//! closing and reopening.

use chrono::NaiveDate;
use serde_json::json;

use super::rules::{self, Refusal};
use super::{Case, Closing, Spell, store};
use crate::access::{Permission, Relationship};
use crate::audit::Event;
use crate::ctx::Ctx;
use crate::failure::{Failure, FieldError};
use crate::history::Changes;
use crate::ids::{CaseId, ReferralId, SpellId, UserId};
use crate::referrals::{self, Offer, Referral};
use crate::staff;
use crate::team::{self, Knowing};
use crate::young_people;
use crate::young_people::actions::{Opened, open_record};

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        match refusal.field() {
            Some(field) => Self::Invalid(vec![FieldError::new(field, refusal.to_string())]),
            None => Self::Refused(refusal.to_string()),
        }
    }
}

/// A case that whoever acts may know, with its young person.
pub fn open(
    ctx: &mut Ctx<'_>,
    id: &CaseId,
    permission: Permission,
) -> Result<(Case, Opened), Failure> {
    let case = store::find(ctx, id)?.ok_or(Failure::NotFound)?;
    let relationship = if young_people::store::reason_holds(ctx, &case.young_person)? {
        Relationship::ReasonStated
    } else {
        let holder = case.officer().map(|held| &held.officer);
        team::actions::relationship(ctx, holder, Some(&case.id))?
    };
    let person = open_record(ctx, &case.young_person, permission, relationship, "case")?;
    Ok((case, person))
}

fn to_change(
    ctx: &mut Ctx<'_>,
    id: &CaseId,
    permission: Permission,
    version: i32,
) -> Result<Case, Failure> {
    let (case, _) = open(ctx, id, permission)?;
    young_people::store::hold(ctx, &case.young_person)?;
    let case = store::find(ctx, &case.id)?.ok_or(Failure::NotFound)?;
    if case.version != version {
        return Err(Failure::ChangedMeanwhile);
    }
    Ok(case)
}

/// How a referral is accepted: when, by whom the case is held, and who said yes.
pub struct Acceptance {
    pub opened_on: NaiveDate,
    pub officer: UserId,
    /// The facts of the offer as the form completes them.
    pub offer: Option<Offer>,
}

/// Accepts a referral: the case opens and gets its officer, in one piece of work.
pub fn accept_referral(
    ctx: &mut Ctx<'_>,
    referral: &ReferralId,
    version: i32,
    acceptance: &Acceptance,
) -> Result<CaseId, Failure> {
    let officer = staff::actions::officer(ctx, &acceptance.officer)?;
    if let Some(referral) = referrals::store::find(ctx, referral)? {
        young_people::actions::may_be_given_to(ctx, &referral.young_person, &officer.id)?;
    }
    let accepted = referrals::actions::accept(
        ctx,
        referral,
        version,
        acceptance.opened_on,
        &officer.id,
        acceptance.offer.clone(),
    )?;
    let spell = Spell {
        id: SpellId::random(),
        opened_on: acceptance.opened_on,
        opening_note: None,
        closing: None,
    };
    begin(ctx, &accepted, &spell, Some(&officer.id))
}

/// Opens the case of a referral, with its first spell.
pub fn begin(
    ctx: &mut Ctx<'_>,
    referral: &Referral,
    spell: &Spell,
    officer: Option<&UserId>,
) -> Result<CaseId, Failure> {
    let id = CaseId::random();
    store::insert(
        ctx,
        &id,
        &referral.id,
        &referral.young_person,
        referral.request.stream,
    )?;
    store::insert_spell(ctx, &id, spell)?;
    let closed_on = spell.closing.as_ref().map(|closing| closing.on);
    if let Some(officer) = officer {
        store::insert_allocation(ctx, &id, officer, spell.opened_on, closed_on)?;
    }
    ctx.record(
        Event::new("case_opened", "case", &id)
            .about(&referral.young_person)
            .with(json!({
                "opened_on": spell.opened_on,
                "closed_on": closed_on,
                "officer": officer,
            })),
    );
    Ok(id)
}

/// Before an officer is given a case: is the record closed to them, and would they act for two
/// whose wishes are opposed?
pub fn heed(
    ctx: &mut Ctx<'_>,
    id: &CaseId,
    permission: Permission,
    officer: &UserId,
    knowing: &Knowing,
) -> Result<(), Failure> {
    let (case, _) = open(ctx, id, permission)?;
    let giving = [(case.young_person, officer.clone())];
    team::actions::may_hold(ctx, &giving, None, knowing)
}

/// Gives a case to another officer from a day on. The officer before keeps their time with it.
pub fn allocate(
    ctx: &mut Ctx<'_>,
    id: &CaseId,
    version: i32,
    officer: &UserId,
    from: NaiveDate,
) -> Result<(), Failure> {
    let case = to_change(ctx, id, Permission::Allocate, version)?;
    let officer = staff::actions::officer(ctx, officer)?;
    young_people::actions::may_be_given_to(ctx, &case.young_person, &officer.id)?;
    rules::may_allocate(&case, &officer.id, from, ctx.today)?;
    store::end_allocations(ctx, id, from)?;
    store::insert_allocation(ctx, id, &officer.id, from, None)?;
    store::step_version(ctx, &case)?;
    ctx.record(
        Event::new("case_allocated", "case", id)
            .about(&case.young_person)
            .with(json!({ "officer": officer.id, "from": from })),
    );
    Ok(())
}

pub fn close(
    ctx: &mut Ctx<'_>,
    id: &CaseId,
    version: i32,
    closing: &Closing,
) -> Result<(), Failure> {
    let case = to_change(ctx, id, Permission::WorkRecord, version)?;
    let last_meeting = store::last_meeting(ctx, &case.referral)?;
    rules::may_close(&case, closing.on, last_meeting, ctx.today)?;
    let open_issues = store::open_issues(ctx, id)?.len();
    let last_work = store::last_work(ctx, id)?;
    rules::nothing_left_open(
        i64::try_from(open_issues).unwrap_or(i64::MAX),
        last_work,
        closing.on,
    )?;
    let Some(spell) = case.open_spell() else {
        return Err(Refusal::Closed.into());
    };
    store::set_spell(
        ctx,
        &Spell {
            closing: Some(closing.clone()),
            ..spell.clone()
        },
    )?;
    store::end_allocations(ctx, id, closing.on)?;
    store::step_version(ctx, &case)?;
    ctx.record(
        Event::new("case_closed", "case", id)
            .about(&case.young_person)
            .with(json!({ "on": closing.on, "reason": closing.reason })),
    );
    Ok(())
}

/// Opens a closed case again, as a new spell.
pub fn reopen(
    ctx: &mut Ctx<'_>,
    id: &CaseId,
    version: i32,
    on: NaiveDate,
    officer: &UserId,
    note: Option<String>,
) -> Result<(), Failure> {
    let case = to_change(ctx, id, Permission::WorkRecord, version)?;
    let officer = staff::actions::officer(ctx, officer)?;
    young_people::actions::may_be_given_to(ctx, &case.young_person, &officer.id)?;
    let other_open = referrals::store::has_open(ctx, &case.young_person, case.stream)?;
    rules::may_reopen(&case, on, other_open, ctx.today)?;
    let spell = Spell {
        id: SpellId::random(),
        opened_on: on,
        opening_note: note,
        closing: None,
    };
    store::insert_spell(ctx, id, &spell)?;
    store::insert_allocation(ctx, id, &officer.id, on, None)?;
    store::step_version(ctx, &case)?;
    ctx.record(
        Event::new("case_reopened", "case", id)
            .about(&case.young_person)
            .with(json!({ "on": on, "officer": officer.id })),
    );
    Ok(())
}

/// The kind under which the history of what a file corrected in a case is kept.
pub const HISTORY: &str = "case";

/// Brings a moved-in case to what its changed row now says.
pub fn correct_moved_in(
    ctx: &mut Ctx<'_>,
    referral: &Referral,
    spell: Option<&Spell>,
    officer: Option<&UserId>,
) -> Result<(), Failure> {
    match (store::by_referral(ctx, &referral.id)?, spell) {
        (None, None) => Ok(()),
        (None, Some(spell)) => begin(ctx, referral, spell, officer).map(|_| ()),
        (Some(_), None) => Err(Failure::refused(
            "was accepted when it came in, and has a case: it can no longer be changed to another outcome",
        )),
        (Some(case), Some(spell)) => {
            let Some(first) = case.spells.first() else {
                return Err(Failure::NotFound);
            };
            store::set_spell(
                ctx,
                &Spell {
                    id: first.id.clone(),
                    ..spell.clone()
                },
            )?;
            let closed_on = |spell: &Spell| spell.closing.as_ref().map(|closing| closing.on);
            let why = |spell: &Spell| spell.closing.as_ref().and_then(|it| it.reason.clone());
            let mut changes = Changes::new();
            changes.compare("opened_on", Some(first.opened_on), Some(spell.opened_on));
            changes.compare("closed_on", closed_on(first), closed_on(spell));
            changes.compare("closure_reason", why(first), why(spell));
            changes.keep(ctx, HISTORY, &case.id, &case.young_person)?;
            store::replace_allocations(ctx, &case.id, officer, spell)?;
            store::step_version(ctx, &case)?;
            ctx.record(Event::new("case_corrected", "case", &case.id).about(&case.young_person));
            Ok(())
        }
    }
}
