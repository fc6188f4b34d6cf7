//! The pages of meetings: planning one, recording who was there, one meeting, the diary, and the
//! address for a calendar program.

mod diary;
mod feed;
mod plan;
mod record;
mod show;

pub use diary::diary;
pub use feed::{calendar, feed, feed_sent};
pub use plan::{change, change_sent, missed, missed_sent, plan, plan_sent};
pub use record::{
    conference, conference_sent, record, record_again, record_again_sent, record_sent,
};
pub use show::show;

use chrono::NaiveDate;

use super::What;
use crate::calendar::dates::parse_time;
use crate::ctx::Ctx;
use crate::failure::Failure;
use crate::lists;
use crate::text::NAME_LENGTH;
use crate::web::Form;

/// The types of meeting that a form offers: those that are not retired, and the one that the
/// meeting has.
fn kinds(ctx: &mut Ctx<'_>, present: Option<&str>) -> Result<Vec<(String, String)>, Failure> {
    let today = ctx.today;
    Ok(lists::store::entries(ctx, lists::MEETING_TYPES)?
        .into_iter()
        .filter(|entry| entry.offered_on(today) || present == Some(entry.code.as_str()))
        .map(|entry| (entry.code, entry.label))
        .collect())
}

/// What, when and where.
fn what_fields(form: Form, kinds: Vec<(String, String)>) -> Form {
    form.choice("kind", kinds)
        .date("held_on")
        .field("starts_at")
        .field("place")
        .field("online")
}

fn set_what(form: Form, what: &What) -> Form {
    form.set("kind", what.kind.as_str())
        .set("held_on", what.on)
        .set("starts_at", what.starts_at.clone())
        .set("place", what.place.clone())
        .set("online", what.online)
}

fn read_what(form: &mut Form) -> Option<What> {
    let kind = form.chosen(
        "kind",
        |code| Some(code.to_owned()),
        "Choose the type of meeting",
    );
    let on: Option<NaiveDate> = form.date_required("held_on", "The day of the meeting");
    let time = form.text("starts_at", 20);
    let starts_at = match parse_time(&time) {
        _ if time.is_empty() => None,
        Ok(time) => Some(time.format("%H:%M").to_string()),
        Err(why) => {
            form.add_error("starts_at", format!("The time cannot be read: {why}"));
            None
        }
    };
    let place = form.text("place", NAME_LENGTH);
    let online = form.yes("online");
    Some(What {
        kind: kind?,
        on: on?,
        starts_at,
        place: said(place),
        online,
    })
}

/// What is blank is nothing.
fn said(text: String) -> Option<String> {
    Some(text).filter(|text| !text.is_empty())
}
