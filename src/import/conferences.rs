//! The conference schedule: one row per child per conference (contracts, section 2).

use std::collections::{BTreeMap, BTreeSet, HashMap};

use chrono::{Datelike, Months, NaiveDate};

use super::mapping::{Reader, check_birth, fingerprint, not_one_of};
use super::reading::{Known, Value};
use super::{RowResult, mapping, store};
use crate::conferences::rules::{Seat, kind_from, status_after, status_from, verdict_among};
use crate::conferences::{self, Carer, ConferenceChild, Kind, Place, Status};
use crate::ctx::Ctx;
use crate::failure::Failure;
use crate::ids::{BatchId, ConferenceChildId};
use crate::lists::{self, ReferralPolicy};
use crate::referrals::actions::follow_conference;
use crate::settings;
use crate::young_people::matching::actions::{Matcher, suggest};
use crate::young_people::matching::{CarerFacts, Facts};
use crate::young_people::{self, Described, Details, SourceRef, YoungPerson};

/// The columns of a schedule, as the reader takes them and as the page explains them.
pub const COLUMNS: &[Known] = &[
    Known::needed(
        "conference_ref",
        Value::Text,
        "The scheduling system's reference of the conference. Brothers and sisters on it share it.",
    ),
    Known::needed(
        "conference_type",
        Value::Text,
        "initial, review or receiving_in; also ICPC, RCPC, Transfer in conference and the like.",
    ),
    Known::needed(
        "conference_date",
        Value::Date,
        "The day of the conference: 2022-04-20 or 20/04/2022.",
    ),
    Known::optional("conference_time", Value::Time, "When it begins: 14:30."),
    Known::optional("venue", Value::Text, "Where it is held."),
    Known::optional("chair", Value::Text, "Who chairs it."),
    Known::optional(
        "status",
        Value::Text,
        "scheduled, moved, cancelled or held. Blank is scheduled.",
    ),
    Known::needed(
        "child_ref",
        Value::Text,
        "The social care system's reference of the child or young person.",
    ),
    Known::needed("first_name", Value::Text, "First name."),
    Known::needed("last_name", Value::Text, "Last name."),
    Known::needed(
        "date_of_birth",
        Value::Date,
        "Day of birth. Blank only for a child who is not born yet.",
    ),
    Known::optional("gender", Value::Text, "In the social care system's words."),
    Known::optional(
        "ethnicity",
        Value::Text,
        "In the social care system's words.",
    ),
    Known::optional("language", Value::Text, "The language they speak best."),
    Known::optional(
        "communication_needs",
        Value::Text,
        "What helps them to be heard: an interpreter, signs, pictures.",
    ),
    Known::optional(
        "carer_name",
        Value::Text,
        "Who holds parental responsibility.",
    ),
    Known::optional(
        "carer_relationship",
        Value::Text,
        "What they are to the child: mother, father, grandparent.",
    ),
    Known::optional("carer_phone", Value::Text, "Their telephone number."),
    Known::optional("carer_email", Value::Text, "Their e-mail address."),
    Known::optional(
        "social_worker_name",
        Value::Text,
        "The child's social worker.",
    ),
    Known::optional(
        "social_worker_email",
        Value::Text,
        "The social worker's e-mail address.",
    ),
    Known::optional("team", Value::Text, "The social worker's team."),
    Known::optional(
        "transferring_authority",
        Value::Text,
        "For a receiving-in conference: the authority the child moves from.",
    ),
    Known::optional(
        "strategy_discussion_date",
        Value::Date,
        "The day of the strategy discussion.",
    ),
    Known::optional(
        "notified_on",
        Value::Date,
        "The day the referral counts as received. Blank is the day of the import.",
    ),
    Known::optional(
        "contact_warning",
        Value::Text,
        "Anything that makes contact unsafe.",
    ),
];

/// No schedule of a running service reaches back so far: an earlier year is a slip of the pen.
const OLDEST_YEAR: i32 = 2000;

