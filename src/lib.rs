//! Heard: casework for Children's Rights Officers. This is the map, in reading order.

pub mod access; // who may do what
pub mod calendar; // days, ages, periods, the clock
pub mod failure; // what a piece of work can answer besides success
pub mod ids; // ids of everything kept
pub mod text; // names, e-mail addresses, notes, read once

pub mod audit; // the access record
pub mod ctx; // who acts, when, in which transaction
pub mod db; // SQLite or PostgreSQL

pub mod secrets; // the keys
pub mod settings; // settings: file, then environment

// The concepts, lowest first: each may use those above it in this list.
pub mod cases;
pub mod complaints;
pub mod conferences;
pub mod lists;
pub mod meetings;
pub mod referrals;
pub mod staff;
pub mod young_people;

// The doors.
pub mod home; // what people see first
pub mod import; // conference schedules, moved-in spreadsheets
pub mod report; // figures and the annual report

// The web service.
pub mod app; // the whole of it, built from the settings
pub mod routes; // every page in one table
pub mod web; // who asks, what they sent, the page that answers
