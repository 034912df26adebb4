//! `terrakeep key`: the keys that an organization's providers are signed with.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::administration::carry_out;
use super::connection::ConnectionArgs;
use super::context::Context;
use super::error::CliError;
use super::text::Columns;
use crate::domain::{KeyId, Namespace};
use crate::files::read_text;
use crate::registry::commands::{Command, KeyCommand};

const COLUMNS: Columns = Columns {
    first: &["key_id", "algorithm", "held_by", "fingerprint"],
    table: &[
        "key_id",
        "algorithm",
        "held_by",
        "for_all_clients",
        "created_at",
    ],
    nothing: "there are no keys",
};

/// The most bytes of a file with a key; the registry takes fewer, and says so.
pub(super) const KEY_BYTES: u64 = 1 << 20;

const EXAMPLES: &str = "\
Examples:
  terrakeep key list acme
  terrakeep key add acme my-public-key.asc
  terrakeep key show acme 51852D87348FFC4C
  terrakeep key rotate acme
  terrakeep key delete acme 51852D87348FFC4C

The registry makes a key of its own for an organization when it first signs a provider for it. After
`rotate` it signs with a new one; earlier versions stay signed with the old one. A key stays as long
as a version is signed with it.";

/// Administer the keys that providers are signed with.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct KeyArgs {
    #[command(subcommand)]
    command: KeySubcommand,
}

#[derive(Debug, Subcommand)]
enum KeySubcommand {
    /// List the keys of an organization
    List(OrganizationArgs),
    /// Show a key with its public part
    Show(OneArgs),
    /// Add a publisher's public key
    Add(AddArgs),
    /// Replace the key that the registry signs with by a new one
    Rotate(OrganizationArgs),
    /// Delete a key that no version is signed with
    Delete(OneArgs),
}

#[derive(Debug, Args)]
struct OrganizationArgs {
    /// The organization
    organization: Namespace,
    #[command(flatten)]
    connection: ConnectionArgs,
}

#[derive(Debug, Args)]
struct OneArgs {
    /// The organization
    organization: Namespace,
    /// The key's id: 16 hexadecimal digits
    #[arg(value_name = "KEY-ID")]
    key_id: KeyId,
    #[command(flatten)]
    connection: ConnectionArgs,
}

#[derive(Debug, Args)]
struct AddArgs {
    /// The organization
    organization: Namespace,
    /// The armored public key: gpg --armor --export KEY-ID
    file: PathBuf,
    #[command(flatten)]
    connection: ConnectionArgs,
}

/// Runs the command.
pub(super) fn run(context: &Context, args: KeyArgs) -> Result<(), CliError> {
    let (connection, command) = match args.command {
        KeySubcommand::List(OrganizationArgs {
            organization,
            connection,
        }) => (connection, KeyCommand::List { organization }),
        KeySubcommand::Show(args) => {
            let (organization, key_id) = (args.organization, args.key_id);
            let command = KeyCommand::Show {
                organization,
                key_id,
            };
            (args.connection, command)
        }
        KeySubcommand::Add(args) => {
            let ascii_armor = read_text(&args.file, KEY_BYTES)?;
            let organization = args.organization;
            let command = KeyCommand::Add {
                organization,
                ascii_armor,
            };
            (args.connection, command)
        }
        KeySubcommand::Rotate(OrganizationArgs {
            organization,
            connection,
        }) => (connection, KeyCommand::Rotate { organization }),
        KeySubcommand::Delete(args) => {
            let (organization, key_id) = (args.organization, args.key_id);
            let command = KeyCommand::Delete {
                organization,
                key_id,
            };
            (args.connection, command)
        }
    };
    carry_out(context, &connection, Command::Key(command), COLUMNS)
}
