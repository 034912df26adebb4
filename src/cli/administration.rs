//! Carries out an administrative command: through a running registry, or on the data directory of a
//! stopped one.
//! stopped one.

use serde_json::Value;

use super::connection::ConnectionArgs;
use super::context::Context;
use super::error::CliError;
use super::text::{Columns, text_of};
use crate::api::management::view;
use crate::auth::Caller;
use crate::registry::commands::{Command, UserCommand};

const COMMANDS: &str = "/api/terrakeep/v1/commands";

/// Carries out a command and prints its result.
pub(super) fn carry_out(
    context: &Context,
    connection: &ConnectionArgs,
    command: Command,
    columns: Columns,
) -> Result<(), CliError> {
    let outcome = outcome(context, connection, command)?;
    context
        .output()
        .show(&outcome, || text_of(&outcome, columns))
}

/// Carries out a command and returns its result.
pub(super) fn outcome(
    context: &Context,
    connection: &ConnectionArgs,
    command: Command,
) -> Result<Value, CliError> {
    if let Some(client) = connection.client(context)? {
        return client.post(COMMANDS, &command);
    }
    // Creating a user is the first command on a new data directory.
    let or_new = matches!(command, Command::User(UserCommand::Create { .. }));
    let registry = context.open_registry(or_new)?;
    let outcome = registry.carry_out(&Caller::Operator, command);
    let closed = registry.close();
    let outcome = outcome?;
    closed?;
    Ok(view::outcome(&outcome))
}
