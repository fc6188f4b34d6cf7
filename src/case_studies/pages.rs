//! The pages of case studies: the list, writing one, checking it, consent, publishing, withdrawing.

use serde::Serialize;
use serde_json::json;
use sha2::{Digest, Sha256};

use super::actions::{self, Opened};
use super::check::{Finding, Level};
use super::rules::{self, Step};
use super::{AgeBand, CaseStudy, Consent, ConsentBy, Look, Purpose, State, Text, store};
use crate::access::{Permission, Relationship, decide};
use crate::calendar::{age_on, show as day};
use crate::cases;
use crate::failure::Failure;
use crate::ids::{CaseId, CaseStudyId};
use crate::text::{NAME_LENGTH, NARRATIVE_LENGTH};
use crate::web::{Answer, Form, PageOptions, Path, Submitted, Web, known, view};
use crate::young_people::identity_bar;

// The list

#[derive(Serialize)]
struct Line {
    href: String,
    title: String,
    state: &'static str,
    colour: &'static str,
    meta: String,
}

fn colour(state: State) -> &'static str {
    match state {
        State::Draft => "blue",
        State::Checked => "yellow",
        State::Published => "green",
        State::Withdrawn => "grey",
    }
}

pub async fn list(web: Web) -> Answer {
    let studies = web.read(actions::all).await?;
    let lines: Vec<Line> = studies
        .into_iter()
        .map(|study| Line {
            href: format!("/case-studies/{}", study.id),
            state: study.state.words(),
            colour: colour(study.state),
            meta: match (study.state, &study.publication, &study.consent) {
                (State::Published, Some(publication), _) => {
                    format!("Published {}", day(publication.on))
                }
                (_, _, Some(consent)) if consent.withdrawn_on.is_some() => {
                    "Consent withdrawn".to_owned()
                }
                (_, _, Some(consent)) => format!("Consent of {}", day(consent.on)),
                (_, _, None) => "No consent yet".to_owned(),
            },
            title: study.text.title,
        })
        .collect();
    let options = PageOptions::titled("Case studies").back("/themes", "Themes");
    web.page("case_studies/list", options, json!({ "lines": lines }))
}

// Writing and changing

fn text_form() -> Form {
    Form::new()
        .field("title")
        .field("initials")
        .choice(
            "age",
            AgeBand::ALL.iter().map(|band| (band.code(), band.words())),
        )
        .field("worries")
        .field("worked_well")
        .field("outcome")
}

fn read_text(form: &mut Form) -> Option<Text> {
    form.text("title", NAME_LENGTH);
    let title = form.required("title", "Enter a title");
    let initials = form.text("initials", 10);
    let age = form.chosen("age", AgeBand::from_code, "Choose an age");
    let worries = form.required("worries", "Enter what the worries were");
    let worked_well = form.required("worked_well", "Enter what worked well");
    let outcome = form.required("outcome", "Enter what came of it");
    let text = Text {
        title: title?,
        initials,
        age: age?.code().to_owned(),
        worries: worries?,
        worked_well: worked_well?,
        outcome: outcome?,
    };
    form.ok().then_some(text)
}

fn text_page(web: &Web, title: &str, action: &str, back: (String, &str), form: &Form) -> Answer {
    let options = PageOptions::titled(title)
        .back(back.0, back.1)
        .with_form(form);
    web.page(
        "case_studies/text",
        options,
        json!({ "form": form, "title": title, "action": action }),
    )
}

const WRITE: &str = "Write a case study";

fn write_page(web: &Web, id: &CaseId, form: &Form) -> Answer {
    let action = format!("/cases/{id}/case-study");
    text_page(web, WRITE, &action, (format!("/cases/{id}"), "Case"), form)
}

