//! `terrakeep import-mirror`: imports the packages that `terraform providers mirror` wrote, under
//! the addresses that they have in their own registries.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::path::{Path, PathBuf};

use clap::Args;
use serde_json::{Value, json};

use super::client::Client;
use super::connection::ConnectionArgs;
use super::context::Context;
use super::error::{CliError, Exit};
use super::output::Console;
use super::progress;
use crate::archive::{PackageLimits, ReadAhead, examine_package};
use crate::domain::{OriginAddress, Platform, Version};

const EXAMPLES: &str = "\
Examples:
  terrakeep import-mirror ./mirror --url https://registry.example.com

The folder is what this writes where there is a connection:

  terraform providers mirror -platform=linux_amd64 -platform=darwin_arm64 ./mirror

It holds HOST/NAMESPACE/TYPE/terraform-provider-TYPE_VERSION_OS_ARCH.zip. Each package is
compared with the hashes that lie beside it before it is sent. Clients then install every provider
from this registry, under its own address, with this in their configuration (the slash at the end
matters):

  provider_installation {
    network_mirror {
      url = \"https://registry.example.com/mirror/\"
    }
  }";

/// The arguments of `terrakeep import-mirror`.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct ImportMirrorArgs {
    /// The folder that `terraform providers mirror` wrote
    #[arg(value_name = "DIR")]
    folder: PathBuf,
    #[command(flatten)]
    connection: ConnectionArgs,
}

/// A package in the folder.
#[derive(Debug)]
struct Found {
    address: OriginAddress,
    version: Version,
    platform: Platform,
    path: PathBuf,
}

/// Runs the command.
pub(super) fn run(context: &Context, args: &ImportMirrorArgs) -> Result<(), CliError> {
    let client = args.connection.required_client(context)?;
    let output = context.output();
    let (packages, notes) = find(&args.folder)?;
    for note in &notes {
        output.note(&format!("note: {note}"));
    }
    if packages.is_empty() {
        let message = format!(
            "{} holds no packages; give the folder that `terraform providers mirror` wrote",
            args.folder.display()
        );
        return Err(CliError::new(Exit::Refused, message));
    }
    for package in &packages {
        compare(package)?;
        send(&client, output, package)?;
    }
    let providers: BTreeSet<String> = packages.iter().map(|it| it.address.to_string()).collect();
    let document = json!({
        "packages": packages.len(),
        "providers": providers,
        "mirror": format!("{}/mirror/", client.url()),
    });
    output.show(&document, || in_words(&document))
}

fn in_words(document: &Value) -> String {
    let providers = document["providers"].as_array().map(Vec::as_slice);
    let providers = providers
        .unwrap_or_default()
        .iter()
        .filter_map(Value::as_str);
    format!(
        "\
{} packages are here, of
  {}

provider_installation {{
  network_mirror {{
    url = \"{}\"
  }}
}}
",
        document["packages"],
        providers.collect::<Vec<_>>().join("\n  "),
        document["mirror"].as_str().unwrap_or_default()
    )
}

/// Returns the packages below a folder, and notes about what was skipped.
fn find(folder: &Path) -> Result<(Vec<Found>, Vec<String>), CliError> {
    let (mut packages, mut notes) = (Vec::new(), Vec::new());
    for host in folders(folder)? {
        for namespace in folders(&host)? {
            for name in folders(&namespace)? {
                let text = |path: &Path| name_of(path);
                let provider = format!("{}/{}", text(&namespace), text(&name));
                let address = match (text(&host).parse(), provider.parse()) {
                    (Ok(host), Ok(provider)) => OriginAddress { host, provider },
                    (Err(error), _) => {
                        notes.push(format!("{}: {error}", host.display()));
                        continue;
                    }
                    (_, Err(error)) => {
                        notes.push(format!("{}: {error}", name.display()));
                        continue;
                    }
                };
                for path in entries(&name)? {
                    match parse_name(&address, &path) {
                        Some(found) => packages.push(found),
                        None if path.extension().is_some_and(|it| it == "json") => {}
                        None => notes.push(format!("{} is not a package", path.display())),
                    }
                }
            }
        }
    }
    Ok((packages, notes))
}

