//! `heard holidays`: merging a newer file of bank holidays.

use std::path::Path;

use super::{ACTOR, House, Stop, say};
use crate::audit::checkpoints;
use crate::calendar::show;
use crate::holidays::actions;

pub(super) fn run(house: &House, file: &Path) -> Result<(), Stop> {
    let text = std::fs::read_to_string(file)
        .map_err(|cause| Stop::Failed(format!("{} cannot be read: {cause}.", file.display())))?;
    let db = house.open()?;
    let merged = db.write(&ACTOR, |ctx| actions::merge(ctx, &text))?;
    db.read(&ACTOR, |ctx| {
        checkpoints::note(ctx, &house.settings.data_dir)
    })?;
    say(&format!(
        "Bank holidays added: {}. Known already: {}.",
        merged.added.len(),
        merged.known
    ))?;
    for holiday in &merged.added {
        say(&format!("  {}: {}", show(holiday.on), holiday.title))?;
    }
    if !merged.missing_in_file.is_empty() {
        say("On record and not in the file. They stay; look whether one was moved:")?;
        for holiday in &merged.missing_in_file {
            say(&format!("  {}: {}", show(holiday.on), holiday.title))?;
        }
    }
    match merged.last_known {
        Some(year) => say(&format!("Dates can be counted to the end of {year}.")),
        None => say("No year is known as a whole, so no date can be counted."),
    }
}
