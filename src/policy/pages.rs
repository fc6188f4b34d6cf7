//! The pages of the policy: what holds and what held, and setting another.

use serde::Serialize;
use serde_json::json;

use super::actions::{self, Preview};
use crate::access::{Permission, Relationship, decide};
use crate::calendar::{Period, in_england, show as day};
use crate::conferences::Kind;
use crate::failure::Failure;
use crate::lists::{self, PolicyVersion, ReferralPolicy, policies_known, policy_on};
use crate::web::{Answer, Failed, Form, PageOptions, Submitted, Web, view};

// What holds, and what held

#[derive(Serialize)]
struct PolicyView {
    title: String,
    holds: bool,
    state: &'static str,
    colour: &'static str,
    said: Vec<String>,
    reason: String,
    set: String,
}

/// What a policy says, in sentences.
fn said(policy: &ReferralPolicy) -> Vec<String> {
    let kinds: Vec<String> = Kind::ALL
        .iter()
        .filter(|kind| policy.conference_kinds.iter().any(|it| it == kind.code()))
        .map(|kind| crate::text::lower_first(kind.words()))
        .collect();
    let younger = if policy.younger_with_older {
        "Younger brothers and sisters on the same conference are referred with the older."
    } else {
        "Younger brothers and sisters are not referred with the older."
    };
    vec![
        format!(
            "Refers children who are {} or over on the day of the conference, and under {}.",
            policy.threshold_age, policy.upper_age
        ),
        format!("From: {}.", kinds.join(", ")),
        younger.to_owned(),
    ]
}

fn policy_view(it: &PolicyVersion, all: &[PolicyVersion], web: &Web) -> PolicyView {
    let from = it.policy.applies_from;
    let policies = policies_known(all, None);
    let replaced = all
        .iter()
        .any(|other| other.policy.applies_from == from && other.version > it.version);
    let until = policies
        .iter()
        .map(|policy| policy.applies_from)
        .filter(|other| *other > from)
        .min()
        .and_then(|next| next.pred_opt());
    let holds = !replaced && policy_on(&policies, web.today()) == Some(&it.policy);
    let (state, colour) = match (replaced, holds) {
        (true, _) => ("Replaced", "grey"),
        (_, true) => ("Holds today", "green"),
        _ if from > web.today() => ("Still to come", "blue"),
        _ => ("Until a later one", "grey"),
    };
    // A new database begins with a policy for every day.
    let begins = match from.to_string().as_str() {
        "1900-01-01" => "From the beginning".to_owned(),
        _ => format!("From {}", day(from)),
    };
    PolicyView {
        title: match until.filter(|_| !replaced) {
            Some(until) => format!("{begins} to {}", day(until)),
            None => begins,
        },
        holds,
        state,
        colour,
        said: said(&it.policy),
        reason: it.reason.clone(),
        set: match &it.set_by {
            Some(who) => format!(
                "Set by {who} on {}",
                in_england(it.set_at).format("%-d %B %Y, %H:%M")
            ),
            None => "What a new database begins with".to_owned(),
        },
    }
}

pub async fn show(web: Web) -> Answer {
    let mut versions = web.read(lists::actions::policies).await?;
    // The latest day first, and of one day the version that holds.
    versions.reverse();
    let views = |replaced: bool| -> Vec<PolicyView> {
        versions
            .iter()
            .map(|it| policy_view(it, &versions, &web))
            .filter(|it| (it.state == "Replaced") == replaced)
            .collect()
    };
    let may_set = decide(web.actor(), Permission::KeepPolicy, Relationship::General).allowed();
    web.page(
        "policy/show",
        PageOptions::titled("Who is referred"),
        json!({ "policies": views(false), "replaced": views(true), "may_set": may_set }),
    )
}

// Setting another

const SET: &str = "Set who is referred";
const LAST_YEAR: &str = "last_year";
const REASON_LENGTH: usize = 1_000;

