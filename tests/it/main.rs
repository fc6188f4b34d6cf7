//! The tests that use the whole program.

mod web_guard;
