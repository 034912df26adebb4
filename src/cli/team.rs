//! `terrakeep team`: the teams of an organization and their members.

use clap::{Args, Subcommand};

use super::access_args::AccessArgs;
use super::administration::carry_out;
use super::connection::ConnectionArgs;
use super::context::Context;
use super::error::CliError;
use super::text::Columns;
use crate::domain::{Namespace, TeamName, Username};
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

/// Runs the command.
pub(super) fn run(context: &Context, args: TeamArgs) -> Result<(), CliError> {
    let (connection, command) = match args.command {
        TeamSubcommand::Create(CreateArgs { team, access }) => {
            let command = TeamCommand::Create {
                organization: team.organization,
                name: team.name,
                access: access.0,
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
