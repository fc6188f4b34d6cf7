//! The public pages: choosing one's page, asking on it, and the page that says it came in.

use chrono::NaiveDate;
use serde::Serialize;
use serde_json::json;

use super::rules::{Taken, taken};
use crate::calendar::show as day;
use crate::documents::{self, Gap, Kind};
use crate::failure::Failure;
use crate::holidays;
use crate::referrals::Source;
use crate::requests::actions::{self, Promise};
use crate::requests::rules::{self, Pointed};
use crate::requests::{Area, Asked, AskedBy, CaredBy, Never, Sending, Told, Want, Way};
use crate::text::{EmailAddress, NAME_LENGTH, NARRATIVE_LENGTH, collapse};
use crate::web::forms::{Opt, TOKEN};
use crate::web::limits::Wait;
use crate::web::{Answer, Failed, Form, PageOptions, Submitted, Web, view};

/// A box that nobody sees and nobody fills in but a machine.
const TRAP: &str = "homepage";
/// When the form was made, with our seal.
const MADE: &str = "made";
/// Where whoever asks was pointed before, and sends all the same.
const POINTED: &str = "pointed";

/// What every one of these pages says of the service.
#[derive(Serialize)]
struct Site {
    area: String,
    working_days: String,
    /// The day by which an answer comes to what is sent today.
    due: Option<String>,
    phone: Option<String>,
    danger: Vec<Number>,
    exit_to: String,
    mail: bool,
    oldest: i32,
}

#[derive(Serialize)]
struct Number {
    number: String,
    /// As a phone dials it.
    dial: String,
    what: String,
}

async fn site(web: &Web) -> Result<Site, Failed> {
    let settings = &web.app.settings.asking;
    let days = settings.answer_working_days;
    let due = web
        .read(move |ctx| {
            let calendar = holidays::store::calendar(ctx)?;
            Ok(calendar.add_working_days(ctx.today, days).ok())
        })
        .await?;
    Ok(Site {
        area: settings.area.clone(),
        working_days: view::count(i64::from(days), "working day", "working days"),
        due: due.map(|reached| day(reached.due)),
        phone: Some(settings.phone.clone()).filter(|phone| !phone.is_empty()),
        danger: settings
            .danger
            .iter()
            .map(|[number, what]| Number {
                number: number.clone(),
                dial: number.chars().filter(char::is_ascii_digit).collect(),
                what: what.clone(),
            })
            .collect(),
        exit_to: settings.exit_to.clone(),
        mail: web.app.settings.mail.is_on(),
        oldest: settings.oldest,
    })
}

/// A text of the council's own, as it stands on these pages.
async fn text(web: &Web, kind: Kind) -> Result<Vec<documents::Block>, Failed> {
    let service = web.app.settings.service.name.clone();
    Ok(web
        .read(move |ctx| {
            let text = documents::store::text(ctx, kind)?;
            let values = [(Gap::Service, service)].into_iter().collect();
            let filled = documents::rules::fill(&text.body, &values)?;
            Ok(documents::rules::blocks(&filled))
        })
        .await?)
}

/// Where somebody begins who does not know yet which page is theirs.
pub async fn choose(web: Web) -> Answer {
    let site = site(&web).await?;
    web.page(
        "public/choose",
        "Ask for a Children's Rights Officer",
        json!({ "site": site }),
    )
}

/// One of the three pages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Door {
    asked_by: AskedBy,
    path: &'static str,
    template: &'static str,
    title: &'static str,
    done: &'static str,
}

const ME: Door = Door {
    asked_by: AskedBy::YoungPerson,
    path: "/ask/me",
    template: "public/me",
    title: "Ask for someone on your side",
    done: "/ask/me/done",
};

const PARENT: Door = Door {
    asked_by: AskedBy::ParentOrCarer,
    path: "/ask/parent",
    template: "public/adult",
    title: "Ask for an officer for your child",
    done: "/ask/done",
};

const PROFESSIONAL: Door = Door {
    asked_by: AskedBy::Professional,
    path: "/ask/professional",
    template: "public/adult",
    title: "Ask for an officer for a child or young person",
    done: "/ask/done",
};

pub async fn me(web: Web) -> Answer {
    blank(&web, ME).await
}

pub async fn me_sent(web: Web, sent: Submitted) -> Answer {
    send(&web, ME, &sent).await
}

