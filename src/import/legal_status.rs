//! The list of legal status: on what basis a child is looked after, or what lies beside it, from a
//! day to a day (domain.md section 4).
//!
//! A row names nobody but a reference: a child who is not on record is refused, and comes in by the
//! placement list first. A basis holds until the next one starts. Its last day is the day on which
//! it ends, as in the SSDA903 return: if nothing else starts by then, from that day on there is
//! none.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use super::actions::{Settled, faulty};
use super::mapping::{Reader, as_code, not_one_of};
use super::reading::{Known, RawRow, Value};
use super::{Report, RowResult};
use crate::calendar::show;
use crate::ctx::Ctx;
use crate::db::savepoint;
use crate::failure::{Failure, FieldError};
use crate::ids::YoungPersonId;
use crate::settings;
use crate::young_people::legal::actions::{change_flag, correct, set_flag, start, version_of};
use crate::young_people::legal::{Basis, Flag, FlagWords, LegalStatus, Start, rules, store};
use crate::young_people::{self, SourceRef, Stretch};

/// The columns of a list of legal status, as the reader takes them and as the page explains them.
pub const COLUMNS: &[Known] = &[
    Known::needed(
        "child_ref",
        Value::Text,
        "The social care system's reference of the child or young person, who must be on record.",
    ),
    Known::needed(
        "code",
        Value::Text,
        "The code of the SSDA903 return for the legal status, or the words of the record.",
    ),
    Known::needed("from", Value::Date, "The first day."),
    Known::optional(
        "to",
        Value::Date,
        "The last day, once it has come. Blank as long as it holds.",
    ),
];

/// What a code stands for.
#[derive(Clone, Copy)]
enum What {
    Basis(Basis),
    Flag(Flag),
}

/// A code of the SSDA903 return, or one of our own words.
fn what(text: &str) -> Option<What> {
    let code = as_code(text);
    let by_return = || {
        Basis::ALL.iter().copied().find(|basis| {
            let codes = basis.ssda903().unwrap_or_default();
            codes.split(" or ").any(|it| it.eq_ignore_ascii_case(&code))
        })
    };
    Basis::from_code(&code)
        .or_else(by_return)
        .map(What::Basis)
        .or_else(|| Flag::from_code(&code).map(What::Flag))
}

fn known_codes() -> String {
    let returns = Basis::ALL.iter().filter_map(|basis| basis.ssda903());
    let returns = returns.flat_map(|codes| codes.split(" or "));
    let ours = Basis::ALL.iter().map(|basis| basis.code());
    let flags = Flag::ALL.iter().map(|flag| flag.code());
    not_one_of(&returns.chain(ours).chain(flags).collect::<Vec<_>>())
}

struct Row {
    child_ref: String,
    what: What,
    stretch: Stretch,
}

fn read(values: &BTreeMap<String, String>, today: NaiveDate) -> Result<Row, Vec<(String, String)>> {
    let mut row = Reader::new(values);
    let child_ref = row.required("child_ref");
    let what = row.required("code").and_then(|text| {
        let found = what(&text);
        if found.is_none() {
            row.problem("code", known_codes());
        }
        found
    });
    let from = row.required_date("from");
    let to = row.date("to");
    if let (Some(from), Some(to)) = (from, to)
        && to < from
    {
        row.problem("to", "is before the first day");
    }
    match (child_ref, what, from) {
        (Some(child_ref), Some(what), Some(from)) if row.problems.is_empty() => Ok(Row {
            child_ref,
            what,
            // A last day that is planned is no last day yet.
            stretch: Stretch {
                from,
                to: to.filter(|to| *to <= today),
            },
        }),
        _ => Err(row.problems),
    }
}

/// The days on which a basis starts by this list, of each child.
type Starts = BTreeSet<(String, NaiveDate)>;

/// What a row says where it came from, on the record.
fn origin(today: NaiveDate) -> String {
    format!("From the legal status list of {}", show(today))
}

/// What the rows of one list need to know of each other.
pub(super) struct Taker<'s> {
    settings: &'s settings::Import,
    today: NaiveDate,
    starts: Starts,
}

impl<'s> Taker<'s> {
    pub(super) fn new(ctx: &Ctx<'_>, settings: &'s settings::Import) -> Self {
        Self {
            settings,
            today: ctx.today,
            starts: Starts::new(),
        }
    }
}

impl super::actions::Taker for Taker<'_> {
    /// The earliest first.
    fn in_order<'r>(&mut self, rows: &'r [RawRow]) -> Vec<&'r RawRow> {
        let mut rows: Vec<&RawRow> = rows.iter().collect();
        rows.sort_by_key(|raw| Reader::new(&raw.values).date("from"));
        self.starts = rows
            .iter()
            .filter_map(|raw| read(&raw.values, self.today).ok())
            .filter(|row| matches!(row.what, What::Basis(_)))
            .map(|row| (row.child_ref, row.stretch.from))
            .collect();
        rows
    }

    fn take(&mut self, ctx: &mut Ctx<'_>, _: &str, raw: &RawRow) -> Result<Settled, Failure> {
        savepoint(ctx, |ctx| take_row(ctx, self.settings, &self.starts, raw))
    }

    fn count(&self, _: &mut Ctx<'_>, _: &mut Report) -> Result<(), Failure> {
        Ok(())
    }
}

