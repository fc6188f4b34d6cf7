//! The guard at every page: who is asking, whether their role may see it, and whether a form came
//! from one of our own pages. What does not pass never reaches the page.

use std::rc::Rc;
use std::time::Duration;

use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::{Method, StatusCode, Uri, header};
use actix_web::middleware::Next;
use actix_web::rt::time::timeout;
use actix_web::web::{Bytes, Data, Payload};
use actix_web::{HttpMessage, HttpRequest};

use super::cookies::Jar;
use super::drafts::{self, Writer};
use super::{Failed, NOTICE, Submitted, TOLD, Visitor, aside, files};
use crate::access::{Actor, Permission, Relationship, decide};
use crate::app::App;
use crate::failure::Fault;
use crate::ids::{SessionId, UserId};
use crate::routes::{self, Access};
use crate::staff::sessions::{self, Session};

/// The longest form that is read, and how long its browser may take to send it.
pub const LARGEST_FORM: usize = 1024 * 1024;
const SLOWEST_FORM: Duration = Duration::from_secs(30);
/// How long a browser may take to send a file.
const SLOWEST_FILE: Duration = Duration::from_secs(5 * 60);

/// The only pages for somebody who has to choose a password first.
const WITHOUT_OWN_PASSWORD: &[&str] = &[PASSWORD, "/sign-out"];
const PASSWORD: &str = "/password";

