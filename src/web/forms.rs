//! A form on its way to and fro: what is asked, what somebody typed, and what is wrong with it,
//! kept together, so that a page shown again has every value and every sentence in its place.

use std::collections::HashMap;

use chrono::{Datelike, NaiveDate};
use serde::de::DeserializeOwned;
use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};
use serde_json::json;
use sha2::{Digest, Sha256};
use validator::Validate;

use super::{Failed, Submitted};
use crate::calendar::dates::parse_three;
use crate::calendar::show;
use crate::failure::Failure;
use crate::text::NARRATIVE_LENGTH;

/// The hidden field that makes a form's work happen once.
pub const TOKEN: &str = "form_token";
/// The hidden field with the version of what is edited.
const VERSION: &str = "version";

/// The options of a question that is answered by yes or no, and how to read the answer.
pub const YES_NO: [(&str, &str); 2] = [("yes", "Yes"), ("no", "No")];

#[must_use]
pub fn yes_or_no(code: &str) -> Option<bool> {
    match code {
        "yes" => Some(true),
        "no" => Some(false),
        _ => None,
    }
}

/// One thing that may be chosen.
#[derive(Debug, Clone)]
pub struct Opt {
    pub value: String,
    pub text: String,
    pub hint: Option<String>,
}

impl<V: Into<String>, T: Into<String>> From<(V, T)> for Opt {
    fn from((value, text): (V, T)) -> Self {
        Self {
            value: value.into(),
            text: text.into(),
            hint: None,
        }
    }
}

impl<V: Into<String>, T: Into<String>, H: Into<String>> From<(V, T, H)> for Opt {
    fn from((value, text, hint): (V, T, H)) -> Self {
        Self {
            value: value.into(),
            text: text.into(),
            hint: Some(hint.into()),
        }
    }
}

/// What a field holds before anybody typed.
pub enum Preset {
    Nothing,
    Text(String),
    Date(NaiveDate),
}

impl From<&str> for Preset {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Preset {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<NaiveDate> for Preset {
    fn from(date: NaiveDate) -> Self {
        Self::Date(date)
    }
}

impl From<i32> for Preset {
    fn from(number: i32) -> Self {
        Self::Text(number.to_string())
    }
}

/// For a checkbox: ticked, or not.
impl From<bool> for Preset {
    fn from(yes: bool) -> Self {
        Self::Text(if yes { "yes" } else { "" }.to_owned())
    }
}

impl<P: Into<Preset>> From<Option<P>> for Preset {
    fn from(preset: Option<P>) -> Self {
        preset.map_or(Self::Nothing, Into::into)
    }
}

#[derive(Debug, Clone)]
struct Item {
    name: String,
    kind: Kind,
    error: Option<String>,
}

#[derive(Debug, Clone)]
enum Kind {
    Text(String),
    Choice {
        options: Vec<Opt>,
        chosen: Vec<String>,
    },
    Date {
        /// Day, month, year, as typed.
        parts: [String; 3],
        wrong: [bool; 3],
    },
}

const PARTS: [&str; 3] = ["day", "month", "year"];

/// The form.
#[derive(Debug, Clone)]
pub struct Form {
    items: Vec<Item>,
    hidden: Vec<(String, String)>,
    /// What is wrong with no field in particular.
    general: Vec<String>,
    /// What the record says where this form asks, to be shown beside what was typed.
    recorded: Option<Vec<Item>>,
    /// The version of the record that this form was made from.
    newest: Option<String>,
    /// True when somebody else changed the record since the page was opened.
    changed: bool,
    /// The page that the form stands on, where its draft is kept.
    place: Option<Place>,
    /// When the draft was saved that fills the form: "at 14:02".
    resumed: Option<String>,
    /// Who else is writing on this page: whole sentences.
    others: Vec<String>,
}

impl Default for Form {
    fn default() -> Self {
        Self::new()
    }
}

/// What is asked, and the values it starts with.
impl Form {
    #[must_use]
    pub fn new() -> Self {
        Self {
            items: Vec::new(),
            hidden: vec![(TOKEN.to_owned(), uuid::Uuid::new_v4().simple().to_string())],
            general: Vec::new(),
            recorded: None,
            newest: None,
            changed: false,
            place: None,
            resumed: None,
            others: Vec::new(),
        }
    }

