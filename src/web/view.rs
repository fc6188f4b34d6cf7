//! What many pages show in the same way: who it is about, days left, facts in two columns, pages
//! of a list, filters that can be taken off.

use chrono::{NaiveDate, NaiveDateTime};
use serde::Serialize;

use super::Submitted;
use crate::calendar::{age_on, in_england, show};

/// The bar at the top of everything about one young person.
#[derive(Debug, Clone, Serialize)]
pub struct Identity {
    pub name: String,
    pub known_as: Option<String>,
    pub age_words: String,
    pub status_words: String,
    pub warnings: Vec<String>,
    pub restricted: bool,
}

/// A name and its value.
#[derive(Debug, Clone, Serialize)]
pub struct Fact {
    term: String,
    details: String,
}

impl Fact {
    pub fn new(term: impl Into<String>, details: impl Into<String>) -> Self {
        Self {
            term: term.into(),
            details: details.into(),
        }
    }
}

/// How far away a day is, in words and in how urgent it looks.
#[derive(Debug, Clone, Serialize)]
pub struct Countdown {
    pub day: String,
    pub text: String,
    pub urgency: &'static str,
}

impl Countdown {
    #[must_use]
    pub fn to(day: NaiveDate, today: NaiveDate, near: i64) -> Self {
        let days = (day - today).num_days();
        let (text, urgency) = match days {
            0 => ("Today".to_owned(), "today"),
            1 => ("Tomorrow".to_owned(), "soon"),
            -1 => ("Yesterday".to_owned(), "overdue"),
            days if days < 0 => (format!("{} days ago", -days), "overdue"),
            days if days <= near => (format!("In {days} days"), "soon"),
            days => (format!("In {days} days"), ""),
        };
        Self {
            day: show(day),
            text,
            urgency,
        }
    }
}

/// "12, born 3 January 2010", or that they are not born yet.
#[must_use]
pub fn age_words(date_of_birth: Option<NaiveDate>, today: NaiveDate) -> String {
    match date_of_birth {
        None => "Not born yet, or date of birth not known".to_owned(),
        Some(born) => format!("{}, born {}", age_on(born, today).max(0), show(born)),
    }
}

/// "at 14:02", or "on 3 January 2022 at 14:02" where that was another day.
#[must_use]
pub fn moment_words(moment: NaiveDateTime, now: NaiveDateTime) -> String {
    let (moment, now) = (in_england(moment), in_england(now));
    let format = if moment.date() == now.date() {
        "at %H:%M"
    } else {
        "on %-d %B %Y at %H:%M"
    };
    moment.format(format).to_string()
}

/// One thing that happened, as the timeline of a record shows it.
#[derive(Debug, Clone, Serialize)]
pub struct Entry {
    #[serde(skip)]
    pub on: NaiveDate,
    /// The code by which the timeline is filtered: "contact", "meeting".
    pub kind: &'static str,
    pub title: String,
    /// Beside the title, quieter: who, how long, what state.
    pub meta: String,
    /// What staff wrote.
    pub note: Option<String>,
    /// What the young person said, in their words.
    pub own_words: Option<String>,
    pub href: Option<String>,
}

/// "1 referral", "12 referrals".
#[must_use]
pub fn count(number: i64, one: &str, many: &str) -> String {
    match number {
        0 => format!("No {many}"),
        1 => format!("1 {one}"),
        number => format!("{number} {many}"),
    }
}

/// The pages of a list.
#[derive(Debug, Clone, Serialize)]
pub struct Pagination {
    previous: Option<String>,
    next: Option<String>,
    items: Vec<PageItem>,
}

#[derive(Debug, Clone, Serialize)]
struct PageItem {
    text: String,
    href: Option<String>,
    current: bool,
}

impl Pagination {
    /// None where everything fits on one page.
    #[must_use]
    pub fn of(path: &str, asked: &Submitted, page: i64, total: i64, a_page: i64) -> Option<Self> {
        let last = total.saturating_add(a_page - 1) / a_page.max(1);
        if last <= 1 {
            return None;
        }
        let href = |number: i64| address(path, asked, Some(("page", &number.to_string())), "page");
        let mut items = Vec::new();
        let mut before = 0;
        for number in 1..=last {
            if number != 1 && number != last && (number - page).abs() > 1 {
                continue;
            }
            if number > before + 1 {
                items.push(PageItem {
                    text: "…".to_owned(),
                    href: None,
                    current: false,
                });
            }
            items.push(PageItem {
                text: number.to_string(),
                href: Some(href(number)),
                current: number == page,
            });
            before = number;
        }
        Some(Self {
            previous: (page > 1).then(|| href(page - 1)),
            next: (page < last).then(|| href(page + 1)),
            items,
        })
    }
}

/// The filters of a list, each of which can be taken off.
#[derive(Debug, Clone, Serialize)]
pub struct Chips {
    #[serde(skip)]
    path: String,
    items: Vec<Chip>,
    clear: Option<String>,
}

#[derive(Debug, Clone, Serialize)]
struct Chip {
    text: String,
    href: String,
}

impl Chips {
    #[must_use]
    pub fn new(path: impl Into<String>) -> Self {
        Self {
            path: path.into(),
            items: Vec::new(),
            clear: None,
        }
    }

    /// A filter that is on: its name in the address, and its words.
    pub fn add(&mut self, asked: &Submitted, name: &str, words: &str) {
        let href = address(&self.path, asked, None, name);
        self.items.push(Chip {
            text: words.to_owned(),
            href,
        });
        self.clear = Some(self.path.clone());
    }
}

/// The address of the same list with one of its settings changed or taken off.
fn address(path: &str, asked: &Submitted, with: Option<(&str, &str)>, without: &str) -> String {
    let kept = asked
        .pairs()
        .filter(|(name, value)| {
            *name != without
                && *name != "page"
                && !value.is_empty()
                && *name != "csrf"
                && *name != "q"
        })
        .chain(with);
    let query = serde_urlencoded::to_string(kept.collect::<Vec<_>>()).unwrap_or_default();
    if query.is_empty() {
        path.to_owned()
    } else {
        format!("{path}?{query}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_countdown_says_today_tomorrow_and_how_long_ago() {
        let today = "2022-03-10".parse().unwrap();
        let text = |day: &str| Countdown::to(day.parse().unwrap(), today, 5).text;
        assert_eq!(text("2022-03-10"), "Today");
        assert_eq!(text("2022-03-11"), "Tomorrow");
        assert_eq!(text("2022-03-15"), "In 5 days");
        assert_eq!(text("2022-03-07"), "3 days ago");
    }

    #[test]
    fn the_pages_of_a_list_keep_its_filters() {
        let asked = Submitted::parse(b"state=waiting&page=2");
        let pages = Pagination::of("/referrals", &asked, 2, 120, 50).unwrap();
        assert_eq!(
            pages.next.as_deref(),
            Some("/referrals?state=waiting&page=3")
        );
        assert!(Pagination::of("/referrals", &asked, 1, 50, 50).is_none());
    }
}