pub async fn guard(
    access: Access,
    takes_files: bool,
    mut request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, actix_web::Error> {
    let response = match check(access, takes_files, &mut request).await {
        Ok(()) => next.call(request).await?.map_into_boxed_body(),
        Err(failed) => request.error_response(failed),
    };
    if !drafts::did_its_work(response.request(), response.status()) {
        drafts::keep_what_failed(response.request()).await;
    }
    let mut response = explained(response);
    drafts::say_kept(&mut response);
    let visitor = response
        .request()
        .extensions()
        .get::<Rc<Visitor>>()
        .cloned();
    if let Some(value) = visitor
        .as_ref()
        .and_then(|visitor| visitor.new_cookie.clone())
    {
        let cookie = Jar::Visitor.holding(value, encrypted(response.request()));
        response.response_mut().add_cookie(&cookie)?;
    }
    Ok(response)
}

/// Puts the page in the place of the reason why there is none.
fn explained(response: ServiceResponse<BoxBody>) -> ServiceResponse<BoxBody> {
    let Some(error) = response.response().error() else {
        return response;
    };
    let page = match error.as_error::<Failed>() {
        Some(failed) => failed.page(response.request()),
        // An address that could not be read, for one: nobody has a page there.
        None if response.status().is_client_error() => Failed::NotFound.page(response.request()),
        None => Failed::Fault(Fault::because("a page broke off", &Told(error.to_string())))
            .page(response.request()),
    };
    response.into_response(page)
}

#[derive(Debug)]
struct Told(String);

impl std::fmt::Display for Told {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Told {}

async fn check(
    access: Access,
    takes_files: bool,
    request: &mut ServiceRequest,
) -> Result<(), Failed> {
    if access == Access::File {
        return Ok(());
    }
    let app = request
        .app_data::<Data<App>>()
        .cloned()
        .ok_or_else(|| Failed::fault("the application is not mounted"))?;
    if access == Access::Stranger {
        return stranger(&app, request).await;
    }
    let visitor = Rc::new(identify(&app, request.request()).await?);
    // From here on even a refusal knows whose page it is on.
    request.extensions_mut().insert(Rc::clone(&visitor));
    let sends = request.method() == Method::POST;

    if access != Access::Public {
        let Some(session) = &visitor.session else {
            return Err(if sends {
                let page = page_before(&app, request.request());
                // Only from one of our own pages: nobody else puts words on this one.
                if let Ok(sent) = receive(&app, request).await {
                    if let Some(writer) = former(&app, request.request(), &sent).await? {
                        request.extensions_mut().insert(writer);
                    }
                    request.extensions_mut().insert(sent);
                }
                Failed::Expired { page }
            } else {
                Failed::GoTo(sign_in_address(local(&path_and_query(request.uri()))))
            });
        };
        if session.user.change_password && !WITHOUT_OWN_PASSWORD.contains(&request.path()) {
            return Err(Failed::GoTo(PASSWORD.to_owned()));
        }
    }
    let allowed = match access {
        Access::File | Access::Public | Access::Stranger => true,
        Access::Needs(permission) => may_come_in(&visitor.actor, permission),
        // A program comes in by another guard.
        Access::NoSuchPage | Access::Token(_) => false,
    };
    if !allowed {
        return Err(Failed::NotFound);
    }
    if sends {
        let sent = match takes_files && files::boundary(request.request()).is_some() {
            true => receive_files(&app, request).await?,
            false => receive(&app, request).await?,
        };
        let genuine = app.keys.same(sent.first("csrf"), &visitor.csrf);
        let user = visitor.session.as_ref().map(|session| &session.user.id);
        if let Some(user) = user
            && (genuine || from_own_session(&app, user, &sent).await?)
        {
            request.extensions_mut().insert(Writer(user.clone()));
        }
        request.extensions_mut().insert(sent);
        if !genuine {
            return Err(Failed::Forged);
        }
    }
    Ok(())
}

/// Nobody is asked who they are, and no cookie is read or set but the one that tells a reference
/// once: on a browser that others use too, nothing tells that somebody was here. So no form can be
/// sent in anybody's name from another site, and there is nothing for a token of a session to
/// protect; that a form comes from one of our own pages is asked all the same.
async fn stranger(app: &Data<App>, request: &mut ServiceRequest) -> Result<(), Failed> {
    let told = request
        .cookie(&Jar::Told.name(app.settings.encrypted()))
        .and_then(|cookie| sealed_text(app, TOLD, cookie.value()));
    let visitor = Visitor {
        told,
        ..Visitor::stranger()
    };
    request.extensions_mut().insert(Rc::new(visitor));
    if request.method() == Method::POST {
        let sent = receive(app, request).await?;
        request.extensions_mut().insert(sent);
    }
    Ok(())
}

/// A text of ours that came back in a cookie, if the seal on it is ours.
fn sealed_text(app: &App, purpose: &str, value: &str) -> Option<String> {
    let (text, seal) = value.split_once('.')?;
    let text = String::from_utf8(hex::decode(text).ok()?).ok()?;
    app.keys.is_seal(purpose, &text, seal).then_some(text)
}

/// Who sent a form whose session ran out: known by our own signature on the cookie, by the session
/// in the database, and by the form's token, which only that session's pages hold. They are not
/// signed in by this: their words are kept for them, and shown after they signed in again.
async fn former(
    app: &Data<App>,
    request: &HttpRequest,
    sent: &Submitted,
) -> Result<Option<Writer>, Failed> {
    let now = app.db.clock().now().naive_utc();
    let cookie = request.cookie(&Jar::Session.name(app.settings.encrypted()));
    let past = cookie.and_then(|cookie| app.keys.past_session_of(cookie.value(), now));
    let Some((user, id)) = past.filter(|(_, id)| is_token_of(app, id, sent)) else {
        return Ok(None);
    };
    let db = app.db.clone();
    let user =
        aside(move || db.read(&Actor::Nobody, |ctx| sessions::ran_out(ctx, &id, &user))).await?;
    Ok(user.map(Writer))
}

/// Whether a form was made for another signing-in of the very same user: they signed in again in
/// another window, and their words are still theirs.
async fn from_own_session(
    app: &Data<App>,
    user: &UserId,
    sent: &Submitted,
) -> Result<bool, Failed> {
    let (db, user) = (app.db.clone(), user.clone());
    let recent = aside(move || db.read(&Actor::Nobody, |ctx| sessions::recent(ctx, &user))).await?;
    Ok(recent.iter().any(|id| is_token_of(app, id, sent)))
}

fn is_token_of(app: &App, session: &SessionId, sent: &Submitted) -> bool {
    app.keys
        .is_seal("session", session.as_str(), sent.first("csrf"))
}

/// Whether a role may open a page at all. Whose record it is, and whether a reason was stated for
/// it, is decided again by the action, which knows.
#[must_use]
pub fn may_come_in(actor: &Actor, permission: Permission) -> bool {
    [
        Relationship::General,
        Relationship::Own,
        Relationship::ReasonStated,
    ]
    .into_iter()
    .any(|relationship| decide(actor, permission, relationship).allowed())
}

async fn identify(app: &Data<App>, request: &HttpRequest) -> Result<Visitor, Failed> {
    let encrypted = app.settings.encrypted();
    let held = |jar: Jar| request.cookie(&jar.name(encrypted));
    let now = app.db.clock().now().naive_utc();
    let session = match held(Jar::Session)
        .and_then(|cookie| app.keys.session_of(cookie.value(), now))
    {
        Some((user, id)) => {
            let (db, limits) = (app.db.clone(), app.settings.session_limits());
            aside(move || {
                let session = db
                    .read(&Actor::Nobody, |ctx| sessions::current(ctx, &id, limits))?
                    .filter(|session| session.user.id == user);
                if let Some(session) = session.as_ref().filter(|session| session.touch) {
                    let noted =
                        db.write_if_free(&session.actor(), |ctx| sessions::touch(ctx, &session.id));
                    // The next request does it: no page is lost for this, and none waits for it.
                    if let Err(failure) = noted {
                        tracing::warn!(%failure, "the last use of a session was not noted");
                    }
                }
                Ok(session)
            })
            .await?
        }
        None => None,
    };
    let known = held(Jar::Visitor)
        .map(|cookie| cookie.value().to_owned())
        .filter(|value| uuid::Uuid::try_parse(value).is_ok());
    let (csrf, new_cookie) = match (&session, known) {
        (Some(session), _) => (app.keys.seal("session", session.id.as_str()), None),
        (None, Some(value)) => (app.keys.seal("visitor", &value), None),
        (None, None) => {
            let value = uuid::Uuid::new_v4().simple().to_string();
            (app.keys.seal("visitor", &value), Some(value))
        }
    };
    Ok(Visitor {
        actor: session.as_ref().map_or(Actor::Nobody, Session::actor),
        session,
        csrf,
        notice: held(Jar::Notice).and_then(|cookie| sealed_text(app, NOTICE, cookie.value())),
        told: None,
        new_cookie,
    })
}

async fn receive(app: &App, request: &mut ServiceRequest) -> Result<Submitted, Failed> {
    if !from_our_page(app, request.request()) {
        return Err(Failed::Forged);
    }
    if request.content_type() != "application/x-www-form-urlencoded" {
        return Err(Failed::Unreadable(StatusCode::UNSUPPORTED_MEDIA_TYPE));
    }
    match timeout(SLOWEST_FORM, request.extract::<Bytes>()).await {
        Ok(Ok(body)) => Ok(Submitted::parse(&body)),
        Ok(Err(cause)) => Err(Failed::Unreadable(cause.as_response_error().status_code())),
        Err(_) => Err(Failed::Unreadable(StatusCode::REQUEST_TIMEOUT)),
    }
}

/// A form with files, for the pages that take them, from those who may open them.
async fn receive_files(app: &App, request: &mut ServiceRequest) -> Result<Submitted, Failed> {
    if !from_our_page(app, request.request()) {
        return Err(Failed::Forged);
    }
    let largest = usize::try_from(app.settings.import.largest_file_mb * 1024 * 1024)
        .unwrap_or(usize::MAX)
        .saturating_add(LARGEST_FORM);
    let payload = request
        .extract::<Payload>()
        .await
        .map_err(|_| Failed::Unreadable(StatusCode::BAD_REQUEST))?;
    let body = match timeout(SLOWEST_FILE, payload.to_bytes_limited(largest)).await {
        Ok(Ok(Ok(body))) => body,
        Ok(Ok(Err(_))) => return Err(Failed::Unreadable(StatusCode::BAD_REQUEST)),
        Ok(Err(_)) => return Err(Failed::Unreadable(StatusCode::PAYLOAD_TOO_LARGE)),
        Err(_) => return Err(Failed::Unreadable(StatusCode::REQUEST_TIMEOUT)),
    };
    let boundary = files::boundary(request.request()).unwrap_or_default();
    let (sent, files) =
        files::parse(&body, &boundary).ok_or(Failed::Unreadable(StatusCode::BAD_REQUEST))?;
    request.extensions_mut().insert(files);
    Ok(sent)
}

/// Whether the browser says that a form came from a page of this very service. One that says
/// nothing is not believed.
fn from_our_page(app: &App, request: &HttpRequest) -> bool {
    let said = |name| request.headers().get(name)?.to_str().ok();
    said(header::ORIGIN)
        .or_else(|| said(header::REFERER))
        .and_then(|text| text.parse().ok())
        .is_some_and(|page| is_ours(app, request, &page))
}

fn is_ours(app: &App, request: &HttpRequest, page: &Uri) -> bool {
    let asked = request
        .headers()
        .get(header::HOST)
        .and_then(|host| host.to_str().ok());
    let public: Option<Uri> = app.settings.server.public_url.parse().ok();
    let public = public.as_ref().and_then(Uri::authority);
    // "null" reads as an address without a scheme.
    page.scheme().is_some()
        && page.authority().is_some_and(|page| {
            asked.is_some_and(|host| page.as_str().eq_ignore_ascii_case(host))
                || public.is_some_and(|host| page.as_str().eq_ignore_ascii_case(host.as_str()))
        })
}

/// The page with the form on it, if it is one of ours that can be opened again.
fn page_before(app: &App, request: &HttpRequest) -> Option<String> {
    let page: Uri = request
        .headers()
        .get(header::REFERER)?
        .to_str()
        .ok()?
        .parse()
        .ok()?;
    let pattern = request.resource_map().match_pattern(page.path())?;
    let opens = routes::table()
        .iter()
        .any(|route| route.method == routes::Method::Get && route.path == pattern);
    if !opens || !is_ours(app, request, &page) {
        return None;
    }
    local(&path_and_query(&page)).map(ToOwned::to_owned)
}

fn path_and_query(address: &Uri) -> String {
    address
        .path_and_query()
        .map_or("/", |path| path.as_str())
        .to_owned()
}

/// An address within this service, or none: nobody is sent elsewhere after signing in.
#[must_use]
pub fn local(address: &str) -> Option<&str> {
    let mut letters = address.chars();
    let begins_well = letters.next() == Some('/') && !matches!(letters.next(), Some('/' | '\\'));
    let plain = address
        .bytes()
        .all(|byte| byte.is_ascii_graphic() && byte != b'\\');
    (begins_well && plain && address.len() <= 2000).then_some(address)
}

/// The sign-in page, which goes on to an address.
pub(super) fn sign_in_address(next: Option<&str>) -> String {
    next.filter(|next| *next != "/")
        .and_then(|next| serde_urlencoded::to_string([("next", next)]).ok())
        .map_or_else(
            || "/sign-in".to_owned(),
            |query| format!("/sign-in?{query}"),
        )
}

fn encrypted(request: &HttpRequest) -> bool {
    request
        .app_data::<Data<App>>()
        .is_some_and(|app| app.settings.encrypted())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_an_address_of_ours_comes_after_signing_in() {
        assert_eq!(local("/cases?page=2"), Some("/cases?page=2"));
        for elsewhere in [
            "//evil.example",
            "/\\evil.example",
            "https://evil.example",
            "",
            "cases",
            "/a\\b",
            "/a\r\nSet-Cookie: x",
        ] {
            assert_eq!(local(elsewhere), None, "{elsewhere}");
        }
    }

    #[test]
    fn the_sign_in_page_remembers_where_to_go_on() {
        assert_eq!(sign_in_address(Some("/")), "/sign-in");
        assert_eq!(
            sign_in_address(Some("/cases?page=2")),
            "/sign-in?next=%2Fcases%3Fpage%3D2"
        );
    }
}
