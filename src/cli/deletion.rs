//! What deleting commands have in common: what is deleted is named twice.

use std::fmt::Display;

use serde_json::json;

use super::context::Context;
use super::error::{CliError, Exit};
use crate::domain::Version;

/// Refuses to delete what was not named once more; returns what is deleted, in words. With a version,
/// that is its number, else the address.
pub(super) fn check(
    address: &impl Display,
    version: Option<&Version>,
    confirmed: &str,
) -> Result<String, CliError> {
    let (expected, what) = match version {
        Some(version) => (version.to_string(), format!("{address} {version}")),
        None => (
            address.to_string(),
            format!("{address} with all its versions"),
        ),
    };
    if confirmed != expected {
        let message = format!("to delete {what}, add `--confirm {expected}`");
        return Err(CliError::new(Exit::Usage, message));
    }
    Ok(what)
}

/// Prints that it is deleted.
pub(super) fn done(context: &Context, what: &str) -> Result<(), CliError> {
    let done = format!("{what} is deleted");
    let document = json!({ "done": done });
    context.output().show(&document, || done)
}
