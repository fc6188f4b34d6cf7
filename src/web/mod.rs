//! The web's machinery: who is asking, what they sent, and the page that answers.
//!
//! A page is a function from [`Web`] (and what was sent) to an [`Answer`]. The guard has looked at
//! every request before: who it is, what their role may see, and for forms that they came from one
//! of our own pages.

pub mod api;
pub mod assets;
mod cookies;
pub mod drafts;
mod failed;
mod files;
pub mod forms;
pub mod guard;
pub mod headers;
pub mod keys;
pub mod limits;
pub mod problem;
mod render;
mod store;
mod submitted;
pub mod view;

use std::future::{Ready, ready};
use std::rc::Rc;

use actix_web::dev::Payload;
use actix_web::http::{StatusCode, header};
use actix_web::web::{Data, block};
use actix_web::{FromRequest, HttpMessage, HttpRequest, HttpResponse};
use chrono::NaiveDate;
use serde::Serialize;

pub use actix_web::web::Path;
pub use failed::Failed;
pub use files::Files;
pub use forms::Form;
pub use render::{PageOptions, Pages};
pub(crate) use store::hold;
pub use submitted::Submitted;

use crate::access::Actor;
use crate::app::App;
use crate::ctx::Ctx;
use crate::db::Db;
use crate::failure::{Failure, Fault};
use crate::ids::{SessionId, UserId};
use crate::staff::sessions::Session;
use cookies::Jar;

/// What a page answers: a page, or why there is none.
pub type Answer = Result<HttpResponse, Failed>;

/// Whoever is asking.
pub struct Visitor {
    pub actor: Actor,
    pub session: Option<Session>,
    /// The token that every form of ours for this visitor holds.
    pub csrf: String,
    /// The sentence that the page before left for this one.
    notice: Option<String>,
    /// What is told to a stranger, once.
    told: Option<String>,
    /// The value of a cookie that this browser has not yet.
    new_cookie: Option<String>,
}

impl Visitor {
    fn stranger() -> Self {
        Self {
            actor: Actor::Nobody,
            session: None,
            csrf: String::new(),
            notice: None,
            told: None,
            new_cookie: None,
        }
    }

    /// Another program, by its token: it has no session, and no form of ours.
    fn program(actor: Actor) -> Self {
        Self {
            actor,
            ..Self::stranger()
        }
    }
}

/// What a page works with: the application, whoever asks, and the address they asked for.
#[derive(Clone)]
pub struct Web {
    pub app: Data<App>,
    pub visitor: Rc<Visitor>,
    path: String,
    query: Submitted,
    address: String,
}

impl FromRequest for Web {
    type Error = Failed;
    type Future = Ready<Result<Self, Failed>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        // Not under the guard: then nobody knows who asks, and nothing is answered.
        if request.extensions().get::<Rc<Visitor>>().is_none() {
            return ready(Err(Failed::fault("a page is not under the guard")));
        }
        ready(Self::of(request))
    }
}

impl Web {
    fn of(request: &HttpRequest) -> Result<Self, Failed> {
        let app = request
            .app_data::<Data<App>>()
            .ok_or_else(|| Failed::fault("the application is not mounted"))?;
        let visitor = request.extensions().get::<Rc<Visitor>>().cloned();
        Ok(Self {
            app: app.clone(),
            visitor: visitor.unwrap_or_else(|| Rc::new(Visitor::stranger())),
            path: request.path().to_owned(),
            query: Submitted::parse(request.query_string().as_bytes()),
            address: limits::address_of(request, &app.settings),
        })
    }

    #[must_use]
    pub fn actor(&self) -> &Actor {
        &self.visitor.actor
    }

    /// The civil day in England.
    #[must_use]
    pub fn today(&self) -> NaiveDate {
        self.app.db.clock().today()
    }

    /// A value of the address after its question mark; empty when there is none.
    #[must_use]
    pub fn asked(&self, name: &str) -> &str {
        self.query.first(name)
    }

    /// All of the address after its question mark.
    #[must_use]
    pub fn query(&self) -> &Submitted {
        &self.query
    }

    /// Where the request comes from, for limits.
    #[must_use]
    pub fn address(&self) -> &str {
        &self.address
    }

