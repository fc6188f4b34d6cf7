//! The tests that use the whole program.

mod annual_report;
mod command_line;
mod damaged_files;
mod helpers;
mod import_conferences;
mod import_identity;
mod schemas;
mod web_guard;
