//! The four cookies: who is signed in, which browser filled in the sign-in form, the sentence that
//! the next page shows once, and the reference that is told once. None can be read by a script.

use actix_web::cookie::time::Duration;
use actix_web::cookie::{Cookie, SameSite};

#[derive(Clone, Copy)]
pub enum Jar {
    Session,
    Visitor,
    Notice,
    Told,
}

impl Jar {
    /// With the prefix that makes a browser refuse it from anywhere but this very host, where the
    /// connection is encrypted.
    #[must_use]
    pub fn name(self, encrypted: bool) -> String {
        let name = match self {
            Self::Session => "heard_session",
            Self::Visitor => "heard_visitor",
            Self::Notice => "heard_notice",
            Self::Told => "heard_told",
        };
        if encrypted {
            format!("__Host-{name}")
        } else {
            name.to_owned()
        }
    }

    #[must_use]
    pub fn holding(self, value: String, encrypted: bool) -> Cookie<'static> {
        let mut cookie = Cookie::build(self.name(encrypted), value)
            .path("/")
            .http_only(true)
            .secure(encrypted)
            // Lax, so that a link in an e-mail opens its page. No address changes anything by GET.
            .same_site(SameSite::Lax)
            .finish();
        if matches!(self, Self::Notice | Self::Told) {
            cookie.set_max_age(Duration::minutes(1));
        }
        cookie
    }

    #[must_use]
    pub fn emptied(self, encrypted: bool) -> Cookie<'static> {
        let mut cookie = self.holding(String::new(), encrypted);
        cookie.make_removal();
        cookie
    }
}
