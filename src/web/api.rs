//! The guard at the interface for other programs: which program asks, by its token, and whether it
//! may. No cookie is looked at here, and no token at the guard of pages.

use std::rc::Rc;
use std::time::Duration;

use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderValue};
use actix_web::middleware::Next;
use actix_web::rt::time::timeout;
use actix_web::web::{Bytes, Data, Payload};
use actix_web::{HttpMessage, HttpRequest};

use super::problem::Problem;
use super::{Visitor, aside};
use crate::access::{Actor, Permission, Relationship, decide};
use crate::app::App;
use crate::failure::Fault;
use crate::routes;
use crate::staff::services::actions::{come_in, hash, touch};

/// The beginning of every address of the interface.
pub const ROOT: &str = "/api/v1";

pub async fn guard(
    permission: Permission,
    mut request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, actix_web::Error> {
    match check(permission, &mut request).await {
        Ok(()) => {
            let response = next.call(request).await?.map_into_boxed_body();
            Ok(explained(response))
        }
        Err(problem) => Ok(request.error_response(problem)),
    }
}

/// What broke off before our own functions were asked, in our words.
fn explained(response: ServiceResponse<BoxBody>) -> ServiceResponse<BoxBody> {
    let Some(error) = response.response().error() else {
        return response;
    };
    if error.as_error::<Problem>().is_some() {
        return response;
    }
    let problem = match response.status().is_client_error() {
        true => Problem::not_found(),
        false => Fault::new(error.to_string()).into(),
    };
    let (request, _) = response.into_parts();
    ServiceResponse::from_err(problem, request)
}

async fn check(permission: Permission, request: &mut ServiceRequest) -> Result<(), Problem> {
    let app = request
        .app_data::<Data<App>>()
        .cloned()
        .ok_or_else(|| Fault::new("the application is not mounted"))?;
    let actor = identify(&app, request.request())
        .await?
        .ok_or_else(Problem::unknown_program)?;
    if let Err(wait) = app.calls.take(actor.label()) {
        return Err(Problem::wait(&wait));
    }
    if !decide(&actor, permission, Relationship::General).allowed() {
        return Err(Problem::not_for_this_token());
    }
    request
        .extensions_mut()
        .insert(Rc::new(Visitor::program(actor)));
    Ok(())
}

async fn identify(app: &Data<App>, request: &HttpRequest) -> Result<Option<Actor>, Problem> {
    let Some(token) = bearer(request) else {
        return Ok(None);
    };
    let now = app.db.clock().now().naive_utc();
    let Some((account, id)) = app.keys.service_token_of(token, now) else {
        return Ok(None);
    };
    let (db, hash) = (app.db.clone(), hash(token));
    let actor = aside(move || {
        let Some(found) = db.read(&Actor::Nobody, |ctx| come_in(ctx, &id, &hash))? else {
            return Ok(None);
        };
        if found.touch
            && let Err(failure) = db.write(&found.actor, |ctx| touch(ctx, &id))
        {
            // The next request does it: none is lost for this.
            tracing::warn!(%failure, "the last use of a token was not noted");
        }
        Ok(Some(found.actor))
    })
    .await?;
    Ok(actor.filter(|actor| actor.label() == account.as_str()))
}

fn bearer(request: &HttpRequest) -> Option<&str> {
    let mut said = request.headers().get_all(header::AUTHORIZATION);
    let (Some(only), None) = (said.next(), said.next()) else {
        return None;
    };
    let (scheme, token) = only.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

/// What a request holds that is too long, too slow or broken off is never read to its end.
pub async fn body(
    request: &HttpRequest,
    payload: Payload,
    most: usize,
    within: Duration,
) -> Result<Bytes, Problem> {
    let too_long = || {
        Problem::new(
            StatusCode::PAYLOAD_TOO_LARGE,
            format!(
                "A request may hold {} MB. Send the rows in several requests.",
                most / (1024 * 1024)
            ),
        )
    };
    let announced = request
        .headers()
        .get(header::CONTENT_LENGTH)
        .and_then(|length| length.to_str().ok()?.parse::<usize>().ok());
    if announced.is_some_and(|length| length > most) {
        return Err(too_long());
    }
    let encoded = request.headers().get(header::CONTENT_ENCODING);
    if encoded.is_some_and(|encoding| encoding.as_bytes() != b"identity") {
        return Err(Problem::new(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "Send the request without Content-Encoding.",
        ));
    }
    match timeout(within, payload.to_bytes_limited(most)).await {
        Ok(Ok(Ok(bytes))) => Ok(bytes),
        Ok(Ok(Err(_))) => Err(Problem::new(
            StatusCode::BAD_REQUEST,
            "The request broke off before its end.",
        )),
        Ok(Err(_)) => Err(too_long()),
        Err(_) => Err(Problem::new(
            StatusCode::REQUEST_TIMEOUT,
            "The request took too long to arrive.",
        )
        .with(header::CONNECTION, HeaderValue::from_static("close"))),
    }
}

/// Refuses who takes no JSON for an answer.
pub fn accepts_json(request: &HttpRequest) -> Result<(), Problem> {
    let mut asked = request.headers().get_all(header::ACCEPT).peekable();
    if asked.peek().is_none() {
        return Ok(());
    }
    let mut ranges = asked
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','));
    let takes = ranges.any(|range| {
        let mut parts = range.split(';').map(str::trim);
        let kind = parts.next().unwrap_or_default().to_ascii_lowercase();
        let refused = parts.any(|part| {
            part.strip_prefix("q=")
                .is_some_and(|weight| weight.parse::<f32>().is_ok_and(|weight| weight <= 0.0))
        });
        !refused && matches!(kind.as_str(), "*/*" | "application/*" | "application/json")
    });
    match takes {
        true => Ok(()),
        false => Err(Problem::new(
            StatusCode::NOT_ACCEPTABLE,
            "Answers are JSON: ask for application/json.",
        )),
    }
}

/// What answers at an address of the interface by a method that it has not.
pub async fn no_such_method(request: HttpRequest) -> Result<actix_web::HttpResponse, Problem> {
    let pattern = request.match_pattern().unwrap_or_default();
    let allowed: Vec<&str> = routes::table()
        .iter()
        .filter(|route| route.path == pattern)
        .map(|route| match route.method {
            routes::Method::Get => "GET, HEAD",
            routes::Method::Post => "POST",
        })
        .collect();
    let allowed = allowed.join(", ");
    let problem = Problem::new(
        StatusCode::METHOD_NOT_ALLOWED,
        format!("This address takes {allowed}."),
    );
    Err(match HeaderValue::from_str(&allowed) {
        Ok(value) => problem.with(header::ALLOW, value),
        Err(_) => problem,
    })
}

/// What answers at an address of the interface that does not exist.
pub async fn nothing() -> Result<actix_web::HttpResponse, Problem> {
    Err(Problem::not_found())
}
