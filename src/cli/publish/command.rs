//! The arguments and the output of `terrakeep publish`.

use std::path::PathBuf;
use std::time::Duration;

use clap::Args;
use serde_json::{Value, json};

use super::packed_module::{PackError, PackedModule};
use super::release::Release;
use crate::cli::connection::ConnectionArgs;
use crate::cli::context::Context;
use crate::cli::error::{CliError, Exit};
use crate::config::PublicUrl;
use crate::domain::{ModuleAddress, ModuleVersionAddress, Version};

const EXAMPLES: &str = "\
Examples:
  terrakeep publish . acme/vpc/aws 1.2.3 --url https://registry.example.com
  terrakeep publish vpc-1.2.3.tar.gz acme/vpc/aws 1.2.3 --token-file /run/secrets/terrakeep

A folder is packed so that the same files always give the same archive. What the .terraformignore
in it excludes stays out, and so do .git and .terraform (but not .terraform/modules). Links are
replaced by what they lead to. Publishing the same content again succeeds and changes nothing.";

/// The arguments of `terrakeep publish`.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(in crate::cli) struct PublishArgs {
    /// The module's folder, or a .tar.gz of it
    #[arg(value_name = "DIR|ARCHIVE")]
    path: PathBuf,
    /// Its address: organization/name/provider, as in acme/vpc/aws
    #[arg(value_name = "ADDRESS")]
    module: ModuleAddress,
    /// Its version, as in 1.2.3
    version: Version,
    /// How many seconds to wait until the version can be installed
    #[arg(
        long,
        value_name = "SECONDS",
        num_args = 0..=1,
        require_equals = true,
        default_value_t = 60,
        default_missing_value = "60"
    )]
    wait: u64,
    #[command(flatten)]
    connection: ConnectionArgs,
}

/// Runs the command.
pub(in crate::cli) fn run(context: &Context, args: &PublishArgs) -> Result<(), CliError> {
    let client = args.connection.required_client(context)?;
    let packed = PackedModule::prepare(&args.path)?;
    let output = context.output();
    for note in &packed.notes {
        output.note(&format!("note: {note}"));
    }
    let version = ModuleVersionAddress {
        module: args.module.clone(),
        version: args.version.clone(),
    };
    let release = Release {
        client: &client,
        version: &version,
        packed: &packed,
        output,
    };
    let already = release.publish(Duration::from_secs(args.wait))?;
    let source = format!("{}/{}", source_host(client.url()), version.module);
    let document = json!({
        "module": version.module.to_string(),
        "version": version.version,
        "sha256": packed.served,
        "size": packed.size,
        "source": source,
        "already_published": already,
    });
    output.show(&document, || in_words(&version, &source, &document))
}

/// Returns the host of a registry in the form of a module's `source` and a `credentials` block.
pub(in crate::cli) fn source_host(url: &PublicUrl) -> String {
    let text = url.as_str();
    text.split_once("://")
        .map_or(text, |(_, host)| host)
        .to_owned()
}

fn in_words(version: &ModuleVersionAddress, source: &str, document: &Value) -> String {
    let already = document["already_published"] == true;
    let done = if already {
        format!("{version} was already published, with the same content")
    } else {
        format!("{version} is published")
    };
    format!(
        "\
{done}
sha256  {}
size    {} bytes

module \"{}\" {{
  source  = \"{source}\"
  version = \"{}\"
}}
",
        document["sha256"].as_str().unwrap_or_default(),
        document["size"],
        block_name(version.module.name.as_str()),
        version.version,
    )
}

/// Returns a name for the module block, which cannot begin with a digit.
fn block_name(name: &str) -> String {
    if name.starts_with(|first: char| first.is_ascii_digit()) {
        format!("module_{name}")
    } else {
        name.to_owned()
    }
}

impl From<PackError> for CliError {
    fn from(error: PackError) -> Self {
        let exit = if error.is_refusal() {
            Exit::Refused
        } else {
            Exit::Failed
        };
        Self::from_error(exit, &error)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_module_block_can_be_pasted() {
        let version = ModuleVersionAddress {
            module: "acme/3tier/aws".parse().unwrap(),
            version: "1.2.3".parse().unwrap(),
        };
        let url: PublicUrl = "https://localhost:8443".parse().unwrap();
        let source = format!("{}/{}", source_host(&url), version.module);
        let document = json!({ "sha256": "ab", "size": 7, "already_published": true });
        let expected = "\
acme/3tier/aws 1.2.3 was already published, with the same content
sha256  ab
size    7 bytes

module \"module_3tier\" {
  source  = \"localhost:8443/acme/3tier/aws\"
  version = \"1.2.3\"
}
";
        assert_eq!(in_words(&version, &source, &document), expected);
    }
}
