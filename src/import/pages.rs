//! The pages of imports: what came in, what was rejected and why, and the rows that wait for
//! somebody to say whom they are about.

use serde::Serialize;
use serde_json::json;

use super::store::{Batch, KeptRow};
use super::{IdentityDecision, actions, store};
use crate::access::{Permission, Relationship};
use crate::calendar::{in_england, show as day};
use crate::ctx::Ctx;
use crate::failure::Failure;
use crate::ids::{BatchId, ImportRowId};
use crate::web::{Answer, Form, PageOptions, Path, Submitted, Web, known, view};
use crate::young_people;

#[derive(Serialize)]
struct BatchView {
    href: String,
    kind: &'static str,
    file: String,
    at: String,
    rows: i32,
    created: i32,
    updated: i32,
    unchanged: i32,
    rejected: i32,
    review: i32,
    referrals: i32,
    below_threshold: i32,
    no_longer_listed: Option<String>,
}

impl From<Batch> for BatchView {
    fn from(batch: Batch) -> Self {
        Self {
            href: format!("/imports/{}", batch.id),
            kind: batch.kind.words(),
            file: batch.file_name,
            at: in_england(batch.imported_at)
                .format("%-d %B %Y, %H:%M")
                .to_string(),
            rows: batch.rows,
            created: batch.created,
            updated: batch.updated,
            unchanged: batch.unchanged,
            rejected: batch.rejected,
            review: batch.review,
            referrals: batch.referrals,
            below_threshold: batch.below_threshold,
            no_longer_listed: batch.no_longer_listed.map(|count| count.to_string()),
        }
    }
}

pub async fn list(web: Web) -> Answer {
    let (batches, waiting) = web
        .read(|ctx| Ok((store::batches(ctx, 100)?, store::waiting(ctx)?.len())))
        .await?;
    let batches: Vec<BatchView> = batches.into_iter().map(BatchView::from).collect();
    let waiting = i64::try_from(waiting).unwrap_or(i64::MAX);
    web.page(
        "imports/list",
        PageOptions::titled("Imports").wide(),
        json!({
            "batches": batches,
            "waiting": waiting > 0,
            "waiting_words": view::count(waiting, "row waits", "rows wait"),
        }),
    )
}

#[derive(Serialize)]
struct RejectedView {
    file: String,
    number: i32,
    reasons: Vec<String>,
}

impl From<KeptRow> for RejectedView {
    fn from(row: KeptRow) -> Self {
        let reasons = row
            .problems
            .into_iter()
            .map(|(column, reason)| {
                if column.is_empty() {
                    reason
                } else {
                    format!("{column} {reason}")
                }
            })
            .collect();
        Self {
            file: row.file,
            number: row.number,
            reasons,
        }
    }
}

pub async fn show(web: Web, id: Path<String>) -> Answer {
    let id = known(BatchId::parse(&id))?;
    let (batch, rejected) = web
        .read(move |ctx| {
            let batch = store::batch(ctx, &id)?.ok_or(Failure::NotFound)?;
            Ok((batch, store::rejected(ctx, &id)?))
        })
        .await?;
    let rejected: Vec<RejectedView> = rejected.into_iter().map(RejectedView::from).collect();
    web.page(
        "imports/show",
        PageOptions::titled("Import")
            .back("/imports", "Imports")
            .wide(),
        json!({ "batch": BatchView::from(batch), "rejected": rejected }),
    )
}

// Whom is it about?

#[derive(Serialize)]
struct WaitingView {
    id: ImportRowId,
    form: Form,
    came: String,
    pairs: Vec<Pair>,
}

/// One thing compared: what the row says, what the record says.
#[derive(Serialize)]
struct Pair {
    what: &'static str,
    row: String,
    record: String,
    same: bool,
    /// One of the two says nothing, which is no difference.
    silent: bool,
}

impl Pair {
    fn new(what: &'static str, row: &str, record: &str) -> Self {
        let plain = |text: &str| crate::text::name_key(&[text]);
        Self {
            what,
            same: plain(row) == plain(record),
            silent: row.is_empty() || record.is_empty(),
            row: row.to_owned(),
            record: record.to_owned(),
        }
    }
}

pub async fn review(web: Web) -> Answer {
    let waiting = web
        .read(|ctx| {
            let mut views = Vec::new();
            for row in store::waiting(ctx)? {
                views.extend(waiting_view(ctx, row)?);
            }
            Ok(views)
        })
        .await?;
    web.page(
        "imports/review",
        PageOptions::titled("Who is this?")
            .back("/imports", "Imports")
            .wide(),
        json!({ "waiting": waiting }),
    )
}

fn waiting_view(ctx: &mut Ctx<'_>, row: KeptRow) -> Result<Option<WaitingView>, Failure> {
    let Some(likely) = &row.likely else {
        return Ok(None);
    };
    let opened = young_people::actions::open_record(
        ctx,
        likely,
        Permission::SeeRecord,
        Relationship::Team,
        "review",
    )?;
    let person = opened.person();
    let said = |column: &str| row.raw.get(column).cloned().unwrap_or_default();
    let born =
        |text: &str| crate::calendar::dates::parse_date(text).map_or_else(|_| text.to_owned(), day);
    let text = |value: &Option<String>| value.clone().unwrap_or_default();
    Ok(Some(WaitingView {
        came: format!("{}, row {}", day(row.imported_on), row.number),
        form: Form::new(),
        pairs: vec![
            Pair::new("First name", &said("first_name"), &person.first_name),
            Pair::new("Last name", &said("last_name"), &person.last_name),
            Pair::new(
                "Date of birth",
                &born(&said("date_of_birth")),
                &person.date_of_birth.map(day).unwrap_or_default(),
            ),
            Pair::new("Gender", &said("gender"), &text(&person.details.gender)),
            Pair::new(
                "Ethnicity",
                &said("ethnicity"),
                &text(&person.details.ethnicity),
            ),
        ],
        id: row.id,
    }))
}

pub async fn decide(web: Web, id: Path<String>, sent: Submitted) -> Answer {
    let id = known(ImportRowId::parse(&id))?;
    let decision = known(match IdentityDecision::from_code(sent.first("decision")) {
        Some(IdentityDecision::Superseded) | None => None,
        decision => decision,
    })?;
    let settings = web.app.settings.import.clone();
    let form = Form::new().fill(&sent);
    let location = web
        .write_once(&form, move |ctx| {
            actions::decide_identity(ctx, &settings, &id, decision)?;
            Ok("/imports/review".to_owned())
        })
        .await?;
    web.see(&location, "The row is on record")
}
