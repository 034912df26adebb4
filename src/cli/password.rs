//! Reads passwords: typed without an echo, or from standard input; never an argument.

use std::io::BufRead;

use clap::Args;
use zeroize::Zeroizing;

use super::error::{CliError, Exit};
use crate::registry::commands::Password;

/// The most bytes that are read of a password.
const MAX_BYTES: u64 = 4096;

/// The flags that set a new password.
#[derive(Debug, Args)]
#[group(multiple = false)]
pub(super) struct NewPasswordArgs {
    /// Ask for a password
    #[arg(long)]
    password: bool,
    /// Read the password from the first line of standard input
    #[arg(long)]
    password_stdin: bool,
}

impl NewPasswordArgs {
    /// Reads the new password; `None` if neither flag is given.
    pub(super) fn read(&self) -> Result<Option<Password>, CliError> {
        if self.password_stdin {
            return from_stdin().map(Some);
        }
        if !self.password {
            return Ok(None);
        }
        let first = prompt_for("New password: ")?;
        if *prompt_for("New password, again: ")? != *first {
            return Err(CliError::new(
                Exit::Usage,
                "the two passwords are not the same; try again",
            ));
        }
        Ok(Some(Password::new(first.to_string())))
    }
}

/// Reads the password of a user who signs in.
pub(super) fn existing(from_standard_input: bool) -> Result<Password, CliError> {
    if from_standard_input {
        return from_stdin();
    }
    Ok(Password::new(prompt_for("Password: ")?.to_string()))
}

fn from_stdin() -> Result<Password, CliError> {
    first_line(std::io::stdin().lock())
}

fn first_line(input: impl BufRead) -> Result<Password, CliError> {
    let mut line = Zeroizing::new(String::new());
    let read = input
        .take(MAX_BYTES + 1)
        .read_line(&mut line)
        .map_err(|error| unreadable().because(error))?;
    if u64::try_from(read).is_ok_and(|read| read > MAX_BYTES) {
        return Err(CliError::new(
            Exit::Usage,
            format!("the first line of standard input has more than {MAX_BYTES} bytes"),
        ));
    }
    let password = line.trim_end_matches(['\r', '\n']);
    if password.is_empty() {
        return Err(CliError::new(
            Exit::Usage,
            "standard input holds no password; write it as one line",
        ));
    }
    Ok(Password::new(password.to_owned()))
}

fn prompt_for(question: &str) -> Result<Zeroizing<String>, CliError> {
    rpassword::prompt_password(question)
        .map(Zeroizing::new)
        .map_err(|error| unreadable().because(error))
}

fn unreadable() -> CliError {
    CliError::new(
        Exit::Usage,
        "no password could be read; without a terminal, use --password-stdin",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_the_first_line() {
        let read = |text: &str| first_line(text.as_bytes());
        assert_eq!(read(" pass word \r\nmore").unwrap().reveal(), " pass word ");
        assert_eq!(read("horse").unwrap().reveal(), "horse");
        let longest = "x".repeat(4095);
        assert_eq!(read(&format!("{longest}\nmore")).unwrap().reveal(), longest);
        // A longer one would be another password if it was cut off.
        assert_eq!(read(&"x".repeat(5000)).unwrap_err().exit(), Exit::Usage);
        for empty in ["", "\n", "\r\n"] {
            assert_eq!(read(empty).unwrap_err().exit(), Exit::Usage);
        }
    }
}
