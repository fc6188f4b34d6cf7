//! The start page, and whether the service is well.

use actix_web::HttpResponse;
use actix_web::web::Data;
use serde_json::json;

use crate::access::{Actor, Role};
use crate::app::App;
use crate::staff;
use crate::web::{Answer, Web, aside};

pub async fn home(web: Web) -> Answer {
    match web.actor().role() {
        Some(Role::Administrator) => web.go("/users"),
        Some(Role::Auditor) => web.go("/access-record"),
        _ => web.page("home/placeholder", "My work", json!({})),
    }
}

/// For whatever watches over the service: "ok" when the database answers.
pub async fn health(app: Data<App>) -> Answer {
    let db = app.db.clone();
    aside(move || db.read(&Actor::Nobody, staff::store::count)).await?;
    Ok(HttpResponse::Ok().content_type("text/plain").body("ok"))
}