fn set_form(years: &[Period]) -> Form {
    let years = years.iter().map(|year| {
        let words = format!("{} to {}", day(year.from), day(year.to));
        (year.from.to_string(), words)
    });
    let last = (LAST_YEAR.to_owned(), "The last twelve months".to_owned());
    Form::new()
        .date("applies_from")
        .field("threshold_age")
        .field("upper_age")
        .choice("kinds", Kind::ALL.iter().map(|it| (it.code(), it.words())))
        .field("younger_with_older")
        .field("reason")
        .choice("period", std::iter::once(last).chain(years))
}

/// The form as the policy stands that holds today.
fn suggested(form: Form, holds: Option<&ReferralPolicy>) -> Form {
    let form = form.set("period", LAST_YEAR);
    match holds {
        None => form,
        Some(policy) => form
            .set("threshold_age", policy.threshold_age.to_string())
            .set("upper_age", policy.upper_age.to_string())
            .set("younger_with_older", policy.younger_with_older)
            .set_all("kinds", policy.conference_kinds.clone()),
    }
}

/// The policy that the form says, and the period it is held against.
fn read_form(form: &mut Form, years: &[Period], web: &Web) -> Option<(ReferralPolicy, Period)> {
    let age = |text: &str| {
        text.parse::<i32>()
            .map_err(|_| "must be an age in years".to_owned())
    };
    let applies_from = form.date_required("applies_from", "The first day of the policy");
    let threshold_age = form.parsed("threshold_age", "The threshold", age);
    let upper_age = form.parsed("upper_age", "The upper age", age);
    let kinds = form.chosen_all("kinds", |code| Some(code.to_owned()));
    if kinds.is_empty() {
        form.add_error("kinds", "Choose at least one kind of conference");
    }
    let period = form.chosen(
        "period",
        |code| {
            let of_year = |year: &&Period| year.from.to_string() == code;
            match code {
                LAST_YEAR => Some(actions::last_year(web.today())),
                _ => years.iter().find(of_year).copied(),
            }
        },
        "Choose the conferences to hold it against",
    );
    let policy = ReferralPolicy {
        applies_from: applies_from?,
        threshold_age: threshold_age?,
        upper_age: upper_age?,
        younger_with_older: form.yes("younger_with_older"),
        conference_kinds: kinds,
    };
    form.ok().then_some((policy, period?))
}

/// What was shown of a policy, so that nobody sets another than they saw.
fn seen_words(policy: &ReferralPolicy, versions: usize) -> String {
    format!(
        "{versions} {} {} {} {} {}",
        policy.applies_from,
        policy.threshold_age,
        policy.upper_age,
        policy.younger_with_older,
        policy.conference_kinds.join(",")
    )
}

#[derive(Serialize)]
struct PreviewView {
    period: String,
    children: String,
    difference: String,
    before: usize,
    after: usize,
    before_younger: usize,
    after_younger: usize,
    younger: bool,
    total: usize,
    ages: Vec<AgeView>,
    past: Option<String>,
    on_record: Option<String>,
}

#[derive(Serialize)]
struct AgeView {
    age: String,
    children: usize,
    before: usize,
    after: usize,
    changed: bool,
}

fn children(number: usize) -> String {
    let number = i64::try_from(number).unwrap_or(i64::MAX);
    view::count(number, "child", "children")
}

