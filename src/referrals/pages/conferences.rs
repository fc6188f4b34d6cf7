//! Conferences as a diary: those to come with the children of each, those under the threshold too,
//! why each of them is or is not referred, and what can be done about it.

use std::collections::HashMap;

use chrono::{Datelike, Days, NaiveDate};
use serde::Serialize;
use serde_json::json;

use crate::access::Permission;
use crate::calendar::{age_on, show as day};
use crate::conferences::rules::{Seat, Verdict, verdict_among};
use crate::conferences::store::{Listed, listed, seated_on};
use crate::conferences::{ConferenceChild, Seated, Status};
use crate::ctx::Ctx;
use crate::failure::Failure;
use crate::ids::{CaseId, ConferenceChildId, ConferenceId, ReferralId, YoungPersonId};
use crate::lists::{self, ReferralPolicy, policy_on};
use crate::referrals::actions::{self, Whom};
use crate::referrals::{Outcome, Received, Referral, Remit, Source, Stream, store};
use crate::web::{Answer, Failed, Form, PageOptions, Path, Submitted, Web, known, view};
use crate::young_people::identity_bar;

/// How far the list looks ahead.
const AHEAD: Days = Days::new(84);

#[derive(Serialize)]
struct DiaryView {
    week: bool,
    title: String,
    days: Vec<DayView>,
    previous_week: String,
    next_week: String,
    this_week: Option<String>,
}

#[derive(Serialize)]
struct DayView {
    day: String,
    today: bool,
    conferences: Vec<ConferenceView>,
}

#[derive(Serialize)]
struct ConferenceView {
    time: String,
    what: &'static str,
    place: String,
    status: &'static str,
    colour: &'static str,
    said: Option<String>,
    countdown: Option<view::Countdown>,
    mark_href: String,
    /// What tells its links from those of the others.
    about: String,
    children: Vec<ChildView>,
}

#[derive(Serialize)]
struct ChildView {
    name: String,
    href: String,
    age: String,
    standing: String,
    attention: bool,
    link: Option<LinkView>,
    tried: Option<String>,
}

#[derive(Serialize)]
struct LinkView {
    href: String,
    text: &'static str,
}

pub async fn conferences(web: Web) -> Answer {
    let asked = web.query().clone();
    let near = web.app.settings.work.conference_near_days;
    let view = web.read(move |ctx| diary_view(ctx, &asked, near)).await?;
    let options = PageOptions::titled("Conferences")
        .back("/diary", "Diary")
        .wide();
    web.page("referrals/conferences", options, view)
}

fn monday(on: NaiveDate) -> NaiveDate {
    on - Days::new(u64::from(on.weekday().num_days_from_monday()))
}

fn diary_view(ctx: &mut Ctx<'_>, asked: &Submitted, near: i64) -> Result<DiaryView, Failure> {
    let today = ctx.today;
    let week = asked.first("view") == "week";
    let from: Option<NaiveDate> = asked.first("from").parse().ok();
    let from = from.filter(|on| (1900..=2100).contains(&on.year()));
    let from = monday(from.unwrap_or(today));
    let (first, last) = match week {
        true => (from, from + Days::new(6)),
        false => (today, today + AHEAD),
    };
    let all = listed(ctx, first, last)?;
    let seen = Seen::of(ctx, &all)?;
    let days = first
        .iter_days()
        .take_while(|on| *on <= last)
        .map(|on| DayView {
            day: format!("{} {}", on.format("%A"), day(on)),
            today: on == today,
            conferences: seen.conferences(&all, on, today, near),
        })
        .filter(|it| week || !it.conferences.is_empty())
        .collect();
    let address = |from: NaiveDate| format!("/conferences?view=week&from={from}");
    Ok(DiaryView {
        week,
        title: match week {
            true => format!("Week of {}", day(from)),
            false => "The next twelve weeks".to_owned(),
        },
        days,
        previous_week: address(from - Days::new(7)),
        next_week: address(from + Days::new(7)),
        this_week: (from != monday(today)).then(|| address(monday(today))),
    })
}

