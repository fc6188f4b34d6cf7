//! The tests that use the whole program.

mod annual_report;
mod damaged_files;
mod helpers;
mod schemas;
mod web_guard;
