//! The check of a case study: does anything in it say who the young person is?
//!
//! It finds what a program can find: names on record, dates, schools, places, references, numbers
//! to call, and ages where few share them. It does not find everything, so a person reads the text
//! as well. What it finds is either certain ("has to go") or to be looked at, since a capital
//! letter in the middle of a sentence may be a town or a television programme.

use std::collections::BTreeSet;

use super::Text;

crate::words! {
    /// What was found.
    pub enum Kind {
        Name = "name", "A name on record";
        LikeName = "like_name", "Looks like a name on record";
        Person = "person", "Somebody's name";
        Reference = "reference", "A reference on record";
        Date = "date", "A date";
        Month = "month", "A month of a year";
        School = "school", "A school";
        Place = "place", "A place";
        Capital = "capital", "A name or a place?";
        Postcode = "postcode", "A postcode";
        Phone = "phone", "A phone number";
        Email = "email", "An e-mail address";
        Age = "age", "An age in years";
        Rare = "rare", "Few share this";
        Initials = "initials", "Their own initials";
    }
}

crate::words! {
    /// How sure it is.
    pub enum Level {
        Must = "must", "Has to go";
        Look = "look", "Look at this";
    }
}

crate::words! {
    /// Which part of the case study it is in.
    pub enum Part {
        Title = "title", "Title";
        Initials = "initials", "Initials";
        Age = "age", "Age";
        Worries = "worries", "Worries";
        WorkedWell = "worked_well", "What worked well";
        Outcome = "outcome", "Outcome";
    }
}

/// Something that may say who the young person is, with the very words and what stands around them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    pub kind: Kind,
    pub level: Level,
    pub part: Part,
    pub words: String,
    pub before: String,
    pub after: String,
}

impl Finding {
    /// What makes it the same finding when the text is checked again.
    #[must_use]
    pub fn key(&self) -> String {
        format!(
            "{}:{}:{}",
            self.kind.code(),
            self.part.code(),
            self.words.to_lowercase()
        )
    }
}

/// What is on record around the young person, to be looked for.
#[derive(Debug, Clone, Default)]
pub struct Facts {
    /// First, last and other names of the young person.
    pub own_names: Vec<String>,
    /// Names of relations, carers, brothers and sisters, and of professionals.
    pub other_names: Vec<String>,
    pub references: Vec<String>,
    /// Venues, teams, other authorities.
    pub places: Vec<String>,
    pub initials: String,
    /// How many young people share stream, age, legal status and gender with this one.
    pub share: i64,
}

/// Everything that is found, in the order of the text.
#[must_use]
pub fn check(text: &Text, facts: &Facts, smallest: i64) -> Vec<Finding> {
    let rare = facts.share < smallest;
    let mut found = Vec::new();
    let parts = [
        (Part::Title, &text.title),
        (Part::Worries, &text.worries),
        (Part::WorkedWell, &text.worked_well),
        (Part::Outcome, &text.outcome),
    ];
    for (part, words) in parts {
        let mut reading = Reading::of(part, words);
        reading.addresses_and_numbers();
        reading.dates();
        reading.references(&facts.references);
        reading.names(facts);
        reading.schools_and_places(&facts.places);
        reading.ages(rare);
        reading.capitals();
        found.extend(reading.in_order());
    }
    let whole = |kind, part, words: String| Finding {
        kind,
        level: Level::Look,
        part,
        words,
        before: String::new(),
        after: String::new(),
    };
    if !facts.initials.is_empty() && letters(&text.initials) == letters(&facts.initials) {
        found.push(whole(Kind::Initials, Part::Initials, text.initials.clone()));
    }
    if rare {
        let words = format!(
            "Fewer than {smallest} young people of the service share stream, age, legal status and gender with them"
        );
        found.push(whole(Kind::Rare, Part::Age, words));
    }
    found
}

/// A word with its place in the text.
struct Token<'t> {
    text: &'t str,
    start: usize,
    end: usize,
    /// As names are compared: without accents, case, apostrophes and the s of the genitive.
    folded: String,
    capital: bool,
    /// The first word of a sentence has a capital anyway.
    begins_sentence: bool,
}

fn letters(text: &str) -> String {
    deunicode::deunicode(text)
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .map(|c| c.to_ascii_lowercase())
        .collect()
}

fn is_apostrophe(c: char) -> bool {
    matches!(c, '\'' | '’' | 'ʼ')
}

