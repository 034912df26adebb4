//! `terrakeep module`: deprecates and revokes versions.

use clap::{Args, Subcommand};

use super::administration::carry_out;
use super::connection::ConnectionArgs;
use super::context::Context;
use super::error::CliError;
use super::text::Columns;
use crate::domain::{ModuleAddress, Reason, Version, WebLink};
use crate::registry::commands::{Command, ModuleCommand};

const COLUMNS: Columns = Columns {
    first: &[],
    nothing: "there is nothing",
};

const EXAMPLES: &str = "\
Examples:
  terrakeep module deprecate acme/vpc/aws 1.2.3 --reason \"Leaks a password; use 1.2.4\"
  terrakeep module revoke acme/vpc/aws 1.2.3 --reason \"Leaks a password\" --link https://example.com/why
  terrakeep module unrevoke acme/vpc/aws 1.2.3
  terrakeep module undeprecate acme/vpc/aws 1.2.3

The pages of a deprecated version show a warning; it can be installed as before. A revoked version
cannot be installed, unless its organization allows it. A version that is revoked becomes deprecated,
too, and stays so when the revocation is taken back.";

/// Deprecate and revoke versions of modules.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct ModuleArgs {
    #[command(subcommand)]
    command: ModuleSubcommand,
}

#[derive(Debug, Subcommand)]
enum ModuleSubcommand {
    /// Deprecate a version: its pages show a warning
    Deprecate(NoticeArgs),
    /// Take a deprecation back
    Undeprecate(VersionArgs),
    /// Revoke a version: it cannot be downloaded any more
    Revoke(NoticeArgs),
    /// Take a revocation back; the version stays deprecated
    Unrevoke(VersionArgs),
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
