//! The addresses of the interface for programs, its description, and the page that people read.

use std::time::Duration;

use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderValue};
use actix_web::web::{Bytes, Payload};
use actix_web::{HttpRequest, HttpResponse};
use serde::Serialize;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::document::{
    self, ConferenceFile, ConferenceRows, LegalStatusFile, LegalStatusRows, PlacementFile,
    PlacementRows, Refusals, SendingRefusals,
};
use super::{Answered, Once, Receipt, Sent, rows_from_json};
use crate::failure::Fault;
use crate::ids::BatchId;
use crate::import::actions::{Names, Run};
use crate::import::reading::Table;
use crate::import::{Kind, Report, intake};
use crate::web::api::{ROOT, accepts_json, body};
use crate::web::problem::{Details, Problem};
use crate::web::{Answer, PageOptions, Path, Web};

type Answers = Result<HttpResponse, Problem>;

const IDEMPOTENCY_KEY: &str = "idempotency-key";
const LONGEST_KEY: usize = 200;

/// Send a conference schedule
///
/// One row for each child on each conference. A row that came before and says the same changes
/// nothing; a row that is wrong is rejected alone, with its reason.
#[utoipa::path(
    post,
    path = "/api/v1/conferences",
    operation_id = "sendConferences",
    tag = "Files",
    params(
        ("dry_run" = Option<bool>, Query, description = "Say what would be done, and keep nothing"),
        ("Idempotency-Key" = Option<String>, Header, pattern = "^[!-~]{1,200}$", description = "With a key of your own the same request, sent again, does nothing again and gets the same answer"),
    ),
    request_body(content(
        (ConferenceRows = "application/json"),
        (ConferenceFile = "text/csv"),
    )),
    responses(
        (status = 201, description = "It came in", body = Report, headers(
            ("Location" = String, description = "Where its receipt is"),
            ("Idempotent-Replayed" = Option<bool>, description = "Whether this was answered before"),
        )),
        (status = 200, description = "What a dry run would do", body = Report),
        Refusals,
        SendingRefusals,
    ),
    security(("token" = ["conferences:write"])),
)]
pub async fn send_conferences(web: Web, request: HttpRequest, payload: Payload) -> Answers {
    send(web, request, payload, Kind::Conferences).await
}

/// Send a placement list
///
/// One row for each stay of a child in a home. A home that the list leaves out goes on; the answer
/// counts such homes as `no_longer_listed`.
#[utoipa::path(
    post,
    path = "/api/v1/placements",
    operation_id = "sendPlacements",
    tag = "Files",
    params(
        ("dry_run" = Option<bool>, Query, description = "Say what would be done, and keep nothing"),
        ("Idempotency-Key" = Option<String>, Header, pattern = "^[!-~]{1,200}$", description = "With a key of your own the same request, sent again, does nothing again and gets the same answer"),
    ),
    request_body(content(
        (PlacementRows = "application/json"),
        (PlacementFile = "text/csv"),
    )),
    responses(
        (status = 201, description = "It came in", body = Report, headers(
            ("Location" = String, description = "Where its receipt is"),
            ("Idempotent-Replayed" = Option<bool>, description = "Whether this was answered before"),
        )),
        (status = 200, description = "What a dry run would do", body = Report),
        Refusals,
        SendingRefusals,
    ),
    security(("token" = ["placements:write"])),
)]
pub async fn send_placements(web: Web, request: HttpRequest, payload: Payload) -> Answers {
    send(web, request, payload, Kind::Placements).await
}

/// Send a list of legal status
///
/// One row for each basis or flag of a child. A child who is not on record is refused: send the
/// placement list first.
#[utoipa::path(
    post,
    path = "/api/v1/legal-status",
    operation_id = "sendLegalStatus",
    tag = "Files",
    params(
        ("dry_run" = Option<bool>, Query, description = "Say what would be done, and keep nothing"),
        ("Idempotency-Key" = Option<String>, Header, pattern = "^[!-~]{1,200}$", description = "With a key of your own the same request, sent again, does nothing again and gets the same answer"),
    ),
    request_body(content(
        (LegalStatusRows = "application/json"),
        (LegalStatusFile = "text/csv"),
    )),
    responses(
        (status = 201, description = "It came in", body = Report, headers(
            ("Location" = String, description = "Where its receipt is"),
            ("Idempotent-Replayed" = Option<bool>, description = "Whether this was answered before"),
        )),
        (status = 200, description = "What a dry run would do", body = Report),
        Refusals,
        SendingRefusals,
    ),
    security(("token" = ["legal_status:write"])),
)]
pub async fn send_legal_status(web: Web, request: HttpRequest, payload: Payload) -> Answers {
    send(web, request, payload, Kind::LegalStatus).await
}

