//! What the service signs before it hands it to a browser: who is signed in, which page a form came
//! from, the sentence for the next page. A browser can keep these and cannot write its own.

use chrono::{Days, Duration, NaiveDate, NaiveDateTime, NaiveTime};
use hmac::{Hmac, KeyInit, Mac};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation, decode, encode};
use secrecy::ExposeSecret;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use sha2::Sha256;

use crate::failure::Fault;
use crate::ids::{ServiceAccountId, ServiceTokenId, SessionId, UserId};
use crate::secrets::Key;

const ISSUER: &str = "heard";
const AUDIENCE: &str = "heard-web";
const API_AUDIENCE: &str = "heard-api";

/// Two instances of the program may differ by this much in what time it is.
const CLOCKS_DIFFER: Duration = Duration::seconds(30);

#[derive(Serialize, Deserialize)]
struct Claims {
    iss: String,
    aud: String,
    sub: String,
    sid: String,
    iat: i64,
    nbf: i64,
    exp: i64,
}

/// What the token of another program says: `sub` is its account, `jti` the token.
#[derive(Serialize, Deserialize)]
struct ServiceClaims {
    iss: String,
    aud: String,
    sub: String,
    jti: String,
    iat: i64,
    nbf: i64,
    exp: i64,
}

/// Signs and checks what one kind of token says.
struct Tokens {
    sign: EncodingKey,
    verify: DecodingKey,
    validation: Validation,
}

impl Tokens {
    fn new(secret: &[u8], audience: &str) -> Self {
        let mut validation = Validation::new(Algorithm::HS256);
        validation.set_issuer(&[ISSUER]);
        validation.set_audience(&[audience]);
        validation.set_required_spec_claims(&["exp", "nbf", "aud", "iss", "sub"]);
        validation.leeway = 0;
        // The library asks the machine's clock; whoever reads a token asks ours.
        validation.validate_exp = false;
        validation.validate_nbf = false;
        Self {
            sign: EncodingKey::from_secret(secret),
            verify: DecodingKey::from_secret(secret),
            validation,
        }
    }

    fn write(&self, claims: &impl Serialize) -> Result<String, Fault> {
        encode(&Header::new(Algorithm::HS256), claims, &self.sign)
            .map_err(|cause| Fault::because("a token cannot be signed", &cause))
    }

    fn read<T: DeserializeOwned>(&self, token: &str) -> Option<T> {
        let read = decode::<T>(token, &self.verify, &self.validation).ok()?;
        Some(read.claims)
    }
}

/// The keys, one for each purpose, all made from the one session key.
pub struct Keys {
    mac: Hmac<Sha256>,
    sessions: Tokens,
    services: Tokens,
}

impl Keys {
    #[must_use]
    pub fn new(key: &Key) -> Self {
        let mac = Hmac::new_from_slice(key.expose_secret())
            .unwrap_or_else(|_| Hmac::new(&Default::default()));
        let secret = |purpose| seal(&mac, purpose, "").finalize().into_bytes();
        let sessions = Tokens::new(&secret("sessions"), AUDIENCE);
        let services = Tokens::new(&secret("service tokens"), API_AUDIENCE);
        Self {
            mac,
            sessions,
            services,
        }
    }

    /// What the cookie of somebody who signed in holds.
    pub fn session_token(
        &self,
        user: &UserId,
        session: &SessionId,
        now: NaiveDateTime,
        lasts: Duration,
    ) -> Result<String, Fault> {
        let claims = Claims {
            iss: ISSUER.to_owned(),
            aud: AUDIENCE.to_owned(),
            sub: user.to_string(),
            sid: session.to_string(),
            iat: now.and_utc().timestamp(),
            nbf: (now - CLOCKS_DIFFER).and_utc().timestamp(),
            exp: (now + lasts).and_utc().timestamp(),
        };
        self.sessions.write(&claims)
    }

    /// Who a cookie says is signed in, if we wrote it and its time has not run out. Whether the
    /// session still holds is for the database to say.
    #[must_use]
    pub fn session_of(&self, token: &str, now: NaiveDateTime) -> Option<(UserId, SessionId)> {
        self.read(token, now, |exp| exp > now.and_utc().timestamp())
    }

    /// Who a cookie says was signed in, if we wrote it, though its time may have run out. It opens
    /// nothing: it says only whose the words are that came with it.
    #[must_use]
    pub fn past_session_of(&self, token: &str, now: NaiveDateTime) -> Option<(UserId, SessionId)> {
        self.read(token, now, |_| true)
    }

    fn read(
        &self,
        token: &str,
        now: NaiveDateTime,
        holds: impl FnOnce(i64) -> bool,
    ) -> Option<(UserId, SessionId)> {
        let claims: Claims = self.sessions.read(token)?;
        if claims.nbf > now.and_utc().timestamp() || !holds(claims.exp) {
            return None;
        }
        Some((UserId::parse(&claims.sub)?, SessionId::parse(&claims.sid)?))
    }

