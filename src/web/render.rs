//! Turning what a page has to say into HTML: the templates, and the frame around every page.

use actix_web::http::StatusCode;
use chrono::SecondsFormat;
use handlebars::{Context, Handlebars};
use rust_embed::RustEmbed;
use serde::Serialize;
use serde_json::{Value, json};

use super::Visitor;
use super::forms::Form;
use crate::access::{Permission, Relationship, Role, decide};
use crate::failure::Fault;
use crate::settings::Settings;

#[derive(RustEmbed)]
#[folder = "templates/"]
struct Templates;

/// The templates, read once at the start.
pub struct Pages(Handlebars<'static>);

impl Pages {
    pub fn load() -> Result<Self, Fault> {
        let mut handlebars = Handlebars::new();
        handlebars.set_strict_mode(true);
        // Otherwise every line of a text area would be moved in with its place in the page.
        handlebars.set_prevent_indent(true);
        for path in Templates::iter() {
            let Some(name) = path.strip_suffix(".hbs") else {
                continue;
            };
            let fault = |cause: &dyn std::error::Error| {
                Fault::because(&format!("the template {name} cannot be used"), cause)
            };
            let file = Templates::get(&path)
                .ok_or_else(|| Fault::new(format!("the template {name} is gone")))?;
            let text = std::str::from_utf8(&file.data).map_err(|cause| fault(&cause))?;
            handlebars
                .register_template_string(name, text)
                .map_err(|cause| fault(&cause))?;
        }
        Ok(Self(handlebars))
    }

    pub(super) fn render(
        &self,
        template: &str,
        chrome: &Chrome<'_>,
        view: impl Serialize,
    ) -> Result<String, Fault> {
        let fault = |cause: &dyn std::error::Error| {
            Fault::because(&format!("the page {template} cannot be rendered"), cause)
        };
        let chrome = serde_json::to_value(chrome).map_err(|cause| fault(&cause))?;
        let mut values = match serde_json::to_value(view).map_err(|cause| fault(&cause))? {
            Value::Object(values) => values,
            Value::Null => serde_json::Map::new(),
            _ => return Err(Fault::new(format!("the view of {template} has no names"))),
        };
        values.insert("page".to_owned(), chrome);
        self.0
            .render_with_context(template, &Context::from(Value::Object(values)))
            .map_err(|cause| fault(&cause))
    }
}

/// What a page says about itself besides its content.
pub struct PageOptions {
    pub(super) title: String,
    pub(super) status: StatusCode,
    wide: bool,
    has_errors: bool,
    back: Option<(String, String)>,
    is_error: bool,
}

impl PageOptions {
    #[must_use]
    pub fn titled(title: impl Into<String>) -> Self {
        Self {
            title: title.into(),
            status: StatusCode::OK,
            wide: false,
            has_errors: false,
            back: None,
            is_error: false,
        }
    }

    /// For tables that need the room.
    #[must_use]
    pub fn wide(mut self) -> Self {
        self.wide = true;
        self
    }

    #[must_use]
    pub fn back(mut self, href: impl Into<String>, text: impl Into<String>) -> Self {
        self.back = Some((href.into(), text.into()));
        self
    }

    #[must_use]
    pub fn status(mut self, status: StatusCode) -> Self {
        self.status = status;
        self
    }

    /// Says in the title that something on the page is wrong.
    #[must_use]
    pub fn with_errors(mut self) -> Self {
        self.has_errors = true;
        self
    }

    /// Says in the title and the status when the form on the page has errors.
    #[must_use]
    pub fn with_form(mut self, form: &Form) -> Self {
        if !form.ok() {
            self.has_errors = true;
            self.status = StatusCode::UNPROCESSABLE_ENTITY;
        }
        self
    }

    /// An error page says nothing about where it is and leaves the notice to the page after it.
    pub(super) fn for_an_error(mut self) -> Self {
        self.is_error = true;
        self
    }

    pub(super) fn takes_notice(&self) -> bool {
        !self.is_error
    }
}

impl From<&str> for PageOptions {
    fn from(title: &str) -> Self {
        Self::titled(title)
    }
}

impl From<String> for PageOptions {
    fn from(title: String) -> Self {
        Self::titled(title)
    }
}

/// The frame around every page, as the layouts read it.
#[derive(Serialize)]
pub(super) struct Chrome<'a> {
    title: &'a str,
    wide: bool,
    has_errors: bool,
    user: Option<Value>,
    nav: Vec<Value>,
    csrf: &'a str,
    may_search: bool,
    demo: bool,
    notice: Option<&'a str>,
    service: &'a str,
    session_ends: Option<String>,
    assets: Value,
    back: Option<Value>,
}