pub async fn write(web: Web, id: Path<String>) -> Answer {
    let id = known(CaseId::parse(&id))?;
    let case = id.clone();
    let band = web
        .read(move |ctx| {
            let (_, opened) = cases::actions::open(ctx, &case, Permission::SeeRecord)?;
            let born = opened.person().date_of_birth;
            Ok(born.map(|born| AgeBand::of(age_on(born, ctx.today)).code()))
        })
        .await?;
    let form = text_form().set("initials", "A").set("age", band);
    let form = web.resume(form).await?;
    write_page(&web, &id, &form)
}

pub async fn write_sent(web: Web, id: Path<String>, sent: Submitted) -> Answer {
    let id = known(CaseId::parse(&id))?;
    let mut form = text_form().fill(&sent);
    if let Some(text) = read_text(&mut form) {
        let case = id.clone();
        let done = web
            .write_once(&form, move |ctx| {
                let study = actions::write(ctx, &case, &text)?;
                Ok(format!("/case-studies/{study}"))
            })
            .await;
        match done {
            Ok(location) => return web.see(&location, "The case study is kept: check it next"),
            Err(failure) => form.explain(failure)?,
        }
    }
    write_page(&web, &id, &form)
}

fn edit_form(study: &CaseStudy) -> Form {
    let text = &study.text;
    text_form()
        .hidden("version", study.version)
        .set("title", text.title.as_str())
        .set("initials", text.initials.as_str())
        .set("age", text.age.as_str())
        .set("worries", text.worries.as_str())
        .set("worked_well", text.worked_well.as_str())
        .set("outcome", text.outcome.as_str())
}

fn edit_page(web: &Web, id: &CaseStudyId, form: &Form) -> Answer {
    let back = (format!("/case-studies/{id}"), "Case study");
    let action = format!("/case-studies/{id}/edit");
    text_page(web, "Change the case study", &action, back, form)
}

pub async fn edit(web: Web, id: Path<String>) -> Answer {
    let id = known(CaseStudyId::parse(&id))?;
    let study = opened(&web, &id).await?.study;
    rules::after(study.state, Step::Edit).map_err(Failure::from)?;
    let form = web.resume(edit_form(&study)).await?;
    edit_page(&web, &id, &form)
}

pub async fn edit_sent(web: Web, id: Path<String>, sent: Submitted) -> Answer {
    let id = known(CaseStudyId::parse(&id))?;
    let mut form = edit_form(&opened(&web, &id).await?.study).fill(&sent);
    if let Some(text) = read_text(&mut form) {
        let (study, version) = (id.clone(), form.version("version"));
        let done = web
            .write_once(&form, move |ctx| {
                actions::edit(ctx, &study, version, &text)?;
                Ok(format!("/case-studies/{study}"))
            })
            .await;
        match done {
            Ok(location) => return web.see(&location, "The text is changed: check it again"),
            Err(failure) => form.explain(failure)?,
        }
    }
    edit_page(&web, &id, &form)
}

// One case study

async fn opened(web: &Web, id: &CaseStudyId) -> Result<Opened, Failure> {
    let id = id.clone();
    web.read(move |ctx| actions::open(ctx, &id, Permission::SeeRecord))
        .await
}

/// What a case study says, as pages show it.
#[derive(Serialize)]
struct TextView {
    title: String,
    about: String,
    worries: String,
    worked_well: String,
    outcome: String,
}

impl TextView {
    fn of(text: &Text) -> Self {
        let about = [text.initials.as_str(), text.age_words()];
        let about: Vec<&str> = about.into_iter().filter(|it| !it.is_empty()).collect();
        Self {
            title: text.title.clone(),
            about: about.join(", "),
            worries: text.worries.clone(),
            worked_well: text.worked_well.clone(),
            outcome: text.outcome.clone(),
        }
    }
}

#[derive(Serialize)]
struct ShowView {
    id: CaseStudyId,
    identity: view::Identity,
    text: TextView,
    state: &'static str,
    colour: &'static str,
    case_href: String,
    facts: Vec<view::Fact>,
    may_edit: bool,
    may_check: bool,
    may_publish: bool,
    may_withdraw: bool,
    may_consent: bool,
    may_withdraw_consent: bool,
    waits_for: Option<&'static str>,
    has_history: bool,
}

