//! The tests that use the whole program.

mod access_record;
mod annual_report;
mod architecture;
mod casework;
mod command_line;
mod damaged_files;
mod edge_of_the_period;
mod helpers;
mod import_conferences;
mod import_history;
mod import_identity;
mod import_killed;
mod import_of_anything;
mod permissions;
mod schemas;
mod web_guard;
mod writers;