fn fold(word: &str) -> String {
    let word = word.trim_matches(is_apostrophe);
    let genitive = ["'s", "’s", "ʼs", "'S", "’S"];
    let word = genitive
        .iter()
        .find_map(|end| word.strip_suffix(end))
        .unwrap_or(word);
    letters(word)
}

fn tokens(text: &str) -> Vec<Token<'_>> {
    let mut tokens: Vec<Token<'_>> = Vec::new();
    let mut start = None;
    let ends = text.char_indices().chain([(text.len(), ' ')]);
    for (at, c) in ends {
        if c.is_alphanumeric() || is_apostrophe(c) {
            start.get_or_insert(at);
            continue;
        }
        let Some(begin) = start.take() else { continue };
        let Some(word) = text.get(begin..at) else {
            continue;
        };
        if !word.chars().any(char::is_alphanumeric) {
            continue;
        }
        let between = tokens
            .last()
            .map_or(".", |last| text.get(last.end..begin).unwrap_or_default());
        tokens.push(Token {
            text: word,
            start: begin,
            end: at,
            folded: fold(word),
            capital: word
                .trim_start_matches(is_apostrophe)
                .chars()
                .next()
                .is_some_and(char::is_uppercase),
            begins_sentence: between.contains(['.', '!', '?', ':', '\n', '"', '“', '‘', '•']),
        });
    }
    tokens
}

/// One part of a case study, read.
struct Reading<'t> {
    part: Part,
    text: &'t str,
    tokens: Vec<Token<'t>>,
    found: Vec<(usize, usize, Kind, Level)>,
}

/// The length of the second half of a postcode.
const INWARD: usize = 3;

/// How much stands around what was found.
const AROUND: usize = 40;

impl<'t> Reading<'t> {
    fn of(part: Part, text: &'t str) -> Self {
        Self {
            part,
            text,
            tokens: tokens(text),
            found: Vec::new(),
        }
    }

    /// Notes something, unless the same place was found to be something already.
    fn note(&mut self, start: usize, end: usize, kind: Kind, level: Level) {
        let taken = self
            .found
            .iter()
            .any(|(from, to, ..)| *from < end && start < *to);
        if !taken {
            self.found.push((start, end, kind, level));
        }
    }

    fn in_order(mut self) -> Vec<Finding> {
        self.found.sort_by_key(|(start, ..)| *start);
        let text = self.text;
        let cut = |from: usize, to: usize| text.get(from..to).unwrap_or_default();
        self.found
            .iter()
            .map(|(start, end, kind, level)| {
                let before: String = cut(0, *start).chars().rev().take(AROUND).collect();
                Finding {
                    kind: *kind,
                    level: *level,
                    part: self.part,
                    words: cut(*start, *end).to_owned(),
                    before: before.chars().rev().collect(),
                    after: cut(*end, text.len()).chars().take(AROUND).collect(),
                }
            })
            .collect()
    }

    fn folded(&self, place: usize) -> &str {
        self.tokens
            .get(place)
            .map_or("", |token| token.folded.as_str())
    }

    /// The text between a word and the next one.
    fn gap(&self, place: usize) -> &str {
        match (self.tokens.get(place), self.tokens.get(place + 1)) {
            (Some(one), Some(next)) => self.text.get(one.end..next.start).unwrap_or_default(),
            _ => "",
        }
    }

    /// From the start of one word to the end of another.
    fn span(&self, from: usize, to: usize) -> Option<(usize, usize)> {
        Some((self.tokens.get(from)?.start, self.tokens.get(to)?.end))
    }

    fn note_words(&mut self, from: usize, to: usize, kind: Kind, level: Level) {
        if let Some((start, end)) = self.span(from, to) {
            self.note(start, end, kind, level);
        }
    }

    // E-mail addresses, phone numbers, postcodes

