//! Who may do what. One pure decision, from the role, the deed and the relationship to the young
//! person (domain.md section 10).

mod decide;
mod roles;

pub use decide::{Decision, Relationship, decide};
pub use roles::{Actor, Permission, Role, Scope};
