//! Why a line stands on one of the lists, and when it does not. Each reason is the sentence the
//! user reads.

use std::fmt;

use chrono::{NaiveDate, NaiveDateTime};

use crate::calendar::show;
use crate::conferences::Status;
use crate::conferences::rules::{Seat, Verdict};
use crate::ids::BatchId;
use crate::referrals::{Outcome, Withdrawal};
use crate::text::lower_first;

// Of age, and no referral

/// A referral of the child in the child protection stream, within the remit.
#[derive(Debug, Clone)]
pub struct Earlier {
    pub made_at: NaiveDateTime,
    pub received_on: NaiveDate,
    pub outcome: Outcome,
    pub outcome_on: Option<NaiveDate>,
}

/// A stretch of a case in the child protection stream.
#[derive(Debug, Clone)]
pub struct Spell {
    pub opened_on: NaiveDate,
    pub closed_on: Option<NaiveDate>,
}

/// Why a child of age has no referral.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WhyNot {
    /// They had a referral when the conference came in, and it has ended.
    HadReferral {
        received_on: NaiveDate,
        outcome: Outcome,
    },
    /// They had a case when the conference came in, and it has closed.
    HadCase {
        closed_on: NaiveDate,
    },
    /// By the policies known when the conference came in they were not due.
    PolicyChanged {
        was: Verdict,
    },
    /// The referral was withdrawn by itself, and the reason is gone.
    Withdrawn(Withdrawal),
    NotKnown,
}

impl fmt::Display for WhyNot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::HadReferral {
                received_on,
                outcome,
            } => write!(
                f,
                "The referral received on {} was open when this conference came in, so no other was made. It has ended since: {}.",
                show(*received_on),
                lower_first(outcome.words())
            ),
            Self::HadCase { closed_on } => write!(
                f,
                "There was an open case when this conference came in, so no referral was made. It closed on {}.",
                show(*closed_on)
            ),
            Self::PolicyChanged { was } => write!(
                f,
                "{} when this conference came in. The policy was changed later, and it refers nobody in retrospect.",
                match was {
                    Verdict::TooYoung | Verdict::NoOlder =>
                        "They were under the threshold of the policy known",
                    Verdict::TooOld => "They were over the upper age of the policy known",
                    Verdict::OtherKind =>
                        "Conferences of this kind referred nobody by the policy known",
                    Verdict::Cancelled | Verdict::Refers | Verdict::WithOlder =>
                        "They were not due by the policy known",
                }
            ),
            Self::Withdrawn(why) => write!(
                f,
                "The referral was withdrawn ({}), and the conference refers them again while nothing else is open.",
                lower_first(why.words())
            ),
            Self::NotKnown => f.write_str("No reason is on record."),
        }
    }
}

/// Was the child offered an officer with this conference known, or is something open? Then nobody
/// is forgotten.
#[must_use]
pub fn is_looked_after(came_at: NaiveDateTime, earlier: &[Earlier], spells: &[Spell]) -> bool {
    earlier.iter().any(|it| {
        it.outcome == Outcome::Pending
            || (it.made_at >= came_at && it.outcome != Outcome::Withdrawn)
    }) || spells.iter().any(|it| it.closed_on.is_none())
}

/// Why a child of age has no referral. `came` is when the row came on record, and `then` what the
/// rule said by the policies known at that moment.
#[must_use]
pub fn why_not(
    came_at: NaiveDateTime,
    withdrawn: Option<Withdrawal>,
    earlier: &[Earlier],
    spells: &[Spell],
    then: Verdict,
) -> WhyNot {
    if let Some(why) = withdrawn {
        return WhyNot::Withdrawn(why);
    }
    if !then.refers() {
        return WhyNot::PolicyChanged { was: then };
    }
    let came_on = came_at.date();
    let case = spells
        .iter()
        .filter(|it| it.opened_on <= came_on)
        .filter_map(|it| it.closed_on)
        .filter(|closed| *closed >= came_on)
        .max();
    if let Some(closed_on) = case {
        return WhyNot::HadCase { closed_on };
    }
    let referral = earlier
        .iter()
        .filter(|it| it.made_at < came_at)
        .filter(|it| it.outcome_on.is_none_or(|on| on >= came_on))
        .max_by_key(|it| it.received_on);
    match referral {
        Some(it) => WhyNot::HadReferral {
            received_on: it.received_on,
            outcome: it.outcome,
        },
        None => WhyNot::NotKnown,
    }
}

