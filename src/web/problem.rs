//! What another program is told when a request is refused: the same sentence that an officer would
//! read, as `application/problem+json` (RFC 9457).

use std::fmt;

use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderName, HeaderValue};
use actix_web::{HttpResponse, ResponseError};
use serde::Serialize;
use utoipa::ToSchema;

use super::limits::Wait;
use crate::failure::{Failure, Fault};

/// A refusal as it is written.
#[derive(Serialize, ToSchema)]
#[schema(as = Refusal)]
pub struct Details<'d> {
    #[serde(rename = "type")]
    kind: &'d str,
    /// What the status stands for.
    title: &'d str,
    status: u16,
    /// Why, and what to do, in a sentence.
    detail: &'d str,
}

/// A refusal.
#[derive(Debug)]
pub struct Problem {
    status: StatusCode,
    detail: String,
    headers: Vec<(HeaderName, HeaderValue)>,
}

impl Problem {
    #[must_use]
    pub fn new(status: StatusCode, detail: impl Into<String>) -> Self {
        Self {
            status,
            detail: detail.into(),
            headers: Vec::new(),
        }
    }

    #[must_use]
    pub fn with(mut self, name: HeaderName, value: impl Into<HeaderValue>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    /// Nobody knows who asks. Why a token does not open anything stays unsaid.
    #[must_use]
    pub fn unknown_program() -> Self {
        Self::new(
            StatusCode::UNAUTHORIZED,
            "Send a token that holds, as \"Authorization: Bearer\" followed by the token. Whoever runs the service makes tokens.",
        )
        .with(
            header::WWW_AUTHENTICATE,
            HeaderValue::from_static("Bearer realm=\"heard\""),
        )
    }

    #[must_use]
    pub fn not_for_this_token() -> Self {
        Self::new(
            StatusCode::FORBIDDEN,
            "This token is not for this: its account has not the scope that is needed.",
        )
        .with(
            header::WWW_AUTHENTICATE,
            HeaderValue::from_static("Bearer realm=\"heard\", error=\"insufficient_scope\""),
        )
    }

    #[must_use]
    pub fn not_found() -> Self {
        Self::new(StatusCode::NOT_FOUND, "There is nothing at this address.")
    }

    #[must_use]
    pub fn wait(wait: &Wait) -> Self {
        let seconds = wait.0.as_secs().max(1);
        Self::new(
            StatusCode::TOO_MANY_REQUESTS,
            format!(
                "This account sends too many requests. Wait {seconds} seconds, then try again."
            ),
        )
        .with(header::RETRY_AFTER, seconds)
    }

    fn answer(&self) -> HttpResponse {
        let mut answer = HttpResponse::build(self.status);
        for (name, value) in &self.headers {
            answer.insert_header((name.clone(), value.clone()));
        }
        let details = Details {
            kind: "about:blank",
            title: self.status.canonical_reason().unwrap_or("Refused"),
            status: self.status.as_u16(),
            detail: &self.detail,
        };
        let text = serde_json::to_string(&details).unwrap_or_default();
        answer.content_type("application/problem+json").body(text)
    }
}

impl From<Failure> for Problem {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Invalid(_) | Failure::Refused(_) => {
                Self::new(StatusCode::UNPROCESSABLE_ENTITY, failure.to_string())
            }
            Failure::NotFound => Self::not_found(),
            Failure::ChangedMeanwhile => Self::new(StatusCode::CONFLICT, failure.to_string()),
            Failure::Busy => Self::new(StatusCode::SERVICE_UNAVAILABLE, failure.to_string())
                .with(header::RETRY_AFTER, 5),
            Failure::Fault(fault) => fault.into(),
        }
    }
}

/// Its cause is written to the log here, once, under the reference that the program is told.
impl From<Fault> for Problem {
    fn from(fault: Fault) -> Self {
        let reference: String = uuid::Uuid::new_v4()
            .simple()
            .to_string()
            .chars()
            .take(8)
            .collect();
        tracing::error!(reference, %fault, "a request of a program could not be answered");
        Self::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            format!(
                "Something went wrong, and nothing was kept. Tell whoever runs the service the reference {reference}."
            ),
        )
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.detail)
    }
}

impl ResponseError for Problem {
    fn status_code(&self) -> StatusCode {
        self.status
    }

    fn error_response(&self) -> HttpResponse {
        self.answer()
    }
}