    fn item(mut self, name: impl Into<String>, kind: Kind) -> Self {
        self.items.push(Item {
            name: name.into(),
            kind,
            error: None,
        });
        self
    }

    /// A box to type in, or one checkbox to tick.
    #[must_use]
    pub fn field(self, name: impl Into<String>) -> Self {
        self.item(name, Kind::Text(String::new()))
    }

    /// Radio buttons, checkboxes or a select.
    #[must_use]
    pub fn choice<O: Into<Opt>>(
        self,
        name: impl Into<String>,
        options: impl IntoIterator<Item = O>,
    ) -> Self {
        let options = options.into_iter().map(Into::into).collect();
        self.item(
            name,
            Kind::Choice {
                options,
                chosen: Vec::new(),
            },
        )
    }

    #[must_use]
    pub fn date(self, name: impl Into<String>) -> Self {
        self.item(
            name,
            Kind::Date {
                parts: Default::default(),
                wrong: [false; 3],
            },
        )
    }

    /// A value that goes with the form and that nobody types, like the version of what is edited.
    #[must_use]
    pub fn hidden(mut self, name: impl Into<String>, value: impl ToString) -> Self {
        self.hidden.push((name.into(), value.to_string()));
        self
    }

    /// Puts a value into a field before it is shown.
    #[must_use]
    pub fn set(mut self, name: &str, preset: impl Into<Preset>) -> Self {
        if let Some(item) = self.find(name) {
            match (&mut item.kind, preset.into()) {
                (Kind::Text(value), Preset::Text(text)) => *value = text,
                (Kind::Text(value), Preset::Date(date)) => *value = date.to_string(),
                (Kind::Choice { chosen, .. }, Preset::Text(text)) => *chosen = vec![text],
                (Kind::Date { parts, .. }, Preset::Date(date)) => {
                    *parts = [
                        date.day().to_string(),
                        date.month().to_string(),
                        date.year().to_string(),
                    ];
                }
                (_, Preset::Nothing)
                | (Kind::Choice { .. }, Preset::Date(_))
                | (Kind::Date { .. }, Preset::Text(_)) => {}
            }
        }
        self
    }

    /// Ticks several of a choice before it is shown.
    #[must_use]
    pub fn set_all<V: Into<String>>(
        mut self,
        name: &str,
        values: impl IntoIterator<Item = V>,
    ) -> Self {
        if let Some(Item {
            kind: Kind::Choice { chosen, .. },
            ..
        }) = self.find(name)
        {
            *chosen = values.into_iter().map(Into::into).collect();
        }
        self
    }

    /// Says that the form now holds what is on record: what is set after this is a suggestion.
    /// Without it, all that the form of a thing with a version holds is taken to be on record.
    #[must_use]
    pub fn on_record(mut self) -> Self {
        self.recorded = Some(self.items.clone());
        self
    }

    /// Takes over what was sent: exactly as typed, so that nothing is lost if it is shown again.
    #[must_use]
    pub fn fill(mut self, sent: &Submitted) -> Self {
        // A second editor is shown what is on record beside what they typed.
        if self.stands_on_a_record() {
            self.recorded.get_or_insert_with(|| self.items.clone());
        }
        for item in &mut self.items {
            match &mut item.kind {
                Kind::Text(value) => *value = sent.first(&item.name).to_owned(),
                Kind::Choice { chosen, .. } => {
                    *chosen = sent
                        .all(&item.name)
                        .filter(|value| !value.is_empty())
                        .map(ToOwned::to_owned)
                        .collect();
                }
                Kind::Date { parts, .. } => {
                    *parts =
                        PARTS.map(|part| sent.first(&format!("{}-{part}", item.name)).to_owned());
                }
            }
        }
        self.place = self.place.or_else(|| Place::sent(sent));
        for (name, value) in &mut self.hidden {
            if name == VERSION {
                self.newest.get_or_insert_with(|| value.clone());
            }
            let given = sent.first(name);
            if given.is_empty() || (name == TOKEN && uuid::Uuid::try_parse(given).is_err()) {
                continue;
            }
            given.clone_into(value);
        }
        self
    }
}

/// Reading what was sent. Whatever is wrong is noted at its field; [`Form::ok`] says in the end
/// whether anything was.
impl Form {
    fn find(&mut self, name: &str) -> Option<&mut Item> {
        let found = self.items.iter_mut().find(|item| item.name == name);
        debug_assert!(found.is_some(), "the form has no field {name}");
        found
    }

