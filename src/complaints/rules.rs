//! What may be done about a complaint, and the sentence that says why not: which step may follow
//! which, and in what order their days go. Source: domain.md section 6, after SI 2006/1738 and its
//! guidance.

use std::fmt;

use chrono::NaiveDate;

use super::{Complaint, Details, Kind, Procedure, State, Step};
use crate::calendar::{add_months, show};

/// Why something about a complaint is refused. Each is the sentence the user reads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    AlreadyDone(Step),
    NotOnRecord,
    NotForInformal,
    InformalOnly,
    OnlyStatutory(Step),
    NotYet { step: Step, state: State },
    Past { step: Step, state: State },
    HasEnded,
    Before { what: &'static str, day: NaiveDate },
    After { what: &'static str, day: NaiveDate },
    InTheFuture,
    ReceivedInTheFuture,
    MatterAfterReceipt,
    NoReason,
    NoOutcome,
    Nobody(Step),
    NotTheLast(Step),
}

impl Refusal {
    /// The field at which the sentence stands; none where it is about the step as a whole.
    #[must_use]
    pub fn field(&self) -> Option<&'static str> {
        match self {
            Self::Before { .. } | Self::After { .. } | Self::InTheFuture => Some("on"),
            Self::ReceivedInTheFuture => Some("received_on"),
            Self::MatterAfterReceipt => Some("matter_on"),
            Self::NoReason => Some("note"),
            Self::NoOutcome => Some("outcome"),
            Self::Nobody(_) => Some("who"),
            _ => None,
        }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::AlreadyDone(step) => write!(
                f,
                "“{}” is on record already. Open it there to change it.",
                step.words()
            ),
            Self::NotOnRecord => f.write_str("This step is not on record, so it cannot be changed."),
            Self::NotForInformal => f.write_str(
                "This is an informal complaint, which has no stages. Record a formal complaint for them.",
            ),
            Self::InformalOnly => {
                f.write_str("This is a formal complaint: record the answer of its stage.")
            }
            Self::OnlyStatutory(step) => write!(
                f,
                "“{}” belongs to the statutory procedure, and this complaint follows another.",
                step.words()
            ),
            Self::NotYet { step, state } => write!(
                f,
                "“{}” cannot be recorded yet. The complaint stands at “{}”. {}",
                step.words(),
                state.words(),
                before_it(*step)
            ),
            Self::Past { step, state } => write!(
                f,
                "“{}” no longer follows. The complaint stands at “{}”: take back what was recorded too early first.",
                step.words(),
                state.words()
            ),
            Self::HasEnded => f.write_str(
                "This complaint has ended. Take back its ending, or record a new complaint.",
            ),
            Self::Before { what, day } => {
                write!(f, "The day must be on or after {}, {what}", show(*day))
            }
            Self::After { what, day } => {
                write!(f, "The day must be on or before {}, {what}", show(*day))
            }
            Self::InTheFuture => f.write_str("The day must be today or in the past"),
            Self::ReceivedInTheFuture => {
                f.write_str("The day the complaint was received must be today or in the past")
            }
            Self::MatterAfterReceipt => {
                f.write_str("The day it happened must be on or before the day the complaint was received")
            }
            Self::NoReason => f.write_str("Enter why more time is needed"),
            Self::NoOutcome => f.write_str("Choose the outcome"),
            Self::Nobody(Step::ApologyGiven) => f.write_str("Enter who apologised"),
            Self::Nobody(_) => f.write_str("Enter who was appointed"),
            Self::NotTheLast(step) => write!(
                f,
                "Take back “{}” first: it came after this step.",
                step.words()
            ),
        }
    }
}

/// What has to be on record before a step.
fn before_it(step: Step) -> &'static str {
    match step {
        Step::Stage2Acknowledged
        | Step::InvestigatorAppointed
        | Step::IndependentAppointed
        | Step::StatementAgreed
        | Step::Stage2Extended
        | Step::InvestigationCompleted => "Record first that stage 2 was asked for.",
        Step::Stage2Response => {
            "Record first that stage 2 was asked for and, in the statutory procedure, that the investigation was completed."
        }
        Step::Stage3Requested => "Record the answer of stage 2 first.",
        Step::PanelMet => "Record first that a panel was asked for.",
        Step::PanelFindings => "Record the day the panel met first.",
        Step::AuthorityResponse => "Record the findings of the panel first.",
        Step::OmbudsmanDecision => "Record first that it was taken to the Ombudsman.",
        _ => "Record what comes before it first.",
    }
}

