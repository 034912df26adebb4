//! `terrakeep provider delete`: deletes a version, or a provider with all versions.

use clap::Args;

use super::path_of;
use crate::cli::connection::ConnectionArgs;
use crate::cli::context::Context;
use crate::cli::deletion::{check, done};
use crate::cli::error::CliError;
use crate::domain::{ProviderAddress, Version};

/// The arguments of `terrakeep provider delete`.
#[derive(Debug, Args)]
pub(super) struct DeleteArgs {
    /// The provider: organization/name, as in acme/widget
    #[arg(value_name = "ADDRESS")]
    provider: ProviderAddress,
    /// The version to delete; without it, the provider goes with all versions
    version: Option<Version>,
    /// The version, or the address of the provider, once more: a deletion cannot be taken back
    #[arg(long, value_name = "TEXT")]
    confirm: String,
    #[command(flatten)]
    connection: ConnectionArgs,
}

/// Runs the command.
pub(super) fn run(context: &Context, args: &DeleteArgs) -> Result<(), CliError> {
    let what = check(&args.provider, args.version.as_ref(), &args.confirm)?;
    let client = args.connection.required_client(context)?;
    let mut path = path_of(&args.provider);
    if let Some(version) = &args.version {
        path.push_str("/versions/");
        path.push_str(&version.to_string());
    }
    client.delete(&path)?;
    done(context, &what)
}
