//! What a command prints: one JSON document, or text for people. Nothing else in the program
//! writes to standard output.

use std::io::{self, Write};

use serde_json::{Value, json};

use super::error::{CliError, Exit};
use super::text::printable;

/// Where and how a command prints.
#[derive(Debug, Clone, Copy)]
pub struct Console {
    json: bool,
}

impl Console {
    /// JSON, or text.
    pub fn new(json: bool) -> Self {
        Self { json }
    }

    /// Whether one JSON document is printed instead of text.
    pub fn is_json(self) -> bool {
        self.json
    }

    /// Prints what came of a command: `document` as it is, or `text` of it.
    pub fn show(self, document: &Value, text: impl FnOnce() -> String) -> Result<(), CliError> {
        if self.json {
            print(&format!("{document}\n"))
        } else {
            let text = text();
            print(&format!("{}\n", text.trim_end_matches('\n')))
        }
    }

    /// Tells about progress on standard error; nothing with JSON.
    pub fn note(self, sentence: &str) {
        if !self.json {
            complain(&format!("{}\n", printable(sentence)));
        }
    }

    /// Tells on standard error why a command was not done.
    pub fn error(self, error: &CliError) {
        if self.json {
            let document = json!({
                "error": {
                    "message": error.to_string(),
                    "code": error.exit().code(),
                    "causes": error.causes(),
                },
            });
            complain(&format!("{document}\n"));
        } else {
            let text = in_words(error);
            complain(&text);
        }
    }
}

/// The message and its causes, a line each; what others wrote in them cannot move the cursor.
fn in_words(error: &CliError) -> String {
    let mut text = format!("error: {error}\n");
    for cause in error.causes() {
        text.push_str("  because ");
        text.push_str(&cause);
        text.push('\n');
    }
    let lines: Vec<String> = text.lines().map(printable).collect();
    lines.join("\n") + "\n"
}

fn print(text: &str) -> Result<(), CliError> {
    let mut out = io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        // Whoever reads has read enough.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        Err(error) => {
            Err(CliError::new(Exit::Failed, "cannot write to standard output").because(error))
        }
        Ok(()) => Ok(()),
    }
}

/// Writes to standard error; where that fails, there is nobody left to tell.
fn complain(text: &str) {
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
