//! Every figure once: its table with its name, its definition in words, what it counts, over which
//! base and by which day, its rows, and the rule that places a fact in them.

mod annual;
mod flow;
mod offers;

use std::fmt::Write as _;

use chrono::NaiveDate;

use super::facts::{
    CaseFact, ContactFact, Facts, IssueFact, MeetingFact, OfferFact, ReferralFact, WaitingFact,
};
use super::rules::{self, Place, Terms};
use crate::calendar::Period;
use crate::ids::{ReferralId, YoungPersonId};
use crate::referrals::Stream;

crate::words! {
    /// What a table counts.
    pub enum Unit {
        Referrals = "referrals", "referrals";
        Children = "children", "children and young people";
        Cases = "cases", "cases";
        Meetings = "meetings", "meetings";
        Issues = "issues", "issues";
        Contacts = "contacts", "contacts";
    }
}

crate::words! {
    /// What the tables of a page follow. The first two follow the referrals received in the period.
    pub enum View {
        Annual = "cohort", "Annual report";
        Offers = "offers", "Offers and durations";
        Flow = "flow", "What came and went";
        AsAt = "as_at", "Open at the end of the period";
    }
}

impl View {
    /// Its tables, in the order of a page.
    #[must_use]
    pub fn tables(self) -> &'static [Table] {
        match self {
            Self::Annual => &annual::TABLES,
            Self::Offers => &offers::TABLES,
            Self::Flow => &flow::FLOW,
            Self::AsAt => &flow::AS_AT,
        }
    }
}

/// One table of the report.
pub struct Table {
    pub id: &'static str,
    pub title: &'static str,
    pub definition: &'static str,
    pub unit: Unit,
    /// What the percentages are of.
    pub base: &'static str,
    /// Which day puts a fact into the period.
    pub date_basis: &'static str,
    pub stream: Stream,
    rows: fn(&Terms) -> Vec<Row>,
    placing: Placing,
    pub beside: Beside,
    /// Its rows are shares of its base. What came and went are no shares of anything.
    pub shares: bool,
}

/// One row that a table may have.
#[derive(Debug, Clone)]
pub struct Row {
    pub id: String,
    pub label: String,
    /// Shown at 0 too.
    pub always: bool,
}

type Rule<F> = for<'f> fn(&'f F, &'f Terms) -> Place<'f>;

enum Placing {
    Referrals(Rule<ReferralFact>),
    Meetings(Rule<MeetingFact>),
    Offers(Rule<OfferFact>),
    Waiting(Rule<WaitingFact>),
    Cases(Rule<CaseFact>),
    Issues(Rule<IssueFact>),
    Contacts(Rule<ContactFact>),
}

/// What a table says beside its counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Beside {
    Nothing,
    /// How many still wait for an answer.
    Pending,
    Ages,
    Durations,
    /// How many children or young people they are.
    YoungPeople,
    /// The middle, the quarters and the mean of what a fact lasted, in weeks.
    Weeks,
    /// The same in days.
    Days,
}