    fn addresses_and_numbers(&mut self) {
        let mut start = 0;
        for word in self.text.split_inclusive(char::is_whitespace) {
            let trimmed = word.trim_end_matches(|c: char| c.is_whitespace() || ".,;:)".contains(c));
            let is_address = trimmed
                .split_once('@')
                .is_some_and(|(name, place)| !name.is_empty() && place.contains('.'));
            if is_address {
                self.note(start, start + trimmed.len(), Kind::Email, Level::Must);
            }
            start += word.len();
        }
        self.phones();
        for place in 0..self.tokens.len() {
            let one = self.tokens.get(place).map_or("", |token| token.text);
            let next = self.tokens.get(place + 1).map_or("", |token| token.text);
            if is_postcode(one) {
                self.note_words(place, place, Kind::Postcode, Level::Must);
            } else if self.gap(place) == " "
                && next.len() == INWARD
                && is_postcode(&format!("{one}{next}"))
            {
                self.note_words(place, place + 1, Kind::Postcode, Level::Must);
            }
        }
    }

    fn phones(&mut self) {
        let mut run: Option<(usize, usize, usize)> = None;
        for (at, c) in self.text.char_indices().chain([(self.text.len(), 'x')]) {
            if c.is_ascii_digit() {
                let (start, _, digits) = run.unwrap_or((at, at, 0));
                run = Some((start, at + 1, digits + 1));
            } else if !matches!(c, ' ' | '-' | '(' | ')' | '+')
                && let Some((start, end, digits)) = run.take()
                && digits >= 9
            {
                self.note(start, end, Kind::Phone, Level::Must);
            }
        }
    }

    // Dates

    fn dates(&mut self) {
        for place in 0..self.tokens.len() {
            self.date_in_numbers(place);
            self.date_in_words(place);
        }
    }

    /// 03/01/2022, 3.1.22, 2022-01-03, 20220103.
    fn date_in_numbers(&mut self, place: usize) {
        let digits = |place: usize| {
            let word = self.tokens.get(place).map_or("", |token| token.text);
            (!word.is_empty() && word.chars().all(|c| c.is_ascii_digit())).then_some(word.len())
        };
        let Some(first) = digits(place) else { return };
        if first == 8 {
            self.note_words(place, place, Kind::Date, Level::Must);
            return;
        }
        let gap = self.gap(place);
        let joins = ["/", ".", "-"].contains(&gap);
        match (digits(place + 1), digits(place + 2)) {
            (Some(second), Some(third))
                if joins
                    && gap == self.gap(place + 1)
                    && first + second + third <= 8
                    && second <= 2 =>
            {
                self.note_words(place, place + 2, Kind::Date, Level::Must);
            }
            (Some(second), _) if gap == "/" && first <= 2 && second <= 2 => {
                self.note_words(place, place + 1, Kind::Date, Level::Look);
            }
            _ => {}
        }
    }

    /// 3 January, the third of January 2010, January 3rd, January 2010.
    fn date_in_words(&mut self, place: usize) {
        if !MONTHS.contains(&self.folded(place)) {
            return;
        }
        // "He may" and "they march" are no months.
        let capital = self.tokens.get(place).is_some_and(|token| token.capital);
        let doubtful = !capital && ["may", "march"].contains(&self.folded(place));
        let level = if doubtful { Level::Look } else { Level::Must };
        let of = place
            .checked_sub(1)
            .is_some_and(|before| self.folded(before) == "of");
        let day_before = place
            .checked_sub(if of { 2 } else { 1 })
            .filter(|before| is_day(self.folded(*before)));
        let year = |place: usize| is_year(self.folded(place));
        if let Some(day) = day_before {
            let end = if year(place + 1) { place + 1 } else { place };
            self.note_words(day, end, Kind::Date, level);
        } else if is_day(self.folded(place + 1)) && !doubtful {
            let end = if year(place + 2) {
                place + 2
            } else {
                place + 1
            };
            self.note_words(place, end, Kind::Date, Level::Must);
        } else if year(place + 1) {
            self.note_words(place, place + 1, Kind::Month, Level::Look);
        }
    }

    // What is on record

    fn references(&mut self, references: &[String]) {
        let lower = self.text.to_lowercase();
        // Lower case can be longer than what it was made of: then places would not fit.
        if lower.len() != self.text.len() {
            return;
        }
        for reference in references.iter().filter(|it| it.trim().len() >= 2) {
            let reference = reference.trim().to_lowercase();
            let at: Vec<usize> = lower.match_indices(&reference).map(|(at, _)| at).collect();
            for at in at {
                let end = at + reference.len();
                let joins = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
                let before = lower.get(..at).and_then(|text| text.chars().next_back());
                let after = lower.get(end..).and_then(|text| text.chars().next());
                if !joins(before) && !joins(after) {
                    self.note(at, end, Kind::Reference, Level::Must);
                }
            }
        }
    }