fn preview_view(
    preview: &Preview,
    next: &ReferralPolicy,
    period: Period,
    web: &Web,
) -> PreviewView {
    let effect = &preview.effect;
    let (due, gone) = (preview.newly_due, preview.no_longer_due);
    let past = (next.applies_from < web.today()).then(|| {
        format!(
            "{} lies in the past. Nobody is referred by it in retrospect: children on conferences since then who are due by it are listed under Reconcile, one by one.",
            day(next.applies_from)
        )
    });
    let on_record = (due + gone > 0).then(|| {
        let mut parts = Vec::new();
        if due > 0 {
            parts.push(format!("{} would be due", children(due)));
        }
        if gone > 0 {
            parts.push(format!("{} would no longer be referred", children(gone)));
        }
        format!(
            "Of the conferences on record from {} on, {}. Setting the policy refers and withdraws nobody: look under Reconcile, where each is one click. Rows of later files follow the new policy.",
            day(next.applies_from),
            parts.join(", and ")
        )
    });
    PreviewView {
        period: period.to_string(),
        children: children(effect.children),
        difference: match (effect.more, effect.fewer) {
            (0, 0) => "The same children as by the policy in force.".to_owned(),
            (more, 0) => format!("{} more than by the policy in force.", children(more)),
            (0, fewer) => format!("{} fewer than by the policy in force.", children(fewer)),
            (more, fewer) => format!(
                "{} whom the policy in force did not refer; {} whom it did, not any more.",
                children(more),
                children(fewer)
            ),
        },
        before: effect.before.children,
        after: effect.after.children,
        before_younger: effect.before.with_older,
        after_younger: effect.after.with_older,
        younger: effect.before.with_older + effect.after.with_older > 0,
        total: effect.children,
        ages: effect
            .ages
            .iter()
            .map(|line| AgeView {
                age: match line.age {
                    None => "Not born, or not known".to_owned(),
                    Some(age) => age.max(0).to_string(),
                },
                children: line.children,
                before: line.before,
                after: line.after,
                changed: line.before != line.after,
            })
            .collect(),
        past,
        on_record,
    }
}

/// What the page needs besides the form.
struct Known {
    years: Vec<Period>,
    versions: Vec<PolicyVersion>,
}

async fn known(web: &Web) -> Result<Known, Failed> {
    Ok(web
        .read(|ctx| {
            Ok::<_, Failure>(Known {
                years: actions::years(ctx)?,
                versions: lists::actions::policies(ctx)?,
            })
        })
        .await?)
}

fn set_page(web: &Web, form: &Form, preview: Option<&PreviewView>) -> Answer {
    let options = PageOptions::titled(SET)
        .back("/policy", "Who is referred")
        .with_form(form);
    web.page(
        "policy/set",
        options,
        json!({ "form": form, "preview": preview }),
    )
}

pub async fn set(web: Web) -> Answer {
    let known = known(&web).await?;
    let policies = policies_known(&known.versions, None);
    let form = suggested(set_form(&known.years), policy_on(&policies, web.today()));
    let form = web.resume(form).await?;
    set_page(&web, &form, None)
}

/// Shows what the policy would do, or sets it where exactly this was shown.
pub async fn set_sent(web: Web, sent: Submitted) -> Answer {
    let known = known(&web).await?;
    let mut form = set_form(&known.years).fill(&sent);
    let Some((policy, period)) = read_form(&mut form, &known.years, &web) else {
        return set_page(&web, &form, None);
    };
    let wrong = lists::rules::check_policy(
        &known.versions,
        i32::try_from(known.versions.len()).unwrap_or(i32::MAX),
        &policy,
        web.today(),
    );
    for refusal in wrong {
        match refusal.field() {
            Some(field) => form.add_error(field, refusal.to_string()),
            None => form.add_refusal(refusal.to_string()),
        }
    }
    if !form.ok() {
        return set_page(&web, &form, None);
    }
    let shown = seen_words(&policy, known.versions.len());
    if sent.first("deed") == "set" {
        form.text("reason", REASON_LENGTH);
        let reason = form.required("reason", "Enter why the policy is set");
        if sent.first("shown") != shown {
            form.add_refusal(
                "This is not what you were shown, or somebody else set a policy meanwhile. Look at what it would do now, then set it",
            );
        }
        if let (true, Some(reason)) = (form.ok(), reason) {
            let (next, seen) = (policy.clone(), known.versions.len());
            let done = web
                .write_once(&form, move |ctx| {
                    let seen = i32::try_from(seen).unwrap_or(i32::MAX);
                    lists::actions::set_policy(ctx, &next, &reason, seen)?;
                    Ok("/policy".to_owned())
                })
                .await;
            match done {
                Ok(location) => return web.see(&location, "The policy is set"),
                Err(failure) => form.explain(failure)?,
            }
        }
    }
    let next = policy.clone();
    let preview = web
        .read(move |ctx| actions::preview(ctx, &next, period))
        .await?;
    let form = form.hidden("shown", shown);
    let view = preview_view(&preview, &policy, period, &web);
    set_page(&web, &form, Some(&view))
}
