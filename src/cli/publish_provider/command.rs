//! The arguments and the output of `terrakeep publish-provider`.

use std::path::PathBuf;

use clap::Args;
use serde_json::{Value, json};

use super::files::{ReleaseArguments, ReleaseFiles};
use super::release;
use super::signature::{Signing, SigningArguments};
use crate::cli::connection::ConnectionArgs;
use crate::cli::context::Context;
use crate::cli::error::{CliError, Exit};
use crate::cli::public_address::{public_url, source_host};
use crate::domain::{ProtocolVersion, ProviderVersionAddress};

const EXAMPLES: &str = "\
Examples:
  terrakeep publish-provider dist acme/widget 1.2.3 --url https://registry.example.com
  terrakeep publish-provider *_linux_*.zip *_darwin_*.zip acme/widget 1.2.3
  terrakeep publish-provider dist acme/widget 1.2.3 --key my-public-key.asc --docs docs

A package is named terraform-provider-widget_1.2.3_linux_amd64.zip and holds the program
terraform-provider-widget_v1.2.3. The registry writes SHA256SUMS and signs it with its own key. If
a folder holds the publisher's own SHA256SUMS and its signature (.sig), those are used instead, and
the registry must know the key that made the signature; --key adds it. Half of the two, or --key
without them, is refused unless --sign-here says that the registry signs. A list that does not fit
the packages is refused, signed or not. A manifest
(…_manifest.json or terraform-registry-manifest.json) says which plugin protocols the provider
speaks. Documentation is Markdown in docs/resources, docs/data-sources, docs/functions, docs/guides
or, in the older layout, website/docs/r and website/docs/d. Publishing the same files again succeeds
and changes nothing.";

/// The arguments of `terrakeep publish-provider`.
#[derive(Debug, Args)]
#[command(
    after_help = EXAMPLES,
    override_usage = "terrakeep publish-provider [OPTIONS] <DIR|ZIP>... <ADDRESS> <VERSION>"
)]
pub(in crate::cli) struct PublishProviderArgs {
    /// A folder or zip files; the provider's address, as in acme/widget; its version, as in 1.2.3
    #[arg(required = true, num_args = 1.., value_name = "DIR|ZIP... ADDRESS VERSION")]
    words: Vec<String>,
    /// The plugin protocols of the provider, as in 5.0,6.0; by default those of its manifest, or 5.0
    #[arg(long, value_name = "LIST", value_delimiter = ',')]
    protocols: Vec<ProtocolVersion>,
    /// The publisher's own list of checksums
    #[arg(long, value_name = "FILE", requires = "signature")]
    shasums: Option<PathBuf>,
    /// A binary detached signature of that list
    #[arg(long, value_name = "FILE", requires = "shasums")]
    signature: Option<PathBuf>,
    /// The armored public key of that signature, to be added to the organization's keys
    #[arg(long, value_name = "FILE")]
    key: Option<PathBuf>,
    /// The folder with its documentation; by default docs or website/docs in the folder
    #[arg(long, value_name = "DIR")]
    docs: Option<PathBuf>,
    /// Let the registry sign, even if a signature lies in the folder
    #[arg(long, conflicts_with_all = ["shasums", "signature", "key"])]
    sign_here: bool,
    #[command(flatten)]
    connection: ConnectionArgs,
}

/// Runs the command.
pub(in crate::cli) fn run(context: &Context, args: &PublishProviderArgs) -> Result<(), CliError> {
    let usage = |message: String| CliError::new(Exit::Usage, message);
    let [first, others @ .., address, version] = args.words.as_slice() else {
        let message = "name a folder or zip files, the address and the version, as in \
                       terrakeep publish-provider dist acme/widget 1.2.3";
        return Err(usage(message.to_owned()));
    };
    let paths = std::iter::once(first).chain(others);
    let address = ProviderVersionAddress {
        provider: address.parse().map_err(|error| usage(format!("{error}")))?,
        version: version.parse().map_err(|error| usage(format!("{error}")))?,
    };
    let client = args.connection.required_client(context)?;
    let wanted = ReleaseArguments {
        paths: paths.map(PathBuf::from).collect(),
        shasums: args.shasums.clone(),
        signature: args.signature.clone(),
        docs: args.docs.clone(),
    };
    let files = ReleaseFiles::find(&address, &wanted)?;
    let output = context.output();
    for note in &files.notes {
        output.note(&format!("note: {note}"));
    }
    let arguments = SigningArguments {
        key: args.key.as_deref(),
        sign_here: args.sign_here,
    };
    let signing = files
        .signatures
        .signing(&address, &files.packages, arguments)?;
    let signed_here = matches!(signing, Signing::Registry);
    if signed_here && !files.signatures.lists.is_empty() {
        output.note("note: the list of checksums has no signature; this registry signs");
    }
    let protocols = match args.protocols.as_slice() {
        [] => files.protocols.clone(),
        given => Some(given.to_vec()),
    };
    let published = release::release(&client, output, &files, &signing, protocols.as_deref())?;
    let source = format!(
        "{}/{}",
        source_host(&public_url(&client)?),
        address.provider
    );
    let document = json!({
        "provider": address.provider.to_string(),
        "version": address.version,
        "key_id": published.get("key_id"),
        "signed_here": signed_here,
        "protocols": published.get("protocols"),
        "platforms": files.platforms(),
        "source": source,
    });
    output.show(&document, || in_words(&address, &source, &document))
}

fn in_words(address: &ProviderVersionAddress, source: &str, document: &Value) -> String {
    let texts = |name: &str| {
        let list = document[name]
            .as_array()
            .map(Vec::as_slice)
            .unwrap_or_default();
        list.iter()
            .filter_map(Value::as_str)
            .collect::<Vec<_>>()
            .join(", ")
    };
    let name = &address.provider.name;
    format!(
        "\
{address} is published
platforms  {}
protocols  {}
signed by  {} ({})

terraform {{
  required_providers {{
    {name} = {{
      source  = \"{source}\"
      version = \"{}\"
    }}
  }}
}}
",
        texts("platforms"),
        texts("protocols"),
        document["key_id"].as_str().unwrap_or_default(),
        if document["signed_here"] == true {
            "a key of this registry"
        } else {
            "the publisher's key"
        },
        address.version
    )
}