/// The state that a step leads to; none for what is done beside the way.
#[must_use]
pub fn leads_to(step: Step) -> Option<State> {
    match step {
        Step::InformalAnswer => Some(State::InformallyAnswered),
        Step::Stage1Response => Some(State::AnsweredAtStage1),
        Step::Stage2Requested => Some(State::Stage2Asked),
        Step::StatementAgreed => Some(State::BeingInvestigated),
        Step::InvestigationCompleted => Some(State::Stage2ToAnswer),
        Step::Stage2Response => Some(State::AnsweredAtStage2),
        Step::Stage3Requested => Some(State::PanelAwaited),
        Step::PanelMet => Some(State::FindingsAwaited),
        Step::PanelFindings => Some(State::Stage3ToAnswer),
        Step::AuthorityResponse => Some(State::AnsweredAtStage3),
        Step::OmbudsmanReferred => Some(State::WithOmbudsman),
        Step::OmbudsmanDecision => Some(State::Decided),
        Step::Ended => Some(State::Over),
        Step::Acknowledged
        | Step::Stage1Extended
        | Step::Stage2Acknowledged
        | Step::InvestigatorAppointed
        | Step::IndependentAppointed
        | Step::Stage2Extended
        | Step::ApologyGiven => None,
    }
}

/// The stage at which the record begins: a complaint that moved in may be further on.
#[must_use]
pub fn begins_at_stage(complaint: &Complaint) -> u8 {
    stage_number(complaint.stage.as_deref())
}

fn stage_number(stage: Option<&str>) -> u8 {
    match stage {
        Some(stage) if stage.contains('3') => 3,
        Some(stage) if stage.contains('2') => 2,
        _ => 1,
    }
}

/// The step that the answer of a complaint which moved in stands for.
#[must_use]
pub fn answer_of(kind: Kind, stage: Option<&str>) -> Step {
    match (kind, stage_number(stage)) {
        (Kind::Informal, _) => Step::InformalAnswer,
        (Kind::Formal, 3) => Step::AuthorityResponse,
        (Kind::Formal, 2) => Step::Stage2Response,
        (Kind::Formal, _) => Step::Stage1Response,
    }
}

/// How a complaint stands, by the furthest of its steps.
#[must_use]
pub fn state(complaint: &Complaint) -> State {
    let furthest = complaint.steps.iter().rev();
    let reached = furthest.filter_map(|done| leads_to(done.step)).next();
    reached.unwrap_or_else(|| {
        if complaint.closed_on.is_some() {
            return State::Over;
        }
        match (complaint.kind, begins_at_stage(complaint)) {
            (Kind::Informal, _) => State::BeingTalkedAbout,
            (Kind::Formal, 3) => State::PanelAwaited,
            (Kind::Formal, 2) => State::Stage2Asked,
            (Kind::Formal, _) => State::AtStage1,
        }
    })
}

