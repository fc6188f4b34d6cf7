//! Moving in: a team's spreadsheet as CSV files (contracts, section 3).

use std::collections::{BTreeMap, HashMap};

use chrono::{Months, NaiveDate};

use super::RowResult;
use super::mapping::{Reader, as_code, check_birth, fingerprint, not_one_of};
use super::reading::{Known, Value};
use crate::cases::{self, Closing, Spell};
use crate::complaints::{self, MovedIn as MovedInComplaint};
use crate::ctx::Ctx;
use crate::failure::Failure;
use crate::ids::{ComplaintId, SpellId, UserId, YoungPersonId};
use crate::lists::{self, Entry};
use crate::meetings::{self, Attendance};
use crate::referrals::actions::MovedIn;
use crate::referrals::store::External;
use crate::referrals::{
    self, LegalStatus, Outcome, Referral, Remit, Request, SECURE_ORDER, Source, Stream,
};
use crate::settings;
use crate::staff;
use crate::young_people::matching::Facts;
use crate::young_people::matching::actions::{Matcher, suggest};
use crate::young_people::{self, Described, Details, SourceRef, YoungPerson};

/// Whose references moved-in rows carry.
pub(super) const SOURCE: &str = "history";

crate::words! {
    /// The parts of a moved-in spreadsheet: a file each, or a sheet of one workbook.
    pub enum Part {
        Referrals = "referrals", "Referrals";
        Meetings = "meetings", "Meetings";
        Complaints = "complaints", "Complaints";
    }
}

impl Part {
    /// Which part a file or a sheet is, by its name: "Complaints 2021.csv".
    pub fn named(name: &str) -> Option<Self> {
        let name = name.to_lowercase();
        Self::ALL
            .iter()
            .copied()
            .find(|part| name.contains(part.code().trim_end_matches('s')))
    }

    /// The columns, as the reader takes them and as the page explains them.
    pub fn columns(self) -> &'static [Known] {
        match self {
            Self::Referrals => REFERRALS,
            Self::Meetings => MEETINGS,
            Self::Complaints => COMPLAINTS,
        }
    }
}

const REFERRALS: &[Known] = &[
    Known::needed(
        "referral_ref",
        Value::Text,
        "Your own number of the referral. Each stands here once; meetings and complaints name it.",
    ),
    Known::needed(
        "child_ref",
        Value::Text,
        "The social care system's reference of the child or young person.",
    ),
    Known::needed("first_name", Value::Text, "First name."),
    Known::needed("last_name", Value::Text, "Last name."),
    Known::needed("date_of_birth", Value::Date, "Day of birth."),
    Known::optional("gender", Value::Text, "In your own words or codes."),
    Known::optional("ethnicity", Value::Text, "In your own words or codes."),
    Known::needed("stream", Value::Text, "child_protection or care."),
    Known::needed(
        "source",
        Value::Text,
        "automatic_initial_conference, automatic_receiving_in_conference, social_worker, self, parent_or_carer, personal_adviser, reviewing_officer, residential_home or other_professional.",
    ),
    Known::needed("received_on", Value::Date, "The day the referral came."),
    Known::optional(
        "legal_status",
        Value::Text,
        "Needed in the care stream within the remit: the code of the legal status, or secure_order.",
    ),
    Known::optional(
        "reason",
        Value::Text,
        "Needed in the care stream within the remit: why an officer was asked for.",
    ),
    Known::optional(
        "topics",
        Value::Text,
        "What it was about, several divided by semicolons.",
    ),
    Known::needed("decision", Value::Text, "in_remit or out_of_remit."),
    Known::optional(
        "outcome",
        Value::Text,
        "Needed within the remit: accepted, declined_by_young_person, declined_by_parent, declined_not_known_if_told, no_response, changed_mind, withdrawn or pending.",
    ),
    Known::optional(
        "opened_on",
        Value::Date,
        "Needed where the outcome is accepted: the day the case was opened.",
    ),
    Known::optional(
        "closed_on",
        Value::Date,
        "The day the case was closed. Blank while it is open.",
    ),
    Known::optional("closure_reason", Value::Text, "Why the case was closed."),
    Known::optional(
        "officer",
        Value::Text,
        "The officer's name or e-mail address.",
    ),
];

