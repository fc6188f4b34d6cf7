//! One referral as a line of a list: on the list of referrals, on everybody's own page, among what
//! a search found.

use std::collections::{HashMap, HashSet};

use serde::Serialize;

use super::store::{self, Line};
use super::{Outcome, Remit, outcome_words};
use crate::calendar::show as day;
use crate::ctx::Ctx;
use crate::failure::Failure;
use crate::ids::{ReferralId, YoungPersonId};
use crate::web::view;
use crate::young_people::warnings;

/// One line of a list of referrals, in words.
#[derive(Serialize)]
pub struct LineView {
    href: String,
    person: String,
    age_words: String,
    stream: &'static str,
    source: &'static str,
    received: String,
    outcome: &'static str,
    colour: &'static str,
    officer: String,
    conference: Option<view::Countdown>,
    contact: String,
    warning: bool,
    attention: bool,
}

impl LineView {
    /// The lines of a list, with who has been tried.
    pub fn lines(ctx: &mut Ctx<'_>, lines: Vec<Line>, near: i64) -> Result<Vec<Self>, Failure> {
        let ids: Vec<ReferralId> = lines.iter().map(|line| line.id.clone()).collect();
        let tried = store::last_attempts(ctx, &ids)?;
        let people: Vec<YoungPersonId> =
            lines.iter().map(|line| line.young_person.clone()).collect();
        let warned = warnings::store::warned(ctx, &people)?;
        let today = ctx.today;
        Ok(lines
            .into_iter()
            .map(|line| Self::of(line, &tried, &warned, today, near))
            .collect())
    }

    fn of(
        line: Line,
        tried: &HashMap<ReferralId, chrono::NaiveDate>,
        warned: &HashSet<YoungPersonId>,
        today: chrono::NaiveDate,
        near: i64,
    ) -> Self {
        let waits = line.outcome == Outcome::Pending && line.remit != Some(Remit::OutOfRemit);
        let contact = match (
            line.parent_contacted_on,
            line.young_person_asked_on,
            tried.get(&line.id),
        ) {
            (_, Some(asked), _) => format!("Young person asked {}", day(asked)),
            (Some(contacted), None, _) => format!("Parent contacted {}", day(contacted)),
            (None, None, Some(tried)) => format!("Tried {}", day(*tried)),
            (None, None, None) => "Nobody yet".to_owned(),
        };
        let conference = line
            .conference_on
            .filter(|_| waits)
            .map(|on| view::Countdown::to(on, today, near));
        let untried = line.parent_contacted_on.is_none() && !tried.contains_key(&line.id);
        let is_near = conference
            .as_ref()
            .is_some_and(|days| !days.urgency.is_empty());
        Self {
            href: format!("/referrals/{}", line.id),
            person: format!("{} {}", line.first_name, line.last_name),
            age_words: view::age_words(line.date_of_birth, today),
            stream: line.stream.words(),
            source: line.source.words(),
            received: day(line.received_on),
            outcome: outcome_words(line.outcome, line.remit),
            colour: colour(line.outcome, line.remit),
            officer: line.officer_name.unwrap_or_else(|| "Nobody".to_owned()),
            conference,
            contact,
            warning: warned.contains(&line.young_person),
            attention: line.decision_needed.is_some() || (waits && untried && is_near),
        }
    }
}

/// The colour of an outcome's tag; the words stand in it.
pub(super) fn colour(outcome: Outcome, remit: Option<Remit>) -> &'static str {
    match (remit, outcome) {
        (Some(Remit::OutOfRemit), _) => "grey",
        (_, Outcome::Pending) => "yellow",
        (_, Outcome::Accepted) => "green",
        _ => "grey",
    }
}