    fn typed(&self, name: &str) -> String {
        let found = self.items.iter().find(|item| item.name == name);
        debug_assert!(found.is_some(), "the form has no field {name}");
        match found.map(|item| &item.kind) {
            Some(Kind::Text(value)) => value.trim().to_owned(),
            Some(Kind::Choice { chosen, .. }) => chosen.first().cloned().unwrap_or_default(),
            Some(Kind::Date { .. }) | None => String::new(),
        }
    }

    /// Text that may be empty.
    pub fn text(&mut self, name: &str, longest: usize) -> String {
        let text = self.typed(name);
        if text.chars().count() > longest {
            self.add_error(name, format!("Use {longest} characters or fewer"));
        }
        text
    }

    /// Text that may not be empty: the sentence says what to enter.
    pub fn required(&mut self, name: &str, sentence: &str) -> Option<String> {
        let text = self.text(name, NARRATIVE_LENGTH);
        if text.is_empty() {
            self.add_error(name, sentence);
            return None;
        }
        Some(text)
    }

    /// Text that one of our types reads, whose complaint follows the label: "Name" + "is missing".
    pub fn parsed<T>(
        &mut self,
        name: &str,
        label: &str,
        parse: impl FnOnce(&str) -> Result<T, String>,
    ) -> Option<T> {
        parse(&self.typed(name))
            .map_err(|why| self.add_error(name, format!("{label} {why}")))
            .ok()
    }

    /// A date that must be there. The label begins the sentence of what is wrong with it.
    pub fn date_required(&mut self, name: &str, label: &str) -> Option<NaiveDate> {
        if self.date_is_blank(name) {
            let mut letters = label.chars();
            let first = letters.next().map(|first| first.to_lowercase());
            let label: String = first.into_iter().flatten().chain(letters).collect();
            self.add_error(name, format!("Enter {label}"));
            return None;
        }
        self.date_optional(name, label)
    }

    /// A date that may be left out; a wrong one is an error.
    pub fn date_optional(&mut self, name: &str, label: &str) -> Option<NaiveDate> {
        if self.date_is_blank(name) {
            return None;
        }
        let Some(Item {
            kind: Kind::Date { parts, wrong },
            ..
        }) = self.find(name)
        else {
            return None;
        };
        let [day, month, year] = &*parts;
        match parse_three(day, month, year) {
            Ok(date) => Some(date),
            Err(why) => {
                *wrong = [why.day, why.month, why.year];
                self.add_error(name, format!("{label} {}", why.message));
                None
            }
        }
    }

    fn date_is_blank(&mut self, name: &str) -> bool {
        match self.find(name).map(|item| &item.kind) {
            Some(Kind::Date { parts, .. }) => parts.iter().all(|part| part.trim().is_empty()),
            _ => true,
        }
    }

    /// The one that was chosen, of those that were offered.
    pub fn chosen<T>(
        &mut self,
        name: &str,
        read: impl Fn(&str) -> Option<T>,
        sentence: &str,
    ) -> Option<T> {
        let chosen = self.chosen_all(name, read).pop();
        if chosen.is_none() {
            self.add_error(name, sentence);
        }
        chosen
    }