/// One thing that is counted.
#[derive(Debug, Clone, Copy)]
pub enum Fact<'f> {
    Referral(&'f ReferralFact),
    Meeting(&'f MeetingFact),
    Offer(&'f OfferFact),
    Waiting(&'f WaitingFact),
    Case(&'f CaseFact),
    Issue(&'f IssueFact),
    Contact(&'f ContactFact),
}

impl Fact<'_> {
    /// The referral that it belongs to.
    #[must_use]
    pub fn referral(&self) -> &ReferralId {
        match self {
            Self::Referral(fact) => &fact.id,
            Self::Meeting(fact) => &fact.referral,
            Self::Offer(fact) => &fact.referral,
            Self::Waiting(fact) => &fact.stretch.referral,
            Self::Case(fact) => &fact.stretch.referral,
            Self::Issue(fact) => &fact.stretch.referral,
            Self::Contact(fact) => &fact.referral,
        }
    }

    /// The day it is counted by, or began.
    #[must_use]
    pub fn day(&self) -> NaiveDate {
        match self {
            Self::Referral(fact) => fact.received_on,
            Self::Meeting(fact) => fact.held_on,
            Self::Offer(fact) => fact.received_on,
            Self::Waiting(fact) => fact.stretch.opened_on,
            Self::Case(fact) => fact.stretch.opened_on,
            Self::Issue(fact) => fact.stretch.opened_on,
            Self::Contact(fact) => fact.made_on,
        }
    }

    fn stream(&self) -> Stream {
        match self {
            Self::Referral(fact) => fact.stream,
            Self::Meeting(fact) => fact.stream,
            Self::Offer(fact) => fact.stream,
            Self::Waiting(fact) => fact.stretch.stream,
            Self::Case(fact) => fact.stretch.stream,
            Self::Issue(fact) => fact.stretch.stream,
            Self::Contact(fact) => fact.stream,
        }
    }

    /// Whose it is, where a table counts them.
    pub(super) fn young_person(&self) -> Option<&YoungPersonId> {
        match self {
            Self::Referral(fact) => Some(&fact.young_person),
            Self::Offer(fact) => Some(&fact.young_person),
            _ => None,
        }
    }

    /// How many days it lasted, by the rule of its kind.
    pub(super) fn days(&self, terms: &Terms) -> Option<i64> {
        match self {
            Self::Referral(fact) => rules::offers::days_of_closed(fact, terms)
                .or_else(|| rules::offers::days_of_open(fact, terms)),
            Self::Offer(fact) => rules::offers::days_to_contact(fact),
            Self::Waiting(fact) => Some(rules::flow::days(&fact.stretch, terms)),
            Self::Case(fact) => Some(rules::flow::days(&fact.stretch, terms)),
            Self::Issue(fact) => Some(rules::flow::days(&fact.stretch, terms)),
            Self::Meeting(_) | Self::Contact(_) => None,
        }
    }
}

impl Table {
    /// The table of an id, with the view that it is in.
    #[must_use]
    pub fn find(id: &str) -> Option<(View, &'static Self)> {
        View::ALL.iter().find_map(|view| {
            let table = view.tables().iter().find(|table| table.id == id)?;
            Some((*view, table))
        })
    }

    /// Every row it may have, in order.
    #[must_use]
    pub fn rows(&self, terms: &Terms) -> Vec<Row> {
        (self.rows)(terms)
    }

    /// The facts in its base, each with its place: what is counted, and what is listed behind the
    /// count.
    pub fn placed<'f>(
        &self,
        facts: &'f Facts,
        terms: &'f Terms,
    ) -> Box<dyn Iterator<Item = (Fact<'f>, Place<'f>)> + 'f> {
        match self.placing {
            Placing::Referrals(rule) => self.each(&facts.referrals, Fact::Referral, rule, terms),
            Placing::Meetings(rule) => self.each(&facts.meetings, Fact::Meeting, rule, terms),
            Placing::Offers(rule) => self.each(&facts.offers, Fact::Offer, rule, terms),
            Placing::Waiting(rule) => self.each(&facts.waiting, Fact::Waiting, rule, terms),
            Placing::Cases(rule) => self.each(&facts.cases, Fact::Case, rule, terms),
            Placing::Issues(rule) => self.each(&facts.issues, Fact::Issue, rule, terms),
            Placing::Contacts(rule) => self.each(&facts.contacts, Fact::Contact, rule, terms),
        }
    }

    fn each<'f, F>(
        &self,
        facts: &'f [F],
        as_fact: fn(&'f F) -> Fact<'f>,
        rule: Rule<F>,
        terms: &'f Terms,
    ) -> Box<dyn Iterator<Item = (Fact<'f>, Place<'f>)> + 'f> {
        let stream = self.stream;
        let placed = facts
            .iter()
            .filter(move |fact| as_fact(fact).stream() == stream)
            .map(move |fact| (as_fact(fact), rule(fact, terms)))
            .filter(|(_, place)| *place != Place::Outside);
        Box::new(placed)
    }
}

impl Row {
    fn always(id: &str, label: impl Into<String>) -> Self {
        Self {
            id: id.to_owned(),
            label: label.into(),
            always: true,
        }
    }

    fn if_found(id: &str, label: impl Into<String>) -> Self {
        Self {
            id: id.to_owned(),
            label: label.into(),
            always: false,
        }
    }
}

/// The definitions as a page of the documentation.
#[must_use]
pub fn as_markdown(age_band: i32) -> String {
    // The rows do not depend on the period; any will do.
    let terms = Terms::plain(Period::financial_year(2021), age_band);
    let mut text = MARKDOWN_HEAD.to_owned();
    for view in View::ALL {
        let _ = write!(text, "\n# {}\n", view.words());
        for table in view.tables() {
            describe(table, &terms, &mut text);
        }
    }
    text
}

fn describe(table: &Table, terms: &Terms, text: &mut String) {
    // Writing to a String cannot fail.
    let _ = write!(
        text,
        "\n## {}\n\n`{}`\n\n{}\n\n- Unit: {}\n- Base: {}\n- Counted by {}\n",
        table.title,
        table.id,
        table.definition,
        table.unit.words(),
        table.base,
        table.date_basis,
    );
    if let Some(beside) = table.beside.in_words() {
        let _ = writeln!(text, "- Beside the counts: {beside}");
    }
    let rows = table.rows(terms);
    if !rows.is_empty() {
        text.push_str("\n| row | words | shown |\n|---|---|---|\n");
    }
    for row in rows {
        let shown = if row.always { "always" } else { "where found" };
        let _ = writeln!(text, "| `{}` | {} | {shown} |", row.id, row.label);
    }
}

const MARKDOWN_HEAD: &str = "\
# Figures

What the program counts. This page is written from the definitions that it counts by \
(`src/report/figures/registry/`; the rules are in `rules/` beside it): run \
`HEARD_WRITE_DOCS=1 cargo test figures::registry` after changing them.

- The annual report, and the offers and durations beside it, follow the referrals received in the \
period; meetings are those held in it.
- What came and went follows the period itself: what was open at its start and what opened or \
reopened in it, less what closed in it, is what is open at its end. Those rows are no shares of \
anything, and have no percentages.
- Something is open at the end of a day if it opened on or before that day and did not close on or \
before it.
- A percentage is the count divided by the base, rounded half up once from the exact fraction. \
Where the rounded ones do not add up to 100 the table says so; they are never adjusted. Of an \
empty base there is none.
- An age is in whole years on the day the referral was received.
- A duration is in days divided by 7: with one decimal in data, in whole weeks on the page, each \
rounded half up from the days themselves.
- The list behind a count is the facts that were counted, by the same rule.
- Reasons and child protection meeting types that a council adds to its lists get rows of their \
own, before \"other\".
";

impl Beside {
    fn in_words(self) -> Option<&'static str> {
        match self {
            Self::Nothing => None,
            Self::Pending => Some("`pending_n`, how many of the base still wait for an answer"),
            Self::Ages => Some(
                "`youngest`, `oldest`, `mean_age`, of the `age_known_n` whose date of birth is known",
            ),
            Self::Durations => Some(
                "`closed_n`, `mean_weeks_open`, `median_weeks_open` of the closed cases; \
                 `still_open_n`, `median_weeks_still_open` of those that are open and had opened by then",
            ),
            Self::YoungPeople => {
                Some("`young_people_n`, how many children or young people they are")
            }
            Self::Weeks => Some(
                "`n`, `mean_weeks`, `lower_quartile_weeks`, `median_weeks`, `upper_quartile_weeks`",
            ),
            Self::Days => Some(
                "`n`, `mean_days`, `lower_quartile_days`, `median_days`, `upper_quartile_days`",
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_documentation_says_what_the_program_counts() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/figures.md");
        let text = as_markdown(13);
        if std::env::var_os("HEARD_WRITE_DOCS").is_some() {
            std::fs::write(path, &text).unwrap();
        }
        let kept = std::fs::read_to_string(path).unwrap_or_default();
        assert_eq!(
            kept, text,
            "run this test with HEARD_WRITE_DOCS=1, and read what changed"
        );
    }

    #[test]
    fn a_table_is_there_once() {
        let all = View::ALL.iter().flat_map(|view| view.tables());
        let mut ids: Vec<&str> = all.map(|table| table.id).collect();
        let many = ids.len();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), many);
    }
}
