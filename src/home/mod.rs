//! What people see first: their work, what a search finds, and one young person's record over all
//! referrals and cases. Read-only screens over several concepts.

pub mod drafts;
pub mod pages;
mod store;