    fn names(&mut self, facts: &Facts) {
        let own = name_words(&facts.own_names);
        let all: BTreeSet<String> = own
            .union(&name_words(&facts.other_names))
            .cloned()
            .collect();
        for place in 0..self.tokens.len() {
            let Some(token) = self.tokens.get(place) else {
                continue;
            };
            let plain = token.folded.strip_suffix('s').unwrap_or_default();
            let (capital, begins) = (token.capital, token.begins_sentence);
            let word = token.folded.clone();
            if all.contains(&word) || (capital && all.contains(plain)) {
                let doubtful = ORDINARY.contains(&word.as_str()) && (!capital || begins);
                let level = if doubtful { Level::Look } else { Level::Must };
                self.note_words(place, place, Kind::Name, level);
            } else if capital && !begins && like_one_of(&own, &word) {
                self.note_words(place, place, Kind::LikeName, Level::Look);
            } else if TITLES.contains(&word.as_str()) && capital {
                let named = self.tokens.get(place + 1).is_some_and(|next| next.capital);
                let joined = [" ", ". "].contains(&self.gap(place));
                if named && joined {
                    self.note_words(place, place + 1, Kind::Person, Level::Must);
                }
            }
        }
    }

    fn schools_and_places(&mut self, places: &[String]) {
        for place in places {
            let words: Vec<String> = place
                .split(|c: char| !c.is_alphanumeric() && !is_apostrophe(c))
                .map(fold)
                .filter(|word| !word.is_empty())
                .collect();
            if words.is_empty() || words.len() > self.tokens.len() {
                continue;
            }
            let starts: Vec<usize> = (0..self.tokens.len())
                .filter(|start| {
                    words
                        .iter()
                        .enumerate()
                        .all(|(more, word)| self.folded(start + more) == word)
                })
                .collect();
            for start in starts {
                // "Reading" is a town, and "reading" is none.
                let doubtful =
                    words.len() == 1 && self.tokens.get(start).is_some_and(|it| !it.capital);
                let level = if doubtful { Level::Look } else { Level::Must };
                self.note_words(start, start + words.len() - 1, Kind::Place, level);
            }
        }
        for place in 1..self.tokens.len() {
            let word = self.folded(place);
            let kind = if SCHOOLS.contains(&word) {
                Kind::School
            } else if PLACES.contains(&word) {
                Kind::Place
            } else {
                continue;
            };
            // The capital words just before it: "Beacon Hill" Academy.
            let mut first = place;
            while let Some(before) = first.checked_sub(1) {
                let named = self
                    .tokens
                    .get(before)
                    .is_some_and(|token| token.capital && !COMMON.contains(&token.folded.as_str()));
                if !named || self.gap(before) != " " {
                    break;
                }
                first = before;
            }
            if first < place {
                self.note_words(first, place, kind, Level::Must);
            }
        }
    }

    // Ages

    /// "aged 13", "13 years old", "13-year-old", "turned 13", "thirteen years".
    fn ages(&mut self, rare: bool) {
        let level = if rare { Level::Must } else { Level::Look };
        for place in 0..self.tokens.len() {
            let word = self.folded(place);
            let number = word.parse().is_ok_and(|age: u32| age <= 25) || NUMBERS.contains(&word);
            if !number {
                continue;
            }
            let before = place
                .checked_sub(1)
                .map_or("", |before| self.folded(before));
            let after = self.folded(place + 1);
            if ["year", "years", "yr", "yrs"].contains(&after) && self.folded(place + 2) == "old" {
                self.note_words(place, place + 2, Kind::Age, level);
            } else if ["aged", "age", "turned", "turning"].contains(&before) {
                self.note_words(place - 1, place, Kind::Age, level);
            }
        }
    }

    // What else has a capital letter

    fn capitals(&mut self) {
        let mut place = 0;
        while let Some(token) = self.tokens.get(place) {
            let suspect = |token: &Token<'_>| {
                token.capital
                    && !COMMON.contains(&token.folded.as_str())
                    && !MONTHS.contains(&token.folded.as_str())
            };
            if !suspect(token) || token.begins_sentence {
                place += 1;
                continue;
            }
            let mut last = place;
            while self.gap(last) == " " && self.tokens.get(last + 1).is_some_and(suspect) {
                last += 1;
            }
            // One capital letter is what somebody is called here: "A was worried".
            let one_letter = last == place && token.folded.len() <= 1;
            if !one_letter {
                self.note_words(place, last, Kind::Capital, Level::Look);
            }
            place = last + 1;
        }
    }
}