    /// What another program shows to come in, up to the end of a day.
    pub fn service_token(
        &self,
        account: &ServiceAccountId,
        id: &ServiceTokenId,
        now: NaiveDateTime,
        last_day: NaiveDate,
    ) -> Result<String, Fault> {
        let end = last_day
            .checked_add_days(Days::new(1))
            .unwrap_or(last_day)
            .and_time(NaiveTime::MIN);
        self.services.write(&ServiceClaims {
            iss: ISSUER.to_owned(),
            aud: API_AUDIENCE.to_owned(),
            sub: account.to_string(),
            jti: id.to_string(),
            iat: now.and_utc().timestamp(),
            nbf: (now - CLOCKS_DIFFER).and_utc().timestamp(),
            exp: end.and_utc().timestamp(),
        })
    }

    /// Whose token it is and which, if we signed it and its time has not run out. Whether it still
    /// holds is for the database to say.
    #[must_use]
    pub fn service_token_of(
        &self,
        token: &str,
        now: NaiveDateTime,
    ) -> Option<(ServiceAccountId, ServiceTokenId)> {
        let claims: ServiceClaims = self.services.read(token)?;
        let now = now.and_utc().timestamp();
        if claims.nbf > now || claims.exp <= now {
            return None;
        }
        Some((
            ServiceAccountId::parse(&claims.sub)?,
            ServiceTokenId::parse(&claims.jti)?,
        ))
    }

    /// The seal of a text for one purpose.
    #[must_use]
    pub fn seal(&self, purpose: &str, text: &str) -> String {
        hex::encode(seal(&self.mac, purpose, text).finalize().into_bytes())
    }

    /// Whether two texts are the same, found out in the same time whether they are or not.
    #[must_use]
    pub fn same(&self, one: &str, other: &str) -> bool {
        self.is_seal("same", one, &self.seal("same", other))
    }

    /// Whether this is the seal, found out in the same time whether it is or not.
    #[must_use]
    pub fn is_seal(&self, purpose: &str, text: &str, given: &str) -> bool {
        hex::decode(given)
            .is_ok_and(|given| seal(&self.mac, purpose, text).verify_slice(&given).is_ok())
    }
}

fn seal(mac: &Hmac<Sha256>, purpose: &str, text: &str) -> Hmac<Sha256> {
    let mut mac = mac.clone();
    mac.update(purpose.as_bytes());
    // No purpose holds this byte, so no two pairs of purpose and text look alike.
    mac.update(&[0]);
    mac.update(text.as_bytes());
    mac
}

#[cfg(test)]
mod tests {
    use super::*;
    use secrecy::SecretBox;

    fn keys(byte: u8) -> Keys {
        Keys::new(&SecretBox::new(Box::new(vec![byte; 32])))
    }

    fn at(text: &str) -> NaiveDateTime {
        text.parse().unwrap()
    }

    #[test]
    fn a_session_cookie_holds_until_its_time_is_up_and_for_its_own_key_only() {
        let (user, session) = (UserId::random(), SessionId::random());
        let nine = at("2022-01-03T09:00:00");
        let token = keys(1)
            .session_token(&user, &session, nine, Duration::hours(10))
            .unwrap();
        let of = |keys: Keys, now| keys.session_of(&token, at(now));
        assert_eq!(of(keys(1), "2022-01-03T09:00:00"), Some((user, session)));
        assert!(of(keys(1), "2022-01-03T18:59:59").is_some());
        assert_eq!(of(keys(1), "2022-01-03T19:00:00"), None);
        assert_eq!(of(keys(1), "2022-01-03T08:59:00"), None);
        assert_eq!(of(keys(2), "2022-01-03T09:00:00"), None);

        let past = |keys: Keys| keys.past_session_of(&token, at("2022-01-04T09:00:00"));
        assert!(past(keys(1)).is_some());
        assert_eq!(past(keys(2)), None);
    }

    #[test]
    fn the_token_of_a_program_holds_to_the_end_of_its_last_day_and_opens_no_page() {
        let (account, id) = (ServiceAccountId::random(), ServiceTokenId::random());
        let (made, last) = (at("2022-01-03T09:00:00"), "2022-01-10".parse().unwrap());
        let token = keys(1).service_token(&account, &id, made, last).unwrap();
        let of = |byte, now| keys(byte).service_token_of(&token, at(now));
        assert_eq!(of(1, "2022-01-10T23:59:59"), Some((account, id)));
        assert_eq!(of(1, "2022-01-11T00:00:00"), None);
        assert_eq!(of(1, "2022-01-03T08:59:00"), None);
        assert_eq!(of(2, "2022-01-03T09:00:00"), None);
        assert_eq!(keys(1).session_of(&token, made), None);

        let session = keys(1)
            .session_token(
                &UserId::random(),
                &SessionId::random(),
                made,
                Duration::hours(1),
            )
            .unwrap();
        assert_eq!(keys(1).service_token_of(&session, made), None);
    }

    #[test]
    fn a_seal_is_for_one_purpose() {
        let keys = keys(1);
        let seal = keys.seal("form", "abc");
        assert!(keys.is_seal("form", "abc", &seal));
        assert!(!keys.is_seal("notice", "abc", &seal));
        assert!(!keys.is_seal("form", "abd", &seal));
        assert!(!keys.is_seal("form", "abc", "no seal"));
    }
}