/// What is known of the children of a list, asked once for all of them.
struct Seen {
    policies: Vec<ReferralPolicy>,
    /// Everybody on the conferences, where the rule asks about brothers and sisters.
    seated: HashMap<ConferenceId, Vec<Seated>>,
    referrals: Vec<Referral>,
    cases: HashMap<YoungPersonId, CaseId>,
    tried: HashMap<ReferralId, NaiveDate>,
}

impl Seen {
    fn of(ctx: &mut Ctx<'_>, all: &[Listed]) -> Result<Self, Failure> {
        let children: Vec<ConferenceChildId> = all.iter().map(|it| it.child.id.clone()).collect();
        let people: Vec<YoungPersonId> =
            all.iter().map(|it| it.child.young_person.clone()).collect();
        let referrals = store::of_conferences(ctx, &children, &people)?;
        let ids: Vec<ReferralId> = referrals.iter().map(|it| it.id.clone()).collect();
        let policies = lists::store::policies(ctx)?;
        let mut seated: HashMap<ConferenceId, Vec<Seated>> = HashMap::new();
        if policies.iter().any(|policy| policy.younger_with_older) {
            let mut conferences: Vec<ConferenceId> =
                all.iter().map(|it| it.child.conference.clone()).collect();
            conferences.dedup();
            for it in seated_on(ctx, &conferences)? {
                seated.entry(it.conference.clone()).or_default().push(it);
            }
        }
        Ok(Self {
            policies,
            seated,
            cases: store::open_cases_of(ctx, &people, Stream::ChildProtection)?,
            tried: store::last_attempts(ctx, &ids)?,
            referrals,
        })
    }

    fn conferences(
        &self,
        all: &[Listed],
        on: NaiveDate,
        today: NaiveDate,
        near: i64,
    ) -> Vec<ConferenceView> {
        let mut conferences: Vec<(&ConferenceId, ConferenceView)> = Vec::new();
        for listed in all.iter().filter(|it| it.child.place.held_on == on) {
            let view = self.child(listed, today);
            match conferences
                .iter_mut()
                .find(|(id, _)| **id == listed.child.conference)
            {
                Some((_, conference)) => conference.children.push(view),
                None => {
                    let mut conference = conference_view(&listed.child, &listed.name, today, near);
                    conference.children.push(view);
                    conferences.push((&listed.child.conference, conference));
                }
            }
        }
        conferences.into_iter().map(|(_, view)| view).collect()
    }

    fn child(&self, listed: &Listed, today: NaiveDate) -> ChildView {
        let Listed { child, name, .. } = listed;
        let place = &child.place;
        let policy = policy_on(&self.policies, place.held_on);
        let born = listed.date_of_birth;
        let others = self.seated.get(&child.conference).into_iter().flatten();
        let others = others.filter(|it| it.young_person != child.young_person);
        let verdict = verdict_among(
            &self.policies,
            &Seat::of(place, born),
            others.map(|it| &it.seat),
        );
        let theirs = || {
            let of = |it: &&Referral| it.young_person == child.young_person;
            self.referrals.iter().filter(of)
        };
        let referral = theirs()
            .find(|it| it.conference_child.as_ref() == Some(&child.id))
            .filter(|it| it.resolution.outcome != Outcome::Withdrawn)
            .or_else(|| theirs().find(|it| it.is_open()));
        let case = self.cases.get(&child.young_person);
        let (standing, attention, link) = match (referral, case) {
            (_, Some(case)) => (
                "Has a case already".to_owned(),
                false,
                Some(LinkView {
                    href: format!("/cases/{case}"),
                    text: "Open the case",
                }),
            ),
            (Some(referral), None) => (
                format!("Referred: {}", crate::text::lower_first(referral.words())),
                false,
                Some(LinkView {
                    href: format!("/referrals/{}", referral.id),
                    text: "Open the referral",
                }),
            ),
            (None, None) => {
                let may_offer = place.held_on >= today && place.status != Status::Cancelled;
                (
                    why_not(verdict, policy),
                    verdict.refers(),
                    may_offer.then(|| LinkView {
                        href: format!("/conferences/{}/offer", child.id),
                        text: "Offer anyway",
                    }),
                )
            }
        };
        let tried = referral
            .filter(|it| it.is_open() && case.is_none())
            .map(|it| match self.tried.get(&it.id) {
                _ if it.offer.begun() => "The offer has begun".to_owned(),
                Some(on) => format!("Tried {}", day(*on)),
                None => "Nobody tried yet".to_owned(),
            });
        ChildView {
            name: name.clone(),
            href: format!("/young-people/{}", child.young_person),
            age: born.map_or_else(
                || "not yet born".to_owned(),
                |born| format!("{} on the day", age_on(born, place.held_on)),
            ),
            standing,
            attention,
            link,
            tried,
        }
    }
}

