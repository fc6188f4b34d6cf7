//! What may happen to a case study, and the sentence that says why not.

use std::fmt;

use chrono::NaiveDate;

use super::check::{Finding, Level};
use super::{CaseStudy, Consent, Look, State};
use crate::calendar::show;

crate::words! {
    /// What can be done with a case study as a whole.
    pub enum Step {
        Edit = "edit", "Change the text";
        Check = "check", "Check it";
        Publish = "publish", "Publish it";
        Withdraw = "withdraw", "Withdraw it";
    }
}

/// Why something about a case study is refused. Each is the sentence the user reads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    NotNow(Step, State),
    MustGo(usize),
    NotLookedAt(usize),
    NoConsent,
    NotForReport,
    ConsentWithdrawn(NaiveDate),
    NoConsentToWithdraw,
    InTheFuture(&'static str),
    BeforeConsent(NaiveDate),
    Published,
    NoReason,
}

impl Refusal {
    /// The field of the form that it is about.
    #[must_use]
    pub fn field(&self) -> Option<&'static str> {
        match self {
            Self::InTheFuture(field) => Some(field),
            Self::BeforeConsent(_) => Some("withdrawn_on"),
            Self::NoReason => Some("why"),
            _ => None,
        }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotNow(step, state) => f.write_str(match (step, state) {
                (Step::Publish, State::Draft) => "Check this case study before you publish it.",
                (_, State::Published) => {
                    "This case study is published. Withdraw it before you change it."
                }
                (_, State::Withdrawn) => {
                    "This case study was withdrawn. Change its text to begin again."
                }
                (Step::Withdraw, _) => "This case study is not published.",
                (_, State::Draft | State::Checked) => "This cannot be done now.",
            }),
            Self::MustGo(1) => {
                f.write_str("The check found something that has to go. Change the text first.")
            }
            Self::MustGo(number) => write!(
                f,
                "The check found {number} things that have to go. Change the text first."
            ),
            Self::NotLookedAt(1) => {
                f.write_str("One thing that the check found still needs a reason, or has to go.")
            }
            Self::NotLookedAt(number) => write!(
                f,
                "{number} things that the check found still need a reason, or have to go."
            ),
            Self::NoConsent => {
                f.write_str("Nobody has consented yet. Record the consent before you publish.")
            }
            Self::NotForReport => f.write_str(
                "The consent is for training only. Ask again before you publish it to the report.",
            ),
            Self::ConsentWithdrawn(on) => write!(
                f,
                "The consent was withdrawn on {}. It cannot be published.",
                show(*on)
            ),
            Self::NoConsentToWithdraw => f.write_str("There is no consent to withdraw."),
            Self::InTheFuture(_) => f.write_str("The date must be today or in the past"),
            Self::BeforeConsent(on) => write!(
                f,
                "The date must be on or after {}, the day of the consent",
                show(*on)
            ),
            Self::Published => f.write_str(
                "This case study is published with the consent on record. Withdraw it first.",
            ),
            Self::NoReason => f.write_str("Say why it is withdrawn"),
        }
    }
}

/// How a case study stands after a step, or why the step cannot be now.
pub fn after(state: State, step: Step) -> Result<State, Refusal> {
    match (step, state) {
        (Step::Edit, State::Draft | State::Checked | State::Withdrawn) => Ok(State::Draft),
        (Step::Check, State::Draft | State::Checked) => Ok(State::Checked),
        (Step::Publish, State::Checked) => Ok(State::Published),
        (Step::Withdraw, State::Published) => Ok(State::Withdrawn),
        (step, state) => Err(Refusal::NotNow(step, state)),
    }
}

/// The findings that nobody has let stand yet.
#[must_use]
pub fn open_findings<'f>(findings: &'f [Finding], looks: &[Look]) -> Vec<&'f Finding> {
    findings
        .iter()
        .filter(|finding| {
            finding.level == Level::Must || looks.iter().all(|look| look.finding != finding.key())
        })
        .collect()
}

/// Is everything that the check found gone, or let stand with a reason?
pub fn is_clean(findings: &[Finding], looks: &[Look]) -> Result<(), Refusal> {
    let open = open_findings(findings, looks);
    let must = open
        .iter()
        .filter(|finding| finding.level == Level::Must)
        .count();
    match (must, open.len()) {
        (0, 0) => Ok(()),
        (0, open) => Err(Refusal::NotLookedAt(open)),
        (must, _) => Err(Refusal::MustGo(must)),
    }
}