/// The states from which a step may be taken.
fn from(step: Step, statutory: bool) -> &'static [State] {
    use State as S;
    const STAGE_2: &[State] = &[S::Stage2Asked, S::BeingInvestigated, S::Stage2ToAnswer];
    // Learnt of late, they may still be noted.
    const SINCE_STAGE_1: &[State] = &[
        S::AtStage1,
        S::AnsweredAtStage1,
        S::Stage2Asked,
        S::BeingInvestigated,
        S::Stage2ToAnswer,
        S::AnsweredAtStage2,
    ];
    match step {
        Step::InformalAnswer => &[S::BeingTalkedAbout],
        Step::Acknowledged => SINCE_STAGE_1,
        Step::Stage1Extended | Step::Stage1Response => &[S::AtStage1],
        // Also without an answer: when the time has passed, or both agreed to go straight on.
        Step::Stage2Requested => &[S::AtStage1, S::AnsweredAtStage1],
        Step::Stage2Acknowledged
        | Step::InvestigatorAppointed
        | Step::IndependentAppointed
        | Step::Stage2Extended => STAGE_2,
        Step::StatementAgreed => &[S::Stage2Asked],
        // A statement that could not be agreed stops no investigation.
        Step::InvestigationCompleted => &[S::Stage2Asked, S::BeingInvestigated],
        Step::Stage2Response if statutory => &[S::Stage2ToAnswer],
        Step::Stage2Response => &[S::Stage2Asked],
        Step::Stage3Requested => &[S::AnsweredAtStage2],
        Step::PanelMet => &[S::PanelAwaited],
        Step::PanelFindings => &[S::FindingsAwaited],
        Step::AuthorityResponse => &[S::Stage3ToAnswer],
        // From any stage: also when the council has not answered at all.
        Step::OmbudsmanReferred => &[
            S::AtStage1,
            S::AnsweredAtStage1,
            S::Stage2Asked,
            S::BeingInvestigated,
            S::Stage2ToAnswer,
            S::AnsweredAtStage2,
            S::PanelAwaited,
            S::FindingsAwaited,
            S::Stage3ToAnswer,
            S::AnsweredAtStage3,
        ],
        Step::OmbudsmanDecision => &[S::WithOmbudsman],
        Step::ApologyGiven => State::ALL,
        Step::Ended => &[
            S::BeingTalkedAbout,
            S::InformallyAnswered,
            S::AtStage1,
            S::AnsweredAtStage1,
            S::Stage2Asked,
            S::BeingInvestigated,
            S::Stage2ToAnswer,
            S::AnsweredAtStage2,
            S::PanelAwaited,
            S::FindingsAwaited,
            S::Stage3ToAnswer,
            S::AnsweredAtStage3,
            S::WithOmbudsman,
        ],
    }
}

fn is_only_statutory(step: Step) -> bool {
    matches!(
        step,
        Step::Stage1Extended
            | Step::InvestigatorAppointed
            | Step::IndependentAppointed
            | Step::StatementAgreed
            | Step::Stage2Extended
            | Step::InvestigationCompleted
            | Step::Stage3Requested
            | Step::PanelMet
            | Step::PanelFindings
            | Step::AuthorityResponse
    )
}

/// May this step be taken now?
pub fn may_take(complaint: &Complaint, step: Step) -> Result<(), Refusal> {
    if complaint.done(step).is_some() {
        return Err(Refusal::AlreadyDone(step));
    }
    let state = state(complaint);
    may_follow(state, step, complaint.follows())
}

/// May this step follow from this state, in this procedure (none: informally)?
pub fn may_follow(state: State, step: Step, follows: Option<Procedure>) -> Result<(), Refusal> {
    let for_all = matches!(step, Step::ApologyGiven | Step::Ended);
    match follows {
        None if !for_all && step != Step::InformalAnswer => return Err(Refusal::NotForInformal),
        Some(_) if step == Step::InformalAnswer => return Err(Refusal::InformalOnly),
        Some(other) if other != Procedure::ChildrenAct && is_only_statutory(step) => {
            return Err(Refusal::OnlyStatutory(step));
        }
        _ => {}
    }
    let allowed = from(step, follows == Some(Procedure::ChildrenAct));
    if allowed.contains(&state) {
        return Ok(());
    }
    if matches!(state, State::Over | State::Decided) {
        return Err(Refusal::HasEnded);
    }
    Err(match allowed.first() {
        Some(first) if state < *first => Refusal::NotYet { step, state },
        _ => Refusal::Past { step, state },
    })
}

/// The steps that may be taken now, the likeliest first: those that lead on, then those beside.
#[must_use]
pub fn next_steps(complaint: &Complaint) -> Vec<Step> {
    let mut steps: Vec<Step> = Step::ALL
        .iter()
        .copied()
        .filter(|step| may_take(complaint, *step).is_ok())
        .collect();
    // These can nearly always be done; they are seldom what comes next.
    let place = |step: &Step| match step {
        Step::ApologyGiven => 4,
        Step::OmbudsmanReferred => 3,
        Step::Ended => 2,
        beside if leads_to(*beside).is_none() => 1,
        _ => 0,
    };
    steps.sort_by_key(|step| (place(step), *step));
    steps
}

