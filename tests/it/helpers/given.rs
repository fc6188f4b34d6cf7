//! What a test begins with, made by the actions that people use: nothing that could not be, and
//! nothing random.

use std::path::{Path, PathBuf};

use chrono::{DateTime, NaiveDate, Utc};
use heard::access::{Actor, Role};
use heard::cases::actions::{Acceptance, accept_referral};
use heard::cases::{self, Case};
use heard::db::Db;
use heard::failure::Failure;
use heard::ids::{CaseId, SessionId, UserId};
use heard::import::actions::{self as imports, ImportFile, Incoming, Run, history_files};
use heard::import::{Kind, Report};
use heard::referrals::{self, Answer, Offer, Outcome, Referral};
use heard::settings::{Import, Settings};
use heard::staff::actions::{NewUser, add};
use heard::text::{EmailAddress, Name};
use heard::young_people::{self, SourceRef, YoungPerson};

use super::PROGRAM;
use super::schedule::{import, row};

pub fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// Nine in the morning in London or an hour later, at any time of the year.
pub fn now_on(day: &str) -> DateTime<Utc> {
    format!("{day}T09:00:00Z").parse().unwrap()
}

pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

pub fn seeds() -> PathBuf {
    root().join("seeds/leicestershire-2021-22")
}

pub fn seed_files() -> Vec<ImportFile> {
    history_files(&seeds()).unwrap()
}

pub fn import_settings() -> Import {
    Settings::load(None, Path::new("data")).unwrap().import
}

/// The invented year 2021-22, by the import that a council would use.
pub fn load_seeds(db: &Db) {
    let report = import_files(db, &seed_files()).unwrap();
    assert_eq!(report.created, report.rows, "{:?}", report.problems);
}

pub fn import_files(db: &Db, files: &[ImportFile]) -> Result<Report, Failure> {
    import_files_as(db, files, Run::Keep)
}

pub fn import_files_as(db: &Db, files: &[ImportFile], run: Run) -> Result<Report, Failure> {
    let incoming = Incoming {
        kind: Kind::History,
        source: "history",
        name: "seeds",
        files,
    };
    imports::import(db, &PROGRAM, &import_settings(), &incoming, run, &|_, _| {})
}

/// Somebody who works here, acting.
pub fn user(db: &Db, role: Role, name: &str) -> Actor {
    let email = format!("{}@council.example", name.to_lowercase());
    let new = NewUser {
        name: &Name::parse(name).unwrap(),
        email: Some(&EmailAddress::parse(&email).unwrap()),
        role,
        password_hash: None,
        change_password: false,
    };
    let id = db.write(&PROGRAM, |ctx| add(ctx, &new)).unwrap();
    Actor::User {
        id,
        name: name.to_owned(),
        role,
        session: SessionId::random(),
    }
}

pub fn officer(db: &Db, name: &str) -> Actor {
    user(db, Role::Officer, name)
}

pub fn senior(db: &Db) -> Actor {
    user(db, Role::SeniorOfficer, "Samira")
}

pub fn id_of(actor: &Actor) -> UserId {
    actor.user_id().unwrap().clone()
}

pub fn person(db: &Db, child_ref: &str) -> YoungPerson {
    let source = SourceRef {
        source: import_settings().child_source,
        reference: child_ref.to_owned(),
    };
    db.read(&PROGRAM, |ctx| young_people::store::by_ref(ctx, &source))
        .unwrap()
        .unwrap()
}

/// The referrals of a child, the latest first.
pub fn referrals_of(db: &Db, child_ref: &str) -> Vec<Referral> {
    let id = person(db, child_ref).id;
    db.read(&PROGRAM, |ctx| referrals::store::of_young_person(ctx, &id))
        .unwrap()
}

/// The only referral of a child.
pub fn referral_of(db: &Db, child_ref: &str) -> Referral {
    let [only] = referrals_of(db, child_ref).try_into().unwrap();
    only
}

pub fn outcomes(db: &Db, child_ref: &str) -> Vec<Outcome> {
    let referrals = referrals_of(db, child_ref);
    referrals.iter().map(|it| it.resolution.outcome).collect()
}

/// A child of twelve who waits for an offer: on the conference CPC-1 of 20 April 2022.
pub fn referred(db: &Db, child_ref: &str) -> Referral {
    import(db, &[row("CPC-1", child_ref)]);
    referral_of(db, child_ref)
}

/// The young person said yes on a day.
pub fn said_yes(on: &str) -> Offer {
    Offer {
        young_person_asked_on: Some(day(on)),
        answer: Some((Answer::Yes, day(on))),
        ..Offer::default()
    }
}

/// Accepts a referral on a day; the officer who acts holds the case.
pub fn accept(db: &Db, officer: &Actor, child_ref: &str, on: &str) -> Result<CaseId, Failure> {
    let waits = |it: &Referral| it.resolution.outcome == Outcome::Pending;
    let referral = referrals_of(db, child_ref).into_iter().find(waits).unwrap();
    let acceptance = Acceptance {
        opened_on: day(on),
        officer: id_of(officer),
        offer: Some(said_yes(on)),
    };
    db.write(officer, |ctx| {
        accept_referral(ctx, &referral.id, referral.version, &acceptance)
    })
}

/// A case that an officer holds since 4 April 2022.
pub fn supported(db: &Db, officer: &Actor, child_ref: &str) -> CaseId {
    referred(db, child_ref);
    accept(db, officer, child_ref, "2022-04-04").unwrap()
}

pub fn case(db: &Db, id: &CaseId) -> Case {
    db.read(&PROGRAM, |ctx| cases::store::find(ctx, id))
        .unwrap()
        .unwrap()
}
