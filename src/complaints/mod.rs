//! Complaints: informal ones, settled by talking, and formal ones, which follow a procedure with
//! stages and clocks (domain.md section 6).
//!
//! The statutory procedure is that of SI 2006/1738 and its guidance: local resolution (stage 1),
//! investigation by an investigating officer with an independent person beside them (stage 2), a
//! panel (stage 3), then the Ombudsman. A young person may have an advocate for making a complaint
//! or for thinking about one (section 26A Children Act 1989).
//!
//! What was done about a complaint is kept as steps, each with its day. From them come how it
//! stands ([`rules::state`]) and its clocks ([`clocks`]); neither is kept anywhere.

pub mod actions;
pub mod clocks;
pub mod line;
pub mod pages;
pub mod panel;
pub mod rules;
pub mod store;

use chrono::{NaiveDate, NaiveDateTime};

use crate::ids::{ComplaintId, ComplaintStepId, ReferralId};

crate::words! {
    pub enum Kind {
        Informal = "informal", "Informal";
        Formal = "formal", "Formal";
    }
}

crate::words! {
    pub enum Procedure {
        ChildrenAct = "children_act", "The statutory procedure (Children Act 1989)";
        Corporate = "corporate", "The council's own procedure";
        Nhs = "nhs", "The procedure of the NHS";
        School = "school", "The school's procedure";
        Other = "other", "Another procedure";
    }
}

crate::words! {
    pub enum Outcome {
        Upheld = "upheld", "Upheld";
        PartlyUpheld = "partly_upheld", "Partly upheld";
        NotUpheld = "not_upheld", "Not upheld";
        Withdrawn = "withdrawn", "Withdrawn";
        Resolved = "resolved", "Resolved";
    }
}

crate::words! {
    /// What can be done about a complaint, in the order in which the procedure goes. Receiving it
    /// is the record itself.
    pub enum Step {
        InformalAnswer = "informal_answer", "Answered informally";
        Acknowledged = "acknowledged", "Acknowledged";
        Stage1Extended = "stage_1_extended", "Stage 1: more time taken";
        Stage1Response = "stage_1_response", "Stage 1: answered";
        Stage2Requested = "stage_2_requested", "Stage 2: asked for";
        Stage2Acknowledged = "stage_2_acknowledged", "Stage 2: acknowledged";
        InvestigatorAppointed = "investigating_officer_appointed", "Stage 2: investigating officer appointed";
        IndependentAppointed = "independent_person_appointed", "Stage 2: independent person appointed";
        StatementAgreed = "statement_agreed", "Stage 2: statement of complaint agreed";
        Stage2Extended = "stage_2_extended", "Stage 2: more time taken";
        InvestigationCompleted = "investigation_completed", "Stage 2: investigation completed";
        Stage2Response = "stage_2_response", "Stage 2: answered";
        Stage3Requested = "stage_3_requested", "Stage 3: panel asked for";
        PanelMet = "panel_met", "Stage 3: panel met";
        PanelFindings = "panel_findings", "Stage 3: findings of the panel";
        AuthorityResponse = "authority_response", "Stage 3: the council answered";
        OmbudsmanReferred = "ombudsman_referred", "Taken to the Ombudsman";
        OmbudsmanDecision = "ombudsman_decision", "The Ombudsman decided";
        ApologyGiven = "apology_given", "Apology given";
        Ended = "ended", "Ended";
    }
}

crate::words! {
    /// How a complaint stands.
    pub enum State {
        BeingTalkedAbout = "being_talked_about", "Being talked about";
        InformallyAnswered = "informally_answered", "Answered informally";
        AtStage1 = "at_stage_1", "Stage 1: waiting for the answer";
        AnsweredAtStage1 = "answered_at_stage_1", "Answered at stage 1";
        Stage2Asked = "stage_2_asked", "Stage 2: statement to be agreed";
        BeingInvestigated = "being_investigated", "Stage 2: being investigated";
        Stage2ToAnswer = "stage_2_to_answer", "Stage 2: waiting for the answer";
        AnsweredAtStage2 = "answered_at_stage_2", "Answered at stage 2";
        PanelAwaited = "panel_awaited", "Stage 3: waiting for the panel";
        FindingsAwaited = "findings_awaited", "Stage 3: waiting for the findings";
        Stage3ToAnswer = "stage_3_to_answer", "Stage 3: waiting for the council's answer";
        AnsweredAtStage3 = "answered_at_stage_3", "Answered at stage 3";
        WithOmbudsman = "with_ombudsman", "With the Ombudsman";
        Decided = "decided", "Decided by the Ombudsman";
        Over = "over", "Ended";
    }
}

/// A complaint as it is on record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Complaint {
    pub id: ComplaintId,
    pub referral: ReferralId,
    pub kind: Kind,
    pub procedure: Option<Procedure>,
    /// The stage that a complaint which moved in had reached, as its row said.
    pub stage: Option<String>,
    pub received_on: NaiveDate,
    pub details: Details,
    /// The day of the latest answer, and what it said.
    pub responded_on: Option<NaiveDate>,
    pub outcome: Option<Outcome>,
    pub closed_on: Option<NaiveDate>,
    pub version: i32,
    /// In the order of the procedure.
    pub steps: Vec<Done>,
}

/// What is told about a complaint besides its steps.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Details {
    /// When it happened.
    pub matter_on: Option<NaiveDate>,
    /// What it is about, in the young person's words.
    pub about: Option<String>,
    /// Who or which team is complained about.
    pub complained_about: Option<String>,
    /// Whether an advocate helps.
    pub advocate: Option<bool>,
    /// Why it comes more than a year after the matter.
    pub late_reason: Option<String>,
    /// What was learnt from it.
    pub learning: Option<String>,
}

/// A step that was taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Done {
    pub id: ComplaintStepId,
    pub step: Step,
    /// The day. Of an extension: the day on which the young person was told.
    pub on: NaiveDate,
    pub outcome: Option<Outcome>,
    /// Who was appointed, who apologised.
    pub who: Option<String>,
    /// What was written of it. Of an extension: its reason.
    pub note: Option<String>,
    pub recorded_by: String,
    pub created_at: NaiveDateTime,
}

/// A complaint as a row of a moved-in spreadsheet tells it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MovedIn {
    pub id: ComplaintId,
    pub referral: ReferralId,
    pub kind: Kind,
    pub procedure: Option<Procedure>,
    pub stage: Option<String>,
    pub received_on: NaiveDate,
    pub responded_on: Option<NaiveDate>,
    pub outcome: Option<Outcome>,
}

impl Complaint {
    #[must_use]
    pub fn done(&self, step: Step) -> Option<&Done> {
        self.steps.iter().find(|done| done.step == step)
    }

    #[must_use]
    pub fn day_of(&self, step: Step) -> Option<NaiveDate> {
        self.done(step).map(|done| done.on)
    }

    /// Which procedure it follows; none for an informal one. A formal one that does not say
    /// follows the statutory one.
    #[must_use]
    pub fn follows(&self) -> Option<Procedure> {
        match self.kind {
            Kind::Informal => None,
            Kind::Formal => Some(self.procedure.unwrap_or(Procedure::ChildrenAct)),
        }
    }

    /// "Formal: the council's own procedure".
    #[must_use]
    pub fn kind_words(&self) -> String {
        match self.follows() {
            None => "Informal complaint".to_owned(),
            Some(procedure) => format!(
                "Formal complaint: {}",
                crate::text::lower_first(procedure.words())
            ),
        }
    }
}