#[must_use]
pub fn has_outcome(step: Step) -> bool {
    matches!(
        step,
        Step::InformalAnswer
            | Step::Stage1Response
            | Step::Stage2Response
            | Step::PanelFindings
            | Step::AuthorityResponse
            | Step::OmbudsmanDecision
            | Step::Ended
    )
}

#[must_use]
pub fn names_somebody(step: Step) -> bool {
    matches!(
        step,
        Step::InvestigatorAppointed | Step::IndependentAppointed | Step::ApologyGiven
    )
}

#[must_use]
pub fn is_extension(step: Step) -> bool {
    matches!(step, Step::Stage1Extended | Step::Stage2Extended)
}

/// Is it an answer of the council?
#[must_use]
pub fn is_answer(step: Step) -> bool {
    matches!(
        step,
        Step::InformalAnswer
            | Step::Stage1Response
            | Step::Stage2Response
            | Step::AuthorityResponse
    )
}

/// Has the step all that it needs?
#[must_use]
pub fn check_told(
    step: Step,
    outcome: Option<super::Outcome>,
    who: Option<&str>,
    note: Option<&str>,
) -> Vec<Refusal> {
    let mut problems = Vec::new();
    if has_outcome(step) && outcome.is_none() {
        problems.push(Refusal::NoOutcome);
    }
    if names_somebody(step) && who.is_none() {
        problems.push(Refusal::Nobody(step));
    }
    if is_extension(step) && note.is_none() {
        problems.push(Refusal::NoReason);
    }
    problems
}

/// The steps between which a step beside the way has its day. What leads on has it after all
/// that led there, and before all that led on.
fn lies_between(step: Step) -> Option<(Option<Step>, Option<Step>)> {
    match step {
        Step::Acknowledged => Some((None, None)),
        Step::Stage1Extended => Some((None, Some(Step::Stage1Response))),
        Step::Stage2Acknowledged | Step::Stage2Extended => {
            Some((Some(Step::Stage2Requested), Some(Step::Stage2Response)))
        }
        Step::InvestigatorAppointed | Step::IndependentAppointed => Some((
            Some(Step::Stage2Requested),
            Some(Step::InvestigationCompleted),
        )),
        Step::ApologyGiven => Some((None, None)),
        _ => None,
    }
}

/// Is the day of a step, which is among those of the complaint, possible?
pub fn check_day(complaint: &Complaint, step: Step, today: NaiveDate) -> Result<(), Refusal> {
    let Some(day) = complaint.day_of(step) else {
        return Err(Refusal::NotOnRecord);
    };
    if day > today {
        return Err(Refusal::InTheFuture);
    }
    if day < complaint.received_on {
        return Err(Refusal::Before {
            what: "the day the complaint was received",
            day: complaint.received_on,
        });
    }
    let on_the_way = || {
        complaint
            .steps
            .iter()
            .filter(|done| leads_to(done.step).is_some())
    };
    let (earlier, later) = match lies_between(step) {
        Some((after, before)) => (
            after.and_then(|step| complaint.done(step)),
            before.and_then(|step| complaint.done(step)),
        ),
        None => (
            on_the_way()
                .filter(|done| done.step < step)
                .max_by_key(|done| done.on),
            on_the_way()
                .filter(|done| done.step > step)
                .min_by_key(|done| done.on),
        ),
    };
    if let Some(earlier) = earlier.filter(|earlier| day < earlier.on) {
        return Err(Refusal::Before {
            what: day_words(earlier.step),
            day: earlier.on,
        });
    }
    if let Some(later) = later.filter(|later| day > later.on) {
        return Err(Refusal::After {
            what: day_words(later.step),
            day: later.on,
        });
    }
    Ok(())
}