async fn send(web: Web, request: HttpRequest, payload: Payload, kind: Kind) -> Answers {
    let api = &web.app.settings.api;
    accepts_json(&request)?;
    let run = dry_run(&web)?;
    let key = idempotency_key(&request)?;
    let format = Format::of(&request)?;
    let most = usize::try_from(api.largest_body_mb * 1024 * 1024).unwrap_or(usize::MAX);
    let within = Duration::from_secs(api.slowest_body_seconds.into());
    let bytes = body(&request, payload, most, within).await?;
    let once = key.map(|key| Once {
        request: request_hash(kind, format, &bytes),
        key,
    });
    let (settings, most_rows) = (web.app.settings.import.clone(), api.most_rows);
    let under_way = web.app.under_way.clone();
    let answered = web
        .aside(move |db, actor| {
            let table = match table(kind, format, &settings, &bytes, most_rows) {
                Ok(table) => table,
                Err(problem) => return Ok(Err(problem)),
            };
            let sent = Sent {
                kind,
                table,
                run,
                once,
            };
            super::send(db, actor, &settings, &under_way, &sent).map(Ok)
        })
        .await??;
    let (status, batch, answer, before) = match answered {
        Answered::Done {
            batch: Some(batch),
            answer,
        } => (StatusCode::CREATED, Some(batch), answer, false),
        Answered::Done {
            batch: None,
            answer,
        } => (StatusCode::OK, None, answer, false),
        Answered::Before { batch, answer } => (StatusCode::CREATED, Some(batch), answer, true),
        Answered::UnderWay => {
            return Err(Problem::new(
                StatusCode::CONFLICT,
                "The request with this Idempotency-Key is being answered in this moment. Send it again in a few seconds to get its answer.",
            )
            .with(header::RETRY_AFTER, 5));
        }
        Answered::OtherRequest => {
            return Err(unprocessable(
                "This Idempotency-Key was used for another request. Use a new key for new rows.",
            ));
        }
    };
    let mut response = HttpResponse::build(status);
    if let Some(batch) = batch {
        response.insert_header((header::LOCATION, format!("{ROOT}/imports/{batch}")));
    }
    if before {
        response.insert_header(("idempotent-replayed", "true"));
    }
    Ok(response.content_type("application/json").body(answer))
}

fn unprocessable(sentence: impl Into<String>) -> Problem {
    Problem::new(StatusCode::UNPROCESSABLE_ENTITY, sentence)
}

/// A name that nobody knows is refused: a dry run that is misspelt must not become a real one.
fn dry_run(web: &Web) -> Result<Run, Problem> {
    let mut run = Run::Keep;
    for (name, value) in web.query().pairs() {
        run = match (name, value) {
            ("dry_run", "true") => Run::Rehearse,
            ("dry_run", "false") => Run::Keep,
            ("dry_run", _) => return Err(unprocessable("dry_run can be true or false.")),
            _ => {
                return Err(unprocessable(
                    "After the question mark this address takes dry_run and nothing else.",
                ));
            }
        };
    }
    Ok(run)
}

fn idempotency_key(request: &HttpRequest) -> Result<Option<String>, Problem> {
    let mut said = request.headers().get_all(IDEMPOTENCY_KEY);
    let Some(key) = said.next() else {
        return Ok(None);
    };
    let plain = |key: &HeaderValue| {
        let bytes = key.as_bytes();
        let fits = (1..=LONGEST_KEY).contains(&bytes.len());
        fits && bytes.iter().all(u8::is_ascii_graphic)
    };
    match (key.to_str(), said.next()) {
        (Ok(text), None) if plain(key) => Ok(Some(text.to_owned())),
        _ => Err(unprocessable(format!(
            "An Idempotency-Key has 1 to {LONGEST_KEY} letters, digits and signs, without spaces."
        ))),
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Format {
    Json,
    Csv,
}

impl Format {
    fn of(request: &HttpRequest) -> Result<Self, Problem> {
        let said = request.headers().get(header::CONTENT_TYPE);
        let said = said
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default();
        let kind = said.split(';').next().unwrap_or_default().trim();
        match kind.to_ascii_lowercase().as_str() {
            "application/json" => Ok(Self::Json),
            "text/csv" => Ok(Self::Csv),
            _ => Err(Problem::new(
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "Send application/json or text/csv, and say which in Content-Type.",
            )),
        }
    }
}

fn table(
    kind: Kind,
    format: Format,
    settings: &crate::settings::Import,
    bytes: &Bytes,
    most: usize,
) -> Result<Table, Problem> {
    let table = match format {
        Format::Json => rows_from_json(kind, settings, bytes).map_err(unprocessable)?,
        Format::Csv => {
            let columns = intake::columns(kind, settings, &Names::new());
            intake::read(&columns, "What you sent", bytes)?
        }
    };
    match table.rows.len() > most {
        true => Err(unprocessable(format!(
            "A request may hold {most} rows. Send the others in another one."
        ))),
        false => Ok(table),
    }
}

fn request_hash(kind: Kind, format: Format, bytes: &Bytes) -> String {
    let mut hash = Sha256::new();
    hash.update(kind.code());
    hash.update(match format {
        Format::Json => [0, b'j'],
        Format::Csv => [0, b'c'],
    });
    hash.update(bytes);
    hex::encode(hash.finalize())
}

/// Read what became of a file
///
/// Of one's own file: there is no receipt for what somebody else sent.
#[utoipa::path(
    get,
    path = "/api/v1/imports/{batch}",
    operation_id = "readReceipt",
    tag = "Receipts",
    params(("batch" = String, Path, description = "The `batch` that was answered when the file came in")),
    responses(
        (status = 200, description = "The receipt", body = Receipt),
        (status = 404, description = "There is no such file of yours", body = Details, content_type = "application/problem+json"),
        Refusals,
    ),
    security(("token" = ["imports:read"])),
)]
pub async fn receipt(web: Web, request: HttpRequest, batch: Path<String>) -> Answers {
    accepts_json(&request)?;
    let batch = BatchId::parse(&batch).ok_or_else(Problem::not_found)?;
    let receipt = web.read(move |ctx| super::receipt(ctx, &batch)).await?;
    Ok(HttpResponse::Ok().json(receipt))
}

