//! The pages about who a young person is: one page with everything, and a short form for each
//! matter that leads back to it.

mod about;
mod details;
mod homes;
mod legal;
mod professionals;
mod relations;
mod warnings;

pub use about::{background, background_sent, communication, communication_sent};
pub use details::details;
pub use homes::{address, home, home_new, home_new_sent, home_sent};
pub use legal::{
    correct, correct_sent, flag, flag_new, flag_new_sent, flag_sent, start, start_sent,
};
pub use professionals::{professional, professional_new, professional_new_sent, professional_sent};
pub use relations::{relation, relation_new, relation_new_sent, relation_sent};
pub use warnings::{warning, warning_new, warning_new_sent, warning_sent, warning_taken_over};

use serde_json::{Value, json};

use super::actions::open_to_see;
use super::{Stretch, identity_bar, status};
use crate::ctx::Ctx;
use crate::failure::Failure;
use crate::ids::YoungPersonId;
use crate::web::{Answer, Failed, Form, PageOptions, Web, view};

/// Where everything about a young person stands.
pub(crate) fn details_of(id: &YoungPersonId) -> String {
    format!("/young-people/{id}/details")
}

/// A page with one short form about a young person.
#[derive(Clone, Copy)]
struct Sheet {
    template: &'static str,
    title: &'static str,
    /// What is said when it is done.
    done: &'static str,
}

/// What the database says for such a page.
struct Asked {
    young_person: YoungPersonId,
    identity: view::Identity,
    form: Form,
    /// What the template shows besides the form.
    more: Value,
}

/// The bar at the top, with the legal status in words.
pub(crate) fn identity(
    ctx: &mut Ctx<'_>,
    id: &YoungPersonId,
    page: &'static str,
) -> Result<view::Identity, Failure> {
    let opened = open_to_see(ctx, id, page)?;
    let status = status::words_on(ctx, id, ctx.today)?.unwrap_or_default();
    Ok(identity_bar(opened.person(), ctx.today, &status))
}

/// Asks for whom the form is and what it begins with. What builds the form opens the record to
/// work on it.
async fn ask(
    web: &Web,
    build: impl FnOnce(&mut Ctx<'_>) -> Result<(YoungPersonId, Form, Value), Failure> + Send + 'static,
) -> Result<Asked, Failed> {
    Ok(web
        .read(move |ctx| {
            let (young_person, form, more) = build(ctx)?;
            Ok(Asked {
                identity: identity(ctx, &young_person, "details")?,
                young_person,
                form,
                more,
            })
        })
        .await?)
}

/// The page with an empty form, or with what was half written on it.
async fn show(web: &Web, sheet: Sheet, action: &str, asked: &Asked) -> Answer {
    let form = web.resume(asked.form.clone()).await?;
    page(web, sheet, action, asked, &form)
}

fn page(web: &Web, sheet: Sheet, action: &str, asked: &Asked, form: &Form) -> Answer {
    let options = PageOptions::titled(sheet.title)
        .back(details_of(&asked.young_person), "Details")
        .with_form(form);
    web.page(
        sheet.template,
        options,
        json!({
            "title": sheet.title,
            "action": action,
            "identity": asked.identity,
            "form": form,
            "more": asked.more,
        }),
    )
}

/// Does what a form asks, once, or shows it again with what is wrong.
async fn send<T: Send + 'static>(
    web: &Web,
    sheet: Sheet,
    action: &str,
    asked: &Asked,
    mut form: Form,
    said: Option<T>,
    deed: impl FnOnce(&mut Ctx<'_>, T) -> Result<(), Failure> + Send + 'static,
) -> Answer {
    if let (true, Some(said)) = (form.ok(), said) {
        let location = details_of(&asked.young_person);
        let done = web
            .write_once(&form, move |ctx| deed(ctx, said).map(|()| location))
            .await;
        match done {
            Ok(location) => return web.see(&location, sheet.done),
            Err(failure) => form.explain(failure)?,
        }
    }
    page(web, sheet, action, asked, &form)
}

/// Text that may be left out.
pub(crate) fn optional(form: &mut Form, name: &str, longest: usize) -> Option<String> {
    Some(form.text(name, longest)).filter(|text| !text.is_empty())
}

/// An e-mail address that may be left out.
fn email(form: &mut Form) -> Option<String> {
    let typed = form.text("email", 254);
    if typed.is_empty() {
        return None;
    }
    form.parsed("email", "This", crate::text::EmailAddress::parse)
        .map(|address| address.to_string())
}

/// The first and the last day of something.
fn stretch(form: &mut Form) -> Option<Stretch> {
    let from = form.date_required("from_on", "The first day");
    let to = form.date_optional("to_on", "The last day");
    Some(Stretch { from: from?, to })
}

fn words<T: Copy>(
    all: &[T],
    code: impl Fn(T) -> &'static str,
    words: impl Fn(T) -> &'static str,
) -> Vec<(&'static str, &'static str)> {
    all.iter().map(|it| (code(*it), words(*it))).collect()
}
