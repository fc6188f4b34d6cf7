//! Referrals: one request for the service for one young person, from its arrival to its answer.
//!
//! The offer is four separate facts, each with its day: the parent or carer was contacted, gave
//! permission or refused it, the young person was asked, and what they answered themselves.
//! "Never told" is not "declined", and who declined is kept (domain.md section 3).

pub mod actions;
pub mod line;
pub mod pages;
pub mod panel;
pub mod rules;
pub mod store;

use chrono::NaiveDate;

use crate::ids::{AttemptId, ConferenceChildId, ReferralId, UserId, YoungPersonId};

crate::words! {
    /// Which of the two kinds of work it belongs to.
    pub enum Stream {
        ChildProtection = "child_protection", "Child protection";
        Care = "care", "Children in care and care leavers";
    }
}

crate::words! {
    /// Who asked.
    pub enum Source {
        AutomaticInitialConference = "automatic_initial_conference", "Automatic: initial child protection conference";
        AutomaticReceivingInConference = "automatic_receiving_in_conference", "Automatic: receiving-in conference";
        SocialWorker = "social_worker", "Social worker";
        SelfReferral = "self", "The young person themselves";
        ParentOrCarer = "parent_or_carer", "Parent or carer";
        PersonalAdviser = "personal_adviser", "Personal adviser";
        ReviewingOfficer = "reviewing_officer", "Reviewing officer";
        ResidentialHome = "residential_home", "Residential home";
        OtherProfessional = "other_professional", "Another professional";
    }
}

crate::words! {
    /// Whether the service may help at all.
    pub enum Remit {
        InRemit = "in_remit", "Within the remit of the service";
        OutOfRemit = "out_of_remit", "Outside the remit of the service";
    }
}

crate::words! {
    /// What came of the offer.
    pub enum Outcome {
        Pending = "pending", "Waiting for an answer";
        Accepted = "accepted", "Accepted";
        DeclinedByYoungPerson = "declined_by_young_person", "Declined by the young person";
        DeclinedByParent = "declined_by_parent", "Declined by a parent or carer; the young person knows";
        DeclinedNotKnownIfTold = "declined_not_known_if_told", "Declined by a parent or carer; not known if the young person was told";
        NoResponse = "no_response", "No response";
        ChangedMind = "changed_mind", "The young person changed their mind";
        Withdrawn = "withdrawn", "Withdrawn";
    }
}

crate::words! {
    /// Why a referral was withdrawn without anybody's doing.
    pub enum Withdrawal {
        ConferenceCancelled = "conference_cancelled", "The conference was cancelled before anyone was contacted";
        TooYoung = "too_young", "Under the threshold age on the new day of the conference";
        TooOld = "too_old", "18 or over on the new day of the conference";
        OtherKind = "other_kind", "Conferences of this kind refer nobody";
        NoOlder = "no_older", "Under the threshold age, and no older brother or sister is referred by the conference any more";
    }
}

crate::words! {
    /// Whether whoever holds parental responsibility allows it.
    pub enum ParentPermission {
        Given = "given", "Permission given";
        Refused = "refused", "Permission refused";
    }
}

crate::words! {
    /// The young person's own answer.
    pub enum Answer {
        Yes = "yes", "Yes, they want an officer";
        No = "no", "No, they do not want an officer";
    }
}

crate::words! {
    /// The legal basis on which a child is looked after, or that they have left care (domain.md
    /// section 4, with the codes of the SSDA903 return). Secure accommodation lies over another
    /// status and is a flag.
    pub enum LegalStatus {
        CareLeaver = "care_leaver", "Care leaver";
        S20 = "s20", "Accommodated, section 20";
        InterimCareOrder = "interim_care_order", "Interim care order, section 38";
        CareOrder = "care_order", "Care order, section 31";
        PlacementOrder = "placement_order", "Placement order, section 21 Adoption and Children Act 2002";
        Remand = "remand", "Remanded";
        Pace = "pace", "Police and Criminal Evidence Act";
        YouthRehabilitation = "youth_rehabilitation", "Youth rehabilitation order";
        PoliceProtection = "police_protection", "Police protection";
        EmergencyProtection = "emergency_protection", "Emergency protection order";
        ChildAssessment = "child_assessment", "Child assessment order";
        FreeingOrder = "freeing_order", "Freeing order";
        None = "none", "No legal status";
    }
}

