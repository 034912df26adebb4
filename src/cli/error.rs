//! How a command ends: exit codes with a meaning, and the error that carries one.

use std::error::Error;
use std::fmt::Write as _;
use std::path::Path;

use super::tls::quoted;
use crate::config::ConfigProblems;
use crate::files::LocalFileError;
use crate::registry::{self, Kind};
use crate::server::StartupError;
use crate::storage::{OpenError, StoreError};

/// The meaning of an exit code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// The command succeeded.
    Success,
    /// Something failed that no other code names.
    Failed,
    /// The command line is wrong; clap uses the same code.
    Usage,
    /// The named thing does not exist.
    NotFound,
    /// There is no valid token, or it may not do this.
    NotAllowed,
    /// The thing exists already, or the version is published with other content.
    Conflict,
    /// The registry refused the content that was sent.
    Refused,
    /// The registry cannot be reached, or is not available at the moment.
    Unavailable,
    /// Another process uses the data directory.
    InUse,
    /// Verification found problems.
    Problems,
}

/// The error of a command: an exit code, a message and its causes.
#[derive(Debug, thiserror::Error)]
#[error("{message}")]
pub struct CliError {
    exit: Exit,
    message: String,
    source: Option<Box<dyn Error + Send + Sync>>,
}

impl Exit {
    /// Every exit code.
    pub const ALL: [Self; 10] = [
        Self::Success,
        Self::Failed,
        Self::Usage,
        Self::NotFound,
        Self::NotAllowed,
        Self::Conflict,
        Self::Refused,
        Self::Unavailable,
        Self::InUse,
        Self::Problems,
    ];

    /// Returns the number of the code.
    pub fn code(self) -> u8 {
        match self {
            Self::Success => 0,
            Self::Failed => 1,
            Self::Usage => 2,
            Self::NotFound => 3,
            Self::NotAllowed => 4,
            Self::Conflict => 5,
            Self::Refused => 6,
            Self::Unavailable => 7,
            Self::InUse => 8,
            Self::Problems => 9,
        }
    }

    /// Returns the meaning of the code, for the help text.
    pub fn meaning(self) -> &'static str {
        match self {
            Self::Success => "done",
            Self::Failed => "failed",
            Self::Usage => "the command line is wrong",
            Self::NotFound => "not found",
            Self::NotAllowed => "not allowed: there is no valid token, or it may not do this",
            Self::Conflict => "conflict: it exists already, or with other content",
            Self::Refused => "refused: what was sent is not acceptable",
            Self::Unavailable => "the registry cannot be reached or is not available",
            Self::InUse => "the data directory is in use by a running registry",
            Self::Problems => "verification found problems",
        }
    }

    /// Returns the exit code for an answer with this HTTP status.
    pub fn of_status(status: u16) -> Self {
        match status {
            401 | 403 => Self::NotAllowed,
            404 => Self::NotFound,
            409 => Self::Conflict,
            400 | 413 | 422 => Self::Refused,
            429 | 502..=504 => Self::Unavailable,
            _ => Self::Failed,
        }
    }

    /// Returns the table of codes, for the help text.
    pub fn table() -> String {
        let mut text = "Exit codes:".to_owned();
        for exit in Self::ALL {
            // Writing to a String cannot fail.
            let _ = write!(text, "\n  {}  {}", exit.code(), exit.meaning());
        }
        text
    }
}

impl CliError {
    /// Creates an error with its exit code and message.
    pub fn new(exit: Exit, message: impl Into<String>) -> Self {
        Self {
            exit,
            message: message.into(),
            source: None,
        }
    }

    /// Adds the cause of the error.
    #[must_use]
    pub fn because(mut self, source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        self.source = Some(source.into());
        self
    }

    /// Puts the thing that the error is about before its message.
    #[must_use]
    pub fn within(mut self, what: &str) -> Self {
        self.message = format!("{what}: {}", self.message);
        self
    }

