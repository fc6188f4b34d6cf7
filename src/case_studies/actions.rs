//! What is done about case studies: writing, checking, recording consent, publishing, withdrawing.

use chrono::NaiveDate;
use serde_json::json;

use super::check::{Facts, Finding, Level, check};
use super::rules::{self, Refusal, Step};
use super::{CaseStudy, Consent, Look, Publication, Text, Withdrawal, store};
use crate::access::{Decision, Permission, Relationship, decide};
use crate::audit::Event;
use crate::calendar::age_on;
use crate::cases::{self, Case};
use crate::ctx::Ctx;
use crate::failure::{Failure, FieldError};
use crate::history::Changes;
use crate::ids::{CaseId, CaseStudyId};
use crate::young_people;
use crate::young_people::YoungPerson;

/// What the history calls a case study.
pub const HISTORY: &str = "case_study";

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        match refusal.field() {
            Some(field) => Self::Invalid(vec![FieldError::new(field, refusal.to_string())]),
            None => Self::Refused(refusal.to_string()),
        }
    }
}

/// A case study with the case and the young person it is about.
pub struct Opened {
    pub study: CaseStudy,
    pub case: Case,
    pub person: YoungPerson,
}

/// A case study that whoever acts may know: those who may read the case.
pub fn open(
    ctx: &mut Ctx<'_>,
    id: &CaseStudyId,
    permission: Permission,
) -> Result<Opened, Failure> {
    let study = store::find(ctx, id)?.ok_or(Failure::NotFound)?;
    let (case, opened) = cases::actions::open(ctx, &study.case, permission)?;
    Ok(Opened {
        study,
        case,
        person: opened.person().clone(),
    })
}

/// Every case study that whoever acts may know.
pub fn all(ctx: &mut Ctx<'_>) -> Result<Vec<CaseStudy>, Failure> {
    if decide(ctx.actor, Permission::SeeCasework, Relationship::General) == Decision::Denied {
        return Err(Failure::NotFound);
    }
    let closed = young_people::store::closed_to_me(ctx)?;
    store::all(ctx, &closed)
}

pub fn write(ctx: &mut Ctx<'_>, case: &CaseId, text: &Text) -> Result<CaseStudyId, Failure> {
    let (case, _) = cases::actions::open(ctx, case, Permission::WorkRecord)?;
    let id = CaseStudyId::random();
    store::insert(ctx, &id, &case.id, &case.young_person, text)?;
    ctx.record(
        Event::new("case_study_written", "case_study", &id)
            .about(&case.young_person)
            .with(json!({ "case": case.id })),
    );
    Ok(id)
}

fn to_change(
    ctx: &mut Ctx<'_>,
    id: &CaseStudyId,
    permission: Permission,
    version: i32,
) -> Result<Opened, Failure> {
    let opened = open(ctx, id, permission)?;
    young_people::store::hold(ctx, &opened.study.young_person)?;
    let study = store::find(ctx, id)?.ok_or(Failure::NotFound)?;
    if study.version != version {
        return Err(Failure::ChangedMeanwhile);
    }
    Ok(Opened { study, ..opened })
}

fn note(ctx: &mut Ctx<'_>, action: &'static str, study: &CaseStudy, details: serde_json::Value) {
    ctx.record(
        Event::new(action, "case_study", &study.id)
            .about(&study.young_person)
            .with(details),
    );
}

/// Changes the text. It has to be checked again, whatever was found before.
pub fn edit(ctx: &mut Ctx<'_>, id: &CaseStudyId, version: i32, text: &Text) -> Result<(), Failure> {
    let before = to_change(ctx, id, Permission::WorkRecord, version)?.study;
    let state = rules::after(before.state, Step::Edit)?;
    let mut changes = Changes::new();
    let (was, is) = (&before.text, text);
    changes.compare("title", Some(&was.title), Some(&is.title));
    changes.compare("initials", Some(&was.initials), Some(&is.initials));
    changes.compare("age", Some(was.age_words()), Some(is.age_words()));
    changes.compare("worries", Some(&was.worries), Some(&is.worries));
    changes.compare(
        "what_worked_well",
        Some(&was.worked_well),
        Some(&is.worked_well),
    );
    changes.compare("outcome", Some(&was.outcome), Some(&is.outcome));
    if changes.is_empty() {
        return Ok(());
    }
    let study = CaseStudy {
        text: text.clone(),
        state,
        checked_on: None,
        ..before
    };
    store::update(ctx, &study)?;
    changes.keep(ctx, HISTORY, id, &study.young_person)?;
    note(
        ctx,
        "case_study_changed",
        &study,
        json!({ "fields": changes.fields() }),
    );
    Ok(())
}

