//! `terrakeep org`: organizations and their members.

use clap::{Args, Subcommand};

use super::administration::carry_out;
use super::connection::ConnectionArgs;
use super::context::Context;
use super::error::{CliError, Exit};
use super::text::Columns;
use super::token_rules::TokenRulesArgs;
use crate::config::ByteSize;
use crate::domain::{Namespace, SharedKind, ShortText, TeamName, Username};
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
        "enforce_valid_configuration",
        "public_curation",
        "user_tokens",
        "max_ttl",
        "organization_token_ttl_ms",
        "team_token_ttl_ms",
        "user_token_ttl_ms",
        "audit_trails_token_ttl_ms",
        "session_timeout_minutes",
        "session_remember_minutes",
        "stored_bytes",
        "budget_bytes",
        "staged_bytes",
        "staged_budget_bytes",
        "status",
        "teams",
        "created_at",
    ],
    table: &[
        "name",
        "username",
        "email",
        "public",
        "enforce_semver",
        "status",
        "teams",
        "created_at",
    ],
    nothing: "there is nothing that you may see",
};

const EXAMPLES: &str = "\
Examples:
  terrakeep org create acme --owner alice
  terrakeep org list
  terrakeep org update acme --public true
  terrakeep org update acme --enforce-semver true
  terrakeep org update acme --user-tokens true
  terrakeep org update acme --max-ttl true --token-ttl team=30d --token-ttl user=12h
  terrakeep org usage acme
  terrakeep org budget acme '200 GiB'
  terrakeep org share acme modules --with globex
  terrakeep org members acme --url https://registry.example.com
  terrakeep org invite acme new@example.com --team ci
  terrakeep org remove-invitation acme new@example.com
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
    /// Change an organization; settings that are not given stay as they are
    Update(UpdateArgs),
    /// Show how much an organization stores and may store
    Usage(UsageArgs),
    /// Set how much an organization may store; only for site administrators
    Budget(BudgetArgs),
    /// Share modules or providers with exactly these organizations; only for site administrators
    Share(ShareArgs),
    /// Delete an organization with its modules, teams and tokens
    Delete(DeleteArgs),
    /// List the members of an organization and everybody who is invited, with their teams
    Members(MembersArgs),
    /// Add a user to an organization, or invite somebody who has no account yet
    Invite(InviteArgs),
    /// Remove an invitation
    RemoveInvitation(RemoveInvitationArgs),
    /// Remove a member from an organization and all of its teams
    RemoveMember(RemoveMemberArgs),
}

#[derive(Debug, Args)]
struct CreateArgs {
    /// Its name
    name: Namespace,
    /// Contact email address
    #[arg(long, default_value = "")]
    email: ShortText,
    /// Let anybody read its modules without a token
    #[arg(long)]
    public: bool,
    /// Its first owner; by default, you
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
    /// Contact email address
    #[arg(long)]
    email: Option<ShortText>,
    /// Let anybody read its modules without a token
    #[arg(long, value_name = "true|false")]
    public: Option<bool>,
    /// Allow deleted version numbers to be published again with other content
    #[arg(long, value_name = "true|false")]
    allow_version_reuse: Option<bool>,
    /// Allow revoked versions to be downloaded
    #[arg(long, value_name = "true|false")]
    allow_revoked_downloads: Option<bool>,
    /// Enforce semantic versioning: refuse breaking releases without a new major version
    #[arg(long, value_name = "true|false")]
    enforce_semver: Option<bool>,
    /// Refuse versions with code that terraform cannot read
    #[arg(long, value_name = "true|false")]
    enforce_valid_configuration: Option<bool>,
    /// Keep a curated list of public modules
    #[arg(long, value_name = "true|false")]
    public_curation: Option<bool>,
    #[command(flatten)]
    rules: TokenRulesArgs,
    #[command(flatten)]
    connection: ConnectionArgs,
}

#[derive(Debug, Args)]
struct UsageArgs {
    /// The organization
    name: Namespace,
    #[command(flatten)]
    connection: ConnectionArgs,
}

#[derive(Debug, Args)]
struct BudgetArgs {
    /// The organization
    name: Namespace,
    /// The most that it may store, as in "200 GiB"; without it, what `limits.organization` says
    size: Option<ByteSize>,
    #[command(flatten)]
    connection: ConnectionArgs,
}

#[derive(Debug, Args)]
struct ShareArgs {
    /// The organization
    name: Namespace,
    /// What its members share: modules or providers
    kind: SharedKind,
    /// An organization that may read them; repeat it for several, leave it out for none
    #[arg(long, value_name = "ORGANIZATION")]
    with: Vec<Namespace>,
    /// Let every organization of this registry read them
    #[arg(long, conflicts_with = "with")]
    everybody: bool,
    #[command(flatten)]
    connection: ConnectionArgs,
}

#[derive(Debug, Args)]
struct DeleteArgs {
    /// The organization
    name: Namespace,
    /// Its name once more, because this cannot be undone
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
struct InviteArgs {
    /// The organization
    name: Namespace,
    /// An email address, or a username
    who: String,
    /// A team to add them to; may be given several times
    #[arg(long = "team", value_name = "TEAM")]
    teams: Vec<TeamName>,
    #[command(flatten)]
    connection: ConnectionArgs,
}

#[derive(Debug, Args)]
struct RemoveInvitationArgs {
    /// The organization
    name: Namespace,
    /// The email address or the username that is invited
    who: String,
    #[command(flatten)]
    connection: ConnectionArgs,
}

#[derive(Debug, Args)]
struct RemoveMemberArgs {
    /// The organization
    name: Namespace,
    /// The member's username
    username: Username,
    #[command(flatten)]
    connection: ConnectionArgs,
}

/// Runs the command.
#[expect(clippy::too_many_lines, reason = "one arm for each command")]
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
                    enforce_valid_configuration: args.enforce_valid_configuration,
                    public_curation: args.public_curation,
                    rules: args.rules.into(),
                    ..OrganizationChange::default()
                },
            };
            (args.connection, command)
        }
        OrganizationSubcommand::Usage(args) => {
            let command = OrganizationCommand::Usage { name: args.name };
            (args.connection, command)
        }
        OrganizationSubcommand::Budget(args) => {
            let command = OrganizationCommand::Budget {
                name: args.name,
                bytes: args.size.map(ByteSize::as_u64),
            };
            (args.connection, command)
        }
        OrganizationSubcommand::Share(args) => {
            let command = OrganizationCommand::Share {
                name: args.name,
                kind: args.kind,
                with: args.with,
                everybody: args.everybody,
            };
            (args.connection, command)
        }
        OrganizationSubcommand::Delete(args) => {
            let command = delete(args.name, &args.confirm)?;
            (args.connection, command)
        }
        OrganizationSubcommand::Members(args) => {
            let command = OrganizationCommand::Members { name: args.name };
            (args.connection, command)
        }
        OrganizationSubcommand::Invite(args) => {
            let command = OrganizationCommand::Invite {
                name: args.name,
                who: args.who,
                teams: args.teams,
            };
            (args.connection, command)
        }
        OrganizationSubcommand::RemoveInvitation(args) => {
            let command = OrganizationCommand::RemoveInvitation {
                name: args.name,
                who: args.who,
            };
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

/// Returns the command that deletes an organization, if its name was repeated.
fn delete(name: Namespace, confirmed: &Namespace) -> Result<OrganizationCommand, CliError> {
    if name == *confirmed {
        return Ok(OrganizationCommand::Delete { name });
    }
    let message = format!("to delete {name} with everything in it, add `--confirm {name}`");
    Err(CliError::new(Exit::Usage, message))
}
