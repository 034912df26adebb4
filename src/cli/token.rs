//! `terrakeep token`: tokens of users, teams and organizations.

use clap::{Args, Subcommand, ValueEnum};

use super::administration::carry_out;
use super::connection::ConnectionArgs;
use super::context::Context;
use super::error::CliError;
use super::lifetime::lifetime;
use super::text::Columns;
use crate::config::HumanDuration;
use crate::domain::{ModuleAddress, Namespace, ShortText, TeamName, TokenId, TokenScope, Username};
use crate::registry::commands::{Command, Owner, TokenCommand};

const COLUMNS: Columns = Columns {
    first: &[
        "id",
        "owner",
        "description",
        "scope",
        "only",
        "created_at",
        "expires_at",
        "last_used_at",
    ],
    table: &[
        "id",
        "owner",
        "description",
        "scope",
        "only",
        "expires_at",
        "last_used_at",
    ],
    nothing: "there are no tokens",
};

const EXAMPLES: &str = "\
Examples:
  terrakeep token create --user alice --scope read --description laptop
  terrakeep token create --organization acme --team ci --scope publish --expires-in 90d
  terrakeep token create --scope publish --only-module acme/vpc/aws
  terrakeep token list --user alice
  terrakeep token list --organization acme
  terrakeep token revoke at-8FqBz3yJmWk2Xn5T";

/// Make, list and revoke tokens.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct TokenArgs {
    #[command(subcommand)]
    command: TokenSubcommand,
}

#[derive(Debug, Subcommand)]
enum TokenSubcommand {
    /// Make a token and print it, once
    Create(CreateArgs),
    /// List tokens, without their secrets: of a user, of an organization with its teams, or of one team
    List(ListArgs),
    /// Revoke a token, at once
    Revoke(RevokeArgs),
}

/// What a token allows.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub(super) enum ScopeArg {
    /// Read and install
    Read,
    /// Read, install and publish
    Publish,
    /// Everything its owner may do
    Admin,
}

#[derive(Debug, Args)]
struct CreateArgs {
    /// What it allows
    #[arg(long, value_enum, default_value_t = ScopeArg::Read)]
    scope: ScopeArg,
    /// What it is for
    #[arg(long, default_value = "")]
    description: ShortText,
    /// When it expires, such as 90d; by default, after the longest time that the registry allows
    #[arg(long, value_name = "DURATION", value_parser = lifetime)]
    expires_in: Option<HumanDuration>,
    /// Limit it to one organization
    #[arg(long, value_name = "ORGANIZATION")]
    only_organization: Option<Namespace>,
    /// Limit it to one module
    #[arg(long, value_name = "ADDRESS", conflicts_with = "only_organization")]
    only_module: Option<ModuleAddress>,
    #[command(flatten)]
    owner: OwnerArgs,
    #[command(flatten)]
    connection: ConnectionArgs,
}

#[derive(Debug, Args)]
struct ListArgs {
    #[command(flatten)]
    owner: OwnerArgs,
    #[command(flatten)]
    connection: ConnectionArgs,
}

#[derive(Debug, Args)]
struct RevokeArgs {
    /// The id of the token, as `token list` shows it
    id: TokenId,
    #[command(flatten)]
    connection: ConnectionArgs,
}

/// The owner of the tokens; without any of these flags, the caller.
#[derive(Debug, Args)]
struct OwnerArgs {
    /// Of this user
    #[arg(long, value_name = "USERNAME", conflicts_with = "organization")]
    user: Option<Username>,
    /// Of this organization
    #[arg(long, value_name = "NAME")]
    organization: Option<Namespace>,
    /// Of this team of the organization
    #[arg(long, value_name = "TEAM", requires = "organization")]
    team: Option<TeamName>,
}

impl From<ScopeArg> for TokenScope {
    fn from(scope: ScopeArg) -> Self {
        match scope {
            ScopeArg::Read => Self::Read,
            ScopeArg::Publish => Self::Publish,
            ScopeArg::Admin => Self::Admin,
        }
    }
}

impl From<OwnerArgs> for Owner {
    fn from(args: OwnerArgs) -> Self {
        match (args.user, args.organization, args.team) {
            (Some(username), _, _) => Self::User { username },
            (None, Some(organization), Some(team)) => Self::Team { organization, team },
            (None, Some(organization), None) => Self::Organization { organization },
            (None, None, _) => Self::Myself,
        }
    }
}

/// Returns a duration in seconds, as the registry expects it.
pub(super) fn seconds(duration: HumanDuration) -> i64 {
    i64::try_from(duration.as_seconds()).unwrap_or(i64::MAX)
}

/// Runs the command.
pub(super) fn run(context: &Context, args: TokenArgs) -> Result<(), CliError> {
    let (connection, command) = match args.command {
        TokenSubcommand::Create(args) => {
            let command = TokenCommand::Create {
                owner: args.owner.into(),
                description: args.description,
                scope: args.scope.into(),
                only_organization: args.only_organization,
                only_module: args.only_module,
                lifetime_seconds: args.expires_in.map(seconds),
            };
            (args.connection, command)
        }
        TokenSubcommand::List(args) => {
            let command = TokenCommand::List {
                owner: args.owner.into(),
            };
            (args.connection, command)
        }
        TokenSubcommand::Revoke(args) => (args.connection, TokenCommand::Revoke { id: args.id }),
    };
    carry_out(context, &connection, Command::Token(command), COLUMNS)
}