    /// The one that was chosen, if any was.
    pub fn chosen_optional<T>(
        &mut self,
        name: &str,
        read: impl Fn(&str) -> Option<T>,
    ) -> Option<T> {
        self.chosen_all(name, read).pop()
    }

    /// Those that were chosen, of those that were offered.
    pub fn chosen_all<T>(&mut self, name: &str, read: impl Fn(&str) -> Option<T>) -> Vec<T> {
        match self.find(name).map(|item| &item.kind) {
            Some(Kind::Choice { options, chosen }) => chosen
                .iter()
                .filter(|code| options.iter().any(|option| option.value == **code))
                .filter_map(|code| read(code))
                .collect(),
            _ => Vec::new(),
        }
    }

    /// Whether a checkbox was ticked.
    #[must_use]
    pub fn yes(&self, name: &str) -> bool {
        self.typed(name) == "yes"
    }

    /// The version of what was edited; 0, which nothing has, when the browser sent none.
    #[must_use]
    pub fn version(&self, name: &str) -> i32 {
        self.hidden_value(name).parse().unwrap_or(0)
    }

    #[must_use]
    pub fn hidden_value(&self, name: &str) -> &str {
        self.hidden
            .iter()
            .find(|(key, _)| key == name)
            .map_or("", |(_, value)| value)
    }

    /// What makes sending this form twice one deed: its token and all it says. Somebody who goes
    /// back, writes something else and sends again means a second deed, and it must not be lost.
    #[must_use]
    pub fn idempotency_key(&self) -> String {
        let mut hash = Sha256::new();
        let said = self.items.iter().flat_map(|item| match &item.kind {
            Kind::Text(value) => vec![value.as_str()],
            Kind::Choice { chosen, .. } => chosen.iter().map(String::as_str).collect(),
            Kind::Date { parts, .. } => parts.iter().map(String::as_str).collect(),
        });
        let hidden = self.hidden.iter().map(|(_, value)| value.as_str());
        for value in said.chain(hidden) {
            hash.update(value.len().to_be_bytes());
            hash.update(value.as_bytes());
        }
        hex::encode(hash.finalize())
    }

    /// Checks the shape of the whole form by the attributes of a type. Each complaint of the type
    /// must be named in the form and carry its own sentence.
    pub fn check<T: Validate + DeserializeOwned>(&mut self) -> Option<T> {
        let values: HashMap<String, String> = self
            .items
            .iter()
            .map(|item| (item.name.clone(), self.typed(&item.name)))
            .collect();
        let shape: Result<T, _> = serde_json::from_value(json!(values));
        let Ok(shape) = shape else {
            debug_assert!(
                false,
                "the form has not every field of the type it is read as"
            );
            self.general
                .push("Something on the page was missing: load it again".to_owned());
            return None;
        };
        let Err(wrong) = shape.validate() else {
            return Some(shape);
        };
        for (field, errors) in wrong.field_errors() {
            if let Some(error) = errors.first() {
                let sentence = error.message.clone().unwrap_or("Check this answer".into());
                self.add_error(&field, sentence);
            }
        }
        None
    }

    /// Says what is wrong with a field. The first complaint about a field stays.
    pub fn add_error(&mut self, name: &str, sentence: impl Into<String>) {
        match self.items.iter_mut().find(|item| item.name == name) {
            Some(item) => {
                item.error.get_or_insert(sentence.into());
            }
            None => self.general.push(sentence.into()),
        }
    }

    /// Says what is wrong with the form as a whole.
    pub fn add_refusal(&mut self, sentence: impl Into<String>) {
        self.general.push(sentence.into());
    }

    /// True when nothing is wrong so far.
    #[must_use]
    pub fn ok(&self) -> bool {
        self.general.is_empty() && self.items.iter().all(|item| item.error.is_none())
    }