fn name_words(names: &[String]) -> BTreeSet<String> {
    names
        .iter()
        .flat_map(|name| name.split(|c: char| !c.is_alphanumeric() && !is_apostrophe(c)))
        .map(fold)
        .filter(|word| word.len() >= 2)
        .filter(|word| {
            ![TITLES, KIN]
                .iter()
                .any(|list| list.contains(&word.as_str()))
        })
        .collect()
}

/// A slip of the pen away from one of the names.
fn like_one_of(names: &BTreeSet<String>, word: &str) -> bool {
    word.len() >= 4
        && names
            .iter()
            .any(|name| name.len() >= 4 && strsim::jaro_winkler(name, word) >= 0.92)
}

fn is_postcode(word: &str) -> bool {
    let letters: Vec<char> = word.to_ascii_uppercase().chars().collect();
    let [.., digit, one, two] = letters.as_slice() else {
        return false;
    };
    let outward = letters.get(..letters.len() - 3).unwrap_or_default();
    let area = outward
        .iter()
        .take_while(|c| c.is_ascii_uppercase())
        .count();
    let district = outward.get(area..).unwrap_or_default();
    (5..=7).contains(&letters.len())
        && digit.is_ascii_digit()
        && one.is_ascii_uppercase()
        && two.is_ascii_uppercase()
        && (1..=2).contains(&area)
        && (1..=2).contains(&district.len())
        && district.first().is_some_and(char::is_ascii_digit)
        && district.iter().all(char::is_ascii_alphanumeric)
}

fn is_day(word: &str) -> bool {
    let number = ["st", "nd", "rd", "th"]
        .iter()
        .find_map(|end| word.strip_suffix(end))
        .unwrap_or(word);
    number.parse().is_ok_and(|day: u32| (1..=31).contains(&day)) || ORDINALS.contains(&word)
}

fn is_year(word: &str) -> bool {
    word.len() == 4
        && word
            .parse()
            .is_ok_and(|year: u32| (1900..=2100).contains(&year))
}

const MONTHS: &[&str] = &[
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
    "jan",
    "feb",
    "mar",
    "apr",
    "jun",
    "jul",
    "aug",
    "sep",
    "sept",
    "oct",
    "nov",
    "dec",
];

const ORDINALS: &[&str] = &[
    "first",
    "second",
    "third",
    "fourth",
    "fifth",
    "sixth",
    "seventh",
    "eighth",
    "ninth",
    "tenth",
    "eleventh",
    "twelfth",
    "thirteenth",
    "fourteenth",
    "fifteenth",
    "sixteenth",
    "seventeenth",
    "eighteenth",
    "nineteenth",
    "twentieth",
    "thirtieth",
];

const NUMBERS: &[&str] = &[
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
    "twenty",
];

const TITLES: &[&str] = &[
    "mr", "mrs", "ms", "miss", "mx", "dr", "sir", "reverend", "judge",
];

/// A carer may stand on record as "Mum": that names nobody.
const KIN: &[&str] = &[
    "mum", "mother", "dad", "father", "nan", "gran", "grandma", "grandad", "aunt", "auntie",
    "uncle", "brother", "sister", "foster", "carer", "and", "the",
];

const SCHOOLS: &[&str] = &[
    "school",
    "academy",
    "college",
    "primary",
    "nursery",
    "infants",
    "infant",
    "juniors",
    "junior",
    "secondary",
    "high",
    "university",
    "preschool",
];

const PLACES: &[&str] = &[
    "road", "street", "avenue", "lane", "close", "drive", "crescent", "terrace", "court", "house",
    "lodge", "hall", "hospital", "park", "church", "mosque", "temple", "centre", "farm", "village",
    "estate", "gardens", "clinic", "surgery", "prison", "town", "city",
];

