//! Where the lines of a chart go. Widths are parts of a hundred, so that bars grow with the page
//! while their words keep their size; the template `components/chart` writes it down as SVG.

use serde::Serialize;

use super::{Bar, Chart, Shape, Step};

/// A chart with every line in its place.
#[derive(Debug, Clone, Serialize)]
pub struct Drawing {
    pub id: String,
    pub title: String,
    /// What somebody is told who does not see it.
    pub description: String,
    pub height: i64,
    ribbons: Vec<Ribbon>,
    bars: Vec<Rect>,
    words: Vec<Words>,
}

/// Those who go on from one step to the next: from one width to another.
#[derive(Debug, Clone, Serialize)]
struct Ribbon {
    y: i64,
    height: i64,
    points: String,
}

#[derive(Debug, Clone, Serialize)]
struct Rect {
    /// In percent of the width.
    x: String,
    y: i64,
    width: String,
    height: i64,
    hatched: bool,
}

#[derive(Debug, Clone, Serialize)]
struct Words {
    x: String,
    dx: i64,
    y: i64,
    text: String,
    strong: bool,
    at_end: bool,
}

const LINE: i64 = 20;
const BAR: i64 = 16;
const GAP: i64 = 12;
/// How many letters fit on a line of a phone.
const LETTERS: usize = 36;
/// The longest bar, in thousandths of the width: what stands beside it needs the rest.
const LONGEST: i64 = 560;

impl From<&Chart> for Drawing {
    fn from(chart: &Chart) -> Self {
        let mut drawing = Self {
            id: chart.id.clone(),
            title: chart.title.clone(),
            description: describe(chart),
            height: 0,
            ribbons: vec![],
            bars: vec![],
            words: vec![],
        };
        if chart.series.len() > 1 {
            drawing.legend(&chart.series);
        }
        match &chart.shape {
            Shape::Bars(bars) => drawing.draw_bars(bars),
            Shape::Flow(steps) => drawing.draw_flow(steps),
        }
        drawing
    }
}

impl Drawing {
    /// Which kind of bar is which period.
    fn legend(&mut self, periods: &[String]) {
        for (place, period) in periods.iter().enumerate() {
            self.bars.push(Rect {
                x: percent(0),
                y: self.height,
                width: percent(50),
                height: BAR,
                hatched: place > 0,
            });
            self.say(percent(50), 8, self.height + 13, period, false);
            self.height += LINE;
        }
        self.height += GAP;
    }

    fn draw_bars(&mut self, bars: &[Bar]) {
        let sizes = bars.iter().flat_map(|bar| &bar.values).map(|it| it.size);
        let most = sizes.max().unwrap_or_default();
        for bar in bars {
            self.label(&bar.label, false);
            for (place, value) in bar.values.iter().enumerate() {
                let width = share(value.size, most, LONGEST);
                self.bars.push(Rect {
                    x: percent(0),
                    y: self.height,
                    width: percent(width),
                    height: BAR,
                    hatched: place > 0,
                });
                let beside = if width == 0 { 0 } else { 6 };
                self.say(percent(width), beside, self.height + 13, &value.words, true);
                self.height += BAR + 2;
            }
            self.height += GAP - 2;
        }
        self.height -= GAP - 2;
    }

    fn draw_flow(&mut self, steps: &[Step]) {
        let all = steps.first().map(|step| step.count).unwrap_or_default();
        for (place, step) in steps.iter().enumerate() {
            self.label(&format!("{}: {}", step.label, step.count), true);
            let width = share(step.count, all, 1000);
            let going_on = steps
                .get(place + 1)
                .map_or(width, |next| share(next.count, all, 1000));
            let part = |x: i64, width: i64, hatched: bool, y: i64| Rect {
                x: percent(x),
                y,
                width: percent(width),
                height: BAR + 6,
                hatched,
            };
            self.bars.push(part(0, going_on, false, self.height));
            if going_on < width {
                self.bars
                    .push(part(going_on, width - going_on, true, self.height));
            }
            self.height += BAR + 6;
            let top = self.height;
            for left in &step.left {
                for line in wrapped(left) {
                    self.words.push(Words {
                        x: percent(1000),
                        dx: -2,
                        y: self.height + 15,
                        text: line,
                        strong: false,
                        at_end: true,
                    });
                    self.height += LINE;
                }
            }
            if let Some(next) = steps.get(place + 1) {
                // Down to the bar of the next step, behind its words.
                self.height += GAP;
                let next = format!("{}: {}", next.label, next.count);
                let lines = i64::try_from(wrapped(&next).len()).unwrap_or(1);
                self.ribbons.push(Ribbon {
                    y: top,
                    height: self.height + lines * LINE - top,
                    points: format!("0,0 {going_on},0 {going_on},1000 0,1000"),
                });
            }
        }
    }

    /// The words above a bar, in as many lines as they need.
    fn label(&mut self, text: &str, strong: bool) {
        for line in wrapped(text) {
            let inset = if strong { 6 } else { 0 };
            self.say(percent(0), inset, self.height + 14, &line, strong);
            self.height += LINE;
        }
    }

    fn say(&mut self, x: String, dx: i64, y: i64, text: &str, strong: bool) {
        self.words.push(Words {
            x,
            dx,
            y,
            text: text.to_owned(),
            strong,
            at_end: false,
        });
    }
}

