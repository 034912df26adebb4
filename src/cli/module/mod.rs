//! `terrakeep module`: lists, shows, downloads, deprecates, revokes and deletes modules.

mod delete;
mod download;
mod list;
mod show;

use clap::{Args, Subcommand};

pub(super) use list::{SearchArgs, search};

use super::administration::carry_out;
use super::connection::ConnectionArgs;
use super::context::Context;
use super::error::CliError;
use super::text::Columns;
use crate::domain::{ModuleAddress, Reason, Version, WebLink};
use crate::registry::commands::{Command, ModuleCommand};

const COLUMNS: Columns = Columns {
    first: &[],
    table: &[],
    nothing: "there is nothing",
};

const EXAMPLES: &str = "\
Examples:
  terrakeep module list acme
  terrakeep module show acme/vpc/aws
  terrakeep module versions acme/vpc/aws
  terrakeep module download acme/vpc/aws 1.2.3
  terrakeep module delete acme/vpc/aws 1.2.3 --confirm 1.2.3
  terrakeep module deprecate acme/vpc/aws 1.2.3 --reason \"Leaks a password; use 1.2.4\"
  terrakeep module deprecate acme/vpc/aws --all-versions --reason \"Use acme/network/aws\"
  terrakeep module revoke acme/vpc/aws 1.2.3 --reason \"Leaks a password\" --link https://example.com/why
  terrakeep module unrevoke acme/vpc/aws 1.2.3
  terrakeep module undeprecate acme/vpc/aws 1.2.3

The pages of a deprecated version show a warning; it can be installed as before. A revoked version
cannot be installed, unless its organization allows it. A version that is revoked becomes deprecated,
too, and stays so when the revocation is taken back.";

/// List, show, download, deprecate, revoke and delete modules.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct ModuleArgs {
    #[command(subcommand)]
    command: ModuleSubcommand,
}

#[derive(Debug, Subcommand)]
enum ModuleSubcommand {
    /// List the modules of an organization, or all that you may see
    List(list::ListArgs),
    /// Show what is known of a module
    Show(show::ShowArgs),
    /// List the versions of a module
    Versions(show::VersionsArgs),
    /// Download the archive of a version, and compare its checksum
    Download(download::DownloadArgs),
    /// Delete a version, or a module with all versions
    Delete(delete::DeleteArgs),
    /// Deprecate a version or a whole module: the pages show a warning
    Deprecate(DeprecateArgs),
    /// Take a deprecation back
    Undeprecate(VersionArgs),
    /// Revoke a version: it cannot be downloaded any more
    Revoke(NoticeArgs),
    /// Take a revocation back; the version stays deprecated
    Unrevoke(VersionArgs),
}

#[derive(Debug, Args)]
struct DeprecateArgs {
    /// The module: organization/name/provider, as in acme/vpc/aws
    #[arg(value_name = "ADDRESS")]
    module: ModuleAddress,
    /// Its version, as in 1.2.3
    #[arg(required_unless_present = "all_versions")]
    version: Option<Version>,
    /// Every version that is published; later ones are not deprecated
    #[arg(long, conflicts_with = "version")]
    all_versions: bool,
    /// Why, and what to use instead
    #[arg(long)]
    reason: Reason,
    /// Where to read more
    #[arg(long, value_name = "URL")]
    link: Option<WebLink>,
    #[command(flatten)]
    connection: ConnectionArgs,
}

#[derive(Debug, Args)]
struct NoticeArgs {
    /// The module: organization/name/provider, as in acme/vpc/aws
    #[arg(value_name = "ADDRESS")]
    module: ModuleAddress,
    /// Its version, as in 1.2.3
    version: Version,
    /// Why, and what to use instead
    #[arg(long)]
    reason: Reason,
    /// Where to read more
    #[arg(long, value_name = "URL")]
    link: Option<WebLink>,
    #[command(flatten)]
    connection: ConnectionArgs,
}

#[derive(Debug, Args)]
struct VersionArgs {
    /// The module: organization/name/provider, as in acme/vpc/aws
    #[arg(value_name = "ADDRESS")]
    module: ModuleAddress,
    /// Its version, as in 1.2.3
    version: Version,
    #[command(flatten)]
    connection: ConnectionArgs,
}

/// Runs the command.
pub(super) fn run(context: &Context, args: ModuleArgs) -> Result<(), CliError> {
    let (connection, command) = match args.command {
        ModuleSubcommand::List(args) => return list::run(context, &args),
        ModuleSubcommand::Show(args) => return show::run(context, &args),
        ModuleSubcommand::Versions(args) => return show::versions(context, &args),
        ModuleSubcommand::Download(args) => return download::run(context, &args),
        ModuleSubcommand::Delete(args) => return delete::run(context, &args),
        ModuleSubcommand::Deprecate(args) => {
            let command = ModuleCommand::Deprecate {
                module: args.module,
                version: args.version,
                reason: args.reason,
                link: args.link,
            };
            (args.connection, command)
        }
        ModuleSubcommand::Undeprecate(args) => {
            let (module, version) = (args.module, args.version);
            let command = ModuleCommand::Undeprecate { module, version };
            (args.connection, command)
        }
        ModuleSubcommand::Revoke(args) => {
            let command = ModuleCommand::Revoke {
                module: args.module,
                version: args.version,
                reason: args.reason,
                link: args.link,
            };
            (args.connection, command)
        }
        ModuleSubcommand::Unrevoke(args) => {
            let (module, version) = (args.module, args.version);
            let command = ModuleCommand::Unrevoke { module, version };
            (args.connection, command)
        }
    };
    carry_out(context, &connection, Command::Module(command), COLUMNS)
}
