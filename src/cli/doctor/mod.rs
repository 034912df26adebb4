//! `terrakeep doctor`: asks a registry what terraform would ask, from outside in, and says at each step
//! what is wrong and what to do.

mod finding;
mod network;
mod registry;
mod surroundings;

use clap::Args;
use serde_json::json;

use super::connection::ConnectionArgs;
use super::context::Context;
use super::error::{CliError, Exit};
use finding::{Finding, State, in_words};

const EXAMPLES: &str = "\
Examples:
  terrakeep doctor --url https://registry.example.com
  terrakeep doctor --json

Run it on the machine where terraform does not get what it should. Nothing is changed, and no secret is
shown. The token is the one that other commands take.";

/// The arguments of `terrakeep doctor`.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct DoctorArgs {
    #[command(flatten)]
    connection: ConnectionArgs,
}

/// Runs the command.
pub(super) fn run(context: &Context, args: &DoctorArgs) -> Result<(), CliError> {
    let findings = findings(context, &args.connection)?;
    let document: Vec<_> = findings.iter().map(Finding::document).collect();
    context
        .output()
        .show(&json!(document), || in_words(&findings))?;
    let failed = findings.iter().any(|found| found.state == State::Failed);
    if failed {
        let message = "something keeps terraform from this registry; see what failed above";
        return Err(CliError::new(Exit::Problems, message));
    }
    Ok(())
}

/// Goes through the steps. What lies behind a step that failed is not asked for.
fn findings(context: &Context, connection: &ConnectionArgs) -> Result<Vec<Finding>, CliError> {
    let url = connection.required_url()?;
    let mut findings = vec![network::address(url)];
    findings.extend(surroundings::clients());
    findings.extend(surroundings::variables());
    let (name, addresses) = network::resolve(url);
    findings.push(name);
    let reached = network::connect(&addresses);
    let is_open = reached.state == State::Fine;
    findings.push(reached);
    if !is_open {
        return Ok(findings);
    }
    let client = connection.client_without_token(context)?;
    let (services, known) = registry::discovery(&client);
    findings.push(services);
    if !known {
        return Ok(findings);
    }
    if url.is_secure() {
        findings.push(registry::trust_of_the_system(url));
    }
    findings.extend(registry::what_the_token_sees(context, connection)?);
    Ok(findings)
}