const MEETINGS: &[Known] = &[
    Known::needed(
        "referral_ref",
        Value::Text,
        "The referral it belongs to, as in the sheet of referrals.",
    ),
    Known::needed("held_on", Value::Date, "The day of the meeting."),
    Known::needed(
        "type",
        Value::Text,
        "What kind of meeting it was, by its code or its name in the list of meetings.",
    ),
    Known::needed(
        "attendance",
        Value::Text,
        "How the young person took part, by its code.",
    ),
];

const COMPLAINTS: &[Known] = &[
    Known::needed(
        "referral_ref",
        Value::Text,
        "The referral it belongs to, as in the sheet of referrals.",
    ),
    Known::needed("kind", Value::Text, "informal or formal."),
    Known::optional("procedure", Value::Text, "Which procedure it went by."),
    Known::optional("stage", Value::Text, "The stage it reached."),
    Known::needed("received_on", Value::Date, "The day the complaint came."),
    Known::optional("responded_on", Value::Date, "The day it was answered."),
    Known::optional("outcome", Value::Text, "How it ended."),
];

type Values = BTreeMap<String, String>;
type Problems = Vec<(String, String)>;

/// What the rows of one import need to know of each other and of the service.
pub struct Taker<'s> {
    settings: &'s settings::Import,
    matcher: Matcher,
    reasons: Vec<Entry>,
    meeting_types: Vec<Entry>,
    closure_reasons: Vec<Entry>,
    officers: HashMap<String, UserId>,
    seen: HashMap<String, (u32, String)>,
    /// How often the same meeting or complaint stood in its file so far.
    repeats: HashMap<String, u32>,
    pub referrals: u32,
}

/// What became of a row.
pub enum Taken {
    Done(RowResult),
    Refused(Problems),
    Waits(Box<YoungPerson>),
}