pub async fn parent(web: Web) -> Answer {
    blank(&web, PARENT).await
}

pub async fn parent_sent(web: Web, sent: Submitted) -> Answer {
    send(&web, PARENT, &sent).await
}

pub async fn professional(web: Web) -> Answer {
    blank(&web, PROFESSIONAL).await
}

pub async fn professional_sent(web: Web, sent: Submitted) -> Answer {
    send(&web, PROFESSIONAL, &sent).await
}

/// To the young person: it came in, and what happens next. The reference is told once.
pub async fn me_done(web: Web) -> Answer {
    told(&web, "public/me_done").await
}

/// The same to an adult.
pub async fn done(web: Web) -> Answer {
    told(&web, "public/done").await
}

async fn told(web: &Web, template: &str) -> Answer {
    let site = site(web).await?;
    web.page(
        template,
        "We have your message",
        json!({ "site": site, "reference": web.told_once() }),
    )
}

/// The sources that a professional chooses from.
const PROFESSIONALS: [Source; 5] = [
    Source::SocialWorker,
    Source::PersonalAdviser,
    Source::ReviewingOfficer,
    Source::ResidentialHome,
    Source::OtherProfessional,
];

fn options<T: Copy>(
    all: &[T],
    code: fn(T) -> &'static str,
    words: fn(T) -> &'static str,
) -> Vec<Opt> {
    let option = |one: &T| Opt::from((code(*one), words(*one)));
    all.iter().map(option).collect()
}

fn form(door: Door, area: &str) -> Form {
    let themselves = door.asked_by == AskedBy::YoungPerson;
    let areas = match themselves {
        true => [
            format!("I live in {area}"),
            format!("I live somewhere else, but {area} looks after me"),
            "I live somewhere else".to_owned(),
            "I do not know".to_owned(),
        ],
        false => [
            format!("They live in {area}"),
            format!("They live somewhere else, but {area} looks after them"),
            "They live somewhere else".to_owned(),
            "I do not know".to_owned(),
        ],
    };
    let form = Form::new()
        .field(TRAP)
        .field("first_name")
        .field("last_name")
        .field("words")
        .field("phone")
        .field("email")
        .field("through")
        .field("times")
        .field("lives")
        .choice("area", Area::ALL.iter().map(|it| it.code()).zip(areas));
    if themselves {
        form.field("age")
            .choice("wants", options(Want::ALL, Want::code, Want::words))
            .choice("ways", options(Way::ALL, Way::code, Way::words))
            .choice("never", options(Never::ALL, Never::code, Never::words))
            .choice(
                "cared_by",
                options(CaredBy::ALL, CaredBy::code, CaredBy::words),
            )
            .field("email_safe")
    } else {
        form.date("date_of_birth")
            .date("needed_by")
            .choice("told", options(Told::ALL, Told::code, Told::words))
            .field("asker")
            .field("organisation")
            .choice(
                "source",
                options(&PROFESSIONALS, Source::code, Source::words),
            )
    }
}

/// What the page of a form shows besides the form.
struct Shown {
    form: Form,
    made: String,
    /// Where whoever asks is pointed, and in whose words.
    pointed: Option<Pointed>,
    wait: Option<Wait>,
}

async fn blank(web: &Web, door: Door) -> Answer {
    let shown = Shown {
        form: form(door, &web.app.settings.asking.area),
        made: stamp(web),
        pointed: None,
        wait: None,
    };
    show(web, door, shown).await
}

async fn show(web: &Web, door: Door, shown: Shown) -> Answer {
    let site = site(web).await?;
    let pointed = match shown.pointed {
        Some(Pointed::Young) => text(web, Kind::TooYoung).await?,
        Some(Pointed::TooOld) => text(web, Kind::TooOld).await?,
        Some(Pointed::OtherArea) => text(web, Kind::OtherArea).await?,
        None => Vec::new(),
    };
    let not_ours = match door.asked_by {
        AskedBy::YoungPerson => Vec::new(),
        AskedBy::ParentOrCarer | AskedBy::Professional => text(web, Kind::NotOurs).await?,
    };
    let page = web.page(
        door.template,
        PageOptions::titled(door.title).with_form(&shown.form),
        json!({
            "form": shown.form,
            "action": door.path,
            "site": site,
            "made": shown.made,
            "pointed": shown.pointed.map(Pointed::code),
            "pointed_words": pointed,
            "not_ours": not_ours,
            "is_professional": door.asked_by == AskedBy::Professional,
        }),
    );
    match shown.wait {
        Some(wait) => web.later(page?, &wait),
        None => page,
    }
}

