//! The placement list: who lives where, one row for each stay. Commissioning sends it each month
//! (domain.md section 8).
//!
//! A child who is not on record is added: the service owes them a contact without any referral.
//! A home is known by the child and the first day, so that the same row changes nothing twice. No
//! home ends because a list leaves it out; how many were left out is counted.

mod store;

use std::collections::{BTreeMap, BTreeSet, HashMap};

use chrono::{Datelike, NaiveDate};

use self::store::Listed;
use super::actions::{Settled, faulty};
use super::mapping::{Reader, check_birth, fingerprint, not_one_of};
use super::reading::{Known, RawRow, Value};
use super::{Report, RowResult};
use crate::ctx::Ctx;
use crate::db::savepoint;
use crate::failure::{Failure, FieldError};
use crate::ids::HomeId;
use crate::settings;
use crate::text::name_key;
use crate::young_people::homes::{self, Home, Place, Said};
use crate::young_people::matching::Facts;
use crate::young_people::matching::actions::{Matcher, suggest};
use crate::young_people::{self, Described, Details, SourceRef, Stretch, YoungPerson};

/// What stands for an address that must be confidential and that the list does not give.
const NO_POSTCODE: &str = "Not on the placement list";

/// The columns of a placement list, as the reader takes them and as the page explains them.
pub const COLUMNS: &[Known] = &[
    Known::needed(
        "child_ref",
        Value::Text,
        "The social care system's reference of the child or young person.",
    ),
    Known::needed("first_name", Value::Text, "First name."),
    Known::needed("last_name", Value::Text, "Last name."),
    Known::needed("date_of_birth", Value::Date, "Day of birth."),
    Known::optional(
        "home",
        Value::Text,
        "The name of the home or of the carers.",
    ),
    Known::optional("provider", Value::Text, "Who runs the home."),
    Known::needed(
        "kind",
        Value::Text,
        "The code of the SSDA903 return for the kind of home: U1, K2 and the like.",
    ),
    Known::optional("postcode", Value::Text, "The postcode of the home."),
    Known::optional(
        "county",
        Value::Text,
        "in or out: whether the home is in the county.",
    ),
    Known::needed("from", Value::Date, "The first day there."),
    Known::optional(
        "to",
        Value::Date,
        "The last day, once it has come. Blank as long as they live there.",
    ),
];

type Values = BTreeMap<String, String>;
type Problems = Vec<(String, String)>;

/// A row whose every value could be read.
struct Row {
    child_ref: String,
    described: Described,
    kind: homes::Kind,
    place: Place,
    /// None where the list does not say.
    out_of_county: Option<bool>,
    stretch: Stretch,
}

impl Row {
    /// What tells the row from another of the same child and day.
    fn fingerprint(&self) -> String {
        let text = |value: Option<&str>| value.unwrap_or_default().to_owned();
        fingerprint(&BTreeMap::from([
            ("kind".to_owned(), self.kind.code().to_owned()),
            ("provider".to_owned(), text(self.place.provider.as_deref())),
            ("address".to_owned(), text(self.place.address.as_deref())),
            (
                "out".to_owned(),
                self.out_of_county
                    .map(|out| out.to_string())
                    .unwrap_or_default(),
            ),
            (
                "to".to_owned(),
                self.stretch.to.map(|to| to.to_string()).unwrap_or_default(),
            ),
        ]))
    }
}

/// The year in which the return's year ends that holds a day: it ends on 31 March.
fn year_of_the_return(day: NaiveDate) -> i32 {
    day.year() + i32::from(day.month() > 3)
}

fn kind_of(
    row: &mut Reader<'_>,
    settings: &settings::Import,
    from: Option<NaiveDate>,
    until: NaiveDate,
) -> Option<homes::Kind> {
    let code = row.required("kind")?.to_uppercase();
    let Some(kind) = settings.placement_kinds.get(&code) else {
        let known: Vec<&str> = settings
            .placement_kinds
            .keys()
            .map(String::as_str)
            .collect();
        row.problem("kind", not_one_of(&known));
        return None;
    };
    let first = kind.first_year.unwrap_or(i32::MIN);
    let last = kind.last_year.unwrap_or(i32::MAX);
    let began = from.map_or(i32::MIN, year_of_the_return);
    if began > last || year_of_the_return(until) < first {
        row.problem(
            "kind",
            format!("{code} was not in use in the return at that time"),
        );
        return None;
    }
    let home = homes::Kind::from_code(&kind.home);
    if home.is_none() {
        row.problem(
            "kind",
            format!("{code} has no kind of home in the settings of this service"),
        );
    }
    home
}

