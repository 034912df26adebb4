//! `terrakeep lock`: the block of a lock file for a provider, with the hashes of all platforms.

use clap::Args;
use serde_json::json;

use super::connection::ConnectionArgs;
use super::context::Context;
use super::error::{CliError, Exit};
use super::text::printable_lines;
use crate::config::PublicUrl;
use crate::domain::{OriginHost, ProviderAddress, Version};

const EXAMPLES: &str = "\
Examples:
  terrakeep lock acme/widget >> .terraform.lock.hcl
  terrakeep lock acme/widget 1.2.3 --constraints '~> 1.2'
  terrakeep lock registry.terraform.io/hashicorp/aws 5.1.0

Without a version it is the latest. With the block in its lock file, `terraform init` downloads
nothing to know the hashes of other platforms.";

/// The arguments of `terrakeep lock`.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct LockArgs {
    /// The provider: organization/name, or host/namespace/name for an imported one
    #[arg(value_name = "ADDRESS")]
    provider: String,
    /// Its version, as in 1.2.3
    version: Option<Version>,
    /// The version constraints of the configuration, to be written into the block
    #[arg(long, value_name = "TEXT")]
    constraints: Option<String>,
    #[command(flatten)]
    connection: ConnectionArgs,
}

/// Runs the command.
pub(super) fn run(context: &Context, args: &LockArgs) -> Result<(), CliError> {
    let client = args.connection.required_client(context)?;
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    if let Some(version) = &args.version {
        query.append_pair("version", &version.to_string());
    }
    if let Some(constraints) = &args.constraints {
        query.append_pair("constraints", constraints);
    }
    let path = path_of(&args.provider)?;
    let block = client.text(&format!("{path}/lock.hcl?{}", query.finish()))?;
    check(&block, client.url())?;
    context
        .output()
        .show(&json!({ "block": block }), || block.clone())
}

/// Refuses an answer that is no block of a lock file, since it would be appended to one.
fn check(block: &str, url: &PublicUrl) -> Result<(), CliError> {
    if block.starts_with("provider \"") && printable_lines(block) == block {
        return Ok(());
    }
    let message = format!("{url} did not answer with a block of a lock file; is it a registry?");
    Err(CliError::new(Exit::Failed, message))
}

fn path_of(address: &str) -> Result<String, CliError> {
    let usage = |error: String| CliError::new(Exit::Usage, error);
    let provider = |text: &str| {
        let parsed = text.parse::<ProviderAddress>();
        parsed.map_err(|error| usage(error.to_string()))
    };
    match address.matches('/').count() {
        2 => {
            let (host, rest) = address.split_once('/').unwrap_or_default();
            let host: OriginHost = host.parse().map_err(|error| usage(format!("{error}")))?;
            Ok(format!("/mirror/{host}/{}", provider(rest)?))
        }
        _ => Ok(format!("/v1/providers/{}", provider(address)?)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn p15_only_a_block_is_printed() {
        let url = "https://registry.example.com".parse().unwrap();
        let is_block = |text: &str| check(text, &url).is_ok();
        assert!(is_block(
            "provider \"r/acme/widget\" {\n  version = \"1.0.0\"\n}\n"
        ));
        for bad in [
            "",
            "<html>",
            "provider \"\u{1b}[2J\" {\n}\n",
            "provider \"a\u{202e}\" {\r\n}",
        ] {
            assert!(!is_block(bad), "{bad:?}");
        }
    }

    #[test]
    fn addresses_lead_to_where_the_block_is() {
        let path = |text: &str| path_of(text).map_err(|error| error.exit());
        assert_eq!(
            path("acme/widget").as_deref(),
            Ok("/v1/providers/acme/widget")
        );
        let imported = path("registry.terraform.io/hashicorp/aws");
        assert_eq!(
            imported.as_deref(),
            Ok("/mirror/registry.terraform.io/hashicorp/aws")
        );
        assert_eq!(path("widget"), Err(Exit::Usage));
    }
}
