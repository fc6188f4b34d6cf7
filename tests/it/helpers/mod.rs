//! What the tests share: a database of their own on either engine, people and files to begin
//! with, and the program itself.

pub mod databases;
pub mod given;
pub mod program;
pub mod schedule;

pub use databases::{Place, each_database, each_place, on_sqlite};
pub use given::{day, load_seeds, now_on};
pub use program::{Done, heard};

use heard::access::Actor;

/// The program itself, at work for a test.
pub const PROGRAM: Actor = Actor::System("test");
