//! The arguments and the output of `terrakeep import-mirror`.

use std::collections::BTreeSet;
use std::path::PathBuf;

use clap::Args;
use serde_json::{Value, json};

use super::check::CheckReport;
use super::find::{MirrorPackage, ProviderFolder, find};
use crate::cli::client::Client;
use crate::cli::connection::ConnectionArgs;
use crate::cli::context::Context;
use crate::cli::error::{CliError, Exit};
use crate::cli::output::Console;
use crate::cli::progress;
use crate::domain::OriginAddress;
use crate::files::open_file;

const EXAMPLES: &str = "\
Examples:
  terrakeep import-mirror ./mirror --url https://registry.example.com

The folder is what this writes where there is a connection:

  terraform providers mirror -platform=linux_amd64 -platform=darwin_arm64 ./mirror

It holds HOST/NAMESPACE/TYPE/terraform-provider-TYPE_VERSION_OS_ARCH.zip. Before anything is sent,
each package is compared with the hashes in VERSION.json beside it, and everything that index.json
and VERSION.json name must be there. If something is missing or cannot be compared, nothing is sent
unless you give --incomplete; a package with other content is never sent. A folder without any such
file is taken as it is.

Clients then install every provider from this registry, under its own address, with this in their
configuration (the slash at the end matters):

  provider_installation {
    network_mirror {
      url = \"https://registry.example.com/mirror/\"
    }
  }";

/// The arguments of `terrakeep import-mirror`.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(in crate::cli) struct ImportMirrorArgs {
    /// The folder that `terraform providers mirror` wrote
    #[arg(value_name = "DIR")]
    folder: PathBuf,
    /// Import what is there, even if something is missing or cannot be compared
    #[arg(long)]
    incomplete: bool,
    #[command(flatten)]
    connection: ConnectionArgs,
}

/// The most lines about one kind of fault.
const MOST_LINES: usize = 50;

/// Runs the command.
pub(in crate::cli) fn run(context: &Context, args: &ImportMirrorArgs) -> Result<(), CliError> {
    let client = args.connection.required_client(context)?;
    let output = context.output();
    let (folders, notes) = find(&args.folder)?;
    for note in &notes {
        output.note(&format!("note: {note}"));
    }
    let mut report = CheckReport::default();
    for folder in &folders {
        report.check(folder)?;
    }
    report.settle(output, args)?;
    let packages: Vec<(&OriginAddress, &MirrorPackage)> = packages(&folders).collect();
    if packages.is_empty() {
        let message = format!(
            "{} holds no packages; give the folder that `terraform providers mirror` wrote",
            args.folder.display()
        );
        return Err(CliError::new(Exit::Refused, message));
    }
    for (address, package) in &packages {
        send(&client, output, address, package)?;
    }
    let providers: BTreeSet<String> = packages.iter().map(|(it, _)| it.to_string()).collect();
    let document = json!({
        "packages": packages.len(),
        "providers": providers,
        "missing": report.missing,
        "not_compared": report.not_compared,
        "without_index": report.without_index,
        "mirror": format!("{}/mirror/", client.url()),
    });
    output.show(&document, || in_words(&document))
}

fn packages(folders: &[ProviderFolder]) -> impl Iterator<Item = (&OriginAddress, &MirrorPackage)> {
    folders.iter().flat_map(|folder| {
        let packages = folder.packages.iter();
        packages.map(|package| (&folder.address, package))
    })
}

impl CheckReport {
    /// Refuses a folder with faults; those that the user accepts are notes.
    fn settle(&self, output: Console, args: &ImportMirrorArgs) -> Result<(), CliError> {
        let mut faults = self.lines();
        if self.without_index > 0 {
            output.note(&format!(
                "note: {} of the packages have no index.json and no VERSION.json beside them, so \
                 their content was not compared with anything",
                self.without_index
            ));
        }
        if faults.is_empty() {
            return Ok(());
        }
        if args.incomplete && self.wrong.is_empty() {
            for fault in &faults {
                output.note(&format!("note: {fault}"));
            }
            return Ok(());
        }
        let hint = if self.wrong.is_empty() {
            "copy the folder again, or import what is there with --incomplete"
        } else {
            "copy the folder again"
        };
        faults.insert(0, "nothing was imported:".to_owned());
        faults.push(hint.to_owned());
        Err(CliError::new(Exit::Refused, faults.join("\n")))
    }

    /// Returns a line for each fault.
    fn lines(&self) -> Vec<String> {
        let mut lines = Vec::new();
        for (what, faults) in [
            ("wrong", &self.wrong),
            ("missing", &self.missing),
            ("not compared", &self.not_compared),
        ] {
            let shown = faults.iter().take(MOST_LINES);
            lines.extend(shown.map(|fault| format!("{what}: {fault}")));
            let more = faults.len().saturating_sub(MOST_LINES);
            if more > 0 {
                lines.push(format!("{what}: and {more} more"));
            }
        }
        lines
    }
}

fn in_words(document: &Value) -> String {
    let providers = document["providers"].as_array().map(Vec::as_slice);
    let providers = providers
        .unwrap_or_default()
        .iter()
        .filter_map(Value::as_str);
    format!(
        "\
{} here, of
  {}

provider_installation {{
  network_mirror {{
    url = \"{}\"
  }}
}}
",
        match document["packages"].as_u64() {
            Some(1) => "1 package is".to_owned(),
            count => format!("{} packages are", count.unwrap_or_default()),
        },
        providers.collect::<Vec<_>>().join("\n  "),
        document["mirror"].as_str().unwrap_or_default()
    )
}

fn send(
    client: &Client,
    output: Console,
    address: &OriginAddress,
    package: &MirrorPackage,
) -> Result<(), CliError> {
    let (file, metadata) = open_file(&package.path)?;
    let size = metadata.len();
    let MirrorPackage {
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