/// Words of the work, and words that have a capital everywhere.
const COMMON: &[&str] = &[
    "i",
    "im",
    "ive",
    "id",
    "ill",
    "a",
    "an",
    "the",
    "english",
    "british",
    "childrens",
    "rights",
    "rights",
    "officer",
    "officers",
    "service",
    "council",
    "social",
    "worker",
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
    "mum",
    "dad",
    "nan",
    "christmas",
    "easter",
    "iro",
    "camhs",
    "gp",
    "sen",
    "ehcp",
    "cp",
    "senior",
    "child",
    "protection",
    "care",
    "plan",
    "review",
    "conference",
    "core",
    "group",
    "personal",
    "adviser",
    "independent",
    "reviewing",
    "zoom",
    "teams",
];

/// Names that are words as well: without a capital in the middle of a sentence they may be either.
const ORDINARY: &[&str] = &[
    "will", "may", "grace", "hope", "faith", "joy", "mark", "rose", "june", "april", "august",
    "summer", "art", "bill", "rich", "dean", "young", "brown", "white", "black", "green", "gray",
    "grey", "king", "bell", "wood", "hill", "field", "long", "short", "day", "price", "page",
    "cook", "baker", "hunter", "carter", "mason", "rob", "sue", "pat", "drew", "grant", "frank",
    "ray", "dawn", "ivy", "holly", "lily", "daisy", "ruby", "amber", "jade", "sky", "star",
    "river", "winter", "autumn", "major", "little", "small", "best", "good", "love", "best",
    "wise", "case", "care", "hall", "street", "church", "west", "east", "north", "south", "march",
    "may", "miles", "chance", "max", "guy", "jack", "gene", "melody", "harmony", "angel", "iris",
    "olive", "penny", "reed", "stone", "banks", "brooks", "rivers", "waters", "wells", "fox",
    "wolf", "lamb", "swan", "bird", "rice", "bean", "berry", "bush", "rush", "moss", "marsh",
    "moore", "power", "law", "bond", "cash", "gold", "silver", "steel", "glass", "potter",
    "porter", "parker", "walker", "turner", "taylor", "smith", "cooper", "fisher", "gardener",
    "shepherd", "bishop", "pope", "knight", "prince", "noble", "sharp", "swift", "strong",
    "savage", "wild", "gay", "blunt",
];

#[cfg(test)]
mod tests {
    use super::*;

    fn text(worries: &str) -> Text {
        Text {
            title: "Being heard at meetings".to_owned(),
            initials: "A".to_owned(),
            age: "13_to_15".to_owned(),
            worries: worries.to_owned(),
            worked_well: "They spoke first.".to_owned(),
            outcome: "They feel heard.".to_owned(),
        }
    }

    fn facts() -> Facts {
        Facts {
            own_names: vec!["Zoë".to_owned(), "O'Neill".to_owned(), "Grace".to_owned()],
            other_names: vec!["Mrs Jane Patel".to_owned()],
            references: vec!["SC-4471".to_owned()],
            places: vec!["Wigston Room".to_owned()],
            initials: "ZO".to_owned(),
            share: 40,
        }
    }

    fn found_in(worries: &str) -> Vec<(Kind, Level, String)> {
        check(&text(worries), &facts(), 5)
            .into_iter()
            .map(|it| (it.kind, it.level, it.words))
            .collect()
    }

    fn one(worries: &str) -> (Kind, Level, String) {
        let [only] = found_in(worries).try_into().unwrap();
        only
    }

    fn must(kind: Kind, words: &str) -> (Kind, Level, String) {
        (kind, Level::Must, words.to_owned())
    }

    fn look(kind: Kind, words: &str) -> (Kind, Level, String) {
        (kind, Level::Look, words.to_owned())
    }

    #[test]
    fn a_text_that_says_nothing_of_anybody_is_clean() {
        let clean =
            "A was worried about meetings. They said I can tell my social worker on Monday.";
        assert_eq!(found_in(clean), []);
    }

    #[test]
    fn a_name_is_found_however_it_is_written() {
        for written in [
            "Zoë",
            "ZOE",
            "zoe",
            "O\u{2019}Neill",
            "ONeill's",
            "Patel",
            "jane",
        ] {
            let (kind, level, _) = one(&format!("They told {written} about it."));
            assert_eq!((kind, level), (Kind::Name, Level::Must), "{written}");
        }
        assert_eq!(one("They met Oneil there."), look(Kind::LikeName, "Oneil"));
    }

    #[test]
    fn a_name_that_is_a_word_as_well_is_to_be_looked_at() {
        assert_eq!(one("They were given grace."), look(Kind::Name, "grace"));
        assert_eq!(one("They asked Grace."), must(Kind::Name, "Grace"));
    }

