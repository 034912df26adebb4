//! The arguments and the output of `terrakeep publish`.

use std::path::PathBuf;
use std::time::Duration;

use clap::Args;
use serde_json::{Value, json};

use super::contents;
use super::packed_module::{PackError, PackedModule};
use super::patterns::Patterns;
use super::release::Release;
use super::unreadable;
use crate::cli::connection::ConnectionArgs;
use crate::cli::context::Context;
use crate::cli::error::{CliError, Exit};
use crate::cli::public_address::{public_url, source_host};
use crate::domain::{ModuleAddress, ModuleVersionAddress, Version};

const EXAMPLES: &str = "\
Examples:
  terrakeep publish . acme/vpc/aws 1.2.3 --url https://registry.example.com
  terrakeep publish vpc-1.2.3.tar.gz acme/vpc/aws 1.2.3 --token-file /run/secrets/terrakeep

  terrakeep publish . acme/vpc/aws 1.2.3 --dry-run

A folder is packed so that the same files always give the same archive. What the .terraformignore
in it excludes stays out. Links are replaced by what they lead to. Publishing the same content again
succeeds and changes nothing.

What is often published by mistake is left out of a folder and named: states, plans, values of
variables (*.tfvars), private keys, credentials, crash logs, .terraform, .terragrunt-cache and .git.
An archive is sent as it is, so one that holds a state, a plan, a key or the like is refused; values
and keys below examples or tests are only named. --include takes a file in nevertheless.";

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
    /// Publish private files that match this pattern, which is one as in .gitignore; repeatable
    #[arg(long, value_name = "PATTERN")]
    include: Vec<String>,
    /// List what would be sent and what would be left out, and send nothing
    #[arg(long)]
    dry_run: bool,
    /// Publish nothing if some of the code cannot be read
    #[arg(long)]
    strict: bool,
    #[command(flatten)]
    connection: ConnectionArgs,
}

/// Runs the command.
pub(in crate::cli) fn run(context: &Context, args: &PublishArgs) -> Result<(), CliError> {
    let include = Patterns::parse(&args.include.join("\n"));
    let include =
        include.map_err(|error| CliError::new(Exit::Usage, "--include is wrong").because(error))?;
    if args.dry_run {
        return dry_run(context, args, &PackedModule::prepare(&args.path, &include)?);
    }
    let client = args.connection.required_client(context)?;
    let packed = PackedModule::prepare(&args.path, &include)?;
    let output = context.output();
    output.note(&format!("note: {}", contents::summary(&packed)));
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
        strict: args.strict,
        output,
    };
    let already = release.publish(Duration::from_secs(args.wait))?;
    let details = release.details();
    let warnings = match &details {
        Ok(details) => unreadable::sentences(details),
        Err(error) => vec![format!(
            "the registry did not say whether it could read all of the code: {error}"
        )],
    };
    for warning in &warnings {
        output.note(&format!("warning: {warning}"));
    }
    // As the registry writes it: the address may have been typed in another way.
    let published = ModuleVersionAddress {
        module: details
            .ok()
            .and_then(|it| address(&it))
            .unwrap_or(version.module.clone()),
        version: version.version.clone(),
    };
    let site = public_url(&client)?;
    let module = published.module.to_string();
    let mut document = json!({
        "module": module,
        "version": published.version,
        "sha256": packed.served,
        "size": packed.size,
        "source": format!("{}/{module}", source_host(&site)),
        "page": format!("{site}/modules/{module}/{}", published.version),
        "already_published": already,
        "warnings": warnings,
    });
    contents::add_to(&mut document, &packed);
    output.show(&document, || in_words(&published, &document))
}

/// Returns the module that the details of a version are about.
fn address(details: &Value) -> Option<ModuleAddress> {
    let part = |name: &str| details.get(name).and_then(Value::as_str);
    let (namespace, name, system) = (part("namespace")?, part("name")?, part("provider")?);
    format!("{namespace}/{name}/{system}").parse().ok()
}

/// Shows what would be sent.
fn dry_run(context: &Context, args: &PublishArgs, packed: &PackedModule) -> Result<(), CliError> {
    let files = packed
        .files
        .iter()
        .map(|file| json!({ "path": file.path.as_str(), "size": file.size }));
    let mut document = json!({
        "dry_run": true,
        "module": args.module.to_string(),
        "version": args.version,
        "sha256": packed.served,
        "size": packed.size,
        "files": files.collect::<Vec<Value>>(),
        "notes": packed.notes,
    });
    contents::add_to(&mut document, packed);
    context.output().show(&document, || {
        let notes = packed.notes.iter().map(|note| format!("note: {note}\n"));
        format!(
            "{} {} would be published with {}:\n{}{}\nNothing was sent.",
            args.module,
            args.version,
            contents::summary(packed),
            contents::listing(packed),
            notes.collect::<String>(),
        )
    })
}

fn in_words(version: &ModuleVersionAddress, document: &Value) -> String {
    let text = |name: &str| {
        document
            .get(name)
            .and_then(Value::as_str)
            .unwrap_or_default()
    };
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
page    {}

module \"{}\" {{
  source  = \"{}\"
  version = \"{}\"
}}
",
        text("sha256"),
        document["size"],
        text("page"),
        block_name(version.module.name.as_str()),
        text("source"),
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
        let document = json!({
            "sha256": "ab", "size": 7, "already_published": true,
            "source": "localhost:8443/acme/3tier/aws",
            "page": "https://localhost:8443/modules/acme/3tier/aws/1.2.3",
        });
        let expected = "\
acme/3tier/aws 1.2.3 was already published, with the same content
sha256  ab
size    7 bytes
page    https://localhost:8443/modules/acme/3tier/aws/1.2.3

module \"module_3tier\" {
  source  = \"localhost:8443/acme/3tier/aws\"
  version = \"1.2.3\"
}
";
        assert_eq!(in_words(&version, &document), expected);
    }
}