fn parse_name(address: &OriginAddress, path: &Path) -> Option<Found> {
    let name = name_of(path);
    let start = format!("terraform-provider-{}_", address.provider.name);
    let rest = name.strip_prefix(&start)?.strip_suffix(".zip")?;
    let mut parts = rest.rsplitn(3, '_');
    let (arch, os, version) = (parts.next()?, parts.next()?, parts.next()?);
    Some(Found {
        address: address.clone(),
        version: version.parse().ok()?,
        platform: Platform::new(os, arch).ok()?,
        path: path.to_owned(),
    })
}

/// Refuses a package whose hashes differ from those in the JSON file beside it.
fn compare(package: &Found) -> Result<(), CliError> {
    let beside = package
        .path
        .with_file_name(format!("{}.json", package.version));
    let Ok(text) = fs::read(&beside) else {
        return Ok(());
    };
    let said: Value = serde_json::from_slice(&text).map_err(|error| {
        let message = format!("{} is not JSON", beside.display());
        CliError::new(Exit::Refused, message).because(error)
    })?;
    let pointer = format!("/archives/{}/hashes", package.platform);
    let Some(said) = said.pointer(&pointer).and_then(Value::as_array) else {
        return Ok(());
    };
    let refused = |reason: String| {
        let message = format!("{}: {reason}", package.path.display());
        CliError::new(Exit::Refused, message)
    };
    let file = open(&package.path)?;
    let limits = PackageLimits::default();
    let read = examine_package(
        file,
        &ReadAhead::default(),
        &package.address.provider.name,
        &limits,
    )
    .map_err(|error| refused(error.to_string()))?;
    let contents: Vec<&str> = said.iter().filter_map(Value::as_str).collect();
    let mut contents = contents
        .iter()
        .filter(|hash| hash.starts_with("h1:"))
        .peekable();
    if contents.peek().is_some() && !contents.any(|hash| read.h1.iter().any(|own| own == hash)) {
        let reason = format!("its content is not what {} says", beside.display());
        return Err(refused(reason));
    }
    Ok(())
}

fn send(client: &Client, output: Console, package: &Found) -> Result<(), CliError> {
    let file = open(&package.path)?;
    let size = file.metadata().map_or(0, |metadata| metadata.len());
    let Found {
        address,
        version,
        platform,
        path,
    } = package;
    let to = format!(
        "/api/terrakeep/v1/mirror/{}/{}/{version}/packages/{platform}",
        address.host,
        address.provider.folded()
    );
    let bar = progress::bytes(output, &format!("{address} {version} {platform}"), size);
    let shown = bar.clone();
    let sent = client.put(&to, file, size, move |bytes| shown.inc(bytes));
    bar.finish_and_clear();
    sent.map(drop)
        .map_err(|error| error.within(&path.display().to_string()))
}

fn open(path: &Path) -> Result<File, CliError> {
    File::open(path).map_err(|error| unreadable(path, error))
}

fn folders(within: &Path) -> Result<Vec<PathBuf>, CliError> {
    let mut paths = entries(within)?;
    paths.retain(|path| path.is_dir());
    Ok(paths)
}

fn entries(within: &Path) -> Result<Vec<PathBuf>, CliError> {
    let mut paths = Vec::new();
    for entry in fs::read_dir(within).map_err(|error| unreadable(within, error))? {
        paths.push(entry.map_err(|error| unreadable(within, error))?.path());
    }
    paths.sort();
    Ok(paths)
}

fn name_of(path: &Path) -> String {
    path.file_name()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned()
}

fn unreadable(path: &Path, error: std::io::Error) -> CliError {
    CliError::new(Exit::Failed, format!("cannot read {}", path.display())).because(error)
}
