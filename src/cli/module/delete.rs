//! `terrakeep module delete`: deletes a version, or a module with all versions.

use clap::Args;
use serde_json::json;

use crate::cli::connection::ConnectionArgs;
use crate::cli::context::Context;
use crate::cli::deletion::{check, done};
use crate::cli::error::CliError;
use crate::domain::{ModuleAddress, Version};

/// The arguments of `terrakeep module delete`.
#[derive(Debug, Args)]
pub(super) struct DeleteArgs {
    /// The module: organization/name/provider, as in acme/vpc/aws
    #[arg(value_name = "ADDRESS")]
    module: ModuleAddress,
    /// The version to delete; without it, the module goes with all versions
    version: Option<Version>,
    /// The version, or the address of the module, once more: a deletion cannot be taken back
    #[arg(long, value_name = "TEXT")]
    confirm: String,
    #[command(flatten)]
    connection: ConnectionArgs,
}

/// Runs the command.
pub(super) fn run(context: &Context, args: &DeleteArgs) -> Result<(), CliError> {
    let module = &args.module;
    let what = check(module, args.version.as_ref(), &args.confirm)?;
    let client = args.connection.required_client(context)?;
    let mut path = format!("/api/v2/registry-modules/actions/delete/{module}");
    if let Some(version) = &args.version {
        path.push('/');
        path.push_str(&version.to_string());
    }
    client.post(&path, &json!({}))?;
    done(context, &what)
}
