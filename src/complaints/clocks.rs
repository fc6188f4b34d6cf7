//! The clocks of a complaint: from which day each counts, until when, and how it stands. Pure: the
//! complaint, the calendar and the day come in as arguments.
//!
//! The statutory limits are those of SI 2006/1738 and its guidance (domain.md section 6). From
//! which day stage 2 counts is read in two ways, the day it was asked for or the day the statement
//! of complaint was agreed: both are shown, and a setting says which rules. What is the council's
//! own count is a setting too, and is called so.

use chrono::NaiveDate;

use super::rules::{begins_at_stage, is_extension};
use super::{Complaint, Procedure, Step};
use crate::calendar::{BeyondTheCalendar, Holidays, Reached, show};
use crate::holidays::Closure;
use crate::settings::{Complaints, StageTwoStarts};

const STAGE_1: u32 = 10;
const STAGE_1_EXTENDED: u32 = 20;
const STAGE_2: u32 = 25;
const STAGE_2_EXTENDED: u32 = 65;
const PANEL: u32 = 30;
const FINDINGS: u32 = 5;
const RESPONSE: u32 = 15;

crate::words! {
    pub enum ClockKind {
        Informal = "informal", "Informal answer";
        First = "first", "First answer";
        Second = "second", "Second answer";
        Stage1 = "stage_1", "Stage 1: answer";
        Stage2FromRequest = "stage_2_from_request", "Stage 2: answer, counted from the request";
        Stage2FromStatement = "stage_2_from_statement", "Stage 2: answer, counted from the agreed statement";
        AskForStage3 = "ask_for_stage_3", "For the young person: ask for a panel";
        Panel = "panel", "Stage 3: the panel meets";
        Findings = "findings", "Stage 3: findings of the panel";
        Response = "response", "Stage 3: answer of the council";
    }
}

/// How a clock stands. Days are working days.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// The day it counts from is not on record.
    NotStarted,
    Running {
        left: u32,
    },
    /// As few days are left as a setting says.
    Near {
        left: u32,
    },
    /// By how many days; none where the calendar ends before today.
    Overdue {
        by: Option<u32>,
    },
    Met {
        on: NaiveDate,
    },
    MetLate {
        on: NaiveDate,
        by: Option<u32>,
    },
    /// The complaint went on, or ended, without what was waited for.
    Stopped {
        on: NaiveDate,
        late: bool,
    },
    /// It runs past the years whose bank holidays are known.
    Beyond,
}

/// One clock.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Clock {
    pub kind: ClockKind,
    /// The limit in working days, an extension included.
    pub days: u32,
    /// The limit before the extension.
    pub extended_from: Option<u32>,
    /// True where a law sets the limit; otherwise this council does.
    pub statutory: bool,
    /// False for the reading of the stage 2 start that does not rule here.
    pub rules: bool,
    pub start: Option<NaiveDate>,
    /// None until it starts.
    pub due: Option<Result<Reached, BeyondTheCalendar>>,
    pub standing: Standing,
}

impl Clock {
    #[must_use]
    pub fn due_on(&self) -> Option<NaiveDate> {
        match &self.due {
            Some(Ok(reached)) => Some(reached.due),
            Some(Err(_)) | None => None,
        }
    }

    /// Does somebody wait for its end?
    #[must_use]
    pub fn waits(&self) -> bool {
        match self.standing {
            Standing::Running { .. } | Standing::Near { .. } | Standing::Beyond => true,
            // Nobody breaks a limit by not asking.
            Standing::Overdue { .. } => self.kind != ClockKind::AskForStage3,
            _ => false,
        }
    }

