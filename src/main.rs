//! The program `heard`: hands over to the command line.

use std::process::ExitCode;

fn main() -> ExitCode {
    heard::cli::run()
}
