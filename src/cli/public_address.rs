//! The address under which a registry is known, which may differ from the one that a command uses.

use super::client::Client;
use super::error::{CliError, Exit};
use crate::config::PublicUrl;

const REGISTRY: &str = "/api/terrakeep/v1/registry";

/// Asks a registry for the address that users know. One that does not say is known by the address of
/// the command.
pub(super) fn public_url(client: &Client) -> Result<PublicUrl, CliError> {
    let document = match client.get(REGISTRY) {
        Ok(document) => document,
        // A registry of an older version.
        Err(error) if error.exit() == Exit::NotFound => return Ok(client.url().clone()),
        Err(error) => return Err(error),
    };
    let told = document.get("public_url").and_then(|url| url.as_str());
    let told = told.and_then(|url| url.parse().ok());
    Ok(told.unwrap_or_else(|| client.url().clone()))
}

/// Returns the host of a registry in the form of a module's `source` and a `credentials` block.
pub(super) fn source_host(url: &PublicUrl) -> String {
    let text = url.as_str();
    text.split_once("://")
        .map_or(text, |(_, host)| host)
        .to_owned()
}
