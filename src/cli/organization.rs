//! `terrakeep org`: organizations and who belongs to them.

use clap::{Args, Subcommand};

use super::administration::carry_out;
use super::connection::ConnectionArgs;
use super::context::Context;
use super::error::{CliError, Exit};
use super::text::Columns;
use crate::domain::{Namespace, ShortText, Username};
use crate::registry::OrganizationChange;
use crate::registry::commands::{Command, OrganizationCommand};

const COLUMNS: Columns = Columns {
    first: &[
        "name",
        "username",
        "id",
        "email",
        "public",
        "allow_version_reuse",
        "allow_revoked_downloads",
        "enforce_semver",
        "public_curation",
        "teams",
        "created_at",
    ],
    nothing: "there are none that you may see",
};

const EXAMPLES: &str = "\
Examples:
  terrakeep org create acme --owner alice
  terrakeep org update acme --public true
  terrakeep org update acme --enforce-semver true
  terrakeep org members acme --url https://registry.example.com
  terrakeep org remove-member acme bob
  terrakeep org delete acme --confirm acme";

/// Administer organizations, which are the first part of each module's address.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct OrganizationArgs {
    #[command(subcommand)]
    command: OrganizationSubcommand,
}

#[derive(Debug, Subcommand)]
enum OrganizationSubcommand {
    /// Create an organization
    Create(CreateArgs),
    /// List the organizations that you may see
    List(ListArgs),
    /// Change an organization; what is not given stays
    Update(UpdateArgs),
    /// Delete an organization with its modules, teams and tokens
    Delete(DeleteArgs),
    /// List who belongs to an organization, and to which of its teams
    Members(MembersArgs),
    /// Take somebody out of an organization and all of its teams
    RemoveMember(RemoveMemberArgs),
}

#[derive(Debug, Args)]
struct CreateArgs {
    /// Its name
    name: Namespace,
    /// Whom to write to
    #[arg(long, default_value = "")]
    email: ShortText,
    /// Let anybody read its modules without a token
    #[arg(long)]
    public: bool,
    /// Its first owner; by default whoever creates it
    #[arg(long, value_name = "USERNAME")]
    owner: Option<Username>,
    #[command(flatten)]
    connection: ConnectionArgs,
}

#[derive(Debug, Args)]
struct ListArgs {
    #[command(flatten)]
    connection: ConnectionArgs,
}

#[derive(Debug, Args)]
struct UpdateArgs {
    /// The organization
    name: Namespace,
    /// Whom to write to
    #[arg(long)]
    email: Option<ShortText>,
    /// Whether anybody may read its modules without a token
    #[arg(long, value_name = "true|false")]
    public: Option<bool>,
    /// Whether deleted version numbers may be published again with other content
    #[arg(long, value_name = "true|false")]
    allow_version_reuse: Option<bool>,
    /// Whether revoked versions are still handed out
    #[arg(long, value_name = "true|false")]
    allow_revoked_downloads: Option<bool>,
    /// Whether a version that breaks callers must say so by its number
    #[arg(long, value_name = "true|false")]
    enforce_semver: Option<bool>,
    /// Whether it has a list of public modules that it recommends
    #[arg(long, value_name = "true|false")]
    public_curation: Option<bool>,
    #[command(flatten)]
    connection: ConnectionArgs,
}

#[derive(Debug, Args)]
struct DeleteArgs {
    /// The organization
    name: Namespace,
    /// Its name once more: nothing of it comes back
    #[arg(long, value_name = "NAME")]
    confirm: Namespace,
    #[command(flatten)]
    connection: ConnectionArgs,
}

#[derive(Debug, Args)]
struct MembersArgs {
    /// The organization
    name: Namespace,
    #[command(flatten)]
    connection: ConnectionArgs,
}

#[derive(Debug, Args)]
struct RemoveMemberArgs {
    /// The organization
    name: Namespace,
    /// Whom
    username: Username,
    #[command(flatten)]
    connection: ConnectionArgs,
}

/// Runs the command.
pub(super) fn run(context: &Context, args: OrganizationArgs) -> Result<(), CliError> {
    let (connection, command) = match args.command {
        OrganizationSubcommand::Create(args) => {
            let command = OrganizationCommand::Create {
                name: args.name,
                email: args.email,
                public: args.public,
                owner: args.owner,
            };
            (args.connection, command)
        }
        OrganizationSubcommand::List(args) => (args.connection, OrganizationCommand::List),
        OrganizationSubcommand::Update(args) => {
            let command = OrganizationCommand::Update {
                name: args.name,
                change: OrganizationChange {
                    email: args.email,
                    public: args.public,
                    allow_version_reuse: args.allow_version_reuse,
                    allow_revoked_downloads: args.allow_revoked_downloads,
                    enforce_semver: args.enforce_semver,
                    public_curation: args.public_curation,
                },
            };
            (args.connection, command)
        }
        OrganizationSubcommand::Delete(args) => {
            if args.confirm != args.name {
                let name = args.name;
                return Err(CliError::new(
                    Exit::Usage,
                    format!("to delete {name} with everything in it, add `--confirm {name}`"),
                ));
            }
            let command = OrganizationCommand::Delete { name: args.name };
            (args.connection, command)
        }
        OrganizationSubcommand::Members(args) => {
            let command = OrganizationCommand::Members { name: args.name };
            (args.connection, command)
        }
        OrganizationSubcommand::RemoveMember(args) => {
            let command = OrganizationCommand::RemoveMember {
                name: args.name,
                username: args.username,
            };
            (args.connection, command)
        }
    };
    carry_out(
        context,
        &connection,
        Command::Organization(command),
        COLUMNS,
    )
}
