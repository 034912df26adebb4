//! `terrakeep module download`: a version's archive as a file, with its checksum compared.

use std::fs::Permissions;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use clap::Args;
use serde_json::json;

use crate::cli::archive_location::{archive_location, checksum};
use crate::cli::connection::ConnectionArgs;
use crate::cli::context::Context;
use crate::cli::error::{CliError, Exit};
use crate::config::PublicUrl;
use crate::domain::{ModuleAddress, Version};

/// The mode of the file, less what the user's umask takes away.
const READABLE: u32 = 0o666;

/// The arguments of `terrakeep module download`.
#[derive(Debug, Args)]
pub(super) struct DownloadArgs {
    /// The module: organization/name/provider, as in acme/vpc/aws
    #[arg(value_name = "ADDRESS")]
    module: ModuleAddress,
    /// Its version, as in 1.2.3
    version: Version,
    /// The file to write, which must not exist yet; by default, one in this folder that is named
    /// after the version
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
    #[command(flatten)]
    connection: ConnectionArgs,
}

/// Runs the command.
pub(super) fn run(context: &Context, args: &DownloadArgs) -> Result<(), CliError> {
    let client = args.connection.required_client(context)?;
    let (module, version) = (&args.module, &args.version);
    let file = args.output.clone().unwrap_or_else(|| {
        let (namespace, name, system) = (&module.namespace, &module.name, &module.system);
        PathBuf::from(format!("{namespace}-{name}-{system}-{version}.tar.gz"))
    });
    if file.exists() {
        let message = format!("`{}` exists already; name another file", file.display());
        return Err(CliError::new(Exit::Failed, message));
    }
    let link = archive_location(&client, module, version)?;
    let strange = || {
        let message = format!("{} gave no archive; is it a registry?", client.url());
        CliError::new(Exit::Failed, message)
    };
    let link = absolute(link.ok_or_else(strange)?, client.url());
    let expected = checksum(&link).ok_or_else(strange)?;

    let failed = |error: std::io::Error| {
        let message = format!("`{}` cannot be written", file.display());
        CliError::new(Exit::Failed, message).because(error)
    };
    // Beside its place, so that the name appears only with the whole file behind it.
    let folder = match file.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        Some(_) | None => Path::new("."),
    };
    let mut beside = tempfile::Builder::new()
        .permissions(Permissions::from_mode(READABLE))
        .tempfile_in(folder)
        .map_err(failed)?;
    let (size, sum) = client.download(&link, beside.as_file_mut())?;
    if sum != expected {
        let message = format!(
            "what arrived is not what {} published: its SHA-256 is {sum}, and not {expected}; \
             nothing was written",
            client.url()
        );
        return Err(CliError::new(Exit::Failed, message));
    }
    beside.as_file().sync_all().map_err(failed)?;
    beside
        .persist_noclobber(&file)
        .map_err(|error| failed(error.error))?;
    let document = json!({ "file": file, "bytes": size, "sha256": sum.to_string() });
    context.output().show(&document, || {
        format!(
            "{module} {version} is in `{}`\nsha256  {sum}",
            file.display()
        )
    })
}

/// Returns the address of an archive with its host: the registry may leave out its own.
fn absolute(link: String, registry: &PublicUrl) -> String {
    if link.starts_with('/') && !link.starts_with("//") {
        return format!("{registry}{link}");
    }
    link
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_without_a_host_is_the_registrys() {
        let registry = "https://r.example.com:8443".parse().unwrap();
        let link = |link: &str| absolute(link.to_owned(), &registry);
        assert_eq!(link("/a.tar.gz?b"), "https://r.example.com:8443/a.tar.gz?b");
        for whole in ["https://a.example.com/b", "//a.example.com/b"] {
            assert_eq!(link(whole), whole);
        }
    }
}
