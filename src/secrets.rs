//! The keys of the service: made at first start, kept in the data directory, readable by their
//! owner only, or given in the settings where several instances share them.

use std::fs::OpenOptions;
use std::io::Write;
use std::path::{Path, PathBuf};

use secrecy::{ExposeSecret, SecretBox, SecretString};

use crate::failure::Fault;

const LENGTH: usize = 32;

/// A key.
pub type Key = SecretBox<Vec<u8>>;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Which {
    /// Signs the cookies of those who signed in.
    Session,
    /// Seals the access record.
    Audit,
}

impl Which {
    fn file(self, data_dir: &Path) -> PathBuf {
        data_dir.join(match self {
            Self::Session => "session.key",
            Self::Audit => "audit.key",
        })
    }
}

/// Where a key stands.
pub enum Found {
    Key(Key),
    Missing(PathBuf),
}

/// The key from the settings or the data directory, if there is one.
pub fn find(which: Which, given: &SecretString, data_dir: &Path) -> Result<Found, Fault> {
    let given = given.expose_secret();
    if !given.is_empty() {
        return parse(given, "the settings").map(Found::Key);
    }
    let file = which.file(data_dir);
    match std::fs::read_to_string(&file) {
        Ok(text) => parse(text.trim(), &file.display().to_string()).map(Found::Key),
        Err(cause) if cause.kind() == std::io::ErrorKind::NotFound => Ok(Found::Missing(file)),
        Err(cause) => Err(Fault::because(
            &format!("the key {} cannot be read", file.display()),
            &cause,
        )),
    }
}

fn parse(text: &str, place: &str) -> Result<Key, Fault> {
    hex::decode(text)
        .ok()
        .filter(|bytes| bytes.len() == LENGTH)
        .map(|bytes| SecretBox::new(Box::new(bytes)))
        .ok_or_else(|| Fault::new(format!("a key in {place} is not 64 hexadecimal digits")))
}

/// Makes a key where there is none.
pub fn find_or_make(which: Which, given: &SecretString, data_dir: &Path) -> Result<Key, Fault> {
    let file = match find(which, given, data_dir)? {
        Found::Key(key) => return Ok(key),
        Found::Missing(file) => file,
    };
    let fault = |cause: std::io::Error| {
        Fault::because(
            &format!("the key {} cannot be made", file.display()),
            &cause,
        )
    };
    std::fs::create_dir_all(data_dir).map_err(fault)?;
    let mut bytes = Vec::with_capacity(LENGTH);
    while bytes.len() < LENGTH {
        bytes.extend_from_slice(uuid::Uuid::new_v4().as_bytes());
    }
    // Six of each sixteen bytes' bits are fixed in a UUID; hashing spreads what is left evenly.
    let bytes = spread(&bytes);
    // Written beside and linked into place, so that two starts at once agree on one key.
    let draft = file.with_extension(format!("{}.new", std::process::id()));
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut out = options.open(&draft).map_err(fault)?;
    out.write_all(hex::encode(&bytes).as_bytes())
        .map_err(fault)?;
    out.sync_all().map_err(fault)?;
    let linked = std::fs::hard_link(&draft, &file);
    std::fs::remove_file(&draft).map_err(fault)?;
    match linked {
        Ok(()) => Ok(SecretBox::new(Box::new(bytes))),
        Err(cause) if cause.kind() == std::io::ErrorKind::AlreadyExists => {
            find_or_make(which, given, data_dir)
        }
        Err(cause) => Err(fault(cause)),
    }
}

fn spread(bytes: &[u8]) -> Vec<u8> {
    use sha2::{Digest, Sha256};
    Sha256::digest(bytes).to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_made_once_and_its_owner_alone_reads_it() {
        let dir = tempfile::tempdir().unwrap();
        let none = SecretString::from("");
        let first = find_or_make(Which::Audit, &none, dir.path()).unwrap();
        let again = find_or_make(Which::Audit, &none, dir.path()).unwrap();
        assert_eq!(first.expose_secret(), again.expose_secret());
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let file = std::fs::metadata(dir.path().join("audit.key")).unwrap();
            assert_eq!(file.permissions().mode() & 0o777, 0o600);
        }
    }

    #[test]
    fn a_key_that_is_not_one_is_refused() {
        let given = SecretString::from("abc");
        assert!(find(Which::Session, &given, Path::new("none")).is_err());
    }
}