/// When a form is made, sealed, so that nobody writes a time of their own.
fn stamp(web: &Web) -> String {
    let seconds = web.app.db.clock().now().timestamp().to_string();
    let seal = web.app.keys.seal(MADE, &seconds);
    format!("{seconds}.{seal}")
}

/// How many seconds ago a form was made, if it says so under our seal.
fn age_of(web: &Web, made: &str) -> Option<i64> {
    let (seconds, seal) = made.split_once('.')?;
    let ours = web.app.keys.is_seal(MADE, seconds, seal);
    let made: i64 = seconds.parse().ok().filter(|_| ours)?;
    Some(web.app.db.clock().now().timestamp() - made)
}

async fn send(web: &Web, door: Door, sent: &Submitted) -> Answer {
    let settings = &web.app.settings.asking;
    let mut form = form(door, &settings.area).fill(sent);
    let asked = read(door, &mut form);
    let sending = Sending {
        token: form.hidden_value(TOKEN).to_owned(),
        key: form.idempotency_key(),
    };
    let age = age_of(web, sent.first(MADE));
    let timing = taken(age, settings.quickest_seconds, settings.form_hours);
    let pointed = asked
        .as_ref()
        .and_then(|asked| rules::pointed(asked, settings.youngest, settings.oldest, web.today()))
        .filter(|pointed| pointed.code() != sent.first(POINTED));
    if !sent.first(TRAP).is_empty() {
        form = form.set(TRAP, "");
        form.add_refusal(
            "Something filled in a box that stays empty. It is empty now. Please press Send again",
        );
    }
    if form.ok() && pointed.is_none() {
        match timing {
            Taken::WellTimed => {}
            Taken::TooQuick => {
                form.add_refusal(
                    "That was very quick. Please look at your answers, then press Send again",
                );
            }
            Taken::TooOld => {
                form.add_refusal("This page was open for a long time. Please press Send again");
            }
        }
    }
    let mut wait = None;
    if let (true, None, Some(asked)) = (form.ok(), pointed, asked) {
        match web.app.limits.take_asking(web.address()) {
            Err(longer) => {
                form.add_refusal(too_many(&longer));
                wait = Some(longer);
            }
            Ok(()) => match keep(web, asked, sending.clone()).await {
                Ok(reference) => return web.tell_once(door.done, &reference),
                Err(Failure::Busy) => {
                    form.add_refusal("We could not take it just now. Nothing you wrote is lost. Please press Send again");
                }
                Err(other) => return Err(other.into()),
            },
        }
    }
    // From this very page something was sent before. Whoever comes to it again, perhaps by going
    // back on a browser that is not theirs, is not shown what was typed.
    let token = sending.token;
    if web.write(move |ctx| actions::was_sent(ctx, &token)).await? {
        return web.go(door.done);
    }
    let made = match timing {
        Taken::TooOld => stamp(web),
        Taken::WellTimed | Taken::TooQuick => sent.first(MADE).to_owned(),
    };
    let shown = Shown {
        form,
        made,
        pointed,
        wait,
    };
    show(web, door, shown).await
}

async fn keep(web: &Web, asked: Asked, sending: Sending) -> Result<String, Failure> {
    let settings = &web.app.settings;
    let promise = Promise {
        working_days: settings.asking.answer_working_days,
        mail_leads_to: settings
            .mail
            .is_on()
            .then(|| format!("{}/ask", settings.server.public_url.trim_end_matches('/'))),
    };
    web.write(move |ctx| actions::ask(ctx, &asked, &sending, &promise))
        .await
}

fn too_many(wait: &Wait) -> String {
    format!(
        "Many messages came from your place just now. Nothing you wrote is lost. Wait {}, then press Send again",
        wait.words()
    )
}

fn optional(form: &mut Form, name: &str, longest: usize) -> Option<String> {
    Some(form.text(name, longest)).filter(|text| !text.is_empty())
}

/// What was typed, if nothing is wrong with it.
fn read(door: Door, form: &mut Form) -> Option<Asked> {
    let asked = match door.asked_by {
        AskedBy::YoungPerson => of_young_person(form),
        AskedBy::ParentOrCarer | AskedBy::Professional => of_adult(door, form),
    };
    asked.filter(|_| form.ok())
}