fn codes<T: Copy>(all: &[T], code: impl Fn(T) -> &'static str) -> Vec<&'static str> {
    all.iter().map(|one| code(*one)).collect()
}

/// The code of an entry, found by its code or by its words.
fn entry(entries: &[Entry], text: &str) -> Option<String> {
    let code = as_code(text);
    entries
        .iter()
        .find(|entry| entry.code == code || as_code(&entry.label) == code)
        .map(|entry| entry.code.clone())
}

struct ReferralRow {
    referral_ref: String,
    child_ref: String,
    described: Described,
    request: Request,
    outcome: Outcome,
    spell: Option<Spell>,
    officer: Option<String>,
}

impl<'s> Taker<'s> {
    pub fn new(ctx: &mut Ctx<'_>, settings: &'s settings::Import) -> Result<Self, Failure> {
        Ok(Self {
            settings,
            matcher: Matcher::new(ctx, &settings.child_source)?,
            reasons: lists::store::entries(ctx, lists::REASONS)?,
            meeting_types: lists::store::entries(ctx, lists::MEETING_TYPES)?,
            closure_reasons: lists::store::entries(ctx, lists::CLOSURE_REASONS)?,
            officers: HashMap::new(),
            seen: HashMap::new(),
            repeats: HashMap::new(),
            referrals: 0,
        })
    }

    pub fn child_source(&self, child_ref: &str) -> SourceRef {
        SourceRef {
            source: self.settings.child_source.clone(),
            reference: child_ref.to_owned(),
        }
    }

    pub fn take(
        &mut self,
        ctx: &mut Ctx<'_>,
        part: Part,
        number: u32,
        values: &Values,
    ) -> Result<Taken, Failure> {
        match part {
            Part::Meetings => self.take_meeting(ctx, values),
            Part::Complaints => self.take_complaint(ctx, values),
            Part::Referrals => self.take_referral(ctx, number, values),
        }
    }

    fn read_referral(&self, values: &Values, today: NaiveDate) -> Result<ReferralRow, Problems> {
        let mut row = Reader::new(values);
        let referral_ref = row.required("referral_ref");
        let child_ref = row.required("child_ref");
        let first_name = row.name("first_name");
        let last_name = row.name("last_name");
        let born = row.required_date("date_of_birth");
        check_birth(&mut row, born, today);
        let stream = row.required_code(
            "stream",
            Stream::from_code,
            &codes(Stream::ALL, Stream::code),
        );
        let source = row.required_code(
            "source",
            Source::from_code,
            &codes(Source::ALL, Source::code),
        );
        let received_on = row.required_date("received_on");
        let remit = row.required_code(
            "decision",
            Remit::from_code,
            &codes(Remit::ALL, Remit::code),
        );
        let outcome = row.code(
            "outcome",
            Outcome::from_code,
            &codes(Outcome::ALL, Outcome::code),
        );
        let (legal_status, secure_order) = self.legal_status(&mut row);
        let reason = row.text("reason").and_then(|text| {
            let code = entry(&self.reasons, &text);
            if code.is_none() {
                let known: Vec<&str> = self
                    .reasons
                    .iter()
                    .map(|reason| reason.code.as_str())
                    .collect();
                row.problem("reason", not_one_of(&known));
            }
            code
        });
        let topics = row.text("topics").map(|text| {
            text.split(';')
                .map(str::trim)
                .filter(|topic| !topic.is_empty())
                .map(|topic| entry(&self.reasons, topic).unwrap_or_else(|| topic.to_owned()))
                .collect()
        });
        let opened_on = row.date("opened_on");
        let closed_on = row.date("closed_on");
        let closure_reason = row
            .text("closure_reason")
            .map(|text| entry(&self.closure_reasons, &text).unwrap_or(text));
        let officer = row.text("officer");
        let gender = row.text("gender");
        let ethnicity = row.text("ethnicity");

        let in_remit = remit == Some(Remit::InRemit);
        if in_remit && row.get("outcome").is_none() {
            row.problem("outcome", "is missing: a referral within the remit has one");
        }
        if remit == Some(Remit::OutOfRemit) && outcome.is_some() {
            row.problem(
                "outcome",
                "must be empty: no offer is made outside the remit",
            );
        }
        if in_remit && stream == Some(Stream::Care) {
            if row.get("legal_status").is_none() {
                row.problem(
                    "legal_status",
                    "is missing: the care stream within the remit has one",
                );
            }
            if row.get("reason").is_none() {
                row.problem(
                    "reason",
                    "is missing: the care stream within the remit has one",
                );
            }
        }
        let accepted = outcome == Some(Outcome::Accepted);
        match (accepted, opened_on) {
            (true, None) if row.get("opened_on").is_none() => {
                row.problem("opened_on", "is missing: an accepted referral has one");
            }
            (false, Some(_)) => {
                row.problem(
                    "opened_on",
                    "must be empty: only an accepted referral opens a case",
                );
            }
            _ => {}
        }
        if closed_on.is_some() && row.get("opened_on").is_none() {
            row.problem("closed_on", "must be empty: the case was never opened");
        }
        check_order(&mut row, born, received_on, opened_on, closed_on, today);

        match (
            referral_ref,
            child_ref,
            first_name,
            last_name,
            stream,
            source,
            received_on,
        ) {
            (
                Some(referral_ref),
                Some(child_ref),
                Some(first_name),
                Some(last_name),
                Some(stream),
                Some(source),
                Some(received_on),
            ) if row.problems.is_empty() => Ok(ReferralRow {
                referral_ref,
                child_ref,
                described: Described {
                    first_name,
                    last_name,
                    date_of_birth: born,
                    details: Details {
                        gender,
                        ethnicity,
                        ..Details::default()
                    },
                    contact_warning: None,
                },
                request: Request {
                    stream,
                    source,
                    received_on,
                    remit,
                    legal_status,
                    secure_order,
                    reason,
                    topics: topics.unwrap_or_default(),
                },
                outcome: outcome.unwrap_or(Outcome::Pending),
                spell: opened_on.map(|opened_on| Spell {
                    id: SpellId::random(),
                    opened_on,
                    opening_note: None,
                    closing: closed_on.map(|on| Closing {
                        on,
                        reason: closure_reason,
                        note: None,
                    }),
                }),
                officer,
            }),
            _ => Err(row.problems),
        }
    }

    /// `secure_order` sets the flag that lies over another status.
    fn legal_status(&self, row: &mut Reader<'_>) -> (Option<LegalStatus>, bool) {
        if row.get("legal_status").map(as_code).as_deref() == Some(SECURE_ORDER.0) {
            return (None, true);
        }
        let mut known = codes(LegalStatus::ALL, LegalStatus::code);
        known.push(SECURE_ORDER.0);
        (
            row.code("legal_status", LegalStatus::from_code, &known),
            false,
        )
    }

    fn take_referral(
        &mut self,
        ctx: &mut Ctx<'_>,
        number: u32,
        values: &Values,
    ) -> Result<Taken, Failure> {
        let row = match self.read_referral(values, ctx.today) {
            Ok(row) => row,
            Err(problems) => return Ok(Taken::Refused(problems)),
        };
        let print = fingerprint(values);
        if let Some((first, same)) = self.seen.get(&row.referral_ref) {
            return Ok(if *same == print {
                Taken::Done(RowResult::Unchanged)
            } else {
                refused(
                    "referral_ref",
                    &format!("stands in row {first} already, with other details"),
                )
            });
        }
        let taken = self.take_first(ctx, &row, &print)?;
        // A row that was refused holds no other up.
        if !matches!(taken, Taken::Refused(_)) {
            self.seen.insert(row.referral_ref, (number, print));
        }
        Ok(taken)
    }

    /// A row whose reference stands in the file for the first time.
    fn take_first(
        &mut self,
        ctx: &mut Ctx<'_>,
        row: &ReferralRow,
        print: &str,
    ) -> Result<Taken, Failure> {
        let known = referrals::store::by_external_ref(ctx, SOURCE, &row.referral_ref)?;
        let source = self.child_source(&row.child_ref);
        let mut suggested = Vec::new();
        let person = match young_people::store::by_ref(ctx, &source)? {
            Some(person) => Some(person),
            None => {
                let asked = Facts::from(&row.described);
                let (nameless, named) = self.matcher.alike(ctx, &asked)?;
                if let Some(likely) = nameless.into_iter().next() {
                    return Ok(Taken::Waits(Box::new(likely.person)));
                }
                suggested = named;
                None
            }
        };
        if let Some((referral, imported)) = known {
            return self.change(
                ctx,
                &referral,
                imported.as_deref(),
                row,
                print,
                person.as_ref(),
            );
        }
        let person = match person {
            Some(person) => {
                young_people::actions::describe_again(ctx, &person, &row.described)?;
                person.id
            }
            None => {
                let id = young_people::actions::add(ctx, &row.described, Some(&source))?;
                suggest(ctx, &id, &suggested)?;
                id
            }
        };
        let officer = self.officer(ctx, row.officer.as_deref())?;
        let marked = mark(print, 1, row.spell.as_ref().map(|_| 1));
        let referral = referrals::actions::move_in(
            ctx,
            &moved_in(row, &person, officer.clone()),
            &External {
                source: SOURCE,
                reference: &row.referral_ref,
                fingerprint: &marked,
            },
        )?;
        if let Some(spell) = &row.spell {
            cases::actions::begin(ctx, &referral, spell, officer.as_ref())?;
        }
        self.referrals += 1;
        Ok(Taken::Done(RowResult::Created))
    }

    /// A row that came before, now with other words: it corrects what it made, unless somebody has
    /// worked on that since.
    fn change(
        &mut self,
        ctx: &mut Ctx<'_>,
        referral: &Referral,
        imported: Option<&str>,
        row: &ReferralRow,
        print: &str,
        person: Option<&YoungPerson>,
    ) -> Result<Taken, Failure> {
        let case = cases::store::by_referral(ctx, &referral.id)?;
        let stands = mark(
            print,
            referral.version,
            case.as_ref().map(|case| case.version),
        );
        if imported == Some(stands.as_str()) {
            return Ok(Taken::Done(RowResult::Unchanged));
        }
        let imported_print = imported.and_then(|mark| mark.split('@').next());
        let untouched = imported_print.is_some_and(|before| {
            imported
                == Some(
                    mark(
                        before,
                        referral.version,
                        case.as_ref().map(|case| case.version),
                    )
                    .as_str(),
                )
        });
        if !untouched {
            if imported_print == Some(print) {
                return Ok(Taken::Done(RowResult::Unchanged));
            }
            return Ok(refused(
                "referral_ref",
                "has been worked on here since it came in, so the file no longer changes it",
            ));
        }
        let Some(person) = person.filter(|person| person.id == referral.young_person) else {
            return Ok(refused(
                "child_ref",
                "is another child than when this referral came in",
            ));
        };
        if case.is_some() && row.spell.is_none() {
            return Ok(refused(
                "outcome",
                "was accepted when it came in, and has a case: it can no longer become another outcome",
            ));
        }
        young_people::actions::describe_again(ctx, person, &row.described)?;
        let officer = self.officer(ctx, row.officer.as_deref())?;
        let corrected = referrals::actions::correct_moved_in(
            ctx,
            referral,
            &moved_in(row, &person.id, officer.clone()),
        )?;
        cases::actions::correct_moved_in(ctx, &corrected, row.spell.as_ref(), officer.as_ref())?;
        let case = cases::store::by_referral(ctx, &referral.id)?;
        let marked = mark(print, corrected.version, case.map(|case| case.version));
        referrals::store::set_fingerprint(ctx, &referral.id, &marked)?;
        Ok(Taken::Done(RowResult::Updated))
    }

    fn officer(
        &mut self,
        ctx: &mut Ctx<'_>,
        named: Option<&str>,
    ) -> Result<Option<UserId>, Failure> {
        let Some(named) = named else {
            return Ok(None);
        };
        if let Some(known) = self.officers.get(named) {
            return Ok(Some(known.clone()));
        }
        let id = staff::actions::officer_named(ctx, named)?;
        self.officers.insert(named.to_owned(), id.clone());
        Ok(Some(id))
    }

    /// The referral that a further file's row belongs to.
    fn referral_of(row: &mut Reader<'_>, ctx: &mut Ctx<'_>) -> Result<Option<Referral>, Failure> {
        let Some(reference) = row.required("referral_ref") else {
            return Ok(None);
        };
        let found = referrals::store::by_external_ref(ctx, SOURCE, &reference)?;
        if found.is_none() {
            row.problem("referral_ref", format!("no referral {reference} came in"));
        }
        Ok(found.map(|(referral, _)| referral))
    }

    fn take_meeting(&mut self, ctx: &mut Ctx<'_>, values: &Values) -> Result<Taken, Failure> {
        let mut row = Reader::new(values);
        let referral = Self::referral_of(&mut row, ctx)?;
        let held_on = row.required_date("held_on");
        check_future(&mut row, "held_on", held_on, ctx.today);
        let kind = row.required("type").and_then(|text| {
            let code = entry(&self.meeting_types, &text);
            if code.is_none() {
                let known: Vec<&str> = self
                    .meeting_types
                    .iter()
                    .map(|kind| kind.code.as_str())
                    .collect();
                row.problem("type", not_one_of(&known));
            }
            code
        });
        let attendance = row.required_code(
            "attendance",
            Attendance::from_code,
            &codes(Attendance::ALL, Attendance::code),
        );
        if let (Some(referral), Some(held_on)) = (&referral, held_on)
            && held_on < referral.request.received_on
        {
            row.problem("held_on", "is before the referral was received");
        }
        let (Some(referral), Some(held_on), Some(kind), Some(attendance), true) =
            (referral, held_on, kind, attendance, row.problems.is_empty())
        else {
            return Ok(Taken::Refused(row.problems));
        };
        let reference = self.numbered(Part::Meetings, &fingerprint(values));
        if meetings::store::known(ctx, SOURCE, &reference)? {
            return Ok(Taken::Done(RowResult::Unchanged));
        }
        let meeting = meetings::MovedIn {
            referral: referral.id,
            held_on,
            kind,
            attendance,
        };
        meetings::actions::move_in(ctx, &meeting, &referral.young_person, SOURCE, &reference)?;
        Ok(Taken::Done(RowResult::Created))
    }

    fn take_complaint(&mut self, ctx: &mut Ctx<'_>, values: &Values) -> Result<Taken, Failure> {
        let mut row = Reader::new(values);
        let referral = Self::referral_of(&mut row, ctx)?;
        let kind = row.required_code(
            "kind",
            complaints::Kind::from_code,
            &codes(complaints::Kind::ALL, complaints::Kind::code),
        );
        let procedure = row.code(
            "procedure",
            complaints::Procedure::from_code,
            &codes(complaints::Procedure::ALL, complaints::Procedure::code),
        );
        let stage = row.text("stage");
        let received_on = row.required_date("received_on");
        check_future(&mut row, "received_on", received_on, ctx.today);
        let responded_on = row.date("responded_on");
        check_future(&mut row, "responded_on", responded_on, ctx.today);
        let outcome = row.code(
            "outcome",
            complaints::Outcome::from_code,
            &codes(complaints::Outcome::ALL, complaints::Outcome::code),
        );
        if let (Some(received), Some(responded)) = (received_on, responded_on)
            && responded < received
        {
            row.problem("responded_on", "is before the complaint was received");
        }
        let (Some(referral), Some(kind), Some(received_on), true) =
            (referral, kind, received_on, row.problems.is_empty())
        else {
            return Ok(Taken::Refused(row.problems));
        };
        let reference = self.numbered(Part::Complaints, &fingerprint(values));
        if complaints::store::known(ctx, SOURCE, &reference)? {
            return Ok(Taken::Done(RowResult::Unchanged));
        }
        let complaint = MovedInComplaint {
            id: ComplaintId::random(),
            referral: referral.id,
            kind,
            procedure,
            stage,
            received_on,
            responded_on,
            outcome,
        };
        complaints::actions::move_in(ctx, &complaint, &referral.young_person, SOURCE, &reference)?;
        Ok(Taken::Done(RowResult::Created))
    }

    /// Meetings and complaints have no reference of their own: the same row twice in a file is two
    /// of them, the same file twice is not.
    fn numbered(&mut self, part: Part, print: &str) -> String {
        let count = self
            .repeats
            .entry(format!("{}:{print}", part.code()))
            .or_default();
        *count += 1;
        format!("{print}-{count}")
    }
}

/// The fingerprint of a row with the versions of what it made.
fn mark(print: &str, referral: i32, case: Option<i32>) -> String {
    format!("{print}@{referral}.{}", case.unwrap_or_default())
}

fn refused(column: &str, reason: &str) -> Taken {
    Taken::Refused(vec![(column.to_owned(), reason.to_owned())])
}

fn moved_in<'r>(
    row: &ReferralRow,
    person: &'r YoungPersonId,
    officer: Option<UserId>,
) -> MovedIn<'r> {
    MovedIn {
        young_person: person,
        request: row.request.clone(),
        outcome: row.outcome,
        outcome_on: row.spell.as_ref().map(|spell| spell.opened_on),
        officer,
    }
}

