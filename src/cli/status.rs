//! `terrakeep status`: whether a registry answers, and whether it is ready to work.

use clap::Args;
use serde_json::json;

use super::connection::ServerArgs;
use super::context::Context;
use super::error::{CliError, Exit};
use super::public_address::about;
use super::text::{Columns, text_of};

const COLUMNS: Columns = Columns {
    first: &["registry", "version", "state"],
    table: &[],
    nothing: "",
};

const EXAMPLES: &str = "\
Examples:
  terrakeep status --url https://registry.example.com
  terrakeep status --json

It needs no token. The exit code is 0 if the registry is ready.";

/// The arguments of `terrakeep status`.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct StatusArgs {
    #[command(flatten)]
    server: ServerArgs,
}

/// Runs the command.
pub(super) fn run(context: &Context, args: &StatusArgs) -> Result<(), CliError> {
    let client = args.server.client(context)?;
    let about = about(&client)?;
    // The registry says itself what keeps it from working.
    let (is_ready, state) = client.state("/readyz")?;
    let document = json!({
        "registry": about.public_url.as_str(),
        "version": about.version,
        "state": state.trim(),
    });
    context
        .output()
        .show(&document, || text_of(&document, COLUMNS))?;
    if is_ready {
        return Ok(());
    }
    let message = "the registry is not ready; its log says more";
    Err(CliError::new(Exit::Unavailable, message))
}