    /// Reads as whoever asks. What they looked at is in the access record before this returns.
    pub async fn read<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Ctx<'_>) -> Result<T, Failure> + Send + 'static,
    ) -> Result<T, Failure> {
        self.aside(move |db, actor| db.read(actor, work)).await
    }

    /// Changes something, all of it or nothing.
    pub async fn write<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Ctx<'_>) -> Result<T, Failure> + Send + 'static,
    ) -> Result<T, Failure> {
        self.aside(move |db, actor| db.write(actor, work)).await
    }

    /// Does the work of a form once, however often it is sent, and answers the address of the page
    /// that shows what was done.
    pub async fn write_once(
        &self,
        form: &Form,
        work: impl FnOnce(&mut Ctx<'_>) -> Result<String, Failure> + Send + 'static,
    ) -> Result<String, Failure> {
        let token = form.idempotency_key();
        let form_token = form.hidden_value(forms::TOKEN).to_owned();
        let page = form.page().unwrap_or(&self.path).to_owned();
        self.write(move |ctx| {
            if let Some(location) = store::sent(ctx, &token)? {
                return Ok(location);
            }
            let location = work(ctx)?;
            store::keep(ctx, &token, &location)?;
            drafts::store::done(ctx, &page, &form_token)?;
            Ok(location)
        })
        .await
    }

    /// Does what takes long where it holds up nobody else.
    pub async fn aside<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Db, &Actor) -> Result<T, Failure> + Send + 'static,
    ) -> Result<T, Failure> {
        let (db, actor) = (self.app.db.clone(), self.actor().clone());
        aside(move || work(&db, &actor)).await
    }

    /// The form with what whoever asks has half written on this page, if anything: every page that
    /// shows an empty form calls it.
    pub async fn resume(&self, form: Form) -> Result<Form, Failure> {
        let Some(user) = self.actor().user_id() else {
            return Ok(form);
        };
        let place = drafts::place(&self.app.keys, user, &self.path);
        let page = self.path.clone();
        let (draft, others, now) = self
            .read(move |ctx| {
                let draft = drafts::store::find(ctx, &page)?;
                Ok((draft, drafts::others(ctx, &page)?, ctx.now))
            })
            .await?;
        let form = form.stand_on(place, others);
        Ok(match draft {
            Some((fields, saved_at)) => form.resume(&fields, view::moment_words(saved_at, now)),
            None => form,
        })
    }

    /// A page from its template. `view` has the names that the template uses besides `page`.
    pub fn page(
        &self,
        template: &str,
        options: impl Into<PageOptions>,
        view: impl Serialize,
    ) -> Answer {
        let options = options.into();
        let chrome = render::Chrome::new(
            &self.app.settings,
            self.app.demo,
            &self.visitor,
            &options,
            &self.path,
        );
        let html = self.app.pages.render(template, &chrome, view)?;
        let mut answer = HttpResponse::build(options.status);
        answer.content_type("text/html; charset=utf-8");
        if self.visitor.notice.is_some() && options.takes_notice() {
            answer.cookie(Jar::Notice.emptied(self.app.settings.encrypted()));
        }
        if self.visitor.told.is_some() {
            answer.cookie(Jar::Told.emptied(self.app.settings.encrypted()));
        }
        Ok(answer.body(html))
    }

    /// Sends the browser to a page, which shows one of our sentences, once.
    pub fn see(&self, location: &str, notice: &'static str) -> Answer {
        self.go_with(location, Jar::Notice, NOTICE, notice)
    }

    /// Sends a stranger's browser to a page that tells one text, once. The cookie that carries it
    /// is gone when the page is shown, and within a minute if it never is.
    pub fn tell_once(&self, location: &str, text: &str) -> Answer {
        self.go_with(location, Jar::Told, TOLD, text)
    }

    /// What the page is to tell, once.
    #[must_use]
    pub fn told_once(&self) -> Option<&str> {
        self.visitor.told.as_deref()
    }

    fn go_with(&self, location: &str, jar: Jar, purpose: &str, text: &str) -> Answer {
        let mut answer = failed::see_other(location);
        let value = format!(
            "{}.{}",
            hex::encode(text),
            self.app.keys.seal(purpose, text)
        );
        answer
            .add_cookie(&jar.holding(value, self.app.settings.encrypted()))
            .map_err(|_| Failed::fault("a sentence does not fit into a cookie"))?;
        Ok(answer)
    }

    /// The same page, with a word to whoever asked that it was too often.
    pub fn later(&self, mut page: HttpResponse, wait: &limits::Wait) -> Answer {
        *page.status_mut() = StatusCode::TOO_MANY_REQUESTS;
        page.headers_mut()
            .insert(header::RETRY_AFTER, wait.0.as_secs().max(1).into());
        Ok(page)
    }

    /// Sends the browser to a page.
    pub fn go(&self, location: &str) -> Answer {
        Ok(failed::see_other(location))
    }

    /// Gives the browser the cookie of somebody who signed in.
    pub fn sign_in(&self, mut answer: HttpResponse, user: &UserId, session: &SessionId) -> Answer {
        let lasts = self.app.settings.session_limits().absolute;
        let now = self.app.db.clock().now().naive_utc();
        let token = self.app.keys.session_token(user, session, now, lasts)?;
        answer
            .add_cookie(&Jar::Session.holding(token, self.app.settings.encrypted()))
            .map_err(|_| Failed::fault("a session does not fit into a cookie"))?;
        Ok(answer)
    }

    /// Takes that cookie away.
    pub fn sign_out(&self, mut answer: HttpResponse) -> Answer {
        answer
            .add_cookie(&Jar::Session.emptied(self.app.settings.encrypted()))
            .map_err(|_| Failed::fault("a session cookie cannot be emptied"))?;
        Ok(answer)
    }
}

const NOTICE: &str = "notice";
const TOLD: &str = "told";

/// Runs work that waits (for the database, for a password) off the threads that answer.
pub(crate) async fn aside<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Failure> + Send + 'static,
) -> Result<T, Failure> {
    block(work)
        .await
        .unwrap_or_else(|_| Err(Fault::new("a piece of work broke off").into()))
}

/// What an id in an address stands for; what cannot be one is not found.
pub fn known<T>(found: Option<T>) -> Result<T, Failed> {
    found.ok_or(Failed::NotFound)
}
