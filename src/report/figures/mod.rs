//! One definition for each figure. A table says which of its rows a fact belongs to; the count is
//! how many facts are there, and the list behind a count is those facts: screen, file and list
//! cannot differ, because they ask the same function.

pub mod breakdown;
pub mod count;
pub mod facts;
pub mod numbers;
pub mod registry;
pub mod rules;