pub async fn show(web: Web, id: Path<String>) -> Answer {
    let id = known(CaseStudyId::parse(&id))?;
    let shown = web
        .read(move |ctx| {
            let opened = actions::open(ctx, &id, Permission::SeeRecord)?;
            let may = |permission| decide(ctx.actor, permission, Relationship::Team).allowed();
            let (works, publishes) = (
                may(Permission::WorkRecord),
                may(Permission::PublishCaseStudies),
            );
            let identity = identity_bar(&opened.person, ctx.today, "Case study");
            Ok(show_view(opened.study, identity, works, publishes))
        })
        .await?;
    let options = PageOptions::titled("Case study").back("/case-studies", "Case studies");
    web.page("case_studies/show", options.wide(), shown)
}

fn show_view(study: CaseStudy, identity: view::Identity, works: bool, publishes: bool) -> ShowView {
    let now = |step| rules::after(study.state, step).is_ok();
    let consent = study.consent.as_ref();
    let given = consent.is_some_and(|consent| consent.withdrawn_on.is_none());
    let holds = rules::consent_holds(consent).is_ok();
    ShowView {
        identity,
        state: study.state.words(),
        colour: colour(study.state),
        case_href: format!("/cases/{}", study.case),
        facts: facts_of(&study),
        may_edit: works && now(Step::Edit),
        may_check: works && study.state == State::Draft,
        may_publish: publishes && now(Step::Publish) && holds,
        may_withdraw: publishes && now(Step::Withdraw),
        may_consent: works && study.state != State::Published,
        may_withdraw_consent: works && given,
        waits_for: match study.state {
            State::Draft => Some("The text has to be checked before it is published."),
            State::Checked if !holds => {
                Some("Consent to the annual report has to be on record before it is published.")
            }
            State::Checked if !publishes => Some("A senior officer publishes it."),
            State::Checked | State::Published | State::Withdrawn => None,
        },
        has_history: study.version > 1,
        text: TextView::of(&study.text),
        id: study.id,
    }
}

fn facts_of(study: &CaseStudy) -> Vec<view::Fact> {
    let mut facts = Vec::new();
    match &study.consent {
        None => facts.push(view::Fact::new("Consent", "Nobody has consented yet")),
        Some(consent) => {
            facts.push(view::Fact::new("Consent", consent.by.words()));
            facts.push(view::Fact::new("For", consent.purpose.words()));
            facts.push(view::Fact::new("How", consent.how.clone()));
            facts.push(view::Fact::new("Consented", day(consent.on)));
            if let Some(on) = consent.withdrawn_on {
                facts.push(view::Fact::new("Consent withdrawn", day(on)));
            }
        }
    }
    if let Some(on) = study.checked_on {
        facts.push(view::Fact::new("Checked", day(on)));
    }
    if let Some(publication) = &study.publication {
        facts.push(view::Fact::new("Published", day(publication.on)));
    }
    if let Some(withdrawal) = &study.withdrawal {
        let words = format!("{}: {}", day(withdrawal.on), withdrawal.why);
        facts.push(view::Fact::new("Withdrawn", words));
    }
    facts
}

// The check

#[derive(Serialize)]
struct FindingView {
    what: &'static str,
    part: &'static str,
    words: String,
    before: String,
    after: String,
    /// The box for the reason, where it may stand.
    field: Option<String>,
    reason: Option<String>,
}

struct Checking {
    opened: Opened,
    findings: Vec<Finding>,
    looks: Vec<Look>,
}

impl Checking {
    /// The findings that wait for a reason, each once.
    fn waiting(&self) -> Vec<&Finding> {
        let mut waiting: Vec<&Finding> = Vec::new();
        for finding in rules::open_findings(&self.findings, &self.looks) {
            let again = waiting.iter().any(|other| other.key() == finding.key());
            if finding.level == Level::Look && !again {
                waiting.push(finding);
            }
        }
        waiting
    }