/// What a moved-in row tells has happened, or is planned within a year: a spreadsheet is often read
/// with an earlier day's clock to catch up. 2202 is a slip of the pen.
fn check_future(row: &mut Reader<'_>, column: &str, date: Option<NaiveDate>, today: NaiveDate) {
    if date.is_some_and(|date| date > today + Months::new(12)) {
        row.problem(column, "is more than a year ahead");
    }
}

/// Born, received, opened, closed: in this order, each perhaps on the day of the one before.
fn check_order(
    row: &mut Reader<'_>,
    born: Option<NaiveDate>,
    received: Option<NaiveDate>,
    opened: Option<NaiveDate>,
    closed: Option<NaiveDate>,
    today: NaiveDate,
) {
    for (column, date) in [
        ("received_on", received),
        ("opened_on", opened),
        ("closed_on", closed),
    ] {
        check_future(row, column, date, today);
    }
    let steps = [
        ("received_on", received, born, "is before the date of birth"),
        (
            "opened_on",
            opened,
            received,
            "is before the referral was received",
        ),
        ("closed_on", closed, opened, "is before the case was opened"),
    ];
    for (column, later, earlier, reason) in steps {
        if let (Some(later), Some(earlier)) = (later, earlier)
            && later < earlier
        {
            row.problem(column, reason);
        }
    }
}

/// Whom a row describes, if it can be read.
pub fn described(values: &Values) -> Option<Described> {
    let mut row = Reader::new(values);
    Some(Described {
        first_name: row.name("first_name")?,
        last_name: row.name("last_name")?,
        date_of_birth: row.date("date_of_birth"),
        details: Details {
            gender: row.text("gender"),
            ethnicity: row.text("ethnicity"),
            ..Details::default()
        },
        contact_warning: None,
    })
}
