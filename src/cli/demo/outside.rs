//! Who asks from outside in the demonstration, by the deed that the public pages use.

use chrono::{NaiveDate, NaiveTime};
use serde::Deserialize;

use super::deeds::code;
use crate::ctx::Ctx;
use crate::failure::Failure;
use crate::referrals::Source;
use crate::requests::actions::{Promise, ask};
use crate::requests::{Area, Asked, AskedBy, CaredBy, Never, Sending, Told, Want, Way};

/// Somebody asks, in the codes that the forms use.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct FromOutside {
    on: NaiveDate,
    at: NaiveTime,
    asked_by: String,
    source: String,
    first_name: String,
    #[serde(default)]
    last_name: Option<String>,
    #[serde(default)]
    age: Option<i32>,
    #[serde(default)]
    born: Option<NaiveDate>,
    #[serde(default)]
    wants: Vec<String>,
    words: String,
    #[serde(default)]
    ways: Vec<String>,
    #[serde(default)]
    phone: Option<String>,
    #[serde(default)]
    email: Option<String>,
    #[serde(default)]
    through: Option<String>,
    #[serde(default)]
    times: Option<String>,
    #[serde(default)]
    never: Vec<String>,
    area: String,
    #[serde(default)]
    lives: Option<String>,
    #[serde(default)]
    cared_by: Option<String>,
    #[serde(default)]
    asker: Option<String>,
    #[serde(default)]
    organisation: Option<String>,
    #[serde(default)]
    told: Option<String>,
    #[serde(default)]
    needed_by: Option<NaiveDate>,
}

fn codes<T>(read: fn(&str) -> Option<T>, all: &[String]) -> Result<Vec<T>, Failure> {
    all.iter().map(|text| code(read, text)).collect()
}

fn maybe<T>(read: fn(&str) -> Option<T>, text: Option<&String>) -> Result<Option<T>, Failure> {
    text.map(|text| code(read, text)).transpose()
}

/// Asks on the day and at the time of the story. A story is played once: its number is what makes a
/// sending the same.
pub(super) fn play(
    ctx: &mut Ctx<'_>,
    number: usize,
    from: &FromOutside,
    working_days: u32,
) -> Result<(), Failure> {
    let asked = Asked {
        asked_by: code(AskedBy::from_code, &from.asked_by)?,
        source: code(Source::from_code, &from.source)?,
        first_name: from.first_name.clone(),
        last_name: from.last_name.clone(),
        age: from.age,
        date_of_birth: from.born,
        wants: codes(Want::from_code, &from.wants)?,
        words: Some(from.words.clone()),
        ways: codes(Way::from_code, &from.ways)?,
        phone: from.phone.clone(),
        email: from.email.clone(),
        email_safe: false,
        through: from.through.clone(),
        times: from.times.clone(),
        never: codes(Never::from_code, &from.never)?,
        area: code(Area::from_code, &from.area)?,
        lives: from.lives.clone(),
        cared_by: maybe(CaredBy::from_code, from.cared_by.as_ref())?,
        asker: from.asker.clone(),
        organisation: from.organisation.clone(),
        told: maybe(Told::from_code, from.told.as_ref())?,
        needed_by: from.needed_by,
    };
    let key = format!("demonstration {number}");
    let sending = Sending {
        token: key.clone(),
        key,
    };
    let promise = Promise {
        working_days,
        mail_leads_to: None,
    };
    let (today, now) = (ctx.today, ctx.now);
    ctx.today = from.on;
    ctx.now = from.on.and_time(from.at).min(now);
    let done = ask(ctx, &asked, &sending, &promise);
    (ctx.today, ctx.now) = (today, now);
    done.map(drop)
}
