//! Days of the example data, written by how far they are from today, so that it never grows old:
//! `{-9}` is the working day nine days ago (or the one before it), `{+2}` the one in two days (or
//! the one after it), `{14y5m}` the birthday of somebody fourteen years and five months old.

use chrono::{Datelike, Days, Months, NaiveDate, Weekday};

/// The text with every such day written out. What is in braces and no such day stays as it is.
pub(super) fn written_out(text: &str, today: NaiveDate) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        out.push_str(before);
        match after.split_once('}') {
            Some((day, tail)) if read(day, today).is_some() => {
                out.extend(read(day, today).map(|day| day.to_string()));
                rest = tail;
            }
            _ => {
                out.push('{');
                rest = after;
            }
        }
    }
    out.push_str(rest);
    out
}

fn read(text: &str, today: NaiveDate) -> Option<NaiveDate> {
    if let Some(days) = text.strip_prefix('-') {
        let mut day = today.checked_sub_days(Days::new(days.parse().ok()?))?;
        while is_weekend(day) {
            day = day.pred_opt()?;
        }
        return Some(day);
    }
    if let Some(days) = text.strip_prefix('+') {
        let mut day = today.checked_add_days(Days::new(days.parse().ok()?))?;
        while is_weekend(day) {
            day = day.succ_opt()?;
        }
        return Some(day);
    }
    let (years, months) = text.strip_suffix('m')?.split_once('y')?;
    let months: u32 = years.parse::<u32>().ok()? * 12 + months.parse::<u32>().ok()?;
    today.checked_sub_months(Months::new(months))
}

fn is_weekend(day: NaiveDate) -> bool {
    matches!(day.weekday(), Weekday::Sat | Weekday::Sun)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_counted_from_today_and_fall_on_working_days() {
        let sunday = "2026-11-22".parse().unwrap();
        let text = "{-0} {+0} {-9} {14y5m} {\"a\":1}";
        let written = "2026-11-20 2026-11-23 2026-11-13 2012-06-22 {\"a\":1}";
        assert_eq!(written_out(text, sunday), written);
    }
}
