//! Publishes the files of a provider: it sends the key and the packages, and then makes them
//! visible together.

use std::fs::File;
use std::path::Path;

use data_encoding::BASE64;
use serde_json::{Value, json};

use super::files::ReleaseFiles;
use crate::cli::client::Client;
use crate::cli::error::{CliError, Exit};
use crate::cli::output::Console;
use crate::cli::progress;
use crate::cli::publish::{PackedFolder, pack_folder};
use crate::domain::{ProtocolVersion, describe_private_files};

/// The publisher's own signature, if there is one.
pub(super) struct Signing<'a> {
    /// The publisher's list of checksums and its signature; `None` if the registry signs.
    pub(super) own: Option<(String, Vec<u8>)>,
    /// The path of the public key for that signature; `None` if the registry knows it.
    pub(super) key: Option<&'a Path>,
}

/// Publishes a version; returns the registry's document about it.
pub(super) fn release(
    client: &Client,
    output: Console,
    files: &ReleaseFiles,
    signing: &Signing<'_>,
    protocols: Option<&[ProtocolVersion]>,
) -> Result<Value, CliError> {
    let provider = &files.address.provider;
    let base = format!(
        "/api/terrakeep/v1/providers/{provider}/{}",
        files.address.version
    );
    if let Some(key) = signing.key {
        add_key(client, provider.namespace.as_str(), key)?;
    }
    for (platform, path) in &files.packages {
        let unreadable = |error| {
            let message = format!("cannot read {}", path.display());
            CliError::new(Exit::Failed, message).because(error)
        };
        let file = File::open(path).map_err(unreadable)?;
        let size = file.metadata().map_err(unreadable)?.len();
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
            let names = describe_private_files(&left_out);
            output.note(&format!("note: left out of the documentation: {names}"));
        }
        let bar = progress::bytes(output, "sending documentation", size);
        let shown = bar.clone();
        let to = format!("{base}/docs");
        let sent = client.put(&to, archive, size, move |bytes| shown.inc(bytes));
        bar.finish_and_clear();
        sent.map_err(|error| error.within(&folder.display().to_string()))?;
    }
    let own = signing.own.as_ref();
    let document = json!({
        "protocols": protocols,
        "shasums": own.map(|(sums, _)| sums),
        "signature": own.map(|(_, signature)| BASE64.encode(signature)),
    });
    // The registry may create its first key before it answers, which takes long.
    client.post_patiently(&format!("{base}/publication"), &document)
}

/// Adds a key to the organization, unless it has it.
fn add_key(client: &Client, namespace: &str, path: &Path) -> Result<(), CliError> {
    let armor = std::fs::read_to_string(path).map_err(|error| {
        let message = format!("cannot read {}", path.display());
        CliError::new(Exit::Failed, message).because(error)
    })?;
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
