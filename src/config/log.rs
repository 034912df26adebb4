//! Section `log`: which events are logged, and in which format.

use std::fmt;
use std::str::FromStr;

use super::setting::{choices, text_setting};

choices! {
    /// The format of a log line.
    pub enum LogFormat {
        /// Lines for people.
        Pretty = "pretty",
        /// One JSON object for each event.
        Json = "json",
    }
}

/// Which events are logged, and in which format.
#[derive(Debug, Clone, PartialEq)]
pub struct LogConfig {
    /// Which events are logged.
    pub level: LogFilter,
    /// The format of the lines.
    pub format: LogFormat,
}

impl Default for LogConfig {
    fn default() -> Self {
        Self {
            level: LogFilter("info".to_owned()),
            format: LogFormat::Pretty,
        }
    }
}

/// A level, or a list of them for parts of the program: `info,terrakeep::storage=debug`.
///
/// It accepts a subset of what the log's own filter accepts, so the log never refuses a filter that
/// this has accepted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogFilter(String);

/// Why a text is not a valid log filter.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LogFilterError {
    /// The word is not a level.
    #[error("{0:?} is not a level")]
    Level(String),
    /// The text is not the path of a Rust module.
    #[error("{0:?} is not the path of a module")]
    Target(String),
}

const LEVELS: &[&str] = &["off", "error", "warn", "info", "debug", "trace"];

impl LogFilter {
    /// Returns the filter as it is written in the file.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for LogFilter {
    type Err = LogFilterError;

    fn from_str(text: &str) -> Result<Self, LogFilterError> {
        for directive in text.split(',').map(str::trim) {
            let (target, level) = directive.split_once('=').unwrap_or(("", directive));
            if !LEVELS.contains(&level) {
                return Err(LogFilterError::Level(level.to_owned()));
            }
            let bare_level = !directive.contains('=');
            if !bare_level && !is_module_path(target) {
                return Err(LogFilterError::Target(target.to_owned()));
            }
        }
        Ok(Self(text.to_owned()))
    }
}

impl fmt::Display for LogFilter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

text_setting!(
    LogFilter,
    r#""off", "error", "warn", "info", "debug" or "trace", or a list such as "info,terrakeep::storage=debug""#
);

fn is_module_path(text: &str) -> bool {
    text.split("::").all(|part| {
        !part.is_empty() && part.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_filter_is_a_level_or_a_list_of_directives() {
        for good in [
            "info",
            "off",
            "warn,terrakeep::storage=debug",
            "info, h2=off",
        ] {
            assert!(good.parse::<LogFilter>().is_ok(), "{good}");
        }
        for bad in [
            "", "loud", "INFO", "info,", "a=b", "=info", "a::=info", "a b=info", "a=info=b",
        ] {
            assert!(bad.parse::<LogFilter>().is_err(), "{bad}");
        }
    }
}