    fn form(&self) -> Form {
        let form = Form::new()
            .hidden("version", self.opened.study.version)
            .field("read");
        self.waiting()
            .into_iter()
            .fold(form, |form, finding| form.field(field_of(finding)))
    }

    fn views(&self, level: Level) -> Vec<FindingView> {
        let waiting = self.waiting();
        let reason = |finding: &Finding| {
            let look = self
                .looks
                .iter()
                .rev()
                .find(|it| it.finding == finding.key())?;
            Some(format!("{} ({})", look.reason, look.by))
        };
        self.findings
            .iter()
            .filter(|finding| finding.level == level)
            .map(|finding| FindingView {
                what: finding.kind.words(),
                part: finding.part.words(),
                words: finding.words.clone(),
                before: finding.before.clone(),
                after: finding.after.clone(),
                field: waiting
                    .iter()
                    .any(|it| std::ptr::eq(*it, finding))
                    .then(|| field_of(finding)),
                reason: Some(finding)
                    .filter(|finding| finding.level == Level::Look)
                    .and_then(reason),
            })
            .collect()
    }
}

/// The name of the box for the reason: of the finding, not of its place in the list, since the
/// record may know another name by the time the form comes back.
fn field_of(finding: &Finding) -> String {
    let hash = hex::encode(Sha256::digest(finding.key().as_bytes()));
    format!("reason-{}", hash.get(..16).unwrap_or_default())
}

async fn checking(web: &Web, id: &CaseStudyId) -> Result<Checking, Failure> {
    let id = id.clone();
    let smallest = web.app.settings.report.smallest_number;
    web.read(move |ctx| {
        let opened = actions::open(ctx, &id, Permission::SeeRecord)?;
        let findings = actions::findings(ctx, &opened, smallest)?;
        let looks = store::looks(ctx, &id)?;
        Ok(Checking {
            opened,
            findings,
            looks,
        })
    })
    .await
}

fn check_page(web: &Web, id: &CaseStudyId, checking: &Checking, form: &Form) -> Answer {
    let options = PageOptions::titled("Check the case study")
        .back(format!("/case-studies/{id}"), "Case study")
        .with_form(form);
    let shown = serde_json::to_value(form)
        .map_err(|_| crate::web::Failed::fault("a form cannot be shown"))?;
    // Each finding with its own box of the form, as the component reads it.
    let look: Vec<_> = checking
        .views(Level::Look)
        .into_iter()
        .map(|finding| {
            let reason = finding.field.as_ref().and_then(|field| shown.get(field));
            json!({ "finding": finding, "box": reason })
        })
        .collect();
    web.page(
        "case_studies/check",
        options,
        json!({
            "form": form,
            "id": id,
            "text": TextView::of(&checking.opened.study.text),
            "must": checking.views(Level::Must),
            "look": look,
        }),
    )
}

pub async fn check(web: Web, id: Path<String>) -> Answer {
    let id = known(CaseStudyId::parse(&id))?;
    let checking = checking(&web, &id).await?;
    rules::after(checking.opened.study.state, Step::Check).map_err(Failure::from)?;
    let form = web.resume(checking.form()).await?;
    check_page(&web, &id, &checking, &form)
}

pub async fn check_sent(web: Web, id: Path<String>, sent: Submitted) -> Answer {
    let id = known(CaseStudyId::parse(&id))?;
    let smallest = web.app.settings.report.smallest_number;
    let checking = checking(&web, &id).await?;
    let mut form = checking.form().fill(&sent);
    let mut reasons = Vec::new();
    for finding in checking.waiting() {
        let reason = form.text(&field_of(finding), NARRATIVE_LENGTH);
        if !reason.is_empty() {
            reasons.push((finding.key(), reason));
        }
    }
    if !form.yes("read") {
        form.add_error("read", "Read the text before you go on");
    }
    if form.ok() {
        let (study, version) = (id.clone(), form.version("version"));
        let done = web
            .write_once(&form, move |ctx| {
                let ready = actions::look_at(ctx, &study, version, &reasons, smallest)?;
                Ok(match ready {
                    true => format!("/case-studies/{study}"),
                    false => format!("/case-studies/{study}/check"),
                })
            })
            .await;
        match done {
            Ok(location) if location.ends_with("/check") => {
                return web.see(&location, "It is kept, and not ready yet: see what is left");
            }
            Ok(location) => return web.see(&location, "The case study is checked"),
            Err(failure) => form.explain(failure)?,
        }
    }
    check_page(&web, &id, &checking, &form)
}

