//! `heard serve` and `heard demo`.

use super::{ACTOR, House, Stop, say};

pub(super) fn serve(_house: &House) -> Result<(), Stop> {
    Err(Stop::Failed("not wired".to_owned()))
}

pub(super) fn demo(_house: &House) -> Result<(), Stop> {
    let _ = ACTOR;
    say("not wired")
}
