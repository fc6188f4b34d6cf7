//! The pages of referrals, one file a deed.

mod allocation;
mod conferences;
mod ending;
mod list;
mod offer;
mod reason;
mod receive;
mod show;

use serde_json::json;

pub use allocation::{allocate, allocate_sent, go_on, take, take_sent};
pub use conferences::{conferences, mark, mark_sent, offer_anyway, offer_anyway_sent};
pub use ending::{ending, ending_sent};
pub use list::{list, search};
pub use offer::{offer, offer_sent};
pub use reason::{reason, reason_sent};
pub use receive::{receive, receive_sent};
pub use show::{attempt, show};

use super::actions;
use crate::access::Permission;
use crate::ctx::Ctx;
use crate::failure::Failure;
use crate::ids::ReferralId;
use crate::web::{Answer, Form, PageOptions, Web, view};
use crate::young_people::identity_bar;

/// A page with one form about a referral: whose it is at the top, the form under it.
async fn form_page(web: &Web, id: &ReferralId, template: &str, title: &str, form: Form) -> Answer {
    let options = PageOptions::titled(title)
        .back(format!("/referrals/{id}"), "Referral")
        .with_form(&form);
    let wanted = id.clone();
    let identity = web.read(move |ctx| identity(ctx, &wanted)).await?;
    web.page(
        template,
        options,
        json!({ "form": form, "id": id, "identity": identity }),
    )
}

fn identity(ctx: &mut Ctx<'_>, id: &ReferralId) -> Result<view::Identity, Failure> {
    let (referral, opened) = actions::open(ctx, id, Permission::SeeRecord)?;
    Ok(identity_bar(opened.person(), ctx.today, referral.words()))
}
