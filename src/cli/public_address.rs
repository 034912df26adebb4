//! The address under which a registry is known, which may differ from the one that a command uses.

use serde_json::Value;

use super::client::Client;
use super::error::{CliError, Exit};
use crate::config::PublicUrl;

const REGISTRY: &str = "/api/terrakeep/v1/registry";

/// What a registry says of itself.
pub(super) struct About {
    /// The address that users know.
    pub(super) public_url: PublicUrl,
    /// The version of its program; `None` if it does not say.
    pub(super) version: Option<String>,
}

/// Asks a registry for what it says of itself. One that does not say is known by the address of the
/// command.
pub(super) fn about(client: &Client) -> Result<About, CliError> {
    let document = match client.get(REGISTRY) {
        Ok(document) => document,
        // A registry of an older version.
        Err(error) if error.exit() == Exit::NotFound => Value::Null,
        Err(error) => return Err(error),
    };
    let text = |name: &str| document.get(name).and_then(Value::as_str);
    let public_url = text("public_url").and_then(|url| url.parse().ok());
    Ok(About {
        public_url: public_url.unwrap_or_else(|| client.url().clone()),
        version: text("version").map(str::to_owned),
    })
}

/// Asks a registry for the address that users know.
pub(super) fn public_url(client: &Client) -> Result<PublicUrl, CliError> {
    Ok(about(client)?.public_url)
}

/// Returns the host of a registry in the form of a module's `source` and a `credentials` block.
pub(super) fn source_host(url: &PublicUrl) -> String {
    let text = url.as_str();
    text.split_once("://")
        .map_or(text, |(_, host)| host)
        .to_owned()
}
