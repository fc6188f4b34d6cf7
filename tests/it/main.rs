//! The tests that use the whole program.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "what helps a test may end it, as the test itself may"
)]

mod access_record;
mod allocation;
mod annual_report;
mod architecture;
mod asking;
mod backups;
mod casework;
mod command_line;
mod complaints;
mod conferences_diary;
mod contacts;
mod damaged_files;
mod doctor;
mod documents;
mod doors;
mod drafts;
mod edge_of_the_period;
mod figures;
mod helpers;
mod import_conferences;
mod import_history;
mod import_identity;
mod import_killed;
mod import_of_anything;
mod import_undo;
mod import_web;
mod import_workbooks;
mod issues;
mod lists_of_others;
mod mail;
mod matching;
mod meetings;
mod merges;
mod people;
mod permissions;
mod policy;
mod programs;
mod reconciliation;
mod report_files;
mod restrictions;
mod review;
mod schemas;
mod search;
mod second_way;
mod themes;
mod watched_folder;
mod web_guard;
mod writers;
