//! What a piece of work can answer besides success. Few cases, each with its own page.

use std::error::Error;
use std::fmt;

use diesel::result::{DatabaseErrorKind, Error as DieselError};

/// Why something was not done.
#[derive(Debug)]
pub enum Failure {
    /// What was sent in cannot be right: one sentence for each field.
    Invalid(Vec<FieldError>),
    /// A rule says no, in the sentence the user reads.
    Refused(String),
    /// There is no such thing, or the asker may not know of it: the two look the same.
    NotFound,
    /// Somebody else changed it first.
    ChangedMeanwhile,
    /// The database has no room for this right now.
    Busy,
    /// Something is broken. The cause is for the log, never for the page.
    Fault(Fault),
}

/// What is wrong with one field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldError {
    pub field: String,
    pub message: String,
}

impl FieldError {
    pub fn new(field: impl Into<String>, message: impl Into<String>) -> Self {
        Self {
            field: field.into(),
            message: message.into(),
        }
    }
}

impl Failure {
    pub fn refused(sentence: impl Into<String>) -> Self {
        Self::Refused(sentence.into())
    }

    /// A look that could not be recorded is not given: the page says to try again.
    pub(crate) fn no_record_no_answer(self) -> Self {
        if let Self::Fault(fault) = &self {
            tracing::error!(%fault, "a look could not be recorded, so nothing was shown");
        }
        Self::Busy
    }
}

/// A failure nobody foresaw: what was being done, and its cause.
#[derive(Debug)]
pub struct Fault {
    what: String,
    cause: Option<String>,
}

impl Fault {
    pub fn new(what: impl Into<String>) -> Self {
        Self {
            what: what.into(),
            cause: None,
        }
    }

    pub fn because(what: &str, cause: &dyn Error) -> Self {
        let mut text = cause.to_string();
        let mut deeper = cause.source();
        while let Some(next) = deeper {
            text.push_str(": ");
            text.push_str(&next.to_string());
            deeper = next.source();
        }
        Self {
            what: what.to_owned(),
            cause: Some(text),
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.cause {
            Some(cause) => write!(f, "{}: {}", self.what, cause.trim_end()),
            None => f.write_str(&self.what),
        }
    }
}

impl Error for Fault {}

impl From<Fault> for Failure {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

impl From<DieselError> for Failure {
    fn from(error: DieselError) -> Self {
        match &error {
            DieselError::DatabaseError(DatabaseErrorKind::SerializationFailure, _) => Self::Busy,
            DieselError::DatabaseError(_, info)
                if info.message().contains("database is locked")
                    || info.message().contains("lock timeout")
                    || info.message().contains("deadlock detected") =>
            {
                Self::Busy
            }
            _ => Self::Fault(Fault::because("the database refused", &error)),
        }
    }
}

impl From<DieselError> for Fault {
    fn from(error: DieselError) -> Self {
        Self::because("the database refused", &error)
    }
}

/// As a line on the terminal.
impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Invalid(errors) => {
                let lines: Vec<_> = errors
                    .iter()
                    .map(|error| format!("{}: {}", error.field, error.message))
                    .collect();
                f.write_str(&lines.join("\n"))
            }
            Self::Refused(sentence) => f.write_str(sentence),
            Self::NotFound => f.write_str("There is no such thing here."),
            Self::ChangedMeanwhile => f.write_str("Somebody else changed this meanwhile."),
            Self::Busy => f.write_str("The database is busy: try again in a moment."),
            Self::Fault(fault) => write!(f, "{fault}"),
        }
    }
}
