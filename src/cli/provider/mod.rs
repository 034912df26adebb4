//! `terrakeep provider`: lists, shows and deletes providers.

mod delete;
mod list;
mod show;

use clap::{Args, Subcommand};

use super::context::Context;
use super::error::CliError;
use crate::domain::ProviderAddress;

const EXAMPLES: &str = "\
Examples:
  terrakeep provider list acme
  terrakeep provider show acme/widget
  terrakeep provider versions acme/widget
  terrakeep provider delete acme/widget 1.2.3 --confirm 1.2.3

`terrakeep publish-provider` publishes a version, `terrakeep lock` prints what a lock file says of it.";

/// List, show and delete providers.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct ProviderArgs {
    #[command(subcommand)]
    command: ProviderSubcommand,
}

#[derive(Debug, Subcommand)]
enum ProviderSubcommand {
    /// List the providers of an organization, or all that you may see
    List(list::ListArgs),
    /// Show what is known of a provider
    Show(show::ShowArgs),
    /// List the versions of a provider
    Versions(show::ShowArgs),
    /// Delete a version, or a provider with all versions
    Delete(delete::DeleteArgs),
}

/// Runs the command.
pub(super) fn run(context: &Context, args: &ProviderArgs) -> Result<(), CliError> {
    match &args.command {
        ProviderSubcommand::List(args) => list::run(context, args),
        ProviderSubcommand::Show(args) => show::run(context, args),
        ProviderSubcommand::Versions(args) => show::versions(context, args),
        ProviderSubcommand::Delete(args) => delete::run(context, args),
    }
}

/// Returns the path of a provider in the JSON:API.
fn path_of(provider: &ProviderAddress) -> String {
    let ProviderAddress { namespace, name } = provider;
    format!("/api/v2/organizations/{namespace}/registry-providers/private/{namespace}/{name}")
}
