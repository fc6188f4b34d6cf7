//! What is shown when a page cannot be: one page for each reason, in plain words.

use std::fmt;

use actix_web::http::{StatusCode, header};
use actix_web::{HttpMessage, HttpRequest, HttpResponse, HttpResponseBuilder, ResponseError};
use serde::Serialize;
use serde_json::json;

use super::drafts::Kept;
use super::{PageOptions, Submitted, Web};
use crate::failure::{Failure, Fault};

/// Why a page is not shown.
#[derive(Debug)]
pub enum Failed {
    /// There is no such page, or it is not for this visitor: the two look the same, byte for byte.
    NotFound,
    /// A rule says no, in this sentence.
    Refused(String),
    Changed,
    Busy,
    /// What was sent cannot be used and no form shows why.
    Invalid,
    Fault(Fault),
    /// Another page comes first.
    GoTo(String),
    /// A form came from somebody who is not signed in any more, with the page to go back to.
    Expired {
        /// The page that the form was on.
        page: Option<String>,
    },
    /// A form did not come from one of our pages.
    Forged,
    /// A form was too long, too slow or of the wrong kind.
    Unreadable(StatusCode),
}

impl Failed {
    pub fn fault(what: &str) -> Self {
        Self::Fault(Fault::new(what))
    }

    /// The page. A fault is written to the log here, once, under the reference that the page shows.
    pub(super) fn page(&self, request: &HttpRequest) -> HttpResponse {
        if let Self::GoTo(location) = self {
            return see_other(location);
        }
        let Ok(web) = Web::of(request) else {
            return HttpResponse::new(self.status_code());
        };
        let told = Told::of(request);
        let (template, title, view) = match self {
            Self::NotFound | Self::GoTo(_) => ("not_found", "Page not found", json!({})),
            Self::Refused(sentence) => (
                "refused",
                "This could not be done",
                json!({ "sentence": sentence, "told": told }),
            ),
            Self::Changed => (
                "changed",
                "Changed by someone else",
                json!({ "told": told }),
            ),
            Self::Busy => ("busy", "Heard is busy", json!({ "told": told })),
            Self::Invalid => (
                "refused",
                "This could not be done",
                json!({
                    "sentence": "Something on the page was missing or could not be read.",
                    "told": told,
                }),
            ),
            Self::Unreadable(status) => (
                "refused",
                "This could not be read",
                json!({ "sentence": unreadable(*status), "told": told }),
            ),
            Self::Fault(fault) => {
                let reference: String = uuid::Uuid::new_v4()
                    .simple()
                    .to_string()
                    .chars()
                    .take(8)
                    .collect();
                tracing::error!(reference, %fault, "a page could not be shown");
                (
                    "fault",
                    "Something went wrong",
                    json!({ "reference": reference, "told": told }),
                )
            }
            Self::Expired { page } => {
                let next = told.page.as_deref().or(page.as_deref());
                (
                    "expired",
                    "You have been signed out",
                    json!({ "sign_in": super::guard::sign_in_address(next), "told": told }),
                )
            }
            Self::Forged => (
                "forbidden",
                "This page has to be loaded again",
                json!({ "told": told }),
            ),
        };
        let options = PageOptions::titled(title)
            .status(self.status_code())
            .for_an_error();
        web.page(&format!("errors/{template}"), options, view)
            .map_or_else(
                |failed| {
                    // An error page that cannot be shown must not lead to another one.
                    tracing::error!(%failed, template, "an error page could not be shown");
                    HttpResponse::new(self.status_code())
                },
                |mut page| {
                    if matches!(self, Self::Busy) {
                        page.headers_mut()
                            .insert(header::RETRY_AFTER, header::HeaderValue::from_static("5"));
                    }
                    page
                },
            )
    }
}

/// What an error page says of what somebody wrote: nothing that was typed is lost.
#[derive(Serialize)]
struct Told {
    /// The page on which it is given back, where it was kept as a draft.
    page: Option<String>,
    /// The words themselves, to be copied, where it was not.
    typed: Vec<String>,
}

impl Told {
    fn of(request: &HttpRequest) -> Self {
        let extensions = request.extensions();
        let page = extensions.get::<Kept>().map(|kept| kept.page.clone());
        let typed = match (&page, extensions.get::<Submitted>()) {
            (None, Some(sent)) => sent.typed(),
            _ => Vec::new(),
        };
        Self { page, typed }
    }
}

fn unreadable(status: StatusCode) -> &'static str {
    match status {
        StatusCode::PAYLOAD_TOO_LARGE => "What you sent is longer than we can take. Shorten it.",
        StatusCode::REQUEST_TIMEOUT => "What you sent took too long to arrive.",
        _ => "What you sent could not be read.",
    }
}

pub(super) fn see_other(location: &str) -> HttpResponse {
    HttpResponseBuilder::new(StatusCode::SEE_OTHER)
        .insert_header((header::LOCATION, location))
        .finish()
}

impl From<Failure> for Failed {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Invalid(_) => Self::Invalid,
            Failure::Refused(sentence) => Self::Refused(sentence),
            Failure::NotFound => Self::NotFound,
            Failure::ChangedMeanwhile => Self::Changed,
            Failure::Busy => Self::Busy,
            Failure::Fault(fault) => Self::Fault(fault),
        }
    }
}

impl From<Fault> for Failed {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

impl fmt::Display for Failed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Fault(fault) => write!(f, "{fault}"),
            other => write!(f, "{}", other.status_code()),
        }
    }
}

impl ResponseError for Failed {
    fn status_code(&self) -> StatusCode {
        match self {
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::Refused(_) | Self::Changed => StatusCode::CONFLICT,
            Self::Busy => StatusCode::SERVICE_UNAVAILABLE,
            Self::Invalid => StatusCode::UNPROCESSABLE_ENTITY,
            Self::Fault(_) => StatusCode::INTERNAL_SERVER_ERROR,
            Self::GoTo(_) => StatusCode::SEE_OTHER,
            Self::Expired { .. } | Self::Forged => StatusCode::FORBIDDEN,
            Self::Unreadable(status) => *status,
        }
    }
}