/// "the day stage 2 was asked for", inside a sentence.
fn day_words(step: Step) -> &'static str {
    match step {
        Step::InformalAnswer => "the day of the answer",
        Step::Stage1Response => "the day of the stage 1 answer",
        Step::Stage2Requested => "the day stage 2 was asked for",
        Step::StatementAgreed => "the day the statement was agreed",
        Step::InvestigationCompleted => "the day the investigation was completed",
        Step::Stage2Response => "the day of the stage 2 answer",
        Step::Stage3Requested => "the day a panel was asked for",
        Step::PanelMet => "the day the panel met",
        Step::PanelFindings => "the day of the panel's findings",
        Step::AuthorityResponse => "the day of the council's answer",
        Step::OmbudsmanReferred => "the day it was taken to the Ombudsman",
        Step::OmbudsmanDecision => "the day of the Ombudsman's decision",
        Step::Ended => "the day the complaint ended",
        _ => "the day of a step before it",
    }
}

/// Are the days of all steps possible? Answers the first that is not.
pub fn check_days(complaint: &Complaint, today: NaiveDate) -> Result<(), Refusal> {
    complaint
        .steps
        .iter()
        .try_for_each(|done| check_day(complaint, done.step, today))
}

/// May a step be taken back? Only the furthest of the way; what lies beside it always.
pub fn may_take_back(complaint: &Complaint, step: Step) -> Result<(), Refusal> {
    if complaint.done(step).is_none() {
        return Err(Refusal::NotOnRecord);
    }
    if leads_to(step).is_none() {
        return Ok(());
    }
    let later = complaint.steps.iter().rev();
    match later
        .filter(|done| done.step > step)
        .find(|done| done.step != Step::ApologyGiven)
    {
        Some(later) => Err(Refusal::NotTheLast(later.step)),
        None => Ok(()),
    }
}

/// What is told of a complaint.
#[must_use]
pub fn check_details(received_on: NaiveDate, details: &Details, today: NaiveDate) -> Vec<Refusal> {
    let mut problems = Vec::new();
    if received_on > today {
        problems.push(Refusal::ReceivedInTheFuture);
    }
    if details.matter_on.is_some_and(|matter| matter > received_on) {
        problems.push(Refusal::MatterAfterReceipt);
    }
    problems
}

/// Complaining is open for one year after the matter, later with good reason: a warning, never a
/// bar.
#[must_use]
pub fn late_warning(complaint: &Complaint) -> Option<String> {
    let matter = complaint.details.matter_on?;
    let last = add_months(matter, 12);
    if complaint.received_on <= last {
        return None;
    }
    let reason = match &complaint.details.late_reason {
        Some(reason) => format!("The reason given for coming later: {reason}"),
        None => "It can still be taken with good reason: write down which.".to_owned(),
    };
    Some(format!(
        "The matter was on {}, more than a year before the complaint was received on {}. {reason}",
        show(matter),
        show(complaint.received_on)
    ))
}

/// The day on which a complaint is over, by its steps.
#[must_use]
pub fn closing(complaint: &Complaint) -> Option<NaiveDate> {
    [Step::Ended, Step::OmbudsmanDecision]
        .into_iter()
        .find_map(|step| complaint.day_of(step))
}

