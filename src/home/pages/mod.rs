//! What people see first: my work, the search, the record of one young person, one case. Screens
//! over several concepts; what is done from them belongs to the concepts.

mod case;
mod drafts;
mod history;
mod person;
mod quiet;
mod record;
mod search;
mod team;
mod work;

pub use case::case;
pub use drafts::drafts;
pub use history::history;
pub use person::{person, person_sent};
pub use record::record;
pub use search::search;
pub use team::{TeamView, board, team, team_sent};
pub use work::{WorkView, home, work};

use actix_web::HttpResponse;
use actix_web::web::Data;

use crate::access::Actor;
use crate::app::App;
use crate::staff;
use crate::web::{Answer, aside};

/// For whatever watches over the service: "ok" when the database answers.
pub async fn health(app: Data<App>) -> Answer {
    let db = app.db.clone();
    aside(move || db.read(&Actor::Nobody, staff::store::count)).await?;
    Ok(HttpResponse::Ok().content_type("text/plain").body("ok"))
}
