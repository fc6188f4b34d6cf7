//! The settings: the defaults, a council's own file over them, the environment over both.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use chrono::Duration;
use figment::Figment;
use figment::providers::{Env, Format, Toml};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;

use crate::db::Address;
use crate::failure::Fault;
use crate::staff::rules::SessionLimits;

const DEFAULTS: &str = include_str!("../config/default.toml");

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    pub service: Service,
    pub server: Server,
    pub database: Database,
    pub secrets: SecretSettings,
    pub sign_in: SignIn,
    pub work: Work,
    pub complaints: Complaints,
    pub report: Report,
    pub import: Import,
    pub asking: Asking,
    pub mail: Mail,
    pub api: Api,
    pub intake: Intake,
    /// Where the files of the service are: the SQLite database and the keys.
    #[serde(skip)]
    pub data_dir: PathBuf,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Service {
    pub name: String,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Server {
    pub address: String,
    pub public_url: String,
    pub workers: usize,
    pub behind_proxy: bool,
    pub migrate: bool,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Database {
    pub url: SecretString,
    pub connections: u32,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SecretSettings {
    pub session_key: SecretString,
    pub audit_key: SecretString,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SignIn {
    pub idle_minutes: u32,
    pub absolute_hours: u32,
    pub attempts_per_account: u32,
    pub attempts_per_address: u32,
    pub attempt_every_seconds: u32,
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Work {
    pub conference_near_days: i64,
    pub stale_days: i64,
    pub cases_per_full_time: i64,
    pub restriction_review_days: u32,
    pub keep_drafts_days: u32,
}

/// From which day stage 2 of a complaint counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum StageTwoStarts {
    Request,
    Statement,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Complaints {
    pub stage_2_starts: StageTwoStarts,
    pub near_days: u32,
    pub ask_for_stage_3_days: u32,
    pub informal_days: u32,
    pub corporate_days: [u32; 2],
    pub nhs_days: [u32; 2],
    pub school_days: [u32; 2],
    pub other_days: [u32; 2],
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Report {
    pub age_band: i32,
    pub smallest_number: i64,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Import {
    pub child_source: String,
    pub conference_source: String,
    pub largest_file_mb: u64,
    pub keep_files_days: u32,
    #[serde(default)]
    pub conference_columns: BTreeMap<String, String>,
    #[serde(default)]
    pub history_columns: BTreeMap<String, String>,
    #[serde(default)]
    pub placement_columns: BTreeMap<String, String>,
    #[serde(default)]
    pub legal_status_columns: BTreeMap<String, String>,
    #[serde(default)]
    pub placement_kinds: BTreeMap<String, PlacementKind>,
}

/// What a code of the SSDA903 return says of a home, and in which years of the return it was used:
/// each by the year in which it ends.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlacementKind {
    pub home: String,
    pub first_year: Option<i32>,
    pub last_year: Option<i32>,
}

/// What other programs may do by the interface for programs.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Api {
    pub calls_at_once: u32,
    pub call_every_seconds: u32,
    pub largest_body_mb: u64,
    pub slowest_body_seconds: u32,
    pub most_rows: usize,
    pub keep_answers_days: u32,
    pub longest_token_days: u32,
}

/// The folder into which a nightly job puts files.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Intake {
    pub folder: String,
    pub look_every_seconds: u32,
}

/// What the pages for asking from outside say and allow.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Asking {
    pub answer_working_days: u32,
    pub youngest: i32,
    pub oldest: i32,
    pub area: String,
    pub phone: String,
    /// A number, and what it is for.
    pub danger: Vec<[String; 2]>,
    pub exit_to: String,
    pub quickest_seconds: u32,
    pub form_hours: u32,
    pub sends_per_address: u32,
    pub send_every_seconds: u32,
}

/// How the connection to the mail server is protected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum MailSecurity {
    None,
    StartTls,
    Tls,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mail {
    pub host: String,
    pub port: u16,
    pub security: MailSecurity,
    pub user: String,
    pub password: SecretString,
    pub from: String,
    pub attempts: u32,
    pub first_wait_seconds: u32,
}

impl Mail {
    /// Without a server no e-mail is written, and no page promises one.
    #[must_use]
    pub fn is_on(&self) -> bool {
        !self.host.is_empty()
    }
}

/// Environment variables that are not settings: they say where things are, or how to test.
const NOT_SETTINGS: &[&str] = &[
    "database_url",
    "data_dir",
    "config",
    "password",
    "test_postgres",
    "test_all",
    "write_docs",
];

impl Settings {
    /// Reads the settings. A key nobody knows is an error, in a file and in the environment.
    pub fn load(file: Option<&Path>, data_dir: &Path) -> Result<Self, Fault> {
        let mut figment = Figment::from(Toml::string(DEFAULTS));
        if let Some(file) = file {
            if !file.is_file() {
                return Err(Fault::new(format!(
                    "there is no settings file {}",
                    file.display()
                )));
            }
            figment = figment.merge(Toml::file_exact(file));
        }
        let figment = figment.merge(
            Env::prefixed("HEARD_")
                .filter(|key| !NOT_SETTINGS.iter().any(|other| key == *other))
                .split("__"),
        );
        let mut settings: Self = figment
            .extract()
            .map_err(|cause| Fault::because("the settings cannot be used", &cause))?;
        settings.data_dir = data_dir.to_path_buf();
        Ok(settings)
    }

    /// Which database: the one named on the command line, in the environment, in the settings, or
    /// a SQLite file in the data directory.
    pub fn address(&self, named: Option<&str>) -> Result<Address, String> {
        let from_settings = self.database.url.expose_secret();
        match named.filter(|url| !url.is_empty()) {
            Some(url) => url.parse(),
            None if !from_settings.is_empty() => from_settings.parse(),
            None => Ok(Address::Sqlite(self.data_dir.join("heard.db"))),
        }
    }

    #[must_use]
    pub fn session_limits(&self) -> SessionLimits {
        SessionLimits {
            idle: Duration::minutes(i64::from(self.sign_in.idle_minutes)),
            absolute: Duration::hours(i64::from(self.sign_in.absolute_hours)),
        }
    }

    /// True where pages are reached over an encrypted connection.
    #[must_use]
    pub fn encrypted(&self) -> bool {
        self.server.public_url.starts_with("https://")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_defaults_are_complete() {
        let settings = Settings::load(None, Path::new("data")).unwrap();
        assert_eq!(
            settings.address(None).unwrap().to_string(),
            "sqlite:data/heard.db"
        );
    }

    #[test]
    fn a_key_nobody_knows_is_an_error() {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), "[server]\nadress = \"x\"\n").unwrap();
        let fault = Settings::load(Some(file.path()), Path::new("data")).unwrap_err();
        assert!(fault.to_string().contains("adress"), "{fault}");
    }
}