/// What a line of the first list is about, in few words: while they stay, what was settled stays.
#[must_use]
pub fn facts_of_due(seat: &Seat, verdict: Verdict) -> String {
    let how = if verdict == Verdict::WithOlder {
        "with older"
    } else {
        "of age"
    };
    format!("{} {} {how}", seat.held_on, seat.kind.code())
}

// Referrals whose conference is gone

/// Why an automatic referral has no conference any more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WhyGone {
    /// It was moved in, and no conference came with it.
    NoConference,
    /// The conference changed after somebody was contacted; the question stands at the referral.
    Asks(String),
    /// The policy was changed after the referral was made.
    PolicyChanged(Verdict),
}

impl fmt::Display for WhyGone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoConference => f.write_str(
                "It came in as made by a conference, and no conference on record belongs to it.",
            ),
            Self::Asks(question) => f.write_str(question),
            Self::PolicyChanged(verdict) => write!(
                f,
                "The policy was changed after the referral was made: {}.",
                match verdict {
                    Verdict::TooYoung => "by it they are under the threshold",
                    Verdict::NoOlder => {
                        "by it they are under the threshold, and nobody older is on the conference"
                    }
                    Verdict::TooOld => "by it they are over the upper age",
                    Verdict::OtherKind => "by it conferences of this kind refer nobody",
                    Verdict::Cancelled | Verdict::Refers | Verdict::WithOlder => {
                        "they are not due by it"
                    }
                }
            ),
        }
    }
}

impl WhyGone {
    fn code(&self) -> &'static str {
        match self {
            Self::NoConference => "no conference",
            Self::Asks(_) => "asks",
            Self::PolicyChanged(_) => "policy",
        }
    }
}

/// Why a referral that waits has lost its conference; none where it has not. `conference` is what
/// the rule says now, and what it said by the policies known when the referral was made. An
/// officer who was asked and went on with the offer has settled it.
#[must_use]
pub fn why_gone(question: Option<&str>, conference: Option<(Verdict, Verdict)>) -> Option<WhyGone> {
    match (question, conference) {
        (Some(question), _) => Some(WhyGone::Asks(question.to_owned())),
        (None, None) => Some(WhyGone::NoConference),
        (None, Some((now, then))) if !now.refers() && then.refers() => {
            Some(WhyGone::PolicyChanged(now))
        }
        (None, Some(_)) => None,
    }
}

#[must_use]
pub fn facts_of_gone(seat: Option<&Seat>, why: &WhyGone) -> String {
    match seat {
        None => why.code().to_owned(),
        Some(seat) => format!("{} {} {}", why.code(), seat.held_on, seat.status.code()),
    }
}

// Not in the newest file

/// A file of the schedule that came in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    pub batch: BatchId,
    pub name: String,
    pub source: String,
    pub imported_at: NaiveDateTime,
    pub imported_on: NaiveDate,
    /// The first and the last day of a conference in it.
    pub first_day: NaiveDate,
    pub last_day: NaiveDate,
    /// How many rows of its source were on record for those days before it came, of conferences
    /// to take place, and how many of them it holds.
    pub known: i32,
    pub named: i32,
}