    /// Puts what an action answered where the reader finds it; what no form can explain goes on.
    pub fn explain(&mut self, failure: Failure) -> Result<(), Failed> {
        match failure {
            Failure::Invalid(errors) => {
                for error in errors {
                    self.add_error(&error.field, error.message);
                }
                Ok(())
            }
            Failure::Refused(sentence) => {
                self.add_refusal(sentence);
                Ok(())
            }
            // With the record at hand both texts are shown, and sending again is meant.
            Failure::ChangedMeanwhile if self.recorded.is_some() => {
                if self.take_newest_version() {
                    self.add_refusal(
                        "Somebody else changed this while you were writing, and nothing was saved. What is on record now stands at each answer that differs. Put together what should stay, then send it again",
                    );
                } else {
                    self.add_refusal(
                        "Somebody else changed this at the same moment, and nothing was saved. Send it again to see what they wrote",
                    );
                }
                Ok(())
            }
            other => Err(other.into()),
        }
    }
}

/// A half-written form, and somebody else's hand on the same record.
impl Form {
    /// Whether it was built from a thing with a version. One that is only a button says 0.
    fn stands_on_a_record(&self) -> bool {
        self.hidden
            .iter()
            .any(|(name, value)| name == VERSION && value != "0")
    }

    /// Takes the version that is on record now: true when it is another than the page began with.
    fn take_newest_version(&mut self) -> bool {
        let Some(newest) = self.newest.clone() else {
            return false;
        };
        for (name, value) in &mut self.hidden {
            if name == VERSION && *value != newest {
                value.clone_from(&newest);
                self.changed = true;
            }
        }
        self.changed
    }

    /// What the record says where it differs from what was typed.
    fn theirs(&self, typed: &Item) -> Option<String> {
        let recorded = self.recorded.as_ref().filter(|_| self.changed)?;
        let recorded = recorded.iter().find(|item| item.name == typed.name)?;
        let words = recorded.words();
        (words != typed.words()).then(|| match words.as_str() {
            "" => "Nothing".to_owned(),
            _ => words,
        })
    }

    /// Gives back what was half written, from the draft of the page.
    pub(super) fn resume(self, draft: &Submitted, saved: String) -> Self {
        let mut form = self.fill(draft);
        form.take_newest_version();
        form.resumed = Some(saved);
        form
    }

    /// Says on which page the form stands, and who else is writing there.
    pub(super) fn stand_on(mut self, place: Place, others: Vec<String>) -> Self {
        self.place = Some(place);
        self.others = others;
        self
    }

    /// The page that the form stands on, if its draft is kept.
    pub(super) fn page(&self) -> Option<&str> {
        self.place.as_ref().map(|place| place.page.as_str())
    }
}

/// The page that a form stands on, which need not be where it is sent to. The seal says that we
/// showed this page to this user: nobody keeps or asks for drafts of pages they never saw.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Place {
    pub page: String,
    pub seal: String,
}

impl Place {
    /// As a form says it; whoever relies on it checks the seal.
    pub(super) fn sent(sent: &Submitted) -> Option<Self> {
        let (page, seal) = (sent.first("form_page"), sent.first("form_seal"));
        (!page.is_empty()).then(|| Self {
            page: page.to_owned(),
            seal: seal.to_owned(),
        })
    }
}

/// As the components read it: `form.<name>`, `form.errors`, `form.hidden.<name>`.
impl Serialize for Form {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        for item in &self.items {
            map.serialize_entry(&item.name, &item.shown(self.theirs(item)))?;
        }
        let general = self
            .general
            .iter()
            .map(|text| json!({ "text": text, "href": null }));
        let fields = self.items.iter().filter_map(|item| {
            let text = item.error.as_ref()?;
            Some(json!({ "text": text, "href": format!("#{}", item.first_box()) }))
        });
        map.serialize_entry("errors", &general.chain(fields).collect::<Vec<_>>())?;
        let hidden: HashMap<&str, &str> = self
            .hidden
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .collect();
        map.serialize_entry("hidden", &hidden)?;
        map.serialize_entry(
            "draft",
            &json!({
                "place": self.place,
                "saved": self.resumed,
                // The error summary says it where sending failed.
                "changed": self.changed && self.general.is_empty(),
                "compared": self.recorded.is_some(),
                "others": self.others,
            }),
        )?;
        map.end()
    }
}

