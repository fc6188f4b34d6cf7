//! What is done about themes: beginning one, gathering cases, asking, writing down the answer,
//! telling the young people, closing.

use serde_json::json;

use super::rules::{self, Refusal, Step};
use super::{Ask, Closing, Member, Telling, TheirAnswer, Theme, store};
use crate::access::{Decision, Permission, Relationship, decide};
use crate::audit::Event;
use crate::cases;
use crate::ctx::Ctx;
use crate::failure::{Failure, FieldError};
use crate::history::Changes;
use crate::ids::{CaseId, ThemeCaseId, ThemeId};
use crate::young_people;

/// What the history calls a theme.
pub const HISTORY: &str = "theme";

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        match refusal.field() {
            Some(field) => Self::Invalid(vec![FieldError::new(field, refusal.to_string())]),
            None => Self::Refused(refusal.to_string()),
        }
    }
}

fn need(ctx: &Ctx<'_>, permission: Permission) -> Result<(), Failure> {
    match decide(ctx.actor, permission, Relationship::General) {
        Decision::Allowed => Ok(()),
        Decision::Denied => Err(Failure::NotFound),
    }
}

/// A theme, for those who may know it.
pub fn open(ctx: &mut Ctx<'_>, id: &ThemeId, permission: Permission) -> Result<Theme, Failure> {
    need(ctx, permission)?;
    store::find(ctx, id)?.ok_or(Failure::NotFound)
}

/// Every theme with the number of its cases.
pub fn all(ctx: &mut Ctx<'_>) -> Result<Vec<(Theme, i64)>, Failure> {
    need(ctx, Permission::SeeThemes)?;
    let sizes = store::sizes(ctx)?;
    let size = |id: &ThemeId| sizes.iter().find(|(of, _)| of == id).map_or(0, |(_, n)| *n);
    Ok(store::all(ctx)?
        .into_iter()
        .map(|theme| {
            let size = size(&theme.id);
            (theme, size)
        })
        .collect())
}

/// Whether whoever acts sees casework: the cases themselves, and numbers however small.
#[must_use]
pub fn sees_cases(ctx: &Ctx<'_>) -> bool {
    decide(ctx.actor, Permission::SeeCasework, Relationship::General).allowed()
}

/// The cases under a theme that whoever acts may see.
pub fn visible(ctx: &mut Ctx<'_>, members: Vec<Member>) -> Result<Vec<Member>, Failure> {
    if !sees_cases(ctx) {
        return Ok(Vec::new());
    }
    let closed = young_people::store::closed_to_me(ctx)?;
    Ok(members
        .into_iter()
        .filter(|member| !closed.contains(&member.young_person))
        .collect())
}

pub fn begin(ctx: &mut Ctx<'_>, title: &str, they_say: &str) -> Result<ThemeId, Failure> {
    need(ctx, Permission::WorkThemes)?;
    let theme = Theme {
        id: ThemeId::random(),
        title: title.to_owned(),
        they_say: they_say.to_owned(),
        ask: None,
        answer: None,
        telling: None,
        closing: None,
        begun_on: ctx.today,
        version: 1,
    };
    store::insert(ctx, &theme)?;
    ctx.record(Event::new("theme_begun", "theme", &theme.id));
    Ok(theme.id)
}

/// What one step writes into a theme.
#[derive(Debug, Clone)]
pub enum Deed {
    Describe { title: String, they_say: String },
    Ask(Ask),
    Answer(TheirAnswer),
    Tell(Telling),
    Close(Closing),
    Reopen,
}

impl Deed {
    fn step(&self) -> Option<Step> {
        match self {
            Self::Describe { .. } => None,
            Self::Ask(_) => Some(Step::Ask),
            Self::Answer(_) => Some(Step::Answer),
            Self::Tell(_) => Some(Step::Tell),
            Self::Close(_) => Some(Step::Close),
            Self::Reopen => Some(Step::Reopen),
        }
    }

    fn event(&self) -> &'static str {
        match self {
            Self::Describe { .. } => "theme_changed",
            Self::Ask(_) => "theme_asked",
            Self::Answer(_) => "theme_answered",
            Self::Tell(_) => "theme_told",
            Self::Close(_) => "theme_closed",
            Self::Reopen => "theme_reopened",
        }
    }

    fn write(self, theme: &mut Theme) {
        match self {
            Self::Describe { title, they_say } => {
                theme.title = title;
                theme.they_say = they_say;
            }
            Self::Ask(ask) => theme.ask = Some(ask),
            Self::Answer(answer) => theme.answer = Some(answer),
            Self::Tell(telling) => theme.telling = Some(telling),
            Self::Close(closing) => theme.closing = Some(closing),
            Self::Reopen => theme.closing = None,
        }
    }
}

