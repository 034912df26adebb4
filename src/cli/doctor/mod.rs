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
use crate::config::PublicUrl;
use finding::{Finding, State, in_words};

const EXAMPLES: &str = "\
Examples:
  terrakeep doctor --url https://registry.example.com
  terrakeep doctor --json

Run it on the machine where terraform does not get what it should. It asks for the address of one module's
archive, which counts as a download; nothing else is changed, and no secret is shown. The token is the one
that other commands take.";

/// The arguments of `terrakeep doctor`.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct DoctorArgs {
    #[command(flatten)]
    connection: ConnectionArgs,
}

/// Runs the command.
pub(super) fn run(context: &Context, args: &DoctorArgs) -> Result<(), CliError> {
    let url = args.connection.required_url()?;
    let findings = findings(context, &args.connection, url);
    let document: Vec<_> = findings.iter().map(Finding::document).collect();
    context
        .output()
        .show(&json!(document), || in_words(&findings))?;
    if any_failed(&findings) {
        let message = "something keeps terraform from this registry; see what failed above";
        return Err(CliError::new(Exit::Problems, message));
    }
    Ok(())
}

/// Goes through the steps. What lies behind a step that failed is not asked for.
fn findings(context: &Context, connection: &ConnectionArgs, url: &PublicUrl) -> Vec<Finding> {
    let mut findings = vec![network::address(url)];
    findings.extend(surroundings::clients());
    findings.extend(surroundings::variables());
    findings.extend(network::way(url));
    if any_failed(&findings) {
        return findings;
    }
    let client = match connection.client_without_token(context) {
        Ok(client) => client,
        Err(error) => {
            findings.push(Finding::failed("connection", in_one_line(&error)));
            return findings;
        }
    };
    findings.push(registry::discovery(&client));
    if any_failed(&findings) {
        return findings;
    }
    findings.extend(registry::clock(&client));
    if url.is_secure() {
        findings.push(registry::trust_of_the_system(url));
    }
    findings.extend(registry::what_the_token_sees(context, connection));
    findings
}

fn any_failed(findings: &[Finding]) -> bool {
    findings.iter().any(|found| found.state == State::Failed)
}

/// Returns an error with its causes, in one line.
fn in_one_line(error: &CliError) -> String {
    let mut text = error.to_string();
    for cause in error.causes() {
        text.push_str(", because ");
        text.push_str(&cause);
    }
    text
}
