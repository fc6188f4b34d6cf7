//! The program as it is typed.

use std::path::Path;
use std::process::{Command, Stdio};

use super::databases::folder;

/// What a run of the program left behind.
#[derive(Debug)]
pub struct Done {
    pub code: i32,
    pub out: String,
    pub err: String,
}

impl Done {
    /// Its standard output as one JSON document and nothing else.
    pub fn json(&self) -> serde_json::Value {
        assert_eq!(self.code, 0, "{self:?}");
        serde_json::from_str(&self.out).unwrap()
    }
}

/// Runs the program in a folder of its own.
pub fn heard(args: &[&str]) -> Done {
    run(folder().path(), None, args)
}

/// Runs the program with this folder for its data, and on this database.
pub fn run(data_dir: &Path, database: Option<&str>, args: &[&str]) -> Done {
    let output = command(data_dir, database, args).output().unwrap();
    Done {
        code: output.status.code().unwrap(),
        out: String::from_utf8(output.stdout).unwrap(),
        err: String::from_utf8(output.stderr).unwrap(),
    }
}

pub fn command(data_dir: &Path, database: Option<&str>, args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_heard"));
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("HEARD_") {
            command.env_remove(name);
        }
    }
    command.args(args).arg("--data-dir").arg(data_dir);
    command.args(
        database
            .map(|url| ["--database", url])
            .into_iter()
            .flatten(),
    );
    command.stdin(Stdio::null());
    command
}
