//! Turning passwords into what is kept of them. Each costs memory and time on purpose, so no more
//! than a few are worked on at once.

use std::sync::{Condvar, Mutex, PoisonError};

use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, PasswordHash, Version};

use crate::failure::{Failure, Fault};

/// How many passwords are worked on at once, and how many may wait.
const AT_ONCE: usize = 2;
const MAY_WAIT: usize = 20;

static GATE: Gate = Gate {
    state: Mutex::new((0, 0)),
    freed: Condvar::new(),
};

struct Gate {
    /// (working, waiting)
    state: Mutex<(usize, usize)>,
    freed: Condvar,
}

struct Turn;

impl Gate {
    fn enter(&self) -> Result<Turn, Failure> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        if state.0 >= AT_ONCE {
            if state.1 >= MAY_WAIT {
                return Err(Failure::Busy);
            }
            state.1 += 1;
            state = self
                .freed
                .wait_while(state, |state| state.0 >= AT_ONCE)
                .unwrap_or_else(PoisonError::into_inner);
            state.1 -= 1;
        }
        state.0 += 1;
        Ok(Turn)
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        GATE.state.lock().unwrap_or_else(PoisonError::into_inner).0 -= 1;
        GATE.freed.notify_one();
    }
}

/// 19 MiB, two passes, one lane: the first choice of OWASP's password storage advice.
fn argon2id() -> Result<Argon2<'static>, Fault> {
    let params = Params::new(19 * 1024, 2, 1, None)
        .map_err(|_| Fault::new("the password settings are not usable"))?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

/// What is kept of a password.
pub fn hash(password: &str) -> Result<String, Failure> {
    let _turn = GATE.enter()?;
    let hash = argon2id()?
        .hash_password(password.as_bytes())
        .map_err(|_| Fault::new("a password could not be hashed"))?;
    Ok(hash.to_string())
}

/// Is this the password? Takes the same time when there is nothing to compare with, so that
/// nobody learns which accounts exist.
pub fn matches(password: &str, kept: Option<&str>) -> Result<bool, Failure> {
    let Some(kept) = kept else {
        hash(password)?;
        return Ok(false);
    };
    let kept = PasswordHash::new(kept).map_err(|_| Fault::new("a kept password cannot be read"))?;
    let _turn = GATE.enter()?;
    Ok(argon2id()?
        .verify_password(password.as_bytes(), &kept)
        .is_ok())
}

/// A password for a first signing-in: easy to read out, hard to guess (80 bits).
#[must_use]
pub fn generate() -> String {
    const LETTERS: &[u8; 32] = b"abcdefghjkmnpqrstuvwxyz23456789x";
    let bytes = uuid::Uuid::new_v4().into_bytes();
    let letters: Vec<char> = bytes
        .iter()
        .map(|byte| char::from(*LETTERS.get(usize::from(byte % 32)).unwrap_or(&b'x')))
        .collect();
    letters
        .chunks(4)
        .map(|four| four.iter().collect::<String>())
        .collect::<Vec<_>>()
        .join("-")
}
