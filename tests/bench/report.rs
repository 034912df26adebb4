//! The table on standard output, printed line by line, and the file of all figures.

use std::path::Path;

use serde_json::json;

use crate::failure::Failure;
use crate::figure::{Figure, Goal, Quantity, Spread, Verdict};

/// The figures that have been measured so far.
pub(crate) struct Report {
    figures: Vec<Figure>,
}

impl Report {
    /// Prints the head of the table.
    pub(crate) fn begin() -> Self {
        say(&line([
            "figure",
            "measured",
            "baseline",
            "ratio (least–most)",
            "must",
            "reach",
            "",
        ]));
        Self {
            figures: Vec::new(),
        }
    }

    /// Adds a figure and prints it.
    pub(crate) fn add(&mut self, figure: Figure) {
        let (must, reach) = figure.goal.in_words();
        let verdict = match figure.verdict {
            Verdict::Reached => "reached",
            Verdict::Ok => "ok",
            Verdict::Missed => "MISSED",
            Verdict::Skipped => "skipped",
        };
        let measured = match figure.verdict {
            Verdict::Skipped => String::new(),
            Verdict::Reached | Verdict::Ok | Verdict::Missed => figure.measured.in_words(),
        };
        let baseline = figure.baseline.map_or_else(String::new, Quantity::in_words);
        let ratio = figure.ratio.map_or_else(String::new, Spread::in_words);
        say(&line([
            &figure.name,
            &measured,
            &baseline,
            &ratio,
            &must,
            &reach,
            verdict,
        ]));
        if !figure.note.is_empty() {
            say(&format!("    {}", figure.note));
        }
        self.figures.push(figure);
    }

    /// Returns whether every figure has the value that it must have.
    pub(crate) fn nothing_missed(&self) -> bool {
        self.figures
            .iter()
            .all(|figure| figure.verdict != Verdict::Missed)
    }

    /// Writes all figures into a file.
    pub(crate) fn write_json(&self, path: &Path) -> Result<(), Failure> {
        let document = json!({ "version": env!("CARGO_PKG_VERSION"), "figures": self.figures });
        Ok(std::fs::write(path, serde_json::to_vec_pretty(&document)?)?)
    }
}

/// Prints a line of the result.
#[expect(
    clippy::print_stdout,
    reason = "the table is what this program is run for"
)]
pub(crate) fn say(line: &str) {
    println!("{line}");
}

/// Prints a line about the progress.
#[expect(clippy::print_stderr, reason = "people who wait want to know for what")]
pub(crate) fn progress(line: &str) {
    eprintln!("{line}");
}

fn line([name, measured, baseline, ratio, must, reach, verdict]: [&str; 7]) -> String {
    let line = format!(
        "{name:<44} {measured:>14} {baseline:>14} {ratio:>18} {must:>9} {reach:>9}  {verdict}"
    );
    line.trim_end().to_owned()
}

impl Quantity {
    fn in_words(self) -> String {
        let Self { value, unit } = self;
        if value >= 100.0 {
            format!("{value:.0} {unit}")
        } else {
            format!("{value:.2} {unit}")
        }
    }
}

impl Spread {
    fn in_words(self) -> String {
        let Self {
            median,
            least,
            most,
        } = self;
        format!("{median:.2} ({least:.2}–{most:.2})")
    }
}

impl Goal {
    fn in_words(self) -> (String, String) {
        match self {
            Self::AtLeast { must, reach } => (format!("≥ {must}"), format!("≥ {reach}")),
            Self::AtMost { must, reach } => (format!("≤ {must}"), format!("≤ {reach}")),
        }
    }
}