impl<'a> Chrome<'a> {
    pub(super) fn new(
        settings: &'a Settings,
        demo: bool,
        visitor: &'a Visitor,
        options: &'a PageOptions,
        path: &str,
    ) -> Self {
        let user = visitor.session.as_ref().map(|session| &session.user);
        // Until somebody has a password of their own there is nowhere else to go.
        let nav = user.filter(|user| !user.change_password).map(|user| {
            let path = (!options.is_error).then_some(path);
            navigation(user.role, path)
        });
        Self {
            title: &options.title,
            wide: options.wide,
            has_errors: options.has_errors,
            user: user.map(|user| json!({ "name": user.name, "role_words": user.role.words() })),
            nav: nav.unwrap_or_default(),
            csrf: &visitor.csrf,
            may_search: decide(
                &visitor.actor,
                Permission::SeeCasework,
                Relationship::General,
            )
            .allowed(),
            demo,
            notice: visitor.notice.as_deref().filter(|_| options.takes_notice()),
            service: &settings.service.name,
            session_ends: visitor.session.as_ref().map(|session| {
                session
                    .ends_at
                    .and_utc()
                    .to_rfc3339_opts(SecondsFormat::Secs, true)
            }),
            assets: json!({
                "govuk_css": env!("ASSET_GOVUK_CSS"),
                "heard_css": env!("ASSET_HEARD_CSS"),
                "govuk_js": env!("ASSET_GOVUK_JS"),
                "heard_js": env!("ASSET_HEARD_JS"),
                "favicon": env!("ASSET_FAVICON"),
            }),
            back: options
                .back
                .as_ref()
                .map(|(href, text)| json!({ "href": href, "text": text })),
        }
    }
}

fn navigation(role: Role, path: Option<&str>) -> Vec<Value> {
    const WORK: (&str, &str) = ("/", "My work");
    const TEAM: (&str, &str) = ("/team", "Team");
    const REFERRALS: (&str, &str) = ("/referrals", "Referrals");
    const CASES: (&str, &str) = ("/cases", "Cases");
    const DIARY: (&str, &str) = ("/diary", "Diary");
    const COMPLAINTS: (&str, &str) = ("/complaints", "Complaints");
    const THEMES: (&str, &str) = ("/themes", "Themes");
    const FIGURES: (&str, &str) = ("/reports/annual", "Figures");
    const IMPORTS: (&str, &str) = ("/imports", "Imports");
    const LISTS: (&str, &str) = ("/lists", "Lists");
    let links: &[(&str, &str)] = match role {
        Role::Officer => &[
            WORK, DIARY, TEAM, REFERRALS, CASES, COMPLAINTS, THEMES, FIGURES,
        ],
        Role::SeniorOfficer => &[
            WORK, DIARY, TEAM, REFERRALS, CASES, COMPLAINTS, THEMES, FIGURES, IMPORTS, LISTS,
        ],
        Role::Manager => &[FIGURES, THEMES, ("/policy", "Who is referred")],
        Role::Administrator => &[
            ("/users", "Users"),
            ("/service-accounts", "Service accounts"),
            ("/holidays", "Bank holidays"),
            ("/mail", "E-mail"),
        ],
        Role::Auditor => &[("/access-record", "Access record")],
        Role::ParticipationOfficer => &[],
    };
    // A page belongs under the link that begins with the same word.
    let first_word = |path: &str| path.split('/').nth(1).unwrap_or_default().to_owned();
    links
        .iter()
        .map(|(href, text)| {
            let current = path.is_some_and(|path| first_word(path) == first_word(href));
            json!({ "href": href, "text": text, "current": current })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_of_a_referral_belongs_under_referrals() {
        let current: Vec<String> = navigation(Role::Officer, Some("/referrals/1/attempts"))
            .iter()
            .filter(|link| link["current"] == true)
            .map(|link| link["text"].to_string())
            .collect();
        assert_eq!(current, [r#""Referrals""#]);
    }

    #[test]
    fn every_template_can_be_read() {
        Pages::load().unwrap();
    }
}
