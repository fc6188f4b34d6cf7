//! `heard serve`: running the web service.

use std::net::TcpListener;

use actix_web::web::Data;
use tracing_subscriber::EnvFilter;

use super::{ACTOR, House, Stop, demo, say};
use crate::app::{App, serve as answer};
use crate::audit::checkpoints;
use crate::db::Db;
use crate::secrets::{self, Which};
use crate::staff::store;

pub(super) fn serve(house: &House) -> Result<(), Stop> {
    let db = if house.settings.server.migrate {
        house.open()?
    } else {
        house.open_as_it_is()?
    };
    let is_demo = demo::is_demo(&db)?;
    if db.read(&ACTOR, store::count)? == 0 {
        say("There is no account yet. heard user add makes the first administrator.")?;
    }
    listen(house, db, is_demo)
}

pub(super) fn listen(house: &House, db: Db, is_demo: bool) -> Result<(), Stop> {
    tracing_subscriber::fmt()
        .with_env_filter(
            EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("warn,heard=info")),
        )
        .with_writer(std::io::stderr)
        .init();
    let settings = &house.settings;
    let key = secrets::find_or_make(
        Which::Session,
        &settings.secrets.session_key,
        &settings.data_dir,
    )?;
    let address = &settings.server.address;
    let listener = TcpListener::bind(address)
        .map_err(|cause| Stop::Failed(format!("Cannot listen on {address}: {cause}.")))?;
    let place = listener.local_addr()?;
    let app = Data::new(App::new(settings.clone(), db.clone(), key, is_demo)?);
    say(&format!("Heard is at http://{place}"))?;
    let note = |db: &Db| db.read(&ACTOR, |ctx| checkpoints::note(ctx, &settings.data_dir));
    note(&db)?;
    actix_web::rt::System::new().block_on(answer(app, listener))?;
    note(&db)?;
    Ok(())
}
