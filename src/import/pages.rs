//! The pages of imports: what came in, and what was rejected and why.

use serde::Serialize;
use serde_json::json;

use super::store::{Batch, KeptRow};
use super::{review, store};
use crate::calendar::in_england;
use crate::failure::Failure;
use crate::ids::BatchId;
use crate::web::{Answer, PageOptions, Path, Web, known, view};

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
        }
    }
}

pub async fn list(web: Web) -> Answer {
    let (batches, waiting) = web
        .read(|ctx| Ok((store::batches(ctx, 100)?, review::due(ctx)?)))
        .await?;
    let batches: Vec<BatchView> = batches.into_iter().map(BatchView::from).collect();
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