impl File {
    /// Is it the schedule of its days, and not a correction of a few rows? It holds at least three
    /// in four of the rows that earlier files of its source had brought for these days.
    ///
    /// From one night to the next a schedule loses few of its conferences: what moves or is
    /// cancelled is mostly still in the file and says so. A file that lacks more than a quarter is
    /// a part of the schedule, or a failure of whoever sends it, and in neither case has scheduling
    /// said of hundreds of conferences that they are gone. Rows are counted and not conferences, so
    /// that one child's correction does not stand for the brothers and sisters.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        i64::from(self.named) * 4 >= i64::from(self.known) * 3
    }

    /// Does it speak of conferences on this day? Of what lay behind it when it came, and of what
    /// lies beyond its last conference, it says nothing.
    #[must_use]
    pub fn speaks_of(&self, day: NaiveDate) -> bool {
        self.first_day <= day && day <= self.last_day && day >= self.imported_on
    }
}

/// The newest whole file of the same source that speaks of a day and came after the one that held
/// the row last: none where the row is not missing.
#[must_use]
pub fn missing_from<'f>(files: &'f [File], last: &File, held_on: NaiveDate) -> Option<&'f File> {
    files
        .iter()
        .filter(|it| it.source == last.source && it.imported_at > last.imported_at)
        .filter(|it| it.is_whole() && it.speaks_of(held_on))
        .max_by_key(|it| it.imported_at)
}

/// Why a line stands on the third list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WhyMissing {
    /// The newest file holds nobody of this conference.
    Conference { last: String, newest: String },
    /// It holds others on it.
    Child { last: String, newest: String },
    /// Somebody marked it as not taking place, and a file holds it again.
    Back { newest: String },
}

impl fmt::Display for WhyMissing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Conference { last, newest } => write!(
                f,
                "The conference was last in {last}. {newest} holds conferences before and after it, and not this one."
            ),
            Self::Child { last, newest } => write!(
                f,
                "The child was last in {last}. {newest} holds others on this conference, and not this child."
            ),
            Self::Back { newest } => write!(
                f,
                "It was marked as not taking place because a file did not hold it. {newest} holds it again."
            ),
        }
    }
}

/// "schedule.csv of 4 April 2022".
#[must_use]
pub fn file_words(name: &str, imported_on: NaiveDate) -> String {
    format!("{name} of {}", show(imported_on))
}

#[must_use]
pub fn facts_of_missing(held_on: NaiveDate, last: &BatchId) -> String {
    format!("{held_on} {last}")
}