fn county(row: &mut Reader<'_>) -> Option<bool> {
    let said = super::mapping::as_code(row.get("county")?);
    match said.as_str() {
        "in" | "inside" | "in_county" => Some(false),
        "out" | "outside" | "out_of_county" => Some(true),
        _ => {
            row.problem("county", not_one_of(&["in", "out"]));
            None
        }
    }
}

fn described_by(row: &mut Reader<'_>, today: NaiveDate) -> Option<Described> {
    let (first_name, last_name) = (row.name("first_name"), row.name("last_name"));
    let date_of_birth = row.required_date("date_of_birth");
    check_birth(row, date_of_birth, today);
    Some(Described {
        first_name: first_name?,
        last_name: last_name?,
        date_of_birth,
        details: Details::default(),
        contact_warning: None,
    })
}

/// Whom a row is about.
pub(super) fn described(values: &Values) -> Option<Described> {
    described_by(&mut Reader::new(values), NaiveDate::MAX)
}

fn read(values: &Values, settings: &settings::Import, today: NaiveDate) -> Result<Row, Problems> {
    let mut row = Reader::new(values);
    let child_ref = row.required("child_ref");
    let described = described_by(&mut row, today);
    let from = row.required_date("from");
    // A last day that is planned is no last day yet.
    let to = row.date("to").filter(|to| *to <= today);
    let kind = kind_of(&mut row, settings, from, to.unwrap_or(today));
    let out_of_county = county(&mut row);
    let home = row.text("home");
    let postcode = row.text("postcode").map(|text| text.to_uppercase());
    let address: Vec<String> = [home, postcode].into_iter().flatten().collect();
    let place = Place {
        provider: row.text("provider"),
        address: (!address.is_empty()).then(|| address.join(", ")),
    };
    match (child_ref, described, kind, from) {
        (Some(child_ref), Some(described), Some(kind), Some(from)) if row.problems.is_empty() => {
            Ok(Row {
                child_ref,
                described,
                kind,
                place,
                out_of_county,
                stretch: Stretch { from, to },
            })
        }
        _ => Err(row.problems),
    }
}

/// What the rows of one list need to know of each other and of the service.
pub(super) struct Taker<'s> {
    settings: &'s settings::Import,
    matcher: Matcher,
    seen: HashMap<(String, NaiveDate), (u32, String)>,
    /// Every child whom the list names.
    named: BTreeSet<String>,
}

impl super::actions::Taker for Taker<'_> {
    /// The earliest home first.
    fn in_order<'r>(&mut self, rows: &'r [RawRow]) -> Vec<&'r RawRow> {
        let mut rows: Vec<&RawRow> = rows.iter().collect();
        rows.sort_by_key(|raw| Reader::new(&raw.values).date("from"));
        rows
    }

    fn take(&mut self, ctx: &mut Ctx<'_>, _: &str, raw: &RawRow) -> Result<Settled, Failure> {
        self.named
            .extend(Reader::new(&raw.values).text("child_ref"));
        savepoint(ctx, |ctx| self.take_row(ctx, raw))
    }

    fn count(&self, ctx: &mut Ctx<'_>, report: &mut Report) -> Result<(), Failure> {
        report.no_longer_listed = Some(store::missing(ctx, &self.named)?);
        Ok(())
    }
}

impl<'s> Taker<'s> {
    pub(super) fn new(ctx: &mut Ctx<'_>, settings: &'s settings::Import) -> Result<Self, Failure> {
        Ok(Self {
            settings,
            matcher: Matcher::new(ctx, &settings.child_source)?,
            seen: HashMap::new(),
            named: BTreeSet::new(),
        })
    }