/// Why a child on a conference has no referral.
fn why_not(verdict: Verdict, policy: Option<&ReferralPolicy>) -> String {
    match (verdict, policy) {
        (Verdict::TooYoung | Verdict::NoOlder, Some(policy)) => {
            format!("Not referred: under {}", policy.threshold_age)
        }
        (Verdict::TooOld, Some(policy)) => {
            format!("Not referred: {} or over", policy.upper_age)
        }
        (Verdict::TooYoung | Verdict::NoOlder | Verdict::TooOld | Verdict::OtherKind, _) => {
            "Not referred: conferences of this kind refer nobody".to_owned()
        }
        (Verdict::Cancelled, _) => "Not referred: it does not take place".to_owned(),
        (Verdict::Refers, _) => "Of age, and not referred".to_owned(),
        (Verdict::WithOlder, _) => {
            "Due by the policy for younger children, and not referred".to_owned()
        }
    }
}

fn conference_view(
    child: &ConferenceChild,
    name: &str,
    today: NaiveDate,
    near: i64,
) -> ConferenceView {
    let place = &child.place;
    let where_and_who = [
        place.venue.clone(),
        place.chair.as_ref().map(|chair| format!("chair {chair}")),
    ];
    let goes_on = matches!(place.status, Status::Scheduled | Status::Moved);
    ConferenceView {
        time: place
            .starts_at
            .clone()
            .unwrap_or_else(|| "No time yet".to_owned()),
        what: place.kind.words(),
        place: where_and_who
            .into_iter()
            .flatten()
            .collect::<Vec<_>>()
            .join(", "),
        status: place.status.words(),
        colour: match place.status {
            Status::Scheduled => "blue",
            Status::Moved => "yellow",
            Status::Cancelled => "grey",
            Status::Held => "green",
        },
        said: child
            .said_status
            .map(|said| format!("Marked here; scheduling said: {}", said.words())),
        countdown: goes_on.then(|| view::Countdown::to(place.held_on, today, near)),
        mark_href: format!("/conferences/{}/mark", child.id),
        about: format!("{name}, {}", day(place.held_on)),
        children: Vec::new(),
    }
}

// How it came out

fn words_of(child: &ConferenceChild) -> String {
    let place = &child.place;
    format!("{} of {}", place.kind.words(), day(place.held_on))
}

struct Asked {
    form: Form,
    child: ConferenceChild,
    identity: view::Identity,
}

async fn ask(
    web: &Web,
    id: &ConferenceChildId,
    form: impl FnOnce(&ConferenceChild, NaiveDate) -> Form + Send + 'static,
) -> Result<Asked, Failed> {
    let id = id.clone();
    Ok(web
        .read(move |ctx| {
            let (child, opened) = actions::open_conference(ctx, &id, Permission::WorkRecord)?;
            Ok(Asked {
                form: form(&child, ctx.today),
                identity: identity_bar(opened.person(), ctx.today, "On a conference"),
                child,
            })
        })
        .await?)
}

fn show(web: &Web, template: &str, title: &str, asked: &Asked, form: &Form) -> Answer {
    let options = PageOptions::titled(title)
        .back("/conferences", "Conferences")
        .with_form(form);
    web.page(
        template,
        options,
        json!({
            "form": form,
            "id": asked.child.id,
            "what": words_of(&asked.child),
            "identity": asked.identity,
        }),
    )
}