/// A row whose every value could be read.
pub struct ScheduleRow {
    pub conference_ref: String,
    pub child_ref: String,
    pub described: Described,
    pub place: Place,
    pub fingerprint: String,
}

impl ScheduleRow {
    pub fn key(&self) -> (String, String) {
        (self.conference_ref.clone(), self.child_ref.clone())
    }
}

/// Reads a row, or says everything that is wrong with it as (column, reason).
pub fn read(
    values: &BTreeMap<String, String>,
    today: NaiveDate,
) -> Result<ScheduleRow, Vec<(String, String)>> {
    let mut row = Reader::new(values);
    let conference_ref = row.required("conference_ref");
    let child_ref = row.required("child_ref");
    let kind = row.required("conference_type").and_then(|text| {
        let kind = kind_from(&text);
        if kind.is_none() {
            let known: Vec<_> = Kind::ALL.iter().map(|kind| kind.code()).collect();
            row.problem("conference_type", not_one_of(&known));
        }
        kind
    });
    let held_on = row.required_date("conference_date");
    if held_on.is_some_and(|held| held > today + Months::new(24)) {
        row.problem("conference_date", "is more than two years ahead");
    }
    if held_on.is_some_and(|held| held.year() < OLDEST_YEAR) {
        row.problem("conference_date", "is too long ago: check the year");
    }
    let status = status_from(row.get("status").unwrap_or_default());
    if status.is_none() {
        let known: Vec<_> = Status::ALL.iter().map(|status| status.code()).collect();
        row.problem("status", not_one_of(&known));
    }
    let first_name = row.name("first_name");
    let last_name = row.name("last_name");
    let date_of_birth = row.date("date_of_birth");
    check_birth(&mut row, date_of_birth, today);
    let contact_warning = row.text("contact_warning");
    let details = Details {
        gender: row.text("gender"),
        ethnicity: row.text("ethnicity"),
        language: row.text("language"),
        communication_needs: row.text("communication_needs"),
    };
    let carer = Carer {
        name: row.text("carer_name"),
        relationship: row.text("carer_relationship"),
        phone: row.text("carer_phone"),
        email: row.email("carer_email"),
    };
    let starts_at = row.time("conference_time");
    let venue = row.text("venue");
    let chair = row.text("chair");
    let strategy_discussion_on = row.date("strategy_discussion_date");
    let notified_on = row.date("notified_on");
    if notified_on.is_some_and(|notified| notified > today) {
        row.problem("notified_on", "is in the future");
    }
    if notified_on.is_some_and(|notified| notified.year() < OLDEST_YEAR) {
        row.problem("notified_on", "is too long ago: check the year");
    }
    let social_worker_name = row.text("social_worker_name");
    let social_worker_email = row.email("social_worker_email");
    let team = row.text("team");
    let transferring_authority = row.text("transferring_authority");
    match (
        conference_ref,
        child_ref,
        kind,
        held_on,
        status,
        first_name,
        last_name,
    ) {
        (
            Some(conference_ref),
            Some(child_ref),
            Some(kind),
            Some(held_on),
            Some(status),
            Some(first_name),
            Some(last_name),
        ) if row.problems.is_empty() => Ok(ScheduleRow {
            conference_ref,
            child_ref,
            described: Described {
                first_name,
                last_name,
                date_of_birth,
                details,
                contact_warning: contact_warning.clone(),
            },
            place: Place {
                kind,
                held_on,
                starts_at,
                venue,
                chair,
                status,
                strategy_discussion_on,
                notified_on,
                carer,
                social_worker_name,
                social_worker_email,
                team,
                transferring_authority,
                contact_warning,
            },
            fingerprint: fingerprint(values),
        }),
        _ => Err(row.problems),
    }
}

pub fn is_cancelled(values: &BTreeMap<String, String>) -> bool {
    let status = values.get("status").map(String::as_str);
    status_from(status.unwrap_or_default()) == Some(Status::Cancelled)
}