    fn take_row(&mut self, ctx: &mut Ctx<'_>, raw: &RawRow) -> Result<Settled, Failure> {
        if let Some(settled) = faulty(raw) {
            return Ok(settled);
        }
        let row = match read(&raw.values, self.settings, ctx.today) {
            Ok(row) => row,
            Err(problems) => return Ok(Settled::rejected(problems)),
        };
        let print = row.fingerprint();
        let key = (row.child_ref.clone(), row.stretch.from);
        if let Some((first, same)) = self.seen.get(&key) {
            return Ok(match *same == print {
                true => Settled::done(RowResult::Unchanged),
                false => Settled::rejected(vec![(
                    "from".to_owned(),
                    format!(
                        "The same child has another home from the same day in row {first}: keep the row that is right."
                    ),
                )]),
            });
        }
        self.seen.insert(key, (raw.number, print.clone()));
        let source = SourceRef {
            source: self.settings.child_source.clone(),
            reference: row.child_ref.clone(),
        };
        let person = match young_people::store::by_ref(ctx, &source)? {
            Some(person) => {
                if is_somebody_else(&person, &row.described) {
                    return Ok(Settled::rejected(vec![(
                        "child_ref".to_owned(),
                        "belongs to somebody with another name and another date of birth: check which is right".to_owned(),
                    )]));
                }
                person.id
            }
            None => {
                let asked = Facts::from(&row.described);
                let (nameless, named) = self.matcher.alike(ctx, &asked)?;
                if let Some(likely) = nameless.into_iter().next() {
                    let key = format!("placement:{}:{}", row.child_ref, row.stretch.from);
                    return Ok(Settled::waits(&likely.person, key));
                }
                let id = young_people::actions::add(ctx, &row.described, Some(&source))?;
                suggest(ctx, &id, &named)?;
                id
            }
        };
        let person = young_people::store::standing(ctx, &person)?;
        let result = match store::find(ctx, &row.child_ref, row.stretch.from)? {
            Some(listed) if listed.fingerprint == print => {
                store::listed_again(ctx, &listed.home, &print)?;
                RowResult::Unchanged
            }
            Some(listed) => {
                let home = homes::store::find(ctx, &listed.home)?.ok_or(Failure::NotFound)?;
                let result = change(ctx, &home, &row)?;
                store::listed_again(ctx, &home.id, &print)?;
                result
            }
            None => {
                let (home, result) = settle_home(ctx, &person, &row)?;
                let listed = Listed {
                    home,
                    young_person: person,
                    fingerprint: print,
                };
                store::insert(ctx, &listed, &row.child_ref, row.stretch.from)?;
                result
            }
        };
        Ok(Settled::done(result))
    }
}

/// A reference that was mistyped would put a home on another child's record.
fn is_somebody_else(person: &YoungPerson, described: &Described) -> bool {
    let names = |first: &str, last: &str| name_key(&[first, last]);
    let same_name = names(&person.first_name, &person.last_name)
        == names(described.first_name.as_str(), described.last_name.as_str());
    let same_birthday = match (person.date_of_birth, described.date_of_birth) {
        (Some(one), Some(other)) => one == other,
        _ => true,
    };
    !same_name && !same_birthday
}

/// A home that no list named before: one that a person recorded already, or a new one.
fn settle_home(
    ctx: &mut Ctx<'_>,
    person: &crate::ids::YoungPersonId,
    row: &Row,
) -> Result<(HomeId, RowResult), Failure> {
    let all = homes::store::of(ctx, person)?;
    let same = |home: &&Home| {
        !home.said.in_error
            && home.said.kind == row.kind
            && home.said.stretch.from == row.stretch.from
    };
    if let Some(home) = all.iter().find(same) {
        return Ok((home.id.clone(), change(ctx, home, row)?));
    }
    // Whoever had to be kept from finding a child must not find them by their next home: it stays
    // confidential until a person says otherwise.
    let last = all
        .iter()
        .filter(|home| !home.said.in_error && home.said.stretch.from <= row.stretch.from)
        .max_by_key(|home| home.said.stretch.from);
    let confidential = last.is_some_and(|home| home.said.confidential);
    let mut place = row.place.clone();
    if confidential && place.address.is_none() {
        place.address = Some(NO_POSTCODE.to_owned());
    }
    let said = Said {
        kind: row.kind,
        confidential,
        out_of_county: row.out_of_county.unwrap_or(false),
        stretch: row.stretch,
        in_error: false,
    };
    let id = homes::actions::add(ctx, person, &said, &place).map_err(by_column)?;
    Ok((id, RowResult::Created))
}

/// What the list now says of a home on record. What it leaves blank stays as it was, and whether
/// the address is confidential is for people to say.
fn change(ctx: &mut Ctx<'_>, home: &Home, row: &Row) -> Result<RowResult, Failure> {
    let said = Said {
        kind: row.kind,
        out_of_county: row.out_of_county.unwrap_or(home.said.out_of_county),
        stretch: Stretch {
            from: row.stretch.from,
            to: row.stretch.to.or(home.said.stretch.to),
        },
        ..home.said
    };
    let known = home.place.clone().unwrap_or_default();
    let place = Place {
        provider: row.place.provider.clone().or(known.provider),
        address: row.place.address.clone().or(known.address),
    };
    // An address that is confidential is not here to be compared: what the list says is kept.
    if said == home.said && home.place.as_ref() == Some(&place) {
        return Ok(RowResult::Unchanged);
    }
    homes::actions::change(ctx, &home.id, home.version, &said, &place).map_err(by_column)?;
    Ok(RowResult::Updated)
}

/// A refusal names the field of a form: here it is a column.
fn by_column(failure: Failure) -> Failure {
    match failure {
        Failure::Invalid(errors) => Failure::Invalid(
            errors
                .into_iter()
                .map(|error| {
                    let column = match error.field.as_str() {
                        "from_on" => "from",
                        "to_on" => "to",
                        "address" => "postcode",
                        _ => "",
                    };
                    FieldError::new(column, format!("{}.", error.message))
                })
                .collect(),
        ),
        other => other,
    }
}