    #[test]
    fn a_finding_says_the_words_and_what_stands_around_them() {
        let found = check(&text("They told Zoë about it."), &facts(), 5);
        let [it] = found.try_into().unwrap();
        assert_eq!(it.part, Part::Worries);
        assert_eq!(
            (it.before.as_str(), it.words.as_str(), it.after.as_str()),
            ("They told ", "Zoë", " about it.")
        );
    }

    #[test]
    fn every_written_form_of_a_date_has_to_go() {
        for written in [
            "10/05/2009",
            "10.5.09",
            "2009-05-10",
            "20090510",
            "10 May 2009",
            "10th May",
            "the 10th of May",
            "May 10th",
            "the tenth of May 2009",
            "10 may 2009",
            "3 sept",
        ] {
            let found = found_in(&format!("They moved on {written} at last."));
            let dates: Vec<_> = found.iter().filter(|it| it.0 == Kind::Date).collect();
            assert_eq!(dates.len(), 1, "{written}: {found:?}");
            assert!(
                written == "10 may 2009" || dates[0].1 == Level::Must,
                "{written}"
            );
        }
        assert_eq!(
            one("They moved in May 2009."),
            look(Kind::Month, "May 2009")
        );
        assert_eq!(found_in("They may move in May."), []);
    }

    #[test]
    fn numbers_to_reach_somebody_have_to_go() {
        assert_eq!(
            one("Ring 0116 496 0123."),
            must(Kind::Phone, "0116 496 0123")
        );
        assert_eq!(
            one("Write to a.b@c.example."),
            must(Kind::Email, "a.b@c.example")
        );
        assert_eq!(
            one("They live at LE3 8RA now."),
            must(Kind::Postcode, "LE3 8RA")
        );
        assert_eq!(
            one("They live at le38ra now."),
            must(Kind::Postcode, "le38ra")
        );
        assert_eq!(
            one("Their file is sc-4471."),
            must(Kind::Reference, "sc-4471")
        );
    }

    #[test]
    fn schools_and_places_have_to_go() {
        assert_eq!(
            one("They left Beacon Hill Academy then."),
            must(Kind::School, "Beacon Hill Academy")
        );
        assert_eq!(
            one("They like St Mary's School."),
            must(Kind::School, "St Mary's School")
        );
        assert_eq!(
            one("They moved to Oak House."),
            must(Kind::Place, "Oak House")
        );
        assert_eq!(
            one("It was in the wigston room."),
            must(Kind::Place, "wigston room")
        );
        assert_eq!(found_in("They like their school and their house."), []);
    }

    #[test]
    fn other_capitals_are_to_be_looked_at() {
        assert_eq!(
            one("They moved to Market Harborough."),
            look(Kind::Capital, "Market Harborough")
        );
        assert_eq!(one("They saw Mr Khan."), must(Kind::Person, "Mr Khan"));
        let mum = Facts {
            other_names: vec!["Mum".to_owned()],
            places: vec!["Reading".to_owned()],
            ..facts()
        };
        let found = check(&text("Mum likes reading."), &mum, 5);
        assert_eq!(
            (found.len(), found[0].kind, found[0].level),
            (1, Kind::Place, Level::Look)
        );
        assert_eq!(found_in("Meetings were hard. Nobody asked A."), []);
    }

    #[test]
    fn an_age_is_to_be_looked_at_and_has_to_go_where_few_share_it() {
        for written in [
            "aged 13",
            "13 years old",
            "13-year-old",
            "thirteen years old",
        ] {
            let it = format!("A was a {written} when it began.");
            let (kind, level, _) = one(&it);
            assert_eq!((kind, level), (Kind::Age, Level::Look), "{written}");
            let few = Facts {
                share: 4,
                ..facts()
            };
            let found = check(&text(&it), &few, 5);
            assert_eq!(found[0].level, Level::Must, "{written}");
            assert_eq!(found[1].kind, Kind::Rare);
        }
        assert_eq!(found_in("They waited 13 weeks."), []);
    }

    #[test]
    fn their_own_initials_are_to_be_looked_at() {
        let mut own = text("Nothing.");
        own.initials = "Z.O.".to_owned();
        let found = check(&own, &facts(), 5);
        assert_eq!(found[0].kind, Kind::Initials);
    }
}