/// What the rows of one import need to know of each other and of the service.
pub struct Taker<'s> {
    settings: &'s settings::Import,
    matcher: Matcher,
    policies: Vec<ReferralPolicy>,
    seen: HashMap<(String, String), (u32, String)>,
    /// The children who are under the threshold themselves, with the reference of the conference.
    under: Vec<(String, String, Seat)>,
    /// The rows on record that the file holds, those among them too that were refused.
    held: BTreeSet<ConferenceChildId>,
    /// The first and the last day of a conference in the file.
    days: Option<(NaiveDate, NaiveDate)>,
    pub referrals: u32,
}

/// What became of a row that could be read.
pub enum Taken {
    Done(RowResult),
    Refused(String, String),
    /// It may be about this person, who is on record without the source's reference.
    Waits(Box<YoungPerson>),
}

impl<'s> Taker<'s> {
    pub fn new(ctx: &mut Ctx<'_>, settings: &'s settings::Import) -> Result<Self, Failure> {
        Ok(Self {
            settings,
            matcher: Matcher::new(ctx, &settings.child_source)?,
            policies: lists::store::policies(ctx)?,
            seen: HashMap::new(),
            under: Vec::new(),
            held: BTreeSet::new(),
            days: None,
            referrals: 0,
        })
    }

    /// How many children of the file are too young for a referral, once all its rows are on record:
    /// an older brother or sister, with whom a younger one is referred, may stand below them.
    pub fn below_threshold(&self, ctx: &mut Ctx<'_>) -> Result<u32, Failure> {
        let mut too_young = BTreeSet::new();
        for (child_ref, conference_ref, seat) in &self.under {
            if too_young.contains(child_ref) {
                continue;
            }
            let mut others = Vec::new();
            if seat.hangs_on_others(&self.policies) {
                let source = &self.settings.conference_source;
                let on = conferences::store::seated_by_ref(ctx, source, conference_ref)?;
                let others_there = on.iter().filter(|it| it.child_ref != *child_ref);
                others.extend(others_there.map(|it| it.seat));
            }
            if verdict_among(&self.policies, seat, &others).is_too_young() {
                too_young.insert(child_ref);
            }
        }
        Ok(u32::try_from(too_young.len()).unwrap_or(u32::MAX))
    }

    /// Puts a row on record.
    pub fn take(
        &mut self,
        ctx: &mut Ctx<'_>,
        number: u32,
        row: &ScheduleRow,
    ) -> Result<Taken, Failure> {
        if let Some((first, same)) = self.seen.get(&row.key()) {
            return Ok(if *same == row.fingerprint {
                Taken::Done(RowResult::Unchanged)
            } else {
                Taken::Refused(
                    "child_ref".to_owned(),
                    format!(
                        "The same child on the same conference stands in row {first} with other details: keep the row that is right."
                    ),
                )
            });
        }
        self.seen
            .insert(row.key(), (number, row.fingerprint.clone()));
        let place = &row.place;
        let known = conferences::store::by_refs(
            ctx,
            &self.settings.conference_source,
            &row.conference_ref,
            &row.child_ref,
        )?;
        let held_on = place.held_on;
        self.days = Some(self.days.map_or((held_on, held_on), |(first, last)| {
            (first.min(held_on), last.max(held_on))
        }));
        if let Some(known) = known {
            self.held.insert(known.id.clone());
            if known.fingerprint == row.fingerprint {
                self.note_if_too_young(ctx, &known, row)?;
                return Ok(Taken::Done(RowResult::Unchanged));
            }
            return self.change(ctx, &known, row).map(Taken::Done);
        }
        let source = self.child_source(&row.child_ref);
        let person = match young_people::store::by_ref(ctx, &source)? {
            Some(person) => {
                self.describe_again(ctx, &person, &row.described)?;
                person.id
            }
            None => {
                let asked = self.facts(ctx, row)?;
                let (nameless, named) = self.matcher.alike(ctx, &asked)?;
                if let Some(likely) = nameless.into_iter().next() {
                    self.count_if_too_young(row, row.described.date_of_birth, &row.place);
                    return Ok(Taken::Waits(Box::new(likely.person)));
                }
                let id = young_people::actions::add(ctx, &row.described, Some(&source))?;
                // Two references of one source are two people: a likeness holds nothing up.
                suggest(ctx, &id, &named)?;
                id
            }
        };
        let child = conferences::actions::add_child(
            ctx,
            &self.settings.conference_source,
            &row.conference_ref,
            &row.child_ref,
            &person,
            place,
            &row.fingerprint,
        )?;
        self.follow(ctx, &child)?;
        self.note_if_too_young(ctx, &child, row)?;
        self.held.insert(child.id);
        Ok(Taken::Done(RowResult::Created))
    }