/// Takes one step with a theme. What it said before is kept.
pub fn work(ctx: &mut Ctx<'_>, id: &ThemeId, version: i32, deed: Deed) -> Result<(), Failure> {
    let before = open(ctx, id, Permission::WorkThemes)?;
    if before.version != version {
        return Err(Failure::ChangedMeanwhile);
    }
    if let Some(step) = deed.step() {
        rules::may(&before, step)?;
    }
    let event = deed.event();
    let mut theme = before.clone();
    deed.write(&mut theme);
    rules::check_days(&theme, ctx.today)?;
    rules::check_closing(&theme)?;
    let changes = differences(&before, &theme);
    if changes.is_empty() {
        return Ok(());
    }
    store::update(ctx, &theme)?;
    changes.keep_common(ctx, HISTORY, id)?;
    ctx.record(Event::new(event, "theme", id).with(json!({
        "state": theme.state(),
        "fields": changes.fields(),
    })));
    Ok(())
}

fn differences(was: &Theme, is: &Theme) -> Changes {
    let mut changes = Changes::new();
    changes.compare("title", Some(&was.title), Some(&is.title));
    changes.compare(
        "what_young_people_say",
        Some(&was.they_say),
        Some(&is.they_say),
    );
    let ask = |theme: &Theme| theme.ask.clone();
    changes.compare(
        "ask",
        ask(was).map(|it| it.words),
        ask(is).map(|it| it.words),
    );
    changes.compare(
        "asked_of",
        ask(was).map(|it| it.whom),
        ask(is).map(|it| it.whom),
    );
    changes.compare(
        "asked_on",
        ask(was).map(|it| it.on),
        ask(is).map(|it| it.on),
    );
    let answer = |theme: &Theme| theme.answer.clone();
    changes.compare(
        "answer",
        answer(was).map(|it| it.words),
        answer(is).map(|it| it.words),
    );
    changes.compare(
        "answered_on",
        answer(was).map(|it| it.on),
        answer(is).map(|it| it.on),
    );
    let told = |theme: &Theme| theme.telling.clone();
    changes.compare(
        "you_said",
        told(was).map(|it| it.you_said),
        told(is).map(|it| it.you_said),
    );
    changes.compare(
        "we_did",
        told(was).map(|it| it.we_did),
        told(is).map(|it| it.we_did),
    );
    changes.compare(
        "told_on",
        told(was).map(|it| it.on),
        told(is).map(|it| it.on),
    );
    let closing = |theme: &Theme| theme.closing.clone();
    changes.compare(
        "closed_on",
        closing(was).map(|it| it.on),
        closing(is).map(|it| it.on),
    );
    changes.compare(
        "closing_note",
        closing(was).and_then(|it| it.note),
        closing(is).and_then(|it| it.note),
    );
    changes
}

/// Puts a case under a theme, with what was said.
pub fn add_case(
    ctx: &mut Ctx<'_>,
    theme: &ThemeId,
    case: &CaseId,
    said: &str,
) -> Result<(), Failure> {
    let theme = open(ctx, theme, Permission::WorkThemes)?;
    let (case, _) = cases::actions::open(ctx, case, Permission::WorkRecord)?;
    young_people::store::hold(ctx, &case.young_person)?;
    if theme.closing.is_some() {
        return Err(Refusal::Closed.into());
    }
    if store::holds(ctx, &theme.id, &case.id)? {
        return Err(Refusal::InAlready.into());
    }
    let id = store::insert_member(ctx, &theme.id, &case.id, &case.young_person, said)?;
    ctx.record(
        Event::new("theme_case_added", "theme_case", &id)
            .about(&case.young_person)
            .with(json!({ "theme": theme.id, "case": case.id })),
    );
    Ok(())
}

/// Takes a case out from under a theme. That it was there stays on record.
pub fn take_out(ctx: &mut Ctx<'_>, theme: &ThemeId, id: &ThemeCaseId) -> Result<(), Failure> {
    let theme = open(ctx, theme, Permission::WorkThemes)?;
    let case = store::member_case(ctx, &theme.id, id)?.ok_or(Refusal::NotIn)?;
    let (case, _) = cases::actions::open(ctx, &case, Permission::WorkRecord)?;
    young_people::store::hold(ctx, &case.young_person)?;
    store::member_case(ctx, &theme.id, id)?.ok_or(Refusal::NotIn)?;
    store::take_out(ctx, id)?;
    ctx.record(
        Event::new("theme_case_taken_out", "theme_case", id)
            .about(&case.young_person)
            .with(json!({ "theme": theme.id, "case": case.id })),
    );
    Ok(())
}
