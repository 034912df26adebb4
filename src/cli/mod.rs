//! The command line: its commands, and the file that carries out each of them.
//!
//! A command is one file with its `Args` and a `run(&Context, Args)`. It prints through
//! [`Console`] only, and ends with a [`CliError`] that knows its exit code.

mod access_args;
mod administration;
mod archive_location;
mod audit;
mod backup;
mod client;
mod completions;
mod config;
mod connection;
mod context;
mod deletion;
mod doctor;
mod error;
mod examples;
mod hashed;
mod import_mirror;
mod index;
mod key;
mod lifetime;
mod lock;
mod login;
mod man;
mod module;
mod organization;
mod output;
mod password;
mod progress;
mod provider;
mod public_address;
mod publish;
mod publish_provider;
mod quickstart;
mod restore;
mod serve;
mod status;
mod team;
mod terraform;
mod terraform_credentials;
mod text;
mod tfe_list;
mod tls;
mod token;
mod token_rules;
mod user;
mod verify;
mod whoami;

use std::path::PathBuf;

use clap::{CommandFactory, FromArgMatches, Parser, Subcommand};

pub use context::Context;
pub use error::{CliError, Exit};
pub use output::Console;

const EXAMPLES: &str = "\
Examples:
  terrakeep quickstart                        try it: a registry with an example module
  terrakeep serve --config terrakeep.toml     run it
  terrakeep user create alice --admin         the first administrator, while it is stopped
  terrakeep publish . acme/vpc/aws 1.2.3 --url https://registry.example.com";

/// The heading of the flags that every command takes.
const GLOBAL: &str = "Of every command";

/// A Terraform and OpenTofu registry in one binary
#[derive(Debug, Parser)]
#[command(
    name = "terrakeep",
    version,
    after_help = format!("{EXAMPLES}\n\n{}", Exit::table()),
    max_term_width = 100
)]
pub struct Cli {
    /// The configuration; by default ./terrakeep.toml or /etc/terrakeep/terrakeep.toml, if it exists
    #[arg(long, global = true, value_name = "FILE", help_heading = GLOBAL)]
    config: Option<PathBuf>,
    /// The data directory; wins over the configuration
    #[arg(long, global = true, value_name = "DIR", help_heading = GLOBAL)]
    data_dir: Option<String>,
    /// Print one JSON document instead of text
    #[arg(long, global = true, help_heading = GLOBAL)]
    json: bool,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Run the registry
    Serve(serve::ServeArgs),
    /// Try it: a registry with an administrator, an organization and an example module
    Quickstart(quickstart::QuickstartArgs),
    /// Publish a version of a module
    Publish(publish::PublishArgs),
    /// Publish a version of a provider
    PublishProvider(publish_provider::PublishProviderArgs),
    /// Import provider packages of other registries
    ImportMirror(import_mirror::ImportMirrorArgs),
    /// Print the block of a lock file for a provider
    Lock(lock::LockArgs),
    /// Get a token for a username and a password
    Login(login::LoginArgs),
    /// Search for modules
    Search(module::SearchArgs),
    /// Find out what keeps terraform from a registry
    Doctor(doctor::DoctorArgs),
    /// Show who a token belongs to, and where it came from
    Whoami(whoami::WhoamiArgs),
    /// Show whether a registry answers and is ready
    Status(status::StatusArgs),
    /// List, show, download, deprecate, revoke and delete modules
    Module(module::ModuleArgs),
    /// List, show and delete providers
    Provider(provider::ProviderArgs),
    /// Show who did what
    Audit(audit::AuditArgs),
    /// Administer the keys that providers are signed with
    Key(key::KeyArgs),
    /// Administer organizations and their members
    Org(organization::OrganizationArgs),
    /// Administer users
    User(user::UserArgs),
    /// Administer the teams of an organization
    Team(team::TeamArgs),
    /// Make, list and revoke tokens
    Token(token::TokenArgs),
    /// Check, show or print the configuration
    Config(config::ConfigArgs),
    /// Show how to trust the registry's private CA
    Tls(tls::TlsArgs),
    /// Make a backup
    Backup(backup::BackupArgs),
    /// Restore a backup into an empty data directory
    Restore(restore::RestoreArgs),
    /// Check everything in the data directory of a stopped registry
    Verify(verify::VerifyArgs),
    /// Rebuild the index of a stopped registry
    Index(index::IndexArgs),
    /// Print the completions of a shell
    Completions(completions::CompletionsArgs),
    /// Print the manual page, or write all pages
    Man(man::ManArgs),
}