    /// Notes that the file holds a row that was refused, if what it is about is on record: it must
    /// not look as if scheduling had dropped it.
    pub fn hold_refused(
        &mut self,
        ctx: &mut Ctx<'_>,
        values: &BTreeMap<String, String>,
    ) -> Result<(), Failure> {
        let value = |name: &str| values.get(name).map(|it| it.trim()).unwrap_or_default();
        let (conference_ref, child_ref) = (value("conference_ref"), value("child_ref"));
        if conference_ref.is_empty() || child_ref.is_empty() {
            return Ok(());
        }
        let source = &self.settings.conference_source;
        if let Some(known) = conferences::store::by_refs(ctx, source, conference_ref, child_ref)? {
            self.held.insert(known.id);
        }
        Ok(())
    }

    fn held(&self) -> Vec<ConferenceChildId> {
        self.held.iter().cloned().collect()
    }

    /// Notes the import of a row that was mended or decided.
    pub fn keep_held(&self, ctx: &mut Ctx<'_>, batch: &BatchId) -> Result<(), Failure> {
        conferences::store::set_first_batch(ctx, &self.held(), batch)
    }

    /// Notes which rows the file holds, what days it spans, and how much of what was on record for
    /// them it holds: by that a file of the whole schedule is told from a correction of a few rows.
    pub fn keep_span(
        &self,
        ctx: &mut Ctx<'_>,
        batch: &BatchId,
        source: &str,
    ) -> Result<(), Failure> {
        if let Some((first_day, last_day)) = self.days {
            let known = conferences::store::to_come_from(ctx, source, first_day, last_day)?;
            let named = known.iter().filter(|it| self.held.contains(it)).count();
            let span = store::Span {
                first_day,
                last_day,
                known: known.len(),
                named,
            };
            store::insert_span(ctx, batch, &span)?;
        }
        conferences::store::set_last_batch(ctx, &self.held(), batch)
    }

    /// Counts a child who is too young for a referral, by the birthday on record: a row that
    /// leaves it blank takes nothing away.
    fn note_if_too_young(
        &mut self,
        ctx: &mut Ctx<'_>,
        child: &ConferenceChild,
        row: &ScheduleRow,
    ) -> Result<(), Failure> {
        let person =
            young_people::store::find(ctx, &child.young_person)?.ok_or(Failure::NotFound)?;
        self.count_if_too_young(row, person.date_of_birth, &child.place);
        Ok(())
    }

    fn count_if_too_young(&mut self, row: &ScheduleRow, born: Option<NaiveDate>, place: &Place) {
        let seat = Seat::of(place, born);
        if seat.verdict(&self.policies).is_too_young() {
            let (child, conference) = (row.child_ref.clone(), row.conference_ref.clone());
            self.under.push((child, conference, seat));
        }
    }

    /// Takes in what the row says of the child. Another birthday changes which of their
    /// conferences refer them, so each is looked at again.
    fn describe_again(
        &mut self,
        ctx: &mut Ctx<'_>,
        person: &YoungPerson,
        described: &Described,
    ) -> Result<bool, Failure> {
        let changed = young_people::actions::describe_again(ctx, person, described)?;
        let born = described.date_of_birth;
        if born.is_some() && born != person.date_of_birth {
            for child in conferences::store::of_young_person(ctx, &person.id)? {
                self.follow(ctx, &child)?;
            }
        }
        Ok(changed)
    }