    #[must_use]
    pub fn words(&self) -> String {
        match self.standing {
            Standing::NotStarted => "Not started".to_owned(),
            Standing::Running { left } => format!("{} left", working_days(left)),
            Standing::Near { left: 0 } => "Due today".to_owned(),
            Standing::Near { left } => format!("Near: {} left", working_days(left)),
            Standing::Overdue { .. } if self.kind == ClockKind::AskForStage3 => {
                "The time to ask has passed".to_owned()
            }
            Standing::Overdue { by: Some(by) } if by > 0 => {
                format!("Overdue by {}", working_days(by))
            }
            Standing::Overdue { .. } => "Overdue".to_owned(),
            Standing::Met { on } => format!("Met in time, on {}", show(on)),
            Standing::MetLate { on, by: Some(by) } if by > 0 => {
                format!("Met late by {}, on {}", working_days(by), show(on))
            }
            Standing::MetLate { on, .. } => format!("Met late, on {}", show(on)),
            Standing::Stopped { on, late: true } => {
                format!("Not met; it went on without on {}", show(on))
            }
            Standing::Stopped { on, late: false } => {
                format!("Stopped before its time, on {}", show(on))
            }
            Standing::Beyond => "Beyond the calendar".to_owned(),
        }
    }

    /// The colour that goes with the words: "red", "amber", or none.
    #[must_use]
    pub fn urgency(&self) -> &'static str {
        match self.standing {
            Standing::Overdue { .. } if self.kind != ClockKind::AskForStage3 => "red",
            Standing::Near { .. } | Standing::Beyond => "amber",
            _ => "",
        }
    }
}

fn working_days(days: u32) -> String {
    match days {
        1 => "1 working day".to_owned(),
        days => format!("{days} working days"),
    }
}

/// What every clock is counted with.
pub struct Count<'a> {
    pub holidays: &'a Holidays,
    pub settings: &'a Complaints,
    pub today: NaiveDate,
}

/// A clock that is to be counted: from which step, how long, to which step.
struct Plan {
    kind: ClockKind,
    days: u32,
    extended_from: Option<u32>,
    statutory: bool,
    rules: bool,
    start: Option<NaiveDate>,
    met_by: Step,
    /// What ends the waiting without meeting it.
    overtaken_by: &'static [Step],
}

impl Plan {
    fn new(kind: ClockKind, days: u32, start: Option<NaiveDate>, met_by: Step) -> Self {
        Self {
            kind,
            days,
            extended_from: None,
            statutory: true,
            rules: true,
            start,
            met_by,
            overtaken_by: &[Step::OmbudsmanReferred, Step::Ended],
        }
    }

    /// A limit that this council sets.
    fn own(mut self) -> Self {
        self.statutory = false;
        self
    }

    fn or_overtaken_by(mut self, steps: &'static [Step]) -> Self {
        self.overtaken_by = steps;
        self
    }

    fn extended(mut self, to: Option<u32>) -> Self {
        if let Some(days) = to {
            self.extended_from = Some(self.days);
            self.days = days;
        }
        self
    }
}

/// The clocks of a complaint in the order of the procedure. A stage that was not reached has none.
#[must_use]
pub fn clocks(complaint: &Complaint, count: &Count<'_>) -> Vec<Clock> {
    plans(complaint, count.settings)
        .into_iter()
        .map(|plan| plan.count(complaint, count))
        .collect()
}

fn plans(complaint: &Complaint, settings: &Complaints) -> Vec<Plan> {
    let own = |procedure: Procedure| match procedure {
        Procedure::ChildrenAct => None,
        Procedure::Corporate => Some(settings.corporate_days),
        Procedure::Nhs => Some(settings.nhs_days),
        Procedure::School => Some(settings.school_days),
        Procedure::Other => Some(settings.other_days),
    };
    let plans = match complaint.follows() {
        None => vec![
            Plan::new(
                ClockKind::Informal,
                settings.informal_days,
                Some(complaint.received_on),
                Step::InformalAnswer,
            )
            .own(),
        ],
        Some(procedure) => match own(procedure) {
            Some([first, second]) => own_plans(complaint, first, second),
            None => statutory_plans(complaint, settings),
        },
    };
    // No days: this council keeps no such clock.
    plans.into_iter().filter(|plan| plan.days > 0).collect()
}

const TO_STAGE_2: &[Step] = &[Step::Stage2Requested, Step::OmbudsmanReferred, Step::Ended];

fn own_plans(complaint: &Complaint, first: u32, second: u32) -> Vec<Plan> {
    let mut plans = Vec::new();
    let begins = begins_at_stage(complaint);
    if begins == 1 {
        let start = Some(complaint.received_on);
        plans.push(
            Plan::new(ClockKind::First, first, start, Step::Stage1Response)
                .own()
                .or_overtaken_by(TO_STAGE_2),
        );
    }
    let asked = complaint.day_of(Step::Stage2Requested);
    if asked.is_some() || begins > 1 {
        plans.push(Plan::new(ClockKind::Second, second, asked, Step::Stage2Response).own());
    }
    plans
}