fn take_row(
    ctx: &mut Ctx<'_>,
    settings: &settings::Import,
    starts: &Starts,
    raw: &RawRow,
) -> Result<Settled, Failure> {
    if let Some(settled) = faulty(raw) {
        return Ok(settled);
    }
    let row = match read(&raw.values, ctx.today) {
        Ok(row) => row,
        Err(problems) => return Ok(Settled::rejected(problems)),
    };
    let source = SourceRef {
        source: settings.child_source.clone(),
        reference: row.child_ref.clone(),
    };
    let Some(person) = young_people::store::by_ref(ctx, &source)? else {
        return Ok(Settled::rejected(vec![(
            "child_ref".to_owned(),
            "is nobody's on record: send the placement list with this child first, then this row again".to_owned(),
        )]));
    };
    let person = young_people::store::standing(ctx, &person.id)?;
    let changed = match row.what {
        What::Basis(basis) => take_basis(ctx, &person, basis, &row, starts)?,
        What::Flag(flag) => take_flag(ctx, &person, flag, row.stretch)?,
    };
    Ok(Settled::done(changed))
}

fn take_basis(
    ctx: &mut Ctx<'_>,
    person: &YoungPersonId,
    basis: Basis,
    row: &Row,
    starts: &Starts,
) -> Result<RowResult, Failure> {
    let from = row.stretch.from;
    let history = store::history(ctx, person)?;
    let mut result = match rules::on(&history, from) {
        // The return begins a row with every new home: the basis is the same.
        Some(same) if same.basis == basis => RowResult::Unchanged,
        // An end that an earlier list told of, and that turned out to be a change.
        Some(end) if end.from == from && end.basis == Basis::None && is_ours(end) => {
            let right = Start { basis, from };
            let reason = format!("{}: it went on", origin(ctx.today));
            correct(ctx, &end.id, Some(right), &reason).map_err(by_column)?;
            RowResult::Updated
        }
        _ => {
            begin(ctx, person, basis, from)?;
            RowResult::Created
        }
    };
    let Some(to) = row.stretch.to else {
        return Ok(result);
    };
    let history = store::history(ctx, person)?;
    let by_record = rules::standing(&history)
        .into_iter()
        .any(|status| status.from > from && status.from <= to);
    let after = from.succ_opt().unwrap_or(from);
    let key = |day| (row.child_ref.clone(), day);
    let by_list = to > from && starts.range(key(after)..=key(to)).next().is_some();
    if basis != Basis::None && !by_record && !by_list && to > from {
        begin(ctx, person, Basis::None, to)?;
        if result == RowResult::Unchanged {
            result = RowResult::Updated;
        }
    }
    Ok(result)
}

/// Whether a row came by such a list, and no person has spoken since.
fn is_ours(status: &LegalStatus) -> bool {
    let note = status.note.as_deref().unwrap_or_default();
    note.starts_with("From the legal status list of ")
}

fn begin(
    ctx: &mut Ctx<'_>,
    person: &YoungPersonId,
    basis: Basis,
    from: NaiveDate,
) -> Result<(), Failure> {
    let version = version_of(&store::history(ctx, person)?);
    let note = origin(ctx.today);
    start(ctx, person, version, Start { basis, from }, Some(&note)).map_err(by_column)?;
    Ok(())
}

fn take_flag(
    ctx: &mut Ctx<'_>,
    person: &YoungPersonId,
    flag: Flag,
    stretch: Stretch,
) -> Result<RowResult, Failure> {
    let known = store::flags(ctx, person)?.into_iter().find(|it| {
        !it.what.in_error && it.what.flag == flag && it.what.stretch.from == stretch.from
    });
    let Some(known) = known else {
        let words = FlagWords {
            flag,
            stretch,
            note: Some(origin(ctx.today)),
            in_error: false,
        };
        set_flag(ctx, person, &words).map_err(by_column)?;
        return Ok(RowResult::Created);
    };
    if stretch.to.is_none() || stretch.to == known.what.stretch.to {
        return Ok(RowResult::Unchanged);
    }
    let words = FlagWords {
        stretch,
        ..known.what
    };
    change_flag(ctx, &known.id, known.version, &words).map_err(by_column)?;
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
                        "basis" => "code",
                        _ => "",
                    };
                    FieldError::new(column, format!("{}.", error.message))
                })
                .collect(),
        ),
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_of_the_return_or_in_our_words() {
        let basis = |text| match what(text) {
            Some(What::Basis(basis)) => Some(basis),
            _ => None,
        };
        assert_eq!(basis("V2"), Some(Basis::S20));
        assert_eq!(basis("v4"), Some(Basis::ShortBreaks));
        assert_eq!(basis("Care order"), Some(Basis::CareOrder));
        assert!(matches!(
            what("secure accommodation"),
            Some(What::Flag(Flag::SecureAccommodation))
        ));
        assert!(what("X9").is_none());
    }
}