// Consent

fn consent_form(study: &CaseStudy, today: chrono::NaiveDate) -> Form {
    Form::new()
        .hidden("version", study.version)
        .choice(
            "by",
            ConsentBy::ALL.iter().map(|by| (by.code(), by.words())),
        )
        .choice(
            "purpose",
            Purpose::ALL.iter().map(|it| (it.code(), it.words())),
        )
        .field("how")
        .date("on")
        .on_record()
        .set("on", today)
}

fn small_page(web: &Web, template: &str, title: &str, opened: &Opened, form: &Form) -> Answer {
    let id = &opened.study.id;
    let options = PageOptions::titled(title)
        .back(format!("/case-studies/{id}"), "Case study")
        .with_form(form);
    web.page(
        template,
        options,
        json!({
            "form": form,
            "id": id,
            "identity": identity_bar(&opened.person, web.today(), "Case study"),
            "text": TextView::of(&opened.study.text),
        }),
    )
}

const CONSENT: (&str, &str) = ("case_studies/consent", "Record the consent");

pub async fn consent(web: Web, id: Path<String>) -> Answer {
    let id = known(CaseStudyId::parse(&id))?;
    let opened = opened(&web, &id).await?;
    let form = web.resume(consent_form(&opened.study, web.today())).await?;
    small_page(&web, CONSENT.0, CONSENT.1, &opened, &form)
}

pub async fn consent_sent(web: Web, id: Path<String>, sent: Submitted) -> Answer {
    let id = known(CaseStudyId::parse(&id))?;
    let opened = opened(&web, &id).await?;
    let mut form = consent_form(&opened.study, web.today()).fill(&sent);
    let by = form.chosen("by", ConsentBy::from_code, "Choose who consented");
    let purpose = form.chosen(
        "purpose",
        Purpose::from_code,
        "Choose what they consented to",
    );
    let how = form.required("how", "Enter how they consented");
    let on = form.date_required("on", "The day of the consent");
    if let (true, Some(by), Some(purpose), Some(how), Some(on)) = (form.ok(), by, purpose, how, on)
    {
        let consent = Consent {
            by,
            how,
            purpose,
            on,
            withdrawn_on: None,
        };
        let (study, version) = (id.clone(), form.version("version"));
        let done = web
            .write_once(&form, move |ctx| {
                actions::record_consent(ctx, &study, version, &consent)?;
                Ok(format!("/case-studies/{study}"))
            })
            .await;
        match done {
            Ok(location) => return web.see(&location, "The consent is on record"),
            Err(failure) => form.explain(failure)?,
        }
    }
    small_page(&web, CONSENT.0, CONSENT.1, &opened, &form)
}

const NO_CONSENT: (&str, &str) = (
    "case_studies/consent_withdrawn",
    "The consent was withdrawn",
);

fn no_consent_form(study: &CaseStudy, today: chrono::NaiveDate) -> Form {
    Form::new()
        .hidden("version", study.version)
        .date("withdrawn_on")
        .on_record()
        .set("withdrawn_on", today)
}

pub async fn consent_withdrawn(web: Web, id: Path<String>) -> Answer {
    let id = known(CaseStudyId::parse(&id))?;
    let opened = opened(&web, &id).await?;
    let form = no_consent_form(&opened.study, web.today());
    let form = web.resume(form).await?;
    small_page(&web, NO_CONSENT.0, NO_CONSENT.1, &opened, &form)
}