/// What the annual report counts in place of the basis under it.
pub const SECURE_ORDER: (&str, &str) = ("secure_order", "Secure accommodation order, section 25");

/// The four facts of the offer.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Offer {
    pub parent_contacted_on: Option<NaiveDate>,
    pub permission: Option<(ParentPermission, NaiveDate)>,
    pub young_person_asked_on: Option<NaiveDate>,
    pub answer: Option<(Answer, NaiveDate)>,
}

impl Offer {
    /// Has anybody been spoken to?
    #[must_use]
    pub fn begun(&self) -> bool {
        *self != Self::default()
    }
}

/// What came of it, from when, and what was said of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Resolution {
    pub outcome: Outcome,
    pub on: Option<NaiveDate>,
    pub note: Option<String>,
    pub withdrawal: Option<Withdrawal>,
}

impl Resolution {
    #[must_use]
    pub fn pending() -> Self {
        Self {
            outcome: Outcome::Pending,
            on: None,
            note: None,
            withdrawal: None,
        }
    }
}

/// A referral as the record has it.
#[derive(Debug, Clone)]
pub struct Referral {
    pub id: ReferralId,
    pub young_person: YoungPersonId,
    pub request: Request,
    /// The conference that made it, or that it belongs to now.
    pub conference_child: Option<ConferenceChildId>,
    pub resolution: Resolution,
    /// A question that only an officer can settle: the conference went away after contact.
    pub decision_needed: Option<String>,
    /// Whoever makes the offer.
    pub officer: Option<UserId>,
    pub offer: Offer,
    pub version: i32,
}

impl Referral {
    /// How it stands, in words.
    #[must_use]
    pub fn words(&self) -> &'static str {
        outcome_words(self.resolution.outcome, self.request.remit)
    }

    /// Waiting for an answer, and the service may help.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.resolution.outcome == Outcome::Pending && self.request.remit != Some(Remit::OutOfRemit)
    }
}

/// Outside the remit no offer is made, so there is no outcome to speak of.
#[must_use]
pub fn outcome_words(outcome: Outcome, remit: Option<Remit>) -> &'static str {
    match remit {
        Some(Remit::OutOfRemit) => Remit::OutOfRemit.words(),
        Some(Remit::InRemit) | None => outcome.words(),
    }
}

/// What was asked for, when, by whom.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    pub stream: Stream,
    pub source: Source,
    pub received_on: NaiveDate,
    pub remit: Option<Remit>,
    pub legal_status: Option<LegalStatus>,
    pub secure_order: bool,
    /// A code of the list of reasons.
    pub reason: Option<String>,
    pub topics: Vec<String>,
}

/// A request as somebody made it.
#[derive(Debug, Clone)]
pub struct Received {
    pub stream: Stream,
    pub source: Source,
    pub received_on: NaiveDate,
    pub remit: Remit,
    pub legal_status: Option<LegalStatus>,
    pub reason: Option<String>,
}

crate::words! {
    /// How somebody was tried.
    pub enum Method {
        Call = "call", "Phone call";
        Visit = "visit", "Visit";
        Video = "video", "Video call";
        Message = "message", "Text or other message";
        Email = "email", "E-mail";
        Letter = "letter", "Letter";
    }
}

crate::words! {
    /// Who was tried.
    pub enum WithWhom {
        ParentOrCarer = "parent_or_carer", "Parent or carer";
        YoungPerson = "young_person", "Child or young person";
        SocialWorker = "social_worker", "Social worker";
        Other = "other", "Somebody else";
    }
}

/// An attempt to reach somebody about a referral, made or only tried.
#[derive(Debug, Clone)]
pub struct Attempt {
    pub id: AttemptId,
    pub made_on: NaiveDate,
    pub method: Method,
    pub with_whom: WithWhom,
    pub reached: bool,
    pub note: String,
    pub made_by: String,
}