/// A part of `whole` in thousandths; what is there at all is seen.
fn share(part: i64, whole: i64, thousandths: i64) -> i64 {
    if part <= 0 || whole <= 0 {
        return 0;
    }
    (part * thousandths / whole).max(3)
}

/// Thousandths as a percentage.
fn percent(thousandths: i64) -> String {
    format!("{}.{}%", thousandths / 10, thousandths % 10)
}

/// A text in lines that fit on a phone. A word is not broken.
fn wrapped(text: &str) -> Vec<String> {
    let mut lines: Vec<String> = vec![];
    for word in text.split_whitespace() {
        match lines.last_mut() {
            Some(line) if line.chars().count() + 1 + word.chars().count() <= LETTERS => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}

/// The chart in words: all of a few values, the largest of many.
fn describe(chart: &Chart) -> String {
    const FEW: usize = 6;
    match &chart.shape {
        Shape::Flow(steps) => {
            let told = steps.iter().map(|step| {
                let left = step.left.join(", ");
                let after = if left.is_empty() { "" } else { ", of these: " };
                format!("{}: {}{after}{left}", step.label, step.count)
            });
            format!("A flow. {}.", told.collect::<Vec<_>>().join(". "))
        }
        Shape::Bars(bars) => {
            let mut told: Vec<&Bar> = bars.iter().collect();
            let many = told.len() > FEW;
            if many {
                let size = |bar: &Bar| bar.values.first().map(|value| value.size);
                told.sort_by_key(|bar| std::cmp::Reverse(size(bar)));
                told.truncate(3);
            }
            let told = told.iter().map(|bar| {
                let values = bar.values.iter().map(|value| value.words.as_str());
                format!(
                    "{}: {}",
                    bar.label,
                    values.collect::<Vec<_>>().join(" against ")
                )
            });
            let told = told.collect::<Vec<_>>().join("; ");
            let periods = match chart.series.as_slice() {
                [one, other] => format!(" for {one} against {other}"),
                _ => String::new(),
            };
            if many {
                format!(
                    "{} bars{periods}. The longest: {told}. All are in the table.",
                    bars.len()
                )
            } else {
                format!("Bars{periods}. {told}.")
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::Value;
    use super::*;

    fn chart(shape: Shape) -> Chart {
        Chart {
            id: "chart".to_owned(),
            title: "Referrals".to_owned(),
            series: vec!["2021 to 2022".to_owned()],
            shape,
        }
    }

    fn bar(label: &str, size: i64) -> Bar {
        Bar {
            label: label.to_owned(),
            values: vec![Value {
                size,
                words: size.to_string(),
            }],
        }
    }

    #[test]
    fn a_bar_is_as_long_as_its_number_and_the_least_is_still_seen() {
        let bars = vec![bar("A", 200), bar("B", 100), bar("C", 0), bar("D", 1)];
        let drawing = Drawing::from(&chart(Shape::Bars(bars)));
        let widths: Vec<_> = drawing.bars.iter().map(|it| it.width.as_str()).collect();
        assert_eq!(widths, ["56.0%", "28.0%", "0.0%", "0.3%"]);
    }

    #[test]
    fn every_bar_says_its_value() {
        let drawing = Drawing::from(&chart(Shape::Bars(vec![bar("A", 7), bar("B", 0)])));
        for value in ["7", "0"] {
            assert!(drawing.words.iter().any(|words| words.text == value));
        }
    }

    #[test]
    fn a_second_year_is_told_apart_without_colour() {
        let mut pair = bar("A", 4);
        pair.values.push(Value {
            size: 2,
            words: "2".to_owned(),
        });
        let drawing = Drawing::from(&Chart {
            series: vec!["This".to_owned(), "Last".to_owned()],
            ..chart(Shape::Bars(vec![pair]))
        });
        let hatched: Vec<_> = drawing.bars.iter().map(|bar| bar.hatched).collect();
        assert_eq!(hatched, [false, true, false, true]);
        assert!(drawing.description.contains("This against Last"));
    }

    #[test]
    fn in_a_flow_those_who_leave_and_those_who_go_on_are_all_there() {
        let step = |label: &str, count: i64, left: &[&str]| Step {
            label: label.to_owned(),
            count,
            left: left.iter().map(|&it| it.to_owned()).collect(),
        };
        let steps = vec![
            step("Referred", 4, &["Not accepted: 3"]),
            step("Accepted", 1, &[]),
        ];
        let drawing = Drawing::from(&chart(Shape::Flow(steps)));
        let parts: Vec<_> = drawing
            .bars
            .iter()
            .map(|bar| (bar.width.as_str(), bar.hatched))
            .collect();
        assert_eq!(parts, [("25.0%", false), ("75.0%", true), ("25.0%", false)]);
        assert_eq!(
            drawing.description,
            "A flow. Referred: 4, of these: Not accepted: 3. Accepted: 1."
        );
    }

    #[test]
    fn of_many_bars_the_longest_are_told() {
        let bars = (0..9).map(|n| bar(&format!("R{n}"), n)).collect();
        let told = describe(&chart(Shape::Bars(bars)));
        assert_eq!(
            told,
            "9 bars. The longest: R8: 8; R7: 7; R6: 6. All are in the table."
        );
    }

    #[test]
    fn a_label_breaks_between_words() {
        let lines = wrapped("Automatic: initial child protection conference, aged 11 to 18");
        assert_eq!(lines.len(), 2);
        assert!(lines.iter().all(|line| line.len() <= LETTERS));
    }
}