fn mark_form(child: &ConferenceChild, today: NaiveDate) -> Form {
    let mut options = Vec::new();
    if child.place.held_on <= today {
        options.push((Status::Held.code(), "It was held"));
    }
    options.push((
        Status::Cancelled.code(),
        "It does not, or did not, take place",
    ));
    let said = child.said_status.unwrap_or(child.place.status);
    if child.said_status.is_some() {
        options.push((said.code(), "As scheduling says: take the mark away"));
    }
    let stands = child.place.status.code();
    options.retain(|(code, _)| *code != stands);
    Form::new().choice("status", options)
}

pub async fn mark(web: Web, id: Path<String>) -> Answer {
    let id = known(ConferenceChildId::parse(&id))?;
    let asked = ask(&web, &id, mark_form).await?;
    let form = web.resume(asked.form.clone()).await?;
    show(
        &web,
        "referrals/mark",
        "How did it come out?",
        &asked,
        &form,
    )
}

pub async fn mark_sent(web: Web, id: Path<String>, sent: Submitted) -> Answer {
    let id = known(ConferenceChildId::parse(&id))?;
    let asked = ask(&web, &id, mark_form).await?;
    let mut form = asked.form.clone().fill(&sent);
    let status = form.chosen("status", Status::from_code, "Choose how it came out");
    if let (true, Some(status)) = (form.ok(), status) {
        let done = web
            .write_once(&form, move |ctx| {
                actions::mark_conference(ctx, &id, status)?;
                Ok("/conferences".to_owned())
            })
            .await;
        match done {
            Ok(location) => return web.see(&location, "The conference is marked"),
            Err(failure) => form.explain(failure)?,
        }
    }
    show(
        &web,
        "referrals/mark",
        "How did it come out?",
        &asked,
        &form,
    )
}

// Offer anyway

/// Who may wish it for a child whom no rule refers.
const WHO_WISHES: [Source; 5] = [
    Source::ParentOrCarer,
    Source::SocialWorker,
    Source::SelfReferral,
    Source::ReviewingOfficer,
    Source::OtherProfessional,
];

fn offer_form(_: &ConferenceChild, today: NaiveDate) -> Form {
    Form::new()
        .choice("source", WHO_WISHES.map(|it| (it.code(), it.words())))
        .date("received_on")
        .set("received_on", today)
}

pub async fn offer_anyway(web: Web, id: Path<String>) -> Answer {
    let id = known(ConferenceChildId::parse(&id))?;
    let asked = ask(&web, &id, offer_form).await?;
    let form = web.resume(asked.form.clone()).await?;
    show(
        &web,
        "referrals/offer_anyway",
        "Offer anyway",
        &asked,
        &form,
    )
}

pub async fn offer_anyway_sent(web: Web, id: Path<String>, sent: Submitted) -> Answer {
    let id = known(ConferenceChildId::parse(&id))?;
    let asked = ask(&web, &id, offer_form).await?;
    let mut form = asked.form.clone().fill(&sent);
    let source = form.chosen("source", Source::from_code, "Choose who wishes it");
    let received_on = form.date_required("received_on", "The day on which they asked");
    if let (true, Some(source), Some(received_on)) = (form.ok(), source, received_on) {
        let whom = Whom::OnRecord(asked.child.young_person.clone());
        let received = Received {
            stream: Stream::ChildProtection,
            source,
            received_on,
            remit: Remit::InRemit,
            legal_status: None,
            reason: None,
        };
        let done = web
            .write_once(&form, move |ctx| {
                let referral = actions::receive_request(ctx, &whom, &received)?;
                Ok(format!("/referrals/{referral}"))
            })
            .await;
        match done {
            Ok(location) => return web.see(&location, "The referral is on record"),
            Err(failure) => form.explain(failure)?,
        }
    }
    show(
        &web,
        "referrals/offer_anyway",
        "Offer anyway",
        &asked,
        &form,
    )
}
