//! What somebody is still writing, to go on with or to throw away.

use serde_json::json;

use crate::home::drafts::of_me;
use crate::web::{Answer, PageOptions, Web};

pub async fn drafts(web: Web) -> Answer {
    let drafts = web.read(of_me).await?;
    web.page(
        "home/drafts",
        PageOptions::titled("What you are still writing").back("/", "My work"),
        json!({ "drafts": drafts, "days": web.app.settings.work.keep_drafts_days }),
    )
}