    /// What the row says of the child that tells them from others: with whom they confer, too.
    pub fn facts(&self, ctx: &mut Ctx<'_>, row: &ScheduleRow) -> Result<Facts, Failure> {
        let carer = &row.place.carer;
        let source = &self.settings.conference_source;
        let family = conferences::store::children_by_ref(ctx, source, &row.conference_ref)?;
        Ok(Facts {
            carers: vec![CarerFacts {
                name: carer.name.clone(),
                phone: carer.phone.clone(),
                email: carer.email.clone(),
            }],
            family: family.into_iter().collect(),
            ..Facts::from(&row.described)
        })
    }

    pub fn child_source(&self, child_ref: &str) -> SourceRef {
        SourceRef {
            source: self.settings.child_source.clone(),
            reference: child_ref.to_owned(),
        }
    }

    /// A row that came before, now with other words. What it leaves blank stays as it was.
    fn change(
        &mut self,
        ctx: &mut Ctx<'_>,
        known: &ConferenceChild,
        row: &ScheduleRow,
    ) -> Result<RowResult, Failure> {
        let mut place = filled(&row.place, &known.place);
        let (status, said_status) =
            status_after(known.place.status, known.said_status, row.place.status);
        place.status = status;
        let person =
            young_people::store::find(ctx, &known.young_person)?.ok_or(Failure::NotFound)?;
        let person_changed = self.describe_again(ctx, &person, &row.described)?;
        let place_changed = place != known.place || said_status != known.said_status;
        if !person_changed && !place_changed {
            self.note_if_too_young(ctx, known, row)?;
            return Ok(RowResult::Unchanged);
        }
        let child =
            conferences::actions::change_child(ctx, known, &place, said_status, &row.fingerprint)?;
        self.follow(ctx, &child)?;
        self.note_if_too_young(ctx, &child, row)?;
        Ok(RowResult::Updated)
    }

    fn follow(&mut self, ctx: &mut Ctx<'_>, child: &ConferenceChild) -> Result<(), Failure> {
        let person =
            young_people::store::find(ctx, &child.young_person)?.ok_or(Failure::NotFound)?;
        self.referrals += follow_conference(ctx, child, person.date_of_birth, &self.policies)?;
        Ok(())
    }
}

/// The new place, with what it leaves blank taken from the old: silence is not a correction.
fn filled(new: &Place, old: &Place) -> Place {
    let or = |new: &Option<String>, old: &Option<String>| new.clone().or_else(|| old.clone());
    Place {
        kind: new.kind,
        held_on: new.held_on,
        status: new.status,
        starts_at: or(&new.starts_at, &old.starts_at),
        venue: or(&new.venue, &old.venue),
        chair: or(&new.chair, &old.chair),
        strategy_discussion_on: new.strategy_discussion_on.or(old.strategy_discussion_on),
        notified_on: new.notified_on.or(old.notified_on),
        carer: Carer {
            name: or(&new.carer.name, &old.carer.name),
            relationship: or(&new.carer.relationship, &old.carer.relationship),
            phone: or(&new.carer.phone, &old.carer.phone),
            email: or(&new.carer.email, &old.carer.email),
        },
        social_worker_name: or(&new.social_worker_name, &old.social_worker_name),
        social_worker_email: or(&new.social_worker_email, &old.social_worker_email),
        team: or(&new.team, &old.team),
        transferring_authority: or(&new.transferring_authority, &old.transferring_authority),
        contact_warning: or(&new.contact_warning, &old.contact_warning),
    }
}

/// The key of a row that waits, so that the same row sent again is found.
pub fn waiting_key(row: &ScheduleRow) -> String {
    mapping::fingerprint(&BTreeMap::from([
        ("conference_ref".to_owned(), row.conference_ref.clone()),
        ("child_ref".to_owned(), row.child_ref.clone()),
    ]))
}