fn statutory_plans(complaint: &Complaint, settings: &Complaints) -> Vec<Plan> {
    let mut plans = Vec::new();
    let begins = begins_at_stage(complaint);
    let extended = |step: Step, to: u32| complaint.done(step).map(|_| to);
    if begins == 1 {
        let start = Some(complaint.received_on);
        plans.push(
            Plan::new(ClockKind::Stage1, STAGE_1, start, Step::Stage1Response)
                .extended(extended(Step::Stage1Extended, STAGE_1_EXTENDED))
                .or_overtaken_by(TO_STAGE_2),
        );
    }
    let asked = complaint.day_of(Step::Stage2Requested);
    if asked.is_some() || begins == 2 {
        let agreed = complaint.day_of(Step::StatementAgreed);
        let longer = extended(Step::Stage2Extended, STAGE_2_EXTENDED);
        // Until the ruling day is on record the other reading stands for it.
        let request_rules = match settings.stage_2_starts {
            StageTwoStarts::Request => asked.is_some() || agreed.is_none(),
            StageTwoStarts::Statement => agreed.is_none(),
        };
        for (kind, start, rules) in [
            (ClockKind::Stage2FromRequest, asked, request_rules),
            (ClockKind::Stage2FromStatement, agreed, !request_rules),
        ] {
            let mut plan = Plan::new(kind, STAGE_2, start, Step::Stage2Response).extended(longer);
            plan.rules = rules;
            plans.push(plan);
        }
    }
    let answered = complaint.day_of(Step::Stage2Response);
    if answered.is_some() {
        plans.push(
            Plan::new(
                ClockKind::AskForStage3,
                settings.ask_for_stage_3_days,
                answered,
                Step::Stage3Requested,
            )
            .own(),
        );
    }
    let panel_asked = complaint.day_of(Step::Stage3Requested);
    if panel_asked.is_some() || begins == 3 {
        plans.push(Plan::new(
            ClockKind::Panel,
            PANEL,
            panel_asked,
            Step::PanelMet,
        ));
        plans.push(Plan::new(
            ClockKind::Findings,
            FINDINGS,
            complaint.day_of(Step::PanelMet),
            Step::PanelFindings,
        ));
        plans.push(Plan::new(
            ClockKind::Response,
            RESPONSE,
            complaint.day_of(Step::PanelFindings),
            Step::AuthorityResponse,
        ));
    }
    plans
}

impl Plan {
    fn count(self, complaint: &Complaint, count: &Count<'_>) -> Clock {
        let due = self
            .start
            .map(|start| count.holidays.add_working_days(start, self.days));
        let standing = match &due {
            None => Standing::NotStarted,
            Some(due) => self.standing(due.as_ref().ok().map(|it| it.due), complaint, count),
        };
        Clock {
            kind: self.kind,
            days: self.days,
            extended_from: self.extended_from,
            statutory: self.statutory,
            rules: self.rules,
            start: self.start,
            due,
            standing,
        }
    }

    fn standing(
        &self,
        due: Option<NaiveDate>,
        complaint: &Complaint,
        count: &Count<'_>,
    ) -> Standing {
        let Some(due) = due else {
            return Standing::Beyond;
        };
        let between = |from, to| count.holidays.working_days_between(from, to).ok();
        if let Some(on) = complaint.day_of(self.met_by) {
            return match on <= due {
                true => Standing::Met { on },
                false => Standing::MetLate {
                    on,
                    by: between(due, on),
                },
            };
        }
        let overtaken = self.overtaken_by.iter();
        let overtaken = overtaken.filter_map(|step| complaint.day_of(*step)).min();
        if let Some(on) = overtaken.or(complaint.closed_on) {
            return Standing::Stopped { on, late: on > due };
        }
        if count.today > due {
            return Standing::Overdue {
                by: between(due, count.today),
            };
        }
        match between(count.today, due) {
            Some(left) if left <= count.settings.near_days => Standing::Near { left },
            Some(left) => Standing::Running { left },
            // Today lies before the calendar begins.
            None => Standing::Beyond,
        }
    }
}

