//! How often somebody may ask for an officer from one address, how often another program may ask, and
//! how often somebody may try a password: so many wrong ones for one account and from one address,
//! then a wait. A right password is given back its try, so that a whole office behind one address
//! can sign in at nine.

use std::collections::HashMap;
use std::net::{IpAddr, SocketAddr};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use actix_web::HttpRequest;

use crate::settings::{Api, Asking, Settings, SignIn};

/// No more callers than this are remembered at once.
const REMEMBERED: usize = 20_000;

/// The limits on signing in, and on asking from outside.
pub struct Limits {
    accounts: Limiter,
    addresses: Limiter,
    asking: Limiter,
    began: Instant,
}

/// The limits on requests of other programs, by account.
pub struct Calls {
    accounts: Limiter,
    began: Instant,
}

impl Calls {
    #[must_use]
    pub fn new(settings: &Api) -> Self {
        let every = Duration::from_secs(u64::from(settings.call_every_seconds));
        Self {
            accounts: Limiter::new(settings.calls_at_once, every),
            began: Instant::now(),
        }
    }

    pub fn take(&self, account: &str) -> Result<(), Wait> {
        self.accounts.take(account, self.began.elapsed())
    }
}

/// Somebody has to wait.
#[derive(Debug, PartialEq, Eq)]
pub struct Wait(pub Duration);

impl Wait {
    /// "a minute", "5 minutes".
    #[must_use]
    pub fn words(&self) -> String {
        match self.0.as_secs().div_ceil(60) {
            0 | 1 => "a minute".to_owned(),
            more => format!("{more} minutes"),
        }
    }
}

impl Limits {
    #[must_use]
    pub fn new(settings: &SignIn, asking: &Asking) -> Self {
        let every = Duration::from_secs(u64::from(settings.attempt_every_seconds));
        Self {
            accounts: Limiter::new(settings.attempts_per_account, every),
            addresses: Limiter::new(settings.attempts_per_address, every),
            asking: Limiter::new(
                asking.sends_per_address,
                Duration::from_secs(u64::from(asking.send_every_seconds)),
            ),
            began: Instant::now(),
        }
    }

    /// Takes a try for this account from this address.
    pub fn take(&self, account: &str, address: &str) -> Result<(), Wait> {
        let now = self.began.elapsed();
        self.addresses.take(address, now)?;
        self.accounts.take(&account.to_lowercase(), now)
    }

    /// Takes one sending from this address.
    pub fn take_asking(&self, address: &str) -> Result<(), Wait> {
        self.asking.take(address, self.began.elapsed())
    }

    /// The password was right: the try does not count.
    pub fn give_back(&self, account: &str, address: &str) {
        self.addresses.give_back(address);
        self.accounts.give_back(&account.to_lowercase());
    }
}

/// Where a request comes from, as far as limits go: one address, or one network of IPv6.
#[must_use]
pub fn address_of(request: &HttpRequest, settings: &Settings) -> String {
    let forwarded = settings
        .server
        .behind_proxy
        .then(|| {
            // The last hop is the one that our own proxy wrote.
            let list = request.headers().get("x-forwarded-for")?.to_str().ok()?;
            let last = list.rsplit(',').next()?.trim();
            last.parse::<IpAddr>()
                .ok()
                .or_else(|| last.parse::<SocketAddr>().ok().map(|peer| peer.ip()))
        })
        .flatten();
    match forwarded.or_else(|| request.peer_addr().map(|peer| peer.ip())) {
        Some(IpAddr::V4(address)) => address.to_string(),
        // Whoever has one address of IPv6 has as many as they like of the same network.
        Some(IpAddr::V6(address)) => match address.to_ipv4_mapped() {
            Some(address) => address.to_string(),
            None => {
                let [a, b, c, d, ..] = address.segments();
                format!("{a:x}:{b:x}:{c:x}:{d:x}::/64")
            }
        },
        None => "unknown".to_owned(),
    }
}

/// The generic cell rate algorithm: for each caller only the time at which all tries are back.
struct Limiter {
    burst: u32,
    every: Duration,
    full_at: Mutex<HashMap<String, Duration>>,
}

impl Limiter {
    fn new(burst: u32, every: Duration) -> Self {
        Self {
            burst: burst.max(1),
            every,
            full_at: Mutex::new(HashMap::new()),
        }
    }

    fn take(&self, caller: &str, now: Duration) -> Result<(), Wait> {
        let mut full_at = self.full_at.lock().unwrap_or_else(PoisonError::into_inner);
        if full_at.len() >= REMEMBERED {
            full_at.retain(|_, at| *at > now);
        }
        if full_at.len() >= REMEMBERED {
            // Too many to remember: nobody new may try until some are forgotten.
            if !full_at.contains_key(caller) {
                return Err(Wait(self.every));
            }
        }
        let at = full_at.entry(caller.to_owned()).or_insert(now);
        let next = (*at).max(now) + self.every;
        let allowed = now + self.every * self.burst;
        if next > allowed {
            return Err(Wait(next - allowed));
        }
        *at = next;
        Ok(())
    }

    fn give_back(&self, caller: &str) {
        let mut full_at = self.full_at.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(at) = full_at.get_mut(caller) {
            *at = at.saturating_sub(self.every);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: u64) -> Duration {
        Duration::from_secs(seconds)
    }

    #[test]
    fn wrong_passwords_in_a_row_lead_to_a_wait_that_ends() {
        let limiter = Limiter::new(3, at(60));
        for _ in 0..3 {
            assert_eq!(limiter.take("a", at(0)), Ok(()));
        }
        assert_eq!(limiter.take("a", at(0)), Err(Wait(at(60))));
        assert_eq!(limiter.take("b", at(0)), Ok(()));
        assert_eq!(limiter.take("a", at(59)), Err(Wait(at(1))));
        assert_eq!(limiter.take("a", at(60)), Ok(()));
        assert!(limiter.take("a", at(60)).is_err());
    }

    #[test]
    fn right_passwords_do_not_count() {
        let limiter = Limiter::new(2, at(60));
        for _ in 0..100 {
            assert_eq!(limiter.take("office", at(0)), Ok(()));
            limiter.give_back("office");
        }
    }

    #[test]
    fn those_who_waited_long_enough_are_forgotten() {
        let limiter = Limiter::new(2, at(60));
        for caller in 0..REMEMBERED {
            limiter.take(&caller.to_string(), at(0)).unwrap();
        }
        assert!(limiter.take("new", at(59)).is_err());
        assert_eq!(limiter.take("new", at(61)), Ok(()));
        assert_eq!(limiter.full_at.lock().unwrap().len(), 1);
    }
}
