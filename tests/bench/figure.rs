//! A figure: what was measured, its baseline, the goal, and whether it is reached.

use serde::Serialize;

use crate::failure::{Failure, failure};

/// One line of the table.
#[derive(Debug, Serialize)]
pub(crate) struct Figure {
    /// The name of what was measured.
    pub(crate) name: String,
    /// The measured value.
    pub(crate) measured: Quantity,
    /// The value that it is compared with, from the same run; `None` if it stands alone.
    pub(crate) baseline: Option<Quantity>,
    /// The ratio of measured value to baseline; `None` without a baseline.
    pub(crate) ratio: Option<Spread>,
    /// The value that it has to reach.
    pub(crate) goal: Goal,
    /// Whether the goal is reached.
    pub(crate) verdict: Verdict,
    /// Further information for the reader; may be empty.
    pub(crate) note: String,
}

/// A number with its unit.
#[derive(Debug, Clone, Copy, Serialize)]
pub(crate) struct Quantity {
    /// The number.
    pub(crate) value: f64,
    /// The unit of the number.
    pub(crate) unit: &'static str,
}

/// The median of some numbers, with the smallest and the largest one.
#[derive(Debug, Clone, Copy, Serialize)]
pub(crate) struct Spread {
    /// The median: as many numbers are below it as above it.
    pub(crate) median: f64,
    /// The smallest number.
    pub(crate) least: f64,
    /// The largest number.
    pub(crate) most: f64,
}

/// The goal of a figure: for its ratio if it has one, otherwise for the measured value.
#[derive(Debug, Clone, Copy, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Goal {
    /// At least this value; more is better.
    AtLeast {
        /// The value that it must have; otherwise the run fails.
        must: f64,
        /// The value that is aimed at.
        reach: f64,
    },
    /// At most this value; less is better.
    AtMost {
        /// The value that it must have; otherwise the run fails.
        must: f64,
        /// The value that is aimed at.
        reach: f64,
    },
}

/// The verdict on a figure, by its goal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Verdict {
    /// It has the value that is aimed at.
    Reached,
    /// It has the value that it must have.
    Ok,
    /// It does not have the value that it must have.
    Missed,
    /// It could not be measured here.
    Skipped,
}

impl Figure {
    /// Makes a figure that is judged by its ratio.
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

    /// Makes a figure that has no baseline and is judged by its value.
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

    /// Makes a figure that cannot be measured here, for this reason.
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

    /// Returns the figure with a note.
    pub(crate) fn with_note(self, note: impl Into<String>) -> Self {
        Self {
            note: note.into(),
            ..self
        }
    }
}

impl Spread {
    /// Returns the spread of some numbers, of which there must be at least one.
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
