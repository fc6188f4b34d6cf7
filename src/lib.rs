//! Heard: casework for Children's Rights Officers. This is the map, in reading order.

pub mod access; // who may do what
pub mod calendar; // days, ages, periods, the clock
pub mod failure; // what a piece of work can answer besides success
pub mod ids; // ids of everything kept
pub mod text; // names, e-mail addresses, notes, read once

pub mod audit; // the access record
pub mod ctx; // who acts, when, in which transaction
pub mod db; // SQLite or PostgreSQL

pub mod history; // what a field said before it was changed

pub mod secrets; // the keys
pub mod settings; // settings: file, then environment

pub mod mail; // e-mails on their way: a row with the work, sent afterwards

pub mod typesetting; // the typeface of printed files, and PDF that can be listened to

pub mod web; // who asks, what they sent, the page that answers

// The concepts, lowest first: each may use those above it here, never those below.

pub mod staff; // officers and other users, and their signing in

pub mod lists; // reasons, meeting types, closing reasons, the referral policy

pub mod holidays; // bank holidays, and the days on which the office is closed

pub mod young_people; // who they are

pub mod conferences; // child protection conferences and the children on them

pub mod policy; // which conferences refer whom, and what another policy would have done

pub mod team; // who carries the work: hours, caseloads, absences and cover, opposed wishes

pub mod referrals; // a request for an officer, up to its answer

pub mod cases; // the support that follows: opening, officers, closing

pub mod tasks; // what is to be done, by whom and by when

pub mod handover; // a whole caseload to other officers, when somebody leaves

pub mod contacts; // calls, visits, letters: whom, about whom, and what they said

pub mod issues; // what a young person wants, whom we asked, what came of it

pub mod meetings; // meetings supported

pub mod complaints; // informal and formal

pub mod themes; // what many cases have in common, asked and answered

pub mod case_studies; // one case told without saying whose it is

pub mod documents; // letters and sheets to give to a young person

pub mod requests; // somebody asks for an officer, from outside: read, taken on, or pointed elsewhere

pub mod restrictions; // records closed to members of staff

pub mod reconciliation; // where conferences and referrals do not agree, and what was decided

pub mod merges; // two records that are one person: last, since it moves what all others keep

// The doors.

pub mod import; // conference schedules, moved-in spreadsheets

pub mod report; // figures and the annual report

pub mod public; // asking for an officer, without signing in

pub mod home; // what people see first

pub mod app; // the whole web service, built from the settings
pub mod routes; // every page in one table

pub mod cli; // the command line