    /// Converts an error: its text becomes the message, and its causes are kept.
    pub fn from_error(exit: Exit, error: &(dyn Error + 'static)) -> Self {
        let mut causes = Vec::new();
        let mut next = error.source();
        while let Some(cause) = next {
            causes.push(cause.to_string());
            next = cause.source();
        }
        let source = causes.into_iter().rev().fold(None, |below, text| {
            Some(Box::<dyn Error + Send + Sync>::from(Cause { text, below }))
        });
        Self {
            exit,
            message: error.to_string(),
            source,
        }
    }

    /// Returns the exit code.
    pub fn exit(&self) -> Exit {
        self.exit
    }

    /// Returns the causes, the nearest first.
    pub fn causes(&self) -> Vec<String> {
        let mut causes = Vec::new();
        let mut next = self.source();
        while let Some(cause) = next {
            causes.push(cause.to_string());
            next = cause.source();
        }
        causes
    }
}

/// The text of one cause, and the cause below it.
#[derive(Debug, thiserror::Error)]
#[error("{text}")]
struct Cause {
    text: String,
    #[source]
    below: Option<Box<dyn Error + Send + Sync>>,
}

impl From<registry::Error> for CliError {
    fn from(error: registry::Error) -> Self {
        // The operator runs the command and may see the cause of an internal error.
        if let registry::Error::Internal(source) = &error {
            return Self::from_error(Exit::Failed, source.as_ref());
        }
        let exit = match error.kind() {
            _ if matches!(error, registry::Error::AlreadyExists(_)) => Exit::Conflict,
            Kind::Unauthenticated | Kind::Forbidden => Exit::NotAllowed,
            Kind::NotFound => Exit::NotFound,
            Kind::Conflict => Exit::Conflict,
            Kind::Invalid | Kind::TooLarge | Kind::Incomplete | Kind::OverBudget => Exit::Refused,
            Kind::TooManyRequests | Kind::Unavailable => Exit::Unavailable,
            Kind::NoSpace | Kind::Internal => Exit::Failed,
        };
        Self::from_error(exit, &error)
    }
}

impl From<StoreError> for CliError {
    fn from(error: StoreError) -> Self {
        Self::from_error(Exit::Failed, &error)
    }
}

impl From<OpenError> for CliError {
    fn from(error: OpenError) -> Self {
        if let OpenError::Locked { dir } = &error {
            let message = format!(
                "the registry on `{}` is running; give --url and a token (TERRAKEEP_URL, \
                 TERRAKEEP_TOKEN), or stop it first",
                dir.display()
            );
            return Self::new(Exit::InUse, message);
        }
        if let OpenError::OfAnotherUser { owner, .. } = &error {
            let message = format!("{error}; run {}", as_user(owner, std::env::args()));
            return Self::new(Exit::NotAllowed, message);
        }
        Self::from_error(Exit::Failed, &error)
    }
}

/// Returns the command line of this process as another user types it. What may be secret stays out.
fn as_user(owner: &str, arguments: impl Iterator<Item = String>) -> String {
    let arguments: Vec<String> = arguments.collect();
    let is_secret = |argument: &String| argument == "--token" || argument.starts_with("--token=");
    let typed = if arguments.iter().any(is_secret) {
        "terrakeep …".to_owned()
    } else {
        let words = arguments.iter().map(|word| quoted(Path::new(word)));
        words.collect::<Vec<_>>().join(" ")
    };
    format!("`sudo -u {} {typed}`", quoted(Path::new(owner)))
}

impl From<StartupError> for CliError {
    fn from(error: StartupError) -> Self {
        match error {
            StartupError::Open(error) => error.into(),
            StartupError::Registry(error) => error.into(),
            other @ (StartupError::File { .. }
            | StartupError::Certificate { .. }
            | StartupError::ReadableKey { .. }
            | StartupError::Listen { .. }
            | StartupError::PrivilegedPort { .. }
            | StartupError::Logging(_)
            | StartupError::Signals(_)
            | StartupError::Routes(_)
            | StartupError::Stopped(_)) => Self::from_error(Exit::Failed, &other),
        }
    }
}

impl From<LocalFileError> for CliError {
    fn from(error: LocalFileError) -> Self {
        let exit = match error {
            LocalFileError::Read { .. } => Exit::Failed,
            LocalFileError::NotAFile { .. }
            | LocalFileError::TooLarge { .. }
            | LocalFileError::NotText { .. } => Exit::Refused,
        };
        Self::from_error(exit, &error)
    }
}

impl From<ConfigProblems> for CliError {
    fn from(problems: ConfigProblems) -> Self {
        Self::from_error(Exit::Failed, &problems)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_exit_code_is_its_own_and_in_the_help() {
        let table = Exit::table();
        for (expected, exit) in (0_u8..).zip(Exit::ALL) {
            assert_eq!(exit.code(), expected);
            assert!(table.contains(&format!("\n  {expected}  {}", exit.meaning())));
        }
    }

    #[test]
    fn answers_have_the_exit_code_of_what_they_mean() {
        for (status, exit) in [
            (401, Exit::NotAllowed),
            (403, Exit::NotAllowed),
            (404, Exit::NotFound),
            (409, Exit::Conflict),
            (413, Exit::Refused),
            (422, Exit::Refused),
            (429, Exit::Unavailable),
            (503, Exit::Unavailable),
            (500, Exit::Failed),
            (507, Exit::Failed),
        ] {
            assert_eq!(Exit::of_status(status), exit, "{status}");
        }
    }

    #[test]
    fn a_locked_data_directory_says_how_to_go_on() {
        let locked = OpenError::Locked {
            dir: "/srv/terrakeep".into(),
        };
        let error = CliError::from(StartupError::from(locked));
        assert_eq!(error.exit(), Exit::InUse);
        assert!(error.to_string().contains("TERRAKEEP_URL"));
    }

    #[test]
    fn a_command_of_another_user_is_written_as_they_type_it_and_without_secrets() {
        let typed = |line: &[&str]| as_user("terrakeep", line.iter().map(ToString::to_string));
        assert_eq!(
            typed(&["terrakeep", "user", "create", "a b"]),
            "`sudo -u terrakeep terrakeep user create 'a b'`"
        );
        for secret in [&["t", "--token", "tkp_x"][..], &["t", "--token=tkp_x"]] {
            assert_eq!(typed(secret), "`sudo -u terrakeep terrakeep …`");
        }
    }

    #[test]
    fn causes_are_kept_in_order() {
        let disk = std::io::Error::other("disk on fire");
        let spool = Cause {
            text: "cannot write".to_owned(),
            below: Some(disk.into()),
        };
        let error = CliError::from_error(Exit::Failed, &registry::Error::internal(spool));
        assert_eq!(error.to_string(), "internal error");
        assert_eq!(error.causes(), ["cannot write", "disk on fire"]);
    }

    #[test]
    fn the_operator_is_told_what_an_internal_error_is() {
        let disk = std::io::Error::other("disk on fire");
        let error = CliError::from(registry::Error::internal(disk));
        assert_eq!(error.to_string(), "disk on fire");
        assert_eq!(error.exit(), Exit::Failed);
    }
}
