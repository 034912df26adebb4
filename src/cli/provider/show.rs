//! `terrakeep provider show` and `terrakeep provider versions`.

use clap::Args;
use serde_json::{Value, json};

use super::path_of;
use crate::cli::client::Client;
use crate::cli::connection::ConnectionArgs;
use crate::cli::context::Context;
use crate::cli::error::CliError;
use crate::cli::public_address::{public_url, source_host};
use crate::cli::text::{Columns, text_of};
use crate::cli::tfe_list::{all, attribute};
use crate::domain::{ProviderAddress, Version};

const DETAILS: Columns = Columns {
    first: &["provider", "latest", "versions", "source", "page"],
    table: &[],
    nothing: "",
};
const VERSIONS: Columns = Columns {
    first: &["version", "platforms", "key_id", "created_at"],
    table: &[],
    nothing: "there is no version",
};

/// The arguments of `terrakeep provider show` and `terrakeep provider versions`.
#[derive(Debug, Args)]
pub(super) struct ShowArgs {
    /// The provider: organization/name, as in acme/widget
    #[arg(value_name = "ADDRESS")]
    provider: ProviderAddress,
    #[command(flatten)]
    connection: ConnectionArgs,
}

/// Runs `terrakeep provider show`.
pub(super) fn run(context: &Context, args: &ShowArgs) -> Result<(), CliError> {
    let client = args.connection.required_client(context)?;
    let provider = client.get(&path_of(&args.provider))?;
    let provider = provider.get("data").unwrap_or(&Value::Null);
    let part = |name: &str| attribute(provider, name).as_str().unwrap_or_default();
    // As the registry writes it.
    let address = format!("{}/{}", part("namespace"), part("name"));
    let versions = published(&client, &args.provider)?;
    let site = public_url(&client)?;
    let document = json!({
        "provider": address,
        "id": provider.get("id"),
        "latest": latest(&versions),
        "versions": versions.len(),
        "source": format!("{}/{address}", source_host(&site)),
        "page": format!("{site}/providers/{address}"),
        "created_at": attribute(provider, "created-at"),
        "updated_at": attribute(provider, "updated-at"),
    });
    context
        .output()
        .show(&document, || text_of(&document, DETAILS))
}

/// Runs `terrakeep provider versions`.
pub(super) fn versions(context: &Context, args: &ShowArgs) -> Result<(), CliError> {
    let client = args.connection.required_client(context)?;
    let rows = Value::Array(published(&client, &args.provider)?);
    context.output().show(&rows, || text_of(&rows, VERSIONS))
}

/// Returns a row for each version that has packages, with their platforms.
fn published(client: &Client, provider: &ProviderAddress) -> Result<Vec<Value>, CliError> {
    let path = format!("{}/versions", path_of(provider));
    let mut rows = Vec::new();
    for version in all(client, &path)? {
        let number = attribute(&version, "version");
        let name = number.as_str().unwrap_or_default();
        let platforms = all(client, &format!("{path}/{name}/platforms"))?;
        let text = |platform: &Value, name: &str| {
            let text = attribute(platform, name).as_str().unwrap_or_default();
            text.to_owned()
        };
        let platforms: Vec<String> = platforms
            .iter()
            .map(|platform| format!("{}_{}", text(platform, "os"), text(platform, "arch")))
            .collect();
        rows.push(json!({
            "version": number,
            "platforms": platforms,
            "key_id": attribute(&version, "key-id"),
            "created_at": attribute(&version, "created-at"),
        }));
    }
    Ok(rows)
}

/// Returns the highest version, a release before a pre-release.
fn latest(rows: &[Value]) -> Option<Version> {
    let versions = rows
        .iter()
        .filter_map(|row| row.get("version")?.as_str()?.parse::<Version>().ok());
    versions.max_by_key(|version| (!version.is_prerelease(), version.clone()))
}