pub async fn consent_withdrawn_sent(web: Web, id: Path<String>, sent: Submitted) -> Answer {
    let id = known(CaseStudyId::parse(&id))?;
    let opened = opened(&web, &id).await?;
    let mut form = no_consent_form(&opened.study, web.today()).fill(&sent);
    let on = form.date_required("withdrawn_on", "The day the consent was withdrawn");
    if let (true, Some(on)) = (form.ok(), on) {
        let (study, version) = (id.clone(), form.version("version"));
        let done = web
            .write_once(&form, move |ctx| {
                actions::withdraw_consent(ctx, &study, version, on)?;
                Ok(format!("/case-studies/{study}"))
            })
            .await;
        match done {
            Ok(location) => {
                return web.see(
                    &location,
                    "The consent is withdrawn; nothing of it is published",
                );
            }
            Err(failure) => form.explain(failure)?,
        }
    }
    small_page(&web, NO_CONSENT.0, NO_CONSENT.1, &opened, &form)
}

// Publishing and withdrawing

const PUBLISH: (&str, &str) = ("case_studies/publish", "Publish the case study");

fn publish_form(study: &CaseStudy) -> Form {
    Form::new().hidden("version", study.version)
}

pub async fn publish(web: Web, id: Path<String>) -> Answer {
    let id = known(CaseStudyId::parse(&id))?;
    let opened = opened(&web, &id).await?;
    rules::after(opened.study.state, Step::Publish).map_err(Failure::from)?;
    let form = publish_form(&opened.study);
    small_page(&web, PUBLISH.0, PUBLISH.1, &opened, &form)
}

pub async fn publish_sent(web: Web, id: Path<String>, sent: Submitted) -> Answer {
    let id = known(CaseStudyId::parse(&id))?;
    let smallest = web.app.settings.report.smallest_number;
    let opened = opened(&web, &id).await?;
    let mut form = publish_form(&opened.study).fill(&sent);
    let (study, version) = (id, form.version("version"));
    let done = web
        .write_once(&form, move |ctx| {
            actions::publish(ctx, &study, version, smallest)?;
            Ok(format!("/case-studies/{study}"))
        })
        .await;
    match done {
        Ok(location) => return web.see(&location, "The case study is published"),
        Err(failure) => form.explain(failure)?,
    }
    small_page(&web, PUBLISH.0, PUBLISH.1, &opened, &form)
}

const WITHDRAW: (&str, &str) = ("case_studies/withdraw", "Withdraw the case study");

fn withdraw_form(study: &CaseStudy) -> Form {
    Form::new().hidden("version", study.version).field("why")
}

pub async fn withdraw(web: Web, id: Path<String>) -> Answer {
    let id = known(CaseStudyId::parse(&id))?;
    let opened = opened(&web, &id).await?;
    rules::after(opened.study.state, Step::Withdraw).map_err(Failure::from)?;
    let form = web.resume(withdraw_form(&opened.study)).await?;
    small_page(&web, WITHDRAW.0, WITHDRAW.1, &opened, &form)
}

pub async fn withdraw_sent(web: Web, id: Path<String>, sent: Submitted) -> Answer {
    let id = known(CaseStudyId::parse(&id))?;
    let opened = opened(&web, &id).await?;
    let mut form = withdraw_form(&opened.study).fill(&sent);
    let why = form.required("why", "Say why it is withdrawn");
    if let (true, Some(why)) = (form.ok(), why) {
        let (study, version) = (id, form.version("version"));
        let done = web
            .write_once(&form, move |ctx| {
                actions::withdraw(ctx, &study, version, &why)?;
                Ok(format!("/case-studies/{study}"))
            })
            .await;
        match done {
            Ok(location) => return web.see(&location, "The case study is withdrawn"),
            Err(failure) => form.explain(failure)?,
        }
    }
    small_page(&web, WITHDRAW.0, WITHDRAW.1, &opened, &form)
}
