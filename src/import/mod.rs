//! Bringing records in from elsewhere: conference schedules and moved-in spreadsheets.

pub mod reading;
