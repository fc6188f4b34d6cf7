//! Meetings at which a young person's voice is supported: planned, held, or not; and who was there.
//!
//! One meeting may serve brothers and sisters: it stands once, and each of them has an attendance
//! of their own. What the report counts are the attendances of meetings that were held. Attendance
//! has four kinds (domain.md section 5); with who spoke and how views were given they lead to the
//! participation codes of the SSDA903 return ([`participation`]).
//!
//! Conferences come from the schedule and are not copied: while nobody has recorded who was there,
//! the schedule itself is what the diary shows ([`store::Coming`]).

pub mod actions;
pub mod calendar_feed;
pub mod forecast;
pub mod pages;
pub mod panel;
pub mod participation;
pub mod rules;
pub mod store;

use chrono::NaiveDate;

use crate::conferences;
use crate::ids::{AttendanceId, ConferenceChildId, MeetingId, ReferralId, YoungPersonId};

crate::words! {
    /// How a meeting stands.
    pub enum State {
        Planned = "planned", "Planned";
        Held = "held", "Held";
        NotHeld = "not_held", "Did not take place";
    }
}

crate::words! {
    /// What can be done about a meeting.
    pub enum Step {
        Change = "change", "Change the plan";
        Hold = "hold", "Record who was there";
        Miss = "miss", "It did not take place";
        Correct = "correct", "Correct the record";
        PlanAgain = "plan_again", "Plan it again";
    }
}

crate::words! {
    /// Who carried the young person's voice into the meeting.
    pub enum Attendance {
        OfficerForChild = "officer_for_child", "Officer on the young person's behalf";
        ChildWithOfficer = "child_with_officer", "Young person with their officer";
        ChildAlone = "child_alone", "Young person without their officer";
        Neither = "neither", "Neither; views sent in writing";
    }
}

impl Attendance {
    /// Was the young person there themselves?
    #[must_use]
    pub fn child_was_there(self) -> bool {
        matches!(self, Self::ChildWithOfficer | Self::ChildAlone)
    }
}

crate::words! {
    /// Who spoke for the young person.
    pub enum Spoke {
        YoungPerson = "young_person", "The young person spoke for themselves";
        Officer = "officer", "The officer spoke for them";
        Nobody = "nobody", "Nobody spoke for them";
    }
}

crate::words! {
    /// Who was there and who spoke: asked as one question, so that the two never contradict each
    /// other.
    pub enum Heard {
        WithOfficerSpoke = "with_officer_spoke", "They were there with the officer, and spoke for themselves";
        WithOfficerOfficerSpoke = "with_officer_officer_spoke", "They were there with the officer, and the officer spoke for them";
        WithOfficerNobodySpoke = "with_officer_nobody_spoke", "They were there with the officer, and nobody spoke for them";
        AloneSpoke = "alone_spoke", "They were there without the officer, and spoke for themselves";
        AloneNobodySpoke = "alone_nobody_spoke", "They were there without the officer, and nobody spoke for them";
        OfficerForThem = "officer_for_them", "They were not there; the officer spoke on their behalf";
        Neither = "neither", "Neither they nor the officer was there";
    }
}

impl Heard {
    #[must_use]
    pub fn attendance(self) -> Attendance {
        match self {
            Self::WithOfficerSpoke
            | Self::WithOfficerOfficerSpoke
            | Self::WithOfficerNobodySpoke => Attendance::ChildWithOfficer,
            Self::AloneSpoke | Self::AloneNobodySpoke => Attendance::ChildAlone,
            Self::OfficerForThem => Attendance::OfficerForChild,
            Self::Neither => Attendance::Neither,
        }
    }

    #[must_use]
    pub fn spoke(self) -> Spoke {
        match self {
            Self::WithOfficerSpoke | Self::AloneSpoke => Spoke::YoungPerson,
            Self::WithOfficerOfficerSpoke | Self::OfficerForThem => Spoke::Officer,
            Self::WithOfficerNobodySpoke | Self::AloneNobodySpoke | Self::Neither => Spoke::Nobody,
        }
    }

    /// The answer that says the same as what is on record; none where nobody said who spoke, as in
    /// what was moved in.
    #[must_use]
    pub fn of(attendance: Attendance, spoke: Option<Spoke>) -> Option<Self> {
        Self::ALL.iter().copied().find(|heard| {
            heard.attendance() == attendance
                && (Some(heard.spoke()) == spoke || !attendance.child_was_there())
        })
    }
}

crate::words! {
    /// How views were given.
    pub enum Views {
        InPerson = "in_person", "In person";
        Letter = "letter", "In a letter";
        Drawing = "drawing", "In a drawing";
        Statement = "statement", "In a statement";
        Film = "film", "In a film";
        NotGiven = "not_given", "They gave no views";
    }
}

/// What, when and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct What {
    /// A code of the list of meeting types.
    pub kind: String,
    pub on: NaiveDate,
    /// HH:MM, the clock in England.
    pub starts_at: Option<String>,
    pub place: Option<String>,
    pub online: bool,
}

/// What is said of one young person at a meeting that was held.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    pub attendance: Attendance,
    /// None where it was not recorded, as in what was moved in.
    pub spoke: Option<Spoke>,
    pub views: Vec<Views>,
    pub online: bool,
    /// The day on which the officer saw them before.
    pub seen_before_on: Option<NaiveDate>,
    /// The day on which the outcome was explained to them.
    pub explained_on: Option<NaiveDate>,
    pub not_there_reason: Option<String>,
    pub own_words: Option<String>,
    pub note: Option<String>,
}

/// One young person on a meeting.
#[derive(Debug, Clone)]
pub struct Attended {
    pub id: AttendanceId,
    pub referral: ReferralId,
    pub young_person: YoungPersonId,
    pub conference_child: Option<ConferenceChildId>,
    /// None until the meeting was held.
    pub said: Option<Said>,
}

/// A meeting, with everybody on it.
#[derive(Debug, Clone)]
pub struct Meeting {
    pub id: MeetingId,
    pub what: What,
    pub state: State,
    pub not_held_reason: Option<String>,
    pub attended: Vec<Attended>,
    pub version: i32,
}

/// A meeting supported as a moved-in spreadsheet has it: one young person's.
#[derive(Debug, Clone)]
pub struct MovedIn {
    pub referral: ReferralId,
    pub held_on: NaiveDate,
    pub kind: String,
    pub attendance: Attendance,
}

/// The type of meeting that a kind of conference is.
#[must_use]
pub fn type_of_conference(kind: conferences::Kind) -> &'static str {
    match kind {
        conferences::Kind::Initial => "initial_conference",
        conferences::Kind::Review => "review_conference",
        conferences::Kind::ReceivingIn => "receiving_in_conference",
    }
}
