//! Publishes the files of a provider: it sends the key and the packages, and then makes them
//! visible together.

use data_encoding::BASE64;
use serde_json::{Value, json};

use super::files::ReleaseFiles;
use super::signature::Signing;
use crate::cli::client::Client;
use crate::cli::error::{CliError, Exit};
use crate::cli::output::Console;
use crate::cli::progress;
use crate::cli::publish::{PackedFolder, pack_folder};
use crate::domain::{ProtocolVersion, describe_private_files};
use crate::files::open_file;

/// Publishes a version; returns the registry's document about it.
pub(super) fn release(
    client: &Client,
    output: Console,
    files: &ReleaseFiles,
    signing: &Signing,
    protocols: Option<&[ProtocolVersion]>,
) -> Result<Value, CliError> {
    let provider = &files.address.provider;
    let base = format!(
        "/api/terrakeep/v1/providers/{provider}/{}",
        files.address.version
    );
    let own = match signing {
        Signing::Registry => None,
        Signing::Publisher {
            list,
            signature,
            key,
        } => {
            if let Some(key) = key {
                add_key(client, provider.namespace.as_str(), key)?;
            }
            Some((list, BASE64.encode(signature)))
        }
    };
    for (platform, path) in &files.packages {
        let (file, metadata) = open_file(path)?;
        let size = metadata.len();
        let bar = progress::bytes(output, &format!("sending {platform}"), size);
        let shown = bar.clone();
        let to = format!("{base}/packages/{platform}");
        let sent = client.put(&to, file, size, move |bytes| shown.inc(bytes));
        bar.finish_and_clear();
        sent.map_err(|error| error.within(&path.display().to_string()))?;
    }
    if let Some(folder) = &files.docs {
        let PackedFolder {
            archive,
            size,
            left_out,
        } = pack_folder(folder, "docs")?;
        if !left_out.is_empty() {
            output.note(&format!(
                "note: left out of the documentation: {}",
                describe_private_files(&left_out)
            ));
        }
        let bar = progress::bytes(output, "sending documentation", size);
        let shown = bar.clone();
        let to = format!("{base}/docs");
        let sent = client.put(&to, archive, size, move |bytes| shown.inc(bytes));
        bar.finish_and_clear();
        sent.map_err(|error| error.within(&folder.display().to_string()))?;
    }
    let document = json!({
        "protocols": protocols,
        "shasums": own.as_ref().map(|(list, _)| list),
        "signature": own.as_ref().map(|(_, signature)| signature),
    });
    // The registry may create its first key before it answers, which takes long.
    client.post_patiently(&format!("{base}/publication"), &document)
}

/// Adds a key to the organization, unless it has it.
fn add_key(client: &Client, namespace: &str, armor: &str) -> Result<(), CliError> {
    let document = json!({
        "data": {
            "type": "gpg-keys",
            "attributes": { "namespace": namespace, "ascii-armor": armor },
        },
    });
    match client.post("/api/registry/private/v2/gpg-keys", &document) {
        Err(error)
            if error.exit() == Exit::Refused && error.to_string().contains("already exists") =>
        {
            Ok(())
        }
        other => other.map(drop),
    }
}