impl Cli {
    /// Reads the command line of this process; ends the process with a message if it is wrong or asks
    /// for help.
    pub fn of_process() -> Self {
        let matches = Self::described().get_matches();
        Self::from_arg_matches(&matches).unwrap_or_else(|error| error.exit())
    }

    /// Returns the description of the command line, in which each command has its examples.
    fn described() -> clap::Command {
        examples::hand_down(Self::command())
    }

    /// Returns the output that the global flags ask for.
    pub fn output(&self) -> Console {
        Console::new(self.json)
    }

    /// Carries out the command.
    pub fn run(self) -> Result<(), CliError> {
        let context = Context::new(self.config, self.data_dir.as_deref(), self.json);
        match self.command {
            Command::Serve(args) => serve::run(&context, &args),
            Command::Quickstart(args) => quickstart::run(&context, &args),
            Command::Publish(args) => publish::run(&context, &args),
            Command::PublishProvider(args) => publish_provider::run(&context, &args),
            Command::ImportMirror(args) => import_mirror::run(&context, &args),
            Command::Lock(args) => lock::run(&context, &args),
            Command::Login(args) => login::run(&context, &args),
            Command::Search(args) => module::search(&context, &args),
            Command::Doctor(args) => doctor::run(&context, &args),
            Command::Whoami(args) => whoami::run(&context, &args),
            Command::Status(args) => status::run(&context, &args),
            Command::Module(args) => module::run(&context, args),
            Command::Provider(args) => provider::run(&context, &args),
            Command::Audit(args) => audit::run(&context, &args),
            Command::Key(args) => key::run(&context, args),
            Command::Org(args) => organization::run(&context, args),
            Command::User(args) => user::run(&context, args),
            Command::Team(args) => team::run(&context, args),
            Command::Token(args) => token::run(&context, args),
            Command::Config(args) => config::run(&context, &args),
            Command::Tls(args) => tls::run(&context, &args),
            Command::Backup(args) => backup::run(&context, &args),
            Command::Restore(args) => restore::run(&context, &args),
            Command::Verify(args) => verify::run(&context, &args),
            Command::Index(args) => index::run(&context, &args),
            Command::Completions(args) => completions::run(&context, &args),
            Command::Man(args) => man::run(&context, &args),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_is_consistent() {
        Cli::described().debug_assert();
    }

    #[test]
    fn global_flags_may_stand_behind_the_command() {
        let typed = ["terrakeep", "verify", "--json", "--data-dir", "/srv/x"];
        let cli = Cli::try_parse_from(typed).unwrap();
        assert!(cli.output().is_json());
        assert_eq!(cli.data_dir.as_deref(), Some("/srv/x"));
    }

    #[test]
    fn flags_of_one_command_do_not_stand_among_those_of_the_registry() {
        let mut others = Vec::new();
        let described = Cli::described();
        let groups = described.get_subcommands();
        for command in
            groups.flat_map(|group| std::iter::once(group).chain(group.get_subcommands()))
        {
            for argument in command.get_arguments() {
                let of_registry = argument.get_help_heading() == Some("Running registry");
                let known = ["url", "ca_file", "plain_http", "token_file", "token"];
                if of_registry && !known.contains(&argument.get_id().as_str()) {
                    others.push(format!("{} {}", command.get_name(), argument.get_id()));
                }
            }
        }
        assert!(others.is_empty(), "{others:#?}");
    }

    #[test]
    fn every_command_shows_an_example() {
        let mut without = Vec::new();
        let mut look = |command: &clap::Command, path: &str| {
            let help = command.get_after_help().map(ToString::to_string);
            let start = format!("Examples:\n  terrakeep {path}");
            if !help.is_some_and(|help| help.contains(&start)) {
                without.push(path.to_owned());
            }
        };
        for command in Cli::described().get_subcommands() {
            let name = command.get_name();
            look(command, name);
            for below in command.get_subcommands() {
                look(below, &format!("{name} {}", below.get_name()));
            }
        }
        assert!(without.is_empty(), "{without:#?}");
    }
}
