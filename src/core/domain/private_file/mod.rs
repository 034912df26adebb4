//! Files that belong to the work of one person and not to a module: state, plans, values, keys,
//! caches. They are often published by mistake, and a published version never changes.
//!
//! [`names`] is the one list of them, which the command line and the pages share; [`content`]
//! recognises some of them under any name.

mod content;
mod names;
#[cfg(test)]
mod tests;

pub use content::PRIVATE_FILE_HEAD_BYTES;
pub use names::{PRIVATE_COPY_ENDINGS, PRIVATE_NAMES, PRIVATE_SPARED_ENDINGS, PrivateName};

use std::fmt;

use serde::{Deserialize, Serialize};

/// What a private file holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PrivateFile {
    /// A state, which has the values of all attributes in it.
    State,
    /// A plan, which has a state and the values of variables in it.
    Plan,
    /// Values of variables or of a backend.
    Values,
    /// A private key.
    PrivateKey,
    /// Tokens and passwords.
    Credentials,
    /// A log of a crash, which may have anything in it.
    CrashLog,
    /// What a tool keeps for itself, such as downloaded providers.
    WorkingFolder,
    /// The history of a version control system.
    History,
    /// What an operating system adds to folders.
    SystemFile,
}

impl PrivateFile {
    /// Returns what the name of a path says, with the part of the path that says it: the file, or
    /// a folder it lies in. `None` if no name in it is on the list.
    ///
    /// A path is relative, with `/` between its components.
    pub fn of_path(path: &str) -> Option<(&str, Self)> {
        let ends = path.match_indices('/').map(|(at, _)| at);
        let mut start = 0;
        for end in ends.chain([path.len()]) {
            let component = path.get(start..end)?;
            let is_last = end == path.len();
            if let Some(kind) = names::kind_of(component, is_last) {
                return Some((path.get(..end)?, kind));
            }
            start = end + 1;
        }
        None
    }

    /// Returns what a file is by its path and by the first [`PRIVATE_FILE_HEAD_BYTES`] of its
    /// content, with the part of the path that says it. `None` if it is not private.
    ///
    /// A file that is named like a key but holds certificates or public keys only is not private.
    pub fn of_file<'a>(path: &'a str, head: &[u8]) -> Option<(&'a str, Self)> {
        match Self::of_path(path) {
            Some((named, Self::PrivateKey)) if named == path && content::is_public(head) => None,
            Some(found) => Some(found),
            None => content::kind_of(head).map(|kind| (path, kind)),
        }
    }

    /// Returns whether an archive with such a file at `path` is published only if its publisher
    /// says that it is meant. Examples and tests have values and keys of their own.
    pub fn needs_consent(self, path: &str) -> bool {
        let is_usual = matches!(self, Self::Values | Self::PrivateKey) && is_in_examples(path);
        self.may_be_secret() && !is_usual
    }

    /// Returns whether such a file may hold a secret, and is not merely useless to others.
    fn may_be_secret(self) -> bool {
        match self {
            Self::State
            | Self::Plan
            | Self::Values
            | Self::PrivateKey
            | Self::Credentials
            | Self::CrashLog => true,
            Self::WorkingFolder | Self::History | Self::SystemFile => false,
        }
    }
}

impl fmt::Display for PrivateFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::State => "state",
            Self::Plan => "plan",
            Self::Values => "values of variables",
            Self::PrivateKey => "private key",
            Self::Credentials => "credentials",
            Self::CrashLog => "crash log",
            Self::WorkingFolder => "working files of a tool",
            Self::History => "version control",
            Self::SystemFile => "file of the operating system",
        })
    }
}

/// Returns whether a path lies in a folder of examples or tests.
fn is_in_examples(path: &str) -> bool {
    let folders = path.rsplit_once('/').map_or("", |(folders, _)| folders);
    folders.split('/').any(|folder| {
        let folder = folder.to_ascii_lowercase();
        matches!(
            &*folder,
            "example" | "examples" | "test" | "tests" | "fixtures" | "testdata"
        )
    })
}

/// The most files that a sentence names.
const NAMED_FILES: usize = 20;

/// Returns private files in words: `terraform.tfstate (state), .git (version control)`.
pub fn describe_private_files<'a>(
    files: impl IntoIterator<Item = (&'a String, &'a PrivateFile)>,
) -> String {
    let mut names: Vec<String> = files
        .into_iter()
        .map(|(path, kind)| format!("{path} ({kind})"))
        .collect();
    let more = names.len().saturating_sub(NAMED_FILES);
    names.truncate(NAMED_FILES);
    if more > 0 {
        names.push(format!("and {more} more"));
    }
    names.join(", ")
}