/// A conference that is still to be held.
#[must_use]
pub fn is_to_come(status: Status) -> bool {
    matches!(status, Status::Scheduled | Status::Moved)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn at(text: &str) -> NaiveDateTime {
        day(text).and_hms_opt(9, 0, 0).unwrap()
    }

    fn referral(made: &str, outcome: Outcome, ended: Option<&str>) -> Earlier {
        Earlier {
            made_at: at(made),
            received_on: day(made),
            outcome,
            outcome_on: ended.map(day),
        }
    }

    fn spell(opened: &str, closed: Option<&str>) -> Spell {
        Spell {
            opened_on: day(opened),
            closed_on: closed.map(day),
        }
    }

    fn file(imported: &str, first: &str, last: &str, named: i32, known: i32) -> File {
        File {
            batch: BatchId::random(),
            name: "schedule.csv".to_owned(),
            source: "scheduling".to_owned(),
            imported_at: at(imported),
            imported_on: day(imported),
            first_day: day(first),
            last_day: day(last),
            known,
            named,
        }
    }

    #[test]
    fn who_was_offered_an_officer_since_the_conference_came_in_is_not_forgotten() {
        let came = at("2022-04-04");
        let declined = |made| referral(made, Outcome::DeclinedByParent, Some("2022-04-10"));
        assert!(is_looked_after(came, &[declined("2022-04-05")], &[]));
        assert!(!is_looked_after(came, &[declined("2022-04-01")], &[]));
        assert!(is_looked_after(came, &[], &[spell("2021-01-01", None)]));
        assert!(!is_looked_after(
            came,
            &[],
            &[spell("2021-01-01", Some("2022-04-05"))]
        ));
        let withdrawn = referral("2022-04-05", Outcome::Withdrawn, Some("2022-04-05"));
        assert!(!is_looked_after(came, &[withdrawn], &[]));
    }

    #[test]
    fn the_reason_is_what_stood_in_the_way_when_the_conference_came_in() {
        let came = at("2022-04-04");
        let why = |earlier: &[Earlier], spells: &[Spell], then| {
            why_not(came, None, earlier, spells, then)
        };
        let closed_on = day("2022-04-20");
        let case = spell("2021-01-01", Some("2022-04-20"));
        assert_eq!(
            why(&[], &[case], Verdict::Refers),
            WhyNot::HadCase { closed_on }
        );
        let before = spell("2021-01-01", Some("2022-04-03"));
        assert_eq!(why(&[], &[before], Verdict::Refers), WhyNot::NotKnown);
        let declined = referral("2022-03-01", Outcome::DeclinedByParent, Some("2022-04-10"));
        assert_eq!(
            why(&[declined], &[], Verdict::Refers),
            WhyNot::HadReferral {
                received_on: day("2022-03-01"),
                outcome: Outcome::DeclinedByParent
            }
        );
        assert_eq!(
            why(&[], &[], Verdict::TooYoung),
            WhyNot::PolicyChanged {
                was: Verdict::TooYoung
            }
        );
    }

    #[test]
    fn an_officer_who_went_on_with_the_offer_has_settled_it() {
        let cancelled = (Verdict::Cancelled, Verdict::Cancelled);
        assert_eq!(why_gone(None, Some(cancelled)), None);
        let asks = why_gone(Some("Decide"), Some(cancelled));
        assert_eq!(asks, Some(WhyGone::Asks("Decide".to_owned())));
        let changed = (Verdict::TooYoung, Verdict::Refers);
        assert_eq!(
            why_gone(None, Some(changed)),
            Some(WhyGone::PolicyChanged(Verdict::TooYoung))
        );
        assert_eq!(why_gone(None, None), Some(WhyGone::NoConference));
    }

    #[test]
    fn a_correction_of_few_rows_makes_nothing_missing() {
        let last = file("2022-04-01", "2022-04-02", "2022-05-30", 0, 0);
        let held = day("2022-04-20");
        let few = file("2022-04-02", "2022-04-05", "2022-05-20", 2, 300);
        assert_eq!(missing_from(&[few], &last, held), None);
        let whole = file("2022-04-02", "2022-04-05", "2022-05-20", 290, 300);
        assert!(missing_from(&[whole], &last, held).is_some());
    }

    #[test]
    fn three_rows_in_four_are_the_schedule() {
        let of = |named, known| file("2022-04-02", "2022-04-05", "2022-05-20", named, known);
        assert!(of(3, 4).is_whole());
        assert!(!of(2, 3).is_whole());
        // The first file of a source lacks nothing.
        assert!(of(0, 0).is_whole());
    }

    #[test]
    fn a_file_speaks_of_its_own_days_ahead_and_of_no_others() {
        let last = file("2022-04-01", "2022-04-02", "2022-05-30", 0, 0);
        let newer = [file("2022-04-10", "2022-04-05", "2022-05-01", 30, 30)];
        let missing = |on| missing_from(&newer, &last, day(on)).is_some();
        assert!(missing("2022-04-10") && missing("2022-05-01"));
        // Before it came, before its first, after its last.
        assert!(!missing("2022-04-09") && !missing("2022-04-04") && !missing("2022-05-02"));
    }

    #[test]
    fn files_of_another_source_and_older_ones_say_nothing() {
        let last = file("2022-04-01", "2022-04-02", "2022-05-30", 0, 0);
        let mut other = file("2022-04-02", "2022-04-05", "2022-05-20", 30, 30);
        other.source = "neighbours".to_owned();
        let older = file("2022-03-31", "2022-04-05", "2022-05-20", 30, 30);
        assert_eq!(
            missing_from(&[other, older, last.clone()], &last, day("2022-04-20")),
            None
        );
    }
}
