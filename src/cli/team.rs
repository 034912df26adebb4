//! `terrakeep team`: the teams of an organization and their members.

use clap::{Args, Subcommand};

use super::administration::carry_out;
use super::connection::ConnectionArgs;
use super::context::Context;
use super::error::CliError;
use super::text::Columns;
use crate::domain::{Namespace, OrganizationAccess, TeamName, Username};
use crate::registry::commands::{Command, TeamCommand};

const COLUMNS: Columns = Columns {
    first: &["name", "id", "access"],
    nothing: "there are no teams",
};

const EXAMPLES: &str = "\
Examples:
  terrakeep team create acme publishers --manage-modules
  terrakeep team add acme publishers bob
  terrakeep team remove acme publishers bob
  terrakeep team list acme --json";

/// Administer the teams of an organization.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct TeamArgs {
    #[command(subcommand)]
    command: TeamSubcommand,
}

#[derive(Debug, Subcommand)]
enum TeamSubcommand {
    /// Create a team
    Create(CreateArgs),
    /// List the teams of an organization
    List(ListArgs),
    /// Delete a team and its tokens
    Delete(TeamNameArgs),
    /// Add a user to a team
    Add(MemberArgs),
    /// Remove a user from a team
    Remove(MemberArgs),
}

#[derive(Debug, Args)]
struct CreateArgs {
    #[command(flatten)]
    team: TeamNameArgs,
    #[command(flatten)]
    access: AccessArgs,
}

/// The rights of a team's members besides reading.
#[derive(Debug, Args)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "one flag for each of the independent switches of a team"
)]
struct AccessArgs {
    /// Let its members create modules and publish versions
    #[arg(long)]
    manage_modules: bool,
    /// Let its members publish and delete providers
    #[arg(long)]
    manage_providers: bool,
    /// Let its members invite and remove members
    #[arg(long)]
    manage_membership: bool,
    /// Let its members create, change and delete teams
    #[arg(long)]
    manage_teams: bool,
    /// Let its members change what teams may do
    #[arg(long)]
    manage_organization_access: bool,
}

#[derive(Debug, Args)]
struct ListArgs {
    /// The organization
    organization: Namespace,
    #[command(flatten)]
    connection: ConnectionArgs,
}

#[derive(Debug, Args)]
struct TeamNameArgs {
    /// The organization
    organization: Namespace,
    /// The team
    name: TeamName,
    #[command(flatten)]
    connection: ConnectionArgs,
}

#[derive(Debug, Args)]
struct MemberArgs {
    /// The organization
    organization: Namespace,
    /// The team
    name: TeamName,
    /// The user
    username: Username,
    #[command(flatten)]
    connection: ConnectionArgs,
}

impl From<AccessArgs> for OrganizationAccess {
    fn from(args: AccessArgs) -> Self {
        Self {
            manage_modules: args.manage_modules,
            manage_providers: args.manage_providers,
            manage_membership: args.manage_membership,
            manage_teams: args.manage_teams,
            manage_organization_access: args.manage_organization_access,
        }
    }
}

/// Runs the command.
pub(super) fn run(context: &Context, args: TeamArgs) -> Result<(), CliError> {
    let (connection, command) = match args.command {
        TeamSubcommand::Create(CreateArgs { team, access }) => {
            let command = TeamCommand::Create {
                organization: team.organization,
                name: team.name,
                access: access.into(),
            };
            (team.connection, command)
        }
        TeamSubcommand::List(args) => {
            let command = TeamCommand::List {
                organization: args.organization,
            };
            (args.connection, command)
        }
        TeamSubcommand::Delete(args) => {
            let command = TeamCommand::Delete {
                organization: args.organization,
                name: args.name,
            };
            (args.connection, command)
        }
        TeamSubcommand::Add(args) => {
            let command = TeamCommand::Add {
                organization: args.organization,
                name: args.name,
                username: args.username,
            };
            (args.connection, command)
        }
        TeamSubcommand::Remove(args) => {
            let command = TeamCommand::Remove {
                organization: args.organization,
                name: args.name,
                username: args.username,
            };
            (args.connection, command)
        }
    };
    carry_out(context, &connection, Command::Team(command), COLUMNS)
}