/// Read this description
#[utoipa::path(
    get,
    path = "/api/v1/openapi.json",
    operation_id = "readDescription",
    tag = "This description",
    responses((status = 200, description = "This description, as OpenAPI 3.1", body = Object, content_type = "application/json")),
    security(()),
)]
pub async fn openapi() -> Answers {
    let text = document::document()
        .to_json()
        .map_err(|cause| Fault::because("the description cannot be written", &cause))?;
    Ok(HttpResponse::Ok()
        .content_type("application/json")
        .body(text))
}

// The page that people read

#[derive(Serialize)]
struct AddressView {
    method: String,
    path: String,
    summary: String,
    description: String,
    scope: String,
    params: Vec<Pair>,
    takes: String,
    rows: Vec<Pair>,
    answers: Vec<Pair>,
}

/// Not `name`: a component in the row would take that for its own.
#[derive(Serialize)]
struct Pair {
    what: String,
    words: String,
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

fn pairs(value: &Value) -> Vec<Pair> {
    let described = |(what, it): (&String, &Value)| Pair {
        what: what.clone(),
        words: text(it.get("description").unwrap_or(&Value::Null)),
    };
    let members = value.as_object().into_iter().flatten();
    members.map(described).collect()
}

fn at<'v>(value: &'v Value, pointer: &str) -> &'v Value {
    value.pointer(pointer).unwrap_or(&Value::Null)
}

/// What a schema refers to.
fn referred<'v>(document: &'v Value, schema: &Value) -> &'v Value {
    let to = text(at(schema, "/$ref"));
    match to.strip_prefix('#') {
        Some(pointer) => at(document, pointer),
        None => &Value::Null,
    }
}

/// The document, address by address, in plain words.
fn addresses(document: &Value) -> Vec<AddressView> {
    let paths = at(document, "/paths").as_object().into_iter().flatten();
    let mut views = Vec::new();
    for (path, methods) in paths {
        for (method, it) in methods.as_object().into_iter().flatten() {
            let params = at(it, "/parameters").as_array().into_iter().flatten();
            let content = at(it, "/requestBody/content");
            let rows = referred(document, at(content, "/application~1json/schema"));
            let row = referred(document, at(rows, "/items"));
            views.push(AddressView {
                method: method.to_uppercase(),
                path: path.clone(),
                summary: text(at(it, "/summary")),
                description: text(at(it, "/description")),
                scope: text(at(it, "/security/0/token/0")),
                params: params
                    .map(|param| Pair {
                        what: text(at(param, "/name")),
                        words: text(at(param, "/description")),
                    })
                    .collect(),
                takes: content
                    .as_object()
                    .into_iter()
                    .flatten()
                    .map(|(kind, _)| kind.as_str())
                    .collect::<Vec<_>>()
                    .join(" or "),
                rows: pairs(at(row, "/properties")),
                answers: pairs(at(it, "/responses")),
            });
        }
    }
    views
}

/// The same description for people.
pub async fn page(web: Web) -> Answer {
    let document = serde_json::to_value(document::document())
        .map_err(|cause| Fault::because("the description cannot be written", &cause))?;
    web.page(
        "imports/api",
        PageOptions::titled("The interface for other programs").wide(),
        json!({
            "addresses": addresses(&document),
            "about": text(at(&document, "/info/description")),
            "token": text(at(&document, "/components/securitySchemes/token/description")),
        }),
    )
}