/// What the check finds now, with what is on record now.
pub fn findings(
    ctx: &mut Ctx<'_>,
    opened: &Opened,
    smallest: i64,
) -> Result<Vec<Finding>, Failure> {
    let facts = facts(ctx, opened)?;
    Ok(check(&opened.study.text, &facts, smallest))
}

fn facts(ctx: &mut Ctx<'_>, opened: &Opened) -> Result<Facts, Failure> {
    let person = &opened.person;
    let around = store::around(ctx, &person.id)?;
    let mut own_names = vec![person.first_name.clone(), person.last_name.clone()];
    own_names.extend(person.known_as.clone());
    let initial = |name: &str| name.chars().next();
    let initials = [initial(&person.first_name), initial(&person.last_name)];
    Ok(Facts {
        own_names,
        other_names: around.names,
        references: around.references,
        places: around.places,
        initials: initials.into_iter().flatten().collect(),
        share: share(ctx, &opened.case)?,
    })
}

/// How many young people share stream, age, legal status and gender with the one of this case,
/// each as on the day their referral was received.
fn share(ctx: &mut Ctx<'_>, case: &Case) -> Result<i64, Failure> {
    let Some(own) = store::trait_of(ctx, &case.young_person, &case.referral)? else {
        return Ok(0);
    };
    let key = |it: &store::Trait| {
        let age = it.date_of_birth.map(|born| age_on(born, it.received_on));
        (age, it.legal_status, it.gender.clone())
    };
    let wanted = key(&own);
    let mut same: Vec<_> = store::traits(ctx, case.stream)?
        .into_iter()
        .filter(|it| key(it) == wanted)
        .map(|it| it.young_person)
        .collect();
    same.sort_unstable();
    same.dedup();
    Ok(i64::try_from(same.len()).unwrap_or(i64::MAX))
}

/// Keeps the reasons why findings may stand, and answers whether the case study is ready now.
pub fn look_at(
    ctx: &mut Ctx<'_>,
    id: &CaseStudyId,
    version: i32,
    reasons: &[(String, String)],
    smallest: i64,
) -> Result<bool, Failure> {
    let opened = to_change(ctx, id, Permission::WorkRecord, version)?;
    let state = rules::after(opened.study.state, Step::Check)?;
    let findings = findings(ctx, &opened, smallest)?;
    for (key, reason) in reasons {
        let stands = findings
            .iter()
            .any(|finding| finding.level == Level::Look && finding.key() == *key);
        if !stands {
            return Err(Failure::ChangedMeanwhile);
        }
        store::insert_look(ctx, id, key, reason)?;
    }
    let looks = store::looks(ctx, id)?;
    let ready = rules::is_clean(&findings, &looks).is_ok();
    let study = CaseStudy {
        state: if ready { state } else { super::State::Draft },
        checked_on: ready.then_some(ctx.today),
        ..opened.study
    };
    store::update(ctx, &study)?;
    if ready {
        store::set_checked_by(ctx, id)?;
    }
    let details = json!({ "let_stand": reasons.len(), "ready": ready });
    note(ctx, "case_study_checked", &study, details);
    Ok(ready)
}

/// Records who consented, how, and to what.
pub fn record_consent(
    ctx: &mut Ctx<'_>,
    id: &CaseStudyId,
    version: i32,
    consent: &Consent,
) -> Result<(), Failure> {
    let before = to_change(ctx, id, Permission::WorkRecord, version)?.study;
    if before.state == super::State::Published {
        return Err(Refusal::Published.into());
    }
    if consent.on > ctx.today {
        return Err(Refusal::InTheFuture("on").into());
    }
    let study = CaseStudy {
        consent: Some(consent.clone()),
        ..before.clone()
    };
    keep_consent(ctx, &before, &study)?;
    note(
        ctx,
        "case_study_consent",
        &study,
        json!({
            "by": consent.by, "for": consent.purpose, "on": consent.on,
        }),
    );
    Ok(())
}

