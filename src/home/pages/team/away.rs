//! Who is away or will be, and who covers.

use std::collections::HashMap;

use chrono::NaiveDate;
use serde::Serialize;

use crate::calendar::show as day;
use crate::ids::UserId;
use crate::team::Absence;

#[derive(Serialize)]
pub(super) struct Block {
    lines: Vec<Line>,
}

#[derive(Serialize)]
struct Line {
    officer: String,
    when: String,
    cover: String,
    /// The cover is away too on some of the days.
    gap: Option<String>,
    now: bool,
    href: String,
}

pub(super) fn block(
    absences: &[Absence],
    names: &HashMap<UserId, String>,
    today: NaiveDate,
) -> Block {
    let name = |id: &UserId| names.get(id).map_or("Somebody", String::as_str);
    let lines = absences
        .iter()
        .map(|absence| {
            let mut cover = match &absence.covered_by {
                Some(officer) => format!("{} covers", name(officer)),
                None if absence.exceptions.is_empty() => "Nobody covers".to_owned(),
                None => "Nobody covers the rest".to_owned(),
            };
            let mut apart: HashMap<&UserId, usize> = HashMap::new();
            for (_, officer) in &absence.exceptions {
                *apart.entry(officer).or_default() += 1;
            }
            let mut apart: Vec<String> = apart
                .into_iter()
                .map(|(officer, cases)| match cases {
                    1 => format!("{} 1 case", name(officer)),
                    cases => format!("{} {cases} cases", name(officer)),
                })
                .collect();
            apart.sort();
            if !apart.is_empty() {
                cover = format!("{cover}; {}", apart.join(", "));
            }
            let covers = absence.exceptions.iter().map(|(_, officer)| officer);
            let gap = absence
                .covered_by
                .iter()
                .chain(covers)
                .find_map(|cover| {
                    absences.iter().find(|other| {
                        other.officer == *cover
                            && other.from <= absence.to
                            && absence.from <= other.to
                    })
                })
                .map(|other| {
                    format!(
                        "{} is away too from {} to {}",
                        name(&other.officer),
                        day(other.from),
                        day(other.to)
                    )
                });
            Line {
                officer: name(&absence.officer).to_owned(),
                when: format!("{} to {}", day(absence.from), day(absence.to)),
                cover,
                gap,
                now: absence.from <= today,
                href: format!("/team/absences/{}", absence.id),
            }
        })
        .collect();
    Block { lines }
}