fn email(form: &mut Form) -> Option<String> {
    if form.text("email", NAME_LENGTH).is_empty() {
        return None;
    }
    form.parsed("email", "This", EmailAddress::parse)
        .map(|email| email.to_string())
}

fn of_young_person(form: &mut Form) -> Option<Asked> {
    let first_name = form.required("first_name", "Tell us what to call you");
    form.text("first_name", NAME_LENGTH);
    let last_name = optional(form, "last_name", NAME_LENGTH);
    let age = form.required("age", "Tell us how old you are");
    let age = age.and_then(|age| {
        let number = age.parse().ok().filter(|age| (0..=120).contains(age));
        if number.is_none() {
            form.add_error("age", "Write your age as a number, like 12");
        }
        number
    });
    let wants = form.chosen_all("wants", Want::from_code);
    let words = optional(form, "words", NARRATIVE_LENGTH);
    if wants.is_empty() && words.is_none() {
        form.add_error("wants", "Tick what you want help with, or write it down");
    }
    let ways = form.chosen_all("ways", Way::from_code);
    if ways.is_empty() {
        form.add_error("ways", "Tick a safe way to reach you");
    }
    let area = form.chosen("area", Area::from_code, "Tick where you live");
    let asked = Asked {
        asked_by: AskedBy::YoungPerson,
        source: Source::SelfReferral,
        first_name: first_name.map(|name| collapse(&name)).unwrap_or_default(),
        last_name: last_name.map(|name| collapse(&name)),
        age,
        date_of_birth: None,
        wants,
        words,
        ways,
        phone: optional(form, "phone", NAME_LENGTH),
        email: email(form),
        email_safe: form.yes("email_safe"),
        through: optional(form, "through", NARRATIVE_LENGTH),
        times: optional(form, "times", NARRATIVE_LENGTH),
        never: form.chosen_all("never", Never::from_code),
        area: area.unwrap_or(Area::NotKnown),
        lives: optional(form, "lives", NARRATIVE_LENGTH),
        cared_by: form.chosen_optional("cared_by", CaredBy::from_code),
        asker: None,
        organisation: None,
        told: None,
        needed_by: None,
    };
    for (field, sentence) in rules::missing_for(&asked) {
        form.add_error(field, sentence);
    }
    Some(asked)
}

fn of_adult(door: Door, form: &mut Form) -> Option<Asked> {
    let first_name = form.required("first_name", "Enter their first name");
    form.text("first_name", NAME_LENGTH);
    let last_name = form.required("last_name", "Enter their last name");
    form.text("last_name", NAME_LENGTH);
    let born = form.date_optional("date_of_birth", "Their date of birth");
    let words = form.required("words", "Enter what they need help with");
    let told = form.chosen(
        "told",
        Told::from_code,
        "Choose whether the child or young person knows that you ask",
    );
    let area = form.chosen("area", Area::from_code, "Choose where they live");
    let asker = form.required("asker", "Enter your name");
    form.text("asker", NAME_LENGTH);
    let source = match door.asked_by {
        AskedBy::Professional => form.chosen("source", Source::from_code, "Choose what you are"),
        AskedBy::ParentOrCarer | AskedBy::YoungPerson => Some(Source::ParentOrCarer),
    };
    let phone = optional(form, "phone", NAME_LENGTH);
    let email = email(form);
    if phone.is_none() && form.text("email", NAME_LENGTH).is_empty() {
        form.add_error("phone", "Enter your phone number or your e-mail address");
    }
    let needed_by: Option<NaiveDate> = form.date_optional("needed_by", "The day");
    Some(Asked {
        asked_by: door.asked_by,
        source: source?,
        first_name: collapse(&first_name?),
        last_name: last_name.map(|name| collapse(&name)),
        age: None,
        date_of_birth: born,
        wants: Vec::new(),
        words,
        ways: Vec::new(),
        phone,
        email,
        email_safe: true,
        through: optional(form, "through", NARRATIVE_LENGTH),
        times: optional(form, "times", NARRATIVE_LENGTH),
        never: Vec::new(),
        area: area?,
        lives: optional(form, "lives", NARRATIVE_LENGTH),
        cared_by: None,
        asker,
        organisation: optional(form, "organisation", NAME_LENGTH),
        told,
        needed_by,
    })
}
