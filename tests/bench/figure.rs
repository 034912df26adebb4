//! A figure: what was measured, what it is compared with, and what it must and shall reach.

use serde::Serialize;

use crate::failure::{Failure, failure};

/// One line of the table.
#[derive(Debug, Serialize)]
pub(crate) struct Figure {
    /// What was measured.
    pub(crate) name: String,
    /// The outcome.
    pub(crate) measured: Quantity,
    /// What it is compared with, in the same run.
    pub(crate) baseline: Option<Quantity>,
    /// Measured by baseline.
    pub(crate) ratio: Option<Spread>,
    /// What it has to be.
    pub(crate) goal: Goal,
    /// Whether it is.
    pub(crate) verdict: Verdict,
    /// What else is worth knowing.
    pub(crate) note: String,
}

/// A number and what it counts.
#[derive(Debug, Clone, Copy, Serialize)]
pub(crate) struct Quantity {
    /// The number.
    pub(crate) value: f64,
    /// What it counts.
    pub(crate) unit: &'static str,
}

/// The middle of some numbers, and their ends.
#[derive(Debug, Clone, Copy, Serialize)]
pub(crate) struct Spread {
    /// As many are below as above.
    pub(crate) median: f64,
    /// The least.
    pub(crate) least: f64,
    /// The most.
    pub(crate) most: f64,
}

/// What a figure has to be: its ratio where it has one, else what was measured.
#[derive(Debug, Clone, Copy, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Goal {
    /// At least so much; more is better.
    AtLeast {
        /// Without this, the run fails.
        must: f64,
        /// What is aimed at.
        reach: f64,
    },
    /// At most so much; less is better.
    AtMost {
        /// Without this, the run fails.
        must: f64,
        /// What is aimed at.
        reach: f64,
    },
}

/// How a figure stands to its goal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Verdict {
    /// It is what is aimed at.
    Reached,
    /// It is what it must be.
    Ok,
    /// It is not.
    Missed,
    /// It could not be measured here.
    Skipped,
}

impl Figure {
    /// A figure that is judged by its ratio.
    pub(crate) fn compared(
        name: &str,
        goal: Goal,
        measured: Quantity,
        baseline: Quantity,
        ratio: Spread,
    ) -> Self {
        let verdict = goal.judge(ratio.median);
        let (name, note) = (name.to_owned(), String::new());
        Self {
            name,
            measured,
            baseline: Some(baseline),
            ratio: Some(ratio),
            goal,
            verdict,
            note,
        }
    }

    /// A figure that is judged by itself.
    pub(crate) fn alone(name: &str, goal: Goal, measured: Quantity) -> Self {
        let verdict = goal.judge(measured.value);
        let (name, note) = (name.to_owned(), String::new());
        Self {
            name,
            measured,
            baseline: None,
            ratio: None,
            goal,
            verdict,
            note,
        }
    }

    /// A figure that cannot be measured here, for this reason.
    pub(crate) fn skipped(name: &str, goal: Goal, reason: &str) -> Self {
        let nothing = Quantity {
            value: 0.0,
            unit: "",
        };
        let figure = Self::alone(name, goal, nothing).with_note(reason);
        Self {
            verdict: Verdict::Skipped,
            ..figure
        }
    }

    /// The same with a note.
    pub(crate) fn with_note(self, note: impl Into<String>) -> Self {
        Self {
            note: note.into(),
            ..self
        }
    }
}

impl Spread {
    /// The spread of some numbers, at least one.
    pub(crate) fn of(mut numbers: Vec<f64>) -> Result<Self, Failure> {
        numbers.sort_by(f64::total_cmp);
        let at = |place: usize| {
            numbers
                .get(place)
                .copied()
                .ok_or_else(|| failure("no numbers"))
        };
        let last = numbers.len().saturating_sub(1);
        Ok(Self {
            median: at(numbers.len() / 2)?,
            least: at(0)?,
            most: at(last)?,
        })
    }
}

impl Goal {
    fn judge(self, value: f64) -> Verdict {
        let (reached, ok) = match self {
            Self::AtLeast { must, reach } => (value >= reach, value >= must),
            Self::AtMost { must, reach } => (value <= reach, value <= must),
        };
        match (reached, ok) {
            (true, _) => Verdict::Reached,
            (false, true) => Verdict::Ok,
            (false, false) => Verdict::Missed,
        }
    }
}