/// The clock that ends next, of those that rule.
#[must_use]
pub fn next(clocks: &[Clock]) -> Option<&Clock> {
    clocks
        .iter()
        .filter(|clock| clock.rules && clock.waits())
        .min_by_key(|clock| clock.due_on().unwrap_or(NaiveDate::MAX))
}

/// How the date of a clock was reached, sentence by sentence.
#[must_use]
pub fn explanation(clock: &Clock, complaint: &Complaint, closures: &[Closure]) -> Vec<String> {
    let mut told = Vec::new();
    let reached = match &clock.due {
        None => {
            told.push("The day from which it counts is not on record yet.".to_owned());
            return told;
        }
        Some(Err(beyond)) => {
            told.push(beyond.to_string());
            told.push("Merge a newer file of bank holidays to have it counted.".to_owned());
            return told;
        }
        Some(Ok(reached)) => reached,
    };
    told.push(reached.to_string());
    if let Some(before) = clock.extended_from {
        let extension = complaint.steps.iter().find(|done| {
            is_extension(done.step)
                && (done.step == Step::Stage1Extended) == (clock.kind == ClockKind::Stage1)
        });
        let (when, why) = extension.map_or((String::new(), ""), |done| {
            (show(done.on), done.note.as_deref().unwrap_or_default())
        });
        told.push(format!(
            "The limit was {before} working days and was extended to {} in all. The young person was told on {when}. The reason: {why}",
            clock.days
        ));
    }
    let passed = closures.iter().filter(|closure| {
        closure.on > reached.start
            && closure.on <= reached.due
            && reached
                .skipped
                .iter()
                .all(|holiday| holiday.on != closure.on)
    });
    for closure in passed {
        told.push(format!(
            "The office was closed on {} ({}). That moves no statutory date: the day is counted like any other of its kind.",
            show(closure.on),
            closure.reason
        ));
    }
    if !clock.statutory {
        told.push(
            "This limit is the practice of this council, set in its settings. It is not law."
                .to_owned(),
        );
    }
    if !clock.rules {
        told.push("The law is read in two ways here. This is the other reading: it is shown, and does not rule in this council.".to_owned());
    }
    told
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calendar::read_bank_holidays;
    use crate::complaints::{Details, Done, Kind};
    use crate::ids::{ComplaintId, ComplaintStepId, ReferralId};
    use std::path::Path;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn holidays() -> Holidays {
        let known = include_str!("../../seeds/bank-holidays.json");
        read_bank_holidays(known).unwrap().into_iter().collect()
    }

    fn settings() -> Complaints {
        let settings = crate::settings::Settings::load(None, Path::new("data"));
        settings.unwrap().complaints
    }

    fn statutory(received: &str, steps: &[(Step, &str)]) -> Complaint {
        let mut complaint = Complaint {
            id: ComplaintId::random(),
            referral: ReferralId::random(),
            kind: Kind::Formal,
            procedure: Some(Procedure::ChildrenAct),
            stage: None,
            received_on: day(received),
            details: Details::default(),
            responded_on: None,
            outcome: None,
            closed_on: None,
            version: 1,
            steps: Vec::new(),
        };
        for (step, on) in steps {
            complaint.steps.push(Done {
                id: ComplaintStepId::random(),
                step: *step,
                on: day(on),
                outcome: None,
                who: None,
                note: Some("It is complex".to_owned()),
                recorded_by: String::new(),
                created_at: day(on).and_hms_opt(9, 0, 0).unwrap(),
            });
        }
        complaint
    }

    fn counted(complaint: &Complaint, today: &str, settings: &Complaints) -> Vec<Clock> {
        let holidays = holidays();
        clocks(
            complaint,
            &Count {
                holidays: &holidays,
                settings,
                today: day(today),
            },
        )
    }

    fn on(complaint: &Complaint, today: &str) -> Vec<Clock> {
        counted(complaint, today, &settings())
    }

    fn dues(clocks: &[Clock]) -> Vec<(ClockKind, String)> {
        clocks
            .iter()
            .map(|clock| {
                (
                    clock.kind,
                    clock
                        .due_on()
                        .map_or_else(|| "?".to_owned(), |due| due.to_string()),
                )
            })
            .collect()
    }

    #[test]
    fn stage_1_has_10_working_days_and_20_when_extended() {
        let plain = statutory("2021-12-13", &[]);
        assert_eq!(
            dues(&on(&plain, "2021-12-14")),
            [(ClockKind::Stage1, "2021-12-29".to_owned())]
        );
        let longer = statutory("2021-12-13", &[(Step::Stage1Extended, "2021-12-20")]);
        let clocks = on(&longer, "2021-12-20");
        assert_eq!(
            dues(&clocks),
            [(ClockKind::Stage1, "2022-01-13".to_owned())]
        );
        let told = explanation(&clocks[0], &longer, &[]).join(" ");
        assert!(
            told.contains("was 10 working days and was extended to 20"),
            "{told}"
        );
        assert!(
            told.contains("told on 20 December 2021. The reason: It is complex"),
            "{told}"
        );
    }

    #[test]
    fn both_readings_of_the_stage_2_start_are_shown_and_a_setting_says_which_rules() {
        let way = [
            (Step::Stage2Requested, "2022-03-01"),
            (Step::StatementAgreed, "2022-03-08"),
        ];
        let complaint = statutory("2022-02-01", &way);
        let of_stage_2 = |clocks: Vec<Clock>| -> Vec<_> {
            let of = |it: Clock| (it.due_on().unwrap().to_string(), it.rules);
            clocks.into_iter().skip(1).map(of).collect()
        };
        let (request, statement) = ("2022-04-05".to_owned(), "2022-04-12".to_owned());
        assert_eq!(
            of_stage_2(on(&complaint, "2022-03-10")),
            [(request.clone(), true), (statement.clone(), false)]
        );
        let mut other = settings();
        other.stage_2_starts = StageTwoStarts::Statement;
        assert_eq!(
            of_stage_2(counted(&complaint, "2022-03-10", &other)),
            [(request, false), (statement, true)]
        );
        // Until the statement is agreed something must rule.
        let asked = statutory("2022-02-01", &way[..1]);
        let clocks = counted(&asked, "2022-03-10", &other);
        assert_eq!(next(&clocks).unwrap().kind, ClockKind::Stage2FromRequest);
    }

    #[test]
    fn stage_2_is_extended_to_65_days_in_all() {
        let way = [
            (Step::Stage2Requested, "2022-03-01"),
            (Step::Stage2Extended, "2022-03-20"),
        ];
        let clocks = on(&statutory("2022-02-01", &way), "2022-03-21");
        assert_eq!(clocks[1].due_on(), Some(day("2022-06-07")));
    }

    #[test]
    fn stage_3_has_30_then_5_then_15_days() {
        let way = [
            (Step::Stage2Requested, "2022-02-10"),
            (Step::Stage2Response, "2022-03-01"),
            (Step::Stage3Requested, "2022-03-10"),
            (Step::PanelMet, "2022-04-25"),
            (Step::PanelFindings, "2022-06-02"),
        ];
        let clocks = on(&statutory("2022-02-01", &way), "2022-06-10");
        let of = |kind| clocks.iter().find(|it| it.kind == kind).unwrap();
        assert_eq!(of(ClockKind::Panel).due_on(), Some(day("2022-04-25")));
        assert_eq!(
            of(ClockKind::Panel).standing,
            Standing::Met {
                on: day("2022-04-25")
            }
        );
        assert_eq!(of(ClockKind::Findings).due_on(), Some(day("2022-05-03")));
        assert!(
            of(ClockKind::Findings)
                .words()
                .starts_with("Met late by 21 working days")
        );
        assert_eq!(of(ClockKind::Response).due_on(), Some(day("2022-06-24")));
    }

    #[test]
    fn a_clock_is_amber_when_near_and_red_when_overdue() {
        let complaint = statutory("2022-03-01", &[]);
        // Due on 15 March.
        for (today, words, urgency) in [
            ("2022-03-01", "10 working days left", ""),
            ("2022-03-09", "4 working days left", ""),
            ("2022-03-10", "Near: 3 working days left", "amber"),
            ("2022-03-14", "Near: 1 working day left", "amber"),
            ("2022-03-15", "Due today", "amber"),
            ("2022-03-16", "Overdue by 1 working day", "red"),
            ("2022-03-19", "Overdue by 3 working days", "red"),
        ] {
            let clock = on(&complaint, today).remove(0);
            assert_eq!(
                (clock.words().as_str(), clock.urgency()),
                (words, urgency),
                "{today}"
            );
        }
    }

    #[test]
    fn an_answer_in_time_and_one_too_late_are_told_apart() {
        let answered = |day: &str| {
            let complaint = statutory("2022-03-01", &[(Step::Stage1Response, day)]);
            on(&complaint, "2022-04-04").remove(0).words()
        };
        assert_eq!(answered("2022-03-15"), "Met in time, on 15 March 2022");
        assert_eq!(
            answered("2022-03-17"),
            "Met late by 2 working days, on 17 March 2022"
        );
        // On the Saturday after a Friday.
        let late = statutory("2022-03-04", &[(Step::Stage1Response, "2022-03-19")]);
        assert_eq!(
            on(&late, "2022-04-04").remove(0).words(),
            "Met late, on 19 March 2022"
        );
    }

    #[test]
    fn a_stage_that_was_left_without_its_answer_says_so() {
        let way = [(Step::Stage2Requested, "2022-03-17")];
        let clock = on(&statutory("2022-03-01", &way), "2022-04-04").remove(0);
        assert_eq!(
            clock.words(),
            "Not met; it went on without on 17 March 2022"
        );
        let early = [(Step::Ended, "2022-03-03")];
        let clock = on(&statutory("2022-03-01", &early), "2022-04-04").remove(0);
        assert_eq!(clock.words(), "Stopped before its time, on 3 March 2022");
        assert!(!clock.waits());
    }

    #[test]
    fn a_clock_beyond_the_calendar_says_so_and_has_no_date() {
        let complaint = statutory("2028-12-20", &[]);
        let clock = on(&complaint, "2028-12-21").remove(0);
        assert_eq!(clock.standing, Standing::Beyond);
        assert_eq!(clock.due_on(), None);
        assert!(clock.waits());
        let told = explanation(&clock, &complaint, &[]).join(" ");
        assert!(told.contains("2029 are not known"), "{told}");
    }

    #[test]
    fn an_office_closure_is_told_and_moves_nothing() {
        let complaint = statutory("2022-03-01", &[]);
        let clock = on(&complaint, "2022-03-02").remove(0);
        let closed = Closure {
            on: day("2022-03-04"),
            reason: "Moving house".to_owned(),
        };
        let told = explanation(&clock, &complaint, &[closed]).join(" ");
        assert!(told.contains("moves no statutory date"), "{told}");
        assert!(told.contains("is 15 March 2022"), "{told}");
    }

    #[test]
    fn the_time_to_ask_for_a_panel_is_never_printed_as_law() {
        let way = [
            (Step::Stage2Requested, "2022-02-10"),
            (Step::Stage2Response, "2022-03-01"),
        ];
        let complaint = statutory("2022-02-01", &way);
        let clocks = on(&complaint, "2022-03-02");
        let ask = clocks.last().unwrap();
        assert_eq!((ask.kind, ask.statutory), (ClockKind::AskForStage3, false));
        let told = explanation(ask, &complaint, &[]).join(" ");
        assert!(told.contains("It is not law"), "{told}");
        let passed = on(&complaint, "2022-06-01").pop().unwrap();
        assert_eq!(passed.words(), "The time to ask has passed");
        assert!(!passed.waits());
    }

    #[test]
    fn other_procedures_count_as_the_council_counts_them() {
        let mut complaint = statutory("2022-03-01", &[]);
        complaint.procedure = Some(Procedure::Corporate);
        assert_eq!(
            dues(&on(&complaint, "2022-03-02")),
            [(ClockKind::First, "2022-03-15".to_owned())]
        );
        complaint.procedure = Some(Procedure::Nhs);
        assert!(on(&complaint, "2022-03-02").is_empty());
        complaint.kind = Kind::Informal;
        assert!(on(&complaint, "2022-03-02").is_empty());
    }
}
