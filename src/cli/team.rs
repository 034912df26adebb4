//! `terrakeep team`: the teams of an organization and their members.

use clap::{Args, Subcommand};

use super::access_args::AccessArgs;
use super::administration::carry_out;
use super::connection::ConnectionArgs;
use super::context::Context;
use super::error::CliError;
use super::text::Columns;
use crate::domain::{Namespace, OrganizationAccess, ShortText, TeamName, TeamVisibility, Username};
use crate::registry::commands::{Command, TeamCommand};

const COLUMNS: Columns = Columns {
    first: &["name", "id", "visibility", "access"],
    table: &["name", "visibility", "access"],
    nothing: "there are no teams",
};

const EXAMPLES: &str = "\
Examples:
  terrakeep team create acme publishers --manage-modules
  terrakeep team create acme 'security / on call' --visibility secret
  terrakeep team update acme publishers --manage-providers --manage-modules=false
  terrakeep team add acme publishers bob
  terrakeep team remove acme publishers bob
  terrakeep team delete acme publishers
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
    /// Change a team; what is not named stays as it is
    Update(UpdateArgs),
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
    /// Who may see it: `organization` (all members) or `secret` (its own members, and those who manage teams)
    #[arg(long, default_value = "organization")]
    visibility: TeamVisibility,
    /// Its id at a service for single sign-on, kept until there is sign-on
    #[arg(long, value_name = "ID")]
    sso_team_id: Option<ShortText>,
    #[command(flatten)]
    access: AccessArgs,
}

#[derive(Debug, Args)]
struct UpdateArgs {
    #[command(flatten)]
    team: TeamNameArgs,
    /// Its new name
    #[arg(long, value_name = "NAME")]
    rename: Option<TeamName>,
    /// Whether its members make, see and revoke its tokens
    #[arg(long, value_name = "true|false")]
    members_manage_tokens: Option<bool>,
    /// Who may see it: `organization` or `secret`
    #[arg(long)]
    visibility: Option<TeamVisibility>,
    /// Its id at a service for single sign-on; "" takes it away
    #[arg(long, value_name = "ID")]
    sso_team_id: Option<ShortText>,
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
        TeamSubcommand::Create(args) => {
            let command = TeamCommand::Create {
                organization: args.team.organization,
                name: args.team.name,
                access: args.access.0.over(OrganizationAccess::default()),
                visibility: args.visibility,
                sso_id: args.sso_team_id,
            };
            (args.team.connection, command)
        }
        TeamSubcommand::Update(args) => {
            let command = TeamCommand::Update {
                organization: args.team.organization,
                name: args.team.name,
                access: args.access.0,
                members_manage_tokens: args.members_manage_tokens,
                rename: args.rename,
                visibility: args.visibility,
                sso_id: args.sso_team_id,
            };
            (args.team.connection, command)
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
