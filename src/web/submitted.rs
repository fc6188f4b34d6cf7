//! What a browser sent: the names and values of a form, or of an address after its question mark.

use std::fmt;
use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpMessage, HttpRequest};

use super::Failed;

/// Names and values in the order in which they were sent. A name may come more than once.
#[derive(Clone, Default)]
pub struct Submitted(Vec<(String, String)>);

impl Submitted {
    /// Reads the text of a form. Line ends become one character and other control characters go:
    /// nobody types them, and PostgreSQL keeps no text with a zero in it.
    #[must_use]
    pub fn parse(body: &[u8]) -> Self {
        Self::of(serde_urlencoded::from_bytes(body).unwrap_or_default())
    }

    /// The same of names and values that came beside files.
    #[must_use]
    pub(super) fn of(pairs: Vec<(String, String)>) -> Self {
        Self(
            pairs
                .into_iter()
                .map(|(name, value)| (name, plain(&value)))
                .collect(),
        )
    }

    /// The first value of a name; empty when there is none.
    #[must_use]
    pub fn first(&self, name: &str) -> &str {
        self.all(name).next().unwrap_or_default()
    }

    pub fn all(&self, name: &str) -> impl Iterator<Item = &str> {
        self.0
            .iter()
            .filter(move |(key, _)| key == name)
            .map(|(_, value)| value.as_str())
    }

    #[must_use]
    pub fn has(&self, name: &str) -> bool {
        self.all(name).next().is_some()
    }

    /// What somebody wrote, without passwords and without what the page itself sent.
    #[must_use]
    pub fn typed(&self) -> Vec<String> {
        const NOT_TYPED: [&str; 7] = [
            "csrf", "version", "next", "password", "current", "new", "again",
        ];
        self.pairs()
            .filter(|(name, value)| {
                // Words, not the codes of what was chosen or the parts of a date.
                !NOT_TYPED.contains(name)
                    && !name.starts_with("form_")
                    && value.trim().contains(char::is_whitespace)
            })
            .map(|(_, value)| value.trim().to_owned())
            .collect()
    }

    /// What is kept of it as a draft: everything but passwords, tokens, and what the page itself
    /// sent. None when nobody wrote anything.
    #[must_use]
    pub(super) fn as_draft(&self) -> Option<String> {
        let kept: Vec<_> = self
            .pairs()
            .filter(|(name, _)| !name.starts_with("form_") && !matches!(*name, "csrf" | "password"))
            .collect();
        let written = kept
            .iter()
            .any(|(name, value)| *name != "version" && !value.trim().is_empty());
        serde_urlencoded::to_string(&kept).ok().filter(|_| written)
    }

    /// Everything that was sent, in its order.
    pub fn pairs(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
    }

    pub fn values(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|(_, value)| value.as_str())
    }
}

fn plain(value: &str) -> String {
    value
        .replace("\r\n", "\n")
        .chars()
        .filter(|c| !c.is_control() || matches!(c, '\n' | '\t'))
        .collect()
}

/// The names only: what somebody wrote about a child is for no log.
impl fmt::Debug for Submitted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list()
            .entries(self.0.iter().map(|(name, _)| name))
            .finish()
    }
}

/// The form that the guard read and found to be from one of our own pages.
impl FromRequest for Submitted {
    type Error = Failed;
    type Future = Ready<Result<Self, Failed>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(
            request
                .extensions()
                .get::<Self>()
                .cloned()
                .ok_or_else(|| Failed::fault("a page asks for a form that the guard has not read")),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_may_repeat_and_line_ends_are_one_character() {
        let sent = Submitted::parse(b"who=a&note=one%0D%0Atwo%00&who=b");
        assert_eq!(sent.all("who").collect::<Vec<_>>(), ["a", "b"]);
        assert_eq!(sent.first("note"), "one\ntwo");
        assert_eq!(sent.first("absent"), "");
    }

    #[test]
    fn a_draft_holds_no_password_and_no_token() {
        let sent = Submitted::parse(
            b"csrf=a&form_token=b&form_page=/x&password=c&note=two+words&version=3",
        );
        assert_eq!(sent.as_draft().as_deref(), Some("note=two+words&version=3"));
        assert_eq!(
            Submitted::parse(b"csrf=a&note=+&version=3").as_draft(),
            None
        );
    }

    #[test]
    fn what_was_written_is_in_no_log() {
        let sent = Submitted::parse(b"note=secret");
        assert_eq!(format!("{sent:?}"), r#"["note"]"#);
    }
}