fn keep_consent(ctx: &mut Ctx<'_>, before: &CaseStudy, study: &CaseStudy) -> Result<(), Failure> {
    let mut changes = Changes::new();
    let of = |study: &CaseStudy| study.consent.clone();
    let (was, is) = (of(before), of(study));
    let by = |it: &Option<Consent>| it.as_ref().map(|it| it.by.words());
    changes.compare("consent_by", by(&was), by(&is));
    let purpose = |it: &Option<Consent>| it.as_ref().map(|it| it.purpose.words());
    changes.compare("consent_for", purpose(&was), purpose(&is));
    let how = |it: &Option<Consent>| it.as_ref().map(|it| it.how.clone());
    changes.compare("how_they_consented", how(&was), how(&is));
    let on = |it: &Option<Consent>| it.as_ref().map(|it| it.on);
    changes.compare("consent_on", on(&was), on(&is));
    let withdrawn = |it: &Option<Consent>| it.as_ref().and_then(|it| it.withdrawn_on);
    changes.compare("consent_withdrawn_on", withdrawn(&was), withdrawn(&is));
    store::update(ctx, study)?;
    changes.keep(ctx, HISTORY, &study.id, &study.young_person)
}

/// Notes that the consent was withdrawn. What was published is unpublished in the same breath.
pub fn withdraw_consent(
    ctx: &mut Ctx<'_>,
    id: &CaseStudyId,
    version: i32,
    on: NaiveDate,
) -> Result<(), Failure> {
    let before = to_change(ctx, id, Permission::WorkRecord, version)?.study;
    let consent = before
        .consent
        .clone()
        .filter(|consent| consent.withdrawn_on.is_none())
        .ok_or(Refusal::NoConsentToWithdraw)?;
    if on > ctx.today {
        return Err(Refusal::InTheFuture("withdrawn_on").into());
    }
    if on < consent.on {
        return Err(Refusal::BeforeConsent(consent.on).into());
    }
    let mut study = before.clone();
    study.consent = Some(Consent {
        withdrawn_on: Some(on),
        ..consent
    });
    if let Ok(state) = rules::after(before.state, Step::Withdraw) {
        study.state = state;
        study.withdrawal = Some(Withdrawal {
            on: ctx.today,
            why: "The consent was withdrawn".to_owned(),
        });
    }
    keep_consent(ctx, &before, &study)?;
    let details = json!({ "on": on, "state": study.state });
    note(ctx, "case_study_consent_withdrawn", &study, details);
    Ok(())
}

/// Publishes a case study: the text is frozen as it is, after one more check.
pub fn publish(
    ctx: &mut Ctx<'_>,
    id: &CaseStudyId,
    version: i32,
    smallest: i64,
) -> Result<(), Failure> {
    let opened = to_change(ctx, id, Permission::PublishCaseStudies, version)?;
    let findings = findings(ctx, &opened, smallest)?;
    let looks: Vec<Look> = store::looks(ctx, id)?;
    let before = opened.study;
    let state = rules::may_publish(&before, &findings, &looks)?;
    let study = CaseStudy {
        state,
        publication: Some(Publication {
            on: ctx.today,
            text: before.text.clone(),
        }),
        withdrawal: None,
        ..before
    };
    store::update(ctx, &study)?;
    store::set_published_by(ctx, id)?;
    note(
        ctx,
        "case_study_published",
        &study,
        json!({ "on": ctx.today }),
    );
    Ok(())
}

/// Takes a published case study out of the report.
pub fn withdraw(
    ctx: &mut Ctx<'_>,
    id: &CaseStudyId,
    version: i32,
    why: &str,
) -> Result<(), Failure> {
    let before = to_change(ctx, id, Permission::PublishCaseStudies, version)?.study;
    let state = rules::after(before.state, Step::Withdraw)?;
    if why.is_empty() {
        return Err(Refusal::NoReason.into());
    }
    let study = CaseStudy {
        state,
        withdrawal: Some(Withdrawal {
            on: ctx.today,
            why: why.to_owned(),
        }),
        ..before
    };
    store::update(ctx, &study)?;
    note(
        ctx,
        "case_study_withdrawn",
        &study,
        json!({ "on": ctx.today }),
    );
    Ok(())
}
