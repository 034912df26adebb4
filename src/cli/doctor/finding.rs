//! What a step of `terrakeep doctor` found.

use serde_json::{Value, json};

use crate::cli::text::printable;

/// How a step went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum State {
    /// As it should be.
    Fine,
    /// It works here, but may not work for terraform or for others.
    Warning,
    /// It does not work.
    Failed,
}

/// The outcome of one step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Finding {
    /// How it went.
    pub(super) state: State,
    /// What was looked at, in a word or two.
    pub(super) step: &'static str,
    /// What was found, and what to do about it.
    pub(super) detail: String,
}

impl State {
    fn word(self) -> &'static str {
        match self {
            Self::Fine => "ok",
            Self::Warning => "warning",
            Self::Failed => "failed",
        }
    }
}

impl Finding {
    /// Makes a finding of something that is as it should be.
    pub(super) fn fine(step: &'static str, detail: impl Into<String>) -> Self {
        Self::new(State::Fine, step, detail)
    }

    /// Makes a finding of something that may not work.
    pub(super) fn warning(step: &'static str, detail: impl Into<String>) -> Self {
        Self::new(State::Warning, step, detail)
    }

    /// Makes a finding of something that does not work.
    pub(super) fn failed(step: &'static str, detail: impl Into<String>) -> Self {
        Self::new(State::Failed, step, detail)
    }

    fn new(state: State, step: &'static str, detail: impl Into<String>) -> Self {
        Self {
            state,
            step,
            detail: detail.into(),
        }
    }

    /// Returns the finding for programs.
    pub(super) fn document(&self) -> Value {
        json!({ "state": self.state.word(), "step": self.step, "detail": self.detail })
    }
}

/// Returns the findings for people, a line each.
pub(super) fn in_words(findings: &[Finding]) -> String {
    let line = |found: &Finding| {
        let (state, step) = (found.state.word(), found.step);
        format!("{state:<8} {step:<12} {}\n", printable(&found.detail))
    };
    findings.iter().map(line).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_finding_is_a_line() {
        let findings = [
            Finding::fine("name", "it is 10.0.0.5"),
            Finding::failed("connection", "bad\u{1b}[2J"),
        ];
        assert_eq!(
            in_words(&findings),
            "ok       name         it is 10.0.0.5\nfailed   connection   bad\\u{1b}[2J\n"
        );
    }
}