impl Item {
    /// What it says, as somebody reads it.
    fn words(&self) -> String {
        match &self.kind {
            Kind::Text(value) => value.trim().to_owned(),
            Kind::Choice { options, chosen } => options
                .iter()
                .filter(|option| chosen.contains(&option.value))
                .map(|option| option.text.as_str())
                .collect::<Vec<_>>()
                .join(", "),
            Kind::Date { parts, .. } => {
                let [day, month, year] = parts;
                parse_three(day, month, year)
                    .map_or_else(|_| parts.join(" ").trim().to_owned(), show)
            }
        }
    }

    /// The id of the box that a link in the error summary goes to.
    fn first_box(&self) -> String {
        match &self.kind {
            Kind::Date { wrong, .. } => {
                let part = PARTS.into_iter().zip(wrong).find(|(_, wrong)| **wrong);
                format!("{}-{}", self.name, part.map_or("day", |(part, _)| part))
            }
            Kind::Text(_) | Kind::Choice { .. } => self.name.clone(),
        }
    }

    fn shown(&self, theirs: Option<String>) -> serde_json::Value {
        let (name, error) = (&self.name, &self.error);
        match &self.kind {
            Kind::Text(value) => {
                json!({ "name": name, "value": value, "error": error, "theirs": theirs })
            }
            Kind::Choice { options, chosen } => {
                let options: Vec<_> = options
                    .iter()
                    .enumerate()
                    .map(|(index, option)| {
                        let id = match index {
                            0 => name.clone(),
                            _ => format!("{name}-{}", index + 1),
                        };
                        json!({
                            "id": id,
                            "value": option.value,
                            "text": option.text,
                            "hint": option.hint,
                            "checked": chosen.contains(&option.value),
                        })
                    })
                    .collect();
                json!({ "name": name, "error": error, "options": options, "theirs": theirs })
            }
            Kind::Date { parts, wrong } => {
                let [day, month, year] = parts;
                let [day_error, month_error, year_error] = match (error, wrong) {
                    // Wrong as a whole: all three boxes are marked.
                    (Some(_), [false, false, false]) => [true; 3],
                    _ => *wrong,
                };
                json!({
                    "name": name, "error": error, "theirs": theirs,
                    "day": day, "month": month, "year": year,
                    "day_error": day_error, "month_error": month_error, "year_error": year_error,
                })
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::failure::FieldError;

    fn form(sent: &str) -> Form {
        Form::new()
            .field("name")
            .choice("method", [("phone", "Phone"), ("visit", "Visit")])
            .date("made_on")
            .hidden("version", 3)
            .fill(&Submitted::parse(sent.as_bytes()))
    }

    fn shown(form: &Form) -> serde_json::Value {
        serde_json::to_value(form).unwrap()
    }

    #[test]
    fn what_was_typed_is_shown_again_with_what_is_wrong_with_it() {
        let mut form =
            form("name=+Zo%C3%AB+&method=visit&made_on-day=31&made_on-month=feb&made_on-year=2022");
        assert_eq!(form.required("name", "Enter a name").unwrap(), "Zoë");
        assert_eq!(form.date_required("made_on", "The day"), None);
        assert!(!form.ok());
        let shown = shown(&form);
        assert_eq!(shown["name"]["value"], " Zoë ");
        assert_eq!(shown["method"]["options"][1]["checked"], true);
        assert_eq!(shown["method"]["options"][1]["id"], "method-2");
        assert_eq!(shown["made_on"]["month"], "feb");
        assert_eq!(shown["errors"][0]["href"], "#made_on-day");
        assert_eq!(shown["errors"][0]["text"], shown["made_on"]["error"]);
    }

    #[test]
    fn an_answer_that_was_not_offered_is_none() {
        let mut form = form("method=pigeon");
        let read = |code: &str| Some(code.to_owned());
        assert_eq!(form.chosen("method", read, "Choose how you tried"), None);
        assert_eq!(shown(&form)["method"]["error"], "Choose how you tried");
    }

    #[test]
    fn a_date_left_out_is_asked_for() {
        let mut form = form("");
        assert_eq!(form.date_optional("made_on", "The day"), None);
        assert!(form.ok());
        form.date_required("made_on", "The day of the attempt");
        assert_eq!(
            shown(&form)["made_on"]["error"],
            "Enter the day of the attempt"
        );
    }

    #[test]
    fn a_form_shown_again_keeps_its_token_and_its_version() {
        let first = Form::new().hidden("version", 3);
        let sent = format!("form_token={}&version=2", first.hidden_value(TOKEN));
        let again = Form::new()
            .hidden("version", 3)
            .fill(&Submitted::parse(sent.as_bytes()));
        assert_eq!(again.hidden_value(TOKEN), first.hidden_value(TOKEN));
        assert_eq!(again.version("version"), 2);
    }

    #[test]
    fn the_same_form_with_other_words_is_another_deed() {
        let token = "form_token=5f2c1f6e0a3b4c5d8e7f9a0b1c2d3e4f";
        let key = |name: &str| form(&format!("{token}&name={name}")).idempotency_key();
        assert_eq!(key("Ann"), key("Ann"));
        assert_ne!(key("Ann"), key("Anna"));
    }

    /// The form of a record that says "Ann, by phone" in its version 3.
    fn edited() -> Form {
        Form::new()
            .field("name")
            .choice("method", [("phone", "Phone"), ("visit", "Visit")])
            .hidden("version", 3)
            .set("name", "Ann")
            .set("method", "phone")
    }

    #[test]
    fn a_second_editor_sees_both_texts_and_may_send_again() {
        let mut form = edited().fill(&Submitted::parse(b"name=Anna&method=phone&version=2"));
        form.explain(Failure::ChangedMeanwhile).unwrap();
        let shown = shown(&form);
        assert_eq!(shown["name"]["value"], "Anna");
        assert_eq!(shown["name"]["theirs"], "Ann");
        assert!(shown["method"]["theirs"].is_null(), "both say the same");
        assert_eq!(form.version("version"), 3);
        assert!(!form.ok());
    }

    #[test]
    fn a_change_at_the_same_moment_is_not_written_over() {
        let mut form = edited().fill(&Submitted::parse(b"name=Anna&version=3"));
        form.explain(Failure::ChangedMeanwhile).unwrap();
        assert_eq!(form.version("version"), 3);
        assert!(shown(&form)["name"]["theirs"].is_null());
    }

    #[test]
    fn a_suggestion_is_no_record() {
        let sent = Submitted::parse(b"name=Anna&version=2");
        let mut form = edited().on_record().set("name", "Suggested").fill(&sent);
        form.explain(Failure::ChangedMeanwhile).unwrap();
        assert_eq!(shown(&form)["name"]["theirs"], "Ann");
    }

    #[test]
    fn a_draft_of_an_older_version_is_given_back_with_what_changed() {
        let draft = Submitted::parse(b"name=Anna&method=phone&version=2");
        let form = edited().resume(&draft, "at 14:02".to_owned());
        let shown = shown(&form);
        assert_eq!(shown["draft"]["saved"], "at 14:02");
        assert_eq!(shown["draft"]["changed"], true);
        assert_eq!(shown["name"]["theirs"], "Ann");
        assert_eq!(form.version("version"), 3);
        assert!(form.ok());
    }

    #[test]
    fn an_action_explains_itself_on_the_form() {
        let mut form = form("");
        form.explain(Failure::Invalid(vec![FieldError::new("name", "Too odd")]))
            .unwrap();
        form.explain(Failure::refused("The case is closed."))
            .unwrap();
        assert!(form.explain(Failure::NotFound).is_err());
        let errors = &shown(&form)["errors"];
        assert_eq!(errors[0]["text"], "The case is closed.");
        assert!(errors[0]["href"].is_null());
        assert_eq!(errors[1]["href"], "#name");
    }
}
