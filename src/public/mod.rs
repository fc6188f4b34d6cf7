//! Asking for an officer from outside: a young person themselves, a parent or carer, a
//! professional. Nobody signs in, and nothing of it stays on the browser that was used: no cookie
//! that knows somebody, nothing in an address, no page that is kept, no draft.

pub mod pages;
pub mod rules;