/// Is there a consent that holds, to what the report does?
pub fn consent_holds(consent: Option<&Consent>) -> Result<(), Refusal> {
    let consent = consent.ok_or(Refusal::NoConsent)?;
    if let Some(on) = consent.withdrawn_on {
        return Err(Refusal::ConsentWithdrawn(on));
    }
    match consent.purpose {
        super::Purpose::AnnualReport => Ok(()),
        super::Purpose::Training => Err(Refusal::NotForReport),
    }
}

/// May it be published now, with what the check finds now?
pub fn may_publish(
    study: &CaseStudy,
    findings: &[Finding],
    looks: &[Look],
) -> Result<State, Refusal> {
    let state = after(study.state, Step::Publish)?;
    consent_holds(study.consent.as_ref())?;
    is_clean(findings, looks)?;
    Ok(state)
}

#[cfg(test)]
mod tests {
    use super::super::check::{Finding, Kind, Part};
    use super::super::{ConsentBy, Purpose};
    use super::*;

    fn finding(level: Level) -> Finding {
        Finding {
            kind: Kind::Place,
            level,
            part: Part::Worries,
            words: "Oakham".to_owned(),
            before: String::new(),
            after: String::new(),
        }
    }

    fn look(finding: &Finding) -> Look {
        Look {
            finding: finding.key(),
            reason: "It is a made-up name".to_owned(),
            by: "Olive".to_owned(),
        }
    }

    #[test]
    fn every_state_knows_which_steps_it_takes() {
        use State as S;
        let expected = [
            (S::Draft, [Some(S::Draft), Some(S::Checked), None, None]),
            (
                S::Checked,
                [Some(S::Draft), Some(S::Checked), Some(S::Published), None],
            ),
            (S::Published, [None, None, None, Some(S::Withdrawn)]),
            (S::Withdrawn, [Some(S::Draft), None, None, None]),
        ];
        assert_eq!(expected.len(), State::ALL.len());
        for (state, steps) in expected {
            assert!(!state.words().is_empty());
            assert_eq!(steps.len(), Step::ALL.len());
            for (step, next) in Step::ALL.iter().zip(steps) {
                let answer = after(state, *step);
                assert_eq!(answer.clone().ok(), next, "{state:?} {step:?}");
                if let Err(refusal) = answer {
                    assert!(refusal.to_string().ends_with('.'), "{refusal}");
                }
            }
        }
    }

    #[test]
    fn what_must_go_is_never_let_stand() {
        let must = finding(Level::Must);
        assert_eq!(
            is_clean(std::slice::from_ref(&must), &[look(&must)]),
            Err(Refusal::MustGo(1))
        );
    }

    #[test]
    fn what_is_to_be_looked_at_stands_with_a_reason() {
        let it = finding(Level::Look);
        assert_eq!(
            is_clean(std::slice::from_ref(&it), &[]),
            Err(Refusal::NotLookedAt(1))
        );
        assert_eq!(is_clean(std::slice::from_ref(&it), &[look(&it)]), Ok(()));
        let mut other = it.clone();
        other.words = "Ryhall".to_owned();
        assert_eq!(
            is_clean(&[other], &[look(&it)]),
            Err(Refusal::NotLookedAt(1))
        );
    }

    #[test]
    fn a_consent_holds_until_it_is_withdrawn_and_for_what_it_says() {
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        let mut consent = Consent {
            by: ConsentBy::YoungPerson,
            how: "Signed".to_owned(),
            purpose: Purpose::AnnualReport,
            on: day("2022-03-01"),
            withdrawn_on: None,
        };
        assert_eq!(consent_holds(None), Err(Refusal::NoConsent));
        assert_eq!(consent_holds(Some(&consent)), Ok(()));
        consent.purpose = Purpose::Training;
        assert_eq!(consent_holds(Some(&consent)), Err(Refusal::NotForReport));
        consent.withdrawn_on = Some(day("2022-03-02"));
        assert_eq!(
            consent_holds(Some(&consent)),
            Err(Refusal::ConsentWithdrawn(day("2022-03-02")))
        );
    }
}
