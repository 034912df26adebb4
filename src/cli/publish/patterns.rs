//! Patterns as in `.gitignore`, of which the last one that matches counts. It reads no folders.
//!
//! A pattern without a leading `/` counts in every folder, also when it has a `/` in its middle. A
//! pattern that matches a folder matches everything in it.

use std::collections::HashMap;

use ignore::Match;
use ignore::gitignore::{Gitignore, GitignoreBuilder};

/// The most patterns that are read: more make every comparison slow.
const MOST_PATTERNS: usize = 10_000;

/// Why lines are not patterns.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(super) enum PatternError {
    /// One line is not a pattern.
    #[error("line {line} is not a pattern: {reason}")]
    Line {
        /// The number of the line, counted from 1.
        line: usize,
        /// What is wrong with it.
        reason: String,
    },
    /// There are too many.
    #[error("there are more than {MOST_PATTERNS} patterns; name whole folders instead")]
    TooMany,
    /// Together they are too complicated.
    #[error("the patterns are too complicated: {0}")]
    Complicated(String),
}

/// Patterns in their order.
#[derive(Debug)]
pub(super) struct Patterns {
    all: Gitignore,
    /// The number of the line of each pattern; of equal ones, that of the last.
    lines: HashMap<String, usize>,
    /// The number of the last line with a `!`.
    last_negation: Option<usize>,
}

/// The last pattern that matches a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct LastMatch {
    /// The number of its line.
    pub(super) line: usize,
    /// Whether it begins with `!`.
    pub(super) is_negated: bool,
}

impl Patterns {
    /// Parses one pattern in each line; empty lines and comments are none.
    pub(super) fn parse(text: &str) -> Result<Self, PatternError> {
        let mut last_lines = HashMap::new();
        for (line, text) in (1..).zip(text.lines()) {
            if let Some(pattern) = pattern_of(text) {
                last_lines.insert(pattern, line);
            }
            if last_lines.len() > MOST_PATTERNS {
                return Err(PatternError::TooMany);
            }
        }
        // Of equal patterns only the last one counts.
        let mut in_order: Vec<(&String, usize)> = last_lines
            .iter()
            .map(|(text, line)| (text, *line))
            .collect();
        in_order.sort_by_key(|(_, line)| *line);
        let mut builder = GitignoreBuilder::new("");
        for (pattern, line) in &in_order {
            let refused = |error: ignore::Error| PatternError::Line {
                line: *line,
                reason: error.to_string(),
            };
            builder.add_line(None, pattern).map_err(refused)?;
        }
        let mut negations = in_order.iter().filter(|(text, _)| text.starts_with('!'));
        let last_negation = negations.next_back().map(|(_, line)| *line);
        let all = builder
            .build()
            .map_err(|error| PatternError::Complicated(error.to_string()))?;
        Ok(Self {
            all,
            lines: last_lines,
            last_negation,
        })
    }

    /// Returns no patterns.
    pub(super) fn none() -> Self {
        Self {
            all: Gitignore::empty(),
            lines: HashMap::new(),
            last_negation: None,
        }
    }

    /// Returns whether there are none.
    pub(super) fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    /// Returns the last pattern that matches a path from the root, or a folder it lies in.
    pub(super) fn last_match(&self, path: &str, is_folder: bool) -> Option<LastMatch> {
        let folders = path
            .match_indices('/')
            .filter_map(|(end, _)| path.get(..end));
        let own = [(path, is_folder)];
        let all = folders.map(|folder| (folder, true)).chain(own);
        all.filter_map(|(path, is_folder)| {
            let (glob, is_negated) = match self.all.matched(path, is_folder) {
                Match::None => return None,
                Match::Ignore(glob) => (glob, false),
                Match::Whitelist(glob) => (glob, true),
            };
            let line = self.lines.get(glob.original()).copied().unwrap_or_default();
            Some(LastMatch { line, is_negated })
        })
        .max_by_key(|found| found.line)
    }

    /// Returns whether a pattern with `!` comes after this line.
    pub(super) fn has_negation_after(&self, line: usize) -> bool {
        self.last_negation.is_some_and(|last| last > line)
    }
}

/// Returns the pattern of a line, so that it counts in every folder unless it begins with `/`.
fn pattern_of(line: &str) -> Option<String> {
    let line = line.trim();
    if line.is_empty() || line.starts_with('#') {
        return None;
    }
    let (sign, pattern) = match line.strip_prefix('!') {
        Some(pattern) => ("!", pattern),
        None => ("", line),
    };
    if pattern.trim_matches('/').is_empty() {
        return None;
    }
    let everywhere = if pattern.starts_with('/') { "" } else { "**/" };
    Some(format!("{sign}{everywhere}{pattern}"))
}
