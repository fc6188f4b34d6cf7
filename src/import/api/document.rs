//! The description of the interface for programs (OpenAPI 3.1), made from the code that answers:
//! the addresses from the functions behind them, the columns from those that the import reads.

use std::collections::BTreeMap;

use utoipa::openapi::content::ContentBuilder;
use utoipa::openapi::header::HeaderBuilder;
use utoipa::openapi::schema::{AdditionalProperties, ArrayBuilder, SchemaType};
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::openapi::{
    ObjectBuilder, OpenApi as Document, Ref, RefOr, Response, ResponseBuilder, Schema, Type,
};
use utoipa::{IntoResponses, Modify, OpenApi, PartialSchema, ToSchema};

use super::{Receipt, pages};
use crate::import::reading::{Known, Required};
use crate::import::{Kind, Report, intake};
use crate::web::problem::Details;

/// The name of the way to come in.
const TOKEN: &str = "token";

/// What in a file shows that it is damaged, and refuses it whole.
const NO_DAMAGE: &str = "^[^\\u0000\\u0080-\\u009f]*$";

/// As the settings have it, if nobody says otherwise.
const MOST_ROWS: usize = 10_000;

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Heard: the interface for other programs",
        description = "Send the files that a team lives by, and read what became of them. The same rules hold as for a person who brings the file in.",
        license(name = "MIT", identifier = "MIT"),
    ),
    paths(
        pages::send_conferences,
        pages::send_placements,
        pages::send_legal_status,
        pages::receipt,
        pages::openapi,
    ),
    components(schemas(
        Report,
        Receipt,
        Details,
        ConferenceRow,
        ConferenceRows,
        ConferenceFileRow,
        ConferenceFile,
        PlacementRow,
        PlacementRows,
        PlacementFileRow,
        PlacementFile,
        LegalStatusRow,
        LegalStatusRows,
        LegalStatusFileRow,
        LegalStatusFile,
    )),
    modifiers(&Security),
    tags(
        (name = "Files", description = "Sending a file, as JSON or as the CSV file itself."),
        (name = "Receipts", description = "What became of a file."),
        (name = "This description", description = "For programs that read it."),
    ),
)]
struct Described;

struct Security;

impl Modify for Security {
    fn modify(&self, document: &mut Document) {
        let token = HttpBuilder::new()
            .scheme(HttpAuthScheme::Bearer)
            .bearer_format("JWT")
            .description(Some(
                "The token of a service account, made by whoever runs the service.",
            ))
            .build();
        if let Some(components) = document.components.as_mut() {
            components.add_security_scheme(TOKEN, SecurityScheme::Http(token));
        }
    }
}

/// The whole description.
#[must_use]
pub fn document() -> Document {
    Described::openapi()
}

/// One row as JSON. A row may leave out anything: what it then lacks is that row's own fault, and
/// stops no other row.
fn row(kind: Kind, must: bool) -> RefOr<Schema> {
    let mut object = ObjectBuilder::new().schema_type(Type::Object);
    for Known {
        name,
        required,
        about,
        ..
    } in intake::known(kind)
    {
        let needed = *required == Required::Yes;
        let words = match needed {
            true => format!("{about} Needed."),
            false => (*about).to_owned(),
        };
        let mut value = ObjectBuilder::new()
            .schema_type(SchemaType::from_iter([Type::String, Type::Null]))
            .description(Some(words));
        if must {
            value = value.pattern(Some(NO_DAMAGE));
        }
        object = object.property(*name, value);
        if needed && must {
            object = object.required(*name);
        }
    }
    object
        .additional_properties(Some(AdditionalProperties::FreeForm(!must)))
        .into()
}

macro_rules! rows {
    ($($row:ident, $rows:ident, $kind:expr, $must:literal;)*) => { $(
        /// One row.
        pub struct $row;

        impl PartialSchema for $row {
            fn schema() -> RefOr<Schema> {
                row($kind, $must)
            }
        }

        impl ToSchema for $row {}

        /// As many rows as one request may hold.
        pub struct $rows;

        impl PartialSchema for $rows {
            fn schema() -> RefOr<Schema> {
                ArrayBuilder::new()
                    .items(Ref::from_schema_name($row::name()))
                    .min_items(Some(1))
                    // Blank rows of a file are no rows.
                    .max_items((!$must).then_some(MOST_ROWS))
                    .into()
            }
        }

        impl ToSchema for $rows {}
    )* };
}

// A file's header has every column that is needed; a row that is sent as JSON may lack one.
rows! {
    ConferenceRow, ConferenceRows, Kind::Conferences, false;
    ConferenceFileRow, ConferenceFile, Kind::Conferences, true;
    PlacementRow, PlacementRows, Kind::Placements, false;
    PlacementFileRow, PlacementFile, Kind::Placements, true;
    LegalStatusRow, LegalStatusRows, Kind::LegalStatus, false;
    LegalStatusFileRow, LegalStatusFile, Kind::LegalStatus, true;
}

/// What may be refused at any address, each as a problem with its sentence.
pub struct Refusals;

/// What may be refused besides where something is sent.
pub struct SendingRefusals;

impl IntoResponses for Refusals {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        refusals(&[
            (401, "No token, or one that does not hold"),
            (403, "The token is not for this"),
            (406, "The answer was asked for in another form than JSON"),
            (429, "This account sends too many requests"),
            (503, "The database is busy"),
        ])
    }
}

impl IntoResponses for SendingRefusals {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        refusals(&[
            (400, "The request broke off"),
            (408, "The request took too long to arrive"),
            (409, "The same request is being answered in this moment"),
            (413, "Too long"),
            (415, "Neither JSON nor CSV"),
            (
                422,
                "What was sent cannot be read as this table or has too many rows, or the key belongs to another request",
            ),
        ])
    }
}

fn refusals(list: &[(u16, &str)]) -> BTreeMap<String, RefOr<Response>> {
    list.iter()
        .map(|(status, words)| {
            let content = ContentBuilder::new()
                .schema(Some(Ref::from_schema_name(Details::name())))
                .build();
            let mut response = ResponseBuilder::new()
                .description(*words)
                .content("application/problem+json", content);
            let text = |words: &str| {
                HeaderBuilder::new()
                    .schema(Some(ObjectBuilder::new().schema_type(Type::String)))
                    .description(Some(words))
                    .build()
            };
            match status {
                401 | 403 => {
                    response = response.header("WWW-Authenticate", text("How to come in"));
                }
                409 | 429 | 503 => {
                    response = response.header("Retry-After", text("Seconds to wait"));
                }
                _ => {}
            }
            (status.to_string(), response.build().into())
        })
        .collect()
}
