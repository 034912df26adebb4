//! Prints the output of a command: one JSON document, or text for people. Nothing else in the
//! program writes to standard output.

use std::io::{self, Write};

use serde_json::{Value, json};

use super::error::{CliError, Exit};
use super::text::{printable, printable_json, printable_lines};

/// The way a command prints: JSON or text.
#[derive(Debug, Clone, Copy)]
pub struct Console {
    json: bool,
}

impl Console {
    /// Creates an output for JSON or for text.
    pub fn new(json: bool) -> Self {
        Self { json }
    }

    /// Returns whether one JSON document is printed instead of text.
    pub fn is_json(self) -> bool {
        self.json
    }

    /// Prints the result of a command: `document` as JSON, or `text` for people. Neither can do
    /// anything to a terminal but show itself, whoever wrote what is in it.
    pub fn show(self, document: &Value, text: impl FnOnce() -> String) -> Result<(), CliError> {
        if self.json {
            print(&format!("{}\n", printable_json(document)))
        } else {
            let text = text();
            print(&format!(
                "{}\n",
                printable_lines(text.trim_end_matches('\n'))
            ))
        }
    }

    /// Prints progress on standard error; prints nothing with JSON.
    pub fn note(self, sentence: &str) {
        if !self.json {
            write_to_stderr(&format!("{}\n", printable(sentence)));
        }
    }

    /// Prints on standard error why a command failed.
    pub fn error(self, error: &CliError) {
        if self.json {
            let document = json!({
                "error": {
                    "message": error.to_string(),
                    "code": error.exit().code(),
                    "causes": error.causes(),
                },
            });
            write_to_stderr(&format!("{}\n", printable_json(&document)));
        } else {
            let text = in_words(error);
            write_to_stderr(&text);
        }
    }
}

/// Returns the message and its causes, one per line; control characters in them are made harmless.
fn in_words(error: &CliError) -> String {
    let mut text = format!("error: {error}\n");
    for cause in error.causes() {
        text.push_str("  because ");
        text.push_str(&cause);
        text.push('\n');
    }
    printable_lines(&text)
}

fn print(text: &str) -> Result<(), CliError> {
    let mut out = io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        // A closed pipe is no error: the reader has seen enough.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        Err(error) => {
            Err(CliError::new(Exit::Failed, "cannot write to standard output").because(error))
        }
        Ok(()) => Ok(()),
    }
}

/// Writes to standard error; a failure there is ignored, since it cannot be reported.
fn write_to_stderr(text: &str) {
    let mut out = io::stderr().lock();
    drop(out.write_all(text.as_bytes()).and_then(|()| out.flush()));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_is_followed_by_its_causes() {
        let error = CliError::new(Exit::Failed, "cannot read `a\u{1b}[2J`\nnor b").because("gone");
        let expected = "error: cannot read `a\\u{1b}[2J`\nnor b\n  because gone\n";
        assert_eq!(in_words(&error), expected);
    }
}