/// What the step means where it stands as a sentence of its own.
#[must_use]
pub fn step_hint(step: Step) -> Option<&'static str> {
    match step {
        Step::Stage1Extended => Some(
            "To 20 working days in all, where the complaint is complex or an advocate is needed.",
        ),
        Step::Stage2Extended => Some("To 65 working days in all."),
        Step::Stage2Requested => Some(
            "From the answer of stage 1, or without one when its time has passed or both agree to go straight on.",
        ),
        Step::OmbudsmanReferred => Some(
            "The Local Government and Social Care Ombudsman. Print the file for the Ombudsman from the page of the complaint.",
        ),
        Step::Ended => {
            Some("When nothing more is to come of it: settled, withdrawn, or not taken further.")
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::complaints::{Done, Outcome};
    use crate::ids::{ComplaintId, ComplaintStepId, ReferralId};

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    const TODAY: &str = "2022-04-04";

    fn complaint(follows: Option<Procedure>) -> Complaint {
        Complaint {
            id: ComplaintId::random(),
            referral: ReferralId::random(),
            kind: follows.map_or(Kind::Informal, |_| Kind::Formal),
            procedure: follows,
            stage: None,
            received_on: day("2021-06-01"),
            details: Details::default(),
            responded_on: None,
            outcome: None,
            closed_on: None,
            version: 1,
            steps: Vec::new(),
        }
    }

    fn with(mut complaint: Complaint, steps: &[(Step, &str)]) -> Complaint {
        for (step, on) in steps {
            complaint.steps.push(Done {
                id: ComplaintStepId::random(),
                step: *step,
                on: day(on),
                outcome: has_outcome(*step).then_some(Outcome::Upheld),
                who: None,
                note: None,
                recorded_by: String::new(),
                created_at: day(on).and_hms_opt(9, 0, 0).unwrap(),
            });
        }
        complaint.steps.sort_by_key(|done| done.step);
        complaint
    }

    /// Every state with every step that may follow it, in the statutory procedure.
    const STATUTORY: &[(State, &[Step])] = {
        use {State as S, Step as T};
        &[
            (
                S::AtStage1,
                &[
                    T::Acknowledged,
                    T::Stage1Extended,
                    T::Stage1Response,
                    T::Stage2Requested,
                    T::OmbudsmanReferred,
                    T::ApologyGiven,
                    T::Ended,
                ],
            ),
            (
                S::AnsweredAtStage1,
                &[
                    T::Acknowledged,
                    T::Stage2Requested,
                    T::OmbudsmanReferred,
                    T::ApologyGiven,
                    T::Ended,
                ],
            ),
            (
                S::Stage2Asked,
                &[
                    T::Acknowledged,
                    T::Stage2Acknowledged,
                    T::InvestigatorAppointed,
                    T::IndependentAppointed,
                    T::StatementAgreed,
                    T::Stage2Extended,
                    T::InvestigationCompleted,
                    T::OmbudsmanReferred,
                    T::ApologyGiven,
                    T::Ended,
                ],
            ),
            (
                S::BeingInvestigated,
                &[
                    T::Acknowledged,
                    T::Stage2Acknowledged,
                    T::InvestigatorAppointed,
                    T::IndependentAppointed,
                    T::Stage2Extended,
                    T::InvestigationCompleted,
                    T::OmbudsmanReferred,
                    T::ApologyGiven,
                    T::Ended,
                ],
            ),
            (
                S::Stage2ToAnswer,
                &[
                    T::Acknowledged,
                    T::Stage2Acknowledged,
                    T::InvestigatorAppointed,
                    T::IndependentAppointed,
                    T::Stage2Extended,
                    T::Stage2Response,
                    T::OmbudsmanReferred,
                    T::ApologyGiven,
                    T::Ended,
                ],
            ),
            (
                S::AnsweredAtStage2,
                &[
                    T::Acknowledged,
                    T::Stage3Requested,
                    T::OmbudsmanReferred,
                    T::ApologyGiven,
                    T::Ended,
                ],
            ),
            (
                S::PanelAwaited,
                &[T::PanelMet, T::OmbudsmanReferred, T::ApologyGiven, T::Ended],
            ),
            (
                S::FindingsAwaited,
                &[
                    T::PanelFindings,
                    T::OmbudsmanReferred,
                    T::ApologyGiven,
                    T::Ended,
                ],
            ),
            (
                S::Stage3ToAnswer,
                &[
                    T::AuthorityResponse,
                    T::OmbudsmanReferred,
                    T::ApologyGiven,
                    T::Ended,
                ],
            ),
            (
                S::AnsweredAtStage3,
                &[T::OmbudsmanReferred, T::ApologyGiven, T::Ended],
            ),
            (
                S::WithOmbudsman,
                &[T::OmbudsmanDecision, T::ApologyGiven, T::Ended],
            ),
            (S::Decided, &[T::ApologyGiven]),
            (S::Over, &[T::ApologyGiven]),
        ]
    };

    #[test]
    fn every_step_follows_from_the_states_of_the_table_and_from_no_other() {
        for state in State::ALL {
            let allowed = STATUTORY
                .iter()
                .find(|(of, _)| of == state)
                .map_or(&[][..], |(_, steps)| steps);
            let informal = matches!(state, State::BeingTalkedAbout | State::InformallyAnswered);
            for step in Step::ALL {
                let answer = may_follow(*state, *step, Some(Procedure::ChildrenAct));
                if informal {
                    // No formal complaint stands there.
                    continue;
                }
                assert_eq!(answer.is_ok(), allowed.contains(step), "{state:?} {step:?}");
                if let Err(refusal) = answer {
                    let sentence = refusal.to_string();
                    assert!(sentence.ends_with('.') && sentence.len() > 30, "{sentence}");
                }
            }
        }
    }

    #[test]
    fn from_every_state_every_step_leads_to_its_own() {
        for step in Step::ALL {
            let reached = with(
                complaint(Some(Procedure::ChildrenAct)),
                &[(*step, "2021-07-01")],
            );
            let expected = leads_to(*step).unwrap_or(State::AtStage1);
            assert_eq!(state(&reached), expected, "{step:?}");
        }
    }

    #[test]
    fn every_state_can_be_reached_and_every_open_one_can_end() {
        for state in State::ALL {
            let begins = matches!(state, State::BeingTalkedAbout | State::AtStage1);
            let reached = Step::ALL.iter().any(|step| leads_to(*step) == Some(*state));
            assert!(begins || reached, "{state:?}");
            let follows = match state {
                State::BeingTalkedAbout | State::InformallyAnswered => None,
                _ => Some(Procedure::ChildrenAct),
            };
            let open = !matches!(state, State::Over | State::Decided);
            assert_eq!(
                may_follow(*state, Step::Ended, follows).is_ok(),
                open,
                "{state:?}"
            );
        }
    }

    #[test]
    fn an_informal_complaint_has_an_answer_and_no_stages() {
        for step in Step::ALL {
            let may = may_follow(State::BeingTalkedAbout, *step, None).is_ok();
            let expected = matches!(
                step,
                Step::InformalAnswer | Step::ApologyGiven | Step::Ended
            );
            assert_eq!(may, expected, "{step:?}");
        }
        let refused = may_follow(State::BeingTalkedAbout, Step::Stage2Requested, None);
        assert_eq!(refused, Err(Refusal::NotForInformal));
        let formal = may_follow(State::AtStage1, Step::InformalAnswer, Some(Procedure::Nhs));
        assert_eq!(formal, Err(Refusal::InformalOnly));
    }

    #[test]
    fn other_procedures_have_two_answers_and_no_panel() {
        let corporate = Some(Procedure::Corporate);
        assert!(may_follow(State::Stage2Asked, Step::Stage2Response, corporate).is_ok());
        for step in [
            Step::Stage3Requested,
            Step::StatementAgreed,
            Step::Stage1Extended,
        ] {
            let refused = may_follow(State::AnsweredAtStage2, step, corporate);
            assert_eq!(refused, Err(Refusal::OnlyStatutory(step)));
        }
    }

    #[test]
    fn a_step_is_taken_once() {
        let answered = with(
            complaint(Some(Procedure::ChildrenAct)),
            &[(Step::Acknowledged, "2021-06-02")],
        );
        assert_eq!(
            may_take(&answered, Step::Acknowledged),
            Err(Refusal::AlreadyDone(Step::Acknowledged))
        );
    }

    #[test]
    fn the_next_step_that_leads_on_is_offered_first() {
        let received = complaint(Some(Procedure::ChildrenAct));
        assert_eq!(next_steps(&received).first(), Some(&Step::Stage1Response));
        let asked = with(received, &[(Step::Stage2Requested, "2021-06-10")]);
        assert_eq!(next_steps(&asked).first(), Some(&Step::StatementAgreed));
        let informal = complaint(None);
        assert_eq!(next_steps(&informal).first(), Some(&Step::InformalAnswer));
        let answered = with(informal, &[(Step::InformalAnswer, "2021-06-10")]);
        assert_eq!(next_steps(&answered).first(), Some(&Step::Ended));
    }

    #[test]
    fn the_days_of_the_way_go_in_its_order() {
        let way = with(
            complaint(Some(Procedure::ChildrenAct)),
            &[
                (Step::Stage1Response, "2021-06-10"),
                (Step::Stage2Requested, "2021-06-09"),
            ],
        );
        let refused = check_day(&way, Step::Stage2Requested, day(TODAY)).unwrap_err();
        assert!(
            refused
                .to_string()
                .contains("10 June 2021, the day of the stage 1 answer")
        );
        let refused = check_day(&way, Step::Stage1Response, day(TODAY)).unwrap_err();
        assert!(refused.to_string().contains("on or before 9 June 2021"));
        assert!(check_days(&way, day(TODAY)).is_err());
    }

    #[test]
    fn no_day_lies_before_the_receipt_or_after_today() {
        let early = with(complaint(None), &[(Step::InformalAnswer, "2021-05-31")]);
        let refused = check_day(&early, Step::InformalAnswer, day(TODAY));
        assert!(matches!(refused, Err(Refusal::Before { .. })));
        let late = with(complaint(None), &[(Step::InformalAnswer, "2022-04-05")]);
        let refused = check_day(&late, Step::InformalAnswer, day(TODAY));
        assert_eq!(refused, Err(Refusal::InTheFuture));
    }

    #[test]
    fn an_independent_person_may_be_appointed_after_the_statement() {
        let way = with(
            complaint(Some(Procedure::ChildrenAct)),
            &[
                (Step::Stage2Requested, "2021-06-10"),
                (Step::IndependentAppointed, "2021-06-20"),
                (Step::StatementAgreed, "2021-06-15"),
            ],
        );
        assert_eq!(check_days(&way, day(TODAY)), Ok(()));
        let early = with(way, &[(Step::InvestigatorAppointed, "2021-06-09")]);
        assert!(check_days(&early, day(TODAY)).is_err());
    }

    #[test]
    fn an_extension_needs_a_reason_and_an_appointment_a_name() {
        let missing = check_told(Step::Stage2Extended, None, None, None);
        assert_eq!(missing, [Refusal::NoReason]);
        let missing = check_told(Step::InvestigatorAppointed, None, None, None);
        assert_eq!(missing, [Refusal::Nobody(Step::InvestigatorAppointed)]);
        assert_eq!(
            check_told(Step::Stage1Response, None, None, None),
            [Refusal::NoOutcome]
        );
        assert!(check_told(Step::Acknowledged, None, None, None).is_empty());
    }

    #[test]
    fn only_the_furthest_step_is_taken_back() {
        let way = with(
            complaint(Some(Procedure::ChildrenAct)),
            &[
                (Step::Acknowledged, "2021-06-02"),
                (Step::Stage1Response, "2021-06-10"),
                (Step::Stage2Requested, "2021-06-11"),
                (Step::ApologyGiven, "2021-06-12"),
            ],
        );
        assert_eq!(
            may_take_back(&way, Step::Stage1Response),
            Err(Refusal::NotTheLast(Step::Stage2Requested))
        );
        for step in [
            Step::Stage2Requested,
            Step::Acknowledged,
            Step::ApologyGiven,
        ] {
            assert_eq!(may_take_back(&way, step), Ok(()));
        }
        assert_eq!(may_take_back(&way, Step::Ended), Err(Refusal::NotOnRecord));
    }

    #[test]
    fn after_a_year_there_is_a_warning_and_no_bar() {
        let mut late = complaint(None);
        late.details.matter_on = Some(day("2020-06-01"));
        assert_eq!(late_warning(&late), None);
        late.details.matter_on = Some(day("2020-05-31"));
        assert!(late_warning(&late).unwrap().contains("write down which"));
        late.details.late_reason = Some("In hospital".to_owned());
        assert!(late_warning(&late).unwrap().ends_with("In hospital"));
        assert!(check_details(late.received_on, &late.details, day(TODAY)).is_empty());
    }

    #[test]
    fn a_complaint_that_moved_in_further_on_stands_there() {
        let mut moved = complaint(Some(Procedure::ChildrenAct));
        moved.stage = Some("2".to_owned());
        assert_eq!(state(&moved), State::Stage2Asked);
        moved.stage = Some("Stage 3".to_owned());
        assert_eq!(state(&moved), State::PanelAwaited);
        moved.closed_on = Some(day("2021-07-01"));
        assert_eq!(state(&moved), State::Over);
    }
}
