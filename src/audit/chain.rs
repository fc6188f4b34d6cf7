//! How one line of the access record is sealed to the last: a keyed hash over both.

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// The key of the chain. Without it nobody can write a line that fits.
#[derive(Clone)]
pub struct Seal(Hmac<Sha256>);

impl Seal {
    #[must_use]
    pub fn new(key: &[u8]) -> Self {
        // HMAC takes keys of any length; the error type has no value that can occur.
        Self(Hmac::new_from_slice(key).unwrap_or_else(|_| Hmac::new(&Default::default())))
    }

    /// The hash of a line: over the hash before it and every one of its parts.
    #[must_use]
    pub(super) fn line(&self, parts: &[&str]) -> String {
        self.over("line", parts)
    }

    /// The seal of the last line, so that lines cut off the end are missed.
    #[must_use]
    pub(super) fn head(&self, seq: i64, hash: &str) -> String {
        self.over("head", &[&seq.to_string(), hash])
    }

    /// The seal of a copy of the database, by the hash of what it holds.
    #[must_use]
    pub fn copy(&self, contents: &str) -> String {
        self.over("copy", &[contents])
    }

    fn over(&self, purpose: &str, parts: &[&str]) -> String {
        let mut mac = self.0.clone();
        for part in std::iter::once(&purpose).chain(parts) {
            // Each part with its length, so that no two lists of parts look alike.
            mac.update(part.len().to_string().as_bytes());
            mac.update(b":");
            mac.update(part.as_bytes());
        }
        hex::encode(mac.finalize().into_bytes())
    }
}

impl std::fmt::Debug for Seal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Seal(…)")
    }
}
