//! What people see first. Read-only pages over several concepts.

pub mod pages;
