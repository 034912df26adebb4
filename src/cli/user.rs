//! `terrakeep user`: accounts of people and machines.

use clap::{Args, Subcommand};

use super::administration::carry_out;
use super::connection::ConnectionArgs;
use super::context::Context;
use super::error::CliError;
use super::password::NewPasswordArgs;
use super::text::Columns;
use crate::domain::{ShortText, Username};
use crate::registry::commands::{Command, UserCommand};

const COLUMNS: Columns = Columns {
    first: &[
        "username",
        "id",
        "email",
        "unconfirmed_email",
        "site_admin",
        "suspended",
        "has_password",
        "created_at",
    ],
    table: &[
        "username",
        "email",
        "site_admin",
        "suspended",
        "has_password",
        "created_at",
    ],
    nothing: "there are no users",
};

const EXAMPLES: &str = "\
Examples:
  terrakeep user create alice --email alice@example.com --admin
  terrakeep user create bob --password --url https://registry.example.com
  terrakeep user update bob --suspended true
  terrakeep user rename bob robert
  terrakeep user show bob
  terrakeep user delete bob
  terrakeep user list --json";

/// Administer users.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct UserArgs {
    #[command(subcommand)]
    command: UserSubcommand,
}

#[derive(Debug, Subcommand)]
enum UserSubcommand {
    /// Create a user and print their first token, once
    Create(CreateArgs),
    /// List all users
    List(ListArgs),
    /// Show a user and their organizations
    Show(OneArgs),
    /// Delete a user with their memberships and tokens; what they published stays
    Delete(OneArgs),
    /// Change a user; settings that are not given stay as they are
    Update(UpdateArgs),
    /// Give a user another name; their tokens, sessions and memberships stay
    Rename(RenameArgs),
}

#[derive(Debug, Args)]
struct CreateArgs {
    /// The name to sign in with
    username: Username,
    /// Email address
    #[arg(long, default_value = "")]
    email: ShortText,
    /// Make them an administrator of the whole registry
    #[arg(long)]
    admin: bool,
    #[command(flatten)]
    password: NewPasswordArgs,
    #[command(flatten)]
    connection: ConnectionArgs,
}

#[derive(Debug, Args)]
struct ListArgs {
    #[command(flatten)]
    connection: ConnectionArgs,
}

#[derive(Debug, Args)]
struct OneArgs {
    /// The user
    username: Username,
    #[command(flatten)]
    connection: ConnectionArgs,
}

#[derive(Debug, Args)]
struct RenameArgs {
    /// The user
    username: Username,
    /// The new name
    new_name: Username,
    #[command(flatten)]
    connection: ConnectionArgs,
}

#[derive(Debug, Args)]
struct UpdateArgs {
    /// The user
    username: Username,
    /// Email address; the one that a user has asked for is confirmed by giving it here
    #[arg(long)]
    email: Option<ShortText>,
    /// Let them administer the whole registry
    #[arg(long, value_name = "true|false")]
    admin: Option<bool>,
    /// Suspend them: they cannot sign in, and their tokens stop working
    #[arg(long, value_name = "true|false")]
    suspended: Option<bool>,
    #[command(flatten)]
    password: NewPasswordArgs,
    #[command(flatten)]
    connection: ConnectionArgs,
}

/// Runs the command.
pub(super) fn run(context: &Context, args: UserArgs) -> Result<(), CliError> {
    let (connection, command) = match args.command {
        UserSubcommand::Create(args) => {
            let command = UserCommand::Create {
                username: args.username,
                email: args.email,
                password: args.password.read()?,
                site_admin: args.admin,
            };
            (args.connection, command)
        }
        UserSubcommand::Show(args) => {
            let username = args.username;
            (args.connection, UserCommand::Show { username })
        }
        UserSubcommand::List(args) => (args.connection, UserCommand::List),
        UserSubcommand::Delete(args) => {
            let username = args.username;
            (args.connection, UserCommand::Delete { username })
        }
        UserSubcommand::Rename(args) => {
            let command = UserCommand::Rename {
                username: args.username,
                new_name: args.new_name,
            };
            (args.connection, command)
        }
        UserSubcommand::Update(args) => {
            let command = UserCommand::Update {
                username: args.username,
                email: args.email,
                password: args.password.read()?,
                site_admin: args.admin,
                suspended: args.suspended,
            };
            (args.connection, command)
        }
    };
    carry_out(context, &connection, Command::User(command), COLUMNS)
}
