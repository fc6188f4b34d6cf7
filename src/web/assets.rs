//! The stylesheets and scripts. Their names change with their content, so browsers may keep them.

use actix_web::HttpResponse;
use actix_web::http::header;
use actix_web::web::Path;
use rust_embed::RustEmbed;

use super::{Answer, Failed};

#[derive(RustEmbed)]
#[folder = "$OUT_DIR/assets"]
struct Files;

pub async fn show(name: Path<String>) -> Answer {
    let file = Files::get(&name).ok_or(Failed::NotFound)?;
    Ok(HttpResponse::Ok()
        .content_type(file.metadata.mimetype())
        .insert_header((header::CACHE_CONTROL, "public, max-age=31536000, immutable"))
        .body(file.data.into_owned()))
}
